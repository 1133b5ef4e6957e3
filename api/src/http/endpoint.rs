//! `POST /graphql`, and the upgrade to WebSocket at the same address.
//!
//! The order matters: method, sign-in, dress, size, JSON, document, cost, key, execution.

use super::incoming::{Incoming, read_body};
use super::keeper;
use super::negotiate::{self, Dress};
use super::peer::{self, Peer};
use super::problem::Problem;
use super::replay::Seen;
use crate::auth::{Asking, Caller, Way};
use crate::graphql::{Call, Outcome, Prepared, Purpose};
use crate::service::Counter;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Request, State, WebSocketUpgrade};
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use chrono::TimeDelta;
use db::Scope;
use db::answers::{Kept, Known};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use workflows::machine::Actor;

const KEY: HeaderName = HeaderName::from_static("idempotency-key");
const PURPOSE: HeaderName = HeaderName::from_static("yushi-purpose");
/// Names the case that the caller has open in emergency: the request then sees that case and no other (L-91).
pub(super) const EMERGENCY: HeaderName = HeaderName::from_static("yushi-emergency");
const REPLAYED: HeaderName = HeaderName::from_static("idempotency-replayed");
pub(super) const OVERRIDES: [&str; 3] = ["x-http-method-override", "x-http-method", "x-method-override"];

/// Cost of a document that is not executed.
const REFUSED: u64 = 10;
/// For how far the clocks of two processes are apart, and for an answer that is on its way to the store.
const SLACK: TimeDelta = TimeDelta::seconds(10);

/// Everything that arrives at `/graphql`.
pub async fn graphql(State(counter): State<Arc<Counter>>, request: Request) -> Response<Body> {
    if is_upgrade(&request) {
        let (mut parts, _) = request.into_parts();
        let from = from(&counter, &parts);
        return match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => {
                crate::ws::accept(counter, parts.headers, (peer_of(&parts.extensions), from), upgrade)
            }
            Err(_) => Problem::bad("BAD_REQUEST", "Not a WebSocket handshake.").answer(Dress::Json),
        };
    }
    let overridden = OVERRIDES.iter().any(|name| request.headers().contains_key(*name));
    if request.method() != Method::POST || overridden {
        let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", "Use POST.");
        return problem.with(header::ALLOW, "POST").answer(Dress::Json);
    }
    let dress = negotiate::accepted(request.headers());
    match answer(&counter, request, dress).await {
        Ok(response) => response,
        Err(problem) => problem.answer(dress.unwrap_or(Dress::Json)),
    }
}

/// Names the absent colleague for whom the caller acts.
const ON_BEHALF_OF: &str = "yushi-on-behalf-of";

fn is_upgrade(request: &Request) -> bool {
    let asks = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.eq_ignore_ascii_case("websocket"));
    request.method() == Method::GET && request.headers().get(header::UPGRADE).is_some_and(asks)
}

async fn answer(
    counter: &Arc<Counter>,
    request: Request,
    dress: Option<Dress>,
) -> Result<Response<Body>, Problem> {
    let (parts, body) = request.into_parts();
    let headers = &parts.headers;
    let from = from(counter, &parts);
    let asking = Asking { headers, peer: peer_of(&parts.extensions), origins: &counter.service.origins };
    let gate = &counter.service.auth;
    let caller = in_role(counter, let_in(counter, asking, Way::Send, from).await?, headers).await?;
    if !negotiate::is_plain_json(headers) {
        let message = "Send application/json in UTF-8 without content encoding.";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message));
    }
    let dress = dress.ok_or_else(|| {
        let message = "Accept application/graphql-response+json or application/json.";
        Problem::new(StatusCode::NOT_ACCEPTABLE, "BAD_REQUEST", message)
    })?;
    let limits = &counter.service.limits;
    let bytes = read_body(headers, body, limits.body, limits.body_time).await?;
    // A body may take its time: whoever was suspended meanwhile is not served.
    gate.recheck(&caller).await.map_err(|denied| Problem::denied(&denied))?;
    let value = super::json::parse(&bytes).map_err(|why| Problem::bad("BAD_REQUEST", why))?;
    let incoming = Incoming::from_value(value).map_err(|why| Problem::bad("BAD_REQUEST", why))?;
    let prepared = match counter.prepare(incoming) {
        Ok(prepared) => prepared,
        Err(outcome) => {
            counter.charge(&caller, from, REFUSED).await.map_err(too_much)?;
            return Ok(dressed(&outcome, dress));
        }
    };
    if prepared.is_subscription() {
        return Ok(dressed(&Outcome::invalid("Subscriptions are served over WebSocket."), dress));
    }
    counter.charge(&caller, from, prepared.cost()).await.map_err(too_much)?;
    let purpose = purpose_of(headers)?;
    let scope = scope_of(counter, &caller.actor, headers).await?;
    if prepared.is_mutation() {
        if scope.emergency().is_some() {
            let message =
                "An access in emergency shows a case and changes nothing. / 緊急閲覧では変更できません。";
            return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
        }
        let key = (key_of(headers)?, prepared.fingerprint().to_owned());
        return mutate(counter, caller, prepared, (key, purpose), dress).await;
    }
    let call = Call::new(counter, scope, None).for_purpose(purpose);
    Ok(dressed(&counter.run(prepared, call).await, dress))
}

