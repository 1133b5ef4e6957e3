//! Tokens: signature, issuer, audience and times, under the keys that are known. What comes out is who it is, not what he may do.

use super::keys::Keys;
use super::{BadKeys, Claims, Denied};
use chrono::{DateTime, Utc};
use jsonwebtoken::Validation;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use workflows::account::AccountKind;
use workflows::machine::{Actor, Role};

/// Seconds by which clocks may differ, unless configured.
pub const SKEW: u64 = 60;
/// Longest token that is looked at.
const LONGEST: usize = 8 * 1024;
/// Tokens that are remembered at most.
const MOST_KNOWN: usize = 10_000;
/// Longest subject.
const LONGEST_SUBJECT: usize = 200;

/// What a good token proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proven {
    pub issuer: String,
    pub kind: AccountKind,
    /// The subject, or the id of the client, at the issuer.
    pub login: String,
    /// Seconds since 1970 at which the token ends.
    pub expires: u64,
    /// Seconds since 1970 at which it was issued.
    pub issued: Option<u64>,
    /// SHA-256 of the certificate that the token is bound to.
    pub certificate: Option<String>,
    /// Only from the development issuer: the role that the token claims.
    pub claimed: Option<Actor>,
}

/// Claims of any issuer; others are ignored.
#[derive(Clone, Debug, Deserialize)]
struct Said {
    iss: String,
    sub: Option<String>,
    exp: u64,
    nbf: Option<u64>,
    iat: Option<u64>,
    client_id: Option<String>,
    azp: Option<String>,
    cnf: Option<Confirmation>,
}

#[derive(Clone, Debug, Deserialize)]
struct Confirmation {
    #[serde(rename = "x5t#S256")]
    certificate: Option<String>,
}

/// Claims of an ID token beside those that are validated.
#[derive(Clone, Debug, Deserialize)]
struct Identity {
    sub: String,
    aud: serde_json::Value,
    azp: Option<String>,
    nonce: Option<String>,
}

/// Verifies tokens against the keys of one issuer.
#[derive(Clone)]
pub struct Authenticator {
    keys: Arc<RwLock<Arc<Keys>>>,
    issuer: String,
    audience: String,
    leeway: u64,
    /// Tokens say the role themselves: those of the development issuer.
    claims_roles: bool,
    /// What tokens that were good under the present keys have proven.
    known: Arc<Mutex<HashMap<Fingerprint, Known>>>,
}

/// Digest of a token: what is remembered of it instead of itself.
type Fingerprint = [u8; 32];

/// What a token proved, and from when to when it counts.
#[derive(Clone)]
struct Known {
    proven: Proven,
    not_before: u64,
}

impl Authenticator {
    /// Without keys, until some are taken.
    pub fn new(issuer: &str, audience: &str) -> Self {
        let (issuer, audience) = (issuer.to_owned(), audience.to_owned());
        let keys = Arc::new(RwLock::new(Arc::new(Keys::none())));
        Authenticator { keys, issuer, audience, leeway: SKEW, claims_roles: false, known: Arc::default() }
    }

    /// From a JSON Web Key Set. Errors: no usable key.
    pub fn from_jwks(jwks: &str, issuer: &str, audience: &str) -> Result<Self, BadKeys> {
        let made = Authenticator::new(issuer, audience);
        made.replace_keys(jwks, Utc::now())?;
        Ok(made)
    }

    /// The same with another tolerance for clocks, in seconds.
    #[must_use]
    pub fn with_leeway(self, seconds: u64) -> Self {
        Authenticator { leeway: seconds, ..self }
    }

    /// The same for an issuer whose tokens say the role.
    #[must_use]
    pub(super) fn claiming_roles(self) -> Self {
        Authenticator { claims_roles: true, ..self }
    }

    /// Issuer of the tokens.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Takes the issuer's keys of today; every clone sees them. Errors: the set cannot be used, and the old keys stay.
    pub fn replace_keys(&self, jwks: &str, now: DateTime<Utc>) -> Result<(), BadKeys> {
        let keys = Arc::new(Keys::parse(jwks, now)?);
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        // After the keys: whoever verified under the old ones in between is forgotten as well.
        self.known().clear();
        Ok(())
    }

    /// When the present keys were read.
    pub fn keys_read_at(&self) -> DateTime<Utc> {
        self.present().read_at
    }

    fn present(&self) -> Arc<Keys> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What an `Authorization` header proves. Errors: anything but one good bearer token.
    pub fn bearer(&self, header: Option<&str>) -> Result<Proven, Denied> {
        self.verify(token_of(header)?)
    }

    fn known(&self) -> MutexGuard<'_, HashMap<Fingerprint, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a bare token proves. It is verified once and then known by its digest until it ends or the keys change.
    pub fn verify(&self, token: &str) -> Result<Proven, Denied> {
        if token.len() > LONGEST {
            return Err(Denied::Token("too long".to_owned()));
        }
        let fingerprint: Fingerprint = Sha256::digest(token).into();
        let now = jsonwebtoken::get_current_timestamp();
        let known = self.known().get(&fingerprint).cloned();
        if let Some(Known { proven, not_before }) = known
            && now <= proven.expires + self.leeway
            && now + self.leeway >= not_before
        {
            return Ok(proven);
        }
        let keys = self.present();
        let known = self.verify_under(&keys, token)?;
        let proven = known.proven.clone();
        let mut all = self.known();
        if all.len() >= MOST_KNOWN {
            all.clear();
        }
        // Under keys that were replaced meanwhile nothing is remembered.
        if Arc::ptr_eq(&keys, &self.present()) {
            all.insert(fingerprint, known);
        }
        Ok(proven)
    }

