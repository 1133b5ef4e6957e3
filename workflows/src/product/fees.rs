//! The fees of an application (C.4).

use serde::{Deserialize, Serialize};

use super::terms::Terms;
use crate::form::{FeePlan, QualificationRoute};
use crate::money::{Rate, Yen};
use crate::registration::RegistrationTax;

/// What the customer pays besides interest, without the scrivener's bill and the fire premium. Lists follow the order of the
/// loans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fees {
    pub collateral_handling_fee_yen: Yen,
    pub loan_fee_yen: Vec<Yen>,
    pub guarantee_fee_lump_sum_yen: Vec<Yen>,
    pub stamp_duty_loan_contract_yen: Vec<Yen>,
    pub stamp_duty_special_term_agreement_yen: Vec<Yen>,
    pub registration_licence_tax: RegistrationTax,
    pub total_yen: Yen,
}

impl Fees {
    /// The same fees with their total.
    pub(crate) fn totalled(mut self) -> Self {
        let lists = [
            &self.loan_fee_yen,
            &self.guarantee_fee_lump_sum_yen,
            &self.stamp_duty_loan_contract_yen,
            &self.stamp_duty_special_term_agreement_yen,
        ];
        let listed: Yen = lists.into_iter().flatten().copied().sum();
        self.total_yen =
            self.collateral_handling_fee_yen + listed + self.registration_licence_tax.payable_yen;
        self
    }
}

/// C.4, C-31, C-63: once per application, by the applicant's route.
pub fn collateral_handling_fee(terms: &Terms, route: Option<QualificationRoute>) -> Yen {
    match route {
        Some(QualificationRoute::IndirectMember | QualificationRoute::CoopMember) => {
            terms.fees.handling_organisation_yen
        }
        _ => terms.fees.handling_others_yen,
    }
}

/// C-32: the fee of a loan, a floored percentage under PERCENT_FEE.
pub fn loan_fee(terms: &Terms, fee_plan: FeePlan, amount: Yen) -> Yen {
    match fee_plan {
        FeePlan::FlatFee => Yen::ZERO,
        FeePlan::PercentFee => percent_of(amount, terms.fees.percent_fee),
    }
}

/// `floor(amount * percent / 100)`.
pub(crate) fn percent_of(amount: Yen, percent: Rate) -> Yen {
    let fraction = crate::repayment::Fraction::of(percent);
    let part =
        i128::from(amount.0) * i128::from(fraction.numerator) / (i128::from(fraction.denominator) * 100);
    Yen(i64::try_from(part).unwrap_or(i64::MAX))
}
