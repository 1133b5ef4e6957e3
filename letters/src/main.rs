//! Sets letters of the bank as PDF: one request as JSON on standard input, the document on standard output.
//!
//! It opens no connection, asks no clock and knows no case: what stands in the letter is the request's, and the same request with the
//! same fonts gives the same bytes. Exit codes: 0 the document, 1 a fault of the installation, 2 a request that is none; on 1 and 2
//! standard error has one JSON object that names fields and never repeats what stands in them.

mod fonts;
mod set;
mod texts;

use fonts::Fonts;
use letters::{FORMAT, Request};
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// A schedule of fifty years in two loans stays far below.
const LARGEST_REQUEST: u64 = 2 * 1024 * 1024;

const HELP: &str = "yushi-letters: one letter as JSON on standard input, its PDF on standard output.
  --fonts FOLDER   folder to search for the fonts, again for more; without it those of Debian
  --check          look for the fonts, print what there is and end
";

/// Why there is no document.
pub enum Failure {
    /// The installation: fonts, templates.
    Fault(String),
    /// The request: fields, each with what would be accepted.
    Refused(Value),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(Failure::Fault(what)) => {
            eprintln!("{}", json!({ "fault": what }));
            ExitCode::from(1)
        }
        Err(Failure::Refused(problems)) => {
            eprintln!("{}", json!({ "problems": problems }));
            ExitCode::from(2)
        }
    }
}

fn run() -> Result<(), Failure> {
    let mut folders = vec![];
    let mut check = false;
    let mut given = std::env::args().skip(1);
    while let Some(argument) = given.next() {
        match argument.as_str() {
            "--fonts" => match given.next() {
                Some(folder) => folders.push(PathBuf::from(folder)),
                None => return Err(Failure::Fault("--fonts needs a folder".to_owned())),
            },
            "--check" => check = true,
            "--help" => {
                print!("{HELP}");
                return Ok(());
            }
            _ => return Err(Failure::Fault("unknown argument; --help lists them".to_owned())),
        }
    }
    let fonts = Fonts::find(&folders)?;
    if check {
        let found = json!({ "format": FORMAT, "program": env!("CARGO_PKG_VERSION"), "fonts": fonts.files() });
        println!("{found}");
        return Ok(());
    }
    let mut text = String::new();
    let read = std::io::stdin().take(LARGEST_REQUEST + 1).read_to_string(&mut text);
    if read.is_err() || text.len() as u64 > LARGEST_REQUEST {
        return Err(refused("", "読み取れません", "not UTF-8, or too long", "JSON of at most 2 MiB"));
    }
    let mut reader = serde_json::Deserializer::from_str(&text);
    let request: Request = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        // What stands there may be somebody's name: the field is told, its content is not.
        let field = error.path().to_string();
        refused(
            &field,
            "この項目は読み取れません",
            "this field is unknown, missing or cannot be read",
            "the shape of a request",
        )
    })?;
    if reader.end().is_err() {
        return Err(refused("", "余分な内容があります", "something follows the request", "one JSON object"));
    }
    request.check().map_err(|found| Failure::Refused(json!(found)))?;
    let document = set::pdf(&request, fonts)?;
    let mut out = std::io::stdout().lock();
    out.write_all(&document)
        .and_then(|()| out.flush())
        .map_err(|_| Failure::Fault("nobody reads the document".to_owned()))
}

fn refused(field: &str, ja: &str, en: &str, accepted: &str) -> Failure {
    Failure::Refused(json!([{
        "field": field, "rule": "LETTER", "message_ja": ja, "message_en": en, "accepted": accepted,
    }]))
}
