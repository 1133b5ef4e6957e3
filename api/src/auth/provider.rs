//! Signing in with an OpenID provider: the code flow with PKCE, state and nonce, all derived from a secret that only the browser
//! which began holds. Nothing is kept on the server until somebody has signed in.

use super::cookie::{derived, is_own_path, is_same, is_secret, secret};
use super::keeper::{Again, Discovery, Keeper};
use super::outgoing::Outgoing;
use super::seeded::{self, Fault};
use super::{Denied, Gate};
use crate::config::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use oauth2::basic::{BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenType};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, Client, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, ExtraTokenFields, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, StandardRevocableToken, StandardTokenIntrospectionResponse, StandardTokenResponse, TokenUrl,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use workflows::account::{Account, AccountKind};

/// How long somebody has to sign in at the provider.
pub const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// How the service is known to the provider.
#[derive(Clone, Debug)]
pub struct ProviderSettings {
    pub client_id: String,
    pub client_secret: Option<Secret>,
    pub scopes: Vec<String>,
    /// Where the provider sends people back to.
    pub callback: String,
    /// Where the provider sends people to after signing out there.
    pub home: String,
}

/// Why nobody was signed in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInFailed {
    /// The browser did not begin, began too long ago, or what came back is not the answer to its question.
    #[error("not an answer to an attempt of this browser: {0}")]
    Attempt(&'static str),
    /// The provider says no.
    #[error("the provider refused: {0}")]
    Refused(String),
    /// The provider does not answer.
    #[error("the provider does not answer: {0}")]
    Away(String),
    /// What the provider vouches for is not good.
    #[error("the provider's token is not good: {0}")]
    Token(Denied),
    /// Who signed in has no active account.
    #[error("there is no active account for {0}")]
    Account(String),
}

/// An attempt to sign in, as the browser holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    secret: String,
    begun: i64,
    pub next: String,
}

impl Attempt {
    /// A fresh one, which leads to a path of ours. `None`: it leads elsewhere.
    pub fn begin(next: &str, now: DateTime<Utc>) -> Option<Self> {
        let next = next.to_owned();
        is_own_path(&next).then(|| Attempt { secret: secret(), begun: now.timestamp(), next })
    }

    /// The value of its cookie.
    pub fn cookie(&self) -> String {
        format!("{}.{}.{}", self.secret, self.begun, URL_SAFE_NO_PAD.encode(&self.next))
    }

    /// From the value of its cookie. `None`: none that was begun in time.
    pub fn read(cookie: &str, now: DateTime<Utc>) -> Option<Self> {
        let mut parts = cookie.splitn(3, '.');
        let (secret, begun, next) = (parts.next()?, parts.next()?, parts.next()?);
        let begun: i64 = begun.parse().ok()?;
        let next = String::from_utf8(URL_SAFE_NO_PAD.decode(next).ok()?).ok()?;
        let age = now.signed_duration_since(DateTime::from_timestamp(begun, 0)?);
        let fine = is_secret(secret) && is_own_path(&next) && age >= TimeDelta::zero() && age < PATIENCE;
        fine.then(|| Attempt { secret: secret.to_owned(), begun, next })
    }

    fn part(&self, label: &str) -> String {
        derived(&format!("{label} {}", self.begun), &self.secret)
    }
}

/// The provider's answer as the browser brings it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brought {
    pub code: Option<String>,
    pub state: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
struct IdToken {
    id_token: Option<String>,
}

impl ExtraTokenFields for IdToken {}

type Tokens = StandardTokenResponse<IdToken, BasicTokenType>;
type Flow<A, T> = Client<
    BasicErrorResponse,
    Tokens,
    StandardTokenIntrospectionResponse<IdToken, BasicTokenType>,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    A,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    T,
>;

/// The provider of identities.
pub struct Provider {
    keeper: Arc<Keeper>,
    outgoing: Outgoing,
    settings: ProviderSettings,
}

impl Provider {
    /// A provider whose keys are kept by `keeper`.
    pub fn new(keeper: Arc<Keeper>, outgoing: Outgoing, settings: ProviderSettings) -> Self {
        Provider { keeper, outgoing, settings }
    }

    fn flow(&self, found: &Discovery) -> Result<Flow<EndpointSet, EndpointSet>, SignInFailed> {
        let away = |error: oauth2::url::ParseError| SignInFailed::Away(error.to_string());
        let settings = &self.settings;
        let methods = &found.token_endpoint_auth_methods_supported;
        let has = |wanted: &str| methods.iter().any(|method| method == wanted);
        let by_post = has("client_secret_post") && !has("client_secret_basic");
        let flow = Client::new(ClientId::new(settings.client_id.clone()))
            .set_auth_uri(AuthUrl::new(found.authorization_endpoint.clone()).map_err(away)?)
            .set_token_uri(TokenUrl::new(found.token_endpoint.clone()).map_err(away)?)
            .set_redirect_uri(RedirectUrl::new(settings.callback.clone()).map_err(away)?)
            .set_auth_type(if by_post { AuthType::RequestBody } else { AuthType::BasicAuth });
        Ok(match &settings.client_secret {
            Some(secret) => flow.set_client_secret(ClientSecret::new(secret.expose().to_owned())),
            None => flow,
        })
    }

