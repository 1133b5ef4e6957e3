//! The outbox of `db::Store`, as the courier sees it.
//!
//! The store leases whatever is due, of any channel. This adapter sorts it into lanes: only the local lane asks the store, mails that
//! come along wait here for the mail lane. When too many wait, the mail lane is not keeping up (a hanging server, a burst), and the
//! rest is held back for later; nothing local ever waits for mail. The store counts each lease as an attempt; how often a mail was
//! held back is remembered here and taken off, so that a mail is not given up before it was tried.

use crate::post::{
    Channel, InboxItem, Lane, Outcome, Parcel, Post, PostError, Settlement, number, recipient,
};
use crate::retry::{Dice, Next, Schedule, ThreadDice};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use db::{Store, StoreError, outbox};
use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use workflows::machine::{Effect, NoticeData, NoticeId};

/// Mails that wait here at most, unless told otherwise.
const ROOM: usize = 256;

/// `db::Store` as outbox.
pub struct StorePost {
    store: Store,
    schedule: Schedule,
    dice: Box<dyn Dice>,
    room: usize,
    mails: Mutex<Mails>,
}

#[derive(Default)]
struct Mails {
    waiting: VecDeque<Waiting>,
    /// How often each was held back, by parcel id.
    held: HashMap<String, u32>,
}

/// More held-back mails than this are forgotten at once: they may be given up too early, as an incident that a person can resend.
const REMEMBERED: usize = 50_000;

struct Waiting {
    parcel: Parcel,
    /// Later than this the lease might end during the send.
    fresh_until: DateTime<Utc>,
}

impl StorePost {
    /// The outbox of this store; `schedule` says when held-back mails come again.
    pub fn new(store: Store, schedule: Schedule) -> StorePost {
        let (dice, mails) = (Box::new(ThreadDice), Mutex::default());
        StorePost { store, schedule, dice, room: ROOM, mails }
    }

    /// The same with room for so many waiting mails.
    pub fn with_room(mut self, mails: usize) -> StorePost {
        self.room = mails;
        self
    }

    fn mails(&self) -> MutexGuard<'_, Mails> {
        self.mails.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take_mails(&self, now: DateTime<Utc>, limit: usize) -> Vec<Parcel> {
        let waiting = &mut self.mails().waiting;
        // What has grown stale is dropped: its lease ends, and it is leased again.
        waiting.retain(|waiting| waiting.fresh_until > now);
        let count = limit.min(waiting.len());
        waiting.drain(..count).map(|waiting| waiting.parcel).collect()
    }

    /// Keeps mails for their lane; those that find no room are to be settled for later.
    fn keep_mails(
        &self,
        parcels: Vec<Parcel>,
        now: DateTime<Utc>,
        fresh_until: DateTime<Utc>,
    ) -> Vec<Settlement> {
        let mails = &mut *self.mails();
        let mut over = Vec::new();
        for mut parcel in parcels {
            let held = mails.held.get(&parcel.id).copied().unwrap_or_default();
            if mails.waiting.len() < self.room {
                parcel.attempts = parcel.attempts.saturating_sub(held).max(1);
                mails.waiting.push_back(Waiting { parcel, fresh_until });
                continue;
            }
            if mails.held.len() >= REMEMBERED {
                mails.held.clear();
            }
            mails.held.insert(parcel.id.clone(), held + 1);
            over.push(self.hold_back(parcel, now));
        }
        over
    }

    /// Held back is never the last word, whatever the count of attempts says.
    fn hold_back(&self, parcel: Parcel, now: DateTime<Utc>) -> Settlement {
        let error = "the mail lane is full".to_owned();
        let attempt = parcel.attempts.min(self.schedule.attempts.saturating_sub(1));
        let outcome = match self.schedule.after(attempt, now, self.dice.as_ref()) {
            Next::At(at) => Outcome::RetryAt { at, error },
            Next::Park => Outcome::Parked { error },
        };
        Settlement { parcel, outcome }
    }

    /// Mails that will not come again need not be remembered.
    fn forget(&self, settlements: &[Settlement]) {
        let held = &mut self.mails().held;
        for Settlement { parcel, outcome } in settlements {
            if !matches!(outcome, Outcome::RetryAt { .. }) {
                held.remove(&parcel.id);
            }
        }
    }

