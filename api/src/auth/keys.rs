//! The keys of an issuer: each with the one algorithm that it is used with, whatever a token's header says.

use super::BadKeys;
use chrono::{DateTime, Utc};
use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::Value;

/// One public key.
pub struct Key {
    id: Option<String>,
    pub key: DecodingKey,
    pub algorithm: Algorithm,
}

/// The keys of an issuer at an instant.
pub struct Keys {
    all: Vec<Key>,
    /// When they were read.
    pub read_at: DateTime<Utc>,
}

impl Keys {
    /// No key yet: every token is one of an unknown key.
    pub fn none() -> Self {
        Keys { all: vec![], read_at: DateTime::<Utc>::MIN_UTC }
    }

    /// From a JSON Web Key Set. Keys of other kinds and for other uses are left out. Errors: not a set, or no usable key in it.
    pub fn parse(jwks: &str, read_at: DateTime<Utc>) -> Result<Self, BadKeys> {
        let set: Value = serde_json::from_str(jwks).map_err(|error| BadKeys::Shape(error.to_string()))?;
        let listed = set.get("keys").and_then(Value::as_array);
        let listed = listed.ok_or_else(|| BadKeys::Shape("there is no list `keys`".to_owned()))?;
        let all: Vec<Key> = listed.iter().filter_map(key_of).collect();
        match (all.is_empty(), listed.first()) {
            (false, _) => Ok(Keys { all, read_at }),
            (true, Some(first)) => Err(BadKeys::Kind(first["kid"].as_str().unwrap_or_default().to_owned())),
            (true, None) => Err(BadKeys::Empty),
        }
    }

    /// The key of this id; without an id the only key that there is.
    pub fn with(&self, id: Option<&str>) -> Option<&Key> {
        match id {
            Some(id) => self.all.iter().find(|key| key.id.as_deref() == Some(id)),
            None => self.all.first().filter(|_| self.all.len() == 1),
        }
    }
}

fn key_of(listed: &Value) -> Option<Key> {
    let jwk: Jwk = serde_json::from_value(listed.clone()).ok()?;
    if !matches!(jwk.common.public_key_use, None | Some(PublicKeyUse::Signature)) {
        return None;
    }
    let algorithm = match (&jwk.algorithm, jwk.common.key_algorithm) {
        (AlgorithmParameters::OctetKeyPair(pair), _) if pair.curve == EllipticCurve::Ed25519 => {
            Algorithm::EdDSA
        }
        (AlgorithmParameters::EllipticCurve(curve), _) if curve.curve == EllipticCurve::P256 => {
            Algorithm::ES256
        }
        (AlgorithmParameters::RSA(_), None | Some(KeyAlgorithm::RS256)) => Algorithm::RS256,
        (AlgorithmParameters::RSA(_), Some(KeyAlgorithm::PS256)) => Algorithm::PS256,
        _ => return None,
    };
    let key = DecodingKey::from_jwk(&jwk).ok()?;
    Some(Key { id: jwk.common.key_id, key, algorithm })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_may_hold_keys_that_are_not_for_us() {
        let ours =
            r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let others = r#"{"kty":"oct","kid":"b","k":"c2VjcmV0"},{"kty":"EC","crv":"secp256k1","kid":"c","x":"a","y":"b"}"#;
        let sealing = r#"{"kty":"OKP","crv":"Ed25519","kid":"d","use":"enc","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        let parse = |keys: &str| Keys::parse(&format!(r#"{{"keys":[{keys}]}}"#), DateTime::UNIX_EPOCH);
        let keys = parse(&format!("{others},{sealing},{ours}")).unwrap_or_else(|error| panic!("{error}"));
        assert!(keys.with(Some("a")).is_some() && keys.with(None).is_some());
        assert!(keys.with(Some("b")).is_none() && keys.with(Some("d")).is_none());
        assert_eq!(parse(others).err(), Some(BadKeys::Kind("b".to_owned())));
        assert_eq!(parse("").err(), Some(BadKeys::Empty));
        assert!(matches!(Keys::parse("[]", DateTime::UNIX_EPOCH).err(), Some(BadKeys::Shape(_))));
    }
}
