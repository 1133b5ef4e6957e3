//! A malware scanner that speaks clamd's protocol: what it finds is refused, and while it is away nothing passes.

use super::*;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::{TcpListener, TcpSocket};

/// The file that every scanner finds, in two halves: in one piece it would be found here.
fn eicar() -> String {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!$H+H*"].concat()
}

/// clamd on loopback: the command INSTREAM, and nothing else. `hung`: it takes the bytes and gives no verdict.
async fn clamd(hung: Arc<AtomicBool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("listener");
    let address = listener.local_addr().expect("address");
    tokio::spawn(async move {
        while let Ok((mut line, _)) = listener.accept().await {
            let hung = hung.clone();
            tokio::spawn(async move {
                let mut command = [0; 10];
                line.read_exact(&mut command).await?;
                assert_eq!(&command, b"zINSTREAM\0");
                let mut all = vec![];
                loop {
                    let length = line.read_u32().await? as usize;
                    if length == 0 {
                        break;
                    }
                    let mut chunk = vec![0; length];
                    line.read_exact(&mut chunk).await?;
                    all.extend(chunk);
                }
                if hung.load(Ordering::Relaxed) {
                    return line.write_all(b"INSTREAM size limit exceeded. ERROR\0").await;
                }
                let found = all.windows(68).any(|window| window == eicar().as_bytes());
                let said: &[u8] = if found { b"stream: Eicar-Signature FOUND\0" } else { b"stream: OK\0" };
                line.write_all(said).await
            });
        }
    });
    address
}

async fn watched(address: SocketAddr) -> House {
    let scanner = format!("tcp://{address}").parse().expect("scanner");
    House::storing(Documents { objects: Objects::in_memory(), scanner, rules: DocumentRules::default() })
        .await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn malware_is_refused_and_what_is_clean_says_that_it_was_looked_at() {
    let house = watched(clamd(Arc::default()).await).await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let said = [("applicationId", id.as_str()), ("paper", "SALE_CONTRACT")];
    // Across the border of two pieces, so that it is the stream that is looked at.
    let mut bad = pdf(1_500_000, "bad");
    bad[1_048_550..1_048_550 + 68].copy_from_slice(eicar().as_bytes());
    let refused = house.whole(&clerk, &bad, &said).await;
    assert_eq!((refused.status, refused.code().as_str()), (422, "MALWARE"), "{}", refused.text);
    assert!(!refused.text.contains("Eicar"), "what was found is the desk's to know");
    let clean = house.whole(&clerk, &pdf(1_500_000, "good"), &said).await;
    assert_eq!(clean.status, 204, "{}", clean.text);
    let files = house.files(&clerk, &id).await;
    assert_eq!((files.len(), &files[0]["scanned"]), (1, &json!(true)));
    let states: Vec<Value> =
        house.uploads(&clerk, &id).await.iter().map(|upload| upload["state"].clone()).collect();
    assert_eq!(states, [json!("ATTACHED"), json!("REFUSED")]);
    let audit = "query { auditLines(first: 20, kind: UPLOAD) { edges { node { kind code subject applicationId } } } }";
    let lines = house.ask(&person(Role::Auditor, "auditor"), audit, json!({})).await;
    assert!(lines.text.contains("MALWARE"), "{}", lines.text);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_scanner_is_away_files_wait_and_pass_when_it_is_back() {
    // An address at which nobody listens yet.
    let silent = TcpSocket::new_v4().expect("socket");
    silent.bind("127.0.0.1:0".parse().expect("address")).expect("a port");
    let address = silent.local_addr().expect("address");
    let house = watched(address).await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let said = [("applicationId", id.as_str()), ("paper", "SALE_CONTRACT")];
    let waits = house.whole(&clerk, &pdf(50_000, "waits"), &said).await;
    assert_eq!((waits.status, waits.header("yushi-upload-state")), (204, Some("WAITING")), "{}", waits.text);
    assert_eq!(house.files(&clerk, &id).await, Vec::<Value>::new(), "nothing passes");
    let upload = &house.uploads(&clerk, &id).await[0];
    assert_eq!((&upload["state"], &upload["reason"]), (&json!("WAITING"), &json!("SCANNER_AWAY")));
    assert_eq!(upload["reasonLabel"]["ja"], "ウイルス検査を待っています");
    house.clock.pass(61);
    assert_eq!(desk(&house).round().await.expect("a round"), 0, "still away");
    assert_eq!(house.files(&clerk, &id).await, Vec::<Value>::new());
    // What waits is never forgotten, however long it takes.
    house.clock.pass(90_000);
    let hung = Arc::new(AtomicBool::new(true));
    let back = clamd(hung.clone()).await;
    let again = Desk {
        documents: Arc::new(Documents {
            scanner: format!("tcp://{back}").parse().expect("scanner"),
            ..house.documents.as_ref().clone()
        }),
        ..desk(&house)
    };
    assert_eq!(
        again.round().await.expect("a round"),
        0,
        "a scanner that says neither yes nor no lets nothing pass"
    );
    hung.store(false, Ordering::Relaxed);
    house.clock.pass(61);
    assert_eq!(again.round().await.expect("a round"), 1);
    let files = house.files(&clerk, &id).await;
    assert_eq!((files.len(), &files[0]["scanned"]), (1, &json!(true)));
    assert_eq!(again.round().await.expect("a round"), 0, "once");
    assert_eq!(house.files(&clerk, &id).await.len(), 1);
}
