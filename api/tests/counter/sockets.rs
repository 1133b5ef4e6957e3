//! Subscriptions: the protocol's close codes, and what an event carries.

use crate::house::{CREATE, House, SUBMIT, channel, form, patient, person};
use api::Limits;
use futures::{SinkExt, StreamExt};
use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tests::patience::PATIENCE;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use workflows::machine::{Actor, Role};
use workflows::sample::Sample;

pub type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

pub const CHANGED: &str = "subscription { applicationChanged { version application { id stage } } }";

pub async fn dial(house: &House, protocol: &str, origin: Option<&str>) -> Result<Socket, u16> {
    let mut request = format!("ws://{}/graphql", house.address).into_client_request().expect("request");
    if !protocol.is_empty() {
        request.headers_mut().insert("sec-websocket-protocol", protocol.parse().expect("protocol"));
    }
    if let Some(origin) = origin {
        request.headers_mut().insert("origin", origin.parse().expect("origin"));
    }
    match connect_async(request).await {
        Ok((socket, _)) => Ok(socket),
        Err(tokio_tungstenite::tungstenite::Error::Http(response)) => Err(response.status().as_u16()),
        Err(other) => panic!("{other}"),
    }
}

pub async fn say(socket: &mut Socket, message: Value) {
    socket.send(Message::text(message.to_string())).await.expect("sent");
}

/// Says something, whether or not anybody listens any more.
pub async fn attempt(socket: &mut Socket, message: Value) {
    let _ = socket.send(Message::text(message.to_string())).await;
}

/// What opens with a token, and the moment at which that token expires. The life of a token is real time: one that has not lived to
/// see its socket open is followed by one that lives twice as long.
pub async fn outliving(
    house: &House,
    who: &Actor,
    opened: impl AsyncFn(String) -> Result<Socket, u16>,
) -> (Socket, Instant) {
    let mut life = 2;
    loop {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
        let (issued, begun) = (now.as_secs(), Instant::now());
        let token = house.issuer.token_at(who, life, issued).expect("token");
        match opened(token).await {
            Ok(socket) => return (socket, begun + (Duration::from_secs(issued + life) - now)),
            Err(code) => assert!(code == 4403 && life < PATIENCE.as_secs(), "closed with {code}, {life} s"),
        }
        life *= 2;
    }
}

/// The next message within a time, if there is one.
pub async fn hear_within(socket: &mut Socket, patience: Duration) -> Option<Value> {
    match tokio::time::timeout(patience, socket.next()).await {
        Ok(Some(Ok(Message::Text(text)))) => Some(serde_json::from_str(&text).expect("JSON")),
        Ok(other) => panic!("{other:?}"),
        Err(_) => None,
    }
}

/// The next message, or the code of the close.
pub async fn hear(socket: &mut Socket) -> Result<Value, u16> {
    loop {
        let message = tokio::time::timeout(PATIENCE, socket.next()).await.expect("in time");
        match message {
            Some(Ok(Message::Text(text))) => return Ok(serde_json::from_str(&text).expect("JSON")),
            Some(Ok(Message::Close(Some(frame)))) => return Err(frame.code.into()),
            Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
            other => panic!("{other:?}"),
        }
    }
}

async fn signed_in(house: &House, role: Role) -> Socket {
    let mut socket = dial(house, "graphql-transport-ws", None).await.expect("socket");
    let token = house.token(&person(role, "listener"));
    say(
        &mut socket,
        json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } }),
    )
    .await;
    assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "connection_ack" })));
    socket
}

pub fn subscribe(id: &str, query: &str) -> Value {
    json!({ "type": "subscribe", "id": id, "payload": { "query": query } })
}

/// SEC-W01, SEC-W02.
#[tokio::test]
async fn the_handshake_asks_for_protocol_and_origin() {
    let house = House::open().await;
    assert_eq!(dial(&house, "", None).await.err(), Some(400));
    assert_eq!(dial(&house, "graphql-ws", None).await.err(), Some(400));
    assert_eq!(dial(&house, "graphql-transport-ws", Some("https://evil.example")).await.err(), Some(403));
    assert!(dial(&house, "graphql-transport-ws", Some("https://loans.example.jp")).await.is_ok());
}

