//! Outgoing webhooks: endpoints with their place in the log, and what is on its way to them. Ids of incoming ones, kept for ever.

use sea_orm_migration::prelude::*;

pub(crate) struct Hooks;

impl MigrationName for Hooks {
    fn name(&self) -> &str {
        "m0019_hooks"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Hooks {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `organisation` is empty where the bank owns the endpoint. `cursor_xid` and `cursor_seq` are the last entry that was looked at for it,
/// `sequence` the last number that it gave. `keys` is JSON, each key sealed. The case of a test event is empty.
const SCRIPT: &str = "
CREATE TABLE webhook_endpoint (
  id text PRIMARY KEY,
  institution text NOT NULL,
  role text NOT NULL,
  organisation text NOT NULL,
  url text NOT NULL,
  description text NOT NULL,
  types text NOT NULL,
  state text NOT NULL,
  reason text,
  keys text NOT NULL,
  version bigint NOT NULL,
  cursor_xid bigint NOT NULL,
  cursor_seq bigint NOT NULL,
  sequence bigint NOT NULL,
  failures bigint NOT NULL DEFAULT 0,
  failing_since {at},
  last_success_at {at}
);
CREATE INDEX webhook_endpoint_owner ON webhook_endpoint (institution, role, organisation);

CREATE TABLE webhook_message (
  id text PRIMARY KEY,
  institution text NOT NULL,
  endpoint_id text NOT NULL,
  sequence bigint NOT NULL,
  application_id text NOT NULL,
  version bigint NOT NULL,
  kind text NOT NULL,
  occurred_at {at} NOT NULL,
  state text NOT NULL,
  attempts bigint NOT NULL DEFAULT 0,
  token bigint NOT NULL DEFAULT 0,
  worker text,
  first_at {at},
  next_at {at} NOT NULL,
  settled_at {at},
  error text,
  FOREIGN KEY (endpoint_id) REFERENCES webhook_endpoint (id)
);
CREATE UNIQUE INDEX webhook_message_sequence ON webhook_message (endpoint_id, sequence);
CREATE INDEX webhook_message_due ON webhook_message (next_at) WHERE state = 'WAITING';
CREATE INDEX webhook_message_case ON webhook_message (endpoint_id, application_id, sequence) WHERE state = 'WAITING';
CREATE INDEX webhook_message_open ON webhook_message (state) WHERE state IN ('WAITING', 'PARKED');
CREATE INDEX webhook_message_settled ON webhook_message (settled_at) WHERE state IN ('DELIVERED', 'CLOSED');
";
