//! INS: group credit life (chapter G).

use crate::machine::effect::{PartnerMessage as M, Task, Timer};
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
    track(
        "INS-01",
        (T::Ins, S::NotApplied, S::Declared),
        V::DeclareInsurance,
        By::One(&[Applicant, CoObligor]),
        "Form signed: the declaration's validity runs.",
    )
    .needs(&[n(N::DeclaredInTime)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::PassDeclaration])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-02",
        (T::Ins, S::Declared, S::Underwriting),
        V::PassDeclaration,
        By::One(&[BranchClerk]),
        "The form goes on sealed; staff see the status only (G-22).",
    )
    .tells(&[(I::W01, To::Partner(Insurer))])
    .opens(&[Task::Underwrite])
    .sends(&[M::InsuranceDeclaration])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-03",
        (T::Ins, S::Underwriting, S::ExamRequired),
        V::RequireExam,
        By::One(&[Insurer]),
        "The insurer wants a health certificate.",
    )
    .tells(&[(I::N30, To::Insured)])
    .opens(&[Task::SupplyExam])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-04",
        (T::Ins, S::ExamRequired, S::Underwriting),
        V::SupplyExam,
        By::One(&[Applicant, CoObligor]),
        "The certificate goes to the insurer.",
    )
    .tells(&[(I::W01, To::Partner(Insurer))])
    .opens(&[Task::Underwrite])
    .sends(&[M::InsuranceExam])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-05",
        (T::Ins, S::Underwriting, S::Accepted),
        V::AcceptInsurance,
        By::One(&[Insurer]),
        "Accepted for the sum.",
    )
    .needs(&[n(N::SumMatches)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(ScreeningOfficer))])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-06",
        (T::Ins, S::Underwriting, S::Rejected),
        V::RejectInsurance,
        By::One(&[Insurer]),
        "Refused; no reason is stored.",
    )
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::ChooseOtherInsurance]),
    track(
        "INS-07",
        (T::Ins, S::Rejected, S::RelaxedIntent),
        V::IntendRelaxed,
        By::One(&[Applicant, CoObligor]),
        "Relaxed assessment after BASIC was refused (G-20).",
    )
    .needs(&[n(N::BasicRefused)])
    .tells(&[(I::W01, To::Partner(Insurer))])
    .opens(&[Task::Underwrite])
    .sets(&[Timer::Tm04]),
    track(
        "INS-08",
        (T::Ins, S::RelaxedIntent, S::RelaxedExpected),
        V::ExpectRelaxed,
        By::One(&[Insurer]),
        "Expected acceptable.",
    )
    .tells(&[(I::N30, To::Insured)])
    .opens(&[Task::Underwrite])
    .sets(&[Timer::Tm04]),
    track(
        "INS-09",
        (T::Ins, S::RelaxedIntent, S::Rejected),
        V::RejectInsurance,
        By::One(&[Insurer]),
        "Not expected acceptable.",
    )
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::ChooseOtherInsurance]),
    track(
        "INS-10",
        (T::Ins, S::RelaxedExpected, S::Accepted),
        V::AcceptInsurance,
        By::One(&[Insurer]),
        "Assessment accepted.",
    )
    .needs(&[n(N::SumMatches)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(ScreeningOfficer))])
    .sets(&[Timer::Tm04]),
    track(
        "INS-11",
        (T::Ins, S::RelaxedExpected, S::Rejected),
        V::RejectInsurance,
        By::One(&[Insurer]),
        "Assessment refused.",
    )
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::ChooseOtherInsurance]),
    track(
        "INS-12",
        (T::Ins, S::Accepted, S::Expired),
        V::ExpireDeclaration,
        By::One(&[Timer]),
        "Past the last valid day, today or on the planned date.",
    )
    .needs(&[n(N::DeclarationOver)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::DeclareHealth]),
    track(
        "INS-13",
        (T::Ins, S::Expired, S::Declared),
        V::DeclareInsurance,
        By::One(&[Applicant, CoObligor]),
        "A new form: the old acceptance is void (G-19).",
    )
    .needs(&[n(N::DeclaredInTime)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::PassDeclaration])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-14",
        (T::Ins, S::Declared, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended before the form was passed on: nobody was asked.",
    ),
    track(
        "INS-15",
        (T::Ins, S::Underwriting, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::InsuranceCancel]),
    track(
        "INS-16",
        (T::Ins, S::Underwriting, S::Expired),
        V::ExpireDeclaration,
        By::One(&[Timer]),
        "Validity over before a decision.",
    )
    .needs(&[n(N::DeclarationOver)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::DeclareHealth]),
    track(
        "INS-17",
        (T::Ins, S::Accepted, S::Declared),
        V::DeclareInsurance,
        By::One(&[Applicant, CoObligor]),
        "Sum or type changed by re-screening: a new form.",
    )
    .needs(&[n(N::DeclaredInTime)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::PassDeclaration])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-18",
        (T::Ins, S::Accepted, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::InsuranceCancel]),
    track(
        "INS-19",
        (T::Ins, S::Accepted, S::InForce),
        V::StartCover,
        By::Consequence(System),
        "The first posting is confirmed: part of that notice.",
    ),
    track(
        "INS-20",
        (T::Ins, S::InForce, S::Claimed),
        V::ClaimInsurance,
        By::One(&[BranchClerk]),
        "The insured event was notified (G-23).",
    )
    .tells(&[(I::W01, To::Partner(Insurer))]),
    track(
        "INS-21",
        (T::Ins, S::InForce, S::Ended),
        V::EndCover,
        By::Consequence(System),
        "Paid off or the last day of cover passed: part of that notice.",
    ),
    track(
        "INS-22",
        (T::Ins, S::Rejected, S::Declared),
        V::DeclareInsurance,
        By::One(&[Applicant, CoObligor]),
        "A new form for another type, single cover or another insured.",
    )
    .needs(&[n(N::DeclaredInTime)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::PassDeclaration])
    .sets(&[Timer::Tm04, Timer::Tm05]),
    track(
        "INS-23",
        (T::Ins, S::Accepted, S::Rejected),
        V::RejectInsurance,
        By::One(&[Insurer]),
        "Acceptance withdrawn.",
    )
    .tells(&[(I::N30, To::Insured), (I::W04, To::Desk(BranchClerk))])
    .opens(&[Task::ChooseOtherInsurance]),
    track(
        "INS-24",
        (T::Ins, S::NotApplied, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended before anything was declared: nobody was asked.",
    ),
    track(
        "INS-25",
        (T::Ins, S::ExamRequired, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::InsuranceCancel]),
    track(
        "INS-26",
        (T::Ins, S::Rejected, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended; the insurer has closed its file already.",
    ),
    track(
        "INS-27",
        (T::Ins, S::RelaxedIntent, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::InsuranceCancel]),
    track(
        "INS-28",
        (T::Ins, S::RelaxedExpected, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::InsuranceCancel]),
    track(
        "INS-29",
        (T::Ins, S::Expired, S::Cancelled),
        V::CancelInsurance,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::InsuranceCancel]),
    track(
        "INS-30",
        (T::Ins, S::Declared, S::Expired),
        V::ExpireDeclaration,
        By::One(&[Timer]),
        "Validity over.",
    )
    .needs(&[n(N::DeclarationOver)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::DeclareHealth]),
    track(
        "INS-31",
        (T::Ins, S::ExamRequired, S::Expired),
        V::ExpireDeclaration,
        By::One(&[Timer]),
        "Validity over.",
    )
    .needs(&[n(N::DeclarationOver)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::DeclareHealth]),
    track(
        "INS-32",
        (T::Ins, S::RelaxedIntent, S::Expired),
        V::ExpireDeclaration,
        By::One(&[Timer]),
        "Validity over.",
    )
    .needs(&[n(N::DeclarationOver)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::DeclareHealth]),
    track(
        "INS-33",
        (T::Ins, S::RelaxedExpected, S::Expired),
        V::ExpireDeclaration,
        By::One(&[Timer]),
        "Validity over.",
    )
    .needs(&[n(N::DeclarationOver)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::DeclareHealth]),
    track(
        "INS-34",
        (T::Ins, S::InForce, S::Accepted),
        V::UndoCover,
        By::Consequence(System),
        "The posting was reversed (T34), no earlier drawing posted.",
    )
    .sets(&[Timer::Tm04, Timer::Tm05]),
];
