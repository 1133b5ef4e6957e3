//! Deputies: a colleague acts for an absent person, under his own name and only for the named days.

use crate::stories::Place;
use chrono::{DateTime, NaiveDate, Utc};
use db::Scope;
use db::deputies::{Deputy, DeputyAnswer};
use workflows::machine::{Actor, Role};

on_both!(
    a_deputy_acts_within_the_named_days,
    what_does_not_fit_is_refused_whole,
    an_ended_deputy_acts_no_more,
);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn person(role: Role, subject: &str) -> Actor {
    let branches = if role == Role::BranchManager { vec!["101".to_owned()] } else { vec![] };
    Actor { subject: subject.to_owned(), institution: "2963".to_owned(), branches, ..Actor::internal(role) }
}

/// Noon of 6 April in Tokyo.
const NOW: &str = "2026-04-06T03:00:00Z";

async fn named(place: &Place) -> Deputy {
    let manager = Scope::of(&person(Role::BranchManager, "manager"));
    let days = (day("2026-04-07"), day("2026-04-10"));
    match place.store.name_deputy(&manager, "clerk", days, "holiday", at(NOW)).await.unwrap() {
        DeputyAnswer::Done(deputy) => *deputy,
        other => panic!("{other:?}"),
    }
}

async fn a_deputy_acts_within_the_named_days(place: Place) {
    let deputy = named(&place).await;
    let clerk = person(Role::BranchClerk, "clerk");
    let acting = async |actor: &Actor, absent: &str, now: &str| {
        place.store.acting_for(actor, absent, at(now)).await.unwrap()
    };
    assert_eq!(acting(&clerk, "manager", NOW).await, None, "not before the first day");
    // Midnight in Tokyo is 15:00 of the day before in UTC.
    assert_eq!(acting(&clerk, "manager", "2026-04-06T14:59:59Z").await, None);
    let inside = acting(&clerk, "manager", "2026-04-06T15:00:00Z").await.unwrap();
    assert_eq!((inside.role, inside.subject.as_str()), (Role::BranchManager, "clerk"));
    assert_eq!((inside.branches, inside.on_behalf_of.as_deref()), (vec!["101".to_owned()], Some("manager")));
    assert!(acting(&clerk, "manager", "2026-04-10T14:59:59Z").await.is_some(), "to the end of the last day");
    assert_eq!(acting(&clerk, "manager", "2026-04-10T15:00:00Z").await, None);
    assert_eq!(acting(&clerk, "another", "2026-04-08T03:00:00Z").await, None);
    let other = person(Role::BranchClerk, "other");
    assert_eq!(acting(&other, "manager", "2026-04-08T03:00:00Z").await, None);
    let elsewhere = Actor { institution: "2978".to_owned(), ..clerk.clone() };
    assert_eq!(acting(&elsewhere, "manager", "2026-04-08T03:00:00Z").await, None);

    let auditor = Scope::of(&Actor { role: Role::Auditor, ..clerk });
    let audit = place.store.audit(&auditor, None, 10).await.unwrap().items;
    let steps: Vec<_> = audit.iter().map(|line| (line.kind.as_str(), line.verb.as_deref())).collect();
    assert_eq!(steps, [("DEPUTY", Some("nameDeputy"))]);
    assert_eq!(place.store.deputies(&auditor, 10).await.unwrap(), [deputy]);
}

async fn what_does_not_fit_is_refused_whole(place: Place) {
    let manager = person(Role::BranchManager, "manager");
    let name = async |who: &Actor, subject: &str, from: &str, until: &str, reason: &str| {
        let days = (day(from), day(until));
        place.store.name_deputy(&Scope::of(who), subject, days, reason, at(NOW)).await.unwrap()
    };
    let fields = |answer: DeputyAnswer| match answer {
        DeputyAnswer::Invalid(problems) => {
            problems.into_iter().map(|p| (p.rule, p.field)).collect::<Vec<_>>()
        }
        other => panic!("{other:?}"),
    };
    let one = |field: &str| vec![("E.2", field.to_owned())];
    assert_eq!(fields(name(&manager, "manager", "2026-04-07", "2026-04-08", "away").await), one("deputy"));
    assert_eq!(fields(name(&manager, "clerk", "2026-04-05", "2026-04-08", "away").await), one("from"));
    assert_eq!(fields(name(&manager, "clerk", "2026-04-08", "2026-04-07", "away").await), one("until"));
    assert_eq!(fields(name(&manager, "clerk", "2026-04-07", "2026-07-08", "away").await), one("until"));
    assert_eq!(fields(name(&manager, "clerk", "2026-04-07", "2026-04-08", " ").await), one("reason"));
    assert!(matches!(
        name(&manager, "clerk", "2026-04-07", "2026-07-07", "away").await,
        DeputyAnswer::Done(_)
    ));
    let auditor = person(Role::Auditor, "auditor");
    assert_eq!(name(&auditor, "clerk", "2026-04-07", "2026-04-08", "away").await, DeputyAnswer::Forbidden);
    let deputy = Actor { on_behalf_of: Some("manager".to_owned()), ..person(Role::BranchManager, "clerk") };
    assert_eq!(name(&deputy, "friend", "2026-04-07", "2026-04-08", "away").await, DeputyAnswer::Forbidden);
    assert_eq!(place.store.deputies(&Scope::of(&manager), 10).await.unwrap().len(), 1);
}

async fn an_ended_deputy_acts_no_more(place: Place) {
    let deputy = named(&place).await;
    let within = "2026-04-08T03:00:00Z";
    let end =
        async |who: &Actor| place.store.end_deputy(&Scope::of(who), &deputy.id, at(within)).await.unwrap();
    let clerk = person(Role::BranchClerk, "clerk");
    assert_eq!(end(&person(Role::Operations, "stranger")).await, DeputyAnswer::Forbidden);
    let elsewhere = Actor { institution: "2978".to_owned(), ..person(Role::Compliance, "compliance") };
    assert_eq!(end(&elsewhere).await, DeputyAnswer::NotFound);
    assert!(place.store.acting_for(&clerk, "manager", at(within)).await.unwrap().is_some());
    assert!(matches!(end(&person(Role::Compliance, "compliance")).await, DeputyAnswer::Done(_)));
    assert_eq!(place.store.acting_for(&clerk, "manager", at(within)).await.unwrap(), None);
    assert_eq!(end(&clerk).await, DeputyAnswer::NotFound, "it ends once");
}
