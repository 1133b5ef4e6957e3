//! The rate of a loan and the conditions of its discount (C.5 to C.7).

use chrono::NaiveDate;
use serde::Serialize;

use super::book::Book;
use super::operation::Campaign;
use super::terms::Terms;
use crate::calendar::age_on;
use crate::form::{
    Cover, DiscountType, FeePlan, Form, Insurance, Loan, Qualification, QualificationRoute, RateType,
    SalaryTransferStatus,
};
use crate::money::{Rate, Yen};

/// What satisfied the salary condition (C-40, C-41).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SalaryConditionBy {
    SalaryTransfer,
    Saving,
}

/// The transaction conditions on a date (C-40 to C-44). Not met is never a violation: the loan is made without discount.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Conditions {
    pub salary_condition_met: bool,
    pub salary_condition_by: Option<SalaryConditionBy>,
    pub card_loan_condition_met: bool,
    /// The applicant is too young to need the card loan and has none (C-43).
    pub card_loan_waived_under_20: bool,
    pub discount_applies: bool,
}

impl Conditions {
    /// The applicant's conditions at a disbursement on `date`.
    pub fn on(form: &Form, book: &Book, date: NaiveDate) -> Self {
        let by = salary_condition(form, &book.terms, date);
        let contracted = form.transaction_conditions.card_loan.contracted_on.is_some_and(|day| day <= date);
        let from_age = u32::from(book.terms.discount.card_loan_from_age);
        let young =
            form.applicant().is_some_and(|party| age_on(party.birth_date, form.received_date()) < from_age);
        Self {
            salary_condition_met: by.is_some(),
            salary_condition_by: by,
            card_loan_condition_met: contracted || young,
            card_loan_waived_under_20: young && !contracted,
            discount_applies: by.is_some() && (contracted || young),
        }
    }
}

/// C-40 (1), C-41, C-42: the salary transfer, or a saving where it cannot be designated.
fn salary_condition(form: &Form, terms: &Terms, date: NaiveDate) -> Option<SalaryConditionBy> {
    let transfer = &form.transaction_conditions.salary_transfer;
    match transfer.status {
        SalaryTransferStatus::Designated | SalaryTransferStatus::Reserved => {
            transfer.as_of.filter(|day| *day <= date).map(|_| SalaryConditionBy::SalaryTransfer)
        }
        SalaryTransferStatus::CannotDesignate => {
            let saving = form.transaction_conditions.saving.as_ref()?;
            let tested = terms.discount.saving_minimum_applies_to.contains(&saving.product);
            let enough = !tested || saving.annual_amount_yen >= terms.discount.saving_minimum_yen;
            let here = saving.bank_code == form.institution.bank_code;
            let counts = stands_in(saving.product) && here && saving.contracted_on <= date && enough;
            counts.then_some(SalaryConditionBy::Saving)
        }
        SalaryTransferStatus::None => None,
    }
}

/// C-41: the savings that can stand in for the salary transfer.
const fn stands_in(product: crate::form::SavingProduct) -> bool {
    use crate::form::SavingProduct::{AceDeposit, ZaikeiSaving};
    matches!(product, ZaikeiSaving | AceDeposit)
}

/// The components of a rate (C-61); `applicable_rate` is their sum, floored at nought (C-62).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct RateComponents {
    pub standard: Rate,
    pub discount: Rate,
    pub limited_time_discount: Rate,
    pub mix_bonus: Rate,
    pub screening_add_on: Rate,
    pub insurance_add_on: Rate,
    pub guarantee_rate: Rate,
}

impl RateComponents {
    /// C.7.
    pub fn applicable_rate(&self) -> Rate {
        let reductions = self.discount + self.limited_time_discount + self.mix_bonus;
        let sum =
            self.standard - reductions + self.screening_add_on + self.insurance_add_on + self.guarantee_rate;
        sum.max(Rate::ZERO)
    }
}

