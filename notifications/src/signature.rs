//! Signatures of webhooks by the Standard Webhooks specification, made and checked.
//!
//! What is signed is `{webhook-id}.{webhook-timestamp}.{body}` over the bytes as they travel, before anybody parses them. One header
//! carries a signature for each active key, so that a key is replaced without a moment in which nobody can verify. `v1` is
//! HMAC-SHA256 under a secret that both sides hold; `v1a` is ed25519, for where keys cross companies: the receiver holds nothing
//! that could sign. Time is an argument.

use std::fmt;

use aws_lc_rs::hmac;
use aws_lc_rs::rand::SecureRandom;
use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};

/// Header with the message's own id, the same at every attempt.
pub const ID: &str = "webhook-id";
/// Header with the time of the attempt, in seconds.
pub const TIMESTAMP: &str = "webhook-timestamp";
/// Header with the signatures, separated by spaces.
pub const SIGNATURE: &str = "webhook-signature";

/// Seconds that the timestamp may be away from now, in either direction.
pub const TOLERANCE: i64 = 300;
/// Bytes of a shared secret.
pub const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Longest webhook-id.
pub const LONGEST_ID: usize = 128;
/// Signatures of one header that are looked at: each costs a digest for each key.
const MOST_SIGNATURES: usize = 16;

const SHARED: &str = "whsec_";
const PRIVATE: &str = "whsk_";
const PUBLIC: &str = "whpk_";

/// A key that is none. The words never hold the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    #[error("webhook key: it begins with whsec_ (shared secret), whsk_ (private key) or whpk_ (public key)")]
    Prefix,
    #[error("webhook key: what follows the prefix is base64 with padding")]
    Base64,
    #[error("webhook key: a shared secret has 24 to 64 bytes, a private key 32 or 64, a public key 32")]
    Length,
    #[error("webhook key: private and public half do not belong together")]
    Halves,
    #[error("webhook key: the system gives no random bytes")]
    Random,
}

/// Why a message is not accepted. Nothing of the message is in the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadSignature {
    /// A header lacks or has no such form.
    #[error(
        "webhook-id, webhook-timestamp and webhook-signature are needed: an id of letters, digits, _ and -, whole seconds as plain \
         digits, and signatures such as v1,<base64>"
    )]
    Headers,
    /// The timestamp is more than 300 seconds away.
    #[error("webhook-timestamp: more than 300 seconds from the time here")]
    Stale,
    /// No signature of the header is by an active key.
    #[error("webhook-signature: by none of the active keys")]
    Wrong,
}

impl BadSignature {
    /// Stable code.
    pub const fn code(self) -> &'static str {
        match self {
            BadSignature::Headers => "WEBHOOK_HEADERS",
            BadSignature::Stale => "WEBHOOK_STALE",
            BadSignature::Wrong => "WEBHOOK_SIGNATURE",
        }
    }
}

/// Something that signs. It is never shown but by [`SigningKey::text`].
#[derive(Clone)]
pub enum SigningKey {
    /// `whsec_`: HMAC-SHA256.
    Shared(Vec<u8>),
    /// `whsk_`: the seed of an ed25519 key.
    Private([u8; 32]),
}

/// Something that a signature is checked with.
#[derive(Clone)]
pub enum VerifyingKey {
    /// `whsec_`.
    Shared(Vec<u8>),
    /// `whpk_`.
    Public([u8; 32]),
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey(***)")
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifyingKey(***)")
    }
}

impl SigningKey {
    /// A new shared secret of 32 bytes. Errors: the source gives nothing.
    pub fn generate(random: &dyn SecureRandom) -> Result<Self, BadKey> {
        let mut bytes = vec![0; 32];
        random.fill(&mut bytes).map_err(|_| BadKey::Random)?;
        Ok(SigningKey::Shared(bytes))
    }

    /// A new private key. Errors: the source gives nothing.
    pub fn generate_private(random: &dyn SecureRandom) -> Result<Self, BadKey> {
        let mut seed = [0; 32];
        random.fill(&mut seed).map_err(|_| BadKey::Random)?;
        Ok(SigningKey::Private(seed))
    }

    /// Reads `whsec_...` or `whsk_...`. Errors: see [`BadKey`].
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        if let Some(rest) = text.strip_prefix(SHARED) {
            return shared(rest).map(SigningKey::Shared);
        }
        let bytes = decoded(text.strip_prefix(PRIVATE).ok_or(BadKey::Prefix)?)?;
        let (seed, public) = bytes.split_at_checked(32).ok_or(BadKey::Length)?;
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| BadKey::Length)?;
        match public.len() {
            0 => {}
            32 if pair.public_key().as_ref() == public => {}
            32 => return Err(BadKey::Halves),
            _ => return Err(BadKey::Length),
        }
        seed.try_into().map(SigningKey::Private).map_err(|_| BadKey::Length)
    }

    /// The key as text, to be shown once to whom it belongs. A private key is written with its public half, as other libraries
    /// expect.
    pub fn text(&self) -> String {
        match self {
            SigningKey::Shared(bytes) => format!("{SHARED}{}", STANDARD.encode(bytes)),
            SigningKey::Private(seed) => {
                let mut whole = seed.to_vec();
                whole.extend(public_half(seed));
                format!("{PRIVATE}{}", STANDARD.encode(whole))
            }
        }
    }

    /// What the other side verifies with: the secret itself, or the public half.
    pub fn verifying(&self) -> VerifyingKey {
        match self {
            SigningKey::Shared(bytes) => VerifyingKey::Shared(bytes.clone()),
            SigningKey::Private(seed) => {
                let mut key = [0; 32];
                for (to, from) in key.iter_mut().zip(public_half(seed)) {
                    *to = from;
                }
                VerifyingKey::Public(key)
            }
        }
    }

    /// One signature, with its version: `v1,...` or `v1a,...`.
    fn sign(&self, signed: &[u8]) -> String {
        match self {
            SigningKey::Shared(bytes) => {
                let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, bytes), signed);
                format!("v1,{}", STANDARD.encode(tag))
            }
            SigningKey::Private(seed) => match Ed25519KeyPair::from_seed_unchecked(seed) {
                Ok(pair) => format!("v1a,{}", STANDARD.encode(pair.sign(signed))),
                // 32 bytes are a seed.
                Err(_) => String::new(),
            },
        }
    }
}

