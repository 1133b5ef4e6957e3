//! How many statements a question asks of the database: for `/metrics`, and for the table of pages (`docs/generated/pages.md`).
//!
//! A statement counts for the task that waits for it, and a task that was started with [`spawn`] for whom started it. The line of
//! the read log is written by a task of its own, for several requests at once, and counts for nobody.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::task::JoinHandle;

tokio::task_local! {
    static COUNTING: Tally;
}

/// Statements of one piece of work, over all tasks that it was handed to.
#[derive(Clone, Debug, Default)]
pub struct Tally(Arc<AtomicU64>);

impl Tally {
    /// Does the work and counts its statements.
    pub async fn of<W: Future>(&self, work: W) -> W::Output {
        COUNTING.scope(self.clone(), work).await
    }

    /// How many there were until now.
    pub fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Starts a task whose statements count for whom starts it.
pub fn spawn<W>(work: W) -> JoinHandle<W::Output>
where
    W: Future<Output: Send + 'static> + Send + 'static,
{
    match COUNTING.try_with(Tally::clone) {
        Ok(tally) => tokio::spawn(COUNTING.scope(tally, work)),
        Err(_) => tokio::spawn(work),
    }
}

/// What the store tells of each statement.
pub fn hook() -> db::StatementHook {
    Arc::new(|_, _| {
        // Work of the service itself is counted by nobody.
        let _ = COUNTING.try_with(|tally| tally.0.fetch_add(1, Ordering::Relaxed));
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn a_statement_counts_for_the_work_that_waits_for_it_and_for_no_other() {
        let told = hook();
        let asks = || told(Duration::ZERO, false);
        let (one, other) = (Tally::default(), Tally::default());
        asks();
        let part = told.clone();
        one.of(async {
            asks();
            spawn(async move { part(Duration::ZERO, false) }).await.expect("a task");
        })
        .await;
        other.of(async { asks() }).await;
        asks();
        assert_eq!((one.count(), other.count()), (2, 1));
    }
}
