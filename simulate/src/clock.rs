//! The demo's clock as outsiders move it: everyone says what date they wait for; when nobody is busy any more, it goes to the
//! earliest of these dates. It never goes back.

use crate::calendar::{tokyo_date, tokyo_instant};
use crate::client::Session;
use crate::error::{Error, Result};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;
use tokio::sync::watch;

/// Path of the demo's clock.
const PATH: &str = "/demo/clock";

/// Who waits for what.
#[derive(Debug, Default)]
struct Waiting {
    busy: usize,
    instants: BTreeMap<DateTime<Utc>, usize>,
    /// The instant that was shown last.
    shown: Option<DateTime<Utc>>,
}

/// An instant of the bank's clock and when it was seen: the clock goes on by itself.
#[derive(Copy, Clone, Debug)]
struct Seen {
    bank: DateTime<Utc>,
    here: Instant,
}

impl Seen {
    fn now(self) -> DateTime<Utc> {
        self.bank + chrono::Duration::from_std(self.here.elapsed()).unwrap_or_default()
    }
}

/// The clock of a run.
#[derive(Debug)]
pub struct Clock {
    seen: watch::Sender<Seen>,
    waiting: Mutex<Waiting>,
    changed: watch::Sender<u64>,
}

impl Clock {
    /// A clock that shows an instant, with so many parties busy.
    pub fn at(now: DateTime<Utc>, busy: usize) -> Arc<Self> {
        Arc::new(Clock {
            seen: watch::Sender::new(Seen { bank: now, here: Instant::now() }),
            waiting: Mutex::new(Waiting { busy, ..Waiting::default() }),
            changed: watch::Sender::new(0),
        })
    }

    /// The bank's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.seen.borrow().now()
    }

    /// The bank's date.
    pub fn today(&self) -> NaiveDate {
        tokyo_date(self.now())
    }

    /// Waits, idle, until the bank opens on this date.
    pub async fn until(&self, date: NaiveDate) {
        if self.today() < date {
            self.until_instant(tokyo_instant(date, 9, 0)).await;
        }
    }

    /// Waits, idle, until the bank's clock has passed an instant.
    pub async fn until_instant(&self, at: DateTime<Utc>) {
        if self.now() >= at {
            return;
        }
        let mut shown = self.seen.subscribe();
        let waits = self.change(|w| {
            // Shown in between: whoever does not wait stays counted as busy.
            let waits = w.shown.is_none_or(|shown| shown < at);
            if waits {
                w.busy = w.busy.saturating_sub(1);
                *w.instants.entry(at).or_default() += 1;
            }
            waits
        });
        if !waits {
            return;
        }
        // The sender lives as long as `self`: an error cannot come.
        let _ = shown.wait_for(|seen| seen.bank >= at).await;
    }

    /// A party is through and waits for nothing more.
    pub fn leave(&self) {
        self.change(|w| w.busy = w.busy.saturating_sub(1));
    }

    fn change<T>(&self, with: impl FnOnce(&mut Waiting) -> T) -> T {
        let given = with(&mut self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
        self.changed.send_modify(|n| *n += 1);
        given
    }

    /// The earliest instant somebody waits for, once nobody is busy. `None`: somebody is, or nobody waits.
    fn next(&self) -> Option<DateTime<Utc>> {
        let waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.busy > 0 { None } else { waiting.instants.keys().next().copied() }
    }

    /// Shows an instant that the bank has reached: whoever waited for it is busy again.
    fn show(&self, now: DateTime<Utc>) {
        // One instant for the wall and for the list: who reads the wall as late enough must have been counted as woken.
        let now = self.now().max(now);
        self.change(|w| {
            w.shown = Some(now);
            let later = w.instants.split_off(&(now + chrono::Duration::microseconds(1)));
            let woken: usize = std::mem::replace(&mut w.instants, later).values().sum();
            w.busy += woken;
        });
        self.seen.send_modify(|seen| {
            *seen = Seen { bank: now.max(seen.bank), here: Instant::now() };
        });
    }

    /// Moves the bank's clock whenever everyone waits; runs until it is dropped. Errors: the bank refuses to move.
    pub(crate) async fn keep(self: Arc<Self>, demo: Arc<Session>) -> Result<()> {
        let mut changed = self.changed.subscribe();
        loop {
            while let Some(at) = self.next() {
                let now = if at <= self.now() { at } else { advance(&demo, at).await? };
                tracing::debug!(%now, "clock moved");
                self.show(now.max(at));
                demo.stats().moved();
            }
            if changed.changed().await.is_err() {
                return Ok(());
            }
        }
    }
}

