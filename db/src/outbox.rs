//! The only way out: couriers lease parcels, send them, and settle what became of them.
//!
//! A lease is a time and a token. A courier that comes too late finds the token changed and its settlement without effect.

use crate::ledger::{Proof, Try};
use crate::read::{Page, Scope, Where, body_columns, known};
use crate::sql::{Columns, Ty, json, micros, row_set, skip_locked, stamp, statement};
use crate::vault::{mail_place, payload_place};
use crate::wall::{Within, gate};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;
use workflows::machine::consent;
use workflows::machine::need::Need;
use workflows::machine::{Case, Effect, Recipient};

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
            Lane::Local => "channel <> 'EMAIL'",
            Lane::Mail => "channel = 'EMAIL'",
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
    pub created_at: DateTime<Utc>,
    /// Fencing token of this lease.
    pub token: i64,
    /// Mail address that a person gave for this parcel, instead of the recipient's own.
    pub mail_to: Option<String>,
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

fn returned() -> String {
    let key = crate::vault::key_column("outbox.institution", "outbox.application_id");
    format!(
        "id, institution, application_id, version, channel, kind, branch, subject, address, payload, attempts, token, \
         created_at, mail_to, {key}"
    )
}

const SETTLEMENT: Columns = &[
    ("id", Ty::Text),
    ("token", Ty::Int),
    ("state", Ty::Text),
    ("next_at", Ty::At),
    ("settled_at", Ty::At),
    ("error", Ty::Text),
    ("tried", Ty::Text),
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
    tried: String,
}

impl Store {
    /// Leases due parcels of a lane. A lease that runs out makes the parcel due again, under another token.
    ///
    /// A row that cannot be read is parked: a person must see it, and its neighbours go on.
    pub async fn lease(
        &self,
        lane: Lane,
        now: DateTime<Utc>,
        worker: &str,
        limit: u32,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>> {
        let now = micros(now);
        let mut values = vec![now.into(), worker.into(), micros(now + lease_for).into()];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let sql = format!(
            "WITH due AS (SELECT id AS due_id FROM outbox WHERE {gate} AND state = 'WAITING' AND {} AND next_at <= $1 \
             ORDER BY next_at LIMIT {limit} {}) \
             UPDATE outbox SET token = token + 1, attempts = attempts + 1, worker = $2, next_at = $3 \
             FROM due WHERE {gate} AND id = due_id AND state = 'WAITING' RETURNING {}",
            lane.sql(),
            skip_locked(self.backend()),
            returned()
        );
        let rows = self.writer_across().query_all_raw(statement(self.backend(), sql, values)).await?;
        let mut parcels = vec![];
        for row in &rows {
            match self.parcel_of(row).await {
                Ok(parcel) => parcels.push(parcel),
                // Not the row's fault: its lease runs out, and it is tried again.
                Err(error @ StoreError::Keys(_)) => return Err(error),
                Err(error) => self.park_unreadable(row, &error, now).await?,
            }
        }
        let mut parcels = self.with_consent(parcels, now).await?;
        parcels.sort_by(|a, b| a.created_at.cmp(&b.created_at).then_with(|| a.id.cmp(&b.id)));
        Ok(parcels)
    }

    /// Holds back partner messages about people who withdrew their consent after the decision (L-PRIV): each is parked, and a person
    /// sends it again once the consent is given. One statement, and one more where something is held back.
    async fn with_consent(&self, parcels: Vec<Parcel>, now: DateTime<Utc>) -> Result<Vec<Parcel>> {
        let asks = |parcel: &&Parcel| matches!(&parcel.effect, Effect::Send { message, .. } if message.purpose().is_some());
        let ids: BTreeSet<String> =
            parcels.iter().filter(asks).map(|parcel| parcel.application_id.clone()).collect();
        if ids.is_empty() {
            return Ok(parcels);
        }
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.is_one_of("a.id", &ids.into_iter().collect::<Vec<_>>());
        // Cases in which everybody agrees need not be read.
        w.and("a.withheld <> ''");
        let sql = format!("SELECT {} FROM application a {}", body_columns(), w.sql());
        let rows =
            self.writer_across().query_all_raw(statement(self.backend(), sql, w.into_values())).await?;
        let mut cases: Vec<Arc<Case>> = vec![];
        for row in &rows {
            cases.push(self.case_of(row).await?);
        }
        let (mut sent, mut held) = (vec![], vec![]);
        for parcel in parcels {
            let case = cases.iter().find(|case| case.id == parcel.application_id);
            let lacking = match (case, &parcel.effect) {
                (Some(case), Effect::Send { message, key, .. }) => consent::lacking(case, *message, key),
                _ => vec![],
            };
            match lacking.first() {
                None => sent.push(parcel),
                Some((person, purpose)) => {
                    let error = format!("L-PRIV {}: {person} {purpose}", Need::Consents.code());
                    tracing::warn!(parcel = parcel.id, "held back: a consent is withdrawn");
                    held.push((parcel, Outcome::Parked { error }));
                }
            }
        }
        let held: Vec<(&Parcel, &Outcome)> = held.iter().map(|(parcel, outcome)| (parcel, outcome)).collect();
        self.settle_many(&held, now).await?;
        Ok(sent)
    }

    async fn park_unreadable(&self, row: &QueryResult, error: &StoreError, now: DateTime<Utc>) -> Result<()> {
        let (id, token): (String, i64) = (row.try_get("", "id")?, row.try_get("", "token")?);
        // The reader's own words may quote the payload, which names people: they go nowhere.
        let what = if let StoreError::Unreadable { .. } | StoreError::Damaged { .. } = error {
            "payload"
        } else {
            "row"
        };
        tracing::error!(parcel = id, what, "a parcel cannot be read: parked");
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let (now, why) = (w.bind(now), w.bind(format!("cannot be read by this version: {what}")));
        w.equals("id", id);
        w.equals("token", token);
        w.and("state = 'WAITING'");
        let sql = format!(
            "UPDATE outbox SET state = 'PARKED', next_at = {now}, settled_at = {now}, error = {why}, worker = NULL {}",
            w.sql()
        );
        self.touch(sql, w).await?;
        Ok(())
    }

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
             tries = CASE WHEN outbox.tries IS NULL THEN r.tried ELSE outbox.tries || '\n' || r.tried END, worker = NULL FROM {} WHERE {gate} AND outbox.id = r.id AND outbox.token = r.token AND outbox.state = 'WAITING'",
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
        if items.is_empty() {
            return Ok(0);
        }
        let rows: Vec<InboxRow<'_>> = items.iter().map(|(p, i, n)| inbox_row(p, i, n, now)).collect();
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
        let proven: Vec<Outcome> = items.iter().map(|(_, item, _)| Outcome::Proven(item.proof())).collect();
        let delivered: Vec<(&Parcel, &Outcome)> = items.iter().map(|(p, _, _)| *p).zip(&proven).collect();
        let settled = self.settle_in(&tx, &delivered, now).await?;
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
             token = token + 1 {}",
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
        Outcome::Delivered | Outcome::Proven(_) => ("DELIVERED", now, Some(stamp(now)), None),
        Outcome::RetryAt { at, error } => ("WAITING", *at, None, Some(error.as_str())),
        Outcome::Parked { error } => ("PARKED", now, Some(stamp(now)), Some(error.as_str())),
    };
    let tried = serde_json::to_string(&Try::of(outcome, now))?;
    let next_at = stamp(next_at);
    Ok(Settlement { id: &parcel.id, token: parcel.token, state, next_at, settled_at, error, tried })
}

