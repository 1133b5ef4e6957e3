//! Posted rates of a bank over the stock of the file.

use crate::common;
use chrono::{NaiveDate, TimeZone, Utc};
use workflows::Rate;
use workflows::form::RateType;
use workflows::product::posting::{DatedRate, LineState, RateSeries, base_rates, problems_of_line};

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
