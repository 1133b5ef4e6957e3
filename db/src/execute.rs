//! `execute`: the only function that changes an application.
//!
//! One read, a decision outside any transaction, one write. Nothing here can reach the network between begin and commit.

use crate::audit::AuditRow;
use crate::error::Unique;
use crate::read::{Scope, Where};
use crate::receipt::{Outcome, Receipt, caller, row as receipt_row};
use crate::replay::{Basis, input_of};
use crate::rows::{Head, transition};
use crate::sql::{Stamp, micros};
use crate::vault::{CaseId, Closer, KeyRow, Opener, body_place, detail_place, key_column};
use crate::wall::Within;
use crate::write::Written;
use crate::{Result, Store, StoreError};
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use std::sync::Arc;
use std::time::Duration;
use workflows::machine::asked::{GivenAnswer, Judged};
use workflows::machine::need::{Check, Need};
use workflows::machine::refusal::Unmet;
use workflows::machine::registers::Asked;
use workflows::machine::{self, Actor, Case, Command, Context, Decision, Event, Refusal, Registers};

/// One thing asked of one application.
#[derive(Copy, Clone, Debug)]
pub struct Request<'a> {
    pub actor: &'a Actor,
    pub now: DateTime<Utc>,
    pub target: Target<'a>,
    pub command: &'a Command,
    /// The version that the caller saw. Without one, a change by others in between is no obstacle.
    pub expected_version: Option<u64>,
    pub key: Option<Key<'a>>,
}

/// Which application.
#[derive(Copy, Clone, Debug)]
pub enum Target<'a> {
    /// A new one under an id of the caller's choice (unique, growing with time).
    New {
        id: &'a str,
    },
    Case {
        id: &'a str,
    },
    /// The case of a request to a partner, which the command answers.
    Request {
        id: &'a str,
        request: &'a str,
    },
}

impl Target<'_> {
    /// The id, new or not.
    pub fn id(&self) -> &str {
        match self {
            Target::New { id } | Target::Case { id } | Target::Request { id, .. } => id,
        }
    }

    /// The request that is answered, where it is named.
    fn request(&self) -> Option<&str> {
        match self {
            Target::Request { request, .. } => Some(request),
            Target::New { .. } | Target::Case { .. } => None,
        }
    }
}

/// Idempotency key of a caller: the actor's subject and role in the institution.
#[derive(Copy, Clone, Debug)]
pub struct Key<'a> {
    pub key: &'a str,
    /// Digest of what was asked; the same key for something else is refused.
    pub body_hash: &'a str,
}

/// What became of a request.
#[derive(Clone, Debug)]
pub enum Answer {
    Done(Done),
    /// The rules say no.
    Refused(Refusal),
    /// The expected version is not the present one (or the id of a new application is taken).
    Conflict {
        current: Arc<Case>,
        changed_by: String,
        changed_at: DateTime<Utc>,
    },
    /// Absent, or not for this actor to see: alike.
    NotFound,
    /// The key was used for another request.
    KeyReused,
    /// The external id stands on another application of the institution.
    Duplicate {
        id: String,
        number: String,
    },
}

/// A yes.
#[derive(Clone, Debug)]
pub struct Done {
    /// The case after the command; on a replay, as it is now.
    pub case: Arc<Case>,
    /// Version that this command made.
    pub version: u64,
    /// Rows of the table that were taken.
    pub rows: Vec<String>,
    /// True where the answer comes from a receipt.
    pub replayed: bool,
}

/// How often a version conflict or a lost race for a key is tried again before the caller is told.
const TRIES: u32 = 40;

/// Longest id that is recorded of what was asked for.
const LONGEST_ID: usize = 64;

/// What one read found.
struct Loaded {
    stored: Option<Stored>,
    receipt: Option<Receipt>,
    /// The case has come to the caller's organisation.
    concerned: bool,
}

/// An application as it is stored.
pub(crate) struct Stored {
    pub case: Arc<Case>,
    pub head: Head,
    pub updated_by: String,
    pub updated_at: DateTime<Utc>,
    /// What opens the stored texts of the case, and closes further ones.
    pub opener: Opener,
}

impl Store {
    /// Decides a command and writes everything that follows from it in one transaction.
    pub async fn execute(&self, request: Request<'_>) -> Result<Answer> {
        let request = Request { now: micros(request.now), ..request };
        for attempt in 0..TRIES {
            if attempt > 0 {
                back_off(attempt).await;
            }
            if let Some(answer) = self.attempt(&request).await? {
                return Ok(answer);
            }
        }
        Err(StoreError::Contention { id: request.target.id().to_owned() })
    }

