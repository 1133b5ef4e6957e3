//! Every operation as every role, made up by schemathesis from the role's part of the schema: answers, and nothing but answers.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use super::bank::{Bank, Database, report, yushi};
use super::soak;

/// They need a code that came by mail, which whoever makes questions up does not have: their stories are in the store's tests.
const BY_MAIL: [&str; 2] = ["Mutation.confirmContact", "Mutation.sendDirectMail"];
const START: &str = "2026-04-01T00:00:00Z";
/// Python with what the driver needs, installed once below `target` by the pinned list.
fn python() -> PathBuf {
    let list = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/requirements.txt");
    let wanted = std::fs::read(&list).expect("the pinned list");
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("fuzz");
    let (python, stamp) = (folder.join("bin/python"), folder.join("installed.txt"));
    if std::fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder), "");
        let mut pip = Command::new(&python);
        run(
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"]).arg(&list),
            "",
        );
        std::fs::write(stamp, wanted).expect("stamp");
    }
    python
}

/// What a program prints when it is given this. Panics where it is absent or fails: `make setup` installs Python.
fn run(command: &mut Command, input: &str) -> String {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), input.as_bytes()).expect("given");
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The roles that can sign in, each with a client of the demo and its part of the schema.
fn roles(bank: &Bank) -> Map<String, Value> {
    let text = std::fs::read_to_string(bank.data().join("clients.json")).expect("clients");
    let clients: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let mut found = Map::new();
    for role in workflows::machine::Role::ALL.iter().filter(|role| !role.is_internal()) {
        let client = clients.iter().find(|client| client["role"] == role.code());
        let client = client.unwrap_or_else(|| panic!("the demo has no client for {role}"));
        let schema = bank.beside(&format!("{}.graphql", role.code()));
        let sdl = run(yushi().args(["schema", "graphql", "--role", role.code()]), "");
        std::fs::write(&schema, sdl).expect("schema");
        let its = json!({ "id": client["client_id"], "secret": client["client_secret"], "schema": schema });
        found.insert(role.code().to_owned(), its);
    }
    found
}

#[test]
fn whatever_a_schema_allows_is_answered() {
    let bank = Bank::open(Database::Sqlite, START);
    // Cases at their ends, and cases that wait at every desk.
    let (clean, _) = report(
        bank.simulate(&["--applications", "12", "--seed", "1605"]).wait_with_output().expect("an end"),
    );
    assert!(clean);
    bank.import(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/applications.jsonl"));
    let (examples, least) = if soak() { (16, 5_000) } else { (3, 300) };
    let ask = json!({
        "url": format!("{}/graphql", bank.url()), "examples": examples, "seed": 1605, "every_role": soak(),
        "roles": roles(&bank),
    });
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fuzz/fuzz.py");
    let text = run(Command::new(python()).arg(driver), &ask.to_string());
    let told: Value = serde_json::from_str(&text).expect("counts");
    println!(
        "fuzz: {} of {} operations reached; {} {}",
        told["reached"], told["operations"], told["counts"], told["codes"]
    );
    let count = |name: &str| told["counts"][name].as_u64().unwrap_or_default();
    assert_eq!(told["failed"], 0, "{:#}", told["failures"]);
    assert!(count("requests") >= least, "{told}");
    assert!(count("with data") * 2 >= count("requests"), "{told}");
    assert_eq!(told["unreached"], json!(BY_MAIL), "never answered with data");
    // Whatever was asked, what is stored is sound.
    bank.verified();
}
