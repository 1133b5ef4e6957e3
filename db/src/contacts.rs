//! How the people of a case wish to be told: a register beside the cases, sealed under the case's data key. An address counts when
//! somebody has entered the one-time code that was mailed to it.

use crate::aside::{Aside, leave};
use crate::audit::{self, AuditRow};
use crate::outbox::Parcel;
use crate::read::{Scope, Where};
use crate::sql::{micros, statement};
use crate::vault::{Closer, Opener, contact_place, key_column};
use crate::wall::{self, Within};
use crate::{Result, Store};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, QueryResult, Value};
use serde::Serialize;
use std::sync::Arc;
use workflows::calendar::is_bank_day;
use workflows::calendar::quiet::leaves_at;
use workflows::form::PartyRole;
use workflows::machine::contact::{
    AddressStanding, CODES_A_DAY, CodeRefusal, ContactChannel, ContactLanguage, DIRECT_MAIL, DirectMail,
    DirectMailConsent, Mailing, Waiting, code_of, judge_code,
};
use workflows::machine::{Case, Effect, Recipient, Role};

/// Kind of the lines of the audit.
pub(crate) const KIND: &str = "CONTACT";

/// What is known of how a person is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    pub party_id: String,
    pub channel: ContactChannel,
    pub language: ContactLanguage,
    pub standing: AddressStanding,
    pub mail: Option<String>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub bounced_at: Option<DateTime<Utc>>,
    /// What the mail server said, such as `5.1.1`.
    pub bounce: Option<String>,
    pub changed_by: Option<String>,
    pub changed_at: Option<DateTime<Utc>>,
}

impl Contact {
    /// Of somebody who has said nothing.
    fn silent(party_id: &str) -> Contact {
        Contact {
            party_id: party_id.to_owned(),
            channel: ContactChannel::Inbox,
            language: ContactLanguage::Both,
            standing: AddressStanding::Absent,
            mail: None,
            confirmed_at: None,
            bounced_at: None,
            bounce: None,
            changed_by: None,
            changed_at: None,
        }
    }
}

/// What a courier needs of it at the moment of sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContactPoint {
    pub channel: ContactChannel,
    pub language: ContactLanguage,
    pub standing: AddressStanding,
    pub mail: Option<String>,
}

/// A wish as it is to be.
#[derive(Copy, Clone, Debug)]
pub struct NewContact<'a> {
    pub party_id: &'a str,
    pub channel: ContactChannel,
    pub language: ContactLanguage,
    /// Checked by the caller; `None` removes what was known.
    pub mail: Option<&'a str>,
}

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ContactAnswer {
    Done(Contact),
    /// No such case or person, or not the caller's.
    NotFound,
    /// Mails were asked for, and there is no address.
    NoMail,
    /// Too many codes were sent today.
    TooManyCodes,
    Code(CodeRefusal),
}

/// What asking for a direct mail comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DirectAnswer {
    /// The id of the parcel.
    Left(String),
    NotFound,
    /// The customer has not agreed, or no longer does (D-11).
    NoConsent,
    /// There is no confirmed address, or mails are not wished for.
    NoAddress,
    /// A field, and what it accepts.
    Wrong(&'static str, String),
}

/// What stands in the audit: that something changed, and no address.
#[derive(Serialize)]
struct Stepped<'a> {
    party_id: &'a str,
    channel: ContactChannel,
    language: ContactLanguage,
    standing: AddressStanding,
    new_address: bool,
}

const COLUMNS: &str = "c.party_id, c.channel, c.language, c.standing, c.mail, c.code, c.asked_at, c.asked_count, c.tries, \
                       c.confirmed_at, c.bounced_at, c.bounce, c.changed_by, c.changed_at";

/// The scalar that reads a parcel's contact: `STANDING|CHANNEL|LANGUAGE|MAIL`, the mail as it is stored; NULL where nobody has said
/// anything. The applicant's parcels carry a sign-in, others the id of the person.
pub(crate) fn contact_column() -> String {
    format!(
        "(SELECT c.standing || '|' || c.channel || '|' || c.language || '|' || COALESCE(c.mail, '') FROM contact c WHERE {} LIMIT 1) \
         AS contact",
        of_parcel("outbox")
    )
}

/// The condition that `contact c` is that of a parcel.
pub(crate) fn of_parcel(outbox: &str) -> String {
    format!(
        "c.institution = {outbox}.institution AND c.application_id = {outbox}.application_id \
         AND ({outbox}.address = 'PARTY:' || c.application_id || ':' || c.party_id \
         OR ({outbox}.subject IS NOT NULL AND c.is_applicant = 1))"
    )
}

