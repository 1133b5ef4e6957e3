//! The sample data and the comparison of evaluations with what the samples expect, as strict as the sample set's own script.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;
use serde_json::Value;
use workflows::form::Line;
use workflows::{Books, Form, PostedRates, evaluate};

pub const BASE: &str = include_str!("../../products/base.toml");
pub const PARAMETERS: &str = include_str!("../../../tests/data/parameters.json");
pub const RATES: &str = include_str!("../../../tests/data/posted-rates.json");
pub const APPLICATIONS: &str = include_str!("../../../tests/data/applications.jsonl");

/// A sample application with its expected outcome.
#[derive(Clone)]
pub struct Sample {
    pub form: Form,
    pub expected: Value,
}

/// The books of the sample banks. Books, rates and samples are read once: reading them is most of what a small test does.
pub fn books() -> Books {
    static READ: LazyLock<Books> = LazyLock::new(|| Books::load(BASE, "base.toml", PARAMETERS).unwrap());
    READ.clone()
}

pub fn rates() -> PostedRates {
    static READ: LazyLock<PostedRates> = LazyLock::new(|| PostedRates::parse(RATES).unwrap());
    READ.clone()
}

pub fn samples() -> Vec<Sample> {
    static READ: LazyLock<Vec<Sample>> = LazyLock::new(|| {
        let sample = |line: &str| {
            let value: Value = serde_json::from_str(line).unwrap();
            Sample { form: Line::parse(line).unwrap().form, expected: value["expected"].clone() }
        };
        APPLICATIONS.lines().map(sample).collect()
    });
    READ.clone()
}

pub fn evaluated(form: &Form, books: &Books, rates: &PostedRates) -> Value {
    serde_json::to_value(evaluate(form, books, rates).unwrap()).unwrap()
}

/// Matched and total per field, and every difference.
#[derive(Default)]
pub struct Tally {
    pub fields: BTreeMap<String, (usize, usize)>,
    pub differences: Vec<String>,
}

impl Tally {
    /// Compares one record: outcome and violations always, the rest where the expected outcome is PROCEED.
    pub fn record(&mut self, id: &str, expected: &Value, actual: &Value) {
        for key in ["outcome", "violations"] {
            self.walk(key, &expected[key], &actual[key], id);
        }
        if expected["outcome"] == "PROCEED" {
            for (key, value) in expected.as_object().unwrap() {
                if !["outcome", "violations", "violation_details"].contains(&key.as_str()) {
                    self.walk(key, value, &actual[key], id);
                }
            }
        }
    }

    pub fn matched(&self) -> usize {
        self.fields.values().map(|(matched, _)| matched).sum()
    }

    pub fn total(&self) -> usize {
        self.fields.values().map(|(_, total)| total).sum()
    }

    fn walk(&mut self, path: &str, expected: &Value, actual: &Value, id: &str) {
        match expected {
            Value::Object(map) => {
                for (key, value) in map {
                    self.walk(&format!("{path}.{key}"), value, &actual[key], id);
                }
            }
            Value::Array(items) if items.first().is_some_and(Value::is_object) => {
                for (at, value) in items.iter().enumerate() {
                    self.walk(path, value, &actual[at], id);
                }
            }
            _ => {
                let same = is_empty(expected) && is_empty(actual)
                    || same(expected, actual)
                    || same_set(expected, actual);
                let (matched, total) = self.fields.entry(path.to_owned()).or_default();
                *total += 1;
                *matched += usize::from(same);
                if !same {
                    self.differences.push(format!("{id} {path}: expected {expected}, found {actual}"));
                }
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}

fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::String(one), Value::String(other)) => {
            let decimal = |text: &str| text.parse::<Decimal>().ok();
            one == other || decimal(one).is_some_and(|value| decimal(other) == Some(value))
        }
        (Value::Array(ones), Value::Array(others)) => {
            ones.len() == others.len() && ones.iter().zip(others).all(|(one, other)| same(one, other))
        }
        _ => expected == actual,
    }
}

fn same_set(expected: &Value, actual: &Value) -> bool {
    let sorted = |value: &Value| {
        let mut texts: Vec<String> = value.as_array()?.iter().map(Value::to_string).collect();
        texts.sort();
        Some(texts)
    };
    sorted(expected).is_some() && sorted(expected) == sorted(actual)
}
