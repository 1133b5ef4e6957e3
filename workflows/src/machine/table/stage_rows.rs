//! T01-T48: the main stage, in the order a loan lives (domain E.5).

use crate::guard::Guard as G;
use crate::machine::effect::{PartnerMessage as M, Task, Timer};
use crate::machine::need::{Check, Check::G as g, Check::N as n, Need as N};
use crate::machine::notice::NoticeId as I;
use crate::machine::role::Role::{self, *};
use crate::machine::row::{By, Row, To, main};
use crate::machine::stage::Stage::*;
use crate::machine::verb::Verb as V;

const CLERK_MANAGER: By = By::FourEyes { propose: &[BranchClerk], decide: &[BranchManager] };
const SCREENING_MANAGER: By = By::FourEyes { propose: &[ScreeningOfficer], decide: &[BranchManager] };
const OPERATIONS_TWICE: By = By::FourEyes { propose: &[Operations], decide: &[Operations] };
const OPERATIONS_MANAGER: By = By::FourEyes { propose: &[Operations], decide: &[BranchManager] };

const fn one(roles: &'static [Role]) -> By {
    By::One(roles)
}

/// What T06 asks for; T14 asks the same of the new version.
const APPROVAL: &[Check] = &[
    g(G::Elig),
    g(G::Parties),
    g(G::GuarApproved),
    g(G::InsForm),
    g(G::InsDecided),
    g(G::CollValue),
    g(G::RegAgent),
    g(G::AmlClear),
    g(G::BureauDone),
    n(N::NoOpenCondition),
    n(N::LaterConditions),
    n(N::Consents),
    g(G::FourEyes),
];
/// What T07 asks for; T15 asks the same of the new version.
const CONDITIONAL: &[Check] = &[
    g(G::Elig),
    g(G::Parties),
    n(N::GuarAnswered),
    g(G::InsForm),
    n(N::InsDecidedOrCondition),
    g(G::CollValue),
    g(G::RegAgent),
    g(G::AmlClear),
    g(G::BureauDone),
    n(N::OpenCondition),
    n(N::Consents),
    g(G::FourEyes),
];
/// E.5 G-JOIN: everything that must be true on the disbursement date.
pub const JOIN: &[Check] = &[
    g(G::Contract),
    g(G::ConditionsMet),
    g(G::Elig),
    g(G::GuarApproved),
    g(G::InsValid),
    g(G::FireVerified),
    g(G::Reg),
    g(G::BusinessDay),
    g(G::NoArrears),
    g(G::CreditUnchanged),
    g(G::RatePublished),
    g(G::Cond),
    g(G::Account),
    g(G::Costs),
    g(G::AmlClear),
    g(G::Split90),
    g(G::Payoff),
];
const BEFORE_CONTRACT: &[crate::machine::Stage] = &[
    Submitted,
    Incomplete,
    Screening,
    ChangeRequested,
    ReScreening,
    Approved,
    ConditionallyApproved,
    Contracting,
    ContractTendered,
];

