//! What the servicing library refuses, with field, rule and what is accepted; and its settings in the book.

use chrono::NaiveDate;
use serde_json::json;
use workflows::form::{DiscountType, FeePlan, GuaranteeFeeMethod, Problem, RateType};
use workflows::guarantee::refund::{PaidOffGuarantee, refund};
use workflows::product::origin::{AddOns, Granted, Origin, components_after};
use workflows::product::servicing::{
    FirstReview, RateCapApplies, RemainingTerm, SwitchRate, SwitchedDiscount,
};
use workflows::repayment::damages::late_damages;
use workflows::repayment::interest_cap::{PaidOff, cap_test};
use workflows::repayment::prepayment::{
    BonusOrder, Extent, LoanStanding, PartialPrepayment, PrepaymentCase, PrepaymentPapers, check_hours,
    prepayment_fee,
};
use workflows::repayment::review::{BaseRates, VariableLoan, VariablePricing};
use workflows::repayment::special_term::{Costs, EndingTerm, Outcome, Wish};
use workflows::repayment::{
    PartPlan, RatePath, RepaymentInput, Rounding, RoundingTerms, Standing, due_dates,
};
use workflows::{Books, Rate, Rule, Yen};

use crate::common::{BASE, PARAMETERS};
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Field, rule and accepted content of every problem; each has its sentences.
fn found(problems: &[Problem]) -> Vec<(&str, &str, &str)> {
    for problem in problems {
        let rule = Rule::of(problem.rule).unwrap();
        assert_eq!((&*problem.message_ja, &*problem.message_en), (rule.ja, rule.en));
        assert!(!problem.accepted.is_empty() && !rule.cure_ja.is_empty());
    }
    problems.iter().map(|problem| (&*problem.field, problem.rule, &*problem.accepted)).collect()
}

/// A good input with some keys replaced.
pub fn input(changes: serde_json::Value) -> RepaymentInput {
    let mut value = json!({
        "amount_yen": 30_000_000, "bonus_part_yen": 10_000_000, "bonus_months": [1, 7], "rate": "1.00",
        "disbursed_on": "2026-06-30", "first_repayment_on": "2026-07-25", "repayment_day": 25,
        "term": { "months": 420 },
    });
    for (key, new) in changes.as_object().unwrap() {
        value[key] = new.clone();
    }
    serde_json::from_value(value).unwrap()
}

#[test]
fn a_simulation_refuses_everything_that_is_wrong_at_once() {
    let terms = &book().terms;
    let refused = |changes| input(changes).plan(terms).unwrap_err();
    let cases = [
        (
            json!({ "amount_yen": 0, "bonus_part_yen": 0, "bonus_months": [] }),
            "amount_yen",
            "J-02",
            "1 to 9999999999 yen",
        ),
        (json!({ "amount_yen": 10_000_000_000_i64 }), "amount_yen", "J-02", "1 to 9999999999 yen"),
        (json!({ "rate": "15.001" }), "rate", "J-46", "0 to 15 percent with at most 6 decimals"),
        (json!({ "rate": "-0.001" }), "rate", "J-46", "0 to 15 percent with at most 6 decimals"),
        (json!({ "bonus_part_yen": 30_000_000 }), "bonus_part_yen", "J-08", "0 to 15000000 yen (50 percent)"),
        (json!({ "bonus_part_yen": 15_000_001 }), "bonus_part_yen", "J-08", "0 to 15000000 yen (50 percent)"),
        (json!({ "bonus_months": [1, 8] }), "bonus_months", "J-08", "two months six apart, such as 1 and 7"),
        (json!({ "bonus_months": [] }), "bonus_months", "J-08", "two months six apart, such as 1 and 7"),
        (
            json!({ "first_repayment_on": "2026-06-25" }),
            "first_repayment_on",
            "J-03",
            "day 25 of a month, after 2026-06-30",
        ),
        (
            json!({ "first_repayment_on": "2026-07-24" }),
            "first_repayment_on",
            "J-03",
            "day 25 of a month, after 2026-06-30",
        ),
        (json!({ "term": { "months": 0 } }), "term.months", "C-11", "1 to 480, up to 2026-07-25 at least"),
        (json!({ "term": { "months": 481 } }), "term.months", "C-11", "1 to 480, up to 2026-07-25 at least"),
        (
            json!({ "term": { "until": "2061-06-24" } }),
            "term.until",
            "J-03",
            "day 25 of a month, from 2026-07-25 to 2066-06-30",
        ),
    ];
    for (changes, field, rule, accepted) in cases {
        let problems = refused(changes.clone());
        // C-11 stands with the findings.
        assert_eq!(found(&problems), [(field, rule, accepted)], "{changes}");
    }
    let many =
        refused(json!({ "amount_yen": -1, "rate": "99", "repayment_day": 32, "term": { "months": 9999 } }));
    let fields: Vec<&str> = many.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(
        fields,
        ["amount_yen", "rate", "repayment_day", "bonus_part_yen", "first_repayment_on", "term.months"]
    );
    assert!(serde_json::from_value::<RepaymentInput>(json!({ "amount": 1 })).is_err());
}

