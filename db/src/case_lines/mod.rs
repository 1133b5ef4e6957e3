//! Lines beside a case: whether the scrivener's office took the job, what it costs, whom it identified, and where paper originals are
//! (decision 32).
//!
//! The whole line stands in its row and, after each step, in the audit: verification compares the two. Nothing of the case moves.

mod job;
mod originals;

use crate::audit::{self, AuditRow};
use crate::read::{Page, Scope, Where, body_columns, cursor, parse_cursor};
use crate::sql::{micros, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use workflows::Problem;
use workflows::calendar::tokyo_date;
use workflows::engagement::{
    self, Answered, CostLine, CostState, Costs, DeclineReason, EngagementState, Identified, IdentityMethod,
    IdentityPaper, Waiting,
};
use workflows::machine::{Case, Role, Stage, Task, Track, TrackState};
use workflows::original::{Original, OriginalKind, OriginalPlace, Side};

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "line", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Body {
    Engagement(Answered),
    Costs(CostLine),
    Original(Original),
    Identity(Identified),
}

impl Body {
    const fn kind(&self) -> &'static str {
        match self {
            Body::Engagement(_) => ENGAGEMENT,
            Body::Costs(_) => COSTS,
            Body::Original(_) => ORIGINAL,
            Body::Identity(_) => IDENTITY,
        }
    }

    const fn state(&self) -> &'static str {
        match self {
            Body::Engagement(answered) => answered.state.code(),
            Body::Costs(costs) => costs.state.code(),
            Body::Original(original) => original.place.code(),
            Body::Identity(identified) => identified.method.code(),
        }
    }

    fn due_on(&self) -> Option<NaiveDate> {
        match self {
            Body::Original(original) => original.due_on,
            _ => None,
        }
    }
}

/// A line of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseLine {
    /// Grows with time.
    pub id: String,
    /// Bank code of the case.
    pub institution: String,
    pub application_id: String,
    /// The scrivener's organisation; empty for an original that concerns none.
    pub organisation: String,
    /// Counts the steps, from 1.
    pub version: i64,
    pub body: Body,
}

impl CaseLine {
    /// Does it wait for the office's answer?
    fn waits(&self) -> bool {
        matches!(&self.body, Body::Engagement(answered) if answered.state == EngagementState::Asked)
    }
}

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineAnswer {
    /// The line after the step.
    Done(Box<CaseLine>),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such case or line for the caller.
    NotFound,
    /// The step is not for the caller's role.
    Forbidden,
}

/// A job that an office has not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingJob {
    pub application_id: String,
    pub number: String,
    pub branch: String,
    pub organisation: String,
    pub waiting: Waiting,
    /// The day on which the office was asked.
    pub asked_on: NaiveDate,
    pub reason: Option<DeclineReason>,
    pub cursor: String,
}

/// An original that is due back at the bank.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DueOriginal {
    pub line: CaseLine,
    /// Number of the case.
    pub number: String,
    /// It is with an office whose job another one took over.
    pub to_hand_over: bool,
}

/// A row as it is stored, and as the audit keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub id: String,
    institution: String,
    application_id: String,
    kind: String,
    organisation: String,
    state: String,
    due_on: Option<NaiveDate>,
    version: i64,
    body: String,
}

/// The kind of its lines in the audit.
pub(crate) const KIND: &str = "CASE_LINE";
const ENGAGEMENT: &str = "ENGAGEMENT";
const COSTS: &str = "COSTS";
const ORIGINAL: &str = "ORIGINAL";
const IDENTITY: &str = "IDENTITY";
/// Most lines of one kind in one case.
const MOST: u32 = 200;
const COLUMNS: &str =
    "n.id, n.institution, n.application_id, n.kind, n.organisation, n.state, n.due_on, n.version, n.body";

impl Stored {
    fn of(line: &CaseLine) -> Result<Self> {
        Ok(Stored {
            id: line.id.clone(),
            institution: line.institution.clone(),
            application_id: line.application_id.clone(),
            kind: line.body.kind().to_owned(),
            organisation: line.organisation.clone(),
            state: line.body.state().to_owned(),
            due_on: line.body.due_on(),
            version: line.version,
            body: serde_json::to_string(line)?,
        })
    }

