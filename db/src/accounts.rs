//! Accounts: looked up at every sign-in, changed by two user administrators, listed for the bank's own.

use crate::audit::{self, AuditRow};
use crate::offices;
use crate::read::{Scope, Where, known};
use crate::sql::{Columns, Stamp, Ty, json, micros, names, row_set, statement};
use crate::wall::{self, Within};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use serde::Serialize;
use std::collections::BTreeSet;
use workflows::Problem;
use workflows::account::{
    Account, AccountChange, AccountKind, AccountState, AccountStep, ChangeState, Profile, Wanted,
    already_proposed, already_there, problems_of_account, problems_of_decision, problems_of_step,
};
use workflows::machine::{Actor, Role};
use workflows::office::{OFFICES, problems_of_lead};

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AccountAnswer {
    /// The change after the step.
    Done(Box<AccountChange>),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such account or change at the caller's bank.
    NotFound,
    /// Not for this role.
    Forbidden,
}

/// A step that a user administrator proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proposal {
    /// A new account for a subject of this issuer.
    Create { issuer: String, wanted: Wanted },
    /// Another name, other roles, branches or organisation.
    Change { id: String, profile: Profile },
    /// Anything else with an account.
    Step { id: String, step: AccountStep },
}

pub(crate) const ACCOUNT: &str = "a.id, a.issuer, a.kind, a.login, a.subject, a.institution, a.profile, a.state, \
     a.valid_from, a.version, a.changed_at";
/// The kind of their lines in the audit.
pub(crate) const KIND: &str = "ACCOUNT";
pub(crate) const CHANGE: &str = "c.id, c.institution, c.account_id, c.step, c.wanted, c.state, c.proposed_by, c.proposed_at, \
     c.decided_by, c.decided_at, c.reason";

impl Store {
    /// The account of somebody whom an issuer vouches for. For the server's own use: no scope.
    pub async fn account_of(&self, issuer: &str, kind: AccountKind, login: &str) -> Result<Option<Account>> {
        let sql =
            format!("SELECT {ACCOUNT} FROM account a WHERE a.issuer = $1 AND a.kind = $2 AND a.login = $3");
        let values = vec![issuer.into(), kind.code().into(), login.into()];
        let row = self.reader().query_one_raw(statement(self.backend(), sql, values)).await?;
        row.as_ref().map(account_of_row).transpose()
    }

