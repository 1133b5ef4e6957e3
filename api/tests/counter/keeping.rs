//! How long cases are kept, and what one person is told of the data that are held, over the API (L.2, L-PRIV).

use crate::house::{House, SUBMIT, channel, person};
use serde_json::{Value, json};
use workflows::machine::Role;
use workflows::sample::Sample;

const DISCLOSURE: &str = "query($id: ID!, $person: String!, $purpose: AccessPurpose) { \
     disclosure(applicationId: $id, partyId: $person, purpose: $purpose) { number partyId asOf \
     sections { title { ja en } items { label { ja } value } } withheld { ja } text } }";
const RETENTION: &str = "query($after: String) { retention(first: 1, after: $after) { \
     edges { node { applicationId number stage standing class keptUntil held } } pageInfo { hasNextPage endCursor } } }";
const LOG: &str = "query($subject: String) { accessLog(subject: $subject, first: 10) { \
     edges { node { kinds purpose applicationIds } } } }";

async fn submitted(house: &House) -> String {
    let id = house.draft(&person(Role::BranchClerk, "clerk")).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    id
}

#[tokio::test]
async fn compliance_discloses_to_a_person_what_is_held_on_that_person() {
    let house = House::open().await;
    let id = submitted(&house).await;
    let clerk = person(Role::BranchClerk, "clerk");
    let memo = "mutation($id: ID!) { addMemo(applicationId: $id, text: \"MEMO-CANARY\") { __typename } }";
    house.data(&clerk, memo, json!({ "id": id })).await;
    let compliance = person(Role::Compliance, "mio");
    let asked = json!({ "id": id, "person": "A1", "purpose": "DISCLOSURE" });
    let given = house.data(&compliance, DISCLOSURE, asked.clone()).await["disclosure"].clone();
    let text = given["text"].as_str().unwrap_or_default();
    let form = Sample::Purchase.form().expect("form");
    let applicant = form.applicant().expect("an applicant");
    for own in [&applicant.name_kanji, &applicant.phone, &form.disbursement_account.number] {
        assert!(text.contains(own.as_str()), "{own} in\n{text}");
    }
    assert!(
        text.contains("開示しない事項") && given["withheld"].as_array().is_some_and(|held| held.len() > 3)
    );
    assert!(!given.to_string().contains("MEMO-CANARY"), "a memo is the bank's own");
    let lines = house.data(&person(Role::Auditor, "auditor"), LOG, json!({ "subject": "mio" })).await;
    let line = &lines["accessLog"]["edges"][0]["node"];
    assert_eq!((&line["purpose"], &line["kinds"]), (&json!("DISCLOSURE"), &json!(["DISCLOSURE:A1"])));
    assert_eq!(line["applicationIds"], json!([id]));

    for purpose in [Value::Null, json!("REPAYMENT_ABILITY")] {
        let other = json!({ "id": id, "person": "A1", "purpose": purpose });
        let refused = house.ask(&compliance, DISCLOSURE, other).await;
        assert_eq!(refused.code(), "BAD_USER_INPUT", "{}", refused.text);
    }
    let nobody =
        house.ask(&compliance, DISCLOSURE, json!({ "id": id, "person": "Z9", "purpose": "DISCLOSURE" }));
    assert_eq!(nobody.await.code(), "NOT_FOUND");
    let curious = house.ask(&clerk, DISCLOSURE, asked).await;
    assert_eq!(curious.code(), "GRAPHQL_VALIDATION_FAILED", "{}", curious.text);
}

#[tokio::test]
async fn compliance_sees_how_long_what_is_over_is_kept() {
    let house = House::open().await;
    let compliance = person(Role::Compliance, "mio");
    let none = house.data(&compliance, RETENTION, json!({})).await;
    assert_eq!(none["retention"]["edges"], json!([]), "nothing is over yet");
    let mut ids = vec![];
    for _ in 0..2 {
        let id = submitted(&house).await;
        let withdraw = "mutation($id: ID!) { withdrawApplication(applicationId: $id, reason: \"moved\") { __typename \
             ... on Done { application { stage } } } }";
        let done = house.data(&channel(), withdraw, json!({ "id": id })).await;
        assert_eq!(done["withdrawApplication"]["application"]["stage"], "WITHDRAWN", "{done}");
        ids.push(id);
    }
    let hold =
        "mutation($id: ID!) { placeLegalHold(applicationId: $id, reason: \"a dispute\") { __typename } }";
    house.data(&compliance, hold, json!({ "id": ids[0] })).await;
    let (mut seen, mut after) = (vec![], Value::Null);
    loop {
        let page = house.data(&compliance, RETENTION, json!({ "after": after })).await["retention"].clone();
        seen.extend(page["edges"].as_array().into_iter().flatten().map(|edge| edge["node"].clone()));
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] != true {
            break;
        }
    }
    assert_eq!(seen.len(), 2, "{seen:?}");
    for line in &seen {
        let held = line["applicationId"] == json!(ids[0]);
        assert_eq!((&line["held"], &line["class"]), (&json!(held), &json!("NOT_CONTRACTED")));
        assert_eq!(line["standing"], if held { "HELD" } else { "NOT_YET" });
        assert!(line["keptUntil"].as_str().is_some_and(|day| day > "2033"), "{line}");
    }
    let shown = "query($id: ID!) { application(id: $id) { legalHold { reason by } erased { on } } }";
    let case = house.data(&compliance, shown, json!({ "id": ids[0] })).await["application"].clone();
    assert_eq!(case, json!({ "legalHold": { "reason": "a dispute", "by": "mio" }, "erased": null }));
    let refused = house.ask(&person(Role::Operations, "ops"), RETENTION, json!({})).await;
    assert_eq!(refused.code(), "GRAPHQL_VALIDATION_FAILED", "{}", refused.text);
}
