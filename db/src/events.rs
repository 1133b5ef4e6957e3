//! Publishing the log to a stream of a message server (decision 24): how far it has come, which process publishes, and what is next.
//!
//! As with webhooks nothing is written with a transition: a stream has a cursor over the log. One process at a time holds it, so that
//! others do not try in vain; that nothing is published twice does not rest on this but on the stream itself (`notifications::events`).

use crate::changes::Cursor;
use crate::read::Where;
use crate::sql::{micros, statement};
use crate::wall::Within;
use crate::{Result, Store};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use workflows::machine::hooks::{Payload, PayloadData};

/// Entries behind the cursor that are counted at most: more is said as this.
pub const COUNTED_MOST: u64 = 10_000;

/// How far the log was published.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct StreamPlace {
    /// The last entry that was looked at.
    pub cursor: Cursor,
    /// Number of the last event; 0 before the first.
    pub sequence: u64,
}

/// Where a new stream begins.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Begin {
    /// With the first entry of the log.
    First,
    /// With what is committed from now on.
    Now,
}

/// A stream that this process holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub place: StreamPlace,
    token: i64,
}

/// An event as it is published: a bank's webhook of the same entry says the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamEvent {
    /// Its place: what comes next comes behind it.
    pub place: StreamPlace,
    /// The same whenever and by whomever it is published: `evt_{bank}_{case}_{version}`.
    pub id: String,
    pub at: DateTime<Utc>,
    /// The body of the webhook catalogue.
    pub payload: Payload,
}

/// What comes next.
#[derive(Clone, Debug, Default)]
pub struct StreamPage {
    pub events: Vec<StreamEvent>,
    /// Where the stream stands when they are published.
    pub reached: StreamPlace,
    /// Is there more to look at?
    pub more: bool,
}

/// What waits for a stream.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamBacklog {
    /// Entries behind the cursor, [`COUNTED_MOST`] at most; some of them are no events.
    pub entries: u64,
    /// When the first of them was committed.
    pub oldest: Option<DateTime<Utc>>,
}

/// What waits of one bank's entries for a stream that is behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StreamLate {
    pub institution: String,
    /// Of the first [`COUNTED_MOST`] behind the cursor.
    pub entries: u64,
    pub oldest: DateTime<Utc>,
}

fn event_id(bank: &str, case: &str, version: u64) -> String {
    format!("evt_{bank}_{case}_{version}")
}

impl Store {
    /// Holds a stream for so long, or goes on holding it; `None` where another process does. A stream that is new begins where `begin`
    /// says. Errors: the database does not answer.
    pub async fn hold_stream(
        &self,
        name: &str,
        holder: &str,
        lease: TimeDelta,
        begin: Begin,
        now: DateTime<Utc>,
    ) -> Result<Option<Held>> {
        let Some((held, by, until)) = self.stream_row(name).await? else {
            let start = match begin {
                Begin::First => Cursor::default(),
                Begin::Now => self.latest().await?,
            };
            let sql = "INSERT INTO event_stream (name, cursor_xid, cursor_seq, sequence, token, holder, held_until) VALUES \
                       ($1, $2, $3, 0, 1, $4, $5) ON CONFLICT DO NOTHING";
            let values: Vec<Value> = vec![
                name.into(),
                start.transaction().into(),
                start.number().into(),
                holder.into(),
                micros(now + lease).into(),
            ];
            let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
            let place = StreamPlace { cursor: start, sequence: 0 };
            return Ok((done.rows_affected() == 1).then_some(Held { place, token: 1 }));
        };
        let mine = by == holder;
        if !mine && until > now {
            return Ok(None);
        }
        // A write for each look would be many: the lease is renewed when half of it has gone.
        if mine && until - now > lease / 2 {
            return Ok(Some(held));
        }
        self.stream_moved(name, holder, held, held.place, now + lease).await
    }

    /// Moves a stream on, with the lease. `None`: somebody else has it meanwhile, and it stays as it is.
    pub async fn advance_stream(
        &self,
        name: &str,
        holder: &str,
        held: Held,
        to: StreamPlace,
        until: DateTime<Utc>,
    ) -> Result<Option<Held>> {
        self.stream_moved(name, holder, held, to, until).await
    }

    /// Gives a stream back at once, so that another process need not wait for the lease to end.
    pub async fn release_stream(
        &self,
        name: &str,
        holder: &str,
        held: Held,
        now: DateTime<Utc>,
    ) -> Result<()> {
        self.stream_moved(name, holder, held, held.place, now).await.map(|_| ())
    }

    async fn stream_moved(
        &self,
        name: &str,
        holder: &str,
        held: Held,
        to: StreamPlace,
        until: DateTime<Utc>,
    ) -> Result<Option<Held>> {
        let sql = "UPDATE event_stream SET cursor_xid = $3, cursor_seq = $4, sequence = $5, token = token + 1, holder = $6, \
                   held_until = $7 WHERE name = $1 AND token = $2";
        let values: Vec<Value> = vec![
            name.into(),
            held.token.into(),
            to.cursor.transaction().into(),
            to.cursor.number().into(),
            (to.sequence as i64).into(),
            holder.into(),
            micros(until).into(),
        ];
        let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok((done.rows_affected() == 1).then_some(Held { place: to, token: held.token + 1 }))
    }

