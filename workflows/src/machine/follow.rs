//! What follows from the rows taken: notices, partner messages, tasks, deadlines. Read from the table, addressed from the case.

use super::case::Case;
use super::effect::{Anchor, Deadline, Effect, OpenTask, PartnerMessage, Recipient, Task, Timer};
use super::event::Event;
use super::need::Need;
use super::notice::NoticeId;
use super::plan::{Plan, Step};
use super::role::Role;
use super::row::{Place, Row, Tells, To};
use super::track::{Track, TrackState as S};
use super::verb::Verb;
use super::work::Work;
use crate::form::{Party, PartyRole};
use crate::product::codes::InstitutionCodes;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};

/// Effects of the decision; the worklist among them is recorded as a fact so that the case knows its tasks and dates.
pub(super) fn effects(work: &mut Work<'_>) -> Vec<Effect> {
    let mut effects = std::mem::take(&mut work.extra);
    let (opened, closed) = tasks(work);
    super::asked::note(work, &opened, &closed);
    let (set, cleared) = deadlines(work);
    for (row, key) in work.taken.clone() {
        tell(work, &row, key.as_deref(), &mut effects);
        for message in row.sends {
            let at = match row.place {
                Place::Track { track, .. } => key.clone().map(|key| (track, key)),
                Place::Fact { .. } => super::question::answered_at(work),
                Place::Main { .. } => None,
            };
            let at = at.as_ref().map(|(track, key)| (*track, key.as_str()));
            let request = super::asked::of_message(&work.case, &opened, *message, at);
            let codes = codes_of(work, *message);
            let key = at.map(|(_, key)| key).or(key.as_deref());
            let mut sent = send_as(&work.case, *message, key, request, codes);
            // The withdrawal goes to whoever was asked, which is not who answers for the case from here on.
            if *message == PartnerMessage::GuaranteeCancel
                && let Effect::Send { organisation, .. } = &mut sent
                && let Some(left) = super::guarantor::left(work)
            {
                *organisation = left;
            }
            effects.push(sent);
        }
    }
    tell_proposals(work, &mut effects);
    escalate(work, &mut effects);
    effects.extend(closed.iter().map(|id| Effect::CloseTask { id: id.clone() }));
    effects.extend(opened.iter().cloned().map(Effect::OpenTask));
    effects
        .extend(cleared.iter().map(|(timer, key)| Effect::ClearDeadline { timer: *timer, key: key.clone() }));
    effects.extend(set.iter().cloned().map(Effect::SetDeadline));
    if !(opened.is_empty() && closed.is_empty() && set.is_empty() && cleared.is_empty()) {
        work.fact(Event::Worklist { opened, closed, set, cleared });
    }
    effects
}

// --- tasks -----------------------------------------------------------------------------------------------------------

/// Tasks that open and the ids of those that close: a stage's when it is left, an instance's when it moves, all at the end.
fn tasks(work: &Work<'_>) -> (Vec<OpenTask>, Vec<String>) {
    let case = &work.case;
    let closed = case.tasks.iter().filter(|t| is_gone(work, &t.anchor)).map(|t| t.id.clone()).collect();
    let mut wanted: Vec<(Task, Anchor)> = vec![];
    for (row, key) in &work.taken {
        for task in row.opens {
            let anchor = match (row.place, key) {
                (Place::Track { track, .. }, Some(key)) => Anchor::Track { track, key: key.clone() },
                _ => opened_access(work, *task)
                    .or_else(|| super::question::opened(work, *task))
                    .unwrap_or(Anchor::Stage),
            };
            wanted.push((*task, anchor));
        }
    }
    for event in &work.events {
        match event {
            Event::Proposed { proposal } => {
                wanted.push((Task::Decide, Anchor::Proposal { id: proposal.id.clone() }))
            }
            Event::TrackOpened { track, key } => {
                // An instance that moved on within this same decision needs no task for where it began.
                let waits = case.track_state(*track, key) == Some(track.initial());
                if let Some(task) = first_task(case, *track, key).filter(|_| waits) {
                    wanted.push((task, Anchor::Track { track: *track, key: key.clone() }));
                }
            }
            _ => {}
        }
    }
    if case.stage.is_final() {
        wanted.retain(|(_, anchor)| matches!(anchor, Anchor::Access { .. }));
    }
    let planned = wanted.iter().any(|(task, _)| Step::of(*task).is_some());
    let plan = if planned { super::plan::plan(case, &work.ctx) } else { None };
    let opened = wanted
        .into_iter()
        .enumerate()
        .map(|(n, (task, anchor))| OpenTask {
            id: format!("T{}.{n}", case.version + 1),
            task,
            role: decider(work, &anchor).unwrap_or(task.role()),
            anchor,
            due_on: due_on(work, task, plan.as_ref()),
        })
        .collect();
    (opened, closed)
}

