//! The registers of the compliance office: contractors, complaints, trainings.

use sea_orm_migration::prelude::*;

pub(crate) struct Registers;

impl MigrationName for Registers {
    fn name(&self) -> &str {
        "m0015_registers"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Registers {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, SCRIPT).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `body` is the whole line; the other columns follow from it. A contractor stands once in a bank's register.
const SCRIPT: &str = "
CREATE TABLE register_line (
  id text PRIMARY KEY,
  institution text NOT NULL,
  register text NOT NULL,
  key text NOT NULL,
  grp text NOT NULL,
  state text NOT NULL,
  due_on {date},
  filed_by text,
  version bigint NOT NULL,
  body text NOT NULL
);
CREATE INDEX register_line_key ON register_line (institution, register, key);
CREATE INDEX register_line_due ON register_line (institution, register, due_on);
CREATE UNIQUE INDEX register_line_contractor ON register_line (institution, key)
  WHERE register = 'CONTRACTORS' AND state NOT IN ('RETURNED', 'ENDED');
";