/// The last value that each limit admits, and the first repayment as the last one.
#[test]
fn the_edges_of_a_simulation_are_accepted() {
    let terms = &book().terms;
    for edge in [
        json!({ "amount_yen": 1, "bonus_part_yen": 0, "bonus_months": [] }),
        json!({ "amount_yen": 9_999_999_999_i64 }),
        json!({ "rate": "15" }),
        json!({ "rate": "0" }),
        json!({ "bonus_part_yen": 15_000_000 }),
        json!({ "bonus_months": [6, 12] }),
        json!({ "repayment_day": 31, "first_repayment_on": "2026-07-31" }),
        json!({ "term": { "months": 480 } }),
        json!({ "term": { "until": "2066-06-25" } }),
        json!({ "disbursed_on": "2026-06-25", "bonus_part_yen": 0, "bonus_months": [], "term": { "months": 1 } }),
    ] {
        let answer = input(edge.clone()).plan(terms);
        assert!(answer.is_ok(), "{edge}: {:?}", answer.err());
    }
    let once = json!({ "bonus_part_yen": 0, "bonus_months": [], "term": { "until": "2026-07-25" } });
    let plan = input(once).plan(terms).unwrap();
    assert_eq!(plan.monthly.summary().last_instalment_yen, Yen(30_000_000) + plan.total_interest());
}

#[test]
fn a_simulation_is_the_schedule_of_the_vectors() {
    let terms = &book().terms;
    let plan = input(json!({ "bonus_part_yen": 0, "bonus_months": [] })).plan(terms).unwrap();
    assert_eq!((plan.monthly.payment, plan.total_interest()), (Yen(84_685), Yen(5_561_493)));
    let until = json!({ "bonus_part_yen": 0, "bonus_months": [], "term": { "until": "2061-06-25" } });
    assert_eq!(input(until).plan(terms).unwrap(), plan);
    let both = input(json!({})).plan(terms).unwrap();
    assert_eq!(both.monthly.principal + both.bonus.unwrap().principal, Yen(30_000_000));
}

/// The printed table of the booklet fits one rounding only (J-02): half-up misses 24 of its 42 cells, upwards all.
#[test]
fn the_books_rounding_decides() {
    let vectors = crate::vectors::vectors();
    let cells = vectors["per_million_payment_table"]["cells"].as_array().unwrap();
    let missed = |rounding: Rounding| {
        let wrong = cells.iter().filter(|cell| {
            let count = u32::try_from(cell["n"].as_u64().unwrap()).unwrap();
            let rate = crate::vectors::rate(&cell["rate"]);
            let found = workflows::repayment::level_payment_rounded(Yen(1_000_000), rate, 1, count, rounding);
            found != crate::vectors::yen(&cell["payment"])
        });
        wrong.count()
    };
    assert_eq!(Rounding::ALL.iter().copied().map(missed).collect::<Vec<_>>(), [0, 24, 42]);
    let base = BASE.replacen("interest = \"DOWN\"", "interest = \"UP\"", 1);
    let books = Books::load(&base, "base.toml", PARAMETERS).unwrap();
    let dearer = input(json!({})).plan(&books.get("2963").unwrap().terms).unwrap();
    assert!(dearer.total_interest() > input(json!({})).plan(&book().terms).unwrap().total_interest());
}

