//! What a run reports.

use crate::script::{End, Script};
use crate::stats::Counted;
use crate::world::Stop;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// The figures of a run.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    pub applications: u64,
    /// Cases per stage at the end.
    pub by_state: BTreeMap<String, u64>,
    /// Accepted mutations.
    pub transitions: u64,
    /// Notices that lie in the inboxes of the parties for cases of this run.
    pub notices: u64,
    /// Refused mutations per code.
    pub refusals: BTreeMap<String, u64>,
    pub seconds: f64,
    pub transitions_per_second: f64,
    /// Requests sent again because an answer was lost or late.
    pub retries: u64,
    /// Answers that the server gave a second time.
    pub replays: u64,
    /// With chaos: what befell requests on their way, how often each.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub troubles: BTreeMap<&'static str, u64>,
    /// With chaos: notices whose text names a ground of refusal. There may be none (INV-7).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub revealing: Vec<String>,
    /// Chosen ends against reached ones.
    pub script: Scripted,
    /// File mode: cases that the bank stopped.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stopped: Vec<Stopped>,
    /// Every GraphQL document that was sent.
    #[serde(skip)]
    pub documents: BTreeSet<String>,
}

/// Chosen ends against reached ones.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Scripted {
    /// Cases per chosen end.
    pub chosen: BTreeMap<String, u64>,
    pub reached: u64,
    pub mismatches: Vec<Mismatch>,
}

/// A case that did not come to its end.
#[derive(Clone, Debug, Serialize)]
pub struct Mismatch {
    pub application_id: String,
    pub external_id: String,
    pub chosen: End,
    pub actual: String,
    /// What held it, as far as its parties could see.
    pub because: String,
    pub script: Script,
}

/// A case that the bank stopped.
#[derive(Clone, Debug, Serialize)]
pub struct Stopped {
    /// The sender's own number.
    pub application_id: String,
    pub stage: String,
    #[serde(flatten)]
    pub stop: Stop,
}

impl Report {
    /// Takes the counters over.
    pub(crate) fn count(&mut self, counted: Counted, seconds: f64) {
        self.transitions = counted.transitions;
        self.notices = counted.notices;
        self.refusals = counted.refusals;
        self.troubles = counted.troubles;
        self.retries = counted.retries;
        self.replays = counted.replays;
        self.seconds = (seconds * 1000.0).round() / 1000.0;
        let rate = if seconds > 0.0 {
            u32::try_from(counted.transitions).map_or(0.0, f64::from) / seconds
        } else {
            0.0
        };
        self.transitions_per_second = (rate * 10.0).round() / 10.0;
    }

    /// Did every case come to the end that was chosen for it?
    pub fn is_as_scripted(&self) -> bool {
        self.script.mismatches.is_empty()
    }
}
