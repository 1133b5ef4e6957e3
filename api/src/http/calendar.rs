//! `GET /calendar/{id}/{secret}`: the calendar of a person of a scrivener's office, for a program that subscribes to it.
//!
//! Such programs send an address and nothing else, so the credential stands in its path: the one place where it does (decision 32). It
//! shows days, times and places of settlements, what is to be done and numbers of cases, and nobody's data; it is revoked by itself and ends
//! with the account.

use super::endpoint::{from, too_much, unavailable};
use super::negotiate::Dress;
use super::problem::Problem;
use crate::service::Counter;
use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use db::read::TaskFilter;
use db::{Scope, StoreError};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use subtle::ConstantTimeEq;
use workflows::calendar::tokyo_date;
use workflows::ical::{CalendarEvent, calendar};
use workflows::machine::meeting::settlement;
use workflows::machine::{Role, Track, TrackState};

/// Tasks, and originals, that a calendar shows at most: the most urgent ones.
const MOST: u32 = 100;

/// Hands a calendar out.
pub async fn show(
    State(counter): State<Arc<Counter>>,
    Path((id, secret)): Path<(String, String)>,
    request: Request,
) -> Response<Body> {
    let (parts, _) = request.into_parts();
    match answer(&counter, (&id, &secret), &parts).await {
        Ok(response) => response,
        Err(problem) => problem.answer(Dress::Json),
    }
}

/// No such feed, another secret, revoked, or the account is gone: alike.
fn nothing() -> Problem {
    let message = "No such calendar: make a new address. / カレンダーのURLが無効です。再発行してください。";
    Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", message)
}

/// The digest that is kept of a secret.
pub fn digest_of(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

async fn answer(
    counter: &Arc<Counter>,
    (id, secret): (&str, &str),
    parts: &axum::http::request::Parts,
) -> Result<Response<Body>, Problem> {
    // Whoever asks is a stranger until the digest fits: the address pays, before anything is compared.
    counter.charge_stranger(from(counter, parts)).await.map_err(too_much)?;
    let (service, now) = (&counter.service, counter.service.clock.now());
    let away = |error: StoreError| unavailable(&error);
    let secret = secret.strip_suffix(".ics").ok_or_else(nothing)?;
    let found = service.store.calendar_feed(id).await.map_err(away)?;
    // An unknown feed costs the same comparison.
    let kept = found.as_ref().map_or_else(|| digest_of(""), |feed| feed.digest.clone());
    let fits: bool = digest_of(secret).as_bytes().ct_eq(kept.as_bytes()).into();
    let feed = found.filter(|feed| fits && feed.account.counts(feed.made_at)).ok_or_else(nothing)?;
    let actor = feed.account.actor(Some(Role::Scrivener)).ok_or_else(nothing)?;
    let scope = Scope::of(&actor);
    let events = events_of(counter, &scope).await.map_err(away)?;
    let text = calendar("登記の予定", &events, tokyo_date(now));
    let tag = format!("\"{}\"", hex::encode(Sha256::digest(text.as_bytes())));
    let known =
        parts.headers.get_all(header::IF_NONE_MATCH).iter().any(|given| given.as_bytes() == tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { Body::from(text) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let headers = response.headers_mut();
    headers.extend(HeaderValue::from_str(&tag).ok().map(|tag| (header::ETAG, tag)));
    for (name, value) in [
        (header::CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"yushi.ics\""),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    Ok(response)
}

/// Due dates of the office's work, days of settlement, deadlines of corrections, and originals that are to come back. Each counts
/// its changes by the version of what it stands on: the case, or the line beside it.
async fn events_of(counter: &Counter, scope: &Scope) -> Result<Vec<CalendarEvent>, StoreError> {
    let (store, now) = (&counter.service.store, counter.service.clock.now());
    let tasks = store.tasks(scope, &TaskFilter::default(), None, MOST).await?.items;
    let jobs = store.jobs(scope, db::offices::JobsOf::Office, None, MOST).await?.items;
    let ids: BTreeSet<String> = jobs
        .into_iter()
        .map(|job| job.application_id)
        .chain(tasks.iter().map(|task| task.application_id.clone()))
        .collect();
    let cases = store.cases(scope, &ids.into_iter().collect::<Vec<_>>()).await?;
    let mut events = vec![];
    for case in &cases {
        let meeting = settlement(case).map(|fixed| &fixed.settlement);
        events.push(CalendarEvent {
            uid: format!("settles-{}@yushi", case.id),
            day: case.planned_date(),
            time: meeting.and_then(|meeting| meeting.time),
            summary: format!("決済 {}", case.number),
            place: meeting.and_then(|meeting| meeting.place.clone()),
            sequence: case.version,
        });
        for filing in
            case.tracks.iter().filter(|it| it.track == Track::Reg && it.state == TrackState::Correction)
        {
            let deadline = case.filings.get(&filing.key).and_then(|filing| filing.correction_deadline);
            let uid = format!("correction-{}-{}@yushi", case.id, filing.key);
            let summary = format!("補正期限 {}", case.number);
            events.extend(deadline.map(|day| CalendarEvent::whole(uid, day, summary).changed(case.version)));
        }
    }
    let versions: BTreeMap<&str, u64> = cases.iter().map(|case| (case.id.as_str(), case.version)).collect();
    events.extend(tasks.iter().map(|task| {
        let summary = format!("{}（期限） {}", task.task.ja(), task.number);
        let version = versions.get(task.application_id.as_str()).copied().unwrap_or_default();
        CalendarEvent::whole(format!("due-{}@yushi", task.id), task.due_on, summary).changed(version)
    }));
    let due = store.originals_due(scope, false, None, MOST, now).await?.items;
    for due in &due {
        let db::case_lines::Body::Original(original) = &due.line.body else { continue };
        let uid = format!("original-{}@yushi", due.line.id);
        let summary = format!("原本の返却期限（{}） {}", original.kind.ja(), due.number);
        let version = u64::try_from(due.line.version).unwrap_or_default();
        events.extend(original.due_on.map(|day| CalendarEvent::whole(uid, day, summary).changed(version)));
    }
    events.sort_by(|one, other| (one.day, one.time, &one.uid).cmp(&(other.day, other.time, &other.uid)));
    Ok(events)
}
