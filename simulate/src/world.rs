//! What the parties of a run share outside the bank: whose case is whose, its script, the calendar on the wall, errands.

use crate::client::Unmet;
use crate::clock::Clock;
use crate::script::Script;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Decisions that a file states, for the parties that take them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stated {
    /// The guarantor's answer.
    pub guarantor: Value,
    /// Percent points of the screening, as text.
    pub add_on: Option<String>,
}

/// Where the bank stopped a case for good.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Stop {
    pub verb: String,
    pub guards: BTreeSet<String>,
    pub rules: BTreeSet<String>,
    pub subjects: BTreeSet<String>,
}

/// A case of this run.
#[derive(Debug, Default)]
pub struct Play {
    /// The sender's own number.
    pub external_id: String,
    pub script: Script,
    pub stated: Option<Stated>,
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    stop: Option<Stop>,
    /// Things that happened once: `arrears`, `reversed`.
    facts: BTreeSet<String>,
}

impl Play {
    /// A case with a script.
    pub fn new(external_id: &str, script: Script, stated: Option<Stated>) -> Arc<Self> {
        Arc::new(Play { external_id: external_id.to_owned(), script, stated, noted: Mutex::default() })
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something happened in the world; false where it had happened before.
    pub fn note(&self, fact: &str) -> bool {
        self.noted().facts.insert(fact.to_owned())
    }

    /// Did it happen?
    pub fn happened(&self, fact: &str) -> bool {
        self.noted().facts.contains(fact)
    }

    /// The bank refused for a reason that stands in the form: it will not pass.
    pub fn stopped_at(&self, verb: &str, unmet: &[Unmet]) {
        let with_rule: Vec<&Unmet> = unmet.iter().filter(|u| u.rule.is_some()).collect();
        if with_rule.is_empty() {
            return;
        }
        let mut noted = self.noted();
        let stop = noted.stop.get_or_insert_with(|| Stop { verb: verb.to_owned(), ..Stop::default() });
        if stop.verb == verb {
            for one in with_rule {
                stop.guards.insert(one.code.clone());
                stop.rules.extend(one.rule.clone());
                stop.subjects.extend(one.subject.clone());
            }
        }
    }

    /// Where it was stopped, if it was.
    pub fn stop(&self) -> Option<Stop> {
        self.noted().stop.clone()
    }
}

/// Cases of the run by the bank's id.
#[derive(Debug)]
pub struct World {
    pub clock: Arc<Clock>,
    plays: Mutex<HashMap<String, Arc<Play>>>,
    errands: Mutex<BTreeMap<(String, String), BTreeSet<String>>>,
    /// Cases per bank that somebody works on now.
    active: Mutex<BTreeMap<String, usize>>,
    bell: Notify,
}

impl World {
    /// A world with a calendar.
    pub fn new(clock: Arc<Clock>) -> Arc<Self> {
        Arc::new(World {
            clock,
            plays: Mutex::default(),
            errands: Mutex::default(),
            active: Mutex::default(),
            bell: Notify::new(),
        })
    }

    /// A case of a bank begins to move, or goes on.
    pub fn begin(&self, bank: &str) {
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        *active.entry(bank.to_owned()).or_default() += 1;
        drop(active);
        self.bell.notify_waiters();
    }

    /// Waits until somebody begins or asks for something.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }

    /// A case of a bank rests or is over.
    pub fn rest(&self, bank: &str) {
        let mut active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        let count = active.entry(bank.to_owned()).or_default();
        *count = count.saturating_sub(1);
    }

    /// Does anything move at a bank? At any, for those who serve them all.
    pub fn is_busy(&self, bank: &str) -> bool {
        let active = self.active.lock().unwrap_or_else(PoisonError::into_inner);
        active.iter().any(|(b, count)| *count > 0 && (bank.is_empty() || b == bank))
    }

    /// The bank knows a case of ours under this id.
    pub fn enter(&self, application_id: &str, play: &Arc<Play>) {
        let mut plays = self.plays.lock().unwrap_or_else(PoisonError::into_inner);
        plays.insert(application_id.to_owned(), play.clone());
    }

    /// The case of ours with this id; others' cases are left alone.
    pub fn play(&self, application_id: &str) -> Option<Arc<Play>> {
        self.plays.lock().unwrap_or_else(PoisonError::into_inner).get(application_id).cloned()
    }

    /// Somebody outside asks a bank's desk to look at a case: a debtor in arrears, a paid instalment, a register entry.
    pub fn send(&self, role: &str, bank: &str, application_id: &str) {
        let mut errands = self.errands.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = errands.entry((role.to_owned(), bank.to_owned())).or_default();
        if asked.insert(application_id.to_owned()) {
            drop(errands);
            self.bell.notify_waiters();
        }
    }

    /// Errands that a desk takes. Desks that serve every bank take all of their role.
    pub fn take(&self, role: &str, bank: &str) -> BTreeSet<String> {
        let mut errands = self.errands.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = |(r, b): &(String, String)| r == role && (bank.is_empty() || b == bank);
        let keys: Vec<_> = errands.keys().filter(|key| mine(key)).cloned().collect();
        keys.iter().filter_map(|key| errands.remove(key)).flatten().collect()
    }
}