    fn read(row: &QueryResult) -> Result<Self> {
        let text = |name: &str| row.try_get::<String>("", name);
        Ok(Stored {
            id: text("id")?,
            institution: text("institution")?,
            application_id: text("application_id")?,
            kind: text("kind")?,
            organisation: text("organisation")?,
            state: text("state")?,
            due_on: row.try_get("", "due_on")?,
            version: row.try_get("", "version")?,
            body: text("body")?,
        })
    }

    fn values(self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.institution.into(),
            self.application_id.into(),
            self.kind.into(),
            self.organisation.into(),
            self.state.into(),
            self.due_on.into(),
            self.version.into(),
            self.body.into(),
        ]
    }
}

fn line_of(row: &QueryResult) -> Result<CaseLine> {
    Ok(serde_json::from_str(&row.try_get::<String>("", "body")?)?)
}

fn refused(field: &str, rule: &'static str, words: (&str, &str), accepted: &str) -> LineAnswer {
    LineAnswer::Invalid(vec![Problem {
        field: field.to_owned(),
        rule,
        message_ja: words.0.to_owned(),
        message_en: words.1.to_owned(),
        accepted: accepted.to_owned(),
    }])
}

fn raced() -> LineAnswer {
    let words = ("同時に別の操作が行われました。", "Somebody else was faster.");
    refused("id", "E.2", words, "the line as it stands now; read it again")
}

/// On which side of a handover the caller stands, and as whose.
fn side_of(scope: &Scope) -> Option<Side> {
    match scope.actor().role {
        Role::Scrivener => Some(Side::Office),
        role if role.is_staff() => Some(Side::Bank),
        _ => None,
    }
}

/// The office that works on the registration of a case.
fn office_of(case: &Case) -> Option<&str> {
    case.engagements.get(&Role::Scrivener).map(String::as_str)
}

/// Has every filing of the case come to its end?
fn is_registered(case: &Case) -> bool {
    use TrackState::{Cancelled, Completed, Deferred};
    let mut filings = case.tracks.iter().filter(|filing| filing.track == Track::Reg).peekable();
    case.stage.is_final()
        || (filings.peek().is_some()
            && filings.all(|filing| matches!(filing.state, Completed | Cancelled | Deferred)))
}

/// A new line or another version of one.
enum Write {
    New,
    After(i64),
}

impl Store {
    /// The lines of a case, by kind in the order in which they were made: all for the bank's people, an office its own. `None`: no such
    /// case for the caller.
    pub async fn case_lines(
        &self,
        scope: &Scope,
        application_id: &str,
    ) -> Result<Option<(Arc<Case>, Vec<CaseLine>)>> {
        let Some(case) = self.case(scope, application_id).await? else { return Ok(None) };
        let mut lines = self.lines_of(&case, &[ENGAGEMENT, COSTS, ORIGINAL, IDENTITY]).await?;
        lines.retain(|line| is_for(scope, line));
        Ok(Some((case, lines)))
    }

