//! What is never stored: registration identification information (登記識別情報, H-45) typed into a text.

use super::command::Problem;
use super::names::camel_path;
use serde_json::{Map, Value};

/// Rule that keeps it out of logs and screens.
const RULE: &str = "H-45";
/// Characters of the code.
const LENGTH: usize = 12;
/// Characters of each group in which the notice prints it.
const GROUP: usize = 3;

/// Ends of the names of fields that carry numbers of other things: they are no free text.
const NUMBERS: [&str; 9] =
    ["id", "number", "key", "reference", "version", "code", "organisation", "filing", "hash"];

/// Every text among the arguments that looks like the code, by its path.
pub fn identification(arguments: &Map<String, Value>) -> Vec<Problem> {
    let mut found = vec![];
    arguments.iter().for_each(|(name, value)| look(name, name, value, &mut found));
    found.into_iter().map(problem).collect()
}

fn problem(path: String) -> Problem {
    Problem {
        field: camel_path(&path),
        rule: RULE.to_owned(),
        ja: "登記識別情報と思われる12文字の符号は登録できません。".to_owned(),
        en: "This looks like registration identification information, which is never stored.".to_owned(),
        accepted: "text without a code of 12 letters and digits".to_owned(),
    }
}

fn look(path: &str, key: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) if !is_number(key) && is_code_in(text) => found.push(path.to_owned()),
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                look(&format!("{path}[{at}]"), key, item, found);
            }
        }
        Value::Object(map) => {
            for (name, item) in map {
                look(&format!("{path}.{name}"), name, item, found);
            }
        }
        _ => {}
    }
}

fn is_number(key: &str) -> bool {
    let key = key.to_lowercase();
    NUMBERS.iter().any(|end| key.ends_with(end))
}

/// Twelve letters and digits, both among them, in one piece or in four groups of three. Where the text names the thing, small letters
/// count as well.
fn is_code_in(text: &str) -> bool {
    let plain: String = text.chars().map(narrow).collect();
    let named = plain.contains("識別情報") || plain.to_lowercase().contains("identification information");
    let word = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
    let whole = plain.split(|letter: char| !word(letter)).filter(|part| !part.is_empty());
    let mut groups: Vec<&str> = vec![];
    for part in whole {
        let pieces: Vec<&str> = part.split('-').filter(|piece| !piece.is_empty()).collect();
        if pieces.iter().any(|piece| is_code(piece, named)) {
            return true;
        }
        for piece in pieces {
            if piece.len() == GROUP {
                groups.push(piece);
            } else {
                groups.clear();
            }
            let enough = LENGTH / GROUP;
            if groups.len() >= enough && is_code(&groups[groups.len() - enough..].concat(), named) {
                return true;
            }
        }
    }
    false
}

fn is_code(piece: &str, named: bool) -> bool {
    let (letters, digits) =
        (piece.chars().any(|l| l.is_ascii_alphabetic()), piece.chars().any(|l| l.is_ascii_digit()));
    let large = named || !piece.chars().any(|letter| letter.is_ascii_lowercase());
    piece.len() == LENGTH && letters && digits && large
}

/// Full-width letters, digits and dashes as narrow ones.
fn narrow(letter: char) -> char {
    match letter {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => {
            char::from_u32(u32::from(letter) - 0xFEE0).unwrap_or(letter)
        }
        '－' | '‐' | '‑' | '–' | '−' | 'ー' => '-',
        '　' => ' ',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn asked(arguments: Value) -> Vec<Problem> {
        identification(arguments.as_object().expect("arguments"))
    }

    #[test]
    fn the_code_is_refused_wherever_a_text_could_carry_it() {
        for text in [
            "A1B2C3D4E5F6",
            "番号は A1B-2C3-D4E-5F6 です",
            "Ａ１Ｂ－２Ｃ３－Ｄ４Ｅ－５Ｆ６",
            "A1B 2C3 D4E 5F6",
            "登記識別情報 a1b2c3d4e5f6",
        ] {
            let found = asked(json!({ "note": { "reasons": [text] } }));
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].field.as_str(), found[0].rule.as_str()), ("note.reasons[0]", "H-45"));
        }
    }

    #[test]
    fn other_numbers_and_words_pass() {
        for text in [
            "call back after 3 p.m.",
            "見本町2-2-101 ABC-DEF",
            "123456789012",
            "REGISTRATION",
            "a1b2c3d4e5f6",
            "A1B2C3D4E5F",
            "A1B2C3D4E5F67",
            "2026-04-01 90-123-4567",
        ] {
            assert!(asked(json!({ "text": text })).is_empty(), "{text}");
        }
        // The number of a guarantee may look like anything.
        assert!(asked(json!({ "guaranteeNumber": "A1B2C3D4E5F6" })).is_empty());
    }
}
