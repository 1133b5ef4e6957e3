//! Opening a database so that what is committed stays committed.

use crate::cache::Cache;
use crate::migration::Migrator;
use crate::read::Where;
use crate::sql::statement;
use crate::wall::{Within, enter};
use crate::write::looks::Looks;
use crate::write::queue::Queue;
use crate::{Result, StoreError, StoreOptions};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DatabaseTransaction,
    DbBackend, IsolationLevel, QueryResult, SqliteTransactionMode, TransactionOptions, TransactionTrait,
};
use sea_orm_migration::MigratorTrait;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// The database of one installation. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    /// One connection on SQLite, so that writers queue here and not at the file lock.
    pub write: DatabaseConnection,
    pub read: DatabaseConnection,
    /// What works for all banks, where it signs in as a role of its own.
    pub across: Option<DatabaseConnection>,
    pub backend: DbBackend,
    /// The coalescing writer, where there is one.
    pub queue: Option<Queue>,
    /// The same for the read log.
    pub looks: Option<Looks>,
    pub cache: Cache,
    /// Moves with every commit that left parcels.
    pub filled: watch::Sender<()>,
    /// Digest of the table that decides.
    pub table: String,
    pub options: StoreOptions,
}

impl Store {
    /// Opens `sqlite:PATH`, `sqlite::memory:` or `postgres://...`. Fails where the database cannot keep the store's promises.
    pub async fn open(url: &str, options: StoreOptions) -> Result<Store> {
        let (write, read) = if url.starts_with("sqlite") {
            open_sqlite(url, &options).await?
        } else {
            let pool = open_postgres(url, &options).await?;
            (pool.clone(), pool)
        };
        let across = match &options.across_url {
            Some(url) if !url.starts_with("sqlite") => Some(open_postgres(url, &options).await?),
            _ => None,
        };
        let backend = write.get_database_backend();
        let coalesce = !options.plain && options.batch > 1;
        let queue = coalesce.then(|| Queue::start(&write, backend, &options));
        let looks = coalesce.then(|| Looks::start(&write, backend, &options));
        let cache = Cache::new(options.cached_cases);
        Ok(Store {
            inner: Arc::new(Inner {
                write,
                read,
                across,
                backend,
                queue,
                looks,
                cache,
                filled: watch::Sender::new(()),
                table: crate::replay::digest_of(&options.table),
                options,
            }),
        })
    }

    /// Brings the schema up to date. Safe while others run.
    pub async fn migrate(&self) -> Result<()> {
        if self.backend() == DbBackend::Sqlite {
            return Ok(Migrator::up(&self.inner.write, None).await?);
        }
        // Nodes that start together take turns: the lock goes with the transaction.
        let tx = self.begin().await?;
        tx.execute_unprepared("SELECT pg_advisory_xact_lock(7305)").await?;
        Migrator::up(&tx, None).await?;
        Ok(tx.commit().await?)
    }

