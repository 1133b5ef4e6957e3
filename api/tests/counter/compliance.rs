//! The compliance office over the API: consents, contractors, complaints and trainings, and what they stop.

use crate::house::{House, person};
use crate::papers::told;
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};

const APPROVE: &str = "mutation($id: ID!) { approveRegisterStep(id: $id) { line { state register } problems { field rule accepted } } }";
const CONSENTS: &str = "query($id: ID!) { application(id: $id) { consents { partyId purpose recipient state wording withdrawnOn channel } } }";
const TRAINING: &str = "mutation($course: TrainingCourse!) { proposeTraining(subject: \"branch_clerk\", course: $course, \
     passedOn: \"2026-04-01\", validUntil: \"2027-03-31\") { training { id state } problems { field rule } } }";

fn office(name: &str) -> Actor {
    person(Role::Compliance, name)
}

/// The clerk of the stories.
fn clerk() -> Actor {
    person(Role::BranchClerk, "branch_clerk")
}

async fn approved(house: &House, id: &Value, by: &Actor) -> Value {
    house.data(by, APPROVE, json!({ "id": id })).await["approveRegisterStep"].clone()
}

#[tokio::test]
async fn a_customer_withdraws_a_consent_and_gives_it_again() {
    let house = House::open().await;
    let id = told(&house, "1-submitted").await;
    let applicant = person(Role::Applicant, "applicant");
    let before = house.data(&applicant, CONSENTS, json!({ "id": id })).await;
    let of = |answer: &Value, purpose: &str| {
        let all = answer["application"]["consents"].as_array().expect("consents").clone();
        all.into_iter().find(|consent| consent["purpose"] == purpose).expect("the purpose")
    };
    let given = of(&before, "GUARANTEE");
    assert_eq!((&given["state"], &given["recipient"]), (&json!("GIVEN"), &json!("GUARANTOR")), "{before}");
    assert!(given["wording"].as_str().expect("wording").starts_with("PRIVACY_CONSENT "), "{given}");

    let withdraw = "mutation($id: ID!, $party: String!) { withdrawConsent(applicationId: $id, partyId: $party, purpose: GUARANTEE, \
         channel: ONLINE) { __typename ... on Blocked { unmet { code rule } } } }";
    let done = house.data(&applicant, withdraw, json!({ "id": id, "party": "A1" })).await;
    assert_eq!(done["withdrawConsent"]["__typename"], "Done", "{done}");
    let twice = house.data(&applicant, withdraw, json!({ "id": id, "party": "A1" })).await;
    assert_eq!(twice["withdrawConsent"]["unmet"][0]["code"], "N-CONSENT-GIVEN", "{twice}");
    let after = of(&house.data(&applicant, CONSENTS, json!({ "id": id })).await, "GUARANTEE");
    assert_eq!((&after["state"], after["withdrawnOn"].is_string()), (&json!("WITHDRAWN"), true), "{after}");

    let start = "mutation($id: ID!) { startScreening(applicationId: $id) { __typename ... on Blocked { unmet { code rule subject } } } }";
    let blocked = house.data(&clerk(), start, json!({ "id": id })).await;
    let unmet = blocked["startScreening"]["unmet"].as_array().expect("unmet").clone();
    let told = json!({ "code": "N-CONSENTS", "rule": "L-PRIV", "subject": "A1:GUARANTEE" });
    assert!(unmet.contains(&told), "{blocked}");

    let today = after["withdrawnOn"].clone();
    let renew = "mutation($id: ID!, $on: Date!) { renewConsent(applicationId: $id, partyId: \"A1\", purpose: GUARANTEE, channel: PAPER, \
         signedOn: $on, wording: \"2026-10\") { __typename } }";
    let renewed = house.data(&clerk(), renew, json!({ "id": id, "on": today })).await;
    assert_eq!(renewed["renewConsent"]["__typename"], "Done", "{renewed}");
    let again = of(&house.data(&office("c"), CONSENTS, json!({ "id": id })).await, "GUARANTEE");
    assert_eq!((&again["state"], &again["wording"]), (&json!("GIVEN"), &json!("2026-10")), "{again}");
    let started = house.data(&clerk(), start, json!({ "id": id })).await;
    assert_eq!(started["startScreening"]["__typename"], "Done", "{started}");
}

