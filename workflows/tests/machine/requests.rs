//! Whatever partners say twice, late or out of order: each request has one effective decision, a repeat gets the first answer,
//! and what is late changes nothing.

use crate::story::world::{World, codes, tokyo};
use crate::story::{Bank, Library, Theatre, meant};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeMap;
use workflows::machine::asked::{Judged, addressed, judge};
use workflows::machine::{Actor, Command, Effect, Role, Table, Verb};
use workflows::sample;

/// A conversation: where it begins, what the partner may say, what the bank does in between.
struct Talk {
    after: &'static str,
    says: &'static [&'static str],
    bank: &'static [&'static str],
    /// Days by which the clock goes on where the bank does nothing.
    days: i64,
}

const TALKS: &[Talk] = &[
    Talk {
        after: "2-screening-but-guarantee",
        says: &[
            "guarantor approveGuarantee",
            "guarantor approveGuarantee decision.guarantee_number=OTHER",
            "guarantor conditionGuarantee",
            "guarantor declineGuarantee",
            "guarantor revokeGuarantee",
        ],
        bank: &[
            "clerk requestGuarantee new_evidence=payslips",
            "manager sendConditionEvidence",
            "applicant amendApplication form.loans.0.term_months=360",
        ],
        days: 200,
    },
    Talk {
        after: "2-screening-but-insurance",
        says: &[
            "insurer acceptInsurance",
            "insurer rejectInsurance",
            "insurer requireExam",
            "insurer expectRelaxed",
        ],
        bank: &[
            "clerk passDeclaration",
            "applicant supplyExam",
            "applicant intendRelaxed",
            "applicant declareInsurance declared_on=2026-04-06",
        ],
        days: 200,
    },
    Talk {
        after: "2-screening",
        says: &["member-org confirmMembership", "member-org refuseMembership", "member-org loseMembership"],
        bank: &["clerk requestMembership", "applicant withdrawApplication reason=x"],
        days: 10,
    },
    Talk {
        after: "7-contracted",
        says: &[
            "scrivener verifyMortgagors",
            "scrivener readyPapers",
            "scrivener fileRegistration",
            "scrivener correctFiling",
            "scrivener withdrawFiling",
            "registry acceptFiling",
            "scrivener acceptFiling receipt.number=4712",
            "registry orderCorrection",
            "registry rejectFiling",
            "registry completeRegistration",
        ],
        bank: &["clerk instructScrivener"],
        days: 5,
    },
];

/// What became of something that a partner said.
#[derive(Debug, PartialEq)]
enum Became {
    Effect(u64),
    Same(u64),
    Refused(Vec<String>),
}

fn say(world: &mut World<'_>, actor: &Actor, command: &Command, id: &str, checked: bool) -> Became {
    let case = world.case.clone().unwrap();
    let command = &addressed(&case, command, Some(id)).unwrap_or_else(|| command.clone());
    if checked {
        match judge(&case, command, actor, Some(id), world.table) {
            Judged::Fresh => {}
            Judged::Same(given) => return Became::Same(given.version),
            Judged::Refused(unmet) => return Became::Refused(vec![unmet.code]),
        }
    }
    match world.act(actor, command) {
        Ok(decision) => Became::Effect(decision.entry.version),
        Err(refusal) => Became::Refused(codes(&refusal)),
    }
}

/// What is said of an earlier answer, which may follow it.
const OF_AN_ANSWER: &[Verb] = &[
    Verb::RevokeGuarantee,
    Verb::RejectInsurance,
    Verb::LoseMembership,
    Verb::WithdrawFiling,
    Verb::RejectFiling,
    Verb::AcceptFiling,
];

#[derive(Default, Debug)]
struct Told {
    effects: usize,
    repeats: usize,
    refused: BTreeMap<String, usize>,
}

