//! Lists of applications: keyset pages read from a covering index, never from the documents.

use super::{Scope, Where, cursor, known, parse_cursor};
use crate::sql::stamp;
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{DbBackend, QueryResult};
use workflows::machine::Stage;

/// Totals are counted up to here; beyond, they say so.
pub const TOTAL_EXACT_TO: u64 = 10_000;

/// Which applications.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Any of these stages; empty for all.
    pub stages: Vec<Stage>,
    pub branch: Option<String>,
    /// Product code.
    pub product: Option<String>,
    /// Start of the number, of the sender's id, or of the applicant's name (kanji or kana).
    pub text: Option<String>,
    pub planned_from: Option<NaiveDate>,
    pub planned_to: Option<NaiveDate>,
    pub received_from: Option<NaiveDate>,
    pub received_to: Option<NaiveDate>,
    pub amount_from_yen: Option<i64>,
    pub amount_to_yen: Option<i64>,
}

/// In which order.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Latest change first.
    #[default]
    UpdatedDesc,
    UpdatedAsc,
    /// Earliest disbursement first.
    PlannedAsc,
    PlannedDesc,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub id: String,
    pub institution: String,
    pub branch: String,
    /// Empty for a draft.
    pub number: String,
    pub external_id: Option<String>,
    pub stage: Stage,
    pub version: u64,
    pub name_kanji: String,
    pub name_kana: String,
    /// Product code.
    pub product: String,
    pub amount_yen: i64,
    pub planned_date: NaiveDate,
    pub received_on: Option<NaiveDate>,
    pub created_at: DateTime<Utc>,
    pub updated_at: DateTime<Utc>,
    /// Of this line: pass it as `after` to continue behind it.
    pub cursor: String,
}

/// A page of anything.
#[derive(Clone, Debug)]
pub struct Page<T> {
    pub items: Vec<T>,
    /// Cursor for the next page; absent on the last.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// A page from one item more than was asked for: that one only tells that there is another page.
    pub(crate) fn of(mut items: Vec<T>, first: u32, cursor: impl Fn(&T) -> String) -> Self {
        let more = items.len() > first as usize;
        items.truncate(first as usize);
        let next = items.last().filter(|_| more).map(cursor);
        Page { items, next }
    }
}

/// How many there are.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Total {
    pub count: u64,
    /// False where there are more than were counted.
    pub exact: bool,
}

impl Total {
    /// A count that stopped one beyond the bound.
    pub(super) const fn of(counted: u64) -> Self {
        let exact = counted <= TOTAL_EXACT_TO;
        Total { count: if exact { counted } else { TOTAL_EXACT_TO }, exact }
    }
}

const COLUMNS: &str = "a.id, a.institution, a.branch, a.number, a.external_id, a.stage, a.version, a.name_kanji, \
     a.name_kana, a.product, a.amount_yen, a.planned_date, a.received_on, a.created_at, a.updated_at";

