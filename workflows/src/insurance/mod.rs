//! The insurance desk: group credit life (chapter G).

mod cover;
pub mod ladder;
mod rules;

pub use cover::{CoverOfPerson, cover_of, declaration_last_valid_date};
pub(crate) use cover::{insured_here, last_valid_date};
pub(crate) use rules::judge;
