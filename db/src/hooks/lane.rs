//! Leases of messages to endpoints, and what became of them. A later event of a case waits for the earlier one at the same endpoint.

use super::{DisabledBy, Endpoint, EndpointState, KIND, kept_of, seal, write};
use crate::aside::{self, Aside};
use crate::audit::{self, AuditRow};
use crate::read::Where;
use crate::sql::{micros, skip_locked, statement};
use crate::wall::{self, Within, gate};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use std::collections::BTreeMap;
use std::time::Duration;
use workflows::machine::hooks::{ENDPOINT_DISABLED, Payload, PayloadData};
use workflows::machine::{Actor, Effect, NoticeId, Recipient, Role};

/// Messages that one lease takes of one endpoint.
const OF_ONE: u32 = 4;

/// A message to send, leased to one courier.
#[derive(Clone)]
pub struct Hook {
    /// The webhook-id, the same at every attempt.
    pub id: String,
    pub institution: String,
    pub endpoint_id: String,
    pub url: String,
    /// Secrets that sign, the newest first; empty where none can be read now.
    pub secrets: Vec<Vec<u8>>,
    /// Body, the same at every attempt.
    pub body: Vec<u8>,
    /// This attempt, counted from 1.
    pub attempts: u32,
    /// When the first attempt began.
    pub first_at: DateTime<Utc>,
    token: i64,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hook").field("id", &self.id).field("attempts", &self.attempts).finish_non_exhaustive()
    }
}

/// How an attempt ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ended {
    /// A status of the 200s.
    Delivered,
    /// Failed; tried again then.
    RetryAt { at: DateTime<Utc>, error: String },
    /// Failed for the last time.
    Parked { error: String },
    /// 410: the endpoint is gone. The message waits for the endpoint to be activated.
    Gone,
}

/// What the attempt did to the endpoint.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// The lease was lost: nothing changed.
    Late,
    Noted,
    /// It is disabled from now on.
    Disabled(DisabledBy),
}

/// What waits for endpoints, over all banks: for metrics.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct Backlog {
    pub waiting: u64,
    pub parked: u64,
    /// When the oldest event that waits happened.
    pub oldest: Option<DateTime<Utc>>,
    /// Endpoints that were disabled by themselves.
    pub disabled: u64,
}

