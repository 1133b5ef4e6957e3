//! The rows of HTTP: methods, media types, bodies, headers.

use crate::house::{House, patient, person};
use api::Limits;
use serde_json::json;
use std::time::Duration;
use tests::patience::PATIENCE;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use workflows::machine::Role;

const ME: &str = "{\"query\":\"{ me { role } }\"}";

/// SEC-H15.
#[tokio::test]
async fn only_post_is_served() {
    let house = House::open().await;
    let token = house.token(&person(Role::BranchClerk, "clerk"));
    for method in ["GET", "PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"] {
        let method = reqwest::Method::from_bytes(method.as_bytes()).expect("method");
        let url = format!("{}?query=%7Bme%7Brole%7D%7D", house.url());
        let response =
            house.http.request(method.clone(), url).bearer_auth(&token).send().await.expect("answer");
        assert_eq!(response.status(), 405, "{method}");
        assert_eq!(response.headers()["allow"], "POST", "{method}");
    }
    let clerk = person(Role::BranchClerk, "clerk");
    let answer = house.raw(&clerk, ME, |request| request.header("x-http-method-override", "PUT")).await;
    assert_eq!(answer.status, 405);
}

/// SEC-H03, SEC-H04, SEC-H05, SEC-H06, SEC-H07.
#[tokio::test]
async fn media_types_are_taken_at_their_word() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    for wrong in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=utf-16",
    ] {
        let request =
            house.http.post(house.url()).bearer_auth(house.token(&clerk)).header("content-type", wrong);
        assert_eq!(request.body(ME).send().await.expect("answer").status(), 415, "{wrong}");
    }
    let bare = house.http.post(house.url()).bearer_auth(house.token(&clerk)).body(ME);
    assert_eq!(bare.send().await.expect("answer").status(), 415);
    let zipped = house.raw(&clerk, ME, |request| request.header("content-encoding", "gzip")).await;
    assert_eq!(zipped.status, 415);
    let accept = async |value: &str, body: &str| {
        let request = house.http.post(house.url()).bearer_auth(house.token(&clerk));
        let request = request.header("content-type", "application/json").header("accept", value);
        let response = request.body(body.to_owned()).send().await.expect("answer");
        let kind = response.headers()["content-type"].to_str().expect("text").to_owned();
        (response.status().as_u16(), kind)
    };
    let (graphql, plain) = (
        "application/graphql-response+json; charset=utf-8".to_owned(),
        "application/json; charset=utf-8".to_owned(),
    );
    assert_eq!(accept("text/html", ME).await.0, 406);
    assert_eq!(accept("application/graphql-response+json", ME).await, (200, graphql.clone()));
    assert_eq!(accept("application/json", ME).await, (200, plain.clone()));
    assert_eq!(accept("*/*", ME).await, (200, plain.clone()));
    // A document that is not valid: the status tells in one dress, the body in the other.
    let wrong = "{\"query\":\"{ nothing }\"}";
    assert_eq!(accept("application/graphql-response+json", wrong).await, (400, graphql));
    assert_eq!(accept("application/json", wrong).await, (200, plain));
}

/// SEC-H09.
#[tokio::test]
async fn bodies_are_read_strictly() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let nested = format!(
        "{{\"query\":\"{{ me {{ role }} }}\",\"variables\":{{\"a\":{}{}}}}}",
        "[".repeat(40),
        "]".repeat(40)
    );
    for wrong in [
        "not json",
        "[]",
        "[{\"query\":\"{ me { role } }\"}]",
        "\u{feff}{\"query\":\"{ me { role } }\"}",
        "{\"query\":\"{ me { role } }\",\"query\":\"{ me { role } }\"}",
        "{\"query\":\"{ me { role } }\",\"variables\":{\"a\":\"\\ud800\"}}",
        "{\"query\":1}",
        "{}",
        "{\"query\":\"{ me { role } }\",\"variables\":[]}",
        "{\"query\":\"{ me { role } }\",\"operationName\":1}",
        "{\"query\":\"{ me { role } }\",\"extensions\":\"x\"}",
        "{\"query\":\"{ me { role } }\"} {}",
        nested.as_str(),
    ] {
        let answer = house.raw(&clerk, wrong.to_owned(), |request| request).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_REQUEST"), "{wrong}");
    }
    let answer = house.raw(&clerk, vec![b'{', 0xff, b'}'], |request| request).await;
    assert_eq!(answer.status, 400);
    let missing = json!({ "query": "query($id: ID!) { application(id: $id) { id } }" }).to_string();
    let answer = house.raw(&clerk, missing, |request| request).await;
    assert_eq!(
        (answer.status, answer.code().as_str()),
        (400, "GRAPHQL_VALIDATION_FAILED"),
        "{}",
        answer.text
    );
    let typed =
        json!({ "query": "query($id: ID!) { application(id: $id) { id } }", "variables": { "id": {} } });
    let answer = house.raw(&clerk, typed.to_string(), |request| request).await;
    assert_eq!(answer.status, 400, "{}", answer.text);
    assert!(answer.json().get("data").is_none());
}

