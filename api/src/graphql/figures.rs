//! Figures over many cases: how they stand and age by stage, who works on how much, what the months brought.

use super::application::label;
use super::execute::Call;
use super::fault::Fault;
use super::lists::{arguments, date, text};
use super::roots::Root;
use super::shape::Shape;
use super::wall;
use async_graphql::dynamic::ResolverContext;
use chrono::{Days, NaiveDate};
use db::read::{Intake, Standing, WaitingOn};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use workflows::calendar::planning::business_days_between;
use workflows::calendar::{is_bank_day, tokyo_date};
use workflows::machine::Stage;

/// Most days of one answer of [`intakes`]: two years.
const MOST_DAYS: i64 = 731;
/// Ages that count together, in business days; the last has no end.
const AGES: [(i64, Option<i64>); 4] = [(0, Some(2)), (3, Some(5)), (6, Some(10)), (11, None)];

/// Queries.
pub static QUERIES: &[Root] = &[
    Root {
        name: "stageFigures",
        ty: "StageFigures",
        doc: "How the caller's open cases stand: how many, how much, how old in their stage, and for whom they wait.",
        wall: wall::INSIDE,
        arguments: &[("branch", "String", "Of this branch alone; nothing where it is none of the caller's.")],
        answer: |call, ctx| Box::pin(stages(call, ctx)),
    },
    Root {
        name: "workload",
        ty: "[WorkloadLine!]",
        doc: "Who of the lender works on how much, whoever has most overdue first; at most 500 lines.",
        wall: wall::INSIDE,
        arguments: &[],
        answer: |call, _| Box::pin(workload(call)),
    },
    Root {
        name: "intakeFigures",
        ty: "[IntakeFigure!]",
        doc: "The cases received from one day to another, at most two years, by month of reception, branch and product, as they stand now.",
        wall: wall::INSIDE,
        arguments: &[("from", "Date!", "First day of reception."), ("to", "Date!", "Last day.")],
        answer: |call, ctx| Box::pin(intakes(call, ctx)),
    },
];

/// Cases by age.
#[derive(Default)]
struct Ages(BTreeMap<i64, u64>);

impl Ages {
    fn add(&mut self, age: i64, cases: u64) {
        *self.0.entry(age.max(0)).or_default() += cases;
    }

    /// The age that this share of the cases does not pass, by nearest rank; `None` without cases.
    fn quantile(&self, percent: u64) -> Option<i64> {
        let cases: u64 = self.0.values().sum();
        let rank = (cases * percent).div_ceil(100).max(1);
        let mut passed = 0;
        self.0.iter().find_map(|(age, cases)| {
            passed += cases;
            (passed >= rank).then_some(*age)
        })
    }

    fn buckets(&self) -> Value {
        let bucket = |(from, to): (i64, Option<i64>)| {
            let within = self.0.iter().filter(|(age, _)| **age >= from && to.is_none_or(|to| **age <= to));
            json!({ "from": from, "to": to, "cases": within.map(|(_, cases)| cases).sum::<u64>() })
        };
        AGES.into_iter().map(bucket).collect()
    }
}

/// What is known of a stage.
#[derive(Default)]
struct OfStage {
    cases: u64,
    amount_yen: i64,
    overdue: u64,
    ages: Ages,
    waiting: Vec<Value>,
}

fn put_together(lines: &[Standing], waiting: &[WaitingOn], age: impl Fn(&Standing) -> i64) -> Value {
    let mut stages: BTreeMap<Stage, OfStage> = BTreeMap::new();
    for line in lines {
        let stage = stages.entry(line.stage).or_default();
        stage.cases += line.cases;
        stage.amount_yen += line.amount_yen;
        stage.overdue += line.overdue;
        stage.ages.add(age(line), line.cases);
    }
    for line in waiting {
        if let Some(stage) = stages.get_mut(&line.stage) {
            stage.waiting.push(json!({
                "role": line.role, "label": label(line.role.ja(), line.role.en()), "cases": line.cases,
                "overdue": line.overdue,
            }));
        }
    }
    let shown = stages.into_iter().map(|(stage, of)| {
        json!({
            "stage": stage, "label": label(stage.ja(), stage.en()), "cases": of.cases, "amountYen": of.amount_yen,
            "overdue": of.overdue, "ages": of.ages.buckets(), "medianAge": of.ages.quantile(50),
            "ninetiethAge": of.ages.quantile(90), "waitingOn": of.waiting,
        })
    });
    shown.collect()
}

async fn stages(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let map = arguments(ctx)?;
    let branch = text(&map, "branch");
    let (store, scope, today) = (&call.counter.service.store, call.scope(), tokyo_date(call.now));
    let standings = store.standings(&scope, today, branch).await?;
    let waiting = store.waiting_on(&scope, today, branch).await?;
    let rules = call.counter.service.rules.of(&call.actor.institution);
    let book = rules.books.get(&call.actor.institution);
    let age = |line: &Standing| {
        let open =
            |day| book.map_or_else(|| is_bank_day(day), |book| book.is_business_day(day, &line.branch));
        business_days_between(line.since, today, open)
    };
    Ok(Shape::Json(json!({
        "asOf": today, "exact": standings.exact, "stages": put_together(&standings.lines, &waiting, age),
    })))
}

