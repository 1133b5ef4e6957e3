//! Writing transitions: set-based statements over JSON arrays, the same number whether one or fifty are committed together.

mod sets;

use crate::error::{Unique, unique_of};
use crate::options::Failpoint;
use crate::rows::{ReceiptRow, Transition};
use crate::{Result, Store};

/// What became of a transition.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Written {
    Committed,
    /// The row has another version by now, or exists already.
    Conflict,
    /// A unique key was in the way; nothing was written.
    Taken(Unique),
}

impl Store {
    /// Writes one transition durably, or nothing of it.
    pub(crate) async fn write(&self, transition: Transition) -> Result<Written> {
        let tx = self.begin().await?;
        let written = match sets::write(&tx, self.backend(), &[&transition]).await {
            Ok(committed) => committed,
            Err(crate::StoreError::Database(error)) => {
                tx.rollback().await?;
                return unique_of(&error).map(Written::Taken).ok_or(error.into());
            }
            Err(error) => return Err(error),
        };
        if !written[0] {
            tx.rollback().await?;
            return Ok(Written::Conflict);
        }
        self.inner.options.hit(Failpoint::BeforeCommit);
        tx.commit().await?;
        self.inner.options.hit(Failpoint::AfterCommit);
        Ok(Written::Committed)
    }
}

/// An audit line of a refusal.
#[derive(serde::Serialize)]
pub(crate) struct Refused {
    pub institution: String,
    pub application_id: Option<String>,
    pub at: String,
    pub by_subject: String,
    pub role: String,
    pub verb: String,
    pub code: String,
    pub detail: String,
}

impl Store {
    /// Writes the audit line and the receipt together.
    pub(crate) async fn write_refusal(&self, line: Refused, receipt: Option<ReceiptRow>) -> Result<Written> {
        let tx = self.begin().await?;
        match sets::write_refusal(&tx, self.backend(), &line, receipt.as_ref()).await {
            Ok(()) => {
                tx.commit().await?;
                Ok(Written::Committed)
            }
            Err(crate::StoreError::Database(error)) => {
                tx.rollback().await?;
                unique_of(&error).map(Written::Taken).ok_or(error.into())
            }
            Err(error) => Err(error),
        }
    }
}
