//! Figures over many cases: how they stand by stage, who works on how much, what the months brought. One statement each, inside the
//! reader's scope; they hold no personal data.

use super::{Scope, Where, known};
use crate::{Result, Store, StoreError};
use chrono::NaiveDate;
use sea_orm::{DbBackend, QueryResult};
use workflows::machine::{Role, Stage};

/// Open cases are counted up to here; beyond, the figures say so.
pub const FIGURES_EXACT_TO: u64 = 50_000;
/// Most lines of [`Store::workload`].
pub const WORKLOAD_MOST: u32 = 500;

/// Open cases of one stage and branch that entered the stage on the same day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    pub branch: String,
    /// Day in Tokyo on which they entered the stage; of a draft, the day on which it was begun.
    pub since: NaiveDate,
    pub cases: u64,
    pub amount_yen: i64,
    /// Cases with work that was due before today.
    pub overdue: u64,
}

/// How the open cases stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standings {
    pub lines: Vec<Standing>,
    /// False where there are more open cases than were counted.
    pub exact: bool,
}

/// Cases of one stage with work that waits for one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingOn {
    pub stage: Stage,
    pub role: Role,
    pub cases: u64,
    /// Those with such work that was due before today.
    pub overdue: u64,
}

/// Work of one person of the lender in one role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Load {
    /// `None`: nobody has taken it.
    pub subject: Option<String>,
    pub role: Role,
    pub tasks: u64,
    pub cases: u64,
    pub overdue: u64,
    /// The earliest due date.
    pub next_due: NaiveDate,
}

/// Cases received in one month, by where they stand now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intake {
    /// `2026-04`, of the day of reception.
    pub month: String,
    pub branch: String,
    /// Product code.
    pub product: String,
    pub stage: Stage,
    pub cases: u64,
    pub amount_yen: i64,
}

impl Store {
    /// How the reader's open cases stand on a day; those of one branch alone where it is named.
    pub async fn standings(
        &self,
        scope: &Scope,
        today: NaiveDate,
        branch: Option<&str>,
    ) -> Result<Standings> {
        let (sql, w) = standings_sql(self.backend(), scope, today, branch);
        let rows = self.rows(sql, w).await?;
        let lines = rows.iter().map(standing_of).collect::<Result<Vec<_>>>()?;
        let exact = lines.iter().map(|line| line.cases).sum::<u64>() <= FIGURES_EXACT_TO;
        Ok(Standings { lines, exact })
    }

    /// For whom the reader's open cases wait, by stage; those of one branch alone where it is named.
    pub async fn waiting_on(
        &self,
        scope: &Scope,
        today: NaiveDate,
        branch: Option<&str>,
    ) -> Result<Vec<WaitingOn>> {
        let (sql, w) = waiting_sql(self.backend(), scope, today, branch);
        self.rows(sql, w).await?.iter().map(waiting_of).collect()
    }

    /// Who of the lender works on how much, whoever has most overdue first; what nobody has taken stands under no name.
    pub async fn workload(&self, scope: &Scope, today: NaiveDate) -> Result<Vec<Load>> {
        let (sql, w) = workload_sql(self.backend(), scope, today);
        self.rows(sql, w).await?.iter().map(load_of).collect()
    }

    /// The cases received from one day to another, by month.
    pub async fn intakes(&self, scope: &Scope, from: NaiveDate, to: NaiveDate) -> Result<Vec<Intake>> {
        let (sql, w) = intakes_sql(self.backend(), scope, from, to);
        self.rows(sql, w).await?.iter().map(intake_of).collect()
    }

    /// The plans of the four statements, as the database explains them.
    pub async fn explain_figures(&self, scope: &Scope, today: NaiveDate) -> Result<[String; 4]> {
        let backend = self.backend();
        let (standings, s) = standings_sql(backend, scope, today, None);
        let (waiting, o) = waiting_sql(backend, scope, today, None);
        let (workload, l) = workload_sql(backend, scope, today);
        let (intakes, i) = intakes_sql(backend, scope, today, today);
        Ok([
            self.explain(standings, s).await?,
            self.explain(waiting, o).await?,
            self.explain(workload, l).await?,
            self.explain(intakes, i).await?,
        ])
    }
}

/// The day of an instant in Tokyo, as text.
fn day_of(backend: DbBackend, at: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("to_char({at} AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD')")
    } else {
        format!("date({at}, '+9 hours')")
    }
}

/// The month of a day, as text.
fn month_of(backend: DbBackend, day: &str) -> String {
    if backend == DbBackend::Postgres {
        format!("to_char({day}, 'YYYY-MM')")
    } else {
        format!("substr({day}, 1, 7)")
    }
}

fn codes(all: &[Stage], keep: impl Fn(Stage) -> bool) -> Vec<String> {
    all.iter().filter(|stage| keep(**stage)).map(|stage| stage.code().to_owned()).collect()
}

