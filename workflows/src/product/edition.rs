//! One dated edition of a bank's book: what it says beyond the base book.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::book::{Book, TieUpProduct};
use super::branches::BankBranch;
use super::codes::CodeMap;
use super::guarantors::BankGuarantor;
use super::terms::Terms;
use crate::calendar::BranchClosure;

/// The shape of a bank's file. `terms` holds any part of the base book: tables are merged by key, lists replaced as a whole.
#[derive(Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Edition {
    /// Four digits.
    pub(super) bank_code: String,
    /// May be left out where the parameters name the bank.
    #[serde(default)]
    pub(super) bank_name: Option<String>,
    /// First day of reception that this edition judges.
    pub(super) effective_from: NaiveDate,
    /// Last day; absent: until the next edition begins.
    #[serde(default)]
    pub(super) effective_to: Option<NaiveDate>,
    /// Prefectures (B-06).
    #[serde(default)]
    pub(super) business_area: Option<BTreeSet<String>>,
    /// Ad-hoc closures (I-04). They count on their day, whichever edition announces them.
    #[serde(default)]
    pub(super) branch_closures: Vec<BranchClosure>,
    /// The branches under which applications are taken in. Left out: every branch code is.
    #[serde(default)]
    pub(super) branches: Vec<BankBranch>,
    #[serde(default)]
    pub(super) tie_up_products: Option<BTreeMap<String, TieUpProduct>>,
    /// The guarantee institutions of the bank, the default first (F-01). Left out: one, `GUARANTOR-1`.
    #[serde(default)]
    pub(super) guarantors: Vec<BankGuarantor>,
    /// The codes of guarantee institutions (F-02), by organisation.
    #[serde(default)]
    pub(super) guarantor_codes: BTreeMap<String, CodeMap>,
    #[serde(default)]
    pub(super) terms: Map<String, Value>,
}

/// Keys of the base book that belong to its own head and are no terms of a bank.
const HEAD: [&str; 2] = ["version", "effective_from"];

/// The schema of a base book.
pub(super) static BASE_SCHEMA: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(Terms).to_value());

/// The schema of an edition: `terms` is the base book with nothing required.
pub(super) static EDITION_SCHEMA: LazyLock<Value> = LazyLock::new(|| {
    let mut schema = schemars::schema_for!(Edition).to_value();
    let mut terms = optional(&BASE_SCHEMA, &BASE_SCHEMA);
    if let Some(properties) = terms.get_mut("properties").and_then(Value::as_object_mut) {
        HEAD.iter().for_each(|key| drop(properties.remove(*key)));
    }
    if let Some(terms) = terms.as_object_mut() {
        ["$schema", "$defs", "title"].iter().for_each(|key| drop(terms.remove(*key)));
    }
    schema["properties"]["terms"] = terms;
    let base_definitions = BASE_SCHEMA.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
    if let Some(definitions) = schema
        .as_object_mut()
        .and_then(|schema| schema.entry("$defs").or_insert_with(|| json!({})).as_object_mut())
    {
        definitions.extend(base_definitions);
    }
    schema
});

/// A schema in which no key of an object is required. Entries of lists keep theirs: a list is replaced as a whole.
fn optional(schema: &Value, root: &Value) -> Value {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
    let mut schema = target.and_then(|pointer| root.pointer(pointer)).unwrap_or(schema).clone();
    if schema.get("type") == Some(&json!("object"))
        && let Some(object) = schema.as_object_mut()
    {
        object.remove("required");
        if let Some(properties) = object.get_mut("properties").and_then(Value::as_object_mut) {
            properties.values_mut().for_each(|property| *property = optional(property, root));
        }
        if let Some(values) = object.get_mut("additionalProperties").filter(|values| values.is_object()) {
            *values = optional(values, root);
        }
    }
    schema
}

/// Where a bank is named in the parameters: what an edition may leave out.
pub(super) struct Known {
    pub(super) name: String,
    pub(super) area: BTreeSet<String>,
    pub(super) tie_up_products: BTreeMap<String, TieUpProduct>,
}

/// A problem before it knows its file: key, message and what is accepted.
pub(super) type Wrong = (String, String, String);

