//! Mail as `.eml` files in a folder: what the demo shows, and what a person can open with any mail program.

use super::{Failure, MailChannel};
use crate::mail::{Mail, message_id};
use async_trait::async_trait;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes each mail to `<message id>.eml`. A repeat overwrites its own file; a reader never sees half of one.
#[derive(Debug)]
pub struct FileChannel {
    folder: PathBuf,
    next: AtomicU64,
}

impl FileChannel {
    /// A channel into this folder, which is made at the first mail.
    pub fn new(folder: impl Into<PathBuf>) -> FileChannel {
        FileChannel { folder: folder.into(), next: AtomicU64::new(0) }
    }
}

#[async_trait]
impl MailChannel for FileChannel {
    async fn send(&self, mail: &Mail) -> Result<String, Failure> {
        let bad = |error: crate::mail::BadMail| Failure::Permanent(error.to_string());
        // The characters that a Message-ID may have here are fit for file names, and it never starts with a dot.
        let id = message_id(&mail.message_id, &mail.from.email).map_err(bad)?;
        let message = mail.compose().map_err(bad)?;
        let name = format!("{}.eml", id.trim_matches(['<', '>']));
        let turn = self.next.fetch_add(1, Ordering::Relaxed);
        // Couriers of one process share the folder, each with turns of its own: only the mail's name tells them apart.
        let half = self.folder.join(format!(".{name}-{}-{turn}.tmp", std::process::id()));
        let written = async {
            tokio::fs::create_dir_all(&self.folder).await?;
            tokio::fs::write(&half, message.formatted()).await?;
            tokio::fs::rename(&half, self.folder.join(name)).await
        };
        let outcome = written.await;
        if outcome.is_err() {
            let _ = tokio::fs::remove_file(&half).await;
        }
        outcome
            .map(|()| "FILE".to_owned())
            .map_err(|error| Failure::Transient(format!("file: {}", error.kind())))
    }
}