    /// One try. `None`: somebody was faster, look again.
    async fn attempt(&self, request: &Request<'_>) -> Result<Option<Answer>> {
        let Loaded { stored, receipt, concerned } = self.load(request).await?;
        if let Some((receipt, key)) = receipt.as_ref().zip(request.key.as_ref()) {
            return self.replay(&reach(request), receipt, key).await.map(Some);
        }
        let stored = match (&request.target, stored) {
            (Target::New { .. }, None) => None,
            (Target::Case { .. } | Target::Request { .. }, None) => {
                return self.hidden(request, None).await.map(Some);
            }
            (_, Some(stored)) => {
                let scope = reach(request);
                if let Some(asked) = request.target.request().filter(|id| scope.was_asked(&stored.case, id)) {
                    let unmet = Unmet::of(Check::N(Need::RequestWithdrawn), Some(asked));
                    let refusal = Refusal::Blocked { unmet: vec![unmet] };
                    return self.refuse(request, Some(&stored), refusal).await;
                }
                if !concerned || !scope.sees(&stored.case) {
                    return self.hidden(request, Some(&stored)).await.map(Some);
                }
                let stale = request.expected_version.is_some_and(|v| v as i64 != stored.head.version);
                if stale || matches!(request.target, Target::New { .. }) {
                    let Stored { case: current, updated_by: changed_by, updated_at: changed_at, .. } = stored;
                    return Ok(Some(Answer::Conflict { current, changed_by, changed_at }));
                }
                Some(stored)
            }
        };
        let case = stored.as_ref().map(|s| s.case.as_ref());
        let named = request.target.request();
        let addressed = case.and_then(|case| machine::asked::addressed(case, request.command, named));
        let request = &Request { command: addressed.as_ref().unwrap_or(request.command), ..*request };
        if let Some(stored) = &stored {
            let (table, case) = (&self.inner.options.table, &stored.case);
            match machine::asked::judge(case, request.command, request.actor, named, table) {
                Judged::Fresh => {}
                Judged::Same(given) => return Ok(Some(Answer::Done(said_before(case, given)))),
                Judged::Refused(unmet) => {
                    let refusal = Refusal::Blocked { unmet: vec![unmet] };
                    return self.refuse(request, Some(stored), refusal).await;
                }
            }
        }
        let registers = self.registers_for(request, case).await?;
        match self.decide(request, case, &registers) {
            Err(refusal) => self.refuse(request, stored.as_ref(), refusal).await,
            Ok(decision) => self.commit(request, stored.as_ref(), (decision, &registers)).await,
        }
    }

    /// What the registers of the case's bank say of the command; most commands ask nothing.
    async fn registers_for(&self, request: &Request<'_>, case: Option<&Case>) -> Result<Registers> {
        let Some(case) = case else { return Ok(Registers::default()) };
        let asked = machine::registers::asked(case, request.command, request.actor);
        if asked == Asked::default() {
            return Ok(Registers::default());
        }
        let job = match &asked.job {
            Some(office) => Some(self.standing_of_job(case, office).await?),
            None => None,
        };
        Ok(Registers { job, ..self.said_by_registers(&case.institution, &asked, request.now).await? })
    }

    fn decide(
        &self,
        request: &Request<'_>,
        case: Option<&Case>,
        registers: &Registers,
    ) -> Result<Decision, Refusal> {
        let options = &self.inner.options;
        let (rules, table) = (options.rules.as_ref(), &options.table);
        let ctx = Context { actor: request.actor, now: request.now, rules, table, registers };
        match case {
            None => machine::open(request.target.id(), request.command, &ctx),
            Some(case) => machine::decide(case, request.command, &ctx),
        }
    }

    async fn commit(
        &self,
        request: &Request<'_>,
        stored: Option<&Stored>,
        (decision, registers): (Decision, &Registers),
    ) -> Result<Option<Answer>> {
        let basis = Basis::of(&decision.case.form, self.inner.options.rules.as_ref(), &self.inner.table);
        let input = input_of(request.command, request.actor, registers, basis)?;
        let erases = decision.events().iter().any(|event| matches!(event, Event::Erased { .. }));
        let (closer, data_key) = match erases {
            // A tombstone names nobody, and must read when the key is gone.
            true => (None, None),
            false => self.closer(&decision.case, stored).await?,
        };
        let head = stored.map(|stored| &stored.head);
        let mut transition = transition(decision, head, request.actor, Some(input), closer.as_ref())?;
        transition.data_key = data_key;
        if self.inner.options.quiet_hours {
            transition.keep_quiet(self.inner.options.rules.as_ref());
        }
        let (case, rows) = (transition.case.clone(), transition.rows.clone());
        let version = case.version;
        let outcome = Outcome::Done { id: case.id.clone(), version, rows: rows.clone() };
        transition.receipt = receipt_row(request, &outcome)?;
        let head_hash = transition.application.head_hash.clone();
        let leaves = transition.entry.parcels > 0;
        let written =
            if erases { self.write_erasure(&transition).await? } else { self.write(transition).await? };
        match written {
            Written::Committed => {
                self.inner.cache.put(&head_hash, &case);
                if leaves {
                    self.inner.filled.send_replace(());
                }
                Ok(Some(Answer::Done(Done { case, version, rows, replayed: false })))
            }
            Written::Conflict | Written::Taken(Unique::Receipt) => Ok(None),
            Written::Taken(Unique::ExternalId) => self.duplicate(&case).await,
            Written::Taken(which) => {
                Err(StoreError::Unsafe(format!("a key of {} is taken twice ({which:?})", case.id)))
            }
        }
    }

