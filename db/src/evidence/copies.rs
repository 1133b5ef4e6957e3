//! The second place: a folder outside of the database to which every checkpoint is appended, with its leaves and the keys' records.
//!
//! Two kinds of files, both of JSON lines: `keys.jsonl`, and `checkpoints-DAY.jsonl` by the day of the checkpoint.

use super::{Fault, seal};
use crate::Store;
use serde::{Deserialize, Serialize};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// Checkpoints read from the database at once.
const PAGE: u32 = 16;
const KEYS: &str = "keys.jsonl";

/// A folder with copies.
#[derive(Debug)]
pub struct Copies {
    folder: PathBuf,
    /// Number of the last whole copy, once it is known: this process appends to its folder alone.
    last: Mutex<Option<i64>>,
}

/// A checkpoint in the second place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Copy {
    pub number: i64,
    pub note: String,
    pub leaves: String,
}

/// A key in the second place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyCopy {
    pub kid: String,
    pub record: String,
}

impl Copies {
    /// The folder of this path; it is made where it is not there.
    pub fn at(folder: &Path) -> io::Result<Copies> {
        fs::create_dir_all(folder)?;
        Ok(Copies { folder: folder.to_owned(), last: Mutex::default() })
    }

    /// A folder that must be there, to read it.
    pub fn of(folder: &Path) -> io::Result<Copies> {
        fs::read_dir(folder)?;
        Ok(Copies { folder: folder.to_owned(), last: Mutex::default() })
    }

    /// Appends what the folder does not have yet, durably; how many checkpoints that were. What another process has sealed is
    /// appended as well, so that every node's folder is whole.
    pub async fn append(&self, store: &Store) -> Result<u64, Fault> {
        let known: Vec<String> = self.keys()?.into_iter().map(|key| key.kid).collect();
        let records = seal::keys(store).await?.into_iter().filter(|(kid, _)| !known.contains(kid));
        let records: Vec<KeyCopy> = records.map(|(kid, record)| KeyCopy { kid, record }).collect();
        self.add(KEYS, &records)?;
        let held = *self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut last, mut added) = (held.map_or_else(|| self.find_last(), Ok)?, 0);
        loop {
            let page = seal::stored(store, last, PAGE).await?;
            for stored in &page {
                let copy =
                    Copy { number: stored.number, note: stored.note.clone(), leaves: stored.leaves.clone() };
                self.add(&format!("checkpoints-{}.jsonl", stored.at.format("%Y-%m-%d")), &[copy])?;
                last = stored.number;
                *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(last);
                added += 1;
            }
            if page.len() < PAGE as usize {
                return Ok(added);
            }
        }
    }

    /// Number of the last whole copy; 0 where there is none.
    fn find_last(&self) -> io::Result<i64> {
        for path in self.files()?.iter().rev() {
            let text = fs::read_to_string(path)?;
            let whole = text.rfind('\n').map_or("", |end| &text[..end]);
            if let Some(line) = whole.lines().next_back() {
                return Ok(parse::<Copy>(path, line)?.number);
            }
        }
        Ok(0)
    }

    fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = vec![];
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            if name.starts_with("checkpoints-") && name.ends_with(".jsonl") {
                files.push(path);
            }
        }
        files.sort();
        Ok(files)
    }

    /// Records of the keys, in their order.
    pub(super) fn keys(&self) -> io::Result<Vec<KeyCopy>> {
        let path = self.folder.join(KEYS);
        match fs::read_to_string(&path) {
            Ok(text) => text.lines().map(|line| parse(&path, line)).collect(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(vec![]),
            Err(error) => Err(error),
        }
    }

    /// The copies in their order, one at a time.
    pub(super) fn read(&self) -> io::Result<impl Iterator<Item = io::Result<Copy>> + use<>> {
        Ok(self.files()?.into_iter().flat_map(|path| {
            let lines: Box<dyn Iterator<Item = io::Result<Copy>> + Send> = match File::open(&path) {
                Err(error) => Box::new(std::iter::once(Err(error))),
                Ok(file) => {
                    Box::new(BufReader::new(file).lines().map(move |line| parse(&path, line?.as_str())))
                }
            };
            lines
        }))
    }

    /// Appends lines. A line that a crash left half is taken off first.
    fn add<T: Serialize>(&self, name: &str, lines: &[T]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let path = self.folder.join(name);
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(&path)?;
        let whole = whole(&mut file)?;
        if whole < file.metadata()?.len() {
            file.set_len(whole)?;
        }
        let mut text = String::new();
        for line in lines {
            text.push_str(&serde_json::to_string(line).map_err(io::Error::other)?);
            text.push('\n');
        }
        file.write_all(text.as_bytes())?;
        file.sync_data()
    }
}

/// Bytes of the file up to the end of its last whole line.
fn whole(file: &mut File) -> io::Result<u64> {
    use std::io::{Read, Seek, SeekFrom};
    let mut end = file.metadata()?.len();
    let mut block = [0_u8; 4096];
    while end > 0 {
        let start = end.saturating_sub(block.len() as u64);
        let part = &mut block[..(end - start) as usize];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(part)?;
        if let Some(at) = part.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

fn parse<T: for<'a> Deserialize<'a>>(path: &Path, line: &str) -> io::Result<T> {
    serde_json::from_str(line)
        .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {error}", path.display())))
}
