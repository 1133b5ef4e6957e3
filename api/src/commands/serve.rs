//! `yushi serve`, `yushi work`, `yushi migrate`: what runs in production.

use std::sync::Arc;

use tokio::net::TcpListener;

use super::{Done, Failure, place, sign_in};
use crate::cli::{DatabaseArgs, ServeArgs, WorkArgs};
use crate::config::{ApiLimits, Config, ConfigProblems, Flags, Letters, load};
use crate::couriers;
use crate::graphql::persisted::Persisted;
use crate::letters::Press;
use crate::live::LiveRules;
use crate::node::{self, Node, configuration};
use crate::outside::Sources;
use crate::service::{RealClock, Service};

fn loaded(flags: &Flags, check: fn(&Config) -> Result<(), ConfigProblems>) -> Result<Config, Failure> {
    checked(load(flags, std::env::vars()).map_err(|problems| configuration(&problems))?, check)
}

fn checked(config: Config, check: fn(&Config) -> Result<(), ConfigProblems>) -> Result<Config, Failure> {
    check(&config).map_err(|problems| configuration(&problems))?;
    node::log(&config);
    Ok(config)
}

fn outside(config: &Config) -> Result<Sources, Failure> {
    Sources::open(config.worker.watch_list.as_deref(), config.worker.bureau.as_deref())
        .map_err(|error| Failure::usage("照合リストまたは信用情報ファイルを読めません。", error.to_string()))
}

/// Serves until told to stop.
pub async fn serve(args: &ServeArgs) -> Done {
    let flags =
        Flags { config: args.config.clone(), listen: args.listen, database_url: args.database_url.clone() };
    let persisted_only = args.persisted_only;
    let mut config = load(&flags, std::env::vars()).map_err(|problems| configuration(&problems))?;
    config.limits.persisted_only |= persisted_only;
    let config = checked(config, Config::check_serve)?;
    let stop = node::stop_signal();
    let node = Node::open(config, Arc::new(RealClock)).await?;
    let (auth, provider) = sign_in::open(&node, &stop).await?;
    let listener = TcpListener::bind(node.config.listen).await.map_err(|error| {
        let at = node.config.listen;
        Failure::usage(
            format!("{at}: このアドレスで待ち受けできません。"),
            format!("{at}: cannot listen there: {error}"),
        )
    })?;
    let mut tasks = vec![node.follow_rates(&stop)];
    if !args.no_work {
        crate::events::check(&node.config.events.nats).await?;
        tasks.extend(node.work(outside(&node.config)?, &couriers::addresses(&node.config.mail), &stop)?);
    }
    let service = Service {
        store: node.store.clone(),
        rules: node.live.clone(),
        table: Arc::new(workflows::machine::Table::default()),
        auth,
        provider,
        clock: node.clock.clone(),
        limits: node.limits(),
        origins: node.config.public_url.iter().map(|url| url.trim_end_matches('/').to_owned()).collect(),
        cors: node.config.cors_origins.clone(),
        proxies: node.config.trusted_proxies.clone(),
        letters: press(&node.config.letters).await?,
        notices: crate::couriers::wording(&node)?,
        persisted: registered(&node.config.limits)?,
        hooks: crate::hooks::Hooks::of(&node.config.webhooks, &node.config.mail.hook_keys)?,
        demo: None,
        documents: node.documents.clone(),
        metrics: recorder(),
    };
    let router = crate::router(service).map_err(|error| {
        Failure::outside("APIを組み立てられません。", format!("the API cannot be built: {error}"))
    })?;
    tracing::info!(listen = %node.config.listen, "serving");
    let served = crate::serve(listener, router, &node.limits(), stop.clone().cancelled_owned()).await;
    stop.cancel();
    node::end(tasks).await;
    served.map_err(|error| {
        Failure::outside("待ち受けが失われました。", format!("the listener is lost: {error}"))
    })
}

/// Where letters are set. Errors: the program, its fonts or its format do not fit: better now than at the first letter.
async fn press(letters: &Letters) -> Result<Option<Press>, Failure> {
    let Some(settings) = letters.settings() else { return Ok(None) };
    let press = Press::new(settings);
    press.check().await.map_err(|error| {
        Failure::usage(
            format!("letters.program: 書面を作成するプログラムを使えません。{error}"),
            format!("letters.program: {error}"),
        )
    })?;
    Ok(Some(press))
}

/// The operations of the configured file. Errors: it cannot be read, or a line of it cannot stand.
fn registered(limits: &ApiLimits) -> Result<Persisted, Failure> {
    let Some(file) = &limits.operations else { return Ok(Persisted::default()) };
    let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, &error))?;
    Persisted::read(&text, limits.persisted_only).map_err(|problems| {
        Failure::usage(
            format!("limits.operations: {}件の誤りがあります。\n{}", problems.len(), problems.join("\n")),
            format!("limits.operations: {} problem(s), listed above", problems.len()),
        )
    })
}

/// Couriers and deadlines until told to stop.
pub async fn work(args: &WorkArgs) -> Done {
    let flags = Flags { config: args.config.clone(), listen: None, database_url: args.database_url.clone() };
    let config = loaded(&flags, Config::check_work)?;
    let stop = node::stop_signal();
    let node = Node::open(config, Arc::new(RealClock)).await?;
    crate::events::check(&node.config.events.nats).await?;
    let mut tasks = node.work(outside(&node.config)?, &couriers::addresses(&node.config.mail), &stop)?;
    tasks.push(node.follow_rates(&stop));
    tracing::info!("working");
    stop.cancelled().await;
    node::end(tasks).await;
    Ok(())
}

/// Brings the schema up to date.
pub async fn migrate(args: &DatabaseArgs) -> Done {
    let flags = Flags { config: args.config.clone(), listen: None, database_url: args.database_url.clone() };
    let mut config = loaded(&flags, |config| config.database().map(|_| ()))?;
    // A schema is made without reading anything.
    config.vault = crate::config::Vault::default();
    let url = config.database().map_err(|problems| configuration(&problems))?;
    let options =
        node::store_options(&Arc::new(LiveRules::new(Arc::new(place::sample_rules()?))), &config, None)?;
    let store = db::Store::open(url.expose(), options).await.map_err(|error| place::database(&error))?;
    store.migrate().await.map_err(|error| place::database(&error))?;
    super::say("スキーマは最新です。 / The schema is up to date.")
}

/// What `/metrics` prints; `None` where a recorder is installed already.
pub fn recorder() -> Option<metrics_exporter_prometheus::PrometheusHandle> {
    metrics_exporter_prometheus::PrometheusBuilder::new().install_recorder().ok()
}
