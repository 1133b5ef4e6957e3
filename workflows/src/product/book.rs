//! Product books: one base book, overlaid into dated editions per bank.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::branches::BankBranch;
use super::codes::CodeMap;
use super::edition::{BASE_SCHEMA, EDITION_SCHEMA, Edition};
use super::guarantors::BankGuarantor;
use super::overlay::Parameters;
use super::terms::Terms;
use crate::calendar::{self, BranchClosure};
use crate::form::RateType;
use crate::shape::{self, FaultKind};

/// One edition of the book of one bank. An application is judged by the edition of its day of reception and pins the `version`
/// of that one at submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Base version, bank code, first day of a dated edition and a digest of all sources: `2024-07/2963/2024-07-01/0123456789ab`.
    pub version: String,
    /// Four digits.
    pub bank_code: String,
    pub bank_name: String,
    /// First day of reception that this edition judges; `None`: from the beginning.
    pub effective_from: Option<NaiveDate>,
    /// Last day of reception; `None`: without end.
    pub effective_to: Option<NaiveDate>,
    /// Prefectures in which the bank does business (B-06).
    pub business_area: BTreeSet<String>,
    pub branch_closures: Vec<BranchClosure>,
    /// The branches under which applications are taken in; empty where the edition lists none: every code is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<BankBranch>,
    pub tie_up_products: BTreeMap<String, TieUpProduct>,
    /// The guarantee institutions of the bank (F-01), the default first; empty where the edition names none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub guarantors: Vec<BankGuarantor>,
    /// The codes of guarantee institutions (F-02), by organisation.
    pub guarantor_codes: BTreeMap<String, CodeMap>,
    pub terms: Terms,
}

/// A product for the customers of a partner (C-23).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TieUpProduct {
    pub name: String,
    pub allowed_rate_types: Vec<RateType>,
}

/// A reason why a book cannot be used: where it stands and what would be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct BookProblem {
    pub file: String,
    /// Path such as `insurance.types.BASIC.add_on`; empty for the whole file.
    pub key: String,
    pub message: String,
    pub accepted: String,
}

impl std::fmt::Display for BookProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}: {}; accepted: {}", self.file, self.key, self.message, self.accepted)
    }
}

/// A text with the name under which its problems are reported.
#[derive(Copy, Clone, Debug)]
pub struct Source<'a> {
    pub name: &'a str,
    pub text: &'a str,
}

/// The editions of all banks, by bank code and then by the day from which they count.
#[derive(Clone, Debug, PartialEq)]
pub struct Books {
    editions: BTreeMap<String, Vec<Arc<Book>>>,
}

/// Name under which problems of the overlay are reported.
const PARAMETERS: &str = "parameters.json";

impl Books {
    /// The base book of a TOML text, overlaid by a JSON text of bank parameters into one book per bank.
    /// Errors: every problem of both texts at once.
    pub fn load(base_toml: &str, file_name: &str, parameters_json: &str) -> Result<Self, Vec<BookProblem>> {
        let parameters = Source { name: PARAMETERS, text: parameters_json };
        Self::of(Source { name: file_name, text: base_toml }, Some(parameters), &[])
    }

    /// The base book (TOML), overlaid by bank parameters (JSON), overlaid by dated editions of single banks (TOML).
    /// Errors: every problem of all texts at once, gaps and overlaps between editions included.
    pub fn of(
        base: Source<'_>,
        parameters: Option<Source<'_>>,
        editions: &[Source<'_>],
    ) -> Result<Self, Vec<BookProblem>> {
        let mut problems = Vec::new();
        let terms = take(read_toml(base).and_then(|value| terms(&value, base.name)), &mut problems);
        let overlay = match parameters {
            Some(source) => {
                take(read_json(source).and_then(|value| overlay(&value, source.name)), &mut problems)
            }
            None => Some(None),
        };
        let read: Vec<Option<Edition>> = editions
            .iter()
            .map(|source| {
                take(
                    read_toml(*source).and_then(|value| checked(&EDITION_SCHEMA, &value, source.name)),
                    &mut problems,
                )
            })
            .collect();
        let (Some(terms), Some(overlay)) = (terms, overlay) else { return Err(problems) };
        let texts = [Some(base), parameters];
        let digest = |last: Option<&Source<'_>>| digest(texts.iter().flatten().chain(last));
        let overlaid = overlay.as_ref().map_or_else(|| terms.clone(), |overlay| overlay.overlaid(&terms));
        if let Some(source) = parameters {
            problems.extend(unfit(&overlaid, source.name));
        }
        let plain =
            overlay.as_ref().map(|overlay| overlay.books(&overlaid, &digest(None))).unwrap_or_default();
        let mut dated = Vec::new();
        for (source, edition) in editions.iter().zip(&read) {
            let Some(edition) = edition else { continue };
            let known = overlay.as_ref().and_then(|overlay| overlay.known(&edition.bank_code));
            match edition.book(&overlaid, known.as_ref(), &digest(Some(source))) {
                Ok(book) => dated.push((source.name, book)),
                Err(wrong) => problems.extend(
                    wrong
                        .into_iter()
                        .map(|(key, message, accepted)| problem(source.name, key, &message, accepted)),
                ),
            }
        }
        problems.extend(chain_faults(&mut dated));
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Self::chained(plain, dated.into_iter().map(|(_, book)| book)))
    }