    fn verify_under(&self, keys: &Keys, token: &str) -> Result<Known, Denied> {
        if self.claims_roles {
            let claims: Claims = self.decoded(keys, token, &self.audience)?;
            let (expires, issued, not_before) = (claims.exp, claims.iat, claims.nbf.unwrap_or_default());
            let (issuer, login) = (claims.iss.clone(), claims.sub.clone());
            let proven = Proven {
                issuer,
                kind: AccountKind::Person,
                login,
                expires,
                issued,
                certificate: None,
                claimed: Some(actor_of(claims)?),
            };
            return Ok(Known { proven, not_before });
        }
        let said: Said = self.decoded(keys, token, &self.audience)?;
        let client = said.client_id.or(said.azp);
        // A token that a client got for itself names the client as its subject, or nobody (RFC 9068).
        let (kind, login) = match (said.sub, client) {
            (Some(subject), Some(client)) if subject == client => (AccountKind::Client, client),
            (None, Some(client)) => (AccountKind::Client, client),
            (Some(subject), _) => (AccountKind::Person, subject),
            (None, None) => return Err(Denied::Claims("sub")),
        };
        if login.is_empty() || login.len() > LONGEST_SUBJECT {
            return Err(Denied::Claims("sub"));
        }
        let certificate = match said.cnf {
            None => None,
            Some(Confirmation { certificate: Some(bound) }) => Some(bound),
            // Bound to something that is not looked at here: good for its owner alone, who cannot be told.
            Some(_) => return Err(Denied::Claims("cnf")),
        };
        let proven = Proven {
            issuer: said.iss,
            kind,
            login,
            expires: said.exp,
            issued: said.iat,
            certificate,
            claimed: None,
        };
        Ok(Known { proven, not_before: said.nbf.unwrap_or_default() })
    }

    /// The subject of an ID token for this client and this attempt to sign in.
    pub fn id_token(&self, token: &str, client: &str, nonce: &str) -> Result<String, Denied> {
        if token.len() > LONGEST {
            return Err(Denied::Token("too long".to_owned()));
        }
        let said: Identity = self.decoded(&self.present(), token, client)?;
        let several = said.aud.as_array().is_some_and(|all| all.len() > 1);
        if said.azp.as_deref().map_or(several, |azp| azp != client) {
            return Err(Denied::Claims("azp"));
        }
        if said.nonce.as_deref() != Some(nonce) {
            return Err(Denied::Claims("nonce"));
        }
        if said.sub.is_empty() || said.sub.len() > LONGEST_SUBJECT {
            return Err(Denied::Claims("sub"));
        }
        Ok(said.sub)
    }

    fn decoded<T: DeserializeOwned>(&self, keys: &Keys, token: &str, audience: &str) -> Result<T, Denied> {
        let header = jsonwebtoken::decode_header(token).map_err(|error| Denied::Token(error.to_string()))?;
        let key = keys.with(header.kid.as_deref()).ok_or(Denied::UnknownKey)?;
        let chosen = super::seeded::chosen(&header, &key.key);
        let (decoding, algorithm) =
            chosen.as_ref().map_or((&key.key, key.algorithm), |(key, algorithm)| (key, *algorithm));
        let mut validation = Validation::new(algorithm);
        validation.leeway = self.leeway;
        validation.validate_nbf = true;
        validation.set_issuer(&[&self.issuer]);
        validation.set_audience(&[audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud"]);
        let decoded = jsonwebtoken::decode::<T>(token, decoding, &validation);
        Ok(decoded.map_err(|error| Denied::Token(error.to_string()))?.claims)
    }
}

/// The token of an `Authorization` header.
pub fn token_of(header: Option<&str>) -> Result<&str, Denied> {
    let (scheme, token) = header.and_then(|header| header.split_once(' ')).ok_or(Denied::Missing)?;
    if scheme.eq_ignore_ascii_case("bearer") { Ok(token.trim()) } else { Err(Denied::Missing) }
}

/// The actor of verified claims. Errors: a role that cannot sign in, or a role without what it needs.
fn actor_of(claims: Claims) -> Result<Actor, Denied> {
    let role = Role::parse(&claims.role).filter(|role| !role.is_internal()).ok_or(Denied::Role)?;
    if claims.sub.is_empty() || claims.sub.len() > LONGEST_SUBJECT {
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
    use super::super::dev::{self, DevIssuer};
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
    fn a_token_of_the_development_issuer_becomes_its_actor() {
        let (_dir, issuer) = dev();
        let token = issuer.token(&clerk(), 600).expect("token");
        let proven = issuer.authenticator().expect("keys").verify(&token).expect("proven");
        assert_eq!(proven.claimed, Some(clerk()));
    }

    #[test]
    fn a_role_in_a_token_of_any_other_issuer_is_ignored() {
        let (_dir, issuer) = dev();
        let keys = issuer.jwks().expect("jwks");
        let keys = Authenticator::from_jwks(&keys, dev::ISSUER, dev::AUDIENCE).expect("keys");
        let proven = keys.verify(&issuer.token(&clerk(), 600).expect("token")).expect("proven");
        assert_eq!((proven.claimed, proven.login.as_str()), (None, "clerk-1"));
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
        assert_eq!(keys.verify(&other.token(&clerk(), 600).expect("token")), Err(Denied::UnknownKey));
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
            known.proven.expires = now - 1;
            known.proven.login = "from the memory".to_owned();
        }
        assert_eq!(keys.verify(&token).expect("proven").login, clerk().subject);
        keys.replace_keys(&other.jwks().expect("jwks"), Utc::now()).expect("other keys");
        assert!(keys.verify(&token).is_err());
        keys.replace_keys(&issuer.jwks().expect("jwks"), Utc::now()).expect("first keys");
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
