//! The end of a business day: a clean day closes by two people, each difference blocks and is named, nothing is closed silently.

use crate::stories::Place;
use crate::story::{Bank, Library, Theatre, begins_a_job, world::actor};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::day_end::{Day, DayAnswer, DayState};
use db::{Answer, Request, Scope, StoreOptions, Target};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use workflows::calendar::tokyo_date;
use workflows::day_end::transfers::LineOutcome;
use workflows::day_end::{DayLine, DayStep, DifferenceKind as K, ledger::HEADER};
use workflows::machine::transfer_desk::{TransferOrder, case_transfers};
use workflows::machine::{Actor, Command, Role, Table};
use workflows::zengin::{ResultCode, TransferFile, answer_to};

/// Runs a test on both engines with the book of the stories.
macro_rules! on_both {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn sqlite() {
                super::$name(crate::stories::sqlite(super::book).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn postgres() {
                super::$name(crate::stories::postgres(super::book).await).await;
            }
        }
    )+ };
}

on_both!(
    a_clean_day_closes_by_two_people,
    each_difference_blocks_and_is_named,
    what_is_carried_over_comes_back_the_next_day,
    a_day_that_moves_is_opened_again,
);

pub fn book(options: &mut StoreOptions) {
    options.rules = Arc::new(workflows::sample::rulebook().unwrap());
}

/// The case of a story, every command of it through the store, and when its last one was.
pub async fn played(place: &Place, story: &str) -> (String, DateTime<Utc>) {
    let rules = workflows::sample::rulebook().unwrap();
    let done = {
        let (library, table) = (Library::load(), Table::default());
        let bank = Bank::of(&rules);
        Theatre::new(&library, &table, &bank).run(story, None).unwrap().done
    };
    let id = crate::stories::id();
    for (at, (actor, command, now)) in done.iter().enumerate() {
        if begins_a_job(&done, at) {
            let (scope, said) = (Scope::of(actor), (true, false, false, None));
            let taken = place.store.answer_engagement(&scope, &id, said, *now).await.unwrap();
            assert!(matches!(taken, db::case_lines::LineAnswer::Done(_)), "{taken:?}");
        }
        let target = if at == 0 { Target::New { id: &id } } else { Target::Case { id: &id } };
        let request = Request { actor, now: *now, target, command, expected_version: None, key: None };
        let answer = place.store.execute(request).await.unwrap();
        assert!(matches!(answer, Answer::Done(_)), "{command:?}: {answer:?}");
    }
    (id, done.last().unwrap().2)
}

/// A case on the day of its money.
pub struct Scene<'a> {
    place: &'a Place,
    id: String,
    pub now: DateTime<Utc>,
    people: BTreeMap<(Role, Option<&'static str>), Actor>,
}

