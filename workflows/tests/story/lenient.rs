//! A bank whose products have one rule less: rows that the three products of today never reach (O-17) are kept for others.

use std::sync::Arc;

use chrono::NaiveDate;
use rust_decimal::Decimal;
use workflows::calendar::planning::Period;
use workflows::explained::DecidedOn;
use workflows::machine::case::FrozenTerms;
use workflows::machine::facts::GuaranteedLoan;
use workflows::machine::rules::RequiredCover;
use workflows::machine::{Limits, Role, Rules};
use workflows::product::fees::Fees;
use workflows::product::guarantors::BankGuarantor;
use workflows::rule::Finding;
use workflows::{Book, Form, Rate, Yen};

/// The sample bank's other guarantor.
pub const SECOND: &str = "GUARANTOR-2";

pub struct Lenient<'a> {
    pub inner: &'a dyn Rules,
    /// The rule that this bank's products do not have; `rates`: no standard rate is published; [`SECOND`]: its papers do not name that
    /// guarantor.
    pub without: &'static str,
}

impl Rules for Lenient<'_> {
    fn findings(&self, form: &Form, date: NaiveDate) -> Vec<Finding> {
        let mut findings = self.inner.findings(form, date);
        findings.retain(|finding| finding.rule != self.without);
        findings
    }

    fn is_business_day(&self, form: &Form, date: NaiveDate) -> bool {
        self.inner.is_business_day(form, date)
    }

    fn required_covers(&self, form: &Form) -> Vec<RequiredCover> {
        self.inner.required_covers(form)
    }

    fn declaration_periods(&self, form: &Form) -> Vec<Period> {
        self.inner.declaration_periods(form)
    }

    fn conditions_hold(&self, form: &Form, date: NaiveDate) -> bool {
        self.inner.conditions_hold(form, date)
    }

    fn rates_published(&self, form: &Form, date: NaiveDate) -> bool {
        self.without != "rates" && self.inner.rates_published(form, date)
    }

    fn freeze(
        &self,
        form: &Form,
        add_on: Option<Decimal>,
        guarantee: &[GuaranteedLoan],
        decided_on: DecidedOn,
        date: NaiveDate,
    ) -> Option<FrozenTerms> {
        self.inner.freeze(form, add_on, guarantee, decided_on, date)
    }

    fn fees(&self, form: &Form, guarantee: &[GuaranteedLoan], date: NaiveDate) -> Option<Fees> {
        self.inner.fees(form, guarantee, date)
    }

    fn price_of_route(&self, form: &Form, add_on: Option<Decimal>) -> Option<(Yen, Rate)> {
        self.inner.price_of_route(form, add_on)
    }

    fn book_of(&self, form: &Form) -> Option<Arc<Book>> {
        self.inner.book_of(form)
    }

    fn book_version(&self, form: &Form) -> String {
        self.inner.book_version(form)
    }

    fn limits(&self, form: &Form) -> Limits {
        self.inner.limits(form)
    }

    fn guarantors(&self, form: &Form) -> Vec<BankGuarantor> {
        let mut all = self.inner.guarantors(form);
        for one in all.iter_mut().filter(|one| one.organisation == self.without) {
            one.in_papers = false;
        }
        all
    }

    fn partner(&self, form: &Form, role: Role) -> String {
        self.inner.partner(form, role)
    }
}
