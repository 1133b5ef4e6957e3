//! Consents in the store: a message that waits is held back, and a partner without consent finds no case (L-PRIV).

use crate::stories::*;
use db::outbox::{Lane, Parcel};
use db::read::{Filter, Sort, TaskFilter};
use db::{Answer, Scope, Target};
use std::time::Duration;
use workflows::machine::consent::{ConsentChannel, ConsentPurpose, ConsentRecipient};
use workflows::machine::{Actor, Command, Role, Rules};

on_both!(
    a_waiting_message_is_held_back_until_the_consent_is_given_again,
    a_partner_without_consent_finds_no_case,
);

fn withdraw(purpose: ConsentPurpose) -> Command {
    Command::WithdrawConsent {
        party_id: "A1".to_owned(),
        purpose,
        channel: ConsentChannel::Online,
        note: None,
    }
}

fn renew(purpose: ConsentPurpose) -> Command {
    Command::RenewConsent {
        party_id: "A1".to_owned(),
        purpose,
        channel: ConsentChannel::Paper,
        signed_on: workflows::calendar::tokyo_date(noon()),
        wording: "PRIVACY_CONSENT 2026-04".to_owned(),
        recipient: None,
    }
}

async fn leased(place: &Place, seconds: i64) -> Vec<Parcel> {
    place.store.lease(Lane::Local, soon(seconds), "courier", 100, Duration::from_secs(30)).await.unwrap()
}

fn kinds(parcels: &[Parcel], id: &str) -> Vec<String> {
    let mine = parcels.iter().filter(|parcel| parcel.application_id == id);
    mine.filter(|parcel| parcel.channel == db::outbox::Channel::Partner).map(|p| p.kind.clone()).collect()
}

async fn a_waiting_message_is_held_back_until_the_consent_is_given_again(place: Place) {
    let store = &place.store;
    let (taro, hanako) = (applicant("taro"), applicant("hanako"));
    let (one, other) = (submitted(store, &taro).await, submitted(store, &hanako).await);
    screened(store, &one).await;
    screened(store, &other).await;
    let target = Target::Case { id: &one };
    done(ask(store, &taro, target, &withdraw(ConsentPurpose::Guarantee)).await);
    let parcels = leased(&place, 1).await;
    // The request of somebody else leaves: the check can tell.
    assert_eq!(kinds(&parcels, &other), ["GUARANTEE_REQUEST"]);
    assert_eq!(kinds(&parcels, &one), Vec::<String>::new());
    let incidents = store.parked(&Scope::of(&clerk()), None, 10).await.unwrap().items;
    let [incident] = incidents.as_slice() else { panic!("{incidents:?}") };
    assert_eq!((incident.kind.as_str(), &incident.application_id), ("GUARANTEE_REQUEST", &one));
    assert_eq!(incident.error, "L-PRIV N-CONSENTS: A1 GUARANTEE");
    // Sent again without the consent it is held back again; with it, it leaves under its old id.
    assert!(store.resend(&Scope::of(&clerk()), &incident.id, soon(2)).await.unwrap());
    assert_eq!(kinds(&leased(&place, 3).await, &one), Vec::<String>::new());
    done(ask(store, &taro, target, &renew(ConsentPurpose::Guarantee)).await);
    assert!(store.resend(&Scope::of(&clerk()), &incident.id, soon(4)).await.unwrap());
    let sent = leased(&place, 5).await;
    assert_eq!(kinds(&sent, &one), ["GUARANTEE_REQUEST"]);
    assert_eq!(sent.iter().find(|parcel| parcel.application_id == one).unwrap().id, incident.id);
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
}

/// Whether each way of reading finds the case.
async fn found(place: &Place, who: &Actor, id: &str) -> [bool; 4] {
    let (store, scope) = (&place.store, Scope::of(who));
    let listed = store.list(&scope, &Filter::default(), Sort::UpdatedDesc, None, 10).await.unwrap();
    let tasks = store.tasks(&scope, &TaskFilter::default(), None, 10).await.unwrap();
    // A role that may write no memo shows by its refusal that it reaches the case.
    let answer = ask(store, who, Target::Case { id }, &memo("x")).await;
    [
        store.case(&scope, id).await.unwrap().is_some(),
        listed.items.iter().any(|row| row.id == id),
        tasks.items.iter().any(|task| task.application_id == id),
        !matches!(answer, Answer::NotFound),
    ]
}

async fn a_partner_without_consent_finds_no_case(place: Place) {
    let store = &place.store;
    let taro = applicant("taro");
    let id = submitted(store, &taro).await;
    screened(store, &id).await;
    let target = Target::Case { id: &id };
    let guarantor = partner(Role::Guarantor, &rulebook().partner(&form(), Role::Guarantor));
    // What is for another recipient is none of the guarantor's matter.
    done(ask(store, &taro, target, &withdraw(ConsentPurpose::RepaymentAbility)).await);
    assert_eq!(found(&place, &guarantor, &id).await, [true; 4]);
    done(ask(store, &taro, target, &withdraw(ConsentPurpose::Guarantee)).await);
    assert_eq!(found(&place, &guarantor, &id).await, [false; 4], "nothing of the case is there");
    let staff = store.case(&Scope::of(&clerk()), &id).await.unwrap().unwrap();
    assert!(staff.withheld_from.contains(&ConsentRecipient::Guarantor));
    done(ask(store, &taro, target, &renew(ConsentPurpose::Guarantee)).await);
    assert_eq!(found(&place, &guarantor, &id).await, [true; 4]);
}
