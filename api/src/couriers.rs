//! Couriers of a process: notices by mail and into inboxes, messages to partners.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use notifications::address::Patterns;
use notifications::core_banking::{CoreBanking, CoreLine};
use notifications::push::{Partner, Push, PushLine};
use notifications::signature::SigningKey;
use notifications::templates::Overrides;
use notifications::{
    AddressBook, Bank, Courier, CourierConfig, CourierParts, Event, Hours, MailConfig, NoAddresses,
    PatternBook, Renderer, Schedule, StorePost, Tally, Tls, Traced, Transport,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::commands::Failure;
use crate::config::{Config, Mail, MailBy, MailTls};
use crate::failpoint::{Failpoint, Point};
use crate::graphql::Wording;
use crate::node::Node;

/// Shortest time between two looks for what commits have left.
const GATHER: Duration = Duration::from_millis(20);

/// Starts the couriers of a node. They end after `stop`. Errors: settings of mail that cannot work.
pub fn start(
    node: &Node,
    addresses: &Patterns,
    stop: &CancellationToken,
) -> Result<Vec<JoinHandle<()>>, Failure> {
    let mail = mail(node, addresses);
    let core = core_banking(node)?;
    let push = partners(node)?;
    let places = push.as_ref().map(|push| push.places()).unwrap_or_default();
    let hours = calendar(node);
    let started = (0..node.config.courier.couriers).map(|number| {
        let clock = node.clock.clone();
        let name = format!("{}-{number}", crate::worker::node_name(clock.now()));
        let settings = settings(&node.config);
        let post = Arc::new(StorePost::new(node.store.clone()).pushing(places.clone()));
        let book: Arc<dyn AddressBook> = match *addresses == Patterns::default() {
            true => Arc::new(NoAddresses),
            false => Arc::new(PatternBook(addresses.clone())),
        };
        let clock: Arc<dyn notifications::Clock> = Arc::new(move || clock.now());
        let mut parts = CourierParts::new(post, book, clock, mail.clone(), settings, name)?;
        parts.core = core.clone();
        parts.push = push.clone();
        parts.hours = hours.clone();
        parts.tally = Arc::new(Counted { failpoint: node.failpoint.clone() });
        let (courier, stop) = (Courier::new(parts)?, stop.clone());
        let filled = node.store.filled();
        Ok(tokio::spawn(async move {
            tokio::select! {
                () = courier.run(stop) => {}
                () = wake(&courier, filled) => {}
            }
        }))
    });
    started.collect::<Result<_, notifications::courier::StartError>>().map_err(|error| {
        Failure::usage("通知の設定に誤りがあります。", format!("notices cannot be sent: {error}"))
    })
}

/// The words of notices as the couriers of a node use them. Errors: templates that do not fit.
pub fn wording(node: &Node) -> Result<Wording, Failure> {
    let mail = mail(node, &Patterns::default());
    let wrong = |error: &dyn std::fmt::Display| {
        Failure::usage("通知の文面に誤りがあります。", format!("templates of notices: {error}"))
    };
    let overrides = match &mail.templates {
        Some(folder) => Overrides::read(folder)
            .map_err(|error| wrong(&notifications::courier::StartError::Wording(error)))?,
        None => Overrides::default(),
    };
    Ok(Wording::new(Renderer::with(&overrides).map_err(|error| wrong(&error))?, mail))
}

/// A line of the file of `core_banking.lines`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    url: String,
    secret_files: Vec<PathBuf>,
    login: String,
    #[serde(default = "usual_patience")]
    seconds: u8,
}

const fn usual_patience() -> u8 {
    5
}

/// The lines to core banking. Errors: the file or a key cannot be used; the words name the file and never what a key file holds.
fn core_banking(node: &Node) -> Result<Option<Arc<CoreBanking>>, Failure> {
    let Some(path) = &node.config.core_banking.lines else { return Ok(None) };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    let wrong = |what: String| {
        let path = path.display();
        Failure::usage(format!("{path}: 勘定系の接続設定に誤りがあります: {what}"), format!("{path}: {what}"))
    };
    let read: BTreeMap<String, Line> =
        toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
    let mut lines = BTreeMap::new();
    for (bank, line) in read {
        if !(1..=60).contains(&line.seconds) || line.secret_files.is_empty() {
            return Err(wrong(format!(
                "{bank}: accepted are seconds from 1 to 60 and at least one of secret_files"
            )));
        }
        let keys = keys(&line.secret_files, &|what| wrong(format!("{bank}: {what}")))?;
        let patience = Duration::from_secs(u64::from(line.seconds));
        lines.insert(bank, CoreLine { url: line.url, keys, login: line.login, patience });
    }
    let issuer = node.config.auth.issuer.clone().unwrap_or_default();
    let clock = node.clock.clone();
    let clock: Arc<dyn notifications::Clock> = Arc::new(move || clock.now());
    let core = CoreBanking::new(node.store.clone(), issuer, lines, clock)
        .map_err(|error| wrong(error.to_string()))?;
    Ok(Some(Arc::new(core)))
}

/// Keys that sign. Errors: a file cannot be read or holds none; the words name the file and never what it holds.
fn keys(files: &[PathBuf], wrong: &dyn Fn(String) -> Failure) -> Result<Vec<SigningKey>, Failure> {
    let mut keys = vec![];
    for file in files {
        let text = std::fs::read_to_string(file).map_err(|error| Failure::file(file, &error))?;
        let key = SigningKey::parse(text.trim());
        keys.push(key.map_err(|error| wrong(format!("{}: {error}", file.display())))?);
    }
    Ok(keys)
}

/// The file of `partners.lines`.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Lines {
    line: Vec<PartnerLine>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct PartnerLine {
    bank: String,
    role: workflows::machine::Role,
    organisation: String,
    url: String,
    secret_files: Vec<PathBuf>,
}

