//! `POST /demo/clock`: moves the demo's clock forward. It exists in the demo alone, for whoever holds a token of it.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::json;

use crate::auth::Authenticator;
use crate::clock::DemoClock;
use crate::service::Clock;

/// Name of the file that keeps the instant between two starts.
const FILE: &str = "clock.txt";

impl Clock for DemoClock {
    fn now(&self) -> DateTime<Utc> {
        DemoClock::now(self)
    }
}

/// What the endpoint works on.
struct Endpoint {
    clock: Arc<DemoClock>,
    auth: Authenticator,
    folder: PathBuf,
}

/// Where to move: exactly one of the three.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Move {
    #[serde(default, alias = "now")]
    to: Option<DateTime<Utc>>,
    #[serde(default)]
    advance_seconds: Option<i64>,
}

/// The routes of the clock.
pub fn routes(clock: Arc<DemoClock>, auth: Authenticator, folder: &Path) -> Router {
    let endpoint = Arc::new(Endpoint { clock, auth, folder: folder.to_owned() });
    Router::new().route("/demo/clock", get(shown).post(moved)).with_state(endpoint)
}

async fn shown(State(at): State<Arc<Endpoint>>, headers: HeaderMap) -> Response {
    if !is_known(&at, &headers) {
        return answer(StatusCode::UNAUTHORIZED, json!({ "error": "a token of this demo is needed" }));
    }
    answer(StatusCode::OK, json!({ "now": at.clock.now() }))
}

async fn moved(State(at): State<Arc<Endpoint>>, headers: HeaderMap, body: Bytes) -> Response {
    if !is_known(&at, &headers) {
        return answer(StatusCode::UNAUTHORIZED, json!({ "error": "a token of this demo is needed" }));
    }
    let wrong = || {
        let error = "accepted: {\"to\": INSTANT} or {\"advance_seconds\": N}";
        answer(StatusCode::BAD_REQUEST, json!({ "error": error }))
    };
    let to = match serde_json::from_slice(&body) {
        Ok(Move { to: Some(to), advance_seconds: None }) => Some(to),
        Ok(Move { to: None, advance_seconds: Some(seconds) }) if seconds >= 0 => {
            TimeDelta::try_seconds(seconds).and_then(|by| at.clock.now().checked_add_signed(by))
        }
        _ => None,
    };
    let Some(to) = to.filter(|to| *to < LAST) else { return wrong() };
    match at.clock.move_to(to) {
        Ok(now) => {
            keep(&at.folder, now);
            tracing::info!(%now, "the demo's clock was moved");
            answer(StatusCode::OK, json!({ "now": now }))
        }
        Err(backward) => {
            let error = backward.to_string();
            answer(StatusCode::CONFLICT, json!({ "error": error, "now": backward.now }))
        }
    }
}

/// No demo goes on beyond this: dates of loans are counted from it.
const LAST: DateTime<Utc> = match DateTime::from_timestamp(4_102_444_800, 0) {
    Some(last) => last,
    None => DateTime::<Utc>::MAX_UTC,
};

fn is_known(at: &Endpoint, headers: &HeaderMap) -> bool {
    let header = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    at.auth.bearer(header).is_ok()
}

fn answer(status: StatusCode, body: serde_json::Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

/// How often the instant is kept.
pub const EVERY: Duration = Duration::from_secs(1);
/// What a crash may have lost of it, with room to spare.
const LOST: TimeDelta = TimeDelta::seconds(5);

/// Keeps the instant for the next start. A crash in between leaves the one before.
pub fn keep(folder: &Path, now: DateTime<Utc>) {
    let fresh = folder.join(format!("{FILE}.new"));
    let kept =
        std::fs::write(&fresh, now.to_rfc3339()).and_then(|()| std::fs::rename(&fresh, folder.join(FILE)));
    if let Err(error) = kept {
        tracing::warn!(%error, "the demo's clock is not kept for the next start");
    }
}

/// Where the clock starts: after every instant that an earlier run has shown.
pub fn start(folder: &Path, wanted: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let kept = std::fs::read_to_string(folder.join(FILE)).ok().and_then(|text| text.trim().parse().ok());
    let wanted = wanted.unwrap_or_else(Utc::now);
    kept.map_or(wanted, |kept: DateTime<Utc>| wanted.max(kept + LOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_next_start_is_later_than_anything_shown_before() {
        let folder = tempfile::tempdir().expect("folder");
        let wanted = "2026-04-01T00:00:00Z".parse().expect("an instant");
        assert_eq!(start(folder.path(), Some(wanted)), wanted);
        let shown = wanted + TimeDelta::days(3);
        keep(folder.path(), shown);
        keep(folder.path(), shown + TimeDelta::milliseconds(1));
        assert!(start(folder.path(), Some(wanted)) > shown + TimeDelta::from_std(EVERY).expect("short"));
        assert!(!folder.path().join("clock.txt.new").exists());
    }
}
