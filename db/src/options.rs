//! How a store is opened.

use crate::replay::Versioned;
use crate::vault::Vault;
use std::sync::Arc;
use std::time::Duration;
use workflows::machine::Table;

/// Moments at which a crash is most instructive.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Failpoint {
    /// Everything is written, nothing is durable.
    BeforeCommit,
    /// Everything is durable, nobody has been told.
    AfterCommit,
}

/// Called at each failpoint; tests and `YUSHI_FAILPOINT` end the process in it.
pub type FailpointHook = Arc<dyn Fn(Failpoint) + Send + Sync>;

/// Called after each statement with the time it took and whether it failed: for metrics.
pub type StatementHook = Arc<dyn Fn(Duration, bool) + Send + Sync>;

/// How a store is opened.
#[derive(Clone)]
pub struct StoreOptions {
    /// The lending rules that `decide` asks.
    pub rules: Arc<dyn Versioned + Send + Sync>,
    /// The table of the machine.
    pub table: Arc<Table>,
    /// Connections for reading (SQLite) or for everything (PostgreSQL).
    pub connections: u32,
    /// PostgreSQL: address as a role that may work for all banks, where that of the store may not. Couriers, clocks, verification,
    /// and partners of several banks use it.
    pub across_url: Option<String>,
    /// How long to wait for a connection.
    pub acquire_timeout: Duration,
    /// PostgreSQL: no statement runs longer.
    pub statement_timeout: Duration,
    /// SQLite: how long a lock is waited for.
    pub busy_timeout: Duration,
    /// Transitions of different applications that one transaction commits together at most. 1 switches coalescing off.
    pub batch: usize,
    /// PostgreSQL: writers that commit batches side by side. Each application belongs to one of them.
    pub lanes: usize,
    /// Cases held in memory between commands. 0 holds none.
    pub cached_cases: usize,
    /// Injected crash.
    pub failpoint: Option<FailpointHook>,
    /// Told of every statement.
    pub statements: Option<StatementHook>,
    /// What seals the content of cases. Without it new content is stored in clear, and sealed content cannot be read.
    pub vault: Option<Arc<Vault>>,
    /// Mails to customers wait for the day: 08:00 to 20:00 in Tokyo, when their branch is open; urgent ones do not.
    pub quiet_hours: bool,
    /// Write through sea-orm entities, one statement a row: the reference that tests compare the fast paths with.
    pub plain: bool,
}

impl StoreOptions {
    /// The defaults, with these rules and the table of the specification.
    pub fn new(rules: Arc<dyn Versioned + Send + Sync>) -> Self {
        StoreOptions {
            rules,
            table: Arc::new(Table::default()),
            connections: 16,
            across_url: None,
            acquire_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_secs(4),
            busy_timeout: Duration::from_secs(5),
            batch: 64,
            lanes: 2,
            cached_cases: 256,
            failpoint: None,
            statements: None,
            vault: None,
            quiet_hours: false,
            plain: false,
        }
    }

    pub(crate) fn hit(&self, point: Failpoint) {
        if let Some(hook) = &self.failpoint {
            hook(point);
        }
    }
}

impl std::fmt::Debug for StoreOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("StoreOptions")
            .field("connections", &self.connections)
            .field("batch", &self.batch)
            .field("plain", &self.plain)
            .finish_non_exhaustive()
    }
}
