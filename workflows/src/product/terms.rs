//! The numbers of a book, in the shape of `products/base.toml`.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::deciders::FourEyesTerms;
use super::operation::{
    Campaign, HoursTerms, LeadTerms, TimerTerms, ValidityTerms, campaign_faults, period_faults,
};
use super::servicing::ServicingTerms;
use crate::form::{
    DiscountType, FeePlan, GuaranteeFeeMethod, InsuranceType, Product, PurposeCode, RateType, SavingProduct,
};
use crate::money::{Rate, SquareMetres, Yen};
use crate::repayment::RoundingTerms;
use crate::terms;

/// All numbers that the rules use.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// Version of the base book.
    pub version: String,
    /// First day on which applications may be received under this book.
    pub effective_from: NaiveDate,
    pub amount: AmountTerms,
    pub term: TermTerms,
    pub eligibility: EligibilityTerms,
    pub purpose: PurposeTerms,
    pub rate_types: BTreeMap<RateType, RateTypeTerms>,
    pub mix: MixTerms,
    pub discount: DiscountTerms,
    pub discounts: Vec<DiscountRow>,
    /// C-45; at most one of them counts for an application.
    #[serde(default)]
    pub campaigns: Vec<Campaign>,
    pub screening: ScreeningTerms,
    pub fees: FeeTerms,
    pub documents: DocumentTerms,
    pub validity: ValidityTerms,
    pub timers: TimerTerms,
    pub leads: LeadTerms,
    pub hours: HoursTerms,
    #[serde(default)]
    pub four_eyes: FourEyesTerms,
    pub insurance: InsuranceTerms,
    pub repayment: RepaymentTerms,
    pub servicing: ServicingTerms,
    pub registration_tax: RegistrationTaxTerms,
    pub stamp_duty: StampDutyTerms,
    pub staged: StagedTerms,
    /// A book without it prescribes nothing.
    #[serde(default)]
    pub guarantee: GuaranteeTerms,
}

/// C-10.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountTerms {
    pub maximum_yen: Yen,
}

/// C-11, C-12.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermTerms {
    pub maximum_months: u16,
    pub final_age_below: u8,
    pub fixed_leasehold_maximum_months: u16,
}

/// B-05, B-08, B-17.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EligibilityTerms {
    pub individual_member_share_yen: Yen,
    pub friends_area_test: bool,
    pub friends_worker_test: bool,
    pub antisocial_look_back_years: u8,
}

/// C-01, C-02.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PurposeTerms {
    pub residence_degree_at_most: u8,
    /// The purposes of each product (C.1).
    pub products: BTreeMap<Product, Vec<PurposeCode>>,
}

impl PurposeTerms {
    /// Is the purpose one of the product's (C-01, C-02)?
    pub fn fits(&self, product: Product, purpose: PurposeCode) -> bool {
        self.products.get(&product).is_some_and(|purposes| purposes.contains(&purpose))
    }
}

/// C.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RateTypeTerms {
    /// The bank makes new loans of this type; true where absent (C-23).
    #[serde(default = "yes")]
    pub offered: bool,
    /// Types of one family cannot be mixed (C-53).
    pub family: String,
    /// Length of the special term; `None` for types without one.
    #[serde(default)]
    pub special_term_years: Option<u8>,
    /// The special term renews itself unless the customer opts out (J-34).
    #[serde(default)]
    pub renews: bool,
}

const fn yes() -> bool {
    true
}

/// C-46, C-50.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MixTerms {
    pub most_loans: u8,
    pub bonus: Rate,
    pub second_part_at_least_percent: u8,
}

/// C-41, C-43.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscountTerms {
    pub saving_minimum_yen: Yen,
    pub saving_minimum_applies_to: Vec<SavingProduct>,
    pub card_loan_from_age: u8,
}

/// One row of C.5.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscountRow {
    pub rate_types: Vec<RateType>,
    #[serde(default)]
    pub discount_type: Option<DiscountType>,
    pub flat_fee: Rate,
    pub percent_fee: Rate,
}

/// A rate by fee plan.
#[derive(Copy, Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeByPlan {
    pub flat_fee: Rate,
    pub percent_fee: Rate,
}

