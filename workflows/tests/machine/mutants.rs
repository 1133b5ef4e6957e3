//! Faults put into the table, one at a time: each must be found. What the comparison with the source does not find, the stories
//! and then the explorer have to; the faults that matter most, a guard that is nowhere and a date that never runs, must be
//! found by the stories as well, without the source.

use super::explorer;
use super::table::differences;
use super::worlds::PLANS;
use crate::story::{Bank, Library, Theatre};
use std::collections::BTreeMap;
use workflows::machine::memo::Memo;
use workflows::machine::need::Check;
use workflows::machine::row::{By, Row};
use workflows::machine::{Role, Table};
use workflows::sample;

struct Mutant {
    kind: &'static str,
    what: String,
    table: Table,
}

/// Not found by the stories alone, with the reason; the comparison with the source finds them.
const BEHIND_OTHERS: &[(&str, &str)] = &[
    ("G-CONTRACT nowhere", "no stage from which READY is reached is without a contract (INV-3)"),
    (
        "N-CONDITIONS-FAIL nowhere",
        "COND-01 is tried before COND-02 and takes every case in which the conditions hold",
    ),
    ("N-NO-OPEN-POSTING nowhere", "no way leads to READY with a posting open (INV-1)"),
];

fn leak<T>(items: Vec<T>) -> &'static [T] {
    Box::leak(items.into_boxed_slice())
}

fn without<T: Copy>(items: &[T], at: usize) -> &'static [T] {
    leak(items.iter().enumerate().filter(|(place, _)| *place != at).map(|(_, item)| *item).collect())
}

/// The role after this one in the order of E.2 that is not in the list already.
fn neighbour(role: Role, taken: &[Role]) -> Role {
    let place = Role::ALL.iter().position(|other| *other == role).unwrap();
    let mut others = Role::ALL.iter().cycle().skip(place + 1);
    *others.find(|other| !taken.contains(other)).unwrap()
}

fn swapped(roles: &[Role], at: usize) -> &'static [Role] {
    let mut roles = roles.to_vec();
    roles[at] = neighbour(roles[at], &roles);
    leak(roles)
}

fn mutants() -> Vec<Mutant> {
    let table = Table::default();
    let mut mutants = vec![];
    for (place, row) in table.rows().iter().enumerate() {
        let mut add = |kind, what: String, row: Row| {
            let mut rows = table.rows().to_vec();
            rows[place] = row;
            mutants.push(Mutant { kind, what, table: Table::of(rows) });
        };
        for (at, check) in row.needs.iter().enumerate() {
            let needs = without(row.needs, at);
            add("precondition", format!("{} without {}", row.id, check.code()), Row { needs, ..*row });
        }
        for (at, timer) in row.sets.iter().enumerate() {
            let sets = without(row.sets, at);
            add("date", format!("{} without {timer}", row.id), Row { sets, ..*row });
        }
        for (what, by) in other_people(row.by) {
            add("role", format!("{} by {what}", row.id), Row { by, ..*row });
        }
    }
    mutants.extend(nowhere(&table));
    mutants
}

fn other_people(by: By) -> Vec<(String, By)> {
    let each = |roles: &'static [Role], with: &dyn Fn(&'static [Role]) -> By| {
        (0..roles.len())
            .map(|at| (format!("another than {}", roles[at]), with(swapped(roles, at))))
            .collect::<Vec<_>>()
    };
    match by {
        By::One(roles) => each(roles, &By::One),
        By::FourEyes { propose, decide } => {
            let mut all = each(propose, &|propose| By::FourEyes { propose, decide });
            all.extend(each(decide, &|decide| By::FourEyes { propose, decide }));
            all
        }
        By::Consequence(role) => {
            vec![(format!("another than {role}"), By::Consequence(neighbour(role, &[role])))]
        }
    }
}

/// Each precondition neutralised in every row.
fn nowhere(table: &Table) -> Vec<Mutant> {
    let checks: std::collections::BTreeSet<Check> =
        table.rows().iter().flat_map(|row| row.needs.iter().copied()).collect();
    let neutral = |check: Check| {
        let rows = table.rows().iter().map(|row| {
            let needs = row.needs.iter().copied().filter(|need| *need != check).collect();
            Row { needs: leak(needs), ..*row }
        });
        Mutant { kind: "guard", what: format!("{} nowhere", check.code()), table: Table::of(rows.collect()) }
    };
    checks.into_iter().map(neutral).collect()
}

/// The first story that goes another way.
fn by_stories(library: &Library, table: &Table, bank: &Bank<'_>) -> bool {
    let mut theatre = Theatre::new(library, table, bank);
    library.all().any(|story| theatre.run(&story.name, None).is_err())
}

#[test]
fn every_fault_is_found() {
    let (library, rules) = (Library::load(), sample::rulebook().unwrap());
    let memo = Memo::of(&rules);
    let bank = Bank::of(&memo);
    let mut tally: BTreeMap<&str, [usize; 4]> = BTreeMap::new();
    let mut survivors = vec![];
    for mutant in mutants() {
        let [all, table, stories, explorer] = tally.entry(mutant.kind).or_default();
        *all += 1;
        if !differences(&mutant.table).is_empty() {
            *table += 1;
        } else if by_stories(&library, &mutant.table, &bank) {
            *stories += 1;
        } else if PLANS.iter().any(|plan| explorer::run(plan, &library, &mutant.table, &rules).is_err()) {
            *explorer += 1;
        } else {
            survivors.push(mutant.what);
        }
    }
    for (kind, [all, table, stories, explorer]) in &tally {
        println!(
            "{kind}: {}/{all} found (source {table}, stories {stories}, explorer {explorer})",
            table + stories + explorer
        );
    }
    assert!(survivors.is_empty(), "not found: {survivors:?}");
}

#[test]
fn a_guard_that_is_nowhere_and_a_date_that_never_runs_are_found_by_the_stories_alone() {
    let (library, rules) = (Library::load(), sample::rulebook().unwrap());
    let memo = Memo::of(&rules);
    let bank = Bank::of(&memo);
    let behind = |what: &str| BEHIND_OTHERS.iter().any(|(known, _)| *known == what);
    let mine: Vec<Mutant> =
        mutants().into_iter().filter(|mutant| matches!(mutant.kind, "guard" | "date")).collect();
    let total = mine.len();
    let survivors: Vec<String> = mine
        .into_iter()
        .filter(|mutant| !by_stories(&library, &mutant.table, &bank))
        .map(|mutant| mutant.what)
        .collect();
    println!("by stories alone: {}/{total}", total - survivors.len());
    let unknown: Vec<&String> = survivors.iter().filter(|what| !behind(what)).collect();
    assert!(unknown.is_empty(), "not found: {unknown:?}");
    let found = |(what, _): &&(&str, &str)| !survivors.iter().any(|survivor| survivor == what);
    let idle: Vec<_> = BEHIND_OTHERS.iter().filter(found).collect();
    assert!(idle.is_empty(), "the list of what stands behind others is too long: {idle:?}");
}
