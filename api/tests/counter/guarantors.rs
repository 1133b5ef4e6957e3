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

/// A case for which the guarantee was asked for.
async fn screened(house: &House, clerk: &Actor, manager: &Actor) -> String {
    let id = house.draft(clerk).await;
    let of = json!({ "id": id });
    house.data(&channel(), SUBMIT, of.clone()).await;
    let proposed = house.data(clerk, START, of).await["startScreening"].clone();
    let proposal = proposed["application"]["proposals"][0]["id"].clone();
    house.data(manager, APPROVE, json!({ "id": id, "p": proposal })).await;
    id
}

#[tokio::test]
async fn neither_guarantor_is_shown_the_other_one() {
    let house = House::demo().await;
    let (first, second, clerk) = (guarantor(1), guarantor(2), person(Role::BranchClerk, "clerk-1"));
    let manager = person(Role::BranchManager, "manager");
    let id = screened(&house, &clerk, &manager).await;
    let of = json!({ "id": id });
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

const ASK: &str = "mutation($id: ID!, $request: ID, $question: String!) { askBank(applicationId: $id, requestId: $request, \
     question: $question) { __typename ... on Done { replayed } ... on Blocked { unmet { code ja en } } \
     ... on Invalid { problems { field rule messageJa messageEn } } } }";
const REPLY: &str = "mutation($id: ID!, $answer: String!) { answerGuarantor(applicationId: $id, questionId: \"Q1\", answer: $answer) { \
     __typename ... on Blocked { unmet { code ja en } } } }";
const QUESTIONS: &str = "query($id: ID!) { application(id: $id) { guaranteeQuestions { id requestId organisation question state \
     stateLabel { ja en } answer answeredAt } } }";

#[tokio::test]
async fn a_question_stays_between_the_bank_and_the_institution_that_asked() {
    let house = House::demo().await;
    let (first, second, clerk) = (guarantor(1), guarantor(2), person(Role::BranchClerk, "clerk-1"));
    let manager = person(Role::BranchManager, "manager");
    let id = screened(&house, &clerk, &manager).await;
    let of = json!({ "id": id });
    let asked = request(&house, &first, &id).await;
    let ask = async |request: Option<&str>, question: &str| {
        let given = json!({ "id": id, "request": request, "question": question });
        house.data(&first, ASK, given).await["askBank"].clone()
    };
    // A question names its request, and says something.
    assert_eq!(ask(None, "why").await["problems"][0]["rule"], "N-REQUEST-NAMED");
    let empty = ask(Some(&asked), " ").await["problems"][0].clone();
    assert_eq!((&empty["field"], &empty["rule"]), (&json!("question"), &json!("F-02")), "{empty}");
    assert_eq!(ask(Some("T1.0"), "why").await["unmet"][0]["code"], "N-REQUEST-UNKNOWN");
    assert_eq!(
        ask(Some(&asked), "QUESTION-OF-THE-FIRST").await,
        json!({ "__typename": "Done", "replayed": false })
    );
    assert_eq!(
        ask(Some(&asked), "QUESTION-OF-THE-FIRST").await,
        json!({ "__typename": "Done", "replayed": true })
    );

    // The bank's people find it as work and as an action that names the question.
    let actions = "query($id: ID!) { allowedActions(applicationId: $id) { verb key enabled } application(id: $id) { openTasks { task } } }";
    let work = house.data(&clerk, actions, of.clone()).await;
    let offered = json!({ "verb": "answerGuarantor", "key": "Q1", "enabled": true });
    assert!(work["allowedActions"].as_array().expect("actions").contains(&offered), "{work}");
    assert!(work["application"]["openTasks"].to_string().contains("ANSWER_GUARANTOR"), "{work}");
    let reply = async || {
        let given = json!({ "id": id, "answer": "ANSWER-OF-THE-BANK" });
        house.data(&clerk, REPLY, given).await["answerGuarantor"].clone()
    };
    assert_eq!(reply().await["__typename"], "Done");
    let unmet = reply().await["unmet"][0].clone();
    assert_eq!(unmet["code"], "N-QUESTION-OPEN");
    assert!(unmet["ja"].as_str().expect("text").contains("回答済み"), "{unmet}");
    for reader in [&first, &clerk, &person(Role::Auditor, "auditor")] {
        let seen =
            house.data(reader, QUESTIONS, of.clone()).await["application"]["guaranteeQuestions"][0].clone();
        let said =
            ["id", "requestId", "organisation", "question", "state", "answer"].map(|key| seen[key].clone());
        let wanted = ["Q1", &asked, "GUARANTOR-1", "QUESTION-OF-THE-FIRST", "ANSWERED", "ANSWER-OF-THE-BANK"];
        assert_eq!(said, wanted.map(|text| json!(text)), "{reader:?}: {seen}");
    }
    let history = house.data(&manager, REASONS, of.clone()).await.to_string();
    let words = ["askBank", "answerGuarantor", "QUESTION-OF-THE-FIRST", "ANSWER-OF-THE-BANK"];
    assert!(words.iter().all(|word| history.contains(word)), "{history}");

    // Neither the customer (INV-7) nor another partner has a field for it; the history of the customer says nothing.
    let insurer =
        Actor { organisation: Some("INSURER-1".to_owned()), ..person(Role::Insurer, "underwriter") };
    for outside in [&channel(), &insurer] {
        let answer = house.ask(outside, QUESTIONS, of.clone()).await;
        assert!(
            answer.text.contains("guaranteeQuestions") && answer.json()["data"].is_null(),
            "{}",
            answer.text
        );
    }
    let history = house.data(&channel(), HISTORY, of.clone()).await.to_string();
    assert!(!words.iter().any(|word| history.contains(word)), "{history}");
    // Nor has the institution that the case goes to: its own questions begin anew.
    house.data(&clerk, SWITCH, json!({ "id": id, "to": "GUARANTOR-2" })).await;
    assert_eq!(ask(Some(&asked), "late").await["unmet"][0]["code"], "N-REQUEST-WITHDRAWN");
    house.data(&clerk, REQUEST, of.clone()).await;
    let seen = house.data(&second, QUESTIONS, of).await;
    assert_eq!(seen["application"]["guaranteeQuestions"], json!([]), "{seen}");
}
