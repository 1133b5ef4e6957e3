//! The files under deploy/ are what they say: units that systemd accepts, a compose file that parses, a container
//! file that names what exists, roles that hold on a real server, runbooks that name real commands.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use tests::metadata::root;
use tests::postgres::PrivatePostgres;
use yaml_rust2::{Yaml, YamlLoader};

/// The subcommands of the program.
const COMMANDS: &[&str] = &[
    "demo",
    "serve",
    "work",
    "migrate",
    "account",
    "token",
    "import",
    "evaluate",
    "simulate",
    "verify",
    "explain",
    "export",
    "bounce",
    "schema",
    "replay",
    "keys",
    "retention",
];

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Asks systemd about units; the program that they start is replaced by one that this machine has.
fn verify(units: &[(&str, String)]) -> Result<(), String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let paths: Vec<PathBuf> = units
        .iter()
        .map(|(name, text)| {
            let path = folder.path().join(name);
            std::fs::write(&path, text.replace("=/usr/bin/yushi ", "=/bin/true "))
                .expect("a unit is written");
            path
        })
        .collect();
    let output = Command::new("systemd-analyze").args(["verify", "--man=no"]).args(&paths).output();
    let output = output.expect("this test needs systemd-analyze (Debian: apt-get install systemd)");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    // Only what systemd says of these units counts: the machine's own may have faults of their own.
    let own: Vec<&str> =
        said.lines().filter(|line| units.iter().any(|(name, _)| line.contains(name))).collect();
    if output.status.success() && own.is_empty() {
        return Ok(());
    }
    Err(if own.is_empty() { said } else { own.join("\n") })
}

fn units() -> Vec<(&'static str, String)> {
    ["yushi.service", "yushi-work.service"].map(|name| (name, read(&format!("deploy/systemd/{name}")))).into()
}

#[test]
fn systemd_accepts_the_units() {
    let units = units();
    verify(&units).unwrap_or_else(|said| panic!("{said}"));
    for (name, text) in &units {
        let command =
            text.lines().find_map(|l| l.strip_prefix("ExecStart=/usr/bin/yushi ")).expect("ExecStart");
        let subcommand = command.split_whitespace().next().unwrap_or_default();
        assert!(COMMANDS.contains(&subcommand), "{name} starts `yushi {subcommand}`");
    }
}

#[test]
fn systemd_finds_a_seeded_fault() {
    let wrong = [("yushi.service", units()[0].1.replace("ExecStart=/usr", "ExecStart=usr"))];
    assert!(verify(&wrong).is_err());
    let wrong = [("yushi.service", units()[0].1.replace("NoNewPrivileges=yes", "NoNewPrivilege=yes"))];
    assert!(verify(&wrong).is_err());
}

#[test]
fn the_units_are_hardened_alike() {
    for (name, text) in units() {
        for line in [
            "User=yushi",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "ProtectHome=yes",
            "PrivateTmp=yes",
            "PrivateDevices=yes",
            "MemoryDenyWriteExecute=yes",
            "CapabilityBoundingSet=",
            "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
            "SystemCallFilter=@system-service",
        ] {
            assert!(text.lines().any(|l| l == line), "{name}: no line `{line}`");
        }
    }
    let settings = |text: &str| -> BTreeSet<String> {
        let different = ["Description=", "ExecStart=", "#"];
        text.lines().filter(|l| !different.iter().any(|d| l.starts_with(d))).map(str::to_owned).collect()
    };
    let units = units();
    assert_eq!(settings(&units[0].1), settings(&units[1].1));
}

#[test]
fn the_compose_file_parses_and_names_what_exists() {
    let documents = YamlLoader::load_from_str(&read("deploy/compose.yaml")).expect("compose.yaml parses");
    let services = documents[0]["services"].as_hash().expect("services");
    assert!(services.len() >= 4, "service, work, database, mail");
    for (name, service) in services {
        let name = name.as_str().unwrap_or_default();
        // The loader keeps a merge key as a key.
        let merged = &service["<<"];
        let has = |key: &str| !service[key].is_badvalue() || !merged[key].is_badvalue();
        assert!(has("image"), "{name} has no image");
        for needed in service["depends_on"].as_hash().into_iter().flatten() {
            assert!(services.contains_key(needed.0), "{name} depends on {:?}", needed.0);
        }
        for volume in service["volumes"].as_vec().into_iter().chain(merged["volumes"].as_vec()).flatten() {
            let source = volume.as_str().and_then(|v| v.split(':').next()).unwrap_or_default();
            match source.strip_prefix("./") {
                Some(path) => assert!(root().join("deploy").join(path).is_file(), "{name} mounts {source}"),
                None => assert!(!documents[0]["volumes"][source].is_badvalue(), "{name} mounts {source}"),
            }
        }
        if let Some(command) = service["command"].as_vec() {
            let subcommand = command.first().and_then(Yaml::as_str).unwrap_or_default();
            assert!(COMMANDS.contains(&subcommand), "{name} starts `yushi {subcommand}`");
        }
        for port in service["ports"].as_vec().into_iter().flatten() {
            let local = port.as_str().is_some_and(|p| p.starts_with("127.0.0.1:"));
            assert!(local, "{name} is open to the network: {port:?}");
        }
    }
    assert!(YamlLoader::load_from_str("services:\n  a: [1\n  b: {").is_err(), "a broken file is found");
}

