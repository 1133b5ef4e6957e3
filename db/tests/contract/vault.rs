//! What is stored is sealed; keys rotate without touching it; a case is kept as long as the law says, and erased without breaking a proof.

use crate::stories::*;
use chrono::{DateTime, Utc};
use db::evidence::{FileKey, Judged, Signer, Trust, check};
use db::replay::{Archive, Replayed, Versioned, replay};
use db::vault::{KeyCount, KeyFault, KeyRing, KeyService, Vault};
use db::verify::{Report, verify};
use db::{Answer, Done, Request, Scope, Store, StoreError, StoreOptions, Target};
use sea_orm::{ConnectionTrait, Statement};
use std::sync::Arc;
use workflows::calendar::tokyo_date;
use workflows::machine::keeping::Standing;
use workflows::machine::{Actor, Command, Role, Rulebook, Stage};

/// Runs a test on a sealed store of each engine.
macro_rules! on_sealed {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(crate::stories::sqlite(|o| o.vault = Some(super::vault(&super::ring(1)))).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(crate::stories::postgres(|o| o.vault = Some(super::vault(&super::ring(1)))).await).await;
            }
        }
    )+ };
}

on_sealed!(
    nothing_of_a_person_is_stored_in_clear,
    a_sealed_store_is_proven_and_its_tampering_found,
    keys_rotate_without_touching_the_data,
    a_key_that_is_not_at_hand_is_named,
    a_case_is_erased_when_two_people_have_released_it,
    a_key_that_went_without_a_tombstone_is_found,
);

on_both!(an_older_store_goes_on_and_is_sealed);

pub fn ring(seed: u8) -> Arc<KeyRing> {
    Arc::new(KeyRing::of(&[seed; 32]).unwrap())
}

pub fn vault(ring: &Arc<KeyRing>) -> Arc<Vault> {
    Vault::new(ring.clone())
}

/// The same database under other keys.
pub async fn reopened(place: &Place, keys: Option<&Arc<KeyRing>>) -> Store {
    let mut options = StoreOptions::new(rulebook());
    options.vault = keys.map(vault);
    Store::open(&place.url, options).await.unwrap()
}

struct Only(Arc<Rulebook>);

impl Archive for Only {
    fn rules(&self, _: &str, _: DateTime<Utc>) -> Vec<Arc<dyn Versioned + Send + Sync>> {
        vec![self.0.clone()]
    }
}

async fn again(store: &Store) -> Replayed {
    replay(store, &Only(rulebook())).await.unwrap()
}

fn signer() -> FileKey {
    FileKey::of_seed(&[1; 32]).unwrap()
}

