//! Servicing at its boundaries: prepayments (J-41, J-42), reviews (J-20 to J-27), the end of a special term (J-33 to J-38),
//! damages and the statutory cap (J-45, J-47).

use chrono::NaiveDate;
use workflows::form::RateType;
use workflows::product::servicing::{FirstReview, RateCapApplies, RemainingTerm};
use workflows::repayment::damages::late_damages;
use workflows::repayment::interest_cap::{PaidOff, cap_test};
use workflows::repayment::prepayment::{BonusOrder, LoanStanding, PartialPrepayment};
use workflows::repayment::review::{BaseRates, VariableLoan, VariablePricing};
use workflows::repayment::special_term::Wish;
use workflows::repayment::{RatePath, Standing};
use workflows::{Rate, Yen};

use crate::servicing_refusals::{ending, standing, wish};
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

fn one_percent() -> RatePath {
    RatePath::constant(rate("1"))
}

/// 20 and 10 million yen, monthly and bonus, disbursed on 30 June 2026.
fn loan() -> LoanStanding {
    LoanStanding {
        monthly: standing(20_000_000, 1, rate("1")),
        bonus: Some(standing(10_000_000, 6, rate("1"))),
    }
}

fn accepted(loan: &LoanStanding, on: &str, yen: i64, order: BonusOrder) -> Result<(Yen, Yen), String> {
    let paid = PartialPrepayment { on: day(on), amount_yen: Yen(yen), order };
    let taken = loan.prepay(&paid, &one_percent()).map_err(|mut problems| problems.remove(0).accepted)?;
    Ok((taken.monthly.total(), taken.bonus.map_or(Yen::ZERO, |bonus| bonus.total())))
}

/// On 10 July 5,479 yen of interest are settled on the monthly part and 2,739 yen on the bonus part.
#[test]
fn a_prepayment_at_the_edges_of_its_amount() {
    let loan = loan();
    let first = |yen| accepted(&loan, "2026-07-10", yen, BonusOrder::BonusFirst);
    let range = || Err("2740 to 10002739 yen, or 10008219 to 30008217 yen".to_owned());
    for (yen, expected) in [
        (-1, range()),
        (0, range()),
        (2_739, range()),
        (2_740, Ok((Yen::ZERO, Yen(2_740)))),
        (10_002_739, Ok((Yen::ZERO, Yen(10_002_739)))),
        (10_002_740, range()),
        (10_008_218, range()),
        (10_008_219, Ok((Yen(5_480), Yen(10_002_739)))),
        (30_008_217, Ok((Yen(20_005_478), Yen(10_002_739)))),
        (30_008_218, Err("at most 30008217 yen; more pays the loan off".to_owned())),
    ] {
        assert_eq!(first(yen), expected, "{yen}");
    }
    let even = |yen| accepted(&loan, "2026-07-10", yen, BonusOrder::Evenly);
    for yen in [1, 8_217, 8_218] {
        assert_eq!(even(yen), Err("8219 to 30008217 yen".to_owned()), "{yen}");
    }
    let (monthly, bonus) = even(8_219).unwrap();
    assert_eq!(monthly + bonus, Yen(8_219));
    let (monthly, bonus) = even(30_008_217).unwrap();
    assert_eq!(monthly + bonus, Yen(30_008_217));
    assert!(bonus <= Yen(10_002_739), "no more than the bonus part owes");
}

/// J-41: from the day on which interest was last settled in either part to the day before the next repayment of either.
#[test]
fn a_prepayment_lies_between_two_repayments_of_both_parts() {
    let both = loan();
    let course = both.monthly.course(&one_percent(), &[], 125);
    let later = LoanStanding { monthly: both.monthly.after(&course, 2), ..both.clone() };
    let payoff = |loan: &LoanStanding, on: &str| loan.payoff(day(on), &one_percent());
    let days =
        |loan: &LoanStanding, on: &str| payoff(loan, on).map_err(|mut problems| problems.remove(0).accepted);
    assert!(payoff(&both, "2026-06-30").is_ok(), "the day itself");
    let refused = days(&both, "2026-06-29").unwrap_err();
    assert_eq!(refused, "from 2026-06-30 on, before the repayment of 2026-07-25");
    // The bonus part still waits for July: its repayment comes first.
    assert_eq!(
        days(&later, "2026-08-26").unwrap_err(),
        "from 2026-08-25 on, before the repayment of 2026-07-25"
    );
    let of_bonus = both.bonus.as_ref().unwrap();
    let repaid = of_bonus.course(&one_percent(), &[], 125);
    let next = LoanStanding { bonus: Some(of_bonus.after(&repaid, 1)), ..later };
    assert!(payoff(&next, "2026-08-25").is_ok());
    assert!(payoff(&next, "2026-09-25").is_err(), "the next monthly repayment, not the next bonus");
    assert_eq!(next.monthly.settled_on, day("2026-08-25"));
    assert!(payoff(&next, "2026-08-24").is_err(), "settled for the monthly part already");
    // The loan ends with the part that ends last.
    let long = Standing { payment_yen: both.monthly.payment_yen + Yen(100_000), ..both.monthly.clone() };
    let uneven = LoanStanding { monthly: long, ..both };
    assert_eq!(uneven.ends(&one_percent()), day("2061-01-25"));
}

