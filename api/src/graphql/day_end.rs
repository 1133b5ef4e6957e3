//! The end of a business day (日締め): orders, outcomes, ledger and transfers side by side, what does not agree, and the closing by two
//! people.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, date, first_of, text};
use super::price::told;
use super::roots::Root;
use super::shape::Shape;
use super::wall::Wall;
use async_graphql::dynamic::ResolverContext;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use db::day_end::{Day, DayAnswer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use workflows::day_end::transfers::TransferResult;
use workflows::day_end::{
    BalanceLine, CarriedOver, DayLine, DayStep, Difference, DifferenceKind, LONGEST_REASON, TransferLine,
    is_reason,
};
use workflows::machine::Role;

/// Who closes days (E.2).
pub const CLOSES: Wall = Wall::of(&[Role::Operations]);
/// Who reads how days were closed.
pub const READS: Wall = Wall::of(&[Role::Operations, Role::Auditor]);

const DATE: (&str, &str, &str) = ("date", "Date!", "The business date.");

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "businessDay",
        ty: "BusinessDay",
        doc: "A business day of the caller's bank: orders, outcomes, ledger and transfers, and what does not agree.",
        wall: READS,
        arguments: &[DATE],
        answer: |call, ctx| Box::pin(day(call, ctx)),
    },
    Root {
        name: "dayEnds",
        ty: "[DayEndLine!]",
        doc: "Closings and reopenings of days, the latest first.",
        wall: READS,
        arguments: &[("first", "Int!", "How many, at most 100."), ("after", "ID", "The line before.")],
        answer: |call, ctx| Box::pin(list(call, ctx)),
    },
];

/// Mutations.
pub static MUTATIONS: &[Root] = &[
    Root {
        name: "handInLedger",
        ty: "DayEndStep",
        doc: "Core banking's list of a day's bookings as CSV. The last list of a day counts.",
        wall: CLOSES,
        arguments: &[DATE, ("list", "String!", "The list, as docs/partners/core-banking.md describes it.")],
        answer: |call, ctx| Box::pin(ledger(call, ctx)),
    },
    Root {
        name: "handInTransferResult",
        ty: "DayEndStep",
        doc: "A result file of a day's transfers, reconciled line by line. Refused whole where it does not read.",
        wall: CLOSES,
        arguments: &[DATE, ("base64", "String!", "The bytes of the file.")],
        answer: |call, ctx| Box::pin(transfers(call, ctx)),
    },
    Root {
        name: "proposeDayClosing",
        ty: "DayEndStep",
        doc: "Proposes that a day is closed as it stands; somebody else approves it (E.2).",
        wall: CLOSES,
        arguments: &[
            DATE,
            ("carried", "[CarryOverInput!]", "A reason for each difference that is carried over."),
        ],
        answer: |call, ctx| Box::pin(close(call, ctx)),
    },
    Root {
        name: "proposeDayReopening",
        ty: "DayEndStep",
        doc: "Proposes that the day which was closed last is open again.",
        wall: CLOSES,
        arguments: &[DATE, ("reason", "String!", "Why.")],
        answer: |call, ctx| Box::pin(reopen(call, ctx)),
    },
    Root {
        name: "approveDayStep",
        ty: "DayEndStep",
        doc: "Approves a closing or reopening that somebody else proposed, if the day still stands as it was proposed.",
        wall: CLOSES,
        arguments: &[("id", "ID!", "The line.")],
        answer: |call, ctx| Box::pin(approve(call, ctx)),
    },
    Root {
        name: "returnDayStep",
        ty: "DayEndStep",
        doc: "Returns a closing or reopening that somebody else proposed.",
        wall: CLOSES,
        arguments: &[("id", "ID!", "The line."), ("reason", "String!", "Why.")],
        answer: |call, ctx| Box::pin(give_back(call, ctx)),
    },
];

fn day_of(map: &Map<String, Value>) -> Result<NaiveDate, Fault> {
    date(map, "date")?.ok_or_else(|| Fault::Input("date: a day as YYYY-MM-DD.".to_owned()))
}

fn reason_of(map: &Map<String, Value>) -> Result<&str, Fault> {
    let reason = text(map, "reason").map(str::trim).filter(|reason| is_reason(reason));
    reason.ok_or_else(|| Fault::Input(format!("reason: 1 to {LONGEST_REASON} characters.")))
}

fn to_do(kind: DifferenceKind) -> Value {
    let (ja, en) = kind.what_to_do();
    label(ja, en)
}

fn difference(one: &Difference) -> Value {
    json!({
        "id": one.id(), "kind": one.kind, "kindLabel": label(one.kind.ja(), one.kind.en()), "toDo": to_do(one.kind),
        "mayBeCarried": one.kind.may_be_carried(), "key": one.key, "applicationId": one.application_id,
        "orderedYen": one.ordered_yen, "foundYen": one.found_yen,
    })
}

fn balance_line(line: &BalanceLine) -> Value {
    json!({
        "key": line.key, "applicationId": line.application_id, "number": line.number, "orderedOn": line.ordered_on,
        "orderedYen": line.ordered_yen, "outcome": line.outcome,
        "outcomeLabel": line.outcome.map(|outcome| label(outcome.ja(), outcome.en())),
        "ledgerYen": line.ledger_yen, "difference": line.difference,
    })
}

