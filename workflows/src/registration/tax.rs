//! Registration licence tax of the mortgage (H-41 to H-44).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::calendar::months_after;
use crate::form::{Form, Property, PurposeCode, Relation};
use crate::money::{Rate, Yen};
use crate::product::fees::percent_of;
use crate::product::terms::{RegistrationTaxTerms, Terms};

/// A condition of the reduced rate that is not met.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ReliefCondition {
    #[serde(rename = "LOAN_NOT_FOR_BUILDING_OR_ACQUIRING_A_HOUSE")]
    Purpose,
    #[serde(rename = "NOT_OWN_RESIDENCE")]
    Residence,
    #[serde(rename = "NO_BUILDING")]
    Building,
    #[serde(rename = "FLOOR_AREA_BELOW_50")]
    FloorArea,
    #[serde(rename = "NOT_WITHIN_ONE_YEAR")]
    WithinYear,
    #[serde(rename = "NO_CERTIFICATE")]
    Certificate,
    #[serde(rename = "USED_STANDARD_NOT_MET")]
    UsedStandard,
    #[serde(rename = "AFTER_2027_03_31")]
    LastFilingDate,
}

/// The tax of one filing for all loans of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistrationTax {
    pub claim_yen: Yen,
    pub without_relief_yen: Yen,
    pub with_relief_yen: Yen,
    pub relief_applies: bool,
    pub relief_conditions_not_met: Vec<ReliefCondition>,
    pub payable_yen: Yen,
}

/// H-41, H-42: one deed and one filing for the total of the loans, filed on `filing`.
pub fn registration_tax(form: &Form, terms: &Terms, filing: NaiveDate) -> RegistrationTax {
    let tax = &terms.registration_tax;
    let claim: Yen = form.loans.iter().map(|loan| loan.amount_yen).sum();
    let not_met = relief_conditions_not_met(form, tax, filing);
    let without = tax_at(tax, claim, tax.standard_percent);
    let with = tax_at(tax, claim, tax.relief_percent);
    RegistrationTax {
        claim_yen: claim,
        without_relief_yen: without,
        with_relief_yen: with,
        relief_applies: not_met.is_empty(),
        payable_yen: if not_met.is_empty() { with } else { without },
        relief_conditions_not_met: not_met,
    }
}

/// H-43: the base is cut to 1,000 yen and at least that, the tax is cut to 100 yen and at least 1,000.
pub fn tax_at(terms: &RegistrationTaxTerms, claim: Yen, percent: Rate) -> Yen {
    let base = claim.cut_to(terms.base_step_yen.0).max(terms.base_step_yen);
    percent_of(base, percent).cut_to(terms.tax_step_yen.0).max(terms.least_tax_yen)
}

/// H-42: mortgages added later for the same claim, with the earlier registration's certificate: per property.
pub fn additional_tax(terms: &RegistrationTaxTerms, properties: usize) -> Yen {
    times(terms.additional_per_property_yen, properties)
}

/// H-44: the cancellation of a mortgage, per property.
pub fn cancellation_tax(terms: &RegistrationTaxTerms, properties: usize) -> Yen {
    times(terms.cancellation_per_property_yen, properties)
}

fn times(per_property: Yen, properties: usize) -> Yen {
    Yen(per_property.0.saturating_mul(i64::try_from(properties).unwrap_or(i64::MAX)))
}

fn relief_conditions_not_met(
    form: &Form,
    terms: &RegistrationTaxTerms,
    filing: NaiveDate,
) -> Vec<ReliefCondition> {
    let mut not_met = Vec::new();
    let mut needs = |met: bool, condition: ReliefCondition| {
        if !met {
            not_met.push(condition);
        }
    };
    needs(builds_or_acquires(form.purpose.code), ReliefCondition::Purpose);
    needs(form.purpose.resident_relation == Relation::Oneself, ReliefCondition::Residence);
    let house = form.properties.iter().find(|property| property.main && property.kind.is_building());
    needs(house.is_some(), ReliefCondition::Building);
    if let Some(house) = house {
        let large = house.floor_area_m2.is_some_and(|area| area >= terms.relief_floor_area_at_least_m2);
        needs(large, ReliefCondition::FloorArea);
        needs(in_time(house, terms, filing), ReliefCondition::WithinYear);
        let standard = house.is_new == Some(true) || house.meets_used_standard == Some(true);
        needs(standard, ReliefCondition::UsedStandard);
    }
    needs(form.registration.housing_certificate, ReliefCondition::Certificate);
    needs(filing <= terms.relief_last_filing_date, ReliefCondition::LastFilingDate);
    not_met
}

/// Filed from the day of building or acquisition on and within a year of it.
fn in_time(house: &Property, terms: &RegistrationTaxTerms, filing: NaiveDate) -> bool {
    let months = 12 * u32::from(terms.relief_within_years);
    house.acquired_on.is_some_and(|acquired| acquired <= filing && filing <= months_after(acquired, months))
}

/// Purposes for which the reduced rate exists: not refinance, renovation, land only, second house.
const fn builds_or_acquires(purpose: PurposeCode) -> bool {
    use PurposeCode::{
        Extension, LandAndNewBuild, NewBuild, PurchaseNewCondominium, PurchaseNewHouse,
        PurchaseUsedCondominium, PurchaseUsedHouse, Rebuild, Replacement,
    };
    matches!(
        purpose,
        PurchaseNewHouse
            | PurchaseUsedHouse
            | PurchaseNewCondominium
            | PurchaseUsedCondominium
            | NewBuild
            | LandAndNewBuild
            | Extension
            | Replacement
            | Rebuild
    )
}
