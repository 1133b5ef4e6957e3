//! Work queues: read, claim, release.

use super::list::{TOTAL_EXACT_TO, Total, date};
use super::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::sql::skip_locked;
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DbBackend, QueryResult};
use std::collections::BTreeMap;
use workflows::machine::{Role, Stage, Task};

/// Which tasks.
#[derive(Clone, Debug, Default)]
pub struct TaskFilter {
    /// The queue of this role.
    pub role: Option<Role>,
    pub task: Option<Task>,
    pub application_id: Option<String>,
    /// Only those that the reader has claimed.
    pub mine: bool,
    /// Only those that nobody has claimed.
    pub unclaimed: bool,
    /// Only those that this person has claimed.
    pub holder: Option<String>,
    /// Only those due on this day or before.
    pub due_to: Option<NaiveDate>,
}

/// A task in a queue, with what its line shows of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// `{application}:{task of the case}`.
    pub id: String,
    pub application_id: String,
    pub institution: String,
    pub branch: String,
    pub task: Task,
    pub role: Role,
    pub organisation: Option<String>,
    pub due_on: NaiveDate,
    pub opened_at: DateTime<Utc>,
    pub claimed_by: Option<String>,
    pub claimed_at: Option<DateTime<Utc>>,
    /// Number of the case; empty for a draft.
    pub number: String,
    pub stage: Stage,
    pub name_kanji: String,
    pub name_kana: String,
    pub product: String,
    pub amount_yen: i64,
    pub planned_date: NaiveDate,
    pub cursor: String,
}

const COLUMNS: &str = "t.id, t.application_id, t.institution, t.branch, t.task, t.role, t.organisation, t.due_on, \
     t.opened_at, t.claimed_by, t.claimed_at, a.number, a.stage, a.name_kanji, \
     a.name_kana, a.product, a.amount_yen, a.planned_date";
const FROM: &str = "task t JOIN application a ON a.institution = t.institution AND a.id = t.application_id";

