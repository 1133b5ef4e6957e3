//! Work is claimed, not assigned: nobody gets what another has.

use crate::stories::*;
use db::Scope;
use db::read::TaskFilter;
use std::collections::HashSet;
use workflows::machine::Role;

on_both!(eight_who_claim_get_eight_tasks, claims_are_given_back);

async fn eight_who_claim_get_eight_tasks(place: Place) {
    for n in 0..8 {
        submitted(&place.store, &applicant(&format!("p{n}"))).await;
    }
    let scope = Scope::of(&clerk());
    let filter = TaskFilter { role: Some(Role::BranchClerk), ..TaskFilter::default() };
    let waiting = place.store.tasks(&scope, &filter, None, 100).await.unwrap().items.len();
    assert!(waiting >= 8);
    let counted = place.store.count_tasks(&scope, &filter).await.unwrap();
    assert_eq!((counted.count, counted.exact), (waiting as u64, true));
    let nobody = Scope::of(&staff(Role::UserAdmin, "admin"));
    assert_eq!(place.store.count_tasks(&nobody, &TaskFilter::default()).await.unwrap().count, 0);
    let tasks: Vec<_> = (0..8)
        .map(|n| {
            let store = place.store.clone();
            let scope = Scope::of(&staff(Role::BranchClerk, &format!("clerk-{n}")));
            tokio::spawn(async move { store.claim_next(&scope, noon()).await.unwrap().unwrap() })
        })
        .collect();
    let mut claimed = HashSet::new();
    for (n, task) in tasks.into_iter().enumerate() {
        let task = task.await.unwrap();
        assert_eq!(task.claimed_by, Some(format!("clerk-{n}")));
        assert_eq!(task.role, Role::BranchClerk);
        claimed.insert(task.id);
    }
    assert_eq!(claimed.len(), 8);
}

async fn claims_are_given_back(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    let (one, two) = (Scope::of(&clerk()), Scope::of(&staff(Role::BranchClerk, "clerk-2")));
    let store = &place.store;
    let task = store.claim_next(&one, noon()).await.unwrap().unwrap();
    assert!(!store.claim(&two, &task.id, noon()).await.unwrap());
    assert!(!store.release(&two, &task.id).await.unwrap());
    assert!(store.release(&one, &task.id).await.unwrap());
    assert!(store.claim(&two, &task.id, noon()).await.unwrap());
    let mine = TaskFilter { mine: true, ..TaskFilter::default() };
    assert_eq!(store.tasks(&two, &mine, None, 10).await.unwrap().items.len(), 1);
    // The manager can take it from him; another branch's cannot.
    let manager = staff(Role::BranchManager, "manager");
    let elsewhere = workflows::machine::Actor { branches: vec!["998".to_owned()], ..manager.clone() };
    assert!(!store.release(&Scope::of(&elsewhere), &task.id).await.unwrap());
    assert!(store.release(&Scope::of(&manager), &task.id).await.unwrap());
}
