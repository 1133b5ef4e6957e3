//! What a mail server says of a mail after it had taken it (RFC 3464), matched by the Message-ID: the ledger says so, an incident
//! arises, an address that takes no mail is used no more, and the notice goes by letter.

use crate::audit::{self, AuditRow};
use crate::contacts::of_parcel;
use crate::ledger::{KIND, Try};
use crate::outbox::Parcel;
use crate::read::Where;
use crate::sql::{micros, statement};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbBackend, Value};
use workflows::machine::contact::{Bounce, Mailing, refuses_address};
use workflows::machine::{Actor, Role};

/// How the error of a parcel begins whose mail came back.
pub(crate) const BOUNCED: &str = "bounced: ";

/// What a notification comes to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum BounceAnswer {
    /// The mail is an incident now; its address is used no more.
    AddressMarked,
    /// The mail is an incident now.
    MailMarked,
    /// The ledger says that it is late.
    Delayed,
    /// It was known already, or is about an address that has changed since: nothing happens.
    Known,
    /// No mail left under this id.
    NotFound,
}

impl BounceAnswer {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            BounceAnswer::AddressMarked => "ADDRESS_MARKED",
            BounceAnswer::MailMarked => "MAIL_MARKED",
            BounceAnswer::Delayed => "DELAYED",
            BounceAnswer::Known => "KNOWN",
            BounceAnswer::NotFound => "NOT_FOUND",
        }
    }
}

/// The id of the parcel behind a Message-ID of ours, with or without brackets. `None`: it is none of ours.
pub fn parcel_of_message_id(message_id: &str) -> Option<&str> {
    let bare = message_id.trim().trim_start_matches('<').trim_end_matches('>');
    bare.strip_suffix("@yushi").filter(|id| !id.is_empty() && id.len() <= 200)
}

impl Store {
    /// Takes a notification about the mail of a parcel, or of a digest with all that stood in it. Whether it may be believed was judged
    /// by the caller.
    pub async fn take_bounce(
        &self,
        parcel_id: &str,
        bounce: Bounce,
        status: &str,
        now: DateTime<Utc>,
    ) -> Result<BounceAnswer> {
        let (backend, now) = (self.backend(), micros(now));
        let tx = self.begin_across().await?;
        wall::enter(&tx, Within::Across).await?;
        let lock = if backend == DbBackend::Postgres { "FOR UPDATE" } else { "" };
        let sql = format!(
            "SELECT institution, application_id, kind, state, address, tries FROM outbox \
             WHERE (id = $1 OR digest = $1) AND channel = 'EMAIL' ORDER BY id LIMIT 1 {lock}"
        );
        let Some(row) = tx.query_one_raw(statement(backend, sql, vec![parcel_id.into()])).await? else {
            return Ok(BounceAnswer::NotFound);
        };
        let text = |name: &str| row.try_get::<String>("", name);
        let (kind, state, address) = (text("kind")?, text("state")?, text("address")?);
        let tries = Try::list(row.try_get("", "tries")?);
        // A mail of which nobody says that it left, an inbox or a letter has nothing that could come back.
        let left = tries.iter().rev().find(|one| one.ended == "DELIVERED");
        let sent = left.filter(|one| one.said.as_deref().is_some_and(|said| said.starts_with('2')));
        let Some(sent) = sent else { return Ok(BounceAnswer::NotFound) };
        let ended = if bounce == Bounce::Delayed { "DELAYED" } else { "BOUNCED" };
        let after = tries.iter().rev().take_while(|one| one.ended != "DELIVERED");
        if state != "DELIVERED" || after.into_iter().any(|one| one.ended == ended) {
            return Ok(BounceAnswer::Known);
        }
        let sent_at = sent.at;
        let error = format!("{BOUNCED}{status}");
        let line = Try { said: Some(error.clone()), ..Try::plain(ended, now) };
        let line: Value = serde_json::to_string(&line)?.into();
        if bounce == Bounce::Delayed {
            let sql = "UPDATE outbox SET tries = tries || '\n' || $2 WHERE id = $1 OR digest = $1";
            tx.execute_raw(statement(backend, sql, vec![parcel_id.into(), line])).await?;
            tx.commit().await?;
            return Ok(BounceAnswer::Delayed);
        }
        // A notice to a person goes by letter; a code and an advertisement do not.
        let person = !address.starts_with("DESK:") && Mailing::words(&kind).is_none();
        let paper = if person { "COALESCE(paper, 'DUE')" } else { "paper" };
        let sql = format!(
            "UPDATE outbox SET state = 'PARKED', settled_at = $3, next_at = $3, error = $4, paper = {paper}, \
             tries = tries || '\n' || $2 WHERE id = $1 OR digest = $1"
        );
        let values: Vec<Value> = vec![parcel_id.into(), line, now.into(), error.into()];
        tx.execute_raw(statement(backend, sql, values)).await?;
        let marked = bounce == Bounce::Address
            && mark(&tx, &[parcel_id.to_owned()], status, Some(sent_at), now).await? > 0;
        let system = Actor { institution: text("institution")?, ..Actor::internal(Role::System) };
        let detail = serde_json::json!({ "parcel": parcel_id, "status": status, "address_marked": marked });
        let line = AuditRow::step_of(&system, KIND, ("bounce", &kind), &detail, now)?;
        audit::add(&tx, &AuditRow { application_id: Some(text("application_id")?), ..line }).await?;
        tx.commit().await?;
        Ok(if marked { BounceAnswer::AddressMarked } else { BounceAnswer::MailMarked })
    }

