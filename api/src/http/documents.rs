//! Uploads: the core of tus 1.0 with its extensions creation, expiration and termination (decision 21).
//!
//! `POST /documents` opens one, `PATCH` sends bytes from the offset that `HEAD` tells, `DELETE` gives it up. What arrives is sealed and
//! laid down piece by piece: a broken connection loses no more than the piece under way, and memory holds one piece.

use super::endpoint::{EMERGENCY, OVERRIDES, from, in_role, let_in, peer_of, too_much, unavailable};
use super::negotiate::Dress;
use super::problem::Problem;
use crate::auth::{Asking, Caller, Way};
use crate::documents::desk::{Desk, Settled};
use crate::documents::objects::pieces_of;
use crate::documents::{Documents, objects};
use crate::service::Counter;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, header};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use db::uploads::{Announced, Opening, Upload};
use db::vault::SEGMENT;
use db::{Scope, StoreError};
use futures::StreamExt;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use workflows::intake::Paper;
use workflows::machine::papers::{MediaType, PaperFile, UploadState, may_hand_in};
use workflows::machine::{Actor, Command, Context, Refusal, Registers};

const VERSION: &str = "1.0.0";
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
/// Ours: how the upload stands once it is whole.
const STATE: HeaderName = HeaderName::from_static("yushi-upload-state");
const ON_STREAM: &str = "application/offset+octet-stream";

/// Cost of a request, and of each piece of a body.
const COST: u64 = 20;
const COST_PIECE: u64 = 5;
/// An upload that arrives in more pieces than this is not made by a client that resumes.
const PIECES: usize = 1_000;
/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 200;

/// `/documents`.
pub async fn documents(State(counter): State<Arc<Counter>>, request: Request) -> Response<Body> {
    let method = request.method().clone();
    let answer = match (known(&counter, &request), method) {
        (Err(problem), _) => Err(problem),
        (Ok(documents), Method::OPTIONS) => Ok(what_we_speak(&documents)),
        (Ok(documents), Method::POST) => open(&counter, &documents, request).await,
        _ => Err(not_allowed("OPTIONS, POST")),
    };
    dressed(answer)
}

/// `/documents/{id}`.
pub async fn upload(
    State(counter): State<Arc<Counter>>,
    Path(id): Path<String>,
    request: Request,
) -> Response<Body> {
    let method = request.method().clone();
    let answer = match (known(&counter, &request), method) {
        (Err(problem), _) => Err(problem),
        (Ok(documents), Method::OPTIONS) => Ok(what_we_speak(&documents)),
        (Ok(_), Method::HEAD) => told(&counter, request, &id).await,
        (Ok(documents), Method::PATCH) => receive(&counter, &documents, request, &id).await,
        (Ok(documents), Method::DELETE) => give_up(&counter, &documents, request, &id).await,
        _ => Err(not_allowed("OPTIONS, HEAD, PATCH, DELETE")),
    };
    dressed(answer)
}

fn dressed(answer: Result<Response<Body>, Problem>) -> Response<Body> {
    let mut response = answer.unwrap_or_else(|problem| problem.answer(Dress::Json));
    response.headers_mut().insert(RESUMABLE, HeaderValue::from_static(VERSION));
    response
}

/// The documents of this installation, for a request that we speak with. Errors: there are none, or the protocol is another.
fn known(counter: &Counter, request: &Request) -> Result<Arc<Documents>, Problem> {
    let off = "No documents are taken in here: see [documents] in the configuration. / 書類ファイルの受付は設定されていません。";
    let none = || Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", off);
    let documents = counter.service.documents.clone().ok_or_else(none)?;
    if OVERRIDES.iter().any(|name| request.headers().contains_key(*name)) {
        return Err(not_allowed("OPTIONS, POST, HEAD, PATCH, DELETE"));
    }
    let spoken = request.headers().get(RESUMABLE).and_then(|value| value.to_str().ok());
    if request.method() != Method::OPTIONS && spoken != Some(VERSION) {
        let problem = Problem::new(StatusCode::PRECONDITION_FAILED, "BAD_REQUEST", "Tus-Resumable is 1.0.0.");
        return Err(problem.with(HeaderName::from_static("tus-version"), VERSION));
    }
    Ok(documents)
}

