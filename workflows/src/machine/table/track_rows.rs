//! The rows of the nine tracks, in the order of domain E.5.

use crate::guard::Guard as G;
use crate::machine::effect::{PartnerMessage as M, Task, Timer};
use crate::machine::need::{Check::G as g, Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

/// ELIG: transaction qualification (B-01 to B-08).
pub const ELIG: &[Row] = &[
    track(
        "ELIG-01",
        (T::Elig, S::NotRequested, S::Requested),
        V::RequestMembership,
        By::One(&[BranchClerk]),
        "The organisation, not the applicant, certifies membership (B-03).",
    )
    .tells(&[(I::W01, To::Partner(MemberOrg))])
    .opens(&[Task::CertifyMembership])
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

/// GUAR: guarantee (chapter F).
pub const GUAR: &[Row] = &[
    track(
        "GUAR-01",
        (T::Guar, S::NotRequested, S::Requested),
        V::RequestGuarantee,
        By::One(&[BranchClerk]),
        "No guarantee, no loan (F-01).",
    )
    .needs(&[n(N::GuaranteeConsent), n(N::CurrentRequest)])
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .opens(&[Task::DecideGuarantee])
    .sends(&[M::GuaranteeRequest]),
    track(
        "GUAR-02",
        (T::Guar, S::Requested, S::Approved),
        V::ApproveGuarantee,
        By::One(&[Guarantor]),
        "The guarantor's answer binds for its validity.",
    )
    .needs(&[n(N::DecisionCovers)])
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
    .sets(&[Timer::Tm06, Timer::Tm11]),
    track(
        "GUAR-03",
        (T::Guar, S::Requested, S::Conditional),
        V::ConditionGuarantee,
        By::One(&[Guarantor]),
        "Approved with conditions; the bank answers them.",
    )
    .needs(&[n(N::DecisionCovers)])
    .tells(&[(I::W01, To::Desk(BranchManager))])
    .opens(&[Task::AnswerConditions])
    .sets(&[Timer::Tm06, Timer::Tm11]),
    track(
        "GUAR-04",
        (T::Guar, S::Requested, S::Declined),
        V::DeclineGuarantee,
        By::One(&[Guarantor]),
        "No loan can be made; reasons are not relayed.",
    )
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))]),
    track(
        "GUAR-05",
        (T::Guar, S::Approved, S::Expired),
        V::ExpireGuarantee,
        By::One(&[Timer]),
        "The decision's validity is over.",
    )
    .needs(&[n(N::DecisionOver)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-06",
        (T::Guar, S::Conditional, S::Expired),
        V::ExpireGuarantee,
        By::One(&[Timer]),
        "The decision's validity is over.",
    )
    .needs(&[n(N::DecisionOver)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-07",
        (T::Guar, S::Expired, S::Requested),
        V::RequestGuarantee,
        By::One(&[BranchClerk]),
        "Asked again; after the contract the case waits on hold.",
    )
    .needs(&[n(N::GuaranteeConsent), n(N::CurrentRequest)])
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .opens(&[Task::DecideGuarantee])
    .sends(&[M::GuaranteeRequest]),
    track(
        "GUAR-08",
        (T::Guar, S::Requested, S::Cancelled),
        V::CancelGuarantee,
        By::Consequence(Bank),
        "Withdrawn or declined by the bank.",
    )
    .sends(&[M::GuaranteeCancel]),
    track(
        "GUAR-09",
        (T::Guar, S::Conditional, S::Cancelled),
        V::CancelGuarantee,
        By::Consequence(Bank),
        "Withdrawn or declined by the bank.",
    )
    .sends(&[M::GuaranteeCancel]),
    track(
        "GUAR-10",
        (T::Guar, S::Approved, S::Cancelled),
        V::CancelGuarantee,
        By::Consequence(Bank),
        "Withdrawn, declined or terminated.",
    )
    .sends(&[M::GuaranteeCancel]),
    track(
        "GUAR-11",
        (T::Guar, S::Approved, S::Effective),
        V::StartGuarantee,
        By::Consequence(System),
        "The first posting is confirmed: part of that notice.",
    ),
    track(
        "GUAR-12",
        (T::Guar, S::Effective, S::Ended),
        V::EndGuarantee,
        By::Consequence(System),
        "Paid off: part of that notice.",
    ),
    track(
        "GUAR-13",
        (T::Guar, S::Effective, S::Subrogated),
        V::Subrogate,
        By::One(&[Guarantor]),
        "The guarantor paid the whole balance (F-09).",
    )
    .tells(&[(I::N29, To::Applicant), (I::N29, To::CoObligors)]),
    track(
        "GUAR-14",
        (T::Guar, S::Conditional, S::ConditionsSent),
        V::SendConditionEvidence,
        By::One(&[BranchManager]),
        "Evidence of the conditions goes to the guarantor.",
    )
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .opens(&[Task::DecideGuarantee])
    .sets(&[Timer::Tm06])
    .sends(&[M::GuaranteeEvidence]),
    track(
        "GUAR-15",
        (T::Guar, S::ConditionsSent, S::Approved),
        V::ApproveGuarantee,
        By::One(&[Guarantor]),
        "Conditions accepted as met.",
    )
    .needs(&[n(N::DecisionCovers)])
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
    .sets(&[Timer::Tm06, Timer::Tm11]),
    track(
        "GUAR-16",
        (T::Guar, S::ConditionsSent, S::Conditional),
        V::ConditionGuarantee,
        By::One(&[Guarantor]),
        "The evidence is not sufficient.",
    )
    .needs(&[n(N::DecisionCovers)])
    .tells(&[(I::W01, To::Desk(BranchManager))])
    .opens(&[Task::AnswerConditions])
    .sets(&[Timer::Tm06, Timer::Tm11]),
    track(
        "GUAR-17",
        (T::Guar, S::ConditionsSent, S::Declined),
        V::DeclineGuarantee,
        By::One(&[Guarantor]),
        "No loan can be made; reasons are not relayed.",
    )
    .tells(&[(I::W01, To::Desk(ScreeningOfficer))]),
    track(
        "GUAR-18",
        (T::Guar, S::Approved, S::Revoked),
        V::RevokeGuarantee,
        By::One(&[Guarantor]),
        "The guarantor withdraws: the case stops at once.",
    )
    .tells(&[(I::W04, To::Desk(BranchManager))])
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-19",
        (T::Guar, S::Conditional, S::Revoked),
        V::RevokeGuarantee,
        By::One(&[Guarantor]),
        "The guarantor withdraws: the case stops at once.",
    )
    .tells(&[(I::W04, To::Desk(BranchManager))])
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-20",
        (T::Guar, S::Conditional, S::Requested),
        V::RequestGuarantee,
        By::One(&[BranchClerk]),
        "Asked again with new evidence.",
    )
    .needs(&[n(N::GuaranteeConsent), n(N::CurrentRequest), n(N::NewEvidence)])
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .opens(&[Task::DecideGuarantee])
    .sends(&[M::GuaranteeRequest]),
    track(
        "GUAR-21",
        (T::Guar, S::Declined, S::Requested),
        V::RequestGuarantee,
        By::One(&[BranchClerk]),
        "Asked again with new evidence.",
    )
    .needs(&[n(N::GuaranteeConsent), n(N::CurrentRequest), n(N::NewEvidence)])
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .opens(&[Task::DecideGuarantee])
    .sends(&[M::GuaranteeRequest]),
    track(
        "GUAR-22",
        (T::Guar, S::Revoked, S::Requested),
        V::RequestGuarantee,
        By::One(&[BranchClerk]),
        "Asked again with new evidence.",
    )
    .needs(&[n(N::GuaranteeConsent), n(N::CurrentRequest), n(N::NewEvidence)])
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .opens(&[Task::DecideGuarantee])
    .sends(&[M::GuaranteeRequest]),
    track(
        "GUAR-23",
        (T::Guar, S::Approved, S::Suspended),
        V::SuspendGuarantee,
        By::Consequence(System),
        "A newer version is being screened (T12).",
    ),
    track(
        "GUAR-24",
        (T::Guar, S::Conditional, S::Suspended),
        V::SuspendGuarantee,
        By::Consequence(System),
        "A newer version is being screened (T12).",
    ),
    track(
        "GUAR-25",
        (T::Guar, S::Suspended, S::Approved),
        V::RestoreGuarantee,
        By::Consequence(System),
        "T44 restores the decision.",
    )
    .sets(&[Timer::Tm06]),
    track(
        "GUAR-26",
        (T::Guar, S::Suspended, S::Conditional),
        V::RestoreGuarantee,
        By::Consequence(System),
        "T44 restores the decision.",
    )
    .opens(&[Task::AnswerConditions])
    .sets(&[Timer::Tm06]),
    track(
        "GUAR-27",
        (T::Guar, S::Suspended, S::Revoked),
        V::RevokeGuarantee,
        By::One(&[Guarantor]),
        "The guarantor withdraws the earlier decision.",
    )
    .tells(&[(I::W04, To::Desk(BranchManager))]),
    track(
        "GUAR-28",
        (T::Guar, S::Suspended, S::Cancelled),
        V::CancelGuarantee,
        By::Consequence(Bank),
        "The new version is approved or the case ended.",
    )
    .sends(&[M::GuaranteeCancel]),
    track(
        "GUAR-29",
        (T::Guar, S::ConditionsSent, S::Expired),
        V::ExpireGuarantee,
        By::One(&[Timer]),
        "The decision's validity is over.",
    )
    .needs(&[n(N::DecisionOver)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-30",
        (T::Guar, S::Suspended, S::Expired),
        V::ExpireGuarantee,
        By::One(&[Timer]),
        "The earlier decision's validity is over; the newer request runs.",
    )
    .needs(&[n(N::DecisionOver)]),
    track(
        "GUAR-31",
        (T::Guar, S::NotRequested, S::Cancelled),
        V::CancelGuarantee,
        By::Consequence(Bank),
        "The case ended before a request: nobody was asked.",
    ),
    track(
        "GUAR-32",
        (T::Guar, S::ConditionsSent, S::Cancelled),
        V::CancelGuarantee,
        By::Consequence(Bank),
        "The case ended.",
    )
    .sends(&[M::GuaranteeCancel]),
    track(
        "GUAR-33",
        (T::Guar, S::Effective, S::Approved),
        V::UndoGuarantee,
        By::Consequence(System),
        "The posting was reversed (T34).",
    )
    .sets(&[Timer::Tm06]),
    track(
        "GUAR-34",
        (T::Guar, S::ConditionsSent, S::Suspended),
        V::SuspendGuarantee,
        By::Consequence(System),
        "A newer version is being screened (T12).",
    ),
];

