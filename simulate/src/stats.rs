//! Figures of a run, counted by every party at once.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Counters.
#[derive(Debug, Default)]
pub struct Stats {
    transitions: AtomicU64,
    notices: AtomicU64,
    retries: AtomicU64,
    replays: AtomicU64,
    refusals: Mutex<BTreeMap<String, u64>>,
    troubles: Mutex<BTreeMap<&'static str, u64>>,
    documents: Mutex<BTreeSet<String>>,
    last: Mutex<Option<Instant>>,
}

/// What was counted so far.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counted {
    pub transitions: u64,
    pub notices: u64,
    pub retries: u64,
    pub replays: u64,
    pub refusals: BTreeMap<String, u64>,
    pub troubles: BTreeMap<&'static str, u64>,
}

impl Stats {
    /// A mutation was accepted.
    pub fn accepted(&self) {
        self.transitions.fetch_add(1, Ordering::Relaxed);
        self.moved();
    }

    /// Something moved: a case, or the clock.
    pub fn moved(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    /// Has nothing moved in the whole run for so long?
    pub fn is_still(&self, patience: Duration) -> bool {
        let last = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        last.is_some_and(|at| at.elapsed() > patience)
    }

    /// A document was sent.
    pub fn sent(&self, document: &str) {
        let mut documents = self.documents.lock().unwrap_or_else(PoisonError::into_inner);
        if !documents.contains(document) {
            documents.insert(document.to_owned());
        }
    }

    /// Every document that was sent.
    pub fn documents(&self) -> BTreeSet<String> {
        self.documents.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The same request was sent again.
    pub fn retried(&self) {
        self.retries.fetch_add(1, Ordering::Relaxed);
    }

    /// The server gave its first answer again.
    pub fn replayed(&self) {
        self.replays.fetch_add(1, Ordering::Relaxed);
    }

    /// So many notices were seen.
    pub fn noticed(&self, count: u64) {
        self.notices.fetch_add(count, Ordering::Relaxed);
    }

    /// A mutation was refused for a reason with a code.
    pub fn refused(&self, code: &str) {
        if let Ok(mut refusals) = self.refusals.lock() {
            *refusals.entry(code.to_owned()).or_default() += 1;
        }
    }

    /// Something befell a request on its way.
    pub fn befell(&self, trouble: &'static str) {
        *self.troubles.lock().unwrap_or_else(PoisonError::into_inner).entry(trouble).or_default() += 1;
    }

    /// The counters now.
    pub fn counted(&self) -> Counted {
        Counted {
            transitions: self.transitions.load(Ordering::Relaxed),
            notices: self.notices.load(Ordering::Relaxed),
            retries: self.retries.load(Ordering::Relaxed),
            replays: self.replays.load(Ordering::Relaxed),
            refusals: self.refusals.lock().map(|r| r.clone()).unwrap_or_default(),
            troubles: self.troubles.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }
}
