//! The stream as NATS JetStream keeps it (server 2.10 or newer).

use super::{EventStream, Fault, Message, Put, Tail};
use async_nats::header::{HeaderMap, NATS_EXPECTED_LAST_SEQUENCE, NATS_EXPECTED_STREAM, NATS_MESSAGE_ID};
use async_nats::jetstream::context::{
    AccountErrorKind, CreateStreamErrorKind, GetStreamErrorKind, PublishErrorKind,
};
use async_nats::jetstream::stream::{Config, Info, LastRawMessageErrorKind};
use async_nats::jetstream::{self, Context, ErrorCode};
use async_nats::{Client, ConnectOptions, ServerAddr};
use db::events::StreamPlace;
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::Mutex;
use workflows::machine::hooks::CloudEvent;

/// The oldest server that does: earlier ones answer the same questions in other ways.
const OLDEST: (i64, i64, i64) = (2, 10, 0);
/// For an answer of the server.
const PATIENCE: Duration = Duration::from_secs(5);
/// What a server without JetStream says, for itself or for an account.
const OFF: [ErrorCode; 2] = [ErrorCode::JETSTREAM_NOT_ENABLED, ErrorCode::JETSTREAM_NOT_ENABLED_FOR_ACCOUNT];
/// Header with the place of an event: `transaction.number sequence`.
const PLACE: &str = "Yushi-Place";
/// What the body is (CloudEvents, structured mode).
const CONTENT: (&str, &str) = ("Content-Type", "application/cloudevents+json; charset=UTF-8");

/// How a client proves who it is.
#[derive(Clone, Default)]
pub enum Credentials {
    #[default]
    None,
    /// A file that `nsc` wrote: a JWT and the seed that signs for it.
    File(PathBuf),
    Password {
        user: String,
        password: SecretString,
    },
    Token(SecretString),
}

/// Where the stream is, and how it is made.
#[derive(Clone)]
pub struct NatsSettings {
    /// Addresses of the servers of one cluster, `tls://host:4222`; without a name and a password in them.
    pub servers: Vec<String>,
    pub credentials: Credentials,
    /// A further root certificate (PEM) instead of those of the machine.
    pub ca_file: Option<PathBuf>,
    /// Certificate and key (PEM) of this client.
    pub certificate: Option<(PathBuf, PathBuf)>,
    pub stream: String,
    pub prefix: String,
    /// For a stream that is made: how long it knows ids, how long it keeps messages (for ever without), on how many servers.
    pub dedupe: Duration,
    pub keep: Option<Duration>,
    pub replicas: usize,
}

/// A stream of a NATS server. It connects when it is first asked, and again by itself.
pub struct Nats {
    settings: NatsSettings,
    client: Mutex<Option<Client>>,
}

fn away(error: impl std::fmt::Display) -> Fault {
    Fault::Away(error.to_string())
}

fn unfit(ja: impl Into<String>, en: impl Into<String>) -> Fault {
    Fault::Unfit { ja: ja.into(), en: en.into() }
}

impl Nats {
    /// A stream of these settings; nothing is connected yet.
    pub fn new(settings: NatsSettings) -> Nats {
        Nats { settings, client: Mutex::new(None) }
    }

    async fn connected(&self) -> Result<Client, Fault> {
        let mut kept = self.client.lock().await;
        if let Some(client) = &*kept {
            return Ok(client.clone());
        }
        let set = &self.settings;
        let servers = set.servers.iter().map(|server| server.parse::<ServerAddr>());
        let servers = servers.collect::<Result<Vec<_>, _>>().map_err(|error| {
            unfit(
                "events.nats.url が正しくありません。",
                format!("events.nats.url: {error}; accepted: tls://host:port"),
            )
        })?;
        let mut options =
            ConnectOptions::new().name("yushi").connection_timeout(PATIENCE).request_timeout(Some(PATIENCE));
        options = match &set.credentials {
            Credentials::None => options,
            Credentials::Token(token) => options.token(token.expose_secret().to_owned()),
            Credentials::Password { user, password } => {
                options.user_and_password(user.clone(), password.expose_secret().to_owned())
            }
            Credentials::File(file) => {
                // What stands in it is not repeated.
                let wrong = |error: std::io::Error| {
                    unfit(
                        format!("events.nats.credentials: {} を読めません。", file.display()),
                        format!(
                            "events.nats.credentials: {}: {}; accepted: a file of nsc",
                            file.display(),
                            error.kind()
                        ),
                    )
                };
                let text = tokio::fs::read_to_string(file).await.map_err(wrong)?;
                options.credentials(&text).map_err(wrong)?
            }
        };
        if let Some(file) = &set.ca_file {
            options = options.add_root_certificates(file.clone());
        }
        if let Some((certificate, key)) = &set.certificate {
            options = options.add_client_certificate(certificate.clone(), key.clone());
        }
        let client = options.connect(servers).await.map_err(away)?;
        *kept = Some(client.clone());
        Ok(client)
    }

