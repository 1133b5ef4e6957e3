//! Answers to mutations, kept by caller and key: a repeat gets the first answer byte for byte, a twin in flight is told to wait.
//!
//! The store keeps the outcome for good; this memory keeps the bytes while the process lives.

use axum::body::Bytes;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

/// Bytes of answers kept at most.
const MOST: usize = 32 * 1024 * 1024;

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Nothing: run it, and tell how it ended with the ticket.
    New,
    /// The first request with this key still runs.
    Running,
    /// Answered before.
    Answered(Bytes),
    /// Answered before, to another request.
    Other,
}

#[derive(Debug)]
enum State {
    Running,
    Answered(Bytes),
}

#[derive(Debug, Default)]
struct Inner {
    known: HashMap<String, (String, State)>,
    order: VecDeque<String>,
    bytes: usize,
}

/// The memory.
#[derive(Clone, Debug, Default)]
pub struct Replays {
    inner: Arc<Mutex<Inner>>,
}

/// Holds a key while its request runs; a ticket that is dropped without an answer frees the key.
#[derive(Debug)]
pub struct Ticket {
    replays: Replays,
    key: String,
    settled: bool,
}

impl Replays {
    /// Looks up a key of a caller for a request with this hash, and takes it when it is new.
    pub fn look(&self, caller: &str, key: &str, hash: &str) -> (Seen, Option<Ticket>) {
        let key = format!("{caller}\u{0}{key}");
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        match inner.known.get(&key) {
            Some((known, _)) if known != hash => (Seen::Other, None),
            Some((_, State::Running)) => (Seen::Running, None),
            Some((_, State::Answered(bytes))) => (Seen::Answered(bytes.clone()), None),
            None => {
                inner.known.insert(key.clone(), (hash.to_owned(), State::Running));
                (Seen::New, Some(Ticket { replays: self.clone(), key, settled: false }))
            }
        }
    }
}

impl Ticket {
    /// Keeps the answer for repeats.
    pub fn answered(mut self, bytes: Bytes) {
        let mut inner = self.replays.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.bytes += bytes.len();
        if let Some((_, state)) = inner.known.get_mut(&self.key) {
            *state = State::Answered(bytes);
        }
        inner.order.push_back(self.key.clone());
        while inner.bytes > MOST {
            let Some(oldest) = inner.order.pop_front() else { break };
            if let Some((_, State::Answered(bytes))) = inner.known.remove(&oldest) {
                inner.bytes -= bytes.len();
            }
        }
        drop(inner);
        self.settled = true;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !self.settled {
            self.replays.inner.lock().unwrap_or_else(PoisonError::into_inner).known.remove(&self.key);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_runs_once_and_then_answers_alike() {
        let replays = Replays::default();
        let (seen, ticket) = replays.look("a", "key", "h1");
        assert_eq!(seen, Seen::New);
        assert_eq!(replays.look("a", "key", "h1").0, Seen::Running);
        assert_eq!(replays.look("a", "key", "h2").0, Seen::Other);
        assert_eq!(replays.look("b", "key", "h1").0, Seen::New);
        ticket.expect("ticket").answered(Bytes::from_static(b"yes"));
        assert_eq!(replays.look("a", "key", "h1").0, Seen::Answered(Bytes::from_static(b"yes")));
    }

    #[test]
    fn a_request_without_an_answer_frees_its_key() {
        let replays = Replays::default();
        drop(replays.look("a", "key", "h1"));
        assert_eq!(replays.look("a", "key", "h2").0, Seen::New);
    }

    #[test]
    fn the_oldest_answers_are_forgotten_first() {
        let replays = Replays::default();
        for key in ["1", "2", "3"] {
            let (_, ticket) = replays.look("a", key, "h");
            ticket.expect("ticket").answered(Bytes::from(vec![0; MOST / 2]));
        }
        assert_eq!(replays.look("a", "1", "h").0, Seen::New);
        assert!(matches!(replays.look("a", "3", "h").0, Seen::Answered(_)));
    }
}
