//! The case: the aggregate that a command meets. `evolve` folds events into it and knows no rule.

use super::ahead::{BridgeRun, Collection, DrawingTerms};
use super::asked::PartnerRequest;
use super::consent::{ConsentRecipient, ConsentStep};
use super::effect::{Deadline, OpenTask, Timer};
use super::emergency::EmergencyAccess;
use super::event::{Entry, Event, ProposalEnd};
use super::facts::*;
use super::filing_desk::FilingRecord;
use super::keeping::Keeping;
use super::meeting::Meeting;
use super::papers::AttachedFile;
use super::question::Question;
use super::record::{Payee, RegisterReading};
use super::registers::Held;
use super::role::Role;
use super::stage::Stage;
use super::track::{Instance, Track, TrackState};
use crate::form::Form;
use crate::staged::extension::Extension;
use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The approved terms: an append-only snapshot (INV-6).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Approval {
    pub content_version: u32,
    pub form: Arc<Form>,
    /// Percent points (C-60).
    pub screening_add_on: Option<Decimal>,
    pub conditions: Vec<Condition>,
    pub approved_on: NaiveDate,
    /// Last day on which the contract may be formed (TM03).
    pub valid_until: NaiveDate,
}

impl Approval {
    /// Open conditions of a stage.
    pub fn open(&self, stage: ConditionStage) -> impl Iterator<Item = &Condition> {
        self.conditions.iter().filter(move |c| c.condition.stage == stage && c.is_open())
    }

    /// Is anything open before the contract?
    pub fn is_conditional(&self) -> bool {
        self.open(ConditionStage::BeforeContract).next().is_some()
    }
}

/// A change under way (T11, T43): the approval is suspended until it ends.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    pub from: Stage,
    /// Absent when the applicant asked for it.
    pub cause: Option<ChangeCause>,
    /// The changed content, once known.
    pub form: Option<Arc<Form>>,
    /// The content version it became at T12; kept through T46.
    pub content_version: Option<u32>,
}

/// The guarantor's answer on one content version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantee {
    pub decision: GuaranteeAnswer,
    pub valid_until: NaiveDate,
    pub conditions: Vec<String>,
}

/// What happened with one signatory (T19-T22).
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContractFact {
    Explained,
    Identified,
    Signed,
}

/// L-95: how one signatory was told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExplanationGiven {
    pub party_id: String,
    /// Subject of whoever explained.
    pub by: String,
    pub booklet_version: String,
    /// Tokyo day.
    pub on: NaiveDate,
    /// Trainings in force that it stands on.
    pub trainings: Vec<Held>,
}

/// The contract set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContractSet {
    pub appointment: Option<NaiveDate>,
    /// Time and place of the appointment.
    #[serde(default, skip_serializing_if = "Meeting::is_empty")]
    pub meeting: Meeting,
    pub explained: BTreeSet<String>,
    /// Who told whom, and on which training, since the bank keeps a register of trainings (L-95).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explanations: Vec<ExplanationGiven>,
    pub identified: BTreeSet<String>,
    pub signed: BTreeSet<String>,
    pub tendered_on: Option<NaiveDate>,
    /// Date written in the contract, once the bank accepted it.
    pub formed_on: Option<NaiveDate>,
}

/// A fixed disbursement date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FixedDate {
    pub date: NaiveDate,
    /// Yen of a drawing; absent for the full or main posting.
    pub drawing_yen: Option<i64>,
    /// Time and place of the settlement (決済).
    #[serde(default, skip_serializing_if = "Meeting::is_empty")]
    pub settlement: Meeting,
}

/// What is frozen for the day (T25): rate, dates and amounts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FrozenTerms {
    pub date: NaiveDate,
    /// Fees, taxes and lump-sum fees that the customer bears, yen.
    pub deductions_yen: i64,
    /// The full quote: rate components, schedules, fees (see `quote`).
    pub quote: serde_json::Value,
}

/// Costs that the bank collects (G-COSTS).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    pub scrivener_bill_yen: i64,
    pub funds_available_yen: i64,
}

/// Pay-off of the existing lender in a refinance (G-PAYOFF).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Payoff {
    pub lender: String,
    pub amount_yen: i64,
    pub as_of: NaiveDate,
    pub reference: Option<String>,
}

