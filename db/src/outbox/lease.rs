//! Leases: which parcels are due for whom. A lease is a time and a token.

use super::{Lane, Outcome, Parcel};
use crate::contacts::contact_column;
use crate::digest::wish_column;
use crate::read::{Where, body_columns};
use crate::sql::{micros, skip_locked, statement};
use crate::wall::{Within, gate};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use workflows::machine::consent;
use workflows::machine::need::Need;
use workflows::machine::{Case, Effect};

/// The columns of which a parcel is made.
pub(crate) fn returned() -> String {
    let key = crate::vault::key_column("outbox.institution", "outbox.application_id");
    format!(
        "id, institution, application_id, version, channel, kind, branch, subject, address, payload, attempts, token, \
         error, created_at, mail_to, {key}, {}, {}",
        contact_column(),
        wish_column()
    )
}

/// Nothing earlier of the case waits for the same partner. Ids of one transition differ in a number without leading zeros.
const FIRST_OF_ITS_CASE: &str = "NOT EXISTS (SELECT 1 FROM outbox e WHERE e.state = 'WAITING' AND e.channel = 'PARTNER' \
     AND e.institution = outbox.institution AND e.address = outbox.address AND e.application_id = outbox.application_id \
     AND (e.version, length(e.id), e.id) < (outbox.version, length(outbox.id), outbox.id))";

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
        self.lease_of(lane, &[], &[], now, worker, limit, lease_for).await
    }

    /// The same for the local lane beside partners who are pushed to: their messages are left to [`Store::lease_pushed`]. `places`: bank
    /// codes and addresses.
    pub async fn lease_local(
        &self,
        places: &[(String, String)],
        now: DateTime<Utc>,
        worker: &str,
        limit: u32,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>> {
        self.lease_of(Lane::Local, places, &[], now, worker, limit, lease_for).await
    }

    /// Leases due messages to partners at these places, save those that are `busy`. A message waits as long as an earlier one of its case
    /// waits for the same partner, in work or not: one case is in order at one partner, and one that is stuck holds up no other.
    pub async fn lease_pushed(
        &self,
        places: &[(String, String)],
        busy: &[(String, String)],
        now: DateTime<Utc>,
        worker: &str,
        limit: u32,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>> {
        if places.iter().all(|place| busy.contains(place)) {
            return Ok(vec![]);
        }
        self.lease_of(Lane::Push, places, busy, now, worker, limit, lease_for).await
    }

    #[expect(clippy::too_many_arguments, reason = "the three ways to lease differ in where alone")]
    async fn lease_of(
        &self,
        lane: Lane,
        places: &[(String, String)],
        busy: &[(String, String)],
        now: DateTime<Utc>,
        worker: &str,
        limit: u32,
        lease_for: Duration,
    ) -> Result<Vec<Parcel>> {
        let now = micros(now);
        let mut values = vec![now.into(), worker.into(), micros(now + lease_for).into()];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let pushed: Vec<String> = places
            .iter()
            .filter(|place| !busy.contains(place))
            .map(|(institution, address)| {
                values.extend([institution.clone().into(), address.clone().into()]);
                let n = values.len();
                format!("(institution = ${} AND address = ${n})", n - 1)
            })
            .collect();
        let here = match lane {
            _ if pushed.is_empty() => "1 = 1".to_owned(),
            Lane::Push => format!("({}) AND {FIRST_OF_ITS_CASE}", pushed.join(" OR ")),
            _ => format!("(channel <> 'PARTNER' OR NOT ({}))", pushed.join(" OR ")),
        };
        let sql = format!(
            "WITH due AS (SELECT id AS due_id FROM outbox WHERE {gate} AND state = 'WAITING' AND {} AND {here} AND next_at <= $1 \
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
        let parcels = self.with_consent(parcels, now).await?;
        let mut parcels = self.with_direct_consent(parcels, now).await?;
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

    pub(crate) async fn park_unreadable(
        &self,
        row: &QueryResult,
        error: &StoreError,
        now: DateTime<Utc>,
    ) -> Result<()> {
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
}
