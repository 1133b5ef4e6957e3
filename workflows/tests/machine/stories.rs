//! Every story holds, and together they take every row and see every precondition refuse.

use crate::story::{Bank, Library, Theatre};
use std::collections::BTreeSet;
use workflows::machine::Table;
use workflows::machine::row::By;
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

#[test]
fn every_story_holds_and_together_they_take_every_row_and_see_every_precondition_refuse() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let (mut taken, mut refused, mut failed) = (BTreeSet::new(), BTreeSet::new(), vec![]);
    for story in library.all() {
        match theatre.run(&story.name, None) {
            Ok(world) => {
                taken.extend(world.rows);
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
