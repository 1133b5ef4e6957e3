//! Who holds the keys that wrap data keys: files here, a key management service elsewhere.

use async_trait::async_trait;
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt;
use std::io;
use std::path::Path;

/// First word of a key file.
const HEAD: &str = "yushi-vault-key-v1";

/// What can go wrong with a wrapping key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFault {
    /// No such key at hand: `vault.key` or `vault.previous_keys` must name it.
    #[error("the key {0} is not at hand: name its file in vault.key or vault.previous_keys")]
    Unknown(String),
    /// What it wrapped was changed, or belongs to another case.
    #[error("a wrapped data key does not open under the key {0}")]
    Broken(String),
    /// Whoever holds the keys does not answer.
    #[error("the key service: {0}")]
    Service(#[from] io::Error),
}

/// Wraps and unwraps data keys. It is asked outside of any transaction. `context` is bound to the wrapped key: under another one it does
/// not open.
#[async_trait]
pub trait KeyService: Send + Sync {
    /// Id of the key that wraps from now on.
    fn active(&self) -> &str;

    /// Is there such a key?
    fn knows(&self, kid: &str) -> bool;

    /// Wraps a data key under the active key.
    async fn wrap(&self, data_key: &[u8], context: &str) -> Result<Vec<u8>, KeyFault>;

    /// The data key again. Errors: the key is not at hand, what it wrapped was changed, or the service does not answer.
    async fn unwrap(&self, kid: &str, wrapped: &[u8], context: &str) -> Result<Vec<u8>, KeyFault>;
}

/// Keys in files: one wraps, all of them unwrap.
pub struct KeyRing {
    active: String,
    keys: BTreeMap<String, LessSafeKey>,
}

/// The ids alone: keys are never shown.
impl fmt::Debug for KeyRing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyRing").field("active", &self.active).field("keys", &self.kids()).finish()
    }
}

impl KeyRing {
    /// Reads the active key and those that still unwrap. Errors: a file is absent, readable by others, or no key.
    pub fn read(active: &Path, previous: &[&Path]) -> io::Result<KeyRing> {
        let mut ring = KeyRing { active: String::new(), keys: BTreeMap::new() };
        ring.active = ring.hold(&key_of(active)?)?;
        for path in previous {
            ring.hold(&key_of(path)?)?;
        }
        Ok(ring)
    }

    /// A ring of one key of 32 random bytes. Errors: they are not 32.
    pub fn of(key: &[u8]) -> io::Result<KeyRing> {
        let mut ring = KeyRing { active: String::new(), keys: BTreeMap::new() };
        ring.active = ring.hold(key)?;
        Ok(ring)
    }

    /// Holds one more key, which only unwraps. Errors: it is not 32 bytes.
    pub fn with_previous(mut self, key: &[u8]) -> io::Result<KeyRing> {
        self.hold(key)?;
        Ok(self)
    }

    /// A new key as the text of its file. Errors: the machine gives no random bytes.
    pub fn generate() -> io::Result<String> {
        let key: [u8; 32] = random()?;
        Ok(format!("{HEAD} {} {}\n", kid_of(&key), STANDARD.encode(key)))
    }

    /// Ids of all keys at hand.
    pub fn kids(&self) -> Vec<&str> {
        self.keys.keys().map(String::as_str).collect()
    }

    fn hold(&mut self, key: &[u8]) -> io::Result<String> {
        let kid = kid_of(key);
        self.keys.insert(kid.clone(), cipher(key)?);
        Ok(kid)
    }
}

#[async_trait]
impl KeyService for KeyRing {
    fn active(&self) -> &str {
        &self.active
    }

    fn knows(&self, kid: &str) -> bool {
        self.keys.contains_key(kid)
    }

    async fn wrap(&self, data_key: &[u8], context: &str) -> Result<Vec<u8>, KeyFault> {
        let key = self.keys.get(&self.active).ok_or_else(|| KeyFault::Unknown(self.active.clone()))?;
        Ok(close(key, context, data_key)?)
    }

    async fn unwrap(&self, kid: &str, wrapped: &[u8], context: &str) -> Result<Vec<u8>, KeyFault> {
        let key = self.keys.get(kid).ok_or_else(|| KeyFault::Unknown(kid.to_owned()))?;
        open(key, context, wrapped).ok_or_else(|| KeyFault::Broken(kid.to_owned()))
    }
}

/// Id of a key: eight digits of the digest of its bytes, so that a file cannot be taken for another.
fn kid_of(key: &[u8]) -> String {
    hex::encode(&Sha256::new_with_prefix(HEAD).chain_update(key).finalize()[..4])
}

