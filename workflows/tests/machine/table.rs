//! The table against its independent source: states, moves, people, preconditions and dates.

use super::oracle::{FACTS, MORE_MOVES, MORE_NEEDS, OTHER_PEOPLE, PHRASES, TRACK_NEEDS};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::LazyLock;
use workflows::machine::row::{By, Place, Row};
use workflows::machine::{Role, Stage, Table, Timer, Track, TrackState};

pub static SOURCE: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!("../../../tests/data/domain-vectors.json");
    serde_json::from_str::<Value>(text).unwrap()["state_machine"].clone()
});

type Words = BTreeSet<String>;

/// Everything in which a table differs from the source and its committed readings.
pub fn differences(table: &Table) -> Vec<String> {
    let mut found = vec![];
    main_rows(table, &mut found);
    tracks(table, &mut found);
    for row in table.rows() {
        timers(row, &mut found);
        if matches!(row.place, Place::Fact { .. }) {
            match FACTS.iter().find(|(id, ..)| *id == row.id) {
                Some((_, people, needs, _)) => {
                    same(row, "people", &by(people), &by_of(row), &mut found);
                    same(row, "needs", &words(needs), &needs_of(row), &mut found);
                }
                None => found.push(format!("{} is not on the list of facts", row.id)),
            }
        }
    }
    found
}

fn words(list: &[&str]) -> Words {
    list.iter().map(|word| (*word).to_owned()).collect()
}

fn same(row: &Row, what: &str, wanted: &Words, is: &Words, found: &mut Vec<String>) {
    if wanted != is {
        found.push(format!("{} {what}: the source {wanted:?}, the table {is:?}", row.id));
    }
}

fn strings(value: &Value) -> Vec<String> {
    match value {
        Value::Array(items) => items.iter().map(|item| item.as_str().unwrap().to_owned()).collect(),
        one => vec![one.as_str().unwrap().to_owned()],
    }
}

fn needs_of(row: &Row) -> Words {
    row.needs.iter().map(|check| check.code().to_owned()).collect()
}

/// `1 ROLE` proposes, `2 ROLE` decides; alone it is `ROLE`; a consequence is `=ROLE`.
fn by_of(row: &Row) -> Words {
    let named = |mark: &str, roles: &[Role]| roles.iter().map(|r| format!("{mark}{r}")).collect::<Vec<_>>();
    match row.by {
        By::One(roles) => named("", roles).into_iter().collect(),
        By::FourEyes { propose, decide } => {
            named("1 ", propose).into_iter().chain(named("2 ", decide)).collect()
        }
        By::Consequence(role) => [format!("={role}")].into(),
    }
}

/// The people of the source's words: `A|B` either, `A + B` one after the other, `A -> B` A asks and B does.
fn by(words: &str) -> Words {
    let doing = words.rsplit("->").next().unwrap();
    let role = |word: &str| {
        let word = word.trim().split([' ', '(']).next().unwrap();
        Role::parse(word).unwrap_or_else(|| panic!("{word} in {words}")).code().to_owned()
    };
    match doing.split_once(" + ") {
        Some((first, second)) => [format!("1 {}", role(first)), format!("2 {}", role(second))].into(),
        None => doing.split('|').map(role).collect(),
    }
}

fn expected_people(row: &Row, actor: &str) -> Words {
    let other = OTHER_PEOPLE.iter().find(|(id, ..)| *id == row.id);
    match (other, actor) {
        (Some((_, people, _)), _) => by(people),
        (None, "INSURED") => words(&["APPLICANT", "CO_OBLIGOR"]),
        (None, "BANK") => words(&["=BANK"]),
        (None, actor) => by(actor),
    }
}