    async fn shelve(&self, shelved: &[(&Parcel, &InboxItem)], now: DateTime<Utc>) -> Result<(), StoreError> {
        let addressed: Vec<Parcel> = shelved.iter().map(|(parcel, _)| addressed(parcel)).collect();
        let rows: Vec<(&Parcel, &InboxItem, &str)> = addressed
            .iter()
            .zip(shelved)
            .map(|(parcel, (_, item))| (parcel, *item, number(parcel)))
            .collect();
        match self.store.deliver_inbox_many(&rows, now).await {
            // One row that the database will never take must not hold up its neighbours.
            Err(error) if !error.is_transient() => {
                tracing::warn!(%error, "a batch of inbox items failed: one by one");
                for row in rows {
                    self.shelve_one(row, now).await?;
                }
                Ok(())
            }
            answer => answer.map(|_| ()),
        }
    }

    async fn shelve_one(
        &self,
        (parcel, item, number): (&Parcel, &InboxItem, &str),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        match self.store.deliver_inbox(parcel, item, number, now).await {
            Err(error) if !error.is_transient() => {
                tracing::warn!(parcel = %parcel.id, %error, "the inbox does not take this item");
                let parked = outbox::Outcome::Parked { error: "the inbox does not take it".to_owned() };
                self.store.settle(parcel, &parked, now).await.map(|_| ())
            }
            answer => answer.map(|_| ()),
        }
    }
}

#[async_trait]
impl Post for StorePost {
    async fn lease(
        &self,
        lane: Lane,
        now: DateTime<Utc>,
        worker: &str,
        limit: usize,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>, PostError> {
        if lane == Lane::Mail {
            return Ok(self.take_mails(now, limit));
        }
        let mut local = Vec::new();
        while local.len() < limit {
            let ask = u32::try_from(limit - local.len()).unwrap_or(u32::MAX);
            let leased = match self.store.lease(now, worker, ask, lease_for).await {
                Ok(leased) => leased,
                Err(error) if local.is_empty() => return Err(told(error)),
                // What is leased already is carried; the error comes again if it lasts.
                Err(_) => break,
            };
            let last = leased.len() < ask as usize;
            let (mails, ours): (Vec<Parcel>, Vec<Parcel>) =
                leased.into_iter().partition(|parcel| Lane::of(parcel.channel) == Lane::Mail);
            local.extend(ours);
            let over = self.keep_mails(mails, now, now + lease_for / 2);
            // Unsettled, their leases end all the same.
            let held = self.settle(&over, now).await;
            if last || held.is_err() {
                break;
            }
        }
        Ok(local)
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<(), PostError> {
        let mut shelved = Vec::new();
        let mut others = Vec::new();
        for Settlement { parcel, outcome } in settlements {
            let other = match outcome {
                Outcome::Inbox(item) => {
                    shelved.push((parcel, item));
                    continue;
                }
                Outcome::Delivered => outbox::Outcome::Delivered,
                Outcome::RetryAt { at, error } => outbox::Outcome::RetryAt { at: *at, error: error.clone() },
                Outcome::Parked { error } => outbox::Outcome::Parked { error: error.clone() },
            };
            others.push((parcel, other));
        }
        self.shelve(&shelved, now).await.map_err(told)?;
        let others: Vec<(&Parcel, &outbox::Outcome)> = others.iter().map(|(p, o)| (*p, o)).collect();
        self.store.settle_many(&others, now).await.map_err(told)?;
        self.forget(settlements);
        Ok(())
    }
}

fn told(error: StoreError) -> PostError {
    PostError(error.to_string())
}

/// The store reads kind, role and organisation of an inbox item from a notice. A partner message has its addressee in a place of its
/// own: it is shelved here as "work is waiting" for that organisation, with the words of the message.
fn addressed(parcel: &Parcel) -> Parcel {
    let mut parcel = parcel.clone();
    if let (Channel::Partner, Some(to)) = (parcel.channel, recipient(&parcel)) {
        let data = NoticeData { number: number(&parcel).to_owned(), ..NoticeData::default() };
        parcel.kind = NoticeId::W01.code().to_owned();
        parcel.effect = Effect::Notify { notice: NoticeId::W01, to, data: Box::new(data) };
    }
    parcel
}
