//! What the courier needs of the outbox. [`crate::StorePost`] offers it on `db::Store`; tests offer one in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
pub use db::contacts::ContactPoint;
pub use db::digest::{Digest, DigestWish};
pub use db::ledger::Proof;
pub use db::outbox::{Channel, InboxItem, Lane, Parcel};
use std::time::Duration;
use workflows::machine::{Effect, Recipient};

/// Who a parcel is for; `None` for an effect that never leaves.
pub fn recipient(parcel: &Parcel) -> Option<Recipient> {
    match &parcel.effect {
        Effect::Notify { to, .. } => Some(to.clone()),
        Effect::Mail { party_id, .. } => Some(Recipient::Party { party_id: party_id.clone() }),
        Effect::Send { message, organisation, .. } => {
            Some(Recipient::Partner { role: message.role(), organisation: organisation.clone() })
        }
        _ => None,
    }
}

/// The case number, the only thing about the case that a mail names.
pub fn number(parcel: &Parcel) -> &str {
    match &parcel.effect {
        Effect::Notify { data, .. } => &data.number,
        Effect::Mail { number, .. } => number,
        Effect::Send { payload, .. } => payload["number"].as_str().unwrap_or_default(),
        _ => "",
    }
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It left.
    Delivered,
    /// It left, with what proves it.
    Proven(Proof),
    /// It is to stand in the recipient's inbox, and counts as delivered when it does: both or neither.
    Inbox(InboxItem),
    /// It stands in the recipient's inbox, from the first attempt on; its push ended so.
    Pushed { item: InboxItem, ended: Box<Outcome> },
    /// Try again. The error names codes, never people.
    RetryAt { at: DateTime<Utc>, error: String },
    /// A person must look: an incident.
    Parked { error: String },
    /// No mail goes: a letter is to be posted.
    ToPost(Proof),
    /// It goes with the next digest of its desk, at this instant.
    Held { until: DateTime<Utc> },
    /// No attempt was made: it is given back, due as before.
    Unsent,
}

/// An attempt and its end.
#[derive(Clone, Debug)]
pub struct Settlement {
    pub parcel: Parcel,
    pub outcome: Outcome,
}

/// The outbox did not answer; always worth another try.
#[derive(Clone, Debug, thiserror::Error)]
#[error("outbox: {0}")]
pub struct PostError(pub String);

/// The outbox, as the courier sees it.
#[async_trait]
pub trait Post: Send + Sync {
    /// Due parcels of a lane, at most `limit`; nobody else gets them until the lease ends. Fewer than `limit`: no more are due.
    async fn lease(
        &self,
        lane: Lane,
        now: DateTime<Utc>,
        worker: &str,
        limit: usize,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>, PostError>;

    /// Due messages to partners who are pushed to, save those at `busy` (bank code and address), with the promises of [`Post::lease`].
    /// An earlier message of a case comes before a later one to the same partner.
    async fn lease_pushed(
        &self,
        busy: &[(String, String)],
        now: DateTime<Utc>,
        worker: &str,
        limit: usize,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>, PostError> {
        let _ = (busy, now, worker, limit, lease_for);
        Ok(vec![])
    }

    /// The next digest that is due, its parcels leased together; `None`: no digest is due.
    async fn lease_digest(
        &self,
        _: DateTime<Utc>,
        _: &str,
        _: Duration,
    ) -> Result<Option<Digest>, PostError> {
        Ok(None)
    }

    /// Records how attempts ended. A settlement whose lease is lost changes nothing and is no error.
    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<(), PostError>;
}
