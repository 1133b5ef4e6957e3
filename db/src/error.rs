//! Faults of the store. A business "no" is never one of these: it is an [`crate::Answer`].

use crate::vault::KeyFault;
use sea_orm::{DbErr, RuntimeErr};

/// What can go wrong underneath.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is away.
    #[error("database: {0}")]
    Database(#[from] DbErr),
    /// A stored document does not read as what it should be.
    #[error("stored {what} of {id} is unreadable: {error}")]
    Unreadable { what: &'static str, id: String, error: serde_json::Error },
    /// A value cannot be written as JSON.
    #[error("value cannot be written: {0}")]
    Unwritable(#[from] serde_json::Error),
    /// Too many others changed the same application at the same time.
    #[error("application {id} is changed by too many at once")]
    Contention { id: String },
    /// The writer has stopped: nothing was written.
    #[error("the writer has stopped")]
    Stopped,
    /// The database does not keep a promise that the store relies on.
    #[error("unsafe database: {0}")]
    Unsafe(String),
    /// Row-level security binds the database role to one bank at a time, and no other role was given.
    #[error(
        "the database role may not work for all banks: give database_across_url as a role such as yushi_worker \
         (deploy/postgres/roles.sql)"
    )]
    BoundToOneBank,
    /// The keys of the vault: one is not at hand, or their service does not answer.
    #[error("vault: {0}")]
    Keys(#[from] KeyFault),
    /// A sealed text was changed, moved, or taken from another case.
    #[error("stored {what} of {id} does not open: it was changed or moved, or its data key was")]
    Damaged { what: &'static str, id: String },
    /// A cursor of a page that this store did not make.
    #[error("not a cursor: {0}")]
    Cursor(String),
}

impl StoreError {
    /// Will the same call succeed later? Deadlocks, serialisation failures, lock time-outs, a busy file, a lost connection.
    pub fn is_transient(&self) -> bool {
        match self {
            StoreError::Contention { .. } | StoreError::Keys(KeyFault::Service(_)) => true,
            StoreError::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_)) => true,
            StoreError::Database(error) => code_of(error).is_some_and(|c| {
                matches!(c.as_str(), "40001" | "40P01" | "55P03" | "57P01" | "5" | "6" | "517")
            }),
            _ => false,
        }
    }

    /// Did the database end a statement that ran over its time (SQLSTATE 57014)?
    pub fn is_timeout(&self) -> bool {
        matches!(self, StoreError::Database(error) if code_of(error).as_deref() == Some("57014"))
    }
}

/// SQLSTATE on PostgreSQL, result code on SQLite.
pub(crate) fn code_of(error: &DbErr) -> Option<String> {
    let (DbErr::Exec(RuntimeErr::SqlxError(inner))
    | DbErr::Query(RuntimeErr::SqlxError(inner))
    | DbErr::Conn(RuntimeErr::SqlxError(inner))) = error
    else {
        return None;
    };
    inner.as_database_error().and_then(|e| e.code()).map(|c| c.into_owned())
}

/// Did SQLite's writing routine find another version (SQLITE_CONSTRAINT_TRIGGER)? Its trigger raises for nothing else.
pub(crate) fn is_version_check(error: &DbErr) -> bool {
    code_of(error).as_deref() == Some("1811")
}

/// The unique key that a statement ran into, as far as the store tells them apart.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Unique {
    Receipt,
    ExternalId,
    Number,
    Other,
}

/// Which unique key was violated, if one was.
pub(crate) fn unique_of(error: &DbErr) -> Option<Unique> {
    let Some(sea_orm::SqlErr::UniqueConstraintViolation(text)) = error.sql_err() else { return None };
    // PostgreSQL names the constraint, SQLite the columns.
    Some(if text.contains("receipt") {
        Unique::Receipt
    } else if text.contains("external_id") {
        Unique::ExternalId
    } else if text.contains("application_number") || text.contains("application.number") {
        Unique::Number
    } else {
        Unique::Other
    })
}
