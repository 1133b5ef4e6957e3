//! When a mail to a customer may leave: by day, and on days on which the bank is open to be asked.

use super::{on_or_after, tokyo_date};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Hours of Tokyo before UTC.
const TOKYO: TimeDelta = TimeDelta::hours(9);
/// First hour of the day in which mails to customers leave, Tokyo time.
pub const FROM_HOUR: u32 = 8;
/// First hour in which they do not any more.
pub const TO_HOUR: u32 = 20;

/// The first instant from `now` on at which a mail may leave: between 08:00 and 20:00 in Tokyo of a day that is `open`. `now` itself
/// where it is one, or where no day is open for weeks: a mail that waits for ever is worse than one on a holiday.
pub fn leaves_at(now: DateTime<Utc>, open: impl Fn(NaiveDate) -> bool) -> DateTime<Utc> {
    let today = tokyo_date(now);
    let hour = |day: NaiveDate, hour: u32| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        day.and_time(time).and_utc() - TOKYO
    };
    let from = if now < hour(today, TO_HOUR) {
        today
    } else {
        today.checked_add_days(Days::new(1)).unwrap_or(today)
    };
    match on_or_after(from, open) {
        Some(day) => now.max(hour(day, FROM_HOUR)),
        None => now,
    }
}

/// Hours of the day, Tokyo time, at which the digests of desks leave: the ends of the two halves of a bank's day.
pub const DIGEST_HOURS: [u32; 2] = [12, 17];

/// The first instant after `now` at which a digest leaves: noon or five o'clock in Tokyo of a day that is `open`. `now` itself where no
/// day is open for weeks.
pub fn digest_at(now: DateTime<Utc>, open: impl Fn(NaiveDate) -> bool) -> DateTime<Utc> {
    let at = |day: NaiveDate, hour: u32| {
        let time = NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
        day.and_time(time).and_utc() - TOKYO
    };
    let mut from = Some(tokyo_date(now));
    while let Some(day) = from.and_then(|from| on_or_after(from, &open)) {
        if let Some(then) = DIGEST_HOURS.map(|hour| at(day, hour)).into_iter().find(|then| *then > now) {
            return then;
        }
        from = day.checked_add_days(Days::new(1));
    }
    now
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::is_bank_day;

    #[test]
    fn digests_leave_at_noon_and_at_five_on_open_days() {
        for (now, wanted) in [
            ("2026-04-08T08:59:00+09:00", "2026-04-08T12:00:00+09:00"),
            ("2026-04-08T12:00:00+09:00", "2026-04-08T17:00:00+09:00"),
            ("2026-04-08T16:59:59+09:00", "2026-04-08T17:00:00+09:00"),
            ("2026-04-08T17:00:00+09:00", "2026-04-09T12:00:00+09:00"),
            // Friday evening, and Saturday: Monday noon.
            ("2026-04-10T17:00:01+09:00", "2026-04-13T12:00:00+09:00"),
            ("2026-04-11T12:00:00+09:00", "2026-04-13T12:00:00+09:00"),
            ("2026-12-30T18:00:00+09:00", "2027-01-04T12:00:00+09:00"),
        ] {
            assert_eq!(digest_at(at(now), is_bank_day), at(wanted), "{now}");
        }
        let now = at("2026-04-08T09:00:00+09:00");
        assert_eq!(digest_at(now, |_| false), now, "a calendar without an open day keeps nothing back");
        let closed = NaiveDate::from_ymd_opt(2026, 4, 8).expect("a day");
        assert_eq!(digest_at(now, |day| is_bank_day(day) && day != closed), at("2026-04-09T12:00:00+09:00"));
    }

    fn at(text: &str) -> DateTime<Utc> {
        DateTime::parse_from_rfc3339(text).expect("an instant").with_timezone(&Utc)
    }

    #[test]
    fn by_day_at_once_at_night_and_on_holidays_in_the_next_open_morning() {
        let cases = [
            ("2026-04-08T12:00:00+09:00", "2026-04-08T12:00:00+09:00"),
            ("2026-04-08T08:00:00+09:00", "2026-04-08T08:00:00+09:00"),
            ("2026-04-08T07:59:59+09:00", "2026-04-08T08:00:00+09:00"),
            ("2026-04-08T19:59:59+09:00", "2026-04-08T19:59:59+09:00"),
            ("2026-04-08T20:00:00+09:00", "2026-04-09T08:00:00+09:00"),
            // Friday night, and Saturday at noon: Monday morning.
            ("2026-04-10T23:30:00+09:00", "2026-04-13T08:00:00+09:00"),
            ("2026-04-11T12:00:00+09:00", "2026-04-13T08:00:00+09:00"),
            // The holidays of May, and the turn of the year.
            ("2026-05-02T10:00:00+09:00", "2026-05-07T08:00:00+09:00"),
            ("2026-12-30T21:00:00+09:00", "2027-01-04T08:00:00+09:00"),
        ];
        for (now, wanted) in cases {
            assert_eq!(leaves_at(at(now), is_bank_day), at(wanted), "{now}");
        }
        let now = at("2026-04-08T23:00:00+09:00");
        assert_eq!(leaves_at(now, |_| false), now, "a calendar without an open day keeps nothing back");
        // A branch that is closed tomorrow adds a day.
        let closed = NaiveDate::from_ymd_opt(2026, 4, 9).expect("a day");
        assert_eq!(leaves_at(now, |day| is_bank_day(day) && day != closed), at("2026-04-10T08:00:00+09:00"));
    }
}
