//! The configuration: sources, problems, secrets, and the committed reference.

use std::path::Path;

use api::config::{Config, Flags, MailBy, Secret, load, reference};

fn environment(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn flags_overlay_the_environment_and_this_the_file() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("yushi.toml");
    std::fs::write(
        &file,
        "listen = '127.0.0.1:1'\ndatabase_url = 'sqlite://a'\n[mail]\nby = 'smtp'\nport = 26\n",
    )
    .expect("file");
    let flags = Flags {
        config: Some(file),
        listen: Some("127.0.0.1:3".parse().expect("address")),
        database_url: None,
    };
    let variables = environment(&[
        ("YUSHI_LISTEN", "127.0.0.1:2"),
        ("YUSHI_DATABASE_URL", "sqlite://b"),
        ("YUSHI_MAIL__PORT", "27"),
        ("YUSHI_MAIL__PASSWORD", "0123"),
        ("YUSHI_INSTITUTIONS", "2963, 2951"),
        ("YUSHI_FAILPOINT", "before-commit:3"),
        ("PATH", "/bin"),
    ]);
    let config = load(&flags, variables).expect("a configuration");
    assert_eq!(config.listen.port(), 3);
    assert_eq!(config.database_url, Some(Secret::new("sqlite://b")));
    assert_eq!((config.mail.by, config.mail.port), (MailBy::Smtp, Some(27)));
    assert_eq!(config.mail.password, Some(Secret::new("0123")));
    assert_eq!(config.institutions, ["2963", "2951"]);
}

#[test]
fn every_problem_is_reported_with_its_source() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("yushi.toml");
    std::fs::write(
        &file,
        "listen = 'nowhere'\nsurprise = 1\n[mail]\nby = 'pigeon'\nhots = 'x'\n[worker]\nbatch = 0\n",
    )
    .expect("file");
    let variables = environment(&[("YUSHI_LIMITS__COST", "many"), ("YUSHI_MAIL__PROT", "25")]);
    let flags = Flags { config: Some(file), ..Flags::default() };
    let problems = load(&flags, variables).expect_err("problems").0;
    let keys: Vec<&str> = problems.iter().map(|problem| problem.key.as_str()).collect();
    for key in ["listen", "surprise", "mail.by", "mail.hots", "worker.batch", "limits.cost", "mail.prot"] {
        assert!(keys.contains(&key), "{key} in {problems:#?}");
    }
    let of = |key: &str| problems.iter().find(|problem| problem.key == key).expect("a problem");
    assert!(of("listen").source.contains("yushi.toml"));
    assert_eq!(of("limits.cost").source, "environment variable YUSHI_LIMITS__COST");
    assert_eq!(of("worker.batch").accepted, "1 to 1000");
    assert!(of("mail.by").accepted.contains("smtp"));
}

#[test]
fn a_file_that_is_no_toml_is_one_problem() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("yushi.toml");
    std::fs::write(&file, "listen = \n").expect("file");
    let problems = load(&Flags { config: Some(file), ..Flags::default() }, vec![]).expect_err("problems");
    assert_eq!(problems.0.len(), 1);
}

#[test]
fn secrets_do_not_print() {
    let variables = environment(&[
        ("YUSHI_DATABASE_URL", "postgres://u:hunter2@h/d"),
        ("YUSHI_MAIL__PASSWORD", "hunter2"),
    ]);
    let config = load(&Flags::default(), variables).expect("a configuration");
    let json = serde_json::to_string(&config).expect("JSON");
    for text in [format!("{config:?}"), json, reference()] {
        assert!(!text.contains("hunter2"), "{text}");
    }
    // Not in an error either.
    let problems = load(
        &Flags::default(),
        environment(&[("YUSHI_MAIL__PASSWORD__X", "hunter2"), ("YUSHI_LISTEN", "hunter2")]),
    );
    assert!(!problems.expect_err("problems").to_string().contains("hunter2"));
}

#[test]
fn the_example_of_the_deployment_is_a_configuration() {
    let example = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/yushi.example.toml");
    let config = load(&Flags { config: Some(example), ..Flags::default() }, vec![]).expect("a configuration");
    assert_eq!(config.mail.by, MailBy::Smtp);
}

#[test]
fn the_defaults_are_the_configuration_of_nothing() {
    assert_eq!(load(&Flags::default(), vec![]).expect("a configuration"), Config::default());
}

#[test]
fn the_committed_reference_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated/configuration.md");
    let fresh = reference();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &fresh).expect("written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == fresh,
        "stale: run `UPDATE=1 cargo test --workspace`, then commit docs/generated/configuration.md"
    );
}

