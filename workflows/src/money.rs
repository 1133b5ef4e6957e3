//! Money and rates. Money is whole yen, a rate is a decimal in percent per annum; neither is ever a binary float.

use std::borrow::Cow;
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, Neg, Sub};

use rust_decimal::Decimal;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The largest amount that the form takes for any sum of money: 10^12 yen.
pub const LARGEST_AMOUNT: Yen = Yen(1_000_000_000_000);

/// An amount in whole yen.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Yen(pub i64);

impl Yen {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// `floor(self * percent / 100)`. Amounts are at most 10^12 and percentages small, so the product always fits.
    pub fn floor_percent(self, percent: u32) -> Self {
        let part = i128::from(self.0) * i128::from(percent) / 100;
        Self(i64::try_from(part).unwrap_or(i64::MAX))
    }

    /// Cut down to a multiple of `step` yen (H-43); `step` is positive.
    pub fn cut_to(self, step: i64) -> Self {
        Self(self.0 - self.0.rem_euclid(step))
    }
}

impl Add for Yen {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sub for Yen {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl Neg for Yen {
    type Output = Self;
    fn neg(self) -> Self {
        Self(self.0.saturating_neg())
    }
}

impl Sum for Yen {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Yen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.unsigned_abs().to_string();
        if self.0 < 0 {
            f.write_str("-")?;
        }
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

impl JsonSchema for Yen {
    fn schema_name() -> Cow<'static, str> {
        "Yen".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "format": "yen", "minimum": 0, "maximum": LARGEST_AMOUNT.0 })
    }
}

/// A rate, or a difference of rates, in percent per annum. In JSON a decimal string, kept with the decimals it came with.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rate(pub Decimal);

impl Rate {
    /// Nought percent.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A rate of `thousandths` / 1000 percent.
    pub fn from_thousandths(thousandths: i64) -> Self {
        Self(Decimal::new(thousandths, 3))
    }

    /// The rate from text such as `2.475` or `-0.1`. Errors: `None` for anything else, exponents and full-width digits included.
    pub fn parse(text: &str) -> Option<Self> {
        decimal(text).map(Self)
    }

    /// The same rate printed with at least three decimals.
    pub fn three_decimals(self) -> Self {
        let mut value = self.0.normalize();
        if value.scale() < 3 {
            value.rescale(3);
        }
        Self(value)
    }
}

/// A plain decimal of at most 12 digits before and 6 after the point.
pub(crate) fn decimal(text: &str) -> Option<Decimal> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let plain = |digits: &str, most: usize| {
        (1..=most).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
    };
    if !plain(whole, 12) || !plain(part, 6) {
        return None;
    }
    text.parse().ok()
}

impl Add for Rate {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Rate {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Rate {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Rate {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        Self::parse(&text).ok_or_else(|| serde::de::Error::custom("a decimal string such as \"2.475\""))
    }
}

impl JsonSchema for Rate {
    fn schema_name() -> Cow<'static, str> {
        "Rate".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "decimal" })
    }
}

/// An area in square metres, a decimal string in JSON.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SquareMetres(pub Decimal);

impl Serialize for SquareMetres {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for SquareMetres {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(from)?;
        decimal(&text)
            .map(Self)
            .ok_or_else(|| serde::de::Error::custom("a decimal string such as \"129.88\""))
    }
}

impl JsonSchema for SquareMetres {
    fn schema_name() -> Cow<'static, str> {
        "SquareMetres".into()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "decimal" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_is_printed_in_groups_of_three() {
        assert_eq!(Yen(38_220_000).to_string(), "38,220,000");
        assert_eq!(Yen(-1_000).to_string(), "-1,000");
        assert_eq!(Yen(999).to_string(), "999");
    }

    #[test]
    fn a_rate_is_a_plain_decimal_and_nothing_else() {
        assert_eq!(Rate::parse("2.475"), Some(Rate::from_thousandths(2475)));
        for wrong in ["", "2,4", "２.4", "1e3", "NaN", "2.", ".5", "2.4752345", "+1", "--1"] {
            assert_eq!(Rate::parse(wrong), None, "{wrong}");
        }
        assert_eq!(
            Rate::parse("0.2").map(|rate| rate.three_decimals().to_string()),
            Some("0.200".to_owned())
        );
    }
}
