//! The delivery ledger of a case: each parcel with its tries, what proves its delivery, and parcels that were sent anew.

use crate::audit::{self, AuditRow};
use crate::outbox::{InboxItem, Outcome};
use crate::read::{Page, Scope, Where, cursor, instant, parse_cursor};
use crate::sql::{micros, stamp, statement};
use crate::vault::{key_column, mail_place, payload_place};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, QueryResult, Value};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use workflows::machine::contact::Mailing;
use workflows::machine::incident::AnewReason;

/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "DELIVERY";
/// Most parcels that follow one first.
pub const ANEW_MOST: usize = 5;

/// What proves a delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Answer code of the mail server such as `250 2.0.0`, `INBOX`, `FILE`, `NO_ADDRESS` where nobody has one, or `PAPER` where a
    /// letter is to be posted.
    pub said: String,
    /// Version of the template.
    pub template: String,
    /// SHA-256 over what was said, in hexadecimal digits.
    pub hash: String,
}

/// One try of a parcel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Try {
    pub at: DateTime<Utc>,
    /// `DELIVERED`, `WAITING` (tried again later), `PARKED`, `CLOSED`, `BOUNCED` or `DELAYED` (the mail server says so afterwards), or
    /// `POSTED`.
    pub ended: String,
    /// Code of the error, or what proves the delivery.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hash: Option<String>,
}

impl Try {
    /// The tries of a row, one on each line; a line that this version cannot read is left out.
    pub(crate) fn list(text: Option<String>) -> Vec<Try> {
        text.unwrap_or_default().lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
    }

    /// That it ended so, and nothing else.
    pub(crate) fn plain(ended: &str, now: DateTime<Utc>) -> Try {
        Try { at: micros(now), ended: ended.to_owned(), said: None, template: None, hash: None }
    }

    pub(crate) fn of(outcome: &Outcome, now: DateTime<Utc>) -> Try {
        let plain =
            |ended: &str, said: Option<&String>| Try { said: said.cloned(), ..Try::plain(ended, now) };
        match outcome {
            Outcome::Delivered => plain("DELIVERED", None),
            Outcome::Proven(proof) => Try {
                template: Some(proof.template.clone()),
                hash: Some(proof.hash.clone()),
                ..plain("DELIVERED", Some(&proof.said))
            },
            Outcome::ToPost(proof) => plain("DELIVERED", Some(&proof.said)),
            Outcome::RetryAt { error, .. } => plain("WAITING", Some(error)),
            Outcome::Held { .. } | Outcome::Unsent => plain("WAITING", None),
            Outcome::Parked { error } => plain("PARKED", Some(error)),
            Outcome::Closed { reason } => plain("CLOSED", Some(reason)),
        }
    }
}

impl InboxItem {
    /// That it stands in the inbox, and what it says.
    pub fn proof(&self) -> Proof {
        let mut hasher = Sha256::new();
        for text in [&self.subject_ja, &self.subject_en, &self.body_ja, &self.body_en] {
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
        let hash = hex::encode(hasher.finalize());
        Proof { said: "INBOX".to_owned(), template: self.template.clone(), hash }
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub id: String,
    /// Entry of the case that left it; 0 for a parcel that was sent anew.
    pub version: u64,
    /// Code of the notice or partner message.
    pub kind: String,
    pub channel: String,
    /// `DESK:..`, `PARTNER:..`, otherwise a person of the case.
    pub address: String,
    /// Does somebody's sign-in stand behind it?
    pub is_applicant: bool,
    /// `WAITING`, `DELIVERED`, `PARKED` or `CLOSED`.
    pub state: String,
    pub created_at: DateTime<Utc>,
    pub settled_at: Option<DateTime<Utc>>,
    pub tries: Vec<Try>,
    /// The first parcel, where this one was sent anew.
    pub replaces: Option<String>,
    pub closed_by: Option<String>,
    pub closed_reason: Option<String>,
    /// `DUE` where a letter is to be posted instead, `POSTED` once it was.
    pub paper: Option<String>,
    pub cursor: String,
}

/// What sending anew comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnewAnswer {
    /// The id of the new parcel.
    Sent(String),
    NotFound,
    /// It still waits, or is an incident: it is dealt with there.
    NotDelivered,
    /// A message to a partner, or an order about money, is never repeated as another one (INV-1).
    NoNotice,
    /// Only a mail takes another address.
    NotMail,
    /// [`ANEW_MOST`] parcels follow the first already.
    TooOften,
}

/// A notice as it is sent anew.
#[derive(Copy, Clone, Debug)]
pub struct Anew<'a> {
    /// The parcel that is repeated.
    pub id: &'a str,
    pub reason: AnewReason,
    /// Another address, checked by the caller.
    pub mail_to: Option<&'a str>,
}

#[derive(Serialize)]
struct Repeated<'a> {
    parcel: &'a str,
    replaces: &'a str,
    notice: &'a str,
    channel: &'a str,
    reason: AnewReason,
    other_address: bool,
}

/// Columns of `outbox o` that give a line of the ledger.
pub(crate) const COLUMNS: &str = "o.id, o.version, o.kind, o.channel, o.address, o.subject, o.state, o.created_at, o.settled_at, o.tries, \
                       o.replaces, o.closed_by, o.closed_reason, o.paper";

