//! Every way to say no: stable code, sentence in two languages, who can clear it.

use super::need::Check;
use super::role::Role;
use super::stage::Stage;
use serde::{Deserialize, Serialize};

/// A precondition that is not met.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unmet {
    /// `G-ELIG`, `N-DATE-NAMED`.
    pub code: String,
    /// Rule of the specification that was judged, where one was.
    pub rule: Option<String>,
    /// What it is about: a person, loan, property or paper.
    pub subject: Option<String>,
    pub ja: String,
    pub en: String,
    pub cleared_by: Vec<Role>,
}

impl Unmet {
    /// A precondition without a rule of the form behind it.
    pub fn of(check: Check, subject: Option<&str>) -> Self {
        Unmet {
            code: check.code().to_owned(),
            rule: None,
            subject: subject.map(str::to_owned),
            ja: check.ja().to_owned(),
            en: check.en().to_owned(),
            cleared_by: check.cleared_by().to_vec(),
        }
    }
}

/// A typed no.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "refusal", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// The verb leads nowhere from here. `allowed` are the stages (or `TRACK:STATE`) from which it would.
    IllegalTransition { at: String, allowed: Vec<String> },
    /// The role, person or organisation may not do this.
    Forbidden { roles: Vec<Role> },
    /// Everything that is in the way, at once.
    Blocked { unmet: Vec<Unmet> },
    /// Data of the command that can never be right.
    Invalid { field: String, rule: String, ja: String, en: String },
}

impl Refusal {
    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self {
            Refusal::IllegalTransition { .. } => "ILLEGAL_TRANSITION",
            Refusal::Forbidden { .. } => "FORBIDDEN",
            Refusal::Blocked { .. } => "BLOCKED",
            Refusal::Invalid { .. } => "BAD_USER_INPUT",
        }
    }

    /// A field that can never be right.
    pub fn invalid(field: &str, rule: &str, ja: &str, en: &str) -> Self {
        Refusal::Invalid { field: field.into(), rule: rule.into(), ja: ja.into(), en: en.into() }
    }

    pub(super) fn here(stage: Stage, allowed: &[Stage]) -> Self {
        Refusal::IllegalTransition {
            at: stage.code().to_owned(),
            allowed: allowed.iter().map(|s| s.code().to_owned()).collect(),
        }
    }
}
