//! Mail: how notices leave, and how mail servers report what they could not deliver.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Secret;

/// How notices are mailed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailBy {
    /// Not at all: the in-app inbox is the only channel.
    None,
    /// One file a mail in `mail.folder`.
    File,
    /// An SMTP server.
    Smtp,
}

/// How an SMTP connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum MailTls {
    /// TLS from the first byte.
    Tls,
    /// STARTTLS, required.
    StartTls,
    /// In clear: only to a server on the same machine.
    None,
}

/// Mail.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    /// How notices are mailed.
    pub by: MailBy,
    /// Folder for `by = "file"`.
    pub folder: Option<PathBuf>,
    /// SMTP server.
    pub host: Option<String>,
    /// Port of the SMTP server; by default the usual one of `tls`: 465, 587 or 25.
    pub port: Option<u16>,
    /// Protection of the connection.
    pub tls: MailTls,
    /// File with a further root certificate (PEM), for a server with an internal certificate.
    pub ca_file: Option<PathBuf>,
    /// User at the SMTP server.
    pub user: Option<String>,
    /// Password at the SMTP server.
    pub password: Option<Secret>,
    /// Sender of every mail. Required where mail is sent.
    pub from: Option<String>,
    /// Addresses of the bank's desks, such as `{role}.{branch}@bank.example`; without it desks have their inbox alone.
    pub desk_address: Option<String>,
    /// Addresses of the bank's desks that stand at no branch (user administrators), such as `{role}@bank.example`; without it they are not
    /// written to.
    pub bank_address: Option<String>,
    /// Addresses of partners, such as `{role}@{organisation}.example`; without it partners have their inbox alone.
    pub partner_address: Option<String>,
    /// Address to which mail servers report what they could not deliver; by default the sender's. What arrives there is handed to
    /// `yushi bounce` or sent to `/hooks/mail`.
    pub return_path: Option<String>,
    /// Key of the seal in every mail, by which `yushi bounce` knows that a report is about a mail of ours: 32 characters at least.
    pub bounce_key: Option<Secret>,
    /// Keys with which the mail system signs what it reports to `/hooks/mail`: `whsec_...` (shared) or `whpk_...` (public key). Without
    /// them nothing is taken there.
    pub hook_keys: Vec<Secret>,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            by: MailBy::None,
            folder: None,
            host: None,
            port: None,
            tls: MailTls::Tls,
            ca_file: None,
            user: None,
            password: None,
            from: None,
            desk_address: None,
            bank_address: None,
            partner_address: None,
            return_path: None,
            bounce_key: None,
            hook_keys: vec![],
        }
    }
}
