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
