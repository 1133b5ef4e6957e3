//! The outbox of `db::Store`, as the courier sees it.

use crate::post::{
    Channel, Digest, InboxItem, Lane, Outcome, Parcel, Post, PostError, Settlement, number, recipient,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use db::{Store, StoreError, outbox};
use std::time::Duration;
use workflows::machine::{Effect, NoticeData, NoticeId};

/// `db::Store` as outbox.
pub struct StorePost {
    store: Store,
    /// Bank codes and addresses of partners who are pushed to.
    places: Vec<(String, String)>,
}

impl StorePost {
    /// The outbox of this store.
    pub fn new(store: Store) -> StorePost {
        StorePost { store, places: vec![] }
    }

    /// The same beside partners who are pushed to ([`crate::push::Push::places`]).
    #[must_use]
    pub fn pushing(self, places: Vec<(String, String)>) -> StorePost {
        StorePost { places, ..self }
    }

    async fn shelve(&self, shelved: &[Shelved<'_>], now: DateTime<Utc>) -> Result<(), StoreError> {
        let addressed: Vec<Parcel> = shelved.iter().map(|(parcel, _, _)| addressed(parcel)).collect();
        let rows: Vec<(&Parcel, &InboxItem, &str, &outbox::Outcome)> = addressed
            .iter()
            .zip(shelved)
            .map(|(parcel, (_, item, ended))| (parcel, *item, number(parcel), ended))
            .collect();
        match self.store.shelve_many(&rows, now).await {
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
        row: (&Parcel, &InboxItem, &str, &outbox::Outcome),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (parcel, ..) = row;
        match self.store.shelve_many(&[row], now).await {
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
        let leased = match lane {
            Lane::Local => self.store.lease_local(&self.places, now, worker, limit, lease_for).await,
            _ => self.store.lease(lane, now, worker, limit, lease_for).await,
        };
        leased.map_err(told)
    }

    async fn lease_pushed(
        &self,
        busy: &[(String, String)],
        now: DateTime<Utc>,
        worker: &str,
        limit: usize,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>, PostError> {
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        let leased = self.store.lease_pushed(&self.places, busy, now, worker, limit, lease_for).await;
        leased.map_err(told)
    }

    async fn lease_digest(
        &self,
        now: DateTime<Utc>,
        worker: &str,
        lease_for: Duration,
    ) -> Result<Option<Digest>, PostError> {
        self.store.lease_digest(now, worker, lease_for).await.map_err(told)
    }

    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<(), PostError> {
        let mut shelved = Vec::new();
        let mut others = Vec::new();
        let mut refused = Vec::new();
        for Settlement { parcel, outcome } in settlements {
            match outcome {
                Outcome::Inbox(item) => shelved.push((parcel, item, outbox::Outcome::Proven(item.proof()))),
                Outcome::Pushed { item, ended } => shelved.push((parcel, item, stored(ended))),
                other => {
                    if let (Outcome::Parked { error }, Channel::Email, None) =
                        (other, parcel.channel, &parcel.mail_to)
                    {
                        refused.push((parcel, error.as_str()));
                    }
                    others.push((parcel, stored(other)));
                }
            }
        }
        self.shelve(&shelved, now).await.map_err(told)?;
        let others: Vec<(&Parcel, &outbox::Outcome)> = others.iter().map(|(p, o)| (*p, o)).collect();
        self.store.settle_many(&others, now).await.map_err(told)?;
        if !refused.is_empty() {
            self.store.addresses_refused(&refused, now).await.map_err(told)?;
        }
        Ok(())
    }
}

/// A parcel with what its inbox says and how it ended.
type Shelved<'a> = (&'a Parcel, &'a InboxItem, outbox::Outcome);

/// How the outbox has it.
fn stored(outcome: &Outcome) -> outbox::Outcome {
    match outcome {
        Outcome::Delivered => outbox::Outcome::Delivered,
        Outcome::Proven(proof) => outbox::Outcome::Proven(proof.clone()),
        Outcome::Inbox(item) => outbox::Outcome::Proven(item.proof()),
        Outcome::Pushed { ended, .. } => stored(ended),
        Outcome::RetryAt { at, error } => outbox::Outcome::RetryAt { at: *at, error: error.clone() },
        Outcome::Parked { error } => outbox::Outcome::Parked { error: error.clone() },
        Outcome::ToPost(proof) => outbox::Outcome::ToPost(proof.clone()),
        Outcome::Held { until } => outbox::Outcome::Held { until: *until },
        Outcome::Unsent => outbox::Outcome::Unsent,
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
