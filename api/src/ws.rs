//! Subscriptions over `graphql-transport-ws`: a protocol layer of our own over the library's streams.
//!
//! Every way of breaking the protocol has its close code; a bad document is an `error` and the socket stays.

use crate::auth::seeded::{self, Fault};
use crate::auth::{Asking, Caller, Denied, FRESH, Held, Way, cookie, token_of};
use crate::graphql::{Call, Outcome};
use crate::http::incoming::Incoming;
use crate::http::json;
use crate::http::negotiate::Dress;
use crate::http::problem::Problem;
use crate::service::Counter;
use axum::body::Body;
use axum::extract::WebSocketUpgrade;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use axum::http::{HeaderMap, Response, StatusCode, header};
use db::Scope;
use futures::StreamExt;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::{Instant, Interval, MissedTickBehavior};
use workflows::machine::{Actor, Role};

const PROTOCOL: &str = "graphql-transport-ws";
/// What the socket itself takes; a message over the limit of the service is read and answered with 1009.
const FRAME: usize = 1024 * 1024;
/// Messages that wait for a slow reader.
const WAITING: usize = 64;

/// Answers the handshake.
pub(crate) fn accept(
    counter: Arc<Counter>,
    headers: HeaderMap,
    (peer, from): (Option<IpAddr>, Option<IpAddr>),
    upgrade: WebSocketUpgrade,
) -> Response<Body> {
    let offered =
        headers.get_all(header::SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    if !offered.flat_map(|list| list.split(',')).any(|name| name.trim() == PROTOCOL) {
        return Problem::bad("BAD_REQUEST", "The subprotocol is graphql-transport-ws.").answer(Dress::Json);
    }
    let known = match headers.get(header::ORIGIN).map(|origin| origin.to_str()) {
        Some(origin) => origin.is_ok_and(|origin| counter.service.origins.iter().any(|ours| ours == origin)),
        // Programs send none; a browser that comes with its session always does.
        None => cookie::value(&headers, counter.service.auth.settings.cookies.session()).is_none(),
    };
    if !known {
        let problem = Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", "This origin may not connect.");
        return problem.answer(Dress::Json);
    }
    let Ok(permit) = counter.sockets.clone().try_acquire_owned() else {
        let problem =
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "Too many sockets are open.");
        return problem.with(header::RETRY_AFTER, "5").answer(Dress::Json);
    };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(FRAME).max_frame_size(FRAME);
    upgrade.on_upgrade(move |socket| async move {
        Session::new(counter, headers, peer, from).run(socket).await;
        drop(permit);
    })
}

/// Why a socket is closed.
type Close = (u16, String);

fn close(code: u16, reason: &str) -> Close {
    (code, reason.to_owned())
}

/// What a stream has to say.
enum Said {
    Next(String, Outcome),
    Failed(String, Value),
    Ended(String),
}

/// The message that carries an answer; its fields keep their order.
#[derive(Serialize)]
struct Next<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    id: &'a str,
    payload: &'a Outcome,
}

/// What somebody has for a time alone.
#[derive(Default)]
struct Lent {
    /// The caller himself, and the colleague for whom he acts (E.2).
    deputy: Option<(Actor, String)>,
    /// The access in emergency by which a stream was opened.
    access: Option<String>,
}

impl Lent {
    const fn is_some(&self) -> bool {
        self.deputy.is_some() || self.access.is_some()
    }
}

/// One socket.
struct Session {
    counter: Arc<Counter>,
    /// The handshake: a browser's session, a proxy's certificate.
    headers: HeaderMap,
    /// The other end of the connection, and the address that pays.
    peer: Option<IpAddr>,
    from: Option<IpAddr>,
    caller: Option<Caller>,
    /// The case that the caller has open in emergency, where the socket is about it (L-91).
    emergency: Option<String>,
    /// What the caller has for a time alone; asked again and again.
    lent: Lent,
    asking: Interval,
    /// Asked again and again whether the caller would still be let in.
    held: Option<Held>,
    streams: HashMap<String, AbortHandle>,
    out: mpsc::Sender<Said>,
    said: mpsc::Receiver<Said>,
}

