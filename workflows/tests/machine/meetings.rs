//! When and where people meet: who is told of it and in which words, and that what was written before there were times reads as it did.

use crate::story::{Bank, Library, Theatre, World, meant};
use chrono::Datelike;
use serde_json::{Value, json};
use workflows::letters::{Day, Language, Letter, LetterKind};
use workflows::machine::case::{ContractSet, FixedDate};
use workflows::machine::letter_desk::{dated_by, letter};
use workflows::machine::meeting::{Meeting, settlement};
use workflows::machine::{
    Command, Effect, Event, NoticeData, NoticeId, NoticeValue, Recipient, Refusal, Role, Stage, Table, Verb,
};
use workflows::product::ClockTime;
use workflows::sample;

/// Plays a story and hands its end over.
fn at(story: &str, look: impl FnOnce(World<'_>)) {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    look(Theatre::new(&library, &table, &bank).run(story, None).unwrap());
}

/// Somebody does something; whom it told, and what.
fn told(world: &mut World<'_>, line: &str) -> Vec<(NoticeId, Recipient, NoticeData)> {
    let (actor, command) = meant(world, line);
    let decision = world.act(&actor, &command).unwrap_or_else(|refusal| panic!("{line}: {refusal:?}"));
    assert!(world.faults.is_empty(), "{line}: {:?}", world.faults);
    let notices = decision.effects.into_iter().filter_map(|effect| match effect {
        Effect::Notify { notice, to, data } => Some((notice, to, *data)),
        _ => None,
    });
    notices.collect()
}

/// The facts of a notice about a meeting, in Japanese: label and value.
fn of_the_meeting(data: &NoticeData) -> Vec<String> {
    let words = ["決済", "ご契約の時刻", "場所"];
    let about = data.facts.iter().filter(|fact| words.iter().any(|word| fact.ja.contains(word)));
    about
        .map(|fact| match &fact.value {
            NoticeValue::Plain(text) => format!("{} {text}", fact.ja),
            NoticeValue::Day { day } => format!("{} {day}", fact.ja),
            other => panic!("{other:?}"),
        })
        .collect()
}

fn is_office(to: &Recipient) -> bool {
    matches!(to, Recipient::Partner { role: Role::Scrivener, .. })
}

#[test]
fn whoever_comes_to_the_settlement_is_told_when_and_where() {
    at("7-contracted", |mut world| {
        const AGREED: &str = "clerk scheduleDisbursement settlement_time=10:30 settlement_place=市原支店";
        // Before an office is instructed none has to do with the case.
        let mut early = world.clone();
        let notices = told(&mut early, AGREED);
        assert!(notices.iter().all(|(_, to, _)| !is_office(to)), "{notices:?}");

        told(&mut world, "clerk instructScrivener");
        for (line, words) in [
            (AGREED, &["決済日 2026-06-15", "決済の時刻 10:30", "決済の場所 市原支店"][..]),
            (
                "operations arrangeSettlement settlement_time=13:00 settlement_place=見本不動産",
                &["決済日 2026-06-15", "決済の時刻 13:00", "決済の場所 見本不動産"],
            ),
            (
                "manager arrangeSettlement settlement_place=見本不動産",
                &["決済日 2026-06-15", "決済の場所 見本不動産"],
            ),
            ("clerk releaseDate", &["取り消した決済日 2026-06-15"]),
            ("clerk scheduleDisbursement", &["決済日 2026-06-15"]),
        ] {
            let notices = told(&mut world, line);
            let office: Vec<_> = notices.iter().filter(|(_, to, _)| is_office(to)).collect();
            assert_eq!(office.len(), 1, "{line}: {notices:?}");
            assert_eq!(
                (office[0].0, of_the_meeting(&office[0].2)),
                (NoticeId::W01, words_of(words)),
                "{line}"
            );
            assert_eq!(office[0].2.addressee, None, "{line}");
            // The customer reads the day as the notice's own date, and time and place beside it.
            let mine = notices.iter().find(|(notice, ..)| *notice == NoticeId::N12);
            let customers: Vec<&str> =
                words.iter().copied().filter(|word| !word.starts_with("決済日")).collect();
            match mine {
                Some((_, to, data)) => {
                    assert!(matches!(to, Recipient::Party { .. }), "{line}");
                    assert_eq!(of_the_meeting(data), customers, "{line}");
                }
                None => assert!(line.contains("releaseDate"), "{line}: {notices:?}"),
            }
        }
    });
}

fn words_of(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

#[test]
fn everybody_who_signs_is_told_when_and_where_and_so_says_the_letter() {
    at("4-approved", |mut world| {
        let line =
            "clerk startContracting appointment=2026-05-18 appointment_time=18:30 appointment_place=市原支店";
        let notices = told(&mut world, line);
        let told: Vec<_> = notices.iter().filter(|(notice, ..)| *notice == NoticeId::N10).collect();
        assert!(!told.is_empty());
        for (_, _, data) in told {
            assert_eq!(data.until.map(|day| day.to_string()).as_deref(), Some("2026-05-18"));
            assert_eq!(of_the_meeting(data), ["ご契約の時刻 18:30", "場所 市原支店"]);
        }
        let case = world.case.as_ref().unwrap();
        let today = world.today();
        let said = letter(case, world.rules, LetterKind::Appointment, Language::Ja, Some(today)).unwrap();
        let Letter::Appointment(said) = said.letter else { panic!("another letter") };
        assert_eq!((said.time.as_deref(), said.place.as_deref()), (Some("18:30"), Some("市原支店")));
    });
}

#[test]
fn an_appointment_that_moves_is_told_anew_to_everybody_who_signs_and_the_letter_says_it_with_its_day() {
    at("joint-contracting", |mut world| {
        let set = world.case.as_ref().unwrap().contract.clone().unwrap();
        let signatories = world.form.parties.len();
        assert!(signatories > 1);
        let day = world.today() + chrono::Days::new(9);
        let line = format!(
            "manager arrangeSigning appointment={day} appointment_time=10:00 appointment_place=見本不動産"
        );
        let notices = told(&mut world, &line);
        // Nobody else hears of it: no office, no desk.
        assert_eq!(notices.len(), signatories, "{notices:?}");
        let mut people = std::collections::BTreeSet::new();
        for (notice, to, data) in &notices {
            let Recipient::Party { party_id } = to else { panic!("{to:?}") };
            people.insert(party_id.as_str());
            assert_eq!((*notice, data.until), (NoticeId::N10, Some(day)));
            assert_eq!(of_the_meeting(data), ["ご契約の時刻 10:00", "場所 見本不動産"]);
        }
        assert_eq!(people.len(), signatories);
        // What was done with the set stays; the appointment alone is another one.
        let moved = world.case.as_ref().unwrap().contract.clone().unwrap();
        let meeting = Meeting::of(ClockTime::parse("10:00"), Some("見本不動産"));
        assert_eq!(moved, ContractSet { appointment: Some(day), meeting, ..set });
        assert_eq!(world.log.last().map(|entry| entry.verb), Some(Verb::ArrangeSigning));
        assert_eq!(dated_by(LetterKind::Appointment), [Verb::StartContracting, Verb::ArrangeSigning]);
        let (case, today) = (world.case.as_ref().unwrap(), world.today());
        let said = letter(case, world.rules, LetterKind::Appointment, Language::Ja, Some(today)).unwrap();
        let Letter::Appointment(said) = said.letter else { panic!("another letter") };
        assert_eq!((said.time.as_deref(), said.place.as_deref()), (Some("10:00"), Some("見本不動産")));
        assert_eq!(said.on, Some(Day::of(day.year(), day.month(), day.day())));
        // What is left out is open again, in the notice as in the record.
        let notices = told(&mut world, &format!("clerk arrangeSigning appointment={day}"));
        assert!(notices.iter().all(|(_, _, data)| of_the_meeting(data).is_empty()), "{notices:?}");
    });
}

#[test]
fn an_appointment_moves_to_today_at_the_earliest_and_the_same_again_is_refused_at_its_field() {
    at("appointment", |world| {
        let today = world.today();
        let move_to = |day, time: &str, place: &str| Command::ArrangeSigning {
            appointment: day,
            appointment_time: ClockTime::parse(time),
            appointment_place: Some(place.to_owned()),
        };
        let (manager, _) = meant(&world, "manager arrangeSigning");
        let said = |command: &Command| world.clone().act(&manager, command).err();
        let stands = world.case.as_ref().unwrap().contract.clone().unwrap();
        let (day, place) = (stands.appointment.unwrap(), stands.meeting.place.unwrap());
        let one = chrono::Days::new(1);
        for other in [
            move_to(today, "18:30", &place),
            move_to(day + one, "18:30", &place),
            move_to(day, "18:31", &place),
            move_to(day, "18:30", "見本不動産"),
        ] {
            assert_eq!(said(&other), None, "{other:?}");
        }
        for (command, field, ja, en) in [
            (move_to(today - one, "18:30", &place), "appointment", "本日以降", "in the past"),
            (move_to(day, "18:30", &place), "appointment", "同じ", "stand so already"),
            (move_to(day, "18:30", &format!("　{place} ")), "appointment", "同じ", "stand so already"),
            (move_to(day, "06:59", &place), "appointment_time", "07:00", "07:00 to 21:00"),
            (move_to(day, "21:01", &place), "appointment_time", "21:00", "07:00 to 21:00"),
            (move_to(day, "18:30", "本店\n3階"), "appointment_place", "100", "100"),
        ] {
            let Some(Refusal::Invalid { field: found, rule, ja: told, en: said }) = said(&command) else {
                panic!("{command:?} is accepted")
            };
            assert_eq!((found.as_str(), rule.as_str()), (field, "T19"), "{command:?}");
            assert!(told.contains(ja) && said.contains(en), "{told} {said}");
        }
    });
}

/// What the rules of an appointment accept, at their edges; a refusal says in both languages what would be accepted.
#[test]
fn hours_and_places_outside_of_what_makes_sense_are_refused_with_what_is_accepted() {
    let long = "あ".repeat(101);
    let fits = "あ".repeat(100);
    let two_lines = "本店\n3階";
    at("4-approved", |world| {
        let start = |time: Option<&str>, place: Option<&str>| Command::StartContracting {
            appointment: Some("2026-05-18".parse().unwrap()),
            appointment_time: time.map(|time| ClockTime::parse(time).unwrap()),
            appointment_place: place.map(str::to_owned),
        };
        let (clerk, _) = meant(&world, "clerk startContracting");
        let said = |command: &Command| world.clone().act(&clerk, command).err();
        for time in ["07:00", "12:00", "21:00"] {
            assert_eq!(said(&start(Some(time), None)), None, "{time}");
        }
        assert_eq!(said(&start(None, Some(&fits))), None);
        for (command, field, accepted) in [
            (start(Some("06:59"), None), "appointment_time", "07:00～21:00 / 07:00 to 21:00"),
            (start(Some("21:01"), None), "appointment_time", "07:00～21:00 / 07:00 to 21:00"),
            (start(Some("00:00"), None), "appointment_time", "07:00～21:00 / 07:00 to 21:00"),
            (start(None, Some(&long)), "appointment_place", "100"),
            (start(None, Some("　")), "appointment_place", "100"),
            (start(None, Some(two_lines)), "appointment_place", "100"),
            (start(None, Some("本店\u{202e}")), "appointment_place", "100"),
        ] {
            let Some(Refusal::Invalid { field: found, rule, ja, en }) = said(&command) else {
                panic!("{command:?} is accepted")
            };
            assert_eq!((found.as_str(), rule.as_str()), (field, "T19"), "{command:?}");
            assert!(ja.contains(accepted) && en.contains(accepted), "{ja} {en}");
        }
    });
}

/// Entries, cases and commands of versions before times and places: they read, and they are written back letter for letter, so that
/// digests over them stay what they were.
#[test]
fn what_was_written_before_there_were_times_reads_and_stays_as_it_was() {
    for old in [
        json!({ "event": "ContractSetGenerated", "appointment": "2026-05-18" }),
        json!({ "event": "ContractSetGenerated", "appointment": null }),
        json!({ "event": "SigningArranged", "appointment": "2026-05-18" }),
        json!({ "event": "DateFixed", "date": "2026-06-15", "drawing_yen": null }),
        json!({ "event": "DateFixed", "date": "2026-06-15", "drawing_yen": 9_000_000 }),
    ] {
        let event: Event = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(serde_json::to_value(&event).unwrap(), old);
    }
    for old in [
        json!({ "verb": "startContracting", "appointment": "2026-05-18" }),
        json!({ "verb": "startContracting", "appointment": null }),
        json!({ "verb": "arrangeSigning", "appointment": "2026-05-18" }),
        json!({ "verb": "scheduleDisbursement", "date": "2026-06-15", "drawing_yen": null }),
    ] {
        let command: Command = serde_json::from_value(old.clone()).unwrap();
        assert_eq!(serde_json::to_value(&command).unwrap(), old);
    }
    let old = json!({ "date": "2026-06-15", "drawing_yen": null });
    let fixed: FixedDate = serde_json::from_value(old.clone()).unwrap();
    assert_eq!((fixed.settlement.is_empty(), serde_json::to_value(&fixed).unwrap()), (true, old));
    // What is said is kept, and read again as it was said.
    let agreed = Meeting::of(ClockTime::parse("10:30"), Some(" 市原支店 "));
    let kept = serde_json::to_value(&agreed).unwrap();
    assert_eq!(kept, json!({ "time": "10:30", "place": "市原支店" }));
    assert_eq!(serde_json::from_value::<Meeting>(kept).unwrap(), agreed);
    assert!(serde_json::from_value::<Meeting>(json!({ "time": "10:60" })).is_err());
    let nothing = serde_json::to_value(Meeting::default()).unwrap();
    assert_eq!(nothing, Value::Object(serde_json::Map::new()));
}

#[test]
fn a_settlement_is_there_from_the_date_on_until_the_case_ends_without_money() {
    for (story, there) in
        [("7-contracted", false), ("8-scheduled", true), ("10-disbursed", true), ("11-handed-over", true)]
    {
        at(story, |world| assert_eq!(settlement(world.case.as_ref().unwrap()).is_some(), there, "{story}"));
    }
    at("8-scheduled", |mut world| {
        told(&mut world, "clerk arrangeSettlement settlement_time=10:30");
        let case = world.case.as_ref().unwrap();
        let time = settlement(case).and_then(|fixed| fixed.settlement.time);
        assert_eq!(time.map(|time| time.to_string()).as_deref(), Some("10:30"));
        let ended = workflows::machine::Case { stage: Stage::ContractTerminated, ..case.clone() };
        assert_eq!(settlement(&ended), None);
    });
}
