//! The dependency policy: what may be used, under which licence, and who may depend on whom.
//! `deny.toml` says the same to cargo-deny; change both together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::metadata::{Edge, Outcome, Package};

/// Licences that any dependency may have.
pub const LICENCES: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Further licences of single crates: crate, licence, reason.
pub const LICENCE_EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("webpki-roots", "CDLA-Permissive-2.0", "Mozilla's list of root certificates: data, not code"),
    ("webpki-root-certs", "CDLA-Permissive-2.0", "Mozilla's list of root certificates: data, not code"),
];

/// Crates that no build of the workspace may contain: crate, reason.
pub const BANNED: &[(&str, &str)] = &[
    ("ring", "one cryptographic provider: aws-lc-rs"),
    ("openssl", "one TLS stack: rustls"),
    ("openssl-sys", "one TLS stack: rustls"),
    ("native-tls", "one TLS stack: rustls"),
    ("rsa", "standing timing advisory; tokens are verified by jsonwebtoken on aws-lc-rs"),
    ("sqlx-macros", "queries are not checked against a live database at build time"),
    ("sqlx-macros-core", "queries are not checked against a live database at build time"),
];

/// Crates of which a build may contain one version only: crate, reason.
pub const SINGLE: &[(&str, &str)] = &[
    ("sqlx", "one SQL driver"),
    ("sqlx-core", "one SQL driver"),
    ("sea-orm", "one database layer"),
    ("rustls", "one TLS stack"),
    ("aws-lc-rs", "one cryptographic provider"),
    ("tokio", "one runtime"),
    ("axum", "one HTTP framework"),
    ("chrono", "one calendar type across crates"),
    ("rust_decimal", "one decimal type across crates"),
    ("serde", "one data model"),
];

/// Features that no build may turn on: crate, feature, reason.
pub const BANNED_FEATURES: &[(&str, &str, &str)] = &[
    ("rustls", "ring", "two providers in one process panic at first use"),
    ("tokio-rustls", "ring", "two providers in one process panic at first use"),
    ("rust_decimal", "serde-float", "money never passes through a float"),
    ("serde_json", "arbitrary_precision", "changes number handling for every crate at once"),
];

/// Which members a member may name; `tests` sees everything and may serve as a dev-dependency of anyone.
pub const DIRECTION: &[(&str, &[&str])] = &[
    ("workflows", &[]),
    ("db", &["workflows"]),
    ("notifications", &["db", "workflows"]),
    ("simulate", &[]),
    ("api", &["notifications", "db", "workflows", "simulate"]),
    ("tests", &["api", "notifications", "db", "workflows", "simulate"]),
];

/// Crates that the pure domain must not reach, even through others.
pub const IMPURE: &[&str] =
    &["tokio", "sea-orm", "sqlx", "axum", "hyper", "lettre", "reqwest", "rand", "getrandom", "uuid"];

/// A licence expression: `A OR B`, `A AND B`, parentheses, `X WITH Y`; the old `A/B` reads as OR.
pub fn permitted(expression: &str, allowed: &dyn Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, at: 0, allowed };
    let answer = reader.any()?;
    if reader.at == words.len() { Ok(answer) } else { Err(format!("cannot read licence `{expression}`")) }
}

struct Reader<'a> {
    words: &'a [&'a str],
    at: usize,
    allowed: &'a dyn Fn(&str) -> bool,
}

impl Reader<'_> {
    fn take(&mut self, word: &str) -> bool {
        let found = self.words.get(self.at) == Some(&word);
        self.at += usize::from(found);
        found
    }

    fn any(&mut self) -> Result<bool, String> {
        let mut answer = self.all()?;
        while self.take("OR") {
            answer |= self.all()?;
        }
        Ok(answer)
    }

    fn all(&mut self) -> Result<bool, String> {
        let mut answer = self.one()?;
        while self.take("AND") {
            answer &= self.one()?;
        }
        Ok(answer)
    }

    fn one(&mut self) -> Result<bool, String> {
        if self.take("(") {
            let answer = self.any()?;
            return if self.take(")") { Ok(answer) } else { Err("a parenthesis is not closed".into()) };
        }
        let word = *self.words.get(self.at).ok_or("a licence expression ends early or is empty")?;
        self.at += 1;
        if !self.take("WITH") {
            return Ok((self.allowed)(word));
        }
        let exception = *self.words.get(self.at).ok_or("WITH names no exception")?;
        self.at += 1;
        Ok((self.allowed)(&format!("{word} WITH {exception}")))
    }
}

