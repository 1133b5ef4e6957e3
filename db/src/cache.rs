//! Cases that were just decided on: the next command usually meets the same case, and need not read it again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use workflows::machine::Case;

/// The latest cases, each under the hash of its last entry: the database says whether that is still the head.
#[derive(Debug)]
pub(crate) struct Cache {
    most: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    cases: HashMap<String, (String, Arc<Case>)>,
    /// Ids in the order in which they came.
    order: VecDeque<String>,
}

impl Cache {
    pub fn new(most: usize) -> Self {
        Cache { most, held: Mutex::default() }
    }

    /// Chain head and case, where the application is held.
    pub fn get(&self, id: &str) -> Option<(String, Arc<Case>)> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.cases.get(id).cloned()
    }

    /// Holds a case; the one that came first goes.
    pub fn put(&self, hash: &str, case: &Arc<Case>) {
        if self.most == 0 {
            return;
        }
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.cases.insert(case.id.clone(), (hash.to_owned(), case.clone())).is_none() {
            held.order.push_back(case.id.clone());
        }
        while held.order.len() > self.most {
            if let Some(first) = held.order.pop_front() {
                held.cases.remove(&first);
            }
        }
    }
}
