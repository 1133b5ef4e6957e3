//! Who sees what: other banks, other branches, other people and other organisations do not exist.

use crate::stories::*;
use db::read::{Filter, Sort, TaskFilter};
use db::{Answer, Scope, Target};
use workflows::machine::{Actor, Command, Role};

on_both!(each_sees_his_own);

async fn visible(place: &Place, actor: &Actor, id: &str) -> (bool, usize) {
    let scope = Scope::of(actor);
    let one = place.store.case(&scope, id).await.unwrap().is_some();
    let history = place.store.entries(&scope, id, 0, 10).await.unwrap();
    assert_eq!(one, !history.is_empty(), "{actor:?}");
    let page = place.store.list(&scope, &Filter::default(), Sort::UpdatedDesc, None, 50).await.unwrap();
    let total = place.store.count(&scope, &Filter::default()).await.unwrap();
    assert_eq!((total.count as usize, total.exact), (page.items.len(), true));
    assert_eq!(one, page.items.iter().any(|row| row.id == id), "{actor:?}");
    (one, page.items.len())
}

async fn each_sees_his_own(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    submitted(&place.store, &applicant("jiro")).await;
    let case = place.store.case(&Scope::of(&clerk()), &id).await.unwrap().unwrap();
    let engaged = |role: Role| case.engagements.get(&role).cloned().unwrap_or_default();
    let foreign_bank = Actor { institution: "9999".to_owned(), ..clerk() };
    let foreign_branch = Actor { branches: vec!["998".to_owned()], ..clerk() };
    let whole_bank = Actor { branches: vec![], ..clerk() };
    let channel = Actor { organisation: Some("WEB".to_owned()), ..applicant("web") };
    let stranger = applicant("hanako");
    let wanted: Vec<(Actor, bool, usize)> = vec![
        (clerk(), true, 2),
        (whole_bank, true, 2),
        (foreign_bank, false, 0),
        (foreign_branch, false, 0),
        (applicant("taro"), true, 1),
        (stranger, false, 0),
        (channel, true, 2),
        (staff(Role::Auditor, "auditor"), true, 2),
        (staff(Role::UserAdmin, "admin"), false, 0),
        (Actor::internal(Role::System), true, 2),
        (partner(Role::Guarantor, "SOMEBODY-ELSE"), false, 0),
        // Engaged on paper, asked for nothing yet: the case does not concern the scrivener.
        (partner(Role::Scrivener, &engaged(Role::Scrivener)), false, 0),
    ];
    for (actor, sees, all) in wanted {
        assert_eq!(visible(&place, &actor, &id).await, (sees, all), "{actor:?}");
    }
    // Nor may he act on what he does not see: it is not there for him.
    let fire = partner(Role::FireInsurer, &engaged(Role::FireInsurer));
    let command = Command::ConfirmFirePledge { property_no: 1 };
    let answer = ask(&place.store, &fire, Target::Case { id: &id }, &command).await;
    assert!(matches!(answer, Answer::NotFound), "{answer:?}");
    screened(&place.store, &id).await;
    assert_eq!(visible(&place, &partner(Role::Guarantor, &engaged(Role::Guarantor)), &id).await, (true, 1));
    assert_eq!(visible(&place, &partner(Role::Scrivener, &engaged(Role::Scrivener)), &id).await, (false, 0));
    let tasks = |actor: Actor| {
        let store = place.store.clone();
        async move {
            let page = store.tasks(&Scope::of(&actor), &TaskFilter::default(), None, 50).await.unwrap();
            page.items
        }
    };
    assert!(tasks(staff(Role::UserAdmin, "admin")).await.is_empty());
    assert!(tasks(applicant("hanako")).await.is_empty());
    assert!(tasks(clerk()).await.iter().any(|t| t.application_id == id));
    let insurer = partner(Role::Insurer, &engaged(Role::Insurer));
    assert!(tasks(insurer).await.iter().all(|t| t.role == Role::Insurer));
}
