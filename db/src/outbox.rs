//! The only way out: couriers lease parcels, send them, and settle what became of them.
//!
//! A lease is a time and a token. A courier that comes too late finds the token changed and its settlement without effect.

mod lease;

use crate::contacts::{ContactPoint, point_of};
use crate::digest::DigestWish;
use crate::ledger::{Proof, Try};
use crate::read::{Page, Scope, Where, known};
use crate::shelf::{INBOX, InboxRow, inbox_row};
use crate::sql::{Columns, Ty, json, micros, row_set, stamp, statement};
use crate::vault::{mail_place, payload_place};
use crate::wall::{Within, gate};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
pub(crate) use lease::returned;
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use std::collections::BTreeMap;
use workflows::machine::{Effect, Role};

/// Where a parcel goes.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    Inbox,
    Email,
    Partner,
}

impl Channel {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            Channel::Inbox => "INBOX",
            Channel::Email => "EMAIL",
            Channel::Partner => "PARTNER",
        }
    }

    /// The channel with this code.
    pub fn parse(code: &str) -> Option<Self> {
        [Channel::Inbox, Channel::Email, Channel::Partner].into_iter().find(|c| c.code() == code)
    }
}

/// Channels that share slots. What may hang (mail) never takes a slot of what cannot (database writes).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Lane {
    /// Inbox and partner messages.
    Local,
    /// E-mail.
    Mail,
    /// Posting orders, queries and reversals: they go to core banking over the network, where there is a line to it.
    Core,
    /// Messages that are pushed to partners' endpoints: they are leased with [`Store::lease_pushed`].
    Push,
}

/// Where parcels of a partner go.
pub fn partner_address(role: Role, organisation: &str) -> String {
    format!("PARTNER:{}:{organisation}", role.code())
}

impl Lane {
    /// The lane of a channel.
    pub const fn of(channel: Channel) -> Lane {
        match channel {
            Channel::Inbox | Channel::Partner => Lane::Local,
            Channel::Email => Lane::Mail,
        }
    }

    /// The parcels of the lane, as an index has them. A channel that this version does not know is local: it is found and parked.
    const fn sql(self) -> &'static str {
        match self {
            Lane::Local => {
                "channel <> 'EMAIL' AND NOT (channel = 'PARTNER' \
                 AND kind IN ('POSTING_ORDER', 'POSTING_QUERY', 'REVERSAL_ORDER'))"
            }
            Lane::Core => {
                "channel <> 'EMAIL' AND channel = 'PARTNER' \
                 AND kind IN ('POSTING_ORDER', 'POSTING_QUERY', 'REVERSAL_ORDER')"
            }
            // What goes with a digest leaves by `lease_digest`.
            Lane::Mail => "channel = 'EMAIL' AND digest IS NULL",
            Lane::Push => {
                "channel <> 'EMAIL' AND channel = 'PARTNER' \
                 AND kind NOT IN ('POSTING_ORDER', 'POSTING_QUERY', 'REVERSAL_ORDER')"
            }
        }
    }
}

/// Something to send, leased to one courier.
#[derive(Clone, Debug)]
pub struct Parcel {
    /// Stable over all attempts: `{application}.{version}.{n}.{channel}`.
    pub id: String,
    pub institution: String,
    pub application_id: String,
    pub version: u64,
    pub channel: Channel,
    /// Code of the notice or partner message.
    pub kind: String,
    pub branch: String,
    /// Sign-in of the person addressed, where there is one.
    pub subject: Option<String>,
    /// Person, `PARTY:...`, `DESK:{institution}:{branch}:{role}` or `PARTNER:{role}:{organisation}`.
    pub address: String,
    /// `Effect::Notify` or `Effect::Send`, as decided.
    pub effect: Effect,
    /// This attempt, counted from 1.
    pub attempts: u32,
    /// What the attempt before this one ended with, where it was settled.
    pub last_error: Option<String>,
    pub created_at: DateTime<Utc>,
    /// Fencing token of this lease.
    pub token: i64,
    /// Mail address that a person gave for this parcel, instead of the recipient's own.
    pub mail_to: Option<String>,
    /// How the person addressed is reached, as it stands at this lease; `None` where nobody has said anything.
    pub contact: Option<ContactPoint>,
    /// Does its desk wish its mails by half-day?
    pub digest: Option<DigestWish>,
}

