//! Signing in as a demo user: a list, and one request. Exists only under the demo.

use super::incoming::read_body;
use super::negotiate::Dress;
use super::plain::{json_text, text};
use super::problem::Problem;
use super::sign_in::{FETCH_SITE, next_of, seat};
use crate::auth::Client;
use crate::service::Counter;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response, StatusCode, Uri, header};
use oauth2::url::form_urlencoded;
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;
use workflows::account::AccountKind;

/// `GET /auth/demo-users`: who can be signed in as, without secrets.
pub async fn users(State(counter): State<Arc<Counter>>) -> Response<Body> {
    let clients = counter.service.demo.as_ref().map(|demo| demo.clients()).unwrap_or_default();
    let people = clients.iter().map(|client| {
        let actor = &client.actor;
        json!({
            "id": client.client_id, "name": client.name, "role": actor.role, "roleJa": actor.role.ja(),
            "roleEn": actor.role.en(), "institution": actor.institution, "branches": actor.branches,
            "organisation": actor.organisation,
        })
    });
    json_text(StatusCode::OK, &people.collect())
}

/// `GET /auth/login?next=`: the same as a page.
pub async fn page(State(counter): State<Arc<Counter>>, uri: Uri) -> Response<Body> {
    let parameters =
        form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).into_owned().collect();
    let next = match next_of(&parameters) {
        Ok(next) => next,
        Err(problem) => return problem.answer(Dress::Json),
    };
    let clients = counter.service.demo.as_ref().map(|demo| demo.clients()).unwrap_or_default();
    let mut banks: BTreeMap<&str, Vec<&Client>> = BTreeMap::new();
    for client in clients {
        banks.entry(&client.actor.institution).or_default().push(client);
    }
    // Partners and bulk intake belong to no bank: they come last.
    let partners = banks.remove("");
    let mut page = format!(
        "<!doctype html>\n<html lang=\"ja\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>サインイン｜融資デモ / Yushi demo</title>\n<link rel=\"icon\" href=\"/favicon.svg\" type=\"image/svg+xml\">\n<link rel=\"stylesheet\" href=\"/auth/login.css\">\n</head>\n<body>\n\
         <header><p>融資 <span lang=\"en\">Yushi demo</span></p></header>\n<main>\n\
         <h1>デモ利用者を選んでください <span lang=\"en\">Choose a demo user</span></h1>\n\
         <p>氏名・案件はすべて架空です。ボタンを押すとその利用者としてサインインします。<br>\
         <span lang=\"en\">All names and cases are fictitious. One click signs you in.</span></p>\n\
         <form method=\"post\" action=\"/auth/demo-sign-in\">\n<input type=\"hidden\" name=\"next\" value=\"{}\">\n",
        escaped(next)
    );
    for (place, (bank, clients)) in banks.into_iter().enumerate() {
        let rules = counter.service.rules.of(bank);
        let name = rules.books.get(bank).map_or(bank, |book| book.bank_name.as_str());
        group(&mut page, &format!("{name}（{bank}）"), place == 0, &clients);
    }
    group(&mut page, "提携機関 Partners", true, &partners.unwrap_or_default());
    page.push_str("</form>\n</main>\n</body>\n</html>\n");
    text(StatusCode::OK, "text/html; charset=utf-8", page)
}

/// The people of a bank, each with a button.
fn group(page: &mut String, name: &str, open: bool, clients: &[&Client]) {
    let open = if open { " open" } else { "" };
    let _ = writeln!(page, "<details{open}>\n<summary>{}</summary>\n<ul>", escaped(name));
    for client in clients {
        let (id, role) = (escaped(&client.client_id), client.actor.role);
        // The bank and the role stand beside the name already.
        let person = client.name.split_once('（').map_or(client.name.as_str(), |(person, _)| person);
        let _ = writeln!(
            page,
            "<li><button name=\"user\" value=\"{id}\"><strong>{}</strong> <span>{}</span> <span lang=\"en\">{}</span></button></li>",
            escaped(person),
            role.ja(),
            role.en()
        );
    }
    page.push_str("</ul>\n</details>\n");
}

/// How that page looks.
pub async fn style() -> Response<Body> {
    text(
        StatusCode::OK,
        "text/css; charset=utf-8",
        include_str!("../../assets/portal/sign-in.css").to_owned(),
    )
}

/// `POST /auth/demo-sign-in` with `user` and `next`, as a form or as JSON.
pub async fn sign_in(State(counter): State<Arc<Counter>>, request: Request) -> Response<Body> {
    let (parts, body) = request.into_parts();
    match begin(&counter, &parts.headers, body).await {
        Ok(response) => response,
        Err(problem) => problem.answer(Dress::Json),
    }
}

async fn begin(counter: &Counter, headers: &HeaderMap, body: Body) -> Result<Response<Body>, Problem> {
    if is_foreign(counter, headers) {
        let message = "Sign in from the demo's own page. / デモの画面からサインインしてください。";
        return Err(Problem::new(StatusCode::FORBIDDEN, "FORBIDDEN", message));
    }
    let bytes = read_body(headers, body, 4096, Duration::from_secs(5)).await?;
    let json = headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"));
    let fields: BTreeMap<String, String> = match json {
        true => serde_json::from_slice(&bytes).unwrap_or_default(),
        false => form_urlencoded::parse(&bytes).into_owned().collect(),
    };
    let next = next_of(&fields)?;
    let unknown = || {
        let message =
            "user: one of /auth/demo-users. / user には /auth/demo-users の id を指定してください。";
        Problem::bad("BAD_REQUEST", message)
    };
    let user = fields.get("user").ok_or_else(unknown)?;
    let listed = counter
        .service
        .demo
        .as_ref()
        .is_some_and(|demo| demo.clients().iter().any(|client| client.client_id == *user));
    let account = counter.service.auth.account(AccountKind::Person, user).await;
    let account = account.map_err(|denied| Problem::denied(&denied))?;
    let account = account.filter(|account| listed && account.actor(None).is_some()).ok_or_else(unknown)?;
    seat(counter, headers, &account, next).await
}

/// Does a browser say that another site sends it?
fn is_foreign(counter: &Counter, headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get(FETCH_SITE) {
        return !matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let ours = |origin: &str| counter.service.origins.iter().any(|ours| ours == origin);
    headers.get(header::ORIGIN).is_some_and(|origin| !origin.to_str().is_ok_and(ours))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