/// The sources of a container file that do not exist, and its last user.
fn container(text: &str) -> (Vec<String>, String) {
    let mut missing = Vec::new();
    let mut user = "root".to_owned();
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["FROM", ..] => user = "root".to_owned(),
            ["USER", name] => user = (*name).to_owned(),
            ["COPY" | "ADD", first, ..] if first.starts_with("--from=") => {}
            ["COPY" | "ADD", sources @ .., _] => {
                let absent = sources.iter().filter(|s| !s.starts_with("--") && !root().join(s).exists());
                missing.extend(absent.map(|s| (*s).to_owned()));
            }
            _ => {}
        }
    }
    (missing, user)
}

#[test]
fn the_container_file_names_what_exists_and_is_not_root() {
    let text = read("deploy/Containerfile");
    let (missing, user) = container(&text);
    assert_eq!(missing, Vec::<String>::new());
    assert_eq!(user, "10001:10001");
    let toolchain: toml::Table = read("rust-toolchain.toml").parse().expect("rust-toolchain.toml");
    let channel = toolchain["toolchain"]["channel"].as_str().expect("a channel");
    let release = channel.rsplit_once('.').map_or(channel, |(release, _)| release);
    assert!(text.contains(&format!("FROM rust:{release}-")), "the image builds with Rust {release}");
    let ignored = read(".dockerignore");
    for kept in
        ["workflows", "db", "notifications", "api", "simulate", "tests", "deploy", "Cargo.lock", "portal"]
    {
        assert!(!ignored.lines().any(|l| l.trim_matches('/') == kept), "the build needs {kept}");
    }
    let (missing, user) = container("FROM a\nUSER b\nFROM c\nCOPY no/such/file /x\n");
    assert_eq!(
        (missing.as_slice(), user.as_str()),
        (&["no/such/file".to_owned()][..], "root"),
        "seeded faults"
    );
}

#[test]
fn the_example_configuration_parses_and_explains_each_key() {
    let text = read("deploy/yushi.example.toml");
    let table: toml::Table = text.parse().expect("the example parses");
    for key in ["listen", "public_url", "database_url", "books", "auth", "mail", "log"] {
        assert!(table.contains_key(key), "no key {key}");
    }
    let mail = table["mail"].as_table().expect("a table");
    for key in ["by", "host", "port", "tls", "user", "from"] {
        assert!(mail.contains_key(key), "no key mail.{key}");
    }
    // Every key has its explanation on the line above it, or above the neighbours that it belongs to.
    let mut above = "";
    for line in text.lines().filter(|l| !l.is_empty()) {
        let key = !line.starts_with('#') && !line.starts_with('[') && line.contains(" = ");
        let explained = above.starts_with('#') || line.starts_with("host") || line.starts_with("port");
        assert!(!key || explained, "no explanation above `{line}`");
        above = line;
    }
    let secret = |line: &str| {
        let key = line.split('=').next().unwrap_or_default().trim();
        key.ends_with("password") || key.ends_with("secret")
    };
    assert!(!text.lines().any(secret), "a secret belongs into a file or the environment");
}