#[test]
fn settings_that_do_not_fit_are_refused_by_key() {
    let cases = [
        ("payment_review_octobers = 5", "payment_review_octobers = 0", "review.payment_review_octobers"),
        ("payment_cap_percent = 125", "payment_cap_percent = 99", "review.payment_cap_percent"),
        (
            "rate_decided_months_before = 4",
            "rate_decided_months_before = 13",
            "special_term.rate_decided_months_before",
        ),
        ("opt_out_months_before = 1", "opt_out_months_before = 4", "special_term.opt_out_months_before"),
        ("opens_hour = 9", "opens_hour = 15", "prepayment.closes_hour"),
        ("within_years = 5, fee", "within_years = 2, fee", "prepayment.full_fee"),
        ("rate = \"14.5\"", "rate = \"20.1\"", "damages.rate"),
        ("below_yen = 1_000_000, rate", "below_yen = 1_000, rate", "interest_cap.bands"),
        ("refund_percent = 80", "refund_percent = 100", "fee_refund.refund_percent"),
        ("step_yen = 100\nleast", "step_yen = 0\nleast", "fee_refund.step_yen"),
        ("model_rate = \"3.5\"", "model_rate = \"0\"", "fee_refund.model_rate"),
        (
            "elapsed_years = 1, percent = \"74\"",
            "elapsed_years = 1, percent = \"96\"",
            "fee_refund.published",
        ),
    ];
    for (old, new, key) in cases {
        assert!(BASE.contains(old), "{old}");
        let problems = Books::load(&BASE.replacen(old, new, 1), "base.toml", PARAMETERS).unwrap_err();
        let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, [format!("servicing.{key}")], "{problems:?}");
    }
    let renewing = BASE.replacen(
        "VARIABLE = { family = \"VARIABLE\" }",
        "VARIABLE = { family = \"VARIABLE\", renews = true }",
        1,
    );
    let problems = Books::load(&renewing, "base.toml", PARAMETERS).unwrap_err();
    assert_eq!(problems[0].key, "rate_types.VARIABLE");
    let unknown = BASE.replacen("payment = \"DOWN\"", "payment = \"SOMETIMES\"", 1);
    let problems = Books::load(&unknown, "base.toml", PARAMETERS).unwrap_err();
    assert_eq!(
        (&*problems[0].key, &*problems[0].accepted),
        ("repayment.rounding.payment", "DOWN, HALF_UP, UP")
    );
}

pub fn standing(principal: i64, months_per_period: u32, rate: Rate) -> Standing {
    let (disbursed, first) = (day("2026-06-30"), day("2026-07-25"));
    let dates = due_dates(first, disbursed, 420, 25);
    let in_month =
        |date: &NaiveDate| months_per_period == 1 || matches!(chrono::Datelike::month(date), 1 | 7);
    Standing::at_disbursement(&PartPlan {
        principal: Yen(principal),
        rate,
        disbursed,
        repayment_day: 25,
        months_per_period,
        due_dates: dates.into_iter().filter(in_month).collect(),
        rounding: RoundingTerms::default(),
    })
}

#[test]
fn a_prepayment_exceeds_the_interest_that_is_settled() {
    let rate = Rate::parse("1.00").unwrap();
    let rates = RatePath::constant(rate);
    let whole = standing(30_000_000, 1, rate);
    let course = whole.course(&rates, &[], 125);
    // After the repayment of 2026-08-25: 29,876,123 yen, vector of J.1.
    let loan = LoanStanding { monthly: whole.after(&course, 2), bonus: None };
    assert_eq!(loan.monthly.balance_yen, Yen(29_876_123));
    let pay = |on: &str, amount: i64| {
        loan.prepay(
            &PartialPrepayment { on: day(on), amount_yen: Yen(amount), order: BonusOrder::Evenly },
            &rates,
        )
    };
    // floor(29,876,123 * 1 % * 15 / 365) = 12,277 yen for the 15 days from 26 August to 9 September.
    let range = "12278 to 29888399 yen";
    for amount in [-5, 0, 1, 12_277] {
        assert_eq!(found(&pay("2026-09-09", amount).unwrap_err()), [("amount_yen", "J-41", range)]);
    }
    let least = pay("2026-09-09", 12_278).unwrap();
    assert_eq!((least.monthly.settlement_interest_yen, least.monthly.principal_yen), (Yen(12_277), Yen(1)));
    assert_eq!(least.after.monthly.payment_yen, Yen(84_685));
    let off = pay("2026-09-09", 29_888_400).unwrap_err();
    assert_eq!(found(&off), [("amount_yen", "J-41", "at most 29888399 yen; more pays the loan off")]);
    for on in ["2026-08-24", "2026-09-25"] {
        let accepted = "from 2026-08-25 on, before the repayment of 2026-09-25";
        assert_eq!(found(&pay(on, 100_000).unwrap_err()), [("on", "J-41", accepted)]);
    }
    let taken = pay("2026-09-09", 1_000_000).unwrap();
    // -ln(1 - 28,888,400 * i / 84,685) / ln(1 + i) is 401.5: the 402nd repayment from 2026-09-25 on is the last.
    assert_eq!((taken.ended_on, taken.ends_on), (day("2061-06-25"), day("2060-02-25")));
    // The next period's interest is that of the 16 days left: floor(28,888,400 * 1 % * 16 / 365).
    assert_eq!(taken.after.monthly.balance_yen, Yen(28_888_400));
    assert_eq!(taken.after.monthly.course(&rates, &[], 125).rows[0].interest, Yen(12_663));
}