/// Moves the demo's clock forward to an instant. Errors: it does not run there.
pub(crate) async fn advance(demo: &Session, to: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let answer = demo.post(PATH, &json!({ "to": to })).await?;
    shown(&answer).ok_or_else(|| Error::Unexpected { what: PATH.into(), answer: answer.to_string() })
}

/// The demo's clock now. Errors: it does not run there.
pub(crate) async fn read(demo: &Session) -> Result<DateTime<Utc>> {
    let answer = demo.get(PATH).await?;
    shown(&answer).ok_or_else(|| Error::Unexpected { what: PATH.into(), answer: answer.to_string() })
}

fn shown(answer: &Value) -> Option<DateTime<Utc>> {
    answer.get("now")?.as_str()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("an instant")
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[tokio::test]
    async fn the_earliest_date_comes_next_and_only_when_nobody_is_busy() {
        let clock = Clock::at(at("2026-04-01T01:00:00Z"), 2);
        assert_eq!(clock.next(), None);
        let first = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until(day("2026-04-20")).await }
        });
        tokio::task::yield_now().await;
        assert_eq!(clock.next(), None, "one is still busy");
        let second = tokio::spawn({
            let clock = clock.clone();
            async move {
                clock.until(day("2026-04-10")).await;
                clock.leave();
            }
        });
        tokio::task::yield_now().await;
        assert_eq!(clock.next(), Some(at("2026-04-10T00:00:00Z")));
        clock.show(at("2026-04-10T00:00:00Z"));
        assert_eq!(clock.next(), None, "the second one is busy until it leaves");
        second.await.expect("woken");
        assert_eq!(clock.next(), Some(at("2026-04-20T00:00:00Z")));
        clock.show(at("2026-04-21T00:00:00Z"));
        first.await.expect("woken");
        assert_eq!(clock.today(), day("2026-04-21"));
        clock.show(at("2026-04-02T00:00:00Z"));
        assert_eq!(clock.today(), day("2026-04-21"), "never back");
    }

    #[tokio::test]
    async fn whoever_is_woken_is_counted_as_busy() {
        let (start, clock) = (at("2026-04-01T01:00:00Z"), Clock::at(at("2026-04-01T01:00:00Z"), 1));
        let waiter = tokio::spawn({
            let clock = clock.clone();
            async move { clock.until_instant(start + chrono::Duration::seconds(5)).await }
        });
        tokio::task::yield_now().await;
        // The bank's clock goes on by itself: ten seconds have passed when an earlier instant is shown.
        let here = Instant::now().checked_sub(std::time::Duration::from_secs(10)).expect("an instant");
        clock.seen.send_replace(Seen { bank: start, here });
        clock.show(start);
        waiter.await.expect("woken");
        assert_eq!(clock.next(), None, "the woken one is busy");
    }

    #[tokio::test]
    async fn an_instant_that_has_come_is_not_waited_for() {
        let clock = Clock::at(at("2026-04-01T01:00:00Z"), 1);
        clock.until(day("2026-04-01")).await;
        clock.until_instant(at("2026-04-01T00:59:00Z")).await;
        assert_eq!(clock.next(), None);
    }
}