/// Leaves a mail to whoever owns an endpoint that was disabled, once for each time: that there is something to see, and nothing of it.
async fn tell_owner<C: ConnectionTrait>(
    tx: &C,
    endpoint: &Endpoint,
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<()> {
    let institution = endpoint.institution.as_str();
    let (to, address) = if endpoint.organisation.is_empty() {
        (Recipient::Desk { role: endpoint.role }, format!("DESK:{institution}::{}", endpoint.role))
    } else {
        let organisation = endpoint.organisation.clone();
        let address = crate::outbox::partner_address(endpoint.role, &organisation);
        (Recipient::Partner { role: endpoint.role, organisation }, address)
    };
    let effect = Effect::Notify { notice: NoticeId::W01, to, data: Box::default() };
    // The version is that of this step: another disabling has another.
    let suffix = format!("HOOK-{}-{}", endpoint.id, endpoint.version);
    let parcel = Aside {
        institution,
        application_id: "",
        branch: "",
        suffix: &suffix,
        channel: "EMAIL",
        kind: ENDPOINT_DISABLED,
        address: &address,
        subject: None,
        effect: &effect,
        mail_to: None,
        next_at: now,
    };
    let told = serde_json::json!({ "endpoint": endpoint.id, "version": endpoint.version, "reason": endpoint.reason });
    let step = ("tellOwner", endpoint.id.as_str());
    let line = AuditRow::step_of(actor, crate::ledger::KIND, step, &told, now)?;
    aside::leave(tx, &parcel, None, line, now).await.map(|_| ())
}

impl Store {
    /// Leases due messages, some of each endpoint; none of endpoints that are named as busy. A lease that runs out makes the message due
    /// again, under another token.
    pub async fn lease_hooks(
        &self,
        now: DateTime<Utc>,
        worker: &str,
        limit: u32,
        lease_for: Duration,
        busy: &[String],
    ) -> Result<Vec<Hook>> {
        let now = micros(now);
        let mut values: Vec<Value> = vec![now.into(), worker.into(), micros(now + lease_for).into()];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let busy: Vec<String> = busy
            .iter()
            .map(|id| {
                values.push(id.clone().into());
                format!("${}", values.len())
            })
            .collect();
        let free = if busy.is_empty() {
            "1 = 1".to_owned()
        } else {
            format!("m.endpoint_id NOT IN ({})", busy.join(", "))
        };
        // The turn of a message has come when nothing earlier of its case waits at its endpoint, in work or not.
        let sql = format!(
            "WITH turn AS (SELECT m.id, m.next_at, m.sequence, row_number() OVER (PARTITION BY m.endpoint_id ORDER BY m.next_at, m.sequence) AS place \
             FROM webhook_message m JOIN webhook_endpoint h ON h.id = m.endpoint_id WHERE {gate} AND m.state = 'WAITING' AND m.next_at <= $1 \
             AND h.state = 'ACTIVE' AND {free} AND NOT EXISTS (SELECT 1 FROM webhook_message p WHERE p.endpoint_id = m.endpoint_id AND \
             p.application_id = m.application_id AND p.state = 'WAITING' AND p.sequence < m.sequence)), \
             due AS (SELECT w.id AS due_id FROM webhook_message w JOIN turn ON turn.id = w.id WHERE turn.place <= {OF_ONE} AND \
             w.state = 'WAITING' AND w.next_at <= $1 ORDER BY turn.next_at, turn.sequence LIMIT {limit} {}) \
             UPDATE webhook_message SET token = token + 1, attempts = attempts + 1, worker = $2, next_at = $3, \
             first_at = coalesce(first_at, $1) FROM due WHERE {gate} AND id = due_id AND state = 'WAITING' \
             RETURNING id, institution, endpoint_id, sequence, application_id, version, kind, occurred_at, attempts, token, first_at",
            match self.backend() {
                DbBackend::Postgres => "FOR UPDATE OF w SKIP LOCKED",
                other => skip_locked(other),
            }
        );
        let rows = self.writer_across().query_all_raw(statement(self.backend(), sql, values)).await?;
        if rows.is_empty() {
            return Ok(vec![]);
        }
        self.hooks_of(&rows, now).await
    }

    /// Leased rows with where they go and what signs them: one read of their endpoints.
    async fn hooks_of(&self, rows: &[QueryResult], now: DateTime<Utc>) -> Result<Vec<Hook>> {
        let mut ids =
            rows.iter().map(|row| Ok(row.try_get("", "endpoint_id")?)).collect::<Result<Vec<String>>>()?;
        ids.sort();
        ids.dedup();
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.is_one_of("h.id", &ids);
        let sql = format!("SELECT {} FROM webhook_endpoint h {}", super::COLUMNS, w.sql());
        let mut endpoints = BTreeMap::new();
        for row in self.rows(sql, w).await? {
            let endpoint = kept_of(&row)?.endpoint;
            let keys = seal::keys_of(&row)?;
            let secrets = match self.hook_secrets(&endpoint.institution, &endpoint.id, &keys, now).await {
                Ok(secrets) => secrets,
                Err(error @ (StoreError::Keys(_) | StoreError::Damaged { .. })) => {
                    tracing::error!(endpoint = endpoint.id, %error, "the secrets of an endpoint cannot be read");
                    vec![]
                }
                Err(error) => return Err(error),
            };
            endpoints.insert(endpoint.id.clone(), (endpoint.url, secrets));
        }
        let mut hooks = vec![];
        for row in rows {
            let text = |name: &str| row.try_get::<String>("", name);
            let number = |name: &str| row.try_get::<i64>("", name).map(i64::unsigned_abs);
            let endpoint_id = text("endpoint_id")?;
            let Some((url, secrets)) = endpoints.get(&endpoint_id) else { continue };
            let institution = text("institution")?;
            let data = PayloadData {
                institution: institution.clone(),
                application_id: text("application_id")?,
                version: number("version")?,
                sequence: number("sequence")?,
            };
            let payload = Payload::new(&text("kind")?, row.try_get("", "occurred_at")?, data);
            hooks.push((
                payload.data.sequence,
                Hook {
                    id: text("id")?,
                    institution,
                    endpoint_id,
                    url: url.clone(),
                    secrets: secrets.clone(),
                    body: serde_json::to_vec(&payload)?,
                    attempts: u32::try_from(number("attempts")?).unwrap_or(u32::MAX),
                    first_at: row.try_get("", "first_at")?,
                    token: row.try_get("", "token")?,
                },
            ));
        }
        hooks.sort_by_key(|(sequence, _)| *sequence);
        Ok(hooks.into_iter().map(|(_, hook)| hook).collect())
    }

    /// Settles an attempt and notes how its endpoint fares, both or neither. An endpoint that answered 410, or has failed for so long, is
    /// disabled with a line of the audit and a mail to its owner.
    pub async fn settle_hook(
        &self,
        hook: &Hook,
        ended: &Ended,
        disable_after: TimeDelta,
        now: DateTime<Utc>,
    ) -> Result<Judged> {
        let now = micros(now);
        let (state, next_at, settled_at, error) = match ended {
            Ended::Delivered => ("DELIVERED", now, Some(now), None),
            Ended::RetryAt { at, error } => ("WAITING", micros(*at), None, Some(error.clone())),
            Ended::Parked { error } => ("PARKED", now, Some(now), Some(error.clone())),
            Ended::Gone => ("WAITING", now, None, Some("410".to_owned())),
        };
        let tx = self.begin_across().await?;
        wall::enter(&tx, Within::Across).await?;
        // The endpoint before the message, as everywhere.
        let lock = if self.backend() == DbBackend::Postgres { "FOR UPDATE" } else { "" };
        let sql = format!("SELECT {} FROM webhook_endpoint h WHERE h.id = $1 {lock}", super::COLUMNS);
        let row =
            tx.query_one_raw(statement(self.backend(), sql, vec![hook.endpoint_id.clone().into()])).await?;
        let Some(row) = row else { return Ok(Judged::Late) };
        let sql = "UPDATE webhook_message SET state = $3, next_at = $4, settled_at = $5, error = $6, worker = NULL WHERE id = $1 AND \
                   token = $2 AND state = 'WAITING'";
        let values: Vec<Value> = vec![
            hook.id.clone().into(),
            hook.token.into(),
            state.into(),
            next_at.into(),
            settled_at.into(),
            error.into(),
        ];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(Judged::Late);
        }
        let (mut kept, keys) = (kept_of(&row)?, seal::keys_of(&row)?);
        let mut judged = Judged::Noted;
        if *ended == Ended::Delivered {
            let sql = "UPDATE webhook_endpoint SET failures = 0, failing_since = NULL, last_success_at = $2 WHERE id = $1";
            let values = vec![hook.endpoint_id.clone().into(), now.into()];
            tx.execute_raw(statement(self.backend(), sql, values)).await?;
        } else {
            let health = &mut kept.health;
            health.failures += 1;
            let since = *health.failing_since.get_or_insert(now);
            let by = match ended {
                Ended::Gone => Some(DisabledBy::Gone),
                _ if now - since >= disable_after => Some(DisabledBy::Failing),
                _ => None,
            };
            let step = by.filter(|_| kept.endpoint.state == EndpointState::Active);
            if let Some(by) = step {
                (kept.endpoint.state, kept.endpoint.reason) = (EndpointState::Disabled, Some(by));
                kept.endpoint.version += 1;
                judged = Judged::Disabled(by);
            }
            write(&tx, &kept, &keys).await?;
            if step.is_some() {
                let actor =
                    Actor { institution: kept.endpoint.institution.clone(), ..Actor::internal(Role::System) };
                let line =
                    AuditRow::step_of(&actor, KIND, ("DISABLE", &kept.endpoint.id), &kept.endpoint, now)?;
                audit::add(&tx, &line).await?;
                tell_owner(&tx, &kept.endpoint, &actor, now).await?;
            }
        }
        tx.commit().await?;
        if judged != Judged::Noted {
            self.inner.filled.send_replace(());
        }
        Ok(judged)
    }

    /// Deletes messages that were delivered before, at most so many; how many.
    pub async fn forget_hooks(&self, before: DateTime<Utc>, most: u32) -> Result<u64> {
        let mut values: Vec<Value> = vec![micros(before).into()];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let sql = format!(
            "DELETE FROM webhook_message WHERE {gate} AND id IN (SELECT m.id FROM webhook_message m WHERE {gate} AND \
             m.state IN ('DELIVERED', 'CLOSED') AND m.settled_at < $1 LIMIT {most})"
        );
        let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(done.rows_affected())
    }

    /// What waits for endpoints.
    pub async fn hook_backlog(&self) -> Result<Backlog> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.and("m.state IN ('WAITING', 'PARKED')");
        let sql = format!(
            "SELECT count(CASE WHEN m.state = 'WAITING' THEN 1 END) AS waiting, count(CASE WHEN m.state = 'PARKED' THEN 1 END) AS parked, \
             min(CASE WHEN m.state = 'WAITING' THEN m.occurred_at END) AS oldest, (SELECT count(*) FROM webhook_endpoint h WHERE \
             h.state = 'DISABLED' AND h.reason <> 'OWNER') AS disabled FROM webhook_message m {}",
            w.sql()
        );
        let Some(row) = self.row(sql, w).await? else { return Ok(Backlog::default()) };
        let number = |name: &str| row.try_get::<i64>("", name).map(i64::unsigned_abs);
        Ok(Backlog {
            waiting: number("waiting")?,
            parked: number("parked")?,
            oldest: row.try_get("", "oldest")?,
            disabled: number("disabled")?,
        })
    }

    /// Seals every secret of every endpoint anew that another key than the active one seals; how many endpoints. Errors: a key is not at
    /// hand, named.
    pub(crate) async fn rewrap_hooks(&self, active: &str) -> Result<u64> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let mark = w.bind(format!("%\"kid\":\"{active}\"%"));
        // A secret that an older key seals stands beside others: all are looked at.
        w.and(format!("(h.keys NOT LIKE {mark} OR h.keys LIKE '%}},{{%')"));
        let sql = format!("SELECT {} FROM webhook_endpoint h {}", super::COLUMNS, w.sql());
        let mut done = 0;
        for row in self.rows(sql, w).await? {
            let (kept, keys) = (kept_of(&row)?, seal::keys_of(&row)?);
            if keys.iter().all(|key| key.kid == active) {
                continue;
            }
            let mut anew = vec![];
            for key in &keys {
                anew.push(self.reseal_hook_key(&kept.endpoint.institution, &kept.endpoint.id, key).await?);
            }
            let mut w = Where::on(self.backend());
            w.within(Within::Across);
            let keys = w.bind(serde_json::to_string(&anew)?);
            w.equals("id", kept.endpoint.id.clone());
            // A secret that its owner changed in the meantime is sealed by the active key already.
            w.equals("version", kept.endpoint.version);
            if self.touch(format!("UPDATE webhook_endpoint SET keys = {keys} {}", w.sql()), w).await? {
                done += 1;
            }
        }
        Ok(done)
    }
}
