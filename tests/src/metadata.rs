//! What cargo knows about the workspace, and the dependency policy that is judged on it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate is a member of a workspace")
        .to_path_buf()
}

/// One package as it is built: name, version, licence expression, enabled features.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub licence: String,
    pub features: Vec<String>,
}

/// A dependency line of a member: whom it names and whether only its tests need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge {
    pub from: String,
    pub to: String,
    pub dev: bool,
}

/// The outcome of one check: how many things it looked at and what it found.
#[derive(Debug, Default)]
pub struct Outcome {
    pub name: String,
    pub total: usize,
    pub findings: Vec<String>,
}

impl Outcome {
    pub fn new(name: &str) -> Self {
        Self { name: name.into(), ..Self::default() }
    }

    /// Counts one thing looked at.
    pub fn look(&mut self, finding: Option<String>) {
        self.total += 1;
        self.findings.extend(finding);
    }

    /// Prints "name: found/total" and panics with the findings, or when there was nothing to look at.
    pub fn assert_clean(&self) {
        println!("{}: {} found in {} looked at", self.name, self.findings.len(), self.total);
        assert!(self.total > 0, "{}: looked at nothing, so it proves nothing", self.name);
        assert!(self.findings.is_empty(), "{}:\n  {}", self.name, self.findings.join("\n  "));
    }
}

fn cargo(arguments: &[&str]) -> String {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(cargo)
        .args(arguments)
        .current_dir(root())
        .output()
        .unwrap_or_else(|error| panic!("cargo {}: {error}", arguments.join(" ")));
    assert!(
        output.status.success(),
        "cargo {}: {}\n(`make setup` fetches every crate of the lock file once)",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}

/// The triple this toolchain builds for.
pub fn host() -> String {
    let output = Command::new("rustc").arg("-vV").output().expect("rustc runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host").to_owned()
}

/// `cargo metadata --offline`, restricted to this host so that a cold machine can answer.
pub fn metadata() -> serde_json::Value {
    let host = host();
    let text =
        cargo(&["metadata", "--offline", "--locked", "--format-version", "1", "--filter-platform", &host]);
    serde_json::from_str(&text).expect("cargo prints JSON")
}

/// Every package that a build of `member` (or of the whole workspace) compiles, as the feature resolver decides:
/// `cargo metadata` also lists packages that weak features only might turn on.
pub fn built(member: Option<&str>, kinds: &str) -> Vec<Package> {
    let host = host();
    let mut arguments = vec!["tree", "--offline", "--locked", "--target", &host, "-e", kinds];
    arguments.extend(["--prefix", "none", "--no-dedupe", "-f", "{p}|{l}|{f}"]);
    match member {
        Some(name) => arguments.extend(["-p", name]),
        None => arguments.push("--workspace"),
    }
    let packages: BTreeSet<Package> = cargo(&arguments).lines().filter_map(package_line).collect();
    packages.into_iter().collect()
}

/// Reads one line of `cargo tree -f '{p}|{l}|{f}'`.
fn package_line(line: &str) -> Option<Package> {
    let mut fields = line.split('|');
    let mut words = fields.next()?.split_whitespace();
    let name = words.next()?.to_owned();
    let version = words.next()?.trim_start_matches('v').to_owned();
    let licence = fields.next()?.trim().to_owned();
    let features = fields.next().unwrap_or_default();
    let features = features.trim().split(',').filter(|f| !f.is_empty()).map(str::to_owned).collect();
    Some(Package { name, version, licence, features })
}

/// The names of the workspace's members and the folders of their manifests.
pub fn members(metadata: &serde_json::Value) -> BTreeMap<String, PathBuf> {
    let ids: BTreeSet<&str> =
        list(metadata, "workspace_members").iter().filter_map(|id| id.as_str()).collect();
    let own =
        list(metadata, "packages").iter().filter(|p| p["id"].as_str().is_some_and(|id| ids.contains(id)));
    own.map(|package| {
        let manifest = PathBuf::from(package["manifest_path"].as_str().expect("a manifest path"));
        (package["name"].as_str().expect("a name").to_owned(), manifest.with_file_name(""))
    })
    .collect()
}

/// Which member names which, as the manifests say.
pub fn edges(metadata: &serde_json::Value) -> Vec<Edge> {
    let members = members(metadata);
    let mut edges = Vec::new();
    for package in list(metadata, "packages") {
        let from = package["name"].as_str().unwrap_or_default();
        if !members.contains_key(from) || package["source"].is_string() {
            continue;
        }
        for dependency in list(package, "dependencies") {
            let to = dependency["name"].as_str().unwrap_or_default().to_owned();
            edges.push(Edge { from: from.to_owned(), to, dev: dependency["kind"].as_str() == Some("dev") });
        }
    }
    edges
}

fn list<'a>(value: &'a serde_json::Value, key: &str) -> &'a [serde_json::Value] {
    value[key].as_array().map(Vec::as_slice).unwrap_or_default()
}
