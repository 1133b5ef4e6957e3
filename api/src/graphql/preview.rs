//! What a change would void, before it is made.

use super::application::{camel_of, label};
use super::catalogue::MODEL;
use super::command;
use super::execute::Call;
use super::fault::Fault;
use super::lists::arguments;
use super::mutation::problems;
use super::reads::case_for;
use super::shape::Shape;
use async_graphql::dynamic::ResolverContext;
use serde_json::{Value, json};
use workflows::machine::impact::{Voided, preview};
use workflows::machine::{Command, Verb};

/// `previewChange`. Nothing is written.
pub async fn change(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    let mut map = arguments(ctx)?;
    map.retain(|name, _| name == "form");
    super::mutation::without_banks_part(call.actor.role, &mut map);
    let table = &call.counter.service.table;
    let possible = table.here(case.stage, Verb::RequestChange).next().is_some();
    let form = match command::command(Verb::RequestChange, &map) {
        Ok(Command::RequestChange { form, .. }) => form,
        Ok(_) => return Err(Fault::NotFound),
        Err(found) => {
            let shown =
                json!({ "possible": possible, "triggers": [], "voids": [], "problems": problems(found) });
            return Ok(Shape::Json(shown));
        }
    };
    let impact = preview(&case, &form);
    Ok(Shape::Json(json!({
        "possible": possible, "triggers": impact.triggers, "problems": [],
        "voids": impact.voids.iter().map(shown).collect::<Vec<_>>(),
    })))
}

/// A voided decision or paper with its words.
fn shown(voided: &Voided) -> Value {
    let mut value = camel_of(voided);
    let kind = value.get("kind").and_then(Value::as_str).unwrap_or_default();
    let words = MODEL.enums.get("ChangeVoids").and_then(|all| all.iter().find(|choice| choice.code == kind));
    let label = words.map_or(Value::Null, |words| label(&words.ja, &words.en));
    if let Some(map) = value.as_object_mut() {
        map.insert("label".to_owned(), label);
    }
    value
}