#[test]
fn the_roles_hold_and_running_them_again_changes_nothing() {
    let server = PrivatePostgres::start();
    let database = server.fresh_name();
    let roles = read("deploy/postgres/roles.sql");
    let superuser = server.url_to(&database);
    let run = |sql: &str| server.run(&superuser, sql);

    run(&roles);
    run(
        "ALTER ROLE yushi_owner PASSWORD 'o'; ALTER ROLE yushi_service PASSWORD 's'; ALTER ROLE yushi_worker PASSWORD 'w'; ALTER ROLE yushi_read PASSWORD 'r'",
    );
    let owner = server.url_of("yushi_owner", "o", &database);
    let service = server.url_of("yushi_service", "s", &database);
    let reader = server.url_of("yushi_read", "r", &database);

    // What a migration does, after the roles: the new tables get their grants by default.
    server.run(
        &owner,
        "CREATE TABLE application (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, institution text NOT NULL);
         CREATE TABLE entry (application bigint NOT NULL, seq bigserial, PRIMARY KEY (application, seq));
         CREATE TABLE account (id text PRIMARY KEY);
         CREATE TABLE review_memo (id text PRIMARY KEY);
         CREATE TABLE seaql_migrations (version text PRIMARY KEY, applied_at bigint NOT NULL);
         CREATE FUNCTION twice(n bigint) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT n * 2';
         ALTER TABLE application ENABLE ROW LEVEL SECURITY;
         ALTER TABLE application FORCE ROW LEVEL SECURITY;
         CREATE POLICY own ON application
           USING (institution = current_setting('yushi.institution', true));",
    );

    let state = "SELECT string_agg(line, ';' ORDER BY line) FROM (
        SELECT format('%s %s', relname, relacl) AS line FROM pg_class WHERE relnamespace = 'public'::regnamespace
        UNION ALL SELECT format('%s %s %s', defaclrole::regrole, defaclobjtype, defaclacl) FROM pg_default_acl
        UNION ALL SELECT format('%s %s %s', nspname, nspowner, nspacl) FROM pg_namespace WHERE nspname = 'public'
        UNION ALL SELECT format('%s %s', datname, datacl) FROM pg_database WHERE datname = current_database()
        UNION ALL SELECT format('%s %s %s', rolname, rolbypassrls, rolconfig) FROM pg_roles WHERE rolname LIKE 'yushi%'
      ) AS lines";
    run(&roles);
    let second = run(state);
    run(&roles);
    assert_eq!(run(state), second, "running it again changed something");

    let as_2999 = |sql: &str| format!("SET yushi.institution = '2999'; {sql}");
    let (mut allowed, mut refused) = (0, 0);
    for sql in [
        "INSERT INTO application (institution) VALUES ('2999')",
        "UPDATE application SET institution = institution",
        "SELECT count(*) FROM application",
        "INSERT INTO entry (application) VALUES (1)",
        "SELECT twice(21)",
        "INSERT INTO account VALUES ('a')",
        "INSERT INTO review_memo VALUES ('a')",
        "UPDATE account SET id = 'b'",
        "DELETE FROM application",
        "SELECT * FROM seaql_migrations",
    ] {
        server.try_run(&service, &as_2999(sql)).unwrap_or_else(|error| panic!("service: {sql}: {error}"));
        allowed += 1;
    }
    for sql in [
        "CREATE TABLE mine (n int)",
        "CREATE TEMPORARY TABLE mine (n int)",
        "CREATE SCHEMA mine",
        "DROP TABLE application",
        "TRUNCATE application",
        "ALTER TABLE application DISABLE ROW LEVEL SECURITY",
        "DROP POLICY own ON application",
        "UPDATE entry SET seq = 5",
        "DELETE FROM entry",
        "DELETE FROM account",
        "UPDATE review_memo SET id = 'b'",
        "DELETE FROM review_memo",
        "TRUNCATE account",
        "INSERT INTO seaql_migrations VALUES ('x', 0)",
        "INSERT INTO application (institution) VALUES ('2000')",
        "SET ROLE yushi_owner",
        "ALTER ROLE yushi_service BYPASSRLS",
    ] {
        let error = server.try_run(&service, &as_2999(sql)).expect_err(sql);
        let why = ["permission denied", "must be owner", "row-level security", "must be superuser"];
        assert!(why.iter().any(|w| error.contains(w)), "service: {sql}: refused for another reason: {error}");
        refused += 1;
    }
    server.run(&service, &as_2999("INSERT INTO application (institution) VALUES ('2999')"));
    assert_eq!(server.run(&service, "SELECT count(*) FROM application"), "0", "no institution set: no rows");
    assert_eq!(server.run(&owner, "SELECT count(*) FROM application"), "0", "the policy binds the owner too");
    assert_eq!(server.run(&reader, &as_2999("SELECT count(*) FROM application")), "1");
    for sql in [
        "INSERT INTO entry (application) VALUES (9)",
        "UPDATE application SET id = DEFAULT",
        "CREATE TABLE x ()",
    ] {
        server
            .try_run(&reader, &as_2999(&format!("SET default_transaction_read_only = off; {sql}")))
            .expect_err(sql);
        refused += 1;
    }
    run("CREATE ROLE stranger LOGIN PASSWORD 'x'");
    let stranger = server.url_of("stranger", "x", &database);
    server.try_run(&stranger, "SELECT 1").expect_err("a stranger does not connect");
    println!("roles: {allowed} statements allowed, {} refused", refused + 1);
}

