//! Desks: each party of a case works its own queue with its own credential, and decides from what it is shown.

mod bank;
mod clerk;
pub(crate) mod partners;
mod screening;

use crate::client::{Answer, Session};
use crate::error::Result;
use crate::sight;
use crate::view::{Action, View};
use crate::world::{Call, Play, Tray, World};
use chrono::NaiveDate;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Commands that one visit of a case gives at most.
const STEPS: usize = 24;
/// How long a late partner lets its answer lie.
const LATE: Duration = Duration::from_millis(600);

/// A command that a desk wants to give.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Act {
    pub verb: &'static str,
    pub arguments: Map<String, Value>,
    /// Sent twice under one key.
    pub twice: bool,
    /// Noted in the world once it is accepted.
    pub notes: Option<&'static str>,
}

impl Act {
    /// A command with these arguments.
    pub fn new(verb: &'static str, arguments: Value) -> Self {
        let arguments = match arguments {
            Value::Object(map) => map,
            _ => Map::new(),
        };
        Act { verb, arguments, twice: false, notes: None }
    }

    /// The same, noted in the world once it is accepted.
    pub fn noting(self, fact: &'static str) -> Self {
        Act { notes: Some(fact), ..self }
    }

    fn name(&self) -> String {
        format!("{}{}", self.verb, Value::Object(self.arguments.clone()))
    }
}

/// A case on a desk.
pub(crate) struct Case<'a> {
    pub view: View,
    pub play: &'a Play,
    pub today: NaiveDate,
    pub seed: u64,
    actions: Vec<Action>,
}

impl<'a> Case<'a> {
    pub(crate) fn new(view: View, play: &'a Play, today: NaiveDate, seed: u64) -> Self {
        let actions = view.actions();
        Case { view, play, today, seed, actions }
    }

    /// Keys with which a verb can be given now.
    pub fn open(&self, verb: &str) -> Vec<&str> {
        self.actions.iter().filter(|a| a.verb == verb && a.is_open()).map(|a| a.key.as_str()).collect()
    }

    /// Does something stand in the way that has this code?
    pub fn waits_for(&self, code: &str) -> bool {
        self.actions.iter().any(|action| action.unmet.iter().any(|unmet| unmet.code == code))
    }

    /// Can the verb be given now?
    pub fn may(&self, verb: &str) -> bool {
        self.actions.iter().any(|a| a.verb == verb && a.is_open())
    }

    /// Can it be given, or is it certain that it never can: a lending rule speaks against it and the bank must say so?
    pub fn ready(&self, verb: &str) -> bool {
        self.doomed_or_open(verb).next().is_some()
    }

    /// Keys of a verb that can be given, or that the rules stop for good.
    pub fn doomed_or_open<'s>(&'s self, verb: &'s str) -> impl Iterator<Item = &'s str> {
        self.actions
            .iter()
            .filter(move |a| a.verb == verb && (a.is_open() || a.unmet.iter().any(|u| u.rule.is_some())))
            .map(|a| a.key.as_str())
    }

    /// The command under the request that it answers, where it answers one.
    fn answering(&self, mut act: Act) -> Act {
        let about = |action: &&Action| action.verb == act.verb && is_about(&act.arguments, &action.key);
        let request = self.actions.iter().find(about).map(|action| action.request.clone());
        if let Some(request) = request.filter(|request| !request.is_empty()) {
            act.arguments.insert("requestId".to_owned(), Value::from(request));
        }
        act
    }

    /// Is a proposal of this verb waiting for its second person?
    pub fn is_proposed(&self, verb: &str) -> bool {
        self.view.list("proposals").iter().any(|p| p.get("verb").and_then(Value::as_str) == Some(verb))
    }
}

/// What a desk remembers of a case.
#[derive(Debug, Default)]
struct Memory {
    /// Refused commands, with the version of the case and the date at which they were.
    refused: HashMap<String, (i64, NaiveDate)>,
    /// Since when a late answer is ready.
    waits: Option<Instant>,
    /// What was known of the case, and the date, when there was nothing left to do.
    through: Option<((i64, usize), NaiveDate)>,
}

