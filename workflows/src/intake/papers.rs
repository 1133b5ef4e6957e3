//! The papers of a case: which ones are required at which stage, which are missing, which are too old (D.1, D.2).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::months_after;
use crate::collateral::is_leased;
use crate::form::{
    ConsentKind, DocumentKind, Form, InsuranceType, Party, PropertyKind, PurposeCode, QualificationRoute,
    Tenure,
};
use crate::insurance;
use crate::product::Book;
use crate::registration::registration_tax;
use crate::rule::{Cause, Finding, cause};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// A document or a consent.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Paper {
    Document(DocumentKind),
    Consent(ConsentKind),
}

/// One paper that a case needs, with the person, loan or property that it belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement {
    pub paper: Paper,
    pub party_id: Option<String>,
    pub loan_no: Option<u8>,
    pub property_no: Option<u16>,
}

/// Every paper of a case by the stage at which it is due, as keys such as `SEAL_CERTIFICATE:A1`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub struct RequiredDocuments {
    pub application: Vec<Requirement>,
    pub contract: Vec<Requirement>,
    pub disbursement: Vec<Requirement>,
}

impl Paper {
    /// The code of the paper.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.code(),
            Self::Consent(kind) => kind.code(),
        }
    }

    /// The label that people read.
    pub const fn ja(self) -> &'static str {
        match self {
            Self::Document(kind) => kind.ja(),
            Self::Consent(kind) => kind.ja(),
        }
    }

    /// The paper with this code.
    pub fn parse(code: &str) -> Option<Self> {
        DocumentKind::parse(code).map(Self::Document).or_else(|| ConsentKind::parse(code).map(Self::Consent))
    }
}

impl Serialize for Paper {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Paper {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let code = String::deserialize(from)?;
        Self::parse(&code).ok_or_else(|| serde::de::Error::custom(format!("no paper {code}")))
    }
}

impl JsonSchema for Paper {
    fn schema_name() -> Cow<'static, str> {
        "Paper".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let documents = DocumentKind::ALL.iter().map(|kind| kind.code());
        let codes: Vec<&str> = documents.chain(ConsentKind::ALL.iter().map(|kind| kind.code())).collect();
        json_schema!({ "type": "string", "enum": codes })
    }
}

impl Requirement {
    fn of(paper: Paper) -> Self {
        Self { paper, party_id: None, loan_no: None, property_no: None }
    }

    fn party(self, id: &str) -> Self {
        Self { party_id: Some(id.to_owned()), ..self }
    }

    fn loan(self, loan_no: u8) -> Self {
        Self { loan_no: Some(loan_no), ..self }
    }

    fn property(self, property_no: u16) -> Self {
        Self { property_no: Some(property_no), ..self }
    }

    /// `CODE`, `CODE:party`, `CODE:party:Ln`, `CODE:Ln` or `CODE:Pn`.
    pub fn key(&self) -> String {
        let mut key = self.paper.code().to_owned();
        if let Some(id) = &self.party_id {
            key = format!("{key}:{id}");
        }
        if let Some(no) = self.loan_no {
            key = format!("{key}:L{no}");
        }
        if let Some(no) = self.property_no {
            key = format!("{key}:P{no}");
        }
        key
    }

    /// Whether the form holds it. A declaration counts when it is dated, a consent when it is signed and dated.
    pub fn is_met(&self, form: &Form) -> bool {
        match self.paper {
            Paper::Document(DocumentKind::InsuranceApplicationDeclaration) => {
                form.insurance.iter().any(|entry| {
                    self.party_id.as_ref() == Some(&entry.party_id)
                        && self.loan_no == Some(entry.loan_no)
                        && entry.declared_on.is_some()
                })
            }
            Paper::Document(kind) => form.documents.iter().any(|document| {
                document.document == kind
                    && (self.party_id.is_none() || self.party_id == document.party_id)
                    && (self.property_no.is_none() || self.property_no == document.property_no)
            }),
            Paper::Consent(kind) => form.consents.iter().any(|consent| {
                consent.consent == kind
                    && self.party_id.as_ref() == Some(&consent.party_id)
                    && consent.signed_on.is_some()
            }),
        }
    }

    /// The cause under which its absence is found: its own rule where one exists, else D.1.
    fn cause(&self, form: &Form) -> &'static Cause {
        match self.paper {
            Paper::Document(DocumentKind::MembershipCertificate) => &cause::B03_PAPER,
            Paper::Document(DocumentKind::BreakdownNotice) => &cause::C52,
            Paper::Document(DocumentKind::InsuranceApplicationDeclaration) if form.loans.len() > 1 => {
                &cause::C52
            }
            Paper::Document(DocumentKind::RelaxedAssessmentIntent) => &cause::G20_PAPER,
            Paper::Document(DocumentKind::LandlordConsent) => &cause::H11,
            Paper::Document(_) => &cause::D1,
            Paper::Consent(ConsentKind::AntisocialPledgeAndPep) => &cause::B17_PLEDGE,
            Paper::Consent(ConsentKind::ContactConsent) => &cause::B18,
            Paper::Consent(_) => &cause::D1_CONSENT,
        }
    }
}

