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
        tokio::time::timeout(Duration::from_secs(20), wait).await.unwrap_or_else(|_| panic!("never: {what}"));
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
        Ok(leased.collect())
    }

    async fn settle(&self, settlements: &[Settlement], _: DateTime<Utc>) -> Result<(), PostError> {
        self.up()?;
        self.settle_calls.fetch_add(1, Ordering::SeqCst);
        if !self.forgets.load(Ordering::SeqCst) {
            let mut rows = self.rows.lock().expect("not poisoned");
            for Settlement { parcel, outcome } in settlements {
                let Some(row) = rows.get_mut(&parcel.id).filter(|row| row.parcel.token == parcel.token)
                else {
                    continue;
                };
                match outcome {
                    Outcome::Delivered | Outcome::Proven(_) => row.state = State::Delivered,
                    Outcome::Inbox(item) => {
                        self.inbox.lock().expect("not poisoned").insert(parcel.id.clone(), item.clone());
                        row.state = State::Delivered;
                    }
                    Outcome::RetryAt { at, error } => {
                        row.next_at = *at;
                        row.error = Some(error.clone());
                    }
                    Outcome::Parked { error } => row.state = State::Parked(error.clone()),
                }
            }
        }
        self.changed.notify_waiters();
        Ok(())
    }
}
