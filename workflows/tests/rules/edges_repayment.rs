//! Schedules and simulations at their boundaries (J-02 to J-11, J-20 to J-26, S-04): day by day and yen by yen.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;
use workflows::form::RateType;
use workflows::repayment::certificate::{CertificateFor, Mailing, certificate_mailing};
use workflows::repayment::simulation::Scenario;
use workflows::repayment::{
    Advance, PartPlan, RatePath, RateStep, Rounding, RoundingTerms, Standing, interest_only,
};
use workflows::{Rate, Yen};

use crate::common;
use crate::servicing_refusals::input;
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

/// 438 million yen: at 1 percent 365,000 yen a month and 12,000 yen a day.
fn standing(settled: &str, first: &str, repayments: usize) -> Standing {
    let first = day(first);
    let later = workflows::calendar::repayment_days_after(first, 25);
    Standing {
        balance_yen: Yen(438_000_000),
        unpaid_interest_yen: Yen::ZERO,
        payment_yen: Yen(10_000_000),
        months_per_period: 1,
        repayment_day: 25,
        settled_on: day(settled),
        due_dates: std::iter::once(first).chain(later).take(repayments).collect(),
        rounding: RoundingTerms::default(),
    }
}

fn path(steps: &[(&str, &str)]) -> RatePath {
    let steps = steps.iter().map(|(from, percent)| RateStep { from: day(from), rate: rate(percent) });
    RatePath { first: rate("1"), steps: steps.collect() }
}

/// J-41: every day bears the rate of that day, the first day of a new rate the new one.
#[test]
fn interest_up_to_a_prepayment_follows_the_days() {
    let settled = standing("2026-06-30", "2026-07-25", 12);
    let to = |date: &str, steps: &[(&str, &str)]| settled.settlement_interest(day(date), &path(steps));
    assert_eq!(to("2026-07-10", &[]), Yen(120_000));
    assert_eq!(to("2026-07-10", &[("2026-07-04", "2")]), Yen(3 * 12_000 + 7 * 24_000));
    assert_eq!(to("2026-07-10", &[("2026-07-10", "2")]), Yen(9 * 12_000 + 24_000));
    assert_eq!(to("2026-07-10", &[("2026-07-11", "2")]), Yen(120_000));
    let twice = [("2026-07-04", "2"), ("2026-07-05", "3")];
    assert_eq!(to("2026-07-10", &twice), Yen(3 * 12_000 + 24_000 + 6 * 36_000));
}

/// J-04: a first period of ten days and two months in which the rate changes.
#[test]
fn an_irregular_period_follows_the_rates_of_its_days_and_months() {
    let loan = standing("2026-06-15", "2026-08-25", 12);
    let first = |steps: &[(&str, &str)]| loan.course(&path(steps), &[], 125).rows[0].interest;
    assert_eq!(first(&[]), Yen(120_000 + 730_000));
    assert_eq!(first(&[("2026-06-21", "2")]), Yen(60_000 + 120_000 + 1_460_000));
    assert_eq!(first(&[("2026-06-26", "2")]), Yen(120_000 + 1_460_000));
    assert_eq!(first(&[("2026-07-26", "2")]), Yen(120_000 + 365_000 + 730_000));
    assert_eq!(first(&[("2026-08-25", "2")]), Yen(850_000));
    assert_eq!(first(&[("2026-08-26", "2")]), Yen(850_000));
}

/// J-07: what the first repayment settles has no second row, however interest is rounded.
#[test]
fn a_loan_that_its_first_repayment_settles_has_one_row() {
    for interest in [Rounding::Down, Rounding::HalfUp, Rounding::Up] {
        let plan = PartPlan {
            principal: Yen(1),
            rate: Rate::ZERO,
            disbursed: day("2020-01-01"),
            repayment_day: 2,
            months_per_period: 1,
            due_dates: ["2020-01-02", "2020-02-02", "2020-03-02"].map(day).to_vec(),
            rounding: RoundingTerms { payment: Rounding::Up, interest },
        };
        let rows = plan.schedule().rows;
        assert_eq!((rows.len(), rows[0].payment, rows[0].balance), (1, Yen(1), Yen::ZERO), "{interest:?}");
    }
}

