//! When the year-end balance certificate is sent (P-12, N22).

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

/// What the loan was for, as far as the certificate asks.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CertificateFor {
    PurchaseOrNewBuildOrExtension,
    Refinance,
}

/// When a certificate reaches the customer.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Mailing {
    /// Late in this month, by post.
    Late { year: i32, month: u32 },
    /// Not mailed in the first year: the customer asks for it.
    OnRequestOnly,
}

/// The mailing of the certificate for the balance at the end of `year`; `None` before the year of disbursement. Every joint
/// debtor gets one with the whole balance, and every part of a mix has its own (C-54).
pub fn certificate_mailing(loan: CertificateFor, disbursed: NaiveDate, year: i32) -> Option<Mailing> {
    if year < disbursed.year() {
        return None;
    }
    let first = year == disbursed.year();
    Some(match loan {
        CertificateFor::PurchaseOrNewBuildOrExtension if first => Mailing::Late { year: year + 1, month: 1 },
        CertificateFor::Refinance if first && disbursed.month() >= 10 => Mailing::OnRequestOnly,
        _ => Mailing::Late { year, month: 10 },
    })
}
