//! How a computed amount becomes whole yen: a setting of the book.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::terms;

terms! {
    /// How a fraction of a yen is treated.
    pub enum Rounding {
        Down = "DOWN", "切捨て";
        HalfUp = "HALF_UP", "四捨五入";
        Up = "UP", "切上げ";
    }
}

/// The book's rounding of the level payment (J-02) and of interest (J-04, J-05). The booklet's is DOWN for both: it reproduces
/// all 42 cells of its table.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RoundingTerms {
    pub payment: Rounding,
    pub interest: Rounding,
}

impl Default for RoundingTerms {
    fn default() -> Self {
        Self { payment: Rounding::Down, interest: Rounding::Down }
    }
}

impl Rounding {
    /// The whole number for `parts / whole`; both are not negative, `whole` is not nought.
    pub(crate) const fn quotient(self, parts: i128, whole: i128) -> i128 {
        let (down, rest) = (parts / whole, parts % whole);
        let up = match self {
            Self::Down => false,
            Self::HalfUp => rest >= whole - rest,
            Self::Up => rest > 0,
        };
        if up { down + 1 } else { down }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_up_and_wholes_stay() {
        let of = |rounding: Rounding| [19, 20, 25, 29, 30].map(|parts| rounding.quotient(parts, 10));
        assert_eq!(of(Rounding::Down), [1, 2, 2, 2, 3]);
        assert_eq!(of(Rounding::HalfUp), [2, 2, 3, 3, 3]);
        assert_eq!(of(Rounding::Up), [2, 2, 3, 3, 3]);
    }
}
