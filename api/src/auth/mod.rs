//! Who asks: a signed token becomes an [`Actor`]. Deny by default.
//!
//! The algorithm is that of the configured key, never that of the token's header. Roles that exist only inside the server
//! cannot be carried by a token.

mod dev;

pub use dev::{Client, DevIssuer, Grant, Granted};

use jsonwebtoken::jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet};
use jsonwebtoken::{Algorithm, DecodingKey, Validation};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use workflows::machine::{Actor, Role};

/// Seconds by which clocks may differ, unless configured.
const SKEW: u64 = 30;
/// Longest token that is looked at.
const LONGEST: usize = 8 * 1024;
/// Tokens that are remembered at most.
const MOST_KNOWN: usize = 10_000;

/// What a token says. Unknown claims are ignored.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    /// Seconds since 1970.
    pub exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iat: Option<u64>,
    /// Code of a role: `BRANCH_CLERK`.
    pub role: String,
    /// Bank code.
    #[serde(default)]
    pub institution: String,
    /// Branch codes; empty means every branch.
    #[serde(default)]
    pub branches: Vec<String>,
    /// A partner's organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// A caller whose token was good.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub actor: Actor,
    /// Seconds since 1970 at which the token ends.
    pub expires: u64,
}

/// Why a caller is not let in. The words are for the log; the answer to the caller is the same for all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("no bearer token")]
    Missing,
    #[error("not a token of ours: {0}")]
    Token(String),
    #[error("the token's role cannot sign in")]
    Role,
    #[error("the token lacks what its role needs: {0}")]
    Claims(&'static str),
}

/// A key set that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKeys {
    #[error("the key set is not a JSON Web Key Set: {0}")]
    Shape(String),
    #[error("key {0}: only Ed25519 (EdDSA), P-256 (ES256) and RSA (RS256) keys are taken")]
    Kind(String),
    #[error("the key set is empty")]
    Empty,
}

struct Key {
    id: Option<String>,
    key: DecodingKey,
    algorithm: Algorithm,
}

/// Verifies tokens against a fixed key set, issuer and audience.
#[derive(Clone)]
pub struct Authenticator {
    keys: Arc<RwLock<Arc<Vec<Key>>>>,
    issuer: String,
    audience: String,
    leeway: u64,
    /// Callers of tokens that were good under the present keys.
    known: Arc<Mutex<HashMap<Fingerprint, Known>>>,
}

/// Digest of a token: what is remembered of it instead of itself.
type Fingerprint = [u8; 32];

/// A caller whose token was verified, and from when to when it counts.
#[derive(Clone)]
struct Known {
    caller: Caller,
    not_before: u64,
}

impl Authenticator {
    /// From a JSON Web Key Set. Errors: no usable key, or a key of another kind.
    pub fn from_jwks(jwks: &str, issuer: &str, audience: &str) -> Result<Self, BadKeys> {
        let keys = Arc::new(RwLock::new(Arc::new(keys_of(jwks)?)));
        let (issuer, audience) = (issuer.to_owned(), audience.to_owned());
        Ok(Authenticator { keys, issuer, audience, leeway: SKEW, known: Arc::default() })
    }

    /// The same with another tolerance for clocks, in seconds.
    #[must_use]
    pub fn with_leeway(self, seconds: u64) -> Self {
        Authenticator { leeway: seconds, ..self }
    }

