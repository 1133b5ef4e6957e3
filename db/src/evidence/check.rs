//! What was done to the rows since they were sealed: every checkpoint opened, every leaf compared with its row, on a running system.
//!
//! One checkpoint is held at a time. Sealed rows never change, so no lock and no single moment is needed.

use super::copies::{Copies, Copy};
use super::key::{self, PublicKey};
use super::leaf::{self, EntryKey, Leaf, Row, Table};
use super::seal::{self, Checkpoint, Series, Stored, digest_of};
use super::tree::{self, Edge};
use super::{Fault, moment, steps};
use crate::sql::{Columns, Ty, json, row_set, statement};
use crate::{Result, Store};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Whom to believe.
#[derive(Debug, Default)]
pub struct Trust {
    /// Keys that are known from outside. Without one the first key of the copies counts, or else that of the database.
    pub keys: Vec<PublicKey>,
    /// The second place. Without it a checkpoint that was cut off at the end is not missed.
    pub copies: Option<Copies>,
}

/// What was done to a row.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Kind {
    Edited,
    Deleted,
    Inserted,
}

/// A row that is not what was sealed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub table: String,
    pub kind: Kind,
    /// Key of the row: of an entry `INSTITUTION/APPLICATION/VERSION`, else its id or number.
    pub key: String,
    /// Id and number of the application, and the sequence in its log, where there is one.
    pub application: Option<String>,
    pub number: Option<String>,
    pub sequence: Option<i64>,
    pub detail: String,
}

impl Finding {
    pub(super) fn new(table: &str, key: impl Into<String>, kind: Kind, detail: impl Into<String>) -> Finding {
        let (key, detail) = (key.into(), detail.into());
        let table = table.to_owned();
        Finding { table, kind, key, application: None, number: None, sequence: None, detail }
    }

    fn of_leaf(leaf: &Leaf, kind: Kind, detail: &str) -> Finding {
        let finding = Finding::new(leaf.table.name(), leaf.key.clone(), kind, detail);
        match (leaf.table, EntryKey::of(leaf)) {
            (Table::Entry, Some(key)) => {
                Finding { application: Some(key.application_id), sequence: Some(key.version), ..finding }
            }
            // `APPLICATION.VERSION.N.CHANNEL`
            (Table::Outbox, _) => {
                let mut parts = leaf.key.split('.');
                let application = parts.next().map(str::to_owned);
                Finding { application, sequence: parts.next().and_then(|n| n.parse().ok()), ..finding }
            }
            _ => finding,
        }
    }

    fn of_row(row: &Row, kind: Kind, detail: &str) -> Finding {
        let finding = Finding::of_leaf(&row.leaf, kind, detail);
        let application = (!row.application_id.is_empty()).then(|| row.application_id.clone());
        Finding { application, ..finding }
    }
}

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct Judged {
    pub checkpoints: u64,
    pub leaves: u64,
    /// The last one.
    pub last: Option<Checkpoint>,
    /// Entries and audit lines that no checkpoint has sealed yet.
    pub unsealed: u64,
    /// The key with which trust began.
    pub trusted: String,
    pub findings: Vec<Finding>,
}

/// How much older than the last checkpoint a row that it does not have may be: clocks of machines differ.
const LATE: TimeDelta = TimeDelta::minutes(5);
/// Checkpoints read at once, and rows beyond the last one.
const PAGE: u32 = 8;
const ROWS: u32 = 1000;
/// Rows looked at beyond those of a checkpoint: so many insertions into one are told apart.
const SLACK: usize = 1000;
/// The list of findings stops growing here: by then nobody reads on.
const ENOUGH: usize = 10_000;

