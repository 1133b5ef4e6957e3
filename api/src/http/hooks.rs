//! `POST /hooks/{name}`: a partner's command as a signed webhook. It ends where a command over GraphQL ends, under the partner's own
//! account: there is no other way in behind it.
//!
//! The order matters: sender, body as bytes, signature over those bytes, account, and only then what the body says.

use super::endpoint::mutate;
use super::incoming::{Incoming, read_body};
use super::json;
use super::negotiate::Dress;
use super::problem::Problem;
use crate::graphql::Outcome;
use crate::service::Counter;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, Response, StatusCode};
use db::bounces::parcel_of_message_id;
use notifications::signature::{self, BadSignature, VerifyingKey};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use workflows::machine::contact::{Bounce, judge_bounce};

/// Before the webhook-id in the key of its receipt. Receipts under it are kept for ever, and no caller may choose such a key.
pub const KEY_PREFIX: &str = db::answers::KEPT_FOR_EVER;
/// The type of an event that carries a command.
const COMMAND: &str = "graphql.command";

/// Everything that arrives at `/hooks/{name}`.
pub async fn take(
    State(counter): State<Arc<Counter>>,
    Path(name): Path<String>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if name == crate::hooks::MAIL {
        return match bounced(&counter, &parts.headers, body).await {
            Ok(response) => response,
            Err(problem) => problem.answer(Dress::Json),
        };
    }
    match answer(&counter, &name, &parts.headers, body).await {
        Ok(response) => response,
        Err(problem) => problem.answer(Dress::Json),
    }
}

async fn answer(
    counter: &Arc<Counter>,
    name: &str,
    headers: &HeaderMap,
    body: Body,
) -> Result<Response<Body>, Problem> {
    let service = &counter.service;
    let sender = service.hooks.senders.iter().find(|sender| sender.name == name).ok_or_else(|| {
        Problem::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "No partner sends here. / この送信元は登録されていません。",
        )
    })?;
    let bytes = read_body(headers, body, service.limits.body, service.limits.body_time).await?;
    let id = signed(counter, (&sender.name, &sender.keys), headers, &bytes)?;
    let caller = service.auth.vouched(&sender.login).await.map_err(|denied| match denied {
        crate::auth::Denied::Unavailable(_) => Problem::denied(&denied),
        denied => {
            tracing::info!(sender = sender.name, %denied, "a webhook is refused");
            let message = "The account of this sender does not count. / この送信元の口座は利用できません。";
            Problem::new(StatusCode::FORBIDDEN, "WEBHOOK_ACCOUNT", message)
        }
    })?;
    let incoming = command_of(&bytes)?;
    let prepared = match counter.prepare(incoming) {
        Ok(prepared) if prepared.is_command() => prepared,
        Ok(_) => {
            let message =
                "A webhook carries one command on a case. / 案件に対する操作を1件だけ送ってください。";
            return Err(Problem::bad("WEBHOOK_NO_COMMAND", message));
        }
        Err(outcome) => return Ok(refused(&outcome)),
    };
    counter.charge(&caller, None, prepared.cost()).await.map_err(|_| {
        Problem::new(StatusCode::TOO_MANY_REQUESTS, "RATE_LIMITED", "Too much was asked for.")
    })?;
    // The same id with another body is refused; the same body again has its first answer and no second effect.
    let key = (format!("{KEY_PREFIX}{id}"), hex::encode(Sha256::digest(&bytes)));
    mutate(counter, caller, prepared, (key, None), Dress::GraphQl).await
}

/// The id of a webhook whose signature over these bytes counts. Errors: a header is absent, or the signature does not.
fn signed<'h>(
    counter: &Counter,
    (name, keys): (&str, &[VerifyingKey]),
    headers: &'h HeaderMap,
    bytes: &Bytes,
) -> Result<&'h str, Problem> {
    let one = |name: &str| {
        let mut given = headers.get_all(name).iter();
        given.next().filter(|_| given.next().is_none()).and_then(|value| value.to_str().ok())
    };
    let (id, at, signed) = (one(signature::ID), one(signature::TIMESTAMP), one(signature::SIGNATURE));
    let judged = match (id, at, signed) {
        (Some(id), Some(at), Some(signed)) => {
            signature::verify(keys, id, at, signed, bytes, counter.service.auth.now()).map(|()| id)
        }
        _ => Err(BadSignature::Headers),
    };
    judged.map_err(|bad| {
        tracing::info!(sender = name, code = bad.code(), "a webhook is refused");
        let status =
            if bad == BadSignature::Headers { StatusCode::BAD_REQUEST } else { StatusCode::UNAUTHORIZED };
        Problem::new(status, bad.code(), format!("{bad} / 署名を確認できません。"))
    })
}