/// J-22: a review on a repayment day is in the amount of that day, and stays in what is owed afterwards.
#[test]
fn a_review_counts_from_its_own_day_on() {
    let mut loan = standing("2026-06-25", "2026-07-25", 120);
    loan.payment_yen = Yen(1_000_000);
    let course = loan.course(&path(&[]), &[day("2026-10-25")], 125);
    assert_eq!(course.payment_reviews[0].due, day("2026-10-25"));
    let paid: Vec<Yen> = course.rows.iter().take(5).map(|row| row.payment).collect();
    let (old, new) = (Yen(1_000_000), Yen(1_250_000));
    assert_eq!(paid, [old, old, old, new, new]);
    assert_eq!(loan.after(&course, 3).payment_yen, old);
    assert_eq!(loan.after(&course, 4).payment_yen, new);
}

/// J-24: unpaid interest is part of what the amount has to repay.
#[test]
fn unpaid_interest_is_in_the_level_payment() {
    let mut loan = standing("2026-06-25", "2026-07-25", 12);
    (loan.balance_yen, loan.unpaid_interest_yen) = (Yen(1_200), Yen(11));
    assert_eq!(loan.level_payment(Rate::ZERO), Yen(100));
    loan.unpaid_interest_yen = Yen(12);
    assert_eq!(loan.level_payment(Rate::ZERO), Yen(101));
}

/// J-04: whole months are counted back, a hundred years of them at most; the rest is days.
#[test]
fn a_first_period_counts_a_hundred_years_of_months() {
    let of = |disbursed: &str| {
        let plan = PartPlan {
            principal: Yen(1),
            rate: rate("1"),
            disbursed: day(disbursed),
            repayment_day: 25,
            months_per_period: 1,
            due_dates: vec![day("2026-07-25")],
            rounding: RoundingTerms::default(),
        };
        let first = plan.schedule().first_period;
        (first.full_months, first.odd_days)
    };
    assert_eq!(of("1926-07-25"), (1200, 0));
    assert_eq!(of("1926-06-25"), (1200, 30));
}

/// S-04, S-05: three advances, one of them between two repayment days and one on such a day.
#[test]
fn advances_bear_interest_from_their_own_day_on() {
    let advance = |on: &str| Advance { on: day(on), amount: Yen(438_000_000) };
    let out = [advance("2026-06-10"), advance("2026-07-10"), advance("2026-07-25")];
    let months = interest_only(&out, rate("1"), 25, day("2026-08-25"), Rounding::Down);
    let told: Vec<_> = months.iter().map(|month| (month.due, month.balance.0, month.interest.0)).collect();
    assert_eq!(
        told,
        [
            (day("2026-06-25"), 438_000_000, 180_000),
            (day("2026-07-25"), 876_000_000, 365_000 + 180_000),
            (day("2026-08-25"), 1_314_000_000, 730_000 + 365_000),
        ]
    );
}

/// P-12: a refinance from October on is certified on request in its first year.
#[test]
fn certificates_of_the_last_quarter_are_sent_on_request() {
    let first = |date: &str| certificate_mailing(CertificateFor::Refinance, day(date), 2026);
    assert_eq!(first("2026-09-30"), Some(Mailing::Late { year: 2026, month: 10 }));
    for date in ["2026-10-01", "2026-11-15", "2026-12-31"] {
        assert_eq!(first(date), Some(Mailing::OnRequestOnly), "{date}");
    }
}

fn fields(change: serde_json::Value) -> Vec<String> {
    let found = input(change).plan(&book().terms).err().unwrap_or_default();
    found.into_iter().map(|problem| problem.field).collect()
}

