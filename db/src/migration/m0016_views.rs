//! Saved views of lists, and the index under the figures by month of reception.

use sea_orm_migration::prelude::*;

pub(crate) struct Views;

impl MigrationName for Views {
    fn name(&self) -> &str {
        "m0016_views"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Views {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE TABLE saved_view (
  id text PRIMARY KEY,
  institution text NOT NULL,
  owner text NOT NULL,
  branch text,
  page text NOT NULL,
  name text NOT NULL,
  search text NOT NULL,
  saved_at {at} NOT NULL
);
CREATE UNIQUE INDEX saved_view_own ON saved_view (institution, owner, page, name);
CREATE INDEX saved_view_branch ON saved_view (institution, page, branch) WHERE branch IS NOT NULL;

CREATE INDEX application_received ON application (institution, received_on) WHERE received_on IS NOT NULL;
";
