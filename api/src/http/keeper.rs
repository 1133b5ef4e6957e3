//! Hands answers to the store beside the request: a repeat at another process then gets the same bytes.
//!
//! The effect and its receipt are committed before. A process that dies before its answer is kept leaves the receipt, from which
//! the repeat is answered anew.

use db::Store;
use db::answers::Kept;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use workflows::machine::Actor;

/// Answers that wait to be kept; beyond them the receipt alone remains.
const WAITING: usize = 1_024;
/// Answers kept with one statement.
const BATCH: usize = 64;
/// How often a repeat looks for the answer of the process that executed.
const PAUSE: Duration = Duration::from_millis(50);

/// The way from answers to the store.
#[derive(Debug, Default)]
pub struct Keeper {
    queue: OnceLock<mpsc::Sender<Kept>>,
}

impl Keeper {
    /// Keeps an answer soon.
    pub fn keep(&self, store: &Store, kept: Kept) {
        let queue = self.queue.get_or_init(|| {
            let (sender, receiver) = mpsc::channel(WAITING);
            tokio::spawn(write(store.clone(), receiver));
            sender
        });
        if queue.try_send(kept).is_err() {
            metrics::counter!("yushi_answers_not_kept_total").increment(1);
        }
    }
}

async fn write(store: Store, mut queue: mpsc::Receiver<Kept>) {
    let mut batch = vec![];
    while queue.recv_many(&mut batch, BATCH).await > 0 {
        if let Err(error) = store.keep_answers(&batch).await {
            tracing::warn!(%error, answers = batch.len(), "answers not kept: their receipts remain");
            metrics::counter!("yushi_answers_not_kept_total").increment(batch.len() as u64);
        }
        batch.clear();
    }
}

/// The first answer to a request whose receipt another process has written, waited for so long. `None`: that process died before it
/// was kept.
pub async fn first_answer(
    store: &Store,
    actor: &Actor,
    (key, hash): (&str, &str),
    patience: Duration,
) -> Option<String> {
    let begun = Instant::now();
    loop {
        match store.kept_answer(actor, key, hash).await {
            Ok(None) if begun.elapsed() < patience => tokio::time::sleep(PAUSE).await,
            Ok(found) => return found,
            Err(error) => {
                tracing::warn!(%error, "answer not read: the receipt answers");
                return None;
            }
        }
    }
}