pub(super) fn not_allowed(allow: &'static str) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "BAD_REQUEST", format!("Use {allow}."))
        .with(header::ALLOW, allow)
}

fn what_we_speak(documents: &Documents) -> Response<Body> {
    let mut response = empty(StatusCode::NO_CONTENT);
    let headers = response.headers_mut();
    headers.insert(HeaderName::from_static("tus-version"), HeaderValue::from_static(VERSION));
    headers.insert(HeaderName::from_static("tus-max-size"), HeaderValue::from(documents.rules.file_bytes));
    let extensions = HeaderValue::from_static("creation,expiration,termination");
    headers.insert(HeaderName::from_static("tus-extension"), extensions);
    response
}

fn empty(status: StatusCode) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response
}

/// Who asks, and has paid for it. Nobody sends anything in emergency (L-91).
async fn caller(counter: &Arc<Counter>, parts: &Parts, way: Way) -> Result<Caller, Problem> {
    let headers = &parts.headers;
    let from = from(counter, parts);
    let asking = Asking { headers, peer: peer_of(&parts.extensions), origins: &counter.service.origins };
    let caller = in_role(counter, let_in(counter, asking, way, from).await?, headers).await?;
    if headers.contains_key(EMERGENCY) {
        let message =
            "An access in emergency shows a case and changes nothing. / 緊急閲覧では変更できません。";
        return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    counter.charge(&caller, from, COST).await.map_err(too_much)?;
    Ok(caller)
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let mut given = headers.get_all(name).iter();
    let (first, second) = (given.next().and_then(|value| value.to_str().ok()), given.next());
    let plain =
        first.filter(|text| !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit()));
    match (plain.and_then(|text| text.parse().ok()), second) {
        (Some(number), None) => Ok(number),
        _ => Err(Problem::bad("BAD_REQUEST", format!("{name} is a whole number of bytes."))),
    }
}

/// `POST`: opens an upload.
async fn open(
    counter: &Arc<Counter>,
    documents: &Documents,
    request: Request,
) -> Result<Response<Body>, Problem> {
    let (parts, _) = request.into_parts();
    let caller = caller(counter, &parts, Way::Send).await?;
    let bytes = number(&parts.headers, &LENGTH)?;
    let most = documents.rules.file_bytes;
    if bytes > most {
        let mib = most / 1024 / 1024;
        let message = format!("A file has at most {most} bytes. / 1ファイルは{mib}MBまでです。");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", message));
    }
    if bytes == 0 {
        return Err(Problem::bad("EMPTY", "The file is empty. / 空のファイルです。"));
    }
    let (case, announced) = metadata(&parts.headers)?;
    let (service, actor) = (&counter.service, &caller.actor);
    let missing = || Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Not found. / 見つかりません。");
    let case = service.store.case(&Scope::of(actor), &case).await.map_err(|error| unavailable(&error))?;
    let case = case.ok_or_else(missing)?;
    let now = service.clock.now();
    let (rules, table, registers) = (service.rules.as_ref(), &service.table, Registers::NONE);
    may_hand_in(&case, &wish(&announced, actor, bytes), &Context { actor, now, rules, table, registers })
        .map_err(|refusal| refused(&refusal))?;
    let drawer = service.store.drawer(&case).await.map_err(|error| unavailable(&error))?.ok_or_else(|| {
        let message = "The case has no data key: files are stored sealed or not at all (vault.key, yushi keys seal). / \
                       案件の暗号鍵がないためファイルを保管できません。";
        Problem::new(StatusCode::CONFLICT, "NO_DATA_KEY", message)
    })?;
    let limits = documents.rules.uploads;
    let opened = service.store.open_upload((&case, &drawer), actor, &announced, bytes, limits, now).await;
    match opened.map_err(|error| unavailable(&error))? {
        Opening::Opened(upload) => {
            let mut response = empty(StatusCode::CREATED);
            let headers = response.headers_mut();
            let location = HeaderValue::from_str(&format!("/documents/{}", upload.id));
            headers.extend(location.ok().map(|location| (header::LOCATION, location)));
            headers.insert(OFFSET, HeaderValue::from(0));
            headers.extend(expires(&upload));
            Ok(response)
        }
        Opening::TooMany(open) => {
            let message = format!(
                "{open} uploads are open: finish or delete one. / 送信途中のファイルが{open}件あります。完了または取消してください。"
            );
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "TOO_MANY_UPLOADS", message);
            Err(problem.with(header::RETRY_AFTER, "60"))
        }
        Opening::CaseFull(left) => {
            let message =
                format!("The case takes {left} more bytes. / この案件に保管できる残りは{left}バイトです。");
            Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "CASE_FULL", message))
        }
    }
}

