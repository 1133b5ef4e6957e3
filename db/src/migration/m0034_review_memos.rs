//! The desk of a guarantee institution: memos that its people write for each other on a case that they were asked about, and the index under
//! its answers of a period, which no other entry touches.

use sea_orm_migration::prelude::*;

pub(crate) struct ReviewMemos;

impl MigrationName for ReviewMemos {
    fn name(&self) -> &str {
        "m0034_review_memos"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for ReviewMemos {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `body` is sealed under the data key of the case. A row is written once: nothing changes or deletes it.
const SCRIPT: &str = "
CREATE TABLE review_memo (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  organisation text NOT NULL,
  author text NOT NULL,
  made_at {at} NOT NULL,
  body text NOT NULL
);
CREATE INDEX review_memo_case ON review_memo (institution, application_id, organisation, made_at, id);

CREATE INDEX entry_answer ON entry (institution, at, application_id)
  WHERE verb IN ('approveGuarantee', 'conditionGuarantee', 'declineGuarantee');
";