/// Is there nothing left to do for a task that hangs on this?
fn is_gone(work: &Work<'_>, anchor: &Anchor) -> bool {
    let case = &work.case;
    match anchor {
        Anchor::Access { id } => case.emergencies.iter().all(|a| a.id != *id || a.review.is_some()),
        _ if case.stage.is_final() => true,
        Anchor::Stage => work.events.iter().any(|e| matches!(e, Event::Moved { .. })),
        Anchor::Proposal { id } => !case.proposals.iter().any(|p| p.id == *id),
        Anchor::Track { track, key } => work
            .events
            .iter()
            .any(|e| matches!(e, Event::TrackMoved { track: t, key: k, .. } if t == track && k == key)),
        Anchor::Question { id } => match super::question::waits_for(case, id) {
            Some(request) => is_gone(work, &request.anchor),
            None => true,
        },
    }
}

/// The access in emergency that this decision opened, for the task of its review.
fn opened_access(work: &Work<'_>, task: Task) -> Option<Anchor> {
    let opened = work.events.iter().find_map(|event| match event {
        Event::EmergencyOpened { access } => Some(Anchor::Access { id: access.id.clone() }),
        _ => None,
    });
    opened.filter(|_| task == Task::ReviewEmergency)
}

/// The task that waits when an instance opens.
fn first_task(case: &Case, track: Track, key: &str) -> Option<Task> {
    match track {
        Track::Coll => Some(Task::OrderValuation),
        Track::Ins => Some(Task::DeclareHealth),
        Track::Reg => Some(Task::InstructScrivener),
        Track::Elig => {
            let route = case.form.party(key).and_then(|p| p.qualification.route);
            (!super::arms::is_certified_route(route)).then_some(Task::AskMembership)
        }
        Track::Guar | Track::Fire | Track::Cond | Track::Aml | Track::Bureau => None,
    }
}

/// A proposal waits for the role that may decide it.
fn decider(work: &Work<'_>, anchor: &Anchor) -> Option<Role> {
    let Anchor::Proposal { id } = anchor else { return None };
    let proposal = work.case.proposals.iter().find(|p| p.id == *id)?;
    match work.ctx.table.row(&proposal.row)?.by {
        super::row::By::FourEyes { decide, .. } => decide.first().copied(),
        super::row::By::One(_) | super::row::By::Consequence(_) => None,
    }
}

/// The latest day that the plan has for the step, today if that is over already; for other tasks so many business days.
fn due_on(work: &Work<'_>, task: Task, plan: Option<&Plan>) -> NaiveDate {
    let step = plan.zip(Step::of(task)).and_then(|(plan, step)| plan.open_step(step));
    if let Some(latest) = step.and_then(|step| step.latest) {
        return latest.max(work.ctx.today());
    }
    in_business_days(work.ctx.today(), task.due_in_business_days())
}

