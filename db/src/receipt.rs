//! Receipts: a request that comes again gets its first answer and has no second effect.

use crate::execute::{Answer, Key, Request};
use crate::rows::ReceiptRow;
use crate::sql::Stamp;
use crate::{Result, StoreError};
use serde::{Deserialize, Serialize};
use workflows::machine::{Actor, Refusal};

/// The typed outcome as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Outcome {
    Done { id: String, version: u64, rows: Vec<String> },
    Refused { refusal: Refusal },
}

/// A stored receipt.
#[derive(Clone, Debug)]
pub(crate) struct Receipt {
    pub body_hash: String,
    pub outcome: Outcome,
}

impl Receipt {
    pub fn read(key: &str, body_hash: String, outcome: &str) -> Result<Self> {
        let outcome = serde_json::from_str(outcome).map_err(|error| StoreError::Unreadable {
            what: "receipt",
            id: key.to_owned(),
            error,
        })?;
        Ok(Receipt { body_hash, outcome })
    }

    /// Was it made for the same request?
    pub fn is_for(&self, key: &Key<'_>) -> bool {
        self.body_hash == key.body_hash
    }
}

/// Who a key belongs to: a person in a role. Two roles of one person never share a key.
pub(crate) fn caller(actor: &Actor) -> String {
    let organisation = actor.organisation.as_deref().unwrap_or_default();
    format!("{}|{}|{organisation}", actor.role.code(), actor.subject)
}

/// The receipt of an outcome, where the request has a key.
pub(crate) fn row(request: &Request<'_>, outcome: &Outcome) -> Result<Option<ReceiptRow>> {
    let Some(key) = &request.key else { return Ok(None) };
    Ok(Some(ReceiptRow {
        institution: request.actor.institution.clone(),
        caller: caller(request.actor),
        key: key.key.to_owned(),
        body_hash: key.body_hash.to_owned(),
        application_id: Some(request.target.id().to_owned()),
        outcome: serde_json::to_string(outcome)?,
        at: Stamp::of(request.now),
    }))
}

impl From<Refusal> for Answer {
    fn from(refusal: Refusal) -> Self {
        Answer::Refused(refusal)
    }
}
