//! How people are reached: an address counts once its code came back, what bounces is used no more, and nobody is left untold.

use crate::stories::*;
use chrono::Duration;
use db::bounces::{BounceAnswer, parcel_of_message_id};
use db::contacts::{Contact, ContactAnswer, DirectAnswer, NewContact};
use db::digest::Digest;
use db::incidents::{Bounds, IncidentAsk, IncidentFilter};
use db::ledger::{Anew, AnewAnswer, Delivery, Proof};
use db::outbox::{InboxItem, Lane, Outcome, Parcel};
use db::{Scope, Target};
use std::time::Duration as Wait;
use workflows::machine::consent::{ConsentChannel, ConsentPurpose};
use workflows::machine::contact::{
    AddressStanding, Bounce, CODES_A_DAY, CodeRefusal, ContactChannel, ContactLanguage, Mailing,
};
use workflows::machine::incident::{AnewReason, Hindrance, IncidentAction, IncidentKind, IncidentMeans};
use workflows::machine::{Actor, Command, Effect, NoticeId, Recipient, Role};

/// On both databases with a vault, as installations have one.
macro_rules! sealed_on_both {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            use crate::stories::{postgres, sqlite};
            use crate::vault::{ring, vault};

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_sqlite() {
                super::$name(sqlite(|o| o.vault = Some(vault(&ring(1)))).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn on_postgres() {
                super::$name(postgres(|o| o.vault = Some(vault(&ring(1)))).await).await;
            }
        }
    )+ };
}

sealed_on_both!(
    an_address_counts_once_its_code_came_back,
    a_code_is_good_for_few_tries_and_few_mails,
    what_bounces_is_used_no_more_and_goes_by_letter,
    what_is_refused_at_once_marks_the_address_too,
    a_digest_is_fixed_before_it_leaves,
    an_advertisement_needs_the_consent_until_it_leaves,
    an_overdue_partner_is_reminded_once_a_day,
);

const LEASE: Wait = Wait::from_secs(30);
const MAIL: &str = "kaori@customer.example";

async fn mails(place: &Place, seconds: i64) -> Vec<Parcel> {
    place.store.lease(Lane::Mail, soon(seconds), "a", 200, LEASE).await.unwrap()
}

fn wish(mail: Option<&str>) -> NewContact<'_> {
    let (channel, language) = (ContactChannel::Mail, ContactLanguage::Ja);
    NewContact { party_id: "A1", channel, language, mail }
}

async fn set(place: &Place, who: &Actor, case: &str, mail: &str, seconds: i64) -> ContactAnswer {
    place.store.set_contact(&Scope::of(who), case, wish(Some(mail)), soon(seconds)).await.unwrap()
}

async fn enter(place: &Place, who: &Actor, case: &str, code: &str, seconds: i64) -> ContactAnswer {
    place.store.confirm_contact(&Scope::of(who), case, ("A1", code), soon(seconds)).await.unwrap()
}

async fn contact(place: &Place, who: &Actor, case: &str) -> Contact {
    place.store.contacts(&Scope::of(who), case).await.unwrap().unwrap().1.remove(0)
}

/// The code that waits in the outbox; its mail counts as sent.
async fn mailed_code(place: &Place, seconds: i64) -> (String, String) {
    for parcel in mails(place, seconds).await {
        if let Effect::Mail { mailing: Mailing::Code { code }, .. } = &parcel.effect {
            assert_eq!(parcel.mail_to.as_deref(), Some(MAIL));
            deliver(place, &parcel, seconds).await;
            return (code.clone(), parcel.id);
        }
    }
    panic!("no code was mailed");
}

async fn deliver(place: &Place, parcel: &Parcel, seconds: i64) {
    let proof = Proof { said: "250 2.0.0".to_owned(), template: String::new(), hash: String::new() };
    assert!(place.store.settle(parcel, &Outcome::Proven(proof), soon(seconds)).await.unwrap());
}

