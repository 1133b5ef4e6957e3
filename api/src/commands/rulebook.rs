//! Product books and posted rates from files.

use std::path::Path;
use std::sync::Arc;

use workflows::form::Problem;
use workflows::machine::Rulebook;
use workflows::product::Source;
use workflows::{Books, PostedRates};

use super::Failure;

/// The base book that is built in.
pub const BASE_BOOK: &str = include_str!("../../../workflows/products/base.toml");
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

    /// The text as the loader of books takes it.
    pub fn source(&self) -> Source<'_> {
        Source { name: &self.name, text: &self.text }
    }

    /// A text that is built in.
    pub fn built_in(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned() }
    }
}

/// The files of a rulebook.
#[derive(Clone, Debug)]
pub struct Texts {
    pub base: Text,
    pub parameters: Text,
    /// Dated editions of single banks.
    pub editions: Vec<Text>,
    pub rates: Text,
}

/// The rulebook of a base book, bank parameters, editions and rates. Errors: every problem of all texts.
pub fn load(texts: &Texts) -> Result<Rulebook, Failure> {
    let mut problems = vec![];
    let editions: Vec<Source<'_>> = texts.editions.iter().map(Text::source).collect();
    let books = Books::of(texts.base.source(), Some(texts.parameters.source()), &editions)
        .map_err(|found| problems.extend(found.iter().map(ToString::to_string)));
    let rates = PostedRates::parse(&texts.rates.text)
        .map_err(|found| problems.extend(found.iter().map(|problem| in_rates(&texts.rates.name, problem))));
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

/// The rulebook of some of the banks alone; of all where the list is empty. Errors: a bank without a book.
pub fn only(rules: Rulebook, institutions: &[String]) -> Result<Rulebook, Failure> {
    if institutions.is_empty() {
        return Ok(rules);
    }
    let missing: Vec<&str> =
        institutions.iter().map(String::as_str).filter(|code| rules.books.get(code).is_none()).collect();
    if missing.is_empty() {
        let books = Books::clone(&rules.books).only(institutions);
        return Ok(Rulebook { books: Arc::new(books), ..rules });
    }
    let missing = missing.join(", ");
    Err(Failure::usage(
        format!("institutions: 金庫 {missing} の商品台帳がありません。"),
        format!("institutions: there is no product book of the bank {missing}"),
    ))
}
