//! The courier against an outbox in memory and a mail server that speaks SMTP.

mod support;

use chrono::Duration;
use notifications::post::DigestWish;
use notifications::{
    AddressBook, Channel, ContactPoint, Courier, CourierConfig, CourierParts, Failure, Lane, Mail,
    MailChannel, MailConfig, Parcel, PatternBook, Post, PostError, Schedule,
};
use std::sync::atomic::Ordering;
use support::outbox::{Outbox, State};
use support::smtp::{Mode, Server};
use support::{PATIENCE, TestClock, courier, desk, parcel, quick, with};
use tokio_util::sync::CancellationToken;
use workflows::machine::contact::{AddressStanding, ContactChannel, ContactLanguage};
use workflows::machine::{Effect, NoticeData, NoticeId, Recipient, Role};

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
    assert_eq!(outbox.row("m1").state, State::ToPost, "nobody signs in for this person: a letter");

    let server = Server::start(Mode::Accept).await;
    let signs_in = |id: &str| {
        let subject = Some("taro".to_owned());
        Parcel { subject, ..parcel(id, Channel::Email, "") }
    };
    let outbox = Outbox::with([parcel("m1", Channel::Email, ""), signs_in("m2")]);
    courier(&outbox, &clock, server.config(), quick(), "w").sweep().await.expect("answers");
    assert_eq!((outbox.row("m1").state, server.connections()), (State::ToPost, 0));
    assert_eq!(outbox.row("m2").state, State::Delivered, "the inbox is read");
}

/// A parcel to somebody who has said how to be told.
fn reached(id: &str, channel: ContactChannel, standing: AddressStanding, subject: Option<&str>) -> Parcel {
    let mail = (standing != AddressStanding::Absent).then(|| "kaori@customer.example".to_owned());
    let contact = Some(ContactPoint { channel, language: ContactLanguage::En, standing, mail });
    Parcel { contact, subject: subject.map(str::to_owned), ..parcel(id, Channel::Email, "P1") }
}

#[tokio::test]
async fn a_wish_is_followed_at_the_moment_of_sending() {
    use {AddressStanding as A, ContactChannel as C};
    let server = Server::start(Mode::Accept).await;
    let clock = TestClock::new();
    let outbox = Outbox::with([
        reached("mail", C::Mail, A::Confirmed, None),
        reached("asked", C::Mail, A::Asked, Some("taro")),
        reached("asked-paper", C::Mail, A::Asked, None),
        reached("bounced", C::Mail, A::Bounced, Some("taro")),
        reached("inbox", C::Inbox, A::Confirmed, Some("taro")),
        reached("letter", C::Letter, A::Confirmed, Some("taro")),
    ]);
    let config = MailConfig { return_path: Some("bounces@bank.example".to_owned()), ..server.config() };
    let key: secrecy::SecretString = "0123456789abcdef0123456789abcdef".to_owned().into();
    let config = MailConfig { bounce_key: Some(key.clone()), ..config };
    courier(&outbox, &clock, config, quick(), "w").sweep().await.expect("answers");
    let by_state = |state: State| {
        ["mail", "asked", "asked-paper", "bounced", "inbox", "letter"].map(|id| outbox.row(id).state == state)
    };
    assert_eq!(by_state(State::ToPost), [false, false, true, true, false, true]);
    assert_eq!(by_state(State::Delivered), [true, true, false, false, true, false]);
    assert_eq!(server.message_ids(), ["<mail@yushi>"]);
    let mail = &server.messages()[0];
    // The register's address and language win over the pattern's, and the seal proves what comes back.
    assert!(mail.contains("To: kaori@customer.example") && mail.contains("You have a notice"), "{mail}");
    assert!(mail.contains("Subject: You have a notice"), "{mail}");
    let seal = mail.lines().find_map(|line| line.strip_prefix("Yushi-Seal: ")).expect("sealed");
    assert!(notifications::bounce::is_seal(&key, "<mail@yushi>", seal));
    assert!(!notifications::bounce::is_seal(&key, "<other@yushi>", seal));
}

#[tokio::test]
async fn a_failure_late_in_the_evening_is_tried_again_in_the_morning() {
    let server = Server::start(Mode::Accept).await;
    // Wednesday, 19:59:30 in Tokyo: the longest first pause is a minute, which ends in the quiet hours.
    let evening = "2026-04-08T10:59:30Z".parse().expect("an instant");
    let clock = TestClock::at(evening);
    let urgent = with("m2", Channel::Email, effect_of(NoticeId::N13, "later"));
    let outbox = Outbox::with([parcel("m1", Channel::Email, "later"), urgent]);
    courier(&outbox, &clock, server.config(), quick(), "w").sweep().await.expect("answers");
    let morning: chrono::DateTime<chrono::Utc> = "2026-04-08T23:00:00Z".parse().expect("an instant");
    assert_eq!(outbox.row("m1").next_at, morning, "08:00 of the next bank day");
    assert_eq!(outbox.row("m2").next_at, evening + Duration::seconds(60), "what is urgent does not wait");
}