/// An applicant whose address is confirmed at the tenth second.
async fn confirmed(place: &Place) -> (Actor, String) {
    let taro = applicant("taro");
    let case = submitted(&place.store, &taro).await;
    assert!(matches!(set(place, &taro, &case, MAIL, 1).await, ContactAnswer::Done(_)));
    let (code, _) = mailed_code(place, 2).await;
    let answer = enter(place, &taro, &case, &code, 10).await;
    assert!(matches!(&answer, ContactAnswer::Done(known) if known.standing == AddressStanding::Confirmed));
    (taro, case)
}

async fn delivery(place: &Place, case: &str, id: &str) -> Delivery {
    let page = place.store.deliveries(&Scope::of(&clerk()), case, None, 100).await.unwrap();
    page.items.into_iter().find(|line| line.id == id).unwrap()
}

async fn sound(place: &Place) {
    assert_eq!(db::verify::verify(&place.store).await.unwrap().violations, vec![]);
}

/// A mail of the case to its applicant, leased.
fn own(parcels: Vec<Parcel>, case: &str) -> Parcel {
    let to_person = |parcel: &Parcel| {
        matches!(&parcel.effect, Effect::Notify { to: Recipient::Party { .. }, .. })
            && parcel.application_id == case
    };
    parcels.into_iter().find(to_person).unwrap()
}

async fn an_address_counts_once_its_code_came_back(place: Place) {
    let taro = applicant("taro");
    let case = submitted(&place.store, &taro).await;
    assert_eq!(contact(&place, &taro, &case).await.standing, AddressStanding::Absent);
    // Mails without an address, other people's cases, partners: nothing is written.
    let scope = Scope::of(&taro);
    let none = place.store.set_contact(&scope, &case, wish(None), soon(1)).await.unwrap();
    assert_eq!(none, ContactAnswer::NoMail);
    let strangers =
        [applicant("hanako"), partner(Role::Guarantor, "GUARANTOR-1"), staff(Role::Auditor, "auditor")];
    for stranger in &strangers {
        assert_eq!(set(&place, stranger, &case, MAIL, 1).await, ContactAnswer::NotFound, "{}", stranger.role);
    }
    let nobody = NewContact { party_id: "G9", ..wish(Some(MAIL)) };
    let nobody = place.store.set_contact(&scope, &case, nobody, soon(1)).await.unwrap();
    assert_eq!(nobody, ContactAnswer::NotFound);
    assert_eq!(place.number("SELECT count(*) FROM contact").await, 0);

    assert!(matches!(set(&place, &taro, &case, MAIL, 1).await, ContactAnswer::Done(_)));
    assert_eq!(
        place
            .number("SELECT count(*) FROM contact WHERE mail LIKE 'sealed:%' AND code LIKE 'sealed:%'")
            .await,
        1
    );
    assert_eq!(place.number("SELECT count(*) FROM audit WHERE detail LIKE '%customer.example%'").await, 0);
    let waiting = own(mails(&place, 2).await, &case);
    assert_eq!(waiting.contact.as_ref().unwrap().standing, AddressStanding::Asked, "not used before");
    let (code, _) = mailed_code(&place, 40).await;
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    assert_eq!(enter(&place, &taro, &case, wrong, 41).await, ContactAnswer::Code(CodeRefusal::WrongCode));
    // Staff enter it on request, as the applicant may.
    assert!(matches!(enter(&place, &clerk(), &case, &code, 42).await, ContactAnswer::Done(_)));
    let again = enter(&place, &taro, &case, &code, 43).await;
    assert_eq!(again, ContactAnswer::Code(CodeRefusal::NothingAsked), "a code counts once");
    let sent = own(mails(&place, 80).await, &case);
    let point = sent.contact.unwrap();
    assert_eq!((point.standing, point.mail.as_deref()), (AddressStanding::Confirmed, Some(MAIL)));
    assert_eq!(point.language, ContactLanguage::Ja);
    // Named again it stays confirmed, and no further code is mailed.
    let codes = "SELECT count(*) FROM outbox WHERE kind = 'ADDRESS_CODE'";
    assert!(
        matches!(set(&place, &taro, &case, MAIL, 81).await, ContactAnswer::Done(c) if c.standing == AddressStanding::Confirmed)
    );
    assert_eq!(place.number(codes).await, 1);
    sound(&place).await;
    // A mail beside a case of which the audit knows nothing is found.
    place.tamper("UPDATE outbox SET beside = 'nobody' WHERE kind = 'ADDRESS_CODE'").await;
    let found = db::verify::verify(&place.store).await.unwrap().violations;
    assert!(found.iter().any(|violation| violation.invariant == "LEDGER"), "{found:?}");
}

