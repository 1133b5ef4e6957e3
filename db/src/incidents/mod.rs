//! Incidents: what went wrong around the cases and the bank itself and waits for a person, in one list, and what people do about it.
//!
//! The list is read from where things stand (parked parcels, cases that reconcile, tasks of partners, dates that do not succeed, dead
//! letters and disabled endpoints of webhooks, days that are not closed, a stream that is behind), so nothing has to be noted for an incident to appear, and it ends with its cause. Beside it stands only who works on it.

mod act;
mod house;
mod remind;
mod source;

use crate::ledger::Try;
use crate::read::{Page, Scope, Where, cursor, instant, known, parse_cursor};
use crate::sql::{json, micros, stamp};
use crate::wall::Within;
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::QueryResult;
use source::Source;
use std::collections::{BTreeMap, BTreeSet};
use workflows::machine::incident::{
    ClosingReason, Given, Hindrance, IncidentAction, IncidentKind, IncidentMeans, Standing, judge,
};

/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "INCIDENT";
/// Most incidents of one action.
pub const MOST_AT_ONCE: usize = 100;

/// An incident.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Incident {
    /// `PARCEL:..`, `PAYMENT:..`, `PROMISE:..`, `EXPIRED:..` or `TIMER:..`; of the bank itself `HOOK:..`, `ENDPOINT:..`, `DAY:..` or
    /// `EVENTS:..`.
    pub id: String,
    pub kind: IncidentKind,
    pub institution: String,
    /// Empty where the bank itself is concerned and no case.
    pub branch: String,
    /// Empty where the bank itself is concerned and no case.
    pub application_id: String,
    /// Case number, once there is one.
    pub number: Option<String>,
    /// Code of the notice, partner message, task or timer; `RECONCILING` for a payment; the type of a webhook's event, why an endpoint
    /// is disabled, or one of [`workflows::machine::incident::words_of_bank`].
    pub what: String,
    /// Channel of a parcel.
    pub channel: Option<String>,
    /// Whom it was for: `DESK:..`, `PARTNER:..`, otherwise a person of the case; who owns an endpoint.
    pub address: Option<String>,
    pub since: DateTime<Utc>,
    pub attempts: u32,
    /// Code of the last try.
    pub error: String,
    /// Every try of a parcel, the earliest first.
    pub tries: Vec<Try>,
    /// Closing it would leave somebody untold.
    pub duty: bool,
    /// Host of an endpoint: the rest of its address may be a secret of its owner.
    pub endpoint: Option<String>,
    /// Number of a webhook's event at its endpoint.
    pub sequence: Option<u64>,
    /// Entries that wait to be published, [`crate::events::COUNTED_MOST`] at most.
    pub waiting: Option<u64>,
    /// The business day that is not closed.
    pub day: Option<NaiveDate>,
    pub taken_by: Option<String>,
    pub taken_at: Option<DateTime<Utc>>,
    /// Who proposes to close it, and why.
    pub proposed_by: Option<String>,
    pub proposed_at: Option<DateTime<Utc>>,
    pub reason: Option<ClosingReason>,
    pub cursor: String,
}

impl Incident {
    /// As an action meets it.
    pub fn standing(&self) -> Standing<'_> {
        Standing {
            kind: self.kind,
            what: &self.what,
            channel: self.channel.as_deref(),
            duty: self.duty,
            partner: self.address.as_deref().is_some_and(|address| address.starts_with("PARTNER:")),
            taken_by: self.taken_by.as_deref(),
            proposed_by: self.proposed_by.as_deref(),
        }
    }
}

/// Which incidents.
#[derive(Clone, Debug, Default)]
pub struct IncidentFilter {
    pub kind: Option<IncidentKind>,
    pub branch: Option<String>,
    pub application_id: Option<String>,
    /// Those on which the reader works.
    pub mine: bool,
}

