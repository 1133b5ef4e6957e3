//! The world outside that due work asks: the watch list and the credit bureau.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::SystemTime;

use chrono::NaiveDate;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;
use workflows::machine::Case;
use workflows::machine::clock::{BureauAnswer, Outside, Search};

/// Version that a search carries when there is no list: every person then goes to compliance.
const NO_LIST: &str = "none";

/// A file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadFile {
    #[error("{0}: {1}")]
    Unreadable(PathBuf, std::io::Error),
    #[error("{0}: line {1}: {2}")]
    Line(PathBuf, usize, serde_json::Error),
}

/// The watch list and the bureau of an installation.
pub struct Sources {
    watch_list: Option<Watched>,
    bureau: Bureau,
}

/// Where bureau answers come from.
enum Bureau {
    /// No answer: the inquiry fails and staff repeat it.
    None,
    /// Answers of a file by name and date of birth.
    File(HashMap<(String, NaiveDate), String>),
    /// The demo's: everybody has a clean record, under a key made from the person.
    Clean,
}

/// A list that is read again when its file changes.
struct Watched {
    path: PathBuf,
    list: RwLock<Arc<List>>,
}

/// A list as it was read.
#[derive(Clone, Debug, Default)]
struct List {
    names: HashSet<String>,
    version: String,
    changed: Option<SystemTime>,
}

#[derive(Deserialize)]
struct WatchedName {
    name_kana: String,
}

#[derive(Deserialize)]
struct BureauLine {
    name_kana: String,
    birth_date: NaiveDate,
    answer_key: String,
}

impl Sources {
    /// The sources of files; a source without a file answers nothing. Errors: a file cannot be read.
    pub fn open(watch_list: Option<&Path>, bureau: Option<&Path>) -> Result<Self, BadFile> {
        let watch_list = watch_list.map(Watched::open).transpose()?;
        let bureau = bureau.map(answers).transpose()?.map_or(Bureau::None, Bureau::File);
        Ok(Self { watch_list, bureau })
    }

    /// The demo's sources: a list of its own and clean bureau records. Errors: the list cannot be read.
    pub fn demo(watch_list: &Path) -> Result<Self, BadFile> {
        Ok(Self { watch_list: Some(Watched::open(watch_list)?), bureau: Bureau::Clean })
    }

    /// Reads the list again if its file changed. A damaged new file leaves the old list in force.
    pub fn refresh(&self) {
        let Some(watched) = &self.watch_list else { return };
        let before = watched.list.read().unwrap_or_else(PoisonError::into_inner).changed;
        if changed(&watched.path) == before {
            return;
        }
        match List::read(&watched.path) {
            Ok(list) => {
                tracing::info!(version = list.version, names = list.names.len(), "watch list read again");
                *watched.list.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(list);
            }
            Err(error) => {
                tracing::error!(%error, "the new watch list cannot be read; the old one stays in force")
            }
        }
    }
}

impl Outside for Sources {
    fn search(&self, case: &Case, party_id: &str) -> Search {
        let Some(watched) = &self.watch_list else {
            return Search { list_version: NO_LIST.to_owned(), needs_review: true };
        };
        let list = watched.list.read().unwrap_or_else(PoisonError::into_inner).clone();
        let person = case.form.party(party_id);
        let needs_review = person.is_none_or(|person| list.names.contains(&folded(&person.name_kana)));
        Search { list_version: list.version.clone(), needs_review }
    }

    fn inquire(&self, case: &Case, party_id: &str) -> BureauAnswer {
        let person = case.form.party(party_id)?;
        let name = folded(&person.name_kana);
        match &self.bureau {
            Bureau::None => None,
            Bureau::File(answers) => answers.get(&(name, person.birth_date)).cloned(),
            Bureau::Clean => {
                let digest = Sha256::digest(format!("{name}|{}", person.birth_date));
                Some(format!("CLEAN-{}", hex::encode(&digest[..8])))
            }
        }
    }
}

impl Watched {
    fn open(path: &Path) -> Result<Self, BadFile> {
        Ok(Self { path: path.to_owned(), list: RwLock::new(Arc::new(List::read(path)?)) })
    }
}

impl List {
    /// The version is a digest of the file, so that every search says against what it was made.
    fn read(path: &Path) -> Result<Self, BadFile> {
        let changed = changed(path);
        let text = read(path)?;
        let version = hex::encode(&Sha256::digest(&text)[..8]);
        let names =
            lines::<WatchedName>(path, &text)?.into_iter().map(|line| folded(&line.name_kana)).collect();
        Ok(Self { names, version, changed })
    }
}

fn answers(path: &Path) -> Result<HashMap<(String, NaiveDate), String>, BadFile> {
    let lines = lines::<BureauLine>(path, &read(path)?)?;
    Ok(lines.into_iter().map(|line| ((folded(&line.name_kana), line.birth_date), line.answer_key)).collect())
}

fn read(path: &Path) -> Result<String, BadFile> {
    std::fs::read_to_string(path).map_err(|error| BadFile::Unreadable(path.to_owned(), error))
}

fn lines<T: for<'de> Deserialize<'de>>(path: &Path, text: &str) -> Result<Vec<T>, BadFile> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(at, line)| {
            serde_json::from_str(line).map_err(|error| BadFile::Line(path.to_owned(), at + 1, error))
        })
        .collect()
}

fn changed(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// A kana name for comparison: full width, katakana, no spaces and no middle dots.
fn folded(name: &str) -> String {
    name.nfkc()
        .filter(|letter| !letter.is_whitespace() && *letter != '・')
        .map(|letter| match letter {
            'ぁ'..='ゖ' => char::from_u32(u32::from(letter) + 0x60).unwrap_or(letter),
            _ => letter,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_compare_whatever_their_width_or_script() {
        assert_eq!(folded("ﾔﾏﾀﾞ ﾀﾛｳ"), "ヤマダタロウ");
        assert_eq!(folded("やまだ　たろう"), folded("ヤマダ\u{3000}タロウ"));
        assert_eq!(folded("ジョン・スミス"), folded("ジョン　スミス"));
    }

    #[test]
    fn the_list_is_read_again_when_it_changes_and_damage_leaves_the_old_one() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("list.jsonl");
        std::fs::write(&path, "{\"name_kana\":\"ア\"}\n").expect("file");
        let sources = Sources::demo(&path).expect("sources");
        let version = || {
            let list = sources.watch_list.as_ref().expect("a list").list.read().expect("lock").clone();
            (list.version.clone(), list.names.len())
        };
        let first = version();
        assert_eq!(first.1, 1);
        std::fs::write(&path, "{\"name_kana\":\"ア\"}\n\n{\"name_kana\":\"イ\"}\n").expect("file");
        let later = SystemTime::now() + std::time::Duration::from_secs(5);
        std::fs::File::options().write(true).open(&path).expect("file").set_modified(later).expect("time");
        sources.refresh();
        let second = version();
        assert_eq!(second.1, 2);
        assert_ne!(first.0, second.0);
        std::fs::write(&path, "oops\n").expect("file");
        sources.refresh();
        assert_eq!(version(), second);
    }
}
