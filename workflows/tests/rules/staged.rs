//! Split lending and bridge loans: the vectors of the specification, and every refusal at its border.

use chrono::NaiveDate;
use workflows::disbursement::{BridgeDebt, LineKind, LoanPart, Payoff, Posting, Settlement, Side, plan};
use workflows::form::{
    ContractForm, FeePlan, Form, InsuranceType, MoneyAhead, MoneyAheadKind, PartyRole, PaymentUse, Product,
    PurposeCode, Relation, Tenure,
};
use workflows::product::RateComponents;
use workflows::product::fees::loan_fee;
use workflows::product::terms::Terms;
use workflows::repayment::{Advance, Rounding, interest_only};
use workflows::sample::{self, Sample};
use workflows::staged::extension::{Outstanding, extend};
use workflows::staged::{
    BridgeRequest, LandMortgage, Limit, MainDecision, Phase, Settling, SplitFacts, bridge_insurance,
    drawing_rate, funding_deadline, interest_due, main_amount_after, rate_ahead, review_bridge, within_term,
};
use workflows::{Problem, Rate, Rule, STAGED_RULES, Yen, assess};

use crate::common;
use crate::vectors::{book, cases, day, rate, report, text, vectors, yen};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn terms() -> Terms {
    book().terms.clone()
}

/// Rule and field of each refusal.
fn broken(problems: &[Problem]) -> Vec<String> {
    problems.iter().map(|problem| format!("{} {}", problem.rule, problem.field)).collect()
}

fn settlement(amount: Yen, posting: Posting, drawings: Vec<Yen>, bridges: Vec<BridgeDebt>) -> Settlement {
    Settlement {
        case_number: "T".to_owned(),
        date: date("2026-10-15"),
        posting,
        loans: vec![LoanPart { loan_no: 1, amount }],
        drawings,
        drawing_interest: Yen::ZERO,
        bridges,
        charges: vec![],
        payoff: Payoff::NotNeeded,
        transfers: vec![],
        own_funds: Yen::ZERO,
        funds_for_costs: Yen::ZERO,
    }
}

#[test]
fn the_vectors_of_split_lending_and_bridge_loans() {
    let (terms, vectors) = (terms(), vectors());
    let key = &vectors["split_and_bridge"];
    let mut results = vec![
        key["limit_percent"] == terms.staged.limit_percent,
        key["nominal_term_months"] == terms.staged.term_months,
    ];
    for case in cases(key) {
        let applied = yen(&case["main_amount"]);
        let limit = Limit { applied, needed: applied, percent: terms.staged.limit_percent };
        let requests = case["requests"].as_array().unwrap();
        let drawn = requests.iter().try_fold(Yen::ZERO, |drawn, amount| limit.take(drawn, yen(amount)));
        results.push(case["ok"] == drawn.is_ok());
    }
    for case in cases(&key["funding_deadline"]) {
        let repayment_day = u8::try_from(case["repayment_day"].as_u64().unwrap()).unwrap();
        results.push(funding_deadline(day(&case["handover"]), repayment_day) == day(&case["deadline"]));
    }
    let allowed = key["bridge_allowed_insurance"].as_array().unwrap();
    results.push(allowed.iter().map(text).eq(terms.staged.bridge_insurance.iter().map(|kind| kind.code())));
    let net = &key["net_posting"];
    for case in net["split"].as_array().unwrap() {
        let amount = yen(&case["contract_amount"]);
        let drawings: Vec<Yen> = case["drawings"].as_array().unwrap().iter().map(yen).collect();
        let fee: FeePlan = serde_json::from_value(case["fee"].clone()).unwrap();
        results.push(loan_fee(&terms, fee, amount) == yen(&case["loan_fee"]));
        let limit = Limit { applied: amount, needed: amount, percent: terms.staged.limit_percent };
        let facts = SplitFacts { limit, drawn: drawings.iter().copied().sum(), ..finished() };
        results.push(facts.main_posting() == Ok(yen(&case["main_posting"])));
        let mut balances = vec![];
        for at in 0..=drawings.len() {
            let posting =
                drawings.get(at).map_or(Posting::Main, |amount| Posting::Drawing { amount: *amount });
            let made = plan(&settlement(amount, posting, drawings[..at].to_vec(), vec![])).unwrap();
            balances.push(made.balance_after_yen.0);
        }
        results.push(case["balance_after_each_posting"] == serde_json::json!(balances));
    }
    let month = &net["drawing_interest_month"];
    let out = [Advance { on: date("2026-06-15"), amount: yen(&month["balance"]) }];
    let interest = interest_only(&out, rate(&month["rate"]), 15, date("2026-07-15"), Rounding::Down);
    results.push(interest[0].interest == yen(&month["interest"]));
    let bridge = &net["bridge"];
    let principal = yen(&bridge["bridge_contract"]);
    let debt = BridgeDebt { case_number: "B".to_owned(), principal, interest: Yen::ZERO };
    let made = plan(&settlement(yen(&bridge["main_contract"]), Posting::Main, vec![], vec![debt])).unwrap();
    let debited = made.lines.iter().find(|line| line.kind == LineKind::BridgePrincipal).unwrap();
    results.push(made.delivered_yen == yen(&bridge["main_credited_gross"]));
    results
        .push(debited.amount_yen == yen(&bridge["bridge_debited_principal"]) && debited.side == Side::Debit);
    results.push(made.rest_yen == yen(&bridge["left_before_costs"]));
    report("split_and_bridge", results);
}

