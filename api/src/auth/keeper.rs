//! Where the issuer's keys come from, and how they stay those of today: read at intervals, and once more where a token names a key
//! that is not known. While the source is away the keys that are known go on counting.

use super::outgoing::Outgoing;
use super::seeded::{self, Fault};
use super::verify::Authenticator;
use crate::service::Clock;
use chrono::TimeDelta;
use serde::Deserialize;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};
use tokio::sync::Mutex;
use tokio_util::sync::CancellationToken;

/// No token makes the source asked again before this has passed.
pub const COOL_DOWN: Duration = Duration::from_secs(10);
/// A source that was away is asked again after this.
const RETRY: Duration = Duration::from_secs(10);

/// Where keys come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A file with a key set.
    File(PathBuf),
    /// The address of a key set.
    Address(String),
    /// The provider says itself where its keys are.
    Discovery,
}

/// What a provider says of itself (OpenID Connect Discovery).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Discovery {
    pub issuer: String,
    pub authorization_endpoint: String,
    pub token_endpoint: String,
    pub jwks_uri: String,
    pub end_session_endpoint: Option<String>,
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
    #[serde(default)]
    pub token_endpoint_auth_methods_supported: Vec<String>,
}

/// What a further look brought.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Again {
    /// The keys are those of now.
    Read,
    /// They were read a moment ago.
    TooSoon,
    /// The source does not answer.
    Away,
}

/// Keeps the keys of an authenticator fresh.
pub struct Keeper {
    source: KeySource,
    auth: Authenticator,
    outgoing: Outgoing,
    clock: Arc<dyn Clock>,
    /// How long keys count that could not be read again.
    stale_after: TimeDelta,
    discovered: RwLock<Option<Arc<Discovery>>>,
    last: Mutex<Option<(Instant, bool)>>,
}

impl Keeper {
    /// For the keys of `auth`, which are read with [`Keeper::read`].
    pub fn new(
        source: KeySource,
        auth: Authenticator,
        outgoing: Outgoing,
        clock: Arc<dyn Clock>,
        stale_after: TimeDelta,
    ) -> Self {
        let (discovered, last) = (RwLock::default(), Mutex::default());
        Keeper { source, auth, outgoing, clock, stale_after, discovered, last }
    }

    /// The verifier whose keys are kept.
    pub fn auth(&self) -> &Authenticator {
        &self.auth
    }

    /// Reads the keys. Errors: why not, and the old ones stay.
    pub async fn read(&self) -> Result<(), String> {
        let mut last = self.last.lock().await;
        let read = self.read_now().await;
        *last = Some((Instant::now(), read.is_ok()));
        read
    }

    async fn read_now(&self) -> Result<(), String> {
        let text = match &self.source {
            KeySource::File(path) => {
                tokio::fs::read_to_string(path).await.map_err(|error| error.to_string())?
            }
            KeySource::Address(address) => self.fetch(address).await?,
            KeySource::Discovery => {
                let found = self.discover().await?;
                self.fetch(&found.jwks_uri).await?
            }
        };
        self.auth.replace_keys(&text, self.clock.now()).map_err(|error| error.to_string())
    }

    async fn fetch(&self, address: &str) -> Result<String, String> {
        self.outgoing.get(address).await.map_err(|error| error.to_string())
    }

    /// What the provider says of itself now.
    async fn discover(&self) -> Result<Arc<Discovery>, String> {
        let issuer = self.auth.issuer();
        let address = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let text = self.fetch(&address).await?;
        let found: Discovery = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        if found.issuer != issuer {
            return Err(format!("the provider calls itself {}, not {issuer}", found.issuer));
        }
        let found = Arc::new(found);
        *self.discovered.write().unwrap_or_else(PoisonError::into_inner) = Some(found.clone());
        Ok(found)
    }

    /// What the provider said of itself last, or says now.
    pub async fn discovery(&self) -> Result<Arc<Discovery>, String> {
        let known = self.discovered.read().unwrap_or_else(PoisonError::into_inner).clone();
        match known {
            Some(known) => Ok(known),
            None => self.discover().await,
        }
    }

    /// Reads the keys once more because something names a key that is not known; whoever asks at the same time waits for the answer.
    pub async fn look_again(&self) -> Again {
        let mut last = self.last.lock().await;
        if let Some((at, fine)) = *last
            && at.elapsed() < COOL_DOWN
            && !seeded::is(Fault::CoolDown)
        {
            return if fine { Again::TooSoon } else { Again::Away };
        }
        let read = self.read_now().await;
        *last = Some((Instant::now(), read.is_ok()));
        match read {
            Ok(()) => Again::Read,
            Err(error) => {
                tracing::warn!(error, "the issuer's keys could not be read");
                Again::Away
            }
        }
    }

    /// Are the keys too old to judge by?
    pub fn is_stale(&self) -> bool {
        self.clock.now().signed_duration_since(self.auth.keys_read_at()) > self.stale_after
    }

    /// Reads the keys at intervals until told to stop.
    pub async fn keep(&self, every: Duration, stop: &CancellationToken) {
        let mut pause = every;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(pause) => {}
            }
            pause = match self.read().await {
                Ok(()) => every,
                Err(error) => {
                    tracing::warn!(error, "the issuer's keys could not be read: the old ones stay");
                    every.min(RETRY)
                }
            };
        }
    }
}