impl Store {
    /// The parcels of a case, in the order in which they were left.
    pub async fn deliveries(
        &self,
        scope: &Scope,
        application_id: &str,
        after: Option<&str>,
        first: u32,
    ) -> Result<Page<Delivery>> {
        let mut w = Where::on(self.backend());
        scope.on_outbox(&mut w);
        w.equals("o.application_id", application_id);
        if let Some(after) = after {
            let (at, id) = parse_cursor(after)?;
            let (at, id) = (w.bind(instant(&at, after)?), w.bind(id));
            w.and(format!("(o.created_at, o.id) > ({at}, {id})"));
        }
        let sql = format!(
            "SELECT {COLUMNS} FROM outbox o {} ORDER BY o.created_at, o.id LIMIT {}",
            w.sql(),
            u64::from(first) + 1
        );
        let rows = self.rows(sql, w).await?;
        let items = rows.iter().map(delivery_of).collect::<Result<Vec<_>>>()?;
        Ok(Page::of(items, first, |item| item.cursor.clone()))
    }

    /// Sends a delivered or closed notice anew: another parcel, under an id and a Message-ID of its own, linked to the first.
    pub async fn send_anew(&self, scope: &Scope, anew: Anew<'_>, now: DateTime<Utc>) -> Result<AnewAnswer> {
        let (actor, backend) = (scope.actor(), self.backend());
        let tx = self.begin().await?;
        wall::enter(&tx, Within::Institution(&actor.institution)).await?;
        let mut w = Where::on(backend);
        scope.on_outbox(&mut w);
        w.equals("o.id", anew.id);
        let sql = format!(
            "SELECT {COLUMNS}, o.institution, o.application_id, o.branch, o.payload, {} FROM outbox o {}",
            key_column("o.institution", "o.application_id"),
            w.sql()
        );
        let Some(row) = tx.query_one_raw(statement(backend, sql, w.into_values())).await? else {
            return Ok(AnewAnswer::NotFound);
        };
        let old = delivery_of(&row)?;
        // A code is asked for anew, an advertisement is judged anew: neither is repeated.
        if old.channel != "INBOX" && old.channel != "EMAIL" || Mailing::words(&old.kind).is_some() {
            return Ok(AnewAnswer::NoNotice);
        }
        if anew.mail_to.is_some() && old.channel != "EMAIL" {
            return Ok(AnewAnswer::NotMail);
        }
        if old.state != "DELIVERED" && old.state != "CLOSED" {
            return Ok(AnewAnswer::NotDelivered);
        }
        let first = old.replaces.clone().unwrap_or_else(|| old.id.clone());
        let (application_id, opener) = self.opener_of(&row, "application_id").await?;
        let payload: String = row.try_get("", "payload")?;
        let payload = opener.open(&payload_place(&old.id), &payload)?.text("parcel", &old.id)?;
        let closer = opener.closer()?;
        let count = "SELECT count(*) AS n FROM outbox WHERE institution = $1 AND application_id = $2 AND replaces = $3";
        let institution: String = row.try_get("", "institution")?;
        let values: Vec<Value> =
            vec![institution.clone().into(), application_id.clone().into(), first.clone().into()];
        let followers = tx.query_one_raw(statement(backend, count, values)).await?;
        let followers: i64 = followers.map_or(Ok(0), |row| row.try_get("", "n"))?;
        if followers as usize >= ANEW_MOST {
            return Ok(AnewAnswer::TooOften);
        }
        let id = format!("{first}.R{}", followers + 1);
        let seal = |place: String, text: &str| match &closer {
            Some(closer) => closer.close(&place, text),
            None => Ok(text.to_owned()),
        };
        let payload = seal(payload_place(&id), &payload)?;
        let mail_to = anew.mail_to.map(|address| seal(mail_place(&id), address)).transpose()?;
        let sql = "INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, subject, address, payload, \
                   state, next_at, created_at, replaces, mail_to, anew) SELECT $1, o.institution, o.application_id, 0, o.channel, o.kind, \
                   o.branch, o.subject, o.address, $2, 'WAITING', $3, $3, $4, $5, $7 FROM outbox o WHERE o.id = $6 ON CONFLICT (id) DO NOTHING";
        let values: Vec<Value> = vec![
            id.clone().into(),
            payload.into(),
            micros(now).into(),
            first.clone().into(),
            mail_to.into(),
            old.id.clone().into(),
            anew.reason.code().into(),
        ];
        if tx.execute_raw(statement(backend, sql, values)).await?.rows_affected() == 0 {
            // Somebody else repeated it in the same moment.
            return Ok(AnewAnswer::NotDelivered);
        }
        let repeated = Repeated {
            parcel: &id,
            replaces: &first,
            notice: &old.kind,
            channel: &old.channel,
            reason: anew.reason,
            other_address: anew.mail_to.is_some(),
        };
        let line = AuditRow::step_of(actor, KIND, ("resendDelivery", &old.kind), &repeated, now)?;
        audit::add(&tx, &AuditRow { application_id: Some(application_id), ..line }).await?;
        tx.commit().await?;
        self.inner.filled.send_replace(());
        Ok(AnewAnswer::Sent(id))
    }
}

/// A line of the ledger from a row with [`COLUMNS`].
pub(crate) fn delivery_of(row: &QueryResult) -> Result<Delivery> {
    let text = |name: &str| row.try_get::<String>("", name);
    let (id, created_at): (String, DateTime<Utc>) = (text("id")?, row.try_get("", "created_at")?);
    let version: i64 = row.try_get("", "version")?;
    let subject: Option<String> = row.try_get("", "subject")?;
    Ok(Delivery {
        cursor: cursor(&stamp(created_at), &id),
        id,
        version: version.unsigned_abs(),
        kind: text("kind")?,
        channel: text("channel")?,
        address: text("address")?,
        is_applicant: subject.is_some(),
        state: text("state")?,
        created_at,
        settled_at: row.try_get("", "settled_at")?,
        tries: Try::list(row.try_get("", "tries")?),
        replaces: row.try_get("", "replaces")?,
        closed_by: row.try_get("", "closed_by")?,
        closed_reason: row.try_get("", "closed_reason")?,
        paper: row.try_get("", "paper")?,
    })
}