/// A split case with everything done but the main posting.
fn finished() -> SplitFacts {
    SplitFacts {
        limit: Limit { applied: Yen(30_000_000), needed: Yen(34_000_000), percent: 90 },
        drawn: Yen(10_000_000),
        land: LandMortgage::Accepted,
        settling: Settling::MortgageFirst,
        deadline: Some(date("2026-12-15")),
        building_completed_on: Some(date("2026-10-01")),
        building: LandMortgage::Accepted,
        terms_agreed_on: Some(date("2026-10-10")),
        main_posted_on: None,
    }
}

#[test]
fn a_drawing_is_held_within_limit_deadline_and_mortgage() {
    let facts = finished();
    let on = date("2026-12-15");
    assert_eq!(facts.before_drawing(Yen(17_000_000), on), vec![]);
    assert_eq!(broken(&facts.before_drawing(Yen(17_000_001), on)), ["S-02 drawing_yen"]);
    assert_eq!(broken(&facts.before_drawing(Yen(0), on)), ["S-02 drawing_yen"]);
    assert_eq!(broken(&facts.before_drawing(Yen(-1), on)), ["S-02 drawing_yen"]);
    let tight = SplitFacts { limit: Limit { needed: Yen(12_000_000), ..facts.limit }, ..facts };
    assert_eq!(tight.before_drawing(Yen(2_000_000), on), vec![]);
    assert!(tight.before_drawing(Yen(2_000_001), on)[0].accepted.contains("2,000,000"));
    assert_eq!(broken(&facts.before_drawing(Yen(1), date("2026-12-16"))), ["S-04 date"]);
    // A purchase settles on the day: for the first drawing the papers do, for the next one they do not (G-REG).
    let papers = SplitFacts { land: LandMortgage::DocsReady, settling: Settling::Together, ..facts };
    assert_eq!(broken(&papers.before_drawing(Yen(1), on)), ["S-09 land_mortgage"]);
    let first = SplitFacts { drawn: Yen::ZERO, ..papers };
    assert_eq!(first.before_drawing(Yen(1), on), vec![]);
    let alone = SplitFacts { settling: Settling::MortgageFirst, ..first };
    assert_eq!(broken(&alone.before_drawing(Yen(1), on)), ["S-09 land_mortgage"]);
    let none = SplitFacts { land: LandMortgage::None, ..first };
    let all = none.before_drawing(Yen(27_000_001), date("2026-12-16"));
    assert_eq!(broken(&all), ["S-02 drawing_yen", "S-04 date", "S-09 land_mortgage"]);
}

