//! What was paid and answered, counted from the record alone: no rule of the machine is asked.

use std::collections::BTreeMap;

use workflows::machine::facts::PostingState;
use workflows::machine::{Entry, Event, Track, TrackState};

/// The payments and answers of one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CaseLedger {
    /// State of each order by its key, and whether it is a drawing.
    orders: BTreeMap<String, (PostingState, bool)>,
    /// Keys that were ordered again, posted again, or ordered while another payment stood.
    pub paid_twice: Vec<String>,
    /// Has the guarantor been asked since its last answer?
    asked: bool,
    /// Entries in which an answer came that nobody had asked for.
    pub answered_twice: Vec<u64>,
    pub unknown: usize,
    pub rejected: usize,
}

impl CaseLedger {
    /// Takes the next entry of the case.
    pub fn take(&mut self, entry: &Entry) {
        entry.events.iter().for_each(|event| self.event(entry.version, event));
    }

    fn event(&mut self, version: u64, event: &Event) {
        match event {
            Event::PostingOrdered { posting } => {
                let stands =
                    |state: &PostingState| !matches!(state, PostingState::Rejected | PostingState::Reversed);
                let beside =
                    |(state, drawing): &(PostingState, bool)| *drawing == posting.drawing && stands(state);
                // Drawings follow one another; the main posting is one.
                let twice = !posting.drawing && self.orders.values().any(beside);
                let order = (posting.state, posting.drawing);
                if self.orders.insert(posting.key.clone(), order).is_some() || twice {
                    self.paid_twice.push(posting.key.clone());
                }
            }
            Event::PostingSettled { key, state, .. } => self.settle(key, *state),
            Event::TrackMoved { track: Track::Guar, from, to, .. } => self.guarantee(version, *from, *to),
            _ => {}
        }
    }

    /// An answer is what ends a request; that a reversal leads back to an approval is none.
    fn guarantee(&mut self, version: u64, from: TrackState, to: TrackState) {
        let open = matches!(from, TrackState::Requested | TrackState::ConditionsSent);
        match to {
            TrackState::Requested => self.asked = true,
            TrackState::Approved | TrackState::Declined if open && !std::mem::take(&mut self.asked) => {
                self.answered_twice.push(version);
            }
            _ => {}
        }
    }

    fn settle(&mut self, key: &str, state: PostingState) {
        match state {
            PostingState::Unknown => self.unknown += 1,
            PostingState::Rejected => self.rejected += 1,
            _ => {}
        }
        let before = self.orders.get_mut(key);
        let twice = state == PostingState::Posted
            && !before.as_ref().is_some_and(|(state, _)| {
                matches!(state, PostingState::Ordered | PostingState::Unknown | PostingState::Reversing)
            });
        if twice {
            self.paid_twice.push(key.to_owned());
        }
        if let Some(order) = before {
            order.0 = state;
        }
    }
}

/// The faults that the ledger is there to find.
mod seeded_faults {
    use super::*;
    use chrono::NaiveDate;
    use workflows::machine::facts::Posting;

    fn ordered(key: &str) -> Event {
        let posting = Posting {
            key: key.to_owned(),
            date: NaiveDate::default(),
            amount_yen: 30_000_000,
            drawing: false,
            state: PostingState::Ordered,
            parts: vec![],
        };
        Event::PostingOrdered { posting }
    }

    fn settled(key: &str, state: PostingState) -> Event {
        Event::PostingSettled { key: key.to_owned(), state, reference: None }
    }

    fn moved(from: TrackState, to: TrackState) -> Event {
        Event::TrackMoved { row: "GUAR".to_owned(), track: Track::Guar, key: String::new(), from, to }
    }

    fn after(events: &[Event]) -> CaseLedger {
        let mut case = CaseLedger::default();
        events.iter().for_each(|event| case.event(1, event));
        case
    }

    #[test]
    fn a_refused_and_a_reversed_order_may_be_followed_by_another() {
        let refused = [
            ordered("a"),
            settled("a", PostingState::Rejected),
            ordered("b"),
            settled("b", PostingState::Posted),
        ];
        assert_eq!(after(&refused).paid_twice, Vec::<String>::new());
        let reversed = [
            ordered("a"),
            settled("a", PostingState::Unknown),
            settled("a", PostingState::Posted),
            settled("a", PostingState::Reversing),
            settled("a", PostingState::Reversed),
            ordered("b"),
        ];
        assert_eq!(after(&reversed).paid_twice, Vec::<String>::new());
    }

    #[test]
    fn what_is_paid_twice_is_found() {
        let faults: [&[Event]; 4] = [
            &[ordered("a"), ordered("a")],
            &[ordered("a"), settled("a", PostingState::Unknown), ordered("b")],
            &[ordered("a"), settled("a", PostingState::Posted), settled("a", PostingState::Posted)],
            &[ordered("a"), settled("a", PostingState::Rejected), settled("a", PostingState::Posted)],
        ];
        let found = faults.iter().filter(|fault| !after(fault).paid_twice.is_empty()).count();
        assert_eq!(found, faults.len());
    }

    #[test]
    fn a_second_answer_to_one_request_is_found() {
        use TrackState::{Approved, Declined, Effective, NotRequested, Requested};
        let once = [moved(NotRequested, Requested), moved(Requested, Approved), moved(Effective, Approved)];
        assert_eq!(after(&once).answered_twice, Vec::<u64>::new());
        let twice = [moved(NotRequested, Requested), moved(Requested, Approved), moved(Requested, Declined)];
        assert_eq!(after(&twice).answered_twice, [1]);
    }
}
