//! Whole-system tests, and what they share.

pub mod bench;
pub mod metadata;
pub mod mutation;
pub mod nats;
pub mod patience;
pub mod policy;
pub mod ports;
pub mod postgres;
pub mod source;
pub mod tidy;
