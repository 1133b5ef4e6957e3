//! Who signs checkpoints: Ed25519 keys, and the records by which one key hands over to the next.
//!
//! Texts are signed as *signed notes*: the text, an empty line, and a line for each signature. Any program that knows the form can
//! check them with the public key alone.

use super::{Fault, Signed};
use async_trait::async_trait;
use aws_lc_rs::rand::{SecureRandom, SystemRandom};
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};
use std::fmt;
use std::io;
use std::path::Path;

/// Name of the signer in signature lines and spelled keys.
const NAME: &str = "yushi";
/// First line of the record of a key.
pub(super) const KEY_RECORD: &str = "yushi key v1";
/// ASN.1 head of an Ed25519 private key in PKCS #8; the seed follows.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];
/// What stands before a key's bytes in its spelling: the algorithm.
const ALGORITHM: u8 = 1;

/// A public key.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey([u8; 32]);

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// `yushi+KID+BASE64`, the usual spelling of keys of signed notes.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = [&[ALGORITHM], &self.0[..]].concat();
        write!(f, "{NAME}+{}+{}", self.kid(), STANDARD.encode(bytes))
    }
}

impl PublicKey {
    /// A spelled key. `None` where it is none, or its id is not that of its bytes.
    pub fn parse(text: &str) -> Option<PublicKey> {
        let mut parts = text.trim().splitn(3, '+');
        let (name, kid, bytes) = (parts.next()?, parts.next()?, parts.next()?);
        let bytes = STANDARD.decode(bytes).ok()?;
        let key = PublicKey(bytes.strip_prefix(&[ALGORITHM])?.try_into().ok()?);
        (name == NAME && key.kid() == kid).then_some(key)
    }

    /// Id of the key: eight digits made of its name and bytes.
    pub fn kid(&self) -> String {
        hex::encode(self.hash())
    }

    fn hash(&self) -> [u8; 4] {
        let hasher = Sha256::new_with_prefix(NAME).chain_update([b'\n', ALGORITHM]);
        let digest = hasher.chain_update(self.0).finalize();
        [digest[0], digest[1], digest[2], digest[3]]
    }

    /// Did this key sign the text?
    pub(super) fn signed(&self, note: &Signed<'_>) -> bool {
        let key = UnparsedPublicKey::new(&ED25519, &self.0);
        note.signatures.iter().any(|(kid, signature)| {
            *kid == self.hash() && key.verify(note.text.as_bytes(), signature).is_ok()
        })
    }
}

/// Something that signs: a file here, a key management service elsewhere. It is asked outside of any transaction.
#[async_trait]
pub trait Signer: Send + Sync {
    /// The key with which signatures are checked.
    fn key(&self) -> PublicKey;

    /// Signs. Errors: the service that holds the key does not answer.
    async fn sign(&self, text: &[u8]) -> io::Result<Vec<u8>>;
}

/// A private key in a file (PKCS #8, PEM), as `openssl genpkey -algorithm ed25519` writes it.
pub struct FileKey(Ed25519KeyPair);

impl FileKey {
    /// Reads a key. Errors: no file, or no such key in it.
    pub fn read(path: &Path) -> io::Result<FileKey> {
        let text = std::fs::read_to_string(path)?;
        let body: String = text.lines().map(str::trim).filter(|line| !line.starts_with("-----")).collect();
        let bytes = STANDARD.decode(body).map_err(|_| wrong())?;
        let seed = bytes.strip_prefix(&PKCS8).ok_or_else(wrong)?;
        FileKey::of_seed(seed)
    }

    /// The key of 32 random bytes. Errors: they are not 32.
    pub fn of_seed(seed: &[u8]) -> io::Result<FileKey> {
        Ed25519KeyPair::from_seed_unchecked(seed).map(FileKey).map_err(|_| wrong())
    }

