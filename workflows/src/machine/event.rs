//! What happened: facts in the past tense. One command yields one `Entry` with all its facts.

use super::ahead::{BridgeRun, Collection, DrawingTerms};
use super::approval::Vote;
use super::asked::{GivenAnswer, PartnerRequest, RequestEnd};
use super::case::{Approval, ContractFact, Deferral, ExplanationGiven, FrozenTerms};
use super::consent::ConsentStep;
use super::effect::{Deadline, OpenTask, Timer};
use super::emergency::{EmergencyAccess, EmergencyReview};
use super::facts::*;
use super::filing_desk::FilingRecord;
use super::keeping::{Release, Tombstone};
use super::meeting::Meeting;
use super::papers::{PaperCheck, PaperFile};
use super::question::{Question, Reply};
use super::record::{Payee, PayeeKind, RegisterReading};
use super::role::Role;
use super::stage::Stage;
use super::track::{Track, TrackState};
use super::verb::Verb;
use crate::form::{Consent, Document, Form, Qualification, TransactionConditions};
use crate::staged::extension::Extension;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The steps that RELAXED needs (G-20).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RelaxedStep {
    BasicRefused,
    Indicated,
    Accepted,
}

/// How a proposal ended.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProposalEnd {
    Approved,
    Returned,
    Retracted,
    /// The case moved on by another row.
    Void,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event")]