async fn a_code_is_good_for_few_tries_and_few_mails(place: Place) {
    let taro = applicant("taro");
    let case = submitted(&place.store, &taro).await;
    set(&place, &taro, &case, MAIL, 1).await;
    let (code, _) = mailed_code(&place, 2).await;
    let wrong = if code == "00000000" { "11111111" } else { "00000000" };
    for second in 3..8 {
        assert_eq!(
            enter(&place, &taro, &case, wrong, second).await,
            ContactAnswer::Code(CodeRefusal::WrongCode)
        );
    }
    let refused = enter(&place, &taro, &case, &code, 9).await;
    assert_eq!(refused, ContactAnswer::Code(CodeRefusal::TooOften), "the right one comes too late");
    for second in 1..CODES_A_DAY {
        assert!(matches!(
            set(&place, &taro, &case, MAIL, 10 + i64::from(second)).await,
            ContactAnswer::Done(_)
        ));
    }
    assert_eq!(set(&place, &taro, &case, MAIL, 20).await, ContactAnswer::TooManyCodes);
    assert!(matches!(set(&place, &taro, &case, MAIL, 90_000).await, ContactAnswer::Done(_)), "the next day");
    let late = enter(&place, &taro, &case, &code, 90_000 + 86_401).await;
    assert_eq!(late, ContactAnswer::Code(CodeRefusal::TooLate));
    sound(&place).await;
}

