//! Backward planning of a case: the plan follows what happens, tasks take their days from it.

use crate::story::{Bank, Library, Theatre, world::World};
use chrono::NaiveDate;
use workflows::machine::plan::{Plan, Step, plan, plan_for};
use workflows::machine::{Actor, Case, Context, Role, Task};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at_the_end_of<T>(story: &str, look: impl FnOnce(&mut World<'_>) -> T) -> T {
    let (library, table) = (Library::load(), workflows::machine::Table::default());
    let rules = workflows::sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    look(&mut Theatre::new(&library, &table, &bank).run(story, None).unwrap())
}

fn planned(world: &World<'_>, date: Option<NaiveDate>) -> Option<Plan> {
    let system = Actor::internal(Role::System);
    let ctx = Context {
        actor: &system,
        now: world.now,
        rules: world.rules,
        table: world.table,
        registers: workflows::machine::Registers::NONE,
    };
    let case: &Case = world.case.as_ref().unwrap();
    match date {
        Some(date) => plan_for(case, date, &ctx),
        None => plan(case, &ctx),
    }
}

fn open(plan: &Plan) -> Vec<Step> {
    plan.steps.iter().filter(|step| step.done_on.is_none()).map(|step| step.step).collect()
}

#[test]
fn what_is_over_leaves_the_plan_step_by_step() {
    let left = |story: &str| at_the_end_of(story, |world| planned(world, None).map(|plan| open(&plan)));
    let screening = left("2-screening-but-guarantee").unwrap();
    assert!(screening.contains(&Step::Guarantee) && screening.contains(&Step::Contract), "{screening:?}");
    let approved = left("4-approved").unwrap();
    assert_eq!(approved, [Step::Contract, Step::Papers, Step::Filing, Step::Funds]);
    assert_eq!(left("7-contracted").unwrap(), [Step::Papers, Step::Filing, Step::Funds]);
    assert_eq!(left("10-disbursed"), None, "the money is out");
}

#[test]
fn the_latest_days_lie_before_the_date_and_the_steps_in_their_order() {
    at_the_end_of("2-screening-but-guarantee", |world| {
        let plan = planned(world, None).unwrap();
        assert!(plan.open && plan.feasible && plan.alternatives.is_empty(), "{plan:?}");
        assert_eq!(plan.date, world.case.as_ref().unwrap().planned_date());
        let latest = |step: Step| plan.open_step(step).and_then(|planned| planned.latest);
        let order = [Step::Guarantee, Step::Approval, Step::Contract, Step::Papers, Step::Funds].map(latest);
        assert!(order.is_sorted() && order[0].is_some(), "{order:?}");
        assert_eq!(latest(Step::Funds), Some(plan.date));
        assert!(plan.open_step(Step::Declaration).is_none(), "the declaration is in");
        assert_eq!(plan.bottleneck, Some(Step::Guarantee));
    });
}

#[test]
fn the_guarantors_task_is_due_on_the_latest_day_of_the_answer() {
    at_the_end_of("2-screening-but-guarantee", |world| {
        let plan = planned(world, None).unwrap();
        let case = world.case.as_ref().unwrap();
        let task = case.tasks.iter().find(|task| task.task == Task::DecideGuarantee).unwrap();
        assert_eq!(Some(task.due_on), plan.open_step(Step::Guarantee).and_then(|step| step.latest));
    });
}

#[test]
fn time_that_passes_makes_the_date_impossible_and_nearer_ones_are_named() {
    at_the_end_of("4-approved", |world| {
        let date = world.case.as_ref().unwrap().planned_date();
        assert!(planned(world, None).unwrap().feasible);
        world.now = workflows::machine::day_start(date);
        let plan = planned(world, None).unwrap();
        assert!(!plan.feasible && plan.open, "{plan:?}");
        assert_eq!(plan.bottleneck, Some(Step::Contract));
        assert_eq!(plan.alternatives.len(), 3);
        for other in &plan.alternatives {
            let other = planned(world, Some(*other)).unwrap();
            assert!(other.feasible && other.date > date, "{other:?}");
        }
    });
}

#[test]
fn a_closed_day_is_no_date_and_a_late_hour_is_the_next_day() {
    at_the_end_of("4-approved", |world| {
        let saturday = day("2026-05-30");
        let plan = planned(world, Some(saturday)).unwrap();
        assert!(!plan.open && !plan.feasible && plan.steps.iter().all(|step| step.latest.is_none()));
        assert_eq!(plan.alternatives.first(), Some(&day("2026-05-29")));
        let first =
            |world: &World<'_>| planned(world, None).unwrap().open_step(Step::Contract).unwrap().earliest;
        // Contracting begins with the approval; on its own day the hour does not matter, on the day of the filing it does.
        let morning = workflows::machine::day_start(day("2026-05-25"));
        world.now = morning + chrono::TimeDelta::hours(14);
        assert_eq!(first(world), Some(day("2026-05-25")));
        world.now = morning + chrono::TimeDelta::hours(15);
        assert_eq!(first(world), Some(day("2026-05-26")), "past the cut-off (I-03)");
    });
}

#[test]
fn a_declaration_that_runs_out_before_the_date_is_planned_anew() {
    at_the_end_of("4-approved", |world| {
        let case = world.case.as_ref().unwrap();
        let last =
            world.rules.required_covers(&case.form).iter().filter_map(|cover| cover.last_valid_day).min();
        let beyond = |days: i64| {
            let date = last.unwrap() + chrono::TimeDelta::days(days);
            workflows::calendar::on_or_after(date, |day| world.rules.is_business_day(&case.form, day))
                .unwrap()
        };
        let again = |date: NaiveDate| -> Vec<Step> {
            let plan = planned(world, Some(date)).unwrap();
            plan.steps.iter().filter(|step| step.again).map(|step| step.step).collect()
        };
        let anew = again(beyond(1));
        assert!(anew.contains(&Step::Declaration) && anew.contains(&Step::Insurance), "{anew:?}");
        assert!(!again(case.planned_date()).contains(&Step::Declaration));
    });
}
