//! The second wall, on PostgreSQL: every statement says whose rows it may meet, and row-level security hides all others.
//!
//! The institution travels as a parameter of the statement that needs it (`set_config(.., true)`, gone with the transaction), so it
//! costs no round trip. A statement that names nobody finds nothing. SQLite has no such wall.

use crate::Result;
use crate::sql::statement;
use sea_orm::{ConnectionTrait, DbBackend, Value};

/// The setting that the policies ask.
const SETTING: &str = "yushi.institution";

/// Whose rows a statement may meet.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Within<'a> {
    /// Those of one bank.
    Institution(&'a str),
    /// Those of every bank: couriers, clocks, verification, and partners and importers who serve several banks. Only a database
    /// role that the policy `across` names may ask for it.
    Across,
}

impl Within<'_> {
    fn value(self) -> Value {
        match self {
            Within::Institution(code) => code.to_owned().into(),
            Within::Across => "*".to_owned().into(),
        }
    }
}

/// A condition that names the institution before the first row is looked at, with its value behind the others. It stands at the top
/// of a statement: without a column it is a filter that is asked once, above every scan.
pub(crate) fn gate(backend: DbBackend, within: Within<'_>, values: &mut Vec<Value>) -> String {
    if backend != DbBackend::Postgres {
        return "1 = 1".to_owned();
    }
    values.push(within.value());
    format!("(SELECT {}) IS NOT NULL", named_by(&format!("${}", values.len())))
}

/// A condition that names the institution of each row of a set as that row is read: lines of several banks stand in one statement,
/// each behind its own wall. It works where rows are taken one by one, as an insert takes them.
pub(crate) fn gate_of_each(backend: DbBackend, column: &str) -> String {
    match backend {
        DbBackend::Postgres => format!("{} IS NOT NULL", named_by(column)),
        _ => "1 = 1".to_owned(),
    }
}

/// The call that names the institution in a placeholder or column.
pub(crate) fn named_by(placeholder: &str) -> String {
    format!("set_config('{SETTING}', {placeholder}, true)")
}

/// Names the institution for the rest of a transaction whose statements do not name it themselves.
pub(crate) async fn enter<C: ConnectionTrait>(tx: &C, within: Within<'_>) -> Result<()> {
    let backend = tx.get_database_backend();
    if backend == DbBackend::Postgres {
        let sql = format!("SELECT {}", named_by("$1"));
        tx.query_one_raw(statement(backend, sql, vec![within.value()])).await?;
    }
    Ok(())
}
