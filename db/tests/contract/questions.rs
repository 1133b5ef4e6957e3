//! A guarantor asks about its request and the bank answers: each once, told to the institution after the request, nobody else's to read, and
//! found when somebody tampers with it (F-02).

use crate::stories::*;
use db::outbox::{Outcome, partner_address};
use db::read::TaskFilter;
use db::{Answer, Key, Request, Scope, Target};
use std::time::Duration;
use workflows::machine::question::{QuestionState, state_of};
use workflows::machine::{Actor, Command, Effect, Refusal, Role, Task};

on_both!(a_question_is_asked_and_answered_once);

const QUESTION: &str = "勤続の中断の理由";
const REPLY: &str = "転職のため";

fn ask_bank(question: &str) -> Command {
    Command::AskBank { question: question.to_owned() }
}

fn reply() -> Command {
    Command::AnswerGuarantor { question_id: "Q1".to_owned(), answer: REPLY.to_owned() }
}

fn refused_as(answer: &Answer, code: &str) -> bool {
    matches!(answer, Answer::Refused(Refusal::Blocked { unmet }) if unmet.len() == 1 && unmet[0].code == code)
}

async fn a_question_is_asked_and_answered_once(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let case = screened(store, &id).await.case;
    let asked = case.requests.iter().find(|(_, request)| request.role == Role::Guarantor).unwrap().0.clone();
    let guarantor = partner(Role::Guarantor, &case.engagements[&Role::Guarantor]);
    let (target, by_request) = (Target::Case { id: &id }, Target::Request { id: &id, request: &asked });

    let unknown = Target::Request { id: &id, request: "T1.0" };
    assert!(refused_as(&ask(store, &guarantor, unknown, &ask_bank(QUESTION)).await, "N-REQUEST-UNKNOWN"));
    let first = done(ask(store, &guarantor, by_request, &ask_bank(QUESTION)).await);
    assert!(!first.replayed);
    // From the institution's own queue, days later and under no key.
    let again = done(ask(store, &guarantor, by_request, &ask_bank(QUESTION)).await);
    assert_eq!((again.replayed, again.version, &again.rows), (true, first.version, &first.rows));
    assert_eq!(again.case.questions.len(), 1);
    // Nobody else finds the case by it.
    let stranger = partner(Role::Guarantor, "SOMEBODY-ELSE");
    let abroad = Actor { institution: "9999".to_owned(), ..guarantor.clone() };
    for nobody in [&stranger, &abroad] {
        assert!(
            matches!(ask(store, nobody, by_request, &ask_bank("x")).await, Answer::NotFound),
            "{nobody:?}"
        );
    }

    let wanted = TaskFilter { task: Some(Task::AnswerGuarantor), ..TaskFilter::default() };
    let waiting = async || store.tasks(&Scope::of(&clerk()), &wanted, None, 10).await.unwrap().items.len();
    assert_eq!(waiting().await, 1);
    let (clerk, command) = (clerk(), reply());
    let keyed = Request {
        actor: &clerk,
        now: noon(),
        target,
        command: &command,
        expected_version: None,
        key: Some(Key { key: "the-answer", body_hash: "h" }),
    };
    let answered = done(store.execute(keyed).await.unwrap());
    assert!(done(store.execute(keyed).await.unwrap()).replayed);
    assert_eq!(waiting().await, 0);
    assert!(refused_as(&ask(store, &clerk, target, &command).await, "N-QUESTION-OPEN"));
    let question = &answered.case.questions[0];
    assert_eq!(state_of(&answered.case, question), QuestionState::Answered);
    assert_eq!(question.reply.as_ref().unwrap().text, REPLY);

    // It reaches the institution after the request, under the request's id.
    let places = [(
        case.institution.clone(),
        partner_address(Role::Guarantor, guarantor.organisation.as_ref().unwrap()),
    )];
    let lease = Duration::from_secs(30);
    let mut told = vec![];
    for second in 1..4 {
        for parcel in store.lease_pushed(&places, &[], soon(second), "a", 100, lease).await.unwrap() {
            let Effect::Send { payload, .. } = &parcel.effect else { panic!("{parcel:?}") };
            assert_eq!(payload["request_id"], asked);
            told.push((parcel.kind.clone(), payload["question"].clone(), payload["answer"].clone()));
            assert!(store.settle(&parcel, &Outcome::Delivered, soon(second)).await.unwrap());
        }
    }
    let kinds: Vec<&str> = told.iter().map(|(kind, ..)| kind.as_str()).collect();
    assert_eq!(kinds, ["GUARANTEE_REQUEST", "GUARANTEE_REPLY"]);
    assert_eq!((&told[1].1, &told[1].2), (&QUESTION.into(), &REPLY.into()));

    // A decided request is asked about no more; the old question is still the same one.
    done(ask(store, &guarantor, by_request, &ask_bank("open at the end")).await);
    done(ask(store, &guarantor, by_request, &Command::DeclineGuarantee {}).await);
    assert_eq!(waiting().await, 0, "it needs no answer any more");
    assert!(refused_as(&ask(store, &guarantor, by_request, &ask_bank("late")).await, "N-REQUEST-ANSWERED"));
    assert!(done(ask(store, &guarantor, by_request, &ask_bank(QUESTION)).await).replayed);
    let moot = Command::AnswerGuarantor { question_id: "Q2".to_owned(), answer: REPLY.to_owned() };
    assert!(refused_as(&ask(store, &clerk, target, &moot).await, "N-QUESTION-OPEN"));

    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
    let changed =
        format!("UPDATE entry SET verb = 'addMemo' WHERE application_id = '{id}' AND verb = 'askBank'");
    assert_eq!(place.tamper(&changed).await, 2);
    assert!(!db::verify::verify(store).await.unwrap().violations.is_empty());
}
