//! The request to the guarantee institution (F-02).

use schemars::JsonSchema;
use serde::Serialize;

use crate::form::{
    Consent, Document, Form, InsuranceType, Loan, MoneyAhead, Party, Product, Property, Purpose,
};
use crate::money::Yen;

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
    pub documents: &'a [Document],
}

impl<'a> GuaranteeRequest<'a> {
    /// The request for a form with the valuation that is on record, in yen.
    pub fn of(form: &'a Form, valuation_yen: Option<i64>) -> Self {
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
            documents: &form.documents,
        }
    }
}