impl Session {
    fn new(counter: Arc<Counter>, headers: HeaderMap, peer: Option<IpAddr>, from: Option<IpAddr>) -> Self {
        let (out, said) = mpsc::channel(WAITING);
        let streams = HashMap::new();
        let (caller, emergency, held, lent) = (None, None, None, Lent::default());
        let mut asking = tokio::time::interval(FRESH);
        asking.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Session { counter, headers, peer, from, caller, emergency, lent, asking, held, streams, out, said }
    }

    async fn run(mut self, mut socket: WebSocket) {
        let slow = self.counter.service.limits.slow;
        let (code, reason) = self.talk(&mut socket, slow).await;
        self.streams.values().for_each(AbortHandle::abort);
        let frame = CloseFrame { code, reason: reason.into() };
        let _ = tokio::time::timeout(slow, socket.send(Message::Close(Some(frame)))).await;
    }

    /// Until the socket is to be closed.
    async fn talk(&mut self, socket: &mut WebSocket, slow: Duration) -> Close {
        // Before the sign-in the time to sign in, after it the life of the token.
        let mut until = Instant::now() + self.counter.service.limits.init;
        loop {
            let answers: Vec<String> = tokio::select! {
                () = tokio::time::sleep_until(until) => {
                    return match self.caller {
                        None => close(4408, "Connection initialisation timeout"),
                        Some(_) => close(4403, "Forbidden"),
                    };
                }
                () = ended(self.held.as_ref()) => return close(4403, "Forbidden"),
                _ = self.asking.tick(), if self.lent.is_some() => match self.still_lent().await {
                    true => vec![],
                    false => return close(4403, "Forbidden"),
                },
                said = self.said.recv() => said.and_then(|said| self.spoken(said)).into_iter().collect(),
                message = socket.recv() => match self.heard(message).await {
                    Ok(answers) => {
                        if let Some(caller) = &self.caller {
                            until = expiry(caller.expires);
                        }
                        answers.iter().map(Value::to_string).collect()
                    }
                    Err(close) => return close,
                },
            };
            for answer in answers {
                let sent = tokio::time::timeout(slow, socket.send(Message::Text(answer.into()))).await;
                if !matches!(sent, Ok(Ok(()))) {
                    return close(1008, "Too slow");
                }
            }
        }
    }

    /// A message of the client. Errors: the close that it deserves.
    async fn heard(&mut self, message: Option<Result<Message, axum::Error>>) -> Result<Vec<Value>, Close> {
        let text = match message {
            None => return Err(close(1000, "")),
            Some(Err(error)) if error.to_string().contains("too long") => {
                return Err(close(1009, "Too large"));
            }
            Some(Err(_)) => return Err(close(1002, "")),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => return Ok(vec![]),
            Some(Ok(Message::Close(_))) => return Err(close(1000, "")),
            Some(Ok(Message::Binary(_))) => return Err(close(4400, "Invalid message")),
            Some(Ok(Message::Text(text))) => text,
        };
        if text.len() > self.counter.service.limits.body {
            return Err(close(1009, "Too large"));
        }
        let invalid = || close(4400, "Invalid message");
        let Ok(Value::Object(mut map)) = json::parse(text.as_bytes()) else { return Err(invalid()) };
        let kind = map.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        let id = map
            .get("id")
            .and_then(Value::as_str)
            .filter(|id| !id.is_empty() && id.len() <= 200)
            .map(str::to_owned);
        let payload = map.remove("payload");
        let plain = matches!(payload, None | Some(Value::Null | Value::Object(_)));
        match (kind.as_str(), id) {
            ("connection_init", _) if plain => {
                let signed_in = self.sign_in(payload.as_ref()).await;
                if self.caller.is_none() {
                    // The socket ends either way; what the address pays counts for its next requests.
                    let _ = self.counter.charge_stranger(self.from).await;
                }
                signed_in
            }
            ("ping", _) if plain => Ok(vec![json!({ "type": "pong" })]),
            ("pong", _) if plain => Ok(vec![]),
            ("subscribe", Some(id)) => self.subscribe(id, payload.unwrap_or_default()).await,
            ("complete", Some(id)) => {
                if let Some(stream) = self.streams.remove(&id) {
                    stream.abort();
                }
                Ok(vec![])
            }
            _ => Err(invalid()),
        }
    }

