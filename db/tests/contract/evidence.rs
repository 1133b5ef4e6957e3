//! Checkpoints: what was recorded stays as it was sealed, or the row that does not is named.

use crate::deeds::{ENTRY, THIS, Tampering, deeds};
use crate::stories::*;
use chrono::{DateTime, Duration, Utc};
use db::accounts::{AccountAnswer, Proposal};
use db::audit::LookedAt;
use db::evidence::{Checkpoint, Copies, FileKey, Finding, Judged, Kept, Kind, Signer, TABLES, Trust, check};
use db::sessions::Session;
use db::verify::{Violation, verify};
use db::{Answer, Scope};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use workflows::Rate;
use workflows::account::{AccountKind, AccountStep, Profile, Wanted};
use workflows::machine::{Actor, Command, Role};
use workflows::product::posting::RateSeries;

on_both!(
    who_looked_is_told_to_those_who_watch,
    an_honest_store_is_sealed_as_it_grows,
    a_key_hands_over_to_the_next,
    every_tampering_is_located,
    steps_of_the_version_before_are_understood,
    sealing_beside_writers_misses_nothing,
);

fn key(seed: u8) -> FileKey {
    FileKey::of_seed(&[seed; 32]).unwrap()
}

const ROWS: &str =
    "SELECT (SELECT count(*) FROM entry) + (SELECT count(*) FROM audit) + (SELECT count(*) FROM outbox)";

/// Seals until nothing is left. On PostgreSQL rows wait until every older transaction of the whole server has ended, and other tests
/// run on the same one.
async fn seal_all(place: &Place, signer: u8, now: DateTime<Utc>) -> Vec<Checkpoint> {
    let (mut made, mut size) = (vec![], 0);
    loop {
        match place.store.seal(&key(signer), now, 1).await.unwrap() {
            Some(checkpoint) => {
                size = checkpoint.size;
                made.push(checkpoint);
            }
            None if size as i64 == place.number(ROWS).await => return made,
            None if size == 0 && judge(place, None).await.unsealed == 0 => return made,
            None => tokio::task::yield_now().await,
        }
    }
}

async fn judge(place: &Place, copies: Option<&Path>) -> Judged {
    let copies = copies.map(|folder| Copies::of(folder).unwrap());
    let trust = Trust { keys: vec![key(1).key()], copies };
    check(&place.store, &trust).await.unwrap()
}

/// Cases that went some way, a refusal, an access and a rate.
async fn history(place: &Place, person: &str) -> String {
    let store = &place.store;
    let id = submitted(store, &applicant(person)).await;
    let target = db::Target::Case { id: &id };
    done(ask(store, &clerk(), target, &memo("seen")).await);
    screened(store, &id).await;
    let refused = ask(store, &staff(Role::BranchManager, "manager"), target, &Command::OrderPosting {}).await;
    assert!(matches!(refused, Answer::Refused(_)));
    store.record_looks(&staff(Role::Auditor, "auditor"), &[look(&[&id])], noon()).await.unwrap();
    id
}

async fn rate(place: &Place, day: u32) {
    let scope = |name: &str| Scope::of(&staff(Role::Operations, name));
    let from = noon().date_naive() + Duration::days(40 + i64::from(day));
    let new = (RateSeries::Variable, Rate::parse("2.475").unwrap(), from);
    let rates = rulebook().rates.clone();
    let answer = place.store.propose_rate(&scope("ops-1"), new, &[], &rates, noon()).await.unwrap();
    let db::rates::RateAnswer::Done(line) = answer else { panic!("{answer:?}") };
    let decided = place.store.decide_rate(&scope("ops-2"), &line.id, None, &rates, noon()).await.unwrap();
    assert!(matches!(decided, db::rates::RateAnswer::Done(_)), "{decided:?}");
}

/// A day's list of bookings.
async fn bookings(place: &Place, day: u32) {
    let operations = Scope::of(&staff(Role::Operations, "ops-1"));
    let list = format!("{}\nTOTAL,0,0\n", workflows::day_end::ledger::HEADER);
    let on = noon().date_naive() - Duration::days(i64::from(day));
    let answer = place.store.hand_in_ledger(&operations, on, &list, noon()).await.unwrap();
    assert!(matches!(answer, db::day_end::DayAnswer::Done { .. }), "{answer:?}");
}

