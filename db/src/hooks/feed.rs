//! From the log to endpoints: what was committed since an endpoint's cursor becomes messages, and the cursor moves with them.

use super::{Endpoint, EndpointState, HookLine, HookState, KIND, kept_of};
use crate::changes::{Cursor, cursor_of};
use crate::read::{Where, entry_columns, known};
use crate::sql::{Columns, Ty, json, names, row_set, stamp, statement};
use crate::wall::{self, Within};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::Serialize;
use std::collections::BTreeSet;
use workflows::machine::{PartnerMessage, Role, Verb, hooks};

/// Entries that one step looks at for one endpoint.
const PAGE: u32 = 200;

pub(super) const LINE: &str = "m.id, m.sequence, m.kind, m.application_id, m.version, m.occurred_at, m.state, m.attempts, m.next_at, \
                               m.settled_at, m.error";

const MESSAGE: Columns = &[
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("endpoint_id", Ty::Text),
    ("sequence", Ty::Int),
    ("application_id", Ty::Text),
    ("version", Ty::Int),
    ("kind", Ty::Text),
    ("occurred_at", Ty::At),
    ("state", Ty::Text),
    ("next_at", Ty::At),
];

#[derive(Serialize)]
struct Message<'a> {
    id: &'a str,
    institution: &'a str,
    endpoint_id: &'a str,
    sequence: u64,
    application_id: &'a str,
    version: u64,
    kind: &'a str,
    occurred_at: String,
    state: &'static str,
    next_at: String,
}

/// What a round of feeding came to.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Fed {
    /// Messages that were made.
    pub messages: usize,
    /// Is there more to look at?
    pub more: bool,
}

/// An event that an endpoint or a stream is to hear of.
pub(crate) struct Heard {
    /// Where its entry stands in the log.
    pub cursor: Cursor,
    /// Within the case: version, and number of the message where a version has several.
    place: String,
    pub institution: String,
    pub application_id: String,
    pub version: u64,
    pub kind: String,
    pub at: DateTime<Utc>,
}