#[test]
fn the_example_of_the_deployment_loads() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/yushi.example.toml");
    let flags = Flags { config: Some(file), ..Flags::default() };
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data");
    let (parameters, rates) = (data.join("parameters.json"), data.join("posted-rates.json"));
    let variables = environment(&[
        ("YUSHI_DATABASE_URL", "postgres://yushi_service:secret@127.0.0.1:5432/yushi"),
        ("YUSHI_MAIL__PASSWORD", "secret"),
        // The example names the files of an installation, which this machine need not be.
        ("YUSHI_BOOKS__PARAMETERS", parameters.to_str().expect("path")),
        ("YUSHI_BOOKS__POSTED_RATES", rates.to_str().expect("path")),
        ("YUSHI_VAULT__KEY", rates.to_str().expect("path")),
    ]);
    let config = load(&flags, variables).expect("the example is a configuration");
    assert_eq!(config.check_serve(), Ok(()));
    assert_eq!(config.check_work(), Ok(()));
    assert_eq!(config.public_url.as_deref(), Some("https://loans.bank.example"));
    assert_eq!(config.mail.by, MailBy::Smtp);
    // The check would see it: one unknown key, and the example does not load.
    let folder = tempfile::tempdir().expect("folder");
    let broken = folder.path().join("yushi.toml");
    let text = std::fs::read_to_string(flags.config.as_ref().expect("file")).expect("text");
    std::fs::write(&broken, text.replacen("listen =", "listens =", 1)).expect("file");
    let problems = load(&Flags { config: Some(broken), ..Flags::default() }, environment(&[]));
    assert_eq!(problems.expect_err("a problem").0[0].key, "listens");
}

/// Events travel in TLS, and a half sign-in is no sign-in; what was set is not repeated.
#[test]
fn a_stream_in_clear_or_with_half_a_sign_in_is_refused() {
    let of = |variables: &[(&str, &str)]| {
        let config = load(&Flags::default(), environment(variables)).expect("a configuration");
        let problems = config.check_work().expect_err("other keys are missing").0;
        let mine: Vec<_> = problems.into_iter().filter(|found| found.key.starts_with("events.")).collect();
        assert!(mine.iter().all(|found| !format!("{found:?}").contains("hidden")), "{mine:?}");
        mine.into_iter().map(|found| found.key).collect::<Vec<_>>()
    };
    let url = |url| ("YUSHI_EVENTS__NATS__URL", url);
    let (tls, user) = (url("tls://nats.bank.example:4222"), ("YUSHI_EVENTS__NATS__USER", "yushi"));
    let (password, token) =
        (("YUSHI_EVENTS__NATS__PASSWORD", "hidden"), ("YUSHI_EVENTS__NATS__TOKEN", "hidden"));
    assert_eq!(of(&[tls, user, password]), [""; 0]);
    assert_eq!(of(&[url("tls://a:4222,tls://b:4222"), token]), [""; 0]);
    assert_eq!(of(&[url("nats://nats.bank.example:4222")]), ["events.nats.url"]);
    assert_eq!(of(&[url("tls://yushi:hidden@nats.bank.example:4222")]), ["events.nats.url"]);
    assert_eq!(of(&[token]), ["events.nats.url"]);
    assert_eq!(of(&[tls, user]), ["events.nats.password"]);
    assert_eq!(of(&[tls, user, password, token]), ["events.nats.credentials"]);
    assert_eq!(of(&[tls, ("YUSHI_EVENTS__NATS__STREAM", "a.b")]), ["events.nats.stream"]);
    assert_eq!(of(&[tls, ("YUSHI_EVENTS__NATS__SUBJECT", "a >")]), ["events.nats.subject"]);
    let (day, week) =
        (("YUSHI_EVENTS__NATS__KEEP_DAYS", "1"), ("YUSHI_EVENTS__NATS__DEDUPE_MINUTES", "10080"));
    assert_eq!(of(&[tls, day, week]), ["events.nats.dedupe_minutes"]);
    assert_eq!(of(&[tls, day]), [""; 0]);
    assert_eq!(of(&[tls, ("YUSHI_EVENTS__NATS__CREDENTIALS", "/not/there")]), ["events.nats.credentials"]);
}

