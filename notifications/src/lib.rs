//! Everything that leaves after commit: the courier carries outbox rows to inboxes, mail servers and partners.
//!
//! A notice that fails never blocks a case: the courier runs beside the writer, leases rows, renders, sends and settles; a row that
//! fails is tried again with growing, jittered pauses, and after the last try it is parked as an incident for a person.
//! Delivery is at least once. A repeat carries the same Message-ID, so that receivers can drop it.
//!
//! Reading order: [`post`] (what the outbox offers), [`courier`] (the loop), [`retry`] (when again), [`render`] (what is said),
//! [`channel`] (how mail leaves), [`address`] (where to), [`config`].
//!
//! Partner messages go to the in-app inbox of the partner organisation, with their payload as JSON, and to its endpoint where it has
//! one ([`push`]). [`hooks`] tells endpoints by signed
//! webhooks that something happened, without saying more than ids; [`signature`] signs and verifies, [`outgoing`] judges addresses.
//! Posting orders go to core banking over HTTP where a bank has a line to it ([`core_banking`]). Other programs of a bank read what happens
//! from a stream ([`events`]).
//! Staff that wish so get their mails together at noon and at five ([`hours`], `digest`); [`bounce`] reads what mail servers report.

pub mod address;
pub mod bounce;
pub mod channel;
pub mod config;
pub mod conformance;
pub mod core_banking;
pub mod courier;
mod deliver;
mod digest;
mod envelope;
pub mod events;
mod flight;
pub mod hooks;
pub mod hours;
mod mail;
pub mod outgoing;
pub mod post;
pub mod push;
pub mod render;
pub mod retry;
pub mod signature;
mod store;
pub mod tally;
pub mod templates;

pub use address::{AddressBook, NoAddresses, PatternBook};
pub use bounce::{BadReport, Report};
pub use channel::{Failure, MailChannel, email::SmtpChannel, file::FileChannel};
pub use config::{Bank, CourierConfig, MailConfig, Tls, Transport};
pub use courier::{Clock, Courier, CourierParts};
pub use hours::{BankDays, Hours};
pub use lettre::Address as MailAddress;
pub use mail::{BadMail, Mail, message_id};
pub use post::{Channel, ContactPoint, InboxItem, Lane, Outcome, Parcel, Post, PostError, Settlement};
pub use render::{Audience, Language, RenderError, Rendered, Renderer};
pub use retry::{Dice, Next, Schedule, ThreadDice};
pub use store::StorePost;
pub use tally::{Event, Tally, Traced};
