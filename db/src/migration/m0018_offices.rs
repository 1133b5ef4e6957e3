//! Offices of partners: who of an organisation answers for a case, one row for each time that it changed hands; accounts are found by
//! their organisation.

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
CREATE INDEX account_organisation ON account (({organisation}), subject);
";