/// The endpoints of partners. Errors: the file or a key cannot be used, or a partner stands in it twice.
fn partners(node: &Node) -> Result<Option<Arc<Push>>, Failure> {
    let Some(path) = &node.config.partners.lines else { return Ok(None) };
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    let wrong = |what: String| {
        let path = path.display();
        Failure::usage(format!("{path}: 提携先の接続設定に誤りがあります: {what}"), format!("{path}: {what}"))
    };
    let read: Lines = toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?;
    let mut lines = BTreeMap::new();
    for line in read.line {
        let PartnerLine { bank, role, organisation, url, secret_files } = line;
        let name = format!("{bank} {role} {organisation}");
        let keys = keys(&secret_files, &|what| wrong(format!("{name}: {what}")))?;
        let partner = Partner { institution: bank, role, organisation };
        if lines.insert(partner, PushLine { url, keys }).is_some() {
            return Err(wrong(format!("{name}: accepted is one line of a partner")));
        }
    }
    let outgoing = crate::hooks::Hooks::of(&node.config.webhooks, &[])?.outgoing;
    let clock = node.clock.clone();
    let push = Push::new(lines, outgoing, Arc::new(move || clock.now()));
    Ok(Some(Arc::new(push.map_err(|error| wrong(error.to_string()))?)))
}

/// Wakes a courier when a commit of this process has left parcels, so that a notice leaves at once. Never ends: the store is held by
/// the node. What comes within a moment is looked for once: on SQLite each look takes a turn at the file.
async fn wake(courier: &Courier, mut filled: tokio::sync::watch::Receiver<()>) {
    while filled.changed().await.is_ok() {
        courier.wake();
        tokio::time::sleep(GATHER).await;
    }
    std::future::pending().await
}

/// The days of the branches, by the books.
struct Calendar {
    books: BTreeMap<String, Arc<workflows::Book>>,
    quiet: bool,
}

impl Hours for Calendar {
    fn is_open(&self, institution: &str, branch: &str, day: chrono::NaiveDate) -> bool {
        let book = self.books.get(institution);
        book.map_or_else(|| workflows::calendar::is_bank_day(day), |book| book.is_business_day(day, branch))
    }

    fn keeps_quiet(&self) -> bool {
        self.quiet
    }
}

fn calendar(node: &Node) -> Arc<dyn Hours> {
    let books = node.rules.books.latest().map(|book| (book.bank_code.clone(), book.clone())).collect();
    Arc::new(Calendar { books, quiet: node.config.notices.quiet_hours })
}

/// The addresses that a configuration gives. Those of people of a case stand in the register of their wishes.
pub fn addresses(mail: &Mail) -> Patterns {
    Patterns {
        desk: mail.desk_address.clone(),
        bank: mail.bank_address.clone(),
        party: None,
        partner: mail.partner_address.clone(),
    }
}

fn settings(config: &Config) -> CourierConfig {
    CourierConfig {
        poll_ms: config.courier.poll_milliseconds,
        retry: Schedule { attempts: config.courier.tries, ..Schedule::default() },
        ..CourierConfig::default()
    }
}

/// The mail settings of a node: every bank under its own name.
fn mail(node: &Node, addresses: &Patterns) -> MailConfig {
    let Mail { by, folder, host, port, tls, ca_file, user, password, from, return_path, bounce_key, .. } =
        node.config.mail.clone();
    let default = Bank::default();
    let bank = Bank {
        from: from.unwrap_or(default.from),
        sign_in: node.config.public_url.clone().unwrap_or_default(),
        ..default
    };
    let named = |book: &Arc<workflows::Book>| {
        let code = book.bank_code.clone();
        let name = Bank { code, name_ja: book.bank_name.clone(), ..bank.clone() };
        (book.bank_code.clone(), name)
    };
    let defaults = MailConfig::default();
    MailConfig {
        transport: match by {
            MailBy::None => Transport::Off,
            MailBy::File => Transport::File,
            MailBy::Smtp => Transport::Smtp,
        },
        host: host.unwrap_or(defaults.host),
        port,
        tls: match tls {
            MailTls::Tls => Tls::Tls,
            MailTls::StartTls => Tls::StartTls,
            MailTls::None => Tls::None,
        },
        ca_file,
        username: user,
        password: password.map(|secret| secret.expose().to_owned().into()),
        folder: folder.unwrap_or_else(|| PathBuf::from("mail")),
        banks: node.rules.books.latest().map(named).collect(),
        bank,
        addresses: addresses.clone(),
        templates: node.config.notices.templates.clone(),
        return_path,
        bounce_key: bounce_key.map(|secret| secret.expose().to_owned().into()),
        ..MailConfig::default()
    }
}

/// Counts for `/metrics`, and the place of the crash after a message has left.
struct Counted {
    failpoint: Option<Arc<Failpoint>>,
}

impl Tally for Counted {
    fn count(&self, event: Event) {
        if let (Event::Delivered(_), Some(armed)) = (event, &self.failpoint) {
            armed.pass(Point::AfterSend);
        }
        let (ended, channel, by) = match event {
            Event::Leased(parcels) => ("leased", "", parcels as u64),
            Event::Delivered(channel) => ("delivered", channel.code(), 1),
            Event::NoAddress => ("no_address", "", 1),
            Event::Retried(channel) => ("retried", channel.code(), 1),
            Event::Parked(channel) => ("parked", channel.code(), 1),
            Event::OutboxFailed => ("outbox_failed", "", 1),
        };
        metrics::counter!("yushi_parcels_total", "ended" => ended, "channel" => channel).increment(by);
        Traced.count(event);
    }
}
