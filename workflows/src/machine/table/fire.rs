//! FIRE: fire cover (H-16, H-17).

use crate::machine::effect::{PartnerMessage as M, Task};
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "FIRE-01",
        (T::Fire, S::NotRequired, S::Required),
        V::RequireFireCover,
        By::Consequence(System),
        "A building is or becomes collateral: the contract notice asks for the evidence.",
    )
    .opens(&[Task::ShowFireCover]),
    track(
        "FIRE-02",
        (T::Fire, S::Required, S::EvidenceReceived),
        V::HandInFireEvidence,
        By::One(&[Applicant]),
        "Policy or application copy is in.",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::CheckFireCover]),
    track(
        "FIRE-03",
        (T::Fire, S::EvidenceReceived, S::Verified),
        V::VerifyFireCover,
        By::One(&[BranchClerk]),
        "Object, owner and period fit (H-16).",
    )
    .needs(&[n(N::CoversDate)]),
    track(
        "FIRE-04",
        (T::Fire, S::EvidenceReceived, S::PledgeRequired),
        V::RequireFirePledge,
        By::One(&[System]),
        "Income property or debt consolidation: the claim is pledged (H-17).",
    )
    .needs(&[n(N::PledgeCase)])
    .tells(&[(I::W01, To::Partner(FireInsurer))])
    .opens(&[Task::PledgeFireClaim])
    .sends(&[M::FirePledge]),
    track(
        "FIRE-05",
        (T::Fire, S::Verified, S::Required),
        V::LapseFireCover,
        By::One(&[System]),
        "The policy lapsed or does not cover the new date.",
    )
    .needs(&[n(N::CoverLapsed)])
    .tells(&[(I::W01, To::Applicant), (I::W04, To::Desk(BranchClerk))])
    .opens(&[Task::ShowFireCover]),
    track(
        "FIRE-06",
        (T::Fire, S::PledgeRequired, S::Pledged),
        V::ConfirmFirePledge,
        By::One(&[FireInsurer]),
        "The pledge is endorsed (H-17).",
    ),
    track(
        "FIRE-07",
        (T::Fire, S::EvidenceReceived, S::Required),
        V::ReturnFireEvidence,
        By::One(&[BranchClerk]),
        "The evidence is not sufficient.",
    )
    .tells(&[(I::W01, To::Applicant)])
    .opens(&[Task::ShowFireCover]),
    track(
        "FIRE-08",
        (T::Fire, S::Pledged, S::Required),
        V::LapseFireCover,
        By::One(&[System]),
        "The policy ended.",
    )
    .tells(&[(I::W01, To::Applicant), (I::W04, To::Desk(BranchClerk))])
    .opens(&[Task::ShowFireCover]),
];
