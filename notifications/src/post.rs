//! What the courier needs of the outbox. [`crate::StorePost`] offers it on `db::Store`; tests offer one in memory.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
pub use db::ledger::Proof;
pub use db::outbox::{Channel, InboxItem, Lane, Parcel};
use std::time::Duration;
use workflows::machine::{Effect, Recipient};

/// Who a parcel is for; `None` for an effect that never leaves.
pub fn recipient(parcel: &Parcel) -> Option<Recipient> {
    match &parcel.effect {
        Effect::Notify { to, .. } => Some(to.clone()),
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
    /// Try again. The error names codes, never people.
    RetryAt { at: DateTime<Utc>, error: String },
    /// A person must look: an incident.
    Parked { error: String },
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

    /// Records how attempts ended. A settlement whose lease is lost changes nothing and is no error.
    async fn settle(&self, settlements: &[Settlement], now: DateTime<Utc>) -> Result<(), PostError>;
}
