//! How mail leaves: to a mail server, or into a folder.

pub mod email;
pub mod file;

use crate::mail::Mail;
use async_trait::async_trait;

/// Why a mail did not leave. Names codes, never people: servers repeat addresses in their answers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Later may be better: 4xx, time-out, connection; also the unknown outcome of a connection lost after the content.
    #[error("{0}")]
    Transient(String),
    /// Never: 5xx for this mail.
    #[error("{0}")]
    Permanent(String),
}

/// A way for mail to leave. Dropping the future of a send must leave nothing behind that another send could meet.
#[async_trait]
pub trait MailChannel: Send + Sync {
    /// Sends one mail; what proves that it left, such as the server's answer code. Or says why it did not leave.
    async fn send(&self, mail: &Mail) -> Result<String, Failure>;
}
