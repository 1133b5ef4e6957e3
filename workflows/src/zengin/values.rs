//! The values of a transfer record that are no names: codes, numbers, amounts, choices.

use std::fmt;

use crate::form::Problem;
use crate::kana::{Edi, KanaName, RULE};
use crate::money::Yen;

/// Exactly `N` half-width digits, kept with their leading noughts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits<const N: usize>(String);

/// 銀行番号.
pub type BankCode = Digits<4>;
/// 支店番号.
pub type BranchCode = Digits<3>;
/// 口座番号. A shorter number is written with its leading noughts by whoever knows it.
pub type AccountNumber = Digits<7>;
/// 振込依頼人コード.
pub type SenderCode = Digits<10>;
/// 顧客コード.
pub type CustomerCode = Digits<10>;

impl<const N: usize> Digits<N> {
    /// The digits from text. Errors (I.30): fewer or more than `N`, or anything that is no half-width digit.
    pub fn parse(field: &str, text: &str) -> Result<Self, Problem> {
        if text.len() == N && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Ok(Self(text.to_owned()));
        }
        let messages =
            (&*format!("半角数字{N}桁で入力してください。"), &*format!("Write {N} half-width digits."));
        Err(Problem::new(field, RULE, messages, format!("半角数字{N}桁 / exactly {N} digits")))
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<const N: usize> fmt::Debug for Digits<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The amount of one transfer: 1 to 9,999,999,999 yen, ten digits.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransferAmount(Yen);

impl TransferAmount {
    /// The largest amount of one transfer.
    pub const MOST: Yen = Yen(9_999_999_999);

    /// The amount. Errors (I.30): less than one yen or more than ten digits.
    pub fn new(field: &str, amount: Yen) -> Result<Self, Problem> {
        if (Yen(1)..=Self::MOST).contains(&amount) {
            return Ok(Self(amount));
        }
        let messages = (
            "振込金額が範囲外です（10桁まで）。",
            "The amount of a transfer is out of range: at most ten digits.",
        );
        Err(Problem::new(field, RULE, messages, format!("1-{} yen", Self::MOST.0)))
    }

    /// The amount in yen.
    pub const fn yen(self) -> Yen {
        self.0
    }
}

macro_rules! choices {
    ($(#[$meta:meta])* pub enum $name:ident { $($variant:ident = $code:literal, $ja:literal;)+ }) => {
        $(#[$meta])*
        #[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name { $(#[doc = $ja] $variant,)+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The digit of the file.
            pub const fn digit(self) -> char {
                match self { $(Self::$variant => $code),+ }
            }
        }
    };
}

choices! {
    /// 預金種目.
    pub enum DepositKind {
        Ordinary = '1', "普通預金";
        Current = '2', "当座預金";
        Savings = '4', "貯蓄預金";
        Other = '9', "その他";
    }
}

choices! {
    /// 新規コード: whether the sender has paid this account before.
    pub enum PayeeStatus {
        Known = '0', "その他";
        First = '1', "第1回振込分";
        Changed = '2', "変更分";
    }
}

choices! {
    /// 振込指定区分: how the transfer travels.
    pub enum Method {
        Telegraphic = '7', "電信";
        Document = '8', "文書";
    }
}

/// What the payee's bank passes on: two customer codes, or a text where the bank takes one (識別表示 Y).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    Codes(CustomerCode, CustomerCode),
    Text(KanaName<Edi>),
}

impl Reference {
    /// No reference: both codes nought.
    pub fn none() -> Self {
        Self::Codes(Digits("0".repeat(10)), Digits("0".repeat(10)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_exact() {
        assert_eq!(BankCode::parse("", "0009").map(|code| code.0).as_deref(), Ok("0009"));
        for refused in ["", "009", "00009", "００09", "00 9", "-009", "0x09"] {
            let problem = BankCode::parse("bank_code", refused).expect_err(refused);
            assert_eq!((problem.field.as_str(), problem.rule), ("bank_code", "I.30"));
        }
    }

    #[test]
    fn an_amount_has_one_to_ten_digits() {
        for (amount, fits) in
            [(0, false), (-1, false), (1, true), (9_999_999_999, true), (10_000_000_000, false)]
        {
            assert_eq!(TransferAmount::new("amount", Yen(amount)).is_ok(), fits, "{amount}");
        }
    }
}
