//! Mails that wait: one submitted case whose mail is copied as often as a measurement needs.

use chrono::{DateTime, TimeZone, Utc};
use db::{Answer, Request, Store, StoreOptions, Target};
use sea_orm::{ConnectOptions, ConnectionTrait, Database, DatabaseConnection};
use std::sync::Arc;
use workflows::form::Line;
use workflows::machine::{Actor, Command, Role};

/// An outbox on one of the databases.
pub struct Outbox {
    pub store: Store,
    aside: DatabaseConnection,
    mail: String,
    round: usize,
}

/// Noon in Tokyo of the sample's reception day.
///
/// # Panics
/// When the sample has changed its shape.
pub fn noon() -> DateTime<Utc> {
    let day = form().received_date();
    Utc.from_utc_datetime(&day.and_hms_opt(3, 0, 0).expect("a time"))
}

fn form() -> workflows::Form {
    let lines = include_str!("../../data/applications.jsonl");
    Line::parse(lines.lines().next().unwrap_or_default()).expect("the first sample").form
}

impl Outbox {
    /// A migrated database with one submitted case, all of whose parcels but one mail are settled.
    ///
    /// # Panics
    /// When the database does not take it.
    pub async fn open(url: &str) -> Outbox {
        let rules = Arc::new(workflows::sample::rulebook().expect("sound books"));
        let store = Store::open(url, StoreOptions::new(rules)).await.expect("opens");
        store.migrate().await.expect("migrates");
        let bank = form().institution;
        let actor = Actor {
            subject: "taro".to_owned(),
            role: Role::Applicant,
            institution: bank.bank_code,
            branches: vec![],
            organisation: None,
            on_behalf_of: None,
        };
        let id = uuid::Uuid::now_v7().to_string();
        for (target, command) in [
            (Target::New { id: &id }, Command::CreateDraft { form: form() }),
            (Target::Case { id: &id }, Command::SubmitApplication { received_at: None, external_id: None }),
        ] {
            let request = Request {
                actor: &actor,
                now: noon(),
                target,
                command: &command,
                expected_version: None,
                key: None,
            };
            assert!(matches!(store.execute(request).await.expect("answers"), Answer::Done(_)));
        }
        let mut connect = ConnectOptions::new(url);
        connect.idle_timeout(None::<std::time::Duration>).max_lifetime(None::<std::time::Duration>);
        connect.max_connections(1).sqlx_logging(false);
        let aside = Database::connect(connect).await.expect("connects");
        let sql = "SELECT min(id) AS id FROM outbox WHERE channel = 'EMAIL' AND subject = 'taro'";
        let row = aside.query_one_raw(plain(&aside, sql)).await.expect("answers").expect("a row");
        let mail = row.try_get("", "id").expect("a mail");
        let settled = "UPDATE outbox SET state = 'DELIVERED', settled_at = created_at";
        aside.execute_raw(plain(&aside, settled)).await.expect("settled");
        Outbox { store, aside, mail, round: 0 }
    }

    /// Lets so many mails wait.
    ///
    /// # Panics
    /// When the database does not take them.
    pub async fn fill(&mut self, mails: usize) {
        self.round += 1;
        let (round, mail) = (self.round, &self.mail);
        let sql = format!(
            "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {mails}) \
             INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, subject, address, payload, state, \
             next_at, created_at, replaces) SELECT o.id || '.{round}-' || s.n, o.institution, o.application_id, 0, o.channel, o.kind, \
             o.branch, o.subject, o.address, o.payload, 'WAITING', o.created_at, o.created_at, o.id FROM s JOIN outbox o ON o.id = '{mail}'"
        );
        let done = self.aside.execute_raw(plain(&self.aside, &sql)).await.expect("filled");
        assert_eq!(done.rows_affected() as usize, mails);
    }
}

fn plain(connection: &DatabaseConnection, sql: &str) -> sea_orm::Statement {
    sea_orm::Statement::from_string(connection.get_database_backend(), sql)
}
