//! Events for other programs, against a real NATS server: each is published once and in order, whatever stops in between.

use crate::stories::*;
use db::Store;
use db::changes::Cursor;
use db::events::Begin;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration as Wait, Instant};
use tests::nats::events::nats::Nats;
use tests::nats::events::{
    EventStream, Fault, Message, PublishEvent, PublishSettings, Publisher, PublisherParts, Put, Tail, Turn,
    TurnFault,
};
use tests::nats::{NatsServer, Stored, ThreadDice, async_nats};
use tests::patience::PATIENCE;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use workflows::machine::{Table, hooks};

on_both!(
    each_event_is_published_once_and_in_order,
    a_server_that_stops_and_starts_loses_nothing,
    two_publishers_publish_once_and_in_order,
    what_was_published_before_a_crash_is_not_published_again,
    a_reader_that_takes_events_away_gets_none_twice,
    one_that_wakes_up_late_adds_nothing,
    a_stream_may_begin_now,
    a_stream_that_is_ahead_of_the_log_is_named,
);

const STREAM: &str = "YUSHI";
const HOUR: Wait = Wait::from_secs(3600);

fn server() -> NatsServer {
    NatsServer::start(Path::new(env!("CARGO_TARGET_TMPDIR")))
}

/// A publisher that takes the stream over from anybody at once: what others hold is no protection in these stories.
fn publisher(store: &Store, stream: impl EventStream + 'static, worker: &str) -> Publisher {
    Publisher::new(PublisherParts {
        store: store.clone(),
        stream: Arc::new(stream),
        clock: Arc::new(noon),
        dice: Arc::new(ThreadDice),
        tally: Arc::new(|_: PublishEvent| ()),
        settings: PublishSettings {
            lease: chrono::TimeDelta::zero(),
            poll: Wait::from_millis(10),
            ..PublishSettings::default()
        },
        worker: worker.to_owned(),
    })
}

/// Cases with four events and more each, in turns.
async fn cases(store: &Store, count: usize) -> Vec<String> {
    let mut ids = vec![];
    for n in 0..count {
        ids.push(submitted(store, &applicant(&format!("person-{n}"))).await);
    }
    for id in &ids {
        screened(store, id).await;
    }
    ids
}

/// What has to be published of these cases, from the log itself: case, version, type. Other transactions of the server hold back what
/// is committed for a while.
async fn owed(store: &Store, ids: &[String]) -> Vec<(String, u64, String)> {
    let table = Table::default();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let lines = store.lines(Cursor::default(), 10_000).await.unwrap();
        let owed: Vec<_> = lines
            .iter()
            .filter_map(|line| {
                let kind = hooks::of_entry(&table, &line.entry)?;
                Some((line.application_id.clone(), line.entry.version, kind))
            })
            .collect();
        let through =
            |id: &String| owed.iter().any(|(case, _, kind)| case == id && kind == "case.start_screening");
        if ids.iter().all(through) {
            return owed;
        }
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    panic!("the log does not show what was committed");
}

/// Turns until nothing is left.
async fn published(publisher: &mut Publisher, store: &Store) {
    let stop = CancellationToken::new();
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let turn = publisher.turn(&stop).await;
        let waits = store.stream_backlog(STREAM).await.unwrap().entries;
        if matches!(turn, Ok(Turn::Published { more: false, .. })) && waits == 0 {
            return;
        }
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    panic!("something is left");
}

