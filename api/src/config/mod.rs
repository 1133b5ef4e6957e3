//! Configuration: one documented struct, filled from defaults, a file, the environment (`YUSHI_...`) and flags, in this order.
//!
//! Every problem is reported at once, with the place where the value came from. Secrets are a type that does not print.

mod check;
mod events;
mod load;
mod mail;
mod reference;
mod secret;

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use check::is_sqlite;
pub use events::{Events, NatsBegin, NatsEvents};
pub use load::{ConfigProblem, ConfigProblems, Flags, load};
pub use mail::{Mail, MailBy, MailTls};
pub use reference::reference;
pub use secret::Secret;

/// Everything that can be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Address and port on which the API listens.
    pub listen: SocketAddr,
    /// Address under which people reach the service, `https://loans.example.jp`: links in notices, origin checks. Required by `serve`.
    pub public_url: Option<String>,
    /// Origins of other pages that may read answers, such as `https://desk.example.jp`; none by default.
    pub cors_origins: Vec<String>,
    /// Addresses of proxies in front of the service, whose `X-Forwarded-For` tells where a request comes from and whose
    /// `auth.certificate_header` counts; none by default, and from any other address both are ignored.
    pub trusted_proxies: Vec<IpAddr>,
    /// Database: `postgres://user:password@host/name` or `sqlite://file`. Required.
    pub database_url: Option<Secret>,
    /// The same database as a role that may work for all banks (`yushi_worker`): couriers, dates, partners of several banks. Needed where
    /// row-level security binds the role of `database_url` to one bank at a time.
    pub database_across_url: Option<Secret>,
    /// Connections to the database that this process may hold.
    #[schemars(range(min = 1, max = 1000))]
    pub database_connections: u32,
    /// Bank codes served by this installation; empty means every bank of the parameters. SQLite in production serves one.
    pub institutions: Vec<String>,
    /// Product books and posted rates.
    pub books: BookFiles,
    /// Sign-in.
    pub auth: Auth,
    /// Mail.
    pub mail: Mail,
    /// Deadlines.
    pub worker: Worker,
    /// Notices and partner messages.
    pub courier: Courier,
    /// Webhooks out and in.
    pub webhooks: Webhooks,
    /// Events for other programs.
    pub events: Events,
    /// Wording of notices.
    pub notices: Notices,
    /// Letters as PDF.
    pub letters: Letters,
    /// Signed checkpoints.
    pub evidence: Evidence,
    /// Keys that seal what is stored of cases.
    pub vault: Vault,
    /// Files of cases: where they lie, who looks for malware, how much is taken in.
    pub documents: Documents,
    /// Core banking over HTTP.
    pub core_banking: CoreBanking,
    /// Messages to partners, pushed.
    pub partners: Partners,
    /// Limits of the API.
    pub limits: ApiLimits,
    /// Logs.
    pub log: Log,
}

/// Product books and posted rates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct BookFiles {
    /// Base book (TOML); the built-in one when absent.
    pub base: Option<PathBuf>,
    /// Parameters of the banks (JSON). Required.
    pub parameters: Option<PathBuf>,
    /// Dated editions of single banks (TOML); the parameters count until one does.
    pub editions: Vec<PathBuf>,
    /// Posted standard rates by month (JSON). Required.
    pub posted_rates: Option<PathBuf>,
}

/// Sign-in with an OpenID Connect provider: people through it, programs with its tokens. What somebody may do is his account's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Auth {
    /// Issuer (`iss`) of the tokens, exactly as the provider states it. Required by `serve`.
    pub issuer: Option<String>,
    /// Audience (`aud`) that tokens of programs must carry.
    pub audience: String,
    /// Keys of the issuer (JWKS): an https address or a file. Without it the provider is asked where they are (discovery).
    pub jwks: Option<String>,
    /// Seconds after which the keys are read again.
    #[schemars(range(min = 10, max = 86_400))]
    pub jwks_refresh_seconds: u64,
    /// Seconds for which keys count that cannot be read again; after that tokens are answered with 503.
    #[schemars(range(min = 60, max = 604_800))]
    pub jwks_stale_seconds: u32,
    /// Seconds by which the issuer's clock may differ.
    #[schemars(range(min = 0, max = 300))]
    pub leeway_seconds: u64,
    /// Id of this service at the provider. Without it nobody signs in with a browser.
    pub client_id: Option<String>,
    /// Secret of this service at the provider.
    pub client_secret: Option<Secret>,
    /// What the provider is asked for at a sign-in.
    pub scopes: Vec<String>,
    /// Minutes without use after which a browser's session ends.
    #[schemars(range(min = 1, max = 60))]
    pub idle_minutes: u32,
    /// Hours after which a browser's session ends, used or not.
    #[schemars(range(min = 1, max = 12))]
    pub session_hours: u32,
    /// Header in which a proxy of `trusted_proxies` states the SHA-256 of a client's certificate (hex or base64), for tokens bound to one.
    pub certificate_header: Option<String>,
    /// Whether programs need a token that is bound to their certificate (`cnf`).
    pub certificates_required: bool,
    /// Folder of a development issuer. Exists only under `yushi demo`; `serve` refuses to start with it.
    pub development: Option<PathBuf>,
}

