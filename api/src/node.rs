//! A running process: the store, the clock, and the work that it does beside answering.

use std::sync::Arc;
use std::time::Duration;

use db::{Failpoint as StorePoint, Store, StoreOptions};
use notifications::address::Patterns;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use workflows::machine::{Rulebook, Table};

use crate::commands::{Failure, place};
use crate::config::{Config, LogFormat};
use crate::documents::Documents;
use crate::documents::desk::Desk;
use crate::failpoint::{Failpoint, Point};
use crate::graphql::cost::Most;
use crate::live::LiveRules;
use crate::outside::Sources;
use crate::sealer::Sealer;
use crate::service::{Clock, Limits};
use crate::tally;
use crate::worker::{Worker, node_name};

/// What every long-running command is made of.
pub struct Node {
    pub store: Store,
    pub rules: Arc<Rulebook>,
    /// The same with the rates that the banks entered: what everything decides by.
    pub live: Arc<LiveRules>,
    pub clock: Arc<dyn Clock>,
    pub config: Config,
    pub failpoint: Option<Arc<Failpoint>>,
    /// Where files of cases lie.
    pub documents: Option<Arc<Documents>>,
}

/// The options of a store under a configuration, with an armed crash where there is one.
///
/// Errors: a key of the vault cannot be read.
pub fn store_options(
    rules: &Arc<LiveRules>,
    config: &Config,
    failpoint: Option<&Arc<Failpoint>>,
) -> Result<StoreOptions, Failure> {
    let mut options = StoreOptions::new(rules.clone());
    options.connections = config.database_connections;
    options.vault = place::vault_of(&config.vault)?;
    options.quiet_hours = config.notices.quiet_hours;
    options.across_url = config.database_across_url.as_ref().map(|url| url.expose().to_owned());
    options.statements = Some(tally::hook());
    options.failpoint = failpoint.cloned().map(|armed| -> db::FailpointHook {
        Arc::new(move |point| {
            armed.pass(match point {
                StorePoint::BeforeCommit => Point::BeforeCommit,
                StorePoint::AfterCommit => Point::AfterCommit,
            });
        })
    });
    Ok(options)
}

/// The crash that the environment asks for. Errors: its text means nothing.
pub fn failpoint(demo: bool) -> Result<Option<Arc<Failpoint>>, Failure> {
    let armed = Failpoint::armed(demo)
        .map_err(|error| Failure::usage("YUSHI_FAILPOINT の値が正しくありません。", error.to_string()))?;
    Ok(armed.map(Arc::new))
}

impl Node {
    /// Opens the store of a checked configuration. Errors: files, the database, an old schema.
    pub async fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, Failure> {
        let url = config.database().map_err(|problems| configuration(&problems))?.clone();
        let rules = Arc::new(place::rules_of(&config.books, &config.institutions)?);
        let banks = rules.books.banks().count();
        if crate::config::is_sqlite(url.expose()) && banks > 1 {
            return Err(Failure::usage(
                format!(
                    "SQLiteでは1金庫のみ運用できます（設定は{banks}金庫）。institutions で1金庫を指定するか、PostgreSQLを使ってください。"
                ),
                format!(
                    "SQLite serves one bank in production, and the parameters have {banks}: set `institutions` to one, or use PostgreSQL"
                ),
            ));
        }
        let failpoint = failpoint(false)?;
        let live = Arc::new(LiveRules::new(rules.clone()));
        let store = place::connect(url.expose(), store_options(&live, &config, failpoint.as_ref())?).await?;
        if crate::config::is_sqlite(url.expose()) {
            place::of_one_bank(&store, &rules).await?;
        }
        store.assert_keys().await.map_err(|error| place::database(&error))?;
        live.refresh(&store).await.map_err(|error| place::database(&error))?;
        let documents = place::documents_of(&config.documents)?;
        Ok(Self { store, rules, live, clock, config, failpoint, documents })
    }

