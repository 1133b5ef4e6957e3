//! Posted rates of a bank over the stock of the file.

use crate::common;
use chrono::{NaiveDate, TimeZone, Utc};
use workflows::Rate;
use workflows::form::RateType;
use workflows::product::posting::{
    DatedRate, LineState, RateSeries, base_rates, problems_of_cells, problems_of_line,
};
use workflows::product::servicing::PublishedRefund;
use workflows::repayment::simulation::Scenario;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

pub fn line(series: RateSeries, percent: &str, from: &str) -> DatedRate {
    DatedRate {
        id: format!("{series}-{from}"),
        institution: "2963".to_owned(),
        series,
        rate: rate(percent),
        cells: vec![],
        from: day(from),
        state: LineState::Approved,
        proposed_by: "first".to_owned(),
        proposed_at: Utc.timestamp_opt(0, 0).unwrap(),
        decided_by: Some("second".to_owned()),
        decided_at: None,
        reason: None,
    }
}

#[test]
fn lines_of_the_bank_follow_the_stock_and_each_other() {
    let stock = common::rates();
    let mut lines = vec![
        line(RateSeries::Variable, "3.400", "2026-06-10"),
        line(RateSeries::Variable, "3.500", "2026-08-01"),
        line(RateSeries::Base, "2.000", "2026-04-01"),
    ];
    lines.push(DatedRate { state: LineState::Proposed, ..line(RateSeries::Variable, "9", "2026-07-01") });
    lines.push(DatedRate { state: LineState::Returned, ..line(RateSeries::Variable, "9", "2026-07-02") });
    let rates = stock.with(&lines);
    let on = |date: &str| rates.posted(RateType::Variable, day(date)).map(|it| (it.rate, it.from, it.to));
    let file = stock.posted(RateType::Variable, day("2026-06-01")).unwrap();
    assert_eq!(on("2026-06-09"), Some((file.rate, day("2026-06-01"), Some(day("2026-06-09")))));
    assert_eq!(on("2026-06-10"), Some((rate("3.400"), day("2026-06-10"), Some(day("2026-07-31")))));
    assert_eq!(on("2026-07-31").unwrap().0, rate("3.400"), "the month of the file counts no more");
    assert_eq!(on("2026-08-01"), Some((rate("3.500"), day("2026-08-01"), None)));
    assert_eq!(on("2031-01-06").unwrap().0, rate("3.500"), "the last line has no end");
    for kind in RateType::ALL.iter().filter(|kind| **kind != RateType::Variable) {
        assert_eq!(rates.posted(*kind, day("2026-08-01")), stock.posted(*kind, day("2026-08-01")));
    }
    let base = base_rates(&lines);
    assert_eq!((base.on(day("2026-03-31")), base.on(day("2026-04-01"))), (None, Some(rate("2.000"))));
    assert_eq!(stock.with(&[]), stock);
    let early = stock.with(&[line(RateSeries::Variable, "1", "2024-07-01")]);
    assert_eq!(early.span(RateType::Variable), Some((day("2024-07-01"), None)));
}

#[test]
fn every_day_has_one_rate_whatever_is_entered() {
    let stock = common::rates();
    let (begin, end) = (day("2026-06-01"), day("2026-12-31"));
    let days: Vec<NaiveDate> = begin.iter_days().take_while(|date| *date <= end).collect();
    for (one, other) in
        [("2026-06-02", "2026-06-03"), ("2026-07-01", "2026-12-31"), ("2026-06-30", "2026-09-15")]
    {
        let lines = [line(RateSeries::FullFixed, "4.000", other), line(RateSeries::FullFixed, "3.900", one)];
        let rates = stock.with(&lines);
        for date in &days {
            let posted = rates.posted(RateType::FullFixed, *date).unwrap();
            let wanted = match *date {
                date if date >= day(other) => rate("4.000"),
                date if date >= day(one) => rate("3.900"),
                date => stock.standard(RateType::FullFixed, date).unwrap(),
            };
            assert_eq!(posted.rate, wanted, "{date}");
            assert!(posted.from <= *date && posted.to.is_none_or(|to| *date <= to));
        }
    }
}

#[test]
fn a_line_says_everything_that_stands_against_it() {
    let stock = common::rates();
    let standing = [line(RateSeries::Variable, "3.4", "2026-06-10")];
    let today = day("2026-06-10");
    let rules = |series, percent: &str, from: &str| {
        let found = problems_of_line(&stock, &standing, (series, rate(percent), day(from)), today);
        found.into_iter().map(|problem| format!("{} {}", problem.rule, problem.field)).collect::<Vec<_>>()
    };
    assert_eq!(rules(RateSeries::Variable, "3.4", "2026-06-11"), Vec::<String>::new());
    assert_eq!(
        rules(RateSeries::Variable, "-0.1", "2026-06-10"),
        ["J-46 ratePercent", "C-61 validFrom", "C-21 validFrom"]
    );
    assert_eq!(
        rules(RateSeries::FullFixed, "3.4", "2028-07-02"),
        ["C-21 validFrom"],
        "a gap after the stock"
    );
    assert_eq!(rules(RateSeries::FullFixed, "3.4", "2028-07-01"), Vec::<String>::new());
    assert_eq!(
        rules(RateSeries::Variable, "3.4", "2030-01-01"),
        Vec::<String>::new(),
        "the line before lasts"
    );
    assert_eq!(
        rules(RateSeries::Base, "3.4", "2030-01-01"),
        Vec::<String>::new(),
        "the file has no base rate"
    );
}

