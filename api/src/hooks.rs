//! Webhooks of a process: the courier that sends them, and the partners whose own are taken at `/hooks/{name}`.

pub mod catalogue;

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use metrics::{counter, gauge};
use notifications::ThreadDice;
use notifications::hooks::{HookCourier, HookEvent, HookParts, HookSettings};
use notifications::outgoing::Outgoing;
use notifications::signature::VerifyingKey;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::commands::Failure;
use crate::config::{Secret, Webhooks};
use crate::node::Node;

/// How often the figures of what waits are taken.
const FIGURES_EVERY: Duration = Duration::from_secs(15);

/// A partner that sends signed webhooks.
#[derive(Clone, Debug)]
pub struct Sender {
    /// Last part of its address.
    pub name: String,
    /// Its account, as the issuer knows it: what it does is that account's.
    pub login: String,
    pub keys: Vec<VerifyingKey>,
}

/// What the counter needs of webhooks.
#[derive(Clone, Default)]
pub struct Hooks {
    /// Judges addresses, and calls them.
    pub outgoing: Outgoing,
    pub senders: Vec<Sender>,
    /// Keys of the mail system, which reports bounces at `/hooks/mail`; without one nothing is taken there.
    pub mail: Vec<VerifyingKey>,
}

/// The name at `/hooks/` under which the mail system reports bounces.
pub const MAIL: &str = "mail";

impl Hooks {
    /// As configured. Errors: a host, a name or a key that is none.
    pub fn of(set: &Webhooks, mail: &[Secret]) -> Result<Hooks, Failure> {
        let wrong =
            |ja: &str, en: String| Failure::usage(format!("webhooks: {ja}"), format!("webhooks: {en}"));
        let outgoing = Outgoing::default().allowing(&set.allowed_hosts).ok_or_else(|| {
            wrong(
                "allowed_hosts は host:port の形で指定してください。",
                "allowed_hosts: each is host:port".to_owned(),
            )
        })?;
        let mut senders: Vec<Sender> = vec![];
        for sender in &set.senders {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let plain = |c: char| plain(c) && sender.name != MAIL;
            let named = (1..=40).contains(&sender.name.len()) && sender.name.chars().all(plain);
            if !named || sender.login.is_empty() || senders.iter().any(|other| other.name == sender.name) {
                let en = "senders: each has a name of a-z 0-9 - of its own other than `mail`, and the login of an account";
                return Err(wrong(
                    "senders の name（a-z 0-9 -、重複なし、mail を除く）と login を確認してください。",
                    en.to_owned(),
                ));
            }
            let keys = sender.keys.iter().map(|key| VerifyingKey::parse(key.expose()));
            let keys = keys.collect::<Result<Vec<_>, _>>().map_err(|error| {
                wrong("senders の keys が正しくありません。", format!("senders: {}: {error}", sender.name))
            })?;
            if keys.is_empty() {
                let en = format!("senders: {}: one key at least", sender.name);
                return Err(wrong("senders の keys は1つ以上必要です。", en));
            }
            senders.push(Sender { name: sender.name.clone(), login: sender.login.clone(), keys });
        }
        let mail = mail.iter().map(|key| VerifyingKey::parse(key.expose())).collect::<Result<Vec<_>, _>>();
        let mail = mail.map_err(|error| {
            Failure::usage("mail.hook_keys が正しくありません。", format!("mail.hook_keys: {error}"))
        })?;
        Ok(Hooks { outgoing, senders, mail })
    }
}

/// Starts the courier of webhooks. It ends after `stop`. Errors: settings that cannot work.
pub fn start(node: &Node, stop: &CancellationToken) -> Result<Vec<JoinHandle<()>>, Failure> {
    let set = &node.config.webhooks;
    let clock = node.clock.clone();
    let parts = HookParts {
        store: node.store.clone(),
        outgoing: Hooks::of(set, &[])?.outgoing,
        clock: Arc::new(move || clock.now()),
        dice: Arc::new(ThreadDice),
        tally: Arc::new(count),
        settings: HookSettings {
            give_up_after: TimeDelta::hours(i64::from(set.give_up_hours)),
            disable_after: TimeDelta::days(i64::from(set.disable_after_days)),
            slots: set.slots,
            poll: Duration::from_millis(node.config.courier.poll_milliseconds),
            ..HookSettings::default()
        },
        worker: format!("{}-hooks", crate::worker::node_name(node.clock.now())),
    };
    let (courier, stopped) = (HookCourier::new(parts), stop.clone());
    let carrying = tokio::spawn(async move { courier.run(stopped).await });
    let (store, clock, stopped) = (node.store.clone(), node.clock.clone(), stop.clone());
    let figures = tokio::spawn(async move {
        while !stopped.is_cancelled() {
            match store.hook_backlog().await {
                Ok(backlog) => {
                    let age = backlog.oldest.map_or(0, |oldest| (clock.now() - oldest).num_seconds().max(0));
                    gauge!("yushi_webhooks_waiting").set(backlog.waiting as f64);
                    gauge!("yushi_webhooks_parked").set(backlog.parked as f64);
                    gauge!("yushi_webhooks_oldest_seconds").set(age as f64);
                    gauge!("yushi_webhook_endpoints_disabled").set(backlog.disabled as f64);
                }
                Err(error) => tracing::warn!(%error, "webhooks: what waits is not known"),
            }
            tokio::select! {
                () = stopped.cancelled() => {}
                () = tokio::time::sleep(FIGURES_EVERY) => {}
            }
        }
    });
    Ok(vec![carrying, figures])
}

fn count(event: HookEvent) {
    let ended = match event {
        HookEvent::Delivered => "delivered",
        HookEvent::Failed => "failed",
        HookEvent::Parked => "parked",
        HookEvent::Disabled(_) => "disabled",
        HookEvent::StoreFailed => "store_failed",
    };
    counter!("yushi_webhooks_total", "ended" => ended).increment(1);
}
