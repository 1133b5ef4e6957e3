//! Webhooks as owners, receivers and partners meet them: the official libraries on the other side, endpoints that answer badly, and
//! commands that come signed.

use crate::house::{House, institution, person};
use crate::node;
use api::auth::DEVELOPMENT;
use api::{Hooks, Sender};
use aws_lc_rs::rand::SystemRandom;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use chrono::{DateTime, TimeDelta, Utc};
use db::accounts::{account_id, new_account};
use db::{Answer, Request, Target};
use notifications::hooks::{HookCourier, HookParts, HookSettings};
use notifications::outgoing::Outgoing;
use notifications::retry::Dice;
use notifications::signature::{self, SigningKey, VerifyingKey};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicI64, AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::hooks::TEST as TEST_EVENT;
use workflows::machine::{Actor, Command as Asked, Role};
use workflows::sample::Sample;

const ADD: &str = "mutation($url: String!, $types: [String!]!) { addWebhookEndpoint(url: $url, types: $types) { \
     secret endpoint { id state secrets { mark } } } }";
const ENDPOINTS: &str = "{ webhookEndpoints { id url state disabledBy failures failingSince lastSuccessAt sequence secrets { mark endsAt } } }";
const TEST: &str = "mutation($id: ID!) { testWebhookEndpoint(id: $id) { id sequence state type } }";
const MESSAGES: &str = "query($id: ID!, $state: WebhookState) { webhookMessages(id: $id, first: 10, state: $state) { \
     edges { node { id sequence type state attempts error caseId version } } } }";

// --- the official libraries -----------------------------------------------------------------------------------------

/// Python with the pinned library, installed once below `target`.
fn python(folder: &Path) -> PathBuf {
    let list = folder.join("requirements.txt");
    let wanted = std::fs::read(&list).expect("the pinned list");
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("webhooks");
    let (python, stamp) = (home.join("bin/python"), home.join("installed.txt"));
    if std::fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        node::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home));
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        node::run(Command::new(&python).args(install).arg(&list));
        std::fs::write(stamp, wanted).expect("stamp");
    }
    python
}

/// Answers of a library to tasks.
fn answers(mut program: Command, tasks: &[Value]) -> Vec<Value> {
    program.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = program.spawn().unwrap_or_else(|error| panic!("{program:?}: {error}; `make setup`"));
    let lines: String = tasks.iter().map(|task| format!("{task}\n")).collect();
    std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), lines.as_bytes()).expect("given");
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{program:?}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("an answer")).collect()
}

fn libraries() -> Vec<(&'static str, Command)> {
    let folder = node::installed("webhooks");
    let mut javascript = Command::new("node");
    javascript.current_dir(&folder).arg("check.mjs");
    let mut with_python = Command::new(python(&folder));
    with_python.current_dir(&folder).arg("check.py");
    vec![("JavaScript", javascript), ("Python", with_python)]
}

#[test]
fn the_official_libraries_accept_every_signature_of_ours_and_we_theirs() {
    for (name, library) in libraries() {
        judges_as_we_do(name, library);
    }
}

