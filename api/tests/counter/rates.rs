//! Posted rates over the API: four eyes, and a quote that follows.

use crate::house::{House, SUBMIT, channel, form, person};
use serde_json::{Value, json};
use workflows::machine::Role;
use workflows::sample::Sample;

const PROPOSE: &str = "mutation($series: RateSeries!, $rate: Percent!, $from: Date!) { \
     proposeRate(series: $series, ratePercent: $rate, validFrom: $from) { \
     line { id state ratePercent validFrom } problems { field rule accepted } } }";
const APPROVE: &str =
    "mutation($id: ID!) { approveRate(id: $id) { line { state decidedBy } problems { field rule } } }";
const RETURN: &str = "mutation($id: ID!, $reason: String!) { returnRate(id: $id, reason: $reason) { \
     line { state reason } problems { rule } } }";
const LINES: &str =
    "query { rateLines(first: 10) { id series state ratePercent validFrom proposedBy decidedBy } }";
const POSTED: &str = "query($date: Date!) { postedRates(date: $date) { series ratePercent from to } }";
const QUOTE: &str = "query($id: ID!, $date: Date!) { quote(applicationId: $id, date: $date) { \
     loans { rateType lines { component pointsPercent effectiveFrom } } } }";

#[tokio::test]
async fn an_approved_rate_is_the_rate_from_its_day_on() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let date = form(Sample::Purchase)["requestedDisbursementDate"].clone();
    let standard = || async {
        let data = house.data(&clerk, QUOTE, json!({ "id": id, "date": date })).await;
        let loan = data["quote"]["loans"][0].clone();
        (
            loan["rateType"].clone(),
            loan["lines"][0]["pointsPercent"].clone(),
            loan["lines"][0]["effectiveFrom"].clone(),
        )
    };
    let (series, before, _) = standard().await;
    let (first, second) = (person(Role::Operations, "first"), person(Role::Operations, "second"));
    let sent = json!({ "series": series, "rate": "9.125", "from": date });
    let proposed = house.data(&first, PROPOSE, sent.clone()).await["proposeRate"].clone();
    assert_eq!(proposed["problems"], json!([]), "{proposed}");
    assert_eq!(standard().await.1, before, "a proposal counts for nothing");
    let line = proposed["line"]["id"].clone();
    let own = house.data(&first, APPROVE, json!({ "id": line })).await["approveRate"].clone();
    assert_eq!((&own["line"], &own["problems"][0]["rule"]), (&Value::Null, &json!("E.2")), "{own}");
    let again = house.data(&second, PROPOSE, sent).await["proposeRate"].clone();
    assert_eq!(
        (&again["problems"][0]["rule"], &again["problems"][0]["field"]),
        (&json!("C-21"), &json!("validFrom"))
    );
    let approved = house.data(&second, APPROVE, json!({ "id": line })).await["approveRate"].clone();
    assert_eq!(
        (&approved["line"]["state"], &approved["line"]["decidedBy"]),
        (&json!("APPROVED"), &json!("second"))
    );
    let (_, after, from) = standard().await;
    assert_eq!((after, from), (json!("9.125"), date.clone()), "the quote follows");
    let lines = house.data(&second, LINES, json!({})).await["rateLines"].clone();
    assert_eq!(
        (lines.as_array().map(Vec::len), &lines[0]["proposedBy"]),
        (Some(1), &json!("first")),
        "{lines}"
    );
    let posted = house.data(&clerk, POSTED, json!({ "date": date })).await["postedRates"].clone();
    let of = |series: &Value| {
        posted.as_array().and_then(|all| all.iter().find(|line| line["series"] == *series).cloned())
    };
    assert_eq!(of(&series).map(|line| line["ratePercent"].clone()), Some(json!("9.125")), "{posted}");
    assert_eq!(posted.as_array().map(Vec::len), Some(7));
}

