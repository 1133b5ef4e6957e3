//! Late damages (J-45).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::interest::interest;
use super::rounding::Rounding;
use crate::form::Problem;
use crate::money::Yen;
use crate::product::servicing::DamagesTerms;
use crate::rule::Rule;

/// What is claimed together with an overdue payment.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LateDamages {
    /// The principal part of the overdue amount: interest bears no damages.
    pub principal_yen: Yen,
    /// The debit date itself is not counted.
    pub days: u32,
    pub damages_yen: Yen,
}

/// J-45: `floor(principal part * rate * days / 365)`. Days are counted from the **debit** date, so that the shift to the next
/// business day costs nothing (J-09). Errors: a negative principal or a payment before the debit date.
pub fn late_damages(
    terms: &DamagesTerms,
    principal: Yen,
    debit: NaiveDate,
    paid_on: NaiveDate,
) -> Result<LateDamages, Vec<Problem>> {
    let mut problems = Vec::new();
    if principal < Yen::ZERO {
        problems.push(Rule::refusal("J-45", "principal_yen", "0 or more"));
    }
    let days = u32::try_from((paid_on - debit).num_days());
    if days.is_err() {
        problems.push(Rule::refusal("J-45", "paid_on", format!("from {debit}, the debit date, on")));
    }
    match days {
        Ok(days) if problems.is_empty() => {
            let per_year = u32::from(terms.days_per_year);
            // What is owed by law is never rounded up against the customer.
            let damages_yen = interest(principal, terms.rate, days, per_year, Rounding::Down);
            Ok(LateDamages { principal_yen: principal, days, damages_yen })
        }
        _ => Err(problems),
    }
}