    /// What closes the texts of a transition, with the data key that it brings where the case has none yet.
    async fn closer(&self, case: &Case, stored: Option<&Stored>) -> Result<(Option<Closer>, Option<KeyRow>)> {
        match stored.map(|stored| stored.opener.closer()).transpose()?.flatten() {
            Some(closer) => Ok((Some(closer), None)),
            None => Ok(self.new_key(CaseId::new(&case.institution, &case.id)).await?.unzip()),
        }
    }

    /// The application that holds the external id. `None` when it has gone by now.
    async fn duplicate(&self, case: &Case) -> Result<Option<Answer>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&case.institution));
        w.equals("institution", case.institution.clone());
        w.equals("external_id", case.external_id.clone());
        let row = self.row_written(format!("SELECT id, number FROM application {}", w.sql()), w).await?;
        row.map(|row| {
            let number: Option<String> = row.try_get("", "number")?;
            Ok(Answer::Duplicate { id: row.try_get("", "id")?, number: number.unwrap_or_default() })
        })
        .transpose()
    }

    /// The first answer again.
    async fn replay(&self, scope: &Scope, receipt: &Receipt, key: &Key<'_>) -> Result<Answer> {
        if !receipt.is_for(key) {
            return Ok(Answer::KeyReused);
        }
        match &receipt.outcome {
            Outcome::Refused { refusal } => Ok(Answer::Refused(refusal.clone())),
            Outcome::Done { id, version, rows } => match self.stored(scope, id).await? {
                None => Ok(Answer::NotFound),
                // What a partner is not shown any more it is not shown by a repeat either.
                Some(stored) if scope.actor().role.is_partner() && !scope.sees(&stored.case) => {
                    Ok(Answer::NotFound)
                }
                Some(stored) => Ok(Answer::Done(Done {
                    case: stored.case,
                    version: *version,
                    rows: rows.clone(),
                    replayed: true,
                })),
            },
        }
    }

    /// One statement reads the case and the receipt.
    async fn load(&self, request: &Request<'_>) -> Result<Loaded> {
        let scope = reach(request);
        let mut w = Where::on(self.backend());
        w.within(scope.within());
        let held = self.inner.cache.get(request.target.id());
        let key: Option<String> = request.key.map(|k| k.key.to_owned());
        let (id, institution) = (w.bind(request.target.id()), w.bind(request.actor.institution.clone()));
        let (caller, key) = (w.bind(caller(request.actor)), w.bind(key));
        let known = w.bind(held.as_ref().map(|(hash, _)| hash.clone()));
        let concerned = scope.concerned(&mut w);
        let sql = format!(
            "SELECT {}, CASE WHEN {concerned} THEN 1 ELSE 0 END AS concerned, CASE WHEN a.head_hash = {known} THEN NULL ELSE a.body END AS body, r.body_hash, r.outcome FROM (SELECT 1 AS one) AS o \
             LEFT JOIN application a ON a.id = {id} \
             LEFT JOIN receipt r ON r.institution = {institution} AND r.caller = {caller} AND r.key = {key} {}",
            stored_columns(),
            w.sql()
        );
        let row = self.row(sql, w).await?;
        let Some(row) = row else { return Ok(Loaded { stored: None, receipt: None, concerned: false }) };
        let outcome: Option<String> = row.try_get("", "outcome")?;
        let receipt = match (outcome, &request.key) {
            (Some(outcome), Some(key)) => {
                Some(Receipt::read(key.key, row.try_get("", "body_hash")?, &outcome)?)
            }
            _ => None,
        };
        let concerned = row.try_get::<i32>("", "concerned")? == 1;
        let stored = self.stored_of(&row, held.map(|(_, case)| case)).await?;
        Ok(Loaded { stored, receipt, concerned })
    }

    /// An application by id, whichever of the scope's banks it is at: for this crate's own use.
    pub(crate) async fn stored(&self, scope: &Scope, id: &str) -> Result<Option<Stored>> {
        let mut w = Where::on(self.backend());
        w.within(scope.within());
        w.equals("a.id", id);
        let sql = format!("SELECT {}, a.body FROM application a {}", stored_columns(), w.sql());
        match &self.row(sql, w).await? {
            Some(row) => self.stored_of(row, None).await,
            None => Ok(None),
        }
    }

    /// A refusal leaves an audit line, and a receipt where there is a key.
    async fn refuse(
        &self,
        request: &Request<'_>,
        stored: Option<&Stored>,
        refusal: Refusal,
    ) -> Result<Option<Answer>> {
        let receipt = receipt_row(request, &Outcome::Refused { refusal: refusal.clone() })?;
        let mut line = audit_row(request, stored, refusal.code(), serde_json::to_string(&refusal)?);
        if let Some(closer) = stored.map(|stored| stored.opener.closer()).transpose()?.flatten() {
            line.detail = closer.close(&detail_place(&line.id), &line.detail)?;
        }
        match self.write_refusal(line, receipt).await? {
            Written::Committed => Ok(Some(Answer::Refused(refusal))),
            Written::Conflict | Written::Taken(_) => Ok(None),
        }
    }

    /// Somebody reached for what is not his, or for what is not there. The second wall hides another bank's case from this very
    /// function, so both are recorded alike, at the bank of whoever asked: neither answer nor time tells them apart.
    async fn hidden(&self, request: &Request<'_>, stored: Option<&Stored>) -> Result<Answer> {
        let spans = request.actor.institution.is_empty();
        let mut line = audit_row(request, stored.filter(|_| spans), "NOT_FOUND", "{}".to_owned());
        line.application_id = Some(request.target.id().chars().take(LONGEST_ID).collect());
        self.write_refusal(line, None).await?;
        Ok(Answer::NotFound)
    }
}