impl Store {
    /// A page of tasks, the most urgent first.
    pub async fn tasks(
        &self,
        scope: &Scope,
        filter: &TaskFilter,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Waiting>> {
        let (sql, w) = tasks_sql(self.backend(), scope, filter, after, first)?;
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(waiting_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// How many tasks there are, up to the same bound as for applications.
    pub async fn count_tasks(&self, scope: &Scope, filter: &TaskFilter) -> Result<Total> {
        let mut w = Where::on(self.backend());
        scope.on_tasks(&mut w);
        filter.apply(scope, &mut w);
        let limit = TOTAL_EXACT_TO + 1;
        let sql =
            format!("SELECT count(*) AS n FROM (SELECT 1 AS one FROM task t {} LIMIT {limit}) AS c", w.sql());
        let row = self.row(sql, w).await?;
        let n: i64 = row.map(|r| r.try_get("", "n")).transpose()?.unwrap_or_default();
        Ok(Total::of(n.unsigned_abs()))
    }

    /// The plan of a queue, as the database explains it.
    pub async fn explain_tasks(&self, scope: &Scope, filter: &TaskFilter) -> Result<String> {
        let (sql, w) = tasks_sql(self.backend(), scope, filter, None, 50)?;
        self.explain(sql, w).await
    }

    /// One task.
    pub async fn task(&self, scope: &Scope, id: &str) -> Result<Option<Waiting>> {
        let mut w = Where::on(self.backend());
        w.equals("t.id", id);
        scope.on_tasks(&mut w);
        let sql = format!("SELECT {COLUMNS} FROM {FROM} {}", w.sql());
        // From the writer: a claim reads its own result back.
        let row = self.row_written(sql, w).await?;
        row.as_ref().map(waiting_of).transpose()
    }

    /// These tasks, as far as the reader sees them, by id.
    pub(crate) async fn tasks_of(&self, scope: &Scope, ids: &[String]) -> Result<BTreeMap<String, Waiting>> {
        if ids.is_empty() {
            return Ok(BTreeMap::new());
        }
        let mut w = Where::on(self.backend());
        w.is_one_of("t.id", ids);
        scope.on_tasks(&mut w);
        let rows = self.rows(format!("SELECT {COLUMNS} FROM {FROM} {}", w.sql()), w).await?;
        rows.iter().map(|row| waiting_of(row).map(|task| (task.id.clone(), task))).collect()
    }

    /// Claims the most urgent unclaimed task of the reader's own role. Two that ask at once get two tasks.
    pub async fn claim_next(&self, scope: &Scope, now: DateTime<Utc>) -> Result<Option<Waiting>> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        let (by, at) = (w.bind(actor.subject.clone()), w.bind(crate::sql::micros(now)));
        scope.on_tasks(&mut w);
        w.equals("t.role", actor.role.code());
        w.and("t.claimed_by IS NULL");
        let sql = format!(
            "UPDATE task SET claimed_by = {by}, claimed_at = {at} WHERE {} AND claimed_by IS NULL AND id = \
             (SELECT t.id FROM task t {} ORDER BY t.due_on, t.id LIMIT 1 {}) RETURNING id",
            w.gate(),
            w.sql(),
            skip_locked(self.backend())
        );
        let row = self.row_written(sql, w).await?;
        match row {
            None => Ok(None),
            Some(row) => self.task(scope, &row.try_get::<String>("", "id")?).await,
        }
    }

    /// Claims one task. False where it is gone, not for the reader's role, or another's.
    pub async fn claim(&self, scope: &Scope, id: &str, now: DateTime<Utc>) -> Result<bool> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        let (by, at) = (w.bind(actor.subject.clone()), w.bind(crate::sql::micros(now)));
        w.equals("t.id", id);
        w.equals("t.role", actor.role.code());
        w.and(format!("(t.claimed_by IS NULL OR t.claimed_by = {by})"));
        scope.on_tasks(&mut w);
        self.touch(format!("UPDATE task AS t SET claimed_by = {by}, claimed_at = {at} {}", w.sql()), w).await
    }

    /// Gives a claimed task back. Only the claimant can; a branch manager can for everyone.
    pub async fn release(&self, scope: &Scope, id: &str) -> Result<bool> {
        let mut w = Where::on(self.backend());
        w.equals("t.id", id);
        if scope.actor().role != Role::BranchManager {
            w.equals("t.claimed_by", scope.actor().subject.clone());
        }
        w.and("t.claimed_by IS NOT NULL");
        scope.on_tasks(&mut w);
        self.touch(format!("UPDATE task AS t SET claimed_by = NULL, claimed_at = NULL {}", w.sql()), w).await
    }
}

fn tasks_sql(
    backend: DbBackend,
    scope: &Scope,
    filter: &TaskFilter,
    after: Option<&str>,
    first: u32,
) -> Result<(String, Where)> {
    let mut w = Where::on(backend);
    scope.on_tasks(&mut w);
    filter.apply(scope, &mut w);
    if let Some(after) = after {
        let (due, id) = parse_cursor(after)?;
        let (due, id) = (w.bind(date(&due, after)?), w.bind(id));
        w.and(format!("(t.due_on, t.id) > ({due}, {id})"));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM {FROM} {} ORDER BY t.due_on, t.id LIMIT {}",
        w.sql(),
        u64::from(first) + 1
    );
    Ok((sql, w))
}

impl TaskFilter {
    fn apply(&self, scope: &Scope, w: &mut Where) {
        if let Some(role) = self.role {
            w.equals("t.role", role.code());
        }
        if let Some(task) = self.task {
            w.equals("t.task", task.code());
        }
        if let Some(id) = &self.application_id {
            w.equals("t.application_id", id.clone());
        }
        if self.mine {
            w.equals("t.claimed_by", scope.actor().subject.clone());
        }
        if self.unclaimed {
            w.and("t.claimed_by IS NULL");
        }
        if let Some(holder) = &self.holder {
            w.equals("t.claimed_by", holder.clone());
        }
        if let Some(due) = self.due_to {
            let due = w.bind(due);
            w.and(format!("t.due_on <= {due}"));
        }
    }
}

fn waiting_of(row: &QueryResult) -> Result<Waiting> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (task, role, stage) = (text("task")?, text("role")?, text("stage")?);
    let number: Option<String> = row.try_get("", "number")?;
    let (id, due_on): (String, NaiveDate) = (text("id")?, row.try_get("", "due_on")?);
    Ok(Waiting {
        cursor: cursor(&due_on.to_string(), &id),
        id,
        application_id: text("application_id")?,
        institution: text("institution")?,
        branch: text("branch")?,
        task: known(Task::parse(&task), "task", &task)?,
        role: known(Role::parse(&role), "role", &role)?,
        organisation: row.try_get("", "organisation")?,
        due_on,
        opened_at: row.try_get("", "opened_at")?,
        claimed_by: row.try_get("", "claimed_by")?,
        claimed_at: row.try_get("", "claimed_at")?,
        number: number.unwrap_or_default(),
        stage: known(Stage::parse(&stage), "stage", &stage)?,
        name_kanji: text("name_kanji")?,
        name_kana: text("name_kana")?,
        product: text("product")?,
        amount_yen: row.try_get("", "amount_yen")?,
        planned_date: row.try_get("", "planned_date")?,
    })
}
