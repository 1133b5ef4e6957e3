//! Every story holds, and together they take every row and see every precondition refuse.

use crate::story::{Bank, Library, Theatre};
use std::collections::BTreeSet;
use workflows::machine::row::By;
use workflows::machine::{NoticeData, NoticeId, NoticeValue, Table};
use workflows::sample;

/// Preconditions that stand behind others: no sound case reaches a row with them unmet. The mutants of these rows are found by
/// the comparison with the source.
const NEVER_ALONE: &[(&str, &str)] = &[
    (
        "G-CONTRACT",
        "SCHEDULED is reached from CONTRACTED and PARTIALLY_DISBURSED only, both with a contract (INV-3)",
    ),
    ("N-NO-OPEN-POSTING", "READY is left by T28 and re-entered by a definite refusal only (INV-1)"),
];

/// What chapter K names beyond name and case: does the notice list items, and which facts must be among its facts?
const FIELDS: [(NoticeId, bool, &[&str]); 8] = [
    (NoticeId::N07, true, &[]),
    (NoticeId::N10, true, &["Amount", "Stamp duty on the contract", "Registration tax"]),
    (NoticeId::N16, false, &["Legal basis"]),
    (NoticeId::N17, false, &[""]),
    (NoticeId::N21, false, &["Registration"]),
    (NoticeId::N27, true, &[]),
    (
        NoticeId::N28,
        false,
        &[
            "Drawings outstanding",
            "Rate",
            "Extra interest, guarantee fee included",
            "Stamp duty on the change agreement",
            "Costs",
        ],
    ),
    (NoticeId::N30, false, &["Insurance type", "Status"]),
];

/// Notices of [`FIELDS`] that no story tells, or that some story tells without one of their fields.
fn without_their_fields(told: &[(NoticeId, NoticeData)]) -> BTreeSet<String> {
    let mut bare = BTreeSet::new();
    for (notice, items, labels) in FIELDS {
        let mine: Vec<&NoticeData> =
            told.iter().filter(|(n, _)| *n == notice).map(|(_, data)| data).collect();
        if mine.is_empty() {
            bare.insert(format!("{notice}: told by no story"));
        }
        // A filing taken back early has no receipt, and only a completed one has a rank.
        for label in ["Receipt number", "Rank"].iter().filter(|_| notice == NoticeId::N21) {
            if !mine.iter().any(|data| data.facts.iter().any(|fact| fact.en == *label)) {
                bare.insert(format!("{notice}: {label} in no story"));
            }
        }
        for data in mine {
            if items && data.items.is_empty() {
                bare.insert(format!("{notice}: items"));
            }
            for label in labels {
                // An empty label stands for any fact: what runs out differs.
                if !data.facts.iter().any(|fact| label.is_empty() || fact.en == *label) {
                    bare.insert(format!("{notice}: {label}"));
                }
            }
        }
    }
    bare
}

/// What goes back to the borrower after full repayment; papers of the application are never among it (D-10).
const GOES_BACK: [&str; 5] = [
    "Loan contract",
    "Mortgage deed",
    "Deed of release of the mortgage",
    "Power of attorney for the cancellation of the registration",
    "Receipt, to be signed and handed in",
];

#[test]
fn a_notice_without_its_fields_is_found() {
    let bare = |data: NoticeData| without_their_fields(&[(NoticeId::N10, data)]);
    let found = bare(NoticeData::default());
    for missing in ["N10: items", "N10: Amount", "N10: Registration tax", "N07: told by no story"] {
        assert!(found.contains(missing), "{missing} is not found: {found:?}");
    }
    let items = vec![NoticeValue::said("実印", "Registered seal")];
    assert!(!bare(NoticeData { items, ..NoticeData::default() }).contains("N10: items"));
}

#[test]
fn every_story_holds_and_together_they_take_every_row_and_see_every_precondition_refuse() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let (mut taken, mut refused, mut failed) = (BTreeSet::new(), BTreeSet::new(), vec![]);
    let mut told = vec![];
    for story in library.all() {
        match theatre.run(&story.name, None) {
            Ok(world) => {
                taken.extend(world.rows);
                told.extend(world.told);
                refused.extend(world.refused);
            }
            Err(failure) => failed.push(failure),
        }
    }
    let rows: Vec<&str> = table.rows().iter().map(|row| row.id).collect();
    let missing: Vec<&&str> = rows.iter().filter(|id| !taken.contains(**id)).collect();
    let checks: BTreeSet<_> = table.rows().iter().flat_map(|row| row.needs.iter().copied()).collect();
    let silent: Vec<&str> = checks
        .iter()
        .map(|check| check.code())
        .filter(|code| !refused.contains(*code) && !NEVER_ALONE.iter().any(|(never, _)| never == code))
        .collect();
    println!("stories: {} ({} fail)", library.all().count(), failed.len());
    println!("rows taken: {}/{}", rows.len() - missing.len(), rows.len());
    let seen = checks.iter().filter(|check| refused.contains(check.code())).count();
    println!(
        "preconditions seen refusing: {seen}/{} ({} stand behind others)",
        checks.len(),
        NEVER_ALONE.len()
    );
    assert!(failed.is_empty(), "\n{}", failed.join("\n"));
    let bare = without_their_fields(&told);
    println!(
        "notices told: {}; with fields of chapter K: {:?}",
        told.len(),
        FIELDS.map(|(notice, ..)| notice.code())
    );
    assert!(bare.is_empty(), "notices without what chapter K names: {bare:?}");
    let returned = told.iter().filter(|(notice, _)| *notice == NoticeId::N27);
    let said = |item: &NoticeValue| match item {
        NoticeValue::Said { en, .. } => en.clone(),
        other => format!("{other:?}"),
    };
    let returned: BTreeSet<String> = returned.flat_map(|(_, data)| data.items.iter().map(said)).collect();
    assert!(
        returned.len() > 1 && returned.iter().all(|paper| GOES_BACK.contains(&paper.as_str())),
        "{returned:?}"
    );
    assert!(missing.is_empty() && silent.is_empty(), "rows: {missing:?}\npreconditions: {silent:?}");
}

#[test]
fn the_second_person_is_never_the_first() {
    for row in Table::default().rows() {
        if let By::FourEyes { propose, decide } = row.by {
            assert!(!propose.is_empty() && !decide.is_empty(), "{}", row.id);
        }
    }
}
