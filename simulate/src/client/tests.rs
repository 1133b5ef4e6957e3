//! The client against a small server that misbehaves on order.

use super::*;
use std::sync::Mutex;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

const SDL: &str = "type Mutation { poke(applicationId: ID!, note: String): Payload! }";
const DONE: &str = r#"{"data":{"poke":{"__typename":"Done","version":4,"rows":["F-15"],
    "application":{"id":"a","number":"n","stage":"DRAFT"}}}}"#;

/// What was asked: path and idempotency key.
type Asked = Arc<Mutex<Vec<(String, Option<String>)>>>;

/// A bank on loopback: serves the token endpoint, and for `/graphql` the given answers in order; `None` drops the connection.
async fn a_bank_answering(answers: Vec<Option<(u16, &'static str)>>) -> (reqwest::Url, Asked) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listen");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    let asked: Asked = Arc::default();
    let seen = asked.clone();
    tokio::spawn(async move {
        let mut answers = answers.into_iter();
        while let Ok((mut socket, _)) = listener.accept().await {
            let mut buffer = vec![0; 16 * 1024];
            let mut read = 0;
            let head = loop {
                let Ok(count) = socket.read(&mut buffer[read..]).await else { break String::new() };
                read += count;
                let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
                let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
                let length = head.to_lowercase().lines().find_map(|l| {
                    l.strip_prefix("content-length:").and_then(|n| n.trim().parse::<usize>().ok())
                });
                if body.len() >= length.unwrap_or(0) || count == 0 {
                    break head.to_owned();
                }
            };
            let path = head.split_whitespace().nth(1).unwrap_or_default().to_owned();
            let key = head.lines().find_map(|l| {
                let (name, value) = l.split_once(':')?;
                name.eq_ignore_ascii_case("idempotency-key").then(|| value.trim().to_owned())
            });
            let answer = if path == "/auth/token" {
                Some((200, r#"{"access_token":"t","token_type":"Bearer","expires_in":60}"#))
            } else {
                answers.next().unwrap_or(Some((200, DONE)))
            };
            seen.lock().expect("asked").push((path, key));
            if let Some((status, body)) = answer {
                let text = format!(
                    "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
                    body.len()
                );
                let _ = socket.write_all(text.as_bytes()).await;
            }
        }
    });
    (url.parse().expect("an address"), asked)
}

fn credential() -> Credential {
    Credential {
        client_id: "c".into(),
        client_secret: "s".into(),
        role: "BRANCH_CLERK".into(),
        institution: "2990".into(),
        branches: vec![],
        organisation: None,
    }
}

fn session(url: &reqwest::Url) -> (Arc<Session>, Arc<Stats>) {
    let stats = Arc::new(Stats::default());
    let line = Line::open(url, 2, false, Sdl::parse(SDL), stats.clone(), None).expect("a line");
    (Session::new(&line, credential()), stats)
}

fn poke() -> Map<String, Value> {
    let mut arguments = Map::new();
    arguments.insert("applicationId".into(), json!("a"));
    arguments
}

#[tokio::test]
async fn a_lost_answer_is_asked_for_again_under_the_same_key() {
    let (url, asked) =
        a_bank_answering(vec![None, Some((503, "{}")), Some((409, "{}")), Some((200, DONE))]).await;
    let (session, stats) = session(&url);
    let answer = session.act("poke", &poke()).await.expect("an answer");
    assert!(answer.is_done(), "{answer:?}");
    let keys: Vec<String> = asked
        .lock()
        .expect("asked")
        .iter()
        .filter(|(p, _)| p == "/graphql")
        .filter_map(|(_, k)| k.clone())
        .collect();
    assert_eq!(keys.len(), 4);
    assert!(keys.iter().all(|key| *key == keys[0] && (16..=255).contains(&key.len())), "{keys:?}");
    assert_eq!(stats.counted().transitions, 1);
    assert_eq!(stats.counted().retries, 3);
}

#[tokio::test]
async fn an_expired_token_is_fetched_anew_once() {
    let (url, asked) = a_bank_answering(vec![Some((401, "{}")), Some((200, DONE))]).await;
    let (session, _) = session(&url);
    assert!(session.act("poke", &poke()).await.expect("an answer").is_done());
    let tokens = asked.lock().expect("asked").iter().filter(|(path, _)| path == "/auth/token").count();
    assert_eq!(tokens, 2);
    let (url, _) = a_bank_answering(vec![Some((401, "{}")), Some((401, "{}"))]).await;
    let (twice, _) = super::tests::session(&url);
    assert!(twice.act("poke", &poke()).await.is_err());
}

#[tokio::test]
async fn refusals_are_answers_and_are_counted() {
    let blocked = r#"{"data":{"poke":{"__typename":"Blocked","unmet":[
        {"code":"G-ELIG","rule":"B-05","subject":"A1"},{"code":"N-X","rule":null,"subject":null}]}}}"#;
    let forbidden = r#"{"data":null,"errors":[{"message":"no","extensions":{"code":"FORBIDDEN"}}]}"#;
    let (url, _) = a_bank_answering(vec![Some((200, blocked)), Some((200, forbidden))]).await;
    let (session, stats) = session(&url);
    let answer = session.act("poke", &poke()).await.expect("an answer");
    let Answer::Blocked(unmet) = answer else { panic!("{answer:?}") };
    assert_eq!(unmet[0].rule.as_deref(), Some("B-05"));
    assert_eq!(session.act("poke", &poke()).await.expect("an answer"), Answer::Forbidden);
    let refusals = stats.counted().refusals;
    assert_eq!(refusals.get("G-ELIG"), Some(&1));
    assert_eq!(refusals.get("FORBIDDEN"), Some(&1));
}

#[tokio::test]
async fn a_repeat_under_one_key_is_sent_and_compared() {
    let (url, asked) = a_bank_answering(vec![]).await;
    let (session, stats) = session(&url);
    assert!(session.act_twice("poke", &poke()).await.expect("an answer").is_done());
    assert_eq!(asked.lock().expect("asked").iter().filter(|(path, _)| path == "/graphql").count(), 2);
    assert_eq!(stats.counted().transitions, 1);
}

#[tokio::test]
async fn nobody_is_asked_beyond_this_machine() {
    let far: reqwest::Url = "http://192.0.2.1/".parse().expect("an address");
    let stats = Arc::new(Stats::default());
    assert!(matches!(
        Line::open(&far, 1, false, Sdl::default(), stats.clone(), None),
        Err(Error::NotLoopback(_))
    ));
    assert!(Line::open(&far, 1, true, Sdl::default(), stats, None).is_ok());
}
