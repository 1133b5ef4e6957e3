//! Posted rates that people enter. One line of a series begins on a day at most, returned proposals aside.

use sea_orm_migration::prelude::*;

pub(crate) struct RateLines;

impl MigrationName for RateLines {
    fn name(&self) -> &str {
        "m0004_rates"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for RateLines {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE TABLE rate_line (
  id text PRIMARY KEY,
  institution text NOT NULL,
  series text NOT NULL,
  rate text NOT NULL,
  valid_from {date} NOT NULL,
  state text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at {at} NOT NULL,
  decided_by text,
  decided_at {at},
  reason text
);
CREATE UNIQUE INDEX rate_line_day ON rate_line (institution, series, valid_from) WHERE state <> 'RETURNED';
CREATE INDEX rate_line_list ON rate_line (institution, valid_from);
";
