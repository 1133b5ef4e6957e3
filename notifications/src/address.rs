//! Where a mail goes. A parcel without address is no failure: its content stands in the in-app inbox, which is a parcel of its own.

use crate::post::{Parcel, PostError, number, recipient};
use async_trait::async_trait;
use lettre::Address;
use serde::{Deserialize, Serialize};
use workflows::machine::Recipient;

/// Is this a mail address that can be sent to?
pub fn is_address(text: &str) -> bool {
    text.parse::<Address>().is_ok() && text.contains('@') && text.is_ascii()
}

/// Looks addresses up at the moment of sending, so that a change of address, or a death reported meanwhile, counts.
#[async_trait]
pub trait AddressBook: Send + Sync {
    /// The address of the recipient; `None` where there is none, or none that may be written to.
    async fn address(&self, parcel: &Parcel) -> Result<Option<Address>, PostError>;
}

/// Nobody has an address: every mail ends as "no address".
#[derive(Copy, Clone, Debug, Default)]
pub struct NoAddresses;

#[async_trait]
impl AddressBook for NoAddresses {
    async fn address(&self, _: &Parcel) -> Result<Option<Address>, PostError> {
        Ok(None)
    }
}

/// Address patterns. `{role}`, `{branch}`, `{institution}`, `{organisation}`, `{party}`, `{number}` stand for what the parcel says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Patterns {
    /// Desks of the bank, as `{role}.{branch}@{institution}.example`.
    pub desk: Option<String>,
    /// Desks of the bank as a whole, which stand at no branch, as `{role}@{institution}.example`.
    pub bank: Option<String>,
    /// People of the case, as `{party}.{number}@customer.example`.
    pub party: Option<String>,
    /// Partner organisations, as `{role}@{organisation}.example`.
    pub partner: Option<String>,
}

impl Patterns {
    /// The demo's patterns, all below `.example`, which no mail server delivers to.
    pub fn demo() -> Patterns {
        Patterns {
            desk: Some("{role}.{branch}@{institution}.example".to_owned()),
            bank: Some("{role}@{institution}.example".to_owned()),
            party: Some("{party}.{number}@customer.example".to_owned()),
            partner: Some("{role}@{organisation}.example".to_owned()),
        }
    }
}

/// An address book of patterns.
#[derive(Clone, Debug, Default)]
pub struct PatternBook(pub Patterns);

#[async_trait]
impl AddressBook for PatternBook {
    async fn address(&self, parcel: &Parcel) -> Result<Option<Address>, PostError> {
        Ok(self.resolve(parcel))
    }
}

impl PatternBook {
    /// The address that the patterns give; `None` where a part is absent or the result is no address.
    pub fn resolve(&self, parcel: &Parcel) -> Option<Address> {
        let to = recipient(parcel)?;
        let (pattern, role, organisation, party) = match &to {
            Recipient::Desk { role } if parcel.branch.is_empty() => (&self.0.bank, role.code(), "", ""),
            Recipient::Desk { role } => (&self.0.desk, role.code(), "", ""),
            Recipient::Party { party_id } => (&self.0.party, "", "", party_id.as_str()),
            Recipient::Partner { role, organisation } => {
                (&self.0.partner, role.code(), organisation.as_str(), "")
            }
        };
        let parts = [
            ("{role}", role),
            ("{branch}", parcel.branch.as_str()),
            ("{institution}", parcel.institution.as_str()),
            ("{organisation}", organisation),
            ("{party}", party),
            ("{number}", number(parcel)),
        ];
        let mut address = pattern.clone()?;
        for (name, value) in parts {
            if address.contains(name) {
                address = address.replace(name, &label(value)?);
            }
        }
        address.parse().ok()
    }
}

/// A value as part of an address: lower case, hyphens for whatever is neither letter nor digit.
fn label(value: &str) -> Option<String> {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let label: String = value.chars().map(plain).collect();
    let label = label.trim_matches('-');
    (!label.is_empty()).then(|| label.to_owned())
}
