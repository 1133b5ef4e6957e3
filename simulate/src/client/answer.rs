//! What the bank answers to a command.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

/// A precondition that is not met.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unmet {
    /// `G-ELIG`, `N-DATE-NAMED`.
    pub code: String,
    /// Lending rule that was judged, where one was: `B-05`.
    #[serde(default)]
    pub rule: Option<String>,
    /// What it is about.
    #[serde(default)]
    pub subject: Option<String>,
}

/// An accepted command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    pub id: String,
    pub number: String,
    pub version: i64,
    pub rows: Vec<String>,
    /// Roles with open work on the case, as far as the caller is shown them.
    pub roles: BTreeSet<String>,
}

/// The answer to a command. All of these are final: nothing is gained by sending the same again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Done(Done),
    /// Everything that is in the way.
    Blocked(Vec<Unmet>),
    /// Somebody else was faster: read again.
    Conflict,
    /// The verb leads nowhere from here.
    Illegal,
    /// Not for this role, or not a case of this party.
    Forbidden,
    NotFound,
    /// Data that can never be right.
    Invalid(String),
}

impl Answer {
    /// Reads a payload, or the fault in its place. `None`: neither.
    pub(super) fn of(verb: &str, body: &Value) -> Option<Self> {
        let payload = body.get("data").and_then(|data| data.get(verb)).filter(|p| !p.is_null());
        let Some(payload) = payload else {
            return match fault(body)? {
                "FORBIDDEN" => Some(Answer::Forbidden),
                "NOT_FOUND" => Some(Answer::NotFound),
                "ILLEGAL_TRANSITION" => Some(Answer::Illegal),
                _ => None,
            };
        };
        if let Some(problems) = payload.get("problems").filter(|_| payload.get("__typename").is_none()) {
            // A step that a colleague was faster with, or that is done: the case is read again.
            let done = problems.as_array().is_some_and(Vec::is_empty);
            return Some(if done { Answer::Done(Done::default()) } else { Answer::Conflict });
        }
        match payload.get("__typename")?.as_str()? {
            "Done" => Some(Answer::Done(done(payload))),
            "Blocked" => {
                let unmet = payload.get("unmet").cloned().unwrap_or_default();
                let unmet: Vec<Unmet> = serde_json::from_value(unmet).ok()?;
                let illegal = payload.get("code").and_then(Value::as_str) == Some("ILLEGAL_TRANSITION");
                Some(if illegal { Answer::Illegal } else { Answer::Blocked(unmet) })
            }
            "Conflict" => Some(Answer::Conflict),
            "Invalid" => {
                Some(Answer::Invalid(payload.get("problems").cloned().unwrap_or_default().to_string()))
            }
            _ => None,
        }
    }

    /// The same without the work that is open now: others may have done it since.
    pub(super) fn without_work(mut self) -> Self {
        if let Answer::Done(done) = &mut self {
            done.roles.clear();
        }
        self
    }

    /// Was it accepted?
    pub fn is_done(&self) -> bool {
        matches!(self, Answer::Done(_))
    }

    /// Stable word for the counters.
    pub fn code(&self) -> &'static str {
        match self {
            Answer::Done(_) => "DONE",
            Answer::Blocked(_) => "BLOCKED",
            Answer::Conflict => "CONFLICT",
            Answer::Illegal => "ILLEGAL_TRANSITION",
            Answer::Forbidden => "FORBIDDEN",
            Answer::NotFound => "NOT_FOUND",
            Answer::Invalid(_) => "BAD_USER_INPUT",
        }
    }
}

fn done(payload: &Value) -> Done {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).unwrap_or_default().to_owned();
    let application = payload.get("application");
    let of = |name: &str| text(application.and_then(|a| a.get(name)));
    let rows = payload.get("rows").and_then(Value::as_array).into_iter().flatten();
    Done {
        id: of("id"),
        number: of("number"),
        version: payload.get("version").and_then(crate::view::whole).unwrap_or_default(),
        rows: rows.filter_map(Value::as_str).map(str::to_owned).collect(),
        roles: application.map(crate::view::roles_of).unwrap_or_default(),
    }
}

/// Code of the first fault of an answer.
pub(super) fn fault(body: &Value) -> Option<&str> {
    let error = body.get("errors")?.get(0)?;
    Some(error.get("extensions").and_then(|e| e.get("code")).and_then(Value::as_str).unwrap_or("UNKNOWN"))
}
