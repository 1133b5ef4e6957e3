//! The request to the guarantee institution (F-02).

use schemars::JsonSchema;
use serde::Serialize;

use crate::form::DocumentKind;
use crate::form::{
    Consent, Document, Form, InsuranceType, Loan, MoneyAhead, Party, Product, Property, Purpose,
};
use crate::intake::Paper;
use crate::machine::papers::{AttachedFile, MediaType, sent_to_guarantor};
use crate::money::Yen;
use crate::product::codes::InstitutionCodes;

/// What the institution judges: persons with identity, employment, income, debts and qualification, the loans with their rate
/// types, fee plan and repayment, the collateral with owners, rank and valuation, dated consents and the papers. Case, version,
/// bank and branch are on the envelope. Health data are no part of it (L-93).
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GuaranteeRequest<'a> {
    pub product: Product,
    pub purpose: &'a Purpose,
    pub requested_amount_yen: Yen,
    pub loans: &'a [Loan],
    pub parties: &'a [Party],
    pub properties: &'a [Property],
    /// The bank's valuation, once it is recorded.
    pub valuation_yen: Option<i64>,
    pub insurance_types: Vec<InsuranceType>,
    /// Split lending or a bridge loan: the monthly rate is asked for as well (F-03).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub money_ahead: Option<&'a MoneyAhead>,
    pub consents: &'a [Consent],
    /// Papers that were handed in; of those about health not even the fact (L-93).
    pub documents: Vec<&'a Document>,
    /// The files of the papers with the digests of what they say: what the institution opens by a link is what it was asked about.
    pub files: Vec<RequestFile<'a>>,
    /// The institution's own codes, where the bank's book maps them; ours stand beside them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub institution_codes: Option<InstitutionCodes>,
}

/// A file that goes with the request.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RequestFile<'a> {
    /// Id by which a link is asked for.
    pub file_id: &'a str,
    pub paper: Paper,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub party_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_no: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub loan_no: Option<u8>,
    pub media_type: MediaType,
    pub bytes: u64,
    /// SHA-256 in hex.
    pub sha256: &'a str,
}

impl<'a> GuaranteeRequest<'a> {
    /// The request for a form with its files and the valuation that is on record, in yen. Files that others took the place of, and those
    /// about health (L-93), stay here.
    pub fn of(form: &'a Form, files: &'a [AttachedFile], valuation_yen: Option<i64>) -> Self {
        let standing = files.iter().filter(|attached| attached.replaced_by.is_none());
        let sent = standing.map(|attached| &attached.file).filter(|file| sent_to_guarantor(file.paper));
        Self {
            product: form.product,
            purpose: &form.purpose,
            requested_amount_yen: form.requested_amount_yen,
            loans: &form.loans,
            parties: &form.parties,
            properties: &form.properties,
            valuation_yen,
            insurance_types: form.insurance.iter().map(|entry| entry.insurance_type).collect(),
            money_ahead: form.money_ahead.as_ref(),
            consents: &form.consents,
            institution_codes: None,
            documents: form.documents.iter().filter(|paper| !is_health(paper.document)).collect(),
            files: sent
                .map(|file| RequestFile {
                    file_id: &file.id,
                    paper: file.paper,
                    party_id: file.party_id.as_deref(),
                    property_no: file.property_no,
                    loan_no: file.loan_no,
                    media_type: file.media_type,
                    bytes: file.bytes,
                    sha256: &file.sha256,
                })
                .collect(),
        }
    }
}

fn is_health(kind: DocumentKind) -> bool {
    crate::machine::papers::is_health(Paper::Document(kind))
}
