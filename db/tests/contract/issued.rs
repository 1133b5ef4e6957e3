//! The register of what was issued to people of the cases: every case in one list, copies with their reasons, letters to be posted, and
//! sheets for a print batch.

use crate::stories::*;
use db::ledger::{Anew, AnewAnswer, Proof};
use db::outbox::{InboxItem, Lane, Outcome, Parcel};
use db::read::{Issued, IssuedFilter};
use db::{Scope, Store, StoreOptions};
use std::time::Duration as Wait;
use workflows::machine::incident::AnewReason;
use workflows::machine::issued::{ByPost, DocumentNo};
use workflows::machine::{Actor, Effect, NoticeId, Recipient, Role};

on_both!(
    documents_of_every_case_stand_in_one_list_for_staff_of_the_branch,
    a_copy_stands_beside_the_first_with_its_reason,
    what_goes_by_letter_is_found_until_it_was_posted_and_after,
    sheets_come_in_the_order_asked_with_words_and_people,
);

const LEASE: Wait = Wait::from_secs(30);

async fn list(place: &Place, who: &Actor, filter: IssuedFilter) -> Vec<Issued> {
    place.store.issued(&Scope::of(who), &filter, None, 100).await.unwrap().items
}

/// The parcels of a lane that are for a person of the case, leased.
async fn leased(place: &Place, lane: Lane, case: &str, seconds: i64) -> Vec<Parcel> {
    let all = place.store.lease(lane, soon(seconds), "a", 200, LEASE).await.unwrap();
    let to_person = |parcel: &Parcel| {
        matches!(&parcel.effect, Effect::Notify { to: Recipient::Party { .. }, .. })
            && parcel.application_id == case
    };
    all.into_iter().filter(to_person).collect()
}

async fn settled(place: &Place, parcel: &Parcel, outcome: &Outcome, seconds: i64) {
    assert!(place.store.settle(parcel, outcome, soon(seconds)).await.unwrap());
}

/// The parcel stands in the inbox.
async fn shown(place: &Place, parcel: &Parcel, seconds: i64) {
    let words = || "申込みを受け付けました".to_owned();
    let item = InboxItem {
        subject_ja: words(),
        subject_en: words(),
        body_ja: words(),
        body_en: words(),
        template: "t".to_owned(),
    };
    assert!(place.store.deliver_inbox(parcel, &item, "1", soon(seconds)).await.unwrap());
}

async fn documents_of_every_case_stand_in_one_list_for_staff_of_the_branch(place: Place) {
    let one = submitted(&place.store, &applicant("taro")).await;
    let other = submitted(&place.store, &applicant("hanako")).await;
    let all = list(&place, &clerk(), IssuedFilter::default()).await;
    for case in [&one, &other] {
        let of = |item: &&Issued| item.application_id == **case;
        let channels: Vec<&str> = all.iter().filter(of).map(|item| item.delivery.channel.as_str()).collect();
        assert_eq!(channels, ["INBOX", "EMAIL"], "the reception is told once on each channel");
        let numbers: Vec<_> = all
            .iter()
            .filter(of)
            .map(|item| DocumentNo::of(&item.delivery.id, &item.application_id).unwrap().place)
            .collect();
        assert_eq!(numbers[0], numbers[1], "it is one document");
    }
    assert!(all.iter().all(|item| item.delivery.kind == NoticeId::N01.code()), "desks have no documents");
    assert!(all.iter().all(|item| item.number.is_some() && item.applicant_name.is_some()));
    // Page by page it is the same list, the latest first.
    let (mut paged, mut after): (Vec<Issued>, Option<String>) = (vec![], None);
    loop {
        let filter = IssuedFilter::default();
        let page = place.store.issued(&Scope::of(&clerk()), &filter, after.as_deref(), 1).await.unwrap();
        paged.extend(page.items);
        let Some(next) = page.next else { break };
        after = Some(next);
    }
    assert_eq!(paged, all);
    assert!(all.is_sorted_by(
        |a, b| (a.delivery.created_at, &a.delivery.id) > (b.delivery.created_at, &b.delivery.id)
    ));

    let count = async |filter: IssuedFilter| list(&place, &clerk(), filter).await.len();
    let number = all[0].number.clone();
    assert_eq!(count(IssuedFilter { number, ..IssuedFilter::default() }).await, 2);
    for (kind, wanted) in [("N01", 4), ("N03", 0)] {
        assert_eq!(
            count(IssuedFilter { kind: Some(kind.to_owned()), ..IssuedFilter::default() }).await,
            wanted
        );
    }
    let channel = Some("EMAIL".to_owned());
    assert_eq!(count(IssuedFilter { channel, ..IssuedFilter::default() }).await, 2);
    let branch = Some("999".to_owned());
    assert_eq!(count(IssuedFilter { branch, ..IssuedFilter::default() }).await, 0);
    assert_eq!(
        count(IssuedFilter { from: Some(noon()), before: Some(soon(1)), ..IssuedFilter::default() }).await,
        4
    );
    assert_eq!(count(IssuedFilter { before: Some(noon()), ..IssuedFilter::default() }).await, 0);
    assert_eq!(count(IssuedFilter { from: Some(soon(1)), ..IssuedFilter::default() }).await, 0);

    // Another branch, another bank, partners, customers: nothing. The auditor sees what the branch sees.
    let strangers = [
        Actor { branches: vec!["998".to_owned()], ..clerk() },
        Actor { institution: "9999".to_owned(), ..clerk() },
        partner(Role::Guarantor, "GUARANTOR-1"),
        partner(Role::Scrivener, "SCRIVENER-1"),
        applicant("taro"),
        staff(Role::UserAdmin, "admin"),
    ];
    for stranger in &strangers {
        assert!(list(&place, stranger, IssuedFilter::default()).await.is_empty(), "{}", stranger.role);
        let ids = [all[0].delivery.id.clone()];
        assert!(place.store.issued_sheets(&Scope::of(stranger), &ids).await.unwrap().is_empty());
    }
    assert_eq!(list(&place, &staff(Role::Auditor, "auditor"), IssuedFilter::default()).await, all);
}

