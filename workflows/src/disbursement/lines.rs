//! The lines of a disbursement: what each is, on which side of the account it stands, and under which key it happens once.

use std::fmt;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use crate::form::Loan;
use crate::kana::{KanaName, Payee};
use crate::money::Yen;
use crate::product::fees::Fees;
use crate::zengin::DepositAccount;

/// What a line does to the customer's account.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Side {
    Credit,
    Debit,
    /// Moves a balance from one loan to another and leaves the account alone.
    Conversion,
}

crate::terms! {
    /// The kinds of lines, in the order of I.20.
    pub enum LineKind {
        LoanCredit = "LOAN_CREDIT", "融資金入金", "Credit of the loan";
        DrawingConversion = "DRAWING_CONVERSION", "分割融資残高の振替", "Drawn balance converted into the main loan";
        DrawingInterest = "DRAWING_INTEREST", "分割融資の利息", "Interest on the drawings";
        BridgePrincipal = "BRIDGE_PRINCIPAL", "つなぎローン元金", "Principal of the bridge loan";
        BridgeInterest = "BRIDGE_INTEREST", "つなぎローン利息", "Interest on the bridge loan";
        HandlingFee = "COLLATERAL_HANDLING_FEE", "担保取扱手数料", "Collateral handling fee";
        LoanFee = "LOAN_FEE", "融資手数料", "Loan fee";
        GuaranteeFee = "GUARANTEE_FEE", "一括前払い保証料", "Lump-sum guarantee fee";
        ScrivenerBill = "SCRIVENER_BILL", "司法書士報酬等", "Scrivener's bill";
        LoanContractStamp = "STAMP_DUTY_LOAN_CONTRACT", "契約書印紙代", "Stamp duty on the loan contract";
        SpecialTermStamp = "STAMP_DUTY_SPECIAL_TERM_AGREEMENT", "特約書印紙代", "Stamp duty on the special-term agreement";
        RegistrationTax = "REGISTRATION_LICENCE_TAX", "登録免許税", "Registration licence tax";
        Payoff = "PAYOFF_TRANSFER", "借換対象ローンの完済送金", "Pay-off of the existing lender";
        Transfer = "TRANSFER", "振込", "Transfer ordered by the customer";
    }
}

impl LineKind {
    /// The step of I.20, from 1; what is left after all of them is step 7.
    pub const fn step(self) -> u8 {
        match self {
            Self::LoanCredit | Self::DrawingConversion | Self::DrawingInterest => 1,
            Self::BridgePrincipal | Self::BridgeInterest => 2,
            Self::HandlingFee | Self::LoanFee => 3,
            Self::GuaranteeFee => 4,
            Self::ScrivenerBill
            | Self::LoanContractStamp
            | Self::SpecialTermStamp
            | Self::RegistrationTax => 5,
            Self::Payoff | Self::Transfer => 6,
        }
    }

    /// The side of the customer's account.
    pub const fn side(self) -> Side {
        match self {
            Self::LoanCredit => Side::Credit,
            Self::DrawingConversion => Side::Conversion,
            _ => Side::Debit,
        }
    }

    /// Steps 3 to 5: what G-COSTS asks the funds for.
    pub const fn is_cost(self) -> bool {
        matches!(self.step(), 3..=5)
    }

    /// Nobody but the bank may change where the money goes (G-PAYOFF).
    pub const fn is_locked(self) -> bool {
        matches!(self, Self::Payoff | Self::GuaranteeFee)
    }
}

/// The part of the case that a line belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The application as a whole.
    Case,
    /// A loan, by its number.
    Loan(u8),
    /// A drawing of a limit-type contract, counted from 1.
    Drawing(u32),
    /// A bridge loan, by the number of its case.
    Bridge(String),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case => f.write_str("C"),
            Self::Loan(number) => write!(f, "L{number}"),
            Self::Drawing(number) => write!(f, "D{number}"),
            Self::Bridge(case) => write!(f, "B:{case}"),
        }
    }
}

impl Serialize for Part {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

/// Where outgoing money goes: an account and the kana name of its holder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    pub account: DepositAccount,
    pub payee: KanaName<Payee>,
}

/// One line of the disbursement. Core banking carries each out at most once under its key; the order's own key names the
/// attempt, the line's key what is paid, so that a repeated order pays nothing twice.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Line {
    /// `case/part/kind/number`.
    pub key: String,
    pub kind: LineKind,
    pub side: Side,
    /// `C`, `L1`, `D1` or `B:` with the number of a bridge case.
    #[schemars(with = "String")]
    pub part: Part,
    /// Counts the lines of the same part and kind, from 1.
    pub number: u32,
    pub amount_yen: Yen,
    /// Outgoing transfers only; absent as long as nobody has stated it.
    #[serde(skip)]
    pub to: Option<Destination>,
}

/// Whether the bank debits a cost or the customer pays it elsewhere.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Collection {
    ThroughBank,
    Directly,
}

/// A cost of steps 3 to 5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charge {
    pub kind: LineKind,
    pub part: Part,
    pub amount: Yen,
    pub collection: Collection,
    /// The guarantee institution, for a lump-sum fee that is remitted by transfer.
    pub to: Option<Destination>,
}

impl Charge {
    /// A cost that the bank debits.
    pub const fn through_bank(kind: LineKind, part: Part, amount: Yen) -> Self {
        Self { kind, part, amount, collection: Collection::ThroughBank, to: None }
    }
}

/// The costs of a case as the quote computes them, with the scrivener's bill, all collected through the bank.
pub fn charges(fees: &Fees, loans: &[Loan], scrivener_bill: Yen) -> Vec<Charge> {
    let per_loan = |kind, amounts: &[Yen]| -> Vec<Charge> {
        let pairs = loans.iter().zip(amounts);
        pairs.map(|(loan, amount)| Charge::through_bank(kind, Part::Loan(loan.loan_no), *amount)).collect()
    };
    let once = |kind, amount| vec![Charge::through_bank(kind, Part::Case, amount)];
    [
        once(LineKind::HandlingFee, fees.collateral_handling_fee_yen),
        per_loan(LineKind::LoanFee, &fees.loan_fee_yen),
        per_loan(LineKind::GuaranteeFee, &fees.guarantee_fee_lump_sum_yen),
        once(LineKind::ScrivenerBill, scrivener_bill),
        per_loan(LineKind::LoanContractStamp, &fees.stamp_duty_loan_contract_yen),
        per_loan(LineKind::SpecialTermStamp, &fees.stamp_duty_special_term_agreement_yen),
        once(LineKind::RegistrationTax, fees.registration_licence_tax.payable_yen),
    ]
    .concat()
}