#[test]
fn the_main_posting_waits_for_building_mortgage_and_terms() {
    let facts = finished();
    let on = date("2026-10-15");
    assert_eq!(facts.before_main(on), vec![]);
    assert_eq!(facts.phase(), Phase::TermsAgreed);
    assert_eq!(SplitFacts { main_posted_on: Some(on), ..facts }.phase(), Phase::MainDisbursed);
    let unfinished = SplitFacts { building_completed_on: None, ..facts };
    assert_eq!(unfinished.phase(), Phase::Drawn);
    assert_eq!(broken(&unfinished.before_main(on)), ["S-09 building_completed_on"]);
    let filed = SplitFacts { building: LandMortgage::DocsReady, ..facts };
    assert_eq!(filed.phase(), Phase::BuildingCompleted);
    assert_eq!(broken(&filed.before_main(on)), ["S-09 building_mortgage"]);
    let silent = SplitFacts { terms_agreed_on: None, ..facts };
    assert_eq!(silent.phase(), Phase::BuildingMortgaged);
    assert_eq!(broken(&silent.before_main(on)), ["S-09 terms_agreed_on"]);
    assert_eq!(broken(&facts.before_main(date("2026-10-09"))), ["S-09 terms_agreed_on"]);
    let undrawn = SplitFacts { drawn: Yen::ZERO, ..facts };
    assert_eq!(undrawn.phase(), Phase::LandMortgaged);
    assert_eq!(SplitFacts { land: LandMortgage::DocsReady, ..undrawn }.phase(), Phase::LimitContracted);
    let above = SplitFacts { drawn: Yen(30_000_001), ..facts };
    assert_eq!(above.main_posting().unwrap_err().rule, "S-02");
    // S-13: nothing is added to a loan of which money is out.
    assert_eq!(main_amount_after(Yen(1), Yen(30), Yen(31)).unwrap_err().rule, "S-13");
    assert_eq!(main_amount_after(Yen(1), Yen(30), Yen(30)), Ok(Yen(30)));
    assert_eq!(main_amount_after(Yen::ZERO, Yen(30), Yen(31)), Ok(Yen(31)));
}

#[test]
fn only_interest_is_paid_month_by_month() {
    let out = [
        Advance { on: date("2026-06-20"), amount: Yen(15_000_000) },
        Advance { on: date("2026-07-15"), amount: Yen(12_000_000) },
    ];
    let rate = Rate::parse("0.825").unwrap();
    let course = interest_only(&out, rate, 15, date("2026-09-18"), Rounding::Down);
    let months: Vec<_> = course.iter().map(|month| (month.due, month.balance.0, month.interest.0)).collect();
    let expected = [
        // 25 days of 365 on the first; the second is drawn on a repayment day and bears whole months.
        (date("2026-07-15"), 15_000_000, 15_000_000 * 825 * 25 / 365 / 100_000),
        (date("2026-08-15"), 27_000_000, 10_312 + 8_250),
        (date("2026-09-15"), 27_000_000, 18_562),
        (date("2026-09-18"), 27_000_000, 27_000_000 * 825 * 3 / 365 / 100_000),
    ];
    assert_eq!(months, expected);
    // 15 August 2026 is a Saturday.
    assert_eq!(course[1].debit, date("2026-08-17"));
    let until = date("2026-09-18");
    assert_eq!(interest_due(&out, rate, 15, until, Rounding::Down), course[3].interest);
    assert_eq!(interest_only(&out, rate, 15, date("2026-06-20"), Rounding::Down), vec![]);
    // A repayment day of 31 falls on each month's last day (J-11).
    let at_end = interest_only(&out[..1], rate, 31, date("2026-10-01"), Rounding::Down);
    let dues: Vec<_> = at_end.iter().map(|month| month.due.format("%m-%d").to_string()).collect();
    assert_eq!(dues, ["06-30", "07-31", "08-31", "09-30", "10-01"]);
}

