//! Offices of partners: their people, the cases that somebody of an office answers for, and how those change hands (decision 22).
//!
//! Each time that a job changes hands is a row, and the same line in the audit: verification compares the two.

use crate::accounts::{ACCOUNT, CHANGE, account_of_row, change_of_row};
use crate::audit::{self, AuditRow};
use crate::read::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::sql::{first_role, micros, profile_text, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use serde::{Deserialize, Serialize};
use workflows::Problem;
use workflows::account::{Account, AccountChange};
use workflows::machine::{Actor, Role, Stage};
use workflows::office::{HandoverReason, Job, OFFICES, job_is_over, job_moved, leads, problems_of_handover};

/// A job that changed hands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handover {
    pub id: String,
    /// Bank code of the case.
    pub institution: String,
    pub application_id: String,
    pub role: Role,
    pub organisation: String,
    /// How often the job has changed hands, from 1.
    pub turn: u64,
    /// Who answered for it before, also where that person has left; `None` the first time.
    pub from: Option<String>,
    pub to: String,
    pub reason: HandoverReason,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// A line of the record, with names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandoverTold {
    pub line: Handover,
    pub from_name: Option<String>,
    pub to_name: Option<String>,
    pub by_name: Option<String>,
    /// It is the last one of the job, and its person may still sign in for the office.
    pub counts: bool,
}

/// What handing over comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HandoverAnswer {
    Done(Box<Handover>),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such case for the caller's office.
    NotFound,
    /// The caller is no person of an office.
    Forbidden,
}

/// Which jobs of the office.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum JobsOf {
    #[default]
    Office,
    /// Those that the caller answers for.
    Caller,
    /// Those that nobody answers for: never taken, or their person has left.
    Nobody,
}

/// A running case of an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfficeJob {
    pub application_id: String,
    pub institution: String,
    pub branch: String,
    pub number: String,
    /// Who answers for it: subject and name. `None`: nobody.
    pub responsible: Option<(String, String)>,
    /// Who did before, where that person may not sign in for the office any more.
    pub left: Option<String>,
    /// Since it changed hands last.
    pub since: Option<DateTime<Utc>>,
}

/// The kind of its lines in the audit.
pub(crate) const KIND: &str = "HANDOVER";
const COLUMNS: &str = "h.id, h.institution, h.application_id, h.role, h.organisation, h.turn, h.from_subject, h.to_subject, h.reason, \
                       h.by_subject, h.at";
/// The last time that the job of a row changed hands.
const LAST: &str = "(SELECT max(l.turn) FROM handover l WHERE l.institution = h.institution AND l.application_id = h.application_id \
                    AND l.role = h.role AND l.organisation = h.organisation)";

