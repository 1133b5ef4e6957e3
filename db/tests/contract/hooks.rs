//! Webhooks: who keeps endpoints, what they are told, in which order, and what becomes of an endpoint that does not answer.

use crate::stories::*;
use crate::vault::{reopened, ring, vault};
use chrono::{DateTime, Duration, Utc};
use db::hooks::{
    Again, Change, DisabledBy, Ended, EndpointState, Hook, HookAnswer, HookState, Judged, Kept, Keyed,
};
use db::incidents::{Bounds, IncidentAsk, IncidentFilter};
use db::outbox::{Lane, Outcome};
use db::vault::KeyRing;
use db::{Scope, Store, Target};
use std::collections::BTreeSet;
use std::time::{Duration as Wait, Instant};
use tests::patience::PATIENCE;
use workflows::machine::incident::{IncidentAction, IncidentKind, IncidentMeans};
use workflows::machine::{Actor, Effect, Recipient, Role};

on_both!(
    what_is_committed_is_told_once_and_in_order,
    a_later_event_of_a_case_waits_and_other_cases_do_not,
    two_nodes_send_nothing_twice,
    a_partner_hears_of_his_own_messages_alone,
    an_endpoint_that_is_gone_or_fails_for_days_is_disabled,
    what_was_sent_goes_again_under_its_id,
    owners_alone_keep_their_endpoints,
    a_changed_address_is_found,
);

const LEASE: Wait = Wait::from_secs(60);

pub fn admin() -> Actor {
    Actor { branches: vec![], ..staff(Role::UserAdmin, "admin-1") }
}

fn named(types: &[&str]) -> Vec<String> {
    types.iter().map(|name| (*name).to_owned()).collect()
}

/// An endpoint of somebody for these types.
pub async fn endpoint(store: &Store, who: &Actor, types: &[&str]) -> Keyed {
    let new = ("https://hooks.bank.example/in", "", named(types));
    match store.add_hook(&Scope::of(who), new, noon()).await.unwrap() {
        HookAnswer::Done(keyed) => keyed,
        other => panic!("{other:?}"),
    }
}

fn kept<T: std::fmt::Debug>(answer: HookAnswer<T>) -> T {
    match answer {
        HookAnswer::Done(kept) => kept,
        other => panic!("{other:?}"),
    }
}

