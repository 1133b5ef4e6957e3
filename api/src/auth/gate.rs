//! From a request to a caller: who a token or a session proves it is, and what the account lets him do now.
//!
//! Accounts and sessions are looked up in the store and remembered for [`FRESH`]: a change of this process counts at the next
//! request, that of another one within a second.

use super::cookie::{self, Cookies};
use super::keeper::{Again, Keeper};
use super::seeded::{self, Fault};
use super::verify::{Authenticator, Proven, token_of};
use super::watch::Watch;
use super::{Caller, Denied, Pass};
use crate::service::Clock;
use axum::http::{HeaderMap, HeaderName, header};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use db::Store;
use db::sessions::Session;
use std::collections::HashMap;
use std::hash::Hash;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use workflows::account::{Account, AccountKind};
use workflows::machine::Role;

/// How long an account or a session is remembered: with the look of [`Watch`] well below a second.
pub const FRESH: Duration = Duration::from_millis(300);
/// Accounts and sessions that are remembered at most.
const MOST: usize = 20_000;
/// A session in use is noted so often.
const NOTED_EVERY: TimeDelta = TimeDelta::seconds(60);
/// The role in which somebody with several acts.
pub const ROLE: HeaderName = HeaderName::from_static("yushi-role");
/// The token against forgery of a session.
pub const CSRF: HeaderName = HeaderName::from_static("x-csrf-token");

/// How callers are let in.
#[derive(Clone, Debug)]
pub struct GateSettings {
    pub cookies: Cookies,
    /// A session that is not used for so long ends.
    pub idle: TimeDelta,
    /// A session ends after this, used or not.
    pub longest: TimeDelta,
    /// Header in which a trusted proxy says the SHA-256 of a client's certificate.
    pub certificate_header: Option<HeaderName>,
    pub trusted_proxies: Vec<IpAddr>,
    /// Programs come in with tokens that are bound to a certificate, or not at all.
    pub certificates_required: bool,
}

impl Default for GateSettings {
    fn default() -> Self {
        GateSettings {
            cookies: Cookies::Host,
            idle: TimeDelta::minutes(15),
            longest: TimeDelta::hours(10),
            certificate_header: None,
            trusted_proxies: vec![],
            certificates_required: false,
        }
    }
}

/// What somebody wants to do with a session.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// Send something: from our origin and with the token against forgery.
    Send,
    /// Open a socket: from our origin.
    Open,
    /// Look: changes nothing and does not count as use.
    Look,
}

/// A request as far as it says who asks.
#[derive(Copy, Clone, Debug)]
pub struct Asking<'r> {
    pub headers: &'r HeaderMap,
    /// The address at the other end of the connection.
    pub peer: Option<IpAddr>,
    /// Origins of ours.
    pub origins: &'r [String],
}

/// What was found in the store, when it was asked.
struct Memory<K, V> {
    found: Mutex<Found<K, V>>,
}

struct Found<K, V> {
    /// Grows whenever everything is forgotten: what was asked before is not remembered after.
    age: u64,
    known: HashMap<K, (Instant, Option<Arc<V>>)>,
}

impl<K, V> Default for Memory<K, V> {
    fn default() -> Self {
        Memory { found: Mutex::new(Found { age: 0, known: HashMap::new() }) }
    }
}

impl<K: Hash + Eq, V> Memory<K, V> {
    fn lock(&self) -> MutexGuard<'_, Found<K, V>> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self) {
        let mut found = self.lock();
        found.age += 1;
        found.known.clear();
    }

    /// What is remembered and fresh, or the age for [`Memory::remember`].
    fn recall(&self, key: &K) -> Result<Option<Arc<V>>, u64> {
        let found = self.lock();
        match found.known.get(key) {
            Some((asked, value)) if asked.elapsed() < FRESH => Ok(value.clone()),
            _ => Err(found.age),
        }
    }

    fn remember(&self, key: K, asked: Instant, age: u64, value: Option<Arc<V>>) {
        let mut found = self.lock();
        if found.known.len() >= MOST {
            found.known.retain(|_, (asked, _)| asked.elapsed() < FRESH);
        }
        if found.known.len() < MOST && found.age == age {
            found.known.insert(key, (asked, value));
        }
    }
}

/// Lets callers in.
pub struct Gate {
    auth: Authenticator,
    keeper: Option<Arc<Keeper>>,
    store: Store,
    pub settings: GateSettings,
    clock: Arc<dyn Clock>,
    accounts: Memory<(AccountKind, String), Account>,
    sessions: Memory<String, Session>,
    pub(super) watch: Watch,
}

impl Gate {
    /// `clock` is the real one, also where the service has another: tokens and sessions are of this world.
    pub fn new(
        auth: Authenticator,
        keeper: Option<Arc<Keeper>>,
        store: Store,
        settings: GateSettings,
        clock: Arc<dyn Clock>,
    ) -> Arc<Self> {
        let (accounts, sessions, watch) = (Memory::default(), Memory::default(), Watch::default());
        Arc::new(Gate { auth, keeper, store, settings, clock, accounts, sessions, watch })
    }

