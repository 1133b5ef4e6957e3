//! Another scrivener's office takes a job over before the filing (L-94): the former one finds nothing of the case any more but that its
//! job is over, the new one begins anew, and what is still with the former one comes back by two people of the bank.

use crate::day_end::{book, played};
use crate::registers::listed;
use crate::stories::Place;
use crate::story::world::actor;
use chrono::{DateTime, Utc};
use db::case_lines::LineAnswer;
use db::read::TaskFilter;
use db::{Answer, Request, Scope, Target};
use workflows::machine::{Actor, Command, Refusal, Role, Track, TrackState};
use workflows::original::{OriginalKind, OriginalPlace};

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
    the_former_office_finds_nothing_and_the_new_one_begins_anew,
    what_the_former_office_has_comes_back_by_two_people,
    an_office_that_answered_before_is_asked_anew,
    a_verb_waits_for_the_office_to_take_the_job,
);

const FORMER: &str = "SCRIVENER-1";
const NEW: &str = "SCRIVENER-2";
const TAKES: (bool, bool, bool, Option<workflows::engagement::DeclineReason>) = (true, false, false, None);

/// A case of a story.
struct Scene {
    place: Place,
    id: String,
    now: DateTime<Utc>,
}

/// Somebody of the bank of the stories, or of an office that works for it: `@` and the name of the office.
fn person(role: Role, name: Option<&str>) -> Actor {
    let form = workflows::sample::Sample::Purchase.form().unwrap();
    actor(role, name, &form, &workflows::sample::rulebook().unwrap())
}

fn clerk() -> Actor {
    person(Role::BranchClerk, None)
}

fn office(name: &str) -> Scope {
    Scope::of(&person(Role::Scrivener, Some(&format!("@{name}"))))
}

fn replace(office: &str) -> Command {
    let (filing, office) = ("F1".to_owned(), office.to_owned());
    Command::ReplaceScrivener { filing, office, reason: "業務停止のため".to_owned() }
}

fn done(answer: LineAnswer) -> String {
    match answer {
        LineAnswer::Done(line) => line.id,
        other => panic!("{other:?}"),
    }
}

impl Scene {
    async fn open(place: Place) -> Scene {
        let (id, now) = played(&place, "8-scheduled").await;
        Scene { place, id, now }
    }

    async fn says(&self, who: &Actor, command: &Command) -> Answer {
        let target = Target::Case { id: &self.id };
        let request =
            Request { actor: who, now: self.now, target, command, expected_version: None, key: None };
        self.place.store.execute(request).await.unwrap()
    }

    /// Codes and rules of what is in the way.
    async fn blocked(&self, who: &Actor, command: &Command) -> Vec<(String, String)> {
        match self.says(who, command).await {
            Answer::Refused(Refusal::Blocked { unmet }) => {
                assert!(unmet.iter().all(|it| !it.ja.is_empty() && !it.en.is_empty()), "{unmet:?}");
                unmet.into_iter().map(|it| (it.code, it.rule.unwrap_or_default())).collect()
            }
            other => panic!("{other:?}"),
        }
    }

    /// Two people put an office into the register of contractors.
    async fn list(&self, organisation: &str) {
        let [one, other] = ["a", "b"].map(|name| Scope::of(&person(Role::Compliance, Some(name))));
        listed(&self.place, organisation, (&one, &other), self.now).await;
    }

    async fn taken_over(&self) {
        self.list(NEW).await;
        let answer = self.says(&clerk(), &replace(NEW)).await;
        assert!(matches!(&answer, Answer::Done(done) if done.rows == ["REG-25"]), "{answer:?}");
    }

    /// How many tasks, cases and messages somebody finds.
    async fn finds(&self, who: &Scope) -> (usize, bool, usize) {
        let store = &self.place.store;
        let tasks = store.tasks(who, &TaskFilter::default(), None, 10).await.unwrap().items.len();
        let inbox = store.inbox(who, None, 10, false).await.unwrap().items.len();
        (tasks, store.case(who, &self.id).await.unwrap().is_some(), inbox)
    }