#[test]
fn a_simulation_at_the_edges_of_its_dates() {
    let plain = |mut change: serde_json::Value| {
        change["bonus_part_yen"] = json!(0);
        change["bonus_months"] = json!([]);
        fields(change)
    };
    let none = Vec::<String>::new();
    assert_eq!(plain(json!({ "repayment_day": 1, "first_repayment_on": "2026-07-01" })), none);
    assert_eq!(
        plain(json!({ "repayment_day": 0, "first_repayment_on": "2026-07-01" })),
        ["repayment_day", "first_repayment_on"]
    );
    assert_eq!(
        plain(json!({ "disbursed_on": "2026-06-25", "first_repayment_on": "2026-06-25" })),
        ["first_repayment_on"]
    );
    let until =
        |disbursed: &str, last: &str| plain(json!({ "disbursed_on": disbursed, "term": { "until": last } }));
    assert_eq!(until("2026-06-25", "2066-06-25"), none, "480 months to the day");
    assert_eq!(until("2026-06-25", "2066-07-25"), ["term.until"]);
    assert_eq!(until("2026-06-30", "2076-06-25"), ["term.until"]);
    assert_eq!(until("2026-06-30", "2026-06-25"), ["term.until"], "before the first repayment");
}

/// J-08: two months six apart, in either order, and no thirteenth.
#[test]
fn bonus_months_are_months() {
    let months = |months: [u8; 2]| fields(json!({ "bonus_months": months })).is_empty();
    for good in [[1, 7], [7, 1], [6, 12], [12, 6]] {
        assert!(months(good), "{good:?}");
    }
    for bad in [[7, 13], [13, 7], [0, 6], [6, 0], [1, 1], [1, 6]] {
        assert!(!months(bad), "{bad:?}");
    }
    // A part below nought is wrong itself; no months are asked for it.
    assert_eq!(fields(json!({ "bonus_part_yen": -1, "bonus_months": [] })), ["bonus_part_yen"]);
}

/// J-46: six decimals, not seven.
#[test]
fn a_rate_has_six_decimals_at_most() {
    let mut asked = input(json!({}));
    for (mantissa, scale, good) in [(1_000_001, 6, true), (10_000_001, 7, false), (100_000_001, 8, false)] {
        asked.rate = Rate(Decimal::new(mantissa, scale));
        assert_eq!(asked.plan(&book().terms).is_ok(), good, "{scale} decimals");
    }
}

fn scenario(change: serde_json::Value) -> Scenario {
    let mut scenario = json!({
        "amountYen": 30_000_000, "ratePercent": "1", "disbursedOn": "2026-06-30", "repaymentDay": 25, "termMonths": 420,
    });
    for (key, value) in change.as_object().unwrap() {
        scenario[key] = value.clone();
    }
    serde_json::from_value(scenario).unwrap()
}

/// C-10, C-13 and the rows of both parts side by side (J-08).
#[test]
fn a_scenario_at_its_edges() {
    let (book, rates) = (book(), common::rates());
    let simulated = |change| scenario(change).simulate(&book, &rates, day("2026-04-01"));
    assert!(simulated(json!({ "amountYen": 100_000_000 })).is_ok());
    assert!(simulated(json!({ "amountYen": 100_000_001 })).is_err());
    let fixed = |months: u16| {
        let kind = RateType::Fixed20Y;
        let typed = json!({
            "ratePercent": null, "rateType": kind, "discountType": "INITIAL_PERIOD", "termMonths": months,
        });
        simulated(typed).is_ok()
    };
    assert!(fixed(240) && !fixed(239));
    let both = simulated(json!({ "bonusPartYen": 12_000_000, "bonusMonths": [1, 7] })).unwrap();
    let rows = both.rows();
    assert_eq!(rows.iter().map(|row| row.no).collect::<Vec<_>>(), (1..=420).collect::<Vec<u32>>());
    let bonus: Vec<NaiveDate> =
        rows.iter().filter(|row| row.bonus_payment_yen > Yen::ZERO).map(|row| row.due).collect();
    assert_eq!(bonus, both.plan.bonus.as_ref().unwrap().rows.iter().map(|row| row.due).collect::<Vec<_>>());
    let whole: Yen = rows.iter().map(|row| row.payment_yen).sum();
    assert_eq!(whole, Yen(30_000_000) + both.plan.total_interest());
}