async fn a_copy_stands_beside_the_first_with_its_reason(place: Place) {
    let case = submitted(&place.store, &applicant("taro")).await;
    let inbox = leased(&place, Lane::Local, &case, 1).await.remove(0);
    shown(&place, &inbox, 1).await;
    let scope = Scope::of(&clerk());
    for (n, reason) in [AnewReason::AskedFor, AnewReason::NotReceived].into_iter().enumerate() {
        let anew = Anew { id: &inbox.id, reason, mail_to: None };
        let sent = place.store.send_anew(&scope, anew, soon(10 + n as i64)).await.unwrap();
        assert_eq!(sent, AnewAnswer::Sent(format!("{}.R{}", inbox.id, n + 1)));
    }
    let lines = list(&place, &clerk(), IssuedFilter::default()).await;
    let trail: Vec<_> = lines
        .iter()
        .filter(|item| item.delivery.channel == "INBOX")
        .map(|item| {
            let no = DocumentNo::of(&item.delivery.id, &item.application_id).unwrap();
            (no.copy, item.anew, item.delivery.replaces.as_deref())
        })
        .collect();
    let first = Some(inbox.id.as_str());
    assert_eq!(
        trail,
        [(2, Some(AnewReason::NotReceived), first), (1, Some(AnewReason::AskedFor), first), (0, None, None)]
    );
    assert_eq!(lines.iter().filter(|item| item.delivery.channel == "EMAIL").count(), 1);
    // A copy of an earlier version has no reason in its row; the sealed line of the audit keeps it.
    place.tamper("UPDATE outbox SET anew = NULL").await;
    let lines = list(&place, &clerk(), IssuedFilter::default()).await;
    assert!(lines.iter().all(|item| item.anew.is_none()));
    assert_eq!(
        place
            .number("SELECT count(*) FROM audit WHERE kind = 'DELIVERY' AND detail LIKE '%ASKED_FOR%'")
            .await,
        1
    );
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}

async fn what_goes_by_letter_is_found_until_it_was_posted_and_after(place: Place) {
    let case = submitted(&place.store, &applicant("taro")).await;
    submitted(&place.store, &applicant("hanako")).await;
    let mail = leased(&place, Lane::Mail, &case, 1).await.remove(0);
    let said = Proof { said: db::paper::SAID.to_owned(), template: String::new(), hash: String::new() };
    settled(&place, &mail, &Outcome::ToPost(said), 1).await;
    let by_post = async |state: ByPost| {
        let found =
            list(&place, &clerk(), IssuedFilter { by_post: Some(state), ..IssuedFilter::default() }).await;
        found.into_iter().map(|item| item.delivery.id).collect::<Vec<_>>()
    };
    assert_eq!(by_post(ByPost::Due).await, std::slice::from_ref(&mail.id));
    let posted = place.store.mark_posted(&Scope::of(&clerk()), std::slice::from_ref(&mail.id), soon(2)).await;
    assert_eq!(posted.unwrap(), std::slice::from_ref(&mail.id));
    assert_eq!(by_post(ByPost::Due).await, Vec::<String>::new());
    assert_eq!(by_post(ByPost::Posted).await, [mail.id]);
}

