//! Dates that run: the clock's workers lease what is due. The command that follows clears or sets dates by its own effects.

use crate::read::{Where, known};
use crate::sql::{micros, skip_locked, statement};
use crate::wall::{Within, gate};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};
use std::time::Duration;
use workflows::machine::{Deadline, Timer};

/// A date that is due, leased to one worker.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueDeadline {
    pub application_id: String,
    pub institution: String,
    pub deadline: Deadline,
    /// This attempt, counted from 1.
    pub attempts: u32,
    /// Fencing token of this lease.
    pub token: i64,
}

impl Store {
    /// Leases due dates, the most overdue first. A lease that runs out makes the date due again.
    pub async fn lease_due(
        &self,
        now: DateTime<Utc>,
        worker: &str,
        limit: u32,
        lease_for: Duration,
    ) -> Result<Vec<DueDeadline>> {
        let now = micros(now);
        let mut values = vec![now.into(), worker.into(), micros(now + lease_for).into()];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let sql = format!(
            "WITH due AS (SELECT institution AS i, application_id AS a, timer AS t, key AS k FROM deadline \
             WHERE {gate} AND next_at <= $1 ORDER BY next_at LIMIT {limit} {}) \
             UPDATE deadline SET token = token + 1, attempts = attempts + 1, worker = $2, next_at = $3 \
             FROM due WHERE {gate} AND institution = i AND application_id = a AND timer = t AND key = k \
             RETURNING institution, application_id, timer, key, due_at, attempts, token",
            skip_locked(self.backend())
        );
        let rows = self.writer_across().query_all_raw(statement(self.backend(), sql, values)).await?;
        let mut due = rows.iter().map(due_of).collect::<Result<Vec<_>>>()?;
        due.sort_by(|a, b| {
            a.deadline.due_at.cmp(&b.deadline.due_at).then_with(|| a.application_id.cmp(&b.application_id))
        });
        Ok(due)
    }

    /// Looks again then. False where the lease was lost.
    pub async fn postpone(&self, due: &DueDeadline, until: DateTime<Utc>) -> Result<bool> {
        self.set_next(due, Some(micros(until))).await
    }

    /// Never looks again: its command was refused for good, or there is none. The date stays as the case has it.
    pub async fn drop_due(&self, due: &DueDeadline) -> Result<bool> {
        self.set_next(due, None).await
    }

    async fn set_next(&self, due: &DueDeadline, next: Option<DateTime<Utc>>) -> Result<bool> {
        let mut w = Where::on(self.backend());
        let next = w.bind(next);
        w.within(Within::Institution(&due.institution));
        w.equals("institution", due.institution.clone());
        w.equals("application_id", due.application_id.clone());
        w.equals("timer", due.deadline.timer.code());
        w.equals("key", due.deadline.key.clone());
        w.equals("token", due.token);
        self.touch(format!("UPDATE deadline SET next_at = {next}, worker = NULL {}", w.sql()), w).await
    }

    /// When the next date is due, if any: workers sleep until then.
    pub async fn next_due(&self) -> Result<Option<DateTime<Utc>>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.and("next_at IS NOT NULL");
        let sql = format!("SELECT next_at FROM deadline {} ORDER BY next_at LIMIT 1", w.sql());
        let row = self.row(sql, w).await?;
        row.map(|r| r.try_get("", "next_at")).transpose().map_err(Into::into)
    }
}

fn due_of(row: &QueryResult) -> Result<DueDeadline> {
    let timer: String = row.try_get("", "timer")?;
    let attempts: i64 = row.try_get("", "attempts")?;
    Ok(DueDeadline {
        application_id: row.try_get("", "application_id")?,
        institution: row.try_get("", "institution")?,
        deadline: Deadline {
            timer: known(Timer::parse(&timer), "timer", &timer)?,
            key: row.try_get("", "key")?,
            due_at: row.try_get("", "due_at")?,
        },
        attempts: attempts as u32,
        token: row.try_get("", "token")?,
    })
}
