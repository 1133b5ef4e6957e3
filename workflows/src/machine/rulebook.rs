//! The machine's `Rules` answered from the dated product book and the posted rates.

use super::case::FrozenTerms;
use super::facts::GuaranteedLoan;
use super::role::Role;
use super::rules::{LeadTimes, Limits, RequiredCover, Rules};
use crate::calendar::planning::Period;
use crate::explained::{DecidedOn, explain};
use crate::form::Form;
use crate::product::fees::{Fees, collateral_handling_fee};
use crate::product::terms::Terms;
use crate::product::{Conditions, guarantors, pricing};
use crate::rule::Finding;
use crate::{Book, Books, Decided, LoanGuarantee, PostedRates, Rate, Yen};
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::sync::Arc;

/// Books of all banks, and the posted rates of those that it answers for.
#[derive(Clone, Debug)]
pub struct Rulebook {
    pub books: Arc<Books>,
    pub rates: Arc<PostedRates>,
}

impl Rulebook {
    /// The edition of the day of reception, which T01 fixes and a change keeps (C-45).
    pub fn book(&self, form: &Form) -> Option<&Arc<Book>> {
        self.books.on(&form.institution.bank_code, form.received_date())
    }
}

impl Rules for Rulebook {
    fn findings(&self, form: &Form, date: NaiveDate) -> Vec<Finding> {
        match self.book(form) {
            Some(book) => crate::assess(form, book, &self.rates, date),
            None => vec![crate::rule::cause::BOOK.on("institution.bank_code")],
        }
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
        let rates = &self.rates;
        form.loans.iter().all(|loan| rates.standard(loan.rate_type, date).is_some())
    }

    fn freeze(
        &self,
        form: &Form,
        screening_add_on: Option<Decimal>,
        guarantee: &[GuaranteedLoan],
        decided_on: DecidedOn,
        date: NaiveDate,
    ) -> Option<FrozenTerms> {
        let book = self.book(form)?;
        let decided = decided(screening_add_on, guarantee);
        let quote = crate::quote(form, book, &self.rates, &decided, date).ok()?;
        let deductions_yen = quote.fees.total_yen.0;
        let explained = explain(form, book, &self.rates, &decided, decided_on, date).ok()?;
        let mut quote = serde_json::to_value(&quote).ok()?;
        // C-61: what each component came from stays with the case, so that the rate can be told again years later.
        if let Some(quote) = quote.as_object_mut() {
            quote.insert("book_version".to_owned(), explained.book_version.into());
            quote.insert("explained_rates".to_owned(), serde_json::to_value(&explained.rates).ok()?);
        }
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
        // Without a book nothing is good for a day: such a case cannot be opened (BOOK).
        self.book(form).map(|book| Limits::of(&book.terms, &form.institution.branch_code)).unwrap_or_default()
    }

    /// One organisation per role and bank until partner registers exist; guarantors are those of the book, core banking is the bank's own.
    fn partner(&self, form: &Form, role: Role) -> String {
        match role {
            Role::CoreBanking => format!("CORE-{}", form.institution.bank_code),
            Role::Guarantor => guarantors::first_for(self.book(form).map(Arc::as_ref), form.product),
            _ => format!("{}-1", role.code()),
        }
    }
}

pub(super) fn decided(screening_add_on: Option<Decimal>, guarantee: &[GuaranteedLoan]) -> Decided {
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

impl Limits {
    /// The numbers of a book that the machine needs, for one branch.
    pub fn of(terms: &Terms, branch_code: &str) -> Self {
        Limits {
            draft_days: terms.timers.draft_days.into(),
            document_days: terms.timers.document_days.into(),
            approval_days: terms.validity.approval_days.into(),
            guarantee_days: terms.validity.guarantee_decision_days.into(),
            bureau_days: terms.validity.bureau_inquiry_days.into(),
            posting_timeout_seconds: terms.timers.posting_timeout_seconds.into(),
            registration_days: terms.timers.registration_days.into(),
            membership_reminder_days: terms.timers.membership_reminder_days.into(),
            membership_overdue_days: terms.timers.membership_overdue_days.into(),
            job_reminder_days: terms.timers.job_reminder_days.into(),
            job_overdue_days: terms.timers.job_overdue_days.into(),
            emergency_minutes: terms.timers.emergency_minutes.into(),
            split_term_months: terms.staged.term_months,
            seal_months: terms.documents.seal_certificate_valid_months.into(),
            leads: LeadTimes::of(terms, branch_code),
        }
    }
}

impl LeadTimes {
    fn of(terms: &Terms, branch_code: &str) -> Self {
        let leads = terms.leads;
        LeadTimes {
            guarantee: leads.guarantee.into(),
            declaration: leads.declaration.into(),
            insurance: leads.insurance.into(),
            approval: leads.approval.into(),
            contract: leads.contract.into(),
            papers: leads.papers.into(),
            filing: leads.filing.into(),
            funds: leads.funds.into(),
            cut_off: terms.hours.of(branch_code).cut_off.0,
        }
    }
}
