//! Writing a checkpoint: what was committed since the last one becomes leaves, the root is signed, the checkpoint is added.
//!
//! The cost is that of the new rows. Any number of processes may try: a number is given once, and who comes second has lost nothing.

use super::key::{self, PublicKey, Signer};
use super::leaf::{self, EntryKey, Leaf, Place, Row, START, Table};
use super::tree::{self, Edge};
use super::{Fault, Signed};
use crate::sql::{micros, statement};
use crate::{Result, Store};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// First line of a checkpoint.
const ORIGIN: &str = "yushi checkpoint v1";
/// Rows of a table that one checkpoint takes at most.
const MOST: u32 = 1000;

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checkpoint {
    pub number: i64,
    pub at: DateTime<Utc>,
    /// Leaves of the tree so far.
    pub size: u64,
    /// Root over them, as the note spells it.
    pub root: String,
    /// Digest of the note before; `-` for the first.
    pub previous: String,
    pub applications: u64,
    pub messages: u64,
    #[serde(skip)]
    pub(super) entries: Series,
    #[serde(skip)]
    pub(super) audits: Series,
}

/// How far a table is sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Series {
    pub count: u64,
    /// The last sealed row in the order of commits.
    pub upto: Place,
    /// The highest number so far.
    pub high: i64,
    /// Rows up to this number were sealed before the database was restored into another one, whose transactions count anew.
    pub floor: i64,
}

impl Series {
    const NONE: Series = Series { count: 0, upto: START, high: i64::MIN, floor: i64::MIN };

    /// Where the next rows begin, seen from a database that has come to this transaction.
    pub fn from(&self, horizon: i64) -> Series {
        if self.upto.xid < horizon {
            return self.clone();
        }
        Series { upto: START, floor: self.high, ..self.clone() }
    }

    /// Where the rows of the checkpoint with this series begin, `self` being the series before it.
    pub fn until(&self, next: &Series) -> Place {
        if next.floor == self.floor { self.upto } else { START }
    }

    fn take(&mut self, rows: &[Row]) {
        self.count += rows.len() as u64;
        for row in rows {
            self.upto = row.place;
            self.high = self.high.max(row.place.seq);
        }
    }

    fn spell(&self) -> String {
        format!("{} {} {} {}", self.count, self.upto, self.high, self.floor)
    }

    fn read(text: &str) -> Option<Series> {
        let mut words = text.split(' ');
        let (count, upto) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        let (high, floor) = (words.next()?.parse().ok()?, words.next()?.parse().ok()?);
        Some(Series { count, upto, high, floor })
    }
}

impl Checkpoint {
    /// Before the first one.
    pub(super) fn none() -> Checkpoint {
        Checkpoint {
            number: 0,
            at: DateTime::UNIX_EPOCH,
            size: 0,
            root: STANDARD.encode(Edge::default().root()),
            previous: String::new(),
            applications: 0,
            messages: 0,
            entries: Series::NONE,
            audits: Series::NONE,
        }
    }

    fn spell(&self) -> String {
        format!(
            "{ORIGIN}\n{}\n{}\nnumber {}\nat {}\nprevious {}\napplications {}\nentry {}\noutbox {}\naudit {}\n",
            self.size,
            self.root,
            self.number,
            self.at.to_rfc3339_opts(SecondsFormat::Micros, true),
            self.previous,
            self.applications,
            self.entries.spell(),
            self.messages,
            self.audits.spell()
        )
    }

    /// What a note says. `None` where it is no checkpoint; its signatures are another question.
    pub(super) fn read(note: &Signed<'_>) -> Option<Checkpoint> {
        let mut lines = note.text.lines();
        if lines.next() != Some(ORIGIN) {
            return None;
        }
        let (size, root) = (lines.next()?.parse().ok()?, lines.next()?.to_owned());
        let mut value = |name: &str| lines.next()?.strip_prefix(name)?.strip_prefix(' ');
        let checkpoint = Checkpoint {
            size,
            root,
            number: value("number")?.parse().ok()?,
            at: value("at")?.parse().ok()?,
            previous: value("previous")?.to_owned(),
            applications: value("applications")?.parse().ok()?,
            entries: Series::read(value("entry")?)?,
            messages: value("outbox")?.parse().ok()?,
            audits: Series::read(value("audit")?)?,
        };
        (checkpoint.spell() == note.text).then_some(checkpoint)
    }
}