impl Parcel {
    /// `Message-ID` of the mail, the same at every attempt.
    pub fn message_id(&self) -> String {
        format!("<{}@yushi>", self.id)
    }
}

/// What became of a parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// Delivered, with what proves it.
    Proven(Proof),
    /// Try again then.
    RetryAt {
        at: DateTime<Utc>,
        error: String,
    },
    /// Given up: a person decides.
    Parked {
        error: String,
    },
    /// No mail goes: it stands on the list of letters that are to be posted.
    ToPost(Proof),
    /// It goes with the next digest of its desk, not before this instant. No attempt was made.
    Held {
        until: DateTime<Utc>,
    },
    /// No attempt was made: it is due again as if it had not been leased.
    Unsent,
    /// Not to be sent any more.
    Closed {
        reason: String,
    },
}

/// A rendered notice for the in-app inbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxItem {
    pub subject_ja: String,
    pub subject_en: String,
    pub body_ja: String,
    pub body_en: String,
    /// Version of the template that said it.
    pub template: String,
}

/// A parcel that could not be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    pub id: String,
    pub institution: String,
    pub branch: String,
    pub application_id: String,
    /// Code of the channel; of another version's, perhaps.
    pub channel: String,
    pub kind: String,
    pub address: String,
    pub attempts: u32,
    pub error: String,
    pub since: DateTime<Utc>,
    pub cursor: String,
}

/// Numbers of parcels per state.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub waiting: u64,
    pub delivered: u64,
    pub parked: u64,
    pub closed: u64,
}

const SETTLEMENT: Columns = &[
    ("id", Ty::Text),
    ("token", Ty::Int),
    ("state", Ty::Text),
    ("next_at", Ty::At),
    ("settled_at", Ty::At),
    ("error", Ty::Text),
    ("tried", Ty::Text),
    ("paper", Ty::Text),
    ("digest", Ty::Text),
    ("spent", Ty::Int),
];

#[derive(Serialize)]
struct Settlement<'a> {
    id: &'a str,
    token: i64,
    state: &'static str,
    next_at: String,
    settled_at: Option<String>,
    error: Option<&'a str>,
    /// The try as a line of the row's `tries`.
    tried: Option<String>,
    /// `DUE` where a letter is to be posted.
    paper: Option<&'static str>,
    /// The digest that it waits for.
    digest: Option<&'static str>,
    /// 1 where an attempt was made, 0 where it was put off.
    spent: i64,
}

impl Store {
    /// Settles one parcel. False where the lease was lost: nothing changed.
    pub async fn settle(&self, parcel: &Parcel, outcome: &Outcome, now: DateTime<Utc>) -> Result<bool> {
        Ok(self.settle_many(&[(parcel, outcome)], now).await? == 1)
    }

    /// Settles many parcels in one statement; how many were still held.
    pub async fn settle_many(&self, settled: &[(&Parcel, &Outcome)], now: DateTime<Utc>) -> Result<u64> {
        self.settle_in(self.writer_across(), settled, now).await
    }

    async fn settle_in<C: ConnectionTrait>(
        &self,
        connection: &C,
        settled: &[(&Parcel, &Outcome)],
        now: DateTime<Utc>,
    ) -> Result<u64> {
        if settled.is_empty() {
            return Ok(0);
        }
        let rows: Vec<Settlement<'_>> = settled
            .iter()
            .map(|(parcel, outcome)| settlement(parcel, outcome, now))
            .collect::<Result<_>>()?;
        let mut values = vec![json(&rows)?];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let sql = format!(
            "UPDATE outbox SET state = r.state, next_at = r.next_at, settled_at = r.settled_at, error = r.error, \
             tries = CASE WHEN outbox.tries IS NULL THEN r.tried WHEN r.tried IS NULL THEN outbox.tries \
             ELSE outbox.tries || '\n' || r.tried END, paper = COALESCE(r.paper, outbox.paper), \
             digest = COALESCE(r.digest, outbox.digest), attempts = CASE WHEN r.spent = 0 THEN outbox.attempts - 1 ELSE outbox.attempts END, \
             worker = NULL FROM {} WHERE {gate} AND outbox.id = r.id AND outbox.token = r.token AND outbox.state = 'WAITING'",
            row_set(self.backend(), 1, "r", SETTLEMENT)
        );
        let done = connection.execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(done.rows_affected())
    }