fn main_rows(table: &Table, found: &mut Vec<String>) {
    for source in SOURCE["transitions"].as_array().unwrap() {
        let id = source["id"].as_str().unwrap();
        let split: &[&str] = &["T44a", "T44b"];
        let ids = if id == "T44" { split.to_vec() } else { vec![id] };
        for (turn, id) in ids.iter().enumerate() {
            let Some(row) = table.row(id) else {
                found.push(format!("{id} is missing"));
                continue;
            };
            let Place::Main { from, to } = row.place else {
                found.push(format!("{id} is no main row"));
                continue;
            };
            let from: Words = from.iter().map(|stage| stage.code().to_owned()).collect();
            same(row, "from", &strings(&source["from"]).into_iter().collect(), &from, found);
            let target = [strings(&source["to"])[turn].clone()].into();
            same(row, "to", &target, &[to.code().to_owned()].into(), found);
            let people = expected_people(row, source["actor"].as_str().unwrap());
            same(row, "people", &people, &by_of(row), found);
            same(row, "needs", &expected_needs(id), &needs_of(row), found);
        }
    }
    let known = |row: &&Row| {
        SOURCE["transitions"]
            .as_array()
            .unwrap()
            .iter()
            .any(|t| row.id.starts_with(t["id"].as_str().unwrap()))
    };
    for row in table.rows().iter().filter(|row| matches!(row.place, Place::Main { .. })) {
        if !known(&row) {
            found.push(format!("{} is not in the source", row.id));
        }
    }
}

/// What the source asks of a row, in the table's codes.
fn expected_needs(id: &str) -> Words {
    let source = SOURCE["transitions"].as_array().unwrap();
    let row = source.iter().find(|t| id.trim_end_matches(['a', 'b']) == t["id"].as_str().unwrap()).unwrap();
    let mut needs = Words::new();
    for phrase in strings(&row["guards"]) {
        match phrase.as_str() {
            "as T06 on the new version" => needs.extend(expected_needs("T06")),
            "as T07 on the new version" => needs.extend(expected_needs("T07")),
            "G-JOIN" => {
                let join = strings(&SOURCE["join_guards"]);
                let guards = join.iter().map(|text| text.split(' ').next().unwrap().to_owned());
                // Tested at T22 and never again (E.5).
                needs.extend(guards.filter(|guard| guard != "G-APPROVAL-VALID"));
            }
            phrase => match reading(id, phrase) {
                Some(codes) => needs.extend(words(codes)),
                None if phrase.starts_with("G-") => drop(needs.insert(phrase.to_owned())),
                None => panic!("{id}: no reading of {phrase:?}"),
            },
        }
    }
    for (row, more, _) in MORE_NEEDS.iter().filter(|(row, ..)| *row == id) {
        for code in *more {
            assert!(needs.insert((*code).to_owned()), "{row}: the source has {code} itself");
        }
    }
    needs
}

fn reading(id: &str, phrase: &str) -> Option<&'static [&'static str]> {
    let fits = |rows: &[&str], text: &str| text == phrase && (rows.is_empty() || rows.contains(&id));
    PHRASES.iter().find(|(rows, text, _)| fits(rows, text)).map(|(_, _, codes)| *codes)
}

fn tracks(table: &Table, found: &mut Vec<String>) {
    for track in Track::ALL {
        let source = &SOURCE["tracks"][track.code()];
        let states: Vec<String> = track.states().iter().map(|state| state.code().to_owned()).collect();
        if states != strings(&source["states"]) {
            found.push(format!("{track}: other states"));
        }
        let mut seen = BTreeSet::new();
        for row in table.rows() {
            let Place::Track { track: of, from, to } = row.place else { continue };
            if of != *track {
                continue;
            }
            if let Some((_, leaves, arrives, people, needs, _)) =
                MORE_MOVES.iter().find(|more| more.0 == row.id)
            {
                same(row, "from", &words(&[leaves]), &words(&[from.code()]), found);
                same(row, "to", &words(&[arrives]), &words(&[to.code()]), found);
                let people = if people.starts_with('=') { words(&[people]) } else { by(people) };
                same(row, "people", &people, &by_of(row), found);
                same(row, "needs", &words(needs), &needs_of(row), found);
                continue;
            }
            let is = |t: &&Value| t[0] == from.code() && t[1] == to.code();
            let Some(source) = source["transitions"].as_array().unwrap().iter().find(is) else {
                found.push(format!("{}: {from} to {to} is not in the source", row.id));
                continue;
            };
            if !seen.insert((from, to)) {
                found.push(format!("{}: {from} to {to} stands twice", row.id));
            }
            let mut people = expected_people(row, source[2].as_str().unwrap());
            // SYSTEM moves a track as a consequence of another row or by a command of the server.
            if people == words(&["SYSTEM"]) && matches!(row.by, By::Consequence(_)) {
                people = words(&["=SYSTEM"]);
            }
            same(row, "people", &people, &by_of(row), found);
            let needs = TRACK_NEEDS.iter().find(|(rows, ..)| rows.contains(&row.id)).map_or(&[][..], |n| n.1);
            same(row, "needs", &words(needs), &needs_of(row), found);
        }
        for (id, ..) in
            MORE_MOVES.iter().filter(|(id, ..)| id.starts_with(track.code()) && table.row(id).is_none())
        {
            found.push(format!("{id} is missing"));
        }
        if seen.len() != source["transitions"].as_array().unwrap().len() {
            found.push(format!("{track}: a move of the source is missing"));
        }
    }
}

