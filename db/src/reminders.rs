//! Reminders of the registers: a contractor's review that comes due, a complaint that waits for its answer (L-94, L-95-2). The worker tells
//! the desk once for each due date; a reminder is open while its line still has that date, and closes by itself.

use crate::read::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::sql::{micros, statement};
use crate::wall::{Within, gate};
use crate::{Result, Store};
use chrono::{DateTime, Days, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use workflows::calendar::tokyo_date;
use workflows::compliance::{PROPOSED, RETURNED, Register};
use workflows::machine::Role;

/// Something that the desk was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reminder {
    pub id: String,
    /// The line of the register.
    pub line_id: String,
    pub register: Register,
    /// Organisation of the contractor, or the case of the complaint; empty where it is about none.
    pub key: String,
    /// Service or category.
    pub group: String,
    pub due_on: NaiveDate,
    /// The due date has passed.
    pub overdue: bool,
    pub told_at: DateTime<Utc>,
    pub cursor: String,
}

/// How many days before the due date the desk is told [assumption]; registers that are not named remind nobody.
pub const AHEAD: [(Register, u64); 2] = [(Register::Contractors, 30), (Register::Complaints, 7)];

impl Store {
    /// Tells the desks of all banks what comes due, each date of a line once; how many reminders that were. One statement, and any
    /// number of workers may run it at once.
    pub async fn remind(&self, now: DateTime<Utc>) -> Result<u64> {
        let (backend, today) = (self.backend(), tokyo_date(now));
        let mut values: Vec<Value> = vec![Role::Compliance.code().into(), micros(now).into()];
        let mut due = vec![];
        for (register, days) in AHEAD {
            values.push(register.code().into());
            values.push(today.checked_add_days(Days::new(days)).unwrap_or(today).into());
            due.push(format!("(l.register = ${} AND l.due_on <= ${})", values.len() - 1, values.len()));
        }
        let gate = gate(backend, Within::Across, &mut values);
        let sql = format!(
            "INSERT INTO reminder (id, institution, line_id, role, due_on, told_at) \
             SELECT l.id || ':' || CAST(l.due_on AS varchar(10)), l.institution, l.id, $1, l.due_on, {} FROM register_line l \
             WHERE {gate} AND ({}) AND l.state NOT IN ('{PROPOSED}', '{RETURNED}') AND NOT EXISTS (SELECT 1 FROM reminder r \
             WHERE r.institution = l.institution AND r.line_id = l.id AND r.due_on = l.due_on) ON CONFLICT DO NOTHING",
            if backend == sea_orm::DbBackend::Postgres { "CAST($2 AS timestamptz)" } else { "$2" },
            due.join(" OR ")
        );
        let tx = self.begin_across().await?;
        let told = tx.execute_raw(statement(backend, sql, values)).await?.rows_affected();
        tx.commit().await?;
        Ok(told)
    }

    /// A page of the open reminders of the caller's desk, the earliest due first.
    pub async fn reminders(
        &self,
        scope: &Scope,
        after: Option<&str>,
        first: u32,
        now: DateTime<Utc>,
    ) -> Result<Page<Reminder>> {
        let (actor, today) = (scope.actor(), tokyo_date(now));
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("r.institution", actor.institution.clone());
        w.equals("r.role", actor.role.code());
        if let Some(after) = after {
            let (due, id) = parse_cursor(after)?;
            let (due, id) = (w.bind(crate::read::day(&due, after)?), w.bind(id));
            w.and(format!("(r.due_on, r.id) > ({due}, {id})"));
        }
        // Seen to: the line has another date, or none. Then the reminder is closed.
        let sql = format!(
            "SELECT r.id, r.line_id, r.due_on, r.told_at, l.register, l.key, l.grp FROM reminder r JOIN register_line l \
             ON l.institution = r.institution AND l.id = r.line_id AND l.due_on = r.due_on {} ORDER BY r.due_on, r.id LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let one = |row: &QueryResult| -> Result<Reminder> {
            let text = |name: &str| row.try_get::<String>("", name);
            let (id, register) = (text("id")?, text("register")?);
            let due_on: NaiveDate = row.try_get("", "due_on")?;
            Ok(Reminder {
                cursor: cursor(&due_on.to_string(), &id),
                id,
                line_id: text("line_id")?,
                register: known(Register::parse(&register), "register", &register)?,
                key: text("key")?,
                group: text("grp")?,
                due_on,
                overdue: due_on < today,
                told_at: row.try_get("", "told_at")?,
            })
        };
        let items = self.rows(sql, w).await?.iter().map(one).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }
}