    /// The accounts of these ids, in one statement. For the server's own use: no scope.
    pub async fn accounts_of(&self, ids: &[String]) -> Result<Vec<Account>> {
        let set = row_set(self.backend(), 1, "r", IDS);
        let sql = format!("SELECT {ACCOUNT} FROM {set} JOIN account a ON a.id = r.id");
        let values = vec![ids_of(ids)?];
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, values)).await?;
        rows.iter().map(account_of_row).collect()
    }

    /// Adds accounts that nobody decides on: those of the demo, and the first one of an installation. Who is there already stays
    /// as he is. How many were added. `by` is named in the audit.
    pub async fn add_accounts(&self, accounts: &[Account], by: &str, now: DateTime<Utc>) -> Result<u64> {
        let Some(first) = accounts.first() else { return Ok(0) };
        // The operator who adds the first account of a bank need not be able to work for all of them.
        let together = accounts.iter().all(|account| account.institution == first.institution);
        let tx = if together { self.begin().await? } else { self.begin_across().await? };
        let added = insert(&tx, accounts).await?;
        let mut lines = vec![];
        for account in accounts.iter().filter(|account| added.contains(&account.id)) {
            let who = (account.institution.as_str(), by, Role::System);
            let detail = serde_json::to_string(account)?;
            lines.push(AuditRow::step(who, KIND, ("addAccount", AccountStep::Create.code()), detail, now));
        }
        audit::add_all(&tx, &lines.iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        Ok(added.len() as u64)
    }

    /// Proposes a step with an account of the caller's bank: a user administrator with any, the lead of a partner's office with people of
    /// his own (E.2).
    pub async fn propose_account(
        &self,
        scope: &Scope,
        proposal: Proposal,
        now: DateTime<Utc>,
    ) -> Result<AccountAnswer> {
        let actor = scope.actor();
        if !manages(actor) && !OFFICES.contains(&actor.role) {
            return Ok(AccountAnswer::Forbidden);
        }
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let lead = if manages(actor) { None } else { Some(offices::lead_of(&tx, actor).await?) };
        let lead = match lead {
            Some(None) => return Ok(AccountAnswer::Forbidden),
            Some(lead) => lead,
            None => None,
        };
        let (account, step, wanted, issuer) = match proposal {
            Proposal::Create { issuer, wanted } => (None, AccountStep::Create, Some(wanted), Some(issuer)),
            Proposal::Change { id, profile } => {
                let Some(account) = account_at(&tx, &actor.institution, &id).await? else {
                    return Ok(AccountAnswer::NotFound);
                };
                let wanted = Wanted { kind: account.kind, login: account.login.clone(), profile };
                (Some(account), AccountStep::Change, Some(wanted), None)
            }
            Proposal::Step { id, step } => match account_at(&tx, &actor.institution, &id).await? {
                Some(account) => (Some(account), step, None, None),
                None => return Ok(AccountAnswer::NotFound),
            },
        };
        let mut problems = judged(step, account.as_ref(), wanted.as_ref(), actor);
        if let Some(lead) = &lead {
            // Accounts of other offices do not exist for a lead.
            if account.as_ref().is_some_and(|account| !offices::are_colleagues(lead, account)) {
                return Ok(AccountAnswer::NotFound);
            }
            problems.extend(problems_of_lead(lead, step, wanted.as_ref()));
        }
        if let (Some(wanted), Some(issuer)) = (&wanted, &issuer)
            && is_taken(&tx, issuer, wanted).await?
        {
            problems.push(already_there());
        }
        if !problems.is_empty() {
            return Ok(AccountAnswer::Invalid(problems));
        }
        let change = AccountChange {
            id: audit::line_id(),
            institution: actor.institution.clone(),
            // An account that is to be created carries its issuer in its id until it is there.
            account_id: match (&account, issuer) {
                (Some(account), _) => account.id.clone(),
                (None, issuer) => pending_id(&issuer.unwrap_or_default()),
            },
            step,
            wanted,
            state: ChangeState::Proposed,
            proposed_by: actor.subject.clone(),
            proposed_at: micros(now),
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        let sql = "INSERT INTO account_change (id, institution, account_id, step, wanted, state, proposed_by, \
                   proposed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let wanted = change.wanted.as_ref().map(serde_json::to_string).transpose()?;
        let values: Vec<Value> = vec![
            change.id.clone().into(),
            change.institution.clone().into(),
            change.account_id.clone().into(),
            step.code().into(),
            wanted.into(),
            change.state.code().into(),
            change.proposed_by.clone().into(),
            change.proposed_at.into(),
        ];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(AccountAnswer::Invalid(vec![already_proposed()]));
        }
        let step = ("proposeUserAccountChange", change.step.code());
        audit::add(&tx, &AuditRow::step_of(actor, KIND, step, &change, now)?).await?;
        tx.commit().await?;
        Ok(AccountAnswer::Done(Box::new(change)))
    }

    /// Approves a proposed change, or returns it with a reason (E.2): by another user administrator of the bank. What a suspension
    /// ends, it ends at `ends`: the instant on the clock of sessions and tokens.
    pub async fn decide_account(
        &self,
        scope: &Scope,
        id: &str,
        returned: Option<&str>,
        (now, ends): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<AccountAnswer> {
        let actor = scope.actor();
        if !manages(actor) {
            return Ok(AccountAnswer::Forbidden);
        }
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let Some(change) = change_at(&tx, &actor.institution, id).await? else {
            return Ok(AccountAnswer::NotFound);
        };
        let account = match change.step {
            AccountStep::Create => None,
            _ => account_at(&tx, &actor.institution, &change.account_id).await?,
        };
        let mut problems = problems_of_decision(&change, &actor.subject);
        if problems.is_empty() && returned.is_none() {
            // Judged again as if it were new: the account may have changed.
            problems = judged(change.step, account.as_ref(), change.wanted.as_ref(), actor);
        }
        if !problems.is_empty() {
            return Ok(AccountAnswer::Invalid(problems));
        }
        let state = if returned.is_none() { ChangeState::Approved } else { ChangeState::Returned };
        let mut decided = AccountChange {
            state,
            decided_by: Some(actor.subject.clone()),
            decided_at: Some(micros(now)),
            reason: returned.map(str::to_owned),
            ..change
        };
        let mut after = None;
        if state == ChangeState::Approved {
            let Some(account) = apply(&tx, &decided, account, (now, ends)).await? else {
                return Ok(AccountAnswer::Invalid(vec![already_there()]));
            };
            decided.account_id = account.id.clone();
            after = Some(account);
        }
        let sql = "UPDATE account_change SET state = $1, decided_by = $2, decided_at = $3, reason = $4, \
                   account_id = $5 WHERE id = $6 AND institution = $7 AND state = $8 AND proposed_by <> $2";
        let values: Vec<Value> = vec![
            state.code().into(),
            actor.subject.clone().into(),
            decided.decided_at.into(),
            decided.reason.clone().into(),
            decided.account_id.clone().into(),
            id.into(),
            actor.institution.clone().into(),
            ChangeState::Proposed.code().into(),
        ];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            // Somebody else decided in the same moment; nothing of this is committed.
            return Ok(AccountAnswer::Invalid(problems_of_decision(&decided, &actor.subject)));
        }
        let step = if returned.is_none() { "approveUserAccountChange" } else { "returnUserAccountChange" };
        let step = (step, decided.step.code());
        let recorded = Recorded { change: &decided, account: after.as_ref() };
        audit::add(&tx, &AuditRow::step_of(actor, KIND, step, &recorded, now)?).await?;
        tx.commit().await?;
        Ok(AccountAnswer::Done(Box::new(decided)))
    }

    /// A page of the accounts of the caller's bank by subject; empty for everyone but user administrators and auditors.
    pub async fn accounts(&self, scope: &Scope, after: Option<&str>, first: u32) -> Result<Vec<Account>> {
        let mut w = of_bank(self.backend(), "a", scope);
        if let Some(after) = after {
            let after = w.bind(after);
            w.and(format!("a.subject > {after}"));
        }
        let sql = format!("SELECT {ACCOUNT} FROM account a {} ORDER BY a.subject LIMIT {first}", w.sql());
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, w.into_values())).await?;
        rows.iter().map(account_of_row).collect()
    }

    /// A page of the changes at the caller's bank, the latest first; empty for everyone but user administrators and auditors.
    pub async fn account_changes(
        &self,
        scope: &Scope,
        open: bool,
        after: Option<&str>,
        first: u32,
    ) -> Result<Vec<AccountChange>> {
        let mut w = of_bank(self.backend(), "c", scope);
        if open {
            w.equals("c.state", ChangeState::Proposed.code());
        }
        if let Some(after) = after {
            let after = w.bind(after);
            w.and(format!("c.id < {after}"));
        }
        let sql =
            format!("SELECT {CHANGE} FROM account_change c {} ORDER BY c.id DESC LIMIT {first}", w.sql());
        let rows = self.reader().query_all_raw(statement(self.backend(), sql, w.into_values())).await?;
        rows.iter().map(change_of_row).collect()
    }
}

