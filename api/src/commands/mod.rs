//! The commands of `yushi`, one module each. A command ends with `Ok`, or with a [`Failure`] that says why in two languages.

pub mod account;
pub mod book;
pub mod bounce;
pub mod evaluate;
pub mod explain;
mod explain_api;
pub mod export;
pub mod import;
pub mod keys;
pub mod lines;
pub mod partner_check;
pub mod place;
pub mod replay;
pub mod retention;
pub mod rulebook;
pub mod schema;
pub mod serve;
mod sign_in;
pub mod simulate;
pub mod token;
pub mod verify;

use std::io::Write;
use std::process::ExitCode;

/// Why a command did not do what was asked, with its exit code.
#[derive(Debug, thiserror::Error)]
#[error("{ja}\n{en}")]
pub struct Failure {
    /// 1: done, with a finding or lines left; 2: wrong use or configuration; 3: something outside does not answer.
    pub code: u8,
    pub ja: String,
    pub en: String,
}

impl Failure {
    /// The work was done, and something was found.
    pub fn finding(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: 1, ja: ja.into(), en: en.into() }
    }

    /// The arguments, a file or the configuration are wrong.
    pub fn usage(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: 2, ja: ja.into(), en: en.into() }
    }

    /// A database, an API or the disk does not answer.
    pub fn outside(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { code: 3, ja: ja.into(), en: en.into() }
    }

    /// A file that cannot be read or written.
    pub fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        let path = path.display();
        Self::usage(
            format!("{path}: ファイルを読み書きできません（{error}）。"),
            format!("{path}: the file cannot be read or written ({error})."),
        )
    }

    /// Prints the failure for a person and gives the exit code.
    pub fn report(&self) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        let _ = writeln!(stderr, "yushi: {}\nyushi: {}", self.ja, self.en);
        ExitCode::from(self.code)
    }
}

/// The end of every command.
pub type Done = Result<(), Failure>;

/// Prints a report as one line of JSON.
pub fn say_json(report: &impl serde::Serialize) -> Done {
    let text = serde_json::to_string(report).map_err(|error| {
        Failure::outside("結果を書き出せません。", format!("the report cannot be written: {error}"))
    })?;
    say(text)
}

/// Prints a line to standard output. A reader that went away (`| head`) is no failure.
pub fn say(line: impl std::fmt::Display) -> Done {
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{line}").and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Failure::outside(
            "標準出力に書けません。",
            format!("standard output cannot be written: {error}"),
        )),
        _ => Ok(()),
    }
}
