//! Drawings and bridge loans of a case: at which rate they run, what they owe on a day, and what an extension costs (E.6, E.7).

use super::case::{Case, FrozenTerms};
use super::facts::PostingState;
use super::rules::Rules;
use crate::disbursement::BridgeDebt;
use crate::form::{MoneyAheadKind, Problem, Product};
use crate::money::{Rate, Yen};
use crate::product::RateComponents;
use crate::product::terms::WithMix;
use crate::repayment::{Advance, Rounding};
use crate::rule::Rule;
use crate::staged::extension::{Extension, Outstanding, extend};
use crate::staged::{interest_due, limit, rate_ahead};
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
    let quoted = &frozen.quote["loans"][0]["rate"];
    let part = |key: &str| serde_json::from_value::<Rate>(quoted[key].clone()).ok();
    let main = RateComponents {
        standard: part("standard")?,
        discount: part("discount")?,
        limited_time_discount: part("limited_time_discount")?,
        mix_bonus: part("mix_bonus")?,
        screening_add_on: part("screening_add_on")?,
        insurance_add_on: part("insurance_add_on")?,
        guarantee_rate: part("guarantee_rate")?,
    };
    let decision = case.guarantees.get(&case.content_version).map(|guarantee| &guarantee.decision);
    let monthly = decision.and_then(|decision| decision.loans.first()?.monthly_rate_percent).map(Rate);
    let rate = rate_ahead(&main, monthly.unwrap_or(main.guarantee_rate));
    let rounding = rules.book_of(&case.form)?.terms.repayment.rounding.interest;
    Some(DrawingTerms { rate, rounding })
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
    if form.money_ahead.as_ref().is_some_and(|ahead| ahead.kind == MoneyAheadKind::Bridge) {
        let accepted = "分割融資のお申込み / an application for split lending";
        problems.push(Rule::refusal("S-09", "money_ahead.kind", accepted));
    }
    let mixed = form.loans.len() > 1 && staged.with_mix == WithMix::Refused;
    if form.product != Product::HousingLoan || mixed {
        let accepted = "住宅ローン・1本の契約 / a housing loan that is no mix";
        problems.push(Rule::refusal("S-15", "loans", accepted));
    }
    problems.extend(limit(form, staged.limit_percent).take(Yen(case.drawn_yen()), amount).err());
    problems
}

/// A bridge loan of so many yen for this case: within the limit (S-02). `None`: nothing is wrong.
pub(super) fn bridge_refused(case: &Case, rules: &dyn Rules, amount: Yen) -> Option<Problem> {
    let percent = rules.book_of(&case.form)?.terms.staged.limit_percent;
    let refused = limit(&case.form, percent).take(Yen::ZERO, amount).err()?;
    Some(Problem { field: "principal_yen".to_owned(), ..refused })
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
