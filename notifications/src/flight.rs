//! The parcels of a lane that are in work.
//!
//! Sending and the outbox go side by side: while attempts are under way, one turn at the outbox settles what has ended, all of it in one
//! statement, and leases what comes next. Mails are leased ahead: more as long as slots wait for the database, less as soon as a mail
//! waits for a slot. A parcel is leased before it is sent and settled afterwards, whatever the pace; one whose lease would not outlast its
//! attempt is given back instead.

use crate::courier::Inner;
use crate::deliver::{deliver, park};
use crate::post::{Lane, Outcome, Parcel, PostError, Settlement};
use crate::tally::Event;
use chrono::{DateTime, Utc};
use std::collections::{HashMap, VecDeque};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout_at};
use tokio_util::sync::CancellationToken;

/// Attempts at one partner's endpoint after which no more are begun, and pushes leased in one go.
const AT_ONE: usize = 4;
/// Mails that are leased ahead for each slot, at most.
const AHEAD: usize = 8;
/// A mail that waited longer for a slot was leased too early.
const TOO_EARLY: Duration = Duration::from_millis(500);
/// What has ended is settled after this at the latest, while others are under way.
const TOGETHER: Duration = Duration::from_millis(25);

/// The parcels of a lane that are in work, and the attempts that ended.
pub(crate) struct Flight {
    inner: Arc<Inner>,
    lane: Lane,
    slots: usize,
    /// Free slots that are worth a lease: mails leave one by one, local parcels in batches.
    refill: usize,
    queue: VecDeque<Queued>,
    tasks: JoinSet<Outcome>,
    /// Shared with their attempts: whatever an attempt comes to, its parcel is settled.
    parcels: HashMap<Id, Arc<Parcel>>,
    ended: Vec<Settlement>,
    /// When the first of them did.
    first_ended: Option<Instant>,
    /// How many are leased ahead now.
    ahead: usize,
}

/// A leased parcel that waits for a slot.
struct Queued {
    parcel: Parcel,
    /// From then on it is not begun any more.
    until: DateTime<Utc>,
    since: Instant,
}

/// One turn at the outbox.
type Turn = Pin<Box<dyn Future<Output = Turned> + Send>>;

/// What a turn came to.
struct Turned {
    /// What could not be settled.
    unsettled: Vec<Settlement>,
    /// What was asked for, and what came of it; absent where nothing was asked for.
    leased: Option<(usize, Vec<Parcel>)>,
    began: DateTime<Utc>,
    result: Result<(), PostError>,
}

impl Flight {
    pub fn new(inner: &Arc<Inner>, lane: Lane) -> Flight {
        let (slots, refill) = match lane {
            Lane::Local => (inner.config.local_slots.max(1), (inner.config.local_slots / 2).max(1)),
            Lane::Mail | Lane::Core | Lane::Push => (inner.config.mail_slots.max(1), 1),
        };
        Flight {
            inner: Arc::clone(inner),
            lane,
            slots,
            refill,
            queue: VecDeque::new(),
            tasks: JoinSet::new(),
            parcels: HashMap::new(),
            ended: Vec::new(),
            first_ended: None,
            ahead: 0,
        }
    }

