//! The history of a case: entries folded one after the other, and what each changed as far as the role sees it.

use super::application::{From_, Head, SHOWN, label};
use super::catalogue::MODEL;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, connection, first_of, text};
use super::model::bare;
use super::shape::Shape;
use super::wall;
use async_graphql::dynamic::ResolverContext;
use serde_json::{Map, Value, json};
use workflows::machine::row::Place;
use workflows::machine::{Case, Entry, Event, Role, Table, evolve};

/// Entries that one reading folds at most.
const MOST: u32 = 5_000;
/// Field changes of one entry that are shown at most.
const CHANGES: usize = 200;
/// What changes with every command, or is told by another field.
const NOISE: &[&str] = &["id", "version", "stageLabel", "isFinal", "updatedAt", "openTasks"];

/// `timeline`.
pub async fn timeline(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let first = first_of(&map)?;
    let after: u64 = match text(&map, "after") {
        None => 0,
        Some(text) => {
            text.parse().map_err(|_| Fault::Input("after is not a cursor of this list.".to_owned()))?
        }
    };
    let id = text(&map, "applicationId").unwrap_or_default();
    let entries = call.counter.service.store.entries(&call.scope(), id, 0, MOST).await?;
    if entries.is_empty() {
        return Err(Fault::NotFound);
    }
    let (role, table) = (call.actor.role, &call.counter.service.table);
    let mut folded: Option<Case> = None;
    let (mut before, mut edges, mut more) = (Value::Null, vec![], false);
    for entry in &entries {
        let case = evolve(folded.take(), entry).map_err(|error| Fault::Internal(error.to_string()))?;
        let shown = entry.version > after;
        // As the partner was named when it acted.
        let office = case.engagements.get(&entry.role).filter(|_| entry.role.is_partner()).cloned();
        let view = if shown || entry.version == after { projected(&case, role) } else { Value::Null };
        folded = Some(case);
        if shown {
            let mut changes = vec![];
            differences("", &before, &view, &mut changes);
            if !is_told(table, role, entry, &changes) {
                before = view;
                continue;
            }
            if edges.len() == first as usize {
                more = true;
                break;
            }
            edges.push((entry.version.to_string(), Shape::Json(line(table, role, entry, office, changes))));
        }
        before = view;
    }
    Ok(Shape::Object(connection(edges, more.then_some(""))))
}

/// What moved a track that the role does not see is not told. Outside the lender an entry shows only where it was one's own or changed
/// something that one sees.
fn is_told(table: &Table, role: Role, entry: &Entry, changes: &[Value]) -> bool {
    if !wall::sees_verb(table, role, entry.verb) {
        return false;
    }
    wall::INSIDE.admits(&[role]) || wall::CUSTOMER.admits(&[entry.role]) || !changes.is_empty()
}

fn line(table: &Table, role: Role, entry: &Entry, office: Option<String>, changes: Vec<Value>) -> Value {
    let seen = |row: &str| match table.row(row).map(|row| row.place) {
        Some(Place::Track { track, .. }) => wall::sees_track(role, track),
        _ => true,
    };
    let reason = entry.reason.as_ref().filter(|_| wall::sees_reason(table, role, entry.verb));
    let rows = entry.events.iter().filter_map(|event| match event {
        Event::Moved { row, .. } | Event::TrackMoved { row, .. } => {
            Some(row.as_str()).filter(|row| seen(row))
        }
        _ => None,
    });
    json!({
        "version": entry.version, "at": entry.at, "actor": entry.by, "onBehalfOf": entry.on_behalf_of(), "role": entry.role,
        "organisation": office, "verb": entry.verb, "label": label(entry.verb.ja(), entry.verb.en()), "reason": reason,
        "rows": rows.collect::<Vec<_>>(), "changes": changes,
    })
}

/// The case as the role sees it: the same fields and walls as `Application`.
pub fn projected(case: &Case, role: Role) -> Value {
    let head = Head::from(case);
    let shown = SHOWN.iter().filter(|shown| shown.wall.admits(&[role]) && !NOISE.contains(&shown.name));
    let fields = shown.filter_map(|shown| {
        let value = match shown.from {
            From_::Head(from) => from(&head),
            From_::Case(from) => from(case, role),
            From_::Judged(_) | From_::Offered(_) => return None,
        };
        Some((shown.name.to_owned(), walled(shown.ty, &value, role)))
    });
    Value::Object(fields.collect())
}

/// A value of a type, without the fields behind walls and without labels.
fn walled(ty: &str, value: &Value, role: Role) -> Value {
    let Some((_, fields)) = MODEL.objects.get(bare(ty)) else { return value.clone() };
    match value {
        Value::Array(items) => items.iter().map(|item| walled(ty, item, role)).collect(),
        Value::Object(map) => {
            let seen = fields.iter().filter(|field| field.wall.admits(&[role]) && bare(&field.ty) != "Label");
            let fields = seen.filter_map(|field| {
                map.get(&field.key).map(|value| (field.name.clone(), walled(&field.ty, value, role)))
            });
            Value::Object(fields.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

/// Every leaf that differs, with its path.
fn differences(path: &str, before: &Value, after: &Value, out: &mut Vec<Value>) {
    if before == after || out.len() >= CHANGES {
        return;
    }
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let gone = old.keys().filter(|key| !new.contains_key(*key));
            for key in new.keys().chain(gone) {
                let at = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differences(
                    &at,
                    old.get(key).unwrap_or(&Value::Null),
                    new.get(key).unwrap_or(&Value::Null),
                    out,
                );
            }
        }
        (Value::Array(old), Value::Array(new))
            if old.iter().chain(new).all(|item| name_of(item).is_some()) =>
        {
            let find = |all: &[Value], name: &str| {
                all.iter().find(|item| name_of(item).as_deref() == Some(name)).cloned().unwrap_or(Value::Null)
            };
            let mut names: Vec<String> = old.iter().chain(new).filter_map(name_of).collect();
            names.sort();
            names.dedup();
            for name in names {
                differences(&format!("{path}[{name}]"), &find(old, &name), &find(new, &name), out);
            }
        }
        (before, after) => {
            if !is_empty(before) || !is_empty(after) {
                out.push(json!({ "path": path, "before": before, "after": after }));
            }
        }
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

/// What an entry of a list is known by.
fn name_of(item: &Value) -> Option<String> {
    let map = item.as_object()?;
    let part =
        |key: &str| map.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    match (part("track"), part("timer"), part("key")) {
        (Some(track), _, Some(key)) => return Some(format!("{track}:{key}")),
        (_, Some(timer), Some(key)) => return Some(format!("{timer}:{key}")),
        _ => {}
    }
    if let (Some(loan), Some(person)) = (part("loanNo"), part("partyId")) {
        return Some(format!("{person}:{loan}"));
    }
    if map.contains_key("document") || map.contains_key("consent") {
        return None;
    }
    ["partyId", "loanNo", "propertyNo", "filing", "code", "id", "key", "contentVersion"]
        .iter()
        .find_map(|key| part(key))
}

/// `memos`.
pub async fn memos(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let entries = call.counter.service.store.entries(&call.scope(), id, 0, MOST).await?;
    if entries.is_empty() {
        return Err(Fault::NotFound);
    }
    let memos = entries.iter().flat_map(|entry| {
        entry.events.iter().filter_map(move |event| match event {
            Event::MemoAdded { text } => {
                Some(json!({ "version": entry.version, "at": entry.at, "by": entry.by, "text": text }))
            }
            _ => None,
        })
    });
    Ok(Shape::Json(memos.collect()))
}
