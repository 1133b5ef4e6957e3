//! Deputies: who acts for an absent colleague (E.2).

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::price::told;
use super::shape::Shape;
use async_graphql::dynamic::ResolverContext;
use chrono::NaiveDate;
use db::deputies::{Deputy, DeputyAnswer};
use serde_json::{Value, json};

/// Most lines of one answer.
const MOST: u32 = 100;

fn shown(deputy: &Deputy) -> Value {
    json!({
        "id": deputy.id, "absent": deputy.absent, "role": deputy.role, "roleLabel": label(deputy.role.ja(), deputy.role.en()),
        "branches": deputy.branches, "deputy": deputy.subject, "from": deputy.from, "until": deputy.until,
        "reason": deputy.reason, "namedAt": deputy.named_at, "endedBy": deputy.ended_by, "endedAt": deputy.ended_at,
    })
}

fn answered(answer: DeputyAnswer) -> Result<Shape, Fault> {
    match answer {
        DeputyAnswer::Done(done) => Ok(Shape::Json(json!({ "deputy": shown(&done), "problems": [] }))),
        DeputyAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "deputy": null, "problems": problems })))
        }
        DeputyAnswer::NotFound => Err(Fault::NotFound),
        DeputyAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

/// `nameDeputy`.
pub async fn name(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let day = |field: &str| {
        let day = text(&map, field).and_then(|text| text.parse::<NaiveDate>().ok());
        day.ok_or_else(|| Fault::Input(format!("{field}: a day as YYYY-MM-DD.")))
    };
    let days = (day("from")?, day("until")?);
    let (deputy, reason) =
        (text(&map, "deputy").unwrap_or_default(), text(&map, "reason").unwrap_or_default());
    answered(call.counter.service.store.name_deputy(&call.scope(), deputy, days, reason, call.now).await?)
}

/// `endDeputy`.
pub async fn end(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    answered(call.counter.service.store.end_deputy(&call.scope(), id, call.now).await?)
}

/// `deputies`: of the caller's bank, the latest named first.
pub async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let first = map.get("first").and_then(Value::as_u64).and_then(|first| u32::try_from(first).ok());
    let lines = call.counter.service.store.deputies(&call.scope(), first.unwrap_or(MOST).min(MOST)).await?;
    Ok(Shape::Json(lines.iter().map(shown).collect()))
}