/// So many business days after a day.
pub(super) fn in_business_days(mut day: NaiveDate, mut left: u32) -> NaiveDate {
    while left > 0 {
        day = day.checked_add_days(Days::new(1)).unwrap_or(day);
        if crate::calendar::is_bank_day(day) {
            left -= 1;
        }
    }
    day
}

// --- deadlines -------------------------------------------------------------------------------------------------------

/// Timers that a main move ends; those of the approval end at the contract, at a new approval or with the case.
const OF_THE_STAGE: &[Timer] =
    &[Timer::Tm01, Timer::Tm02, Timer::Tm09, Timer::Day, Timer::Close, Timer::React];
/// From here on the insurance is in force: declarations no longer run (TM04, TM05).
const OF_A_DECLARATION: &[Timer] = &[Timer::Tm04, Timer::Tm05];

type Cleared = Vec<(Timer, String)>;

fn deadlines(work: &Work<'_>) -> (Vec<Deadline>, Cleared) {
    let case = &work.case;
    let moved = work.events.iter().any(|e| matches!(e, Event::Moved { .. }));
    let contracted = case.contract.as_ref().is_some_and(|c| c.formed_on.is_some());
    let ended = |d: &Deadline| {
        case.stage.is_final()
            || (moved && OF_THE_STAGE.contains(&d.timer))
            || (contracted && d.timer == Timer::Tm03)
            || instance_moved(work, d)
            || warned(work, d)
    };
    let mut cleared: Cleared =
        case.deadlines.iter().filter(|d| ended(d)).map(|d| (d.timer, d.key.clone())).collect();
    let mut set: Vec<Deadline> = vec![];
    if !case.stage.is_final() {
        for (row, key) in &work.taken {
            for timer in row.sets {
                if let Some(due_at) = due_at(work, *timer, row, key.as_deref()) {
                    let key = key.clone().unwrap_or_default();
                    set.retain(|d| !(d.timer == *timer && d.key == key));
                    set.push(Deadline { timer: *timer, key, due_at });
                }
            }
        }
        set.extend(rechecks(work));
        set.extend(reaction(work));
        let next = forecast(work, &set, &cleared);
        let standing = case.deadlines.iter().find(|d| d.timer == Timer::Tm11);
        // A forecast of a date that does not run any more warns nobody.
        if let Some(over) = standing.filter(|d| next.is_none() && !ended(d)) {
            cleared.push((over.timer, over.key.clone()));
        }
        let next = next.filter(|at| standing.is_none_or(|d| d.due_at != *at));
        set.extend(next.map(|due_at| Deadline { timer: Timer::Tm11, key: String::new(), due_at }));
    }
    (set, cleared)
}

/// A timer of an instance ends when the instance moves.
fn instance_moved(work: &Work<'_>, deadline: &Deadline) -> bool {
    let of = |timer: Timer| match timer {
        t if OF_A_DECLARATION.contains(&t) => Some(Track::Ins),
        Timer::Tm06 => Some(Track::Guar),
        Timer::Tm08 => Some(Track::Reg),
        Timer::Aml => Some(Track::Aml),
        Timer::Bureau => Some(Track::Bureau),
        t => t.waits_for().map(|(_, track)| track),
    };
    let Some(track) = of(deadline.timer) else { return false };
    work.events
        .iter()
        .any(|e| matches!(e, Event::TrackMoved { track: t, key, .. } if *t == track && *key == deadline.key))
}

/// A forecast is over once it was told, as is a reminder; the dates themselves run on.
fn warned(work: &Work<'_>, deadline: &Deadline) -> bool {
    let once = deadline.timer == Timer::Tm11 || deadline.timer.waits_for().is_some();
    let told = |e: &Event| {
        let Event::Warned { timer, key } = e else { return false };
        *timer == deadline.timer && (*timer == Timer::Tm11 || *key == deadline.key)
    };
    once && work.events.iter().any(told)
}

