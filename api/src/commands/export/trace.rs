//! The history of a case as process mining wants it: what was done, when, in which role. Nothing about persons.

use chrono::{DateTime, Utc};
use workflows::machine::row::Place;
use workflows::machine::{Case, Entry, Event, Table};

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The case's own id: a number made by the server, which says nothing about anybody.
    pub id: String,
    pub institution: String,
    pub branch: String,
    pub product: &'static str,
    pub purpose: &'static str,
    pub stage: &'static str,
    pub loans: Vec<Loan>,
    pub parties: Vec<PartyRole>,
    pub tracks: Vec<TrackInstance>,
    pub steps: Vec<Step>,
}

/// A loan of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loan {
    pub loan_no: u8,
    pub rate_type: &'static str,
}

/// The role that somebody has in the case, without the somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartyRole {
    pub party_id: String,
    pub role: &'static str,
}

/// An instance of a track.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackInstance {
    pub track: &'static str,
    pub key: String,
    pub state: &'static str,
}

/// One move, or an entry that records a fact without a move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Version of the case and place in the entry: unique in the case.
    pub version: u64,
    pub place: usize,
    pub at: DateTime<Utc>,
    /// Verb of the row that was taken; `propose ...` for the first of four eyes.
    pub activity: String,
    /// Role of whoever caused it.
    pub role: &'static str,
    /// Row of the table.
    pub row: String,
    /// Stage or track state before and after; empty for a fact.
    pub from: &'static str,
    pub to: &'static str,
    /// Track and key, where a track moved.
    pub track: Option<(&'static str, String)>,
}

/// The trace of a case with its entries, oldest first.
pub fn trace(case: &Case, entries: &[Entry], table: &Table) -> Trace {
    let form = &case.form;
    Trace {
        id: case.id.clone(),
        institution: case.institution.clone(),
        branch: case.branch.clone(),
        product: form.product.code(),
        purpose: form.purpose.code.code(),
        stage: case.stage.code(),
        loans: form
            .loans
            .iter()
            .map(|l| Loan { loan_no: l.loan_no, rate_type: l.rate_type.code() })
            .collect(),
        parties: form
            .parties
            .iter()
            .map(|party| PartyRole { party_id: party.party_id.clone(), role: party.role.code() })
            .collect(),
        tracks: case
            .tracks
            .iter()
            .map(|i| TrackInstance { track: i.track.code(), key: i.key.clone(), state: i.state.code() })
            .collect(),
        steps: entries.iter().flat_map(|entry| steps(entry, table)).collect(),
    }
}

fn steps(entry: &Entry, table: &Table) -> Vec<Step> {
    let step = |row: &str, from, to, track| Step {
        version: entry.version,
        place: 0,
        at: entry.at,
        activity: table.row(row).map_or(entry.verb, |row| row.verb).code().to_owned(),
        role: entry.role.code(),
        row: row.to_owned(),
        from,
        to,
        track,
    };
    let mut steps: Vec<Step> = entry
        .events
        .iter()
        .filter_map(|event| match event {
            Event::Moved { row, from, to } => Some(step(row, from.code(), to.code(), None)),
            Event::TrackMoved { row, track, key, from, to } => {
                Some(step(row, from.code(), to.code(), Some((track.code(), key.clone()))))
            }
            _ => None,
        })
        .collect();
    let proposed = entry.events.iter().find_map(|event| match event {
        Event::Proposed { proposal } => Some(proposal.row.clone()),
        _ => None,
    });
    let verb = entry.verb.code();
    if let Some(row) = proposed {
        let activity = format!("propose {verb}");
        steps.insert(0, Step { activity, row, ..step("", "", "", None) });
    } else if steps.iter().all(|step| step.activity != verb) {
        let row = table.of_verb(entry.verb).find(|row| matches!(row.place, Place::Fact { .. }));
        steps.insert(0, Step { row: row.map_or("", |row| row.id).to_owned(), ..step("", "", "", None) });
    }
    for (place, step) in steps.iter_mut().enumerate() {
        step.place = place;
    }
    steps
}
