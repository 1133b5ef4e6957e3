//! Answers to mutations for repeats at another process, the age of keys, and what callers have spent.

use sea_orm_migration::prelude::*;

pub(crate) struct Answers;

impl MigrationName for Answers {
    fn name(&self) -> &str {
        "m0010_answers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Answers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

// Keys come in the order of time: block ranges find old ones and cost a commit next to nothing. Spending is worth nothing after
// a crash of the database; a SQLite file has one process, and its table stays empty.
const SCRIPT: &str = "
CREATE TABLE answer (
  institution text NOT NULL,
  caller text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  body text,
  at {at} NOT NULL,
  CONSTRAINT answer_key PRIMARY KEY (institution, caller, key)
);
{pg} CREATE INDEX answer_age ON answer USING brin (at) WITH (pages_per_range = 16);
{pg} CREATE INDEX receipt_age ON receipt USING brin (at) WITH (pages_per_range = 16);
{pg} CREATE UNLOGGED TABLE spending (name text PRIMARY KEY, level bigint NOT NULL, per_minute bigint NOT NULL, at {at} NOT NULL);
{lite} CREATE TABLE spending (name text PRIMARY KEY, level bigint NOT NULL, per_minute bigint NOT NULL, at {at} NOT NULL);
";
