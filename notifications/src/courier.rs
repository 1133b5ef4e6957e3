//! The loop: lease, render, send, settle. Any number of couriers may run, on any number of nodes.
//!
//! Mail has a lane of its own: a mail server that hangs takes the slots of mails and of nothing else. A courier that vanishes loses
//! nothing: its leases end and another one sends again under the same Message-ID.

use crate::address::AddressBook;
use crate::channel::{MailChannel, email::SmtpChannel, file::FileChannel};
use crate::config::{ConfigError, CourierConfig, MailConfig, Transport};
use crate::core_banking::CoreBanking;
use crate::deliver::{deliver, park};
use crate::post::{Lane, Outcome, Parcel, Post, PostError, Settlement};
use crate::render::{RenderError, Renderer};
use crate::retry::{Dice, ThreadDice};
use crate::tally::{Event, Tally, Traced};
use chrono::{DateTime, Utc};
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio::task::{Id, JoinError, JoinSet};
use tokio::time::{Instant, sleep_until, timeout};
use tokio_util::sync::CancellationToken;

/// The one clock that everything asks.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}

/// What a courier is made of.
pub struct CourierParts {
    /// The outbox.
    pub post: Arc<dyn Post>,
    /// Where mails go.
    pub addresses: Arc<dyn AddressBook>,
    /// `None`: no mail leaves, the in-app inbox is the only channel.
    pub mail: Option<Arc<dyn MailChannel>>,
    /// `None`: core banking polls, as partners do.
    pub core: Option<Arc<CoreBanking>>,
    /// Time of leases, retries and settlements.
    pub clock: Arc<dyn Clock>,
    /// Jitter.
    pub dice: Arc<dyn Dice>,
    /// Metrics.
    pub tally: Arc<dyn Tally>,
    /// Banks' names, senders and sign-in addresses.
    pub mail_config: MailConfig,
    /// Slots, time-outs, retries.
    pub config: CourierConfig,
    /// Name of this courier in leases, unique among the running ones.
    pub worker: String,
}

impl CourierParts {
    /// The usual parts: mail as configured, random jitter, counts as tracing events.
    pub fn new(
        post: Arc<dyn Post>,
        addresses: Arc<dyn AddressBook>,
        clock: Arc<dyn Clock>,
        mail_config: MailConfig,
        config: CourierConfig,
        worker: impl Into<String>,
    ) -> Result<CourierParts, StartError> {
        mail_config.check()?;
        let mail: Option<Arc<dyn MailChannel>> = match mail_config.transport {
            Transport::Smtp => Some(Arc::new(SmtpChannel::new(&mail_config)?)),
            Transport::File => Some(Arc::new(FileChannel::new(&mail_config.folder))),
            Transport::Off => None,
        };
        let (dice, tally, worker) = (Arc::new(ThreadDice), Arc::new(Traced), worker.into());
        Ok(CourierParts {
            post,
            addresses,
            mail,
            core: None,
            clock,
            dice,
            tally,
            mail_config,
            config,
            worker,
        })
    }
}

/// A courier that cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Templates(#[from] RenderError),
}

/// Carries parcels. Cheap to clone.
#[derive(Clone)]
pub struct Courier {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub post: Arc<dyn Post>,
    pub addresses: Arc<dyn AddressBook>,
    pub mail: Option<Arc<dyn MailChannel>>,
    pub core: Option<Arc<CoreBanking>>,
    pub clock: Arc<dyn Clock>,
    pub dice: Arc<dyn Dice>,
    pub tally: Arc<dyn Tally>,
    pub mail_config: MailConfig,
    pub config: CourierConfig,
    pub renderer: Renderer,
    worker: String,
    local: Notify,
    outgoing: Notify,
    orders: Notify,
}

impl Courier {
    /// Checks the settings and parses the templates. Connects nowhere.
    pub fn new(parts: CourierParts) -> Result<Courier, StartError> {
        parts.config.check()?;
        let inner = Inner {
            post: parts.post,
            addresses: parts.addresses,
            mail: parts.mail,
            core: parts.core,
            clock: parts.clock,
            dice: parts.dice,
            tally: parts.tally,
            mail_config: parts.mail_config,
            config: parts.config,
            renderer: Renderer::new()?,
            worker: parts.worker,
            local: Notify::new(),
            outgoing: Notify::new(),
            orders: Notify::new(),
        };
        Ok(Courier { inner: Arc::new(inner) })
    }

    /// Tells the courier that a commit may have left parcels; without it they are found at the next poll.
    pub fn wake(&self) {
        self.inner.local.notify_one();
        self.inner.outgoing.notify_one();
        self.inner.orders.notify_one();
    }