/// Every package's licence is on the list, or excepted by name.
pub fn licences(packages: &[Package]) -> Outcome {
    let mut outcome = Outcome::new("licences");
    for package in packages {
        let allowed = |licence: &str| {
            LICENCES.contains(&licence)
                || LICENCE_EXCEPTIONS
                    .iter()
                    .any(|(name, extra, _)| *name == package.name && *extra == licence)
        };
        let who = format!("{} {}", package.name, package.version);
        outcome.look(match permitted(&package.licence, &allowed) {
            Ok(true) => None,
            Ok(false) => Some(format!("{who}: licence `{}` is not on the list", package.licence)),
            Err(problem) => Some(format!("{who}: licence `{}`: {problem}", package.licence)),
        });
    }
    outcome
}

/// No banned crate, no banned feature.
pub fn banned(packages: &[Package]) -> Outcome {
    let mut outcome = Outcome::new("banned crates and features");
    for package in packages {
        let who = format!("{} {}", package.name, package.version);
        let crate_ban = BANNED.iter().find(|(name, _)| *name == package.name);
        outcome.look(crate_ban.map(|(_, reason)| format!("{who} is banned: {reason}")));
        for (name, feature, reason) in BANNED_FEATURES {
            if *name == package.name && package.features.iter().any(|f| f == feature) {
                outcome.findings.push(format!("{who} has feature `{feature}`: {reason}"));
            }
        }
    }
    outcome
}

/// One version of the crates that must agree, and one provider of cryptography under rustls.
pub fn single(packages: &[Package]) -> Outcome {
    let mut outcome = Outcome::new("single versions");
    for (name, reason) in SINGLE {
        let versions: BTreeSet<&str> =
            packages.iter().filter(|p| p.name == *name).map(|p| p.version.as_str()).collect();
        let found = (versions.len() > 1).then(|| format!("{name} in versions {versions:?}: {reason}"));
        outcome.look(found);
    }
    outcome
}

/// Crates that are built in more than one version, for a reader to know (not a finding: they are upstream's).
pub fn duplicates(packages: &[Package]) -> BTreeMap<&str, BTreeSet<&str>> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    versions
}

/// The part of a version that tells incompatible ones apart: `0.22` of `0.22.1`, `1` of `1.5.0`.
fn line_of(version: &str) -> String {
    let mut parts = version.split('.');
    match (parts.next().unwrap_or_default(), parts.next()) {
        ("0", Some(minor)) => format!("0.{minor}"),
        (major, _) => major.to_owned(),
    }
}

/// Cells of a list in `tests/data`, without its heading.
fn rows(list: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    list.lines().filter(|line| !line.starts_with('#') && !line.is_empty()).map(|line| {
        let mut cells = line.split('\t').map(str::trim);
        let mut cell = || cells.next().unwrap_or_default();
        (cell(), cell(), cell())
    })
}

/// Every crate built in more than one version is listed with these versions and a reason, and nothing else is listed.
pub fn known_duplicates(packages: &[Package], list: &str) -> Outcome {
    let mut outcome = Outcome::new("crates in more than one version");
    let listed: BTreeMap<&str, (&str, &str)> =
        rows(list).map(|(name, lines, why)| (name, (lines, why))).collect();
    let built = duplicates(packages);
    for (name, versions) in &built {
        let lines: BTreeSet<String> = versions.iter().map(|version| line_of(version)).collect();
        outcome.look(match listed.get(name) {
            None => Some(format!("{name} is built as {versions:?} and not listed with a reason")),
            Some((known, _)) if known.split(' ').map(str::to_owned).collect::<BTreeSet<_>>() != lines => {
                Some(format!("{name} is built as {versions:?}, listed as {known}"))
            }
            Some((_, why)) if why.split(' ').count() < 3 => {
                Some(format!("{name}: the reason says too little"))
            }
            Some(_) => None,
        });
    }
    for name in listed.keys().filter(|name| !built.contains_key(*name)) {
        outcome.findings.push(format!("{name} is listed and built in one version"));
    }
    outcome
}

