//! Outgoing webhooks (decision 23): endpoints that their owners keep themselves, fed from the log of entries, one case in order.
//!
//! Nothing is written with a transition. Each endpoint has a cursor over the log; what it is to hear of becomes a row of
//! `webhook_message` in the transaction that moves the cursor (`feed`), and couriers lease those rows (`lane`). So a webhook exists if
//! and only if its transition is committed, as with the outbox, and a bank without endpoints pays nothing.

mod feed;
mod lane;
mod seal;

pub use feed::Fed;
pub use lane::{Backlog, Ended, Hook, Judged};

use crate::audit::{self, AuditRow};
use crate::read::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::sql::{micros, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, QueryResult, Value};
use serde::{Deserialize, Serialize};
use workflows::machine::hooks::{self, TEST};
pub use workflows::machine::hooks::{DisabledBy, EndpointState, HookState};
use workflows::machine::{Actor, Role, Table};

/// Endpoints of one owner.
pub const ENDPOINTS_MOST: usize = 20;
/// Longest address, in characters.
pub const LONGEST_URL: usize = 500;
/// Longest description, in characters.
pub const LONGEST_DESCRIPTION: usize = 200;
/// Hours for which an old secret goes on signing beside the new one.
pub const OVERLAP_HOURS: std::ops::RangeInclusive<i64> = 0..=168;
/// Messages that one call sends again at most.
pub const RESEND_MOST: u64 = 1_000;

/// The kind of its lines in the audit.
pub(crate) const KIND: &str = "WEBHOOK";

/// A secret as its owner sees it after the first time: a mark to tell it by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyMark {
    /// Eight digits of the digest of the secret.
    pub mark: String,
    pub made_at: DateTime<Utc>,
    /// From then on it signs no more.
    pub ends_at: Option<DateTime<Utc>>,
}

/// What the owner decides of an endpoint, as the audit keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoint {
    pub id: String,
    pub institution: String,
    /// `USER_ADMIN` where the bank owns it, else the partner's role.
    pub role: Role,
    /// Empty where the bank owns it.
    pub organisation: String,
    pub url: String,
    pub description: String,
    pub types: Vec<String>,
    pub state: EndpointState,
    pub reason: Option<DisabledBy>,
    pub keys: Vec<KeyMark>,
    pub version: i64,
}

/// How an endpoint fares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// Failed attempts in a row.
    pub failures: u64,
    /// Since the first of them.
    pub failing_since: Option<DateTime<Utc>>,
    pub last_success_at: Option<DateTime<Utc>>,
    /// Number of its latest event; 0 where it had none.
    pub sequence: u64,
}

/// An endpoint with how it fares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub endpoint: Endpoint,
    pub health: Health,
}

/// A message to an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HookLine {
    /// The webhook-id, the same at every attempt.
    pub id: String,
    pub sequence: u64,
    pub kind: String,
    /// Empty for a test event.
    pub application_id: String,
    pub version: u64,
    pub occurred_at: DateTime<Utc>,
    pub state: HookState,
    pub attempts: u64,
    pub next_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub error: Option<String>,
}

/// What an owner wants changed; `None` leaves it.
#[derive(Clone, Debug, Default)]
pub struct Change {
    pub url: Option<String>,
    pub description: Option<String>,
    pub types: Option<Vec<String>>,
    pub state: Option<EndpointState>,
}

/// Which messages go again.
#[derive(Clone, Debug)]
pub enum Again<'a> {
    /// This one.
    One(&'a str),
    /// All from this number on, at most [`RESEND_MOST`].
    From(u64),
}

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HookAnswer<T> {
    Done(T),
    /// A field that is not accepted, with what is; nothing is written.
    Wrong(&'static str, String),
    NotFound,
    Forbidden,
}

/// An endpoint with the bytes of its new secret, which nobody sees again.
#[derive(Clone, PartialEq, Eq)]
pub struct Keyed {
    pub kept: Kept,
    pub secret: Vec<u8>,
}

impl std::fmt::Debug for Keyed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keyed").field("kept", &self.kept).finish_non_exhaustive()
    }
}

