//! Seals what was committed: a signed checkpoint at intervals, or as soon as there is much, and its copy outside of the database.
//!
//! Every node may run one. Numbers are given once, and each node's folder gets the checkpoints of all.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::Store;
use db::evidence::{Copies, Fault, FileKey, Signer};
use tokio_util::sync::CancellationToken;

use crate::commands::Failure;
use crate::config::Evidence as Settings;
use crate::service::Clock;

/// How often it is looked whether there is much.
const LOOK: Duration = Duration::from_secs(2);

/// Makes checkpoints.
pub struct Sealer {
    store: Store,
    clock: Arc<dyn Clock>,
    signer: Box<dyn Signer>,
    previous: Option<Box<dyn Signer>>,
    copies: Option<Copies>,
    settings: Settings,
}

impl Sealer {
    /// The sealer of a configuration; `None` where it names no key. Errors: a key or the folder cannot be read.
    pub fn open(store: &Store, clock: &Arc<dyn Clock>, settings: &Settings) -> Result<Option<Self>, Failure> {
        let Some(path) = &settings.key else {
            tracing::warn!("evidence.key is not set: there are no signed checkpoints");
            return Ok(None);
        };
        let signer = read(path)?;
        tracing::info!(key = %signer.key(), "checkpoints are signed with this key");
        let previous = settings.previous_key.as_deref().map(read).transpose()?;
        let copies = match &settings.checkpoints {
            Some(folder) => Some(Copies::at(folder).map_err(|error| Failure::file(folder, &error))?),
            None => {
                tracing::warn!("evidence.checkpoints is not set: checkpoints have no second place");
                None
            }
        };
        let (store, clock, settings) = (store.clone(), clock.clone(), settings.clone());
        Ok(Some(Self { store, clock, signer, previous, copies, settings }))
    }

    /// Seals until told to stop.
    pub async fn run(&self, stop: &CancellationToken) {
        let every = Duration::from_secs(u64::from(self.settings.seconds));
        let mut last: Option<Instant> = None;
        while !stop.is_cancelled() {
            let due = last.is_none_or(|last| last.elapsed() >= every);
            if self.seal(if due { 1 } else { self.settings.entries as usize }).await && due {
                last = Some(Instant::now());
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = tokio::time::sleep(LOOK.min(every)) => {}
            }
        }
    }

    /// Seals what is there, if it is so much. A fault is told, and tried again with the next look; then it answers false.
    pub async fn seal(&self, least: usize) -> bool {
        let done = self.round(least).await;
        if let Err(error) = &done {
            metrics::counter!("yushi_checkpoint_faults_total").increment(1);
            tracing::warn!(%error, "no checkpoint");
        }
        done.is_ok()
    }

    /// Seals what is there, if it is so much; how many checkpoints that were. Errors: the database, the key or the second place.
    async fn round(&self, least: usize) -> Result<u64, Fault> {
        let now = self.clock.now();
        self.store.enrol(self.signer.as_ref(), self.previous.as_deref(), now).await?;
        let mut made = 0;
        while let Some(checkpoint) = self.store.seal(self.signer.as_ref(), now, least).await? {
            made += 1;
            metrics::gauge!("yushi_checkpoint_number").set(checkpoint.number as f64);
        }
        if let Some(copies) = &self.copies {
            copies.append(&self.store).await?;
        }
        Ok(made)
    }
}

fn read(path: &Path) -> Result<Box<dyn Signer>, Failure> {
    match FileKey::read(path) {
        Ok(key) => Ok(Box::new(key)),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => Err(Failure::usage(
            format!("{}: 署名鍵（Ed25519、PKCS #8、PEM）ではありません。", path.display()),
            format!(
                "{}: {error}; accepted: what `openssl genpkey -algorithm ed25519` writes",
                path.display()
            ),
        )),
        Err(error) => Err(Failure::file(path, &error)),
    }
}
