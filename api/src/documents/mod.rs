//! Files of cases: where they lie, what is looked at before one is let in, and what becomes of uploads (decision 21).
//!
//! Reading order: `objects` (the store of bytes), `sniff` and `scan` (what is looked at), `desk` (an upload becomes a file of its case),
//! `check` (every digest on record has its bytes).

pub mod check;
pub mod desk;
pub mod objects;
pub mod scan;
pub mod sniff;

use chrono::TimeDelta;
use db::uploads::UploadLimits;
use objects::Objects;
use scan::Scanner;
use std::time::Duration;

/// Where files lie and what holds for them.
#[derive(Clone, Debug)]
pub struct Documents {
    pub objects: Objects,
    pub scanner: Scanner,
    pub rules: DocumentRules,
}

/// How much is taken in, and for how long a link counts.
#[derive(Copy, Clone, Debug)]
pub struct DocumentRules {
    /// Largest file in bytes.
    pub file_bytes: u64,
    pub uploads: UploadLimits,
    /// For how long a link opens its file.
    pub link: TimeDelta,
    /// Time for the body of one request, which may be slow but not endless.
    pub body_time: Duration,
    /// After so long a file in quarantine is looked at again.
    pub again: TimeDelta,
}

impl Default for DocumentRules {
    fn default() -> Self {
        DocumentRules {
            file_bytes: 20 * 1024 * 1024,
            uploads: UploadLimits { case_bytes: 300 * 1024 * 1024, open: 10, time: TimeDelta::hours(24) },
            link: TimeDelta::minutes(5),
            body_time: Duration::from_secs(600),
            again: TimeDelta::seconds(60),
        }
    }
}
