//! Backward planning against brute force over a small calendar, and the days that a banker would count by hand.

use chrono::{Days, NaiveDate};
use proptest::prelude::*;
use workflows::calendar::is_bank_day;
use workflows::calendar::planning::{
    Activity, Done, Period, Placement, business_days_after, business_days_before, business_days_between,
    nearest, place,
};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn step(after: &[usize], lead: u32) -> Activity {
    Activity { after: after.to_vec(), lead, ..Activity::default() }
}

#[test]
fn business_days_are_counted_over_holidays_and_closures() {
    // Golden week 2026: 29 April, 3 to 6 May.
    assert_eq!(business_days_after(day("2026-04-28"), 1, is_bank_day), Some(day("2026-04-30")));
    assert_eq!(business_days_after(day("2026-05-01"), 1, is_bank_day), Some(day("2026-05-07")));
    assert_eq!(business_days_after(day("2026-05-02"), 0, is_bank_day), Some(day("2026-05-07")));
    assert_eq!(business_days_before(day("2026-05-07"), 1, is_bank_day), Some(day("2026-05-01")));
    let closed = |date: NaiveDate| is_bank_day(date) && date != day("2026-05-01");
    assert_eq!(business_days_before(day("2026-05-07"), 1, closed), Some(day("2026-04-30")));
    assert_eq!(business_days_between(day("2026-05-01"), day("2026-05-08"), is_bank_day), 2);
    assert_eq!(business_days_between(day("2026-05-08"), day("2026-05-01"), is_bank_day), -2);
}

#[test]
fn periods_end_as_the_validity_table_says() {
    assert_eq!(Period::Years(1).last_day(day("2026-04-01")), day("2027-03-31"));
    assert_eq!(Period::Years(1).last_day(day("2028-02-29")), day("2029-02-27"));
    assert_eq!(Period::Days(180).last_day(day("2026-04-01")), day("2026-09-28"));
    assert_eq!(Period::Months(3).last_day(day("2026-11-30")), day("2027-02-28"));
}

/// Declaration, contract, money: three business days, five, one.
fn chain() -> Vec<Activity> {
    let declared = Activity { periods: vec![Period::Days(180)], used_at: Some(2), ..step(&[], 3) };
    vec![declared, step(&[0], 5), step(&[1], 1)]
}

#[test]
fn the_last_days_are_counted_back_from_the_date() {
    let plan = place(&chain(), 2, day("2026-05-15"), day("2026-04-20"), is_bank_day);
    let latest: Vec<_> = plan.steps.iter().map(|step| step.latest.unwrap()).collect();
    assert_eq!(latest, [day("2026-05-07"), day("2026-05-14"), day("2026-05-15")]);
    let earliest: Vec<_> = plan.steps.iter().map(|step| step.earliest.unwrap()).collect();
    assert_eq!(earliest, [day("2026-04-23"), day("2026-05-01"), day("2026-05-07")]);
    assert!(plan.feasible);
}

#[test]
fn a_step_that_slips_makes_the_date_impossible_and_the_next_ones_are_named() {
    let wished = day("2026-05-15");
    let late = day("2026-05-01");
    assert!(
        !place(&chain(), 2, wished, late, is_bank_day).feasible,
        "three days for the declaration are over"
    );
    let others = nearest(&chain(), 2, wished, late, is_bank_day, 2, 60);
    assert_eq!(others, [day("2026-05-19"), day("2026-05-20")]);
    // The same branch is closed on one of them.
    let closed = |date: NaiveDate| is_bank_day(date) && date != day("2026-05-20");
    assert_eq!(nearest(&chain(), 2, wished, late, closed, 2, 60), [day("2026-05-19"), day("2026-05-21")]);
    // A Saturday is impossible; days on both sides are not.
    let beside = nearest(&chain(), 2, day("2026-05-16"), day("2026-04-20"), is_bank_day, 2, 60);
    assert_eq!(beside, [day("2026-05-15"), day("2026-05-14")]);
}

#[test]
fn a_declaration_that_runs_out_before_the_date_is_made_anew() {
    let mut steps = chain();
    steps[0].done = Some(Done { on: day("2026-04-01"), valid_until: Some(day("2026-09-28")) });
    let on = |date: &str| place(&steps, 2, day(date), day("2026-09-01"), is_bank_day);
    let last = on("2026-09-28");
    assert_eq!((last.steps[0].done_on, last.steps[0].again), (Some(day("2026-04-01")), false));
    let over = on("2026-09-29");
    assert_eq!((over.steps[0].done_on, over.steps[0].again), (None, true));
    assert!(over.feasible && over.steps[0].latest < Some(day("2026-09-29")));
}

#[test]
fn steps_that_wait_for_each_other_have_no_day() {
    let steps = [step(&[1], 1), step(&[0], 1)];
    let plan = place(&steps, 1, day("2026-05-15"), day("2026-04-20"), is_bank_day);
    assert!(!plan.feasible && plan.steps.iter().all(|step| step.earliest.is_none()));
}

// --- brute force -----------------------------------------------------------------------------------------------------

const FIRST: &str = "2026-01-05";
const DAYS: u64 = 12;

#[derive(Clone, Debug)]
struct Puzzle {
    steps: Vec<Activity>,
    closed: Vec<u64>,
    date: u64,
    start: u64,
}

fn at_day(day_no: u64) -> NaiveDate {
    day(FIRST).checked_add_days(Days::new(day_no)).unwrap()
}

impl Puzzle {
    fn open(&self, date: NaiveDate) -> bool {
        let no = date.signed_duration_since(day(FIRST)).num_days();
        u64::try_from(no).map_or(true, |no| !self.closed.contains(&no))
    }
}

