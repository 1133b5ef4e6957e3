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

/// Stamp duty on the special-term agreement of a loan (H-53): none without a special term or on an electronic contract.
pub fn special_term_stamp(terms: &Terms, form: ContractForm, rate_type: RateType) -> Yen {
    let special = terms.special_term_years(rate_type).is_some();
    if special && form == ContractForm::Paper {
        terms.stamp_duty.special_term_agreement_yen
    } else {
        Yen::ZERO
    }
}
