//! The registers of the compliance office: lines with steps, proposed by one and decided by another where it takes two.
//!
//! The whole line stands in its row and, after each step, in the audit: verification compares the two.

use crate::audit::{self, AuditRow};
use crate::read::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::sql::statement;
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use workflows::Problem;
use workflows::calendar::tokyo_date;
use workflows::compliance::contractor::Contractor;
use workflows::compliance::training::{Training, TrainingState};
use workflows::compliance::{Eyes, Hand, Line, PROPOSED, RETURNED, Record, Register};
use workflows::machine::registers::{Asked, Office, OfficeStanding, Registers};
use workflows::machine::{Role, Stage};

/// What a step comes to.
#[derive(Clone, Debug, PartialEq)]
pub enum RegisterAnswer<R> {
    /// The line after the step.
    Done(Box<Line<R>>),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such line at the caller's bank.
    NotFound,
    Forbidden,
}

/// Which lines.
#[derive(Clone, Debug, Default)]
pub struct LineFilter {
    /// Organisation, person or application.
    pub key: Option<String>,
    pub state: Option<String>,
    /// Service, course or category.
    pub group: Option<String>,
    /// Only those due on this day or before.
    pub due_to: Option<NaiveDate>,
    /// Only the customer's own.
    pub filed_by: Option<String>,
}

/// How many lines of a group stand in a state, and how many of them are overdue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Figure {
    pub group: String,
    pub state: String,
    pub lines: i64,
    pub overdue: i64,
}

/// A case that an organisation works on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngagedCase {
    pub id: String,
    pub number: String,
    pub branch: String,
    pub stage: Stage,
}

/// A row as it is stored, and as the audit keeps it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub id: String,
    institution: String,
    register: String,
    key: String,
    grp: String,
    state: String,
    due_on: Option<NaiveDate>,
    filed_by: Option<String>,
    version: i64,
    body: String,
}

/// The kind of its lines in the audit.
pub(crate) const KIND: &str = "REGISTER";

const COLUMNS: &str =
    "l.id, l.institution, l.register, l.key, l.grp, l.state, l.due_on, l.filed_by, l.version, l.body";

impl Stored {
    fn of<R: Record>(line: &Line<R>) -> Result<Self> {
        let shown = line.shown();
        Ok(Stored {
            id: line.id.clone(),
            institution: line.institution.clone(),
            register: R::REGISTER.code().to_owned(),
            key: shown.map(Record::key).unwrap_or_default(),
            grp: shown.map(Record::group).unwrap_or_default().to_owned(),
            state: line.state().to_owned(),
            due_on: line.record.as_ref().and_then(Record::due_on),
            filed_by: shown.and_then(|record| record.filed_by().map(str::to_owned)),
            version: i64::from(line.version),
            body: serde_json::to_string(line)?,
        })
    }

    fn read(row: &QueryResult) -> Result<Self> {
        let text = |name: &str| row.try_get::<String>("", name);
        Ok(Stored {
            id: text("id")?,
            institution: text("institution")?,
            register: text("register")?,
            key: text("key")?,
            grp: text("grp")?,
            state: text("state")?,
            due_on: row.try_get("", "due_on")?,
            filed_by: row.try_get("", "filed_by")?,
            version: row.try_get("", "version")?,
            body: text("body")?,
        })
    }

    fn values(self) -> Vec<Value> {
        vec![
            self.id.into(),
            self.institution.into(),
            self.register.into(),
            self.key.into(),
            self.grp.into(),
            self.state.into(),
            self.due_on.into(),
            self.filed_by.into(),
            self.version.into(),
            self.body.into(),
        ]
    }
}

fn line_of<R: Record>(row: &QueryResult) -> Result<Line<R>> {
    Ok(serde_json::from_str(&row.try_get::<String>("", "body")?)?)
}

impl Store {
    /// Adds a line. Whoever may take the step at all is the caller's matter; what takes two people is for the register's keepers.
    pub async fn add_to_register<R: Record>(
        &self,
        scope: &Scope,
        (step, after): (&str, R),
        eyes: Eyes,
        now: DateTime<Utc>,
    ) -> Result<RegisterAnswer<R>> {
        let actor = scope.actor();
        if actor.institution.is_empty() || (eyes == Eyes::Four && !R::is_kept_by(actor.role)) {
            return Ok(RegisterAnswer::Forbidden);
        }
        let hand = Hand { by: &actor.subject, at: crate::sql::micros(now) };
        let line = Line::new(&audit::line_id(), &actor.institution, step, after, eyes, hand);
        let stored = Stored::of(&line)?;
        let sql = "INSERT INTO register_line (id, institution, register, key, grp, state, due_on, filed_by, version, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING";
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let audited = AuditRow::step_of(actor, KIND, (step, R::REGISTER.code()), &stored, now)?;
        let written = tx.execute_raw(statement(self.backend(), sql, stored.values())).await?;
        if written.rows_affected() == 0 {
            return Ok(RegisterAnswer::Invalid(vec![workflows::compliance::contractor::already_there()]));
        }
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(RegisterAnswer::Done(Box::new(line)))
    }

