//! Letters that are to be posted: notices for which neither a mail nor an inbox reaches the person.

use crate::audit::{self, AuditRow};
use crate::ledger::{KIND, Try};
use crate::read::{Page, Scope, Where, cursor, instant, parse_cursor};
use crate::sql::{stamp, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult};

/// A letter is to be posted.
pub(crate) const DUE: &str = "DUE";
/// What stands in the ledger where a letter goes instead of a mail.
pub const SAID: &str = "PAPER";
/// Most letters of one step.
pub const MOST_AT_ONCE: usize = 100;

/// A letter that is to be posted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterToPost {
    /// Id of the parcel.
    pub id: String,
    pub application_id: String,
    /// Case number, once there is one.
    pub number: Option<String>,
    pub branch: String,
    /// Code of the notice.
    pub kind: String,
    /// A person of the case, as the outbox addresses it.
    pub address: String,
    /// The mail came back: `5.1.1`.
    pub bounce: Option<String>,
    pub since: DateTime<Utc>,
    pub cursor: String,
}

impl Store {
    /// The letters that are to be posted, the oldest first.
    pub async fn letters_to_post(
        &self,
        scope: &Scope,
        branch: Option<&str>,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<LetterToPost>> {
        let mut w = Where::on(self.backend());
        scope.on_outbox(&mut w);
        w.and("o.paper = 'DUE'");
        if let Some(branch) = branch {
            w.equals("o.branch", branch);
        }
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(o.settled_at, o.id) > ({at}, {id})"));
        }
        let sql = format!(
            "SELECT o.id, o.application_id, o.branch, o.kind, o.address, o.error, o.settled_at, a.number FROM outbox o \
             LEFT JOIN application a ON a.institution = o.institution AND a.id = o.application_id {} \
             ORDER BY o.settled_at, o.id LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(letter_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// Notes that letters were posted; the ids of those that waited for it. Each has a line of the audit.
    pub async fn mark_posted(
        &self,
        scope: &Scope,
        ids: &[String],
        now: DateTime<Utc>,
    ) -> Result<Vec<String>> {
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let actor = scope.actor();
        let posted = Try::plain("POSTED", now);
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let mut w = Where::on(self.backend());
        let line = w.bind(serde_json::to_string(&posted)?);
        w.is_one_of("o.id", ids);
        w.and("o.paper = 'DUE'");
        scope.on_outbox(&mut w);
        let sql = format!(
            "UPDATE outbox AS o SET paper = 'POSTED', tries = CASE WHEN o.tries IS NULL THEN {line} ELSE o.tries || '\n' || {line} END {} \
             RETURNING id, application_id, kind",
            w.sql()
        );
        let rows = tx.query_all_raw(statement(self.backend(), sql, w.into_values())).await?;
        let (mut done, mut lines) = (vec![], vec![]);
        for row in &rows {
            let (id, kind): (String, String) = (row.try_get("", "id")?, row.try_get("", "kind")?);
            let detail = serde_json::json!({ "parcel": id, "notice": kind });
            let line = AuditRow::step_of(actor, KIND, ("markPosted", &kind), &detail, now)?;
            lines.push(AuditRow { application_id: Some(row.try_get("", "application_id")?), ..line });
            done.push(id);
        }
        audit::add_all(&tx, &lines.iter().collect::<Vec<_>>()).await?;
        tx.commit().await?;
        done.sort();
        Ok(done)
    }
}

fn letter_of(row: &QueryResult) -> Result<LetterToPost> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (id, since): (String, DateTime<Utc>) = (text("id")?, row.try_get("", "settled_at")?);
    let error: Option<String> = row.try_get("", "error")?;
    Ok(LetterToPost {
        cursor: cursor(&stamp(since), &id),
        id,
        application_id: text("application_id")?,
        number: row.try_get("", "number")?,
        branch: text("branch")?,
        kind: text("kind")?,
        address: text("address")?,
        bounce: error
            .as_deref()
            .and_then(|error| error.strip_prefix(crate::bounces::BOUNCED))
            .map(str::to_owned),
        since,
    })
}
