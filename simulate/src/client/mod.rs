//! The way to the bank: GraphQL over HTTP with a token, one idempotency key per mutation, and retries that are safe.

mod answer;
mod credential;
mod trouble;

pub use answer::{Answer, Unmet};
pub use credential::{Credential, read_clients};

use crate::error::{Error, Result};
use crate::sdl::Sdl;
use crate::stats::Stats;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap};
use serde_json::{Map, Value, json};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::sync::{RwLock, Semaphore};
use trouble::Trouble;

/// Tries of one request before it is given up: about a minute, in which a server that crashed is back.
const TRIES: u32 = 40;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Selection on the payload of a mutation.
pub(crate) const PAYLOAD: &str = "__typename \
    ... on Done { version rows application { id number openTasks { role } } } \
    ... on Blocked { code unmet { code rule subject } } \
    ... on Conflict { changedAt } \
    ... on Invalid { problems { field rule messageEn } }";

/// Mutations beside the commands of a case: they answer with a line or with what stands against it.
const STEPS: &[&str] = &["answerEngagement"];
/// Selection on the payload of a step.
const STEP: &str = "lineId problems { field rule messageEn }";

/// What every party shares: the connections, their limit, the schema and the counters.
#[derive(Debug)]
pub struct Line {
    http: reqwest::Client,
    api: reqwest::Url,
    permits: Semaphore,
    sdl: Sdl,
    pub stats: Arc<Stats>,
    run: String,
    keys: AtomicU64,
    /// Seed of what befalls requests; `None`: nothing does.
    chaos: Option<u64>,
    requests: AtomicU64,
}

impl Line {
    /// A line to the bank with so many connections; with a seed for `chaos`, requests meet trouble on it. Errors: an address beyond this
    /// machine, unless `anywhere`.
    pub fn open(
        api: &reqwest::Url,
        connections: usize,
        anywhere: bool,
        sdl: Sdl,
        stats: Arc<Stats>,
        chaos: Option<u64>,
    ) -> Result<Arc<Self>> {
        let host = api.host_str().unwrap_or_default();
        let plain = host.trim_start_matches('[').trim_end_matches(']');
        let loopback = host == "localhost" || plain.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback());
        if !loopback && !anywhere {
            return Err(Error::NotLoopback(host.to_owned()));
        }
        let http = reqwest::Client::builder()
            .no_proxy()
            .timeout(PATIENCE)
            .pool_max_idle_per_host(connections.max(1))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|e| Error::NoAnswer { what: "client".into(), tries: 0, last: e.to_string() })?;
        let run = format!("{:x}", chrono::Utc::now().timestamp_micros());
        let permits = Semaphore::new(connections.max(1));
        let (keys, requests) = (AtomicU64::new(0), AtomicU64::new(0));
        Ok(Arc::new(Line { http, api: api.clone(), permits, sdl, stats, run, keys, chaos, requests }))
    }

    /// What befalls the next request.
    fn trouble(&self, has_key: bool) -> Trouble {
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        let trouble = self.chaos.map(|seed| Trouble::of(seed, number, has_key)).unwrap_or_default();
        if let Some(name) = trouble.name() {
            self.stats.befell(name);
        }
        trouble
    }

    fn url(&self, path: &str) -> reqwest::Url {
        let mut url = self.api.clone();
        url.set_path(path);
        url.set_query(None);
        url
    }

    /// A key that no other request of any run has.
    fn key(&self, role: &str) -> String {
        let number = self.keys.fetch_add(1, Ordering::Relaxed);
        format!("sim-{}-{role}-{number:08}", self.run)
    }
}

/// One party's own access: its credential and the token of the day.
#[derive(Debug)]
pub struct Session {
    line: Arc<Line>,
    pub credential: Credential,
    token: RwLock<Option<String>>,
}

/// What an HTTP exchange gave.
struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Value,
}

/// What to do with a reply.
enum Next {
    Take,
    Again(Duration, String),
    NewToken,
}

impl Session {
    /// A party's access; no request is made yet.
    pub fn new(line: &Arc<Line>, credential: Credential) -> Arc<Self> {
        Arc::new(Session { line: line.clone(), credential, token: RwLock::new(None) })
    }

    /// Counters of the run.
    pub fn stats(&self) -> &Stats {
        &self.line.stats
    }

    /// Asks a question. Errors: no answer, or an answer with faults.
    pub async fn query(&self, document: &str, variables: Value) -> Result<Value> {
        let body = json!({ "query": document, "variables": variables });
        let reply = self.exchange("/graphql", Some(&body), None).await?;
        data_of(&reply.body)
    }