fn expires(upload: &Upload) -> Option<(HeaderName, HeaderValue)> {
    let at = upload.ends_at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
    HeaderValue::from_str(&at).ok().map(|at| (EXPIRES, at))
}

/// The command that will stand on record, as far as it is known before the bytes are: for the judgement whether it may.
fn wish(announced: &Announced, actor: &Actor, bytes: u64) -> Command {
    let said = announced.clone();
    let file = PaperFile {
        id: String::new(),
        paper: said.paper,
        party_id: said.party_id,
        property_no: said.property_no,
        loan_no: said.loan_no,
        issued_on: said.issued_on,
        name: said.name,
        sha256: said.sha256.unwrap_or_default(),
        bytes,
        media_type: MediaType::Pdf,
        scanned: false,
        by: actor.subject.clone(),
        role: actor.role,
    };
    Command::AttachPaper { file, replaces: said.replaces }
}

fn refused(refusal: &Refusal) -> Problem {
    match refusal {
        Refusal::Forbidden { .. } => {
            let message = "This role does not hand in this paper. / この役割ではこの書類を提出できません。";
            Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message)
        }
        Refusal::Invalid { field, rule, ja, en } => {
            let message = format!("{field} ({rule}): {en} / {ja}");
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "BAD_USER_INPUT", message)
        }
        Refusal::Blocked { unmet } => {
            let said: Vec<String> =
                unmet.iter().map(|unmet| format!("{}: {} / {}", unmet.code, unmet.en, unmet.ja)).collect();
            Problem::new(StatusCode::CONFLICT, "BLOCKED", said.join(" "))
        }
        Refusal::IllegalTransition { .. } => {
            let message =
                "The case is over and takes no more papers. / 終了した案件には書類を追加できません。";
            Problem::new(StatusCode::CONFLICT, "ILLEGAL_TRANSITION", message)
        }
    }
}