/// Plays a conversation. Errors: what must not be.
fn play(
    start: &World<'_>,
    talk: &Talk,
    steps: &[(u8, u8)],
    checked: bool,
    told: &mut Told,
) -> Result<(), String> {
    let mut world = start.clone();
    let mut known: Vec<(Role, String)> = vec![];
    let mut decided: BTreeMap<String, u64> = BTreeMap::new();
    let mut said: BTreeMap<(String, String), u64> = BTreeMap::new();
    for (what, which) in steps {
        let case = world.case.clone().unwrap();
        // Requests as the partner learns of them: from messages and from its tasks.
        let written = world.sent.iter().filter_map(|effect| match effect {
            Effect::Send { message, payload, .. } => {
                payload["request_id"].as_str().map(|id| (message.role(), id.to_owned()))
            }
            _ => None,
        });
        let waiting = case.tasks.iter().filter(|task| task.role.is_partner());
        let waiting = waiting.map(|task| (task.role, task.id.clone()));
        for id in written.chain(waiting).collect::<Vec<_>>() {
            if !known.contains(&id) {
                known.push(id);
            }
        }
        let choice = usize::from(*what) % (talk.says.len() * 3 + talk.bank.len() + 1);
        if let Some(line) = talk.says.get(choice / 3).filter(|_| choice < talk.says.len() * 3) {
            let (actor, command) = meant(&world, line);
            // Mostly the partner's own latest request, at times an older one, somebody else's, or none.
            let mine: Vec<&String> =
                known.iter().filter(|(role, _)| *role == actor.role).map(|(_, id)| id).collect();
            let id = match (which % 4, mine.last(), known.len()) {
                (_, _, 0) => "T0.0".to_owned(),
                (0 | 1, Some(latest), _) => (*latest).clone(),
                (2, Some(_), _) => mine[usize::from(which / 4) % mine.len()].clone(),
                (_, _, some) => known[usize::from(which / 4) % some].1.clone(),
            };
            let open = case.tasks.iter().any(|task| task.id == id && task.role == actor.role);
            let words = format!("{command:?}");
            let later = OF_AN_ANSWER.contains(&command.verb());
            match say(&mut world, &actor, &command, &id, checked) {
                Became::Effect(version) => {
                    told.effects += 1;
                    if !(open || later && decided.contains_key(&id)) {
                        return Err(format!("{line} under {id}, which was not open, had an effect"));
                    }
                    if open && decided.insert(id.clone(), version).is_some() {
                        return Err(format!("{id} has two decisions"));
                    }
                    said.insert((id, words), version);
                }
                Became::Same(version) => {
                    told.repeats += 1;
                    if said.get(&(id.clone(), words)) != Some(&version) || world.case.as_ref() != Some(&case)
                    {
                        return Err(format!("{line} under {id} is no repeat of version {version}"));
                    }
                }
                Became::Refused(found) => {
                    if world.case.as_ref() != Some(&case) {
                        return Err(format!("{line} under {id} was refused and changed the case"));
                    }
                    if checked && said.contains_key(&(id.clone(), words)) {
                        return Err(format!(
                            "{line} under {id} was taken before and is refused now: {found:?}"
                        ));
                    }
                    for code in found {
                        *told.refused.entry(code).or_default() += 1;
                    }
                }
            }
        } else if let Some(line) = talk.bank.get(choice - talk.says.len() * 3) {
            let (actor, command) = meant(&world, line);
            let _ = world.act(&actor, &command);
        } else {
            let day = world.today() + chrono::Duration::days(talk.days);
            world.clock(tokyo(day, 9, 30).max(world.now));
        }
        if world.case.as_ref().is_none_or(|case| case.stage.is_final()) && known.is_empty() {
            break;
        }
        if let Some(fault) = world.faults.first() {
            return Err(fault.clone());
        }
    }
    Ok(())
}

/// Conversations of each kind: fewer or more by PROPTEST_CASES.
fn cases() -> u32 {
    Config::default().cases.min(150)
}

