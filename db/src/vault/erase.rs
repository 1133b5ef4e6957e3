//! Erasure: the tombstone is written and the data key destroyed, both or neither.

use super::SurveyLine;
use crate::audit::{self, AuditRow};
use crate::read::Scope;
use crate::rows::Transition;
use crate::sql::{Stamp, statement};
use crate::wall::{Within, enter};
use crate::write::{Written, judge, plain};
use crate::{Answer, Request, Result, Store, Target};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, Value};
use serde::Serialize;
use workflows::calendar::tokyo_date;
use workflows::machine::keeping::Standing;
use workflows::machine::{Actor, Command, Role};

/// What a run erased.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Run {
    /// Cases that are over and were looked at.
    pub surveyed: u64,
    pub erased: Vec<SurveyLine>,
    /// Released and left alone: written in part by a version that sealed nothing, or changed in the meantime.
    pub left: Vec<SurveyLine>,
}

/// Cases looked at at once.
const PAGE: u32 = 200;

/// Kind of the lines of the audit.
const KIND: &str = "ERASURE";

impl Store {
    /// Erases every case that two people have released, of all banks. A run that is broken off goes on with the next one: each case is a
    /// transaction of its own.
    pub async fn erase_released(&self, now: DateTime<Utc>) -> Result<Run> {
        let system = Actor::internal(Role::System);
        let scope = Scope::of(&system);
        let (mut run, mut after) = (Run::default(), None);
        loop {
            let page = self.survey(&scope, tokyo_date(now), after.as_deref(), PAGE).await?;
            after = page.next;
            run.surveyed += page.items.len() as u64;
            for line in page.items {
                if line.standing != Standing::Released {
                    continue;
                }
                if line.in_clear || !self.erase(&system, &line, now).await? {
                    run.left.push(line);
                } else {
                    run.erased.push(line);
                }
            }
            if after.is_none() {
                return Ok(run);
            }
        }
    }

    async fn erase(&self, system: &Actor, line: &SurveyLine, now: DateTime<Utc>) -> Result<bool> {
        let request = Request {
            actor: system,
            now,
            target: Target::Case { id: &line.id },
            command: &Command::EraseCase {},
            expected_version: None,
            key: None,
        };
        Ok(matches!(self.execute(request).await?, Answer::Done(_)))
    }

    /// Writes a tombstone and destroys what it stands for.
    pub(crate) async fn write_erasure(&self, transition: &Transition) -> Result<Written> {
        let tx = self.begin_across().await?;
        enter(&tx, Within::Across).await?;
        let mut written = judge(plain::write(&tx, transition).await)?;
        if written == Written::Committed && !destroy(&tx, transition).await? {
            written = Written::Conflict;
        }
        self.finish(tx, written).await
    }
}

/// Destroys the data key, deletes what can be deleted, and says so in the audit. False where there is no key to destroy.
async fn destroy(tx: &DatabaseTransaction, t: &Transition) -> Result<bool> {
    let backend = tx.get_database_backend();
    let (institution, id) = (&t.application.institution, &t.application.id);
    let mine = || vec![Value::from(institution.clone()), id.clone().into()];
    let key = "DELETE FROM case_key WHERE institution = $1 AND application_id = $2";
    if tx.execute_raw(statement(backend, key, mine())).await?.rows_affected() == 0 {
        return Ok(false);
    }
    // Copies of messages as they were shown, answers for repeats, whom the case concerned, files on their way, and how people are reached.
    for table in ["inbox", "receipt", "engagement", "upload", "contact"] {
        let sql = format!("DELETE FROM {table} WHERE institution = $1 AND application_id = $2");
        tx.execute_raw(statement(backend, sql, mine())).await?;
    }
    let closed = "UPDATE outbox SET state = 'CLOSED', settled_at = $3, closed_by = 'SYSTEM', closed_reason = 'L.2', worker = NULL \
                  WHERE institution = $1 AND application_id = $2 AND state IN ('WAITING', 'PARKED')";
    let values = [mine(), vec![t.entry.at.0.into()]].concat();
    tx.execute_raw(statement(backend, closed, values)).await?;
    let erasure = t.case.keeping.erased.as_ref();
    let line = AuditRow {
        id: audit::line_id(),
        institution: institution.clone(),
        application_id: Some(id.clone()),
        at: Stamp::of(t.entry.at.0),
        by_subject: t.entry.by_subject.clone(),
        role: t.entry.role.clone(),
        kind: KIND,
        verb: Some(t.entry.verb.clone()),
        code: erasure.map(|erased| erased.class.code().to_owned()).unwrap_or_default(),
        detail: serde_json::to_string(&erasure)?,
    };
    audit::add_all(tx, &[&line]).await?;
    Ok(true)
}
