//! The dependency policy holds for this workspace. The rules and their seeded faults are in tests/src/policy.rs.

use std::collections::BTreeSet;

use tests::metadata::{built, edges, members, metadata, root};
use tests::policy;

#[test]
fn the_dependencies_keep_the_policy() {
    let tree = built(None, "normal,build,dev");
    policy::licences(&tree).assert_clean();
    policy::banned(&tree).assert_clean();
    policy::single(&tree).assert_clean();
    policy::known_duplicates(&tree, &listed("duplicate-crates.tsv")).assert_clean();
    policy::unmaintained(&tree, &listed("unmaintained-crates.tsv")).assert_clean();
}

fn listed(file: &str) -> String {
    std::fs::read_to_string(root().join("tests/data").join(file)).expect("a list")
}

#[test]
fn the_members_depend_in_one_direction() {
    let metadata = metadata();
    let members: BTreeSet<String> = members(&metadata).into_keys().collect();
    policy::direction(&members, &edges(&metadata)).assert_clean();
    policy::purity(&built(Some("workflows"), "normal")).assert_clean();
}

#[test]
fn every_version_is_in_the_one_table() {
    let members = members(&metadata());
    let manifests = members.values().map(|folder| folder.join("Cargo.toml"));
    let manifests: Vec<_> = manifests
        .map(|path| {
            let text = std::fs::read_to_string(&path).expect("a member has a manifest");
            (path.strip_prefix(root()).map(Into::into).unwrap_or(path), text)
        })
        .collect();
    policy::one_table(&manifests).assert_clean();
}

#[test]
fn both_policies_name_the_same_licences_and_bans() {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let deny: toml::Table = text.parse().expect("deny.toml parses");
    let allow: BTreeSet<&str> =
        deny["licenses"]["allow"].as_array().into_iter().flatten().filter_map(|v| v.as_str()).collect();
    assert_eq!(allow, policy::LICENCES.iter().copied().collect());
    let denied = deny["bans"]["deny"].as_array().into_iter().flatten();
    let denied: BTreeSet<&str> = denied.filter_map(|v| v["crate"].as_str()).collect();
    for (name, _) in policy::BANNED {
        assert!(denied.contains(name), "deny.toml does not ban {name}");
    }
}

/// Lines that would build the product with `bypass` or `seeded`: the one lets everybody in and writes nothing down, for a benchmark alone;
/// with the other a variable leaves out a check of the sign-in, for a test alone.
fn bypassing(files: &[(String, String)]) -> Vec<(&str, &str)> {
    let lines = files.iter().flat_map(|(path, text)| text.lines().map(move |line| (path.as_str(), line)));
    let measures = |line: &str| {
        line.trim_start().starts_with("cargo bench ")
            || (line.contains("cargo test ") && line.contains("--features api/seeded --test counter"))
    };
    let named = |line: &str| {
        line.contains("bypass")
            || line.contains("api/seeded")
            || line.contains("\"seeded\"")
            || line.contains("seeded =")
            || line.contains("features seeded")
    };
    let asks = |line: &str| {
        line.contains("all-features") || (named(line) && !line.trim_start().starts_with(['#', '/']))
    };
    lines
        .filter(|(_, line)| asks(line) && !measures(line))
        .filter(|place| *place != ("api/Cargo.toml", "bypass = []"))
        .filter(|place| *place != ("api/Cargo.toml", "seeded = []"))
        .filter(|place| *place != ("api/Cargo.toml", "required-features = [\"bypass\"]"))
        .collect()
}

#[test]
fn what_ships_is_built_without_the_bypass() {
    let of = |path: &str| (path.to_owned(), std::fs::read_to_string(root().join(path)).expect(path));
    let mut files: Vec<_> = ["Cargo.toml", "Makefile", "deploy/Containerfile"].map(of).into();
    files.extend(
        ["workflows", "db", "notifications", "api", "simulate", "tests"]
            .map(|member| of(&format!("{member}/Cargo.toml"))),
    );
    let scripts = std::fs::read_dir(root().join("scripts")).expect("scripts").flatten();
    let scripts = scripts.filter(|entry| entry.path().is_file());
    files.extend(scripts.map(|entry| of(&format!("scripts/{}", entry.file_name().to_string_lossy()))));
    assert!(
        files.iter().any(|(_, text)| text.contains("bypass = []") && text.contains("seeded = []")),
        "a feature is gone: so may be this test"
    );
    assert_eq!(bypassing(&files), vec![]);
    // Seeded: each way in which it could reach what ships.
    for (path, line) in [
        ("api/Cargo.toml", "default = [\"bypass\"]"),
        ("tests/Cargo.toml", "api = { workspace = true, features = [\"bypass\"] }"),
        ("deploy/Containerfile", "RUN cargo build --release --features bypass --bin yushi"),
        ("Makefile", "\tcargo build --all-features --bin yushi"),
        ("api/Cargo.toml", "default = [\"seeded\"]"),
        ("tests/Cargo.toml", "api = { workspace = true, features = [\"seeded\"] }"),
        ("deploy/Containerfile", "RUN cargo build --release --features api/seeded --bin yushi"),
    ] {
        let seeded = [(path.to_owned(), format!("[features]\n{line}\n"))];
        assert_eq!(bypassing(&seeded), vec![(path, line)]);
    }
}
