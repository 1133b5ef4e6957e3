//! Days at their boundaries: the last that counts and the first that does not (I-02, I.40, D.2, backward planning).

use chrono::{Days, NaiveDate};
use workflows::calendar::planning::{
    Activity, Done, Period, business_days_before, business_days_between, nearest, place,
};
use workflows::calendar::{age_on, holiday, is_bank_day, on_or_after, on_or_before};
use workflows::disbursement::disbursement_date;
use workflows::form::{Form, InsuranceType};

use crate::common;
use crate::vectors::book;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn always(_: NaiveDate) -> bool {
    true
}

fn step(after: &[usize], lead: u32) -> Activity {
    Activity { after: after.to_vec(), lead, ..Activity::default() }
}

#[test]
fn nobody_has_an_age_before_birth() {
    assert_eq!(age_on(day("2026-06-15"), day("2026-01-01")), 0);
    assert_eq!(age_on(day("2026-06-15"), day("2027-06-14")), 0);
    assert_eq!(age_on(day("2026-06-15"), day("2027-06-15")), 1);
}

/// The emperor's birthday moved with the throne, the day of sports got its name in 2020 (I.40).
#[test]
fn holidays_change_with_the_year() {
    for (date, name) in [
        ("2017-12-23", Some("天皇誕生日")),
        ("2018-12-23", Some("天皇誕生日")),
        ("2018-12-24", Some("振替休日")),
        ("2019-12-23", None),
        ("2019-02-23", None),
        ("2020-02-23", Some("天皇誕生日")),
        ("2018-10-08", Some("体育の日")),
        ("2019-10-14", Some("体育の日")),
        ("2022-10-10", Some("スポーツの日")),
    ] {
        assert_eq!(holiday(day(date)), name, "{date}");
    }
}

#[test]
fn an_open_day_is_looked_for_within_sixty_days() {
    let from = day("2026-06-01");
    let only = |date: NaiveDate| move |day: NaiveDate| day == date;
    let ahead = |days| from.checked_add_days(Days::new(days)).unwrap();
    let back = |days| from.checked_sub_days(Days::new(days)).unwrap();
    for days in [0, 1, 59] {
        assert_eq!(on_or_after(from, only(ahead(days))), Some(ahead(days)));
        assert_eq!(on_or_before(from, only(back(days))), Some(back(days)));
    }
    assert_eq!((on_or_after(from, only(ahead(60))), on_or_before(from, only(back(60)))), (None, None));
}

#[test]
fn a_plan_looks_back_eight_hundred_days() {
    let date = day("2026-06-01");
    let back = |days| date.checked_sub_days(Days::new(days)).unwrap();
    assert_eq!(business_days_before(date, 0, |day| day == back(799)), Some(back(799)));
    assert_eq!(business_days_before(date, 0, |day| day == back(800)), None);
    let latest = |lead| {
        let steps = [step(&[], 0), step(&[0], 400), step(&[1], lead)];
        place(&steps, 2, date, day("2020-01-01"), always).steps[0].latest
    };
    assert_eq!((latest(400), latest(401)), (Some(back(800)), None));
    assert_eq!(business_days_between(date, date, is_bank_day), 0);
}

#[test]
fn the_nearest_days_do_not_name_the_date_itself() {
    let one = [step(&[], 0)];
    let (start, date) = (day("2026-06-01"), day("2026-06-03"));
    let days = |wished: NaiveDate, most, within| nearest(&one, 0, wished, start, always, most, within);
    assert_eq!(
        days(date, 9, 2),
        [day("2026-06-02"), day("2026-06-04"), day("2026-06-01"), day("2026-06-05")],
        "nearest first, the earlier of two first, from the start on"
    );
    assert_eq!(days(date, 3, 2).len(), 3);
    assert_eq!(days(date, 0, 2), []);
    // Long before anything can be done, the days are counted from the start.
    assert_eq!(days(day("2026-05-01"), 9, 1), [start, day("2026-06-02")]);
}