/// Checks everything. Errors: the database or the copies cannot be read.
pub async fn check(store: &Store, trust: &Trust) -> Result<Judged, Fault> {
    let mut judged = Judged::default();
    let keys = keys(store, trust, &mut judged).await?;
    let mut walk =
        Walk { store, keys, before: Checkpoint::none(), seen: 0, note: None, edge: Some(Edge::default()) };
    let mut copies = match &trust.copies {
        Some(copies) => Some(copies.read()?.peekable()),
        None => None,
    };
    let (mut after, mut page) = (i64::MIN, Vec::new().into_iter());
    let mut next: Option<Stored> = None;
    let mut ended = false;
    while judged.findings.len() < ENOUGH {
        if next.is_none() && !ended {
            next = page.next();
            if next.is_none() {
                page = seal::stored(store, after, PAGE).await?.into_iter();
                next = page.next();
                ended = next.is_none();
            }
            if let Some(stored) = &next {
                after = stored.number;
            }
        }
        let copied = match copies.as_mut().and_then(|copies| copies.peek()) {
            Some(Ok(copy)) => Some(copy.number),
            Some(Err(error)) => return Err(Fault::Copies(std::io::Error::other(error.to_string()))),
            None => None,
        };
        let number = match (next.as_ref().map(|stored| stored.number), copied) {
            (None, None) => break,
            (Some(number), None) | (None, Some(number)) => number,
            (Some(one), Some(other)) => one.min(other),
        };
        let stored = next.take_if(|stored| stored.number == number);
        let copy = match copies.as_mut().filter(|_| copied == Some(number)).and_then(Iterator::next) {
            Some(copy) => Some(copy?),
            None => None,
        };
        walk.checkpoint(number, stored, copy, &mut judged).await?;
    }
    walk.tail(&mut judged).await?;
    steps::check(store, &mut judged.findings).await?;
    name(store, &mut judged.findings).await?;
    judged.last = (walk.before.number > 0).then_some(walk.before);
    Ok(judged)
}

/// The keys that may have signed: those trusted at the start, and every one that a trusted one has let in.
async fn keys(store: &Store, trust: &Trust, judged: &mut Judged) -> Result<Vec<PublicKey>, Fault> {
    let stored = seal::keys(store).await?;
    let copied = trust.copies.as_ref().map_or_else(|| Ok(vec![]), Copies::keys)?;
    let copied: Vec<(String, String)> = copied.into_iter().map(|key| (key.kid, key.record)).collect();
    let mut believed = trust.keys.clone();
    if believed.is_empty() {
        let first = copied.iter().chain(&stored).find_map(|(_, record)| key::key_of(&key::open(record)?));
        believed.extend(first);
    }
    judged.trusted = believed.iter().map(PublicKey::to_string).collect::<Vec<_>>().join(" ");
    // In rounds: records with the same instant come in any order.
    loop {
        let known = believed.len();
        for (_, record) in copied.iter().chain(&stored) {
            let Some(note) = key::open(record) else { continue };
            let Some(key) = key::key_of(&note) else { continue };
            if !believed.contains(&key) && believed.iter().any(|old| old.signed(&note)) {
                believed.push(key);
            }
        }
        if believed.len() == known {
            break;
        }
    }
    let mut say = |kid: &str, kind, detail: &str| {
        judged.findings.push(Finding::new("checkpoint_key", kid, kind, detail));
    };
    for (kid, record) in &stored {
        let twin = copied.iter().find(|(other, _)| other == kid);
        let key = key::open(record).and_then(|note| key::key_of(&note));
        match key {
            None => say(kid, Kind::Edited, "the record is not signed by its own key"),
            Some(key) if key.kid() != *kid => {
                let is_second = stored.iter().any(|(other, _)| *other == key.kid());
                let kind = if is_second { Kind::Inserted } else { Kind::Edited };
                say(kid, kind, "the record is that of another key");
            }
            Some(_) if twin.is_some_and(|(_, copy)| copy != record) => {
                say(kid, Kind::Edited, "the copy of the record differs");
            }
            Some(key) if !believed.contains(&key) => say(kid, Kind::Inserted, "no known key has let it in"),
            Some(_) => {}
        }
    }
    for (kid, _) in copied.iter().filter(|(kid, _)| !stored.iter().any(|(other, _)| other == kid)) {
        say(kid, Kind::Deleted, "the copies have its record");
    }
    Ok(believed)
}

