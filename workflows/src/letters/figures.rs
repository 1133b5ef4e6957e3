//! Figures of a letter as text: whole yen, days and rates, so that no reader takes them for a number with a point.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;

/// The largest amount that a letter tells: ten times what a loan may be.
const LARGEST: i64 = 10_000_000_000_000;

/// Whole yen, from nought on; in JSON digits without separators: `"28505000"`.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount(i64);

impl Amount {
    pub const ZERO: Self = Amount(0);

    /// So many yen. What is below nought or beyond every loan stands out of range, and no letter is made of it.
    pub const fn of(yen: i64) -> Self {
        Amount(yen)
    }

    /// The amount from digits. Errors: `None` for anything else, such as a sign, a point or a leading nought.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let plain = digits && (text == "0" || !text.starts_with('0'));
        let yen: i64 = text.parse().ok().filter(|_| plain)?;
        (yen <= LARGEST).then_some(Amount(yen))
    }

    /// Both together.
    pub const fn plus(self, other: Self) -> Self {
        Amount(self.0.saturating_add(other.0))
    }

    /// What is left.
    pub const fn less(self, other: Self) -> Self {
        Amount(self.0.saturating_sub(other.0))
    }
}

impl Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Self::plus)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

/// A day of the calendar; in JSON `"2026-04-01"`.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: u16,
    month: u8,
    day: u8,
}

impl Day {
    /// The day of a calendar. One that no calendar has is written as it is, and no letter is made of it.
    pub fn of(year: i32, month: u32, day: u32) -> Self {
        let (year, month) = (u16::try_from(year).unwrap_or(0), u8::try_from(month).unwrap_or(0));
        Day { year, month, day: u8::try_from(day).unwrap_or(0) }
    }

    /// The day from `2026-04-01`. Errors: `None` for anything else, days that no calendar has included.
    pub fn parse(text: &str) -> Option<Self> {
        let plain = text.len() == 10
            && text.bytes().enumerate().all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            });
        let number = |from: usize, to: usize| text.get(from..to)?.parse::<u16>().ok();
        let (year, month, day) = (number(0, 4)?, number(5, 7)?, number(8, 10)?);
        let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
        let last = match month {
            2 if leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            1..=12 => 31,
            _ => 0,
        };
        let fits = plain && year >= 1900 && (1..=last).contains(&day);
        fits.then_some(Day { year, month: u8::try_from(month).ok()?, day: u8::try_from(day).ok()? })
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

/// A rate in percent per annum, as a decimal; in JSON `"2.475"`, kept with the decimals it came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Percent(String);

impl Percent {
    /// The rate from text such as `2.475`. Errors: `None` for anything else, signs and exponents included.
    pub fn parse(text: &str) -> Option<Self> {
        let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
        let digits = |digits: &str, most: usize| {
            (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        };
        (digits(whole, 3) && digits(part, 6)).then(|| Percent(text.to_owned()))
    }
}

impl fmt::Display for Percent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

macro_rules! in_json_text {
    ($name:ident, $accepted:literal) => {
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                $name::parse(&text).ok_or_else(|| serde::de::Error::custom($accepted))
            }
        }
    };
}

in_json_text!(Amount, "whole yen as digits without separators, such as \"28505000\"");
in_json_text!(Day, "a day such as \"2026-04-01\"");
in_json_text!(Percent, "a decimal such as \"2.475\"");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_digits_and_nothing_else() {
        assert_eq!(Amount::parse("28505000"), Some(Amount(28_505_000)));
        assert_eq!(Amount::parse("0"), Some(Amount::ZERO));
        let wrong =
            ["", "-1", "+1", "1.0", "1,000", "007", "１０", " 1", "10000000000001", "99999999999999999999"];
        for text in wrong {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
        // Below nought there is no text that would be read again: a letter of such a case is refused where it is made.
        assert_eq!(Amount::parse(&Amount::of(-1).to_string()), None);
    }

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for text in ["2026-04-01", "2024-02-29", "2000-02-29", "2026-12-31"] {
            assert_eq!(Day::parse(text).map(|day| day.to_string()).as_deref(), Some(text));
        }
        for text in [
            "2026-02-29",
            "2100-02-29",
            "2026-13-01",
            "2026-04-31",
            "2026-4-1",
            "２０２６-04-01",
            "2026/04/01",
            "",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_rate_is_a_plain_decimal() {
        assert_eq!(Percent::parse("2.475").map(|rate| rate.to_string()).as_deref(), Some("2.475"));
        for text in ["", "-0.1", "1e3", "1.", ".5", "2,475", "1234.5"] {
            assert_eq!(Percent::parse(text), None, "{text}");
        }
    }
}
