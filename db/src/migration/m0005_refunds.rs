//! The guarantor's tables are dated lines beside the rates: their cells, as JSON.

use sea_orm_migration::prelude::*;

pub(crate) struct RefundCells;

impl MigrationName for RefundCells {
    fn name(&self) -> &str {
        "m0005_refunds"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for RefundCells {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
ALTER TABLE rate_line ADD COLUMN cells text;
";
