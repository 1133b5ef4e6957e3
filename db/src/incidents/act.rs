//! What people do about incidents: every row in one transaction with its line of the audit.

use super::source::Source;
use super::{
    Bounds, Incident, IncidentAsk, IncidentFilter, IncidentResult, KIND, Part, cases_of, incident_of, judged,
};
use crate::audit::{self, AuditRow};
use crate::read::{Scope, Where};
use crate::sql::{Columns, Stamp, Ty, json, micros, names, row_set, statement};
use crate::vault::mail_place;
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, Value};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use workflows::machine::incident::{ClosingReason, Hindrance, IncidentMeans};

impl Store {
    /// Does it, all rows in one transaction with their lines of the audit: each row that can is done, the others say why not.
    pub async fn handle_incidents(
        &self,
        scope: &Scope,
        ask: &IncidentAsk<'_>,
        bounds: Bounds<'_>,
    ) -> Result<Vec<IncidentResult>> {
        let actor = scope.actor();
        let (filter, part) = (IncidentFilter::default(), Part::These(ask.ids));
        let facts = self.bank_facts(scope, &filter, Some(&part), bounds).await?;
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let mut w = Where::on(self.backend());
        let sql = self.listed(scope, &filter, bounds, &part, &facts, &mut w)?;
        let rows = tx.query_all_raw(statement(self.backend(), sql, w.into_values())).await?;
        let found = rows.iter().map(incident_of).collect::<Result<Vec<_>>>()?;
        let mut results = judged(scope, ask, found)?;
        for means in IncidentMeans::ALL {
            let meant: Vec<Incident> = results
                .iter()
                .filter(|result| result.came_of == Ok(*means))
                .filter_map(|result| result.incident.clone())
                .collect();
            if meant.is_empty() {
                continue;
            }
            let done = self.carry_out(&tx, scope, ask, *means, &meant, bounds.now).await?;
            for result in results.iter_mut().filter(|result| result.came_of == Ok(*means)) {
                if !done.contains(&result.id) {
                    // Somebody else was faster; a partner is reminded once a day.
                    let reminded = *means == IncidentMeans::Reminded;
                    result.came_of = Err(if reminded { Hindrance::RemindedToday } else { Hindrance::Gone });
                }
            }
        }
        let mut lines = vec![];
        for result in &results {
            if let (Some(incident), Ok(means)) = (&result.incident, result.came_of) {
                lines.push(line(scope, ask, incident, means, bounds.now)?);
            }
        }
        audit::add_all(&tx, &lines.iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        // Couriers look at once.
        self.inner.filled.send_replace(());
        Ok(results)
    }

    /// One kind of outcome for several incidents; the ids of those that it met.
    async fn carry_out(
        &self,
        tx: &DatabaseTransaction,
        scope: &Scope,
        ask: &IncidentAsk<'_>,
        means: IncidentMeans,
        incidents: &[Incident],
        now: DateTime<Utc>,
    ) -> Result<BTreeSet<String>> {
        let step = Step { backend: self.backend(), tx, now: micros(now), incidents };
        match means {
            IncidentMeans::Taken => step.note(scope, "taken_by", "taken_at", None).await,
            IncidentMeans::Given => step.forget("taken_by", "taken_at").await,
            IncidentMeans::Proposed => step.note(scope, "proposed_by", "proposed_at", ask.reason).await,
            IncidentMeans::Returned => step.forget("proposed_by", "proposed_at").await,
            IncidentMeans::SentAgain => {
                let mut done = step.send_again(None).await?;
                done.extend(step.letters("state = 'WAITING', attempts = 0, first_at = NULL, settled_at = NULL, token = token + 1").await?);
                Ok(done)
            }
            IncidentMeans::SentElsewhere => {
                let sealed = self.sealed_addresses(tx, incidents, ask.mail_to.unwrap_or_default()).await?;
                step.send_again(Some(sealed)).await
            }
            IncidentMeans::Reminded => self.remind_partners(tx, scope, incidents, now).await,
            IncidentMeans::RunAgain => step.timers(Some(micros(now))).await,
            IncidentMeans::Closed => {
                let mut done = step.close(scope, ask.reason).await?;
                done.extend(step.timers(None).await?);
                done.extend(step.letters("state = 'CLOSED', settled_at = $1").await?);
                Ok(done)
            }
            IncidentMeans::Enabled => {
                let ids = step.of(Source::Endpoint);
                let met = crate::hooks::enable(tx, scope.actor(), &ids, step.now).await?;
                let done = met.iter().map(|id| format!("{}{id}", Source::Endpoint.prefix())).collect();
                step.over(&done).await?;
                Ok(done)
            }
        }
    }

    /// The address for each parcel, sealed with the key of its case.
    async fn sealed_addresses(
        &self,
        tx: &DatabaseTransaction,
        incidents: &[Incident],
        mail_to: &str,
    ) -> Result<BTreeMap<String, String>> {
        let mut w = Where::on(self.backend());
        let ids: Vec<String> = incidents.iter().map(|i| own_id(Source::Parcel, &i.id)).collect();
        w.is_one_of("o.id", &ids);
        let key = crate::vault::key_column("o.institution", "o.application_id");
        let sql = format!("SELECT o.id, o.institution, o.application_id, {key} FROM outbox o {}", w.sql());
        let mut sealed = BTreeMap::new();
        for row in &tx.query_all_raw(statement(self.backend(), sql, w.into_values())).await? {
            let id: String = row.try_get("", "id")?;
            let (_, opener) = self.opener_of(row, "application_id").await?;
            let text = match opener.closer()? {
                Some(closer) => closer.close(&mail_place(&id), mail_to)?,
                None => mail_to.to_owned(),
            };
            sealed.insert(id, text);
        }
        Ok(sealed)
    }
}

/// A part of an action inside its transaction.
struct Step<'a> {
    backend: DbBackend,
    tx: &'a DatabaseTransaction,
    now: DateTime<Utc>,
    incidents: &'a [Incident],
}

