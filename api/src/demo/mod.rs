//! `yushi demo`: a complete bank for trying out, in one process and one folder.

pub mod clients;
pub mod clock;

use std::fs::File;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use db::Scope;
use db::read::Filter;
use notifications::address::Patterns;
use serde_json::json;
use simulate::Mode;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use workflows::account::Account;
use workflows::machine::{Actor, Role, Table};

use crate::auth::cookie::Cookies;
use crate::auth::{Authenticator, DevIssuer, Gate, GateSettings};
use crate::cli::DemoArgs;
use crate::clock::DemoClock;
use crate::commands::place::{self, Note};
use crate::commands::{Done, Failure, say, simulate as simulation};
use crate::config::{
    ApiLimits, Config, Courier, Documents, Evidence, Flags, Log, Mail, MailBy, Notices, Secret, Vault,
    Worker, load,
};
use crate::live::LiveRules;
use crate::node::{self, Node};
use crate::outside::Sources;
use crate::service::{RealClock, Service};

/// So slowly that one can watch: a case takes a minute or two, all of them some time longer.
const PACE: Duration = Duration::from_secs(2);
/// The simulated parties behave alike in every demo.
const SEED: u64 = 1;
/// Somebody on the demo's watch list, so that a match can be seen.
const WATCHED: &str = "{\"name_kana\":\"シケン　タロウ\"}\n";

/// Runs until told to stop.
pub async fn run(args: &DemoArgs) -> Done {
    let config = config(args)?;
    node::log(&config);
    let stop = node::stop_signal();
    let folder = &args.data;
    std::fs::create_dir_all(folder).map_err(|error| Failure::file(folder, &error))?;
    let _lock = lock(folder)?;
    place::make_keys(folder)?;
    let listener = TcpListener::bind(args.listen).await.map_err(|error| {
        let at = args.listen;
        Failure::usage(
            format!("{at}: このアドレスで待ち受けできません。--listen で別のポートを指定してください。"),
            format!("{at}: cannot listen there ({error}); choose another with --listen"),
        )
    })?;
    let address = listener.local_addr().map_err(|error| Failure::file(folder, &error))?;
    let clock = Arc::new(DemoClock::at(clock::start(folder, args.clock)));
    let node = open(args, config, &clock).await?;
    let issuer = issuer(folder, &node)?;
    let auth = issuer.authenticator().map_err(|error| Failure::file(folder, &error))?;
    let sources = watch_list(folder)?;
    let mut tasks = node.work(sources, &Patterns::demo(), &stop)?;
    tasks.push(keeper(&clock, folder, &stop));
    tasks.push(node.follow_rates(&stop));
    let url = format!("http://{address}");
    let service = Service {
        store: node.store.clone(),
        rules: node.live.clone(),
        table: Arc::new(Table::default()),
        auth: gate(&node, &issuer, auth.clone()).await?,
        provider: None,
        clock: clock.clone(),
        limits: node.limits(),
        origins: vec![url.clone(), format!("http://localhost:{}", address.port())],
        cors: vec![],
        proxies: vec![],
        letters: None,
        notices: crate::couriers::wording(&node)?,
        persisted: crate::graphql::persisted::Persisted::default(),
        hooks: crate::hooks::Hooks::of(&node.config.webhooks, &node.config.mail.hook_keys)?,
        demo: Some(issuer),
        documents: node.documents.clone(),
        metrics: crate::commands::serve::recorder(),
    };
    let router = crate::router(service)
        .map_err(|error| {
            Failure::outside("APIを組み立てられません。", format!("the API cannot be built: {error}"))
        })?
        .merge(clock::routes(clock.clone(), auth, folder));
    tell(args, &url, &clock)?;
    let parties = partners(args, &node, &url).await?;
    let served = crate::serve(listener, router, &node.limits(), stop.clone().cancelled_owned()).await;
    stop.cancel();
    parties.iter().for_each(JoinHandle::abort);
    node::end(tasks).await;
    clock::keep(folder, clock.now());
    served.map_err(|error| {
        Failure::outside("待ち受けが失われました。", format!("the listener is lost: {error}"))
    })
}

