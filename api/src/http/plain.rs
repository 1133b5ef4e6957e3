//! The routes beside GraphQL: health, metrics, and what only the demo has.

use super::incoming::read_body;
use super::negotiate::Dress;
use super::problem::Problem;
use crate::auth::Grant;
use crate::service::Counter;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;

/// The process answers.
pub async fn healthz() -> Response<Body> {
    text(StatusCode::OK, "text/plain; charset=utf-8", "ok\n".to_owned())
}

/// The database answers and its schema is up to date.
pub async fn readyz(State(counter): State<Arc<Counter>>) -> Response<Body> {
    match counter.is_ready().await {
        true => text(StatusCode::OK, "text/plain; charset=utf-8", "ready\n".to_owned()),
        false => text(StatusCode::SERVICE_UNAVAILABLE, "text/plain; charset=utf-8", "not ready\n".to_owned()),
    }
}

/// Prometheus text.
pub async fn metrics(State(counter): State<Arc<Counter>>) -> Response<Body> {
    match &counter.service.metrics {
        Some(handle) => text(StatusCode::OK, "text/plain; version=0.0.4; charset=utf-8", handle.render()),
        None => text(StatusCode::NOT_FOUND, "text/plain; charset=utf-8", String::new()),
    }
}

/// Demo: client credentials for a token.
pub async fn token(State(counter): State<Arc<Counter>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let bytes = match read_body(&parts.headers, body, 4096, Duration::from_secs(5)).await {
        Ok(bytes) => bytes,
        Err(problem) => return problem.answer(Dress::Json),
    };
    let form = parts
        .headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let grant: Option<Grant> = if form { from_form(&bytes) } else { serde_json::from_slice(&bytes).ok() };
    let granted = grant.and_then(|grant| counter.service.demo.as_ref()?.grant(&grant));
    match granted {
        Some(granted) => json_text(StatusCode::OK, &json!(granted)),
        None => json_text(StatusCode::UNAUTHORIZED, &json!({ "error": "invalid_client" })),
    }
}

fn from_form(bytes: &[u8]) -> Option<Grant> {
    let text = std::str::from_utf8(bytes).ok()?;
    let field = |name: &str| {
        text.split('&')
            .find_map(|pair| pair.split_once('=').filter(|(key, _)| *key == name))
            .map(|(_, v)| decoded(v))
    };
    Some(Grant {
        grant_type: field("grant_type")?,
        client_id: field("client_id")?,
        client_secret: field("client_secret")?,
    })
}

fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (vec![], 0);
    while let Some(&byte) = bytes.get(at) {
        let code = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        match (byte, code()) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            (b'+', _) => {
                out.push(b' ');
                at += 1;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Demo: the users that the sign-in page offers, with their credentials.
pub async fn users(State(counter): State<Arc<Counter>>) -> Response<Body> {
    let clients = counter.service.demo.as_ref().map(|demo| demo.clients()).unwrap_or_default();
    let people: Vec<_> = clients
        .iter()
        .map(|c| {
            json!({
                "clientId": c.client_id, "clientSecret": c.client_secret, "name": c.name,
                "role": c.actor.role, "roleJa": c.actor.role.ja(), "roleEn": c.actor.role.en(),
                "institution": c.actor.institution, "branches": c.actor.branches, "organisation": c.actor.organisation,
            })
        })
        .collect();
    json_text(StatusCode::OK, &json!(people))
}

pub(super) fn json_text(status: StatusCode, value: &serde_json::Value) -> Response<Body> {
    text(status, "application/json; charset=utf-8", value.to_string())
}

pub(super) fn text(status: StatusCode, kind: &'static str, body: String) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    response
}

/// An unknown address.
pub async fn nowhere() -> Response<Body> {
    Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is nothing here.").answer(Dress::Json)
}
