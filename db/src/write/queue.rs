//! The coalescing writer: transitions of different applications that wait at the same time share one commit.
//!
//! One flush costs more than all statements of a transition, so what arrives during a flush is committed by the next one.

use super::{Written, routine};
use crate::error::unique_of;
use crate::options::{Failpoint, StoreOptions};
use crate::rows::Transition;
use crate::{Result, StoreError};
use sea_orm::{DatabaseConnection, DbBackend};
use std::collections::{HashSet, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};
use tokio::sync::{mpsc, oneshot};

/// A transition and who waits for it.
struct Job {
    transition: Transition,
    answer: oneshot::Sender<Result<Written>>,
}

/// The way to the writers. When the last one is dropped, each finishes what waits and ends.
#[derive(Clone, Debug)]
pub(crate) struct Queue {
    lanes: Vec<mpsc::Sender<Job>>,
}

impl Queue {
    /// Starts the writers: one on SQLite, several side by side on PostgreSQL.
    pub fn start(connection: &DatabaseConnection, backend: DbBackend, options: &StoreOptions) -> Self {
        let lanes = if backend == DbBackend::Sqlite { 1 } else { options.lanes.max(1) };
        let start = |_| {
            let (jobs, waiting) = mpsc::channel(1024);
            let (connection, options) = (connection.clone(), options.clone());
            tokio::spawn(Writer { connection, backend, options }.run(waiting));
            jobs
        };
        Queue { lanes: (0..lanes).map(start).collect() }
    }

    /// Hands a transition over and waits until it is durable.
    pub async fn write(&self, transition: Transition) -> Result<Written> {
        let mut hasher = DefaultHasher::new();
        transition.application.id.hash(&mut hasher);
        let lane = &self.lanes[(hasher.finish() % self.lanes.len() as u64) as usize];
        let (answer, answered) = oneshot::channel();
        lane.send(Job { transition, answer }).await.map_err(|_| StoreError::Stopped)?;
        answered.await.map_err(|_| StoreError::Stopped)?
    }
}

struct Writer {
    connection: DatabaseConnection,
    backend: DbBackend,
    options: StoreOptions,
}

impl Writer {
    async fn run(self, mut waiting: mpsc::Receiver<Job>) {
        let mut held: VecDeque<Job> = VecDeque::new();
        loop {
            if held.is_empty() {
                match waiting.recv().await {
                    Some(job) => held.push_back(job),
                    None => return,
                }
            }
            while held.len() < self.options.batch {
                match waiting.try_recv() {
                    Ok(job) => held.push_back(job),
                    Err(_) => break,
                }
            }
            let batch = take_batch(&mut held, self.options.batch.max(1));
            self.commit(batch).await;
        }
    }

    /// Commits a batch; where anything goes wrong in it, each job alone, so that one cannot spoil another.
    async fn commit(&self, jobs: Vec<Job>) {
        let transitions: Vec<&Transition> = jobs.iter().map(|j| &j.transition).collect();
        let alone = transitions.len() == 1;
        match self.commit_together(&transitions).await {
            Ok(done) => {
                for (job, done) in jobs.into_iter().zip(done) {
                    let written = if done { Written::Committed } else { Written::Conflict };
                    // Whoever asked may have gone away; what is committed stays committed.
                    let _ = job.answer.send(Ok(written));
                }
            }
            Err(error) if alone => {
                for job in jobs {
                    let _ = job.answer.send(judged(&error));
                }
            }
            Err(_) => {
                for job in jobs {
                    let done = self.commit_together(&[&job.transition]).await;
                    let written = match done {
                        Ok(done) if done.first() == Some(&true) => Ok(Written::Committed),
                        Ok(_) => Ok(Written::Conflict),
                        Err(error) => judged(&error),
                    };
                    let _ = job.answer.send(written);
                }
            }
        }
    }

    async fn commit_together(&self, transitions: &[&Transition]) -> Result<Vec<bool>, StoreError> {
        self.options.hit(Failpoint::BeforeCommit);
        let done = routine::write(&self.connection, self.backend, transitions).await?;
        self.options.hit(Failpoint::AfterCommit);
        Ok(done)
    }
}

/// Up to `most` jobs of different applications, in order; a second one of the same application waits for the next batch.
fn take_batch(held: &mut VecDeque<Job>, most: usize) -> Vec<Job> {
    let mut seen: HashSet<String> = HashSet::new();
    let (mut batch, mut rest) = (vec![], VecDeque::new());
    for job in held.drain(..) {
        if batch.len() < most && seen.insert(job.transition.application.id.clone()) {
            batch.push(job);
        } else {
            rest.push_back(job);
        }
    }
    *held = rest;
    batch
}

fn judged(error: &StoreError) -> Result<Written> {
    match error {
        StoreError::Database(error) => {
            unique_of(error).map(Written::Taken).ok_or_else(|| error.clone().into())
        }
        _ => Err(StoreError::Stopped),
    }
}
