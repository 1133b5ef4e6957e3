//! Publishing of events to a stream of a message server: how far the log has come there, and which process publishes.

use sea_orm_migration::prelude::*;

pub(crate) struct Events;

impl MigrationName for Events {
    fn name(&self) -> &str {
        "m0023_events"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Events {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `cursor_xid` and `cursor_seq` are the last entry that was looked at, `sequence` the last number that was given. `token` grows with
/// every change, so that whoever read an older one changes nothing. The table is about the log of all banks and names none.
const SCRIPT: &str = "
CREATE TABLE event_stream (
  name text PRIMARY KEY,
  cursor_xid bigint NOT NULL,
  cursor_seq bigint NOT NULL,
  sequence bigint NOT NULL,
  token bigint NOT NULL,
  holder text NOT NULL,
  held_until {at} NOT NULL
);
";
