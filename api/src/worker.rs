//! What the server does by itself when a date comes: lease the date, load the case, ask the machine, execute.
//!
//! Any number of workers may run on any number of nodes: a date is leased to one of them, and the lease of a node that vanished
//! ends by itself. A command that is refused is tried again with growing pauses; on the disbursement day with even ones.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use db::deadlines::DueDeadline;
use db::incidents::Bounds;
use db::{Answer, Request, Scope, Store, StoreError, Target};
use futures::StreamExt;
use tokio_util::sync::CancellationToken;
use workflows::engagement::EngagementState;
use workflows::machine::clock::{Outside, due};
use workflows::machine::{Actor, Case, Command, Context, Registers, Role, Rules, Table, Timer, decide};

use crate::config::Worker as Settings;
use crate::service::Clock;

/// How often old keys and lines that come due are looked for, how many keys one statement forgets, and how many statements one look may need.
const FORGET_EVERY: Duration = Duration::from_secs(60);
const FORGET_BATCH: u32 = 500;
const FORGET_ROUNDS: u32 = 20;

/// How often open incidents are counted for `/metrics`.
const COUNT_EVERY: Duration = Duration::from_secs(15);

/// Commands that one due date may cause in a row before it queues again.
const STEPS: u32 = 8;

/// What a worker is made of.
pub struct Worker {
    pub store: Store,
    pub rules: Arc<dyn Rules + Send + Sync>,
    pub table: Arc<Table>,
    pub clock: Arc<dyn Clock>,
    pub outside: Arc<dyn Outside + Send + Sync>,
    pub settings: Settings,
    /// The stream to which events are published, where there is one.
    pub stream: Option<String>,
    /// Name in leases, unique among the running ones.
    pub name: String,
}

/// How a due date ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its command was carried out, or it has become another date.
    Done,
    /// There is nothing to do: the date is settled by itself.
    Settled,
    /// Refused for now; tried again later.
    Postponed,
    /// Somebody else has it, or the database does not answer: the lease ends by itself.
    Left,
}

/// What became of one try.
enum Step {
    Again(Arc<Case>),
    Ended(Ended),
}

/// What the machine asks for.
enum Asked {
    /// The date does not run any more.
    Nothing,
    /// It runs, and nothing follows from it.
    Settled,
    /// A command that the rules refuse for now.
    NotNow,
    Now(Role, Box<Command>),
}

