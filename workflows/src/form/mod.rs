//! The contents of a loan application, exactly in the shape in which a branch sends them.
//!
//! Names and all other texts are kept code point for code point. `null` and an absent key mean the same wherever a value is
//! optional. [`Form::parse`] is the way in: it reports every problem of the text at once.

mod loan;
mod parse;
mod party;
mod property;
mod sense;
mod words;

use chrono::{DateTime, FixedOffset, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use loan::{
    Account, CardLoan, ExistingLoan, FundUse, GuaranteeOfLoan, GuarantorDecision, Loan, MoneyAhead,
    PaymentAhead, SalaryTransfer, Saving, TransactionConditions,
};
pub use parse::{Line, Problem};
pub use party::{
    Address, Employment, ExistingCover, Insurance, OrgMember, OtherDebt, Party, Qualification, RelaxedDates,
};
pub use property::{Owner, PriorMortgage, Property, Share};
pub use words::*;

use crate::money::{Rate, Yen};

/// A loan application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Unique within the institution.
    pub application_id: String,
    pub institution: Institution,
    /// When the application was received; its Tokyo date is the application date.
    pub received_at: DateTime<FixedOffset>,
    pub product: Product,
    /// Key of a tie-up product in the book (C-23).
    pub tie_up_product: Option<String>,
    /// Total of all loans.
    pub requested_amount_yen: Yen,
    /// The customer's own money.
    pub own_funds_yen: Yen,
    pub purpose: Purpose,
    pub fund_uses: Vec<FundUse>,
    /// Refinance: the loan that is paid off.
    pub existing_loan: Option<ExistingLoan>,
    /// One loan, or two for an interest mix.
    pub loans: Vec<Loan>,
    /// The applicant first.
    pub parties: Vec<Party>,
    /// One entry per insured person and loan, which is one declaration form.
    pub insurance: Vec<Insurance>,
    pub properties: Vec<Property>,
    pub collateral_valuation: CollateralValuation,
    pub registration: Registration,
    pub contract_form: ContractForm,
    pub transaction_conditions: TransactionConditions,
    /// Split lending or a bridge loan, where money is needed before the main disbursement (E.6, E.7).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub money_ahead: Option<MoneyAhead>,
    /// What screening decided (C-60). Present in sample files only: in a running case others decide it.
    #[serde(default)]
    pub screening_add_on_percent: Option<Rate>,
    /// What the guarantor decided (F-03). Present in sample files only.
    #[serde(default)]
    pub guarantor_decision: Option<GuarantorDecision>,
    /// The wished date (I-01).
    pub requested_disbursement_date: NaiveDate,
    pub disbursement_account: Account,
    /// Some document names relatives.
    pub family_data_in_documents: bool,
    /// Persons outside the contract who may be contacted (B-18).
    pub outside_contacts: Vec<Relation>,
    pub site_survey_planned: bool,
    /// Has no effect on any rule (D-11).
    pub direct_mail_consent: bool,
    pub documents: Vec<Document>,
    pub consents: Vec<Consent>,
}

/// The bank and the branch that handles the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Institution {
    /// Four digits.
    pub bank_code: String,
    pub bank_name: String,
    /// Three digits.
    pub branch_code: String,
    pub branch_name: String,
}

/// What the loan is for and who will live there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub code: PurposeCode,
    /// Who lives there, seen from the borrower.
    pub resident_relation: Relation,
}

/// The bank's valuation of the collateral.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CollateralValuation {
    /// Information only.
    pub amount_yen: Yen,
    pub requirement_met: bool,
}

/// How the mortgage is registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    pub agent: RegistrationAgent,
    /// The municipal certificate of residential building will be filed with it (H-41).
    pub housing_certificate: bool,
}

/// A paper that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub document: DocumentKind,
    /// The person it belongs to, if it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party_id: Option<String>,
    /// The property it belongs to, if it belongs to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_no: Option<u16>,
    /// Certificates only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<NaiveDate>,
    pub received_on: NaiveDate,
}

/// A consent or pledge that a person signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    pub consent: ConsentKind,
    pub party_id: String,
    /// `None`: signed without a date, which does not count (B-17).
    pub signed_on: Option<NaiveDate>,
}

impl Form {
    /// The applicant. A parsed form always has one.
    pub fn applicant(&self) -> Option<&Party> {
        self.parties.iter().find(|party| party.role == PartyRole::Applicant)
    }

    /// The person with this id.
    pub fn party(&self, id: &str) -> Option<&Party> {
        self.parties.iter().find(|party| party.party_id == id)
    }

    /// The applicant and the joint debtors.
    pub fn debtors(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| party.role.is_debtor())
    }

    /// Applicant, joint debtors and joint guarantors.
    pub fn liable(&self) -> impl Iterator<Item = &Party> {
        self.parties.iter().filter(|party| party.role.is_liable())
    }

    /// The declaration forms of a loan.
    pub fn insurance_of(&self, loan_no: u8) -> impl Iterator<Item = &Insurance> {
        self.insurance.iter().filter(move |entry| entry.loan_no == loan_no)
    }

    /// The application date: the Tokyo date of `received_at` (C-43, C-45).
    pub fn received_date(&self) -> NaiveDate {
        crate::calendar::tokyo_date(self.received_at)
    }
}
