//! The letters of a case: which it has, what stands in them, and that a schedule is the engine's own.
//!
//! What the stories say is kept as requests in `letters/tests/requests`, which the program that sets letters is tested with. `UPDATE=1`
//! writes them anew.

use crate::story::{Bank, Library, Theatre, World};
use std::path::PathBuf;
use std::sync::Arc;
use workflows::calendar::tokyo_date;
use workflows::letters::{Amount, Language, Letter, LetterKind, Request};
use workflows::machine::letter_desk::{NoLetter, dated_by, letter, letters};
use workflows::machine::{Stage, Table};
use workflows::repayment::LoanPlan;
use workflows::{Rate, Yen, sample};

/// Runs a story, with or without another form, and hands over its end.
fn at(story: &str, form: Option<&[&str]>, look: impl FnOnce(&World<'_>)) {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let form = form.map(|words| words.iter().map(|word| (*word).to_owned()).collect());
    look(&Theatre::new(&library, &table, &bank).run(story, form).unwrap());
}

fn write(world: &World<'_>, kind: LetterKind, language: Language) -> Result<Request, NoLetter> {
    let verbs = dated_by(kind);
    let told = world.log.iter().rev().find(|entry| verbs.contains(&entry.verb));
    letter(world.case.as_ref().unwrap(), world.rules, kind, language, told.map(|entry| tokyo_date(entry.at)))
}

const BONUS: &[&str] = &["purchase", "loans.0.bonus_part_yen=10000000", "loans.0.bonus_months=[1,7]"];

/// Name of the file, story, form, letter, language.
type Kept = (&'static str, &'static str, Option<&'static [&'static str]>, LetterKind, Language);
const KEPT: &[Kept] = &[
    ("approval", "approve-with-conditions", None, LetterKind::Approval, Language::Ja),
    ("approval-en", "4-approved", None, LetterKind::Approval, Language::En),
    ("decline", "decline", None, LetterKind::Decline, Language::Ja),
    ("decline-en", "decline", None, LetterKind::Decline, Language::En),
    ("appointment", "5-contracting", None, LetterKind::Appointment, Language::Ja),
    ("appointment-agreed", "appointment", None, LetterKind::Appointment, Language::Ja),
    ("appointment-agreed-en", "appointment", None, LetterKind::Appointment, Language::En),
    ("appointment-moved", "appointment-moved", None, LetterKind::Appointment, Language::Ja),
    ("schedule", "9-ready", None, LetterKind::Schedule, Language::Ja),
    ("schedule-en", "mix-ready", None, LetterKind::Schedule, Language::En),
    ("schedule-bonus", "9-ready", Some(BONUS), LetterKind::Schedule, Language::Ja),
    ("disbursement", "10-disbursed", None, LetterKind::Disbursement, Language::Ja),
    ("disbursement-drawing", "split-drawn", None, LetterKind::Disbursement, Language::Ja),
    ("registration", "registration-on-record", None, LetterKind::Registration, Language::Ja),
];

#[test]
fn the_kept_requests_are_what_the_stories_say() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../letters/tests/requests");
    let update = std::env::var_os("UPDATE").is_some();
    let mut stale = vec![];
    for (name, story, form, kind, language) in KEPT {
        at(story, *form, |world| {
            let request = write(world, *kind, *language).unwrap_or_else(|error| panic!("{name}: {error:?}"));
            assert_eq!(Ok(&request), write(world, *kind, *language).as_ref(), "{name}: the same again");
            // A row of a schedule is a line, so that a difference can be read.
            let text = serde_json::to_string(&request).unwrap().replace("},{", "},\n{") + "\n";
            let file = folder.join(format!("{name}.json"));
            if update {
                std::fs::write(&file, &text).unwrap();
            } else if std::fs::read_to_string(&file).ok().as_deref() != Some(&*text) {
                stale.push(*name);
            }
        });
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run the tests once with UPDATE=1 and look at the difference"
    );
}

