//! A scrivener's office takes a job or declines it, says what it costs and whom it identified; paper originals go from hand to hand.
//! Whoever belongs to another office sees nothing of it.

use crate::stories::{
    BASE, Place, applicant, ask, clerk, noon, partner, rulebook_of, screened, staff, submitted,
};
use db::case_lines::{Body, CaseLine, LineAnswer};
use db::read::TaskFilter;
use db::{Answer, Scope, StoreOptions, Target};
use workflows::engagement::{
    CostState, Costs, DeclineReason, EngagementState, IdentityMethod, IdentityPaper, Waiting,
};
use workflows::machine::{Actor, Command, Role};
use workflows::original::{OriginalKind, OriginalPlace};

on_both!(
    an_office_takes_a_job_and_its_papers_open,
    an_office_that_declines_sees_nothing_any_more,
    a_bill_above_its_estimate_waits_for_the_bank,
    an_original_goes_from_hand_to_hand_and_is_missed_when_late,
    of_two_who_take_an_original_at_once_one_has_it,
);

mod an_unanswered_job_is_late_when_the_book_says_so {
    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn sqlite() {
        super::an_unanswered_job_is_late_when_the_book_says_so(crate::stories::sqlite(super::patient).await)
            .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
    async fn postgres() {
        super::an_unanswered_job_is_late_when_the_book_says_so(
            crate::stories::postgres(super::patient).await,
        )
        .await;
    }
}

/// A bank that waits longer for its offices.
fn patient(options: &mut StoreOptions) {
    let base = BASE.replace("job_reminder_days = 2 ", "job_reminder_days = 9 ");
    let base = base.replace("job_overdue_days = 4", "job_overdue_days = 30");
    assert!(base.contains("_days = 9 ") && base.contains("_days = 30\n"));
    options.rules = rulebook_of(&base);
}

const ESTIMATE: Costs = Costs {
    fee_yen: 60_000,
    consumption_tax_yen: 6_000,
    registration_tax_yen: 30_000,
    disbursements_yen: 2_400,
};

fn line(answer: LineAnswer) -> CaseLine {
    match answer {
        LineAnswer::Done(line) => *line,
        other => panic!("{other:?}"),
    }
}

fn against(answer: LineAnswer) -> Vec<String> {
    match answer {
        LineAnswer::Invalid(problems) => {
            assert!(
                problems.iter().all(|it| !it.accepted.is_empty() && !it.message_ja.is_empty()),
                "{problems:?}"
            );
            problems.into_iter().map(|problem| problem.field).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Somebody of an office of scriveners.
fn scrivener(subject: &str, organisation: &str) -> Scope {
    Scope::of(&Actor { subject: subject.to_owned(), ..partner(Role::Scrivener, organisation) })
}

fn desk() -> Scope {
    Scope::of(&clerk())
}

struct Asked {
    id: String,
    organisation: String,
    /// A person of the office that was asked.
    office: Scope,
}

/// A case whose registration an office was asked for: the rows that the instruction leaves beside it, without the story before it.
async fn instructed(place: &Place) -> Asked {
    let id = submitted(&place.store, &applicant("taro")).await;
    screened(&place.store, &id).await;
    let case = place.store.case(&desk(), &id).await.unwrap().unwrap();
    let organisation = case.engagements[&Role::Scrivener].clone();
    let of = format!("FROM application WHERE id = '{id}'");
    place
        .tamper(&format!(
            "INSERT INTO engagement (institution, application_id, role, organisation) \
             SELECT institution, id, 'SCRIVENER', '{organisation}' {of}"
        ))
        .await;
    place
        .tamper(&format!(
            "INSERT INTO task (id, institution, application_id, branch, task, role, organisation, due_on, opened_at) \
             SELECT id || ':T99.0', institution, id, branch, 'VERIFY_MORTGAGORS', 'SCRIVENER', '{organisation}', planned_date, \
             created_at {of}"
        ))
        .await;
    let office = scrivener("first", &organisation);
    Asked { id, organisation, office }
}

/// An original of the case that the desk gave to its customer.
pub async fn returned(place: &Place, id: &str) {
    let paper = (OriginalKind::SealCertificate, None);
    let made = line(place.store.register_original(&desk(), id, paper, noon()).await.unwrap());
    let to = (OriginalPlace::Customer, None);
    line(place.store.offer_original(&desk(), &made.id, to, noon()).await.unwrap());
    let manager = Scope::of(&staff(Role::BranchManager, "manager"));
    line(place.store.take_original(&manager, &made.id, noon()).await.unwrap());
}

/// An original that the desk gave to the office.
async fn given(place: &Place, id: &str) -> CaseLine {
    let store = &place.store;
    let paper = (OriginalKind::MortgageDeed, None);
    let made = line(store.register_original(&desk(), id, paper, noon()).await.unwrap());
    let to = (OriginalPlace::Scrivener, Some(noon().date_naive()));
    line(store.offer_original(&desk(), &made.id, to, noon()).await.unwrap())
}

async fn takes(place: &Place, asked: &Asked) {
    let said = (true, false, false, None);
    let made = place.store.answer_engagement(&asked.office, &asked.id, said, noon()).await.unwrap();
    assert!(matches!(line(made).body, Body::Engagement(it) if it.state == EngagementState::Accepted));
}

async fn an_unanswered_job_is_late_when_the_book_says_so(place: Place) {
    instructed(&place).await;
    let waiting = async |days: i64| {
        let later = noon() + chrono::Duration::days(days);
        place.store.waiting_jobs(&desk(), None, 10, later).await.unwrap().items[0].waiting
    };
    assert_eq!(waiting(6).await, Waiting::Asked);
    assert_eq!(waiting(20).await, Waiting::Late);
    assert_eq!(waiting(90).await, Waiting::Escalated);
}

async fn an_office_takes_a_job_and_its_papers_open(place: Place) {
    let asked = instructed(&place).await;
    let (id, organisation) = (asked.id.clone(), asked.organisation.clone());
    let (store, office) = (&place.store, asked.office.clone());
    let case = store.case(&office, &id).await.unwrap().expect("what is needed to decide is there");
    assert!(!store.opens_papers(&office, &case).await.unwrap(), "no papers before the check of conflicts");
    let waiting = store.waiting_jobs(&desk(), None, 10, noon()).await.unwrap().items;
    assert_eq!(
        (waiting.len(), waiting[0].waiting, &waiting[0].organisation),
        (1, Waiting::Asked, &organisation)
    );
    let later = noon() + chrono::Duration::days(20);
    let waiting = store.waiting_jobs(&desk(), None, 10, later).await.unwrap().items;
    assert_eq!(waiting[0].waiting, Waiting::Escalated);
    // Nothing is done in a job that was not taken, and a conflict is not taken.
    let identity =
        ("A1", IdentityMethod::FaceToFace, &[IdentityPaper::DrivingLicence][..], noon().date_naive());
    assert_eq!(
        against(store.record_identity(&office, &id, identity, noon()).await.unwrap()),
        ["applicationId"]
    );
    let conflict = (true, true, false, None);
    assert_eq!(against(store.answer_engagement(&office, &id, conflict, noon()).await.unwrap()), ["accepts"]);
    takes(&place, &asked).await;
    assert!(store.opens_papers(&office, &case).await.unwrap());
    assert!(store.waiting_jobs(&desk(), None, 10, later).await.unwrap().items.is_empty());
    let again = store.answer_engagement(&office, &id, (true, false, false, None), noon()).await.unwrap();
    assert_eq!(against(again), ["applicationId"]);
    line(store.record_identity(&office, &id, identity, noon()).await.unwrap());
    let (_, lines) = store.case_lines(&office, &id).await.unwrap().unwrap();
    assert_eq!(lines.len(), 2, "{lines:?}");
    // A stranger's office finds no case, and the desk answers for nobody's office.
    let stranger = scrivener("stranger", "OFFICE-2");
    assert_eq!(store.case_lines(&stranger, &id).await.unwrap(), None);
    let said = (true, false, false, None);
    assert_eq!(store.answer_engagement(&stranger, &id, said, noon()).await.unwrap(), LineAnswer::NotFound);
    assert_eq!(store.answer_engagement(&desk(), &id, said, noon()).await.unwrap(), LineAnswer::Forbidden);
    // The job ends with the last filing, not before.
    assert_eq!(against(store.end_engagement(&office, &id, noon()).await.unwrap()), ["applicationId"]);
}

async fn an_office_that_declines_sees_nothing_any_more(place: Place) {
    let asked = instructed(&place).await;
    let id = asked.id.clone();
    let (store, office) = (&place.store, asked.office.clone());
    let tasks = async || store.tasks(&office, &TaskFilter::default(), None, 10).await;
    assert_eq!(tasks().await.unwrap().items.len(), 1);
    assert_eq!(
        against(store.answer_engagement(&office, &id, (false, false, false, None), noon()).await.unwrap()),
        ["reason"]
    );
    let said = (false, true, false, Some(DeclineReason::Conflict));
    line(store.answer_engagement(&office, &id, said, noon()).await.unwrap());
    assert!(store.case(&office, &id).await.unwrap().is_none());
    assert!(tasks().await.unwrap().items.is_empty());
    assert!(store.inbox(&office, None, 10, false).await.unwrap().items.is_empty());
    let back = (true, false, false, None);
    assert_eq!(store.answer_engagement(&office, &id, back, noon()).await.unwrap(), LineAnswer::NotFound);
    let command = Command::VerifyMortgagors { filing: "F1".to_owned(), method: "x".to_owned() };
    let tried = ask(store, office.actor(), Target::Case { id: &id }, &command).await;
    assert!(matches!(tried, Answer::NotFound), "{tried:?}");
    let waiting = store.waiting_jobs(&desk(), None, 10, noon()).await.unwrap().items;
    assert_eq!((waiting[0].waiting, waiting[0].reason), (Waiting::Declined, Some(DeclineReason::Conflict)));
    // The bank asks once more: the office sees the case again and takes it.
    assert_eq!(store.ask_office_again(&office, &id, None, noon()).await.unwrap(), LineAnswer::Forbidden);
    line(store.ask_office_again(&desk(), &id, None, noon()).await.unwrap());
    assert_eq!(against(store.ask_office_again(&desk(), &id, None, noon()).await.unwrap()), ["applicationId"]);
    let waiting = store.waiting_jobs(&desk(), None, 10, noon()).await.unwrap().items;
    assert_eq!((waiting[0].waiting, waiting[0].reason), (Waiting::Asked, None));
    takes(&place, &asked).await;
    assert!(store.waiting_jobs(&desk(), None, 10, noon()).await.unwrap().items.is_empty());
}

async fn a_bill_above_its_estimate_waits_for_the_bank(place: Place) {
    let asked = instructed(&place).await;
    let id = asked.id.clone();
    let (store, office) = (&place.store, asked.office.clone());
    takes(&place, &asked).await;
    let bill = async |costs: Costs| store.bill_costs(&office, &id, (costs, None), noon()).await.unwrap();
    assert_eq!(against(bill(ESTIMATE).await), ["applicationId"], "the estimate comes first");
    let wrong = store.estimate_costs(&office, &id, (ESTIMATE, Some(120_000)), noon()).await.unwrap();
    assert_eq!(against(wrong), ["registrationTaxYen"]);
    line(store.estimate_costs(&office, &id, (ESTIMATE, Some(30_000)), noon()).await.unwrap());
    assert_eq!(against(store.agree_to_bill(&desk(), &id, noon()).await.unwrap()), ["applicationId"]);
    let state = |line: CaseLine| match line.body {
        Body::Costs(costs) => costs.state,
        other => panic!("{other:?}"),
    };
    assert_eq!(state(line(bill(Costs { fee_yen: 60_001, ..ESTIMATE }).await)), CostState::Above);
    assert_eq!(
        against(store.estimate_costs(&office, &id, (ESTIMATE, None), noon()).await.unwrap()),
        ["applicationId"]
    );
    assert_eq!(store.agree_to_bill(&office, &id, noon()).await.unwrap(), LineAnswer::Forbidden);
    assert_eq!(state(line(store.agree_to_bill(&desk(), &id, noon()).await.unwrap())), CostState::Agreed);
    assert_eq!(against(bill(ESTIMATE).await), ["applicationId"], "what was agreed stands");
}

async fn an_original_goes_from_hand_to_hand_and_is_missed_when_late(place: Place) {
    let asked = instructed(&place).await;
    let (id, organisation) = (asked.id.clone(), asked.organisation.clone());
    let (store, office) = (&place.store, asked.office.clone());
    takes(&place, &asked).await;
    let made = given(&place, &id).await;
    let take = async |who: &Scope| store.take_original(who, &made.id, noon()).await.unwrap();
    assert_eq!(against(take(&desk()).await), ["id", "id"], "two people, and the other side");
    assert_eq!(take(&scrivener("stranger", "OFFICE-2")).await, LineAnswer::NotFound);
    let taken = line(take(&office).await);
    assert_eq!((&taken.organisation, taken.version), (&organisation, 3));
    let due = async |who: &Scope, overdue, days| {
        let now = noon() + chrono::Duration::days(days);
        store.originals_due(who, overdue, None, 10, now).await.unwrap().items.len()
    };
    assert_eq!(
        (due(&desk(), true, 0).await, due(&desk(), true, 3).await, due(&office, false, 0).await),
        (0, 1, 1)
    );
    assert_eq!(due(&scrivener("stranger", "OFFICE-2"), false, 3).await, 0);
    let back = (OriginalPlace::Branch, None);
    line(store.offer_original(&office, &made.id, back, noon()).await.unwrap());
    line(take(&desk()).await);
    assert_eq!((due(&desk(), true, 3).await, due(&office, false, 0).await), (0, 0));
    // What is back at the bank is no business of the office any more.
    assert_eq!(take(&office).await, LineAnswer::NotFound);
}

async fn of_two_who_take_an_original_at_once_one_has_it(place: Place) {
    let asked = instructed(&place).await;
    let (id, organisation) = (asked.id.clone(), asked.organisation.clone());
    takes(&place, &asked).await;
    let made = given(&place, &id).await;
    let (first, second) = (asked.office.clone(), scrivener("second", &organisation));
    let (one, other) = tokio::join!(
        place.store.take_original(&first, &made.id, noon()),
        place.store.take_original(&second, &made.id, noon())
    );
    let won =
        [one.unwrap(), other.unwrap()].into_iter().filter(|it| matches!(it, LineAnswer::Done(_))).count();
    assert_eq!(won, 1);
    assert_eq!(place.number("SELECT version FROM case_line WHERE kind = 'ORIGINAL'").await, 3);
}
