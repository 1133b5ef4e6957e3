//! Money ahead of the main disbursement: split lending (E.6) and bridge loans (E.7).
//!
//! Split lending is one limit-type contract: drawings on it bear the rate of the first one (S-06), only interest is paid on them
//! (S-04, S-05), and the main posting delivers the rest and converts them (O-30). A bridge loan is a contract of its own beside
//! the main loan, unsecured, and paid off by the main disbursement (BR-5). [`Limit`] holds both within 90 percent,
//! [`funding_deadline`] says when they end, [`extension`] moves that date, [`SplitFacts`] says how far a split has come.

mod bridge;
pub mod extension;
mod judge;
mod split;

pub(crate) use judge::judge;
pub use judge::limit;

pub use bridge::{BridgeRequest, BridgeTerms, MainDecision, bridge_insurance, review_bridge};
pub use split::{LandMortgage, Phase, Settling, SplitFacts};

use chrono::NaiveDate;

use crate::calendar::{months_after, on_day, repayment_days_after};
use crate::form::Problem;
use crate::money::{Rate, Yen};
use crate::product::RateComponents;
use crate::product::terms::StagedTerms;
use crate::repayment::{Advance, Rounding, interest_only};
use crate::rule::Rule;

/// How much may be out ahead of the main disbursement.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The main loan's applied amount.
    pub applied: Yen,
    /// What the payments ahead need by contract or estimate.
    pub needed: Yen,
    /// Of the applied amount.
    pub percent: u32,
}

impl Limit {
    /// S-02: the share of the applied amount, and no more than is needed.
    pub fn most(&self) -> Yen {
        self.applied.floor_percent(self.percent).min(self.needed)
    }

    /// One more drawing of `amount` after `drawn`. Errors: S-02 with the yen that would be accepted, for a drawing of nought or
    /// less and for one over the limit.
    pub fn take(&self, drawn: Yen, amount: Yen) -> Result<Yen, Problem> {
        let room = (self.most() - drawn).max(Yen::ZERO);
        let total = drawn + amount;
        if amount > Yen::ZERO && total <= self.most() {
            return Ok(total);
        }
        let accepted = if room == Yen::ZERO {
            "これ以上の実行はできません / no further drawing".to_owned()
        } else {
            format!("1円から{room}円まで / from 1 to {room} yen")
        };
        Err(Rule::refusal("S-02", "drawing_yen", accepted))
    }
}

/// S-04: the monthly repayment date directly following the planned handover; the handover day itself does not count (O-10).
pub fn funding_deadline(handover: NaiveDate, repayment_day: u8) -> NaiveDate {
    let this_month = on_day(handover, repayment_day);
    if this_month > handover {
        return this_month;
    }
    repayment_days_after(handover, repayment_day).next().unwrap_or(this_month)
}

/// S-03: from the first drawing to the deadline it is in principle no more than the book's months. Errors: S-03 with the last day
/// that is within.
pub fn within_term(terms: &StagedTerms, first: NaiveDate, deadline: NaiveDate) -> Result<(), Problem> {
    let last = months_after(first, terms.term_months);
    if deadline <= last {
        return Ok(());
    }
    Err(Rule::refusal("S-03", "funding_deadline", format!("{last}まで / by {last}")))
}

/// The rate of money that is out ahead (S-05, S-06, BR-2): the main loan's rate of the day, with the monthly guarantee rate
/// whatever the main loan's own method is (F-03).
pub fn rate_ahead(main: &RateComponents, monthly_guarantee_rate: Rate) -> Rate {
    RateComponents { guarantee_rate: monthly_guarantee_rate, ..*main }.applicable_rate()
}

/// S-06: later drawings bear the rate of the first.
pub fn drawing_rate(first: Option<Rate>, of_the_day: Rate) -> Rate {
    first.unwrap_or(of_the_day)
}

/// Interest on the drawings that no repayment day before `until` has debited yet: it is debited with the main posting (I.20 (1)).
pub fn interest_due(
    drawings: &[Advance],
    rate: Rate,
    repayment_day: u8,
    until: NaiveDate,
    rounding: Rounding,
) -> Yen {
    let months = interest_only(drawings, rate, repayment_day, until, rounding);
    months.last().map_or(Yen::ZERO, |month| month.interest)
}

/// S-13: once a drawing is out the main amount does not grow. Errors: S-13 with the amount that stands.
pub fn main_amount_after(drawn: Yen, standing: Yen, wanted: Yen) -> Result<Yen, Problem> {
    if drawn == Yen::ZERO || wanted <= standing {
        return Ok(wanted);
    }
    Err(Rule::refusal("S-13", "requested_amount_yen", format!("{standing}円まで / up to {standing} yen")))
}
