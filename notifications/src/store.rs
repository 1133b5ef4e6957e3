//! The outbox of `db::Store`, as the courier sees it.

use crate::post::{
    Channel, InboxItem, Lane, Outcome, Parcel, Post, PostError, Settlement, number, recipient,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use db::{Store, StoreError, outbox};
use std::time::Duration;
use workflows::machine::{Effect, NoticeData, NoticeId};

/// `db::Store` as outbox.
pub struct StorePost {
    store: Store,
}

impl StorePost {
    /// The outbox of this store.
    pub fn new(store: Store) -> StorePost {
        StorePost { store }
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
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        self.store.lease(lane, now, worker, limit, lease_for).await.map_err(told)
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
                Outcome::Proven(proof) => outbox::Outcome::Proven(proof.clone()),
                Outcome::RetryAt { at, error } => outbox::Outcome::RetryAt { at: *at, error: error.clone() },
                Outcome::Parked { error } => outbox::Outcome::Parked { error: error.clone() },
            };
            others.push((parcel, other));
        }
        self.shelve(&shelved, now).await.map_err(told)?;
        let others: Vec<(&Parcel, &outbox::Outcome)> = others.iter().map(|(p, o)| (*p, o)).collect();
        self.store.settle_many(&others, now).await.map_err(told)?;
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
