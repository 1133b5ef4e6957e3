//! A private PostgreSQL server for tests: its own data, its own port, gone when the test process is.
//!
//! A test that needs PostgreSQL fails where there is none; it never passes by not running.

use crate::patience::PATIENCE;
use crate::ports::free_port;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// The superuser of the private server.
const OWNER: &str = "yushi_test";

/// The roles of an installation, as operators make them.
const ROLES: &str = include_str!("../../deploy/postgres/roles.sql");

/// Roles belong to the whole server: two that alter them at once hinder each other.
static ROLES_ONE_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A role of an installation.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Role {
    Owner,
    Service,
    Worker,
    Read,
}

impl Role {
    /// All of them.
    pub const ALL: [Role; 4] = [Role::Owner, Role::Service, Role::Worker, Role::Read];

    /// Its name in the database.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Owner => "yushi_owner",
            Role::Service => "yushi_service",
            Role::Worker => "yushi_worker",
            Role::Read => "yushi_read",
        }
    }
}

/// A running server. Dropping it stops the server and removes its data.
///
/// The server is the child of a small guard that waits on a pipe. When this value is dropped, or the test process
/// ends in whatever way, the pipe closes, the guard stops its own child and removes the folder. So nothing is
/// ended by name, and nothing stays behind after a crash.
#[derive(Debug)]
pub struct PrivatePostgres {
    guard: Child,
    folder: PathBuf,
    programs: PathBuf,
    port: u16,
    password: String,
    databases: AtomicU32,
}

impl PrivatePostgres {
    /// Starts a server of its own. Tests that do not stop or break the server use [`PrivatePostgres::shared`].
    ///
    /// # Panics
    /// When PostgreSQL is absent or does not start: the message says what to install.
    pub fn start() -> Self {
        let programs = programs();
        let account = account();
        let folder = private_folder(account);
        let password = uuid::Uuid::now_v7().simple().to_string();
        initialise(&programs, &folder, account, &password);
        for _ in 0..5 {
            let port = free_port();
            let guard = launch(&programs, &folder, account, port);
            let (folder, programs, password) = (folder.clone(), programs.clone(), password.clone());
            let mut server = Self { guard, folder, programs, port, password, databases: AtomicU32::new(0) };
            if server.wait_until_ready() {
                return server;
            }
            // Another process may have taken the port in between: the data stays, the next round asks for another.
            server.stop(false);
        }
        let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
        let _ = std::fs::remove_dir_all(&folder);
        panic!("PostgreSQL from {} did not start; its log:\n{log}", programs.display());
    }

