//! The plan of a case: the latest day for each step on the way to the planned date (backward planning), from what is known of the
//! case now. It is computed, never stored: a step that slips gives a new plan with the next look at it.

use super::case::{Case, insurance_key};
use super::decide::Context;
use super::effect::Task;
use super::role::Role;
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use crate::calendar::planning::{self, Activity, Done, Period, Placed};
use chrono::{Days, NaiveDate, TimeDelta};
use serde::Serialize;

crate::terms! {
    /// A step on the way to the money.
    pub enum Step {
        Guarantee = "GUARANTEE", "保証審査の回答", "Guarantor's answer";
        Declaration = "DECLARATION", "団信の告知", "Health declaration";
        Insurance = "INSURANCE", "団信の査定", "Insurer's decision";
        Approval = "APPROVAL", "融資承認", "Approval";
        Contract = "CONTRACT", "契約", "Contract";
        Papers = "PAPERS", "登記書類の完備", "Scrivener's papers";
        Filing = "FILING", "登記申請", "Filing of the registration";
        Funds = "FUNDS", "実行指図", "Order of funds";
    }
}

impl Step {
    /// Outside the lender, whose step it is. Staff sees all of them.
    pub const fn outside(self) -> &'static [Role] {
        match self {
            Step::Guarantee => &[Role::Guarantor],
            Step::Declaration => &[Role::Applicant, Role::CoObligor],
            Step::Insurance => &[Role::Insurer],
            Step::Approval => &[],
            Step::Contract => &[Role::Applicant, Role::CoObligor],
            Step::Papers => &[Role::Applicant, Role::CoObligor, Role::Scrivener],
            Step::Filing => &[Role::Scrivener, Role::Registry],
            Step::Funds => &[Role::CoreBanking],
        }
    }

    /// The step that a task is work for.
    pub const fn of(task: Task) -> Option<Step> {
        match task {
            Task::DecideGuarantee | Task::AnswerConditions => Some(Step::Guarantee),
            Task::DeclareHealth => Some(Step::Declaration),
            Task::Underwrite | Task::SupplyExam => Some(Step::Insurance),
            Task::DecideScreening => Some(Step::Approval),
            Task::CollectSignatures | Task::CheckContract => Some(Step::Contract),
            Task::VerifyMortgagors | Task::CollectPapers => Some(Step::Papers),
            Task::FileRegistration => Some(Step::Filing),
            Task::PrepareDay | Task::OrderPosting => Some(Step::Funds),
            _ => None,
        }
    }
}

/// A step with its days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PlannedStep {
    pub step: Step,
    /// The day on which it was over.
    pub done_on: Option<NaiveDate>,
    /// It was over, but runs out before it is used (D.2).
    pub again: bool,
    /// First day on which it can be over; absent once it is.
    pub earliest: Option<NaiveDate>,
    /// Last day on which it may be over without moving the date; absent once it is, and where there is no such day.
    pub latest: Option<NaiveDate>,
    /// Business days between the two; negative: late by so many.
    pub slack: Option<i64>,
}

/// Backward planning of a case from its planned date.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// Fixed, named, or wished in the form.
    pub date: NaiveDate,
    /// The branch is open on the date (I-02, I-04).
    pub open: bool,
    /// Every open step can still be over in time.
    pub feasible: bool,
    /// The open step with the least slack, the first of several.
    pub bottleneck: Option<Step>,
    /// Where the date is impossible: the nearest ones that are not, at most three within half a year.
    pub alternatives: Vec<NaiveDate>,
    pub steps: Vec<PlannedStep>,
}

impl Plan {
    /// The step of a task, if it is still open.
    pub fn open_step(&self, step: Step) -> Option<&PlannedStep> {
        self.steps.iter().find(|planned| planned.step == step && planned.done_on.is_none())
    }
}

/// How many other dates are named, and how far from the impossible one they are looked for.
const ALTERNATIVES: usize = 3;
const WITHIN_DAYS: u64 = 183;

/// The plan of a case, while it is on the way to a payment; `None` for a draft, and once the money is out or never comes.
pub fn plan(case: &Case, ctx: &Context<'_>) -> Option<Plan> {
    plan_for(case, case.planned_date(), ctx)
}