/// What is wrong with what a reader got: twice, missing, out of order, under another id, or more than the catalogue allows.
fn wrong(owed: &[(String, u64, String)], got: &[Stored]) -> Vec<String> {
    let mut found = vec![];
    let (mut seen, mut last) = (BTreeSet::new(), BTreeMap::new());
    for stored in got {
        let (event, data) = (&stored.body, &stored.body["data"]);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let case = text(&data["applicationId"]);
        let (version, kind) = (data["version"].as_u64().unwrap_or_default(), text(&event["type"]));
        if event["id"] != stored.id.as_str() || stored.id.is_empty() {
            found.push(format!("{case} {version}: the message has the id `{}`", stored.id));
        }
        if !seen.insert((case.clone(), version, kind.clone())) {
            found.push(format!("{case} {version}: twice"));
        } else if last.insert(case.clone(), version).is_some_and(|before| before >= version) {
            found.push(format!("{case} {version}: out of order"));
        }
        let bank = text(&data["institution"]);
        if stored.subject != format!("yushi.{bank}.{case}.{kind}") {
            found.push(format!("{}: not the subject of {case} {kind}", stored.subject));
        }
        let keys = |value: &Value| value.as_object().map(|map| map.keys().cloned().collect::<Vec<_>>());
        let envelope = [
            "data",
            "datacontenttype",
            "dataschema",
            "id",
            "source",
            "specversion",
            "subject",
            "time",
            "type",
        ];
        let allowed = ["applicationId", "institution", "sequence", "version"];
        if keys(event) != Some(envelope.map(str::to_owned).to_vec())
            || keys(data) != Some(allowed.map(str::to_owned).to_vec())
        {
            found.push(format!("{case} {version}: other fields than the catalogue's: {event}"));
        }
    }
    for (case, version, kind) in owed {
        if !seen.contains(&(case.clone(), *version, kind.clone())) {
            found.push(format!("{case} {version} {kind}: missing"));
        }
    }
    if seen.len() != owed.len() {
        found.push(format!("{} events of {}", seen.len(), owed.len()));
    }
    found
}

fn assert_right(owed: &[(String, u64, String)], got: &[Stored]) {
    assert!(owed.len() >= 4, "nothing to look at");
    assert_eq!(wrong(owed, got), Vec::<String>::new());
}

async fn each_event_is_published_once_and_in_order(place: Place) {
    let (store, server) = (&place.store, server());
    let ids = cases(store, 5).await;
    let owed_now = owed(store, &ids).await;
    let mut one = publisher(store, server.stream(STREAM, HOUR), "node-1");
    published(&mut one, store).await;
    let got = server.stored(STREAM).await;
    assert_right(&owed_now, &got);
    // Numbers without a gap, in the words of CloudEvents.
    let numbers: Vec<u64> =
        got.iter().filter_map(|stored| stored.body["data"]["sequence"].as_u64()).collect();
    assert_eq!(numbers, (1..=got.len() as u64).collect::<Vec<_>>());
    let first = &got[0].body;
    let said = |name: &str| first[name].as_str().unwrap_or_default().to_owned();
    assert_eq!(
        (said("specversion"), said("datacontenttype")),
        ("1.0".to_owned(), "application/json".to_owned())
    );
    assert_eq!(said("dataschema"), "urn:yushi:webhooks:1:PayloadData");
    assert!(said("time").parse::<chrono::DateTime<chrono::Utc>>().is_ok());
    assert!(got[0].content.starts_with("application/cloudevents+json"));
    // A second look finds nothing, another publisher goes on where the first one was.
    published(&mut one, store).await;
    assert_eq!(server.stored(STREAM).await.len(), got.len());
    let more = cases(store, 1).await;
    let owed_now = owed(store, &more).await;
    published(&mut publisher(store, server.stream(STREAM, HOUR), "node-2"), store).await;
    assert_right(&owed_now, &server.stored(STREAM).await);
    println!("events published once and in order: {}", owed_now.len());
}

