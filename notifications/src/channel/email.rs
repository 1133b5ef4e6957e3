//! Mail over SMTP, with lettre's connections and a pool of our own.
//!
//! lettre's pooled transport takes a connection back when the future of a send is dropped (a time-out, a stop), although the
//! conversation stands half-way: the next mail would then read the answers to the former one, and count as accepted without being so.
//! Its time-out also covers connecting alone. Here a connection belongs to its send and is parked only after a complete, positive
//! answer; whatever ends otherwise closes it.

use super::{Failure, MailChannel};
use crate::config::{ConfigError, MailConfig, Tls};
use crate::mail::Mail;
use async_trait::async_trait;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::Noop;
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A mail server.
pub struct SmtpChannel {
    host: String,
    port: u16,
    tls: Tls,
    parameters: Option<TlsParameters>,
    credentials: Option<Credentials>,
    hello: ClientId,
    connect_timeout: Duration,
    idle_for: Duration,
    idle_most: usize,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

impl SmtpChannel {
    /// A channel to the configured server. Connects at the first mail, so that an absent server hinders nothing.
    pub fn new(config: &MailConfig) -> Result<SmtpChannel, ConfigError> {
        config.check()?;
        let credentials = config.username.clone().zip(config.password.as_ref());
        let hello = config.hello_name.clone().map_or_else(ClientId::default, ClientId::Domain);
        Ok(SmtpChannel {
            host: config.host.clone(),
            port: config.port(),
            tls: config.tls,
            parameters: parameters(config)?,
            credentials: credentials.map(|(name, p)| Credentials::new(name, p.expose_secret().to_owned())),
            hello,
            connect_timeout: Duration::from_millis(config.connect_timeout_ms),
            idle_for: Duration::from_millis(config.idle_ms),
            idle_most: config.idle_connections,
            idle: Mutex::new(Vec::new()),
        })
    }

    async fn connection(&self) -> Result<AsyncSmtpConnection, Failure> {
        while let Some(mut parked) = self.unpark() {
            // A server that says goodbye answers NOOP with 221, which lettre counts as alive.
            let noop = timeout(self.connect_timeout, parked.command(Noop)).await;
            if matches!(noop, Ok(Ok(answer)) if answer.has_code(250)) {
                return Ok(parked);
            }
        }
        match timeout(self.connect_timeout, self.connect()).await {
            Ok(connected) => connected,
            Err(_) => Err(Failure::Transient("connect: time-out".to_owned())),
        }
    }

    /// Whatever goes wrong up to here is about the server or our settings, not about the mail: even 5xx is tried again.
    async fn connect(&self) -> Result<AsyncSmtpConnection, Failure> {
        let failed = |error| Failure::Transient(told("connect", &error));
        let server = (self.host.as_str(), self.port);
        let mut connection = if self.tls == Tls::Tls {
            let (limit, wrapped) = (Some(self.connect_timeout), self.parameters.clone());
            AsyncSmtpConnection::connect_tokio1(server, limit, &self.hello, wrapped, None)
                .await
                .map_err(failed)?
        } else {
            let refused = |error: std::io::Error| Failure::Transient(format!("connect: {}", error.kind()));
            let stream = TcpStream::connect(server).await.map_err(refused)?;
            // lettre writes the end of a mail on its own: without this it waits for the receiver's delayed acknowledgement.
            stream.set_nodelay(true).map_err(refused)?;
            AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello)
                .await
                .map_err(failed)?
        };
        if let (Tls::StartTls, Some(parameters)) = (self.tls, &self.parameters) {
            connection.starttls(parameters.clone(), &self.hello).await.map_err(failed)?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await.map_err(failed)?;
        }
        Ok(connection)
    }

    fn unpark(&self) -> Option<AsyncSmtpConnection> {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.retain(|(_, since)| since.elapsed() < self.idle_for);
        idle.pop().map(|(connection, _)| connection)
    }

    fn park(&self, connection: AsyncSmtpConnection) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < self.idle_most && !connection.has_broken() {
            idle.push((connection, Instant::now()));
        }
    }
}

#[async_trait]
impl MailChannel for SmtpChannel {
    async fn send(&self, mail: &Mail) -> Result<String, Failure> {
        let message = mail.compose().map_err(|error| Failure::Permanent(error.to_string()))?;
        let envelope = mail.envelope().map_err(|error| Failure::Permanent(error.to_string()))?;
        let mut connection = self.connection().await?;
        match connection.send(&envelope, &message.formatted()).await {
            Ok(answer) => {
                self.park(connection);
                let class = answer.first_word().filter(|word| is_enhanced(word)).map(|w| format!(" {w}"));
                Ok(format!("{}{}", answer.code(), class.unwrap_or_default()))
            }
            Err(error) if error.is_permanent() => Err(Failure::Permanent(told("send", &error))),
            Err(error) => Err(Failure::Transient(told("send", &error))),
        }
    }
}

fn parameters(config: &MailConfig) -> Result<Option<TlsParameters>, ConfigError> {
    if config.tls == Tls::None {
        return Ok(None);
    }
    let mut builder = TlsParameters::builder(config.host.clone());
    if let Some(path) = &config.ca_file {
        let unread = |error: String| ConfigError::Certificate(path.clone(), error);
        let pem = std::fs::read(path).map_err(|e| unread(e.to_string()))?;
        builder =
            builder.add_root_certificate(Certificate::from_pem(&pem).map_err(|e| unread(e.to_string()))?);
    }
    builder.build_rustls().map(Some).map_err(|error| ConfigError::Tls(error.to_string()))
}

/// What happened, in codes: `send: 550 5.1.1`. The server's words stay out, they may name the recipient.
fn told(phase: &str, error: &lettre::transport::smtp::Error) -> String {
    if let Some(code) = error.status() {
        let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
        let class = text.split_whitespace().next().filter(|word| is_enhanced(word)).map(|w| format!(" {w}"));
        return format!("{phase}: {code}{}", class.unwrap_or_default());
    }
    let kind = if error.is_timeout() {
        "time-out"
    } else if causes(error).any(|cause| cause.to_string().contains("certificate")) {
        "the server's certificate is not trusted"
    } else if error.is_tls() {
        "TLS"
    } else if error.is_client() {
        "the server does not offer what the settings ask for"
    } else if error.is_response() {
        "the server broke off or spoke no SMTP"
    } else {
        "connection"
    };
    format!("{phase}: {kind}")
}

fn causes(
    error: &lettre::transport::smtp::Error,
) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(std::error::Error::source(error), |cause| cause.source())
}

/// An enhanced status code (RFC 3463), as `5.1.1`.
fn is_enhanced(word: &str) -> bool {
    let parts: Vec<&str> = word.split('.').collect();
    let digits = |part: &&str| (1..=3).contains(&part.len()) && part.chars().all(|c| c.is_ascii_digit());
    parts.len() == 3 && parts.iter().all(digits)
}