    /// Asks about one case. `None`: it does not exist for this party. Errors: as [`Session::query`].
    pub async fn query_case(&self, document: &str, id: &str) -> Result<Option<Value>> {
        let body = json!({ "query": document, "variables": { "id": id } });
        let reply = self.exchange("/graphql", Some(&body), None).await?;
        if answer::fault(&reply.body) == Some("NOT_FOUND") {
            return Ok(None);
        }
        data_of(&reply.body).map(Some)
    }

    /// Sends a command on a case, under a key of its own.
    pub async fn act(&self, verb: &str, arguments: &Map<String, Value>) -> Result<Answer> {
        let key = self.line.key(&self.credential.role.to_lowercase().replace('_', "-"));
        self.act_with(verb, arguments, &key).await
    }

    /// Sends a command twice under one key: the second answer must be the first one.
    pub async fn act_twice(&self, verb: &str, arguments: &Map<String, Value>) -> Result<Answer> {
        let key = self.line.key("twice");
        let first = self.act_with(verb, arguments, &key).await?;
        let second = self.send(verb, arguments, &key).await?.0;
        if first.clone().without_work() != second.clone().without_work() {
            return Err(Error::Unexpected {
                what: format!("{verb} repeated"),
                answer: format!("first {first:?}, then {second:?}"),
            });
        }
        Ok(first)
    }

    async fn act_with(&self, verb: &str, arguments: &Map<String, Value>, key: &str) -> Result<Answer> {
        let (answer, replayed) = self.send(verb, arguments, key).await?;
        if replayed {
            self.stats().replayed();
        }
        match &answer {
            done if done.is_done() => self.stats().accepted(),
            Answer::Blocked(unmet) => unmet.iter().for_each(|u| self.stats().refused(&u.code)),
            other => self.stats().refused(other.code()),
        }
        Ok(answer)
    }

    async fn send(&self, verb: &str, arguments: &Map<String, Value>, key: &str) -> Result<(Answer, bool)> {
        let given: Vec<&str> = arguments.keys().map(String::as_str).collect();
        let payload = if STEPS.contains(&verb) { STEP } else { PAYLOAD };
        let document = self.line.sdl.document(verb, &given, payload).ok_or_else(|| Error::Unexpected {
            what: verb.to_owned(),
            answer: "the schema has no such mutation".into(),
        })?;
        let body = json!({ "query": document, "variables": arguments });
        let reply = self.exchange("/graphql", Some(&body), Some(key)).await?;
        let replayed = reply.headers.contains_key("idempotency-replayed");
        let answer = Answer::of(verb, &reply.body)
            .ok_or_else(|| Error::Unexpected { what: verb.to_owned(), answer: short(&reply.body) })?;
        Ok((answer, replayed))
    }

