//! What stands in front of the two nodes: the issuer of tokens, the clock on the wall, and a way to a node that lives.
//!
//! `serve` knows only the real time. The nodes run with a library that adds an offset to it, read from a file; the run moves the offset.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use api::auth::Client;
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

/// Issuer of every token of the run.
pub const ISSUER: &str = "https://login.bank.example";
/// A fixed key: an Ed25519 private key in PKCS #8. It signs for this test alone.
const SEED: [u8; 32] = *b"a key for the storm, no one else";
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// Seconds that a token lives: longer than the run's clock goes.
const LIFE: i64 = 20 * 365 * 86_400;

/// A time that is moved by whole seconds against the real one.
pub struct WallClock {
    file: PathBuf,
    offset: Mutex<i64>,
}

impl WallClock {
    /// A clock that shows this instant now.
    pub fn at(file: PathBuf, start: DateTime<Utc>) -> Arc<Self> {
        let clock = Arc::new(WallClock { file, offset: Mutex::new((start - Utc::now()).num_seconds()) });
        clock.write(*clock.offset.lock().unwrap_or_else(PoisonError::into_inner));
        clock
    }

    pub fn now(&self) -> DateTime<Utc> {
        Utc::now() + TimeDelta::seconds(*self.offset.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn move_to(&self, to: DateTime<Utc>) -> DateTime<Utc> {
        let mut offset = self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        let ahead = (to - Utc::now()).num_seconds() + 1;
        if ahead > *offset {
            *offset = ahead;
            self.write(ahead);
        }
        Utc::now() + TimeDelta::seconds(*offset)
    }

    /// Whole or not at all: a node may read at any moment.
    fn write(&self, offset: i64) {
        let fresh = self.file.with_extension("new");
        std::fs::write(&fresh, format!("{offset:+}\n")).expect("the clock's file");
        std::fs::rename(&fresh, &self.file).expect("the clock's file");
    }
}

/// The key set of the issuer, as a file holds it.
pub fn key_set() -> String {
    let mut jwk = Jwk::from_encoding_key(&key(), Algorithm::EdDSA).expect("a key");
    jwk.common.key_id = Some("storm".to_owned());
    json!({ "keys": [jwk] }).to_string()
}

fn key() -> EncodingKey {
    EncodingKey::from_ed_der(&[&PKCS8[..], &SEED].concat())
}

struct Gate {
    clients: Vec<Client>,
    clock: Arc<WallClock>,
    nodes: [u16; 2],
    next: AtomicUsize,
    http: reqwest::Client,
}

/// Listens until the runtime ends; the address.
pub async fn open(clients: Vec<Client>, clock: Arc<WallClock>, nodes: [u16; 2]) -> String {
    let http = reqwest::Client::builder().no_proxy().build().expect("a client");
    let gate = Arc::new(Gate { clients, clock, nodes, next: AtomicUsize::new(0), http });
    let router = Router::new()
        .route("/auth/token", post(token))
        .route("/demo/clock", get(shown).post(moved))
        .fallback(pass)
        .with_state(gate);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    tokio::spawn(async move { axum::serve(listener, router).await });
    url
}

async fn token(State(gate): State<Arc<Gate>>, body: Bytes) -> Response {
    let asked: Value = serde_json::from_slice(&body).unwrap_or_default();
    let is_it = |client: &&Client| {
        asked["client_id"] == client.client_id.as_str()
            && asked["client_secret"] == client.client_secret.as_str()
    };
    let Some(client) = gate.clients.iter().find(is_it) else {
        return StatusCode::UNAUTHORIZED.into_response();
    };
    let now = gate.clock.now().timestamp();
    let claims = json!({
        "iss": ISSUER, "aud": "yushi", "sub": client.actor.subject, "iat": now - 60, "nbf": now - 60, "exp": now + LIFE,
    });
    let header = Header { kid: Some("storm".to_owned()), ..Header::new(Algorithm::EdDSA) };
    let token = jsonwebtoken::encode(&header, &claims, &key()).expect("a token");
    axum::Json(json!({ "access_token": token, "token_type": "Bearer", "expires_in": LIFE })).into_response()
}

async fn shown(State(gate): State<Arc<Gate>>) -> Response {
    axum::Json(json!({ "now": gate.clock.now() })).into_response()
}

async fn moved(State(gate): State<Arc<Gate>>, body: Bytes) -> Response {
    let wanted: Value = serde_json::from_slice(&body).unwrap_or_default();
    let Some(to) = wanted["to"].as_str().and_then(|to| to.parse().ok()) else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    axum::Json(json!({ "now": gate.clock.move_to(to) })).into_response()
}

/// To a node, in turns. One that does not answer may have done what was asked: the sender is told that nobody knows.
async fn pass(
    State(gate): State<Arc<Gate>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let first = gate.next.fetch_add(1, Ordering::Relaxed);
    for turn in 0..2 {
        let port = gate.nodes[(first + turn) % 2];
        let mut request = gate.http.request(method.clone(), format!("http://127.0.0.1:{port}{uri}"));
        for name in [header::AUTHORIZATION, header::CONTENT_TYPE, header::ACCEPT] {
            request = request.headers(headers.get(&name).map(|v| (name, v.clone())).into_iter().collect());
        }
        if let Some(key) = headers.get("idempotency-key") {
            request = request.header("idempotency-key", key);
        }
        let answer = match request.body(body.clone()).send().await {
            Err(error) if error.is_connect() => continue,
            Err(_) => break,
            Ok(answer) => answer,
        };
        let (status, mut told) = (answer.status(), HeaderMap::new());
        for name in ["content-type", "idempotency-replayed", "retry-after"].map(HeaderName::from_static) {
            told.extend(answer.headers().get(&name).map(|value| (name, value.clone())));
        }
        let Ok(bytes) = answer.bytes().await else { break };
        return (status, told, Body::from(bytes)).into_response();
    }
    StatusCode::BAD_GATEWAY.into_response()
}
