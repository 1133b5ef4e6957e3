//! Prices: the quote of a case, explained line by line, and repayments of several loans side by side.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, text};
use super::reads::case_for;
use super::shape::Shape;
use super::wall;
use async_graphql::dynamic::ResolverContext;
use chrono::NaiveDate;
use serde_json::{Value, json};
use std::sync::Arc;
use workflows::calendar::tokyo_date;
use workflows::explained::{ExplainedCondition, ExplainedRate, FeeLine, RateLine};
use workflows::machine::price::{Audience, Price, price};
use workflows::machine::{Role, Rulebook};
use workflows::mix::Mix;
use workflows::repayment::review::RateReview;
use workflows::repayment::simulation::{Scenario, Simulated};
use workflows::{LoanQuote, Problem, Rate};

/// Most scenarios of one question.
const MOST_SCENARIOS: usize = 5;
/// Most lines of a schedule in one answer.
const MOST_ROWS: usize = 100;

/// Books, and the rates of the caller's bank.
fn rulebook(call: &Call) -> Arc<Rulebook> {
    call.counter.service.rules.of(&call.actor.institution)
}

/// `quote`. Nothing is written.
pub async fn quote(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    let map = arguments(ctx)?;
    let date = text(&map, "date").and_then(|text| text.parse::<NaiveDate>().ok());
    let date = date.ok_or_else(|| Fault::Input("date: a day as YYYY-MM-DD.".to_owned()))?;
    let judging = wall::SCREENING.and(&[Role::BranchClerk]).admits(&[call.actor.role]);
    let audience = if judging { Audience::Judging } else { Audience::Told };
    Ok(Shape::Json(match price(&case, &rulebook(call), audience, date) {
        Ok(price) => priced(&price),
        Err(problem) => json!({ "problems": [told(problem)] }),
    }))
}

pub fn told(problem: Problem) -> Value {
    json!({
        "field": problem.field, "rule": problem.rule, "messageJa": problem.message_ja,
        "messageEn": problem.message_en, "accepted": problem.accepted,
    })
}

fn percent(rate: Rate) -> Value {
    json!(rate.three_decimals())
}

fn priced(price: &Price) -> Value {
    let explained = &price.explained;
    let loans = explained.rates.iter().zip(&price.quote.loans).map(|(rate, loan)| of_loan(rate, loan));
    json!({
        "problems": [], "date": explained.date, "receivedOn": explained.received,
        "bookVersion": explained.book_version, "provisional": price.provisional,
        "conditions": explained.conditions.iter().map(condition).collect::<Vec<_>>(),
        "loans": loans.collect::<Vec<_>>(), "mix": explained.mix.as_ref().map(mix),
        "fees": explained.fees.iter().map(fee).collect::<Vec<_>>(), "totalFeesYen": explained.total_fees_yen,
    })
}

fn condition(condition: &ExplainedCondition) -> Value {
    let ExplainedCondition { condition, met, standing, rules } = condition;
    json!({
        "condition": condition, "label": label(condition.ja(), condition.en()), "met": met,
        "standing": standing, "standingLabel": label(standing.ja(), standing.en()), "rules": rules,
    })
}

fn of_loan(rate: &ExplainedRate, loan: &LoanQuote) -> Value {
    json!({
        "loanNo": rate.loan_no, "rateType": rate.rate_type, "discountType": rate.discount_type,
        "feePlan": rate.fee_plan, "lines": rate.lines.iter().map(line).collect::<Vec<_>>(),
        "sumPercent": percent(rate.sum), "applicablePercent": percent(rate.applicable),
        "withConditionsPercent": percent(rate.with_conditions), "paymentYen": loan.monthly.payment_yen,
        "bonusPaymentYen": loan.bonus.as_ref().map(|bonus| bonus.payment_yen),
        "paymentInBonusMonthYen": loan.payment_in_bonus_month_yen,
        "repayments": loan.monthly.actual_repayments, "firstRepaymentOn": loan.monthly.first_repayment_date,
        "lastRepaymentOn": loan.monthly.last_repayment_date, "totalInterestYen": loan.total_interest_yen,
        "specialTermEnd": loan.special_term_end,
    })
}

fn line(line: &RateLine) -> Value {
    let RateLine { component, because, origin, .. } = line;
    json!({
        "component": component, "label": label(component.ja(), component.en()), "rules": component.rules(),
        "pointsPercent": percent(line.points), "because": because,
        "becauseLabel": label(because.ja(), because.en()), "origin": origin,
        "originLabel": label(origin.ja(), origin.en()), "reference": line.reference,
        "effectiveFrom": line.effective_from, "lostPercent": percent(line.lost),
    })
}

