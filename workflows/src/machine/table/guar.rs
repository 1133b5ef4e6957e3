//! GUAR: guarantee (chapter F).

use crate::machine::effect::{PartnerMessage as M, Task, Timer};
use crate::machine::need::{Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, track};
use crate::machine::track::{Track as T, TrackState as S};
use crate::machine::verb::Verb as V;

pub const ROWS: &[Row] = &[
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
    .sets(&[Timer::Tm06]),
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
    .sets(&[Timer::Tm06]),
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
    .sets(&[Timer::Tm06]),
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
    .sets(&[Timer::Tm06]),
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
    )
    .sets(&[Timer::Tm06]),
    track(
        "GUAR-24",
        (T::Guar, S::Conditional, S::Suspended),
        V::SuspendGuarantee,
        By::Consequence(System),
        "A newer version is being screened (T12).",
    )
    .sets(&[Timer::Tm06]),
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
    )
    .sets(&[Timer::Tm06]),
    track(
        "GUAR-35",
        (T::Guar, S::Cancelled, S::NotRequested),
        V::ReopenGuarantee,
        By::Consequence(Bank),
        "Another institution answers for the case: it is yet to be asked (F-01, F-02).",
    )
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-36",
        (T::Guar, S::Declined, S::NotRequested),
        V::ReopenGuarantee,
        By::Consequence(Bank),
        "Another institution answers for the case: it is yet to be asked (F-01, F-02).",
    )
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-37",
        (T::Guar, S::Expired, S::NotRequested),
        V::ReopenGuarantee,
        By::Consequence(Bank),
        "Another institution answers for the case: it is yet to be asked (F-01, F-02).",
    )
    .opens(&[Task::AskGuarantee]),
    track(
        "GUAR-38",
        (T::Guar, S::Revoked, S::NotRequested),
        V::ReopenGuarantee,
        By::Consequence(Bank),
        "Another institution answers for the case: it is yet to be asked (F-01, F-02).",
    )
    .opens(&[Task::AskGuarantee]),
];