impl Scene<'_> {
    /// Plays `9-ready`, and records one payee with two people.
    pub async fn ready(place: &Place) -> Scene<'_> {
        let rules = workflows::sample::rulebook().unwrap();
        let (id, now) = played(place, "9-ready").await;
        let mut scene = Scene { place, id, now, people: BTreeMap::new() };
        let form = scene.case().await.form.as_ref().clone();
        for (role, person) in [
            (Role::BranchClerk, None),
            (Role::BranchManager, None),
            (Role::Operations, None),
            (Role::Operations, Some("b")),
            (Role::CoreBanking, None),
            (Role::Auditor, None),
        ] {
            scene.people.insert((role, person), actor(role, person, &form, &rules));
        }
        let account = json!({
            "bank_code": "9998", "bank_name": "シケン", "branch_code": "001", "branch_name": "ホンテン", "kind": "ORDINARY",
            "number": "1234567",
        });
        let payee = json!({ "verb": "recordPayee", "kind": "SELLER", "number": 1, "amount_yen": 29_000_000, "to": { "name": "ミホン（カ", "account": account } });
        let payee = serde_json::from_value(payee).unwrap();
        scene.propose(Role::BranchClerk, None, payee, Role::BranchManager, None).await;
        scene
    }

    fn who(&self, role: Role, person: Option<&'static str>) -> &Actor {
        &self.people[&(role, person)]
    }

    async fn case(&self) -> Arc<workflows::machine::Case> {
        let system = Scope::of(&Actor::internal(Role::System));
        self.place.store.case(&system, &self.id).await.unwrap().unwrap()
    }

    async fn say(&self, who: &Actor, command: &Command) {
        let target = Target::Case { id: &self.id };
        let request =
            Request { actor: who, now: self.now, target, command, expected_version: None, key: None };
        let answer = self.place.store.execute(request).await.unwrap();
        assert!(matches!(answer, Answer::Done(_)), "{command:?}: {answer:?}");
    }

    async fn propose(
        &self,
        role: Role,
        person: Option<&'static str>,
        command: Command,
        decides: Role,
        other: Option<&'static str>,
    ) {
        self.say(self.who(role, person), &command).await;
        let proposal_id = self.case().await.proposals[0].id.clone();
        self.say(self.who(decides, other), &Command::ApproveProposal { proposal_id }).await;
    }

    /// Two people of operations order the money; the key of the order.
    pub async fn order(&self) -> String {
        self.propose(Role::Operations, None, Command::OrderPosting {}, Role::Operations, Some("b")).await;
        self.case().await.postings.last().unwrap().key.clone()
    }

    pub async fn confirm(&self, key: &str) {
        let command = Command::ConfirmPosting {
            posting_key: key.to_owned(),
            reference: "LEDGER-1".to_owned(),
            loan_no: None,
        };
        self.say(self.who(Role::CoreBanking, None), &command).await;
    }

    /// The file of the day's transfers as the desk makes it.
    async fn file(&self) -> TransferFile {
        let account = json!({
            "bank_code": "2963", "bank_name": "ミホン", "branch_code": "001", "branch_name": "ホンテン", "kind": "ORDINARY",
            "number": "0000001",
        });
        let sender = json!({ "code": "0000000001", "name": "ミホンロウドウキンコ", "account": account });
        let order: TransferOrder =
            serde_json::from_value(json!({ "sender": sender, "line_ends": true })).unwrap();
        let rules = workflows::sample::rulebook().unwrap();
        case_transfers(self.case().await.as_ref(), &rules, &order, self.today()).unwrap().1
    }

    pub fn today(&self) -> NaiveDate {
        tokyo_date(self.now)
    }

    pub fn first(&self) -> Scope {
        Scope::of(self.who(Role::Operations, None))
    }

    pub fn second(&self) -> Scope {
        Scope::of(self.who(Role::Operations, Some("b")))
    }

    async fn day(&self, on: NaiveDate) -> Day {
        self.place.store.business_day(&self.first(), on).await.unwrap().unwrap()
    }

    /// Days that stand in the list of incidents.
    async fn incidents(&self) -> Vec<(String, NaiveDate)> {
        let kind = Some(workflows::machine::incident::IncidentKind::OpenDay);
        let filter = db::incidents::IncidentFilter { kind, ..db::incidents::IncidentFilter::default() };
        let bounds = db::incidents::Bounds::at(self.now);
        let page = self.place.store.incidents(&self.first(), &filter, bounds, None, 10).await.unwrap();
        page.items.into_iter().map(|one| (one.what, one.day.unwrap())).collect()
    }

    async fn differences(&self, on: NaiveDate) -> Vec<K> {
        self.day(on).await.balance.differences.iter().map(|found| found.kind).collect()
    }

    /// A list with these bookings: key, entry, yen.
    pub async fn ledger(&self, on: NaiveDate, rows: &[(&str, &str, i64)]) -> DayAnswer {
        let lines = rows.iter().map(|(key, entry, yen)| format!("{key},,{entry},{yen},{on},L-1\n"));
        let sum: i64 = rows.iter().map(|(_, _, yen)| yen).sum();
        let list = format!("{HEADER}\n{}TOTAL,{},{sum}\n", lines.collect::<String>(), rows.len());
        self.place.store.hand_in_ledger(&self.first(), on, &list, self.now).await.unwrap()
    }

    pub async fn close(&self, on: NaiveDate, reasons: &[(&str, &str)]) -> DayAnswer {
        let reasons = reasons.iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect();
        self.place.store.propose_closing(&self.first(), on, &reasons, self.now).await.unwrap()
    }

    pub async fn decide(&self, by: &Scope, id: &str, returned: Option<&str>) -> DayAnswer {
        self.place.store.decide_day(by, id, returned, self.now).await.unwrap()
    }
}