pub enum Event {
    Drafted {
        id: String,
        institution: String,
        branch: String,
        applicant: Option<String>,
        form: Arc<Form>,
    },
    ContentReplaced {
        form: Arc<Form>,
        content_version: u32,
    },
    Submitted {
        number: String,
        received_at: DateTime<Utc>,
        external_id: Option<String>,
        book_version: String,
    },
    Moved {
        row: String,
        from: Stage,
        to: Stage,
    },
    TrackOpened {
        track: Track,
        key: String,
    },
    TrackMoved {
        row: String,
        track: Track,
        key: String,
        from: TrackState,
        to: TrackState,
    },
    Proposed {
        proposal: Proposal,
    },
    ProposalEnded {
        id: String,
        end: ProposalEnd,
        by: String,
        reason: Option<String>,
    },
    /// The actor is the deputy of this person (E.2).
    ActedFor {
        absent: String,
    },
    /// A member of the committee answered; the proposal waits for more (E.2).
    VoteCast {
        id: String,
        vote: Vote,
    },
    /// The person does nothing more on the case (L-108-3).
    ConflictDeclared {
        subject: String,
        relation: ConflictRelation,
        note: String,
    },
    ConflictLifted {
        subject: String,
        reason: String,
    },
    /// A partner is asked; the id is that of its task.
    Asked {
        id: String,
        request: PartnerRequest,
    },
    /// A partner's answer had its effect.
    Answered {
        id: String,
        role: Role,
        given: GivenAnswer,
    },
    /// No answer counts any more.
    RequestEnded {
        id: String,
        how: RequestEnd,
    },
    /// F-02: the guarantor asks about an open request.
    QuestionAsked {
        question: Box<Question>,
    },
    QuestionAnswered {
        id: String,
        reply: Reply,
    },
    /// Somebody reads the case from outside its branch (L-91).
    EmergencyOpened {
        access: EmergencyAccess,
    },
    EmergencyEnded {
        access: String,
        at: DateTime<Utc>,
        by: String,
    },
    EmergencyReviewed {
        access: String,
        review: EmergencyReview,
    },
    /// L-PRIV: a consent is withdrawn, or given again.
    ConsentChanged {
        step: ConsentStep,
    },
    /// L-95: who told this signatory, from which booklet, on which trainings; said where the bank keeps a register of them.
    Explained {
        explanation: ExplanationGiven,
    },
    /// Nothing of the case is erased (L.2).
    LegalHoldPlaced {
        reason: String,
        by: String,
    },
    LegalHoldLifted {
        reason: String,
    },
    ReleasedForErasure {
        release: Release,
    },
    /// The content is gone; what is left of the case (L.2).
    Erased {
        tombstone: Box<Tombstone>,
    },
    DocumentsReceived {
        documents: Vec<Document>,
        consents: Vec<Consent>,
    },
    /// D.1: a file is on record; its bytes lie encrypted beside the case.
    PaperAttached {
        file: Box<PaperFile>,
        at: DateTime<Utc>,
        replaces: Option<String>,
    },
    PaperChecked {
        file_id: String,
        check: PaperCheck,
    },
    DefectsRecorded {
        defects: Vec<Defect>,
    },
    ConditionEvidenced {
        code: String,
        evidence: String,
    },
    ApprovalStored {
        approval: Arc<Approval>,
    },
    ApprovalConfirmed,
    ChangeOpened {
        from: Stage,
        cause: Option<ChangeCause>,
        form: Option<Arc<Form>>,
    },
    ChangeFiled {
        form: Arc<Form>,
    },
    ChangeTaken {
        content_version: u32,
    },
    ChangeDropped,
    ApprovalRestored,
    GroundRecorded {
        ground: Ground,
        note: Option<String>,
    },
    GroundCleared {
        ground: Ground,
        note: String,
    },
    ArrearsReported {
        overdue: bool,
    },
    DeathRecorded {
        party_id: String,
    },
    BridgeLinked {
        case_number: String,
        outstanding: bool,
        #[serde(default)]
        principal_yen: Option<i64>,
        #[serde(default)]
        interest_yen: Option<i64>,
        #[serde(default)]
        due_on: Option<NaiveDate>,
        /// What the review of the bridge loan fixed (BR-2, BR-4).
        #[serde(default)]
        terms: Option<BridgeRun>,
    },
    /// The main posting paid it off in the same unit (BR-9).
    BridgeRepaid {
        posting_key: String,
    },
    BridgePlanned {
        plan: String,
    },
    InsuranceExceptionAllowed {
        party_id: String,
        reason: String,
    },
    AccountExceptionAllowed {
        reason: String,
    },
    MemoAdded {
        text: String,
    },
    ContractSetGenerated {
        appointment: Option<NaiveDate>,
        #[serde(default, skip_serializing_if = "Meeting::is_empty")]
        meeting: Meeting,
    },
    /// Day, time and place of the contract appointment, instead of those before.
    SigningArranged {
        appointment: NaiveDate,
        #[serde(default, skip_serializing_if = "Meeting::is_empty")]
        meeting: Meeting,
    },
    Signatory {
        party_id: String,
        fact: ContractFact,
    },
    SignaturesVoided,
    ContractFormed {
        contract_date: NaiveDate,
    },
    DateNamed {
        date: NaiveDate,
    },
    DateFixed {
        date: NaiveDate,
        drawing_yen: Option<i64>,
        #[serde(default, skip_serializing_if = "Meeting::is_empty")]
        settlement: Meeting,
    },
    /// Time and place of the settlement on the fixed date, instead of those before.
    SettlementArranged {
        #[serde(default, skip_serializing_if = "Meeting::is_empty")]
        settlement: Meeting,
    },
    DateDropped,
    TermsFrozen {
        terms: Arc<FrozenTerms>,
    },
    CostsRecorded {
        scrivener_bill_yen: i64,
        funds_available_yen: i64,
    },
    PayoffRecorded {
        lender: String,
        amount_yen: i64,
        as_of: NaiveDate,
    },
    PayoffConfirmed {
        reference: String,
    },
    /// Two people have seen the account.
    PayeeRecorded {
        payee: Payee,
    },
    PayeeWithdrawn {
        kind: PayeeKind,
        number: u8,
    },
    RegisterRead {
        reading: RegisterReading,
    },
    FilingFactsRecorded {
        facts: Arc<FilingRecord>,
    },
    Held {
        ground: HoldGround,
        from: Stage,
    },
    HoldEnded,
    PostingOrdered {
        posting: Posting,
    },
    PostingSettled {
        key: String,
        state: PostingState,
        reference: Option<String>,
    },
    /// C-56: one loan of a mix has its outcome.
    PartSettled {
        key: String,
        loan_no: u8,
        state: PostingState,
        reference: Option<String>,
    },
    /// S-06: the first drawing is posted.
    DrawingTermsFixed {
        terms: DrawingTerms,
    },
    FundingDeadlineSet {
        date: NaiveDate,
        /// Of an extension (S-12).
        #[serde(default)]
        extension: Option<Extension>,
    },
    /// S-09: a building that drawings paid for stands.
    BuildingCompleted {
        property_no: u16,
        completed_on: NaiveDate,
    },
    TermsAgreed {
        agreed_on: NaiveDate,
    },
    /// E.4: the contract ended with drawings out, which fall due.
    CollectionDue {
        duty: Collection,
    },
    ExtensionPaperIn {
        paper: ExtensionPaper,
    },
    TerminationAgreed,
    ServicingAccepted {
        servicing_number: String,
    },
    GuaranteeDecided {
        content_version: u32,
        decision: GuaranteeAnswer,
        valid_until: NaiveDate,
        conditions: Vec<String>,
    },
    EvidenceNamed {
        text: String,
    },
    InsuranceDeclared {
        party_id: String,
        loan_no: u8,
        declared_on: NaiveDate,
    },
    /// G-20: a step of the relaxed assessment, in which the person is insured under RELAXED.
    RelaxedStep {
        party_id: String,
        loan_no: u8,
        step: RelaxedStep,
        on: NaiveDate,
    },
    InsuranceAccepted {
        party_id: String,
        loan_no: u8,
        sum_yen: i64,
    },
    FireCovered {
        property_no: u16,
        covers_from: NaiveDate,
        covers_until: NaiveDate,
    },
    Engaged {
        role: Role,
        organisation: String,
    },
    /// F-01: another guarantee institution of the bank answers for the case. What the former one was asked and said is void.
    GuarantorSwitched {
        from: String,
        to: String,
    },
    /// Another scrivener's office has the job from here on: this one sees the case no more, and what stood on record with its name is void.
    JobEnded {
        organisation: String,
    },
    PapersReady {
        filing: String,
        seal_certificate_on: NaiveDate,
    },
    FilingReceived {
        filing: String,
        receipt: Receipt,
    },
    CorrectionOrdered {
        filing: String,
        items: String,
        deadline: NaiveDate,
    },
    RegistrationCompleted {
        filing: String,
        completed_on: NaiveDate,
        rank: u32,
    },
    RegistrationDeferred {
        deferral: Deferral,
    },
    Valued {
        amount_yen: i64,
    },
    RouteChanged {
        party_id: String,
        qualification: Qualification,
        /// Fee or add-on differ from the approved ones (ELIG-07, ELIG-08). Entries of before did not say: they opened a change.
        #[serde(default = "always")]
        reprices: bool,
    },
    ConditionsUpdated {
        conditions: TransactionConditions,
    },
    Searched {
        party_id: String,
        list_version: String,
    },
    BureauAnswered {
        party_id: String,
        answer_key: String,
    },
    Warned {
        timer: Timer,
        key: String,
    },
    Worklist {
        opened: Vec<OpenTask>,
        closed: Vec<String>,
        set: Vec<Deadline>,
        cleared: Vec<(Timer, String)>,
    },
}

/// One accepted command with its facts: a line of the case's history (INV-10).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Case version after this entry; gapless from 1.
    pub version: u64,
    pub at: DateTime<Utc>,
    pub by: String,
    pub role: Role,
    pub verb: Verb,
    /// What the actor gave as reason, where the verb asks for one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub reason: Option<String>,
    pub events: Vec<Event>,
}

impl Entry {
    /// The absent person for whom `by` acted (E.2).
    pub fn on_behalf_of(&self) -> Option<&str> {
        self.events.iter().find_map(|event| match event {
            Event::ActedFor { absent } => Some(absent.as_str()),
            _ => None,
        })
    }
}

const fn always() -> bool {
    true
}
