//! Idempotency keys.

use crate::house::{CREATE, House, SUBMIT, channel, form, fresh_key, patient, person};
use api::Clock;
use sea_orm::ConnectionTrait;
use serde_json::json;
use workflows::machine::Actor;
use workflows::machine::Role;
use workflows::sample::Sample;

/// SEC-H18, SEC-H19.
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

/// SEC-H19, SEC-H21: the same at another process.
#[tokio::test]
async fn another_process_gives_the_first_answer() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let key = fresh_key();
    let first = house.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    // The same database behind a counter that has no memory of the key.
    let other = house.twin().await;
    let again = other.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    assert_eq!(again.text, first.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let reused = house.twin().await.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id, "v": 1 })).await;
    assert_eq!((reused.status, reused.code().as_str()), (422, "IDEMPOTENCY_KEY_REUSED"), "{}", reused.text);
}

/// SEC-H28: the process died between its commit and its answer.
#[tokio::test]
async fn a_lost_answer_is_given_anew_from_its_receipt() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let key = fresh_key();
    let first = house.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    let other = house.twin().await;
    let kept = other.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    assert_eq!(kept.text, first.text);
    let database = sea_orm::Database::connect(house.sqlite_url()).await.expect("the file");
    sea_orm::ConnectionTrait::execute_unprepared(&database, "DELETE FROM answer").await.expect("lost");
    let limits = api::Limits { repeat: std::time::Duration::ZERO, ..patient() };
    let hasty = house.twin_with(api::Hooks::default(), limits).await;
    let again = hasty.ask_with_key(&channel(), &key, SUBMIT, json!({ "id": id })).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let (first, again) = (first.json(), again.json());
    let (first, again) = (&first["data"]["submitApplication"], &again["data"]["submitApplication"]);
    assert_eq!((&again["replayed"], &again["version"]), (&json!(true), &first["version"]), "{again}");
    assert_eq!(again["application"], first["application"]);
}

/// SEC-H21, SEC-H22.
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

/// Fifty requests under one key, in turns at these processes: one effect, and one answer for all that get one.
async fn fifty_twins(nodes: &[&House]) {
    let clerk = person(Role::BranchClerk, "clerk");
    let key = fresh_key();
    let variables = json!({ "form": form(Sample::Purchase) });
    let ask = |n: usize| nodes[n % nodes.len()].ask_with_key(&clerk, &key, CREATE, variables.clone());
    let answers = futures::future::join_all((0..50).map(ask)).await;
    let mut bodies = std::collections::BTreeSet::new();
    let mut first = 0;
    for answer in &answers {
        match answer.status {
            200 => {
                bodies.insert(&answer.text);
                first += u32::from(answer.header("idempotency-replayed").is_none());
            }
            409 => {
                assert_eq!(answer.code(), "IDEMPOTENCY_IN_PROGRESS");
                assert_eq!(answer.header("retry-after"), Some("1"));
            }
            other => panic!("{other}: {}", answer.text),
        }
    }
    assert_eq!((bodies.len(), first), (1, 1), "{bodies:?}");
    for node in nodes {
        let again = node.ask_with_key(&clerk, &key, CREATE, variables.clone()).await;
        assert_eq!(Some(&&again.text), bodies.first());
    }
    let count = "{ applications(first: 10) { totalCount totalIsExact } }";
    let count = nodes[0].data(&clerk, count, json!({})).await;
    assert_eq!(count["applications"], json!({ "totalCount": 1, "totalIsExact": true }));
}

/// SEC-H19, SEC-H20.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_twins_have_one_effect_at_one_process() {
    fifty_twins(&[&House::open().await]).await;
    fifty_twins(&[&House::on_postgres().await]).await;
}

/// SEC-H19, SEC-H20.
#[tokio::test(flavor = "multi_thread")]
async fn fifty_twins_have_one_effect_at_two_processes() {
    let url = postgres().await;
    let one = House::at_url(&url, patient(), |_| ()).await;
    let two = one.node(&url, patient()).await;
    fifty_twins(&[&one, &two]).await;
}

async fn postgres() -> String {
    let fresh = || tests::postgres::PrivatePostgres::shared().fresh_database();
    tokio::task::spawn_blocking(fresh).await.expect("server")
}

/// What no receipt covers runs once as well: a task is claimed once under one key, at whichever process.
#[tokio::test(flavor = "multi_thread")]
async fn a_claim_is_made_once_at_two_processes() {
    let url = postgres().await;
    let one = House::at_url(&url, patient(), |_| ()).await;
    let two = one.node(&url, patient()).await;
    let clerk = person(Role::BranchClerk, "clerk");
    for _ in 0..3 {
        let id = one.draft(&clerk).await;
        one.data(&channel(), SUBMIT, json!({ "id": id })).await;
    }
    let claim = "mutation { claimNext { id } }";
    let key = fresh_key();
    let first = one.ask_with_key(&clerk, &key, claim, json!({})).await;
    assert!(first.json()["data"]["claimNext"]["id"].is_string(), "{}", first.text);
    for node in [&two, &one, &two] {
        let again = node.ask_with_key(&clerk, &key, claim, json!({})).await;
        assert_eq!((again.status, &again.text), (200, &first.text));
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
    }
    let other = two.ask_with_key(&clerk, &key, "mutation { claimNext { id title: task } }", json!({})).await;
    assert_eq!((other.status, other.code().as_str()), (422, "IDEMPOTENCY_KEY_REUSED"), "{}", other.text);
    let fresh = two.ask_with_key(&clerk, &fresh_key(), claim, json!({})).await;
    assert_ne!(fresh.text, first.text);
}

/// A process that was killed while a key ran leaves the key taken: the repeat waits for as long as the operation might have run, not longer.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_not_held_by_a_process_that_is_gone() {
    let url = postgres().await;
    let limits = api::Limits { execution: std::time::Duration::from_secs(20), ..patient() };
    let house = House::at_url(&url, limits.clone(), |_| ()).await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let (key, claim) = (fresh_key(), "mutation { claimNext { id } }");
    let database = sea_orm::Database::connect(&url).await.expect("connected");
    house.ask_with_key(&clerk, &key, claim, json!({})).await;
    for (seconds, status) in [(20, 409), (31, 200)] {
        let taken = house.clock.now() - chrono::TimeDelta::seconds(seconds);
        let killed =
            format!("UPDATE answer SET body = NULL, at = '{}' WHERE key = '{key}'", taken.to_rfc3339());
        assert_eq!(database.execute_unprepared(&killed).await.expect("killed").rows_affected(), 1);
        // The process after it has no memory of the key.
        let next = house.node(&url, limits.clone()).await;
        let answer = next.ask_with_key(&clerk, &key, claim, json!({})).await;
        assert_eq!(answer.status, status, "{}", answer.text);
    }
}

/// SEC-H17, SEC-H18.
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