/// SEC-W04, SEC-W05, SEC-W06, SEC-W07, SEC-W08, SEC-W09.
#[tokio::test]
async fn every_breach_has_its_close_code() {
    let house = House::open().await;
    let fresh = async || dial(&house, "graphql-transport-ws", None).await.expect("socket");
    let mut socket = fresh().await;
    say(&mut socket, subscribe("1", CHANGED)).await;
    assert_eq!(hear(&mut socket).await, Err(4401));
    for payload in [json!({}), json!({ "authorization": "Bearer nonsense" }), json!({ "token": 1 })] {
        let mut socket = fresh().await;
        say(&mut socket, json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(hear(&mut socket).await, Err(4403), "{payload}");
    }
    for text in [
        "nonsense",
        "[]",
        "{\"type\":\"start\"}",
        "{}",
        "{\"type\":\"subscribe\"}",
        "{\"type\":\"ping\",\"payload\":1}",
        "{\"type\":\"ping\",\"type\":\"ping\"}",
    ] {
        let mut socket = fresh().await;
        socket.send(Message::text(text)).await.expect("sent");
        assert_eq!(hear(&mut socket).await, Err(4400), "{text}");
    }
    let mut socket = fresh().await;
    socket.send(Message::binary(vec![1, 2, 3])).await.expect("sent");
    assert_eq!(hear(&mut socket).await, Err(4400));
    let mut socket = signed_in(&house, Role::BranchClerk).await;
    say(&mut socket, json!({ "type": "connection_init" })).await;
    assert_eq!(hear(&mut socket).await, Err(4429));
    let mut socket = signed_in(&house, Role::BranchClerk).await;
    say(&mut socket, subscribe("1", CHANGED)).await;
    say(&mut socket, subscribe("1", CHANGED)).await;
    assert_eq!(hear(&mut socket).await, Err(4409));
    for size in [300 * 1024, 3 * 1024 * 1024] {
        let mut socket = signed_in(&house, Role::BranchClerk).await;
        let _ = socket.send(Message::text("x".repeat(size))).await;
        assert_eq!(hear(&mut socket).await, Err(1009), "{size}");
    }
}

/// SEC-W03, SEC-W14.
#[tokio::test]
async fn silence_before_the_sign_in_and_an_expired_token_end_the_socket() {
    let hasty = House::with(Limits { init: Duration::from_millis(300), ..patient() }).await;
    let mut socket = dial(&hasty, "graphql-transport-ws", None).await.expect("socket");
    assert_eq!(hear(&mut socket).await, Err(4408));
    let house = House::open().await;
    let opened = async |token: String| {
        let mut socket = dial(&house, "graphql-transport-ws", None).await.expect("socket");
        say(&mut socket, json!({ "type": "connection_init", "payload": { "token": token } })).await;
        hear(&mut socket).await.map(|acknowledged| {
            assert_eq!(acknowledged, json!({ "type": "connection_ack" }));
            socket
        })
    };
    let (mut socket, _) = outliving(&house, &person(Role::BranchClerk, "clerk"), opened).await;
    assert_eq!(hear(&mut socket).await, Err(4403));
}

/// SEC-W10, SEC-W11, SEC-W12.
#[tokio::test]
async fn bad_documents_are_errors_and_the_socket_stays() {
    let house = House::open().await;
    let mut socket = signed_in(&house, Role::BranchClerk).await;
    for (id, query, code) in [
        ("1", "{ nonsense", "GRAPHQL_PARSE_FAILED"),
        ("2", "{ nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("3", "mutation { claimNext { id } }", "GRAPHQL_VALIDATION_FAILED"),
        (
            "4",
            "subscription { a: applicationChanged { version } b: applicationChanged { version } }",
            "GRAPHQL_VALIDATION_FAILED",
        ),
        ("5", "subscription { nonsense }", "GRAPHQL_VALIDATION_FAILED"),
        ("5a", &format!("{{ {} }}", "x: __typename ".repeat(3_000)), "QUERY_TOO_COMPLEX"),
        ("5b", &crate::attacks::doubling(25, 2), "QUERY_TOO_COMPLEX"),
        ("6", "{ a: me { role } ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        say(&mut socket, subscribe(id, query)).await;
        let error = hear(&mut socket).await.expect("message");
        assert_eq!((&error["type"], &error["id"]), (&json!("error"), &json!(id)), "{error}");
        assert_eq!(error["payload"][0]["extensions"]["code"], code, "{error}");
    }
    say(&mut socket, json!({ "type": "ping" })).await;
    assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "pong" })));
    say(&mut socket, subscribe("7", "{ me { role } }")).await;
    assert_eq!(hear(&mut socket).await.expect("next")["payload"]["data"]["me"]["role"], "BRANCH_CLERK");
    assert_eq!(hear(&mut socket).await, Ok(json!({ "type": "complete", "id": "7" })));
    for stream in 0..20 {
        say(&mut socket, subscribe(&format!("s{stream}"), CHANGED)).await;
    }
    say(&mut socket, subscribe("more", CHANGED)).await;
    let error = hear(&mut socket).await.expect("message");
    assert_eq!(error["payload"][0]["extensions"]["code"], "RATE_LIMITED", "{error}");
}