/// One party at work.
pub(crate) struct Desk {
    session: Arc<Session>,
    world: Arc<World>,
    tray: Arc<Tray>,
    seed: u64,
    /// Time that a command takes to prepare.
    pace: Duration,
    /// Which of the people with this role at this bank it is, and how many there are.
    seat: (u64, u64),
    memory: Mutex<HashMap<String, Memory>>,
}

impl Desk {
    /// A desk of a credential's role.
    pub fn new(
        session: Arc<Session>,
        world: Arc<World>,
        seed: u64,
        pace: Duration,
        seat: (u64, u64),
    ) -> Self {
        let tray = world.open(&session.credential.role, &session.credential.institution);
        Desk { session, world, tray, seed, pace, seat, memory: Mutex::default() }
    }

    /// People with the same role share the cases among them.
    fn is_mine(&self, id: &str) -> bool {
        let (seat, seats) = self.seat;
        id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))) % seats.max(1)
            == seat
    }

    /// Does this person look at a case? In operations everyone does: the second person decides.
    fn looks_at(&self, id: &str) -> bool {
        self.session.credential.role == "OPERATIONS" || self.is_mine(id)
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<String, Memory>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works until the run ends: looks at the cases that it is called to. Errors: the bank cannot be reached or answers against
    /// its own description.
    pub async fn work(self, mut stop: watch::Receiver<bool>) -> Result<()> {
        let desk = &self;
        let mut on_desk = BTreeSet::new();
        let mut visits = FuturesUnordered::new();
        loop {
            for (id, call) in desk.tray.take(&on_desk) {
                on_desk.insert(id.clone());
                visits.push(async move {
                    let visited = desk.visit(&id, call).await;
                    (id, visited)
                });
            }
            tokio::select! {
                _ = stop.wait_for(|over| *over) => return Ok(()),
                Some((id, visited)) = visits.next(), if !visits.is_empty() => {
                    on_desk.remove(&id);
                    visited?;
                }
                () = desk.tray.called() => {}
            }
        }
    }

    /// Does everything on a case that this desk can do now.
    async fn visit(&self, id: &str, call: Call) -> Result<()> {
        let Some(play) = self.world.play(id).filter(|_| self.looks_at(id)) else { return Ok(()) };
        let known = (play.mark(), self.world.clock.today());
        let through = self.memory().get(id).and_then(|m| m.through);
        if through == Some(known) && !call.again {
            return Ok(());
        }
        for _ in 0..STEPS {
            if play.stop().is_some() {
                break;
            }
            let facts = play.mark().1;
            let Some((view, queued)) = sight::read_queued(&self.session, id).await? else { break };
            if !queued && !call.errand {
                break;
            }
            let (version, today) = (view.version(), self.world.clock.today());
            play.saw(version);
            let case = Case::new(view, &play, today, self.seed);
            let acts: Vec<Act> = self
                .decide(&case)
                .into_iter()
                .filter(|act| {
                    let memory = self.memory();
                    let refused = memory.get(id).and_then(|m| m.refused.get(&act.name()));
                    refused != Some(&(version, today))
                })
                .collect();
            if acts.is_empty() || !self.give(id, &play, acts, (version, today)).await? {
                let through = Some(((version, facts), today));
                self.memory().entry(id.to_owned()).or_default().through = through;
                break;
            }
        }
        Ok(())
    }

    /// Gives commands in order until one is refused. True: it is worth looking at the case again.
    async fn give(&self, id: &str, play: &Play, acts: Vec<Act>, at: (i64, NaiveDate)) -> Result<bool> {
        let mut accepted = false;
        for act in acts {
            if !self.pace.is_zero() {
                tokio::time::sleep(self.pace).await;
            }
            let answer = perform(&self.session, &self.world, id, play, &act).await?;
            match answer {
                Answer::Done(_) => {
                    accepted = true;
                    // No queue shows the manager that every condition is evidenced: the clerk says so.
                    if act.verb == "evidenceCondition" {
                        let bank = &self.session.credential.institution;
                        self.world.send("BRANCH_MANAGER", bank, id);
                    }
                }
                Answer::Conflict => return Ok(true),
                _ => {
                    self.memory().entry(id.to_owned()).or_default().refused.insert(act.name(), at);
                    return Ok(accepted);
                }
            }
        }
        Ok(true)
    }

    fn decide(&self, case: &Case<'_>) -> Vec<Act> {
        let stage = case.view.stage();
        if !stage.is_empty() && case.play.script.withdraws_in == Some(stage) {
            return vec![];
        }
        let acts = match self.session.credential.role.as_str() {
            "BRANCH_CLERK" => clerk::clerk(case),
            "BRANCH_MANAGER" => clerk::manager(case),
            "SCREENING_OFFICER" => screening::officer(case),
            "OPERATIONS" => bank::operations(case, self.is_mine(case.view.text("id"))),
            "COMPLIANCE" => bank::compliance(case),
            "CORE_BANKING" => bank::core(case),
            "GUARANTOR" => partners::guarantor(case),
            "INSURER" => partners::insurer(case),
            "MEMBER_ORG" => partners::member_org(case),
            "SCRIVENER" => partners::scrivener(case),
            "REGISTRY" => partners::registry(case),
            "FIRE_INSURER" => partners::fire_insurer(case),
            _ => vec![],
        };
        let acts = acts.into_iter().map(|act| case.answering(act)).collect();
        self.hold_back_late(case, acts)
    }

    /// A late partner lets its answer lie for a while.
    fn hold_back_late(&self, case: &Case<'_>, acts: Vec<Act>) -> Vec<Act> {
        let partner = matches!(self.session.credential.role.as_str(), "GUARANTOR" | "INSURER" | "MEMBER_ORG");
        if !partner || acts.is_empty() || case.play.script.manner != crate::script::Manner::Late {
            return acts;
        }
        let id = case.view.text("id").to_owned();
        let since = *self.memory().entry(id.clone()).or_default().waits.get_or_insert_with(Instant::now);
        if since.elapsed() >= LATE {
            return acts;
        }
        let tray = self.tray.clone();
        tokio::spawn(async move {
            tokio::time::sleep(LATE).await;
            tray.put(&id, Call { errand: false, again: true });
        });
        vec![]
    }
}

