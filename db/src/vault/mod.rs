//! What is stored of a case, sealed under a data key of its own (decision 16).
//!
//! Bodies, facts, inputs, reasons and payloads are stored as ciphertext; chains and checkpoints are over what is stored. So destroying
//! the data key destroys the content and leaves every proof as it was. The data key stands wrapped in `case_key`; who wraps it is a
//! [`KeyService`]. Texts of versions before this one are in clear and read as they are.

mod drawer;
mod erase;
mod keys;
mod ring;
mod survey;

pub use drawer::{Drawer, SEGMENT, segments_of};
pub use erase::Run;
pub use keys::{KeyCount, Rewrapped, Sealed};
pub use ring::{KeyFault, KeyRing, KeyService};
pub use survey::{Survey, SurveyLine};

use crate::{Result, Store, StoreError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use drawer::DataKey;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// How a sealed text begins. JSON never does.
const MARK: &str = "sealed:1:";

/// Data keys held open at most.
const HELD: usize = 4096;

/// The key service with the data keys that it opened lately, each under its wrapped form: without the row it is no use.
pub struct Vault {
    service: Arc<dyn KeyService>,
    held: Mutex<HashMap<String, Arc<DataKey>>>,
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Vault").field("active", &self.service.active()).finish_non_exhaustive()
    }
}

impl Vault {
    /// A vault over a key service.
    pub fn new(service: Arc<dyn KeyService>) -> Arc<Vault> {
        Arc::new(Vault { service, held: Mutex::default() })
    }

    /// Wraps a data key under the active key.
    pub(crate) async fn wrap_key(&self, data_key: &[u8], context: &str) -> Result<Vec<u8>, KeyFault> {
        self.service.wrap(data_key, context).await
    }

    /// A data key that stands beside the cases, unwrapped and not held.
    pub(crate) async fn unwrap_key(
        &self,
        kid: &str,
        wrapped: &[u8],
        context: &str,
    ) -> Result<Vec<u8>, KeyFault> {
        self.service.unwrap(kid, wrapped, context).await
    }

    async fn unwrap(&self, case: &CaseId, wrapped: &str) -> Result<Arc<DataKey>, KeyFault> {
        let held = |vault: &Vault| {
            let held = vault.held.lock().unwrap_or_else(PoisonError::into_inner);
            held.get(wrapped).cloned()
        };
        if let Some(key) = held(self) {
            return Ok(key);
        }
        let (kid, text) = wrapped.split_once(':').unwrap_or_default();
        let bytes = STANDARD.decode(text).map_err(|_| KeyFault::Broken(kid.to_owned()))?;
        let key = Arc::new(DataKey::of(&self.service.unwrap(kid, &bytes, &case.context()).await?)?);
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if held.len() >= HELD {
            held.clear();
        }
        held.insert(wrapped.to_owned(), key.clone());
        Ok(key)
    }
}

/// Whose data it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct CaseId {
    pub institution: String,
    pub id: String,
}

impl CaseId {
    pub fn new(institution: &str, id: &str) -> Self {
        CaseId { institution: institution.to_owned(), id: id.to_owned() }
    }

    pub(crate) fn context(&self) -> String {
        format!("{}\u{1f}{}", self.institution, self.id)
    }
}

/// A wrapped data key as its row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct KeyRow {
    pub kid: String,
    pub wrapped: String,
}

/// The scalar that reads the wrapped key of a row's case: `KID:BASE64`, NULL where there is none.
pub(crate) fn key_column(institution: &str, application: &str) -> String {
    format!(
        "(SELECT k.kid || ':' || k.wrapped FROM case_key k WHERE k.institution = {institution} \
         AND k.application_id = {application}) AS data_key"
    )
}

/// Closes the texts of one case.
#[derive(Clone)]
pub(crate) struct Closer {
    case: CaseId,
    key: Arc<DataKey>,
}