/// Who asks. Errors: nobody who may come in.
pub(super) async fn let_in(
    counter: &Arc<Counter>,
    asking: Asking<'_>,
    way: Way,
    from: Option<IpAddr>,
) -> Result<Caller, Problem> {
    #[cfg(feature = "bypass")]
    if let Some(actor) = counter.bypass.clone() {
        return Ok(Caller { actor, expires: u64::MAX, pass: crate::auth::Pass::Claims });
    }
    match counter.service.auth.caller(asking, way).await {
        Ok(caller) => Ok(caller),
        Err(denied) => {
            counter.charge_stranger(from).await.map_err(too_much)?;
            Err(Problem::denied(&denied))
        }
    }
}

/// The address that pays for a request; `None` where no listening side has told it.
pub(super) fn from(counter: &Counter, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<Peer>()?;
    Some(peer::address(*peer, &parts.headers, &counter.service.proxies))
}

pub(super) fn too_much(seconds: u64) -> Problem {
    let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "Too much was asked for.");
    Problem { header: Some((header::RETRY_AFTER, HeaderValue::from(seconds))), ..problem }
}

/// The address at the other end of the connection itself.
pub(super) fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<Peer>().map(|peer| peer.0)
}

/// The caller in the role of the absent colleague whom the header names (E.2).
pub(super) async fn in_role(
    counter: &Counter,
    caller: Caller,
    headers: &HeaderMap,
) -> Result<Caller, Problem> {
    let Some(absent) = headers.get(ON_BEHALF_OF) else { return Ok(caller) };
    let (service, absent) = (&counter.service, absent.to_str().unwrap_or_default());
    match service.store.acting_for(&caller.actor, absent, service.clock.now()).await {
        Ok(Some(actor)) => Ok(Caller { actor, ..caller }),
        Ok(None) => {
            let message = "You are not the deputy of this person today.";
            Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message))
        }
        Err(error) => {
            tracing::warn!(%error, "the deputies could not be read");
            let problem =
                Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "Try again in a moment.");
            Err(problem.with(header::RETRY_AFTER, "1"))
        }
    }
}

/// What the caller sees: his own cases, or the one that the header names and that he has open in emergency (L-91).
pub(super) async fn scope_of(
    counter: &Counter,
    actor: &Actor,
    headers: &HeaderMap,
) -> Result<Scope, Problem> {
    let mut named = headers.get_all(&EMERGENCY).iter();
    let (Some(id), None) = (named.next(), named.next()) else {
        return match headers.contains_key(&EMERGENCY) {
            false => Ok(Scope::of(actor)),
            true => Err(Problem::bad("BAD_REQUEST", "Yushi-Emergency names one case.")),
        };
    };
    let (service, id) = (&counter.service, id.to_str().unwrap_or_default());
    let found = service.store.emergency_scope(actor, id, service.clock.now()).await;
    found.map_err(|error| unavailable(&error))?.ok_or_else(|| {
        let message =
            "You have not opened this case in emergency, or the access is over. / 緊急閲覧は有効ではありません。";
        Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
    })
}

