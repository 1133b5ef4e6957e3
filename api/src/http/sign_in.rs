//! Signing in and out with a browser: `/auth/login`, `/auth/callback`, `/auth/logout`, `/auth/session`.

use super::endpoint::peer_of;
use super::negotiate::Dress;
use super::plain::json_text;
use super::problem::Problem;
use crate::auth::{Asking, Attempt, Brought, PATIENCE, Pass, SignInFailed, Way, cookie};
use crate::service::Counter;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, Uri, header};
use axum::middleware::Next;
use db::sessions::Session;
use oauth2::url::form_urlencoded;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use workflows::account::Account;

/// Names under which secrets stand in addresses, where logs and histories keep them.
const SECRETS: [&str; 8] =
    ["access_token", "id_token", "refresh_token", "token", "api_key", "apikey", "client_secret", "password"];

/// Refuses a request with a secret in its address, whatever it asks.
pub async fn no_secrets_in_addresses(request: Request, next: Next) -> Response<Body> {
    let query = request.uri().query().unwrap_or_default();
    let mut names = form_urlencoded::parse(query.as_bytes()).map(|(name, _)| name);
    if names.any(|name| SECRETS.iter().any(|secret| name.eq_ignore_ascii_case(secret))) {
        let message = "Send credentials in the header Authorization, never in the address. / \
                       認証情報はURLではなくAuthorizationヘッダーで送信してください。";
        return Problem::bad("BAD_REQUEST", message).answer(Dress::Json);
    }
    next.run(request).await
}

/// The parameters of an address. `None`: one of them is there twice.
fn parameters(uri: &Uri) -> Option<BTreeMap<String, String>> {
    let mut all = BTreeMap::new();
    for (name, value) in form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        if all.insert(name.into_owned(), value.into_owned()).is_some() {
            return None;
        }
    }
    Some(all)
}

fn twice() -> Problem {
    Problem::bad("BAD_REQUEST", "A parameter is there twice.")
}

/// Where `next` leads. Errors: away from here.
pub(super) fn next_of(parameters: &BTreeMap<String, String>) -> Result<&str, Problem> {
    let next = parameters.get("next").map_or("/", String::as_str);
    let wrong = || {
        Problem::bad(
            "BAD_REQUEST",
            "next: a path of this service. / next には本サービス内のパスを指定してください。",
        )
    };
    if cookie::is_own_path(next) { Ok(next) } else { Err(wrong()) }
}

/// Sends the browser on.
pub(super) fn to(place: &str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    if let Ok(place) = HeaderValue::from_str(place) {
        response.headers_mut().insert(header::LOCATION, place);
    }
    response
}

