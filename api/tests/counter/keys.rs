//! Idempotency keys.

use crate::house::{CREATE, House, SUBMIT, channel, form, fresh_key, person};
use serde_json::json;
use workflows::machine::Actor;
use workflows::machine::Role;
use workflows::sample::Sample;

#[tokio::test]
async fn the_same_request_again_gets_the_first_answer_byte_for_byte() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let key = fresh_key();
    let variables = json!({ "form": form(Sample::Purchase) });
    let first = house.ask_with_key(&clerk, &key, CREATE, variables.clone()).await;
    let second = house.ask_with_key(&clerk, &key, CREATE, variables.clone()).await;
    assert_eq!(first.json()["data"]["createDraft"]["__typename"], "Done", "{}", first.text);
    assert_eq!(first.text, second.text);
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    // Quoted as a structured string it is the same key.
    let quoted = house.ask_with_key(&clerk, &format!("\"{key}\""), CREATE, variables).await;
    assert_eq!(first.text, quoted.text);
}

#[tokio::test]
async fn another_process_answers_from_the_receipt() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let key = fresh_key();
    house.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    // The same database behind a counter that has no memory of the key.
    let other = house.twin().await;
    let again = other.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    assert_eq!(again.json()["data"]["submitApplication"]["replayed"], true, "{}", again.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let reused = house.twin().await.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id, "v": 1 })).await;
    assert_eq!((reused.status, reused.code().as_str()), (422, "IDEMPOTENCY_KEY_REUSED"), "{}", reused.text);
}

#[tokio::test]
async fn the_same_key_for_something_else_is_refused() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let key = fresh_key();
    house.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    let other = house.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id, "v": 7 })).await;
    assert_eq!((other.status, other.code().as_str()), (422, "IDEMPOTENCY_KEY_REUSED"));
    // The order of keys is no difference, and another person's key is another key.
    let body = format!("{{\"variables\":{{\"id\":\"{id}\"}},\"query\":{}}}", json!(SUBMIT));
    let same = house.raw(&channel(), body, |request| request.header("idempotency-key", &key)).await;
    assert_eq!(same.header("idempotency-replayed"), Some("true"), "{}", same.text);
    let colleague = Actor { subject: "another".to_owned(), ..channel() };
    let theirs = house.ask_with_key(&colleague, &key, SUBMIT, json!({ "id": id, "v": 7 })).await;
    assert_eq!(theirs.json()["data"]["submitApplication"]["__typename"], "Conflict", "{}", theirs.text);
}

#[tokio::test]
async fn eight_twins_have_one_effect() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let key = fresh_key();
    let variables = json!({ "form": form(Sample::Purchase) });
    let twins = (0..8).map(|_| house.ask_with_key(&clerk, &key, CREATE, variables.clone()));
    let answers = futures::future::join_all(twins).await;
    let mut done = 0;
    for answer in &answers {
        match answer.status {
            200 => done += 1,
            409 => {
                assert_eq!(answer.code(), "IDEMPOTENCY_IN_PROGRESS");
                assert_eq!(answer.header("retry-after"), Some("1"));
            }
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert!(done >= 1);
    let count = house
        .data(
            &clerk,
            "{ applications(first: 10) { totalCount totalIsExact edges { node { id } } } }",
            json!({}),
        )
        .await;
    assert_eq!(count["applications"]["totalCount"], 1, "{count}");
    assert_eq!(count["applications"]["totalIsExact"], true);
}

#[tokio::test]
async fn a_mutation_needs_a_key_of_the_right_shape() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let body = json!({ "query": CREATE, "variables": { "form": form(Sample::Purchase) } }).to_string();
    let none = house.raw(&clerk, body.clone(), |request| request).await;
    assert_eq!((none.status, none.code().as_str()), (400, "IDEMPOTENCY_KEY_REQUIRED"));
    for wrong in ["short", "has spaces in the key", "\"unterminated-key-000000", &"x".repeat(256)] {
        let answer =
            house.raw(&clerk, body.clone(), |request| request.header("idempotency-key", wrong)).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_REQUEST"), "{wrong}");
    }
    // A request that was malformed has not burnt its key.
    let key = fresh_key();
    let bad = house.ask_with_key(&clerk, &key, "mutation { nonsense }", json!({})).await;
    assert_eq!(bad.code(), "GRAPHQL_VALIDATION_FAILED");
    let good = house.ask_with_key(&clerk, &key, CREATE, json!({ "form": form(Sample::Purchase) })).await;
    assert_eq!(good.json()["data"]["createDraft"]["__typename"], "Done", "{}", good.text);
}
