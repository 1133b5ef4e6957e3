//! A clerk takes a case to the bank's other guarantor: what each of the two, the bank and the applicant are shown of it (F-01, INV-7).

use crate::house::{House, SUBMIT, channel, person};
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};

const START: &str = "mutation($id: ID!) { startScreening(applicationId: $id) { __typename ... on Done { application { proposals { id } } } } }";
const APPROVE: &str =
    "mutation($id: ID!, $p: String!) { approveProposal(applicationId: $id, proposalId: $p) { __typename } }";
const SWITCH: &str = "mutation($id: ID!, $to: String!) { switchGuarantor(applicationId: $id, guarantor: $to, reason: \"for colleagues only\") { \
     __typename ... on Blocked { unmet { code rule ja en } } ... on Done { application { guarantor } } } }";
const REQUEST: &str = "mutation($id: ID!) { requestGuarantee(applicationId: $id) { __typename } }";
const ACTIONS: &str = "query($id: ID!) { allowedActions(applicationId: $id) { verb requestId enabled } }";
const ANSWER: &str = "mutation($id: ID!, $request: ID!, $decision: GuaranteeAnswerInput!) { approveGuarantee(applicationId: $id, \
     requestId: $request, decision: $decision) { __typename ... on Blocked { unmet { code subject } } } }";
const SEEN: &str = "query($id: ID!) { application(id: $id) { number guarantees { guaranteeNumber } tracks { track key state } } }";
const HISTORY: &str = "query($id: ID!) { timeline(applicationId: $id, first: 50) { edges { node { verb changes { path before after } } } } }";
const REASONS: &str = "query($id: ID!) { timeline(applicationId: $id, first: 50) { edges { node { verb organisation reason changes { path before after } } } } }";

fn guarantor(number: u8) -> Actor {
    Actor {
        organisation: Some(format!("GUARANTOR-{number}")),
        ..person(Role::Guarantor, &format!("reviewer-{number}"))
    }
}

fn decision(number: &str) -> Value {
    json!({ "guaranteeNumber": number, "amountYen": 30_000_000, "termMonths": 420,
        "loans": [{ "loanNo": 1, "monthlyRatePercent": "0.180" }] })
}

/// The request that somebody is to answer.
async fn request(house: &House, who: &Actor, id: &str) -> String {
    let actions = house.data(who, ACTIONS, json!({ "id": id })).await["allowedActions"].clone();
    let mut all = actions.as_array().expect("actions").iter();
    let mine = all.find(|action| action["verb"] == "approveGuarantee").expect("an answer");
    mine["requestId"].as_str().expect("a request").to_owned()
}

async fn answer(house: &House, who: &Actor, id: &str, request: &str, number: &str) -> Value {
    let given = json!({ "id": id, "request": request, "decision": decision(number) });
    house.data(who, ANSWER, given).await["approveGuarantee"].clone()
}

#[tokio::test]
async fn neither_guarantor_is_shown_the_other_one() {
    let house = House::demo().await;
    let (first, second, clerk) = (guarantor(1), guarantor(2), person(Role::BranchClerk, "clerk-1"));
    let id = house.draft(&clerk).await;
    let of = json!({ "id": id });
    house.data(&channel(), SUBMIT, of.clone()).await;
    let proposed = house.data(&clerk, START, of.clone()).await["startScreening"].clone();
    let proposal = proposed["application"]["proposals"][0]["id"].clone();
    let manager = person(Role::BranchManager, "manager");
    house.data(&manager, APPROVE, json!({ "id": id, "p": proposal })).await;
    let asked = request(&house, &first, &id).await;
    assert_eq!(answer(&house, &first, &id, &asked, "G-OF-THE-FIRST").await["__typename"], "Done");

    let told = house
        .data(&clerk, "query($id: ID!) { application(id: $id) { guarantor otherGuarantors } }", of.clone())
        .await;
    assert_eq!(
        told["application"],
        json!({ "guarantor": "GUARANTOR-1", "otherGuarantors": ["GUARANTOR-2"] })
    );
    let nobody =
        house.data(&clerk, SWITCH, json!({ "id": id, "to": "GUARANTOR-9" })).await["switchGuarantor"].clone();
    let unmet = &nobody["unmet"][0];
    assert_eq!((&unmet["code"], &unmet["rule"]), (&json!("N-OTHER-GUARANTOR"), &json!("F-01")), "{nobody}");
    assert!(
        ["ja", "en"].iter().all(|text| unmet[text].as_str().expect("text").contains("GUARANTOR-2")),
        "{unmet}"
    );
    let switched =
        house.data(&clerk, SWITCH, json!({ "id": id, "to": "GUARANTOR-2" })).await["switchGuarantor"].clone();
    assert_eq!(switched["application"]["guarantor"], "GUARANTOR-2", "{switched}");

    // Late: the request is withdrawn, and no word of the case comes with the refusal.
    let late = answer(&house, &first, &id, &asked, "G-OF-THE-FIRST").await;
    assert_eq!(
        late,
        json!({ "__typename": "Blocked", "unmet": [{ "code": "N-REQUEST-WITHDRAWN", "subject": asked }] })
    );
    for query in [SEEN, ACTIONS] {
        assert_eq!(house.ask(&first, query, of.clone()).await.code(), "NOT_FOUND", "{query}");
    }
    assert_eq!(house.ask(&second, SEEN, of.clone()).await.code(), "NOT_FOUND", "nothing was asked of it yet");

    assert_eq!(house.data(&clerk, REQUEST, of.clone()).await["requestGuarantee"]["__typename"], "Done");
    let seen = house.data(&second, SEEN, of.clone()).await;
    assert_eq!(seen["application"]["guarantees"], json!([]));
    for word in ["G-OF-THE-FIRST", "GUARANTOR-1", "APPROVED"] {
        assert!(!seen.to_string().contains(word), "{word}: {seen}");
    }
    // The bank reads both; the applicant neither that there are two nor why.
    let whole = house.data(&manager, REASONS, of.clone()).await.to_string();
    for word in ["G-OF-THE-FIRST", "GUARANTOR-1", "switchGuarantor", "for colleagues only"] {
        assert!(whole.contains(word), "{word}: {whole}");
    }
    let customer = house.data(&channel(), HISTORY, of.clone()).await.to_string();
    for word in ["switchGuarantor", "GUARANTOR-", "for colleagues only"] {
        assert!(!customer.contains(word), "{word}: {customer}");
    }
    let anew = request(&house, &second, &id).await;
    assert_ne!(anew, asked);
    assert_eq!(answer(&house, &second, &id, &anew, "G-OF-THE-SECOND").await["__typename"], "Done");
    assert_eq!(house.ask(&first, SEEN, of.clone()).await.code(), "NOT_FOUND");
    let seen = house.data(&manager, SEEN, of).await;
    assert_eq!(seen["application"]["guarantees"], json!([{ "guaranteeNumber": "G-OF-THE-SECOND" }]));
}