/// Feeds until so many messages are there: what other transactions of the server hold back comes a little later.
async fn fed(store: &Store, messages: usize) {
    let (mut made, begun) = (0, Instant::now());
    while made < messages && begun.elapsed() < PATIENCE {
        made += store.feed_hooks(noon()).await.unwrap().messages;
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    assert_eq!(made, messages);
}

async fn leased(store: &Store, now: DateTime<Utc>) -> Vec<Hook> {
    store.lease_hooks(now, "node-1", 50, LEASE, &[]).await.unwrap()
}

async fn settled(store: &Store, hook: &Hook, ended: &Ended, now: DateTime<Utc>) -> Judged {
    store.settle_hook(hook, ended, Duration::days(5), now).await.unwrap()
}

fn failed(at: DateTime<Utc>) -> Ended {
    Ended::RetryAt { at, error: "HTTP 503".to_owned() }
}

fn body(hook: &Hook) -> serde_json::Value {
    serde_json::from_slice(&hook.body).unwrap()
}

/// Types in the order in which one courier delivers everything that waits.
async fn delivered(store: &Store) -> Vec<(String, u64, String)> {
    let mut all = vec![];
    loop {
        let hooks = leased(store, noon()).await;
        if hooks.is_empty() {
            return all;
        }
        for hook in hooks {
            let body = body(&hook);
            let text = |name: &str| body["data"][name].as_str().unwrap_or_default().to_owned();
            let kind = body["type"].as_str().unwrap().to_owned();
            all.push((text("applicationId"), body["data"]["version"].as_u64().unwrap(), kind));
            assert_eq!(settled(store, &hook, &Ended::Delivered, noon()).await, Judged::Noted);
        }
    }
}

const STORY: [&str; 4] =
    ["case.submit_application", "case.proposed", "case.start_screening", "case.create_draft"];

async fn what_is_committed_is_told_once_and_in_order(place: Place) {
    let store = &place.store;
    // What another one has been told is over for all: until then the server may hold it back, and a new endpoint would be told as well.
    let witness = endpoint(store, &admin(), &STORY).await.kept.endpoint.id;
    submitted(store, &applicant("before")).await;
    fed(store, 2).await;
    assert_eq!(delivered(store).await.len(), 2);
    let off = Change { state: Some(EndpointState::Disabled), ..Change::default() };
    kept(store.change_hook(&Scope::of(&admin()), &witness, off, noon()).await.unwrap());
    endpoint(store, &admin(), &STORY).await;
    let id = submitted(store, &applicant("taro")).await;
    screened(store, &id).await;
    fed(store, 4).await;
    fed(store, 0).await;
    let told = delivered(store).await;
    let kinds: Vec<&str> = told.iter().map(|(_, _, kind)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        ["case.create_draft", "case.submit_application", "case.proposed", "case.start_screening"]
    );
    assert!(told.iter().all(|(case, _, _)| *case == id), "what was there before is not told");
    assert!(told.windows(2).all(|pair| pair[0].1 < pair[1].1), "{told:?}");
    // Of what a body holds, nothing names anybody.
    let lines = store.hook_endpoints(&Scope::of(&admin())).await.unwrap();
    let line = lines.iter().find(|line| line.endpoint.id != witness).expect("the new one");
    assert_eq!((line.health.sequence, line.health.failures), (4, 0));
    assert!(line.health.last_success_at.is_some());
    let backlog = store.hook_backlog().await.unwrap();
    assert_eq!((backlog.waiting, backlog.parked, backlog.oldest), (0, 0, None));
}

async fn a_later_event_of_a_case_waits_and_other_cases_do_not(place: Place) {
    let store = &place.store;
    endpoint(store, &admin(), &STORY).await;
    let (one, two) =
        (submitted(store, &applicant("taro")).await, submitted(store, &applicant("hanako")).await);
    fed(store, 4).await;
    let first = leased(store, noon()).await;
    assert_eq!(first.len(), 2, "the first event of each case");
    let case = |hook: &Hook| body(hook)["data"]["applicationId"].as_str().unwrap().to_owned();
    let cases: BTreeSet<String> = first.iter().map(case).collect();
    assert_eq!(cases, BTreeSet::from([one.clone(), two.clone()]));
    assert!(leased(store, noon()).await.is_empty(), "the second ones wait while the first are in work");
    let (bad, good): (Vec<Hook>, Vec<Hook>) = first.into_iter().partition(|hook| case(hook) == one);
    settled(store, &bad[0], &failed(soon(600)), noon()).await;
    settled(store, &good[0], &Ended::Delivered, noon()).await;
    let next = leased(store, soon(1)).await;
    assert_eq!(next.iter().map(case).collect::<Vec<_>>(), [two.as_str()], "the other case goes on");
    settled(store, &next[0], &Ended::Delivered, soon(1)).await;
    assert!(leased(store, soon(599)).await.is_empty());
    let again = leased(store, soon(600)).await;
    assert_eq!((again.len(), again[0].id.as_str(), again[0].attempts), (1, bad[0].id.as_str(), 2));
    assert_eq!(again[0].body, bad[0].body, "the same words under the same id");
    assert_eq!(again[0].first_at, bad[0].first_at);
    // Given up, it stands aside as a dead letter, and the case goes on.
    settled(store, &again[0], &Ended::Parked { error: "HTTP 503".to_owned() }, soon(600)).await;
    let after = leased(store, soon(600)).await;
    assert_eq!(after.iter().map(case).collect::<Vec<_>>(), [one.as_str()]);
    assert_ne!(after[0].id, bad[0].id);
    assert_eq!(store.hook_backlog().await.unwrap().parked, 1);
}

async fn two_nodes_send_nothing_twice(place: Place) {
    let store = &place.store;
    endpoint(store, &admin(), &STORY).await;
    for n in 0..6 {
        submitted(store, &applicant(&format!("person-{n}"))).await;
    }
    // Both feed and lease at once, again and again.
    let (mut made, begun) = (0, Instant::now());
    while made < 12 && begun.elapsed() < PATIENCE {
        let (a, b) = tokio::join!(store.feed_hooks(noon()), store.feed_hooks(noon()));
        made += a.unwrap().messages + b.unwrap().messages;
        tokio::time::sleep(Wait::from_millis(25)).await;
    }
    assert_eq!(made, 12);
    let (mut seen, mut last) = (BTreeSet::new(), std::collections::BTreeMap::new());
    loop {
        let (a, b) = tokio::join!(
            store.lease_hooks(noon(), "node-1", 3, LEASE, &[]),
            store.lease_hooks(noon(), "node-2", 3, LEASE, &[])
        );
        let hooks: Vec<Hook> = a.unwrap().into_iter().chain(b.unwrap()).collect();
        if hooks.is_empty() {
            break;
        }
        for hook in hooks {
            assert!(seen.insert(hook.id.clone()), "{} twice", hook.id);
            let body = body(&hook);
            let case = body["data"]["applicationId"].as_str().unwrap().to_owned();
            let version = body["data"]["version"].as_u64().unwrap();
            assert!(last.insert(case, version).is_none_or(|before| before < version), "out of order");
            settled(store, &hook, &Ended::Delivered, noon()).await;
        }
    }
    assert_eq!(seen.len(), 12);
    // A node that vanished: its lease ends, another one sends, and the late settlement changes nothing.
    let id = submitted(store, &applicant("late")).await;
    fed(store, 2).await;
    let lost = leased(store, noon()).await;
    assert_eq!(lost.len(), 1, "{id}");
    assert!(leased(store, soon(59)).await.is_empty());
    let found = leased(store, soon(60)).await;
    assert_eq!(found[0].id, lost[0].id);
    assert_eq!(settled(store, &lost[0], &Ended::Delivered, soon(61)).await, Judged::Late);
    assert_eq!(settled(store, &found[0], &Ended::Delivered, soon(61)).await, Judged::Noted);
}

async fn a_partner_hears_of_his_own_messages_alone(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let organisation = done(ask(store, &clerk(), Target::Case { id: &id }, &memo("x")).await)
        .case
        .engagements
        .get(&Role::Guarantor)
        .cloned()
        .expect("the sample names its guarantor");
    let (guarantor, other) = (partner(Role::Guarantor, &organisation), partner(Role::Guarantor, "OTHER"));
    for who in [&guarantor, &other] {
        endpoint(store, who, &["message.guarantee_request", "webhook.test"]).await;
    }
    let new = ("https://x.example/", "", named(&["case.start_screening"]));
    let refused = store.add_hook(&Scope::of(&guarantor), new, noon()).await.unwrap();
    assert!(matches!(refused, HookAnswer::Wrong("types", _)), "{refused:?}");
    screened(store, &id).await;
    fed(store, 1).await;
    let told = delivered(store).await;
    assert_eq!(told.len(), 1);
    assert_eq!((told[0].0.as_str(), told[0].2.as_str()), (id.as_str(), "message.guarantee_request"));
    let lines = store.hook_endpoints(&Scope::of(&other)).await.unwrap();
    assert_eq!(lines[0].health.sequence, 0, "nothing was addressed to the other one");
}

async fn an_endpoint_that_is_gone_or_fails_for_days_is_disabled(place: Place) {
    let store = &place.store;
    let keyed = endpoint(store, &admin(), &["webhook.test"]).await;
    let (scope, id) = (Scope::of(&admin()), keyed.kept.endpoint.id.clone());
    kept(store.test_hook(&scope, &id, noon()).await.unwrap());
    let hook = leased(store, noon()).await.remove(0);
    assert_eq!(settled(store, &hook, &Ended::Gone, noon()).await, Judged::Disabled(DisabledBy::Gone));
    // Its owner is written to, once, however often the endpoint says so.
    assert_eq!(settled(store, &hook, &Ended::Gone, noon()).await, Judged::Noted);
    let mails = async |at| store.lease(Lane::Mail, at, "courier", 10, LEASE).await.unwrap();
    let [told] = mails(soon(1)).await.try_into().unwrap();
    assert_eq!((told.kind.as_str(), told.application_id.as_str()), ("ENDPOINT_DISABLED", ""));
    assert_eq!(told.address, format!("DESK:{}::USER_ADMIN", admin().institution));
    assert!(matches!(&told.effect, Effect::Notify { to: Recipient::Desk { role: Role::UserAdmin }, .. }));
    assert!(told.message_id().starts_with(&format!("<BANK-{}.0.HOOK-{id}-2", admin().institution)));
    assert_eq!(mails(soon(30)).await.len(), 0, "leased");
    store.settle(&told, &Outcome::Delivered, soon(2)).await.unwrap();
    let read = |all: Vec<Kept>| all.into_iter().next().unwrap();
    let now = read(store.hook_endpoints(&scope).await.unwrap());
    assert_eq!((now.endpoint.state, now.endpoint.reason), (EndpointState::Disabled, Some(DisabledBy::Gone)));
    assert!(leased(store, soon(1)).await.is_empty(), "nothing goes to a disabled endpoint");
    assert!(matches!(store.test_hook(&scope, &id, noon()).await.unwrap(), HookAnswer::Wrong("id", _)));
    assert_eq!(store.hook_backlog().await.unwrap().disabled, 1);
    // Its owner activates it: what waited goes.
    let activate = Change { state: Some(EndpointState::Active), ..Change::default() };
    kept(store.change_hook(&scope, &id, activate.clone(), soon(2)).await.unwrap());
    let mut at = soon(2);
    let mut judged = Judged::Noted;
    for days in 0..6 {
        at = soon(2) + Duration::days(days);
        let hook = leased(store, at).await.remove(0);
        judged = settled(store, &hook, &failed(at + Duration::days(1)), at).await;
        assert_eq!(judged == Judged::Noted, days < 5, "day {days}: {judged:?}");
    }
    assert_eq!(judged, Judged::Disabled(DisabledBy::Failing));
    let [again] = mails(at + Duration::seconds(1)).await.try_into().unwrap();
    assert_ne!(again.id, told.id, "each time is told");
    // A mail that comes to nothing stands in the list of incidents, of no case, and goes again.
    let given_up = Outcome::Parked { error: "send: 550 5.1.1".to_owned() };
    assert!(store.settle(&again, &given_up, at).await.unwrap());
    let (clerk, bounds) = (Scope::of(&clerk()), Bounds::at(at));
    let filter = IncidentFilter { kind: Some(IncidentKind::Undelivered), ..IncidentFilter::default() };
    let [line] = store.incidents(&clerk, &filter, bounds, None, 10).await.unwrap().items.try_into().unwrap();
    assert_eq!(
        (line.what.as_str(), line.application_id.as_str(), line.duty),
        ("ENDPOINT_DISABLED", "", false)
    );
    let mail_to = Some("admins@bank.example");
    let ids = [line.id];
    let ask = IncidentAsk { ids: &ids, action: IncidentAction::Readdress, reason: None, mail_to };
    let did = store.handle_incidents(&clerk, &ask, bounds).await.unwrap();
    assert_eq!(did[0].came_of, Ok(IncidentMeans::SentElsewhere));
    let [elsewhere] = mails(at + Duration::seconds(1)).await.try_into().unwrap();
    assert_eq!((elsewhere.id, elsewhere.mail_to.as_deref()), (again.id, mail_to));
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
    // What is added behind the service is found.
    place.save("outbox").await;
    place.tamper("UPDATE outbox SET beside = NULL").await;
    let found = db::verify::verify(store).await.unwrap().violations;
    assert!(found.len() == 2 && found.iter().all(|one| one.invariant == "LEDGER"), "{found:?}");
    place.restore("outbox").await;
    place.save("outbox").await;
    place.tamper(&format!("UPDATE outbox SET application_id = 'nowhere' WHERE id = '{}'", told.id)).await;
    let found = db::verify::verify(store).await.unwrap().violations;
    assert!(found.len() == 1 && found[0].invariant == "LEDGER", "{found:?}");
    place.restore("outbox").await;
    let now = read(store.hook_endpoints(&scope).await.unwrap());
    assert_eq!((now.health.failures, now.health.failing_since), (6, Some(soon(2))));
    kept(store.change_hook(&scope, &id, activate, at).await.unwrap());
    let again = leased(store, at + Duration::days(1)).await.remove(0);
    let noted = settled(store, &again, &failed(at + Duration::days(2)), at + Duration::days(1)).await;
    assert_eq!(noted, Judged::Noted, "activated, it gets its days anew");
    // Who disabled it and why stands in the audit.
    let auditor = Actor { branches: vec![], ..staff(Role::Auditor, "auditor") };
    let lines = store.audit(&Scope::of(&auditor), None, 50).await.unwrap().items;
    let steps: Vec<(&str, Role)> = lines
        .iter()
        .filter(|line| line.kind == "WEBHOOK")
        .map(|line| (line.verb.as_deref().unwrap_or_default(), line.role))
        .collect();
    assert_eq!(
        steps,
        [
            ("STATE", Role::UserAdmin),
            ("DISABLE", Role::System),
            ("STATE", Role::UserAdmin),
            ("DISABLE", Role::System),
            ("ADD", Role::UserAdmin)
        ]
    );
}

async fn what_was_sent_goes_again_under_its_id(place: Place) {
    let store = &place.store;
    let keyed = endpoint(store, &admin(), &STORY).await;
    let (scope, id) = (Scope::of(&admin()), keyed.kept.endpoint.id.clone());
    submitted(store, &applicant("taro")).await;
    let second = submitted(store, &applicant("hanako")).await;
    fed(store, 4).await;
    let mut told = delivered(store).await;
    told.retain(|(case, _, _)| *case == second);
    let page = store.hook_lines(&scope, &id, None, None, 3).await.unwrap().unwrap();
    assert_eq!(page.items.iter().map(|line| line.sequence).collect::<Vec<_>>(), [4, 3, 2]);
    assert!(page.items.iter().all(|line| line.state == HookState::Delivered && line.attempts == 1));
    let rest = store.hook_lines(&scope, &id, None, page.next.as_deref(), 3).await.unwrap().unwrap();
    assert_eq!(rest.items.iter().map(|line| line.sequence).collect::<Vec<_>>(), [1]);
    let one = &rest.items[0].id;
    assert_eq!(kept(store.resend_hooks(&scope, &id, &Again::One(one), noon()).await.unwrap()), 1);
    let hooks = leased(store, noon()).await;
    assert_eq!(hooks.iter().map(|hook| &hook.id).collect::<Vec<_>>(), [one]);
    // What waits is left alone.
    assert_eq!(kept(store.resend_hooks(&scope, &id, &Again::One(one), noon()).await.unwrap()), 0);
    settled(store, &hooks[0], &Ended::Delivered, noon()).await;
    assert_eq!(kept(store.resend_hooks(&scope, &id, &Again::From(3), noon()).await.unwrap()), 2);
    assert_eq!(delivered(store).await, told, "the second case, in its old order");
    assert_eq!(kept(store.resend_hooks(&scope, &id, &Again::From(5), noon()).await.unwrap()), 0);
    // What was delivered is kept for a time, and then forgotten in batches.
    assert_eq!(store.forget_hooks(noon(), 10).await.unwrap(), 0);
    assert_eq!(store.forget_hooks(soon(1), 3).await.unwrap(), 3);
    assert_eq!(store.forget_hooks(soon(1), 3).await.unwrap(), 1);
}

async fn owners_alone_keep_their_endpoints(place: Place) {
    let store = &place.store;
    let keyed = endpoint(store, &admin(), &STORY).await;
    let id = keyed.kept.endpoint.id.as_str();
    let abroad = Actor { institution: "9999".to_owned(), ..admin() };
    let spanning = Actor { institution: String::new(), ..partner(Role::Guarantor, "G") };
    for who in [abroad, partner(Role::Guarantor, "G"), partner(Role::Insurer, "G")] {
        let scope = Scope::of(&who);
        assert!(store.hook_endpoints(&scope).await.unwrap().is_empty(), "{who:?}");
        assert!(store.hook_lines(&scope, id, None, None, 1).await.unwrap().is_none());
        assert_eq!(
            store.change_hook(&scope, id, Change::default(), noon()).await.unwrap(),
            HookAnswer::NotFound
        );
        assert!(matches!(store.rotate_hook(&scope, id, 1, noon()).await.unwrap(), HookAnswer::NotFound));
        assert!(matches!(store.test_hook(&scope, id, noon()).await.unwrap(), HookAnswer::NotFound));
        assert_eq!(
            store.resend_hooks(&scope, id, &Again::From(1), noon()).await.unwrap(),
            HookAnswer::NotFound
        );
    }
    for who in [clerk(), applicant("taro"), spanning, staff(Role::Auditor, "a")] {
        let new = ("https://x.example/", "", named(&["webhook.test"]));
        let answer = store.add_hook(&Scope::of(&who), new, noon()).await.unwrap();
        assert!(matches!(answer, HookAnswer::Forbidden), "{who:?}");
    }
    let scope = Scope::of(&admin());
    for (field, url, types) in [
        ("url", "", named(&STORY)),
        ("types", "https://x.example/", vec![]),
        ("types", "https://x.example/", named(&["case.clear_aml"])),
        ("types", "https://x.example/", named(&["message.guarantee_request"])),
    ] {
        let answer = store.add_hook(&scope, (url, "", types), noon()).await.unwrap();
        assert!(matches!(&answer, HookAnswer::Wrong(wrong, _) if *wrong == field), "{field}: {answer:?}");
    }
    for _ in 1..db::hooks::ENDPOINTS_MOST {
        endpoint(store, &admin(), &["webhook.test"]).await;
    }
    let more = store.add_hook(&scope, ("https://x.example/", "", named(&STORY)), noon()).await.unwrap();
    assert!(matches!(more, HookAnswer::Wrong("url", _)), "{more:?}");
}

async fn a_changed_address_is_found(place: Place) {
    let store = &place.store;
    let keyed = endpoint(store, &admin(), &["webhook.test"]).await;
    let scope = Scope::of(&admin());
    let id = keyed.kept.endpoint.id.as_str();
    kept(store.rotate_hook(&scope, id, 24, noon()).await.unwrap());
    let new = Change { url: Some("https://new.example/".to_owned()), ..Change::default() };
    kept(store.change_hook(&scope, id, new, noon()).await.unwrap());
    let findings = || async {
        let mut found = vec![];
        db::evidence::check_steps(store, &mut found).await.unwrap();
        found.iter().filter(|finding| finding.table == "webhook_endpoint").count()
    };
    assert_eq!(findings().await, 0);
    for sql in [
        "UPDATE webhook_endpoint SET url = 'https://thief.example/'",
        "UPDATE webhook_endpoint SET keys = '[]'",
        "UPDATE webhook_endpoint SET state = 'DISABLED', reason = 'OWNER'",
        "DELETE FROM webhook_endpoint",
    ] {
        place.save("webhook_endpoint").await;
        assert_eq!(place.tamper(sql).await, 1, "{sql}");
        assert_eq!(findings().await, 1, "{sql}");
        place.restore("webhook_endpoint").await;
    }
    assert_eq!(findings().await, 0);
}

/// A secret is sealed where there is a vault, opens at its endpoint alone, and goes with the keys of the vault.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn secrets_are_sealed_and_rotate() {
    let old = ring(1);
    let place = sqlite(|o| o.vault = Some(vault(&old))).await;
    let store = &place.store;
    let keyed = endpoint(store, &admin(), &["webhook.test"]).await;
    let (scope, id) = (Scope::of(&admin()), keyed.kept.endpoint.id.as_str());
    let clear = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, &keyed.secret);
    let stored = |what: &str| format!("SELECT count(*) FROM webhook_endpoint WHERE keys LIKE '%{what}%'");
    assert_eq!(place.number(&stored(&clear)).await, 0, "not in clear");
    assert!(!format!("{keyed:?}").contains(&format!("{:?}", keyed.secret)));
    let rotated = kept(store.rotate_hook(&scope, id, 24, noon()).await.unwrap());
    kept(store.test_hook(&scope, id, noon()).await.unwrap());
    let hook = leased(store, noon()).await.remove(0);
    assert_eq!(
        hook.secrets,
        [rotated.secret.clone(), keyed.secret.clone()],
        "the newest first, both in force"
    );
    settled(store, &hook, &failed(soon(60)), noon()).await;
    let hook = leased(store, noon() + Duration::hours(24)).await.remove(0);
    assert_eq!(hook.secrets, std::slice::from_ref(&rotated.secret), "the old one has ended");
    settled(store, &hook, &failed(noon() + Duration::hours(25)), noon() + Duration::hours(24)).await;
    assert!(matches!(store.rotate_hook(&scope, id, 169, noon()).await.unwrap(), HookAnswer::Wrong(..)));
    // Moved to another endpoint it does not open; nothing is signed with nothing.
    let other = endpoint(store, &admin(), &["webhook.test"]).await;
    let at = noon() + Duration::hours(25);
    place.save("webhook_endpoint").await;
    place
        .tamper(&format!(
            "UPDATE webhook_endpoint SET keys = (SELECT k.keys FROM webhook_endpoint k WHERE k.id = '{}') WHERE id = '{id}'",
            other.kept.endpoint.id
        ))
        .await;
    let hook = leased(store, at).await.remove(0);
    assert!(hook.secrets.is_empty());
    place.restore("webhook_endpoint").await;
    // The keys of the vault change: secrets go with them, and the old key may go.
    let both = std::sync::Arc::new(KeyRing::of(&[2; 32]).unwrap().with_previous(&[1; 32]).unwrap());
    let rotating = reopened(&place, Some(&both)).await;
    assert_eq!(rotating.rewrap().await.unwrap().rewrapped, 2);
    assert_eq!(rotating.rewrap().await.unwrap().rewrapped, 0);
    let only_new = reopened(&place, Some(&ring(2))).await;
    let hook = leased(&only_new, at + Duration::seconds(61)).await.remove(0);
    assert_eq!(hook.secrets, [rotated.secret]);
}
