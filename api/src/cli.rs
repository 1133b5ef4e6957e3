//! The command line: names, flags and JSON keys that scripts of others depend on.

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use clap::{Args, Parser, Subcommand, ValueEnum};

/// Loan origination for labour banks (労働金庫の融資受付から実行まで).
#[derive(Debug, Parser)]
#[command(name = "yushi", version, about, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What `yushi` can do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Start a complete bank for trying out: embedded database, users of every role, simulated partners
    Demo(DemoArgs),
    /// Serve the API and the portal, with couriers and deadlines unless --no-work
    Serve(ServeArgs),
    /// Run couriers and deadlines alone
    Work(WorkArgs),
    /// Bring the schema of a database up to date; safe while others run
    Migrate(DatabaseArgs),
    /// Add an account: the first user administrators of an installation
    Account(AccountArgs),
    /// Print a token of the development issuer of a demo
    Token(TokenArgs),
    /// Send applications from a file of JSON lines; may be run again
    Import(ImportArgs),
    /// Judge applications by the pure rules, without a database: one JSON line per application
    Evaluate(EvaluateArgs),
    /// Play applicants, staff and partners against a running API
    Simulate(SimulateArgs),
    /// Check logs against rows, hash chains and invariants; exit code 1 on a finding
    Verify(VerifyArgs),
    /// Decide every command again from its recorded input, under the rules at hand; exit code 1 on a difference
    Replay(ReplayArgs),
    /// Make and rotate the keys that seal what is stored of cases
    Keys(KeysArgs),
    /// Say how long the cases that are over are kept, or erase what two people have released
    Retention(RetentionArgs),
    /// Say why a case is where it is, what blocks it, who clears it and by when
    Explain(ExplainArgs),
    /// Write the history of all cases for process mining
    Export(ExportArgs),
    /// Check product books, or say what changes between two of them
    Book(BookArgs),
    /// Take a mail server's report of a mail that came back (RFC 3464), from a file or standard input; exit code 1 where it is refused
    Bounce(BounceArgs),
    /// Try the endpoint of a partner: signatures, repeats, order; exit code 1 unless everything passes
    PartnerCheck(PartnerCheckArgs),
    /// Print the SDL, the workflow diagram or the configuration reference
    Schema(SchemaArgs),
}

