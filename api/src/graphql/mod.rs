//! GraphQL: one schema per role, derived from the table of the machine and the shapes of its commands.

pub mod cost;
mod execute;
mod fault;
pub mod lex;
mod schema;

pub(crate) use execute::{Call, Outcome, Prepared};
pub use schema::{Schemas, schema_for, sdl, union_sdl};
