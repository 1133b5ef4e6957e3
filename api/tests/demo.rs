//! The binary as people use it: demo, token, import, clock, verify, explain, export, crash and restart.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tests::patience::{PATIENCE, within};

const YUSHI: &str = env!("CARGO_BIN_EXE_yushi");

fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/applications.jsonl")
}

/// The first lines of the sample.
fn lines(count: usize) -> Vec<String> {
    let text = std::fs::read_to_string(sample()).expect("sample");
    text.lines().take(count).map(str::to_owned).collect()
}

struct Demo {
    child: Child,
    url: String,
    data: PathBuf,
}

impl Demo {
    fn start(data: &Path, failpoint: Option<&str>) -> Self {
        Self::start_with(data, failpoint, &["--no-partners"])
    }

    fn start_with(data: &Path, failpoint: Option<&str>, more: &[&str]) -> Self {
        let mut command = Command::new(YUSHI);
        command.args(["demo", "--listen", "127.0.0.1:0", "--json", "--data"]).arg(data).args(more);
        command.args(["--clock", "2026-11-20T00:00:00Z"]).stdout(Stdio::piped());
        if let Some(failpoint) = failpoint {
            command.env("YUSHI_FAILPOINT", failpoint);
        }
        let mut child = command.spawn().expect("yushi starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("stdout")).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).expect("JSON");
        Self { child, url: told["url"].as_str().expect("url").to_owned(), data: data.to_owned() }
    }

    fn token(&self, role: &str, institution: Option<&str>) -> String {
        let mut command = Command::new(YUSHI);
        command.args(["token", "--role", role, "--data"]).arg(&self.data);
        command.args(institution.map(|code| ["--institution", code]).into_iter().flatten());
        let output = command.output().expect("yushi starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("UTF-8").trim().to_owned()
    }

    fn import(&self, file: &Path) -> (Output, Value) {
        let token = self.token("IMPORTER", None);
        let output = Command::new(YUSHI)
            .arg("import")
            .arg(file)
            .args(["--api", &self.url, "--token", &token, "--json"])
            .output()
            .expect("yushi starts");
        let report = serde_json::from_slice(&output.stdout).expect("a report");
        (output, report)
    }

    fn verified(&self) -> Value {
        let report = found_sound("verify", &self.data, &["--checkpoints", "--json"]);
        let replayed = found_sound("replay", &self.data, &["--json"]);
        assert_eq!(
            (&replayed["decided"], &replayed["without_input"]),
            (&replayed["equal"], &json!(0)),
            "{replayed}"
        );
        report
    }

    async fn clock(&self, token: &str, body: Value) -> (u16, Value) {
        let url = format!("{}/demo/clock", self.url);
        let reply =
            reqwest::Client::new().post(url).bearer_auth(token).json(&body).send().await.expect("an answer");
        (reply.status().as_u16(), reply.json().await.expect("JSON"))
    }

    /// Ctrl-C, and the exit code.
    fn stop(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-INT", &id]).status().expect("kill").success());
        self.child.wait().expect("an end").code()
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn on_data(command: &str, data: &Path, more: &[&str]) -> Output {
    Command::new(YUSHI).arg(command).args(more).arg("--data").arg(data).output().expect("yushi starts")
}

/// The report of a command that finds nothing.
fn found_sound(command: &str, data: &Path, more: &[&str]) -> Value {
    let output = on_data(command, data, more);
    let (said, told) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{command}: {said} {told}");
    serde_json::from_str(&said).expect("a report")
}

fn counts(report: &Value) -> [u64; 4] {
    ["read", "accepted", "refused", "already"].map(|key| report[key].as_u64().expect("a number"))
}

#[test]
fn an_import_can_be_run_again_and_doubles_nothing() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("mixed.jsonl");
    let mut mixed = lines(4);
    let mut wrong: Value = serde_json::from_str(&mixed[0]).expect("JSON");
    wrong["application_id"] = "WRONG-1".into();
    wrong["received_at"] = "2026-02-30T00:00:00Z".into();
    let mut unsigned: Value = serde_json::from_str(&mixed[1]).expect("JSON");
    unsigned["application_id"] = "WRONG-2".into();
    unsigned["consents"] = json!([]);
    mixed.extend([wrong.to_string(), "{\"oops".to_owned(), unsigned.to_string(), mixed[0].clone()]);
    std::fs::write(&file, mixed.join("\n")).expect("file");

    let demo = Demo::start(&folder.path().join("data"), None);
    let (output, first) = demo.import(&file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(counts(&first), [8, 4, 3, 1], "{first}");
    let places: Vec<(u64, &str)> = first["errors"]
        .as_array()
        .expect("errors")
        .iter()
        .map(|error| (error["line"].as_u64().expect("line"), error["field"].as_str().expect("field")))
        .collect();
    assert!(places.contains(&(5, "received_at")) && places.contains(&(6, "")), "{places:?}");
    assert!(places.iter().any(|(line, _)| *line == 7), "a guard of the submission: {places:?}");
    let applications = demo.verified()["applications"].clone();

    let (_, second) = demo.import(&file);
    assert_eq!(counts(&second), [8, 0, 3, 5], "{second}");
    assert_eq!(second["errors"], first["errors"]);
    assert_eq!(demo.verified()["applications"], applications, "nothing is doubled");
    // The corrected line comes in.
    unsigned = serde_json::from_str(&mixed[1]).expect("JSON");
    unsigned["application_id"] = "WRONG-2".into();
    std::fs::write(&file, unsigned.to_string()).expect("file");
    assert_eq!(counts(&demo.import(&file).1), [1, 1, 0, 0]);
    assert_eq!(demo.stop(), Some(0));
}

#[test]
fn what_was_done_to_the_data_of_a_demo_is_named() {
    let folder = tempfile::tempdir().expect("folder");
    let (file, data) = (folder.path().join("some.jsonl"), folder.path().join("data"));
    std::fs::write(&file, lines(2).join("\n")).expect("file");
    let demo = Demo::start(&data, None);
    let (output, _) = demo.import(&file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // At its end a server seals what is left.
    assert_eq!(demo.stop(), Some(0));
    let report = found_sound("verify", &data, &["--checkpoints", "--json"]);
    let (sealed, unsealed) = (&report["checkpoints"]["leaves"], &report["checkpoints"]["unsealed"]);
    assert!(sealed.as_u64().is_some_and(|rows| rows > 4) && unsealed == 0, "{report}");

    let replayed = found_sound("replay", &data, &["--json"]);
    assert!(replayed["equal"].as_u64().is_some_and(|equal| equal >= 4), "{replayed}");

    let sql = "DELETE FROM audit; UPDATE entry SET hash = 'f00' WHERE version = 2";
    let tampered = tokio::runtime::Runtime::new().expect("runtime").block_on(async {
        let url = format!("sqlite:{}", data.join("yushi.sqlite").display());
        let aside = sea_orm::Database::connect(url).await?;
        sea_orm::ConnectionTrait::execute_unprepared(&aside, sql).await
    });
    assert!(tampered.expect("SQL").rows_affected() > 0);
    let output = on_data("verify", &data, &["--checkpoints", "--json"]);
    assert_eq!(output.status.code(), Some(1));
    let report: Value = serde_json::from_slice(&output.stdout).expect("a report");
    let findings = report["checkpoints"]["findings"].as_array().expect("findings");
    let edited =
        findings.iter().filter(|f| f["table"] == "entry" && f["kind"] == "EDITED" && f["sequence"] == 2);
    assert!(edited.clone().count() == 2, "{report}");
    assert!(
        edited.clone().all(|f| f["number"].as_str().is_some_and(|number| !number.is_empty())),
        "{report}"
    );
}

#[test]
fn what_a_demo_stores_of_people_is_sealed_under_its_own_key() {
    let folder = tempfile::tempdir().expect("folder");
    let (file, data) = (folder.path().join("some.jsonl"), folder.path().join("data"));
    let sent = lines(3);
    std::fs::write(&file, sent.join("\n")).expect("file");
    let demo = Demo::start(&data, None);
    assert!(demo.import(&file).0.status.success());
    assert_eq!(demo.stop(), Some(0));
    let stored: Vec<u8> = ["yushi.sqlite", "yushi.sqlite-wal"]
        .iter()
        .flat_map(|name| std::fs::read(data.join(name)).unwrap_or_default())
        .collect();
    let holds = |text: &str| stored.windows(text.len()).any(|window| window == text.as_bytes());
    let mut looked_for = 0;
    for line in &sent {
        let form: Value = serde_json::from_str(line).expect("JSON");
        // The search can fail: the name stands in the row, for the lists.
        assert!(holds(form["parties"][0]["name_kanji"].as_str().expect("a name")));
        for secret in [&form["parties"][0]["phone"], &form["parties"][0]["address"]["text"]] {
            let secret = secret.as_str().expect("a text");
            assert!(!holds(secret), "{secret} is stored in clear");
            looked_for += 1;
        }
        let account = form["disbursement_account"]["number"].as_str().expect("a number");
        assert!(!holds(&format!("\"number\":\"{account}\"")), "the account is stored in clear");
    }
    assert_eq!(looked_for, 6);
    let status = found_sound("keys", &data, &["status", "--json"]);
    assert_eq!((&status["keys"][0]["data_keys"], &status["keys"][0]["active"]), (&json!(3), &json!(true)));
    let key = data.join("vault.key");
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::PermissionsExt::mode(&key.metadata().expect("a key").permissions());
        assert_eq!(mode & 0o777, 0o600);
    }
    let kept = on_data("retention", &data, &["--dry-run"]);
    assert!(kept.status.success() && String::from_utf8_lossy(&kept.stdout).contains("cases that are over"));
    // Without its key a demo says so, and shows nothing.
    std::fs::rename(&key, data.join("away.key")).expect("moved");
    let blind = on_data("verify", &data, &[]);
    assert_eq!(blind.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&blind.stderr).contains("vault.key"), "{blind:?}");
}

#[tokio::test]
async fn the_clock_only_moves_forward_and_is_kept() {
    let folder = tempfile::tempdir().expect("folder");
    let demo = Demo::start(folder.path(), None);
    let token = demo.token("BRANCH_CLERK", Some("2963"));
    assert_eq!(demo.clock("nonsense", json!({ "advance_seconds": 1 })).await.0, 401);
    let (status, shown) = demo.clock(&token, json!({ "to": "2026-12-01T00:00:00Z" })).await;
    assert_eq!((status, shown["now"].as_str()), (200, Some("2026-12-01T00:00:00Z")));
    let (status, shown) = demo.clock(&token, json!({ "advance_seconds": 86_400 })).await;
    assert!(status == 200 && shown["now"].as_str().expect("now").starts_with("2026-12-02"), "{shown}");
    assert_eq!(demo.clock(&token, json!({ "to": "2026-11-30T00:00:00Z" })).await.0, 409);
    for wrong in [json!({}), json!({ "advance_seconds": -1 }), json!({ "to": "soon" }), json!([])] {
        assert_eq!(demo.clock(&token, wrong).await.0, 400);
    }
    assert_eq!(demo.stop(), Some(0));
    // A second start asks for an earlier instant and goes on where the first one stood.
    let demo = Demo::start(folder.path(), None);
    let (_, shown) = demo.clock(&token, json!({ "advance_seconds": 0 })).await;
    assert!(shown["now"].as_str().expect("now") >= "2026-12-02", "{shown}");
}

#[test]
fn a_second_start_is_quick_and_goes_on_with_the_same_data() {
    let folder = tempfile::tempdir().expect("folder");
    let data = folder.path().join("data");
    let file = folder.path().join("some.jsonl");
    std::fs::write(&file, lines(3).join("\n")).expect("file");
    let demo = Demo::start(&data, None);
    let other = on_data("demo", &data, &["--listen", "127.0.0.1:0"]);
    assert_eq!(other.status.code(), Some(2), "one demo a folder");
    assert_eq!(counts(&demo.import(&file).1), [3, 3, 0, 0]);
    let clients = std::fs::read_to_string(data.join("clients.json")).expect("clients");
    assert_eq!(demo.stop(), Some(0));

    let begun = Instant::now();
    let demo = Demo::start(&data, None);
    within("the second start of a demo", begun.elapsed(), Duration::from_secs(5));
    assert_eq!(counts(&demo.import(&file).1), [3, 0, 0, 3]);
    assert_eq!(std::fs::read_to_string(data.join("clients.json")).expect("clients"), clients);

    let explained = on_data("explain", &data, &["no-such-number"]);
    assert_eq!(explained.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&explained.stderr).contains("この番号の案件はありません"));
}

#[test]
fn after_a_crash_at_a_commit_the_import_continues_and_the_proof_holds() {
    for failpoint in ["before-commit:6", "after-commit:6", "after-send:4"] {
        let folder = tempfile::tempdir().expect("folder");
        let data = folder.path().join("data");
        let file = folder.path().join("some.jsonl");
        std::fs::write(&file, lines(6).join("\n")).expect("file");
        let mut demo = Demo::start(&data, Some(failpoint));
        let import = {
            let token = demo.token("IMPORTER", None);
            let mut command = Command::new(YUSHI);
            command.arg("import").arg(&file).args(["--api", &demo.url, "--token", &token, "--json"]);
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("yushi starts")
        };
        let begun = Instant::now();
        while demo.child.try_wait().expect("a state").is_none() {
            assert!(begun.elapsed() < PATIENCE, "{failpoint} was never reached");
            std::thread::sleep(Duration::from_millis(50));
        }
        assert!(demo.child.wait().expect("an end").code().is_none(), "{failpoint}: ended by a signal");
        let mut import = import;
        let _ = import.kill();
        let _ = import.wait();
        drop(demo);

        let demo = Demo::start(&data, None);
        let [read, accepted, refused, already] = counts(&demo.import(&file).1);
        assert_eq!((read, accepted + refused + already), (6, 6), "{failpoint}");
        let [_, accepted, _, _] = counts(&demo.import(&file).1);
        assert_eq!(accepted, 0, "{failpoint}: nothing is left");
        demo.verified();
    }
}

#[test]
fn simulated_partners_move_as_many_cases_as_are_wanted() {
    let folder = tempfile::tempdir().expect("folder");
    let demo = Demo::start_with(folder.path(), None, &["--cases", "2"]);
    let begun = Instant::now();
    loop {
        let report = demo.verified();
        if report["applications"] == 2 && report["events"].as_u64() > Some(40) {
            break;
        }
        assert!(begun.elapsed() < 3 * PATIENCE, "{report}");
        std::thread::sleep(Duration::from_millis(500));
    }
    assert_eq!(demo.stop(), Some(0));
}

#[test]
fn the_demo_refuses_what_belongs_to_a_bank() {
    let folder = tempfile::tempdir().expect("folder");
    let start = |listen: &str, variable: (&str, &str)| {
        let mut command = Command::new(YUSHI);
        command.args(["demo", "--listen", listen, "--data"]).arg(folder.path()).env(variable.0, variable.1);
        command.output().expect("yushi starts")
    };
    let production = start("127.0.0.1:0", ("YUSHI_AUTH__ISSUER", "https://login.bank.example"));
    assert_eq!(production.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&production.stderr).contains("the configuration of a bank"));
    assert_eq!(start("0.0.0.0:0", ("X", "y")).status.code(), Some(2));
}