#[test]
fn a_case_has_the_letters_of_what_is_on_its_record() {
    use LetterKind::*;
    for (story, expected) in [
        ("1-submitted", &[][..]),
        ("4-approved", &[Approval]),
        ("decline", &[Decline]),
        ("5-contracting", &[Approval, Appointment]),
        ("9-ready", &[Approval, Appointment, Schedule, Registration]),
        ("10-disbursed", &[Approval, Appointment, Schedule, Disbursement, Registration]),
        ("rescinded", &[]),
        ("approval-expires", &[]),
        // What is being changed is not told as it was, and a drawing has no schedule.
        ("change-screened", &[]),
        ("erasure", &[]),
    ] {
        at(story, None, |world| {
            let case = world.case.as_ref().unwrap();
            assert_eq!(letters(case), expected, "{story}: {}", case.stage);
            for kind in LetterKind::ALL.iter().filter(|kind| !expected.contains(kind)) {
                assert_eq!(write(world, *kind, Language::Ja), Err(NoLetter::Absent), "{story} {kind:?}");
            }
        });
    }
    at("split-drawn", None, |world| {
        let case = world.case.as_ref().unwrap();
        assert!(
            letters(case).contains(&Disbursement) && !letters(case).contains(&Schedule),
            "{}",
            case.stage
        );
    });
}

/// Row by row against the engine, of which the letter shows monthly and bonus part on one line.
#[test]
fn a_schedule_is_the_engines_own() {
    for (story, form) in [("9-ready", None), ("9-ready", Some(BONUS)), ("mix-ready", None)] {
        at(story, form, |world| {
            let case = world.case.as_ref().unwrap();
            let Ok(Request { letter: Letter::Schedule(told), .. }) =
                write(world, LetterKind::Schedule, Language::Ja)
            else {
                panic!("{story}: no schedule")
            };
            assert_eq!(told.loans.len(), case.form.loans.len());
            let (terms, book) = (case.frozen.as_ref().unwrap(), world.rules.book_of(&case.form).unwrap());
            for (loan, told) in case.form.loans.iter().zip(&told.loans) {
                let rate = Rate::parse(&told.rate.to_string()).unwrap();
                let plan = LoanPlan::new(loan, &book.terms, rate, terms.date);
                let amount = |yen: Yen| Amount::of(yen.0);
                let bonus = |due: &str| {
                    let rows = plan.bonus.iter().flat_map(|bonus| &bonus.rows);
                    rows.filter(|row| row.due.to_string() == due).map(|row| row.payment).sum::<Yen>()
                };
                assert_eq!(told.rows.len(), plan.monthly.rows.len());
                for (row, engine) in told.rows.iter().zip(&plan.monthly.rows) {
                    let (due, extra) = (engine.due.to_string(), bonus(&engine.due.to_string()));
                    assert_eq!((row.due.to_string(), row.bonus), (due, amount(extra)));
                    assert_eq!(row.payment, amount(engine.payment + extra));
                }
                assert_eq!(told.totals.interest, amount(plan.total_interest()), "interest to the end");
                assert_eq!(told.totals.principal, amount(loan.amount_yen), "all of it is repaid");
                assert_eq!(plan.bonus.is_some(), told.totals.bonus != Amount::ZERO);
            }
        });
    }
}

#[test]
fn a_schedule_that_was_not_frozen_is_not_told() {
    at("9-ready", None, |world| {
        let mut world = world.clone();
        let case = world.case.as_mut().unwrap();
        let mut terms = case.frozen.as_deref().unwrap().clone();
        terms.quote["loans"][0]["monthly"]["payment_yen"] = 1.into();
        case.frozen = Some(Arc::new(terms));
        let Err(NoLetter::Wrong(found)) = write(&world, LetterKind::Schedule, Language::Ja) else {
            panic!("a wrong payment was told")
        };
        assert_eq!(found[0].rule, "J-02");
    });
}

#[test]
fn a_refusal_names_no_reason() {
    at("decline", None, |world| {
        let case = world.case.as_ref().unwrap();
        assert_eq!(case.stage, Stage::Declined);
        for language in [Language::Ja, Language::En] {
            let request = write(world, LetterKind::Decline, language).unwrap();
            let letter = serde_json::to_value(&request.letter).unwrap();
            let fields: Vec<&str> = letter.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(fields, ["kind", "received_on"]);
        }
    });
}
