//! Deputies: who acts for an absent colleague, from one day to another (E.2). The deputy acts under his own name; every entry
//! says for whom.

use crate::audit::{self, AuditRow};
use crate::read::{Scope, Where, known};
use crate::sql::statement;
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use workflows::Problem;
use workflows::calendar::tokyo_date;
use workflows::machine::approval::deputy_refused;
use workflows::machine::{Actor, Role};

/// A deputy of a colleague.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deputy {
    pub id: String,
    pub institution: String,
    /// The absent person, whose role and branches these are.
    pub absent: String,
    pub role: Role,
    pub branches: Vec<String>,
    /// Who acts.
    pub subject: String,
    /// First and last day, Tokyo.
    pub from: NaiveDate,
    pub until: NaiveDate,
    pub reason: String,
    pub named_at: DateTime<Utc>,
    pub ended_by: Option<String>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeputyAnswer {
    Done(Box<Deputy>),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    NotFound,
    Forbidden,
}

/// The kind of its lines in the audit.
pub(crate) const KIND: &str = "DEPUTY";

const COLUMNS: &str = "d.id, d.institution, d.absent, d.role, d.branches, d.subject, d.from_day, d.until_day, d.reason, \
                       d.named_at, d.ended_by, d.ended_at";

impl Store {
    /// The caller names who acts for him from `from` to `until`. A deputy names no deputy.
    pub async fn name_deputy(
        &self,
        scope: &Scope,
        subject: &str,
        (from, until): (NaiveDate, NaiveDate),
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<DeputyAnswer> {
        let actor = scope.actor();
        if !actor.role.is_staff() || actor.institution.is_empty() || actor.on_behalf_of.is_some() {
            return Ok(DeputyAnswer::Forbidden);
        }
        let problems = deputy_refused(&actor.subject, subject, (from, until), reason, tokyo_date(now));
        if !problems.is_empty() {
            return Ok(DeputyAnswer::Invalid(problems));
        }
        let deputy = Deputy {
            id: audit::line_id(),
            institution: actor.institution.clone(),
            absent: actor.subject.clone(),
            role: actor.role,
            branches: actor.branches.clone(),
            subject: subject.to_owned(),
            from,
            until,
            reason: reason.trim().to_owned(),
            named_at: crate::sql::micros(now),
            ended_by: None,
            ended_at: None,
        };
        let sql = "INSERT INTO deputy (id, institution, absent, role, branches, subject, from_day, until_day, reason, named_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let values: Vec<Value> = vec![
            deputy.id.clone().into(),
            deputy.institution.clone().into(),
            deputy.absent.clone().into(),
            deputy.role.code().into(),
            serde_json::to_string(&deputy.branches)?.into(),
            deputy.subject.clone().into(),
            deputy.from.into(),
            deputy.until.into(),
            deputy.reason.clone().into(),
            deputy.named_at.into(),
        ];
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        tx.execute_raw(statement(self.backend(), sql, values)).await?;
        let step = ("nameDeputy", deputy.role.code());
        audit::add(&tx, &AuditRow::step_of(actor, KIND, step, &deputy, now)?).await?;
        tx.commit().await?;
        Ok(DeputyAnswer::Done(Box::new(deputy)))
    }

    /// Ends it at once: by the absent person, the deputy, or compliance.
    pub async fn end_deputy(&self, scope: &Scope, id: &str, now: DateTime<Utc>) -> Result<DeputyAnswer> {
        let actor = scope.actor();
        if !actor.role.is_staff() {
            return Ok(DeputyAnswer::Forbidden);
        }
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let sql = format!(
            "SELECT {COLUMNS} FROM deputy d WHERE d.institution = $1 AND d.id = $2 AND d.ended_at IS NULL"
        );
        let values = vec![actor.institution.clone().into(), id.into()];
        let row = tx.query_one_raw(statement(self.backend(), sql, values)).await?;
        let Some(found) = row.as_ref().map(line_of).transpose()? else { return Ok(DeputyAnswer::NotFound) };
        let concerned = actor.people().any(|person| person == found.absent || person == found.subject);
        if !concerned && actor.role != Role::Compliance {
            return Ok(DeputyAnswer::Forbidden);
        }
        let ended_at = crate::sql::micros(now);
        let sql = "UPDATE deputy SET ended_by = $1, ended_at = $2 WHERE id = $3 AND institution = $4 AND ended_at IS NULL";
        let values: Vec<Value> =
            vec![actor.subject.clone().into(), ended_at.into(), id.into(), actor.institution.clone().into()];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(DeputyAnswer::NotFound);
        }
        let ended = Deputy { ended_by: Some(actor.subject.clone()), ended_at: Some(ended_at), ..found };
        let step = ("endDeputy", ended.role.code());
        audit::add(&tx, &AuditRow::step_of(actor, KIND, step, &ended, now)?).await?;
        tx.commit().await?;
        Ok(DeputyAnswer::Done(Box::new(ended)))
    }

    /// The deputies of the caller's bank, the latest named first.
    pub async fn deputies(&self, scope: &Scope, first: u32) -> Result<Vec<Deputy>> {
        let institution = &scope.actor().institution;
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        w.equals("d.institution", institution.clone());
        let sql = format!(
            "SELECT {COLUMNS} FROM deputy d {} ORDER BY d.named_at DESC, d.id DESC LIMIT {first}",
            w.sql()
        );
        self.rows(sql, w).await?.iter().map(line_of).collect()
    }

    /// `actor` in the role of the absent colleague `absent`, where he is named as the deputy today; one statement.
    pub async fn acting_for(&self, actor: &Actor, absent: &str, now: DateTime<Utc>) -> Result<Option<Actor>> {
        if !actor.role.is_staff() {
            return Ok(None);
        }
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("d.institution", actor.institution.clone());
        w.equals("d.absent", absent);
        w.equals("d.subject", actor.subject.clone());
        let today = w.bind(tokyo_date(now));
        w.and(format!("d.from_day <= {today} AND d.until_day >= {today} AND d.ended_at IS NULL"));
        let sql = format!("SELECT {COLUMNS} FROM deputy d {} ORDER BY d.named_at DESC LIMIT 1", w.sql());
        let row = self.row(sql, w).await?;
        let Some(deputy) = row.as_ref().map(line_of).transpose()? else { return Ok(None) };
        Ok(Some(Actor {
            role: deputy.role,
            branches: deputy.branches,
            on_behalf_of: Some(deputy.absent),
            ..actor.clone()
        }))
    }
}

/// Every line of every bank, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Deputy>> {
    let sql = format!("SELECT {COLUMNS} FROM deputy d ORDER BY d.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(line_of).collect()
}

fn line_of(row: &QueryResult) -> Result<Deputy> {
    let text = |name: &str| row.try_get::<String>("", name);
    let role = text("role")?;
    Ok(Deputy {
        id: text("id")?,
        institution: text("institution")?,
        absent: text("absent")?,
        role: known(Role::parse(&role), "role", &role)?,
        branches: serde_json::from_str(&text("branches")?)?,
        subject: text("subject")?,
        from: row.try_get("", "from_day")?,
        until: row.try_get("", "until_day")?,
        reason: text("reason")?,
        named_at: row.try_get("", "named_at")?,
        ended_by: row.try_get("", "ended_by")?,
        ended_at: row.try_get("", "ended_at")?,
    })
}