/// The contact of a parcel from [`contact_column`]. Errors: its address does not open.
pub(crate) fn point_of(
    text: Option<String>,
    effect: &Effect,
    opener: &Opener,
) -> Result<Option<ContactPoint>> {
    let party = match effect {
        Effect::Notify { to: Recipient::Party { party_id }, .. } | Effect::Mail { party_id, .. } => party_id,
        _ => return Ok(None),
    };
    let Some(text) = text else { return Ok(None) };
    let mut parts = text.splitn(4, '|');
    let mut part = || parts.next().unwrap_or_default();
    let (standing, channel, language, mail) = (part(), part(), part(), part());
    // What a later version notes and this one does not know is no address that may be used.
    let (Some(standing), Some(channel), Some(language)) =
        (AddressStanding::parse(standing), ContactChannel::parse(channel), ContactLanguage::parse(language))
    else {
        return Ok(None);
    };
    let mail = match mail {
        "" => None,
        sealed => Some(opener.open(&contact_place(party, "mail"), sealed)?.text("contact", party)?),
    };
    Ok(Some(ContactPoint { channel, language, standing, mail }))
}

/// A row with what is not shown.
struct Held {
    contact: Contact,
    code: Option<String>,
    asked_at: Option<DateTime<Utc>>,
    asked_count: u32,
    tries: u32,
}

/// Is this person one for whom the caller speaks? Applicants for themselves, staff for everybody on request.
fn speaks_for(scope: &Scope, case: &Case, party_id: &str) -> bool {
    let Some(party) = case.form.party(party_id) else { return false };
    match scope.actor().role {
        Role::Applicant => party.role == PartyRole::Applicant,
        role => role.is_staff(),
    }
}

impl Store {
    /// How each person of a case is reached, in the order of the form: an applicant sees the own line alone. `None`: no such case, or
    /// not the reader's.
    pub async fn contacts(
        &self,
        scope: &Scope,
        application_id: &str,
    ) -> Result<Option<(Arc<Case>, Vec<Contact>)>> {
        let Some(case) = self.case(scope, application_id).await? else { return Ok(None) };
        let mut w = Where::on(self.backend());
        w.within(Within::Institution(&case.institution));
        w.equals("c.institution", case.institution.clone());
        w.equals("c.application_id", application_id);
        let sql = format!("SELECT {}, {COLUMNS} FROM contact c {}", keyed(), w.sql());
        let mut held = vec![];
        for row in &self.rows(sql, w).await? {
            held.push(self.held_of(row).await?);
        }
        let own = scope.actor().role == Role::Applicant;
        let shown = case.form.parties.iter().filter(|party| !own || party.role == PartyRole::Applicant);
        let contacts = shown
            .map(|party| {
                let known = held.iter().find(|held| held.contact.party_id == party.party_id);
                known.map_or_else(|| Contact::silent(&party.party_id), |held| held.contact.clone())
            })
            .collect();
        Ok(Some((case, contacts)))
    }

    async fn held_of(&self, row: &QueryResult) -> Result<Held> {
        let (_, opener) = self.opener_of(row, "application_id").await?;
        let text = |name: &str| row.try_get::<String>("", name);
        let (party_id, channel, language, standing) =
            (text("party_id")?, text("channel")?, text("language")?, text("standing")?);
        let open = |column: &str| -> Result<Option<String>> {
            let stored: Option<String> = row.try_get("", column)?;
            let opened = opener.open_any(&contact_place(&party_id, column), stored)?;
            opened.map(|opened| opened.text("contact", &party_id)).transpose()
        };
        let number = |name: &str| row.try_get::<i64>("", name).map(|n| n.unsigned_abs() as u32);
        Ok(Held {
            code: open("code")?,
            asked_at: row.try_get("", "asked_at")?,
            asked_count: number("asked_count")?,
            tries: number("tries")?,
            contact: Contact {
                channel: crate::read::known(ContactChannel::parse(&channel), "channel", &channel)?,
                language: crate::read::known(ContactLanguage::parse(&language), "language", &language)?,
                standing: crate::read::known(AddressStanding::parse(&standing), "standing", &standing)?,
                mail: open("mail")?,
                confirmed_at: row.try_get("", "confirmed_at")?,
                bounced_at: row.try_get("", "bounced_at")?,
                bounce: row.try_get("", "bounce")?,
                changed_by: row.try_get("", "changed_by")?,
                changed_at: row.try_get("", "changed_at")?,
                party_id,
            },
        })
    }

