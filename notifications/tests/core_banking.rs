//! A posting over HTTP to a core that loses answers, is away, answers twice and late: the money moves once.

#[expect(dead_code, reason = "the stories have more uses than this one")]
#[path = "../../workflows/tests/story/mod.rs"]
mod story;
mod support;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::Duration;
use db::outbox::Lane;
use db::{Answer, Request, Scope, Store, StoreOptions, Target};
use notifications::core_banking::{CoreBanking, CoreLine};
use notifications::signature::{SigningKey, verify};
use notifications::{Clock, Courier, CourierParts, MailConfig, NoAddresses, StorePost};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use story::{Bank, Library, Theatre, begins_a_job, meant};
use support::{PATIENCE, TestClock, quick};
use tokio::net::TcpSocket;
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::facts::PostingState;
use workflows::machine::{Actor, Case, Command, Role, Stage, Table};
use workflows::sample;

const ISSUER: &str = "https://issuer.example";
const LOGIN: &str = "core-client";

/// What the core does with one message.
#[derive(Copy, Clone, Debug, PartialEq)]
enum Mood {
    Answers,
    /// Does what it is told, and the answer never arrives.
    LosesTheAnswer,
    /// Does what it is told and says 500.
    Fails,
    Refuses,
    SaysUnknown,
}

#[derive(Default)]
struct Ledger {
    moods: VecDeque<Mood>,
    /// Messages as they came: which, and under which webhook-id.
    heard: Vec<(String, String)>,
    /// Reference by key, and how often money moved under it.
    posted: HashMap<String, (String, u32)>,
    refused: HashMap<String, String>,
}

struct Core {
    ledger: Mutex<Ledger>,
    key: SigningKey,
    clock: Arc<TestClock>,
}

