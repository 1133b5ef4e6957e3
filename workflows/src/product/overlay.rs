//! The parameters of banks that overlay the base book.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;

use super::book::{Book, TieUpProduct};
use super::edition::Known;
use super::terms::{DefaultFirstRepayment, Terms};
use crate::calendar::BranchClosure;
use crate::form::SavingProduct;
use crate::money::Yen;

/// The shape of `parameters.json`. A value that is absent leaves the base book as it is.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Parameters {
    #[serde(default, rename = "note")]
    #[schemars(length(max = 2000))]
    _note: Option<String>,
    institutions: Vec<InstitutionArea>,
    #[serde(default)]
    branch_closures: Vec<BankClosure>,
    #[serde(default)]
    tie_up_products: BTreeMap<String, TieUpProduct>,
    #[serde(default)]
    bonus_share_limit_percent: Option<u8>,
    #[serde(default)]
    income_certificate_valid_days: Option<u16>,
    #[serde(default)]
    seal_certificate_valid_months: Option<u8>,
    #[serde(default)]
    saving_minimum_applies_to: Option<Vec<SavingProduct>>,
    #[serde(default)]
    health_certificate_threshold_yen: Option<Yen>,
    #[serde(default)]
    limited_time_discount_last_received_date: Option<NaiveDate>,
    #[serde(default)]
    default_first_repayment: Option<DefaultFirstRepayment>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InstitutionArea {
    bank_code: String,
    name: String,
    business_area: BTreeSet<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct BankClosure {
    bank_code: String,
    branch_code: String,
    date: NaiveDate,
    reason: String,
}

impl Parameters {
    /// One book per institution over the overlaid terms.
    pub(super) fn books(&self, terms: &Terms, digest: &str) -> Vec<Book> {
        let book = |institution: &InstitutionArea| Book {
            version: format!("{}/{}/{digest}", terms.version, institution.bank_code),
            bank_code: institution.bank_code.clone(),
            bank_name: institution.name.clone(),
            // The parameters carry no date: they count until an edition does.
            effective_from: None,
            effective_to: None,
            business_area: institution.business_area.clone(),
            branch_closures: self.closures_of(&institution.bank_code),
            // Branches open and close on a day: only editions list them.
            branches: vec![],
            tie_up_products: self.tie_up_products.clone(),
            // Each institution's agreement has its day: only editions state institutions and codes.
            guarantors: vec![],
            guarantor_codes: BTreeMap::new(),
            terms: terms.clone(),
        };
        self.institutions.iter().map(book).collect()
    }

    /// What the parameters say of a bank beyond its terms.
    pub(super) fn known(&self, bank_code: &str) -> Option<Known> {
        let institution = self.institutions.iter().find(|institution| institution.bank_code == bank_code)?;
        Some(Known {
            name: institution.name.clone(),
            area: institution.business_area.clone(),
            tie_up_products: self.tie_up_products.clone(),
        })
    }

    /// The terms of all banks.
    pub(super) fn overlaid(&self, base: &Terms) -> Terms {
        let mut terms = base.clone();
        set(&mut terms.repayment.bonus_share_limit_percent, &self.bonus_share_limit_percent);
        set(&mut terms.repayment.default_first_repayment, &self.default_first_repayment);
        set(&mut terms.documents.income_certificate_valid_days, &self.income_certificate_valid_days);
        set(&mut terms.documents.seal_certificate_valid_months, &self.seal_certificate_valid_months);
        set(&mut terms.discount.saving_minimum_applies_to, &self.saving_minimum_applies_to);
        if let (Some(last), Some(campaign)) =
            (self.limited_time_discount_last_received_date, terms.campaigns.last_mut())
        {
            campaign.to = last;
        }
        if self.health_certificate_threshold_yen.is_some() {
            terms.insurance.health_certificate_threshold_yen = self.health_certificate_threshold_yen;
        }
        terms
    }

    fn closures_of(&self, bank_code: &str) -> Vec<BranchClosure> {
        let closure = |closure: &BankClosure| BranchClosure {
            branch_code: closure.branch_code.clone(),
            date: closure.date,
            reason: closure.reason.clone(),
        };
        self.branch_closures.iter().filter(|closure| closure.bank_code == bank_code).map(closure).collect()
    }

    /// What is wrong between the values: key and what is accepted.
    pub(super) fn inconsistencies(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        let mut seen = BTreeSet::new();
        if self.institutions.is_empty() {
            wrong.push(("institutions".to_owned(), "at least one institution".to_owned()));
        }
        for (at, institution) in self.institutions.iter().enumerate() {
            let key = format!("institutions[{at}].bank_code");
            if !seen.insert(&institution.bank_code) {
                wrong.push((key, "a bank code that stands only once".to_owned()));
            } else if institution.bank_code.len() != 4
                || !institution.bank_code.bytes().all(|byte| byte.is_ascii_digit())
            {
                wrong.push((key, "exactly 4 digits".to_owned()));
            }
        }
        for (at, closure) in self.branch_closures.iter().enumerate() {
            if !seen.contains(&closure.bank_code) {
                let key = format!("branch_closures[{at}].bank_code");
                wrong.push((key, "the bank code of an institution".to_owned()));
            }
        }
        wrong
    }
}

fn set<T: Clone>(target: &mut T, value: &Option<T>) {
    if let Some(value) = value {
        *target = value.clone();
    }
}
