//! The register of what was issued to people of the cases, over all cases, and its sheets for a print batch.
//!
//! It is the ledger of deliveries (`crate::ledger`) in another order: nothing is noted beside the outbox. Notices to desks and partners,
//! one-time codes and advertisements are no documents of a case and do not stand here.

use super::{Page, Scope, Where, instant, parse_cursor};
use crate::ledger::{COLUMNS, Delivery, delivery_of};
use crate::sql::micros;
use crate::vault::{key_column, payload_place};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::QueryResult;
use std::collections::HashMap;
use std::sync::Arc;
use workflows::machine::incident::AnewReason;
use workflows::machine::issued::ByPost;
use workflows::machine::{Case, Effect};

/// Parcels to people of the cases. The condition of the index `outbox_issued`, word for word.
const TO_PEOPLE: &str = "o.channel <> 'PARTNER' AND o.kind <> 'ADDRESS_CODE' AND o.kind <> 'DIRECT_MAIL' \
                         AND substr(o.address, 1, 5) <> 'DESK:' AND substr(o.address, 1, 8) <> 'PARTNER:'";

/// Which documents.
#[derive(Clone, Debug, Default)]
pub struct IssuedFilter {
    /// Code of the notice.
    pub kind: Option<String>,
    pub branch: Option<String>,
    /// `INBOX` or `EMAIL`.
    pub channel: Option<String>,
    /// Number of the case, whole.
    pub number: Option<String>,
    /// Those that go by letter, as they stand.
    pub by_post: Option<ByPost>,
    /// Issued at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Issued before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// A line of the register.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    pub delivery: Delivery,
    pub application_id: String,
    /// Case number, once there is one.
    pub number: Option<String>,
    /// Of its applicant.
    pub applicant_name: Option<String>,
    pub branch: String,
    /// Why it was sent anew; unknown of copies of versions before the register.
    pub anew: Option<AnewReason>,
}

/// A document of a print batch with what it says.
#[derive(Clone, Debug)]
pub struct IssuedSheet {
    pub issued: Issued,
    /// What was to be told; `None` where the case was erased, or this version cannot read it.
    pub effect: Option<Effect>,
    /// The case was erased.
    pub erased: bool,
    /// The case as it stands, for name and address.
    pub case: Option<Arc<Case>>,
}

impl Store {
    /// What was issued to people of the cases, the latest first.
    pub async fn issued(
        &self,
        scope: &Scope,
        filter: &IssuedFilter,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Issued>> {
        let (sql, w) = self.issued_sql(scope, filter, after, first)?;
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(issued_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.delivery.cursor.clone()))
    }

    /// The plan of the list, as the database explains it: tests see that it never walks over the outbox.
    pub async fn explain_issued(&self, scope: &Scope, filter: &IssuedFilter) -> Result<String> {
        let (sql, w) = self.issued_sql(scope, filter, None, 50)?;
        self.explain(sql, w).await
    }

    fn issued_sql(
        &self,
        scope: &Scope,
        filter: &IssuedFilter,
        after: Option<&str>,
        first: u32,
    ) -> Result<(String, Where)> {
        let mut w = Where::on(self.backend());
        scope.on_outbox(&mut w);
        w.and(TO_PEOPLE);
        let by_post = filter.by_post.map(|state| state.code().to_owned());
        for (column, wanted) in [
            ("o.kind", &filter.kind),
            ("o.branch", &filter.branch),
            ("o.channel", &filter.channel),
            ("o.paper", &by_post),
        ] {
            if let Some(wanted) = wanted {
                w.equals(column, wanted.clone());
            }
        }
        if let Some(number) = &filter.number {
            let (bank, number) = (w.bind(scope.actor().institution.clone()), w.bind(number.clone()));
            w.and(format!(
                "o.application_id = (SELECT n.id FROM application n WHERE n.institution = {bank} AND n.number = {number})"
            ));
        }
        for (condition, at) in [("o.created_at >=", filter.from), ("o.created_at <", filter.before)] {
            if let Some(at) = at {
                let at = w.bind(micros(at));
                w.and(format!("{condition} {at}"));
            }
        }
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(o.created_at, o.id) < ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {COLUMNS}, o.application_id, o.branch, o.anew, a.number, a.name_kanji FROM outbox o \
             LEFT JOIN application a ON a.institution = o.institution AND a.id = o.application_id {} \
             ORDER BY o.created_at DESC, o.id DESC LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        Ok((sql, w))
    }

    /// Documents with what they say, in the order of the ids; those that the reader does not see are left out.
    pub async fn issued_sheets(&self, scope: &Scope, ids: &[String]) -> Result<Vec<IssuedSheet>> {
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let mut w = Where::on(self.backend());
        scope.on_outbox(&mut w);
        w.and(TO_PEOPLE);
        w.is_one_of("o.id", ids);
        let sql = format!(
            "SELECT {COLUMNS}, o.institution, o.application_id, o.branch, o.anew, o.payload, a.number, a.name_kanji, {} FROM outbox o \
             LEFT JOIN application a ON a.institution = o.institution AND a.id = o.application_id {}",
            key_column("o.institution", "o.application_id"),
            w.sql()
        );
        let mut found = HashMap::new();
        for row in &self.rows(sql, w).await? {
            let issued = issued_of(row)?;
            let (_, opener) = self.opener_of(row, "application_id").await?;
            let payload: String = row.try_get("", "payload")?;
            let id = issued.delivery.id.clone();
            let payload = opener.open(&payload_place(&id), &payload)?.known("parcel", &id)?;
            let erased = payload.is_none();
            let effect = payload.and_then(|payload| serde_json::from_str(&payload).ok());
            found.insert(id, IssuedSheet { issued, effect, erased, case: None });
        }
        let mut of: Vec<String> = found.values().map(|sheet| sheet.issued.application_id.clone()).collect();
        of.sort();
        of.dedup();
        let cases = self.cases(scope, &of).await?;
        let in_order = ids.iter().filter_map(|id| found.remove(id)).map(|sheet| {
            let case = cases.iter().find(|case| case.id == sheet.issued.application_id).cloned();
            IssuedSheet { case, ..sheet }
        });
        Ok(in_order.collect())
    }
}

fn issued_of(row: &QueryResult) -> Result<Issued> {
    let delivery = delivery_of(row)?;
    let anew: Option<String> = row.try_get("", "anew")?;
    let filled = |name: &str| -> Result<Option<String>> {
        Ok(row.try_get::<Option<String>>("", name)?.filter(|text| !text.is_empty()))
    };
    Ok(Issued {
        application_id: row.try_get("", "application_id")?,
        number: filled("number")?,
        applicant_name: filled("name_kanji")?,
        branch: row.try_get("", "branch")?,
        anew: anew.as_deref().and_then(AnewReason::parse),
        delivery,
    })
}
