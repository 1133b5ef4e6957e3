//! The register of what was issued to people of the cases: why a copy was sent anew, and the indexes of the list over all cases.

use sea_orm_migration::prelude::*;

pub(crate) struct Issued;

impl MigrationName for Issued {
    fn name(&self) -> &str {
        "m0033_issued"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Issued {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `anew` is the code of the reason for which a parcel repeats another one; the sealed line of the audit has it too. The conditions are
/// those of `read::issued`, word for word: an index of some rows is used where a statement repeats its condition.
const SCRIPT: &str = "
ALTER TABLE outbox ADD COLUMN anew text;
CREATE INDEX outbox_issued ON outbox (institution, created_at, id)
  WHERE channel <> 'PARTNER' AND kind <> 'ADDRESS_CODE' AND kind <> 'DIRECT_MAIL'
  AND substr(address, 1, 5) <> 'DESK:' AND substr(address, 1, 8) <> 'PARTNER:';
CREATE INDEX outbox_by_post ON outbox (institution, paper, created_at, id) WHERE paper IS NOT NULL;
";
