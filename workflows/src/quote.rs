//! What a case costs on a date: conditions, rates, repayments, insurance, fees and taxes.

use chrono::NaiveDate;
use serde::Serialize;

use crate::contract::{special_term_stamp, stamp_duty};
use crate::form::{Form, GuaranteeFeeMethod, Loan, RateType};
use crate::insurance::{CoverOfPerson, cover_of};
use crate::money::{Rate, Yen};
use crate::product::fees::{collateral_handling_fee, loan_fee};
use crate::product::pricing::{
    discount, insurance_add_on, limited_time_discount, mix_bonus, screening_add_on,
};
use crate::product::{Book, Conditions, Fees, PostedRates, RateComponents};
use crate::registration::registration_tax;
use crate::repayment::{LoanPlan, Schedule, Summary, special_term_end};

/// What others decided about a case: screening and the guarantor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decided {
    /// C-60; `None`: not decided, the book's least add-on counts for whoever is in scope.
    pub screening_add_on: Option<Rate>,
    /// Per loan; a loan that is not listed is not decided and counts with nought.
    pub guarantee: Vec<LoanGuarantee>,
}

/// The price of the guarantee of one loan as the guarantor decided it (F-04 to F-06).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LoanGuarantee {
    pub loan_no: u8,
    pub monthly_rate: Option<Rate>,
    pub lump_sum_fee: Option<Yen>,
}

impl Decided {
    /// What a sample file states in the form's own fields.
    pub fn stated_in(form: &Form) -> Self {
        let parts = form.guarantor_decision.iter().flat_map(|decision| &decision.per_loan);
        let guarantee = parts.map(|part| LoanGuarantee {
            loan_no: part.loan_no,
            monthly_rate: part.monthly_rate_percent,
            lump_sum_fee: part.lump_sum_fee_yen,
        });
        Self { screening_add_on: form.screening_add_on_percent, guarantee: guarantee.collect() }
    }

    fn guarantee_of(&self, loan: &Loan) -> Option<&LoanGuarantee> {
        self.guarantee.iter().find(|guarantee| guarantee.loan_no == loan.loan_no)
    }

    /// F-05: part of the rate under the monthly method only.
    fn guarantee_rate(&self, loan: &Loan) -> Rate {
        let monthly = loan.guarantee_fee_method == GuaranteeFeeMethod::MonthlyInRate;
        let rate = self.guarantee_of(loan).and_then(|guarantee| guarantee.monthly_rate);
        rate.filter(|_| monthly).unwrap_or(Rate::ZERO)
    }

    /// F-06: under the lump-sum method only.
    fn lump_sum_fee(&self, loan: &Loan) -> Yen {
        let lump_sum = loan.guarantee_fee_method == GuaranteeFeeMethod::LumpSum;
        let fee = self.guarantee_of(loan).and_then(|guarantee| guarantee.lump_sum_fee);
        fee.filter(|_| lump_sum).unwrap_or(Yen::ZERO)
    }
}

/// All numbers of a case for a disbursement on one date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Quote {
    pub transaction_conditions: Conditions,
    pub loans: Vec<LoanQuote>,
    pub insurance: Vec<CoverOfPerson>,
    pub fees: Fees,
}

/// The numbers of one loan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoanQuote {
    pub loan_no: u8,
    pub rate: RateComponents,
    pub monthly: Summary,
    pub bonus: Option<Summary>,
    /// Monthly plus bonus payment (J-08).
    pub payment_in_bonus_month_yen: Option<Yen>,
    pub total_interest_yen: Yen,
    /// End of the first special term (J-30).
    pub special_term_end: Option<NaiveDate>,
}

/// No standard rate is published for a loan on the date (C-21), so there are no numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("no standard rate of {rate_type} is published for {date} (loan {loan_no})")]
pub struct RateNotPublished {
    pub loan_no: u8,
    pub rate_type: RateType,
    pub date: NaiveDate,
}

