//! `GET /documents/{case}/{file}?as=ROLE&link=..`: a file, to whom a link to it was given, for as long as it counts.
//!
//! The link names nobody: whom it is for is sealed in it under a key of the case. Whoever opens it signs in as always, is still allowed
//! to, and the look is on record before the first byte.

use super::documents::not_allowed;
use super::endpoint::{OVERRIDES, from, let_in, peer_of, too_much, unavailable};
use super::negotiate::Dress;
use super::problem::Problem;
use crate::auth::{Asking, Way};
use crate::documents::Documents;
use crate::documents::objects::segment_of;
use crate::graphql::{FileGrant, Looked, is_granted};
use crate::service::Counter;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use db::Scope;
use db::vault::{Drawer, segments_of};
use oauth2::url::form_urlencoded;
use std::sync::Arc;
use workflows::machine::papers::PaperFile;

/// Cost of a look at a file.
const COST: u64 = 50;
/// Nothing in a file is run or loaded, whatever it is opened with.
const POLICY: &str = "sandbox; default-src 'none'; frame-ancestors 'none'";

/// Hands a file out.
pub async fn hand_out(
    State(counter): State<Arc<Counter>>,
    Path((case, file)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    if OVERRIDES.iter().any(|name| request.headers().contains_key(*name)) {
        return not_allowed("GET").answer(Dress::Json);
    }
    let (parts, _) = request.into_parts();
    match answer(&counter, &parts, &case, &file).await {
        Ok(response) => response,
        Err(problem) => problem.answer(Dress::Json),
    }
}

/// A link that is forged, of somebody else, over, or to nothing: alike.
fn nothing() -> Problem {
    let message = "No such link for you, or its time is over: ask for a new one. / リンクが無効か期限切れです。再度取得してください。";
    Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// Role and ticket of the address. Each is there once.
fn parameters(parts: &Parts) -> Option<(String, String)> {
    let (mut role, mut link) = (None, None);
    for (name, value) in form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes()) {
        let place = match name.as_ref() {
            "as" => &mut role,
            "link" => &mut link,
            _ => return None,
        };
        if place.replace(value.into_owned()).is_some() {
            return None;
        }
    }
    role.zip(link)
}

async fn answer(
    counter: &Arc<Counter>,
    parts: &Parts,
    case: &str,
    file: &str,
) -> Result<Response<Body>, Problem> {
    let documents = counter.service.documents.clone().ok_or_else(nothing)?;
    let (role, link) = parameters(parts).ok_or_else(nothing)?;
    let headers = in_role(&parts.headers, &role).ok_or_else(nothing)?;
    let (from, peer) = (from(counter, parts), peer_of(&parts.extensions));
    let asking = Asking { headers: &headers, peer, origins: &counter.service.origins };
    let caller = let_in(counter, asking, Way::Look, from).await?;
    counter.charge(&caller, from, COST).await.map_err(too_much)?;
    let (service, now) = (&counter.service, counter.service.clock.now());
    // First what the caller sees by himself, then the case that he has open in emergency, where the link says so.
    let away = |error: db::StoreError| unavailable(&error);
    let mut scope = Scope::of(&caller.actor);
    let mut found = service.store.case(&scope, case).await.map_err(away)?;
    if found.is_none()
        && let Some(opened) = service.store.emergency_scope(&caller.actor, case, now).await.map_err(away)?
    {
        scope = opened;
        found = service.store.case(&scope, case).await.map_err(away)?;
    }
    let found = found.ok_or_else(nothing)?;
    if !service.store.opens_papers(&scope, &found).await.map_err(away)? {
        return Err(nothing());
    }
    let drawer = service.store.drawer(&found).await.map_err(away)?.ok_or_else(nothing)?;
    let grant: FileGrant = drawer.read_ticket(file, &link).ok_or_else(nothing)?;
    let attached = found.files.iter().find(|attached| attached.file.id == file).ok_or_else(nothing)?;
    if !is_granted(&grant, &scope, attached, now) {
        return Err(nothing());
    }
    let first = segment(&documents, &drawer, &attached.file, 0).await?;
    // Who looked stands on record before anything leaves.
    let looked = Looked::by(&scope);
    looked.at(&found.institution, &found.id, "FILES");
    if looked.record(&service.store, now).await.is_err() {
        let message = "The look could not be recorded; try again. / 閲覧記録を残せないため表示できません。";
        return Err(Problem::unavailable(message));
    }
    Ok(sent(documents, drawer, attached.file.clone(), first))
}

/// The headers with the role of the link: a browser that follows it names none. Another role than the link's has no link.
fn in_role(headers: &HeaderMap, role: &str) -> Option<HeaderMap> {
    let mut headers = headers.clone();
    let named = HeaderValue::from_str(role).ok()?;
    if headers.get(crate::auth::ROLE).is_some_and(|said| *said != named) {
        return None;
    }
    headers.insert(crate::auth::ROLE, named);
    Some(headers)
}

async fn segment(
    documents: &Documents,
    drawer: &Drawer,
    file: &PaperFile,
    index: u64,
) -> Result<Bytes, Problem> {
    let name = drawer.name(&file.sha256);
    let found =
        documents.objects.get(&segment_of(&drawer.folder(), &name, index)).await.map_err(|fault| {
            tracing::warn!(%fault, "the store of documents does not answer");
            Problem::unavailable("The file cannot be read for a moment. / 現在、書類を読み出せません。")
        })?;
    let plain = found.and_then(|sealed| drawer.open(&name, file.bytes, index, &sealed));
    plain.map(Bytes::from).ok_or_else(|| {
        let incident = super::problem::incident();
        tracing::error!(
            incident,
            file = file.id,
            index,
            "a file on record is missing or damaged: run yushi verify --documents"
        );
        let message =
            format!("The file is damaged. Incident {incident}. / 書類を読み出せません（{incident}）。");
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "INTERNAL_SERVER_ERROR", message)
    })
}

/// The file as an attachment, segment by segment. One that does not open ends the connection before its length is reached.
fn sent(documents: Arc<Documents>, drawer: Drawer, file: PaperFile, first: Bytes) -> Response<Body> {
    let mime = file.media_type.mime();
    let ending = file.media_type.endings()[0];
    // What it is and its number: the name that the sender gave it may name somebody.
    let name = format!(
        "attachment; filename=\"{}-{}.{ending}\"",
        file.paper.code(),
        &file.id[..file.id.len().min(8)]
    );
    let bytes = file.bytes;
    let count = segments_of(bytes);
    let rest = futures::stream::unfold(1, move |index| {
        let (documents, drawer, file) = (documents.clone(), drawer.clone(), file.clone());
        async move {
            if index >= count {
                return None;
            }
            let next = segment(&documents, &drawer, &file, index).await;
            Some((next.map_err(|_| std::io::Error::other("damaged")), index + 1))
        }
    });
    let all = futures::StreamExt::chain(futures::stream::iter([Ok(first)]), rest);
    let mut response = Response::new(Body::from_stream(all));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(mime));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(bytes));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.extend(HeaderValue::from_str(&name).ok().map(|name| (header::CONTENT_DISPOSITION, name)));
    response
}