/// The demo's configuration. Errors: the environment holds that of a bank, or the address is open to others.
fn config(args: &DemoArgs) -> Result<Config, Failure> {
    let of_a_bank = load(&Flags::default(), std::env::vars()).map(|config| {
        let Config { public_url, auth, .. } = config;
        public_url.is_some() || auth.issuer.is_some() || auth.jwks.is_some()
    });
    if of_a_bank.unwrap_or(true) {
        return Err(Failure::usage(
            "本番用の設定（YUSHI_PUBLIC_URL、YUSHI_AUTH__...）があるため、デモは起動しません。",
            "the environment holds the configuration of a bank (YUSHI_PUBLIC_URL, YUSHI_AUTH__...): the demo does not start with it",
        ));
    }
    if !args.listen.ip().is_loopback() {
        return Err(Failure::usage(
            "デモは認証が簡易なため、このコンピュータ内（127.0.0.1）でのみ待ち受けます。",
            "the demo signs everybody in, so it listens on this machine alone; accepted: 127.0.0.1:PORT, [::1]:PORT",
        ));
    }
    let settings = Config::default();
    Ok(Config {
        listen: args.listen,
        database_url: args.database_url.clone().map(Secret::new),
        mail: Mail {
            by: MailBy::File,
            folder: Some(args.data.join("mail")),
            from: Some("no-reply@yushi.example".to_owned()),
            ..settings.mail
        },
        // The demo's clock runs through months in minutes: a key of a moment ago must not be of last week, nor a draft of last month.
        worker: Worker {
            poll_milliseconds: 20,
            parallel: 8,
            key_days: 3650,
            draft_days: 90,
            ..settings.worker
        },
        courier: Courier { poll_milliseconds: 100, ..settings.courier },
        // Its clock runs through nights, and everybody wants to see the mails at once.
        notices: Notices { quiet_hours: false, ..settings.notices },
        evidence: Evidence {
            key: Some(place::key_in(&args.data)),
            checkpoints: Some(place::copies_in(&args.data)),
            seconds: 10,
            ..settings.evidence
        },
        vault: Vault { key: Some(place::vault_key_in(&args.data)), ..settings.vault },
        documents: Documents { folder: Some(place::documents_in(&args.data)), ..settings.documents },
        limits: ApiLimits {
            cost_per_minute: 1_000_000_000,
            bank_cost_per_minute: 1_000_000_000,
            address_cost_per_minute: 1_000_000_000,
            // People try questions out: more than a client needs.
            cost: 1_000,
            introspection: true,
            ..settings.limits
        },
        log: Log {
            filter: std::env::var("YUSHI_LOG__FILTER").unwrap_or_else(|_| "warn".to_owned()),
            ..settings.log
        },
        ..Config::default()
    })
}

