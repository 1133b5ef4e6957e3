//! Digests: a desk that wishes so gets its mails together, twice a day. What goes with a digest is fixed before it is sent and never
//! changes: a repeat of the mail says the same under the same Message-ID, so that no notice is missing and none stands in two of them.

use crate::audit::{self, AuditRow};
use crate::outbox::{Parcel, returned};
use crate::read::{Scope, Where};
use crate::sql::{micros, statement};
use crate::wall::{self, Within};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use std::time::Duration;
use workflows::machine::Role;

/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "DIGEST";
/// A mail that waits for the next digest of its desk.
pub(crate) const HELD: &str = "HELD";
/// Most notices of one digest; what is beyond goes with another.
pub const MOST: u32 = 200;

/// That the desk of a parcel wishes digests.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct DigestWish(());

impl DigestWish {
    pub(crate) fn of(found: Option<i64>) -> Option<DigestWish> {
        found.map(|_| DigestWish(()))
    }

    /// For tests of couriers, which have no store.
    pub fn wished() -> DigestWish {
        DigestWish(())
    }
}

/// The scalar that says whether the desk of a parcel wishes digests.
pub(crate) fn wish_column() -> String {
    "(SELECT CAST(1 AS bigint) FROM desk_digest d WHERE d.institution = outbox.institution \
     AND outbox.address = 'DESK:' || d.institution || ':' || d.branch || ':' || d.role) AS digest_wish"
        .to_owned()
}

/// The parcels of one digest, leased together.
#[derive(Clone, Debug)]
pub struct Digest {
    /// Stable over all attempts.
    pub id: String,
    pub parcels: Vec<Parcel>,
}

impl Digest {
    /// `Message-ID` of the mail, the same at every attempt.
    pub fn message_id(&self) -> String {
        format!("<{}@yushi>", self.id)
    }
}

/// A desk that wishes digests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DigestDesk {
    pub branch: String,
    pub role: Role,
    pub set_by: String,
    pub set_at: DateTime<Utc>,
}

impl Store {
    /// Leases the next digest that is due: those parcels of a desk that were fixed for it, or all that wait now. `None`: nothing is due.
    pub async fn lease_digest(
        &self,
        now: DateTime<Utc>,
        worker: &str,
        lease_for: Duration,
    ) -> Result<Option<Digest>> {
        let (backend, now) = (self.backend(), micros(now));
        let tx = self.begin_across().await?;
        wall::enter(&tx, Within::Across).await?;
        // One courier at a time fixes what goes together. It is short, and a desk has two digests a day.
        if backend == DbBackend::Postgres {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended('digest', 0))";
            tx.query_one_raw(statement(backend, lock, vec![])).await?;
        }
        let sql = "SELECT id, institution, address, digest FROM outbox WHERE digest IS NOT NULL AND state = 'WAITING' \
                   AND next_at <= $1 ORDER BY next_at, id LIMIT 1";
        let Some(first) = tx.query_one_raw(statement(backend, sql, vec![now.into()])).await? else {
            return Ok(None);
        };
        let text = |name: &str| first.try_get::<String>("", name);
        let (id, institution, address, mut digest) =
            (text("id")?, text("institution")?, text("address")?, text("digest")?);
        if digest == HELD {
            digest = format!("{id}.DIGEST");
            let sql = format!(
                "UPDATE outbox SET digest = $1 WHERE id IN (SELECT id FROM outbox WHERE institution = $2 AND address = $3 \
                 AND digest = '{HELD}' AND state = 'WAITING' AND next_at <= $4 ORDER BY next_at, id LIMIT {MOST})"
            );
            let values: Vec<Value> =
                vec![digest.clone().into(), institution.clone().into(), address.into(), now.into()];
            tx.execute_raw(statement(backend, sql, values)).await?;
        }
        let until = micros(now + lease_for);
        let values: Vec<Value> = vec![digest.clone().into(), worker.into(), until.into(), institution.into()];
        let sql = format!(
            "UPDATE outbox SET token = token + 1, attempts = attempts + 1, worker = $2, next_at = $3 \
             WHERE institution = $4 AND digest = $1 AND state = 'WAITING' RETURNING {}",
            returned()
        );
        let rows: Vec<QueryResult> = tx.query_all_raw(statement(backend, sql, values)).await?;
        tx.commit().await?;
        let mut parcels = vec![];
        for row in &rows {
            match self.parcel_of(row).await {
                Ok(parcel) => parcels.push(parcel),
                Err(error @ StoreError::Keys(_)) => return Err(error),
                Err(error) => self.park_unreadable(row, &error, now).await?,
            }
        }
        parcels.sort_by(|a, b| a.created_at.cmp(&b.created_at).then_with(|| a.id.cmp(&b.id)));
        Ok(Some(Digest { id: digest, parcels }))
    }

    /// Desks of the reader's branches that wish digests.
    pub async fn digest_desks(&self, scope: &Scope) -> Result<Vec<DigestDesk>> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("d.institution", actor.institution.clone());
        if !actor.branches.is_empty() {
            w.is_one_of("d.branch", &actor.branches);
        }
        let sql = format!(
            "SELECT d.branch, d.role, d.set_by, d.set_at FROM desk_digest d {} ORDER BY d.branch, d.role LIMIT 1000",
            w.sql()
        );
        self.rows(sql, w).await?.iter().map(desk_of).collect()
    }

    /// Notes whether the caller's own desk at a branch wishes digests. False where the branch is none of the caller's. What waits for a
    /// digest already goes with it.
    pub async fn set_digest(
        &self,
        scope: &Scope,
        branch: &str,
        on: bool,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let actor = scope.actor();
        let mine = actor.branches.is_empty() || actor.branches.iter().any(|own| own == branch);
        if !actor.role.is_staff() || !mine {
            return Ok(false);
        }
        let (backend, now) = (self.backend(), micros(now));
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let desk: Vec<Value> =
            vec![actor.institution.clone().into(), branch.into(), actor.role.code().into()];
        if on {
            let sql = "INSERT INTO desk_digest (institution, branch, role, set_by, set_at) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (institution, branch, role) DO NOTHING";
            let values = [desk, vec![actor.subject.clone().into(), now.into()]].concat();
            tx.execute_raw(statement(backend, sql, values)).await?;
        } else {
            let sql = "DELETE FROM desk_digest WHERE institution = $1 AND branch = $2 AND role = $3";
            tx.execute_raw(statement(backend, sql, desk)).await?;
        }
        let detail = serde_json::json!({ "branch": branch, "role": actor.role, "on": on });
        audit::add(&tx, &AuditRow::step_of(actor, KIND, ("setDeskDigest", branch), &detail, now)?).await?;
        tx.commit().await?;
        Ok(true)
    }
}

fn desk_of(row: &QueryResult) -> Result<DigestDesk> {
    let role: String = row.try_get("", "role")?;
    Ok(DigestDesk {
        branch: row.try_get("", "branch")?,
        role: crate::read::known(Role::parse(&role), "role", &role)?,
        set_by: row.try_get("", "set_by")?,
        set_at: row.try_get("", "set_at")?,
    })
}