    /// Issuer of the accounts.
    pub fn issuer(&self) -> &str {
        self.auth.issuer()
    }

    /// The present instant of tokens and sessions.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn store(&self) -> &Store {
        &self.store
    }

    /// Forgets what it remembers: after a change of accounts or sessions by this process.
    pub fn forget(&self) {
        self.accounts.forget();
        self.sessions.forget();
    }

    /// The caller of a request: by its token, or without one by its session.
    pub async fn caller(&self, asking: Asking<'_>, way: Way) -> Result<Caller, Denied> {
        let mut given = asking.headers.get_all(header::AUTHORIZATION).iter();
        let role = role_of(asking.headers)?;
        match (given.next(), given.next()) {
            (None, _) => {
                let secret = cookie::value(asking.headers, self.settings.cookies.session());
                let secret = secret.ok_or(Denied::Missing)?;
                self.sitting(secret, asking, role, way).await.map(|(caller, _)| caller)
            }
            (Some(one), None) => {
                let token = token_of(one.to_str().ok())?;
                self.bearer(token, role, self.certificate(asking).as_deref()).await
            }
            (Some(_), Some(_)) => Err(Denied::Missing),
        }
    }

    /// The caller of a token. `certificate` is the digest of the one that the connection was opened with.
    pub async fn bearer(
        &self,
        token: &str,
        role: Option<Role>,
        certificate: Option<&[u8]>,
    ) -> Result<Caller, Denied> {
        let proven = self.verified(token).await?;
        bound(&proven, certificate, self.settings.certificates_required)?;
        let expires = proven.expires;
        let account = self.account(proven.kind, &proven.login).await?;
        let Some(account) = account else {
            let actor = proven.claimed.ok_or(Denied::Account(proven.login))?;
            if role.is_some_and(|role| role != actor.role) {
                return Err(Denied::OtherRole);
            }
            return Ok(Caller { actor, expires, pass: Pass::Claims });
        };
        let issued = proven.issued.and_then(|at| DateTime::from_timestamp(i64::try_from(at).ok()?, 0));
        // Tokens say whole seconds.
        let begun = issued.map_or(DateTime::<Utc>::MIN_UTC, |at| at + TimeDelta::milliseconds(999));
        if !account.counts(begun) {
            return Err(Denied::Account(proven.login));
        }
        let actor = acting(&account, role)?;
        let pass = Pass::Token {
            kind: proven.kind,
            login: proven.login,
            account: account.id.clone(),
            version: account.version,
        };
        Ok(Caller { actor, expires, pass })
    }

    async fn verified(&self, token: &str) -> Result<Proven, Denied> {
        let away = || Denied::Unavailable("the issuer's keys cannot be read".to_owned());
        let Some(keeper) = &self.keeper else { return self.auth.verify(token) };
        if keeper.is_stale() {
            keeper.look_again().await;
            if keeper.is_stale() {
                return Err(away());
            }
        }
        match self.auth.verify(token) {
            Err(Denied::UnknownKey) => match keeper.look_again().await {
                Again::Read => self.auth.verify(token),
                Again::TooSoon => Err(Denied::UnknownKey),
                Again::Away => Err(away()),
            },
            verified => verified,
        }
    }

    /// The caller of a session, with the session.
    pub async fn sitting(
        &self,
        secret: &str,
        asking: Asking<'_>,
        role: Option<Role>,
        way: Way,
    ) -> Result<(Caller, Arc<Session>), Denied> {
        if !cookie::is_secret(secret) {
            return Err(Denied::Session);
        }
        let (digest, now) = (cookie::session_digest(secret), self.now());
        let session = self.session(&digest).await?.filter(|session| session.counts(now, self.settings.idle));
        let session = session.ok_or(Denied::Session)?;
        if way != Way::Look && !is_ours(asking) {
            return Err(Denied::Forged);
        }
        if way == Way::Send {
            let mut given = asking.headers.get_all(CSRF).iter();
            let (first, second) = (given.next().and_then(|value| value.to_str().ok()), given.next());
            let same = first.is_some_and(|given| cookie::is_same(given, &cookie::csrf(secret)));
            if (!same || second.is_some()) && !seeded::is(Fault::Csrf) {
                return Err(Denied::Forged);
            }
        }
        let actor = acting(&session.account, role)?;
        if way == Way::Send && now - session.seen_at >= NOTED_EVERY {
            self.store.touch_session(&digest, now).await.map_err(away)?;
            self.sessions.lock().known.remove(&digest);
        }
        let expires = session.ends_at.timestamp().unsigned_abs();
        let pass = Pass::Session { digest, version: session.account.version };
        Ok((Caller { actor, expires, pass }, session))
    }

    /// The partner's program of this login, whom a signature of his vouches for instead of a token. Errors: no account that counts, or
    /// not a partner's.
    pub async fn vouched(&self, login: &str) -> Result<Caller, Denied> {
        let denied = || Denied::Account(login.to_owned());
        let account = self.account(AccountKind::Client, login).await?.ok_or_else(denied)?;
        let actor = acting(&account, None)?;
        if !actor.role.is_partner() {
            return Err(denied());
        }
        let (kind, login) = (AccountKind::Client, login.to_owned());
        let pass = Pass::Token { kind, login, account: account.id.clone(), version: account.version };
        Ok(Caller { actor, expires: u64::MAX, pass })
    }

    /// Would the caller still be let in? Errors: no.
    pub async fn recheck(&self, caller: &Caller) -> Result<(), Denied> {
        match &caller.pass {
            _ if seeded::is(Fault::Recheck) => Ok(()),
            Pass::Claims => Ok(()),
            Pass::Token { kind, login, version, .. } => match self.account(*kind, login).await? {
                Some(account) if account.version == *version => Ok(()),
                _ => Err(Denied::Account(login.clone())),
            },
            Pass::Session { digest, version } => {
                let session = self.session(digest).await?;
                let fine = session.is_some_and(|session| self.holds(&session, *version));
                if fine { Ok(()) } else { Err(Denied::Session) }
            }
        }
    }

    /// Does a session still count for an account at this version?
    pub(super) fn holds(&self, session: &Session, version: u64) -> bool {
        session.account.version == version && session.counts(self.now(), self.settings.idle)
    }

    /// The account of somebody whom the issuer vouches for.
    pub async fn account(&self, kind: AccountKind, login: &str) -> Result<Option<Arc<Account>>, Denied> {
        let key = (kind, login.to_owned());
        let (asked, age) = match self.accounts.recall(&key) {
            Ok(known) => return Ok(known),
            Err(age) => (Instant::now(), age),
        };
        let found = self.store.account_of(self.issuer(), kind, login).await.map_err(away)?.map(Arc::new);
        self.accounts.remember(key, asked, age, found.clone());
        Ok(found)
    }

    async fn session(&self, digest: &str) -> Result<Option<Arc<Session>>, Denied> {
        let key = digest.to_owned();
        let (asked, age) = match self.sessions.recall(&key) {
            Ok(known) => return Ok(known),
            Err(age) => (Instant::now(), age),
        };
        let found = self.store.session(digest).await.map_err(away)?.map(Arc::new);
        self.sessions.remember(key, asked, age, found.clone());
        Ok(found)
    }

    /// SHA-256 of the certificate that the connection was opened with, as a trusted proxy says it. From any other address the
    /// header says nothing.
    pub fn certificate(&self, asking: Asking<'_>) -> Option<Vec<u8>> {
        let name = self.settings.certificate_header.as_ref()?;
        let trusted = asking.peer.is_some_and(|peer| self.settings.trusted_proxies.contains(&peer));
        let mut given = asking.headers.get_all(name).iter();
        let (first, second) = (given.next()?.to_str().ok()?.trim(), given.next());
        if !(trusted || seeded::is(Fault::Proxies)) || second.is_some() {
            return None;
        }
        let bytes = match first.len() {
            64 => hex::decode(first).ok()?,
            43 => URL_SAFE_NO_PAD.decode(first).ok()?,
            _ => STANDARD.decode(first).ok()?,
        };
        Some(bytes).filter(|bytes| bytes.len() == 32)
    }
}

