//! The register of what was issued, over the API: who reads it, the letter behind a notice, sheets of a print batch, and that no name
//! leaves before the look is on record.

use crate::house::{House, SUBMIT, channel, person};
use crate::papers::told;
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};

const LIST: &str = "query($kind: NoticeId, $number: String, $from: Date, $to: Date, $after: String) { \
     issuedNotices(first: 16, kind: $kind, number: $number, from: $from, to: $to, after: $after) { edges { node { \
     id document copy applicationId number applicantName kind kindLabel { ja en } channel recipient { ja } state issuedAt \
     contentHash byPost letter { kind path } } } pageInfo { hasNextPage endCursor } } }";
const PLAIN: &str = "query { issuedNotices(first: 100) { edges { node { id document kind } } } }";
const SHEETS: &str = "query($ids: [ID!]!) { noticeSheets(ids: $ids) { id document number postalCode address addressee \
     bankName branchName texts { language subject text } contentHash isAsSent byPost leftOut leftOutLabel { ja en } } }";
const LOG: &str =
    "query { accessLog(subject: \"reader\", first: 10) { edges { node { kinds applicationIds } } } }";

fn nodes(data: &Value) -> Vec<Value> {
    let edges = data["issuedNotices"]["edges"].as_array().into_iter().flatten();
    edges.map(|edge| edge["node"].clone()).collect()
}

/// Every page of the list: its lines have so many fields that the API gives few at once.
async fn list(house: &House, who: &Actor, mut variables: Value) -> Vec<Value> {
    let mut all = vec![];
    loop {
        let data = house.data(who, LIST, variables.clone()).await;
        all.extend(nodes(&data));
        let page = &data["issuedNotices"]["pageInfo"];
        if page["hasNextPage"] != true {
            return all;
        }
        variables["after"] = page["endCursor"].clone();
    }
}

