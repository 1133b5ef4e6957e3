//! Who acts for an absent colleague, and until when.

use sea_orm_migration::prelude::*;

pub(crate) struct Deputies;

impl MigrationName for Deputies {
    fn name(&self) -> &str {
        "m0011_deputies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Deputies {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE TABLE deputy (
  id text PRIMARY KEY,
  institution text NOT NULL,
  absent text NOT NULL,
  role text NOT NULL,
  branches text NOT NULL,
  subject text NOT NULL,
  from_day {date} NOT NULL,
  until_day {date} NOT NULL,
  reason text NOT NULL,
  named_at {at} NOT NULL,
  ended_by text,
  ended_at {at}
);
CREATE INDEX deputy_absent ON deputy (institution, absent, until_day);
";
