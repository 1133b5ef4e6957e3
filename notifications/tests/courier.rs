//! The courier against an outbox in memory and a mail server that speaks SMTP.

mod support;

use chrono::Duration;
use notifications::{
    AddressBook, Channel, Courier, CourierConfig, CourierParts, Failure, Mail, MailChannel, MailConfig,
    Parcel, PatternBook, PostError, Schedule,
};
use std::sync::atomic::Ordering;
use support::outbox::{Outbox, State};
use support::smtp::{Mode, Server};
use support::{TestClock, courier, desk, parcel, quick, with};
use tokio_util::sync::CancellationToken;

#[tokio::test]
async fn a_mail_and_the_items_of_a_desk_and_a_person_are_delivered() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([
        parcel("m1", Channel::Email, "P1"),
        desk("i1", Channel::Inbox),
        parcel("i2", Channel::Inbox, "P1"),
    ]);
    let swept = courier(&outbox, &clock, server.config(), quick(), "w").sweep().await.expect("answers");
    assert_eq!((swept, outbox.count(&State::Delivered)), (3, 3));
    assert_eq!(server.message_ids(), ["<m1@yushi>"]);
    let mail = &server.messages()[0];
    for header in
        ["To: p1@customer.example", "Auto-Submitted: auto-generated", "Content-Type: multipart/alternative"]
    {
        assert!(mail.contains(header), "{header} in\n{mail}");
    }
    assert!(mail.contains("Subject: =?utf-8?") && mail.contains("text/plain") && mail.contains("text/html"));
    let inbox = outbox.inbox.lock().expect("not poisoned");
    assert!(inbox["i2"].body_ja.starts_with("労金 太郎 様"), "the content stands in the inbox");
    assert!(inbox["i1"].body_ja.starts_with("担当者 各位"));
}

#[tokio::test]
async fn without_a_mail_server_or_an_address_the_inbox_is_the_channel() {
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "P1")]);
    courier(&outbox, &clock, MailConfig::default(), quick(), "w").sweep().await.expect("answers");
    assert_eq!(outbox.row("m1").state, State::Delivered);

    let server = Server::start(Mode::Accept).await;
    let outbox = Outbox::with([parcel("m1", Channel::Email, "")]);
    courier(&outbox, &clock, server.config(), quick(), "w").sweep().await.expect("answers");
    assert_eq!((outbox.row("m1").state, server.connections()), (State::Delivered, 0));
}

/// SEC-M04.
#[tokio::test]
async fn a_later_is_tried_again_and_a_never_is_parked_at_once() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "later"), parcel("m2", Channel::Email, "never")]);
    let courier = courier(&outbox, &clock, server.config(), quick(), "w");
    assert_eq!(courier.sweep().await.expect("answers"), 2);
    let (later, never) = (outbox.row("m1"), outbox.row("m2"));
    assert_eq!(later.state, State::Waiting);
    // The recipient's address, which the server repeats, is not part of the error.
    assert_eq!(later.error.as_deref(), Some("send: 451 4.7.1"));
    assert_eq!(never.state, State::Parked("send: 550 5.1.1".to_owned()));

    assert_eq!(courier.sweep().await.expect("answers"), 0, "not before its time");
    clock.advance(Duration::milliseconds(60_000));
    assert_eq!(courier.sweep().await.expect("answers"), 1, "the longest first pause is over");
}

/// SEC-M04.
#[tokio::test]
async fn after_the_last_attempt_a_person_is_told() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "later")]);
    let courier = courier(&outbox, &clock, server.config(), quick(), "w");
    let mut attempts = 0;
    for _ in 0..10 {
        attempts += courier.sweep().await.expect("answers");
        clock.advance(Duration::hours(1));
    }
    assert_eq!(attempts, 4, "as configured, and not once more");
    assert_eq!(outbox.row("m1").state, State::Parked("send: 451 4.7.1".to_owned()));
}