    /// Posts to another path of the server with this party's token (the demo's clock).
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        Ok(self.exchange(path, Some(body), None).await?.body)
    }

    /// Reads from another path of the server.
    pub async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.exchange(path, None, None).await?.body)
    }

    /// One request until it is answered for good. A lost answer is asked for again under the same key.
    async fn exchange(&self, path: &str, body: Option<&Value>, key: Option<&str>) -> Result<Reply> {
        if let Some(document) = body.and_then(|body| body.get("query")).and_then(Value::as_str) {
            self.stats().sent(document);
        }
        self.suffer(path, body, key).await?;
        let mut last = String::new();
        let mut refreshed = false;
        for attempt in 0..TRIES {
            let reply = match self.once(path, body, key).await {
                Ok(reply) => reply,
                Err(error) => {
                    last = error;
                    self.stats().retried();
                    tokio::time::sleep(pause(attempt)).await;
                    continue;
                }
            };
            match judge(&reply, attempt) {
                Next::Take => return Ok(reply),
                Next::NewToken if !refreshed => {
                    refreshed = true;
                    *self.token.write().await = None;
                }
                Next::NewToken => {
                    return Err(Error::Unexpected { what: path.to_owned(), answer: "not signed in".into() });
                }
                Next::Again(wait, why) => {
                    last = why;
                    self.stats().retried();
                    tokio::time::sleep(wait).await;
                }
            }
        }
        Err(Error::NoAnswer { what: path.to_owned(), tries: TRIES, last })
    }

    /// What befalls a request before it is answered for good. Errors: nonsense was not refused.
    async fn suffer(&self, path: &str, body: Option<&Value>, key: Option<&str>) -> Result<()> {
        if path != "/graphql" {
            return Ok(());
        }
        match self.line.trouble(key.is_some()) {
            Trouble::None => {}
            Trouble::Late(by) => tokio::time::sleep(by).await,
            // Whatever became of it: nobody has seen the answer.
            Trouble::Lost => drop(self.once(path, body, key).await),
            Trouble::Twin => {
                let (one, other) = tokio::join!(self.once(path, body, key), self.once(path, body, key));
                drop((one, other));
            }
            Trouble::Garbage(text) => {
                let sent = self.post_raw(path, text.to_owned(), key).await;
                // A server that is away refuses nothing.
                if let Ok(reply) = &sent
                    && reply.status < 400
                    && reply.body.get("errors").is_none()
                {
                    let answer = format!("{} {}", reply.status, short(&reply.body));
                    return Err(Error::Unexpected { what: format!("the body `{text}`"), answer });
                }
            }
        }
        Ok(())
    }

    async fn once(
        &self,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> std::result::Result<Reply, String> {
        let (http, url) = (&self.line.http, self.line.url(path));
        let request = match body {
            Some(body) => http.post(url).json(body),
            None => http.get(url),
        };
        self.send_once(request, key).await
    }

    /// Posts a text that is no request.
    async fn post_raw(
        &self,
        path: &str,
        text: String,
        key: Option<&str>,
    ) -> std::result::Result<Reply, String> {
        let request = self.line.http.post(self.line.url(path)).header(CONTENT_TYPE, "application/json");
        self.send_once(request.body(text), key).await
    }

    async fn send_once(
        &self,
        request: reqwest::RequestBuilder,
        key: Option<&str>,
    ) -> std::result::Result<Reply, String> {
        let token = self.token().await?;
        let _permit = self.line.permits.acquire().await.map_err(|e| e.to_string())?;
        let mut request = request
            .header(AUTHORIZATION, format!("Bearer {token}"))
            .header("Accept", "application/graphql-response+json, application/json;q=0.9");
        if let Some(key) = key {
            request = request.header("Idempotency-Key", key);
        }
        let response = request.send().await.map_err(|e| e.to_string())?;
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.map_err(|e| e.to_string())?;
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Ok(Reply { status, headers, body })
    }

    /// The token of this party, fetched when there is none.
    async fn token(&self) -> std::result::Result<String, String> {
        if let Some(token) = self.token.read().await.as_ref() {
            return Ok(token.clone());
        }
        let mut slot = self.token.write().await;
        if let Some(token) = slot.as_ref() {
            return Ok(token.clone());
        }
        let _permit = self.line.permits.acquire().await.map_err(|e| e.to_string())?;
        let body = json!({
            "grant_type": "client_credentials",
            "client_id": self.credential.client_id,
            "client_secret": self.credential.client_secret,
        });
        let request = self.line.http.post(self.line.url("/auth/token")).json(&body);
        let response = request.send().await.map_err(|e| e.to_string())?;
        let status = response.status();
        let answer: Value = response.json().await.map_err(|e| format!("token: {status}: {e}"))?;
        let token = answer.get("access_token").and_then(Value::as_str).map(str::to_owned);
        let token = token.ok_or_else(|| format!("token refused: {status}"))?;
        *slot = Some(token.clone());
        Ok(token)
    }
}

/// The data of an answer without faults.
fn data_of(body: &Value) -> Result<Value> {
    match body.get("data") {
        Some(data) if !data.is_null() && body.get("errors").is_none() => Ok(data.clone()),
        _ => Err(Error::Unexpected { what: "a query".into(), answer: short(body) }),
    }
}

/// Waits grow to two seconds.
fn pause(attempt: u32) -> Duration {
    Duration::from_millis(50 << attempt.min(5)).min(Duration::from_secs(2))
}

fn judge(reply: &Reply, attempt: u32) -> Next {
    let asked = reply.headers.get("retry-after").and_then(|v| v.to_str().ok()).and_then(|s| s.parse().ok());
    let wait = asked.map_or_else(|| pause(attempt), |seconds: u64| Duration::from_secs(seconds.min(5)));
    let code = answer::fault(&reply.body).unwrap_or_default();
    match (reply.status, code) {
        (401, _) => Next::NewToken,
        // The demo's clock has gone on by itself: it says where it stands.
        (409, _) if reply.body.get("now").is_some() => Next::Take,
        (409 | 425 | 429 | 502 | 503 | 504, _) | (500, _) => {
            Next::Again(wait, format!("{} {}", reply.status, short(&reply.body)))
        }
        (
            _,
            "UNAVAILABLE" | "TIMEOUT" | "RATE_LIMITED" | "INTERNAL_SERVER_ERROR" | "IDEMPOTENCY_IN_PROGRESS",
        ) => Next::Again(wait, code.to_owned()),
        _ => Next::Take,
    }
}

/// The beginning of an answer, for messages.
fn short(body: &Value) -> String {
    body.to_string().chars().take(400).collect()
}

#[cfg(test)]
mod tests;
