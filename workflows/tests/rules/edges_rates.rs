//! Rates and fees at their boundaries: posted lines (E.2, C-21, C-61), mix bonus (C-46), add-ons (chapter G), fees (C.4).

use chrono::NaiveDate;
use rust_decimal::Decimal;
use workflows::form::{FeePlan, InsuranceType, RateType};
use workflows::product::fees::loan_fee;
use workflows::product::origin::{AddOns, Granted, Origin, components_after};
use workflows::product::posting::{
    DatedRate, LineState, RateSeries, base_rates, problems_of_decision, problems_of_line,
};
use workflows::product::pricing::{insurance_add_on, mix_bonus};
use workflows::sample::Sample;
use workflows::{Rate, Yen};

use crate::common;
use crate::posting::line;
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

/// J-46: from nought to twenty percent, three decimals at most.
#[test]
fn a_posted_rate_is_within_the_ceiling() {
    let found = |rate: Rate, from: &str, standing: &[DatedRate]| -> Vec<String> {
        let line = (RateSeries::FullFixed, rate, day(from));
        let found = problems_of_line(&common::rates(), standing, line, day("2026-06-10"));
        found.into_iter().map(|problem| format!("{} {}", problem.rule, problem.field)).collect()
    };
    let none = Vec::<String>::new();
    for good in ["0", "0.001", "20", "20.000000", "3.475"] {
        assert_eq!(found(rate(good), "2026-06-11", &[]), none, "{good}");
    }
    for bad in ["-0.001", "20.001", "25", "0.0001", "0.00001"] {
        assert_eq!(found(rate(bad), "2026-06-11", &[]), ["J-46 ratePercent"], "{bad}");
    }
    // A line never begins today or earlier (C-61).
    for past in ["2026-06-10", "2026-06-09", "2025-01-01"] {
        assert_eq!(found(rate("3"), past, &[]), ["C-61 validFrom"], "{past}");
    }
    // The stock ends with June 2028: a line from the first of July on closes the gap for every later one.
    let next = |from: &str| [line(RateSeries::FullFixed, "3", from)];
    assert_eq!(found(rate("3"), "2030-01-01", &next("2028-07-01")), none);
    assert_eq!(found(rate("3"), "2030-01-01", &next("2028-07-02")), ["C-21 validFrom"]);
}

/// E.2: another person decides, once, and approves only what has not begun.
#[test]
fn four_eyes_decide_on_a_line() {
    let proposed = DatedRate { state: LineState::Proposed, ..line(RateSeries::Base, "2", "2026-07-01") };
    let found = |line: &DatedRate, by: &str, approves, today: &str| -> Vec<&'static str> {
        let found = problems_of_decision(line, by, approves, day(today));
        found.into_iter().map(|problem| problem.rule).collect()
    };
    let none = Vec::<&str>::new();
    assert_eq!(found(&proposed, "second", true, "2026-06-30"), none);
    assert_eq!(found(&proposed, "first", true, "2026-06-30"), ["E.2"]);
    assert_eq!(found(&proposed, "second", true, "2026-07-01"), ["C-61"]);
    assert_eq!(found(&proposed, "second", true, "2026-07-20"), ["C-61"]);
    assert_eq!(found(&proposed, "second", false, "2026-07-20"), none, "a return is never too late");
    for state in [LineState::Approved, LineState::Returned] {
        let decided = DatedRate { state, ..proposed.clone() };
        assert_eq!(found(&decided, "second", false, "2026-06-30"), ["E.2"]);
    }
}

#[test]
fn the_line_before_ends_when_the_next_begins() {
    let first = common::rates().with(&[line(RateSeries::Variable, "3.4", "2026-06-10")]);
    let both = first.with(&[line(RateSeries::Variable, "3.5", "2026-09-01")]);
    let to = |date: &str| both.posted(RateType::Variable, day(date)).map(|posted| (posted.rate, posted.to));
    assert_eq!(to("2026-08-31"), Some((rate("3.4"), Some(day("2026-08-31")))));
    assert_eq!(to("2026-09-01"), Some((rate("3.5"), None)));
    // Reviews see approved base rates alone.
    let proposed = DatedRate { state: LineState::Proposed, ..line(RateSeries::Base, "9", "2026-05-01") };
    let lines = [line(RateSeries::Base, "2", "2026-04-01"), line(RateSeries::Variable, "3", "2026-06-01")];
    let base = base_rates(&[lines.as_slice(), &[proposed]].concat());
    assert_eq!(base.changes.into_iter().collect::<Vec<_>>(), [(day("2026-04-01"), rate("2"))]);
}

