//! What the counter is made of: the store, who may come in, the clock, the limits.

use crate::auth::{DevIssuer, Gate, Provider};
use crate::documents::Documents;
use crate::graphql::cost::Most;
use crate::graphql::lex::Size;
use crate::graphql::persisted::Persisted;
use crate::graphql::{Hub, Schemas};
use crate::http::keeper::Keeper;
use crate::http::rate::{EVERY, Rates};
use crate::http::replay::Replays;
use crate::live::LiveRules;
use async_graphql::dynamic::SchemaError;
use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use std::net::IpAddr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::sync::Semaphore;
use workflows::machine::Table;

/// The one clock that everything asks.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> DateTime<Utc>;
}

/// The real clock.
#[derive(Copy, Clone, Debug, Default)]
pub struct RealClock;

impl Clock for RealClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Limits of the endpoint.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Largest request body in bytes.
    pub body: usize,
    /// Time for a request head, and for a body, to arrive.
    pub head_time: Duration,
    pub body_time: Duration,
    /// Time for an operation.
    pub execution: Duration,
    /// How long a repeat waits for the answer of the process that executed.
    pub repeat: Duration,
    /// What a document may hold before it is parsed, and what it may cost after.
    pub document: Size,
    pub cost: Most,
    /// Cost that one caller, and one bank, may spend in a minute.
    pub cost_per_minute: u64,
    pub bank_cost_per_minute: u64,
    /// Cost that all callers behind one address may spend in a minute; a refused sign-in costs too.
    pub address_cost_per_minute: u64,
    /// Whether callers may introspect their role's part of the schema.
    pub introspection: bool,
    /// WebSocket: time until `connection_init`, streams of one socket, sockets of this process.
    pub init: Duration,
    /// Time that a reader of a socket has to take a message.
    pub slow: Duration,
    pub streams: usize,
    pub sockets: usize,
    /// Open connections of this process.
    pub connections: usize,
    /// How long a date may be over although its action was tried, before that is an incident.
    pub overdue: chrono::TimeDelta,
    /// The stream to which events are published, where there is one: what waits for it is an incident.
    pub stream: Option<String>,
    /// Days after which a half-filled application that nobody has saved again is erased.
    pub draft_days: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 256 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(15),
            execution: Duration::from_secs(5),
            repeat: Duration::from_secs(1),
            document: Size { bytes: 64 * 1024, tokens: 2_000, brackets: 40 },
            cost: Most::default(),
            cost_per_minute: 100_000,
            bank_cost_per_minute: 5_000_000,
            address_cost_per_minute: 1_000_000,
            introspection: false,
            init: Duration::from_secs(5),
            slow: Duration::from_secs(10),
            streams: 20,
            sockets: 10_000,
            connections: 10_000,
            overdue: chrono::TimeDelta::hours(1),
            stream: None,
            draft_days: 30,
        }
    }
}

/// The parts that the binary hands over; [`crate::router`] builds the counter from them.
pub struct Service {
    pub store: db::Store,
    /// The lending rules and the table, as the store decides by them: for the actions that are offered and explained.
    pub rules: Arc<LiveRules>,
    pub table: Arc<Table>,
    /// Lets callers in.
    pub auth: Arc<Gate>,
    /// Where people sign in; without it, and without a demo, machines alone come in.
    pub provider: Option<Provider>,
    pub clock: Arc<dyn Clock>,
    pub limits: Limits,
    /// Origins of browsers that may send with a session and open WebSockets, such as `https://loans.example.jp`.
    pub origins: Vec<String>,
    /// Origins whose pages may read answers; none by default.
    pub cors: Vec<String>,
    /// Proxies in front of the service, whose word on a caller's address counts.
    pub proxies: Vec<IpAddr>,
    /// Sets letters as PDF; without it none are offered.
    pub letters: Option<crate::letters::Press>,
    /// What notices say, for whoever looks beforehand.
    pub notices: crate::graphql::Wording,
    /// Operations that were registered beforehand.
    pub persisted: Persisted,
    /// Where webhooks go, and who sends some.
    pub hooks: crate::hooks::Hooks,
    /// Only under the demo: `/auth/token`, `/auth/users`, its users at `/auth/login`, `/graphiql`.
    pub demo: Option<DevIssuer>,
    /// Where files of cases lie; without it none are taken in or handed out.
    pub documents: Option<Arc<Documents>>,
    /// What `/metrics` prints.
    pub metrics: Option<PrometheusHandle>,
}

/// A service that is ready to answer.
pub struct Counter {
    pub(crate) service: Service,
    pub(crate) schemas: Schemas,
    pub(crate) rates: Rates,
    pub(crate) replays: Replays,
    pub(crate) keeper: Keeper,
    levelling: OnceLock<()>,
    pub(crate) hub: Hub,
    pub(crate) sockets: Arc<Semaphore>,
    /// Whom everybody is taken for, with nothing written down: only where a benchmark measures what that leaves out.
    #[cfg(feature = "bypass")]
    pub(crate) bypass: Option<workflows::machine::Actor>,
}

impl Counter {
    /// Builds the schemas. Errors: they do not fit together, which a test rules out.
    pub(crate) fn new(service: Service) -> Result<Self, SchemaError> {
        let schemas = Schemas::build(service.limits.introspection)?;
        let sockets = Arc::new(Semaphore::new(service.limits.sockets));
        let (rates, replays, hub) = (Rates::default(), Replays::default(), Hub::default());
        let (keeper, levelling) = (Keeper::default(), OnceLock::new());
        Ok(Counter {
            service,
            schemas,
            rates,
            replays,
            keeper,
            levelling,
            hub,
            sockets,
            #[cfg(feature = "bypass")]
            bypass: None,
        })
    }

    /// Levels what callers have spent with the other processes, from the first request on and as long as the counter lives.
    pub(crate) fn keep_level(self: &Arc<Self>) {
        if !self.service.store.shares_spending() {
            return;
        }
        self.levelling.get_or_init(|| {
            let counter = Arc::downgrade(self);
            tokio::spawn(async move {
                loop {
                    tokio::time::sleep(EVERY).await;
                    let Some(counter) = counter.upgrade() else { return };
                    counter.rates.level(&counter.service.store).await;
                }
            });
        });
    }

    /// The database answers and its schema is up to date.
    pub(crate) async fn is_ready(&self) -> bool {
        let asked = tokio::time::timeout(Duration::from_secs(2), self.service.store.is_migrated()).await;
        matches!(asked, Ok(Ok(true)))
    }
}
