//! What a partner's organisation was asked on a day, for its reconciliation, and what it answered in a period.

use super::{Page, Scope, Where, cursor, parse_cursor};
use crate::vault::{CaseId, entry_place};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::DbBackend;
use std::collections::HashMap;
use std::sync::Arc;
use workflows::machine::reconcile::{DayLine, Happened, RequestStanding, bounds, of_day};
use workflows::machine::{Case, Role};

/// Which requests of a period, between two instants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Which {
    /// Open at some time of it, or spoken of in it.
    Touched,
    /// Answered in it.
    Answered,
    /// Answered in it, or withdrawn by the bank before there was an answer.
    Settled,
}

impl Which {
    fn takes(self, line: &DayLine, begin: DateTime<Utc>) -> bool {
        let answered = line.answered_at.is_some_and(|at| begin <= at);
        let withdrawn = line.standing == RequestStanding::Withdrawn && line.ended_at.is_some();
        match self {
            Which::Touched => true,
            Which::Answered => answered,
            Which::Settled => answered || withdrawn,
        }
    }
}

/// Commands that answer the request of a guarantor. The condition is that of the index `entry_answer`, word for word.
const ANSWERS: &str = "e.verb IN ('approveGuarantee', 'conditionGuarantee', 'declineGuarantee')";

/// A line of a day with its case.
#[derive(Clone, Debug)]
pub struct RequestLine {
    pub case: Arc<Case>,
    pub line: DayLine,
    pub cursor: String,
}

