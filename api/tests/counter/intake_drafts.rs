//! Half-filled applications over the API: kept as they are typed, for whoever typed them, until they are handed over.

use crate::house::{CREATE, House, form, person};
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};
use workflows::sample::Sample;

const SAVE: &str = "mutation($id: ID, $version: Int, $body: String!) { saveIntakeDraft(id: $id, version: $version, body: $body) { \
     outcome id version savedAt } }";
const LIST: &str =
    "{ intakeDrafts(first: 20) { edges { node { id version applicantName forgottenAt savedAt } } } }";
const ONE: &str = "query($id: ID!) { intakeDraft(id: $id) { version body } }";
const DISCARD: &str = "mutation($id: ID!) { discardIntakeDraft(id: $id) }";

fn typed(name: &str) -> String {
    json!({ "form": { "parties": [{ "nameKanji": name }] }, "step": 1 }).to_string()
}

async fn names(house: &House, who: &Actor) -> Vec<Value> {
    let edges = house.data(who, LIST, json!({})).await["intakeDrafts"]["edges"].clone();
    edges.as_array().expect("edges").iter().map(|edge| edge["node"]["applicantName"].clone()).collect()
}

async fn saved(house: &House, who: &Actor, body: &str) -> String {
    let answer = house.ask(who, SAVE, json!({ "body": body })).await;
    let step = answer.json()["data"]["saveIntakeDraft"].clone();
    assert_eq!((&step["outcome"], &step["version"]), (&json!("SAVED"), &json!(1)), "{}", answer.text);
    // Answers are kept for repeats of a request: this one holds no word of what was typed.
    assert!(!answer.text.contains("花子"), "{}", answer.text);
    step["id"].as_str().expect("id").to_owned()
}

#[tokio::test]
async fn what_is_typed_is_kept_for_its_writer_until_it_is_handed_over() {
    let house = House::open().await;
    let (clerk, other) = (person(Role::BranchClerk, "clerk"), person(Role::BranchClerk, "other"));
    let id = saved(&house, &clerk, &typed("労金 花子")).await;
    saved(&house, &clerk, "{}").await;
    assert_eq!(names(&house, &clerk).await, [Value::Null, json!("労金 花子")], "the latest first");
    assert_eq!(names(&house, &other).await, Vec::<Value>::new());
    let hidden = house.ask(&other, ONE, json!({ "id": id })).await;
    assert_eq!(hidden.code(), "NOT_FOUND", "{}", hidden.text);
    let next = json!({ "id": id, "version": 1, "body": typed("労金 花江") });
    assert_eq!(house.data(&clerk, SAVE, next.clone()).await["saveIntakeDraft"]["version"], json!(2));
    let stale = house.data(&clerk, SAVE, next).await["saveIntakeDraft"].clone();
    assert_eq!((&stale["outcome"], &stale["version"]), (&json!("CHANGED"), &json!(2)), "{stale}");
    let read = house.data(&clerk, ONE, json!({ "id": id })).await["intakeDraft"].clone();
    assert_eq!(read, json!({ "version": 2, "body": typed("労金 花江") }));
    let list = house.data(&clerk, LIST, json!({})).await;
    let line = &list["intakeDrafts"]["edges"][0]["node"];
    let instant =
        |name: &str| line[name].as_str().and_then(|at| at.parse::<chrono::DateTime<chrono::Utc>>().ok());
    let days = instant("forgottenAt").zip(instant("savedAt")).map(|(end, begin)| (end - begin).num_days());
    assert_eq!(days, Some(30), "{line}");

    // Somebody who names it as his own number erases nothing; its writer does.
    let mut whole = form(Sample::Purchase);
    whole["applicationId"] = json!(id);
    for (who, left) in [(&other, 2), (&clerk, 1)] {
        let made = house.data(who, CREATE, json!({ "form": whole })).await["createDraft"].clone();
        assert_eq!(made["__typename"], json!("Done"), "{made}");
        assert_eq!(names(&house, &clerk).await.len(), left);
    }
    let gone = json!({ "id": id, "version": 2, "body": "{}" });
    assert_eq!(house.data(&clerk, SAVE, gone).await["saveIntakeDraft"]["outcome"], json!("GONE"));
    assert_eq!(names(&house, &clerk).await.len(), 1, "a page that still saves does not bring it back");
}

#[tokio::test]
async fn what_is_no_draft_is_refused_by_its_field() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = saved(&house, &clerk, "{}").await;
    for (sent, field) in [
        (json!({ "body": "[]" }), "body: "),
        (json!({ "body": format!("{{\"a\":\"{}\"}}", "x".repeat(65_536)) }), "body: "),
        (json!({ "id": id, "body": "{}" }), "version: "),
        (json!({ "body": "{\"a\":\"\u{0}\"}" }), "body: "),
    ] {
        let refused = house.ask(&clerk, SAVE, sent.clone()).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT", "{}", refused.text);
        assert!(refused.text.contains(field), "{}", refused.text);
    }
    assert_eq!(house.data(&clerk, DISCARD, json!({ "id": id })).await["discardIntakeDraft"], json!(true));
    assert_eq!(house.ask(&clerk, DISCARD, json!({ "id": id })).await.code(), "NOT_FOUND");
    // Who fills in no application has no such field.
    let manager = person(Role::BranchManager, "manager");
    let answer = house.ask(&manager, LIST, json!({})).await;
    assert!(answer.json()["data"].is_null() && answer.text.contains("intakeDrafts"), "{}", answer.text);
}
