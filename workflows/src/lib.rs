//! The pure rules of secured-loan origination for a Japanese labour bank: no clock, no randomness, no environment, no I/O.
//!
//! [`Form`] is what a branch sends, [`Books`] and [`PostedRates`] are what a bank offers, [`assess`] judges the rules,
//! [`quote`] computes the numbers, [`evaluate`] does both. The modules are the desks of the bank.

pub mod account;
mod assess;
pub mod calendar;
pub mod collateral;
pub mod compliance;
pub mod contract;
pub mod day_end;
pub mod disbursement;
pub mod disclosure;
pub mod engagement;
mod evaluate;
pub mod explained;
pub mod form;
pub mod guarantee;
pub mod guard;
pub mod ical;
pub mod insurance;
pub mod intake;
pub mod kana;
pub mod letters;
pub mod machine;
pub mod mix;
pub mod money;
pub mod office;
pub mod original;
pub mod product;
mod quote;
pub mod registration;
pub mod repayment;
pub mod rule;
pub mod sample;
mod shape;
pub mod staged;
mod terms;
pub mod zengin;

pub use assess::assess;
pub use evaluate::{Evaluation, NotEvaluated, Outcome, Violation, evaluate};
pub use form::{Form, Problem};
pub use guard::Guard;
pub use money::{Rate, SquareMetres, Yen};
pub use product::{Book, BookProblem, Books, PostedRates};
pub use quote::{Decided, LoanGuarantee, LoanQuote, Quote, RateNotPublished, quote, rate_components};
pub use rule::{CAUSES, Cause, FACT_RULES, Finding, RULES, Rule, SERVICING_RULES, STAGED_RULES};
