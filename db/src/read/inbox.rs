//! The in-app inbox: what couriers delivered to a person, a desk or a partner.

use super::list::instant;
use super::{Page, Scope, Where, cursor, known, parse_cursor};
use crate::sql::{micros, stamp};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use workflows::disclosure::Shown;
use workflows::machine::{Case, NoticeId, Recipient, Role};

/// A delivered notice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    pub id: String,
    pub application_id: String,
    /// Number of the case.
    pub number: String,
    pub notice: NoticeId,
    pub role: Role,
    pub at: DateTime<Utc>,
    pub subject_ja: String,
    pub subject_en: String,
    pub body_ja: String,
    pub body_en: String,
    pub read_at: Option<DateTime<Utc>>,
    pub read_by: Option<String>,
    pub cursor: String,
}

const COLUMNS: &str = "i.id, i.application_id, i.number, i.kind, i.role, i.at, i.subject_ja, i.subject_en, i.body_ja, \
     i.body_en, i.read_at, i.read_by";

/// Notices that one disclosure shows at most: the latest.
const DISCLOSED: u32 = 1000;

impl Store {
    /// What was shown to one person of a case, the oldest first, for a disclosure to that person.
    pub async fn shown_to(&self, scope: &Scope, case: &Case, party_id: &str) -> Result<Vec<Shown>> {
        let recipient = Recipient::Party { party_id: party_id.to_owned() };
        let mut w = Where::on(self.backend());
        w.within(scope.within());
        w.equals("i.institution", case.institution.clone());
        w.equals("i.application_id", case.id.clone());
        w.equals("i.recipient", crate::rows::address(case, &recipient).0);
        let sql = format!(
            "SELECT i.at, i.subject_ja, i.body_ja FROM inbox i {} ORDER BY i.at DESC, i.id DESC LIMIT {DISCLOSED}",
            w.sql()
        );
        let mut shown = vec![];
        for row in self.rows(sql, w).await?.iter().rev() {
            let at: DateTime<Utc> = row.try_get("", "at")?;
            shown.push(Shown {
                at: workflows::calendar::tokyo_date(at),
                subject: row.try_get("", "subject_ja")?,
                body: row.try_get("", "body_ja")?,
            });
        }
        Ok(shown)
    }

    /// A page of the reader's inbox, the latest first.
    pub async fn inbox(
        &self,
        scope: &Scope,
        after: Option<&str>,
        first: u32,
        unread: bool,
    ) -> Result<Page<InboxEntry>> {
        let mut w = Where::on(self.backend());
        scope.on_inbox(&mut w);
        if unread {
            w.and("i.read_at IS NULL");
        }
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(i.at, i.id) < ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM inbox i {} ORDER BY i.at DESC, i.id DESC LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(entry_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// How many are unread.
    pub async fn unread(&self, scope: &Scope) -> Result<u64> {
        let mut w = Where::on(self.backend());
        scope.on_inbox(&mut w);
        w.and("i.read_at IS NULL");
        let sql =
            format!("SELECT count(*) AS n FROM (SELECT 1 AS one FROM inbox i {} LIMIT 1000) AS c", w.sql());
        let row = self.row(sql, w).await?;
        let n: i64 = row.map(|r| r.try_get("", "n")).transpose()?.unwrap_or_default();
        Ok(n as u64)
    }

    /// Marks an item read. False where it is not the reader's or was read before.
    pub async fn mark_read(&self, scope: &Scope, id: &str, now: DateTime<Utc>) -> Result<bool> {
        let mut w = Where::on(self.backend());
        let (at, by) = (w.bind(micros(now)), w.bind(scope.actor().subject.clone()));
        w.equals("i.id", id);
        w.and("i.read_at IS NULL");
        // The auditor reads without leaving a trace in what others see as unread.
        if scope.actor().role == Role::Auditor {
            w.and("1 = 0");
        }
        scope.on_inbox(&mut w);
        self.touch(format!("UPDATE inbox AS i SET read_at = {at}, read_by = {by} {}", w.sql()), w).await
    }
}

fn entry_of(row: &QueryResult) -> Result<InboxEntry> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (kind, role, id) = (text("kind")?, text("role")?, text("id")?);
    let at: DateTime<Utc> = row.try_get("", "at")?;
    let number: Option<String> = row.try_get("", "number")?;
    Ok(InboxEntry {
        cursor: cursor(&stamp(at), &id),
        id,
        application_id: text("application_id")?,
        number: number.unwrap_or_default(),
        notice: known(NoticeId::parse(&kind), "notice", &kind)?,
        role: known(Role::parse(&role), "role", &role)?,
        at,
        subject_ja: text("subject_ja")?,
        subject_en: text("subject_en")?,
        body_ja: text("body_ja")?,
        body_en: text("body_en")?,
        read_at: row.try_get("", "read_at")?,
        read_by: row.try_get("", "read_by")?,
    })
}