/// INS: group credit life (chapter G).
pub const INS: &[Row] = &[
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
    track(
        "INS-03",
        (T::Ins, S::Underwriting, S::ExamRequired),
        V::RequireExam,
        By::One(&[Insurer]),
        "The insurer wants a health certificate.",
    )
    .tells(&[(I::N30, To::Insured)])
    .opens(&[Task::SupplyExam])
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
    track(
        "INS-05",
        (T::Ins, S::Underwriting, S::Accepted),
        V::AcceptInsurance,
        By::One(&[Insurer]),
        "Accepted for the sum.",
    )
    .needs(&[n(N::SumMatches)])
    .tells(&[(I::N30, To::Insured), (I::W01, To::Desk(ScreeningOfficer))])
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
    track(
        "INS-08",
        (T::Ins, S::RelaxedIntent, S::RelaxedExpected),
        V::ExpectRelaxed,
        By::One(&[Insurer]),
        "Expected acceptable.",
    )
    .tells(&[(I::N30, To::Insured)])
    .opens(&[Task::Underwrite])
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
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
    .sets(&[Timer::Tm04, Timer::Tm05, Timer::Tm11]),
];

/// FIRE: fire cover (H-16, H-17).
pub const FIRE: &[Row] = &[
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
    .needs(&[n(N::CoverLapsed)])
    .tells(&[(I::W01, To::Applicant), (I::W04, To::Desk(BranchClerk))])
    .opens(&[Task::ShowFireCover]),
];

