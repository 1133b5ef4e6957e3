//! Work that one person of the bank holds, handed to another: exactly the tasks that were named, each with its own answer, and each on
//! record (decision 38).

use crate::accounts::{ACCOUNT, account_of_row};
use crate::audit::{self, AuditRow};
use crate::read::{Scope, Waiting, Where};
use crate::sql::{micros, statement};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use workflows::account::{Account, AccountKind, AccountState};
use workflows::machine::handing::{HANDED, HANDS, HandingOutcome, Held, judge};
use workflows::machine::{Actor, Case, Role};
use workflows::office::HandoverReason;

/// Most tasks of one action.
pub const MOST_AT_ONCE: usize = 100;
/// Most people of [`Store::assignees`].
pub const ASSIGNEES_MOST: u32 = 200;
/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "TASK";

/// What is asked.
#[derive(Copy, Clone, Debug)]
pub struct Handing<'a> {
    /// The tasks, at most [`MOST_AT_ONCE`].
    pub ids: &'a [String],
    /// Who holds them, as the caller has seen it; `None`: nobody has taken them.
    pub from: Option<&'a str>,
    /// Who gets them, by subject.
    pub to: &'a str,
}

/// What comes of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandingResult {
    pub id: String,
    /// The task before the action; absent where it is gone.
    pub task: Option<Waiting>,
    pub outcome: HandingOutcome,
}

/// What the whole comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandingAnswer {
    /// Task by task, in the order in which they were named.
    Judged(Vec<HandingResult>),
    /// No active person of the bank that is within the caller's reach.
    Nobody,
    /// Not for this role.
    Forbidden,
}

#[derive(Serialize)]
struct Stepped<'a> {
    task: &'a str,
    what: &'a str,
    from: Option<&'a str>,
    to: &'a str,
    reason: &'a str,
}

impl Store {
    /// Active people of the bank in a role whose work is handed over, with a branch of the caller's, by subject; at most
    /// [`ASSIGNEES_MOST`]. Empty for whoever hands nothing over.
    pub async fn assignees(&self, scope: &Scope, role: Role) -> Result<Vec<Account>> {
        let actor = scope.actor();
        if !HANDS.contains(&actor.role) || !HANDED.contains(&role) {
            return Ok(vec![]);
        }
        let mut w = Where::on(self.backend());
        w.within(scope.within());
        w.equals("a.institution", actor.institution.clone());
        w.equals("a.kind", AccountKind::Person.code());
        w.equals("a.state", AccountState::Active.code());
        // A first sieve: the code stands in the list of roles of the profile, which is then read.
        let role_in = w.bind(format!("%\"{}\"%", role.code()));
        w.and(format!("a.profile LIKE {role_in}"));
        let sql =
            format!("SELECT {ACCOUNT} FROM account a {} ORDER BY a.subject LIMIT {ASSIGNEES_MOST}", w.sql());
        let rows = self.rows(sql, w).await?;
        let all = rows.iter().map(account_of_row).collect::<Result<Vec<_>>>()?;
        Ok(all.into_iter().filter(|one| one.profile.roles.contains(&role) && shares(actor, one)).collect())
    }

    /// What handing them over would come to. Nothing is written.
    pub async fn preview_handing(&self, scope: &Scope, ask: &Handing<'_>) -> Result<HandingAnswer> {
        let actor = scope.actor();
        if !HANDS.contains(&actor.role) {
            return Ok(HandingAnswer::Forbidden);
        }
        let Some(to) = self.taker(actor, ask.to).await? else { return Ok(HandingAnswer::Nobody) };
        let found = self.tasks_of(scope, ask.ids).await?;
        let cases: BTreeSet<String> = found.values().map(|task| task.application_id.clone()).collect();
        let cases = self.cases(scope, &cases.into_iter().collect::<Vec<_>>()).await?;
        let cases: BTreeMap<&str, &Arc<Case>> = cases.iter().map(|case| (case.id.as_str(), case)).collect();
        let mut named = BTreeSet::new();
        let ids = ask.ids.iter().filter(|id| named.insert(id.as_str()));
        let results = ids.map(|id| {
            let task = found.get(id).cloned();
            let case = task.as_ref().and_then(|task| cases.get(task.application_id.as_str()));
            let outcome = match (&task, case) {
                (Some(task), Some(case)) => judge(case, &held(task), ask.from, &to, actor),
                _ => HandingOutcome::Gone,
            };
            HandingResult { id: id.clone(), task, outcome }
        });
        Ok(HandingAnswer::Judged(results.collect()))
    }