#[tokio::test]
async fn a_suspended_office_gets_no_new_work_and_its_cases_name_the_substitute() {
    let house = House::open().await;
    let id = told(&house, "7-contracted").await;
    let engagements = "query($id: ID!) { application(id: $id) { engagements { role organisation } } }";
    let case = house.data(&clerk(), engagements, json!({ "id": id })).await;
    let engaged = case["application"]["engagements"].as_array().expect("engagements").clone();
    let scrivener =
        engaged.iter().find(|each| each["role"] == "SCRIVENER").expect("a scrivener")["organisation"].clone();
    let add = "mutation($organisation: String!) { proposeContractor(organisation: $organisation, name: \"見本事務所\", service: SCRIVENER, \
         contractFrom: \"2026-04-01\", nextReviewOn: \"2026-06-30\", substitute: \"OFFICE-2\") { \
         contractor { id state standing pending { step by } } problems { field rule accepted } } }";
    let instruct = "mutation($id: ID!) { instructScrivener(applicationId: $id, filing: \"F1\") { __typename \
         ... on Blocked { unmet { code rule subject en } } } }";

    // Another office stands in the register: this one is unknown.
    let other = house.data(&office("first"), add, json!({ "organisation": "OFFICE-2x" })).await;
    let decided = approved(&house, &other["proposeContractor"]["contractor"]["id"], &office("second")).await;
    assert_eq!(decided["line"], json!({ "state": "ACTIVE", "register": "CONTRACTORS" }), "{decided}");
    let blocked = house.data(&clerk(), instruct, json!({ "id": id })).await;
    let unmet = &blocked["instructScrivener"]["unmet"][0];
    assert_eq!((&unmet["code"], &unmet["rule"]), (&json!("N-CONTRACTOR-FIT"), &json!("L-94")), "{blocked}");

    let mine = house.data(&office("first"), add, json!({ "organisation": scrivener })).await;
    let line = mine["proposeContractor"]["contractor"]["id"].clone();
    assert_eq!(mine["proposeContractor"]["contractor"]["state"], "PROPOSED", "{mine}");
    let own = approved(&house, &line, &office("first")).await;
    assert_eq!((&own["line"], &own["problems"][0]["rule"]), (&Value::Null, &json!("E.2")), "{own}");
    approved(&house, &line, &office("second")).await;
    let step = "mutation($id: ID!, $step: ContractorStep!) { proposeContractorStep(id: $id, step: $step, reason: \"補正が多い\") { \
         contractor { state pending { step } } problems { field rule } } }";
    house.data(&office("first"), step, json!({ "id": line, "step": "SUSPEND" })).await;
    approved(&house, &line, &office("second")).await;
    let blocked = house.data(&clerk(), instruct, json!({ "id": id })).await;
    let unmet = &blocked["instructScrivener"]["unmet"][0];
    assert_eq!(unmet["subject"], scrivener, "{blocked}");
    assert!(unmet["en"].as_str().expect("words").contains("OFFICE-2"), "the substitute is named: {blocked}");

    house.data(&office("second"), step, json!({ "id": line, "step": "LIFT" })).await;
    approved(&house, &line, &office("first")).await;
    let done = house.data(&clerk(), instruct, json!({ "id": id })).await;
    assert_eq!(done["instructScrivener"]["__typename"], "Done", "{done}");
    let cases = "query($organisation: String!) { contractorCases(organisation: $organisation, first: 10) { applicationId stage substitute } }";
    let listed = house.data(&office("first"), cases, json!({ "organisation": scrivener })).await;
    let wanted = json!([{ "applicationId": id, "stage": "CONTRACTED", "substitute": "OFFICE-2" }]);
    assert_eq!(listed["contractorCases"], wanted, "{listed}");
}

