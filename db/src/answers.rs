//! Answers as they were sent, by caller and key: a repeat at another process gets the same bytes. And the end of old keys.
//!
//! The receipt of a command is written with its effect and decides; the answer follows it at once and only repeats it.

use crate::receipt::caller;
use crate::sql::{micros, stamp, statement};
use crate::wall::{Within, gate};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use serde::Serialize;
use workflows::machine::Actor;

/// An answer that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    pub institution: String,
    /// As [`caller_of`] gives it.
    pub caller: String,
    pub key: String,
    pub body_hash: String,
    pub body: String,
    pub at: DateTime<Utc>,
}

/// What is known of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Known {
    /// Taken by this call.
    Fresh,
    /// Another request has taken it and not answered yet.
    Running,
    /// Used for another request.
    Other,
    Answered(String),
}

/// Who a key belongs to.
pub fn caller_of(actor: &Actor) -> String {
    caller(actor)
}

#[derive(Serialize)]
struct Line<'a> {
    institution: &'a str,
    caller: &'a str,
    key: &'a str,
    body_hash: &'a str,
    body: &'a str,
    at: String,
}

/// Receipts under keys that begin so are never forgotten: ids of incoming webhooks.
pub const KEPT_FOR_EVER: &str = "webhook_";

impl Store {
    /// Keeps answers, all in one statement. An answer that is there already stays.
    pub async fn keep_answers(&self, answers: &[Kept]) -> Result<()> {
        if answers.is_empty() {
            return Ok(());
        }
        let lines: Vec<Line<'_>> = answers
            .iter()
            .map(|kept| Line {
                institution: &kept.institution,
                caller: &kept.caller,
                key: &kept.key,
                body_hash: &kept.body_hash,
                body: &kept.body,
                at: stamp(kept.at),
            })
            .collect();
        let from = match self.backend() {
            DbBackend::Postgres => {
                "SELECT institution, caller, key, body_hash, body, at FROM jsonb_to_recordset($1::jsonb) AS \
                 x(institution text, caller text, key text, body_hash text, body text, at timestamptz)"
            }
            _ => {
                "SELECT value->>'institution', value->>'caller', value->>'key', value->>'body_hash', value->>'body', \
                 value->>'at' FROM json_each($1) WHERE true"
            }
        };
        let sql = format!(
            "INSERT INTO answer (institution, caller, key, body_hash, body, at) {from} \
             ON CONFLICT (institution, caller, key) DO UPDATE SET body = EXCLUDED.body \
             WHERE answer.body IS NULL AND answer.body_hash = EXCLUDED.body_hash"
        );
        let values = vec![serde_json::to_string(&lines)?.into()];
        self.writer().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(())
    }

    /// The answer that was given under a key to a request with this hash.
    pub async fn kept_answer(&self, actor: &Actor, key: &str, body_hash: &str) -> Result<Option<String>> {
        Ok(match self.known_answer(actor, key, body_hash).await? {
            Some(Known::Answered(body)) => Some(body),
            _ => None,
        })
    }

    /// Takes a key for a request that leaves no receipt. One whose first request has not answered by `since` is taken over.
    pub async fn take_key(
        &self,
        actor: &Actor,
        key: &str,
        body_hash: &str,
        now: DateTime<Utc>,
        since: DateTime<Utc>,
    ) -> Result<Known> {
        let sql = "INSERT INTO answer (institution, caller, key, body_hash, at) VALUES ($1, $2, $3, $4, $5) \
             ON CONFLICT (institution, caller, key) DO UPDATE SET at = EXCLUDED.at \
             WHERE answer.body IS NULL AND answer.body_hash = EXCLUDED.body_hash AND answer.at < $6";
        let mut values = owner(actor, key);
        values.extend([body_hash.into(), micros(now).into(), micros(since).into()]);
        let taken = self.writer().execute_raw(statement(self.backend(), sql, values)).await?;
        if taken.rows_affected() > 0 {
            return Ok(Known::Fresh);
        }
        // Between the two statements the key can only have been freed: then the repeat comes again.
        Ok(self.known_answer(actor, key, body_hash).await?.unwrap_or(Known::Running))
    }

    /// Frees a key whose request came to nothing.
    pub async fn free_key(&self, actor: &Actor, key: &str) -> Result<()> {
        let sql = "DELETE FROM answer WHERE institution = $1 AND caller = $2 AND key = $3 AND body IS NULL";
        self.writer().execute_raw(statement(self.backend(), sql, owner(actor, key))).await?;
        Ok(())
    }

    async fn known_answer(&self, actor: &Actor, key: &str, body_hash: &str) -> Result<Option<Known>> {
        let sql = "SELECT body_hash, body FROM answer WHERE institution = $1 AND caller = $2 AND key = $3";
        let row = self.writer().query_one_raw(statement(self.backend(), sql, owner(actor, key))).await?;
        let Some(row) = row else { return Ok(None) };
        let known: String = row.try_get("", "body_hash")?;
        let body: Option<String> = row.try_get("", "body")?;
        Ok(Some(match body {
            _ if known != body_hash => Known::Other,
            Some(body) => Known::Answered(body),
            None => Known::Running,
        }))
    }

    /// Forgets at most `most` receipts and as many answers from before an instant; how many those were. The log does not name
    /// receipts: its proof stays what it was.
    pub async fn forget_keys(&self, before: DateTime<Utc>, most: u32) -> Result<u64> {
        let mut forgotten = 0;
        for table in ["receipt", "answer"] {
            let mut values = vec![micros(before).into(), i64::from(most).into()];
            let gate = gate(self.backend(), Within::Across, &mut values);
            // What came as a webhook is known for ever, by its receipt.
            let leaving = match table {
                "receipt" => format!("substr(key, 1, {}) <> '{KEPT_FOR_EVER}'", KEPT_FOR_EVER.len()),
                _ => "1 = 1".to_owned(),
            };
            let sql = match self.backend() {
                DbBackend::Postgres => format!(
                    "DELETE FROM {table} WHERE {gate} AND ctid = ANY (ARRAY(SELECT ctid FROM {table} WHERE {gate} AND at < $1 AND {leaving} LIMIT $2 \
                     FOR UPDATE SKIP LOCKED))"
                ),
                // Rows come in the order of time: the oldest are looked at, however many there are.
                _ => format!(
                    "DELETE FROM {table} WHERE rowid IN (SELECT rowid FROM (SELECT rowid, at FROM {table} WHERE {leaving} ORDER BY rowid \
                     LIMIT $2) WHERE at < $1)"
                ),
            };
            let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
            forgotten += done.rows_affected();
        }
        Ok(forgotten)
    }
}

fn owner(actor: &Actor, key: &str) -> Vec<Value> {
    vec![actor.institution.clone().into(), caller(actor).into(), key.into()]
}
