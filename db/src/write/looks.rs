//! The read log's writer: looks that wait at the same time share one commit, whoever looked and at whichever bank.
//!
//! Nothing is sent before its look is durable, so each look alone would cost a flush. What arrives during a flush is committed by
//! the next one; every line stands behind the wall of its own bank.

use crate::audit::{AuditRow, add_all};
use crate::options::StoreOptions;
use crate::{Result, StoreError};
use sea_orm::{DatabaseConnection, DbBackend, DbErr};
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::{mpsc, oneshot};

/// The lines of one request and who waits for them.
#[derive(Debug)]
struct Job {
    lines: Vec<AuditRow>,
    answer: oneshot::Sender<Result<()>>,
}

/// The way to the writers. When the last one is dropped, each finishes what waits and ends.
#[derive(Debug)]
pub(crate) struct Looks {
    lanes: Vec<mpsc::Sender<Job>>,
    next: AtomicUsize,
}

impl Looks {
    /// Starts the writers: one on SQLite, several side by side on PostgreSQL.
    pub fn start(connection: &DatabaseConnection, backend: DbBackend, options: &StoreOptions) -> Self {
        let lanes = if backend == DbBackend::Sqlite { 1 } else { options.lanes.max(1) };
        let start = |_| {
            let (jobs, waiting) = mpsc::channel(1024);
            tokio::spawn(run(connection.clone(), options.batch.max(1), waiting));
            jobs
        };
        Looks { lanes: (0..lanes).map(start).collect(), next: AtomicUsize::new(0) }
    }

    /// Hands the lines of a request over and waits until all of them are durable. Errors: none of them may count as recorded.
    pub async fn write(&self, lines: Vec<AuditRow>) -> Result<()> {
        let lane = &self.lanes[self.next.fetch_add(1, Ordering::Relaxed) % self.lanes.len()];
        let (answer, answered) = oneshot::channel();
        lane.send(Job { lines, answer }).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

async fn run(connection: DatabaseConnection, most: usize, mut waiting: mpsc::Receiver<Job>) {
    while let Some(first) = waiting.recv().await {
        let mut jobs = vec![first];
        while jobs.len() < most
            && let Ok(job) = waiting.try_recv()
        {
            jobs.push(job);
        }
        commit(&connection, jobs).await;
    }
}

/// Commits a batch; where a line in it is refused, each job alone, so that one cannot spoil another.
async fn commit(connection: &DatabaseConnection, jobs: Vec<Job>) {
    let together: Vec<&AuditRow> = jobs.iter().flat_map(|job| &job.lines).collect();
    let done = add_all(connection, &together).await;
    let shared = match &done {
        Ok(()) => None,
        Err(StoreError::Database(error)) => Some(error.clone()),
        Err(_) => Some(DbErr::Custom("the lines could not be written".to_owned())),
    };
    let all_alike = done.is_ok() || done.as_ref().is_err_and(is_away) || jobs.len() == 1;
    for job in jobs {
        let written = match &shared {
            None => Ok(()),
            Some(error) if all_alike => Err(error.clone().into()),
            Some(_) => add_all(connection, &job.lines.iter().collect::<Vec<_>>()).await,
        };
        // Whoever asked may have gone away; what is on record stays there.
        let _ = job.answer.send(written);
    }
}

/// Is it the database and no line? Then nobody is kept waiting for one failure after the other.
fn is_away(error: &StoreError) -> bool {
    error.is_timeout() || matches!(error, StoreError::Database(DbErr::ConnectionAcquire(_) | DbErr::Conn(_)))
}
