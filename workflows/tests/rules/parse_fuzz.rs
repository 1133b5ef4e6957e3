//! Arbitrary damage to a sample application: reading it never panics, and what still reads is judged and priced without panic.

use crate::common;
use proptest::prelude::*;
use serde_json::{Value, json};
use workflows::form::{Form, Line};
use workflows::{Books, PostedRates};

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        (0..40_i64).prop_map(Value::from),
        Just(json!(1e300)),
        Just(json!(0.5)),
        "\\PC{0,30}".prop_map(Value::from),
        "[0-9０-９./-]{0,12}".prop_map(Value::from),
        "(19|20|21)[0-9]{2}-[01][0-9]-[0-3][0-9]".prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 20, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z_]{1,12}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Every place of a value, as JSON pointers.
fn places(value: &Value, at: String, all: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| places(value, format!("{at}/{key}"), all)),
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(nth, value)| places(value, format!("{at}/{nth}"), all));
        }
        _ => {}
    }
    all.push(at);
}

fn damage(value: &mut Value, place: usize, how: u8, new: Value) {
    let mut all = Vec::new();
    places(value, String::new(), &mut all);
    let pointer = &all[place % all.len()];
    let target = value.pointer_mut(pointer).unwrap();
    match (how, target) {
        (0, Value::Object(map)) => drop(map.insert("unheard_of".to_owned(), new)),
        (1, Value::Object(map)) => {
            let key = map.keys().nth(place % map.len().max(1)).cloned();
            key.map(|key| map.remove(&key));
        }
        (0, Value::Array(items)) => items.push(new),
        (1, Value::Array(items)) => drop(items.pop()),
        (2, Value::Array(items)) => items.extend(items.clone()),
        (_, target) => *target = new,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_applications_are_answered(
        sample in 0..300_usize,
        wounds in prop::collection::vec((any::<usize>(), 0..6_u8, any_json()), 1..4),
    ) {
        thread_local! {
            static OFFER: (Books, PostedRates) = (common::books(), common::rates());
        }
        let line = common::APPLICATIONS.lines().nth(sample).unwrap();
        let mut value: Value = serde_json::from_str(line).unwrap();
        value.as_object_mut().unwrap().remove("expected");
        for (place, how, new) in wounds {
            damage(&mut value, place, how, new);
        }
        match Form::parse(&value) {
            Err(problems) => prop_assert!(!problems.is_empty()),
            Ok(form) => OFFER.with(|(books, rates)| drop(workflows::evaluate(&form, books, rates))),
        }
    }

    #[test]
    fn any_text_is_answered(text in any::<String>()) {
        prop_assert!(Line::parse(&text).is_err());
    }
}
