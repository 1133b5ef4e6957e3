//! The copy of a crate in which every site asks the switch, and its test binaries.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::sites::{Places, Source};

/// A crate whose sources are to be mutated.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The workspace's folder.
    pub root: PathBuf,
    /// Name of the crate and of its folder.
    pub package: String,
    /// Folders or files of its `src` that are mutated.
    pub folders: Vec<String>,
    /// Further folders of the workspace that its tests read.
    pub data: Vec<String>,
    /// Targets of `cargo test`.
    pub targets: Vec<String>,
    /// Code for the switch: how the crate's own numbers are counted up and down.
    pub numbers: &'static str,
    /// Where the copy and its build go.
    pub out: PathBuf,
}

/// A file of the subject that has sites.
#[derive(Clone, Debug)]
pub struct Mutated {
    /// From the workspace's folder.
    pub path: PathBuf,
    pub source: Source,
}

/// The built copy.
#[derive(Debug)]
pub struct Built {
    /// Test binaries.
    pub binaries: Vec<PathBuf>,
    /// First numbers of the sites that the compiler did not take.
    pub off: BTreeSet<u32>,
}

const SWITCH: &str = include_str!("../../data/mutation/switch.rs");

/// The compiler may show further faults only after others are gone, so it is asked again. More rounds than this are no progress.
const ROUNDS: usize = 20;

impl Subject {
    /// The files of the folders with their sites, numbered through.
    pub fn sources(&self) -> Result<Vec<Mutated>, String> {
        let src = self.root.join(&self.package).join("src");
        let mut paths = Vec::new();
        for folder in &self.folders {
            let path = src.join(folder);
            if path.is_dir() { paths.extend(files(&path)?) } else { paths.push(path) }
        }
        paths.sort();
        let mut first = 1;
        let mut mutated = Vec::new();
        for path in paths.iter().filter(|path| path.extension().is_some_and(|extension| extension == "rs")) {
            let source = Source::read(&read(path)?, first).map_err(|error| said(path, &error))?;
            first = source.sites.iter().map(|site| site.first + site.count()).max().unwrap_or(first);
            let path = path.strip_prefix(&self.root).unwrap_or(path).to_path_buf();
            mutated.push(Mutated { path, source });
        }
        Ok(mutated)
    }

    fn tree(&self) -> PathBuf {
        self.out.join("tree")
    }

    /// The folder of the crate's copy, where its tests run.
    pub fn copied(&self) -> PathBuf {
        self.tree().join(&self.package)
    }

    /// Copies the crate, switches its sites and builds the tests. A site that the compiler refuses is left as it is.
    pub fn build(&self, mutated: &[Mutated]) -> Result<Built, String> {
        self.copy(mutated)?;
        let mut off = self.refused(mutated);
        for _ in 0..ROUNDS {
            let mut switched = Vec::new();
            for file in mutated {
                let (text, places) = file.source.switched(&off);
                let path = self.tree().join(&file.path);
                write(&path, &text)?;
                switched.push((file.path.as_path(), places));
            }
            let (binaries, faults) = self.compile()?;
            if faults.is_empty() {
                write(&self.memory(), remembered(mutated, &off))?;
                return Ok(Built { binaries, off });
            }
            let refused: BTreeSet<u32> = faults.iter().filter_map(|fault| blamed(fault, &switched)).collect();
            if refused.is_empty() {
                let texts: Vec<&str> =
                    faults.iter().filter_map(|fault| fault["rendered"].as_str()).take(5).collect();
                return Err(format!("the copy does not compile:\n{}", texts.join("\n")));
            }
            off.extend(refused);
        }
        Err(format!("the copy does not compile after {ROUNDS} rounds"))
    }

    fn memory(&self) -> PathBuf {
        self.out.join("refused")
    }

    /// The sites that the compiler refused in these very sources the last time, so that nothing is built anew to learn it again.
    fn refused(&self, mutated: &[Mutated]) -> BTreeSet<u32> {
        let text = std::fs::read_to_string(self.memory()).unwrap_or_default();
        let off: BTreeSet<u32> = text.lines().skip(1).filter_map(|line| line.parse().ok()).collect();
        if remembered(mutated, &off) == text { off } else { BTreeSet::new() }
    }

    /// What did not change is not written, so that a second run builds only what changed.
    fn copy(&self, mutated: &[Mutated]) -> Result<(), String> {
        let mut wanted = BTreeSet::new();
        for folder in std::iter::once(&self.package).chain(&self.data) {
            for path in files(&self.root.join(folder))? {
                let relative = path.strip_prefix(&self.root).unwrap_or(&path);
                let to = self.tree().join(relative);
                if !mutated.iter().any(|file| file.path == relative) {
                    let mut text = std::fs::read(&path).map_err(|error| said(&path, &error))?;
                    if relative == Path::new(&self.package).join("src/lib.rs") {
                        text.extend(b"\npub mod mutant;\n");
                    }
                    write(&to, text)?;
                }
                wanted.insert(to);
            }
        }
        let switch = self.copied().join("src/mutant.rs");
        write(&switch, format!("{SWITCH}{}", self.numbers))?;
        wanted.insert(switch);
        for path in files(&self.tree())? {
            let below = path.strip_prefix(self.tree()).unwrap_or(&path);
            if below.components().count() > 1 && !wanted.contains(&path) {
                std::fs::remove_file(&path).map_err(|error| said(&path, &error))?;
            }
        }
        let manifest = self.root.join("Cargo.toml");
        write(&self.tree().join("Cargo.toml"), self.manifest(&read(&manifest)?)?)?;
        let lock = self.root.join("Cargo.lock");
        let kept = self.tree().join("Cargo.lock");
        // Cargo drops from the copy what only other members need; it is copied again when the original is newer.
        let age = |path: &Path| path.metadata().and_then(|about| about.modified()).ok();
        if lock.exists() && age(&kept) < age(&lock) {
            write(&kept, read(&lock)?)?;
        }
        Ok(())
    }