/// What an earlier version took is refused by the name of the key that says it now, wherever it stands.
#[test]
fn a_key_that_has_moved_names_its_new_place() {
    let folder = tempfile::tempdir().expect("folder");
    let file = folder.path().join("yushi.toml");
    std::fs::write(&file, "[auth]\ntrusted_proxies = ['127.0.0.1']\n").expect("file");
    let of_file = load(&Flags { config: Some(file), ..Flags::default() }, environment(&[]));
    let of_variable =
        load(&Flags::default(), environment(&[("YUSHI_AUTH__TRUSTED_PROXIES", "127.0.0.1, ::1")]));
    for found in [of_file, of_variable] {
        let problems = found.expect_err("a problem").0;
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert_eq!(problems[0].key, "auth.trusted_proxies");
        assert_eq!(problems[0].message, "the key has moved to `trusted_proxies`, which says the same");
        assert_eq!(problems[0].accepted, "`trusted_proxies`, or YUSHI_TRUSTED_PROXIES");
    }
    let wrong = load(&Flags::default(), environment(&[("YUSHI_TRUSTED_PROXIES", "proxy.example")]));
    assert!(wrong.expect_err("a problem").0[0].key.starts_with("trusted_proxies"));
}

/// Keys of the problems that `serve` finds with these variables beside a configuration that is whole.
fn refused(more: &[(&str, &str)]) -> Vec<String> {
    let data = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data");
    let (parameters, rates) = (data.join("parameters.json"), data.join("posted-rates.json"));
    let whole = [
        ("YUSHI_DATABASE_URL", "sqlite://x"),
        ("YUSHI_BOOKS__PARAMETERS", parameters.to_str().expect("path")),
        ("YUSHI_BOOKS__POSTED_RATES", rates.to_str().expect("path")),
        ("YUSHI_VAULT__KEY", rates.to_str().expect("path")),
        ("YUSHI_PUBLIC_URL", "https://loans.bank.example"),
        ("YUSHI_AUTH__ISSUER", "https://login.bank.example"),
    ];
    let config = load(&Flags::default(), environment(&[&whole[..], more].concat())).expect("a configuration");
    let problems = config.check_serve().err().map(|problems| problems.0).unwrap_or_default();
    problems.into_iter().map(|problem| problem.key).collect()
}

#[test]
fn serve_asks_for_a_sign_in_that_lets_nobody_in_by_mistake() {
    assert_eq!(refused(&[]), Vec::<String>::new(), "a provider that says itself where its keys are");
    assert_eq!(refused(&[("YUSHI_VAULT__KEY", "nowhere.key")]), ["vault.key"]);
    assert_eq!(refused(&[("YUSHI_VAULT__PREVIOUS_KEYS", "nowhere.key")]), ["vault.previous_keys"]);
    let client = ("YUSHI_AUTH__CLIENT_ID", "yushi-portal");
    assert_eq!(refused(&[client, ("YUSHI_AUTH__CLIENT_SECRET", "s")]), Vec::<String>::new());
    // The development issuer is the demo's alone, by whatever way its keys come.
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let keys = ("YUSHI_AUTH__JWKS", file.to_str().expect("path"));
    assert_eq!(refused(&[("YUSHI_AUTH__ISSUER", "urn:yushi:development"), keys]), ["auth.issuer"]);
    assert_eq!(refused(&[("YUSHI_AUTH__DEVELOPMENT", "demo-data")]), ["auth.development"]);
    assert_eq!(refused(&[("YUSHI_AUTH__ISSUER", "urn:some:issuer")]), ["auth.jwks"]);
    assert_eq!(refused(&[("YUSHI_AUTH__ISSUER", "http://login.bank.example")]), ["auth.jwks"]);
    assert_eq!(refused(&[("YUSHI_AUTH__ISSUER", "urn:some:issuer"), keys, client]), ["auth.client_id"]);
    assert_eq!(refused(&[("YUSHI_AUTH__CLIENT_ID", "yushi")]), ["auth.audience"]);
    assert_eq!(refused(&[("YUSHI_AUTH__CLIENT_SECRET", "s")]), ["auth.client_secret"]);
    assert_eq!(refused(&[client, ("YUSHI_AUTH__SCOPES", "profile")]), ["auth.scopes"]);
    let (header, proxies) = ("YUSHI_AUTH__CERTIFICATE_HEADER", "YUSHI_TRUSTED_PROXIES");
    assert_eq!(refused(&[(header, "x-cert"), (proxies, "127.0.0.1, ::1")]), Vec::<String>::new());
    assert_eq!(refused(&[(header, "x-cert")]), ["trusted_proxies"]);
    assert_eq!(refused(&[(proxies, "127.0.0.1")]), Vec::<String>::new(), "they say where requests come from");
    assert_eq!(refused(&[(header, "x cert"), (proxies, "127.0.0.1")]), ["auth.certificate_header"]);
    assert_eq!(refused(&[("YUSHI_AUTH__CERTIFICATES_REQUIRED", "true")]), ["auth.certificates_required"]);
}
