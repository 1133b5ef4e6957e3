//! A data key for each case, wrapped (decision 16). The routine takes it with the first transition that brings one.
//!
//! As with `m0009_inputs`, PostgreSQL keeps the routine of the version before beside the new one: a process that is not upgraded yet
//! goes on writing in clear.

use super::m0003_routine::{FUNCTION, VIEW_AND_TRIGGER};
use super::m0009_inputs::{self as inputs, replaced};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) struct CaseKeys;

impl MigrationName for CaseKeys {
    fn name(&self) -> &str {
        "m0013_vault"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for CaseKeys {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, TABLE).await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let script = if postgres {
            replaced(&replaced(FUNCTION, inputs::ON_POSTGRES), ON_POSTGRES)
        } else {
            let view = replaced(&replaced(VIEW_AND_TRIGGER, inputs::ON_SQLITE), ON_SQLITE);
            format!("DROP VIEW write_transition;\n{view}")
        };
        manager.get_connection().execute_unprepared(&script).await?;
        super::wall(manager).await
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

// `kid` names the key that wraps: rotation looks for those of the others.
const TABLE: &str = "
CREATE TABLE case_key (
  institution text NOT NULL,
  application_id text NOT NULL,
  kid text NOT NULL,
  wrapped text NOT NULL,
  made_at {at} NOT NULL,
  PRIMARY KEY (institution, application_id),
  FOREIGN KEY (institution, application_id) REFERENCES application (institution, id)
);
CREATE INDEX case_key_kid ON case_key (kid, institution, application_id);
";

pub(super) const ON_POSTGRES: &[(&str, &str)] = &[
    ("p_engaged text, p_input text\n", "p_engaged text, p_input text, p_kid text, p_wrapped text\n"),
    (
        "  IF p_outbox <> '[]' THEN\n",
        "  IF p_wrapped IS NOT NULL THEN\n    INSERT INTO case_key (institution, application_id, kid, wrapped, made_at)\n    VALUES (p_institution, p_id, p_kid, p_wrapped, p_at);\n  END IF;\n  IF p_outbox <> '[]' THEN\n",
    ),
];

pub(super) const ON_SQLITE: &[(&str, &str)] = &[
    ("'' AS engaged, '' AS input", "'' AS engaged, '' AS input, '' AS kid, '' AS wrapped"),
    (
        "  INSERT INTO outbox (",
        "  INSERT INTO case_key (institution, application_id, kid, wrapped, made_at)\n  SELECT NEW.institution, NEW.id, NEW.kid, NEW.wrapped, NEW.at WHERE NEW.wrapped IS NOT NULL;\n  INSERT INTO outbox (",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_there_once() {
        let postgres = replaced(FUNCTION, inputs::ON_POSTGRES);
        let sqlite = replaced(VIEW_AND_TRIGGER, inputs::ON_SQLITE);
        for (text, parts) in [(postgres, ON_POSTGRES), (sqlite, ON_SQLITE)] {
            for (old, _) in parts {
                assert_eq!(text.matches(old).count(), 1, "{old}");
            }
        }
    }
}