#[test]
fn a_step_begins_after_the_latest_of_those_before_it() {
    let steps = [step(&[], 2), step(&[], 7), step(&[0, 1], 0)];
    let plan = place(&steps, 2, day("2026-07-01"), day("2026-06-01"), always);
    assert_eq!(plan.steps[2].earliest, Some(day("2026-06-08")));
    // In whatever order they are listed.
    let steps = [step(&[1], 1), step(&[2], 1), step(&[], 1)];
    let plan = place(&steps, 0, day("2026-07-01"), day("2026-06-01"), always);
    let earliest: Vec<_> = plan.steps.iter().map(|step| step.earliest.unwrap()).collect();
    assert_eq!(earliest, [day("2026-06-04"), day("2026-06-03"), day("2026-06-02")]);
}

#[test]
fn a_paper_is_good_on_its_last_day_and_the_shortest_period_counts() {
    let again = |until: &str| {
        let done = Some(Done { on: day("2026-04-01"), valid_until: Some(day(until)) });
        let paper = Activity { done, used_at: Some(1), ..Activity::default() };
        let steps = [paper, step(&[0], 5), step(&[1], 1)];
        place(&steps, 2, day("2026-07-01"), day("2026-06-01"), always).steps[0].again
    };
    // The contract can be made on 1 June at the earliest.
    assert_eq!(["2026-06-01", "2026-05-31", "2026-05-29"].map(again), [false, true, true]);
    let feasible = |periods: &[Period]| {
        let paper = Activity { periods: periods.to_vec(), used_at: Some(2), ..Activity::default() };
        let steps = [paper, step(&[0], 20), step(&[1], 0)];
        place(&steps, 2, day("2026-07-01"), day("2026-05-01"), always).feasible
    };
    assert!(feasible(&[Period::Days(20), Period::Days(180)]));
    assert!(!feasible(&[Period::Days(180), Period::Days(19)]), "twenty days lie between");
}

/// I-02: a Saturday in the golden week of 2026; the branch is open on 1 and on 7 May.
#[test]
fn the_days_beside_a_closed_one_are_after_the_application_and_within_every_declaration() {
    let mut form = common::samples().remove(1).form;
    form.insurance.truncate(1);
    form.insurance.push(form.insurance[0].clone());
    form.insurance.iter_mut().for_each(|entry| entry.insurance_type = InsuranceType::Basic);
    let beside = |received: &str, declared: [&str; 2]| {
        let mut form: Form = form.clone();
        form.received_at = format!("{received}T10:00:00+09:00").parse().unwrap();
        for (entry, on) in form.insurance.iter_mut().zip(declared) {
            entry.declared_on = Some(day(on));
        }
        let found = disbursement_date(&form, &book(), day("2026-05-02"));
        assert!(!found.is_business_day);
        (found.previous_feasible, found.next_feasible)
    };
    let (before, after) = (Some(day("2026-05-01")), Some(day("2026-05-07")));
    let good = "2026-04-01";
    assert_eq!(beside("2026-04-30", [good; 2]), (before, after));
    assert_eq!(beside("2026-05-01", [good; 2]), (None, after), "not on the day of the application");
    assert_eq!(beside("2026-05-02", [good; 2]), (None, after));
    // A declaration of 8 May 2025 is good until 7 May 2026, whichever of several it is.
    assert_eq!(beside("2026-04-30", ["2025-05-08", good]), (before, after));
    assert_eq!(beside("2026-04-30", ["2025-05-07", good]), (before, None));
    assert_eq!(beside("2026-04-30", [good, "2025-05-02"]), (before, None));
    assert_eq!(beside("2026-04-30", [good, "2025-04-02"]), (None, None));
    let open = disbursement_date(&form, &book(), day("2026-05-01"));
    assert_eq!((open.previous_feasible, open.next_feasible), (None, None));
}