    /// Takes the issuer's keys of today; every clone sees them. Errors: the set cannot be used, and the old keys stay.
    pub fn replace_keys(&self, jwks: &str) -> Result<(), BadKeys> {
        let keys = Arc::new(keys_of(jwks)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        // After the keys: whoever verified under the old ones in between is forgotten as well.
        self.known().clear();
        Ok(())
    }

    /// The caller of an `Authorization` header. Errors: anything but one good bearer token.
    pub fn caller(&self, header: Option<&str>) -> Result<Caller, Denied> {
        let header = header.ok_or(Denied::Missing)?;
        let (scheme, token) = header.split_once(' ').ok_or(Denied::Missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(Denied::Missing);
        }
        self.verify(token.trim())
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Fingerprint, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The caller of a bare token. A token is verified once and then known by its digest until it ends or the keys change.
    pub fn verify(&self, token: &str) -> Result<Caller, Denied> {
        if token.len() > LONGEST {
            return Err(Denied::Token("too long".to_owned()));
        }
        let fingerprint: Fingerprint = Sha256::digest(token).into();
        let now = jsonwebtoken::get_current_timestamp();
        let known = self.known().get(&fingerprint).cloned();
        if let Some(Known { caller, not_before }) = known
            && now <= caller.expires + self.leeway
            && now + self.leeway >= not_before
        {
            return Ok(caller);
        }
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner).clone();
        let known = self.verify_under(&keys, token)?;
        let caller = known.caller.clone();
        let mut all = self.known();
        if all.len() >= MOST_KNOWN {
            all.clear();
        }
        // Under keys that were replaced meanwhile nothing is remembered.
        if Arc::ptr_eq(&keys, &self.keys.read().unwrap_or_else(PoisonError::into_inner)) {
            all.insert(fingerprint, known);
        }
        Ok(caller)
    }

    fn verify_under(&self, keys: &[Key], token: &str) -> Result<Known, Denied> {
        let header = jsonwebtoken::decode_header(token).map_err(|error| Denied::Token(error.to_string()))?;
        let key =
            key_with(keys, header.kid.as_deref()).ok_or_else(|| Denied::Token("unknown key".to_owned()))?;
        let mut validation = Validation::new(key.algorithm);
        validation.leeway = self.leeway;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        let claims = jsonwebtoken::decode::<Claims>(token, &key.key, &validation)
            .map_err(|error| Denied::Token(error.to_string()))?
            .claims;
        let (expires, not_before) = (claims.exp, claims.nbf.unwrap_or_default());
        Ok(Known { caller: Caller { actor: actor_of(claims)?, expires }, not_before })
    }
}

fn keys_of(jwks: &str) -> Result<Vec<Key>, BadKeys> {
    let set: JwkSet = serde_json::from_str(jwks).map_err(|error| BadKeys::Shape(error.to_string()))?;
    let keys: Vec<Key> = set.keys.iter().map(key_of).collect::<Result<_, _>>()?;
    if keys.is_empty() { Err(BadKeys::Empty) } else { Ok(keys) }
}

fn key_with<'k>(keys: &'k [Key], id: Option<&str>) -> Option<&'k Key> {
    match id {
        Some(id) => keys.iter().find(|key| key.id.as_deref() == Some(id)),
        None => keys.first().filter(|_| keys.len() == 1),
    }
}

fn key_of(jwk: &Jwk) -> Result<Key, BadKeys> {
    let id = jwk.common.key_id.clone();
    let wrong = || BadKeys::Kind(id.clone().unwrap_or_default());
    let algorithm = match &jwk.algorithm {
        AlgorithmParameters::OctetKeyPair(pair) if pair.curve == EllipticCurve::Ed25519 => Algorithm::EdDSA,
        AlgorithmParameters::EllipticCurve(curve) if curve.curve == EllipticCurve::P256 => Algorithm::ES256,
        AlgorithmParameters::RSA(_) => Algorithm::RS256,
        _ => return Err(wrong()),
    };
    let key = DecodingKey::from_jwk(jwk).map_err(|_| wrong())?;
    Ok(Key { id, key, algorithm })
}

