//! Tokyo dates, ages and month arithmetic.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta};

/// The Tokyo calendar date of an instant. Japan has had no summer time since 1951, so the offset is constant.
pub fn tokyo_date<Tz: chrono::TimeZone>(instant: DateTime<Tz>) -> NaiveDate {
    let utc = instant.naive_utc();
    utc.checked_add_signed(TimeDelta::hours(9)).unwrap_or(utc).date()
}

/// The last day of the month of `date`.
pub fn month_end(date: NaiveDate) -> NaiveDate {
    date.with_day(month_length(date.year(), date.month())).unwrap_or(date)
}

/// The given day in the month of `date`, or the month's last day if the month is shorter (J-11).
pub fn on_day(date: NaiveDate, day: u8) -> NaiveDate {
    date.with_day(u32::from(day)).unwrap_or_else(|| month_end(date))
}

/// The repayment days after `date`, month by month: the given day, or a shorter month's last day (J-11). Ends with the calendar.
pub fn repayment_days_after(date: NaiveDate, day: u8) -> impl Iterator<Item = NaiveDate> {
    let (mut year, mut month) = (date.year(), date.month());
    std::iter::from_fn(move || {
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
        NaiveDate::from_ymd_opt(year, month, u32::from(day).min(month_length(year, month)))
    })
}

/// The number of days of a month.
const fn month_length(year: i32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => 28 + leap as u32,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// `date` minus whole months, clamped to the month's end. Stays put at the end of the calendar's range.
pub fn months_before(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_sub_months(Months::new(months)).unwrap_or(date)
}

/// `date` plus whole months, clamped to the month's end. Stays put at the end of the calendar's range.
pub fn months_after(date: NaiveDate, months: u32) -> NaiveDate {
    date.checked_add_months(Months::new(months)).unwrap_or(date)
}

/// The day on which somebody born on `birth` becomes `age`; 29 February counts as 1 March in common years.
pub fn birthday(birth: NaiveDate, age: u32) -> NaiveDate {
    let year = birth.year() + i32::try_from(age).unwrap_or(0);
    let same_day = NaiveDate::from_ymd_opt(year, birth.month(), birth.day());
    same_day.or_else(|| NaiveDate::from_ymd_opt(year, 3, 1)).unwrap_or(birth)
}

/// Full years of age on a day; 0 before birth.
pub fn age_on(birth: NaiveDate, date: NaiveDate) -> u32 {
    let years = u32::try_from(date.year() - birth.year()).unwrap_or(0);
    if years > 0 && date < birthday(birth, years) { years - 1 } else { years }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, FixedOffset};

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn an_instant_belongs_to_the_tokyo_date() {
        let instant: DateTime<FixedOffset> = "2025-03-31T15:30:00Z".parse().unwrap();
        assert_eq!(tokyo_date(instant), day("2025-04-01"));
    }

    #[test]
    fn a_leap_day_birthday_is_the_first_of_march() {
        assert_eq!(age_on(day("2004-02-29"), day("2022-02-28")), 17);
        assert_eq!(age_on(day("2004-02-29"), day("2022-03-01")), 18);
        assert_eq!(birthday(day("2004-02-29"), 76), day("2080-02-29"));
    }

    #[test]
    fn repayment_days_go_on_from_the_original_day() {
        let days: Vec<NaiveDate> = repayment_days_after(day("2027-12-31"), 31).take(4).collect();
        assert_eq!(days, [day("2028-01-31"), day("2028-02-29"), day("2028-03-31"), day("2028-04-30")]);
        // Every month of four centuries has the length that the calendar gives it.
        let by_length: Vec<NaiveDate> = repayment_days_after(day("1899-12-31"), 31).take(4800).collect();
        assert_eq!(by_length.last(), Some(&day("2299-12-31")), "no month is missing");
        assert!(by_length.iter().all(|last| last.succ_opt().unwrap().format("%d").to_string() == "01"));
    }

    #[test]
    fn a_month_is_clamped_to_its_end() {
        assert_eq!(on_day(day("2027-02-01"), 31), day("2027-02-28"));
        assert_eq!(months_after(day("2026-11-30"), 3), day("2027-02-28"));
        assert_eq!(months_before(day("2027-03-31"), 1), day("2027-02-28"));
        assert_eq!(month_end(day("2028-02-10")), day("2028-02-29"));
        assert_eq!(month_end(day("2028-02-10")).checked_add_days(Days::new(1)), Some(day("2028-03-01")));
    }
}
