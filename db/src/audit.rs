//! What was refused and what was looked at: recorded before anything is answered, read by auditors alone.

use crate::read::{Page, Scope, Where, cursor, instant, known, parse_cursor};
use crate::sql::{Columns, Stamp, Ty, json, names, row_set, stamp, statement};
use crate::vault::{CaseId, detail_place, key_column};
use crate::wall::{Within, gate_of_each};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::{Deserialize, Serialize};
use workflows::machine::{Actor, Role};

/// A line of the audit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    pub id: String,
    pub institution: String,
    pub application_id: Option<String>,
    pub at: DateTime<Utc>,
    pub by: String,
    pub role: Role,
    /// `REFUSAL`, `ACCESS`, `RATE`, `REGISTER`, `DEPUTY`, `HANDOVER`, `DAY_END`, `CASE_LINE`, `CALENDAR`, `ACCOUNT`, `SESSION`, `CONTACT`,
    /// `DELIVERY`, `TASK`, `REVIEW_MEMO` or `DIGEST`.
    pub kind: String,
    pub verb: Option<String>,
    /// Code of the refusal, or what was accessed.
    pub code: Option<String>,
    /// JSON: the refusal, or the purpose of the access.
    pub detail: String,
    pub cursor: String,
}

#[derive(Debug, Serialize)]
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

/// Kind of the lines of the read log.
const ACCESS: &str = "ACCESS";

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

impl AuditRow {
    /// A step that somebody takes beside the cases: with a rate, a deputy, an account or a session. `detail` is JSON: what stands
    /// after the step.
    pub(crate) fn step(
        (institution, by, role): (&str, &str, Role),
        kind: &'static str,
        (verb, code): (&str, &str),
        detail: String,
        now: DateTime<Utc>,
    ) -> Self {
        AuditRow {
            id: line_id(),
            institution: institution.to_owned(),
            application_id: None,
            at: Stamp::of(now),
            by_subject: by.to_owned(),
            role: role.code().to_owned(),
            kind,
            verb: Some(verb.to_owned()),
            code: code.to_owned(),
            detail,
        }
    }

    /// The step of an actor.
    pub(crate) fn step_of(
        actor: &Actor,
        kind: &'static str,
        step: (&str, &str),
        after: &impl Serialize,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let who = (actor.institution.as_str(), actor.subject.as_str(), actor.role);
        Ok(AuditRow::step(who, kind, step, serde_json::to_string(after)?, now))
    }
}

/// A new id of an audit line, growing with time.
pub(crate) fn line_id() -> String {
    uuid::Uuid::now_v7().to_string()
}

/// Adds a line. The rest of a transaction stays with the line's institution.
pub(crate) async fn add<C: ConnectionTrait>(connection: &C, row: &AuditRow) -> Result<()> {
    add_all(connection, &[row]).await
}

/// Adds lines in one statement, each behind the wall of its own bank.
pub(crate) async fn add_all<C: ConnectionTrait>(connection: &C, rows: &[&AuditRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let backend = connection.get_database_backend();
    let sql = format!(
        "INSERT INTO audit ({}) SELECT {} FROM {} WHERE {}",
        names(AUDIT, ""),
        names(AUDIT, "r."),
        row_set(backend, 1, "r", AUDIT),
        gate_of_each(backend, "r.institution")
    );
    connection.execute_raw(statement(backend, sql, vec![json(rows)?])).await?;
    Ok(())
}

/// Somebody looks at personal data of cases of one bank (L-91).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// The bank whose cases they are.
    pub institution: String,
    /// The cases: one, or those of a list.
    pub applications: Vec<String>,
    /// Kinds of data, such as `CONTENT`.
    pub kinds: Vec<String>,
    /// What for, such as `SCREENING`.
    pub purpose: String,
    /// The request in which it happened.
    pub request: String,
    /// The access in emergency by which the case was seen, where it was one (L-91).
    pub emergency: Option<String>,
}

/// The detail of a look as it is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Detail {
    purpose: String,
    request: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    applications: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    emergency: Option<String>,
}