    /// The workspace's manifest with this member alone.
    fn manifest(&self, text: &str) -> Result<String, String> {
        let mut manifest: toml::Table = text.parse().map_err(|error| format!("Cargo.toml: {error}"))?;
        let workspace = manifest.get_mut("workspace").and_then(toml::Value::as_table_mut);
        let workspace = workspace.ok_or("Cargo.toml: there is no [workspace]")?;
        workspace.insert("members".to_owned(), vec![self.package.clone()].into());
        if let Some(toml::Value::Table(dependencies)) = workspace.get_mut("dependencies") {
            dependencies.retain(|name, value| *name == self.package || value.get("path").is_none());
        }
        // One build, thousands of runs.
        let profile =
            "[dev]\ndebug = false\nincremental = false\nopt-level = 1\n[dev.package.\"*\"]\nopt-level = 1\n";
        let profile: toml::Table = profile.parse().map_err(|error| format!("profile: {error}"))?;
        manifest.insert("profile".to_owned(), profile.into());
        Ok(manifest.to_string())
    }

    /// The test binaries, or what the compiler has against the copy.
    fn compile(&self) -> Result<(Vec<PathBuf>, Vec<Value>), String> {
        let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
        let output = Command::new(cargo)
            .args(["test", "--offline", "--no-run", "--message-format", "json", "--package", &self.package])
            .args(&self.targets)
            .current_dir(self.tree())
            .env("CARGO_TARGET_DIR", self.out.join("build"))
            // The copy is written by a machine; what is said about its style helps nobody.
            .env("RUSTFLAGS", "--cap-lints=allow")
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("cargo: {error}"))?;
        let text = String::from_utf8_lossy(&output.stdout);
        let messages: Vec<Value> = text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        let faults: Vec<Value> = messages
            .iter()
            .filter(|message| message["message"]["level"] == "error")
            .map(|message| message["message"].clone())
            .collect();
        if !output.status.success() && faults.is_empty() {
            return Err("cargo could not build the copy".to_owned());
        }
        let tests = messages.iter().filter(|message| message["profile"]["test"] == true);
        let binaries =
            tests.filter_map(|message| message["executable"].as_str()).map(PathBuf::from).collect();
        Ok((binaries, faults))
    }
}

/// Which sites of these sources the compiler refused: a mark of the sources and of the switch, then the numbers.
fn remembered(mutated: &[Mutated], off: &BTreeSet<u32>) -> String {
    let all = mutated
        .iter()
        .fold(Sha256::new(), |hash, file| hash.chain_update(file.source.switched(&BTreeSet::new()).0));
    let numbers: String = off.iter().map(|number| format!("{number}\n")).collect();
    format!("{}\n{numbers}", hex::encode(all.chain_update(SWITCH).finalize()))
}

/// The innermost site that a fault lies in, else one that lies in the fault.
fn blamed(fault: &Value, switched: &[(&Path, Places)]) -> Option<u32> {
    let spans = fault["spans"].as_array()?;
    let found = |primary: bool| {
        spans.iter().filter(|span| span["is_primary"] == primary).find_map(|span| {
            let number = |key: &str| usize::try_from(span[key].as_u64()?).ok();
            let (start, end) = (number("byte_start")?, number("byte_end")?);
            let name = Path::new(span["file_name"].as_str()?);
            let (_, places) = switched.iter().find(|(path, _)| name.ends_with(path))?;
            let holding = places.iter().filter(|(place, _)| place.start <= start && end <= place.end);
            let inside = places.iter().filter(|(place, _)| start <= place.start && place.end <= end);
            let size = |(place, _): &&(Range<usize>, u32)| place.len();
            holding.min_by_key(size).or_else(|| inside.min_by_key(size)).map(|(_, first)| *first)
        })
    };
    found(true).or_else(|| found(false))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(|error| said(folder, &error))?.flatten() {
        let path = entry.path();
        if !path.is_dir() {
            found.push(path);
        } else if !path.ends_with("target") {
            found.extend(files(&path)?);
        }
    }
    Ok(found)
}

fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| said(path, &error))
}

fn write(path: &Path, content: impl AsRef<[u8]>) -> Result<(), String> {
    if std::fs::read(path).is_ok_and(|old| old == content.as_ref()) {
        return Ok(());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, content))
        .map_err(|error| said(path, &error))
}

fn said(path: &Path, error: &impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}
