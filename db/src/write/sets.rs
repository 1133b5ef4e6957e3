//! The statements of a transaction that commits any number of transitions, each of a different application.

use crate::Result;
use crate::rows::{
    APPLICATION, DEADLINE, ENGAGEMENT, ENTRY, ID, OUTBOX, RECEIPT, ReceiptRow, TASK, TIMER, Transition,
};
use crate::sql::{Columns, json, names, row_set, statement};
use sea_orm::{ConnectionTrait, DbBackend};
use serde::Serialize;
use std::collections::HashSet;

/// Columns of `application` that a transition replaces.
pub(crate) const REPLACED: &[&str] = &[
    "number",
    "external_id",
    "stage",
    "version",
    "applicant_subject",
    "name_kanji",
    "name_kana",
    "product",
    "amount_yen",
    "planned_date",
    "received_on",
    "updated_at",
    "updated_by",
    "head_hash",
    "body",
];

/// Writes the transitions inside the caller's transaction. True for each whose version check held.
pub(crate) async fn write<C: ConnectionTrait>(
    tx: &C,
    backend: DbBackend,
    transitions: &[&Transition],
) -> Result<Vec<bool>> {
    let mut won: HashSet<String> = HashSet::new();
    let (new, old): (Vec<_>, Vec<_>) =
        transitions.iter().map(|t| &t.application).partition(|a| a.expected == 0);
    for (rows, sql) in [(new, insert_application(backend)), (old, update_application(backend))] {
        if rows.is_empty() {
            continue;
        }
        for row in tx.query_all_raw(statement(backend, sql, vec![json(&rows)?])).await? {
            won.insert(row.try_get("", "id")?);
        }
    }
    let done: Vec<bool> = transitions.iter().map(|t| won.contains(&t.application.id)).collect();
    let kept: Vec<&Transition> =
        transitions.iter().zip(&done).filter(|(_, done)| **done).map(|(t, _)| *t).collect();
    write_rest(tx, backend, &kept).await?;
    Ok(done)
}

async fn write_rest<C: ConnectionTrait>(tx: &C, backend: DbBackend, kept: &[&Transition]) -> Result<()> {
    let run = Run { tx, backend };
    run.each(kept.iter().map(|t| &t.entry), insert(backend, "entry", ENTRY, "")).await?;
    run.each(kept.iter().flat_map(|t| &t.outbox), insert(backend, "outbox", OUTBOX, "")).await?;
    run.each(kept.iter().flat_map(|t| &t.closed), close_tasks(backend)).await?;
    run.each(kept.iter().flat_map(|t| &t.opened), insert(backend, "task", TASK, "")).await?;
    run.each(kept.iter().flat_map(|t| &t.cleared), clear_deadlines(backend)).await?;
    run.each(kept.iter().flat_map(|t| &t.set), insert(backend, "deadline", DEADLINE, SET_AGAIN)).await?;
    run.each(kept.iter().flat_map(|t| &t.engaged), insert(backend, "engagement", ENGAGEMENT, ONCE)).await?;
    run.each(kept.iter().filter_map(|t| t.receipt.as_ref()), insert(backend, "receipt", RECEIPT, "")).await
}

struct Run<'a, C> {
    tx: &'a C,
    backend: DbBackend,
}

impl<C: ConnectionTrait> Run<'_, C> {
    /// One statement for all rows, none for no rows.
    async fn each<T: Serialize>(&self, rows: impl Iterator<Item = T>, sql: String) -> Result<()> {
        let rows: Vec<T> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.tx.execute_raw(statement(self.backend, sql, vec![json(&rows)?])).await?;
        Ok(())
    }
}

pub(crate) const ONCE: &str = "ON CONFLICT DO NOTHING";
/// A date that is set again starts anew: whoever leased the old one has lost it.
pub(crate) const SET_AGAIN: &str = "ON CONFLICT (institution, application_id, timer, key) DO UPDATE SET \
     due_at = excluded.due_at, next_at = excluded.next_at, attempts = 0, token = deadline.token + 1, worker = NULL";

fn insert(backend: DbBackend, table: &str, columns: Columns, conflict: &str) -> String {
    let rows = row_set(backend, 1, "r", columns);
    // `WHERE true` keeps SQLite from reading ON CONFLICT as a join condition.
    format!(
        "INSERT INTO {table} ({}) SELECT {} FROM {rows} WHERE true {conflict}",
        names(columns, ""),
        names(columns, "r.")
    )
}

fn insert_application(backend: DbBackend) -> String {
    let columns = &APPLICATION[..APPLICATION.len() - 1];
    let rows = row_set(backend, 1, "r", APPLICATION);
    format!(
        "INSERT INTO application ({}) SELECT {} FROM {rows} WHERE true ON CONFLICT (id) DO NOTHING RETURNING id",
        names(columns, ""),
        names(columns, "r.")
    )
}

fn update_application(backend: DbBackend) -> String {
    let set: Vec<String> = REPLACED.iter().map(|c| format!("{c} = r.{c}")).collect();
    format!(
        "UPDATE application SET {} FROM {} WHERE application.id = r.id AND application.version = r.expected \
         RETURNING application.id AS id",
        set.join(", "),
        row_set(backend, 1, "r", APPLICATION)
    )
}

fn close_tasks(backend: DbBackend) -> String {
    format!("DELETE FROM task WHERE id IN (SELECT id FROM {})", row_set(backend, 1, "r", ID))
}

fn clear_deadlines(backend: DbBackend) -> String {
    format!(
        "DELETE FROM deadline WHERE (institution, application_id, timer, key) IN \
         (SELECT institution, application_id, timer, key FROM {})",
        row_set(backend, 1, "r", TIMER)
    )
}

/// Receipts without a transition: those of refusals.
pub(crate) async fn write_receipts<C: ConnectionTrait>(
    tx: &C,
    receipts: impl Iterator<Item = &ReceiptRow>,
) -> Result<()> {
    let backend = tx.get_database_backend();
    Run { tx, backend }.each(receipts, insert(backend, "receipt", RECEIPT, "")).await
}
