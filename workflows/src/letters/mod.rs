//! Letters of the bank as data: what stands in each, and what must be true of its figures.
//!
//! The program that sets them reads a [`Request`] and prints; it knows no case, no clock and no rule. Which letters a case has and
//! what they say is decided in `machine::letter_desk`. The letter of a refusal has no field for a reason (INV-7).
//!
//! This folder is compiled into that program too, which shares no other code with the service (decision 26): it uses serde alone.

mod check;
mod figures;

pub use check::Contradiction;
pub use figures::{Amount, Day, Percent};

use serde::{Deserialize, Serialize};

/// The shape that requests have; a program that sets letters refuses any other.
pub const FORMAT: u16 = 1;

/// The letters of a case.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum LetterKind {
    #[serde(rename = "APPROVAL")]
    Approval,
    #[serde(rename = "DECLINE")]
    Decline,
    #[serde(rename = "APPOINTMENT")]
    Appointment,
    #[serde(rename = "SCHEDULE")]
    Schedule,
    #[serde(rename = "DISBURSEMENT")]
    Disbursement,
    #[serde(rename = "REGISTRATION")]
    Registration,
}

impl LetterKind {
    /// Every letter, in the order of a case's life.
    pub const ALL: &'static [LetterKind] = &[
        LetterKind::Approval,
        LetterKind::Decline,
        LetterKind::Appointment,
        LetterKind::Schedule,
        LetterKind::Disbursement,
        LetterKind::Registration,
    ];

    /// Code, Japanese and English title.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            LetterKind::Approval => {
                ("APPROVAL", "審査結果のお知らせ（承諾）", "Result of the screening: approved")
            }
            LetterKind::Decline => ("DECLINE", "審査結果のお知らせ", "Result of the screening"),
            LetterKind::Appointment => ("APPOINTMENT", "ご契約手続のご案内", "Contract appointment"),
            LetterKind::Schedule => ("SCHEDULE", "ご返済予定表", "Repayment schedule"),
            LetterKind::Disbursement => ("DISBURSEMENT", "融資実行のお知らせ", "Disbursement report"),
            LetterKind::Registration => {
                ("REGISTRATION", "抵当権設定登記依頼書", "Request for the registration of the mortgage")
            }
        }
    }

    /// The stable code of addresses, GraphQL and requests.
    pub const fn code(self) -> &'static str {
        self.words().0
    }

    /// The Japanese title.
    pub const fn ja(self) -> &'static str {
        self.words().1
    }

    /// The English title.
    pub const fn en(self) -> &'static str {
        self.words().2
    }

    /// The letter with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.code() == code)
    }
}

/// The language of a letter.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    Ja,
    En,
}

impl Language {
    /// `ja` or `en`.
    pub const fn code(self) -> &'static str {
        match self {
            Language::Ja => "ja",
            Language::En => "en",
        }
    }

    /// The language with this code, if there is one.
    pub fn parse(code: &str) -> Option<Self> {
        [Language::Ja, Language::En].into_iter().find(|language| language.code() == code)
    }

    /// The words in this language.
    pub fn say(self, ja: &str, en: &str) -> String {
        match self {
            Language::Ja => ja.to_owned(),
            Language::En => en.to_owned(),
        }
    }
}

/// One letter to be set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// [`FORMAT`].
    pub format: u16,
    pub language: Language,
    pub head: Head,
    pub letter: Letter,
}

/// Who writes to whom, about what and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    pub bank: String,
    pub branch: String,
    /// Number of the case.
    pub reference: String,
    /// Date of the letter, Tokyo.
    pub issued_on: Day,
    pub addressee: Addressee,
}

/// Whoever receives the letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Addressee {
    /// `123-4567`.
    pub postal_code: Option<String>,
    pub address: Option<String>,
    pub name: String,
    pub called: Called,
}

/// How somebody is addressed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Called {
    Person,
    Scrivener,
    Organisation,
}

/// What the letter says.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Letter {
    Approval(Approval),
    Decline(Decline),
    Appointment(Appointment),
    Schedule(Schedule),
    Disbursement(Disbursement),
    Registration(Registration),
}

impl Letter {
    /// Which letter it is.
    pub const fn kind(&self) -> LetterKind {
        match self {
            Letter::Approval(_) => LetterKind::Approval,
            Letter::Decline(_) => LetterKind::Decline,
            Letter::Appointment(_) => LetterKind::Appointment,
            Letter::Schedule(_) => LetterKind::Schedule,
            Letter::Disbursement(_) => LetterKind::Disbursement,
            Letter::Registration(_) => LetterKind::Registration,
        }
    }
}

