//! Files of JSON lines: one application a line, blank lines skipped, every problem with its place.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde::Serialize;
use workflows::form::{Form, Line, Problem};

use super::Failure;

/// No application is longer than this; the rest of such a line is skipped.
const LONGEST_LINE: u64 = 1024 * 1024;

/// A problem of one line, as scripts and people read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LineProblem {
    /// Counted from 1.
    pub line: u64,
    /// JSON path; empty for the whole line.
    pub field: String,
    /// `FORM-DATE`, `G-FORM`, `C-05`.
    pub rule: String,
    /// Japanese and English in one text.
    pub message: String,
}

impl LineProblem {
    /// A problem of shape or sense.
    pub fn of_form(line: u64, problem: &Problem) -> Self {
        Self {
            line,
            field: problem.field.clone(),
            rule: problem.rule.to_owned(),
            message: format!("{} {} Accepted: {}", problem.message_ja, problem.message_en, problem.accepted),
        }
    }
}

impl std::fmt::Display for LineProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let field = if self.field.is_empty() { "-" } else { &self.field };
        write!(f, "line {}: {field}: {}: {}", self.line, self.rule, self.message)
    }
}

/// One line of a file: the form, or what is wrong with it.
pub struct FormLine {
    pub line: u64,
    pub form: Result<Box<Form>, Vec<LineProblem>>,
}

/// The lines of a file, one after the other: a file of any size needs the memory of one line.
pub struct Lines {
    reader: BufReader<std::fs::File>,
    line: u64,
}

impl Lines {
    /// Opens a file.
    pub fn open(path: &Path) -> Result<Self, Failure> {
        let file = std::fs::File::open(path).map_err(|error| Failure::file(path, &error))?;
        Ok(Self { reader: BufReader::new(file), line: 0 })
    }

    fn next_bytes(&mut self) -> std::io::Result<Option<Vec<u8>>> {
        let mut bytes = vec![];
        let read = (&mut self.reader).take(LONGEST_LINE).read_until(b'\n', &mut bytes)?;
        if read == 0 {
            return Ok(None);
        }
        self.line += 1;
        if bytes.last() != Some(&b'\n') && read as u64 == LONGEST_LINE {
            // The rest of a line that is too long; the part that was read is no JSON and is reported as such.
            self.reader.skip_until(b'\n')?;
        }
        Ok(Some(bytes))
    }
}

impl Iterator for Lines {
    type Item = std::io::Result<FormLine>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let bytes = match self.next_bytes() {
                Ok(bytes) => bytes?,
                Err(error) => return Some(Err(error)),
            };
            let line = self.line;
            let bytes =
                if line == 1 { bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes) } else { &bytes };
            if bytes.trim_ascii().is_empty() {
                continue;
            }
            return Some(Ok(FormLine { line, form: parse(line, bytes) }));
        }
    }
}

fn parse(line: u64, bytes: &[u8]) -> Result<Box<Form>, Vec<LineProblem>> {
    let Ok(text) = std::str::from_utf8(bytes) else {
        let message = "UTF-8として読めません。 The line is not UTF-8. Accepted: UTF-8".to_owned();
        return Err(vec![LineProblem { line, field: String::new(), rule: "FORM-JSON".to_owned(), message }]);
    };
    match Line::parse(text) {
        Ok(parsed) => Ok(Box::new(parsed.form)),
        Err(problems) => Err(problems.iter().map(|problem| LineProblem::of_form(line, problem)).collect()),
    }
}