/// The library judges by its own clock: what it is asked is signed when it is there to be asked.
fn judges_as_we_do(name: &str, library: Command) {
    let (random, now) = (SystemRandom::new(), Utc::now());
    let bodies =
        ["{}", r#"{"type":"case.approve_loan","data":{"version":7}}"#, r#"{"name":"労働金庫 🏠","n":[1,2]}"#];
    let (mut tasks, mut wanted) = (vec![], vec![]);
    let mut ask = |key: &SigningKey, signed: &signature::Signed, body: &str, accepted: bool| {
        tasks.push(json!({
            "task": "verify", "secret": key.text(), "id": signed.id, "timestamp": signed.timestamp,
            "signature": signed.signature, "body": body,
        }));
        wanted.push(accepted);
    };
    for round in 0..20 {
        let key = SigningKey::generate(&random).expect("a key");
        let other = SigningKey::generate(&random).expect("a key");
        let pair = SigningKey::generate_private(&random).expect("a key");
        let body = bodies[round % bodies.len()];
        let id = format!("msg_{round}");
        let sign = |keys: &[SigningKey], at: DateTime<Utc>| {
            signature::sign(keys, &id, at, body.as_bytes()).expect("signed")
        };
        let alone = sign(std::slice::from_ref(&key), now);
        ask(&key, &alone, body, true);
        // Among others, whichever place it has; `v1a` beside it is passed over.
        ask(&key, &sign(&[other.clone(), pair, key.clone()], now), body, true);
        // Forged: another key, another body, another id.
        ask(&other, &alone, body, false);
        ask(&key, &alone, r#"{"type":"case.decline_loan"}"#, false);
        ask(&key, &signature::Signed { id: format!("{id}x"), ..alone.clone() }, body, false);
        // Stale, and from the future.
        for minutes in [-6, 6] {
            ask(&key, &sign(std::slice::from_ref(&key), now + TimeDelta::minutes(minutes)), body, false);
        }
        // Replayed under a newer timestamp.
        let later = (now + TimeDelta::seconds(1)).timestamp().to_string();
        ask(&key, &signature::Signed { timestamp: later, ..alone.clone() }, body, false);
    }
    let signing: Vec<Value> = (0..20)
        .map(|round| {
            let key = SigningKey::generate(&random).expect("a key");
            json!({ "task": "sign", "secret": key.text(), "id": format!("msg_{round}"), "timestamp": now.timestamp(),
                    "body": bodies[round % bodies.len()] })
        })
        .collect();
    let ours = wanted.len();
    tasks.extend(signing.iter().cloned());
    let answers = answers(library, &tasks);
    assert_eq!(answers.len(), tasks.len(), "{name}");
    for ((answer, accepted), task) in answers.iter().zip(&wanted).zip(&tasks) {
        assert_eq!(answer["accepted"], *accepted, "{name}: {task} {answer}");
    }
    for (answer, task) in answers[ours..].iter().zip(&signing) {
        let text = |name: &str| task[name].as_str().expect("text");
        let key = VerifyingKey::parse(text("secret")).expect("a key");
        let given = answer["signature"].as_str().expect("a signature");
        let at = now.timestamp().to_string();
        let judge = |body: &str, at: &str| {
            signature::verify(std::slice::from_ref(&key), text("id"), at, given, body.as_bytes(), now)
        };
        assert_eq!(judge(text("body"), &at), Ok(()), "{name}: {task}");
        assert_eq!(judge("{ }", &at), Err(signature::BadSignature::Wrong), "{name}");
    }
    let refused = wanted.iter().filter(|accepted| !**accepted).count();
    println!(
        "{name}: {} of ours judged, {refused} of them refused; {} of theirs accepted",
        ours,
        signing.len()
    );
}

// --- outgoing -------------------------------------------------------------------------------------------------------

/// What a receiver got: headers, body.
type Got = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// An endpoint that answers as it is told.
struct Receiver {
    address: std::net::SocketAddr,
    got: Got,
    status: Arc<AtomicU16>,
}

impl Receiver {
    async fn start() -> Receiver {
        let (got, status): (Got, Arc<AtomicU16>) = (Arc::default(), Arc::new(AtomicU16::new(200)));
        let state = (got.clone(), status.clone());
        let take = |State((got, status)): State<(Got, Arc<AtomicU16>)>, headers: HeaderMap, body: String| async move {
            got.lock().expect("lock").push((headers, body));
            let status = StatusCode::from_u16(status.load(Ordering::Relaxed)).expect("a status");
            let elsewhere = [("location", "https://elsewhere.example/")];
            (status, elsewhere, "secret words of the other side".repeat(10_000))
        };
        let app = axum::Router::new().route("/in", axum::routing::post(take)).with_state(state);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = listener.local_addr().expect("address");
        tokio::spawn(async move { axum::serve(listener, app).await });
        Receiver { address, got, status }
    }

    fn url(&self) -> String {
        format!("http://{}/in", self.address)
    }

    fn answers(&self, status: u16) {
        self.status.store(status, Ordering::Relaxed);
    }

    fn got(&self) -> Vec<(HeaderMap, String)> {
        std::mem::take(&mut *self.got.lock().expect("lock"))
    }
}

/// A clock that is moved by hand.
#[derive(Clone)]
struct Moved(DateTime<Utc>, Arc<AtomicI64>);

impl Moved {
    fn now(&self) -> DateTime<Utc> {
        self.0 + TimeDelta::seconds(self.1.load(Ordering::Relaxed))
    }

    fn on(&self, seconds: i64) {
        self.1.fetch_add(seconds, Ordering::Relaxed);
    }
}

struct Longest;

impl Dice for Longest {
    fn up_to(&self, most: u64) -> u64 {
        most
    }
}

/// When the house stands still.
pub fn began() -> DateTime<Utc> {
    Sample::Purchase.form().expect("form").received_at.with_timezone(&Utc)
}

/// A house whose endpoints may lie at one receiver, with the courier that sends there.
async fn sending(receiver: &Receiver) -> (House, HookCourier, Moved) {
    let outgoing = Outgoing::default().allowing(&[receiver.address.to_string()]).expect("an address");
    let house = around(Hooks { outgoing: outgoing.clone(), ..Hooks::default() }).await;
    let clock = Moved(began() + TimeDelta::seconds(60), Arc::default());
    let parts = HookParts {
        store: house.store.clone(),
        outgoing,
        clock: Arc::new({
            let clock = clock.clone();
            move || clock.now()
        }),
        dice: Arc::new(Longest),
        tally: Arc::new(|_| ()),
        settings: HookSettings::default(),
        worker: "test".to_owned(),
    };
    (house, HookCourier::new(parts), clock)
}

pub async fn around(hooks: Hooks) -> House {
    let house = House::hooked(hooks).await;
    let accounts = [account("guarantor-1", Role::Guarantor, Some("GUARANTOR-1"))];
    house.store.add_accounts(&accounts, "test", Utc::now()).await.expect("added");
    house.gate.forget();
    house
}

fn account(login: &str, role: Role, organisation: Option<&str>) -> workflows::account::Account {
    let organisation = organisation.map(str::to_owned);
    let (name, roles) = (login.to_owned(), vec![role]);
    let profile = Profile { name, roles, branches: vec![], organisation, lead: false };
    let wanted = Wanted { kind: AccountKind::Client, login: login.to_owned(), profile };
    new_account(&account_id(), DEVELOPMENT, &institution(), wanted, Utc::now())
}

fn admin() -> Actor {
    person(Role::UserAdmin, "admin-1")
}

/// A new endpoint at the receiver; its id and secret.
async fn added(house: &House, who: &Actor, url: &str, types: &[&str]) -> (String, String) {
    let made =
        house.data(who, ADD, json!({ "url": url, "types": types })).await["addWebhookEndpoint"].clone();
    let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
    (text(&made["endpoint"]["id"]), text(&made["secret"]))
}

/// SEC-O05.
#[tokio::test(flavor = "multi_thread")]
async fn an_owner_keeps_an_endpoint_and_its_receiver_can_verify() {
    let receiver = Receiver::start().await;
    let (house, courier, clock) = sending(&receiver).await;
    let (id, secret) = added(&house, &admin(), &receiver.url(), &[TEST_EVENT, "case.create_draft"]).await;
    let sent = house.data(&admin(), TEST, json!({ "id": id })).await["testWebhookEndpoint"].clone();
    house.draft(&person(Role::BranchClerk, "clerk")).await;
    assert_eq!(courier.sweep().await.expect("swept"), 2);
    let got = receiver.got();
    let key = VerifyingKey::parse(&secret).expect("a key");
    let header = |headers: &HeaderMap, name: &str| headers[name].to_str().expect("text").to_owned();
    let kinds: Vec<String> = got
        .iter()
        .map(|(headers, body)| {
            let of = |name| header(headers, name);
            let (id, at, signed) = (of(signature::ID), of(signature::TIMESTAMP), of(signature::SIGNATURE));
            let judged = signature::verify(
                std::slice::from_ref(&key),
                &id,
                &at,
                &signed,
                body.as_bytes(),
                clock.now(),
            );
            assert_eq!(judged, Ok(()));
            assert_eq!(header(headers, "content-type"), "application/json");
            let body: Value = serde_json::from_str(body).expect("JSON");
            let mut data: Vec<&String> = body["data"].as_object().expect("data").keys().collect();
            data.sort();
            assert_eq!(data, ["applicationId", "institution", "sequence", "version"], "ids and nothing else");
            body["type"].as_str().expect("type").to_owned()
        })
        .collect();
    assert!(
        kinds.contains(&TEST_EVENT.to_owned()) && kinds.contains(&"case.create_draft".to_owned()),
        "{kinds:?}"
    );
    assert!(
        got.iter().any(|(headers, _)| header(headers, signature::ID) == sent["id"].as_str().expect("id"))
    );
    let listed = house.data(&admin(), ENDPOINTS, json!({})).await["webhookEndpoints"][0].clone();
    assert_eq!(
        (&listed["sequence"], &listed["failures"], &listed["state"]),
        (&json!(2), &json!(0), &json!("ACTIVE"))
    );
    assert!(listed["lastSuccessAt"].is_string(), "{listed}");
    assert_eq!(listed.to_string().matches("whsec_").count(), 0);
    // A repeat of the request that made it finds everything but the secret.
    let body =
        json!({ "query": ADD, "variables": { "url": receiver.url(), "types": [TEST_EVENT] } }).to_string();
    let owner = admin();
    let repeated = || {
        house.raw(&owner, body.clone(), |request| request.header("idempotency-key", "key-of-an-endpoint-1"))
    };
    let first = repeated().await.json();
    let second = repeated().await.json();
    assert!(first["data"]["addWebhookEndpoint"]["secret"].is_string(), "{first}");
    assert_eq!(second["data"]["addWebhookEndpoint"]["secret"], Value::Null, "{second}");
    assert_eq!(
        second["data"]["addWebhookEndpoint"]["endpoint"],
        first["data"]["addWebhookEndpoint"]["endpoint"]
    );
    // Nobody else finds any of it.
    let other = person(Role::Guarantor, "guarantor");
    assert_eq!(house.data(&other, ENDPOINTS, json!({})).await["webhookEndpoints"], json!([]));
    assert_eq!(house.ask(&other, TEST, json!({ "id": id })).await.code(), "NOT_FOUND");
    assert_eq!(house.ask(&other, MESSAGES, json!({ "id": id })).await.code(), "NOT_FOUND");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_fails_is_tried_for_three_days_and_a_gone_endpoint_is_left_alone() {
    let receiver = Receiver::start().await;
    let (house, courier, clock) = sending(&receiver).await;
    let (id, _) = added(&house, &admin(), &receiver.url(), &[TEST_EVENT]).await;
    house.data(&admin(), TEST, json!({ "id": id })).await;
    let (mut attempts, mut ids) = (0, vec![]);
    let statuses = [500, 302, 404, 429, 503];
    for round in 0..400 {
        receiver.answers(statuses[round % statuses.len()]);
        attempts += courier.sweep().await.expect("swept");
        ids.extend(receiver.got().into_iter().map(|(headers, _)| headers[signature::ID].clone()));
        clock.on(900);
    }
    let dead_letters = json!({ "id": id, "state": "PARKED" });
    let parked = house.data(&admin(), MESSAGES, dead_letters).await["webhookMessages"]["edges"].clone();
    let dead = &parked[0]["node"];
    println!("three days: {attempts} attempts, last {}", dead["error"]);
    assert_eq!(dead["attempts"], json!(attempts), "{parked}");
    assert!((15..80).contains(&attempts), "{attempts}");
    assert!(
        dead["error"].as_str().is_some_and(|error| error.starts_with("HTTP ") && error.len() < 10),
        "{dead}"
    );
    ids.dedup();
    assert_eq!(ids.len(), 1, "one id over all attempts; a redirect is followed nowhere");
    // Sent again by hand it arrives under the same id.
    receiver.answers(200);
    let again = "mutation($id: ID!, $m: ID) { resendWebhooks(id: $id, messageId: $m) }";
    let count =
        house.data(&admin(), again, json!({ "id": id, "m": dead["id"] })).await["resendWebhooks"].clone();
    assert_eq!((count, courier.sweep().await.expect("swept")), (json!(1), 1));
    assert_eq!(receiver.got()[0].0[signature::ID], ids[0]);
    // 410: the endpoint is disabled, and nothing more is sent until its owner activates it.
    receiver.answers(410);
    house.data(&admin(), TEST, json!({ "id": id })).await;
    assert_eq!(courier.sweep().await.expect("swept"), 1);
    let listed = house.data(&admin(), ENDPOINTS, json!({})).await["webhookEndpoints"][0].clone();
    assert_eq!((&listed["state"], &listed["disabledBy"]), (&json!("DISABLED"), &json!("GONE")));
    assert_eq!(house.ask(&admin(), TEST, json!({ "id": id })).await.code(), "BAD_USER_INPUT");
    receiver.answers(204);
    let activate = "mutation($id: ID!) { changeWebhookEndpoint(id: $id, state: ACTIVE) { state } }";
    house.data(&admin(), activate, json!({ "id": id })).await;
    clock.on(86_400);
    assert_eq!(courier.sweep().await.expect("swept"), 1, "what waited goes");
}

/// SEC-O01: what is entered is judged, and judged again when it is called.
#[tokio::test]
async fn addresses_inside_are_refused_unless_they_are_named_exactly() {
    let house = around(Hooks::default()).await;
    for url in [
        "http://hooks.bank.example/in",
        "https://127.0.0.1/in",
        "https://10.0.0.1:8443/",
        "https://[::1]/",
        "https://user:word@hooks.bank.example/",
        "https://2130706433/",
        "file:///etc/hosts",
        "hooks",
    ] {
        let answer = house.ask(&admin(), ADD, json!({ "url": url, "types": [TEST_EVENT] })).await;
        assert_eq!(answer.code(), "BAD_USER_INPUT", "{url}: {}", answer.text);
        assert!(answer.text.contains("公開ホスト"), "{}", answer.text);
    }
    let opened =
        Outgoing::default().allowing(&["10.0.0.1:8443".to_owned(), "core.bank.internal:443".to_owned()]);
    let opened = opened.expect("hosts");
    assert!(
        opened.judge("https://10.0.0.1:8443/in").is_ok()
            && opened.judge("https://core.bank.internal/").is_ok()
    );
    for other in ["https://10.0.0.1/in", "http://10.0.0.1:8443/", "https://10.0.0.2:8443/"] {
        assert!(opened.judge(other).is_err(), "{other}");
    }
    for wrong in ["10.0.0.1", "host:0", "https://host:1", ":1", "a b:1"] {
        assert!(Outgoing::default().allowing(&[wrong.to_owned()]).is_none(), "{wrong}");
    }
}

// --- incoming -------------------------------------------------------------------------------------------------------

pub struct Partner<'h> {
    pub house: &'h House,
    pub key: SigningKey,
}

impl Partner<'_> {
    pub fn signed(&self, id: &str, body: &str) -> signature::Signed {
        signature::sign(std::slice::from_ref(&self.key), id, Utc::now(), body.as_bytes()).expect("signed")
    }

    pub async fn post(&self, name: &str, signed: &signature::Signed, body: &str) -> (u16, Value, bool) {
        let request = self.house.http.post(self.house.at(&format!("hooks/{name}"))).body(body.to_owned());
        let request =
            signed.headers().iter().fold(request, |request, (name, value)| request.header(*name, *value));
        let answer = request.send().await.expect("answer");
        let replayed = answer.headers().contains_key("idempotency-replayed");
        (answer.status().as_u16(), answer.json().await.unwrap_or_default(), replayed)
    }

    async fn send(&self, id: &str, body: &str) -> (u16, Value, bool) {
        self.post("guarantor-1", &self.signed(id, body), body).await
    }
}

fn decline(id: &str, request: &str) -> String {
    let query = "mutation($id: ID!, $request: ID!) { declineGuarantee(applicationId: $id, requestId: $request) \
                 { __typename ... on Done { version } } }";
    let data = json!({ "query": query, "variables": { "id": id, "request": request } });
    json!({ "type": "graphql.command", "timestamp": "2026-04-01T00:00:00Z", "data": data }).to_string()
}

/// The request that the guarantor answers, as it is told to the guarantor itself.
async fn request_of(house: &House, actor: &Actor, id: &str) -> String {
    let asked = "query($id: ID!) { allowedActions(applicationId: $id) { verb requestId } }";
    let told = house.data(actor, asked, json!({ "id": id })).await;
    let mut actions = told["allowedActions"].as_array().expect("actions").iter();
    let action =
        actions.find(|action| action["verb"] == "declineGuarantee").expect("the guarantor may decline");
    action["requestId"].as_str().expect("a request").to_owned()
}

async fn run(house: &House, actor: &Actor, target: Target<'_>, command: &Asked) -> db::Done {
    let request = Request { actor, now: began(), target, command, expected_version: None, key: None };
    match house.store.execute(request).await.expect("answer") {
        Answer::Done(done) => done,
        other => panic!("{other:?}"),
    }
}

/// A case that waits for its guarantor.
pub async fn asked_of_guarantor(house: &House) -> String {
    let id = uuid::Uuid::now_v7().to_string();
    let form = Sample::Purchase.form().expect("form");
    let branch = form.institution.branch_code.clone();
    let staff = |role, name: &str| Actor { branches: vec![branch.clone()], ..person(role, name) };
    let (clerk, manager) = (staff(Role::BranchClerk, "clerk"), staff(Role::BranchManager, "manager"));
    let applicant = person(Role::Applicant, "taro");
    let case = Target::Case { id: &id };
    run(house, &applicant, Target::New { id: &id }, &Asked::CreateDraft { form }).await;
    run(house, &applicant, case, &Asked::SubmitApplication { received_at: None, external_id: None }).await;
    let proposed = run(house, &clerk, case, &Asked::StartScreening {}).await;
    let proposal_id = proposed.case.proposals[0].id.clone();
    let screened = run(house, &manager, case, &Asked::ApproveProposal { proposal_id }).await;
    assert_eq!(screened.case.engagements.get(&Role::Guarantor).map(String::as_str), Some("GUARANTOR-1"));
    id
}

async fn version_of(house: &House, id: &str) -> u64 {
    let scope = db::Scope::of(&Actor::internal(Role::System));
    house.store.case(&scope, id).await.expect("read").expect("a case").version
}

/// SEC-I01, SEC-I02, SEC-I03, SEC-I04.
#[tokio::test(flavor = "multi_thread")]
async fn a_signed_command_has_its_effect_once_and_only_in_its_senders_name() {
    let key = SigningKey::generate_private(&SystemRandom::new()).expect("a key");
    let sender = |name: &str, login: &str| Sender {
        name: name.to_owned(),
        login: login.to_owned(),
        keys: vec![key.verifying()],
    };
    let senders =
        vec![sender("guarantor-1", "guarantor-1"), sender("nobody", "nobody"), sender("clerk", "clerk-1")];
    let house = around(Hooks { senders: senders.clone(), ..Hooks::default() }).await;
    let clerk = account("clerk-1", Role::BranchClerk, None);
    house.store.add_accounts(&[clerk], "test", Utc::now()).await.expect("added");
    let id = asked_of_guarantor(&house).await;
    let partner = Partner { house: &house, key: key.clone() };
    let guarantor = Actor { subject: "guarantor-1".to_owned(), ..person(Role::Guarantor, "guarantor-1") };
    let body = decline(&id, &request_of(&house, &guarantor, &id).await);
    let code = |answer: &Value| {
        let of = |value: &Value| value.as_str().map(str::to_owned);
        of(&answer["code"]).or_else(|| of(&answer["errors"][0]["extensions"]["code"])).unwrap_or_default()
    };
    let before = version_of(&house, &id).await;

    // Forged, stale, without headers, from nobody we know: nothing is read of the body.
    let good = partner.signed("msg_decline_0001", &body);
    let (status, answer, _) = partner.post("guarantor-1", &good, &body.replace(&id, "another-id")).await;
    assert_eq!((status, code(&answer).as_str()), (401, "WEBHOOK_SIGNATURE"), "{answer}");
    let old = signature::sign(
        std::slice::from_ref(&key),
        "msg_old",
        Utc::now() - TimeDelta::seconds(301),
        body.as_bytes(),
    );
    let (status, answer, _) = partner.post("guarantor-1", &old.expect("signed"), &body).await;
    assert_eq!((status, code(&answer).as_str()), (401, "WEBHOOK_STALE"), "{answer}");
    let plus = signature::Signed { timestamp: format!("+{}", good.timestamp), ..good.clone() };
    let (status, answer, _) = partner.post("guarantor-1", &plus, &body).await;
    assert_eq!((status, code(&answer).as_str()), (400, "WEBHOOK_HEADERS"), "{answer}");
    let (status, answer, _) = partner.post("unknown", &good, &body).await;
    assert_eq!((status, code(&answer).as_str()), (404, "NOT_FOUND"), "{answer}");
    for name in ["nobody", "clerk"] {
        let (status, answer, _) = partner.post(name, &good, &body).await;
        assert_eq!((status, code(&answer).as_str()), (403, "WEBHOOK_ACCOUNT"), "{name}: {answer}");
    }
    // Signed, but no command on a case.
    for wrong in [
        "[]",
        "{}",
        r#"{"type":"graphql.command"}"#,
        r#"{"type":"graphql.command","data":{"query":"{ me { role } }"}}"#,
    ] {
        let (status, answer, _) = partner.send("msg_wrong", wrong).await;
        assert!(status == 400 && code(&answer).starts_with("WEBHOOK_"), "{wrong}: {answer}");
    }
    assert_eq!(version_of(&house, &id).await, before);

    // The command itself, once.
    let (status, answer, replayed) = partner.post("guarantor-1", &good, &body).await;
    assert_eq!(
        (status, &answer["data"]["declineGuarantee"]["__typename"], replayed),
        (200, &json!("Done"), false),
        "{answer}"
    );
    assert_eq!(version_of(&house, &id).await, before + 1);
    // Sent again, also under a newer timestamp, it gets its first answer and changes nothing.
    for signed in [good.clone(), partner.signed("msg_decline_0001", &body)] {
        let (status, again, replayed) = partner.post("guarantor-1", &signed, &body).await;
        assert_eq!((status, &again, replayed), (200, &answer, true));
    }
    // The same id with another body.
    let other = body.replace("graphql.command\"", "graphql.command\" ");
    let (status, refused, _) = partner.send("msg_decline_0001", &other).await;
    assert_eq!((status, code(&refused).as_str()), (422, "IDEMPOTENCY_KEY_REUSED"), "{refused}");
    assert_eq!(version_of(&house, &id).await, before + 1);
    // Its id is known for ever, when every other key is forgotten, and to every process.
    house.store.forget_keys(Utc::now() + TimeDelta::days(4_000), 10_000).await.expect("forgotten");
    let twin = house.twin_hooked(Hooks { senders, ..Hooks::default() }).await;
    let elsewhere = Partner { house: &twin, key: key.clone() };
    let (status, refused, _) = elsewhere.send("msg_decline_0001", &other).await;
    assert_eq!((status, code(&refused).as_str()), (422, "IDEMPOTENCY_KEY_REUSED"), "{refused}");
    let (status, _, replayed) = elsewhere.send("msg_decline_0001", &body).await;
    assert_eq!((status, replayed), (200, true));
    assert_eq!(version_of(&house, &id).await, before + 1);
    let reserved = house
        .ask_with_key(&guarantor, "webhook_msg_decline_0002", "mutation { claimNext { id } }", json!({}))
        .await;
    assert_eq!(reserved.status, 400, "nobody takes such a key for himself: {}", reserved.text);
    // Another case is not his: the same answer as for one that is not there.
    let (_, hidden, _) = partner.send("msg_other_case", &decline("no-such-id", "T05.1")).await;
    assert_eq!(code(&hidden), "NOT_FOUND", "{hidden}");

    // The same answer to the same request under a new id has no second effect: it gets the first one's.
    let (status, late, _) = partner.send("msg_decline_0002", &body).await;
    assert_eq!(
        (status, &late["data"]["declineGuarantee"]),
        (200, &answer["data"]["declineGuarantee"]),
        "{late}"
    );
    assert_eq!(version_of(&house, &id).await, before + 1);

    // Suspended, the account counts no more, whatever is signed.
    house
        .sql("UPDATE account SET state = 'SUSPENDED', version = version + 1 WHERE login = 'guarantor-1'")
        .await;
    house.gate.forget();
    let (status, answer, _) = partner.send("msg_after_suspension", &body).await;
    assert_eq!((status, code(&answer).as_str()), (403, "WEBHOOK_ACCOUNT"), "{answer}");
}