    /// Puts a rendered notice into the inbox and settles its parcel, both or neither. False where the lease was lost.
    pub async fn deliver_inbox(
        &self,
        parcel: &Parcel,
        item: &InboxItem,
        number: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        Ok(self.deliver_inbox_many(&[(parcel, item, number)], now).await? == 1)
    }

    /// The same for many parcels in one transaction; how many were delivered.
    pub async fn deliver_inbox_many(
        &self,
        items: &[(&Parcel, &InboxItem, &str)],
        now: DateTime<Utc>,
    ) -> Result<u64> {
        let proven: Vec<Outcome> = items.iter().map(|(_, item, _)| Outcome::Proven(item.proof())).collect();
        let items: Vec<_> = items.iter().zip(&proven).map(|((p, i, n), o)| (*p, *i, *n, o)).collect();
        self.shelve_many(&items, now).await
    }

    /// Puts messages into the inbox, each once, and settles their parcels as they ended: what is pushed stands in the partner's list
    /// whatever became of the push. How many were still held.
    pub async fn shelve_many(
        &self,
        items: &[(&Parcel, &InboxItem, &str, &Outcome)],
        now: DateTime<Utc>,
    ) -> Result<u64> {
        if items.is_empty() {
            return Ok(0);
        }
        let rows: Vec<InboxRow<'_>> = items.iter().map(|(p, i, n, _)| inbox_row(p, i, n, now)).collect();
        let mut values = vec![json(&rows)?];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let sql = format!(
            "INSERT INTO inbox ({columns}) SELECT {from} FROM {rows} \
             JOIN outbox o ON o.id = r.id AND o.token = r.token AND o.state = 'WAITING' WHERE {gate} ON CONFLICT (id) DO NOTHING",
            columns = crate::sql::names(&INBOX[..INBOX.len() - 1], ""),
            from = crate::sql::names(&INBOX[..INBOX.len() - 1], "r."),
            rows = row_set(self.backend(), 1, "r", INBOX)
        );
        let tx = self.begin_across().await?;
        tx.execute_raw(statement(self.backend(), sql, values)).await?;
        let ended: Vec<(&Parcel, &Outcome)> = items.iter().map(|(p, _, _, o)| (*p, *o)).collect();
        let settled = self.settle_in(&tx, &ended, now).await?;
        tx.commit().await?;
        Ok(settled)
    }