fn talks(checked: bool) -> (Told, Vec<String>) {
    let (library, table) = (Library::load(), Table::default());
    let rules = sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let (told, mut broken) = (std::cell::RefCell::new(Told::default()), vec![]);
    for talk in TALKS {
        let start = theatre.run(talk.after, None).unwrap();
        let config = Config { cases: cases(), failure_persistence: None, ..Config::default() };
        let mut runner = TestRunner::new(config);
        let steps = prop::collection::vec((any::<u8>(), any::<u8>()), 1..40);
        let outcome = runner.run(&steps, |steps| {
            play(&start, talk, &steps, checked, &mut told.borrow_mut()).map_err(TestCaseError::fail)
        });
        if let Err(error) = outcome {
            broken.push(format!("{}: {error}", talk.after));
        }
    }
    (told.into_inner(), broken)
}

#[test]
fn each_request_has_one_effective_decision() {
    let (told, broken) = talks(true);
    println!("{told:?}");
    assert!(broken.is_empty(), "{broken:#?}");
    let least = cases() as usize;
    assert!(told.effects > least * 3 && told.repeats > least / 4, "{told:?}");
    for code in ["N-REQUEST-ANSWERED", "N-REQUEST-REPLACED", "N-REQUEST-EXPIRED", "N-REQUEST-UNKNOWN"] {
        assert!(told.refused.contains_key(code), "{code} was never said: {told:?}");
    }
}

#[test]
fn without_the_check_a_late_answer_hits_another_request() {
    let (_, broken) = talks(false);
    assert_eq!(broken.len(), TALKS.len(), "{broken:#?}");
}

#[test]
fn an_answer_to_what_the_bank_withdrew_says_so() {
    let (library, table) = (Library::load(), Table::default());
    let rules = sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run("2-screening-but-guarantee", None).unwrap();
    let (guarantor, approve) = meant(&world, "guarantor approveGuarantee");
    let tasks = world.case.as_ref().unwrap().tasks.clone();
    let id = tasks.iter().find(|task| task.role == guarantor.role).unwrap().id.clone();
    let (applicant, withdraw) = meant(&world, "applicant withdrawApplication reason=x");
    world.act(&applicant, &withdraw).unwrap();
    let said = say(&mut world, &guarantor, &approve, &id, true);
    assert_eq!(said, Became::Refused(vec!["N-REQUEST-WITHDRAWN".to_owned()]));
    // Another organisation is told nothing of it.
    let other = Actor { organisation: Some("OTHER".to_owned()), ..guarantor };
    let said = say(&mut world, &other, &approve, &id, true);
    assert_eq!(said, Became::Refused(vec!["FORBIDDEN".to_owned()]));
}

/// Core banking answers under the key of the posting: done, refused, both, again.
#[test]
fn a_posting_has_one_outcome_however_often_it_is_told() {
    let (library, table) = (Library::load(), Table::default());
    let rules = sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let mut world = theatre.run("9-ready", None).unwrap();
    for line in ["operations orderPosting", "operations:b approveProposal"] {
        let (actor, command) = meant(&world, line);
        world.act(&actor, &command).unwrap_or_else(|refusal| panic!("{line}: {refusal:?}"));
    }
    let (core, confirm) = meant(&world, "core-banking confirmPosting reference=LEDGER-1");
    let (_, other) = meant(&world, "core-banking confirmPosting reference=LEDGER-2");
    let (_, reject) = meant(&world, "core-banking rejectPosting reason=x");
    let Became::Effect(version) = say(&mut world, &core, &confirm, "", true) else { panic!("the outcome") };
    assert_eq!(say(&mut world, &core, &confirm, "", true), Became::Same(version));
    let late = Became::Refused(vec!["N-REQUEST-ANSWERED".to_owned()]);
    assert_eq!(say(&mut world, &core, &reject, "", true), late);
    assert_eq!(say(&mut world, &core, &other, "", true), late);
}

