//! Every committed transition and its notices: all of them delivered, each under one Message-ID, however often the server died.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use db::changes::Cursor;
use db::vault::{KeyRing, Vault};
use db::{Store, StoreOptions};
use sea_orm::{ConnectionTrait, Database, DatabaseConnection, DbErr, Statement};

use super::bank::Bank;
use tests::patience::PATIENCE;
use workflows::machine::Event;

/// What was looked at.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counted {
    pub transitions: usize,
    pub parcels: usize,
    pub mails: usize,
    pub inbox: usize,
}

/// A parcel: id, application, version, channel, state.
type Parcel = (String, String, i64, String, String);

/// What the database and the mail folder hold.
#[derive(Clone, Debug, Default)]
struct Held {
    /// Application, version, parcels, whether the main stage moved.
    entries: Vec<(String, i64, i64, bool)>,
    parcels: Vec<Parcel>,
    /// Inbox items by the parcel that made them.
    inbox: Vec<String>,
    /// File and its Message-ID.
    mails: Vec<(String, String)>,
}

/// Waits until the couriers are through, then checks everything that they delivered.
///
/// # Panics
/// When anything is missing, parked or doubled.
pub fn are_complete(bank: &Bank) -> Counted {
    let begun = Instant::now();
    let held = loop {
        let held = bank.wait_for(read(bank)).expect("the database answers");
        let open = held.parcels.iter().filter(|p| p.4 != "DELIVERED").count();
        // A server that died holds its leases for a while.
        if open == 0 || begun.elapsed() > 5 * PATIENCE {
            break held;
        }
        std::thread::sleep(Duration::from_millis(500));
    };
    let findings = judge(&held);
    assert!(findings.is_empty(), "{} findings: {:?}", findings.len(), &findings[..findings.len().min(10)]);
    let of = |channel: &str| held.parcels.iter().filter(|p| p.3 == channel).count();
    let (mails, inbox) = (of("EMAIL"), held.inbox.len());
    Counted { transitions: held.entries.len(), parcels: held.parcels.len(), mails, inbox }
}

async fn read(bank: &Bank) -> Result<Held, DbErr> {
    let db = Database::connect(bank.aside()).await?;
    let mut held = Held::default();
    let moves = moves(bank).await;
    for row in rows(&db, "SELECT application_id, version, parcels FROM entry").await? {
        let (id, version): (String, i64) = (row.try_get("", "application_id")?, row.try_get("", "version")?);
        let moved = moves.contains(&(id.clone(), version));
        held.entries.push((id, version, row.try_get("", "parcels")?, moved));
    }
    // A draft that was never handed in has no number, and its people no address: what concerns it lies in the inbox alone.
    let parcels = "SELECT o.id, o.application_id, o.version, o.state, CASE WHEN o.channel = 'EMAIL' AND a.number IS NULL \
         THEN 'NO_ADDRESS' ELSE o.channel END AS channel FROM outbox o JOIN application a ON a.id = o.application_id";
    for row in rows(&db, parcels).await? {
        held.parcels.push((
            row.try_get("", "id")?,
            row.try_get("", "application_id")?,
            row.try_get("", "version")?,
            row.try_get("", "channel")?,
            row.try_get("", "state")?,
        ));
    }
    for row in rows(&db, "SELECT id FROM inbox").await? {
        held.inbox.push(row.try_get("", "id")?);
    }
    db.close().await?;
    for file in std::fs::read_dir(bank.data().join("mail")).into_iter().flatten().flatten() {
        let name = file.file_name().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".eml") else { continue };
        let text = std::fs::read_to_string(file.path()).unwrap_or_default();
        let id = text.lines().find_map(|line| line.strip_prefix("Message-ID: "));
        held.mails.push((name.to_owned(), id.unwrap_or_default().trim_matches(['<', '>']).to_owned()));
    }
    Ok(held)
}