/// One demo a folder. Errors: another one runs there.
fn lock(folder: &Path) -> Result<File, Failure> {
    let path = folder.join("demo.lock");
    let file = File::create(&path).map_err(|error| Failure::file(&path, &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(_) => Err(Failure::usage(
            format!("{}: このフォルダでは別のデモが動いています。", folder.display()),
            format!("{}: another demo runs in this folder", folder.display()),
        )),
    }
}

async fn open(args: &DemoArgs, config: Config, clock: &Arc<DemoClock>) -> Result<Node, Failure> {
    let rules = Arc::new(place::sample_rules()?);
    let failpoint = node::failpoint(true)?;
    let url = args.database_url.clone().unwrap_or_else(|| place::demo_database(&args.data));
    Note { database_url: args.database_url.clone() }.write(&args.data)?;
    let live = Arc::new(LiveRules::new(rules.clone()));
    let options = node::store_options(&live, &config, failpoint.as_ref())?;
    let store = db::Store::open(&url, options).await.map_err(|error| place::database(&error))?;
    store.migrate().await.map_err(|error| place::database(&error))?;
    store.assert_keys().await.map_err(|error| place::database(&error))?;
    live.refresh(&store).await.map_err(|error| place::database(&error))?;
    let documents = place::documents_of(&config.documents)?;
    Ok(Node { store, rules, live, clock: clock.clone(), config, failpoint, documents })
}

fn issuer(folder: &Path, node: &Node) -> Result<DevIssuer, Failure> {
    let mut issuer = DevIssuer::open(folder).map_err(|error| Failure::file(folder, &error))?;
    clients::register(&mut issuer, &clients::wanted(&node.rules))
        .map_err(|error| Failure::file(&folder.join("clients.json"), &error))?;
    Ok(issuer)
}

/// The demo users have accounts, which their administrators change like those of a bank.
async fn gate(node: &Node, issuer: &DevIssuer, auth: Authenticator) -> Result<Arc<Gate>, Failure> {
    let now = node.clock.now();
    let accounts: Vec<Account> =
        issuer.clients().iter().map(|client| clients::account(client, now)).collect();
    node.store.add_accounts(&accounts, "demo", now).await.map_err(|error| place::database(&error))?;
    let settings = GateSettings { cookies: Cookies::Plain, ..GateSettings::default() };
    // Sessions are of this world, whatever the demo's clock shows.
    Ok(Gate::new(auth, None, node.store.clone(), settings, Arc::new(RealClock)))
}

fn watch_list(folder: &Path) -> Result<Sources, Failure> {
    let path = folder.join("watch-list.jsonl");
    if !path.exists() {
        std::fs::write(&path, WATCHED).map_err(|error| Failure::file(&path, &error))?;
    }
    Sources::demo(&path).map_err(|error| Failure::usage("照合リストを読めません。", error.to_string()))
}

/// Starts the simulated parties for as many cases as are wanted and not there yet. They come in over HTTP like everybody else.
async fn partners(args: &DemoArgs, node: &Node, url: &str) -> Result<Option<JoinHandle<()>>, Failure> {
    if args.no_partners {
        return Ok(None);
    }
    let scope = Scope::of(&Actor::internal(Role::System));
    let there =
        node.store.count(&scope, &Filter::default()).await.map_err(|error| place::database(&error))?;
    let missing = args.cases.saturating_sub(u32::try_from(there.count).unwrap_or(u32::MAX));
    if missing == 0 {
        return Ok(None);
    }
    let mut options = simulation::options(url, &args.data, Mode::Applications(missing), SEED)?;
    options.pace = PACE;
    let play = async move {
        match simulate::run(options).await {
            Ok(report) => {
                tracing::info!(applications = report.applications, "the simulated cases are through")
            }
            Err(error) => tracing::warn!(%error, "the simulated parties have left"),
        }
    };
    Ok(Some(tokio::spawn(play)))
}

/// Keeps the clock's instant, so that a next start never goes back even after a crash.
fn keeper(clock: &Arc<DemoClock>, folder: &Path, stop: &CancellationToken) -> JoinHandle<()> {
    let (clock, folder, stop) = (clock.clone(), folder.to_owned(), stop.clone());
    tokio::spawn(async move {
        loop {
            clock::keep(&folder, clock.now());
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(clock::EVERY) => {}
            }
        }
    })
}

/// Says where the demo is and how to come in.
fn tell(args: &DemoArgs, url: &str, clock: &DemoClock) -> Done {
    let data = args.data.display();
    let clients = args.data.join("clients.json");
    if args.json {
        return say(json!({
            "url": url, "graphql": format!("{url}/graphql"), "graphiql": format!("{url}/graphiql"),
            "data": data.to_string(), "clients": clients.display().to_string(), "clock": clock.now(),
        }));
    }
    say(format!(
        "融資デモ / Yushi demo: {url}\n\
         \n\
         画面 / portal                    {url}/\n\
         照会ページ / query page          {url}/auth/login?next=/graphiql\n\
         利用者一覧 / demo users          {url}/auth/users ({})\n\
         データ / data                    {data} (mails in {data}/mail)\n\
         デモの時計 / clock               {}\n\
         トークン / a token               yushi token --data {data} --role BRANCH_CLERK --institution 2963\n\
         終了 / stop                      Ctrl-C",
        clients.display(),
        clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
    ))
}
