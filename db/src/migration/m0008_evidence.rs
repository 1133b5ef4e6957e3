//! Signed checkpoints, the keys that sign them, and an order of the audit in which nothing arrives late.

use sea_orm_migration::prelude::*;

pub(crate) struct Evidence;

impl MigrationName for Evidence {
    fn name(&self) -> &str {
        "m0008_evidence"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Evidence {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE TABLE audit_line (
  seq {seq},
{pg}  xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
{lite}  xid bigint NOT NULL DEFAULT 0,
  id text NOT NULL,
  institution text NOT NULL,
  application_id text,
  at {at} NOT NULL,
  by_subject text NOT NULL,
  role text NOT NULL,
  kind text NOT NULL,
  verb text,
  code text,
  detail text NOT NULL
);
INSERT INTO audit_line (id, institution, application_id, at, by_subject, role, kind, verb, code, detail)
SELECT id, institution, application_id, at, by_subject, role, kind, verb, code, detail FROM audit ORDER BY at, id;
DROP TABLE audit;
ALTER TABLE audit_line RENAME TO audit;
CREATE UNIQUE INDEX audit_id ON audit (id);
CREATE INDEX audit_at ON audit (institution, at, id);
CREATE INDEX audit_rate ON audit (seq) WHERE kind = 'RATE';
CREATE INDEX audit_of_case ON audit (institution, application_id, at, id) WHERE kind = 'ACCESS';
CREATE INDEX audit_of_person ON audit (institution, by_subject, at, id) WHERE kind = 'ACCESS';
{pg} CREATE INDEX audit_feed ON audit (xid, seq);

CREATE TABLE checkpoint (
  number bigint PRIMARY KEY,
  at {at} NOT NULL,
  kid text NOT NULL,
  note text NOT NULL,
  leaves text NOT NULL,
  edge text NOT NULL
);

CREATE TABLE checkpoint_key (
  kid text PRIMARY KEY,
  at {at} NOT NULL,
  record text NOT NULL
);
";
