//! Writing transitions, two ways with one meaning: `plain` is the reference, `routine` the one call that production makes.
//! `queue` hands over together what waits at the same time, `looks` does so for the read log.

pub(crate) mod looks;
pub(crate) mod plain;
pub(crate) mod queue;
mod routine;

use crate::audit::AuditRow;
use crate::error::{Unique, unique_of};
use crate::options::Failpoint;
use crate::rows::{ReceiptRow, Transition};
use crate::wall::{Within, enter};
use crate::{Result, Store, StoreError};
use sea_orm::ConnectionTrait;

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
        if self.inner.options.plain {
            return self.write_plain(&transition).await;
        }
        if let Some(queue) = &self.inner.queue {
            return queue.write(transition).await;
        }
        self.inner.options.hit(Failpoint::BeforeCommit);
        let done = routine::write(self.writer(), self.backend(), &[&transition]).await;
        let written = judge(done.map(|done| done.first() == Some(&true)))?;
        self.inner.options.hit(Failpoint::AfterCommit);
        Ok(written)
    }

    async fn write_plain(&self, transition: &Transition) -> Result<Written> {
        let tx = self.begin().await?;
        enter(&tx, Within::Institution(&transition.application.institution)).await?;
        let written = judge(plain::write(&tx, transition).await)?;
        self.finish(tx, written).await
    }

    pub(crate) async fn finish(&self, tx: sea_orm::DatabaseTransaction, written: Written) -> Result<Written> {
        if written != Written::Committed {
            tx.rollback().await?;
            return Ok(written);
        }
        self.inner.options.hit(Failpoint::BeforeCommit);
        tx.commit().await?;
        self.inner.options.hit(Failpoint::AfterCommit);
        Ok(written)
    }
}

/// A version that has moved on and a key that is taken are answers, everything else is a fault.
pub(crate) fn judge(done: Result<bool>) -> Result<Written> {
    match done {
        Ok(true) => Ok(Written::Committed),
        Ok(false) => Ok(Written::Conflict),
        Err(StoreError::Database(error)) => unique_of(&error).map(Written::Taken).ok_or_else(|| error.into()),
        Err(error) => Err(error),
    }
}

impl Store {
    /// Writes the audit line and the receipt together.
    pub(crate) async fn write_refusal(&self, line: AuditRow, receipt: Option<ReceiptRow>) -> Result<Written> {
        let tx = self.begin().await?;
        let written = judge(refusal(&tx, &line, receipt.as_ref()).await.map(|()| true))?;
        self.finish(tx, written).await
    }
}

async fn refusal<C: ConnectionTrait>(tx: &C, line: &AuditRow, receipt: Option<&ReceiptRow>) -> Result<()> {
    crate::audit::add(tx, line).await?;
    match receipt {
        Some(receipt) => plain::write_receipt(tx, receipt).await,
        None => Ok(()),
    }
}
