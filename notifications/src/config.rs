//! Settings of mail and courier. Every field has a default; the password never prints.

use crate::address::Patterns;
use crate::retry::Schedule;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// How mail leaves.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Transport {
    /// To a mail server.
    Smtp,
    /// As `.eml` files into a folder (demo).
    File,
    /// Not at all: the in-app inbox is the only channel.
    #[default]
    Off,
}

/// How the connection to the mail server is protected.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS from the first byte (port 465).
    #[default]
    Tls,
    /// Plain greeting, then STARTTLS or nothing at all (port 587). Never falls back to plain.
    StartTls,
    /// No protection (port 25): for a relay on the same host. Refused together with a password elsewhere.
    None,
}

impl Tls {
    /// The usual port.
    pub const fn port(self) -> u16 {
        match self {
            Tls::Tls => 465,
            Tls::StartTls => 587,
            Tls::None => 25,
        }
    }
}

/// A bank as mail shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Bank {
    /// Bank code, for templates of its own; empty where only the usual ones apply.
    #[serde(skip)]
    pub code: String,
    /// Name in Japanese.
    pub name_ja: String,
    /// Name in English.
    pub name_en: String,
    /// Sender address of the bank's notices.
    pub from: String,
    /// Where people sign in; empty leaves the line out.
    pub sign_in: String,
}

impl Default for Bank {
    fn default() -> Self {
        Bank {
            code: String::new(),
            name_ja: "労働金庫".to_owned(),
            name_en: "Labour Bank".to_owned(),
            from: "no-reply@yushi.example".to_owned(),
            sign_in: String::new(),
        }
    }
}

/// Mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MailConfig {
    /// `smtp`, `file` or `off`.
    pub transport: Transport,
    /// Mail server.
    pub host: String,
    /// Its port; by default the usual one of `tls`.
    pub port: Option<u16>,
    /// `tls`, `starttls` or `none`.
    pub tls: Tls,
    /// File with a further root certificate (PEM), for a server with an internal certificate.
    pub ca_file: Option<PathBuf>,
    /// User name, where the server asks for authentication.
    pub username: Option<String>,
    /// Password to it.
    #[serde(skip_serializing)]
    pub password: Option<SecretString>,
    /// Name in EHLO; by default the host's own.
    pub hello_name: Option<String>,
    /// Milliseconds for connecting, TLS, EHLO and authentication together.
    pub connect_timeout_ms: u64,
    /// Idle connections kept for the next mail.
    pub idle_connections: usize,
    /// Milliseconds after which an idle connection is given up.
    pub idle_ms: u64,
    /// Folder of `transport = "file"`.
    pub folder: PathBuf,
    /// The bank, where `banks` does not name it.
    pub bank: Bank,
    /// Banks by code: name, sender, sign-in address.
    pub banks: BTreeMap<String, Bank>,
    /// Addresses from patterns, for the demo.
    pub addresses: Patterns,
    /// Folder of the banks' own templates ([`crate::templates`]).
    pub templates: Option<PathBuf>,
    /// Address to which mail servers report what they could not deliver; by default the sender's.
    pub return_path: Option<String>,
    /// Key of the seals by which such a report is known as one about a mail of ours.
    #[serde(skip_serializing)]
    pub bounce_key: Option<SecretString>,
}

impl Default for MailConfig {
    fn default() -> Self {
        MailConfig {
            transport: Transport::default(),
            host: "localhost".to_owned(),
            port: None,
            tls: Tls::default(),
            ca_file: None,
            username: None,
            password: None,
            hello_name: None,
            connect_timeout_ms: 10_000,
            idle_connections: 4,
            idle_ms: 20_000,
            folder: PathBuf::from("mail"),
            bank: Bank::default(),
            banks: BTreeMap::new(),
            addresses: Patterns::default(),
            templates: None,
            return_path: None,
            bounce_key: None,
        }
    }
}

impl MailConfig {
    /// The bank with this code.
    pub fn bank(&self, institution: &str) -> &Bank {
        self.banks.get(institution).unwrap_or(&self.bank)
    }

    /// The port in use.
    pub fn port(&self) -> u16 {
        self.port.unwrap_or(self.tls.port())
    }

    /// What is wrong with the settings, before anything is sent.
    pub fn check(&self) -> Result<(), ConfigError> {
        for bank in self.banks.values().chain([&self.bank]) {
            if bank.from.parse::<lettre::Address>().is_err() {
                return Err(ConfigError::Sender(bank.from.clone()));
            }
        }
        if let Some(path) = self.return_path.as_ref().filter(|path| path.parse::<lettre::Address>().is_err())
        {
            return Err(ConfigError::Sender(path.clone()));
        }
        if self.transport == Transport::Smtp {
            if self.username.is_some() != self.password.is_some() {
                return Err(ConfigError::HalfCredentials);
            }
            let loopback = self.host == "localhost"
                || self.host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
            if self.tls == Tls::None && self.password.is_some() && !loopback {
                return Err(ConfigError::PlainPassword(self.host.clone()));
            }
        }
        Ok(())
    }
}