/// Seals what is committed by now.
async fn checkpoint(place: &Place) {
    place.store.enrol(&signer(), None, noon()).await.unwrap();
    loop {
        place.store.seal(&signer(), noon(), 1).await.unwrap();
        if judged(&place.store).await.unsealed == 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

async fn judged(store: &Store) -> Judged {
    check(store, &Trust { keys: vec![signer().key()], copies: None }).await.unwrap()
}

async fn named(store: &Store) -> Vec<String> {
    let Report { violations, .. } = verify(store).await.unwrap();
    violations.into_iter().map(|violation| violation.invariant).collect()
}

/// Two cases that went some way, a refusal among it.
async fn some_cases(store: &Store) -> Vec<String> {
    let mut ids = vec![];
    for person in ["taro", "hanako"] {
        let id = submitted(store, &applicant(person)).await;
        let target = Target::Case { id: &id };
        done(ask(store, &clerk(), target, &memo("年収の確認を電話で済ませた")).await);
        screened(store, &id).await;
        let manager = staff(Role::BranchManager, "manager");
        let refused = ask(store, &manager, target, &Command::OrderPosting {}).await;
        assert!(matches!(refused, Answer::Refused(_)));
        ids.push(id);
    }
    ids
}

/// Everything that stands in the columns for content.
async fn stored(place: &Place) -> String {
    let queries = [
        "SELECT body AS t FROM application",
        "SELECT events || coalesce(input, '') || coalesce(reason, '') AS t FROM entry",
        "SELECT payload AS t FROM outbox",
        "SELECT detail AS t FROM audit WHERE kind = 'REFUSAL'",
        "SELECT kid || wrapped AS t FROM case_key",
    ];
    let aside = place.aside().await;
    let mut all = String::new();
    for query in queries {
        let rows = aside.query_all_raw(Statement::from_string(aside.get_database_backend(), query)).await;
        for row in rows.unwrap() {
            all.push_str(&row.try_get::<String>("", "t").unwrap());
        }
    }
    aside.close().await.unwrap();
    all
}

/// What of the applicant is found in a text.
fn personal(text: &str) -> Vec<String> {
    let form = form();
    let party = form.applicant().unwrap();
    let mut words = vec![
        party.name_kanji.clone(),
        party.name_kana.clone(),
        party.phone.clone(),
        party.address.text.clone(),
        party.birth_date.to_string(),
        form.disbursement_account.number.clone(),
        form.disbursement_account.holder_kana.clone(),
        "年収の確認".to_owned(),
        "N-ON-THE-DAY".to_owned(),
    ];
    words.retain(|word| !word.is_empty() && text.contains(word.as_str()));
    words
}

async fn nothing_of_a_person_is_stored_in_clear(place: Place) {
    let ids = some_cases(&place.store).await;
    let sealed = stored(&place).await;
    assert_eq!(personal(&sealed), Vec::<String>::new());
    assert!(sealed.matches("sealed:1:").count() > 20, "{}", sealed.len());
    // What is read is what was written.
    let scope = Scope::of(&clerk());
    let case = place.store.case(&scope, &ids[0]).await.unwrap().unwrap();
    assert_eq!(case.form.applicant(), form().applicant());
    let entries = place.store.entries(&scope, &ids[0], 0, 100).await.unwrap();
    assert!(entries.iter().all(|entry| !entry.events.is_empty()));
    let audit = place.store.audit(&Scope::of(&staff(Role::Auditor, "auditor")), None, 10).await.unwrap();
    assert!(audit.items.iter().any(|line| line.detail.contains("ILLEGAL_TRANSITION")), "{:?}", audit.items);
    // The search can fail: a store without keys writes what it finds.
    let open = reopened(&place, None).await;
    submitted(&open, &applicant("jiro")).await;
    let size = async |which: &str| {
        place
            .number(&format!(
                "SELECT CAST(max(length(events)) AS bigint) FROM entry WHERE version = 1 AND events {which} 'sealed:%'"
            ))
            .await
    };
    let (sealed, clear) = (size("LIKE").await, size("NOT LIKE").await);
    println!("a draft's facts: {clear} characters in clear, {sealed} sealed");
    assert!(sealed > clear && sealed < clear * 3 / 2, "a third more for its spelling");
    assert!(personal(&stored(&place).await).len() >= 6);
}

async fn a_sealed_store_is_proven_and_its_tampering_found(place: Place) {
    let ids = some_cases(&place.store).await;
    checkpoint(&place).await;
    assert_eq!(verify(&place.store).await.unwrap().violations, vec![]);
    assert_eq!(judged(&place.store).await.findings, vec![]);
    let replayed = again(&place.store).await;
    assert_eq!((replayed.differences, replayed.decided), (vec![], replayed.equal));
    assert!(replayed.decided >= 10 && replayed.without_input == 0);
    let (one, other) = (&ids[0], &ids[1]);
    let of = |id: &str, column: &str, table: &str| {
        let key = if table == "application" { "id" } else { "application_id" };
        format!("(SELECT {column} FROM {table} WHERE {key} = '{id}' ORDER BY version DESC LIMIT 1)")
    };
    let moved_key = format!("(SELECT wrapped FROM case_key WHERE application_id = '{other}')");
    let faults = [
        (
            "application",
            format!("UPDATE application SET body = {} WHERE id = '{one}'", of(other, "body", "application")),
            "FOLD",
        ),
        (
            "application",
            format!("UPDATE application SET body = replace(body, 'A', 'B') WHERE id = '{one}'"),
            "FOLD",
        ),
        (
            "entry",
            format!(
                "UPDATE entry SET events = {} WHERE application_id = '{one}' AND version = 2",
                of(other, "events", "entry")
            ),
            "CHAIN",
        ),
        (
            "case_key",
            format!("UPDATE case_key SET wrapped = {moved_key} WHERE application_id = '{one}'"),
            "FOLD",
        ),
    ];
    for (table, sql, invariant) in faults {
        place.save(table).await;
        assert!(place.tamper(&sql).await > 0, "{sql}");
        let fresh = reopened(&place, Some(&ring(1))).await;
        let found = named(&fresh).await;
        assert!(found.iter().any(|name| name == invariant), "{sql}: {found:?}");
        place.restore(table).await;
    }
    assert_eq!(named(&place.store).await, Vec::<String>::new());
}

async fn keys_rotate_without_touching_the_data(place: Place) {
    let ids = some_cases(&place.store).await;
    let bodies = "SELECT sum(length(body)) FROM application";
    let before = (place.number(bodies).await, stored(&place).await.matches("sealed:1:").count());
    let (old, new) = (ring(1), ring(2));
    let both = Arc::new(KeyRing::of(&[2; 32]).unwrap().with_previous(&[1; 32]).unwrap());
    let rotating = reopened(&place, Some(&both)).await;
    submitted(&rotating, &applicant("jiro")).await;
    let count = |kid: &str, data_keys, active| KeyCount { kid: kid.to_owned(), data_keys, active };
    let mut wanted = vec![count(old.active(), 2, false), count(new.active(), 1, true)];
    wanted.sort_by(|a, b| a.kid.cmp(&b.kid));
    assert_eq!(rotating.key_counts().await.unwrap(), wanted);
    let done = rotating.rewrap().await.unwrap();
    assert_eq!((done.rewrapped, done.damaged), (2, 0));
    // A second run, and one after it was broken off, has nothing left to do.
    assert_eq!(rotating.rewrap().await.unwrap().rewrapped, 0);
    assert_eq!(rotating.key_counts().await.unwrap(), [count(new.active(), 3, true)]);
    let only_new = reopened(&place, Some(&new)).await;
    for id in &ids {
        let case = only_new.case(&Scope::of(&clerk()), id).await.unwrap().unwrap();
        assert_eq!(case.form.applicant(), form().applicant());
    }
    assert_eq!(named(&only_new).await, Vec::<String>::new());
    place.tamper("DELETE FROM task WHERE 1 = 0").await;
    let after = stored(&place).await.matches("sealed:1:").count();
    assert!(place.number(bodies).await > before.0 && after > before.1, "the third case alone was added");
}

async fn a_key_that_is_not_at_hand_is_named(place: Place) {
    let ids = some_cases(&place.store).await;
    let kid = ring(1).active().to_owned();
    place.store.assert_keys().await.unwrap();
    for keys in [None, Some(ring(3))] {
        let blind = reopened(&place, keys.as_ref()).await;
        let read = blind.case(&Scope::of(&clerk()), &ids[0]).await.unwrap_err();
        assert!(matches!(&read, StoreError::Keys(KeyFault::Unknown(missing)) if *missing == kid), "{read}");
        assert!(read.to_string().contains("vault.previous_keys"), "{read}");
        assert!(matches!(verify(&blind).await.unwrap_err(), StoreError::Keys(_)));
        assert!(matches!(blind.assert_keys().await.unwrap_err(), StoreError::Keys(_)), "no start with it");
    }
    let blind = reopened(&place, Some(&ring(3))).await;
    assert!(matches!(blind.rewrap().await.unwrap_err(), StoreError::Keys(KeyFault::Unknown(_))));
    // What needs no content goes on: chains and checkpoints are over what is stored.
    checkpoint(&place).await;
    assert_eq!(judged(&blind).await.findings, vec![]);
}

async fn at(store: &Store, actor: &Actor, id: &str, command: &Command, now: DateTime<Utc>) -> Answer {
    let request =
        Request { actor, now, target: Target::Case { id }, command, expected_version: None, key: None };
    store.execute(request).await.unwrap()
}

/// Two people of compliance, one after the other.
pub async fn by_two(store: &Store, id: &str, command: &Command, now: DateTime<Utc>) -> Done {
    let proposed = done(at(store, &staff(Role::Compliance, "mio"), id, command, now).await);
    let proposal_id = proposed.case.proposals[0].id.clone();
    let approve = Command::ApproveProposal { proposal_id };
    done(at(store, &staff(Role::Compliance, "ken"), id, &approve, now).await)
}

async fn standing_of(store: &Store, id: &str, now: DateTime<Utc>) -> Standing {
    let scope = Scope::of(&staff(Role::Compliance, "mio"));
    let page = store.survey(&scope, tokyo_date(now), None, 100).await.unwrap();
    page.items.into_iter().find(|line| line.id == id).unwrap().standing
}

async fn a_case_is_erased_when_two_people_have_released_it(place: Place) {
    let store = &place.store;
    let ids = some_cases(store).await;
    let (id, other) = (&ids[0], &ids[1]);
    let withdraw = Command::WithdrawApplication { reason: "住宅の購入を見送ったため".to_owned() };
    done(ask(store, &applicant("taro"), Target::Case { id }, &withdraw).await);
    checkpoint(&place).await;
    let late = soon(8 * 366 * 86_400);
    assert_eq!(standing_of(store, id, soon(0)).await, Standing::NotYet);
    assert_eq!(standing_of(store, id, late).await, Standing::Due);
    assert_eq!(store.erase_released(late).await.unwrap().erased, vec![], "nobody has released it");

    // A hold stops it, even when it was released before.
    let hold = Command::PlaceLegalHold { reason: "訴訟".to_owned() };
    by_two(store, id, &Command::ReleaseForErasure {}, late).await;
    done(at(store, &staff(Role::Compliance, "mio"), id, &hold, late).await);
    assert_eq!(standing_of(store, id, late).await, Standing::Held);
    assert_eq!(store.erase_released(late).await.unwrap().erased, vec![]);
    by_two(store, id, &Command::LiftLegalHold { reason: "終結".to_owned() }, late).await;
    by_two(store, id, &Command::ReleaseForErasure {}, late).await;
    assert_eq!(standing_of(store, id, late).await, Standing::Released);

    let run = store.erase_released(late).await.unwrap();
    assert_eq!((run.erased.len(), run.left.len()), (1, 0));
    assert_eq!(store.erase_released(late).await.unwrap().erased, vec![], "a second run");
    assert_eq!(standing_of(store, id, late).await, Standing::Erased);

    // Nothing opens it any more, and what is left names nobody.
    assert_eq!(
        place.number(&format!("SELECT count(*) FROM case_key WHERE application_id = '{id}'")).await,
        0
    );
    assert_eq!(place.number(&format!("SELECT count(*) FROM receipt WHERE application_id = '{id}'")).await, 0);
    let names = format!("SELECT count(*) FROM application WHERE id = '{id}' AND name_kanji <> ''");
    assert_eq!(place.number(&names).await, 0);
    let scope = Scope::of(&staff(Role::Compliance, "mio"));
    let case = store.case(&scope, id).await.unwrap().unwrap();
    let erased = case.keeping.erased.as_ref().unwrap();
    assert_eq!(
        (erased.on, erased.proposed_by.as_str(), erased.approved_by.as_str()),
        (tokyo_date(late), "mio", "ken")
    );
    assert_eq!((case.stage, case.form.parties.len(), case.form.loans.len()), (Stage::Withdrawn, 0, 0));
    let entries = store.entries(&scope, id, 0, 100).await.unwrap();
    assert!(entries.len() > 5 && entries[0].events.is_empty(), "the frame of the history is left");
    let refused = at(store, &staff(Role::Compliance, "mio"), id, &memo("x"), late).await;
    assert!(format!("{refused:?}").contains("N-NOT-ERASED"), "{refused:?}");
    let audit = store.audit(&Scope::of(&staff(Role::Auditor, "auditor")), None, 50).await.unwrap();
    assert!(audit.items.iter().any(|line| line.kind == "ERASURE" && line.detail.contains("ken")));

    // The neighbour is untouched, and every proof holds: those sealed before and those after.
    assert_eq!(store.case(&scope, other).await.unwrap().unwrap().form.applicant(), form().applicant());
    checkpoint(&place).await;
    for store in [store, &reopened(&place, Some(&ring(1))).await] {
        let report = verify(store).await.unwrap();
        assert_eq!((report.violations, report.applications, report.erased), (vec![], 2, 1));
        assert_eq!(judged(store).await.findings, vec![]);
        let replayed = again(store).await;
        assert_eq!((replayed.differences, replayed.erased), (vec![], 1));
    }

    // A key put back, and a tombstone edited, are found.
    place.save("case_key").await;
    let back = format!(
        "INSERT INTO case_key (institution, application_id, kid, wrapped, made_at) SELECT institution, '{id}', kid, wrapped, made_at \
         FROM case_key WHERE application_id = '{other}'"
    );
    assert_eq!(place.tamper(&back).await, 1);
    assert!(named(store).await.contains(&"ERASURE".to_owned()));
    place.restore("case_key").await;
    place.save("entry").await;
    let edited = format!(
        "UPDATE entry SET events = replace(events, 'ken', 'eve') WHERE application_id = '{id}' AND verb = 'eraseCase'"
    );
    assert_eq!(place.tamper(&edited).await, 1);
    assert!(named(store).await.contains(&"CHAIN".to_owned()));
    place.restore("entry").await;
    assert_eq!(named(store).await, Vec::<String>::new());
}

async fn a_key_that_went_without_a_tombstone_is_found(place: Place) {
    let ids = some_cases(&place.store).await;
    let gone = format!("DELETE FROM case_key WHERE application_id = '{}'", ids[0]);
    assert_eq!(place.tamper(&gone).await, 1);
    let report = verify(&place.store).await.unwrap();
    let found: Vec<&str> = report.violations.iter().map(|violation| violation.invariant.as_str()).collect();
    assert!(found.contains(&"ERASURE"), "{found:?}");
    assert_eq!(report.violations.iter().filter(|violation| violation.application == ids[1]).count(), 0);
    assert_eq!(report.erased, 0);
}

async fn an_older_store_goes_on_and_is_sealed(place: Place) {
    let ids = some_cases(&place.store).await;
    checkpoint(&place).await;
    let keys = ring(1);
    let store = reopened(&place, Some(&keys)).await;
    assert_eq!(named(&store).await, Vec::<String>::new());
    // The next transition seals its own; the command seals the documents of the rest.
    done(ask(&store, &clerk(), Target::Case { id: &ids[0] }, &memo("sealed from here on")).await);
    let sealed = store.seal_old(noon()).await.unwrap();
    assert_eq!((sealed.sealed, sealed.changed), (1, 0));
    assert_eq!(store.seal_old(noon()).await.unwrap().sealed, 0, "a second run");
    assert_eq!(place.number("SELECT count(*) FROM application WHERE body NOT LIKE 'sealed:%'").await, 0);
    assert_eq!(named(&store).await, Vec::<String>::new());
    assert_eq!(judged(&store).await.findings, vec![]);
    assert_eq!(again(&store).await.differences, vec![]);
    let case = store.case(&Scope::of(&clerk()), &ids[1]).await.unwrap().unwrap();
    assert_eq!(case.form.applicant(), form().applicant());
    // Its first entries stay in clear: destroying the key would not erase them, so it is left and said.
    let withdraw = Command::WithdrawApplication { reason: "見送り".to_owned() };
    done(ask(&store, &applicant("taro"), Target::Case { id: &ids[0] }, &withdraw).await);
    let late = soon(8 * 366 * 86_400);
    by_two(&store, &ids[0], &Command::ReleaseForErasure {}, late).await;
    let run = store.erase_released(late).await.unwrap();
    assert_eq!((run.erased.len(), run.left.len()), (0, 1));
    assert!(run.left[0].in_clear);
}