/// Digest of a whole note, signatures included.
pub(super) fn digest_of(note: &str) -> String {
    hex::encode(Sha256::digest(note))
}

/// A checkpoint as it is stored.
#[derive(Clone, Debug)]
pub(super) struct Stored {
    pub number: i64,
    pub at: DateTime<Utc>,
    pub kid: String,
    pub note: String,
    pub leaves: String,
    pub edge: String,
}

impl Stored {
    /// What it says.
    pub fn checkpoint(&self) -> Option<Checkpoint> {
        Checkpoint::read(&key::open(&self.note)?)
    }

    fn of(row: &QueryResult) -> Result<Self> {
        Ok(Stored {
            number: row.try_get("", "number")?,
            at: row.try_get("", "at")?,
            kid: row.try_get("", "kid")?,
            note: row.try_get("", "note")?,
            leaves: row.try_get("", "leaves")?,
            edge: row.try_get("", "edge")?,
        })
    }
}

const COLUMNS: &str = "number, at, kid, note, leaves, edge";

/// Checkpoints behind a number, in their order.
pub(super) async fn stored(store: &Store, after: i64, limit: u32) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM checkpoint WHERE number > $1 ORDER BY number LIMIT {limit}");
    let rows = store.reader().query_all_raw(statement(store.backend(), sql, vec![after.into()])).await?;
    rows.iter().map(Stored::of).collect()
}

/// Records of keys in the order in which they came: id and record.
pub(super) async fn keys(store: &Store) -> Result<Vec<(String, String)>> {
    let sql = "SELECT kid, record FROM checkpoint_key ORDER BY at, kid";
    let rows = store.reader().query_all_raw(statement(store.backend(), sql, vec![])).await?;
    rows.iter().map(|row| Ok((row.try_get("", "kid")?, row.try_get("", "record")?))).collect()
}

impl Store {
    /// Makes the key known to this database. The first key signs its own record, a later one needs the signature of a key that is
    /// known. Errors: the key is new, and its predecessor is not given or unknown.
    pub async fn enrol(
        &self,
        signer: &dyn Signer,
        previous: Option<&dyn Signer>,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        let (key, known) = (signer.key(), keys(self).await?);
        let is_known = |key: &PublicKey| known.iter().any(|(kid, _)| *kid == key.kid());
        if is_known(&key) {
            return Ok(());
        }
        let previous = previous.filter(|previous| is_known(&previous.key()));
        if previous.is_none() && !known.is_empty() {
            return Err(Fault::UnknownKey { kid: key.kid() });
        }
        let text = key::record(&key, previous.map(|p| p.key()).as_ref(), micros(now));
        let signers: Vec<&dyn Signer> = [Some(signer), previous].into_iter().flatten().collect();
        let record = key::note(text, &signers).await?;
        let sql = "INSERT INTO checkpoint_key (kid, at, record) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        let values: Vec<Value> = vec![key.kid().into(), micros(now).into(), record.into()];
        self.writer().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(())
    }

    /// The latest checkpoint, with the id of the key that signed it. Whether it holds is the question of verification.
    pub async fn last_checkpoint(&self) -> Result<Option<(Checkpoint, String)>> {
        let sql = format!("SELECT {COLUMNS} FROM checkpoint ORDER BY number DESC LIMIT 1");
        let row = self.reader().query_one_raw(statement(self.backend(), sql, vec![])).await?;
        let stored = row.as_ref().map(Stored::of).transpose()?;
        Ok(stored.and_then(|stored| Some((stored.checkpoint()?, stored.kid))))
    }