/// S-06.
#[test]
fn the_first_drawing_sets_the_rate_and_each_bridge_has_its_own() {
    let percent = |text| Rate::parse(text).unwrap();
    let main = RateComponents {
        standard: percent("2.475"),
        discount: percent("1.850"),
        limited_time_discount: Rate::ZERO,
        mix_bonus: Rate::ZERO,
        screening_add_on: Rate::ZERO,
        insurance_add_on: Rate::ZERO,
        guarantee_rate: Rate::ZERO,
    };
    // The main loan pays its guarantee in one sum; the money ahead pays by the month all the same.
    let first = rate_ahead(&main, percent("0.200"));
    assert_eq!(first, percent("0.825"));
    let later = rate_ahead(&RateComponents { standard: percent("2.975"), ..main }, percent("0.200"));
    assert_eq!((drawing_rate(None, later), drawing_rate(Some(first), later)), (later, first));
    let term = |first: &str, deadline: &str| within_term(&terms().staged, date(first), date(deadline));
    assert_eq!(term("2026-06-15", "2026-12-15"), Ok(()));
    assert_eq!(term("2026-06-15", "2026-12-16").unwrap_err().rule, "S-03");
    // 31 August plus six months is the last day of February.
    assert_eq!(term("2026-08-31", "2027-02-28"), Ok(()));
}

/// S-12, and BR-9 for the due date of a bridge loan.
#[test]
fn an_extension_costs_interest_and_stamp_and_is_asked_for_in_time() {
    let out = Outstanding {
        balance: Yen(27_000_000),
        rate: Rate::parse("0.825").unwrap(),
        repayment_day: 15,
        deadline: date("2026-12-15"),
    };
    let terms = terms();
    let ask = |on: &str, handover: &str, cause: &str| {
        extend(&terms, ContractForm::Paper, &out, date(on), date(handover), cause)
    };
    let extension = ask("2026-12-15", "2027-01-20", "weather").unwrap();
    assert_eq!(extension.deadline, date("2027-02-15"));
    assert_eq!((extension.interest_yen, extension.stamp_yen), (Yen(2 * 18_562), Yen(200)));
    assert_eq!(extension.total(), Yen(37_324));
    let electronic = extend(&terms, ContractForm::Electronic, &out, out.deadline, date("2027-01-20"), "x");
    assert_eq!(electronic.unwrap().stamp_yen, Yen::ZERO);
    // A handover on the old deadline gives the next repayment date, one the day before gives the old one.
    assert!(ask("2026-12-15", "2026-12-15", "weather").is_ok());
    let all = ask("2026-12-16", "2026-12-14", " ").unwrap_err();
    assert_eq!(broken(&all), ["S-12 asked_on", "S-12 new_handover_on", "S-12 cause"]);
}

fn main_form() -> Form {
    let mut form = common::samples().remove(0).form;
    form.product = Product::HousingLoan;
    form.loans.truncate(1);
    form.loans[0].repayment_day = 15;
    form.requested_amount_yen = Yen(30_000_000);
    form.loans[0].amount_yen = Yen(30_000_000);
    form.contract_form = ContractForm::Paper;
    form
}

fn asked(main: &Form) -> BridgeRequest<'_> {
    let rate_of_the_day = RateComponents {
        standard: Rate::parse("2.475").unwrap(),
        discount: Rate::parse("1.850").unwrap(),
        limited_time_discount: Rate::ZERO,
        mix_bonus: Rate::ZERO,
        screening_add_on: Rate::ZERO,
        insurance_add_on: Rate::ZERO,
        guarantee_rate: Rate::ZERO,
    };
    BridgeRequest {
        main,
        decision: MainDecision::Approved { valid_until: date("2026-11-20") },
        amount: Yen(27_000_000),
        on: date("2026-06-15"),
        handover: date("2026-11-20"),
        outstanding: Yen::ZERO,
        needed: Yen(30_000_000),
        insurance: InsuranceType::Basic,
        guarantors: &[],
        rate_of_the_day,
        monthly_guarantee_rate: Rate::parse("0.200"),
    }
}