    /// The row of a person inside a transaction, locked; with what seals further texts of the case.
    async fn contact_row(
        &self,
        tx: &DatabaseTransaction,
        case: &Case,
        party_id: &str,
    ) -> Result<(Option<Held>, Option<Closer>)> {
        let backend = self.backend();
        wall::enter(tx, Within::Institution(&case.institution)).await?;
        let mine: Vec<Value> = vec![case.institution.clone().into(), case.id.clone().into()];
        // Two that write at once wait for each other, also where there is no row yet.
        if backend == DbBackend::Postgres {
            let lock = "SELECT pg_advisory_xact_lock(hashtextextended('contact' || chr(31) || $1 || chr(31) || $2, 0))";
            tx.query_one_raw(statement(backend, lock, mine.clone())).await?;
        }
        let key = key_column("a.institution", "a.id");
        let sql = format!(
            "SELECT a.institution, a.id AS application_id, {key} FROM application a WHERE a.institution = $1 AND a.id = $2"
        );
        let Some(row) = tx.query_one_raw(statement(backend, sql, mine.clone())).await? else {
            return Ok((None, None));
        };
        let closer = self.opener_of(&row, "application_id").await?.1.closer()?;
        let sql = format!(
            "SELECT {}, {COLUMNS} FROM contact c WHERE c.institution = $1 AND c.application_id = $2 AND c.party_id = $3",
            keyed()
        );
        let values = [mine, vec![party_id.into()]].concat();
        let held = match tx.query_one_raw(statement(backend, sql, values)).await? {
            Some(row) => Some(self.held_of(&row).await?),
            None => None,
        };
        Ok((held, closer))
    }

    /// Notes how a person wishes to be told. A new address is asked for its confirmation by a mail with a one-time code; until then, and
    /// where the one before it bounced, nothing else goes there. An address that stands confirmed and is named again stays confirmed;
    /// one that bounced is asked again.
    pub async fn set_contact(
        &self,
        scope: &Scope,
        application_id: &str,
        new: NewContact<'_>,
        now: DateTime<Utc>,
    ) -> Result<ContactAnswer> {
        let case = self.case(scope, application_id).await?;
        let Some(case) = case.filter(|case| speaks_for(scope, case, new.party_id)) else {
            return Ok(ContactAnswer::NotFound);
        };
        if new.channel == ContactChannel::Mail && new.mail.is_none() {
            return Ok(ContactAnswer::NoMail);
        }
        let (now, actor) = (micros(now), scope.actor());
        let tx = self.begin().await?;
        let (held, closer) = self.contact_row(&tx, &case, new.party_id).await?;
        let before = held.as_ref().map_or_else(|| Contact::silent(new.party_id), |held| held.contact.clone());
        let stays = new.mail.is_some()
            && new.mail == before.mail.as_deref()
            && before.standing == AddressStanding::Confirmed;
        let asks = new.mail.is_some() && !stays;
        let recent = |held: &Held| held.asked_at.is_some_and(|at| now - at < TimeDelta::days(1));
        let asked_before = held.as_ref().filter(|held| recent(held)).map_or(0, |held| held.asked_count);
        if asks && asked_before >= CODES_A_DAY {
            return Ok(ContactAnswer::TooManyCodes);
        }
        let standing = match (new.mail, stays) {
            (None, _) => AddressStanding::Absent,
            (Some(_), true) => AddressStanding::Confirmed,
            (Some(_), false) => AddressStanding::Asked,
        };
        let code = asks.then(new_code).transpose()?;
        let seal = |column: &str, text: Option<&str>| match &closer {
            Some(closer) => closer.close_any(&contact_place(new.party_id, column), text),
            None => Ok(text.map(str::to_owned)),
        };
        // Kept where nothing is asked now: how often somebody was written to today still counts.
        let asked_at = if asks { Some(now) } else { held.as_ref().and_then(|held| held.asked_at) };
        let confirmed_at = before.confirmed_at.filter(|_| stays);
        let is_applicant = case.form.party(new.party_id).is_some_and(|p| p.role == PartyRole::Applicant);
        let sql = "INSERT INTO contact (institution, application_id, party_id, is_applicant, channel, language, standing, mail, code, \
                   asked_at, asked_count, tries, confirmed_at, changed_by, changed_at, version) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, $12, $13, $14, 1) \
                   ON CONFLICT (institution, application_id, party_id) DO UPDATE SET is_applicant = excluded.is_applicant, \
                   channel = excluded.channel, language = excluded.language, standing = excluded.standing, mail = excluded.mail, \
                   code = excluded.code, asked_at = excluded.asked_at, asked_count = excluded.asked_count, tries = 0, \
                   confirmed_at = excluded.confirmed_at, bounced_at = NULL, bounce = NULL, changed_by = excluded.changed_by, \
                   changed_at = excluded.changed_at, version = contact.version + 1";
        let values: Vec<Value> = vec![
            case.institution.clone().into(),
            case.id.clone().into(),
            new.party_id.into(),
            i64::from(is_applicant).into(),
            new.channel.code().into(),
            new.language.code().into(),
            standing.code().into(),
            seal("mail", new.mail)?.into(),
            seal("code", code.as_deref())?.into(),
            asked_at.into(),
            i64::from(asked_before + u32::from(asks)).into(),
            confirmed_at.into(),
            actor.subject.clone().into(),
            now.into(),
        ];
        tx.execute_raw(statement(self.backend(), sql, values)).await?;
        let contact = Contact {
            party_id: new.party_id.to_owned(),
            channel: new.channel,
            language: new.language,
            standing,
            mail: new.mail.map(str::to_owned),
            confirmed_at,
            bounced_at: None,
            bounce: None,
            changed_by: Some(actor.subject.clone()),
            changed_at: Some(now),
        };
        let line = step(scope, "setContact", &contact, asks, now)?;
        match &code {
            Some(code) => {
                let mailing = Mailing::Code { code: code.clone() };
                self.leave_mail(&tx, &case, new.party_id, mailing, new.mail, closer.as_ref(), line, now)
                    .await?;
            }
            None => audit::add(&tx, &AuditRow { application_id: Some(case.id.clone()), ..line }).await?,
        }
        tx.commit().await?;
        self.inner.filled.send_replace(());
        Ok(ContactAnswer::Done(contact))
    }