fn key_of(path: &Path) -> io::Result<Vec<u8>> {
    let wrong =
        |what: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{}: {what}", path.display()));
    refuse_open_to_others(path)?;
    let text = std::fs::read_to_string(path)
        .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", path.display())))?;
    let mut words = text.split_whitespace();
    let (Some(HEAD), Some(kid), Some(key), None) = (words.next(), words.next(), words.next(), words.next())
    else {
        return Err(wrong("not a key that `yushi keys new` made"));
    };
    let key = STANDARD.decode(key).map_err(|_| wrong("not base64"))?;
    if key.len() != 32 || kid_of(&key) != kid {
        return Err(wrong("its id is not that of its bytes"));
    }
    Ok(key)
}

/// A key that others of the machine can read protects nothing.
#[cfg(unix)]
fn refuse_open_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let Ok(meta) = std::fs::metadata(path) else { return Ok(()) };
    if meta.permissions().mode() & 0o007 != 0 {
        let what = format!("{}: everybody on this machine may read it (chmod 600)", path.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, what));
    }
    Ok(())
}

#[cfg(not(unix))]
fn refuse_open_to_others(_: &Path) -> io::Result<()> {
    Ok(())
}

/// Random bytes of the machine.
pub(super) fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    SystemRandom::new().fill(&mut bytes).map_err(|_| io::Error::other("no random bytes"))?;
    Ok(bytes)
}

/// AES-256-GCM with a key of 32 bytes.
pub(super) fn cipher(key: &[u8]) -> io::Result<LessSafeKey> {
    let wrong = |_| io::Error::new(io::ErrorKind::InvalidData, "a key has 32 bytes");
    UnboundKey::new(&AES_256_GCM, key).map(LessSafeKey::new).map_err(wrong)
}

/// Nonce and ciphertext with its tag. The nonce is random: a key closes far fewer texts than the 2^32 for which that is sound.
pub(super) fn close(key: &LessSafeKey, context: &str, plain: &[u8]) -> io::Result<Vec<u8>> {
    let nonce: [u8; NONCE_LEN] = random()?;
    let mut bytes = plain.to_vec();
    key.seal_in_place_append_tag(
        Nonce::assume_unique_for_key(nonce),
        Aad::from(context.as_bytes()),
        &mut bytes,
    )
    .map_err(|_| io::Error::other("cannot be sealed"))?;
    Ok([&nonce[..], &bytes].concat())
}

/// The plain bytes. `None` where they were changed, or closed under another key or context.
pub(super) fn open(key: &LessSafeKey, context: &str, sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_LEN)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
    let mut bytes = sealed.to_vec();
    let length = key.open_in_place(nonce, Aad::from(context.as_bytes()), &mut bytes).ok()?.len();
    bytes.truncate(length);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_wrapped_key_opens_under_its_own_key_and_case_alone() {
        let (one, other) = (KeyRing::of(&[1; 32]).unwrap(), KeyRing::of(&[2; 32]).unwrap());
        let wrapped = one.wrap(&[7; 32], "case 1").await.unwrap();
        assert_eq!(one.unwrap(one.active(), &wrapped, "case 1").await.unwrap(), vec![7; 32]);
        let of_another_case = one.unwrap(one.active(), &wrapped, "case 2").await;
        assert!(matches!(of_another_case, Err(KeyFault::Broken(_))));
        let not_at_hand = other.unwrap(one.active(), &wrapped, "case 1").await;
        assert!(matches!(not_at_hand, Err(KeyFault::Unknown(kid)) if kid == one.active()));
        let rotated = KeyRing::of(&[2; 32]).unwrap().with_previous(&[1; 32]).unwrap();
        assert_eq!(rotated.unwrap(one.active(), &wrapped, "case 1").await.unwrap(), vec![7; 32]);
        assert_eq!(rotated.active(), other.active());
    }

    #[test]
    fn a_key_file_reads_as_it_is_written_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.key");
        assert_eq!(KeyRing::read(&path, &[]).unwrap_err().kind(), io::ErrorKind::NotFound);
        let text = KeyRing::generate().unwrap();
        let write = |text: &str| {
            std::fs::write(&path, text).unwrap();
            #[cfg(unix)]
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        };
        write(&text);
        let ring = KeyRing::read(&path, &[]).unwrap();
        assert!(text.contains(ring.active()));
        let key = text.split_whitespace().last().unwrap();
        assert!(!format!("{ring:?}").contains(key), "a key is never shown");
        for fault in [text.replace("-v1", "-v9"), text.replace(ring.active(), "00000000"), String::new()] {
            write(&fault);
            assert_eq!(KeyRing::read(&path, &[]).unwrap_err().kind(), io::ErrorKind::InvalidData);
        }
        write(&text);
        #[cfg(unix)]
        {
            let open: std::fs::Permissions = std::os::unix::fs::PermissionsExt::from_mode(0o644);
            std::fs::set_permissions(&path, open).unwrap();
            assert_eq!(KeyRing::read(&path, &[]).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        }
    }
}
