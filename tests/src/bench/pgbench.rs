//! The yardstick: pgbench running the seven statements of one transition on the same server.

use crate::postgres::PrivatePostgres;
use std::process::Command;

const SCHEMA: &str = "
create table application (id int primary key, version int not null, stage text not null, body text not null);
create table event (application int, version int, body text, at timestamptz default now(), primary key (application, version));
create table audit (id bigserial primary key, application int, body text);
create table outbox (id bigserial primary key, application int, body text, settled timestamptz);
create table task (id bigserial primary key, application int, opened timestamptz default now(), closed timestamptz);
create index task_open on task (application) where closed is null;
create index outbox_open on outbox (id) where settled is null;
insert into application select n, 0, 'SUBMITTED', repeat('x', 6000) from generate_series(1, 2000) n;
insert into task (application) select n from generate_series(1, 2000) n;
";

/// One transition: lock, version-checked update, event, audit, three outbox rows, one task closed, one opened.
const SCRIPT: &str = "\\set id random(1, 2000)
begin;
select version from application where id = :id for update \\gset
update application set version = version + 1, stage = 'INCOMPLETE', body = repeat('y', 6000) where id = :id and version = :version;
insert into event (application, version, body) values (:id, :version + 1, repeat('e', 800));
insert into audit (application, body) values (:id, 'transition');
insert into outbox (application, body) values (:id, repeat('n', 300)), (:id, repeat('n', 300)), (:id, repeat('n', 300));
update task set closed = now() where application = :id and closed is null;
insert into task (application) values (:id);
commit;
";

/// A database with the yardstick's tables and the script beside it.
pub struct Yardstick {
    url: String,
    program: std::path::PathBuf,
    script: tempfile::NamedTempFile,
}

impl Yardstick {
    /// Prepares a fresh database on the server.
    ///
    /// # Panics
    /// When psql or pgbench is not there or refuses: the benchmark has no yardstick then.
    pub fn prepare(server: &PrivatePostgres) -> Self {
        let url = server.fresh_database();
        let done = Command::new(server.program("psql"))
            .args(["-q", "-v", "ON_ERROR_STOP=1", "-d", &url, "-c", SCHEMA])
            .status();
        assert!(done.is_ok_and(|status| status.success()), "psql could not make the yardstick's tables");
        let script = tempfile::NamedTempFile::new().expect("a temporary file for the script");
        std::fs::write(script.path(), SCRIPT).expect("the script is written");
        Self { url, program: server.program("pgbench"), script }
    }

    /// Transitions per second with so many connections for so many seconds, prepared statements.
    ///
    /// # Panics
    /// When pgbench fails or prints no figure.
    pub fn run(&self, clients: usize, seconds: u64) -> f64 {
        let output = Command::new(&self.program)
            .args(["-n", "-M", "prepared", "-c", &clients.to_string(), "-j", "2", "-T", &seconds.to_string()])
            .arg("-f")
            .arg(self.script.path())
            .arg(&self.url)
            .output()
            .expect("pgbench runs");
        let text = String::from_utf8_lossy(&output.stdout);
        let line = text.lines().find_map(|line| line.strip_prefix("tps = "));
        let figure = line.and_then(|rest| rest.split_whitespace().next()).and_then(|word| word.parse().ok());
        figure.unwrap_or_else(|| {
            panic!("pgbench gave no figure:\n{text}{}", String::from_utf8_lossy(&output.stderr))
        })
    }
}
