//! Posted rates that people enter: proposed by one, approved or returned by another, never changed afterwards.

use crate::audit::{self, AuditRow};
use crate::read::{Scope, Where};
use crate::sql::statement;
use crate::wall::Within;
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use workflows::calendar::tokyo_date;
use workflows::machine::{Actor, Role};
use workflows::product::posting::{
    DatedRate, LineState, RateSeries, problems_of_cells, problems_of_decision, problems_of_line,
};
use workflows::product::servicing::PublishedRefund;
use workflows::{PostedRates, Problem, Rate};

/// Within this time every process has read an approved line. A step is judged as if it were taken so much later: what is approved just
/// before midnight for the next day would reach some processes after the day has begun.
pub const KNOWN_WITHIN: TimeDelta = TimeDelta::minutes(2);

/// The day on which a step of this moment is known everywhere.
fn known_on(now: DateTime<Utc>) -> NaiveDate {
    tokyo_date(now + KNOWN_WITHIN)
}

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RateAnswer {
    /// The line after the step.
    Done(Box<DatedRate>),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such line at the caller's bank.
    NotFound,
    /// Not for this role.
    Forbidden,
}

/// The kind of its lines in the audit.
pub(crate) const KIND: &str = "RATE";

const COLUMNS: &str = "l.id, l.institution, l.series, l.rate, l.valid_from, l.state, l.proposed_by, l.proposed_at, \
                       l.decided_by, l.decided_at, l.reason, l.cells";

impl Store {
    /// Proposes a dated line for the caller's bank (E.2). `stock` are the rates that the bank began with.
    pub async fn propose_rate(
        &self,
        scope: &Scope,
        new: (RateSeries, Rate, NaiveDate),
        cells: &[PublishedRefund],
        stock: &PostedRates,
        now: DateTime<Utc>,
    ) -> Result<RateAnswer> {
        let actor = scope.actor();
        if !enters_rates(actor) {
            return Ok(RateAnswer::Forbidden);
        }
        let tx = self.begin().await?;
        let standing = lines_at(&tx, &actor.institution).await?;
        let mut problems = problems_of_line(stock, &standing, new, known_on(now));
        problems.extend(problems_of_cells(new.0, new.1, cells));
        if !problems.is_empty() {
            return Ok(RateAnswer::Invalid(problems));
        }
        let (series, rate, from) = new;
        let line = DatedRate {
            id: audit::line_id(),
            institution: actor.institution.clone(),
            series,
            rate,
            cells: cells.to_vec(),
            from,
            state: LineState::Proposed,
            proposed_by: actor.subject.clone(),
            proposed_at: crate::sql::micros(now),
            decided_by: None,
            decided_at: None,
            reason: None,
        };
        let sql = "INSERT INTO rate_line (id, institution, series, rate, valid_from, state, proposed_by, proposed_at, \
                   cells) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
        let values: Vec<Value> = vec![
            line.id.clone().into(),
            line.institution.clone().into(),
            series.code().into(),
            rate.to_string().into(),
            from.into(),
            line.state.code().into(),
            line.proposed_by.clone().into(),
            line.proposed_at.into(),
            if cells.is_empty() { None } else { Some(serde_json::to_string(cells)?) }.into(),
        ];
        let written = tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected();
        if written == 0 {
            // Somebody else proposed the same day in the same moment.
            let standing = lines_at(&tx, &actor.institution).await?;
            return Ok(RateAnswer::Invalid(problems_of_line(stock, &standing, new, known_on(now))));
        }
        let step = ("proposeRate", line.series.code());
        audit::add(&tx, &AuditRow::step_of(actor, KIND, step, &line, now)?).await?;
        tx.commit().await?;
        Ok(RateAnswer::Done(Box::new(line)))
    }

