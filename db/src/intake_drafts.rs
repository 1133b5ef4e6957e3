//! Half-filled applications: what one person has typed and not handed over yet. It is personal data of people who are no customers yet:
//! sealed, seen by whoever typed it alone, and gone when it is handed over, discarded, or left alone for some weeks (decision 38).

use crate::read::{Page, Scope, Where, cursor, instant, parse_cursor};
use crate::sql::{Columns, Ty, json, micros, row_set, stamp, statement};
use crate::vault::{CaseId, KeyFault};
use crate::wall::{self, Within, gate};
use crate::{Result, Store};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, QueryResult, Value};
use serde::Serialize;

/// Most drafts of one person.
pub const DRAFTS_MOST: u64 = 20;
/// Longest body, in bytes.
pub const LONGEST_BODY: usize = 64 * 1024;
/// Rows whose keys are wrapped anew at once.
const PAGE: u32 = 200;

/// A draft as its owner reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IntakeDraft {
    pub id: String,
    /// Counts how often it was saved.
    pub version: u64,
    pub saved_at: DateTime<Utc>,
    /// A JSON object, as the page that saved it wrote it.
    pub body: String,
    pub cursor: String,
}

/// A draft as it is to be.
#[derive(Copy, Clone, Debug)]
pub struct NewIntakeDraft<'a> {
    /// The draft that is saved anew, with the version that its page has seen; a new one without it.
    pub known: Option<(&'a str, u64)>,
    /// A JSON object of at most [`LONGEST_BODY`] bytes.
    pub body: &'a str,
}

/// Which version stands, and since when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    pub id: String,
    pub version: u64,
    pub saved_at: DateTime<Utc>,
}

/// What saving comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DraftAnswer {
    Saved(Standing),
    /// Another page saved it in the meantime, as told; nothing is written.
    Changed(Standing),
    /// There is no such draft of the caller any more: handed over, discarded or forgotten.
    Gone,
    /// A field that is not accepted, with what is; nothing is written.
    Wrong(&'static str, String),
}

const COLUMNS: &str = "d.id, d.version, d.body, d.kid, d.wrapped, d.saved_at";

/// Whose key it is: no case has such an id.
fn holder(institution: &str, id: &str) -> CaseId {
    CaseId::new(institution, &format!("intake_draft/{id}"))
}

fn place(version: u64) -> String {
    format!("intake_draft/{version}/body")
}