impl Store {
    /// Hands the caller's office's job in a running case over to a colleague, or takes one that nobody answers for (E.2). What the
    /// former person had claimed goes with it.
    pub async fn hand_over(
        &self,
        scope: &Scope,
        (application_id, to): (&str, &str),
        reason: HandoverReason,
        now: DateTime<Utc>,
    ) -> Result<HandoverAnswer> {
        let actor = scope.actor();
        let Some(organisation) = of_office(actor) else { return Ok(HandoverAnswer::Forbidden) };
        let Some((institution, stage)) = self.job_of(scope, application_id).await? else {
            return Ok(HandoverAnswer::NotFound);
        };
        let job = Job { institution: &institution, role: actor.role, organisation };
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&institution)).await?;
        let last = last_of(&tx, &job, application_id).await?;
        let former = last.as_ref().map(|last| last.to.clone());
        let people = accounts_of(&tx, &[&actor.subject, to, former.as_deref().unwrap_or_default()]).await?;
        let person = |subject: &str| people.iter().find(|account| account.subject == subject);
        let Some(by) = person(&actor.subject).filter(|by| job.is_for(by)) else {
            return Ok(HandoverAnswer::Forbidden);
        };
        // Whoever has left answers for nothing.
        let current = former.as_deref().filter(|subject| person(subject).is_some_and(|it| job.is_for(it)));
        let mut problems = problems_of_handover(&job, by, person(to), current);
        if stage.is_final() {
            problems.push(job_is_over());
        }
        if !problems.is_empty() {
            return Ok(HandoverAnswer::Invalid(problems));
        }
        let line = Handover {
            id: audit::line_id(),
            institution: institution.clone(),
            application_id: application_id.to_owned(),
            role: actor.role,
            organisation: organisation.to_owned(),
            turn: last.as_ref().map_or(0, |last| last.turn) + 1,
            from: former,
            to: to.to_owned(),
            reason,
            by: actor.subject.clone(),
            at: micros(now),
        };
        if !insert(&tx, &line).await? {
            return Ok(HandoverAnswer::Invalid(vec![job_moved()]));
        }
        if let Some(from) = &line.from {
            let sql = "UPDATE task SET claimed_by = $1, claimed_at = $2 WHERE institution = $3 AND application_id = $4 AND role = $5 \
                       AND organisation = $6 AND claimed_by = $7";
            let values: Vec<Value> = vec![
                line.to.clone().into(),
                line.at.into(),
                institution.clone().into(),
                application_id.into(),
                line.role.code().into(),
                organisation.into(),
                from.clone().into(),
            ];
            tx.execute_raw(statement(self.backend(), sql, values)).await?;
        }
        let who = (institution.as_str(), actor.subject.as_str(), actor.role);
        let detail = serde_json::to_string(&line)?;
        let mut audited = AuditRow::step(who, KIND, ("handOverJob", reason.code()), detail, now);
        audited.application_id = Some(application_id.to_owned());
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(HandoverAnswer::Done(Box::new(line)))
    }

    /// Bank and stage of a case that concerns the caller's office.
    async fn job_of(&self, scope: &Scope, application_id: &str) -> Result<Option<(String, Stage)>> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        w.equals("a.id", application_id);
        let row =
            self.row(format!("SELECT a.institution, a.stage FROM application a {}", w.sql()), w).await?;
        let Some(row) = row else { return Ok(None) };
        let stage: String = row.try_get("", "stage")?;
        Ok(Some((row.try_get("", "institution")?, known(Stage::parse(&stage), "stage", &stage)?)))
    }

    /// A page of the running cases of the caller's office by id; empty for everybody who belongs to none.
    pub async fn jobs(
        &self,
        scope: &Scope,
        of: JobsOf,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<OfficeJob>> {
        let (backend, actor) = (self.backend(), scope.actor());
        let Some(organisation) = of_office(actor) else {
            return Ok(Page { items: vec![], next: None });
        };
        let mut w = Where::on(backend);
        scope.on_applications(&mut w);
        w.equals("g.role", actor.role.code());
        w.equals("g.organisation", organisation);
        let over: Vec<String> =
            Stage::ALL.iter().filter(|stage| stage.is_final()).map(|stage| format!("'{stage}'")).collect();
        w.and(format!("a.stage NOT IN ({})", over.join(", ")));
        match of {
            JobsOf::Office => {}
            JobsOf::Caller => w.equals("p.subject", actor.subject.clone()),
            JobsOf::Nobody => w.and("p.subject IS NULL"),
        }
        if let Some(after) = after {
            let (_, id) = parse_cursor(after)?;
            let id = w.bind(id);
            w.and(format!("a.id > {id}"));
        }
        let sql = format!(
            "SELECT a.id, a.institution, a.branch, a.number, h.to_subject, h.at, p.subject AS person, {} AS name \
             FROM engagement g JOIN application a ON a.institution = g.institution AND a.id = g.application_id \
             LEFT JOIN handover h ON h.institution = g.institution AND h.application_id = g.application_id \
             AND h.role = g.role AND h.organisation = g.organisation AND h.turn = {LAST} \
             LEFT JOIN account p ON {} {} ORDER BY a.id LIMIT {}",
            profile_text(backend, "p.", "name"),
            holds(backend),
            w.sql(),
            u64::from(first) + 1
        );
        let one = |row: &QueryResult| -> Result<OfficeJob> {
            let number: Option<String> = row.try_get("", "number")?;
            let (person, name): (Option<String>, Option<String>) =
                (row.try_get("", "person")?, row.try_get("", "name")?);
            let last: Option<String> = row.try_get("", "to_subject")?;
            Ok(OfficeJob {
                application_id: row.try_get("", "id")?,
                institution: row.try_get("", "institution")?,
                branch: row.try_get("", "branch")?,
                number: number.unwrap_or_default(),
                left: last.filter(|_| person.is_none()),
                responsible: person.map(|person| (person, name.unwrap_or_default())),
                since: row.try_get("", "at")?,
            })
        };
        let items = self.rows(sql, w).await?.iter().map(one).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |job| job_cursor(&job.application_id)))
    }

    /// How the jobs of a case changed hands, the latest first: all of them for the bank's people who see the case, an office its own.
    pub async fn handovers(
        &self,
        scope: &Scope,
        application_id: &str,
        first: u32,
    ) -> Result<Vec<HandoverTold>> {
        let (backend, actor) = (self.backend(), scope.actor());
        let mut w = Where::on(backend);
        scope.on_applications(&mut w);
        w.equals("a.id", application_id);
        if let Some(organisation) = of_office(actor) {
            w.equals("h.role", actor.role.code());
            w.equals("h.organisation", organisation);
        } else if !actor.role.is_staff() && actor.role != Role::Auditor {
            w.and("1 = 0");
        }
        let name = |alias: &str| profile_text(backend, alias, "name");
        let sql = format!(
            "SELECT {COLUMNS}, {} AS from_name, {} AS to_name, {} AS by_name, \
             CASE WHEN p.subject IS NOT NULL AND h.turn = {LAST} THEN 1 ELSE 0 END AS counts \
             FROM application a JOIN handover h ON h.institution = a.institution AND h.application_id = a.id \
             LEFT JOIN account p ON {} LEFT JOIN account f ON f.subject = h.from_subject \
             LEFT JOIN account t ON t.subject = h.to_subject LEFT JOIN account b ON b.subject = h.by_subject \
             {} ORDER BY h.at DESC, h.id DESC LIMIT {first}",
            name("f."),
            name("t."),
            name("b."),
            holds(backend),
            w.sql()
        );
        let one = |row: &QueryResult| -> Result<HandoverTold> {
            Ok(HandoverTold {
                line: line_of(row)?,
                from_name: row.try_get("", "from_name")?,
                to_name: row.try_get("", "to_name")?,
                by_name: row.try_get("", "by_name")?,
                counts: row.try_get::<i32>("", "counts")? == 1,
            })
        };
        self.rows(sql, w).await?.iter().map(one).collect()
    }

    /// A page of the people of the caller's office by subject, those who may not sign in any more included; empty for everybody who
    /// belongs to none.
    pub async fn colleagues(&self, scope: &Scope, after: Option<&str>, first: u32) -> Result<Vec<Account>> {
        let (backend, actor) = (self.backend(), scope.actor());
        let Some(organisation) = of_office(actor) else { return Ok(vec![]) };
        let mut w = Where::on(backend);
        w.within(scope.within());
        w.equals(&profile_text(backend, "a.", "organisation"), organisation);
        w.equals(&first_role(backend, "a."), actor.role.code());
        w.and("a.kind = 'PERSON'");
        if !actor.institution.is_empty() {
            let own = w.bind(actor.institution.clone());
            w.and(format!("a.institution IN ('', {own})"));
        }
        if let Some(after) = after {
            let after = w.bind(after);
            w.and(format!("a.subject > {after}"));
        }
        let sql = format!("SELECT {ACCOUNT} FROM account a {} ORDER BY a.subject LIMIT {first}", w.sql());
        self.rows(sql, w).await?.iter().map(account_of_row).collect()
    }

    /// What leads of the caller's office proposed about their colleagues, the latest first; empty for everybody who leads none.
    pub async fn colleague_changes(
        &self,
        scope: &Scope,
        after: Option<&str>,
        first: u32,
    ) -> Result<Vec<AccountChange>> {
        let (backend, actor) = (self.backend(), scope.actor());
        let Some(lead) = lead_of(self.reader(), actor).await? else { return Ok(vec![]) };
        let mut w = Where::on(backend);
        w.within(Within::Institution(&actor.institution));
        w.equals("c.institution", lead.institution);
        w.equals(&profile_text(backend, "p.", "organisation"), lead.profile.organisation);
        w.equals(&first_role(backend, "p."), actor.role.code());
        if let Some(after) = after {
            let after = w.bind(after);
            w.and(format!("c.id < {after}"));
        }
        let sql = format!(
            "SELECT {CHANGE} FROM account_change c JOIN account p ON p.subject = c.proposed_by {} ORDER BY c.id DESC LIMIT {first}",
            w.sql()
        );
        self.rows(sql, w).await?.iter().map(change_of_row).collect()
    }
}