/// The same for another date.
pub fn plan_for(case: &Case, date: NaiveDate, ctx: &Context<'_>) -> Option<Plan> {
    let paying = matches!(
        case.stage,
        Stage::Draft | Stage::Disbursing | Stage::Reconciling | Stage::Disbursed | Stage::Reversing
    );
    if paying || case.stage.is_final() {
        return None;
    }
    let open = |day: NaiveDate| ctx.rules.is_business_day(&case.form, day);
    let start = start(case, ctx);
    let steps = activities(case, ctx);
    let last = Step::Funds as usize;
    let placement = planning::place(&steps, last, date, start, open);
    let dated: Vec<PlannedStep> = Step::ALL
        .iter()
        .zip(&placement.steps)
        .filter(|(step, _)| asked(case, ctx, **step))
        .map(|(step, placed)| dated(*step, placed, open))
        .collect();
    let pressing = dated.iter().filter(|step| step.done_on.is_none()).filter(|step| step.slack.is_some());
    let bottleneck = pressing.min_by_key(|step| (step.slack, step.step)).map(|step| step.step);
    let alternatives = if placement.feasible {
        vec![]
    } else {
        planning::nearest(&steps, last, date, start, open, ALTERNATIVES, WITHIN_DAYS)
    };
    Some(Plan {
        date,
        open: open(date),
        feasible: placement.feasible,
        bottleneck,
        alternatives,
        steps: dated,
    })
}

/// The first day on which something can still be done: today before the branch's cut-off, else the day after (I-03).
fn start(case: &Case, ctx: &Context<'_>) -> NaiveDate {
    let today = ctx.today();
    let tokyo = (ctx.now.naive_utc() + TimeDelta::hours(9)).time();
    let over = tokyo >= ctx.rules.limits(&case.form).leads.cut_off;
    let first = if over { today.checked_add_days(Days::new(1)).unwrap_or(today) } else { today };
    let open = |day: NaiveDate| ctx.rules.is_business_day(&case.form, day);
    planning::business_days_after(first, 0, open).unwrap_or(first)
}

/// Without anybody to insure there is nothing to declare.
fn asked(case: &Case, ctx: &Context<'_>, step: Step) -> bool {
    !matches!(step, Step::Declaration | Step::Insurance) || !covers(case, ctx).is_empty()
}

fn dated(step: Step, placed: &Placed, open: impl Fn(NaiveDate) -> bool) -> PlannedStep {
    let Placed { done_on, again, .. } = *placed;
    let (earliest, latest) = if done_on.is_some() { (None, None) } else { (placed.earliest, placed.latest) };
    let slack = earliest.zip(latest).map(|(from, to)| planning::business_days_between(from, to, &open));
    PlannedStep { step, done_on, again, earliest, latest, slack }
}

/// The insured persons who are not excepted (G-10): key, and the last day of the declaration.
fn covers(case: &Case, ctx: &Context<'_>) -> Vec<(String, Option<NaiveDate>)> {
    let wanted = ctx.rules.required_covers(&case.form).into_iter();
    wanted
        .filter(|cover| !case.insurance_exceptions.contains(&cover.party_id))
        .map(|cover| (insurance_key(&cover.party_id, cover.loan_no), cover.last_valid_day))
        .collect()
}

/// The steps in the order of [`Step::ALL`], as they stand.
fn activities(case: &Case, ctx: &Context<'_>) -> Vec<Activity> {
    Step::ALL.iter().map(|step| activity(case, ctx, *step)).collect()
}

fn activity(case: &Case, ctx: &Context<'_>, step: Step) -> Activity {
    let limits = ctx.rules.limits(&case.form);
    let leads = limits.leads;
    let simultaneous = case.settles_simultaneously() && !case.has_drawing();
    let places = |steps: &[Step]| steps.iter().map(|step| *step as usize).collect::<Vec<_>>();
    let made = |after: &[Step], lead: u32, done: Option<Done>| Activity {
        after: places(after),
        lead,
        done,
        ..Activity::default()
    };
    let lasting = |activity: Activity, used_at: Step, periods: Vec<Period>| Activity {
        periods,
        used_at: Some(used_at as usize),
        ..activity
    };
    match step {
        Step::Guarantee => {
            let begun = case.guarantee_state().filter(|state| *state != S::NotRequested).and_then(|_| {
                case.instance(Track::Guar, &Case::guarantee_key(case.content_version)).map(|i| i.since)
            });
            let open = Activity { begun, ..made(&[], leads.guarantee, guarantee(case)) };
            lasting(open, Step::Funds, vec![Period::Days(limits.guarantee_days)])
        }
        Step::Declaration => {
            let open = made(&[], leads.declaration, declared(case, ctx));
            lasting(open, Step::Funds, ctx.rules.declaration_periods(&case.form))
        }
        Step::Insurance => {
            // A decision falls with the declaration that it rests on (D.2).
            let open = made(&[Step::Declaration], leads.insurance, insured(case, ctx));
            lasting(open, Step::Funds, vec![])
        }
        Step::Approval => {
            let open = made(&[Step::Guarantee, Step::Insurance], leads.approval, approval(case));
            lasting(open, Step::Contract, vec![Period::Days(limits.approval_days)])
        }
        Step::Contract => {
            let formed = case.contract.as_ref().and_then(|set| set.formed_on);
            made(&[Step::Approval], leads.contract, formed.map(|on| Done { on, valid_until: None }))
        }
        Step::Papers => {
            let open = made(&[Step::Contract], leads.papers, papers(case, limits.seal_months));
            lasting(open, Step::Filing, vec![Period::Months(limits.seal_months)])
        }
        Step::Filing => {
            let begun = moved(case, &[S::Filed]);
            Activity { begun, ..made(&[Step::Papers], leads.filing, filed(case, simultaneous)) }
        }
        Step::Funds => {
            // Where payment and mortgage settle together the papers are enough for the money (G-REG).
            let registered = if simultaneous { Step::Papers } else { Step::Filing };
            made(&[Step::Guarantee, Step::Insurance, Step::Contract, registered], leads.funds, None)
        }
    }
}