/// `Upload-Metadata`: keys with base64 values. Errors: a key that we do not know, one that is missing, a value that is none; each named.
fn metadata(headers: &HeaderMap) -> Result<(String, Announced), Problem> {
    let wrong = |field: &str, accepted: &str| {
        Problem::bad(
            "BAD_USER_INPUT",
            format!("Upload-Metadata {field}: accepted is {accepted}. / {field}の値が正しくありません。"),
        )
    };
    let text = headers.get(METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut all = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let value = value.ok_or_else(|| wrong(key, "base64 of UTF-8"))?;
        if all.insert(key.to_owned(), value).is_some() {
            return Err(wrong(key, "one value"));
        }
    }
    let mut take = |key: &str| all.remove(key).filter(|value| !value.is_empty());
    let case = take("applicationId").ok_or_else(|| wrong("applicationId", "the id of an application"))?;
    let paper = take("paper").and_then(|code| Paper::parse(&code));
    let paper = paper.ok_or_else(|| wrong("paper", "a code such as SEAL_CERTIFICATE"))?;
    let name = take("filename");
    let plain = |name: &String| name.chars().count() <= LONGEST_NAME && !name.chars().any(char::is_control);
    if name.as_ref().is_some_and(|name| !plain(name)) {
        return Err(wrong("filename", "at most 200 characters"));
    }
    let sha256 = take("sha256");
    let digest = |text: &String| text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if sha256.as_ref().is_some_and(|text| !digest(text)) {
        return Err(wrong("sha256", "64 hexadecimal digits"));
    }
    let parsed = |key: &str, value: Option<String>| -> Result<Option<u16>, Problem> {
        value.map(|text| text.parse().map_err(|_| wrong(key, "a number"))).transpose()
    };
    let property_no = parsed("propertyNo", take("propertyNo"))?;
    let loan_no = parsed("loanNo", take("loanNo"))?.map(u8::try_from).transpose();
    let issued_on =
        take("issuedOn").map(|text| text.parse().map_err(|_| wrong("issuedOn", "a day as YYYY-MM-DD")));
    let announced = Announced {
        paper,
        party_id: take("partyId"),
        property_no,
        loan_no: loan_no.map_err(|_| wrong("loanNo", "a number"))?,
        issued_on: issued_on.transpose()?,
        // Clients of tus call it filetype; the bytes say it.
        name: {
            take("filetype");
            name
        },
        sha256,
        replaces: take("replaces"),
    };
    match all.keys().next() {
        None => Ok((case, announced)),
        Some(key) => Err(wrong(
            key,
            "applicationId, paper, partyId, propertyNo, loanNo, issuedOn, filename, filetype, sha256 or replaces",
        )),
    }
}

/// The caller's own upload. Errors: there is none, or it is over.
async fn own(counter: &Counter, actor: &Actor, id: &str) -> Result<Upload, Problem> {
    let found = counter.service.store.upload(actor, id).await.map_err(|error| unavailable(&error))?;
    let found = found
        .ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", "Not found. / 見つかりません。"))?;
    let over = found.state == UploadState::Open && found.ends_at <= counter.service.clock.now();
    if over || found.state == UploadState::Expired {
        let message =
            "The upload is over: open another one. / 送信期限を過ぎました。最初からやり直してください。";
        return Err(Problem::new(StatusCode::GONE, "UPLOAD_EXPIRED", message));
    }
    Ok(found)
}

/// `HEAD`: how far it is.
async fn told(counter: &Arc<Counter>, request: Request, id: &str) -> Result<Response<Body>, Problem> {
    let (parts, _) = request.into_parts();
    let caller = caller(counter, &parts, Way::Look).await?;
    let upload = own(counter, &caller.actor, id).await?;
    let mut response = empty(StatusCode::OK);
    let headers = response.headers_mut();
    headers.insert(OFFSET, HeaderValue::from(upload.received));
    headers.insert(LENGTH, HeaderValue::from(upload.bytes));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(STATE, HeaderValue::from_static(upload.state.code()));
    headers.extend(expires(&upload).filter(|_| upload.state == UploadState::Open));
    Ok(response)
}

/// `DELETE`: the sender gives it up.
async fn give_up(
    counter: &Arc<Counter>,
    documents: &Arc<Documents>,
    request: Request,
    id: &str,
) -> Result<Response<Body>, Problem> {
    let (parts, _) = request.into_parts();
    let caller = caller(counter, &parts, Way::Send).await?;
    let upload = own(counter, &caller.actor, id).await?;
    if upload.state != UploadState::Open {
        let message = "The upload is whole: it cannot be given up. / 受信済みのため取り消せません。";
        return Err(Problem::new(StatusCode::CONFLICT, "UPLOAD_WHOLE", message));
    }
    let desk = desk(counter, documents);
    desk.end(&upload, counter.service.clock.now()).await.map_err(|error| unavailable(&error))?;
    Ok(empty(StatusCode::NO_CONTENT))
}

fn desk(counter: &Counter, documents: &Arc<Documents>) -> Desk {
    let (store, clock) = (counter.service.store.clone(), counter.service.clock.clone());
    Desk { store, documents: documents.clone(), clock }
}

