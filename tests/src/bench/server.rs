//! A demo server under measurement: started from the built binary, stopped by its process.

use serde_json::Value;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running `yushi demo` without partners, with its folder.
pub struct Server {
    child: Child,
    binary: PathBuf,
    pub address: String,
    pub data: tempfile::TempDir,
    /// From the start of the process to the first answered query.
    pub ready_after: Duration,
}

impl Server {
    /// Starts the binary on a free loopback port; on PostgreSQL when a URL is given, else embedded.
    ///
    /// # Panics
    /// When it does not answer within a minute.
    pub fn start(binary: &Path, database_url: Option<&str>) -> Self {
        let data = tempfile::tempdir().expect("a temporary folder");
        let port = TcpListener::bind("127.0.0.1:0").and_then(|l| l.local_addr()).expect("a free port").port();
        let address = format!("127.0.0.1:{port}");
        let mut command = Command::new(binary);
        command
            .args(["demo", "--no-partners", "--cases", "0", "--listen", &address, "--data"])
            .arg(data.path());
        if let Some(url) = database_url {
            command.args(["--database-url", url]);
        }
        let started = Instant::now();
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
        let mut server =
            Self { child, binary: binary.to_owned(), address, data, ready_after: Duration::ZERO };
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

    /// A token of the demo's issuer; `more` are further flags of `yushi token`.
    ///
    /// # Panics
    /// When the binary gives none.
    pub fn token(&self, role: &str, more: &[&str]) -> String {
        let output = Command::new(&self.binary)
            .args(["token", "--role", role, "--data"])
            .arg(self.data.path())
            .args(more)
            .output()
            .expect("yushi token runs");
        let token = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        assert!(!token.is_empty(), "no token: {}", String::from_utf8_lossy(&output.stderr));
        token
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