/// SEC-M02, SEC-M05.
#[tokio::test]
async fn a_connection_lost_after_the_content_is_sent_again_under_the_same_id() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "drop")]);
    let courier = courier(&outbox, &clock, server.config(), quick(), "w");
    courier.sweep().await.expect("answers");
    assert_eq!(outbox.row("m1").state, State::Waiting, "unknown is not delivered");
    clock.advance(Duration::hours(1));
    courier.sweep().await.expect("answers");
    assert_eq!(server.message_ids(), ["<m1@yushi>", "<m1@yushi>"]);
}

/// SEC-M02, SEC-M05.
#[tokio::test]
async fn a_crash_between_send_and_settle_repeats_the_same_id() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "P1"), parcel("i1", Channel::Inbox, "P1")]);
    outbox.forgets.store(true, Ordering::SeqCst);
    courier(&outbox, &clock, server.config(), quick(), "first").sweep().await.expect("answers");
    assert_eq!(outbox.count(&State::Waiting), 2, "sent, and nobody knows");

    outbox.forgets.store(false, Ordering::SeqCst);
    let second = courier(&outbox, &clock, server.config(), quick(), "second");
    assert_eq!(second.sweep().await.expect("answers"), 0, "the lease of the first still runs");
    clock.advance(Duration::milliseconds(60_000));
    assert_eq!(second.sweep().await.expect("answers"), 2);
    assert_eq!(outbox.count(&State::Delivered), 2);
    assert_eq!(server.message_ids(), ["<m1@yushi>", "<m1@yushi>"]);
    assert_eq!(outbox.inbox.lock().expect("not poisoned").len(), 1, "the inbox takes a parcel once");
}

#[tokio::test]
async fn a_hanging_server_delays_no_inbox() {
    let server = Server::start(Mode::Mute).await;
    let clock = TestClock::new();
    let mails = (0..40).map(|n| parcel(&format!("m{n:02}"), Channel::Email, "P1"));
    let items = (0..40).map(|n| desk(&format!("x{n:02}"), Channel::Inbox));
    let outbox = Outbox::with(mails.chain(items));
    // No time-out ends within this test: the inbox is delivered while every mail hangs.
    let config = CourierConfig { send_timeout_ms: 30_000, lease_ms: 60_000, ..quick() };
    let mail = MailConfig { connect_timeout_ms: 30_000, ..server.config() };
    let courier = courier(&outbox, &clock, mail, config, "w");
    let stop = CancellationToken::new();
    let (running, copy) = (stop.clone(), courier.clone());
    let task = tokio::spawn(async move { copy.run(running).await });
    outbox.until("every desk is told", |o| o.count(&State::Delivered) == 40).await;
    stop.cancel();
    task.await.expect("stops");
    assert_eq!(outbox.count(&State::Waiting), 40, "no mail is lost");
    assert!(outbox.settle_calls.load(Ordering::SeqCst) <= 40, "settlements go in batches");
}

#[tokio::test]
async fn a_recipient_that_hangs_the_conversation_spoils_no_later_mail() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "P1")]);
    let config = CourierConfig { mail_slots: 1, ..quick() };
    let courier = courier(&outbox, &clock, server.config(), config, "w");
    courier.sweep().await.expect("answers");
    outbox.add([parcel("m2", Channel::Email, "hang")]);
    let limit = std::time::Duration::from_secs(5);
    let swept = tokio::time::timeout(limit, courier.sweep()).await;
    swept.expect("the slot is free after the time-out of a send").expect("answers");
    assert_eq!(outbox.row("m2").error.as_deref(), Some("time-out"));
    // The conversation that was cut half-way is not used again: a fresh connection carries the next mail.
    let before = server.connections();
    outbox.add([parcel("m3", Channel::Email, "P1"), parcel("m4", Channel::Email, "P1")]);
    courier.sweep().await.expect("answers");
    assert_eq!(outbox.count(&State::Delivered), 3);
    assert_eq!(server.connections(), before + 1, "one new connection, used twice");
    assert_eq!(server.messages().len(), 4);
}