    /// The server is new enough, has JetStream, and the stream is there and takes our subjects; how it stands.
    async fn fit(&self) -> Result<(Context, Info), Fault> {
        let set = &self.settings;
        let client = self.connected().await?;
        let (major, minor, patch) = OLDEST;
        if !client.is_server_compatible(major, minor, patch) {
            let version = client.server_info().version;
            // Another server may answer next time.
            self.client.lock().await.take();
            return Err(unfit(
                format!("NATSサーバーの版 {version} は古すぎます。{major}.{minor} 以降が必要です。"),
                format!("the NATS server is version {version}; {major}.{minor} or newer is needed"),
            ));
        }
        let mut context = jetstream::new(client);
        context.set_timeout(PATIENCE);
        context.query_account().await.map_err(|error| match error.kind() {
            AccountErrorKind::JetStream(told) if !OFF.contains(&told.error_code()) => away(error),
            AccountErrorKind::JetStreamUnavailable | AccountErrorKind::JetStream(_) => unfit(
                "NATSサーバーでJetStreamが有効ではありません（nats-server -js、アカウントの jetstream）。",
                format!(
                    "JetStream is not enabled at the NATS server for this account: {error}; start it with -js, give the account jetstream"
                ),
            ),
            _ => away(error),
        })?;
        let found = match context.get_stream(&set.stream).await {
            Ok(stream) => stream.cached_info().clone(),
            Err(error) => match error.kind() {
                GetStreamErrorKind::JetStream(told) if told.error_code() == ErrorCode::STREAM_NOT_FOUND => {
                    self.made(&context).await?
                }
                GetStreamErrorKind::EmptyName | GetStreamErrorKind::InvalidStreamName => {
                    return Err(unfit(
                        "events.nats.stream が正しくありません。",
                        "events.nats.stream: a name without spaces, dots, * and >",
                    ));
                }
                _ => return Err(away(error)),
            },
        };
        let wanted = format!("{}.>", set.prefix);
        if !found.config.subjects.iter().any(|subject| *subject == wanted || subject == ">") {
            return Err(unfit(
                format!("ストリーム {} の subjects に {wanted} がありません。", set.stream),
                format!(
                    "the stream {} takes {:?}; accepted: subjects with {wanted}",
                    set.stream, found.config.subjects
                ),
            ));
        }
        if found.config.no_ack {
            return Err(unfit(
                format!("ストリーム {} は受領を返しません（no_ack）。", set.stream),
                format!("the stream {} acknowledges nothing (no_ack); accepted: one that does", set.stream),
            ));
        }
        Ok((context, found))
    }

    async fn made(&self, context: &Context) -> Result<Info, Fault> {
        let set = &self.settings;
        let config = Config {
            name: set.stream.clone(),
            subjects: vec![format!("{}.>", set.prefix)],
            description: Some("Events of Yushi: CloudEvents, each once, in order".to_owned()),
            duplicate_window: set.dedupe,
            max_age: set.keep.unwrap_or_default(),
            num_replicas: set.replicas,
            ..Config::default()
        };
        let stream = context.create_stream(config).await.map_err(|error| match error.kind() {
            // What the server refuses, it refuses again; what it cannot do just now, it may later.
            CreateStreamErrorKind::JetStream(told) if told.code() >= 500 => away(error),
            CreateStreamErrorKind::TimedOut | CreateStreamErrorKind::JetStreamUnavailable => away(error),
            _ => unfit(
                format!("ストリーム {} を作成できません。", set.stream),
                format!("the stream {} cannot be made: {error}", set.stream),
            ),
        })?;
        tracing::info!(stream = set.stream, "events: the stream is made");
        Ok(stream.cached_info().clone())
    }
}

#[async_trait::async_trait]
impl EventStream for Nats {
    async fn tail(&self) -> Result<Tail, Fault> {
        let (context, found) = self.fit().await?;
        // In this order: what somebody publishes in between makes the number too old, and a message under it is refused.
        let last = found.state.last_sequence;
        let stream = context.get_stream_no_info(&self.settings.stream).await.map_err(away)?;
        let subject = format!("{}.>", self.settings.prefix);
        let end = match stream.get_last_raw_message_by_subject(&subject).await {
            Ok(message) => {
                let place = message.headers.get(PLACE).and_then(|place| place_of(place.as_str()));
                let event = serde_json::from_slice::<CloudEvent>(&message.payload).ok();
                place.zip(event.map(|event| event.id))
            }
            Err(error) => match error.kind() {
                LastRawMessageErrorKind::NoMessageFound => None,
                _ => return Err(away(error)),
            },
        };
        Ok(Tail { last, end })
    }

    async fn publish(&self, message: &Message, last: u64) -> Result<Put, Fault> {
        let mut context = jetstream::new(self.connected().await?);
        context.set_timeout(PATIENCE);
        let mut headers = HeaderMap::new();
        headers.insert(NATS_MESSAGE_ID, message.id.as_str());
        headers.insert(NATS_EXPECTED_LAST_SEQUENCE, last.to_string().as_str());
        headers.insert(NATS_EXPECTED_STREAM, self.settings.stream.as_str());
        headers.insert(PLACE, said(message.place).as_str());
        headers.insert(CONTENT.0, CONTENT.1);
        let sent =
            context.publish_with_headers(message.subject.clone(), headers, message.body.clone().into()).await;
        let answered = match sent {
            Ok(answer) => answer.await,
            Err(error) => Err(error),
        };
        match answered {
            Ok(known) if known.duplicate => Ok(Put::Known),
            Ok(stored) => Ok(Put::Stored(stored.sequence)),
            Err(error) if error.kind() == PublishErrorKind::WrongLastSequence => Err(Fault::Moved),
            Err(error) => Err(away(error)),
        }
    }
}

/// A place as a header.
fn said(place: StreamPlace) -> String {
    format!("{} {}", place.cursor, place.sequence)
}

fn place_of(text: &str) -> Option<StreamPlace> {
    let (cursor, sequence) = text.split_once(' ')?;
    Some(StreamPlace { cursor: cursor.parse().ok()?, sequence: sequence.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_said() {
        let place = StreamPlace { cursor: "71.900".parse().expect("a cursor"), sequence: 12 };
        assert_eq!(said(place), "71.900 12");
        assert_eq!(place_of(&said(place)), Some(place));
        for wrong in ["", "71.900", "71 12", "71.x 12", "71.900 -1"] {
            assert_eq!(place_of(wrong), None, "{wrong}");
        }
    }
}
