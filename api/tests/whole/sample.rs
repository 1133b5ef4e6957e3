//! The sample applications, what is expected of each, and where the committed table of rules and guards says that it stops.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use api::commands::place::sample_rules;
use serde_json::Value;
use workflows::form::Line;

/// A line of the file.
pub struct Sample {
    pub id: String,
    pub line: String,
    pub form: Value,
    pub expected: Value,
}

impl Sample {
    pub fn proceeds(&self) -> bool {
        self.expected["outcome"] == "PROCEED"
    }

    pub fn rules(&self) -> BTreeSet<String> {
        texts(&self.expected["violations"])
    }

    pub fn bank(&self) -> &str {
        self.form["institution"]["bank_code"].as_str().expect("a code")
    }
}

/// Texts of a list.
pub fn texts(list: &Value) -> BTreeSet<String> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// Every line of the sample file.
pub fn all() -> Vec<Sample> {
    let text = std::fs::read_to_string(here("tests/data/applications.jsonl")).expect("the sample");
    let sample = |line: &str| {
        let form: Value = serde_json::from_str(line).expect("JSON");
        let id = form["application_id"].as_str().expect("an id").to_owned();
        Sample { id, line: line.to_owned(), expected: form["expected"].clone(), form }
    };
    text.lines().map(sample).collect()
}

/// So many valid lines of different purposes, and lines in which every rule of the file stops a case.
pub fn some(valid: usize) -> Vec<Sample> {
    let (mut purposes, mut rules) = (BTreeSet::new(), BTreeSet::new());
    let mut taken = 0;
    let mut wanted = |sample: &Sample| {
        if sample.proceeds() {
            let purpose = sample.form["purpose"]["code"].as_str().expect("a purpose").to_owned();
            let takes = taken < valid && purposes.insert(purpose);
            taken += usize::from(takes);
            return takes;
        }
        // One violation says for certain where a case stops.
        let found = sample.rules();
        found.len() == 1 && found.into_iter().all(|rule| rules.insert(rule))
    };
    all().into_iter().filter(|sample| wanted(sample)).collect()
}

/// Where a case stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    pub verb: String,
    pub rules: BTreeSet<String>,
    pub guards: BTreeSet<String>,
}

/// A row of the committed table: guard, and the verbs at which it is asked with their rows.
struct Asked {
    guard: String,
    /// Number of the row, verb.
    at: Vec<(u32, String)>,
}

/// `docs/generated/guards.md` by rule and cause.
pub struct RuleTable(BTreeMap<(String, String), Asked>);

impl RuleTable {
    pub fn read() -> Self {
        let text = std::fs::read_to_string(here("docs/generated/guards.md")).expect("the table");
        let rows = text.lines().filter_map(|line| {
            let cells: Vec<&str> = line.trim().trim_matches('|').split(" | ").map(str::trim).collect();
            let [rule, _, cause, guard, at] = cells[..] else { return None };
            let at: Vec<(u32, String)> = at.split(", ").filter_map(place).collect();
            (!at.is_empty())
                .then(|| ((rule.to_owned(), cause.to_owned()), Asked { guard: guard.to_owned(), at }))
        });
        let rows: BTreeMap<_, _> = rows.collect();
        assert!(rows.len() > 50, "{} rows read", rows.len());
        Self(rows)
    }

    /// The first verb in the life of a loan at which a finding on the case is asked for, and all findings that are asked for there.
    pub fn stop(&self, sample: &Sample) -> Stop {
        let rules = sample_rules().expect("rules");
        let form = Line::parse(&sample.line).expect("a form").form;
        let book = rules.books.get(sample.bank()).expect("a book");
        let findings = workflows::assess(&form, book, &rules.rates, form.requested_disbursement_date);
        let found: BTreeSet<String> = findings.iter().map(|f| f.rule.to_owned()).collect();
        assert_eq!(found, sample.rules(), "{}", sample.id);
        let asked: Vec<(&str, &Asked)> =
            findings.iter().map(|f| (f.rule, &self.0[&(f.rule.to_owned(), f.cause.to_owned())])).collect();
        let (_, verb) =
            asked.iter().filter_map(|(_, asked)| asked.at.iter().min()).min().expect("a finding").clone();
        let here = || asked.iter().filter(|(_, asked)| asked.at.iter().any(|(_, v)| *v == verb));
        let rules = here().map(|(rule, _)| (*rule).to_owned()).collect();
        let guards = here().map(|(_, asked)| asked.guard.clone()).collect();
        Stop { verb: verb.clone(), rules, guards }
    }
}

/// `approveLoan (T06)`.
fn place(text: &str) -> Option<(u32, String)> {
    let (verb, row) = text.trim().split_once(" (T")?;
    Some((row.trim_end_matches(')').parse().ok()?, verb.to_owned()))
}
