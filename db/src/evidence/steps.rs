//! Lines that people enter (posted rates, deputies, registers) follow from the audit: each step left the whole line there, and those are sealed.

use super::check::{Finding, Kind};
use crate::deputies::{self, Deputy};
use crate::registers::{self, Stored};
use crate::sql::statement;
use crate::{Result, Store, rates};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use workflows::product::posting::DatedRate;

/// Audit lines read at once.
const PAGE: u32 = 500;

/// Where lines stand, and under which kind of the audit their steps do.
struct Steps {
    table: &'static str,
    kind: &'static str,
}

/// Compares every line with what its last step says.
pub(super) async fn check(store: &Store, findings: &mut Vec<Finding>) -> Result<()> {
    let moment = super::moment(store).await?;
    let id = |line: &DatedRate| line.id.clone();
    let lines = rates::all(&moment).await?;
    compare(&moment, &Steps { table: "rate_line", kind: rates::KIND }, lines, id, findings).await?;
    let id = |line: &Deputy| line.id.clone();
    let lines = deputies::all(&moment).await?;
    compare(&moment, &Steps { table: "deputy", kind: deputies::KIND }, lines, id, findings).await?;
    let id = |line: &Stored| line.id.clone();
    let lines = registers::all(&moment).await?;
    compare(&moment, &Steps { table: "register_line", kind: registers::KIND }, lines, id, findings).await
}

async fn compare<L: DeserializeOwned + PartialEq>(
    moment: &DatabaseTransaction,
    steps: &Steps,
    lines: Vec<L>,
    id_of: impl Fn(&L) -> String,
    findings: &mut Vec<Finding>,
) -> Result<()> {
    let mut said = said(moment, steps, &id_of).await?;
    for line in lines {
        let id = id_of(&line);
        let (kind, detail) = match said.remove(&id) {
            Some(step) if step == line => continue,
            Some(_) => (Kind::Edited, "the line is not what its last step in the audit says"),
            None => (Kind::Inserted, "no step in the audit made this line"),
        };
        findings.push(Finding::new(steps.table, &id, kind, detail));
    }
    for id in said.keys() {
        findings.push(Finding::new(steps.table, id, Kind::Deleted, "the audit has steps of this line"));
    }
    Ok(())
}

/// The lines as their last steps left them.
async fn said<L: DeserializeOwned>(
    moment: &DatabaseTransaction,
    steps: &Steps,
    id_of: impl Fn(&L) -> String,
) -> Result<BTreeMap<String, L>> {
    let (mut lines, mut after) = (BTreeMap::new(), i64::MIN);
    loop {
        let sql =
            format!("SELECT seq, detail FROM audit WHERE kind = $1 AND seq > $2 ORDER BY seq LIMIT {PAGE}");
        let backend = moment.get_database_backend();
        let values = vec![steps.kind.into(), after.into()];
        let rows = moment.query_all_raw(statement(backend, sql, values)).await?;
        for row in &rows {
            after = row.try_get("", "seq")?;
            let detail: String = row.try_get("", "detail")?;
            // A line that does not read was changed: its own leaf says so.
            if let Ok(line) = serde_json::from_str::<L>(&detail) {
                lines.insert(id_of(&line), line);
            }
        }
        if rows.len() < PAGE as usize {
            return Ok(lines);
        }
    }
}
