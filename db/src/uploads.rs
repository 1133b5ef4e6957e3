//! Uploads: files on their way into a case. The bytes lie elsewhere, sealed; here stands how many have arrived, in which pieces, and
//! what became of them. What is attached in the end is an entry of the case.

use crate::audit::{self, AuditRow};
use crate::read::{Scope, Where, known};
use crate::sql::{Stamp, micros, statement};
use crate::vault::{CaseId, Drawer, key_column};
use crate::wall::{self, Within};
use crate::{Result, Store, StoreError};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use workflows::intake::Paper;
use workflows::machine::papers::UploadState;
use workflows::machine::{Actor, Case, Role};

/// What whoever opens an upload says of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Announced {
    pub paper: Paper,
    #[serde(default)]
    pub party_id: Option<String>,
    #[serde(default)]
    pub property_no: Option<u16>,
    #[serde(default)]
    pub loan_no: Option<u8>,
    #[serde(default)]
    pub issued_on: Option<NaiveDate>,
    /// Name of the file.
    #[serde(default)]
    pub name: Option<String>,
    /// SHA-256 in hex, where the sender knows it: anything else is refused.
    #[serde(default)]
    pub sha256: Option<String>,
    /// File of the case whose place it takes.
    #[serde(default)]
    pub replaces: Option<String>,
}

/// A part of the bytes as it arrived: its name in the store and its length.
pub type Piece = (String, u64);

/// An upload.
#[derive(Clone, Debug)]
pub struct Upload {
    pub id: String,
    pub institution: String,
    pub application_id: String,
    /// Who opened it, and as what.
    pub subject: String,
    pub role: Role,
    pub state: UploadState,
    /// Bytes announced, and bytes here.
    pub bytes: u64,
    pub received: u64,
    pub pieces: Vec<Piece>,
    pub announced: Announced,
    /// Code of what was found where it was refused, or of what it waits for.
    pub reason: Option<String>,
    pub begun_at: DateTime<Utc>,
    /// Unfinished, it ends here.
    pub ends_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    drawer: Drawer,
}

impl Upload {
    /// The drawer of its case.
    pub fn drawer(&self) -> &Drawer {
        &self.drawer
    }
}

/// How much may be taken in.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct UploadLimits {
    /// Bytes of all files of a case, open uploads included.
    pub case_bytes: u64,
    /// Uploads that one person or client may have open.
    pub open: u64,
    /// An upload that is not finished by then ends.
    pub time: TimeDelta,
}

/// What opening an upload comes to.
#[derive(Clone, Debug)]
pub enum Opening {
    Opened(Box<Upload>),
    /// So many are open already.
    TooMany(u64),
    /// So many bytes the case still takes.
    CaseFull(u64),
}

/// Kind of the lines of the audit.
const KIND: &str = "UPLOAD";
/// Rows looked at at once.
const PAGE: u32 = 100;
/// Uploads of a case that are shown at most, the latest first.
const SHOWN: u32 = 100;

fn columns() -> String {
    format!(
        "u.id, u.institution, u.application_id, u.subject, u.role, u.state, u.bytes, u.received, u.pieces, u.detail, u.reason, \
         u.begun_at, u.ends_at, u.settled_at, {}",
        key_column("u.institution", "u.application_id")
    )
}

fn place(id: &str) -> String {
    format!("upload/{id}/detail")
}