async fn what_bounces_is_used_no_more_and_goes_by_letter(place: Place) {
    let (taro, case) = confirmed(&place).await;
    let parcel = own(mails(&place, 50).await, &case);
    let id = parcel_of_message_id(&parcel.message_id()).unwrap().to_owned();
    assert_eq!((id.as_str(), parcel_of_message_id("<x@elsewhere>")), (parcel.id.as_str(), None));
    let take = async |bounce: Bounce, status: &str, seconds: i64| {
        place.store.take_bounce(&id, bounce, status, soon(seconds)).await.unwrap()
    };
    // What never left cannot come back.
    assert_eq!(take(Bounce::Address, "5.1.1", 51).await, BounceAnswer::NotFound);
    let nothing = place.store.take_bounce("nothing", Bounce::Address, "5.1.1", soon(51)).await.unwrap();
    assert_eq!(nothing, BounceAnswer::NotFound);
    deliver(&place, &parcel, 52).await;
    assert_eq!(take(Bounce::Delayed, "4.4.7", 53).await, BounceAnswer::Delayed);
    assert_eq!(take(Bounce::Delayed, "4.4.7", 54).await, BounceAnswer::Known);
    assert_eq!(contact(&place, &taro, &case).await.standing, AddressStanding::Confirmed, "late is no bounce");
    assert_eq!(take(Bounce::Address, "5.1.1", 55).await, BounceAnswer::AddressMarked);
    assert_eq!(take(Bounce::Address, "5.1.1", 56).await, BounceAnswer::Known);
    let known = contact(&place, &taro, &case).await;
    assert_eq!((known.standing, known.bounce.as_deref()), (AddressStanding::Bounced, Some("5.1.1")));
    // The ledger says so, an incident arises with what to do, and a letter is to be posted.
    let line = delivery(&place, &case, &id).await;
    let ends: Vec<&str> = line.tries.iter().map(|one| one.ended.as_str()).collect();
    assert_eq!((line.state.as_str(), line.paper.as_deref()), ("PARKED", Some("DUE")));
    assert_eq!(ends, ["DELIVERED", "DELAYED", "BOUNCED"]);
    let bounds = Bounds::at(soon(60));
    let filter = IncidentFilter { kind: Some(IncidentKind::Undelivered), ..IncidentFilter::default() };
    let scope = Scope::of(&clerk());
    let incidents = place.store.incidents(&scope, &filter, bounds, None, 10).await.unwrap().items;
    let [incident] = incidents.as_slice() else { panic!("{incidents:?}") };
    assert_eq!(
        (incident.id.as_str(), incident.error.as_str()),
        (format!("PARCEL:{id}").as_str(), "bounced: 5.1.1")
    );
    let letters = place.store.letters_to_post(&scope, None, None, 10).await.unwrap().items;
    let [letter] = letters.as_slice() else { panic!("{letters:?}") };
    assert_eq!((letter.id.as_str(), letter.bounce.as_deref()), (id.as_str(), Some("5.1.1")));
    let elsewhere = Actor { branches: vec!["999".to_owned()], ..clerk() };
    assert!(
        place.store.letters_to_post(&Scope::of(&elsewhere), None, None, 10).await.unwrap().items.is_empty()
    );
    let posted = async |who: &Actor| {
        place.store.mark_posted(&Scope::of(who), std::slice::from_ref(&id), soon(61)).await.unwrap()
    };
    assert_eq!(posted(&elsewhere).await, Vec::<String>::new());
    assert_eq!(posted(&clerk()).await, std::slice::from_ref(&id));
    assert_eq!(posted(&clerk()).await, Vec::<String>::new(), "a letter is posted once");
    assert_eq!(delivery(&place, &case, &id).await.paper.as_deref(), Some("POSTED"));
    // The address is asked again, and a report that is sent again afterwards does not mark it.
    assert!(
        matches!(set(&place, &taro, &case, MAIL, 70).await, ContactAnswer::Done(c) if c.standing == AddressStanding::Asked)
    );
    let (code, code_id) = mailed_code(&place, 71).await;
    assert!(matches!(enter(&place, &taro, &case, &code, 72).await, ContactAnswer::Done(_)));
    assert_eq!(take(Bounce::Address, "5.1.1", 73).await, BounceAnswer::Known);
    // Neither does one about a mail that left before: the code's own.
    let late = place.store.take_bounce(&code_id, Bounce::Address, "5.1.1", soon(74)).await.unwrap();
    assert_eq!(late, BounceAnswer::MailMarked);
    assert_eq!(contact(&place, &taro, &case).await.standing, AddressStanding::Confirmed);
    assert_eq!(delivery(&place, &case, &code_id).await.paper, None, "a code is no notice");
    sound(&place).await;
}

async fn what_is_refused_at_once_marks_the_address_too(place: Place) {
    let (taro, case) = confirmed(&place).await;
    let parcel = own(mails(&place, 50).await, &case);
    for (said, standing) in
        [("send: 552 5.2.2", AddressStanding::Confirmed), ("send: 550 5.1.1", AddressStanding::Bounced)]
    {
        let parked = Outcome::Parked { error: said.to_owned() };
        place.store.settle(&parcel, &parked, soon(51)).await.unwrap();
        place.store.addresses_refused(&[(&parcel, said)], soon(51)).await.unwrap();
        assert_eq!(contact(&place, &taro, &case).await.standing, standing, "{said}");
    }
    assert_eq!(delivery(&place, &case, &parcel.id).await.paper.as_deref(), Some("DUE"));
    sound(&place).await;
}

