//! Messages that are pushed to partners' endpoints: signed, by their schemas, one case in order, and in the list of the partner from
//! the first attempt on whatever the endpoint says.

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
use db::{Answer, Request, Scope, Store, StoreOptions, Target};
use notifications::outgoing::Outgoing;
use notifications::push::{Partner, Push, PushError, PushLine};
use notifications::signature::{SigningKey, verify};
use notifications::{Clock, Courier, CourierParts, MailConfig, NoAddresses, StorePost};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex};
use story::{Bank, Library, Theatre, begins_a_job};
use support::{TestClock, quick};
use workflows::machine::schemas::{folder, misfits};
use workflows::machine::{Actor, Role, Table};
use workflows::sample;

const PUSHED: [Role; 3] = [Role::Guarantor, Role::Insurer, Role::Scrivener];

/// A message as the endpoint heard it.
#[derive(Clone, Debug)]
struct Heard {
    id: String,
    kind: String,
    data: Value,
}

struct Endpoint {
    /// Statuses of the next answers; 204 after that.
    moods: Mutex<VecDeque<u16>>,
    heard: Mutex<Vec<Heard>>,
    /// Each of them must find its signature.
    keys: Vec<SigningKey>,
    clock: Arc<TestClock>,
}

async fn receive(State(endpoint): State<Arc<Endpoint>>, headers: HeaderMap, body: Bytes) -> StatusCode {
    let header = |name: &str| headers[name].to_str().expect("text").to_owned();
    let (id, time, signature) =
        (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    for key in &endpoint.keys {
        verify(&[key.verifying()], &id, &time, &signature, &body, endpoint.clock.now()).expect("signed");
    }
    assert_eq!(header("content-type"), "application/json");
    let envelope: Value = serde_json::from_slice(&body).expect("JSON");
    let kind = envelope["type"].as_str().expect("a type").to_owned();
    endpoint.heard.lock().expect("heard").push(Heard { id, kind, data: envelope["data"].clone() });
    let mood = endpoint.moods.lock().expect("moods").pop_front().unwrap_or(204);
    StatusCode::from_u16(mood).expect("a status")
}

/// A case that is ready, with every message of its way still in the outbox, and one endpoint for three of its partners.
struct Place {
    store: Store,
    clock: Arc<TestClock>,
    endpoint: Arc<Endpoint>,
    courier: Courier,
    institution: String,
    case: String,
    organisations: BTreeMap<Role, String>,
    _folder: tempfile::TempDir,
}

async fn ready(moods: &[u16]) -> Place {
    after("9-ready", moods).await
}

/// The same where another story ends.
async fn after(story: &str, moods: &[u16]) -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let rules = sample::rulebook().expect("sound");
    let (library, table, bank) = (Library::load(), Table::default(), Bank::of(&rules));
    let world = Theatre::new(&library, &table, &bank).run(story, None).expect("the story");
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
            workflows::machine::Command::CreateDraft { .. } => Target::New { id: &case.id },
            _ => Target::Case { id: &case.id },
        };
        let request = Request { actor, now: *now, target, command, expected_version: None, key: None };
        let answer = store.execute(request).await.expect("answers");
        assert!(matches!(answer, Answer::Done(_)), "{command:?}: {answer:?}");
    }
    let clock = TestClock::at(world.now + Duration::seconds(1));
    let keys = vec![SigningKey::Shared(vec![1; 32]), SigningKey::Shared(vec![2; 32])];
    let endpoint = Arc::new(Endpoint {
        moods: Mutex::new(moods.iter().copied().collect()),
        heard: Mutex::default(),
        keys: keys.clone(),
        clock: clock.clone(),
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let app = Router::new().route("/yushi", post(receive)).with_state(endpoint.clone());
    tokio::spawn(async move { axum::serve(listener, app).await });

    let organisations: BTreeMap<Role, String> =
        PUSHED.into_iter().map(|role| (role, case.engagements[&role].clone())).collect();
    let lines = organisations.iter().map(|(role, organisation)| {
        let partner = Partner {
            institution: case.institution.clone(),
            role: *role,
            organisation: organisation.clone(),
        };
        (partner, PushLine { url: format!("http://{address}/yushi"), keys: keys.clone() })
    });
    let outgoing = Outgoing::default().opening(address).expect("loopback");
    let push = Push::new(lines.collect(), outgoing, clock.clone()).expect("sound");
    let post = Arc::new(StorePost::new(store.clone()).pushing(push.places()));
    let parts =
        CourierParts::new(post, Arc::new(NoAddresses), clock.clone(), MailConfig::default(), quick(), "w");
    let parts = CourierParts { push: Some(Arc::new(push)), ..parts.expect("sound") };
    let courier = Courier::new(parts).expect("sound");
    let (institution, case) = (case.institution.clone(), case.id.clone());
    Place { store, clock, endpoint, courier, institution, case, organisations, _folder: folder }
}

impl Place {
    fn heard(&self) -> Vec<Heard> {
        self.endpoint.heard.lock().expect("heard").clone()
    }

    async fn sweep(&self) {
        self.courier.sweep().await.expect("the outbox answers");
    }

    fn partner(&self, role: Role, organisation: Option<&str>) -> Scope {
        Scope::of(&Actor {
            subject: "somebody".to_owned(),
            role,
            institution: self.institution.clone(),
            branches: vec![],
            organisation: organisation.map(str::to_owned),
            on_behalf_of: None,
        })
    }

    /// Requests that stand in the partner's list.
    async fn listed(&self, role: Role) -> BTreeSet<String> {
        let scope = self.partner(role, Some(&self.organisations[&role]));
        let page = self.store.inbox(&scope, None, 100, false).await.expect("answers");
        page.items
            .into_iter()
            .map(|item| item.id.replace('.', "_"))
            .filter(|id| id.ends_with("PARTNER"))
            .collect()
    }

    async fn parked(&self) -> Vec<db::outbox::Incident> {
        let scope = self.partner(Role::Auditor, None);
        self.store.parked(&scope, None, 100).await.expect("answers").items
    }
}

fn by_schema(heard: &Heard) {
    let message = heard.data["message"].as_str().expect("a message");
    assert_eq!(heard.kind, format!("partner.{message}"));
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated/partners");
    let found = PUSHED.iter().find_map(|role| {
        std::fs::read_to_string(root.join(format!("{}/{message}.v1.json", folder(*role)))).ok()
    });
    let schema: Value = serde_json::from_str(&found.expect("a schema")).expect("JSON");
    assert_eq!(misfits(&schema, &heard.data), Vec::<String>::new(), "{message}");
    // The judge must be able to say no.
    let mut spoilt = heard.data.clone();
    spoilt["case_id"] = Value::from(1);
    assert!(!misfits(&schema, &spoilt).is_empty(), "{message}: a number for a text passes");
}

#[tokio::test]
async fn every_message_is_pushed_once_by_its_schema_and_stays_in_the_list() {
    let place = ready(&[]).await;
    place.sweep().await;
    let heard = place.heard();
    let kinds: BTreeSet<&str> = heard.iter().map(|heard| heard.kind.as_str()).collect();
    for wanted in
        ["partner.GUARANTEE_REQUEST", "partner.INSURANCE_DECLARATION", "partner.SCRIVENER_INSTRUCTION"]
    {
        assert!(kinds.contains(wanted), "{wanted} is missing among {kinds:?}");
    }
    heard.iter().for_each(by_schema);
    let ids: BTreeSet<String> = heard.iter().map(|heard| heard.id.clone()).collect();
    assert_eq!(ids.len(), heard.len(), "each once");
    let mut listed = BTreeSet::new();
    for role in PUSHED {
        listed.extend(place.listed(role).await);
    }
    assert_eq!(listed, ids, "who polls sees what is pushed, under the same id");
    // Nobody else's message left by this way, and nothing is left to send.
    place.clock.advance(Duration::hours(1));
    place.sweep().await;
    assert_eq!(place.heard().len(), heard.len());
    assert!(place.parked().await.is_empty());
    // The ledger of deliveries says what the endpoint answered.
    let scope = place.partner(Role::Auditor, None);
    let ledger = place.store.deliveries(&scope, &place.case, None, 100).await.expect("answers");
    let said: Vec<String> =
        ledger.items.iter().flat_map(|item| &item.tries).filter_map(|one| one.said.clone()).collect();
    assert_eq!(said.iter().filter(|said| *said == "HTTP 204").count(), heard.len(), "{said:?}");
}

#[tokio::test]
async fn a_later_message_of_a_case_waits_for_the_earlier_one() {
    // The guarantor was asked, and the request was cancelled; nothing has left yet.
    let place = after("withdrawn-guarantee-approved", &[503; 50]).await;
    place.sweep().await;
    let first = place.heard();
    let kinds: BTreeSet<&str> = first.iter().map(|heard| heard.kind.as_str()).collect();
    assert!(kinds.contains("partner.GUARANTEE_REQUEST"), "{kinds:?}");
    assert!(!kinds.contains("partner.GUARANTEE_CANCEL"), "the cancellation waits for the request: {kinds:?}");
    // A redirect is no delivery, and is not followed.
    *place.endpoint.moods.lock().expect("moods") = VecDeque::from([302]);
    for _ in 0..3 {
        place.clock.advance(Duration::minutes(15));
        place.sweep().await;
    }
    let heard = place.heard();
    // Per partner, the ids as the endpoint took them in the end, each in the order of the case.
    let mut taken: BTreeMap<&str, Vec<(u64, u64)>> = BTreeMap::new();
    let last = |id: &str| heard.iter().rposition(|heard| heard.id == id);
    for (n, one) in heard.iter().enumerate() {
        if last(&one.id) == Some(n) {
            let mut parts = one.id.rsplit('_').skip(1).map(|part| part.parse::<u64>().expect("a number"));
            let (number, version) = (parts.next().expect("n"), parts.next().expect("version"));
            let whose = one.kind.split('_').next().expect("a word");
            taken.entry(whose).or_default().push((version, number));
        }
    }
    assert!(taken["partner.GUARANTEE"].len() >= 2, "{taken:?}");
    for (whose, order) in &taken {
        assert!(order.is_sorted(), "{whose}: {order:?}");
    }
    // What was refused was tried again under the same id.
    let ids: BTreeSet<&String> = heard.iter().map(|heard| &heard.id).collect();
    assert_eq!(heard.len(), ids.len() + first.len() + 1);
    assert!(place.parked().await.is_empty());
}

#[tokio::test]
async fn an_endpoint_that_never_takes_them_leaves_incidents_and_a_full_list() {
    let place = ready(&[500; 200]).await;
    place.sweep().await;
    let listed = place.listed(Role::Guarantor).await;
    assert_eq!(listed.len(), 1, "in the list after the first attempt");
    for _ in 0..40 {
        place.clock.advance(Duration::minutes(15));
        place.sweep().await;
    }
    let parked = place.parked().await;
    let heard = place.heard();
    let ids: BTreeSet<&String> = heard.iter().map(|heard| &heard.id).collect();
    assert_eq!((parked.len(), heard.len()), (ids.len(), ids.len() * 4), "four attempts each");
    assert!(parked.iter().all(|one| one.error == "push: HTTP 500" && one.channel == "PARTNER"), "{parked:?}");
    // Somebody repairs the endpoint, and the bank sends one again.
    place.endpoint.moods.lock().expect("moods").clear();
    let staff = place.partner(Role::ScreeningOfficer, None);
    let one = parked.iter().find(|one| one.kind == "GUARANTEE_REQUEST").expect("there");
    assert!(place.store.resend(&staff, &one.id, place.clock.now()).await.expect("answers"));
    place.sweep().await;
    assert_eq!(place.heard().len(), heard.len() + 1);
    assert_eq!(place.listed(Role::Guarantor).await, listed, "no second line");
}

#[tokio::test]
async fn a_line_is_judged_before_anything_is_sent() {
    let partner = |role| Partner { institution: "2963".to_owned(), role, organisation: "P-1".to_owned() };
    let key = vec![SigningKey::Shared(vec![1; 32])];
    let made = |role, url: &str, keys: Vec<SigningKey>| {
        let lines = BTreeMap::from([(partner(role), PushLine { url: url.to_owned(), keys })]);
        Push::new(lines, Outgoing::default(), TestClock::new()).err()
    };
    let good = "https://partner.example/yushi";
    assert_eq!(made(Role::Guarantor, good, key.clone()), None);
    for bad in ["http://partner.example/", "https://10.0.0.1/", "https://user:pw@partner.example/", "partner"]
    {
        let found = made(Role::Guarantor, bad, key.clone());
        assert_eq!(found, Some(PushError::Address("2963 GUARANTOR P-1".to_owned())), "{bad}");
    }
    assert!(matches!(made(Role::Guarantor, good, vec![]), Some(PushError::Keys(_))));
    for role in [Role::CoreBanking, Role::BranchClerk] {
        assert!(matches!(made(role, good, key.clone()), Some(PushError::Role(_))), "{role}");
    }
}
