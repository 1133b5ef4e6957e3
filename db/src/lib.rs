//! The one writer: every change of an application goes through [`Store::execute`], every read through a [`Scope`].
//!
//! Reading order: `store` (open, migrate), `execute` (the only change), `rows` and `write` (what a decision becomes), `read`,
//! `outbox` and `deadlines` (work that couriers and clocks claim), `hooks` (webhooks), `changes` (subscriptions), `verify` (the proof afterwards),
//! `evidence` (signed checkpoints over everything that was recorded), `replay` (decisions made again from their inputs), `vault` (what
//! is stored is sealed, kept as long as the law says, and erased).

pub mod accounts;
pub mod answers;
pub mod audit;
mod cache;
mod chain;
pub mod changes;
pub mod deadlines;
pub mod deputies;
pub mod emergency;
mod entity;
mod error;
pub mod evidence;
mod execute;
pub mod hooks;
pub mod incidents;
pub mod ledger;
mod migration;
pub mod offices;
mod options;
pub mod outbox;
pub mod rates;
pub mod read;
mod receipt;
pub mod registers;
pub mod reminders;
pub mod replay;
mod rows;
pub mod sessions;
pub mod spending;
mod sql;
mod store;
pub mod uploads;
pub mod vault;
pub mod verify;
pub mod views;
mod wall;
mod write;

pub use error::StoreError;
pub use execute::{Answer, Done, Key, Request, Target};
pub use options::{Failpoint, FailpointHook, StatementHook, StoreOptions};
pub use read::Scope;
pub use store::Store;

/// What every function of this crate gives back.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;
