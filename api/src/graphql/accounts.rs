//! Accounts that user administrators manage: every step is proposed by one and decided by another.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, first_of, text};
use super::price::told;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use db::accounts::{AccountAnswer, Proposal};
use serde_json::{Map, Value, json};
use workflows::account::{Account, AccountChange, AccountKind, AccountStep, Profile, Wanted};
use workflows::machine::Role;

/// Longest reason of a return.
const LONGEST_REASON: usize = 400;
/// Who changes accounts.
const MANAGED: Wall = Wall::of(&[Role::UserAdmin]);
/// Who sees them.
pub const SEEN: Wall = MANAGED.and(&[Role::Auditor]);

const FIRST: (&str, &str, &str) = ("first", "Int!", "How many, at most 100.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "userAccounts",
        ty: "[UserAccount!]",
        doc: "The accounts of the bank, by subject.",
        wall: SEEN,
        arguments: &[FIRST, ("after", "String", "Subject of the account before.")],
        answer: |call, ctx| Box::pin(list(call, ctx)),
    },
    Root {
        name: "userAccountChanges",
        ty: "[UserAccountChange!]",
        doc: "Changes of accounts, the latest first.",
        wall: SEEN,
        arguments: &[
            FIRST,
            ("after", "ID", "Id of the change before."),
            ("open", "Boolean", "Only what waits for a decision."),
        ],
        answer: |call, ctx| Box::pin(changes(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "proposeUserAccount",
        ty: "UserAccountProposal",
        doc: "Proposes an account; it counts for nothing until another administrator approves it (E.2).",
        wall: MANAGED,
        arguments: &[("account", "UserAccountInput!", "The account.")],
        answer: |call, ctx| Box::pin(create(call, ctx)),
    },
    Root {
        name: "proposeUserAccountChange",
        ty: "UserAccountProposal",
        doc: "Proposes to change, suspend or resume an account, or to end its sessions.",
        wall: MANAGED,
        arguments: &[
            ("id", "ID!", "The account."),
            ("step", "UserAccountStep!", "What is to be done."),
            ("profile", "UserProfileInput", "What it shall be, for the step CHANGE."),
        ],
        answer: |call, ctx| Box::pin(change(call, ctx)),
    },
    Root {
        name: "approveUserAccountChange",
        ty: "UserAccountProposal",
        doc: "Approves what another administrator proposed. It counts from the next request on, elsewhere within a second.",
        wall: MANAGED,
        arguments: &[("id", "ID!", "The change.")],
        answer: |call, ctx| Box::pin(approve(call, ctx)),
    },
    Root {
        name: "returnUserAccountChange",
        ty: "UserAccountProposal",
        doc: "Returns what another administrator proposed.",
        wall: MANAGED,
        arguments: &[("id", "ID!", "The change."), ("reason", "String!", "Why.")],
        answer: |call, ctx| Box::pin(give_back(call, ctx)),
    },
];

fn labelled(role: &Role) -> Value {
    label(role.ja(), role.en())
}

fn shown(account: &Account) -> Value {
    let profile = &account.profile;
    json!({
        "id": account.id, "issuer": account.issuer, "login": account.login, "subject": account.subject,
        "kind": account.kind, "kindLabel": label(account.kind.ja(), account.kind.en()),
        "name": profile.name, "roles": profile.roles,
        "roleLabels": profile.roles.iter().map(labelled).collect::<Vec<_>>(),
        "branches": profile.branches, "organisation": profile.organisation, "isLead": profile.lead, "state": account.state,
        "stateLabel": label(account.state.ja(), account.state.en()), "validFrom": account.valid_from,
        "changedAt": account.changed_at,
    })
}

pub(super) fn told_change(change: &AccountChange) -> Value {
    let wanted = change.wanted.as_ref();
    json!({
        "id": change.id, "accountId": change.account_id, "step": change.step,
        "stepLabel": label(change.step.ja(), change.step.en()),
        "login": wanted.map(|wanted| &wanted.login), "kind": wanted.map(|wanted| wanted.kind),
        "name": wanted.map(|wanted| &wanted.profile.name), "roles": wanted.map(|wanted| &wanted.profile.roles),
        "branches": wanted.map(|wanted| &wanted.profile.branches),
        "organisation": wanted.and_then(|wanted| wanted.profile.organisation.as_ref()),
        "isLead": wanted.map(|wanted| wanted.profile.lead), "state": change.state,
        "stateLabel": label(change.state.ja(), change.state.en()), "proposedBy": change.proposed_by,
        "proposedAt": change.proposed_at, "decidedBy": change.decided_by, "decidedAt": change.decided_at,
        "reason": change.reason,
    })
}

pub(super) fn answered(answer: AccountAnswer) -> Result<Shape, Fault> {
    match answer {
        AccountAnswer::Done(done) => Ok(Shape::Json(json!({ "change": told_change(&done), "problems": [] }))),
        AccountAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "change": null, "problems": problems })))
        }
        AccountAnswer::NotFound => Err(Fault::NotFound),
        AccountAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