/// A mutation runs once for its key, which stands for the request of this digest.
pub(super) async fn mutate(
    counter: &Arc<Counter>,
    caller: Caller,
    prepared: Prepared,
    ((key, hash), purpose): ((String, String), Option<Purpose>),
    dress: Dress,
) -> Result<Response<Body>, Problem> {
    let who = format!("{}\u{0}{}\u{0}{}", caller.actor.institution, caller.actor.role, caller.actor.subject);
    let (seen, ticket) = counter.replays.look(&who, &key, &hash);
    match seen {
        Seen::Other => return Err(reused()),
        Seen::Running => return Err(running()),
        Seen::Answered(bytes) => return Ok(replayed(with_status(StatusCode::OK, bytes, dress))),
        Seen::New => {}
    }
    // A command leaves a receipt with its effect. What leaves none takes its key beforehand.
    let (store, actor) = (&counter.service.store, caller.actor.clone());
    let alone = !prepared.is_command();
    if alone {
        let now = counter.service.clock.now();
        let known =
            store.take_key(&actor, &key, &hash, now, now - abandoned(counter.service.limits.execution)).await;
        match known.map_err(|error| unavailable(&error))? {
            Known::Fresh => {}
            Known::Other => return Err(reused()),
            Known::Running => return Err(running()),
            Known::Answered(body) => {
                return Ok(replayed(with_status(StatusCode::OK, Bytes::from(body), dress)));
            }
        }
    }
    let call = Call::new(counter, Scope::of(&actor), Some((key.clone(), hash.clone()))).for_purpose(purpose);
    let (marks, now) = (call.marks(), counter.service.clock.now());
    let outcome = counter.run(prepared, call).await;
    if marks.is_reused() {
        return Err(reused());
    }
    if marks.is_replayed() {
        // Another process has executed it: its answer, or one from the receipt where that process died before it was kept.
        let patience = counter.service.limits.repeat;
        if let Some(body) = keeper::first_answer(store, &actor, (&key, &hash), patience).await {
            let bytes = Bytes::from(body);
            if let Some(ticket) = ticket {
                ticket.answered(bytes.clone());
            }
            return Ok(replayed(with_status(StatusCode::OK, bytes, dress)));
        }
    }
    let body = outcome.body();
    // A secret is shown once: what is kept for repeats goes without it.
    let (shown, body) = (body.clone(), marks.kept(body));
    if outcome.is_settled() && (alone || marks.has_receipt()) {
        let (institution, caller) = (actor.institution.clone(), db::answers::caller_of(&actor));
        let kept = Kept { institution, caller, key, body_hash: hash, body: body.clone(), at: now };
        if !alone {
            counter.keeper.keep(store, kept);
        } else if let Err(error) = store.keep_answers(&[kept]).await {
            // Nothing else knows of it: the repeat is told to wait, and after a while it runs again.
            tracing::warn!(%error, "the answer of a taken key is not kept");
        }
    } else if alone && let Err(error) = store.free_key(&actor, &key).await {
        tracing::warn!(%error, "a key stays taken until it is abandoned");
    }
    if let Some(ticket) = ticket.filter(|_| outcome.is_settled()) {
        ticket.answered(Bytes::from(body));
    }
    let response = with_outcome(&outcome, Bytes::from(shown), dress);
    Ok(if marks.is_replayed() { replayed(response) } else { response })
}

/// What the caller says he looks for (L-91, L-92); without the header it is the ordinary work of his role.
pub(super) fn purpose_of(headers: &HeaderMap) -> Result<Option<Purpose>, Problem> {
    let Some(stated) = headers.get(&PURPOSE) else { return Ok(None) };
    Purpose::parse(stated.to_str().unwrap_or_default()).map(Some).map_err(|codes| {
        Problem::bad(
            "BAD_REQUEST",
            format!("Yushi-Purpose is one of {codes}. / 閲覧目的が正しくありません。"),
        )
    })
}

/// A key that was taken so long ago without an answer may be taken again: no operation runs on for so long, so its process is gone.
fn abandoned(execution: Duration) -> TimeDelta {
    TimeDelta::from_std(execution).unwrap_or(TimeDelta::minutes(2)) + SLACK
}

fn running() -> Problem {
    let message = "The first request with this key is still running.";
    let problem = Problem::new(StatusCode::CONFLICT, "IDEMPOTENCY_IN_PROGRESS", message);
    problem.with(header::RETRY_AFTER, "1")
}

pub(super) fn unavailable(error: &db::StoreError) -> Problem {
    tracing::warn!(%error, "the store is away");
    let message = "The service is not available for a moment.";
    Problem::new(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", message).with(header::RETRY_AFTER, "1")
}

fn reused() -> Problem {
    let message = "This key was used for another request.";
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "IDEMPOTENCY_KEY_REUSED", message)
}

fn replayed(mut response: Response<Body>) -> Response<Body> {
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    response
}

/// The idempotency key, bare or as a quoted structured string.
fn key_of(headers: &HeaderMap) -> Result<String, Problem> {
    let mut given = headers.get_all(&KEY).iter();
    let Some(first) = given.next() else {
        let message = "Send the header Idempotency-Key with every mutation.";
        return Err(Problem::bad("IDEMPOTENCY_KEY_REQUIRED", message));
    };
    let text = first.to_str().unwrap_or_default();
    let bare = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if bare.starts_with(db::answers::KEPT_FOR_EVER) {
        return Err(Problem::bad("BAD_REQUEST", "Keys that begin with webhook_ are those of webhooks."));
    }
    let plain = bare.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-');
    if given.next().is_some() || !plain || !(16..=255).contains(&bare.len()) {
        return Err(Problem::bad("BAD_REQUEST", "An idempotency key is 16 to 255 of A-Z a-z 0-9 _ -."));
    }
    Ok(bare.to_owned())
}

fn dressed(outcome: &Outcome, dress: Dress) -> Response<Body> {
    with_outcome(outcome, Bytes::from(outcome.body()), dress)
}

fn with_outcome(outcome: &Outcome, bytes: Bytes, dress: Dress) -> Response<Body> {
    let mut response = with_status(outcome.status(dress), bytes, dress);
    if let Some(seconds) = outcome.retry_after() {
        response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

fn with_status(status: StatusCode, bytes: Bytes, dress: Dress) -> Response<Body> {
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(dress.content_type()));
    response
}