async fn told(State(core): State<Arc<Core>>, headers: HeaderMap, body: Bytes) -> (StatusCode, String) {
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let (id, time, signature) =
        (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    let judged = verify(&[core.key.verifying()], &id, &time, &signature, &body, core.clock.now());
    judged.expect("rightly signed");
    let envelope: Value = serde_json::from_slice(&body).expect("JSON");
    let (message, key) = (envelope["data"]["message"].clone(), envelope["data"]["posting_key"].clone());
    let (message, key) =
        (message.as_str().expect("message").to_owned(), key.as_str().expect("key").to_owned());
    let (mood, answer) = {
        let mut ledger = core.ledger.lock().expect("ledger");
        ledger.heard.push((message.clone(), id));
        let mood = ledger.moods.pop_front().unwrap_or(Mood::Answers);
        (mood, answer(&mut ledger, mood, &message, key))
    };
    match mood {
        Mood::LosesTheAnswer => std::future::pending().await,
        Mood::Fails => (StatusCode::INTERNAL_SERVER_ERROR, String::new()),
        _ => (StatusCode::OK, answer.to_string()),
    }
}

fn answer(ledger: &mut Ledger, mood: Mood, message: &str, key: String) -> Value {
    if mood == Mood::SaysUnknown {
        return json!({ "outcome": "UNKNOWN" });
    }
    if message == "POSTING_ORDER" {
        if mood == Mood::Refuses {
            ledger.refused.insert(key.clone(), "口座解約済".to_owned());
        } else {
            let next = format!("LEDGER-{}", ledger.posted.len() + 1);
            ledger.posted.entry(key.clone()).or_insert((next, 0)).1 += 1;
        }
    }
    match (ledger.posted.get(&key), ledger.refused.get(&key)) {
        (Some((reference, _)), _) => json!({ "outcome": "DONE", "reference": reference, "later_field": 1 }),
        (None, Some(reason)) => json!({ "outcome": "REFUSED", "reason": reason }),
        (None, None) => json!({ "outcome": "NOT_FOUND" }),
    }
}

struct Place {
    store: Store,
    clock: Arc<TestClock>,
    core: Arc<Core>,
    courier: Courier,
    address: std::net::SocketAddr,
    /// Holds the address until somebody listens.
    silent: Mutex<Option<TcpSocket>>,
    case: String,
    institution: String,
    organisation: String,
    _folder: tempfile::TempDir,
}

/// A case whose posting two people have ordered, and a core that is away so far.
async fn ordered() -> Place {
    waiting_for(PATIENCE).await
}

/// The same with so much time for an answer of the core.
async fn waiting_for(patience: std::time::Duration) -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = sample::rulebook().expect("sound");
    let (library, table, bank) = (Library::load(), Table::default(), Bank::of(&rules));
    let mut world = Theatre::new(&library, &table, &bank).run("9-ready", None).expect("the story");
    let (maker, order) = meant(&world, "operations orderPosting");
    world.act(&maker, &order).expect("proposed");
    let proposal_id = world.case.as_ref().expect("case").proposals[0].id.clone();
    let (checker, _) = meant(&world, "operations:b orderPosting");
    world.act(&checker, &Command::ApproveProposal { proposal_id }).expect("ordered");

    let url = format!("sqlite:{}", folder.path().join("yushi.db").display());
    let store = Store::open(&url, StoreOptions::new(Arc::new(sample::rulebook().expect("sound")))).await;
    let store = store.expect("opens");
    store.migrate().await.expect("migrates");
    let case = world.case.clone().expect("case");
    for (at, (actor, command, now)) in world.done.iter().enumerate() {
        if begins_a_job(&world.done, at) {
            let (scope, said) = (Scope::of(actor), (true, false, false, None));
            let taken = store.answer_engagement(&scope, &case.id, said, *now).await.expect("answered");
            assert!(matches!(taken, db::case_lines::LineAnswer::Done(_)), "{taken:?}");
        }
        let target = match command {
            Command::CreateDraft { .. } => Target::New { id: &case.id },
            _ => Target::Case { id: &case.id },
        };
        let request = Request { actor, now: *now, target, command, expected_version: None, key: None };
        let answer = store.execute(request).await.expect("answers");
        assert!(matches!(answer, Answer::Done(_)), "{command:?}: {answer:?}");
    }
    let clock = TestClock::at(world.now + Duration::seconds(1));
    let organisation = case.engagements[&Role::CoreBanking].clone();
    let profile = Profile {
        name: "勘定系".to_owned(),
        roles: vec![Role::CoreBanking],
        branches: vec![],
        organisation: Some(organisation.clone()),
        lead: false,
    };
    let wanted = Wanted { kind: AccountKind::Client, login: LOGIN.to_owned(), profile };
    let account = db::accounts::new_account("account-1", ISSUER, &case.institution, wanted, world.now);
    store.add_accounts(&[account], "installation", world.now).await.expect("added");

    // A port that is taken, and on which nobody listens yet.
    let silent = TcpSocket::new_v4().expect("socket");
    silent.bind("127.0.0.1:0".parse().expect("address")).expect("port");
    let address = silent.local_addr().expect("address");
    let key = SigningKey::Shared(vec![9; 32]);
    let core = Arc::new(Core { ledger: Mutex::default(), key: key.clone(), clock: clock.clone() });
    let line =
        CoreLine { url: format!("http://{address}/"), keys: vec![key], login: LOGIN.to_owned(), patience };
    let lines = BTreeMap::from([(case.institution.clone(), line)]);
    let banking = CoreBanking::new(store.clone(), ISSUER.to_owned(), lines, clock.clone()).expect("sound");
    let post = Arc::new(StorePost::new(store.clone()));
    let parts =
        CourierParts::new(post, Arc::new(NoAddresses), clock.clone(), MailConfig::default(), quick(), "w");
    let parts = CourierParts { core: Some(Arc::new(banking)), ..parts.expect("sound") };
    let courier = Courier::new(parts).expect("sound");
    let (case, institution) = (case.id.clone(), case.institution.clone());
    let silent = Mutex::new(Some(silent));
    Place { store, clock, core, courier, address, silent, case, institution, organisation, _folder: folder }
}