pub const ROWS: &[Row] = &[
    main("T01", &[Draft], Submitted, V::SubmitApplication, one(&[Applicant, Importer]),
        "Application, guarantee request, consents and pledge are in: the reception date is fixed.")
        .needs(&[g(G::DocApply), g(G::Consent), g(G::AmlPledge)])
        .tells(&[(I::N01, To::Applicant), (I::N01, To::CoObligors), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::CheckIntake]),
    main("T02", &[Draft], Discarded, V::DiscardDraft, one(&[Applicant, Timer]),
        "A draft has no legal effect; it is erased on request or when it lies too long.")
        .tells(&[(I::W01, To::Applicant)]),
    main("T03", &[Submitted, Screening], Incomplete, V::RecordDefects, one(&[BranchClerk]),
        "A paper is missing, expired or contradicts another: the applicant is told what and by when.")
        .needs(&[n(N::DefectNamed)])
        .tells(&[(I::N02, To::Applicant)])
        .opens(&[Task::SupplyPapers])
        .sets(&[Timer::Tm02]),
    main("T04", &[Incomplete], Submitted, V::ResubmitDocuments, one(&[Applicant]),
        "Every listed paper is in: the intake is checked again.")
        .needs(&[n(N::ListedPapersIn)])
        .tells(&[(I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::CheckIntake]),
    main("T05", &[Submitted], Screening, V::StartScreening, CLERK_MANAGER,
        "The intake is complete and lendable on paper: bank and guarantor screen in parallel.")
        .needs(&[
            g(G::DocIntake), g(G::Purpose), g(G::Amount), g(G::TermAge), g(G::RateType), g(G::Repayment), n(N::Consents),
            g(G::FourEyes),
        ])
        .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
        .opens(&[Task::DecideScreening]),
    main("T06", &[Screening], Approved, V::ApproveLoan, SCREENING_MANAGER,
        "Both decisions are in and nothing is open before the contract: the result is told.")
        .needs(APPROVAL)
        .tells(&[(I::N03, To::Borrowers), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::PrepareContract])
        .sets(&[Timer::Tm03]),
    main("T07", &[Screening], ConditionallyApproved, V::ApproveWithConditions, SCREENING_MANAGER,
        "Lendable once the conditions before the contract are met; less than asked is an offer (C-55).")
        .needs(CONDITIONAL)
        .tells(&[(I::N03, To::Borrowers), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::MeetConditions])
        .sets(&[Timer::Tm03]),
    main("T08", &[Submitted, Incomplete, Screening], Declined, V::DeclineLoan, SCREENING_MANAGER,
        "The loan cannot be made; the content of the screening is never told.")
        .needs(&[n(N::DeclineGround), g(G::FourEyes)])
        .tells(&[(I::N04, To::Applicant)]),
    main("T09", BEFORE_CONTRACT, Withdrawn, V::WithdrawApplication, one(&[Applicant]),
        "Until the contract is formed the applicant may walk away.")
        .needs(&[n(N::BridgePlan)])
        .tells(&[(I::N05, To::Applicant), (I::W01, To::Desk(BranchClerk)), (I::N05, To::Partner(Guarantor))]),
    main("T10", &[ConditionallyApproved], Approved, V::ConfirmConditionsMet, one(&[BranchManager]),
        "Every condition before the contract is evidenced.")
        .needs(&[n(N::NoOpenCondition), g(G::GuarApproved), g(G::InsDecided)])
        .tells(&[(I::N06, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::PrepareContract]),
    main("T11", &[Approved, ConditionallyApproved, Contracting, ContractTendered], ChangeRequested, V::RequestChange,
        one(&[Applicant]), "A change of what was approved means screening again; the approval is suspended (E.3).")
        .needs(&[n(N::ContentChanged)])
        .tells(&[(I::N07, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::ExamineChange]),
    main("T12", &[ChangeRequested], ReScreening, V::StartRescreening, CLERK_MANAGER,
        "The papers of the change are complete: a new content version and one new guarantee request.")
        .needs(&[
            n(N::ChangedPapersIn), g(G::Purpose), g(G::Amount), g(G::TermAge), g(G::RateType), g(G::Repayment), n(N::Consents),
            g(G::FourEyes),
        ])
        .tells(&[(I::W01, To::Desk(ScreeningOfficer))])
        .opens(&[Task::DecideScreening]),
    main("T13", &[ChangeRequested], Approved, V::WithdrawChange, one(&[Applicant, BranchManager]),
        "The change is withdrawn, or the cause of a server-opened change is cured: the approval is restored.")
        .needs(&[n(N::ChangeWithdrawable), n(N::EarlierUnconditional), n(N::EarlierStands), g(G::InsDecided)])
        .tells(&[(I::N31, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::PrepareContract]),
    main("T14", &[ReScreening], Approved, V::ApproveLoan, SCREENING_MANAGER,
        "The new version is approved; the old approval and guarantee are superseded.")
        .needs(APPROVAL)
        .tells(&[(I::N03, To::Borrowers), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::PrepareContract])
        .sets(&[Timer::Tm03]),
    main("T15", &[ReScreening], ConditionallyApproved, V::ApproveWithConditions, SCREENING_MANAGER,
        "The new version is approved with conditions before the contract.")
        .needs(CONDITIONAL)
        .tells(&[(I::N03, To::Borrowers), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::MeetConditions])
        .sets(&[Timer::Tm03]),
    main("T16", &[ReScreening], ApprovalRescinded, V::RescindApproval, SCREENING_MANAGER,
        "The changed application is refused and the earlier approval is not upheld.")
        .needs(&[n(N::RescindGround), n(N::BridgePlan), g(G::FourEyes)])
        .tells(&[(I::N08, To::Applicant), (I::W01, To::Desk(BranchClerk))]),
    main("T17", &[Approved, ConditionallyApproved, ChangeRequested, Contracting, ContractTendered], ApprovalRescinded,
        V::RescindApproval, SCREENING_MANAGER, "A ground of E.3 was found, or the guarantee was revoked for good.")
        .needs(&[n(N::RescindGround), n(N::BridgePlan), g(G::FourEyes)])
        .tells(&[(I::N08, To::Applicant), (I::W01, To::Desk(BranchClerk))]),
    main("T18", &[Approved, ConditionallyApproved, Contracting, ContractTendered, ChangeRequested], ApprovalExpired,
        V::ExpireApproval, one(&[Timer]), "No contract was formed while the approval was valid.")
        .needs(&[n(N::ApprovalOver), n(N::NoBridge)])
        .tells(&[(I::N09, To::Applicant), (I::W01, To::Desk(BranchClerk))]),
    main("T19", &[Approved], Contracting, V::StartContracting, one(&[BranchClerk]),
        "The contract set is made: two for a mix; the appointment is told.")
        .needs(&[g(G::ApprovalValid), g(G::InsDecided), g(G::CreditUnchanged)])
        .tells(&[(I::N10, To::Signatories)])
        .opens(&[Task::CollectSignatures]),
    main("T20", &[Contracting], ContractTendered, V::TenderContract, one(&[Applicant]),
        "Everyone was told what they sign, was identified and signed: the set is handed in.")
        .needs(&[g(G::Explain), n(N::IdentityVerified), n(N::AllSigned)])
        .tells(&[(I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::CheckContract]),
    main("T21", &[ContractTendered], Contracting, V::ReturnContract, one(&[BranchClerk]),
        "The set has a defect: it goes back to be signed again.")
        .needs(&[n(N::DefectNamed)])
        .tells(&[(I::N02, To::Applicant)])
        .opens(&[Task::CollectSignatures]),
    main("T22", &[ContractTendered], Contracted, V::AcceptContract, CLERK_MANAGER,
        "The bank accepts: the contract is formed on the date written in it and changes are over (INV-5).")
        .needs(&[
            g(G::ApprovalValid), g(G::InsDecided), g(G::GuarApproved), g(G::Elig), g(G::AmlClear), g(G::CreditUnchanged),
            g(G::Explain), n(N::NoRefusalGround), n(N::ContractDateToday), n(N::Consents), g(G::FourEyes),
        ])
        .tells(&[(I::N11, To::Signatories), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::FixDate]),
    main("T23", &[Contracted], Scheduled, V::ScheduleDisbursement, one(&[BranchClerk]),
        "The wished date is a business day on which every decision still holds.")
        .needs(&[
            n(N::DateNamed), n(N::DateAhead), g(G::BusinessDay), g(G::InsValid), n(N::GuarValidOnDate), g(G::Split90),
        ])
        .tells(&[(I::N12, To::Applicant), (I::W01, To::Desk(Operations)), (I::W01, To::Office)])
        .opens(&[Task::PrepareDay])
        .sets(&[Timer::Day]),
    main("T24", &[Scheduled, Ready, OnHold], Contracted, V::ReleaseDate, one(&[Applicant, BranchClerk]),
        "The date is given up; what was frozen for it is dropped.")
        .needs(&[n(N::NoDrawing), n(N::DateReleasable)])
        .tells(&[(I::N32, To::Applicant), (I::W01, To::Desk(BranchClerk)), (I::W01, To::Office)])
        .opens(&[Task::FixDate]),
    main("T25", &[Scheduled], Ready, V::MakeReady, one(&[System]),
        "On the day itself every condition of the join holds: rate, dates and amounts are frozen.")
        .needs(&[
            n(N::OnTheDay), g(G::Contract), g(G::ConditionsMet), g(G::Elig), g(G::GuarApproved), g(G::InsValid),
            g(G::FireVerified), g(G::Reg), g(G::BusinessDay), g(G::NoArrears), g(G::CreditUnchanged), g(G::RatePublished),
            g(G::Cond), g(G::Account), g(G::Costs), g(G::AmlClear), g(G::Split90), g(G::Payoff), n(N::MainAllowed), n(N::Consents),
        ])
        .tells(&[(I::W01, To::Desk(Operations))])
        .opens(&[Task::OrderPosting]),
    main("T26", &[Contracted, Scheduled, Ready, PartiallyDisbursed], OnHold, V::HoldDisbursement,
        one(&[System, BranchManager]), "Arrears, a lost condition, a ground or a death stop the money; no prior notice is owed.")
        .needs(&[n(N::HoldGround)])
        .tells(&[(I::N13, To::Applicant), (I::W01, To::Desk(BranchManager))])
        .opens(&[Task::CureHold]),
    main("T27", &[OnHold], Scheduled, V::LiftHold, one(&[System, BranchManager]),
        "The cause is cured and the date, old or new, is still ahead.")
        .needs(&[n(N::HoldCured), n(N::DateAhead), g(G::BusinessDay), g(G::InsValid), n(N::GuarValidOnDate)])
        .tells(&[(I::N33, To::Applicant), (I::W01, To::Desk(Operations)), (I::W01, To::Office)])
        .opens(&[Task::PrepareDay])
        .sets(&[Timer::Day]),
    main("T28", &[Ready], Disbursing, V::OrderPosting, OPERATIONS_TWICE,
        "Two people of operations send one posting order under one key.")
        .needs(&[
            n(N::OnTheDay), g(G::BusinessDay), g(G::Account), g(G::Costs), n(N::PayeesApproved), n(N::MainAllowed),
            n(N::NoOpenPosting), n(N::Consents), g(G::FourEyes),
        ])
        .tells(&[(I::W01, To::Partner(CoreBanking))])
        .opens(&[Task::PostLoan])
        .sets(&[Timer::Tm09])
        .sends(&[M::PostingOrder]),
    main("T29", &[Disbursing, Reconciling], Disbursed, V::ConfirmPosting, one(&[CoreBanking]),
        "Core banking confirms the full or main posting: the loan exists.")
        .needs(&[n(N::PostingKnown), n(N::AllParts), n(N::MainPosting)])
        .tells(&[(I::N14, To::Applicant), (I::N14, To::CoObligors), (I::N15, To::Borrowers), (I::W01, To::Desk(Operations))])
        .opens(&[Task::HandOver])
        .sets(&[Timer::Tm10])
        .sends(&[M::ServicingOffer]),
    main("T30", &[Disbursing, Reconciling], PartiallyDisbursed, V::ConfirmPosting, one(&[CoreBanking]),
        "A drawing is posted; the main posting is still to come, by the funding deadline.")
        .needs(&[n(N::PostingKnown), n(N::DrawingPosting)])
        .tells(&[(I::N14, To::Applicant), (I::N14, To::CoObligors), (I::N15, To::Borrowers), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::NextDrawing])
        .sets(&[Timer::Tm07]),
    main("T31", &[Disbursing, Reconciling], Ready, V::RejectPosting, one(&[CoreBanking]),
        "Core banking says definitely that nothing was posted: a new order needs a new key.")
        .needs(&[n(N::PostingKnown), n(N::NothingPosted)])
        .tells(&[(I::W04, To::Desk(Operations))])
        .opens(&[Task::OrderPosting]),
    main("T32", &[Disbursing], Reconciling, V::TimeOutPosting, one(&[System]),
        "No definite answer in time: never send again, only ask.")
        .needs(&[n(N::PostingOverdue)])
        .tells(&[(I::W04, To::Desk(Operations)), (I::W01, To::Partner(CoreBanking))])
        .opens(&[Task::AskOutcome, Task::PostLoan])
        .sends(&[M::PostingQuery]),
    main("T33", &[Disbursed, PartiallyDisbursed], Reversing, V::ReversePosting, OPERATIONS_MANAGER,
        "A posting of today can still be taken back, in opposite order.")
        .needs(&[n(N::SameDay), g(G::FourEyes)])
        .tells(&[(I::W01, To::Partner(CoreBanking))])
        .opens(&[Task::ReverseLoan])
        .sends(&[M::ReversalOrder]),
    main("T34", &[Reversing], Contracted, V::ConfirmReversal, one(&[CoreBanking]),
        "Everything is reversed and no other drawing is out: back to the contract.")
        .needs(&[n(N::PostingKnown), n(N::NoDrawing)])
        .tells(&[(I::N13, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::FixDate]),
    main("T35", &[PartiallyDisbursed], Scheduled, V::ScheduleDisbursement, one(&[BranchClerk]),
        "The next drawing or the main posting gets its date, not after the funding deadline.")
        .needs(&[
            n(N::DateNamed), n(N::DateAhead), g(G::BusinessDay), g(G::InsValid), n(N::GuarValidOnDate), g(G::Split90),
            n(N::WithinFundingDeadline),
        ])
        .tells(&[(I::N12, To::Applicant), (I::W01, To::Desk(Operations)), (I::W01, To::Office)])
        .opens(&[Task::PrepareDay])
        .sets(&[Timer::Day]),
    main("T36", &[Contracted, Scheduled, Ready, OnHold], ContractTerminated, V::TerminateContract, SCREENING_MANAGER,
        "The contract ends before the money: a cause of E.4, a ground of E.3, the deadline, or by agreement.")
        .needs(&[n(N::TerminationGround), g(G::FourEyes)])
        .tells(&[(I::N16, To::Applicant), (I::N16, To::CoObligors), (I::N16, To::Partner(Guarantor))]),
    main("T37", &[PartiallyDisbursed], ContractTerminated, V::TerminateContract, SCREENING_MANAGER,
        "The contract ends with drawings out: they fall due.")
        .needs(&[n(N::TerminationGround), g(G::FourEyes)])
        .tells(&[
            (I::N16, To::Applicant), (I::N16, To::CoObligors), (I::N16, To::Partner(Guarantor)),
            (I::W01, To::Desk(Operations)), (I::W01, To::Partner(CoreBanking)),
        ]),
    main("T38", &[Disbursed], HandedOver, V::HandOver, one(&[System]),
        "Servicing has the loan and the existing lender is paid: origination ends with its open duties listed.")
        .needs(&[n(N::ServicingAccepted), g(G::Payoff)])
        .tells(&[(I::W01, To::Desk(Operations))]),
    main("T39", &[ChangeRequested], ConditionallyApproved, V::WithdrawChange, one(&[Applicant, BranchManager]),
        "As T13, while conditions of the earlier approval are open.")
        .needs(&[n(N::ChangeWithdrawable), n(N::EarlierConditional), n(N::EarlierStands)])
        .tells(&[(I::N31, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::MeetConditions]),
    main("T40", &[Scheduled, Ready, OnHold], PartiallyDisbursed, V::ReleaseDate, one(&[Applicant, BranchClerk]),
        "The date of a later posting is given up; the drawings stay.")
        .needs(&[n(N::Drawing), n(N::DateReleasable)])
        .tells(&[(I::N32, To::Applicant), (I::W01, To::Desk(BranchClerk)), (I::W01, To::Office)])
        .opens(&[Task::NextDrawing]),
    main("T41", &[Reversing], PartiallyDisbursed, V::ConfirmReversal, one(&[CoreBanking]),
        "The last posting is reversed; an earlier drawing stays.")
        .needs(&[n(N::PostingKnown), n(N::Drawing)])
        .tells(&[(I::N13, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::NextDrawing]),
    main("T42", &[PartiallyDisbursed, OnHold], PartiallyDisbursed, V::ExtendFundingDeadline, CLERK_MANAGER,
        "Construction is late: the deadline moves with papers, the guarantor and all signatories agreeing (S-12).")
        .needs(&[n(N::Drawing), n(N::ExtensionPapers), n(N::GuarantorAgrees), n(N::AgreementSigned), g(G::FourEyes)])
        .tells(&[(I::N28, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::NextDrawing])
        .sets(&[Timer::Tm07]),
    main("T43", &[Approved, ConditionallyApproved, Contracting, ContractTendered], ChangeRequested, V::OpenChange,
        one(&[System]), "Insurance, guarantee, a death or a new route took the ground from the approval.")
        .needs(&[n(N::ChangeCause)])
        .tells(&[(I::W01, To::Desk(BranchClerk)), (I::W01, To::Desk(BranchManager))])
        .opens(&[Task::ExamineChange]),
    main("T44a", &[ReScreening], Approved, V::UpholdApproval, SCREENING_MANAGER,
        "The change is refused but the earlier approval still stands.")
        .needs(&[n(N::EarlierUnconditional), n(N::EarlierStands), g(G::InsDecided), g(G::FourEyes)])
        .tells(&[(I::N08a, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::PrepareContract]),
    main("T44b", &[ReScreening], ConditionallyApproved, V::UpholdApproval, SCREENING_MANAGER,
        "As T44a, while conditions of the earlier approval are open.")
        .needs(&[n(N::EarlierConditional), n(N::EarlierStands), g(G::FourEyes)])
        .tells(&[(I::N08a, To::Applicant), (I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::MeetConditions]),
    main("T45", &[PartiallyDisbursed, OnHold], DrawingsRepaid, V::RepayDrawings, one(&[CoreBanking]),
        "The drawings are paid back from own money or insurance: the split loan ends without the main loan.")
        .needs(&[n(N::Drawing)])
        .tells(&[
            (I::N16, To::Applicant), (I::N16, To::CoObligors), (I::N16, To::Partner(Guarantor)), (I::N27, To::Signatories),
            (I::W01, To::Desk(BranchClerk)),
        ]),
    main("T46", &[ReScreening], ChangeRequested, V::RecordDefects, one(&[BranchClerk]),
        "A paper of the change is missing, expired or contradictory.")
        .needs(&[n(N::DefectNamed)])
        .tells(&[(I::N02, To::Applicant)])
        .opens(&[Task::SupplyPapers, Task::ExamineChange])
        .sets(&[Timer::Tm02]),
    main("T47", BEFORE_CONTRACT, Withdrawn, V::CloseCase, CLERK_MANAGER,
        "No answer after the reminder, or the applicant died.")
        .needs(&[n(N::ClosureGround), n(N::BridgePlan), g(G::FourEyes)])
        .tells(&[(I::N05, To::Applicant), (I::W01, To::Desk(BranchClerk))]),
    main("T48", &[Submitted, Screening], Submitted, V::AmendApplication, one(&[Applicant]),
        "The applicant amends before the result: a new content version under the first reception date.")
        .needs(&[g(G::Consent)])
        .tells(&[(I::W01, To::Desk(BranchClerk))])
        .opens(&[Task::CheckIntake]),
];
