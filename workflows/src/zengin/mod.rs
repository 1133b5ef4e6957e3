//! The bulk-transfer file of the banks (総合振込, I.30): typed contents, byte-exact writer, strict reader.
//!
//! [`TransferFile::new`] judges what cannot be wrong afterwards, [`TransferFile::to_bytes`] writes it and cannot fail,
//! [`TransferFile::read`] takes exactly what the writer writes: whatever is read and written again gives the same bytes.
//! [`ResultFile`] is what the bank says of it afterwards.

mod read;
mod records;
mod result;
mod values;
mod write;

use chrono::{Datelike, NaiveDate};

pub use read::Fault;
pub use records::{DATA, END, Field, FieldKind, HEADER, RECORD_LENGTH, TRAILER};
pub use result::{MOST_BYTES as MOST_RESULT_BYTES, ResultCode, ResultFile, ResultLine, answer_to};
pub use values::{
    AccountNumber, BankCode, BranchCode, CustomerCode, DepositKind, Digits, Method, PayeeStatus, Reference,
    SenderCode, TransferAmount,
};

use crate::calendar::months_after;
use crate::form::Problem;
use crate::kana::{KanaName, Office, Payee, RULE, Sender};
use crate::money::Yen;

/// The most data records of a group: six digits in the trailer.
pub const MOST_PAYMENTS: usize = 999_999;
/// The largest sum of a group: twelve digits in the trailer.
pub const LARGEST_SUM: Yen = Yen(999_999_999_999);

/// A bank and one of its branches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    pub bank_code: BankCode,
    pub bank_name: KanaName<Office>,
    pub branch_code: BranchCode,
    pub branch_name: KanaName<Office>,
}

/// A deposit account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DepositAccount {
    pub branch: Branch,
    pub kind: DepositKind,
    pub number: AccountNumber,
}

/// One transfer: a data record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    pub to: DepositAccount,
    pub payee: KanaName<Payee>,
    pub amount: TransferAmount,
    pub status: PayeeStatus,
    pub reference: Reference,
    pub method: Method,
}

/// One order: a header, its payments and their trailer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// The code that the bank gave to whoever orders.
    pub sender_code: SenderCode,
    pub sender: KanaName<Sender>,
    /// The day of the transfers; the file holds its month and day only.
    pub date: NaiveDate,
    /// The account that pays. Savings accounts cannot.
    pub from: DepositAccount,
    pub payments: Vec<Payment>,
}

impl Group {
    /// The sum of the payments.
    pub fn total(&self) -> Yen {
        self.payments.iter().map(|payment| payment.amount.yen()).sum()
    }
}

/// What stands behind each record.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// Records of 120 bytes one after the other.
    None,
    /// CR and LF after each record, the last one included.
    CrLf,
}

/// How many orders the receiving bank takes in one file.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Groups {
    One,
    Several,
}

/// What the receiving bank agreed on.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Options {
    pub line_end: LineEnd,
    pub groups: Groups,
}

/// The days that a file may name: an open one from `made_on` on and within the year before the same date comes again, as the
/// file has no year.
#[derive(Copy, Clone)]
pub struct Days<'a> {
    /// The day on which the file is made.
    pub made_on: NaiveDate,
    /// Whether the transfers' bank is open.
    pub is_open: &'a dyn Fn(NaiveDate) -> bool,
}

impl Days<'_> {
    fn take(self, date: NaiveDate) -> bool {
        self.made_on <= date && date < months_after(self.made_on, 12) && (self.is_open)(date)
    }

    /// The day that a month and a day of the file mean.
    fn of(self, month: u32, day: u32) -> Option<NaiveDate> {
        let year = self.made_on.year();
        let in_year = |year| NaiveDate::from_ymd_opt(year, month, day);
        [in_year(year), in_year(year.saturating_add(1))].into_iter().flatten().find(|date| self.take(*date))
    }
}

/// A whole file, which the writer can write and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferFile {
    options: Options,
    groups: Vec<Group>,
}

impl TransferFile {
    /// A file of these orders. Errors (I.30), each with its field: no order or more than the bank takes, an order without
    /// payments or with too many, a sum above twelve digits, a day that is closed or cannot be named, a savings account
    /// that pays.
    pub fn new(options: Options, days: Days<'_>, groups: Vec<Group>) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        let mut wrong = |field: String, ja: &str, en: &str, accepted: &str| {
            problems.push(Problem::new(field, RULE, (ja, en), accepted));
        };
        let most = if options.groups == Groups::One { 1 } else { usize::MAX };
        if !(1..=most).contains(&groups.len()) {
            wrong(
                "groups".to_owned(),
                "振込依頼の件数が不正です。",
                "The file has no order or more than the bank takes.",
                if most == 1 { "1件 / exactly one order" } else { "1件以上 / at least one order" },
            );
        }
        for (at, group) in groups.iter().enumerate() {
            if !days.take(group.date) {
                wrong(
                    format!("groups[{at}].date"),
                    "振込指定日は、作成日から1年未満の銀行営業日としてください。",
                    "The day of the transfers is closed, past, or a year or more ahead.",
                    "営業日 / a business day from the making of the file on and within a year",
                );
            }
            if group.from.kind == DepositKind::Savings {
                wrong(
                    format!("groups[{at}].from.kind"),
                    "貯蓄預金からの振込はできません。",
                    "A savings account cannot pay.",
                    "1, 2, 9",
                );
            }
            if !(1..=MOST_PAYMENTS).contains(&group.payments.len()) {
                wrong(
                    format!("groups[{at}].payments"),
                    "振込の件数が範囲外です。",
                    "An order has no payment or too many.",
                    "1-999999",
                );
            }
            if group.total() > LARGEST_SUM {
                wrong(
                    format!("groups[{at}].payments"),
                    "合計金額が12桁を超えています。",
                    "The sum has more than twelve digits.",
                    "1-999999999999",
                );
            }
        }
        if problems.is_empty() { Ok(Self { options, groups }) } else { Err(problems) }
    }

    /// The orders of the file.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }
}