/// Where the walk along the checkpoints stands.
struct Walk<'a> {
    store: &'a Store,
    keys: Vec<PublicKey>,
    before: Checkpoint,
    /// Number of the one before, read or not.
    seen: i64,
    /// Digest of the note before.
    note: Option<String>,
    /// The tree so far; `None` behind a gap.
    edge: Option<Edge>,
}

impl Walk<'_> {
    /// One checkpoint, as the database and the second place have it.
    async fn checkpoint(
        &mut self,
        number: i64,
        stored: Option<Stored>,
        copy: Option<Copy>,
        judged: &mut Judged,
    ) -> Result<(), Fault> {
        let mut found = vec![];
        let mut say = |number: i64, kind, detail: &str| {
            found.push(Finding::new("checkpoint", number.to_string(), kind, detail));
        };
        let spoken = stored.as_ref().and_then(|stored| self.read(&stored.note));
        let copied = copy.as_ref().and_then(|copy| self.read(&copy.note));
        let unsigned = stored.as_ref().and_then(Stored::checkpoint);
        if copy.is_none() && unsigned.as_ref().is_some_and(|said| said.number != number) {
            say(number, Kind::Inserted, "it is that of another number");
            judged.findings.append(&mut found);
            return Ok(());
        }
        let gap = number != self.seen + 1;
        for missing in (self.seen + 1..number).take(ROWS as usize) {
            say(missing, Kind::Deleted, "the number is missing");
        }
        self.seen = number;
        if gap {
            (self.edge, self.note) = (None, None);
        }
        match (&stored, &copy) {
            (None, _) => say(number, Kind::Deleted, "the second place has it"),
            (Some(stored), Some(copy)) if stored.note != copy.note || stored.leaves != copy.leaves => {
                say(number, Kind::Edited, "the second place has it otherwise");
            }
            (Some(_), _) if spoken.is_none() => say(number, Kind::Edited, "no known key signed it"),
            (Some(stored), _) if !agrees(stored, spoken.as_ref()) => {
                say(number, Kind::Edited, "its columns are not what was signed");
            }
            (Some(_), _) => {}
        }
        // What nobody signed is named above; its word is still good enough to tell where the next one begins.
        let said = copied.or(spoken).or(unsigned).filter(|said| said.number == number);
        let leaves = copy.as_ref().map(|copy| copy.leaves.as_str());
        let leaves = leaves.or(stored.as_ref().map(|stored| stored.leaves.as_str()));
        let note = copy.as_ref().map(|copy| &copy.note).or(stored.as_ref().map(|stored| &stored.note));
        let Some(said) = said else {
            (self.edge, self.note) = (None, None);
            judged.findings.append(&mut found);
            return Ok(());
        };
        if self.note.as_deref().is_some_and(|digest| said.previous != digest)
            || (number == 1 && said.previous != "-")
        {
            say(number, Kind::Edited, "it does not continue the one before");
        }
        let lines = leaves.and_then(seal::leaves).unwrap_or_default();
        let (mut rows, mut wrong) = self.rows(&said, &lines).await?;
        // Behind a gap nobody knows which rows the missing checkpoints had.
        wrong.retain(|finding| !gap || finding.kind != Kind::Inserted);
        match self.edge.take() {
            Some(edge) => {
                self.edge = Some(grow(&edge, &lines)).filter(|edge| fits(edge, &said));
                if self.edge.is_none() {
                    say(number, Kind::Edited, "its list of leaves is not what was signed");
                    // Where the list alone was changed, the rows still give the root that was signed.
                    rows.sort_by_key(|leaf| leaf.table);
                    self.edge = Some(grow(&edge, &rows)).filter(|edge| fits(edge, &said));
                    if self.edge.is_some() {
                        wrong.clear();
                    }
                }
                let spelled = self.edge.as_ref().map(Edge::spell);
                if stored.as_ref().zip(spelled).is_some_and(|(stored, edge)| stored.edge != edge) {
                    say(number, Kind::Edited, "its edge is not that of the tree");
                }
            }
            None => {
                let edge = stored.as_ref().and_then(|stored| Edge::read(said.size, &stored.edge));
                self.edge = edge.filter(|edge| fits(edge, &said));
            }
        }
        judged.checkpoints += 1;
        judged.leaves += lines.len() as u64;
        judged.findings.append(&mut found);
        judged.findings.append(&mut wrong);
        self.note = note.map(|note| digest_of(note));
        self.before = said;
        Ok(())
    }

    /// What a note says, where a known key signed it.
    fn read(&self, note: &str) -> Option<Checkpoint> {
        let note = key::open(note)?;
        self.keys.iter().find(|key| key.signed(&note)).and_then(|_| Checkpoint::read(&note))
    }

    /// The leaves that the rows have now, and what differs from those of the checkpoint.
    async fn rows(&self, said: &Checkpoint, leaves: &[Leaf]) -> Result<(Vec<Leaf>, Vec<Finding>)> {
        let mut found = vec![];
        let mut now = vec![];
        let moment = &moment(self.store).await?;
        let series = [
            (Table::Entry, &self.before.entries, &said.entries),
            (Table::Audit, &self.before.audits, &said.audits),
        ];
        for (table, before, after) in series {
            let sealed: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.table == table).collect();
            let most = (sealed.len() + SLACK) as u32;
            let (from, upto) = (before.until(after), Some(after.upto));
            let rows = if after.count == before.count && sealed.is_empty() {
                vec![]
            } else {
                leaf::rows(moment, table, from, upto, after.floor, most).await?
            };
            compare(moment, &sealed, &rows, &mut found).await?;
            now.extend(rows.into_iter().map(|row| row.leaf));
        }
        let keys: Vec<EntryKey> = leaves.iter().filter_map(EntryKey::of).collect();
        let sealed: Vec<&Leaf> = leaves.iter().filter(|leaf| leaf.table == Table::Outbox).collect();
        let rows = leaf::messages(moment, &keys).await?;
        compare(moment, &sealed, &rows, &mut found).await?;
        now.extend(rows.into_iter().map(|row| row.leaf));
        Ok((now, found))
    }

    /// What no checkpoint has yet: newer than the last one, and no more than that.
    async fn tail(&self, judged: &mut Judged) -> Result<()> {
        let moment = moment(self.store).await?;
        let horizon = seal::horizon(&moment).await?;
        for (table, series) in [(Table::Entry, &self.before.entries), (Table::Audit, &self.before.audits)] {
            let series: Series = series.from(horizon);
            let (mut from, mut unsealed) = (series.upto, 0);
            loop {
                let everything = Some(leaf::Place { xid: i64::MAX, seq: i64::MAX });
                let rows = leaf::rows(&moment, table, from, everything, series.floor, ROWS).await?;
                unsealed += rows.len() as u64;
                for row in rows.iter().filter(|row| row.at < late(self.before.at)) {
                    judged.findings.push(Finding::of_row(
                        row,
                        Kind::Inserted,
                        "the row is older than the last checkpoint, which does not have it",
                    ));
                }
                match rows.last() {
                    Some(last) if rows.len() == ROWS as usize => from = last.place,
                    _ => break,
                }
            }
            judged.unsealed += unsealed;
            let of_table = |kind| {
                let mine = judged.findings.iter().filter(move |f| f.table == table.name() && f.kind == kind);
                mine.filter(|f| !f.detail.starts_with("the row is older")).count() as u64
            };
            // Whatever stands where no checkpoint looks is missed by its number.
            let expected = series.count + unsealed + of_table(Kind::Inserted);
            let there = leaf::count(&moment, table).await? + of_table(Kind::Deleted);
            if there > expected {
                let detail = format!("{} rows more than were sealed or committed since", there - expected);
                judged.findings.push(Finding::new(table.name(), "", Kind::Inserted, detail));
            }
        }
        Ok(())
    }
}

