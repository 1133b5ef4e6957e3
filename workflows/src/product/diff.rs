//! What changes between two editions of a book, and for whom.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::book::Book;
use super::meaning::meaning_of;
use crate::form::{FeePlan, Product, RateType};

/// One value that differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Path such as `terms.fees.handling_others_yen`; lists are keyed by what tells their entries apart.
    pub key: String,
    /// `null`: not there before.
    pub old: Value,
    /// `null`: not there any more.
    pub new: Value,
    /// Rule under which the value stands.
    pub rule: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub touches: Touches,
}

/// Whom a change touches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Touches {
    pub products: Vec<Product>,
    pub rate_types: Vec<RateType>,
    pub fee_plans: Vec<FeePlan>,
    pub customers_ja: &'static str,
    pub customers_en: &'static str,
}

/// Every value that differs between two editions, by key. Versions and dates of the editions themselves are no differences.
pub fn diff(old: &Book, new: &Book) -> Vec<Change> {
    let (old, new) = (values_of(old), values_of(new));
    let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    keys.into_iter()
        .filter(|key| old.get(*key) != new.get(*key))
        .map(|key| {
            let value = |values: &BTreeMap<String, Value>| values.get(key).cloned().unwrap_or(Value::Null);
            let meaning = meaning_of(key);
            Change {
                key: key.clone(),
                old: value(&old),
                new: value(&new),
                rule: meaning.rule,
                ja: meaning.ja,
                en: meaning.en,
                touches: touches(key, meaning.who, [&old, &new]),
            }
        })
        .collect()
}

/// One value of an edition, with what it means.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Listed {
    /// Path such as `terms.fees.handling_others_yen`.
    pub key: String,
    pub value: Value,
    /// Rule under which the value stands.
    pub rule: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
}

/// Every value of an edition with its meaning, by key.
pub fn listed(book: &Book) -> Vec<Listed> {
    let explained = |(key, value): (String, Value)| {
        let meaning = meaning_of(&key);
        Listed { key, value, rule: meaning.rule, ja: meaning.ja, en: meaning.en }
    };
    values_of(book).into_iter().map(explained).collect()
}

/// Every single value of an edition by its key.
pub fn values_of(book: &Book) -> BTreeMap<String, Value> {
    let mut values = BTreeMap::new();
    // infallible: a book is made of tables with text keys.
    let mut book = serde_json::to_value(book).unwrap_or_default();
    if let Some(book) = book.as_object_mut() {
        ["version", "effective_from", "effective_to"].iter().for_each(|key| drop(book.remove(*key)));
        if let Some(terms) = book.get_mut("terms").and_then(Value::as_object_mut) {
            ["version", "effective_from"].iter().for_each(|key| drop(terms.remove(*key)));
        }
    }
    flatten("", &book, &mut values);
    values
}

/// What tells the entries of a list apart, by the place of the list; the first that an entry has counts.
const NAMES: [&str; 8] =
    ["name", "to_yen", "within_years", "term_years", "below_yen", "branch_code", "rate_types", "code"];

/// What tells entries of one name apart: discounts of two kinds, tables by term and age, closures by day.
const SECOND: [&str; 3] = ["discount_type", "elapsed_years", "date"];

fn flatten(path: &str, value: &Value, values: &mut BTreeMap<String, Value>) {
    let below = |key: &str| if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| flatten(&below(key), value, values)),
        Value::Array(items) if items.first().is_some_and(Value::is_object) => {
            for (at, item) in items.iter().enumerate() {
                for name in names_of(item, at) {
                    let mut item = item.clone();
                    if let Some(item) = item.as_object_mut() {
                        // What stands in the key is not repeated as a value.
                        NAMES.iter().chain(&SECOND).for_each(|key| drop(item.remove(*key)));
                    }
                    flatten(&below(&name), &item, values);
                }
            }
        }
        Value::Null => {}
        other => drop(values.insert(path.to_owned(), other.clone())),
    }
}

/// The keys of an entry: one for each rate type of a row of discounts, else one.
fn names_of(item: &Value, at: usize) -> Vec<String> {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let Some(name) = NAMES.iter().find(|name| item.get(**name).is_some()) else {
        return vec![format!("[{at}]")];
    };
    let second = SECOND.iter().find_map(|key| item.get(*key));
    let second = second.filter(|value| !value.is_null()).map(|value| format!(".{}", text(value)));
    let second = second.unwrap_or_default();
    match &item[*name] {
        Value::Array(types) => types.iter().map(|kind| format!("{}{second}", text(kind))).collect(),
        value => vec![format!("{}{second}", text(value))],
    }
}

/// The products that a value is about: the one that its key names, those that its section is for, else all.
fn products_of(parts: &[&str]) -> Vec<Product> {
    let named: Vec<Product> = parts.iter().filter_map(|part| Product::parse(part)).collect();
    match parts {
        _ if !named.is_empty() => named,
        // S-15: only a housing loan takes drawings or a bridge loan. C-12: fixed-term leasehold is for a new house.
        ["terms", "staged", ..] | ["terms", "term", "fixed_leasehold_maximum_months"] => {
            vec![Product::HousingLoan]
        }
        // C-01, C-02: nobody asks who lives in what a free loan pays for.
        ["terms", "purpose", "residence_degree_at_most"] => {
            vec![Product::HousingLoan, Product::RefinanceReplacementLoan]
        }
        _ => Product::ALL.to_vec(),
    }
}

fn touches(
    key: &str,
    (customers_ja, customers_en): (&'static str, &'static str),
    books: [&BTreeMap<String, Value>; 2],
) -> Touches {
    let parts: Vec<&str> = key.split('.').collect();
    let rate_types: Vec<RateType> = parts.iter().filter_map(|part| RateType::parse(part)).collect();
    let plan = |part: &&str| match *part {
        "flat_fee" => Some(FeePlan::FlatFee),
        "percent_fee" => Some(FeePlan::PercentFee),
        _ => None,
    };
    let mut fee_plans: BTreeSet<FeePlan> = parts.iter().filter_map(plan).collect();
    if let ["terms", "campaigns", name, ..] = parts[..] {
        let key = format!("terms.campaigns.{name}.fee_plans");
        let listed = books.iter().filter_map(|values| values.get(&key)?.as_array()).flatten();
        fee_plans.extend(listed.filter_map(Value::as_str).filter_map(FeePlan::parse));
    }
    Touches {
        products: products_of(&parts),
        rate_types: if rate_types.is_empty() { RateType::ALL.to_vec() } else { rate_types },
        fee_plans: if fee_plans.is_empty() { FeePlan::ALL.to_vec() } else { fee_plans.into_iter().collect() },
        customers_ja,
        customers_en,
    }
}
