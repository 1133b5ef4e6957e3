//! How `serve` lets people and programs in: the issuer's keys, the gate, the provider.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use tokio_util::sync::CancellationToken;

use super::Failure;
use crate::auth::cookie::Cookies;
use crate::auth::{
    Authenticator, Gate, GateSettings, Keeper, KeySource, Outgoing, Provider, ProviderSettings,
};
use crate::config::Config;
use crate::node::Node;
use crate::service::RealClock;

/// The gate and the provider of a checked configuration. Errors: the keys cannot be had at the start.
pub async fn open(node: &Node, stop: &CancellationToken) -> Result<(Arc<Gate>, Option<Provider>), Failure> {
    let config = &node.config;
    let (auth, clock) = (&config.auth, Arc::new(RealClock));
    let wrong = |error: String| {
        Failure::outside(
            "認証プロバイダーの公開鍵（auth.issuer、auth.jwks）を取得できません。",
            format!("the keys of auth.issuer or auth.jwks cannot be had: {error}"),
        )
    };
    let outgoing = Outgoing::new().map_err(|error| wrong(error.to_string()))?;
    let issuer = auth.issuer.clone().unwrap_or_default();
    let authenticator = Authenticator::new(&issuer, &auth.audience).with_leeway(auth.leeway_seconds);
    let source = match &auth.jwks {
        None => KeySource::Discovery,
        Some(address) if address.starts_with("http") => KeySource::Address(address.clone()),
        Some(file) => KeySource::File(file.into()),
    };
    let stale_after = TimeDelta::seconds(i64::from(auth.jwks_stale_seconds));
    let keeper =
        Arc::new(Keeper::new(source, authenticator.clone(), outgoing.clone(), clock.clone(), stale_after));
    keeper.read().await.map_err(wrong)?;
    let (kept, stop, every) = (keeper.clone(), stop.clone(), Duration::from_secs(auth.jwks_refresh_seconds));
    tokio::spawn(async move { kept.keep(every, &stop).await });
    let provider = provider(config).map(|settings| Provider::new(keeper.clone(), outgoing, settings));
    let gate = Gate::new(authenticator, Some(keeper), node.store.clone(), settings(config), clock);
    Ok((gate, provider))
}

fn settings(config: &Config) -> GateSettings {
    let auth = &config.auth;
    GateSettings {
        cookies: Cookies::Host,
        idle: TimeDelta::minutes(i64::from(auth.idle_minutes)),
        longest: TimeDelta::hours(i64::from(auth.session_hours)),
        certificate_header: auth.certificate_header.as_ref().and_then(|name| name.parse().ok()),
        trusted_proxies: config.trusted_proxies.clone(),
        certificates_required: auth.certificates_required,
    }
}

fn provider(config: &Config) -> Option<ProviderSettings> {
    let home = config.public_url.as_deref()?.trim_end_matches('/');
    Some(ProviderSettings {
        client_id: config.auth.client_id.clone()?,
        client_secret: config.auth.client_secret.clone(),
        scopes: config.auth.scopes.clone(),
        callback: format!("{home}/auth/callback"),
        home: format!("{home}/"),
    })
}
