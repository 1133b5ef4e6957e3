//! The contract desk: stamp duty on the loan contracts (H.3).

use crate::form::{ContractForm, RateType};
use crate::money::Yen;
use crate::product::terms::Terms;

/// Stamp duty on a loan contract over `amount`: by steps, each up to and including its limit (H-50); none on an electronic
/// contract (H-54).
pub fn stamp_duty(terms: &Terms, form: ContractForm, amount: Yen) -> Yen {
    let step = terms.stamp_duty.steps.iter().find(|step| amount <= step.to_yen);
    match form {
        ContractForm::Electronic => Yen::ZERO,
        ContractForm::Paper => step.map_or(terms.stamp_duty.above_all_yen, |step| step.duty_yen),
    }
}

/// The amount that a loan contract states (H-52).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum StatedAmount {
    /// The loan; each contract of an interest mix states its own (H-51).
    Loan(Yen),
    /// Drawings that add up to a limit: split lending.
    Limit(Yen),
    /// A line of credit that is drawn again and again.
    None,
}

/// Stamp duty on a contract by what it states. The reduced rates for sales of property do not apply to loans (H-55).
pub fn stamp_duty_on(terms: &Terms, form: ContractForm, stated: StatedAmount) -> Yen {
    match (stated, form) {
        (StatedAmount::Loan(amount) | StatedAmount::Limit(amount), _) => stamp_duty(terms, form, amount),
        (StatedAmount::None, ContractForm::Electronic) => Yen::ZERO,
        (StatedAmount::None, ContractForm::Paper) => terms.stamp_duty.no_amount_stated_yen,
    }
}

/// Stamp duty on the special-term agreement of a loan (H-53): none without a special term or on an electronic contract.
pub fn special_term_stamp(terms: &Terms, form: ContractForm, rate_type: RateType) -> Yen {
    let special = terms.special_term_years(rate_type).is_some();
    if special && form == ContractForm::Paper {
        terms.stamp_duty.special_term_agreement_yen
    } else {
        Yen::ZERO
    }
}
