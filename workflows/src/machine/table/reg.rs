//! REG: mortgage registration (H.2).

use crate::guard::Guard as G;
use crate::machine::effect::{PartnerMessage as M, Task, Timer};
use crate::machine::need::{Check, Check::G as g, Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

/// Another office takes over: one that is fit and free, while nothing is filed and no money is about to leave.
const TAKEOVER: &[Check] =
    &[n(N::OtherOffice), n(N::ContractorFit), n(N::OfficeFree), n(N::OneOffice), n(N::OfficeReplaceable)];

pub const ROWS: &[Row] = &[
    track(
        "REG-01",
        (T::Reg, S::NotInstructed, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "The contract is formed: claim data go to the scrivener (H-14).",
    )
    .needs(&[n(N::ContractorFit), n(N::OfficeFree), n(N::OneOffice)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-02",
        (T::Reg, S::Instructed, S::IdVerified),
        V::VerifyMortgagors,
        By::One(&[Scrivener]),
        "Identity of every mortgagor verified, record kept (H-15).",
    )
    .needs(&[n(N::JobTaken)])
    .opens(&[Task::CollectPapers]),
    track(
        "REG-03",
        (T::Reg, S::IdVerified, S::DocsReady),
        V::ReadyPapers,
        By::One(&[Scrivener]),
        "Deed, identification information, seal certificate and powers are complete.",
    )
    .needs(&[n(N::JobTaken), n(N::SealFresh)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::FileRegistration]),
    track(
        "REG-04",
        (T::Reg, S::DocsReady, S::Filed),
        V::FileRegistration,
        By::One(&[Scrivener]),
        "The application is sent.",
    )
    .needs(&[n(N::JobTaken), n(N::FirstFiled)])
    .tells(&[(I::W01, To::Partner(Registry))])
    .opens(&[Task::ReceiveFiling]),
    track(
        "REG-05",
        (T::Reg, S::Filed, S::Accepted),
        V::AcceptFiling,
        By::One(&[Registry, Scrivener]),
        "Receipt date and number fix the rank (H-37).",
    )
    .needs(&[n(N::JobTaken)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::CompleteFiling]),
    track(
        "REG-06",
        (T::Reg, S::Accepted, S::Correction),
        V::OrderCorrection,
        By::One(&[Registry]),
        "A defect with a deadline (H-38).",
    )
    .tells(&[(I::W01, To::Partner(Scrivener)), (I::W04, To::Desk(BranchClerk))])
    .opens(&[Task::CorrectFiling])
    .sets(&[Timer::Tm08]),
    track(
        "REG-07",
        (T::Reg, S::Correction, S::Accepted),
        V::CorrectFiling,
        By::One(&[Scrivener]),
        "Corrected in time; the receipt number stays.",
    )
    .needs(&[n(N::JobTaken)])
    .tells(&[(I::W01, To::Partner(Registry))])
    .opens(&[Task::CompleteFiling]),
    track(
        "REG-08",
        (T::Reg, S::Accepted, S::Completed),
        V::CompleteRegistration,
        By::One(&[Registry]),
        "The mortgage stands in the register (H-45).",
    )
    .tells(&[(I::N21, To::Desk(BranchClerk))]),
    track(
        "REG-09",
        (T::Reg, S::Accepted, S::Rejected),
        V::RejectFiling,
        By::One(&[Registry]),
        "A reasoned decision (H-39).",
    )
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-10",
        (T::Reg, S::Correction, S::Rejected),
        V::RejectFiling,
        By::One(&[Registry]),
        "The correction deadline was missed.",
    )
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-11",
        (T::Reg, S::Filed, S::Withdrawn),
        V::WithdrawFiling,
        By::One(&[Scrivener]),
        "Taken back before completion or rejection (H-40).",
    )
    .needs(&[n(N::JobTaken)])
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-12",
        (T::Reg, S::Accepted, S::Withdrawn),
        V::WithdrawFiling,
        By::One(&[Scrivener]),
        "Taken back before completion or rejection (H-40).",
    )
    .needs(&[n(N::JobTaken)])
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-13",
        (T::Reg, S::Correction, S::Withdrawn),
        V::WithdrawFiling,
        By::One(&[Scrivener]),
        "Taken back before rejection (H-40).",
    )
    .needs(&[n(N::JobTaken)])
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-14",
        (T::Reg, S::Rejected, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "File again: new receipt number, rank re-checked.",
    )
    .needs(&[n(N::ContractorFit), n(N::OfficeFree), n(N::OneOffice)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-15",
        (T::Reg, S::Withdrawn, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "File again.",
    )
    .needs(&[n(N::ContractorFit), n(N::OfficeFree), n(N::OneOffice)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-16",
        (T::Reg, S::Completed, S::Cancelled),
        V::CancelRegistration,
        By::One(&[Scrivener]),
        "Cancellation registered after termination or pay-off.",
    )
    .needs(&[n(N::JobTaken), n(N::CaseEnding)])
    .tells(&[(I::N21, To::Desk(BranchClerk))]),
    track(
        "REG-17",
        (T::Reg, S::NotInstructed, S::Deferred),
        V::DeferRegistration,
        By::FourEyes { propose: &[ScreeningOfficer], decide: &[BranchManager] },
        "Land that cannot be mortgaged yet; undertaking on file (H-05).",
    )
    .needs(&[n(N::Deferrable), g(G::FourEyes)]),
    track(
        "REG-18",
        (T::Reg, S::Deferred, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "Replotting finished (H-05).",
    )
    .needs(&[n(N::ContractorFit), n(N::OfficeFree), n(N::OneOffice)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-19",
        (T::Reg, S::Instructed, S::Cancelled),
        V::StopRegistration,
        By::One(&[BranchClerk]),
        "The case ends before filing (T36).",
    )
    .needs(&[n(N::CaseEnding)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .sends(&[M::ScrivenerStop]),
    track(
        "REG-20",
        (T::Reg, S::IdVerified, S::Cancelled),
        V::StopRegistration,
        By::One(&[BranchClerk]),
        "The case ends before filing (T36).",
    )
    .needs(&[n(N::CaseEnding)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .sends(&[M::ScrivenerStop]),
    track(
        "REG-21",
        (T::Reg, S::DocsReady, S::Cancelled),
        V::StopRegistration,
        By::One(&[BranchClerk]),
        "The case ends before filing (T36).",
    )
    .needs(&[n(N::CaseEnding)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .sends(&[M::ScrivenerStop]),
    track(
        "REG-22",
        (T::Reg, S::DocsReady, S::Instructed),
        V::StalePapers,
        By::One(&[System]),
        "A paper expired or data changed.",
    )
    .needs(&[n(N::PapersStale)])
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors]),
    track(
        "REG-23",
        (T::Reg, S::Instructed, S::Instructed),
        V::ReplaceScrivener,
        By::One(&[BranchClerk]),
        "Another office takes the job over before the filing (L-94).",
    )
    .needs(TAKEOVER)
    .tells(&[(I::W01, To::Partner(Scrivener)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-24",
        (T::Reg, S::IdVerified, S::Instructed),
        V::ReplaceScrivener,
        By::One(&[BranchClerk]),
        "Another office takes the job over before the filing (L-94).",
    )
    .needs(TAKEOVER)
    .tells(&[(I::W01, To::Partner(Scrivener)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-25",
        (T::Reg, S::DocsReady, S::Instructed),
        V::ReplaceScrivener,
        By::One(&[BranchClerk]),
        "Another office takes the job over before the filing (L-94).",
    )
    .needs(TAKEOVER)
    .tells(&[(I::W01, To::Partner(Scrivener)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::VerifyMortgagors])
    .sets(&[Timer::JobReminder, Timer::JobOverdue])
    .sends(&[M::ScrivenerInstruction]),
];
