//! One case and its history.

use super::{Scope, Where, known};
use crate::{Result, Store, StoreError};
use sea_orm::QueryResult;
use std::sync::Arc;
use workflows::machine::{Case, Entry, Role, Verb};

impl Store {
    /// The case with this id, where it exists for the reader.
    pub async fn case(&self, scope: &Scope, id: &str) -> Result<Option<Arc<Case>>> {
        let mut w = Where::on(self.backend());
        w.equals("a.id", id);
        self.one_case(scope, w).await
    }

    /// The case with this number.
    pub async fn case_by_number(&self, scope: &Scope, number: &str) -> Result<Option<Arc<Case>>> {
        let mut w = Where::on(self.backend());
        w.equals("a.number", number);
        self.one_case(scope, w).await
    }

    /// Several cases at once, in no particular order: for loaders of the API.
    pub async fn cases(&self, scope: &Scope, ids: &[String]) -> Result<Vec<Arc<Case>>> {
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let mut w = Where::on(self.backend());
        w.is_one_of("a.id", ids);
        scope.on_applications(&mut w);
        let sql = format!("SELECT a.id, a.body FROM application a {}", w.sql());
        let rows = self.rows(sql, w).await?;
        rows.iter().map(case_of).collect()
    }

    /// Lines of the case's history after a version, oldest first.
    pub async fn entries(
        &self,
        scope: &Scope,
        id: &str,
        after_version: u64,
        first: u32,
    ) -> Result<Vec<Entry>> {
        let mut w = Where::on(self.backend());
        w.equals("e.application_id", id);
        let after = w.bind(after_version as i64);
        w.and(format!("e.version > {after}"));
        scope.on_applications(&mut w);
        let sql = format!(
            "SELECT {ENTRY} FROM entry e JOIN application a ON a.institution = e.institution AND a.id = e.application_id \
             {} ORDER BY e.version LIMIT {first}",
            w.sql()
        );
        let rows = self.rows(sql, w).await?;
        rows.iter().map(entry_of).collect()
    }

    async fn one_case(&self, scope: &Scope, mut w: Where) -> Result<Option<Arc<Case>>> {
        scope.on_applications(&mut w);
        let sql = format!("SELECT a.id, a.body FROM application a {}", w.sql());
        let row = self.row(sql, w).await?;
        row.as_ref().map(case_of).transpose()
    }
}

/// A case from its body.
pub(crate) fn case_of(row: &QueryResult) -> Result<Arc<Case>> {
    let body: String = row.try_get("", "body")?;
    let id: String = row.try_get("", "id")?;
    let case =
        serde_json::from_str(&body).map_err(|error| StoreError::Unreadable { what: "case", id, error })?;
    Ok(Arc::new(case))
}

/// Columns of `entry e` as `entry_of` reads them.
pub(crate) const ENTRY: &str =
    "e.application_id, e.version, e.at, e.by_subject, e.role, e.verb, e.reason, e.events";

/// A stored line of history.
pub(crate) fn entry_of(row: &QueryResult) -> Result<Entry> {
    let (role, verb): (String, String) = (row.try_get("", "role")?, row.try_get("", "verb")?);
    let events: String = row.try_get("", "events")?;
    let id: String = row.try_get("", "application_id")?;
    let version: i64 = row.try_get("", "version")?;
    Ok(Entry {
        version: version as u64,
        at: row.try_get("", "at")?,
        by: row.try_get("", "by_subject")?,
        role: known(Role::parse(&role), "role", &role)?,
        verb: known(Verb::parse(&verb), "verb", &verb)?,
        reason: row.try_get("", "reason")?,
        events: serde_json::from_str(&events).map_err(|error| StoreError::Unreadable {
            what: "events",
            id,
            error,
        })?,
    })
}
