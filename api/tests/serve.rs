//! `serve`, `work` and `migrate` before they start: everything that is missing or unsafe, at once.

use std::path::Path;
use std::process::{Command, Output};

fn yushi(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_yushi"));
    command.args(arguments).current_dir(folder).envs(variables.iter().copied());
    command.output().expect("yushi starts")
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn everything_that_is_missing_is_told_at_once() {
    let folder = tempfile::tempdir().expect("folder");
    let variables = [
        ("YUSHI_AUTH__DEVELOPMENT", "demo-data"),
        ("YUSHI_PUBLIC_URL", "http://loans.bank.example"),
        ("YUSHI_MAIL__BY", "smtp"),
        ("YUSHI_MAIL__TLS", "none"),
        ("YUSHI_MAIL__HOST", "mail.bank.example"),
        ("YUSHI_MAIL__USER", "yushi"),
        ("YUSHI_MAIL__PASSWORD", "hunter2"),
    ];
    let output = yushi(folder.path(), &["serve"], &variables);
    assert_eq!(output.status.code(), Some(2));
    let told = said(&output);
    for key in [
        "database_url",
        "books.parameters",
        "books.posted_rates",
        "vault.key",
        "auth.issuer",
        "auth.jwks",
        "auth.development",
        "public_url",
        "mail.from",
        "mail.tls",
    ] {
        assert!(told.contains(&format!("{key}: ")), "{key} in\n{told}");
    }
    assert!(told.contains("設定に") && !told.contains("hunter2"), "{told}");
}

#[test]
fn sqlite_serves_one_bank_in_production() {
    let folder = tempfile::tempdir().expect("folder");
    let sample = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name);
    let (parameters, rates) = (sample("parameters.json"), sample("posted-rates.json"));
    let common = [
        ("YUSHI_DATABASE_URL", "sqlite://bank.sqlite"),
        ("YUSHI_BOOKS__PARAMETERS", parameters.to_str().expect("path")),
        ("YUSHI_BOOKS__POSTED_RATES", rates.to_str().expect("path")),
        ("YUSHI_VAULT__KEY", "vault.key"),
    ];
    let keyless = yushi(folder.path(), &["work"], &common);
    assert_eq!(keyless.status.code(), Some(2));
    assert!(said(&keyless).contains("vault.key"), "{}", said(&keyless));
    assert!(yushi(folder.path(), &["keys", "new", "vault.key"], &[]).status.success());
    // A key is never written over.
    assert_eq!(yushi(folder.path(), &["keys", "new", "vault.key"], &[]).status.code(), Some(2));
    assert!(yushi(folder.path(), &["keys", "new", "vault.key", "--keep"], &[]).status.success());
    let many = yushi(folder.path(), &["work"], &common);
    assert_eq!(many.status.code(), Some(2));
    assert!(said(&many).contains("SQLite serves one bank"), "{}", said(&many));

    let one = [&common[..], &[("YUSHI_INSTITUTIONS", "2963")]].concat();
    let unmigrated = yushi(folder.path(), &["work"], &one);
    assert_eq!(unmigrated.status.code(), Some(2));
    assert!(said(&unmigrated).contains("yushi migrate"), "{}", said(&unmigrated));
    assert!(yushi(folder.path(), &["migrate"], &one).status.success());
    let verified = yushi(folder.path(), &["verify", "--database-url", "sqlite://bank.sqlite"], &one);
    assert!(verified.status.success(), "{}", said(&verified));
    // Without a flag the environment names the database, as it does for `serve`.
    for arguments in [&["verify"][..], &["export", "--format", "csv", "--output", "history.csv"]] {
        let read = yushi(folder.path(), arguments, &one);
        assert!(read.status.success(), "{arguments:?}: {}", said(&read));
        let nowhere = yushi(folder.path(), arguments, &[]);
        assert_eq!(nowhere.status.code(), Some(2), "{arguments:?}");
        assert!(said(&nowhere).contains("YUSHI_DATABASE_URL"), "{}", said(&nowhere));
        // A folder that is named goes before the environment.
        let demo = yushi(folder.path(), &[arguments, &["--data", "."]].concat(), &one);
        assert!(said(&demo).contains("yushi demo"), "{arguments:?}: {}", said(&demo));
    }

    let unknown = [&common[..], &[("YUSHI_INSTITUTIONS", "2963,0001")]].concat();
    assert!(said(&yushi(folder.path(), &["work"], &unknown)).contains("no product book of the bank 0001"));
}