    /// Editions in their order, each ending where the next begins, with the closures of all of them.
    fn chained(plain: Vec<Book>, dated: impl Iterator<Item = Book>) -> Self {
        let mut chains: BTreeMap<String, Vec<Book>> = BTreeMap::new();
        for book in plain.into_iter().chain(dated) {
            chains.entry(book.bank_code.clone()).or_default().push(book);
        }
        for chain in chains.values_mut() {
            let begins: Vec<Option<NaiveDate>> =
                chain.iter().skip(1).map(|book| book.effective_from).collect();
            for (book, next) in chain.iter_mut().zip(begins) {
                book.effective_to = next.and_then(|next| next.pred_opt());
            }
            // I-04: a closure is dated itself, so it closes the branch for cases of every edition.
            let closures: BTreeSet<BranchClosure> =
                chain.iter().flat_map(|book| book.branch_closures.iter().cloned()).collect();
            chain.iter_mut().for_each(|book| book.branch_closures = closures.iter().cloned().collect());
        }
        let shared = |chain: Vec<Book>| chain.into_iter().map(Arc::new).collect();
        Self { editions: chains.into_iter().map(|(code, chain)| (code, shared(chain))).collect() }
    }

    /// The latest edition of a bank.
    pub fn get(&self, bank_code: &str) -> Option<&Arc<Book>> {
        self.editions.get(bank_code).and_then(|chain| chain.last())
    }

    /// The editions of a bank, by day.
    pub fn of_bank(&self, bank_code: &str) -> &[Arc<Book>] {
        self.editions.get(bank_code).map_or(&[], Vec::as_slice)
    }

    /// The edition of a bank that judges what was received on a day (C-45, O-24). `None`: no such bank, or none on that day.
    pub fn on(&self, bank_code: &str, received: NaiveDate) -> Option<&Arc<Book>> {
        self.editions.get(bank_code)?.iter().rev().find(|book| book.judges(received))
    }

    /// Codes of all banks.
    pub fn banks(&self) -> impl Iterator<Item = &str> {
        self.editions.keys().map(String::as_str)
    }

    /// All editions, by bank code and day.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Book>> {
        self.editions.values().flatten()
    }

    /// The latest edition of every bank, by bank code.
    pub fn latest(&self) -> impl Iterator<Item = &Arc<Book>> {
        self.editions.values().filter_map(|chain| chain.last())
    }

    /// The editions of some of the banks alone.
    #[must_use]
    pub fn only(mut self, banks: &[String]) -> Self {
        self.editions.retain(|code, _| banks.contains(code));
        self
    }
}

impl Book {
    /// Whether this edition judges what was received on a day.
    pub fn judges(&self, received: NaiveDate) -> bool {
        self.effective_from.is_none_or(|from| from <= received)
            && self.effective_to.is_none_or(|to| received <= to)
    }

    /// Whether the branch is open on this day (I-02, I-04).
    pub fn is_business_day(&self, date: NaiveDate, branch_code: &str) -> bool {
        calendar::is_business_day(date, branch_code, &self.branch_closures)
    }
}

impl Books {
    /// Our codes that the code map of an institution leaves out: findings of a check, and no obstacle to a service, whose messages say
    /// so. An edition without a map for an institution sends our codes alone.
    pub fn unmapped(&self) -> Vec<BookProblem> {
        let mut found = vec![];
        for book in self.iter() {
            for (organisation, map) in &book.guarantor_codes {
                let file = match book.effective_from {
                    Some(day) => format!("{} {day}", book.bank_code),
                    None => book.bank_code.clone(),
                };
                found.extend(map.unmapped().into_iter().map(|code| BookProblem {
                    file: file.clone(),
                    key: format!("guarantor_codes.{organisation}.{code}"),
                    message: "the institution's code is missing (F-02)".to_owned(),
                    accepted: super::codes::ACCEPTED.to_owned(),
                }));
            }
        }
        found
    }
}