#[derive(Serialize)]
struct WorkRow<'a> {
    id: &'a str,
    institution: &'a str,
    application_id: &'a str,
    who: &'a str,
    at: Stamp,
    reason: Option<&'static str>,
}

const WORK: Columns = &[
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("who", Ty::Text),
    ("at", Ty::At),
    ("reason", Ty::Text),
];

#[derive(Serialize)]
struct Readdressed<'a> {
    id: &'a str,
    mail_to: Option<&'a str>,
}

const READDRESSED: Columns = &[("id", Ty::Text), ("mail_to", Ty::Text)];

impl Step<'_> {
    fn ids(&self) -> Vec<String> {
        self.incidents.iter().map(|incident| incident.id.clone()).collect()
    }

    /// Ids behind their prefix of those that come from this source.
    fn of(&self, source: Source) -> Vec<String> {
        self.incidents
            .iter()
            .filter(|i| i.id.starts_with(source.prefix()))
            .map(|i| own_id(source, &i.id))
            .collect()
    }

    async fn run(&self, sql: String, values: Vec<Value>, prefix: &str) -> Result<BTreeSet<String>> {
        let rows = self.tx.query_all_raw(statement(self.backend, sql, values)).await?;
        rows.iter().map(|row| Ok(format!("{prefix}{}", row.try_get::<String>("", "id")?))).collect()
    }

    /// Notes who does something since when; only where nobody is noted.
    async fn note(
        &self,
        scope: &Scope,
        by: &str,
        at: &str,
        reason: Option<ClosingReason>,
    ) -> Result<BTreeSet<String>> {
        let rows: Vec<WorkRow<'_>> = self
            .incidents
            .iter()
            .map(|incident| WorkRow {
                id: &incident.id,
                institution: &incident.institution,
                application_id: &incident.application_id,
                who: &scope.actor().subject,
                at: Stamp::of(self.now),
                reason: reason.map(ClosingReason::code),
            })
            .collect();
        let sql = format!(
            "INSERT INTO incident_work (id, institution, application_id, {by}, {at}, reason) SELECT {} FROM {} WHERE 1 = 1 \
             ON CONFLICT (id) DO UPDATE SET {by} = excluded.{by}, {at} = excluded.{at}, \
             reason = COALESCE(excluded.reason, incident_work.reason) \
             WHERE incident_work.{by} IS NULL OR incident_work.{by} = excluded.{by} RETURNING id",
            names(WORK, "r."),
            row_set(self.backend, 1, "r", WORK)
        );
        self.run(sql, vec![json(&rows)?], "").await
    }

    async fn forget(&self, by: &str, at: &str) -> Result<BTreeSet<String>> {
        let mut w = Where::on(self.backend);
        w.is_one_of("id", &self.ids());
        w.and(format!("{by} IS NOT NULL"));
        let sql = format!("UPDATE incident_work SET {by} = NULL, {at} = NULL {} RETURNING id", w.sql());
        self.run(sql, w.into_values(), "").await
    }

    /// Parcels wait again, under their ids and with all their tries ahead; the new address goes with them.
    async fn send_again(&self, sealed: Option<BTreeMap<String, String>>) -> Result<BTreeSet<String>> {
        let ids = self.of(Source::Parcel);
        let address = |id: &String| sealed.as_ref().and_then(|sealed| sealed.get(id)).map(String::as_str);
        let rows: Vec<Readdressed<'_>> =
            ids.iter().map(|id| Readdressed { id, mail_to: address(id) }).collect();
        let mut done = BTreeSet::new();
        if !rows.is_empty() {
            let sql = format!(
                "UPDATE outbox SET state = 'WAITING', attempts = 0, next_at = $2, settled_at = NULL, token = token + 1, digest = NULL, \
                 mail_to = COALESCE(r.mail_to, outbox.mail_to) FROM {} \
                 WHERE outbox.id = r.id AND outbox.state = 'PARKED' RETURNING outbox.id AS id",
                row_set(self.backend, 1, "r", READDRESSED)
            );
            done = self.run(sql, vec![json(&rows)?, self.now.into()], Source::Parcel.prefix()).await?;
        }
        self.over(&done).await?;
        Ok(done)
    }

    /// Dates run again at an instant, or never; the date itself stays as the case has it.
    async fn timers(&self, next: Option<DateTime<Utc>>) -> Result<BTreeSet<String>> {
        let keys = self.of(Source::Timer);
        if keys.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut w = Where::on(self.backend);
        let next = w.bind(next);
        w.is_one_of("application_id", &cases_of(&keys));
        w.is_one_of("application_id || ':' || timer || ':' || key", &keys);
        w.and("next_at IS NOT NULL");
        let sql = format!(
            "UPDATE deadline SET next_at = {next}, attempts = 0, token = token + 1, worker = NULL {} \
             RETURNING application_id || ':' || timer || ':' || key AS id",
            w.sql()
        );
        let done = self.run(sql, w.into_values(), Source::Timer.prefix()).await?;
        self.over(&done).await?;
        Ok(done)
    }

    /// Dead letters of webhooks wait again under their ids, or are closed; `$1` is now.
    async fn letters(&self, set: &str) -> Result<BTreeSet<String>> {
        let ids = self.of(Source::Letter);
        if ids.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut w = Where::on(self.backend);
        let now = w.bind(self.now);
        w.is_one_of("id", &ids);
        w.and("state = 'PARKED'");
        let sql = format!("UPDATE webhook_message SET next_at = {now}, {set} {} RETURNING id", w.sql());
        let done = self.run(sql, w.into_values(), Source::Letter.prefix()).await?;
        self.over(&done).await?;
        Ok(done)
    }

    /// Parcels are closed for good: by whom, and why.
    async fn close(&self, scope: &Scope, reason: Option<ClosingReason>) -> Result<BTreeSet<String>> {
        let reasons: BTreeMap<String, &'static str> = self
            .incidents
            .iter()
            .filter(|incident| incident.id.starts_with(Source::Parcel.prefix()))
            .map(|incident| {
                let said = incident.reason.or(reason).map_or("", ClosingReason::code);
                (own_id(Source::Parcel, &incident.id), said)
            })
            .collect();
        let mut done = BTreeSet::new();
        // One statement for each reason: there are five.
        for said in reasons.values().copied().collect::<BTreeSet<_>>() {
            let ids: Vec<String> =
                reasons.iter().filter(|(_, r)| **r == said).map(|(id, _)| id.clone()).collect();
            let mut w = Where::on(self.backend);
            let (at, by, why) = (w.bind(self.now), w.bind(scope.actor().subject.clone()), w.bind(said));
            w.is_one_of("id", &ids);
            w.and("state = 'PARKED'");
            let sql = format!(
                "UPDATE outbox SET state = 'CLOSED', settled_at = {at}, closed_by = {by}, closed_reason = {why} {} \
                 RETURNING id",
                w.sql()
            );
            done.extend(self.run(sql, w.into_values(), Source::Parcel.prefix()).await?);
        }
        self.over(&done).await?;
        Ok(done)
    }

    /// What is over needs nobody any more.
    async fn over(&self, ids: &BTreeSet<String>) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let mut w = Where::on(self.backend);
        w.is_one_of("id", &ids.iter().cloned().collect::<Vec<_>>());
        let sql = format!("DELETE FROM incident_work {}", w.sql());
        self.tx.execute_raw(statement(self.backend, sql, w.into_values())).await?;
        Ok(())
    }
}

fn own_id(source: Source, id: &str) -> String {
    id.strip_prefix(source.prefix()).unwrap_or(id).to_owned()
}

#[derive(Serialize)]
struct Stepped<'a> {
    incident: &'a str,
    what: &'a str,
    error: &'a str,
    means: IncidentMeans,
    reason: Option<ClosingReason>,
    proposed_by: Option<&'a str>,
}

fn line(
    scope: &Scope,
    ask: &IncidentAsk<'_>,
    incident: &Incident,
    means: IncidentMeans,
    now: DateTime<Utc>,
) -> Result<AuditRow> {
    let stepped = Stepped {
        incident: &incident.id,
        what: &incident.what,
        error: &incident.error,
        means,
        reason: incident.reason.or(ask.reason),
        proposed_by: incident.proposed_by.as_deref(),
    };
    let step = (ask.action.code(), incident.kind.code());
    let row = AuditRow::step_of(scope.actor(), KIND, step, &stepped, now)?;
    let application_id = Some(incident.application_id.clone()).filter(|id| !id.is_empty());
    Ok(AuditRow { application_id, ..row })
}