    async fn sound(&self) {
        assert_eq!(db::verify::verify(&self.place.store).await.unwrap().violations, vec![]);
    }
}

fn verifies() -> Command {
    Command::VerifyMortgagors { filing: "F1".to_owned(), method: "対面".to_owned() }
}

fn pair(code: &str, rule: &str) -> Vec<(String, String)> {
    vec![(code.to_owned(), rule.to_owned())]
}

async fn the_former_office_finds_nothing_and_the_new_one_begins_anew(place: Place) {
    let scene = Scene::open(place).await;
    let (store, id, now) = (&scene.place.store, scene.id.as_str(), scene.now);
    let (former, new) = (office(FORMER), office(NEW));
    assert_eq!((scene.finds(&former).await, scene.finds(&new).await), ((1, true, 0), (0, false, 0)));
    // Who takes over stands in the register, also at a bank that has registered nobody yet.
    assert_eq!(scene.blocked(&clerk(), &replace(NEW)).await, pair("N-CONTRACTOR-FIT", "L-94"));
    scene.taken_over().await;
    // What the courier makes of each message to the former office.
    let told = format!(
        "INSERT INTO inbox (id, institution, application_id, number, kind, recipient, role, branch, organisation, at, \
         subject_ja, subject_en, body_ja, body_en) SELECT o.id, o.institution, o.application_id, '', 'W01', o.address, 'SCRIVENER', \
         o.branch, '{FORMER}', o.created_at, o.kind, '', '', '' FROM outbox o WHERE o.address = 'PARTNER:SCRIVENER:{FORMER}'"
    );
    assert!(scene.place.tamper(&told).await > 1);
    // Of everything that it was ever told, that its job is over is left.
    assert_eq!(scene.finds(&former).await, (0, false, 1));
    assert_eq!(store.inbox(&former, None, 10, false).await.unwrap().items[0].subject_ja, "SCRIVENER_STOP");
    assert_eq!(store.case_lines(&former, id).await.unwrap(), None);
    assert_eq!(store.answer_engagement(&former, id, TAKES, now).await.unwrap(), LineAnswer::NotFound);
    let late = scene.says(former.actor(), &verifies()).await;
    assert!(matches!(late, Answer::NotFound), "{late:?}");
    let stopped = |office: &str, kind: &str| {
        format!(
            "SELECT count(*) FROM outbox WHERE kind = '{kind}' AND address = 'PARTNER:SCRIVENER:{office}'"
        )
    };
    assert_eq!(scene.place.number(&stopped(FORMER, "SCRIVENER_STOP")).await, 1);
    assert_eq!(scene.place.number(&stopped(NEW, "SCRIVENER_INSTRUCTION")).await, 1);
    // The new one sees the case, none of the former one's papers, and identifies everybody itself.
    assert_eq!(scene.finds(&new).await, (1, true, 0));
    let (case, lines) = store.case_lines(&new, id).await.unwrap().unwrap();
    assert_eq!((lines, case.track_state(Track::Reg, "F1")), (vec![], Some(TrackState::Instructed)));
    assert_eq!((case.costs.is_some(), case.filing_facts.is_some()), (false, false));
    let desk = Scope::of(&clerk());
    let waiting = store.waiting_jobs(&desk, None, 10, now).await.unwrap().items;
    assert_eq!((waiting.len(), waiting[0].organisation.as_str()), (1, NEW));
    done(store.answer_engagement(&new, id, TAKES, now).await.unwrap());
    assert!(matches!(scene.says(new.actor(), &verifies()).await, Answer::Done(_)));
    scene.sound().await;
    // The mark is what hides the case: without it the former office would still find it, and verification says so.
    assert_eq!(scene.place.tamper("UPDATE application SET withheld = ''").await, 1);
    assert!(scene.finds(&former).await.1);
    assert!(!db::verify::verify(store).await.unwrap().violations.is_empty());
}