    /// Parcels that were given up, the oldest first.
    pub async fn parked(&self, scope: &Scope, after: Option<&str>, first: u32) -> Result<Page<Incident>> {
        let mut w = Where::on(self.backend());
        scope.on_outbox(&mut w);
        w.and("o.state = 'PARKED'");
        if let Some(after) = after {
            let (at, id) = crate::read::parse_cursor(after)?;
            let (at, id) = (w.bind(crate::read::instant(&at, after)?), w.bind(id));
            w.and(format!("(o.settled_at, o.id) > ({at}, {id})"));
        }
        let sql = format!(
            "SELECT o.id, o.institution, o.branch, o.application_id, o.channel, o.kind, o.address, o.attempts, \
             o.error, o.settled_at FROM outbox o {} ORDER BY o.settled_at, o.id LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(incident_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// Sends a parked parcel again, under its old id. False where it is not parked or not the reader's.
    pub async fn resend(&self, scope: &Scope, id: &str, now: DateTime<Utc>) -> Result<bool> {
        let mut w = Where::on(self.backend());
        let at = w.bind(micros(now));
        w.equals("o.id", id);
        w.and("o.state = 'PARKED'");
        scope.on_outbox(&mut w);
        let sql = format!(
            "UPDATE outbox AS o SET state = 'WAITING', attempts = 0, next_at = {at}, settled_at = NULL, \
             token = token + 1, digest = NULL {}",
            w.sql()
        );
        self.touch(sql, w).await
    }

    /// Closes a parked parcel for good: somebody told the addressee otherwise, and says so.
    pub async fn close_parked(
        &self,
        scope: &Scope,
        id: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let mut w = Where::on(self.backend());
        let at = w.bind(micros(now));
        let (by, reason) = (w.bind(scope.actor().subject.clone()), w.bind(reason));
        w.equals("o.id", id);
        w.and("o.state = 'PARKED'");
        scope.on_outbox(&mut w);
        let sql = format!(
            "UPDATE outbox AS o SET state = 'CLOSED', settled_at = {at}, closed_by = {by}, closed_reason = {reason} {}",
            w.sql()
        );
        self.touch(sql, w).await
    }

    /// Parcels per state, over all institutions: for metrics.
    pub async fn outbox_counts(&self) -> Result<Counts> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let sql = format!("SELECT state, count(*) AS n FROM outbox {} GROUP BY state", w.sql());
        let rows = self.rows(sql, w).await?;
        let mut by_state: BTreeMap<String, u64> = BTreeMap::new();
        for row in rows {
            let n: i64 = row.try_get("", "n")?;
            by_state.insert(row.try_get("", "state")?, n as u64);
        }
        let of = |state: &str| by_state.get(state).copied().unwrap_or_default();
        Ok(Counts {
            waiting: of("WAITING"),
            delivered: of("DELIVERED"),
            parked: of("PARKED"),
            closed: of("CLOSED"),
        })
    }
}

fn settlement<'a>(parcel: &'a Parcel, outcome: &'a Outcome, now: DateTime<Utc>) -> Result<Settlement<'a>> {
    let (state, next_at, settled_at, error) = match outcome {
        Outcome::Delivered | Outcome::Proven(_) | Outcome::ToPost(_) => {
            ("DELIVERED", now, Some(stamp(now)), None)
        }
        Outcome::RetryAt { at, error } => ("WAITING", *at, None, Some(error.as_str())),
        Outcome::Held { until } => ("WAITING", *until, None, parcel.last_error.as_deref()),
        Outcome::Unsent => ("WAITING", now, None, parcel.last_error.as_deref()),
        Outcome::Parked { error } => ("PARKED", now, Some(stamp(now)), Some(error.as_str())),
        Outcome::Closed { reason } => ("CLOSED", now, Some(stamp(now)), Some(reason.as_str())),
    };
    let held = matches!(outcome, Outcome::Held { .. });
    let tried = !held && *outcome != Outcome::Unsent;
    Ok(Settlement {
        id: &parcel.id,
        token: parcel.token,
        state,
        next_at: stamp(next_at),
        settled_at,
        error,
        tried: if tried { Some(serde_json::to_string(&Try::of(outcome, now))?) } else { None },
        paper: matches!(outcome, Outcome::ToPost(_)).then_some(crate::paper::DUE),
        digest: held.then_some(crate::digest::HELD),
        spent: i64::from(tried),
    })
}

impl Store {
    pub(crate) async fn parcel_of(&self, row: &QueryResult) -> Result<Parcel> {
        let text = |name: &str| row.try_get::<String>("", name);
        let number = |name: &str| row.try_get::<i64>("", name);
        let (id, channel, payload) = (text("id")?, text("channel")?, text("payload")?);
        let (application_id, opener) = self.opener_of(row, "application_id").await?;
        let payload = opener.open(&payload_place(&id), &payload)?.text("parcel", &id)?;
        let mail_to = match row.try_get::<Option<String>>("", "mail_to")? {
            Some(text) => Some(opener.open(&mail_place(&id), &text)?.text("parcel", &id)?),
            None => None,
        };
        let effect = serde_json::from_str(&payload).map_err(|error| StoreError::Unreadable {
            what: "parcel",
            id: id.clone(),
            error,
        })?;
        let contact = point_of(row.try_get("", "contact")?, &effect, &opener)?;
        Ok(Parcel {
            contact,
            digest: DigestWish::of(row.try_get("", "digest_wish")?),
            id,
            institution: text("institution")?,
            application_id,
            version: number("version")? as u64,
            channel: known(Channel::parse(&channel), "channel", &channel)?,
            kind: text("kind")?,
            branch: text("branch")?,
            subject: row.try_get("", "subject")?,
            address: text("address")?,
            effect,
            attempts: number("attempts")? as u32,
            last_error: row.try_get("", "error")?,
            created_at: row.try_get("", "created_at")?,
            token: number("token")?,
            mail_to,
        })
    }
}

fn incident_of(row: &QueryResult) -> Result<Incident> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (id, channel) = (text("id")?, text("channel")?);
    let (since, attempts): (DateTime<Utc>, i64) =
        (row.try_get("", "settled_at")?, row.try_get("", "attempts")?);
    let error: Option<String> = row.try_get("", "error")?;
    Ok(Incident {
        cursor: crate::read::cursor(&stamp(since), &id),
        id,
        institution: text("institution")?,
        branch: text("branch")?,
        application_id: text("application_id")?,
        channel,
        kind: text("kind")?,
        address: text("address")?,
        attempts: attempts as u32,
        error: error.unwrap_or_default(),
        since,
    })
}
