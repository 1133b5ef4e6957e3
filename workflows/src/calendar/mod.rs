//! Days: Tokyo dates, national holidays, bank business days, ages and month arithmetic.

mod dates;
mod holidays;
pub mod planning;
pub mod quiet;

pub use dates::{
    age_on, birthday, month_end, months_after, months_before, on_day, repayment_days_after, tokyo_date,
};
pub use holidays::{Holiday, holiday, holidays};

use chrono::{Datelike, Days, NaiveDate, Weekday};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A day on which one branch is closed although the bank is open (I-04).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BranchClosure {
    pub branch_code: String,
    pub date: NaiveDate,
    pub reason: String,
}

/// Whether the bank is open on this day (I-02), branch closures aside.
pub fn is_bank_day(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let year_end = matches!((date.month(), date.day()), (12, 31) | (1, 1..=3));
    !weekend && !year_end && holiday(date).is_none()
}

/// Whether this branch is open on this day (I-02, I-04).
pub fn is_business_day(date: NaiveDate, branch_code: &str, closures: &[BranchClosure]) -> bool {
    let closed = closures.iter().any(|closure| closure.date == date && closure.branch_code == branch_code);
    is_bank_day(date) && !closed
}

/// The first day from `date` on, itself included, that is `open`. `None` if there is none within 60 days.
pub fn on_or_after(date: NaiveDate, open: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    (0..60).filter_map(|days| date.checked_add_days(Days::new(days))).find(|day| open(*day))
}

/// The last day up to `date`, itself included, that is `open`. `None` if there is none within 60 days.
pub fn on_or_before(date: NaiveDate, open: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    (0..60).filter_map(|days| date.checked_sub_days(Days::new(days))).find(|day| open(*day))
}
