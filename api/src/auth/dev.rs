//! The development issuer: a key of its own in a directory, demo users, tokens. Only the demo starts it.

use super::{Authenticator, Claims};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use rand::RngExt;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use workflows::machine::{Actor, Role};

/// Issuer of development tokens; a production configuration never trusts it.
pub const ISSUER: &str = "urn:yushi:development";
/// Audience of every token.
pub const AUDIENCE: &str = "yushi";
/// Seconds that a token of the token endpoint lives.
const LIFE: u64 = 3600;
/// ASN.1 head of an Ed25519 private key in PKCS #8.
const PKCS8: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// A demo user or client: credentials and who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub client_id: String,
    pub client_secret: String,
    /// Name shown to people.
    #[serde(default)]
    pub name: String,
    #[serde(flatten)]
    pub actor: Actor,
}

/// A request of the token endpoint.
#[derive(Clone, Debug, Deserialize)]
pub struct Grant {
    pub grant_type: String,
    pub client_id: String,
    pub client_secret: String,
}

/// An answer of the token endpoint.
#[derive(Clone, Debug, Serialize)]
pub struct Granted {
    pub access_token: String,
    pub token_type: &'static str,
    pub expires_in: u64,
}

/// Issues tokens for the demo from a key pair in a directory.
#[derive(Clone)]
pub struct DevIssuer {
    key: EncodingKey,
    id: String,
    clients: Vec<Client>,
    directory: PathBuf,
}

impl DevIssuer {
    /// Opens the issuer of a directory: `issuer.key` is made on first use, `clients.json` is read where it is.
    /// Errors: the directory cannot be written, or a file in it is damaged.
    pub fn open(directory: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory)?;
        let path = directory.join("issuer.key");
        let seed = match fs::read_to_string(&path) {
            Ok(text) => hex::decode(text.trim()).map_err(io::Error::other)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let seed: [u8; 32] = rand::rng().random();
                write_private(&path, &hex::encode(seed))?;
                seed.to_vec()
            }
            Err(error) => return Err(error),
        };
        if seed.len() != 32 {
            return Err(io::Error::other("issuer.key does not hold an Ed25519 seed"));
        }
        let key = EncodingKey::from_ed_der(&[&PKCS8[..], &seed].concat());
        let id = hex::encode(&Sha256::digest(Sha256::digest(&seed))[..8]);
        let clients = match fs::read_to_string(directory.join("clients.json")) {
            Ok(text) => serde_json::from_str(&text).map_err(io::Error::other)?,
            Err(_) => vec![],
        };
        Ok(DevIssuer { key, id, clients, directory: directory.to_owned() })
    }

    /// Adds a demo user with a fresh secret, or gives the one that is there; kept in `clients.json`.
    /// Errors: the file cannot be written.
    pub fn register(&mut self, client_id: &str, name: &str, actor: Actor) -> io::Result<Client> {
        if let Some(known) = self.clients.iter_mut().find(|client| client.client_id == client_id) {
            known.actor = actor;
            known.name = name.to_owned();
            let known = known.clone();
            self.save()?;
            return Ok(known);
        }
        let secret: [u8; 24] = rand::rng().random();
        let client = Client {
            client_id: client_id.to_owned(),
            client_secret: URL_SAFE_NO_PAD.encode(secret),
            name: name.to_owned(),
            actor,
        };
        self.clients.push(client.clone());
        self.save()?;
        Ok(client)
    }

    /// The demo users.
    pub fn clients(&self) -> &[Client] {
        &self.clients
    }

    fn save(&self) -> io::Result<()> {
        let text = serde_json::to_string_pretty(&self.clients).map_err(io::Error::other)?;
        write_private(&self.directory.join("clients.json"), &text)
    }

    /// A token for an actor, good for `seconds` from now. Errors: the key cannot sign.
    pub fn token(&self, actor: &Actor, seconds: u64) -> Result<String, jsonwebtoken::errors::Error> {
        self.token_at(actor, seconds, jsonwebtoken::get_current_timestamp())
    }

    /// A token issued at an instant (seconds since 1970).
    pub fn token_at(
        &self,
        actor: &Actor,
        seconds: u64,
        now: u64,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: actor.subject.clone(),
            exp: now + seconds,
            nbf: Some(now),
            iat: Some(now),
            role: actor.role.code().to_owned(),
            institution: actor.institution.clone(),
            branches: actor.branches.clone(),
            organisation: actor.organisation.clone(),
        };
        let header = Header { kid: Some(self.id.clone()), ..Header::new(Algorithm::EdDSA) };
        jsonwebtoken::encode(&header, &claims, &self.key)
    }

    /// Client credentials for a token. `None`: wrong credentials or another grant.
    pub fn grant(&self, grant: &Grant) -> Option<Granted> {
        let client = self.clients.iter().find(|client| client.client_id == grant.client_id)?;
        if !super::cookie::is_same(&client.client_secret, &grant.client_secret)
            || grant.grant_type != "client_credentials"
            || client.actor.role == Role::System
        {
            return None;
        }
        let access_token = self.token(&client.actor, LIFE).ok()?;
        Some(Granted { access_token, token_type: "Bearer", expires_in: LIFE })
    }

    /// The public key as a JSON Web Key Set. Errors: the key is damaged.
    pub fn jwks(&self) -> Result<String, jsonwebtoken::errors::Error> {
        let mut jwk = Jwk::from_encoding_key(&self.key, Algorithm::EdDSA)?;
        jwk.common.key_id = Some(self.id.clone());
        Ok(serde_json::json!({ "keys": [jwk] }).to_string())
    }

    /// The verifier of this issuer's tokens. Errors: the key is damaged.
    pub fn authenticator(&self) -> io::Result<Authenticator> {
        let jwks = self.jwks().map_err(io::Error::other)?;
        let keys = Authenticator::from_jwks(&jwks, ISSUER, AUDIENCE).map_err(io::Error::other)?;
        Ok(keys.claiming_roles())
    }
}

/// Writes a file that only its owner reads.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write;
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
