//! Posted rates follow from the audit: each step of a line left the whole line there, and those are sealed.

use super::check::{Finding, Kind};
use crate::sql::statement;
use crate::{Result, Store, rates};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use std::collections::BTreeMap;
use workflows::product::posting::DatedRate;

/// Audit lines read at once.
const PAGE: u32 = 500;

/// Compares the lines of rates with what their last steps say.
pub(super) async fn check(store: &Store, findings: &mut Vec<Finding>) -> Result<()> {
    let moment = super::moment(store).await?;
    let mut said = said(&moment).await?;
    for line in rates::all(&moment).await? {
        let detail = match said.remove(&line.id) {
            Some(step) if step == line => continue,
            Some(_) => "the line is not what its last step in the audit says",
            None => "no step in the audit made this line",
        };
        let kind = if detail.starts_with("no step") { Kind::Inserted } else { Kind::Edited };
        findings.push(Finding::new("rate_line", &line.id, kind, detail));
    }
    for id in said.keys() {
        findings.push(Finding::new("rate_line", id, Kind::Deleted, "the audit has steps of this line"));
    }
    Ok(())
}

/// The lines as their last steps left them.
async fn said(moment: &DatabaseTransaction) -> Result<BTreeMap<String, DatedRate>> {
    let (mut lines, mut after) = (BTreeMap::new(), i64::MIN);
    loop {
        let sql = format!(
            "SELECT seq, detail FROM audit WHERE kind = 'RATE' AND seq > $1 ORDER BY seq LIMIT {PAGE}"
        );
        let backend = moment.get_database_backend();
        let rows = moment.query_all_raw(statement(backend, sql, vec![after.into()])).await?;
        for row in &rows {
            after = row.try_get("", "seq")?;
            let detail: String = row.try_get("", "detail")?;
            // A line that does not read was changed: its own leaf says so.
            if let Ok(line) = serde_json::from_str::<DatedRate>(&detail) {
                lines.insert(line.id.clone(), line);
            }
        }
        if rows.len() < PAGE as usize {
            return Ok(lines);
        }
    }
}