    /// Is the schema up to date? Needs no right to change it.
    pub async fn is_migrated(&self) -> Result<bool> {
        match Migrator::get_pending_migrations_read_only(&self.inner.read).await {
            Ok(pending) => Ok(pending.is_empty()),
            Err(error) if is_missing_table(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Is the database there?
    pub async fn ping(&self) -> Result<()> {
        Ok(self.inner.read.ping().await?)
    }

    /// Changes when a transition of this process has left parcels in the outbox: reason for its couriers to look.
    pub fn filled(&self) -> watch::Receiver<()> {
        self.inner.filled.subscribe()
    }

    /// The engine underneath.
    pub fn backend(&self) -> DbBackend {
        self.inner.backend
    }

    pub(crate) fn writer(&self) -> &DatabaseConnection {
        &self.inner.write
    }

    pub(crate) fn reader(&self) -> &DatabaseConnection {
        &self.inner.read
    }

    /// Writes for all banks.
    pub(crate) fn writer_across(&self) -> &DatabaseConnection {
        self.inner.across.as_ref().unwrap_or(&self.inner.write)
    }

    /// Reads of all banks.
    pub(crate) fn reader_across(&self) -> &DatabaseConnection {
        self.inner.across.as_ref().unwrap_or(&self.inner.read)
    }

    /// The rows of a scoped statement.
    pub(crate) async fn rows(&self, sql: String, w: Where) -> Result<Vec<QueryResult>> {
        let reader = if w.is_across() { self.reader_across() } else { self.reader() };
        Ok(reader.query_all_raw(statement(self.backend(), sql, w.into_values())).await?)
    }

    /// The row of a scoped statement, if there is one.
    pub(crate) async fn row(&self, sql: String, w: Where) -> Result<Option<QueryResult>> {
        let reader = if w.is_across() { self.reader_across() } else { self.reader() };
        Ok(reader.query_one_raw(statement(self.backend(), sql, w.into_values())).await?)
    }

    /// The row that a scoped statement wrote, or reads behind a write.
    pub(crate) async fn row_written(&self, sql: String, w: Where) -> Result<Option<QueryResult>> {
        let writer = if w.is_across() { self.writer_across() } else { self.writer() };
        Ok(writer.query_one_raw(statement(self.backend(), sql, w.into_values())).await?)
    }

    /// Runs a scoped change; true where it met a row.
    pub(crate) async fn touch(&self, sql: String, w: Where) -> Result<bool> {
        let writer = if w.is_across() { self.writer_across() } else { self.writer() };
        let done = writer.execute_raw(statement(self.backend(), sql, w.into_values())).await?;
        Ok(done.rows_affected() > 0)
    }

    /// May this store work for all banks? A role that row-level security binds to one bank would find nothing, silently. Errors: it
    /// may not.
    pub async fn assert_spans(&self) -> Result<()> {
        if self.backend() != DbBackend::Postgres {
            return Ok(());
        }
        let sql = "SELECT r.rolsuper OR r.rolbypassrls OR EXISTS (SELECT FROM pg_policies p WHERE \
             p.schemaname = current_schema() AND p.tablename = 'application' AND p.policyname = 'across' AND \
             ('public' = ANY (p.roles) OR r.rolname = ANY (p.roles))) FROM pg_roles r WHERE r.rolname = current_user";
        let row = self.reader_across().query_one_raw(statement(self.backend(), sql, vec![])).await?;
        if row.map(|row| row.try_get_by_index::<bool>(0)).transpose()?.unwrap_or_default() {
            return Ok(());
        }
        Err(StoreError::BoundToOneBank)
    }

    /// A transaction that sees one moment of the database, of all banks, and changes nothing.
    pub(crate) async fn snapshot(&self) -> Result<DatabaseTransaction> {
        let options = match self.backend() {
            // Readers of the write-ahead log keep the moment of their first statement.
            DbBackend::Sqlite => TransactionOptions::default(),
            _ => TransactionOptions {
                isolation_level: Some(IsolationLevel::RepeatableRead),
                access_mode: Some(AccessMode::ReadOnly),
                ..Default::default()
            },
        };
        let moment = self.reader_across().begin_with_options(options).await?;
        enter(&moment, Within::Across).await?;
        Ok(moment)
    }

    /// A transaction that owns the file from its start on SQLite: a deferred one that reads and then writes fails at once.
    pub(crate) async fn begin(&self) -> Result<DatabaseTransaction> {
        self.begin_on(self.writer()).await
    }

    /// The same for all banks.
    pub(crate) async fn begin_across(&self) -> Result<DatabaseTransaction> {
        self.begin_on(self.writer_across()).await
    }

    async fn begin_on(&self, connection: &DatabaseConnection) -> Result<DatabaseTransaction> {
        let mode = (self.backend() == DbBackend::Sqlite).then_some(SqliteTransactionMode::Immediate);
        let options = TransactionOptions { sqlite_transaction_mode: mode, ..Default::default() };
        Ok(connection.begin_with_options(options).await?)
    }
}

fn is_missing_table(error: &sea_orm::DbErr) -> bool {
    let text = error.to_string();
    text.contains("no such table") || text.contains("does not exist") || text.contains("doesn't exist")
}

fn common(url: &str, options: &StoreOptions) -> ConnectOptions {
    let mut connect = ConnectOptions::new(url);
    connect.acquire_timeout(options.acquire_timeout);
    // The pool's own maintenance loops once for each idle connection by a counter that can wrap below nought for a moment (a
    // connection is put back before it is counted): read then, the loop never ends and keeps a processor. Without limits of age there
    // is no maintenance; connections that idled are tested before use.
    connect.idle_timeout(None::<Duration>).max_lifetime(None::<Duration>);
    // SQL text names columns of people: it belongs neither in traces nor in logs.
    connect.sqlx_logging(false).record_stmt_in_spans(false);
    connect
}

async fn open_postgres(url: &str, options: &StoreOptions) -> Result<DatabaseConnection> {
    let mut connect = common(url, options);
    connect.max_connections(options.connections).min_connections(options.connections.min(2));
    connect.statement_timeout(options.statement_timeout);
    // A ping before each checkout is one more round trip: only connections that idled are tested.
    connect.test_before_acquire(false).test_before_acquire_if_idle_for(Duration::from_secs(30));
    Ok(watched(Database::connect(connect).await?, options))
}

/// Tells the hook of each statement, where there is one.
fn watched(mut connection: DatabaseConnection, options: &StoreOptions) -> DatabaseConnection {
    if let Some(hook) = options.statements.clone() {
        connection.set_metric_callback(move |info| hook(info.elapsed, info.failed));
    }
    connection
}

async fn open_sqlite(url: &str, options: &StoreOptions) -> Result<(DatabaseConnection, DatabaseConnection)> {
    let memory = url.contains(":memory:");
    let pool = |connections: u32| {
        let mut connect = common(url, options);
        // A memory database lives in its one connection, which is never closed for its age.
        connect.max_connections(connections).min_connections(1).test_before_acquire(false);
        let busy = options.busy_timeout;
        connect.map_sqlx_sqlite_opts(move |o| {
            let o = o.create_if_missing(true).foreign_keys(true).busy_timeout(busy);
            let o = o.synchronous(sqlx::sqlite::SqliteSynchronous::Full).statement_cache_capacity(256);
            if memory { o } else { o.journal_mode(sqlx::sqlite::SqliteJournalMode::Wal) }
        });
        Database::connect(connect)
    };
    let write = watched(pool(1).await?, options);
    assert_safe(&write, memory).await?;
    let read = if memory { write.clone() } else { watched(pool(options.connections.max(1)).await?, options) };
    Ok((write, read))
}

/// The promises that an audit log rests on, asked of the database rather than assumed.
async fn assert_safe(connection: &DatabaseConnection, memory: bool) -> Result<()> {
    let pragma = async |name: &str| -> Result<String> {
        let statement = crate::sql::statement(DbBackend::Sqlite, format!("PRAGMA {name}"), vec![]);
        let row = connection.query_one_raw(statement).await?;
        let Some(row) = row else { return Ok(String::new()) };
        Ok(row
            .try_get_by_index::<i64>(0)
            .map(|n| n.to_string())
            .or_else(|_| row.try_get_by_index::<String>(0))?)
    };
    let wanted = [("synchronous", "2"), ("foreign_keys", "1"), ("journal_mode", "wal")];
    for (name, value) in wanted {
        let found = pragma(name).await?;
        if found != value && !(memory && name == "journal_mode") {
            return Err(StoreError::Unsafe(format!("PRAGMA {name} is {found}, must be {value}")));
        }
    }
    Ok(())
}