/// Deadlines: what the server does by itself when a date comes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Worker {
    /// Milliseconds between two looks for due work when there was none.
    #[schemars(range(min = 10, max = 60_000))]
    pub poll_milliseconds: u64,
    /// Due dates leased at once.
    #[schemars(range(min = 1, max = 1000))]
    pub batch: u32,
    /// Seconds after which another process may take over the work of a process that vanished.
    #[schemars(range(min = 5, max = 3600))]
    pub lease_seconds: u32,
    /// Cases worked on at the same time.
    #[schemars(range(min = 1, max = 64))]
    pub parallel: usize,
    /// Tries of one due date before the longest pause applies.
    #[schemars(range(min = 1, max = 100))]
    pub tries: u32,
    /// Seconds until a refused due date is tried again the first time; doubled after each refusal.
    #[schemars(range(min = 1, max = 3600))]
    pub retry_seconds: u32,
    /// Longest pause in seconds between two tries of a refused due date.
    #[schemars(range(min = 1, max = 86_400))]
    pub longest_retry_seconds: u32,
    /// Days after which an idempotency key is forgotten: a request under it is then a new one.
    #[schemars(range(min = 1, max = 3650))]
    pub key_days: u32,
    /// Days after which a half-filled application that nobody has saved again is erased.
    #[schemars(range(min = 1, max = 90))]
    pub draft_days: u32,
    /// Minutes for which a date may be over although its action was tried; after that it is an incident.
    #[schemars(range(min = 1, max = 10_080))]
    pub overdue_minutes: u32,
    /// Watch list: JSON lines `{"name_kana": "..."}`. Without it every search fails and compliance looks at each person.
    pub watch_list: Option<PathBuf>,
    /// Bureau answers: JSON lines `{"name_kana", "birth_date", "answer_key"}`. Without it every inquiry fails.
    pub bureau: Option<PathBuf>,
}

/// Notices and partner messages.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Courier {
    /// Couriers in this process.
    #[schemars(range(min = 1, max = 64))]
    pub couriers: usize,
    /// Milliseconds between two looks for messages when there were none.
    #[schemars(range(min = 10, max = 60_000))]
    pub poll_milliseconds: u64,
    /// Tries of one message before it becomes an incident that a person sees.
    #[schemars(range(min = 1, max = 100))]
    pub tries: u32,
}

/// Webhooks (`docs/webhooks.md`): endpoints are kept by their owners in the portal's API, partners that send some are named here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Webhooks {
    /// Exact `host:port` that endpoints may have although they lie inside the bank's network; none by default.
    pub allowed_hosts: Vec<String>,
    /// Hours after the first attempt at which a message is given up.
    #[schemars(range(min = 1, max = 168))]
    pub give_up_hours: u32,
    /// Days of failures after which an endpoint is disabled.
    #[schemars(range(min = 1, max = 30))]
    pub disable_after_days: u32,
    /// Attempts at the same time, at most four of one endpoint.
    #[schemars(range(min = 1, max = 256))]
    pub slots: usize,
    /// Partners whose signed commands are taken at `/hooks/NAME`.
    pub senders: Vec<WebhookSender>,
}

/// A partner that sends signed commands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WebhookSender {
    /// Last part of its address, of `a-z`, `0-9` and `-`.
    pub name: String,
    /// Its account, as the issuer names it (`client_id`).
    pub login: String,
    /// Keys that it signs with: `whsec_...` (shared) or `whpk_...` (public key); several while they change.
    pub keys: Vec<Secret>,
}

/// Wording of notices.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Notices {
    /// Mails to customers wait for the day: 08:00 to 20:00 in Tokyo, when their branch is open. Urgent ones leave at once.
    pub quiet_hours: bool,
    /// Folder of the banks' own templates: `BANK/NOTICE/LANGUAGE/{subject.txt,body.txt,body.html}`, such as `2950/N03/ja/body.txt`.
    /// Checked at the start; without it every bank uses the wording that is built in.
    pub templates: Option<PathBuf>,
}