const COLUMNS: &str = "h.id, h.institution, h.role, h.organisation, h.url, h.description, h.types, h.state, h.reason, h.keys, \
                       h.version, h.sequence, h.failures, h.failing_since, h.last_success_at";

/// Who keeps endpoints: the bank's user administrators for the bank, a partner of one bank for its organisation.
fn owner(actor: &Actor) -> Option<(Role, String)> {
    match (&actor.organisation, actor.role) {
        _ if actor.institution.is_empty() => None,
        (_, Role::UserAdmin) => Some((Role::UserAdmin, String::new())),
        (Some(organisation), role) if role.is_partner() && !organisation.is_empty() => {
            Some((role, organisation.clone()))
        }
        _ => None,
    }
}

/// The first field that is not accepted, with what is.
fn wrong(table: &Table, role: Role, endpoint: &Endpoint) -> Option<(&'static str, String)> {
    let length = |text: &str| text.chars().count();
    if endpoint.url.is_empty() || length(&endpoint.url) > LONGEST_URL {
        return Some(("url", format!("1 to {LONGEST_URL} characters / 1文字以上{LONGEST_URL}文字以内")));
    }
    if length(&endpoint.description) > LONGEST_DESCRIPTION {
        let accepted = format!("at most {LONGEST_DESCRIPTION} characters / {LONGEST_DESCRIPTION}文字以内");
        return Some(("description", accepted));
    }
    let all = hooks::all(table);
    let known = |name: &String| all.iter().any(|kind| kind.name == *name && kind.audience.admits(role));
    let strange = endpoint.types.iter().find(|name| !known(name));
    if endpoint.types.is_empty() || strange.is_some() {
        let accepted =
            "one or more of webhookEventTypes, each once / webhookEventTypes にある種別を1つ以上（重複なし）";
        return Some(("types", accepted.to_owned()));
    }
    None
}

