//! Incidents and the delivery ledger: what each try of a parcel came to, parcels sent anew beside the first, who works on what went
//! wrong, and the indexes of the list.

use sea_orm_migration::prelude::*;

pub(crate) struct Incidents;

impl MigrationName for Incidents {
    fn name(&self) -> &str {
        "m0022_incidents"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Incidents {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `tries` has a JSON object on each line. `replaces` names the first parcel of one that was sent anew; such a row has version 0, which
/// no entry has: it belongs to no transition. `mail_to` is an address that a person gave, sealed with the case's key.
const SCRIPT: &str = "
ALTER TABLE outbox ADD COLUMN tries text;
ALTER TABLE outbox ADD COLUMN replaces text;
ALTER TABLE outbox ADD COLUMN mail_to text;

CREATE TABLE incident_work (
  id text PRIMARY KEY,
  institution text NOT NULL,
  application_id text NOT NULL,
  taken_by text,
  taken_at {at},
  proposed_by text,
  proposed_at {at},
  reason text
);
CREATE INDEX incident_work_case ON incident_work (institution, application_id);

CREATE INDEX application_unknown ON application (institution, COALESCE(stage_at, updated_at), id) WHERE stage = 'RECONCILING';
CREATE INDEX deadline_overdue ON deadline (institution, due_at, application_id) WHERE next_at IS NOT NULL;
CREATE INDEX task_overdue ON task (institution, due_on, id)
  WHERE role IN ('MEMBER_ORG', 'GUARANTOR', 'INSURER', 'FIRE_INSURER', 'SCRIVENER', 'REGISTRY');
CREATE INDEX task_expired ON task (institution, opened_at, id) WHERE task IN ('ASK_GUARANTEE', 'DECLARE_HEALTH');
";
