//! Every state that the worlds can reach keeps the invariants and can still reach an end.

use super::worlds::{PLANS, Plan};
use crate::story::world::tokyo;
use crate::story::{Bank, Library, Theatre, line, meant};
use std::fmt::Write;
use workflows::machine::explore::{CounterExample, Explored, World, explore};
use workflows::machine::memo::Memo;
use workflows::machine::{Rules, Table};
use workflows::sample;

/// Explores one plan under a table. Errors: a counter-example, printed as a story.
pub fn run(plan: &Plan, library: &Library, table: &Table, rules: &dyn Rules) -> Result<Explored, String> {
    let memo = Memo::of(rules);
    let bank = Bank::of(&memo);
    let start = Theatre::new(library, table, &bank).run(plan.after, None)?;
    let moves: Vec<_> = plan.moves.iter().map(|line| meant(&start, line)).collect();
    let mut instants: Vec<_> =
        plan.instants.iter().map(|date| tokyo(date.parse().unwrap(), 9, 30).max(start.now)).collect();
    instants.dedup();
    // A minute later an unanswered posting is unknown.
    if let Some(first) = instants.first().filter(|_| plan.moves.contains(&"operations orderPosting")) {
        instants.insert(1, *first + chrono::Duration::minutes(2));
    }
    let world = World {
        table,
        rules: &memo,
        start: start.case.clone().unwrap(),
        instants: &instants,
        moves: &moves,
        versions: plan.versions,
        postings: plan.postings,
        limit: 40_000,
    };
    explore(&world).map_err(|example| story(plan, &example))
}

fn story(plan: &Plan, example: &CounterExample) -> String {
    let mut text = format!("story   {}\nafter   {}\n\n", plan.name, plan.after);
    let mut at = None;
    for (instant, role, command) in &example.way {
        if at != Some(*instant) {
            writeln!(text, "clock {}", instant.with_timezone(&chrono::FixedOffset::east_opt(32400).unwrap()))
                .unwrap();
            at = Some(*instant);
        }
        writeln!(text, "{}", line(*role, command)).unwrap();
    }
    for broken in &example.broken {
        writeln!(text, "# {broken}").unwrap();
    }
    text
}

fn explored(name: &str) {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let plan = PLANS.iter().find(|plan| plan.name == name).unwrap();
    match run(plan, &library, &table, &rules) {
        Ok(found) => {
            println!("{name}: {} states, {} steps, {} rows", found.states, found.steps, found.rows.len());
            assert_eq!(found.states, plan.states, "{name}: the number of states changed");
        }
        Err(story) => panic!("\n{story}"),
    }
}

macro_rules! worlds {
    ($($test:ident = $name:literal;)+) => {
        $(#[test]
        fn $test() {
            explored($name);
        })+

        #[test]
        fn every_world_is_explored() {
            let names: Vec<&str> = PLANS.iter().map(|plan| plan.name).collect();
            assert_eq!(names, [$($name),+]);
        }
    };
}

worlds! {
    guarantee = "guarantee";
    two_guarantors = "two guarantors";
    change = "change";
    insurance = "insurance";
    qualification_searches_valuation = "qualification, searches and valuation";
    signing = "signing";
    preparation = "preparation";
    takeover_of_the_registration = "takeover of the registration";
    hold = "hold";
    drawing_and_main_posting = "drawing and main posting";
    building_and_terms = "building and terms";
    main_posting_after_a_drawing = "main posting after a drawing";
    posting_of_a_mix = "posting of a mix";
    payees = "payees";
    consents = "consents";
}
