//! Callers who stay: every open socket is asked again at short intervals whether its caller would still be let in. However many
//! there are, one look is two statements.

use super::gate::{FRESH, Gate};
use super::seeded::{self, Fault};
use super::{Caller, Pass};
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio_util::sync::CancellationToken;
use workflows::account::AccountState;

/// Everybody who stays.
#[derive(Default)]
pub struct Watch {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    staying: HashMap<u64, (Pass, CancellationToken)>,
    looking: bool,
}

impl Watch {
    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A caller who stays; let go when dropped.
pub struct Held {
    gate: Arc<Gate>,
    number: u64,
    ended: CancellationToken,
}

impl Held {
    /// Ready when the caller would not be let in any more.
    pub async fn ended(&self) {
        self.ended.cancelled().await;
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        self.gate.watch.inner().staying.remove(&self.number);
    }
}

impl Gate {
    /// Watches over a caller who stays.
    pub fn hold(self: &Arc<Self>, caller: &Caller) -> Held {
        let mut inner = self.watch.inner();
        let (number, ended) = (inner.next, CancellationToken::new());
        inner.next += 1;
        inner.staying.insert(number, (caller.pass.clone(), ended.clone()));
        if !inner.looking {
            inner.looking = true;
            tokio::spawn(look(self.clone()));
        }
        Held { gate: self.clone(), number, ended }
    }
}

/// Looks until nobody stays.
async fn look(gate: Arc<Gate>) {
    loop {
        tokio::time::sleep(FRESH).await;
        let staying: Vec<(u64, Pass)> = {
            let mut inner = gate.watch.inner();
            if inner.staying.is_empty() {
                inner.looking = false;
                return;
            }
            inner.staying.iter().map(|(number, (pass, _))| (*number, pass.clone())).collect()
        };
        match ended(&gate, staying).await {
            Ok(ended) => {
                let mut inner = gate.watch.inner();
                for number in ended {
                    if let Some((_, token)) = inner.staying.remove(&number) {
                        token.cancel();
                    }
                }
            }
            // The streams need the same database: nothing is told while it is away.
            Err(error) => tracing::warn!(%error, "open sockets could not be judged"),
        }
    }
}

/// Those who would not be let in any more.
async fn ended(gate: &Gate, staying: Vec<(u64, Pass)>) -> db::Result<Vec<u64>> {
    if seeded::is(Fault::Watch) {
        return Ok(vec![]);
    }
    let mut digests = BTreeSet::new();
    let mut ids = BTreeSet::new();
    for (_, pass) in &staying {
        match pass {
            Pass::Claims => {}
            Pass::Token { account, .. } => {
                ids.insert(account.clone());
            }
            Pass::Session { digest, .. } => {
                digests.insert(digest.clone());
            }
        }
    }
    let sessions = match digests.is_empty() {
        true => vec![],
        false => gate.store().sessions(&digests.into_iter().collect::<Vec<_>>()).await?,
    };
    let accounts = match ids.is_empty() {
        true => vec![],
        false => gate.store().accounts_of(&ids.into_iter().collect::<Vec<_>>()).await?,
    };
    let sessions: HashMap<&str, _> = sessions.iter().map(|s| (s.digest.as_str(), s)).collect();
    let accounts: HashMap<&str, _> = accounts.iter().map(|a| (a.id.as_str(), a)).collect();
    let stays = |pass: &Pass| match pass {
        Pass::Claims => true,
        Pass::Token { account, version, .. } => accounts
            .get(account.as_str())
            .is_some_and(|account| account.version == *version && account.state == AccountState::Active),
        Pass::Session { digest, version } => sessions.get(digest.as_str()).is_some_and(|session| {
            gate.holds(session, *version) && session.account.state == AccountState::Active
        }),
    };
    Ok(staying.into_iter().filter(|(_, pass)| !stays(pass)).map(|(number, _)| number).collect())
}
