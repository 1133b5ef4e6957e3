//! Webhooks to endpoints: feed from the log, lease, sign, send, settle. Any number of couriers may run, on any number of nodes.
//!
//! A later event of a case waits for the earlier one at the same endpoint; other cases go on. An attempt is tried again with growing,
//! jittered pauses for three days and then given up as a dead letter, which lets the later events of its case go. What an endpoint
//! answers is judged by its status alone and never kept.

use crate::courier::Clock;
use crate::outgoing::{Outgoing, Refused};
use crate::retry::{Dice, Next, Schedule};
use crate::signature::{self, SigningKey};
use chrono::{DateTime, TimeDelta, Utc};
use db::hooks::{DisabledBy, Ended, Hook, Judged};
use db::{Store, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::{Id, JoinSet};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Attempts at one endpoint at the same time: one that hangs takes no more.
const AT_ONE: usize = 4;
/// A lease outlives the longest attempt by far.
const LEASE: Duration = Duration::from_secs(60);
/// What was delivered is forgotten in batches.
const FORGET_BATCH: u32 = 500;

/// How long and how often.
#[derive(Clone, Debug)]
pub struct HookSettings {
    /// Pauses; `attempts` of it does not count, the time does.
    pub retry: Schedule,
    /// After so long since the first attempt a message is given up.
    pub give_up_after: TimeDelta,
    /// An endpoint that has failed for so long is disabled.
    pub disable_after: TimeDelta,
    /// For so long what was delivered can be listed and sent again.
    pub keep: TimeDelta,
    /// Attempts at the same time.
    pub slots: usize,
    /// Between two looks at the log when nothing woke us.
    pub poll: Duration,
}

impl Default for HookSettings {
    fn default() -> Self {
        HookSettings {
            retry: Schedule { first_ms: 10_000, least_ms: 5_000, most_ms: 14_400_000, attempts: u32::MAX },
            give_up_after: TimeDelta::days(3),
            disable_after: TimeDelta::days(5),
            keep: TimeDelta::days(30),
            slots: 16,
            poll: Duration::from_secs(1),
        }
    }
}

/// What is counted.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum HookEvent {
    Delivered,
    Failed,
    Parked,
    Disabled(DisabledBy),
    /// The database did not answer.
    StoreFailed,
}

/// Where counts go.
pub type HookTally = Arc<dyn Fn(HookEvent) + Send + Sync>;

/// What a courier of webhooks is made of.
pub struct HookParts {
    pub store: Store,
    pub outgoing: Outgoing,
    pub clock: Arc<dyn Clock>,
    pub dice: Arc<dyn Dice>,
    pub tally: HookTally,
    pub settings: HookSettings,
    /// Name in leases, unique among the running ones.
    pub worker: String,
}

/// Carries webhooks. Cheap to clone.
#[derive(Clone)]
pub struct HookCourier {
    inner: Arc<Inner>,
}

struct Inner {
    parts: HookParts,
    wake: Notify,
}

impl HookCourier {
    /// A courier of these parts.
    pub fn new(parts: HookParts) -> HookCourier {
        HookCourier { inner: Arc::new(Inner { parts, wake: Notify::new() }) }
    }

    /// Tells the courier that something was committed; without it that is found at the next look.
    pub fn wake(&self) {
        self.inner.wake.notify_one();
    }

    /// Carries until stopped; attempts under way are ended and settled.
    pub async fn run(&self, stop: CancellationToken) {
        let parts = &self.inner.parts;
        let mut flight = Flight::default();
        while !stop.is_cancelled() {
            let busy = match self.turn(&mut flight).await {
                Ok(busy) => busy,
                Err(error) => {
                    tracing::warn!(%error, "webhooks: the database does not answer");
                    (parts.tally)(HookEvent::StoreFailed);
                    false
                }
            };
            if busy {
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => {}
                Some(ended) = flight.tasks.join_next_with_id() => flight.landed(ended),
                () = self.inner.wake.notified() => {}
                () = tokio::time::sleep(parts.settings.poll) => {}
            }
        }
        let landing = async {
            while let Some(ended) = flight.tasks.join_next_with_id().await {
                flight.landed(ended);
            }
        };
        // What does not end in time is dropped with its task; its lease ends and somebody sends again under the same id.
        let _ = timeout(Duration::from_secs(20), landing).await;
    }

    /// Feeds what was committed and takes what is due, as far as there are slots. True where there may be more at once.
    async fn turn(&self, flight: &mut Flight) -> Result<bool, StoreError> {
        let parts = &self.inner.parts;
        let now = parts.clock.now();
        let fed = parts.store.feed_hooks(now).await?;
        if flight.forget_at.is_none_or(|at| at <= now) {
            flight.forget_at = Some(now + TimeDelta::hours(1));
            parts.store.forget_hooks(now - parts.settings.keep, FORGET_BATCH).await?;
        }
        let free = parts.settings.slots.saturating_sub(flight.tasks.len());
        if free == 0 {
            return Ok(false);
        }
        let limit = u32::try_from(free).unwrap_or(u32::MAX);
        let hooks = parts.store.lease_hooks(now, &parts.worker, limit, LEASE, &flight.busy()).await?;
        let leased = hooks.len();
        for hook in hooks {
            let (inner, endpoint) = (self.inner.clone(), hook.endpoint_id.clone());
            let task = flight.tasks.spawn(async move { inner.carry(hook).await });
            flight.endpoints.insert(task.id(), endpoint);
        }
        Ok(fed.more || leased > 0 && flight.tasks.len() < parts.settings.slots)
    }

