//! How people of a case are reached: wishes and confirmed addresses, letters that are to be posted, mails beside the cases, and the
//! digests of desks.

use sea_orm_migration::prelude::*;

pub(crate) struct Contacts;

impl MigrationName for Contacts {
    fn name(&self) -> &str {
        "m0027_contacts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Contacts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `mail` and `code` are sealed with the case's key. `paper` is DUE or POSTED where a letter goes instead of a mail. `beside` names the
/// line of the audit behind a parcel that no entry left. `digest` is the digest that a desk's mail waits for, then the one it goes with.
const SCRIPT: &str = "
CREATE TABLE contact (
  institution text NOT NULL,
  application_id text NOT NULL,
  party_id text NOT NULL,
  is_applicant bigint NOT NULL,
  channel text NOT NULL,
  language text NOT NULL,
  standing text NOT NULL,
  mail text,
  code text,
  asked_at {at},
  asked_count bigint NOT NULL DEFAULT 0,
  tries bigint NOT NULL DEFAULT 0,
  confirmed_at {at},
  bounced_at {at},
  bounce text,
  changed_by text NOT NULL,
  changed_at {at} NOT NULL,
  version bigint NOT NULL,
  PRIMARY KEY (institution, application_id, party_id)
);

CREATE TABLE desk_digest (
  institution text NOT NULL,
  branch text NOT NULL,
  role text NOT NULL,
  set_by text NOT NULL,
  set_at {at} NOT NULL,
  PRIMARY KEY (institution, branch, role)
);

ALTER TABLE outbox ADD COLUMN paper text;
ALTER TABLE outbox ADD COLUMN beside text;
ALTER TABLE outbox ADD COLUMN digest text;
CREATE INDEX outbox_paper ON outbox (institution, settled_at, id) WHERE paper = 'DUE';
CREATE INDEX outbox_of_digest ON outbox (digest) WHERE digest IS NOT NULL;
CREATE INDEX outbox_digest ON outbox (next_at, id) WHERE digest IS NOT NULL AND state = 'WAITING';
";