impl Serialize for Requirement {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.key())
    }
}

/// Every paper of the case at a disbursement on `date` (D.1), each list in the order of its keys.
pub fn required_documents(form: &Form, book: &Book, date: NaiveDate) -> RequiredDocuments {
    let mut application = Vec::new();
    of_persons(form, &mut application);
    of_case(form, &mut application);
    of_insurance(form, book, &mut application);
    let mut required = RequiredDocuments {
        application,
        contract: at_contract(form, book),
        disbursement: at_disbursement(form, book, date),
    };
    for list in [&mut required.application, &mut required.contract, &mut required.disbursement] {
        list.sort_by_cached_key(Requirement::key);
        list.dedup();
    }
    required
}

/// The papers of the application stage that the form does not hold.
pub fn missing(form: &Form, book: &Book, date: NaiveDate) -> Vec<Requirement> {
    let required = required_documents(form, book, date).application;
    required.into_iter().filter(|requirement| !requirement.is_met(form)).collect()
}

/// D.1 and the rules that name a paper; D.2 for certificates.
pub(super) fn judge(form: &Form, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    findings.extend(missing(form, book, date).iter().map(|paper| paper.cause(form).on(paper.key())));
    for party in &form.parties {
        income_certificate(form, party, book, findings);
        seal_certificate(form, party, book, date, findings);
    }
}

/// D.2: the income certificate is not too old on the application date.
fn income_certificate(form: &Form, party: &Party, book: &Book, findings: &mut Vec<Finding>) {
    let most = i64::from(book.terms.documents.income_certificate_valid_days);
    let issued = newest(form, party, DocumentKind::IncomeCertificate);
    if issued.is_some_and(|issued| (form.received_date() - issued).num_days() > most) {
        let subject = format!("{}:{}", DocumentKind::IncomeCertificate, party.party_id);
        findings.push(cause::D2_INCOME.on(subject));
    }
}

/// D.2: the seal certificate of a mortgagor, if it is there already, is not too old on the filing date.
fn seal_certificate(form: &Form, party: &Party, book: &Book, date: NaiveDate, findings: &mut Vec<Finding>) {
    let owners = form.properties.iter().flat_map(|property| &property.owners);
    let mut mortgages = owners.filter(|owner| owner.mortgages_share);
    let mortgagor = mortgages.any(|owner| owner.party_id.as_ref() == Some(&party.party_id));
    let months = u32::from(book.terms.documents.seal_certificate_valid_months);
    let issued = newest(form, party, DocumentKind::SealCertificate);
    if mortgagor && issued.is_some_and(|issued| months_after(issued, months) < date) {
        findings.push(cause::D2_SEAL.on(format!("{}:{}", DocumentKind::SealCertificate, party.party_id)));
    }
}

/// Issue date of the newest certificate of a person.
fn newest(form: &Form, party: &Party, kind: DocumentKind) -> Option<NaiveDate> {
    let of_party = form.documents.iter().filter(|document| document.document == kind);
    of_party
        .filter(|document| document.party_id.as_ref() == Some(&party.party_id))
        .filter_map(|document| document.issued_on)
        .max()
}

fn document(kind: DocumentKind) -> Requirement {
    Requirement::of(Paper::Document(kind))
}

fn consent(kind: ConsentKind, party: &Party) -> Requirement {
    Requirement::of(Paper::Consent(kind)).party(&party.party_id)
}

/// What each person brings: consents, identity, income, and each borrower the evidence of the claimed route.
fn of_persons(form: &Form, list: &mut Vec<Requirement>) {
    for party in &form.parties {
        list.push(consent(ConsentKind::PrivacyConsent, party));
        list.push(document(DocumentKind::IdentityDocument).party(&party.party_id));
    }
    for party in form.liable() {
        list.push(consent(ConsentKind::AntisocialPledgeAndPep, party));
        list.push(document(DocumentKind::IncomeCertificate).party(&party.party_id));
    }
    for party in form.debtors() {
        let evidence = party.qualification.route.map(|route| match route {
            QualificationRoute::IndirectMember | QualificationRoute::CoopMember => {
                DocumentKind::MembershipCertificate
            }
            QualificationRoute::IndividualMember => DocumentKind::IndividualMembershipEvidence,
            QualificationRoute::FriendsSocietyMember => DocumentKind::FriendsSocietyEvidence,
        });
        list.extend(evidence.map(|kind| document(kind).party(&party.party_id)));
    }
}

