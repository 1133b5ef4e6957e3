//! Who asks: a signed token or a browser's session proves who it is, the account says what he may do. Deny by default.
//!
//! Reading order: `verify` (tokens), `keeper` (the issuer's keys and where they come from), `gate` (from a request to a caller),
//! `cookie` (what a browser holds), `watch` (callers with an open socket), `provider` (signing in with OpenID Connect), `dev` (the
//! issuer of the demo). Roles that exist only inside the server cannot be carried by a token or an account.

pub mod cookie;
mod dev;
mod gate;
mod keeper;
mod keys;
mod outgoing;
mod provider;
pub(crate) mod seeded;
mod verify;
mod watch;

pub use dev::{Client, DevIssuer, Grant, Granted, ISSUER as DEVELOPMENT};
pub use gate::{Asking, FRESH, Gate, GateSettings, ROLE, Way};
pub use keeper::{COOL_DOWN, Keeper, KeySource};
pub use outgoing::Outgoing;
pub use provider::{Attempt, Brought, PATIENCE, Provider, ProviderSettings, SignInFailed};
#[cfg(feature = "seeded")]
pub use seeded::{Fault, VARIABLE};
pub use verify::{Authenticator, Proven, token_of};
pub use watch::Held;

use serde::{Deserialize, Serialize};
use workflows::account::AccountKind;
use workflows::machine::Actor;

/// What a token of the development issuer says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    /// Seconds since 1970.
    pub exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<u64>,
    /// Code of a role: `BRANCH_CLERK`.
    pub role: String,
    /// Bank code.
    #[serde(default)]
    pub institution: String,
    /// Branch codes; empty means every branch.
    #[serde(default)]
    pub branches: Vec<String>,
    /// A partner's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// A caller who was let in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub actor: Actor,
    /// Seconds since 1970 at which the token or the session ends.
    pub expires: u64,
    pub pass: Pass,
}

/// What a caller was let in by; asked again where he stays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pass {
    /// A token of the development issuer for somebody without an account.
    Claims,
    /// A token, for an account at this version.
    Token { kind: AccountKind, login: String, account: String, version: u64 },
    /// A session, for an account at this version.
    Session { digest: String, version: u64 },
}

/// Why a caller is not let in. The words are for the log; the answer tells no more than its status.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("no bearer token and no session")]
    Missing,
    #[error("not a token of ours: {0}")]
    Token(String),
    #[error("the token names a key that is not known")]
    UnknownKey,
    #[error("the token's role cannot sign in")]
    Role,
    #[error("the token lacks what it needs: {0}")]
    Claims(&'static str),
    #[error("there is no active account for {0}")]
    Account(String),
    #[error("the session has ended")]
    Session,
    #[error("the account does not hold the role that was asked for")]
    OtherRole,
    #[error("the token is bound to another certificate, or to none where one is needed")]
    Certificate,
    #[error("a request with a session, from another origin or without its token against forgery")]
    Forged,
    #[error("nobody can be judged now: {0}")]
    Unavailable(String),
}

/// A key set that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    #[error("the key set is not a JSON Web Key Set: {0}")]
    Shape(String),
    #[error("key {0}: only Ed25519 (EdDSA), P-256 (ES256) and RSA (RS256, PS256) keys are taken")]
    Kind(String),
    #[error("the key set is empty")]
    Empty,
}
