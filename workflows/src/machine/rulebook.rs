//! The machine's `Rules` answered from the dated product book and the posted rates.

use super::case::FrozenTerms;
use super::facts::GuaranteedLoan;
use super::role::Role;
use super::rules::{LeadTimes, Limits, RequiredCover, Rules};
use crate::calendar::planning::Period;
use crate::form::Form;
use crate::product::fees::{Fees, collateral_handling_fee};
use crate::product::{Conditions, pricing};
use crate::rule::Finding;
use crate::{Book, Books, Decided, LoanGuarantee, PostedRates, Rate, Yen};
use chrono::{NaiveDate, NaiveTime};
use rust_decimal::Decimal;
use std::sync::Arc;

/// Books of all banks and the posted rates.
#[derive(Clone, Debug)]
pub struct Rulebook {
    pub books: Arc<Books>,
    pub rates: Arc<PostedRates>,
}

impl Rulebook {
    fn book(&self, form: &Form) -> Option<&Arc<Book>> {
        self.books.get(&form.institution.bank_code)
    }
}

impl Rules for Rulebook {
    fn findings(&self, form: &Form, date: NaiveDate) -> Vec<Finding> {
        self.book(form).map(|book| crate::assess(form, book, &self.rates, date)).unwrap_or_default()
    }

    fn is_business_day(&self, form: &Form, date: NaiveDate) -> bool {
        self.book(form).is_some_and(|book| book.is_business_day(date, &form.institution.branch_code))
    }

    fn required_covers(&self, form: &Form) -> Vec<RequiredCover> {
        let Some(book) = self.book(form) else { return vec![] };
        let date = form.requested_disbursement_date;
        form.insurance
            .iter()
            .filter_map(|entry| {
                let loan = form.loans.iter().find(|l| l.loan_no == entry.loan_no)?;
                let cover = crate::insurance::cover_of(form, &book.terms, loan, entry, date, date);
                Some(RequiredCover {
                    party_id: entry.party_id.clone(),
                    loan_no: entry.loan_no,
                    sum_yen: cover.insured_sum_yen.0,
                    last_valid_day: cover.declaration_last_valid_date,
                })
            })
            .collect()
    }

    fn declaration_periods(&self, form: &Form) -> Vec<Period> {
        let Some(book) = self.book(form) else { return vec![] };
        let types = form.insurance.iter().filter_map(|i| book.terms.insurance.types.get(&i.insurance_type));
        let period =
            |kind: &crate::product::terms::InsuranceTypeTerms| match (kind.valid_years, kind.valid_days) {
                (Some(years), _) => Some(Period::Years(u32::from(years))),
                (None, Some(days)) => Some(Period::Days(u32::from(days))),
                (None, None) => None,
            };
        types.filter_map(period).collect()
    }

    fn conditions_hold(&self, form: &Form, date: NaiveDate) -> bool {
        self.book(form).is_some_and(|book| Conditions::on(form, book, date).discount_applies)
    }

    fn rates_published(&self, form: &Form, date: NaiveDate) -> bool {
        form.loans.iter().all(|loan| self.rates.standard(loan.rate_type, date).is_some())
    }

    fn freeze(
        &self,
        form: &Form,
        screening_add_on: Option<Decimal>,
        guarantee: &[GuaranteedLoan],
        date: NaiveDate,
    ) -> Option<FrozenTerms> {
        let book = self.book(form)?;
        let decided = decided(screening_add_on, guarantee);
        let quote = crate::quote(form, book, &self.rates, &decided, date).ok()?;
        let deductions_yen = quote.fees.total_yen.0;
        let quote = serde_json::to_value(&quote).ok()?;
        Some(FrozenTerms { date, deductions_yen, quote })
    }

    fn fees(&self, form: &Form, guarantee: &[GuaranteedLoan], date: NaiveDate) -> Option<Fees> {
        Some(crate::quote::fees(form, self.book(form)?, &decided(None, guarantee), date))
    }

    fn price_of_route(&self, form: &Form, screening_add_on: Option<Decimal>) -> Option<(Yen, Rate)> {
        let terms = &self.book(form)?.terms;
        let qualification = &form.applicant()?.qualification;
        let add_on = pricing::screening_add_on(terms, qualification, screening_add_on.map(Rate));
        Some((collateral_handling_fee(terms, qualification.route), add_on))
    }

    fn book_of(&self, form: &Form) -> Option<Arc<Book>> {
        self.book(form).cloned()
    }

    fn book_version(&self, form: &Form) -> String {
        self.book(form).map(|book| book.version.clone()).unwrap_or_default()
    }

    fn limits(&self, form: &Form) -> Limits {
        let seal = self.book(form).map_or(3, |b| u32::from(b.terms.documents.seal_certificate_valid_months));
        Limits { seal_months: seal, ..Limits::default() }
    }

    /// One organisation per role and bank until partner registers exist; core banking is the bank's own.
    fn partner(&self, form: &Form, role: Role) -> String {
        match role {
            Role::CoreBanking => format!("CORE-{}", form.institution.bank_code),
            _ => format!("{}-1", role.code()),
        }
    }
}

fn decided(screening_add_on: Option<Decimal>, guarantee: &[GuaranteedLoan]) -> Decided {
    Decided {
        screening_add_on: screening_add_on.map(Rate),
        guarantee: guarantee
            .iter()
            .map(|g| LoanGuarantee {
                loan_no: g.loan_no,
                monthly_rate: g.monthly_rate_percent.map(Rate),
                lump_sum_fee: g.lump_sum_fee_yen.map(Yen),
            })
            .collect(),
    }
}

impl Default for Limits {
    /// The defaults of D.2 and of the timers in E.5.
    fn default() -> Self {
        Limits {
            draft_days: 90,
            document_days: 30,
            approval_days: 180,
            guarantee_days: 180,
            bureau_days: 90,
            posting_timeout_seconds: 60,
            registration_days: 30,
            split_percent: 90,
            split_term_months: 6,
            seal_months: 3,
            leads: LeadTimes::default(),
        }
    }
}

impl Default for LeadTimes {
    /// [assumption]: the specification states no lead times.
    fn default() -> Self {
        LeadTimes {
            guarantee: 5,
            declaration: 3,
            insurance: 5,
            approval: 2,
            contract: 5,
            papers: 3,
            filing: 1,
            funds: 1,
            cut_off: NaiveTime::from_hms_opt(15, 0, 0).unwrap_or(NaiveTime::MIN),
        }
    }
}