/// J-42: bonus part first, or evenly, and never so that the bonus part ends later than the monthly one.
#[test]
fn the_bonus_part_never_ends_later() {
    let rate = Rate::parse("1.00").unwrap();
    let rates = RatePath::constant(rate);
    let loan =
        LoanStanding { monthly: standing(20_000_000, 1, rate), bonus: Some(standing(10_000_000, 6, rate)) };
    let on = day("2026-07-10");
    let pay =
        |amount: i64, order| loan.prepay(&PartialPrepayment { on, amount_yen: Yen(amount), order }, &rates);
    let first = pay(2_000_000, BonusOrder::BonusFirst).unwrap();
    assert_eq!(first.monthly.total(), Yen::ZERO);
    assert_eq!(first.bonus.unwrap().total(), Yen(2_000_000));
    // 10 days: 2,739 yen on the bonus part, 5,479 yen on the monthly part.
    let spilled = pay(10_102_739, BonusOrder::BonusFirst).unwrap();
    assert!(spilled.after.bonus.is_none());
    assert_eq!(spilled.monthly.total(), Yen(100_000));
    let too_little = pay(10_002_740, BonusOrder::BonusFirst).unwrap_err();
    let accepted = "2740 to 10002739 yen, or 10008219 to 30008217 yen";
    assert_eq!(found(&too_little), [("amount_yen", "J-41", accepted)]);
    let even = pay(3_000_000, BonusOrder::Evenly).unwrap();
    let ends = |part: &Standing| part.course(&rates, &[], 125).ends().unwrap();
    assert!(ends(even.after.bonus.as_ref().unwrap()) <= ends(&even.after.monthly));
    let share = even.bonus.unwrap().principal_yen;
    assert!(share >= Yen(997_260) && share < Yen(1_300_000), "{share}");
}

#[test]
fn prepayments_keep_the_hours() {
    let book = book();
    let at = |text: &str| {
        let instant = chrono::DateTime::parse_from_rfc3339(text).unwrap();
        check_hours(&book, "001", instant).is_ok()
    };
    assert!(at("2026-07-27T09:00:00+09:00") && at("2026-07-27T15:00:00+09:00") && at("2026-07-27T00:00:00Z"));
    for closed in [
        "2026-07-27T08:59:59+09:00",
        "2026-07-27T15:00:01+09:00",
        "2026-07-25T10:00:00+09:00",
        "2026-12-31T10:00:00+09:00",
        "2027-01-03T10:00:00+09:00",
        "2026-09-22T10:00:00+09:00",
    ] {
        assert!(!at(closed), "{closed}");
    }
    let refused =
        check_hours(&book, "001", chrono::DateTime::parse_from_rfc3339("2026-07-26T10:00:00+09:00").unwrap());
    assert_eq!(found(&refused.unwrap_err())[0].1, "J-40");
}

/// J-43: explanation and slip, both signed by the day of the prepayment.
#[test]
fn prepayments_need_their_papers() {
    let on = day("2026-07-27");
    let check = |explained_on, slip_on| PrepaymentPapers { explained_on, slip_on }.check(on);
    assert_eq!(check(Some(on), Some(day("2026-07-20"))), Ok(()));
    let problems = check(None, Some(day("2026-07-28"))).unwrap_err();
    let accepted = "a day up to 2026-07-27";
    assert_eq!(
        found(&problems),
        [("papers.explained_on", "J-43", accepted), ("papers.slip_on", "J-43", accepted)]
    );
}

