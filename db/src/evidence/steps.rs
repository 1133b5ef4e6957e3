//! Lines that people enter (posted rates, deputies, handovers, lines beside a case, accounts, registers, webhooks, days' ends) follow from the
//! audit: each step left the whole line there, and those are sealed. Of a memo of a guarantee institution the digest of its text is there.

use super::check::{Finding, Kind};
use crate::case_lines;
use crate::day_end::{self, Kept};
use crate::deputies::{self, Deputy};
use crate::hooks::{self, Endpoint};
use crate::offices::{self, Handover};
use crate::registers::{self, Stored};
use crate::sql::statement;
use crate::{Result, Store, accounts, rates, review_memos, sessions};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::{BTreeMap, BTreeSet};
use workflows::account::{Account, AccountChange, AccountState, AccountStep};
use workflows::product::posting::DatedRate;

/// Audit lines read at once.
const PAGE: u32 = 500;

/// Compares every line with what its last step says. Errors: the database does not answer.
pub async fn check(store: &Store, findings: &mut Vec<Finding>) -> Result<()> {
    let moment = super::moment(store).await?;
    let id = |line: &DatedRate| line.id.clone();
    let (lines, said) = (rates::all(&moment).await?, said_of(&moment, rates::KIND, id).await?);
    compare("rate_line", lines, said, id, findings);
    let id = |line: &Deputy| line.id.clone();
    let (lines, said) = (deputies::all(&moment).await?, said_of(&moment, deputies::KIND, id).await?);
    compare("deputy", lines, said, id, findings);
    let id = |line: &Stored| line.id.clone();
    let (lines, said) = (registers::all(&moment).await?, said_of(&moment, registers::KIND, id).await?);
    compare("register_line", lines, said, id, findings);
    let id = |line: &Handover| line.id.clone();
    let (lines, said) = (offices::all(&moment).await?, said_of(&moment, offices::KIND, id).await?);
    compare("handover", lines, said, id, findings);
    let id = |line: &Kept| line.id.clone();
    let (lines, said) = (day_end::all(&moment).await?, said_of(&moment, day_end::KIND, id).await?);
    compare("day_line", lines, said, id, findings);
    let id = |line: &case_lines::Stored| line.id.clone();
    let (lines, said) = (case_lines::all(&moment).await?, said_of(&moment, case_lines::KIND, id).await?);
    compare("case_line", lines, said, id, findings);
    let id = |memo: &review_memos::Stored| memo.id.clone();
    let (lines, said) = (review_memos::all(&moment).await?, said_of(&moment, review_memos::KIND, id).await?);
    compare("review_memo", lines, said, id, findings);
    let id = |endpoint: &Endpoint| endpoint.id.clone();
    let (lines, said) = (hooks::all(&moment).await?, said_of(&moment, hooks::KIND, id).await?);
    compare("webhook_endpoint", lines, said, id, findings);
    let id = |change: &AccountChange| change.id.clone();
    let (lines, said) = (accounts::all_changes(&moment).await?, said_of(&moment, accounts::KIND, id).await?);
    compare("account_change", lines, said, id, findings);
    let lines = accounts::all(&moment).await?;
    let said = said_of_accounts(&moment, &lines).await?;
    compare("account", lines, said, |account| account.id.clone(), findings);
    Ok(())
}

fn compare<L: PartialEq>(
    table: &'static str,
    lines: Vec<L>,
    mut said: BTreeMap<String, L>,
    id_of: impl Fn(&L) -> String,
    findings: &mut Vec<Finding>,
) {
    for line in lines {
        let id = id_of(&line);
        let (kind, detail) = match said.remove(&id) {
            Some(step) if step == line => continue,
            Some(_) => (Kind::Edited, "the line is not what its last step in the audit says"),
            None => (Kind::Inserted, "no step in the audit made this line"),
        };
        findings.push(Finding::new(table, &id, kind, detail));
    }
    for id in said.keys() {
        findings.push(Finding::new(table, id, Kind::Deleted, "the audit has steps of this line"));
    }
}

/// The lines as their last steps left them.
async fn said_of<L: DeserializeOwned>(
    moment: &DatabaseTransaction,
    kind: &'static str,
    id_of: impl Fn(&L) -> String,
) -> Result<BTreeMap<String, L>> {
    let mut lines = BTreeMap::new();
    each(moment, &[kind], |step| {
        // A line that does not read was changed: its own leaf says so.
        if let Ok(line) = serde_json::from_str::<L>(&step.detail) {
            lines.insert(id_of(&line), line);
        }
    })
    .await?;
    Ok(lines)
}