    /// Carries until stopped. Then leases no more, gives what is in flight its grace, and settles what has ended.
    pub async fn run(&self, stop: CancellationToken) {
        tokio::join!(
            self.lane(Lane::Local, &stop),
            self.lane(Lane::Mail, &stop),
            self.lane(Lane::Core, &stop)
        );
    }

    /// Carries what is due now and returns how many attempts that took. For the demo's start and for tests.
    pub async fn sweep(&self) -> Result<usize, PostError> {
        let mut attempts = 0;
        for lane in [Lane::Local, Lane::Mail, Lane::Core] {
            let mut flight = Flight::new(&self.inner, lane);
            while flight.lease(flight.slots).await? > 0 {
                while flight.land().await {}
                attempts += flight.ended.len();
                flight.settle().await?;
            }
        }
        Ok(attempts)
    }

    async fn lane(&self, lane: Lane, stop: &CancellationToken) {
        let inner = &self.inner;
        let wake = match lane {
            Lane::Local => &inner.local,
            Lane::Mail => &inner.outgoing,
            Lane::Core => &inner.orders,
        };
        let mut flight = Flight::new(inner, lane);
        // Is there reason to believe that the outbox holds something for us? Without one, we look again at `next_look`.
        let mut look = true;
        let mut next_look = Instant::now();
        while !stop.is_cancelled() {
            let settled = flight.settle().await.is_ok();
            let free = flight.slots - flight.tasks.len();
            if settled && look && free >= flight.refill {
                // A full answer means that there may be more. After an error: at the next poll.
                look = flight.lease(free).await.is_ok_and(|leased| leased == free);
                next_look = Instant::now() + inner.config.poll();
                if look && flight.slots - flight.tasks.len() >= flight.refill {
                    continue;
                }
            }
            tokio::select! {
                biased;
                () = stop.cancelled() => {}
                true = flight.land() => {}
                () = wake.notified() => look = true,
                () = sleep_until(next_look), if !look || !settled => {
                    look = true;
                    next_look = Instant::now() + inner.config.poll();
                }
            }
        }
        let landing = async { while flight.land().await {} };
        let _ = timeout(inner.config.grace(), landing).await;
        let _ = flight.settle().await;
        // What is still in flight is dropped with its task; its lease ends and somebody sends again.
    }
}

/// The parcels of a lane that are in work, and the attempts that ended.
struct Flight {
    inner: Arc<Inner>,
    lane: Lane,
    slots: usize,
    /// Free slots that are worth a lease: mails leave one by one, local parcels in batches.
    refill: usize,
    tasks: JoinSet<Outcome>,
    parcels: HashMap<Id, Parcel>,
    ended: Vec<Settlement>,
}

impl Flight {
    fn new(inner: &Arc<Inner>, lane: Lane) -> Flight {
        let (slots, refill) = match lane {
            Lane::Local => (inner.config.local_slots.max(1), (inner.config.local_slots / 2).max(1)),
            Lane::Mail | Lane::Core => (inner.config.mail_slots.max(1), 1),
        };
        let (tasks, parcels, ended) = (JoinSet::new(), HashMap::new(), Vec::new());
        Flight { inner: Arc::clone(inner), lane, slots, refill, tasks, parcels, ended }
    }

    /// Takes up to `limit` parcels and starts on each.
    async fn lease(&mut self, limit: usize) -> Result<usize, PostError> {
        let inner = &self.inner;
        let (now, lease_for) = (inner.clock.now(), inner.config.lease_for());
        let leased = inner.post.lease(self.lane, now, &inner.worker, limit, lease_for).await;
        let parcels = leased.inspect_err(|error| self.outbox_failed(error))?;
        let count = parcels.len();
        if count > 0 {
            inner.tally.count(Event::Leased(count));
        }
        for parcel in parcels {
            let (inner, copy) = (Arc::clone(&self.inner), parcel.clone());
            let task = self.tasks.spawn(async move { deliver(&inner, &copy).await });
            self.parcels.insert(task.id(), parcel);
        }
        Ok(count)
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
        self.ended.push(Settlement { parcel, outcome });
    }

    /// Records in one go what has ended. On an error it is kept for the next time.
    async fn settle(&mut self) -> Result<(), PostError> {
        if self.ended.is_empty() {
            return Ok(());
        }
        let settled = self.inner.post.settle(&self.ended, self.inner.clock.now()).await;
        settled.inspect_err(|error| self.outbox_failed(error))?;
        for Settlement { parcel, outcome } in self.ended.drain(..) {
            if matches!(outcome, Outcome::Inbox(_)) {
                self.inner.tally.count(Event::Delivered(parcel.channel));
            }
        }
        Ok(())
    }

    fn outbox_failed(&self, error: &PostError) {
        tracing::warn!(lane = ?self.lane, %error, "the outbox does not answer");
        self.inner.tally.count(Event::OutboxFailed);
    }
}
