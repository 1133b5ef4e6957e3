//! `yushi evaluate`: the pure rules over a file, without a database.

use std::io::{BufWriter, Write};

use serde::Serialize;
use workflows::machine::Rulebook;
use workflows::{Evaluation, NotEvaluated};

use super::lines::{FormLine, LineProblem, Lines};
use super::rulebook::{self, BASE_BOOK, Text, Texts};
use super::{Done, Failure};
use crate::cli::EvaluateArgs;

/// What is printed for one application.
#[derive(Serialize)]
struct Answer<'a> {
    application_id: &'a str,
    result: &'a Evaluation,
}

/// Evaluates every line; bad lines go to standard error and do not stop the others.
pub fn run(args: &EvaluateArgs) -> Done {
    let texts = Texts {
        base: Text::built_in("base.toml", BASE_BOOK),
        parameters: Text::read(&args.parameters)?,
        editions: args.edition.iter().map(|path| Text::read(path)).collect::<Result<_, _>>()?,
        rates: Text::read(&args.rates)?,
    };
    let rules = rulebook::load(&texts)?;
    let lines = Lines::open(&args.file)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut bad = 0_u64;
    for line in lines {
        let read = line.map_err(|error| Failure::file(&args.file, &error))?;
        match evaluate(&rules, &read) {
            Ok(text) => match writeln!(out, "{text}") {
                Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => return Ok(()),
                written => written.map_err(|error| Failure::file(&args.file, &error))?,
            },
            Err(problems) => {
                bad += 1;
                report(&problems);
            }
        }
    }
    out.flush().map_err(|error| Failure::file(&args.file, &error))?;
    if bad == 0 {
        return Ok(());
    }
    Err(Failure::finding(
        format!("{bad}件の行を評価できませんでした。"),
        format!("{bad} line(s) could not be evaluated"),
    ))
}

/// The line to print, or what is wrong with the application.
pub fn evaluate(rules: &Rulebook, read: &FormLine) -> Result<String, Vec<LineProblem>> {
    let form = read.form.as_ref().map_err(Clone::clone)?;
    let result = workflows::evaluate(form, &rules.books, &rules.rates)
        .map_err(|error| vec![not_evaluated(read.line, &error)])?;
    let answer = Answer { application_id: &form.application_id, result: &result };
    serde_json::to_string(&answer).map_err(|error| {
        let message = format!("結果を書き出せません。 The result cannot be written: {error}");
        vec![LineProblem { line: read.line, field: String::new(), rule: "FORM-JSON".to_owned(), message }]
    })
}

fn not_evaluated(line: u64, error: &NotEvaluated) -> LineProblem {
    let (field, rule, ja) = match error {
        NotEvaluated::NoBook { .. } => {
            ("institution.bank_code", "BOOK", "この金庫・受付日に適用される商品台帳がありません。")
        }
        NotEvaluated::Rate(_) => {
            ("requested_disbursement_date", "C-21", "実行月の基準金利が公表されていません。")
        }
    };
    LineProblem { line, field: field.to_owned(), rule: rule.to_owned(), message: format!("{ja} {error}") }
}

fn report(problems: &[LineProblem]) {
    let mut stderr = std::io::stderr().lock();
    for problem in problems {
        let _ = writeln!(stderr, "{problem}");
    }
}
