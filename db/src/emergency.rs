//! Cases read in emergency (L-91): a scope that shows exactly one case outside its person's branches while the access lasts, and the
//! list of every use for those who review.

use crate::read::{ENTRY, Page, Scope, Where, entry_of};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use workflows::machine::emergency::{EMERGENCY_ROLES, EmergencyAccess};
use workflows::machine::{Actor, Case, Event, Role, Verb};

/// One use, with the case that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmergencyUse {
    pub application_id: String,
    /// Number and branch of the case.
    pub number: String,
    pub branch: String,
    /// As it stands now.
    pub access: EmergencyAccess,
    pub cursor: String,
}

impl Store {
    /// What this person sees of a case that he has open in emergency at this instant: that case, to read, and nothing else. `None`:
    /// there is no such access, it is over, or the person keeps away from the case.
    pub async fn emergency_scope(
        &self,
        actor: &Actor,
        application_id: &str,
        now: DateTime<Utc>,
    ) -> Result<Option<Scope>> {
        if !EMERGENCY_ROLES.contains(&actor.role) {
            return Ok(None);
        }
        let whole_bank = Scope::reaching(actor, Verb::OpenCaseInEmergency);
        let case = self.case(&whole_bank, application_id).await?;
        let access = case.as_ref().and_then(|case| case.emergency_of(actor, now));
        Ok(access.map(|access| Scope::opened(actor, application_id, &access.id)))
    }

    /// A page of the accesses in emergency, the latest first: for compliance and auditors, empty for everyone else. `unreviewed`
    /// leaves out those that somebody has reviewed; a page may then hold fewer than it could.
    pub async fn emergency_uses(
        &self,
        scope: &Scope,
        unreviewed: bool,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<EmergencyUse>> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        if !matches!(scope.actor().role, Role::Compliance | Role::Auditor) {
            w.and("1 = 0");
        }
        w.and(format!("e.verb = '{}'", Verb::OpenCaseInEmergency.code()));
        if unreviewed {
            w.and(
                "EXISTS (SELECT 1 FROM task t WHERE t.application_id = a.id AND t.task = 'REVIEW_EMERGENCY')",
            );
        }
        if let Some(after) = after {
            let number: i64 = after.parse().map_err(|_| StoreError::Cursor(after.to_owned()))?;
            let number = w.bind(number);
            w.and(format!("e.seq < {number}"));
        }
        let sql = format!(
            "SELECT e.seq, {ENTRY}, a.number, a.branch, a.body FROM entry e JOIN application a ON \
             a.institution = e.institution AND a.id = e.application_id {} ORDER BY e.seq DESC LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let uses = rows.iter().map(use_of).collect::<Result<Vec<_>>>()?;
        let mut page = Page::of(uses, first, |used| used.cursor.clone());
        page.items.retain(|used| !unreviewed || used.access.review.is_none());
        Ok(page)
    }
}

fn use_of(row: &QueryResult) -> Result<EmergencyUse> {
    let (entry, body): (_, String) = (entry_of(row)?, row.try_get("", "body")?);
    let id: String = row.try_get("", "application_id")?;
    let case: Case = serde_json::from_str(&body).map_err(|error| StoreError::Unreadable {
        what: "case",
        id: id.clone(),
        error,
    })?;
    let opened = entry.events.into_iter().find_map(|event| match event {
        Event::EmergencyOpened { access } => Some(access),
        _ => None,
    });
    let opened = opened.ok_or_else(|| StoreError::Unsafe(format!("an entry of {id} opens nothing")))?;
    let now = case.emergencies.into_iter().find(|access| access.id == opened.id);
    let number: Option<String> = row.try_get("", "number")?;
    let seq: i64 = row.try_get("", "seq")?;
    Ok(EmergencyUse {
        application_id: id,
        number: number.unwrap_or_default(),
        branch: row.try_get("", "branch")?,
        access: now.unwrap_or(opened),
        cursor: seq.to_string(),
    })
}
