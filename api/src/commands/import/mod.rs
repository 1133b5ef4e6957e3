//! `yushi import`: applications of a file through the API, as an outside client with the role IMPORTER.
//!
//! Keys are digests of what is sent, so a second run of the same file repeats the same requests and the API answers them from
//! its receipts. A corrected line is another request; that nothing is doubled rests on the application's own number.

mod client;

use futures::StreamExt;
use serde::Serialize;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};
use workflows::Form;

use self::client::{Client, Lost, Mutated};
use super::lines::{FormLine, LineProblem, Lines};
use super::{Done, Failure, say, say_json};
use crate::cli::ImportArgs;

/// Applications in flight at once.
const PARALLEL: usize = 6;

/// What came of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Lines that hold something.
    pub read: u64,
    pub accepted: u64,
    /// Malformed, or refused by the guards of T01.
    pub refused: u64,
    /// Accepted by an earlier run, or twice in the file.
    pub already: u64,
    pub errors: Vec<LineProblem>,
}

/// What came of a line.
enum Sent {
    Accepted,
    Already,
    Refused(Vec<LineProblem>),
}

/// Sends the file and prints the report.
pub async fn run(args: &ImportArgs) -> Done {
    let client = Client::new(&args.api, &args.token)?;
    let mut report = Report::default();
    let mut lost: Option<Lost> = None;
    let lines = Lines::open(&args.file)?;
    let mut unread = None;
    {
        let readable = lines.map_while(|line| line.map_err(|error| unread = Some(error)).ok());
        let mut sent = futures::stream::iter(readable)
            .map(|line| async { (line.line, send(&client, line).await) })
            .buffer_unordered(PARALLEL);
        while let Some((_, outcome)) = sent.next().await {
            match outcome {
                Ok(outcome) => report.take(outcome),
                Err(gone) => {
                    report.read += 1;
                    lost = Some(gone);
                    break;
                }
            }
        }
    }
    report.errors.sort_by_key(|problem| problem.line);
    print(&report, args.json)?;
    if let Some(lost) = lost {
        return Err(lost.failure());
    }
    unread.map_or(Ok(()), |error| Err(Failure::file(&args.file, &error)))
}

impl Report {
    fn take(&mut self, outcome: Sent) {
        self.read += 1;
        match outcome {
            Sent::Accepted => self.accepted += 1,
            Sent::Already => self.already += 1,
            Sent::Refused(problems) => {
                self.refused += 1;
                self.errors.extend(problems);
            }
        }
    }
}

fn print(report: &Report, as_json: bool) -> Done {
    if as_json {
        return say_json(report);
    }
    for problem in &report.errors {
        say(problem)?;
    }
    let Report { read, accepted, refused, already, .. } = report;
    say(format!(
        "読込 {read}件、受付 {accepted}件、不受理 {refused}件、受付済 {already}件\n\
         {read} read, {accepted} accepted, {refused} refused, {already} already there"
    ))
}

/// Creates and submits one application. Errors: the API gives no answer.
async fn send(client: &Client, line: FormLine) -> Result<Sent, Lost> {
    let number = line.line;
    let form = match line.form {
        Ok(form) => form,
        Err(problems) => return Ok(Sent::Refused(problems)),
    };
    let content = content(&form);
    let create = json!({ "form": content });
    let id = match client.mutate(CREATE, "createDraft", &create, &key("draft", &form, &content)).await? {
        Mutated::Done { id, .. } => id,
        Mutated::Refused(problems) => return Ok(Sent::Refused(at(number, problems))),
    };
    let submit = json!({
        "applicationId": id, "receivedAt": form.received_at, "externalId": form.application_id,
    });
    Ok(match client.mutate(SUBMIT, "submitApplication", &submit, &key("submit", &form, &content)).await? {
        Mutated::Done { replayed: true, .. } => Sent::Already,
        Mutated::Done { .. } => Sent::Accepted,
        Mutated::Refused(problems) if problems.iter().any(|problem| problem.rule == "DUPLICATE") => {
            Sent::Already
        }
        Mutated::Refused(problems) => Sent::Refused(at(number, problems)),
    })
}

const CREATE: &str = "mutation($form: FormInput!) { createDraft(form: $form) { __typename \
    ... on Done { replayed application { id } } \
    ... on Blocked { code unmet { code rule subject ja en } } \
    ... on Invalid { problems { field rule messageJa messageEn accepted } } } }";
const SUBMIT: &str = "mutation($applicationId: ID!, $receivedAt: DateTime, $externalId: String) { \
    submitApplication(applicationId: $applicationId, receivedAt: $receivedAt, externalId: $externalId) { __typename \
    ... on Done { replayed application { id } } \
    ... on Blocked { code unmet { code rule subject ja en } } \
    ... on Invalid { problems { field rule messageJa messageEn accepted } } } }";

fn at(line: u64, problems: Vec<client::Problem>) -> Vec<LineProblem> {
    problems
        .into_iter()
        .map(|problem| LineProblem {
            line,
            field: problem.field,
            rule: problem.rule,
            message: problem.message,
        })
        .collect()
}

/// The form as the API takes it, without what others decide.
fn content(form: &Form) -> Value {
    let mut value = serde_json::to_value(form).unwrap_or_default();
    if let Value::Object(map) = &mut value {
        map.remove("screening_add_on_percent");
        map.remove("guarantor_decision");
    }
    camel(value)
}

/// The key of a request: the same for the same application with the same content, whoever runs it and whenever.
fn key(step: &str, form: &Form, content: &Value) -> String {
    let mut digest = Sha256::new();
    for part in [step, &form.institution.bank_code, &form.application_id, &content.to_string()] {
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    hex::encode(digest.finalize())
}

fn camel(value: Value) -> Value {
    match value {
        Value::Object(map) => Value::Object(
            map.into_iter().map(|(key, value)| (camel_name(&key), camel(value))).collect::<Map<_, _>>(),
        ),
        Value::Array(items) => Value::Array(items.into_iter().map(camel).collect()),
        other => other,
    }
}

fn camel_name(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut name, part| {
        let mut letters = part.chars();
        name.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        name.push_str(letters.as_str());
        name
    })
}