#[tokio::test]
async fn rates_are_for_operations_of_the_bank() {
    let house = House::open().await;
    let (first, second) = (person(Role::Operations, "first"), person(Role::Operations, "second"));
    let sent = json!({ "series": "BASE_RATE", "rate": "2.000", "from": "2030-04-01" });
    let line = house.data(&first, PROPOSE, sent.clone()).await["proposeRate"]["line"]["id"].clone();
    for role in [Role::BranchClerk, Role::BranchManager, Role::Applicant, Role::Auditor] {
        let answer = house.ask(&person(role, "somebody"), PROPOSE, sent.clone()).await;
        assert!(answer.json()["errors"].is_array(), "{role}: {}", answer.text);
    }
    let mut other = second.clone();
    other.institution = "2978".to_owned();
    assert_eq!(house.ask(&other, APPROVE, json!({ "id": line })).await.code(), "NOT_FOUND");
    let none = house.ask(&second, RETURN, json!({ "id": line, "reason": " " })).await;
    assert_eq!(none.code(), "BAD_USER_INPUT", "{}", none.text);
    let back =
        house.data(&second, RETURN, json!({ "id": line, "reason": "誤入力" })).await["returnRate"].clone();
    assert_eq!(
        (&back["line"]["state"], &back["line"]["reason"]),
        (&json!("RETURNED"), &json!("誤入力")),
        "{back}"
    );
    let late = json!({ "series": "VARIABLE", "rate": "3", "from": "2020-01-01" });
    let refused = house.data(&first, PROPOSE, late).await["proposeRate"].clone();
    assert_eq!(
        (&refused["line"], &refused["problems"][0]["rule"]),
        (&Value::Null, &json!("C-61")),
        "{refused}"
    );
}

const TABLE: &str = "mutation($from: Date!, $cells: [RefundCellInput!]) { \
     proposeRate(series: GUARANTEE_REFUND, ratePercent: \"3.2\", validFrom: $from, cells: $cells) { \
     line { id cells { termYears elapsedYears percent } } problems { field rule } } }";
const REFUND: &str = "query($id: ID!, $on: Date!) { guaranteeRefund(applicationId: $id, loanNo: 1, prepaidOn: $on) { \
     problems { field rule } elapsedYears publishedPercent refundYen paidIn } }";

/// F.10: what comes back of a fee follows the guarantor's table that two people entered, from its day on.
#[tokio::test]
async fn a_refund_follows_the_table_of_its_day() {
    let house = House::open().await;
    let id = crate::papers::told(&house, "guarantee-lump-sum-paid").await;
    let clerk = person(Role::BranchClerk, "clerk");
    let refund = |on: &'static str| {
        let (house, clerk, id) = (&house, &clerk, &id);
        async move { house.data(clerk, REFUND, json!({ "id": id, "on": on })).await["guaranteeRefund"].clone() }
    };
    let years = form(Sample::Purchase)["loans"][0]["termMonths"].as_i64().expect("months") / 12;
    let cell = |elapsed: i64, percent: &str| json!({ "termYears": years, "elapsedYears": elapsed, "percent": percent });
    let (first, second) = (person(Role::Operations, "first"), person(Role::Operations, "second"));
    let wrong = json!({ "from": "2026-09-01", "cells": [cell(1, "50"), cell(1, "40")] });
    let told = house.data(&first, TABLE, wrong).await["proposeRate"].clone();
    assert_eq!(told["problems"], json!([{ "field": "cells[1]", "rule": "F-12" }]));
    let right = json!({ "from": "2026-09-01", "cells": [cell(1, "50"), cell(2, "40")] });
    let line = house.data(&first, TABLE, right).await["proposeRate"]["line"].clone();
    assert_eq!(line["cells"][1], json!({ "termYears": years, "elapsedYears": 2, "percent": "40.000" }));
    let approved = house.data(&second, APPROVE, json!({ "id": line["id"] })).await;
    assert_eq!(approved["approveRate"]["line"]["state"], "APPROVED", "{approved}");
    let before = refund("2026-08-31").await;
    assert_ne!(before["publishedPercent"], "50.000", "{before}");
    let after = refund("2026-09-01").await;
    let expected = json!({
        "problems": [], "elapsedYears": 1, "publishedPercent": "50.000", "refundYen": 150_000, "paidIn": "2026-11-01",
    });
    assert_eq!(after, expected);
    let early = refund("2026-01-01").await;
    assert_eq!(early["problems"], json!([{ "field": "prepaid_on", "rule": "F-11" }]));
}
