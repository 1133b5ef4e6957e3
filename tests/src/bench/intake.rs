//! Submitted cases for a measurement, handed in over the API.

use super::http::Client;
use super::server::{Server, done};
use serde_json::{Value, json};

const CREATE: &str = "mutation($form: FormInput!) { createDraft(form: $form) { __typename ... on Done { application { id } } } }";
const SUBMIT: &str = "mutation($id: ID!) { submitApplication(applicationId: $id) { __typename ... on Done { version } \
    ... on Blocked { unmet { code rule } } ... on Invalid { problems { field messageEn } } } }";

/// A submitted case and the tokens of its two actors.
pub struct Target {
    pub id: String,
    pub clerk: String,
    pub applicant: String,
}

/// Hands in the first sample application so many times.
///
/// # Panics
/// When the server does not take it.
pub async fn prepare(server: &Server, count: usize) -> Vec<Target> {
    let lines = include_str!("../../data/applications.jsonl");
    let mut form: Value =
        serde_json::from_str(lines.lines().next().unwrap_or_default()).expect("the first sample");
    for decided in ["expected", "guarantor_decision", "screening_add_on_percent"] {
        form.as_object_mut().expect("an object").remove(decided);
    }
    let clerk = server.token("BRANCH_CLERK", &[]);
    let applicant = server.token("APPLICANT", &["--organisation", "CHANNEL"]);
    let mut client =
        Client::connect(&server.address, &applicant, "prepare-cases").await.expect("a connection");
    let mut targets = vec![];
    for _ in 0..count {
        let created = client.ask(CREATE, json!({ "form": camel(&form) })).await.expect("an answer");
        let id = done(&created, "createDraft").expect("a draft")["application"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        let submitted = client.ask(SUBMIT, json!({ "id": id })).await.expect("an answer");
        done(&submitted, "submitApplication").expect("submitted");
        targets.push(Target { id, clerk: clerk.clone(), applicant: applicant.clone() });
    }
    targets
}

/// Keys of the file's shape as GraphQL names.
fn camel(value: &Value) -> Value {
    let name = |key: &str| {
        let mut words = key.split('_');
        let first = words.next().unwrap_or_default().to_owned();
        words.fold(first, |all, word| {
            let mut letters = word.chars();
            let head = letters.next().map(|c| c.to_ascii_uppercase()).into_iter();
            all + &head.chain(letters).collect::<String>()
        })
    };
    match value {
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (name(key), camel(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(camel).collect()),
        other => other.clone(),
    }
}
