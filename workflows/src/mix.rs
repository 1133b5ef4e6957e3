//! An interest mix as a structure (C.6): two parts, one case.

use serde::Serialize;

use crate::form::{DiscountType, FeePlan, Form, GuaranteeFeeMethod, Insurance, PurposeCode, RateType};
use crate::money::{Rate, Yen};
use crate::product::pricing::mix_bonus;
use crate::product::terms::Terms;

/// Two loans of one case. What they share stands once (C-51).
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Mix {
    pub parts: [MixPart; 2],
    pub total_yen: Yen,
    pub purpose: PurposeCode,
    pub repayment_day: u8,
    pub guarantee_fee_method: GuaranteeFeeMethod,
    pub fee_plan: FeePlan,
    pub papers: MixPapers,
}

/// One part of a mix.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MixPart {
    pub loan_no: u8,
    pub rate_type: RateType,
    pub discount_type: Option<DiscountType>,
    pub amount_yen: Yen,
    /// Share of the total in percent, cut to two decimals.
    pub share_percent: Rate,
    /// C-46: what the part earns where the conditions are met.
    pub bonus: Rate,
}

/// How many of each paper and act a mix takes (C-52).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MixPapers {
    pub application_forms: u8,
    pub breakdown_notices: u8,
    pub loan_contracts: u8,
    pub special_term_agreements: u8,
    /// One form for each insured person and loan.
    pub insurance_declarations: u8,
    pub mortgage_deeds: u8,
    pub registrations: u8,
    pub handling_fees: u8,
}

impl Mix {
    /// The mix of a form. `None`: one loan, or loans that are no mix (C-50, C-51, C-53), which [`crate::assess`] reports.
    pub fn of(form: &Form, terms: &Terms) -> Option<Self> {
        let [one, two] = form.loans.as_slice() else { return None };
        let family = |kind: RateType| terms.rate_types.get(&kind).map(|terms| &terms.family);
        let shared = one.purpose_code == two.purpose_code
            && one.repayment_day == two.repayment_day
            && one.guarantee_fee_method == two.guarantee_fee_method
            && one.fee_plan == two.fee_plan;
        if !shared || terms.mix.most_loans < 2 || family(one.rate_type) == family(two.rate_type) {
            return None;
        }
        let total = one.amount_yen + two.amount_yen;
        let part = |loan: &crate::form::Loan| MixPart {
            loan_no: loan.loan_no,
            rate_type: loan.rate_type,
            discount_type: loan.discount_type,
            amount_yen: loan.amount_yen,
            share_percent: share(loan.amount_yen, total),
            bonus: mix_bonus(terms, loan, &form.loans),
        };
        let special = form.loans.iter().filter(|loan| terms.special_term_years(loan.rate_type).is_some());
        let declared = |entry: &&Insurance| form.loans.iter().any(|loan| loan.loan_no == entry.loan_no);
        let count = |number: usize| u8::try_from(number).unwrap_or(u8::MAX);
        Some(Self {
            parts: [part(one), part(two)],
            total_yen: total,
            purpose: one.purpose_code,
            repayment_day: one.repayment_day,
            guarantee_fee_method: one.guarantee_fee_method,
            fee_plan: one.fee_plan,
            papers: MixPapers {
                application_forms: 1,
                breakdown_notices: 1,
                loan_contracts: 2,
                special_term_agreements: count(special.count()),
                insurance_declarations: count(form.insurance.iter().filter(declared).count()),
                mortgage_deeds: 1,
                registrations: 1,
                handling_fees: 1,
            },
        })
    }
}

/// A part of the total in percent, cut to two decimals.
fn share(part: Yen, total: Yen) -> Rate {
    let hundredths = i128::from(part.0) * 10_000 / i128::from(total.0.max(1));
    Rate::from_thousandths(i64::try_from(hundredths * 10).unwrap_or(i64::MAX))
}