pub fn done(answer: DayAnswer) -> DayLine {
    match answer {
        DayAnswer::Done { line, .. } => *line,
        other => panic!("{other:?}"),
    }
}

fn refused(answer: DayAnswer) -> Vec<(String, String)> {
    match answer {
        DayAnswer::Invalid(problems) => {
            assert!(problems.iter().all(|problem| !problem.accepted.is_empty()), "{problems:?}");
            problems.into_iter().map(|problem| (problem.rule.to_owned(), problem.field)).collect()
        }
        other => panic!("{other:?}"),
    }
}

fn one(rule: &str, field: &str) -> Vec<(String, String)> {
    vec![(rule.to_owned(), field.to_owned())]
}

async fn a_clean_day_closes_by_two_people(place: Place) {
    let mut scene = Scene::ready(&place).await;
    let (on, first, second) = (scene.today(), scene.first(), scene.second());
    let file = scene.file().await;
    let key = scene.order().await;
    scene.confirm(&key).await;
    assert_eq!(scene.differences(on).await, [K::NoLedger, K::NoTransferResult]);
    done(scene.ledger(on, &[(&key, "POSTING", 30_000_000)]).await);
    let bytes = answer_to(&file, &[]);
    let came = done(place.store.hand_in_transfers(&first, on, &bytes, scene.now).await.unwrap());
    let DayStep::Transfers { lines, .. } = &came.step else { panic!("{came:?}") };
    assert_eq!((lines.len(), lines[0].outcome, lines[0].amount_yen), (1, LineOutcome::Done, 29_000_000));
    // The same file again, by somebody else: the first answer, and nothing is written.
    let again = place.store.hand_in_transfers(&second, on, &bytes, scene.now).await.unwrap();
    assert_eq!(again, DayAnswer::Done { line: Box::new(came), repeated: true });
    assert_eq!(scene.differences(on).await, []);

    let proposed = done(scene.close(on, &[]).await);
    assert_eq!(scene.day(on).await.state, DayState::Pending);
    assert_eq!(refused(scene.close(on, &[]).await), one("DAY-END", "date"), "one proposal at a time");
    assert_eq!(refused(scene.decide(&first, &proposed.id, None).await), one("E.2", "id"));
    let elsewhere = Scope::of(&Actor { institution: "9999".to_owned(), ..second.actor().clone() });
    assert_eq!(scene.decide(&elsewhere, &proposed.id, None).await, DayAnswer::NotFound);
    let clerk = Scope::of(scene.who(Role::BranchClerk, None));
    assert_eq!(scene.decide(&clerk, &proposed.id, None).await, DayAnswer::Forbidden);
    assert_eq!(place.store.business_day(&clerk, on).await.unwrap(), None);
    done(scene.decide(&second, &proposed.id, None).await);
    assert_eq!(
        refused(scene.decide(&second, &proposed.id, None).await),
        one("DAY-END", "id"),
        "decided once"
    );

    let day = scene.day(on).await;
    assert_eq!((day.state, day.last_closed, day.pending), (DayState::Closed, Some(on), None));
    assert_eq!(
        refused(scene.ledger(on, &[]).await),
        one("DAY-END", "date"),
        "nothing is added to a closed day"
    );
    assert_eq!(refused(scene.close(on, &[]).await), one("DAY-END", "date"));
    // Another bank has no such day; an auditor of this one reads it.
    let theirs = place.store.business_day(&elsewhere, on).await.unwrap().unwrap();
    assert_eq!((theirs.state, theirs.balance.lines.len(), theirs.lines.len()), (DayState::Open, 0, 0));
    let auditor = Scope::of(scene.who(Role::Auditor, None));
    assert_eq!(place.store.business_day(&auditor, on).await.unwrap().unwrap().lines.len(), 3);
    assert_eq!(place.store.day_steps(&auditor, None, 10).await.unwrap().items.len(), 1);
    // The next day has nothing yet, and is not asked for before it is over.
    scene.now += TimeDelta::days(1);
    assert_eq!(place.store.open_days(scene.now).await.unwrap(), (0, None));
}