async fn a_server_that_stops_and_starts_loses_nothing(place: Place) {
    let (store, mut server) = (&place.store, server());
    let stop = CancellationToken::new();
    // Stops with the server in the middle of a page: it is killed behind the third event.
    let third = Arc::new(Notify::new());
    let stream =
        Counting { inner: server.stream(STREAM, HOUR), left: AtomicUsize::new(3), reached: third.clone() };
    let mut ids = cases(store, 3).await;
    owed(store, &ids).await;
    let running = tokio::spawn(publisher(store, stream, "node-1").run(stop.clone()));
    third.notified().await;
    server.kill();
    ids.extend(cases(store, 2).await);
    server.begin();
    let owed_now = owed(store, &ids).await;
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if store.stream_backlog(STREAM).await.unwrap().entries == 0 {
            break;
        }
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    assert_right(&owed_now, &server.stored(STREAM).await);
    stop.cancel();
    running.await.expect("it ends");
}

async fn two_publishers_publish_once_and_in_order(place: Place) {
    let (store, server) = (&place.store, server());
    let ids = cases(store, 6).await;
    let owed_now = owed(store, &ids).await;
    let stop = CancellationToken::new();
    let [one, two] = ["node-1", "node-2"]
        .map(|name| tokio::spawn(publisher(store, server.stream(STREAM, HOUR), name).run(stop.clone())));
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        let begun = server.client().await.get_stream(STREAM).await.is_ok();
        if begun && store.stream_backlog(STREAM).await.unwrap() == db::events::StreamBacklog::default() {
            break;
        }
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    stop.cancel();
    let (one, two) = tokio::join!(one, two);
    one.and(two).expect("they end");
    // Where both met at the end, one of them is a step behind: a last turn looks after it.
    published(&mut publisher(store, server.stream(STREAM, HOUR), "node-3"), store).await;
    assert_right(&owed_now, &server.stored(STREAM).await);
}

async fn what_was_published_before_a_crash_is_not_published_again(place: Place) {
    let (store, server) = (&place.store, server());
    let ids = cases(store, 3).await;
    let owed_now = owed(store, &ids).await;
    // The server takes the fifth event, and nobody learns of it: the cursor in the database still stands at the beginning. Ids are
    // left out, so that what is checked is the place in the stream: it holds long after the server has forgotten ids.
    crash(store, server.stream(STREAM, HOUR), 5).await;
    assert_eq!(server.stored(STREAM).await.len(), 5);
    published(&mut publisher(store, WithoutIds(server.stream(STREAM, HOUR)), "node-2"), store).await;
    let got = server.stored(STREAM).await;
    assert_eq!(got.len(), owed_now.len(), "nothing twice");
    // And that they were left out is found.
    let found = wrong(&owed_now, &got);
    assert!(!found.is_empty() && found.iter().all(|line| line.contains("has the id")), "{found:?}");
}

async fn a_reader_that_takes_events_away_gets_none_twice(place: Place) {
    let store = &place.store;
    let ids = cases(store, 3).await;
    let owed_now = owed(store, &ids).await;
    // With ids the server knows what it had although nobody can see it any more; without, the fault is found.
    for left_out in [false, true] {
        let (server, name) = (server(), if left_out { "WITHOUT" } else { "WITH" });
        let context = server.client().await;
        let config = async_nats::jetstream::stream::Config {
            name: name.to_owned(),
            subjects: vec!["yushi.>".to_owned()],
            retention: async_nats::jetstream::stream::RetentionPolicy::WorkQueue,
            duplicate_window: HOUR,
            ..Default::default()
        };
        let stream = context.create_stream(config).await.expect("a stream");
        let mut got = vec![];
        let at = |publisher: Publisher| publisher.named(name);
        crash_of(at(publisher(store, Crashing::of(server.stream(name, HOUR), left_out, 5), "node-1"))).await;
        taken(&stream, &mut got).await;
        assert_eq!(got.len(), 5);
        let inner = server.stream(name, HOUR);
        let mut next = if left_out {
            at(publisher(store, WithoutIds(inner), "node-2"))
        } else {
            at(publisher(store, inner, "node-2"))
        };
        let stop = CancellationToken::new();
        while next.turn(&stop).await.expect("a turn") != (Turn::Published { events: 0, more: false }) {}
        taken(&stream, &mut got).await;
        let found = wrong(&owed_now, &got);
        if left_out {
            let twice = found.iter().filter(|line| line.ends_with("twice")).count();
            assert_eq!(twice, 5, "the fault is found: {found:?}");
        } else {
            assert_eq!(found, Vec::<String>::new());
        }
    }
}

