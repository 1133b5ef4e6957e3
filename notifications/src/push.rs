//! Messages to guarantors, insurers, scriveners and other partners, pushed to their own endpoints (decision 31).
//!
//! A push takes nothing from polling: whatever the endpoint says, the message stands in the organisation's list from the first
//! attempt on. An endpoint is judged by its status alone; an answer to the request comes as a command of the partner's own account.

use crate::channel::Failure;
use crate::courier::Clock;
use crate::envelope;
use crate::outgoing::{Outgoing, Refused};
use crate::post::Parcel;
use crate::signature::{SigningKey, sign};
use std::collections::BTreeMap;
use std::sync::Arc;
use workflows::machine::{Effect, Role};

/// Whose endpoint it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Partner {
    /// Bank code.
    pub institution: String,
    pub role: Role,
    pub organisation: String,
}

/// An endpoint of one partner for the messages of one bank.
#[derive(Clone)]
pub struct PushLine {
    pub url: String,
    /// Active keys, each signs.
    pub keys: Vec<SigningKey>,
}

/// The partners that have an endpoint; the others poll alone.
pub struct Push {
    /// By bank code and address of the parcel.
    lines: BTreeMap<(String, String), PushLine>,
    outgoing: Outgoing,
    clock: Arc<dyn Clock>,
}

/// Why a line is none. Names the partner, never a key.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    #[error("{0}: an https address of a public host, or of one in webhooks.allowed_hosts")]
    Address(String),
    #[error("{0}: at least one key")]
    Keys(String),
    #[error("{0}: a partner that is asked something, and not CORE_BANKING (core_banking.lines)")]
    Role(String),
}

impl Push {
    /// The endpoints of an installation. Errors: an address that would never be called, no key, or a role without such messages.
    pub fn new(
        lines: BTreeMap<Partner, PushLine>,
        outgoing: Outgoing,
        clock: Arc<dyn Clock>,
    ) -> Result<Push, PushError> {
        let mut by_address = BTreeMap::new();
        for (partner, line) in lines {
            let name = format!("{} {} {}", partner.institution, partner.role, partner.organisation);
            if !partner.role.is_partner() || partner.role == Role::CoreBanking {
                return Err(PushError::Role(name));
            }
            if outgoing.judge(&line.url).is_err() {
                return Err(PushError::Address(name));
            }
            if line.keys.is_empty() {
                return Err(PushError::Keys(name));
            }
            let address = db::outbox::partner_address(partner.role, &partner.organisation);
            by_address.insert((partner.institution, address), line);
        }
        Ok(Push { lines: by_address, outgoing, clock })
    }

    /// Bank codes and addresses of the parcels that are pushed.
    pub fn places(&self) -> Vec<(String, String)> {
        self.lines.keys().cloned().collect()
    }

    fn line(&self, parcel: &Parcel) -> Option<&PushLine> {
        self.lines.get(&(parcel.institution.clone(), parcel.address.clone()))
    }

    /// Is the parcel pushed?
    pub fn takes(&self, parcel: &Parcel) -> bool {
        matches!(&parcel.effect, Effect::Send { .. }) && self.line(parcel).is_some()
    }

    /// One attempt; what proves the delivery. Errors: what is tried again later, or what a person must look at.
    pub(crate) async fn carry(&self, parcel: &Parcel) -> Result<String, Failure> {
        let (Some(line), Effect::Send { message, payload, .. }) = (self.line(parcel), &parcel.effect) else {
            return Err(Failure::Permanent("push: no line".to_owned()));
        };
        let at = self.clock.now();
        let (id, body) = (envelope::id_of(&parcel.id), envelope::body(message.code(), at, payload));
        let signed = sign(&line.keys, &id, at, &body)
            .map_err(|_| Failure::Permanent("push: cannot be signed".to_owned()))?;
        let mut headers = envelope::HEADERS.to_vec();
        headers.extend(signed.headers());
        match self.outgoing.post(&line.url, &headers, body).await {
            Ok(answer) if (200..300).contains(&answer.status) => Ok(format!("HTTP {}", answer.status)),
            Ok(answer) => Err(Failure::Transient(format!("push: HTTP {}", answer.status))),
            Err(refused) => Err(Failure::Transient(told(&refused).to_owned())),
        }
    }
}

/// Words for the incident: nothing of what the other side said, and no address.
const fn told(refused: &Refused) -> &'static str {
    match refused {
        Refused::Address(_) => "push: the address is not https to a host alone",
        Refused::Inside { .. } => "push: the address is not public",
        Refused::Unknown(_) => "push: the name has no address",
        Refused::Slow(_) => "push: no answer in time",
        Refused::Failed(_) => "push: the connection failed",
    }
}
