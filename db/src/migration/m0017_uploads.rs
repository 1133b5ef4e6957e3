//! Uploads: files on their way into a case, and what became of them.

use sea_orm_migration::prelude::*;

pub(crate) struct Uploads;

impl MigrationName for Uploads {
    fn name(&self) -> &str {
        "m0017_uploads"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Uploads {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

// `bytes` is what was announced, `received` what is here, in `pieces` (names and lengths); `detail` is sealed.
const SCRIPT: &str = "
CREATE TABLE upload (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  subject text NOT NULL,
  role text NOT NULL,
  state text NOT NULL,
  bytes bigint NOT NULL,
  received bigint NOT NULL,
  pieces text NOT NULL,
  detail text NOT NULL,
  reason text,
  begun_at {at} NOT NULL,
  ends_at {at} NOT NULL,
  held_until {at},
  settled_at {at}
);
CREATE INDEX upload_case ON upload (institution, application_id, id);
CREATE INDEX upload_open ON upload (institution, subject) WHERE state = 'OPEN';
CREATE INDEX upload_due ON upload (ends_at) WHERE state IN ('OPEN', 'WAITING');
";
