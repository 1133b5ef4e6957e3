//! Browser sessions: forgery, idleness, the end of everything, and sockets that end with them.

use crate::house::{House, person};
use crate::provider::{Browser, HOME, Page};
use crate::sockets::{CHANGED, Socket, hear, say, subscribe};
use api::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tests::patience::within;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use workflows::machine::Role;

/// The real time, moved on.
#[derive(Default)]
pub struct Moved(Mutex<TimeDelta>);

impl Moved {
    pub fn on(&self, by: TimeDelta) {
        *self.0.lock().expect("lock") += by;
    }
}

impl Clock for Moved {
    fn now(&self) -> DateTime<Utc> {
        Utc::now() + *self.0.lock().expect("lock")
    }
}

/// A browser that is signed in as a demo user, and its token against forgery.
pub async fn seated(house: &House, user: &str) -> (Browser, String) {
    let mut browser = Browser::new(&house.http, &house.at(""));
    let csrf = seat(&mut browser, user).await;
    (browser, csrf)
}

async fn seat(browser: &mut Browser, user: &str) -> String {
    let body = json!({ "user": user, "next": "/" });
    let page =
        browser.send("POST", &format!("{HOME}/auth/demo-sign-in"), |request| request.json(&body)).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/")), "{}", page.text);
    let session = browser.get(&format!("{HOME}/auth/session")).await.json();
    assert_eq!((&session["subject"], &session["demo"]), (&json!(user), &json!(true)), "{session}");
    session["csrfToken"].as_str().expect("token").to_owned()
}

/// Asks GraphQL with a session.
async fn ask(browser: &mut Browser, headers: &[(&str, &str)], query: &Value) -> Page {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let key = format!("key-of-a-session-{:08}", NEXT.fetch_add(1, Ordering::Relaxed));
    let send = |request: reqwest::RequestBuilder| {
        let request = request.header("idempotency-key", key).json(query);
        headers.iter().fold(request, |request, (name, value)| request.header(*name, *value))
    };
    browser.send("POST", &format!("{HOME}/graphql"), send).await
}

fn me() -> Value {
    json!({ "query": "{ me { subject role } }" })
}

async fn status(browser: &mut Browser, csrf: &str) -> u16 {
    ask(browser, &[("origin", HOME), ("x-csrf-token", csrf)], &me()).await.status
}

/// SEC-H16.
#[tokio::test]
async fn a_request_with_a_session_is_from_our_pages_or_refused() {
    let house = House::demo().await;
    let (mut browser, csrf) = seated(&house, "demo-clerk").await;
    let (mut other, foreign) = seated(&house, "demo-clerk").await;
    let own = ("x-csrf-token", csrf.as_str());
    let ours = ("origin", HOME);
    let fine = ask(&mut browser, &[ours, own], &me()).await;
    assert_eq!(fine.json()["data"]["me"]["subject"], "demo-clerk", "{}", fine.text);
    let forged: [&[(&str, &str)]; 9] = [
        &[],
        &[ours],
        &[own],
        &[("origin", "https://evil.example"), own],
        &[("origin", "null"), own],
        &[ours, ("origin", "https://evil.example"), own],
        &[ours, ("x-csrf-token", &foreign)],
        &[ours, ("x-csrf-token", "")],
        &[ours, own, own],
    ];
    for headers in forged {
        let page = ask(&mut browser, headers, &me()).await;
        assert_eq!(page.status, 403, "{headers:?}: {}", page.text);
        assert_eq!(page.json()["errors"][0]["extensions"]["code"], "FORBIDDEN");
    }
    // A token against forgery ends with its session: replayed in the next one it is a foreign one.
    let next = seat(&mut browser, "demo-clerk").await;
    assert_ne!(next, csrf);
    assert_eq!((status(&mut browser, &csrf).await, status(&mut browser, &next).await), (403, 200));
    assert_eq!(status(&mut other, &foreign).await, 200);
}

