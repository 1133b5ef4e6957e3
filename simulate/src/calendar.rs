//! Days as people outside know them: Tokyo dates, bank holidays, month arithmetic. Good enough to name a date; the bank decides.

use chrono::{DateTime, Datelike, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};

/// Seconds that Tokyo is ahead of UTC.
const TOKYO: i32 = 9 * 3600;

/// Tokyo date of an instant.
pub fn tokyo_date(at: DateTime<Utc>) -> NaiveDate {
    at.naive_utc().checked_add_signed(chrono::Duration::seconds(i64::from(TOKYO))).unwrap_or_default().date()
}

/// An instant on a Tokyo date.
pub fn tokyo_instant(date: NaiveDate, hour: u32, minute: u32) -> DateTime<Utc> {
    let local = date.and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap_or_default());
    Utc.from_utc_datetime(&(local - chrono::Duration::seconds(i64::from(TOKYO))))
}

/// So many days later, or earlier where negative.
pub fn days_after(date: NaiveDate, days: i64) -> NaiveDate {
    let count = Days::new(days.unsigned_abs());
    let moved = if days < 0 { date.checked_sub_days(count) } else { date.checked_add_days(count) };
    moved.unwrap_or(date)
}

/// The first Monday from `date` on, itself included.
pub fn monday_from(date: NaiveDate) -> NaiveDate {
    let to_come = (7 - date.weekday().num_days_from_monday()) % 7;
    days_after(date, i64::from(to_come))
}

/// So many months later, or earlier where negative.
pub fn months_after(date: NaiveDate, months: i32) -> NaiveDate {
    let count = Months::new(months.unsigned_abs());
    let moved = if months < 0 { date.checked_sub_months(count) } else { date.checked_add_months(count) };
    moved.unwrap_or(date)
}

/// The first day from `date` on, itself included, on which banks are open.
pub fn open_day(date: NaiveDate) -> NaiveDate {
    (0..30).map(|days| days_after(date, days)).find(|day| is_open(*day)).unwrap_or(date)
}

/// Are banks open?
pub fn is_open(date: NaiveDate) -> bool {
    let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
    let year_end = matches!((date.month(), date.day()), (12, 31) | (1, 1..=3));
    !weekend && !year_end && !is_holiday(date)
}

/// National holidays of the years from 2022 on: named days, the day after one on a Sunday, the day between two.
fn is_holiday(date: NaiveDate) -> bool {
    if is_named(date) {
        return true;
    }
    let before = days_after(date, -1);
    let between = is_named(before) && is_named(days_after(date, 1));
    // The first day after a run of named days that holds a Sunday.
    let mut run = before;
    while is_named(run) {
        if run.weekday() == Weekday::Sun {
            return true;
        }
        run = days_after(run, -1);
    }
    between
}

fn is_named(date: NaiveDate) -> bool {
    let fixed = [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)];
    let monday = |month: u32, nth: u32| {
        date.month() == month && date.weekday() == Weekday::Mon && date.day().div_ceil(7) == nth
    };
    fixed.contains(&(date.month(), date.day()))
        || monday(1, 2)
        || monday(7, 3)
        || monday(9, 3)
        || monday(10, 2)
        || (date.month() == 3 && date.day() == equinox(date.year(), 20.8431))
        || (date.month() == 9 && date.day() == equinox(date.year(), 23.2488))
}

/// The usual formula, good for 1980 to 2099.
fn equinox(year: i32, base: f64) -> u32 {
    let since = f64::from(year - 1980);
    let day = (base + 0.242_194 * since).floor() - (since / 4.0).floor();
    if (1.0..=31.0).contains(&day) { day as u32 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    #[test]
    fn banks_are_closed_on_holidays_and_at_the_turn_of_the_year() {
        for closed in
            ["2026-01-02", "2026-05-06", "2026-09-22", "2025-02-24", "2026-03-20", "2026-11-22", "2025-12-31"]
        {
            assert!(!is_open(day(closed)), "{closed}");
        }
        for open in ["2026-01-05", "2026-05-07", "2026-11-24", "2025-12-30"] {
            assert!(is_open(day(open)), "{open}");
        }
        assert_eq!(open_day(day("2026-05-02")), day("2026-05-07"));
    }

    #[test]
    fn the_tokyo_date_is_nine_hours_ahead() {
        let late: DateTime<Utc> = "2025-05-06T15:04:30Z".parse().expect("an instant");
        assert_eq!(tokyo_date(late), day("2025-05-07"));
        assert_eq!(tokyo_date(tokyo_instant(day("2025-05-07"), 0, 0)), day("2025-05-07"));
    }
}
