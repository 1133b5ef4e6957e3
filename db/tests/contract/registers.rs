//! The registers of the compliance office: two people, refusals that change nothing, and what a command is told of them.

use crate::stories::*;
use chrono::{Days, NaiveDate};
use db::Scope;
use db::registers::{LineFilter, RegisterAnswer};
use workflows::Problem;
use workflows::compliance::complaint::*;
use workflows::compliance::contractor::*;
use workflows::compliance::training::{Training, TrainingState};
use workflows::compliance::{Eyes, Line, Record, Register};
use workflows::machine::Role;
use workflows::machine::registers::{OfficeStanding, TrainingCourse};

on_both!(
    a_contractor_takes_two_people,
    a_complaint_goes_its_way,
    trainings_are_kept_by_others,
    the_desk_is_told_once_of_what_comes_due,
);

fn today() -> NaiveDate {
    workflows::calendar::tokyo_date(noon())
}

fn in_days(days: u64) -> NaiveDate {
    today().checked_add_days(Days::new(days)).unwrap()
}

fn office(organisation: &str) -> Contractor {
    Contractor {
        organisation: organisation.to_owned(),
        name: "見本司法書士事務所".to_owned(),
        service: ContractorService::Scrivener,
        contract_from: today(),
        contract_until: None,
        next_review_on: in_days(180),
        substitute: Some("OFFICE-2".to_owned()),
        state: ContractorState::Active,
        reason: None,
        reviews: vec![],
    }
}

fn filed(person: Option<&str>, category: ComplaintCategory) -> Complaint {
    Complaint {
        received_on: today(),
        channel: ComplaintChannel::Online,
        category,
        text: "説明が足りない".to_owned(),
        application_id: None,
        contractor: None,
        filed_by: person.map(str::to_owned),
        recorded_by: person.unwrap_or("clerk-1").to_owned(),
        owner: None,
        handling: vec![],
        due_on: answer_by(today()),
        answer: None,
        offered: None,
        outcome: None,
        closed_on: None,
        state: ComplaintState::Open,
    }
}

fn scope(role: Role, subject: &str) -> Scope {
    Scope::of(&staff(role, subject))
}

fn line<R: Record + std::fmt::Debug>(answer: RegisterAnswer<R>) -> Line<R> {
    match answer {
        RegisterAnswer::Done(line) => *line,
        other => panic!("not done: {other:?}"),
    }
}