/// SEC-W13.
#[tokio::test]
async fn a_change_reaches_who_may_see_it_and_nobody_else() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let listener = person(Role::Applicant, "listener");
    let mut seeing = signed_in(&house, Role::BranchClerk).await;
    let mut blind = signed_in(&house, Role::Applicant).await;
    say(&mut seeing, subscribe("1", CHANGED)).await;
    say(&mut blind, subscribe("1", CHANGED)).await;
    // A stream begins with what is committed after it: each of them drafts until both have heard of a draft of theirs.
    let mine = async || {
        let drafted = house.data(&listener, CREATE, json!({ "form": form(Sample::Purchase) })).await;
        drafted["createDraft"]["application"]["id"].clone()
    };
    let mut own = vec![];
    for socket in [&mut blind, &mut seeing] {
        loop {
            own.push(mine().await);
            if let Some(event) = hear_within(socket, Duration::from_millis(500)).await {
                assert!(own.contains(&changed(&event)["id"]), "{event}");
                break;
            }
        }
    }
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let seen = loop {
        let event = hear(&mut seeing).await.expect("event");
        assert_eq!(event["type"], "next");
        if changed(&event)["id"] == json!(id) {
            break event;
        }
    };
    assert_eq!(changed(&seen)["stage"], "SUBMITTED", "{seen}");
    // Events keep their order: who has heard of the next one would have heard of that before.
    let last = mine().await;
    loop {
        let event = hear(&mut blind).await.expect("event");
        assert_ne!(changed(&event)["id"], json!(id), "{event}");
        if changed(&event)["id"] == last {
            break;
        }
    }
}

/// The application of an event.
fn changed(event: &Value) -> Value {
    event["payload"]["data"]["applicationChanged"]["application"].clone()
}

/// SEC-W15.
#[tokio::test]
async fn a_reader_that_takes_nothing_is_closed() {
    let limits = Limits { slow: Duration::from_millis(300), cost_per_minute: 1_000_000, ..patient() };
    let house = House::with(limits).await;
    let mut socket = signed_in(&house, Role::BranchClerk).await;
    // Answers of which none is read fill every buffer on the way; then the service gives the socket up.
    let query = format!("{{ me {{ {} }} }}", (0..400).map(|n| format!("role{n}: role ")).collect::<String>());
    let mut sent = 0_u32;
    let gone = loop {
        let message = Message::text(subscribe(&format!("q{sent}"), &query).to_string());
        match tokio::time::timeout(PATIENCE, socket.feed(message)).await {
            Ok(Ok(())) if sent < 20_000 => sent += 1,
            Ok(Ok(())) | Err(_) => break false,
            Ok(Err(_)) => break true,
        }
        if sent.is_multiple_of(20) && socket.flush().await.is_err() {
            break true;
        }
    };
    assert!(gone, "{sent} answers were kept for a reader that takes none");
}