fn result(one: &TransferResult) -> Value {
    json!({
        "line": one.line, "outcome": one.outcome, "outcomeLabel": label(one.outcome.ja(), one.outcome.en()),
        "code": one.code, "codeLabel": label(one.code.ja(), one.code.en()), "amountYen": one.amount_yen, "key": one.key,
    })
}

fn transfer(line: &TransferLine) -> Value {
    json!({
        "key": line.key, "applicationId": line.application_id, "sentYen": line.sent_yen,
        "result": line.result.as_ref().map(result), "difference": line.difference,
    })
}

fn carried(one: &CarriedOver) -> Value {
    json!({ "difference": difference(&one.difference), "reason": one.reason })
}

fn line(line: &DayLine) -> Value {
    let mut shown = json!({
        "id": line.id, "day": line.day, "step": line.step.code(), "state": line.state,
        "stateLabel": label(line.state.ja(), line.state.en()), "proposedBy": line.proposed_by,
        "proposedAt": line.proposed_at, "decidedBy": line.decided_by, "decidedAt": line.decided_at,
        "reason": line.reason, "digest": line.step.digest(), "results": [], "carried": [],
    });
    let (ja, en) = match &line.step {
        DayStep::Ledger { lines, .. } => {
            shown["bookings"] = json!(lines.len());
            ("元帳明細", "Ledger list")
        }
        DayStep::Transfers { lines, .. } => {
            shown["results"] = lines.iter().map(result).collect();
            ("振込結果ファイル", "Result file of transfers")
        }
        DayStep::Closing(closing) => {
            shown["orders"] = json!(closing.orders);
            shown["bookedYen"] = json!(closing.booked_yen);
            shown["carried"] = closing.carried.iter().map(carried).collect();
            ("日締め", "Closing")
        }
        DayStep::Reopening(reopening) => {
            shown["why"] = json!(reopening.reason);
            ("締めの再開", "Reopening")
        }
    };
    shown["stepLabel"] = label(ja, en);
    shown
}

fn shown(day: &Day) -> Value {
    let balance = &day.balance;
    json!({
        "date": day.date, "state": day.state.code(), "lastClosed": day.last_closed, "earliestOpen": day.earliest_open,
        "lines": balance.lines.iter().map(balance_line).collect::<Vec<_>>(),
        "transfers": balance.transfers.iter().map(transfer).collect::<Vec<_>>(),
        "differences": balance.differences.iter().map(difference).collect::<Vec<_>>(),
        "steps": day.lines.iter().map(line).collect::<Vec<_>>(), "pending": day.pending.as_ref().map(line),
    })
}

fn answered(answer: DayAnswer) -> Result<Shape, Fault> {
    match answer {
        DayAnswer::Done { line: done, repeated } => {
            Ok(Shape::Json(json!({ "line": line(&done), "repeated": repeated, "problems": [] })))
        }
        DayAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "line": null, "repeated": false, "problems": problems })))
        }
        DayAnswer::NotFound => Err(Fault::NotFound),
        DayAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

async fn day(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let date = day_of(&arguments(ctx)?)?;
    let day = call.counter.service.store.business_day(&call.scope(), date).await?;
    day.map(|day| Shape::Json(shown(&day))).ok_or(Fault::Forbidden)
}

async fn list(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let after = text(&map, "after").map(db::registers::cursor_of);
    let store = &call.counter.service.store;
    let page = store.day_steps(&call.scope(), after.as_deref(), first_of(&map)?).await?;
    Ok(Shape::Json(page.items.iter().map(line).collect()))
}

async fn ledger(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (date, list) = (day_of(&map)?, text(&map, "list").unwrap_or_default());
    answered(call.counter.service.store.hand_in_ledger(&call.scope(), date, list, call.now).await?)
}

async fn transfers(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let date = day_of(&map)?;
    let bytes = STANDARD.decode(text(&map, "base64").unwrap_or_default());
    let bytes = bytes.map_err(|_| Fault::Input("base64: the bytes of a file in base64.".to_owned()))?;
    answered(call.counter.service.store.hand_in_transfers(&call.scope(), date, &bytes, call.now).await?)
}

async fn close(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let date = day_of(&map)?;
    let given = map.get("carried").and_then(Value::as_array).into_iter().flatten();
    let reasons: BTreeMap<String, String> = given
        .filter_map(|one| Some((one["difference"].as_str()?.to_owned(), one["reason"].as_str()?.to_owned())))
        .collect();
    answered(call.counter.service.store.propose_closing(&call.scope(), date, &reasons, call.now).await?)
}

async fn reopen(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (date, reason) = (day_of(&map)?, reason_of(&map)?);
    answered(call.counter.service.store.propose_reopening(&call.scope(), date, reason, call.now).await?)
}

async fn approve(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let id = text(&map, "id").unwrap_or_default();
    answered(call.counter.service.store.decide_day(&call.scope(), id, None, call.now).await?)
}

async fn give_back(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let (id, reason) = (text(&map, "id").unwrap_or_default(), reason_of(&map)?);
    answered(call.counter.service.store.decide_day(&call.scope(), id, Some(reason), call.now).await?)
}
