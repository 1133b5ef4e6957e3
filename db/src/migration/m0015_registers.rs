//! The registers of the compliance office: contractors, complaints, trainings. Beside the sealed body of a case stand from whom it is
//! withheld and since when it is in its stage (unknown before this version), so that scopes and figures can ask for them.

use super::m0003_routine::{FUNCTION, VIEW_AND_TRIGGER};
use super::{m0009_inputs as inputs, m0013_vault as vault};
use inputs::replaced;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

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
        let parts = |base: &str, before: [&[(&str, &str)]; 3]| {
            before.iter().fold(base.to_owned(), |text, parts| replaced(&text, parts))
        };
        let script = if manager.get_database_backend() == DbBackend::Postgres {
            parts(FUNCTION, [inputs::ON_POSTGRES, vault::ON_POSTGRES, ON_POSTGRES])
        } else {
            let view = parts(VIEW_AND_TRIGGER, [inputs::ON_SQLITE, vault::ON_SQLITE, ON_SQLITE]);
            format!("DROP VIEW write_transition;\n{view}")
        };
        manager.get_connection().execute_unprepared(&script).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// `body` is the whole line; the other columns follow from it. A contractor stands once in a bank's register.
const SCRIPT: &str = "
ALTER TABLE application ADD COLUMN withheld text NOT NULL DEFAULT '';
ALTER TABLE application ADD COLUMN stage_at {at};
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

const ON_POSTGRES: &[(&str, &str)] = &[
    ("p_kid text, p_wrapped text\n", "p_kid text, p_wrapped text, p_withheld text\n"),
    (
        "updated_by, head_hash, body)\n    VALUES",
        "updated_by, head_hash, body, withheld, stage_at)\n    VALUES",
    ),
    ("      p_head_hash, p_body)", "      p_head_hash, p_body, p_withheld, p_at)"),
    (
        "head_hash = p_head_hash, body = p_body",
        "head_hash = p_head_hash, body = p_body, withheld = p_withheld,\n      \
         stage_at = CASE WHEN stage <> p_stage THEN p_at ELSE stage_at END",
    ),
];

const ON_SQLITE: &[(&str, &str)] = &[
    ("'' AS kid, '' AS wrapped", "'' AS kid, '' AS wrapped, '' AS withheld"),
    ("updated_by, head_hash, body)\n  SELECT", "updated_by, head_hash, body, withheld, stage_at)\n  SELECT"),
    ("NEW.head_hash, NEW.body\n  WHERE", "NEW.head_hash, NEW.body, NEW.withheld, NEW.at\n  WHERE"),
    (
        "head_hash = NEW.head_hash, body = NEW.body",
        "head_hash = NEW.head_hash, body = NEW.body, withheld = NEW.withheld,\n    \
         stage_at = CASE WHEN stage <> NEW.stage THEN NEW.at ELSE stage_at END",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_there_once() {
        let postgres = replaced(&replaced(FUNCTION, inputs::ON_POSTGRES), vault::ON_POSTGRES);
        let sqlite = replaced(&replaced(VIEW_AND_TRIGGER, inputs::ON_SQLITE), vault::ON_SQLITE);
        for (text, parts) in [(postgres, ON_POSTGRES), (sqlite, ON_SQLITE)] {
            for (old, _) in parts {
                assert_eq!(text.matches(old).count(), 1, "{old}");
            }
        }
    }
}
