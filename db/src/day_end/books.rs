//! What a day is judged by: its orders as they were given and as they stand, with what core banking and the transfer channel say.

use crate::read::{Where, body_columns, entry_columns};
use crate::sql::{Columns, Stamp, Ty, json, micros, row_set};
use crate::wall::Within;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use workflows::calendar::tokyo_date;
use workflows::day_end::transfers::LineOutcome;
use workflows::day_end::{CarriedOver, DayBooks, DayLine, DayOrder, DayStep};
use workflows::machine::{Case, evolve};

/// A closing that stands: approved, and no reopening of its day was approved after it.
pub(super) const CLOSED: &str = "l.step = 'CLOSING' AND l.state = 'APPROVED' AND NOT EXISTS (SELECT 1 FROM day_line r \
     WHERE r.institution = l.institution AND r.day = l.day AND r.step = 'REOPENING' AND r.state = 'APPROVED' AND r.id > l.id)";

/// Midnight in Tokyo at which a day begins.
fn begins(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - TimeDelta::hours(9)
}

/// Midnight in Tokyo at which a day ends.
pub(crate) fn ends(day: NaiveDate) -> DateTime<Utc> {
    begins(day.checked_add_days(Days::new(1)).unwrap_or(day))
}

/// A day that is over and not closed, or that moved after its closing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct NotClosed {
    pub institution: String,
    pub day: NaiveDate,
    pub moved: bool,
}

/// The last closing of a bank, as the statement takes it.
#[derive(Serialize)]
struct LastClosing {
    institution: String,
    day: String,
    proposed: Stamp,
    ends: Stamp,
    /// The earlier of the two.
    since: Stamp,
}

const LAST_CLOSING: Columns = &[
    ("institution", Ty::Text),
    ("day", Ty::Text),
    ("proposed", Ty::At),
    ("ends", Ty::At),
    ("since", Ty::At),
];

impl Store {
    /// Days that are over, on which money was ordered or of which a list was handed in, and that are not closed, among the banks that
    /// close days; and the day that was closed last where it moved. Two statements, whatever the number of banks.
    pub(crate) async fn days_not_closed(
        &self,
        within: Within<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<NotClosed>> {
        let (backend, columns) = (self.backend(), super::COLUMNS);
        let mut w = Where::on(backend);
        w.within(within);
        w.and(CLOSED);
        if let Within::Institution(bank) = within {
            w.equals("l.institution", bank);
        }
        let sql = format!(
            "SELECT {columns} FROM (SELECT {columns}, row_number() OVER (PARTITION BY l.institution ORDER BY l.day DESC, l.id DESC) AS place \
             FROM day_line l WHERE {}) l WHERE {} AND l.place = 1",
            w.part(),
            w.gate()
        );
        let closings = self.day_rows(sql, w).await?;
        if closings.is_empty() {
            return Ok(vec![]);
        }
        let last = |line: DayLine| {
            let ends = ends(line.day);
            LastClosing {
                institution: line.institution,
                day: line.day.to_string(),
                proposed: Stamp::of(line.proposed_at),
                ends: Stamp::of(ends),
                since: Stamp::of(ends.min(line.proposed_at)),
            }
        };
        let mut w = Where::on(backend);
        w.bind(json(&closings.into_iter().map(last).collect::<Vec<_>>())?);
        let set = row_set(backend, 1, "r", LAST_CLOSING);
        w.within(within);
        let (begun, today) = (w.bind(micros(begins(tokyo_date(now)))), w.bind(tokyo_date(now)));
        let (ordered, handed, closed) = if backend == sea_orm::DbBackend::Postgres {
            (
                "to_char(o.created_at AT TIME ZONE 'Asia/Tokyo', 'YYYY-MM-DD')",
                "to_char(l.day, 'YYYY-MM-DD')",
                "CAST(r.day AS date)",
            )
        } else {
            ("date(o.created_at, '+9 hours')", "l.day", "r.day")
        };
        let sql = format!(
            "SELECT u.institution, u.day, max(u.moved) AS moved FROM (SELECT o.institution, {ordered} AS day, \
             CAST(CASE WHEN o.created_at < r.ends THEN 1 ELSE 0 END AS bigint) AS moved FROM {set} JOIN outbox o \
             ON o.institution = r.institution AND o.created_at >= r.since WHERE o.kind IN ('POSTING_ORDER', 'REVERSAL_ORDER') \
             AND o.created_at < {begun} AND ((o.created_at > r.proposed AND o.created_at < r.ends) \
             OR (o.kind = 'POSTING_ORDER' AND o.version > 0 AND o.created_at >= r.ends)) \
             UNION ALL SELECT l.institution, {handed} AS day, CAST(0 AS bigint) AS moved FROM {set} JOIN day_line l \
             ON l.institution = r.institution AND l.day > {closed} WHERE l.step IN ('LEDGER', 'TRANSFERS') AND l.day < {today}) AS u \
             WHERE {} GROUP BY u.institution, u.day",
            w.gate()
        );
        let rows = self.rows(sql, w).await?;
        let mut days = vec![];
        for row in &rows {
            let day: String = row.try_get("", "day")?;
            let wrong = |_| StoreError::Unsafe(format!("a day that is none: {day}"));
            days.push(NotClosed {
                institution: row.try_get("", "institution")?,
                day: day.parse().map_err(wrong)?,
                moved: row.try_get::<i64>("", "moved")? == 1,
            });
        }
        Ok(days)
    }

    /// The books of a day of a bank.
    pub(super) async fn day_books(&self, bank: &str, day: NaiveDate) -> Result<DayBooks> {
        let carried = self.carried_to(bank, day).await?;
        let mut wanted: BTreeSet<(String, u64)> = self.ordered_on(bank, day).await?;
        wanted.extend(carried.iter().filter_map(|one| one.order.clone()));
        let orders = self.day_orders(bank, &wanted).await?;
        let since = orders.iter().map(|order| order.ordered_on).min().unwrap_or(day).min(day);
        let lines = self.papers_of(bank, since, day).await?;
        let ledger = lines.iter().rev().find_map(|line| match &line.step {
            DayStep::Ledger { lines, .. } if line.day == day => Some(lines.clone()),
            _ => None,
        });
        let mut bookings: Vec<_> = vec![];
        for booking in carried.into_iter().flat_map(|one| one.ledger) {
            if !bookings.contains(&booking) {
                bookings.push(booking);
            }
        }
        let results = lines.into_iter().filter_map(|line| match line.step {
            DayStep::Transfers { lines, .. } if line.day == day => Some((line.id, lines)),
            // Of an earlier day counts what it says of the orders that are still open; what was wrong with it was dealt with then.
            DayStep::Transfers { mut lines, .. } => {
                lines.retain(|one| !matches!(one.outcome, LineOutcome::Twice | LineOutcome::Unknown));
                Some((line.id, lines))
            }
            _ => None,
        });
        Ok(DayBooks { orders, ledger, carried: bookings, results: results.collect() })
    }

    /// What the closing before this day carried over.
    async fn carried_to(&self, bank: &str, day: NaiveDate) -> Result<Vec<CarriedOver>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        let before = w.bind(day);
        w.and(format!("{CLOSED} AND l.day < {before}"));
        let columns = super::COLUMNS;
        let sql = format!("SELECT {columns} FROM day_line l {} ORDER BY l.day DESC LIMIT 1", w.sql());
        let found = self.day_rows(sql, w).await?.pop();
        Ok(match found.map(|line| line.step) {
            Some(DayStep::Closing(closing)) => closing.carried,
            _ => vec![],
        })
    }

