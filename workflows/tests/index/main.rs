//! The index of the rules: every rule of the domain specification, the code that stands for it and the tests that exercise it.
//!
//! `tests/data/domain-rules.tsv` lists the rules, `tests/data/rules-without-code.tsv` says why some have no code. The rest is read
//! from the sources. `UPDATE=1` writes `docs/generated/rules.md` anew.

mod scan;
mod security;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::Value;
use workflows::Rule;

/// What only prints or lists rules is not the code of any.
const TABLES: &[&str] = &["workflows/src/rule.rs", "workflows/src/rule/", "workflows/src/machine/atlas.rs"];

/// Files that name rows of the fact table, which are counted `F-01` to `F-27` like the rules of chapter F.
const ROWS: &[&str] = &[
    "workflows/src/machine/table/fact_rows.rs",
    "workflows/src/machine/row.rs",
    "workflows/src/machine/atlas.rs",
    "workflows/tests/machine/oracle.rs",
    "workflows/tests/machine/table.rs",
    "simulate/src/client/tests.rs",
];

/// Ids that tests make up on purpose.
const MADE_UP: &[(&str, &str)] = &[("api/tests/whole/file.rs", "B-99")];

/// A rule of the specification.
struct Listed {
    id: String,
    sentence: String,
    vectors: Vec<String>,
}

/// What the sources and test data say about a rule.
#[derive(Default)]
struct Found {
    /// Items by file.
    code: BTreeMap<String, BTreeSet<String>>,
    tests: BTreeMap<String, BTreeSet<String>>,
    stories: BTreeSet<String>,
    vectors: BTreeSet<String>,
    /// Sample applications that break it.
    samples: usize,
}

struct Index {
    rules: Vec<Listed>,
    reasons: BTreeMap<String, String>,
    found: BTreeMap<String, Found>,
    /// Cited ids that the list does not have, with the file.
    unknown: BTreeSet<(String, String)>,
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn rows(text: &str) -> impl Iterator<Item = Vec<&str>> {
    text.lines().filter(|line| !line.starts_with('#')).map(|line| line.split('\t').collect())
}

/// Every file below a folder, by its path from the root, in order.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut found = vec![];
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(root().join(&folder)) else { continue };
        for entry in entries.flatten() {
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            if entry.path().is_dir() {
                folders.push(path);
            } else if path.ends_with(ending) {
                found.push((path.clone(), read(&path)));
            }
        }
    }
    found.sort();
    found
}

fn sources() -> Vec<(String, String)> {
    ["workflows", "db", "notifications", "api", "simulate", "tests"]
        .iter()
        .flat_map(|package| {
            ["src", "tests"].iter().flat_map(move |part| files(&format!("{package}/{part}"), ".rs"))
        })
        .collect()
}

impl Index {
    fn new(list: &str, reasons: &str, sources: &[(String, String)]) -> Self {
        let rules = rows(list).map(|cells| Listed {
            id: cells[0].to_owned(),
            sentence: cells[1].to_owned(),
            vectors: cells[2].split(',').filter(|key| !key.is_empty()).map(str::to_owned).collect(),
        });
        let reasons = rows(reasons).map(|cells| (cells[0].to_owned(), cells[1].to_owned()));
        let mut index = Index {
            rules: rules.collect(),
            reasons: reasons.collect(),
            found: BTreeMap::new(),
            unknown: BTreeSet::new(),
        };
        index.found = index.rules.iter().map(|rule| (rule.id.clone(), Found::default())).collect();
        let table = sources.iter().find(|(path, _)| path == TABLES[0]);
        let causes = table.map(|(_, text)| scan::causes(text)).unwrap_or_default();
        for (path, text) in sources {
            index.read_source(path, text, &causes);
        }
        index
    }

