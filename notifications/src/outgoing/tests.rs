use super::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Answers with the next list at each question; the last one stays.
struct Changing {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Changing {
    fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parsed = |list: &&[&str]| list.iter().map(|ip| ip.parse().expect("address")).collect();
        Arc::new(Changing { answers: answers.iter().map(parsed).collect(), asked: AtomicUsize::new(0) })
    }
}

#[async_trait]
impl Resolve for Changing {
    async fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<IpAddr>> {
        let at = self.asked.fetch_add(1, Ordering::Relaxed).min(self.answers.len() - 1);
        Ok(self.answers[at].clone())
    }
}

/// A listener that answers every request with `answer`; what it was asked is sent to the receiver.
async fn listener(answer: Vec<u8>) -> (SocketAddr, tokio::sync::mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listener");
    let address = listener.local_addr().expect("address");
    let (heard, receiver) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = vec![0; 4096];
            let read = stream.read(&mut request).await.unwrap_or_default();
            let _ = heard.send(String::from_utf8_lossy(&request[..read]).into_owned());
            let _ = stream.write_all(&answer).await;
        }
    });
    (address, receiver)
}

fn opened(address: SocketAddr) -> Outgoing {
    Outgoing::default().opening(address).expect("a loopback address")
}

const OK: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";

/// SEC-O01, SEC-O02.
#[tokio::test]
async fn addresses_are_judged_whichever_way_they_are_written() {
    let public = Outgoing::default().resolving(Changing::new(&[&["8.8.8.8", "2001:4860:4860::8888"]]));
    for good in [
        "https://hooks.bank.example/in",
        "https://hooks.bank.example:8443/",
        "https://8.8.8.8/",
        "https://1.1/x",
    ] {
        // 1.1 is 1.0.0.1.
        assert!(public.pin(good).await.is_ok(), "{good}");
    }
    for wrong in [
        "http://hooks.bank.example/",
        "ftp://hooks.bank.example/",
        "file:///etc/passwd",
        "gopher://hooks.bank.example/",
        "https://user@hooks.bank.example/",
        "https://user:word@hooks.bank.example/",
        "https://",
        "hooks.bank.example",
        "",
        "unix:///run/socket",
        "data:text/plain,x",
        "https://[::1",
        "http://127.0.0.1/",
    ] {
        assert!(matches!(public.pin(wrong).await, Err(Refused::Address(_))), "{wrong}");
    }
    for inside in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.1",
        "017700000001",
        "127.255.255.254",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.1.1",
        "169.254.169.254",
        "0xa9fea9fe",
        "100.64.0.1",
        "100.100.100.200",
        "192.0.0.192",
        "192.0.2.1",
        "198.18.0.1",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "１２７.０.０.１",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:169.254.169.254]",
        "[::ffff:10.0.0.1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a9fe:a9fe]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::]",
        "[2001::1]",
        "[2001:db8::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[100::1]",
        "[3fff::1]",
    ] {
        let judged = public.pin(&format!("https://{inside}/")).await;
        assert!(matches!(judged, Err(Refused::Inside { .. })), "{inside}: {judged:?}");
    }
    for outside in [
        "[2001:4860:4860::8888]",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "[2002:808:808::]",
        "172.15.0.1",
        "172.32.0.1",
    ] {
        assert!(public.pin(&format!("https://{outside}/")).await.is_ok(), "{outside}");
    }
    // One address inside spoils the name, wherever it stands in the answer.
    for answers in [&["8.8.8.8", "10.0.0.1"][..], &["::1"], &["8.8.8.8", "::ffff:192.168.0.1"]] {
        let mixed = Outgoing::default().resolving(Changing::new(&[answers]));
        let judged = mixed.pin("https://hooks.bank.example/").await;
        assert!(matches!(judged, Err(Refused::Inside { .. })), "{answers:?}: {judged:?}");
    }
    let nothing = Outgoing::default().resolving(Changing::new(&[&[]]));
    assert!(matches!(nothing.pin("https://hooks.bank.example/").await, Err(Refused::Unknown(_))));
}

