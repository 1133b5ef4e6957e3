//! Product books: the samples load, and a wrong book says everything that is wrong with it.

use crate::common::{self, BASE, PARAMETERS, RATES};
use workflows::form::RateType;
use workflows::{Books, PostedRates, Rate, Yen};

#[test]
fn one_book_per_bank() {
    let books = common::books();
    assert_eq!(books.iter().count(), 13);
    let book = books.get("2963").unwrap();
    assert_eq!(book.bank_name, "中央労金");
    assert!(book.business_area.contains("山梨県"));
    assert!(book.version.starts_with("2024-07/2963/"), "{}", book.version);
    assert_eq!(book.terms.amount.maximum_yen, Yen(100_000_000));
    assert!(books.get("0001").is_none());
}

/// C.3, row by row: the years of the special term and whether it renews itself.
#[test]
fn the_table_of_rate_types() {
    let books = common::books();
    let types = &books.get("2963").unwrap().terms.rate_types;
    let printed = [
        (RateType::Variable, None, false),
        (RateType::Fixed3Y, Some(3), true),
        (RateType::Fixed5Y, Some(5), true),
        (RateType::Fixed10Y, Some(10), true),
        (RateType::Fixed20Y, Some(20), false),
        (RateType::Capped10Y, Some(10), false),
        (RateType::FullFixed, None, false),
    ];
    assert_eq!(types.len(), printed.len());
    for (rate_type, years, renews) in printed {
        let of_book = &types[&rate_type];
        assert_eq!((of_book.special_term_years, of_book.renews), (years, renews), "{rate_type}");
    }
}

#[test]
fn the_committed_copies_are_the_samples() {
    assert_eq!(include_str!("../../products/sample-parameters.json"), PARAMETERS);
    assert_eq!(include_str!("../../products/sample-posted-rates.json"), RATES);
}

#[test]
fn every_problem_of_a_book_comes_at_once() {
    let base = BASE
        .replace("maximum_months = 480", "maximum_months = \"long\"")
        .replace("final_age_below = 76", "final_age_bellow = 76")
        .replace("bonus = \"0.05\"", "bonus = \"５\"")
        .replace("INITIAL_PERIOD", "SOMETIMES")
        .replace("2027-03-31", "2027-02-30");
    let parameters =
        PARAMETERS.replace("\"bonus_share_limit_percent\": 50", "\"bonus_share_limit_percent\": 5000");
    let problems = Books::load(&base, "base.toml", &parameters).unwrap_err();
    let mut found: Vec<(&str, &str)> = problems.iter().map(|p| (p.file.as_str(), p.key.as_str())).collect();
    found.sort_unstable();
    let wanted = [
        ("base.toml", "discounts[1].discount_type"),
        ("base.toml", "discounts[2].discount_type"),
        ("base.toml", "mix.bonus"),
        ("base.toml", "registration_tax.relief_last_filing_date"),
        ("base.toml", "term.final_age_bellow"),
        ("base.toml", "term.final_age_below"),
        ("base.toml", "term.maximum_months"),
        ("parameters.json", "bonus_share_limit_percent"),
    ];
    assert_eq!(found, wanted);
    assert!(problems.iter().all(|problem| !problem.accepted.is_empty()));
}

#[test]
fn values_that_do_not_fit_together_are_refused() {
    let cases = [
        ("rate_types = [\"FIXED_20Y\"]", "rate_types = [\"FIXED_10Y\"]", "discounts"),
        ("valid_days = 180", "valid_days = 180, valid_years = 1", "insurance.types.ALMIGHTY"),
        ("to_yen = 500_000,", "to_yen = 50,", "stamp_duty.steps"),
        ("base_step_yen = 1_000", "base_step_yen = 0", "registration_tax"),
        ("add_on_at_most = \"0.2\"", "add_on_at_most = \"0\"", "screening"),
        ("FULL_FIXED = { family = \"FULL_FIXED\" }", "", "rate_types.FULL_FIXED"),
    ];
    for (old, new, key) in cases {
        assert!(BASE.contains(old), "{old}");
        let problems = Books::load(&BASE.replacen(old, new, 1), "base.toml", PARAMETERS).unwrap_err();
        assert!(problems.iter().all(|problem| problem.key == key), "{key}: {problems:?}");
    }
}

#[test]
fn texts_that_are_no_books_say_so() {
    let problems = Books::load("= 3", "base.toml", "{").unwrap_err();
    assert_eq!(
        problems.iter().map(|problem| problem.file.as_str()).collect::<Vec<_>>(),
        ["base.toml", "parameters.json"]
    );
    let twice = PARAMETERS.replace("\"2954\"", "\"2951\"");
    assert_eq!(Books::load(BASE, "base.toml", &twice).unwrap_err()[0].key, "institutions[1].bank_code");
}

#[test]
fn a_parameter_overlays_the_base() {
    let parameters =
        PARAMETERS.replace("\"bonus_share_limit_percent\": 50", "\"bonus_share_limit_percent\": 40");
    let books = Books::load(BASE, "base.toml", &parameters).unwrap();
    assert_eq!(books.get("2963").unwrap().terms.repayment.bonus_share_limit_percent, 40);
    assert_ne!(books.get("2963").unwrap().version, common::books().get("2963").unwrap().version);
}

#[test]
fn rates_are_those_of_the_month() {
    let rates = common::rates();
    let standard = |date: &str| rates.standard(RateType::Variable, date.parse().unwrap());
    assert_eq!(standard("2024-09-30"), Rate::parse("2.475"));
    assert_eq!(standard("2024-10-01"), Rate::parse("2.625"));
    assert_eq!(standard("2031-01-01"), None);
    let wrong = RATES.replace("2024-07", "2024-7").replacen("VARIABLE", "WOBBLY", 1);
    let fields: Vec<String> =
        PostedRates::parse(&wrong).unwrap_err().into_iter().map(|problem| problem.field).collect();
    assert_eq!(fields, ["standard_rates.2024-7"]);
    assert!(PostedRates::parse("[]").is_err());
}
