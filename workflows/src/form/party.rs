//! The persons of a form and their insurance.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::*;
use crate::money::Yen;

/// A person of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Party {
    /// `A1` is the applicant; `D1` joint debtor, `G1` joint guarantor, `M1` third-party mortgagor.
    pub party_id: String,
    pub role: PartyRole,
    pub name_kanji: String,
    /// Full-width katakana: surname, U+3000, given name.
    pub name_kana: String,
    pub sex: Sex,
    pub birth_date: NaiveDate,
    pub relation_to_applicant: Option<Relation>,
    pub address: Address,
    pub phone: String,
    pub employment: Employment,
    pub annual_income_yen: Yen,
    /// The income counts for repayment (B-10).
    pub income_added: bool,
    /// Meaningful for persons other than the applicant (B-10).
    pub uses_tax_deduction: bool,
    pub other_debts: Vec<OtherDebt>,
    pub existing_group_life_cover: ExistingCover,
    pub left_antisocial_group_on: Option<NaiveDate>,
    /// A matter to check, never a violation by itself (B-17).
    pub foreign_pep: bool,
    pub qualification: Qualification,
}

/// An address in Japan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Address {
    /// `123-4567`.
    pub postal_code: String,
    pub prefecture: String,
    pub text: String,
}

/// How a person earns a living.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Employment {
    pub kind: EmploymentKind,
    pub employer_name: Option<String>,
    pub workplace_prefecture: Option<String>,
    pub hired_on: Option<NaiveDate>,
}

/// A debt elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherDebt {
    pub kind: DebtKind,
    pub balance_yen: Yen,
    pub annual_repayment_yen: Yen,
}

/// Group credit life sums that exist already (G-12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExistingCover {
    pub here_yen: Yen,
    pub other_labour_banks_yen: Yen,
}

/// The claimed transaction qualification (B-01 to B-08).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Qualification {
    pub route: Option<QualificationRoute>,
    pub org_member: Option<OrgMember>,
    pub share_yen: Option<Yen>,
    pub manager_at_org_member_company: bool,
}

/// The member organisation that certifies the membership.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrgMember {
    pub kind: OrgMemberKind,
    pub name: String,
    pub excluded_by_branch: bool,
}

/// One insured person on one loan: one declaration form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Insurance {
    pub loan_no: u8,
    pub party_id: String,
    #[serde(rename = "type")]
    pub insurance_type: InsuranceType,
    pub cover: Cover,
    /// 1 to 100.
    #[schemars(range(min = 1, max = 100))]
    pub share_percent: u8,
    pub declared_on: Option<NaiveDate>,
    /// RELAXED only (G-20).
    pub relaxed: Option<RelaxedDates>,
}

/// The three steps that RELAXED needs (G-20).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RelaxedDates {
    pub basic_refused_on: Option<NaiveDate>,
    pub likely_acceptance_indicated_on: Option<NaiveDate>,
    pub assessment_accepted_on: Option<NaiveDate>,
}
