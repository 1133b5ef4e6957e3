//! What reads texts of strangers: whatever comes, it answers, and its refusal names the place without repeating the content.
//! The forms of applications and the transfer file have their own properties in `workflows/tests/rules`.

use api::graphql::lex::{Size, count};
use api::http::json;
use api::http::negotiate::{accepted, is_plain_json};
use axum::http::{HeaderMap, HeaderValue, header};
use proptest::prelude::*;
use serde_json::Value;
use workflows::Rate;
use workflows::form::Line;

const MOST: Size = Size { bytes: 4_096, tokens: 500, brackets: 20 };

/// Any JSON value that nests as deeply as a request may, and deeper.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Pieces of documents in any order.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{".to_owned()),
        Just("}".to_owned()),
        Just("(".to_owned()),
        Just(")".to_owned()),
        Just("[".to_owned()),
        Just("]".to_owned()),
        Just("\"".to_owned()),
        Just("\"\"\"".to_owned()),
        Just("\\".to_owned()),
        Just("#".to_owned()),
        Just("\n".to_owned()),
        Just("...".to_owned()),
        Just("fragment F on Query".to_owned()),
        Just("\u{feff}".to_owned()),
        "[a-z]{1,9}",
        any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_json_or_a_refusal_that_names_the_place(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Err(why) = json::parse(&bytes) {
            prop_assert!(["line", "UTF-8", "byte-order", "text follows"].iter().any(|word| why.contains(word)), "{}", why);
        }
    }

    #[test]
    fn what_is_written_is_read_and_canonical_text_is_a_fixed_point(value in value()) {
        let text = value.to_string();
        let read = json::parse(text.as_bytes());
        prop_assert_eq!(read.as_ref(), Ok(&value));
        let canonical = json::canonical(&value);
        let again = json::parse(canonical.as_bytes()).map(|value| json::canonical(&value));
        prop_assert_eq!(again, Ok(canonical));
    }

    #[test]
    fn a_refusal_does_not_repeat_the_content(secret in "[A-Z]{12}", cut in 0_usize..20) {
        let text = format!("{{\"query\":\"{secret}\",\"query\":\"{secret}\"}}");
        let end = text.len() - cut.min(text.len() - 1);
        let why = json::parse(&text.as_bytes()[..end]).expect_err("a key stands twice");
        prop_assert!(!why.contains(&secret), "{}", why);
    }

    #[test]
    fn any_text_has_tokens_or_is_refused_before_it_is_parsed(text in pieces()) {
        let counted = count(&text, MOST);
        if let Ok(tokens) = counted {
            prop_assert!(tokens <= text.len().min(MOST.tokens));
            // What the first look lets pass the parser takes without a panic.
            let _ = async_graphql::parser::parse_query(&text);
        }
        let tight = Size { tokens: 3, brackets: 1, ..MOST };
        if count(&text, tight).is_ok() {
            prop_assert!(counted.is_ok());
        }
    }

    #[test]
    fn any_header_is_judged(bytes in prop::collection::vec(32_u8..=255, 0..60)) {
        let Ok(value) = HeaderValue::from_bytes(&bytes) else { return Ok(()) };
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, value.clone());
        headers.insert(header::CONTENT_TYPE, value);
        let plain = is_plain_json(&headers);
        let text = String::from_utf8_lossy(&bytes).to_ascii_lowercase();
        prop_assert!(!plain || text.trim_start().starts_with("application/json"), "{}", text);
        if accepted(&headers).is_some() {
            prop_assert!(text.contains("json") || text.contains('*'), "{}", text);
        }
    }

    #[test]
    fn any_line_is_an_application_or_every_problem_names_its_field_and_rule(text in any::<String>()) {
        if let Err(problems) = Line::parse(&text) {
            prop_assert!(!problems.is_empty());
            for problem in problems {
                prop_assert!(problem.rule.starts_with("FORM-"), "{:?}", problem);
                prop_assert!(!problem.message_ja.is_empty() && !problem.accepted.is_empty(), "{:?}", problem);
            }
        }
    }

    #[test]
    fn a_form_with_anything_in_one_place_is_taken_or_that_place_is_named(value in value(), at in 0_usize..64) {
        let sample: Value = serde_json::from_str(workflows::sample::Sample::Purchase.json()).expect("JSON");
        let mut form = sample.clone();
        let map = form.as_object_mut().expect("an object");
        let names: Vec<String> = map.keys().cloned().collect();
        let name = &names[at % names.len()];
        map.insert(name.clone(), value);
        if let Err(problems) = workflows::Form::parse(&form) {
            for problem in &problems {
                prop_assert!(!problem.rule.is_empty() && !problem.message_en.is_empty(), "{:?}", problem);
            }
            prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn a_rate_is_what_its_text_says_or_nothing(text in "[-+0-9.eE,０-９ ]{0,16}") {
        if let Some(rate) = Rate::parse(&text) {
            let plain = text.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit() || b == b'.');
            prop_assert!(plain, "{} is {:?}", text, rate);
        }
    }
}
