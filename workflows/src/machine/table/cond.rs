//! COND: transaction conditions (C-40 to C-44).

use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "COND-01",
        (T::Cond, S::Pending, S::Met),
        V::EvaluateConditions,
        By::One(&[System]),
        "Evaluated for the date; the rate shows it (C-40).",
    )
    .needs(&[n(N::ConditionsHold)]),
    track(
        "COND-02",
        (T::Cond, S::Pending, S::NotMet),
        V::EvaluateConditions,
        By::One(&[System]),
        "Evaluated false at disbursement: the discount is 0 (C-44).",
    )
    .needs(&[n(N::ConditionsFail)]),
    track(
        "COND-03",
        (T::Cond, S::Met, S::Pending),
        V::ReopenConditions,
        By::Consequence(System),
        "A condition was cancelled before disbursement.",
    ),
    track(
        "COND-04",
        (T::Cond, S::NotMet, S::Pending),
        V::ReopenConditions,
        By::Consequence(System),
        "The posting was reversed (T34), or the facts changed.",
    ),
];
