//! The publisher of events of a process (decision 24), and what is measured of it.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use db::events::Begin;
use metrics::{counter, gauge};
use notifications::ThreadDice;
use notifications::events::{EventStream, PublishEvent, PublishSettings, Publisher, PublisherParts};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::commands::Failure;
use crate::config::{NatsBegin, NatsEvents};
use crate::node::Node;

/// How often the figures of what waits are taken.
const FIGURES_EVERY: Duration = Duration::from_secs(15);
/// A process that vanished is followed by another after this.
const LEASE: TimeDelta = TimeDelta::seconds(15);

/// The stream of a configuration; `None` where nothing is published. Errors: this program was built without it.
#[cfg(feature = "nats")]
pub fn stream_of(set: &NatsEvents) -> Result<Option<Arc<dyn EventStream>>, Failure> {
    use notifications::events::nats::{Credentials, Nats, NatsSettings};
    use secrecy::SecretString;

    let servers = set.servers();
    if servers.is_empty() {
        return Ok(None);
    }
    let secret = |text: &crate::config::Secret| SecretString::from(text.expose().to_owned());
    let credentials = match (&set.credentials, &set.user, &set.password, &set.token) {
        (Some(file), ..) => Credentials::File(file.clone()),
        (_, Some(user), Some(password), _) => {
            Credentials::Password { user: user.clone(), password: secret(password) }
        }
        (.., Some(token)) => Credentials::Token(secret(token)),
        _ => Credentials::None,
    };
    Ok(Some(Arc::new(Nats::new(NatsSettings {
        servers,
        credentials,
        ca_file: set.ca_file.clone(),
        certificate: set.certificate.clone().zip(set.certificate_key.clone()),
        stream: set.stream.clone(),
        prefix: set.subject.clone(),
        dedupe: Duration::from_secs(60 * u64::from(set.dedupe_minutes)),
        keep: (set.keep_days > 0).then(|| Duration::from_secs(86_400 * u64::from(set.keep_days))),
        replicas: set.replicas,
    }))))
}

/// The stream of a configuration; `None` where nothing is published. Errors: this program was built without it.
#[cfg(not(feature = "nats"))]
pub fn stream_of(set: &NatsEvents) -> Result<Option<Arc<dyn EventStream>>, Failure> {
    if set.servers().is_empty() {
        return Ok(None);
    }
    Err(Failure::usage(
        "events.nats: このプログラムはNATSなしで作られています（cargo の feature `nats`）。",
        "events.nats: this program was built without NATS (the cargo feature `nats`)",
    ))
}

/// Asks the server once, before anything starts. Errors: it cannot serve as it is: too old, without JetStream, a stream that is another's.
/// One that is away is waited for later, because cases do not depend on it.
pub async fn check(set: &NatsEvents) -> Result<(), Failure> {
    use notifications::events::Fault;

    let Some(stream) = stream_of(set)? else { return Ok(()) };
    match stream.tail().await {
        Ok(_) | Err(Fault::Moved) => Ok(()),
        Err(Fault::Away(error)) => {
            tracing::warn!(error, "events: the stream does not answer yet; events wait for it");
            Ok(())
        }
        Err(Fault::Unfit { ja, en }) => {
            Err(Failure::usage(format!("events.nats: {ja}"), format!("events.nats: {en}")))
        }
    }
}

/// Starts the publisher, where there is one. It ends after `stop`. Errors: this program was built without it.
pub fn start(node: &Node, stop: &CancellationToken) -> Result<Vec<JoinHandle<()>>, Failure> {
    let set = &node.config.events.nats;
    let Some(stream) = stream_of(set)? else { return Ok(vec![]) };
    let clock = node.clock.clone();
    let parts = PublisherParts {
        store: node.store.clone(),
        stream,
        clock: Arc::new(move || clock.now()),
        dice: Arc::new(ThreadDice),
        tally: Arc::new(count),
        settings: PublishSettings {
            name: set.stream.clone(),
            prefix: set.subject.clone(),
            begin: match set.begin {
                NatsBegin::First => Begin::First,
                NatsBegin::Now => Begin::Now,
            },
            lease: LEASE,
            poll: Duration::from_millis(node.config.courier.poll_milliseconds),
            ..PublishSettings::default()
        },
        worker: format!("{}-events", crate::worker::node_name(node.clock.now())),
    };
    let name = set.stream.clone();
    let stopped = stop.clone();
    let publishing = tokio::spawn(async move { Publisher::new(parts).run(stopped).await });
    let (store, clock, stopped) = (node.store.clone(), node.clock.clone(), stop.clone());
    let figures = tokio::spawn(async move {
        while !stopped.is_cancelled() {
            match store.stream_backlog(&name).await {
                Ok(backlog) => {
                    let lag = backlog.oldest.map_or(0, |oldest| (clock.now() - oldest).num_seconds().max(0));
                    gauge!("yushi_events_waiting").set(backlog.entries as f64);
                    gauge!("yushi_events_lag_seconds").set(lag as f64);
                }
                Err(error) => tracing::warn!(%error, "events: what waits is not known"),
            }
            tokio::select! {
                () = stopped.cancelled() => {}
                () = tokio::time::sleep(FIGURES_EVERY) => {}
            }
        }
    });
    Ok(vec![publishing, figures])
}

fn count(event: PublishEvent) {
    let ended = match event {
        PublishEvent::Published => "published",
        PublishEvent::Known => "known",
        PublishEvent::Failed => "failed",
        PublishEvent::StoreFailed => "store_failed",
    };
    counter!("yushi_events_total", "ended" => ended).increment(1);
}
