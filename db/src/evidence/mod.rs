//! Signed checkpoints over everything that was recorded: entries, messages and audit lines become leaves of one Merkle tree that
//! only grows; its root is signed at intervals and kept in a second place. `docs/evidence.md` describes the format.
//!
//! Reading order: `tree`, `leaf` (what is sealed), `key` (who signs), `seal` (writing a checkpoint), `copies` (the second place),
//! `check` (what was done to the rows since).

mod check;
mod copies;
mod key;
mod leaf;
mod seal;
mod steps;
mod tables;
mod tree;

pub use check::{Finding, Judged, Kind, Trust, check};
pub use copies::Copies;
pub use key::{FileKey, PublicKey, Signer};
pub use seal::Checkpoint;
pub use steps::check as check_steps;
pub use tables::{Kept, TABLES};

use crate::{Store, StoreError};
use sea_orm::DatabaseTransaction;
use std::io;

/// What can go wrong while sealing or checking.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Whoever holds the key does not answer.
    #[error("the signing key: {0}")]
    Signer(io::Error),
    /// The second place cannot be read or written.
    #[error("the copies of the checkpoints: {0}")]
    Copies(#[from] io::Error),
    /// The key is not known to the database, and nothing shows that it follows one that is.
    #[error(
        "the signing key {kid} is new to this database: name its predecessor as well (evidence.previous_key)"
    )]
    UnknownKey { kid: String },
    /// What is stored does not read as a checkpoint.
    #[error("checkpoint {number} is damaged: {what}")]
    Damaged { number: i64, what: &'static str },
}

impl From<sea_orm::DbErr> for Fault {
    fn from(error: sea_orm::DbErr) -> Self {
        Fault::Store(error.into())
    }
}

/// A moment of the database, of all banks, that changes nothing.
async fn moment(store: &Store) -> crate::Result<DatabaseTransaction> {
    store.snapshot().await
}

/// A signed text taken apart: ids of keys with their signatures.
pub(crate) struct Signed<'a> {
    pub text: &'a str,
    pub signatures: Vec<([u8; 4], Vec<u8>)>,
}