/// Whose line of the read log is asked for.
#[derive(Clone, Debug)]
pub enum LookedAt<'a> {
    /// Who looked at this case alone: its number.
    Case(&'a str),
    /// What this person looked at, lists included.
    By(&'a str),
}

impl Store {
    /// Records that somebody looks at personal data, before it is sent: where this fails, nothing may be sent. Durable when it
    /// returns; looks that wait at the same time share the commit.
    pub async fn record_looks(&self, actor: &Actor, looks: &[Look], now: DateTime<Utc>) -> Result<()> {
        let mut rows = vec![];
        for look in looks {
            let one = (look.applications.len() == 1).then(|| look.applications[0].clone());
            let applications = if one.is_some() { vec![] } else { look.applications.clone() };
            let Look { purpose, request, emergency, .. } = look.clone();
            let detail = Detail { purpose, request, applications, emergency };
            rows.push(AuditRow {
                id: line_id(),
                institution: look.institution.clone(),
                application_id: one,
                at: Stamp::of(now),
                by_subject: actor.subject.clone(),
                role: actor.role.code().to_owned(),
                kind: ACCESS,
                verb: None,
                code: look.kinds.join(" "),
                detail: serde_json::to_string(&detail)?,
            });
        }
        match &self.inner.looks {
            Some(queue) if !rows.is_empty() => queue.write(rows).await,
            _ => add_all(self.writer(), &rows.iter().collect::<Vec<_>>()).await,
        }
    }

    /// A page of the read log of the caller's bank, the latest first: for auditors and compliance, empty for everyone else.
    pub async fn looks(
        &self,
        scope: &Scope,
        of: &LookedAt<'_>,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<LookLine>> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("u.institution", actor.institution.clone());
        w.and(format!("u.kind = '{ACCESS}'"));
        if !matches!(actor.role, Role::Auditor | Role::Compliance) {
            w.and("1 = 0");
        }
        match of {
            LookedAt::Case(number) => {
                let bank = w.bind(actor.institution.clone());
                let number = w.bind(*number);
                w.and(format!(
                    "u.application_id = (SELECT a.id FROM application a WHERE a.institution = {bank} AND a.number = {number})"
                ));
            }
            LookedAt::By(subject) => w.equals("u.by_subject", *subject),
        }
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(u.at, u.id) < ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {}, (SELECT a.number FROM application a WHERE a.id = u.application_id) AS number FROM audit u {} \
             ORDER BY u.at DESC, u.id DESC LIMIT {}",
            names(AUDIT, "u."),
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(look_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |look| look.line.cursor.clone()))
    }

    /// A page of the audit, the latest first. Empty for everyone but auditors of the institution.
    pub async fn audit(&self, scope: &Scope, after: Option<&str>, first: u32) -> Result<Page<AuditLine>> {
        self.audit_of(scope, &AuditFilter::default(), after, first).await
    }

    /// The same of certain lines.
    pub async fn audit_of(
        &self,
        scope: &Scope,
        filter: &AuditFilter,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<AuditLine>> {
        let mut w = Where::on(self.backend());
        scope.on_audit(&mut w);
        for (column, wanted) in [("u.kind", &filter.kind), ("u.by_subject", &filter.by)] {
            if let Some(wanted) = wanted {
                w.equals(column, wanted.clone());
            }
        }
        for (condition, at) in [("u.at >=", filter.from), ("u.at <", filter.before)] {
            if let Some(at) = at {
                let at = w.bind(crate::sql::micros(at));
                w.and(format!("{condition} {at}"));
            }
        }
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(u.at, u.id) < ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {}, {} FROM audit u {} ORDER BY u.at DESC, u.id DESC LIMIT {}",
            names(AUDIT, "u."),
            key_column("u.institution", "u.application_id"),
            w.sql(),
            u64::from(first) + 1
        );
        let mut items = vec![];
        for row in &self.rows(sql, w).await? {
            let mut line = line_of(row)?;
            let case = CaseId::new(&line.institution, line.application_id.as_deref().unwrap_or_default());
            let opener = self.opener(case, row.try_get("", "data_key")?).await?;
            // Of an erased case the line is left without its detail.
            let detail = opener.open(&detail_place(&line.id), &line.detail)?.known("detail", &line.id)?;
            line.detail = detail.unwrap_or_else(|| "{}".to_owned());
            items.push(line);
        }
        Ok(Page::of(items, first, |line| line.cursor.clone()))
    }
}

/// Which lines of the audit.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Kind such as `REFUSAL`.
    pub kind: Option<String>,
    /// Subject of who did it.
    pub by: Option<String>,
    /// At this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// A line of the read log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookLine {
    pub line: AuditLine,
    /// Number of the case, where it was one.
    pub number: Option<String>,
    pub look: Look,
}

fn look_of(row: &QueryResult) -> Result<LookLine> {
    let line = line_of(row)?;
    // Lines of earlier versions have the bare purpose.
    let detail = serde_json::from_str(&line.detail).or_else(|_| {
        serde_json::from_str(&line.detail).map(|purpose| Detail { purpose, ..Detail::default() })
    });
    let Detail { purpose, request, mut applications, emergency } = detail?;
    applications.extend(line.application_id.clone());
    let kinds = line.code.as_deref().unwrap_or_default().split(' ').map(str::to_owned).collect();
    let look =
        Look { institution: line.institution.clone(), applications, kinds, purpose, request, emergency };
    Ok(LookLine { number: row.try_get("", "number")?, look, line })
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
