//! The four answers of a mutation.

use crate::house::{CREATE, House, SUBMIT, channel, form, person};
use serde_json::json;
use workflows::machine::Role;
use workflows::sample::Sample;

#[tokio::test]
async fn a_draft_is_created_and_submitted() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let data = house.data(&channel(), SUBMIT, json!({ "id": id, "v": 1 })).await;
    let done = &data["submitApplication"];
    assert_eq!(done["__typename"], "Done", "{done}");
    assert_eq!(done["application"]["stage"], "SUBMITTED");
    assert_eq!(done["rows"][0], "T01");
    assert!(!done["application"]["number"].as_str().expect("number").is_empty());
}

#[tokio::test]
async fn what_is_in_the_way_is_told_with_who_clears_it() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let mut form = form(Sample::Purchase);
    form["consents"] = json!([]);
    let data = house.data(&clerk, CREATE, json!({ "form": form })).await;
    let id = &data["createDraft"]["application"]["id"];
    let data = house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let blocked = &data["submitApplication"];
    assert_eq!(
        (&blocked["__typename"], &blocked["code"]),
        (&json!("Blocked"), &json!("BLOCKED")),
        "{blocked}"
    );
    let unmet = blocked["unmet"].as_array().expect("unmet");
    assert!(unmet.iter().any(|each| each["code"].as_str().is_some_and(|code| code.starts_with("G-"))));
    assert!(unmet.iter().all(|each| !each["clearedBy"].as_array().expect("roles").is_empty()), "{blocked}");
}

/// SEC-H23.
#[tokio::test]
async fn a_verb_from_the_wrong_stage_names_where_it_would_start() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let query = "mutation($id: ID!) { startScreening(applicationId: $id) { __typename ... on Blocked { code at allowed } } }";
    let data = house.data(&clerk, query, json!({ "id": id })).await;
    let blocked = &data["startScreening"];
    assert_eq!(blocked["code"], "ILLEGAL_TRANSITION", "{blocked}");
    assert_eq!(blocked["at"], "DRAFT");
    assert!(blocked["allowed"].as_array().expect("stages").contains(&json!("SUBMITTED")));
}

/// SEC-H22.
#[tokio::test]
async fn a_stale_version_is_a_conflict_with_the_present_one() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id, "v": 1 })).await;
    let data = house.data(&channel(), SUBMIT, json!({ "id": id, "v": 1 })).await;
    let conflict = &data["submitApplication"];
    assert_eq!(conflict["__typename"], "Conflict", "{conflict}");
    assert!(conflict["current"]["version"].as_u64().expect("version") > 1);
    assert_eq!(conflict["changedBy"], json!(null), "outside the lender nobody's name is told");
    let query = "mutation($id: ID!) { startScreening(applicationId: $id, expectedVersion: 1) { __typename \
         ... on Conflict { current { stage } changedBy } } }";
    let data = house.data(&clerk, query, json!({ "id": id })).await;
    assert_eq!(data["startScreening"]["changedBy"], "counter", "{data}");
}

#[tokio::test]
async fn all_problems_of_a_form_come_back_at_once() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let mut form = form(Sample::Purchase);
    form["parties"][0]["birthDate"] = json!("1990-02-30");
    form["requestedAmountYen"] = json!(-5);
    form.as_object_mut().expect("form").remove("purpose");
    let data = house.data(&clerk, CREATE, json!({ "form": form })).await;
    let invalid = &data["createDraft"];
    assert_eq!(invalid["__typename"], "Invalid", "{invalid}");
    let fields: Vec<&str> = invalid["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|p| p["field"].as_str())
        .collect();
    for field in ["form.parties[0].birthDate", "form.requestedAmountYen", "form.purpose"] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
}

#[tokio::test]
async fn faults_of_a_command_come_back_at_once_with_their_paths() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let query = "mutation($id: ID!, $d: [DefectInput!]!) { recordDefects(applicationId: $id, defects: $d) { __typename \
         ... on Done { version } ... on Blocked { code } ... on Invalid { problems { field rule } } } }";
    let long = "x".repeat(3_000);
    let defects = json!([{ "document": "A", "problem": long }, { "document": long, "problem": "p" }]);
    let data = house.data(&clerk, query, json!({ "id": id, "d": defects })).await;
    let invalid = &data["recordDefects"];
    assert_eq!(invalid["problems"][0]["field"], "defects[0].problem", "{invalid}");
    assert_eq!(invalid["problems"][1]["field"], "defects[1].document", "{invalid}");
}

#[tokio::test]
async fn four_eyes_propose_and_decide() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    // Whatever row of four eyes a clerk can propose here, its proposal is answered as any command is.
    let query =
        "query($id: ID!) { allowedActions(applicationId: $id) { verb row proposes enabled unmet { code } } }";
    let data = house.data(&clerk, query, json!({ "id": id })).await;
    let actions = data["allowedActions"].as_array().expect("actions");
    assert!(actions.iter().any(|action| action["verb"] == "recordDefects"), "{data}");
    assert!(actions.iter().all(|action| action["verb"] != "submitApplication"), "{data}");
}
