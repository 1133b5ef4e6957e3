//! What somebody has typed of an application and not handed over yet.

use sea_orm_migration::prelude::*;

pub(crate) struct IntakeDrafts;

impl MigrationName for IntakeDrafts {
    fn name(&self) -> &str {
        "m0031_intake_drafts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for IntakeDrafts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `body` is sealed under a data key of its own, which stands wrapped beside it (`kid`, `wrapped`) and goes with the row. `branch` is
/// empty where its owner works for the whole bank, `kid` where the store has no vault.
const SCRIPT: &str = "
CREATE TABLE intake_draft (
  id text PRIMARY KEY,
  institution text NOT NULL,
  branch text NOT NULL,
  owner text NOT NULL,
  version bigint NOT NULL,
  body text NOT NULL,
  kid text NOT NULL,
  wrapped text NOT NULL,
  saved_at {at} NOT NULL
);
CREATE INDEX intake_draft_own ON intake_draft (institution, owner, saved_at, id);
CREATE INDEX intake_draft_old ON intake_draft (saved_at);
";
