//! What a bank offers and at which price: the dated product book, the posted rates, pricing and fees.

pub mod book;
pub mod fees;
pub mod origin;
mod overlay;
pub mod pricing;
mod rates;
pub mod servicing;
pub mod terms;

pub use book::{Book, BookProblem, Books, TieUpProduct};
pub use fees::Fees;
pub use pricing::{Conditions, RateComponents, SalaryConditionBy};
pub use rates::PostedRates;
