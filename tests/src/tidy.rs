//! Rules about the files themselves. STYLE.md gives the reason for each.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::metadata::Outcome;
use crate::source;

/// A text file of the repository, by its path from the root.
#[derive(Debug, Clone)]
pub struct File {
    pub path: PathBuf,
    pub text: String,
}

/// Folders that hold nothing of the project's own.
const SKIPPED: &[&str] = &["target", ".git", "node_modules", ".venv", "__pycache__", "demo-data"];

/// The longest that a Rust file may be.
pub const LINES: usize = 600;

/// The crates whose code must answer with an error instead of stopping.
pub const CALM: &[&str] = &["workflows", "db", "notifications", "api"];

/// Reads every text file below `root`.
pub fn files(root: &Path) -> Vec<File> {
    let mut files = Vec::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()));
        for entry in entries.flatten() {
            let name = entry.file_name();
            let skipped = SKIPPED.iter().any(|s| name == *s);
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && !skipped => folders.push(entry.path()),
                Ok(kind) if kind.is_file() && !skipped => {
                    // What is not UTF-8 is not text.
                    let Ok(text) = std::fs::read_to_string(entry.path()) else { continue };
                    let path = entry.path();
                    let path = path.strip_prefix(root).map(Path::to_path_buf).unwrap_or(path);
                    files.push(File { path, text });
                }
                _ => {}
            }
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// No float where money and rates are: a token `f32` or `f64`, or a conversion such as `to_f64`.
/// Asking whether a value of a document is one (`is_f64`), in order to refuse it, is fine.
pub fn floats(files: &[File]) -> Outcome {
    let mut outcome = Outcome::new("floats in workflows");
    for file in files.iter().filter(|f| rust(f) && f.path.starts_with("workflows/src")) {
        outcome.look(None);
        for (line, word) in source::words(&source::code(&file.text)) {
            let float = word != "is_f64"
                && word.split('_').any(|part| {
                    let part = part.trim_start_matches(|c: char| c.is_ascii_digit());
                    part == "f32" || part == "f64"
                });
            if float {
                outcome.findings.push(at(file, line, word));
            }
        }
    }
    outcome
}

/// The domain reads no file, no environment and starts nothing (its clippy.toml bans single calls).
pub fn outside_world(files: &[File]) -> Outcome {
    let mut outcome = Outcome::new("outside world in workflows");
    for file in shipped_by(files, &["workflows"]) {
        outcome.look(None);
        let code = source::shipped(&file.text);
        for (number, line) in code.lines().enumerate() {
            for path in ["std::fs", "std::env", "std::net", "std::process", "std::thread"] {
                if line.contains(path) {
                    outcome.findings.push(at(file, number + 1, path));
                }
            }
        }
    }
    outcome
}

/// No `.unwrap()` and no `.expect(` in what ships. A line that cannot fail says why: `// infallible: reason`.
pub fn calm(files: &[File]) -> Outcome {
    let mut outcome = Outcome::new("unwrap and expect");
    for file in shipped_by(files, CALM) {
        outcome.look(None);
        let code = source::shipped(&file.text);
        let before = std::iter::once("").chain(file.text.lines());
        for (number, ((line, original), previous)) in
            code.lines().zip(file.text.lines()).zip(before).enumerate()
        {
            let explained = [original, previous]
                .iter()
                .any(|l| l.split_once("// infallible: ").is_some_and(|(_, reason)| reason.trim().len() > 5));
            let compact: String = line.split_whitespace().collect();
            if (compact.contains(".unwrap()") || compact.contains(".expect(")) && !explained {
                outcome.findings.push(at(file, number + 1, original.trim()));
            }
        }
    }
    outcome
}