fn effect_of(notice: NoticeId, party: &str) -> Effect {
    let to = Recipient::Party { party_id: party.to_owned() };
    Effect::Notify { notice, to, data: Box::default() }
}

#[tokio::test]
async fn a_desk_that_wishes_digests_waits_for_noon_and_what_is_urgent_does_not() {
    let server = Server::start(Mode::Accept).await;
    // Wednesday, ten in Tokyo.
    let clock = TestClock::at("2026-04-08T01:00:00Z".parse().expect("an instant"));
    let wishes = |id: &str, notice: NoticeId, until: Option<&str>| {
        let to = Recipient::Desk { role: Role::BranchClerk };
        let until = until.map(|day| day.parse().expect("a day"));
        let data = NoticeData { number: "2950-1".to_owned(), until, ..NoticeData::default() };
        let effect = Effect::Notify { notice, to, data: Box::new(data) };
        Parcel { digest: Some(DigestWish::wished()), ..with(id, Channel::Email, effect) }
    };
    let outbox = Outbox::with([
        wishes("work", NoticeId::W01, None),
        wishes("tomorrow", NoticeId::W01, Some("2026-04-09")),
        wishes("today", NoticeId::W01, Some("2026-04-08")),
        wishes("exception", NoticeId::W04, None),
        desk("plain", Channel::Email),
    ]);
    courier(&outbox, &clock, server.config(), quick(), "w").sweep().await.expect("answers");
    let noon: chrono::DateTime<chrono::Utc> = "2026-04-08T03:00:00Z".parse().expect("an instant");
    let mut sent = server.message_ids();
    sent.sort();
    assert_eq!(sent, ["<exception@yushi>", "<plain@yushi>", "<today@yushi>"]);
    for id in ["work", "tomorrow"] {
        let row = outbox.row(id);
        assert_eq!((row.next_at, row.state, row.parcel.attempts), (noon, State::Waiting, 0), "{id}");
    }
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
    let config = CourierConfig { send_timeout_ms: 300_000, lease_ms: 600_000, ..quick() };
    let mail = MailConfig { connect_timeout_ms: 300_000, ..server.config() };
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
    // A mail that is taken takes a few milliseconds.
    let config = CourierConfig { mail_slots: 1, send_timeout_ms: 3_000, ..quick() };
    let courier = courier(&outbox, &clock, server.config(), config, "w");
    courier.sweep().await.expect("answers");
    outbox.add([parcel("m2", Channel::Email, "hang")]);
    let swept = tokio::time::timeout(PATIENCE, courier.sweep()).await;
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
    // A port that is taken, and at which nobody listens.
    let silent = tokio::net::TcpSocket::new_v4().expect("a socket");
    silent.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let port = Some(silent.local_addr().expect("bound").port());
    let config = MailConfig { port, ..Server::start(Mode::Accept).await.config() };
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
    let config = CourierConfig { send_timeout_ms: 300_000, lease_ms: 600_000, grace_ms: 20, ..quick() };
    let mail = MailConfig { connect_timeout_ms: 300_000, ..server.config() };
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
    clock.advance(Duration::milliseconds(600_000));
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
    let config = CourierConfig { grace_ms: 120_000, ..quick() };
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

/// A mail channel that lets so many through at once and holds the rest until it is opened.
struct Tide {
    through: tokio::sync::Semaphore,
    sent: std::sync::Mutex<Vec<String>>,
}

impl Tide {
    fn of(through: usize) -> std::sync::Arc<Tide> {
        let through = tokio::sync::Semaphore::new(through);
        std::sync::Arc::new(Tide { through, sent: std::sync::Mutex::default() })
    }
}

#[async_trait::async_trait]
impl MailChannel for Tide {
    async fn send(&self, mail: &Mail) -> Result<String, Failure> {
        self.through.acquire().await.expect("open").forget();
        self.sent.lock().expect("not poisoned").push(mail.message_id.clone());
        Ok("250".to_owned())
    }
}

/// A courier in front of a tide that has let thirty of sixty mails through: four are under way, more are leased ahead.
async fn at_the_turn_of_the_tide(
    outbox: &std::sync::Arc<Outbox>,
    clock: &std::sync::Arc<TestClock>,
    grace_ms: u64,
) -> (std::sync::Arc<Tide>, CancellationToken, tokio::task::JoinHandle<()>) {
    let tide = Tide::of(30);
    let mail = Server::start(Mode::Accept).await.config();
    let book = std::sync::Arc::new(PatternBook(mail.addresses.clone()));
    let config = CourierConfig { grace_ms, send_timeout_ms: 20_000, ..quick() };
    let parts = CourierParts::new(outbox.clone(), book, clock.clone(), mail, config, "w").expect("sound");
    let courier = Courier::new(CourierParts { mail: Some(tide.clone()), ..parts }).expect("sound");
    let stop = CancellationToken::new();
    let running = stop.clone();
    let task = tokio::spawn(async move { courier.run(running).await });
    let ahead = |o: &Outbox| o.count(&State::Delivered) == 30 && o.in_hand().len() > 4;
    outbox.until("mails are leased ahead", ahead).await;
    (tide, stop, task)
}

fn sixty() -> std::sync::Arc<Outbox> {
    Outbox::with((0..60).map(|n| parcel(&format!("m{n:02}"), Channel::Email, "P1")))
}

#[tokio::test]
async fn what_is_leased_ahead_is_given_back_at_the_stop() {
    let (clock, outbox) = (TestClock::new(), sixty());
    let (_tide, stop, task) = at_the_turn_of_the_tide(&outbox, &clock, 20).await;
    assert!(outbox.settle_calls.load(Ordering::SeqCst) <= 30, "settled together");
    stop.cancel();
    task.await.expect("stops within its grace");
    let kept = outbox.in_hand();
    assert_eq!(kept.len(), 4, "what was under way keeps its lease: {kept:?}");
    assert!(outbox.given_back.load(Ordering::SeqCst) >= 1);
    // Another courier has the rest at once, under a first attempt.
    let now = notifications::courier::Clock::now(clock.as_ref());
    let again = outbox.lease(Lane::Mail, now, "next", 100, std::time::Duration::from_secs(60)).await;
    let again = again.expect("answers");
    assert_eq!((again.len(), again.iter().map(|parcel| parcel.attempts).max()), (26, Some(1)));
}

#[tokio::test]
async fn what_waited_too_long_is_leased_anew_before_it_is_sent() {
    let (clock, outbox) = (TestClock::new(), sixty());
    let (tide, stop, task) = at_the_turn_of_the_tide(&outbox, &clock, 5_000).await;
    // The lease of what waits would end during its attempt: somebody else might send it as well.
    clock.advance(Duration::milliseconds(45_000));
    tide.through.add_permits(1_000);
    outbox.until("all are sent", |o| o.count(&State::Delivered) == 60).await;
    stop.cancel();
    task.await.expect("stops");
    assert!(outbox.given_back.load(Ordering::SeqCst) >= 1, "some were given back");
    let mut sent = tide.sent.lock().expect("not poisoned").clone();
    sent.sort();
    sent.dedup();
    assert_eq!((sent.len(), tide.sent.lock().expect("not poisoned").len()), (60, 60), "each once");
    assert!(
        (0..60).all(|n| outbox.row(&format!("m{n:02}")).parcel.attempts == 1),
        "no attempt was counted for it"
    );
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

/// A desk that stands at no branch has an address of its own pattern; a partner is written to as always.
#[test]
fn a_desk_of_the_whole_bank_has_an_address() {
    let book = PatternBook(notifications::address::Patterns::demo());
    let of = |to: Recipient, branch: &str| {
        let data = Box::<NoticeData>::default();
        let effect = Effect::Notify { notice: NoticeId::W01, to, data };
        let parcel = Parcel { branch: branch.to_owned(), ..with("p", Channel::Email, effect) };
        book.resolve(&parcel).map(|address| address.to_string())
    };
    let desk = || Recipient::Desk { role: Role::UserAdmin };
    assert_eq!(of(desk(), "").as_deref(), Some("user-admin@2950.example"));
    assert_eq!(of(desk(), "101").as_deref(), Some("user-admin.101@2950.example"));
    let partner = Recipient::Partner { role: Role::Guarantor, organisation: "GUARANTOR-1".to_owned() };
    assert_eq!(of(partner, "").as_deref(), Some("guarantor@guarantor-1.example"));
    let none = PatternBook(notifications::address::Patterns::default());
    let effect = Effect::Notify { notice: NoticeId::W01, to: desk(), data: Box::default() };
    assert_eq!(none.resolve(&with("p", Channel::Email, effect)), None);
}
