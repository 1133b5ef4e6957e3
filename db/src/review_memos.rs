//! Memos of a guarantee institution on a case that it was asked about: its people write them for each other, and nobody else reads them
//! (decision 41).
//!
//! They stand beside the case and not in its history: nothing that tells of a case (its log, exports, webhooks, streams, letters, figures, a
//! disclosure) meets this table. Each text is sealed under the case's data key and gone with it. The audit says who wrote one and when,
//! with the digest of what is stored: verification compares the two, and no auditor reads the text.

use crate::audit::{self, AuditRow};
use crate::read::{Scope, Where};
use crate::sql::{micros, statement};
use crate::vault::{key_column, review_memo_place};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use workflows::Problem;
use workflows::machine::{Case, Role};

/// Characters of a memo, at most.
pub const LONGEST_MEMO: usize = 2_000;
/// Memos of one institution on one case, at most.
pub const MEMOS_MOST: u32 = 200;

/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "REVIEW_MEMO";
const VERB: &str = "addReviewMemo";
const RULE: &str = "F-02";

/// A memo as the institution's people read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewMemo {
    pub id: String,
    /// Sign-in of whoever wrote it.
    pub by: String,
    pub at: DateTime<Utc>,
    pub text: String,
}

/// What writing one comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MemoAnswer {
    /// It is written, under this id.
    Done(String),
    /// Everything that stands against it; nothing is written.
    Invalid(Vec<Problem>),
    /// No such case for the caller.
    NotFound,
    /// The caller belongs to no guarantee institution.
    Forbidden,
}

/// A row as the audit tells of it: everything but the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stored {
    pub id: String,
    institution: String,
    application_id: String,
    organisation: String,
    author: String,
    made_at: DateTime<Utc>,
    /// SHA-256 of the text as it is stored.
    digest: String,
}

fn digest(body: &str) -> String {
    hex::encode(Sha256::digest(body))
}

fn problem(field: &str, (ja, en): (&str, &str), accepted: String) -> Vec<Problem> {
    let (message_ja, message_en) = (ja.to_owned(), en.to_owned());
    vec![Problem { field: field.to_owned(), rule: RULE, message_ja, message_en, accepted }]
}

/// What is wrong with a text.
fn refused(text: &str) -> Option<Vec<Problem>> {
    let right = !text.is_empty() && text.chars().count() <= LONGEST_MEMO;
    let words = ("1～2,000文字で記載してください。", "Write 1 to 2,000 characters.");
    (!right)
        .then(|| problem("text", words, format!("1 to {LONGEST_MEMO} characters / 1～{LONGEST_MEMO}文字")))
}

/// The institution of the caller, where it is one's own work to review guarantees.
fn organisation(scope: &Scope) -> Option<&str> {
    let actor = scope.actor();
    actor.organisation.as_deref().filter(|_| actor.role == Role::Guarantor)
}

impl Store {
    /// The memos of the caller's institution on a case, the earliest first. `None`: no such case for the caller. The case is there for an
    /// institution that was asked about it, as long as it is with that one and the consent stands.
    pub async fn review_memos(&self, scope: &Scope, application_id: &str) -> Result<Option<Vec<ReviewMemo>>> {
        let Some(organisation) = organisation(scope) else { return Ok(None) };
        let Some(case) = self.case(scope, application_id).await? else { return Ok(None) };
        let mut w = own(self, &case, organisation);
        let most = w.bind(i64::from(MEMOS_MOST));
        let sql = format!(
            "SELECT m.id, m.institution, m.application_id, m.author, m.made_at, m.body, {} FROM review_memo m {} \
             ORDER BY m.made_at, m.id LIMIT {most}",
            key_column("m.institution", "m.application_id"),
            w.sql()
        );
        let mut memos = vec![];
        for row in &self.rows(sql, w).await? {
            memos.push(self.review_memo_of(row).await?);
        }
        Ok(Some(memos))
    }

    async fn review_memo_of(&self, row: &QueryResult) -> Result<ReviewMemo> {
        let (_, opener) = self.opener_of(row, "application_id").await?;
        let (id, body): (String, String) = (row.try_get("", "id")?, row.try_get("", "body")?);
        let text = opener.open(&review_memo_place(&id), &body)?.text("review memo", &id)?;
        Ok(ReviewMemo { id, by: row.try_get("", "author")?, at: row.try_get("", "made_at")?, text })
    }