impl Store {
    /// The caller's drafts of his branches, the latest first.
    pub async fn intake_drafts(
        &self,
        scope: &Scope,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<IntakeDraft>> {
        let mut w = self.own_drafts(scope);
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(d.saved_at, d.id) < ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM intake_draft d {} ORDER BY d.saved_at DESC, d.id DESC LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let mut drafts = vec![];
        for row in &self.rows(sql, w).await? {
            drafts.push(self.draft_of(scope, row).await?);
        }
        Ok(Page::of(drafts, first, |draft| draft.cursor.clone()))
    }

    /// One draft of the caller.
    pub async fn intake_draft(&self, scope: &Scope, id: &str) -> Result<Option<IntakeDraft>> {
        let mut w = self.own_drafts(scope);
        w.equals("d.id", id);
        let sql = format!("SELECT {COLUMNS} FROM intake_draft d {}", w.sql());
        // From the writer: a page reads what another one has just saved.
        match &self.row_written(sql, w).await? {
            Some(row) => self.draft_of(scope, row).await.map(Some),
            None => Ok(None),
        }
    }

    /// Saves what the caller has typed: a new draft, or a known one at the version that his page has seen. Errors: the key service does
    /// not answer.
    pub async fn save_intake_draft(
        &self,
        scope: &Scope,
        new: NewIntakeDraft<'_>,
        now: DateTime<Utc>,
    ) -> Result<DraftAnswer> {
        if let Some(accepted) = wrong(new.body) {
            return Ok(DraftAnswer::Wrong("body", accepted));
        }
        let id = new.known.map_or_else(crate::audit::line_id, |(id, _)| id.to_owned());
        let version = new.known.map_or(1, |(_, seen)| seen.saturating_add(1));
        let sealed = self.sealed_draft(scope, &id, version, new.body).await?;
        let saved = Standing { id, version, saved_at: micros(now) };
        match new.known {
            None => self.add_draft(scope, saved, sealed).await,
            Some(_) => self.change_draft(scope, saved, sealed).await,
        }
    }

    /// Erases a draft of the caller; false where he has none with this id.
    pub async fn discard_intake_draft(&self, scope: &Scope, id: &str) -> Result<bool> {
        let mut w = self.own_drafts(scope);
        w.equals("d.id", id);
        self.touch(format!("DELETE FROM intake_draft AS d {}", w.sql()), w).await
    }

    /// Erases drafts that nobody has saved since an instant, of all banks, at most so many; how many.
    pub async fn forget_intake_drafts(&self, before: DateTime<Utc>, most: u32) -> Result<u64> {
        let mut values: Vec<Value> = vec![micros(before).into()];
        let gate = gate(self.backend(), Within::Across, &mut values);
        let sql = format!(
            "DELETE FROM intake_draft WHERE {gate} AND id IN (SELECT d.id FROM intake_draft d WHERE {gate} AND d.saved_at < $1 \
             ORDER BY d.saved_at LIMIT {most})"
        );
        let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(done.rows_affected())
    }

    /// What is the caller's: typed by him, in a branch where he still is.
    fn own_drafts(&self, scope: &Scope) -> Where {
        let actor = scope.actor();
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&actor.institution));
        w.equals("d.institution", actor.institution.clone());
        w.equals("d.owner", actor.subject.clone());
        if !actor.branches.is_empty() {
            let here: Vec<String> = actor.branches.iter().cloned().chain([String::new()]).collect();
            w.is_one_of("d.branch", &here);
        }
        w
    }

    async fn sealed_draft(&self, scope: &Scope, id: &str, version: u64, body: &str) -> Result<Sealed> {
        Ok(match self.new_key(holder(&scope.actor().institution, id)).await? {
            Some((closer, key)) => {
                Sealed { body: closer.close(&place(version), body)?, kid: key.kid, wrapped: key.wrapped }
            }
            // As what is stored of cases without a vault.
            None => Sealed { body: body.to_owned(), kid: String::new(), wrapped: String::new() },
        })
    }

    async fn add_draft(&self, scope: &Scope, saved: Standing, sealed: Sealed) -> Result<DraftAnswer> {
        let (actor, backend) = (scope.actor(), self.backend());
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let mine: Vec<Value> = vec![actor.institution.clone().into(), actor.subject.clone().into()];
        // Two pages that begin one at once wait for each other: together they do not pass the limit.
        if backend == DbBackend::Postgres {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended($1 || chr(31) || $2 || chr(31) || 'drafts', 0))";
            tx.query_one_raw(statement(backend, lock, mine.clone())).await?;
        }
        let sql = "SELECT count(*) AS n FROM intake_draft d WHERE d.institution = $1 AND d.owner = $2";
        let row = tx.query_one_raw(statement(backend, sql, mine)).await?;
        let there: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
        if there.unsigned_abs() >= DRAFTS_MOST {
            let accepted = format!(
                "at most {DRAFTS_MOST} drafts of one person: discard one / 書きかけは1人{DRAFTS_MOST}件まで。不要なものを破棄してください"
            );
            return Ok(DraftAnswer::Wrong("id", accepted));
        }
        let sql = "INSERT INTO intake_draft (id, institution, branch, owner, version, body, kid, wrapped, saved_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let values: Vec<Value> = vec![
            saved.id.clone().into(),
            actor.institution.clone().into(),
            actor.branches.first().cloned().unwrap_or_default().into(),
            actor.subject.clone().into(),
            (saved.version as i64).into(),
            sealed.body.into(),
            sealed.kid.into(),
            sealed.wrapped.into(),
            saved.saved_at.into(),
        ];
        tx.execute_raw(statement(backend, sql, values)).await?;
        tx.commit().await?;
        Ok(DraftAnswer::Saved(saved))
    }

    async fn change_draft(&self, scope: &Scope, saved: Standing, sealed: Sealed) -> Result<DraftAnswer> {
        let mut w = self.own_drafts(scope);
        w.equals("d.id", saved.id.clone());
        w.equals("d.version", saved.version as i64 - 1);
        let (version, body) = (w.bind(saved.version as i64), w.bind(sealed.body));
        let (kid, wrapped, at) = (w.bind(sealed.kid), w.bind(sealed.wrapped), w.bind(saved.saved_at));
        let sql = format!(
            "UPDATE intake_draft AS d SET version = {version}, body = {body}, kid = {kid}, wrapped = {wrapped}, \
             saved_at = {at} {}",
            w.sql()
        );
        if self.touch(sql, w).await? {
            return Ok(DraftAnswer::Saved(saved));
        }
        let mut w = self.own_drafts(scope);
        w.equals("d.id", saved.id);
        let sql = format!("SELECT d.id, d.version, d.saved_at FROM intake_draft d {}", w.sql());
        match &self.row_written(sql, w).await? {
            Some(row) => Ok(DraftAnswer::Changed(standing_of(row)?)),
            None => Ok(DraftAnswer::Gone),
        }
    }

    async fn draft_of(&self, scope: &Scope, row: &QueryResult) -> Result<IntakeDraft> {
        let Standing { id, version, saved_at } = standing_of(row)?;
        let text = |name: &str| row.try_get::<String>("", name);
        let (kid, wrapped) = (text("kid")?, text("wrapped")?);
        let key = (!kid.is_empty()).then(|| format!("{kid}:{wrapped}"));
        let opener = self.opener(holder(&scope.actor().institution, &id), key).await?;
        let body = opener.open(&place(version), &text("body")?)?.text("draft", &id)?;
        Ok(IntakeDraft { cursor: cursor(&stamp(saved_at), &id), id, version, saved_at, body })
    }

    /// Wraps every key of a draft anew that another key than the active one wraps; how many, and how many do not open. Errors: a key is
    /// not at hand, named.
    pub(crate) async fn rewrap_drafts(&self, active: &str) -> Result<(u64, u64)> {
        let Some(vault) = &self.inner.options.vault else { return Ok((0, 0)) };
        let (mut done, mut damaged, mut after) = (0, 0, String::new());
        loop {
            let mut w = Where::on(self.backend());
            w.within(Within::Across);
            let (kid, last) = (w.bind(active), w.bind(after.clone()));
            w.and(format!("d.kid <> {kid} AND d.kid <> '' AND d.id > {last}"));
            let sql = format!(
                "SELECT d.id, d.institution, d.kid, d.wrapped FROM intake_draft d {} ORDER BY d.id LIMIT {PAGE}",
                w.sql()
            );
            let rows = self.rows(sql, w).await?;
            let mut anew = vec![];
            for row in &rows {
                let text = |name: &str| row.try_get::<String>("", name);
                let (id, kid, old) = (text("id")?, text("kid")?, text("wrapped")?);
                after.clone_from(&id);
                let context = holder(&text("institution")?, &id).context();
                let opened = match STANDARD.decode(&old) {
                    Ok(bytes) => vault.unwrap_key(&kid, &bytes, &context).await,
                    Err(_) => Err(KeyFault::Broken(kid)),
                };
                match opened {
                    Ok(key) => {
                        let wrapped = STANDARD.encode(vault.wrap_key(&key, &context).await?);
                        anew.push(Rewrap { id, old, kid: active.to_owned(), wrapped });
                    }
                    Err(KeyFault::Broken(_)) => damaged += 1,
                    Err(fault) => return Err(fault.into()),
                }
            }
            done += self.store_rewrapped_drafts(&anew).await?;
            if rows.len() < PAGE as usize {
                return Ok((done, damaged));
            }
        }
    }

    async fn store_rewrapped_drafts(&self, anew: &[Rewrap]) -> Result<u64> {
        if anew.is_empty() {
            return Ok(0);
        }
        let mut values = vec![json(anew)?];
        let gate = gate(self.backend(), Within::Across, &mut values);
        // One that was saved anew in the meantime lies under the active key already.
        let sql = format!(
            "UPDATE intake_draft SET kid = r.kid, wrapped = r.wrapped FROM {} WHERE {gate} AND intake_draft.id = r.id \
             AND intake_draft.wrapped = r.old",
            row_set(self.backend(), 1, "r", REWRAP)
        );
        let done = self.writer_across().execute_raw(statement(self.backend(), sql, values)).await?;
        Ok(done.rows_affected())
    }
}

/// A body as it is stored, with its wrapped key.
struct Sealed {
    body: String,
    kid: String,
    wrapped: String,
}

#[derive(Serialize)]
struct Rewrap {
    id: String,
    old: String,
    kid: String,
    wrapped: String,
}

const REWRAP: Columns = &[("id", Ty::Text), ("old", Ty::Text), ("kid", Ty::Text), ("wrapped", Ty::Text)];

fn standing_of(row: &QueryResult) -> Result<Standing> {
    let version: i64 = row.try_get("", "version")?;
    Ok(Standing {
        id: row.try_get("", "id")?,
        version: version.unsigned_abs(),
        saved_at: row.try_get("", "saved_at")?,
    })
}

/// What is accepted, where a body is not.
fn wrong(body: &str) -> Option<String> {
    if body.len() > LONGEST_BODY {
        return Some(format!("at most {LONGEST_BODY} bytes / {LONGEST_BODY}バイト以内"));
    }
    let object = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(body).is_ok();
    (!object).then(|| "a JSON object / JSON のオブジェクト".to_owned())
}