    /// Takes a step on a line that counts.
    pub async fn step_in_register<R: Record>(
        &self,
        scope: &Scope,
        id: &str,
        (step, eyes): (&str, Eyes),
        after: impl FnOnce(&R) -> Result<R, Vec<Problem>>,
        now: DateTime<Utc>,
    ) -> Result<RegisterAnswer<R>> {
        if eyes == Eyes::Four && !R::is_kept_by(scope.actor().role) {
            return Ok(RegisterAnswer::Forbidden);
        }
        let take = |line: Line<R>, hand: Hand<'_>| {
            let record = line.record.as_ref().map(after).transpose()?;
            match record {
                Some(record) => line.step(step, record, eyes, hand),
                // Nothing counts yet: the line says so itself.
                None => {
                    let shown = line.shown().cloned();
                    shown.map_or(Ok(line.clone()), |shown| line.step(step, shown, eyes, hand))
                }
            }
        };
        self.change_line(scope, id, step, take, now).await
    }

    /// Approves what waits on a line, or returns it with a reason: by another keeper of the register.
    pub async fn decide_in_register<R: Record>(
        &self,
        scope: &Scope,
        id: &str,
        returned: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<RegisterAnswer<R>> {
        if !R::is_kept_by(scope.actor().role) {
            return Ok(RegisterAnswer::Forbidden);
        }
        let step = if returned.is_some() { "return" } else { "approve" };
        self.change_line(scope, id, step, |line: Line<R>, hand| line.decided(returned, hand), now).await
    }

    async fn change_line<R: Record>(
        &self,
        scope: &Scope,
        id: &str,
        step: &str,
        change: impl FnOnce(Line<R>, Hand<'_>) -> Result<Line<R>, Vec<Problem>>,
        now: DateTime<Utc>,
    ) -> Result<RegisterAnswer<R>> {
        let actor = scope.actor();
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let sql =
            "SELECT l.body FROM register_line l WHERE l.institution = $1 AND l.id = $2 AND l.register = $3";
        let values = vec![actor.institution.clone().into(), id.into(), R::REGISTER.code().into()];
        let row = tx.query_one_raw(statement(self.backend(), sql, values)).await?;
        let Some(line) = row.as_ref().map(line_of::<R>).transpose()? else {
            return Ok(RegisterAnswer::NotFound);
        };
        let before = i64::from(line.version);
        let hand = Hand { by: &actor.subject, at: crate::sql::micros(now) };
        let line = match change(line, hand) {
            Ok(line) => line,
            Err(problems) => return Ok(RegisterAnswer::Invalid(problems)),
        };
        let stored = Stored::of(&line)?;
        let audited = AuditRow::step_of(actor, KIND, (step, R::REGISTER.code()), &stored, now)?;
        let sql = "UPDATE register_line SET key = $4, grp = $5, state = $6, due_on = $7, filed_by = $8, version = $9, \
                   body = $10 WHERE id = $1 AND institution = $2 AND register = $3 AND version = $11";
        let mut values = stored.values();
        values.push(before.into());
        if tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 0 {
            return Ok(RegisterAnswer::Invalid(vec![workflows::compliance::raced()]));
        }
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(RegisterAnswer::Done(Box::new(line)))
    }

    /// In which register of the caller's bank a line stands.
    pub async fn register_of(&self, scope: &Scope, id: &str) -> Result<Option<Register>> {
        let institution = &scope.actor().institution;
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        w.equals("l.institution", institution.clone());
        w.equals("l.id", id);
        let row = self.row(format!("SELECT l.register FROM register_line l {}", w.sql()), w).await?;
        let Some(row) = row else { return Ok(None) };
        let code: String = row.try_get("", "register")?;
        known(Register::parse(&code), "register", &code).map(Some)
    }

    /// A page of a register of the caller's bank, the latest first.
    pub async fn register_lines<R: Record>(
        &self,
        scope: &Scope,
        filter: &LineFilter,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Line<R>>> {
        let institution = &scope.actor().institution;
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        w.equals("l.institution", institution.clone());
        w.equals("l.register", R::REGISTER.code());
        let texts = [("l.key", &filter.key), ("l.state", &filter.state), ("l.grp", &filter.group)];
        for (column, wanted) in texts.into_iter().chain([("l.filed_by", &filter.filed_by)]) {
            if let Some(wanted) = wanted {
                w.equals(column, wanted.clone());
            }
        }
        if let Some(day) = filter.due_to {
            let day = w.bind(day);
            w.and(format!("l.due_on <= {day}"));
        }
        if let Some(after) = after {
            let (_, id) = parse_cursor(after)?;
            let id = w.bind(id);
            w.and(format!("l.id < {id}"));
        }
        let sql = format!(
            "SELECT l.body FROM register_line l {} ORDER BY l.id DESC LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(line_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |line| cursor("", &line.id)))
    }

    /// How many lines there are, by group and state; nothing about anybody.
    pub async fn register_figures(
        &self,
        scope: &Scope,
        register: Register,
        now: DateTime<Utc>,
    ) -> Result<Vec<Figure>> {
        let institution = &scope.actor().institution;
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        let today = w.bind(tokyo_date(now));
        w.equals("l.institution", institution.clone());
        w.equals("l.register", register.code());
        let sql = format!(
            "SELECT l.grp, l.state, count(*) AS n, count(CASE WHEN l.due_on < {today} THEN 1 END) AS late \
             FROM register_line l {} GROUP BY l.grp, l.state ORDER BY l.grp, l.state",
            w.sql()
        );
        let figure = |row: &QueryResult| -> Result<Figure> {
            Ok(Figure {
                group: row.try_get("", "grp")?,
                state: row.try_get("", "state")?,
                lines: row.try_get("", "n")?,
                overdue: row.try_get("", "late")?,
            })
        };
        self.rows(sql, w).await?.iter().map(figure).collect()
    }

    /// Running cases of the caller's bank that an organisation works on, by number (L-94).
    pub async fn cases_engaging(
        &self,
        scope: &Scope,
        (role, organisation): (Role, &str),
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<EngagedCase>> {
        let mut w = Where::on(self.backend());
        scope.on_applications(&mut w);
        w.equals("g.role", role.code());
        w.equals("g.organisation", organisation);
        let over: Vec<String> =
            Stage::ALL.iter().filter(|stage| stage.is_final()).map(|stage| format!("'{stage}'")).collect();
        w.and(format!("a.stage NOT IN ({})", over.join(", ")));
        if let Some(after) = after {
            let (_, id) = parse_cursor(after)?;
            let id = w.bind(id);
            w.and(format!("a.id > {id}"));
        }
        let sql = format!(
            "SELECT a.id, a.number, a.branch, a.stage FROM engagement g JOIN application a ON \
             a.institution = g.institution AND a.id = g.application_id {} ORDER BY a.id LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let one = |row: &QueryResult| -> Result<EngagedCase> {
            let stage: String = row.try_get("", "stage")?;
            let number: Option<String> = row.try_get("", "number")?;
            Ok(EngagedCase {
                id: row.try_get("", "id")?,
                number: number.unwrap_or_default(),
                branch: row.try_get("", "branch")?,
                stage: known(Stage::parse(&stage), "stage", &stage)?,
            })
        };
        let items = self.rows(sql, w).await?.iter().map(one).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |case| cursor("", &case.id)))
    }

    /// What the registers of a bank say to a command. Most commands ask nothing.
    pub(crate) async fn said_by_registers(
        &self,
        institution: &str,
        asked: &Asked,
        now: DateTime<Utc>,
    ) -> Result<Registers> {
        let mut said = Registers::default();
        if let Some(subject) = &asked.trainings_of {
            let passed = Some(TrainingState::Passed.code());
            let lines = self.counting::<Training>(institution, (Some(subject), None), passed).await?;
            let held: Vec<_> = lines.iter().filter_map(Training::held).collect();
            // Somebody else's training shows that the bank keeps the register.
            let kept = !held.is_empty()
                || !self.counting::<Training>(institution, (None, None), None).await?.is_empty();
            said.trainings = kept.then_some(held);
        }
        if let Some((service, organisation)) = &asked.office {
            let service = Some(service.code());
            let lines = self.counting::<Contractor>(institution, (Some(organisation), service), None).await?;
            let today = tokyo_date(now);
            said.office = match lines.first() {
                Some(contractor) => Some(contractor.office(today)),
                None => {
                    let any = self.counting::<Contractor>(institution, (None, service), None).await?;
                    (asked.listed || !any.is_empty()).then(|| Office {
                        organisation: organisation.clone(),
                        standing: OfficeStanding::Unknown,
                        substitute: None,
                    })
                }
            };
        }
        Ok(said)
    }

    /// Records that two people have seen, the latest first: those of a key, or one of the register where none is named.
    async fn counting<R: Record>(
        &self,
        institution: &str,
        (key, group): (Option<&str>, Option<&str>),
        state: Option<&str>,
    ) -> Result<Vec<R>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(institution));
        w.equals("l.institution", institution);
        w.equals("l.register", R::REGISTER.code());
        w.and(format!("l.state NOT IN ('{PROPOSED}', '{RETURNED}')"));
        for (column, wanted) in [("l.key", key), ("l.grp", group), ("l.state", state)] {
            if let Some(wanted) = wanted {
                w.equals(column, wanted);
            }
        }
        let limit = if key.is_some() { "" } else { "LIMIT 1" };
        let sql = format!("SELECT l.body FROM register_line l {} ORDER BY l.id DESC {limit}", w.sql());
        let lines: Vec<Line<R>> = self.rows(sql, w).await?.iter().map(line_of).collect::<Result<_>>()?;
        Ok(lines.into_iter().filter_map(|line| line.record).collect())
    }
}

/// Every line of every bank, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Stored>> {
    let sql = format!("SELECT {COLUMNS} FROM register_line l ORDER BY l.id");
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(Stored::read).collect()
}

/// The cursor of a line or case with this id.
pub fn cursor_of(id: &str) -> String {
    cursor("", id)
}