    /// Starts deadlines, couriers and checkpoints. They end after `stop`.
    pub fn work(
        &self,
        outside: Sources,
        addresses: &Patterns,
        stop: &CancellationToken,
    ) -> Result<Vec<JoinHandle<()>>, Failure> {
        let outside = Arc::new(outside);
        let worker = Worker {
            store: self.store.clone(),
            rules: self.live.clone(),
            table: Arc::new(Table::default()),
            clock: self.clock.clone(),
            outside: outside.clone(),
            settings: self.config.worker.clone(),
            stream: self.config.events.nats.published_to().map(str::to_owned),
            name: node_name(self.clock.now()),
        };
        let stopped = stop.clone();
        let deadlines = tokio::spawn(async move { worker.run(stopped).await });
        let stopped = stop.clone();
        let lists = tokio::spawn(async move { refresh(&outside, &stopped).await });
        let mut tasks = crate::couriers::start(self, addresses, stop)?;
        tasks.extend(crate::hooks::start(self, stop)?);
        tasks.extend(crate::events::start(self, stop)?);
        tasks.extend([deadlines, lists]);
        if let Some(documents) = self.documents.clone() {
            let desk = Desk { store: self.store.clone(), documents, clock: self.clock.clone() };
            let stopped = stop.clone();
            tasks.push(tokio::spawn(async move { desk.run(&stopped).await }));
        }
        if let Some(sealer) = Sealer::open(&self.store, &self.clock, &self.config.evidence)? {
            // What the others commit at their end is sealed as well.
            let (others, stopped) = (std::mem::take(&mut tasks), stop.clone());
            tasks.push(tokio::spawn(async move {
                sealer.run(&stopped).await;
                futures::future::join_all(others).await;
                sealer.seal(1).await;
            }));
        }
        Ok(tasks)
    }

    /// Keeps the rates of this process those of the store until told to stop.
    pub fn follow_rates(&self, stop: &CancellationToken) -> JoinHandle<()> {
        let (live, store, stop) = (self.live.clone(), self.store.clone(), stop.clone());
        tokio::spawn(async move { live.keep(&store, &stop).await })
    }

    /// The limits of the API.
    pub fn limits(&self) -> Limits {
        let set = &self.config.limits;
        let limits = Limits::default();
        Limits {
            body: set.body_bytes,
            execution: Duration::from_secs(set.seconds),
            cost: Most { cost: u64::from(set.cost), depth: set.depth, ..limits.cost },
            cost_per_minute: set.cost_per_minute,
            bank_cost_per_minute: set.bank_cost_per_minute,
            address_cost_per_minute: set.address_cost_per_minute,
            introspection: set.introspection,
            overdue: chrono::TimeDelta::minutes(i64::from(self.config.worker.overdue_minutes)),
            stream: self.config.events.nats.published_to().map(str::to_owned),
            draft_days: self.config.worker.draft_days,
            ..limits
        }
    }
}

/// Looks for a new watch list every half minute.
async fn refresh(outside: &Arc<Sources>, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(Duration::from_secs(30)) => {}
        }
        let outside = outside.clone();
        let _ = tokio::task::spawn_blocking(move || outside.refresh()).await;
    }
}

/// Waits for what was started, at most so long that a supervisor does not lose its patience.
pub async fn end(tasks: Vec<JoinHandle<()>>) {
    let all = futures::future::join_all(tasks);
    if tokio::time::timeout(Duration::from_secs(20), all).await.is_err() {
        tracing::warn!("work was cut off; its leases end by themselves");
    }
}

/// Cancelled at Ctrl-C or when a supervisor asks to end. A second signal ends the process at once.
pub fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let stopped = stop.clone();
    tokio::spawn(async move {
        signal().await;
        tracing::info!("stopping");
        stopped.cancel();
        signal().await;
        std::process::exit(130);
    });
    stop
}

async fn signal() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Logs to standard error. A second call changes nothing.
pub fn log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_new(&config.log.filter).unwrap_or_default();
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    let builder = builder.with_ansi(std::io::IsTerminal::is_terminal(&std::io::stderr()));
    let _ = match config.log.format {
        LogFormat::Text => builder.try_init(),
        LogFormat::Json => builder.json().try_init(),
    };
}

/// A configuration that cannot be used, with everything that is wrong with it.
pub fn configuration(problems: &crate::config::ConfigProblems) -> Failure {
    let count = problems.0.len();
    Failure::usage(
        format!("設定に{count}件の誤りがあります。\n{problems}"),
        format!("the configuration has {count} problem(s), listed above; see `yushi schema config`"),
    )
}
