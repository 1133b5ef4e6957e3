//! A running demo without partners: started, killed and started again on the same data and address.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::ports::free_port;
use tests::postgres::{PrivatePostgres, Role};

/// Where a bank keeps its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Database {
    Sqlite,
    Postgres,
}

/// The binary to prove.
pub fn yushi() -> Command {
    let other = std::env::var_os("YUSHI_TEST_BINARY").map(PathBuf::from);
    Command::new(other.unwrap_or_else(|| env!("CARGO_BIN_EXE_yushi").into()))
}

/// A demo bank. Dropping it kills its process, by its id.
pub struct Bank {
    server: Option<(Child, BufReader<ChildStdout>)>,
    folder: tempfile::TempDir,
    clock: &'static str,
    port: u16,
    database_url: Option<String>,
    runtime: tokio::runtime::Runtime,
    /// One bank at a time: two would only wait for each other's processor.
    _turn: MutexGuard<'static, ()>,
}

/// Whose turn it is.
static TURN: Mutex<()> = Mutex::new(());

impl Bank {
    /// A bank whose clock begins at an instant.
    pub fn open(database: Database, clock: &'static str) -> Self {
        let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
        // The owner of the tables, whom row-level security binds as well.
        let database_url = (database == Database::Postgres).then(|| {
            let server = PrivatePostgres::shared();
            server.url_as(Role::Owner, &server.fresh_guarded())
        });
        let folder = tempfile::tempdir().expect("a folder");
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let mut bank = Self { server: None, folder, clock, port: free_port(), database_url, runtime, _turn };
        bank.start(None);
        bank
    }

    /// Starts the server; it answers when this returns.
    pub fn start(&mut self, failpoint: Option<&str>) {
        let mut command = yushi();
        command.args(["demo", "--no-partners", "--json", "--clock", self.clock]);
        command.args(["--listen", &format!("127.0.0.1:{}", self.port), "--data"]).arg(self.data());
        command.args(self.database_url.iter().flat_map(|url| ["--database-url", url]));
        command.stdout(Stdio::piped()).env_remove("YUSHI_FAILPOINT");
        command.envs(failpoint.map(|failpoint| ("YUSHI_FAILPOINT", failpoint)));
        let mut child = command.spawn().expect("yushi starts");
        let mut told = BufReader::new(child.stdout.take().expect("stdout"));
        let mut line = String::new();
        told.read_line(&mut line).expect("a line");
        // An armed failpoint may be reached before the address is told.
        assert!(failpoint.is_some() || line.contains(&self.url()), "{line}");
        self.server = Some((child, told));
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// A path beside the data.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Address of the database.
    pub fn database_url(&self) -> String {
        let embedded = || format!("sqlite://{}", self.data().join("yushi.sqlite").display());
        self.database_url.clone().unwrap_or_else(embedded)
    }

    /// The database for looking beside the service, at all banks.
    pub fn aside(&self) -> String {
        let url = self.database_url();
        if url.starts_with("postgres") { format!("{url}?options[yushi.institution]=*") } else { url }
    }

    /// Ends the server in the middle of whatever it does: SIGKILL.
    pub fn kill(&mut self) {
        if let Some((mut child, _)) = self.server.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// Waits until the server has crashed by itself; false where it still lives after that time.
    pub fn crashes_within(&mut self, time: Duration) -> bool {
        let Some((child, _)) = self.server.as_mut() else { return true };
        let begun = Instant::now();
        while begun.elapsed() < time {
            if let Some(status) = child.try_wait().expect("a state") {
                assert!(status.code().is_none(), "ended by a signal, not by {status}");
                self.server = None;
                return true;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        false
    }

    /// Ctrl-C, and the wait for a clean end.
    pub fn stop(&mut self) {
        let Some((mut child, _)) = self.server.take() else { return };
        assert!(
            Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill").success()
        );
        assert_eq!(child.wait().expect("an end").code(), Some(0));
    }

    /// A token of the demo's issuer.
    pub fn token(&self, role: &str, institution: Option<&str>) -> String {
        let mut command = yushi();
        command.args(["token", "--role", role, "--data"]).arg(self.data());
        command.args(institution.map(|code| ["--institution", code]).into_iter().flatten());
        let output = command.output().expect("yushi starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    /// `yushi import`; its report.
    pub fn import(&self, file: &Path) -> Value {
        let token = self.token("IMPORTER", None);
        let mut command = yushi();
        command.arg("import").arg(file).args(["--api", &self.url(), "--token", &token, "--json"]);
        report(command.output().expect("yushi starts")).1
    }

    /// Begins `yushi simulate` with these flags.
    pub fn simulate(&self, more: &[&str]) -> Child {
        let mut command = yushi();
        command.args(["simulate", "--api", &self.url(), "--json", "--data"]).arg(self.data()).args(more);
        command.stdout(Stdio::piped()).spawn().expect("yushi starts")
    }

    /// `yushi verify`: applications and events; nothing may be found.
    pub fn verified(&self) -> (u64, u64) {
        let mut command = yushi();
        command.args(["verify", "--json", "--data"]).arg(self.data());
        let (clean, report) = report(command.output().expect("yushi starts"));
        assert!(clean, "{report}");
        assert_eq!(report["violations"], json!([]));
        (report["applications"].as_u64().expect("a number"), report["events"].as_u64().expect("a number"))
    }

    /// The data of a GraphQL query.
    pub fn ask(&self, token: &str, query: &str, variables: &Value) -> Value {
        let body = json!({ "query": query, "variables": variables });
        let request =
            reqwest::Client::new().post(format!("{}/graphql", self.url())).bearer_auth(token).json(&body);
        let answer: Value = self
            .runtime
            .block_on(async { request.send().await?.json().await })
            .unwrap_or_else(|error| panic!("{error}"));
        assert!(answer.get("errors").is_none(), "{answer}");
        answer["data"].clone()
    }

    /// Runs a future on the bank's runtime.
    pub fn wait_for<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}

impl Drop for Bank {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Whether a command that prints one JSON object ended well, and the object.
pub fn report(output: Output) -> (bool, Value) {
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {told}"));
    (output.status.success(), report)
}
