//! What the counter is made of: the store, who may come in, the clock, the limits.

use crate::auth::{Authenticator, DevIssuer};
use crate::graphql::cost::Most;
use crate::graphql::lex::Size;
use crate::graphql::{Hub, Schemas};
use crate::http::rate::Rates;
use crate::http::replay::Replays;
use crate::live::LiveRules;
use async_graphql::dynamic::SchemaError;
use chrono::{DateTime, Utc};
use metrics_exporter_prometheus::PrometheusHandle;
use std::sync::Arc;
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
    /// What a document may hold before it is parsed, and what it may cost after.
    pub document: Size,
    pub cost: Most,
    /// Cost that one caller, and one bank, may spend in a minute.
    pub cost_per_minute: u64,
    pub bank_cost_per_minute: u64,
    /// Whether callers may introspect their role's part of the schema.
    pub introspection: bool,
    /// WebSocket: time until `connection_init`, streams of one socket, sockets of this process.
    pub init: Duration,
    pub streams: usize,
    pub sockets: usize,
    /// Open connections of this process.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            body: 256 * 1024,
            head_time: Duration::from_secs(10),
            body_time: Duration::from_secs(15),
            execution: Duration::from_secs(5),
            document: Size { bytes: 64 * 1024, tokens: 2_000, brackets: 40 },
            cost: Most::default(),
            cost_per_minute: 100_000,
            bank_cost_per_minute: 5_000_000,
            introspection: false,
            init: Duration::from_secs(5),
            streams: 20,
            sockets: 10_000,
            connections: 10_000,
        }
    }
}

/// The parts that the binary hands over; [`crate::router`] builds the counter from them.
pub struct Service {
    pub store: db::Store,
    /// The lending rules and the table, as the store decides by them: for the actions that are offered and explained.
    pub rules: Arc<LiveRules>,
    pub table: Arc<Table>,
    pub auth: Authenticator,
    pub clock: Arc<dyn Clock>,
    pub limits: Limits,
    /// Origins of browsers that may open WebSockets, such as `https://loans.example.jp`.
    pub origins: Vec<String>,
    /// Only under the demo: `/auth/token`, `/auth/users`, `/graphiql`.
    pub demo: Option<DevIssuer>,
    /// What `/metrics` prints.
    pub metrics: Option<PrometheusHandle>,
}

/// A service that is ready to answer.
pub struct Counter {
    pub(crate) service: Service,
    pub(crate) schemas: Schemas,
    pub(crate) rates: Rates,
    pub(crate) replays: Replays,
    pub(crate) hub: Hub,
    pub(crate) sockets: Arc<Semaphore>,
}

impl Counter {
    /// Builds the schemas. Errors: they do not fit together, which a test rules out.
    pub(crate) fn new(service: Service) -> Result<Self, SchemaError> {
        let schemas = Schemas::build(service.limits.introspection)?;
        let sockets = Arc::new(Semaphore::new(service.limits.sockets));
        let (rates, replays, hub) = (Rates::default(), Replays::default(), Hub::default());
        Ok(Counter { service, schemas, rates, replays, hub, sockets })
    }

    /// The database answers and its schema is up to date.
    pub(crate) async fn is_ready(&self) -> bool {
        let asked = tokio::time::timeout(Duration::from_secs(2), self.service.store.is_migrated()).await;
        matches!(asked, Ok(Ok(true)))
    }
}