    /// Leaves a mail to a person beside the case; the id of its parcel.
    #[expect(clippy::too_many_arguments, reason = "one call from each of two places")]
    async fn leave_mail(
        &self,
        tx: &DatabaseTransaction,
        case: &Case,
        party_id: &str,
        mailing: Mailing,
        mail_to: Option<&str>,
        closer: Option<&Closer>,
        line: AuditRow,
        now: DateTime<Utc>,
    ) -> Result<Option<String>> {
        let to = Recipient::Party { party_id: party_id.to_owned() };
        let (address, subject) = crate::rows::address(case, &to);
        let kind = mailing.kind();
        // An advertisement waits for the day; somebody waits for a code.
        let next_at = match &mailing {
            Mailing::Direct(_) => leaves_at(now, is_bank_day),
            Mailing::Code { .. } => now,
        };
        let effect = Effect::Mail { party_id: party_id.to_owned(), number: case.number.clone(), mailing };
        let suffix = uuid::Uuid::now_v7().simple().to_string();
        let aside = Aside {
            institution: &case.institution,
            application_id: &case.id,
            branch: &case.branch,
            suffix: &suffix,
            channel: "EMAIL",
            kind,
            address: &address,
            subject: subject.as_deref(),
            effect: &effect,
            mail_to,
            next_at,
        };
        leave(tx, &aside, closer, line, now).await
    }