    async fn stream_row(&self, name: &str) -> Result<Option<(Held, String, DateTime<Utc>)>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("s.name", name.to_owned());
        let sql = format!(
            "SELECT s.cursor_xid, s.cursor_seq, s.sequence, s.token, s.holder, s.held_until FROM event_stream s {}",
            w.sql()
        );
        let Some(row) = self.row(sql, w).await? else { return Ok(None) };
        let number = |name: &str| row.try_get::<i64>("", name);
        let place = StreamPlace {
            cursor: Cursor::at(number("cursor_xid")?, number("cursor_seq")?),
            sequence: number("sequence")?.unsigned_abs(),
        };
        let held = Held { place, token: number("token")? };
        Ok(Some((held, row.try_get("", "holder")?, row.try_get("", "held_until")?)))
    }

    /// The next events of all banks behind a place, in the order of the log: one case is in the order of its versions.
    pub async fn stream_page(&self, after: StreamPlace) -> Result<StreamPage> {
        let to = self.latest().await?;
        if after.cursor >= to {
            return Ok(StreamPage { events: vec![], reached: after, more: false });
        }
        let (heard, cursor, more) = self.entries_heard(None, after.cursor, to).await?;
        let events: Vec<StreamEvent> = heard
            .into_iter()
            .zip(after.sequence + 1..)
            .map(|(heard, sequence)| StreamEvent {
                place: StreamPlace { cursor: heard.cursor, sequence },
                id: event_id(&heard.institution, &heard.application_id, heard.version),
                at: heard.at,
                payload: Payload::new(
                    &heard.kind,
                    heard.at,
                    PayloadData {
                        institution: heard.institution,
                        application_id: heard.application_id,
                        version: heard.version,
                        sequence,
                    },
                ),
            })
            .collect();
        let sequence = after.sequence + events.len() as u64;
        Ok(StreamPage { events, reached: StreamPlace { cursor, sequence }, more })
    }

    /// Does the log have this event at this place? It does not where the database went back to an earlier state, or is another.
    pub async fn stream_has(&self, place: StreamPlace, id: &str) -> Result<bool> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("e.xid", place.cursor.transaction());
        w.equals("e.seq", place.cursor.number());
        let sql = format!("SELECT e.institution, e.application_id, e.version FROM entry e {}", w.sql());
        let Some(row) = self.row(sql, w).await? else { return Ok(false) };
        let text = |name: &str| row.try_get::<String>("", name);
        let version: i64 = row.try_get("", "version")?;
        Ok(event_id(&text("institution")?, &text("application_id")?, version.unsigned_abs()) == id)
    }

    /// Banks of which an entry waits for a stream since before an instant; nobody where it has not begun. A bank is told of its own alone.
    pub(crate) async fn stream_late(
        &self,
        name: &str,
        within: Within<'_>,
        before: DateTime<Utc>,
    ) -> Result<Vec<StreamLate>> {
        let Some((held, ..)) = self.stream_row(name).await? else { return Ok(vec![]) };
        let mut w = Where::on(self.backend());
        w.within(within);
        self.behind(&mut w, held.place.cursor);
        if let Within::Institution(bank) = within {
            w.equals("e.institution", bank.to_owned());
        }
        let inner = format!(
            "SELECT e.institution, e.at FROM entry e {} ORDER BY {} LIMIT {COUNTED_MOST}",
            w.sql(),
            self.feed_order("ASC")
        );
        let before = w.bind(micros(before));
        let sql = format!(
            "SELECT w.institution, count(*) AS entries, min(w.at) AS oldest FROM ({inner}) w GROUP BY w.institution \
             HAVING min(w.at) < {before}"
        );
        let one = |row: &sea_orm::QueryResult| -> Result<StreamLate> {
            Ok(StreamLate {
                institution: row.try_get("", "institution")?,
                entries: row.try_get::<i64>("", "entries")?.unsigned_abs(),
                oldest: row.try_get("", "oldest")?,
            })
        };
        self.rows(sql, w).await?.iter().map(one).collect()
    }

    /// Adds that an entry is behind the cursor.
    fn behind(&self, w: &mut Where, cursor: Cursor) {
        let number = w.bind(cursor.number());
        if self.backend() == DbBackend::Postgres {
            let transaction = w.bind(cursor.transaction());
            w.and(format!("(e.xid, e.seq) > ({transaction}, {number})"));
        } else {
            w.and(format!("e.seq > {number}"));
        }
    }

    /// What waits for a stream; nothing where it has not begun.
    pub async fn stream_backlog(&self, name: &str) -> Result<StreamBacklog> {
        let Some((held, ..)) = self.stream_row(name).await? else { return Ok(StreamBacklog::default()) };
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        self.behind(&mut w, held.place.cursor);
        let sql = format!(
            "SELECT count(*) AS entries, min(w.at) AS oldest FROM (SELECT e.at FROM entry e {} ORDER BY {} LIMIT {COUNTED_MOST}) w",
            w.sql(),
            self.feed_order("ASC")
        );
        let Some(row) = self.row(sql, w).await? else { return Ok(StreamBacklog::default()) };
        Ok(StreamBacklog {
            entries: row.try_get::<i64>("", "entries")?.unsigned_abs(),
            oldest: row.try_get("", "oldest")?,
        })
    }
}