#[test]
fn a_bridge_loan_is_agreed_or_refused_with_all_that_is_in_the_way() {
    let (terms, main) = (terms(), main_form());
    let agreed = review_bridge(&terms, &asked(&main)).unwrap();
    // BR-2: the rate of its own day and a contract of its own with its stamp; BR-4: no other cost, for nothing is registered (BR-1).
    assert_eq!((agreed.due_on, agreed.rate), (date("2026-12-15"), Rate::parse("0.825").unwrap()));
    assert_eq!((agreed.stamp, agreed.loan_fee), (Yen(20_000), Yen::ZERO));
    let why = |request: &BridgeRequest<'_>| broken(&review_bridge(&terms, request).unwrap_err());
    let ok = |request: &BridgeRequest<'_>| review_bridge(&terms, request).is_ok();
    assert_eq!(why(&BridgeRequest { decision: MainDecision::Open, ..asked(&main) }), ["BR-6 main"]);
    let short = MainDecision::Approved { valid_until: date("2026-11-19") };
    assert_eq!(why(&BridgeRequest { decision: short, ..asked(&main) }), ["BR-8 handover"]);
    assert!(ok(&BridgeRequest { decision: MainDecision::Contracted, ..asked(&main) }));
    for kind in InsuranceType::ALL {
        let request = BridgeRequest { insurance: *kind, ..asked(&main) };
        let may = !matches!(kind, InsuranceType::DisabilityIncome | InsuranceType::Cancer);
        assert_eq!(ok(&request), may, "{kind}");
        let stands_in = if may { *kind } else { InsuranceType::Basic };
        assert_eq!(bridge_insurance(&terms.staged, *kind), stands_in);
    }
    let more = BridgeRequest { outstanding: Yen(1), ..asked(&main) };
    assert_eq!(why(&more), ["S-02 drawing_yen"]);
    assert_eq!(why(&BridgeRequest { amount: Yen::ZERO, ..asked(&main) }), ["S-02 drawing_yen"]);
    assert_eq!(why(&BridgeRequest { on: date("2026-06-14"), ..asked(&main) }), ["S-03 funding_deadline"]);
    let unpriced = BridgeRequest { monthly_guarantee_rate: None, ..asked(&main) };
    assert_eq!(why(&unpriced), ["F-03 monthly_guarantee_rate"]);
    let mut other = main.clone();
    other.product = Product::SecuredFreeLoan;
    assert_eq!(why(&asked(&other)), ["S-15 main"]);
    let mut mix = main.clone();
    mix.loans.push(mix.loans[0].clone());
    assert_eq!(why(&asked(&mix)), ["S-15 main"]);
    let mut allowing = terms.clone();
    allowing.staged.with_mix = workflows::product::terms::WithMix::Allowed;
    assert!(review_bridge(&allowing, &asked(&mix)).is_ok());
    // S-08, B-16: whoever guarantees the main loan guarantees the bridge.
    let mut guaranteed = main.clone();
    let mut guarantor = guaranteed.parties[0].clone();
    guarantor.party_id = "G1".to_owned();
    guarantor.role = PartyRole::JointGuarantor;
    guaranteed.parties.push(guarantor);
    assert_eq!(why(&asked(&guaranteed)), ["S-08 guarantors"]);
    let signs = ["G1".to_owned()];
    assert!(ok(&BridgeRequest { guarantors: &signs, ..asked(&guaranteed) }));
}