async fn deputy(place: &Place, day: u32) {
    let manager = Scope::of(&staff(Role::BranchManager, "manager"));
    let from = noon().date_naive() + Duration::days(1 + i64::from(day));
    let named = place.store.name_deputy(&manager, "clerk", (from, from), "holiday", noon()).await.unwrap();
    assert!(matches!(named, db::deputies::DeputyAnswer::Done(_)), "{named:?}");
}

/// A partner's case that changed hands. The first and the last account of the place are those of [`suspended`].
async fn handover(place: &Place, n: u32, case: &str) {
    let organisation = crate::offices::guarantor_of(place, case).await;
    let lead = crate::offices::person("lead", &organisation, true);
    if n == 1 {
        assert_eq!(
            place.store.add_accounts(std::slice::from_ref(&lead), "operator", noon()).await.unwrap(),
            1
        );
    }
    if n > 0 {
        let reason = workflows::office::HandoverReason::Assignment;
        let given = place
            .store
            .hand_over(&crate::offices::scope(&lead), (case, "lead"), reason, noon())
            .await
            .unwrap();
        crate::offices::handed(given);
    }
}

/// An account that one proposed, another approved, that was signed out everywhere, and that is suspended now.
async fn suspended(place: &Place, n: u32) {
    let (store, bank) = (&place.store, form().institution.bank_code);
    let admin = |name: &str| {
        let staff = staff(Role::UserAdmin, name);
        Scope::of(&Actor { branches: vec![], ..staff })
    };
    let step = async |proposal: Proposal| {
        let proposed = store.propose_account(&admin("admin-1"), proposal, noon()).await.unwrap();
        let AccountAnswer::Done(change) = proposed else { panic!("{proposed:?}") };
        let times = (noon(), soon(1));
        let decided = store.decide_account(&admin("admin-2"), &change.id, None, times).await.unwrap();
        let AccountAnswer::Done(change) = decided else { panic!("{decided:?}") };
        change.account_id
    };
    let login = format!("colleague-{n}");
    let profile = Profile {
        name: "窓口 見本".to_owned(),
        roles: vec![Role::BranchClerk],
        branches: vec![],
        organisation: None,
        lead: false,
    };
    let wanted = Wanted { kind: AccountKind::Person, login: login.clone(), profile: profile.clone() };
    let id = step(Proposal::Create { issuer: "urn:test".to_owned(), wanted }).await;
    let changed = Profile { branches: vec!["001".to_owned()], ..profile };
    step(Proposal::Change { id: id.clone(), profile: changed }).await;
    let account = store.account_of("urn:test", AccountKind::Person, &login).await.unwrap().unwrap();
    assert_eq!((account.institution.as_str(), account.version), (bank.as_str(), 2));
    let (begun_at, ends_at) = (noon(), noon() + Duration::hours(10));
    let session = Session { digest: format!("digest-{n}"), account, begun_at, seen_at: begun_at, ends_at };
    store.begin_session(&session, None, noon()).await.unwrap();
    store.end_session(&session, true, soon(2)).await.unwrap();
    step(Proposal::Step { id, step: AccountStep::Suspend }).await;
}

/// Steps as the version before left them: the change without the account after it.
async fn steps_of_the_version_before_are_understood(place: Place) {
    suspended(&place, 1).await;
    let strip = match place.store.backend() {
        DbBackend::Postgres => {
            "UPDATE audit SET detail = (detail::jsonb - 'account')::text WHERE kind IN ('ACCOUNT', 'SESSION')"
        }
        _ => {
            "UPDATE audit SET detail = json_remove(detail, '$.account') WHERE kind IN ('ACCOUNT', 'SESSION')"
        }
    };
    assert!(place.tamper(strip).await > 0);
    let told = async || judge(&place, None).await.findings;
    assert_eq!(told().await, vec![]);
    place.tamper("UPDATE account SET profile = replace(profile, 'BRANCH_CLERK', 'BRANCH_MANAGER')").await;
    let found = told().await;
    assert_eq!(
        (found.len(), found[0].table.as_str(), found[0].kind),
        (1, "account", Kind::Edited),
        "{found:?}"
    );
}

