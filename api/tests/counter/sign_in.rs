//! Signing in with a real OpenID provider: the whole code flow, a program's own token, and a provider that goes away.

use crate::house::{Entry, House, institution};
use crate::provider::{Browser, CLIENT, HOME, OpenId, PARTNER, Page};
use crate::sessions::Moved;
use api::auth::{Authenticator, GateSettings, Keeper, KeySource, Outgoing, Provider, ProviderSettings};
use api::config::Secret;
use chrono::{TimeDelta, Utc};
use db::accounts::{account_id, new_account};
use serde_json::{Value, json};
use std::sync::Arc;
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::Role;

const ME: &str = "{ me { subject role organisation } }";

/// A house whose people sign in at this provider, and the clock of its sessions.
async fn house_at(openid: &OpenId) -> (House, Arc<Moved>) {
    let clock = Arc::new(Moved::default());
    let auth = Authenticator::new(&openid.issuer, "yushi");
    let outgoing = Outgoing::new().expect("client");
    let stale = TimeDelta::minutes(10);
    let keeper = Keeper::new(KeySource::Discovery, auth.clone(), outgoing.clone(), clock.clone(), stale);
    let keeper = Arc::new(keeper);
    keeper.read().await.expect("keys");
    let settings = ProviderSettings {
        client_id: CLIENT.0.to_owned(),
        client_secret: Some(Secret::new(CLIENT.1)),
        scopes: vec!["openid".to_owned()],
        callback: format!("{HOME}/auth/callback"),
        home: format!("{HOME}/"),
    };
    let provider = Provider::new(keeper.clone(), outgoing, settings);
    let (issuer, house_clock) = (openid.issuer.clone(), clock.clone());
    let house = House::entered(async move |store| {
        let clerk = Wanted {
            kind: AccountKind::Person,
            login: "clerk-1".to_owned(),
            profile: profile(Role::BranchClerk),
        };
        let clerk = new_account(&account_id(), &issuer, &institution(), clerk, Utc::now());
        store.add_accounts(&[clerk], "test", Utc::now()).await.expect("added");
        let settings = GateSettings::default();
        Entry {
            auth,
            keeper: Some(keeper),
            settings,
            clock: house_clock,
            provider: Some(provider),
            hooks: api::Hooks::default(),
            letters: None,
        }
    })
    .await;
    (house, clock)
}

fn profile(role: Role) -> Profile {
    let organisation = role.is_partner().then(|| format!("{role}-1"));
    Profile {
        name: "窓口 花子".to_owned(), roles: vec![role], branches: vec![], organisation, lead: false
    }
}

/// Asks GraphQL as the portal does.
async fn ask(browser: &mut Browser, csrf: &str) -> Page {
    let url = format!("{HOME}/graphql");
    let send = |request: reqwest::RequestBuilder| {
        let request = request.header("origin", HOME).header("x-csrf-token", csrf);
        request.json(&json!({ "query": ME }))
    };
    browser.send("POST", &url, send).await
}

async fn signed_in(browser: &mut Browser) -> Value {
    let back = browser.through(&format!("{HOME}/auth/login?next=/cases/1"), "clerk-1").await;
    let page = browser.get(&back).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/cases/1")), "{}", page.text);
    browser.get(&format!("{HOME}/auth/session")).await.json()
}

#[tokio::test]
async fn a_person_signs_in_with_a_provider_and_out_again() {
    let openid = OpenId::start().await;
    let (house, _) = house_at(&openid).await;
    let mut browser = Browser::new(&house.http, &house.at(""));
    assert_eq!(browser.get(&format!("{HOME}/auth/session")).await.status, 401);
    for away in ["//evil.example", "https://evil.example/", "/%5Cevil.example", "/auth/logout"] {
        let page = browser.get(&format!("{HOME}/auth/login?next={away}")).await;
        assert_eq!((page.status, page.location), (400, None), "{away}");
    }
    let entrance = browser.clone().get(&format!("{HOME}/auth/login")).await;
    let asked = entrance.location.clone().expect("location");
    for part in [
        "response_type=code",
        "code_challenge_method=S256",
        "code_challenge=",
        "state=",
        "nonce=",
        "scope=openid",
    ] {
        assert!(asked.contains(part), "{part} in {asked}");
    }
    let attributes = "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600";
    assert!(
        entrance.cookies[0].starts_with("__Host-yushi-sign-in=") && entrance.cookies[0].ends_with(attributes)
    );

    let back = browser.through(&format!("{HOME}/auth/login?next=/cases/1"), "clerk-1").await;
    let mut before = browser.clone();
    // What came back is the answer to this attempt alone, of this provider alone.
    let state =
        |url: &str| url.split("state=").nth(1).expect("state").split('&').next().expect("state").to_owned();
    let mut stranger = Browser::new(&house.http, &house.at(""));
    assert_eq!(stranger.get(&back).await.status, 400, "another browser");
    let forged = back.replace(&state(&back), &"A".repeat(43));
    assert_eq!(before.clone().get(&forged).await.status, 400, "another state");
    let iss = back.split("iss=").nth(1).expect("iss").split('&').next().expect("iss").to_owned();
    let mixed = back.replace(&iss, "https%3A%2F%2Fevil.example");
    assert_eq!(before.clone().get(&mixed).await.status, 400, "another issuer");
    assert_eq!(before.clone().get(&back.replace("iss=", "was=")).await.status, 400, "no issuer");

    let page = browser.get(&back).await;
    assert_eq!((page.status, page.location.as_deref()), (303, Some("/cases/1")), "{}", page.text);
    let session = page.cookies.iter().find(|cookie| cookie.starts_with("__Host-yushi=")).expect("a session");
    assert!(session.ends_with("; Path=/; Secure; HttpOnly; SameSite=Lax"), "{session}");
    assert!(page.cookies.iter().any(|cookie| cookie.contains("sign-in=;") && cookie.contains("Max-Age=0")));
    let me = browser.get(&format!("{HOME}/auth/session")).await.json();
    assert_eq!((&me["subject"], &me["role"]), (&json!("clerk-1"), &json!("BRANCH_CLERK")), "{me}");
    assert_eq!(me["demo"], false, "a tour of the demo is offered by the demo alone: {me}");
    let csrf = me["csrfToken"].as_str().expect("token").to_owned();
    let page = ask(&mut browser, &csrf).await;
    assert_eq!(page.json()["data"]["me"]["subject"], "clerk-1", "{}", page.text);
    // The code was used: nobody signs in with it again.
    assert_eq!(before.get(&back).await.status, 403, "a code is used once");

    let mut kept = browser.clone();
    let url = format!("{HOME}/auth/logout");
    let forged = kept.send("POST", &url, |request| request.header("origin", HOME)).await;
    assert_eq!(forged.status, 403, "signing out is asked for by our own pages");
    let page = browser
        .send("POST", &url, |request| request.header("origin", HOME).header("x-csrf-token", &csrf))
        .await;
    assert_eq!((page.status, &page.json()["signedOut"]), (200, &json!(true)));
    let exit = page.json()["provider"].as_str().expect("exit").to_owned();
    assert!(exit.starts_with(&openid.issuer) && exit.contains("client_id=yushi-test"), "{exit}");
    assert!(!browser.cookies(HOME).contains("__Host-yushi="));
    assert_eq!(ask(&mut kept, &csrf).await.status, 401, "the session has ended on the server");
    assert_eq!(kept.get(&format!("{HOME}/auth/session")).await.status, 401);
}

