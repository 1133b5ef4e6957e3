//! AML: anti-social force and PEP check (B-17).

use crate::machine::effect::{Task, Timer};
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "AML-01",
        (T::Aml, S::NotChecked, S::Checking),
        V::StartAmlCheck,
        By::Consequence(System),
        "The pledge is in (T01): the list search starts.",
    )
    .sets(&[Timer::Aml]),
    track(
        "AML-02",
        (T::Aml, S::Checking, S::Clear),
        V::ClearAml,
        By::One(&[System]),
        "No match; the list version is kept.",
    )
    .needs(&[n(N::NotPep)]),
    track(
        "AML-03",
        (T::Aml, S::Checking, S::Review),
        V::FlagAml,
        By::One(&[System]),
        "Possible match, foreign PEP, or the search failed.",
    )
    .tells(&[(I::W01, To::Desk(Compliance))])
    .opens(&[Task::ReviewMatch]),
    track(
        "AML-04",
        (T::Aml, S::Review, S::Clear),
        V::AcceptAml,
        By::One(&[Compliance]),
        "Not the same person, or the PEP is accepted with a reason.",
    ),
    track(
        "AML-05",
        (T::Aml, S::Review, S::Blocked),
        V::BlockAml,
        By::One(&[Compliance]),
        "The match is confirmed: R6 before, V1 after the contract.",
    )
    .tells(&[(I::W04, To::Desk(BranchManager))]),
    track("AML-06", (T::Aml, S::Clear, S::Stale), V::StaleAml, By::One(&[System]), "A fresh check is due.")
        .needs(&[n(N::SearchDue)])
        .sets(&[Timer::Aml]),
    track(
        "AML-07",
        (T::Aml, S::Stale, S::Checking),
        V::StartAmlCheck,
        By::One(&[System]),
        "The search is repeated.",
    )
    .sets(&[Timer::Aml]),
];