/// Letters as PDF, which a program of its own sets (`make letters`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Letters {
    /// The program `yushi-letters`. Without it there are no letters as PDF, and the pages say so.
    pub program: Option<PathBuf>,
    /// Folders in which it looks for its fonts, instead of those of Debian.
    pub fonts: Vec<PathBuf>,
    /// Letters that are set at the same time.
    #[schemars(range(min = 1, max = 64))]
    pub at_once: usize,
    /// Seconds after which the setting of one letter is stopped.
    #[schemars(range(min = 1, max = 120))]
    pub seconds: u64,
}

impl Default for Letters {
    fn default() -> Self {
        Self { program: None, fonts: vec![], at_once: 2, seconds: 20 }
    }
}

impl Letters {
    /// How letters are set; `None`: not at all.
    pub fn settings(&self) -> Option<crate::letters::Settings> {
        Some(crate::letters::Settings {
            program: self.program.clone()?,
            fonts: self.fonts.clone(),
            at_once: self.at_once,
            time: std::time::Duration::from_secs(self.seconds),
        })
    }
}

/// Signed checkpoints over everything that is recorded (`docs/evidence.md`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Evidence {
    /// Private key that signs (Ed25519, PKCS #8, PEM). Without it there are no checkpoints.
    pub key: Option<PathBuf>,
    /// The key before it, when the key changes: it signs that the new one follows.
    pub previous_key: Option<PathBuf>,
    /// Folder outside of the database to which every checkpoint is appended, best on another machine's disk.
    pub checkpoints: Option<PathBuf>,
    /// Seconds after which what was committed has its checkpoint.
    #[schemars(range(min = 1, max = 3600))]
    pub seconds: u32,
    /// New entries and audit lines that have their checkpoint at once.
    #[schemars(range(min = 1, max = 1000))]
    pub entries: u32,
}

/// Keys that wrap the data keys of cases (`deploy/runbooks/keys.md`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Vault {
    /// File of the key that wraps from now on, as `yushi keys new` writes it; readable by the service alone. Required by `serve` and `work`.
    pub key: Option<PathBuf>,
    /// Files of keys that still unwrap, until `yushi keys rewrap` has wrapped everything under the active one.
    pub previous_keys: Vec<PathBuf>,
}

/// Posting orders over HTTP. A bank without a line polls, as other partners do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CoreBanking {
    /// File (TOML) with a table `[BANK]` for each bank code: `url`, `secret_files` (keys that sign), `login` (the account under which
    /// core banking answers) and `seconds` (for one exchange, 1 to 60).
    pub lines: Option<PathBuf>,
}

/// Messages to guarantors, insurers, scriveners and others at their own endpoints. A partner without a line polls.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Partners {
    /// File (TOML) with a table `[[line]]` for each partner of a bank: `bank` (code), `role` (such as GUARANTOR), `organisation`, `url`
    /// (https; inside the network only where `webhooks.allowed_hosts` names it) and `secret_files` (keys that sign, several while they
    /// change).
    pub lines: Option<PathBuf>,
}

/// Limits of the API.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ApiLimits {
    /// Largest request body in bytes.
    #[schemars(range(min = 1024, max = 1_048_576))]
    pub body_bytes: usize,
    /// Highest cost of one operation; each field counts, lists times their limit.
    #[schemars(range(min = 50, max = 10_000))]
    pub cost: u32,
    /// Deepest nesting of one operation.
    #[schemars(range(min = 3, max = 40))]
    pub depth: u32,
    /// Cost that one person or client may spend in a minute.
    #[schemars(range(min = 100, max = 100_000_000))]
    pub cost_per_minute: u64,
    /// Cost that one bank may spend in a minute.
    #[schemars(range(min = 100, max = 1_000_000_000))]
    pub bank_cost_per_minute: u64,
    /// Cost that all callers behind one address may spend in a minute.
    #[schemars(range(min = 100, max = 1_000_000_000))]
    pub address_cost_per_minute: u64,
    /// Seconds after which an operation is aborted.
    #[schemars(range(min = 1, max = 60))]
    pub seconds: u64,
    /// Whether callers may introspect their role's part of the schema.
    pub introspection: bool,
    /// File of registered operations (JSON: SHA-256 to document); callers may name them instead of sending them.
    pub operations: Option<PathBuf>,
    /// Whether registered operations alone are executed.
    pub persisted_only: bool,
}

