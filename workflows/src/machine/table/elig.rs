//! ELIG: transaction qualification (B-01 to B-08).

use crate::machine::effect::{PartnerMessage as M, Task, Timer};
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "ELIG-01",
        (T::Elig, S::NotRequested, S::Requested),
        V::RequestMembership,
        By::One(&[BranchClerk]),
        "The organisation, not the applicant, certifies membership (B-03).",
    )
    .tells(&[(I::W01, To::Partner(MemberOrg))])
    .opens(&[Task::CertifyMembership])
    .sets(&[Timer::OrgReminder, Timer::OrgOverdue])
    .sends(&[M::MembershipRequest]),
    track(
        "ELIG-02",
        (T::Elig, S::Requested, S::Confirmed),
        V::ConfirmMembership,
        By::One(&[MemberOrg]),
        "The signed certificate is back; the screening desk watches the case.",
    ),
    track(
        "ELIG-03",
        (T::Elig, S::Requested, S::Refused),
        V::RefuseMembership,
        By::One(&[MemberOrg]),
        "Not a constituent: another route must be offered.",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::FindRoute]),
    track(
        "ELIG-04",
        (T::Elig, S::Confirmed, S::Lost),
        V::LoseMembership,
        By::One(&[System, MemberOrg]),
        "Membership ended before disbursement.",
    )
    .tells(&[(I::W04, To::Desk(BranchClerk))])
    .opens(&[Task::FindRoute]),
    track(
        "ELIG-05",
        (T::Elig, S::Lost, S::Requested),
        V::RequestMembership,
        By::One(&[BranchClerk]),
        "A new certificate is asked for.",
    )
    .tells(&[(I::W01, To::Partner(MemberOrg))])
    .opens(&[Task::CertifyMembership])
    .sets(&[Timer::OrgReminder, Timer::OrgOverdue])
    .sends(&[M::MembershipRequest]),
    track(
        "ELIG-06",
        (T::Elig, S::NotRequested, S::Confirmed),
        V::ConfirmOwnRoute,
        By::One(&[BranchClerk]),
        "The share register or the admission shows it (B-05, B-08).",
    )
    .needs(&[n(N::OwnRoute)]),
    track(
        "ELIG-07",
        (T::Elig, S::Refused, S::Confirmed),
        V::ChangeRoute,
        By::One(&[BranchClerk]),
        "Another route B-02; fee and add-on are recomputed.",
    )
    .needs(&[n(N::OwnRoute)]),
    track(
        "ELIG-08",
        (T::Elig, S::Lost, S::Confirmed),
        V::ChangeRoute,
        By::One(&[BranchClerk]),
        "Another route B-02; fee and add-on are recomputed.",
    )
    .needs(&[n(N::OwnRoute)]),
];
