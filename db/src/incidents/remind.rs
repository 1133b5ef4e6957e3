//! Partners who are late with an answer are reminded: "work is waiting" once more in their inbox, once a day for each task.

use super::Incident;
use crate::audit::{self, AuditRow};
use crate::ledger::KIND;
use crate::read::{Scope, Where};
use crate::sql::{Columns, Stamp, Ty, json, names, row_set, statement};
use crate::vault::{key_column, payload_place};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use workflows::calendar::tokyo_date;
use workflows::machine::{Effect, NoticeData, NoticeId, NoticeValue, Recipient, Role, Task};

#[derive(Serialize)]
struct Row<'a> {
    id: String,
    institution: &'a str,
    application_id: &'a str,
    kind: &'static str,
    branch: &'a str,
    address: &'a str,
    payload: String,
    at: Stamp,
    beside: String,
}

const ROW: Columns = &[
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("kind", Ty::Text),
    ("branch", Ty::Text),
    ("address", Ty::Text),
    ("payload", Ty::Text),
    ("at", Ty::At),
    ("beside", Ty::Text),
];

impl Store {
    /// Leaves a reminder for each of these tasks; the ids of those that had none today. Any number in five statements.
    pub(super) async fn remind_partners(
        &self,
        tx: &DatabaseTransaction,
        scope: &Scope,
        incidents: &[Incident],
        now: DateTime<Utc>,
    ) -> Result<BTreeSet<String>> {
        let backend = self.backend();
        let cases: BTreeSet<String> = incidents.iter().map(|one| one.application_id.clone()).collect();
        let mut w = Where::on(backend);
        w.is_one_of("a.id", &cases.into_iter().collect::<Vec<_>>());
        let key = key_column("a.institution", "a.id");
        let sql =
            format!("SELECT a.institution, a.id AS application_id, {key} FROM application a {}", w.sql());
        let mut closers = BTreeMap::new();
        for row in &tx.query_all_raw(statement(backend, sql, w.into_values())).await? {
            let (id, opener) = self.opener_of(row, "application_id").await?;
            closers.insert(id, opener.closer()?);
        }
        let (mut rows, mut lines, mut of) = (vec![], BTreeMap::new(), BTreeMap::new());
        for incident in incidents {
            let Some((address, role, organisation)) = partner(incident) else { continue };
            let Some(closer) = closers.get(&incident.application_id) else { continue };
            let id = parcel_id(incident, now);
            let to = Recipient::Partner { role, organisation: organisation.to_owned() };
            let effect = serde_json::to_string(&reminder(incident, to, now))?;
            let payload = match closer {
                Some(closer) => closer.close(&payload_place(&id), &effect)?,
                None => effect,
            };
            let detail = serde_json::json!({ "parcel": id, "task": incident.what });
            let line =
                AuditRow::step_of(scope.actor(), KIND, ("remindPartner", &incident.what), &detail, now)?;
            let line = AuditRow { application_id: Some(incident.application_id.clone()), ..line };
            rows.push(Row {
                id: id.clone(),
                institution: &incident.institution,
                application_id: &incident.application_id,
                kind: NoticeId::W01.code(),
                branch: &incident.branch,
                address,
                payload,
                at: Stamp::of(now),
                beside: line.id.clone(),
            });
            lines.insert(id.clone(), line);
            of.insert(id, incident.id.clone());
        }
        let sql = format!(
            "INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, address, payload, state, next_at, \
             created_at, beside) SELECT {}, 0, 'INBOX', r.kind, r.branch, r.address, r.payload, 'WAITING', r.at, r.at, r.beside \
             FROM {} WHERE 1 = 1 ON CONFLICT (id) DO NOTHING RETURNING id",
            names(&ROW[..3], "r."),
            row_set(backend, 1, "r", ROW)
        );
        let mut done = BTreeSet::new();
        let mut told = vec![];
        for row in &tx.query_all_raw(statement(backend, sql, vec![json(&rows)?])).await? {
            let id: String = row.try_get("", "id")?;
            told.extend(lines.get(&id));
            done.extend(of.get(&id).cloned());
        }
        audit::add_all(tx, &told).await?;
        self.inner.filled.send_replace(());
        Ok(done)
    }
}

/// Address, role and organisation of the partner that an incident waits for.
fn partner(incident: &Incident) -> Option<(&str, Role, &str)> {
    let address = incident.address.as_deref()?;
    let (role, organisation) = address.strip_prefix("PARTNER:")?.split_once(':')?;
    Some((address, Role::parse(role)?, organisation))
}

/// One a day for each task.
fn parcel_id(incident: &Incident, now: DateTime<Utc>) -> String {
    let task = incident.id.rsplit(':').next().unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let task: String = task.chars().map(plain).collect();
    format!("{}.0.REMIND-{task}-{}.INBOX", incident.application_id, tokyo_date(now).format("%Y%m%d"))
}

fn reminder(incident: &Incident, to: Recipient, now: DateTime<Utc>) -> Effect {
    let words = Task::parse(&incident.what).map(|task| NoticeValue::said(task.ja(), task.en()));
    let data = NoticeData {
        number: incident.number.clone().unwrap_or_default(),
        on: Some(tokyo_date(now)),
        until: Some(tokyo_date(incident.since - chrono::TimeDelta::days(1))),
        items: words.into_iter().collect(),
        ..NoticeData::default()
    };
    Effect::Notify { notice: NoticeId::W01, to, data: Box::new(data) }
}
