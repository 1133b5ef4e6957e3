//! Who may come in: accounts, the changes that people propose, and the sessions of browsers.

use sea_orm_migration::prelude::*;

pub(crate) struct Accounts;

impl MigrationName for Accounts {
    fn name(&self) -> &str {
        "m0006_accounts"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Accounts {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const SCRIPT: &str = "
CREATE TABLE account (
  id text PRIMARY KEY,
  issuer text NOT NULL,
  kind text NOT NULL,
  login text NOT NULL,
  subject text NOT NULL,
  institution text NOT NULL,
  profile text NOT NULL,
  state text NOT NULL,
  valid_from {at},
  version bigint NOT NULL,
  changed_at {at} NOT NULL
);
CREATE UNIQUE INDEX account_login ON account (issuer, kind, login);
CREATE UNIQUE INDEX account_subject ON account (subject);
CREATE INDEX account_list ON account (institution, subject);

CREATE TABLE account_change (
  id text PRIMARY KEY,
  institution text NOT NULL,
  account_id text NOT NULL,
  step text NOT NULL,
  wanted text,
  state text NOT NULL,
  proposed_by text NOT NULL,
  proposed_at {at} NOT NULL,
  decided_by text,
  decided_at {at},
  reason text
);
CREATE UNIQUE INDEX account_change_open ON account_change (account_id) WHERE state = 'PROPOSED';
CREATE INDEX account_change_list ON account_change (institution, id);

CREATE TABLE session (
  digest text PRIMARY KEY,
  account_id text NOT NULL REFERENCES account (id),
  institution text NOT NULL,
  begun_at {at} NOT NULL,
  seen_at {at} NOT NULL,
  ends_at {at} NOT NULL,
  ended_at {at}
);
CREATE INDEX session_account ON session (account_id, ends_at);
";