fn with_cookie(mut response: Response<Body>, value: Option<HeaderValue>) -> Response<Body> {
    if let Some(value) = value {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// `GET /auth/login?next=`: to the provider.
pub async fn login(State(counter): State<Arc<Counter>>, uri: Uri) -> Response<Body> {
    begin(&counter, &uri).await.unwrap_or_else(|problem| problem.answer(Dress::Json))
}

async fn begin(counter: &Counter, uri: &Uri) -> Result<Response<Body>, Problem> {
    let parameters = parameters(uri).ok_or_else(twice)?;
    let gate = &counter.service.auth;
    let next = next_of(&parameters)?;
    let Some(provider) = &counter.service.provider else {
        let message = "No provider of identities is configured. / 認証プロバイダーが設定されていません。";
        return Err(Problem::new(StatusCode::NOT_FOUND, "NOT_FOUND", message));
    };
    let Some(attempt) = Attempt::begin(next, gate.now()) else { return Err(twice()) };
    let entrance = provider.entrance(&attempt).await.map_err(|failed| failed_as(&failed))?;
    let cookies = gate.settings.cookies;
    let cookie = cookies.set(cookies.attempt(), &attempt.cookie(), Some(PATIENCE.num_seconds()));
    Ok(with_cookie(to(&entrance), cookie))
}

/// `GET /auth/callback`: back from the provider.
pub async fn callback(State(counter): State<Arc<Counter>>, headers: HeaderMap, uri: Uri) -> Response<Body> {
    let cookies = counter.service.auth.settings.cookies;
    let response = arrive(&counter, &headers, &uri).await;
    let response = response.unwrap_or_else(|problem| problem.answer(Dress::Json));
    // Whatever came of it: an attempt is made once.
    with_cookie(response, cookies.set(cookies.attempt(), "", Some(0)))
}

async fn arrive(counter: &Counter, headers: &HeaderMap, uri: &Uri) -> Result<Response<Body>, Problem> {
    let gate = &counter.service.auth;
    let mut brought = parameters(uri).ok_or_else(twice)?;
    let held = cookie::value(headers, gate.settings.cookies.attempt());
    let attempt = held.and_then(|held| Attempt::read(held, gate.now()));
    let (Some(attempt), Some(provider)) = (attempt, &counter.service.provider) else {
        return Err(failed_as(&SignInFailed::Attempt("no attempt")));
    };
    let brought = Brought {
        code: brought.remove("code"),
        state: brought.remove("state"),
        iss: brought.remove("iss"),
        error: brought.remove("error"),
    };
    let account = provider.signed_in(&attempt, brought, gate).await.map_err(|failed| failed_as(&failed))?;
    seat(counter, headers, &account, &attempt.next).await
}

/// Begins a session for an account and sends the browser on.
pub(super) async fn seat(
    counter: &Counter,
    headers: &HeaderMap,
    account: &Account,
    next: &str,
) -> Result<Response<Body>, Problem> {
    let gate = &counter.service.auth;
    let (now, secret, cookies) = (gate.now(), cookie::secret(), gate.settings.cookies);
    let old = cookie::value(headers, cookies.session()).map(cookie::session_digest);
    let session = Session {
        digest: cookie::session_digest(&secret),
        account: account.clone(),
        begun_at: now,
        seen_at: now,
        ends_at: now + gate.settings.longest,
    };
    let begun = counter.service.store.begin_session(&session, old.as_deref(), now).await;
    begun.map_err(|error| {
        tracing::warn!(%error, "a session could not be begun");
        Problem::unavailable("Sign-in is not available for a moment. / 現在、サインインできません。")
    })?;
    gate.forget();
    Ok(with_cookie(to(next), cookies.set(cookies.session(), &secret, None)))
}

fn failed_as(failed: &SignInFailed) -> Problem {
    tracing::info!(%failed, "nobody was signed in");
    let refused = |message: &str| Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message);
    match failed {
        SignInFailed::Attempt(_) => Problem::bad(
            "BAD_REQUEST",
            "This is not the end of a sign-in that this browser began, or it took too long: begin again at /auth/login. / \
             サインインを確認できません。最初からやり直してください。",
        ),
        SignInFailed::Refused(_) | SignInFailed::Token(_) => {
            refused("The provider did not sign you in. / 認証プロバイダーがサインインを拒否しました。")
        }
        SignInFailed::Account(_) => refused(
            "There is no active account for you here: ask your user administrator. / \
             有効なアカウントがありません。利用者管理の担当者に連絡してください。",
        ),
        SignInFailed::Away(_) => Problem::unavailable(
            "The provider of identities does not answer. / 認証プロバイダーから応答がありません。",
        ),
    }
}

/// `POST /auth/logout`: ends the session; with `?everywhere=true` every one of the person.
pub async fn logout(State(counter): State<Arc<Counter>>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let asking = Asking {
        headers: &parts.headers,
        peer: peer_of(&parts.extensions),
        origins: &counter.service.origins,
    };
    leave(&counter, asking, &parts.uri).await.unwrap_or_else(|problem| problem.answer(Dress::Json))
}

async fn leave(counter: &Counter, asking: Asking<'_>, uri: &Uri) -> Result<Response<Body>, Problem> {
    let gate = &counter.service.auth;
    let everywhere =
        parameters(uri).ok_or_else(twice)?.get("everywhere").is_some_and(|value| value == "true");
    let cookies = gate.settings.cookies;
    let secret = cookie::value(asking.headers, cookies.session()).ok_or_else(Problem::unauthenticated)?;
    let (_, session) =
        gate.sitting(secret, asking, None, Way::Send).await.map_err(|denied| Problem::denied(&denied))?;
    let ended = counter.service.store.end_session(&session, everywhere, gate.now()).await;
    ended.map_err(|error| {
        tracing::warn!(%error, "a session could not be ended");
        Problem::unavailable("Signing out is not possible for a moment. / 現在、サインアウトできません。")
    })?;
    gate.forget();
    let exit = match &counter.service.provider {
        Some(provider) => provider.exit().await,
        None => None,
    };
    let answer = json_text(StatusCode::OK, &json!({ "signedOut": true, "provider": exit }));
    Ok(with_cookie(answer, cookies.set(cookies.session(), "", Some(0))))
}

/// `GET /auth/session`: who is signed in, until when, the token against forgery, and whether this is a demo, whose pages offer a tour.
pub async fn session(State(counter): State<Arc<Counter>>, request: Request) -> Response<Body> {
    let (parts, _) = request.into_parts();
    let asking = Asking {
        headers: &parts.headers,
        peer: peer_of(&parts.extensions),
        origins: &counter.service.origins,
    };
    let gate = &counter.service.auth;
    let Some(secret) = cookie::value(&parts.headers, gate.settings.cookies.session()) else {
        return Problem::unauthenticated().answer(Dress::Json);
    };
    match gate.sitting(secret, asking, None, Way::Look).await {
        Ok((caller, session)) if matches!(caller.pass, Pass::Session { .. }) => {
            let (actor, profile) = (&caller.actor, &session.account.profile);
            let answer = json!({
                "subject": actor.subject, "name": profile.name, "role": actor.role, "roles": profile.roles,
                "institution": actor.institution, "branches": actor.branches, "organisation": actor.organisation,
                "csrfToken": cookie::csrf(secret), "now": gate.now(),
                "bankNow": counter.service.clock.now(), "demo": counter.service.demo.is_some(),
                "idleEndsAt": (session.seen_at + gate.settings.idle).min(session.ends_at), "endsAt": session.ends_at,
            });
            json_text(StatusCode::OK, &answer)
        }
        Ok(_) => Problem::unauthenticated().answer(Dress::Json),
        Err(denied) => Problem::denied(&denied).answer(Dress::Json),
    }
}

/// Header by which a browser says where a request comes from.
pub(super) const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