/// Servicing takes a loan once, and the drawings of a terminated contract are repaid once: the same again, days later, is the same
/// answer, and another one changes nothing.
#[test]
fn servicing_and_the_repayment_of_drawings_are_said_once() {
    let (library, table) = (Library::load(), Table::default());
    let rules = sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    for (story, said, other) in [
        ("11-handed-over", "acceptServicing", "acceptServicing servicing_number=OTHER"),
        ("split-deadline-passes", "repayDrawings", "repayDrawings reference=OTHER"),
    ] {
        // The story says it, with the words that `meant` finds again.
        let mut world = theatre.run(story, None).unwrap();
        let (core, first) = meant(&world, &format!("core-banking {said}"));
        let (_, other) = meant(&world, &format!("core-banking {other}"));
        let version = world.case.as_ref().unwrap().version;
        assert!(matches!(say(&mut world, &core, &first, "", true), Became::Same(_)), "{said}");
        let late = Became::Refused(vec!["N-REQUEST-ANSWERED".to_owned()]);
        assert_eq!(say(&mut world, &core, &other, "", true), late, "{said}");
        assert_eq!(world.case.as_ref().unwrap().version, version);
        // Whoever is not core banking of this case learns nothing of it.
        let stranger = Actor { organisation: Some("OTHER".to_owned()), ..core.clone() };
        assert!(matches!(say(&mut world, &stranger, &first, "", true), Became::Refused(_)), "{said}");
    }
}

/// A question of the guarantor comes twice, too late, or about something else: it is asked once, and never stands for the decision.
#[test]
fn a_question_is_asked_once_and_decides_nothing() {
    let (library, table) = (Library::load(), Table::default());
    let rules = sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run("2-screening-but-guarantee", None).unwrap();
    let (guarantor, ask) = meant(&world, "guarantor askBank question=why");
    let about = |text: &str| Command::AskBank { question: text.to_owned() };
    let tasks = world.case.as_ref().unwrap().tasks.clone();
    let id = tasks.iter().find(|task| task.role == guarantor.role).unwrap().id.clone();
    let refused = |code: &str| Became::Refused(vec![code.to_owned()]);
    let other = tasks.iter().find(|task| task.role != guarantor.role).unwrap().id.clone();
    for unknown in ["T0.0", &other] {
        assert_eq!(say(&mut world, &guarantor, &ask, unknown, true), refused("N-REQUEST-UNKNOWN"));
    }
    let Became::Effect(version) = say(&mut world, &guarantor, &ask, &id, true) else {
        panic!("the question")
    };
    assert_eq!(say(&mut world, &guarantor, &ask, &id, true), Became::Same(version));
    // There is an end to it.
    for n in 2..=20 {
        let said = say(&mut world, &guarantor, &about(&format!("question {n}")), &id, true);
        assert!(matches!(said, Became::Effect(_)), "{n}: {said:?}");
    }
    let said = say(&mut world, &guarantor, &about("one too many"), &id, true);
    assert!(matches!(&said, Became::Refused(codes) if codes.iter().any(|code| code == "F-02")), "{said:?}");

    let (_, approve) = meant(&world, "guarantor approveGuarantee");
    let Became::Effect(decided) = say(&mut world, &guarantor, &approve, &id, true) else { panic!("decided") };
    assert_eq!(say(&mut world, &guarantor, &ask, &id, true), Became::Same(version));
    assert_eq!(say(&mut world, &guarantor, &approve, &id, true), Became::Same(decided));
    assert_eq!(say(&mut world, &guarantor, &about("late"), &id, true), refused("N-REQUEST-ANSWERED"));
    let (applicant, withdraw) = meant(&world, "applicant withdrawApplication reason=x");
    world.act(&applicant, &withdraw).unwrap();
    assert_eq!(say(&mut world, &guarantor, &about("late"), &id, true), refused("N-REQUEST-ANSWERED"));
    let stranger = Actor { organisation: Some("OTHER".to_owned()), ..guarantor };
    assert!(matches!(say(&mut world, &stranger, &ask, &id, true), Became::Refused(_)));
}
