//! Backward planning on a calendar: from the day on which something is to happen, the latest day for each step before it.
//!
//! A plan is a set of upper bounds: a step ends before the steps that follow it begin, and a paper is still good when it is
//! used. Such bounds have one greatest solution, which is found by lowering every day until nothing has to be lowered any more;
//! it holds the latest day of every step at once. The days are those on which the branch is open (I-02, I-04).

use chrono::{Days, Months, NaiveDate};

/// How far back a plan looks before it says that there is no such day.
const HORIZON_DAYS: u64 = 800;

/// How long something is good, counted from the day on which it was made (D.2).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// So many days later it is still good.
    Days(u32),
    /// It is good up to the same day so many months later.
    Months(u32),
    /// It is good up to the day before the same day so many years later.
    Years(u32),
}

impl Period {
    /// The last day on which something made on `day` is good.
    pub fn last_day(self, day: NaiveDate) -> NaiveDate {
        let last = match self {
            Period::Days(days) => day.checked_add_days(Days::new(u64::from(days))),
            Period::Months(months) => day.checked_add_months(Months::new(months)),
            Period::Years(years) => {
                day.checked_add_months(Months::new(years.saturating_mul(12))).and_then(|day| day.pred_opt())
            }
        };
        last.unwrap_or(NaiveDate::MAX)
    }
}

/// A step that is over.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Done {
    pub on: NaiveDate,
    /// Last day on which its outcome can be used; `None` where it does not run out.
    pub valid_until: Option<NaiveDate>,
}

/// A step of a plan. Other steps are named by their place in the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Steps that have to be over before it begins.
    pub after: Vec<usize>,
    /// Business days that it takes once it can begin; 0: it is over on the day on which it begins.
    pub lead: u32,
    /// The day on which it was begun, where it was.
    pub begun: Option<NaiveDate>,
    pub done: Option<Done>,
    /// How long the outcome of a step still to come is good; the shortest counts.
    pub periods: Vec<Period>,
    /// The step on whose day the outcome must still be good.
    pub used_at: Option<usize>,
}

/// Where a step stands in a plan.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Placed {
    /// The day on which it was over, where it is over and still good on the planned day.
    pub done_on: Option<NaiveDate>,
    /// It was over, but runs out before it is used: it has to be done anew.
    pub again: bool,
    /// The first day on which it can be over. `None` beyond the calendar.
    pub earliest: Option<NaiveDate>,
    /// The last day on which it may be over. `None` where no day does.
    pub latest: Option<NaiveDate>,
}

/// The steps on their days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placement {
    pub steps: Vec<Placed>,
    /// Every open step has a day that is not before its earliest.
    pub feasible: bool,
}

/// Places `steps` so that the step `last` ends on `date`. `start` is the first day on which anything can still be done; `open`
/// tells the business days. The steps must not go round in a circle: one that does has no earliest day.
pub fn place(
    steps: &[Activity],
    last: usize,
    date: NaiveDate,
    start: NaiveDate,
    open: impl Fn(NaiveDate) -> bool,
) -> Placement {
    let planner = Planner { steps, last, date, start, open: &open };
    let again = planner.again();
    let earliest = planner.earliest(&again);
    let latest = planner.latest(&again);
    let placed = |at: usize| {
        let done_on = planner.settled(at, &again).map(|done| done.on);
        Placed { done_on, again: again[at], earliest: earliest[at], latest: latest[at] }
    };
    let placed: Vec<Placed> = (0..steps.len()).map(placed).collect();
    let fits = |step: &Placed| match (step.done_on, step.earliest, step.latest) {
        (Some(_), ..) => true,
        (None, Some(earliest), Some(latest)) => earliest <= latest,
        (None, ..) => false,
    };
    let feasible = open(date) && placed.iter().all(fits);
    Placement { steps: placed, feasible }
}

/// The open days nearest to `date` from `start` on for which the plan is feasible, at most `most` of them, nearest first and of
/// two equally near ones the earlier. `date` itself is not among them. Nothing beyond `within` days is looked at.
pub fn nearest(
    steps: &[Activity],
    last: usize,
    date: NaiveDate,
    start: NaiveDate,
    open: impl Fn(NaiveDate) -> bool,
    most: usize,
    within: u64,
) -> Vec<NaiveDate> {
    let from = date.max(start);
    let beside = (0..=within).flat_map(|away| {
        // For 0 the earlier one is the date itself, which is not possible.
        [date.checked_sub_days(Days::new(away)), from.checked_add_days(Days::new(away))]
    });
    let possible = |day: &NaiveDate| {
        *day != date && *day >= start && open(*day) && place(steps, last, *day, start, &open).feasible
    };
    beside.flatten().filter(possible).take(most).collect()
}

/// The open day that is `days` business days after `day`; for 0 the first from `day` on. `None` beyond the horizon.
pub fn business_days_after(day: NaiveDate, days: u32, open: impl Fn(NaiveDate) -> bool) -> Option<NaiveDate> {
    let skip = if open(day) { days } else { days.saturating_sub(1) };
    let horizon = usize::try_from(HORIZON_DAYS).unwrap_or(usize::MAX);
    day.iter_days().take(horizon).filter(|day| open(*day)).nth(usize::try_from(skip).unwrap_or(usize::MAX))
}

