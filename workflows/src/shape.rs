//! Checks a JSON value against the schema of a type and reports every fault at once, where serde would stop at the first.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate};
use serde_json::{Map, Value};

use crate::form::Share;
use crate::money::{LARGEST_AMOUNT, decimal};
use crate::product::ClockTime;

/// The longest text that a field takes, in characters, unless the schema states a `maxLength`.
pub(crate) const LONGEST_TEXT: u64 = 200;
/// The most entries that a list takes.
pub(crate) const LONGEST_LIST: usize = 300;

/// What is wrong at one place of a JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Path such as `parties[0].birth_date`; empty for the whole value.
    pub(crate) path: String,
    pub(crate) kind: FaultKind,
    /// What would be accepted instead.
    pub(crate) accepted: String,
}

/// The kinds of faults.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    Unknown,
    Missing,
    Type,
    Choice,
    Date,
    Instant,
    Clock,
    Decimal,
    Share,
    Amount,
    Range,
    Control,
    TooLong,
    TooMany,
}

/// Every fault of `value` against `schema`, a root schema as schemars prints it.
pub(crate) fn faults(schema: &Value, value: &Value) -> Vec<Fault> {
    let mut walk = Walk { root: schema, faults: Vec::new() };
    walk.value(schema, value, "");
    walk.faults
}

/// The path of a key below a path.
pub(crate) fn below(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

struct Walk<'a> {
    root: &'a Value,
    faults: Vec<Fault>,
}

impl<'a> Walk<'a> {
    fn add(&mut self, path: &str, kind: FaultKind, accepted: impl Into<String>) {
        self.faults.push(Fault { path: path.to_owned(), kind, accepted: accepted.into() });
    }