#[test]
fn an_application_for_money_ahead_is_judged_on_paper() {
    let form = Sample::NewBuild.form().unwrap();
    let on = form.requested_disbursement_date;
    let rulebook = sample::rulebook().unwrap();
    let book = rulebook.books.get(&form.institution.bank_code).unwrap();
    let found = |date: NaiveDate, change: &dyn Fn(&mut Form)| -> Vec<String> {
        let mut form = form.clone();
        change(&mut form);
        let findings = assess(&form, book, &rulebook.rates, date);
        let ahead = findings.iter().filter(|f| STAGED_RULES.iter().any(|rule| rule.id == f.rule));
        ahead.map(|f| format!("{} {} {}", f.rule, f.guard, f.subject)).collect()
    };
    let edit = |change: fn(&mut MoneyAhead)| -> Vec<String> {
        found(on, &|form| change(form.money_ahead.as_mut().unwrap()))
    };
    assert_eq!(found(on, &|_| ()), Vec::<String>::new());
    let order = |ahead: &mut MoneyAhead| ahead.payments[1].use_of = PaymentUse::LandPrice;
    assert_eq!(edit(order), ["S-01 G-PURPOSE money_ahead"]);
    assert_eq!(edit(|ahead| ahead.payments[0].use_of = PaymentUse::LandPrice), Vec::<String>::new());
    let far = |form: &mut Form| form.purpose.resident_relation = Relation::Cousin;
    assert_eq!(found(on, &far), ["S-01 G-PURPOSE money_ahead"]);
    let renovation = |form: &mut Form| form.purpose.code = PurposeCode::Renovation;
    assert_eq!(found(on, &renovation), ["S-01 G-PURPOSE money_ahead"]);
    let limit = ["S-02 G-AMOUNT money_ahead"];
    assert_eq!(edit(|ahead| ahead.payments[1].amount_yen = Yen(17_000_000)), Vec::<String>::new());
    assert_eq!(edit(|ahead| ahead.payments[1].amount_yen = Yen(17_000_001)), limit);
    assert_eq!(edit(|ahead| ahead.payments[1].amount_yen = Yen::ZERO), limit);
    assert_eq!(edit(|ahead| ahead.payments.clear()), limit);
    // Only what is shown by a contract or an estimate counts as needed.
    let unshown = |form: &mut Form| form.fund_uses[0].evidenced = false;
    assert_eq!(found(on, &unshown), limit);
    assert_eq!(found(date("2026-06-14"), &|_| ()), ["S-03 G-TERM-AGE money_ahead"]);
    let leased = |form: &mut Form| form.properties[0].tenure = Some(Tenure::OrdinaryLeasehold);
    assert_eq!(found(on, &leased), ["S-14 G-COLL-VALUE P1"]);
    let reserved = |form: &mut Form| form.properties[0].reserved_land = Some(true);
    assert_eq!(found(on, &reserved), ["S-14 G-COLL-VALUE P1"]);
    let bridged = |form: &mut Form| {
        reserved(form);
        form.money_ahead.as_mut().unwrap().kind = MoneyAheadKind::Bridge;
    };
    assert_eq!(found(on, &bridged), Vec::<String>::new());
    let free = |form: &mut Form| form.product = Product::SecuredFreeLoan;
    assert_eq!(found(on, &free), ["S-15 G-RATE-TYPE money_ahead"]);
    let mix = |form: &mut Form| form.loans.push(form.loans[0].clone());
    assert_eq!(found(on, &mix), ["S-15 G-RATE-TYPE money_ahead"]);
    let insured = |kind, insurance| {
        move |form: &mut Form| {
            let ahead = form.money_ahead.as_mut().unwrap();
            (ahead.kind, ahead.bridge_insurance) = (kind, Some(insurance));
        }
    };
    // A drawing has the insurance of the main loan, whatever it is (S-07); a bridge loan not every one.
    let (bridge, split) = (MoneyAheadKind::Bridge, MoneyAheadKind::Split);
    let cancer = insured(bridge, InsuranceType::Cancer);
    assert_eq!(found(on, &cancer), ["BR-3 G-INS-FORM money_ahead"]);
    assert_eq!(found(on, &insured(bridge, InsuranceType::Almighty)), Vec::<String>::new());
    assert_eq!(found(on, &insured(split, InsuranceType::Cancer)), Vec::<String>::new());
    // Without money ahead nothing of this is asked.
    assert_eq!(found(date("2026-01-05"), &|form| form.money_ahead = None), Vec::<String>::new());
}

#[test]
fn every_rule_of_money_ahead_has_its_sentences() {
    assert!(STAGED_RULES.is_sorted_by_key(|rule| rule.id));
    for rule in STAGED_RULES {
        assert!(
            rule.en.is_ascii() && rule.cure_en.is_ascii() && !rule.ja.is_ascii() && !rule.cure_ja.is_ascii()
        );
        assert_eq!(Rule::of(rule.id), Some(rule));
    }
}
