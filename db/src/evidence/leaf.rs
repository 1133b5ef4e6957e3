//! What is sealed: a leaf for each entry, each message that it left, and each line of the audit, in the order of their commits.

use crate::sql::{Columns, Ty, json, row_set, statement};
use crate::{Result, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::fmt;
use std::str::FromStr;

/// A table whose rows are leaves.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Table {
    Entry,
    Outbox,
    Audit,
}

impl Table {
    pub const fn name(self) -> &'static str {
        match self {
            Table::Entry => "entry",
            Table::Outbox => "outbox",
            Table::Audit => "audit",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        [Table::Entry, Table::Outbox, Table::Audit].into_iter().find(|table| table.name() == text)
    }
}

/// A leaf: `TABLE KEY DIGEST`, its key that of the row. For an entry that is `INSTITUTION/APPLICATION/VERSION`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leaf {
    pub table: Table,
    pub key: String,
    pub digest: String,
}

impl fmt::Display for Leaf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\t{}\t{}", self.table.name(), self.key, self.digest)
    }
}

impl FromStr for Leaf {
    type Err = ();

    fn from_str(line: &str) -> Result<Self, ()> {
        let mut parts = line.split('\t');
        let (Some(table), Some(key), Some(digest), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(());
        };
        let table = Table::parse(table).ok_or(())?;
        Ok(Leaf { table, key: key.to_owned(), digest: digest.to_owned() })
    }
}

/// A row and its leaf.
#[derive(Clone, Debug)]
pub struct Row {
    pub leaf: Leaf,
    pub place: Place,
    /// Empty where the row belongs to no case.
    pub application_id: String,
    /// Version of an entry, and of the entry that left a message; 0 for an audit line.
    pub version: i64,
    pub at: DateTime<Utc>,
}

/// Where a row stands in the order of commits: transaction and number. On SQLite the transaction is always 0.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub xid: i64,
    pub seq: i64,
}

/// Before everything, whatever numbers somebody invents.
pub const START: Place = Place { xid: i64::MIN, seq: i64::MIN };

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.xid, self.seq)
    }
}

impl FromStr for Place {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (xid, seq) = text.split_once('.').ok_or(())?;
        Ok(Place { xid: xid.parse().map_err(|_| ())?, seq: seq.parse().map_err(|_| ())? })
    }
}

/// The rows of a table in the order of commits, behind `from` and not behind `upto`; without `upto` as far as nothing can
/// arrive in between any more.
pub async fn rows<C: ConnectionTrait>(
    db: &C,
    table: Table,
    from: Place,
    upto: Option<Place>,
    floor: i64,
    limit: u32,
) -> Result<Vec<Row>> {
    let postgres = db.get_database_backend() == DbBackend::Postgres;
    let mut values: Vec<Value> = vec![from.xid.into(), from.seq.into(), floor.into()];
    let beyond = if postgres {
        "(t.xid, t.seq) > ($1, $2) AND t.seq > $3"
    } else {
        "$1 = $1 AND t.seq > $2 AND t.seq > $3"
    };
    let within = match upto {
        Some(upto) => {
            values.extend([Value::from(upto.xid), upto.seq.into()]);
            if postgres { "(t.xid, t.seq) <= ($4, $5)" } else { "$4 = $4 AND t.seq <= $5" }
        }
        None if postgres => "t.xid < pg_snapshot_xmin(pg_current_snapshot())::text::bigint",
        None => "1 = 1",
    };
    let order = if postgres { "t.xid, t.seq" } else { "t.seq" };
    let columns = columns(table);
    let name = table.name();
    let sql = format!(
        "SELECT t.xid, t.seq, {columns} FROM {name} t WHERE {beyond} AND {within} ORDER BY {order} LIMIT {limit}"
    );
    let rows = db.query_all_raw(statement(db.get_database_backend(), sql, values)).await?;
    rows.iter().map(|row| row_of(table, row)).collect()
}

/// An entry by its key.
#[derive(Clone, Debug, Serialize)]
pub struct EntryKey {
    pub institution: String,
    pub application_id: String,
    pub version: i64,
}

impl EntryKey {
    /// The key of an entry's leaf. `None` where it is none.
    pub fn of(leaf: &Leaf) -> Option<EntryKey> {
        let mut parts = leaf.key.split('/');
        let (institution, application_id) = (parts.next()?.to_owned(), parts.next()?.to_owned());
        let version = parts.next()?.parse().ok()?;
        parts.next().is_none().then_some(EntryKey { institution, application_id, version })
    }
}

const KEY: Columns = &[("institution", Ty::Text), ("application_id", Ty::Text), ("version", Ty::Int)];

