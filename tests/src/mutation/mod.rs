//! Mutation testing with one build: every place that can be mutated asks a switch which of its mutants is on
//! (docs/decisions/0009). A mutant is found when one of the tests that reach it fails.

mod build;
mod judge;
mod sites;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

pub use build::Subject;
use judge::{Bench, Test, Verdict};

/// Of a hundred mutants, so many may survive without an explanation.
pub const LEFT: usize = 5;

/// A mutant that no test found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    pub file: String,
    pub line: usize,
    pub mutant: String,
    /// Tests that reach it.
    pub tests: Vec<String>,
    pub explained: bool,
}

/// What a run found.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// By folder: found and judged.
    pub folders: BTreeMap<String, (usize, usize)>,
    pub never_ended: usize,
    pub survivors: Vec<Survivor>,
    /// Sites that the compiler refused: file and line, what would have been changed.
    pub not_judged: Vec<String>,
    /// Explanations of mutants that were found or do not exist.
    pub stale: Vec<String>,
}

/// The mathematics of lending, tested by the library's own tests and those of the rules.
pub fn lending(root: &Path, folders: &[String]) -> Subject {
    const ALL: &[&str] =
        &["product", "repayment", "insurance", "guarantee", "collateral", "disbursement", "calendar"];
    let all = ALL.iter().map(|folder| (*folder).to_owned()).collect();
    Subject {
        root: root.to_path_buf(),
        package: "workflows".to_owned(),
        folders: if folders.is_empty() { all } else { folders.to_vec() },
        data: vec!["tests/data".to_owned()],
        targets: ["--lib", "--test", "rules"].map(str::to_owned).to_vec(),
        numbers: include_str!("../../data/mutation/numbers.rs"),
        out: root.join("target/mutants"),
    }
}

/// Which mutants are asked.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    All,
    /// Those that survived when all were asked, after tests were added.
    Survivors,
}

/// Mutates the subject. `explained` has a line for each mutant that no test can find: file, mutant, reason, with tabs.
/// Errors: a copy that does not compile, a test that fails without any mutant, nothing to judge.
pub fn run(subject: &Subject, explained: &str, asked: Asked) -> Result<Report, String> {
    let known: BTreeSet<(&str, &str)> = explained
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let key = (cells.next()?, cells.next()?);
            cells.next().filter(|reason| reason.len() > 10).map(|_| key)
        })
        .collect();
    let sources = subject.sources()?;
    let built = subject.build(&sources)?;
    let bench = Bench { folder: subject.copied(), scratch: subject.out.join("hits") };
    let tests = bench.record(&built.binaries)?;
    eprintln!("mutants: {} tests pass without any mutant", tests.len());

    let kept = subject.out.join("survivors.tsv");
    let survived = match asked {
        Asked::All => None,
        Asked::Survivors => Some(std::fs::read_to_string(&kept).map_err(|error| error.to_string())?),
    };
    let survived: Option<BTreeSet<&str>> = survived.as_ref().map(|text| text.lines().collect());
    let mut report = Report::default();
    let mut judged = Vec::new();
    for file in &sources {
        for site in &file.source.sites {
            let file = file.path.to_string_lossy().into_owned();
            if built.off.contains(&site.first) {
                let what = site.mutants.first().map_or("", String::as_str);
                report.not_judged.push(format!("{file}:{}: {what}", site.line));
                continue;
            }
            let asked = |mutant: &str| {
                survived.as_ref().is_none_or(|known| known.contains(format!("{file}\t{mutant}").as_str()))
            };
            for (mutant, number) in site.mutants.iter().zip(site.first..).filter(|(mutant, _)| asked(mutant))
            {
                judged.push((number, site.first, file.clone(), site.line, mutant.clone()));
            }
        }
    }
    if judged.is_empty() || tests.is_empty() {
        return Err("there is nothing to judge".to_owned());
    }
    let numbers: Vec<(u32, u32)> = judged.iter().map(|(number, site, ..)| (*number, *site)).collect();
    let verdicts = bench.judge(&numbers, &tests);
    for ((_, site, file, line, mutant), verdict) in judged.into_iter().zip(verdicts) {
        let (found, total) = report.folders.entry(folder(&file)).or_default();
        *total += 1;
        match verdict {
            Verdict::Caught => *found += 1,
            Verdict::NeverEnded => {
                *found += 1;
                report.never_ended += 1;
            }
            Verdict::Survived => {
                let explained = known.contains(&(file.as_str(), mutant.as_str()));
                let reach = |test: &&Test| test.reaches.contains(&site);
                let tests = tests.iter().filter(reach).map(|test| test.name.clone()).collect();
                report.survivors.push(Survivor { file, line, mutant, tests, explained });
            }
        }
    }
    if survived.is_none() {
        let lines =
            report.survivors.iter().map(|survivor| format!("{}\t{}\n", survivor.file, survivor.mutant));
        std::fs::write(&kept, lines.collect::<String>()).map_err(|error| error.to_string())?;
    }
    // Of an explanation in a file that was not asked for nothing is known, unless the file is gone.
    let here = |file: &str| sources.iter().any(|source| source.path == Path::new(file));
    let needed = |file: &str, mutant: &str| {
        report.survivors.iter().any(|survivor| survivor.file == file && survivor.mutant == mutant)
    };
    report.stale = known
        .iter()
        .filter(|(file, mutant)| !needed(file, mutant) && (here(file) || !subject.root.join(file).exists()))
        .map(|(file, mutant)| format!("{file}: {mutant}"))
        .collect();
    Ok(report)
}

