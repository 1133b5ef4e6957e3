//! What changed since: a cursor over committed entries, for subscriptions and exports.
//!
//! Identity values are taken before commit, so a reader of "id greater than last" loses what commits late. On PostgreSQL the
//! cursor is therefore transaction and number, and no entry shows before every older transaction has ended.

use crate::read::{Where, entry_columns, known};
use crate::wall::Within;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::DbBackend;
use std::fmt;
use std::str::FromStr;
use workflows::machine::{Entry, Role, Stage, Verb};

/// Where a reader stands. Written `transaction.number`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cursor {
    transaction: i64,
    number: i64,
}

impl Cursor {
    /// A place that a row keeps.
    pub(crate) const fn at(transaction: i64, number: i64) -> Self {
        Cursor { transaction, number }
    }

    pub(crate) const fn transaction(self) -> i64 {
        self.transaction
    }

    pub(crate) const fn number(self) -> i64 {
        self.number
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.transaction, self.number)
    }
}

impl FromStr for Cursor {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self> {
        let wrong = || StoreError::Cursor(text.to_owned());
        let (transaction, number) = text.split_once('.').ok_or_else(wrong)?;
        let parse = |part: &str| part.parse().map_err(|_| wrong());
        Ok(Cursor { transaction: parse(transaction)?, number: parse(number)? })
    }
}

/// A committed entry in passing: who may see it is asked of the case, not of this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    pub cursor: Cursor,
    pub application_id: String,
    pub institution: String,
    pub branch: String,
    pub version: u64,
    pub at: DateTime<Utc>,
    pub by: String,
    pub role: Role,
    pub verb: Verb,
    /// Stage of the case now, not at that version.
    pub stage: Stage,
}

/// An entry with everything in it, for exports.
#[derive(Clone, Debug)]
pub struct Line {
    pub cursor: Cursor,
    pub application_id: String,
    pub institution: String,
    pub entry: Entry,
}

impl Store {
    /// Entries committed after the cursor, in an order that never changes. For the server's own use: no scope.
    pub async fn changes(&self, after: Cursor, limit: u32) -> Result<Vec<Change>> {
        let columns = "e.seq, e.xid, e.application_id, e.institution, e.version, e.at, e.by_subject, e.role, e.verb, \
             a.branch, a.stage";
        let rows = self.feed(columns, after, limit).await?;
        rows.iter()
            .map(|row| {
                let text = |name: &str| row.try_get::<String>("", name);
                let (role, verb, stage) = (text("role")?, text("verb")?, text("stage")?);
                let version: i64 = row.try_get("", "version")?;
                Ok(Change {
                    cursor: cursor_of(row)?,
                    application_id: text("application_id")?,
                    institution: text("institution")?,
                    branch: text("branch")?,
                    version: version as u64,
                    at: row.try_get("", "at")?,
                    by: text("by_subject")?,
                    role: known(Role::parse(&role), "role", &role)?,
                    verb: known(Verb::parse(&verb), "verb", &verb)?,
                    stage: known(Stage::parse(&stage), "stage", &stage)?,
                })
            })
            .collect()
    }

    /// The same with the facts of each entry: for exports.
    pub async fn lines(&self, after: Cursor, limit: u32) -> Result<Vec<Line>> {
        let rows = self.feed(&format!("e.seq, e.xid, {}", entry_columns()), after, limit).await?;
        let mut lines = vec![];
        for row in &rows {
            lines.push(Line {
                cursor: cursor_of(row)?,
                application_id: row.try_get("", "application_id")?,
                institution: row.try_get("", "institution")?,
                entry: self.entry_of(row).await?,
            });
        }
        Ok(lines)
    }

    /// Banks of the first and the last application in the order of their codes: one where there is one, none where there is none.
    pub async fn institutions(&self) -> Result<Vec<String>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let ends = ["min", "max"].map(|end| format!("{end}(institution) AS {end}_one"));
        let sql = format!("SELECT {} FROM application {}", ends.join(", "), w.sql());
        let Some(row) = self.row(sql, w).await? else { return Ok(vec![]) };
        let ends: [Option<String>; 2] = [row.try_get("", "min_one")?, row.try_get("", "max_one")?];
        let mut banks: Vec<String> = ends.into_iter().flatten().collect();
        banks.dedup();
        Ok(banks)
    }

    /// The cursor behind everything committed so far: where a new subscriber starts.
    pub async fn latest(&self) -> Result<Cursor> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.and(self.settled());
        let sql = format!(
            "SELECT e.seq, e.xid FROM entry e {} ORDER BY {} LIMIT 1",
            w.sql(),
            self.feed_order("DESC")
        );
        let row = self.row(sql, w).await?;
        row.as_ref().map_or(Ok(Cursor::default()), cursor_of)
    }

    async fn feed(&self, columns: &str, after: Cursor, limit: u32) -> Result<Vec<sea_orm::QueryResult>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let number = w.bind(after.number);
        if self.backend() == DbBackend::Postgres {
            let transaction = w.bind(after.transaction);
            w.and(format!("(e.xid, e.seq) > ({transaction}, {number})"));
        } else {
            w.and(format!("e.seq > {number}"));
        }
        w.and(self.settled());
        let sql = format!(
            "SELECT {columns} FROM entry e JOIN application a ON a.institution = e.institution AND \
             a.id = e.application_id {} ORDER BY {} LIMIT {limit}",
            w.sql(),
            self.feed_order("ASC")
        );
        self.rows(sql, w).await
    }

    /// Conditions on `entry e`: after one place, and up to another.
    pub(crate) fn between(&self, w: &mut Where, after: Cursor, to: Cursor) {
        let (after_number, to_number) = (w.bind(after.number), w.bind(to.number));
        if self.backend() == DbBackend::Postgres {
            let (after, to) = (w.bind(after.transaction), w.bind(to.transaction));
            w.and(format!(
                "(e.xid, e.seq) > ({after}, {after_number}) AND (e.xid, e.seq) <= ({to}, {to_number})"
            ));
        } else {
            w.and(format!("e.seq > {after_number} AND e.seq <= {to_number}"));
        }
    }

    /// No transaction that could still add something before these is running.
    fn settled(&self) -> &'static str {
        match self.backend() {
            DbBackend::Postgres => "e.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
            _ => "1 = 1",
        }
    }

    pub(crate) fn feed_order(&self, direction: &str) -> String {
        match self.backend() {
            DbBackend::Postgres => format!("e.xid {direction}, e.seq {direction}"),
            _ => format!("e.seq {direction}"),
        }
    }
}

pub(crate) fn cursor_of(row: &sea_orm::QueryResult) -> Result<Cursor> {
    Ok(Cursor { transaction: row.try_get("", "xid")?, number: row.try_get("", "seq")? })
}
