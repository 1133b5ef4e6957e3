//! From a whole upload to a file of its case: digested, sniffed, scanned, sealed under its name, and recorded by the case. Whatever of
//! this cannot be done now leaves the upload in quarantine; nothing passes because somebody was away.

use super::Documents;
use super::objects::{self, files_of, pieces_of, segment_of};
use super::scan::Verdict;
use super::sniff::{Fault, Inspector, Seen};
use crate::service::Clock;
use chrono::{DateTime, TimeDelta, Utc};
use db::uploads::Upload;
use db::vault::{Drawer, SEGMENT, segments_of};
use db::{Answer, Request, Scope, Store, StoreError, Target};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;
use workflows::machine::papers::{PaperFile, UploadState};
use workflows::machine::{Actor, Command, Refusal, Role};

/// A process that judges an upload and dies keeps it no longer than this.
const HELD: TimeDelta = TimeDelta::minutes(5);
/// How often waiting and abandoned uploads are looked for.
const EVERY: Duration = Duration::from_secs(15);

/// What waits for the scanner, for the store of bytes, or for the database.
pub const SCANNER_AWAY: &str = "SCANNER_AWAY";
pub const STORE_AWAY: &str = "STORE_AWAY";

/// What became of a whole upload.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is a file of its case.
    Attached,
    Refused(Fault),
    /// It stays in quarantine; the code says for what.
    Waiting(&'static str),
}

/// What a desk works with.
#[derive(Clone)]
pub struct Desk {
    pub store: Store,
    pub documents: Arc<Documents>,
    pub clock: Arc<dyn Clock>,
}

/// What ends the judging of an upload early.
enum Stop {
    Refused(Fault),
    Waiting(&'static str),
    Store(StoreError),
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Stop::Store(error)
    }
}

impl From<objects::Fault> for Stop {
    fn from(fault: objects::Fault) -> Self {
        tracing::warn!(%fault, "the store of documents does not answer");
        Stop::Waiting(STORE_AWAY)
    }
}

impl Desk {
    /// Judges a whole upload and settles it. A second call, also by another process, changes nothing. Errors: the database; then the
    /// upload is judged again later.
    pub async fn settle(&self, upload: &Upload) -> Result<Settled, StoreError> {
        let now = self.clock.now();
        if !self.store.hold_upload(upload, now, now + HELD).await? {
            return Ok(Settled::Waiting(STORE_AWAY));
        }
        let settled = match self.judge(upload).await {
            Ok(()) => Settled::Attached,
            Err(Stop::Refused(fault)) => Settled::Refused(fault),
            Err(Stop::Waiting(reason)) => Settled::Waiting(reason),
            Err(Stop::Store(error)) if error.is_transient() => Settled::Waiting(STORE_AWAY),
            Err(Stop::Store(error)) => return Err(error),
        };
        let now = self.clock.now();
        match &settled {
            Settled::Attached => {
                self.store.settle_upload(upload, UploadState::Attached, None, now).await?;
            }
            Settled::Refused(fault) => {
                tracing::info!(upload = upload.id, %fault, "an upload is refused");
                self.store.settle_upload(upload, UploadState::Refused, Some(fault.code()), now).await?;
            }
            Settled::Waiting(reason) => {
                let until = now + self.documents.rules.again;
                self.store.postpone_upload(upload, reason, until).await?;
                return Ok(settled);
            }
        }
        metrics::counter!("yushi_uploads_total", "ended" => if settled == Settled::Attached { "attached" } else { "refused" })
            .increment(1);
        self.forget(upload).await;
        Ok(settled)
    }

    /// Deletes the pieces of an upload that is over. Where that fails, the next sweep of the case's folder finds them.
    pub async fn forget(&self, upload: &Upload) {
        let folder = pieces_of(&upload.drawer().folder(), &upload.id);
        if let Err(fault) = self.documents.objects.clear(&folder).await {
            tracing::warn!(upload = upload.id, %fault, "pieces of an upload are left");
        }
    }

    async fn judge(&self, upload: &Upload) -> Result<(), Stop> {
        let system = Actor::internal(Role::System);
        let scope = Scope::of(&system);
        let case =
            self.store.case(&scope, &upload.application_id).await?.ok_or(Stop::Refused(Fault::NotNow))?;
        if case.files.iter().any(|attached| attached.file.id == upload.id) {
            return Ok(());
        }
        let (seen, verdict) = self.look(upload).await?;
        let drawer = upload.drawer();
        let name = drawer.name(&seen.sha256);
        self.lay_down(upload, drawer, &name).await?;
        let said = &upload.announced;
        let file = PaperFile {
            id: upload.id.clone(),
            paper: said.paper,
            party_id: said.party_id.clone(),
            property_no: said.property_no,
            loan_no: said.loan_no,
            issued_on: said.issued_on,
            name: said.name.clone(),
            sha256: seen.sha256.clone(),
            bytes: upload.bytes,
            media_type: seen.media_type,
            scanned: verdict == Verdict::Clean,
            by: upload.subject.clone(),
            role: upload.role,
        };
        let command = Command::AttachPaper { file, replaces: said.replaces.clone() };
        let request = Request {
            actor: &system,
            now: self.clock.now(),
            target: Target::Case { id: &upload.application_id },
            command: &command,
            expected_version: None,
            key: None,
        };
        match self.store.execute(request).await? {
            Answer::Done(_) => Ok(()),
            Answer::Refused(Refusal::Invalid { field, .. }) if field == "file.id" => Ok(()),
            Answer::Conflict { .. } => Err(Stop::Waiting(STORE_AWAY)),
            refused => {
                // Its bytes go, unless the case has the same paper already.
                if !case.files.iter().any(|attached| attached.file.sha256 == seen.sha256) {
                    let folder = format!("{}/{name}", files_of(&drawer.folder()));
                    self.documents.objects.clear(&folder).await?;
                }
                tracing::info!(upload = upload.id, ?refused, "the case does not take a file");
                Err(Stop::Refused(Fault::NotNow))
            }
        }
    }

