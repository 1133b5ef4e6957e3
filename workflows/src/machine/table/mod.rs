//! THE table: one row per verb and place, in the order a loan lives. Everything else is read from it.

mod aml;
mod bureau;
mod coll;
mod cond;
mod elig;
mod fact_rows;
mod fire;
mod guar;
mod ins;
mod reg;
mod stage_rows;

use super::row::{Place, Row};
use super::stage::Stage;
use super::track::{Track, TrackState};
use super::verb::Verb;

pub use fact_rows::OPEN;
pub use stage_rows::JOIN;

/// Version that a case pins at submission.
pub const VERSION: &str = "2026-1";

const PARTS: &[&[Row]] = &[
    stage_rows::ROWS,
    fact_rows::ROWS,
    elig::ROWS,
    guar::ROWS,
    ins::ROWS,
    fire::ROWS,
    reg::ROWS,
    cond::ROWS,
    aml::ROWS,
    bureau::ROWS,
    coll::ROWS,
];

/// The rows of a machine: the table of the specification, or a mutant of it in tests.
#[derive(Clone, Debug)]
pub struct Table {
    rows: Vec<Row>,
    /// The places of each verb's rows, by the verb's place in `Verb::ALL`: a decision never walks the whole table.
    of: Vec<Vec<usize>>,
}

impl Default for Table {
    fn default() -> Self {
        Table::of(PARTS.iter().flat_map(|part| part.iter().copied()).collect())
    }
}

impl Table {
    /// A table with other rows; tests build mutants with it.
    pub fn of(rows: Vec<Row>) -> Self {
        let mut of = vec![vec![]; Verb::ALL.len()];
        for (at, row) in rows.iter().enumerate() {
            of[row.verb as usize].push(at);
        }
        Table { rows, of }
    }

    /// Every row, in order.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The row with this id.
    pub fn row(&self, id: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.id == id)
    }

    /// Main-stage and fact rows of a verb that can be taken in a stage.
    pub fn here(&self, stage: Stage, verb: Verb) -> impl Iterator<Item = &Row> {
        self.of_verb(verb).filter(move |row| row.stages().contains(&stage))
    }

    /// The rows of a track's verb that leave a state.
    pub fn on_track(&self, track: Track, state: TrackState, verb: Verb) -> impl Iterator<Item = &Row> {
        self.of_verb(verb).filter(move |row| {
            matches!(row.place, Place::Track { track: t, from, .. } if t == track && from == state)
        })
    }

    /// The track that a verb moves, if it moves one.
    pub fn track_of(&self, verb: Verb) -> Option<Track> {
        self.of_verb(verb).find_map(|row| match row.place {
            Place::Track { track, .. } => Some(track),
            _ => None,
        })
    }

    /// The rows of a verb anywhere.
    pub fn of_verb(&self, verb: Verb) -> impl Iterator<Item = &Row> {
        self.of[verb as usize].iter().map(|at| &self.rows[*at])
    }
}

// --- compile-time checks ---------------------------------------------------------------------------------------------

const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

const fn belongs(track: Track, state: TrackState) -> bool {
    let states = track.states();
    let mut i = 0;
    while i < states.len() {
        if states[i] as u16 == state as u16 {
            return true;
        }
        i += 1;
    }
    false
}

const fn is_sound(row: &Row) -> bool {
    match row.place {
        Place::Main { from, .. } => no_final(from),
        // A fact may be recorded of a case that has ended: it leaves nothing.
        Place::Fact { .. } => true,
        Place::Track { track, from, to } => belongs(track, from) && belongs(track, to),
    }
}

const fn no_final(stages: &[Stage]) -> bool {
    let mut i = 0;
    while i < stages.len() {
        if stages[i].is_final() {
            return false;
        }
        i += 1;
    }
    true
}

/// Two rows collide when they share an id.
const fn check(parts: &[&[Row]]) {
    let mut p = 0;
    while p < parts.len() {
        let mut i = 0;
        while i < parts[p].len() {
            let row = &parts[p][i];
            assert!(is_sound(row), "a row leaves a final stage, or names a state of another track");
            let mut j = 0;
            while j < parts[p].len() {
                assert!(i == j || !same(row.id, parts[p][j].id), "two rows share an id");
                j += 1;
            }
            i += 1;
        }
        p += 1;
    }
}

const _: () = check(PARTS);
