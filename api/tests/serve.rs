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
    ];
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
