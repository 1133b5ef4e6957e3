//! The invariant that no voided approval survives to the money finds the fault that is put in front of it.

use crate::story::{Bank, Library, Theatre, world::actor};
use std::sync::Arc;
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