/// C-46 at the yen: 33 percent of 97 yen are 32.01.
#[test]
fn the_second_part_reaches_its_share() {
    let mut terms = book().terms.clone();
    terms.mix.second_part_at_least_percent = 33;
    let mut loans = Sample::Mix.form().unwrap().loans;
    loans[0].rate_type = RateType::Variable;
    (loans[1].rate_type, loans[1].discount_type) = (RateType::FullFixed, None);
    let mut bonus = |one, two| {
        (loans[0].amount_yen, loans[1].amount_yen) = (Yen(one), Yen(two));
        mix_bonus(&terms, &loans[0], &loans)
    };
    assert_eq!(bonus(65, 32), Rate::ZERO);
    assert_eq!(bonus(64, 33), rate("0.05"));
    assert_eq!(bonus(67, 33), rate("0.05"), "the share itself");
}

/// Chapter G: of several types on one loan the dearest counts, once.
#[test]
fn the_dearest_insurance_of_a_loan_counts() {
    let mut entries = vec![Sample::Purchase.form().unwrap().insurance[0].clone(); 3];
    let kinds = [InsuranceType::Basic, InsuranceType::Almighty, InsuranceType::Cancer];
    for (entry, kind) in entries.iter_mut().zip(kinds) {
        entry.insurance_type = kind;
        entry.cover = workflows::form::Cover::Single;
    }
    assert_eq!(insurance_add_on(&book().terms, entries.iter()), rate("0.3"));
    assert_eq!(insurance_add_on(&book().terms, entries[..1].iter()), Rate::ZERO);
    assert_eq!(insurance_add_on(&book().terms, [].iter()), Rate::ZERO);
}

/// C-32: 909 yen at 1.1 percent are 9.999 yen, of which 9 are asked.
#[test]
fn a_loan_fee_is_cut_to_whole_yen() {
    let mut terms = book().terms.clone();
    terms.fees.percent_fee = rate("1.1");
    let fee = |yen| loan_fee(&terms, FeePlan::PercentFee, Yen(yen));
    assert_eq!((fee(909), fee(910)), (Yen(9), Yen(10)));
}

/// C-61: a rate that comes with more than three decimals counts with all of them.
#[test]
fn every_decimal_of_a_rate_counts() {
    let mut terms = book().terms.clone();
    terms.fees.percent_fee = Rate(Decimal::new(2_200_010, 6));
    assert_eq!(loan_fee(&terms, FeePlan::PercentFee, Yen(100_000_000)), Yen(2_200_010));
    // 2.2 percent, written with 25 decimals.
    terms.fees.percent_fee = Rate(Decimal::from_i128_with_scale(22_000_000_000_000_000_000_000_000, 25));
    assert_eq!(loan_fee(&terms, FeePlan::PercentFee, Yen(100_000_000)), Yen(2_200_000));
}

/// C.5: a loan without any recorded period still has what it began with.
#[test]
fn a_loan_begins_with_its_own_discount() {
    let origin = Origin {
        fee_plan: FeePlan::FlatFee,
        rate_type: RateType::Variable,
        discount_type: None,
        limited_time: Rate::ZERO,
        mix_bonus: rate("0.05"),
        granted: Granted::Yes,
    };
    let after = |periods: &[RateType]| {
        let found = components_after(&book().terms, &origin, periods, rate("3"), AddOns::default());
        (found.discount, found.mix_bonus)
    };
    assert_eq!(after(&[]), (rate("1.85"), rate("0.05")));
    assert_eq!(after(&[]), after(&[RateType::Variable]));
}
