//! A case outside the branch is read in emergency: over HTTP and WebSocket, on record, told, ended and reviewed (L-91).

use crate::house::{Answer, House, SUBMIT, channel, fresh_key, person};
use crate::sockets::{Socket, dial, hear, hear_within, say, subscribe};
use serde_json::{Value, json};
use std::time::Duration;
use workflows::machine::{Actor, Role};

pub const OPEN: &str = "mutation($id: ID!, $reason: String!) { openCaseInEmergency(applicationId: $id, reason: $reason) { \
     access { id subject role openedAt endsAt isOpen reviewDueOn } problems { field rule accepted } } }";
pub const END: &str = "mutation($id: ID!) { endEmergencyAccess(applicationId: $id, access: \"E1\") { access { isOpen endedBy } \
     problems { field rule } } }";
const REVIEW: &str = "mutation($id: ID!, $outcome: EmergencyOutcome!) { reviewEmergencyAccess(applicationId: $id, access: \"E1\", \
     outcome: $outcome, note: \"The branch confirms the visit.\") { __typename ... on Invalid { problems { rule } } \
     ... on Done { application { emergencies { subject review { by outcome } } } } } }";
const USES: &str = "query($unreviewed: Boolean) { emergencyAccesses(first: 10, unreviewed: $unreviewed) { edges { node { \
     applicationId number branch access { id subject reason isOpen isOverdue } } } } }";
const NAMES: &str =
    "query($id: ID!) { application(id: $id) { id applicantName content { parties { nameKanji } } } }";
const LIST: &str =
    "query { applications(first: 10) { edges { node { id } } } tasks(first: 10) { edges { node { id } } } }";
pub const REASON: &str = "The customer stands at our counter and the branch is closed.";

fn away() -> Actor {
    Actor { branches: vec!["998".to_owned()], ..person(Role::BranchManager, "manager-away") }
}

pub async fn submitted(house: &House) -> String {
    let id = house.draft(&person(Role::BranchClerk, "clerk")).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    id
}

/// Asks under the access of the case.
async fn under(house: &House, who: &Actor, id: &str, query: &str) -> Answer {
    let body = json!({ "query": query, "variables": { "id": id } }).to_string();
    let named = |request: reqwest::RequestBuilder| {
        request.header("idempotency-key", fresh_key()).header("yushi-emergency", id)
    };
    house.raw(who, body, named).await
}

async fn open(house: &House, who: &Actor, id: &str) -> Value {
    let opened = house.data(who, OPEN, json!({ "id": id, "reason": REASON })).await;
    assert_eq!(opened["openCaseInEmergency"]["problems"], json!([]), "{opened}");
    opened["openCaseInEmergency"]["access"].clone()
}

