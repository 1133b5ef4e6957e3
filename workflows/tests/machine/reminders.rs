//! Answers that partners owe: one reminder goes to whoever owes it, later one word to the bank, each once; who has answered is left alone.

use crate::story::world::tokyo;
use crate::story::{Bank, Library, Theatre, World, begins_a_job, meant};
use workflows::engagement::EngagementState;
use workflows::machine::{Effect, NoticeData, NoticeId, Recipient, Role, Table};
use workflows::sample;

/// Who was reminded and who was told that it is overdue, in the thirty days after a step.
fn told(after: &str, line: &str, then: impl FnOnce(&mut World<'_>)) -> (Vec<Recipient>, Vec<Recipient>) {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run(after, None).unwrap();
    for step in line.split(';') {
        let (actor, command) = meant(&world, step.trim());
        world.act(&actor, &command).unwrap();
    }
    then(&mut world);
    world.effects.clear();
    let begun = world.today();
    for days in 1..=30 {
        world.clock(tokyo(begun + chrono::Duration::days(days), 9, 30));
    }
    assert!(world.faults.is_empty(), "{:?}", world.faults);
    let of_an_answer = |data: &NoticeData| data.facts.iter().any(|fact| fact.en.ends_with("(asked on)"));
    let mut all = (vec![], vec![]);
    for effect in &world.effects {
        match effect {
            Effect::Notify { notice: NoticeId::W01, to, data } if of_an_answer(data) => {
                all.0.push(to.clone())
            }
            Effect::Notify { notice: NoticeId::W04, to, data } if of_an_answer(data) => {
                all.1.push(to.clone())
            }
            _ => {}
        }
    }
    all
}

fn partner(role: Role, organisation: &str) -> Vec<Recipient> {
    vec![Recipient::Partner { role, organisation: organisation.to_owned() }]
}

fn the_bank() -> Vec<Recipient> {
    [Role::BranchManager, Role::BranchClerk].map(|role| Recipient::Desk { role }).into()
}

const INSTRUCT: &str = "clerk instructScrivener";
const SCREEN: &str = "clerk startScreening; manager approveProposal";

#[test]
fn an_organisation_is_reminded_once_and_the_bank_is_told_once() {
    let late = told("1-submitted", SCREEN, |_| ());
    assert_eq!(late, (partner(Role::MemberOrg, "MEMBER_ORG-1"), the_bank()));
    let answered = told("1-submitted", &format!("{SCREEN}; member-org confirmMembership"), |_| ());
    assert_eq!(answered, (vec![], vec![]));
}

#[test]
fn an_office_is_reminded_until_it_answers_and_each_office_on_its_own() {
    let said = |state| told("7-contracted", INSTRUCT, |world| world.registers.job = Some(state));
    let office = partner(Role::Scrivener, "SCRIVENER-1");
    assert_eq!(told("7-contracted", INSTRUCT, |_| ()), (office.clone(), the_bank()));
    assert_eq!(said(EngagementState::Asked), (office, the_bank()));
    assert_eq!(said(EngagementState::Accepted), (vec![], vec![]));
    // Who declined is not asked again by a timer; that nobody has the job is the bank's matter.
    assert_eq!(said(EngagementState::Declined), (vec![], the_bank()));
    let begun = told("7-contracted", &format!("{INSTRUCT}; scrivener verifyMortgagors"), |_| ());
    assert_eq!(begun, (vec![], vec![]));
    let replaced =
        told("7-contracted", &format!("{INSTRUCT}; clerk replaceScrivener office=SCRIVENER-2"), |_| ());
    assert_eq!(replaced, (partner(Role::Scrivener, "SCRIVENER-2"), the_bank()));
}

#[test]
fn an_office_takes_the_job_of_a_story_once_before_its_first_work() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let done = Theatre::new(&library, &table, &bank).run("9-ready", None).unwrap().done;
    let taken: Vec<&str> =
        (0..done.len()).filter(|at| begins_a_job(&done, *at)).map(|at| done[at].1.verb().code()).collect();
    assert_eq!(taken, ["verifyMortgagors"]);
}
