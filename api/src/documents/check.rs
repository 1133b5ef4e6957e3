//! Every digest on record has its bytes, and they are what they were. Nothing lies there of a case that was erased.

use super::Documents;
use super::objects::{Fault, files_of, segment_of};
use crate::documents::desk::{erase, segments};
use db::{Scope, Store, StoreError};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use workflows::machine::papers::{PaperFile, UploadState};
use workflows::machine::{Actor, Case, Role};

/// What a look at all files came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Cases with files, and their files.
    pub cases: u64,
    pub files: u64,
    pub bytes: u64,
    pub findings: Vec<Finding>,
}

/// Something that is not as the record says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub application: String,
    /// Id of the file, or name of the object where no file on record has it.
    pub file: String,
    /// `MISSING`, `DAMAGED`, `OTHER_DIGEST`, `UNKNOWN` or `ERASED`.
    pub kind: &'static str,
    pub detail: String,
}

/// Why the look could not be finished.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    #[error("database: {0}")]
    Store(#[from] StoreError),
    #[error("store of documents: {0}")]
    Objects(#[from] Fault),
}

/// Cases looked at at once.
const PAGE: u32 = 200;

/// Looks at every file of every case, and at what lies there of cases that have none. Errors: database or store do not answer.
pub async fn check(store: &Store, documents: &Documents) -> Result<Report, Trouble> {
    let scope = Scope::of(&Actor::internal(Role::System));
    let (mut report, mut after) = (Report::default(), None);
    let mut with_files = BTreeSet::new();
    loop {
        let page = store.whole_cases(&scope, after.as_deref(), PAGE).await?;
        after = page.next;
        for case in &page.items {
            if !case.files.is_empty() {
                with_files.insert(format!("{}/{}", case.institution, case.id));
                report.cases += 1;
                of_case(store, documents, case, &mut report).await?;
            }
        }
        if after.is_none() {
            break;
        }
    }
    for bank in documents.objects.inside("files").await? {
        let mut others = documents.objects.inside(&format!("files/{bank}")).await?;
        others.retain(|id| !with_files.contains(&format!("{bank}/{id}")));
        for ids in others.chunks(PAGE as usize) {
            let cases = store.cases(&scope, ids).await?;
            for id in ids {
                let case = cases.iter().find(|case| case.id == *id && case.institution == bank);
                match case.filter(|case| case.keeping.erased.is_none()) {
                    Some(case) => of_case(store, documents, case, &mut report).await?,
                    None => {
                        let detail = "objects of a case that was erased, or that there is none of".to_owned();
                        let file = format!("files/{bank}/{id}");
                        report.findings.push(Finding {
                            application: id.clone(),
                            file,
                            kind: "ERASED",
                            detail,
                        });
                    }
                }
            }
        }
    }
    Ok(report)
}

/// Deletes what lies there of cases that were erased; the number of objects. What no case is known of is left: it may be another
/// installation's. Errors: database or store do not answer.
pub async fn sweep(store: &Store, documents: &Documents) -> Result<u64, Trouble> {
    let (scope, mut deleted) = (Scope::of(&Actor::internal(Role::System)), 0);
    for kind in ["files", "pieces"] {
        for bank in documents.objects.inside(kind).await? {
            let there = documents.objects.inside(&format!("{kind}/{bank}")).await?;
            for ids in there.chunks(PAGE as usize) {
                let cases = store.cases(&scope, ids).await?;
                for case in cases.iter().filter(|case| case.keeping.erased.is_some()) {
                    deleted += erase(documents, &bank, &case.id).await?;
                }
            }
        }
    }
    Ok(deleted)
}

async fn of_case(
    store: &Store,
    documents: &Documents,
    case: &Case,
    report: &mut Report,
) -> Result<(), Trouble> {
    let found = |file: &str, kind, detail: String| Finding {
        application: case.id.clone(),
        file: file.to_owned(),
        kind,
        detail,
    };
    let Some(drawer) = store.drawer(case).await? else {
        report.findings.push(found("", "DAMAGED", "the case has files and no data key".to_owned()));
        return Ok(());
    };
    let mut known = BTreeSet::new();
    for attached in &case.files {
        let file = &attached.file;
        let name = drawer.name(&file.sha256);
        report.files += 1;
        report.bytes += file.bytes;
        known.insert(name.clone());
        if let Err((kind, detail)) = of_file(documents, &drawer, file, &name).await? {
            report.findings.push(found(&file.id, kind, detail));
        }
    }
    // What is judged right now lies there before it is on record.
    let judged = store.uploads_of(&Scope::of(&Actor::internal(Role::System)), case).await?;
    let judged = judged.iter().any(|upload| upload.state == UploadState::Waiting);
    for name in documents.objects.inside(&files_of(&drawer.folder())).await? {
        if !known.contains(&name) && !judged {
            let detail = "lies there, and no file on record has this name".to_owned();
            report.findings.push(found(&name, "UNKNOWN", detail));
        }
    }
    Ok(())
}

type Wrong = (&'static str, String);

async fn of_file(
    documents: &Documents,
    drawer: &db::vault::Drawer,
    file: &PaperFile,
    name: &str,
) -> Result<Result<(), Wrong>, Trouble> {
    let mut digest = Sha256::new();
    let count = segments(file);
    for index in 0..count {
        let at = segment_of(&drawer.folder(), name, index);
        let Some(sealed) = documents.objects.get(&at).await? else {
            return Ok(Err(("MISSING", format!("segment {} of {count} is not there", index + 1))));
        };
        let Some(plain) = drawer.open(name, file.bytes, index, &sealed) else {
            let detail = format!("segment {} of {count} does not open: changed, cut or exchanged", index + 1);
            return Ok(Err(("DAMAGED", detail)));
        };
        digest.update(&plain);
    }
    if hex::encode(digest.finalize()) != file.sha256 {
        return Ok(Err(("OTHER_DIGEST", "its bytes have another digest than the record says".to_owned())));
    }
    Ok(Ok(()))
}