#[test]
fn the_runbooks_name_real_commands_and_files() {
    let folder = root().join("deploy/runbooks");
    let mut commands = 0;
    let mut names = BTreeSet::new();
    for entry in std::fs::read_dir(folder).expect("deploy/runbooks").flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(entry.path()).expect("a runbook");
        for line in text.lines() {
            let Some(command) = line.trim().strip_prefix("yushi ") else { continue };
            let subcommand = command.split_whitespace().next().unwrap_or_default();
            assert!(COMMANDS.contains(&subcommand), "{name} names `yushi {subcommand}`");
            commands += 1;
        }
        for part in text.split("](").skip(1) {
            let target = part.split(')').next().unwrap_or_default();
            let target = target.split('#').next().unwrap_or_default();
            if !target.contains("://") {
                let path = Path::new("deploy/runbooks").join(target);
                assert!(root().join(&path).exists(), "{name} points to {}", path.display());
            }
        }
        names.insert(name);
    }
    let all = [
        "start",
        "upgrade",
        "restore",
        "parked-delivery",
        "unknown-payment",
        "verify-finding",
        "keys",
        "retention",
    ];
    for needed in all {
        assert!(names.contains(&format!("{needed}.md")), "no runbook {needed}.md");
    }
    println!("runbooks: {}, commands in them: {commands}", names.len());
    assert!(commands > 5);
}

/// Names of metrics in a text: words that begin with the program's.
fn metrics_in(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_lowercase() || c == '_'));
    words.filter(|word| word.starts_with("yushi_")).map(str::to_owned).collect()
}

/// Names of metrics that the program sets, from the calls that set them.
fn metrics_of_the_program() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut folders = vec![root().join("api/src"), root().join("db/src"), root().join("notifications/src")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder of sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("a source");
            for kind in ["gauge!(", "counter!(", "histogram!("] {
                for call in text.split(kind).skip(1) {
                    let name = call.trim_start().strip_prefix('"').and_then(|rest| rest.split('"').next());
                    names.extend(name.map(str::to_owned));
                }
            }
        }
    }
    names
}

/// What a file under `deploy/monitoring` names and the program does not have.
fn unknown_metrics(text: &str) -> Vec<String> {
    let known = metrics_of_the_program();
    metrics_in(text).into_iter().filter(|name| !known.contains(name)).collect()
}

#[test]
fn alerts_and_dashboards_name_metrics_that_exist() {
    let rules = read("deploy/monitoring/prometheus-rules.yaml");
    let board = read("deploy/monitoring/dashboard.json");
    let parsed = YamlLoader::load_from_str(&rules).expect("YAML");
    let groups = parsed[0]["groups"].as_vec().expect("groups");
    let alerts: Vec<&Yaml> =
        groups.iter().flat_map(|group| group["rules"].as_vec().expect("rules")).collect();
    assert!(alerts.len() >= 8, "{}", alerts.len());
    let mut severities = BTreeSet::new();
    for alert in &alerts {
        let name = alert["alert"].as_str().expect("a name");
        let expr = alert["expr"].as_str().expect("an expression");
        assert!(!metrics_in(expr).is_empty(), "{name} asks for nothing of ours");
        let runbook = alert["annotations"]["runbook"].as_str().expect("a runbook");
        assert!(root().join("deploy").join(runbook).exists(), "{name} points to {runbook}");
        severities.insert(alert["labels"]["severity"].as_str().expect("a severity").to_owned());
    }
    assert_eq!(severities, BTreeSet::from(["page".to_owned(), "ticket".to_owned()]));
    let board: serde_json::Value = serde_json::from_str(&board).expect("JSON");
    assert!(board["panels"].as_array().is_some_and(|panels| panels.len() >= 6));
    assert_eq!(unknown_metrics(&rules), Vec::<String>::new());
    assert_eq!(unknown_metrics(&board.to_string()), Vec::<String>::new());
    // Seeded: a metric that nothing sets is found.
    assert_eq!(unknown_metrics("expr: yushi_incidents_opened > 0"), ["yushi_incidents_opened"]);
    println!("alerts: {}, metrics in them: {}", alerts.len(), metrics_in(&rules).len());
}