/// J-06, J-41: unpaid interest first, then the interest up to the day, then principal.
#[test]
fn a_prepayment_pays_unpaid_interest_first() {
    let mut loan = LoanStanding { bonus: None, ..loan() };
    loan.monthly.unpaid_interest_yen = Yen(1_000);
    let paid = |yen| {
        let paid =
            PartialPrepayment { on: day("2026-07-10"), amount_yen: Yen(yen), order: BonusOrder::Evenly };
        loan.prepay(&paid, &one_percent())
    };
    let range = &paid(6_479).unwrap_err()[0].accepted;
    assert_eq!(range, "6480 to 20006478 yen");
    for (yen, principal) in [(6_480, 1), (106_479, 100_000), (20_006_478, 19_999_999)] {
        let taken = paid(yen).unwrap();
        let parts = taken.monthly;
        assert_eq!(
            (parts.unpaid_interest_yen, parts.settlement_interest_yen, parts.principal_yen),
            (Yen(1_000), Yen(5_479), Yen(principal))
        );
        assert_eq!(taken.after.monthly.unpaid_interest_yen, Yen::ZERO);
        assert_eq!(taken.after.monthly.balance_yen, Yen(20_000_000 - principal));
    }
}

/// J-42: evenly, the bonus part gets the least share with which it does not end later, whatever interest is unpaid (J-24).
#[test]
fn the_bonus_part_gets_no_more_than_it_needs() {
    let rates = one_percent();
    let ends = |part: &Standing| part.course(&rates, &[], 100).ends().unwrap();
    let mut raised = 0;
    // Where the monthly part is repaid faster, the bonus part needs more than its proportion.
    let cases = [(0, 0, 0), (400_000, 0, 0), (0, 400_000, 0), (0, 0, 1_000), (300_000, 200_000, 1_000)];
    for (of_monthly, of_bonus, faster) in cases {
        let mut loan = loan();
        loan.monthly.payment_yen = loan.monthly.payment_yen + Yen(faster);
        loan.monthly.unpaid_interest_yen = Yen(of_monthly);
        loan.bonus.as_mut().unwrap().unpaid_interest_yen = Yen(of_bonus);
        let interest = of_monthly + of_bonus + 8_218;
        let small = [1, 491_782, 500_001, 2_991_782, 3_000_000].into_iter().filter(|_| faster == 0);
        for principal in small.chain([9_000_000, 12_000_001]) {
            let paid = PartialPrepayment {
                on: day("2026-07-10"),
                amount_yen: Yen(interest + principal),
                order: BonusOrder::Evenly,
            };
            let found = loan.prepay(&paid, &rates).unwrap();
            let (to_monthly, to_bonus) = (found.monthly, found.bonus.unwrap());
            assert_eq!(
                (to_monthly.unpaid_interest_yen, to_monthly.settlement_interest_yen),
                (Yen(of_monthly), Yen(5_479))
            );
            assert_eq!(
                (to_bonus.unpaid_interest_yen, to_bonus.settlement_interest_yen),
                (Yen(of_bonus), Yen(2_739))
            );
            assert_eq!(to_monthly.principal_yen + to_bonus.principal_yen, Yen(principal));
            let bonus = found.after.bonus.clone().unwrap();
            assert!(ends(&bonus) <= ends(&found.after.monthly), "{interest} {principal}");
            let (share, proportional) = (to_bonus.principal_yen, Yen(principal / 3));
            assert!(share >= proportional, "{interest} {principal}: {share}");
            if share > proportional {
                raised += 1;
                let less = Standing { balance_yen: bonus.balance_yen + Yen(1), ..bonus };
                let more = &found.after.monthly;
                let more = Standing { balance_yen: more.balance_yen - Yen(1), ..more.clone() };
                assert!(ends(&less) > ends(&more), "{interest} {principal}: one yen less would do");
            }
        }
    }
    assert!(raised > 0, "the share is raised somewhere");
}

/// J-27: a rate below the cap is what it is, to the thousandth.
#[test]
fn a_rate_below_its_cap_is_not_changed() {
    let pricing = |moving: &str, cap: &str| VariablePricing {
        moving: rate(moving),
        add_ons: rate("0.3"),
        cap: Some(rate(cap)),
    };
    let both = [RateCapApplies::BeforeAddOns, RateCapApplies::AfterAddOns];
    assert_eq!(both.map(|applies| pricing("0.9", "2").applicable(applies)), [rate("1.2"); 2]);
    assert_eq!(both.map(|applies| pricing("1.8", "2").applicable(applies)), [rate("2.1"), rate("2")]);
    assert_eq!(both.map(|applies| pricing("-0.9", "2").applicable(applies)), [Rate::ZERO; 2]);
}

