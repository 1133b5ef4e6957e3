//! Who decides, over the API: pending proposals with their route, deputies, people with an interest.

use crate::house::{House, SUBMIT, channel, fresh_key, person};
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};
use workflows::sample::Sample;

const NAME: &str = "mutation($deputy: String!, $from: Date!, $until: Date!) { \
     nameDeputy(deputy: $deputy, from: $from, until: $until, reason: \"holiday\") { \
     deputy { id absent role deputy from until } problems { field rule accepted } } }";
const APPROVE: &str = "mutation($id: ID!, $proposal: String!) { \
     approveProposal(applicationId: $id, proposalId: $proposal) { __typename \
     ... on Done { application { stage } } ... on Blocked { unmet { code rule } } } }";
const PENDING: &str = "query($id: ID!) { application(id: $id) { stage conflicts { subject relation } \
     proposals { id by onBehalfOf route { level members votes risks label { ja } } votes { by agrees } } } }";

/// A submitted application whose screening a clerk proposes to start; its id and the proposal's.
async fn proposed(house: &House, clerk: &Actor) -> (String, String) {
    let id = house.draft(clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let start = "mutation($id: ID!) { startScreening(applicationId: $id) { __typename } }";
    let started = house.data(clerk, start, json!({ "id": id })).await;
    assert_eq!(started["startScreening"]["__typename"], "Done", "{started}");
    let pending = house.data(clerk, PENDING, json!({ "id": id })).await;
    let proposal = pending["application"]["proposals"][0].clone();
    let route =
        json!({ "level": "BRANCH", "members": 1, "votes": 1, "risks": [], "label": { "ja": "営業店決裁" } });
    assert_eq!((&proposal["by"], &proposal["route"]), (&json!(clerk.subject), &route), "{pending}");
    (id, proposal["id"].as_str().expect("id").to_owned())
}

async fn behalf(house: &House, who: &Actor, absent: &str, query: &str, variables: &Value) -> (u16, Value) {
    let body = json!({ "query": query, "variables": variables }).to_string();
    let named = |request: reqwest::RequestBuilder| {
        request.header("idempotency-key", fresh_key()).header("yushi-on-behalf-of", absent)
    };
    let answer = house.raw(who, body, named).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_deputy_decides_in_the_role_of_the_absent_manager() {
    let house = House::open().await;
    let (clerk, colleague) = (person(Role::BranchClerk, "clerk"), person(Role::BranchClerk, "colleague"));
    let manager = person(Role::BranchManager, "manager");
    let (id, proposal) = proposed(&house, &clerk).await;
    let decide = json!({ "id": id, "proposal": proposal });
    let (status, answer) = behalf(&house, &colleague, "manager", APPROVE, &decide).await;
    assert_eq!((status, &answer["errors"][0]["extensions"]["code"]), (403, &json!("FORBIDDEN")), "{answer}");

    let today = Sample::Purchase.form().expect("form").received_date().to_string();
    let refused =
        house.data(&manager, NAME, json!({ "deputy": "manager", "from": today, "until": today })).await;
    let problem = &refused["nameDeputy"]["problems"][0];
    assert_eq!((&problem["field"], &problem["rule"]), (&json!("deputy"), &json!("E.2")), "{refused}");
    let named =
        house.data(&manager, NAME, json!({ "deputy": "colleague", "from": today, "until": today })).await;
    assert_eq!(named["nameDeputy"]["deputy"]["role"], "BRANCH_MANAGER", "{named}");

    let me = "query { me { subject role onBehalfOf } }";
    let (_, answer) = behalf(&house, &colleague, "manager", me, &json!({})).await;
    let wanted = json!({ "subject": "colleague", "role": "BRANCH_MANAGER", "onBehalfOf": "manager" });
    assert_eq!(answer["data"]["me"], wanted, "{answer}");
    let (_, answer) = behalf(&house, &colleague, "manager", APPROVE, &decide).await;
    assert_eq!(answer["data"]["approveProposal"]["application"]["stage"], "SCREENING", "{answer}");
    let timeline = "query($id: ID!) { timeline(applicationId: $id, first: 50) { edges { node { verb actor onBehalfOf } } } }";
    let told = house.data(&manager, timeline, json!({ "id": id })).await;
    let last = told["timeline"]["edges"]
        .as_array()
        .expect("lines")
        .iter()
        .rev()
        .find(|e| e["node"]["verb"] == "approveProposal");
    let wanted = json!({ "verb": "approveProposal", "actor": "colleague", "onBehalfOf": "manager" });
    assert_eq!(last.map(|line| &line["node"]), Some(&wanted), "{told}");

    let end = "mutation($id: ID!) { endDeputy(id: $id) { deputy { endedBy } } }";
    let ended = house.data(&manager, end, json!({ "id": named["nameDeputy"]["deputy"]["id"] })).await;
    assert_eq!(ended["endDeputy"]["deputy"]["endedBy"], "manager", "{ended}");
    assert_eq!(behalf(&house, &colleague, "manager", me, &json!({})).await.0, 403, "it ends at once");
}

#[tokio::test]
async fn who_declares_an_interest_keeps_away() {
    let house = House::open().await;
    let (clerk, manager) = (person(Role::BranchClerk, "clerk"), person(Role::BranchManager, "manager"));
    let (id, proposal) = proposed(&house, &clerk).await;
    let declare = "mutation($id: ID!) { declareConflict(applicationId: $id, relation: RELATIVE, note: \"sister\") { __typename } }";
    let declared = house.data(&manager, declare, json!({ "id": id })).await;
    assert_eq!(declared["declareConflict"]["__typename"], "Done", "{declared}");
    let decide = json!({ "id": id, "proposal": proposal });
    let refused = house.data(&manager, APPROVE, decide.clone()).await;
    assert_eq!(
        refused["approveProposal"]["unmet"],
        json!([{ "code": "N-NO-CONFLICT", "rule": "L-108-3" }]),
        "{refused}"
    );
    let pending = house.data(&clerk, PENDING, json!({ "id": id })).await;
    assert_eq!(
        pending["application"]["conflicts"],
        json!([{ "subject": "manager", "relation": "RELATIVE" }])
    );
    let other = person(Role::BranchManager, "another");
    let done = house.data(&other, APPROVE, decide).await;
    assert_eq!(done["approveProposal"]["application"]["stage"], "SCREENING", "{done}");
}