async fn one_that_wakes_up_late_adds_nothing(place: Place) {
    let store = &place.store;
    let ids = cases(store, 2).await;
    let owed_now = owed(store, &ids).await;
    for unfenced in [false, true] {
        let (server, name) = (server(), if unfenced { "OPEN" } else { "FENCED" });
        let (arrived, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let slow =
            Slow { inner: server.stream(name, HOUR), unfenced, arrived: arrived.clone(), go: go.clone() };
        let mut late = publisher(store, slow, "node-1").named(name);
        let late = tokio::spawn(async move { late.turn(&CancellationToken::new()).await });
        // It has read its page, and is stopped before the first event leaves.
        arrived.notified().await;
        let mut other = publisher(store, WithoutIds(server.stream(name, HOUR)), "node-2").named(name);
        let stop = CancellationToken::new();
        while other.turn(&stop).await.expect("a turn") != (Turn::Published { events: 0, more: false }) {}
        assert_eq!(server.stored(name).await.len(), owed_now.len());
        go.notify_one();
        let ended = late.await.expect("an end");
        let got = server.stored(name).await;
        if unfenced {
            let twice = wrong(&owed_now, &got).iter().filter(|line| line.ends_with("twice")).count();
            assert_eq!(twice, owed_now.len(), "the fault is found");
        } else {
            assert!(matches!(ended, Err(TurnFault::Stream(Fault::Moved))), "{ended:?}");
            assert_eq!(got.len(), owed_now.len(), "nothing twice");
        }
    }
}

async fn a_stream_may_begin_now(place: Place) {
    let (store, server) = (&place.store, server());
    let before = cases(store, 1).await;
    owed(store, &before).await;
    let held =
        store.hold_stream(STREAM, "node-0", chrono::TimeDelta::zero(), Begin::Now, noon()).await.unwrap();
    assert_eq!(held.expect("the first one has it").place.sequence, 0);
    let after = cases(store, 1).await;
    let all = owed(store, &after).await;
    let owed_now: Vec<_> = all.into_iter().filter(|(case, ..)| after.contains(case)).collect();
    published(&mut publisher(store, server.stream(STREAM, HOUR), "node-1"), store).await;
    assert_right(&owed_now, &server.stored(STREAM).await);
}

/// After a restore of an older copy the log numbers its entries anew: going on behind the old place would pass over what is new.
async fn a_stream_that_is_ahead_of_the_log_is_named(place: Place) {
    let (store, server) = (&place.store, server());
    let before = sqlite(|_| ()).await;
    owed(&before.store, &cases(&before.store, 2).await).await;
    published(&mut publisher(&before.store, server.stream(STREAM, HOUR), "node-1"), &before.store).await;
    let there = server.stored(STREAM).await.len();
    owed(store, &cases(store, 1).await).await;
    // Another log altogether, which has not published anything yet.
    let mut next = publisher(store, server.stream(STREAM, HOUR), "node-1");
    let turn = next.turn(&CancellationToken::new()).await;
    let ahead = server.stream(STREAM, HOUR).tail().await.expect("the stream").end.expect("an event");
    assert!(!store.stream_has(ahead.0, &ahead.1).await.unwrap());
    assert!(before.store.stream_has(ahead.0, &ahead.1).await.unwrap());
    match turn {
        Err(TurnFault::Stream(Fault::Unfit { en, .. })) => assert!(en.contains(&ahead.1), "{en}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(server.stored(STREAM).await.len(), there, "nothing is added");
}

/// The lease, as everybody else has it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_process_holds_a_stream_until_its_lease_ends() {
    let place = sqlite(|_| ()).await;
    let (store, lease) = (&place.store, chrono::TimeDelta::seconds(15));
    let hold = async |who: &str, seconds| {
        store.hold_stream(STREAM, who, lease, Begin::First, soon(seconds)).await.unwrap()
    };
    let first = hold("a", 0).await.expect("free");
    assert_eq!(hold("b", 14).await, None);
    assert!(hold("a", 14).await.is_some(), "renewed");
    assert_eq!(hold("b", 28).await, None);
    let second = hold("b", 29).await.expect("its lease has ended");
    // Whoever was late changes nothing.
    let to = db::events::StreamPlace { sequence: 9, ..first.place };
    assert_eq!(store.advance_stream(STREAM, "a", first, to, soon(60)).await.unwrap(), None);
    let moved = store.advance_stream(STREAM, "b", second, to, soon(60)).await.unwrap().expect("it has it");
    assert_eq!(moved.place.sequence, 9);
    store.release_stream(STREAM, "b", moved, soon(31)).await.unwrap();
    assert_eq!(hold("a", 31).await.expect("given back").place.sequence, 9);
}

/// A server that cannot serve says so in words that help.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn servers_that_do_not_fit_are_refused_by_name() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let unfit = async |stream: Nats| match stream.tail().await {
        Err(Fault::Unfit { ja, en }) => {
            assert!(!ja.is_empty());
            en
        }
        other => panic!("{other:?}"),
    };
    let plain = NatsServer::plain(home);
    let told = unfit(plain.stream(STREAM, HOUR)).await;
    assert!(told.contains("JetStream is not enabled"), "{told}");
    // Nobody there at all is no fault of the settings.
    let mut gone = NatsServer::start(home);
    gone.kill();
    assert!(matches!(gone.stream(STREAM, HOUR).tail().await, Err(Fault::Away(_))));
    // A stream of somebody else's.
    let server = NatsServer::start(home);
    let other = async_nats::jetstream::stream::Config {
        name: STREAM.to_owned(),
        subjects: vec!["orders.>".to_owned()],
        ..Default::default()
    };
    server.client().await.create_stream(other).await.expect("a stream");
    let told = unfit(server.stream(STREAM, HOUR)).await;
    assert!(told.contains("accepted: subjects with yushi.>"), "{told}");
    // An old server: it says its version and does not get further.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut settings = server.settings(STREAM, HOUR);
    settings.servers = vec![format!("nats://{}", listener.local_addr().unwrap())];
    tokio::spawn(async move {
        use tokio::io::{AsyncReadExt, AsyncWriteExt};
        while let Ok((mut socket, _)) = listener.accept().await {
            let info = "INFO {\"server_id\":\"x\",\"server_name\":\"x\",\"version\":\"2.9.25\",\"proto\":1,\"go\":\"go1\",\"host\":\"127.0.0.1\",\
                        \"port\":1,\"headers\":true,\"max_payload\":1048576,\"jetstream\":true,\"client_id\":1}\r\n";
            socket.write_all(info.as_bytes()).await.unwrap();
            let mut bytes = [0; 4096];
            while let Ok(read @ 1..) = socket.read(&mut bytes).await {
                if String::from_utf8_lossy(&bytes[..read]).contains("PING") {
                    socket.write_all(b"PONG\r\n").await.unwrap();
                }
            }
        }
    });
    let told = unfit(Nats::new(settings)).await;
    assert_eq!(told, "the NATS server is version 2.9.25; 2.10 or newer is needed");
}