/// Roles that the bank shows all open work on a case; others see their own.
const INSIDE: &[&str] = &["BRANCH_CLERK", "BRANCH_MANAGER", "SCREENING_OFFICER", "OPERATIONS"];

/// Gives one command on a case and takes note of what follows for the run.
pub(crate) async fn perform(
    session: &Session,
    world: &World,
    id: &str,
    play: &Play,
    act: &Act,
) -> Result<Answer> {
    let mut arguments = act.arguments.clone();
    arguments.insert("applicationId".to_owned(), Value::from(id));
    let answer = if act.twice {
        session.act_twice(act.verb, &arguments).await?
    } else {
        session.act(act.verb, &arguments).await?
    };
    tracing::debug!(verb = act.verb, role = %session.credential.role, id, code = answer.code(), "answered");
    match &answer {
        Answer::Done(done) => {
            if let Some(fact) = act.notes {
                play.note(fact);
            }
            if INSIDE.contains(&session.credential.role.as_str()) {
                world.call(&session.credential.institution, id, done.version, &done.roles, false);
            }
            // A step beside the case makes no version.
            if done.version > 0 {
                world.moved(id, done.version);
            }
        }
        Answer::Blocked(unmet) => play.stopped_at(act.verb, unmet),
        Answer::Invalid(problems) => {
            tracing::warn!(verb = act.verb, role = %session.credential.role, id, %problems, "called invalid");
        }
        _ => {}
    }
    Ok(answer)
}

/// Do the arguments name this person, loan, property or filing? Of what a case has once they name nothing.
fn is_about(arguments: &Map<String, Value>, key: &str) -> bool {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str);
    let number = |name: &str| arguments.get(name).and_then(Value::as_i64);
    match (text("filing").or_else(|| text("partyId")), number("loanNo"), number("propertyNo")) {
        (Some(party), Some(loan), _) => key == format!("{party}:L{loan}"),
        (Some(one), None, _) => key == one,
        (None, _, Some(property)) => key == format!("P{property}"),
        (None, _, None) => true,
    }
}

/// Party and loan of an insurance instance: `A1:L2`.
pub(crate) fn party_and_loan(key: &str) -> (&str, i64) {
    let (party, loan) = key.split_once(":L").unwrap_or((key, "1"));
    (party, loan.parse().unwrap_or(1))
}

/// Number of a property: `P2`.
pub(crate) fn property_no(key: &str) -> i64 {
    key.trim_start_matches('P').parse().unwrap_or(1)
}