/// User administrators of one bank.
fn manages(actor: &Actor) -> bool {
    actor.role == Role::UserAdmin && !actor.institution.is_empty()
}

fn of_bank(backend: DbBackend, alias: &str, scope: &Scope) -> Where {
    let (mut w, actor) = (Where::on(backend), scope.actor());
    w.within(Within::Institution(&actor.institution));
    w.equals(&format!("{alias}.institution"), actor.institution.clone());
    if !manages(actor) && actor.role != Role::Auditor {
        w.and("1 = 0");
    }
    w
}

fn judged(
    step: AccountStep,
    account: Option<&Account>,
    wanted: Option<&Wanted>,
    actor: &Actor,
) -> Vec<Problem> {
    let mut problems = problems_of_step(step, account, &actor.subject);
    if let Some(wanted) = wanted {
        problems.extend(problems_of_account(wanted, &actor.institution));
    }
    problems
}

/// The id under which an account waits for its creation: no account has it, and it keeps the issuer.
fn pending_id(issuer: &str) -> String {
    format!("{}@{issuer}", audit::line_id())
}

/// A decision as the audit keeps it: the change, and the account as it stands after it. Verification reads both again.
#[derive(Serialize)]
struct Recorded<'a> {
    #[serde(flatten)]
    change: &'a AccountChange,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a Account>,
}