/// The entries that moved their case, read with the demo's own key: what they say is sealed.
async fn moves(bank: &Bank) -> HashSet<(String, i64)> {
    let ring = KeyRing::read(&bank.data().join("vault.key"), &[]).expect("the demo's key");
    let mut options = StoreOptions::new(Arc::new(workflows::sample::rulebook().expect("rules")));
    options.vault = Some(Vault::new(Arc::new(ring)));
    let store = Store::open(&bank.aside(), options).await.expect("the store");
    let (mut moves, mut after) = (HashSet::new(), Cursor::default());
    loop {
        let lines = store.lines(after, 500).await.expect("the history");
        let Some(last) = lines.last() else { return moves };
        after = last.cursor;
        for line in lines {
            if line.entry.events.iter().any(|event| matches!(event, Event::Moved { .. })) {
                moves.insert((line.application_id, line.entry.version as i64));
            }
        }
    }
}

async fn rows(db: &DatabaseConnection, sql: &str) -> Result<Vec<sea_orm::QueryResult>, DbErr> {
    db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await
}

/// Everything that is missing or doubled.
fn judge(held: &Held) -> Vec<String> {
    let mut findings = vec![];
    if held.entries.is_empty() || held.parcels.is_empty() || held.mails.is_empty() || held.inbox.is_empty() {
        findings.push("there is nothing to look at".to_owned());
    }
    let mut sent: BTreeMap<(&str, i64), i64> = BTreeMap::new();
    for (id, application, version, _, state) in &held.parcels {
        *sent.entry((application, *version)).or_default() += 1;
        if state != "DELIVERED" {
            findings.push(format!("{id} is {state}"));
        }
    }
    for (application, version, parcels, moved) in &held.entries {
        let there = sent.get(&(application.as_str(), *version)).copied().unwrap_or_default();
        if there != *parcels || (*moved && there == 0) {
            findings.push(format!("{application}.{version}: {there} of {parcels} parcels"));
        }
    }
    let of = |channel: &str| -> BTreeSet<&str> {
        held.parcels.iter().filter(|p| p.3 == channel).map(|p| p.0.as_str()).collect()
    };
    let shown: BTreeSet<&str> = held.inbox.iter().map(String::as_str).collect();
    // What is sent to a partner lies in the partner's inbox.
    let items: BTreeSet<&str> = of("INBOX").union(&of("PARTNER")).copied().collect();
    if shown.len() != held.inbox.len() || shown != items {
        findings.push(format!("{} inbox items for {} parcels", held.inbox.len(), items.len()));
    }
    // The file carries its Message-ID as its name: parcel and domain.
    let mailed: BTreeSet<&str> =
        held.mails.iter().filter_map(|(_, id)| id.rsplit_once('@')).map(|p| p.0).collect();
    if mailed.len() != held.mails.len() || mailed != of("EMAIL") {
        findings.push(format!("{} mails for {} parcels", held.mails.len(), of("EMAIL").len()));
    }
    findings.extend(held.mails.iter().filter(|(file, id)| file != id).map(|m| format!("{m:?}")));
    findings
}

mod seeded_faults {
    use super::*;

    fn sound() -> Held {
        let parcel = |channel: &str| {
            let id = format!("a.1.{channel}");
            (id, "a".to_owned(), 1, channel.to_owned(), "DELIVERED".to_owned())
        };
        Held {
            entries: vec![("a".to_owned(), 1, 2, true)],
            parcels: vec![parcel("EMAIL"), parcel("INBOX")],
            inbox: vec!["a.1.INBOX".to_owned()],
            mails: vec![("a.1.EMAIL@yushi".to_owned(), "a.1.EMAIL@yushi".to_owned())],
        }
    }

    /// SEC-M01.
    #[test]
    fn whatever_is_missing_or_doubled_is_found() {
        assert_eq!(judge(&sound()), Vec::<String>::new());
        let faults: [fn(&mut Held); 7] = [
            |held| held.parcels[0].4 = "PENDING".to_owned(),
            |held| held.entries[0].2 = 3,
            |held| held.entries.push(("a".to_owned(), 2, 0, true)),
            |held| held.inbox.clear(),
            |held| held.inbox.push("a.1.INBOX".to_owned()),
            |held| held.mails.push(("b@yushi".to_owned(), "a.1.EMAIL@yushi".to_owned())),
            |held| *held = Held::default(),
        ];
        for (number, fault) in faults.into_iter().enumerate() {
            let mut held = sound();
            fault(&mut held);
            assert!(!judge(&held).is_empty(), "fault {number} was not found");
        }
    }
}