async fn an_honest_store_is_sealed_as_it_grows(place: Place) {
    let (store, folder) = (&place.store, tempfile::tempdir().unwrap());
    let copies = Copies::at(folder.path()).unwrap();
    store.enrol(&key(1), None, noon()).await.unwrap();
    assert_eq!(store.seal(&key(1), noon(), 1).await.unwrap(), None, "nothing to seal");
    let (mut sizes, mut checkpoints) = (vec![], 0);
    for n in 0..3 {
        let case = history(&place, &format!("person-{n}")).await;
        rate(&place, n).await;
        deputy(&place, n).await;
        handover(&place, n, &case).await;
        crate::case_lines::returned(&place, &case).await;
        crate::review_memos::written(&place, &case).await;
        crate::hooks::endpoint(&place.store, &crate::hooks::admin(), &["webhook.test"]).await;
        suspended(&place, n).await;
        crate::registers::complaint(&place, n).await;
        bookings(&place, n).await;
        let few = store.seal(&key(1), noon(), 10_000).await.unwrap();
        assert_eq!(few, None, "too few rows for a checkpoint before its time");
        let made = seal_all(&place, 1, soon(60 * i64::from(n))).await;
        let last = made.last().unwrap();
        assert_eq!(last.applications, u64::from(n) + 1);
        sizes.push(last.size);
        checkpoints += made.len() as u64;
        assert_eq!(copies.append(store).await.unwrap(), made.len() as u64);
    }
    assert_eq!(copies.append(store).await.unwrap(), 0);
    assert!(sizes.is_sorted() && sizes[0] > 10, "{sizes:?}");
    assert_eq!(sizes[2] as i64, place.number(ROWS).await, "every row is a leaf");
    history(&place, "later").await;
    for folder in [None, Some(folder.path())] {
        let judged = judge(&place, folder).await;
        assert_eq!(judged.findings, vec![]);
        assert_eq!((judged.checkpoints, judged.leaves), (checkpoints, sizes[2]));
        assert!(judged.unsealed >= 5, "{}", judged.unsealed);
    }
    assert_eq!(verify(store).await.unwrap().violations, vec![]);
}

async fn who_looked_is_told_to_those_who_watch(place: Place) {
    let store = &place.store;
    let one = submitted(store, &applicant("taro")).await;
    let other = submitted(store, &applicant("hanako")).await;
    let number = text(&place, &format!("SELECT number FROM application WHERE id = '{one}'")).await;
    store.record_looks(&clerk(), &[look(&[&one])], soon(1)).await.unwrap();
    store.record_looks(&clerk(), &[look(&[&one, &other])], soon(2)).await.unwrap();
    store.record_looks(&staff(Role::Operations, "ops-1"), &[look(&[&one])], soon(3)).await.unwrap();
    let elsewhere = db::audit::Look { institution: "9999".to_owned(), ..look(&[&one]) };
    store.record_looks(&clerk(), &[elsewhere], soon(4)).await.unwrap();
    for role in [Role::Auditor, Role::Compliance] {
        let scope = Scope::of(&staff(role, "watcher"));
        let first = store.looks(&scope, &LookedAt::Case(&number), None, 1).await.unwrap();
        let rest = store.looks(&scope, &LookedAt::Case(&number), first.next.as_deref(), 10).await.unwrap();
        let by = |page: &db::read::Page<_>| {
            page.items.iter().map(|l: &db::audit::LookLine| l.line.by.clone()).collect::<Vec<_>>()
        };
        assert_eq!((by(&first), by(&rest)), (vec!["ops-1".to_owned()], vec!["clerk-1".to_owned()]));
        assert_eq!(rest.items[0].look, look(&[&one]));
        assert_eq!(rest.items[0].number.as_deref(), Some(number.as_str()));
        let of_person = store.looks(&scope, &LookedAt::By("clerk-1"), None, 10).await.unwrap();
        assert_eq!(of_person.items.len(), 2, "the list and the case, not those of another bank");
        assert_eq!(of_person.items[0].look.applications, vec![one.clone(), other.clone()]);
    }
    for role in [Role::BranchClerk, Role::BranchManager, Role::Operations, Role::UserAdmin] {
        let scope = Scope::of(&staff(role, "curious"));
        assert!(store.looks(&scope, &LookedAt::Case(&number), None, 10).await.unwrap().items.is_empty());
    }
}

