//! Drawings and bridge loans of a case: at which rate they run, what they owe on a day, and what an extension costs (E.6, E.7).

use super::case::{Case, FrozenTerms};
use super::facts::PostingState;
use super::rules::Rules;
use super::subject::{FILING, SECOND_FILING};
use super::track::{Track, TrackState as S};
use crate::disbursement::BridgeDebt;
use crate::form::{InsuranceType, MoneyAheadKind, PartyRole, Problem, Product};
use crate::money::{Rate, Yen};
use crate::product::RateComponents;
use crate::product::terms::WithMix;
use crate::repayment::{Advance, Rounding};
use crate::rule::Rule;
use crate::staged::extension::{Extension, Outstanding, extend};
use crate::staged::{
    BridgeRequest, LandMortgage, MainDecision, Settling, SplitFacts, bridge_insurance, interest_due, limit,
    rate_ahead, review_bridge,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What the drawings of a contract run at: fixed by the first one (S-06).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DrawingTerms {
    /// Percent per annum, the monthly guarantee rate included (S-05).
    pub rate: Rate,
    /// The book's rounding of interest at that time (J-04, J-05).
    pub rounding: Rounding,
}

/// The terms that a first drawing under these frozen terms fixes. `None`: the quote has no rate, or no book judges the form.
pub(super) fn terms_of_first(case: &Case, frozen: &FrozenTerms, rules: &dyn Rules) -> Option<DrawingTerms> {
    let main = components(frozen)?;
    let decision = case.guarantees.get(&case.content_version).map(|guarantee| &guarantee.decision);
    let monthly = decision.and_then(|decision| decision.loans.first()?.monthly_rate_percent).map(Rate);
    let rate = rate_ahead(&main, monthly.unwrap_or(main.guarantee_rate));
    let rounding = rules.book_of(&case.form)?.terms.repayment.rounding.interest;
    Some(DrawingTerms { rate, rounding })
}

/// The parts of the rate of the first loan in a quote.
fn components(frozen: &FrozenTerms) -> Option<RateComponents> {
    let quoted = &frozen.quote["loans"][0]["rate"];
    let part = |key: &str| serde_json::from_value::<Rate>(quoted[key].clone()).ok();
    Some(RateComponents {
        standard: part("standard")?,
        discount: part("discount")?,
        limited_time_discount: part("limited_time_discount")?,
        mix_bonus: part("mix_bonus")?,
        screening_add_on: part("screening_add_on")?,
        insurance_add_on: part("insurance_add_on")?,
        guarantee_rate: part("guarantee_rate")?,
    })
}

fn repayment_day(case: &Case) -> u8 {
    case.form.loans.first().map_or(1, |loan| loan.repayment_day)
}

/// Interest on the drawings that falls due with a main posting on the date (I.20 (1)). Nought without drawings.
pub(super) fn interest_on(case: &Case, date: NaiveDate) -> Yen {
    let Some(terms) = case.drawing_terms else { return Yen::ZERO };
    let out = case.postings.iter().filter(|posting| posting.drawing && posting.state == PostingState::Posted);
    let drawings: Vec<Advance> =
        out.map(|posting| Advance { on: posting.date, amount: Yen(posting.amount_yen) }).collect();
    interest_due(&drawings, terms.rate, repayment_day(case), date, terms.rounding)
}

/// The bridge loans that the main posting pays off (BR-5, BR-9). Errors: BR-5 while nobody has said what is owed.
pub(super) fn bridges(case: &Case) -> Result<Vec<BridgeDebt>, Problem> {
    let Some(bridge) = case.bridge.as_ref().filter(|bridge| bridge.outstanding) else { return Ok(vec![]) };
    let Some(principal) = bridge.principal_yen else {
        let accepted = "つなぎローンの残高と利息の登録 / principal and interest of the bridge loan";
        return Err(Rule::refusal("BR-5", "bridge.principal_yen", accepted));
    };
    let interest = Yen(bridge.interest_yen.unwrap_or(0));
    Ok(vec![BridgeDebt { case_number: bridge.case_number.clone(), principal: Yen(principal), interest }])
}

/// What refuses a drawing of so many yen: another way of money ahead (S-09), product or mix (S-15), the limit (S-02).
pub(super) fn drawing_refused(case: &Case, rules: &dyn Rules, amount: Yen) -> Vec<Problem> {
    let form = &case.form;
    let Some(book) = rules.book_of(form) else { return vec![] };
    let staged = &book.terms.staged;
    let mut problems = vec![];
    let asked = form.money_ahead.as_ref().map(|ahead| ahead.kind);
    if asked != Some(MoneyAheadKind::Split) {
        let field = if asked.is_some() { "money_ahead.kind" } else { "money_ahead" };
        let accepted = "分割融資のお申込み / an application for split lending";
        problems.push(Rule::refusal("S-09", field, accepted));
    }
    let mixed = form.loans.len() > 1 && staged.with_mix == WithMix::Refused;
    if form.product != Product::HousingLoan || mixed {
        let accepted = "住宅ローン・1本の契約 / a housing loan that is no mix";
        problems.push(Rule::refusal("S-15", "loans", accepted));
    }
    problems.extend(limit(form, staged.limit_percent).take(Yen(case.drawn_yen()), amount).err());
    problems
}

/// What the review of a bridge loan fixed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BridgeRun {
    /// Percent per annum, the monthly guarantee rate included (BR-2).
    pub rate: Rate,
    /// Last day of the loan (S-04).
    pub due_on: NaiveDate,
    /// Yen on its own contract (BR-4).
    pub stamp_yen: Yen,
}