/// No crate that its authors have given up.
pub fn unmaintained(packages: &[Package], list: &str) -> Outcome {
    let mut outcome = Outcome::new("unmaintained crates");
    for (name, notice, instead) in rows(list) {
        let built = packages.iter().any(|package| package.name == name);
        outcome.look(built.then(|| format!("{name} is unmaintained ({notice}): {instead}")));
        if notice.is_empty() || instead.is_empty() {
            outcome.findings.push(format!("{name}: give the notice and what stands in its place"));
        }
    }
    outcome
}

/// Members depend in one direction.
pub fn direction(members: &BTreeSet<String>, edges: &[Edge]) -> Outcome {
    let mut outcome = Outcome::new("dependency direction");
    for member in members {
        let known = DIRECTION.iter().any(|(name, _)| name == member);
        outcome
            .look((!known).then(|| format!("{member}: give it a place in DIRECTION of tests/src/policy.rs")));
    }
    for edge in edges.iter().filter(|edge| members.contains(&edge.to)) {
        let below = DIRECTION.iter().find(|(name, _)| *name == edge.from).map_or(&[][..], |(_, below)| below);
        let fine = below.contains(&edge.to.as_str()) || (edge.dev && edge.to == "tests");
        outcome.look((!fine).then(|| format!("{} must not depend on {}", edge.from, edge.to)));
    }
    outcome
}

/// The pure domain reaches nothing that has a clock, a socket or a random source.
pub fn purity(reached: &[Package]) -> Outcome {
    let mut outcome = Outcome::new("purity of workflows");
    for package in reached {
        let impure = IMPURE.contains(&package.name.as_str());
        outcome.look(impure.then(|| format!("workflows reaches {} {}", package.name, package.version)));
    }
    outcome
}

/// Every dependency of a member takes its version from the one table of the workspace.
pub fn one_table(manifests: &[(PathBuf, String)]) -> Outcome {
    let mut outcome = Outcome::new("one version table");
    for (path, text) in manifests {
        let manifest: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                outcome.look(Some(format!("{}: {error}", path.display())));
                continue;
            }
        };
        let mut tables = vec![&manifest];
        if let Some(targets) = manifest.get("target").and_then(toml::Value::as_table) {
            tables.extend(targets.values().filter_map(toml::Value::as_table));
        }
        for kind in ["dependencies", "dev-dependencies", "build-dependencies"] {
            for table in &tables {
                let Some(lines) = table.get(kind).and_then(toml::Value::as_table) else { continue };
                for (name, line) in lines {
                    let inherits = line.get("workspace").and_then(toml::Value::as_bool) == Some(true);
                    let problem = format!("{}: {name} has a version of its own in [{kind}]", path.display());
                    outcome.look((!inherits).then_some(problem));
                }
            }
        }
    }
    outcome
}

#[cfg(test)]
mod seeded_faults {
    use super::*;

    fn package(name: &str, version: &str, licence: &str, features: &[&str]) -> Package {
        Package {
            name: name.into(),
            version: version.into(),
            licence: licence.into(),
            features: features.iter().map(|f| (*f).to_owned()).collect(),
        }
    }

    fn edge(from: &str, to: &str, dev: bool) -> Edge {
        Edge { from: from.into(), to: to.into(), dev }
    }

    #[test]
    fn expressions() {
        let allowed = |licence: &str| LICENCES.contains(&licence);
        let cases = [
            ("MIT", true),
            ("MIT/Apache-2.0", true),
            ("GPL-3.0 OR MIT", true),
            ("GPL-3.0 AND MIT", false),
            ("(MIT OR GPL-3.0) AND ISC", true),
            ("MIT AND (GPL-3.0 OR LGPL-2.1)", false),
            ("Apache-2.0 WITH LLVM-exception", true),
            ("GPL-2.0 WITH Classpath-exception-2.0", false),
        ];
        for (expression, expected) in cases {
            assert_eq!(permitted(expression, &allowed), Ok(expected), "{expression}");
        }
        for broken in ["", "MIT OR", "(MIT", "MIT)", "MIT Apache-2.0", "MIT WITH"] {
            assert!(permitted(broken, &allowed).is_err(), "{broken}");
        }
    }