    /// Where the browser of an attempt is sent.
    pub async fn entrance(&self, attempt: &Attempt) -> Result<String, SignInFailed> {
        let found = self.keeper.discovery().await.map_err(SignInFailed::Away)?;
        let verifier = PkceCodeVerifier::new(attempt.part("verifier"));
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
        let state = attempt.part("state");
        let flow = self.flow(&found)?;
        let request = flow
            .authorize_url(|| CsrfToken::new(state))
            .set_pkce_challenge(challenge)
            .add_scopes(self.settings.scopes.iter().cloned().map(Scope::new))
            .add_extra_param("nonce", attempt.part("nonce"));
        Ok(request.url().0.to_string())
    }

    /// The account of who signed in, by what the provider sent back through the browser.
    pub async fn signed_in(
        &self,
        attempt: &Attempt,
        brought: Brought,
        gate: &Gate,
    ) -> Result<Arc<Account>, SignInFailed> {
        let same = brought.state.as_deref().is_some_and(|state| is_same(state, &attempt.part("state")));
        if !same && !seeded::is(Fault::State) {
            return Err(SignInFailed::Attempt("state"));
        }
        let found = self.keeper.discovery().await.map_err(SignInFailed::Away)?;
        // RFC 9207: the answer of another provider is not taken for ours.
        let needed = found.authorization_response_iss_parameter_supported;
        if brought.iss.as_ref().map_or(needed, |iss| *iss != found.issuer) {
            return Err(SignInFailed::Attempt("iss"));
        }
        if let Some(error) = brought.error {
            return Err(SignInFailed::Refused(error));
        }
        let code = brought.code.ok_or(SignInFailed::Attempt("code"))?;
        let id_token = self.exchanged(&found, attempt, code).await?;
        let subject = self.subject(&id_token, &attempt.part("nonce")).await?;
        let account = gate.account(AccountKind::Person, &subject).await;
        let account = account.map_err(|denied| SignInFailed::Away(denied.to_string()))?;
        account.filter(|account| account.actor(None).is_some()).ok_or(SignInFailed::Account(subject))
    }

    async fn exchanged(
        &self,
        found: &Discovery,
        attempt: &Attempt,
        code: String,
    ) -> Result<String, SignInFailed> {
        let outgoing = self.outgoing.clone();
        let http = move |request: oauth2::HttpRequest| {
            let outgoing = outgoing.clone();
            async move { outgoing.send(request).await }
        };
        let flow = self.flow(found)?;
        let request = flow
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(attempt.part("verifier")));
        let tokens = request.request_async(&http).await.map_err(|error| match error {
            RequestTokenError::ServerResponse(refused) => SignInFailed::Refused(refused.error().to_string()),
            RequestTokenError::Request(error) => SignInFailed::Away(error.to_string()),
            RequestTokenError::Parse(error, _) => SignInFailed::Away(error.to_string()),
            RequestTokenError::Other(error) => SignInFailed::Away(error),
        })?;
        let id_token = tokens.extra_fields().id_token.clone();
        id_token.ok_or_else(|| SignInFailed::Refused("no id_token".to_owned()))
    }

    async fn subject(&self, id_token: &str, nonce: &str) -> Result<String, SignInFailed> {
        let (auth, client) = (self.keeper.auth(), &self.settings.client_id);
        match auth.id_token(id_token, client, nonce) {
            Err(Denied::UnknownKey) => match self.keeper.look_again().await {
                Again::Read => auth.id_token(id_token, client, nonce).map_err(SignInFailed::Token),
                Again::TooSoon => Err(SignInFailed::Token(Denied::UnknownKey)),
                Again::Away => Err(SignInFailed::Away("the provider's keys cannot be read".to_owned())),
            },
            judged => judged.map_err(SignInFailed::Token),
        }
    }

    /// Where a browser goes to sign out at the provider as well, if it has such a place.
    pub async fn exit(&self) -> Option<String> {
        let found = self.keeper.discovery().await.ok()?;
        let mut exit = oauth2::url::Url::parse(found.end_session_endpoint.as_ref()?).ok()?;
        exit.query_pairs_mut()
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("post_logout_redirect_uri", &self.settings.home);
        Some(exit.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_that_of_its_browser_and_ends() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("instant");
        assert_eq!(Attempt::begin("https://evil.example", now), None);
        let attempt = Attempt::begin("/cases?a=b", now).expect("attempt");
        let cookie = attempt.cookie();
        assert_eq!(Attempt::read(&cookie, now + TimeDelta::minutes(9)), Some(attempt.clone()));
        assert_eq!(Attempt::read(&cookie, now + PATIENCE), None);
        assert_eq!(Attempt::read(&cookie, now - TimeDelta::seconds(1)), None);
        let other = Attempt::begin("/cases?a=b", now).expect("attempt");
        let parts = |attempt: &Attempt| ["state", "nonce", "verifier"].map(|label| attempt.part(label));
        assert!(parts(&attempt).iter().all(|part| !parts(&other).contains(part)));
        assert_eq!(attempt.part("verifier").len(), 43, "RFC 7636: 43 to 128 characters");
        // An older beginning is another attempt: nobody makes one live longer.
        let older = Attempt { begun: attempt.begun + 1, ..attempt.clone() };
        assert_ne!(parts(&attempt), parts(&older));
        for broken in ["", "a.b.c", &cookie[1..], &format!("{}x", &cookie[..42])] {
            assert_eq!(Attempt::read(broken, now), None, "{broken}");
        }
    }
}