async fn each_difference_blocks_and_is_named(place: Place) {
    let scene = Scene::ready(&place).await;
    let (on, first) = (scene.today(), scene.first());
    let file = scene.file().await;
    let key = scene.order().await;
    let hand_in = async |codes: &[ResultCode]| {
        place.store.hand_in_transfers(&first, on, &answer_to(&file, codes), scene.now).await.unwrap()
    };
    done(scene.ledger(on, &[]).await);
    assert_eq!(scene.differences(on).await, [K::OrderWithoutOutcome]);
    assert_eq!(refused(scene.close(on, &[]).await), one("DAY-END", &format!("ORDER_WITHOUT_OUTCOME:{key}")));
    scene.confirm(&key).await;
    assert_eq!(scene.differences(on).await, [K::OutcomeWithoutLedger, K::NoTransferResult]);
    done(hand_in(&[ResultCode::NoAccount]).await);
    done(scene.ledger(on, &[(&key, "POSTING", 29_999_999)]).await);
    assert_eq!(scene.differences(on).await, [K::AmountDiffers, K::TransferRefused]);
    done(scene.ledger(on, &[(&key, "POSTING", 30_000_000), ("2963-STRAY-1", "POSTING", 1)]).await);
    assert_eq!(scene.differences(on).await, [K::LedgerWithoutOrder, K::TransferRefused]);
    // A list that was replaced and comes again counts again; the one that stands is answered as before.
    let before = scene.ledger(on, &[(&key, "POSTING", 30_000_000)]).await;
    let again = scene.ledger(on, &[(&key, "POSTING", 30_000_000)]).await;
    assert_eq!(done(before), done(again));
    // The transfer is ordered anew and carried out; the result of another file is not believed twice.
    done(hand_in(&[ResultCode::Done]).await);
    assert_eq!(scene.differences(on).await, []);
    let whole = answer_to(&file, &[]);
    let records: Vec<&[u8]> = whole.chunks(122).collect();
    // The same order in another file of two groups: the end record moves behind the second group.
    let bytes = [records[0], records[1], records[2], records[0], records[1], records[2], records[3]].concat();
    done(place.store.hand_in_transfers(&first, on, &bytes, scene.now).await.unwrap());
    assert_eq!(scene.differences(on).await, [K::TransferTwice, K::TransferUnknown]);
    // A broken file is refused whole, with line and field, and leaves nothing.
    let mut broken = answer_to(&file, &[]);
    broken[122 + 85] = b'7';
    let lines = scene.day(on).await.lines.len();
    let answer = place.store.hand_in_transfers(&first, on, &broken, scene.now).await.unwrap();
    assert_eq!(refused(answer)[0], ("DAY-END".to_owned(), "line 3, column 8".to_owned()));
    let other_day = on.succ_opt().unwrap();
    let answer = place
        .store
        .hand_in_transfers(&first, other_day, &answer_to(&file, &[ResultCode::Other]), scene.now)
        .await;
    assert_eq!(refused(answer.unwrap()), one("DAY-END", "date"), "the day has not come");
    assert_eq!(scene.day(on).await.lines.len(), lines);
}