/// Carries an approved change out; the account after it. `None`: its subject has another account.
async fn apply<C: ConnectionTrait>(
    connection: &C,
    change: &AccountChange,
    account: Option<Account>,
    (now, ends): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Option<Account>> {
    let Some(mut account) = account else {
        let (Some(wanted), Some((id, issuer))) = (&change.wanted, change.account_id.split_once('@')) else {
            return Err(StoreError::Unsafe(format!("change {} has no account", change.id)));
        };
        let account = new_account(id, issuer, &change.institution, wanted.clone(), now);
        let added = insert(connection, std::slice::from_ref(&account)).await?;
        return Ok(added.contains(&account.id).then_some(account));
    };
    match (change.step, &change.wanted) {
        (AccountStep::Change, Some(wanted)) => account.profile = wanted.profile.clone(),
        (AccountStep::Suspend, _) => account.state = AccountState::Suspended,
        (AccountStep::Resume, _) => account.state = AccountState::Active,
        _ => {}
    }
    // What began before a suspension does not begin again with its end.
    if matches!(change.step, AccountStep::Suspend | AccountStep::EndSessions) {
        account.valid_from = Some(micros(ends));
    }
    let sql = "UPDATE account SET profile = $1, state = $2, valid_from = $3, version = version + 1, changed_at = $4 \
               WHERE id = $5";
    let values: Vec<Value> = vec![
        serde_json::to_string(&account.profile)?.into(),
        account.state.code().into(),
        account.valid_from.into(),
        micros(now).into(),
        account.id.clone().into(),
    ];
    let backend = connection.get_database_backend();
    connection.execute_raw(statement(backend, sql, values)).await?;
    account_at(connection, &account.institution, &account.id).await
}

/// An active account. Its subject in the record is its subject at the issuer.
pub fn new_account(id: &str, issuer: &str, institution: &str, wanted: Wanted, now: DateTime<Utc>) -> Account {
    let Wanted { kind, login, profile } = wanted;
    Account {
        id: id.to_owned(),
        issuer: issuer.to_owned(),
        kind,
        subject: login.clone(),
        login,
        institution: institution.to_owned(),
        profile,
        state: AccountState::Active,
        valid_from: None,
        version: 1,
        changed_at: micros(now),
    }
}

/// A fresh id of an account.
pub fn account_id() -> String {
    audit::line_id()
}

/// Accounts of which nobody has the subject or the sign-in yet; the ids of those that were added. One statement.
async fn insert<C: ConnectionTrait>(connection: &C, accounts: &[Account]) -> Result<BTreeSet<String>> {
    let mut rows = vec![];
    for account in accounts {
        rows.push(AccountRow {
            id: &account.id,
            issuer: &account.issuer,
            kind: account.kind.code(),
            login: &account.login,
            subject: &account.subject,
            institution: &account.institution,
            profile: serde_json::to_string(&account.profile)?,
            state: account.state.code(),
            valid_from: account.valid_from.map(Stamp::of),
            version: account.version,
            changed_at: Stamp::of(account.changed_at),
        });
    }
    let backend = connection.get_database_backend();
    let sql = format!(
        "INSERT INTO account ({}) SELECT {} FROM {} WHERE true ON CONFLICT DO NOTHING RETURNING id",
        names(ACCOUNTS, ""),
        names(ACCOUNTS, "r."),
        row_set(backend, 1, "r", ACCOUNTS)
    );
    let added = connection.query_all_raw(statement(backend, sql, vec![json(&rows)?])).await?;
    added.iter().map(|row| Ok(row.try_get("", "id")?)).collect()
}

async fn is_taken<C: ConnectionTrait>(connection: &C, issuer: &str, wanted: &Wanted) -> Result<bool> {
    let sql = "SELECT 1 AS one FROM account a WHERE a.subject = $3 OR (a.issuer = $1 AND a.kind = $2 AND a.login = $3)";
    let values = vec![issuer.into(), wanted.kind.code().into(), wanted.login.clone().into()];
    let backend = connection.get_database_backend();
    Ok(connection.query_one_raw(statement(backend, sql, values)).await?.is_some())
}

/// Every account, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Account>> {
    let sql = format!("SELECT {ACCOUNT} FROM account a ORDER BY a.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(account_of_row).collect()
}

/// Every change of an account, for verification.
pub(crate) async fn all_changes<C: ConnectionTrait>(connection: &C) -> Result<Vec<AccountChange>> {
    let sql = format!("SELECT {CHANGE} FROM account_change c ORDER BY c.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(change_of_row).collect()
}

/// An account of a bank.
pub(crate) async fn account_at<C: ConnectionTrait>(
    connection: &C,
    institution: &str,
    id: &str,
) -> Result<Option<Account>> {
    let sql = format!("SELECT {ACCOUNT} FROM account a WHERE a.institution = $1 AND a.id = $2");
    let backend = connection.get_database_backend();
    let values = vec![institution.into(), id.into()];
    let row = connection.query_one_raw(statement(backend, sql, values)).await?;
    row.as_ref().map(account_of_row).transpose()
}

async fn change_at<C: ConnectionTrait>(
    connection: &C,
    institution: &str,
    id: &str,
) -> Result<Option<AccountChange>> {
    let sql = format!("SELECT {CHANGE} FROM account_change c WHERE c.institution = $1 AND c.id = $2");
    let backend = connection.get_database_backend();
    let values = vec![institution.into(), id.into()];
    let row = connection.query_one_raw(statement(backend, sql, values)).await?;
    row.as_ref().map(change_of_row).transpose()
}

/// An account as it is written.
#[derive(Serialize)]
struct AccountRow<'a> {
    id: &'a str,
    issuer: &'a str,
    kind: &'static str,
    login: &'a str,
    subject: &'a str,
    institution: &'a str,
    /// JSON.
    profile: String,
    state: &'static str,
    valid_from: Option<Stamp>,
    version: u64,
    changed_at: Stamp,
}

const ACCOUNTS: Columns = &[
    ("id", Ty::Text),
    ("issuer", Ty::Text),
    ("kind", Ty::Text),
    ("login", Ty::Text),
    ("subject", Ty::Text),
    ("institution", Ty::Text),
    ("profile", Ty::Text),
    ("state", Ty::Text),
    ("valid_from", Ty::At),
    ("version", Ty::Int),
    ("changed_at", Ty::At),
];

#[derive(Serialize)]
struct IdRow<'a> {
    id: &'a str,
}