impl Store {
    /// The endpoints of the caller's bank or organisation, in the order in which they were made; at most [`ENDPOINTS_MOST`].
    pub async fn hook_endpoints(&self, scope: &Scope) -> Result<Vec<Kept>> {
        let actor = scope.actor();
        let Some((role, organisation)) = owner(actor) else { return Ok(vec![]) };
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("h.institution", actor.institution.clone());
        w.equals("h.role", role.code());
        w.equals("h.organisation", organisation);
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook_endpoint h {} ORDER BY h.id LIMIT {ENDPOINTS_MOST}",
            w.sql()
        );
        self.rows(sql, w).await?.iter().map(kept_of).collect()
    }

    /// Makes an endpoint of the caller's bank or organisation, with its first secret. It hears of what is committed from now on.
    pub async fn add_hook(
        &self,
        scope: &Scope,
        (url, description, types): (&str, &str, Vec<String>),
        now: DateTime<Utc>,
    ) -> Result<HookAnswer<Keyed>> {
        let (actor, now) = (scope.actor(), micros(now));
        let Some((role, organisation)) = owner(actor) else { return Ok(HookAnswer::Forbidden) };
        let id = audit::line_id();
        let (secret, key) = self.new_hook_key(&actor.institution, &id, now).await?;
        let endpoint = Endpoint {
            id,
            institution: actor.institution.clone(),
            role,
            organisation: organisation.clone(),
            url: url.trim().to_owned(),
            description: description.trim().to_owned(),
            types: sorted(types),
            state: EndpointState::Active,
            reason: None,
            keys: vec![key.mark()],
            version: 1,
        };
        if let Some((field, accepted)) = wrong(&self.inner.options.table, role, &endpoint) {
            return Ok(HookAnswer::Wrong(field, accepted));
        }
        let from = self.latest().await?;
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let own: Vec<Value> =
            vec![actor.institution.clone().into(), role.code().into(), organisation.clone().into()];
        // Two that add at once wait for each other: neither passes the limit.
        if self.backend() == sea_orm::DbBackend::Postgres {
            let lock =
                "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(31) || $2 || chr(31) || $3, 0))";
            tx.query_one_raw(statement(self.backend(), lock, own.clone())).await?;
        }
        let sql = "SELECT count(*) AS n FROM webhook_endpoint h WHERE h.institution = $1 AND h.role = $2 AND h.organisation = $3";
        let row = tx.query_one_raw(statement(self.backend(), sql, own)).await?;
        let there: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
        if there.unsigned_abs() as usize >= ENDPOINTS_MOST {
            let accepted = format!(
                "at most {ENDPOINTS_MOST} endpoints of one owner / 1所有者あたり{ENDPOINTS_MOST}件まで"
            );
            return Ok(HookAnswer::Wrong("url", accepted));
        }
        let sql = "INSERT INTO webhook_endpoint (id, institution, role, organisation, url, description, types, state, reason, keys, \
                   version, cursor_xid, cursor_seq, sequence) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0)";
        let mut values = definition(&endpoint, &[key])?;
        values.extend([from.transaction().into(), from.number().into()]);
        tx.execute_raw(statement(self.backend(), sql, values)).await?;
        audit::add(&tx, &AuditRow::step_of(actor, KIND, ("ADD", &endpoint.id), &endpoint, now)?).await?;
        tx.commit().await?;
        Ok(HookAnswer::Done(Keyed { kept: Kept { endpoint, health: Health::default() }, secret }))
    }

    /// Changes an endpoint of the caller. Activated, it goes on where it stopped: nothing is lost.
    pub async fn change_hook(
        &self,
        scope: &Scope,
        id: &str,
        change: Change,
        now: DateTime<Utc>,
    ) -> Result<HookAnswer<Kept>> {
        let Some((tx, mut kept, keys)) = self.own_hook(scope, id).await? else {
            return Ok(HookAnswer::NotFound);
        };
        let endpoint = &mut kept.endpoint;
        endpoint.url = change.url.map_or(std::mem::take(&mut endpoint.url), |url| url.trim().to_owned());
        if let Some(description) = change.description {
            endpoint.description = description.trim().to_owned();
        }
        if let Some(types) = change.types {
            endpoint.types = sorted(types);
        }
        let enabled =
            change.state == Some(EndpointState::Active) && endpoint.state == EndpointState::Disabled;
        match change.state {
            Some(EndpointState::Active) => (endpoint.state, endpoint.reason) = (EndpointState::Active, None),
            Some(EndpointState::Disabled) if endpoint.state == EndpointState::Active => {
                (endpoint.state, endpoint.reason) = (EndpointState::Disabled, Some(DisabledBy::Owner));
            }
            _ => {}
        }
        if let Some((field, accepted)) = wrong(&self.inner.options.table, endpoint.role, endpoint) {
            return Ok(HookAnswer::Wrong(field, accepted));
        }
        if enabled {
            // It gets its days anew.
            (kept.health.failures, kept.health.failing_since) = (0, None);
        }
        let step = if change.state.is_some() { "STATE" } else { "CHANGE" };
        self.keep_hook(tx, (scope.actor(), step), &mut kept, &keys, micros(now)).await?;
        Ok(HookAnswer::Done(kept))
    }

    /// Gives an endpoint of the caller a new secret; the old ones sign beside it for so many hours.
    pub async fn rotate_hook(
        &self,
        scope: &Scope,
        id: &str,
        overlap_hours: i64,
        now: DateTime<Utc>,
    ) -> Result<HookAnswer<Keyed>> {
        let now = micros(now);
        if !OVERLAP_HOURS.contains(&overlap_hours) {
            return Ok(HookAnswer::Wrong("overlapHours", "0 to 168 / 0以上168以下".to_owned()));
        }
        let (secret, key) = self.new_hook_key(&scope.actor().institution, id, now).await?;
        let Some((tx, mut kept, mut keys)) = self.own_hook(scope, id).await? else {
            return Ok(HookAnswer::NotFound);
        };
        let ends_at = now + TimeDelta::hours(overlap_hours);
        keys.retain(|key| key.ends_at.is_none_or(|end| end > now));
        for old in &mut keys {
            old.ends_at = Some(old.ends_at.map_or(ends_at, |end| end.min(ends_at)));
        }
        keys.retain(|key| key.ends_at.is_none_or(|end| end > now));
        keys.push(key);
        // More would only make the header long.
        let surplus = keys.len().saturating_sub(seal::KEYS_MOST);
        keys.drain(..surplus);
        kept.endpoint.keys = keys.iter().map(seal::Key::mark).collect();
        self.keep_hook(tx, (scope.actor(), "ROTATE"), &mut kept, &keys, now).await?;
        Ok(HookAnswer::Done(Keyed { kept, secret }))
    }

    /// Sends a test event to an active endpoint of the caller; its line.
    pub async fn test_hook(
        &self,
        scope: &Scope,
        id: &str,
        now: DateTime<Utc>,
    ) -> Result<HookAnswer<HookLine>> {
        let now = micros(now);
        let Some((tx, kept, _)) = self.own_hook(scope, id).await? else { return Ok(HookAnswer::NotFound) };
        if kept.endpoint.state != EndpointState::Active {
            return Ok(HookAnswer::Wrong("id", "an active endpoint / 稼働中の送信先".to_owned()));
        }
        let sequence = kept.health.sequence + 1;
        let sql = "UPDATE webhook_endpoint SET sequence = sequence + 1 WHERE id = $1 AND institution = $2 AND sequence = $3";
        let values: Vec<Value> =
            vec![id.into(), kept.endpoint.institution.clone().into(), (kept.health.sequence as i64).into()];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(HookAnswer::Wrong(
                "id",
                "try again: events came in between / 再実行してください".to_owned(),
            ));
        }
        let line = HookLine {
            id: format!("msg_{id}_test-{sequence}"),
            sequence,
            kind: TEST.to_owned(),
            application_id: String::new(),
            version: 0,
            occurred_at: now,
            state: HookState::Waiting,
            attempts: 0,
            next_at: now,
            settled_at: None,
            error: None,
        };
        feed::insert(&tx, &kept.endpoint, std::slice::from_ref(&line)).await?;
        tx.commit().await?;
        self.inner.filled.send_replace(());
        Ok(HookAnswer::Done(line))
    }

    /// Messages to an endpoint of the caller, the latest first; those in one state where it is named. `None`: no such endpoint.
    pub async fn hook_lines(
        &self,
        scope: &Scope,
        id: &str,
        state: Option<HookState>,
        after: Option<&str>,
        first: u32,
    ) -> Result<Option<Page<HookLine>>> {
        if self.own_hook_row(scope, id).await?.is_none() {
            return Ok(None);
        }
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&scope.actor().institution));
        w.equals("m.institution", scope.actor().institution.clone());
        w.equals("m.endpoint_id", id);
        if let Some(state) = state {
            w.equals("m.state", state.code());
        }
        if let Some(after) = after {
            let (sequence, _) = parse_cursor(after)?;
            let sequence: i64 = sequence.parse().map_err(|_| crate::StoreError::Cursor(after.to_owned()))?;
            let sequence = w.bind(sequence);
            w.and(format!("m.sequence < {sequence}"));
        }
        let sql = format!(
            "SELECT {} FROM webhook_message m {} ORDER BY m.sequence DESC LIMIT {}",
            feed::LINE,
            w.sql(),
            u64::from(first) + 1
        );
        let lines = self.rows(sql, w).await?.iter().map(feed::line_of).collect::<Result<Vec<_>>>()?;
        Ok(Some(Page::of(lines, first, cursor_of)))
    }

    /// Sends messages of an endpoint of the caller again, under their ids; how many. What still waits is left alone.
    pub async fn resend_hooks(
        &self,
        scope: &Scope,
        id: &str,
        which: &Again<'_>,
        now: DateTime<Utc>,
    ) -> Result<HookAnswer<u64>> {
        let now = micros(now);
        let Some((tx, kept, _)) = self.own_hook(scope, id).await? else { return Ok(HookAnswer::NotFound) };
        let mut values: Vec<Value> = vec![id.into(), kept.endpoint.institution.clone().into(), now.into()];
        let wanted = match which {
            Again::One(message) => {
                values.push((*message).into());
                "m.id = $4".to_owned()
            }
            Again::From(sequence) => {
                values.push(i64::try_from(*sequence).unwrap_or(i64::MAX).into());
                "m.sequence >= $4".to_owned()
            }
        };
        let sql = format!(
            "UPDATE webhook_message SET state = 'WAITING', attempts = 0, first_at = NULL, next_at = $3, settled_at = NULL, \
             token = token + 1 WHERE institution = $2 AND id IN (SELECT m.id FROM webhook_message m WHERE m.endpoint_id = $1 AND \
             m.institution = $2 AND m.state <> 'WAITING' AND {wanted} ORDER BY m.sequence LIMIT {RESEND_MOST})"
        );
        let met = tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected();
        if met == 0 {
            return Ok(HookAnswer::Done(0));
        }
        let detail = match which {
            Again::One(message) => serde_json::json!({ "resent": met, "message": message }),
            Again::From(sequence) => serde_json::json!({ "resent": met, "from": sequence }),
        };
        let step = AuditRow::step_of(scope.actor(), seal::RESENT, ("RESEND", id), &detail, now)?;
        audit::add(&tx, &step).await?;
        tx.commit().await?;
        self.inner.filled.send_replace(());
        Ok(HookAnswer::Done(met))
    }

    async fn own_hook_row(&self, scope: &Scope, id: &str) -> Result<Option<QueryResult>> {
        let actor = scope.actor();
        let Some((role, organisation)) = owner(actor) else { return Ok(None) };
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("h.institution", actor.institution.clone());
        w.equals("h.id", id);
        w.equals("h.role", role.code());
        w.equals("h.organisation", organisation);
        self.row(format!("SELECT {COLUMNS} FROM webhook_endpoint h {}", w.sql()), w).await
    }

    /// An endpoint of the caller in a transaction at his bank, its row held.
    async fn own_hook(
        &self,
        scope: &Scope,
        id: &str,
    ) -> Result<Option<(DatabaseTransaction, Kept, Vec<seal::Key>)>> {
        let actor = scope.actor();
        let Some((role, organisation)) = owner(actor) else { return Ok(None) };
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let lock = if self.backend() == sea_orm::DbBackend::Postgres { "FOR UPDATE" } else { "" };
        let sql = format!(
            "SELECT {COLUMNS} FROM webhook_endpoint h WHERE h.institution = $1 AND h.id = $2 AND h.role = $3 AND h.organisation = $4 {lock}"
        );
        let values: Vec<Value> =
            vec![actor.institution.clone().into(), id.into(), role.code().into(), organisation.into()];
        let Some(row) = tx.query_one_raw(statement(self.backend(), sql, values)).await? else {
            return Ok(None);
        };
        let (kept, keys) = (kept_of(&row)?, seal::keys_of(&row)?);
        Ok(Some((tx, kept, keys)))
    }

    /// Writes the next version of an endpoint with its step, and ends the transaction.
    async fn keep_hook(
        &self,
        tx: DatabaseTransaction,
        (actor, step): (&Actor, &str),
        kept: &mut Kept,
        keys: &[seal::Key],
        now: DateTime<Utc>,
    ) -> Result<()> {
        kept.endpoint.version += 1;
        write(&tx, kept, keys).await?;
        let row = AuditRow::step_of(actor, KIND, (step, &kept.endpoint.id), &kept.endpoint, now)?;
        audit::add(&tx, &row).await?;
        Ok(tx.commit().await?)
    }
}