impl VerifyingKey {
    /// Reads `whsec_...` or `whpk_...`. Errors: see [`BadKey`].
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        if let Some(rest) = text.strip_prefix(SHARED) {
            return shared(rest).map(VerifyingKey::Shared);
        }
        let bytes = decoded(text.strip_prefix(PUBLIC).ok_or(BadKey::Prefix)?)?;
        bytes.try_into().map(VerifyingKey::Public).map_err(|_| BadKey::Length)
    }

    /// The key as text. For a shared secret these are the words of the secret itself.
    pub fn text(&self) -> String {
        match self {
            VerifyingKey::Shared(bytes) => format!("{SHARED}{}", STANDARD.encode(bytes)),
            VerifyingKey::Public(key) => format!("{PUBLIC}{}", STANDARD.encode(key)),
        }
    }

    /// Is it this key's? In a time that depends on no byte of the right signature.
    fn accepts(&self, version: &str, signature: &[u8], signed: &[u8]) -> bool {
        match (self, version) {
            (VerifyingKey::Shared(bytes), "v1") => {
                hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, bytes), signed, signature).is_ok()
            }
            (VerifyingKey::Public(key), "v1a") => {
                UnparsedPublicKey::new(&ED25519, key).verify(signed, signature).is_ok()
            }
            _ => false,
        }
    }
}

/// The three headers of one attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    pub id: String,
    pub timestamp: String,
    pub signature: String,
}

impl Signed {
    /// Names and values, as a request takes them.
    pub fn headers(&self) -> [(&'static str, &str); 3] {
        [(ID, &self.id), (TIMESTAMP, &self.timestamp), (SIGNATURE, &self.signature)]
    }
}

/// Signs a body under every active key. Errors: the id is none, the time is before 1970, or there is no key.
pub fn sign(keys: &[SigningKey], id: &str, at: DateTime<Utc>, body: &[u8]) -> Result<Signed, BadSignature> {
    let timestamp = at.timestamp().to_string();
    if keys.is_empty() || !is_id(id) || seconds(&timestamp).is_none() {
        return Err(BadSignature::Headers);
    }
    let signed = content(id, &timestamp, body);
    let signatures: Vec<String> = keys.iter().map(|key| key.sign(&signed)).collect();
    Ok(Signed { id: id.to_owned(), timestamp, signature: signatures.join(" ") })
}

/// Judges a message as it came: headers as text, the body before anybody parsed it. The order of the checks tells a forger nothing:
/// whether the time is right is no secret. Errors: see [`BadSignature`]. A caller still refuses an id that it has seen.
pub fn verify(
    keys: &[VerifyingKey],
    id: &str,
    timestamp: &str,
    signature: &str,
    body: &[u8],
    now: DateTime<Utc>,
) -> Result<(), BadSignature> {
    // A dot in the id would let one signature stand for two messages: `a.1` at 2 with `b`, and `a` at 1 with `2.b`.
    let at = seconds(timestamp).filter(|_| is_id(id)).ok_or(BadSignature::Headers)?;
    if now.timestamp().abs_diff(at) > TOLERANCE.unsigned_abs() {
        return Err(BadSignature::Stale);
    }
    let mut given = signature.split(' ').filter(|part| !part.is_empty()).take(MOST_SIGNATURES).peekable();
    if given.peek().is_none() {
        return Err(BadSignature::Headers);
    }
    let signed = content(id, timestamp, body);
    let accepted = given.any(|part| {
        let Some((version, text)) = part.split_once(',') else { return false };
        let Ok(bytes) = STANDARD.decode(text) else { return false };
        keys.iter().any(|key| key.accepts(version, &bytes, &signed))
    });
    if accepted { Ok(()) } else { Err(BadSignature::Wrong) }
}

/// Letters, digits, `_` and `-`, 1 to 128 of them.
pub fn is_id(id: &str) -> bool {
    (1..=LONGEST_ID).contains(&id.len())
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Plain digits, at most eleven: no sign, no space, no fraction.
fn seconds(text: &str) -> Option<i64> {
    let plain = (1..=11).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

fn content(id: &str, timestamp: &str, body: &[u8]) -> Vec<u8> {
    let mut signed = Vec::with_capacity(id.len() + timestamp.len() + body.len() + 2);
    for part in [id.as_bytes(), b".", timestamp.as_bytes(), b".", body] {
        signed.extend_from_slice(part);
    }
    signed
}

fn shared(text: &str) -> Result<Vec<u8>, BadKey> {
    let bytes = decoded(text)?;
    if SECRET_BYTES.contains(&bytes.len()) { Ok(bytes) } else { Err(BadKey::Length) }
}

fn decoded(text: &str) -> Result<Vec<u8>, BadKey> {
    STANDARD.decode(text).map_err(|_| BadKey::Base64)
}

fn public_half(seed: &[u8; 32]) -> Vec<u8> {
    // 32 bytes are a seed.
    Ed25519KeyPair::from_seed_unchecked(seed).map_or(vec![], |pair| pair.public_key().as_ref().to_vec())
}

#[cfg(test)]
mod tests;
