//! F-rows: facts recorded without a move, which guards ask for.

use crate::guard::Guard as G;
use crate::machine::effect::{PartnerMessage, Task, Timer};
use crate::machine::emergency::EMERGENCY_ROLES;
use crate::machine::need::{Check::G as g, Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::*;
use crate::machine::row::{By, Row, To, fact};
use crate::machine::stage::Stage::{self, *};
use crate::machine::verb::Verb as V;

/// Every stage that is not final.
pub const OPEN: &[Stage] = &[
    Draft,
    Submitted,
    Incomplete,
    Screening,
    Approved,
    ConditionallyApproved,
    ChangeRequested,
    ReScreening,
    Contracting,
    ContractTendered,
    Contracted,
    Scheduled,
    OnHold,
    Ready,
    Disbursing,
    Reconciling,
    PartiallyDisbursed,
    Disbursed,
    Reversing,
];
/// From reception to the payment order.
const RUNNING: &[Stage] = &[
    Submitted,
    Incomplete,
    Screening,
    Approved,
    ConditionallyApproved,
    ChangeRequested,
    ReScreening,
    Contracting,
    ContractTendered,
    Contracted,
    Scheduled,
    OnHold,
    Ready,
    PartiallyDisbursed,
];
/// The ends of a case.
const FINAL: &[Stage] = &[
    Discarded,
    Declined,
    ApprovalRescinded,
    ApprovalExpired,
    Withdrawn,
    ContractTerminated,
    DrawingsRepaid,
    HandedOver,
];
const ANYWHERE: &[Stage] = Stage::ALL;
const AFTER_CONTRACT: &[Stage] = &[Contracted, Scheduled, OnHold, Ready, PartiallyDisbursed];
/// Drawings are out and the main posting is still to come (S-09).
const DRAWN: &[Stage] = &[PartiallyDisbursed, Scheduled, OnHold];
/// An order has no definite outcome yet.
const POSTING: &[Stage] = &[Disbursing, Reconciling];
const SIGNING: &[Stage] = &[Contracting];
/// From reception until the contract set, with the guarantee terms in it, is handed in: no institution is bound to the customer (F-01).
const BEFORE_SIGNED: &[Stage] = &[
    Submitted,
    Incomplete,
    Screening,
    Approved,
    ConditionallyApproved,
    ChangeRequested,
    ReScreening,
    Contracting,
];

/// Every stage of a case that was handed in, ended ones included: papers of an ended case are read as well.
const HANDED_IN: &[Stage] = &[
    Submitted,
    Incomplete,
    Screening,
    Approved,
    ConditionallyApproved,
    Declined,
    ChangeRequested,
    ReScreening,
    ApprovalRescinded,
    ApprovalExpired,
    Withdrawn,
    Contracting,
    ContractTendered,
    Contracted,
    Scheduled,
    OnHold,
    Ready,
    Disbursing,
    Reconciling,
    PartiallyDisbursed,
    Disbursed,
    Reversing,
    ContractTerminated,
    DrawingsRepaid,
    HandedOver,
];

pub const ROWS: &[Row] = &[
    fact(
        "F-01",
        &[],
        V::CreateDraft,
        By::One(&[Applicant, BranchClerk, Importer]),
        "A draft has no legal effect and nobody waits for it.",
    )
    .sets(&[Timer::Tm01]),
    fact(
        "F-02",
        &[Draft],
        V::EditDraft,
        By::One(&[Applicant, BranchClerk, Importer]),
        "Nobody waits for a draft.",
    )
    .sets(&[Timer::Tm01]),
    fact(
        "F-03",
        RUNNING,
        V::ReceiveDocuments,
        By::One(&[Applicant, CoObligor, BranchClerk]),
        "Receipt shows on the checklist; the row that needs the paper tells the next actor.",
    ),
    fact(
        "F-04",
        &[ChangeRequested],
        V::AmendApplication,
        By::One(&[Applicant]),
        "The content of a change that the server opened; the clerk's task is open already.",
    )
    .needs(&[n(N::ContentChanged)]),
    fact(
        "F-05",
        &[
            ConditionallyApproved,
            Approved,
            Contracting,
            ContractTendered,
            Contracted,
            Scheduled,
            OnHold,
            PartiallyDisbursed,
        ],
        V::EvidenceCondition,
        By::One(&[BranchClerk]),
        "The clerk's own record; the manager confirms it at T10.",
    ),
    fact(
        "F-06",
        &[ConditionallyApproved],
        V::AcceptTerms,
        By::One(&[Applicant]),
        "The clerk's task is open already.",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))]),
    fact(
        "F-07",
        RUNNING,
        V::RecordGround,
        By::One(&[ScreeningOfficer, BranchManager, Compliance]),
        "Grounds are internal; the row that uses one tells the customer the fact only (INV-7).",
    ),
    fact("F-08", RUNNING, V::ClearGround, By::One(&[BranchManager]), "Grounds are internal (INV-7)."),
    fact(
        "F-09",
        AFTER_CONTRACT,
        V::ReportArrears,
        By::One(&[CoreBanking]),
        "The hold that follows tells the customer afterwards (I-08).",
    ),
    fact(
        "F-10",
        RUNNING,
        V::RecordDeath,
        By::One(&[BranchClerk]),
        "No notice goes to a deceased person (E-DEATH).",
    )
    .tells(&[(I::W04, To::Desk(BranchManager))]),
    fact(
        "F-11",
        RUNNING,
        V::LinkBridge,
        By::One(&[BranchClerk]),
        "The bridge case has its own notices (BR-7).",
    )
    .needs(&[n(N::BridgeAllowed)]),
    fact(
        "F-12",
        RUNNING,
        V::RecordBridgePlan,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "Internal plan (BR-7).",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-13",
        RUNNING,
        V::AllowInsuranceException,
        By::FourEyes { propose: &[ScreeningOfficer], decide: &[BranchManager] },
        "Internal decision with two approvals (G-10); the result notice follows.",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-14",
        RUNNING,
        V::AllowAccountException,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "Internal decision with two approvals (I-05).",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-15",
        OPEN,
        V::AddMemo,
        By::One(&[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance]),
        "A memo is for colleagues who read the case.",
    ),
    fact("F-16", SIGNING, V::RecordExplanation, By::One(&[BranchClerk]), "Done face to face.")
        .needs(&[n(N::Trained)]),
    fact("F-17", SIGNING, V::VerifyIdentity, By::One(&[BranchClerk]), "Done face to face."),
    fact(
        "F-18",
        SIGNING,
        V::SignContract,
        By::One(&[Applicant, CoObligor, BranchClerk]),
        "Done face to face; handing in the whole set (T20) tells the clerk.",
    )
    .needs(&[g(G::Explain), n(N::IdentityVerified)]),
    fact(
        "F-19",
        &[Contracted, Scheduled, PartiallyDisbursed, OnHold],
        V::NameDate,
        By::One(&[Applicant]),
        "The clerk's task is open already.",
    )
    .tells(&[(I::W01, To::Desk(BranchClerk))]),
    fact(
        "F-20",
        AFTER_CONTRACT,
        V::RecordCosts,
        By::One(&[BranchClerk]),
        "Shown with the disbursement report.",
    ),
    fact(
        "F-21",
        AFTER_CONTRACT,
        V::RecordPayoff,
        By::One(&[BranchClerk]),
        "Shown with the disbursement report.",
    ),
    fact("F-22", &[Disbursed], V::ConfirmPayoff, By::One(&[CoreBanking]), "Part of the posting's outcome.")
        .sets(&[Timer::Close]),
    fact(
        "F-23",
        &[PartiallyDisbursed, OnHold],
        V::RecordExtensionPaper,
        By::One(&[BranchClerk, Guarantor]),
        "The decision on the extension tells the applicant (N28).",
    ),
    fact(
        "F-24",
        &[Contracted, Scheduled, Ready, OnHold],
        V::AgreeTermination,
        By::One(&[Applicant]),
        "Staff must act on it.",
    )
    .tells(&[(I::W01, To::Desk(BranchManager))]),
    fact("F-25", &[Disbursed], V::AcceptServicing, By::One(&[CoreBanking]), "The hand-over follows at once.")
        .sets(&[Timer::Close]),
    fact(
        "F-26",
        RUNNING,
        V::UpdateConditions,
        By::One(&[BranchClerk]),
        "The rate of the day shows the effect (C-44).",
    ),
    fact("F-27", OPEN, V::WarnValidity, By::One(&[Timer]), "A date runs out soon (TM11).")
        .tells(&[(I::N17, To::Applicant), (I::N17, To::Desk(BranchClerk))]),
    fact(
        "F-28",
        AFTER_CONTRACT,
        V::RecordPayee,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "Where money goes is seen by two people, each time anew when it changes (I.20, I-05).",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-29",
        AFTER_CONTRACT,
        V::WithdrawPayee,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "That a payee receives nothing is a change of where money goes.",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-30",
        AFTER_CONTRACT,
        V::RecordRegister,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "The application for the registration is made from it (H-30, H-36).",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-31",
        AFTER_CONTRACT,
        V::RecordFilingFacts,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "Bank, scrivener and attachments of the filing (H-14, H-34, H-35).",
    )
    .needs(&[g(G::FourEyes)]),
    fact(
        "F-34",
        POSTING,
        V::ConfirmPosting,
        By::One(&[CoreBanking]),
        "One loan of a mix is posted; the other's outcome is still to come (C-56).",
    )
    .needs(&[n(N::PostingKnown), n(N::PartOpen)]),
    fact(
        "F-35",
        POSTING,
        V::RejectPosting,
        By::One(&[CoreBanking]),
        "One loan of a mix is refused: what is posted of the other is taken back the same day (C-56).",
    )
    .needs(&[n(N::PostingKnown), n(N::PartOpen)])
    .tells(&[(I::W04, To::Desk(Operations))]),
    fact(
        "F-36",
        POSTING,
        V::ConfirmReversal,
        By::One(&[CoreBanking]),
        "The posted loan of a torn mix is taken back: the order can be refused as a whole (C-56).",
    )
    .needs(&[n(N::PostingKnown), n(N::PartPosted)]),
    fact(
        "F-32",
        DRAWN,
        V::RecordCompletion,
        By::One(&[BranchClerk]),
        "The building stands: fire cover and its mortgage follow (S-09).",
    )
    .needs(&[n(N::Drawing)]),
    fact(
        "F-33",
        DRAWN,
        V::RecordTermsAgreement,
        By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] },
        "Repayment is agreed under the same contract once the building stands (S-09).",
    )
    .needs(&[n(N::Drawing), n(N::BuildingFinished), g(G::FourEyes)]),
    fact(
        "F-37",
        OPEN,
        V::DeclareConflict,
        By::One(&[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance]),
        "Who has an interest keeps away at once; compliance sees it (L-108-3).",
    )
    .tells(&[(I::W04, To::Desk(Compliance))]),
    fact("F-38", OPEN, V::LiftConflict, By::One(&[Compliance]), "Compliance has looked into it (L-108-3).")
        .needs(&[n(N::ConflictOfAnother)]),
    fact(
        "F-39",
        ANYWHERE,
        V::PlaceLegalHold,
        By::One(&[Compliance]),
        "A dispute or an inquiry needs the record: nothing of it is erased (L.2).",
    )
    .needs(&[n(N::NotHeld)]),
    fact(
        "F-40",
        ANYWHERE,
        V::LiftLegalHold,
        By::FourEyes { propose: &[Compliance], decide: &[Compliance] },
        "Two people see that the record is needed no longer (L.2).",
    )
    .needs(&[n(N::Held), g(G::FourEyes)]),
    fact(
        "F-41",
        FINAL,
        V::ReleaseForErasure,
        By::FourEyes { propose: &[Compliance], decide: &[Compliance] },
        "What is erased is gone: two people see that its time is over (L.2).",
    )
    .needs(&[n(N::NotHeld), n(N::RetentionOver), g(G::FourEyes)]),
    fact(
        "F-42",
        FINAL,
        V::EraseCase,
        By::One(&[System]),
        "The run of the operator carries out what two people released (L.2).",
    )
    .needs(&[n(N::Released)]),
    fact(
        "F-43",
        HANDED_IN,
        V::OpenCaseInEmergency,
        By::One(EMERGENCY_ROLES),
        "Somebody outside the branch must read the case now; it is on record, told and reviewed (L-91).",
    )
    .tells(&[(I::W04, To::Desk(Compliance)), (I::W04, To::Desk(BranchManager))])
    .opens(&[Task::ReviewEmergency]),
    fact(
        "F-44",
        HANDED_IN,
        V::EndEmergencyAccess,
        By::One(EMERGENCY_ROLES),
        "Whoever has read enough ends it; the branch and compliance can at once (L-91).",
    ),
    fact(
        "F-45",
        HANDED_IN,
        V::ReviewEmergencyAccess,
        By::One(&[Compliance]),
        "Somebody else judges whether the reason held (L-91).",
    ),
    fact(
        "F-47",
        RUNNING,
        V::WithdrawConsent,
        By::One(&[Applicant, CoObligor, BranchClerk, Compliance]),
        "From now on nothing more is sent for this purpose, and nobody screens without it (L-PRIV).",
    )
    .needs(&[n(N::ConsentGiven)])
    .tells(&[(I::W04, To::Desk(BranchClerk)), (I::W04, To::Desk(Compliance))]),
    fact(
        "F-48",
        RUNNING,
        V::RenewConsent,
        By::One(&[Applicant, CoObligor, BranchClerk, Compliance]),
        "The person signed again: the work goes on where it stood (L-PRIV).",
    )
    .needs(&[n(N::ConsentWithdrawn)])
    .tells(&[(I::W01, To::Desk(BranchClerk))]),
    fact(
        "F-49",
        OPEN,
        V::AttachPaper,
        By::One(&[System]),
        "The server records what it has taken in, digested and scanned itself, and who handed it in (D.1).",
    ),
    fact(
        "F-50",
        OPEN,
        V::CheckPaper,
        By::One(&[BranchClerk, ScreeningOfficer]),
        "The list of papers shows it; T03 asks the applicant for what is not in order (D.1).",
    ),
    fact(
        "F-51",
        BEFORE_SIGNED,
        V::SwitchGuarantor,
        By::One(&[BranchClerk]),
        "Another institution of the bank is asked: the former one's request is withdrawn, its decision void (F-01, L-94).",
    )
    .needs(&[n(N::OtherGuarantor), n(N::GuaranteeFree), n(N::ContractorFit), n(N::GuarantorConsent)])
    .tells(&[(I::W01, To::Desk(ScreeningOfficer)), (I::W01, To::Desk(BranchManager))]),
    fact(
        "F-52",
        OPEN,
        V::RemindPartner,
        By::One(&[Timer]),
        "A partner owes an answer: a certificate (B-03), or whether it takes a job (E.2).",
    )
    .tells(&[(I::W01, To::Asked)]),
    fact("F-53", OPEN, V::EscalatePartner, By::One(&[Timer]), "The reminder brought no answer.")
        .tells(&[(I::W04, To::Desk(BranchManager)), (I::W04, To::Desk(BranchClerk))]),
    fact(
        "F-54",
        RUNNING,
        V::AskBank,
        By::One(&[Guarantor]),
        "The institution needs to know more before it decides; its request waits on (F-02).",
    )
    .needs(&[n(N::RequestKnown)])
    .tells(&[(I::W01, To::Desk(BranchClerk))])
    .opens(&[Task::AnswerGuarantor]),
    fact(
        "F-55",
        RUNNING,
        V::AnswerGuarantor,
        By::One(&[BranchClerk, BranchManager]),
        "Whoever sends the request knows the customer, and says what the institution asked (F-02).",
    )
    .needs(&[n(N::QuestionOpen)])
    .tells(&[(I::W01, To::Partner(Guarantor))])
    .sends(&[PartnerMessage::GuaranteeReply]),
    fact(
        "F-56",
        &[Scheduled, Ready],
        V::ArrangeSettlement,
        By::One(&[BranchClerk, BranchManager, Operations]),
        "Seller, borrower, scrivener and bank agree when and where they meet on the day; whoever comes is told (T23).",
    )
    .needs(&[n(N::DateAhead)])
    .tells(&[(I::N12, To::Applicant), (I::W01, To::Office)]),
    fact(
        "F-57",
        &[Contracting],
        V::ArrangeSigning,
        By::One(&[BranchClerk, BranchManager]),
        "The contract appointment moves while the set is not handed in; everybody who signs is told anew (T19).",
    )
    .tells(&[(I::N10, To::Signatories)]),
];