/// Is a token with the one that it is bound to?
fn bound(proven: &Proven, certificate: Option<&[u8]>, required: bool) -> Result<(), Denied> {
    let Some(wanted) = &proven.certificate else {
        let needed = required && proven.kind == AccountKind::Client;
        return if needed { Err(Denied::Certificate) } else { Ok(()) };
    };
    let wanted = URL_SAFE_NO_PAD.decode(wanted).map_err(|_| Denied::Certificate)?;
    let same = certificate.is_some_and(|given| subtle::ConstantTimeEq::ct_eq(given, &wanted[..]).into());
    if same { Ok(()) } else { Err(Denied::Certificate) }
}

fn acting(account: &Account, role: Option<Role>) -> Result<workflows::machine::Actor, Denied> {
    let missing = || match account.actor(None) {
        Some(_) => Denied::OtherRole,
        None => Denied::Account(account.login.clone()),
    };
    account.actor(role).ok_or_else(missing)
}

/// The role that the request asks for.
fn role_of(headers: &HeaderMap) -> Result<Option<Role>, Denied> {
    let mut given = headers.get_all(ROLE).iter();
    match (given.next(), given.next()) {
        (None, _) => Ok(None),
        (Some(one), None) => {
            let role = one.to_str().ok().and_then(Role::parse);
            role.map(Some).ok_or(Denied::OtherRole)
        }
        (Some(_), Some(_)) => Err(Denied::OtherRole),
    }
}

/// Does the request come from a page of ours?
fn is_ours(asking: Asking<'_>) -> bool {
    let mut given = asking.headers.get_all(header::ORIGIN).iter();
    let (first, second) = (given.next().and_then(|origin| origin.to_str().ok()), given.next());
    second.is_none() && first.is_some_and(|origin| asking.origins.iter().any(|ours| ours == origin))
}

fn away(error: db::StoreError) -> Denied {
    Denied::Unavailable(error.to_string())
}