    /// What the mail server refused at once because it knows no such mailbox: the addresses are used no more and the notices go by
    /// letter, as if the mails had come back. How many addresses that were.
    pub async fn addresses_refused(&self, refused: &[(&Parcel, &str)], now: DateTime<Utc>) -> Result<u64> {
        let about_address = |(parcel, said): &&(&Parcel, &str)| {
            parcel.contact.is_some() && refuses_address(said) && !parcel.address.starts_with("DESK:")
        };
        let refused: Vec<_> = refused.iter().filter(about_address).collect();
        let Some((_, said)) = refused.first() else { return Ok(0) };
        let status = said.rsplit(' ').next().unwrap_or_default();
        let now = micros(now);
        let ids: Vec<String> = refused.iter().map(|(parcel, _)| parcel.id.clone()).collect();
        let notices: Vec<String> = refused
            .iter()
            .filter(|(parcel, _)| Mailing::words(&parcel.kind).is_none())
            .map(|(parcel, _)| parcel.id.clone())
            .collect();
        let tx = self.begin_across().await?;
        wall::enter(&tx, Within::Across).await?;
        if !notices.is_empty() {
            let mut w = Where::on(self.backend());
            w.is_one_of("id", &notices);
            w.and("state = 'PARKED' AND paper IS NULL");
            let sql = format!("UPDATE outbox SET paper = 'DUE' {}", w.sql());
            tx.execute_raw(statement(self.backend(), sql, w.into_values())).await?;
        }
        let marked = mark(&tx, &ids, status, None, now).await?;
        tx.commit().await?;
        Ok(marked)
    }
}

/// Marks the addresses to which these parcels went: those that were good when the mail left, and those that a code was sent to. A mail
/// to an address that a person gave by hand says nothing of the register's.
async fn mark<C: ConnectionTrait>(
    tx: &C,
    ids: &[String],
    status: &str,
    sent_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<u64> {
    let backend = tx.get_database_backend();
    let mut w = Where::on(backend);
    let (at, status) = (w.bind(now), w.bind(status));
    let before = |column: &str, w: &mut Where| match sent_at {
        Some(sent) => {
            let sent = w.bind(sent);
            format!("c.{column} <= {sent}")
        }
        None => "1 = 1".to_owned(),
    };
    w.is_one_of("o.id", ids);
    w.and(of_parcel("o"));
    let (confirmed, asked) = (before("confirmed_at", &mut w), before("asked_at", &mut w));
    w.and(format!(
        "((o.mail_to IS NULL AND c.standing = 'CONFIRMED' AND {confirmed}) \
         OR (o.kind = 'ADDRESS_CODE' AND c.standing = 'ASKED' AND {asked}))"
    ));
    let sql = format!(
        "UPDATE contact AS c SET standing = 'BOUNCED', code = NULL, bounced_at = {at}, bounce = {status}, version = c.version + 1 \
         FROM outbox o {}",
        w.sql()
    );
    Ok(tx.execute_raw(statement(backend, sql, w.into_values())).await?.rows_affected())
}
