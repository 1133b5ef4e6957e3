//! Bad tokens, one by one; keys that rotate, and a source of keys that goes away; tokens bound to a certificate.

use crate::house::{Entry, House, institution};
use crate::sessions::Moved;
use api::auth::{Authenticator, COOL_DOWN, GateSettings, Keeper, KeySource, Outgoing};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{TimeDelta, Utc};
use db::accounts::{account_id, new_account};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::Role;

const ISSUER: &str = "https://login.bank.example";

/// A key of an issuer.
struct Signer {
    key: EncodingKey,
    id: &'static str,
}

impl Signer {
    fn new(id: &'static str, seed: u8) -> Self {
        let head = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
        Signer { key: EncodingKey::from_ed_der(&[&head[..], &[seed; 32]].concat()), id }
    }

    fn public(&self) -> Value {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::EdDSA).expect("key");
        jwk.common.key_id = Some(self.id.to_owned());
        json!(jwk)
    }

    fn sign(&self, claims: &Value) -> String {
        let header = Header { kid: Some(self.id.to_owned()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, claims, &self.key).expect("token")
    }
}

/// Seconds since 1970.
fn now() -> u64 {
    jsonwebtoken::get_current_timestamp()
}

/// Claims that are good, with some of them otherwise; null takes one out.
fn claims(change: Value) -> Value {
    let now = now();
    let mut claims = json!({ "iss": ISSUER, "aud": "yushi", "sub": "clerk-1", "exp": now + 600, "iat": now });
    for (name, value) in change.as_object().expect("object") {
        claims[name] = value.clone();
    }
    claims.as_object_mut().expect("object").retain(|_, value| !value.is_null());
    claims
}

fn accounts() -> Vec<workflows::account::Account> {
    let of = |kind, login: &str, role: Role, organisation: Option<&str>, bank: &str| {
        let organisation = organisation.map(str::to_owned);
        let profile = Profile {
            name: login.to_owned(),
            roles: vec![role],
            branches: vec![],
            organisation,
            lead: false,
        };
        new_account(
            &account_id(),
            ISSUER,
            bank,
            Wanted { kind, login: login.to_owned(), profile },
            Utc::now(),
        )
    };
    let person = AccountKind::Person;
    let mut both = of(person, "both-1", Role::BranchClerk, None, &institution());
    both.profile.roles.push(Role::Operations);
    vec![
        of(person, "clerk-1", Role::BranchClerk, None, &institution()),
        of(AccountKind::Client, "partner-1", Role::Guarantor, Some("GUARANTOR-1"), ""),
        both,
    ]
}

/// A house of a bank: accounts, and an issuer whose tokens say nothing but who it is.
async fn house(keys: &[&Signer], settings: GateSettings) -> House {
    let keys: Vec<Value> = keys.iter().map(|signer| signer.public()).collect();
    let auth = Authenticator::from_jwks(&json!({ "keys": keys }).to_string(), ISSUER, "yushi").expect("keys");
    House::entered(async move |store| {
        store.add_accounts(&accounts(), "test", Utc::now()).await.expect("added");
        Entry { settings, ..Entry::of(auth) }
    })
    .await
}

async fn ask(house: &House, token: &str, headers: &[(&str, &str)]) -> (u16, Value) {
    let request = house.http.post(house.url()).bearer_auth(token);
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let answer = request.json(&json!({ "query": "{ me { subject role } }" })).send().await.expect("answer");
    (answer.status().as_u16(), answer.json().await.unwrap_or_default())
}

