//! What administration and audit look up: the calendar, the editions of the book, the audit, the latest checkpoint.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::figures::days_of;
use super::lists::{arguments, connection, date, first_of, text};
use super::looked::WATCHERS;
use super::roots::Root;
use super::shape::Shape;
use super::wall::{self, Wall};
use async_graphql::dynamic::ResolverContext;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use db::audit::{AuditFilter, AuditLine};
use serde_json::{Value, json};
use std::sync::Arc;
use workflows::calendar::{holiday, is_bank_day};
use workflows::machine::Role;
use workflows::product::Book;
use workflows::product::diff::{Change, diff, listed};

/// Most days of one answer of the calendar: a year.
const MOST_DAYS: i64 = 366;
/// Who reads the audit.
pub const AUDITED: Wall = Wall::of(&[Role::Auditor]);
/// Who looks up how the bank is set up.
pub const SET_UP: Wall = wall::INSIDE.and(&[Role::UserAdmin]);
/// Hours of Tokyo before UTC.
const TOKYO: TimeDelta = TimeDelta::hours(9);

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "businessCalendar",
        ty: "[CalendarDay!]",
        doc: "Open and closed days of the bank and its branches, at most a year (I-02, I-04).",
        wall: SET_UP,
        arguments: &[("from", "Date!", "First day."), ("to", "Date!", "Last day.")],
        answer: |call, ctx| Box::pin(calendar(call, ctx)),
    },
    Root {
        name: "bookEditions",
        ty: "[BookEdition!]",
        doc: "The editions of the bank's product book by day, each with what differs from the one before.",
        wall: SET_UP,
        arguments: &[],
        answer: |call, _| Box::pin(editions(call)),
    },
    Root {
        name: "auditLines",
        ty: "AuditConnection",
        doc: "What was refused, looked at and done beside the cases, the latest first.",
        wall: AUDITED,
        arguments: &[
            ("first", "Int!", "How many, at most 100."),
            ("after", "String", "Cursor of the line before."),
            ("kind", "AuditKind", "Of this kind alone."),
            ("subject", "String", "By this person alone."),
            ("from", "Date", "On this day or later."),
            ("to", "Date", "On this day or before."),
        ],
        answer: |call, ctx| Box::pin(audit(call, ctx)),
    },
    Root {
        name: "lastCheckpoint",
        ty: "CheckpointState",
        doc: "The latest signed checkpoint over everything that was recorded, of all banks; null before the first.",
        wall: WATCHERS,
        arguments: &[],
        answer: |call, _| Box::pin(checkpoint(call)),
    },
];

async fn calendar(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let (from, to) = days_of(&arguments(ctx)?, MOST_DAYS)?;
    let rules = call.counter.service.rules.of(&call.actor.institution);
    let closures = rules.books.get(&call.actor.institution).map_or(&[][..], |book| &book.branch_closures[..]);
    let day = |day: NaiveDate| {
        let closed = closures.iter().filter(|closure| closure.date == day);
        let closed = closed.map(|closure| json!({ "branch": closure.branch_code, "reason": closure.reason }));
        json!({
            "date": day, "open": is_bank_day(day), "holiday": holiday(day), "closures": closed.collect::<Vec<_>>(),
        })
    };
    Ok(Shape::Json(from.iter_days().take_while(|one| *one <= to).map(day).collect()))
}

async fn editions(call: &Call) -> Result<Shape, Fault> {
    let rules = call.counter.service.rules.of(&call.actor.institution);
    let all = rules.books.of_bank(&call.actor.institution);
    let before = std::iter::once(None).chain(all.iter().map(Some));
    Ok(Shape::Json(all.iter().zip(before).map(|(book, before)| edition(book, before)).collect()))
}

fn edition(book: &Arc<Book>, before: Option<&Arc<Book>>) -> Value {
    let values = listed(book).into_iter().map(|one| {
        json!({ "key": one.key, "rule": one.rule, "label": label(one.ja, one.en), "value": one.value.to_string() })
    });
    let changes: Vec<Change> = before.map(|before| diff(before, book)).unwrap_or_default();
    let changes = changes.into_iter().map(|change| {
        let value = |value: &Value| if value.is_null() { Value::Null } else { json!(value.to_string()) };
        json!({
            "key": change.key, "rule": change.rule, "label": label(change.ja, change.en), "before": value(&change.old),
            "after": value(&change.new), "products": change.touches.products,
            "customers": label(change.touches.customers_ja, change.touches.customers_en),
        })
    });
    json!({
        "version": book.version, "bankName": book.bank_name, "from": book.effective_from, "to": book.effective_to,
        "values": values.collect::<Vec<_>>(), "changes": changes.collect::<Vec<_>>(),
    })
}

/// The instant at which a day begins in Tokyo.
pub(super) fn begins(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() - TOKYO
}

async fn audit(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let filter = AuditFilter {
        kind: text(&map, "kind").map(str::to_owned),
        by: text(&map, "subject").map(str::trim).filter(|by| !by.is_empty()).map(str::to_owned),
        from: date(&map, "from")?.map(begins),
        before: date(&map, "to")?.and_then(|day| day.succ_opt()).map(begins),
    };
    let store = &call.counter.service.store;
    let page = store.audit_of(&call.scope(), &filter, text(&map, "after"), first_of(&map)?).await?;
    let edges = page.items.iter().map(|item| (item.cursor.clone(), Shape::Json(line(item)))).collect();
    Ok(Shape::Object(connection(edges, page.next.as_deref())))
}

/// A line without its detail, which may hold what somebody typed. So may the id of a case that was not found: it may be another bank's.
fn line(item: &AuditLine) -> Value {
    let case = item.application_id.as_ref().filter(|_| item.code.as_deref() != Some("NOT_FOUND"));
    json!({
        "id": item.id, "at": item.at, "subject": item.by, "role": item.role,
        "roleLabel": label(item.role.ja(), item.role.en()), "kind": item.kind, "verb": item.verb, "code": item.code,
        "applicationId": case,
    })
}

async fn checkpoint(call: &Call) -> Result<Shape, Fault> {
    let last = call.counter.service.store.last_checkpoint().await?;
    Ok(last.map_or(Shape::Null, |(last, key)| {
        Shape::Json(json!({
            "number": last.number, "at": last.at, "size": last.size, "coveredCases": last.applications,
            "messages": last.messages, "key": key,
        }))
    }))
}