/// The approved terms (N03).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    pub received_on: Day,
    pub product: String,
    pub amount: Amount,
    pub loans: Vec<LoanTerms>,
    /// C-60, percent points.
    pub screening_add_on: Option<Percent>,
    /// Open conditions, one line each.
    pub conditions: Vec<String>,
    pub valid_until: Day,
}

/// What was applied for, of one loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanTerms {
    pub loan_no: u8,
    pub amount: Amount,
    pub term_months: u16,
    pub rate_type: String,
    pub fee_plan: String,
}

/// That the wish cannot be met (N04). There is no field for a reason, and there must be none (INV-7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decline {
    pub received_on: Day,
}

/// When and with what the contract is signed (N10).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Appointment {
    /// Absent where the day is to be agreed.
    pub on: Option<Day>,
    /// Time of day, `10:30`; absent where it is to be agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Absent where it is the branch of the head.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    pub product: String,
    pub amount: Amount,
    pub loans: Vec<LoanTerms>,
    /// Everybody who signs.
    pub signatories: Vec<String>,
    pub bring: Vec<String>,
    /// For the date planned; the scrivener bills apart.
    pub costs: Vec<Cost>,
    pub costs_total: Amount,
    pub planned_on: Day,
}

/// One line of what the customer pays besides interest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    pub label: String,
    pub amount: Amount,
}

/// Every repayment of every loan (N15).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    pub disbursed_on: Day,
    pub loans: Vec<LoanSchedule>,
}

/// The repayments of one loan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanSchedule {
    pub loan_no: u8,
    pub amount: Amount,
    pub rate: Percent,
    pub rate_type: String,
    pub term_months: u16,
    /// End of the first special term (J-30): from then on another rate counts.
    pub special_term_end: Option<Day>,
    /// By date, one row a day of repayment.
    pub rows: Vec<Repayment>,
    pub totals: Totals,
}

/// One day of repayment: the monthly part and, in its months, the bonus part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repayment {
    /// From 1.
    pub number: u32,
    pub due: Day,
    pub payment: Amount,
    pub principal: Amount,
    pub interest: Amount,
    /// Part of `payment` that the bonus part takes; nought outside its months.
    pub bonus: Amount,
    /// Principal left after the payment.
    pub balance: Amount,
}

/// Sums over all rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Totals {
    pub payment: Amount,
    pub principal: Amount,
    pub interest: Amount,
    pub bonus: Amount,
}

/// What was posted (N14).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disbursement {
    pub on: Day,
    /// Delivered to the account.
    pub amount: Amount,
    /// A drawing under a contract that is paid out in parts (S-09).
    pub drawing: bool,
    /// Last three digits of the account.
    pub account_tail: String,
    /// Empty for a drawing: its repayment is agreed later.
    pub loans: Vec<LoanDisbursed>,
    pub costs: Vec<Cost>,
    pub costs_total: Amount,
}

/// One loan as it runs from now on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LoanDisbursed {
    pub loan_no: u8,
    pub amount: Amount,
    pub rate: Percent,
    pub rate_type: String,
    pub monthly_payment: Amount,
    /// Monthly plus bonus payment (J-08).
    pub payment_in_bonus_month: Option<Amount>,
    pub first_repayment_on: Day,
    pub final_repayment_on: Day,
}

/// What the scrivener is asked to file (H-14, H-30 to H-39).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registration {
    /// Registry office, once it is on record.
    pub office: Option<String>,
    pub contracted_on: Option<Day>,
    pub planned_on: Day,
    pub claim: Amount,
    pub debtors: Vec<Person>,
    pub properties: Vec<Property>,
    /// In the order of the receipt numbers; empty until the register is read.
    pub filings: Vec<Filing>,
    /// Licence tax of the mortgage, once the papers are complete.
    pub tax: Option<Amount>,
    /// What is still missing for the application, one line each.
    pub missing: Vec<String>,
}

/// Somebody with an address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    pub name: String,
    pub address: String,
}

/// A property of the registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Property {
    pub number: u16,
    pub kind: String,
    pub location: String,
    /// Lot or house number.
    pub lot: String,
    /// Owners with their shares.
    pub owners: Vec<String>,
}

/// One filing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filing {
    /// From 1.
    pub number: u32,
    pub purpose: String,
    pub properties: Vec<u16>,
    /// Where it follows from the case; that of the others is the scrivener's to compute.
    pub tax: Option<Amount>,
}