/// The answer that a partner got when it said the same before.
fn said_before(case: &Arc<Case>, given: &GivenAnswer) -> Done {
    Done { case: case.clone(), version: given.version, rows: given.rows.clone(), replayed: true }
}

/// The cases that the caller reaches with this command.
fn reach(request: &Request<'_>) -> Scope {
    Scope::reaching(request.actor, request.command.verb())
}

fn audit_row(request: &Request<'_>, stored: Option<&Stored>, code: &str, detail: String) -> AuditRow {
    let actor = request.actor;
    AuditRow {
        id: crate::audit::line_id(),
        institution: stored.map_or(&actor.institution, |s| &s.case.institution).clone(),
        application_id: stored.map(|s| s.case.id.clone()),
        at: Stamp::of(request.now),
        by_subject: actor.subject.clone(),
        role: actor.role.code().to_owned(),
        kind: "REFUSAL",
        verb: Some(request.command.verb().code().to_owned()),
        code: code.to_owned(),
        detail,
    }
}

/// Columns of an application as `stored_of` reads them, beside the body.
fn stored_columns() -> String {
    let key = key_column("a.institution", "a.id");
    format!("a.id, a.institution, a.version, a.head_hash, a.created_at, a.updated_at, a.updated_by, {key}")
}

impl Store {
    /// An application from a row; without a body it is the case that is held already.
    async fn stored_of(&self, row: &QueryResult, held: Option<Arc<Case>>) -> Result<Option<Stored>> {
        if row.try_get::<Option<String>>("", "id")?.is_none() {
            return Ok(None);
        }
        let (id, opener) = self.opener_of(row, "id").await?;
        let version: i64 = row.try_get("", "version")?;
        let body: Option<String> = row.try_get("", "body")?;
        let case = match (body, held) {
            (None, Some(case)) => case,
            (body, _) => {
                let body = opener.open(&body_place(version), &body.unwrap_or_default())?.text("case", &id)?;
                let read = serde_json::from_str(&body);
                Arc::new(read.map_err(|error| StoreError::Unreadable { what: "case", id, error })?)
            }
        };
        Ok(Some(Stored {
            case,
            head: Head {
                version,
                hash: row.try_get("", "head_hash")?,
                created_at: row.try_get("", "created_at")?,
            },
            updated_by: row.try_get("", "updated_by")?,
            updated_at: row.try_get("", "updated_at")?,
            opener,
        }))
    }
}

/// Short and growing, spread by the clock's low digits: racing writers must not march in step.
async fn back_off(attempt: u32) {
    let spread = u64::from(Utc::now().timestamp_subsec_nanos() / 1000 % 4000);
    tokio::time::sleep(Duration::from_micros(200 * u64::from(attempt.min(20)) + spread)).await;
}
