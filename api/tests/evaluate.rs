//! `yushi evaluate` over the sample applications, and over lines that are wrong.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn sample(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name)
}

fn evaluate(file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_yushi"))
        .arg("evaluate")
        .arg(file)
        .arg("--rates")
        .arg(sample("posted-rates.json"))
        .arg("--parameters")
        .arg(sample("parameters.json"))
        .output()
        .expect("yushi starts")
}

fn lines(bytes: &[u8]) -> Vec<Value> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    text.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
}

/// Equal where the sample states a value: decimals by value, lists in any order.
fn same(expected: &Value, actual: &Value) -> bool {
    match (expected, actual) {
        (Value::Object(expected), actual) => {
            expected.iter().all(|(key, value)| same(value, actual.get(key).unwrap_or(&Value::Null)))
        }
        (Value::Array(expected), Value::Array(actual)) => {
            let positional = expected.len() == actual.len()
                && expected.iter().zip(actual).all(|(expected, actual)| same(expected, actual));
            let set = |list: &[Value]| list.iter().map(ToString::to_string).collect::<BTreeSet<_>>();
            positional || set(expected) == set(actual)
        }
        (Value::Null, Value::Array(actual)) => actual.is_empty(),
        (Value::Array(expected), Value::Null) => expected.is_empty(),
        (Value::String(expected), Value::String(actual)) => {
            expected == actual || decimal(expected).is_some_and(|e| decimal(actual) == Some(e))
        }
        _ => expected == actual,
    }
}

fn decimal(text: &str) -> Option<(String, String)> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    (digits(whole.trim_start_matches('-')) && digits(part))
        .then(|| (whole.to_owned(), part.trim_end_matches('0').to_owned()))
}

#[test]
fn every_sample_application_comes_out_as_expected() {
    let file = sample("applications.jsonl");
    let output = evaluate(&file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let expected = lines(&std::fs::read(&file).expect("sample"));
    let actual = lines(&output.stdout);
    assert_eq!((expected.len(), actual.len()), (300, 300));
    let mut differ = vec![];
    for (expected, actual) in expected.iter().zip(&actual) {
        assert_eq!(expected["application_id"], actual["application_id"]);
        let (wanted, got) = (&expected["expected"], &actual["result"]);
        let proceeds = wanted["outcome"] == "PROCEED";
        for (key, value) in wanted.as_object().expect("expected") {
            let judged = matches!(key.as_str(), "outcome" | "violations") || proceeds;
            if judged && key != "violation_details" && !same(value, &got[key]) {
                differ.push(format!("{} {key}: {value} / {}", expected["application_id"], got[key]));
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
}

#[test]
fn bad_lines_are_reported_and_the_others_evaluated() {
    let text = std::fs::read_to_string(sample("applications.jsonl")).expect("sample");
    let good = text.lines().next().expect("a line");
    let mut date: Value = serde_json::from_str(good).expect("JSON");
    date["parties"][0]["birth_date"] = "2023-02-30".into();
    let mut unknown: Value = serde_json::from_str(good).expect("JSON");
    unknown["surprise"] = 1.into();
    let mut bank: Value = serde_json::from_str(good).expect("JSON");
    bank["institution"]["bank_code"] = "0001".into();
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("mixed.jsonl");
    std::fs::write(&file, format!("\u{feff}{good}\r\n{{\"oops\n\n{date}\n{unknown}\n{bank}\n{good}"))
        .expect("file");
    let output = evaluate(&file);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(lines(&output.stdout).len(), 2);
    let stderr = String::from_utf8_lossy(&output.stderr);
    for wanted in [
        "line 2: -: FORM-JSON: ",
        "line 4: parties[0].birth_date: FORM-DATE: ",
        "line 5: surprise: FORM-UNKNOWN: ",
        "line 6: institution.bank_code: BOOK: ",
        "Accepted: ",
        "4件の行を評価できませんでした。",
        "4 line(s) could not be evaluated",
    ] {
        assert!(stderr.contains(wanted), "{wanted} in\n{stderr}");
    }
}

#[test]
fn a_missing_file_is_wrong_use() {
    let output = evaluate(Path::new("no-such-file.jsonl"));
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no-such-file.jsonl"));
}
