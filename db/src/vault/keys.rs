//! The keys of the keys: how many wrap what, rotation, and sealing what earlier versions stored in clear.

use super::{CaseId, KeyFault, body_place};
use crate::read::{Where, body_columns};
use crate::sql::{Columns, Stamp, Ty, json, row_set, statement};
use crate::wall::{Within, gate};
use crate::{Result, Store, StoreError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;

/// Rows handled at once.
const PAGE: u32 = 200;
/// Everything that has a data key of its own: cases, and drafts of applications.
const WRAPPED: &str =
    "(SELECT kid FROM case_key UNION ALL SELECT kid FROM intake_draft WHERE kid <> '') AS k";

/// How many data keys a key wraps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyCount {
    pub kid: String,
    pub data_keys: u64,
    /// It wraps from now on.
    pub active: bool,
}

/// What a rotation came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Rewrapped {
    pub rewrapped: u64,
    /// Left, because they do not open under their key: `yushi verify` names their cases.
    pub damaged: u64,
}

/// What sealing the documents of earlier versions came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Sealed {
    pub sealed: u64,
    /// Others changed them in the meantime; they are sealed by that change.
    pub changed: u64,
}

#[derive(Serialize)]
struct Rewrap {
    institution: String,
    application_id: String,
    old: String,
    kid: String,
    wrapped: String,
}

const REWRAP: Columns = &[
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("old", Ty::Text),
    ("kid", Ty::Text),
    ("wrapped", Ty::Text),
];

#[derive(Serialize)]
struct Body {
    institution: String,
    application_id: String,
    version: i64,
    body: String,
    kid: String,
    wrapped: String,
    made_at: Stamp,
}

const BODY: Columns = &[
    ("institution", Ty::Text),
    ("application_id", Ty::Text),
    ("version", Ty::Int),
    ("body", Ty::Text),
    ("kid", Ty::Text),
    ("wrapped", Ty::Text),
    ("made_at", Ty::At),
];

impl Store {
    /// The keys that wrap something, of all banks, and the active one.
    pub async fn key_counts(&self) -> Result<Vec<KeyCount>> {
        let active = self.active_key()?;
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let sql = format!("SELECT kid, count(*) AS n FROM {WRAPPED} {} GROUP BY kid ORDER BY kid", w.sql());
        let mut counts = vec![];
        for row in self.rows(sql, w).await? {
            let (kid, n): (String, i64) = (row.try_get("", "kid")?, row.try_get("", "n")?);
            counts.push(KeyCount { active: kid == active, kid, data_keys: n.unsigned_abs() });
        }
        if !counts.iter().any(|count| count.active) {
            counts.push(KeyCount { kid: active, data_keys: 0, active: true });
        }
        Ok(counts)
    }