#[tokio::test]
async fn only_trained_staff_explain_and_the_evidence_says_so() {
    let house = House::open().await;
    let id = told(&house, "5-contracting").await;
    let explain = "mutation($id: ID!) { recordExplanation(applicationId: $id, partyId: \"A1\", bookletVersion: \"2026-04\") { __typename \
         ... on Blocked { unmet { code rule subject } } } }";
    // Somebody else's training shows that the bank keeps the register.
    let proposed = house.data(&office("first"), TRAINING, json!({ "course": "VARIABLE_RATE" })).await;
    let admin = person(Role::UserAdmin, "admin");
    approved(&house, &proposed["proposeTraining"]["training"]["id"], &admin).await;
    let blocked = house.data(&clerk(), explain, json!({ "id": id })).await;
    let wanted = json!([{ "code": "N-TRAINED", "rule": "L-95", "subject": "IMPORTANT_MATTERS" }]);
    assert_eq!(blocked["recordExplanation"]["unmet"], wanted, "{blocked}");
    let proposed = house.data(&admin, TRAINING, json!({ "course": "IMPORTANT_MATTERS" })).await;
    let training = proposed["proposeTraining"]["training"]["id"].clone();
    // Proposed is not in force.
    let still = house.data(&clerk(), explain, json!({ "id": id })).await;
    assert_eq!(still["recordExplanation"]["__typename"], "Blocked", "{still}");
    approved(&house, &training, &office("first")).await;
    let done = house.data(&clerk(), explain, json!({ "id": id })).await;
    assert_eq!(done["recordExplanation"]["__typename"], "Done", "{done}");
    let evidence = "query($id: ID!) { application(id: $id) { contract { explanations { partyId by bookletVersion \
         trainings { course validUntil } } } } }";
    let shown = house.data(&office("first"), evidence, json!({ "id": id })).await;
    let wanted = json!([{ "partyId": "A1", "by": "branch_clerk", "bookletVersion": "2026-04",
        "trainings": [{ "course": "IMPORTANT_MATTERS", "validUntil": "2027-03-31" }] }]);
    assert_eq!(shown["application"]["contract"]["explanations"], wanted, "{shown}");
}

#[tokio::test]
async fn a_complaint_is_filed_answered_and_closed_by_two() {
    let house = House::open().await;
    let id = told(&house, "1-submitted").await;
    let applicant = person(Role::Applicant, "applicant");
    let file = "mutation($id: ID) { fileComplaint(category: EXPLANATION, text: \"説明が足りません\", applicationId: $id) { \
         complaint { id state dueOn channel } problems { field rule } } }";
    let filed = house.data(&applicant, file, json!({ "id": id })).await;
    let complaint = filed["fileComplaint"]["complaint"].clone();
    assert_eq!((&complaint["state"], &complaint["channel"]), (&json!("OPEN"), &json!("ONLINE")), "{filed}");
    let stranger = person(Role::Applicant, "stranger");
    let foreign = house.ask_with_key(&stranger, &crate::house::fresh_key(), file, json!({ "id": id })).await;
    assert_eq!(foreign.code(), "NOT_FOUND", "{}", foreign.text);
    let own = "{ complaints(first: 10) { id text state answer { text } offeredLabel { ja } } }";
    assert_eq!(house.data(&stranger, own, json!({})).await["complaints"], json!([]));
    assert_eq!(house.data(&applicant, own, json!({})).await["complaints"].as_array().map(Vec::len), Some(1));

    let answer = "mutation($id: ID!) { answerComplaint(id: $id, text: \"ご説明いたします\", offered: TOKYO_BAR) { complaint { state } problems { rule } } }";
    let line = json!({ "id": complaint["id"] });
    house.data(&office("first"), answer, line.clone()).await;
    let close = "mutation($id: ID!) { proposeComplaintClosure(id: $id, outcome: NOT_UPHELD) { complaint { state pending { step } } problems { rule } } }";
    let closing = house.data(&office("first"), close, line).await;
    assert_eq!(closing["proposeComplaintClosure"]["complaint"]["pending"]["step"], "CLOSE", "{closing}");
    let closed = approved(&house, &complaint["id"], &office("second")).await;
    assert_eq!(closed["line"]["state"], "CLOSED", "{closed}");
    let seen = house.data(&applicant, own, json!({})).await["complaints"][0].clone();
    assert_eq!(seen["offeredLabel"]["ja"], "東京弁護士会紛争解決センター", "{seen}");
    let figures = "{ complaintFigures { category state complaints overdue } }";
    let told = house.data(&office("first"), figures, json!({})).await;
    let wanted = json!([{ "category": "EXPLANATION", "state": "CLOSED", "complaints": 1, "overdue": 0 }]);
    assert_eq!(told["complaintFigures"], wanted);

    // Whoever read the words of the customer stands in the read log.
    house.data(&office("first"), own, json!({})).await;
    let log = "{ accessLog(subject: \"first\", first: 10) { edges { node { kinds applicationIds } } } }";
    let looks = house.data(&person(Role::Auditor, "auditor"), log, json!({})).await;
    assert!(looks.to_string().contains("COMPLAINT"), "{looks}");
}