async fn what_the_former_office_has_comes_back_by_two_people(place: Place) {
    let scene = Scene::open(place).await;
    let (store, now) = (&scene.place.store, scene.now);
    let (former, new, desk) = (office(FORMER), office(NEW), Scope::of(&clerk()));
    let paper = (OriginalKind::TitlePaper, None);
    let paper = done(store.register_original(&desk, &scene.id, paper, now).await.unwrap());
    let to = |place| (place, Some(now.date_naive()));
    let office_has = OriginalPlace::Scrivener;
    done(store.offer_original(&desk, &paper, to(office_has), now).await.unwrap());
    done(store.take_original(&former, &paper, now).await.unwrap());
    let due = async || store.originals_due(&desk, false, None, 10, now).await.unwrap().items;
    assert!(!due().await[0].to_hand_over);
    scene.taken_over().await;
    assert!(due().await[0].to_hand_over, "it is with an office that has the job no more");
    let home = (OriginalPlace::Branch, None);
    for who in [&former, &new] {
        assert_eq!(store.offer_original(who, &paper, home, now).await.unwrap(), LineAnswer::NotFound);
    }
    done(store.offer_original(&desk, &paper, home, now).await.unwrap());
    let alone = store.take_original(&desk, &paper, now).await.unwrap();
    assert!(matches!(alone, LineAnswer::Invalid(_)), "{alone:?}");
    let manager = Scope::of(&person(Role::BranchManager, None));
    done(store.take_original(&manager, &paper, now).await.unwrap());
    assert!(due().await.is_empty());
    // From the branch it goes on to the office that has the job.
    done(store.offer_original(&desk, &paper, to(office_has), now).await.unwrap());
    assert_eq!(store.take_original(&former, &paper, now).await.unwrap(), LineAnswer::NotFound);
    done(store.take_original(&new, &paper, now).await.unwrap());
    assert!(!due().await[0].to_hand_over);
    scene.sound().await;
}

async fn an_office_that_answered_before_is_asked_anew(place: Place) {
    let scene = Scene::open(place).await;
    let (store, id, now) = (&scene.place.store, scene.id.as_str(), scene.now);
    let (former, desk) = (office(FORMER), Scope::of(&clerk()));
    scene.list(FORMER).await;
    scene.taken_over().await;
    assert_eq!(scene.blocked(&clerk(), &replace(FORMER)).await, pair("N-OFFICE-FREE", "E.2"));
    let nobody = store.ask_office_again(&desk, id, Some("SCRIVENER-9"), now).await.unwrap();
    assert!(matches!(nobody, LineAnswer::Invalid(_)), "{nobody:?}");
    done(store.ask_office_again(&desk, id, Some(FORMER), now).await.unwrap());
    assert!(store.case(&former, id).await.unwrap().is_none(), "being asked is not having the job");
    assert!(matches!(scene.says(&clerk(), &replace(FORMER)).await, Answer::Done(_)));
    assert!(scene.finds(&former).await.1 && !scene.finds(&office(NEW)).await.1);
    // Its answer of before counts for nothing.
    assert_eq!(scene.blocked(former.actor(), &verifies()).await, pair("N-JOB-TAKEN", "E.2"));
    let waiting = store.waiting_jobs(&desk, None, 10, now).await.unwrap().items;
    assert_eq!((waiting.len(), waiting[0].organisation.as_str()), (1, FORMER));
    done(store.answer_engagement(&former, id, TAKES, now).await.unwrap());
    assert!(matches!(scene.says(former.actor(), &verifies()).await, Answer::Done(_)));
    scene.sound().await;
}

async fn a_verb_waits_for_the_office_to_take_the_job(place: Place) {
    let (id, now) = played(&place, "7-contracted").await;
    let scene = Scene { place, id, now };
    let instruct = Command::InstructScrivener { filing: "F1".to_owned(), office: None };
    assert!(matches!(scene.says(&clerk(), &instruct).await, Answer::Done(_)));
    let (store, office) = (&scene.place.store, office(FORMER));
    assert_eq!(scene.blocked(office.actor(), &verifies()).await, pair("N-JOB-TAKEN", "E.2"));
    done(store.answer_engagement(&office, &scene.id, TAKES, scene.now).await.unwrap());
    assert!(matches!(scene.says(office.actor(), &verifies()).await, Answer::Done(_)));
    scene.sound().await;
}
