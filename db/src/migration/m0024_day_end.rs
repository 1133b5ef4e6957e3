//! The end of a day: lists and files that were handed in, closings and reopenings. Orders of a day are found by their messages to core
//! banking, which stay.

use sea_orm_migration::prelude::*;

pub(crate) struct DayEnd;

impl MigrationName for DayEnd {
    fn name(&self) -> &str {
        "m0024_day_end"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for DayEnd {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `body` is the whole line; the other columns follow from it. A file of transfers counts once; a bank has one proposal at a time, so
/// that days are closed one after the other.
const SCRIPT: &str = "
CREATE TABLE day_line (
  id text PRIMARY KEY,
  institution text NOT NULL,
  day {date} NOT NULL,
  step text NOT NULL,
  state text NOT NULL,
  digest text,
  body text NOT NULL
);
CREATE INDEX day_line_day ON day_line (institution, day, id);
CREATE INDEX day_line_steps ON day_line (institution, step, id);
CREATE UNIQUE INDEX day_line_file ON day_line (institution, digest) WHERE step = 'TRANSFERS';
CREATE UNIQUE INDEX day_line_proposal ON day_line (institution) WHERE state = 'PROPOSED';
CREATE INDEX outbox_money ON outbox (institution, created_at) WHERE kind IN ('POSTING_ORDER', 'REVERSAL_ORDER');
";
