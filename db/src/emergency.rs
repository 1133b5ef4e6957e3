//! Cases read in emergency (L-91): a scope that shows exactly one case outside its person's branches while the access lasts, and the
//! list of every use for those who review.

use crate::read::{Page, Scope, Where, body_columns, entry_columns};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
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
            "SELECT e.seq, {}, a.number, a.branch FROM entry e JOIN application a ON \
             a.institution = e.institution AND a.id = e.application_id {} ORDER BY e.seq DESC LIMIT {}",
            entry_columns(),
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let cases = self.cases_of(scope, &rows).await?;
        let mut uses = vec![];
        for row in &rows {
            uses.extend(self.use_of(row, &cases).await?);
        }
        let mut page = Page::of(uses, first, |used| used.cursor.clone());
        page.items.retain(|used| !unreviewed || used.access.review.is_none());
        Ok(page)
    }

    /// The cases of these entries, in one statement.
    async fn cases_of(&self, scope: &Scope, entries: &[QueryResult]) -> Result<BTreeMap<String, Arc<Case>>> {
        let ids: BTreeSet<String> = entries
            .iter()
            .map(|row| row.try_get("", "application_id"))
            .collect::<std::result::Result<_, _>>()?;
        let mut cases = BTreeMap::new();
        if ids.is_empty() {
            return Ok(cases);
        }
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        w.is_one_of("a.id", &ids.into_iter().collect::<Vec<_>>());
        let sql = format!("SELECT {} FROM application a {}", body_columns(), w.sql());
        for row in &self.rows(sql, w).await? {
            let case = self.case_of(row).await?;
            cases.insert(case.id.clone(), case);
        }
        Ok(cases)
    }

    async fn use_of(
        &self,
        row: &QueryResult,
        cases: &BTreeMap<String, Arc<Case>>,
    ) -> Result<Option<EmergencyUse>> {
        let entry = self.entry_of(row).await?;
        let id: String = row.try_get("", "application_id")?;
        let opened = entry.events.into_iter().find_map(|event| match event {
            Event::EmergencyOpened { access } => Some(access),
            _ => None,
        });
        // Of an erased case nothing tells any more who read it.
        let Some(opened) = opened else { return Ok(None) };
        let known = cases.get(&id).into_iter().flat_map(|case| &case.emergencies);
        let now = known.into_iter().find(|access| access.id == opened.id).cloned();
        let number: Option<String> = row.try_get("", "number")?;
        let seq: i64 = row.try_get("", "seq")?;
        Ok(Some(EmergencyUse {
            application_id: id,
            number: number.unwrap_or_default(),
            branch: row.try_get("", "branch")?,
            access: now.unwrap_or(opened),
            cursor: seq.to_string(),
        }))
    }
}