async fn a_key_hands_over_to_the_next(place: Place) {
    let (store, folder) = (&place.store, tempfile::tempdir().unwrap());
    store.enrol(&key(1), None, noon()).await.unwrap();
    history(&place, "taro").await;
    let mut made = seal_all(&place, 1, noon()).await.len();
    // Nobody brings a key of his own.
    assert!(store.enrol(&key(2), None, noon()).await.is_err());
    assert!(store.enrol(&key(2), Some(&key(3)), noon()).await.is_err());
    store.enrol(&key(2), Some(&key(1)), soon(1)).await.unwrap();
    store.enrol(&key(2), None, soon(2)).await.unwrap();
    history(&place, "hanako").await;
    made += seal_all(&place, 2, soon(3)).await.len();
    let copies = Copies::at(folder.path()).unwrap();
    assert_eq!(copies.append(store).await.unwrap(), made as u64);
    // Both keys and every checkpoint, for somebody who trusts another key.
    for (trusted, findings) in [(1, 0), (3, 2 + made)] {
        let trust = Trust { keys: vec![key(trusted).key()], copies: None };
        let judged = check(store, &trust).await.unwrap();
        assert_eq!(judged.findings.len(), findings, "{trusted}: {:?}", judged.findings);
    }
    assert_eq!(check(store, &Trust::default()).await.unwrap().findings, vec![]);
    // A key that nobody let in signs for nothing.
    history(&place, "jiro").await;
    let forged: Vec<String> =
        seal_all(&place, 3, soon(9)).await.iter().map(|made| made.number.to_string()).collect();
    let judged = judge(&place, Some(folder.path())).await;
    assert!(judged.findings.iter().all(|f| f.table == "checkpoint" && f.kind == Kind::Edited));
    assert_eq!(judged.findings.iter().map(|f| f.key.clone()).collect::<Vec<_>>(), forged);
}

async fn sealing_beside_writers_misses_nothing(place: Place) {
    let store = &place.store;
    store.enrol(&key(1), None, noon()).await.unwrap();
    let mut writers = vec![];
    for n in 0..6 {
        let store = store.clone();
        writers.push(tokio::spawn(async move {
            let id = submitted(&store, &applicant(&format!("person-{n}"))).await;
            for n in 0..12 {
                let target = db::Target::Case { id: &id };
                done(ask(&store, &clerk(), target, &memo(&format!("note {n}"))).await);
                let refused = ask(&store, &clerk(), target, &Command::OrderPosting {}).await;
                assert!(matches!(refused, Answer::Refused(_)));
            }
        }));
    }
    let mut made = 0;
    while writers.iter().any(|writer| !writer.is_finished()) {
        // Two processes at once: a number is given once.
        let (one, two) = (key(1), key(1));
        let (one, two) = tokio::join!(store.seal(&one, noon(), 1), store.seal(&two, noon(), 1));
        let both: Vec<_> = [one.unwrap(), two.unwrap()].into_iter().flatten().map(|c| c.number).collect();
        assert!(both.len() < 2 || both[0] != both[1]);
        made += both.len();
        let judged = judge(&place, None).await;
        assert_eq!(judged.findings, vec![], "while others write");
    }
    for writer in writers {
        writer.await.unwrap();
    }
    made += seal_all(&place, 1, noon()).await.len();
    let judged = judge(&place, None).await;
    assert_eq!(judged.findings, vec![]);
    assert_eq!((judged.leaves as i64, judged.unsealed), (place.number(ROWS).await, 0));
    assert!(made > 1, "{made}");
}

