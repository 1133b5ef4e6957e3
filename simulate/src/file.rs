//! A file of applications that were imported: the decisions that it states, for the parties that take them.

use crate::error::{Error, Result};
use crate::world::Stated;
use serde_json::Value;
use std::path::Path;

/// One line of the file.
#[derive(Clone, Debug)]
pub struct Line {
    pub application_id: String,
    /// Bank code.
    pub institution: String,
    pub form: Value,
    pub stated: Stated,
}

/// Reads a file. Errors: it cannot be read, or a line is no application.
pub fn read(path: &Path) -> Result<Vec<Line>> {
    let text =
        std::fs::read_to_string(path).map_err(|source| Error::File { path: path.to_owned(), source })?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(at, line)| {
            let wrong = |problem: String| Error::Content {
                path: path.to_owned(),
                problem: format!("line {}: {problem}", at + 1),
            };
            let form: Value = serde_json::from_str(line).map_err(|e| wrong(e.to_string()))?;
            line_of(form).ok_or_else(|| wrong("no application_id or institution".into()))
        })
        .collect()
}

fn line_of(mut form: Value) -> Option<Line> {
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let application_id = text(form.get("application_id"))?;
    let institution = text(form.get("institution")?.get("bank_code"))?;
    // What a check of the outcome says is no business of the parties.
    form.as_object_mut()?.remove("expected");
    let stated = Stated {
        guarantor: form.get("guarantor_decision").cloned().unwrap_or_default(),
        add_on: text(form.get("screening_add_on_percent")),
    };
    Some(Line { application_id, institution, form, stated })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_line_states_decisions_and_hides_the_expected_outcome() {
        let line = line_of(json!({
            "application_id": "AP-1", "institution": { "bank_code": "2990" },
            "screening_add_on_percent": "0.2", "guarantor_decision": { "per_loan": [] },
            "expected": { "outcome": "PROCEED" },
        }))
        .expect("a line");
        assert_eq!(line.stated.add_on.as_deref(), Some("0.2"));
        assert!(line.form.get("expected").is_none());
        assert!(line_of(json!({ "application_id": "AP-1" })).is_none());
    }
}
