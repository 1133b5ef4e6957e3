//! Which dates must be running while a case stands where it stands (E.5, timers), judged from the case and not from the rows
//! that set them.

use super::case::Case;
use super::decide::Context;
use super::effect::Timer;
use super::invariants::Broken;
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use crate::form::InsuranceType;
use chrono::{Days, NaiveDate};

/// Adds every date that ought to run and does not.
pub(super) fn deadlines(case: &Case, ctx: &Context<'_>, found: &mut Vec<Broken>) {
    let mut want = |timer: Timer, key: &str| {
        let runs = case.deadlines.iter().any(|d| d.timer == timer && d.key == key);
        if !runs {
            let detail = format!("{timer} {key} does not run in {}", case.stage);
            found.push(Broken { invariant: "TIMER", detail });
        }
    };
    if case.stage.is_final() {
        if !case.deadlines.is_empty() {
            found.push(Broken { invariant: "TIMER", detail: "a date runs after the end".to_owned() });
        }
        return;
    }
    match case.stage {
        Stage::Draft => want(Timer::Tm01, ""),
        Stage::Incomplete => want(Timer::Tm02, ""),
        Stage::Scheduled => want(Timer::Day, ""),
        Stage::Disbursing => want(Timer::Tm09, ""),
        Stage::Disbursed => {
            want(Timer::Tm10, "");
            if case.servicing_number.is_some() {
                want(Timer::Close, "");
            }
        }
        _ => {}
    }
    // Papers of a change that was already screened (T46).
    let screened = case.change.as_ref().is_some_and(|c| c.content_version.is_some());
    if case.stage == Stage::ChangeRequested && screened {
        want(Timer::Tm02, "");
    }
    let approved = matches!(
        case.stage,
        Stage::Approved
            | Stage::ConditionallyApproved
            | Stage::ChangeRequested
            | Stage::ReScreening
            | Stage::Contracting
            | Stage::ContractTendered
    );
    let drawn = case.has_drawing() && case.stage != Stage::Disbursed && case.stage != Stage::Reversing;
    instances(case, ctx, &mut want);
    until(case, Timer::Tm03, case.approval.as_ref().map(|a| a.valid_until).filter(|_| approved), found);
    until(case, Timer::Tm07, case.funding_deadline.filter(|_| drawn), found);
}

/// A date that ends with a day of the case must end with that day and no earlier one.
fn until(case: &Case, timer: Timer, last: Option<NaiveDate>, found: &mut Vec<Broken>) {
    let Some(last) = last else { return };
    let end = super::follow::day_start(last.checked_add_days(Days::new(1)).unwrap_or(last));
    if !case.deadlines.iter().any(|d| d.timer == timer && d.due_at == end) {
        found.push(Broken { invariant: "TIMER", detail: format!("{timer} does not run until {last}") });
    }
}

/// The dates of the tracks. After the contract with money out, what was declared and decided needs no watching any more.
fn instances(case: &Case, ctx: &Context<'_>, want: &mut dyn FnMut(Timer, &str)) {
    let covers = ctx.rules.required_covers(&case.form);
    for instance in &case.tracks {
        let key = instance.key.as_str();
        match (instance.track, instance.state) {
            (
                Track::Ins,
                S::Declared
                | S::Underwriting
                | S::ExamRequired
                | S::Accepted
                | S::RelaxedIntent
                | S::RelaxedExpected,
            ) => {
                let of = |party: &str, loan: u8| super::case::insurance_key(party, loan) == key;
                let dated = covers.iter().any(|c| of(&c.party_id, c.loan_no) && c.last_valid_day.is_some());
                let half_year = case
                    .form
                    .insurance
                    .iter()
                    .any(|i| of(&i.party_id, i.loan_no) && i.insurance_type == InsuranceType::Almighty);
                if dated {
                    want(if half_year { Timer::Tm05 } else { Timer::Tm04 }, key);
                }
            }
            (Track::Guar, S::Approved | S::Conditional | S::ConditionsSent | S::Suspended) => {
                want(Timer::Tm06, key)
            }
            (Track::Reg, S::Correction) => want(Timer::Tm08, key),
            (Track::Aml, S::Checking | S::Stale) => want(Timer::Aml, key),
            (Track::Bureau, S::Requested | S::Answered) => want(Timer::Bureau, key),
            _ => {}
        }
    }
}
