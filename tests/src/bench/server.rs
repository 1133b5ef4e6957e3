//! A server under measurement: started from the built binary, stopped by its process.

use super::issuer::{AUDIENCE, ISSUER, Issuer};
use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `yushi serve` with its folder.
pub struct Server {
    child: Child,
    issuer: Issuer,
    binary: PathBuf,
    database_url: String,
    pub address: String,
    _folder: tempfile::TempDir,
    /// From the start of the process to the first answered query.
    pub ready_after: Duration,
}

/// The bank that is served: that of the first sample application.
pub const BANK: &str = "2990";

impl Server {
    /// Starts the binary as in production on a free loopback port: on PostgreSQL when a URL is given, else embedded. It
    /// serves the API; with `work` it also runs couriers and deadlines in the same process.
    ///
    /// # Panics
    /// When it does not answer within a minute.
    pub fn start(binary: &Path, database_url: Option<&str>, work: bool) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let address = format!("127.0.0.1:{port}");
        let issuer = Issuer::fresh();
        let config = folder.path().join("yushi.toml");
        std::fs::write(folder.path().join("jwks.json"), issuer.jwks()).expect("the keys are written");
        std::fs::write(&config, settings(folder.path(), &address)).expect("the configuration is written");
        let embedded = format!("sqlite://{}", folder.path().join("bench.sqlite").display());
        let url = database_url.unwrap_or(&embedded);
        let yushi = |command: &str| {
            let mut yushi = Command::new(binary);
            yushi.arg(command).arg("--config").arg(&config).args(["--database-url", url]);
            yushi.stdout(Stdio::null()).stderr(Stdio::null());
            yushi
        };
        let key = Command::new(binary).args(["keys", "new"]).arg(folder.path().join("vault.key")).status();
        assert!(key.is_ok_and(|done| done.success()), "yushi keys new failed");
        assert!(yushi("migrate").status().is_ok_and(|done| done.success()), "yushi migrate failed");
        let mut serve = yushi("serve");
        if !work {
            serve.arg("--no-work");
        }
        let started = Instant::now();
        let child = serve.spawn().expect("the binary starts");
        let (binary, database_url, ready_after) = (binary.to_owned(), url.to_owned(), Duration::ZERO);
        let mut server = Self { child, issuer, binary, database_url, address, _folder: folder, ready_after };
        server.wait_until_ready(started);
        server
    }

    fn wait_until_ready(&mut self, started: Instant) {
        while started.elapsed() < Duration::from_secs(60) {
            if std::net::TcpStream::connect(&self.address).is_ok() && self.is_ready() {
                self.ready_after = started.elapsed();
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the server did not answer within a minute");
    }

    fn is_ready(&self) -> bool {
        use std::io::{Read as _, Write as _};
        let Ok(mut stream) = std::net::TcpStream::connect(&self.address) else { return false };
        let request = format!("GET /readyz HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n", self.address);
        let mut answer = String::new();
        stream.write_all(request.as_bytes()).is_ok()
            && stream.read_to_string(&mut answer).is_ok()
            && answer.starts_with("HTTP/1.1 200")
    }

    /// A token of a fresh account with a role at the bank; `more` are further flags of `yushi account add`.
    ///
    /// # Panics
    /// When the account is not added.
    pub fn token(&self, role: &str, more: &[&str]) -> String {
        let subject = format!("{role}-{}", uuid::Uuid::new_v4().simple());
        let mut add = Command::new(&self.binary);
        add.args(["account", "add", "--database-url", &self.database_url, "--issuer", ISSUER]);
        add.args(["--role", role, "--subject", &subject, "--institution", BANK]).args(more);
        let added = add.stdout(Stdio::null()).status();
        assert!(added.is_ok_and(|done| done.success()), "yushi account add failed");
        self.issuer.token(&subject)
    }

    /// Processor time of the server so far.
    pub fn cpu(&self) -> Duration {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
        let ticks: u64 = [11, 12].iter().filter_map(|n| fields.get(*n)?.parse::<u64>().ok()).sum();
        Duration::from_millis(ticks * 10)
    }

    /// Resident memory in kilobytes, shared pages by share.
    pub fn memory_kb(&self) -> u64 {
        let rollup =
            std::fs::read_to_string(format!("/proc/{}/smaps_rollup", self.child.id())).unwrap_or_default();
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"));
        line.and_then(|rest| rest.split_whitespace().next()?.parse().ok()).unwrap_or(0)
    }
}

fn settings(folder: &Path, address: &str) -> String {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("data");
    format!(
        "listen = \"{address}\"\ndatabase_connections = 16\ninstitutions = [\"{BANK}\"]\n\
         public_url = \"https://loans.bank.example\"\n\
         [books]\nparameters = \"{data}/parameters.json\"\nposted_rates = \"{data}/posted-rates.json\"\n\
         [auth]\nissuer = \"{ISSUER}\"\naudience = \"{AUDIENCE}\"\njwks = \"{folder}/jwks.json\"\n\
         [mail]\nby = \"none\"\n[notices]\nquiet_hours = false\n[vault]\nkey = \"{folder}/vault.key\"\n\
         [limits]\ncost = 1000\ncost_per_minute = 100000000\nbank_cost_per_minute = 1000000000\n\
         address_cost_per_minute = 1000000000\n",
        data = data.display(),
        folder = folder.display(),
    )
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The `Done` part of a mutation's answer, or what came instead.
///
/// # Errors
/// The whole answer as text.
pub fn done(answer: &Value, field: &str) -> Result<Value, String> {
    let payload = &answer["data"][field];
    if payload["__typename"] == "Done" { Ok(payload.clone()) } else { Err(answer.to_string()) }
}
