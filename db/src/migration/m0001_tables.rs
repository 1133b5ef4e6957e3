//! The first tables. The institution stands in every row, key and reference, so that the banks can be partitioned later.

use sea_orm_migration::prelude::*;

pub(crate) struct Tables;

impl MigrationName for Tables {
    fn name(&self) -> &str {
        "m0001_tables"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Tables {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE TABLE application (
  id text PRIMARY KEY,
  institution text NOT NULL,
  branch text NOT NULL,
  number text,
  external_id text,
  stage text NOT NULL,
  version bigint NOT NULL,
  applicant_subject text,
  name_kanji text NOT NULL,
  name_kana text NOT NULL,
  product text NOT NULL,
  amount_yen bigint NOT NULL,
  planned_date {date} NOT NULL,
  received_on {date},
  created_at {at} NOT NULL,
  updated_at {at} NOT NULL,
  updated_by text NOT NULL,
  head_hash text NOT NULL,
  body text NOT NULL
);
CREATE UNIQUE INDEX application_institution_id ON application (institution, id);
CREATE UNIQUE INDEX application_number ON application (institution, number);
CREATE UNIQUE INDEX application_external_id ON application (institution, external_id);
{pg} CREATE INDEX application_list ON application (institution, updated_at, id) INCLUDE (branch, stage, number, external_id, version, applicant_subject, name_kanji, name_kana, product, amount_yen, planned_date, received_on, created_at);
{pg} CREATE INDEX application_stage ON application (institution, stage, branch, updated_at, id) INCLUDE (number, external_id, version, applicant_subject, name_kanji, name_kana, product, amount_yen, planned_date, received_on, created_at);
{lite} CREATE INDEX application_list ON application (institution, updated_at, id, branch, stage, number, external_id, version, applicant_subject, name_kanji, name_kana, product, amount_yen, planned_date, received_on, created_at);
{lite} CREATE INDEX application_stage ON application (institution, stage, branch, updated_at, id, number, external_id, version, applicant_subject, name_kanji, name_kana, product, amount_yen, planned_date, received_on, created_at);
CREATE INDEX application_planned ON application (institution, planned_date, id);
CREATE INDEX application_applicant ON application (institution, applicant_subject) WHERE applicant_subject IS NOT NULL;

{pg} DO $$ BEGIN ALTER TABLE application ALTER COLUMN body SET COMPRESSION lz4; EXCEPTION WHEN feature_not_supported THEN NULL; END $$;

CREATE TABLE entry (
  seq {seq},
{pg}  xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
{lite}  xid bigint NOT NULL DEFAULT 0,
  institution text NOT NULL,
  application_id text NOT NULL,
  version bigint NOT NULL,
  at {at} NOT NULL,
  by_subject text NOT NULL,
  role text NOT NULL,
  verb text NOT NULL,
  reason text,
  events text NOT NULL,
  parcels bigint NOT NULL,
  prev_hash text NOT NULL,
  hash text NOT NULL,
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);
CREATE UNIQUE INDEX entry_version ON entry (institution, application_id, version);
{pg} CREATE INDEX entry_feed ON entry (xid, seq);

CREATE TABLE engagement (
  institution text NOT NULL,
  application_id text NOT NULL,
  role text NOT NULL,
  organisation text NOT NULL,
  PRIMARY KEY (institution, role, organisation, application_id),
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);

CREATE TABLE outbox (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  version bigint NOT NULL,
  channel text NOT NULL,
  kind text NOT NULL,
  branch text NOT NULL,
  subject text,
  address text NOT NULL,
  payload text NOT NULL,
  state text NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  token bigint NOT NULL DEFAULT 0,
  worker text,
  next_at {at} NOT NULL,
  created_at {at} NOT NULL,
  settled_at {at},
  error text,
  closed_by text,
  closed_reason text,
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);
CREATE INDEX outbox_due ON outbox (next_at) WHERE state = 'WAITING';
CREATE INDEX outbox_parked ON outbox (institution, settled_at, id) WHERE state = 'PARKED';
CREATE INDEX outbox_application ON outbox (institution, application_id, version);

CREATE TABLE inbox (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  number text,
  kind text NOT NULL,
  recipient text NOT NULL,
  role text NOT NULL,
  branch text NOT NULL,
  organisation text,
  subject text,
  at {at} NOT NULL,
  subject_ja text NOT NULL,
  subject_en text NOT NULL,
  body_ja text NOT NULL,
  body_en text NOT NULL,
  read_at {at},
  read_by text,
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);
CREATE INDEX inbox_role ON inbox (institution, role, at, id);
CREATE INDEX inbox_subject ON inbox (institution, subject, at, id) WHERE subject IS NOT NULL;

CREATE TABLE task (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  branch text NOT NULL,
  task text NOT NULL,
  role text NOT NULL,
  organisation text,
  subject text,
  due_on {date} NOT NULL,
  opened_at {at} NOT NULL,
  claimed_by text,
  claimed_at {at},
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);
CREATE INDEX task_queue ON task (institution, role, due_on, id, branch);
CREATE INDEX task_application ON task (institution, application_id);

CREATE TABLE deadline (
  institution text NOT NULL,
  application_id text NOT NULL,
  timer text NOT NULL,
  key text NOT NULL,
  due_at {at} NOT NULL,
  next_at {at},
  attempts bigint NOT NULL DEFAULT 0,
  token bigint NOT NULL DEFAULT 0,
  worker text,
  PRIMARY KEY (institution, application_id, timer, key),
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);
CREATE INDEX deadline_due ON deadline (next_at) WHERE next_at IS NOT NULL;

CREATE TABLE receipt (
  institution text NOT NULL,
  caller text NOT NULL,
  key text NOT NULL,
  body_hash text NOT NULL,
  application_id text,
  outcome text NOT NULL,
  at {at} NOT NULL,
  CONSTRAINT receipt_key PRIMARY KEY (institution, caller, key)
);

CREATE TABLE audit (
  id text PRIMARY KEY,
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
CREATE INDEX audit_at ON audit (institution, at, id);
";