    /// Writes a memo for one's colleagues. It is never changed: a correction is another one.
    pub async fn add_review_memo(
        &self,
        scope: &Scope,
        application_id: &str,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<MemoAnswer> {
        let Some(organisation) = organisation(scope) else { return Ok(MemoAnswer::Forbidden) };
        let Some(case) = self.case(scope, application_id).await? else { return Ok(MemoAnswer::NotFound) };
        let text = text.trim();
        if let Some(problems) = refused(text) {
            return Ok(MemoAnswer::Invalid(problems));
        }
        if self.memos_so_far(&case, organisation).await? >= u64::from(MEMOS_MOST) {
            let words = ("この案件のメモが上限に達しています。", "The case has as many memos as it may.");
            let accepted = format!("at most {MEMOS_MOST} memos on a case / 1案件{MEMOS_MOST}件まで");
            return Ok(MemoAnswer::Invalid(problem("applicationId", words, accepted)));
        }
        let (id, author) = (audit::line_id(), scope.actor().subject.clone());
        // As what is stored of a case without a data key.
        let body = match self.drawer(&case).await? {
            Some(drawer) => drawer.closer().close(&review_memo_place(&id), text)?,
            None => text.to_owned(),
        };
        let stored = Stored {
            id: id.clone(),
            institution: case.institution.clone(),
            application_id: case.id.clone(),
            organisation: organisation.to_owned(),
            author: author.clone(),
            made_at: micros(now),
            digest: digest(&body),
        };
        let who = (case.institution.as_str(), author.as_str(), scope.actor().role);
        let step = (VERB, organisation);
        let mut audited = AuditRow::step(who, KIND, step, serde_json::to_string(&stored)?, now);
        audited.application_id = Some(case.id.clone());
        let sql = "INSERT INTO review_memo (id, institution, application_id, organisation, author, made_at, body) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let values: Vec<Value> = vec![
            stored.id.into(),
            stored.institution.into(),
            stored.application_id.into(),
            stored.organisation.into(),
            stored.author.into(),
            stored.made_at.into(),
            body.into(),
        ];
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&case.institution)).await?;
        tx.execute_raw(statement(self.backend(), sql, values)).await?;
        audit::add(&tx, &audited).await?;
        tx.commit().await?;
        Ok(MemoAnswer::Done(id))
    }

    async fn memos_so_far(&self, case: &Case, organisation: &str) -> Result<u64> {
        let w = own(self, case, organisation);
        let sql = format!("SELECT count(*) AS n FROM review_memo m {}", w.sql());
        let row = self.row_written(sql, w).await?;
        let there: i64 = row.map(|row| row.try_get("", "n")).transpose()?.unwrap_or_default();
        Ok(there.unsigned_abs())
    }
}

/// Conditions on `review_memo m`: those of one institution on one case.
fn own(store: &Store, case: &Case, organisation: &str) -> Where {
    let mut w = Where::on(store.backend());
    w.within(Within::Institution(&case.institution));
    w.equals("m.institution", case.institution.clone());
    w.equals("m.application_id", case.id.clone());
    w.equals("m.organisation", organisation);
    w
}

/// Every memo of every bank without its text, for verification.
pub(crate) async fn all<C: ConnectionTrait>(connection: &C) -> Result<Vec<Stored>> {
    let sql = "SELECT m.id, m.institution, m.application_id, m.organisation, m.author, m.made_at, m.body FROM review_memo m \
               ORDER BY m.id";
    let rows = connection.query_all_raw(statement(connection.get_database_backend(), sql, vec![])).await?;
    rows.iter().map(stored_of).collect()
}

fn stored_of(row: &QueryResult) -> Result<Stored> {
    let text = |name: &str| row.try_get::<String>("", name);
    Ok(Stored {
        id: text("id")?,
        institution: text("institution")?,
        application_id: text("application_id")?,
        organisation: text("organisation")?,
        author: text("author")?,
        made_at: row.try_get("", "made_at")?,
        digest: digest(&text("body")?),
    })
}