#[test]
fn fees_damages_caps_and_refunds_refuse_days_out_of_order() {
    let book = book();
    let of_book = &book.terms.servicing;
    let case = PrepaymentCase {
        contracted_on: day("2026-06-30"),
        prepaid_on: day("2026-06-29"),
        rate_type: RateType::Variable,
        extent: Extent::Full,
        refinanced: false,
        waived_because: Some("  ".to_owned()),
    };
    let problems = prepayment_fee(&book.terms, &case).unwrap_err();
    assert_eq!(found(&problems).iter().map(|p| p.0).collect::<Vec<_>>(), ["prepaid_on", "waived_because"]);
    let waived = PrepaymentCase {
        prepaid_on: case.contracted_on,
        waived_because: Some("見本の事由".to_owned()),
        ..case
    };
    assert_eq!(prepayment_fee(&book.terms, &waived), Ok(Yen::ZERO));
    let late = late_damages(&of_book.damages, Yen(-1), day("2026-07-27"), day("2026-07-26")).unwrap_err();
    assert_eq!(
        found(&late),
        [("principal_yen", "J-45", "0 or more"), ("paid_on", "J-45", "from 2026-07-27, the debit date, on")]
    );
    let in_time = late_damages(&of_book.damages, Yen(50_000), day("2026-07-27"), day("2026-07-27")).unwrap();
    assert_eq!((in_time.days, in_time.damages_yen), (0, Yen::ZERO));
    let mut paid = PaidOff {
        principal_yen: Yen::ZERO,
        contracted_on: day("2026-06-30"),
        disbursed_on: day("2026-06-30"),
        paid_off_on: day("2026-06-29"),
        interest_yen: Yen(-1),
        loan_fee_yen: Yen(660_000),
        handling_fee_yen: Yen::ZERO,
        prepayment_fee_yen: Yen::ZERO,
        guarantee_fee_kept_yen: Yen::ZERO,
    };
    let fields: Vec<String> = cap_test(&of_book.interest_cap, &paid)
        .unwrap_err()
        .into_iter()
        .map(|problem| problem.field)
        .collect();
    assert_eq!(fields, ["principal_yen", "interest_yen", "paid_off_on"]);
    // Contracts before 2010-06-18 are tested with their interest alone.
    paid = PaidOff {
        principal_yen: Yen(30_000_000),
        contracted_on: day("2010-06-17"),
        paid_off_on: day("2026-06-30"),
        interest_yen: Yen(1),
        ..paid
    };
    assert_eq!(cap_test(&of_book.interest_cap, &paid).unwrap().total_yen, Yen(1));
    let counted = PaidOff { contracted_on: day("2010-06-18"), ..paid };
    assert_eq!(cap_test(&of_book.interest_cap, &counted).unwrap().must_return_yen, Yen(660_001));
    let monthly = PaidOffGuarantee {
        method: GuaranteeFeeMethod::MonthlyInRate,
        paid_yen: Yen(-1),
        term_months: 0,
        disbursed_on: day("2026-04-30"),
        prepaid_on: day("2026-04-29"),
    };
    let problems = refund(&of_book.fee_refund, &monthly, Some(Yen(5))).unwrap_err();
    let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["method", "paid_yen", "term_months", "prepaid_on", "fixed_by_institution"]);
}

pub fn ending(rate_type: RateType) -> EndingTerm {
    EndingTerm {
        rate_type,
        discount_type: Some(DiscountType::InitialPeriod),
        fee_plan: FeePlan::FlatFee,
        ends_on: day("2032-06-25"),
        repayment_day: 25,
        original_final_date: day("2046-06-25"),
        expected_final_date: day("2040-06-25"),
    }
}

pub fn wish(rate_type: RateType) -> Wish {
    Wish { received_on: day("2032-05-25"), rate_type, discount_type: None, fee_plan: None }
}

