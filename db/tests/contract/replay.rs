//! Decisions made again: the same inputs give the same entries, and what does not is named.

use crate::stories::*;
use chrono::{DateTime, Utc};
use db::Target;
use db::replay::{Archive, Replayed, Versioned, replay};
use std::sync::Arc;
use workflows::machine::{Role, Rulebook};

on_both!(
    every_decision_comes_out_again,
    another_book_is_found,
    a_changed_input_is_found,
    entries_of_before_are_counted,
    what_another_edition_decided_is_counted,
);

/// One set of rules for every bank and time.
struct Only(Arc<Rulebook>);

impl Archive for Only {
    fn rules(&self, _: &str, _: DateTime<Utc>) -> Vec<Arc<dyn Versioned + Send + Sync>> {
        vec![self.0.clone()]
    }
}

async fn again(place: &Place) -> Replayed {
    replay(&place.store, &Only(rulebook())).await.unwrap()
}

/// Two cases that went some way: proposals, decisions, partners.
async fn some_cases(place: &Place) -> Vec<String> {
    let mut ids = vec![];
    for person in ["taro", "hanako"] {
        let id = submitted(&place.store, &applicant(person)).await;
        let target = Target::Case { id: &id };
        done(ask(&place.store, &clerk(), target, &memo("seen")).await);
        screened(&place.store, &id).await;
        let guarantor = partner(Role::Guarantor, "GUARANTOR-1");
        let ask_again = workflows::machine::Command::AddMemo { text: "asked".to_owned() };
        let _ = ask(&place.store, &guarantor, target, &ask_again).await;
        ids.push(id);
    }
    ids
}

async fn every_decision_comes_out_again(place: Place) {
    some_cases(&place).await;
    let replayed = again(&place).await;
    let entries = place.number("SELECT count(*) FROM entry").await as u64;
    assert_eq!(replayed.differences, vec![]);
    assert_eq!((replayed.decided, replayed.equal, replayed.without_input), (entries, entries, 0));
    assert_eq!(replayed.applications, 2);
    assert!(entries >= 10, "{entries}");
}

async fn another_book_is_found(place: Place) {
    some_cases(&place).await;
    let changed = |old: &str, new: &str| Only(rulebook_of(&BASE.replacen(old, new, 1)));
    // A number that decides: the dates of the draft come out otherwise.
    let replayed = replay(&place.store, &changed("draft_days = ", "draft_days = 1")).await.unwrap();
    let kinds: Vec<&str> = replayed.differences.iter().map(|found| found.kind).collect();
    assert!(kinds.contains(&"OUTCOME"), "{kinds:?}");
    assert_eq!(replayed.equal + kinds.len() as u64, replayed.decided);
    // One that decided nothing here: the outcome is the same, the basis is not.
    let replayed = replay(&place.store, &changed("# ", "#  ")).await.unwrap();
    assert!(replayed.differences.iter().any(|found| found.kind == "BASIS"), "{:?}", replayed.differences);
    assert_eq!(replayed.differences.len() as u64, replayed.decided);
}

async fn a_changed_input_is_found(place: Place) {
    let ids = some_cases(&place).await;
    let deeds = [
        ("UPDATE entry SET input = replace(input, '\"seen\"', '\"nice\"') WHERE version = 3", "OUTCOME"),
        (
            "UPDATE entry SET input = replace(input, 'startScreening', 'rejectEligibility') WHERE version = 4",
            "INPUT",
        ),
        (
            "UPDATE entry SET input = replace(input, '\"rates\":\"', '\"rates\":\"x') WHERE version = 5",
            "BASIS",
        ),
    ];
    for (n, (sql, kind)) in deeds.iter().enumerate() {
        let met = place.tamper(&format!("{sql} AND application_id = '{}'", ids[0])).await;
        assert_eq!(met, 1, "{sql}");
        let replayed = again(&place).await;
        assert_eq!(replayed.differences.len(), n + 1, "{:?}", replayed.differences);
        assert_eq!((replayed.differences[n].kind, replayed.differences[n].version), (*kind, n as i64 + 3));
    }
    // The chain seals the input with its entry.
    let report = db::verify::verify(&place.store).await.unwrap();
    let named: Vec<_> = report.violations.iter().filter(|v| v.invariant == "CHAIN").collect();
    assert_eq!(named.len(), deeds.len(), "{named:?}");
}

async fn what_another_edition_decided_is_counted(place: Place) {
    let ids = some_cases(&place).await;
    let sql = "UPDATE entry SET input = replace(input, '\"table\":\"', '\"table\":\"x')";
    let old = place.tamper(&format!("{sql} WHERE application_id = '{}'", ids[0])).await;
    let replayed = again(&place).await;
    assert_eq!((replayed.other_edition, replayed.differences), (old, vec![]));
    assert_eq!(replayed.decided, replayed.equal);
}

async fn entries_of_before_are_counted(place: Place) {
    let ids = some_cases(&place).await;
    let sql = format!("UPDATE entry SET input = NULL WHERE application_id = '{}'", ids[0]);
    let old = place.tamper(&sql).await;
    let replayed = again(&place).await;
    assert_eq!((replayed.without_input, replayed.differences), (old, vec![]));
    assert_eq!(replayed.decided, replayed.equal);
}