    fn read_source(&mut self, path: &str, text: &str, causes: &BTreeMap<String, String>) {
        let of_tests = path.contains("/tests/") || path.ends_with("/tests.rs") || path.starts_with("tests/");
        let headings = ["C.1", "C.2", "C.6", "H.1", "H.2", "J.2", "J.3", "J.4"];
        // This target makes ids up.
        if path.starts_with("workflows/tests/index/") {
            return;
        }
        for citation in scan::citations(text, of_tests, causes) {
            let row = citation.rule.starts_with("F-") && ROWS.contains(&path);
            let made_up = MADE_UP.contains(&(path, citation.rule.as_str()));
            if row || made_up || headings.contains(&citation.rule.as_str()) {
                continue;
            }
            let Some(found) = self.found.get_mut(&citation.rule) else {
                self.unknown.insert((citation.rule, path.to_owned()));
                continue;
            };
            if citation.test {
                found.tests.entry(path.to_owned()).or_default().insert(citation.item);
            } else if !TABLES.iter().any(|table| path.starts_with(table)) && !path.starts_with("simulate/") {
                found.code.entry(path.to_owned()).or_default().insert(citation.item);
            }
        }
    }

    /// Adds what stories, vectors and samples say.
    fn with_data(mut self) -> Self {
        for (path, text) in files("workflows/tests/stories", ".story") {
            let name = Path::new(&path).file_stem().unwrap_or_default().to_string_lossy().into_owned();
            for id in text.lines().flat_map(scan::ids) {
                match self.found.get_mut(&id) {
                    Some(found) => _ = found.stories.insert(name.clone()),
                    None => _ = self.unknown.insert((id, path.clone())),
                }
            }
        }
        let exercised = exercised_vectors();
        for rule in &self.rules {
            let found = self.found.get_mut(&rule.id).unwrap();
            found.vectors.extend(rule.vectors.iter().filter(|key| exercised.contains(*key)).cloned());
        }
        for line in read("tests/data/applications.jsonl").lines() {
            let sample: Value = serde_json::from_str(line).unwrap();
            for rule in sample["expected"]["violations"].as_array().unwrap() {
                self.found.get_mut(rule.as_str().unwrap()).expect("a listed rule").samples += 1;
            }
        }
        self
    }

    /// Everything that is wrong with list, reasons and sources.
    fn problems(&self) -> Vec<String> {
        let mut problems = vec![];
        for (rule, path) in &self.unknown {
            problems.push(format!("{path} cites {rule}, which the specification does not have"));
        }
        for rule in &self.rules {
            let code = !self.found[&rule.id].code.is_empty();
            match (code, self.reasons.get(&rule.id)) {
                (false, None) => problems.push(format!("{} has neither code nor a reason", rule.id)),
                (true, Some(_)) => problems.push(format!(
                    "{} has code now ({:?}): take its line out of tests/data/rules-without-code.tsv",
                    rule.id, self.found[&rule.id].code
                )),
                _ => {}
            }
        }
        for (id, reason) in &self.reasons {
            if !self.found.contains_key(id) {
                problems.push(format!("a reason is given for {id}, which the specification does not have"));
            }
            if reason.split_whitespace().count() < 4 {
                problems.push(format!("the reason for {id} says too little"));
            }
        }
        problems
    }

    /// Rules with code that no test, story, vector or sample names.
    fn untested(&self) -> Vec<&str> {
        let listed = self.rules.iter().filter(|rule| {
            let found = &self.found[&rule.id];
            !found.code.is_empty() && found.untested()
        });
        listed.map(|rule| rule.id.as_str()).collect()
    }

