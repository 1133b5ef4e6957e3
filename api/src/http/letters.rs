//! `GET /documents/letters/{application}/{kind}`: a letter of a case as PDF, for whoever may read it.
//!
//! The same sign-in, scope, spending and read log as at `/graphql`. The bytes follow from the record of the case alone, so their digest
//! is the tag of the answer.

use super::endpoint::{from, in_role, let_in, peer_of, purpose_of, scope_of, too_much, unavailable};
use super::negotiate::Dress;
use super::problem::{Problem, incident};
use crate::auth::{Asking, Way};
use crate::graphql::{Looked, letters as walls};
use crate::letters::{Press, Unset};
use crate::service::Counter;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use sha2::{Digest, Sha256};
use std::sync::Arc;
use workflows::letters::{Language, LetterKind};
use workflows::machine::letter_desk::{NoLetter, dated_by, letter};

/// Cost of a letter, beside 526 for the largest operation.
const COST: u64 = 200;
/// Browsers say whether one of our own pages asks.
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Everything that arrives there.
pub async fn download(
    State(counter): State<Arc<Counter>>,
    Path((application, kind)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    match answer(&counter, &application, &kind, request).await {
        Ok(response) => response,
        Err(problem) => problem.answer(Dress::Json),
    }
}

async fn answer(
    counter: &Arc<Counter>,
    application: &str,
    kind: &str,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (parts, _) = request.into_parts();
    let (headers, service) = (&parts.headers, &counter.service);
    let from = from(counter, &parts);
    let asking = Asking { headers, peer: peer_of(&parts.extensions), origins: &service.origins };
    // A link carries no token against forgery; a page of somebody else gets nothing, whatever the browser sends along.
    if headers.get(SITE).is_some_and(|site| site != "same-origin" && site != "none") {
        let message = "Letters are read on our own pages. / この画面からは取得できません。";
        return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    let caller = in_role(counter, let_in(counter, asking, Way::Look, from).await?, headers).await?;
    counter.charge(&caller, from, COST).await.map_err(too_much)?;
    let purpose = purpose_of(headers)?;
    let language = language_of(parts.uri.query())?;
    let scope = scope_of(counter, &caller.actor, headers).await?;
    // What is not the caller's, what is not there and what has no such letter look alike.
    let kind = LetterKind::parse(kind).filter(|kind| walls::wall_of(*kind).admits(&[caller.actor.role]));
    let kind = kind.ok_or_else(nowhere)?;
    let found = service.store.case(&scope, application).await.map_err(|error| unavailable(&error))?;
    let case = found.ok_or_else(nowhere)?;
    if !service.store.opens_papers(&scope, &case).await.map_err(|error| unavailable(&error))? {
        return Err(nowhere());
    }
    let told = match dated_by(kind) {
        [] => Ok(None),
        verbs => service.store.last_of(&scope, application, verbs).await,
    };
    let told = told.map_err(|error| unavailable(&error))?.map(workflows::calendar::tokyo_date);
    let written = match letter(&case, service.rules.as_ref(), kind, language, told) {
        Ok(written) => written,
        Err(NoLetter::Absent) => return Err(nowhere()),
        Err(NoLetter::Wrong(problems)) => {
            let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
            return Err(failed(kind, &format!("its figures contradict the record at {fields:?}")));
        }
    };
    let press = service.letters.as_ref().ok_or_else(not_offered)?;
    let document = set(press, kind, &written).await?;
    // Setting takes its time: whoever was suspended meanwhile is not served, and no letter leaves before the look is on record.
    service.auth.recheck(&caller).await.map_err(|denied| Problem::denied(&denied))?;
    let looked = match purpose {
        Some(purpose) => Looked::for_purpose(&scope, purpose),
        None => Looked::by(&scope),
    };
    looked.at(&case.institution, &case.id, "LETTER");
    looked.record(&service.store, service.clock.now()).await.map_err(|error| unavailable(&error))?;
    Ok(dressed(headers, kind, &case.number, document))
}

async fn set(
    press: &Press,
    kind: LetterKind,
    written: &workflows::letters::Request,
) -> Result<Vec<u8>, Problem> {
    match press.set(written).await {
        Ok(document) => Ok(document),
        Err(Unset::Busy) => {
            tracing::info!("letters wait for a turn");
            Err(Problem::unavailable(
                "Many letters are being made. Try again in a moment. / 混み合っています。",
            ))
        }
        Err(error) => Err(failed(kind, &error.to_string())),
    }
}

/// `language=ja` or `language=en`; without it Japanese.
fn language_of(query: Option<&str>) -> Result<Language, Problem> {
    let Some(query) = query.filter(|query| !query.is_empty()) else { return Ok(Language::Ja) };
    query
        .strip_prefix("language=")
        .and_then(Language::parse)
        .ok_or_else(|| Problem::bad("BAD_REQUEST", "language is ja or en. / language は ja または en です。"))
}

fn dressed(headers: &HeaderMap, kind: LetterKind, number: &str, document: Vec<u8>) -> Response<Body> {
    let tag = format!("\"{}\"", hex::encode(Sha256::digest(&document)));
    let known = headers.get_all(header::IF_NONE_MATCH).iter().any(|given| given.as_bytes() == tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { Body::from(document) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let number: String = number.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    let name = format!("attachment; filename=\"{}-{number}.pdf\"", kind.code().to_lowercase());
    let own = [(header::ETAG, tag), (header::CONTENT_DISPOSITION, name)];
    let own = own.into_iter().filter_map(|(name, text)| Some((name, HeaderValue::from_str(&text).ok()?)));
    response.headers_mut().extend(own);
    let fixed = [
        (header::CONTENT_TYPE, "application/pdf"),
        (header::CACHE_CONTROL, "private, no-store"),
        (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ];
    response.headers_mut().extend(fixed.map(|(name, text)| (name, HeaderValue::from_static(text))));
    response
}

fn nowhere() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", "There is no such letter. / 該当する書面はありません。")
}

fn not_offered() -> Problem {
    let message = "This installation makes no letters. / この環境では書面の発行を行っていません。";
    Problem::new(StatusCode::NOT_FOUND, "LETTERS_NOT_OFFERED", message)
}

/// Something is wrong with the installation or the record: the log says what, the caller gets an id to name.
fn failed(kind: LetterKind, what: &str) -> Problem {
    let incident = incident();
    tracing::error!(incident, kind = kind.code(), what, "a letter could not be made");
    let message = format!("The letter could not be made ({incident}). / 書面を作成できませんでした。");
    Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL", message)
}
