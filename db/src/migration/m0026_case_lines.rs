//! What stands beside a case: whether the scrivener's office took the job, what it costs, whom it identified, and where the paper
//! originals are. Calendar feeds stand beside accounts: their address is looked up before anybody knows whose it is.

use sea_orm_migration::prelude::*;

pub(crate) struct CaseLines;

impl MigrationName for CaseLines {
    fn name(&self) -> &str {
        "m0026_case_lines"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CaseLines {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `body` is the whole line; the other columns follow from it. An office answers for a case once, and has one line of costs in it. Of a
/// feed's address the digest alone is kept.
const SCRIPT: &str = "
CREATE TABLE case_line (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  kind text NOT NULL,
  organisation text NOT NULL,
  state text NOT NULL,
  due_on {date},
  version bigint NOT NULL,
  body text NOT NULL
);
CREATE INDEX case_line_case ON case_line (institution, application_id, kind, id);
CREATE INDEX case_line_due ON case_line (institution, kind, due_on, id);
CREATE UNIQUE INDEX case_line_once ON case_line (institution, application_id, organisation, kind)
  WHERE kind IN ('ENGAGEMENT', 'COSTS');

CREATE TABLE calendar_feed (
  id text PRIMARY KEY,
  subject text NOT NULL,
  digest text NOT NULL,
  made_at {at} NOT NULL
);
CREATE UNIQUE INDEX calendar_feed_subject ON calendar_feed (subject);
";