/// Why and from where the case is on hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    pub ground: HoldGround,
    pub from: Stage,
}

/// A linked bridge case (BR-7).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bridge {
    pub case_number: String,
    pub outstanding: bool,
    pub plan: Option<String>,
    /// Yen that the main posting pays off (BR-5).
    #[serde(default)]
    pub principal_yen: Option<i64>,
    /// Yen of interest to the main posting.
    #[serde(default)]
    pub interest_yen: Option<i64>,
    /// By when it is paid off (BR-5).
    #[serde(default)]
    pub due_on: Option<NaiveDate>,
    /// What its review fixed (BR-2, BR-4).
    #[serde(default)]
    pub terms: Option<BridgeRun>,
    /// Key of the main posting that paid it off (BR-9).
    #[serde(default)]
    pub repaid_with: Option<String>,
}

/// A registration filing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filing {
    pub seal_certificate_on: Option<NaiveDate>,
    pub receipt: Option<Receipt>,
    pub correction_deadline: Option<NaiveDate>,
    pub completed_on: Option<NaiveDate>,
    pub rank: Option<u32>,
    pub undertaking: Option<String>,
}

/// Registration put off (H-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deferral {
    pub filing: String,
    pub undertaking: String,
}

/// One application from draft to hand-over.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: String,
    /// Case number shown to people; empty while a draft.
    pub number: String,
    /// Bank code.
    pub institution: String,
    /// Branch code.
    pub branch: String,
    /// Subject of the applicant's own sign-in; absent for cases that came through a channel.
    pub applicant: Option<String>,
    pub external_id: Option<String>,
    pub received_at: Option<DateTime<Utc>>,
    pub book_version: String,
    pub table_version: String,
    pub stage: Stage,
    /// Number of accepted commands.
    pub version: u64,
    pub form: Arc<Form>,
    pub content_version: u32,
    /// Highest content version ever used; versions are never reused.
    pub content_versions: u32,
    pub tracks: Vec<Instance>,
    pub proposals: Vec<Proposal>,
    /// What became of consents after the form gave them, in their order (L-PRIV).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub consent_steps: Vec<ConsentStep>,
    /// Recipients who do not get the case any more: somebody withdrew the consent to it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub withheld_from: BTreeSet<ConsentRecipient>,
    /// People of the bank who keep away from the case (L-108-3).
    #[serde(default)]
    pub conflicts: BTreeMap<String, ConflictRelation>,
    /// Who read the case from outside its branch, the first one first (L-91).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emergencies: Vec<EmergencyAccess>,
    pub defects: Vec<Defect>,
    /// Papers that came as files, the first one first; none is ever taken away (INV-6).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachedFile>,
    pub approval: Option<Arc<Approval>>,
    pub change: Option<Change>,
    pub route_changed: bool,
    pub guarantees: BTreeMap<u32, Guarantee>,
    /// Sum accepted per insurance instance.
    pub covers: BTreeMap<String, i64>,
    pub grounds: BTreeSet<Ground>,
    pub arrears: bool,
    pub dead: BTreeSet<String>,
    pub bridge: Option<Bridge>,
    pub insurance_exceptions: BTreeSet<String>,
    pub account_exception: bool,
    pub contract: Option<ContractSet>,
    pub named_date: Option<NaiveDate>,
    pub fixed: Option<FixedDate>,
    pub frozen: Option<Arc<FrozenTerms>>,
    pub costs: Option<Costs>,
    pub payoff: Option<Payoff>,
    /// Accounts that two people have seen, by kind and number.
    #[serde(default)]
    pub payees: BTreeMap<String, Payee>,
    /// The register as it was read last.
    #[serde(default)]
    pub register: Option<RegisterReading>,
    /// What the filing needs beyond the steps of the case.
    #[serde(default)]
    pub filing_facts: Option<Arc<FilingRecord>>,
    pub hold: Option<Hold>,
    pub postings: Vec<Posting>,
    pub funding_deadline: Option<NaiveDate>,
    pub extension_papers: BTreeSet<ExtensionPaper>,
    /// Fixed by the first drawing (S-06).
    #[serde(default)]
    pub drawing_terms: Option<DrawingTerms>,
    /// Buildings that drawings paid for and that are finished (S-09).
    #[serde(default)]
    pub completed: BTreeMap<u16, NaiveDate>,
    /// The agreement on the repayment of the main loan (S-09).
    #[serde(default)]
    pub terms_agreed_on: Option<NaiveDate>,
    /// What falls due because the contract ended with drawings out (E.4).
    #[serde(default)]
    pub collection: Option<Collection>,
    /// What the last extension costs (S-12).
    #[serde(default)]
    pub extension: Option<Extension>,
    pub termination_agreed: bool,
    pub servicing_number: Option<String>,
    /// Fire cover per property: from, until.
    pub fire: BTreeMap<u16, (NaiveDate, NaiveDate)>,
    pub filings: BTreeMap<String, Filing>,
    pub valuation_yen: Option<i64>,
    /// Partner organisation per role.
    pub engagements: BTreeMap<Role, String>,
    /// Guarantee institutions that the case was with before: they do not see it any more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub former_guarantors: BTreeSet<String>,
    /// Scrivener's offices whose job another one took over: they see the case no more.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub former_offices: BTreeSet<String>,
    /// What partners were asked and what they said, by the id of the request.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub requests: BTreeMap<String, PartnerRequest>,
    /// What guarantors asked about their requests, the first one first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<Question>,
    pub warned: BTreeSet<(Timer, String)>,
    pub tasks: Vec<OpenTask>,
    pub deadlines: Vec<Deadline>,
    /// How long it is kept, and whether it still is (L.2).
    #[serde(default, skip_serializing_if = "Keeping::is_empty")]
    pub keeping: Keeping,
}