#[tokio::test]
async fn starttls_refused_a_closed_server_and_a_wrong_password_are_about_the_server_not_the_mail() {
    let server = Server::start(Mode::RefuseTls).await;
    let clock = TestClock::new();
    let cases = [
        (Mode::RefuseTls, notifications::Tls::StartTls, "connect: 454 4.7.0"),
        // STARTTLS is not even offered: no mail goes in plain text instead.
        (
            Mode::Accept,
            notifications::Tls::StartTls,
            "connect: the server does not offer what the settings ask for",
        ),
        (Mode::RefuseLogin, notifications::Tls::None, "connect: 535 5.7.8"),
        (Mode::Closed, notifications::Tls::None, "connect: 554 5.3.2"),
    ];
    for (mode, tls, error) in cases {
        server.set(mode);
        let login = mode == Mode::RefuseLogin;
        let mail = MailConfig {
            tls,
            username: login.then(|| "yushi".to_owned()),
            password: login.then(|| "secret".to_owned().into()),
            ..server.config()
        };
        let outbox = Outbox::with([parcel("m1", Channel::Email, "P1")]);
        courier(&outbox, &clock, mail, quick(), "w").sweep().await.expect("answers");
        assert_eq!(outbox.row("m1").error.as_deref(), Some(error), "{mode:?}");
        assert_eq!(outbox.row("m1").state, State::Waiting, "{mode:?}");
    }
    assert!(server.messages().is_empty(), "nothing went out in plain text");
    assert!(!server.commands().iter().any(|c| c.starts_with("MAIL")));
}

#[tokio::test]
async fn nobody_listens() {
    let server = Server::start(Mode::Accept).await;
    let config = server.config();
    drop(server);
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "P1")]);
    courier(&outbox, &clock, config, quick(), "w").sweep().await.expect("answers");
    assert_eq!(outbox.row("m1").state, State::Waiting);
    assert!(outbox.row("m1").error.is_some_and(|e| e.starts_with("connect: ")));
}

#[tokio::test]
async fn a_stop_loses_no_lease() {
    let server = Server::start(Mode::Mute).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "P1"), desk("i1", Channel::Inbox)]);
    let config = CourierConfig { send_timeout_ms: 30_000, grace_ms: 20, ..quick() };
    let mail = MailConfig { connect_timeout_ms: 30_000, ..server.config() };
    let first = courier(&outbox, &clock, mail, config, "first");
    let stop = CancellationToken::new();
    let running = stop.clone();
    let task = tokio::spawn(async move { first.run(running).await });
    outbox
        .until("the desk is told", |o| o.row("i1").state == State::Delivered && o.row("m1").worker.is_some())
        .await;
    stop.cancel();
    task.await.expect("stops within its grace");
    assert_eq!(outbox.row("m1").state, State::Waiting);

    server.set(Mode::Accept);
    clock.advance(Duration::milliseconds(60_000));
    courier(&outbox, &clock, server.config(), quick(), "second").sweep().await.expect("answers");
    assert_eq!(outbox.row("m1").state, State::Delivered);
}

#[tokio::test]
async fn what_is_being_sent_at_the_stop_is_finished_and_settled() {
    let clock = TestClock::new();
    let outbox = Outbox::with([parcel("m1", Channel::Email, "P1")]);
    let gate = std::sync::Arc::new(Gate::default());
    let mail = Server::start(Mode::Accept).await.config();
    let book = std::sync::Arc::new(PatternBook(mail.addresses.clone()));
    let config = CourierConfig { grace_ms: 10_000, send_timeout_ms: 30_000, ..quick() };
    let parts = CourierParts::new(outbox.clone(), book, clock.clone(), mail, config, "w").expect("sound");
    let courier = Courier::new(CourierParts { mail: Some(gate.clone()), ..parts }).expect("sound");
    let stop = CancellationToken::new();
    let running = stop.clone();
    let task = tokio::spawn(async move { courier.run(running).await });
    gate.reached.notified().await;
    stop.cancel();
    outbox.add([desk("i1", Channel::Inbox)]);
    gate.open.notify_one();
    task.await.expect("stops");
    assert_eq!(outbox.row("m1").state, State::Delivered);
    assert_eq!(outbox.row("i1").worker, None, "nothing is leased after the stop");
}

