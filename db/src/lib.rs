//! The one writer: every change of an application goes through [`Store::execute`], every read through a [`Scope`].
//!
//! Reading order: `store` (open, migrate), `execute` (the only change), `rows` and `write` (what a decision becomes), `read`,
//! `outbox` and `deadlines` (work that couriers and clocks claim), `hooks` (webhooks), `changes` (subscriptions), `verify` (the proof afterwards),
//! `evidence` (signed checkpoints over everything that was recorded), `replay` (decisions made again from their inputs), `vault` (what
//! is stored is sealed, kept as long as the law says, and erased).

pub mod accounts;
pub mod answers;
mod aside;
pub mod audit;
pub mod bounces;
mod cache;
pub mod calendar_feed;
pub mod case_lines;
mod chain;
pub mod changes;
pub mod contacts;
pub mod day_end;
pub mod deadlines;
pub mod deputies;
pub mod digest;
pub mod emergency;
mod entity;
mod error;
pub mod events;
pub mod evidence;
mod execute;
pub mod handing;
pub mod hooks;
pub mod incidents;
pub mod intake_drafts;
pub mod ledger;
mod migration;
pub mod offices;
mod options;
pub mod outbox;
pub mod paper;
pub mod rates;
pub mod read;
mod receipt;
pub mod registers;
pub mod reminders;
pub mod replay;
pub mod review_memos;
mod rows;
pub mod sessions;
mod shelf;
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