impl Case {
    /// The instance of a track with this key.
    pub fn instance(&self, track: Track, key: &str) -> Option<&Instance> {
        self.tracks.iter().find(|i| i.track == track && i.key == key)
    }

    /// State of an instance.
    pub fn track_state(&self, track: Track, key: &str) -> Option<TrackState> {
        self.instance(track, key).map(|i| i.state)
    }

    /// All instances of a track.
    pub fn on(&self, track: Track) -> impl Iterator<Item = &Instance> {
        self.tracks.iter().filter(move |i| i.track == track)
    }

    /// Key of the guarantee instance of a content version.
    pub fn guarantee_key(content_version: u32) -> String {
        format!("V{content_version}")
    }

    /// The guarantee instance of the current content.
    pub fn guarantee_state(&self) -> Option<TrackState> {
        self.track_state(Track::Guar, &Self::guarantee_key(self.content_version))
    }

    /// Yen of drawings that are out.
    pub fn drawn_yen(&self) -> i64 {
        self.postings
            .iter()
            .filter(|p| p.drawing && p.state == PostingState::Posted)
            .map(|p| p.amount_yen)
            .sum()
    }

    /// Is a drawing out?
    pub fn has_drawing(&self) -> bool {
        self.postings.iter().any(|p| p.drawing && p.state == PostingState::Posted)
    }

    /// The posting whose outcome is open, if any.
    pub fn open_posting(&self) -> Option<&Posting> {
        self.postings.iter().find(|p| {
            matches!(p.state, PostingState::Ordered | PostingState::Unknown | PostingState::Reversing)
        })
    }

    /// The date that decisions are judged for: fixed, named, or wished in the form.
    pub fn planned_date(&self) -> NaiveDate {
        self.fixed
            .as_ref()
            .map(|f| f.date)
            .or(self.named_date)
            .unwrap_or(self.form.requested_disbursement_date)
    }

    /// Purchases, refinancing and replacement settle simultaneously: papers ready before the payment (G-REG).
    pub fn settles_simultaneously(&self) -> bool {
        use crate::form::PurposeCode as P;
        matches!(
            self.form.purpose.code,
            P::PurchaseNewHouse
                | P::PurchaseUsedHouse
                | P::PurchaseNewCondominium
                | P::PurchaseUsedCondominium
                | P::LandPurchase
                | P::LandAndNewBuild
                | P::Refinance
                | P::Replacement
        )
    }

