//! Messages that are pushed to partners: whether an earlier one of the same case still waits at the same partner.

use sea_orm_migration::prelude::*;

pub(crate) struct Pushes;

impl MigrationName for Pushes {
    fn name(&self) -> &str {
        "m0025_pushes"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Pushes {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE INDEX outbox_push ON outbox (institution, address, application_id, version)
  WHERE state = 'WAITING' AND channel = 'PARTNER';
";