#[tokio::test]
async fn a_session_ends_on_the_server() {
    let house = House::demo().await;
    let (mut browser, csrf) = seated(&house, "demo-clerk").await;
    let (mut elsewhere, elsewhere_csrf) = seated(&house, "demo-clerk").await;
    let token = house.token(&person(Role::BranchClerk, "demo-clerk"));
    // Signing in again in the same browser ends what it had.
    let mut old = browser.clone();
    let fresh = seat(&mut browser, "demo-clerk").await;
    assert_eq!((status(&mut old, &csrf).await, status(&mut browser, &fresh).await), (401, 200));
    let leave = async |browser: &mut Browser, csrf: &str, query: &str| {
        let url = format!("{HOME}/auth/logout{query}");
        browser.send("POST", &url, |r| r.header("origin", HOME).header("x-csrf-token", csrf)).await.status
    };
    let mut kept = browser.clone();
    assert_eq!(leave(&mut browser, &fresh, "").await, 200);
    assert_eq!((status(&mut kept, &fresh).await, leave(&mut kept, &fresh, "").await), (401, 401));
    assert_eq!(status(&mut elsewhere, &elsewhere_csrf).await, 200, "one session, not all");
    // Everywhere: every session, and every token of before.
    let again = seat(&mut browser, "demo-clerk").await;
    let bearer = async |token: &str| {
        house
            .http
            .post(house.url())
            .bearer_auth(token)
            .json(&me())
            .send()
            .await
            .expect("answer")
            .status()
            .as_u16()
    };
    assert_eq!(bearer(&token).await, 200);
    let old = house.issuer.token_at(
        &person(Role::BranchClerk, "demo-clerk"),
        600,
        jsonwebtoken::get_current_timestamp() - 5,
    );
    assert_eq!(leave(&mut browser, &again, "?everywhere=true").await, 200);
    assert_eq!(status(&mut elsewhere, &elsewhere_csrf).await, 401);
    assert_eq!(bearer(&old.expect("token")).await, 401, "a token of before");
    for (name, value) in [("cookie", "yushi-demo=short"), ("cookie", "yushi-demo=x; yushi-demo=y")] {
        let request = house.http.post(house.url()).header(name, value).json(&me());
        assert_eq!(request.send().await.expect("answer").status(), 401);
    }
}

#[tokio::test]
async fn a_session_that_is_not_used_ends_and_so_does_one_that_is() {
    let clock = Arc::new(Moved::default());
    let house = House::demo_by(clock.clone()).await;
    let (mut idle, idle_csrf) = seated(&house, "demo-clerk").await;
    let (mut busy, busy_csrf) = seated(&house, "demo-clerk").await;
    for _ in 0..4 {
        clock.on(TimeDelta::minutes(4));
        assert_eq!(status(&mut busy, &busy_csrf).await, 200);
    }
    // Looking who is signed in is no use.
    assert_eq!(status(&mut idle, &idle_csrf).await, 401, "not used for 16 minutes");
    for _ in 0..58 {
        clock.on(TimeDelta::minutes(10));
        assert_eq!(status(&mut busy, &busy_csrf).await, 200);
    }
    clock.on(TimeDelta::minutes(5));
    assert_eq!(status(&mut busy, &busy_csrf).await, 401, "ten hours are over");
}

#[tokio::test]
async fn a_page_is_told_the_clock_of_sessions_and_the_one_by_which_the_bank_counts_its_days() {
    let house = House::demo().await;
    let (mut browser, _) = seated(&house, "demo-clerk").await;
    house.clock.set("2031-03-31T15:00:00Z".parse().expect("an instant"));
    let session = browser.get(&format!("{HOME}/auth/session")).await.json();
    assert_eq!(session["bankNow"], "2031-03-31T15:00:00Z", "{session}");
    assert_ne!(session["now"], session["bankNow"], "sessions end by their own clock");
}

