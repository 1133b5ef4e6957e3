//! What partners are sent: one type per message, from which its JSON Schema is printed. What a partner needs to act, and no more.

use super::ahead::Collection;
use super::case::Case;
use super::effect::PartnerMessage;
use super::facts::{Posting, PostingPart, PostingState};
use super::role::Role;
use super::subject::{FILING, SECOND_FILING};
use crate::disbursement::Line;
use crate::form::{Account, Cover, InsuranceType, Property, PropertyKind};
use crate::guarantee::request::GuaranteeRequest;
use crate::money::Yen;
use crate::product::codes::InstitutionCodes;
use chrono::{DateTime, NaiveDate, Utc};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde_json::Value;

/// Version of the schema of every message. A change that a reader could notice badly makes another one (docs/partners).
pub const VERSION: u32 = 1;

/// What stands in front of every message.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Message<B> {
    /// Which message it is.
    pub message: PartnerMessage,
    /// Version of its schema.
    pub schema_version: u32,
    /// The case, as `applicationId` of the answers.
    pub case_id: String,
    /// The number that people read.
    pub number: String,
    /// Bank code of the lender.
    pub institution: String,
    /// Branch code.
    pub branch: String,
    /// Version of the content of the application, from 1.
    pub content_version: u32,
    /// What the message is about: person (`A1`), person and loan (`A1:L1`), version (`V1`), property (`P1`) or filing (`F1`).
    pub key: Option<String>,
    /// The request that an answer names as `requestId`; of a cancellation: the latest one that it ends. Absent from messages to
    /// core banking, which answers under the posting key.
    pub request_id: Option<String>,
    #[serde(flatten)]
    pub body: B,
}

/// F-02: the bank answers what the institution asked about its request, which goes on waiting for the decision.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GuaranteeReply {
    /// `Q1`, `Q2` and so on, unique in the case.
    pub question_id: String,
    pub question: String,
    pub asked_at: DateTime<Utc>,
    pub answer: String,
    pub answered_at: DateTime<Utc>,
}

/// B-03: the organisation certifies one person.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MembershipRequest {
    pub name_kanji: Option<String>,
    pub name_kana: Option<String>,
    /// The organisation that the person named.
    pub organisation: Option<String>,
}

/// An insurance declaration, a health certificate, or the end of both. What was declared travels sealed and apart (G-22).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InsuranceDeclaration {
    #[serde(rename = "type")]
    pub insurance_type: Option<InsuranceType>,
    pub cover: Option<Cover>,
    pub share_percent: Option<u8>,
    pub declared_on: Option<NaiveDate>,
    pub birth_date: Option<NaiveDate>,
    pub name_kanji: Option<String>,
    /// Yen of the loan.
    pub loan_yen: Option<Yen>,
}

/// H-14: the claim that the mortgage secures.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ScrivenerInstruction {
    pub contract_date: Option<NaiveDate>,
    /// Yen.
    pub claim_yen: i64,
    pub planned_date: NaiveDate,
    /// H-04: the later filing is for the same claim and names the receipt of the first.
    pub additional_to: Option<Receipt>,
    pub properties: Vec<MortgagedProperty>,
}

/// Registry receipt (H-37).
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    pub office: String,
    pub received_on: NaiveDate,
    /// 受付番号: positive integer, unique per office and year.
    pub number: u32,
}

/// A property to be mortgaged.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MortgagedProperty {
    pub property_no: u16,
    pub kind: PropertyKind,
    pub location: String,
    pub number: String,
}

/// A posting order, a query for its outcome, or a reversal. The same order is carried out once for its key (INV-1).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PostingOrder {
    /// Key of the order, for orders, queries, reversals and answers alike.
    pub posting_key: Option<String>,
    pub date: Option<NaiveDate>,
    /// Yen delivered to the account.
    pub amount_yen: Option<i64>,
    /// False for the full or main posting.
    pub drawing: Option<bool>,
    /// The loans of a mix, each with an outcome of its own (C-56).
    pub parts: Option<Vec<PostingPart>>,
    pub account: Account,
    /// I.20, each carried out at most once under its key.
    pub lines: Option<Vec<Line>>,
    /// Yen that stay in the account.
    pub rest_yen: Option<Yen>,
}

