//! Any number of transitions as one statement on PostgreSQL: data-modifying CTEs, autocommit, one round trip.

use crate::Result;
use crate::rows::{APPLICATION, DEADLINE, ENGAGEMENT, ENTRY, ID, OUTBOX, RECEIPT, TASK, TIMER, Transition};
use crate::sql::{Columns, json, names, row_set, statement};
use crate::write::sets::{ONCE, REPLACED, SET_AGAIN};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use serde::Serialize;
use std::collections::HashSet;
use std::sync::LazyLock;

const PG: DbBackend = DbBackend::Postgres;

/// Writes transitions of different applications. True for each whose version check held; of the others nothing is written.
pub(crate) async fn write<C: ConnectionTrait>(
    connection: &C,
    transitions: &[&Transition],
) -> Result<Vec<bool>> {
    let mut applications: Vec<_> = transitions.iter().map(|t| &t.application).collect();
    // Rows are locked in the order of their ids, so that two nodes with overlapping batches do not wait for each other.
    applications.sort_by(|a, b| a.id.cmp(&b.id));
    let (new, old): (Vec<_>, Vec<_>) = applications.into_iter().partition(|a| a.expected == 0);
    let values: Vec<Value> = vec![
        json(&new)?,
        json(&old)?,
        all(transitions.iter().map(|t| &t.entry))?,
        all(transitions.iter().flat_map(|t| &t.outbox))?,
        all(transitions.iter().flat_map(|t| &t.closed))?,
        all(transitions.iter().flat_map(|t| &t.opened))?,
        all(transitions.iter().flat_map(|t| &t.cleared))?,
        all(transitions.iter().flat_map(|t| &t.set))?,
        all(transitions.iter().flat_map(|t| &t.engaged))?,
        all(transitions.iter().filter_map(|t| t.receipt.as_ref()))?,
    ];
    let rows = connection.query_all_raw(statement(PG, SQL.as_str(), values)).await?;
    let won = rows.iter().map(|row| row.try_get("", "id")).collect::<Result<HashSet<String>, _>>()?;
    Ok(transitions.iter().map(|t| won.contains(&t.application.id)).collect())
}

fn all<T: Serialize>(rows: impl Iterator<Item = T>) -> Result<Value> {
    json(&rows.collect::<Vec<T>>())
}

/// Everything hangs on the applications that the first two parts return: no row, no effect.
static SQL: LazyLock<String> = LazyLock::new(|| {
    let columns = &APPLICATION[..APPLICATION.len() - 1];
    let (into, from) = (names(columns, ""), names(columns, "r."));
    let (new, old) = (row_set(PG, 1, "r", APPLICATION), row_set(PG, 2, "r", APPLICATION));
    let set: Vec<String> = REPLACED.iter().map(|c| format!("{c} = r.{c}")).collect();
    let insert = |name: &str, n: usize, table: &str, columns: Columns, conflict: &str| {
        format!(
            "{name} AS (INSERT INTO {table} ({}) SELECT {} FROM {} JOIN a ON a.id = r.application_id {conflict})",
            names(columns, ""),
            names(columns, "r."),
            row_set(PG, n, "r", columns)
        )
    };
    let parts = [
        format!(
            "n AS (INSERT INTO application ({into}) SELECT {from} FROM {new} ON CONFLICT (id) DO NOTHING RETURNING id)"
        ),
        format!(
            "u AS (UPDATE application SET {} FROM {old} WHERE application.id = r.id \
             AND application.version = r.expected RETURNING application.id)",
            set.join(", ")
        ),
        "a AS (SELECT id FROM n UNION ALL SELECT id FROM u)".to_owned(),
        insert("e", 3, "entry", ENTRY, ""),
        insert("o", 4, "outbox", OUTBOX, ""),
        format!(
            "c AS (DELETE FROM task USING {}, a WHERE task.id = r.id AND a.id = r.application_id)",
            row_set(PG, 5, "r", ID)
        ),
        insert("t", 6, "task", TASK, ""),
        format!(
            "x AS (DELETE FROM deadline d USING {}, a WHERE a.id = r.application_id AND \
             d.institution = r.institution AND d.application_id = r.application_id AND d.timer = r.timer \
             AND d.key = r.key)",
            row_set(PG, 7, "r", TIMER)
        ),
        insert("s", 8, "deadline", DEADLINE, SET_AGAIN),
        insert("g", 9, "engagement", ENGAGEMENT, ONCE),
        insert("p", 10, "receipt", RECEIPT, ""),
    ];
    format!("WITH {} SELECT id FROM a", parts.join(", "))
});