impl Worker {
    /// Works until stopped; then ends what is in work and leases no more.
    pub async fn run(&self, stop: CancellationToken) {
        let pause = Duration::from_millis(self.settings.poll_milliseconds);
        let mut forgot: Option<Instant> = None;
        let mut counted: Option<Instant> = None;
        while !stop.is_cancelled() {
            if forgot.is_none_or(|at| at.elapsed() >= FORGET_EVERY) {
                forgot = Some(Instant::now());
                match self.forget().await {
                    Ok(0) => {}
                    Ok(keys) => tracing::info!(keys, "old idempotency keys forgotten"),
                    Err(error) => tracing::warn!(%error, "old idempotency keys not forgotten"),
                }
                match self.forget_drafts().await {
                    Ok(0) => {}
                    Ok(drafts) => tracing::info!(drafts, "old drafts of applications erased"),
                    Err(error) => tracing::warn!(%error, "old drafts of applications not erased"),
                }
                match self.store.remind(self.clock.now()).await {
                    Ok(0) => {}
                    Ok(reminders) => tracing::info!(reminders, "desks told of what comes due"),
                    Err(error) => tracing::warn!(%error, "desks not told of what comes due"),
                }
            }
            if counted.is_none_or(|at| at.elapsed() >= COUNT_EVERY) {
                counted = Some(Instant::now());
                if let Err(error) = self.count().await {
                    tracing::warn!(%error, "incidents are not counted");
                }
            }
            match self.round(&stop).await {
                Ok(worked) if worked >= self.settings.batch as usize => continue,
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "deadlines: the database does not answer"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Forgets idempotency keys beyond their days, in batches of a bounded number; how many. Errors: the database does not answer.
    pub async fn forget(&self) -> Result<u64, StoreError> {
        let before = self.clock.now() - TimeDelta::days(i64::from(self.settings.key_days));
        let mut forgotten = 0;
        for _ in 0..FORGET_ROUNDS {
            let batch = self.store.forget_keys(before, FORGET_BATCH).await?;
            forgotten += batch;
            if batch < u64::from(FORGET_BATCH) {
                break;
            }
        }
        self.store.forget_spending(FORGET_BATCH).await?;
        Ok(forgotten)
    }

    /// Erases half-filled applications that nobody has saved again for their days, in batches of a bounded number; how many. Errors: the
    /// database does not answer.
    pub async fn forget_drafts(&self) -> Result<u64, StoreError> {
        let before = self.clock.now() - TimeDelta::days(i64::from(self.settings.draft_days));
        let mut forgotten = 0;
        for _ in 0..FORGET_ROUNDS {
            let batch = self.store.forget_intake_drafts(before, FORGET_BATCH).await?;
            forgotten += batch;
            if batch < u64::from(FORGET_BATCH) {
                break;
            }
        }
        Ok(forgotten)
    }

    /// Counts open incidents, the age of the oldest of each kind, and what waits to leave: for `/metrics` and the rules in
    /// `deploy/monitoring`. Errors: the database does not answer.
    pub async fn count(&self) -> Result<(), StoreError> {
        let now = self.clock.now();
        let system = Scope::of(&Actor::internal(Role::System));
        let overdue = TimeDelta::minutes(i64::from(self.settings.overdue_minutes));
        let bounds = Bounds { now, overdue, stream: self.stream.as_deref() };
        for figure in self.store.incident_figures(&system, bounds).await? {
            let kind = figure.kind.code();
            let age = figure.oldest.map_or(0, |oldest| (now - oldest).num_seconds().max(0));
            metrics::gauge!("yushi_incidents_open", "kind" => kind).set(figure.open as f64);
            metrics::gauge!("yushi_incidents_oldest_seconds", "kind" => kind).set(age as f64);
        }
        let waiting = self.store.parcels_waiting(now).await?;
        metrics::gauge!("yushi_parcels_waiting").set(waiting.waiting as f64);
        metrics::gauge!("yushi_parcels_overdue_seconds").set(waiting.late.num_seconds().max(0) as f64);
        let (open, first) = self.store.open_days(now).await?;
        let age = first.map_or(0, |day| (workflows::calendar::tokyo_date(now) - day).num_days());
        metrics::gauge!("yushi_days_open").set(open as f64);
        metrics::gauge!("yushi_days_oldest_open").set(age as f64);
        Ok(())
    }

    /// Works on what is due now; how many dates that were. Errors: the database does not answer.
    pub async fn round(&self, stop: &CancellationToken) -> Result<usize, StoreError> {
        let now = self.clock.now();
        if self.store.next_due().await?.is_none_or(|next| next > now) {
            return Ok(0);
        }
        let lease = Duration::from_secs(u64::from(self.settings.lease_seconds));
        let leased = self.store.lease_due(now, &self.name, self.settings.batch, lease).await?;
        let count = leased.len();
        // The dates of one case one after the other: they would only race.
        let mut cases: BTreeMap<String, Vec<DueDeadline>> = BTreeMap::new();
        for date in leased {
            cases.entry(date.application_id.clone()).or_default().push(date);
        }
        futures::stream::iter(cases.into_values())
            .for_each_concurrent(self.settings.parallel, |dates| async move {
                for date in dates {
                    if !stop.is_cancelled() {
                        self.settle(&date).await;
                    }
                }
            })
            .await;
        Ok(count)
    }

    /// One due date to its end, whatever that is.
    async fn settle(&self, date: &DueDeadline) {
        let timer = date.deadline.timer;
        let ended = self.work(date).await.unwrap_or_else(|error| {
            tracing::warn!(%error, %timer, application = date.application_id, "deadline left to its lease");
            Ended::Left
        });
        metrics::counter!("yushi_deadlines_total", "timer" => timer.code(), "ended" => ended.code())
            .increment(1);
    }

    /// Works on one due date. Errors: the database does not answer.
    async fn work(&self, date: &DueDeadline) -> Result<Ended, StoreError> {
        let Some(mut case) = self.load(&date.application_id).await? else {
            self.store.drop_due(date).await?;
            return Ok(Ended::Settled);
        };
        for _ in 0..STEPS {
            match self.step(date, &case).await? {
                Step::Ended(ended) => return Ok(ended),
                Step::Again(after) => case = after,
            }
        }
        let until = self.clock.now() + TimeDelta::seconds(1);
        self.store.postpone(date, until).await?;
        Ok(Ended::Done)
    }

    async fn step(&self, date: &DueDeadline, case: &Arc<Case>) -> Result<Step, StoreError> {
        let now = self.clock.now();
        let registers = Registers { job: self.job_of(date, case).await?, ..Registers::default() };
        let (role, command) = match self.asked(date, case, now, &registers) {
            Asked::Nothing => return Ok(Step::Ended(Ended::Done)),
            Asked::Settled => {
                self.store.drop_due(date).await?;
                return Ok(Step::Ended(Ended::Settled));
            }
            Asked::NotNow => return self.later(date).await,
            Asked::Now(role, command) => (role, command),
        };
        let actor = Actor::internal(role);
        let target = Target::Case { id: &case.id };
        let expected_version = Some(case.version);
        let request = Request { actor: &actor, now, target, command: &command, expected_version, key: None };
        Ok(match self.store.execute(request).await? {
            Answer::Done(done) => Step::Again(done.case),
            // Somebody was faster: what is due now may be something else.
            Answer::Conflict { current, .. } => Step::Again(current),
            Answer::Refused(_) => return self.later(date).await,
            Answer::NotFound | Answer::KeyReused | Answer::Duplicate { .. } => Step::Ended(Ended::Left),
        })
    }

    /// Whether the office that is waited for has answered: that stands beside the case.
    async fn job_of(&self, date: &DueDeadline, case: &Case) -> Result<Option<EngagementState>, StoreError> {
        let asks = date.deadline.timer.waits_for().is_some_and(|(role, _)| role == Role::Scrivener);
        match case.engagements.get(&Role::Scrivener).filter(|_| asks) {
            Some(office) => Ok(Some(self.store.standing_of_job(case, office).await?)),
            None => Ok(None),
        }
    }

    /// What the machine asks for at a due date.
    fn asked(&self, date: &DueDeadline, case: &Case, now: DateTime<Utc>, registers: &Registers) -> Asked {
        let mut running = case.deadlines.iter();
        let running = running.find(|d| d.timer == date.deadline.timer && d.key == date.deadline.key);
        // Cleared, or set to a later day: the row says so itself.
        let Some(deadline) = running.filter(|d| d.due_at <= now) else { return Asked::Nothing };
        let system = Actor::internal(Role::System);
        let (rules, table) = (self.rules.as_ref(), self.table.as_ref());
        let ctx = Context { actor: &system, now, rules, table, registers };
        let Some((role, command)) = due(case, deadline, &ctx, self.outside.as_ref()) else {
            return Asked::Settled;
        };
        // Asked beforehand: a date that waits for days would fill the audit with the same refusal.
        match decide(case, &command, &Context { actor: &Actor::internal(role), ..ctx }) {
            Ok(_) => Asked::Now(role, Box::new(command)),
            Err(refusal) => {
                tracing::debug!(timer = %deadline.timer, verb = %command.verb(), code = refusal.code(),
                    application = case.id, attempts = date.attempts, "refused for now");
                Asked::NotNow
            }
        }
    }

    async fn later(&self, date: &DueDeadline) -> Result<Step, StoreError> {
        let until = self.clock.now() + pause(&self.settings, date.deadline.timer, date.attempts);
        self.store.postpone(date, until).await?;
        Ok(Step::Ended(Ended::Postponed))
    }

    async fn load(&self, id: &str) -> Result<Option<Arc<Case>>, StoreError> {
        self.store.case(&Scope::of(&Actor::internal(Role::System)), id).await
    }
}

impl Ended {
    const fn code(self) -> &'static str {
        match self {
            Ended::Done => "done",
            Ended::Settled => "settled",
            Ended::Postponed => "postponed",
            Ended::Left => "left",
        }
    }
}

/// The pause after a refusal: even on the disbursement day, where a signature or a filing may come any minute, else doubling.
fn pause(settings: &Settings, timer: Timer, attempts: u32) -> TimeDelta {
    let first = settings.retry_seconds;
    let longest = settings.longest_retry_seconds.max(first);
    let seconds = match timer {
        Timer::Day => first,
        _ if attempts > settings.tries => longest,
        _ => first.saturating_mul(1_u32 << attempts.saturating_sub(1).min(20)).min(longest),
    };
    TimeDelta::seconds(i64::from(seconds))
}

/// A name for leases: unique among the processes of an installation.
pub fn node_name(now: DateTime<Utc>) -> String {
    format!("{}-{}-{}", std::process::id(), now.timestamp_millis(), uuid::Uuid::now_v7().simple())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_even_on_the_day_and_grow_to_a_limit_otherwise() {
        let settings =
            Settings { retry_seconds: 30, longest_retry_seconds: 3600, tries: 6, ..Settings::default() };
        let seconds = |timer, attempts| pause(&settings, timer, attempts).num_seconds();
        assert_eq!([1, 2, 50].map(|attempts| seconds(Timer::Day, attempts)), [30, 30, 30]);
        let growing = [1, 2, 3, 4, 5, 6, 7, 99].map(|attempts| seconds(Timer::Tm03, attempts));
        assert_eq!(growing, [30, 60, 120, 240, 480, 960, 3600, 3600]);
    }
}
