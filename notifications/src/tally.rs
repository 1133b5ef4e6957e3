//! What the courier counts. No event carries personal data: ids of rows and codes only.

use crate::post::Channel;

/// One thing worth counting.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Parcels taken from the outbox.
    Leased(usize),
    /// Sent and answered, or written to the inbox.
    Delivered(Channel),
    /// Nobody has an address for this mail: its content stands in the inbox anyway.
    NoAddress,
    /// Failed, will be tried again.
    Retried(Channel),
    /// Failed for good: an incident.
    Parked(Channel),
    /// The outbox itself did not answer.
    OutboxFailed,
}

/// Where counts go: a metrics recorder, or [`Traced`].
pub trait Tally: Send + Sync {
    /// Counts one event.
    fn count(&self, event: Event);
}

/// Counts as tracing events of the target `notifications::tally`.
#[derive(Copy, Clone, Debug, Default)]
pub struct Traced;

impl Tally for Traced {
    fn count(&self, event: Event) {
        match event {
            Event::Leased(parcels) => tracing::debug!(target: "notifications::tally", parcels, "leased"),
            Event::Delivered(c) => {
                tracing::debug!(target: "notifications::tally", channel = c.code(), "delivered")
            }
            Event::NoAddress => tracing::debug!(target: "notifications::tally", "no address"),
            Event::Retried(c) => {
                tracing::info!(target: "notifications::tally", channel = c.code(), "retried")
            }
            Event::Parked(c) => tracing::warn!(target: "notifications::tally", channel = c.code(), "parked"),
            Event::OutboxFailed => tracing::warn!(target: "notifications::tally", "outbox failed"),
        }
    }
}
