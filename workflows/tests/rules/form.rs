//! The way in: the sample applications are taken as they are, and a wrong one says everything that is wrong.

use serde_json::{Value, json};
use workflows::form::{Form, Line};

fn samples() -> Vec<Value> {
    let text = std::fs::read_to_string("../tests/data/applications.jsonl").unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn sample() -> Value {
    let mut value = samples().remove(0);
    value.as_object_mut().unwrap().remove("expected");
    value
}

fn problems(value: &Value) -> Vec<(String, &'static str)> {
    Form::parse(value).unwrap_err().into_iter().map(|problem| (problem.field, problem.rule)).collect()
}

fn with(pointer: &str, new: Value) -> Value {
    let mut value = sample();
    *value.pointer_mut(pointer).unwrap() = new;
    value
}

/// Drops nulls, so that `null` and an absent key compare as equal.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            kept.map(|(key, value)| (key.clone(), without_nulls(value))).collect()
        }
        Value::Array(items) => items.iter().map(without_nulls).collect(),
        other => other.clone(),
    }
}

#[test]
fn every_sample_parses_and_comes_back_code_point_for_code_point() {
    for mut value in samples() {
        let form = Line::parse(&value.to_string()).unwrap().form;
        value.as_object_mut().unwrap().remove("expected");
        let mut back = serde_json::to_value(&form).unwrap();
        let (sent, kept) = (value["received_at"].take(), back["received_at"].take());
        let instant = |value: Value| chrono::DateTime::parse_from_rfc3339(value.as_str().unwrap()).unwrap();
        assert_eq!(instant(sent), instant(kept));
        assert_eq!(without_nulls(&back), without_nulls(&value));
    }
}

#[test]
fn rare_and_foreign_names_are_kept() {
    for name in ["𠮷田 髙子", "葛\u{e0100}西 凪", "Sean O'Connor", "阮 文雄", "Łukasz Dvořák"] {
        let form = Form::parse(&with("/parties/0/name_kanji", json!(name))).unwrap();
        assert_eq!(form.parties[0].name_kanji, name);
    }
}