fn guarantee(case: &Case) -> Option<Done> {
    let on = case.instance(Track::Guar, &Case::guarantee_key(case.content_version))?.since;
    match case.guarantee_state()? {
        S::Effective => Some(Done { on, valid_until: None }),
        S::Approved => {
            let valid_until = case.guarantees.get(&case.content_version).map(|answer| answer.valid_until);
            Some(Done { on, valid_until })
        }
        _ => None,
    }
}

/// The insurance of everybody stands in one of these states: the last day on which one moved, the first on which one runs out.
fn all_in(case: &Case, ctx: &Context<'_>, states: &[S]) -> Option<Done> {
    let covers = covers(case, ctx);
    let mut done = Done { on: NaiveDate::MIN, valid_until: None };
    for (key, last_day) in &covers {
        let instance = case.instance(Track::Ins, key).filter(|instance| states.contains(&instance.state))?;
        done.on = done.on.max(instance.since);
        // Once in force, a declaration has done its work.
        if instance.state != S::InForce {
            done.valid_until = [done.valid_until, *last_day].into_iter().flatten().min();
        }
    }
    if covers.is_empty() {
        done.on = ctx.today();
    }
    Some(done)
}

fn declared(case: &Case, ctx: &Context<'_>) -> Option<Done> {
    let declared = [
        S::Declared,
        S::Underwriting,
        S::ExamRequired,
        S::RelaxedIntent,
        S::RelaxedExpected,
        S::Accepted,
        S::InForce,
    ];
    all_in(case, ctx, &declared)
}

fn insured(case: &Case, ctx: &Context<'_>) -> Option<Done> {
    all_in(case, ctx, &[S::Accepted, S::InForce])
}

/// The approval stands; while a change is examined or a condition before the contract is open, it does not.
fn approval(case: &Case) -> Option<Done> {
    let under_way = matches!(
        case.stage,
        Stage::Submitted
            | Stage::Incomplete
            | Stage::Screening
            | Stage::ChangeRequested
            | Stage::ReScreening
            | Stage::ConditionallyApproved
    );
    let approval = case.approval.as_ref().filter(|_| !under_way)?;
    Some(Done { on: approval.approved_on, valid_until: Some(approval.valid_until) })
}

/// Every filing has its papers: good until the first seal certificate is too old for its filing (D.2).
fn papers(case: &Case, seal_months: u32) -> Option<Done> {
    let ready = [S::DocsReady, S::Filed, S::Accepted, S::Correction, S::Completed, S::Deferred];
    let on = moved(case, &ready)?;
    let waiting = case.on(Track::Reg).filter(|instance| instance.state == S::DocsReady);
    let certificates = waiting.filter_map(|i| case.filings.get(&i.key)?.seal_certificate_on);
    let valid_until = certificates.map(|issued| crate::calendar::months_after(issued, seal_months)).min();
    Some(Done { on, valid_until })
}

/// Accepted by the registry; filed is enough where payment and mortgage settle together (G-REG).
fn filed(case: &Case, simultaneous: bool) -> Option<Done> {
    let accepted: &[S] = &[S::Accepted, S::Completed, S::Deferred];
    let filed: &[S] = &[S::Filed, S::Accepted, S::Completed, S::Deferred];
    let on = moved(case, if simultaneous { filed } else { accepted })?;
    Some(Done { on, valid_until: None })
}

/// The last move of the filings, if all of them stand in one of these states.
fn moved(case: &Case, states: &[S]) -> Option<NaiveDate> {
    let all = case.on(Track::Reg).all(|instance| states.contains(&instance.state));
    case.on(Track::Reg).map(|instance| instance.since).max().filter(|_| all)
}
