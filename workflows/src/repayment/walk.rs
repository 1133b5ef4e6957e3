//! The inner loop of every schedule: payments on one amount and one rate, row by row.

use chrono::NaiveDate;

use super::interest::{PeriodInterest, share};
use super::schedule::Row;
use crate::money::Yen;

/// What is owed between two repayments.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) struct Owed {
    pub(super) balance: Yen,
    /// Interest that payments so far did not cover; it bears none itself (J-24).
    pub(super) unpaid: Yen,
}

impl Owed {
    /// One payment: unpaid interest first, then interest of the period, then principal (J-06). The `last` payment, and one that
    /// is large enough, takes all that is owed (J-07, J-25).
    pub(super) fn pay(&mut self, due: NaiveDate, payment: Yen, of_period: Yen, last: bool) -> Row {
        let owed = self.unpaid + of_period;
        let everything = self.balance + owed;
        let paid = if last || everything <= payment { everything } else { payment };
        let interest = paid.min(owed);
        let principal = paid - interest;
        self.balance = self.balance - principal;
        self.unpaid = owed - interest;
        Row { due, payment: paid, interest, principal, balance: self.balance, unpaid_interest: self.unpaid }
    }

    /// Whole periods up to the end of `dates` or until nothing is owed.
    pub(super) fn pay_on(
        &mut self,
        dates: &[NaiveDate],
        payment: Yen,
        interest: &PeriodInterest,
        rows: &mut Vec<Row>,
    ) {
        let Some(multiplier) = interest.multiplier else {
            // What was settled before has no further row.
            for due in dates {
                if self.balance == Yen::ZERO {
                    return;
                }
                rows.push(self.pay(*due, payment, interest.on(self.balance), false));
            }
            return;
        };
        // As `pay`, in bare 64-bit numbers: the multiplier exists only where no sum of them can overflow.
        let (mut balance, mut unpaid, amount) = (self.balance.0, self.unpaid.0, payment.0);
        rows.extend(dates.iter().map_while(|due| {
            if balance == 0 {
                return None;
            }
            let of_period = share(balance, multiplier);
            // Nearly always nothing is in arrears and the amount covers the interest: then the next balance hangs on one
            // multiplication and one addition only, which is what the loop waits for.
            let after = balance - amount + of_period;
            let (paid, interest) = if unpaid == 0 && after > 0 && of_period <= amount {
                balance = after;
                (amount, of_period)
            } else {
                let owed = unpaid + of_period;
                let paid = amount.min(balance + owed);
                let interest = paid.min(owed);
                balance -= paid - interest;
                unpaid = owed - interest;
                (paid, interest)
            };
            Some(Row {
                due: *due,
                payment: Yen(paid),
                interest: Yen(interest),
                principal: Yen(paid - interest),
                balance: Yen(balance),
                unpaid_interest: Yen(unpaid),
            })
        }));
        *self = Self { balance: Yen(balance), unpaid: Yen(unpaid) };
    }
}
