//! Events for other programs (decision 24): the log is published to a stream of a message server, each entry that is told once, in the
//! order of the log. Any number of publishers may run, on any number of nodes.
//!
//! What is next is read from the log behind a place. Each message carries its place, and the stream takes it only while it still ends
//! where the publisher believes it does. So a publisher that was away, or one that goes on while another has taken over, adds nothing
//! twice and nothing out of order, however long it was away; where its own last answer was lost it finds what it published at the
//! end of the stream. Where the stream no longer holds that message (a reader of a work queue has taken it), the id of the message
//! is known for as long as the stream remembers ids.

#[cfg(feature = "nats")]
pub mod nats;

use crate::courier::Clock;
use crate::retry::{Dice, Schedule};
use chrono::TimeDelta;
use db::events::{Begin, Held, StreamEvent, StreamPlace};
use db::{Store, StoreError};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use workflows::machine::hooks::CloudEvent;

/// A message as it goes to the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `{prefix}.{bank}.{case}.{type}`.
    pub subject: String,
    /// The id of the event.
    pub id: String,
    pub place: StreamPlace,
    /// A CloudEvent in JSON.
    pub body: Vec<u8>,
}

impl Message {
    /// The message of an event. Errors: it cannot be written as JSON, which cannot be.
    pub fn of(prefix: &str, event: &StreamEvent) -> Result<Message, serde_json::Error> {
        let data = &event.payload.data;
        let subject = format!(
            "{prefix}.{}.{}.{}",
            token(&data.institution),
            token(&data.application_id),
            event.payload.kind
        );
        let body = serde_json::to_vec(&CloudEvent::of(&event.id, &event.payload))?;
        Ok(Message { subject, id: event.id.clone(), place: event.place, body })
    }
}

/// A word of a subject: what would divide it or stand for others is replaced.
fn token(text: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    text.chars().map(|c| if fits(c) { c } else { '_' }).collect()
}

/// Where a stream ends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tail {
    /// Number of its last message, there or not; 0 before the first.
    pub last: u64,
    /// Our last event that is still there: its place and its id.
    pub end: Option<(StreamPlace, String)>,
}

/// What became of a message.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Put {
    /// It is the last message of the stream, with this number.
    Stored(u64),
    /// The stream knows its id: it was there before.
    Known,
}

/// Why the stream did not take it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The stream does not end where it was believed to: somebody else published.
    Moved,
    /// No answer, or none that helps; nobody knows whether the message is there.
    Away(String),
    /// The server or the stream cannot serve: a person has to change something. Japanese and English.
    Unfit { ja: String, en: String },
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Moved => f.write_str("somebody else published"),
            Fault::Away(error) => f.write_str(error),
            Fault::Unfit { ja, en } => write!(f, "{ja} / {en}"),
        }
    }
}

/// A stream of a message server.
#[async_trait::async_trait]
pub trait EventStream: Send + Sync {
    /// Where it ends, asked of the server; makes the stream where it is absent.
    async fn tail(&self) -> Result<Tail, Fault>;
    /// Adds a message if the stream still ends with the message of this number.
    async fn publish(&self, message: &Message, last: u64) -> Result<Put, Fault>;
}

/// What is counted.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum PublishEvent {
    /// An event was taken.
    Published,
    /// An event was there before.
    Known,
    /// The stream did not take something, or did not answer.
    Failed,
    /// The database did not answer.
    StoreFailed,
}

/// How long and how often.
#[derive(Clone, Debug)]
pub struct PublishSettings {
    /// Name of the stream in the database: one cursor for each.
    pub name: String,
    /// First word of each subject.
    pub prefix: String,
    pub begin: Begin,
    /// After so long another process takes over from one that vanished.
    pub lease: TimeDelta,
    /// Between two looks at the log.
    pub poll: Duration,
    /// Pauses while the server is away.
    pub pause: Schedule,
}

impl Default for PublishSettings {
    fn default() -> Self {
        PublishSettings {
            name: "YUSHI".to_owned(),
            prefix: "yushi".to_owned(),
            begin: Begin::First,
            lease: TimeDelta::seconds(15),
            poll: Duration::from_millis(500),
            pause: Schedule { first_ms: 500, least_ms: 100, most_ms: 15_000, attempts: u32::MAX },
        }
    }
}

/// What a publisher is made of.
#[derive(Clone)]
pub struct PublisherParts {
    pub store: Store,
    pub stream: Arc<dyn EventStream>,
    pub clock: Arc<dyn Clock>,
    pub dice: Arc<dyn Dice>,
    pub tally: Arc<dyn Fn(PublishEvent) + Send + Sync>,
    pub settings: PublishSettings,
    /// Name in leases, unique among the running ones.
    pub worker: String,
}

/// Publishes the log to one stream.
pub struct Publisher {
    parts: PublisherParts,
    /// Where the stream ends, as far as it is known.
    last: Option<u64>,
    held: Option<Held>,
}

/// How a turn ended well.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// So many events were looked after; there may be more at once.
    Published { events: usize, more: bool },
    /// Another process has the stream.
    Standby,
}

/// Why a turn did not.
#[derive(Debug)]
pub enum TurnFault {
    Stream(Fault),
    Store(StoreError),
}

impl From<StoreError> for TurnFault {
    fn from(error: StoreError) -> Self {
        TurnFault::Store(error)
    }
}

