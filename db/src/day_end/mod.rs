//! The end of a business day: lists and result files that operations hand in, closings and reopenings with four eyes, and the days that
//! are open. Lines are added; of a proposal alone the decision is written into it, and each step is a sealed line of the audit.

mod books;

pub(crate) use books::ends;

use crate::audit::{self, AuditRow};
use crate::read::{Page, Scope, Where, cursor, parse_cursor};
use crate::sql::{micros, statement};
use crate::wall::{self, Within};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use workflows::Problem;
use workflows::calendar::tokyo_date;
use workflows::day_end::{
    Balance, DayLine, DayStep, Reopening, StepState, balance, carried_out, closing_of, ledger, moved,
    problem_of_order, problem_of_reopening, problems_of_closing, problems_of_decision, transfers,
};
use workflows::machine::{Actor, Role};
use workflows::zengin::ResultFile;

/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "DAY_END";

const COLUMNS: &str = "l.id, l.institution, l.day, l.step, l.state, l.digest, l.body";

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DayAnswer {
    /// The line after the step. `repeated`: the same file was handed in before, and this is what it came to then.
    Done { line: Box<DayLine>, repeated: bool },
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such line at the caller's bank.
    NotFound,
    /// Not for this role.
    Forbidden,
}

/// How far a day is.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum DayState {
    Open,
    /// A closing or reopening waits for its decision.
    Pending,
    Closed,
    /// Money was ordered or taken back after the closing: the day is opened again before a later one is closed.
    Moved,
}

impl DayState {
    /// Its code.
    pub const fn code(self) -> &'static str {
        match self {
            DayState::Open => "OPEN",
            DayState::Pending => "PENDING",
            DayState::Closed => "CLOSED",
            DayState::Moved => "MOVED",
        }
    }
}

/// A day as operations see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Day {
    pub date: NaiveDate,
    pub state: DayState,
    pub balance: Balance,
    /// The lines of the day, the latest first.
    pub lines: Vec<DayLine>,
    /// The closing or reopening of whatever day that waits.
    pub pending: Option<DayLine>,
    /// The last day that is closed.
    pub last_closed: Option<NaiveDate>,
    /// The first day that must be closed before any later one.
    pub earliest_open: Option<NaiveDate>,
}

/// A row of the table as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub id: String,
    institution: String,
    day: NaiveDate,
    step: String,
    state: String,
    digest: Option<String>,
    body: String,
}

impl Kept {
    fn of(line: &DayLine) -> Result<Kept> {
        Ok(Kept {
            id: line.id.clone(),
            institution: line.institution.clone(),
            day: line.day,
            step: line.step.code().to_owned(),
            state: line.state.code().to_owned(),
            digest: line.step.digest().map(str::to_owned),
            body: serde_json::to_string(line)?,
        })
    }

    fn read(row: &QueryResult) -> Result<Kept> {
        let text = |name: &str| row.try_get::<String>("", name);
        Ok(Kept {
            id: text("id")?,
            institution: text("institution")?,
            day: row.try_get("", "day")?,
            step: text("step")?,
            state: text("state")?,
            digest: row.try_get("", "digest")?,
            body: text("body")?,
        })
    }

    fn line(&self) -> Result<DayLine> {
        let unreadable = |error| StoreError::Unreadable { what: "day's end", id: self.id.clone(), error };
        serde_json::from_str(&self.body).map_err(unreadable)
    }
}

/// Where the days of a bank stand.
struct Standing {
    pending: Option<DayLine>,
    /// The closing of the day that was closed last.
    closed: Option<DayLine>,
}

/// Operations of one bank. Money is the whole bank's: branches do not matter.
fn closes_days(actor: &Actor) -> bool {
    actor.role == Role::Operations && !actor.institution.is_empty()
}

/// Those who read days' ends.
fn reads_days(actor: &Actor) -> bool {
    closes_days(actor) || (actor.role == Role::Auditor && !actor.institution.is_empty())
}

fn new_line(actor: &Actor, day: NaiveDate, step: DayStep, state: StepState, now: DateTime<Utc>) -> DayLine {
    DayLine {
        id: audit::line_id(),
        institution: actor.institution.clone(),
        day,
        step,
        state,
        proposed_by: actor.subject.clone(),
        proposed_at: micros(now),
        decided_by: None,
        decided_at: None,
        reason: None,
    }
}

