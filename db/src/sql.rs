//! SQL that both engines understand: `$n` parameters, rows from one JSON parameter, timestamps in one spelling.

use crate::Result;
use chrono::{DateTime, SecondsFormat, SubsecRound, Utc};
use sea_orm::{DbBackend, Statement, Value};
use serde::Serialize;

/// Type of a column of a JSON row set.
#[derive(Copy, Clone, Debug)]
pub(crate) enum Ty {
    Text,
    Int,
    At,
}

/// Columns of a row set, in the order of the insert.
pub(crate) type Columns = &'static [(&'static str, Ty)];

/// A table expression over the JSON array in parameter `n`, named `alias`. One parameter whatever the number of rows, so that
/// the text of a statement never changes and its plan stays cached.
pub(crate) fn row_set(backend: DbBackend, n: usize, alias: &str, columns: Columns) -> String {
    if backend == DbBackend::Postgres {
        let typed: Vec<String> = columns
            .iter()
            .map(|(name, ty)| {
                let ty = match ty {
                    Ty::Text => "text",
                    Ty::Int => "bigint",
                    Ty::At => "timestamptz",
                };
                format!("{name} {ty}")
            })
            .collect();
        return format!("json_to_recordset(${n}::json) AS {alias}({})", typed.join(", "));
    }
    let picked: Vec<String> =
        columns.iter().map(|(name, _)| format!("json_extract(value, '$.{name}') AS {name}")).collect();
    format!("(SELECT {} FROM json_each(${n})) AS {alias}", picked.join(", "))
}

/// `a, b, c` of the columns, each behind a prefix.
pub(crate) fn names(columns: Columns, prefix: &str) -> String {
    let names: Vec<String> = columns.iter().map(|(name, _)| format!("{prefix}{name}")).collect();
    names.join(", ")
}

/// A row set as the parameter that carries it.
pub(crate) fn json<T: Serialize>(rows: &[T]) -> Result<Value> {
    Ok(Value::from(serde_json::to_string(rows)?))
}

/// A statement with its values.
pub(crate) fn statement(backend: DbBackend, sql: impl Into<String>, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(backend, sql.into(), values)
}

/// Microseconds are what PostgreSQL keeps; more would not compare equal after a round trip.
pub(crate) fn micros(at: DateTime<Utc>) -> DateTime<Utc> {
    at.trunc_subsecs(6)
}

/// The spelling in which the SQLite driver binds instants, so that text order is time order.
pub(crate) fn stamp(at: DateTime<Utc>) -> String {
    micros(at).to_rfc3339_opts(SecondsFormat::AutoSi, false)
}

/// A field of a profile of an account as text. `alias` is the table's with its dot; the schema has an index on the organisation in this form.
pub(crate) fn profile_text(backend: DbBackend, alias: &str, field: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("({alias}profile::json #>> '{{{field}}}') COLLATE \"C\""),
        _ => format!("json_extract({alias}profile, '$.{field}')"),
    }
}

/// The first role of an account, which is the only one of people outside the bank.
pub(crate) fn first_role(backend: DbBackend, alias: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("({alias}profile::json #>> '{{roles,0}}') COLLATE \"C\""),
        _ => format!("json_extract({alias}profile, '$.roles[0]')"),
    }
}

/// `FOR UPDATE SKIP LOCKED` where there are rows to lock.
pub(crate) fn skip_locked(backend: DbBackend) -> &'static str {
    if backend == DbBackend::Postgres { "FOR UPDATE SKIP LOCKED" } else { "" }
}

/// An instant as it is stored.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) struct Stamp(pub DateTime<Utc>);

impl Stamp {
    pub fn of(at: DateTime<Utc>) -> Self {
        Stamp(micros(at))
    }
}

impl Serialize for Stamp {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&stamp(self.0))
    }
}