impl FeeByPlan {
    /// The rate under a plan.
    pub const fn under(self, plan: FeePlan) -> Rate {
        match plan {
            FeePlan::FlatFee => self.flat_fee,
            FeePlan::PercentFee => self.percent_fee,
        }
    }
}

/// C-60.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScreeningTerms {
    pub add_on_at_least: Rate,
    pub add_on_at_most: Rate,
}

/// C.4.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeTerms {
    pub handling_organisation_yen: Yen,
    pub handling_others_yen: Yen,
    pub percent_fee: Rate,
}

/// D.2.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentTerms {
    pub income_certificate_valid_days: u16,
    pub seal_certificate_valid_months: u8,
}

/// Chapter G.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InsuranceTerms {
    pub cap_yen: Yen,
    pub cover_until_age: u8,
    /// From this insured sum on a health certificate is asked for; `None`: never.
    #[serde(default)]
    pub health_certificate_threshold_yen: Option<Yen>,
    pub types: BTreeMap<InsuranceType, InsuranceTypeTerms>,
}

/// One type of insurance. Exactly one of `valid_years` and `valid_days` is given.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct InsuranceTypeTerms {
    pub add_on: Rate,
    /// `None`: there is no couple form (G-16).
    #[serde(default)]
    pub couple_add_on: Option<Rate>,
    pub entry_age_from: u8,
    pub entry_age_below: u8,
    #[serde(default)]
    pub valid_years: Option<u8>,
    #[serde(default)]
    pub valid_days: Option<u16>,
    /// Who insures it, where the bank has several insurers.
    #[serde(default)]
    pub insurer: Option<String>,
    /// The type for which a refused person declares next (G-10, G-20); `None`: nothing is left but the branch.
    #[serde(default)]
    pub after_refusal: Option<InsuranceType>,
}

impl InsuranceTerms {
    /// Does the ladder from this type come to an end? Each step leads to another type, and to none twice.
    fn ladder_ends(&self, from: InsuranceType) -> bool {
        let next = |kind: &InsuranceType| self.types.get(kind).and_then(|terms| terms.after_refusal);
        std::iter::successors(Some(from), next).take(InsuranceType::ALL.len() + 1).count()
            <= InsuranceType::ALL.len()
    }
}

/// J-08, I-09; J-02, J-04, J-05.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RepaymentTerms {
    pub bonus_share_limit_percent: u8,
    pub default_first_repayment: DefaultFirstRepayment,
    pub rounding: RoundingTerms,
}

terms! {
    /// When the first repayment is due if nothing else was agreed (I-09).
    pub enum DefaultFirstRepayment {
        MonthAfter = "REPAYMENT_DAY_OF_THE_MONTH_AFTER_DISBURSEMENT", "実行月の翌月の約定返済日";
    }
}

/// H-41 to H-44.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegistrationTaxTerms {
    pub standard_percent: Rate,
    pub relief_percent: Rate,
    pub relief_last_filing_date: NaiveDate,
    pub relief_floor_area_at_least_m2: SquareMetres,
    pub relief_within_years: u8,
    pub base_step_yen: Yen,
    pub tax_step_yen: Yen,
    pub least_tax_yen: Yen,
    /// Later filings for the same claim (H-42).
    pub additional_per_property_yen: Yen,
    /// H-44.
    pub cancellation_per_property_yen: Yen,
}

/// H.3.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StampDutyTerms {
    pub special_term_agreement_yen: Yen,
    /// A contract that states no amount, such as a line of credit drawn again and again (H-52).
    pub no_amount_stated_yen: Yen,
    /// Duty on amounts above the last step.
    pub above_all_yen: Yen,
    pub steps: Vec<StampStep>,
}

/// Up to and including `to_yen` the duty is `duty_yen` (H-50).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StampStep {
    pub to_yen: Yen,
    pub duty_yen: Yen,
}

/// F-08.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GuaranteeTerms {
    /// Guarantee-fee method that a product prescribes; a product that is not named leaves the choice.
    #[serde(default)]
    pub prescribed_methods: BTreeMap<Product, GuaranteeFeeMethod>,
}