/// J-35 to J-38 with the costs of J-36; without a wish a term that does not renew becomes VARIABLE (C-20).
#[test]
fn choices_at_the_end_of_a_special_term() {
    let terms = &book().terms;
    let paper = Costs { procedure: true, stamp_yen: Yen(200), fee_yen: Yen::ZERO };
    let cases = [
        (RateType::Fixed10Y, None, RateType::Fixed10Y, Outcome::Renewed, Costs::default()),
        (RateType::Fixed10Y, Some(RateType::Variable), RateType::Variable, Outcome::Chosen, paper),
        (RateType::Fixed10Y, Some(RateType::Fixed3Y), RateType::Fixed3Y, Outcome::Chosen, paper),
        (RateType::Capped10Y, None, RateType::Variable, Outcome::NothingChosen, Costs::default()),
        (
            RateType::Capped10Y,
            Some(RateType::Variable),
            RateType::Variable,
            Outcome::Chosen,
            Costs::default(),
        ),
        (RateType::Fixed20Y, Some(RateType::Fixed5Y), RateType::Fixed5Y, Outcome::Chosen, paper),
    ];
    for (from, to, rate_type, outcome, costs) in cases {
        let found = ending(from).continuation(to.map(wish).as_ref(), terms).unwrap();
        assert_eq!(
            (found.rate_type, found.outcome, found.costs),
            (rate_type, outcome, costs),
            "{from} {to:?}"
        );
        assert_eq!(found.rate_decided_on, day("2032-02-01"));
    }
    // 14 years are left, so 20 are too many; FULL_FIXED is for new loans only; nothing else can change.
    let refused = |wish: Wish| ending(RateType::Fixed10Y).continuation(Some(&wish), terms).unwrap_err();
    let accepted = "VARIABLE, FIXED_3Y, FIXED_5Y, FIXED_10Y, CAPPED_10Y";
    assert_eq!(found(&refused(wish(RateType::Fixed20Y))), [("rate_type", "J-38", accepted)]);
    assert_eq!(found(&refused(wish(RateType::FullFixed))), [("rate_type", "C-22", accepted)]);
    let changed = Wish {
        discount_type: Some(DiscountType::WholePeriod),
        fee_plan: Some(FeePlan::PercentFee),
        ..wish(RateType::Fixed3Y)
    };
    assert_eq!(
        found(&refused(changed)),
        [("discount_type", "J-37", "INITIAL_PERIOD"), ("fee_plan", "J-37", "FLAT_FEE")]
    );
    let late = Wish { received_on: day("2032-05-26"), ..wish(RateType::Variable) };
    let renewed = ending(RateType::Fixed10Y).continuation(Some(&late), terms).unwrap();
    assert_eq!((renewed.rate_type, renewed.outcome), (RateType::Fixed10Y, Outcome::RenewedOptOutLate));
    let too_late = Wish { received_on: day("2032-06-26"), ..wish(RateType::Variable) };
    let problems = ending(RateType::Capped10Y).continuation(Some(&too_late), terms).unwrap_err();
    assert_eq!(found(&problems), [("received_on", "J-35", "up to 2032-06-25")]);
    // J-38, O-26: to the shortened date only 8 years are left.
    let mut strict = terms.clone();
    strict.servicing.special_term.remaining_term = RemainingTerm::Shortened;
    let short = ending(RateType::Fixed10Y).continuation(None, &strict).unwrap();
    assert_eq!((short.rate_type, short.outcome), (RateType::Variable, Outcome::NotRenewedTooShort));
}

#[test]
fn a_switch_is_from_variable_to_a_special_type() {
    let mut terms = book().terms.clone();
    let found_by = |terms: &_| ending(RateType::Variable).switch(&wish(RateType::Fixed10Y), terms).unwrap();
    let switched = found_by(&terms);
    assert_eq!((switched.rate_decided_on, switched.ends_on), (day("2032-06-26"), Some(day("2042-06-25"))));
    assert_eq!((switched.costs.fee_yen, switched.costs.stamp_yen), (Yen(5_500), Yen(200)));
    terms.servicing.special_term.switch_rate = SwitchRate::Requested;
    assert_eq!(found_by(&terms).rate_decided_on, day("2032-05-25"));
    let running = ending(RateType::Fixed5Y).switch(&wish(RateType::Fixed3Y), &terms).unwrap_err();
    assert_eq!(found(&running), [("current_rate_type", "C-22", "VARIABLE")]);
    let nowhere = ending(RateType::Variable).switch(&wish(RateType::Variable), &terms).unwrap_err();
    assert_eq!(found(&nowhere)[0].1, "C-22");
}

