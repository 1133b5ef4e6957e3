//! What can go wrong with a run. Refusals by the bank are no errors: they are answers.

use std::path::PathBuf;

/// A run that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The address is not the one of this machine and nobody allowed another.
    #[error("{0} is not a loopback address; simulated parties stay at home unless told otherwise")]
    NotLoopback(String),
    /// A file could not be read.
    #[error("cannot read {path}: {source}")]
    File { path: PathBuf, source: std::io::Error },
    /// A file does not say what it should.
    #[error("{path}: {problem}")]
    Content { path: PathBuf, problem: String },
    /// The demo knows no client for a party that the run needs.
    #[error("no client of the role {0} in the demo's directory")]
    NoClient(&'static str),
    /// The server did not answer in time, after every retry.
    #[error("no answer from {what} after {tries} tries: {last}")]
    NoAnswer { what: String, tries: u32, last: String },
    /// The server answered in a way that its own description does not allow.
    #[error("unexpected answer to {what}: {answer}")]
    Unexpected { what: String, answer: String },
    /// The run took longer than it may.
    #[error("the run was stopped after {0} seconds")]
    OutOfTime(u64),
}

/// Result of this crate.
pub type Result<T> = std::result::Result<T, Error>;