/// Settings that cannot work, or must not.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("mail: `{0}` is no sender address")]
    Sender(String),
    #[error("mail: user name and password go together")]
    HalfCredentials,
    #[error("mail: a password would go to {0} without TLS")]
    PlainPassword(String),
    #[error("mail: {0} cannot be read: {1}")]
    Certificate(PathBuf, String),
    #[error("mail: TLS: {0}")]
    Tls(String),
    #[error("courier: a lease of {lease_ms} ms must outlast a send of {send_ms} ms twice")]
    ShortLease { lease_ms: u64, send_ms: u64 },
}

/// The courier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CourierConfig {
    /// Parcels of the local lane (inbox, partner) in work at once.
    pub local_slots: usize,
    /// Mails in work at once.
    pub mail_slots: usize,
    /// Milliseconds for one delivery, from address to answer.
    pub send_timeout_ms: u64,
    /// Milliseconds until a parcel of a vanished courier is free again.
    pub lease_ms: u64,
    /// Milliseconds between two looks at an empty outbox; a wake-up shortens it.
    pub poll_ms: u64,
    /// Milliseconds for deliveries in flight when the service stops.
    pub grace_ms: u64,
    /// Retries.
    pub retry: Schedule,
}

impl Default for CourierConfig {
    fn default() -> Self {
        CourierConfig {
            local_slots: 64,
            mail_slots: 8,
            send_timeout_ms: 15_000,
            lease_ms: 60_000,
            poll_ms: 500,
            grace_ms: 5_000,
            retry: Schedule::default(),
        }
    }
}

impl CourierConfig {
    /// A lease that ends during a send would have the mail sent twice for nothing.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.lease_ms < self.send_timeout_ms.saturating_mul(2) {
            return Err(ConfigError::ShortLease { lease_ms: self.lease_ms, send_ms: self.send_timeout_ms });
        }
        Ok(())
    }

    pub(crate) fn send_timeout(&self) -> Duration {
        Duration::from_millis(self.send_timeout_ms)
    }

    pub(crate) fn lease_for(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }

    pub(crate) fn poll(&self) -> Duration {
        Duration::from_millis(self.poll_ms.max(1))
    }

    pub(crate) fn grace(&self) -> Duration {
        Duration::from_millis(self.grace_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    #[test]
    fn a_file_configures_mail_and_the_password_does_not_print() {
        let text = r#"
            transport = "smtp"
            host = "mail.bank.example"
            tls = "starttls"
            username = "yushi"
            password = "tr0ub4dor"
            [banks.2950]
            name_ja = "見本労働金庫"
            name_en = "Sample Labour Bank"
            from = "loan@bank.example"
        "#;
        let config: MailConfig = toml::from_str(text).expect("reads");
        config.check().expect("sound");
        assert_eq!(config.port(), 587);
        assert_eq!(config.bank("2950").from, "loan@bank.example");
        assert_eq!(config.bank("2951").name_en, "Labour Bank");
        assert_eq!(config.password.as_ref().expect("given").expose_secret(), "tr0ub4dor");
        assert!(!format!("{config:?}").contains("tr0ub4dor"));
        assert!(!toml::to_string(&config).expect("writes").contains("tr0ub4dor"));
    }

    #[test]
    fn what_cannot_be_sent_safely_is_refused_before_the_first_mail() {
        let plain = MailConfig {
            transport: Transport::Smtp,
            host: "mail.bank.example".to_owned(),
            tls: Tls::None,
            username: Some("yushi".to_owned()),
            password: Some("secret".to_owned().into()),
            ..MailConfig::default()
        };
        assert!(matches!(plain.check(), Err(ConfigError::PlainPassword(_))));
        MailConfig { host: "127.0.0.1".to_owned(), ..plain.clone() }.check().expect("loopback");
        MailConfig { tls: Tls::StartTls, ..plain.clone() }.check().expect("encrypted");
        assert!(matches!(MailConfig { password: None, ..plain }.check(), Err(ConfigError::HalfCredentials)));
        let sender = Bank { from: "x\r\nBcc: y@z.example".to_owned(), ..Bank::default() };
        assert!(matches!(
            MailConfig { bank: sender, ..MailConfig::default() }.check(),
            Err(ConfigError::Sender(_))
        ));
        let short = CourierConfig { lease_ms: 20_000, ..CourierConfig::default() };
        assert!(matches!(short.check(), Err(ConfigError::ShortLease { .. })));
        CourierConfig::default().check().expect("sound");
    }

    #[test]
    fn unknown_settings_are_told() {
        assert!(toml::from_str::<MailConfig>("hosst = \"x\"").is_err());
        assert!(toml::from_str::<CourierConfig>("[retry]\nattempt = 3").is_err());
    }
}