    /// Lists and files of these days in the order in which they came.
    async fn papers_of(&self, bank: &str, from: NaiveDate, to: NaiveDate) -> Result<Vec<DayLine>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        let (from, to) = (w.bind(from), w.bind(to));
        w.and(format!("l.day >= {from} AND l.day <= {to} AND l.step IN ('LEDGER', 'TRANSFERS')"));
        let columns = super::COLUMNS;
        let sql = format!("SELECT {columns} FROM day_line l {} ORDER BY l.id", w.sql());
        self.day_rows(sql, w).await
    }

    /// The cases that ordered money on a day, with the versions that did.
    async fn ordered_on(&self, bank: &str, day: NaiveDate) -> Result<BTreeSet<(String, u64)>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("o.institution", bank);
        let (from, to) = (w.bind(micros(begins(day))), w.bind(micros(ends(day))));
        // A message that was sent anew belongs to no version.
        w.and(format!(
            "o.kind = 'POSTING_ORDER' AND o.created_at >= {from} AND o.created_at < {to} AND o.version > 0"
        ));
        let sql = format!("SELECT o.application_id, o.version FROM outbox o {}", w.sql());
        let rows = self.rows(sql, w).await?;
        let one = |row: &sea_orm::QueryResult| -> Result<(String, u64)> {
            let version: i64 = row.try_get("", "version")?;
            Ok((row.try_get("", "application_id")?, version.unsigned_abs()))
        };
        rows.iter().map(one).collect()
    }

    /// Orders as they were given, from the history of their cases, beside what became of them.
    async fn day_orders(&self, bank: &str, wanted: &BTreeSet<(String, u64)>) -> Result<Vec<DayOrder>> {
        if wanted.is_empty() {
            return Ok(vec![]);
        }
        let ids: Vec<String> =
            wanted.iter().map(|(id, _)| id.clone()).collect::<BTreeSet<_>>().into_iter().collect();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("a.institution", bank);
        w.is_one_of("a.id", &ids);
        let sql = format!("SELECT {} FROM application a {}", body_columns(), w.sql());
        let mut now: BTreeMap<String, Arc<Case>> = BTreeMap::new();
        for row in &self.rows(sql, w).await? {
            let case = self.case_of(row).await?;
            now.insert(case.id.clone(), case);
        }
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("e.institution", bank);
        w.is_one_of("e.application_id", &ids);
        let sql = format!(
            "SELECT {} FROM entry e {} ORDER BY e.application_id, e.version",
            entry_columns(),
            w.sql()
        );
        let (mut orders, mut then): (Vec<DayOrder>, Option<Case>) = (vec![], None);
        for row in &self.rows(sql, w).await? {
            let id: String = row.try_get("", "application_id")?;
            let entry = self.entry_of(row).await?;
            let before = then.take().filter(|case| case.id == id);
            let folded = evolve(before, &entry)
                .map_err(|error| StoreError::Unsafe(format!("history of {id}: {error}")))?;
            if wanted.contains(&(id.clone(), entry.version)) {
                let case = now.get(&id);
                orders.extend(case.and_then(|now| DayOrder::of(&folded, now, tokyo_date(entry.at))));
            }
            then = Some(folded);
        }
        Ok(orders)
    }

    /// Was money ordered or taken back on a closed day after its closing was proposed?
    pub(super) async fn moved_after(&self, bank: &str, closed: Option<&DayLine>) -> Result<bool> {
        let Some(closed) = closed else { return Ok(false) };
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("o.institution", bank);
        let (from, to) = (w.bind(micros(closed.proposed_at)), w.bind(micros(ends(closed.day))));
        w.and(format!(
            "o.kind IN ('POSTING_ORDER', 'REVERSAL_ORDER') AND o.created_at > {from} AND o.created_at < {to}"
        ));
        let sql = format!("SELECT o.id FROM outbox o {} LIMIT 1", w.sql());
        Ok(self.row(sql, w).await?.is_some())
    }

    /// The first day that must be closed before any later one: the last closed day where it moved, else the first day after it on which
    /// money was ordered or something was handed in. A bank that has never closed a day begins with whichever it likes.
    pub(super) async fn earliest_open(
        &self,
        bank: &str,
        closed: Option<&DayLine>,
        moved: bool,
    ) -> Result<Option<NaiveDate>> {
        let Some(closed) = closed else { return Ok(None) };
        if moved {
            return Ok(Some(closed.day));
        }
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("o.institution", bank);
        let from = w.bind(micros(ends(closed.day)));
        w.and(format!("o.kind = 'POSTING_ORDER' AND o.created_at >= {from} AND o.version > 0"));
        let sql = format!("SELECT min(o.created_at) AS at FROM outbox o {}", w.sql());
        let row = self.row(sql, w).await?;
        let ordered = row.map(|row| row.try_get::<Option<DateTime<Utc>>>("", "at")).transpose()?.flatten();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        let after = w.bind(closed.day);
        w.and(format!("l.day > {after} AND l.step IN ('LEDGER', 'TRANSFERS')"));
        let sql = format!("SELECT min(l.day) AS day FROM day_line l {}", w.sql());
        let row = self.row(sql, w).await?;
        let handed: Option<NaiveDate> = row.map(|row| row.try_get("", "day")).transpose()?.flatten();
        Ok([ordered.map(tokyo_date), handed].into_iter().flatten().min())
    }

    /// Banks with a day that is over, on which money was ordered and that is not closed, among the banks that close days: how many, and the
    /// first such day. A day that moved after its closing shows in the bank's own pages alone.
    pub async fn open_days(&self, now: DateTime<Utc>) -> Result<(u64, Option<NaiveDate>)> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let today = w.bind(micros(begins(tokyo_date(now))));
        let end = if self.backend() == sea_orm::DbBackend::Postgres {
            "((c.day + time '15:00') AT TIME ZONE 'UTC')"
        } else {
            "(c.day || 'T15:00:00+00:00')"
        };
        let sql = format!(
            "SELECT count(DISTINCT o.institution) AS banks, min(o.created_at) AS first FROM outbox o JOIN (SELECT l.institution, \
             max(l.day) AS day FROM day_line l WHERE {CLOSED} GROUP BY l.institution) c ON c.institution = o.institution \
             {} AND o.kind = 'POSTING_ORDER' AND o.version > 0 AND o.created_at < {today} AND o.created_at >= {end}",
            w.sql()
        );
        let Some(row) = self.row(sql, w).await? else { return Ok((0, None)) };
        let banks: i64 = row.try_get("", "banks")?;
        let first: Option<DateTime<Utc>> = row.try_get("", "first")?;
        Ok((banks.unsigned_abs(), first.map(tokyo_date)))
    }
}