#[tokio::test]
async fn a_file_that_holds_another_bank_is_refused() {
    let folder = tempfile::tempdir().expect("folder");
    let sample = |name: &str| Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data").join(name);
    let (parameters, rates) = (sample("parameters.json"), sample("posted-rates.json"));
    let serving = |bank: &'static str| {
        [
            ("YUSHI_DATABASE_URL", "sqlite://bank.sqlite"),
            ("YUSHI_BOOKS__PARAMETERS", parameters.to_str().expect("path")),
            ("YUSHI_BOOKS__POSTED_RATES", rates.to_str().expect("path")),
            ("YUSHI_INSTITUTIONS", bank),
            ("YUSHI_VAULT__KEY", "vault.key"),
        ]
    };
    assert!(yushi(folder.path(), &["keys", "new", "vault.key"], &[]).status.success());
    assert!(yushi(folder.path(), &["migrate"], &serving("2963")).status.success());
    let url = format!("sqlite://{}", folder.path().join("bank.sqlite").display());
    let rules = std::sync::Arc::new(workflows::sample::rulebook().expect("rules"));
    let store = db::Store::open(&url, db::StoreOptions::new(rules)).await.expect("store");
    assert!(store.institutions().await.expect("asked").is_empty());
    let form = workflows::sample::Sample::Purchase.form().expect("form");
    let clerk = workflows::machine::Actor {
        subject: "clerk".to_owned(),
        role: workflows::machine::Role::BranchClerk,
        institution: form.institution.bank_code.clone(),
        branches: vec![],
        organisation: None,
        on_behalf_of: None,
    };
    let now = form.received_at.with_timezone(&chrono::Utc);
    let command = workflows::machine::Command::CreateDraft { form };
    let target = db::Target::New { id: "0198c0de-0000-7000-8000-00000000cafe" };
    let request =
        db::Request { actor: &clerk, now, target, command: &command, expected_version: None, key: None };
    assert!(matches!(store.execute(request).await.expect("executed"), db::Answer::Done(_)));
    assert_eq!(store.institutions().await.expect("asked"), ["2963"]);
    drop(store);
    for command in ["work", "serve"] {
        let refused = yushi(folder.path(), &[command], &serving("2965"));
        assert_eq!(refused.status.code(), Some(2), "{}", said(&refused));
        if command == "work" {
            let told = said(&refused);
            assert!(told.contains("another bank (2963)") && told.contains("他の金庫（2963）"), "{told}");
        }
    }
}

#[test]
fn the_first_accounts_of_an_installation_are_added_once() {
    let folder = tempfile::tempdir().expect("folder");
    let url = ["--database-url", "sqlite://bank.sqlite"];
    let add = |more: &[&str]| yushi(folder.path(), &[&["account", "add"], &url[..], more].concat(), &[]);
    let issuer = ["--issuer", "https://login.bank.example"];
    let admin = |name: &'static str| {
        let who = ["--subject", name, "--role", "USER_ADMIN", "--institution", "2963", "--name", "管理 一郎"];
        [&issuer[..], &who[..]].concat()
    };
    assert!(said(&add(&admin("admin-1"))).contains("yushi migrate"));
    assert!(yushi(folder.path(), &["migrate", url[0], url[1]], &[]).status.success());
    for name in ["admin-1", "admin-2"] {
        let output = add(&admin(name));
        assert!(output.status.success(), "{}", said(&output));
    }
    let again = add(&admin("admin-1"));
    assert_eq!(again.status.code(), Some(1), "who is there stays as he is");
    assert!(said(&again).contains("すでに登録") && said(&again).contains("has an account already"));
    let wrong = [
        (&["--subject", "x", "--role", "SYSTEM"][..], "roles (E.2)"),
        (&["--subject", "x", "--role", "NOBODY"], "no such role"),
        (&["--subject", "x", "--role", "USER_ADMIN"], "institution (E.2)"),
        (&["--subject", "x", "--role", "GUARANTOR"], "organisation (E.2)"),
        (&["--subject", "x", "--role", "USER_ADMIN", "--institution", "2963", "--client"], "kind (E.2)"),
    ];
    for (more, word) in wrong {
        let output = add(&[&issuer[..], more].concat());
        assert_eq!(
            (output.status.code(), said(&output).contains(word)),
            (Some(2), true),
            "{}",
            said(&output)
        );
    }
    let partner = ["--subject", "p", "--role", "GUARANTOR", "--organisation", "GUARANTOR-1", "--client"];
    assert!(add(&[&issuer[..], &partner].concat()).status.success());
    assert!(said(&add(&partner)).contains("auth.issuer"), "without an issuer nobody is vouched for");
}