/// The folder of a file below `src`.
fn folder(file: &str) -> String {
    let below = file.split_once("/src/").map_or(file, |(_, below)| below);
    below.split('/').next().unwrap_or(below).to_owned()
}

impl Report {
    /// Mutants that were judged.
    pub fn total(&self) -> usize {
        self.folders.values().map(|(_, total)| total).sum()
    }

    /// Survivors that nothing explains.
    pub fn unexplained(&self) -> impl Iterator<Item = &Survivor> {
        self.survivors.iter().filter(|survivor| !survivor.explained)
    }

    /// Whether few enough survive and every explanation is needed.
    pub fn holds(&self) -> bool {
        self.total() > 0 && self.unexplained().count() * 100 <= self.total() * LEFT && self.stale.is_empty()
    }

    /// The report as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        let mut line = |text: String| {
            // A string takes whatever is written to it.
            let _ = writeln!(out, "{text}");
        };
        for place in &self.not_judged {
            line(format!("not judged: {place}"));
        }
        for survivor in self.unexplained() {
            line(format!("survived: {}:{}: {}", survivor.file, survivor.line, survivor.mutant));
            line(match survivor.tests.len() {
                0 => "    no test reaches it".to_owned(),
                count => format!(
                    "    reached by {count} tests, such as {}",
                    survivor.tests.iter().take(3).cloned().collect::<Vec<_>>().join(", ")
                ),
            });
        }
        for stale in &self.stale {
            line(format!("explained, but found or gone: {stale}"));
        }
        for (folder, (found, total)) in &self.folders {
            line(format!("{folder}: {found} of {total} found"));
        }
        let found: usize = self.folders.values().map(|(found, _)| found).sum();
        line(format!(
            "mutants: {found} of {} found ({} of them never ended), {} survived, {} of them explained; {} places not judged",
            self.total(),
            self.never_ended,
            self.survivors.len(),
            self.survivors.len() - self.unexplained().count(),
            self.not_judged.len()
        ));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A crate of one function whose first comparison is tested on both sides of its boundary and whose second is not.
    fn sample(root: &Path) -> Subject {
        let files = [
            ("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"sample\"]\n"),
            ("sample/Cargo.toml", "[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"2024\"\n"),
            ("sample/src/lib.rs", "pub mod age;\n"),
            (
                "sample/src/age.rs",
                "const YEAR: u8 = 10 + 8;\npub fn may(age: u8, left: u8) -> bool {\n    age >= YEAR && left > 3\n}\n\
                 #[cfg(test)]\nmod tests {\n    #[test]\n    fn of_age() {\n        assert!(!super::may(17, 9));\n\
                 \x20       assert!(super::may(18, 9));\n        assert!(super::may(19, 9));\n\
                 \x20       assert!(!super::may(19, 1));\n    }\n}\n",
            ),
        ];
        for (path, text) in files {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Subject {
            root: root.to_path_buf(),
            package: "sample".to_owned(),
            folders: vec!["age.rs".to_owned()],
            data: Vec::new(),
            targets: vec!["--lib".to_owned()],
            numbers: "",
            out: root.join("out"),
        }
    }

    #[test]
    fn an_untested_boundary_survives_and_a_constant_is_not_judged() {
        let folder = tempfile::tempdir().unwrap();
        let subject = sample(folder.path());
        let report = run(&subject, "", Asked::All).unwrap();
        let names: Vec<&str> = report.survivors.iter().map(|survivor| survivor.mutant.as_str()).collect();
        assert_eq!(names, ["may: left > 3: > to >="]);
        assert_eq!(report.survivors[0].tests, ["age::tests::of_age"]);
        assert_eq!(report.folders["age.rs"], (6, 7));
        assert_eq!(report.not_judged, ["sample/src/age.rs:1: : 10 + 8: + to -"]);
        let again = run(&subject, "", Asked::Survivors).unwrap();
        assert_eq!((again.total(), again.survivors.len()), (1, 1), "only the survivor is asked again");
        assert!(!report.holds(), "one of seven is more than {LEFT} %");

        let why = "sample/src/age.rs\tmay: left > 3: > to >=\tThree never comes up.\n";
        let gone = "sample/src/age.rs\tmay: age >= YEAR: >= to >\tAnother one.\n";
        let explained = run(&subject, why, Asked::All).unwrap();
        assert!(explained.holds(), "{}", explained.text());
        let stale = run(&subject, &format!("{why}{gone}"), Asked::All).unwrap();
        assert_eq!((stale.holds(), stale.stale.len()), (false, 1));
    }
}
