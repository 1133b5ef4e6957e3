//! Half-filled applications: sealed, their owner's alone, never overwritten unseen, and gone in time.

use crate::stories::*;
use crate::vault::{reopened, ring, vault};
use chrono::{DateTime, TimeDelta, Utc};
use db::Scope;
use db::intake_drafts::{DRAFTS_MOST, DraftAnswer, IntakeDraft, LONGEST_BODY, NewIntakeDraft, Standing};
use db::vault::KeyRing;
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;
use workflows::machine::{Actor, Role};

on_both!(
    a_draft_is_its_owners_alone_and_of_his_branch,
    what_another_page_has_saved_is_not_overwritten,
    a_person_has_twenty_drafts_also_when_two_begin_at_once,
    what_is_no_draft_is_named_and_not_kept,
    what_nobody_touches_is_erased_in_time,
    the_list_goes_on_page_by_page,
);

/// The same on a store with a vault.
mod sealed {
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        let place = crate::stories::sqlite(|o| o.vault = Some(super::vault(&super::ring(1)))).await;
        super::a_draft_is_sealed_and_its_key_rotates(place).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn postgres() {
        let place = crate::stories::postgres(|o| o.vault = Some(super::vault(&super::ring(1)))).await;
        super::a_draft_is_sealed_and_its_key_rotates(place).await;
    }
}

const BODY: &str = r#"{"form":{"parties":[{"nameKanji":"労金 花子"}]}}"#;

async fn save(
    place: &Place,
    who: &Actor,
    known: Option<(&str, u64)>,
    body: &str,
    at: DateTime<Utc>,
) -> DraftAnswer {
    place.store.save_intake_draft(&Scope::of(who), NewIntakeDraft { known, body }, at).await.unwrap()
}

async fn saved(place: &Place, who: &Actor, known: Option<(&str, u64)>, body: &str) -> Standing {
    match save(place, who, known, body, noon()).await {
        DraftAnswer::Saved(standing) => standing,
        other => panic!("{other:?}"),
    }
}

async fn mine(place: &Place, who: &Actor) -> Vec<IntakeDraft> {
    place.store.intake_drafts(&Scope::of(who), None, 100).await.unwrap().items
}

async fn a_draft_is_its_owners_alone_and_of_his_branch(place: Place) {
    let draft = saved(&place, &clerk(), None, BODY).await;
    assert_eq!((draft.version, draft.saved_at), (1, noon()));
    assert_eq!(mine(&place, &clerk()).await[0].body, BODY);
    let moved = Actor { branches: vec!["998".to_owned()], ..clerk() };
    let abroad = Actor { institution: "9999".to_owned(), ..clerk() };
    for who in [staff(Role::BranchClerk, "clerk-2"), staff(Role::BranchManager, "boss"), moved, abroad] {
        let scope = Scope::of(&who);
        assert!(mine(&place, &who).await.is_empty(), "{who:?}");
        assert_eq!(place.store.intake_draft(&scope, &draft.id).await.unwrap(), None, "{who:?}");
        let theirs = save(&place, &who, Some((&draft.id, 1)), "{}", noon()).await;
        assert_eq!(theirs, DraftAnswer::Gone, "{who:?}");
        assert!(!place.store.discard_intake_draft(&scope, &draft.id).await.unwrap(), "{who:?}");
    }
    let head_office = Actor { branches: vec![], ..clerk() };
    assert_eq!(mine(&place, &head_office).await.len(), 1, "the same person, now of the whole bank");
    assert_eq!(mine(&place, &clerk()).await[0].body, BODY, "nobody changed it");
    assert!(place.store.discard_intake_draft(&Scope::of(&clerk()), &draft.id).await.unwrap());
    assert!(!place.store.discard_intake_draft(&Scope::of(&clerk()), &draft.id).await.unwrap());
    assert_eq!(place.number("SELECT count(*) FROM intake_draft").await, 0);
    // An applicant's own, who belongs to no branch.
    saved(&place, &applicant("taro"), None, BODY).await;
    assert_eq!(mine(&place, &applicant("taro")).await.len(), 1);
    assert!(mine(&place, &applicant("hanako")).await.is_empty());
}

