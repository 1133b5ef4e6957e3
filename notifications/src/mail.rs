//! One mail: one recipient, a fixed Message-ID, text and HTML.

use crate::render::Rendered;
use chrono::{DateTime, Utc};
use lettre::Address;
use lettre::address::Envelope;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};

/// What a channel sends.
#[derive(Clone, Debug)]
pub struct Mail {
    /// `<id@domain>`, the same at every attempt.
    pub message_id: String,
    /// Name of the bank and its sender address.
    pub from: Mailbox,
    /// The one recipient.
    pub to: Address,
    /// `Date` of this attempt.
    pub at: DateTime<Utc>,
    /// What it says: mostly that there is something to see.
    pub shell: Rendered,
    /// Where the mail server reports what it could not deliver; `None`: to the sender.
    pub return_path: Option<Address>,
    /// Proves to us that a report is about a mail of ours ([`crate::bounce`]).
    pub seal: Option<String>,
}

/// A mail that cannot be built, whoever sends it.
#[derive(Debug, thiserror::Error)]
pub enum BadMail {
    #[error("the Message-ID has characters that no header may carry")]
    MessageId,
    #[error("the mail cannot be built")]
    Build,
}

/// `<id@domain>` of a parcel's message id. Accepts it with or without brackets; a bare id gets the sender's domain.
pub fn message_id(id: &str, sender: &Address) -> Result<String, BadMail> {
    let bare = id.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(id);
    let whole = if bare.contains('@') { bare.to_owned() } else { format!("{bare}@{}", sender.domain()) };
    let dot_atom = |part: &str| {
        let fine = |c: char| c.is_ascii_alphanumeric() || "-_.+=~".contains(c);
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && part.chars().all(fine)
    };
    match whole.split_once('@') {
        Some((left, right)) if whole.len() <= 200 && dot_atom(left) && dot_atom(right) => {
            Ok(format!("<{whole}>"))
        }
        _ => Err(BadMail::MessageId),
    }
}

/// Tells other machines not to answer (RFC 3834).
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(AutoSubmitted)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// The seal of a mail, which a report about it quotes.
#[derive(Clone)]
struct SealHeader(String);

impl Header for SealHeader {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str(crate::bounce::SEAL_HEADER)
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(SealHeader(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), self.0.clone())
    }
}

impl Mail {
    /// A sender under the name of the bank.
    pub fn sender(name: &str, address: Address) -> Mailbox {
        Mailbox::new(Some(name.to_owned()), address)
    }

    /// From whom to whom, as the mail server is told.
    pub fn envelope(&self) -> Result<Envelope, BadMail> {
        let from = self.return_path.clone().unwrap_or_else(|| self.from.email.clone());
        Envelope::new(Some(from), vec![self.to.clone()]).map_err(|_| BadMail::Build)
    }

    /// The message as it goes over the wire.
    pub fn compose(&self) -> Result<Message, BadMail> {
        let id = message_id(&self.message_id, &self.from.email)?;
        let text = SinglePart::builder().header(ContentType::TEXT_PLAIN).body(self.shell.text.clone());
        let html = SinglePart::builder().header(ContentType::TEXT_HTML).body(self.shell.html.clone());
        let mut message = Message::builder();
        if let Some(seal) = &self.seal {
            message = message.header(SealHeader(seal.clone()));
        }
        message
            .message_id(Some(id))
            .date(self.at.into())
            .from(self.from.clone())
            .to(Mailbox::new(None, self.to.clone()))
            .subject(self.shell.subject.clone())
            .header(AutoSubmitted)
            .multipart(MultiPart::alternative().singlepart(text).singlepart(html))
            .map_err(|_| BadMail::Build)
    }
}
