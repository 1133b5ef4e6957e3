//! National holidays of Japan (I.40), valid from 2016 on.

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// A national holiday, substitute and citizens' holidays included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    pub date: NaiveDate,
    pub name: &'static str,
}

/// The name of the holiday on a day, `None` for an ordinary day.
pub fn holiday(date: NaiveDate) -> Option<&'static str> {
    if let Some(name) = statutory(date) {
        return Some(name);
    }
    if is_substitute(date) {
        return Some("振替休日");
    }
    let neighbours = [date.pred_opt(), date.succ_opt()];
    let between = neighbours.into_iter().all(|day| day.is_some_and(|day| statutory(day).is_some()));
    between.then_some("国民の休日")
}

/// All holidays of a year in order.
pub fn holidays(year: i32) -> Vec<Holiday> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1);
    let days = first.into_iter().flat_map(|day| day.iter_days()).take_while(|date| date.year() == year);
    days.filter_map(|date| holiday(date).map(|name| Holiday { date, name })).collect()
}

/// A substitute holiday: every day since the last Sunday is a holiday by statute, this one is not.
fn is_substitute(date: NaiveDate) -> bool {
    let since_sunday = u64::from(date.weekday().num_days_from_sunday());
    since_sunday > 0
        && (1..=since_sunday)
            .all(|back| date.checked_sub_days(Days::new(back)).is_some_and(|day| statutory(day).is_some()))
}

/// The holidays that the act and the special statutes of 2019 to 2021 name.
fn statutory(date: NaiveDate) -> Option<&'static str> {
    let (year, month, day) = (date.year(), date.month(), date.day());
    if let Some(moved) = moved_by_statute(year, month, day) {
        return moved;
    }
    let monday = |nth: u32| date.weekday() == Weekday::Mon && (day - 1) / 7 + 1 == nth;
    match (month, day) {
        (1, 1) => Some("元日"),
        (1, _) if monday(2) => Some("成人の日"),
        (2, 11) => Some("建国記念の日"),
        (2, 23) if year >= 2020 => Some("天皇誕生日"),
        (3, _) if day == equinox(208_431, year) => Some("春分の日"),
        (4, 29) => Some("昭和の日"),
        (5, 3) => Some("憲法記念日"),
        (5, 4) => Some("みどりの日"),
        (5, 5) => Some("こどもの日"),
        (7, _) if monday(3) => Some("海の日"),
        (8, 11) => Some("山の日"),
        (9, _) if monday(3) => Some("敬老の日"),
        (9, _) if day == equinox(232_488, year) => Some("秋分の日"),
        (10, _) if monday(2) => Some(if year < 2020 { "体育の日" } else { "スポーツの日" }),
        (11, 3) => Some("文化の日"),
        (11, 23) => Some("勤労感謝の日"),
        (12, 23) if year <= 2018 => Some("天皇誕生日"),
        _ => None,
    }
}

/// Days that the special statutes of 2019 to 2021 added (`Some(Some)`) or moved away (`Some(None)`).
fn moved_by_statute(year: i32, month: u32, day: u32) -> Option<Option<&'static str>> {
    match (year, month, day) {
        (2019, 5, 1) => Some(Some("天皇の即位の日")),
        (2019, 10, 22) => Some(Some("即位礼正殿の儀の行われる日")),
        (2020, 7, 23) | (2021, 7, 22) => Some(Some("海の日")),
        (2020, 7, 24) | (2021, 7, 23) => Some(Some("スポーツの日")),
        (2020, 8, 10) | (2021, 8, 8) => Some(Some("山の日")),
        (2020 | 2021, 7 | 8 | 10, _) => Some(None),
        _ => None,
    }
}

/// Day of an equinox from its offset in 1980 in ten-thousandths of a day: `int(offset + 0.242194 y) - int(y / 4)`.
fn equinox(ten_thousandths: i64, year: i32) -> u32 {
    let years = i64::from(year) - 1980;
    let day = (ten_thousandths * 100 + 242_194 * years).div_euclid(1_000_000) - years.div_euclid(4);
    u32::try_from(day).unwrap_or(0)
}