async fn what_another_page_has_saved_is_not_overwritten(place: Place) {
    let later = noon() + TimeDelta::minutes(5);
    let draft = saved(&place, &clerk(), None, BODY).await;
    let second = save(&place, &clerk(), Some((&draft.id, 1)), r#"{"form":{"a":1}}"#, later).await;
    let stands = Standing { id: draft.id.clone(), version: 2, saved_at: later };
    assert_eq!(second, DraftAnswer::Saved(stands.clone()));
    // The first page still shows version 1.
    let stale = save(&place, &clerk(), Some((&draft.id, 1)), "{}", later).await;
    assert_eq!(stale, DraftAnswer::Changed(stands.clone()));
    let kept = place.store.intake_draft(&Scope::of(&clerk()), &draft.id).await.unwrap().unwrap();
    assert_eq!((kept.version, kept.body.as_str()), (2, r#"{"form":{"a":1}}"#));
    let unheard = save(&place, &clerk(), Some((&draft.id, u64::MAX)), "{}", later).await;
    assert_eq!(unheard, DraftAnswer::Changed(stands));
    // Of several pages that save at once from the same version, one does.
    let tries: Vec<_> = (0..4)
        .map(|n| {
            let (store, id) = (place.store.clone(), draft.id.clone());
            tokio::spawn(async move {
                let body = format!(r#"{{"n":{n}}}"#);
                let new = NewIntakeDraft { known: Some((&id, 2)), body: &body };
                store.save_intake_draft(&Scope::of(&clerk()), new, noon()).await.unwrap()
            })
        })
        .collect();
    let mut kept = 0;
    for one in tries {
        kept += usize::from(matches!(one.await.unwrap(), DraftAnswer::Saved(_)));
    }
    assert_eq!((kept, mine(&place, &clerk()).await[0].version), (1, 3));
    // What was handed over meanwhile is not brought back by a page that still saves.
    assert!(place.store.discard_intake_draft(&Scope::of(&clerk()), &draft.id).await.unwrap());
    assert_eq!(save(&place, &clerk(), Some((&draft.id, 3)), BODY, later).await, DraftAnswer::Gone);
    assert!(mine(&place, &clerk()).await.is_empty());
}

async fn a_person_has_twenty_drafts_also_when_two_begin_at_once(place: Place) {
    let mut last = saved(&place, &clerk(), None, BODY).await;
    for _ in 2..DRAFTS_MOST {
        last = saved(&place, &clerk(), None, BODY).await;
    }
    let tries: Vec<_> = (0..4)
        .map(|_| {
            let store = place.store.clone();
            tokio::spawn(async move {
                let new = NewIntakeDraft { known: None, body: BODY };
                store.save_intake_draft(&Scope::of(&clerk()), new, noon()).await.unwrap()
            })
        })
        .collect();
    let mut kept = 0;
    for one in tries {
        match one.await.unwrap() {
            DraftAnswer::Saved(_) => kept += 1,
            DraftAnswer::Wrong("id", accepted) => assert!(accepted.contains("20")),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!((kept, mine(&place, &clerk()).await.len() as u64), (1, DRAFTS_MOST));
    // What is there can still be saved, and somebody else may begin.
    saved(&place, &clerk(), Some((&last.id, 1)), BODY).await;
    saved(&place, &staff(Role::BranchClerk, "clerk-2"), None, BODY).await;
}

async fn what_is_no_draft_is_named_and_not_kept(place: Place) {
    let long = format!(r#"{{"form":"{}"}}"#, "あ".repeat(LONGEST_BODY / 3));
    for body in ["", "[]", "1", "{", "null", &long] {
        match save(&place, &clerk(), None, body, noon()).await {
            DraftAnswer::Wrong("body", accepted) => assert!(!accepted.is_empty()),
            other => panic!("{}: {other:?}", body.len()),
        }
    }
    assert!(mine(&place, &clerk()).await.is_empty());
    let most = format!(r#"{{"form":"{}"}}"#, "x".repeat(LONGEST_BODY - 11));
    assert_eq!(most.len(), LONGEST_BODY);
    saved(&place, &clerk(), None, &most).await;
}

async fn what_nobody_touches_is_erased_in_time(place: Place) {
    let old = saved(&place, &clerk(), None, BODY).await;
    let again = saved(&place, &clerk(), None, BODY).await;
    for _ in 0..3 {
        saved(&place, &applicant("taro"), None, BODY).await;
    }
    let month = noon() + TimeDelta::days(30);
    save(&place, &clerk(), Some((&again.id, 1)), BODY, month).await;
    assert_eq!(place.store.forget_intake_drafts(noon(), 100).await.unwrap(), 0, "not before its time");
    let after = noon() + TimeDelta::seconds(1);
    assert_eq!(place.store.forget_intake_drafts(after, 3).await.unwrap(), 3, "so many at once");
    assert_eq!(place.store.forget_intake_drafts(after, 3).await.unwrap(), 1);
    assert_eq!(place.store.forget_intake_drafts(after, 3).await.unwrap(), 0);
    let left = mine(&place, &clerk()).await;
    assert_eq!(left.iter().map(|draft| &draft.id).collect::<Vec<_>>(), [&again.id], "saved again since");
    assert_ne!(old.id, again.id);
}

async fn the_list_goes_on_page_by_page(place: Place) {
    let mut ids = vec![];
    for minute in [0, 2, 1, 1] {
        let at = noon() + TimeDelta::minutes(minute);
        match save(&place, &clerk(), None, BODY, at).await {
            DraftAnswer::Saved(standing) => ids.push((at, standing.id)),
            other => panic!("{other:?}"),
        }
    }
    ids.sort();
    ids.reverse();
    let (mut found, mut after) = (vec![], None);
    loop {
        let page = place.store.intake_drafts(&Scope::of(&clerk()), after.as_deref(), 3).await.unwrap();
        found.extend(page.items.into_iter().map(|draft| draft.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(found, ids.into_iter().map(|(_, id)| id).collect::<Vec<_>>(), "the latest first");
    assert!(place.store.intake_drafts(&Scope::of(&clerk()), Some("zz"), 3).await.is_err());
}

async fn stored(place: &Place) -> String {
    let aside = place.aside().await;
    let sql = "SELECT body FROM intake_draft";
    let row = aside.query_one_raw(Statement::from_string(aside.get_database_backend(), sql)).await;
    let body = row.unwrap().unwrap().try_get_by_index(0).unwrap();
    aside.close().await.unwrap();
    body
}

async fn a_draft_is_sealed_and_its_key_rotates(place: Place) {
    let draft = saved(&place, &clerk(), None, BODY).await;
    let body = stored(&place).await;
    assert!(body.starts_with("sealed:1:") && !body.contains("花子"), "{body}");
    let both = Arc::new(KeyRing::of(&[2; 32]).unwrap().with_previous(&[1; 32]).unwrap());
    let rotating = reopened(&place, Some(&both)).await;
    let before = rotating.key_counts().await.unwrap();
    assert_eq!(before.iter().map(|count| count.data_keys).sum::<u64>(), 1, "{before:?}");
    let only_new = reopened(&place, Some(&ring(2))).await;
    assert!(only_new.assert_keys().await.is_err(), "a process without its key does not start");
    let done = rotating.rewrap().await.unwrap();
    assert_eq!((done.rewrapped, done.damaged), (1, 0));
    assert_eq!(rotating.rewrap().await.unwrap().rewrapped, 0, "a second run has nothing to do");
    only_new.assert_keys().await.unwrap();
    assert_eq!(stored(&place).await, body, "the text itself is left as it is");
    let read = only_new.intake_draft(&Scope::of(&clerk()), &draft.id).await.unwrap().unwrap();
    assert_eq!(read.body, BODY);
    // A body that was put in another's place, or of an older version, does not open.
    place.tamper("UPDATE intake_draft SET version = 2").await;
    assert!(only_new.intake_draft(&Scope::of(&clerk()), &draft.id).await.is_err());
}
