//! The private PostgreSQL server of the tests does what the tests rely on.

use std::path::Path;

use tests::postgres::PrivatePostgres;

#[test]
fn a_server_answers_durably_and_its_databases_are_apart() {
    let server = PrivatePostgres::shared();
    let (one, two) = (server.fresh_database(), server.fresh_database());
    assert_ne!(one, two);
    assert_eq!(server.run(&one, "SELECT 1"), "1");
    server.run(&one, "CREATE TABLE t (n bigint PRIMARY KEY); INSERT INTO t VALUES (9007199254740993);");
    assert_eq!(server.run(&one, "SELECT n FROM t"), "9007199254740993");
    let refused = server.try_run(&two, "SELECT n FROM t").unwrap_err();
    assert!(refused.contains("does not exist"), "{refused}");
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        assert_eq!(server.run(&one, &format!("SHOW {setting}")), "on", "{setting}");
    }
    assert_eq!(server.run(&one, "SHOW server_encoding"), "UTF8");
    assert_eq!(server.run(&one, "SHOW listen_addresses"), "127.0.0.1");
}

#[test]
fn an_error_in_the_middle_is_an_error() {
    let server = PrivatePostgres::shared();
    let database = server.fresh_database();
    let error = server.try_run(&database, "SELECT 1; SELECT 1/0; CREATE TABLE after (n int);").unwrap_err();
    assert!(error.contains("division by zero"), "{error}");
    assert_eq!(server.run(&database, "SELECT to_regclass('after') IS NULL"), "t");
}

#[test]
fn a_wrong_password_is_refused() {
    let server = PrivatePostgres::shared();
    let wrong = server.url_of("yushi_test", "wrong", "postgres");
    assert!(server.try_run(&wrong, "SELECT 1").is_err());
}

#[test]
fn a_dropped_server_leaves_nothing() {
    let server = PrivatePostgres::start();
    let folder = server.run(&server.url(), "SHOW data_directory");
    let process = server.run(&server.url(), "SELECT pg_backend_pid()");
    assert!(Path::new(&folder).exists() && !process.is_empty());
    let url = server.url();
    let port = server.port();
    drop(server);
    assert!(!Path::new(&folder).exists(), "{folder} is still there");
    assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "{url} still answers");
}
