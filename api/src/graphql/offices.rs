//! Offices of partners: colleagues, the cases that somebody answers for, and how they change hands (E.2, decision 22).

use super::accounts::{answered, told_change};
use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::price::told;
use super::roots::Root;
use super::shape::Shape;
use super::wall::{INSIDE, Wall};
use async_graphql::dynamic::ResolverContext;
use db::accounts::Proposal;
use db::offices::{Handover, HandoverAnswer, HandoverTold, JobsOf, OfficeJob, job_cursor};
use serde_json::{Value, json};
use workflows::account::{Account, AccountKind, AccountStep, Profile, Wanted};
use workflows::office::{HandoverReason, OFFICES};

/// People of a partner's office.
pub const OFFICE: Wall = Wall::of(&OFFICES);
/// Who sees how a case changed hands.
pub const TOLD: Wall = INSIDE.and(&OFFICES);

/// Most lines of one record.
const MOST: u32 = 100;
const FIRST: (&str, &str, &str) = ("first", "Int!", "How many, at most 100.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "colleagues",
        ty: "[Colleague!]",
        doc: "The people of the caller's office, by subject; with those who may not sign in any more.",
        wall: OFFICE,
        arguments: &[FIRST, ("after", "String", "Subject of the colleague before.")],
        answer: |call, ctx| Box::pin(colleagues(call, ctx)),
    },
    Root {
        name: "colleagueChanges",
        ty: "[UserAccountChange!]",
        doc: "What leads of the caller's office proposed about colleagues, the latest first; for leads.",
        wall: OFFICE,
        arguments: &[FIRST, ("after", "ID", "Id of the change before.")],
        answer: |call, ctx| Box::pin(changes(call, ctx)),
    },
    Root {
        name: "officeJobs",
        ty: "OfficeJobConnection",
        doc: "The running cases of the caller's office, with who answers for each.",
        wall: OFFICE,
        arguments: &[
            ("of", "OfficeJobsOf", "Which; all of the office without it."),
            FIRST,
            ("after", "String", "Cursor of the line before."),
        ],
        answer: |call, ctx| Box::pin(jobs(call, ctx)),
    },
    Root {
        name: "handovers",
        ty: "[Handover!]",
        doc: "How the parts of partners in a case changed hands, the latest first, at most 100: an office sees its own.",
        wall: TOLD,
        arguments: &[("applicationId", "ID!", "The application.")],
        answer: |call, ctx| Box::pin(history(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "handOverJob",
        ty: "HandoverStep",
        doc: "Hands the office's part in a case over to a colleague: by who answers for it or by a lead. A case that nobody answers \
              for is taken for oneself (E.2).",
        wall: OFFICE,
        arguments: &[
            ("applicationId", "ID!", "The application."),
            ("to", "String!", "Subject of the colleague, or the caller's own."),
            ("reason", "HandoverReason!", "Why."),
        ],
        answer: |call, ctx| Box::pin(hand_over(call, ctx)),
    },
    Root {
        name: "proposeColleague",
        ty: "UserAccountProposal",
        doc: "A lead proposes a new colleague of the office; it counts for nothing until an administrator of the bank approves it (E.2).",
        wall: OFFICE,
        arguments: &[
            ("login", "String!", "Subject at the provider."),
            ("name", "String!", "Name."),
            ("isLead", "Boolean", "The colleague leads the office too."),
        ],
        answer: |call, ctx| Box::pin(propose(call, ctx)),
    },
    Root {
        name: "proposeColleagueChange",
        ty: "UserAccountProposal",
        doc: "A lead proposes to suspend or resume a colleague, or to end his sessions; an administrator of the bank decides.",
        wall: OFFICE,
        arguments: &[
            ("id", "ID!", "Account of the colleague."),
            ("step", "UserAccountStep!", "SUSPEND, RESUME or END_SESSIONS."),
        ],
        answer: |call, ctx| Box::pin(propose_change(call, ctx)),
    },
];

fn colleague(account: &Account) -> Value {
    json!({
        "accountId": account.id, "subject": account.subject, "name": account.profile.name,
        "isLead": account.profile.lead, "state": account.state,
        "stateLabel": label(account.state.ja(), account.state.en()),
    })
}

fn job(job: &OfficeJob) -> Value {
    let responsible = job.responsible.as_ref();
    json!({
        "applicationId": job.application_id, "number": job.number, "institution": job.institution,
        "branch": job.branch, "responsible": responsible.map(|(subject, _)| subject),
        "responsibleName": responsible.map(|(_, name)| name), "left": job.left, "since": job.since,
    })
}

fn line(line: &Handover) -> Value {
    json!({
        "id": line.id, "role": line.role, "roleLabel": label(line.role.ja(), line.role.en()),
        "organisation": line.organisation, "from": line.from, "to": line.to, "by": line.by, "at": line.at,
        "reason": line.reason, "reasonLabel": label(line.reason.ja(), line.reason.en()),
        "fromName": null, "toName": null, "byName": null, "isCurrent": true,
    })
}

fn named(it: &HandoverTold) -> Value {
    let mut shown = line(&it.line);
    shown["fromName"] = json!(it.from_name);
    shown["toName"] = json!(it.to_name);
    shown["byName"] = json!(it.by_name);
    shown["isCurrent"] = json!(it.counts);
    shown
}

async fn colleagues(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let people = call.counter.service.store.colleagues(&call.scope(), after, first).await?;
    Ok(Shape::Json(people.iter().map(colleague).collect()))
}

async fn changes(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let changes = call.counter.service.store.colleague_changes(&call.scope(), after, first).await?;
    Ok(Shape::Json(changes.iter().map(told_change).collect()))
}

async fn jobs(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (first, after) = (first_of(&map)?, text(&map, "after"));
    let of = match text(&map, "of") {
        Some("CALLER") => JobsOf::Caller,
        Some("NOBODY") => JobsOf::Nobody,
        _ => JobsOf::Office,
    };
    let page = call.counter.service.store.jobs(&call.scope(), of, after, first).await?;
    let edges =
        page.items.iter().map(|item| (job_cursor(&item.application_id), Shape::Json(job(item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

async fn history(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let lines = call.counter.service.store.handovers(&call.scope(), id, MOST).await?;
    Ok(Shape::Json(lines.iter().map(named).collect()))
}

async fn hand_over(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (id, to) = (text(&map, "applicationId").unwrap_or_default(), text(&map, "to").unwrap_or_default());
    let reason = text(&map, "reason").and_then(HandoverReason::parse);
    let reason = reason.ok_or_else(|| {
        let codes: Vec<&str> = HandoverReason::ALL.iter().map(|reason| reason.code()).collect();
        Fault::Input(format!("reason: {} / 理由を選んでください。", codes.join(", ")))
    })?;
    match call.counter.service.store.hand_over(&call.scope(), (id, to), reason, call.now).await? {
        HandoverAnswer::Done(done) => Ok(Shape::Json(json!({ "handover": line(&done), "problems": [] }))),
        HandoverAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "handover": null, "problems": problems })))
        }
        HandoverAnswer::NotFound => Err(Fault::NotFound),
        HandoverAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

async fn propose(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let profile = Profile {
        name: text(&map, "name").unwrap_or_default().trim().to_owned(),
        roles: vec![call.actor.role],
        branches: vec![],
        organisation: call.actor.organisation.clone(),
        lead: map.get("isLead").and_then(Value::as_bool).unwrap_or_default(),
    };
    let login = text(&map, "login").unwrap_or_default().to_owned();
    let wanted = Wanted { kind: AccountKind::Person, login, profile };
    let service = &call.counter.service;
    let proposal = Proposal::Create { issuer: service.auth.issuer().to_owned(), wanted };
    answered(service.store.propose_account(&call.scope(), proposal, call.now).await?)
}

async fn propose_change(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default().to_owned();
    let step = text(&map, "step").and_then(AccountStep::parse);
    let Some(step) = step.filter(|step| !matches!(step, AccountStep::Create | AccountStep::Change)) else {
        return Err(Fault::Input(
            "step: SUSPEND, RESUME or END_SESSIONS. / 停止、停止解除、全セッションの終了のいずれかです。"
                .to_owned(),
        ));
    };
    let proposal = Proposal::Step { id, step };
    answered(call.counter.service.store.propose_account(&call.scope(), proposal, call.now).await?)
}