    /// The one server that the tests of this process share.
    pub fn shared() -> &'static Self {
        static SHARED: OnceLock<PrivatePostgres> = OnceLock::new();
        SHARED.get_or_init(Self::start)
    }

    /// The address of the server's maintenance database, as its superuser.
    pub fn url(&self) -> String {
        self.url_to("postgres")
    }

    /// The address of a database, as the superuser.
    pub fn url_to(&self, database: &str) -> String {
        self.url_of(OWNER, &self.password, database)
    }

    /// The address of a database for another role.
    pub fn url_of(&self, role: &str, password: &str, database: &str) -> String {
        format!("postgres://{role}:{password}@127.0.0.1:{}/{database}", self.port)
    }

    /// Processor time of the server and all its connections so far, those that have ended included.
    pub fn cpu(&self) -> Duration {
        let file = std::fs::read_to_string(self.folder.join("data/postmaster.pid")).unwrap_or_default();
        let postmaster = file.lines().next().unwrap_or_default().trim().to_owned();
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let stats = processes.filter_map(|entry| std::fs::read_to_string(entry.path().join("stat")).ok());
        let ticks = stats.map(|stat| {
            let id = stat.split(' ').next().unwrap_or_default();
            // Behind the name: state, parent, ..., own user and system time, those of ended children.
            let fields: Vec<&str> = stat.rsplit(") ").next().unwrap_or_default().split(' ').collect();
            let of = |range: std::ops::RangeInclusive<usize>| -> u64 {
                range.filter_map(|n| fields.get(n)?.parse::<u64>().ok()).sum()
            };
            match fields.get(1) {
                _ if id == postmaster => of(11..=14),
                Some(parent) if *parent == postmaster => of(11..=12),
                _ => 0,
            }
        });
        Duration::from_millis(ticks.sum::<u64>() * 10)
    }

    /// The loopback port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// A program of the server's own version, such as `pgbench`.
    pub fn program(&self, name: &str) -> PathBuf {
        self.programs.join(name)
    }

    /// Makes an empty database of its own for a test and answers its address.
    pub fn fresh_database(&self) -> String {
        self.url_to(&self.fresh_name())
    }

    /// Makes an empty database of its own for a test and answers its name.
    pub fn fresh_name(&self) -> String {
        let number = self.databases.fetch_add(1, Ordering::Relaxed) + 1;
        let name = format!("test_{number}");
        self.run(&self.url(), &format!("CREATE DATABASE {name}"));
        name
    }

    /// Makes an empty database with the roles of a real installation and answers its name. Whoever migrates it does so as
    /// [`Role::Owner`] and calls [`PrivatePostgres::grant`] afterwards.
    pub fn fresh_guarded(&self) -> String {
        let _turn = ROLES_ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        let name = self.fresh_name();
        self.run(&self.url_to(&name), ROLES);
        for role in Role::ALL {
            let secret = &self.password;
            self.run(&self.url(), &format!("ALTER ROLE {} PASSWORD '{secret}'", role.name()));
        }
        name
    }

    /// Runs the roles again, as every upgrade does: what a migration has made gets its rights.
    pub fn grant(&self, database: &str) {
        let _turn = ROLES_ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
        self.run(&self.url_to(database), ROLES);
    }

    /// The address of a guarded database for one of the roles of an installation.
    pub fn url_as(&self, role: Role, database: &str) -> String {
        self.url_of(role.name(), &self.password, database)
    }

    /// Runs SQL through `psql`, stopping at the first error, and answers the rows: unaligned, without headers.
    ///
    /// # Errors
    /// What `psql` wrote to its standard error.
    pub fn try_run(&self, url: &str, sql: &str) -> Result<String, String> {
        let mut psql = Command::new(self.programs.join("psql"));
        psql.args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set", "ON_ERROR_STOP=1", url])
            .env("PGCONNECT_TIMEOUT", "60")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = psql.spawn().map_err(|error| format!("psql: {error}"))?;
        if let Some(mut input) = child.stdin.take() {
            input.write_all(sql.as_bytes()).map_err(|error| format!("psql: {error}"))?;
        }
        let output = child.wait_with_output().map_err(|error| format!("psql: {error}"))?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// As [`PrivatePostgres::try_run`].
    ///
    /// # Panics
    /// When a statement fails.
    pub fn run(&self, url: &str, sql: &str) -> String {
        self.try_run(url, sql).unwrap_or_else(|error| panic!("{error}"))
    }

    fn wait_until_ready(&mut self) -> bool {
        let until = Instant::now() + PATIENCE;
        while Instant::now() < until {
            let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
            if ["could not create any TCP/IP sockets", "database system is shut down"]
                .iter()
                .any(|l| log.contains(l))
            {
                return false;
            }
            // Only the right server accepts this password: a stranger on the same port does not count.
            if self.try_run(&self.url(), "SELECT 1").is_ok_and(|answer| answer == "1") {
                return true;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        false
    }

    /// Closes the guard's pipe and waits until it has stopped the server.
    fn stop(&mut self, remove: bool) {
        if let Some(mut pipe) = self.guard.stdin.take() {
            let _ = pipe.write_all(if remove { b"remove\n" } else { b"keep\n" });
        }
        let _ = self.guard.wait();
    }
}

impl Drop for PrivatePostgres {
    fn drop(&mut self) {
        self.stop(true);
    }
}

/// What the guard does: start the server, wait for a word or the end of the pipe, stop the server by its process
/// id (it is the guard's own child, so the id cannot have passed to another), remove the folder.
const GUARD: &str = r#"
folder=$1; shift
"$@" </dev/null >"$folder/log" 2>&1 &
server=$!
trap '' HUP INT TERM
read -r word || word=remove
kill -INT "$server" 2>/dev/null
wait "$server"
[ "$word" = keep ] || rm -rf "$folder"
"#;

fn launch(programs: &Path, folder: &Path, account: Option<&str>, port: u16) -> Child {
    let server = as_account(account, &programs.join("postgres"));
    let mut guard = Command::new("sh");
    guard.arg("-c").arg(GUARD).arg("guard").arg(folder).args(server).arg("-D").arg(folder.join("data"));
    for setting in [
        "listen_addresses=127.0.0.1".to_owned(),
        format!("port={port}"),
        format!("unix_socket_directories={}", socket_folder(folder)),
        "fsync=on".to_owned(),
        "synchronous_commit=on".to_owned(),
        "full_page_writes=on".to_owned(),
        "max_connections=200".to_owned(),
        "shared_buffers=64MB".to_owned(),
        "timezone=UTC".to_owned(),
    ] {
        guard.arg("-c").arg(setting);
    }
    guard.current_dir("/").stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    guard.spawn().unwrap_or_else(|error| panic!("the guard of PostgreSQL does not start: {error}"))
}

/// The folder of the server's socket: none where the path is too long for one.
fn socket_folder(folder: &Path) -> String {
    let path = folder.to_string_lossy().into_owned();
    if path.len() < 80 { path } else { String::new() }
}

fn initialise(programs: &Path, folder: &Path, account: Option<&str>, password: &str) {
    let secret = folder.join("password");
    std::fs::write(&secret, password).expect("the folder is writable");
    if let Some(account) = account {
        succeed(Command::new("chown").arg(account).arg(&secret));
    }
    let mut words = as_account(account, &programs.join("initdb")).into_iter();
    let program = words.next().expect("a program");
    succeed(
        Command::new(program)
            .args(words)
            .args([
                "--no-locale",
                "--encoding=UTF8",
                "--auth=scram-sha-256",
                "--no-instructions",
                "--no-sync",
            ])
            .arg(format!("--username={OWNER}"))
            .arg(format!("--pwfile={}", secret.display()))
            .arg("-D")
            .arg(folder.join("data"))
            .current_dir("/"),
    );
    let _ = std::fs::remove_file(secret);
}

/// The words that run a program as the account: PostgreSQL refuses to run as root.
fn as_account(account: Option<&str>, program: &Path) -> Vec<String> {
    let mut words = Vec::new();
    if let Some(account) = account {
        words.extend(
            ["setpriv", "--reuid", account, "--regid", account, "--clear-groups", "--"].map(str::to_owned),
        );
    }
    words.push(program.to_string_lossy().into_owned());
    words
}

/// The account to run the server as, when this process is root.
fn account() -> Option<&'static str> {
    let root = output(Command::new("id").arg("-u")).is_some_and(|id| id == "0");
    if !root {
        return None;
    }
    for name in ["postgres", "nobody"] {
        if output(Command::new("id").args(["-u", name])).is_some() {
            return Some(name);
        }
    }
    panic!("PostgreSQL refuses to run as root and there is no account `postgres` or `nobody` to run it as");
}

fn private_folder(account: Option<&str>) -> PathBuf {
    let folder =
        tempfile::Builder::new().prefix("yushi-postgres-").tempdir().expect("a temporary folder").keep();
    if let Some(account) = account {
        succeed(Command::new("chown").arg(account).arg(&folder));
    }
    folder
}

/// The folder of the PostgreSQL programs; installs Debian's package when this is allowed.
fn programs() -> PathBuf {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(found) = find() {
        return found;
    }
    let allowed = std::env::var("CI").is_ok_and(|v| v == "true")
        || std::env::var("YUSHI_TEST_INSTALL").is_ok_and(|v| v == "1");
    if allowed && output(Command::new("id").arg("-u")).is_some_and(|id| id == "0") {
        for arguments in [&["update", "-qq"][..], &["install", "-y", "-qq", "postgresql"][..]] {
            succeed(
                Command::new("apt-get")
                    .args(["-o", "DPkg::Lock::Timeout=300"])
                    .args(arguments)
                    .env("DEBIAN_FRONTEND", "noninteractive")
                    .stdin(Stdio::null()),
            );
        }
        if let Some(found) = find() {
            return found;
        }
    }
    panic!(
        "this test needs PostgreSQL (initdb, postgres and psql), found neither on PATH nor under /usr/lib/postgresql.\n\
         Debian and Ubuntu: apt-get install postgresql; or run `make test` as root, which installs it."
    );
}

/// The newest folder that holds all three programs.
fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|entry| entry.path().join("bin")).collect();
    versions.sort_by_key(|path| {
        let version = path.parent().and_then(Path::file_name).and_then(|name| name.to_str());
        version.and_then(|name| name.parse::<f32>().ok()).map(|version| (version * 10.0) as u32)
    });
    versions.reverse();
    // A version's own folder first: single programs linked into PATH may lack their companions.
    versions.append(&mut folders);
    let complete = |folder: &PathBuf| ["initdb", "postgres", "psql"].iter().all(|p| folder.join(p).is_file());
    versions.into_iter().find(complete)
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn succeed(command: &mut Command) {
    let Output { status, stdout, stderr } =
        command.output().unwrap_or_else(|error| panic!("{command:?} does not start: {error}"));
    let (out, err) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?} failed:\n{out}{err}");
}