/// `POST /hooks/mail`: the mail system reports what it could not deliver, as
/// `{"type": "mail.bounced", "data": {"messageId": "...", "action": "failed", "status": "5.1.1"}}`. What is reported again, or about an
/// address that has changed since, has no effect; the answer is the same.
async fn bounced(counter: &Arc<Counter>, headers: &HeaderMap, body: Body) -> Result<Response<Body>, Problem> {
    let service = &counter.service;
    if service.hooks.mail.is_empty() {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "NOT_FOUND",
            "Nobody reports mails here. / メールの不達通知は受け付けていません。",
        ));
    }
    let bytes = read_body(headers, body, service.limits.body, service.limits.body_time).await?;
    signed(counter, (crate::hooks::MAIL, &service.hooks.mail), headers, &bytes)?;
    let (parcel, bounce, status) = bounce_of(&bytes)?;
    let taken = service.store.take_bounce(&parcel, bounce, &status, service.clock.now()).await;
    let answer = taken.map_err(|error| {
        tracing::error!(%error, "a bounce is not recorded");
        Problem::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "UNAVAILABLE",
            "The report is not recorded: send it again. / 記録できません。再送してください。",
        )
    })?;
    metrics::counter!("yushi_bounces_total", "came_of" => answer.code()).increment(1);
    let mut response = Response::new(Body::from(serde_json::json!({ "result": answer.code() }).to_string()));
    let kind = axum::http::HeaderValue::from_static("application/json");
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    Ok(response)
}

/// The report in an event: the parcel, what it means, and the status. Errors: what would be accepted.
fn bounce_of(bytes: &Bytes) -> Result<(String, Bounce, String), Problem> {
    let wrong = |why: &str| Problem::bad("WEBHOOK_BODY", format!("{why} / 本文の形式が正しくありません。"));
    let event = json::parse(bytes).map_err(|why| wrong(&why.to_string()))?;
    if event["type"].as_str() != Some("mail.bounced") {
        return Err(wrong("\"type\" is \"mail.bounced\""));
    }
    let field = |name: &str| event["data"][name].as_str().unwrap_or_default();
    let parcel = parcel_of_message_id(field("messageId"))
        .ok_or_else(|| wrong("\"data.messageId\" is the Message-ID of a mail of this installation"))?;
    let status = field("status").trim();
    let bounce = judge_bounce(field("action"), status).ok_or_else(|| {
        wrong("\"data.action\" is failed or delayed, with a \"data.status\" of RFC 3463 such as 5.1.1")
    })?;
    Ok((parcel.to_owned(), bounce, status.to_owned()))
}

/// The request in an event: `{"type": "graphql.command", "data": {"query": ..., "variables": ...}}`.
fn command_of(bytes: &Bytes) -> Result<Incoming, Problem> {
    let wrong = |why: String| Problem::bad("WEBHOOK_BODY", format!("{why} / 本文の形式が正しくありません。"));
    let Value::Object(mut event) = json::parse(bytes).map_err(|why| wrong(why.to_string()))? else {
        return Err(wrong("the body is not a JSON object".to_owned()));
    };
    if event.get("type").and_then(Value::as_str) != Some(COMMAND) {
        return Err(wrong(format!("\"type\" is \"{COMMAND}\"")));
    }
    Incoming::from_value(event.remove("data").unwrap_or_default()).map_err(wrong)
}

fn refused(outcome: &Outcome) -> Response<Body> {
    let mut response = Response::new(Body::from(outcome.body()));
    *response.status_mut() = outcome.status(Dress::GraphQl);
    let kind = axum::http::HeaderValue::from_static(Dress::GraphQl.content_type());
    response.headers_mut().insert(axum::http::header::CONTENT_TYPE, kind);
    response
}