    /// Hands them over, in one transaction with their lines of the audit: each that can be is, the others say why not. What somebody took,
    /// gave back or finished meanwhile stays as it is.
    pub async fn hand_over_tasks(
        &self,
        scope: &Scope,
        ask: &Handing<'_>,
        reason: HandoverReason,
        now: DateTime<Utc>,
    ) -> Result<HandingAnswer> {
        let mut results = match self.preview_handing(scope, ask).await? {
            HandingAnswer::Judged(results) => results,
            other => return Ok(other),
        };
        let able = |result: &&HandingResult| result.outcome == HandingOutcome::Handed;
        let ids: Vec<String> = results.iter().filter(able).map(|result| result.id.clone()).collect();
        if ids.is_empty() {
            return Ok(HandingAnswer::Judged(results));
        }
        let backend = self.backend();
        let mut w = Where::on(backend);
        let (to, at) = (w.bind(ask.to), w.bind(micros(now)));
        scope.on_tasks(&mut w);
        w.is_one_of("t.id", &ids);
        match ask.from {
            Some(from) => w.equals("t.claimed_by", from),
            None => w.and("t.claimed_by IS NULL"),
        }
        let sql =
            format!("UPDATE task AS t SET claimed_by = {to}, claimed_at = {at} {} RETURNING id", w.sql());
        let tx = self.begin().await?;
        let rows = tx.query_all_raw(statement(backend, sql, w.into_values())).await?;
        let done = rows
            .iter()
            .map(|row| row.try_get("", "id"))
            .collect::<std::result::Result<BTreeSet<String>, _>>()?;
        let mut lines = vec![];
        for result in results.iter_mut().filter(|result| result.outcome == HandingOutcome::Handed) {
            match &result.task {
                Some(task) if done.contains(&result.id) => {
                    lines.push(line(scope.actor(), ask, task, reason, now)?);
                }
                _ => result.outcome = HandingOutcome::HeldByOther,
            }
        }
        audit::add_all(&tx, &lines.iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(HandingAnswer::Judged(results))
    }

    /// Who gets the work: an active person of the caller's bank, with a branch of the caller's.
    async fn taker(&self, actor: &Actor, subject: &str) -> Result<Option<Account>> {
        let sql = format!("SELECT {ACCOUNT} FROM account a WHERE a.institution = $1 AND a.subject = $2");
        let values = vec![actor.institution.clone().into(), subject.into()];
        let row = self.reader().query_one_raw(statement(self.backend(), sql, values)).await?;
        let account = row.as_ref().map(account_of_row).transpose()?;
        Ok(account.filter(|one| {
            one.kind == AccountKind::Person && one.state == AccountState::Active && shares(actor, one)
        }))
    }
}

/// Is a branch of the caller's a branch of the account? Whoever has none works for the whole bank.
fn shares(actor: &Actor, account: &Account) -> bool {
    let theirs = &account.profile.branches;
    actor.branches.is_empty()
        || theirs.is_empty()
        || theirs.iter().any(|branch| actor.branches.contains(branch))
}

fn held(task: &Waiting) -> Held<'_> {
    let id = task.id.strip_prefix(&task.application_id).and_then(|rest| rest.strip_prefix(':'));
    Held { id: id.unwrap_or_default(), role: task.role, branch: &task.branch, by: task.claimed_by.as_deref() }
}

fn line(
    actor: &Actor,
    ask: &Handing<'_>,
    task: &Waiting,
    reason: HandoverReason,
    now: DateTime<Utc>,
) -> Result<AuditRow> {
    let stepped =
        Stepped { task: &task.id, what: task.task.code(), from: ask.from, to: ask.to, reason: reason.code() };
    let row = AuditRow::step_of(actor, KIND, ("reassignTasks", reason.code()), &stepped, now)?;
    Ok(AuditRow { application_id: Some(task.application_id.clone()), ..row })
}