/// The loan goes to servicing (T38).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ServicingOffer {
    /// Yen.
    pub amount_yen: i64,
}

/// Drawings that fall due (T37).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CollectionCase {
    pub duty: Option<Collection>,
}

/// A message that says all with its name and its case.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Nothing {}

/// The message as it leaves. `request`: the request that it opens, or is about; `codes`: the institution's, where it is asked for a
/// guarantee.
pub(super) fn message(
    case: &Case,
    message: PartnerMessage,
    key: Option<&str>,
    request: Option<String>,
    codes: Option<InstitutionCodes>,
) -> Value {
    use PartnerMessage as M;
    let letter = Letter { case, message, key, request };
    match message {
        M::GuaranteeRequest | M::GuaranteeEvidence => letter.with(GuaranteeRequest {
            institution_codes: codes,
            ..GuaranteeRequest::of(&case.form, &case.files, case.valuation_yen)
        }),
        M::MembershipRequest => letter.with(membership(case, key)),
        M::PostingOrder | M::PostingQuery | M::ReversalOrder => letter.with(posting(case)),
        M::ScrivenerInstruction => letter.with(instruction(case, key)),
        M::InsuranceDeclaration | M::InsuranceExam | M::InsuranceCancel => {
            letter.with(declaration(case, key))
        }
        M::GuaranteeReply => letter.with(super::question::letter(case)),
        M::ServicingOffer => letter.with(ServicingOffer { amount_yen: case.amount_yen() }),
        M::CollectionCase => letter.with(CollectionCase { duty: case.collection }),
        M::GuaranteeCancel | M::ScrivenerStop | M::FirePledge => letter.with(Nothing {}),
    }
}

/// A message as it would leave, made from a sample application: for partners who try their endpoints. `request`: the request,
/// or the key of the posting.
pub fn sample(message: PartnerMessage, request: &str, today: NaiveDate) -> Value {
    let Ok(line) = crate::form::Line::parse(crate::sample::Sample::Purchase.json()) else {
        return Value::Null;
    };
    let form = std::sync::Arc::new(line.form);
    let (bank, branch) = (form.institution.bank_code.clone(), form.institution.branch_code.clone());
    let mut case = super::case::new_case("00000000-0000-7000-8000-000000000000", &bank, &branch, None, form);
    case.number = format!("{bank}-SAMPLE");
    let key = match message.role() {
        Role::MemberOrg => Some("A1"),
        Role::Insurer => Some("A1:L1"),
        Role::Scrivener => Some(FILING),
        Role::FireInsurer => Some("P1"),
        Role::Guarantor => Some("V1"),
        _ => None,
    };
    if message.role() == Role::CoreBanking {
        let (amount_yen, state) = (case.amount_yen(), PostingState::Ordered);
        let key = request.to_owned();
        case.postings.push(Posting { key, date: today, amount_yen, drawing: false, state, parts: vec![] });
    }
    if message == PartnerMessage::GuaranteeReply {
        case.questions.push(super::question::sample(request, super::day_start(today)));
    }
    let request = (message.role() != Role::CoreBanking).then(|| request.to_owned());
    self::message(&case, message, key, request, None)
}

/// The JSON Schema of a message.
pub fn schema_of(message: PartnerMessage) -> Schema {
    use PartnerMessage as M;
    match message {
        M::GuaranteeRequest | M::GuaranteeEvidence => schema_for!(Message<GuaranteeRequest<'static>>),
        M::GuaranteeReply => schema_for!(Message<GuaranteeReply>),
        M::MembershipRequest => schema_for!(Message<MembershipRequest>),
        M::PostingOrder | M::PostingQuery | M::ReversalOrder => schema_for!(Message<PostingOrder>),
        M::ScrivenerInstruction => schema_for!(Message<ScrivenerInstruction>),
        M::InsuranceDeclaration | M::InsuranceExam | M::InsuranceCancel => {
            schema_for!(Message<InsuranceDeclaration>)
        }
        M::ServicingOffer => schema_for!(Message<ServicingOffer>),
        M::CollectionCase => schema_for!(Message<CollectionCase>),
        M::GuaranteeCancel | M::ScrivenerStop | M::FirePledge => schema_for!(Message<Nothing>),
    }
}

struct Letter<'c> {
    case: &'c Case,
    message: PartnerMessage,
    key: Option<&'c str>,
    request: Option<String>,
}