    /// Carries what is due now to its end and returns how many attempts that took. For tests.
    pub async fn sweep(&self) -> Result<usize, StoreError> {
        let (mut flight, mut attempts) = (Flight::default(), 0);
        loop {
            let more = self.turn(&mut flight).await?;
            let before = flight.tasks.len();
            while let Some(ended) = flight.tasks.join_next_with_id().await {
                flight.landed(ended);
                attempts += 1;
            }
            if !more && before == 0 {
                return Ok(attempts);
            }
        }
    }
}

/// Attempts under way.
#[derive(Default)]
struct Flight {
    tasks: JoinSet<()>,
    endpoints: HashMap<Id, String>,
    forget_at: Option<DateTime<Utc>>,
}

impl Flight {
    /// Endpoints that have as many attempts under way as they may.
    fn busy(&self) -> Vec<String> {
        let mut counts: HashMap<&String, usize> = HashMap::new();
        for endpoint in self.endpoints.values() {
            *counts.entry(endpoint).or_default() += 1;
        }
        counts
            .into_iter()
            .filter(|(_, count)| *count >= AT_ONE)
            .map(|(endpoint, _)| endpoint.clone())
            .collect()
    }

    fn landed(&mut self, ended: Result<(Id, ()), tokio::task::JoinError>) {
        let id = match ended {
            Ok((id, ())) => id,
            Err(error) => {
                tracing::error!(%error, "an attempt at a webhook failed inside: its lease runs out");
                error.id()
            }
        };
        self.endpoints.remove(&id);
    }
}

impl Inner {
    /// One attempt and its settlement.
    async fn carry(&self, hook: Hook) {
        let parts = &self.parts;
        let ended = self.attempt(&hook).await;
        match &ended {
            Ended::Delivered => (parts.tally)(HookEvent::Delivered),
            Ended::RetryAt { at, error } => {
                tracing::info!(hook = hook.id, attempt = hook.attempts, %at, error, "will be sent again");
                (parts.tally)(HookEvent::Failed);
            }
            Ended::Parked { error } => {
                tracing::warn!(hook = hook.id, attempt = hook.attempts, error, "given up");
                (parts.tally)(HookEvent::Failed);
                (parts.tally)(HookEvent::Parked);
            }
            Ended::Gone => (parts.tally)(HookEvent::Failed),
        }
        let settled =
            parts.store.settle_hook(&hook, &ended, parts.settings.disable_after, parts.clock.now()).await;
        match settled {
            Ok(Judged::Disabled(by)) => {
                tracing::warn!(endpoint = hook.endpoint_id, %by, "an endpoint is disabled");
                (parts.tally)(HookEvent::Disabled(by));
            }
            Ok(Judged::Late) => tracing::warn!(hook = hook.id, "settled too late: somebody else has it"),
            Ok(Judged::Noted) => self.wake.notify_one(),
            Err(error) => {
                tracing::warn!(hook = hook.id, %error, "not settled: its lease runs out");
                (parts.tally)(HookEvent::StoreFailed);
            }
        }
    }

    async fn attempt(&self, hook: &Hook) -> Ended {
        let parts = &self.parts;
        let keys: Vec<SigningKey> = hook.secrets.iter().cloned().map(SigningKey::Shared).collect();
        let Ok(signed) = signature::sign(&keys, &hook.id, parts.clock.now(), &hook.body) else {
            return self.again(hook, "the secret cannot be read".to_owned());
        };
        let mut headers = vec![("content-type", "application/json"), ("user-agent", "yushi-webhooks/1")];
        headers.extend(signed.headers());
        match parts.outgoing.post(&hook.url, &headers, hook.body.clone()).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ended::Delivered,
            Ok(answer) if answer.status == 410 => Ended::Gone,
            Ok(answer) => self.again(hook, format!("HTTP {}", answer.status)),
            Err(refused) => self.again(hook, told(&refused).to_owned()),
        }
    }

    /// The next attempt, or the end: the last one is made when the time is up.
    fn again(&self, hook: &Hook, error: String) -> Ended {
        let (parts, now) = (&self.parts, self.parts.clock.now());
        let end = hook.first_at + parts.settings.give_up_after;
        if now >= end {
            return Ended::Parked { error };
        }
        match parts.settings.retry.after(hook.attempts, now, parts.dice.as_ref()) {
            Next::At(at) => Ended::RetryAt { at: at.min(end), error },
            Next::Park => Ended::Parked { error },
        }
    }
}

/// Words for the owner: nothing of what the other side said, and no address inside.
const fn told(refused: &Refused) -> &'static str {
    match refused {
        Refused::Address(_) => "the address is not https to a host alone",
        Refused::Inside { .. } => "the address is not public",
        Refused::Unknown(_) => "the name has no address",
        Refused::Slow(_) => "no answer in time",
        Refused::Failed(_) => "the connection failed",
    }
}
