//! The loop: lease, render, send, settle. Any number of couriers may run, on any number of nodes.
//!
//! Mail has a lane of its own: a mail server that hangs takes the slots of mails and of nothing else. A courier that vanishes loses
//! nothing: its leases end and another one sends again under the same Message-ID.

use crate::address::AddressBook;
use crate::channel::{MailChannel, email::SmtpChannel, file::FileChannel};
use crate::config::{ConfigError, CourierConfig, MailConfig, Transport};
use crate::core_banking::CoreBanking;
use crate::flight::Flight;
use crate::hours::{BankDays, Hours};
use crate::post::{Lane, Post, PostError};
use crate::push::Push;
use crate::render::{RenderError, Renderer};
use crate::retry::{Dice, ThreadDice};
use crate::tally::{Tally, Traced};
use crate::templates::{Finding, Overrides};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use tokio::sync::Notify;
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
    /// `None`: partners poll.
    pub push: Option<Arc<Push>>,
    /// Time of leases, retries and settlements.
    pub clock: Arc<dyn Clock>,
    /// The calendar of the banks.
    pub hours: Arc<dyn Hours>,
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
            push: None,
            clock,
            hours: Arc::new(BankDays),
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
    #[error("templates: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Wording(Vec<Finding>),
}

/// Carries parcels. Cheap to clone.
#[derive(Clone)]
pub struct Courier {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub post: Arc<dyn Post>,
    pub addresses: Arc<dyn AddressBook>,
    pub mail: Option<Arc<dyn MailChannel>>,
    pub core: Option<Arc<CoreBanking>>,
    pub push: Option<Arc<Push>>,
    pub clock: Arc<dyn Clock>,
    pub hours: Arc<dyn Hours>,
    pub dice: Arc<dyn Dice>,
    pub tally: Arc<dyn Tally>,
    pub mail_config: MailConfig,
    pub config: CourierConfig,
    pub renderer: Renderer,
    pub worker: String,
    local: Notify,
    outgoing: Notify,
    orders: Notify,
    pushes: Notify,
}

impl Inner {
    /// Name of the courier in leases.
    pub fn worker(&self) -> &str {
        &self.worker
    }
}

impl Courier {
    /// Checks the settings and parses the templates. Connects nowhere.
    pub fn new(parts: CourierParts) -> Result<Courier, StartError> {
        parts.config.check()?;
        let overrides = match &parts.mail_config.templates {
            Some(folder) => Overrides::read(folder).map_err(StartError::Wording)?,
            None => Overrides::default(),
        };
        let inner = Inner {
            post: parts.post,
            addresses: parts.addresses,
            mail: parts.mail,
            core: parts.core,
            push: parts.push,
            clock: parts.clock,
            hours: parts.hours,
            dice: parts.dice,
            tally: parts.tally,
            mail_config: parts.mail_config,
            config: parts.config,
            renderer: Renderer::with(&overrides)?,
            worker: parts.worker,
            local: Notify::new(),
            outgoing: Notify::new(),
            orders: Notify::new(),
            pushes: Notify::new(),
        };
        Ok(Courier { inner: Arc::new(inner) })
    }

    /// Tells the courier that a commit may have left parcels; without it they are found at the next poll.
    pub fn wake(&self) {
        self.inner.local.notify_one();
        self.inner.outgoing.notify_one();
        self.inner.orders.notify_one();
        self.inner.pushes.notify_one();
    }

    /// Carries until stopped. Then leases no more, gives what is in flight its grace, and settles what has ended.
    pub async fn run(&self, stop: CancellationToken) {
        let pushing = async {
            if self.inner.push.is_some() {
                self.lane(Lane::Push, &stop).await;
            }
        };
        tokio::join!(
            self.lane(Lane::Local, &stop),
            self.lane(Lane::Mail, &stop),
            self.lane(Lane::Core, &stop),
            pushing,
            self.digests(&stop)
        );
    }

    /// Carries what is due now and returns how many attempts that took. For the demo's start and for tests.
    pub async fn sweep(&self) -> Result<usize, PostError> {
        let mut attempts = 0;
        for lane in [Lane::Local, Lane::Mail, Lane::Core, Lane::Push] {
            attempts += Flight::new(&self.inner, lane).sweep().await?;
        }
        loop {
            match self.carry_digest().await? {
                0 => return Ok(attempts),
                carried => attempts += carried,
            }
        }
    }

    async fn lane(&self, lane: Lane, stop: &CancellationToken) {
        let inner = &self.inner;
        let wake = match lane {
            Lane::Local => &inner.local,
            Lane::Mail => &inner.outgoing,
            Lane::Core => &inner.orders,
            Lane::Push => &inner.pushes,
        };
        Flight::new(inner, lane).fly(wake, stop).await;
    }
}
