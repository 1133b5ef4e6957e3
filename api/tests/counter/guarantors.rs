//! A clerk takes a case to the bank's other guarantor: what each of the two, the bank and the applicant are shown of it (F-01, INV-7).

use crate::house::{House, SUBMIT, channel, fresh_key, person};
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

const WRITE: &str = "mutation($id: ID!, $text: String!) { addReviewMemo(applicationId: $id, text: $text) { memoId problems { field rule \
     messageJa messageEn accepted } } }";
const WRITTEN: &str = "query($id: ID!) { reviewMemos(applicationId: $id) { text by at } }";

#[tokio::test]
async fn a_memo_never_leaves_the_institution() {
    let house = House::demo().await;
    let (first, second, clerk) = (guarantor(1), guarantor(2), person(Role::BranchClerk, "clerk-1"));
    let (manager, auditor) = (person(Role::BranchManager, "manager"), person(Role::Auditor, "auditor"));
    let id = screened(&house, &clerk, &manager).await;
    let of = json!({ "id": id });
    let write = async |text: &str| house.data(&first, WRITE, json!({ "id": id, "text": text })).await;
    let empty = write(" ").await["addReviewMemo"].clone();
    let problem = &empty["problems"][0];
    assert_eq!(
        (&empty["memoId"], &problem["field"], &problem["rule"]),
        (&json!(null), &json!("text"), &json!("F-02"))
    );
    assert!(problem["messageJa"].as_str().expect("text").contains("2,000文字"), "{problem}");
    // The answer is kept for a repeat, so it repeats no word; the repeat writes nothing twice.
    let given = json!({ "id": id, "text": "MEMO-OF-THE-FIRST" });
    let key = fresh_key();
    let done = house.ask_with_key(&first, &key, WRITE, given.clone()).await;
    assert!(
        !done.text.contains("MEMO-OF-THE-FIRST")
            && done.json()["data"]["addReviewMemo"]["memoId"].is_string()
    );
    assert_eq!(house.ask_with_key(&first, &key, WRITE, given).await.json(), done.json());
    let colleague = Actor { subject: "reviewer-of-the-first".to_owned(), ..first.clone() };
    let seen = house.data(&colleague, WRITTEN, of.clone()).await["reviewMemos"].clone();
    assert_eq!(seen.as_array().map(Vec::len), Some(1), "{seen}");
    assert_eq!((&seen[0]["text"], &seen[0]["by"]), (&json!("MEMO-OF-THE-FIRST"), &json!("reviewer-1")));

    // No schema but the guarantor's has it, and no history tells of it.
    assert_eq!(house.ask(&second, WRITTEN, of.clone()).await.code(), "NOT_FOUND");
    let insurer =
        Actor { organisation: Some("INSURER-1".to_owned()), ..person(Role::Insurer, "underwriter") };
    for outside in [&clerk, &manager, &auditor, &channel(), &insurer] {
        for query in [WRITTEN, WRITE] {
            let answer = house.ask(outside, query, json!({ "id": id, "text": "x" })).await;
            // An auditor has no mutations at all; the others have none of this name.
            assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{}", answer.text);
        }
    }
    let history = house.data(&manager, REASONS, of.clone()).await.to_string();
    assert!(!history.contains("MEMO-OF-THE-FIRST") && !history.contains("eviewMemo"), "{history}");
    // The auditor reads that it was written, by whom and where, and that its colleagues looked.
    let lines = "query { auditLines(first: 20, kind: REVIEW_MEMO) { edges { node { kind subject code applicationId } } } }";
    let lines = house.data(&auditor, lines, json!({})).await["auditLines"]["edges"].clone();
    assert_eq!(lines.as_array().map(Vec::len), Some(1), "{lines}");
    assert_eq!(
        (&lines[0]["node"]["subject"], &lines[0]["node"]["applicationId"]),
        (&json!("reviewer-1"), &json!(id))
    );
    assert!(!lines.to_string().contains("MEMO-OF-THE-FIRST"), "{lines}");
    let looks =
        "query { accessLog(subject: \"reviewer-of-the-first\", first: 5) { edges { node { kinds } } } }";
    let looks = house.data(&auditor, looks, json!({})).await.to_string();
    assert!(looks.contains("MEMOS"), "{looks}");
}

const GIVEN: &str = "query($on: Date!, $withdrawn: Boolean) { answersGiven(from: $on, until: $on, withdrawn: $withdrawn, first: 10) { edges { \
     node { applicationId standing answer businessDays answeredAt endedAt } } } }";

#[tokio::test]
async fn an_answer_says_how_many_business_days_it_took() {
    let house = House::demo().await;
    let (first, clerk) = (guarantor(1), person(Role::BranchClerk, "clerk-1"));
    let manager = person(Role::BranchManager, "manager");
    let (answered, withdrawn) =
        (screened(&house, &clerk, &manager).await, screened(&house, &clerk, &manager).await);
    // Asked on a Friday before a long weekend: Saturday, Sunday and the holiday on Monday do not count.
    let friday = "UPDATE entry SET at = '2026-11-20T05:00:00+00:00' WHERE verb = 'approveProposal'";
    house.sql(friday).await;
    let asked = request(&house, &first, &answered).await;
    assert_eq!(answer(&house, &first, &answered, &asked, "G-1").await["__typename"], "Done");
    let wednesday = format!(
        "UPDATE entry SET at = '2026-11-25T05:00:00+00:00' WHERE verb = 'approveGuarantee' AND application_id = '{answered}'"
    );
    house.sql(&wednesday).await;
    let withdraw =
        "mutation($id: ID!) { withdrawApplication(applicationId: $id, reason: \"x\") { __typename } }";
    let gone = house.data(&channel(), withdraw, json!({ "id": withdrawn })).await;
    assert_eq!(gone["withdrawApplication"]["__typename"], "Done", "{gone}");
    let later = format!(
        "UPDATE entry SET at = '2026-11-25T06:00:00+00:00' WHERE verb = 'withdrawApplication' AND application_id = '{withdrawn}'; \
         UPDATE application SET created_at = '2026-11-20T05:00:00+00:00', updated_at = '2026-11-25T06:00:00+00:00'"
    );
    house.sql(&later).await;
    let lines = async |with: bool| {
        let given = json!({ "on": "2026-11-25", "withdrawn": with });
        let edges = house.data(&first, GIVEN, given).await["answersGiven"]["edges"].clone();
        edges.as_array().expect("edges").iter().map(|edge| edge["node"].clone()).collect::<Vec<_>>()
    };
    let one = lines(false).await;
    assert_eq!((one.len(), &one[0]["applicationId"]), (1, &json!(answered)), "{one:?}");
    // Tuesday and Wednesday.
    assert_eq!(
        (&one[0]["answer"], &one[0]["businessDays"]),
        (&json!("approveGuarantee"), &json!(2)),
        "{one:?}"
    );
    assert_eq!(one[0]["endedAt"], json!(null));
    let both = lines(true).await;
    let over = both.iter().find(|line| line["applicationId"] == json!(withdrawn)).expect("the withdrawn one");
    assert_eq!((both.len(), &over["standing"]), (2, &json!("WITHDRAWN")), "{both:?}");
    assert_eq!((&over["businessDays"], &over["answer"]), (&json!(null), &json!(null)), "{over}");
    assert!(over["endedAt"].as_str().is_some_and(|at| at.starts_with("2026-11-25")), "{over}");
}
