//! The API as the import sees it: a mutation is sent until it is answered for good, always under the same key.

use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::RETRY_AFTER;
use serde_json::{Value, json};

use super::super::Failure;

/// Tries of one request.
const TRIES: u32 = 10;
/// Longest pause between two tries.
const LONGEST: Duration = Duration::from_secs(5);

/// A client with its token.
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// An answered mutation.
pub enum Mutated {
    Done { id: String, replayed: bool },
    Refused(Vec<Problem>),
}

/// Why a mutation was refused.
pub struct Problem {
    pub field: String,
    pub rule: String,
    pub message: String,
}

/// The API gives no answer that the next line could do better with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lost {
    /// The token is not taken, or its role may not import.
    NotAllowed(String),
    /// No answer after many tries.
    Silent(String),
}

impl Lost {
    /// For the person who ran the import.
    pub fn failure(&self) -> Failure {
        match self {
            Lost::NotAllowed(why) => Failure::usage(
                "トークンが無効か、IMPORTERの権限がありません。",
                format!("the token is not accepted, or its role is not IMPORTER: {why}"),
            ),
            Lost::Silent(why) => Failure::outside(
                "APIから応答がありません。同じファイルでもう一度実行すれば続きから取り込みます。",
                format!("the API does not answer; run the same file again to continue: {why}"),
            ),
        }
    }
}

/// What to do with a reply.
enum Next {
    Take(Mutated),
    Again(Option<Duration>, String),
    Give(Lost),
}

impl Client {
    /// A client of an API. Errors: the address is none.
    pub fn new(api: &str, token: &str) -> Result<Self, Failure> {
        let wrong = |error: String| {
            Failure::usage(format!("--api {api}: URLではありません。"), format!("--api {api}: {error}"))
        };
        let url = reqwest::Url::parse(api).map_err(|error| wrong(error.to_string()))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(wrong("accepted: http://... or https://...".to_owned()));
        }
        let http = reqwest::Client::builder()
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| wrong(error.to_string()))?;
        let base = api.trim_end_matches('/').trim_end_matches("/graphql");
        Ok(Self { http, url: format!("{base}/graphql"), token: token.to_owned() })
    }

    /// Sends a mutation until it is answered. Errors: it never is, or the token is not taken.
    pub async fn mutate(
        &self,
        query: &str,
        field: &str,
        variables: &Value,
        key: &str,
    ) -> Result<Mutated, Lost> {
        let body = json!({ "query": query, "variables": variables });
        let mut last = String::new();
        for attempt in 0..TRIES {
            let pause = match self.once(&body, field, key).await {
                Next::Take(answer) => return Ok(answer),
                Next::Give(lost) => return Err(lost),
                Next::Again(pause, why) => {
                    last = why;
                    pause.unwrap_or(Duration::from_millis(100 << attempt.min(7)))
                }
            };
            tokio::time::sleep(pause.min(LONGEST)).await;
        }
        Err(Lost::Silent(last))
    }

    async fn once(&self, body: &Value, field: &str, key: &str) -> Next {
        let request = self
            .http
            .post(&self.url)
            .bearer_auth(&self.token)
            .header("accept", "application/json")
            .header("idempotency-key", key)
            .json(body);
        let reply = match request.send().await {
            Ok(reply) => reply,
            Err(error) => return Next::Again(None, error.to_string()),
        };
        let status = reply.status();
        let after = reply.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
        let after = after.map(Duration::from_secs);
        let replayed = reply.headers().contains_key("idempotency-replayed");
        let body: Value = match reply.bytes().await.map(|bytes| serde_json::from_slice(&bytes)) {
            Ok(Ok(body)) => body,
            Ok(Err(error)) => return Next::Again(after, format!("{status}: {error}")),
            Err(error) => return Next::Again(after, error.to_string()),
        };
        judge(status, &body, field, replayed, after)
    }
}

/// What an answer means.
fn judge(status: StatusCode, body: &Value, field: &str, replayed: bool, after: Option<Duration>) -> Next {
    let payload = &body["data"][field];
    if payload["__typename"].is_string() {
        return Next::Take(answer(payload, replayed));
    }
    let error = &body["errors"][0];
    let code = error["extensions"]["code"].as_str().unwrap_or_default();
    let why = format!("{status} {code} {}", error["message"].as_str().unwrap_or_default());
    match (status.as_u16(), code) {
        (401 | 403, _) | (_, "FORBIDDEN" | "UNAUTHENTICATED") => Next::Give(Lost::NotAllowed(why)),
        (404 | 405 | 415, _) => Next::Give(Lost::Silent(why)),
        (409 | 429 | 500..=599, _)
        | (_, "INTERNAL_SERVER_ERROR" | "TIMEOUT" | "UNAVAILABLE" | "RATE_LIMITED") => {
            Next::Again(after, why)
        }
        _ => {
            let (rule, message) = (if code.is_empty() { "API" } else { code }, why.clone());
            Next::Take(Mutated::Refused(vec![Problem {
                field: String::new(),
                rule: rule.to_owned(),
                message,
            }]))
        }
    }
}

fn answer(payload: &Value, replayed: bool) -> Mutated {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let listed =
        |list: &Value, of: fn(&Value) -> Problem| list.as_array().into_iter().flatten().map(of).collect();
    match payload["__typename"].as_str() {
        Some("Done") => Mutated::Done {
            id: text(&payload["application"]["id"]),
            replayed: replayed || payload["replayed"].as_bool().unwrap_or_default(),
        },
        Some("Invalid") => Mutated::Refused(listed(&payload["problems"], |problem| {
            let text = |key: &str| problem[key].as_str().unwrap_or_default();
            let message =
                format!("{} {} Accepted: {}", text("messageJa"), text("messageEn"), text("accepted"));
            let field = snake(text("field").trim_start_matches("form."));
            Problem { field, rule: text("rule").to_owned(), message }
        })),
        Some("Blocked") if payload["unmet"].as_array().is_some_and(|unmet| !unmet.is_empty()) => {
            Mutated::Refused(listed(&payload["unmet"], |unmet| {
                let text = |key: &str| unmet[key].as_str().unwrap_or_default();
                let rule = unmet["rule"].as_str().unwrap_or(text("code")).to_owned();
                let message = format!("{}: {} {}", text("code"), text("ja"), text("en"));
                Problem { field: text("subject").to_owned(), rule, message }
            }))
        }
        other => {
            let code = text(&payload["code"]);
            let rule = if code.is_empty() { other.unwrap_or_default().to_uppercase() } else { code };
            let message =
                "申込は受け付けられる状態にありません。 The application is not in a state to be submitted.";
            Mutated::Refused(vec![Problem { field: String::new(), rule, message: message.to_owned() }])
        }
    }
}

/// `parties[0].birthDate` as the file writes it: `parties[0].birth_date`.
fn snake(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 4);
    for letter in path.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}