/// The organisation of a person of an office.
fn of_office(actor: &Actor) -> Option<&str> {
    actor.organisation.as_deref().filter(|_| OFFICES.contains(&actor.role) && actor.on_behalf_of.is_none())
}

/// The person of a handover `h` may still sign in for the office: the conditions of [`Job::is_for`] on `account p`.
fn holds(backend: DbBackend) -> String {
    format!(
        "p.subject = h.to_subject AND p.state = 'ACTIVE' AND p.kind = 'PERSON' AND p.institution IN ('', h.institution) \
         AND {} = h.organisation AND {} = h.role",
        profile_text(backend, "p.", "organisation"),
        first_role(backend, "p.")
    )
}

/// The account of the caller where he leads an office.
pub(crate) async fn lead_of<C: ConnectionTrait>(connection: &C, actor: &Actor) -> Result<Option<Account>> {
    let people = accounts_of(connection, &[&actor.subject]).await?;
    let own = |account: &Account| {
        account.institution == actor.institution
            && account.profile.organisation == actor.organisation
            && account.profile.roles.contains(&actor.role)
    };
    Ok(people.into_iter().find(|account| leads(account) && own(account)))
}

/// Is the account one of a person of the lead's office?
pub(crate) fn are_colleagues(lead: &Account, account: &Account) -> bool {
    account.kind == lead.kind
        && account.profile.organisation == lead.profile.organisation
        && account.profile.roles == lead.profile.roles
}