/// The actor of verified claims. Errors: a role that cannot sign in, or a role without what it needs.
fn actor_of(claims: Claims) -> Result<Actor, Denied> {
    let role = Role::parse(&claims.role).filter(|role| !role.is_internal()).ok_or(Denied::Role)?;
    if claims.sub.is_empty() || claims.sub.len() > 200 {
        return Err(Denied::Claims("sub"));
    }
    if claims.institution.is_empty() && role != Role::Importer && !role.is_partner() {
        return Err(Denied::Claims("institution"));
    }
    if role.is_partner() && claims.organisation.is_none() {
        return Err(Denied::Claims("organisation"));
    }
    Ok(Actor {
        subject: claims.sub,
        role,
        institution: claims.institution,
        branches: claims.branches,
        organisation: claims.organisation,
        on_behalf_of: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dev() -> (tempfile::TempDir, DevIssuer) {
        let dir = tempfile::tempdir().expect("directory");
        let issuer = DevIssuer::open(dir.path()).expect("issuer");
        (dir, issuer)
    }

    fn clerk() -> Actor {
        Actor {
            subject: "clerk-1".to_owned(),
            role: Role::BranchClerk,
            institution: "2990".to_owned(),
            branches: vec!["001".to_owned()],
            organisation: None,
            on_behalf_of: None,
        }
    }

    #[test]
    fn a_token_of_the_issuer_becomes_its_actor() {
        let (_dir, issuer) = dev();
        let token = issuer.token(&clerk(), 600).expect("token");
        let caller = issuer.authenticator().expect("keys").verify(&token).expect("caller");
        assert_eq!(caller.actor, clerk());
    }

    #[test]
    fn internal_roles_and_half_claims_are_denied() {
        let (_dir, issuer) = dev();
        let keys = issuer.authenticator().expect("keys");
        for role in [Role::System, Role::Timer, Role::Bank] {
            let token = issuer.token(&Actor { role, ..clerk() }, 600).expect("token");
            assert_eq!(keys.verify(&token), Err(Denied::Role), "{role}");
        }
        let partner = Actor { role: Role::Guarantor, ..clerk() };
        let token = issuer.token(&partner, 600).expect("token");
        assert_eq!(keys.verify(&token), Err(Denied::Claims("organisation")));
        let nowhere = Actor { institution: String::new(), ..clerk() };
        assert_eq!(
            keys.verify(&issuer.token(&nowhere, 600).expect("token")),
            Err(Denied::Claims("institution"))
        );
    }

    #[test]
    fn other_keys_issuers_audiences_and_times_are_denied() {
        let (_dir, issuer) = dev();
        let (_other_dir, other) = dev();
        let keys = issuer.authenticator().expect("keys");
        assert!(keys.verify(&other.token(&clerk(), 600).expect("token")).is_err());
        let jwks = issuer.jwks().expect("jwks");
        let token = issuer.token(&clerk(), 600).expect("token");
        for (iss, aud) in [("urn:other", "yushi"), (dev::ISSUER, "other")] {
            assert!(Authenticator::from_jwks(&jwks, iss, aud).expect("keys").verify(&token).is_err());
        }
        let old = issuer.token_at(&clerk(), 600, 1_000_000).expect("token");
        assert!(keys.verify(&old).is_err());
    }

    #[test]
    fn a_known_token_ends_with_its_time_and_with_its_key() {
        let (_dir, issuer) = dev();
        let (_other_dir, other) = dev();
        let keys = issuer.authenticator().expect("keys").with_leeway(0);
        let now = jsonwebtoken::get_current_timestamp();
        let token = issuer.token_at(&clerk(), 600, now).expect("token");
        assert_eq!(keys.verify(&token), keys.verify(&token));
        assert!(keys.verify(&token).is_ok());
        // As if its ten minutes were over: what is remembered does not count, and the token itself is judged again.
        for known in keys.known().values_mut() {
            known.caller.expires = now - 1;
            known.caller.actor.subject = "from the memory".to_owned();
        }
        assert_eq!(keys.verify(&token).expect("caller").actor.subject, clerk().subject);
        keys.replace_keys(&other.jwks().expect("jwks")).expect("other keys");
        assert!(keys.verify(&token).is_err());
        keys.replace_keys(&issuer.jwks().expect("jwks")).expect("first keys");
        assert!(keys.verify(&token).is_ok());
        assert!(!format!("{:?}", keys.known().keys()).contains(&token));
    }

    #[test]
    fn the_header_does_not_choose_the_algorithm() {
        let (_dir, issuer) = dev();
        let keys = issuer.authenticator().expect("keys");
        let token = issuer.token(&clerk(), 600).expect("token");
        let body = token.split('.').nth(1).expect("payload");
        // {"alg":"none"} and {"alg":"HS256"}
        for header in ["eyJhbGciOiJub25lIn0", "eyJhbGciOiJIUzI1NiJ9"] {
            assert!(keys.verify(&format!("{header}.{body}.")).is_err());
            assert!(keys.verify(&format!("{header}.{body}.c2ln")).is_err());
        }
    }
}