/// J-33: the amount after the end has no cap of 1.25; J-38: up to which date it is computed.
#[test]
fn the_amount_after_a_term_has_no_cap() {
    let mut terms = book().terms.servicing.special_term.clone();
    let rate = Rate::parse("0.5").unwrap();
    let start = standing(30_000_000, 1, rate);
    let course = start.course(&RatePath::constant(rate), &[], 125);
    let end = start.after(&course, 120);
    let dear = end.after_term(Rate::parse("8").unwrap(), &terms, day("2061-06-25"));
    assert!(dear.payment_yen.0 * 100 > end.payment_yen.0 * 200);
    let cheap = end.after_term(Rate::ZERO, &terms, day("2061-06-25"));
    assert_eq!(cheap.payment_yen, end.payment_yen);
    terms.remaining_term = RemainingTerm::Shortened;
    let short = end.after_term(Rate::parse("8").unwrap(), &terms, day("2051-06-25"));
    assert!(short.payment_yen > dear.payment_yen);
    let settled = dear.course(&RatePath::constant(Rate::parse("8").unwrap()), &[], 125);
    assert_eq!(settled.ends(), Some(day("2061-06-25")));
}

/// J-21, J-27: the parameters of a review.
#[test]
fn the_first_review_and_the_cap_of_the_capped_type() {
    let mut terms = book().terms.servicing.review.clone();
    let rate = |text: &str| Rate::parse(text).unwrap();
    let loan = VariableLoan {
        standing: standing(30_000_000, 1, rate("1")),
        pricing: VariablePricing { moving: rate("0.9"), add_ons: rate("0.3"), cap: Some(rate("1.0")) },
        rate_decided_on: day("2026-06-30"),
        variable_since: day("2026-06-30"),
    };
    // The base rate moved on 1 June, between the base date and the disbursement.
    let base = BaseRates {
        changes: [
            (day("2026-04-01"), rate("2.0")),
            (day("2026-06-01"), rate("2.2")),
            (day("2026-10-01"), rate("2.5")),
        ]
        .into(),
    };
    let first = |terms: &_| loan.rate_reviews(&base, terms, day("2026-12-31")).unwrap()[0];
    assert_eq!(first(&terms).change, rate("0.3"));
    // 0.9 + 0.3 is capped at 1.0 before the add-ons of 0.3.
    assert_eq!(first(&terms).rate, rate("1.3"));
    terms.rate_cap_applies = RateCapApplies::AfterAddOns;
    assert_eq!(first(&terms).rate, rate("1.0"));
    terms.first_review = FirstReview::PreviousBaseDate;
    assert_eq!(first(&terms).change, rate("0.5"));
    let unknown = BaseRates { changes: [(day("2026-10-01"), rate("2.5"))].into() };
    let refused = loan.course(&unknown, &terms, day("2026-12-31")).unwrap_err();
    assert_eq!(found(&[refused]), [("base_rates", "J-20", "a base rate in force on 2026-04-01")]);
}

/// C.5, C-44, C-48, O-28: what is granted after a switch and when nothing is.
#[test]
fn discounts_end_as_the_book_says() {
    let mut terms = book().terms.clone();
    let rate = |text: &str| Rate::parse(text).unwrap();
    let origin = Origin {
        fee_plan: FeePlan::PercentFee,
        rate_type: RateType::Variable,
        discount_type: None,
        limited_time: rate("0.10"),
        mix_bonus: rate("0.05"),
        granted: Granted::Yes,
    };
    let back = [RateType::Variable, RateType::Fixed3Y, RateType::Variable];
    let applied = |terms: &_, origin: &Origin, periods: &[RateType]| {
        components_after(terms, origin, periods, rate("3"), AddOns::default()).applicable_rate()
    };
    assert_eq!(applied(&terms, &origin, &back[..1]), rate("0.75"));
    assert_eq!(applied(&terms, &origin, &back), rate("1.35"));
    for granted in [Granted::ConditionsNotMet, Granted::Stopped] {
        assert_eq!(applied(&terms, &Origin { granted, ..origin }, &back), rate("3"));
    }
    terms.servicing.special_term.switched_discount = SwitchedDiscount::WhileSpecial;
    assert_eq!(applied(&terms, &origin, &back), rate("0.90"));
    assert_eq!(applied(&terms, &origin, &back[..2]), rate("1.35"));
}