/// Split lending and bridge loans (E.6, E.7).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StagedTerms {
    /// Drawings and bridge loans together, in percent of the main loan's applied amount (S-02).
    pub limit_percent: u32,
    /// From the first drawing to the funding deadline, in principle (S-03).
    pub term_months: u32,
    /// S-15, O-42.
    pub with_mix: WithMix,
    /// Types that insure a bridge loan (BR-3).
    pub bridge_insurance: Vec<InsuranceType>,
}

terms! {
    /// Whether an interest mix takes drawings or a bridge loan (S-15).
    pub enum WithMix {
        Refused = "REFUSED", "取り扱わない";
        Allowed = "ALLOWED", "取り扱う";
    }
}

impl Terms {
    /// Length of the special term of a type in years, `None` for types without one (C-13).
    pub fn special_term_years(&self, rate_type: RateType) -> Option<u8> {
        self.rate_types.get(&rate_type).and_then(|terms| terms.special_term_years)
    }

    /// What is wrong between the numbers: key and what is accepted. A schema cannot say these.
    pub(super) fn inconsistencies(&self) -> Vec<(String, String)> {
        let mut wrong = Vec::new();
        for rate_type in RateType::ALL.iter().filter(|kind| !self.rate_types.contains_key(kind)) {
            wrong.push((format!("rate_types.{rate_type}"), "a table with `family`".to_owned()));
        }
        for kind in InsuranceType::ALL {
            match self.insurance.types.get(kind) {
                None => wrong
                    .push((format!("insurance.types.{kind}"), "a table with the type's terms".to_owned())),
                Some(terms) if terms.valid_years.is_some() == terms.valid_days.is_some() => {
                    let accepted = "exactly one of valid_years and valid_days".to_owned();
                    wrong.push((format!("insurance.types.{kind}"), accepted));
                }
                Some(_) if !self.insurance.ladder_ends(*kind) => {
                    let accepted = "a type that leads to an end, to no type twice".to_owned();
                    wrong.push((format!("insurance.types.{kind}.after_refusal"), accepted));
                }
                Some(_) => {}
            }
        }
        for product in Product::ALL {
            if self.purpose.products.get(product).is_none_or(Vec::is_empty) {
                wrong.push((format!("purpose.products.{product}"), "at least one purpose".to_owned()));
            }
        }
        for rate_type in RateType::ALL {
            let special = self.special_term_years(*rate_type).is_some();
            let kinds = if special {
                &[Some(DiscountType::InitialPeriod), Some(DiscountType::WholePeriod)][..]
            } else {
                &[None][..]
            };
            for kind in kinds {
                let row =
                    |row: &&DiscountRow| row.discount_type == *kind && row.rate_types.contains(rate_type);
                if self.discounts.iter().filter(row).count() != 1 {
                    let which = kind.map_or("no discount_type", DiscountType::code);
                    wrong.push((
                        "discounts".to_owned(),
                        format!("exactly one row for {rate_type} with {which}"),
                    ));
                }
            }
        }
        for (rate_type, of_type) in &self.rate_types {
            if of_type.renews && of_type.special_term_years.is_none() {
                let accepted = "renews only where special_term_years is given".to_owned();
                wrong.push((format!("rate_types.{rate_type}"), accepted));
            }
        }
        wrong.extend(campaign_faults(&self.campaigns));
        wrong.extend(self.hours.inconsistencies());
        wrong.extend(self.four_eyes.inconsistencies());
        wrong.extend(period_faults(&self.validity, &self.timers, &self.staged));
        wrong.extend(self.servicing.inconsistencies());
        if !self.stamp_duty.steps.is_sorted_by(|one, next| one.to_yen < next.to_yen) {
            wrong.push(("stamp_duty.steps".to_owned(), "steps with rising to_yen".to_owned()));
        }
        if self.registration_tax.base_step_yen == Yen::ZERO || self.registration_tax.tax_step_yen == Yen::ZERO
        {
            wrong.push((
                "registration_tax".to_owned(),
                "base_step_yen and tax_step_yen of at least 1".to_owned(),
            ));
        }
        if self.screening.add_on_at_least > self.screening.add_on_at_most {
            wrong.push(("screening".to_owned(), "add_on_at_least not above add_on_at_most".to_owned()));
        }
        wrong
    }
}
