//! COLL: collateral valuation (C-14, chapter H).

use crate::machine::effect::Task;
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "COLL-01",
        (T::Coll, S::NotValued, S::Requested),
        V::OrderValuation,
        By::One(&[BranchClerk]),
        "Valuation ordered.",
    )
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
    .opens(&[Task::ValueCollateral]),
    track(
        "COLL-02",
        (T::Coll, S::Requested, S::Valued),
        V::RecordValuation,
        By::One(&[ScreeningOfficer]),
        "The value covers the request.",
    )
    .needs(&[n(N::ValueCovers)]),
    track(
        "COLL-03",
        (T::Coll, S::Requested, S::Insufficient),
        V::FindInsufficient,
        By::One(&[ScreeningOfficer]),
        "Lower the amount or add security (C-14).",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::CureCollateral]),
    track(
        "COLL-04",
        (T::Coll, S::Requested, S::Defect),
        V::FindDefect,
        By::One(&[ScreeningOfficer]),
        "Breach of law, defect or unregistered building (R4).",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::CureCollateral]),
    track(
        "COLL-05",
        (T::Coll, S::Insufficient, S::Requested),
        V::OrderValuation,
        By::One(&[BranchClerk]),
        "Amount lowered or other security offered.",
    )
    .needs(&[n(N::Cured)])
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
    .opens(&[Task::ValueCollateral]),
    track(
        "COLL-06",
        (T::Coll, S::Defect, S::Requested),
        V::OrderValuation,
        By::One(&[BranchClerk]),
        "Cured, with evidence.",
    )
    .needs(&[n(N::Cured)])
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
    .opens(&[Task::ValueCollateral]),
    track(
        "COLL-07",
        (T::Coll, S::Valued, S::Requested),
        V::ReopenValuation,
        By::One(&[ScreeningOfficer]),
        "A new fact or a change of property (R3).",
    )
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
    .opens(&[Task::ValueCollateral]),
];