async fn a_digest_is_fixed_before_it_leaves(place: Place) {
    let desk = clerk();
    let branch = desk.branches[0].clone();
    let (one, other) = (applicant("taro"), applicant("hanako"));
    assert!(!place.store.set_digest(&Scope::of(&desk), "999", true, soon(0)).await.unwrap(), "not my branch");
    assert!(place.store.set_digest(&Scope::of(&desk), &branch, true, soon(0)).await.unwrap());
    submitted(&place.store, &one).await;
    let until = soon(3_600);
    let hold = async |seconds: i64| {
        let held: Vec<Parcel> =
            mails(&place, seconds).await.into_iter().filter(|parcel| parcel.digest.is_some()).collect();
        assert!(held.iter().all(|parcel| parcel.address.starts_with("DESK:")), "people have no digests");
        for parcel in &held {
            assert!(place.store.settle(parcel, &Outcome::Held { until }, soon(seconds)).await.unwrap());
        }
        held.len()
    };
    let lease = async |seconds: i64| place.store.lease_digest(soon(seconds), "a", LEASE).await.unwrap();
    let ids = |digest: &Digest| digest.parcels.iter().map(|parcel| parcel.id.clone()).collect::<Vec<_>>();
    let first_held = hold(1).await;
    assert!(first_held > 0);
    assert_eq!(hold(3_000).await, 0, "what is held is leased by no other way");
    assert!(lease(3_599).await.is_none(), "not before its time");
    let digest = lease(3_600).await.unwrap();
    assert_eq!(digest.parcels.len(), first_held);
    assert!(digest.parcels.iter().all(|parcel| parcel.attempts == 1), "holding is no attempt");
    // One more is held late, for the same hour; the digest that was fixed says the same at its next attempt.
    submitted(&place.store, &other).await;
    assert!(hold(3_601).await > 0);
    let late = lease(3_602).await.unwrap();
    assert!(late.id != digest.id && ids(&late).iter().all(|id| !ids(&digest).contains(id)));
    let again = lease(3_640).await.unwrap();
    let [again, late_again] = match again.id == digest.id {
        true => [again, lease(3_640).await.unwrap()],
        false => [lease(3_640).await.unwrap(), again],
    };
    assert_eq!((ids(&again), again.message_id()), (ids(&digest), digest.message_id()));
    assert_eq!(ids(&late_again), ids(&late));
    assert!(lease(3_641).await.is_none());
    for digest in [&again, &late_again] {
        for parcel in &digest.parcels {
            deliver(&place, parcel, 3_642).await;
        }
    }
    assert!(lease(7_200).await.is_none() && hold(7_200).await == 0, "none is missing, none comes twice");
    // A digest that comes back is an incident for each notice in it.
    let returned = place.store.take_bounce(&digest.id, Bounce::Address, "5.1.1", soon(7_300)).await.unwrap();
    assert_eq!(returned, BounceAnswer::MailMarked);
    let parked = place.store.parked(&Scope::of(&desk), None, 50).await.unwrap().items;
    assert_eq!(parked.len(), digest.parcels.len());
    // Whoever sends one of them again sends it by itself.
    assert!(place.store.resend(&Scope::of(&desk), &parked[0].id, soon(7_301)).await.unwrap());
    assert!(mails(&place, 7_302).await.iter().any(|parcel| parcel.id == parked[0].id));
    assert!(place.store.set_digest(&Scope::of(&desk), &branch, false, soon(7_303)).await.unwrap());
    assert!(place.store.digest_desks(&Scope::of(&desk)).await.unwrap().is_empty());
    sound(&place).await;
}