    /// A new private key as the text of its file. Errors: the machine gives no random bytes.
    pub fn generate() -> io::Result<String> {
        let mut seed = [0_u8; 32];
        let filled = SystemRandom::new().fill(&mut seed);
        filled.map_err(|_| io::Error::other("no random bytes"))?;
        let body = STANDARD.encode([&PKCS8[..], &seed].concat());
        Ok(format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n"))
    }
}

fn wrong() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "not an Ed25519 private key in PKCS #8 (PEM)")
}

#[async_trait]
impl Signer for FileKey {
    fn key(&self) -> PublicKey {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(self.0.public_key().as_ref());
        PublicKey(bytes)
    }

    async fn sign(&self, text: &[u8]) -> io::Result<Vec<u8>> {
        Ok(self.0.sign(text).as_ref().to_vec())
    }
}

/// A text with the signatures of these signers, in their order.
pub(super) async fn note(text: String, signers: &[&dyn Signer]) -> Result<String, Fault> {
    let mut note = format!("{text}\n");
    for signer in signers {
        let signature = signer.sign(text.as_bytes()).await.map_err(Fault::Signer)?;
        let line = STANDARD.encode([&signer.key().hash()[..], &signature].concat());
        note.push_str(&format!("\u{2014} {NAME} {line}\n"));
    }
    Ok(note)
}

/// A note taken apart. `None` where it is none.
pub(super) fn open(note: &str) -> Option<Signed<'_>> {
    let end = note.find("\n\n")? + 1;
    let (text, lines) = (&note[..end], &note[end + 1..]);
    let signatures = lines
        .lines()
        .map(|line| {
            let bytes = STANDARD.decode(line.strip_prefix("\u{2014} yushi ")?).ok()?;
            let (kid, signature) = bytes.split_at_checked(4)?;
            Some((kid.try_into().ok()?, signature.to_vec()))
        })
        .collect::<Option<Vec<_>>>()?;
    Some(Signed { text, signatures })
}

/// The text by which a key enters: signed by itself, and by its predecessor where there is one.
pub(super) fn record(key: &PublicKey, previous: Option<&PublicKey>, at: DateTime<Utc>) -> String {
    let previous = previous.map_or_else(|| "-".to_owned(), PublicKey::kid);
    let at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    format!("{KEY_RECORD}\nkey {key}\nprevious {previous}\nat {at}\n")
}

/// The key of a record that it signed itself.
pub(super) fn key_of(record: &Signed<'_>) -> Option<PublicKey> {
    let mut lines = record.text.lines();
    if lines.next() != Some(KEY_RECORD) {
        return None;
    }
    let key = PublicKey::parse(lines.next()?.strip_prefix("key ")?)?;
    key.signed(record).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_note_is_signed_by_its_key_alone() {
        let (one, other) = (FileKey::of_seed(&[1; 32]).unwrap(), FileKey::of_seed(&[2; 32]).unwrap());
        let text = note("first\nsecond\n".to_owned(), &[&one]).await.unwrap();
        let opened = open(&text).unwrap();
        assert_eq!(opened.text, "first\nsecond\n");
        assert!(one.key().signed(&opened) && !other.key().signed(&opened));
        let changed = text.replace("second", "Second");
        assert!(!one.key().signed(&open(&changed).unwrap()));
        assert!(open("no signature").is_none());
    }

    #[test]
    fn keys_read_as_they_are_written() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.pem");
        std::fs::write(&path, FileKey::generate().unwrap()).unwrap();
        let key = FileKey::read(&path).unwrap().key();
        assert_eq!(PublicKey::parse(&key.to_string()), Some(key.clone()));
        let other = FileKey::of_seed(&[1; 32]).unwrap().key();
        assert_eq!(PublicKey::parse(&key.to_string().replace(&key.kid(), &other.kid())), None);
        std::fs::write(&path, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n").unwrap();
        assert!(FileKey::read(&path).is_err());
    }
}