const INBOX: Columns = &[
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("number", Ty::Text),
    ("kind", Ty::Text),
    ("recipient", Ty::Text),
    ("role", Ty::Text),
    ("branch", Ty::Text),
    ("organisation", Ty::Text),
    ("subject", Ty::Text),
    ("at", Ty::At),
    ("subject_ja", Ty::Text),
    ("subject_en", Ty::Text),
    ("body_ja", Ty::Text),
    ("body_en", Ty::Text),
    ("token", Ty::Int),
];

#[derive(Serialize)]
struct InboxRow<'a> {
    id: &'a str,
    institution: &'a str,
    application_id: &'a str,
    number: &'a str,
    kind: &'a str,
    recipient: &'a str,
    role: &'static str,
    branch: &'a str,
    organisation: Option<&'a str>,
    subject: Option<&'a str>,
    at: String,
    subject_ja: &'a str,
    subject_en: &'a str,
    body_ja: &'a str,
    body_en: &'a str,
    token: i64,
}

fn inbox_row<'a>(
    parcel: &'a Parcel,
    item: &'a InboxItem,
    number: &'a str,
    now: DateTime<Utc>,
) -> InboxRow<'a> {
    let (role, organisation) = match &parcel.effect {
        Effect::Notify { to: Recipient::Desk { role }, .. } => (role.code(), None),
        Effect::Notify { to: Recipient::Partner { role, organisation }, .. } => {
            (role.code(), Some(organisation.as_str()))
        }
        _ => (workflows::machine::Role::Applicant.code(), None),
    };
    InboxRow {
        id: &parcel.id,
        institution: &parcel.institution,
        application_id: &parcel.application_id,
        number,
        kind: &parcel.kind,
        recipient: &parcel.address,
        role,
        branch: &parcel.branch,
        organisation,
        subject: parcel.subject.as_deref(),
        at: stamp(now),
        subject_ja: &item.subject_ja,
        subject_en: &item.subject_en,
        body_ja: &item.body_ja,
        body_en: &item.body_en,
        token: parcel.token,
    }
}

impl Store {
    async fn parcel_of(&self, row: &QueryResult) -> Result<Parcel> {
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
        Ok(Parcel {
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
