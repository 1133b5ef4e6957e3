//! One attempt at one parcel.

use crate::channel::Failure;
use crate::courier::Inner;
use crate::hours::{again_at, goes_with};
use crate::mail::Mail;
use crate::post::{Channel, InboxItem, Outcome, Parcel, PostError, Proof, number, recipient};
use crate::push::Push;
use crate::render::{RenderError, Rendered};
use crate::retry::Next;
use crate::tally::Event;
use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::message::Mailbox;
use tokio::time::error::Elapsed;
use tokio::time::timeout;
use workflows::machine::contact::{ContactLanguage, Way, way};
use workflows::machine::{Effect, Recipient};

/// Of a parcel that no courier came to an end with.
const NO_END: &str = "no attempt came to an end";

/// How a parcel was delivered.
pub(crate) enum Delivered {
    Mailed(Proof),
    NoAddress,
    Shown(InboxItem),
    /// Neither a mail nor an inbox reaches the person.
    ToPost,
    Held(DateTime<Utc>),
}

/// Makes the attempt and says how it ended. Takes no longer than the configured time-out.
pub(crate) async fn deliver(inner: &Inner, parcel: &Parcel) -> Outcome {
    if let Some(push) = inner.push.as_ref().filter(|push| push.takes(parcel)) {
        return pushed(inner, push, parcel).await;
    }
    if is_worn_out(inner, parcel) {
        return park(inner, parcel, NO_END.to_owned());
    }
    let attempt = async {
        match parcel.channel {
            Channel::Email => mail(inner, parcel).await,
            Channel::Partner => {
                if let Some(core) = inner.core.as_ref().filter(|core| core.takes(parcel)) {
                    core.carry(parcel).await?;
                }
                inbox(inner, parcel)
            }
            Channel::Inbox => inbox(inner, parcel),
        }
    };
    let came = timeout(inner.config.send_timeout(), attempt).await;
    ended(inner, parcel, came)
}

/// What an attempt comes to.
pub(crate) fn ended(
    inner: &Inner,
    parcel: &Parcel,
    came: Result<Result<Delivered, Failure>, Elapsed>,
) -> Outcome {
    match came.unwrap_or_else(|_| Err(Failure::Transient("time-out".to_owned()))) {
        Ok(Delivered::Shown(item)) => Outcome::Inbox(item),
        Ok(Delivered::Held(until)) => crate::digest::held(until),
        Ok(Delivered::Mailed(proof)) => {
            inner.tally.count(Event::Delivered(parcel.channel));
            Outcome::Proven(proof)
        }
        Ok(Delivered::NoAddress) => {
            tracing::debug!(parcel = %parcel.id, "no address: the content stands in the in-app inbox");
            inner.tally.count(Event::NoAddress);
            Outcome::Proven(said("NO_ADDRESS"))
        }
        Ok(Delivered::ToPost) => {
            tracing::debug!(parcel = %parcel.id, "a letter is to be posted");
            inner.tally.count(Event::NoAddress);
            Outcome::ToPost(said(db::paper::SAID))
        }
        Err(failure) => failed(inner, parcel, failure),
    }
}

/// Leased again and again and never settled: whatever it does to couriers, it has done often enough.
fn is_worn_out(inner: &Inner, parcel: &Parcel) -> bool {
    parcel.attempts > inner.config.retry.attempts
}

/// A push: whatever becomes of it, the message stands in the partner's list.
async fn pushed(inner: &Inner, push: &Push, parcel: &Parcel) -> Outcome {
    let item = match inner.renderer.inbox_item(parcel, inner.mail_config.bank(&parcel.institution)) {
        Ok(item) => item,
        Err(error) => return park(inner, parcel, error.to_string()),
    };
    let attempt = async {
        if is_worn_out(inner, parcel) {
            return Err(Failure::Permanent(NO_END.to_owned()));
        }
        push.carry(parcel).await
    };
    let ended = timeout(inner.config.send_timeout(), attempt).await;
    let ended = match ended.unwrap_or_else(|_| Err(Failure::Transient("push: time-out".to_owned()))) {
        Ok(said) => {
            inner.tally.count(Event::Delivered(parcel.channel));
            Outcome::Proven(Proof { said, ..item.proof() })
        }
        Err(failure) => failed(inner, parcel, failure),
    };
    Outcome::Pushed { item, ended: Box::new(ended) }
}

/// What follows a failed attempt.
fn failed(inner: &Inner, parcel: &Parcel, failure: Failure) -> Outcome {
    match failure {
        Failure::Permanent(error) => park(inner, parcel, error),
        Failure::Transient(error) => {
            let now = inner.clock.now();
            match inner.config.retry.after(parcel.attempts, now, inner.dice.as_ref()) {
                Next::At(at) => {
                    let at = again_at(inner.hours.as_ref(), parcel, at);
                    tracing::info!(parcel = %parcel.id, attempt = parcel.attempts, %at, error, "will be tried again");
                    inner.tally.count(Event::Retried(parcel.channel));
                    Outcome::RetryAt { at, error }
                }
                Next::Park => park(inner, parcel, error),
            }
        }
    }
}

