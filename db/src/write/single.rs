//! One transition as one statement: data-modifying CTEs, autocommit, zero rows back where the version check failed.

use crate::Result;
use crate::rows::{APPLICATION, DEADLINE, ENGAGEMENT, ENTRY, ID, OUTBOX, RECEIPT, TASK, TIMER, Transition};
use crate::sql::{Columns, json, names, row_set, statement};
use crate::write::sets::{ONCE, REPLACED, SET_AGAIN};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use std::sync::LazyLock;

const PG: DbBackend = DbBackend::Postgres;

/// Writes one transition. False where the version check failed: then nothing was written.
pub(crate) async fn write<C: ConnectionTrait>(connection: &C, t: &Transition) -> Result<bool> {
    let sql: &str = if t.expected == 0 { &INSERT } else { &UPDATE };
    let receipt: Vec<_> = t.receipt.iter().collect();
    let values: Vec<Value> = vec![
        json(&[&t.application])?,
        json(&[&t.entry])?,
        json(&t.outbox)?,
        json(&t.closed)?,
        json(&t.opened)?,
        json(&t.cleared)?,
        json(&t.set)?,
        json(&t.engaged)?,
        json(&receipt)?,
    ];
    Ok(connection.query_one_raw(statement(PG, sql, values)).await?.is_some())
}

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let columns = &APPLICATION[..APPLICATION.len() - 1];
    let rows = row_set(PG, 1, "r", APPLICATION);
    let (into, from) = (names(columns, ""), names(columns, "r."));
    whole(&format!(
        "INSERT INTO application ({into}) SELECT {from} FROM {rows} ON CONFLICT (id) DO NOTHING RETURNING id"
    ))
});

static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let set: Vec<String> = REPLACED.iter().map(|c| format!("{c} = r.{c}")).collect();
    let rows = row_set(PG, 1, "r", APPLICATION);
    whole(&format!(
        "UPDATE application SET {} FROM {rows} WHERE application.id = r.id AND application.version = r.expected \
         RETURNING application.id",
        set.join(", ")
    ))
});

/// Everything else hangs on the one row that the first part returns: no row, no effect.
fn whole(first: &str) -> String {
    let insert = |name: &str, n: usize, table: &str, columns: Columns, conflict: &str| {
        format!(
            "{name} AS (INSERT INTO {table} ({}) SELECT {} FROM a, {} {conflict})",
            names(columns, ""),
            names(columns, "r."),
            row_set(PG, n, "r", columns)
        )
    };
    let parts = [
        format!("a AS ({first})"),
        insert("e", 2, "entry", ENTRY, ""),
        insert("o", 3, "outbox", OUTBOX, ""),
        format!("c AS (DELETE FROM task USING a, {} WHERE task.id = r.id)", row_set(PG, 4, "r", ID)),
        insert("t", 5, "task", TASK, ""),
        format!(
            "x AS (DELETE FROM deadline d USING a, {} WHERE d.institution = r.institution AND \
             d.application_id = r.application_id AND d.timer = r.timer AND d.key = r.key)",
            row_set(PG, 6, "r", TIMER)
        ),
        insert("s", 7, "deadline", DEADLINE, SET_AGAIN),
        insert("g", 8, "engagement", ENGAGEMENT, ONCE),
        insert("p", 9, "receipt", RECEIPT, ""),
    ];
    format!("WITH {} SELECT id FROM a", parts.join(", "))
}