impl Edition {
    /// The book of this edition over the terms of all banks. Errors: everything that does not fit.
    pub(super) fn book(&self, base: &Terms, known: Option<&Known>, digest: &str) -> Result<Book, Vec<Wrong>> {
        let mut wrong = self.head(base, known);
        let merged = serde_json::to_value(base).map(|mut terms| {
            merge(&mut terms, &Value::Object(self.terms.clone()));
            terms
        });
        let terms = merged.and_then(Terms::deserialize);
        let terms = match terms {
            Ok(terms) => {
                let unfit = terms.inconsistencies().into_iter();
                wrong.extend(unfit.map(|(key, accepted)| {
                    (format!("terms.{key}"), "the values do not fit together".to_owned(), accepted)
                }));
                terms
            }
            Err(error) => {
                wrong.push(("terms".to_owned(), "cannot be read".to_owned(), error.to_string()));
                return Err(wrong);
            }
        };
        let name = self.bank_name.clone().or_else(|| known.map(|bank| bank.name.clone()));
        let area = self.business_area.clone().or_else(|| known.map(|bank| bank.area.clone()));
        let (Some(bank_name), Some(business_area), true) = (name, area, wrong.is_empty()) else {
            return Err(wrong);
        };
        let tie_ups = self.tie_up_products.clone();
        Ok(Book {
            version: format!("{}/{}/{}/{digest}", base.version, self.bank_code, self.effective_from),
            bank_code: self.bank_code.clone(),
            bank_name,
            effective_from: Some(self.effective_from),
            effective_to: self.effective_to,
            business_area,
            branch_closures: self.branch_closures.clone(),
            branches: self.branches.clone(),
            tie_up_products: tie_ups
                .or_else(|| known.map(|bank| bank.tie_up_products.clone()))
                .unwrap_or_default(),
            guarantors: self.guarantors.clone(),
            guarantor_codes: self.guarantor_codes.clone(),
            terms,
        })
    }

    fn head(&self, base: &Terms, known: Option<&Known>) -> Vec<Wrong> {
        let mut wrong = Vec::new();
        let mut say = |key: &str, message: &str, accepted: String| {
            wrong.push((key.to_owned(), message.to_owned(), accepted));
        };
        if self.bank_code.len() != 4 || !self.bank_code.bytes().all(|byte| byte.is_ascii_digit()) {
            say("bank_code", "this is no bank code", "exactly 4 digits".to_owned());
        }
        if self.effective_from < base.effective_from {
            let accepted = format!("{} or later, from when on the base book counts", base.effective_from);
            say("effective_from", "the edition begins before the base book", accepted);
        }
        if self.effective_to.is_some_and(|to| to < self.effective_from) {
            say("effective_to", "the edition ends before it begins", "effective_from or later".to_owned());
        }
        for key in super::guarantors::ill_formed(&self.guarantors) {
            say(
                &key,
                "no such institution, or it stands twice (F-01)",
                super::guarantors::ACCEPTED.to_owned(),
            );
        }
        for key in super::branches::ill_formed(&self.branches) {
            say(&key, "this is no branch, or it stands twice", super::branches::ACCEPTED.to_owned());
        }
        for (organisation, map) in &self.guarantor_codes {
            for place in map.ill_formed() {
                let key = format!("guarantor_codes.{organisation}.{place}");
                say(&key, "this is no code of an institution", super::codes::ACCEPTED.to_owned());
            }
        }
        if self.bank_name.is_none() && known.is_none() {
            say("bank_name", "the key is missing", "the bank's name; no parameters state it".to_owned());
        }
        if self.business_area.is_none() && known.is_none() {
            say(
                "business_area",
                "the key is missing",
                "prefectures (B-06); no parameters state them".to_owned(),
            );
        }
        wrong
    }
}

/// Tables by key, everything else as a whole.
fn merge(into: &mut Value, from: &Value) {
    match (into, from) {
        (Value::Object(into), Value::Object(from)) => {
            for (key, value) in from {
                merge(into.entry(key.clone()).or_insert(Value::Null), value);
            }
        }
        (into, from) => *into = from.clone(),
    }
}

/// The JSON Schema of the files of a book for editors: a bank's edition or the base book.
pub fn book_schema() -> Value {
    let mut edition = EDITION_SCHEMA.clone();
    let mut base = BASE_SCHEMA.clone();
    let mut definitions = Map::new();
    for (name, schema) in [("Edition", &mut edition), ("BaseBook", &mut base)] {
        if let Some(schema) = schema.as_object_mut() {
            schema.remove("$schema");
            if let Some(Value::Object(inner)) = schema.remove("$defs") {
                definitions.extend(inner);
            }
        }
        definitions.insert(name.to_owned(), schema.clone());
    }
    let mut schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Product book",
        "anyOf": [{ "$ref": "#/$defs/Edition" }, { "$ref": "#/$defs/BaseBook" }],
        "$defs": definitions,
    });
    spell_formats(&mut schema);
    schema
}

/// Formats of our own as patterns, which every editor knows.
fn spell_formats(schema: &mut Value) {
    match schema {
        Value::Object(object) => {
            let pattern = match object.get("format").and_then(Value::as_str) {
                Some("decimal") => Some(r"^\d{1,12}(\.\d{1,6})?$"),
                Some("clock") => Some(r"^([01]\d|2[0-3]):[0-5]\d$"),
                _ => None,
            };
            if let Some(pattern) = pattern {
                object.insert("pattern".to_owned(), json!(pattern));
            }
            object.values_mut().for_each(spell_formats);
        }
        Value::Array(items) => items.iter_mut().for_each(spell_formats),
        _ => {}
    }
}
