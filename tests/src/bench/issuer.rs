//! An issuer of tokens for a server under measurement, with a key of its own.

use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::json;

/// What the server is told of the issuer.
pub const ISSUER: &str = "urn:yushi:bench";
pub const AUDIENCE: &str = "yushi";

/// An Ed25519 private key as PKCS #8 begins; the 32 bytes of the seed follow.
const PREFIX: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// The signing key.
pub struct Issuer {
    key: EncodingKey,
}

impl Issuer {
    /// An issuer with a fresh key.
    pub fn fresh() -> Self {
        let halves = [uuid::Uuid::new_v4(), uuid::Uuid::new_v4()];
        let seed = halves.iter().flat_map(|half| *half.as_bytes());
        let der: Vec<u8> = PREFIX.into_iter().chain(seed).collect();
        Issuer { key: EncodingKey::from_ed_der(&der) }
    }

    /// Its public key as a JSON Web Key Set.
    ///
    /// # Panics
    /// When the key is none.
    pub fn jwks(&self) -> String {
        let jwk = Jwk::from_encoding_key(&self.key, Algorithm::EdDSA).expect("a public key");
        json!({ "keys": [jwk] }).to_string()
    }

    /// A token of a subject, good for an hour: what the subject may do is its account's.
    ///
    /// # Panics
    /// When the key cannot sign.
    pub fn token(&self, subject: &str) -> String {
        let now = jsonwebtoken::get_current_timestamp();
        let claims = json!({ "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "exp": now + 3600 });
        jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &self.key).expect("a token")
    }
}