impl Store {
    /// Feeds every active endpoint of every bank once. Errors: the database does not answer; what was fed stays fed.
    pub async fn feed_hooks(&self, now: DateTime<Utc>) -> Result<Fed> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("h.state", EndpointState::Active.code());
        let sql = format!(
            "SELECT {}, h.cursor_xid, h.cursor_seq FROM webhook_endpoint h {} ORDER BY h.id",
            super::COLUMNS,
            w.sql()
        );
        let rows = self.rows(sql, w).await?;
        let mut fed = Fed::default();
        if rows.is_empty() {
            return Ok(fed);
        }
        let to = self.latest().await?;
        for row in &rows {
            let kept = kept_of(row)?;
            let from = Cursor::at(row.try_get("", "cursor_xid")?, row.try_get("", "cursor_seq")?);
            if from >= to {
                continue;
            }
            let one = self.feed_hook(&kept.endpoint, (from, to), kept.health.sequence, now).await?;
            fed.messages += one.messages;
            fed.more |= one.more;
        }
        if fed.messages > 0 {
            tracing::debug!(messages = fed.messages, kind = KIND, "events for endpoints");
        }
        Ok(fed)
    }

    async fn feed_hook(
        &self,
        endpoint: &Endpoint,
        (from, to): (Cursor, Cursor),
        sequence: u64,
        now: DateTime<Utc>,
    ) -> Result<Fed> {
        let (heard, reached, more) = match endpoint.role {
            Role::UserAdmin => self.entries_heard(Some(&endpoint.institution), from, to).await?,
            _ => self.messages_for(endpoint, from, to).await?,
        };
        let types: BTreeSet<&str> = endpoint.types.iter().map(String::as_str).collect();
        let wanted = heard.into_iter().filter(|heard| types.contains(heard.kind.as_str()));
        let lines: Vec<HookLine> = wanted
            .zip(sequence + 1..)
            .map(|(heard, sequence)| HookLine {
                id: format!("msg_{}_{}_{}", endpoint.id, heard.application_id, heard.place),
                sequence,
                kind: heard.kind,
                application_id: heard.application_id,
                version: heard.version,
                occurred_at: heard.at,
                state: HookState::Waiting,
                attempts: 0,
                next_at: now,
                settled_at: None,
                error: None,
            })
            .collect();
        let tx = self.begin_across().await?;
        wall::enter(&tx, Within::Across).await?;
        // Whoever fed it in the meantime has moved the cursor: what was read here is his already. An owner's change in the meantime is
        // looked at first.
        let sql = "UPDATE webhook_endpoint SET cursor_xid = $2, cursor_seq = $3, sequence = $4 WHERE id = $1 AND cursor_xid = $5 \
                   AND cursor_seq = $6 AND sequence = $7 AND version = $8 AND state = 'ACTIVE'";
        let last = sequence + lines.len() as u64;
        let values: Vec<Value> = vec![
            endpoint.id.clone().into(),
            reached.transaction().into(),
            reached.number().into(),
            (last as i64).into(),
            from.transaction().into(),
            from.number().into(),
            (sequence as i64).into(),
            endpoint.version.into(),
        ];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(Fed { messages: 0, more: true });
        }
        insert(&tx, endpoint, &lines).await?;
        tx.commit().await?;
        Ok(Fed { messages: lines.len(), more })
    }

    /// A page of the entries of a bank's cases, or of all banks', as events; where it ends, and whether there is more.
    pub(crate) async fn entries_heard(
        &self,
        bank: Option<&str>,
        from: Cursor,
        to: Cursor,
    ) -> Result<(Vec<Heard>, Cursor, bool)> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        if let Some(bank) = bank {
            w.equals("e.institution", bank.to_owned());
        }
        self.between(&mut w, from, to);
        let sql = format!(
            "SELECT e.seq, e.xid, {} FROM entry e {} ORDER BY {} LIMIT {PAGE}",
            entry_columns(),
            w.sql(),
            self.feed_order("ASC")
        );
        let rows = self.rows(sql, w).await?;
        let mut heard = vec![];
        for row in &rows {
            let (application_id, version, verb): (String, i64, String) =
                (row.try_get("", "application_id")?, row.try_get("", "version")?, row.try_get("", "verb")?);
            let kind = match self.entry_of(row).await {
                Ok(entry) => hooks::of_entry(&self.inner.options.table, &entry),
                Err(error @ StoreError::Keys(_)) => return Err(error),
                // What was changed or does not read is verification's to find; the others go on.
                Err(_) => known(Verb::parse(&verb), "verb", &verb)
                    .ok()
                    .and_then(|verb| hooks::of_verb(&self.inner.options.table, verb)),
            };
            if let Some(kind) = kind {
                heard.push(Heard {
                    cursor: cursor_of(row)?,
                    place: version.to_string(),
                    institution: row.try_get("", "institution")?,
                    application_id,
                    version: version.unsigned_abs(),
                    kind,
                    at: row.try_get("", "at")?,
                });
            }
        }
        page_of(heard, &rows, to)
    }

    /// Messages of the outbox to the partner's organisation, as events, in the order of their entries.
    async fn messages_for(
        &self,
        endpoint: &Endpoint,
        from: Cursor,
        to: Cursor,
    ) -> Result<(Vec<Heard>, Cursor, bool)> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("e.institution", endpoint.institution.clone());
        self.between(&mut w, from, to);
        let address = w.bind(format!("PARTNER:{}:{}", endpoint.role.code(), endpoint.organisation));
        let sql = format!(
            "SELECT e.seq, e.xid, e.institution, e.application_id, e.version, e.at, o.id AS parcel, o.kind FROM entry e LEFT JOIN outbox o ON \
             o.institution = e.institution AND o.application_id = e.application_id AND o.version = e.version AND \
             o.channel = 'PARTNER' AND o.address = {address} {} ORDER BY {}, o.id LIMIT {PAGE}",
            w.sql(),
            self.feed_order("ASC")
        );
        let mut rows = self.rows(sql, w).await?;
        // The last entry of a full page may have further messages on the next one: it is left for then.
        if rows.len() == PAGE as usize {
            let last = rows.last().map(cursor_of).transpose()?;
            let mut kept = rows.len();
            while kept > 0 && Some(cursor_of(&rows[kept - 1])?) == last {
                kept -= 1;
            }
            if kept > 0 {
                rows.truncate(kept);
                return Ok((heard_of(&rows)?, cursor_of(&rows[kept - 1])?, true));
            }
        }
        let heard = heard_of(&rows)?;
        page_of(heard, &rows, to)
    }
}