async fn an_advertisement_needs_the_consent_until_it_leaves(place: Place) {
    let words = ("金利のご案内", "くわしくは窓口へどうぞ。");
    let manager = staff(Role::BranchManager, "manager");
    let send = async |who: &Actor, case: &str, seconds: i64| {
        place.store.send_direct_mail(&Scope::of(who), case, words, soon(seconds)).await.unwrap()
    };
    let silent = submitted(&place.store, &applicant("hanako")).await;
    assert_eq!(send(&manager, &silent, 1).await, DirectAnswer::NoAddress);
    let (taro, case) = confirmed(&place).await;
    assert_eq!(send(&taro, &case, 11).await, DirectAnswer::NotFound, "nobody advertises for the bank");
    let DirectAnswer::Left(first) = send(&manager, &case, 11).await else { panic!("it leaves") };
    let leased = mails(&place, 12).await;
    let parcel = leased.iter().find(|parcel| parcel.id == first).unwrap();
    assert!(
        matches!(&parcel.effect, Effect::Mail { mailing: Mailing::Direct(mail), .. } if mail.title() == words.0)
    );
    deliver(&place, parcel, 13).await;
    let anew = Anew { id: &first, reason: AnewReason::AskedFor, mail_to: None };
    let repeated = place.store.send_anew(&Scope::of(&manager), anew, soon(14)).await.unwrap();
    assert_eq!(repeated, AnewAnswer::NoNotice, "an advertisement is judged anew each time");
    // One more waits when the customer withdraws: it never leaves.
    let DirectAnswer::Left(second) = send(&manager, &case, 50).await else { panic!("it waits") };
    let withdrawal = Command::WithdrawConsent {
        party_id: "A1".to_owned(),
        purpose: ConsentPurpose::DirectMail,
        channel: ConsentChannel::Online,
        note: None,
    };
    done(ask(&place.store, &taro, Target::Case { id: &case }, &withdrawal).await);
    assert!(mails(&place, 90).await.iter().all(|parcel| parcel.id != second));
    let line = delivery(&place, &case, &second).await;
    assert_eq!((line.state.as_str(), line.tries[0].said.as_deref()), ("CLOSED", Some("D-11")));
    assert_eq!(send(&manager, &case, 91).await, DirectAnswer::NoConsent);
    sound(&place).await;
}

async fn an_overdue_partner_is_reminded_once_a_day(place: Place) {
    let case = submitted(&place.store, &applicant("taro")).await;
    screened(&place.store, &case).await;
    let (scope, filter) = (
        Scope::of(&clerk()),
        IncidentFilter { kind: Some(IncidentKind::OverduePromise), ..IncidentFilter::default() },
    );
    let later = noon() + Duration::days(30);
    let overdue = place.store.incidents(&scope, &filter, Bounds::at(later), None, 50).await.unwrap().items;
    let late = overdue.iter().find(|one| one.what == "DECIDE_GUARANTEE").unwrap();
    let ids = vec![late.id.clone()];
    let ask = IncidentAsk { ids: &ids, action: IncidentAction::Remind, reason: None, mail_to: None };
    let remind = async |days: i64| {
        let bounds = Bounds::at(later + Duration::days(days));
        place.store.handle_incidents(&scope, &ask, bounds).await.unwrap()[0].came_of
    };
    let preview = place.store.preview_incidents(&scope, &ask, Bounds::at(later)).await.unwrap();
    assert_eq!(preview[0].came_of, Ok(IncidentMeans::Reminded));
    assert_eq!(
        place.number("SELECT count(*) FROM outbox WHERE version = 0").await,
        0,
        "a preview does nothing"
    );
    assert_eq!(remind(0).await, Ok(IncidentMeans::Reminded));
    assert_eq!(remind(0).await, Err(Hindrance::RemindedToday));
    assert_eq!(remind(1).await, Ok(IncidentMeans::Reminded));
    let reminders = "SELECT count(*) FROM outbox WHERE version = 0 AND kind = 'W01'";
    assert_eq!(place.number(reminders).await, 2);
    // It reaches the partner's inbox, names the case and what is waited for, and nothing else.
    let leased = place.store.lease(Lane::Local, later + Duration::days(2), "a", 200, LEASE).await.unwrap();
    let reminder = leased.iter().find(|parcel| parcel.version == 0).unwrap();
    let Effect::Notify { notice, to: Recipient::Partner { role, .. }, data } = &reminder.effect else {
        panic!("{reminder:?}")
    };
    assert_eq!((*notice, *role, data.items.len()), (NoticeId::W01, Role::Guarantor, 1));
    assert!(!data.number.is_empty() && data.addressee.is_none());
    let text = || "x".to_owned();
    let item = InboxItem {
        subject_ja: text(),
        subject_en: text(),
        body_ja: text(),
        body_en: text(),
        template: text(),
    };
    let number = data.number.clone();
    assert!(place.store.deliver_inbox(reminder, &item, &number, later + Duration::days(2)).await.unwrap());
    sound(&place).await;
}