#[tokio::test]
async fn a_case_is_read_in_emergency_and_somebody_else_reviews_it() {
    let house = House::open().await;
    let (id, other) = (submitted(&house).await, submitted(&house).await);
    assert_eq!(house.ask(&away(), NAMES, json!({ "id": id })).await.code(), "NOT_FOUND");
    let before = under(&house, &away(), &id, NAMES).await;
    assert_eq!((before.status, before.code().as_str()), (403, "FORBIDDEN"), "{}", before.text);

    for (reason, accepted) in [("urgent", "15"), ("aaaaaaaaaaaaaaaaaaaaaaaaaaaa", "15")] {
        let refused = house.data(&away(), OPEN, json!({ "id": id, "reason": reason })).await;
        let problem = &refused["openCaseInEmergency"]["problems"][0];
        assert_eq!((&problem["field"], &problem["rule"]), (&json!("reason"), &json!("L-91")), "{refused}");
        assert!(problem["accepted"].as_str().is_some_and(|text| text.contains(accepted)), "{refused}");
    }
    let access = open(&house, &away(), &id).await;
    assert_eq!((&access["id"], &access["isOpen"]), (&json!("E1"), &json!(true)));

    // Only a request that says so sees the case, and it sees nothing else.
    assert_eq!(house.ask(&away(), NAMES, json!({ "id": id })).await.code(), "NOT_FOUND");
    let seen = under(&house, &away(), &id, NAMES).await.json();
    assert!(
        seen["data"]["application"]["applicantName"].as_str().is_some_and(|name| !name.is_empty()),
        "{seen}"
    );
    let listed = under(&house, &away(), &id, LIST).await.json()["data"].clone();
    assert_eq!(listed["applications"]["edges"], json!([{ "node": { "id": id } }]), "{listed}");
    assert_eq!(listed["tasks"]["edges"], json!([]), "{listed}");
    let strange = "query($id: ID!) { application(id: $id) { id } }";
    let body = json!({ "query": strange, "variables": { "id": other } }).to_string();
    let answer = house.raw(&away(), body, |request| request.header("yushi-emergency", &id)).await;
    assert_eq!(answer.code(), "NOT_FOUND", "{}", answer.text);

    // It changes nothing, offers nothing, and judges nobody's ability to repay.
    let memo = "mutation($id: ID!) { addMemo(applicationId: $id, text: \"mine\") { __typename } }";
    assert_eq!(under(&house, &away(), &id, memo).await.status, 403);
    let actions = "query($id: ID!) { allowedActions(applicationId: $id) { verb } }";
    assert_eq!(under(&house, &away(), &id, actions).await.json()["data"]["allowedActions"], json!([]));
    let bureau =
        "query($id: ID!) { bureauInquiries(applicationId: $id, purpose: REPAYMENT_ABILITY) { partyId } }";
    assert_eq!(under(&house, &away(), &id, bureau).await.code(), "FORBIDDEN");

    // Each look is on record under the access; compliance has the use before it and in its queue.
    let log =
        "query { accessLog(subject: \"manager-away\", first: 10) { edges { node { kinds emergency } } } }";
    let compliance = person(Role::Compliance, "compliance-1");
    let lines = house.data(&compliance, log, json!({})).await;
    assert_eq!(lines["accessLog"]["edges"][0]["node"]["emergency"], "E1", "{lines}");
    let uses = house.data(&compliance, USES, json!({ "unreviewed": true })).await;
    let used = &uses["emergencyAccesses"]["edges"][0]["node"];
    assert_eq!((&used["applicationId"], &used["access"]["reason"]), (&json!(id), &json!(REASON)), "{uses}");
    let queue =
        "query { tasks(first: 10, filter: { task: REVIEW_EMERGENCY }) { edges { node { applicationId } } } }";
    let waiting = house.data(&compliance, queue, json!({})).await;
    assert_eq!(waiting["tasks"]["edges"], json!([{ "node": { "applicationId": id } }]));

    let offered = async || {
        let actions = "query($id: ID!) { allowedActions(applicationId: $id) { verb key } }";
        let all = house.data(&compliance, actions, json!({ "id": id })).await["allowedActions"].clone();
        let all = all.as_array().cloned().unwrap_or_default();
        all.into_iter()
            .find(|action| action["verb"] == "reviewEmergencyAccess")
            .map(|action| action["key"].clone())
    };

    // While it runs nobody reviews it; ended it shows nothing any more.
    let early = house.data(&compliance, REVIEW, json!({ "id": id, "outcome": "JUSTIFIED" })).await;
    assert_eq!(early["reviewEmergencyAccess"]["problems"], json!([{ "rule": "L-91" }]), "{early}");
    assert_eq!(offered().await, None);
    let ended = house.data(&away(), END, json!({ "id": id })).await;
    assert_eq!(ended["endEmergencyAccess"]["access"]["endedBy"], "manager-away", "{ended}");
    assert_eq!(under(&house, &away(), &id, NAMES).await.status, 403);
    assert_eq!(offered().await, Some(json!("E1")));
    let reviewed = house.data(&compliance, REVIEW, json!({ "id": id, "outcome": "NOT_JUSTIFIED" })).await;
    let found = &reviewed["reviewEmergencyAccess"]["application"]["emergencies"][0];
    assert_eq!(found["review"], json!({ "by": "compliance-1", "outcome": "NOT_JUSTIFIED" }), "{reviewed}");
    assert_eq!(offered().await, None);
    let uses = house.data(&compliance, USES, json!({ "unreviewed": true })).await;
    assert_eq!(uses["emergencyAccesses"]["edges"], json!([]));
    for curious in [person(Role::BranchManager, "manager"), person(Role::ScreeningOfficer, "screener")] {
        assert_eq!(house.ask(&curious, USES, json!({})).await.code(), "GRAPHQL_VALIDATION_FAILED");
    }
}