/// What the case as a whole needs.
fn of_case(form: &Form, list: &mut Vec<Requirement>) {
    use DocumentKind::{
        BreakdownNotice, GuaranteeRequest, LandlordConsent, LoanApplication, PropertyPlans, RegisterExtract,
    };
    list.extend([LoanApplication, GuaranteeRequest, RegisterExtract, PropertyPlans].map(document));
    list.extend(evidence_of_purpose(form.purpose.code).iter().map(|kind| document(*kind)));
    if form.loans.len() > 1 {
        list.push(document(BreakdownNotice));
    }
    let leased = form.properties.iter().filter(|property| property.tenure == Some(Tenure::OrdinaryLeasehold));
    list.extend(leased.map(|property| document(LandlordConsent).property(property.property_no)));
    let switches = [
        (form.family_data_in_documents, ConsentKind::FamilyInformationConsent),
        (!form.outside_contacts.is_empty(), ConsentKind::ContactConsent),
        (form.site_survey_planned, ConsentKind::SiteSurveyConsent),
        (form.purpose.code == PurposeCode::Refinance, ConsentKind::RefinanceDataConsent),
    ];
    let needed = switches.into_iter().filter(|(needed, _)| *needed);
    list.extend(needed.filter_map(|(_, kind)| form.applicant().map(|party| consent(kind, party))));
}

/// Evidence of purpose and amount.
const fn evidence_of_purpose(purpose: PurposeCode) -> &'static [DocumentKind] {
    match purpose {
        PurposeCode::PurchaseNewHouse
        | PurposeCode::PurchaseUsedHouse
        | PurposeCode::PurchaseNewCondominium
        | PurposeCode::PurchaseUsedCondominium
        | PurposeCode::LandPurchase
        | PurposeCode::Replacement
        | PurposeCode::SecondHouse => &[DocumentKind::SaleContract],
        PurposeCode::NewBuild | PurposeCode::Rebuild | PurposeCode::Extension | PurposeCode::Renovation => {
            &[DocumentKind::ConstructionContract]
        }
        PurposeCode::LandAndNewBuild => &[DocumentKind::SaleContract, DocumentKind::ConstructionContract],
        PurposeCode::Refinance => &[DocumentKind::RepaymentPassbook],
        PurposeCode::Education | PurposeCode::Car | PurposeCode::Durables => &[DocumentKind::Estimate],
    }
}

/// Declarations, the form for RELAXED, and health certificates where the book sets a threshold.
fn of_insurance(form: &Form, book: &Book, list: &mut Vec<Requirement>) {
    for entry in &form.insurance {
        let declaration = document(DocumentKind::InsuranceApplicationDeclaration);
        list.push(declaration.party(&entry.party_id).loan(entry.loan_no));
        if entry.insurance_type == InsuranceType::Relaxed {
            list.push(document(DocumentKind::RelaxedAssessmentIntent).party(&entry.party_id));
        }
    }
    let Some(threshold) = book.terms.insurance.health_certificate_threshold_yen else { return };
    let persons: BTreeSet<&String> = form.insurance.iter().map(|entry| &entry.party_id).collect();
    let large = persons.into_iter().filter(|id| insurance::insured_here(form, id) >= threshold);
    list.extend(large.map(|id| document(DocumentKind::HealthCertificate).party(id)));
}

fn at_contract(form: &Form, book: &Book) -> Vec<Requirement> {
    let mut list = vec![document(DocumentKind::MortgageDeed)];
    for party in &form.parties {
        list.push(document(DocumentKind::SealCertificate).party(&party.party_id));
    }
    for party in form.liable() {
        use DocumentKind::{ConfirmationSheet, ExplanationBooklet, ProductOutline};
        let explained = [ConfirmationSheet, ExplanationBooklet, ProductOutline];
        list.extend(explained.map(|kind| document(kind).party(&party.party_id)));
    }
    for loan in &form.loans {
        list.push(document(DocumentKind::LoanContract).loan(loan.loan_no));
        if book.terms.special_term_years(loan.rate_type).is_some() {
            list.push(document(DocumentKind::SpecialTermAgreement).loan(loan.loan_no));
        }
    }
    list
}

/// Fire cover of each mortgaged building that is completed by the date, and the certificate for the reduced tax.
fn at_disbursement(form: &Form, book: &Book, date: NaiveDate) -> Vec<Requirement> {
    let mut list = Vec::new();
    for property in &form.properties {
        let building = matches!(property.kind, PropertyKind::Building | PropertyKind::Unit);
        let mortgaged = !is_leased(property) && property.owners.iter().any(|owner| owner.mortgages_share);
        let completed = property.completed_on.is_some_and(|day| day <= date);
        if building && mortgaged && completed {
            list.push(document(DocumentKind::FireCoverEvidence).property(property.property_no));
        }
    }
    if registration_tax(form, &book.terms, date).relief_applies {
        list.push(document(DocumentKind::ResidentialBuildingCertificate));
    }
    list
}