impl Place {
    /// From now on somebody listens.
    async fn opens(&self, moods: &[Mood]) {
        self.core.ledger.lock().expect("ledger").moods.extend(moods.iter().copied());
        let silent = self.silent.lock().expect("silent").take().expect("nobody listens yet");
        let listener = silent.listen(64).expect("a listener");
        let app = Router::new().route("/", post(told)).with_state(self.core.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
    }

    async fn sweep(&self) {
        self.courier.sweep().await.expect("the outbox answers");
    }

    /// Carries until everything is settled, the clock going on.
    async fn settle(&self) {
        for _ in 0..4 {
            self.sweep().await;
            self.clock.advance(Duration::minutes(15));
        }
    }

    fn heard(&self) -> Vec<String> {
        self.core.ledger.lock().expect("ledger").heard.iter().map(|(message, _)| message.clone()).collect()
    }

    /// How often money moved, over all keys.
    fn moved(&self) -> u32 {
        self.core.ledger.lock().expect("ledger").posted.values().map(|(_, times)| times).sum()
    }

    fn actor(&self) -> Actor {
        Actor {
            subject: LOGIN.to_owned(),
            role: Role::CoreBanking,
            institution: self.institution.clone(),
            branches: vec![],
            organisation: Some(self.organisation.clone()),
            on_behalf_of: None,
        }
    }

    async fn case(&self) -> Arc<Case> {
        let scope = db::Scope::of(&self.actor());
        let ids = [self.case.clone()];
        self.store.cases(&scope, &ids).await.expect("answers").first().expect("there").clone()
    }

    async fn says(&self, command: &Command) -> Answer {
        let (actor, now, id) = (self.actor(), self.clock.now(), self.case.clone());
        let target = Target::Case { id: &id };
        let request = Request { actor: &actor, now, target, command, expected_version: None, key: None };
        self.store.execute(request).await.expect("answers")
    }
}

#[tokio::test]
async fn an_order_is_carried_out_and_confirmed_under_the_account() {
    let place = ordered().await;
    place.opens(&[]).await;
    place.sweep().await;
    let case = place.case().await;
    assert_eq!((case.stage, case.postings[0].state), (Stage::Disbursed, PostingState::Posted));
    assert_eq!(place.heard(), ["POSTING_ORDER"]);
    // It stands in the partner's list as well, and nothing is left to send.
    let counts = place.store.outbox_counts().await.expect("answers");
    assert_eq!(counts.parked, 0);
    place.settle().await;
    assert_eq!((place.heard().len(), place.moved()), (1, 1));
}

#[tokio::test]
async fn a_lost_answer_is_asked_about_and_never_sent_again() {
    for mood in [Mood::LosesTheAnswer, Mood::Fails, Mood::SaysUnknown] {
        let lost = mood == Mood::LosesTheAnswer;
        let place = waiting_for(if lost { std::time::Duration::from_secs(3) } else { PATIENCE }).await;
        place.opens(&[mood, Mood::SaysUnknown]).await;
        place.settle().await;
        let posted = if mood == Mood::SaysUnknown { 0 } else { 1 };
        assert_eq!(place.moved(), posted, "{mood:?}");
        let heard = place.heard();
        assert_eq!(heard[0], "POSTING_ORDER");
        assert!(
            heard.len() >= 3 && heard[1..].iter().all(|message| message == "POSTING_QUERY"),
            "{mood:?}: {heard:?}"
        );
        let case = place.case().await;
        let wanted = if posted == 1 { PostingState::Posted } else { PostingState::Ordered };
        assert_eq!(case.postings[0].state, wanted, "{mood:?}");
    }
}

#[tokio::test]
async fn an_order_that_could_not_leave_leaves_once_the_core_is_back() {
    let place = ordered().await;
    place.sweep().await;
    place.clock.advance(Duration::minutes(15));
    place.sweep().await;
    assert_eq!(place.moved(), 0);
    place.clock.advance(Duration::minutes(15));
    place.opens(&[]).await;
    place.settle().await;
    assert_eq!((place.heard(), place.moved()), (vec!["POSTING_ORDER".to_owned()], 1));
    assert_eq!(place.case().await.stage, Stage::Disbursed);
}

#[tokio::test]
async fn a_courier_that_vanished_leaves_a_question_not_an_order() {
    let place = ordered().await;
    let lease = std::time::Duration::from_secs(5);
    let taken = place.store.lease(Lane::Core, place.clock.now(), "gone", 10, lease).await.expect("answers");
    assert_eq!(taken.len(), 1, "{taken:?}");
    place.clock.advance(Duration::minutes(1));
    place.opens(&[]).await;
    place.sweep().await;
    assert_eq!((place.heard(), place.moved()), (vec!["POSTING_QUERY".to_owned()], 0));
    assert_eq!(place.case().await.postings[0].state, PostingState::Ordered);
}

#[tokio::test]
async fn what_is_told_again_or_otherwise_later_changes_nothing() {
    let place = ordered().await;
    place.opens(&[]).await;
    place.sweep().await;
    let before = place.case().await;
    let posting_key = before.postings[0].key.clone();
    let confirm = |reference: &str| Command::ConfirmPosting {
        posting_key: posting_key.clone(),
        reference: reference.to_owned(),
        loan_no: None,
    };
    let Answer::Done(again) = place.says(&confirm("LEDGER-1")).await else { panic!("the first answer") };
    assert!(again.replayed);
    let reject =
        Command::RejectPosting { posting_key: posting_key.clone(), reason: "late".to_owned(), loan_no: None };
    for late in [confirm("LEDGER-9"), reject] {
        let Answer::Refused(refusal) = place.says(&late).await else { panic!("{late:?} is taken") };
        assert!(format!("{refusal:?}").contains("N-REQUEST-ANSWERED"), "{refusal:?}");
    }
    assert_eq!(place.case().await.version, before.version);
}

#[tokio::test]
async fn a_refusal_lets_operations_order_anew() {
    let place = ordered().await;
    place.opens(&[Mood::Refuses]).await;
    place.sweep().await;
    let case = place.case().await;
    assert_eq!((case.stage, case.postings[0].state), (Stage::Ready, PostingState::Rejected));
    assert_eq!(place.moved(), 0);
}

/// An account of another bank, or none, moves nothing: the order waits, and has not left.
#[tokio::test]
async fn without_its_account_nothing_leaves() {
    let place = ordered().await;
    place.opens(&[]).await;
    let line = CoreLine {
        url: format!("http://{}/", place.address),
        keys: vec![SigningKey::Shared(vec![9; 32])],
        login: "nobody".to_owned(),
        patience: PATIENCE,
    };
    let lines = BTreeMap::from([(place.institution.clone(), line)]);
    let banking =
        CoreBanking::new(place.store.clone(), ISSUER.to_owned(), lines, place.clock.clone()).expect("sound");
    let post = Arc::new(StorePost::new(place.store.clone()));
    let parts = CourierParts::new(
        post,
        Arc::new(NoAddresses),
        place.clock.clone(),
        MailConfig::default(),
        quick(),
        "x",
    );
    let parts = CourierParts { core: Some(Arc::new(banking)), ..parts.expect("sound") };
    Courier::new(parts).expect("sound").sweep().await.expect("the outbox answers");
    assert_eq!(place.heard(), Vec::<String>::new());
    // With the account at hand the same parcel still leaves as the order that it is.
    place.clock.advance(Duration::minutes(15));
    place.sweep().await;
    assert_eq!((place.heard(), place.moved()), (vec!["POSTING_ORDER".to_owned()], 1));
}