#[tokio::test]
async fn whoever_has_no_account_does_not_come_in() {
    let openid = OpenId::start().await;
    let (house, _) = house_at(&openid).await;
    let mut browser = Browser::new(&house.http, &house.at(""));
    let back = browser.through(&format!("{HOME}/auth/login"), "stranger").await;
    let page = browser.get(&back).await;
    assert_eq!(page.status, 403, "{}", page.text);
    assert!(page.text.contains("アカウント") && !browser.cookies(HOME).contains("__Host-yushi="));
}

/// A token that the provider gives a program for itself.
async fn token_of_partner(house: &House, openid: &OpenId) -> String {
    let request = house.http.post(format!("{}/token", openid.issuer)).basic_auth(PARTNER.0, Some(PARTNER.1));
    let form = request.header("content-type", "application/x-www-form-urlencoded");
    let answer = form.body("grant_type=client_credentials").send().await.expect("answer");
    let granted: Value = answer.json().await.expect("JSON");
    granted["access_token"].as_str().unwrap_or_else(|| panic!("{granted}")).to_owned()
}

async fn ask_with(house: &House, token: &str) -> (u16, Option<String>, Value) {
    let request = house.http.post(house.url()).bearer_auth(token).json(&json!({ "query": ME }));
    let answer = request.send().await.expect("answer");
    let retry = answer.headers().get("retry-after").map(|value| value.to_str().expect("text").to_owned());
    (answer.status().as_u16(), retry, answer.json().await.expect("JSON"))
}

#[tokio::test]
async fn a_program_comes_in_with_its_own_token_also_while_the_provider_is_away() {
    let mut openid = OpenId::start().await;
    let (house, clock) = house_at(&openid).await;
    let token = token_of_partner(&house, &openid).await;
    assert_eq!(ask_with(&house, &token).await.0, 401, "a token without an account");
    let wanted =
        Wanted { kind: AccountKind::Client, login: PARTNER.0.to_owned(), profile: profile(Role::Guarantor) };
    let account = new_account(&account_id(), &openid.issuer, "", wanted, Utc::now());
    house.store.add_accounts(&[account], "test", Utc::now()).await.expect("added");
    house.gate.forget();
    let (status, _, answer) = ask_with(&house, &token).await;
    assert_eq!((status, &answer["data"]["me"]["organisation"]), (200, &json!("GUARANTOR-1")), "{answer}");
    let mut browser = Browser::new(&house.http, &house.at(""));
    let csrf = signed_in(&mut browser).await["csrfToken"].as_str().expect("token").to_owned();

    let mut waiting = browser.clone();
    let back = waiting.through(&format!("{HOME}/auth/login"), "clerk-1").await;
    let unused = token_of_partner(&house, &openid).await;
    openid.stop();
    // The keys that are known count on, for tokens that were never seen as well.
    assert_eq!((ask_with(&house, &token).await.0, ask_with(&house, &unused).await.0), (200, 200));
    let page = waiting.get(&back).await;
    assert_eq!((page.status, page.retry_after.as_deref()), (503, Some("10")), "{}", page.text);
    // After a while nobody knows whether they still do; sessions need no keys.
    clock.on(TimeDelta::minutes(11));
    let (status, retry, answer) = ask_with(&house, &token).await;
    assert_eq!((status, retry.as_deref()), (503, Some("10")), "{answer}");
    assert_eq!(answer["errors"][0]["extensions"]["code"], "UNAVAILABLE");
    assert_eq!(ask(&mut browser, &csrf).await.status, 200);
}
