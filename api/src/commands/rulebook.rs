//! Product books and posted rates from files.

use std::path::Path;
use std::sync::Arc;

use workflows::form::Problem;
use workflows::machine::Rulebook;
use workflows::{Books, PostedRates};

use super::Failure;

/// The base book that is built in.
pub const BASE_BOOK: &str = include_str!("../../../workflows/products/base.toml");
/// The parameters of the thirteen sample banks.
pub const SAMPLE_PARAMETERS: &str = include_str!("../../../workflows/products/sample-parameters.json");
/// Made-up posted rates of the sample data.
pub const SAMPLE_RATES: &str = include_str!("../../../workflows/products/sample-posted-rates.json");

/// A text with the name under which its problems are reported.
#[derive(Clone, Debug)]
pub struct Text {
    pub name: String,
    pub text: String,
}

impl Text {
    /// Reads a file; a leading byte order mark is no part of the text.
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(Self { name: path.display().to_string(), text })
    }

    /// A text that is built in.
    pub fn built_in(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }
}

/// The rulebook of a base book, bank parameters and rates. Errors: every problem of the three texts.
pub fn load(base: &Text, parameters: &Text, rates: &Text) -> Result<Rulebook, Failure> {
    let mut problems = vec![];
    let books = Books::load(&base.text, &base.name, &parameters.text);
    let books = books.map_err(|found| {
        let named = found.into_iter().map(|mut problem| {
            if problem.file != base.name {
                problem.file.clone_from(&parameters.name);
            }
            problem.to_string()
        });
        problems.extend(named);
    });
    let rates = PostedRates::parse(&rates.text)
        .map_err(|found| problems.extend(found.iter().map(|problem| in_rates(&rates.name, problem))));
    match (books, rates) {
        (Ok(books), Ok(rates)) => Ok(Rulebook { books: Arc::new(books), rates: Arc::new(rates) }),
        _ => Err(Failure::usage(
            format!("商品台帳または金利表に誤りがあります。\n{}", problems.join("\n")),
            format!(
                "the product book or the posted rates are wrong: {} problem(s), listed above",
                problems.len()
            ),
        )),
    }
}

fn in_rates(file: &str, problem: &Problem) -> String {
    format!("{file}: {}: {}; accepted: {}", problem.field, problem.message_en, problem.accepted)
}

/// The parameters of some of the banks alone; of all where the list is empty. Errors: a bank that the parameters do not have.
pub fn only(parameters: Text, institutions: &[String]) -> Result<Text, Failure> {
    if institutions.is_empty() {
        return Ok(parameters);
    }
    // What is no JSON is reported by the loader.
    let Ok(mut value) = serde_json::from_str::<serde_json::Value>(&parameters.text) else {
        return Ok(parameters);
    };
    let kept = |entry: &serde_json::Value| {
        entry["bank_code"].as_str().is_none_or(|code| institutions.iter().any(|wanted| wanted == code))
    };
    for list in ["institutions", "branch_closures"] {
        if let Some(entries) = value.get_mut(list).and_then(serde_json::Value::as_array_mut) {
            entries.retain(kept);
        }
    }
    let found = |code: &&String| {
        let banks = value["institutions"].as_array().into_iter().flatten();
        !banks.into_iter().any(|bank| bank["bank_code"] == code.as_str())
    };
    let missing: Vec<&str> = institutions.iter().filter(found).map(String::as_str).collect();
    if missing.is_empty() {
        return Ok(Text { text: value.to_string(), ..parameters });
    }
    let missing = missing.join(", ");
    Err(Failure::usage(
        format!("institutions: 金庫 {missing} は {} にありません。", parameters.name),
        format!("institutions: {} has no bank {missing}", parameters.name),
    ))
}