/// The numbers of a case for a disbursement on `date`. Errors: the first loan whose standard rate is not published.
pub fn quote(
    form: &Form,
    book: &Book,
    rates: &PostedRates,
    decided: &Decided,
    date: NaiveDate,
) -> Result<Quote, RateNotPublished> {
    let conditions = Conditions::on(form, book, date);
    let mut loans = Vec::with_capacity(form.loans.len());
    let mut insurance = Vec::with_capacity(form.insurance.len());
    for loan in &form.loans {
        let rate = rate_components(form, book, rates, decided, loan, date)?;
        let plan = LoanPlan::new(loan, &book.terms, rate.applicable_rate(), date);
        let covers = form.insurance_of(loan.loan_no);
        insurance.extend(
            covers.map(|entry| cover_of(form, &book.terms, loan, entry, plan.monthly.final_due_date, date)),
        );
        loans.push(loan_quote(book, loan, rate, &plan));
    }
    // In the order in which the form lists the declarations.
    let place = |cover: &CoverOfPerson| {
        form.insurance
            .iter()
            .position(|entry| entry.loan_no == cover.loan_no && entry.party_id == cover.party_id)
    };
    insurance.sort_by_key(place);
    Ok(Quote { transaction_conditions: conditions, loans, insurance, fees: fees(form, book, decided, date) })
}

/// The components of a loan's rate on a date (C.5 to C.7). Errors: the standard rate is not published.
pub fn rate_components(
    form: &Form,
    book: &Book,
    rates: &PostedRates,
    decided: &Decided,
    loan: &Loan,
    date: NaiveDate,
) -> Result<RateComponents, RateNotPublished> {
    let terms = &book.terms;
    let standard = rates.standard(loan.rate_type, date).ok_or(RateNotPublished {
        loan_no: loan.loan_no,
        rate_type: loan.rate_type,
        date,
    })?;
    // C-44: without the conditions discount, campaign and mix bonus are all nought.
    let granted = Conditions::on(form, book, date).discount_applies;
    let if_granted = |rate: Rate| if granted { rate } else { Rate::ZERO };
    let qualification = form.applicant().map(|party| &party.qualification);
    Ok(RateComponents {
        standard,
        discount: if_granted(discount(terms, loan.fee_plan, loan.rate_type, loan.discount_type)),
        limited_time_discount: if_granted(limited_time_discount(terms, loan.fee_plan, form.received_date())),
        mix_bonus: if_granted(mix_bonus(terms, loan, &form.loans)),
        screening_add_on: qualification.map_or(Rate::ZERO, |qualification| {
            screening_add_on(terms, qualification, decided.screening_add_on)
        }),
        insurance_add_on: insurance_add_on(terms, form.insurance_of(loan.loan_no)),
        guarantee_rate: decided.guarantee_rate(loan),
    })
}

fn loan_quote(book: &Book, loan: &Loan, rate: RateComponents, plan: &LoanPlan) -> LoanQuote {
    let special = book.terms.special_term_years(loan.rate_type);
    let first = plan.monthly.first_repayment_date;
    LoanQuote {
        loan_no: loan.loan_no,
        rate,
        monthly: plan.monthly.summary_with_debit(),
        bonus: plan.bonus.as_ref().map(Schedule::summary),
        payment_in_bonus_month_yen: plan.payment_in_bonus_month(),
        total_interest_yen: plan.total_interest(),
        special_term_end: special.map(|years| special_term_end(first, years, loan.repayment_day)),
    }
}

/// Fees, stamps and registration tax at a disbursement on `date` (C.4, H.3, H-41).
pub(crate) fn fees(form: &Form, book: &Book, decided: &Decided, date: NaiveDate) -> Fees {
    let terms = &book.terms;
    let per_loan = |amount: &dyn Fn(&Loan) -> Yen| form.loans.iter().map(amount).collect::<Vec<Yen>>();
    let route = form.applicant().and_then(|party| party.qualification.route);
    let unsummed = Fees {
        collateral_handling_fee_yen: collateral_handling_fee(terms, route),
        loan_fee_yen: per_loan(&|loan| loan_fee(terms, loan.fee_plan, loan.amount_yen)),
        guarantee_fee_lump_sum_yen: per_loan(&|loan| decided.lump_sum_fee(loan)),
        stamp_duty_loan_contract_yen: per_loan(&|loan| {
            stamp_duty(terms, form.contract_form, loan.amount_yen)
        }),
        stamp_duty_special_term_agreement_yen: per_loan(&|loan| {
            special_term_stamp(terms, form.contract_form, loan.rate_type)
        }),
        registration_licence_tax: registration_tax(form, terms, date),
        total_yen: Yen::ZERO,
    };
    unsummed.totalled()
}