/// Leaves against rows.
async fn compare(
    moment: &DatabaseTransaction,
    sealed: &[&Leaf],
    rows: &[Row],
    found: &mut Vec<Finding>,
) -> Result<()> {
    let by_key: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.leaf.key.as_str(), row)).collect();
    let keys: BTreeSet<&str> = sealed.iter().map(|leaf| leaf.key.as_str()).collect();
    for leaf in sealed {
        match by_key.get(leaf.key.as_str()) {
            Some(row) if row.leaf.digest == leaf.digest => {}
            Some(row) => found.push(Finding::of_row(row, Kind::Edited, "the row is not what was sealed")),
            None => found.push(match leaf::by_key(moment, leaf).await? {
                Some(row) => Finding::of_row(&row, Kind::Edited, "the row stands elsewhere"),
                None => Finding::of_leaf(leaf, Kind::Deleted, "the row is gone"),
            }),
        }
    }
    for row in rows.iter().filter(|row| !keys.contains(row.leaf.key.as_str())) {
        found.push(Finding::of_row(row, Kind::Inserted, "the row was not there when its time was sealed"));
    }
    Ok(())
}

fn late(at: DateTime<Utc>) -> DateTime<Utc> {
    if at == DateTime::UNIX_EPOCH { at } else { at - LATE }
}

