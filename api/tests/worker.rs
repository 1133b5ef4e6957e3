//! The deadlines worker on an embedded database: searches, matches, leases of a vanished node, pauses.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use api::clock::DemoClock;
use api::commands::place::sample_rules;
use api::config::Worker as Settings;
use api::outside::Sources;
use api::worker::Worker;
use db::intake_drafts::NewIntakeDraft;
use db::{Answer, Request, Scope, Store, StoreOptions, Target};
use tokio_util::sync::CancellationToken;
use workflows::form::Line;
use workflows::machine::{Actor, Case, Command, Role, Table, Track, TrackState};

const START: &str = "2026-11-20T00:00:00Z";

struct World {
    worker: Worker,
    store: Store,
    clock: Arc<DemoClock>,
    _folder: tempfile::TempDir,
}

/// A worker with a watch list that holds these names.
async fn world(watched: &[&str]) -> World {
    let folder = tempfile::tempdir().expect("folder");
    let list = folder.path().join("list.jsonl");
    let lines: String = watched.iter().map(|name| format!("{{\"name_kana\":\"{name}\"}}\n")).collect();
    std::fs::write(&list, lines).expect("list");
    let rules = Arc::new(sample_rules().expect("rules"));
    let url = format!("sqlite://{}", folder.path().join("db.sqlite").display());
    let store = Store::open(&url, StoreOptions::new(rules.clone())).await.expect("store");
    store.migrate().await.expect("schema");
    let clock = Arc::new(DemoClock::at(START.parse().expect("instant")));
    let worker = Worker {
        store: store.clone(),
        rules,
        table: Arc::new(Table::default()),
        clock: clock.clone(),
        outside: Arc::new(Sources::demo(&list).expect("sources")),
        settings: Settings::default(),
        stream: None,
        name: "test".to_owned(),
    };
    World { worker, store, clock, _folder: folder }
}

impl World {
    async fn execute(&self, actor: &Actor, target: Target<'_>, command: &Command) -> Arc<Case> {
        let request =
            Request { actor, now: self.clock.now(), target, command, expected_version: None, key: None };
        match self.store.execute(request).await.expect("store") {
            Answer::Done(done) => done.case,
            other => panic!("{other:?}"),
        }
    }

    /// A submitted application of the sample.
    async fn submitted(&self) -> Arc<Case> {
        self.submitted_where(|_| true).await
    }

    /// The first such application of the sample, submitted.
    async fn submitted_where(&self, wanted: impl Fn(&str) -> bool) -> Arc<Case> {
        let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/applications.jsonl");
        let text = std::fs::read_to_string(sample).expect("sample");
        let proceeds = |line: &&str| {
            line.contains("\"outcome\": \"PROCEED\"") || line.contains("\"outcome\":\"PROCEED\"")
        };
        let line =
            text.lines().find(|line| proceeds(line) && wanted(line)).expect("an application that proceeds");
        let form = Line::parse(line).expect("form").form;
        let importer = Actor { role: Role::Importer, ..Actor::internal(Role::Importer) };
        let received_at = Some(form.received_at.to_utc());
        let draft =
            self.execute(&importer, Target::New { id: "case-1" }, &Command::CreateDraft { form }).await;
        let submit = Command::SubmitApplication { received_at, external_id: None };
        self.execute(&importer, Target::Case { id: &draft.id }, &submit).await
    }

    async fn round(&self) -> usize {
        self.worker.round(&CancellationToken::new()).await.expect("round")
    }

    async fn case(&self) -> Arc<Case> {
        let scope = Scope::of(&Actor::internal(Role::System));
        self.store.case(&scope, "case-1").await.expect("store").expect("case")
    }
}

fn searches(case: &Case) -> Vec<TrackState> {
    case.on(Track::Aml).map(|instance| instance.state).collect()
}

#[tokio::test]
async fn everybody_is_searched_once_the_application_is_in() {
    let world = world(&[]).await;
    let case = world.submitted().await;
    assert!(searches(&case).iter().all(|state| *state == TrackState::Checking));
    assert!(world.round().await > 0);
    let case = world.case().await;
    assert!(searches(&case).iter().all(|state| *state == TrackState::Clear), "{:?}", searches(&case));
    assert_eq!(world.round().await, 0, "nothing is due any more");
}

#[tokio::test]
async fn a_match_goes_to_compliance() {
    let plain = world(&[]).await;
    let name = plain.submitted().await.form.parties[0].name_kana.clone();
    let world = world(&[name.as_str()]).await;
    world.submitted().await;
    world.round().await;
    assert_eq!(searches(&*world.case().await)[0], TrackState::Review);
}

#[tokio::test]
async fn the_dates_of_a_vanished_node_are_taken_over_when_its_lease_ends() {
    let world = world(&[]).await;
    world.submitted().await;
    let lease = Duration::from_secs(60);
    let gone = world.store.lease_due(world.clock.now(), "gone", 100, lease).await.expect("lease");
    assert!(!gone.is_empty());
    assert_eq!(world.round().await, 0);
    assert!(searches(&*world.case().await).iter().all(|state| *state == TrackState::Checking));
    world.clock.move_to(world.clock.now() + chrono::TimeDelta::seconds(61)).expect("forward");
    assert!(world.round().await > 0);
    assert!(searches(&*world.case().await).iter().all(|state| *state == TrackState::Clear));
}

