//! Due parcels are found by lane: mails that pile up behind a slow server are not walked over by what never waits for one.

use sea_orm_migration::prelude::*;

pub(crate) struct Lanes;

impl MigrationName for Lanes {
    fn name(&self) -> &str {
        "m0002_lanes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Lanes {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
DROP INDEX outbox_due;
CREATE INDEX outbox_due_local ON outbox (next_at) WHERE state = 'WAITING' AND channel <> 'EMAIL';
CREATE INDEX outbox_due_mail ON outbox (next_at) WHERE state = 'WAITING' AND channel = 'EMAIL';
";