#[tokio::test]
async fn what_was_issued_stands_in_one_list_over_all_cases() {
    let house = House::open().await;
    let ready = told(&house, "9-ready").await;
    let clerk = person(Role::BranchClerk, "reader");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;

    let all = list(&house, &clerk, json!({})).await;
    for case in [&ready, &id] {
        let first = all.iter().find(|line| line["applicationId"] == **case && line["kind"] == "N01");
        let first = first.expect("the reception was told");
        let number = first["number"].as_str().expect("a number");
        assert!(
            first["document"].as_str().is_some_and(|document| document.starts_with(&format!("{number}/")))
        );
        assert!(first["applicantName"].as_str().is_some_and(|name| !name.is_empty()), "{first}");
        assert_eq!((&first["copy"], &first["letter"]), (&json!(0), &Value::Null), "no letter behind it");
    }
    assert!(
        all.iter().all(|line| line["recipient"]["ja"].is_string() && line["kindLabel"]["ja"].is_string())
    );
    // A notice behind which a letter stands names it; this house makes none, so it has no path.
    let approved = list(&house, &clerk, json!({ "kind": "N03" })).await;
    assert!(!approved.is_empty() && approved.iter().all(|line| line["kind"] == "N03"), "{approved:?}");
    assert!(approved.iter().all(|line| line["letter"] == json!({ "kind": "APPROVAL", "path": null })));

    let number = all.iter().find(|line| line["applicationId"] == id).expect("there")["number"].clone();
    let of_case = list(&house, &clerk, json!({ "number": number })).await;
    assert!(!of_case.is_empty() && of_case.iter().all(|line| line["applicationId"] == id));
    let day = |line: &Value| {
        let at: chrono::DateTime<chrono::Utc> =
            line["issuedAt"].as_str().expect("at").parse().expect("instant");
        workflows::calendar::tokyo_date(at)
    };
    let on = day(&of_case[0]);
    for (from, to, wanted) in
        [(Some(on), Some(on), true), (on.succ_opt(), None, false), (None, on.pred_opt(), false)]
    {
        let found = list(&house, &clerk, json!({ "number": number, "from": from, "to": to })).await;
        assert_eq!(!found.is_empty(), wanted, "{from:?} {to:?}");
    }
    let wrong = house
        .ask(&clerk, "query { issuedNotices(first: 5, channel: \"FAX\") { edges { cursor } } }", json!({}))
        .await;
    assert_eq!(wrong.code(), "BAD_USER_INPUT", "{}", wrong.text);

    // The auditor reads the register without names; partners and customers have no such field.
    let auditor = person(Role::Auditor, "auditor");
    assert_eq!(nodes(&house.data(&auditor, PLAIN, json!({})).await).len(), all.len());
    let named = house.ask(&auditor, LIST, json!({})).await;
    assert_ne!(named.json()["errors"], Value::Null, "{}", named.text);
    for role in [Role::Applicant, Role::Scrivener, Role::Guarantor, Role::CoreBanking, Role::UserAdmin] {
        let answer = house.ask(&person(role, "reader"), PLAIN, json!({})).await;
        assert_ne!(answer.json()["errors"], Value::Null, "{role}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_batch_says_what_each_document_says_and_why_one_is_left_out() {
    let house = House::open().await;
    let case = told(&house, "4-approved").await;
    let clerk = person(Role::BranchClerk, "reader");
    let all = list(&house, &clerk, json!({ "kind": "N01" })).await;
    let of =
        |channel: &str| all.iter().find(|line| line["channel"] == channel).expect("a line")["id"].clone();
    let (inbox, mail) = (of("INBOX"), of("EMAIL"));
    let data = house.data(&clerk, SHEETS, json!({ "ids": [mail, inbox, "nothing", mail] })).await;
    let sheets = data["noticeSheets"].as_array().expect("sheets").clone();
    let why: Vec<&Value> = sheets.iter().map(|sheet| &sheet["leftOut"]).collect();
    assert_eq!(why, [&Value::Null, &json!("SAME"), &json!("UNKNOWN"), &json!("SAME")], "{data}");
    assert!(sheets[1]["leftOutLabel"]["ja"].is_string() && sheets[1]["texts"] == json!([]), "{data}");
    let sheet = &sheets[0];
    for field in ["postalCode", "address", "addressee", "bankName", "branchName", "contentHash", "document"] {
        assert!(sheet[field].as_str().is_some_and(|text| !text.is_empty()), "{field}: {sheet}");
    }
    let number = sheet["number"].as_str().expect("a number");
    for text in sheet["texts"].as_array().expect("texts") {
        assert!(text["text"].as_str().is_some_and(|words| words.contains(number)), "{text}");
    }
    assert_eq!(sheet["isAsSent"], Value::Null, "a mail tells only that there is a notice");

    // Delivered with these words, the inbox has the same; delivered with others, it says so.
    let hash = sheet["contentHash"].as_str().expect("hash").to_owned();
    for (told, same) in [(hash.as_str(), true), ("00ff", false)] {
        let line =
            json!({ "at": "2026-04-01T03:00:00Z", "ended": "DELIVERED", "said": "INBOX", "hash": told });
        let id = inbox.as_str().expect("an id");
        house
            .sql(&format!("UPDATE outbox SET state = 'DELIVERED', tries = '{line}' WHERE id = '{id}'"))
            .await;
        let again = house.data(&clerk, SHEETS, json!({ "ids": [inbox] })).await;
        assert_eq!(again["noticeSheets"][0]["isAsSent"], same, "{again}");
    }
    // What was closed without being sent is not printed.
    house.sql("UPDATE outbox SET state = 'CLOSED'").await;
    let closed = house.data(&clerk, SHEETS, json!({ "ids": [inbox] })).await;
    assert_eq!(closed["noticeSheets"][0]["leftOut"], "CLOSED");

    let auditor = person(Role::Auditor, "auditor");
    let lines = house.data(&auditor, LOG, json!({})).await["accessLog"]["edges"].clone();
    let kinds: Vec<&Value> =
        lines.as_array().into_iter().flatten().map(|edge| &edge["node"]["kinds"]).collect();
    // Three batches with a sheet, and the list before them; the batch without one shows nobody.
    assert_eq!(
        kinds,
        [&json!(["LETTER"]), &json!(["LETTER"]), &json!(["LETTER"]), &json!(["NAME"])],
        "{lines}"
    );
    assert!(lines[0]["node"]["applicationIds"] == json!([case]), "{lines}");

    let refused = house.ask(&auditor, SHEETS, json!({ "ids": [inbox] })).await;
    assert_ne!(refused.json()["errors"], Value::Null, "an auditor reads no letters: {}", refused.text);
    for ids in [json!([]), Value::Array(vec![inbox; 21])] {
        let many = house.ask(&clerk, SHEETS, json!({ "ids": ids })).await;
        assert_eq!(many.code(), "BAD_USER_INPUT", "{}", many.text);
    }
}