async fn workload(call: &Call) -> Result<Shape, Fault> {
    let lines = call.counter.service.store.workload(&call.scope(), tokyo_date(call.now)).await?;
    let shown = lines.iter().map(|line| {
        json!({
            "subject": line.subject, "role": line.role, "roleLabel": label(line.role.ja(), line.role.en()),
            "openTasks": line.tasks, "cases": line.cases, "overdue": line.overdue, "nextDue": line.next_due,
        })
    });
    Ok(Shape::Json(shown.collect()))
}

/// Where the case of a month has come to.
#[derive(Default)]
struct Outcome {
    cases: u64,
    amount_yen: i64,
    open: u64,
    approved: u64,
    declined: u64,
    withdrawn: u64,
    lapsed: u64,
    disbursed: u64,
    disbursed_yen: i64,
}

impl Outcome {
    fn add(&mut self, line: &Intake) {
        self.cases += line.cases;
        self.amount_yen += line.amount_yen;
        let place = match line.stage {
            Stage::Draft | Stage::Submitted | Stage::Incomplete | Stage::Screening | Stage::ReScreening => {
                &mut self.open
            }
            Stage::Declined => &mut self.declined,
            Stage::Discarded | Stage::Withdrawn => &mut self.withdrawn,
            Stage::ApprovalRescinded | Stage::ApprovalExpired | Stage::ContractTerminated => &mut self.lapsed,
            Stage::Approved
            | Stage::ConditionallyApproved
            | Stage::ChangeRequested
            | Stage::Contracting
            | Stage::ContractTendered
            | Stage::Contracted
            | Stage::Scheduled
            | Stage::OnHold
            | Stage::Ready
            | Stage::Disbursing
            | Stage::Reconciling
            | Stage::PartiallyDisbursed
            | Stage::Reversing => &mut self.approved,
            Stage::Disbursed | Stage::DrawingsRepaid | Stage::HandedOver => {
                self.disbursed += line.cases;
                self.disbursed_yen += line.amount_yen;
                &mut self.approved
            }
        };
        *place += line.cases;
    }
}

/// The days of an answer, in their order and not too many.
pub fn days_of(map: &serde_json::Map<String, Value>, most: i64) -> Result<(NaiveDate, NaiveDate), Fault> {
    let needed =
        |name: &str| date(map, name)?.ok_or_else(|| Fault::Input(format!("{name}: a day as YYYY-MM-DD.")));
    let (from, to) = (needed("from")?, needed("to")?);
    let last = from.checked_add_days(Days::new(most.unsigned_abs()));
    if to < from || last.is_none_or(|last| to >= last) {
        return Err(Fault::Input(format!(
            "to: from the first day on, at most {most} days. / 期間は開始日以後{most}日以内で指定してください。"
        )));
    }
    Ok((from, to))
}

async fn intakes(call: &Call, ctx: &ResolverContext<'_>) -> Result<Shape, Fault> {
    let (from, to) = days_of(&arguments(ctx)?, MOST_DAYS)?;
    let lines = call.counter.service.store.intakes(&call.scope(), from, to).await?;
    let mut months: BTreeMap<(&str, &str, &str), Outcome> = BTreeMap::new();
    for line in &lines {
        months.entry((&line.month, &line.branch, &line.product)).or_default().add(line);
    }
    let shown = months.into_iter().map(|((month, branch, product), of)| {
        json!({
            "month": month, "branch": branch, "product": product, "cases": of.cases, "amountYen": of.amount_yen,
            "open": of.open, "approved": of.approved, "declined": of.declined, "withdrawn": of.withdrawn,
            "lapsed": of.lapsed, "disbursed": of.disbursed, "disbursedYen": of.disbursed_yen,
        })
    });
    Ok(Shape::Json(shown.collect()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ages(of: &[(i64, u64)]) -> Ages {
        let mut ages = Ages::default();
        of.iter().for_each(|(age, cases)| ages.add(*age, *cases));
        ages
    }

    #[test]
    fn a_quantile_is_an_age_that_some_case_has() {
        assert_eq!(ages(&[]).quantile(50), None);
        assert_eq!(ages(&[(4, 1)]).quantile(90), Some(4));
        let ten = ages(&[(1, 5), (3, 4), (40, 1)]);
        assert_eq!((ten.quantile(50), ten.quantile(90), ten.quantile(91)), (Some(1), Some(3), Some(40)));
        // A clock that was set back makes nobody younger than new.
        assert_eq!(ages(&[(-2, 1)]).quantile(50), Some(0));
    }

    #[test]
    fn every_age_is_in_one_bucket() {
        let buckets = ages(&[(0, 1), (2, 1), (3, 1), (5, 1), (6, 1), (10, 1), (11, 1), (200, 1)]).buckets();
        let cases: Vec<u64> =
            buckets.as_array().expect("buckets").iter().filter_map(|b| b["cases"].as_u64()).collect();
        assert_eq!(cases, [2, 2, 2, 2]);
    }

    #[test]
    fn every_stage_is_one_outcome() {
        for stage in Stage::ALL {
            let mut of = Outcome::default();
            of.add(&Intake {
                month: "2026-04".into(),
                branch: "101".into(),
                product: "X".into(),
                stage: *stage,
                cases: 2,
                amount_yen: 10,
            });
            let placed = of.open + of.approved + of.declined + of.withdrawn + of.lapsed;
            assert_eq!((placed, of.cases, of.amount_yen), (2, 2, 10), "{stage}");
            assert!(of.disbursed <= of.approved, "{stage}");
        }
    }
}