/// Fresh list searches are due when the contract is handed in (T22 asks for them).
fn rechecks(work: &Work<'_>) -> Vec<Deadline> {
    let tendered = work.taken.iter().any(|(row, _)| row.id == "T20");
    let stale = |i: &&super::track::Instance| i.state == S::Clear && i.since < work.ctx.today();
    if !tendered {
        return vec![];
    }
    work.case
        .on(Track::Aml)
        .filter(stale)
        .map(|i| Deadline { timer: Timer::Aml, key: i.key.clone(), due_at: work.ctx.now })
        .collect()
}

/// A case that stands where it must not stay is dealt with at once by the server: T43 before the contract, T26 after it.
/// On the disbursement day every step may have been the last one missing: the join is tried again (T25).
fn reaction(work: &Work<'_>) -> Option<Deadline> {
    let view = super::checks::View { case: &work.case, command: None, proposal: None, ctx: &work.ctx };
    let due = |verb: Verb| work.ctx.table.here(work.case.stage, verb).next().is_some();
    let wanted = (due(Verb::OpenChange) && view.word(Need::ChangeCause))
        || (due(Verb::HoldDisbursement) && view.word(Need::HoldGround))
        || (due(Verb::MakeReady) && view.word(Need::OnTheDay));
    wanted.then(|| Deadline { timer: Timer::React, key: String::new(), due_at: work.ctx.now })
}

/// Start of a Tokyo business day.
pub fn day_start(date: NaiveDate) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    let offset = chrono::FixedOffset::east_opt(9 * 3600);
    offset
        .and_then(|o| o.from_local_datetime(&midnight).single())
        .map_or_else(|| Utc.from_utc_datetime(&midnight), |t| t.with_timezone(&Utc))
}

/// When a timer that a row sets runs out. A date is over when its day is.
fn due_at(work: &Work<'_>, timer: Timer, row: &Row, key: Option<&str>) -> Option<DateTime<Utc>> {
    let case = &work.case;
    let limits = work.ctx.rules.limits(&case.form);
    let today = work.ctx.today();
    let in_days = |days: u32| day_start(today.checked_add_days(Days::new(u64::from(days))).unwrap_or(today));
    let in_bank_days = |days: u32| day_start(in_business_days(today, days));
    let after = |date: NaiveDate| day_start(date.checked_add_days(Days::new(1)).unwrap_or(date));
    match timer {
        Timer::Tm01 => Some(in_days(limits.draft_days)),
        Timer::Tm02 => Some(in_days(limits.document_days)),
        Timer::Tm03 => case.approval.as_ref().map(|a| after(a.valid_until)),
        Timer::Tm04 | Timer::Tm05 => {
            let cover = work
                .ctx
                .rules
                .required_covers(&case.form)
                .into_iter()
                .find(|c| Some(super::case::insurance_key(&c.party_id, c.loan_no).as_str()) == key)?;
            let almighty = case.form.insurance.iter().any(|i| {
                Some(super::case::insurance_key(&i.party_id, i.loan_no).as_str()) == key
                    && i.insurance_type == crate::form::InsuranceType::Almighty
            });
            let mine = if almighty { Timer::Tm05 } else { Timer::Tm04 };
            (timer == mine).then_some(cover.last_valid_day).flatten().map(after)
        }
        Timer::Tm06 => {
            let version = key.and_then(|k| k.strip_prefix('V')).and_then(|v| v.parse::<u32>().ok())?;
            case.guarantees.get(&version).map(|g| after(g.valid_until))
        }
        Timer::Tm07 => case.funding_deadline.map(after),
        Timer::Tm08 => case.filings.get(key?).and_then(|f| f.correction_deadline).map(after),
        Timer::Tm09 => work
            .ctx
            .now
            .checked_add_signed(chrono::Duration::seconds(i64::from(limits.posting_timeout_seconds))),
        Timer::Tm10 => Some(in_days(limits.registration_days)),
        Timer::Tm11 => None,
        Timer::OrgReminder => Some(in_bank_days(limits.membership_reminder_days)),
        Timer::OrgOverdue => Some(in_bank_days(limits.membership_overdue_days)),
        Timer::JobReminder => Some(in_bank_days(limits.job_reminder_days)),
        Timer::JobOverdue => Some(in_bank_days(limits.job_overdue_days)),
        Timer::Day => case.fixed.as_ref().map(|f| day_start(f.date)),
        Timer::Aml | Timer::Close | Timer::React => Some(work.ctx.now),
        Timer::Bureau => match row.id {
            "BUREAU-02" => Some(in_days(limits.bureau_days + 1)),
            _ => Some(work.ctx.now),
        },
    }
}

