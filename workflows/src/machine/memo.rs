//! Rules that remember their answers: the explorer asks the same of the same few forms hundreds of thousands of times.

use super::case::FrozenTerms;
use super::facts::GuaranteedLoan;
use super::role::Role;
use super::rules::{Limits, RequiredCover, Rules};
use crate::calendar::planning::Period;
use crate::explained::DecidedOn;
use crate::form::Form;
use crate::money::{Rate, Yen};
use crate::product::Book;
use crate::product::fees::Fees;
use crate::rule::Finding;
use chrono::NaiveDate;
use rust_decimal::Decimal;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Add-on, guaranteed loans, when they were decided, and the date that terms were frozen for.
type Decided = (Option<Decimal>, Vec<GuaranteedLoan>, DecidedOn, NaiveDate);

/// What was asked of one form.
struct Known {
    form: Form,
    findings: HashMap<NaiveDate, Vec<Finding>>,
    covers: Option<Vec<RequiredCover>>,
    frozen: Vec<(Decided, Option<FrozenTerms>)>,
}

/// Rules with a memory. For one thread.
pub struct Memo<'a> {
    inner: &'a dyn Rules,
    known: RefCell<Vec<Known>>,
}

impl<'a> Memo<'a> {
    /// Remembers what `inner` answers.
    pub fn of(inner: &'a dyn Rules) -> Self {
        Memo { inner, known: RefCell::new(vec![]) }
    }

    fn with<T>(&self, form: &Form, ask: impl Fn(&mut Known) -> T) -> T {
        let mut known = self.known.borrow_mut();
        let place = known.iter().position(|known| known.form == *form).unwrap_or_else(|| {
            let form = form.clone();
            known.push(Known { form, findings: HashMap::new(), covers: None, frozen: vec![] });
            known.len() - 1
        });
        // What is asked for most stands in front.
        if place > 0 {
            known.swap(place, place - 1);
            return ask(&mut known[place - 1]);
        }
        ask(&mut known[place])
    }
}

impl Rules for Memo<'_> {
    fn findings(&self, form: &Form, date: NaiveDate) -> Vec<Finding> {
        self.with(form, |known| {
            known.findings.entry(date).or_insert_with(|| self.inner.findings(form, date)).clone()
        })
    }

    fn is_business_day(&self, form: &Form, date: NaiveDate) -> bool {
        self.inner.is_business_day(form, date)
    }

    fn required_covers(&self, form: &Form) -> Vec<RequiredCover> {
        self.with(form, |known| known.covers.get_or_insert_with(|| self.inner.required_covers(form)).clone())
    }

    fn declaration_periods(&self, form: &Form) -> Vec<Period> {
        self.inner.declaration_periods(form)
    }

    fn conditions_hold(&self, form: &Form, date: NaiveDate) -> bool {
        self.inner.conditions_hold(form, date)
    }

    fn rates_published(&self, form: &Form, date: NaiveDate) -> bool {
        self.inner.rates_published(form, date)
    }

    fn freeze(
        &self,
        form: &Form,
        screening_add_on: Option<Decimal>,
        guarantee: &[GuaranteedLoan],
        decided_on: DecidedOn,
        date: NaiveDate,
    ) -> Option<FrozenTerms> {
        let decided: Decided = (screening_add_on, guarantee.to_vec(), decided_on, date);
        self.with(form, |known| {
            if let Some((_, terms)) = known.frozen.iter().find(|(asked, _)| *asked == decided) {
                return terms.clone();
            }
            let terms = self.inner.freeze(form, screening_add_on, guarantee, decided_on, date);
            known.frozen.push((decided.clone(), terms.clone()));
            terms
        })
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

    fn partner(&self, form: &Form, role: Role) -> String {
        self.inner.partner(form, role)
    }
}
