//! Sessions of browsers: of the secret in the cookie only its digest is kept. They end on the server.

use crate::accounts::{ACCOUNT, IDS, account_at, account_of_row, ids_of};
use crate::audit::{self, AuditRow};
use crate::sql::{micros, row_set, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde_json::json;
use workflows::account::Account;
use workflows::machine::Role;

/// The kind of their lines in the audit, and the step that ends every session of a person.
pub(crate) const KIND: &str = "SESSION";
pub(crate) const SIGN_OUT_EVERYWHERE: &str = "signOutEverywhere";
/// How long an ended session is remembered, for whoever asks what happened.
const REMEMBERED: TimeDelta = TimeDelta::days(7);

/// A session that was not ended, with the account behind it. Whether it still counts is asked of [`Session::counts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret in the cookie, in hex.
    pub digest: String,
    pub account: Account,
    pub begun_at: DateTime<Utc>,
    /// The last use, to within a minute.
    pub seen_at: DateTime<Utc>,
    /// Whatever happens, it ends then.
    pub ends_at: DateTime<Utc>,
}

impl Session {
    /// Is it in use, not too old, and of an account that may be used?
    pub fn counts(&self, now: DateTime<Utc>, idle: TimeDelta) -> bool {
        now < self.ends_at && now < self.seen_at + idle && self.account.counts(self.begun_at)
    }
}

impl Store {
    /// Begins a session, and ends the one that the browser came with.
    pub async fn begin_session(
        &self,
        session: &Session,
        instead_of: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&session.account.institution)).await?;
        if let Some(old) = instead_of {
            end(&tx, "digest", old, now).await?;
        }
        let backend = self.backend();
        let sql = "DELETE FROM session WHERE account_id = $1 AND ends_at < $2";
        let account = &session.account;
        let values: Vec<Value> = vec![account.id.clone().into(), (micros(now) - REMEMBERED).into()];
        tx.execute_raw(statement(backend, sql, values)).await?;
        let sql = "INSERT INTO session (digest, account_id, institution, begun_at, seen_at, ends_at) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let values: Vec<Value> = vec![
            session.digest.clone().into(),
            account.id.clone().into(),
            account.institution.clone().into(),
            micros(session.begun_at).into(),
            micros(session.seen_at).into(),
            micros(session.ends_at).into(),
        ];
        tx.execute_raw(statement(backend, sql, values)).await?;
        note(&tx, account, "signIn", json!({}), now).await?;
        Ok(tx.commit().await?)
    }

    /// The session of a digest, unless it was ended.
    pub async fn session(&self, digest: &str) -> Result<Option<Session>> {
        let sql = format!(
            "SELECT {SESSION}, {ACCOUNT} FROM session s JOIN account a ON a.id = s.account_id \
             WHERE s.digest = $1 AND s.ended_at IS NULL"
        );
        let values = vec![digest.into()];
        let row = self.reader().query_one_raw(statement(self.backend(), sql, values)).await?;
        row.as_ref().map(session_of_row).transpose()
    }

    /// The sessions of these digests that were not ended, in one statement.
    pub async fn sessions(&self, digests: &[String]) -> Result<Vec<Session>> {
        let set = row_set(self.backend(), 1, "r", IDS);
        let sql = format!(
            "SELECT {SESSION}, {ACCOUNT} FROM (SELECT r.id AS wanted FROM {set}) AS w \
             JOIN session s ON s.digest = w.wanted JOIN account a ON a.id = s.account_id WHERE s.ended_at IS NULL"
        );
        let values = vec![ids_of(digests)?];
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, values)).await?;
        rows.iter().map(session_of_row).collect()
    }

    /// Notes that a session was used.
    pub async fn touch_session(&self, digest: &str, now: DateTime<Utc>) -> Result<()> {
        let sql = "UPDATE session SET seen_at = $1 WHERE digest = $2 AND seen_at < $1 AND ended_at IS NULL";
        let values: Vec<Value> = vec![micros(now).into(), digest.into()];
        self.writer().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(())
    }

    /// Ends a session; with `everywhere` every other one of the person too, and no token of before counts any more.
    pub async fn end_session(&self, session: &Session, everywhere: bool, now: DateTime<Utc>) -> Result<()> {
        let account = &session.account;
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&account.institution)).await?;
        if everywhere {
            end(&tx, "account_id", &account.id, now).await?;
            let sql =
                "UPDATE account SET valid_from = $1, version = version + 1, changed_at = $1 WHERE id = $2";
            let values: Vec<Value> = vec![micros(now).into(), account.id.clone().into()];
            tx.execute_raw(statement(self.backend(), sql, values)).await?;
            // What no token of before counts for any more stands on record with the account, as every change of it.
            let after = account_at(&tx, &account.institution, &account.id).await?;
            note(&tx, account, SIGN_OUT_EVERYWHERE, json!({ "account": after }), now).await?;
        } else {
            end(&tx, "digest", &session.digest, now).await?;
            note(&tx, account, "signOut", json!({}), now).await?;
        }
        Ok(tx.commit().await?)
    }
}

const SESSION: &str = "s.digest, s.begun_at, s.seen_at, s.ends_at";

async fn end<C: ConnectionTrait>(
    connection: &C,
    column: &str,
    value: &str,
    now: DateTime<Utc>,
) -> Result<()> {
    let sql = format!("UPDATE session SET ended_at = $1 WHERE {column} = $2 AND ended_at IS NULL");
    let values: Vec<Value> = vec![micros(now).into(), value.into()];
    let backend = connection.get_database_backend();
    connection.execute_raw(statement(backend, sql, values)).await?;
    Ok(())
}

/// One line of the audit.
async fn note<C: ConnectionTrait>(
    connection: &C,
    account: &Account,
    verb: &str,
    detail: serde_json::Value,
    now: DateTime<Utc>,
) -> Result<()> {
    let role = account.profile.roles.first().copied().unwrap_or(Role::System);
    let who = (account.institution.as_str(), account.subject.as_str(), role);
    let row = AuditRow::step(who, KIND, (verb, verb), detail.to_string(), now);
    audit::add(connection, &row).await
}

fn session_of_row(row: &QueryResult) -> Result<Session> {
    Ok(Session {
        digest: row.try_get("", "digest")?,
        account: account_of_row(row)?,
        begun_at: row.try_get("", "begun_at")?,
        seen_at: row.try_get("", "seen_at")?,
        ends_at: row.try_get("", "ends_at")?,
    })
}
