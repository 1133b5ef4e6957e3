//! The numbers of a book for the life of a loan after disbursement: reviews, special terms, prepayment, damages, caps, refunds.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::terms::FeeByPlan;
use crate::money::{Rate, Yen};
use crate::terms;

/// Chapter J beyond the first schedule, C.5 after origination, F.10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ServicingTerms {
    pub review: ReviewTerms,
    pub special_term: SpecialTermTerms,
    pub discounts_after: DiscountsAfterTerms,
    pub prepayment: PrepaymentTerms,
    pub damages: DamagesTerms,
    pub interest_cap: InterestCapTerms,
    pub fee_refund: FeeRefundTerms,
}

/// J-20 to J-27.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviewTerms {
    pub first_review: FirstReview,
    /// The amount is reviewed after so many 1 Octobers (J-22).
    pub payment_review_octobers: u8,
    /// A higher amount is at most so many percent of the old one (J-23).
    pub payment_cap_percent: u16,
    pub rate_cap_applies: RateCapApplies,
}

terms! {
    /// What the first review compares the base rate with (J-21, O-08).
    pub enum FirstReview {
        AtDecision = "BASE_RATE_AT_DECISION", "利率決定日の基準金利と比較";
        PreviousBaseDate = "PREVIOUS_BASE_DATE", "前回見直し基準日の基準金利と比較";
    }
}

terms! {
    /// Which rate the cap of CAPPED_10Y limits (J-27, O-35).
    pub enum RateCapApplies {
        BeforeAddOns = "BEFORE_ADD_ONS", "上乗せ前の金利";
        AfterAddOns = "AFTER_ADD_ONS", "上乗せ後の金利";
    }
}

/// J-30 to J-38, C-22.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SpecialTermTerms {
    /// The new rate is that of the first day of the month so many months before the end month (J-32).
    pub rate_decided_months_before: u8,
    /// An opt-out arrives so many months before the end (J-34).
    pub opt_out_months_before: u8,
    pub remaining_term: RemainingTerm,
    pub switch_rate: SwitchRate,
    pub switched_discount: SwitchedDiscount,
    /// From VARIABLE to a special type during the loan (C-22, J-36).
    pub switch_fee_yen: Yen,
}

terms! {
    /// Up to where the remaining term is counted (J-38, O-26).
    pub enum RemainingTerm {
        Original = "TO_ORIGINAL_FINAL_DATE", "貸出当初の最終回の約定返済日まで";
        Shortened = "TO_SHORTENED_FINAL_DATE", "短縮後の最終回の約定返済日まで";
    }
}

terms! {
    /// Whose posted rate a switch during the loan takes (J-32a, O-29).
    pub enum SwitchRate {
        TakesEffect = "DAY_IT_TAKES_EFFECT", "切替日";
        Requested = "DAY_OF_REQUEST", "申出日";
    }
}

terms! {
    /// How long the discount of a switch from VARIABLE lasts (C.5, O-28).
    pub enum SwitchedDiscount {
        ToTheEnd = "TO_THE_END", "完済まで";
        WhileSpecial = "WHILE_SPECIAL", "特約期間中のみ";
    }
}

/// C.5 after origination: what the origination table does not say.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscountsAfterTerms {
    /// Loans that began with an initial-period discount, after the first term.
    pub initial_period: FeeByPlan,
    /// Loans that began as VARIABLE, from the first switch on.
    pub switched: FeeByPlan,
}

/// J-40, J-44.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PrepaymentTerms {
    pub opens_hour: u8,
    /// Prepayments are taken up to this hour, to the minute.
    pub closes_hour: u8,
    /// Full prepayment outside a special term, by age of the contract; nothing after the last step.
    pub full_fee: Vec<FeeStep>,
    pub full_fee_in_special_term_yen: Yen,
    pub partial_fee_yen: Yen,
    /// In addition, where another lender pays the loan off.
    pub refinance_fee_yen: Yen,
    /// Per month that a transaction statement certificate covers.
    pub certificate_month_yen: Yen,
}

/// Up to and including the anniversary of the contract (O-12).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeStep {
    pub within_years: u8,
    pub fee_yen: Yen,
}

/// J-45.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DamagesTerms {
    pub rate: Rate,
    pub days_per_year: u16,
}

/// J-46, J-47.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InterestCapTerms {
    /// Contracts from this day on count fees and guarantee fee in.
    pub counted_from: NaiveDate,
    /// Rising; above the last one `above_all`.
    pub bands: Vec<CapBand>,
    pub above_all: Rate,
    /// The highest rate of damages in lending as a business.
    pub damages_at_most: Rate,
    pub days_per_year: u16,
    /// What counts besides interest (O-22).
    pub counted_fees: Vec<CountedFee>,
}