    async fn sign_in(&mut self, payload: Option<&Value>) -> Result<Vec<Value>, Close> {
        if self.caller.is_some() {
            return Err(close(4429, "Too many initialisation requests"));
        }
        match self.known(payload).await {
            Ok(caller) => {
                let named = payload.and_then(|payload| payload.get("emergency")).and_then(Value::as_str);
                self.emergency = named.map(str::to_owned);
                let absent = payload.and_then(|payload| payload.get("onBehalfOf")).and_then(Value::as_str);
                let caller = self.in_role(caller, absent).await?;
                self.held = Some(self.counter.service.auth.hold(&caller));
                self.caller = Some(caller);
                Ok(vec![json!({ "type": "connection_ack" })])
            }
            Err(denied) => {
                tracing::info!(%denied, "socket sign-in refused");
                Err(close(4403, "Forbidden"))
            }
        }
    }

    /// The caller in the role of the absent colleague whom he names (E.2). Errors: he is no deputy of his today.
    async fn in_role(&mut self, caller: Caller, absent: Option<&str>) -> Result<Caller, Close> {
        let Some(absent) = absent else { return Ok(caller) };
        match self.acting(&caller.actor, absent).await {
            Some(actor) => {
                self.lent.deputy = Some((caller.actor.clone(), absent.to_owned()));
                Ok(Caller { actor, ..caller })
            }
            None => Err(close(4403, "Forbidden")),
        }
    }

    async fn acting(&self, actor: &Actor, absent: &str) -> Option<Actor> {
        let service = &self.counter.service;
        service.store.acting_for(actor, absent, service.clock.now()).await.ok().flatten()
    }

    /// Does the caller still have what he had for a time? Where nobody can say, he has not.
    async fn still_lent(&self) -> bool {
        let Some(caller) = self.caller.as_ref().filter(|_| !seeded::is(Fault::Lent)) else { return true };
        if let Some((own, absent)) = &self.lent.deputy
            && self.acting(own, absent).await.as_ref() != Some(&caller.actor)
        {
            return false;
        }
        let Some(access) = &self.lent.access else { return true };
        let scope = self.scope(caller).await;
        scope.as_ref().and_then(Scope::emergency).is_some_and(|(_, now)| now == access)
    }

    /// The caller of a `connection_init`: by the token in it, or without one by the session of the handshake.
    async fn known(&self, payload: Option<&Value>) -> Result<Caller, Denied> {
        let entry = |name: &str| payload.and_then(|payload| payload.get(name)).and_then(Value::as_str);
        let gate = &self.counter.service.auth;
        let origins = &self.counter.service.origins;
        let asking = Asking { headers: &self.headers, peer: self.peer, origins };
        let role = entry("role").map(|role| Role::parse(role).ok_or(Denied::OtherRole)).transpose()?;
        let token = match (entry("authorization").or(entry("Authorization")), entry("token")) {
            (Some(header), _) => token_of(Some(header))?,
            (None, Some(token)) => token,
            (None, None) => {
                let secret = cookie::value(&self.headers, gate.settings.cookies.session());
                let secret = secret.ok_or(Denied::Missing)?;
                return gate.sitting(secret, asking, role, Way::Open).await.map(|(caller, _)| caller);
            }
        };
        gate.bearer(token, role, gate.certificate(asking).as_deref()).await
    }