/// Overlaps and gaps between the editions of a bank, which come out in the order of bank and day.
fn chain_faults(dated: &mut [(&str, Book)]) -> Vec<BookProblem> {
    dated.sort_by(|(_, one), (_, next)| {
        (&one.bank_code, one.effective_from).cmp(&(&next.bank_code, next.effective_from))
    });
    let fault = |pair: &[(&str, Book)]| {
        let [(earlier, one), (later, next)] = pair else { return None };
        let (Some(begun), Some(begins)) = (one.effective_from, next.effective_from) else { return None };
        if one.bank_code != next.bank_code {
            return None;
        }
        let says = |message: String, accepted: String| {
            Some(problem(later, "effective_from".to_owned(), &message, accepted))
        };
        match one.effective_to {
            _ if begins == begun => says(
                format!("{earlier} begins on the same day"),
                "a day of its own for each edition".to_owned(),
            ),
            Some(last) if begins <= last => says(
                format!("the edition overlaps {earlier}, which counts until {last}"),
                format!("a day after {last}"),
            ),
            Some(last) if last.succ_opt() != Some(begins) => says(
                format!("there is a gap after {earlier}, which ends on {last}"),
                format!("the day after {last}, or no effective_to there"),
            ),
            _ => None,
        }
    };
    dated.windows(2).filter_map(fault).collect()
}

fn digest<'a>(texts: impl Iterator<Item = &'a Source<'a>>) -> String {
    let hash = texts.fold(Sha256::new(), |hash, source| hash.chain_update(source.text)).finalize();
    hex::encode(hash).get(..12).unwrap_or_default().to_owned()
}

fn read_toml(source: Source<'_>) -> Result<Value, Vec<BookProblem>> {
    toml::from_str(source.text).map_err(|error| not_text(source.name, "TOML", error.message()))
}

fn read_json(source: Source<'_>) -> Result<Value, Vec<BookProblem>> {
    serde_json::from_str(source.text).map_err(|error| not_text(source.name, "JSON", &error.to_string()))
}

fn terms(value: &Value, file: &str) -> Result<Terms, Vec<BookProblem>> {
    let terms: Terms = checked(&BASE_SCHEMA, value, file)?;
    let wrong = unfit(&terms, file);
    if wrong.is_empty() { Ok(terms) } else { Err(wrong) }
}

fn unfit(terms: &Terms, file: &str) -> Vec<BookProblem> {
    let fault = |(key, accepted)| problem(file, key, "the values do not fit together", accepted);
    terms.inconsistencies().into_iter().map(fault).collect()
}

fn overlay(value: &Value, file: &str) -> Result<Option<Parameters>, Vec<BookProblem>> {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Parameters).to_value());
    let parameters: Parameters = checked(&SCHEMA, value, file)?;
    let wrong: Vec<BookProblem> = parameters
        .inconsistencies()
        .into_iter()
        .map(|(key, accepted)| problem(file, key, "the values do not fit together", accepted))
        .collect();
    if wrong.is_empty() { Ok(Some(parameters)) } else { Err(wrong) }
}

/// The typed value, or every fault of shape.
fn checked<T: DeserializeOwned>(schema: &Value, value: &Value, file: &str) -> Result<T, Vec<BookProblem>> {
    let faults = shape::faults(schema, value);
    if !faults.is_empty() {
        let problems =
            faults.into_iter().map(|fault| problem(file, fault.path, message(fault.kind), fault.accepted));
        return Err(problems.collect());
    }
    T::deserialize(value)
        .map_err(|error| vec![problem(file, String::new(), "cannot be read", error.to_string())])
}

fn message(kind: FaultKind) -> &'static str {
    match kind {
        FaultKind::Unknown => "there is no such key",
        FaultKind::Missing => "the key is missing",
        FaultKind::Type => "the value has the wrong type",
        FaultKind::Choice => "the value is not one of the choices",
        FaultKind::Clock => "there is no such time of day",
        FaultKind::Date | FaultKind::Instant => "there is no such date",
        FaultKind::Decimal | FaultKind::Share => "this is not a decimal string",
        FaultKind::Amount | FaultKind::Range => "the number is out of range",
        FaultKind::Control => "the text contains a control character",
        FaultKind::TooLong | FaultKind::TooMany => "too long",
    }
}

fn not_text(file: &str, format: &str, error: &str) -> Vec<BookProblem> {
    vec![problem(file, String::new(), &format!("this is not {format}: {error}"), format!("a {format} text"))]
}

fn problem(file: &str, key: String, message: &str, accepted: String) -> BookProblem {
    BookProblem { file: file.to_owned(), key, message: message.to_owned(), accepted }
}

fn take<T>(result: Result<T, Vec<BookProblem>>, problems: &mut Vec<BookProblem>) -> Option<T> {
    result.map_err(|more| problems.extend(more)).ok()
}