/// The terms of a bridge loan of so many yen that is recorded today, paid off by `due_on` where somebody said so. Errors, all at
/// once: what [`review_bridge`] refuses, no posted rate of today (BR-2), a due date after the latest (BR-5).
pub(super) fn bridge_review(
    case: &Case,
    rules: &dyn Rules,
    today: NaiveDate,
    amount: Yen,
    due_on: Option<NaiveDate>,
) -> Result<BridgeRun, Vec<Problem>> {
    let form = &case.form;
    let Some(book) = rules.book_of(form) else { return Err(vec![]) };
    let staged = &book.terms.staged;
    let decision = case.guarantees.get(&case.content_version).map(|guarantee| &guarantee.decision);
    let loans = decision.map(|decision| decision.loans.as_slice()).unwrap_or_default();
    let add_on = case.approval.as_ref().and_then(|approval| approval.screening_add_on);
    let frozen = rules.freeze(form, add_on, loans, super::price::decided_on(case), today);
    let Some(rate_of_the_day) = frozen.as_ref().and_then(components) else {
        let accepted = "本日の掲示金利 / the posted rate of today";
        return Err(vec![Rule::refusal("BR-2", "principal_yen", accepted)]);
    };
    let formed = case.contract.as_ref().is_some_and(|set| set.formed_on.is_some());
    let asked = form.money_ahead.as_ref();
    let insured = form.insurance_of(1).next().map_or(InsuranceType::Basic, |entry| entry.insurance_type);
    let guarantors: Vec<String> = form
        .parties
        .iter()
        .filter(|party| party.role == PartyRole::JointGuarantor)
        .map(|party| party.party_id.clone())
        .collect();
    let reviewed = review_bridge(
        &book.terms,
        &BridgeRequest {
            main: form,
            decision: match &case.approval {
                _ if formed => MainDecision::Contracted,
                Some(approval) => MainDecision::Approved { valid_until: approval.valid_until },
                None => MainDecision::Open,
            },
            amount,
            on: today,
            handover: asked.map_or(case.planned_date(), |ahead| ahead.handover_on),
            outstanding: Yen::ZERO,
            needed: limit(form, staged.limit_percent).needed,
            insurance: asked
                .and_then(|ahead| ahead.bridge_insurance)
                .unwrap_or_else(|| bridge_insurance(staged, insured)),
            // The case knows nobody who guarantees the main loan and not the bridge.
            guarantors: &guarantors,
            rate_of_the_day,
            monthly_guarantee_rate: loans.first().and_then(|loan| loan.monthly_rate_percent).map(Rate),
        },
    );
    let of_the_command = |problem: Problem| match problem.field.as_str() {
        "drawing_yen" => Problem { field: "principal_yen".to_owned(), ..problem },
        _ => problem,
    };
    let terms = reviewed.map_err(|problems| problems.into_iter().map(of_the_command).collect::<Vec<_>>())?;
    if due_on.is_some_and(|due| due > terms.due_on) {
        let accepted = format!("{}まで / by {0}", terms.due_on);
        return Err(vec![Rule::refusal("BR-5", "due_on", accepted)]);
    }
    Ok(BridgeRun { rate: terms.rate, due_on: due_on.unwrap_or(terms.due_on), stamp_yen: terms.stamp })
}

/// A completion that cannot be: no building of the case, or a day that has not come (S-09).
pub(super) fn completion_refused(
    case: &Case,
    today: NaiveDate,
    property_no: u16,
    completed_on: NaiveDate,
) -> Option<Problem> {
    if !mortgaged_buildings(case).any(|number| number == property_no) {
        let accepted = "担保となる建物の番号 / a building that carries the mortgage";
        return Some(Rule::refusal("S-09", "property_no", accepted));
    }
    let accepted = format!("{today}まで / by {today}");
    (completed_on > today).then(|| Rule::refusal("S-09", "completed_on", accepted))
}

fn mortgaged_buildings(case: &Case) -> impl Iterator<Item = u16> {
    let buildings = case.form.properties.iter().filter(|property| super::arms::is_building(property.kind));
    let mortgaged = buildings.filter(|property| property.owners.iter().any(|owner| owner.mortgages_share));
    mortgaged.map(|property| property.property_no)
}

