//! The pure rules of secured-loan origination for a Japanese labour bank: no clock, no randomness, no environment, no I/O.

pub mod calendar;
pub mod form;
pub mod guard;
pub mod money;
mod shape;
mod words;

pub use form::{Form, Problem};
pub use guard::Guard;
pub use money::{Rate, SquareMetres, Yen};
