//! Months in which only interest is paid: drawings and bridge loans before the main disbursement (S-04, S-05).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::course::months_and_days;
use super::interest::interest;
use super::rounding::Rounding;
use crate::calendar::{is_bank_day, on_day, on_or_after, repayment_days_after};
use crate::money::{Rate, Yen};

/// Money that is out from a day on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advance {
    pub on: NaiveDate,
    pub amount: Yen,
}

/// The interest of one month.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct InterestMonth {
    /// The repayment day, or the day on which the money comes back.
    pub due: NaiveDate,
    /// The due date or the bank's next business day (J-09).
    pub debit: NaiveDate,
    /// Yen that are out before the due date.
    pub balance: Yen,
    pub interest: Yen,
}

/// Interest-only months at one rate from the first advance to `until`, which is when everything comes back (S-05). What was out
/// at the last repayment day bears a month's interest (J-05), an advance since then months and odd days (J-04), and the rest of
/// a month before `until` days of 365 (J-04). Without an advance before `until` nothing is due.
pub fn interest_only(
    advances: &[Advance],
    rate: Rate,
    repayment_day: u8,
    until: NaiveDate,
    rounding: Rounding,
) -> Vec<InterestMonth> {
    let Some(first) = advances.iter().map(|advance| advance.on).min().filter(|first| *first < until) else {
        return Vec::new();
    };
    let this_month = on_day(first, repayment_day);
    let days = std::iter::once(this_month).chain(repayment_days_after(first, repayment_day));
    let mut dates: Vec<NaiveDate> = days.filter(|day| *day > first).take_while(|day| *day < until).collect();
    dates.push(until);
    let mut since = None;
    dates
        .into_iter()
        .map(|due| {
            let between = |from: NaiveDate| match on_day(due, repayment_day) == due {
                true => months_and_days(from, due, repayment_day),
                false => (0, u32::try_from((due - from).num_days()).unwrap_or(0)),
            };
            let of = |amount: Yen, from: NaiveDate| {
                let (months, days) = between(from);
                interest(amount, rate, months, 12, rounding) + interest(amount, rate, days, 365, rounding)
            };
            let sum = |test: &dyn Fn(NaiveDate) -> bool| -> Yen {
                advances.iter().filter(|advance| test(advance.on)).map(|advance| advance.amount).sum()
            };
            let carried = since.map(|last| of(sum(&|on| on < last), last)).unwrap_or(Yen::ZERO);
            let fresh = advances.iter().filter(|a| a.on < due && since.is_none_or(|last| a.on >= last));
            let interest = carried + fresh.map(|advance| of(advance.amount, advance.on)).sum();
            since = Some(due);
            let debit = on_or_after(due, is_bank_day).unwrap_or(due);
            InterestMonth { due, debit, balance: sum(&|on| on < due), interest }
        })
        .collect()
}