/// Of a case that last moved before its stage was noted with its day, its last change counts.
fn standings_sql(
    backend: DbBackend,
    scope: &Scope,
    today: NaiveDate,
    branch: Option<&str>,
) -> (String, Where) {
    let mut w = Where::on(backend);
    scope.on_applications(&mut w);
    if let Some(branch) = branch {
        w.equals("a.branch", branch);
    }
    w.is_one_of("a.stage", &codes(Stage::ALL, |stage| !stage.is_final()));
    let (today, seen) = (w.bind(today), scope.sees_task("t", &mut w));
    let day = day_of(backend, "c.since");
    let sql = format!(
        "SELECT c.stage, c.branch, {day} AS since, count(*) AS cases, CAST(sum(c.amount_yen) AS bigint) AS amount_yen, \
         sum(c.late) AS overdue FROM (SELECT a.stage, a.branch, a.amount_yen, coalesce(a.stage_at, a.updated_at) AS since, \
         CASE WHEN EXISTS (SELECT 1 FROM task t WHERE t.institution = a.institution AND t.application_id = a.id \
         AND t.due_on < {today} AND {seen}) THEN 1 ELSE 0 END AS late FROM application a {} LIMIT {}) AS c \
         GROUP BY c.stage, c.branch, {day} ORDER BY c.stage, c.branch, since",
        w.sql(),
        FIGURES_EXACT_TO + 1
    );
    (sql, w)
}

fn waiting_sql(backend: DbBackend, scope: &Scope, today: NaiveDate, branch: Option<&str>) -> (String, Where) {
    let mut w = Where::on(backend);
    scope.on_tasks(&mut w);
    if let Some(branch) = branch {
        w.equals("t.branch", branch);
    }
    let today = w.bind(today);
    let sql = format!(
        "SELECT a.stage, t.role, count(DISTINCT t.application_id) AS cases, \
         count(DISTINCT CASE WHEN t.due_on < {today} THEN t.application_id END) AS overdue \
         FROM task t JOIN application a ON a.institution = t.institution AND a.id = t.application_id {} \
         GROUP BY a.stage, t.role ORDER BY a.stage, t.role",
        w.sql()
    );
    (sql, w)
}

fn workload_sql(backend: DbBackend, scope: &Scope, today: NaiveDate) -> (String, Where) {
    let mut w = Where::on(backend);
    scope.on_tasks(&mut w);
    let staff: Vec<String> =
        Role::ALL.iter().filter(|role| role.is_staff()).map(|role| role.code().to_owned()).collect();
    w.is_one_of("t.role", &staff);
    let today = w.bind(today);
    let sql = format!(
        "SELECT t.claimed_by, t.role, count(*) AS tasks, count(DISTINCT t.application_id) AS cases, \
         sum(CASE WHEN t.due_on < {today} THEN 1 ELSE 0 END) AS overdue, min(t.due_on) AS next_due FROM task t {} \
         GROUP BY t.claimed_by, t.role ORDER BY overdue DESC, tasks DESC, t.role, t.claimed_by LIMIT {WORKLOAD_MOST}",
        w.sql()
    );
    (sql, w)
}

fn intakes_sql(backend: DbBackend, scope: &Scope, from: NaiveDate, to: NaiveDate) -> (String, Where) {
    let mut w = Where::on(backend);
    scope.on_applications(&mut w);
    let (from, to) = (w.bind(from), w.bind(to));
    w.and(format!("a.received_on >= {from} AND a.received_on <= {to}"));
    let month = month_of(backend, "a.received_on");
    let sql = format!(
        "SELECT {month} AS month, a.branch, a.product, a.stage, count(*) AS cases, \
         CAST(sum(a.amount_yen) AS bigint) AS amount_yen FROM application a {} \
         GROUP BY {month}, a.branch, a.product, a.stage ORDER BY month, a.branch, a.product, a.stage",
        w.sql()
    );
    (sql, w)
}

fn count(row: &QueryResult, name: &str) -> Result<u64> {
    Ok(row.try_get::<i64>("", name)?.unsigned_abs())
}

fn stage_of(row: &QueryResult) -> Result<Stage> {
    let stage: String = row.try_get("", "stage")?;
    known(Stage::parse(&stage), "stage", &stage)
}

fn role_of(row: &QueryResult) -> Result<Role> {
    let role: String = row.try_get("", "role")?;
    known(Role::parse(&role), "role", &role)
}

fn standing_of(row: &QueryResult) -> Result<Standing> {
    let since: String = row.try_get("", "since")?;
    Ok(Standing {
        stage: stage_of(row)?,
        branch: row.try_get("", "branch")?,
        since: since.parse().map_err(|_| StoreError::Unsafe(format!("unknown day: {since}")))?,
        cases: count(row, "cases")?,
        amount_yen: row.try_get("", "amount_yen")?,
        overdue: count(row, "overdue")?,
    })
}

fn waiting_of(row: &QueryResult) -> Result<WaitingOn> {
    let (stage, role) = (stage_of(row)?, role_of(row)?);
    Ok(WaitingOn { stage, role, cases: count(row, "cases")?, overdue: count(row, "overdue")? })
}

fn load_of(row: &QueryResult) -> Result<Load> {
    Ok(Load {
        subject: row.try_get("", "claimed_by")?,
        role: role_of(row)?,
        tasks: count(row, "tasks")?,
        cases: count(row, "cases")?,
        overdue: count(row, "overdue")?,
        next_due: row.try_get("", "next_due")?,
    })
}

fn intake_of(row: &QueryResult) -> Result<Intake> {
    Ok(Intake {
        month: row.try_get("", "month")?,
        branch: row.try_get("", "branch")?,
        product: row.try_get("", "product")?,
        stage: stage_of(row)?,
        cases: count(row, "cases")?,
        amount_yen: row.try_get("", "amount_yen")?,
    })
}