impl Letter<'_> {
    fn with<B: Serialize>(self, body: B) -> Value {
        let Letter { case, message, key, request } = self;
        let whole = Message {
            message,
            schema_version: VERSION,
            case_id: case.id.clone(),
            number: case.number.clone(),
            institution: case.institution.clone(),
            branch: case.branch.clone(),
            content_version: case.content_version,
            key: key.map(str::to_owned),
            request_id: request,
            body,
        };
        serde_json::to_value(whole).unwrap_or_default()
    }
}

fn membership(case: &Case, key: Option<&str>) -> MembershipRequest {
    let party = key.and_then(|k| case.form.party(k));
    MembershipRequest {
        name_kanji: party.map(|p| p.name_kanji.clone()),
        name_kana: party.map(|p| p.name_kana.clone()),
        organisation: party.and_then(|p| p.qualification.org_member.as_ref()).map(|o| o.name.clone()),
    }
}

fn declaration(case: &Case, key: Option<&str>) -> InsuranceDeclaration {
    let of_the_key = |i: &&crate::form::Insurance| {
        Some(super::case::insurance_key(&i.party_id, i.loan_no).as_str()) == key
    };
    let entry = case.form.insurance.iter().find(of_the_key);
    let party = entry.and_then(|e| case.form.party(&e.party_id));
    let loan = entry.and_then(|e| case.form.loans.iter().find(|l| l.loan_no == e.loan_no));
    InsuranceDeclaration {
        insurance_type: entry.map(|e| e.insurance_type),
        cover: entry.map(|e| e.cover),
        share_percent: entry.map(|e| e.share_percent),
        declared_on: entry.and_then(|e| e.declared_on),
        birth_date: party.map(|p| p.birth_date),
        name_kanji: party.map(|p| p.name_kanji.clone()),
        loan_yen: loan.map(|l| l.amount_yen),
    }
}

fn instruction(case: &Case, key: Option<&str>) -> ScrivenerInstruction {
    let second = key == Some(SECOND_FILING);
    let first = case.filings.get(FILING).and_then(|first| first.receipt.clone());
    let shown = |p: &&Property| !second || case.completed.contains_key(&p.property_no);
    let properties = case.form.properties.iter().filter(shown).map(|p| MortgagedProperty {
        property_no: p.property_no,
        kind: p.kind,
        location: p.location.clone(),
        number: p.number.clone(),
    });
    ScrivenerInstruction {
        contract_date: case.contract.as_ref().and_then(|c| c.formed_on),
        claim_yen: case.amount_yen(),
        planned_date: case.planned_date(),
        additional_to: first.filter(|_| second).map(|receipt| Receipt {
            office: receipt.office,
            received_on: receipt.received_on,
            number: receipt.number,
        }),
        properties: properties.collect(),
    }
}

fn posting(case: &Case) -> PostingOrder {
    let posting = case.postings.last();
    let plan = case.frozen.as_ref().and_then(|terms| super::money::disbursement_plan(case, terms)?.ok());
    PostingOrder {
        posting_key: posting.map(|p| p.key.clone()),
        date: posting.map(|p| p.date),
        amount_yen: posting.map(|p| p.amount_yen),
        drawing: posting.map(|p| p.drawing),
        parts: posting.map(|p| p.parts.clone()),
        account: case.form.disbursement_account.clone(),
        rest_yen: plan.as_ref().map(|plan| plan.rest_yen),
        lines: plan.map(|plan| plan.lines),
    }
}