    async fn lines_of(&self, case: &Case, kinds: &[&str]) -> Result<Vec<CaseLine>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&case.institution));
        w.equals("n.institution", case.institution.clone());
        w.equals("n.application_id", case.id.clone());
        let kinds: Vec<String> = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        w.is_one_of("n.kind", &kinds);
        let sql =
            format!("SELECT n.body FROM case_line n {} ORDER BY n.kind, n.id LIMIT {}", w.sql(), MOST * 4);
        self.rows(sql, w).await?.iter().map(line_of).collect()
    }

    /// May the caller open the papers of the case? A scrivener's office does once it has taken the job, with its check of conflicts on
    /// record; everybody else as the walls say.
    pub async fn opens_papers(&self, scope: &Scope, case: &Case) -> Result<bool> {
        let actor = scope.actor();
        if actor.role != Role::Scrivener {
            return Ok(true);
        }
        let office = actor.organisation.as_deref().unwrap_or_default();
        Ok(self.standing_of_job(case, office).await? == EngagementState::Accepted)
    }

    /// How a scrivener's office stands to the job of a case: asked, where it has said nothing yet.
    pub async fn standing_of_job(&self, case: &Case, office: &str) -> Result<EngagementState> {
        let lines = self.lines_of(case, &[ENGAGEMENT]).await?;
        let said = lines.iter().find_map(|line| match &line.body {
            Body::Engagement(answered) if line.organisation == office => Some(answered.state),
            _ => None,
        });
        Ok(said.unwrap_or(EngagementState::Asked))
    }

    /// The case and the organisation of a person of the office that works on it.
    async fn job(&self, scope: &Scope, id: &str) -> Result<Result<(Arc<Case>, String), LineAnswer>> {
        let actor = scope.actor();
        let Some(organisation) = actor.organisation.clone().filter(|_| actor.role == Role::Scrivener) else {
            return Ok(Err(LineAnswer::Forbidden));
        };
        match self.case(scope, id).await? {
            Some(case) => Ok(Ok((case, organisation))),
            None => Ok(Err(LineAnswer::NotFound)),
        }
    }

    /// The same where the office has taken the job.
    async fn taken_job(&self, scope: &Scope, id: &str) -> Result<Result<(Arc<Case>, String), LineAnswer>> {
        let (case, organisation) = match self.job(scope, id).await? {
            Ok(job) => job,
            Err(answer) => return Ok(Err(answer)),
        };
        if !self.opens_papers(scope, &case).await? {
            let words = ("先に受任を回答してください。", "The job is to be taken first.");
            return Ok(Err(refused("applicationId", "E.2", words, "a job that the office has taken")));
        }
        Ok(Ok((case, organisation)))
    }

    async fn is_full(&self, case: &Case, kind: &str) -> Result<Option<LineAnswer>> {
        let full = self.lines_of(case, &[kind]).await?.len() >= MOST as usize;
        let words = ("この案件の記録が上限に達しています。", "The case has as many lines as it may.");
        Ok(full.then(|| refused("applicationId", "E.2", words, "at most 200 lines of a kind")))
    }

    async fn line(&self, scope: &Scope, id: &str) -> Result<Option<CaseLine>> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        w.equals("n.id", id);
        let sql = format!(
            "SELECT n.body FROM case_line n JOIN application a ON a.institution = n.institution AND a.id = n.application_id {}",
            w.sql()
        );
        self.row(sql, w).await?.as_ref().map(line_of).transpose()
    }

    async fn put(
        &self,
        scope: &Scope,
        line: CaseLine,
        write: Write,
        step: (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<LineAnswer> {
        let actor = scope.actor();
        let stored = Stored::of(&line)?;
        let detail = serde_json::to_string(&stored)?;
        let who = (line.institution.as_str(), actor.subject.as_str(), actor.role);
        let mut audited = AuditRow::step(who, KIND, step, detail, now);
        audited.application_id = Some(line.application_id.clone());
        let mut values = stored.values();
        let sql = match write {
            Write::New => {
                "INSERT INTO case_line (id, institution, application_id, kind, organisation, state, due_on, version, body) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING"
            }
            Write::After(before) => {
                values.push(before.into());
                "UPDATE case_line SET organisation = $5, state = $6, due_on = $7, version = $8, body = $9 \
                 WHERE id = $1 AND institution = $2 AND application_id = $3 AND kind = $4 AND version = $10"
            }
        };
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&line.institution)).await?;
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(raced());
        }
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(LineAnswer::Done(Box::new(line)))
    }
}

fn problem(field: &str, rule: &'static str, words: (&str, &str), accepted: &str) -> Problem {
    let (message_ja, message_en) = (words.0.to_owned(), words.1.to_owned());
    Problem { field: field.to_owned(), rule, message_ja, message_en, accepted: accepted.to_owned() }
}

fn new_line(case: &Case, organisation: &str, body: Body) -> CaseLine {
    CaseLine {
        id: audit::line_id(),
        institution: case.institution.clone(),
        application_id: case.id.clone(),
        organisation: organisation.to_owned(),
        version: 1,
        body,
    }
}

/// The cursor of an original in the list of those that are due.
pub fn due_cursor(line: &CaseLine) -> String {
    cursor(&line.body.due_on().unwrap_or_default().to_string(), &line.id)
}

/// Is the original with an office whose job another one took over? The bank's people record how it comes back.
pub fn is_to_be_handed_over(case: &Case, line: &CaseLine) -> bool {
    matches!(line.body, Body::Original(_)) && case.former_offices.contains(&line.organisation)
}

/// An office sees its own lines, and the originals that it has or is to take.
fn is_for(scope: &Scope, line: &CaseLine) -> bool {
    let actor = scope.actor();
    actor.role != Role::Scrivener || Some(&line.organisation) == actor.organisation.as_ref()
}

/// Every line of every bank, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM case_line n ORDER BY n.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(Stored::read).collect()
}