fn variable(decided: &str, since: &str) -> VariableLoan {
    VariableLoan {
        standing: standing(30_000_000, 1, rate("1")),
        pricing: VariablePricing { moving: rate("1"), add_ons: Rate::ZERO, cap: None },
        rate_decided_on: day(decided),
        variable_since: day(since),
    }
}

/// J-21, O-08: the base date itself is the last one, and before April it is October of the year before.
#[test]
fn the_last_base_date_may_be_the_day_itself() {
    let mut terms = book().terms.servicing.review.clone();
    terms.first_review = FirstReview::PreviousBaseDate;
    let base = BaseRates {
        changes: [
            (day("2024-10-01"), rate("1.0")),
            (day("2025-10-01"), rate("2.0")),
            (day("2026-04-01"), rate("2.5")),
            (day("2026-10-01"), rate("3.0")),
        ]
        .into(),
    };
    let previous = |decided: &str| {
        variable(decided, "2026-06-30").rate_reviews(&base, &terms, day("2026-12-31")).unwrap()[0].previous
    };
    assert_eq!(previous("2026-03-31"), rate("2.0"));
    assert_eq!(previous("2026-04-01"), rate("2.5"));
    assert_eq!(previous("2026-09-30"), rate("2.5"));
}

/// J-22: a review that lies on the repayment before the next one is in the amount, one on the last repayment still comes.
#[test]
fn reviews_on_a_repayment_day() {
    let mut terms = book().terms.servicing.review.clone();
    terms.payment_review_octobers = 1;
    let base = BaseRates { changes: [(day("2026-04-01"), rate("2"))].into() };
    let first = |repayment_day: u8, due: [&str; 3]| {
        let mut loan = variable("2026-06-30", "2026-06-30");
        loan.standing.repayment_day = repayment_day;
        loan.standing.due_dates = due.map(day).to_vec();
        let course = loan.course(&base, &terms, day("2026-12-31")).unwrap().course;
        course.payment_reviews.iter().map(|review| review.due).collect::<Vec<_>>()
    };
    // The amount is reviewed from 1 February 2027 on.
    assert_eq!(first(1, ["2027-01-01", "2027-02-01", "2027-03-01"]), [day("2027-02-01")]);
    assert_eq!(first(1, ["2027-02-01", "2027-03-01", "2027-04-01"]), [day("2027-02-01")]);
    assert_eq!(first(1, ["2027-03-01", "2027-04-01", "2027-05-01"]), [], "it came with the one before");
    assert_eq!(first(1, ["2026-12-01", "2027-01-01", "2027-02-01"]), [day("2027-02-01")]);
}

/// J-33, J-38: unpaid interest is repaid with the rest, and the shortened term counts its last repayment.
#[test]
fn the_amount_after_a_term_repays_everything() {
    let mut terms = book().terms.servicing.special_term.clone();
    let mut end = standing(1_200, 1, rate("1"));
    (end.payment_yen, end.unpaid_interest_yen) = (Yen(1), Yen(11));
    let last = |at: usize| end.due_dates[at];
    terms.remaining_term = RemainingTerm::Shortened;
    let payment = |standing: &Standing, until| standing.after_term(Rate::ZERO, &terms, until).payment_yen;
    // 1,211 yen in twelve, eleven and one repayments.
    assert_eq!(payment(&end, last(11)), Yen(100));
    assert_eq!(payment(&end, last(11).pred_opt().unwrap()), Yen(110));
    assert_eq!(payment(&end, last(0)), Yen(1_211));
    let more = Standing { unpaid_interest_yen: Yen(12), ..end.clone() };
    assert_eq!(payment(&more, last(11)), Yen(101));
}

/// J-35: the choice may come on the last day of the term.
#[test]
fn a_choice_comes_up_to_the_last_day() {
    let terms = &book().terms;
    let on = |date: &str| {
        let wish = Wish { received_on: day(date), ..wish(RateType::Variable) };
        ending(RateType::Capped10Y).continuation(Some(&wish), terms).is_ok()
    };
    assert!(on("2032-06-25") && !on("2032-06-26"));
}

/// J-45, J-47: nought is owed on nought, and nobody is paid off with less than a yen.
#[test]
fn damages_and_caps_on_nothing() {
    let terms = &book().terms.servicing;
    let nothing = late_damages(&terms.damages, Yen::ZERO, day("2026-07-27"), day("2026-08-27"));
    assert_eq!(nothing.map(|found| found.damages_yen), Ok(Yen::ZERO));
    let paid = |principal| PaidOff {
        principal_yen: Yen(principal),
        contracted_on: day("2026-06-30"),
        disbursed_on: day("2026-06-30"),
        paid_off_on: day("2026-07-30"),
        interest_yen: Yen::ZERO,
        loan_fee_yen: Yen::ZERO,
        handling_fee_yen: Yen::ZERO,
        prepayment_fee_yen: Yen::ZERO,
        guarantee_fee_kept_yen: Yen::ZERO,
    };
    let tested = [1, 0, -5].map(|principal| cap_test(&terms.interest_cap, &paid(principal)).is_ok());
    assert_eq!(tested, [true, false, false]);
}
