//! Memos of a guarantee institution on a case (F-02, decision 41): written and read by its own people alone. No other role's schema has a
//! field for them, the auditor's neither.

use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::model::Model;
use super::price::told;
use super::roots::{OF, Root};
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use db::review_memos::MemoAnswer;
use serde_json::{Value, json};
use workflows::machine::Role;

/// The people of guarantee institutions: each reads the memos of its own one.
const REVIEWERS: Wall = Wall::of(&[Role::Guarantor]);

/// Queries.
pub static QUERIES: &[Root] = &[Root {
    name: "reviewMemos",
    ty: "[ReviewMemo!]",
    doc: "What the people of the caller's institution wrote for each other on a case, the earliest first; at most 200. Nobody else reads them, \
          the bank neither.",
    wall: REVIEWERS,
    arguments: &[OF],
    answer: |call, ctx| Box::pin(list(call, ctx)),
}];

/// Mutations.
pub static MUTATIONS: &[Root] = &[Root {
    name: "addReviewMemo",
    ty: "ReviewMemoStep",
    doc: "Writes a memo for one's colleagues on a case that the institution was asked about. It is never changed: a correction is another memo.",
    wall: REVIEWERS,
    arguments: &[OF, ("text", "String!", "1 to 2,000 characters.")],
    answer: |call, ctx| Box::pin(add(call, ctx)),
}];

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "applicationId").unwrap_or_default();
    let found = call.counter.service.store.review_memos(&call.scope(), id).await?;
    let memos: Vec<Value> = found
        .ok_or(Fault::NotFound)?
        .into_iter()
        .map(|memo| json!({ "id": memo.id, "text": memo.text, "by": memo.by, "at": memo.at }))
        .collect();
    Ok(Shape::Json(Value::Array(memos)))
}

/// The answer repeats nothing of what was written: answers are kept for repeats.
async fn add(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (id, said) =
        (text(&map, "applicationId").unwrap_or_default(), text(&map, "text").unwrap_or_default());
    match call.counter.service.store.add_review_memo(&call.scope(), id, said, call.now).await? {
        MemoAnswer::Done(memo) => Ok(Shape::Json(json!({ "memoId": memo, "problems": [] }))),
        MemoAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "memoId": null, "problems": problems })))
        }
        MemoAnswer::NotFound => Err(Fault::NotFound),
        MemoAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

/// The types of all this.
pub fn types(m: &mut Model) {
    m.object(
        "ReviewMemo",
        "A memo of a guarantee institution on a case.",
        &[
            ("id", "ID!", REVIEWERS, "Id."),
            ("text", "String!", REVIEWERS, "What it says."),
            ("by", "String!", REVIEWERS, "Who wrote it."),
            ("at", "DateTime!", REVIEWERS, "When."),
        ],
    );
    m.object(
        "ReviewMemoStep",
        "What writing a memo comes to.",
        &[
            ("memoId", "ID", REVIEWERS, "The memo; null where it was refused."),
            (
                "problems",
                "[Problem!]!",
                REVIEWERS,
                "Everything that stands against it; nothing is written then.",
            ),
        ],
    );
}
