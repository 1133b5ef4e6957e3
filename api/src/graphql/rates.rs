//! Posted rates that operations enter: proposed by one person, approved or returned by another.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::price::told;
use super::reads::case_for;
use super::shape::Shape;
use async_graphql::dynamic::ResolverContext;
use chrono::NaiveDate;
use db::rates::RateAnswer;
use serde_json::{Value, json};
use workflows::Rate;
use workflows::guarantee::refund::RefundBasis;
use workflows::machine::price::refund_estimate;
use workflows::product::posting::{DatedRate, RateSeries};
use workflows::product::servicing::PublishedRefund;

/// Most lines of one answer.
const MOST: u32 = 100;
/// Longest reason of a return.
const LONGEST_REASON: usize = 400;

fn line(line: &DatedRate) -> Value {
    json!({
        "id": line.id, "series": line.series, "label": label(line.series.ja(), line.series.en()),
        "ratePercent": line.rate.three_decimals(), "validFrom": line.from, "state": line.state,
        "stateLabel": label(line.state.ja(), line.state.en()), "proposedBy": line.proposed_by,
        "proposedAt": line.proposed_at, "decidedBy": line.decided_by, "decidedAt": line.decided_at,
        "reason": line.reason, "cells": line.cells.iter().map(cell).collect::<Vec<_>>(),
    })
}

fn cell(cell: &PublishedRefund) -> Value {
    json!({
        "termYears": cell.term_years, "elapsedYears": cell.elapsed_years,
        "percent": cell.percent.three_decimals(),
    })
}

/// A cell as it is proposed.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NewCell {
    term_years: u8,
    elapsed_years: u8,
    percent: Rate,
}

/// The cells of a proposal; none for a rate.
fn cells(map: &serde_json::Map<String, Value>) -> Result<Vec<PublishedRefund>, Fault> {
    let given = match map.get("cells") {
        None | Some(Value::Null) => return Ok(vec![]),
        Some(given) => serde_json::from_value::<Vec<NewCell>>(given.clone()),
    };
    let given = given.map_err(|error| Fault::Input(format!("cells: {error}.")))?;
    let read = |cell: NewCell| PublishedRefund {
        term_years: cell.term_years,
        elapsed_years: cell.elapsed_years,
        percent: cell.percent,
    };
    Ok(given.into_iter().map(read).collect())
}

/// `guaranteeRefund`: an estimate by the table of the day. Nothing is written.
pub async fn refund(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    let map = arguments(ctx)?;
    let date = text(&map, "prepaidOn").and_then(|text| text.parse::<NaiveDate>().ok());
    let date = date.ok_or_else(|| Fault::Input("prepaidOn: a day as YYYY-MM-DD.".to_owned()))?;
    let loan_no = map.get("loanNo").and_then(Value::as_u64).and_then(|n| u8::try_from(n).ok());
    let loan_no = loan_no.ok_or_else(|| Fault::Input("loanNo: 1 or 2.".to_owned()))?;
    let rules = call.counter.service.rules.of(&call.actor.institution);
    Ok(Shape::Json(match refund_estimate(&case, &rules, loan_no, date) {
        Ok(refund) => {
            let percent = match refund.basis {
                RefundBasis::Published { percent } => Some(percent.three_decimals()),
                RefundBasis::Institution | RefundBasis::Model => None,
            };
            json!({
                "problems": [], "elapsedYears": refund.elapsed_years, "publishedPercent": percent,
                "refundYen": refund.refund_yen, "paidIn": refund.paid_in,
            })
        }
        Err(problems) => json!({ "problems": problems.into_iter().map(told).collect::<Vec<_>>() }),
    }))
}

fn answered(answer: RateAnswer) -> Result<Shape, Fault> {
    match answer {
        RateAnswer::Done(done) => Ok(Shape::Json(json!({ "line": line(&done), "problems": [] }))),
        RateAnswer::Invalid(problems) => {
            let problems: Vec<Value> = problems.into_iter().map(told).collect();
            Ok(Shape::Json(json!({ "line": null, "problems": problems })))
        }
        RateAnswer::NotFound => Err(Fault::NotFound),
        RateAnswer::Forbidden => Err(Fault::Forbidden),
    }
}

/// `proposeRate`.
pub async fn propose(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let wrong = |field: &str, accepted: &str| Fault::Input(format!("{field}: {accepted}."));
    let series = text(&map, "series").and_then(RateSeries::parse);
    let series = series.ok_or_else(|| wrong("series", "a series of rates"))?;
    let rate = text(&map, "ratePercent").and_then(Rate::parse);
    let rate = rate.ok_or_else(|| wrong("ratePercent", "a decimal such as \"2.475\""))?;
    let from = text(&map, "validFrom").and_then(|text| text.parse::<NaiveDate>().ok());
    let from = from.ok_or_else(|| wrong("validFrom", "a day as YYYY-MM-DD"))?;
    let service = &call.counter.service;
    let stock = service.rules.stock();
    let new = (series, rate, from);
    answered(service.store.propose_rate(&call.scope(), new, &cells(&map)?, stock, call.now).await?)
}

/// `approveRate`. The rates of this process follow at once, those of others within half a minute: the line counts from the next
/// day at the earliest.
pub async fn approve(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let service = &call.counter.service;
    let (id, stock) = (text(&map, "id").unwrap_or_default(), service.rules.stock());
    let answer = service.store.decide_rate(&call.scope(), id, None, stock, call.now).await?;
    if matches!(answer, RateAnswer::Done(_)) {
        // The approval stands whatever happens here; the next look finds it.
        if let Err(error) = service.rules.refresh(&service.store).await {
            tracing::warn!(%error, "the posted rates could not be read after an approval");
        }
    }
    answered(answer)
}

/// `returnRate`.
pub async fn give_back(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let reason = text(&map, "reason").map(str::trim).unwrap_or_default();
    if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Fault::Input(format!("reason: 1 to {LONGEST_REASON} characters.")));
    }
    let service = &call.counter.service;
    let (id, stock) = (text(&map, "id").unwrap_or_default(), service.rules.stock());
    answered(service.store.decide_rate(&call.scope(), id, Some(reason), stock, call.now).await?)
}

/// `rateLines`: what the bank entered, the latest day first.
pub async fn lines(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let first = map.get("first").and_then(Value::as_u64).and_then(|first| u32::try_from(first).ok());
    let lines = call.counter.service.store.rate_lines(&call.scope(), first.unwrap_or(MOST).min(MOST)).await?;
    Ok(Shape::Json(lines.iter().map(line).collect()))
}

/// `postedRates`: the standard rates of a day at the caller's bank.
pub async fn posted(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let date = text(&map, "date").and_then(|text| text.parse::<NaiveDate>().ok());
    let date = date.ok_or_else(|| Fault::Input("date: a day as YYYY-MM-DD.".to_owned()))?;
    let rules = call.counter.service.rules.of(&call.actor.institution);
    let rates = RateSeries::ALL.iter().filter_map(|series| {
        let posted = rules.rates.posted(series.rate_type()?, date)?;
        Some(json!({
            "series": series, "label": label(series.ja(), series.en()), "ratePercent": posted.rate.three_decimals(),
            "from": posted.from, "to": posted.to,
        }))
    });
    Ok(Shape::Json(rates.collect()))
}
