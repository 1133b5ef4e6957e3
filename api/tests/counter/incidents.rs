//! What goes wrong for a bank and no case, as the incident desk reads it.

use crate::hooks::{around, began};
use crate::house::{House, person};
use api::Hooks;
use chrono::TimeDelta;
use db::Scope;
use db::hooks::Ended;
use serde_json::{Value, json};
use std::time::Duration;
use workflows::machine::hooks::TEST;
use workflows::machine::{Actor, Role};

const ADD: &str = "mutation($types: [String!]!) { addWebhookEndpoint(url: \"https://hooks.bank.example/in\", types: $types) { \
     endpoint { id } } }";
const LIST: &str = "query($id: ID) { incidents(first: 10, applicationId: $id) { edges { node { \
     kind applicationId branch number endpoint } } } }";

async fn listed(house: &House, who: &Actor, id: Option<&str>) -> Vec<Value> {
    let data = house.data(who, LIST, json!({ "id": id })).await;
    let edges = data["incidents"]["edges"].as_array().expect("edges").clone();
    edges.into_iter().map(|edge| edge["node"].clone()).collect()
}

#[tokio::test]
async fn what_concerns_a_bank_names_no_case_and_is_its_own() {
    let house = around(Hooks::default()).await;
    let (admin, clerk) = (person(Role::UserAdmin, "admin-1"), person(Role::BranchClerk, "clerk"));
    assert_eq!(listed(&house, &clerk, None).await, Vec::<Value>::new());
    let made = house.data(&admin, ADD, json!({ "types": [TEST] })).await;
    let endpoint = made["addWebhookEndpoint"]["endpoint"]["id"].as_str().expect("an endpoint").to_owned();
    let (store, now) = (&house.store, began() + TimeDelta::seconds(60));
    store.test_hook(&Scope::of(&admin), &endpoint, now).await.expect("a test event");
    let leased = store.lease_hooks(now, "test", 10, Duration::from_secs(60), &[]).await.expect("leased");
    let ended = Ended::Parked { error: "HTTP 503".to_owned() };
    store.settle_hook(&leased[0], &ended, TimeDelta::days(5), now).await.expect("given up");

    let dead = json!({
        "kind": "DEAD_LETTER", "applicationId": null, "branch": null, "number": null, "endpoint": "hooks.bank.example",
    });
    assert_eq!(listed(&house, &clerk, None).await, [dead]);
    assert_eq!(
        listed(&house, &clerk, Some("0198c0de-0000-7000-8000-0000000000ff")).await,
        Vec::<Value>::new(),
        "it is of no application"
    );
    let abroad = Actor { institution: "9999".to_owned(), ..clerk };
    assert_eq!(listed(&house, &abroad, None).await, Vec::<Value>::new());
}
