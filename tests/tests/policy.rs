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
