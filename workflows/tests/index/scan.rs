//! Finds the ids of rules in source texts, and the item that each of them stands at.

use std::collections::BTreeMap;

/// The chapters whose ids are looked for; `S` and `BR` are split lending and bridge loans.
const CHAPTERS: &[&str] = &["B", "C", "D", "F", "G", "H", "I", "J", "S", "BR"];

/// A rule that is named at an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Citation {
    pub rule: String,
    /// Function, type, field or constant; empty for a file as a whole.
    pub item: String,
    pub test: bool,
}

/// The rule ids in a line: `B-05`, `J-32a`, `BR-7`, `I.20`.
pub fn ids(line: &str) -> Vec<String> {
    let chars: Vec<char> = line.chars().collect();
    let mut found = vec![];
    for start in 0..chars.len() {
        let before = start.checked_sub(1).map(|at| chars[at]);
        if before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.')) {
            // `C-50..C-53` names two rules; `x.C-50` and `1-C-50` none.
            let range = start >= 2 && chars[start - 2..start] == ['.', '.'];
            if !range {
                continue;
            }
        }
        let letters: String = chars[start..].iter().take_while(|c| c.is_ascii_uppercase()).collect();
        let rest = &chars[start + letters.len()..];
        if !CHAPTERS.contains(&letters.as_str()) || !matches!(rest.first(), Some('-' | '.')) {
            continue;
        }
        let dotted = rest[0] == '.';
        let digits: String = rest[1..].iter().take_while(|c| c.is_ascii_digit()).collect();
        let mut after = &rest[1 + digits.len()..];
        let mut id = format!("{letters}{}{digits}", rest[0]);
        if let ([letter, ..], false) = (after, dotted)
            && letter.is_ascii_lowercase()
        {
            id.push(*letter);
            after = &after[1..];
        }
        let ends = !after.first().is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
        let decimal = dotted && matches!(after, ['.', c, ..] if c.is_ascii_digit());
        let long_enough = match (letters.as_str(), dotted) {
            ("BR", false) => digits.len() == 1,
            (_, false) => digits.len() == 2,
            (_, true) => (1..=2).contains(&digits.len()) && letters.len() == 1 && letters != "S",
        };
        if ends && long_enough && !decimal {
            found.push(id);
        }
    }
    found
}

/// The constants under which findings are made, by name: `B05 = "B-05", ...;` in the table of causes.
pub fn causes(table: &str) -> BTreeMap<String, String> {
    let body = table.split_once("\ncauses! {").map(|(_, rest)| rest).unwrap_or_default();
    let lines = body.lines().take_while(|line| !line.starts_with('}'));
    lines
        .filter_map(|line| {
            let (name, rest) = line.split_once(" = ")?;
            Some((name.trim().to_owned(), ids(rest).into_iter().next()?))
        })
        .collect()
}

/// Every citation of a Rust file. `test`: the whole file is one of tests.
pub fn citations(text: &str, test: bool, causes: &BTreeMap<String, String>) -> Vec<Citation> {
    let lines: Vec<&str> = text.lines().collect();
    let tests_from = lines.iter().position(|line| {
        line.trim() == "#[cfg(test)]" // The module of tests stands at the end of its file.
    });
    let mut found = vec![];
    for (at, line) in lines.iter().enumerate() {
        let named = line.match_indices("cause::").filter_map(|(start, word)| {
            let rest = &line[start + word.len()..];
            let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
            causes.get(name).cloned()
        });
        for rule in ids(line).into_iter().chain(named) {
            let test = test || tests_from.is_some_and(|from| at >= from);
            found.push(Citation { rule, item: item(&lines, at), test });
        }
    }
    found
}

/// Marks such as `SEC-H01` in the tests of a file, each with the test that it stands at.
pub fn marks(text: &str, prefix: &str, test: bool) -> Vec<(String, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests_from = lines.iter().position(|line| line.trim() == "#[cfg(test)]");
    let mut found = vec![];
    for (at, line) in lines.iter().enumerate() {
        if !test && tests_from.is_none_or(|from| at < from) {
            continue;
        }
        for (start, _) in line.match_indices(prefix) {
            if line[..start].ends_with(char::is_alphanumeric) {
                continue;
            }
            let rest = &line[start + prefix.len()..];
            let name: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
            found.push((format!("{prefix}{name}"), item(&lines, at)));
        }
    }
    found
}

/// The item that the line documents or is part of.
fn item(lines: &[&str], at: usize) -> String {
    let line = lines[at].trim_start();
    if line.starts_with("//!") {
        return String::new();
    }
    let comment = line.starts_with("//");
    let mut target = at;
    if comment {
        let is_head = |line: &&str| {
            let line = line.trim_start();
            !line.starts_with("//") && !line.starts_with("#[")
        };
        let Some(next) = lines[at..].iter().position(is_head) else { return String::new() };
        target = at + next;
    }
    if let Some(name) = declared(lines[target]) {
        return name;
    }
    let around = enclosing(lines, target);
    let own = lines[target].trim_start().trim_start_matches("pub ").trim_start_matches("pub(crate) ");
    let word: String = own.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let member = line.starts_with("///") && !word.is_empty();
    match (member, around.is_empty()) {
        (true, false) => format!("{around}.{word}"),
        (true, true) => word,
        (false, _) => around,
    }
}

/// The nearest item above that the line is inside of: it is indented less.
fn enclosing(lines: &[&str], at: usize) -> String {
    let indent = |line: &str| line.len() - line.trim_start().len();
    let mut inside = indent(lines[at]);
    for line in lines[..at].iter().rev().filter(|line| !line.trim().is_empty()) {
        if indent(line) >= inside {
            continue;
        }
        if let Some(name) = declared(line) {
            return name;
        }
        inside = indent(line);
    }
    String::new()
}

/// The name that a line declares.
fn declared(line: &str) -> Option<String> {
    let mut words =
        line.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').filter(|w| !w.is_empty());
    let mut head = words.next()?;
    while matches!(head, "pub" | "crate" | "super" | "async" | "unsafe") {
        head = words.next()?;
    }
    if head == "const" || head == "static" {
        let name = words.next()?;
        return Some(if name == "fn" { words.next()? } else { name }.to_owned());
    }
    let item = ["fn", "struct", "enum", "trait", "type", "mod", "macro_rules"].contains(&head);
    let starts = line.trim_start();
    (item && !starts.starts_with("//")).then(|| words.next().map(str::to_owned)).flatten()
}