    /// Adds a checkpoint over what was committed since the last one, where that is at least `least` entries or audit lines.
    /// `None`: it is less, or another process was faster. Call again while the answer is full: a checkpoint takes a thousand of each.
    pub async fn seal(
        &self,
        signer: &dyn Signer,
        now: DateTime<Utc>,
        least: usize,
    ) -> Result<Option<Checkpoint>, Fault> {
        let moment = super::moment(self).await?;
        let sql = format!("SELECT {COLUMNS} FROM checkpoint ORDER BY number DESC LIMIT 1");
        let last = moment.query_one_raw(statement(self.backend(), sql, vec![])).await?;
        let last = last.as_ref().map(Stored::of).transpose()?;
        let (before, mut edge) = match &last {
            None => (Checkpoint::none(), Edge::default()),
            Some(last) => {
                let damaged = |what| Fault::Damaged { number: last.number, what };
                let said = last.checkpoint().ok_or_else(|| damaged("its note"))?;
                let edge = Edge::read(said.size, &last.edge).ok_or_else(|| damaged("its edge"))?;
                (said, edge)
            }
        };
        let horizon = horizon(&moment).await?;
        let (mut entries, mut audits) = (before.entries.from(horizon), before.audits.from(horizon));
        let lines = leaf::rows(&moment, Table::Entry, entries.upto, None, entries.floor, MOST).await?;
        let audit = leaf::rows(&moment, Table::Audit, audits.upto, None, audits.floor, MOST).await?;
        if lines.len() + audit.len() < least.max(1) {
            return Ok(None);
        }
        let keys: Vec<EntryKey> = lines.iter().filter_map(|line| EntryKey::of(&line.leaf)).collect();
        let messages = leaf::messages(&moment, &keys).await?;
        moment.commit().await?;

        entries.take(&lines);
        audits.take(&audit);
        let rows = lines.iter().chain(&messages).chain(&audit);
        let leaves: Vec<String> = rows.map(|row| row.leaf.to_string()).collect();
        leaves.iter().for_each(|line| edge.push(tree::leaf(line)));
        let checkpoint = Checkpoint {
            number: before.number + 1,
            // Never before its predecessor, whatever the clock of this machine says.
            at: micros(now).max(before.at),
            size: edge.size(),
            root: STANDARD.encode(edge.root()),
            previous: last.as_ref().map_or_else(|| "-".to_owned(), |last| digest_of(&last.note)),
            applications: before.applications + lines.iter().filter(|line| line.version == 1).count() as u64,
            messages: before.messages + messages.len() as u64,
            entries,
            audits,
        };
        let note = key::note(checkpoint.spell(), &[signer]).await?;
        let sql = "INSERT INTO checkpoint (number, at, kid, note, leaves, edge) VALUES ($1, $2, $3, $4, $5, $6) \
                   ON CONFLICT DO NOTHING";
        let values: Vec<Value> = vec![
            checkpoint.number.into(),
            checkpoint.at.into(),
            signer.key().kid().into(),
            note.into(),
            leaves.join("\n").into(),
            edge.spell().into(),
        ];
        let added = self.writer().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok((added.rows_affected() == 1).then_some(checkpoint))
    }
}

/// No transaction of a lower number is running. On SQLite there is one writer.
pub(super) async fn horizon<C: ConnectionTrait>(db: &C) -> Result<i64> {
    let backend = db.get_database_backend();
    if backend != DbBackend::Postgres {
        return Ok(i64::MAX);
    }
    let sql = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS n";
    let row = db.query_one_raw(statement(backend, sql, vec![])).await?;
    Ok(row.map_or(Ok(0), |row| row.try_get("", "n"))?)
}

/// The leaves of a checkpoint. `None` where a line is none.
pub(super) fn leaves(text: &str) -> Option<Vec<Leaf>> {
    text.lines().map(|line| line.parse().ok()).collect()
}