#[tokio::test]
async fn a_token_is_good_in_every_respect_or_not_at_all() {
    let signer = Signer::new("k1", 7);
    let house = house(&[&signer], GateSettings::default()).await;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let body = part(&claims(json!({})));
    let good = signer.sign(&claims(json!({})));
    let (head, tail) = good.rsplit_once('.').expect("a signature");
    // The public key as it is published, as bytes and as text: none of them is a secret to sign with.
    let jwk = signer.public();
    let published = jwk["x"].as_str().expect("x").to_owned();
    let bytes = URL_SAFE_NO_PAD.decode(&published).expect("bytes");
    let confused = |secret: &[u8]| {
        let header = Header { kid: Some("k1".to_owned()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, &claims(json!({})), &EncodingKey::from_secret(secret)).expect("token")
    };
    let ours = |change: Value| signer.sign(&claims(change));
    let bad = [
        ("expired", ours(json!({ "exp": now() - 61 }))),
        ("without an end", ours(json!({ "exp": null }))),
        ("not valid yet", ours(json!({ "nbf": now() + 600 }))),
        ("for somebody else", ours(json!({ "aud": "other" }))),
        ("for several others", ours(json!({ "aud": ["other", "another"] }))),
        ("for nobody", ours(json!({ "aud": null }))),
        ("of another issuer", ours(json!({ "iss": "https://evil.example" }))),
        ("of no issuer", ours(json!({ "iss": null }))),
        ("about nobody", ours(json!({ "sub": null }))),
        ("about nobody known", ours(json!({ "sub": "stranger" }))),
        (
            "with a role of its own",
            ours(json!({ "sub": "stranger", "role": "BRANCH_MANAGER", "institution": "2963" })),
        ),
        ("a person that is named like a program", ours(json!({ "sub": "partner-1" }))),
        (
            "a program for a person that has no account",
            ours(json!({ "sub": "stranger", "client_id": "partner-1" })),
        ),
        ("alg none", format!("{}.{body}.", part(&json!({ "alg": "none", "kid": "k1" })))),
        (
            "alg none with a signature",
            format!("{}.{body}.{tail}", part(&json!({ "alg": "none", "kid": "k1" }))),
        ),
        ("alg None", format!("{}.{body}.", part(&json!({ "alg": "None", "kid": "k1" })))),
        ("HS256 under the public key", confused(&bytes)),
        ("HS256 under the text of the public key", confused(published.as_bytes())),
        ("HS256 under the whole key", confused(jwk.to_string().as_bytes())),
        (
            "another algorithm in the header",
            format!("{}.{body}.{tail}", part(&json!({ "alg": "RS256", "kid": "k1" }))),
        ),
        ("unknown key", Signer::new("k2", 8).sign(&claims(json!({})))),
        ("another key under a known name", Signer::new("k1", 8).sign(&claims(json!({})))),
        ("the key in the token", {
            let other = Signer::new("k1", 8);
            let header = Header {
                jwk: Some(serde_json::from_value(other.public()).expect("jwk")),
                ..Header::new(Algorithm::EdDSA)
            };
            jsonwebtoken::encode(&header, &claims(json!({})), &other.key).expect("token")
        }),
        (
            "changed",
            format!(
                "{}.{}.{tail}",
                head.split('.').next().expect("head"),
                part(&claims(json!({ "sub": "both-1" })))
            ),
        ),
        ("without its signature", format!("{head}.")),
        ("two parts", head.to_owned()),
        ("garbage", "a.b.c".to_owned()),
        ("dots", "..".to_owned()),
        ("12 KiB", ours(json!({ "more": "x".repeat(9 * 1024) }))),
    ];
    for (what, token) in &bad {
        let (status, answer) = ask(&house, token, &[]).await;
        assert_eq!(
            (status, &answer["errors"][0]["extensions"]["code"]),
            (401, &json!("UNAUTHENTICATED")),
            "{what}"
        );
    }
    // 16 KiB do not even fit into the head of a request.
    let (status, _) = ask(&house, &ours(json!({ "more": "x".repeat(16 * 1024) })), &[]).await;
    assert_eq!(status, 431);
    // Those at the edge of the skew come first: their time goes on.
    let fine = [
        ("expired within the skew", ours(json!({ "exp": now() - 30 }))),
        ("valid soon", ours(json!({ "nbf": now() + 55 }))),
        ("as it should be", good.clone()),
        ("for several", ours(json!({ "aud": ["other", "yushi"] }))),
        ("a program by its id", ours(json!({ "sub": "partner-1", "client_id": "partner-1" }))),
        ("a program by azp alone", ours(json!({ "sub": null, "azp": "partner-1" }))),
        ("a person through a program", ours(json!({ "azp": "partner-1" }))),
    ];
    for (what, token) in &fine {
        let (status, answer) = ask(&house, token, &[]).await;
        assert_eq!(status, 200, "{what}: {answer}");
    }
    println!("{} bad tokens refused, {} good ones taken", bad.len() + 1, fine.len());
    // Never in the address, whatever else is right.
    for query in ["access_token", "token", "api_key", "ACCESS_TOKEN", "client_secret"] {
        for path in ["graphql", "healthz", "auth/session"] {
            let url = format!("{}?{query}={good}", house.at(path));
            let answer = house.http.post(&url).bearer_auth(&good).body("{}").send().await.expect("answer");
            assert_eq!(answer.status(), 400, "{path}?{query}");
        }
    }
}

#[tokio::test]
async fn somebody_with_several_roles_acts_in_one_of_them() {
    let signer = Signer::new("k1", 7);
    let house = house(&[&signer], GateSettings::default()).await;
    let token = signer.sign(&claims(json!({ "sub": "both-1" })));
    let role = async |headers: &[(&str, &str)]| {
        let (status, answer) = ask(&house, &token, headers).await;
        (status, answer["data"]["me"]["role"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(role(&[]).await, (200, "BRANCH_CLERK".to_owned()));
    assert_eq!(role(&[("yushi-role", "OPERATIONS")]).await, (200, "OPERATIONS".to_owned()));
    for other in ["BRANCH_MANAGER", "SYSTEM", "", "nonsense"] {
        assert_eq!(role(&[("yushi-role", other)]).await.0, 403, "{other}");
    }
}

#[tokio::test]
async fn a_token_bound_to_a_certificate_needs_it() {
    let signer = Signer::new("k1", 7);
    let digest = [9_u8; 32];
    let bound = |value: Value| {
        signer.sign(&claims(json!({ "sub": "partner-1", "client_id": "partner-1", "cnf": value })))
    };
    let token = bound(json!({ "x5t#S256": URL_SAFE_NO_PAD.encode(digest) }));
    let plain = signer.sign(&claims(json!({ "sub": "partner-1", "client_id": "partner-1" })));
    let other = bound(json!({ "jkt": "of a key" }));
    let header = |value: &'static str| [("x-client-cert-sha256", value)];
    let own: &'static str = Box::leak(hex::encode(digest).into_boxed_str());
    let own64: &'static str = Box::leak(URL_SAFE_NO_PAD.encode(digest).into_boxed_str());
    let foreign: &'static str = Box::leak(hex::encode([8_u8; 32]).into_boxed_str());
    let settings = |proxy: &str, required| GateSettings {
        certificate_header: Some("x-client-cert-sha256".parse().expect("header")),
        trusted_proxies: vec![proxy.parse().expect("address")],
        certificates_required: required,
        ..GateSettings::default()
    };
    let behind = house(&[&signer], settings("127.0.0.1", false)).await;
    assert_eq!(ask(&behind, &token, &header(own)).await.0, 200);
    assert_eq!(ask(&behind, &token, &header(own64)).await.0, 200);
    assert_eq!(ask(&behind, &plain, &[]).await.0, 200);
    for headers in [&[][..], &header(foreign), &header(""), &[header(own)[0], header(own)[0]]] {
        assert_eq!(ask(&behind, &token, headers).await.0, 401, "{headers:?}");
    }
    assert_eq!(
        ask(&behind, &other, &header(own)).await.0,
        401,
        "bound to something that nobody here can check"
    );
    // From any other address the header says nothing; where certificates are required, a free token is worth nothing.
    let elsewhere = house(&[&signer], settings("192.0.2.1", false)).await;
    assert_eq!(ask(&elsewhere, &token, &header(own)).await.0, 401);
    let strict = house(&[&signer], settings("127.0.0.1", true)).await;
    assert_eq!((ask(&strict, &plain, &[]).await.0, ask(&strict, &token, &header(own)).await.0), (401, 200));
    assert_eq!(ask(&strict, &signer.sign(&claims(json!({}))), &[]).await.0, 200, "people have none");
}

/// A source of keys that counts who asks.
#[derive(Default)]
struct Source {
    keys: Mutex<Option<String>>,
    asked: AtomicUsize,
}

impl Source {
    fn publish(&self, keys: &[&Signer]) {
        let keys: Vec<Value> = keys.iter().map(|signer| signer.public()).collect();
        *self.keys.lock().expect("lock") = Some(json!({ "keys": keys }).to_string());
    }

    async fn serve(self: &Arc<Self>) -> String {
        let source = self.clone();
        let answer = move || {
            let source = source.clone();
            async move {
                source.asked.fetch_add(1, Ordering::SeqCst);
                let keys = source.keys.lock().expect("lock").clone();
                keys.ok_or(axum::http::StatusCode::INTERNAL_SERVER_ERROR)
            }
        };
        let router = axum::Router::new().route("/keys", axum::routing::get(answer));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = format!("http://{}/keys", listener.local_addr().expect("address"));
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }
}

#[tokio::test]
async fn keys_rotate_and_an_unknown_one_is_looked_for_once() {
    let (old, new) = (Signer::new("old", 1), Signer::new("new", 2));
    let (source, clock) = (Arc::new(Source::default()), Arc::new(Moved::default()));
    let address = source.serve().await;
    let auth = Authenticator::new(ISSUER, "yushi");
    let (outgoing, stale) = (Outgoing::new().expect("client"), TimeDelta::hours(1));
    let keeper = || {
        Arc::new(Keeper::new(
            KeySource::Address(address.clone()),
            auth.clone(),
            outgoing.clone(),
            clock.clone(),
            stale,
        ))
    };
    let first = keeper();
    assert!(first.read().await.is_err(), "nothing is published");
    source.publish(&[&old]);
    // A keeper that never looked: the first token makes it look.
    let kept = keeper();
    let (entry, counted) = (auth.clone(), kept.clone());
    let moved = clock.clone();
    let house = House::entered(async move |store| {
        store.add_accounts(&accounts(), "test", Utc::now()).await.expect("added");
        Entry { keeper: Some(kept), clock: moved, ..Entry::of(entry) }
    })
    .await;
    let before = source.asked.load(Ordering::SeqCst);
    let token = |signer: &Signer| signer.sign(&claims(json!({})));
    let (all, many) = (token(&old), 20);
    let answers = futures::future::join_all((0..many).map(|_| ask(&house, &all, &[]))).await;
    assert!(answers.iter().all(|(status, _)| *status == 200), "{answers:?}");
    assert_eq!(source.asked.load(Ordering::SeqCst) - before, 1, "{many} at once, one look");
    // Whoever invents keys makes nobody look again and again: no more often than the source cools down.
    let started = Instant::now();
    for seed in 10..30 {
        assert_eq!(ask(&house, &token(&Signer::new("invented", seed)), &[]).await.0, 401);
    }
    let most = 1 + started.elapsed().as_millis().div_ceil(COOL_DOWN.as_millis()) as usize;
    let asked = source.asked.load(Ordering::SeqCst) - before;
    assert!(asked <= most, "{asked} looks, {most} at most");
    // The issuer changes its key: the next look, here the one at intervals, takes it, and the old one counts no more.
    source.publish(&[&new]);
    counted.read().await.expect("keys");
    assert_eq!((ask(&house, &token(&new), &[]).await.0, ask(&house, &all, &[]).await.0), (200, 401));
    // The source goes away: what is known counts on; then nobody knows.
    *source.keys.lock().expect("lock") = None;
    assert!(counted.read().await.is_err());
    assert_eq!(ask(&house, &token(&new), &[]).await.0, 200);
    assert_eq!(ask(&house, &token(&Signer::new("unknown", 3)), &[]).await.0, 503, "it may be a new key");
    clock.on(TimeDelta::minutes(61));
    let (status, answer) = ask(&house, &token(&new), &[]).await;
    assert_eq!(
        (status, &answer["errors"][0]["extensions"]["code"]),
        (503, &json!("UNAVAILABLE")),
        "{answer}"
    );
}