/// The last open day after which `days` business days lead to `day` at the latest. `None` beyond the horizon.
pub fn business_days_before(
    day: NaiveDate,
    days: u32,
    open: impl Fn(NaiveDate) -> bool,
) -> Option<NaiveDate> {
    let back = (0..HORIZON_DAYS).filter_map(|back| day.checked_sub_days(Days::new(back)));
    back.filter(|day| open(*day)).nth(usize::try_from(days).unwrap_or(usize::MAX))
}

/// Business days from `from` to `to`, negative where `to` is earlier.
pub fn business_days_between(from: NaiveDate, to: NaiveDate, open: impl Fn(NaiveDate) -> bool) -> i64 {
    let (early, late) = (from.min(to), from.max(to));
    let between = early.iter_days().skip(1).take_while(|day| *day <= late).filter(|day| open(*day)).count();
    let between = i64::try_from(between).unwrap_or(i64::MAX);
    if to < from { -between } else { between }
}

struct Planner<'a, F> {
    steps: &'a [Activity],
    last: usize,
    date: NaiveDate,
    start: NaiveDate,
    open: &'a F,
}

impl<F: Fn(NaiveDate) -> bool> Planner<'_, F> {
    /// The outcome of a step that is over and need not be done anew.
    fn settled(&self, at: usize, again: &[bool]) -> Option<Done> {
        self.steps.get(at).and_then(|step| step.done).filter(|_| !again[at])
    }

    /// Steps that are over but run out before they can be used. Doing one anew delays others, which may run out in turn.
    fn again(&self) -> Vec<bool> {
        let mut again = vec![false; self.steps.len()];
        loop {
            let earliest = self.earliest(&again);
            let outdated = |at: usize| {
                let Some(until) = self.settled(at, &again).and_then(|done| done.valid_until) else {
                    return false;
                };
                let Some(used) = self.steps[at].used_at else { return false };
                let waits = self.settled(used, &again).is_none();
                let first = earliest.get(used).copied().flatten();
                waits && (first.is_none_or(|day| day > until) || (used == self.last && self.date > until))
            };
            let more: Vec<usize> = (0..self.steps.len()).filter(|at| outdated(*at)).collect();
            if more.is_empty() {
                return again;
            }
            for at in more {
                again[at] = true;
            }
        }
    }

    /// The first day of each step: after those before it, never before the start.
    fn earliest(&self, again: &[bool]) -> Vec<Option<NaiveDate>> {
        let mut days: Vec<Option<NaiveDate>> =
            (0..self.steps.len()).map(|at| self.settled(at, again).map(|done| done.on)).collect();
        // One step at least is placed in every round, unless those left wait for each other.
        for _ in 0..self.steps.len() {
            for at in 0..self.steps.len() {
                if days[at].is_none() {
                    days[at] = self.first_day(at, again, &days);
                }
            }
        }
        days
    }

    fn first_day(&self, at: usize, again: &[bool], days: &[Option<NaiveDate>]) -> Option<NaiveDate> {
        let step = &self.steps[at];
        let before: Option<Vec<NaiveDate>> =
            step.after.iter().map(|before| days.get(*before).copied().flatten()).collect();
        let free = before?.into_iter().max();
        // What was begun counts from then; what is done anew begins anew.
        let begun = if again[at] { Some(self.start) } else { step.begun };
        let base = free.max(begun).unwrap_or(self.start);
        business_days_after(base, step.lead, self.open)
            .and_then(|day| business_days_after(day.max(self.start), 0, self.open))
    }

    /// The greatest days that keep every bound.
    fn latest(&self, again: &[bool]) -> Vec<Option<NaiveDate>> {
        let end = (self.open)(self.date).then_some(self.date);
        let mut days: Vec<Option<NaiveDate>> = (0..self.steps.len())
            .map(|at| self.settled(at, again).map_or(end, |done| Some(done.on)))
            .collect();
        loop {
            let mut lowered = false;
            for at in 0..self.steps.len() {
                for (place, bound) in self.bounds(at, again, &days) {
                    let settled = self.settled(place, again).is_some();
                    let lower = match (days[place], bound) {
                        (Some(day), Some(bound)) => bound < day,
                        (Some(_), None) => true,
                        (None, _) => false,
                    };
                    if lower && !settled {
                        days[place] = bound.filter(|day| self.within_reach(*day));
                        lowered = true;
                    }
                }
            }
            if !lowered {
                return days;
            }
        }
    }

    fn within_reach(&self, day: NaiveDate) -> bool {
        self.date.checked_sub_days(Days::new(HORIZON_DAYS)).is_none_or(|horizon| day >= horizon)
    }

    /// The bounds that the step `at` sets: on those before it, and on the day on which its outcome is used.
    fn bounds(
        &self,
        at: usize,
        again: &[bool],
        days: &[Option<NaiveDate>],
    ) -> Vec<(usize, Option<NaiveDate>)> {
        let step = &self.steps[at];
        let mut bounds = vec![];
        let settled = self.settled(at, again);
        if settled.is_none() {
            let before = days[at].and_then(|day| business_days_before(day, step.lead, self.open));
            bounds.extend(step.after.iter().map(|place| (*place, before)));
        }
        if let Some(used) = step.used_at {
            let until = match settled {
                Some(done) => done.valid_until,
                None => days[at].and_then(|day| step.periods.iter().map(|period| period.last_day(day)).min()),
            };
            if let Some(until) = until {
                bounds.push((used, business_days_before(until, 0, self.open)));
            }
        }
        bounds
    }
}