impl Serialize for RateComponents {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = to.serialize_struct("RateComponents", 8)?;
        out.serialize_field("standard", &self.standard.three_decimals())?;
        out.serialize_field("discount", &self.discount.three_decimals())?;
        out.serialize_field("limited_time_discount", &self.limited_time_discount.three_decimals())?;
        out.serialize_field("mix_bonus", &self.mix_bonus.three_decimals())?;
        out.serialize_field("screening_add_on", &self.screening_add_on.three_decimals())?;
        out.serialize_field("insurance_add_on", &self.insurance_add_on.three_decimals())?;
        out.serialize_field("guarantee_rate", &self.guarantee_rate.three_decimals())?;
        out.serialize_field("applicable_rate", &self.applicable_rate().three_decimals())?;
        out.end()
    }
}

/// C.5: the discount at origination, nought where the table has no row.
pub fn discount(
    terms: &Terms,
    fee_plan: FeePlan,
    rate_type: RateType,
    discount_type: Option<DiscountType>,
) -> Rate {
    let row = terms
        .discounts
        .iter()
        .find(|row| row.discount_type == discount_type && row.rate_types.contains(&rate_type));
    row.map_or(Rate::ZERO, |row| match fee_plan {
        FeePlan::FlatFee => row.flat_fee,
        FeePlan::PercentFee => row.percent_fee,
    })
}

/// C-45: the campaign in which an application received on `received` takes part.
pub fn campaign(terms: &Terms, fee_plan: FeePlan, received: NaiveDate) -> Option<&Campaign> {
    terms.campaigns.iter().find(|campaign| campaign.covers(fee_plan, received))
}

/// C-45: the limited-time discount of an application received on `received`.
pub fn limited_time_discount(terms: &Terms, fee_plan: FeePlan, received: NaiveDate) -> Rate {
    campaign(terms, fee_plan, received).map_or(Rate::ZERO, |campaign| campaign.points)
}

/// C-46: the bonus of a loan within a mix. Only the VARIABLE part gets it, beside FULL_FIXED or FIXED_20Y with initial-period
/// discount of at least the book's share of the total.
pub fn mix_bonus(terms: &Terms, loan: &Loan, loans: &[Loan]) -> Rate {
    let [one, two] = loans else { return Rate::ZERO };
    let second = if one.loan_no == loan.loan_no { two } else { one };
    let eligible = match second.rate_type {
        RateType::FullFixed => true,
        RateType::Fixed20Y => second.discount_type == Some(DiscountType::InitialPeriod),
        _ => false,
    };
    let total: Yen = loans.iter().map(|loan| loan.amount_yen).sum();
    let share = i128::from(second.amount_yen.0) * 100;
    let large = share >= i128::from(terms.mix.second_part_at_least_percent) * i128::from(total.0);
    if loan.rate_type == RateType::Variable && eligible && large { terms.mix.bonus } else { Rate::ZERO }
}

/// C-60, C-63: nought for an indirect member and a manager at a member company, else what screening decided within the book's
/// limits, the lower one where nothing is decided yet.
pub fn screening_add_on(terms: &Terms, qualification: &Qualification, decided: Option<Rate>) -> Rate {
    let exempt = qualification.route == Some(QualificationRoute::IndirectMember)
        || qualification.manager_at_org_member_company;
    if exempt { Rate::ZERO } else { decided.unwrap_or(Rate::ZERO).max(terms.screening.add_on_at_least) }
}

/// Chapter G: the add-on of a loan, once whatever the number of insured; the couple add-on replaces the single one.
pub fn insurance_add_on<'a>(terms: &Terms, entries: impl Iterator<Item = &'a Insurance>) -> Rate {
    let add_on = |entry: &Insurance| {
        let of_type = terms.insurance.types.get(&entry.insurance_type)?;
        let couple = of_type.couple_add_on.filter(|_| entry.cover == Cover::JointCouple);
        Some(couple.unwrap_or(of_type.add_on))
    };
    entries.filter_map(add_on).max().unwrap_or(Rate::ZERO)
}
