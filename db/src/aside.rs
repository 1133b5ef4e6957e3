//! Parcels beside a case, and of the bank itself: no transition leaves them, so each is made in one transaction with the line of the audit
//! that it names.

use crate::Result;
use crate::audit::{self, AuditRow};
use crate::sql::{micros, statement};
use crate::vault::{Closer, mail_place, payload_place};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, Value};
use workflows::machine::Effect;

/// A parcel that is to leave beside its case, or for the bank.
pub(crate) struct Aside<'a> {
    pub institution: &'a str,
    /// Empty for the bank; so is the branch.
    pub application_id: &'a str,
    pub branch: &'a str,
    /// Unique in the case, or at the bank.
    pub suffix: &'a str,
    pub channel: &'static str,
    pub kind: &'a str,
    pub address: &'a str,
    pub subject: Option<&'a str>,
    pub effect: &'a Effect,
    /// The address it goes to, where that is not the recipient's own.
    pub mail_to: Option<&'a str>,
    /// Not before.
    pub next_at: DateTime<Utc>,
}

/// Writes the parcel and its line of the audit. The id of the parcel; `None` where it is there already, and then nothing is written.
pub(crate) async fn leave<C: ConnectionTrait>(
    tx: &C,
    aside: &Aside<'_>,
    closer: Option<&Closer>,
    line: AuditRow,
    now: DateTime<Utc>,
) -> Result<Option<String>> {
    let of_bank = aside.application_id.is_empty();
    let whose = if of_bank { format!("BANK-{}", aside.institution) } else { aside.application_id.to_owned() };
    let id = format!("{whose}.0.{}.{}", aside.suffix, aside.channel);
    let seal = |place: String, text: &str| match closer {
        Some(closer) => closer.close(&place, text),
        None => Ok(text.to_owned()),
    };
    let payload = seal(payload_place(&id), &serde_json::to_string(aside.effect)?)?;
    let mail_to = aside.mail_to.map(|address| seal(mail_place(&id), address)).transpose()?;
    let line = AuditRow { application_id: (!of_bank).then(|| aside.application_id.to_owned()), ..line };
    let sql = "INSERT INTO outbox (id, institution, application_id, version, channel, kind, branch, subject, address, payload, state, \
               next_at, created_at, beside, mail_to) VALUES ($1, $2, $3, 0, $4, $5, $6, $7, $8, $9, 'WAITING', $10, $11, $12, $13) \
               ON CONFLICT (id) DO NOTHING";
    let values: Vec<Value> = vec![
        id.clone().into(),
        aside.institution.into(),
        aside.application_id.into(),
        aside.channel.into(),
        aside.kind.into(),
        aside.branch.into(),
        aside.subject.map(str::to_owned).into(),
        aside.address.into(),
        payload.into(),
        micros(aside.next_at).into(),
        micros(now).into(),
        line.id.clone().into(),
        mail_to.into(),
    ];
    let backend = tx.get_database_backend();
    if tx.execute_raw(statement(backend, sql, values)).await?.rows_affected() == 0 {
        return Ok(None);
    }
    audit::add(tx, &line).await?;
    Ok(Some(id))
}
