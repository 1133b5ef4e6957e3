//! The read log: who looked at personal data is on record before the data is sent.

use crate::house::{House, channel, person};
use serde_json::{Value, json};
use workflows::machine::Role;

const NAMES: &str =
    "query($id: ID!) { application(id: $id) { number applicantName content { parties { nameKanji } } } }";
const WORK: &str = "query($id: ID!) { application(id: $id) { id version } }";
const LIST: &str = "query { applications(first: 10) { edges { node { id applicantName } } } }";
const LOG: &str = "query($number: String, $subject: String, $after: String) { \
     accessLog(applicationNumber: $number, subject: $subject, first: 1, after: $after) { \
     edges { cursor node { at subject role number applicationIds kinds purpose request } } pageInfo { hasNextPage } } }";

async fn log(house: &House, arguments: Value) -> Vec<Value> {
    let auditor = person(Role::Auditor, "auditor");
    let (mut lines, mut arguments) = (vec![], arguments);
    loop {
        let page = house.data(&auditor, LOG, arguments.clone()).await["accessLog"].clone();
        let Some(edge) = page["edges"].get(0) else { return lines };
        lines.push(edge["node"].clone());
        arguments["after"] = edge["cursor"].clone();
    }
}

#[tokio::test]
async fn a_look_is_on_record_with_who_what_and_why() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let number = house.data(&channel(), crate::house::SUBMIT, json!({ "id": id })).await;
    let number = number["submitApplication"]["application"]["number"].clone();
    let screening = person(Role::ScreeningOfficer, "screener");
    assert!(number.as_str().is_some_and(|number| !number.is_empty()), "{number}");
    let before = log(&house, json!({ "subject": "screener" })).await.len();
    assert_eq!(before, 0);
    house.data(&screening, WORK, json!({ "id": id })).await;
    assert_eq!(
        log(&house, json!({ "subject": "screener" })).await.len(),
        0,
        "how the work stands is no look"
    );
    house.data(&screening, NAMES, json!({ "id": id })).await;
    house.data(&screening, LIST, json!({})).await;
    let lines = log(&house, json!({ "subject": "screener" })).await;
    assert_eq!(lines.len(), 2, "{lines:?}");
    let (list, one) = (&lines[0], &lines[1]);
    assert_eq!((&one["kinds"], &one["purpose"]), (&json!(["CONTENT", "NAME"]), &json!("SCREENING")));
    assert_eq!((&one["role"], &one["applicationIds"]), (&json!("SCREENING_OFFICER"), &json!([id])));
    assert_eq!(list["kinds"], json!(["NAME"]));
    assert_ne!(list["request"], one["request"]);
    assert_eq!(one["number"], number);
    let of_case = log(&house, json!({ "number": number })).await;
    assert!(of_case.iter().any(|line| line["subject"] == "screener"), "{of_case:?}");

    // Another purpose is stated with the request; what is no purpose is refused.
    let ask = |purpose: &'static str| {
        let body = json!({ "query": NAMES, "variables": { "id": id } }).to_string();
        house.raw(&screening, body, move |request| request.header("yushi-purpose", purpose))
    };
    assert_eq!(ask("ENQUIRY").await.status, 200);
    assert_eq!(log(&house, json!({ "subject": "screener" })).await[0]["purpose"], "ENQUIRY");
    let refused = ask("CURIOSITY").await;
    assert_eq!((refused.status, refused.code().as_str()), (400, "BAD_REQUEST"), "{}", refused.text);
    assert!(refused.text.contains("ENQUIRY"), "{}", refused.text);

    for curious in [person(Role::BranchClerk, "clerk"), person(Role::Operations, "ops")] {
        let answer = house.ask(&curious, LOG, json!({ "subject": "screener" })).await;
        assert_eq!(
            answer.code(),
            "GRAPHQL_VALIDATION_FAILED",
            "the log is for those who watch: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_cannot_be_recorded_is_not_sent() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.sql("ALTER TABLE audit RENAME TO audit_away").await;
    let answer = house.ask(&clerk, NAMES, json!({ "id": id })).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "UNAVAILABLE"), "{}", answer.text);
    assert!(answer.json().get("data").is_none() && answer.header("retry-after").is_some(), "{}", answer.text);
    let answer = house.ask(&clerk, WORK, json!({ "id": id })).await;
    assert_eq!(answer.status, 200, "what is no look needs no record");
    house.sql("ALTER TABLE audit_away RENAME TO audit").await;
    house.data(&clerk, NAMES, json!({ "id": id })).await;
}

/// Looks that wait together share a commit; what is refused of them is refused to its own caller alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_look_that_its_batch_cannot_hold_is_not_sent() {
    let house = House::open().await;
    let id = house.draft(&person(Role::BranchClerk, "clerk")).await;
    house
        .sql(
            "CREATE TRIGGER refused BEFORE INSERT ON audit WHEN NEW.by_subject = 'clerk-7' \
             BEGIN SELECT RAISE(ABORT, 'refused'); END",
        )
        .await;
    let asked = (0..24).map(|n| {
        let (house, id) = (&house, id.clone());
        async move {
            let clerk = person(Role::BranchClerk, &format!("clerk-{n}"));
            let answer = house.ask(&clerk, NAMES, json!({ "id": id })).await;
            (n, answer.status, answer.json().get("data").is_some())
        }
    });
    for (n, status, sent) in futures::future::join_all(asked).await {
        let wanted = if n == 7 { (503, false) } else { (200, true) };
        assert_eq!((status, sent), wanted, "clerk-{n}");
    }
    assert_eq!(log(&house, json!({ "subject": "clerk-7" })).await.len(), 0);
    assert_eq!(log(&house, json!({ "subject": "clerk-8" })).await.len(), 1);
}