/// A mail channel that waits to be let through.
#[derive(Default)]
struct Gate {
    reached: tokio::sync::Notify,
    open: tokio::sync::Notify,
}

#[async_trait::async_trait]
impl MailChannel for Gate {
    async fn send(&self, _: &Mail) -> Result<String, Failure> {
        self.reached.notify_one();
        self.open.notified().await;
        Ok("250".to_owned())
    }
}

#[tokio::test]
async fn what_ends_while_the_outbox_is_down_is_settled_when_it_is_back() {
    let clock = TestClock::new();
    let outbox = Outbox::with([desk("i1", Channel::Inbox)]);
    outbox.down.store(true, Ordering::SeqCst);
    let courier = courier(&outbox, &clock, MailConfig::default(), quick(), "w");
    assert!(courier.sweep().await.is_err());
    let stop = CancellationToken::new();
    let (running, copy) = (stop.clone(), courier.clone());
    let task = tokio::spawn(async move { copy.run(running).await });
    outbox.down.store(false, Ordering::SeqCst);
    outbox.until("it is back", |o| o.row("i1").state == State::Delivered).await;
    // A wake-up finds new parcels without waiting for the poll.
    outbox.add([desk("i2", Channel::Inbox)]);
    courier.wake();
    outbox.until("the next", |o| o.row("i2").state == State::Delivered).await;
    stop.cancel();
    task.await.expect("stops");
}

#[tokio::test]
async fn a_parcel_that_fails_the_program_is_parked_and_delays_nobody() {
    let clock = TestClock::new();
    let nothing = with("i2", Channel::Inbox, workflows::machine::Effect::CloseTask { id: "t".to_owned() });
    let mut poison = desk("i3", Channel::Inbox);
    poison.attempts = 99;
    let header = parcel("m1\r\nBcc: all@evil.example", Channel::Email, "P1");
    let server = Server::start(Mode::Accept).await;
    let outbox = Outbox::with([
        nothing,
        poison,
        header,
        desk("i4", Channel::Inbox),
        parcel("m2", Channel::Email, "panic"),
        parcel("m3", Channel::Email, "P1"),
    ]);
    let book = std::sync::Arc::new(PanickingBook(PatternBook(server.config().addresses)));
    let parts = CourierParts::new(outbox.clone(), book, clock.clone(), server.config(), quick(), "w");
    let courier = Courier::new(parts.expect("sound")).expect("sound");
    courier.sweep().await.expect("answers");
    let parked = |error: &str| State::Parked(error.to_owned());
    assert_eq!(outbox.row("i2").state, parked("the parcel is neither a notice nor a partner message"));
    assert_eq!(outbox.row("i3").state, parked("no attempt came to an end"));
    assert_eq!(
        outbox.row("m1\r\nBcc: all@evil.example").state,
        parked("the Message-ID has characters that no header may carry")
    );
    assert_eq!(outbox.row("m2").state, parked("the courier failed on this parcel"));
    assert_eq!(outbox.count(&State::Delivered), 2);
    assert_eq!(server.message_ids(), ["<m3@yushi>"]);
}

/// Fails the program for one party.
struct PanickingBook(PatternBook);

#[async_trait::async_trait]
impl AddressBook for PanickingBook {
    async fn address(&self, parcel: &Parcel) -> Result<Option<lettre::Address>, PostError> {
        let address = self.0.resolve(parcel);
        assert!(address.as_ref().is_none_or(|a| a.user() != "panic"), "a test asked for it");
        Ok(address)
    }
}

#[tokio::test]
async fn many_mails_share_few_connections() {
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with((0..60).map(|n| parcel(&format!("m{n:02}"), Channel::Email, "P1")));
    let config = CourierConfig { retry: Schedule { attempts: 1, ..Schedule::default() }, ..quick() };
    courier(&outbox, &clock, server.config(), config, "w").sweep().await.expect("answers");
    assert_eq!((outbox.count(&State::Delivered), server.messages().len()), (60, 60));
    assert!(server.connections() <= 8, "{} connections", server.connections());
}