/// Activates endpoints of the actor's bank that were disabled by themselves, each with its step in the audit; the ids of those that were.
pub(crate) async fn enable<C: ConnectionTrait>(
    tx: &C,
    actor: &Actor,
    ids: &[String],
    now: DateTime<Utc>,
) -> Result<Vec<String>> {
    let backend = tx.get_database_backend();
    let mut w = Where::on(backend);
    w.equals("institution", actor.institution.clone());
    w.is_one_of("id", ids);
    w.and("state = 'DISABLED' AND reason <> 'OWNER'");
    let sql = format!(
        "UPDATE webhook_endpoint SET state = 'ACTIVE', reason = NULL, failures = 0, failing_since = NULL, version = version + 1 {} \
         RETURNING {}",
        w.sql(),
        COLUMNS.replace("h.", "")
    );
    let rows = tx.query_all_raw(statement(backend, sql, w.into_values())).await?;
    let (mut lines, mut met) = (vec![], vec![]);
    for row in &rows {
        let endpoint = kept_of(row)?.endpoint;
        lines.push(AuditRow::step_of(actor, KIND, ("STATE", &endpoint.id), &endpoint, now)?);
        met.push(endpoint.id);
    }
    audit::add_all(tx, &lines.iter().collect::<Vec<_>>()).await?;
    Ok(met)
}

