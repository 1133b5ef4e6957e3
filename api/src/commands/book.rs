//! `yushi book`: product books before a service meets them.

use std::path::PathBuf;

use chrono::NaiveDate;
use serde::Serialize;
use workflows::product::Source;
use workflows::product::diff::{Change, diff};
use workflows::{Book, BookProblem, Books};

use super::rulebook::{BASE_BOOK, Text};
use super::{Done, Failure, say, say_json};
use crate::cli::{BookOf, Under};

/// Does what was asked for.
pub fn run(what: &BookOf) -> Done {
    match what {
        BookOf::Check { files, under, json } => check(files, under, *json),
        BookOf::Diff { old, new, under, json } => compare(old, new, under, *json),
    }
}

/// An edition that was read.
#[derive(Serialize)]
struct Edition<'a> {
    version: &'a str,
    bank_code: &'a str,
    bank_name: &'a str,
    effective_from: Option<NaiveDate>,
    effective_to: Option<NaiveDate>,
}

impl<'a> Edition<'a> {
    fn of(book: &'a Book) -> Self {
        Self {
            version: &book.version,
            bank_code: &book.bank_code,
            bank_name: &book.bank_name,
            effective_from: book.effective_from,
            effective_to: book.effective_to,
        }
    }
}

impl std::fmt::Display for Edition<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let day = |day: Option<NaiveDate>| day.map_or_else(String::new, |day| day.to_string());
        let (from, to) = (day(self.effective_from), day(self.effective_to));
        write!(f, "{} {} {from}/{to} {}", self.bank_code, self.bank_name, self.version)
    }
}

#[derive(Serialize)]
struct Checked<'a> {
    problems: &'a [BookProblem],
    editions: Vec<Edition<'a>>,
}

fn check(files: &[PathBuf], under: &Under, json: bool) -> Done {
    let texts = files.iter().map(|file| Text::read(file)).collect::<Result<Vec<_>, _>>()?;
    // A base book among the files is the one that the editions stand on.
    let (bases, editions): (Vec<&Text>, Vec<&Text>) = texts.iter().partition(|text| is_base(text));
    let base = under_base(under, bases.first().copied())?;
    let more: Vec<BookProblem> = bases
        .iter()
        .skip(usize::from(under.base.is_none()))
        .flat_map(|text| Books::of(text.source(), None, &[]).err().unwrap_or_default())
        .collect();
    let parameters = under.parameters.as_deref().map(Text::read).transpose()?;
    let sources: Vec<Source<'_>> = editions.iter().map(|text| text.source()).collect();
    let (books, mut problems) =
        match Books::of(base.source(), parameters.as_ref().map(Text::source), &sources) {
            Ok(books) => (Some(books), vec![]),
            Err(problems) => (None, problems),
        };
    problems.extend(more);
    problems.extend(books.iter().flat_map(Books::unmapped));
    let read: Vec<Edition<'_>> =
        books.iter().flat_map(|books| books.iter()).map(|book| Edition::of(book)).collect();
    if json {
        say_json(&Checked { problems: &problems, editions: read })?;
    } else {
        problems.iter().try_for_each(say)?;
        read.iter().try_for_each(say)?;
    }
    if problems.is_empty() {
        return Ok(());
    }
    let count = problems.len();
    Err(Failure::finding(
        format!("商品台帳に{count}件の誤りがあります。"),
        format!("the product books have {count} problem(s)"),
    ))
}

/// Only a base book has a version of its own, and only an edition names a bank. A text that is no TOML is reported as an edition.
fn is_base(text: &Text) -> bool {
    let table = text.text.parse::<toml::Table>().unwrap_or_default();
    table.contains_key("version") && !table.contains_key("bank_code")
}

fn under_base(under: &Under, among: Option<&Text>) -> Result<Text, Failure> {
    match (&under.base, among) {
        (Some(path), _) => Text::read(path),
        (None, Some(text)) => Ok(text.clone()),
        (None, None) => Ok(Text::built_in("base.toml", BASE_BOOK)),
    }
}

#[derive(Serialize)]
struct Compared<'a> {
    old: Edition<'a>,
    new: Edition<'a>,
    changes: &'a [Change],
}

fn compare(old: &PathBuf, new: &PathBuf, under: &Under, json: bool) -> Done {
    let base = under_base(under, None)?;
    let parameters = under.parameters.as_deref().map(Text::read).transpose()?;
    let read = |path: &PathBuf| {
        let text = Text::read(path)?;
        let books = Books::of(base.source(), parameters.as_ref().map(Text::source), &[text.source()]);
        let books = books.map_err(|problems| wrong(&problems))?;
        // The file's own edition is the only one that has a first day.
        let dated = books.iter().find(|book| book.effective_from.is_some()).cloned();
        dated.ok_or_else(|| wrong(&[]))
    };
    let (old, new) = (read(old)?, read(new)?);
    let changes = diff(&old, &new);
    if json {
        return say_json(&Compared { old: Edition::of(&old), new: Edition::of(&new), changes: &changes });
    }
    say(format!("- {}\n+ {}", Edition::of(&old), Edition::of(&new)))?;
    changes.iter().try_for_each(|change| say(told(change)))?;
    say(format!("{}件の変更 / {} change(s)", changes.len(), changes.len()))
}

fn wrong(problems: &[BookProblem]) -> Failure {
    let listed: Vec<String> = problems.iter().map(ToString::to_string).collect();
    Failure::finding(
        format!("商品台帳に誤りがあります。\n{}", listed.join("\n")),
        format!("the product book is wrong: {} problem(s), listed above", problems.len()),
    )
}

/// A change for people: key, values, rule, sentence and whom it touches.
fn told(change: &Change) -> String {
    let Change { key, old, new, rule, ja, en, touches } = change;
    let codes =
        |codes: Vec<&str>, all: usize| if codes.len() == all { "*".to_owned() } else { codes.join(", ") };
    use workflows::form::{FeePlan, Product, RateType};
    let products = codes(touches.products.iter().map(|it| it.code()).collect(), Product::ALL.len());
    let types = codes(touches.rate_types.iter().map(|it| it.code()).collect(), RateType::ALL.len());
    let plans = codes(touches.fee_plans.iter().map(|it| it.code()).collect(), FeePlan::ALL.len());
    format!(
        "{key}: {old} -> {new}\n  {rule} {ja} / {en}\n  {} / {}; products {products}; rate types {types}; fee plans {plans}",
        touches.customers_ja, touches.customers_en,
    )
}
