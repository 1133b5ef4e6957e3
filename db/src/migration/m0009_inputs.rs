//! What an entry was decided from: the command, who gave it beyond what the entry says, and by which rules.
//!
//! The routine of `m0003_routine` takes one value more. On PostgreSQL the old one stays beside it, so that a process of the version
//! before goes on working; its entries have no input.

use super::m0003_routine::{FUNCTION, VIEW_AND_TRIGGER};
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DbBackend;

pub(crate) struct Inputs;

impl MigrationName for Inputs {
    fn name(&self) -> &str {
        "m0009_inputs"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Inputs {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        super::run(manager, "ALTER TABLE entry ADD COLUMN input text;").await?;
        let postgres = manager.get_database_backend() == DbBackend::Postgres;
        let script =
            if postgres { replaced(FUNCTION, ON_POSTGRES) } else { replaced(VIEW_AND_TRIGGER, ON_SQLITE) };
        let script = if postgres { script } else { format!("DROP VIEW write_transition;\n{script}") };
        manager.get_connection().execute_unprepared(&script).await?;
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

/// The text with its parts replaced. What is not there is left for the contract tests of the writers to miss.
pub(super) fn replaced(text: &str, parts: &[(&str, &str)]) -> String {
    parts.iter().fold(text.to_owned(), |text, (old, new)| text.replacen(old, new, 1))
}

pub(super) const ON_POSTGRES: &[(&str, &str)] = &[
    ("p_engaged text\n", "p_engaged text, p_input text\n"),
    ("parcels, prev_hash, hash)", "parcels, prev_hash, hash, input)"),
    ("p_prev_hash,\n    p_hash)", "p_prev_hash,\n    p_hash, p_input)"),
];

pub(super) const ON_SQLITE: &[(&str, &str)] = &[
    ("'' AS engaged", "'' AS engaged, '' AS input"),
    ("parcels, prev_hash, hash)", "parcels, prev_hash, hash, input)"),
    ("NEW.prev_hash, NEW.hash)", "NEW.prev_hash, NEW.hash, NEW.input)"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_is_there_once() {
        for (text, parts) in [(FUNCTION, ON_POSTGRES), (VIEW_AND_TRIGGER, ON_SQLITE)] {
            for (old, _) in parts {
                assert_eq!(text.matches(old).count(), 1, "{old}");
            }
        }
    }
}
