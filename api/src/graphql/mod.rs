//! GraphQL: one schema per role, derived from the table of the machine and the shapes of its commands.
//!
//! Reading order: `wall` (who sees what), `model` and `catalogue` (the types as data), `application` (what is shown of a
//! case), `command` (from arguments to a command), `mutation`, `roots`, `schema` (all of it as schemas), `lex`, `cost`,
//! `order` and `execute` (from a request to an outcome).

mod accounts;
mod application;
mod bureau;
mod catalogue;
mod catalogue_accounts;
mod catalogue_compliance;
mod catalogue_day_end;
mod catalogue_desk;
mod catalogue_engagement;
mod catalogue_files;
mod catalogue_incidents;
mod catalogue_papers;
mod catalogue_price;
mod catalogue_work;
mod command;
mod compliance;
mod contacts;
pub mod cost;
mod day_end;
mod deputies;
mod desk;
mod emergency;
mod engagement;
mod execute;
mod fault;
mod figures;
mod files;
mod handing;
mod hooks;
mod incidents;
mod intake_drafts;
mod issued;
mod keeping;
pub(crate) mod letters;
pub mod lex;
mod lists;
mod looked;
mod model;
mod mutation;
pub mod names;
mod never;
mod notices;
mod offices;
mod order;
mod papers;
pub mod persisted;
mod preview;
mod price;
mod questions;
mod rates;
mod reads;
mod register_desk;
mod requests;
mod review_memos;
mod roots;
mod schema;
mod shape;
mod subscription;
mod timeline;
mod views;
mod wall;

pub use command::to_camel;
pub(crate) use execute::{Call, Outcome, Prepared};
pub(crate) use files::{FileGrant, is_granted};
pub(crate) use looked::{Looked, Purpose};
pub use mutation::verbs_of;
pub use notices::Wording;
pub use schema::{Schemas, schema_for, sdl, union_sdl};
pub(crate) use subscription::Hub;