    /// Approves a proposed line, or returns it with a reason (E.2): by somebody else than its proposer.
    pub async fn decide_rate(
        &self,
        scope: &Scope,
        id: &str,
        returned: Option<&str>,
        stock: &PostedRates,
        now: DateTime<Utc>,
    ) -> Result<RateAnswer> {
        let actor = scope.actor();
        if !enters_rates(actor) {
            return Ok(RateAnswer::Forbidden);
        }
        let (today, approves) = (known_on(now), returned.is_none());
        let tx = self.begin().await?;
        let standing = lines_at(&tx, &actor.institution).await?;
        let Some(line) = standing.iter().find(|line| line.id == id).cloned() else {
            return Ok(RateAnswer::NotFound);
        };
        let mut problems = problems_of_decision(&line, &actor.subject, approves, today);
        if problems.is_empty() && approves {
            // Judged again as if it were new: the lines beside it may have changed.
            let others: Vec<DatedRate> = standing.into_iter().filter(|other| other.id != id).collect();
            problems = problems_of_line(stock, &others, (line.series, line.rate, line.from), today);
        }
        if !problems.is_empty() {
            return Ok(RateAnswer::Invalid(problems));
        }
        let state = if approves { LineState::Approved } else { LineState::Returned };
        let decided = DatedRate {
            state,
            decided_by: Some(actor.subject.clone()),
            decided_at: Some(crate::sql::micros(now)),
            reason: returned.map(str::to_owned),
            ..line
        };
        let sql = "UPDATE rate_line SET state = $1, decided_by = $2, decided_at = $3, reason = $4 \
                   WHERE id = $5 AND institution = $6 AND state = $7 AND proposed_by <> $2";
        let values: Vec<Value> = vec![
            state.code().into(),
            actor.subject.clone().into(),
            decided.decided_at.into(),
            decided.reason.clone().into(),
            id.into(),
            actor.institution.clone().into(),
            LineState::Proposed.code().into(),
        ];
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            // Somebody else decided in the same moment.
            let gone = DatedRate { state: LineState::Approved, ..decided };
            return Ok(RateAnswer::Invalid(problems_of_decision(&gone, &actor.subject, approves, today)));
        }
        let step = (if approves { "approveRate" } else { "returnRate" }, decided.series.code());
        audit::add(&tx, &AuditRow::step_of(actor, KIND, step, &decided, now)?).await?;
        tx.commit().await?;
        Ok(RateAnswer::Done(Box::new(decided)))
    }

    /// The lines of the caller's bank, the latest day first.
    pub async fn rate_lines(&self, scope: &Scope, first: u32) -> Result<Vec<DatedRate>> {
        let institution = &scope.actor().institution;
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        w.equals("l.institution", institution.clone());
        let sql = format!(
            "SELECT {COLUMNS} FROM rate_line l {} ORDER BY l.valid_from DESC, l.id DESC LIMIT {first}",
            w.sql()
        );
        let rows = self.rows(sql, w).await?;
        rows.iter().map(line_of).collect()
    }

    /// The approved lines of every bank, for whoever decides by them.
    pub async fn approved_rates(&self) -> Result<Vec<DatedRate>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("l.state", LineState::Approved.code());
        let sql =
            format!("SELECT {COLUMNS} FROM rate_line l {} ORDER BY l.institution, l.valid_from", w.sql());
        let rows = self.rows(sql, w).await?;
        rows.iter().map(line_of).collect()
    }
}

/// Operations of one bank.
fn enters_rates(actor: &Actor) -> bool {
    actor.role == Role::Operations && !actor.institution.is_empty()
}

/// The lines of a bank; the rest of the transaction stays with that bank.
async fn lines_at<C: ConnectionTrait>(connection: &C, institution: &str) -> Result<Vec<DatedRate>> {
    let backend = connection.get_database_backend();
    let mut w = Where::on(backend);
    w.within(Within::Institution(institution));
    w.equals("l.institution", institution);
    let sql = format!("SELECT {COLUMNS} FROM rate_line l {} ORDER BY l.valid_from", w.sql());
    let rows = connection.query_all_raw(statement(backend, sql, w.into_values())).await?;
    rows.iter().map(line_of).collect()
}

/// Every line there is, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<DatedRate>> {
    let sql = format!("SELECT {COLUMNS} FROM rate_line l ORDER BY l.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(line_of).collect()
}

fn line_of(row: &QueryResult) -> Result<DatedRate> {
    use crate::read::known;
    let text = |name: &str| row.try_get::<String>("", name);
    let (series, rate, state) = (text("series")?, text("rate")?, text("state")?);
    Ok(DatedRate {
        id: text("id")?,
        institution: text("institution")?,
        series: known(RateSeries::parse(&series), "series", &series)?,
        rate: known(Rate::parse(&rate), "rate", &rate)?,
        cells: match row.try_get::<Option<String>>("", "cells")? {
            Some(cells) => serde_json::from_str(&cells)?,
            None => vec![],
        },
        from: row.try_get("", "valid_from")?,
        state: known(LineState::parse(&state), "state", &state)?,
        proposed_by: text("proposed_by")?,
        proposed_at: row.try_get("", "proposed_at")?,
        decided_by: row.try_get("", "decided_by")?,
        decided_at: row.try_get("", "decided_at")?,
        reason: row.try_get("", "reason")?,
    })
}
