//! Half-filled applications: what one person has typed and not handed over yet. Nobody else sees them, and no answer that is kept for
//! repeats holds a word of them.

use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::model::Model;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use chrono::TimeDelta;
use db::intake_drafts::{DraftAnswer, IntakeDraft, NewIntakeDraft, Standing};
use serde_json::{Value, json};
use workflows::machine::Role;

/// Who fills in applications in the portal.
pub const FILLS_IN: Wall = Wall::of(&[Role::Applicant, Role::BranchClerk]);

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "intakeDrafts",
        ty: "IntakeDraftConnection",
        doc: "Applications that the caller has begun to fill in and not handed over, the latest first; at most 20.",
        wall: FILLS_IN,
        arguments: &[
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
        ],
        answer: |call, ctx| Box::pin(list(call, ctx)),
    },
    Root {
        name: "intakeDraft",
        ty: "IntakeDraft",
        doc: "One of them.",
        wall: FILLS_IN,
        arguments: &[("id", "ID!", "The draft.")],
        answer: |call, ctx| Box::pin(one(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "saveIntakeDraft",
        ty: "IntakeDraftStep",
        doc: "Keeps what the caller has filled in of an application so far. A draft that another page has saved in the meantime is left as \
              it is, and the answer says which version stands.",
        wall: FILLS_IN,
        arguments: &[
            ("id", "ID", "The draft to save anew; a new one without it."),
            ("version", "Int", "The version that the caller has seen; needed with `id`."),
            (
                "body",
                "String!",
                "A JSON object as text, at most 64 KiB: `form` has what is filled in under the names of FormInput, the rest is the page's own.",
            ),
        ],
        answer: |call, ctx| Box::pin(save(call, ctx)),
    },
    Root {
        name: "discardIntakeDraft",
        ty: "Boolean",
        doc: "Erases a draft of the caller.",
        wall: FILLS_IN,
        arguments: &[("id", "ID!", "The draft.")],
        answer: |call, ctx| Box::pin(discard(call, ctx)),
    },
];

fn shown(call: &Call, draft: &IntakeDraft) -> Value {
    let days = call.counter.service.limits.draft_days;
    let body: Value = serde_json::from_str(&draft.body).unwrap_or_default();
    let name = body.pointer("/form/parties/0/nameKanji").and_then(Value::as_str).map(str::trim);
    json!({
        "id": draft.id, "version": draft.version, "savedAt": draft.saved_at,
        "forgottenAt": draft.saved_at + TimeDelta::days(i64::from(days)),
        "applicantName": name.filter(|name| !name.is_empty()), "body": draft.body,
    })
}

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let store = &call.counter.service.store;
    let page = store.intake_drafts(&call.scope(), text(&map, "after"), first_of(&map)?).await?;
    let edges = page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(shown(call, item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

async fn one(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    let draft = call.counter.service.store.intake_draft(&call.scope(), id).await?;
    Ok(Shape::Json(shown(call, &draft.ok_or(Fault::NotFound)?)))
}

async fn save(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let seen = map.get("version").and_then(Value::as_u64);
    let known = match (text(&map, "id"), seen) {
        (None, _) => None,
        (Some(id), Some(version)) => Some((id, version)),
        (Some(_), None) => {
            let accepted = "version: the version that was seen of the draft / 画面で確認した下書きの版";
            return Err(Fault::Input(accepted.to_owned()));
        }
    };
    let new = NewIntakeDraft { known, body: text(&map, "body").unwrap_or_default() };
    let step = |outcome: &str, standing: Option<Standing>| {
        let (id, version, saved_at) =
            standing.map_or((None, None, None), |s| (Some(s.id), Some(s.version), Some(s.saved_at)));
        Ok(Shape::Json(json!({ "outcome": outcome, "id": id, "version": version, "savedAt": saved_at })))
    };
    match call.counter.service.store.save_intake_draft(&call.scope(), new, call.now).await? {
        DraftAnswer::Saved(standing) => step("SAVED", Some(standing)),
        DraftAnswer::Changed(standing) => step("CHANGED", Some(standing)),
        DraftAnswer::Gone => step("GONE", None),
        DraftAnswer::Wrong(field, accepted) => Err(Fault::Input(format!("{field}: {accepted}"))),
    }
}

async fn discard(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    let discarded = call.counter.service.store.discard_intake_draft(&call.scope(), id).await?;
    if discarded { Ok(Shape::Json(json!(true))) } else { Err(Fault::NotFound) }
}

/// The types of all this.
pub fn types(m: &mut Model) {
    m.choices(
        "IntakeDraftOutcome",
        [
            ("SAVED", "保存しました", "Saved"),
            ("CHANGED", "別の画面で更新されています", "Another page has saved it in the meantime"),
            ("GONE", "提出または破棄されています", "Handed over or discarded"),
        ]
        .into_iter(),
    );
    m.object(
        "IntakeDraftConnection",
        "A page of drafts, the latest first.",
        &[
            ("edges", "[IntakeDraftEdge!]!", FILLS_IN, "The drafts."),
            ("pageInfo", "PageInfo!", FILLS_IN, "Where the page ends."),
        ],
    );
    m.object(
        "IntakeDraftEdge",
        "A draft of a page.",
        &[("cursor", "String!", FILLS_IN, "Of this line."), ("node", "IntakeDraft!", FILLS_IN, "The draft.")],
    );
    m.object(
        "IntakeDraft",
        "An application that somebody has begun to fill in.",
        &[
            ("id", "ID!", FILLS_IN, "Id."),
            ("version", "Int!", FILLS_IN, "Counts how often it was saved."),
            ("savedAt", "DateTime!", FILLS_IN, "When it was saved last."),
            ("forgottenAt", "DateTime!", FILLS_IN, "When it is erased unless it is saved again."),
            ("applicantName", "String", FILLS_IN, "Name of the first person, where it is filled in."),
            ("body", "String!", FILLS_IN, "The JSON object that was saved, as text."),
        ],
    );
    m.object(
        "IntakeDraftStep",
        "What saving a draft came to. It repeats nothing of what was typed.",
        &[
            ("outcome", "IntakeDraftOutcome!", FILLS_IN, "What it came to."),
            ("id", "ID", FILLS_IN, "The draft; absent where it is gone."),
            ("version", "Int", FILLS_IN, "The version that stands."),
            ("savedAt", "DateTime", FILLS_IN, "Since when."),
        ],
    );
}
