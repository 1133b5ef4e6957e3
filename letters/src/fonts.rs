//! The fonts: which files, where they are looked for, and which characters each one has.

use crate::Failure;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use typst::foundations::Bytes;
use typst::text::Font;

/// A file that must be there, the face in it, and the Debian package that brings it.
struct Wanted {
    file: &'static str,
    /// Name of the face, where the file holds several.
    family: &'static str,
    package: &'static str,
}

/// Text, figures of one width for columns, and rare characters: each in regular and bold.
const WANTED: [Wanted; 6] = [
    Wanted {
        file: "BIZUDPGothic-Regular.ttf",
        family: "BIZ UDPGothic",
        package: "fonts-morisawa-bizud-gothic",
    },
    Wanted { file: "BIZUDPGothic-Bold.ttf", family: "BIZ UDPGothic", package: "fonts-morisawa-bizud-gothic" },
    Wanted {
        file: "BIZUDGothic-Regular.ttf",
        family: "BIZ UDGothic",
        package: "fonts-morisawa-bizud-gothic",
    },
    Wanted { file: "BIZUDGothic-Bold.ttf", family: "BIZ UDGothic", package: "fonts-morisawa-bizud-gothic" },
    Wanted { file: "NotoSansCJK-Regular.ttc", family: "Noto Sans CJK JP", package: "fonts-noto-cjk" },
    Wanted { file: "NotoSansCJK-Bold.ttc", family: "Noto Sans CJK JP", package: "fonts-noto-cjk" },
];

/// So many of them are read for every letter.
const COMMON: usize = 4;

/// Where Debian puts them.
const DEBIAN: [&str; 2] = ["/usr/share/fonts/truetype/bizud-gothic", "/usr/share/fonts/opentype/noto"];

/// The fonts that were found. Those for rare characters are read when a letter has one.
pub struct Fonts {
    files: Vec<PathBuf>,
    read: [OnceLock<Option<Font>>; WANTED.len()],
}

impl Fonts {
    /// Looks for every file. Errors: all that are absent, with where they were looked for and what brings them.
    pub fn find(folders: &[PathBuf]) -> Result<Self, Failure> {
        let debian = DEBIAN.map(PathBuf::from);
        let folders = if folders.is_empty() { &debian[..] } else { folders };
        let (mut files, mut absent) = (vec![], vec![]);
        for wanted in &WANTED {
            match folders.iter().map(|folder| folder.join(wanted.file)).find(|file| file.is_file()) {
                Some(file) => files.push(file),
                None => absent.push(format!("{} (Debian: {})", wanted.file, wanted.package)),
            }
        }
        if !absent.is_empty() {
            let searched: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
            let what = format!("fonts are absent: {}; searched: {}", absent.join(", "), searched.join(", "));
            return Err(Failure::Fault(what));
        }
        let fonts = Fonts { files, read: [const { OnceLock::new() }; WANTED.len()] };
        for (at, wanted) in WANTED.iter().enumerate().take(COMMON) {
            if fonts.get(at).is_none() {
                return Err(Failure::Fault(format!("{} is no font", wanted.file)));
            }
        }
        Ok(fonts)
    }

    /// The files in use.
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// A font by its place. `None`: the file is none.
    pub fn get(&self, at: usize) -> Option<&Font> {
        self.read.get(at)?.get_or_init(|| face(self.files.get(at)?, WANTED.get(at)?.family)).as_ref()
    }

    /// Fonts that stand in the book: the rare ones only where they are needed, because they are large.
    pub fn book(&self, rare: bool) -> Vec<Font> {
        let most = if rare { WANTED.len() } else { COMMON };
        (0..most).filter_map(|at| self.get(at).cloned()).collect()
    }

    /// Where a character stands, together with the selector of its form.
    pub fn place(&self, base: char, selector: Option<char>) -> Place {
        let has = |at: usize| {
            let face = self.get(at).and_then(|font| ttf_parser::Face::parse(font.data(), font.index()).ok());
            let glyph = face.and_then(|face| match selector {
                Some(selector) => face.glyph_variation_index(base, selector),
                None => face.glyph_index(base),
            });
            glyph.is_some_and(|glyph| glyph.0 != 0)
        };
        match () {
            () if (0..COMMON).all(has) => Place::Main,
            () if (COMMON..WANTED.len()).all(has) => Place::Rare,
            () => Place::Nowhere,
        }
    }
}

/// Which font has a character.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Main,
    Rare,
    /// None has it: its code is printed, never another character.
    Nowhere,
}

fn face(file: &Path, family: &str) -> Option<Font> {
    let data = Bytes::new(std::fs::read(file).ok()?);
    Font::iter(data).find(|font| font.info().family == family)
}