/// Is every building of the case finished, by what people recorded?
pub(super) fn is_completed(case: &Case) -> bool {
    mortgaged_buildings(case).all(|number| case.completed.contains_key(&number))
}

fn mortgage(case: &Case, filing: &str) -> LandMortgage {
    match case.track_state(Track::Reg, filing) {
        Some(S::Accepted | S::Completed) => LandMortgage::Accepted,
        Some(S::DocsReady | S::Filed | S::Correction) => LandMortgage::DocsReady,
        _ => LandMortgage::None,
    }
}

/// What refuses the main posting of a case with drawings on `date`, all at once: the deadline (S-04), buildings that are not finished
/// or not mortgaged, the agreement on the terms (S-09). Nothing is asked of a case without drawings.
pub(super) fn main_refused(case: &Case, rules: &dyn Rules, date: NaiveDate) -> Vec<Problem> {
    let drawing = case.fixed.as_ref().is_some_and(|fixed| fixed.drawing_yen.is_some());
    let Some(book) = rules.book_of(&case.form).filter(|_| case.has_drawing() && !drawing) else {
        return vec![];
    };
    let facts = SplitFacts {
        limit: limit(&case.form, book.terms.staged.limit_percent),
        drawn: Yen(case.drawn_yen()),
        land: mortgage(case, FILING),
        settling: if case.settles_simultaneously() { Settling::Together } else { Settling::MortgageFirst },
        deadline: case.funding_deadline,
        building_completed_on: case.completed.values().max().copied().filter(|_| is_completed(case)),
        building: mortgage(case, SECOND_FILING),
        terms_agreed_on: case.terms_agreed_on,
        main_posted_on: None,
    };
    let mut problems = facts.before_main(date);
    if mortgaged_buildings(case).next().is_none() {
        // Land alone secures the loan: there is nothing to be built, and nothing to be added to the mortgage.
        problems.retain(|problem| !problem.field.starts_with("building"));
    }
    problems
}

/// What falls due when the contract ends with drawings out (E.4, T37).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
pub struct Collection {
    /// The day on which it falls due.
    pub due_on: NaiveDate,
    /// Yen of the drawings.
    pub principal_yen: Yen,
    /// Yen of interest to that day that no repayment day has debited (S-05).
    pub interest_yen: Yen,
}

/// The duty that an end of the contract today leaves. `None`: no money is out.
pub(super) fn collection(case: &Case, today: NaiveDate) -> Option<Collection> {
    let due = || Collection {
        due_on: today,
        principal_yen: Yen(case.drawn_yen()),
        interest_yen: interest_on(case, today),
    };
    case.has_drawing().then(due)
}

/// The extension to a new handover, from the deadline that stands. `None`: no drawing runs. Errors inside: S-12.
pub(super) fn extension(
    case: &Case,
    rules: &dyn Rules,
    asked_on: NaiveDate,
    new_handover: NaiveDate,
    cause: &str,
) -> Option<Result<Extension, Vec<Problem>>> {
    let (book, drawn) = (rules.book_of(&case.form)?, case.drawing_terms?);
    let out = Outstanding {
        balance: Yen(case.drawn_yen()),
        rate: drawn.rate,
        repayment_day: repayment_day(case),
        deadline: case.funding_deadline?,
    };
    Some(extend(&book.terms, case.form.contract_form, &out, asked_on, new_handover, cause))
}

/// The rule behind a precondition in words, where one of E.6, E.7 or of chapter G is judged.
pub(super) const fn rule_of(need: super::need::Need) -> Option<&'static str> {
    use super::need::Need as N;
    match need {
        N::WithinFundingDeadline => Some("S-04"),
        N::ExtensionPapers | N::GuarantorAgrees | N::AgreementSigned => Some("S-12"),
        N::BridgePlan | N::NoBridge => Some("BR-7"),
        N::BridgeAllowed => Some("BR-8"),
        N::AllParts | N::PartOpen | N::PartPosted | N::NothingPosted => Some("C-56"),
        N::BuildingFinished => Some("S-09"),
        N::FirstFiled => Some("H-37"),
        N::JobTaken | N::OfficeFree => Some("E.2"),
        N::OtherOffice => Some("L-94"),
        N::OneOffice | N::OfficeReplaceable => Some("H-14"),
        N::BasicRefused => Some("G-20"),
        N::SumMatches => Some("G-12"),
        N::DeclaredInTime => Some("D.2"),
        _ => None,
    }
}

/// A refusal of the lending rules as an unmet precondition.
pub(super) fn unmet(check: super::need::Check, problem: &Problem) -> super::refusal::Unmet {
    let mut unmet = super::refusal::Unmet::of(check, Some(&problem.field));
    unmet.rule = Some(problem.rule.to_owned());
    unmet.ja = format!("{}（{}）", problem.message_ja, problem.accepted);
    unmet.en = format!("{} ({})", problem.message_en, problem.accepted);
    unmet
}
