//! The loans of a form, their money side and the transaction conditions.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::words::*;
use crate::money::{Rate, Yen};

/// A use of the money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FundUse {
    pub kind: FundUseKind,
    pub amount_yen: Yen,
    /// A contract or an estimate shows the amount.
    pub evidenced: bool,
}

/// The loan that a refinance pays off (C-02).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExistingLoan {
    pub lender_kind: LenderKind,
    pub kind: ExistingLoanKind,
    pub balance_yen: Yen,
    pub started_on: NaiveDate,
}

/// One loan of the case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loan {
    pub loan_no: u8,
    pub amount_yen: Yen,
    pub purpose_code: PurposeCode,
    pub rate_type: RateType,
    /// Special-term types only.
    pub discount_type: Option<DiscountType>,
    pub fee_plan: FeePlan,
    pub guarantee_fee_method: GuaranteeFeeMethod,
    /// 1 to 1200; what is offered is a rule (C-11).
    #[schemars(range(min = 1, max = 1200))]
    pub term_months: u16,
    /// 1 to 31; in a shorter month the last day (J-11).
    // J-10: one field for the monthly and the bonus days, so nobody has two. That members of an organisation may have two is open.
    #[schemars(range(min = 1, max = 31))]
    pub repayment_day: u8,
    /// Agreed with staff (I-09); `None`: the repayment day of the month after disbursement.
    pub first_repayment_date: Option<NaiveDate>,
    /// Part of `amount_yen` that is repaid every six months (J-08).
    pub bonus_part_yen: Yen,
    /// Two months six apart, or empty.
    pub bonus_months: Vec<u8>,
}

/// Money ahead of the main disbursement: drawings of split lending or a bridge loan (E.6, E.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyAhead {
    pub kind: MoneyAheadKind,
    /// The planned handover of the building, from which the funding deadline follows (S-04).
    pub handover_on: NaiveDate,
    /// In the order in which they are wanted (S-01).
    pub payments: Vec<PaymentAhead>,
    /// The type that insures a bridge loan (BR-3); a drawing has the main loan's (S-07).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bridge_insurance: Option<InsuranceType>,
}

/// One payment ahead.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PaymentAhead {
    pub use_of: PaymentUse,
    pub amount_yen: Yen,
}

/// Conditions for the discount (C-40 to C-44).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransactionConditions {
    pub salary_transfer: SalaryTransfer,
    pub card_loan: CardLoan,
    pub saving: Option<Saving>,
}

/// Salary transfer to the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SalaryTransfer {
    pub status: SalaryTransferStatus,
    pub as_of: Option<NaiveDate>,
}

/// The card loan of the bank.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CardLoan {
    pub contracted_on: Option<NaiveDate>,
}

/// A saving that may stand in for the salary transfer (C-41).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Saving {
    pub product: SavingProduct,
    /// Four digits.
    pub bank_code: String,
    pub annual_amount_yen: Yen,
    pub contracted_on: NaiveDate,
}

/// What the guarantee institution decided (F-03).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuarantorDecision {
    pub decision: GuaranteeDecision,
    pub guarantee_number: Option<String>,
    pub decided_on: NaiveDate,
    pub per_loan: Vec<GuaranteeOfLoan>,
}

/// The price of the guarantee of one loan: a monthly rate or a lump sum.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeOfLoan {
    pub loan_no: u8,
    pub monthly_rate_percent: Option<Rate>,
    pub lump_sum_fee_yen: Option<Yen>,
}

/// The deposit account that receives the money (I-05).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Four digits.
    pub bank_code: String,
    /// Three digits.
    pub branch_code: String,
    pub kind: AccountKind,
    /// Seven digits.
    pub number: String,
    pub holder_kana: String,
}