impl Store {
    /// A page of the requests to the reader's organisation that were open at some time of a day in Tokyo or spoken of on it, as they
    /// stood when it ended, by bank, case and time of asking. Two statements. A page may hold fewer lines than `first`, even none, and
    /// still be followed by another one: `next` says so. Only guarantors have requests on this list, each its own: also of cases that
    /// went to another one since.
    pub async fn requests_of_day(
        &self,
        scope: &Scope,
        day: NaiveDate,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<RequestLine>> {
        self.requests_between(scope, bounds(day), Which::Touched, after, first).await
    }

    /// A page of the requests that the reader's organisation answered from one day in Tokyo to another, both included, as they stood
    /// when the last one ended; `withdrawn`: those as well that the bank withdrew unanswered in that time. Order, statements, pages and
    /// readers are those of [`Store::requests_of_day`]. Answers are found by an index of their own; what was withdrawn is looked for in
    /// every case that was touched since the first day.
    pub async fn answers_given(
        &self,
        scope: &Scope,
        (from, until): (NaiveDate, NaiveDate),
        withdrawn: bool,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<RequestLine>> {
        let period = (bounds(from).0, bounds(until).1);
        let which = if withdrawn { Which::Settled } else { Which::Answered };
        self.requests_between(scope, period, which, after, first).await
    }

    async fn requests_between(
        &self,
        scope: &Scope,
        (begin, end): (DateTime<Utc>, DateTime<Utc>),
        which: Which,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<RequestLine>> {
        let (true, Some(organisation)) =
            (scope.actor().role == Role::Guarantor, scope.actor().organisation.as_deref())
        else {
            return Ok(Page { items: vec![], next: None });
        };
        let after = after.map(place).transpose()?;
        let most = first as usize + 1;
        let (sql, w) = cases_sql(self.backend(), scope, (begin, end), which, after.as_ref(), most);
        let mut cases = vec![];
        for row in &self.rows(sql, w).await? {
            cases.push(self.case_of(row).await?);
        }
        let histories = self.histories(scope, &cases, begin).await?;
        let mut items = vec![];
        for case in &cases {
            let history = histories.get(&case.id).map(Vec::as_slice).unwrap_or_default();
            for line in of_day(case, organisation, history, (begin, end)) {
                let here = (case.institution.clone(), case.id.clone(), line.asked);
                if after.as_ref().is_some_and(|after| here <= *after) || !which.takes(&line, begin) {
                    continue;
                }
                items.push(RequestLine { case: case.clone(), cursor: marked(case, line.asked), line });
            }
        }
        let more_cases = cases.len() == most;
        let more_lines = items.len() > first as usize;
        items.truncate(first as usize);
        let last_case = cases.last().filter(|_| more_cases).map(|case| marked(case, u64::MAX >> 1));
        let next = match items.last().filter(|_| more_lines) {
            Some(line) => Some(line.cursor.clone()),
            None => last_case,
        };
        Ok(Page { items, next })
    }

    /// The plan of the answers of a period, as the database explains it: tests see that it reads no case that was not answered.
    pub async fn explain_answers(
        &self,
        scope: &Scope,
        (from, until): (NaiveDate, NaiveDate),
    ) -> Result<String> {
        let period = (bounds(from).0, bounds(until).1);
        let (sql, w) = cases_sql(self.backend(), scope, period, Which::Answered, None, 50);
        self.explain(sql, w).await
    }

    /// The histories of these cases by their ids, in order, with the events from an instant on.
    async fn histories(
        &self,
        scope: &Scope,
        cases: &[Arc<Case>],
        from: DateTime<Utc>,
    ) -> Result<HashMap<String, Vec<Happened>>> {
        let mut histories: HashMap<String, Vec<Happened>> = HashMap::new();
        let ids: Vec<String> = cases.iter().map(|case| case.id.clone()).collect();
        if ids.is_empty() {
            return Ok(histories);
        }
        let mut w = Where::on(self.backend());
        let from = w.bind(from);
        w.is_one_of("e.application_id", &ids);
        scope.on_asked(&mut w);
        let sql = format!(
            "SELECT e.institution, e.application_id, e.version, e.at, CASE WHEN e.at >= {from} THEN e.events END AS events, {} \
             FROM entry e JOIN application a ON a.institution = e.institution AND a.id = e.application_id {} \
             ORDER BY e.application_id, e.version",
            crate::vault::key_column("e.institution", "e.application_id"),
            w.sql()
        );
        for row in &self.rows(sql, w).await? {
            let (id, institution): (String, String) =
                (row.try_get("", "application_id")?, row.try_get("", "institution")?);
            let version: i64 = row.try_get("", "version")?;
            let events = match row.try_get::<Option<String>>("", "events")? {
                None => vec![],
                Some(text) => {
                    let key = row.try_get("", "data_key")?;
                    let opener = self.opener(CaseId::new(&institution, &id), key).await?;
                    let text = opener.open(&entry_place(version, "events"), &text)?.text("events", &id)?;
                    serde_json::from_str(&text).map_err(|error| StoreError::Unreadable {
                        what: "events",
                        id: id.clone(),
                        error,
                    })?
                }
            };
            let line = Happened { version: version.unsigned_abs(), at: row.try_get("", "at")?, events };
            histories.entry(id).or_default().push(line);
        }
        Ok(histories)
    }
}

/// The statement that finds the cases of a page.
fn cases_sql(
    backend: DbBackend,
    scope: &Scope,
    (begin, end): (DateTime<Utc>, DateTime<Utc>),
    which: Which,
    after: Option<&(String, String, u64)>,
    most: usize,
) -> (String, Where) {
    let mut w = Where::on(backend);
    scope.on_asked(&mut w);
    let (from, until) = (w.bind(begin), w.bind(end));
    // What nobody touched since the period began and nobody waits for has no line.
    match which {
        Which::Touched => {
            let role = w.bind(Role::Guarantor.code());
            w.and(format!(
                "a.created_at < {until} AND (a.updated_at >= {from} OR EXISTS (SELECT 1 FROM task t \
                 WHERE t.institution = a.institution AND t.application_id = a.id AND t.role = {role} AND t.opened_at < {until}))"
            ));
        }
        Which::Settled => w.and(format!("a.created_at < {until} AND a.updated_at >= {from}")),
        Which::Answered => {
            let of = match scope.actor().institution.as_str() {
                "" => String::new(),
                institution => format!("e.institution = {} AND ", w.bind(institution)),
            };
            w.and(format!(
                "(a.institution, a.id) IN (SELECT e.institution, e.application_id FROM entry e WHERE {of}{ANSWERS} \
                 AND e.at >= {from} AND e.at < {until})"
            ));
        }
    }
    if let Some((institution, id, _)) = after {
        let (institution, id) = (w.bind(institution.clone()), w.bind(id.clone()));
        w.and(format!("(a.institution, a.id) >= ({institution}, {id})"));
    }
    let sql = format!(
        "SELECT {} FROM application a {} ORDER BY a.institution, a.id LIMIT {most}",
        super::body_columns(),
        w.sql()
    );
    (sql, w)
}

fn marked(case: &Case, asked: u64) -> String {
    cursor(&case.institution, &format!("{} {asked}", case.id))
}

/// Bank, case and version of asking behind which the page begins. Errors: no cursor of this list.
fn place(text: &str) -> Result<(String, String, u64)> {
    let (institution, rest) = parse_cursor(text)?;
    let wrong = || StoreError::Cursor(text.to_owned());
    let (id, asked) = rest.split_once(' ').ok_or_else(wrong)?;
    Ok((institution, id.to_owned(), asked.parse().map_err(|_| wrong())?))
}
