//! What a bank offers and at which price: the dated product book, the posted rates, pricing and fees.

pub mod book;
pub mod branches;
pub mod codes;
mod deciders;
pub mod diff;
mod edition;
pub mod fees;
pub mod guarantors;
mod meaning;
mod operation;
pub mod origin;
mod overlay;
pub mod posting;
pub mod pricing;
mod rates;
pub mod servicing;
pub mod terms;

pub use book::{Book, BookProblem, Books, Source, TieUpProduct};
pub use branches::BankBranch;
pub use deciders::{CommitteeTerms, FourEyesTerms, Level, Risk};
pub use edition::book_schema;
pub use fees::Fees;
pub use operation::{BranchHours, Campaign, ClockTime, HoursTerms, LeadTerms, TimerTerms, ValidityTerms};
pub use pricing::{Conditions, RateComponents, SalaryConditionBy};
pub use rates::{Posted, PostedRates};