async fn what_is_carried_over_comes_back_the_next_day(place: Place) {
    let mut scene = Scene::ready(&place).await;
    let (on, second) = (scene.today(), scene.second());
    let file = scene.file().await;
    let key = scene.order().await;
    done(scene.ledger(on, &[]).await);
    let id = format!("ORDER_WITHOUT_OUTCOME:{key}");
    let proposed = done(scene.close(on, &[(&id, "勘定系に照会中")]).await);
    // What was signed is not what stands any more: core banking has answered.
    scene.confirm(&key).await;
    assert_eq!(refused(scene.decide(&second, &proposed.id, None).await), one("DAY-END", "id"));
    done(scene.decide(&second, &proposed.id, Some("結果が届いた")).await);
    let waits = [
        (format!("OUTCOME_WITHOUT_LEDGER:{key}"), "元帳は翌日"),
        ("NO_TRANSFER_RESULT:".to_owned(), "翌日受領"),
    ];
    let waits: Vec<(&str, &str)> = waits.iter().map(|(id, why)| (id.as_str(), *why)).collect();
    let proposed = done(scene.close(on, &waits).await);
    let closed = done(scene.decide(&second, &proposed.id, None).await);
    let DayStep::Closing(closing) = &closed.step else { panic!("{closed:?}") };
    assert_eq!(
        (closing.orders, closing.carried.len(), closing.carried[0].reason.as_str()),
        (1, 2, "元帳は翌日")
    );

    scene.now += TimeDelta::days(1);
    let next = scene.today();
    let day = scene.day(next).await;
    assert_eq!((day.state, day.balance.lines.len()), (DayState::Open, 1), "the order is still there");
    done(scene.ledger(next, &[(&key, "POSTING", 30_000_000)]).await);
    assert_eq!(scene.differences(next).await, [K::NoTransferResult]);
    let bytes = answer_to(&file, &[]);
    // The file is of the day before: it is refused for this one.
    let wrong = place.store.hand_in_transfers(&scene.first(), next, &bytes, scene.now).await.unwrap();
    assert_eq!(refused(wrong), one("DAY-END", "line 1, column 55"));
    // A later day waits for this one.
    scene.now += TimeDelta::days(1);
    let later = refused(scene.close(scene.today(), &[]).await);
    assert_eq!(later, one("DAY-END", "date"));
    let proposed = done(scene.close(next, &[("NO_TRANSFER_RESULT:", "勘定系が送金")]).await);
    done(scene.decide(&second, &proposed.id, None).await);
    assert_eq!(scene.day(scene.today()).await.balance.lines.len(), 0, "nothing is left of it");
}

async fn a_day_that_moves_is_opened_again(place: Place) {
    let mut scene = Scene::ready(&place).await;
    let (on, second) = (scene.today(), scene.second());
    done(scene.ledger(on, &[]).await);
    let proposed = done(scene.close(on, &[]).await);
    done(scene.decide(&second, &proposed.id, None).await);
    assert_eq!(scene.day(on).await.state, DayState::Closed);
    // Postings go on, and the day says that it moved.
    scene.now += TimeDelta::minutes(1);
    let key = scene.order().await;
    scene.confirm(&key).await;
    let day = scene.day(on).await;
    assert_eq!((day.state, day.earliest_open), (DayState::Moved, Some(on)));
    assert_eq!(scene.incidents().await, vec![], "the day is not over");
    let morning = scene.now;
    scene.now += TimeDelta::days(1);
    done(scene.ledger(scene.today(), &[]).await);
    assert_eq!(refused(scene.close(scene.today(), &[]).await), one("DAY-END", "date"));
    assert_eq!(scene.incidents().await, [("MOVED_DAY".to_owned(), on)]);
    // Two people open it, with a reason; the closing stays in the book.
    let reopened =
        place.store.propose_reopening(&scene.first(), on, "締め後の実行", scene.now).await.unwrap();
    let reopened = done(reopened);
    assert_eq!(refused(scene.decide(&scene.first(), &reopened.id, None).await), one("E.2", "id"));
    done(scene.decide(&second, &reopened.id, None).await);
    assert_eq!(scene.day(on).await.state, DayState::Open);
    assert_eq!(scene.incidents().await, vec![], "now no day is closed at all");
    done(scene.ledger(on, &[(&key, "POSTING", 30_000_000)]).await);
    assert!(morning < scene.now);
    let proposed = done(scene.close(on, &[("NO_TRANSFER_RESULT:", "勘定系が送金")]).await);
    done(scene.decide(&second, &proposed.id, None).await);
    let day = scene.day(on).await;
    assert_eq!((day.state, day.lines.len()), (DayState::Closed, 5));
    assert_eq!(scene.incidents().await, vec![]);
    // A later day of which something was handed in, once it is over.
    let last = scene.today();
    scene.now += TimeDelta::days(1);
    assert_eq!(scene.incidents().await, [("OPEN_DAY".to_owned(), last)]);
    scene.now -= TimeDelta::days(1);
    let none =
        refused(place.store.propose_reopening(&scene.first(), scene.today(), "x", scene.now).await.unwrap());
    assert_eq!(none, one("DAY-END", "date"), "only the last closed day");
}
