//! When mails may leave: by day and on the days on which a branch is open.

use crate::post::Parcel;
use chrono::{DateTime, NaiveDate, Utc};
use workflows::calendar::is_bank_day;
use workflows::calendar::quiet::{digest_at, leaves_at};
use workflows::machine::contact::Mailing;
use workflows::machine::{Effect, Recipient};

/// The calendar of the banks.
pub trait Hours: Send + Sync {
    /// Is this branch open on this day?
    fn is_open(&self, institution: &str, branch: &str, day: NaiveDate) -> bool;

    /// Are mails to customers kept for the day?
    fn keeps_quiet(&self) -> bool {
        true
    }
}

/// The days of all banks; closures of branches are not known.
#[derive(Copy, Clone, Debug, Default)]
pub struct BankDays;

impl Hours for BankDays {
    fn is_open(&self, _: &str, _: &str, day: NaiveDate) -> bool {
        is_bank_day(day)
    }
}

/// May a mail of this parcel not wake anybody? To people of a case, unless the notice is urgent or they wait for it.
fn keeps_quiet(parcel: &Parcel) -> bool {
    match &parcel.effect {
        Effect::Notify { notice, to: Recipient::Party { .. }, .. } => !notice.is_urgent(),
        Effect::Mail { mailing, .. } => matches!(mailing, Mailing::Direct(_)),
        _ => false,
    }
}

/// The first instant from `at` on at which another attempt may be made.
pub(crate) fn again_at(hours: &dyn Hours, parcel: &Parcel, at: DateTime<Utc>) -> DateTime<Utc> {
    if !hours.keeps_quiet() || !keeps_quiet(parcel) {
        return at;
    }
    leaves_at(at, |day| hours.is_open(&parcel.institution, &parcel.branch, day))
}

/// The digest with which a desk's mail goes; `None`: it goes by itself and at once.
pub(crate) fn goes_with(hours: &dyn Hours, parcel: &Parcel, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let today = workflows::calendar::tokyo_date(now);
    let waits = match &parcel.effect {
        Effect::Notify { notice, to: Recipient::Desk { .. }, data } => notice.waits_for_digest(data, today),
        _ => false,
    };
    // What was tried before, or is sent by a person's hand, goes at once.
    if !waits || parcel.digest.is_none() || parcel.mail_to.is_some() || parcel.last_error.is_some() {
        return None;
    }
    let until = digest_at(now, |day| hours.is_open(&parcel.institution, &parcel.branch, day));
    (until > now).then_some(until)
}
