//! The invariant that no voided approval survives to the money finds the fault that is put in front of it.

use crate::story::{Bank, Library, Theatre, world::actor};
use std::sync::Arc;
use workflows::explained::DecidedOn;
use workflows::form::Form;
use workflows::machine::{Command, Role, Table};
use workflows::sample;

/// What the order of funds breaks after `tamper` went past the approval.
fn faults(tamper: impl FnOnce(&mut Form)) -> Vec<String> {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run("9-ready", None).unwrap();
    tamper(Arc::make_mut(&mut world.case.as_mut().unwrap().form));
    let person = |person| actor(Role::Operations, person, &world.form, world.rules);
    let (first, second) = (person(None), person(Some("b")));
    world.act(&first, &Command::OrderPosting {}).unwrap();
    let proposal_id = world.case.as_ref().unwrap().proposals.last().unwrap().id.clone();
    world.act(&second, &Command::ApproveProposal { proposal_id }).unwrap();
    world.faults.clone()
}

#[test]
fn what_is_paid_is_what_was_approved() {
    assert_eq!(faults(|_| ()), Vec::<String>::new());
    let longer = faults(|form| form.loans[0].term_months += 12);
    assert!(longer.iter().any(|fault| fault.starts_with("IMPACT")), "{longer:?}");
    assert!(faults(|form| form.parties[0].name_kanji.push('子')).is_empty(), "a spelling is no change");
}

/// G-21: the invariant finds a type that changes under a cover in force, and RELAXED brings its add-on into the rate.
#[test]
fn insurance_stays_as_joined_and_relaxed_is_priced() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let drawn = theatre.run("split-drawn", None).unwrap();
    let case = drawn.case.unwrap();
    let clerk = actor(Role::BranchClerk, None, &drawn.form, drawn.rules);
    let ctx = workflows::machine::Context {
        actor: &clerk,
        now: drawn.now,
        rules: drawn.rules,
        table: &table,
        registers: workflows::machine::Registers::NONE,
    };
    let command = Command::AddMemo { text: "note".to_owned() };
    let faults = |tamper: &dyn Fn(&mut Form)| {
        let mut decision = workflows::machine::decide(&case, &command, &ctx).unwrap();
        tamper(Arc::make_mut(&mut decision.case.form));
        let step =
            workflows::machine::invariants::Step { before: Some(&case), decision: &decision, ctx: &ctx };
        let broken = workflows::machine::invariants::broken(&step);
        broken.iter().map(|broken| broken.invariant).collect::<Vec<_>>()
    };
    assert!(!faults(&|_| ()).contains(&"G-21"));
    let other = |form: &mut Form| form.insurance[0].insurance_type = workflows::form::InsuranceType::Cancer;
    assert!(faults(&other).contains(&"G-21"));
    let relaxed = theatre.run("insurance-relaxed-priced", None).unwrap().case.unwrap();
    let terms = rules_of(&relaxed);
    assert_eq!(terms["loans"][0]["rate"]["insurance_add_on"], "0.300");
    let basic = theatre.run("4-approved", None).unwrap().case.unwrap();
    assert_eq!(rules_of(&basic)["loans"][0]["rate"]["insurance_add_on"], "0.000");
}

/// The quote of a case for its planned date.
fn rules_of(case: &workflows::machine::Case) -> serde_json::Value {
    let rules = sample::rulebook().unwrap();
    let terms = workflows::machine::Rules::freeze(
        &rules,
        &case.form,
        None,
        &[],
        DecidedOn::default(),
        case.planned_date(),
    );
    terms.unwrap().quote
}
