//! The same case under other ids and names, and in another order, has the same findings and the same numbers.

use crate::common::{self, books, evaluated, rates};
use serde_json::{Value, json};
use workflows::form::Form;

const NEW_IDS: [(&str, &str); 4] = [("A1", "P-104"), ("D1", "P-77"), ("G1", "P-5"), ("M1", "P-900")];

fn new_id(id: &str) -> &str {
    NEW_IDS.iter().find(|(old, _)| *old == id).map_or(id, |(_, new)| new)
}

/// Other ids everywhere, other names, and the same change to the account holder.
fn renamed(value: &Value) -> Value {
    match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| {
                let value = match (key.as_str(), value.as_str()) {
                    ("party_id", Some(id)) => json!(new_id(id)),
                    ("application_id", Some(id)) => json!(format!("copy of {id}")),
                    ("name_kana" | "holder_kana", Some(name)) => json!(format!("ヴォ{name}・ヰ")),
                    ("name_kanji" | "name", Some(name)) => json!(format!("𠮷{name}葛\u{e0100}")),
                    ("phone", _) => json!("03-0000-0000"),
                    _ => renamed(value),
                };
                (key.clone(), value)
            })
            .collect(),
        Value::Array(items) => items.iter().map(renamed).collect(),
        other => other.clone(),
    }
}

/// A small generator, so that the orders are the same on every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }

    fn shuffle(&mut self, items: &mut [Value]) {
        for at in (1..items.len()).rev() {
            items.swap(at, self.below(at + 1));
        }
    }
}

fn shuffled(value: &Value, seed: u64) -> Value {
    let mut value = value.clone();
    let mut dice = Dice(seed);
    for list in ["documents", "consents", "fund_uses", "properties", "insurance", "outside_contacts"] {
        dice.shuffle(value[list].as_array_mut().unwrap());
    }
    dice.shuffle(&mut value["parties"].as_array_mut().unwrap()[1..]);
    for property in value["properties"].as_array_mut().unwrap() {
        dice.shuffle(property["owners"].as_array_mut().unwrap());
    }
    value
}

/// An evaluation with its lists in order and, for a renamed case, the old ids.
fn comparable(evaluation: &Value, restore: bool) -> Value {
    let mut text = evaluation.to_string();
    if restore {
        for (old, new) in NEW_IDS {
            text = text.replace(new, old);
        }
    }
    let mut value: Value = serde_json::from_str(&text).unwrap();
    let sort = |list: &mut Value| list.as_array_mut().unwrap().sort_by_key(Value::to_string);
    sort(&mut value["insurance"]);
    sort(&mut value["violation_details"]);
    sort(&mut value["missing_documents"]);
    for stage in ["APPLICATION", "CONTRACT", "DISBURSEMENT"] {
        sort(&mut value["required_documents"][stage]);
    }
    value
}

/// D-11: who wants no direct mail is judged and priced like everybody else.
#[test]
fn consent_to_direct_mail_has_no_effect() {
    let (books, rates) = (books(), rates());
    let samples = common::samples();
    for sample in &samples {
        let mut other = sample.form.clone();
        other.direct_mail_consent = !other.direct_mail_consent;
        assert_eq!(evaluated(&other, &books, &rates), evaluated(&sample.form, &books, &rates));
    }
    println!("direct mail: {0} of {0} applications judged alike", samples.len());
}

#[test]
fn names_ids_and_order_do_not_matter() {
    let (books, rates) = (books(), rates());
    let mut compared = 0;
    for (at, line) in common::APPLICATIONS.lines().enumerate() {
        let mut value: Value = serde_json::from_str(line).unwrap();
        value.as_object_mut().unwrap().remove("expected");
        let evaluate = |value: &Value| evaluated(&Form::parse(value).unwrap(), &books, &rates);
        let original = comparable(&evaluate(&value), false);
        for seed in 0..3 {
            let copy = shuffled(&renamed(&value), seed * 1000 + at as u64);
            assert_eq!(
                comparable(&evaluate(&copy), true),
                original,
                "{} seed {seed}",
                value["application_id"]
            );
            compared += 1;
        }
    }
    println!("{compared} copies compared");
    assert_eq!(compared, 900);
}