/// 409 with the offset that fits.
fn elsewhere(received: u64) -> Problem {
    let message = format!("Upload-Offset is {received}. / 送信位置は{received}です。");
    let problem = Problem::new(StatusCode::CONFLICT, "OFFSET", message);
    Problem { header: Some((OFFSET, HeaderValue::from(received))), ..problem }
}

/// `PATCH`: takes bytes in.
async fn receive(
    counter: &Arc<Counter>,
    documents: &Arc<Documents>,
    request: Request,
    id: &str,
) -> Result<Response<Body>, Problem> {
    let (parts, body) = request.into_parts();
    let caller = caller(counter, &parts, Way::Send).await?;
    let headers = &parts.headers;
    if headers.get(header::CONTENT_TYPE).is_none_or(|kind| kind != ON_STREAM)
        || headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding != "identity")
    {
        let message = format!("Send {ON_STREAM} without content encoding.");
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "BAD_REQUEST", message));
    }
    let offset = number(headers, &OFFSET)?;
    let mut upload = own(counter, &caller.actor, id).await?;
    if offset != upload.received || upload.state != UploadState::Open {
        // Whoever is cut off while sending never reads which offset fits.
        drain(body, documents.rules.file_bytes, counter.service.limits.body_time).await;
        return Err(elsewhere(upload.received));
    }
    let told = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if told.is_some_and(|length| length > upload.bytes - upload.received) {
        return Err(beyond(&upload));
    }
    let time = documents.rules.body_time;
    let taken =
        tokio::time::timeout(time, take_in(counter, documents, (&caller, &parts), &mut upload, body)).await;
    match taken {
        Ok(taken) => taken?,
        Err(_) => {
            let message = "The body came too slowly; what arrived is kept.";
            let problem = Problem::new(StatusCode::REQUEST_TIMEOUT, "BAD_REQUEST", message);
            return Err(Problem { close: true, ..problem });
        }
    }
    if upload.received < upload.bytes {
        let mut response = empty(StatusCode::NO_CONTENT);
        response.headers_mut().insert(OFFSET, HeaderValue::from(upload.received));
        response.headers_mut().extend(expires(&upload));
        return Ok(response);
    }
    // When the caller hangs up, what is under way is finished all the same.
    let (desk, whole) = (desk(counter, documents), upload.clone());
    let judged = tokio::spawn(async move { desk.settle(&whole).await }).await;
    let settled = match judged {
        Ok(Ok(settled)) => settled,
        Ok(Err(error)) => return Err(unavailable(&error)),
        Err(error) => {
            tracing::error!(%error, "an upload could not be judged");
            return Err(Problem::unavailable("Whole, and not judged yet. / 受信済みです。確認中です。"));
        }
    };
    finished(&upload, &settled)
}

fn finished(upload: &Upload, settled: &Settled) -> Result<Response<Body>, Problem> {
    let state = match settled {
        Settled::Attached => UploadState::Attached,
        Settled::Waiting(_) => UploadState::Waiting,
        Settled::Refused(fault) => {
            let message = format!("{} / {}", fault.en(), fault.ja());
            return Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, fault.code(), message));
        }
    };
    let mut response = empty(StatusCode::NO_CONTENT);
    response.headers_mut().insert(OFFSET, HeaderValue::from(upload.received));
    response.headers_mut().insert(STATE, HeaderValue::from_static(state.code()));
    Ok(response)
}

fn beyond(upload: &Upload) -> Problem {
    let message =
        format!("The file was announced with {} bytes. / 申告された大きさを超えています。", upload.bytes);
    let problem = Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_LARGE", message);
    Problem { close: true, ..problem }
}

/// Reads a body away, so much of it and for so long.
async fn drain(body: Body, most: u64, time: Duration) {
    let mut stream = body.into_data_stream();
    let read = async {
        let mut left = most;
        while let Some(Ok(bytes)) = stream.next().await {
            left = left.saturating_sub(bytes.len() as u64);
            if left == 0 {
                return;
            }
        }
    };
    // Too slow: the connection ends with the body unread.
    let _ = tokio::time::timeout(time, read).await;
}