    #[test]
    fn a_copyleft_or_missing_licence_is_found() {
        let tree = [package("a", "1.0.0", "AGPL-3.0", &[]), package("b", "1.0.0", "", &[])];
        assert_eq!(licences(&tree).findings.len(), 2);
        let elsewhere = [package("other", "1.0.0", "CDLA-Permissive-2.0", &[])];
        assert_eq!(licences(&elsewhere).findings.len(), 1, "an exception holds for its crate only");
    }

    #[test]
    fn a_banned_crate_and_feature_are_found() {
        let tree = [
            package("ring", "0.17.0", "ISC", &[]),
            package("rustls", "0.23.0", "MIT", &["std", "ring"]),
            package("rust_decimal", "1.0.0", "MIT", &["serde-str"]),
        ];
        assert_eq!(banned(&tree).findings.len(), 2);
    }

    #[test]
    fn a_second_version_is_found() {
        let tree = [package("sqlx", "0.8.0", "MIT", &[]), package("sqlx", "0.9.0", "MIT", &[])];
        assert_eq!(single(&tree).findings.len(), 1);
        assert_eq!(duplicates(&tree).len(), 1);
    }

    #[test]
    fn an_unlisted_duplicate_another_version_and_a_stale_line_are_found() {
        let tree = ["0.8.1", "0.9.0"].map(|version| package("toml", version, "MIT", &[]));
        let found = |list: &str| known_duplicates(&tree, list).findings.len();
        assert_eq!(found("toml\t0.8 0.9\tfor the one reason\n"), 0);
        assert_eq!(found("# nothing is listed\n"), 1);
        assert_eq!(found("toml\t0.8 1\tfor the one reason\n"), 1);
        assert_eq!(found("toml\t0.8 0.9\twhy\n"), 1);
        assert_eq!(found("toml\t0.8 0.9\tfor the one reason\nsyn\t1 2\tfor the one reason\n"), 1);
        assert_eq!(
            (line_of("0.22.1"), line_of("3.0.9"), line_of("0")),
            ("0.22".into(), "3".into(), "0".into())
        );
    }

    #[test]
    fn an_unmaintained_crate_is_found() {
        let tree = [package("atty", "0.2.14", "MIT", &[])];
        assert_eq!(unmaintained(&tree, "atty\tRUSTSEC-2024-0375\tstd\n").findings.len(), 1);
        assert_eq!(unmaintained(&tree, "paste\tRUSTSEC-2024-0436\tnothing\n").findings.len(), 0);
        assert_eq!(unmaintained(&tree, "paste\t\t\n").findings.len(), 1);
    }

    #[test]
    fn an_upward_dependency_is_found() {
        let members: BTreeSet<String> = DIRECTION.iter().map(|(name, _)| (*name).to_owned()).collect();
        let wrong =
            [edge("workflows", "db", false), edge("simulate", "workflows", false), edge("db", "api", true)];
        assert_eq!(direction(&members, &wrong).findings.len(), 3);
        let right = [edge("api", "db", false), edge("db", "tests", true), edge("db", "serde", false)];
        assert_eq!(direction(&members, &right).findings.len(), 0);
        let stranger = BTreeSet::from(["newcomer".to_owned()]);
        assert_eq!(direction(&stranger, &[]).findings.len(), 1);
    }

    #[test]
    fn an_impure_domain_is_found() {
        assert_eq!(purity(&[package("tokio", "1.0.0", "MIT", &[])]).findings.len(), 1);
    }

    #[test]
    fn a_version_outside_the_table_is_found() {
        let text = "[dependencies]\nserde = \"1\"\nhex.workspace = true\nsha2 = { workspace = true }\n\
                    [target.'cfg(unix)'.dev-dependencies]\nlibc = { version = \"0.2\" }\n";
        let outcome = one_table(&[(PathBuf::from("Cargo.toml"), text.to_owned())]);
        assert_eq!((outcome.findings.len(), outcome.total), (2, 4));
    }
}
