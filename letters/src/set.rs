//! From a request to the bytes of its PDF: the templates in this program, the request as data, nothing else.

use crate::Failure;
use crate::fonts::Fonts;
use crate::texts::parted;
use letters::{Language, Request};
use serde_json::json;
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// The templates by their names.
const TEMPLATES: [(&str, &str); 3] = [
    ("main.typ", include_str!("../templates/main.typ")),
    ("house.typ", include_str!("../templates/house.typ")),
    ("letters.typ", include_str!("../templates/letters.typ")),
];

/// The archive wants PDF/A-2, whoever reads with a screen reader PDF/UA-1. Level A has everything of level B.
const STANDARDS: [PdfStandard; 2] = [PdfStandard::A_2a, PdfStandard::Ua_1];

/// The letter as PDF. Errors: characters that no line can have, a template that does not fit.
pub fn pdf(request: &Request, fonts: Fonts) -> Result<Vec<u8>, Failure> {
    let fault = |what: &str| Failure::Fault(what.to_owned());
    let mut data = serde_json::to_value(request).map_err(|_| fault("the request is no JSON"))?;
    let rare = parted(&mut data, &fonts)?;
    let title = match request.language {
        Language::Ja => request.letter.kind().ja(),
        Language::En => request.letter.kind().en(),
    };
    if let Some(map) = data.as_object_mut() {
        map.insert("title".to_owned(), json!(title));
    }
    let world = Desk::new(fonts.book(rare.0), data.to_string())
        .ok_or_else(|| fault("the templates are not there"))?;
    let set = typst::compile::<PagedDocument>(&world);
    let document = set.output.map_err(|errors| fault(&told(&errors)))?;
    let standards = PdfStandards::new(&STANDARDS).map_err(|error| fault(error.message()))?;
    let options = PdfOptions {
        ident: Smart::Custom(format!("{} {title}", request.head.reference)),
        creator: Smart::Custom(Some("Yushi".to_owned())),
        standards,
        ..PdfOptions::default()
    };
    typst_pdf::pdf(&document, &options).map_err(|errors| fault(&told(&errors)))
}

/// What the typesetter says. It speaks of templates; of the data it knows types alone.
fn told(errors: &[typst::diag::SourceDiagnostic]) -> String {
    let all: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    all.join("; ")
}

/// Everything that a template may see.
struct Desk {
    library: LazyHash<Library>,
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
    sources: Vec<Source>,
    data: (FileId, Bytes),
}

impl Desk {
    fn new(fonts: Vec<Font>, data: String) -> Option<Self> {
        static LIBRARY: LazyLock<Library> = LazyLock::new(Library::default);
        let sources = TEMPLATES.iter().map(|(name, text)| Some(Source::new(id(name)?, (*text).to_owned())));
        Some(Desk {
            library: LazyHash::new(LIBRARY.clone()),
            book: LazyHash::new(FontBook::from_fonts(&fonts)),
            fonts,
            sources: sources.collect::<Option<_>>()?,
            data: (id("letter.json")?, Bytes::from_string(data)),
        })
    }
}

fn id(name: &str) -> Option<FileId> {
    Some(RootedPath::new(VirtualRoot::Project, VirtualPath::new(name).ok()?).intern())
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.book
    }

    fn main(&self) -> FileId {
        self.sources[0].id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        self.sources.iter().find(|source| source.id() == id).cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let (data, bytes) = &self.data;
        if *data == id { Ok(bytes.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.get(index).cloned()
    }

    /// The dates of a letter are in its data.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