async fn accounts_of<C: ConnectionTrait>(connection: &C, subjects: &[&str]) -> Result<Vec<Account>> {
    let backend = connection.get_database_backend();
    let marks: Vec<String> = (1..=subjects.len()).map(|n| format!("${n}")).collect();
    let sql = format!("SELECT {ACCOUNT} FROM account a WHERE a.subject IN ({})", marks.join(", "));
    let values = subjects.iter().map(|subject| Value::from(*subject)).collect();
    let rows = connection.query_all_raw(statement(backend, sql, values)).await?;
    rows.iter().map(account_of_row).collect()
}

async fn last_of<C: ConnectionTrait>(
    connection: &C,
    job: &Job<'_>,
    application_id: &str,
) -> Result<Option<Handover>> {
    let sql = format!(
        "SELECT {COLUMNS} FROM handover h WHERE h.institution = $1 AND h.application_id = $2 AND h.role = $3 AND h.organisation = $4 \
         ORDER BY h.turn DESC LIMIT 1"
    );
    let values: Vec<Value> =
        vec![job.institution.into(), application_id.into(), job.role.code().into(), job.organisation.into()];
    let row = connection.query_one_raw(statement(connection.get_database_backend(), sql, values)).await?;
    row.as_ref().map(line_of).transpose()
}

/// False where somebody else took the turn.
async fn insert<C: ConnectionTrait>(connection: &C, line: &Handover) -> Result<bool> {
    let sql = "INSERT INTO handover (id, institution, application_id, role, organisation, turn, from_subject, to_subject, reason, \
               by_subject, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT DO NOTHING";
    let values: Vec<Value> = vec![
        line.id.clone().into(),
        line.institution.clone().into(),
        line.application_id.clone().into(),
        line.role.code().into(),
        line.organisation.clone().into(),
        line.turn.into(),
        line.from.clone().into(),
        line.to.clone().into(),
        line.reason.code().into(),
        line.by.clone().into(),
        line.at.into(),
    ];
    let written = connection.execute_raw(statement(connection.get_database_backend(), sql, values)).await?;
    Ok(written.rows_affected() == 1)
}

/// Every line of every bank, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Handover>> {
    let sql = format!("SELECT {COLUMNS} FROM handover h ORDER BY h.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(line_of).collect()
}

/// The cursor of a job in the case with this id.
pub fn job_cursor(application_id: &str) -> String {
    cursor("", application_id)
}

fn line_of(row: &QueryResult) -> Result<Handover> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (role, reason) = (text("role")?, text("reason")?);
    let turn: i64 = row.try_get("", "turn")?;
    Ok(Handover {
        id: text("id")?,
        institution: text("institution")?,
        application_id: text("application_id")?,
        role: known(Role::parse(&role), "role", &role)?,
        organisation: text("organisation")?,
        turn: turn.unsigned_abs(),
        from: row.try_get("", "from_subject")?,
        to: text("to_subject")?,
        reason: known(HandoverReason::parse(&reason), "reason of a handover", &reason)?,
        by: text("by_subject")?,
        at: row.try_get("", "at")?,
    })
}