fn fields<R: Record + std::fmt::Debug>(answer: RegisterAnswer<R>) -> Vec<(String, &'static str)> {
    match answer {
        RegisterAnswer::Invalid(problems) => {
            problems.into_iter().map(|p: Problem| (p.field, p.rule)).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// A complaint on record, for whoever checks that it stays so.
pub async fn complaint(place: &Place, day: u32) {
    let recorder = scope(Role::BranchClerk, "clerk-1");
    let text = format!("{day}");
    let new = Complaint { text, ..filed(None, ComplaintCategory::Other) };
    line(place.store.add_to_register(&recorder, ("FILE", new), Eyes::Two, noon()).await.unwrap());
}

/// An office that two people of compliance have put into the register of their bank.
pub async fn listed(
    place: &Place,
    organisation: &str,
    (first, second): (&Scope, &Scope),
    now: chrono::DateTime<chrono::Utc>,
) {
    let day = workflows::calendar::tokyo_date(now);
    let next_review_on = day.checked_add_days(Days::new(180)).unwrap();
    let new = Contractor { contract_from: day, next_review_on, ..office(organisation) };
    let proposed = line(place.store.add_to_register(first, ("ADD", new), Eyes::Four, now).await.unwrap());
    let decided = place.store.decide_in_register::<Contractor>(second, &proposed.id, None, now).await;
    assert_eq!(line(decided.unwrap()).state(), "ACTIVE");
}

async fn a_contractor_takes_two_people(place: Place) {
    let store = &place.store;
    let (first, second) = (scope(Role::Compliance, "compliance-1"), scope(Role::Compliance, "compliance-2"));
    let clerk = scope(Role::BranchClerk, "clerk-1");
    let add = async |who: &Scope, organisation: &str| {
        store.add_to_register(who, ("ADD", office(organisation)), Eyes::Four, noon()).await.unwrap()
    };
    assert_eq!(add(&clerk, "OFFICE-1").await, RegisterAnswer::Forbidden);
    let proposed = line(add(&first, "OFFICE-1").await);
    assert_eq!(
        (proposed.state(), proposed.record.is_none()),
        ("PROPOSED", true),
        "it counts for nothing yet"
    );
    assert_eq!(
        fields(add(&second, "OFFICE-1").await),
        [("organisation".to_owned(), "L-94")],
        "it stands once"
    );
    let decide = async |who: &Scope, returned: Option<&str>| {
        store.decide_in_register::<Contractor>(who, &proposed.id, returned, soon(1)).await.unwrap()
    };
    assert_eq!(fields(decide(&first, None).await), [("id".to_owned(), "E.2")]);
    assert_eq!(decide(&clerk, None).await, RegisterAnswer::Forbidden);
    let elsewhere = workflows::machine::Actor {
        institution: "9999".to_owned(),
        ..staff(Role::Compliance, "compliance-2")
    };
    assert_eq!(decide(&Scope::of(&elsewhere), None).await, RegisterAnswer::NotFound);
    assert_eq!(line(decide(&second, None).await).state(), "ACTIVE");
    assert_eq!(fields(decide(&second, None).await), [("id".to_owned(), "E.2")], "nothing waits any more");

    let step = async |who: &Scope, step: ContractorStep, reason: &str| {
        let after = |contractor: &Contractor| contractor.after(step, reason);
        let what = (step.code(), Eyes::Four);
        store.step_in_register(who, &proposed.id, what, after, soon(2)).await.unwrap()
    };
    assert_eq!(fields(step(&first, ContractorStep::Lift, "x").await), [("step".to_owned(), "L-94")]);
    assert_eq!(fields(step(&first, ContractorStep::Suspend, " ").await), [("reason".to_owned(), "L-94")]);
    let waiting = line(step(&first, ContractorStep::Suspend, "補正が多い").await);
    assert_eq!(waiting.state(), "ACTIVE", "a proposal changes nothing");
    assert_eq!(fields(step(&second, ContractorStep::End, "x").await), [("id".to_owned(), "E.2")]);
    assert_eq!(line(decide(&second, Some("調査が先")).await).state(), "ACTIVE", "returned");
    line(step(&first, ContractorStep::Suspend, "補正が多い").await);
    let suspended = line(decide(&second, None).await).record.unwrap();
    assert_eq!(suspended.standing(today()), OfficeStanding::Suspended);
    line(step(&second, ContractorStep::Lift, "改善済").await);
    let lifted = line(decide(&first, None).await).record.unwrap();
    assert_eq!(lifted.standing(today()), OfficeStanding::Fit);
    assert_eq!(lifted.standing(in_days(181)), OfficeStanding::Overdue, "the review is over");

    let review = |on, next_on| {
        let review =
            Review { on, outcome: ReviewOutcome::Good, note: "良好".to_owned(), by: "c".to_owned() };
        move |contractor: &Contractor| contractor.reviewed(review, next_on, today())
    };
    let reviewed = async |on, next_on| {
        let what = ("REVIEW", Eyes::Two);
        store.step_in_register(&first, &proposed.id, what, review(on, next_on), soon(3)).await.unwrap()
    };
    let refused = fields(reviewed(in_days(1), in_days(900)).await);
    assert_eq!(refused, [("nextReviewOn".to_owned(), "L-94"), ("on".to_owned(), "L-94")]);
    let after = line(reviewed(today(), in_days(365)).await).record.unwrap();
    assert_eq!((after.reviews.len(), after.standing(in_days(181))), (1, OfficeStanding::Fit));

    let auditor = scope(Role::Auditor, "auditor");
    let steps = store.audit(&auditor, None, 50).await.unwrap().items;
    let told = steps.iter().filter(|line| line.kind == "REGISTER").count();
    assert_eq!(told, 9, "every step, and nothing that was refused");
    let due = LineFilter { due_to: Some(in_days(365)), ..LineFilter::default() };
    assert_eq!(store.register_lines::<Contractor>(&auditor, &due, None, 10).await.unwrap().items.len(), 1);
    let none = store.register_lines::<Contractor>(&Scope::of(&elsewhere), &due, None, 10).await.unwrap();
    assert_eq!(none.items, vec![]);
}

async fn a_complaint_goes_its_way(place: Place) {
    let store = &place.store;
    let (taro, hanako) = (Scope::of(&applicant("taro")), Scope::of(&applicant("hanako")));
    let (first, second) = (scope(Role::Compliance, "compliance-1"), scope(Role::Compliance, "compliance-2"));
    let mut ids = vec![];
    for (who, person) in [(&taro, "taro"), (&hanako, "hanako"), (&taro, "taro")] {
        let new = filed(Some(person), ComplaintCategory::Explanation);
        ids.push(line(store.add_to_register(who, ("FILE", new), Eyes::Two, noon()).await.unwrap()).id);
    }
    let own = LineFilter { filed_by: Some("taro".to_owned()), ..LineFilter::default() };
    let page = store.register_lines::<Complaint>(&taro, &own, None, 1).await.unwrap();
    let rest = store.register_lines::<Complaint>(&taro, &own, page.next.as_deref(), 10).await.unwrap();
    let seen: Vec<_> = page.items.iter().chain(&rest.items).map(|line| line.id.clone()).collect();
    assert_eq!(seen, [ids[2].clone(), ids[0].clone()], "the latest first, page by page");

    let close = async |outcome| {
        let after = |complaint: &Complaint| complaint.closed(outcome, today());
        store.step_in_register(&first, &ids[0], ("CLOSE", Eyes::Four), after, soon(1)).await.unwrap()
    };
    assert_eq!(fields(close(ComplaintOutcome::Explained).await), [("id".to_owned(), "L-95-2")]);
    let answer = async |offered| {
        let answer = ComplaintAnswer { on: today(), by: "c".to_owned(), text: "回答".to_owned() };
        let after = |complaint: &Complaint| complaint.answered(answer, offered);
        store.step_in_register(&first, &ids[0], ("ANSWER", Eyes::Two), after, soon(2)).await.unwrap()
    };
    line(answer(Some(DisputeContact::Federation)).await);
    let unsettled = fields(close(ComplaintOutcome::NotUpheld).await);
    assert_eq!(
        unsettled,
        [("outcome".to_owned(), "L-95-2")],
        "an office that hears complaints settles nothing"
    );
    line(answer(Some(DisputeContact::SecondTokyoBar)).await);
    line(close(ComplaintOutcome::NotUpheld).await);
    let decide =
        async |who: &Scope| store.decide_in_register::<Complaint>(who, &ids[0], None, soon(3)).await.unwrap();
    assert_eq!(fields(decide(&first).await), [("id".to_owned(), "E.2")]);
    assert_eq!(line(decide(&second).await).state(), "CLOSED");
    assert_eq!(fields(answer(None).await), [("id".to_owned(), "L-95-2")], "closed is closed");

    let late = noon() + chrono::Duration::days(31);
    let figures = store.register_figures(&first, Register::Complaints, late).await.unwrap();
    let told: Vec<_> = figures.iter().map(|f| (f.state.as_str(), f.lines, f.overdue)).collect();
    assert_eq!(told, [("CLOSED", 1, 0), ("OPEN", 2, 2)]);
}

async fn the_desk_is_told_once_of_what_comes_due(place: Place) {
    let store = &place.store;
    let (first, second) = (scope(Role::Compliance, "compliance-1"), scope(Role::Compliance, "compliance-2"));
    let new = store.add_to_register(&first, ("ADD", office("OFFICE-1")), Eyes::Four, noon()).await.unwrap();
    let office_line = line(new).id;
    let taro = Scope::of(&applicant("taro"));
    let new = filed(Some("taro"), ComplaintCategory::Explanation);
    let complaint = line(store.add_to_register(&taro, ("FILE", new), Eyes::Two, noon()).await.unwrap()).id;
    let after = |days: i64| noon() + chrono::Duration::days(days);
    let told = async |who: &Scope, days: i64| {
        let page = store.reminders(who, None, 10, after(days)).await.unwrap();
        page.items.into_iter().map(|item| (item.line_id, item.overdue)).collect::<Vec<_>>()
    };

    // The complaint is to be answered within thirty days; the desk is told seven days before, once, by whichever worker comes first.
    assert_eq!(store.remind(after(22)).await.unwrap(), 0, "nothing is near");
    let (one, other) = tokio::join!(store.remind(after(23)), store.remind(after(23)));
    assert_eq!(one.unwrap() + other.unwrap(), 1);
    assert_eq!(told(&first, 23).await, [(complaint.clone(), false)]);
    for days in [24, 30, 31, 40] {
        assert_eq!(store.remind(after(days)).await.unwrap(), 0, "told once");
    }
    assert_eq!(told(&second, 31).await, [(complaint.clone(), true)], "it waits, and its day is over");
    for other in [Role::BranchManager, Role::Auditor] {
        assert_eq!(told(&scope(other, "x"), 31).await, vec![], "the desk responsible alone");
    }
    let elsewhere = workflows::machine::Actor { institution: "9999".to_owned(), ..first.actor().clone() };
    assert_eq!(told(&Scope::of(&elsewhere), 31).await, vec![]);
    // Answered: it is nobody's work, and the reminder is gone by itself.
    let answer = ComplaintAnswer { on: today(), by: "c".to_owned(), text: "回答".to_owned() };
    let answered = |complaint: &Complaint| complaint.answered(answer, None);
    line(store.step_in_register(&first, &complaint, ("ANSWER", Eyes::Two), answered, soon(2)).await.unwrap());
    assert_eq!(told(&first, 31).await, vec![]);

    // A contractor that one person proposed reminds nobody; approved, thirty days before its review, and again for the next one.
    assert_eq!(store.remind(after(179)).await.unwrap(), 0);
    line(store.decide_in_register::<Contractor>(&second, &office_line, None, soon(1)).await.unwrap());
    assert_eq!(store.remind(after(149)).await.unwrap(), 0);
    assert_eq!((store.remind(after(150)).await.unwrap(), store.remind(after(151)).await.unwrap()), (1, 0));
    let item = store.reminders(&first, None, 10, after(150)).await.unwrap().items.remove(0);
    assert_eq!(
        (item.key.as_str(), item.register, item.due_on),
        ("OFFICE-1", Register::Contractors, in_days(180))
    );
    let review =
        Review { on: today(), outcome: ReviewOutcome::Good, note: "良好".to_owned(), by: "c".to_owned() };
    let reviewed = |contractor: &Contractor| contractor.reviewed(review, in_days(360), today());
    line(
        store.step_in_register(&first, &office_line, ("REVIEW", Eyes::Two), reviewed, soon(3)).await.unwrap(),
    );
    assert_eq!(told(&first, 151).await, vec![]);
    assert_eq!((store.remind(after(329)).await.unwrap(), store.remind(after(330)).await.unwrap()), (0, 1));
    assert_eq!(told(&first, 330).await, [(office_line, false)]);
}

async fn trainings_are_kept_by_others(place: Place) {
    let store = &place.store;
    let training = |passed_on, valid_until| Training {
        subject: "clerk-1".to_owned(),
        course: TrainingCourse::ImportantMatters,
        passed_on,
        valid_until,
        state: TrainingState::Passed,
        reason: None,
    };
    let good = training(today(), in_days(365));
    assert_eq!(good.problems("compliance-1", today()), vec![]);
    let wrong = |training: &Training, by| {
        training.problems(by, today()).into_iter().map(|p| p.field).collect::<Vec<_>>()
    };
    assert_eq!(wrong(&good, "clerk-1"), ["subject"], "nobody registers his own");
    assert_eq!(wrong(&training(in_days(1), in_days(365)), "c"), ["passedOn"]);
    assert_eq!(wrong(&training(today(), in_days(2000)), "c"), ["validUntil"]);
    let (office, admin) = (scope(Role::Compliance, "compliance-1"), scope(Role::UserAdmin, "admin-1"));
    let clerk = scope(Role::BranchClerk, "clerk-2");
    let new = ("ADD", good);
    let refused = store.add_to_register(&clerk, new.clone(), Eyes::Four, noon()).await.unwrap();
    assert_eq!(refused, RegisterAnswer::Forbidden);
    let proposed = line(store.add_to_register(&office, new, Eyes::Four, noon()).await.unwrap());
    let approved = store.decide_in_register::<Training>(&admin, &proposed.id, None, soon(1)).await.unwrap();
    assert_eq!(
        line(approved).record.and_then(|training| training.held()).map(|h| h.valid_until),
        Some(in_days(365))
    );
    let revoke = |training: &Training| training.revoked("不正受講");
    let what = ("REVOKE", Eyes::Four);
    line(store.step_in_register(&admin, &proposed.id, what, revoke, soon(2)).await.unwrap());
    let revoked =
        line(store.decide_in_register::<Training>(&office, &proposed.id, None, soon(3)).await.unwrap());
    assert_eq!((revoked.state(), revoked.record.unwrap().held()), ("REVOKED", None));
}
