//! GraphQL errors are faults only: access, limits, and what went wrong inside. Refusals by rules are data.

use async_graphql::dynamic::{FieldValue, ResolverContext};
use async_graphql::{Error, ErrorExtensions};
use db::StoreError;

/// A fault with its stable code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The function is not for this role.
    Forbidden,
    /// Absent, or not for this caller to see: alike.
    NotFound,
    /// An argument that can never be right.
    Input(String),
    /// The database is away.
    Unavailable,
    /// A statement ran over the database's own limit, which is lower than that of an operation.
    TimedOut,
    /// Anything else; the text is for the log and never leaves.
    Internal(String),
}

impl Fault {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Fault::Forbidden => "FORBIDDEN",
            Fault::NotFound => "NOT_FOUND",
            Fault::Input(_) => "BAD_USER_INPUT",
            Fault::Unavailable => "UNAVAILABLE",
            Fault::TimedOut => "TIMEOUT",
            Fault::Internal(_) => INTERNAL,
        }
    }

    fn message(&self) -> String {
        match self {
            Fault::Forbidden => "This is not for your role.".to_owned(),
            Fault::NotFound => "There is no such object.".to_owned(),
            Fault::Input(why) => why.clone(),
            Fault::Unavailable => "The service is not available for a moment.".to_owned(),
            Fault::TimedOut => "The operation took too long and was ended.".to_owned(),
            Fault::Internal(_) => masked(self),
        }
    }

    /// The error of the library.
    pub fn error(&self) -> Error {
        let code = self.code();
        Error::new(self.message()).extend_with(|_, extensions| extensions.set("code", code))
    }

    /// Reports the fault at the field, whose value becomes null.
    pub fn report<'a>(&self, ctx: &ResolverContext<'a>) -> Option<FieldValue<'a>> {
        let error = self.error().into_server_error(ctx.ctx.item.pos);
        ctx.ctx.add_error(ctx.ctx.set_error_path(error));
        None
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Cursor(_) => Fault::Input("after is not a cursor of this list.".to_owned()),
            error if error.is_transient() || matches!(error, StoreError::Stopped) => {
                tracing::warn!(%error, "the store is away");
                Fault::Unavailable
            }
            error if error.is_timeout() => {
                tracing::warn!(%error, "a statement ran over its time");
                Fault::TimedOut
            }
            error => Fault::Internal(error.to_string()),
        }
    }
}

/// Code of a fault of ours.
pub const INTERNAL: &str = "INTERNAL_SERVER_ERROR";

/// Logs what happened under an incident id and gives the sentence that the caller gets.
fn masked(fault: &Fault) -> String {
    incident(&format!("{fault:?}"))
}

/// Logs a text that must not leave, and gives the sentence that may.
pub fn incident(what: &str) -> String {
    let id = crate::http::problem::incident();
    tracing::error!(incident = %id, what, "internal error");
    format!("Something went wrong on our side. Incident {id}.")
}
