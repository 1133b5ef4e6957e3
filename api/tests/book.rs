//! `yushi book check` and `yushi book diff` over the committed books, and over books that are wrong.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn product(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../workflows/products").join(name)
}

fn book(arguments: &[&Path], flags: &[&str]) -> Output {
    let (what, files) = arguments.split_first().expect("a command");
    Command::new(env!("CARGO_BIN_EXE_yushi"))
        .arg("book")
        .arg(what)
        .args(files)
        .args(flags)
        .output()
        .expect("yushi starts")
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).expect("one JSON object")
}

fn scratch(name: &str, from: &str, change: impl Fn(String) -> String) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let text = std::fs::read_to_string(product(from)).expect("a book");
    std::fs::write(&path, change(text)).expect("written");
    (folder, path)
}

#[test]
fn the_committed_books_have_no_problem() {
    let files = ["base.toml", "2963-2024-07.toml", "2999-2024-07.toml", "2999-2026-04.toml"].map(product);
    let all: Vec<&Path> =
        std::iter::once(Path::new("check")).chain(files.iter().map(PathBuf::as_path)).collect();
    let output = book(&all, &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report = json(&output);
    assert_eq!(report["problems"], serde_json::json!([]));
    let editions = report["editions"].as_array().expect("editions");
    let from = |edition: &Value| edition["effective_from"].as_str().unwrap_or_default().to_owned();
    assert_eq!(editions.iter().map(from).collect::<Vec<_>>(), ["2024-07-01", "2024-07-01", "2026-04-01"]);
    assert_eq!(editions[1]["effective_to"], "2026-03-31");
}

#[test]
fn every_problem_is_named_and_the_exit_code_is_one() {
    let (_folder, path) = scratch("wrong.toml", "2999-2026-04.toml", |text| {
        text.replace("27_500", "-1")
            .replace("\"14:30\"", "\"17:30\"")
            .replace("2026-04-01\"\nbus", "2026-03-01\"\nbus")
    });
    let (_other, none) = scratch("none.toml", "2999-2024-07.toml", |_| "bank_code = ".to_owned());
    let output = book(&[Path::new("check"), &path, &none, &product("2999-2024-07.toml")], &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = json(&output);
    let problems = report["problems"].as_array().expect("problems");
    let mut keys: Vec<&str> = problems.iter().map(|problem| problem["key"].as_str().expect("key")).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["", "terms.fees.handling_others_yen"]);
    assert!(problems.iter().all(|problem| problem["accepted"].as_str().is_some_and(|text| !text.is_empty())));

    let (_folder, path) = scratch("overlap.toml", "2999-2026-04.toml", |text| {
        text.replace("\"14:30\"", "\"17:30\"").replace("2026-04-01\"\nbus", "2026-03-01\"\nbus")
    });
    let output = book(&[Path::new("check"), &path, &product("2999-2024-07.toml")], &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("overlap.toml: terms.hours: "), "{text}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("problem(s)"), "{output:?}");
    assert_eq!(book(&[Path::new("check"), Path::new("nowhere.toml")], &[]).status.code(), Some(2));
}

#[test]
fn a_difference_is_told_with_rule_sentence_and_whom_it_touches() {
    let (old, new) = (product("2999-2024-07.toml"), product("2999-2026-04.toml"));
    let output = book(&[Path::new("diff"), &old, &new], &["--json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let report = json(&output);
    let changes = report["changes"].as_array().expect("changes");
    let fee =
        changes.iter().find(|change| change["key"] == "terms.fees.handling_others_yen").expect("the fee");
    assert_eq!((&fee["old"], &fee["new"], &fee["rule"]), (&22_000.into(), &27_500.into(), &"C-31".into()));
    assert_eq!(fee["touches"]["products"].as_array().map(Vec::len), Some(3));
    assert!(fee["ja"].as_str().is_some_and(|text| text.contains("手数料")), "{fee}");

    let text = book(&[Path::new("diff"), &old, &new], &[]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("terms.fees.handling_others_yen: 22000 -> 27500\n  C-31 "), "{text}");
    let same = book(&[Path::new("diff"), &old, &old], &[]);
    assert!(String::from_utf8_lossy(&same.stdout).contains("0 change(s)"), "{same:?}");
    let (_folder, wrong) = scratch("wrong.toml", "2999-2026-04.toml", |text| text.replace("27_500", "-1"));
    assert_eq!(book(&[Path::new("diff"), &old, &wrong], &[]).status.code(), Some(1));
}

/// F-02: what the map of an institution leaves out is found by the check, and a service starts all the same.
#[test]
fn a_code_that_an_institution_has_none_for_is_a_finding() {
    let map = "\n[guarantor_codes.GUARANTOR-1.property]\nLAND = \"1\"\nBUILDING = \"2\"\nUNIT = \"3\"\n";
    let (_folder, path) = scratch("mapped.toml", "2963-2024-07.toml", |text| text + map);
    let output = book(&[Path::new("check"), &path], &["--json"]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let report = json(&output);
    let problems = report["problems"].as_array().expect("problems");
    let keys: Vec<&str> = problems.iter().filter_map(|problem| problem["key"].as_str()).collect();
    assert!(keys.contains(&"guarantor_codes.GUARANTOR-1.property.ROAD_SHARE"), "{keys:?}");
    assert!(
        keys.contains(&"guarantor_codes.GUARANTOR-1.purpose.EDUCATION"),
        "a table that is missing: {keys:?}"
    );
    assert!(!keys.iter().any(|key| key.ends_with("property.LAND")), "{keys:?}");
    assert_eq!(report["editions"].as_array().map(Vec::len), Some(1), "the book is read all the same");
}