/// SEC-H08.
#[tokio::test]
async fn a_large_body_ends_the_connection() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let large = format!("{{\"query\":\"{}\"}}", " ".repeat(300 * 1024));
    let answer = house.raw(&clerk, large, |request| request).await;
    assert_eq!(answer.status, 413);
    // Without a length the reading stops at the limit.
    let mut stream = TcpStream::connect(house.address).await.expect("connected");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n",
        house.token(&clerk)
    );
    stream.write_all(head.as_bytes()).await.expect("head");
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000));
    for _ in 0..40 {
        if stream.write_all(chunk.as_bytes()).await.is_err() {
            break;
        }
    }
    let mut text = vec![];
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("closed");
    assert!(String::from_utf8_lossy(&text).starts_with("HTTP/1.1 413"), "{}", String::from_utf8_lossy(&text));
}

/// SEC-H31.
#[tokio::test]
async fn slow_and_endless_heads_and_bodies_are_ended() {
    // Each time is the only one that can end its connection within the patience of this test.
    let (short, hour) = (Duration::from_millis(400), Duration::from_secs(3600));
    let clerk = person(Role::BranchClerk, "clerk");
    let house = House::with(Limits { head_time: short, body_time: hour, ..patient() }).await;
    let mut stream = TcpStream::connect(house.address).await.expect("connected");
    stream.write_all(b"POST /graphql HTTP/1.1\r\nhost: x\r\nx-slow: ").await.expect("head");
    let mut text = vec![];
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("closed");
    let house = House::with(Limits { head_time: hour, body_time: short, ..patient() }).await;
    let mut stream = TcpStream::connect(house.address).await.expect("connected");
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{",
        house.token(&clerk)
    );
    stream.write_all(head.as_bytes()).await.expect("head");
    let mut text = vec![];
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("closed");
    assert!(String::from_utf8_lossy(&text).starts_with("HTTP/1.1 408"), "{}", String::from_utf8_lossy(&text));
    for head in [format!("x-large: {}", "x".repeat(40_000)), "x-many: 1\r\n".repeat(150)] {
        let mut stream = TcpStream::connect(house.address).await.expect("connected");
        let _ =
            stream.write_all(format!("POST /graphql HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n").as_bytes()).await;
        let mut text = vec![];
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut text)).await.expect("closed");
        assert!(
            String::from_utf8_lossy(&text).starts_with("HTTP/1.1 431"),
            "{}",
            String::from_utf8_lossy(&text)
        );
    }
}

/// SEC-H15, SEC-H29.
#[tokio::test]
async fn every_answer_carries_its_headers() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let good = house.raw(&clerk, ME, |request| request).await;
    let bad = house.raw(&clerk, "nonsense", |request| request).await;
    for answer in [good, bad] {
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"));
        assert!(answer.header("strict-transport-security").is_some());
        assert!(
            answer
                .header("content-security-policy")
                .is_some_and(|policy| policy.contains("frame-ancestors 'none'"))
        );
        assert!(answer.header("server").is_none() && answer.header("access-control-allow-origin").is_none());
    }
    for (path, status) in
        [("healthz", 200), ("readyz", 200), ("metrics", 404), ("graphiql", 404), ("auth/token", 404)]
    {
        let url = format!("http://{}/{path}", house.address);
        assert_eq!(house.http.get(url).send().await.expect("answer").status(), status, "{path}");
    }
}

/// SEC-H26.
#[tokio::test]
async fn an_operation_that_takes_too_long_is_ended() {
    let house = House::with(Limits { execution: Duration::ZERO, ..patient() }).await;
    let clerk = person(Role::BranchClerk, "clerk");
    let answer = house.ask(&clerk, "{ applications(first: 1) { totalCount } }", json!({})).await;
    assert_eq!((answer.status, answer.code().as_str()), (504, "TIMEOUT"), "{}", answer.text);
}
