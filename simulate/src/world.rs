//! What the parties of a run share outside the bank: whose case is whose, its script, the calendar on the wall, errands, and
//! the bells by which they call each other. A bell says that it is worth looking; what there is to do the bank shows.

use crate::client::Unmet;
use crate::clock::Clock;
use crate::script::Script;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
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
    bell: Notify,
}

#[derive(Debug, Default)]
struct Noted {
    stop: Option<Stop>,
    /// Things that happened once: `arrears`, `reversed`.
    facts: BTreeSet<String>,
    /// The highest version of the case that anybody has seen.
    version: i64,
    /// The version whose open work was called out.
    called: i64,
}

impl Play {
    /// A case with a script.
    pub fn new(external_id: &str, script: Script, stated: Option<Stated>) -> Arc<Self> {
        let (external_id, noted) = (external_id.to_owned(), Mutex::default());
        Arc::new(Play { external_id, script, stated, noted, bell: Notify::new() })
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

    /// What is known of the case outside the bank: its version and how many things have happened.
    pub fn mark(&self) -> (i64, usize) {
        let noted = self.noted();
        (noted.version, noted.facts.len())
    }

    /// Somebody has seen this version.
    pub fn saw(&self, version: i64) {
        let mut noted = self.noted();
        noted.version = noted.version.max(version);
    }

    /// Has nobody called out the work that is open since the latest version?
    pub fn is_uncalled(&self) -> bool {
        let noted = self.noted();
        noted.called < noted.version
    }

    /// Waits until somebody else has moved the case, at most so long.
    pub async fn moved(&self, at_most: Duration) {
        let _ = tokio::time::timeout(at_most, self.bell.notified()).await;
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
        drop(noted);
        self.bell.notify_one();
    }

    /// Where it was stopped, if it was.
    pub fn stop(&self) -> Option<Stop> {
        self.noted().stop.clone()
    }
}

/// Why a desk is called to a case.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// Somebody outside asks for it, so that no task stands for it.
    pub errand: bool,
    /// Look again, even if nothing is known to have changed.
    pub again: bool,
}

/// Cases that a desk was called to.
#[derive(Debug, Default)]
pub struct Tray {
    cases: Mutex<BTreeMap<String, Call>>,
    bell: Notify,
}

impl Tray {
    /// Calls the desk to a case.
    pub fn put(&self, application_id: &str, call: Call) {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let known = cases.entry(application_id.to_owned()).or_default();
        *known = Call { errand: known.errand || call.errand, again: known.again || call.again };
        drop(cases);
        self.bell.notify_one();
    }

    /// Everything in the tray but the cases that lie on the desk already.
    pub fn take(&self, on_desk: &BTreeSet<String>) -> Vec<(String, Call)> {
        let mut cases = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let (kept, taken) = std::mem::take(&mut *cases).into_iter().partition(|(id, _)| on_desk.contains(id));
        *cases = kept;
        let taken: BTreeMap<String, Call> = taken;
        taken.into_iter().collect()
    }

    /// Waits until the desk is called.
    pub async fn called(&self) {
        self.bell.notified().await;
    }
}

/// Who works where: role and bank; the bank is empty for those who serve them all.
type Place = (String, String);

/// Cases of the run by the bank's id, and the desks that work on them.
#[derive(Debug)]
pub struct World {
    pub clock: Arc<Clock>,
    plays: Mutex<HashMap<String, Arc<Play>>>,
    trays: Mutex<BTreeMap<Place, Vec<Arc<Tray>>>>,
}

impl World {
    /// A world with a calendar.
    pub fn new(clock: Arc<Clock>) -> Arc<Self> {
        Arc::new(World { clock, plays: Mutex::default(), trays: Mutex::default() })
    }

    /// A desk opens.
    pub fn open(&self, role: &str, bank: &str) -> Arc<Tray> {
        let tray = Arc::new(Tray::default());
        let mut trays = self.trays.lock().unwrap_or_else(PoisonError::into_inner);
        trays.entry((role.to_owned(), bank.to_owned())).or_default().push(tray.clone());
        tray
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

    fn ring(&self, role: &str, bank: &str, application_id: &str, call: Call) {
        let trays = self.trays.lock().unwrap_or_else(PoisonError::into_inner);
        for place in [(role.to_owned(), bank.to_owned()), (role.to_owned(), String::new())] {
            trays.get(&place).into_iter().flatten().for_each(|tray| tray.put(application_id, call));
        }
    }

    /// Calls those for whom the bank says that work is open since this version of a case.
    pub fn call(
        &self,
        bank: &str,
        application_id: &str,
        version: i64,
        roles: &BTreeSet<String>,
        again: bool,
    ) {
        let Some(play) = self.play(application_id) else { return };
        {
            let mut noted = play.noted();
            noted.version = noted.version.max(version);
            noted.called = noted.called.max(version);
        }
        for role in roles {
            self.ring(role, bank, application_id, Call { errand: false, again });
        }
    }

    /// A party's command was accepted: the case has this version now.
    pub fn moved(&self, application_id: &str, version: i64) {
        if let Some(play) = self.play(application_id) {
            play.saw(version);
            play.bell.notify_one();
        }
    }

    /// Somebody outside asks a bank's desk to look at a case: a debtor in arrears, a paid instalment, a register entry.
    pub fn send(&self, role: &str, bank: &str, application_id: &str) {
        self.ring(role, bank, application_id, Call { errand: true, again: true });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_desk_is_called_by_role_and_bank_and_keeps_what_lies_on_it() {
        let world = World::new(Clock::at(chrono::Utc::now(), 0));
        let (here, there, all) =
            (world.open("CLERK", "1"), world.open("CLERK", "2"), world.open("CLERK", ""));
        let play = Play::new("SIM-1", Script::default(), None);
        world.enter("a", &play);
        play.saw(3);
        assert!(play.is_uncalled());
        world.call("1", "a", 3, &BTreeSet::from(["CLERK".to_owned()]), false);
        assert!(!play.is_uncalled());
        here.called().await;
        assert_eq!(here.take(&BTreeSet::new()), [("a".to_owned(), Call::default())]);
        assert_eq!(all.take(&BTreeSet::new()).len(), 1);
        assert!(there.take(&BTreeSet::new()).is_empty());
        world.send("CLERK", "2", "a");
        assert!(there.take(&BTreeSet::from(["a".to_owned()])).is_empty(), "it lies on the desk");
        assert!(there.take(&BTreeSet::new())[0].1.errand, "and was kept");
    }
}