#[tokio::test]
async fn only_the_demo_signs_its_users_in() {
    let demo = House::demo().await;
    let mut browser = Browser::new(&demo.http, &demo.at(""));
    let users = browser.get(&format!("{HOME}/auth/demo-users")).await.json();
    let clerk =
        users.as_array().expect("users").iter().find(|user| user["id"] == "demo-clerk").expect("clerk");
    assert!(clerk.get("clientSecret").is_none() && clerk["role"] == "BRANCH_CLERK", "{clerk}");
    let page = browser.get(&format!("{HOME}/auth/login?next=/cases")).await;
    assert!(
        page.text.contains("value=\"demo-clerk\"") && page.text.contains("value=\"/cases\""),
        "{}",
        page.text
    );
    let url = format!("{HOME}/auth/demo-sign-in");
    for (name, value) in [("origin", "https://evil.example"), ("sec-fetch-site", "cross-site")] {
        let body = json!({ "user": "demo-clerk" });
        let page = browser.send("POST", &url, |request| request.header(name, value).json(&body)).await;
        assert_eq!(page.status, 403, "{name}");
    }
    for body in
        [json!({ "user": "nobody" }), json!({}), json!({ "user": "demo-clerk", "next": "//evil.example" })]
    {
        assert_eq!(browser.send("POST", &url, |request| request.json(&body)).await.status, 400, "{body}");
    }
    let form = "user=demo-clerk&next=%2Fcases";
    let kind = "application/x-www-form-urlencoded";
    let page = browser.send("POST", &url, |r| r.header("content-type", kind).body(form)).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/cases")));
    let house = House::open().await;
    let mut browser = Browser::new(&house.http, &house.at(""));
    for path in ["auth/demo-users", "auth/login", "auth/users"] {
        assert_eq!(browser.get(&format!("{HOME}/{path}")).await.status, 404, "{path}");
    }
    assert_eq!(browser.send("POST", &url, |request| request.body(form)).await.status, 404);
}

/// A socket with what the browser holds.
pub async fn dial(house: &House, cookies: &str, origin: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("ws://{}/graphql", house.address).into_client_request().expect("request");
    let headers = request.headers_mut();
    headers.insert("sec-websocket-protocol", "graphql-transport-ws".parse().expect("protocol"));
    headers.insert("cookie", cookies.parse().expect("cookies"));
    if let Some(origin) = origin {
        headers.insert("origin", origin.parse().expect("origin"));
    }
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

/// A socket with an open stream.
async fn streaming(house: &House, browser: &Browser) -> Socket {
    let mut socket = dial(house, &browser.cookies(HOME), Some(HOME)).await.expect("socket");
    say(&mut socket, json!({ "type": "connection_init" })).await;
    assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "connection_ack" })));
    say(&mut socket, subscribe("1", CHANGED)).await;
    socket
}

/// Closed with 4403, and how long after.
async fn closed_since(socket: &mut Socket, begun: Instant) -> Duration {
    assert_eq!(hear(socket).await, Err(4403));
    begun.elapsed()
}

/// One administrator proposes, the other approves; when it was approved.
pub async fn carried_out(house: &House, proposal: &Value) -> Instant {
    let (first, second) = (person(Role::UserAdmin, "admin-1"), person(Role::UserAdmin, "admin-2"));
    let query = "mutation($id: ID!, $step: UserAccountStep!, $profile: UserProfileInput) { \
         proposeUserAccountChange(id: $id, step: $step, profile: $profile) { change { id } problems { messageEn } } }";
    let change = house.data(&first, query, proposal.clone()).await["proposeUserAccountChange"].clone();
    assert_eq!(change["problems"], json!([]), "{change}");
    let query = "mutation($id: ID!) { approveUserAccountChange(id: $id) { change { state } problems { messageEn } } }";
    let begun = Instant::now();
    let done = house.data(&second, query, json!({ "id": change["change"]["id"] })).await;
    assert_eq!(done["approveUserAccountChange"]["change"]["state"], "APPROVED", "{done}");
    begun
}

