//! Row-level security on PostgreSQL: whoever forgets to say whose rows he wants finds none.

use sea_orm_migration::prelude::*;

pub(crate) struct Walls;

impl MigrationName for Walls {
    fn name(&self) -> &str {
        "m0012_walls"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Walls {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}