/// E.5, timers: which rows start which date. TM11 follows from TM03 to TM07 by itself, REACT from where the case stands.
fn timers(row: &Row, found: &mut Vec<String>) {
    use TrackState as S;
    let mut wanted = vec![];
    let of_row: &[(Timer, &[&str])] = &[
        (Timer::Tm01, &["F-01", "F-02"]),
        (Timer::Tm02, &["T03", "T46"]),
        (Timer::Tm03, &["T06", "T07", "T14", "T15"]),
        (Timer::Tm07, &["T30", "T42"]),
        (Timer::Tm09, &["T28"]),
        (Timer::Tm10, &["T29"]),
        (Timer::Day, &["T23", "T27", "T35"]),
        (Timer::Close, &["F-22", "F-25"]),
    ];
    wanted.extend(of_row.iter().filter(|(_, rows)| rows.contains(&row.id)).map(|(timer, _)| *timer));
    if let Place::Track { track, from, to } = row.place {
        wanted.extend_from_slice(match (track, to) {
            // Only BASIC and RELAXED go this way; TM05 is that of ALMIGHTY.
            (Track::Ins, S::RelaxedIntent | S::RelaxedExpected) => &[Timer::Tm04],
            (Track::Ins, S::Accepted) if from == S::RelaxedExpected => &[Timer::Tm04],
            (Track::Ins, S::Declared | S::Underwriting | S::ExamRequired | S::Accepted) => {
                &[Timer::Tm04, Timer::Tm05]
            }
            (Track::Guar, S::Approved | S::Conditional | S::ConditionsSent | S::Suspended) => &[Timer::Tm06],
            // The server's own dates: an answer that a partner owes (B-03, E.2). Stale papers ask nobody anew.
            (Track::Elig, S::Requested) => &[Timer::OrgReminder, Timer::OrgOverdue],
            (Track::Reg, S::Instructed) if row.id != "REG-22" => &[Timer::JobReminder, Timer::JobOverdue],
            (Track::Reg, S::Correction) => &[Timer::Tm08],
            (Track::Aml, S::Checking | S::Stale) => &[Timer::Aml],
            (Track::Bureau, S::Requested | S::Answered) => &[Timer::Bureau],
            _ => &[][..],
        });
    }
    let codes = |timers: &[Timer]| timers.iter().map(|timer| timer.code().to_owned()).collect::<Words>();
    same(row, "dates", &codes(&wanted), &codes(row.sets), found);
}

#[test]
fn the_table_says_what_its_source_says() {
    let found = differences(&Table::default());
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn the_stages_are_those_of_the_source() {
    let source = SOURCE["states"].as_array().unwrap();
    assert_eq!(source.len(), Stage::ALL.len());
    for (source, stage) in source.iter().zip(Stage::ALL) {
        let same = (source["id"].as_str(), source["ja"].as_str(), source["terminal"].as_bool());
        assert_eq!(same, (Some(stage.code()), Some(stage.ja()), Some(stage.is_final())));
    }
}

#[test]
fn every_committed_reading_is_used() {
    let table = Table::default();
    for (_, phrase, _) in PHRASES {
        let used = SOURCE["transitions"].as_array().unwrap().iter().flat_map(|t| strings(&t["guards"]));
        assert!(used.into_iter().any(|text| text == *phrase), "no row of the source says {phrase:?}");
    }
    let ids = OTHER_PEOPLE.iter().map(|(id, ..)| *id).chain(MORE_NEEDS.iter().map(|(id, ..)| *id));
    let tracks = TRACK_NEEDS.iter().flat_map(|(rows, ..)| rows.iter().copied());
    for id in ids.chain(tracks).chain(FACTS.iter().map(|(id, ..)| *id)) {
        assert!(table.row(id).is_some(), "the lists name {id}, which is no row");
    }
}