/// SEC-O02: the name answers with a public address first and with the loopback from then on.
#[tokio::test]
async fn a_name_that_changes_its_answer_is_asked_once() {
    let changing = Changing::new(&[&["8.8.8.8"], &["127.0.0.1"]]);
    let outgoing = Outgoing::default().resolving(changing.clone());
    let pinned = outgoing.pin("https://rebinding.example:8443/").await.expect("public");
    assert_eq!(pinned.addresses, ["8.8.8.8:8443".parse().expect("address")]);
    assert_eq!(changing.asked.load(Ordering::Relaxed), 1);
    assert!(matches!(outgoing.pin("https://rebinding.example:8443/").await, Err(Refused::Inside { .. })));
    // The connection goes where the pin says, whatever the machine's resolver would answer.
    let (address, mut heard) = listener(OK.to_vec()).await;
    let url = Url::parse(&format!("http://pinned.invalid:{}/in", address.port())).expect("address");
    let pinned = Pinned { host: "pinned.invalid".to_owned(), url, addresses: vec![address] };
    let request = client(&pinned, PATIENCE).expect("client").get(pinned.url.clone());
    assert_eq!(read(request).await.expect("answer").body, b"ok");
    assert!(heard.recv().await.expect("request").contains("pinned.invalid"));
    assert_eq!(changing.asked.load(Ordering::Relaxed), 2);
}

/// SEC-O01.
#[tokio::test]
async fn the_switch_for_tests_opens_one_listener_exactly() {
    let (address, mut heard) = listener(OK.to_vec()).await;
    let outgoing = opened(address);
    let url = format!("http://{address}/in");
    let answer =
        outgoing.post(&url, &[("content-type", "application/json")], b"{}".to_vec()).await.expect("answer");
    assert_eq!(answer, Answer { status: 200, body: b"ok".to_vec(), cut: false });
    assert!(heard.recv().await.expect("request").starts_with("POST /in"));
    let port = address.port();
    for other in [
        format!("http://127.0.0.2:{port}/"),
        format!("http://localhost:{port}/"),
        format!("http://127.0.0.1:{}/", port ^ 1),
        format!("http://[::1]:{port}/"),
        format!("https://127.0.0.1:{}/", port ^ 1),
    ] {
        assert!(outgoing.get(&other).await.is_err(), "{other}");
    }
    assert!(Outgoing::default().opening("8.8.8.8:80".parse().expect("address")).is_none());
    assert!(Outgoing::default().get(&url).await.is_err());
}

/// SEC-O03.
#[tokio::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let (inner, mut reached) = listener(OK.to_vec()).await;
    let redirect = format!(
        "HTTP/1.1 307 Moved\r\nlocation: http://{inner}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    let (address, _heard) = listener(redirect.into_bytes()).await;
    let answer = opened(address).get(&format!("http://{address}/")).await.expect("answer");
    assert_eq!(answer.status, 307);
    assert!(reached.try_recv().is_err());
}

/// SEC-O03: this test runs itself again with a proxy in its environment.
#[tokio::test]
async fn a_proxy_of_the_environment_is_not_asked() {
    const TARGET: &str = "YUSHI_TEST_TARGET";
    if let Ok(target) = std::env::var(TARGET) {
        let address: SocketAddr = target.parse().expect("address");
        let answer = opened(address).get(&format!("http://{address}/")).await.expect("answer");
        assert_eq!(answer.body, b"ok");
        return;
    }
    let (target, mut reached) = listener(OK.to_vec()).await;
    let (proxy, mut asked) = listener(b"HTTP/1.1 502 Bad\r\ncontent-length: 0\r\n\r\n".to_vec()).await;
    let mut again = tokio::process::Command::new(std::env::current_exe().expect("this test"));
    again
        .args(["--exact", "outgoing::tests::a_proxy_of_the_environment_is_not_asked"])
        .env(TARGET, target.to_string());
    for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        again.env(name, format!("http://{proxy}"));
    }
    again.env_remove("NO_PROXY").env_remove("no_proxy");
    let output = again.output().await.expect("run");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(reached.try_recv().is_ok() && asked.try_recv().is_err());
}

/// SEC-O04.
#[tokio::test]
async fn an_endless_answer_is_cut_and_a_silent_one_given_up() {
    let mut long = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    long.extend(vec![b'x'; 1024 * 1024]);
    let (address, _heard) = listener(long).await;
    let answer = opened(address).get(&format!("http://{address}/")).await.expect("answer");
    assert_eq!((answer.body.len(), answer.cut), (LONGEST, true));
    // Accepts and says nothing; and one that says a byte and stops.
    assert_eq!(PATIENCE, Duration::from_secs(15));
    for start in [&b""[..], b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx"] {
        let silent = TcpListener::bind("127.0.0.1:0").await.expect("listener");
        let address = silent.local_addr().expect("address");
        let held = tokio::spawn(async move {
            let (mut stream, _) = silent.accept().await.expect("connection");
            let _ = stream.write_all(start).await;
            std::future::pending::<()>().await;
        });
        let patience = Duration::from_millis(300);
        let given_up = opened(address).within(patience).get(&format!("http://{address}/")).await;
        assert!(matches!(given_up, Err(Refused::Slow(_) | Refused::Failed(_))), "{given_up:?}");
        held.abort();
    }
}