#[derive(Debug, Args)]
pub struct BounceArgs {
    #[command(flatten)]
    pub at: Where,
    /// The message; standard input without it
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// Whose endpoint it is.
#[derive(Copy, Clone, Debug, ValueEnum)]
pub enum PartnerRole {
    Guarantor,
    Insurer,
    Scrivener,
    CoreBanking,
}

#[derive(Debug, Args)]
pub struct PartnerCheckArgs {
    /// Which partner the endpoint plays
    #[arg(long = "as", value_name = "ROLE")]
    pub role: PartnerRole,
    /// The endpoint, http or https
    pub url: String,
    /// File with the signing key (whsec_... or whsk_...); YUSHI_PARTNER_SECRET without it
    #[arg(long, value_name = "FILE")]
    pub secret_file: Option<PathBuf>,
    /// Longest time for an answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=60))]
    pub seconds: u16,
    /// Print one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct DemoArgs {
    /// Address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder of the demo: database, keys, clients.json, mails
    #[arg(long, value_name = "DIR", default_value = "demo-data")]
    pub data: PathBuf,
    /// A database other than the embedded one in DIR
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// How many cases the simulated partners move on
    #[arg(long, value_name = "N", default_value_t = 200)]
    pub cases: u32,
    /// Start no simulated partners
    #[arg(long)]
    pub no_partners: bool,
    /// Where the demo's clock starts; the real time without it
    #[arg(long, value_name = "INSTANT")]
    pub clock: Option<DateTime<Utc>>,
    /// Print what was started as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ServeArgs {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Address to listen on
    #[arg(long, value_name = "ADDR")]
    pub listen: Option<SocketAddr>,
    /// Database, postgres://... or sqlite://...
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Leave couriers and deadlines to other processes
    #[arg(long)]
    pub no_work: bool,
    /// Execute registered operations alone (limits.operations names their file)
    #[arg(long)]
    pub persisted_only: bool,
}

#[derive(Debug, Args)]
pub struct WorkArgs {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database, postgres://... or sqlite://...
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

#[derive(Debug, Args)]
pub struct DatabaseArgs {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database, postgres://... or sqlite://...
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

#[derive(Debug, Args)]
pub struct AccountArgs {
    #[command(subcommand)]
    pub what: AccountOf,
}

/// What `yushi account` does.
#[derive(Debug, Subcommand)]
pub enum AccountOf {
    /// Add an account without a second person: for the first user administrators of a bank (two, for four eyes), who enter
    /// everybody else, and for partners that serve every bank. Somebody who has an account keeps it as it is
    Add(AccountAddArgs),
}

#[derive(Debug, Args)]
pub struct AccountAddArgs {
    /// Configuration file (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database, postgres://... or sqlite://...
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
    /// Issuer of the tokens that prove who it is; that of the configuration without it
    #[arg(long, value_name = "ISSUER")]
    pub issuer: Option<String>,
    /// Subject at the issuer; for a program its client id
    #[arg(long, value_name = "SUBJECT")]
    pub subject: String,
    /// Role, such as USER_ADMIN; may be given several times
    #[arg(long, value_name = "ROLE", required = true)]
    pub role: Vec<String>,
    /// Bank code; needed by every role that belongs to one bank
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// Branch code; every branch without it
    #[arg(long, value_name = "CODE")]
    pub branch: Vec<String>,
    /// Partner organisation, such as GUARANTOR-1
    #[arg(long, value_name = "ID")]
    pub organisation: Option<String>,
    /// Leads the partner's office
    #[arg(long)]
    pub lead: bool,
    /// Name shown to people; the subject without it
    #[arg(long, value_name = "NAME")]
    pub name: Option<String>,
    /// A program with credentials of its own, not a person
    #[arg(long)]
    pub client: bool,
}

#[derive(Debug, Args)]
pub struct TokenArgs {
    /// Folder of the demo
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Role, such as BRANCH_CLERK or GUARANTOR
    #[arg(long, value_name = "ROLE")]
    pub role: String,
    /// Bank code; needed by every role that belongs to one bank
    #[arg(long, value_name = "CODE")]
    pub institution: Option<String>,
    /// Branch code; every branch without it
    #[arg(long, value_name = "CODE")]
    pub branch: Vec<String>,
    /// Partner organisation, such as GUARANTOR-1
    #[arg(long, value_name = "ID")]
    pub organisation: Option<String>,
    /// Who it is; a name made of the role without it
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
}

#[derive(Debug, Args)]
pub struct ImportArgs {
    /// Applications, one JSON object a line
    pub file: PathBuf,
    /// Address of the API
    #[arg(long, value_name = "URL")]
    pub api: String,
    /// Token of a client with the role IMPORTER
    #[arg(long, value_name = "T", env = "YUSHI_TOKEN", hide_env_values = true)]
    pub token: String,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct EvaluateArgs {
    /// Applications, one JSON object a line
    pub file: PathBuf,
    /// Posted standard rates (JSON)
    #[arg(long, value_name = "FILE")]
    pub rates: PathBuf,
    /// Parameters of the banks (JSON)
    #[arg(long, value_name = "FILE")]
    pub parameters: PathBuf,
    /// Dated edition of a bank (TOML); may be given several times
    #[arg(long, value_name = "FILE")]
    pub edition: Vec<PathBuf>,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("what").required(true).args(["applications", "file"]))]
pub struct SimulateArgs {
    /// Address of the API
    #[arg(long, value_name = "URL")]
    pub api: String,
    /// Folder of the demo, for its clients.json
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// How many applications to invent
    #[arg(long, value_name = "N")]
    pub applications: Option<u32>,
    /// Resume the cases imported from this file and play the decisions that it states
    #[arg(long, value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// The same seed behaves the same
    #[arg(long, value_name = "S")]
    pub seed: u64,
    /// Parallel connections
    #[arg(long, value_name = "C", default_value_t = 8)]
    pub connections: u32,
    /// Add lost answers, repeats, delays and wrong answers
    #[arg(long)]
    pub chaos: bool,
    /// Write every operation that was sent to this file, as `limits.operations` reads it
    #[arg(long, value_name = "FILE")]
    pub operations: Option<PathBuf>,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// The folder of a demo, or a database; without either the one that the environment names.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub struct Where {
    /// Folder of a demo
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Database, postgres://... or sqlite://...; without it YUSHI_DATABASE_URL
    #[arg(long, value_name = "URL")]
    pub database_url: Option<String>,
}

#[derive(Debug, Args)]
pub struct VerifyArgs {
    #[command(flatten)]
    pub at: Where,
    /// Open the signed checkpoints as well, and name every row that is not what was sealed
    #[arg(long)]
    pub checkpoints: bool,
    /// Public keys that are trusted, one a line; without it the first key of the copies or of the database
    #[arg(long, value_name = "FILE", requires = "checkpoints")]
    pub keys: Option<PathBuf>,
    /// Folder with the copies of the checkpoints; that of a demo is found by itself
    #[arg(long, value_name = "DIR", requires = "checkpoints")]
    pub copies: Option<PathBuf>,
    /// Read every file of every case as well: each digest on record has its bytes
    #[arg(long)]
    pub documents: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct ReplayArgs {
    #[command(flatten)]
    pub at: Where,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
#[command(group = clap::ArgGroup::new("source").required(true).args(["api", "data"]))]
pub struct ExplainArgs {
    /// Number of the case
    pub number: String,
    /// Address of the API
    #[arg(long, value_name = "URL", requires = "token")]
    pub api: Option<String>,
    /// Token for the API
    #[arg(long, value_name = "T", env = "YUSHI_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Folder of a demo
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// Formats of a process-mining export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// Object-centric event log 2.0, JSON
    Ocel2,
    /// IEEE 1849 event stream, XML
    Xes,
    /// One event a line with the usual column names
    Csv,
}

#[derive(Debug, Args)]
pub struct ExportArgs {
    /// Format of the file
    #[arg(long, value_name = "FORMAT")]
    pub format: ExportFormat,
    /// File to write
    #[arg(long, value_name = "FILE")]
    pub output: PathBuf,
    #[command(flatten)]
    pub at: Where,
}

#[derive(Debug, Args)]
pub struct BookArgs {
    #[command(subcommand)]
    pub what: BookOf,
}

#[derive(Debug, Args)]
pub struct KeysArgs {
    #[command(subcommand)]
    pub what: KeysOf,
}

/// What `yushi keys` does.
#[derive(Debug, Subcommand)]
pub enum KeysOf {
    /// Write a new key to a file that is not there yet (mode 0600)
    New {
        /// The file
        #[arg(value_name = "FILE")]
        file: PathBuf,
        /// Leave a key that is there as it is, without a complaint
        #[arg(long)]
        keep: bool,
    },
    /// Say which key wraps how many data keys
    Status(KeysAt),
    /// Wrap every data key anew under the active key; the data stay as they are. May be broken off and run again
    Rewrap(KeysAt),
    /// Seal the documents that a version before the vault stored in clear. May be broken off and run again
    Seal(KeysAt),
}

#[derive(Debug, Args)]
pub struct KeysAt {
    #[command(flatten)]
    pub at: Where,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Args)]
pub struct RetentionArgs {
    #[command(flatten)]
    pub at: Where,
    /// List what is due and why the rest is not; nothing is changed
    #[arg(long, conflicts_with = "erase", required_unless_present = "erase")]
    pub dry_run: bool,
    /// Erase every case that two people have released
    #[arg(long)]
    pub erase: bool,
    /// Print the report as one JSON object
    #[arg(long)]
    pub json: bool,
}

/// What `yushi book` does.
#[derive(Debug, Subcommand)]
pub enum BookOf {
    /// Name every problem of product books; exit code 1 where there is one
    Check {
        /// Base book or dated editions of banks (TOML)
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        under: Under,
        /// Print the report as one JSON object
        #[arg(long)]
        json: bool,
    },
    /// Say what changes from one edition to another, under which rule and for whom
    Diff {
        /// The earlier edition (TOML)
        old: PathBuf,
        /// The later edition (TOML)
        new: PathBuf,
        #[command(flatten)]
        under: Under,
        /// Print the report as one JSON object
        #[arg(long)]
        json: bool,
    },
}

/// What editions stand on.
#[derive(Debug, Args)]
pub struct Under {
    /// Base book (TOML); the built-in one without it
    #[arg(long, value_name = "FILE")]
    pub base: Option<PathBuf>,
    /// Parameters of the banks (JSON)
    #[arg(long, value_name = "FILE")]
    pub parameters: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct SchemaArgs {
    #[command(subcommand)]
    pub what: SchemaOf,
}

/// What `yushi schema` prints.
#[derive(Debug, Subcommand)]
pub enum SchemaOf {
    /// The SDL, whole or as one role sees it
    Graphql {
        /// Role, such as BRANCH_CLERK
        #[arg(long, value_name = "ROLE")]
        role: Option<String>,
    },
    /// The workflow as a Mermaid diagram
    Workflow,
    /// The configuration reference with every default
    Config,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn the_documented_lines_are_understood() {
        let lines = [
            "yushi demo --listen 127.0.0.1:0 --data d --cases 5 --no-partners --clock 2026-04-01T09:00:00+09:00 --json",
            "yushi serve --config f --listen 127.0.0.1:1 --database-url sqlite://x --no-work",
            "yushi work --database-url postgres://x",
            "yushi migrate --database-url postgres://x",
            "yushi account add --database-url u --issuer i --subject s --role USER_ADMIN --institution 2963 --name n",
            "yushi account add --config f --subject s --role GUARANTOR --organisation GUARANTOR-1 --client",
            "yushi account add --config f --subject s --role SCRIVENER --organisation SCRIVENER-1 --lead",
            "yushi token --data d --role BRANCH_CLERK --institution 2963 --branch 001 --subject s",
            "yushi import f --api http://x --token t --json",
            "yushi evaluate f --rates r --parameters p",
            "yushi evaluate f --rates r --parameters p --edition e --edition f",
            "yushi book check a b --base c --parameters p --json",
            "yushi book diff a b --base c --json",
            "yushi simulate --api http://x --data d --applications 3 --seed 1 --connections 2 --chaos --json",
            "yushi simulate --api http://x --data d --file f --seed 1",
            "yushi verify --data d --json",
            "yushi verify --data d --checkpoints --keys f --copies d --json",
            "yushi verify --database-url postgres://x",
            "yushi verify",
            "yushi replay --data d --json",
            "yushi keys new f --keep",
            "yushi keys status --data d --json",
            "yushi keys rewrap --database-url u",
            "yushi keys seal --data d",
            "yushi bounce --database-url u",
            "yushi bounce --data d f --json",
            "yushi retention --data d --dry-run --json",
            "yushi retention --database-url u --erase",
            "yushi explain 1 --api http://x --token t",
            "yushi explain 1 --data d",
            "yushi export --format ocel2 --output o --data d",
            "yushi export --format xes --output o --database-url u",
            "yushi schema graphql --role GUARANTOR",
            "yushi schema workflow",
            "yushi schema config",
        ];
        for line in lines {
            if let Err(error) = Cli::try_parse_from(line.split(' ')) {
                panic!("{line}: {error}");
            }
        }
        for line in [
            "yushi verify --data d --database-url u",
            "yushi verify --data d --keys f",
            "yushi explain 1 --api http://x",
            "yushi retention --data d",
            "yushi retention --data d --dry-run --erase",
        ] {
            assert!(Cli::try_parse_from(line.split(' ')).is_err(), "{line}");
        }
    }
}
