//! Pages: applications, queues, inbox.

use super::application::{Node, label};
use super::command::is_control;
use super::execute::Call;
use super::fault::Fault;
use super::shape::{Parts, Shape};
use async_graphql::dynamic::ResolverContext;
use db::read::{Filter, InboxEntry, Page, Sort, TaskFilter, Total, Waiting};
use serde_json::{Map, Value, json};
use workflows::calendar::planning::business_days_between;
use workflows::calendar::{is_bank_day, tokyo_date};
use workflows::machine::{Role, Stage, Task};

/// Largest page.
const MOST: u64 = 100;

/// The arguments of a field as JSON.
pub fn arguments(ctx: &ResolverContext<'_>) -> Result<Map<String, Value>, Fault> {
    let all = ctx.args.as_index_map().iter();
    all.map(|(name, value)| {
        let value = value.clone().into_json().map_err(|error| Fault::Input(error.to_string()))?;
        without_control(name, &value)?;
        Ok((name.to_string(), value))
    })
    .collect()
}

/// Refuses text that no database takes (U+0000) and that nobody types, wherever it stands in an argument.
pub fn without_control(name: &str, value: &Value) -> Result<(), Fault> {
    match value {
        Value::String(text) if text.chars().any(is_control) => Err(Fault::Input(format!(
            "{name}: the text contains a control character. / 制御文字が含まれています。"
        ))),
        Value::Array(items) => items.iter().try_for_each(|item| without_control(name, item)),
        Value::Object(map) => {
            map.iter().try_for_each(|(key, value)| without_control(&format!("{name}.{key}"), value))
        }
        _ => Ok(()),
    }
}

/// An argument that is text.
pub fn text<'m>(map: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    map.get(name).and_then(Value::as_str)
}

/// `first`, between 1 and the largest page.
pub fn first_of(map: &Map<String, Value>) -> Result<u32, Fault> {
    let first = map.get("first").and_then(Value::as_u64).filter(|first| (1..=MOST).contains(first));
    first
        .and_then(|first| u32::try_from(first).ok())
        .ok_or_else(|| Fault::Input("first is 1 to 100.".to_owned()))
}

/// A day, where one is given.
pub fn date(map: &Map<String, Value>, name: &str) -> Result<Option<chrono::NaiveDate>, Fault> {
    let wrong = || Fault::Input(format!("{name} is not a day as YYYY-MM-DD."));
    text(map, name).map(|text| text.parse().map_err(|_| wrong())).transpose()
}

/// A page as a connection.
pub fn connection(edges: Vec<(String, Shape)>, next: Option<&str>) -> Parts {
    let end = edges.last().map(|(cursor, _)| cursor.clone());
    let info = json!({ "hasNextPage": next.is_some(), "endCursor": end });
    let edges = edges.into_iter().map(|(cursor, node)| {
        Shape::Object(Parts::from([("cursor", Shape::Json(json!(cursor))), ("node", node)]))
    });
    Parts::from([("edges", Shape::List(edges.collect())), ("pageInfo", Shape::Json(info))])
}

/// Adds how many lines there are beyond the page.
fn with_total(parts: &mut Parts, total: Total) {
    parts.insert("totalCount", Shape::Json(json!(total.count)));
    parts.insert("totalIsExact", Shape::Json(json!(total.exact)));
}

/// `applications`.
pub async fn applications(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let first = first_of(&map)?;
    let filter = filter_of(call, map.get("filter").and_then(Value::as_object))?;
    let sort = match text(&map, "sort") {
        None | Some("UPDATED_DESC") => Sort::UpdatedDesc,
        Some("UPDATED_ASC") => Sort::UpdatedAsc,
        Some("PLANNED_ASC") => Sort::PlannedAsc,
        Some(_) => Sort::PlannedDesc,
    };
    let (store, scope) = (&call.counter.service.store, call.scope());
    let page = store.list(&scope, &filter, sort, text(&map, "after"), first).await?;
    let edges = page.items.iter().map(|row| (row.cursor.clone(), Shape::Node(Node::from(row)))).collect();
    let mut parts = connection(edges, page.next.as_deref());
    let ahead = ctx.look_ahead();
    if ahead.field("totalCount").exists() || ahead.field("totalIsExact").exists() {
        with_total(&mut parts, store.count(&scope, &filter).await?);
    }
    Ok(Shape::Object(parts))
}

/// A filter. What a role does not see it cannot filter by: a filter on a hidden field tells what it holds.
fn filter_of(call: &Call, map: Option<&Map<String, Value>>) -> Result<Filter, Fault> {
    let Some(map) = map else { return Ok(Filter::default()) };
    let role = call.actor.role;
    let sees =
        |name: &str| super::application::SHOWN.iter().any(|s| s.name == name && s.wall.admits(&[role]));
    let uses = |name: &str| map.get(name).is_some_and(|value| !value.is_null());
    let guarded = [
        ("stages", "stage"),
        ("product", "product"),
        ("text", "applicantName"),
        ("plannedFrom", "plannedDate"),
        ("plannedTo", "plannedDate"),
        ("receivedFrom", "receivedAt"),
        ("receivedTo", "receivedAt"),
        ("amountFromYen", "amountYen"),
        ("amountToYen", "amountYen"),
    ];
    if let Some((name, _)) = guarded.iter().find(|(name, field)| uses(name) && !sees(field)) {
        return Err(Fault::Input(format!("{name} is not for your role.")));
    }
    let stages = map.get("stages").and_then(Value::as_array).into_iter().flatten();
    Ok(Filter {
        stages: stages.filter_map(|stage| Stage::parse(stage.as_str()?)).collect(),
        branch: text(map, "branch").map(str::to_owned),
        product: text(map, "product").map(str::to_owned),
        text: text(map, "text").map(|text| text.chars().take(100).collect()),
        planned_from: date(map, "plannedFrom")?,
        planned_to: date(map, "plannedTo")?,
        received_from: date(map, "receivedFrom")?,
        received_to: date(map, "receivedTo")?,
        amount_from_yen: map.get("amountFromYen").and_then(Value::as_i64),
        amount_to_yen: map.get("amountToYen").and_then(Value::as_i64),
    })
}

