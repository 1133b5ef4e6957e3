//! From a committed transition to the reader's inbox and mailbox, through the real store.

mod support;

use chrono::{DateTime, Duration, TimeZone, Utc};
use db::{Answer, Request, Scope, Store, StoreOptions, Target};
use notifications::{Courier, CourierConfig, CourierParts, MailConfig, PatternBook, StorePost};
use std::sync::Arc;
use support::smtp::{Mode, Server};
use support::{PATIENCE, TestClock, quick};
use tokio_util::sync::CancellationToken;
use workflows::form::Line;
use workflows::machine::{Actor, Command, Role, Rulebook};
use workflows::{Books, Form, PostedRates};

const BASE: &str = include_str!("../../workflows/products/base.toml");
const PARAMETERS: &str = include_str!("../../tests/data/parameters.json");
const RATES: &str = include_str!("../../tests/data/posted-rates.json");
const APPLICATIONS: &str = include_str!("../../tests/data/applications.jsonl");

/// An application of one person whose organisation certifies the membership.
fn form() -> Form {
    let line =
        APPLICATIONS.lines().find(|line| line.contains("\"INDIRECT_MEMBER\"") && !line.contains("\"D1\""));
    Line::parse(line.expect("the sample has one")).expect("well formed").form
}

fn noon() -> DateTime<Utc> {
    Utc.from_utc_datetime(&form().received_date().and_hms_opt(3, 0, 0).expect("a time"))
}

fn actor(role: Role, subject: &str, organisation: Option<String>) -> Actor {
    let bank = form().institution;
    let branches = if role.is_staff() { vec![bank.branch_code] } else { vec![] };
    Actor {
        subject: subject.to_owned(),
        role,
        institution: bank.bank_code,
        branches,
        organisation,
        on_behalf_of: None,
    }
}

struct Place {
    store: Store,
    _folder: tempfile::TempDir,
}

async fn place() -> Place {
    let folder = tempfile::tempdir().expect("a folder");
    let books = Books::load(BASE, "base.toml", PARAMETERS).expect("sound");
    let rates = PostedRates::parse(RATES).expect("sound");
    let rules = Arc::new(Rulebook { books: Arc::new(books), rates: Arc::new(rates) });
    let url = format!("sqlite:{}", folder.path().join("yushi.db").display());
    let store = Store::open(&url, StoreOptions::new(rules)).await.expect("opens");
    store.migrate().await.expect("migrates");
    Place { store, _folder: folder }
}

async fn done(store: &Store, actor: &Actor, target: Target<'_>, command: &Command) -> db::Done {
    let request = Request { actor, now: noon(), target, command, expected_version: None, key: None };
    match store.execute(request).await.expect("answers") {
        Answer::Done(done) => done,
        other => panic!("{command:?}: {other:?}"),
    }
}

async fn submitted(store: &Store) -> db::Done {
    let (who, id) = (actor(Role::Applicant, "taro", None), uuid::Uuid::now_v7().to_string());
    done(store, &who, Target::New { id: &id }, &Command::CreateDraft { form: form() }).await;
    let submit = Command::SubmitApplication { received_at: None, external_id: None };
    done(store, &who, Target::Case { id: &id }, &submit).await
}

/// A courier on the store, at the clock's time.
fn courier(store: &Store, clock: &Arc<TestClock>, mail: MailConfig, config: CourierConfig) -> Courier {
    let post = Arc::new(StorePost::new(store.clone()));
    let book = Arc::new(PatternBook(mail.addresses.clone()));
    let parts = CourierParts::new(post, book, clock.clone(), mail, config, "w").expect("sound");
    Courier::new(parts).expect("sound")
}

/// The sample's day, a little after the transitions.
fn clock() -> Arc<TestClock> {
    TestClock::at(noon() + Duration::seconds(1))
}

