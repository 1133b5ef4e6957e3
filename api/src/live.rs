//! The lending rules with the posted rates that the banks entered: read from the store at the start, every half minute, and after
//! each approval of this process. A line counts from a later day at the earliest, so that no process decides by an older one.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::NaiveDate;
use db::Store;
use db::replay::{Versioned, rates_digest};
use rust_decimal::Decimal;
use tokio_util::sync::CancellationToken;
use workflows::calendar::planning::Period;
use workflows::explained::DecidedOn;
use workflows::machine::case::FrozenTerms;
use workflows::machine::facts::GuaranteedLoan;
use workflows::machine::rules::RequiredCover;
use workflows::machine::{Limits, Role, Rulebook, Rules};
use workflows::product::fees::Fees;
use workflows::product::posting::DatedRate;
use workflows::rule::Finding;
use workflows::{Book, Form, PostedRates, Rate, Yen};

/// How often the approved lines are read again: well within [`db::rates::KNOWN_WITHIN`].
const READ_EVERY: Duration = Duration::from_secs(30);

/// Rules whose rates can grow while the process runs.
#[derive(Debug)]
pub struct LiveRules {
    /// Books, and the rates of the file: the first stock of every bank.
    base: Dated,
    /// Banks with lines of their own.
    own: RwLock<BTreeMap<String, Dated>>,
}

/// Rules with the digest of their rates, made once.
#[derive(Clone, Debug)]
struct Dated {
    rules: Arc<Rulebook>,
    rates: Arc<str>,
}

impl Dated {
    fn of(rules: Arc<Rulebook>) -> Self {
        let rates = rates_digest(&rules.rates).into();
        Self { rules, rates }
    }
}

impl LiveRules {
    /// The rules of the files alone.
    pub fn new(base: Arc<Rulebook>) -> Self {
        let base = Dated::of(base);
        Self { base, own: RwLock::new(BTreeMap::new()) }
    }

    /// The rules of a bank as they stand.
    pub fn of(&self, bank_code: &str) -> Arc<Rulebook> {
        self.dated(bank_code).rules
    }

    fn dated(&self, bank_code: &str) -> Dated {
        let own = self.own.read().unwrap_or_else(PoisonError::into_inner);
        own.get(bank_code).unwrap_or(&self.base).clone()
    }

    /// The rates of the file.
    pub fn stock(&self) -> &PostedRates {
        &self.base.rules.rates
    }

    /// Takes the approved lines of all banks.
    pub fn take(&self, approved: Vec<DatedRate>) {
        let mut by_bank: BTreeMap<String, Vec<DatedRate>> = BTreeMap::new();
        for line in approved {
            by_bank.entry(line.institution.clone()).or_default().push(line);
        }
        let with = |(bank, lines): (String, Vec<DatedRate>)| {
            let base = &self.base.rules;
            let rates = Arc::new(base.rates.with(&lines));
            (bank, Dated::of(Arc::new(Rulebook { books: base.books.clone(), rates })))
        };
        let own = by_bank.into_iter().map(with).collect();
        *self.own.write().unwrap_or_else(PoisonError::into_inner) = own;
    }

    /// Reads the approved lines from the store. Errors: the database; the rates stay as they were.
    pub async fn refresh(&self, store: &Store) -> db::Result<()> {
        self.take(store.approved_rates().await?);
        Ok(())
    }

    /// Refreshes every half minute until told to stop.
    pub async fn keep(&self, store: &Store, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.refresh(store).await {
                tracing::warn!(%error, "the posted rates could not be read");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(READ_EVERY) => {}
            }
        }
    }

    fn for_form(&self, form: &Form) -> Arc<Rulebook> {
        self.of(&form.institution.bank_code)
    }
}

impl Versioned for LiveRules {
    fn rates_version(&self, form: &Form) -> String {
        self.dated(&form.institution.bank_code).rates.to_string()
    }
}

impl Rules for LiveRules {
    fn findings(&self, form: &Form, date: NaiveDate) -> Vec<Finding> {
        self.for_form(form).findings(form, date)
    }

    fn is_business_day(&self, form: &Form, date: NaiveDate) -> bool {
        self.for_form(form).is_business_day(form, date)
    }

    fn required_covers(&self, form: &Form) -> Vec<RequiredCover> {
        self.for_form(form).required_covers(form)
    }

    fn declaration_periods(&self, form: &Form) -> Vec<Period> {
        self.for_form(form).declaration_periods(form)
    }

    fn conditions_hold(&self, form: &Form, date: NaiveDate) -> bool {
        self.for_form(form).conditions_hold(form, date)
    }

    fn rates_published(&self, form: &Form, date: NaiveDate) -> bool {
        self.for_form(form).rates_published(form, date)
    }

    fn freeze(
        &self,
        form: &Form,
        screening_add_on: Option<Decimal>,
        guarantee: &[GuaranteedLoan],
        decided_on: DecidedOn,
        date: NaiveDate,
    ) -> Option<FrozenTerms> {
        self.for_form(form).freeze(form, screening_add_on, guarantee, decided_on, date)
    }

    fn fees(&self, form: &Form, guarantee: &[GuaranteedLoan], date: NaiveDate) -> Option<Fees> {
        self.for_form(form).fees(form, guarantee, date)
    }

    fn price_of_route(&self, form: &Form, screening_add_on: Option<Decimal>) -> Option<(Yen, Rate)> {
        self.for_form(form).price_of_route(form, screening_add_on)
    }

    fn book_of(&self, form: &Form) -> Option<Arc<Book>> {
        self.for_form(form).book_of(form)
    }

    fn book_version(&self, form: &Form) -> String {
        self.for_form(form).book_version(form)
    }

    fn limits(&self, form: &Form) -> Limits {
        self.for_form(form).limits(form)
    }

    fn partner(&self, form: &Form, role: Role) -> String {
        self.for_form(form).partner(form, role)
    }
}