#[tokio::test]
async fn a_repeat_opens_nothing_twice_and_a_deputy_opens_nothing() {
    let house = House::open().await;
    let id = submitted(&house).await;
    let (key, given) = (fresh_key(), json!({ "id": id, "reason": REASON }));
    let first = house.ask_with_key(&away(), &key, OPEN, given.clone()).await;
    let again = house.ask_with_key(&away(), &key, OPEN, given.clone()).await;
    assert_eq!(first.text, again.text);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let twice = house.data(&away(), OPEN, given.clone()).await;
    assert_eq!(twice["openCaseInEmergency"]["problems"][0]["field"], "applicationId", "{twice}");

    let colleague = person(Role::BranchClerk, "colleague");
    let today = first.json()["data"]["openCaseInEmergency"]["access"]["openedAt"]
        .as_str()
        .map(|at| at[..10].to_owned());
    let name = "mutation($d: Date!) { nameDeputy(deputy: \"colleague\", from: $d, until: $d, reason: \"holiday\") { deputy { id } } }";
    let second = Actor { subject: "second-away".to_owned(), ..away() };
    house.data(&second, name, json!({ "d": today })).await;
    let body = json!({ "query": OPEN, "variables": given }).to_string();
    let acting = |request: reqwest::RequestBuilder| {
        request.header("idempotency-key", fresh_key()).header("yushi-on-behalf-of", "second-away")
    };
    let refused = house.raw(&colleague, body, acting).await.json();
    let problem = &refused["data"]["openCaseInEmergency"]["problems"][0];
    assert_eq!(problem["field"], "onBehalfOf", "{refused}");
}

async fn listening(house: &House, who: &Actor, id: &str) -> Socket {
    let mut socket = dial(house, "graphql-transport-ws", None).await.expect("socket");
    let payload = json!({ "token": house.token(who), "emergency": id });
    say(&mut socket, json!({ "type": "connection_init", "payload": payload })).await;
    assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "connection_ack" })));
    socket
}

/// A stream of a case that is open in emergency tells of that case alone, and its socket ends with the access.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_open_stream_ends_with_the_access() {
    let house = House::open().await;
    let (id, other) = (submitted(&house).await, submitted(&house).await);
    let changed = "subscription { applicationChanged { application { id applicantName } } }";
    let mut early = listening(&house, &away(), &id).await;
    say(&mut early, subscribe("1", changed)).await;
    let refused = hear(&mut early).await.expect("an answer");
    assert_eq!(
        (&refused["type"], &refused["payload"][0]["extensions"]["code"]),
        (&json!("error"), &json!("FORBIDDEN"))
    );

    open(&house, &away(), &id).await;
    let mut socket = listening(&house, &away(), &id).await;
    say(&mut socket, subscribe("1", changed)).await;
    let memo = "mutation($id: ID!) { addMemo(applicationId: $id, text: \"again\") { __typename } }";
    let clerk = person(Role::BranchClerk, "clerk");
    let heard = loop {
        // A stream begins with what is committed after it.
        house.data(&clerk, memo, json!({ "id": other })).await;
        house.data(&clerk, memo, json!({ "id": id })).await;
        if let Some(message) = hear_within(&mut socket, Duration::from_millis(700)).await {
            break message;
        }
    };
    assert_eq!(heard["payload"]["data"]["applicationChanged"]["application"]["id"], json!(id), "{heard}");
    house.data(&away(), END, json!({ "id": id })).await;
    loop {
        let message = match hear(&mut socket).await {
            Ok(message) => message,
            Err(code) => break assert_eq!(code, 4403, "the access was all that the socket was for"),
        };
        assert!(!message.to_string().contains(&other), "{message}");
    }
}
