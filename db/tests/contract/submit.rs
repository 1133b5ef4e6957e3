//! From a draft to a submitted application, once and only once.

use crate::stories::*;
use db::Target;
use workflows::machine::{Command, Stage};

#[tokio::test]
async fn a_draft_is_submitted() {
    let place = sqlite(|_| ()).await;
    let store = &place.store;
    let who = applicant("taro");
    let id = id();
    let draft = done(ask(store, &who, Target::New { id: &id }, &Command::CreateDraft { form: form() }).await);
    assert_eq!((draft.version, draft.case.stage), (1, Stage::Draft));
    let sent = done(ask(store, &who, Target::Case { id: &id }, &submit_as(Some("A-1"))).await);
    assert_eq!((sent.version, sent.case.stage), (2, Stage::Submitted));
    let read = store.case(&db::Scope::of(&who), &id).await.unwrap().unwrap();
    assert_eq!(*read, *sent.case);
    let history = store.entries(&db::Scope::of(&who), &id, 0, 10).await.unwrap();
    assert_eq!(history.iter().map(|e| e.version).collect::<Vec<_>>(), [1, 2]);
}
