//! Digests of desks: the notices of half a day in one mail.
//!
//! Which notices those are was fixed in the outbox, so every attempt says the same under the same Message-ID.

use crate::courier::{Courier, Inner};
use crate::deliver::{Delivered, ended, park, send};
use crate::post::{Digest, Outcome, PostError, Settlement};
use crate::tally::Event;
use std::time::Duration;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// Shortest time between two looks for a digest that is due.
const LOOK_EVERY: Duration = Duration::from_secs(5);

impl Courier {
    /// Sends digests until stopped; one in flight gets its grace.
    pub(crate) async fn digests(&self, stop: &CancellationToken) {
        let inner = &self.inner;
        let pause = inner.config.poll().max(LOOK_EVERY);
        let cut_off = async {
            stop.cancelled().await;
            sleep(inner.config.grace()).await;
        };
        let sending = async {
            while !stop.is_cancelled() {
                if !matches!(self.carry_digest().await, Ok(taken) if taken > 0) {
                    tokio::select! {
                        () = stop.cancelled() => {}
                        () = sleep(pause) => {}
                    }
                }
            }
        };
        // What is cut off is sent again when its lease ends, and says the same.
        tokio::select! {
            () = sending => {}
            () = cut_off => {}
        }
    }

    /// Sends the next digest that is due; how many notices that took, 0 where none is due.
    pub(crate) async fn carry_digest(&self) -> Result<usize, PostError> {
        let inner = &self.inner;
        let leased =
            inner.post.lease_digest(inner.clock.now(), inner.worker(), inner.config.lease_for()).await;
        let failed = |error: &PostError| {
            tracing::warn!(%error, "the outbox does not answer");
            inner.tally.count(Event::OutboxFailed);
        };
        let Some(digest) = leased.inspect_err(failed)? else { return Ok(0) };
        let settlements = attempt(inner, &digest).await;
        inner.tally.count(Event::Leased(settlements.len()));
        inner.post.settle(&settlements, inner.clock.now()).await.inspect_err(failed)?;
        Ok(settlements.len())
    }
}

/// One attempt: it ends alike for all its notices.
async fn attempt(inner: &Inner, digest: &Digest) -> Vec<Settlement> {
    let Some(first) = digest.parcels.first() else { return vec![] };
    let attempt = async {
        let Some(to) = inner.addresses.address(first).await? else { return Ok(Delivered::NoAddress) };
        let said = inner.renderer.digest(&digest.parcels, inner.mail_config.bank(&first.institution))?;
        send(inner, first, (&digest.message_id(), "digest"), to, said).await
    };
    let tries = digest.parcels.iter().map(|parcel| parcel.attempts).max().unwrap_or_default();
    let worn_out = tries > inner.config.retry.attempts;
    let came = if worn_out { None } else { Some(timeout(inner.config.send_timeout(), attempt).await) };
    let outcome = match came {
        Some(came) => ended(inner, first, came),
        None => park(inner, first, "no attempt came to an end".to_owned()),
    };
    digest
        .parcels
        .iter()
        .map(|parcel| Settlement { parcel: parcel.clone(), outcome: outcome.clone() })
        .collect()
}

/// What a mail waits for; noted without an attempt.
pub(crate) fn held(until: chrono::DateTime<chrono::Utc>) -> Outcome {
    Outcome::Held { until }
}