    /// Must this filing stand before the posting of the fixed date? A drawing rests on the first one alone, the land (S-09).
    pub fn secures_fixed_posting(&self, filing: &str) -> bool {
        let drawing = self.fixed.as_ref().is_some_and(|fixed| fixed.drawing_yen.is_some());
        !drawing || filing == super::subject::FILING
    }

    /// Sum of the loans, yen.
    pub fn amount_yen(&self) -> i64 {
        self.form.requested_amount_yen.0
    }
}

/// Folds an accepted entry into the case. `None` is the case before its first entry.
/// Errors: the entry does not follow the case (wrong version, or no draft first) — a fault of the store, never of a user.
pub fn evolve(case: Option<Case>, entry: &Entry) -> Result<Case, Unfoldable> {
    let expected = case.as_ref().map_or(1, |c| c.version + 1);
    if entry.version != expected {
        return Err(Unfoldable { expected, found: entry.version });
    }
    let mut events = entry.events.iter();
    let mut case = match case {
        Some(case) => case,
        None => match events.next() {
            Some(Event::Drafted { id, institution, branch, applicant, form }) => {
                new_case(id, institution, branch, applicant.clone(), form.clone())
            }
            _ => return Err(Unfoldable { expected, found: entry.version }),
        },
    };
    let today = crate::calendar::tokyo_date(entry.at);
    for event in events {
        super::fold::apply(&mut case, event, today);
    }
    case.version = entry.version;
    Ok(case)
}

/// An entry that cannot follow the case.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("entry {found} does not follow version {expected}")]
pub struct Unfoldable {
    pub expected: u64,
    pub found: u64,
}

/// A draft.
pub(crate) fn new_case(
    id: &str,
    institution: &str,
    branch: &str,
    applicant: Option<String>,
    form: Arc<Form>,
) -> Case {
    Case {
        id: id.to_owned(),
        number: String::new(),
        institution: institution.to_owned(),
        branch: branch.to_owned(),
        applicant,
        external_id: None,
        received_at: None,
        book_version: String::new(),
        table_version: super::table::VERSION.to_owned(),
        stage: Stage::Draft,
        version: 0,
        form,
        content_version: 1,
        content_versions: 1,
        tracks: vec![],
        proposals: vec![],
        consent_steps: vec![],
        withheld_from: BTreeSet::new(),
        conflicts: BTreeMap::new(),
        emergencies: vec![],
        defects: vec![],
        files: vec![],
        approval: None,
        change: None,
        route_changed: false,
        guarantees: BTreeMap::new(),
        covers: BTreeMap::new(),
        grounds: BTreeSet::new(),
        arrears: false,
        dead: BTreeSet::new(),
        bridge: None,
        insurance_exceptions: BTreeSet::new(),
        account_exception: false,
        contract: None,
        named_date: None,
        fixed: None,
        frozen: None,
        costs: None,
        payoff: None,
        payees: BTreeMap::new(),
        register: None,
        filing_facts: None,
        hold: None,
        postings: vec![],
        funding_deadline: None,
        extension_papers: BTreeSet::new(),
        drawing_terms: None,
        completed: BTreeMap::new(),
        terms_agreed_on: None,
        collection: None,
        extension: None,
        termination_agreed: false,
        servicing_number: None,
        fire: BTreeMap::new(),
        filings: BTreeMap::new(),
        valuation_yen: None,
        engagements: BTreeMap::new(),
        former_guarantors: BTreeSet::new(),
        former_offices: BTreeSet::new(),
        requests: BTreeMap::new(),
        questions: vec![],
        warned: BTreeSet::new(),
        tasks: vec![],
        deadlines: vec![],
        keeping: Keeping::default(),
    }
}

impl ProposalEnd {
    /// Japanese and English label for the timeline.
    pub const fn labels(self) -> (&'static str, &'static str) {
        match self {
            ProposalEnd::Approved => ("決裁", "approved"),
            ProposalEnd::Returned => ("差戻し", "returned"),
            ProposalEnd::Retracted => ("取下げ", "retracted"),
            ProposalEnd::Void => ("失効", "void"),
        }
    }
}

/// Key of an insurance instance: person and loan.
pub fn insurance_key(party_id: &str, loan_no: u8) -> String {
    format!("{party_id}:L{loan_no}")
}