/// SEC-M01, SEC-M02, SEC-M03.
#[tokio::test]
async fn a_submission_reaches_the_applicant_the_desk_and_the_mail_server() {
    let (place, clock, server) = (place().await, clock(), Server::start(Mode::Accept).await);
    let case = submitted(&place.store).await.case;
    let carried = courier(&place.store, &clock, server.config(), quick()).sweep().await.expect("answers");
    let counts = place.store.outbox_counts().await.expect("answers");
    assert_eq!((counts.waiting, counts.parked), (0, 0));
    assert_eq!(counts.delivered, carried as u64);

    let mine = Scope::of(&actor(Role::Applicant, "taro", None));
    let items = place.store.inbox(&mine, None, 10, true).await.expect("answers").items;
    let told = items.iter().find(|i| i.notice.code() == "N01").expect("the application is confirmed");
    assert_eq!(told.number, case.number);
    assert!(told.subject_ja.contains("申込受付のお知らせ") && told.body_en.starts_with("Dear "));
    let desk = Scope::of(&actor(Role::BranchClerk, "clerk", None));
    let desk = place.store.inbox(&desk, None, 10, true).await.expect("answers").items;
    assert!(desk.iter().any(|i| i.notice.code() == "W01"));

    // Each mail has one recipient and its own id; tests/render.rs says what stands in it.
    let mails = server.messages();
    let ids = server.message_ids();
    assert!(!mails.is_empty() && ids.iter().all(|id| ids.iter().filter(|other| *other == id).count() == 1));
    for mail in &mails {
        assert_eq!(mail.lines().filter(|line| line.starts_with("To: ")).count(), 1);
        assert!(!mail.lines().any(|line| line.starts_with("Cc: ") || line.starts_with("Bcc: ")));
    }
    // Nothing is left, nothing is doubled.
    assert_eq!(courier(&place.store, &clock, server.config(), quick()).sweep().await.expect("answers"), 0);
}

#[tokio::test]
async fn a_partner_message_stands_in_the_organisations_inbox_and_in_no_other() {
    let (place, clock) = (place().await, clock());
    let case = submitted(&place.store).await.case;
    let clerk = actor(Role::BranchClerk, "clerk", None);
    let party_id = case.form.parties[0].party_id.clone();
    done(&place.store, &clerk, Target::Case { id: &case.id }, &Command::RequestMembership { party_id }).await;
    courier(&place.store, &clock, MailConfig::default(), quick()).sweep().await.expect("answers");

    let organisation = case.engagements.get(&Role::MemberOrg).cloned();
    let union = Scope::of(&actor(Role::MemberOrg, "union-client", organisation));
    let items = place.store.inbox(&union, None, 10, true).await.expect("answers").items;
    let message = items.iter().find(|i| i.subject_ja.contains("所属確認依頼")).expect("the request is there");
    assert!(message.body_ja.contains("\"name_kanji\""), "{}", message.body_ja);
    let applicants = Scope::of(&actor(Role::Applicant, "taro", Some("any".to_owned())));
    for item in place.store.inbox(&applicants, None, 50, false).await.expect("answers").items {
        assert!(!item.subject_ja.contains("所属確認依頼"));
    }
}

#[tokio::test]
async fn a_mute_mail_server_delays_no_inbox_and_no_case() {
    let (place, clock, server) = (place().await, clock(), Server::start(Mode::Mute).await);
    // No time-out ends within this test: the inbox is delivered while every mail hangs.
    let config = CourierConfig { send_timeout_ms: 300_000, lease_ms: 600_000, ..quick() };
    let mail = MailConfig { connect_timeout_ms: 300_000, ..server.config() };
    let courier = courier(&place.store, &clock, mail, config);
    let stop = CancellationToken::new();
    let (running, copy) = (stop.clone(), courier.clone());
    let task = tokio::spawn(async move { copy.run(running).await });
    for _ in 0..12 {
        submitted(&place.store).await;
        courier.wake();
    }
    let clerk = Scope::of(&actor(Role::BranchClerk, "clerk", None));
    let told = async {
        while place.store.unread(&clerk).await.expect("answers") < 12 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, told).await.expect("every desk is told");
    stop.cancel();
    task.await.expect("stops");
    let counts = place.store.outbox_counts().await.expect("answers");
    assert_eq!(counts.parked, 0);
    assert!(counts.waiting > 0, "the mails wait for another courier");

    server.set(Mode::Accept);
    clock.advance(Duration::milliseconds(600_001));
    self::courier(&place.store, &clock, server.config(), quick()).sweep().await.expect("answers");
    let after = place.store.outbox_counts().await.expect("answers");
    assert_eq!((after.waiting, after.parked), (0, 0), "{after:?}");
}

#[tokio::test]
async fn more_mails_than_slots_leave_one_after_the_other_and_once() {
    let (place, clock, server) = (place().await, clock(), Server::start(Mode::Accept).await);
    for _ in 0..12 {
        submitted(&place.store).await;
    }
    let config = CourierConfig { mail_slots: 2, ..quick() };
    courier(&place.store, &clock, server.config(), config).sweep().await.expect("answers");
    let counts = place.store.outbox_counts().await.expect("answers");
    assert_eq!((counts.waiting, counts.parked), (0, 0), "{counts:?}");
    let ids: std::collections::BTreeSet<String> = server.message_ids().into_iter().collect();
    assert_eq!(ids.len(), server.messages().len(), "no mail twice");
    assert!(ids.len() > 20, "{}", ids.len());
}
