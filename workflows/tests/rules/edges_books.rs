//! Books at their boundaries: the last value that a book may have and the first that it may not.

use serde_json::{Value, json};
use workflows::Books;
use workflows::product::{ClockTime, Source};

use crate::common::{BASE, PARAMETERS};

const EARLIER: &str = include_str!("../../products/2999-2024-07.toml");
const LATER: &str = include_str!("../../products/2999-2026-04.toml");

/// The keys of what is wrong with the base book after a replacement; none where it is taken.
fn wrong(old: &str, new: &str) -> Vec<String> {
    assert!(BASE.contains(old), "{old}");
    let found = Books::load(&BASE.replacen(old, new, 1), "base.toml", PARAMETERS).err().unwrap_or_default();
    found.into_iter().map(|problem| problem.key).collect()
}

fn dated(editions: &[&str]) -> Result<Books, Vec<workflows::BookProblem>> {
    let editions: Vec<Source<'_>> = editions.iter().map(|text| Source { name: "bank", text }).collect();
    let source = |name, text| Source { name, text };
    Books::of(source("base", BASE), Some(source("parameters", PARAMETERS)), &editions)
}

#[test]
fn a_setting_at_its_edge_is_taken_and_one_beyond_is_not() {
    let campaign = "to = \"2024-09-30\"";
    let octobers = "payment_review_octobers = 5";
    let decided = "rate_decided_months_before = 4\nopt_out_months_before = 1";
    let published = "term_years = 30, elapsed_years = 10, percent = \"39.3\"";
    let at_the_end = "elapsed_years = 30, percent = \"0\"";
    for (old, new, keys) in [
        (octobers, "payment_review_octobers = 1", &[][..]),
        ("payment_cap_percent = 125", "payment_cap_percent = 100", &[]),
        (decided, "rate_decided_months_before = 1\nopt_out_months_before = 0", &[]),
        (decided, "rate_decided_months_before = 12\nopt_out_months_before = 1", &[]),
        ("within_years = 5, fee", "within_years = 3, fee", &["servicing.prepayment.full_fee"]),
        ("rate = \"14.5\"", "rate = \"20\"", &[]),
        ("below_yen = 1_000_000, rate", "below_yen = 100_000, rate", &["servicing.interest_cap.bands"]),
        ("refund_percent = 80", "refund_percent = 99", &[]),
        // Two thirds of the term are left after 10 of 30 years.
        (published, "term_years = 30, elapsed_years = 10, percent = \"66.66\"", &[]),
        (
            published,
            "term_years = 30, elapsed_years = 10, percent = \"66.67\"",
            &["servicing.fee_refund.published"],
        ),
        (at_the_end, "elapsed_years = 30, percent = \"5\"", &["servicing.fee_refund.published"]),
        ("to_yen = 100_000, duty", "to_yen = 9_999, duty", &["stamp_duty.steps"]),
        ("add_on_at_least = \"0.1\"", "add_on_at_least = \"0.2\"", &[]),
        ("add_on_at_least = \"0.1\"", "add_on_at_least = \"0.201\"", &["screening"]),
        (campaign, "from = \"2024-09-30\"\nto = \"2024-09-30\"", &[]),
        (campaign, "from = \"2024-10-01\"\nto = \"2024-09-30\"", &["campaigns[0].to"]),
        (campaign, "from = \"2024-11-15\"\nto = \"2024-09-30\"", &["campaigns[0].to"]),
        ("points = \"0.10\"", "points = \"-0.10\"", &["campaigns[0].points"]),
        ("opens = \"09:00\"", "opens = \"15:00\"", &["hours"]),
        ("opens = \"09:00\"", "opens = \"14:59\"", &[]),
        ("limit_percent = 90", "limit_percent = 1", &[]),
        ("limit_percent = 90", "limit_percent = 100", &[]),
        ("limit_percent = 90", "limit_percent = 0", &["staged.limit_percent"]),
        ("limit_percent = 90", "limit_percent = 101", &["staged.limit_percent"]),
        ("term_months = 6\n", "term_months = 1\n", &[]),
        ("term_months = 6\n", "term_months = 120\n", &[]),
        ("term_months = 6\n", "term_months = 0\n", &["staged.term_months"]),
        ("term_months = 6\n", "term_months = 121\n", &["staged.term_months"]),
    ] {
        assert_eq!(wrong(old, new), keys, "{new}");
    }
}

#[test]
fn a_time_of_day_has_five_characters() {
    assert!(ClockTime::parse("09:00").is_some() && ClockTime::parse("23:59").is_some());
    for text in ["9:00", "24:00", " 9:00", "+9:00", "09:00 ", "0900", "09:000"] {
        assert_eq!(ClockTime::parse(text), None, "{text}");
    }
}

/// Four digits: a fifth one is as wrong as a letter among four.
#[test]
fn a_bank_code_has_four_digits() {
    for code in ["29631", "296", "29A3"] {
        let edition = EARLIER.replacen("bank_code = \"2999\"", &format!("bank_code = \"{code}\""), 1);
        let found = dated(&[&edition]).unwrap_err();
        assert!(found.iter().any(|problem| problem.key == "bank_code"), "{code}: {found:?}");
        let mut parameters: Value = serde_json::from_str(PARAMETERS).unwrap();
        parameters["institutions"][0]["bank_code"] = json!(code);
        parameters["branch_closures"] = json!([]);
        let found = Books::load(BASE, "base.toml", &parameters.to_string()).unwrap_err();
        let keys: Vec<&str> = found.iter().map(|problem| problem.key.as_str()).collect();
        assert_eq!(keys, ["institutions[0].bank_code"]);
    }
}

/// I-04: a closure belongs to the branches of one bank.
#[test]
fn a_closure_is_that_of_its_bank() {
    let mut parameters: Value = serde_json::from_str(PARAMETERS).unwrap();
    let codes: Vec<String> =
        (0..2).map(|at| parameters["institutions"][at]["bank_code"].as_str().unwrap().to_owned()).collect();
    let closure =
        json!({ "bank_code": codes[0], "branch_code": "101", "date": "2026-05-08", "reason": "移転" });
    parameters["branch_closures"] = json!([closure]);
    let books = Books::load(BASE, "base.toml", &parameters.to_string()).unwrap();
    let closed = |code: &str| books.get(code).unwrap().branch_closures.len();
    assert_eq!((closed(&codes[0]), closed(&codes[1])), (1, 0));
}

#[test]
fn editions_meet_without_gap_and_overlap() {
    let until = |last: &str| EARLIER.replacen("2026-03-31", last, 1);
    let says = |last: &str| {
        let found = dated(&[&until(last), LATER]).err().unwrap_or_default();
        found.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(says("2026-03-31"), "");
    for overlapping in ["2026-04-01", "2026-04-02", "2026-12-31"] {
        assert!(says(overlapping).contains("overlaps"), "{}", says(overlapping));
    }
    assert!(says("2026-03-30").contains("gap"), "{}", says("2026-03-30"));
    assert!(dated(&[&until("2024-07-01")]).is_ok(), "an edition of one day");
}

#[test]
fn a_version_ends_with_twelve_characters_of_its_digest() {
    let version = dated(&[EARLIER]).unwrap().get("2999").unwrap().version.clone();
    let digest = version.rsplit('/').next().unwrap();
    assert!(digest.len() == 12 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()), "{version}");
}
