//! The branches of a bank, where its book lists them: what intake chooses from. A book without a list takes every branch code.

use super::book::Book;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What an entry of the list may be.
pub(super) const ACCEPTED: &str =
    "a branch code of exactly 3 digits, each once, with a name of 1 to 40 characters in both languages";
/// Branches that a refusal names before it says how many more there are.
const NAMED: usize = 10;

/// A branch under which applications are taken in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BankBranch {
    /// Three digits.
    pub code: String,
    /// Its name in Japanese: 1 to 40 characters.
    pub name_ja: String,
    /// Its name in English: 1 to 40 characters.
    pub name_en: String,
}

/// Why an application is not taken in at a branch, in both languages with what is accepted. `None`: the book lists the branch, or lists
/// none at all.
pub fn refusal(book: &Book, branch_code: &str) -> Option<(String, String)> {
    let all = &book.branches;
    if all.is_empty() || all.iter().any(|branch| branch.code == branch_code) {
        return None;
    }
    let named = |name: fn(&BankBranch) -> &str, between: &str| {
        let shown = all.iter().take(NAMED).map(|branch| format!("{} {}", branch.code, name(branch)));
        shown.collect::<Vec<_>>().join(between)
    };
    let more = all.len().saturating_sub(NAMED);
    let (more_ja, more_en) = match more {
        0 => (String::new(), String::new()),
        more => (format!("ほか{more}店"), format!(" and {more} more")),
    };
    Some((
        format!(
            "商品台帳の支店一覧にない支店コードです。受け付けられる支店：{}{more_ja}",
            named(|branch| &branch.name_ja, "、")
        ),
        format!(
            "The product book lists no such branch. Accepted are {}{more_en}.",
            named(|branch| &branch.name_en, ", ")
        ),
    ))
}

/// Entries of a list that cannot stand: their places.
pub(super) fn ill_formed(all: &[BankBranch]) -> Vec<String> {
    let mut codes = BTreeSet::new();
    let mut wrong = vec![];
    for (at, branch) in all.iter().enumerate() {
        let code = &branch.code;
        let sound = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        if !sound || !codes.insert(code) {
            wrong.push(format!("branches[{at}].code"));
        }
        for (key, name) in [("name_ja", &branch.name_ja), ("name_en", &branch.name_en)] {
            if name.trim().is_empty() || name.chars().count() > 40 {
                wrong.push(format!("branches[{at}].{key}"));
            }
        }
    }
    wrong
}
