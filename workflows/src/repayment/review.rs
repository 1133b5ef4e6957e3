//! The variable rate over time: reviews of the rate and of the amount, the capped type (J-20 to J-27).

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::{Deserialize, Serialize};

use super::course::{Course, RatePath, RateStep, Standing};
use crate::calendar::on_day;
use crate::form::Problem;
use crate::money::Rate;
use crate::product::servicing::{FirstReview, RateCapApplies, ReviewTerms};
use crate::rule::Rule;

/// The bank's base rate (労金変動型住宅ローンプライムレート) by the days on which it changed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BaseRates {
    pub changes: BTreeMap<NaiveDate, Rate>,
}

impl BaseRates {
    /// The base rate in force on a day; `None` before the first known one.
    pub fn on(&self, date: NaiveDate) -> Option<Rate> {
        self.changes.range(..=date).next_back().map(|(_, rate)| *rate)
    }
}

/// One review of the rate (J-20), also where it changes nothing.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RateReview {
    /// 1 April or 1 October.
    pub base_date: NaiveDate,
    pub base_rate: Rate,
    /// The base rate that it is compared with.
    pub previous: Rate,
    /// Percentage points, negative for a fall.
    pub change: Rate,
    pub effective_from: NaiveDate,
    /// The applicable rate from then on.
    pub rate: Rate,
}

/// What moves the rate of a variable loan and what does not.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariablePricing {
    /// Standard rate less discounts, the surcharge of CAPPED_10Y included: what the reviews move.
    pub moving: Rate,
    /// Insurance, guarantee and screening add-ons, as stored at disbursement.
    pub add_ons: Rate,
    /// The cap of CAPPED_10Y (J-27).
    pub cap: Option<Rate>,
}

/// A part of a loan that is VARIABLE, or CAPPED_10Y within its ten years, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableLoan {
    pub standing: Standing,
    pub pricing: VariablePricing,
    /// The day whose rate the loan has: the disbursement, or the rate-decision date of a return to VARIABLE (J-21, O-19).
    pub rate_decided_on: NaiveDate,
    /// The disbursement or the return to VARIABLE: 1 Octobers after it count (J-22).
    pub variable_since: NaiveDate,
}

/// The course of a variable loan with everything that changed on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VariableCourse {
    /// Every review whose base date is known, also those that change nothing.
    pub rate_reviews: Vec<RateReview>,
    pub course: Course,
}

impl VariablePricing {
    /// The applicable rate, never below nought (C-62), after the cap where there is one (J-27).
    pub fn applicable(&self, applies: RateCapApplies) -> Rate {
        let at_most = |rate: Rate| self.cap.map_or(rate, |cap| rate.min(cap));
        let rate = match applies {
            RateCapApplies::BeforeAddOns => at_most(self.moving) + self.add_ons,
            RateCapApplies::AfterAddOns => at_most(self.moving + self.add_ons),
        };
        rate.max(Rate::ZERO)
    }
}

/// J-20: 1 April takes effect the day after July's repayment date, 1 October the day after next January's.
pub fn effective_from(base_date: NaiveDate, repayment_day: u8) -> NaiveDate {
    let month = base_date.checked_add_months(chrono::Months::new(3)).unwrap_or(base_date);
    let repaid = on_day(month, repayment_day);
    repaid.checked_add_days(Days::new(1)).unwrap_or(repaid)
}

/// The base dates after a day, without end (J-20).
pub fn base_dates_after(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    let of_year =
        |year: i32| [4, 10].into_iter().filter_map(move |month| NaiveDate::from_ymd_opt(year, month, 1));
    (date.year()..)
        .map_while(move |year| NaiveDate::from_ymd_opt(year, 1, 1).map(|_| year))
        .flat_map(of_year)
        .filter(move |day| *day > date)
}

/// J-22: the days from which the amount is reviewed, 1 February after every so many 1 Octobers strictly after `since`; each
/// with the 1 October that it follows.
pub fn payment_reviews_after(
    since: NaiveDate,
    terms: &ReviewTerms,
) -> impl Iterator<Item = (NaiveDate, NaiveDate)> {
    let octobers = usize::from(terms.payment_review_octobers.max(1));
    let counted =
        base_dates_after(since).filter(|date| date.month() == 10).skip(octobers - 1).step_by(octobers);
    counted.filter_map(|october| Some((october, NaiveDate::from_ymd_opt(october.year() + 1, 2, 1)?)))
}

impl VariableLoan {
    /// Every review up to the last known base rate that takes effect by `until`. Errors: no base rate is known for the day on
    /// which the rate was decided, or for a base date that is needed (J-20).
    pub fn rate_reviews(
        &self,
        base: &BaseRates,
        terms: &ReviewTerms,
        known_to: NaiveDate,
    ) -> Result<Vec<RateReview>, Problem> {
        let unknown =
            |date: NaiveDate| Rule::refusal("J-20", "base_rates", format!("a base rate in force on {date}"));
        let known = |date: NaiveDate| base.on(date).ok_or_else(|| unknown(date));
        let mut reference = match terms.first_review {
            FirstReview::AtDecision => known(self.rate_decided_on)?,
            FirstReview::PreviousBaseDate => known(last_base_date(self.rate_decided_on))?,
        };
        let until = known_to.min(self.standing.due_dates.last().copied().unwrap_or(known_to));
        let mut pricing = self.pricing;
        let dates = base_dates_after(self.rate_decided_on).take_while(|date| *date <= until);
        let mut reviews = Vec::new();
        for base_date in dates {
            let base_rate = known(base_date)?;
            let change = base_rate - reference;
            pricing.moving = pricing.moving + change;
            reviews.push(RateReview {
                base_date,
                base_rate,
                previous: reference,
                change,
                effective_from: effective_from(base_date, self.standing.repayment_day),
                rate: pricing.applicable(terms.rate_cap_applies),
            });
            reference = base_rate;
        }
        Ok(reviews)
    }

    /// The whole course at the base rates known on `known_to`, the last of them held to the end. Errors: as `rate_reviews`.
    pub fn course(
        &self,
        base: &BaseRates,
        terms: &ReviewTerms,
        known_to: NaiveDate,
    ) -> Result<VariableCourse, Problem> {
        let rate_reviews = self.rate_reviews(base, terms, known_to)?;
        let mut rates = RatePath::constant(self.pricing.applicable(terms.rate_cap_applies));
        for review in &rate_reviews {
            if rates.steps.last().map_or(rates.first, |step| step.rate) != review.rate {
                rates.steps.push(RateStep { from: review.effective_from, rate: review.rate });
            }
        }
        let last = self.standing.due_dates.last().copied().unwrap_or(self.standing.settled_on);
        // A review that came with an earlier repayment is already in the amount.
        let repaid = self.standing.previous_due_date();
        let reviews: Vec<NaiveDate> = payment_reviews_after(self.variable_since, terms)
            .map(|(_, from)| from)
            .skip_while(|from| repaid.is_some_and(|repaid| *from <= repaid))
            .take_while(|from| *from <= last)
            .collect();
        let course = self.standing.course(&rates, &reviews, u32::from(terms.payment_cap_percent));
        Ok(VariableCourse { rate_reviews, course })
    }
}

/// The last base date up to `date`, itself included.
fn last_base_date(date: NaiveDate) -> NaiveDate {
    let candidates = [(date.year(), 10), (date.year(), 4), (date.year() - 1, 10)];
    let days = candidates.into_iter().filter_map(|(year, month)| NaiveDate::from_ymd_opt(year, month, 1));
    days.into_iter().find(|day| *day <= date).unwrap_or(date)
}
