//! Addresses of calendars: one for a person of a scrivener's office, who makes, replaces and revokes it. Of the secret in it the digest
//! alone is kept (decision 32).

use crate::accounts::{ACCOUNT, account_of_row};
use crate::audit::{self, AuditRow};
use crate::read::Scope;
use crate::sql::{micros, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Value};
use serde_json::json;
use workflows::account::Account;

/// An address of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feed {
    pub id: String,
    /// SHA-256 of the secret, in hex.
    pub digest: String,
    pub made_at: DateTime<Utc>,
    /// Whose it is.
    pub account: Account,
}

/// The kind of its lines in the audit.
const KIND: &str = "CALENDAR";

impl Store {
    /// Makes the address of the caller's calendar, instead of the one that there was; its id.
    pub async fn make_feed(&self, scope: &Scope, digest: &str, now: DateTime<Utc>) -> Result<String> {
        let id = uuid::Uuid::new_v4().simple().to_string();
        self.replace_feed(scope, Some((&id, digest)), now).await?;
        Ok(id)
    }

    /// Revokes the address of the caller's calendar. False: there was none.
    pub async fn revoke_feed(&self, scope: &Scope, now: DateTime<Utc>) -> Result<bool> {
        self.replace_feed(scope, None, now).await
    }

    async fn replace_feed(
        &self,
        scope: &Scope,
        new: Option<(&str, &str)>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let (actor, backend) = (scope.actor(), self.backend());
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let values: Vec<Value> = vec![actor.subject.clone().into()];
        let gone = tx
            .execute_raw(statement(backend, "DELETE FROM calendar_feed WHERE subject = $1", values))
            .await?;
        let (step, id) = match new {
            Some((id, digest)) => {
                let sql = "INSERT INTO calendar_feed (id, subject, digest, made_at) VALUES ($1, $2, $3, $4)";
                let values: Vec<Value> =
                    vec![id.into(), actor.subject.clone().into(), digest.into(), micros(now).into()];
                tx.execute_raw(statement(backend, sql, values)).await?;
                ("makeCalendarFeed", Some(id))
            }
            None if gone.rows_affected() == 0 => return Ok(false),
            None => ("revokeCalendarFeed", None),
        };
        let audited = AuditRow::step_of(actor, KIND, (step, "FEED"), &json!({ "feed": id }), now)?;
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Since when the caller has an address.
    pub async fn feed_since(&self, scope: &Scope) -> Result<Option<DateTime<Utc>>> {
        let sql = "SELECT f.made_at FROM calendar_feed f WHERE f.subject = $1";
        let values: Vec<Value> = vec![scope.actor().subject.clone().into()];
        let row = self.reader().query_one_raw(statement(self.backend(), sql, values)).await?;
        row.map(|row| row.try_get("", "made_at")).transpose().map_err(Into::into)
    }

    /// The feed of an id with the account behind it. For the server's own use: no scope.
    pub async fn calendar_feed(&self, id: &str) -> Result<Option<Feed>> {
        let sql = format!(
            "SELECT f.id AS feed_id, f.digest, f.made_at, {ACCOUNT} FROM calendar_feed f JOIN account a ON a.subject = f.subject \
             WHERE f.id = $1"
        );
        let row = self.reader().query_one_raw(statement(self.backend(), sql, vec![id.into()])).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Feed {
            id: row.try_get("", "feed_id")?,
            digest: row.try_get("", "digest")?,
            made_at: row.try_get("", "made_at")?,
            account: account_of_row(&row)?,
        }))
    }
}