/// The messages that these entries left, by entry and id.
pub async fn messages<C: ConnectionTrait>(db: &C, entries: &[EntryKey]) -> Result<Vec<Row>> {
    if entries.is_empty() {
        return Ok(vec![]);
    }
    let backend = db.get_database_backend();
    let sql = format!(
        "SELECT {} FROM {} JOIN outbox t ON t.institution = r.institution AND t.application_id = r.application_id \
         AND t.version = r.version ORDER BY t.institution, t.application_id, t.version, t.id",
        columns(Table::Outbox),
        row_set(backend, 1, "r", KEY)
    );
    let rows = db.query_all_raw(statement(backend, sql, vec![json(entries)?])).await?;
    rows.iter().map(|row| row_of(Table::Outbox, row)).collect()
}

/// The row that has this key now, wherever it stands.
pub async fn by_key<C: ConnectionTrait>(db: &C, leaf: &Leaf) -> Result<Option<Row>> {
    let (condition, values): (&str, Vec<Value>) = match leaf.table {
        Table::Entry => {
            let Some(key) = EntryKey::of(leaf) else { return Ok(None) };
            let values = vec![key.institution.into(), key.application_id.into(), key.version.into()];
            ("t.institution = $1 AND t.application_id = $2 AND t.version = $3", values)
        }
        Table::Outbox | Table::Audit => ("t.id = $1", vec![leaf.key.clone().into()]),
    };
    let place = if leaf.table == Table::Outbox { "" } else { "t.xid, t.seq, " };
    let (columns, name) = (columns(leaf.table), leaf.table.name());
    let sql = format!("SELECT {place}{columns} FROM {name} t WHERE {condition} LIMIT 1");
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, values)).await?;
    row.as_ref().map(|row| row_of(leaf.table, row)).transpose()
}

/// How many rows a table has.
pub async fn count<C: ConnectionTrait>(db: &C, table: Table) -> Result<u64> {
    let sql = format!("SELECT count(*) AS n FROM {}", table.name());
    let row = db.query_one_raw(statement(db.get_database_backend(), sql, vec![])).await?;
    let n: i64 = row.map_or(Ok(0), |row| row.try_get("", "n"))?;
    Ok(n.unsigned_abs())
}

/// What of a row is sealed. What couriers note on a message (state, tries, errors) is not.
const fn columns(table: Table) -> &'static str {
    match table {
        Table::Entry => "t.institution, t.application_id, t.version, t.at, t.hash",
        Table::Outbox => {
            "t.id, t.institution, t.application_id, t.version, t.channel, t.kind, t.branch, t.subject, t.address, \
             t.payload, t.created_at"
        }
        Table::Audit => {
            "t.id, t.institution, t.application_id, t.at, t.by_subject, t.role, t.kind, t.verb, t.code, t.detail"
        }
    }
}

fn row_of(table: Table, row: &QueryResult) -> Result<Row> {
    let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(StoreError::from);
    let place = match table {
        Table::Outbox => START,
        _ => Place { xid: row.try_get("", "xid")?, seq: row.try_get("", "seq")? },
    };
    let institution = text("institution")?.unwrap_or_default();
    let application_id = text("application_id")?.unwrap_or_default();
    let when = if table == Table::Outbox { "created_at" } else { "at" };
    let at: DateTime<Utc> = row.try_get("", when)?;
    let version = if table == Table::Audit { 0 } else { row.try_get("", "version")? };
    let (key, digest) = match table {
        // The hash of an entry covers its content; that it does is what `verify` proves.
        Table::Entry => {
            (format!("{institution}/{application_id}/{version}"), text("hash")?.unwrap_or_default())
        }
        _ => {
            let names: &[&str] = match table {
                Table::Audit => &["by_subject", "role", "kind", "verb", "code", "detail"],
                _ => &["channel", "kind", "branch", "subject", "address", "payload"],
            };
            let id = text("id")?.unwrap_or_default();
            let mut fields = vec![
                Some(id.clone()),
                Some(institution.clone()),
                text("application_id")?,
                Some(version.to_string()),
                Some(at.timestamp_micros().to_string()),
            ];
            for name in names {
                fields.push(text(name)?);
            }
            (id, digest(&fields))
        }
    };
    Ok(Row { leaf: Leaf { table, key, digest }, place, application_id, version, at })
}

/// SHA-256 over the fields, each behind its length; an absent one is not an empty one.
fn digest(fields: &[Option<String>]) -> String {
    let mut hasher = Sha256::new();
    for field in fields {
        let length = field.as_ref().map_or(u64::MAX, |text| text.len() as u64);
        hasher.update(length.to_be_bytes());
        hasher.update(field.as_deref().unwrap_or_default());
    }
    hex::encode(hasher.finalize())
}
