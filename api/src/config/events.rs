//! Events for other programs: where they are published.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::load::problem;
use super::{Config, ConfigProblem, Secret};

/// Events for other programs (`docs/events.md`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Events {
    /// NATS JetStream.
    pub nats: NatsEvents,
}

/// Where a new stream begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum NatsBegin {
    /// With the first event that is on record.
    First,
    /// With what happens from now on.
    Now,
}

/// A stream of NATS JetStream (server 2.10 or newer), to which each event is published once and in order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NatsEvents {
    /// Servers of one cluster: `tls://host:4222`, several separated by commas; `nats://` on this machine alone. Without it nothing is published.
    pub url: Option<String>,
    /// Name of the stream. It is made where it is absent, and belongs to this installation alone.
    pub stream: String,
    /// First word of each subject: `PREFIX.BANK.CASE.TYPE`.
    pub subject: String,
    /// Where the stream begins when nothing was published to it before.
    pub begin: NatsBegin,
    /// File with the credentials that `nsc` wrote (`.creds`).
    pub credentials: Option<PathBuf>,
    /// User at the server, instead of a file.
    pub user: Option<String>,
    /// Password at the server.
    pub password: Option<Secret>,
    /// Token of the server, instead of a file or a user.
    pub token: Option<Secret>,
    /// File with the root certificate (PEM) of the server, instead of those of this machine.
    pub ca_file: Option<PathBuf>,
    /// File with the certificate (PEM) of this client, where the server asks for one.
    pub certificate: Option<PathBuf>,
    /// File with the key (PEM) of the certificate.
    pub certificate_key: Option<PathBuf>,
    /// For a stream that is made: minutes for which it knows the ids of events.
    #[schemars(range(min = 2, max = 10_080))]
    pub dedupe_minutes: u32,
    /// For a stream that is made: days for which it keeps events; 0 is for ever.
    #[schemars(range(min = 0, max = 3650))]
    pub keep_days: u32,
    /// For a stream that is made: servers that keep a copy.
    #[schemars(range(min = 1, max = 5))]
    pub replicas: usize,
}

impl Default for NatsEvents {
    fn default() -> Self {
        Self {
            url: None,
            stream: "YUSHI".to_owned(),
            subject: "yushi".to_owned(),
            begin: NatsBegin::First,
            credentials: None,
            user: None,
            password: None,
            token: None,
            ca_file: None,
            certificate: None,
            certificate_key: None,
            dedupe_minutes: 120,
            keep_days: 0,
            replicas: 1,
        }
    }
}

impl NatsEvents {
    /// Addresses of the servers; none where nothing is published.
    pub fn servers(&self) -> Vec<String> {
        let all = self.url.iter().flat_map(|url| url.split(','));
        all.map(|one| one.trim().to_owned()).filter(|one| !one.is_empty()).collect()
    }

    /// Name of the stream, where events are published.
    pub fn published_to(&self) -> Option<&str> {
        (!self.servers().is_empty()).then_some(self.stream.as_str())
    }
}

/// In TLS, or in clear on this machine; without a name and a password, which would be logged with the address.
fn is_server(text: &str) -> bool {
    let (tls, rest) = match text.split_once("://") {
        Some(("tls", rest)) => (true, rest),
        Some(("nats", rest)) => (false, rest),
        _ => return false,
    };
    let host = rest.rsplit_once(':').map_or(rest, |(host, _)| host);
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    !host.is_empty()
        && rest.chars().all(plain)
        && (tls || matches!(host, "localhost" | "127.0.0.1" | "[::1]"))
}

/// Words of letters, digits, `-` and `_`.
fn is_word(text: &str) -> bool {
    (1..=60).contains(&text.len())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
}

impl Config {
    pub(super) fn of_events(&self, found: &mut Vec<ConfigProblem>) {
        let set = &self.events.nats;
        let mut wrong = |key: &str, message: String, accepted: &str| {
            found.push(problem(key, "configuration", message, accepted));
        };
        if set.keep_days > 0 && set.dedupe_minutes > set.keep_days * 24 * 60 {
            let message = "ids would be known for longer than the events are kept".to_owned();
            wrong("events.nats.dedupe_minutes", message, "not above the minutes of events.nats.keep_days");
        }
        let ways = [set.credentials.is_some(), set.user.is_some(), set.token.is_some()];
        let servers = set.servers();
        if servers.is_empty() && (set.url.is_some() || ways.contains(&true)) {
            wrong("events.nats.url", "no server is named".to_owned(), "tls://host:4222");
        }
        // The address is not repeated: it may hold a password.
        if servers.iter().any(|server| !is_server(server)) {
            let accepted = "tls://host:port, or nats://127.0.0.1:port on this machine; user and password have keys of their own";
            wrong("events.nats.url", "not the address of a server".to_owned(), accepted);
        }
        for (key, text) in [("events.nats.stream", &set.stream), ("events.nats.subject", &set.subject)] {
            if !is_word(text) {
                wrong(key, format!("`{text}` is no name"), "1 to 60 of a-z A-Z 0-9 - _");
            }
        }
        if ways.iter().filter(|way| **way).count() > 1 {
            let accepted = "one of events.nats.credentials, events.nats.user, events.nats.token";
            wrong("events.nats.credentials", "several ways to sign in".to_owned(), accepted);
        }
        if set.user.is_some() != set.password.is_some() {
            wrong(
                "events.nats.password",
                "one of a pair".to_owned(),
                "events.nats.user and events.nats.password together, or neither",
            );
        }
        if set.certificate.is_some() != set.certificate_key.is_some() {
            let accepted = "events.nats.certificate and events.nats.certificate_key together, or neither";
            wrong("events.nats.certificate_key", "one of a pair".to_owned(), accepted);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_and_events_travel_in_tls_alone() {
        for good in [
            "tls://nats.bank.example:4222",
            "tls://10.0.0.1:4222",
            "nats://127.0.0.1:4222",
            "nats://localhost",
            "nats://[::1]:4222",
        ] {
            assert!(is_server(good), "{good}");
        }
        for bad in [
            "nats.bank.example:4222",
            "nats://nats.bank.example:4222",
            "tls://user:word@nats.bank.example:4222",
            "ws://localhost:1",
            "tls://",
            "nats://127.0.0.1.example:4222",
            "tls://a/b",
        ] {
            assert!(!is_server(bad), "{bad}");
        }
    }
}