/// Ids as the one parameter of a row set.
pub(crate) fn ids_of(ids: &[String]) -> Result<Value> {
    json(&ids.iter().map(|id| IdRow { id }).collect::<Vec<_>>())
}

/// The columns of a set of ids.
pub(crate) const IDS: Columns = &[("id", Ty::Text)];

pub(crate) fn account_of_row(row: &QueryResult) -> Result<Account> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (id, kind, state, profile) = (text("id")?, text("kind")?, text("state")?, text("profile")?);
    let version: i64 = row.try_get("", "version")?;
    let profile = serde_json::from_str(&profile).map_err(|error| StoreError::Unreadable {
        what: "account",
        id: id.clone(),
        error,
    })?;
    Ok(Account {
        id,
        issuer: text("issuer")?,
        kind: known(AccountKind::parse(&kind), "kind of account", &kind)?,
        login: text("login")?,
        subject: text("subject")?,
        institution: text("institution")?,
        profile,
        state: known(AccountState::parse(&state), "state of an account", &state)?,
        valid_from: row.try_get("", "valid_from")?,
        version: version as u64,
        changed_at: row.try_get("", "changed_at")?,
    })
}

pub(crate) fn change_of_row(row: &QueryResult) -> Result<AccountChange> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (id, step, state) = (text("id")?, text("step")?, text("state")?);
    let wanted: Option<String> = row.try_get("", "wanted")?;
    let wanted = wanted.map(|wanted| serde_json::from_str(&wanted)).transpose();
    Ok(AccountChange {
        institution: text("institution")?,
        account_id: text("account_id")?,
        step: known(AccountStep::parse(&step), "step of an account", &step)?,
        wanted: wanted.map_err(|error| StoreError::Unreadable { what: "change", id: id.clone(), error })?,
        id,
        state: known(ChangeState::parse(&state), "state of a change", &state)?,
        proposed_by: text("proposed_by")?,
        proposed_at: row.try_get("", "proposed_at")?,
        decided_by: row.try_get("", "decided_by")?,
        decided_at: row.try_get("", "decided_at")?,
        reason: row.try_get("", "reason")?,
    })
}