    /// The bytes pass by the inspector and the scanner.
    async fn look(&self, upload: &Upload) -> Result<(Seen, Verdict), Stop> {
        let away = |error: std::io::Error| {
            tracing::warn!(%error, "the malware scanner does not answer");
            Stop::Waiting(SCANNER_AWAY)
        };
        let mut inspector = Inspector::default();
        // A type that is not taken needs no scanner: the first piece tells.
        let mut scan = self.documents.scanner.begin().await.map_err(away)?;
        for (piece, _) in &upload.pieces {
            let plain = self.piece(upload, piece).await?;
            inspector.feed(&plain);
            scan.feed(&plain).await.map_err(away)?;
        }
        let verdict = scan.end().await.map_err(away)?;
        if let Verdict::Found(name) = &verdict {
            tracing::warn!(upload = upload.id, found = name, "malware in an upload");
            return Err(Stop::Refused(Fault::Malware));
        }
        let said = &upload.announced;
        let seen = inspector.finish(said.name.as_deref(), said.sha256.as_deref()).map_err(Stop::Refused)?;
        Ok((seen, verdict))
    }

    /// Seals the bytes anew, segment by segment, under the name of the file. What lies there already must be the same.
    async fn lay_down(&self, upload: &Upload, drawer: &Drawer, name: &str) -> Result<(), Stop> {
        let (mut buffer, mut index) = (Vec::with_capacity(SEGMENT), 0);
        for (piece, _) in &upload.pieces {
            let plain = self.piece(upload, piece).await?;
            let mut rest = plain.as_slice();
            while !rest.is_empty() {
                let (now, later) = rest.split_at(rest.len().min(SEGMENT - buffer.len()));
                buffer.extend_from_slice(now);
                rest = later;
                if buffer.len() == SEGMENT {
                    self.lay_segment(upload, drawer, (name, index), &buffer).await?;
                    buffer.clear();
                    index += 1;
                }
            }
        }
        if !buffer.is_empty() {
            self.lay_segment(upload, drawer, (name, index), &buffer).await?;
        }
        Ok(())
    }

    async fn lay_segment(
        &self,
        upload: &Upload,
        drawer: &Drawer,
        (name, index): (&str, u64),
        plain: &[u8],
    ) -> Result<(), Stop> {
        let sealed = drawer.seal(name, upload.bytes, index, plain).map_err(|error| {
            tracing::warn!(%error, "a segment cannot be sealed");
            Stop::Waiting(STORE_AWAY)
        })?;
        let at = segment_of(&drawer.folder(), name, index);
        if self.documents.objects.put_new(&at, sealed).await? {
            return Ok(());
        }
        let there = self.documents.objects.get(&at).await?;
        let there = there.and_then(|sealed| drawer.open(name, upload.bytes, index, &sealed));
        if there.as_deref() == Some(plain) {
            return Ok(());
        }
        tracing::error!(object = at, "another object lies where a file is to lie");
        Err(Stop::Refused(Fault::Lost))
    }

    async fn piece(&self, upload: &Upload, piece: &str) -> Result<Vec<u8>, Stop> {
        let drawer = upload.drawer();
        let at = format!("{}/{piece}", pieces_of(&drawer.folder(), &upload.id));
        let sealed = self.documents.objects.get(&at).await?.ok_or(Stop::Refused(Fault::Lost))?;
        drawer.open_piece(&upload.id, piece, &sealed).ok_or(Stop::Refused(Fault::Lost))
    }

    /// One round: what waits in quarantine is judged again, what was left unfinished ends. The number of uploads that were settled.
    pub async fn round(&self) -> Result<u64, StoreError> {
        let now = self.clock.now();
        let mut settled = 0;
        for upload in self.store.waiting_uploads(now).await? {
            settled += u64::from(!matches!(self.settle(&upload).await?, Settled::Waiting(_)));
        }
        for upload in self.store.lapsed_uploads(now).await? {
            settled += u64::from(self.end(&upload, now).await?);
        }
        Ok(settled)
    }

    /// Ends an upload that will not be finished.
    pub async fn end(&self, upload: &Upload, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let ended = self.store.settle_upload(upload, UploadState::Expired, None, now).await?;
        self.forget(upload).await;
        Ok(ended)
    }

    /// Works round after round until told to stop.
    pub async fn run(&self, stop: &CancellationToken) {
        loop {
            if let Err(error) = self.round().await {
                tracing::warn!(%error, "uploads could not be looked after");
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}

/// Deletes every file and piece of a case that was erased; the number of objects.
pub async fn erase(documents: &Documents, institution: &str, id: &str) -> Result<u64, objects::Fault> {
    let folder = format!("{institution}/{id}");
    let pieces = documents.objects.clear(&format!("pieces/{folder}")).await?;
    Ok(pieces + documents.objects.clear(&files_of(&folder)).await?)
}

/// Number of segments that a file of the record has.
pub fn segments(file: &PaperFile) -> u64 {
    segments_of(file.bytes)
}