fn said(code: &str) -> Proof {
    Proof { said: code.to_owned(), template: String::new(), hash: String::new() }
}

/// An incident for a person.
pub(crate) fn park(inner: &Inner, parcel: &Parcel, error: String) -> Outcome {
    tracing::warn!(parcel = %parcel.id, attempt = parcel.attempts, error, "parked as an incident");
    inner.tally.count(Event::Parked(parcel.channel));
    Outcome::Parked { error }
}

fn inbox(inner: &Inner, parcel: &Parcel) -> Result<Delivered, Failure> {
    let bank = inner.mail_config.bank(&parcel.institution);
    Ok(Delivered::Shown(inner.renderer.inbox_item(parcel, bank)?))
}

async fn mail(inner: &Inner, parcel: &Parcel) -> Result<Delivered, Failure> {
    if let Some(until) = goes_with(inner.hours.as_ref(), parcel, inner.clock.now()) {
        return Ok(Delivered::Held(until));
    }
    let to = match target(inner, parcel).await? {
        Target::Mail(to) => to,
        Target::Nobody => return Ok(Delivered::NoAddress),
        Target::Paper => return Ok(Delivered::ToPost),
    };
    let bank = inner.mail_config.bank(&parcel.institution);
    let language = parcel.contact.as_ref().map_or(ContactLanguage::Both, |contact| contact.language);
    let (folder, said) = match &parcel.effect {
        Effect::Mail { mailing, number, .. } => inner.renderer.mailing(mailing, language, number, bank)?,
        _ => ("shell", inner.renderer.shell_in(language, number(parcel), bank)?),
    };
    send(inner, parcel, (&parcel.message_id(), folder), to, said).await
}

/// Where a mail goes.
enum Target {
    Mail(Address),
    /// The inbox is enough, or a person has none.
    Nobody,
    Paper,
}

async fn target(inner: &Inner, parcel: &Parcel) -> Result<Target, PostError> {
    let given = parcel.mail_to.as_deref().and_then(|address| address.parse().ok());
    if let (Some(given), true) = (given, inner.mail.is_some()) {
        return Ok(Target::Mail(given));
    }
    let is_person = matches!(recipient(parcel), Some(Recipient::Party { .. }));
    // A code or an advertisement is a mail or nothing.
    let is_notice = !matches!(parcel.effect, Effect::Mail { .. });
    let reads = parcel.subject.is_some();
    let next = if is_person && is_notice && !reads { Target::Paper } else { Target::Nobody };
    let Some(contact) = parcel.contact.as_ref().filter(|_| is_person) else {
        let found = if inner.mail.is_some() { inner.addresses.address(parcel).await? } else { None };
        return Ok(found.map_or(next, Target::Mail));
    };
    let address = contact.mail.as_deref().and_then(|mail| mail.parse().ok());
    Ok(match way(Some(contact.channel), contact.standing, reads) {
        Way::Mail => address.filter(|_| inner.mail.is_some()).map_or(next, Target::Mail),
        Way::Paper if is_notice => Target::Paper,
        Way::Paper | Way::Inbox => Target::Nobody,
    })
}

/// Sends a mail about a parcel; what proves that it left. `(Message-ID, folder of its templates)`.
pub(crate) async fn send(
    inner: &Inner,
    parcel: &Parcel,
    (message_id, folder): (&str, &str),
    to: Address,
    said: Rendered,
) -> Result<Delivered, Failure> {
    let Some(channel) = &inner.mail else { return Ok(Delivered::NoAddress) };
    let config = &inner.mail_config;
    let bank = config.bank(&parcel.institution);
    let address =
        |text: &str| text.parse().map_err(|_| Failure::Permanent("the bank's sender address".to_owned()));
    let mail = Mail {
        message_id: message_id.to_owned(),
        from: Mailbox::new(Some(bank.name_ja.clone()), address(&bank.from)?),
        to,
        at: inner.clock.now(),
        shell: said,
        return_path: config.return_path.as_deref().map(address).transpose()?,
        seal: config.bounce_key.as_ref().map(|key| crate::bounce::seal(key, message_id)),
    };
    let said = channel.send(&mail).await?;
    let (template, hash) = (inner.renderer.version(folder).to_owned(), mail.shell.hash());
    Ok(Delivered::Mailed(Proof { said, template, hash }))
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Failure::Permanent(error.to_string())
    }
}

impl From<PostError> for Failure {
    fn from(error: PostError) -> Self {
        Failure::Transient(error.to_string())
    }
}