// --- ways to a stream that fail on purpose --------------------------------------------------------------------------

/// Says when so many events were published.
struct Counting {
    inner: Nats,
    left: AtomicUsize,
    reached: Arc<Notify>,
}

#[async_trait::async_trait]
impl EventStream for Counting {
    async fn tail(&self) -> Result<Tail, Fault> {
        self.inner.tail().await
    }

    async fn publish(&self, message: &Message, last: u64) -> Result<Put, Fault> {
        let put = self.inner.publish(message, last).await;
        if put.is_ok() && self.left.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.reached.notify_one();
        }
        put
    }
}

/// The seeded fault: no ids.
struct WithoutIds(Nats);

#[async_trait::async_trait]
impl EventStream for WithoutIds {
    async fn tail(&self) -> Result<Tail, Fault> {
        self.0.tail().await
    }

    async fn publish(&self, message: &Message, last: u64) -> Result<Put, Fault> {
        self.0.publish(&Message { id: String::new(), ..message.clone() }, last).await
    }
}

/// Its process dies when the server has taken so many events, before anybody is told.
struct Crashing {
    inner: Box<dyn EventStream>,
    left: AtomicUsize,
}

impl Crashing {
    fn of(inner: Nats, left_out: bool, after: usize) -> Crashing {
        let inner: Box<dyn EventStream> =
            if left_out { Box::new(WithoutIds(inner)) } else { Box::new(inner) };
        Crashing { inner, left: AtomicUsize::new(after) }
    }
}