/// REG: mortgage registration (H.2).
pub const REG: &[Row] = &[
    track(
        "REG-01",
        (T::Reg, S::NotInstructed, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "The contract is formed: claim data go to the scrivener (H-14).",
    )
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-02",
        (T::Reg, S::Instructed, S::IdVerified),
        V::VerifyMortgagors,
        By::One(&[Scrivener]),
        "Identity of every mortgagor verified, record kept (H-15).",
    )
    .opens(&[Task::CollectPapers]),
    track(
        "REG-03",
        (T::Reg, S::IdVerified, S::DocsReady),
        V::ReadyPapers,
        By::One(&[Scrivener]),
        "Deed, identification information, seal certificate and powers are complete.",
    )
    .needs(&[n(N::SealFresh)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::FileRegistration]),
    track(
        "REG-04",
        (T::Reg, S::DocsReady, S::Filed),
        V::FileRegistration,
        By::One(&[Scrivener]),
        "The application is sent.",
    )
    .tells(&[(I::W01, To::Partner(Registry))])
    .opens(&[Task::ReceiveFiling]),
    track(
        "REG-05",
        (T::Reg, S::Filed, S::Accepted),
        V::AcceptFiling,
        By::One(&[Registry]),
        "Receipt date and number fix the rank (H-37).",
    )
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
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-12",
        (T::Reg, S::Accepted, S::Withdrawn),
        V::WithdrawFiling,
        By::One(&[Scrivener]),
        "Taken back before completion or rejection (H-40).",
    )
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-13",
        (T::Reg, S::Correction, S::Withdrawn),
        V::WithdrawFiling,
        By::One(&[Scrivener]),
        "Taken back before rejection (H-40).",
    )
    .tells(&[(I::N21, To::Desk(BranchClerk)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::InstructScrivener]),
    track(
        "REG-14",
        (T::Reg, S::Rejected, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "File again: new receipt number, rank re-checked.",
    )
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-15",
        (T::Reg, S::Withdrawn, S::Instructed),
        V::InstructScrivener,
        By::One(&[BranchClerk]),
        "File again.",
    )
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
    .sends(&[M::ScrivenerInstruction]),
    track(
        "REG-16",
        (T::Reg, S::Completed, S::Cancelled),
        V::CancelRegistration,
        By::One(&[Scrivener]),
        "Cancellation registered after termination or pay-off.",
    )
    .needs(&[n(N::CaseEnding)])
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
    .tells(&[(I::W01, To::Partner(Scrivener))])
    .opens(&[Task::VerifyMortgagors])
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
];

/// COND: transaction conditions (C-40 to C-44).
pub const COND: &[Row] = &[
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

/// AML: anti-social force and PEP check (B-17).
pub const AML: &[Row] = &[
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

/// BUREAU: credit bureau (L-92).
pub const BUREAU: &[Row] = &[
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

/// COLL: collateral valuation (C-14, chapter H).
pub const COLL: &[Row] = &[
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