    /// Confirms an address by the code that was mailed to it. A wrong code is counted.
    pub async fn confirm_contact(
        &self,
        scope: &Scope,
        application_id: &str,
        (party_id, code): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<ContactAnswer> {
        let case = self.case(scope, application_id).await?;
        let Some(case) = case.filter(|case| speaks_for(scope, case, party_id)) else {
            return Ok(ContactAnswer::NotFound);
        };
        let now = micros(now);
        let tx = self.begin().await?;
        let (held, _) = self.contact_row(&tx, &case, party_id).await?;
        let waiting = held.as_ref().filter(|held| held.contact.standing == AddressStanding::Asked);
        let waiting = waiting.and_then(|held| {
            Some(Waiting { code: held.code.as_deref()?, asked_at: held.asked_at?, tries: held.tries })
        });
        let judged = judge_code(waiting, code, now);
        let changes = match judged {
            Ok(()) => {
                "standing = 'CONFIRMED', code = NULL, tries = 0, confirmed_at = $4, bounced_at = NULL, bounce = NULL"
            }
            Err(CodeRefusal::WrongCode) => "tries = tries + 1",
            Err(refusal) => return Ok(ContactAnswer::Code(refusal)),
        };
        let sql = format!(
            "UPDATE contact SET {changes}, changed_at = $4, version = version + 1 \
             WHERE institution = $1 AND application_id = $2 AND party_id = $3"
        );
        let values: Vec<Value> =
            vec![case.institution.clone().into(), case.id.clone().into(), party_id.into(), now.into()];
        tx.execute_raw(statement(self.backend(), sql, values)).await?;
        let before = held.map_or_else(|| Contact::silent(party_id), |held| held.contact);
        let verb = if judged.is_ok() { "confirmContact" } else { "wrongContactCode" };
        let contact = match judged {
            Ok(()) => Contact {
                standing: AddressStanding::Confirmed,
                confirmed_at: Some(now),
                bounced_at: None,
                bounce: None,
                changed_at: Some(now),
                ..before
            },
            Err(_) => before,
        };
        let line = step(scope, verb, &contact, false, now)?;
        audit::add(&tx, &AuditRow { application_id: Some(case.id.clone()), ..line }).await?;
        tx.commit().await?;
        Ok(match judged {
            Ok(()) => ContactAnswer::Done(contact),
            Err(refusal) => ContactAnswer::Code(refusal),
        })
    }

    /// Leaves an advertisement for the applicant (D-11): with the consent, and where mails to a confirmed address are wished for.
    pub async fn send_direct_mail(
        &self,
        scope: &Scope,
        application_id: &str,
        (title, text): (&str, &str),
        now: DateTime<Utc>,
    ) -> Result<DirectAnswer> {
        let found = self.contacts(scope, application_id).await?.filter(|_| scope.actor().role.is_staff());
        let Some((case, contacts)) = found else { return Ok(DirectAnswer::NotFound) };
        let Some(consent) = DirectMailConsent::of(&case) else { return Ok(DirectAnswer::NoConsent) };
        let direct = match DirectMail::new(&consent, title, text) {
            Ok(direct) => direct,
            Err((field, accepted)) => return Ok(DirectAnswer::Wrong(field, accepted)),
        };
        let applicant = case.form.applicant().map(|party| party.party_id.clone()).unwrap_or_default();
        let contact = contacts.into_iter().find(|contact| contact.party_id == applicant);
        let mailed = |contact: &Contact| {
            contact.channel == ContactChannel::Mail && contact.standing == AddressStanding::Confirmed
        };
        let Some(contact) = contact.filter(mailed) else { return Ok(DirectAnswer::NoAddress) };
        let now = micros(now);
        let tx = self.begin().await?;
        let (_, closer) = self.contact_row(&tx, &case, &applicant).await?;
        let line = step(scope, "sendDirectMail", &contact, false, now)?;
        let mailing = Mailing::Direct(direct);
        let left = self.leave_mail(&tx, &case, &applicant, mailing, None, closer.as_ref(), line, now).await?;
        tx.commit().await?;
        self.inner.filled.send_replace(());
        Ok(left.map_or(DirectAnswer::NotFound, DirectAnswer::Left))
    }

    /// Leaves out the advertisements to people who no longer agree (D-11), at the moment of sending: each is closed. One statement, and
    /// one more where something is left out.
    pub(crate) async fn with_direct_consent(
        &self,
        parcels: Vec<Parcel>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Parcel>> {
        let ids: Vec<String> = parcels
            .iter()
            .filter(|parcel| parcel.kind == DIRECT_MAIL)
            .map(|parcel| parcel.application_id.clone())
            .collect();
        if ids.is_empty() {
            return Ok(parcels);
        }
        let system = Scope::of(&workflows::machine::Actor::internal(Role::System));
        let agreed: Vec<String> = self
            .cases(&system, &ids)
            .await?
            .into_iter()
            .filter(|case| DirectMailConsent::of(case).is_some())
            .map(|case| case.id.clone())
            .collect();
        let (sent, held): (Vec<Parcel>, Vec<Parcel>) = parcels
            .into_iter()
            .partition(|parcel| parcel.kind != DIRECT_MAIL || agreed.contains(&parcel.application_id));
        let closed = crate::outbox::Outcome::Closed { reason: "D-11".to_owned() };
        let held: Vec<_> = held.iter().map(|parcel| (parcel, &closed)).collect();
        self.settle_many(&held, now).await?;
        Ok(sent)
    }
}

/// The case of a contact, and its key.
fn keyed() -> String {
    format!("c.institution, c.application_id, {}", key_column("c.institution", "c.application_id"))
}

fn new_code() -> Result<String> {
    let random = crate::vault::random_bytes()?;
    let mut eight = [0; 8];
    eight.copy_from_slice(&random[..8]);
    Ok(code_of(eight))
}

fn step(scope: &Scope, verb: &str, contact: &Contact, asks: bool, now: DateTime<Utc>) -> Result<AuditRow> {
    let stepped = Stepped {
        party_id: &contact.party_id,
        channel: contact.channel,
        language: contact.language,
        standing: contact.standing,
        new_address: asks,
    };
    AuditRow::step_of(scope.actor(), KIND, (verb, contact.standing.code()), &stepped, now)
}
