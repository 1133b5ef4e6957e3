//! What callers have spent lately, told by every process of an installation to the others. PostgreSQL alone: a SQLite file has
//! one process, which keeps its own count.

use crate::sql::statement;
use crate::{Result, Store};
use sea_orm::{ConnectionTrait, DbBackend};
use serde::Serialize;

/// What a process adds to a name since it last told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spent {
    /// A digest: the table names nobody.
    pub name: String,
    /// Thousandths of cost.
    pub cost: i64,
    /// Cost that drains away in a minute.
    pub per_minute: i64,
}

impl Store {
    /// Is there another process to share counts with?
    pub fn shares_spending(&self) -> bool {
        self.backend() == DbBackend::Postgres
    }

    /// Adds what was spent, one statement for all names; gives the level of each in thousandths of cost, drained until now.
    pub async fn spend(&self, spent: &[Spent]) -> Result<Vec<(String, i64)>> {
        if spent.is_empty() || !self.shares_spending() {
            return Ok(vec![]);
        }
        // In the order of names, so that two processes never wait for each other in a circle. Time is that of the database.
        let sql = "INSERT INTO spending AS known (name, level, per_minute, at) \
             SELECT name, cost, per_minute, clock_timestamp() FROM jsonb_to_recordset($1::jsonb) \
             AS told(name text, cost bigint, per_minute bigint) ORDER BY name COLLATE \"C\" \
             ON CONFLICT (name) DO UPDATE SET per_minute = EXCLUDED.per_minute, at = GREATEST(known.at, EXCLUDED.at), \
             level = EXCLUDED.level + GREATEST(0, known.level - (GREATEST(0, EXTRACT(epoch FROM EXCLUDED.at - known.at)) \
             * EXCLUDED.per_minute * 1000 / 60)::bigint) \
             RETURNING name, level";
        let values = vec![serde_json::to_string(spent)?.into()];
        let rows = self.writer().query_all_raw(statement(self.backend(), sql, values)).await?;
        rows.into_iter().map(|row| Ok((row.try_get("", "name")?, row.try_get("", "level")?))).collect()
    }

    /// Forgets names that nobody has used for five minutes, when everything has drained; how many those were, at most `most`.
    pub async fn forget_spending(&self, most: u32) -> Result<u64> {
        if !self.shares_spending() {
            return Ok(0);
        }
        let sql = "DELETE FROM spending WHERE ctid = ANY (ARRAY(SELECT ctid FROM spending \
             WHERE at < clock_timestamp() - interval '5 minutes' LIMIT $1 FOR UPDATE SKIP LOCKED))";
        let values = vec![i64::from(most).into()];
        Ok(self.writer().execute_raw(statement(self.backend(), sql, values)).await?.rows_affected())
    }
}
