//! Work that one person of the bank holds, handed to another by a manager: seen beforehand, task by task, and on record.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::model::Model;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use db::handing::{Handing, HandingAnswer, HandingResult, MOST_AT_ONCE};
use serde_json::{Map, Value, json};
use workflows::machine::Role;
use workflows::machine::handing::{HANDS, HandingOutcome};
use workflows::office::HandoverReason;

/// Who hands work over.
pub const MANAGES: Wall = Wall::of(HANDS);

const IDS: (&str, &str, &str) = ("ids", "[ID!]!", "The tasks, at most 100.");
const FROM: (&str, &str, &str) =
    ("from", "String", "Who holds them, as the caller has seen it; nobody has taken them without it.");
const TO: (&str, &str, &str) =
    ("to", "String!", "Who gets them: the subject of an active person of the bank.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "assignees",
        ty: "[Assignee!]",
        doc: "Active people of the bank who have a role, and a branch of the caller's: those to whom its work can be handed; at most 200.",
        wall: MANAGES,
        arguments: &[("role", "Role!", "The role.")],
        answer: |call, ctx| Box::pin(assignees(call, ctx)),
    },
    Root {
        name: "previewReassignment",
        ty: "[ReassignmentLine!]",
        doc: "What handing tasks to somebody would come to, task by task. Nothing is done.",
        wall: MANAGES,
        arguments: &[IDS, FROM, TO],
        answer: |call, ctx| Box::pin(preview(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[Root {
    name: "reassignTasks",
    ty: "[ReassignmentLine!]",
    doc: "Hands tasks from one person, or from nobody, to another: each that can be is handed over, the others say why not. Nobody is \
          given work of another role or branch, on a case that he keeps away from (L-108-3), or a decision that he may not make (E.2).",
    wall: MANAGES,
    arguments: &[IDS, FROM, TO, ("reason", "HandoverReason!", "Why.")],
    answer: |call, ctx| Box::pin(reassign(call, ctx)),
}];

async fn assignees(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let role = text(&map, "role").and_then(Role::parse).ok_or(Fault::NotFound)?;
    let people = call.counter.service.store.assignees(&call.scope(), role).await?;
    let shown = people.iter().map(
        |one| json!({ "subject": one.subject, "name": one.profile.name, "branches": one.profile.branches }),
    );
    Ok(Shape::Json(shown.collect()))
}

fn ids_of(map: &Map<String, Value>) -> Result<Vec<String>, Fault> {
    let ids = map.get("ids").and_then(Value::as_array).into_iter().flatten();
    let ids: Vec<String> = ids.filter_map(Value::as_str).map(str::to_owned).collect();
    if ids.is_empty() || ids.len() > MOST_AT_ONCE {
        return Err(Fault::Input(format!("ids: 1 to {MOST_AT_ONCE} / 1件以上{MOST_AT_ONCE}件以内")));
    }
    Ok(ids)
}

async fn preview(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let ids = ids_of(&map)?;
    let ask = Handing { ids: &ids, from: text(&map, "from"), to: text(&map, "to").unwrap_or_default() };
    answered(call.counter.service.store.preview_handing(&call.scope(), &ask).await?)
}

async fn reassign(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let ids = ids_of(&map)?;
    let ask = Handing { ids: &ids, from: text(&map, "from"), to: text(&map, "to").unwrap_or_default() };
    let reason = text(&map, "reason").and_then(HandoverReason::parse).ok_or(Fault::NotFound)?;
    let store = &call.counter.service.store;
    answered(store.hand_over_tasks(&call.scope(), &ask, reason, call.now).await?)
}

fn answered(answer: HandingAnswer) -> Result<Shape, Fault> {
    match answer {
        HandingAnswer::Judged(results) => Ok(Shape::Json(results.iter().map(line).collect())),
        HandingAnswer::Nobody => Err(Fault::Input(
            "to: E.2: an active person of the bank with a branch of yours / 利用中の自行職員で、担当支店が共通する人".to_owned(),
        )),
        HandingAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

fn line(result: &HandingResult) -> Value {
    json!({
        "id": result.id, "possible": result.outcome == HandingOutcome::Handed, "outcome": result.outcome,
        "label": label(result.outcome.ja(), result.outcome.en()),
    })
}

/// The types of all this.
pub fn types(m: &mut Model) {
    m.choices("HandingOutcome", HandingOutcome::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.object(
        "Assignee",
        "Somebody to whom work can be handed.",
        &[
            ("subject", "String!", MANAGES, "How the record names the person."),
            ("name", "String!", MANAGES, "Name."),
            ("branches", "[String!]!", MANAGES, "Branches; none for the whole bank."),
        ],
    );
    m.object(
        "ReassignmentLine",
        "What handing a task over comes to.",
        &[
            ("id", "ID!", MANAGES, "The task."),
            ("possible", "Boolean!", MANAGES, "It is, or would be, handed over."),
            ("outcome", "HandingOutcome!", MANAGES, "What it comes to."),
            ("label", "Label!", MANAGES, "The same in words."),
        ],
    );
}
