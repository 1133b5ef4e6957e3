//! Finds the entries that opened a case in emergency without a look through all others.

use sea_orm_migration::prelude::*;

pub(crate) struct Emergencies;

impl MigrationName for Emergencies {
    fn name(&self) -> &str {
        "m0014_emergencies"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Emergencies {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE INDEX entry_emergency ON entry (institution, seq) WHERE verb = 'openCaseInEmergency';
";