fn any_puzzle() -> impl Strategy<Value = Puzzle> {
    let one = |at: usize| {
        let after = prop::collection::btree_set(0..at.max(1), 0..=at);
        let period = prop::option::of(0_u32..6);
        let done = prop::option::weighted(0.3, (0_u64..5, prop::option::of(0_u64..12)));
        (after, 0_u32..4, period, done, prop::option::of(0_u64..6)).prop_map(
            move |(after, lead, period, done, begun)| Activity {
                after: after.into_iter().filter(|before| *before < at).collect(),
                lead,
                begun: begun.map(at_day),
                done: done
                    .filter(|_| at < 3)
                    .map(|(on, until)| Done { on: at_day(on), valid_until: until.map(at_day) }),
                periods: period.map(Period::Days).into_iter().collect(),
                used_at: (at < 3).then_some(3),
            },
        )
    };
    let steps = (one(0), one(1), one(2), one(3)).prop_map(|(a, b, c, d)| vec![a, b, c, d]);
    let middle = prop::option::of(1_usize..3);
    let closed = prop::collection::vec(0..DAYS, 0..5);
    (steps, middle, closed, 4..DAYS, 0_u64..6).prop_map(|(mut steps, middle, closed, date, start)| {
        // The first outcome may be used before the end.
        steps[0].used_at = middle.or(steps[0].used_at);
        // What is over was over by the start, and was good on its day.
        for step in &mut steps {
            step.done = step.done.map(|done| {
                let on = done.on.min(at_day(start));
                Done { on, valid_until: done.valid_until.map(|until| until.max(on)) }
            });
        }
        Puzzle { steps, closed, date, start }
    })
}

/// Every way to put the open steps on open days that keeps the rules one by one.
fn every_way(puzzle: &Puzzle, again: &[bool]) -> Vec<Vec<NaiveDate>> {
    let (date, start) = (at_day(puzzle.date), at_day(puzzle.start));
    let open = |day: NaiveDate| puzzle.open(day);
    let settled = |no: usize| puzzle.steps[no].done.filter(|_| !again[no]);
    let choices: Vec<Vec<NaiveDate>> = (0..4)
        .map(|no| match settled(no) {
            Some(done) => vec![done.on],
            None => (puzzle.start..=puzzle.date).map(at_day).filter(|day| open(*day)).collect(),
        })
        .collect();
    let worked = |from: NaiveDate, to: NaiveDate| {
        from.iter_days().skip(1).take_while(|day| *day <= to).filter(|day| open(*day)).count()
    };
    let mut ways = vec![];
    for a in &choices[0] {
        for b in &choices[1] {
            for c in &choices[2] {
                for d in &choices[3] {
                    let way = [*a, *b, *c, *d];
                    let kept = (0..4).all(|no| {
                        let step = &puzzle.steps[no];
                        let good = match (step.used_at, settled(no)) {
                            (None, _) => true,
                            (Some(used), _) if settled(used).is_some() => true,
                            (Some(used), Some(done)) => {
                                done.valid_until.is_none_or(|until| way[used] <= until)
                            }
                            (Some(used), None) => {
                                step.periods.iter().all(|period| way[used] <= period.last_day(way[no]))
                            }
                        };
                        if settled(no).is_some() {
                            return good;
                        }
                        let lead = usize::try_from(step.lead).unwrap();
                        let begun = step.begun.filter(|_| !again[no]);
                        let bases = step.after.iter().map(|before| way[*before]).chain(begun);
                        let mut bases: Vec<NaiveDate> =
                            if again[no] { bases.chain([start]).collect() } else { bases.collect() };
                        if bases.is_empty() {
                            bases.push(start);
                        }
                        good && bases.iter().all(|base| way[no] >= *base && worked(*base, way[no]) >= lead)
                    });
                    if kept && way[3] <= date {
                        ways.push(way.to_vec());
                    }
                }
            }
        }
    }
    ways
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn the_plan_is_what_trying_everything_finds(puzzle in any_puzzle()) {
        let open = |day: NaiveDate| puzzle.open(day);
        let (date, start) = (at_day(puzzle.date), at_day(puzzle.start));
        let plan = place(&puzzle.steps, 3, date, start, open);
        let again: Vec<bool> = plan.steps.iter().map(|step| step.again).collect();
        let ways = every_way(&puzzle, &again);
        prop_assert_eq!(plan.feasible, open(date) && !ways.is_empty());
        if plan.feasible {
            for no in (0..4).filter(|no| plan.steps[*no].done_on.is_none()) {
                let last = ways.iter().map(|way| way[no]).max();
                prop_assert_eq!(plan.steps[no].latest, last, "step {}", no);
            }
        }
    }

    /// What is lost stays lost: a later start never makes a date possible, and never brings a step's first day forward.
    #[test]
    fn a_later_start_never_helps(puzzle in any_puzzle(), later in 1_u64..4) {
        let open = |day: NaiveDate| puzzle.open(day);
        let date = at_day(puzzle.date);
        let before = place(&puzzle.steps, 3, date, at_day(puzzle.start), open);
        let after = place(&puzzle.steps, 3, date, at_day(puzzle.start + later), open);
        let anew = |plan: &Placement| plan.steps.iter().map(|step| step.again).collect::<Vec<_>>();
        if anew(&before) == anew(&after) {
            prop_assert!(before.feasible || !after.feasible);
        }
        for (early, late) in before.steps.iter().zip(&after.steps) {
            if early.done_on.is_none() && late.done_on.is_none() {
                prop_assert!(early.earliest <= late.earliest);
            }
        }
    }
}