/// No Rust file is longer than [`LINES`], generated files and migrations excepted.
pub fn short(files: &[File]) -> Outcome {
    let mut outcome = Outcome::new("long files");
    for file in files.iter().filter(|f| rust(f)) {
        let excepted = file.path.iter().any(|part| part == "generated" || part == "migration");
        let lines = file.text.lines().count();
        let long = !excepted && lines > LINES;
        outcome.look(long.then(|| format!("{}: {lines} lines, more than {LINES}", file.path.display())));
    }
    outcome
}

/// No test is switched off and nothing is left to do.
pub fn finished(files: &[File]) -> Outcome {
    let mut outcome = Outcome::new("ignored tests and gaps");
    for file in files.iter().filter(|f| rust(f)) {
        outcome.look(None);
        let code = source::code(&file.text);
        for (number, line) in code.lines().enumerate() {
            for mark in ["#[ignore", "todo!", "unimplemented!", "dbg!"] {
                let found = line.match_indices(mark).any(|(i, _)| {
                    mark.starts_with('#') || !line[..i].chars().next_back().is_some_and(source::is_word)
                });
                if found {
                    outcome.findings.push(at(file, number + 1, mark));
                }
            }
        }
    }
    outcome
}

/// No path of somebody's machine and no host of a package registry.
pub fn portable(files: &[File]) -> Outcome {
    // Written in two parts so that this file keeps its own rule.
    let folders = [concat!("/wo", "rk/"), concat!("/ro", "ot/"), concat!("/Us", "ers/")];
    let hosts = [
        concat!("crates", ".io"),
        concat!("pypi", ".org"),
        concat!("pythonhosted", ".org"),
        concat!("registry.npmjs", ".org"),
        concat!("proxy.golang", ".org"),
        concat!("deb.debian", ".org"),
        concat!("repo.maven.apache", ".org"),
        concat!("ghcr", ".io"),
        concat!("docker", ".io"),
        concat!("quay", ".io"),
    ];
    // Cargo writes the name of its index into the lock file, npm its addresses into its own.
    let excepted = ["Cargo.lock", "package-lock.json"];
    let mut outcome = Outcome::new("machine paths and registry hosts");
    for file in files.iter().filter(|f| !excepted.iter().any(|name| f.path.ends_with(name))) {
        outcome.look(None);
        for (number, line) in file.text.lines().enumerate() {
            for folder in folders {
                let own = |before: &str| {
                    !before.chars().next_back().is_some_and(|c| source::is_word(c) || "./-}".contains(c))
                };
                if line.match_indices(folder).any(|(i, _)| own(&line[..i])) {
                    outcome.findings.push(at(file, number + 1, folder));
                }
            }
            for host in hosts {
                if line.contains(host) {
                    outcome.findings.push(at(file, number + 1, host));
                }
            }
        }
    }
    outcome
}

fn rust(file: &File) -> bool {
    file.path.extension().is_some_and(|extension| extension == "rs")
}

fn at(file: &File, line: usize, what: &str) -> String {
    format!("{}:{line}: {what}", file.path.display())
}

/// The Rust files that ship as part of the named crates: not below tests/, benches/ or examples/, no test module.
fn shipped_by<'a>(files: &'a [File], crates: &[&str]) -> Vec<&'a File> {
    let tests: BTreeSet<PathBuf> = files.iter().filter(|f| rust(f)).flat_map(declared_tests).collect();
    let ships = |file: &&File| {
        let of = crates.iter().any(|name| file.path.starts_with(Path::new(name).join("src")));
        let test = file.path.ancestors().any(|path| tests.contains(&path.with_extension("")));
        let stem = file.path.file_stem().is_some_and(|stem| stem == "tests");
        rust(file) && of && !test && !stem && !file.path.iter().any(|part| part == "tests")
    };
    files.iter().filter(ships).collect()
}

/// The module paths (without extension) that this file declares under `#[cfg(test)]`.
fn declared_tests(file: &File) -> Vec<PathBuf> {
    let stem = file.path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let folder = match stem {
        "mod" | "lib" | "main" => file.path.with_file_name(""),
        _ => file.path.with_extension(""),
    };
    source::test_modules(&file.text).into_iter().map(|name| folder.join(name)).collect()
}

