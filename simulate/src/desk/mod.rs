//! Desks: each party of a case works its own queue with its own credential, and decides from what it is shown.

mod bank;
mod clerk;
pub(crate) mod partners;
mod screening;

use crate::client::{Answer, Session};
use crate::error::Result;
use crate::sight;
use crate::view::{Action, View};
use crate::world::{Play, World};
use chrono::NaiveDate;
use futures::StreamExt;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::watch;

/// Cases that one desk works at the same time.
const AT_ONCE: usize = 8;
/// Commands that one visit of a case gives at most.
const STEPS: usize = 24;
/// Waits between two looks at a queue in which nothing could be done.
const SHORTEST: Duration = Duration::from_millis(40);
const LONGEST: Duration = Duration::from_millis(200);
/// The same where no case of the bank moves.
const QUIET: Duration = Duration::from_secs(2);

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
    /// Not looked at again before this instant, unless the date changes.
    rests: Option<(Instant, NaiveDate)>,
    idle: u32,
}

/// One party at work.
pub(crate) struct Desk {
    session: Arc<Session>,
    world: Arc<World>,
    seed: u64,
    /// Which of the people with this role at this bank it is, and how many there are.
    seat: (u64, u64),
    memory: Mutex<HashMap<String, Memory>>,
}

impl Desk {
    /// A desk of a credential's role.
    pub fn new(session: Arc<Session>, world: Arc<World>, seed: u64, seat: (u64, u64)) -> Self {
        Desk { session, world, seed, seat, memory: Mutex::default() }
    }