    /// Carries until stopped.
    pub async fn fly(mut self, wake: &Notify, stop: &CancellationToken) {
        let poll = self.inner.config.poll();
        // Is there reason to believe that the outbox holds something for us? Without one, we look again at `next_look`.
        let mut look = true;
        // Did the outbox answer? If not, it is asked again when something happens.
        let mut answers = true;
        let mut next_look = Instant::now();
        let mut turn: Option<Turn> = None;
        while !stop.is_cancelled() {
            self.begin();
            if turn.is_none() && answers {
                let want = if look { self.wanted() } else { 0 };
                if want > 0 || self.is_worth_settling() {
                    turn = Some(self.turn(want));
                }
            }
            let settle_by = self.first_ended.map_or(next_look, |first| first + TOGETHER);
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                turned = running(&mut turn) => {
                    turn = None;
                    let asked = turned.leased.as_ref().map(|(want, leased)| (*want, leased.len()));
                    answers = self.absorb(turned).is_ok();
                    if let Some((want, leased)) = asked {
                        // A full answer means that there may be more.
                        look = leased == want || self.lane == Lane::Push && leased > 0;
                    }
                    if asked.is_some() || !answers {
                        // After an error: at the next poll.
                        look &= answers;
                        next_look = Instant::now() + poll;
                    }
                }
                // The end of a push gives the next message of its case its turn.
                true = self.land() => {
                    look |= self.lane == Lane::Push;
                    answers = true;
                }
                () = wake.notified() => (look, answers) = (true, true),
                () = sleep_until(settle_by), if turn.is_none() && answers && self.first_ended.is_some() => {}
                () = sleep_until(next_look), if !look || !answers => {
                    (look, answers) = (true, true);
                    next_look = Instant::now() + poll;
                }
            }
        }
        self.come_down(turn).await;
    }

    /// The end: no more is leased, what is in flight gets its grace, what has ended is settled, and what was not begun is given back.
    async fn come_down(&mut self, turn: Option<Turn>) {
        let until = Instant::now() + self.inner.config.grace();
        if let Some(turn) = turn
            && let Ok(turned) = timeout_at(until, turn).await
        {
            let _ = self.absorb(turned);
        }
        let unsent = self.queue.drain(..);
        self.ended
            .extend(unsent.map(|Queued { parcel, .. }| Settlement { parcel, outcome: Outcome::Unsent }));
        let landing = async { while self.land().await {} };
        let _ = timeout_at(until, landing).await;
        let last = self.turn(0);
        let _ = self.absorb(last.await);
        // What is still in flight is dropped with its task; its lease ends and somebody sends again.
    }

    /// Carries what is due now; how many attempts that took.
    pub async fn sweep(&mut self) -> Result<usize, PostError> {
        let mut attempts = 0;
        loop {
            let turned = self.turn(self.slots).await;
            self.absorb(turned)?;
            if self.queue.is_empty() {
                return Ok(attempts);
            }
            self.begin();
            while self.land().await {}
            attempts += self.ended.len();
            let turned = self.turn(0).await;
            self.absorb(turned)?;
        }
    }

    /// How many parcels are worth a lease now.
    fn wanted(&self) -> usize {
        let want = (self.slots + self.ahead).saturating_sub(self.tasks.len() + self.queue.len());
        let least = if self.queue.is_empty() { self.refill } else { self.refill.max(self.ahead / 2) };
        if want >= least { want } else { 0 }
    }

    /// Has enough ended for a turn of its own, or waited long enough for one? At once where nothing else is under way.
    fn is_worth_settling(&self) -> bool {
        let Some(first) = self.first_ended else { return false };
        let idle = self.tasks.is_empty() && self.queue.is_empty();
        idle || self.ended.len() >= self.ahead / 2 || first.elapsed() >= TOGETHER
    }

    /// Settles what has ended, then leases up to `want` parcels. The settlements come back where the outbox did not answer.
    fn turn(&mut self, want: usize) -> Turn {
        let (inner, lane, busy) = (Arc::clone(&self.inner), self.lane, self.busy());
        let ended = std::mem::take(&mut self.ended);
        self.first_ended = None;
        // On a task of its own: rows are opened and read beside this loop, which begins and lands attempts meanwhile.
        let turning = tokio::spawn(async move {
            let began = inner.clock.now();
            let mut turned = Turned { unsettled: vec![], leased: None, began, result: Ok(()) };
            if !ended.is_empty() {
                if let Err(error) = inner.post.settle(&ended, began).await {
                    return Turned { unsettled: ended, result: Err(error), ..turned };
                }
                for Settlement { parcel, outcome } in &ended {
                    if matches!(outcome, Outcome::Inbox(_)) {
                        inner.tally.count(Event::Delivered(parcel.channel));
                    }
                }
            }
            if want > 0 {
                let (worker, lease_for) = (inner.worker(), inner.config.lease_for());
                let leased = match lane {
                    // A few at a time: one partner that hangs gets no more than twice as many slots.
                    Lane::Push => {
                        inner.post.lease_pushed(&busy, began, worker, want.min(AT_ONE), lease_for).await
                    }
                    _ => inner.post.lease(lane, began, worker, want, lease_for).await,
                };
                match leased {
                    Ok(parcels) => turned.leased = Some((want, parcels)),
                    Err(error) => turned.result = Err(error),
                }
            }
            turned
        });
        Box::pin(async move {
            match turning.await {
                Ok(turned) => turned,
                Err(error) => match error.try_into_panic() {
                    Ok(panic) => std::panic::resume_unwind(panic),
                    // The runtime ends: nobody waits for an answer any more.
                    Err(_) => std::future::pending().await,
                },
            }
        })
    }

    /// Takes over what a turn came to. Errors: the outbox did not answer; nothing is lost.
    fn absorb(&mut self, turned: Turned) -> Result<(), PostError> {
        let Turned { mut unsettled, leased, began, result } = turned;
        unsettled.append(&mut self.ended);
        self.ended = unsettled;
        if !self.ended.is_empty() {
            self.first_ended.get_or_insert_with(Instant::now);
        }
        if let (Lane::Mail, Some((want, parcels))) = (self.lane, &leased) {
            if parcels.len() < *want {
                self.ahead = 0;
            } else if self.queue.is_empty() && self.tasks.len() < self.slots {
                // Slots waited for this turn.
                self.ahead = (self.ahead * 2).clamp(self.slots, AHEAD * self.slots);
            }
        }
        let parcels = leased.map(|(_, parcels)| parcels).unwrap_or_default();
        if !parcels.is_empty() {
            self.inner.tally.count(Event::Leased(parcels.len()));
        }
        let config = &self.inner.config;
        let until = began + config.lease_for() - config.send_timeout();
        let since = Instant::now();
        self.queue.extend(parcels.into_iter().map(|parcel| Queued { parcel, until, since }));
        result.inspect_err(|error| {
            tracing::warn!(lane = ?self.lane, %error, "the outbox does not answer");
            self.inner.tally.count(Event::OutboxFailed);
        })
    }

    /// Begins attempts at what is leased, in its order, as long as there are slots.
    fn begin(&mut self) {
        while self.tasks.len() < self.slots
            && let Some(Queued { parcel, until, since }) = self.queue.pop_front()
        {
            if since.elapsed() > TOO_EARLY {
                self.ahead /= 2;
            }
            if self.inner.clock.now() > until {
                // Somebody else may have it before this attempt would end.
                self.note(Settlement { parcel, outcome: Outcome::Unsent });
                continue;
            }
            let (inner, parcel) = (Arc::clone(&self.inner), Arc::new(parcel));
            let carried = Arc::clone(&parcel);
            let task = self.tasks.spawn(async move { deliver(&inner, &carried).await });
            self.parcels.insert(task.id(), parcel);
        }
    }

    /// Partners at whom as many attempts are under way as may be.
    fn busy(&self) -> Vec<(String, String)> {
        if self.lane != Lane::Push {
            return vec![];
        }
        let mut counts: HashMap<(&String, &String), usize> = HashMap::new();
        for parcel in self.parcels.values() {
            *counts.entry((&parcel.institution, &parcel.address)).or_default() += 1;
        }
        let full = counts.into_iter().filter(|(_, count)| *count >= AT_ONE);
        full.map(|((institution, address), _)| (institution.clone(), address.clone())).collect()
    }

    /// Waits for an attempt to end and takes all that have; false when nothing is in flight.
    async fn land(&mut self) -> bool {
        let Some(first) = self.tasks.join_next_with_id().await else { return false };
        self.end(first);
        while let Some(next) = self.tasks.try_join_next_with_id() {
            self.end(next);
        }
        true
    }

    fn end(&mut self, joined: Result<(Id, Outcome), JoinError>) {
        let (id, outcome) = match joined {
            Ok((id, outcome)) => (id, Some(outcome)),
            Err(error) => (error.id(), None),
        };
        let Some(parcel) = self.parcels.remove(&id) else { return };
        // A panic is a fault of the program: a person must see it, and the parcel must not go round for ever.
        let outcome = outcome
            .unwrap_or_else(|| park(&self.inner, &parcel, "the courier failed on this parcel".to_owned()));
        // The attempt has let go of it.
        self.note(Settlement { parcel: Arc::unwrap_or_clone(parcel), outcome });
    }

    fn note(&mut self, settlement: Settlement) {
        self.first_ended.get_or_insert_with(Instant::now);
        self.ended.push(settlement);
    }
}

/// Waits for the turn that is under way; for ever where none is.
async fn running(turn: &mut Option<Turn>) -> Turned {
    match turn {
        Some(turn) => turn.await,
        None => std::future::pending().await,
    }
}