impl Publisher {
    /// A publisher of these parts.
    pub fn new(parts: PublisherParts) -> Publisher {
        Publisher { parts, last: None, held: None }
    }

    /// The same for the stream of this name in the database.
    pub fn named(mut self, name: &str) -> Publisher {
        self.parts.settings.name = name.to_owned();
        self
    }

    /// Publishes until stopped. What fails is tried again with growing, jittered pauses, for ever: nothing is given up, because what
    /// comes later may not overtake it.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut failed = 0_u32;
        while !stop.is_cancelled() {
            let pause = match self.turn(&stop).await {
                Ok(Turn::Published { more: true, .. }) => {
                    failed = 0;
                    continue;
                }
                Ok(_) => {
                    failed = 0;
                    self.parts.settings.poll
                }
                Err(fault) => {
                    failed = failed.saturating_add(1);
                    self.told(&fault, failed)
                }
            };
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        let parts = &self.parts;
        if let Some(held) = self.held {
            let now = parts.clock.now();
            let released = parts.store.release_stream(&parts.settings.name, &parts.worker, held, now).await;
            if let Err(error) = released {
                tracing::warn!(%error, "events: the stream is not given back, its lease runs out");
            }
        }
    }

    /// Counts and logs a fault; how long to wait.
    fn told(&self, fault: &TurnFault, failed: u32) -> Duration {
        let parts = &self.parts;
        match fault {
            // Two nodes met; the other one may have the stream by now.
            TurnFault::Stream(Fault::Moved) => tracing::debug!("events: somebody else published"),
            TurnFault::Stream(Fault::Away(error)) => {
                (parts.tally)(PublishEvent::Failed);
                tracing::warn!(error, failed, "events: the stream does not answer, nothing is lost");
            }
            TurnFault::Stream(Fault::Unfit { ja, en }) => {
                (parts.tally)(PublishEvent::Failed);
                tracing::error!(failed, "events: {ja} / {en}");
            }
            TurnFault::Store(error) => {
                (parts.tally)(PublishEvent::StoreFailed);
                tracing::warn!(%error, failed, "events: the database does not answer");
            }
        }
        let pause = &parts.settings.pause;
        let spread = pause.ceiling_ms(failed).saturating_sub(pause.least_ms);
        Duration::from_millis(pause.least_ms + parts.dice.up_to(spread))
    }

    /// One page of the log. Errors: the stream or the database; the next turn asks both where they stand.
    pub async fn turn(&mut self, stop: &CancellationToken) -> Result<Turn, TurnFault> {
        let done = self.page(stop).await;
        if done.is_err() {
            self.last = None;
        }
        done
    }

    async fn page(&mut self, stop: &CancellationToken) -> Result<Turn, TurnFault> {
        let parts = self.parts.clone();
        let set = &parts.settings;
        let held = parts
            .store
            .hold_stream(&set.name, &parts.worker, set.lease, set.begin, parts.clock.now())
            .await?;
        self.held = held;
        let Some(held) = held else {
            self.last = None;
            return Ok(Turn::Standby);
        };
        let (mut last, mut place) = (self.last, held.place);
        if last.is_none() {
            let tail = parts.stream.tail().await.map_err(TurnFault::Stream)?;
            last = Some(tail.last);
            if let Some((there, id)) = tail.end.filter(|(there, _)| there.cursor > place.cursor) {
                // Whoever published it could not say so any more. Where the log does not know it, what comes next would be passed over.
                if !parts.store.stream_has(there, &id).await? {
                    return Err(TurnFault::Stream(ahead(&id)));
                }
                place = there;
            }
        }
        let mut last = last.unwrap_or_default();
        let page = parts.store.stream_page(place).await?;
        let (mut events, mut fault) = (0, None);
        for event in &page.events {
            if stop.is_cancelled() {
                break;
            }
            let message = Message::of(&set.prefix, event).map_err(StoreError::from)?;
            match parts.stream.publish(&message, last).await {
                Ok(Put::Stored(number)) => {
                    last = number;
                    (parts.tally)(PublishEvent::Published);
                }
                Ok(Put::Known) => (parts.tally)(PublishEvent::Known),
                Err(error) => {
                    fault = Some(error);
                    break;
                }
            }
            place = event.place;
            events += 1;
        }
        let whole = events == page.events.len();
        if whole {
            place = page.reached;
        }
        if place != held.place {
            let until = parts.clock.now() + set.lease;
            self.held = parts.store.advance_stream(&set.name, &parts.worker, held, place, until).await?;
        }
        // Somebody else has the stream meanwhile: where it ends is asked again before anything more is published.
        self.last = self.held.map(|_| last);
        match fault {
            Some(fault) => Err(TurnFault::Stream(fault)),
            None => Ok(Turn::Published { events, more: page.more || !whole }),
        }
    }
}

fn ahead(id: &str) -> Fault {
    Fault::Unfit {
        ja: format!(
            "ストリームの最後のイベント {id} が記録にありません。データベースを以前の状態に戻した場合は、events.nats.stream に新しい名前を指定してください。"
        ),
        en: format!(
            "the record does not have {id}, the last event of the stream: after a restore of the database set events.nats.stream to a new name"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_keeps_its_words_apart() {
        assert_eq!(token("0196-ab_C"), "0196-ab_C");
        assert_eq!(token("a.b*c>d e\r\n金"), "a_b_c_d_e___");
    }
}