fn heard_of(rows: &[QueryResult]) -> Result<Vec<Heard>> {
    let mut heard = vec![];
    for row in rows {
        let (parcel, kind): (Option<String>, Option<String>) =
            (row.try_get("", "parcel")?, row.try_get("", "kind")?);
        let message = kind.and_then(|kind| PartnerMessage::parse(&kind));
        let (Some(parcel), Some(message)) = (parcel, message) else { continue };
        let (application_id, version): (String, i64) =
            (row.try_get("", "application_id")?, row.try_get("", "version")?);
        // `{application}.{version}.{n}.{channel}`: the case stands before it already.
        let place = parcel.strip_prefix(&application_id).unwrap_or(&parcel);
        let place = place.trim_start_matches('.').trim_end_matches(".PARTNER").replace('.', "-");
        heard.push(Heard {
            cursor: cursor_of(row)?,
            place,
            institution: row.try_get("", "institution")?,
            application_id,
            version: version.unsigned_abs(),
            kind: hooks::of_message(message),
            at: row.try_get("", "at")?,
        });
    }
    Ok(heard)
}

/// A page with where it ends: at its last row where it is full, else at `to`.
fn page_of(heard: Vec<Heard>, rows: &[QueryResult], to: Cursor) -> Result<(Vec<Heard>, Cursor, bool)> {
    let full = rows.len() == PAGE as usize;
    let reached = match rows.last() {
        Some(last) if full => cursor_of(last)?,
        _ => to,
    };
    Ok((heard, reached, full))
}

/// Adds messages of one endpoint in one statement, in a transaction that has named its bank or all.
pub(super) async fn insert<C: ConnectionTrait>(
    tx: &C,
    endpoint: &Endpoint,
    lines: &[HookLine],
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let rows: Vec<Message<'_>> = lines
        .iter()
        .map(|line| Message {
            id: &line.id,
            institution: &endpoint.institution,
            endpoint_id: &endpoint.id,
            sequence: line.sequence,
            application_id: &line.application_id,
            version: line.version,
            kind: &line.kind,
            occurred_at: stamp(line.occurred_at),
            state: line.state.code(),
            next_at: stamp(line.next_at),
        })
        .collect();
    let backend = tx.get_database_backend();
    let sql = format!(
        "INSERT INTO webhook_message ({}) SELECT {} FROM {}",
        names(MESSAGE, ""),
        names(MESSAGE, "r."),
        row_set(backend, 1, "r", MESSAGE)
    );
    tx.execute_raw(statement(backend, sql, vec![json(&rows)?])).await?;
    Ok(())
}

pub(super) fn line_of(row: &QueryResult) -> Result<HookLine> {
    let number = |name: &str| row.try_get::<i64>("", name).map(i64::unsigned_abs);
    let state: String = row.try_get("", "state")?;
    Ok(HookLine {
        id: row.try_get("", "id")?,
        sequence: number("sequence")?,
        kind: row.try_get("", "kind")?,
        application_id: row.try_get("", "application_id")?,
        version: number("version")?,
        occurred_at: row.try_get("", "occurred_at")?,
        state: known(HookState::parse(&state), "state", &state)?,
        attempts: number("attempts")?,
        next_at: row.try_get("", "next_at")?,
        settled_at: row.try_get("", "settled_at")?,
        error: row.try_get("", "error")?,
    })
}