/// `tasks`.
pub async fn tasks(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let first = first_of(&map)?;
    let nothing = Map::new();
    let given = map.get("filter").and_then(Value::as_object).unwrap_or(&nothing);
    let is = |name: &str| given.get(name).and_then(Value::as_bool).unwrap_or_default();
    let filter = TaskFilter {
        role: text(given, "role").and_then(Role::parse),
        task: text(given, "task").and_then(Task::parse),
        application_id: text(given, "applicationId").map(str::to_owned),
        mine: is("mine"),
        unclaimed: is("unclaimed"),
        holder: text(given, "holder").map(str::to_owned),
        due_to: date(given, "dueTo")?,
    };
    let (store, scope) = (&call.counter.service.store, call.scope());
    let Page { items, next } = store.tasks(&scope, &filter, text(&map, "after"), first).await?;
    let edges = items.iter().map(|item| (item.cursor.clone(), Shape::Json(queued(call, item)))).collect();
    let mut parts = connection(edges, next.as_deref());
    let ahead = ctx.look_ahead();
    if ahead.field("totalCount").exists() || ahead.field("totalIsExact").exists() {
        with_total(&mut parts, store.count_tasks(&scope, &filter).await?);
    }
    Ok(Shape::Object(parts))
}

fn queued(call: &Call, item: &Waiting) -> Value {
    let rules = call.counter.service.rules.of(&item.institution);
    let today = tokyo_date(call.now);
    let book = rules.books.get(&item.institution);
    let open = |day| book.map_or_else(|| is_bank_day(day), |book| book.is_business_day(day, &item.branch));
    json!({
        "id": item.id, "applicationId": item.application_id, "number": item.number, "branch": item.branch,
        "task": item.task, "label": label(item.task.ja(), item.task.en()), "role": item.role, "dueOn": item.due_on,
        "businessDaysLeft": business_days_between(today, item.due_on, open),
        "openedAt": item.opened_at, "claimedBy": item.claimed_by,
        "isMine": item.claimed_by.as_deref() == Some(call.actor.subject.as_str()), "stage": item.stage,
        "applicantName": item.name_kanji, "applicantKana": item.name_kana, "amountYen": item.amount_yen, "plannedDate": item.planned_date,
    })
}

/// `claimNext`.
pub async fn claim_next(call: &Call) -> Result<Shape, Fault> {
    let taken = call.counter.service.store.claim_next(&call.scope(), call.now).await?;
    Ok(taken.map_or(Shape::Null, |item| Shape::Json(queued(call, &item))))
}

/// `claimTask`.
pub async fn claim(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    let (store, scope) = (&call.counter.service.store, call.scope());
    if !store.claim(&scope, id, call.now).await? {
        return Err(Fault::NotFound);
    }
    task_of(call, id).await
}

/// `releaseTask`.
pub async fn release(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    if !call.counter.service.store.release(&call.scope(), id).await? {
        return Err(Fault::NotFound);
    }
    task_of(call, id).await
}

async fn task_of(call: &Call, id: &str) -> Result<Shape, Fault> {
    let task = call.counter.service.store.task(&call.scope(), id).await?.ok_or(Fault::NotFound)?;
    Ok(Shape::Json(queued(call, &task)))
}

/// `inbox`.
pub async fn inbox(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let first = first_of(&map)?;
    let unread = map.get("unreadOnly").and_then(Value::as_bool).unwrap_or_default();
    let (store, scope) = (&call.counter.service.store, call.scope());
    let page = store.inbox(&scope, text(&map, "after"), first, unread).await?;
    let edges = page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(notice(item)))).collect();
    let mut parts = connection(edges, page.next.as_deref());
    if ctx.look_ahead().field("unread").exists() {
        parts.insert("unread", Shape::Json(json!(store.unread(&scope).await?)));
    }
    Ok(Shape::Object(parts))
}

fn notice(item: &InboxEntry) -> Value {
    json!({
        "id": item.id, "applicationId": item.application_id, "number": item.number, "notice": item.notice,
        "at": item.at, "subject": label(&item.subject_ja, &item.subject_en),
        "body": label(&item.body_ja, &item.body_en), "readAt": item.read_at,
    })
}

/// `markRead`.
pub async fn mark_read(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    let marked = call.counter.service.store.mark_read(&call.scope(), id, call.now).await?;
    Ok(Shape::Json(json!(marked)))
}