    /// People with the same role share the cases among them.
    fn is_mine(&self, id: &str) -> bool {
        let (seat, seats) = self.seat;
        id.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(u64::from(byte))) % seats.max(1)
            == seat
    }

    /// Does this person look at a case? In operations everyone does: the second person decides.
    fn looks_at(&self, id: &str) -> bool {
        let role = self.session.credential.role.as_str();
        self.world.play(id).is_some() && (role == "OPERATIONS" || self.is_mine(id))
    }

    fn memory(&self) -> MutexGuard<'_, HashMap<String, Memory>> {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works the queue until the run ends. Errors: the bank cannot be reached or answers against its own description.
    pub async fn work(self, mut stop: watch::Receiver<bool>) -> Result<()> {
        let mut wait = SHORTEST;
        while !*stop.borrow() {
            let cases = self.queue().await?;
            let done = futures::stream::iter(cases)
                .map(|id| self.visit_or_rest(id))
                .buffer_unordered(AT_ONCE)
                .fold(Ok(0_usize), |sum: Result<usize>, done: Result<usize>| async { Ok(sum? + done?) })
                .await?;
            let busy = self.world.is_busy(&self.session.credential.institution);
            let longest = if busy { LONGEST } else { QUIET };
            wait = if done > 0 { SHORTEST } else { (wait * 2).min(longest) };
            tokio::select! {
                _ = stop.wait_for(|over| *over) => break,
                () = tokio::time::sleep(wait) => {}
                // Something begins at a quiet bank.
                () = self.world.rung(), if !busy => wait = SHORTEST,
            }
        }
        Ok(())
    }

    /// Cases of ours that wait for this desk: its tasks, and what people outside asked it to look at.
    async fn queue(&self) -> Result<Vec<String>> {
        let credential = &self.session.credential;
        let mut ids: BTreeSet<String> = self.world.take(&credential.role, &credential.institution);
        let asked: Vec<String> = ids.iter().cloned().collect();
        {
            let mut memory = self.memory();
            for id in &asked {
                memory.entry(id.clone()).or_default().rests = None;
            }
        }
        let mut after: Option<String> = None;
        loop {
            let page = sight::tasks(&self.session, after.as_deref()).await?;
            ids.extend(page.applications);
            match page.next {
                Some(next) => after = Some(next),
                None => break,
            }
        }
        let today = self.world.clock.today();
        let memory = self.memory();
        let rests = |id: &String| {
            memory
                .get(id)
                .and_then(|m| m.rests)
                .is_some_and(|(until, on)| on == today && Instant::now() < until)
        };
        Ok(ids.into_iter().filter(|id| self.looks_at(id) && !rests(id)).collect())
    }

    async fn visit_or_rest(&self, id: String) -> Result<usize> {
        let done = self.visit(&id).await?;
        let today = self.world.clock.today();
        let mut memory = self.memory();
        // Whoever has many cases lets each of them lie longer.
        let most = 150 + 5 * memory.len().min(400) as u64;
        let memory = memory.entry(id).or_default();
        memory.idle = if done > 0 { 0 } else { (memory.idle + 1).min(6) };
        let rest = Duration::from_millis((40 << memory.idle).min(most));
        memory.rests = Some((Instant::now() + rest, today));
        Ok(done)
    }

    /// Does everything on a case that this desk can do now; gives the number of accepted commands.
    async fn visit(&self, id: &str) -> Result<usize> {
        let Some(play) = self.world.play(id) else { return Ok(0) };
        let mut accepted = 0;
        for _ in 0..STEPS {
            if play.stop().is_some() {
                break;
            }
            let Some(view) = sight::read(&self.session, id).await? else { break };
            let (version, today) = (view.version(), self.world.clock.today());
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
            if acts.is_empty() {
                break;
            }
            let (done, again) = self.give(id, &play, acts, (version, today)).await?;
            accepted += done;
            if !again {
                break;
            }
        }
        Ok(accepted)
    }

    /// Gives commands in order until one is refused. True: it is worth looking at the case again.
    async fn give(
        &self,
        id: &str,
        play: &Play,
        acts: Vec<Act>,
        at: (i64, NaiveDate),
    ) -> Result<(usize, bool)> {
        let mut accepted = 0;
        for act in acts {
            let answer = perform(&self.session, id, play, &act).await?;
            match answer {
                Answer::Done(_) => {
                    accepted += 1;
                    // No queue shows the manager that every condition is evidenced: the clerk says so.
                    if act.verb == "evidenceCondition" {
                        let bank = &self.session.credential.institution;
                        self.world.send("BRANCH_MANAGER", bank, id);
                    }
                }
                Answer::Conflict => return Ok((accepted, true)),
                _ => {
                    self.memory().entry(id.to_owned()).or_default().refused.insert(act.name(), at);
                    return Ok((accepted, accepted > 0));
                }
            }
        }
        Ok((accepted, true))
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
        self.hold_back_late(case, acts)
    }

    /// A late partner lets its answer lie for a while.
    fn hold_back_late(&self, case: &Case<'_>, acts: Vec<Act>) -> Vec<Act> {
        let partner = matches!(self.session.credential.role.as_str(), "GUARANTOR" | "INSURER" | "MEMBER_ORG");
        if !partner || acts.is_empty() || case.play.script.manner != crate::script::Manner::Late {
            return acts;
        }
        let id = case.view.text("id").to_owned();
        let since = *self.memory().entry(id).or_default().waits.get_or_insert_with(Instant::now);
        if since.elapsed() < Duration::from_millis(1_200) { vec![] } else { acts }
    }
}

/// Gives one command on a case and takes note of what follows for the run.
pub(crate) async fn perform(session: &Session, id: &str, play: &Play, act: &Act) -> Result<Answer> {
    let mut arguments = act.arguments.clone();
    arguments.insert("applicationId".to_owned(), Value::from(id));
    let answer = if act.twice {
        session.act_twice(act.verb, &arguments).await?
    } else {
        session.act(act.verb, &arguments).await?
    };
    tracing::debug!(verb = act.verb, role = %session.credential.role, id, code = answer.code(), "answered");
    match &answer {
        Answer::Done(_) => {
            if let Some(fact) = act.notes {
                play.note(fact);
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

/// Party and loan of an insurance instance: `A1:L2`.
pub(crate) fn party_and_loan(key: &str) -> (&str, i64) {
    let (party, loan) = key.split_once(":L").unwrap_or((key, "1"));
    (party, loan.parse().unwrap_or(1))
}

/// Number of a property: `P2`.
pub(crate) fn property_no(key: &str) -> i64 {
    key.trim_start_matches('P').parse().unwrap_or(1)
}