/// A step as the audit has it.
struct Step {
    verb: String,
    by: String,
    at: DateTime<Utc>,
    detail: String,
}

/// Hands over every step of these kinds, in the order in which they were taken.
async fn each(moment: &DatabaseTransaction, kinds: &[&str], mut take: impl FnMut(Step)) -> Result<()> {
    let kinds: Vec<String> = kinds.iter().map(|kind| format!("'{kind}'")).collect();
    let sql = format!(
        "SELECT seq, verb, by_subject, at, detail FROM audit WHERE kind IN ({}) AND seq > $1 ORDER BY seq LIMIT {PAGE}",
        kinds.join(", ")
    );
    let mut after = i64::MIN;
    loop {
        let call = statement(moment.get_database_backend(), sql.as_str(), vec![after.into()]);
        let rows = moment.query_all_raw(call).await?;
        for row in &rows {
            after = row.try_get("", "seq")?;
            let verb: Option<String> = row.try_get("", "verb")?;
            take(Step {
                verb: verb.unwrap_or_default(),
                by: row.try_get("", "by_subject")?,
                at: row.try_get("", "at")?,
                detail: row.try_get("", "detail")?,
            });
        }
        if rows.len() < PAGE as usize {
            return Ok(());
        }
    }
}

/// The accounts as their last steps left them. A step keeps the whole account; those of earlier versions kept the change alone, from
/// which everything follows but the instant from which sessions count: there the row is taken at its word until its next step.
async fn said_of_accounts(
    moment: &DatabaseTransaction,
    rows: &[Account],
) -> Result<BTreeMap<String, Account>> {
    let mut said: BTreeMap<String, Account> = BTreeMap::new();
    let (mut pending, mut unknown) = (BTreeMap::new(), BTreeSet::new());
    each(moment, &[accounts::KIND, sessions::KIND], |step| {
        let Ok(detail) = serde_json::from_str::<serde_json::Value>(&step.detail) else { return };
        let whole = if step.verb == "addAccount" { Some(&detail) } else { detail.get("account") };
        if let Some(account) = whole.and_then(|whole| Account::deserialize(whole).ok()) {
            unknown.remove(&account.id);
            said.insert(account.id.clone(), account);
            return;
        }
        if step.verb == sessions::SIGN_OUT_EVERYWHERE {
            if let Some(account) = said.values_mut().find(|account| account.subject == step.by) {
                (account.valid_from, account.changed_at) = (Some(step.at), step.at);
                account.version += 1;
            }
            return;
        }
        let Ok(change) = AccountChange::deserialize(&detail) else { return };
        match step.verb.as_str() {
            "proposeUserAccountChange" => {
                pending.insert(change.id, change.account_id);
            }
            "approveUserAccountChange" => {
                let issuer =
                    pending.remove(&change.id).and_then(|id: String| Some(id.split_once('@')?.1.to_owned()));
                if matches!(change.step, AccountStep::Suspend | AccountStep::EndSessions) {
                    unknown.insert(change.account_id.clone());
                }
                approved(&mut said, &change, issuer.as_deref(), step.at);
            }
            _ => {}
        }
    })
    .await?;
    for row in rows.iter().filter(|row| unknown.contains(&row.id)) {
        if let Some(account) = said.get_mut(&row.id) {
            account.valid_from = row.valid_from;
        }
    }
    Ok(said)
}

/// What an approved change made of an account, where its step does not say.
fn approved(
    said: &mut BTreeMap<String, Account>,
    change: &AccountChange,
    issuer: Option<&str>,
    at: DateTime<Utc>,
) {
    if let (AccountStep::Create, Some(wanted), Some(issuer)) = (change.step, &change.wanted, issuer) {
        let account =
            accounts::new_account(&change.account_id, issuer, &change.institution, wanted.clone(), at);
        said.insert(account.id.clone(), account);
        return;
    }
    let Some(account) = said.get_mut(&change.account_id) else { return };
    match (change.step, &change.wanted) {
        (AccountStep::Change, Some(wanted)) => account.profile = wanted.profile.clone(),
        (AccountStep::Suspend, _) => account.state = AccountState::Suspended,
        (AccountStep::Resume, _) => account.state = AccountState::Active,
        _ => {}
    }
    account.version += 1;
    account.changed_at = at;
}
