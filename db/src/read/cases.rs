//! One case and its history.

use super::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::vault::{CaseId, Opener, body_place, entry_place, key_column};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
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
        let sql = format!("SELECT {} FROM application a {}", body_columns(), w.sql());
        let mut cases = vec![];
        for row in &self.rows(sql, w).await? {
            cases.push(self.case_of(row).await?);
        }
        Ok(cases)
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
            "SELECT {} FROM entry e JOIN application a ON a.institution = e.institution AND a.id = e.application_id \
             {} ORDER BY e.version LIMIT {first}",
            entry_columns(),
            w.sql()
        );
        let mut entries = vec![];
        for row in &self.rows(sql, w).await? {
            entries.push(self.entry_of(row).await?);
        }
        Ok(entries)
    }

    /// A page of whole cases in the order of their banks and ids, for looks at everything.
    pub async fn whole_cases(
        &self,
        scope: &Scope,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Arc<Case>>> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        if let Some(after) = after {
            let (institution, id) = parse_cursor(after)?;
            let (institution, id) = (w.bind(institution), w.bind(id));
            w.and(format!("(a.institution, a.id) > ({institution}, {id})"));
        }
        let sql = format!(
            "SELECT {} FROM application a {} ORDER BY a.institution, a.id LIMIT {}",
            body_columns(),
            w.sql(),
            u64::from(first) + 1
        );
        let mut cases = vec![];
        for row in &self.rows(sql, w).await? {
            cases.push(self.case_of(row).await?);
        }
        Ok(Page::of(cases, first, |case| cursor(&case.institution, &case.id)))
    }

    /// When one of these verbs was last accepted on the case.
    pub async fn last_of(&self, scope: &Scope, id: &str, verbs: &[Verb]) -> Result<Option<DateTime<Utc>>> {
        let mut w = Where::on(self.backend());
        w.equals("e.application_id", id);
        let codes: Vec<String> = verbs.iter().map(|verb| verb.code().to_owned()).collect();
        w.is_one_of("e.verb", &codes);
        scope.on_applications(&mut w);
        let sql = format!(
            "SELECT e.at FROM entry e JOIN application a ON a.institution = e.institution AND a.id = e.application_id \
             {} ORDER BY e.version DESC LIMIT 1",
            w.sql()
        );
        self.row(sql, w).await?.map(|row| row.try_get("", "at")).transpose().map_err(StoreError::from)
    }

    async fn one_case(&self, scope: &Scope, mut w: Where) -> Result<Option<Arc<Case>>> {
        scope.on_applications(&mut w);
        let sql = format!("SELECT {} FROM application a {}", body_columns(), w.sql());
        match &self.row(sql, w).await? {
            Some(row) => self.case_of(row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The case of a row with [`body_columns`].
    pub(crate) async fn case_of(&self, row: &QueryResult) -> Result<Arc<Case>> {
        let (id, opener) = self.opener_of(row, "id").await?;
        let (body, version): (String, i64) = (row.try_get("", "body")?, row.try_get("", "version")?);
        let body = opener.open(&body_place(version), &body)?.text("case", &id)?;
        let case = serde_json::from_str(&body).map_err(|error| StoreError::Unreadable {
            what: "case",
            id,
            error,
        })?;
        Ok(Arc::new(case))
    }

    /// A stored line of history, from a row with [`entry_columns`]. Of an erased case the frame is left: who, when and which verb.
    pub(crate) async fn entry_of(&self, row: &QueryResult) -> Result<Entry> {
        let (role, verb): (String, String) = (row.try_get("", "role")?, row.try_get("", "verb")?);
        let (id, opener) = self.opener_of(row, "application_id").await?;
        let version: i64 = row.try_get("", "version")?;
        let events: String = row.try_get("", "events")?;
        let events = opener.open(&entry_place(version, "events"), &events)?.known("events", &id)?;
        let reason = opener.open_any(&entry_place(version, "reason"), row.try_get("", "reason")?)?;
        Ok(Entry {
            version: version as u64,
            at: row.try_get("", "at")?,
            by: row.try_get("", "by_subject")?,
            role: known(Role::parse(&role), "role", &role)?,
            verb: known(Verb::parse(&verb), "verb", &verb)?,
            reason: reason.map(|reason| reason.known("reason", &id)).transpose()?.flatten(),
            events: match events {
                Some(events) => serde_json::from_str(&events).map_err(|error| StoreError::Unreadable {
                    what: "events",
                    id,
                    error,
                })?,
                None => vec![],
            },
        })
    }

    /// Id of a row's case, and what opens its texts.
    pub(crate) async fn opener_of(&self, row: &QueryResult, id: &str) -> Result<(String, Opener)> {
        let (id, institution): (String, String) = (row.try_get("", id)?, row.try_get("", "institution")?);
        let opener = self.opener(CaseId::new(&institution, &id), row.try_get("", "data_key")?).await?;
        Ok((id, opener))
    }
}

/// Columns of `application a` that give the case.
pub(crate) fn body_columns() -> String {
    format!("a.id, a.institution, a.version, a.body, {}", key_column("a.institution", "a.id"))
}

/// Columns of `entry e` that give a line of history.
pub(crate) fn entry_columns() -> String {
    format!(
        "e.institution, e.application_id, e.version, e.at, e.by_subject, e.role, e.verb, e.reason, e.events, {}",
        key_column("e.institution", "e.application_id")
    )
}
