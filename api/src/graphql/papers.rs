//! Papers that are made from a case: the application for the registration, and the transfer file of its money. Nothing is written.

use super::application::{camel_of, label};
use super::command::{self, Problem};
use super::execute::Call;
use super::fault::Fault;
use super::lists::arguments;
use super::mutation::problems;
use super::names::camel_path;
use super::reads::case_for;
use super::shape::Shape;
use super::wall::{self, Wall};
use async_graphql::dynamic::ResolverContext;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use std::sync::LazyLock;
use workflows::disbursement::Line;
use workflows::machine::Role;
use workflows::machine::filing_desk::registration_papers;
use workflows::machine::transfer_desk::{TransferOrder, case_transfers};
use workflows::registration::LinkedFiling;

/// Who prepares a registration: the lender's staff and the scrivener who is engaged for the case.
pub const REGISTRATION: Wall = wall::STAFF.and(&[Role::Scrivener]);
/// Who sees where money goes: who proposes and approves it, and who orders it.
pub const PAYEES: Wall =
    Wall::of(&[Role::BranchClerk, Role::BranchManager, Role::ScreeningOfficer, Role::Operations]);
/// Who orders money (E.2).
pub const TRANSFERS: Wall = Wall::of(&[Role::Operations]);

/// The JSON schema of an order of transfers.
pub static ORDER: LazyLock<Value> = LazyLock::new(|| schemars::schema_for!(TransferOrder).to_value());

/// `registrationApplication`.
pub async fn registration(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    if !call.counter.service.store.opens_papers(&call.scope(), &case).await? {
        return Err(Fault::NotFound);
    }
    let papers = registration_papers(&case, call.counter.service.rules.as_ref());
    let application = papers.application.as_ref().map(|application| {
        let mut shown = camel_of(application);
        if let Some(map) = shown.as_object_mut() {
            map.insert("text".to_owned(), json!(application.text()));
        }
        shown
    });
    Ok(Shape::Json(json!({
        "application": application, "filings": papers.filings.iter().map(filing).collect::<Vec<_>>(),
        "missing": told(papers.missing),
    })))
}

/// `transferFile`.
pub async fn transfers(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let case = case_for(call, ctx).await?;
    let all = arguments(ctx)?;
    let refused = |problems: Value| Ok(Shape::Json(json!({ "file": null, "problems": problems })));
    let order: TransferOrder = match command::input(&ORDER, all.get("order").unwrap_or(&Value::Null), "order")
    {
        Ok(order) => order,
        Err(found) => return refused(problems(found)),
    };
    let today = workflows::calendar::tokyo_date(call.now);
    let (plan, file) = match case_transfers(&case, call.counter.service.rules.as_ref(), &order, today) {
        Ok(made) => made,
        Err(found) => return refused(told(found)),
    };
    let count: usize = file.groups().iter().map(|group| group.payments.len()).sum();
    let total: workflows::Yen = file.groups().iter().map(workflows::zengin::Group::total).sum();
    Ok(Shape::Json(json!({
        "problems": [],
        "file": {
            "date": plan.date, "encoding": "JIS X 0201", "base64": STANDARD.encode(file.to_bytes()), "count": count,
            "totalYen": total, "deliveredYen": plan.delivered_yen, "costsYen": plan.costs_yen,
            "ownFundsYen": plan.own_funds_yen, "restYen": plan.rest_yen,
            "lines": plan.lines.iter().map(line).collect::<Vec<_>>(),
        },
    })))
}

/// Refusals of the rules. A line of the settlement goes by its key, everything else by the path of the argument.
fn told(found: Vec<workflows::Problem>) -> Value {
    let named = |problem: workflows::Problem| {
        let of_line = problem.field.contains('/');
        let field = if of_line { problem.field.clone() } else { camel_path(&problem.field) };
        Problem { field, ..Problem::from(problem) }
    };
    problems(found.into_iter().map(named).collect())
}

fn filing(filing: &LinkedFiling) -> Value {
    let mut shown = camel_of(filing);
    if let Some(map) = shown.as_object_mut() {
        map.insert("label".to_owned(), label(filing.kind.ja(), filing.kind.en()));
        map.insert("reason".to_owned(), label(filing.reason_ja, filing.reason_en));
    }
    shown
}

fn line(line: &Line) -> Value {
    let mut shown = camel_of(line);
    if let Some(map) = shown.as_object_mut() {
        map.insert("label".to_owned(), label(line.kind.ja(), line.kind.en()));
        map.insert("step".to_owned(), json!(line.kind.step()));
    }
    shown
}