impl Closer {
    /// The text as it is stored at `place`, such as `entry/3/events`: it opens nowhere else.
    pub fn close(&self, place: &str, text: &str) -> Result<String> {
        let context = format!("{}\u{1f}{place}", self.case.context());
        let bytes = ring::close(&self.key.texts, &context, text.as_bytes()).map_err(KeyFault::Service)?;
        Ok(format!("{MARK}{}", STANDARD.encode(bytes)))
    }

    /// The same where there is a text.
    pub fn close_any(&self, place: &str, text: Option<&str>) -> Result<Option<String>> {
        text.map(|text| self.close(place, text)).transpose()
    }
}

/// A stored text, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    Text(String),
    /// Its data key was destroyed: the case was erased.
    Gone,
    /// It was changed or moved.
    Broken(&'static str),
}

impl Opened {
    /// The text, where the reader can do without an erased one. Errors: it was changed or moved.
    pub fn known(self, what: &'static str, id: &str) -> Result<Option<String>> {
        match self {
            Opened::Text(text) => Ok(Some(text)),
            Opened::Gone => Ok(None),
            Opened::Broken(_) => Err(StoreError::Damaged { what, id: id.to_owned() }),
        }
    }

    /// The text. Errors: it was erased, changed or moved.
    pub fn text(self, what: &'static str, id: &str) -> Result<String> {
        self.known(what, id)?.ok_or_else(|| StoreError::Damaged { what, id: id.to_owned() })
    }
}

/// Opens the texts of one case.
#[derive(Clone)]
pub(crate) struct Opener {
    case: CaseId,
    key: Option<Result<Arc<DataKey>, Locked>>,
}

/// Why a data key does not open.
#[derive(Clone, Debug)]
enum Locked {
    /// The key that wrapped it is not at hand.
    Away(String),
    /// It was changed.
    Broken,
}

impl Opener {
    /// The text of a place. Errors: the key that wrapped the data key is not at hand.
    pub fn open(&self, place: &str, text: &str) -> Result<Opened> {
        let Some(sealed) = text.strip_prefix(MARK) else { return Ok(Opened::Text(text.to_owned())) };
        let key = match &self.key {
            None => return Ok(Opened::Gone),
            Some(Err(Locked::Broken)) => return Ok(Opened::Broken("its data key does not unwrap")),
            Some(Err(Locked::Away(kid))) => {
                return Err(StoreError::Keys(KeyFault::Unknown(kid.clone())));
            }
            Some(Ok(key)) => key,
        };
        let context = format!("{}\u{1f}{place}", self.case.context());
        let plain = STANDARD.decode(sealed).ok().and_then(|bytes| ring::open(&key.texts, &context, &bytes));
        let text = plain.and_then(|plain| String::from_utf8(plain).ok());
        Ok(text.map_or(Opened::Broken("it does not open: changed, or from another place"), Opened::Text))
    }

    /// The same where there is a text.
    pub fn open_any(&self, place: &str, text: Option<String>) -> Result<Option<Opened>> {
        text.map(|text| self.open(place, &text)).transpose()
    }

    /// What closes further texts of the case; `None` where it has no data key. Errors: its data key does not unwrap.
    pub fn closer(&self) -> Result<Option<Closer>> {
        match &self.key {
            None => Ok(None),
            Some(Ok(key)) => Ok(Some(Closer { case: self.case.clone(), key: key.clone() })),
            Some(Err(Locked::Away(kid))) => Err(KeyFault::Unknown(kid.clone()).into()),
            Some(Err(Locked::Broken)) => {
                Err(StoreError::Damaged { what: "data key", id: self.case.id.clone() })
            }
        }
    }
}

/// 32 random bytes of the machine.
pub(crate) fn random_bytes() -> Result<[u8; 32]> {
    Ok(ring::random().map_err(KeyFault::Service)?)
}

