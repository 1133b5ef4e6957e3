//! The index of the hardening rows: what the service does at its edges, and the tests that show it.
//!
//! `tests/data/security-rows.tsv` lists the rows; a test cites its rows as `SEC-H01` in its documentation. A row without a test
//! needs a reason, and a row with one must not keep it. `UPDATE=1` writes `docs/generated/security.md` anew.

use super::{places, root, rows, scan, sources};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const ROWS: &str = "tests/data/security-rows.tsv";
const PAGE: &str = "docs/generated/security.md";

/// One row: what happens, what the service does, and why no test shows it.
struct Row {
    id: String,
    group: String,
    when: String,
    then: String,
    later: String,
    tests: BTreeMap<String, BTreeSet<String>>,
}

/// The rows with the tests that cite them, and citations of rows that do not exist.
struct Edges {
    rows: Vec<Row>,
    unknown: BTreeSet<(String, String)>,
}

impl Edges {
    fn new(list: &str, sources: &[(String, String)]) -> Self {
        let rows = rows(list).map(|cells| {
            let cell = |at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
            let (id, group, when, then, later) = (cell(0), cell(1), cell(2), cell(3), cell(4));
            Row { id, group, when, then, later, tests: BTreeMap::new() }
        });
        let mut edges = Edges { rows: rows.collect(), unknown: BTreeSet::new() };
        for (path, text) in sources.iter().filter(|(path, _)| !path.starts_with("workflows/tests/index/")) {
            let of_tests =
                path.contains("/tests/") || path.ends_with("/tests.rs") || path.starts_with("tests/");
            for (id, item) in scan::marks(text, "SEC-", of_tests) {
                match edges.rows.iter_mut().find(|row| row.id == id) {
                    Some(row) => _ = row.tests.entry(path.clone()).or_default().insert(item),
                    None => _ = edges.unknown.insert((id, path.clone())),
                }
            }
        }
        edges
    }

    fn problems(&self) -> Vec<String> {
        let mut problems: Vec<String> = vec![];
        problems.extend(self.unknown.iter().map(|(id, path)| format!("{path} cites {id}, which is no row")));
        let mut seen = BTreeSet::new();
        for row in &self.rows {
            if !seen.insert(&row.id) {
                problems.push(format!("{} stands twice", row.id));
            }
            match (row.tests.is_empty(), row.later.is_empty()) {
                (true, true) => problems.push(format!("{} has neither a test nor a reason", row.id)),
                (false, false) => {
                    problems.push(format!("{} has a test now: take its reason out of {ROWS}", row.id));
                }
                (true, false) if row.later.split_whitespace().count() < 6 => {
                    problems.push(format!("the reason for {} says too little", row.id));
                }
                _ => {}
            }
        }
        problems
    }

    fn page(&self) -> String {
        let shown = self.rows.iter().filter(|row| !row.tests.is_empty()).count();
        let mut page = format!(
            "<!-- Printed from the sources; do not edit. -->\n# The edges of the service / 外部との境界\n\n\
             What the service does with what reaches it and with what it sends, and the tests that show it.\n\n\
             {} rows: {shown} with tests, {} of later work with a reason.\n",
            self.rows.len(),
            self.rows.len() - shown,
        );
        let mut group = "";
        for row in &self.rows {
            if row.group != group {
                group = &row.group;
                let _ = write!(
                    page,
                    "\n## {group}\n\n| row | when | then | tests |\n| --- | --- | --- | --- |\n"
                );
            }
            let tests =
                if row.tests.is_empty() { format!("later: {}", row.later) } else { places(&row.tests) };
            let _ = writeln!(page, "| {} | {} | {} | {tests} |", row.id, row.when, row.then);
        }
        page
    }
}

#[test]
fn every_row_of_the_edges_has_a_test_or_a_reason() {
    let edges = Edges::new(&super::read(ROWS), &sources());
    let problems = edges.problems();
    println!("{} rows of the edges", edges.rows.len());
    assert!(edges.rows.len() > 50 && problems.is_empty(), "{}", problems.join("\n"));
    let page = edges.page();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(root().join(PAGE), &page).unwrap();
    } else {
        let fresh = std::fs::read_to_string(root().join(PAGE)).ok().as_ref() == Some(&page);
        assert!(fresh, "stale; run the tests once with UPDATE=1 and look at the difference");
    }
}

#[test]
fn a_row_without_a_test_a_stale_reason_and_an_unknown_row_are_found() {
    let list = "SEC-H01\tHTTP\twhen\tthen\t\nSEC-H02\tHTTP\twhen\tthen\tthe reason for this one is long gone\n\
                SEC-H03\tHTTP\twhen\tthen\t\nSEC-H04\tHTTP\twhen\tthen\ttoo short\n";
    let text = "/// SEC-H02 and SEC-H03.\n#[test]\nfn shown() {}\n\n/// SEC-H77\n#[test]\nfn stray() {}\n";
    let sources = [("api/tests/edge.rs".to_owned(), text.to_owned())];
    let edges = Edges::new(list, &sources);
    let problems = edges.problems().join("\n");
    for wanted in ["cites SEC-H77", "SEC-H01 has neither", "SEC-H02 has a test now", "reason for SEC-H04"] {
        assert!(problems.contains(wanted), "{wanted}: {problems}");
    }
    assert_eq!(edges.problems().len(), 4);
    assert_eq!(edges.rows[2].tests["api/tests/edge.rs"], BTreeSet::from(["shown".to_owned()]));
    // What ships cites no row: the mark counts in tests alone.
    let shipped = [("api/src/edge.rs".to_owned(), "/// SEC-H01\nfn one() {}\n".to_owned())];
    assert!(Edges::new(list, &shipped).rows.iter().all(|row| row.tests.is_empty()));
}
