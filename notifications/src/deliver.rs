//! One attempt at one parcel.

use crate::channel::Failure;
use crate::courier::Inner;
use crate::mail::Mail;
use crate::post::{Channel, InboxItem, Outcome, Parcel, PostError, Proof, number};
use crate::render::RenderError;
use crate::retry::Next;
use crate::tally::Event;
use lettre::message::Mailbox;
use tokio::time::timeout;

/// How a parcel was delivered.
enum Delivered {
    Mailed(Proof),
    NoAddress,
    Shown(InboxItem),
}

/// Makes the attempt and says how it ended. Takes no longer than the configured time-out.
pub(crate) async fn deliver(inner: &Inner, parcel: &Parcel) -> Outcome {
    if parcel.attempts > inner.config.retry.attempts {
        // Leased again and again and never settled: whatever it does to couriers, it has done often enough.
        return park(inner, parcel, "no attempt came to an end".to_owned());
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
    let ended = timeout(inner.config.send_timeout(), attempt).await;
    match ended.unwrap_or_else(|_| Err(Failure::Transient("time-out".to_owned()))) {
        Ok(Delivered::Shown(item)) => Outcome::Inbox(item),
        Ok(Delivered::Mailed(proof)) => {
            inner.tally.count(Event::Delivered(parcel.channel));
            Outcome::Proven(proof)
        }
        Ok(Delivered::NoAddress) => {
            tracing::debug!(parcel = %parcel.id, "no address: the content stands in the in-app inbox");
            inner.tally.count(Event::NoAddress);
            let nothing = String::new;
            Outcome::Proven(Proof { said: "NO_ADDRESS".to_owned(), template: nothing(), hash: nothing() })
        }
        Err(Failure::Permanent(error)) => park(inner, parcel, error),
        Err(Failure::Transient(error)) => {
            let now = inner.clock.now();
            match inner.config.retry.after(parcel.attempts, now, inner.dice.as_ref()) {
                Next::At(at) => {
                    tracing::info!(parcel = %parcel.id, attempt = parcel.attempts, %at, error, "will be tried again");
                    inner.tally.count(Event::Retried(parcel.channel));
                    Outcome::RetryAt { at, error }
                }
                Next::Park => park(inner, parcel, error),
            }
        }
    }
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
    let Some(channel) = &inner.mail else { return Ok(Delivered::NoAddress) };
    let given = parcel.mail_to.as_deref().and_then(|address| address.parse().ok());
    let found = match given {
        Some(given) => Some(given),
        None => inner.addresses.address(parcel).await?,
    };
    let Some(to) = found else { return Ok(Delivered::NoAddress) };
    let bank = inner.mail_config.bank(&parcel.institution);
    let from = bank.from.parse().map_err(|_| Failure::Permanent("the bank's sender address".to_owned()))?;
    let mail = Mail {
        message_id: parcel.message_id(),
        from: Mailbox::new(Some(bank.name_ja.clone()), from),
        to,
        at: inner.clock.now(),
        shell: inner.renderer.shell(number(parcel), bank)?,
    };
    let said = channel.send(&mail).await?;
    let (template, hash) = (inner.renderer.version("shell").to_owned(), mail.shell.hash());
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