fn grow(edge: &Edge, leaves: &[Leaf]) -> Edge {
    let mut edge = edge.clone();
    leaves.iter().for_each(|leaf| edge.push(tree::leaf(&leaf.to_string())));
    edge
}

fn fits(edge: &Edge, said: &Checkpoint) -> bool {
    edge.size() == said.size && STANDARD.encode(edge.root()) == said.root
}

/// The columns beside the note say what it says.
fn agrees(stored: &Stored, said: Option<&Checkpoint>) -> bool {
    let kid = key::open(&stored.note)
        .is_some_and(|note| note.signatures.iter().any(|(kid, _)| hex::encode(kid) == stored.kid));
    said.is_some_and(|said| said.at == stored.at) && kid
}

const ID: Columns = &[("id", Ty::Text)];

#[derive(Serialize)]
struct Id<'a> {
    id: &'a str,
}

/// Gives each finding the number of its application, and finds applications that are gone with their entries.
async fn name(store: &Store, findings: &mut Vec<Finding>) -> Result<()> {
    let ids: BTreeSet<String> = findings.iter().filter_map(|finding| finding.application.clone()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    let sql = format!(
        "SELECT a.id, a.number FROM {} JOIN application a ON a.id = r.id",
        row_set(store.backend(), 1, "r", ID)
    );
    let wanted: Vec<Id<'_>> = ids.iter().map(|id| Id { id }).collect();
    let moment = moment(store).await?;
    let rows = moment.query_all_raw(statement(store.backend(), sql, vec![json(&wanted)?])).await?;
    let mut numbers: BTreeMap<String, Option<String>> = BTreeMap::new();
    for row in &rows {
        numbers.insert(row.try_get("", "id")?, row.try_get("", "number")?);
    }
    for finding in findings.iter_mut() {
        let number = finding.application.as_ref().and_then(|id| numbers.get(id));
        finding.number = number.cloned().flatten();
    }
    let gone: BTreeSet<String> = findings
        .iter()
        .filter(|finding| finding.table == "entry" && finding.kind == Kind::Deleted)
        .filter_map(|finding| finding.application.clone())
        .filter(|id| !numbers.contains_key(id))
        .collect();
    for id in gone {
        let finding = Finding::new("application", id.clone(), Kind::Deleted, "its entries were sealed");
        findings.push(Finding { application: Some(id), ..finding });
    }
    Ok(())
}