/// TM11: 30, 14 and 3 days before the next of TM03-TM07.
fn forecast(work: &Work<'_>, set: &[Deadline], cleared: &Cleared) -> Option<DateTime<Utc>> {
    let watched = |t: Timer| matches!(t, Timer::Tm03 | Timer::Tm04 | Timer::Tm05 | Timer::Tm06 | Timer::Tm07);
    let standing = work.case.deadlines.iter().filter(|d| {
        !cleared.contains(&(d.timer, d.key.clone()))
            && !set.iter().any(|s| s.timer == d.timer && s.key == d.key)
    });
    standing
        .chain(set.iter())
        .filter(|d| watched(d.timer))
        .flat_map(|d| [30, 14, 3].map(|days| d.due_at - chrono::Duration::days(days)))
        .filter(|at| *at > work.ctx.now)
        .min()
}

// --- notices and messages --------------------------------------------------------------------------------------------

fn tell(work: &Work<'_>, row: &Row, key: Option<&str>, effects: &mut Vec<Effect>) {
    let Tells::Notices(notices) = row.tells else { return };
    for (notice, to) in notices {
        let notice = stand_in(work, row, *notice);
        let to = match *to {
            To::Asked => reminded(work).map_or(To::Asked, To::Partner),
            to => to,
        };
        for recipient in recipients(&work.case, to, key) {
            let data = Box::new(super::letter::data(work, notice, &recipient, key));
            effects.push(Effect::Notify { notice, to: recipient, data });
        }
    }
}

/// Whose answer the reminder of this decision waits for.
fn reminded(work: &Work<'_>) -> Option<Role> {
    work.events.iter().find_map(|event| match event {
        Event::Warned { timer, .. } => timer.waits_for().map(|(role, _)| role),
        _ => None,
    })
}

/// T24 and T40 out of a hold tell that the suspension is lifted (N33) rather than that a date is released (N32).
fn stand_in(work: &Work<'_>, row: &Row, notice: NoticeId) -> NoticeId {
    let lifted = work.events.iter().any(|e| matches!(e, Event::HoldEnded));
    if lifted && notice == NoticeId::N32 && matches!(row.id, "T24" | "T40") { NoticeId::N33 } else { notice }
}

/// The people behind an address. Nobody who died is written to (E-DEATH).
fn recipients(case: &Case, to: To, key: Option<&str>) -> Vec<Recipient> {
    let people = |wanted: &dyn Fn(&Party) -> bool| -> Vec<Recipient> {
        let alive = case.form.parties.iter().filter(|p| wanted(p) && !case.dead.contains(&p.party_id));
        alive.map(|p| Recipient::Party { party_id: p.party_id.clone() }).collect()
    };
    match to {
        To::Applicant => {
            let mine = people(&|p| p.role == PartyRole::Applicant);
            // After the applicant's death the other debtors are the addressees.
            if mine.is_empty() { people(&|p| p.role == PartyRole::JointDebtor) } else { mine }
        }
        To::CoObligors => people(&|p| p.role != PartyRole::Applicant),
        To::Borrowers => people(&|p| p.role.is_debtor()),
        To::Signatories => people(&|_| true),
        To::Insured => {
            let person = key.and_then(|k| k.split(':').next()).unwrap_or_default();
            people(&|p| p.party_id == person)
        }
        To::Desk(role) => vec![Recipient::Desk { role }],
        To::Partner(role) => {
            let organisation = case.engagements.get(&role).cloned();
            organisation.map(|organisation| Recipient::Partner { role, organisation }).into_iter().collect()
        }
        To::Office if !super::takeover::has_the_job(case) => vec![],
        To::Office => recipients(case, To::Partner(Role::Scrivener), key),
        // Nobody waits for an answer: no reminder tells anybody.
        To::Asked => vec![],
    }
}