impl Store {
    /// Opens an upload into a case that the actor was shown. Errors: the database.
    pub async fn open_upload(
        &self,
        (case, drawer): (&Case, &Drawer),
        actor: &Actor,
        announced: &Announced,
        bytes: u64,
        limits: UploadLimits,
        now: DateTime<Utc>,
    ) -> Result<Opening> {
        let (backend, id) = (self.backend(), uuid::Uuid::now_v7().to_string());
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&case.institution)).await?;
        // Two that open at once wait for each other: neither passes a limit.
        if backend == sea_orm::DbBackend::Postgres {
            for of in [&actor.subject, &case.id] {
                let lock = "SELECT pg_advisory_xact_lock(hashtextextended('upload' || chr(31) || $1, 0))";
                tx.query_one_raw(statement(backend, lock, vec![of.clone().into()])).await?;
            }
        }
        let open = "SELECT \
                    (SELECT count(*) FROM upload u WHERE u.institution = $1 AND u.subject = $2 AND u.state = 'OPEN' AND u.ends_at > $3) AS mine, \
                    (SELECT CAST(coalesce(sum(u.bytes), 0) AS bigint) FROM upload u WHERE u.institution = $1 AND u.application_id = $4 \
                     AND (u.state = 'WAITING' OR (u.state = 'OPEN' AND u.ends_at > $3))) AS coming";
        let values: Vec<Value> = vec![
            case.institution.clone().into(),
            actor.subject.clone().into(),
            micros(now).into(),
            case.id.clone().into(),
        ];
        let row = tx.query_one_raw(statement(backend, open, values)).await?;
        let count = |name: &str| -> Result<u64> {
            let found = row.as_ref().map(|row| row.try_get::<i64>("", name)).transpose()?;
            Ok(found.unwrap_or_default().unsigned_abs())
        };
        let (mine, coming) = (count("mine")?, count("coming")?);
        if mine >= limits.open {
            return Ok(Opening::TooMany(mine));
        }
        let here: u64 = case.files.iter().map(|attached| attached.file.bytes).sum();
        let left = limits.case_bytes.saturating_sub(here + coming);
        if bytes > left {
            return Ok(Opening::CaseFull(left));
        }
        let detail = drawer.closer().close(&place(&id), &serde_json::to_string(announced)?)?;
        let ends_at = micros(now + limits.time);
        let sql = "INSERT INTO upload (id, institution, application_id, subject, role, state, bytes, received, pieces, detail, begun_at, \
                   ends_at) VALUES ($1, $2, $3, $4, $5, 'OPEN', $6, 0, '[]', $7, $8, $9)";
        let values: Vec<Value> = vec![
            id.clone().into(),
            case.institution.clone().into(),
            case.id.clone().into(),
            actor.subject.clone().into(),
            actor.role.code().into(),
            i64::try_from(bytes).unwrap_or(i64::MAX).into(),
            detail.into(),
            micros(now).into(),
            ends_at.into(),
        ];
        tx.execute_raw(statement(backend, sql, values)).await?;
        tx.commit().await?;
        Ok(Opening::Opened(Box::new(Upload {
            id,
            institution: case.institution.clone(),
            application_id: case.id.clone(),
            subject: actor.subject.clone(),
            role: actor.role,
            state: UploadState::Open,
            bytes,
            received: 0,
            pieces: vec![],
            announced: announced.clone(),
            reason: None,
            begun_at: micros(now),
            ends_at,
            settled_at: None,
            drawer: drawer.clone(),
        })))
    }

    /// An upload of the caller's own; for everybody else it does not exist.
    pub async fn upload(&self, actor: &Actor, id: &str) -> Result<Option<Upload>> {
        let scope = Scope::of(actor);
        let mut w = Where::on(self.backend());
        w.within(scope.within());
        w.equals("u.id", id);
        w.equals("u.subject", actor.subject.clone());
        w.equals("u.role", actor.role.code());
        // Partners of several banks have none of their own.
        if !actor.institution.is_empty() {
            w.equals("u.institution", actor.institution.clone());
        }
        self.one_upload(w).await
    }

    /// Uploads of a case that the scope shows, the latest first: all for those inside, one's own for others.
    pub async fn uploads_of(&self, scope: &Scope, case: &Case) -> Result<Vec<Upload>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&case.institution));
        w.equals("u.institution", case.institution.clone());
        w.equals("u.application_id", case.id.clone());
        let actor = scope.actor();
        if !actor.role.is_staff() && !actor.role.is_internal() {
            w.equals("u.subject", actor.subject.clone());
        }
        let sql = format!("SELECT {} FROM upload u {} ORDER BY u.id DESC LIMIT {SHOWN}", columns(), w.sql());
        let rows = self.rows(sql, w).await?;
        self.uploads_in(&rows).await
    }

    /// Notes a piece that lies in the store already. False: others were faster, or the upload is over; then the piece counts for nothing.
    pub async fn receive_piece(&self, upload: &Upload, piece: Piece, now: DateTime<Utc>) -> Result<bool> {
        let received = upload.received + piece.1;
        let pieces = [upload.pieces.as_slice(), &[piece]].concat();
        let mut w = self.exactly(upload);
        w.equals("u.state", "OPEN");
        w.equals("u.received", i64::try_from(upload.received).unwrap_or(i64::MAX));
        let now = w.bind(micros(now));
        w.and(format!("u.ends_at > {now}"));
        let (set, json) =
            (w.bind(i64::try_from(received).unwrap_or(i64::MAX)), w.bind(serde_json::to_string(&pieces)?));
        let sql = format!(
            "UPDATE upload AS u SET received = {set}, pieces = {json}, \
             state = CASE WHEN u.bytes = {set} THEN 'WAITING' ELSE 'OPEN' END {}",
            w.sql()
        );
        self.touch(sql, w).await
    }

    /// Takes a whole upload to judge it, for so long that a process that dies does not keep it. False: somebody else has it.
    pub async fn hold_upload(
        &self,
        upload: &Upload,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<bool> {
        let mut w = self.exactly(upload);
        w.equals("u.state", "WAITING");
        let now = w.bind(micros(now));
        w.and(format!("(u.held_until IS NULL OR u.held_until <= {now})"));
        let until = w.bind(micros(until));
        let sql = format!("UPDATE upload AS u SET held_until = {until} {}", w.sql());
        self.touch(sql, w).await
    }

    /// Leaves a whole upload in quarantine until then, with the code of what it waits for.
    pub async fn postpone_upload(&self, upload: &Upload, reason: &str, until: DateTime<Utc>) -> Result<()> {
        let mut w = self.exactly(upload);
        w.equals("u.state", "WAITING");
        let (until, reason) = (w.bind(micros(until)), w.bind(reason));
        let sql = format!("UPDATE upload AS u SET held_until = {until}, reason = {reason} {}", w.sql());
        self.touch(sql, w).await.map(|_| ())
    }

    /// Ends an upload: attached, refused with the code of what was found, or expired. A refusal stands in the audit. False: it was over
    /// already.
    pub async fn settle_upload(
        &self,
        upload: &Upload,
        state: UploadState,
        reason: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&upload.institution)).await?;
        let sql = "UPDATE upload SET state = $3, reason = $4, settled_at = $5, held_until = NULL, pieces = '[]' \
                   WHERE institution = $1 AND id = $2 AND state IN ('OPEN', 'WAITING')";
        let values: Vec<Value> = vec![
            upload.institution.clone().into(),
            upload.id.clone().into(),
            state.code().into(),
            reason.map(str::to_owned).into(),
            micros(now).into(),
        ];
        let done = tx.execute_raw(statement(self.backend(), sql, values)).await?.rows_affected() == 1;
        if done && state == UploadState::Refused {
            let detail = serde_json::json!({
                "upload": upload.id, "paper": upload.announced.paper, "bytes": upload.bytes, "reason": reason,
            });
            let line = AuditRow {
                id: audit::line_id(),
                institution: upload.institution.clone(),
                application_id: Some(upload.application_id.clone()),
                at: Stamp::of(now),
                by_subject: upload.subject.clone(),
                role: upload.role.code().to_owned(),
                kind: KIND,
                verb: None,
                code: reason.unwrap_or_default().to_owned(),
                detail: detail.to_string(),
            };
            audit::add_all(&tx, &[&line]).await?;
        }
        tx.commit().await?;
        Ok(done)
    }

    /// Whole uploads that nobody is judging, of all banks.
    pub async fn waiting_uploads(&self, now: DateTime<Utc>) -> Result<Vec<Upload>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("u.state", "WAITING");
        let now = w.bind(micros(now));
        w.and(format!("(u.held_until IS NULL OR u.held_until <= {now})"));
        self.due_uploads(w).await
    }

    /// Uploads that were left unfinished, of all banks.
    pub async fn lapsed_uploads(&self, now: DateTime<Utc>) -> Result<Vec<Upload>> {
        let mut w = Where::on(self.backend());
        w.within(Within::Across);
        w.equals("u.state", "OPEN");
        let now = w.bind(micros(now));
        w.and(format!("u.ends_at <= {now}"));
        self.due_uploads(w).await
    }

    async fn due_uploads(&self, w: Where) -> Result<Vec<Upload>> {
        let sql =
            format!("SELECT {} FROM upload u {} ORDER BY u.ends_at, u.id LIMIT {PAGE}", columns(), w.sql());
        let rows = self.rows(sql, w).await?;
        self.uploads_in(&rows).await
    }

    /// The row of an upload that was read, behind its own wall.
    fn exactly(&self, upload: &Upload) -> Where {
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&upload.institution));
        w.equals("u.institution", upload.institution.clone());
        w.equals("u.id", upload.id.clone());
        w
    }

    async fn one_upload(&self, w: Where) -> Result<Option<Upload>> {
        let sql = format!("SELECT {} FROM upload u {}", columns(), w.sql());
        let row = self.row_written(sql, w).await?;
        Ok(self.uploads_in(row.as_slice()).await?.pop())
    }

    /// Rows of cases whose key is gone are no uploads any more.
    async fn uploads_in(&self, rows: &[QueryResult]) -> Result<Vec<Upload>> {
        let mut found = vec![];
        for row in rows {
            let text = |name: &str| row.try_get::<String>("", name);
            let (id, institution, application_id) =
                (text("id")?, text("institution")?, text("application_id")?);
            let case = CaseId::new(&institution, &application_id);
            let opener = self.opener(case, row.try_get("", "data_key")?).await?;
            let Some(drawer) = opener.drawer()? else { continue };
            let Some(detail) = opener.open(&place(&id), &text("detail")?)?.known("upload", &id)? else {
                continue;
            };
            let unreadable = |error| StoreError::Unreadable { what: "upload", id: id.clone(), error };
            let (role, state) = (text("role")?, text("state")?);
            let number = |name: &str| row.try_get::<i64>("", name).map(i64::unsigned_abs);
            found.push(Upload {
                announced: serde_json::from_str(&detail).map_err(unreadable)?,
                pieces: serde_json::from_str(&text("pieces")?).map_err(|error| StoreError::Unreadable {
                    what: "upload",
                    id: id.clone(),
                    error,
                })?,
                institution,
                application_id,
                subject: text("subject")?,
                role: known(Role::parse(&role), "role", &role)?,
                state: known(UploadState::parse(&state), "state of an upload", &state)?,
                bytes: number("bytes")?,
                received: number("received")?,
                reason: row.try_get("", "reason")?,
                begun_at: row.try_get("", "begun_at")?,
                ends_at: row.try_get("", "ends_at")?,
                settled_at: row.try_get("", "settled_at")?,
                drawer,
                id,
            });
        }
        Ok(found)
    }
}