fn texts(map: &Map<String, Value>, name: &str) -> Vec<String> {
    let listed = map.get(name).and_then(Value::as_array).into_iter().flatten();
    listed.filter_map(Value::as_str).map(str::to_owned).collect()
}

fn profile_of(map: &Map<String, Value>) -> Result<Profile, Fault> {
    let role = |code: String| {
        Role::parse(&code)
            .ok_or_else(|| Fault::Input(format!("roles: {code} is no role. / 役割がありません。")))
    };
    Ok(Profile {
        name: text(map, "name").unwrap_or_default().trim().to_owned(),
        roles: texts(map, "roles").into_iter().map(role).collect::<Result<_, _>>()?,
        branches: texts(map, "branches"),
        organisation: text(map, "organisation").map(str::to_owned),
        lead: map.get("isLead").and_then(Value::as_bool).unwrap_or_default(),
    })
}

async fn create(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let empty = Map::new();
    let account = map.get("account").and_then(Value::as_object).unwrap_or(&empty);
    let kind = text(account, "kind").and_then(AccountKind::parse).unwrap_or(AccountKind::Person);
    let login = text(account, "login").unwrap_or_default().to_owned();
    let wanted = Wanted { kind, login, profile: profile_of(account)? };
    let service = &call.counter.service;
    let proposal = Proposal::Create { issuer: service.auth.issuer().to_owned(), wanted };
    answered(service.store.propose_account(&call.scope(), proposal, call.now).await?)
}

async fn change(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default().to_owned();
    let step = text(&map, "step").and_then(AccountStep::parse);
    let profile = map.get("profile").and_then(Value::as_object);
    let proposal = match (step, profile) {
        (Some(AccountStep::Change), Some(given)) => {
            let mut profile = profile_of(given)?;
            if !given.get("isLead").is_some_and(Value::is_boolean) {
                profile.lead = still_leads(call, &id, &profile).await?;
            }
            Proposal::Change { id, profile }
        }
        (Some(step), None) if !matches!(step, AccountStep::Create | AccountStep::Change) => {
            Proposal::Step { id, step }
        }
        _ => {
            return Err(Fault::Input(
                "step, profile: CHANGE with a profile, or SUSPEND, RESUME, END_SESSIONS without one. / \
                 stepとprofileの組合せが正しくありません。"
                    .to_owned(),
            ));
        }
    };
    answered(call.counter.service.store.propose_account(&call.scope(), proposal, call.now).await?)
}

/// Where nothing is said of it, who leads an office goes on leading it while role and organisation stay.
async fn still_leads(call: &Call, id: &str, profile: &Profile) -> Result<bool, Fault> {
    let found = call.counter.service.store.accounts_of(&[id.to_owned()]).await?;
    let mut own = found.iter().filter(|account| account.institution == call.actor.institution);
    Ok(own.any(|account| {
        let now = &account.profile;
        now.lead && now.roles == profile.roles && now.organisation == profile.organisation
    }))
}

async fn approve(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (service, id) = (&call.counter.service, text(&map, "id").unwrap_or_default());
    // Sessions and tokens are of this world, also where the service has another clock.
    let now = (call.now, service.auth.now());
    let answer = service.store.decide_account(&call.scope(), id, None, now).await;
    service.auth.forget();
    answered(answer?)
}

async fn give_back(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let reason = text(&map, "reason").map(str::trim).unwrap_or_default();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Fault::Input(format!("reason: 1 to {LONGEST_REASON} characters.")));
    }
    let id = text(&map, "id").unwrap_or_default();
    let store = &call.counter.service.store;
    answered(store.decide_account(&call.scope(), id, Some(reason), (call.now, call.now)).await?)
}

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let accounts = call.counter.service.store.accounts(&call.scope(), after, first).await?;
    Ok(Shape::Json(accounts.iter().map(shown).collect()))
}

async fn changes(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let open = map.get("open").and_then(Value::as_bool).unwrap_or_default();
    let changes = call.counter.service.store.account_changes(&call.scope(), open, after, first).await?;
    Ok(Shape::Json(changes.iter().map(told_change).collect()))
}