/// The tables that the database has.
async fn tables_of(place: &Place) -> BTreeSet<String> {
    let aside = place.aside().await;
    let backend = aside.get_database_backend();
    let sql = match backend {
        DbBackend::Postgres => {
            "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        }
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let rows = aside.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let tables = rows.iter().map(|row| row.try_get_by_index(0).unwrap()).collect();
    aside.close().await.unwrap();
    tables
}

/// The one text that a query gives.
async fn text(place: &Place, sql: &str) -> String {
    let aside = place.aside().await;
    let statement = Statement::from_string(aside.get_database_backend(), sql);
    let text = aside.query_one_raw(statement).await.unwrap().unwrap().try_get_by_index(0).unwrap();
    aside.close().await.unwrap();
    text
}

/// Is the row named, by the checkpoints or by the proof of the derived tables?
fn located(deed: &Tampering, key: &str, findings: &[Finding], violations: &[Violation]) -> bool {
    let sealed = findings.iter().any(|f| f.table == deed.table && f.kind == deed.kind && f.key == key);
    let names: &[&str] = match deed.table {
        "application" => &["ROW", "FOLD", "CHAIN", "INV-10"],
        "task" => &["TASK"],
        "deadline" => &["DEADLINE"],
        "engagement" => &["ENGAGEMENT"],
        _ => &[],
    };
    sealed || violations.iter().any(|v| v.application == key && names.contains(&v.invariant.as_str()))
}

async fn every_tampering_is_located(place: Place) {
    let catalogue = tables_of(&place).await;
    let decided: BTreeSet<String> = TABLES.iter().map(|(table, _)| (*table).to_owned()).collect();
    assert_eq!(catalogue, decided, "db/src/evidence/tables.rs decides for each table what keeps it honest");

    let folder = tempfile::tempdir().unwrap();
    let copies = Copies::at(folder.path()).unwrap();
    place.store.enrol(&key(1), None, noon()).await.unwrap();
    let mut bystanders = vec![];
    for n in 0..3 {
        let case = history(&place, &format!("person-{n}")).await;
        rate(&place, n).await;
        deputy(&place, n).await;
        handover(&place, n, &case).await;
        crate::case_lines::returned(&place, &case).await;
        crate::review_memos::written(&place, &case).await;
        crate::hooks::endpoint(&place.store, &crate::hooks::admin(), &["webhook.test"]).await;
        bystanders.push(case);
        suspended(&place, n).await;
        crate::registers::complaint(&place, n).await;
        bookings(&place, n).await;
        seal_all(&place, 1, noon()).await;
    }
    let mut matched: BTreeMap<(&str, Kind), (u32, u32)> = BTreeMap::new();
    for (n, deed) in deeds().into_iter().enumerate() {
        let id = history(&place, &format!("victim-{n}")).await;
        // An hour later: what is inserted with an old date is late.
        seal_all(&place, 1, noon() + Duration::hours(1)).await;
        copies.append(&place.store).await.unwrap();
        let clean = judge(&place, Some(folder.path())).await;
        assert_eq!(clean.findings, vec![], "before deed {n}");
        let spell = |text: &str| text.replace("{this}", THIS).replace("{id}", &id);
        let row = if deed.table == "entry" { format!("{ENTRY}{}", deed.row) } else { deed.row.to_owned() };
        let mut key = String::new();
        if deed.kind != Kind::Inserted {
            key = text(&place, &spell(&row)).await;
        }
        place.save(deed.table).await;
        assert!(place.tamper(&spell(deed.sql)).await > 0, "{} met nothing", deed.sql);
        if deed.kind == Kind::Inserted {
            key = text(&place, &spell(&row)).await;
        }
        let judged = judge(&place, Some(folder.path())).await;
        let report = verify(&place.store).await.unwrap();
        let found = located(&deed, &key, &judged.findings, &report.violations);
        let (hits, all) = matched.entry((deed.table, deed.kind)).or_default();
        (*hits, *all) = (*hits + u32::from(found), *all + 1);
        assert!(found, "{}: {key} is not named by {:?} {:?}", deed.sql, judged.findings, report.violations);
        let others = |id: &Option<String>| id.as_ref().is_some_and(|id| bystanders.contains(id));
        assert!(judged.findings.iter().all(|f| !others(&f.application)), "{:?}", judged.findings);
        place.restore(deed.table).await;
    }
    println!("table            kind        located / deeds");
    for ((table, kind), (hits, all)) in &matched {
        println!("{table:<16} {:<10} {hits} / {all}", format!("{kind:?}"));
    }
    for (table, kept) in TABLES.iter().filter(|(_, kept)| !matches!(kept, Kept::Working(_))) {
        for kind in [Kind::Edited, Kind::Deleted, Kind::Inserted] {
            assert!(matched.contains_key(&(*table, kind)), "nobody has tried {kind:?} on {table} ({kept:?})");
        }
    }
}
