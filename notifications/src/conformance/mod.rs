//! The conformance kit of partners: sends signed sample messages to a partner's own endpoint and says what it does wrong.
//!
//! What an endpoint answers is stated in docs/partners: 2xx with `{"receipt", "state"}` for a message that it took in, 4xx for one
//! that it does not believe; core banking answers an order, a query or a reversal with `{"outcome", "reference"}`. The receipt is
//! the partner's own number of what it took in: the same message has the same one, however often it comes.

mod checks;

use crate::envelope;
use crate::signature::{SigningKey, sign};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use reqwest::redirect::Policy;
use serde::Serialize;
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use workflows::machine::messages::sample;
use workflows::machine::{PartnerMessage, Role};

/// Bytes of an answer that are read.
const LONGEST: usize = 64 * 1024;

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable code.
    pub check: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub passed: bool,
    /// What was found instead; empty where it passed.
    pub found: String,
}

/// What the kit found at an endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    #[serde(rename = "as")]
    pub role: Role,
    pub passed: usize,
    pub total: usize,
    pub checks: Vec<Check>,
}

impl Report {
    /// Did everything pass? A report without checks says no.
    pub fn is_clean(&self) -> bool {
        self.total > 0 && self.passed == self.total
    }
}

/// Why nothing could be checked.
#[derive(Debug, thiserror::Error)]
pub enum KitError {
    #[error("{0}: not an http or https address")]
    Address(String),
    #[error("{0} has no conformance kit; accepted: GUARANTOR, INSURER, SCRIVENER, CORE_BANKING")]
    Role(Role),
    #[error("the kit cannot send: {0}")]
    Client(String),
}

/// An endpoint under test.
pub struct Kit {
    pub role: Role,
    url: reqwest::Url,
    key: SigningKey,
    /// Longest time until an answer is complete.
    patience: Duration,
    http: reqwest::Client,
    /// In every id of this run, so that no run repeats another.
    run: String,
    /// The time of the run when `started`.
    now: DateTime<Utc>,
    started: Instant,
}

/// An answer as far as the kit looks at it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Seen {
    pub status: u16,
    pub body: Value,
    /// What went wrong on the way, where no answer came.
    pub failed: Option<&'static str>,
}

impl Seen {
    pub fn is_accepted(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// Refused by the partner, on purpose.
    pub fn is_refused(&self) -> bool {
        (400..500).contains(&self.status)
    }

    pub fn text(&self, name: &str) -> &str {
        self.body[name].as_str().unwrap_or_default()
    }

    /// Status, outcome and receipt in short. Nothing else of the partner's answer is shown.
    pub fn shown(&self) -> String {
        if let Some(why) = self.failed {
            return format!("no answer: {why}");
        }
        let mut text = format!("status {}", self.status);
        for name in ["outcome", "reference", "receipt", "state"] {
            let value: String = self.text(name).chars().filter(|c| !c.is_control()).take(40).collect();
            if !value.is_empty() {
                text.push_str(&format!(", {name} {value}"));
            }
        }
        text
    }
}

/// How a message is spoilt before it is sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spoilt {
    /// Signed by somebody else.
    pub forged: bool,
    /// Changed on the way.
    pub changed: bool,
    /// Seconds by which its time is off.
    pub off: i64,
    pub unsigned: bool,
    /// A key that is on its way out signs as well, and first.
    pub rotated: bool,
    /// Fields that no schema knows.
    pub fields: bool,
    /// A message that no version so far knows.
    pub unknown: bool,
}

impl Kit {
    /// A kit for an endpoint. Errors: see [`KitError`].
    pub fn new(
        role: Role,
        url: &str,
        key: SigningKey,
        patience: Duration,
        now: DateTime<Utc>,
        run: &str,
    ) -> Result<Kit, KitError> {
        if checks::of(role).is_empty() {
            return Err(KitError::Role(role));
        }
        let shown = || url.chars().filter(|c| !c.is_control()).take(200).collect();
        let url = reqwest::Url::parse(url).map_err(|_| KitError::Address(shown()))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(KitError::Address(shown()));
        }
        let http = reqwest::Client::builder().no_proxy().redirect(Policy::none()).timeout(patience);
        let http = http.build().map_err(|error| KitError::Client(error.without_url().to_string()))?;
        Ok(Kit { role, url, key, patience, http, run: run.to_owned(), now, started: Instant::now() })
    }

    /// Looks at everything, one after the other: the order of the messages is part of what is checked.
    pub async fn run(&self) -> Report {
        let mut checks = vec![];
        for asked in checks::of(self.role) {
            let found = (asked.look)(self).await.err();
            let (passed, found) = (found.is_none(), found.unwrap_or_default());
            checks.push(Check { check: asked.code, ja: asked.ja, en: asked.en, passed, found });
        }
        let passed = checks.iter().filter(|check| check.passed).count();
        Report { role: self.role, passed, total: checks.len(), checks }
    }

    /// A name that no other run and no other check uses.
    pub(crate) fn name(&self, what: &str) -> String {
        format!("{}-{what}", self.run)
    }

    pub(crate) fn today(&self) -> NaiveDate {
        workflows::calendar::tokyo_date(self.now)
    }

    pub(crate) const fn patience(&self) -> Duration {
        self.patience
    }

    /// Sends a sample message about `request` under `id`.
    pub(crate) async fn send(&self, message: PartnerMessage, request: &str, id: &str, how: &Spoilt) -> Seen {
        let elapsed = TimeDelta::from_std(self.started.elapsed()).unwrap_or_default();
        let at = self.now + elapsed + TimeDelta::seconds(how.off);
        let mut data = sample(message, request, self.today());
        if let Some(map) = data.as_object_mut().filter(|_| how.fields) {
            map.insert("later_version".to_owned(), json!({ "nested": [1, 2, 3] }));
        }
        let kind = if how.unknown { "NOT_YET_INVENTED" } else { message.code() };
        if how.unknown {
            data["message"] = json!(kind);
        }
        let mut body = envelope::body(kind, at, &data);
        let other = || SigningKey::Shared(vec![0x5a; 32]);
        let keys = match () {
            () if how.forged => vec![other()],
            () if how.rotated => vec![other(), self.key.clone()],
            () => vec![self.key.clone()],
        };
        let Ok(signed) = sign(&keys, id, at, &body) else {
            return Seen { status: 0, body: Value::Null, failed: Some("the kit could not sign") };
        };
        if how.changed {
            // Still the same JSON, and another text.
            body.push(b' ');
        }
        let mut request = self.http.post(self.url.clone());
        for (name, value) in envelope::HEADERS {
            request = request.header(name, value);
        }
        for (name, value) in signed.headers().into_iter().filter(|_| !how.unsigned) {
            request = request.header(name, value);
        }
        seen(request.body(body)).await
    }
}

async fn seen(request: reqwest::RequestBuilder) -> Seen {
    let failed = |error: &reqwest::Error| {
        let why = match () {
            () if error.is_timeout() => "it took too long",
            () if error.is_connect() => "the connection failed",
            () => "the exchange broke off",
        };
        Seen { status: 0, body: Value::Null, failed: Some(why) }
    };
    let mut response = match request.send().await {
        Ok(response) => response,
        Err(error) => return failed(&error),
    };
    let status = response.status().as_u16();
    let mut bytes = vec![];
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if bytes.len() + chunk.len() <= LONGEST => bytes.extend_from_slice(&chunk),
            Ok(Some(_)) => return Seen { status, body: Value::Null, failed: Some("more than 64 KiB") },
            Ok(None) => break,
            Err(error) => return failed(&error),
        }
    }
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Seen { status, body, failed: None }
}
