//! Offices of partners: who of an organisation answers for a case, one row for each time that it changed hands; accounts are found by
//! their organisation; and what a desk was told of lines of the registers that come due.

use crate::sql::profile_text;
use sea_orm_migration::prelude::*;

pub(crate) struct Offices;

impl MigrationName for Offices {
    fn name(&self) -> &str {
        "m0018_offices"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Offices {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let organisation = profile_text(manager.get_database_backend(), "", "organisation");
        super::run(manager, &SCRIPT.replace("{organisation}", &organisation)).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `turn` counts the times that one job changed hands: of two who hand it over at once, one finds the turn taken.
const SCRIPT: &str = "
CREATE TABLE handover (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  role text NOT NULL,
  organisation text NOT NULL,
  turn bigint NOT NULL,
  from_subject text,
  to_subject text NOT NULL,
  reason text NOT NULL,
  by_subject text NOT NULL,
  at {at} NOT NULL
);
CREATE UNIQUE INDEX handover_job ON handover (institution, application_id, role, organisation, turn);

CREATE TABLE reminder (
  id text PRIMARY KEY,
  institution text NOT NULL,
  line_id text NOT NULL,
  role text NOT NULL,
  due_on {date} NOT NULL,
  told_at {at} NOT NULL
);
CREATE UNIQUE INDEX reminder_once ON reminder (institution, line_id, due_on);
CREATE INDEX reminder_desk ON reminder (institution, role, due_on, id);

CREATE INDEX account_organisation ON account (({organisation}), subject);
";