    fn page(&self) -> String {
        let with_code = self.found.values().filter(|found| !found.code.is_empty()).count();
        let tested = self.found.values().filter(|found| !found.untested()).count();
        let mut page = format!(
            "<!-- Printed from the sources; do not edit. -->\n# Rules, code and tests / 規定の索引\n\n\
             Every rule of the domain specification, the code that names it and the tests that name it. Which guard asks for a rule: \
             [guards.md](guards.md).\n\n{} rules: {with_code} with code, {} with a reason for having none; {tested} are named by tests, \
             stories, vectors or sample applications.\n",
            self.rules.len(),
            self.reasons.len(),
        );
        let mut chapter = "";
        for rule in &self.rules {
            let of = rule.id.split(['-', '.']).next().unwrap_or_default();
            if of != chapter {
                chapter = of;
                let _ = write!(
                    page,
                    "\n## {}\n\n| rule | what it asks for | code | tests |\n| --- | --- | --- | --- |\n",
                    title(of)
                );
            }
            let found = &self.found[&rule.id];
            let ja = Rule::of(&rule.id).map(|known| format!("{}<br>", known.ja)).unwrap_or_default();
            let code = match self.reasons.get(&rule.id) {
                Some(reason) => format!("none: {reason}"),
                None => places(&found.code),
            };
            let _ =
                writeln!(page, "| {} | {ja}{} | {code} | {} |", rule.id, rule.sentence, found.exercised());
        }
        page
    }
}

impl Found {
    fn untested(&self) -> bool {
        self.exercised().is_empty()
    }

    fn exercised(&self) -> String {
        let mut parts = vec![];
        if !self.tests.is_empty() {
            parts.push(places(&self.tests));
        }
        let joined = |names: &BTreeSet<String>| names.iter().cloned().collect::<Vec<_>>().join(", ");
        if !self.stories.is_empty() {
            parts.push(format!("stories: {}", joined(&self.stories)));
        }
        if !self.vectors.is_empty() {
            parts.push(format!("vectors: {}", joined(&self.vectors)));
        }
        if self.samples > 0 {
            parts.push(format!("samples: {}", self.samples));
        }
        parts.join("<br>")
    }
}

fn places(files: &BTreeMap<String, BTreeSet<String>>) -> String {
    let place = |(path, items): (&String, &BTreeSet<String>)| {
        let items: Vec<&str> = items.iter().map(String::as_str).filter(|item| !item.is_empty()).collect();
        if items.is_empty() { format!("`{path}`") } else { format!("`{path}`: {}", items.join(", ")) }
    };
    files.iter().map(place).collect::<Vec<_>>().join("<br>")
}

fn title(chapter: &str) -> &str {
    match chapter {
        "B" => "B Parties and eligibility",
        "C" => "C Products",
        "D" => "D Documents and consents",
        "F" => "F Guarantee",
        "G" => "G Group credit life",
        "H" => "H Collateral and registration",
        "I" => "I Disbursement",
        "J" => "J Repayment",
        "S" => "E.6 Split lending",
        "BR" => "E.7 Bridge loan",
        other => other,
    }
}

/// The keys of the vectors that tests compare with.
fn exercised_vectors() -> BTreeSet<String> {
    let vectors: Value = serde_json::from_str(&read("tests/data/domain-vectors.json")).unwrap();
    let test = read("workflows/tests/rules/vectors.rs");
    let waiting = test.split_once("NOT_YET_COVERED: &[&str] =").map(|(_, rest)| rest);
    let waiting = waiting.and_then(|rest| rest.split_once("];")).map(|(list, _)| list).unwrap_or_default();
    let keys = vectors.as_object().unwrap().keys();
    keys.filter(|key| !waiting.contains(&format!("\"{key}\""))).cloned().collect()
}

fn index() -> Index {
    let list = read("tests/data/domain-rules.tsv");
    Index::new(&list, &read("tests/data/rules-without-code.tsv"), &sources()).with_data()
}

#[test]
fn every_rule_has_code_or_a_reason() {
    let index = index();
    let problems = index.problems();
    println!("{} rules, {} reasons", index.rules.len(), index.reasons.len());
    assert!(index.rules.len() > 200 && problems.is_empty(), "{}", problems.join("\n"));
}

#[test]
fn every_rule_with_code_is_named_by_a_test() {
    let index = index();
    let untested = index.untested();
    let coded = index.found.values().filter(|found| !found.code.is_empty()).count();
    println!("{}/{coded} rules with code are named by tests", coded - untested.len());
    assert!(untested.is_empty(), "{untested:?}");
}

