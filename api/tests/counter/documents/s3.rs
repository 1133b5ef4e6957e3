//! The same over an S3-compatible store: another server on loopback speaks the protocol.

use super::*;
use api::documents::objects::S3;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Python with the server, installed once below `target` by the pinned list. Panics where Python is absent: `make setup` installs it.
fn python() -> PathBuf {
    static ONE_AT_A_TIME: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _one = ONE_AT_A_TIME.lock().expect("no panic before");
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/s3/requirements.txt");
    let wanted = std::fs::read(&list).expect("the pinned list");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("s3");
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    if std::fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
        assert!(made.is_ok_and(|status| status.success()), "python3 with venv is needed: make setup");
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        let installed = Command::new(&python).args(pip).arg(&list).status();
        assert!(installed.is_ok_and(|status| status.success()), "{} cannot be installed", list.display());
        std::fs::write(stamp, wanted).expect("stamp");
    }
    python
}

/// A server of S3 on loopback (the Python package `moto[server]`), which ends with the test.
struct Server {
    child: Child,
    endpoint: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    async fn start() -> Server {
        let port = tests::ports::free_port();
        let program = tokio::task::spawn_blocking(python).await.expect("python");
        let child = Command::new(program)
            .args([
                "-c",
                "import sys; from moto.server import main; main(sys.argv[1:])",
                "-H",
                "127.0.0.1",
                "-p",
            ])
            .arg(port.to_string())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("moto");
        let server = Server { child, endpoint: format!("http://127.0.0.1:{port}") };
        let http = reqwest::Client::builder().no_proxy().build().expect("client");
        let until = std::time::Instant::now() + tests::patience::PATIENCE;
        loop {
            // The bucket is made as soon as somebody answers.
            let made = http.put(format!("{}/papers", server.endpoint)).header("content-length", 0);
            match made.header("authorization", SIGNED).send().await {
                Ok(answer) if answer.status().is_success() => return server,
                answer => {
                    assert!(std::time::Instant::now() < until, "no S3 on {}: {answer:?}", server.endpoint)
                }
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }

    fn objects(&self) -> Objects {
        Objects::in_bucket(&S3 {
            bucket: "papers",
            region: "us-east-1",
            endpoint: Some(&self.endpoint),
            key_id: Some("test"),
            secret: Some("test"),
        })
        .expect("objects")
    }
}

const SIGNED: &str =
    "AWS4-HMAC-SHA256 Credential=test/20260401/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_lie_in_a_bucket_as_in_a_folder() {
    let server = Server::start().await;
    let folder = tempfile::tempdir().expect("folder");
    let stores = [server.objects(), Objects::in_folder(&folder.path().join("papers")).expect("folder")];
    for objects in stores {
        assert!(objects.put_new("files/a/b/c/00000", b"one".to_vec()).await.expect("put"));
        assert!(
            !objects.put_new("files/a/b/c/00000", b"two".to_vec()).await.expect("put"),
            "never written over"
        );
        assert_eq!(objects.get("files/a/b/c/00000").await.expect("read"), Some(b"one".to_vec()));
        assert_eq!(objects.get("files/a/b/c/00001").await.expect("read"), None);
        assert_eq!(objects.inside("files/a").await.expect("names"), ["b"]);
        assert_eq!(objects.clear("files/a").await.expect("cleared"), 1);
        assert_eq!(objects.clear("files/a").await.expect("cleared"), 0);

        let (scanner, rules) = (Scanner::None, DocumentRules::default());
        let house = House::storing(Documents { objects: objects.clone(), scanner, rules }).await;
        let (id, clerk) = (submitted(&house).await, clerk());
        let bytes = pdf(2_300_000, "bucket");
        let said = [("applicationId", id.as_str()), ("paper", "SALE_CONTRACT")];
        let opened = house.announce(&clerk, bytes.len(), &said).await;
        let at = opened.header("location").expect("location").to_owned();
        assert_eq!(house.send(&clerk, &at, 0, &bytes[..1_700_000]).await.status, 204);
        let rest = house.send(&clerk, &at, 1_700_000, &bytes[1_700_000..]).await;
        assert_eq!(
            (rest.status, rest.header("yushi-upload-state")),
            (204, Some("ATTACHED")),
            "{}",
            rest.text
        );
        assert_eq!(objects.names("files").await.expect("names").len(), 3, "segments");
        assert_eq!(objects.names("pieces").await.expect("names"), Vec::<String>::new());
        let files = house.files(&clerk, &id).await;
        let url = house.link(&clerk, &id, files[0]["id"].as_str().expect("id")).await;
        let (status, _, body) = house.follow(&clerk, &url).await;
        assert_eq!((status, body == bytes), (200, true));
        let found = api::documents::check::check(&house.store, &house.documents).await.expect("checked");
        assert_eq!((found.files, found.findings), (1, vec![]));
        objects.clear("files").await.expect("cleared");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_is_away_loses_nothing() {
    let away = Objects::in_bucket(&S3 {
        bucket: "papers",
        region: "us-east-1",
        endpoint: Some("http://127.0.0.1:9"),
        key_id: Some("test"),
        secret: Some("test"),
    })
    .expect("objects");
    let (scanner, rules) = (Scanner::None, DocumentRules::default());
    let house = House::storing(Documents { objects: away, scanner, rules }).await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let opened = house.announce(&clerk, 100, &[("applicationId", &id), ("paper", "SALE_CONTRACT")]).await;
    let at = opened.header("location").expect("location").to_owned();
    let refused = house.send(&clerk, &at, 0, &pdf(100, "x")[..50]).await;
    assert_eq!((refused.status, refused.header("retry-after").is_some()), (503, true), "{}", refused.text);
    assert_eq!(house.tus(&clerk, "HEAD", &at, |request| request).await.header("upload-offset"), Some("0"));
}