async fn write<C: ConnectionTrait>(tx: &C, kept: &Kept, keys: &[seal::Key]) -> Result<()> {
    let sql = "UPDATE webhook_endpoint SET url = $5, description = $6, types = $7, state = $8, reason = $9, keys = $10, version = $11, \
               failures = $12, failing_since = $13 WHERE id = $1 AND institution = $2 AND role = $3 AND organisation = $4";
    let mut values = definition(&kept.endpoint, keys)?;
    values.extend([(kept.health.failures as i64).into(), kept.health.failing_since.into()]);
    tx.execute_raw(statement(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// The columns that the owner decides, in the order of the table.
fn definition(endpoint: &Endpoint, keys: &[seal::Key]) -> Result<Vec<Value>> {
    Ok(vec![
        endpoint.id.clone().into(),
        endpoint.institution.clone().into(),
        endpoint.role.code().into(),
        endpoint.organisation.clone().into(),
        endpoint.url.clone().into(),
        endpoint.description.clone().into(),
        serde_json::to_string(&endpoint.types)?.into(),
        endpoint.state.code().into(),
        endpoint.reason.map(|reason| reason.code().to_owned()).into(),
        serde_json::to_string(keys)?.into(),
        endpoint.version.into(),
    ])
}

/// The cursor of a line.
pub fn cursor_of(line: &HookLine) -> String {
    cursor(&line.sequence.to_string(), &line.id)
}

fn sorted(mut types: Vec<String>) -> Vec<String> {
    types.sort();
    types.dedup();
    types
}

fn kept_of(row: &QueryResult) -> Result<Kept> {
    let text = |name: &str| row.try_get::<String>("", name);
    let number = |name: &str| row.try_get::<i64>("", name).map(i64::unsigned_abs);
    let (role, state, reason): (String, String, Option<String>) =
        (text("role")?, text("state")?, row.try_get("", "reason")?);
    let parsed = |code: &String| known(DisabledBy::parse(code), "reason", code);
    let endpoint = Endpoint {
        id: text("id")?,
        institution: text("institution")?,
        role: known(Role::parse(&role), "role", &role)?,
        organisation: text("organisation")?,
        url: text("url")?,
        description: text("description")?,
        types: serde_json::from_str(&text("types")?)?,
        state: known(EndpointState::parse(&state), "state", &state)?,
        reason: reason.as_ref().map(parsed).transpose()?,
        keys: seal::keys_of(row)?.iter().map(seal::Key::mark).collect(),
        version: row.try_get("", "version")?,
    };
    let health = Health {
        failures: number("failures")?,
        failing_since: row.try_get("", "failing_since")?,
        last_success_at: row.try_get("", "last_success_at")?,
        sequence: number("sequence")?,
    };
    Ok(Kept { endpoint, health })
}

/// Every endpoint of every bank, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Endpoint>> {
    let sql = format!("SELECT {COLUMNS} FROM webhook_endpoint h ORDER BY h.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(|row| Ok(kept_of(row)?.endpoint)).collect()
}
