//! Texts of a request: which font sets each part, and what no font has.
//!
//! A name is printed as it was written. A character that the main font lacks comes from the second one; one that both lack, or a form
//! of a character (variation selector) that both lack, stands as its code in a frame. No character is taken for another.

use crate::Failure;
use crate::fonts::{Fonts, Place};
use serde_json::{Value, json};

/// Whether any text needs the second font.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Rare(pub bool);

/// Replaces every text of a request that the main font cannot set alone by its parts: `{"parts": [["渡", 0], ["葛󠄀", 1], ["U+2B8B8", 2]]}`.
/// Errors: control characters, by field.
pub fn parted(value: &mut Value, fonts: &Fonts) -> Result<Rare, Failure> {
    let (mut rare, mut wrong) = (Rare::default(), vec![]);
    walk(value, "", fonts, &mut rare, &mut wrong);
    if wrong.is_empty() { Ok(rare) } else { Err(Failure::Refused(Value::Array(wrong))) }
}

fn walk(value: &mut Value, field: &str, fonts: &Fonts, rare: &mut Rare, wrong: &mut Vec<Value>) {
    match value {
        Value::String(text) => {
            if text.chars().any(unprintable) {
                wrong.push(json!({
                    "field": field, "rule": "LETTER", "message_ja": "制御文字は使えません",
                    "message_en": "a control character stands here", "accepted": "text in one line",
                }));
                return;
            }
            let parts = parts(text, fonts);
            rare.0 |= parts.iter().any(|(_, place)| *place == Place::Rare);
            if parts.iter().any(|(_, place)| *place != Place::Main) {
                let shown = parts.into_iter().map(|(text, place)| json!([text, place as u8]));
                *value = json!({ "parts": shown.collect::<Vec<_>>() });
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter_mut().enumerate() {
                walk(item, &format!("{field}[{at}]"), fonts, rare, wrong);
            }
        }
        Value::Object(fields) => {
            for (name, item) in fields {
                let here = if field.is_empty() { name.clone() } else { format!("{field}.{name}") };
                walk(item, &here, fonts, rare, wrong);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Control characters, and those that turn the direction of the text round.
fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Selectors of a form: those of Unicode's standard list and of the ideographic variation database.
fn is_selector(c: char) -> bool {
    matches!(c, '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// The text in runs of one font each.
fn parts(text: &str, fonts: &Fonts) -> Vec<(String, Place)> {
    let mut runs: Vec<(String, Place)> = vec![];
    let mut push = |part: String, place: Place| match runs.last_mut() {
        Some((run, last)) if *last == place && place != Place::Nowhere => run.push_str(&part),
        _ => runs.push((part, place)),
    };
    let mut left = text.chars().peekable();
    while let Some(base) = left.next() {
        let selector = left.next_if(|next| is_selector(*next));
        let place = fonts.place(base, selector);
        match (place, selector) {
            (Place::Nowhere, Some(selector)) if fonts.place(base, None) != Place::Nowhere => {
                // The character is there and this form of it is not: both are told.
                push(base.to_string(), fonts.place(base, None));
                push(code(selector), Place::Nowhere);
            }
            (Place::Nowhere, selector) => {
                push(code(base), Place::Nowhere);
                if let Some(selector) = selector {
                    push(code(selector), Place::Nowhere);
                }
            }
            (place, selector) => push([Some(base), selector].into_iter().flatten().collect(), place),
        }
    }
    runs
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}