#[cfg(test)]
mod seeded_faults {
    use super::*;

    fn file(path: &str, text: &str) -> File {
        File { path: path.into(), text: text.into() }
    }

    /// The number of findings of a check on one file.
    fn found(check: fn(&[File]) -> Outcome, path: &str, text: &str) -> usize {
        check(&[file(path, text)]).findings.len()
    }

    #[test]
    fn floats_are_found() {
        assert_eq!(found(floats, "workflows/src/a.rs", "let x: f64 = 1.5_f32; y.to_f64(); // f64"), 3);
        assert_eq!(found(floats, "workflows/src/a.rs", "let x = 2f64;"), 1);
        assert_eq!(found(floats, "workflows/src/a.rs", "let f640 = \"f64\"; /* f32 */ y.is_f64();"), 0);
        assert_eq!(found(floats, "api/src/a.rs", "let x: f64;"), 0);
    }

    #[test]
    fn the_outside_world_is_found() {
        let text = "fn a() { std::fs::read(x); }\n#[cfg(test)]\nmod tests { use std::env; }";
        assert_eq!(found(outside_world, "workflows/src/a.rs", text), 1);
    }

    #[test]
    fn stopping_calls_are_found() {
        let text =
            "fn a() { b.unwrap(); c\n  .expect(\"d\"); }\n#[cfg(test)]\nmod tests { fn e() { f.unwrap() } }";
        assert_eq!(found(calm, "db/src/a.rs", text), 2);
        assert_eq!(found(calm, "db/tests/a.rs", text), 0);
        assert_eq!(found(calm, "simulate/src/a.rs", text), 0);
        assert_eq!(found(calm, "db/src/a.rs", "a.unwrap(); // infallible: the literal is a date"), 0);
        assert_eq!(found(calm, "db/src/a.rs", "// infallible: the literal is a date\na.unwrap();"), 0);
        assert_eq!(found(calm, "db/src/a.rs", "a.unwrap(); // infallible: "), 1);
        assert_eq!(found(calm, "db/src/a.rs", "a.unwrap_or(1); a.expect_err(2); \"a.unwrap()\""), 0);
    }

    #[test]
    fn a_declared_test_module_may_stop() {
        let files = [
            file("db/src/lib.rs", "#[cfg(test)]\nmod cases;\nmod real;"),
            file("db/src/cases.rs", "a.unwrap();"),
            file("db/src/cases/more.rs", "a.unwrap();"),
            file("db/src/real.rs", "a.unwrap();"),
        ];
        assert_eq!(calm(&files).findings, ["db/src/real.rs:1: a.unwrap();"]);
    }

    #[test]
    fn a_long_file_is_found() {
        let text = "//\n".repeat(LINES + 1);
        assert_eq!(found(short, "db/src/a.rs", &text), 1);
        assert_eq!(found(short, "db/src/migration/a.rs", &text), 0);
        assert_eq!(found(short, "db/src/a.rs", &"//\n".repeat(LINES)), 0);
    }

    #[test]
    fn unfinished_work_is_found() {
        assert_eq!(found(finished, "db/tests/a.rs", "#[ignore = \"slow\"]\nfn a() { todo!() } // todo!"), 2);
        assert_eq!(found(finished, "db/src/a.rs", "my_todo!();"), 0);
    }

    #[test]
    fn machine_paths_and_hosts_are_found() {
        let folder = concat!("/wo", "rk/main");
        assert_eq!(found(portable, "README.md", &format!("cd {folder}")), 1);
        assert_eq!(found(portable, "README.md", &format!("https://bank.example/api{folder}")), 0);
        assert_eq!(found(portable, "README.md", concat!("see crates", ".io")), 1);
        assert_eq!(found(portable, "Cargo.lock", concat!("crates", ".io")), 0);
    }
}