    fn resolve(&self, schema: &'a Value) -> &'a Value {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
        target.and_then(|pointer| self.root.pointer(pointer)).unwrap_or(schema)
    }

    fn value(&mut self, schema: &'a Value, value: &Value, path: &str) {
        let schema = self.resolve(schema);
        if let Some(choices) = schema.get("anyOf").and_then(Value::as_array) {
            let Some(real) = choices.iter().find(|choice| choice.get("type") != Some(&Value::from("null")))
            else {
                return;
            };
            if !value.is_null() {
                self.value(real, value, path);
            }
            return;
        }
        if let Some(codes) = codes(schema) {
            let known = value.as_str().is_some_and(|text| codes.contains(&text));
            if !known {
                self.add(path, FaultKind::Choice, codes.join(", "));
            }
            return;
        }
        let (kind, nullable) = kind_of(schema);
        match (kind, value) {
            (_, Value::Null) if nullable => {}
            ("object", Value::Object(map)) => self.object(schema, map, path),
            ("array", Value::Array(items)) => self.array(schema, items, path),
            ("string", Value::String(text)) => self.text(schema, text, path),
            ("integer", Value::Number(number)) => self.integer(schema, number, path),
            ("boolean", Value::Bool(_)) | ("", _) => {}
            _ => self.add(
                path,
                FaultKind::Type,
                if nullable { format!("{kind}, null") } else { kind.to_owned() },
            ),
        }
    }

    fn object(&mut self, schema: &'a Value, map: &Map<String, Value>, path: &str) {
        let known = schema.get("properties").and_then(Value::as_object);
        let others = schema.get("additionalProperties");
        for (key, value) in map {
            let below = below(path, &printable(key));
            match (known.and_then(|known| known.get(key)), others) {
                (Some(schema), _) => self.value(schema, value, &below),
                (None, Some(Value::Bool(false))) => {
                    let names = known.map(|known| known.keys().cloned().collect::<Vec<_>>().join(", "));
                    self.add(&below, FaultKind::Unknown, names.unwrap_or_default());
                }
                (None, Some(schema)) => self.value(schema, value, &below),
                (None, None) => {}
            }
        }
        let required = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        for key in required.filter_map(Value::as_str).filter(|key| !map.contains_key(*key)) {
            self.add(&below(path, key), FaultKind::Missing, "a value");
        }
    }

    fn array(&mut self, schema: &'a Value, items: &[Value], path: &str) {
        if items.len() > LONGEST_LIST {
            self.add(path, FaultKind::TooMany, format!("at most {LONGEST_LIST} entries"));
            return;
        }
        if let Some(item) = schema.get("items") {
            for (at, value) in items.iter().enumerate() {
                self.value(item, value, &format!("{path}[{at}]"));
            }
        }
    }

    fn text(&mut self, schema: &Value, text: &str, path: &str) {
        let longest = schema.get("maxLength").and_then(Value::as_u64).unwrap_or(LONGEST_TEXT);
        if u64::try_from(text.chars().count()).is_ok_and(|count| count > longest) {
            self.add(path, FaultKind::TooLong, format!("at most {longest} characters"));
        } else if text.chars().any(char::is_control) {
            self.add(path, FaultKind::Control, "text without line breaks and control characters");
        } else {
            match schema.get("format").and_then(Value::as_str) {
                Some("date") if !is_date(text) => {
                    self.add(path, FaultKind::Date, "an existing day between 1900 and 2150 as YYYY-MM-DD");
                }
                Some("date-time") if !is_instant(text) => {
                    self.add(
                        path,
                        FaultKind::Instant,
                        "an instant with offset such as 2025-12-01T09:03:40+09:00",
                    );
                }
                Some("clock") if ClockTime::parse(text).is_none() => {
                    self.add(path, FaultKind::Clock, "00:00 to 23:59 as HH:MM");
                }
                Some("decimal") if decimal(text).is_none_or(|value| value.is_sign_negative()) => {
                    self.add(path, FaultKind::Decimal, "a decimal of half-width digits such as \"2.475\"");
                }
                Some("share") if Share::parse(text).is_none() => {
                    self.add(path, FaultKind::Share, "a share such as \"1/2\", not above the whole");
                }
                _ => {}
            }
        }
    }

    fn integer(&mut self, schema: &Value, number: &serde_json::Number, path: &str) {
        let yen = schema.get("format").and_then(Value::as_str) == Some("yen");
        let least = schema.get("minimum").and_then(Value::as_i64).unwrap_or(i64::MIN);
        let most = schema.get("maximum").and_then(Value::as_i64).unwrap_or(i64::MAX);
        if number.as_i64().is_some_and(|number| (least..=most).contains(&number)) {
            return;
        }
        if number.is_f64() {
            // Integers beyond 64 bits come as floats too: none of them is an amount.
            self.add(path, FaultKind::Type, "integer");
        } else if yen {
            self.add(path, FaultKind::Amount, format!("0 to {LARGEST_AMOUNT} yen"));
        } else {
            self.add(path, FaultKind::Range, format!("{least} to {most}"));
        }
    }
}

/// A key of the sender as it can stand in a path: cut, and without control characters.
fn printable(key: &str) -> String {
    key.chars().take(60).map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }).collect()
}

/// The codes of a list of choices; `None` for any other schema.
fn codes(schema: &Value) -> Option<Vec<&str>> {
    let listed = schema.get("enum").and_then(Value::as_array);
    if let Some(listed) = listed {
        return Some(listed.iter().filter_map(Value::as_str).collect());
    }
    let one_of = schema.get("oneOf").and_then(Value::as_array)?;
    let mut found = BTreeSet::new();
    let mut ordered = Vec::new();
    for code in one_of.iter().filter_map(|choice| choice.get("const").and_then(Value::as_str)) {
        if found.insert(code) {
            ordered.push(code);
        }
    }
    Some(ordered)
}

/// The type of a schema and whether null stands beside it.
fn kind_of(schema: &Value) -> (&str, bool) {
    match schema.get("type") {
        Some(Value::String(kind)) => (kind, false),
        Some(Value::Array(kinds)) => {
            let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
            let real = kinds.iter().find(|kind| **kind != "null").copied().unwrap_or("");
            (real, kinds.contains(&"null"))
        }
        _ => ("", true),
    }
}

fn is_date(text: &str) -> bool {
    let plain = text.len() == 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
    plain && text.parse::<NaiveDate>().is_ok_and(|date| (1900..=2150).contains(&date.year()))
}

fn is_instant(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text).is_ok_and(|instant| (1900..=2150).contains(&instant.year()))
}