/// F.10: gaps, overlaps and refunds that cannot be are refused, each with field and rule.
#[test]
fn a_table_of_the_guarantor_says_everything_that_stands_against_it() {
    let cells = |list: &[(u8, u8, &str)]| {
        let cell = |(term_years, elapsed_years, percent): &(u8, u8, &str)| PublishedRefund {
            term_years: *term_years,
            elapsed_years: *elapsed_years,
            percent: rate(percent),
        };
        list.iter().map(cell).collect::<Vec<_>>()
    };
    let rules = |series, model: &str, list: &[(u8, u8, &str)]| {
        let found = problems_of_cells(series, rate(model), &cells(list));
        found.into_iter().map(|problem| format!("{} {}", problem.rule, problem.field)).collect::<Vec<_>>()
    };
    let refunds = RateSeries::GuaranteeRefund;
    let sound = [(25, 1, "74"), (25, 3, "63"), (30, 1, "75"), (30, 3, "66")];
    assert_eq!(rules(refunds, "3.5", &sound), Vec::<String>::new());
    assert_eq!(rules(RateSeries::Variable, "3.5", &[]), Vec::<String>::new());
    assert_eq!(rules(RateSeries::Variable, "3.5", &sound), ["C-21 cells"]);
    assert_eq!(rules(refunds, "0", &[]), ["F-17 ratePercent", "F-12 cells"]);
    assert_eq!(rules(refunds, "3.5", &[(25, 1, "96")]), ["F-14 cells[0].percent"], "24 of 25 years are left");
    assert_eq!(rules(refunds, "3.5", &[(25, 1, "95.9")]), Vec::<String>::new());
    assert_eq!(rules(refunds, "3.5", &[(25, 25, "0")]), Vec::<String>::new());
    assert_eq!(rules(refunds, "3.5", &[(25, 25, "0.1")]), ["F-14 cells[0].percent"]);
    assert_eq!(rules(refunds, "3.5", &[(25, 26, "1")]), ["F-11 cells[0]"]);
    assert_eq!(rules(refunds, "3.5", &[(25, 1, "63"), (25, 3, "63")]), ["F-12 cells.25"]);
    assert_eq!(rules(refunds, "3.5", &sound[..3]), ["F-12 cells.30.3"], "a gap");
    let twice = [(25, 1, "74"), (25, 1, "73")];
    assert_eq!(rules(refunds, "3.5", &twice), ["F-12 cells[1]"], "an overlap");
}

/// J-20 to J-24: the base rates that a bank entered move a variable loan in the simulation; a fixed one stays as it is.
#[test]
fn base_rates_move_a_simulated_variable_loan() {
    let (books, stock) = (common::books(), common::rates());
    let book = books.on("2963", day("2026-04-06")).unwrap();
    let scenario = |kind: &str| {
        let given = serde_json::json!({
            "amountYen": 30_000_000, "rateType": kind, "disbursedOn": "2026-04-15", "repaymentDay": 15, "termMonths": 420,
        });
        serde_json::from_value::<Scenario>(given).unwrap()
    };
    let lines = [
        line(RateSeries::Base, "2.000", "2026-04-01"),
        line(RateSeries::Base, "2.500", "2026-09-15"),
        line(RateSeries::Base, "2.250", "2027-03-20"),
    ];
    let rates = stock.with(&lines);
    let before = scenario("VARIABLE").simulate(book, &stock, day("2027-06-01")).unwrap();
    assert!(before.reviewed.is_none(), "no base rate is known");
    let simulated = scenario("VARIABLE").simulate(book, &rates, day("2027-06-01")).unwrap();
    let reviews: Vec<_> = simulated
        .reviewed
        .as_ref()
        .unwrap()
        .rate_reviews
        .iter()
        .map(|review| (review.base_date, review.change, review.effective_from, review.rate - simulated.rate))
        .collect();
    let expected = [
        (day("2026-10-01"), rate("0.5"), day("2027-01-16"), rate("0.5")),
        (day("2027-04-01"), rate("-0.25"), day("2027-07-16"), rate("0.25")),
    ];
    assert_eq!(reviews, expected);
    let (old, new) = (before.rows(), simulated.rows());
    // The repayment of January is still at the first rate, that of February bears more interest at the same amount (J-22).
    assert_eq!(old[8], new[8]);
    assert!(new[9].interest_yen > old[9].interest_yen && new[9].payment_yen == old[9].payment_yen);
    assert_eq!(new.last().unwrap().balance_yen, workflows::Yen::ZERO);
    assert!(simulated.total_interest() > before.total_interest());
    let fixed = scenario("FULL_FIXED").simulate(book, &rates, day("2027-06-01")).unwrap();
    assert!(fixed.reviewed.is_none());
}