/// How long a date may be over before that is an incident, what day it is, and what is published.
#[derive(Copy, Clone, Debug)]
pub struct Bounds<'a> {
    pub now: DateTime<Utc>,
    /// A date whose action was tried and is over for longer is stuck.
    pub overdue: TimeDelta,
    /// The stream to which this installation publishes events; `None` where it publishes none.
    pub stream: Option<&'a str>,
}

impl<'a> Bounds<'a> {
    /// At this instant, with the ordinary patience of one hour; `worker.overdue_minutes` sets another. Nothing is published.
    pub fn at(now: DateTime<Utc>) -> Bounds<'a> {
        Bounds { now, overdue: TimeDelta::hours(1), stream: None }
    }
}

/// How many incidents of a kind are open, and since when the oldest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentFigure {
    pub kind: IncidentKind,
    pub open: u64,
    pub oldest: Option<DateTime<Utc>>,
}

/// Parcels that wait to leave.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct WaitingParcels {
    pub waiting: u64,
    /// For how long the first has been due; negative where it is not due yet.
    pub late: TimeDelta,
}

/// What is asked of incidents.
#[derive(Copy, Clone, Debug)]
pub struct IncidentAsk<'a> {
    pub ids: &'a [String],
    pub action: IncidentAction,
    pub reason: Option<ClosingReason>,
    /// New address for [`IncidentAction::Readdress`], checked by the caller.
    pub mail_to: Option<&'a str>,
}

/// What came of one of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IncidentResult {
    pub id: String,
    /// The incident before the action; absent where it is gone.
    pub incident: Option<Incident>,
    pub came_of: std::result::Result<IncidentMeans, Hindrance>,
}

/// From which row on, and which rows.
enum Part<'a> {
    After(Option<(DateTime<Utc>, String)>, u32),
    These(&'a [String]),
}

