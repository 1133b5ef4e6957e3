//! What was refused and what was looked at: recorded before anything is answered, read by auditors alone.

use crate::read::{Page, Scope, Where, cursor, instant, known, parse_cursor};
use crate::sql::{Columns, Stamp, Ty, json, names, row_set, stamp, statement};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use workflows::machine::Role;

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub id: String,
    pub institution: String,
    pub application_id: Option<String>,
    pub at: DateTime<Utc>,
    pub by: String,
    pub role: Role,
    /// `REFUSAL`, `ACCESS` or `RATE`.
    pub kind: String,
    pub verb: Option<String>,
    /// Code of the refusal, or what was accessed.
    pub code: Option<String>,
    /// JSON: the refusal, or the purpose of the access.
    pub detail: String,
    pub cursor: String,
}

#[derive(Serialize)]
pub(crate) struct AuditRow {
    pub id: String,
    pub institution: String,
    pub application_id: Option<String>,
    pub at: Stamp,
    pub by_subject: String,
    pub role: String,
    pub kind: &'static str,
    pub verb: Option<String>,
    pub code: String,
    pub detail: String,
}

const AUDIT: Columns = &[
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("at", Ty::At),
    ("by_subject", Ty::Text),
    ("role", Ty::Text),
    ("kind", Ty::Text),
    ("verb", Ty::Text),
    ("code", Ty::Text),
    ("detail", Ty::Text),
];

/// A new id of an audit line, growing with time.
pub(crate) fn line_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Adds a line.
pub(crate) async fn add<C: ConnectionTrait>(connection: &C, row: &AuditRow) -> Result<()> {
    let backend = connection.get_database_backend();
    let sql = format!(
        "INSERT INTO audit ({}) SELECT {} FROM {}",
        names(AUDIT, ""),
        names(AUDIT, "r."),
        row_set(backend, 1, "r", AUDIT)
    );
    connection.execute_raw(statement(backend, sql, vec![json(&[row])?])).await?;
    Ok(())
}

impl Store {
    /// Records that somebody looks at protected data, before it is sent: where this fails, nothing may be sent.
    pub async fn record_access(
        &self,
        scope: &Scope,
        application_id: Option<&str>,
        what: &str,
        purpose: &str,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let actor = scope.actor();
        let row = AuditRow {
            id: line_id(),
            institution: actor.institution.clone(),
            application_id: application_id.map(str::to_owned),
            at: Stamp::of(now),
            by_subject: actor.subject.clone(),
            role: actor.role.code().to_owned(),
            kind: "ACCESS",
            verb: None,
            code: what.to_owned(),
            detail: serde_json::to_string(purpose)?,
        };
        add(self.writer(), &row).await
    }

    /// A page of the audit, the latest first. Empty for everyone but auditors of the institution.
    pub async fn audit(&self, scope: &Scope, after: Option<&str>, first: u32) -> Result<Page<AuditLine>> {
        let mut w = Where::default();
        scope.on_audit(&mut w);
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(u.at, u.id) < ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {} FROM audit u {} ORDER BY u.at DESC, u.id DESC LIMIT {}",
            names(AUDIT, "u."),
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, w.into_values())).await?;
        let items = rows.iter().map(line_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |line| line.cursor.clone()))
    }
}

fn line_of(row: &QueryResult) -> Result<AuditLine> {
    let (id, role): (String, String) = (row.try_get("", "id")?, row.try_get("", "role")?);
    let at: DateTime<Utc> = row.try_get("", "at")?;
    Ok(AuditLine {
        cursor: cursor(&stamp(at), &id),
        id,
        institution: row.try_get("", "institution")?,
        application_id: row.try_get("", "application_id")?,
        at,
        by: row.try_get("", "by_subject")?,
        role: known(Role::parse(&role), "role", &role)?,
        kind: row.try_get("", "kind")?,
        verb: row.try_get("", "verb")?,
        code: row.try_get("", "code")?,
        detail: row.try_get("", "detail")?,
    })
}