    async fn subscribe(&mut self, id: String, payload: Value) -> Result<Vec<Value>, Close> {
        let Some(caller) = self.caller.clone() else { return Err(close(4401, "Unauthorized")) };
        let incoming = Incoming::from_value(payload).map_err(|_| close(4400, "Invalid message"))?;
        if self.streams.contains_key(&id) {
            return Err(close(4409, &format!("Subscriber for {id} already exists")));
        }
        let failed =
            |id: &str, errors: Value| Ok(vec![json!({ "type": "error", "id": id, "payload": errors })]);
        let limited =
            json!([{ "message": "Too much was asked for.", "extensions": { "code": "RATE_LIMITED" } }]);
        if self.streams.len() >= self.counter.service.limits.streams {
            return failed(&id, limited);
        }
        let prepared = match self.counter.prepare(incoming) {
            Ok(prepared) => prepared,
            Err(outcome) => return failed(&id, json!(outcome.errors())),
        };
        if prepared.is_mutation() {
            return failed(&id, json!(Outcome::invalid("Mutations are sent by POST.").errors()));
        }
        if self.counter.charge(&caller, self.from, prepared.cost()).await.is_err() {
            return failed(&id, limited);
        }
        let Some(scope) = self.scope(&caller).await else {
            let message = "The case is not open to you in emergency, or no more.";
            let over = json!([{ "message": message, "extensions": { "code": "FORBIDDEN" } }]);
            return failed(&id, over);
        };
        self.lent.access = scope.emergency().map(|(_, access)| access.to_owned());
        let (counter, out, name) = (self.counter.clone(), self.out.clone(), id.clone());
        let stream = tokio::spawn(async move {
            let call = Call::new(&counter, scope, None);
            if !prepared.is_subscription() {
                let outcome = counter.run(prepared, call).await;
                let _ = tell(&out, &name, outcome).await;
            } else if let Some(schema) = counter.schemas.of(caller.actor.role) {
                let looked = call.looked();
                let (request, dressing) = prepared.request(call);
                let mut events = schema.execute_stream(request);
                while let Some(response) = events.next().await {
                    if let Err(unwritten) = counter.record(&looked).await {
                        let _ = tell(&out, &name, unwritten).await;
                        return;
                    }
                    if !tell(&out, &name, dressing.outcome(response)).await {
                        return;
                    }
                }
            }
            let _ = out.send(Said::Ended(name)).await;
        });
        self.streams.insert(id, stream.abort_handle());
        Ok(vec![])
    }

    /// What the caller sees now; `None`: the socket is about a case that is not open to him in emergency.
    async fn scope(&self, caller: &Caller) -> Option<Scope> {
        let Some(id) = &self.emergency else { return Some(Scope::of(&caller.actor)) };
        let service = &self.counter.service;
        service.store.emergency_scope(&caller.actor, id, service.clock.now()).await.ok().flatten()
    }

    /// What a stream said, as a message; nothing more comes from a stream that has ended or was completed.
    fn spoken(&mut self, said: Said) -> Option<String> {
        match said {
            Said::Next(id, payload) => {
                let next = Next { kind: "next", id: &id, payload: &payload };
                self.streams.contains_key(&id).then(|| serde_json::to_string(&next).unwrap_or_default())
            }
            Said::Failed(id, errors) => {
                let failed = || json!({ "type": "error", "id": id, "payload": errors }).to_string();
                self.streams.remove(&id).map(|_| failed())
            }
            Said::Ended(id) => {
                self.streams.remove(&id).map(|_| json!({ "type": "complete", "id": id }).to_string())
            }
        }
    }
}

/// Ready when the caller would not be let in any more.
async fn ended(held: Option<&Held>) {
    match held {
        Some(held) => held.ended().await,
        None => std::future::pending().await,
    }
}

/// Passes an outcome on; false where nothing may follow.
async fn tell(out: &mpsc::Sender<Said>, id: &str, outcome: Outcome) -> bool {
    if outcome.is_request_error() {
        let _ = out.send(Said::Failed(id.to_owned(), json!(outcome.errors()))).await;
        return false;
    }
    out.send(Said::Next(id.to_owned(), outcome)).await.is_ok()
}

/// The moment of a second since 1970 on the clock of timers.
fn expiry(seconds: u64) -> Instant {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::now() + Duration::from_secs(seconds).saturating_sub(now)
}
