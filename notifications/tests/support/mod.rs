//! What the tests share: an outbox in memory, a clock that tests move, a mail server that speaks SMTP.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod outbox;
pub mod smtp;

use chrono::{DateTime, Duration, Utc};
use notifications::{
    Channel, Courier, CourierConfig, CourierParts, Dice, MailConfig, Parcel, PatternBook, Schedule,
};
use std::sync::{Arc, Mutex};
use workflows::machine::{Effect, NoticeData, NoticeId, Recipient, Role};

/// Time that moves when a test says so.
pub struct TestClock(Mutex<DateTime<Utc>>);

impl TestClock {
    pub fn new() -> Arc<TestClock> {
        let start = DateTime::parse_from_rfc3339("2026-04-01T01:00:00Z").expect("an instant");
        TestClock::at(start.to_utc())
    }

    pub fn at(start: DateTime<Utc>) -> Arc<TestClock> {
        Arc::new(TestClock(Mutex::new(start)))
    }

    pub fn advance(&self, by: Duration) {
        *self.0.lock().expect("not poisoned") += by;
    }
}

impl notifications::courier::Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock().expect("not poisoned")
    }
}

/// The longest pause each time.
pub struct Longest;

impl Dice for Longest {
    fn up_to(&self, most: u64) -> u64 {
        most
    }
}

/// How long a test waits for what must come: nothing where all is well.
pub const PATIENCE: std::time::Duration = std::time::Duration::from_secs(120);

/// Short pauses. A test of a server that hangs sets how long a send may take; every other one has the time that a slow machine needs.
pub fn quick() -> CourierConfig {
    CourierConfig {
        local_slots: 8,
        mail_slots: 4,
        send_timeout_ms: 30_000,
        lease_ms: 60_000,
        poll_ms: 10,
        grace_ms: 200,
        retry: Schedule { first_ms: 60_000, least_ms: 1_000, most_ms: 600_000, attempts: 4 },
    }
}

pub fn courier(
    outbox: &Arc<outbox::Outbox>,
    clock: &Arc<TestClock>,
    mail: MailConfig,
    config: CourierConfig,
    worker: &str,
) -> Courier {
    let book = Arc::new(PatternBook(mail.addresses.clone()));
    let parts = CourierParts::new(outbox.clone(), book, clock.clone(), mail, config, worker);
    let parts = CourierParts { dice: Arc::new(Longest), ..parts.expect("sound settings") };
    Courier::new(parts).expect("sound settings")
}

/// A parcel of a notice to a party; the local part of its address is the party's id.
pub fn parcel(id: &str, channel: Channel, party: &str) -> Parcel {
    notice(id, channel, NoticeId::N01, Recipient::Party { party_id: party.to_owned() })
}

/// A parcel to a desk.
pub fn desk(id: &str, channel: Channel) -> Parcel {
    notice(id, channel, NoticeId::W01, Recipient::Desk { role: Role::BranchClerk })
}

/// A parcel of this effect.
pub fn with(id: &str, channel: Channel, effect: Effect) -> Parcel {
    Parcel {
        id: id.to_owned(),
        institution: "2950".to_owned(),
        application_id: "a1".to_owned(),
        version: 1,
        channel,
        kind: "N01".to_owned(),
        branch: "101".to_owned(),
        subject: None,
        address: "PARTY:a1:P1".to_owned(),
        effect,
        attempts: 0,
        last_error: None,
        created_at: DateTime::UNIX_EPOCH,
        token: 0,
        mail_to: None,
        contact: None,
        digest: None,
    }
}

fn notice(id: &str, channel: Channel, notice: NoticeId, to: Recipient) -> Parcel {
    let person = matches!(to, Recipient::Party { .. });
    let data = NoticeData {
        number: "2950-101-2026-000042".to_owned(),
        addressee: person.then(|| "労金 太郎".to_owned()),
        ..NoticeData::default()
    };
    with(id, channel, Effect::Notify { notice, to, data: Box::new(data) })
}
