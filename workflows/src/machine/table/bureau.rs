//! BUREAU: credit bureau (L-92).

use crate::machine::effect::{Task, Timer};
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "BUREAU-01",
        (T::Bureau, S::NotRequested, S::Requested),
        V::InquireBureau,
        By::One(&[BranchClerk]),
        "One inquiry per person and version, for repayment ability only (L-92).",
    )
    .needs(&[n(N::BureauConsent)])
    .sets(&[Timer::Bureau]),
    track(
        "BUREAU-02",
        (T::Bureau, S::Requested, S::Answered),
        V::AnswerBureau,
        By::One(&[System]),
        "The answer is stored apart.",
    )
    .sets(&[Timer::Bureau]),
    track(
        "BUREAU-03",
        (T::Bureau, S::Requested, S::Failed),
        V::FailBureau,
        By::One(&[System]),
        "No answer in time; looked up by its key, never asked blindly again.",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::InquireBureau]),
    track(
        "BUREAU-04",
        (T::Bureau, S::Failed, S::Requested),
        V::InquireBureau,
        By::One(&[BranchClerk]),
        "Asked again.",
    )
    .needs(&[n(N::BureauConsent)])
    .sets(&[Timer::Bureau]),
    track(
        "BUREAU-05",
        (T::Bureau, S::Answered, S::Expired),
        V::ExpireBureau,
        By::One(&[Timer]),
        "Older than the book's limit before the decision.",
    )
    .needs(&[n(N::BureauOld)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::InquireBureau]),
    track(
        "BUREAU-06",
        (T::Bureau, S::Expired, S::Requested),
        V::InquireBureau,
        By::One(&[BranchClerk]),
        "A new inquiry on a valid consent.",
    )
    .needs(&[n(N::BureauConsent)])
    .sets(&[Timer::Bureau]),
];