fn digest_of(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

impl Store {
    /// A day of the caller's bank as it stands: orders, outcomes, ledger and transfers side by side. `None`: not for this role.
    pub async fn business_day(&self, scope: &Scope, day: NaiveDate) -> Result<Option<Day>> {
        let actor = scope.actor();
        if !reads_days(actor) {
            return Ok(None);
        }
        let bank = &actor.institution;
        let standing = self.standing(bank).await?;
        let lines = self.day_lines_of(bank, day).await?;
        let books = self.day_books(bank, day).await?;
        let closed_on = standing.closed.as_ref().map(|line| line.day);
        let is_moved = self.moved_after(bank, standing.closed.as_ref()).await?;
        let state = match &standing.pending {
            Some(pending) if pending.day == day => DayState::Pending,
            _ if closed_on == Some(day) && is_moved => DayState::Moved,
            _ if closed_on.is_some_and(|closed| day <= closed) && !lines.is_empty() => DayState::Closed,
            _ => DayState::Open,
        };
        Ok(Some(Day {
            date: day,
            state,
            balance: balance(&books),
            lines,
            earliest_open: self.earliest_open(bank, standing.closed.as_ref(), is_moved).await?,
            last_closed: closed_on,
            pending: standing.pending,
        }))
    }

    /// Core banking's list of a day's bookings. The same bytes again, as long as no other list came in between, are answered as before.
    pub async fn hand_in_ledger(
        &self,
        scope: &Scope,
        day: NaiveDate,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<DayAnswer> {
        let actor = scope.actor();
        if !closes_days(actor) {
            return Ok(DayAnswer::Forbidden);
        }
        let digest = digest_of(text.as_bytes());
        let latest = self.day_lines_of(&actor.institution, day).await?;
        let latest = latest.into_iter().find(|line| matches!(line.step, DayStep::Ledger { .. }));
        if let Some(line) = latest.filter(|line| line.step.digest() == Some(&digest)) {
            return Ok(DayAnswer::Done { line: Box::new(line), repeated: true });
        }
        if let Some(problem) = self.problem_of_handing_in(actor, day, now).await? {
            return Ok(DayAnswer::Invalid(vec![problem]));
        }
        match ledger::read(text, day) {
            Ok(lines) => {
                let step = DayStep::Ledger { digest, lines };
                let line = new_line(actor, day, step, StepState::HandedIn, now);
                self.add_day_line(actor, "handInLedger", line, now).await
            }
            Err(problems) => Ok(DayAnswer::Invalid(problems)),
        }
    }

    /// A result file of the transfers of a day, reconciled line by line with what was sent. Refused whole where it does not read. The
    /// same bytes again are answered as before, whatever came in between.
    pub async fn hand_in_transfers(
        &self,
        scope: &Scope,
        day: NaiveDate,
        bytes: &[u8],
        now: DateTime<Utc>,
    ) -> Result<DayAnswer> {
        let actor = scope.actor();
        if !closes_days(actor) {
            return Ok(DayAnswer::Forbidden);
        }
        let digest = digest_of(bytes);
        if let Some(line) = self.file_of(&actor.institution, &digest).await? {
            return Ok(DayAnswer::Done { line: Box::new(line), repeated: true });
        }
        if let Some(problem) = self.problem_of_handing_in(actor, day, now).await? {
            return Ok(DayAnswer::Invalid(vec![problem]));
        }
        let file = match ResultFile::read(bytes, day) {
            Ok(file) => file,
            Err(faults) => return Ok(DayAnswer::Invalid(faults.iter().map(told).collect())),
        };
        let books = self.day_books(&actor.institution, day).await?;
        let sent: Vec<_> = books.orders.iter().flat_map(|order| order.transfers.clone()).collect();
        let done = carried_out(books.results.iter().flat_map(|(_, lines)| lines));
        let lines = transfers::reconcile(&sent, &done, &file);
        let step = DayStep::Transfers { digest: digest.clone(), lines };
        let line = new_line(actor, day, step, StepState::HandedIn, now);
        let answer = self.add_day_line(actor, "handInTransferResult", line, now).await?;
        if let DayAnswer::Invalid(_) = &answer
            && let Some(line) = self.file_of(&actor.institution, &digest).await?
        {
            // Somebody else handed the same file in at the same moment.
            return Ok(DayAnswer::Done { line: Box::new(line), repeated: true });
        }
        Ok(answer)
    }

    /// Proposes that a day is closed as it stands, with a reason for each difference that is carried over, by its id.
    pub async fn propose_closing(
        &self,
        scope: &Scope,
        day: NaiveDate,
        reasons: &BTreeMap<String, String>,
        now: DateTime<Utc>,
    ) -> Result<DayAnswer> {
        let actor = scope.actor();
        if !closes_days(actor) {
            return Ok(DayAnswer::Forbidden);
        }
        let bank = &actor.institution;
        let standing = self.standing(bank).await?;
        let is_moved = self.moved_after(bank, standing.closed.as_ref()).await?;
        let open = self.earliest_open(bank, standing.closed.as_ref(), is_moved).await?;
        let closed = standing.closed.as_ref().map(|line| line.day);
        let order = problem_of_order(day, tokyo_date(now), closed, open, standing.pending.is_some());
        if let Some(problem) = order {
            return Ok(DayAnswer::Invalid(vec![problem]));
        }
        let books = self.day_books(bank, day).await?;
        let day_now = balance(&books);
        let problems = problems_of_closing(&day_now.differences, reasons);
        if !problems.is_empty() {
            return Ok(DayAnswer::Invalid(problems));
        }
        let step = DayStep::Closing(closing_of(&books, &day_now, reasons));
        let line = new_line(actor, day, step, StepState::Proposed, now);
        self.add_day_line(actor, "proposeDayClosing", line, now).await
    }

    /// Proposes that the day which was closed last is open again. Nothing of its closing is taken away.
    pub async fn propose_reopening(
        &self,
        scope: &Scope,
        day: NaiveDate,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<DayAnswer> {
        let actor = scope.actor();
        if !closes_days(actor) {
            return Ok(DayAnswer::Forbidden);
        }
        let standing = self.standing(&actor.institution).await?;
        let closed = standing.closed.as_ref().map(|line| line.day);
        if let Some(problem) = problem_of_reopening(day, closed, standing.pending.is_some()) {
            return Ok(DayAnswer::Invalid(vec![problem]));
        }
        let step = DayStep::Reopening(Reopening { reason: reason.trim().to_owned() });
        let line = new_line(actor, day, step, StepState::Proposed, now);
        self.add_day_line(actor, "proposeDayReopening", line, now).await
    }

    /// Approves a closing or reopening, or returns it with a reason: somebody else than its proposer (E.2). A closing is judged again: the
    /// day must stand as it was proposed.
    pub async fn decide_day(
        &self,
        scope: &Scope,
        id: &str,
        returned: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<DayAnswer> {
        let actor = scope.actor();
        if !closes_days(actor) {
            return Ok(DayAnswer::Forbidden);
        }
        let bank = &actor.institution;
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank.clone());
        w.equals("l.id", id);
        w.and("l.step IN ('CLOSING', 'REOPENING')");
        let row = self.row(format!("SELECT {COLUMNS} FROM day_line l {}", w.sql()), w).await?;
        let Some(line) = row.as_ref().map(Kept::read).transpose()?.map(|kept| kept.line()).transpose()?
        else {
            return Ok(DayAnswer::NotFound);
        };
        let problems = problems_of_decision(line.state, &line.proposed_by, &actor.subject);
        if !problems.is_empty() {
            return Ok(DayAnswer::Invalid(problems));
        }
        if let (DayStep::Closing(proposed), None) = (&line.step, returned) {
            let books = self.day_books(bank, line.day).await?;
            let reasons =
                proposed.carried.iter().map(|one| (one.difference.id(), one.reason.clone())).collect();
            if closing_of(&books, &balance(&books), &reasons) != *proposed {
                return Ok(DayAnswer::Invalid(vec![moved()]));
            }
        }
        let decided = DayLine {
            state: if returned.is_some() { StepState::Returned } else { StepState::Approved },
            decided_by: Some(actor.subject.clone()),
            decided_at: Some(micros(now)),
            reason: returned.map(|reason| reason.trim().to_owned()),
            ..line
        };
        let kept = Kept::of(&decided)?;
        let verb = if returned.is_some() { "returnDayStep" } else { "approveDayStep" };
        let audited = AuditRow::step_of(actor, KIND, (verb, decided.step.code()), &kept, now)?;
        let sql = "UPDATE day_line SET state = $1, body = $2 WHERE id = $3 AND institution = $4 AND state = 'PROPOSED'";
        let values: Vec<Value> = vec![kept.state.into(), kept.body.into(), id.into(), bank.clone().into()];
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(bank)).await?;
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            // Somebody else decided in the same moment.
            return Ok(DayAnswer::Invalid(problems_of_decision(decided.state, "", &actor.subject)));
        }
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(DayAnswer::Done { line: Box::new(decided), repeated: false })
    }

    /// A page of closings and reopenings of the caller's bank, the latest first.
    pub async fn day_steps(&self, scope: &Scope, after: Option<&str>, first: u32) -> Result<Page<DayLine>> {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("l.institution", actor.institution.clone());
        w.and(if reads_days(actor) { "l.step IN ('CLOSING', 'REOPENING')" } else { "1 = 0" });
        if let Some(after) = after {
            let (_, id) = parse_cursor(after)?;
            let id = w.bind(id);
            w.and(format!("l.id < {id}"));
        }
        let limit = u64::from(first) + 1;
        let sql = format!("SELECT {COLUMNS} FROM day_line l {} ORDER BY l.id DESC LIMIT {limit}", w.sql());
        let items = self.day_rows(sql, w).await?;
        Ok(Page::of(items, first, |line| cursor("", &line.id)))
    }

    /// Why nothing may be handed in for this day: it has not come, it is closed, or its closing waits. `None`: nothing is against it.
    async fn problem_of_handing_in(
        &self,
        actor: &Actor,
        day: NaiveDate,
        now: DateTime<Utc>,
    ) -> Result<Option<Problem>> {
        let standing = self.standing(&actor.institution).await?;
        let closed = standing.closed.as_ref().map(|line| line.day);
        Ok(problem_of_order(day, tokyo_date(now), closed, None, standing.pending.is_some()))
    }

    async fn add_day_line(
        &self,
        actor: &Actor,
        verb: &str,
        line: DayLine,
        now: DateTime<Utc>,
    ) -> Result<DayAnswer> {
        let kept = Kept::of(&line)?;
        let audited = AuditRow::step_of(actor, KIND, (verb, line.step.code()), &kept, now)?;
        let sql = "INSERT INTO day_line (id, institution, day, step, state, digest, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
        let values: Vec<Value> = vec![
            kept.id.into(),
            kept.institution.into(),
            kept.day.into(),
            kept.step.into(),
            kept.state.into(),
            kept.digest.into(),
            kept.body.into(),
        ];
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            // Another proposal came at the same moment.
            let problem = problem_of_reopening(line.day, None, true);
            return Ok(DayAnswer::Invalid(problem.into_iter().collect()));
        }
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(DayAnswer::Done { line: Box::new(line), repeated: false })
    }

    async fn day_rows(&self, sql: String, w: Where) -> Result<Vec<DayLine>> {
        self.rows(sql, w).await?.iter().map(|row| Kept::read(row)?.line()).collect()
    }

    /// Every line of a day, the latest first.
    async fn day_lines_of(&self, bank: &str, day: NaiveDate) -> Result<Vec<DayLine>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        w.equals("l.day", day);
        let sql = format!("SELECT {COLUMNS} FROM day_line l {} ORDER BY l.id DESC", w.sql());
        self.day_rows(sql, w).await
    }

    async fn file_of(&self, bank: &str, digest: &str) -> Result<Option<DayLine>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        w.equals("l.digest", digest);
        w.and("l.step = 'TRANSFERS'");
        let sql = format!("SELECT {COLUMNS} FROM day_line l {}", w.sql());
        Ok(self.day_rows(sql, w).await?.pop())
    }

    /// What waits, and the closing of the last day that is closed.
    async fn standing(&self, bank: &str) -> Result<Standing> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        w.equals("l.state", StepState::Proposed.code());
        let sql = format!("SELECT {COLUMNS} FROM day_line l {}", w.sql());
        let pending = self.day_rows(sql, w).await?.pop();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(bank));
        w.equals("l.institution", bank);
        w.and(books::CLOSED);
        let sql = format!("SELECT {COLUMNS} FROM day_line l {} ORDER BY l.day DESC LIMIT 1", w.sql());
        Ok(Standing { pending, closed: self.day_rows(sql, w).await?.pop() })
    }
}

/// A fault of a file as a problem of the upload.
fn told(fault: &workflows::zengin::Fault) -> Problem {
    Problem {
        field: format!("line {}, column {}", fault.line, fault.column),
        rule: workflows::day_end::RULE,
        message_ja: fault.message_ja(),
        message_en: fault.message_en(),
        accepted: fault.accepted_en.clone(),
    }
}

/// Every line of every bank, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Kept>> {
    let sql = format!("SELECT {COLUMNS} FROM day_line l ORDER BY l.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(Kept::read).collect()
}