async fn sheets_come_in_the_order_asked_with_words_and_people(place: Place) {
    submitted(&place.store, &applicant("taro")).await;
    submitted(&place.store, &applicant("hanako")).await;
    let all = list(&place, &clerk(), IssuedFilter::default()).await;
    let mut ids: Vec<String> = all.iter().map(|item| item.delivery.id.clone()).collect();
    ids.reverse();
    ids.insert(1, "nothing.3.1.INBOX".to_owned());
    let sheets = place.store.issued_sheets(&Scope::of(&clerk()), &ids).await.unwrap();
    let given: Vec<&str> = sheets.iter().map(|sheet| sheet.issued.delivery.id.as_str()).collect();
    ids.remove(1);
    assert_eq!(given, ids);
    for sheet in &sheets {
        let Some(Effect::Notify { notice: NoticeId::N01, to: Recipient::Party { party_id }, data }) =
            &sheet.effect
        else {
            panic!("{:?}", sheet.effect)
        };
        let case = sheet.case.as_ref().unwrap();
        assert_eq!((sheet.erased, case.id.as_str()), (false, sheet.issued.application_id.as_str()));
        assert!(case.form.party(party_id).is_some() && !data.number.is_empty());
    }
    // Words of an entry that this version cannot read are no words.
    place.tamper("UPDATE outbox SET payload = '{\"LATER\":1}'").await;
    let sheets = place.store.issued_sheets(&Scope::of(&clerk()), &ids).await.unwrap();
    assert!(sheets.iter().all(|sheet| sheet.effect.is_none() && !sheet.erased));
}

/// The statements of the list find their rows by an index; the one over all days sorts nothing.
fn judged(whole: &str, by_post: &str, of_case: &str) {
    assert!(whole.contains("outbox_issued") && !sorts(whole), "{whole}");
    assert!(by_post.contains("outbox_by_post") && !sorts(by_post), "{by_post}");
    assert!(of_case.contains("outbox_application") || of_case.contains("outbox_issued"), "{of_case}");
    for plan in [whole, by_post, of_case] {
        assert!(!plan.contains("SCAN o") && !plan.contains("Seq Scan on outbox"), "{plan}");
    }
}

fn sorts(plan: &str) -> bool {
    plan.contains("TEMP B-TREE") || plan.contains("Sort")
}

async fn plans(store: &Store) -> [String; 3] {
    let scope = Scope::of(&clerk());
    let explain = async |filter: IssuedFilter| store.explain_issued(&scope, &filter).await.unwrap();
    [
        explain(IssuedFilter { from: Some(noon()), kind: Some("N01".to_owned()), ..IssuedFilter::default() })
            .await,
        explain(IssuedFilter { by_post: Some(ByPost::Due), ..IssuedFilter::default() }).await,
        explain(IssuedFilter { number: Some("1".to_owned()), ..IssuedFilter::default() }).await,
    ]
}

#[tokio::test]
async fn the_register_reads_indexes_on_sqlite() {
    let place = sqlite(|_| ()).await;
    let [whole, by_post, of_case] = plans(&place.store).await;
    judged(&whole, &by_post, &of_case);
    // Seeded: without its index the list over all days is sorted.
    place.tamper("DROP INDEX outbox_issued").await;
    let fresh = Store::open(&place.url, StoreOptions::new(rulebook())).await.unwrap();
    let [whole, ..] = plans(&fresh).await;
    assert!(sorts(&whole), "{whole}");
}

#[tokio::test]
async fn the_register_reads_indexes_on_postgres() {
    let settings = "enable_seqscan = off;enable_bitmapscan = off;enable_sort = off";
    let place = postgres_with(settings, |_| ()).await;
    for n in 0..5 {
        submitted(&place.store, &applicant(&format!("p{n}"))).await;
    }
    place.tamper("VACUUM ANALYZE outbox").await;
    let [whole, by_post, of_case] = plans(&place.store).await;
    judged(&whole, &by_post, &of_case);
}
