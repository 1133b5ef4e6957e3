//! What befalls a request on its way, in a run with chaos: the bank must answer as if nothing had happened.

use crate::dice::Dice;
use std::time::Duration;

/// One request's misfortune.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Trouble {
    #[default]
    None,
    /// It leaves later than it should.
    Late(Duration),
    /// It arrives, and its answer is lost: the sender asks again under the same key.
    Lost,
    /// It arrives twice at the same moment under one key.
    Twin,
    /// Nonsense arrives first under its key: refused, it must leave the key free.
    Garbage(&'static str),
}

/// Bodies that no bank may take for a command.
const GARBAGE: &[&str] = &[
    "",
    "{",
    "null",
    "[]",
    "{\"query\":42}",
    "{\"query\":\"mutation { \"}",
    "{\"query\":\"mutation { payEverything }\"}",
    "{\"query\":\"query { me { role } }\",\"query\":\"query { me { role } }\"}",
    "{\"query\":\"mutation { withdrawApplication(applicationId: 7, reason: {}) { __typename } }\"}",
];

impl Trouble {
    /// What befalls the request of this number; a question has no key and is only late or lost.
    pub(super) fn of(seed: u64, number: u64, has_key: bool) -> Self {
        let mut dice = Dice::of(seed, &format!("trouble/{number}"));
        let late = Duration::from_millis(dice.between(20, 400).unsigned_abs());
        let garbage = dice.one(GARBAGE);
        match (dice.between(1, 100), has_key) {
            (1..=4, _) => Trouble::Late(late),
            (5..=9, _) => Trouble::Lost,
            (10..=14, true) => Trouble::Twin,
            (15..=18, true) => Trouble::Garbage(garbage),
            _ => Trouble::None,
        }
    }

    /// Its name in the report.
    pub(super) const fn name(self) -> Option<&'static str> {
        match self {
            Trouble::None => None,
            Trouble::Late(_) => Some("late"),
            Trouble::Lost => Some("answer lost"),
            Trouble::Twin => Some("twice at once"),
            Trouble::Garbage(_) => Some("garbage first"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_trouble_comes_and_questions_are_spared_what_needs_a_key() {
        let names = |has_key: bool| -> BTreeSet<&str> {
            (0..2_000).filter_map(|number| Trouble::of(1, number, has_key).name()).collect()
        };
        assert_eq!(names(true), BTreeSet::from(["answer lost", "garbage first", "late", "twice at once"]));
        assert_eq!(names(false), BTreeSet::from(["answer lost", "late"]));
        assert_eq!(Trouble::of(5, 9, true), Trouble::of(5, 9, true));
    }
}