/// Lays the body down piece by piece. What is there when the connection breaks is kept.
async fn take_in(
    counter: &Arc<Counter>,
    documents: &Documents,
    (caller, parts): (&Caller, &Parts),
    upload: &mut Upload,
    body: Body,
) -> Result<(), Problem> {
    let mut stream = body.into_data_stream();
    let mut buffer: Vec<u8> = Vec::new();
    let idle = counter.service.limits.body_time;
    let mut broken = false;
    loop {
        let (bytes, ended) = match tokio::time::timeout(idle, stream.next()).await {
            Ok(Some(Ok(bytes))) => (bytes, false),
            Ok(None) => (Bytes::new(), true),
            Ok(Some(Err(_))) | Err(_) => {
                broken = true;
                (Bytes::new(), true)
            }
        };
        if upload.received + (buffer.len() + bytes.len()) as u64 > upload.bytes {
            return Err(beyond(upload));
        }
        let mut rest = bytes.as_ref();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(SEGMENT - buffer.len()));
            buffer.extend_from_slice(now);
            rest = later;
            if buffer.len() == SEGMENT {
                lay_down(counter, documents, (&caller.actor, &mut *upload), &buffer).await?;
                buffer.clear();
                // A body may take its time: whoever was suspended meanwhile sends no more.
                counter.service.auth.recheck(caller).await.map_err(|denied| Problem::denied(&denied))?;
                counter.charge(caller, from(counter, parts), COST_PIECE).await.map_err(too_much)?;
            }
        }
        if ended {
            break;
        }
    }
    if !buffer.is_empty() {
        lay_down(counter, documents, (&caller.actor, &mut *upload), &buffer).await?;
    }
    if broken {
        let problem = Problem::bad("BAD_REQUEST", "The body ended early; what arrived is kept.");
        return Err(Problem { close: true, ..problem });
    }
    Ok(())
}

async fn lay_down(
    counter: &Counter,
    documents: &Documents,
    (actor, upload): (&Actor, &mut Upload),
    plain: &[u8],
) -> Result<(), Problem> {
    if upload.pieces.len() >= PIECES {
        let message = "The upload came in too many pieces: open another one and send larger ones.";
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "TOO_MANY_PIECES", message));
    }
    let away = |fault: &objects::Fault| {
        tracing::warn!(%fault, "the store of documents does not answer");
        Problem::unavailable("Documents cannot be stored for a moment. / 現在、書類を保管できません。")
    };
    let drawer = upload.drawer().clone();
    let piece = format!("{:012}-{}", upload.received, uuid::Uuid::now_v7().simple());
    let sealed = drawer.seal_piece(&upload.id, &piece, plain).map_err(|error| {
        tracing::error!(%error, "a piece cannot be sealed");
        Problem::unavailable("Documents cannot be sealed for a moment. / 現在、書類を保管できません。")
    })?;
    let folder = pieces_of(&drawer.folder(), &upload.id);
    documents.objects.put_new(&format!("{folder}/{piece}"), sealed).await.map_err(|fault| away(&fault))?;
    let (store, now) = (&counter.service.store, counter.service.clock.now());
    let length = plain.len() as u64;
    let noted = store.receive_piece(upload, (piece.clone(), length), now).await;
    if !noted.map_err(|error: StoreError| unavailable(&error))? {
        // Somebody else sends the same upload, or it is over. The piece counts for nothing and goes.
        if let Err(fault) = documents.objects.delete(&format!("{folder}/{piece}")).await {
            tracing::warn!(%fault, "a piece that does not count is left");
        }
        let there = store.upload(actor, &upload.id).await.map_err(|error| unavailable(&error))?;
        return Err(elsewhere(there.map_or(upload.received, |there| there.received)));
    }
    upload.received += length;
    upload.pieces.push((piece, length));
    if upload.received == upload.bytes {
        upload.state = UploadState::Waiting;
    }
    Ok(())
}