/// The cap for principals below an amount.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CapBand {
    pub below_yen: Yen,
    pub rate: Rate,
}

terms! {
    /// A fee that can count towards the statutory cap (J-47).
    pub enum CountedFee {
        Loan = "LOAN_FEE", "融資手数料";
        Handling = "HANDLING_FEE", "不動産担保取扱手数料";
        Prepayment = "PREPAYMENT_FEE", "繰上償還手数料";
        Guarantee = "GUARANTEE_FEE", "保証料";
    }
}

/// F.10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRefundTerms {
    /// Of the share that belongs to the unexpired part (F-12).
    pub refund_percent: u8,
    /// Cut down to a multiple (F-13).
    pub step_yen: Yen,
    /// Nothing is paid below (F-13).
    pub least_yen: Yen,
    /// Paid so many months after the month of the prepayment (F-15).
    pub paid_after_months: u8,
    /// Rate of the model for estimates (F-17).
    pub model_rate: Rate,
    /// The published refunds in percent of the fee paid. Where several name a case, the first wins.
    pub published: Vec<PublishedRefund>,
}

/// One cell of the guarantor's table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PublishedRefund {
    pub term_years: u8,
    pub elapsed_years: u8,
    pub percent: Rate,
}

impl PublishedRefund {
    /// F-14: less than the unexpired share of the term; nothing is left at its end.
    pub fn is_below_unexpired(&self) -> bool {
        let left = self.term_years.saturating_sub(self.elapsed_years);
        let share = rust_decimal::Decimal::from(left) * Rate::from_thousandths(100_000).0;
        let stated = self.percent.0 * rust_decimal::Decimal::from(self.term_years);
        let within = self.percent >= Rate::ZERO && stated < share;
        within || (left == 0 && self.percent == Rate::ZERO)
    }
}

impl ServicingTerms {
    /// What is wrong between the numbers: key below `servicing` and what is accepted.
    pub(super) fn inconsistencies(&self) -> Vec<(String, String)> {
        let refund = &self.fee_refund;
        let rules = [
            ("review.payment_review_octobers", "at least 1", self.review.payment_review_octobers >= 1),
            ("review.payment_cap_percent", "at least 100", self.review.payment_cap_percent >= 100),
            (
                "special_term.rate_decided_months_before",
                "1 to 12",
                (1..=12).contains(&self.special_term.rate_decided_months_before),
            ),
            (
                "special_term.opt_out_months_before",
                "less than rate_decided_months_before, so that the rate is known before the opt-out ends",
                self.special_term.opt_out_months_before < self.special_term.rate_decided_months_before,
            ),
            (
                "prepayment.closes_hour",
                "after opens_hour, at most 24",
                (self.prepayment.opens_hour < self.prepayment.closes_hour)
                    && self.prepayment.closes_hour <= 24,
            ),
            (
                "prepayment.full_fee",
                "steps with rising within_years",
                self.prepayment.full_fee.is_sorted_by(|one, next| one.within_years < next.within_years),
            ),
            (
                "damages.rate",
                "at most interest_cap.damages_at_most (J-46)",
                self.damages.rate <= self.interest_cap.damages_at_most,
            ),
            ("damages.days_per_year", "365 or 366", matches!(self.damages.days_per_year, 365 | 366)),
            (
                "interest_cap.days_per_year",
                "365 or 366",
                matches!(self.interest_cap.days_per_year, 365 | 366),
            ),
            (
                "interest_cap.bands",
                "bands with rising below_yen",
                self.interest_cap.bands.is_sorted_by(|one, next| one.below_yen < next.below_yen),
            ),
            ("fee_refund.refund_percent", "0 to 99 (F-14)", refund.refund_percent <= 99),
            ("fee_refund.step_yen", "at least 1", refund.step_yen > Yen::ZERO),
            ("fee_refund.model_rate", "above 0", refund.model_rate > Rate::ZERO),
            (
                "fee_refund.published",
                "percentages below the unexpired share of the term (F-14)",
                refund.published.iter().all(PublishedRefund::is_below_unexpired),
            ),
        ];
        let wrong = rules.into_iter().filter(|(_, _, holds)| !holds);
        wrong.map(|(key, accepted, _)| (format!("servicing.{key}"), accepted.to_owned())).collect()
    }
}
