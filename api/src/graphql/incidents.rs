//! The incident desk and the delivery ledger: what went wrong, what is done about it, and what became of each notice of a case.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::roots::Root;
use super::shape::Shape;
use super::wall::{self, Wall};
use async_graphql::dynamic::ResolverContext;
use db::incidents::{Bounds, Incident, IncidentAsk, IncidentFilter, IncidentResult, MOST_AT_ONCE};
use db::ledger::{Anew, AnewAnswer, Delivery, Try};
use serde_json::{Map, Value, json};
use workflows::machine::contact::Mailing;
use workflows::machine::hooks::{self, DisabledBy};
use workflows::machine::incident::{
    AnewReason, ClosingReason, Given, IncidentAction, IncidentKind, judge, what_to_do, words_of_bank,
};
use workflows::machine::{NoticeId, PartnerMessage, Role, Stage, Task, Timer};

/// Who deals with incidents.
pub const DEALS: Wall = wall::STAFF;

const IDS: (&str, &str, &str) = ("ids", "[ID!]!", "The incidents, at most 100.");
const ACTION: (&str, &str, &str) = ("action", "IncidentAction!", "What is to be done.");
const REASON: (&str, &str, &str) = ("reason", "ClosingReason", "Why, where something is closed.");
const MAIL_TO: (&str, &str, &str) = ("mailTo", "String", "The address, where a mail is sent to another one.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "incidents",
        ty: "IncidentConnection",
        doc: "What went wrong and waits for a person, the oldest first.",
        wall: wall::INSIDE,
        arguments: &[
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
            ("kind", "IncidentKind", "Of this kind alone."),
            ("branch", "String", "Of this branch alone."),
            ("applicationId", "ID", "Of this application alone."),
            ("mine", "Boolean", "Only those on which the caller works."),
        ],
        answer: |call, ctx| Box::pin(list(call, ctx)),
    },
    Root {
        name: "incidentFigures",
        ty: "[IncidentFigure!]",
        doc: "How many incidents of each kind are open, and since when the oldest.",
        wall: wall::INSIDE,
        arguments: &[],
        answer: |call, _| Box::pin(figures(call)),
    },
    Root {
        name: "previewIncidents",
        ty: "[IncidentOutcome!]",
        doc: "What an action would come to, incident by incident. Nothing is done.",
        wall: DEALS,
        arguments: &[IDS, ACTION, REASON, MAIL_TO],
        answer: |call, ctx| Box::pin(preview(call, ctx)),
    },
    Root {
        name: "deliveries",
        ty: "DeliveryConnection",
        doc: "What became of each notice and partner message of an application, in the order in which they were left.",
        wall: wall::INSIDE,
        arguments: &[
            ("applicationId", "ID!", "The application."),
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
        ],
        answer: |call, ctx| Box::pin(deliveries(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "handleIncidents",
        ty: "[IncidentOutcome!]",
        doc: "Does something about incidents: each that can is done, the others say why not. A closing that leaves somebody untold is \
              proposed, and approved by somebody else.",
        wall: DEALS,
        arguments: &[IDS, ACTION, REASON, MAIL_TO],
        answer: |call, ctx| Box::pin(handle(call, ctx)),
    },
    Root {
        name: "resendDelivery",
        ty: "ID",
        doc: "Sends a delivered notice anew, as another parcel linked to the first; the id of the new one.",
        wall: DEALS,
        arguments: &[
            ("id", "ID!", "The parcel that is repeated."),
            ("reason", "AnewReason!", "Why."),
            ("mailTo", "String", "Another address, for a mail."),
        ],
        answer: |call, ctx| Box::pin(send_anew(call, ctx)),
    },
];

fn bounds(call: &Call) -> Bounds<'_> {
    let limits = &call.counter.service.limits;
    Bounds { now: call.now, overdue: limits.overdue, stream: limits.stream.as_deref() }
}

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let filter = IncidentFilter {
        kind: text(&map, "kind").and_then(IncidentKind::parse),
        branch: text(&map, "branch").map(str::to_owned),
        application_id: text(&map, "applicationId").map(str::to_owned),
        mine: map.get("mine").and_then(Value::as_bool).unwrap_or_default(),
    };
    let (store, scope) = (&call.counter.service.store, call.scope());
    let bounds = bounds(call);
    let page = store.incidents(&scope, &filter, bounds, text(&map, "after"), first_of(&map)?).await?;
    let edges =
        page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(incident(call, item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

async fn figures(call: &Call) -> Result<Shape, Fault> {
    let figures = call.counter.service.store.incident_figures(&call.scope(), bounds(call)).await?;
    let shown = figures.iter().map(|figure| {
        json!({
            "kind": figure.kind, "label": label(figure.kind.ja(), figure.kind.en()), "open": figure.open,
            "oldest": figure.oldest,
        })
    });
    Ok(Shape::Json(shown.collect()))
}

/// The action with its arguments, checked. `ids` outlives it.
fn asked<'m>(map: &'m Map<String, Value>, ids: &'m [String]) -> Result<IncidentAsk<'m>, Fault> {
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Err(Fault::Input(format!("ids: 1 to {MOST_AT_ONCE} / 1件以上{MOST_AT_ONCE}件以内")));
    }
    let action = text(map, "action").and_then(IncidentAction::parse).ok_or(Fault::NotFound)?;
    Ok(IncidentAsk {
        ids,
        action,
        reason: text(map, "reason").and_then(ClosingReason::parse),
        mail_to: mail_to(map)?,
    })
}

fn mail_to(map: &Map<String, Value>) -> Result<Option<&str>, Fault> {
    let given = text(map, "mailTo").map(str::trim).filter(|text| !text.is_empty());
    if given.is_some_and(|text| !notifications::address::is_address(text)) {
        let accepted =
            "mailTo: an address such as name@host.example / name@host.example の形のメールアドレス";
        return Err(Fault::Input(accepted.to_owned()));
    }
    Ok(given)
}

fn ids_of(map: &Map<String, Value>) -> Vec<String> {
    let ids = map.get("ids").and_then(Value::as_array).into_iter().flatten();
    ids.filter_map(Value::as_str).map(str::to_owned).collect()
}

async fn preview(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let ids = ids_of(&map);
    let ask = asked(&map, &ids)?;
    let store = &call.counter.service.store;
    let results = store.preview_incidents(&call.scope(), &ask, bounds(call)).await?;
    Ok(Shape::Json(results.iter().map(outcome).collect()))
}

async fn handle(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let ids = ids_of(&map);
    let ask = asked(&map, &ids)?;
    let store = &call.counter.service.store;
    let results = store.handle_incidents(&call.scope(), &ask, bounds(call)).await?;
    Ok(Shape::Json(results.iter().map(outcome).collect()))
}

fn outcome(result: &IncidentResult) -> Value {
    let (possible, code, words) = match result.came_of {
        Ok(means) => (true, means.code(), label(means.ja(), means.en())),
        Err(hindrance) => (false, hindrance.code(), label(hindrance.ja(), hindrance.en())),
    };
    json!({ "id": result.id, "possible": possible, "code": code, "label": words })
}

fn incident(call: &Call, item: &Incident) -> Value {
    let (ja, en) = what_to_do(item.kind, &item.error);
    let given_or_none = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    // What is possible once the reason or the address is given.
    let given = Given { reason: Some(ClosingReason::DoneElsewhere), mail_to: Some("") };
    let possible = IncidentAction::ALL.iter().filter(|action| {
        DEALS.admits(&[call.actor.role]) && judge(&item.standing(), **action, given, &call.actor).is_ok()
    });
    json!({
        "id": item.id, "kind": item.kind, "kindLabel": label(item.kind.ja(), item.kind.en()), "what": item.what,
        "whatLabel": what_of(call, item), "channel": item.channel, "recipient": recipient(item.address.as_deref()),
        "branch": given_or_none(&item.branch), "applicationId": given_or_none(&item.application_id), "endpoint": item.endpoint,
        "sequence": item.sequence, "waiting": item.waiting, "day": item.day, "number": item.number, "since": item.since,
        "attempts": item.attempts, "error": item.error, "tries": item.tries.iter().map(tried).collect::<Vec<_>>(),
        "toDo": label(ja, en), "isDuty": item.duty, "takenBy": item.taken_by, "takenAt": item.taken_at,
        "isMine": item.taken_by.as_deref() == Some(call.actor.subject.as_str()), "proposedBy": item.proposed_by,
        "proposedAt": item.proposed_at, "reason": item.reason,
        "reasonLabel": item.reason.map(|reason| label(reason.ja(), reason.en())),
        "possible": possible.collect::<Vec<_>>(),
    })
}

/// The words of what an incident is about.
fn what_of(call: &Call, item: &Incident) -> Value {
    let words = match item.kind {
        IncidentKind::DeadLetter => {
            let kind = hooks::of_name(&call.counter.service.table, &item.what);
            return kind.map_or(Value::Null, |kind| label(&kind.ja, &kind.en));
        }
        IncidentKind::DisabledEndpoint => DisabledBy::parse(&item.what).map(|by| (by.ja(), by.en())),
        IncidentKind::OpenDay | IncidentKind::LateEvents => words_of_bank(&item.what),
        _ => return named(&item.what),
    };
    words.map_or(Value::Null, |(ja, en)| label(ja, en))
}

fn tried(one: &Try) -> Value {
    json!({ "at": one.at, "ended": one.ended, "said": one.said, "template": one.template, "hash": one.hash })
}

/// The words of a notice, message, task, timer or stage.
pub(super) fn named(code: &str) -> Value {
    let words = NoticeId::parse(code)
        .map(|n| (n.ja(), n.en()))
        .or_else(|| PartnerMessage::parse(code).map(|m| (m.ja(), m.en())))
        .or_else(|| Task::parse(code).map(|t| (t.ja(), t.en())))
        .or_else(|| Timer::parse(code).map(|t| (t.ja(), t.en())))
        .or_else(|| Stage::parse(code).map(|s| (s.ja(), s.en())))
        .or_else(|| Mailing::words(code))
        .or_else(|| words_of_bank(code));
    words.map_or(Value::Null, |(ja, en)| label(ja, en))
}

/// Whom a parcel is for, without a name or a sign-in: a desk, a partner, or a person of the case by the id in the form.
pub(super) fn recipient(address: Option<&str>) -> Value {
    let Some(address) = address else { return Value::Null };
    let role = |code: &str| Role::parse(code).map_or(("", ""), |role| (role.ja(), role.en()));
    let mut parts = address.split(':');
    match (parts.next(), parts.next_back()) {
        (Some("DESK"), Some(code)) => label(role(code).0, role(code).1),
        (Some("PARTNER"), Some(organisation)) => {
            let (ja, en) = role(parts.next().unwrap_or_default());
            label(&format!("{ja} {organisation}"), &format!("{en} {organisation}"))
        }
        (Some("PARTY"), Some(party)) => {
            label(&format!("関係者 {party}"), &format!("Person {party} of the case"))
        }
        _ => label("申込人", "Applicant"),
    }
}

async fn deliveries(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let store = &call.counter.service.store;
    let page = store.deliveries(&call.scope(), id, text(&map, "after"), first_of(&map)?).await?;
    let edges = page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(delivery(item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

fn delivery(item: &Delivery) -> Value {
    let proof = item.tries.iter().rev().find(|one| one.ended == "DELIVERED");
    let sent_at = item.settled_at.filter(|_| item.state == "DELIVERED");
    let closing = item.closed_reason.as_deref().and_then(ClosingReason::parse);
    json!({
        "id": item.id, "version": item.version, "kind": item.kind, "kindLabel": named(&item.kind),
        "channel": item.channel, "recipient": recipient(Some(&item.address)), "state": item.state,
        "createdAt": item.created_at, "sentAt": sent_at, "template": proof.and_then(|p| p.template.clone()),
        "contentHash": proof.and_then(|p| p.hash.clone()), "proof": proof.and_then(|p| p.said.clone()),
        "tries": item.tries.iter().map(tried).collect::<Vec<_>>(), "replaces": item.replaces,
        "closedBy": item.closed_by, "closedReason": item.closed_reason,
        "closedLabel": closing.map(|reason| label(reason.ja(), reason.en())), "paper": item.paper, "bounce": bounce(item),
    })
}

/// What the mail server said when the mail came back.
pub(super) fn bounce(item: &Delivery) -> Option<&str> {
    let came_back = item.tries.iter().rev().find(|one| one.ended == "BOUNCED");
    came_back.and_then(|one| one.said.as_deref()).map(|said| said.strip_prefix("bounced: ").unwrap_or(said))
}

async fn send_anew(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let reason = text(&map, "reason").and_then(AnewReason::parse).ok_or(Fault::NotFound)?;
    let anew = Anew { id: text(&map, "id").unwrap_or_default(), reason, mail_to: mail_to(&map)? };
    let said = |words: &str| Err(Fault::Input(words.to_owned()));
    match call.counter.service.store.send_anew(&call.scope(), anew, call.now).await? {
        AnewAnswer::Sent(id) => Ok(Shape::Json(json!(id))),
        AnewAnswer::NotFound => Err(Fault::NotFound),
        AnewAnswer::NotDelivered => said(
            "id: a parcel that was delivered or closed; one that waits or failed is on the incident desk / 送達済みまたは終了した通知。未達のものは障害一覧で処理してください",
        ),
        AnewAnswer::NoNotice => said(
            "id: a notice; a message to a partner is never repeated as another one / 通知に限ります。提携先への連絡は複製できません",
        ),
        AnewAnswer::NotMail => said("mailTo: for a mail alone / メールに限ります"),
        AnewAnswer::TooOften => said("id: at most 5 parcels follow the first / 再送は5回までです"),
    }
}