fn fee(line: &FeeLine) -> Value {
    let FeeLine { fee, loan_no, amount_yen } = line;
    json!({
        "fee": fee, "label": label(fee.ja(), fee.en()), "loanNo": loan_no, "amountYen": amount_yen,
        "rules": fee.rules(),
    })
}

fn mix(mix: &Mix) -> Value {
    let parts = mix.parts.iter().map(|part| {
        json!({
            "loanNo": part.loan_no, "rateType": part.rate_type, "discountType": part.discount_type,
            "amountYen": part.amount_yen, "sharePercent": part.share_percent, "bonusPercent": percent(part.bonus),
        })
    });
    let papers = &mix.papers;
    json!({
        "parts": parts.collect::<Vec<_>>(), "totalYen": mix.total_yen, "purpose": mix.purpose,
        "repaymentDay": mix.repayment_day, "guaranteeFeeMethod": mix.guarantee_fee_method, "feePlan": mix.fee_plan,
        "applicationForms": papers.application_forms, "breakdownNotices": papers.breakdown_notices,
        "loanContracts": papers.loan_contracts, "specialTermAgreements": papers.special_term_agreements,
        "insuranceDeclarations": papers.insurance_declarations, "mortgageDeeds": papers.mortgage_deeds,
        "registrations": papers.registrations, "handlingFees": papers.handling_fees,
    })
}

/// `simulateRepayment`. Each scenario is answered by itself: what is wrong with one does not stop the others.
pub async fn simulate(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let mut map = arguments(ctx)?;
    let scenarios = match map.remove("scenarios") {
        Some(Value::Array(scenarios)) => scenarios,
        _ => vec![],
    };
    if scenarios.is_empty() || scenarios.len() > MOST_SCENARIOS {
        return Err(Fault::Input(format!("scenarios: 1 to {MOST_SCENARIOS} of them.")));
    }
    let number = |name: &str| map.get(name).and_then(Value::as_u64).and_then(|n| usize::try_from(n).ok());
    let (first, after) = (number("first").unwrap_or(MOST_ROWS).min(MOST_ROWS), number("after").unwrap_or(0));
    let rulebook = rulebook(call);
    let today = tokyo_date(call.now);
    let bank = &call.actor.institution;
    let book = rulebook.books.on(bank, today).ok_or(Fault::NotFound)?;
    let simulated = scenarios.into_iter().enumerate().map(|(at, scenario)| {
        let read: Scenario = serde_json::from_value(scenario)
            .map_err(|error| Fault::Input(format!("scenarios[{at}]: {error}")))?;
        let of_field =
            |problem: Problem| Problem { field: format!("scenarios[{at}].{}", problem.field), ..problem };
        Ok(match read.simulate(book, &rulebook.rates, today) {
            Ok(simulated) => repaid(&read, &simulated, first, after),
            Err(problems) => json!({
                "label": read.label, "rows": [], "rateReviews": [],
                "problems": problems.into_iter().map(of_field).map(told).collect::<Vec<_>>(),
            }),
        })
    });
    Ok(Shape::Json(simulated.collect::<Result<Value, Fault>>()?))
}

fn repaid(scenario: &Scenario, simulated: &Simulated, first: usize, after: usize) -> Value {
    let (plan, rows) = (&simulated.plan, simulated.rows());
    let total = simulated.total_interest();
    let reviews = simulated.reviewed.iter().flat_map(|reviewed| &reviewed.rate_reviews);
    let review = |review: &RateReview| {
        json!({
            "baseDate": review.base_date, "basePercent": percent(review.base_rate),
            "previousPercent": percent(review.previous), "effectiveFrom": review.effective_from,
            "ratePercent": percent(review.rate),
        })
    };
    let shown: Vec<_> = rows.iter().skip(after).take(first).collect();
    json!({
        "label": scenario.label, "problems": [], "ratePercent": percent(simulated.rate),
        "standardPercent": simulated.standard.map(percent), "paymentYen": plan.monthly.payment,
        "bonusPaymentYen": plan.bonus.as_ref().map(|bonus| bonus.payment),
        "paymentInBonusMonthYen": plan.payment_in_bonus_month(), "repayments": rows.len(),
        "firstRepaymentOn": rows.first().map(|row| row.due), "lastRepaymentOn": rows.last().map(|row| row.due),
        "totalInterestYen": total, "totalYen": total + scenario.amount_yen, "rows": shown,
        "rateReviews": reviews.map(review).collect::<Vec<_>>(),
        "moreRows": after.saturating_add(first) < rows.len(),
    })
}
