//! The rate of a loan after origination: its discount follows from how the loan began (C.5, J-32a).

use serde::{Deserialize, Serialize};

use super::pricing::{RateComponents, discount};
use super::servicing::SwitchedDiscount;
use super::terms::Terms;
use crate::form::{DiscountType, FeePlan, RateType};
use crate::money::Rate;

/// How a loan began, as stored at disbursement.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Never changes (C-30).
    pub fee_plan: FeePlan,
    pub rate_type: RateType,
    /// Special-term types only; never changes (C-47).
    pub discount_type: Option<DiscountType>,
    /// The campaign's part that the loan got, nought without (C-45).
    pub limited_time: Rate,
    /// The mix bonus that the loan got, nought without (C-46).
    pub mix_bonus: Rate,
    pub granted: Granted,
}

/// Whether the discount is granted at all.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Granted {
    /// The conditions were met at disbursement.
    Yes,
    /// The conditions were not met at disbursement (C-44).
    ConditionsNotMet,
    /// Stopped because of arrears, a decision of two people (C-48).
    Stopped,
}

/// The add-ons as stored at disbursement: none of them ends with a special term (J-32a).
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddOns {
    pub screening: Rate,
    pub insurance: Rate,
    pub guarantee: Rate,
}

/// The components of the rate in the last of `periods`: the rate types that the loan has had in order, the one it began with
/// included, a renewal counted as a period of its own (C.5, J-32a). `posted` is the posted rate of the last type on the day that
/// decides.
pub fn components_after(
    terms: &Terms,
    origin: &Origin,
    periods: &[RateType],
    posted: Rate,
    add_ons: AddOns,
) -> RateComponents {
    let (discount, limited_time_discount, mix_bonus) = match origin.granted {
        Granted::Yes => parts(terms, origin, periods),
        Granted::ConditionsNotMet | Granted::Stopped => (Rate::ZERO, Rate::ZERO, Rate::ZERO),
    };
    RateComponents {
        standard: posted,
        discount,
        limited_time_discount,
        mix_bonus,
        screening_add_on: add_ons.screening,
        insurance_add_on: add_ons.insurance,
        guarantee_rate: add_ons.guarantee,
    }
}

/// Discount, campaign and mix bonus of the last period.
fn parts(terms: &Terms, origin: &Origin, periods: &[RateType]) -> (Rate, Rate, Rate) {
    let after = &terms.servicing.discounts_after;
    let at_origin = discount(terms, origin.fee_plan, origin.rate_type, origin.discount_type);
    let first = periods.len() <= 1;
    match (origin.rate_type, origin.discount_type) {
        // The bonus stays for as long as the loan never leaves VARIABLE (O-27).
        (RateType::Variable, _) if first => (at_origin, origin.limited_time, origin.mix_bonus),
        (RateType::Variable, _) => {
            let back = periods.last() == Some(&RateType::Variable)
                && terms.servicing.special_term.switched_discount == SwitchedDiscount::WhileSpecial;
            let discount = if back { at_origin } else { after.switched.under(origin.fee_plan) };
            (discount, Rate::ZERO, Rate::ZERO)
        }
        (_, Some(DiscountType::InitialPeriod)) if !first => {
            (after.initial_period.under(origin.fee_plan), Rate::ZERO, Rate::ZERO)
        }
        _ => (at_origin, origin.limited_time, Rate::ZERO),
    }
}
