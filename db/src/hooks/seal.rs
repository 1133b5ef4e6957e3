//! Secrets of endpoints: sealed by the key of the installation, bound to their endpoint.

use crate::vault::random_bytes;
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::KeyMark;

/// Secrets that sign at the same time.
pub(super) const KEYS_MOST: usize = 4;
/// The kind of audit lines that change no endpoint.
pub(super) const RESENT: &str = "WEBHOOK_RESENT";

/// A secret as it is stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Key {
    /// Key of the installation that seals it; empty where the store has none.
    pub kid: String,
    sealed: String,
    mark: String,
    made_at: DateTime<Utc>,
    pub ends_at: Option<DateTime<Utc>>,
}

impl Key {
    pub fn mark(&self) -> KeyMark {
        KeyMark { mark: self.mark.clone(), made_at: self.made_at, ends_at: self.ends_at }
    }
}

pub(super) fn keys_of(row: &QueryResult) -> Result<Vec<Key>> {
    Ok(serde_json::from_str(&row.try_get::<String>("", "keys")?)?)
}

fn context(institution: &str, endpoint: &str) -> String {
    format!("webhook\u{1f}{institution}\u{1f}{endpoint}")
}

impl Store {
    /// A new secret of 32 bytes for an endpoint, and its stored form. Errors: the key service does not answer.
    pub(super) async fn new_hook_key(
        &self,
        institution: &str,
        endpoint: &str,
        now: DateTime<Utc>,
    ) -> Result<(Vec<u8>, Key)> {
        let secret = random_bytes()?.to_vec();
        let (kid, sealed) = self.seal_secret(&context(institution, endpoint), &secret).await?;
        let mark = hex::encode(&Sha256::digest(&secret)[..4]);
        Ok((secret, Key { kid, sealed, mark, made_at: now, ends_at: None }))
    }

    /// The secrets that sign at this moment. Errors: a key is not at hand, or a stored secret was changed.
    pub(super) async fn hook_secrets(
        &self,
        institution: &str,
        endpoint: &str,
        keys: &[Key],
        now: DateTime<Utc>,
    ) -> Result<Vec<Vec<u8>>> {
        let context = context(institution, endpoint);
        let mut secrets = vec![];
        for key in keys.iter().filter(|key| key.ends_at.is_none_or(|end| end > now)) {
            secrets.push(self.open_secret(&context, &key.kid, &key.sealed, endpoint).await?);
        }
        // The newest first.
        secrets.reverse();
        Ok(secrets)
    }

    /// The same secret under the active key of the installation.
    pub(crate) async fn reseal_hook_key(&self, institution: &str, endpoint: &str, key: &Key) -> Result<Key> {
        let context = context(institution, endpoint);
        let secret = self.open_secret(&context, &key.kid, &key.sealed, endpoint).await?;
        let (kid, sealed) = self.seal_secret(&context, &secret).await?;
        Ok(Key { kid, sealed, ..key.clone() })
    }
}
