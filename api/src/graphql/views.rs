//! Saved views of lists.

use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::roots::Root;
use super::shape::Shape;
use super::wall;
use async_graphql::dynamic::ResolverContext;
use db::views::{NewView, View, ViewAnswer};
use serde_json::{Value, json};

/// Queries.
pub static QUERIES: &[Root] = &[Root {
    name: "savedViews",
    ty: "[SavedView!]",
    doc: "Saved views of a list: the caller's own, and those that his branches share; at most 100, by name.",
    wall: wall::STAFF,
    arguments: &[("page", "String!", "Address of the list, such as /applications.")],
    answer: |call, ctx| Box::pin(list(call, ctx)),
}];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "saveView",
        ty: "SavedView",
        doc: "Saves the filters of a list under a name; with an id, another form of one of the caller's views. At most 100 per person.",
        wall: wall::STAFF,
        arguments: &[
            ("id", "ID", "The view to change; a new one without it."),
            ("page", "String!", "Address of the list, such as /applications."),
            ("name", "String!", "Name, at most 60 characters; once per page."),
            ("search", "String!", "What stands behind the question mark of the address."),
            (
                "branch",
                "String",
                "A branch of the caller that shares the view; the caller's alone without it.",
            ),
        ],
        answer: |call, ctx| Box::pin(save(call, ctx)),
    },
    Root {
        name: "deleteView",
        ty: "Boolean",
        doc: "Deletes a view of the caller.",
        wall: wall::STAFF,
        arguments: &[("id", "ID!", "The view.")],
        answer: |call, ctx| Box::pin(delete(call, ctx)),
    },
];

fn shown(call: &Call, view: &View) -> Value {
    json!({
        "id": view.id, "page": view.page, "name": view.name, "search": view.search, "branch": view.branch,
        "owner": view.owner, "isMine": view.owner == call.actor.subject, "savedAt": view.saved_at,
    })
}

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let views =
        call.counter.service.store.views(&call.scope(), text(&map, "page").unwrap_or_default()).await?;
    Ok(Shape::Json(views.iter().map(|view| shown(call, view)).collect()))
}

async fn save(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let given = |name: &str| text(&map, name).unwrap_or_default();
    let new = NewView {
        id: text(&map, "id"),
        branch: text(&map, "branch"),
        page: given("page"),
        name: given("name"),
        search: given("search"),
    };
    match call.counter.service.store.save_view(&call.scope(), new, call.now).await? {
        ViewAnswer::Saved(view) => Ok(Shape::Json(shown(call, &view))),
        ViewAnswer::Wrong(field, accepted) => Err(Fault::Input(format!("{field}: {accepted}"))),
        ViewAnswer::NotFound => Err(Fault::NotFound),
    }
}

async fn delete(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let deleted =
        call.counter.service.store.delete_view(&call.scope(), text(&map, "id").unwrap_or_default()).await?;
    if deleted { Ok(Shape::Json(json!(true))) } else { Err(Fault::NotFound) }
}
