//! Saved views: one's own, shared with a branch, and nobody else's.

use crate::stories::*;
use db::Scope;
use db::views::{NewView, View, ViewAnswer};
use workflows::machine::{Actor, Role};

on_both!(
    a_view_is_its_owners_until_it_is_shared,
    what_is_wrong_is_named_and_nothing_is_written,
    a_person_has_a_hundred_views,
    two_that_save_at_once_leave_one_name,
);

const PAGE: &str = "/applications";

fn new(name: &str) -> NewView<'_> {
    NewView { id: None, branch: None, page: PAGE, name, search: "stage=SCREENING" }
}

fn colleague() -> Actor {
    staff(Role::BranchManager, "colleague")
}

fn elsewhere() -> Actor {
    Actor { branches: vec!["998".to_owned()], ..colleague() }
}

async fn save(place: &Place, who: &Actor, view: NewView<'_>) -> ViewAnswer {
    place.store.save_view(&Scope::of(who), view, noon()).await.unwrap()
}

async fn saved(place: &Place, who: &Actor, view: NewView<'_>) -> View {
    match save(place, who, view).await {
        ViewAnswer::Saved(view) => view,
        other => panic!("{other:?}"),
    }
}

async fn names(place: &Place, who: &Actor) -> Vec<String> {
    let views = place.store.views(&Scope::of(who), PAGE).await.unwrap();
    views.into_iter().map(|view| view.name).collect()
}

async fn a_view_is_its_owners_until_it_is_shared(place: Place) {
    let branch = clerk().branches[0].clone();
    let view = saved(&place, &clerk(), new(" 審査中 ")).await;
    assert_eq!((view.name.as_str(), view.owner.as_str()), ("審査中", "clerk-1"));
    assert_eq!(names(&place, &clerk()).await, ["審査中"]);
    assert!(names(&place, &colleague()).await.is_empty());
    let shared = NewView { id: Some(&view.id), branch: Some(&branch), ..new("審査中（共有）") };
    assert_eq!(saved(&place, &clerk(), shared).await.id, view.id);
    assert_eq!(names(&place, &colleague()).await, ["審査中（共有）"]);
    let head_office = Actor { branches: vec![], ..colleague() };
    assert_eq!(names(&place, &head_office).await.len(), 1);
    let abroad = Actor { institution: "9999".to_owned(), ..head_office };
    for who in [elsewhere(), abroad] {
        assert!(names(&place, &who).await.is_empty(), "{who:?}");
    }
    assert!(place.store.views(&Scope::of(&clerk()), "/").await.unwrap().is_empty(), "of another page");
    // Using it is everybody's, changing it its owner's.
    let theirs = NewView { id: Some(&view.id), ..new("mine now") };
    assert_eq!(save(&place, &colleague(), theirs).await, ViewAnswer::NotFound);
    assert!(!place.store.delete_view(&Scope::of(&colleague()), &view.id).await.unwrap());
    assert!(place.store.delete_view(&Scope::of(&clerk()), &view.id).await.unwrap());
    assert!(!place.store.delete_view(&Scope::of(&clerk()), &view.id).await.unwrap());
    assert!(names(&place, &clerk()).await.is_empty());
}

async fn what_is_wrong_is_named_and_nothing_is_written(place: Place) {
    saved(&place, &clerk(), new("there")).await;
    let (long, longer) = ("あ".repeat(61), "x".repeat(2_001));
    let wrong = [
        ("name", new("  ")),
        ("name", new(&long)),
        ("name", new("there")),
        ("page", NewView { page: "https://example.com/", ..new("a") }),
        ("page", NewView { page: "applications", ..new("a") }),
        ("search", NewView { search: &longer, ..new("a") }),
        ("branch", NewView { branch: Some("998"), ..new("a") }),
        ("branch", NewView { branch: Some(""), ..new("a") }),
    ];
    for (field, view) in wrong {
        match save(&place, &clerk(), view).await {
            ViewAnswer::Wrong(named, accepted) => assert!(named == field && !accepted.is_empty(), "{view:?}"),
            other => panic!("{view:?}: {other:?}"),
        }
    }
    assert_eq!(names(&place, &clerk()).await, ["there"]);
    // A name is one's own: somebody else may have the same, and so may another page.
    saved(&place, &colleague(), new("there")).await;
    saved(&place, &clerk(), NewView { page: "/", ..new("there") }).await;
}

async fn a_person_has_a_hundred_views(place: Place) {
    let all: Vec<String> = (0..db::views::VIEWS_MOST).map(|n| format!("v{n:03}")).collect();
    let mut last = String::new();
    for name in &all {
        last = saved(&place, &clerk(), new(name)).await.id;
    }
    assert!(matches!(save(&place, &clerk(), new("one more")).await, ViewAnswer::Wrong("name", _)));
    // A full shelf can still be put in order.
    saved(&place, &clerk(), NewView { id: Some(&last), ..new("renamed") }).await;
    saved(&place, &colleague(), new("mine")).await;
}

async fn two_that_save_at_once_leave_one_name(place: Place) {
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(
                async move { store.save_view(&Scope::of(&clerk()), new("same"), noon()).await.unwrap() },
            )
        })
        .collect();
    let mut kept = 0;
    for one in tries {
        kept += usize::from(matches!(one.await.unwrap(), ViewAnswer::Saved(_)));
    }
    assert_eq!((kept, names(&place, &clerk()).await.len()), (1, 1));
}