    /// Is every key at hand that wraps something? A process with another key file would read nothing of what is there. Errors: one is
    /// not, named.
    pub async fn assert_keys(&self) -> Result<()> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        let sql = format!("SELECT DISTINCT kid FROM {WRAPPED} {}", w.sql());
        let vault = self.inner.options.vault.as_ref();
        for row in self.rows(sql, w).await? {
            let kid: String = row.try_get("", "kid")?;
            if !vault.is_some_and(|vault| vault.service.knows(&kid)) {
                return Err(KeyFault::Unknown(kid).into());
            }
        }
        Ok(())
    }

    /// Wraps every data key anew that another key than the active one wraps; the data stay as they are. Broken off, it goes on where it
    /// was: what is done is told by its `kid`. Errors: a key is not at hand, named.
    pub async fn rewrap(&self) -> Result<Rewrapped> {
        let active = self.active_key()?;
        let Some(vault) = &self.inner.options.vault else { return Ok(Rewrapped::default()) };
        let (mut done, mut after) = (Rewrapped::default(), (String::new(), String::new()));
        loop {
            let mut w = Where::on(self.backend());
            w.within(Within::Across);
            let (kid, institution, id) =
                (w.bind(active.clone()), w.bind(after.0.clone()), w.bind(after.1.clone()));
            w.and(format!("kid <> {kid} AND (institution, application_id) > ({institution}, {id})"));
            let sql = format!(
                "SELECT institution, application_id, kid, wrapped FROM case_key {} ORDER BY institution, application_id LIMIT {PAGE}",
                w.sql()
            );
            let rows = self.rows(sql, w).await?;
            let mut anew = vec![];
            for row in &rows {
                let text = |name: &str| row.try_get::<String>("", name);
                let (kid, old) = (text("kid")?, text("wrapped")?);
                let case = CaseId::new(&text("institution")?, &text("application_id")?);
                after = (case.institution.clone(), case.id.clone());
                let bytes = STANDARD.decode(&old).map_err(|_| KeyFault::Broken(kid.clone()));
                let opened = match bytes {
                    Ok(bytes) => vault.service.unwrap(&kid, &bytes, &case.context()).await,
                    Err(fault) => Err(fault),
                };
                let data_key = match opened {
                    Ok(data_key) => data_key,
                    Err(KeyFault::Broken(_)) => {
                        done.damaged += 1;
                        continue;
                    }
                    Err(fault) => return Err(fault.into()),
                };
                let wrapped = STANDARD.encode(vault.service.wrap(&data_key, &case.context()).await?);
                let CaseId { institution, id: application_id } = case;
                anew.push(Rewrap { institution, application_id, old, kid: active.clone(), wrapped });
            }
            done.rewrapped += self.store_rewrapped(&anew).await?;
            if rows.len() < PAGE as usize {
                // The secrets of webhooks and the keys of drafts lie under the same key.
                done.rewrapped += self.rewrap_hooks(&active).await?;
                let (rewrapped, damaged) = self.rewrap_drafts(&active).await?;
                done.rewrapped += rewrapped;
                done.damaged += damaged;
                return Ok(done);
            }
        }
    }

    async fn store_rewrapped(&self, anew: &[Rewrap]) -> Result<u64> {
        if anew.is_empty() {
            return Ok(0);
        }
        let mut values = vec![json(anew)?];
        let gate = gate(self.backend(), Within::Across, &mut values);
        // One that was destroyed or rewrapped in the meantime stays as it is.
        let sql = format!(
            "UPDATE case_key SET kid = r.kid, wrapped = r.wrapped FROM {} WHERE {gate} AND case_key.institution = r.institution \
             AND case_key.application_id = r.application_id AND case_key.wrapped = r.old",
            row_set(self.backend(), 1, "r", REWRAP)
        );
        let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(done.rows_affected())
    }

    /// Gives each case of an earlier version a data key and seals its document. Its entries and messages stay in clear: their bytes are
    /// what chains and checkpoints prove.
    pub async fn seal_old(&self, now: DateTime<Utc>) -> Result<Sealed> {
        self.active_key()?;
        let (mut done, mut after) = (Sealed::default(), (String::new(), String::new()));
        loop {
            let mut w = Where::on(self.backend());
            w.within(Within::Across);
            let (institution, id) = (w.bind(after.0.clone()), w.bind(after.1.clone()));
            w.and(format!("(a.institution, a.id) > ({institution}, {id})"));
            w.and(
                "NOT EXISTS (SELECT 1 FROM case_key k WHERE k.institution = a.institution AND k.application_id = a.id) \
                 AND NOT EXISTS (SELECT 1 FROM entry e WHERE e.institution = a.institution AND e.application_id = a.id \
                 AND e.verb = 'eraseCase')",
            );
            let sql = format!(
                "SELECT {} FROM application a {} ORDER BY a.institution, a.id LIMIT {PAGE}",
                body_columns(),
                w.sql()
            );
            let rows = self.rows(sql, w).await?;
            let mut bodies = vec![];
            for row in &rows {
                let text = |name: &str| row.try_get::<String>("", name);
                let (institution, application_id, body) = (text("institution")?, text("id")?, text("body")?);
                let version: i64 = row.try_get("", "version")?;
                after = (institution.clone(), application_id.clone());
                let case = CaseId::new(&institution, &application_id);
                let Some((closer, key)) = self.new_key(case).await? else { continue };
                let body = closer.close(&body_place(version), &body)?;
                let made_at = Stamp::of(now);
                let (kid, wrapped) = (key.kid, key.wrapped);
                bodies.push(Body { institution, application_id, version, body, kid, wrapped, made_at });
            }
            let sealed = self.store_sealed(&bodies).await?;
            done.sealed += sealed;
            done.changed += bodies.len() as u64 - sealed.min(bodies.len() as u64);
            if rows.len() < PAGE as usize {
                return Ok(done);
            }
        }
    }

    /// Keys and documents, both or neither; a case that has moved on is left alone.
    async fn store_sealed(&self, bodies: &[Body]) -> Result<u64> {
        if bodies.is_empty() {
            return Ok(0);
        }
        let backend = self.backend();
        let set = row_set(backend, 1, "r", BODY);
        let mut values = vec![json(bodies)?];
        let gate = gate(backend, Within::Across, &mut values);
        let keys = format!(
            "INSERT INTO case_key (institution, application_id, kid, wrapped, made_at) \
             SELECT r.institution, r.application_id, r.kid, r.wrapped, r.made_at FROM {set} JOIN application a \
             ON a.institution = r.institution AND a.id = r.application_id AND a.version = r.version WHERE {gate} ON CONFLICT DO NOTHING"
        );
        let documents = format!(
            "UPDATE application SET body = r.body FROM {set}, case_key k WHERE {gate} AND application.institution = r.institution \
             AND application.id = r.application_id AND application.version = r.version AND k.institution = r.institution \
             AND k.application_id = r.application_id AND k.wrapped = r.wrapped"
        );
        let tx = self.begin_across().await?;
        tx.execute_raw(statement(backend, keys, values.clone())).await?;
        let done = tx.execute_raw(statement(backend, documents, values)).await?;
        tx.commit().await?;
        Ok(done.rows_affected())
    }

    fn active_key(&self) -> Result<String> {
        let vault = self.inner.options.vault.as_ref();
        let none = || StoreError::Keys(KeyFault::Unknown("vault.key".to_owned()));
        vault.map(|vault| vault.service.active().to_owned()).ok_or_else(none)
    }
}