impl Store {
    /// Open incidents, the oldest first.
    pub async fn incidents(
        &self,
        scope: &Scope,
        filter: &IncidentFilter,
        bounds: Bounds<'_>,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Incident>> {
        let after = match after {
            Some(text) => {
                let (at, id) = parse_cursor(text)?;
                Some((instant(&at, text)?, id))
            }
            None => None,
        };
        let mut w = Where::on(self.backend());
        let part = Part::After(after, first + 1);
        let facts = self.bank_facts(scope, filter, Some(&part), bounds).await?;
        let sql = self.listed(scope, filter, bounds, &part, &facts, &mut w)?;
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(incident_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// The statement of the list; the wall stands around the whole of it.
    fn listed(
        &self,
        scope: &Scope,
        filter: &IncidentFilter,
        bounds: Bounds<'_>,
        part: &Part<'_>,
        facts: &[house::Fact],
        w: &mut Where,
    ) -> Result<String> {
        let backend = self.backend();
        let wanted = Source::ALL.into_iter().filter(|source| filter.reaches(*source));
        w.within(scope.within());
        let set = bind_set(w, facts)?;
        let mut parts = vec![];
        for source in wanted {
            let (columns, tables) = (source.columns(), source.tables(backend, set));
            let (prefix, id, since) = (source.prefix(), source.id(), source.since(backend));
            source.seen(scope, w);
            source.open(w, bounds);
            if let (Some(branch), Some(column)) = (&filter.branch, source.branch()) {
                w.equals(column, branch.clone());
            }
            if let (Some(case), Some(column)) = (&filter.application_id, source.case()) {
                w.equals(column, case.clone());
            }
            if filter.mine {
                let me = w.bind(scope.actor().subject.clone());
                w.and(format!(
                    "EXISTS (SELECT 1 FROM incident_work mine WHERE mine.id = '{prefix}' || {id} AND mine.taken_by = {me})"
                ));
            }
            let mut tail = String::new();
            match part {
                Part::After(after, limit) => {
                    if let Some((at, key)) = after {
                        let (from, key) = (w.bind(micros(*at)), w.bind(key.clone()));
                        if let Some(column) = source.ordered_by() {
                            let day: NaiveDate = at.date_naive();
                            let day = w.bind(day);
                            w.and(format!("{column} >= {day}"));
                        } else {
                            w.and(format!("{since} >= {from}"));
                        }
                        w.and(format!("({since}, '{prefix}' || {id}) > ({from}, {key})"));
                    }
                    let order = source.ordered_by().unwrap_or(since);
                    tail = format!(" ORDER BY {order}, {id} LIMIT {limit}");
                }
                Part::These(ids) => {
                    let own: Vec<String> =
                        ids.iter().filter_map(|id| id.strip_prefix(prefix)).map(str::to_owned).collect();
                    if own.is_empty() {
                        w.and("1 = 0");
                    } else {
                        if source == Source::Timer {
                            w.is_one_of("d.application_id", &cases_of(&own));
                        }
                        w.is_one_of(id, &own);
                    }
                }
            }
            let conditions = w.part();
            parts.push(format!(
                "SELECT * FROM (SELECT '{}' AS kind, '{prefix}' || {id} AS id, {since} AS since, {columns} FROM {tables} \
                 WHERE {conditions}{tail}) AS s{}",
                source.kind().code(),
                parts.len()
            ));
        }
        let limit = if let Part::After(_, limit) = part { format!(" LIMIT {limit}") } else { String::new() };
        Ok(format!(
            "SELECT u.*, b.number, k.taken_by, k.taken_at, k.proposed_by, k.proposed_at, k.reason FROM ({}) AS u \
             LEFT JOIN application b ON b.institution = u.institution AND b.id = u.application_id \
             LEFT JOIN incident_work k ON k.id = u.id WHERE {} ORDER BY u.since, u.id{limit}",
            parts.join(" UNION ALL "),
            w.gate()
        ))
    }

    /// How many incidents of each kind are open to the reader, with the oldest.
    pub async fn incident_figures(&self, scope: &Scope, bounds: Bounds<'_>) -> Result<Vec<IncidentFigure>> {
        let facts = self.bank_facts(scope, &IncidentFilter::default(), None, bounds).await?;
        let mut w = Where::on(self.backend());
        w.within(scope.within());
        let set = bind_set(&mut w, &facts)?;
        let mut parts = vec![];
        for source in Source::ALL {
            source.seen(scope, &mut w);
            source.open(&mut w, bounds);
            let (kind, since) = (source.kind().code(), source.since(self.backend()));
            let tables = source.tables(self.backend(), set);
            parts.push(format!(
                "SELECT '{kind}' AS kind, count(*) AS n, min({since}) AS oldest FROM {tables} WHERE {}",
                w.part()
            ));
        }
        let sql = format!("SELECT f.* FROM ({}) AS f WHERE {}", parts.join(" UNION ALL "), w.gate());
        let rows = self.rows(sql, w).await?;
        let mut figures = rows.iter().map(figure_of).collect::<Result<Vec<_>>>()?;
        figures.sort_by_key(|figure| figure.kind);
        Ok(figures)
    }

    /// How many parcels wait to leave, over all banks, and for how long the first of them has been due.
    pub async fn parcels_waiting(&self, now: DateTime<Utc>) -> Result<WaitingParcels> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.and("state = 'WAITING'");
        let sql = format!("SELECT count(*) AS n, min(next_at) AS first FROM outbox {}", w.sql());
        let row = self.row(sql, w).await?;
        let (n, first): (i64, Option<DateTime<Utc>>) = match row {
            Some(row) => (row.try_get("", "n")?, row.try_get("", "first")?),
            None => (0, None),
        };
        let late = first.map_or(TimeDelta::zero(), |first| now - first);
        Ok(WaitingParcels { waiting: n.unsigned_abs(), late })
    }

    /// What an action would come to, row by row, in the order asked. Nothing is written.
    pub async fn preview_incidents(
        &self,
        scope: &Scope,
        ask: &IncidentAsk<'_>,
        bounds: Bounds<'_>,
    ) -> Result<Vec<IncidentResult>> {
        let (filter, part) = (IncidentFilter::default(), Part::These(ask.ids));
        let facts = self.bank_facts(scope, &filter, Some(&part), bounds).await?;
        let mut w = Where::on(self.backend());
        let sql = self.listed(scope, &filter, bounds, &part, &facts, &mut w)?;
        let rows = self.rows(sql, w).await?;
        judged(scope, ask, rows.iter().map(incident_of).collect::<Result<Vec<_>>>()?)
    }
}

/// The parameter in which the set of facts travels.
fn bind_set(w: &mut Where, facts: &[house::Fact]) -> Result<usize> {
    let place = w.bind(json(facts)?);
    Ok(place.trim_start_matches('$').parse().unwrap_or_default())
}

/// The host of an address, with its port.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// The cases of keys of dates.
fn cases_of(keys: &[String]) -> Vec<String> {
    let cases: BTreeSet<&str> = keys.iter().filter_map(|key| Some(key.split_once(':')?.0)).collect();
    cases.into_iter().map(str::to_owned).collect()
}

/// The verdict on each id that was asked about, in that order.
fn judged(scope: &Scope, ask: &IncidentAsk<'_>, found: Vec<Incident>) -> Result<Vec<IncidentResult>> {
    let mut found: BTreeMap<String, Incident> = found.into_iter().map(|i| (i.id.clone(), i)).collect();
    let given = Given { reason: ask.reason, mail_to: ask.mail_to };
    let mut seen = BTreeSet::new();
    let ids = ask.ids.iter().filter(|id| seen.insert((*id).clone()));
    Ok(ids
        .map(|id| {
            let incident = found.remove(id);
            let came_of = incident.as_ref().map_or(Err(Hindrance::Gone), |incident| {
                judge(&incident.standing(), ask.action, given, scope.actor())
            });
            IncidentResult { id: id.clone(), incident, came_of }
        })
        .collect())
}

fn figure_of(row: &QueryResult) -> Result<IncidentFigure> {
    let (kind, open): (String, i64) = (row.try_get("", "kind")?, row.try_get("", "n")?);
    Ok(IncidentFigure {
        kind: known(IncidentKind::parse(&kind), "incident", &kind)?,
        open: open.unsigned_abs(),
        oldest: row.try_get("", "oldest")?,
    })
}

fn incident_of(row: &QueryResult) -> Result<Incident> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (id, kind) = (text("id")?, text("kind")?);
    let since: DateTime<Utc> = row.try_get("", "since")?;
    let attempts: i64 = row.try_get("", "attempts")?;
    let error: Option<String> = row.try_get("", "error")?;
    let reason: Option<String> = row.try_get("", "reason")?;
    let number =
        |name: &str| Ok::<_, sea_orm::DbErr>(row.try_get::<Option<i64>>("", name)?.map(i64::unsigned_abs));
    let (url, day): (Option<String>, Option<String>) =
        (row.try_get("", "endpoint")?, row.try_get("", "day")?);
    Ok(Incident {
        cursor: cursor(&stamp(since), &id),
        id,
        kind: known(IncidentKind::parse(&kind), "incident", &kind)?,
        institution: text("institution")?,
        branch: text("branch")?,
        application_id: text("application_id")?,
        number: row.try_get("", "number")?,
        what: text("what")?,
        channel: row.try_get("", "channel")?,
        address: row.try_get("", "address")?,
        since,
        attempts: attempts as u32,
        error: error.unwrap_or_default(),
        tries: Try::list(row.try_get("", "tries")?),
        duty: row.try_get::<i64>("", "duty")? == 1,
        endpoint: url.as_deref().map(host_of),
        sequence: number("sequence")?,
        waiting: number("waiting")?,
        day: day.and_then(|day| day.parse().ok()),
        taken_by: row.try_get("", "taken_by")?,
        taken_at: row.try_get("", "taken_at")?,
        proposed_by: row.try_get("", "proposed_by")?,
        proposed_at: row.try_get("", "proposed_at")?,
        reason: reason.as_deref().and_then(ClosingReason::parse),
    })
}