#[test]
fn one_wrong_place_is_one_problem_at_its_path() {
    let cases = [
        ("/parties/0/birth_date", json!("1990-02-30"), "parties[0].birth_date", "FORM-DATE"),
        ("/parties/0/birth_date", json!(19901120), "parties[0].birth_date", "FORM-TYPE"),
        ("/parties/0/name_kanji", json!("青木\r\n優子"), "parties[0].name_kanji", "FORM-TEXT"),
        ("/parties/0/name_kanji", json!("長".repeat(201)), "parties[0].name_kanji", "FORM-LENGTH"),
        ("/parties/0/name_kanji", json!(" "), "parties[0].name_kanji", "FORM-BLANK"),
        (
            "/parties/0/address/postal_code",
            json!("８50-3591"),
            "parties[0].address.postal_code",
            "FORM-DIGITS",
        ),
        ("/parties/0/phone", json!("でんわ"), "parties[0].phone", "FORM-DIGITS"),
        (
            "/disbursement_account/number",
            json!("１２３４５６７"),
            "disbursement_account.number",
            "FORM-DIGITS",
        ),
        ("/disbursement_account/number", json!("12345678"), "disbursement_account.number", "FORM-DIGITS"),
        ("/institution/bank_code", json!("29"), "institution.bank_code", "FORM-DIGITS"),
        ("/own_funds_yen", json!(-1), "own_funds_yen", "FORM-AMOUNT"),
        ("/own_funds_yen", json!(1_000_000_000_001_i64), "own_funds_yen", "FORM-AMOUNT"),
        ("/own_funds_yen", json!(1.5), "own_funds_yen", "FORM-TYPE"),
        ("/fund_uses/0/amount_yen", json!(0), "fund_uses[0].amount_yen", "FORM-AMOUNT"),
        ("/requested_amount_yen", json!(38_220_001), "requested_amount_yen", "FORM-SUM"),
        ("/product", json!("CAR_LOAN"), "product", "FORM-CHOICE"),
        ("/received_at", json!("2025-12-01"), "received_at", "FORM-INSTANT"),
        ("/insurance/0/party_id", json!("X9"), "insurance[0].party_id", "FORM-REFERENCE"),
        ("/documents/0/party_id", json!("X9"), "documents[0].party_id", "FORM-REFERENCE"),
        ("/documents/0/property_no", json!(9), "documents[0].property_no", "FORM-REFERENCE"),
        ("/properties/0/owners/0/share", json!("3/2"), "properties[0].owners[0].share", "FORM-SHARE"),
        ("/properties/0/floor_area_m2", json!("１２"), "properties[0].floor_area_m2", "FORM-DECIMAL"),
        ("/properties/0/tenure", json!("OWNERSHIP"), "properties[0].tenure", "FORM-KIND"),
        ("/properties", json!([]), "properties", "FORM-EMPTY"),
        ("/loans/0/repayment_day", json!(32), "loans[0].repayment_day", "FORM-RANGE"),
        ("/loans/0/term_months", json!(0), "loans[0].term_months", "FORM-RANGE"),
        ("/loans/0/discount_type", json!(null), "loans[0].discount_type", "FORM-DISCOUNT"),
        ("/loans/0/rate_type", json!("VARIABLE"), "loans[0].discount_type", "FORM-DISCOUNT"),
        ("/loans/0/bonus_months", json!([1, 2]), "loans[0].bonus_months", "FORM-BONUS"),
        ("/parties/0/role", json!("JOINT_DEBTOR"), "parties", "FORM-APPLICANT"),
        ("/outside_contacts", json!(vec!["SPOUSE"; 301]), "outside_contacts", "FORM-LENGTH"),
    ];
    for (pointer, new, field, rule) in cases {
        let mut value = sample();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match value.pointer_mut(parent).unwrap() {
            Value::Object(map) => drop(map.insert(key.to_owned(), new)),
            Value::Array(items) => items[key.parse::<usize>().unwrap()] = new,
            _ => unreachable!(),
        }
        assert_eq!(problems(&value), [(field.to_owned(), rule)], "{pointer}");
    }
}

#[test]
fn all_problems_come_at_once() {
    let mut value = sample();
    let map = value.as_object_mut().unwrap();
    map.insert("colour".to_owned(), json!("red"));
    map.remove("contract_form");
    map["parties"][0]["birth_date"] = json!("1990-13-01");
    map["parties"][0]["sex"] = json!("X");
    map["loans"][0]["amount_yen"] = json!(0);
    let mut found = problems(&value);
    found.sort();
    let wanted = [
        ("colour", "FORM-UNKNOWN"),
        ("contract_form", "FORM-MISSING"),
        ("loans[0].amount_yen", "FORM-AMOUNT"),
        ("parties[0].birth_date", "FORM-DATE"),
        ("parties[0].sex", "FORM-CHOICE"),
    ];
    assert_eq!(found, wanted.map(|(field, rule)| (field.to_owned(), rule)));
}

#[test]
fn ids_that_stand_twice_are_refused() {
    let mut value = sample();
    let twin = value["parties"][0].clone();
    value["parties"].as_array_mut().unwrap().push(twin);
    value["parties"][1]["role"] = json!("JOINT_DEBTOR");
    assert_eq!(problems(&value), [("parties[1].party_id".to_owned(), "FORM-DUPLICATE")]);
}

#[test]
fn a_line_that_is_no_json_says_so() {
    let problems = Line::parse("{\"application_id\":").unwrap_err();
    assert_eq!(problems[0].rule, "FORM-JSON");
    assert!(Form::parse(&json!(null)).is_err());
}

#[test]
fn full_width_digits_come_with_a_hint() {
    let problems = Form::parse(&with("/disbursement_account/number", json!("１２３４５６７"))).unwrap_err();
    assert!(problems[0].message_ja.contains("全角数字"), "{problems:?}");
}