/// Place of an application's document at a version.
pub(crate) fn body_place(version: i64) -> String {
    format!("application/{version}/body")
}

/// Place of a column of an entry.
pub(crate) fn entry_place(version: i64, column: &str) -> String {
    format!("entry/{version}/{column}")
}

/// Place of a message's content.
pub(crate) fn payload_place(id: &str) -> String {
    format!("outbox/{id}/payload")
}

/// Place of an address that a person gave for a message.
pub(crate) fn mail_place(id: &str) -> String {
    format!("outbox/{id}/mail_to")
}

/// Place of what is known of how a person is reached: `mail` or `code`.
pub(crate) fn contact_place(party_id: &str, column: &str) -> String {
    format!("contact/{party_id}/{column}")
}

/// Place of a memo of a guarantee institution.
pub(crate) fn review_memo_place(id: &str) -> String {
    format!("review_memo/{id}/body")
}

/// Place of the detail of an audit line.
pub(crate) fn detail_place(id: &str) -> String {
    format!("audit/{id}/detail")
}

impl Store {
    /// What opens the texts of a case, from its wrapped key as [`key_column`] reads it. Errors: the key service does not answer.
    pub(crate) async fn opener(&self, case: CaseId, wrapped: Option<String>) -> Result<Opener> {
        let key = match (wrapped, &self.inner.options.vault) {
            (None, _) => None,
            (Some(wrapped), None) => {
                let kid = wrapped.split(':').next().unwrap_or_default();
                Some(Err(Locked::Away(kid.to_owned())))
            }
            (Some(wrapped), Some(vault)) => Some(match vault.unwrap(&case, &wrapped).await {
                Ok(key) => Ok(key),
                Err(KeyFault::Unknown(kid)) => Err(Locked::Away(kid)),
                Err(KeyFault::Broken(_)) => Err(Locked::Broken),
                Err(fault) => return Err(fault.into()),
            }),
        };
        Ok(Opener { case, key })
    }

    /// A secret of the installation, sealed for one purpose: the id of the key and the text. Without a vault the text is in clear, as
    /// that of cases is.
    pub(crate) async fn seal_secret(&self, context: &str, secret: &[u8]) -> Result<(String, String)> {
        let Some(vault) = &self.inner.options.vault else {
            return Ok((String::new(), STANDARD.encode(secret)));
        };
        let sealed = vault.service.wrap(secret, context).await?;
        Ok((vault.service.active().to_owned(), STANDARD.encode(sealed)))
    }

    /// The secret again. Errors: the key is not at hand, or what was stored was changed or moved.
    pub(crate) async fn open_secret(
        &self,
        context: &str,
        kid: &str,
        text: &str,
        id: &str,
    ) -> Result<Vec<u8>> {
        let damaged = || StoreError::Damaged { what: "secret", id: id.to_owned() };
        let bytes = STANDARD.decode(text).map_err(|_| damaged())?;
        match &self.inner.options.vault {
            _ if kid.is_empty() => Ok(bytes),
            None => Err(KeyFault::Unknown(kid.to_owned()).into()),
            Some(vault) => match vault.service.unwrap(kid, &bytes, context).await {
                Err(KeyFault::Broken(_)) => Err(damaged()),
                opened => Ok(opened?),
            },
        }
    }

    /// A new data key for a case; `None` where the store has no vault.
    pub(crate) async fn new_key(&self, case: CaseId) -> Result<Option<(Closer, KeyRow)>> {
        let Some(vault) = &self.inner.options.vault else { return Ok(None) };
        let bytes: [u8; 32] = ring::random().map_err(KeyFault::Service)?;
        let kid = vault.service.active().to_owned();
        let wrapped = STANDARD.encode(vault.service.wrap(&bytes, &case.context()).await?);
        let key = Arc::new(DataKey::of(&bytes).map_err(KeyFault::Service)?);
        Ok(Some((Closer { case, key }, KeyRow { kid, wrapped })))
    }
}
