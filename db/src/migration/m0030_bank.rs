//! Parcels of the outbox that belong to the bank and to no case, and the index of dead letters in the list of incidents.

use sea_orm_migration::prelude::*;

pub(crate) struct OfBank;

impl MigrationName for OfBank {
    fn name(&self) -> &str {
        "m0030_bank"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for OfBank {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == sea_orm::DbBackend::Postgres {
            manager.get_connection().execute_unprepared(WITHOUT_KEY).await?;
        } else {
            super::run(manager, &anew()).await?;
        }
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// A parcel of the bank has an empty case. That every other one has its case is verification's to find (`LEDGER`).
const WITHOUT_KEY: &str = "
DO $key$
DECLARE
  c text;
BEGIN
  FOR c IN SELECT conname FROM pg_constraint WHERE contype = 'f' AND conrelid = 'outbox'::regclass AND confrelid = 'application'::regclass
  LOOP
    EXECUTE format('ALTER TABLE outbox DROP CONSTRAINT %I', c);
  END LOOP;
END
$key$;
";

/// SQLite takes no constraint away: the table is written anew under its name, so that the routine that writes to it is not touched.
fn anew() -> String {
    format!(
        "CREATE TABLE outbox_before AS SELECT {COLUMNS} FROM outbox;
DROP TABLE outbox;
{TABLE}
INSERT INTO outbox ({COLUMNS}) SELECT {COLUMNS} FROM outbox_before;
DROP TABLE outbox_before;
{INDEXES}"
    )
}

const COLUMNS: &str = "id, institution, application_id, version, channel, kind, branch, subject, address, payload, state, attempts, token, worker, \
                       next_at, created_at, settled_at, error, closed_by, closed_reason, tries, replaces, mail_to, paper, beside, digest";

const TABLE: &str = "
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
  tries text,
  replaces text,
  mail_to text,
  paper text,
  beside text,
  digest text
);
";

/// As the migrations before this one have them.
const INDEXES: &str = "
CREATE INDEX outbox_due_local ON outbox (next_at) WHERE state = 'WAITING' AND channel <> 'EMAIL';
CREATE INDEX outbox_due_mail ON outbox (next_at) WHERE state = 'WAITING' AND channel = 'EMAIL';
CREATE INDEX outbox_parked ON outbox (institution, settled_at, id) WHERE state = 'PARKED';
CREATE INDEX outbox_application ON outbox (institution, application_id, version);
CREATE INDEX outbox_money ON outbox (institution, created_at) WHERE kind IN ('POSTING_ORDER', 'REVERSAL_ORDER');
CREATE INDEX outbox_push ON outbox (institution, address, application_id, version) WHERE state = 'WAITING' AND channel = 'PARTNER';
CREATE INDEX outbox_paper ON outbox (institution, settled_at, id) WHERE paper = 'DUE';
CREATE INDEX outbox_of_digest ON outbox (digest) WHERE digest IS NOT NULL;
CREATE INDEX outbox_digest ON outbox (next_at, id) WHERE digest IS NOT NULL AND state = 'WAITING';
";

const SCRIPT: &str = "
CREATE INDEX webhook_message_parked ON webhook_message (institution, settled_at, id) WHERE state = 'PARKED';
";
