//! The deadline moves because the building is late (S-12, BR-9): what must be in, and what the customer bears.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::funding_deadline;
use crate::contract::{StatedAmount, stamp_duty_on};
use crate::form::{ContractForm, Problem};
use crate::money::{Rate, Yen};
use crate::product::terms::Terms;
use crate::repayment::{Advance, interest_only};
use crate::rule::Rule;

/// What is out, at which rate, and until when.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outstanding {
    pub balance: Yen,
    /// Of the drawings, the monthly guarantee rate included (S-05, S-06).
    pub rate: Rate,
    pub repayment_day: u8,
    pub deadline: NaiveDate,
}

/// What a longer time costs the customer (S-12).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// The repayment date following the new handover.
    pub deadline: NaiveDate,
    /// Interest from the old deadline to the new one; the guarantee fee is part of the rate (S-05).
    pub interest_yen: Yen,
    /// On the change agreement, which states no amount (H-52).
    pub stamp_yen: Yen,
}

impl Extension {
    /// Everything that the customer bears, yen.
    pub fn total(&self) -> Yen {
        self.interest_yen + self.stamp_yen
    }
}

/// The extension to a new handover date that is asked for on `asked_on`. Errors, all at once: asked for after the deadline, a
/// handover that gives no later deadline, no cause (S-12).
pub fn extend(
    terms: &Terms,
    form: ContractForm,
    out: &Outstanding,
    asked_on: NaiveDate,
    new_handover: NaiveDate,
    cause: &str,
) -> Result<Extension, Vec<Problem>> {
    let mut problems = Vec::new();
    let deadline = funding_deadline(new_handover, out.repayment_day);
    if asked_on > out.deadline {
        let last = out.deadline;
        problems.push(Rule::refusal("S-12", "asked_on", format!("{last}まで / by {last}")));
    }
    if deadline <= out.deadline {
        let last = out.deadline;
        let accepted = format!("{last}以降の引渡日 / a handover on or after {last}");
        problems.push(Rule::refusal("S-12", "new_handover_on", accepted));
    }
    if cause.trim().is_empty() {
        problems.push(Rule::refusal("S-12", "cause", "遅延の原因 / the cause, such as the weather"));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(Extension {
        deadline,
        interest_yen: extra_interest(terms, out, deadline),
        stamp_yen: stamp_duty_on(terms, form, StatedAmount::None),
    })
}

/// Interest of the months between the deadlines (S-05, S-12).
pub fn extra_interest(terms: &Terms, out: &Outstanding, deadline: NaiveDate) -> Yen {
    let advance = Advance { on: out.deadline, amount: out.balance };
    let rounding = terms.repayment.rounding.interest;
    let months = interest_only(&[advance], out.rate, out.repayment_day, deadline, rounding);
    months.iter().map(|month| month.interest).sum()
}