#[async_trait::async_trait]
impl EventStream for Crashing {
    async fn tail(&self) -> Result<Tail, Fault> {
        self.inner.tail().await
    }

    async fn publish(&self, message: &Message, last: u64) -> Result<Put, Fault> {
        let put = self.inner.publish(message, last).await?;
        assert!(self.left.fetch_sub(1, Ordering::Relaxed) > 1, "the process dies here");
        Ok(put)
    }
}

async fn crash(store: &Store, inner: Nats, after: usize) {
    crash_of(publisher(store, Crashing::of(inner, true, after), "node-1")).await;
}

async fn crash_of(mut publisher: Publisher) {
    let died = tokio::spawn(async move { publisher.turn(&CancellationToken::new()).await }).await;
    assert!(died.is_err_and(|error| error.is_panic()));
}

/// Stands still before the first event leaves, without ids; with `unfenced` it believes whatever the stream says then.
struct Slow {
    inner: Nats,
    unfenced: bool,
    arrived: Arc<Notify>,
    go: Arc<Notify>,
}

#[async_trait::async_trait]
impl EventStream for Slow {
    async fn tail(&self) -> Result<Tail, Fault> {
        self.inner.tail().await
    }

    async fn publish(&self, message: &Message, last: u64) -> Result<Put, Fault> {
        let first = message.place.sequence == 1;
        if first {
            self.arrived.notify_one();
            self.go.notified().await;
        }
        let last = if self.unfenced { self.inner.tail().await?.last } else { last };
        self.inner.publish(&Message { id: String::new(), ..message.clone() }, last).await
    }
}

/// A reader takes everything that is there, and with that it is gone.
async fn taken(stream: &async_nats::jetstream::stream::Stream, got: &mut Vec<Stored>) {
    use tests::nats::StreamExt;
    let config = async_nats::jetstream::consumer::pull::Config {
        durable_name: Some("reader".to_owned()),
        ..Default::default()
    };
    let reader = stream.get_or_create_consumer("reader", config).await.expect("a reader");
    let mut batch = reader.fetch().max_messages(1_000).messages().await.expect("messages");
    while let Some(message) = batch.next().await {
        let message = message.expect("a message");
        message.double_ack().await.expect("taken");
        let header = |name: &str| {
            message.headers.as_ref().and_then(|all| all.get(name)).map(|v| v.to_string()).unwrap_or_default()
        };
        got.push(Stored {
            number: message.info().expect("a place").stream_sequence,
            subject: message.subject.to_string(),
            id: header("Nats-Msg-Id"),
            content: header("Content-Type"),
            body: serde_json::from_slice(&message.payload).expect("JSON"),
        });
    }
}