/// Days before its end from which a date is the manager's matter too (TM11).
const ESCALATED_DAYS: i64 = 3;

/// The last forecast before a date ends goes to the branch manager as well (N17).
fn escalate(work: &Work<'_>, effects: &mut Vec<Effect>) {
    let forecast = |event: &Event| matches!(event, Event::Warned { timer: Timer::Tm11, .. });
    if !work.events.iter().any(forecast) {
        return;
    }
    let nearest = super::letter_words::ending(work).first().map(|(_, day)| *day);
    if nearest.is_some_and(|day| (day - work.ctx.today()).num_days() <= ESCALATED_DAYS) {
        let to = Recipient::Desk { role: Role::BranchManager };
        let data = Box::new(super::letter::data(work, NoticeId::N17, &to, None));
        effects.push(Effect::Notify { notice: NoticeId::N17, to, data });
    }
}

/// A proposal tells the role that decides; its return tells the desk that proposed.
fn tell_proposals(work: &Work<'_>, effects: &mut Vec<Effect>) {
    for event in &work.events {
        let (notice, role) = match event {
            Event::Proposed { proposal } => {
                (NoticeId::W02, decider(work, &Anchor::Proposal { id: proposal.id.clone() }))
            }
            Event::ProposalEnded { id, end: super::event::ProposalEnd::Returned, .. } => {
                (NoticeId::W03, proposer(work, id))
            }
            _ => continue,
        };
        if let Some(role) = role {
            let recipient = Recipient::Desk { role };
            let data = Box::new(super::letter::data(work, notice, &recipient, None));
            effects.push(Effect::Notify { notice, to: recipient, data });
        }
    }
}

/// The desk of the row that was proposed; the proposal itself has left the case by now.
fn proposer(work: &Work<'_>, id: &str) -> Option<Role> {
    let row = work.returned_row(id)?;
    work.ctx.table.row(&row).and_then(|r| r.callers().first().copied())
}

pub(super) fn send(case: &Case, message: PartnerMessage, key: Option<&str>) -> Effect {
    send_as(case, message, key, None, None)
}

/// Tells the office that has the job that it is over, naming the latest request of the filing.
pub(super) fn stop_scrivener(case: &Case, filing: &str) -> Effect {
    let message = PartnerMessage::ScrivenerStop;
    let request = super::asked::of_message(case, &[], message, Some((Track::Reg, filing)));
    send_as(case, message, Some(filing), request, None)
}

/// The codes of the institution that is asked for a guarantee, by the book of the case (F-02).
fn codes_of(work: &Work<'_>, message: PartnerMessage) -> Option<InstitutionCodes> {
    if !matches!(message, PartnerMessage::GuaranteeRequest | PartnerMessage::GuaranteeEvidence) {
        return None;
    }
    let book = work.ctx.rules.book_of(&work.case.form)?;
    let map = book.guarantor_codes.get(work.case.engagements.get(&Role::Guarantor)?)?;
    Some(map.of(&work.case.form))
}

/// A message about a request, where it is about one.
fn send_as(
    case: &Case,
    message: PartnerMessage,
    key: Option<&str>,
    request: Option<String>,
    codes: Option<InstitutionCodes>,
) -> Effect {
    let role = message.role();
    Effect::Send {
        message,
        organisation: case.engagements.get(&role).cloned().unwrap_or_default(),
        key: key.unwrap_or_default().to_owned(),
        payload: super::messages::message(case, message, key, request, codes),
    }
}
