//! The outbox's promises in memory: leases with tokens, states, an inbox that takes each parcel once.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use notifications::{InboxItem, Lane, Outcome, Parcel, Post, PostError, Settlement};
use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::Notify;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Delivered,
    Parked(String),
    /// A letter is to be posted.
    ToPost,
}

#[derive(Clone, Debug)]
pub struct Row {
    pub parcel: Parcel,
    pub state: State,
    pub next_at: DateTime<Utc>,
    pub error: Option<String>,
    pub worker: Option<String>,
}

#[derive(Default)]
pub struct Outbox {
    rows: Mutex<BTreeMap<String, Row>>,
    pub inbox: Mutex<BTreeMap<String, InboxItem>>,
    pub settle_calls: AtomicUsize,
    /// Parcels that were given back without an attempt.
    pub given_back: AtomicUsize,
    /// While set, nothing answers.
    pub down: AtomicBool,
    /// While set, settlements get lost: the courier "crashes" between send and settle.
    pub forgets: AtomicBool,
    changed: Notify,
}

impl Outbox {
    pub fn with(parcels: impl IntoIterator<Item = Parcel>) -> std::sync::Arc<Outbox> {
        let outbox = Outbox::default();
        outbox.add(parcels);
        std::sync::Arc::new(outbox)
    }

    pub fn add(&self, parcels: impl IntoIterator<Item = Parcel>) {
        let mut rows = self.rows.lock().expect("not poisoned");
        for parcel in parcels {
            let row = Row {
                state: State::Waiting,
                next_at: DateTime::UNIX_EPOCH,
                error: None,
                worker: None,
                parcel,
            };
            rows.insert(row.parcel.id.clone(), row);
        }
    }

    pub fn row(&self, id: &str) -> Row {
        self.rows.lock().expect("not poisoned")[id].clone()
    }

    pub fn count(&self, state: &State) -> usize {
        self.rows.lock().expect("not poisoned").values().filter(|row| row.state == *state).count()
    }

    /// Mails that are leased and have not ended.
    pub fn in_hand(&self) -> Vec<Row> {
        let rows = self.rows.lock().expect("not poisoned");
        let is_leased = |row: &&Row| row.state == State::Waiting && row.parcel.attempts > 0;
        rows.values().filter(is_leased).cloned().collect()
    }

    /// Waits until the outbox looks like this; fails after a while that no healthy courier needs.
    pub async fn until(&self, what: &str, holds: impl Fn(&Outbox) -> bool) {
        let wait = async {
            loop {
                let changed = self.changed.notified();
                if holds(self) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(super::PATIENCE, wait).await.unwrap_or_else(|_| panic!("never: {what}"));
    }

    fn up(&self) -> Result<(), PostError> {
        if self.down.load(Ordering::SeqCst) { Err(PostError("down".to_owned())) } else { Ok(()) }
    }
}

#[async_trait]
impl Post for Outbox {
    async fn lease(
        &self,
        lane: Lane,
        now: DateTime<Utc>,
        worker: &str,
        limit: usize,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>, PostError> {
        self.up()?;
        let mut rows = self.rows.lock().expect("not poisoned");
        let due = rows.values_mut().filter(|row| {
            row.state == State::Waiting && row.next_at <= now && Lane::of(row.parcel.channel) == lane
        });
        let leased = due.take(limit).map(|row| {
            row.next_at = now + lease_for;
            row.worker = Some(worker.to_owned());
            row.parcel.attempts += 1;
            row.parcel.token += 1;
            row.parcel.clone()
        });
        let leased = leased.collect();
        self.changed.notify_waiters();
        Ok(leased)
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<(), PostError> {
        self.up()?;
        self.settle_calls.fetch_add(1, Ordering::SeqCst);
        if !self.forgets.load(Ordering::SeqCst) {
            let mut rows = self.rows.lock().expect("not poisoned");
            for Settlement { parcel, outcome } in settlements {
                let Some(row) = rows.get_mut(&parcel.id).filter(|row| row.parcel.token == parcel.token)
                else {
                    continue;
                };
                let ended = match outcome {
                    Outcome::Pushed { item, ended } => {
                        self.inbox.lock().expect("not poisoned").insert(parcel.id.clone(), item.clone());
                        ended.as_ref()
                    }
                    other => other,
                };
                match ended {
                    Outcome::Pushed { .. } => unreachable!("a push ends once"),
                    Outcome::Delivered | Outcome::Proven(_) => row.state = State::Delivered,
                    Outcome::Inbox(item) => {
                        self.inbox.lock().expect("not poisoned").insert(parcel.id.clone(), item.clone());
                        row.state = State::Delivered;
                    }
                    Outcome::RetryAt { at, error } => {
                        row.next_at = *at;
                        row.error = Some(error.clone());
                    }
                    Outcome::ToPost(_) => row.state = State::ToPost,
                    Outcome::Held { until } => {
                        row.next_at = *until;
                        row.parcel.attempts -= 1;
                    }
                    Outcome::Unsent => {
                        self.given_back.fetch_add(1, Ordering::SeqCst);
                        row.next_at = now;
                        row.parcel.attempts -= 1;
                    }
                    Outcome::Parked { error } => row.state = State::Parked(error.clone()),
                }
            }
        }
        self.changed.notify_waiters();
        Ok(())
    }
}
