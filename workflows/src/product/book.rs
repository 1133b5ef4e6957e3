//! Product books: one base book, overlaid into one book per bank.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::overlay::Parameters;
use super::terms::Terms;
use crate::calendar::{self, BranchClosure};
use crate::form::RateType;
use crate::shape::{self, FaultKind};

/// The book of one bank. An application pins its `version` at submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Book {
    /// Base version, bank code and a digest of both sources: `2024-07/2963/0123456789ab`.
    pub version: String,
    /// Four digits.
    pub bank_code: String,
    pub bank_name: String,
    /// Prefectures in which the bank does business (B-06).
    pub business_area: BTreeSet<String>,
    pub branch_closures: Vec<BranchClosure>,
    pub tie_up_products: BTreeMap<String, TieUpProduct>,
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

/// The books of all banks by bank code.
#[derive(Clone, Debug, PartialEq)]
pub struct Books {
    books: BTreeMap<String, Arc<Book>>,
}

/// Name under which problems of the overlay are reported.
const PARAMETERS: &str = "parameters.json";

impl Books {
    /// The base book of a TOML text, overlaid by a JSON text of bank parameters into one book per bank.
    /// Errors: every problem of both texts at once.
    pub fn load(base_toml: &str, file_name: &str, parameters_json: &str) -> Result<Self, Vec<BookProblem>> {
        let mut problems = Vec::new();
        let base =
            toml::from_str::<Value>(base_toml).map_err(|error| not_text(file_name, "TOML", error.message()));
        let base = take(base.and_then(|value| terms(&value, file_name)), &mut problems);
        let parameters = serde_json::from_str::<Value>(parameters_json)
            .map_err(|error| not_text(PARAMETERS, "JSON", &error.to_string()))
            .and_then(|value| parameters(&value));
        let parameters = take(parameters, &mut problems);
        let (Some(base), Some(parameters)) = (base, parameters) else { return Err(problems) };
        if !problems.is_empty() {
            return Err(problems);
        }
        let digest =
            hex::encode(Sha256::new().chain_update(base_toml).chain_update(parameters_json).finalize());
        let books = parameters.books(&base, digest.get(..12).unwrap_or_default());
        Ok(Self { books: books.into_iter().map(|book| (book.bank_code.clone(), Arc::new(book))).collect() })
    }

    /// The book of a bank.
    pub fn get(&self, bank_code: &str) -> Option<&Arc<Book>> {
        self.books.get(bank_code)
    }

    /// All books, by bank code.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<Book>> {
        self.books.values()
    }
}

impl Book {
    /// Whether the branch is open on this day (I-02, I-04).
    pub fn is_business_day(&self, date: NaiveDate, branch_code: &str) -> bool {
        calendar::is_business_day(date, branch_code, &self.branch_closures)
    }
}

fn terms(value: &Value, file: &str) -> Result<Terms, Vec<BookProblem>> {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Terms).to_value());
    let terms: Terms = checked(&SCHEMA, value, file)?;
    let wrong: Vec<BookProblem> = terms
        .inconsistencies()
        .into_iter()
        .map(|(key, accepted)| problem(file, key, "the values do not fit together", accepted))
        .collect();
    if wrong.is_empty() { Ok(terms) } else { Err(wrong) }
}

fn parameters(value: &Value) -> Result<Parameters, Vec<BookProblem>> {
    static SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Parameters).to_value());
    let parameters: Parameters = checked(&SCHEMA, value, PARAMETERS)?;
    let wrong: Vec<BookProblem> = parameters
        .inconsistencies()
        .into_iter()
        .map(|(key, accepted)| problem(PARAMETERS, key, "the values do not fit together", accepted))
        .collect();
    if wrong.is_empty() { Ok(parameters) } else { Err(wrong) }
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