#[test]
fn the_listed_vectors_exist() {
    let vectors: Value = serde_json::from_str(&read("tests/data/domain-vectors.json")).unwrap();
    let index = index();
    let named: BTreeSet<&String> = index.rules.iter().flat_map(|rule| &rule.vectors).collect();
    let unknown: Vec<_> = named.iter().filter(|key| vectors.get(key.as_str()).is_none()).collect();
    assert!(named.len() > 20 && unknown.is_empty(), "{unknown:?}");
}

#[test]
fn the_index_is_fresh() {
    let file = root().join("docs/generated/rules.md");
    let page = index().page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &page).unwrap();
    } else {
        let fresh = std::fs::read_to_string(&file).ok().as_ref() == Some(&page);
        assert!(fresh, "stale; run the tests once with UPDATE=1 and look at the difference");
    }
}

mod seeded_faults {
    use super::*;

    const LIST: &str = "B-01\tone\t\nB-02\ttwo\t\nB-03\tthree\t\n";

    fn source(path: &str, text: &str) -> (String, String) {
        (path.to_owned(), text.to_owned())
    }

    #[test]
    fn a_rule_without_code_a_stale_reason_and_an_unknown_id_are_found() {
        let sources = [
            source("workflows/src/rule.rs", "\ncauses! {\n    B02 = \"B-02\", \"why\", Elig;\n}\n"),
            source(
                "workflows/src/desk.rs",
                "/// B-01: first.\nfn one() {}\n\nfn two() {\n    cause::B02.on(\"A1\");\n}\n",
            ),
            source("workflows/tests/rules/desk.rs", "/// B-03, and I-99.\n#[test]\nfn three() {}\n"),
        ];
        let reasons = "B-02\tit belongs to somebody else\nB-77\tnobody knows this rule\n";
        let index = Index::new(LIST, reasons, &sources);
        let problems = index.problems().join("\n");
        for wanted in ["B-03 has neither", "B-02 has code now", "cites I-99", "a reason is given for B-77"] {
            assert!(problems.contains(wanted), "{wanted}: {problems}");
        }
        assert_eq!(index.problems().len(), 4);
        assert_eq!(index.found["B-01"].code["workflows/src/desk.rs"], BTreeSet::from(["one".to_owned()]));
        assert_eq!(index.untested(), ["B-01", "B-02"]);
        assert_eq!(index.found["B-02"].code["workflows/src/desk.rs"], BTreeSet::from(["two".to_owned()]));
        assert_eq!(index.found["B-03"].exercised(), "`workflows/tests/rules/desk.rs`: three");
    }

    #[test]
    fn ids_are_told_from_what_looks_like_them() {
        let ids = |line| scan::ids(line).join(" ");
        assert_eq!(ids("B-05, (J-32a), C-50..C-53 and BR-7: I.20."), "B-05 J-32a C-50 C-53 BR-7 I.20");
        assert_eq!(
            ids("G-DOC-APPLY GUAR-02 XB-05 B-5 B-051 B_05 L-93 BR-77 1-C-50 S.1 H.264 J-32ab x.C-50"),
            ""
        );
    }

    #[test]
    fn citations_stand_at_their_items() {
        let text = "//! B-01\n\npub struct Form {\n    /// B-02\n    pub route: Route,\n}\n\nimpl Form {\n    \
                    pub(crate) fn judge(&self) {\n        if x {\n            refuse(\"B-03\");\n        }\n    }\n}\n\
                    #[cfg(test)]\nmod tests {\n    #[test]\n    fn tried() {\n        \"B-01\";\n    }\n}\n";
        let cited = scan::citations(text, false, &BTreeMap::new());
        let cited: Vec<_> = cited.iter().map(|c| (c.rule.as_str(), c.item.as_str(), c.test)).collect();
        assert_eq!(
            cited,
            [
                ("B-01", "", false),
                ("B-02", "Form.route", false),
                ("B-03", "judge", false),
                ("B-01", "tried", true)
            ]
        );
    }
}