impl Store {
    /// A page of applications.
    pub async fn list(
        &self,
        scope: &Scope,
        filter: &Filter,
        sort: Sort,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Row>> {
        let (sql, w) = list_sql(self.backend(), scope, filter, sort, after, first)?;
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(|row| row_of(row, sort)).collect::<Result<Vec<Row>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// How many applications a list has: a query of its own, for those who show it.
    pub async fn count(&self, scope: &Scope, filter: &Filter) -> Result<Total> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        filter.apply(&mut w);
        let limit = TOTAL_EXACT_TO + 1;
        let sql = format!(
            "SELECT count(*) AS n FROM (SELECT 1 AS one FROM application a {} LIMIT {limit}) AS c",
            w.sql()
        );
        let row = self.row(sql, w).await?;
        let n: i64 = row.map(|r| r.try_get("", "n")).transpose()?.unwrap_or_default();
        Ok(Total::of(n.unsigned_abs()))
    }

    /// The plan of a list, as the database explains it: tests see that it never touches the documents.
    pub async fn explain_list(&self, scope: &Scope, filter: &Filter, sort: Sort) -> Result<String> {
        let (sql, w) = list_sql(self.backend(), scope, filter, sort, None, 50)?;
        self.explain(sql, w).await
    }

    /// What the database says how it would read.
    pub(super) async fn explain(&self, sql: String, w: Where) -> Result<String> {
        let postgres = self.backend() == DbBackend::Postgres;
        let sql = if postgres { format!("EXPLAIN {sql}") } else { format!("EXPLAIN QUERY PLAN {sql}") };
        let rows = self.rows(sql, w).await?;
        let column = if postgres { 0 } else { 3 };
        let lines = rows.iter().map(|r| r.try_get_by_index::<String>(column));
        Ok(lines.collect::<Result<Vec<_>, _>>()?.join("\n"))
    }
}

fn list_sql(
    backend: DbBackend,
    scope: &Scope,
    filter: &Filter,
    sort: Sort,
    after: Option<&str>,
    first: u32,
) -> Result<(String, Where)> {
    let mut w = Where::on(backend);
    scope.on_applications(&mut w);
    filter.apply(&mut w);
    let (column, direction, beyond) = match sort {
        Sort::UpdatedDesc => ("a.updated_at", "DESC", "<"),
        Sort::UpdatedAsc => ("a.updated_at", "ASC", ">"),
        Sort::PlannedAsc => ("a.planned_date", "ASC", ">"),
        Sort::PlannedDesc => ("a.planned_date", "DESC", "<"),
    };
    if let Some(after) = after {
        let (value, id) = parse_cursor(after)?;
        let value = match sort {
            Sort::UpdatedDesc | Sort::UpdatedAsc => w.bind(instant(&value, after)?),
            Sort::PlannedAsc | Sort::PlannedDesc => w.bind(date(&value, after)?),
        };
        let id = w.bind(id);
        w.and(format!("({column}, a.id) {beyond} ({value}, {id})"));
    }
    let sql = format!(
        "SELECT {COLUMNS} FROM application a {} ORDER BY {column} {direction}, a.id {direction} LIMIT {}",
        w.sql(),
        u64::from(first) + 1
    );
    Ok((sql, w))
}

pub(crate) fn instant(text: &str, cursor: &str) -> Result<DateTime<Utc>> {
    let parsed = DateTime::parse_from_rfc3339(text).map(|at| at.with_timezone(&Utc));
    parsed.map_err(|_| crate::StoreError::Cursor(cursor.to_owned()))
}

pub(crate) fn date(text: &str, cursor: &str) -> Result<NaiveDate> {
    text.parse().map_err(|_| crate::StoreError::Cursor(cursor.to_owned()))
}

impl Filter {
    fn apply(&self, w: &mut Where) {
        if !self.stages.is_empty() {
            let stages: Vec<String> = self.stages.iter().map(|s| s.code().to_owned()).collect();
            w.is_one_of("a.stage", &stages);
        }
        for (column, value) in [("a.branch", &self.branch), ("a.product", &self.product)] {
            if let Some(value) = value {
                w.equals(column, value.clone());
            }
        }
        self.apply_ranges(w);
        if let Some(text) = self.text.as_deref().map(str::trim).filter(|t| !t.is_empty()) {
            // A range and not LIKE: an index serves it on both engines, and nothing in the text is a pattern.
            let (from, to) = (w.bind(text), w.bind(format!("{text}\u{10FFFF}")));
            let columns = ["a.number", "a.external_id", "a.name_kanji", "a.name_kana"];
            let parts = columns.map(|c| format!("({c} >= {from} AND {c} < {to})"));
            w.and(format!("({})", parts.join(" OR ")));
        }
    }

    fn apply_ranges(&self, w: &mut Where) {
        let dates = [
            ("a.planned_date >=", self.planned_from),
            ("a.planned_date <=", self.planned_to),
            ("a.received_on >=", self.received_from),
            ("a.received_on <=", self.received_to),
        ];
        for (condition, value) in dates {
            if let Some(value) = value {
                let value = w.bind(value);
                w.and(format!("{condition} {value}"));
            }
        }
        for (condition, value) in
            [("a.amount_yen >=", self.amount_from_yen), ("a.amount_yen <=", self.amount_to_yen)]
        {
            if let Some(value) = value {
                let value = w.bind(value);
                w.and(format!("{condition} {value}"));
            }
        }
    }
}

fn row_of(row: &QueryResult, sort: Sort) -> Result<Row> {
    let stage: String = row.try_get("", "stage")?;
    let version: i64 = row.try_get("", "version")?;
    let number: Option<String> = row.try_get("", "number")?;
    let mut read = Row {
        id: row.try_get("", "id")?,
        institution: row.try_get("", "institution")?,
        branch: row.try_get("", "branch")?,
        number: number.unwrap_or_default(),
        external_id: row.try_get("", "external_id")?,
        stage: known(Stage::parse(&stage), "stage", &stage)?,
        version: version as u64,
        name_kanji: row.try_get("", "name_kanji")?,
        name_kana: row.try_get("", "name_kana")?,
        product: row.try_get("", "product")?,
        amount_yen: row.try_get("", "amount_yen")?,
        planned_date: row.try_get("", "planned_date")?,
        received_on: row.try_get("", "received_on")?,
        created_at: row.try_get("", "created_at")?,
        updated_at: row.try_get("", "updated_at")?,
        cursor: String::new(),
    };
    let value = match sort {
        Sort::UpdatedDesc | Sort::UpdatedAsc => stamp(read.updated_at),
        Sort::PlannedAsc | Sort::PlannedDesc => read.planned_date.to_string(),
    };
    read.cursor = cursor(&value, &read.id);
    Ok(read)
}
