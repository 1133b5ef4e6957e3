//! The hash chain of one application: each entry seals the one before it.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

/// What an entry's hash covers, exactly as stored.
pub(crate) struct Link<'a> {
    pub prev: &'a str,
    pub institution: &'a str,
    pub application_id: &'a str,
    pub version: i64,
    pub at: DateTime<Utc>,
    pub by: &'a str,
    pub role: &'a str,
    pub verb: &'a str,
    pub reason: Option<&'a str>,
    /// Outbox rows of the entry.
    pub parcels: i64,
    /// The stored JSON text, byte for byte.
    pub events: &'a str,
    /// The stored input, byte for byte. Entries of versions before it have none, and hash as they always did.
    pub input: Option<&'a str>,
}

/// Hash before the first entry.
pub(crate) const GENESIS: &str = "";

impl Link<'_> {
    /// SHA-256 over the fields, each behind its length so that no two different entries spell alike.
    pub fn hash(&self) -> String {
        let version = self.version.to_string();
        let parcels = self.parcels.to_string();
        let at = self.at.timestamp_micros().to_string();
        let mut hasher = Sha256::new();
        let fields = [
            self.prev,
            self.institution,
            self.application_id,
            &version,
            &at,
            self.by,
            self.role,
            self.verb,
            self.reason.unwrap_or("\u{0}"),
            &parcels,
            self.events,
        ];
        for field in fields.into_iter().chain(self.input) {
            hasher.update((field.len() as u64).to_be_bytes());
            hasher.update(field.as_bytes());
        }
        hex::encode(hasher.finalize())
    }
}
