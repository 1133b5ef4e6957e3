//! Lists: keyset pages in both directions, filters, and plans that never touch the documents.

use crate::stories::*;
use db::Scope;
use db::read::{Filter, Sort};
use workflows::machine::Stage;

on_both!(pages_cover_everything_once);

async fn pages_cover_everything_once(place: Place) {
    for n in 0..7 {
        submitted(&place.store, &applicant(&format!("p{n}"))).await;
    }
    let scope = Scope::of(&clerk());
    for sort in [Sort::UpdatedDesc, Sort::UpdatedAsc, Sort::PlannedAsc, Sort::PlannedDesc] {
        let (mut ids, mut after) = (vec![], None);
        loop {
            let page = place.store.list(&scope, &Filter::default(), sort, after.as_deref(), 3).await.unwrap();
            ids.extend(page.items.into_iter().map(|row| row.id));
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let all = ids.len();
        ids.sort();
        ids.dedup();
        assert_eq!((all, ids.len()), (7, 7), "{sort:?}");
    }
    let one = place
        .store
        .list(&scope, &Filter::default(), Sort::UpdatedDesc, None, 1)
        .await
        .unwrap()
        .items
        .remove(0);
    let count = async |filter: Filter| place.store.count(&scope, &filter).await.unwrap().count;
    let text = |text: &str| Filter { text: Some(text.to_owned()), ..Filter::default() };
    assert_eq!(count(text(&one.number)).await, 1);
    assert_eq!(count(text(&one.name_kana[..6])).await, 7);
    assert_eq!(count(text("%")).await, 0);
    assert_eq!(count(Filter { stages: vec![Stage::Draft], ..Filter::default() }).await, 0);
    assert_eq!(count(Filter { stages: vec![Stage::Submitted, Stage::Draft], ..Filter::default() }).await, 7);
    let (from, to) = (Some(one.planned_date), Some(one.planned_date));
    assert_eq!(count(Filter { planned_from: from, planned_to: to, ..Filter::default() }).await, 7);
    assert!(
        place.store.list(&scope, &Filter::default(), Sort::UpdatedDesc, Some("rubbish"), 1).await.is_err()
    );
}

#[tokio::test]
async fn a_list_reads_a_covering_index_on_sqlite() {
    let place = sqlite(|_| ()).await;
    let scope = Scope::of(&clerk());
    let open = Filter { stages: vec![Stage::Submitted], ..Filter::default() };
    for filter in [Filter::default(), open] {
        let plan = place.store.explain_list(&scope, &filter, Sort::UpdatedDesc).await.unwrap();
        assert!(plan.contains("COVERING INDEX") && !plan.contains("TEMP B-TREE"), "{plan}");
    }
}

#[tokio::test]
async fn a_list_reads_a_covering_index_on_postgres() {
    let settings = "enable_seqscan = off;enable_bitmapscan = off;enable_sort = off";
    let place = postgres_with(settings, |_| ()).await;
    for n in 0..5 {
        submitted(&place.store, &applicant(&format!("p{n}"))).await;
    }
    place.tamper("VACUUM ANALYZE application").await;
    let scope = Scope::of(&clerk());
    let open = Filter { stages: vec![Stage::Submitted], ..Filter::default() };
    for filter in [Filter::default(), open] {
        let plan = place.store.explain_list(&scope, &filter, Sort::UpdatedDesc).await.unwrap();
        assert!(plan.contains("Index Only Scan") && !plan.contains("Sort"), "{plan}");
    }
}

/// A database that sorts as Japanese does: the start of a name must still find the name, and nothing else.
#[tokio::test]
async fn a_prefix_is_a_prefix_in_every_locale() {
    let place = postgres_in("TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'ja-x-icu'").await;
    submitted(&place.store, &applicant("taro")).await;
    let scope = Scope::of(&clerk());
    let page = place.store.list(&scope, &Filter::default(), Sort::UpdatedDesc, None, 1).await.unwrap();
    let row = &page.items[0];
    let start = |text: &str, chars: usize| text.chars().take(chars).collect::<String>();
    // Another script of the same sound: equal at first sight to a Japanese collation, another text to us.
    let hiragana: String = start(&row.name_kana, 2)
        .chars()
        .map(|c| char::from_u32(u32::from(c).saturating_sub(0x60)).unwrap_or(c))
        .collect();
    let wanted = [
        (hiragana, 0),
        (start(&row.name_kana, 2), 1),
        (start(&row.name_kanji, 1), 1),
        (start(&row.number, 4), 1),
        (format!("{}ン", start(&row.name_kana, 1)), 0),
        ("zzz".to_owned(), 0),
    ];
    for (text, count) in wanted {
        let filter = Filter { text: Some(text.clone()), ..Filter::default() };
        assert_eq!(place.store.count(&scope, &filter).await.unwrap().count, count, "{text}");
    }
}