/// Id of the account of a subject.
pub async fn account_of(house: &House, subject: &str) -> String {
    let query = "{ userAccounts(first: 100) { id subject state } }";
    let listed = house.data(&person(Role::UserAdmin, "admin-1"), query, json!({})).await;
    let all = listed["userAccounts"].as_array().expect("accounts");
    let one = all.iter().find(|account| account["subject"] == subject).expect("account");
    one["id"].as_str().expect("id").to_owned()
}

/// SEC-W13, SEC-W14.
#[tokio::test]
async fn a_socket_ends_within_a_second_with_what_it_was_opened_by() {
    let house = House::demo().await;
    let second = Duration::from_secs(1);
    let (mut browser, csrf) = seated(&house, "demo-clerk").await;
    let cookies = browser.cookies(HOME);
    assert_eq!(dial(&house, &cookies, None).await.err(), Some(403), "a browser says where it comes from");
    assert_eq!(dial(&house, &cookies, Some("https://evil.example")).await.err(), Some(403));
    let mut dead = dial(&house, "yushi-demo=gone", Some(HOME)).await.expect("socket");
    say(&mut dead, json!({ "type": "connection_init" })).await;
    assert_eq!(hear(&mut dead).await, Err(4403));

    // Signed out; by another process on the same database as well.
    let mut socket = streaming(&house, &browser).await;
    let url = format!("{HOME}/auth/logout");
    let begun = Instant::now();
    browser.send("POST", &url, |r| r.header("origin", HOME).header("x-csrf-token", &csrf)).await;
    let after = closed_since(&mut socket, begun).await;
    within("signed out", after, second);

    // The role is taken away, from the holder of a session and from that of a token.
    let id = account_of(&house, "demo-clerk").await;
    let (browser, _) = seated(&house, "demo-clerk").await;
    let mut socket = streaming(&house, &browser).await;
    let mut machine = dial(&house, "", None).await.expect("socket");
    let token = house.token(&person(Role::BranchClerk, "demo-clerk"));
    say(&mut machine, json!({ "type": "connection_init", "payload": { "token": token } })).await;
    assert_eq!(hear(&mut machine).await, Ok(json!({ "type": "connection_ack" })));
    let profile = json!({ "name": "窓口 花子", "roles": ["OPERATIONS"] });
    let begun = carried_out(&house, &json!({ "id": id, "step": "CHANGE", "profile": profile })).await;
    for socket in [&mut socket, &mut machine] {
        let after = closed_since(socket, begun).await;
        within("role taken", after, second);
    }
    // The next request is judged by the new role, in the same session.
    let (mut browser, csrf) = (browser, seated(&house, "demo-clerk").await.1);
    let session = browser.get(&format!("{HOME}/auth/session")).await.json();
    assert_eq!(session["role"], "OPERATIONS", "{session}");
    assert_ne!(session["csrfToken"], csrf.as_str());

    // Suspended.
    let mut socket = streaming(&house, &browser).await;
    let begun = carried_out(&house, &json!({ "id": id, "step": "SUSPEND" })).await;
    let after = closed_since(&mut socket, begun).await;
    within("suspended", after, second);
    assert_eq!(browser.get(&format!("{HOME}/auth/session")).await.status, 401);
}

#[tokio::test]
async fn a_socket_ends_within_a_second_when_another_process_suspends() {
    let house = House::demo().await;
    let (browser, _) = seated(&house, "demo-clerk").await;
    let mut socket = streaming(&house, &browser).await;
    let twin = house.twin().await;
    let id = account_of(&twin, "demo-clerk").await;
    let begun = carried_out(&twin, &json!({ "id": id, "step": "END_SESSIONS" })).await;
    let after = closed_since(&mut socket, begun).await;
    within("at another process", after, Duration::from_secs(1));
}