/// Files of cases. They are sealed before they leave the process, so whoever runs the store reads nothing. Without `folder` and `bucket`
/// none are taken in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Documents {
    /// Folder in which files lie; with several processes one that all of them share.
    pub folder: Option<PathBuf>,
    /// Bucket of an S3-compatible store, instead of a folder.
    pub bucket: Option<String>,
    /// Region of the bucket.
    pub region: String,
    /// Address of an S3-compatible store that is not Amazon's.
    pub endpoint: Option<String>,
    /// Access key of the store; without it the machine's own identity counts.
    pub key_id: Option<String>,
    /// Secret of the access key.
    pub secret: Option<Secret>,
    /// Malware scanner: `none`, or clamd at `tcp://HOST:PORT` or `unix:/PATH`. While it is away, files wait in quarantine.
    pub scan: String,
    /// Largest file in megabytes (MiB).
    #[schemars(range(min = 1, max = 200))]
    pub file_megabytes: u32,
    /// Most of all files of a case in megabytes (MiB).
    #[schemars(range(min = 1, max = 10_000))]
    pub case_megabytes: u32,
    /// Uploads that one person or client may have open.
    #[schemars(range(min = 1, max = 1000))]
    pub open_uploads: u32,
    /// Hours after which an unfinished upload ends.
    #[schemars(range(min = 1, max = 168))]
    pub upload_hours: u32,
    /// Minutes for which a link opens its file.
    #[schemars(range(min = 1, max = 60))]
    pub link_minutes: u32,
}

/// Form of the log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// Logs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// Form of the lines.
    pub format: LogFormat,
    /// What is logged, in the syntax of tracing: `info,api=debug`.
    pub filter: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            public_url: None,
            cors_origins: vec![],
            trusted_proxies: vec![],
            database_url: None,
            database_across_url: None,
            database_connections: 16,
            institutions: vec![],
            books: BookFiles::default(),
            auth: Auth::default(),
            mail: Mail::default(),
            worker: Worker::default(),
            courier: Courier::default(),
            webhooks: Webhooks::default(),
            events: Events::default(),
            notices: Notices::default(),
            letters: Letters::default(),
            evidence: Evidence::default(),
            vault: Vault::default(),
            documents: Documents::default(),
            core_banking: CoreBanking::default(),
            partners: Partners::default(),
            limits: ApiLimits::default(),
            log: Log::default(),
        }
    }
}

impl Default for Auth {
    fn default() -> Self {
        Self {
            issuer: None,
            audience: "yushi".to_owned(),
            jwks: None,
            jwks_refresh_seconds: 300,
            jwks_stale_seconds: 86_400,
            leeway_seconds: 60,
            client_id: None,
            client_secret: None,
            scopes: vec!["openid".to_owned()],
            idle_minutes: 15,
            session_hours: 10,
            certificate_header: None,
            certificates_required: false,
            development: None,
        }
    }
}

impl Default for Worker {
    fn default() -> Self {
        Self {
            poll_milliseconds: 500,
            batch: 50,
            lease_seconds: 60,
            parallel: 4,
            tries: 8,
            retry_seconds: 30,
            longest_retry_seconds: 3600,
            key_days: 7,
            draft_days: 30,
            overdue_minutes: 60,
            watch_list: None,
            bureau: None,
        }
    }
}

impl Default for Webhooks {
    fn default() -> Self {
        Self { allowed_hosts: vec![], give_up_hours: 72, disable_after_days: 5, slots: 16, senders: vec![] }
    }
}

impl Default for Notices {
    fn default() -> Self {
        Self { quiet_hours: true, templates: None }
    }
}

impl Default for Courier {
    fn default() -> Self {
        Self { couriers: 2, poll_milliseconds: 500, tries: 8 }
    }
}

impl Default for Evidence {
    fn default() -> Self {
        Self { key: None, previous_key: None, checkpoints: None, seconds: 60, entries: 1000 }
    }
}

impl Default for Documents {
    fn default() -> Self {
        Self {
            folder: None,
            bucket: None,
            region: "ap-northeast-1".to_owned(),
            endpoint: None,
            key_id: None,
            secret: None,
            scan: "none".to_owned(),
            file_megabytes: 20,
            case_megabytes: 300,
            open_uploads: 10,
            upload_hours: 24,
            link_minutes: 5,
        }
    }
}

impl Default for ApiLimits {
    fn default() -> Self {
        Self {
            body_bytes: 256 * 1024,
            cost: 526,
            depth: 12,
            cost_per_minute: 100_000,
            bank_cost_per_minute: 5_000_000,
            address_cost_per_minute: 1_000_000,
            seconds: 5,
            introspection: false,
            operations: None,
            persisted_only: false,
        }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, filter: "info".to_owned() }
    }
}