#[tokio::test]
async fn what_was_typed_and_left_alone_is_erased_after_its_days() {
    let mut world = world(&[]).await;
    world.worker.settings.draft_days = 10;
    let clerk = Actor {
        subject: "clerk".to_owned(),
        institution: "2963".to_owned(),
        ..Actor::internal(Role::BranchClerk)
    };
    let scope = Scope::of(&clerk);
    let new = NewIntakeDraft { known: None, body: "{}" };
    for _ in 0..2 {
        world.store.save_intake_draft(&scope, new, world.clock.now()).await.expect("saved");
    }
    let later = |days: i64| world.clock.now() + chrono::TimeDelta::days(days);
    world.clock.move_to(later(9)).expect("forward");
    assert_eq!(world.worker.forget_drafts().await.expect("store"), 0, "on the last day it is still there");
    world.clock.move_to(later(2)).expect("forward");
    world.store.save_intake_draft(&scope, new, world.clock.now()).await.expect("saved");
    assert_eq!(world.worker.forget_drafts().await.expect("store"), 2);
    assert_eq!(world.worker.forget_drafts().await.expect("store"), 0);
    let left = world.store.intake_drafts(&scope, None, 20).await.expect("store");
    assert_eq!(left.items.len(), 1, "the one that was saved since");
}

#[tokio::test]
async fn a_stopped_worker_ends_and_leaves_nothing_half_done() {
    let world = world(&[]).await;
    world.submitted().await;
    let stop = CancellationToken::new();
    stop.cancel();
    tokio::time::timeout(tests::patience::PATIENCE, world.worker.run(stop)).await.expect("ends");
    assert!(searches(&*world.case().await).iter().all(|state| *state == TrackState::Checking));
}

#[tokio::test]
async fn a_date_that_runs_out_is_warned_of_once_and_then_rests() {
    let world = world(&[]).await;
    // A declaration of this month: it is valid for a year.
    let case = world.submitted_where(|line| line.contains("\"declared_on\":\"2026-11-")).await;
    let begun = case.version;
    for days in [1, 400, 1, 400, 1] {
        world.clock.move_to(world.clock.now() + chrono::TimeDelta::days(days)).expect("forward");
        while world.round().await > 0 {}
    }
    let case = world.case().await;
    let over: Vec<_> = case.deadlines.iter().filter(|d| d.due_at <= world.clock.now()).collect();
    assert!(over.is_empty(), "{over:?}");
    assert!(case.version > begun && case.version < begun + 12, "{} entries", case.version - begun);
}

/// The worker that runs tells the desk of what comes due, and no second time.
#[tokio::test]
async fn a_running_worker_tells_the_desk_of_a_complaint_that_waits() {
    use workflows::compliance::Eyes;
    use workflows::compliance::complaint::{
        Complaint, ComplaintCategory, ComplaintChannel, ComplaintState, answer_by,
    };
    let World { worker, store, clock, _folder } = world(&[]).await;
    let day = workflows::calendar::tokyo_date(clock.now());
    let person = |role: Role| Actor { institution: "2963".to_owned(), ..Actor::internal(role) };
    let complaint = Complaint {
        received_on: day,
        channel: ComplaintChannel::Phone,
        category: ComplaintCategory::Procedure,
        text: "連絡がありません。".to_owned(),
        application_id: None,
        contractor: None,
        filed_by: None,
        recorded_by: "clerk".to_owned(),
        owner: None,
        handling: vec![],
        due_on: answer_by(day),
        answer: None,
        offered: None,
        outcome: None,
        closed_on: None,
        state: ComplaintState::Open,
    };
    let clerk = Scope::of(&person(Role::BranchClerk));
    let filed = store.add_to_register(&clerk, ("FILE", complaint), Eyes::Two, clock.now()).await;
    assert!(matches!(filed, Ok(db::registers::RegisterAnswer::Done(_))), "{filed:?}");
    clock.move_to(clock.now() + chrono::TimeDelta::days(25)).expect("forward");
    let (worker, stop, desk) =
        (Arc::new(worker), CancellationToken::new(), Scope::of(&person(Role::Compliance)));
    let (running, until) = (worker.clone(), stop.clone());
    let runs = tokio::spawn(async move { running.run(until).await });
    let told = async || store.reminders(&desk, None, 10, clock.now()).await.expect("reminders").items;
    let mut seen = told().await;
    while seen.is_empty() {
        tokio::task::yield_now().await;
        seen = told().await;
    }
    stop.cancel();
    runs.await.expect("ended");
    assert_eq!((seen.len(), seen[0].due_on, seen[0].overdue), (1, answer_by(day), false));
    assert_eq!(store.remind(clock.now()).await.expect("asked"), 0, "once for each date");
}
