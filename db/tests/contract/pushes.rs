//! Messages that are pushed: leased apart from the local lane, one at a time of a case for one partner, on any number of nodes.

use crate::stories::*;
use db::outbox::{Channel, Lane, Outcome, Parcel, partner_address};
use db::{Scope, Target};
use std::time::Duration;
use workflows::machine::{Command, Role};

const LEASE: Duration = Duration::from_secs(30);

on_both!(a_case_is_in_order_at_one_partner);

fn kinds(parcels: &[Parcel]) -> Vec<(&str, &str)> {
    let mut kinds: Vec<(&str, &str)> =
        parcels.iter().map(|parcel| (parcel.application_id.as_str(), parcel.kind.as_str())).collect();
    kinds.sort_unstable();
    kinds
}

async fn a_case_is_in_order_at_one_partner(place: Place) {
    let store = &place.store;
    let mut ids = vec![];
    for who in ["taro", "jiro"] {
        let id = submitted(store, &applicant(who)).await;
        screened(store, &id).await;
        ids.push(id);
    }
    ids.sort();
    // One of them is withdrawn: its request and the cancellation both wait.
    let case = store.case(&Scope::of(&clerk()), &ids[0]).await.unwrap().unwrap();
    let who = applicant(case.applicant.as_deref().unwrap());
    let withdraw = Command::WithdrawApplication { reason: "x".to_owned() };
    done(ask(store, &who, Target::Case { id: &ids[0] }, &withdraw).await);

    let guarantor = partner_address(Role::Guarantor, &case.engagements[&Role::Guarantor]);
    let places = [(case.institution.clone(), guarantor.clone())];
    // The local lane leaves them alone, and takes everybody else's.
    let local = store.lease_local(&places, soon(1), "local", 500, LEASE).await.unwrap();
    // What the partner is told beside them stands in its list at once.
    let theirs = |parcel: &Parcel| parcel.channel == Channel::Partner && parcel.address == guarantor;
    assert!(!local.is_empty() && !local.iter().any(theirs), "{:?}", kinds(&local));
    // Places of another bank, of nobody, and busy ones have nothing.
    for elsewhere in
        [("9999".to_owned(), guarantor.clone()), (case.institution.clone(), "PARTNER:X:Y".to_owned())]
    {
        assert!(store.lease_pushed(&[elsewhere], &[], soon(1), "a", 100, LEASE).await.unwrap().is_empty());
    }
    assert!(store.lease_pushed(&places, &places, soon(1), "a", 100, LEASE).await.unwrap().is_empty());
    assert!(store.lease_pushed(&[], &[], soon(1), "a", 100, LEASE).await.unwrap().is_empty());

    let first = store.lease_pushed(&places, &[], soon(1), "a", 100, LEASE).await.unwrap();
    let wanted = [(ids[0].as_str(), "GUARANTEE_REQUEST"), (ids[1].as_str(), "GUARANTEE_REQUEST")];
    assert_eq!(kinds(&first), wanted, "the cancellation waits, the other case does not");
    // As long as it is in work, and as long as it is tried again later, nothing follows it.
    let request = first.iter().find(|parcel| parcel.application_id == ids[0]).unwrap();
    assert!(store.lease_pushed(&places, &[], soon(2), "b", 100, LEASE).await.unwrap().is_empty());
    let again = Outcome::RetryAt { at: soon(600), error: "push: HTTP 500".to_owned() };
    assert!(store.settle(request, &again, soon(3)).await.unwrap());
    assert!(store.lease_pushed(&places, &[], soon(10), "b", 100, LEASE).await.unwrap().is_empty());
    // A courier that vanishes gives it free under the same id.
    let second = store.lease_pushed(&places, &[], soon(700), "b", 100, LEASE).await.unwrap();
    let request = second.iter().find(|parcel| parcel.application_id == ids[0]).unwrap();
    assert_eq!((request.kind.as_str(), request.attempts), ("GUARANTEE_REQUEST", 2));
    // Given up: the case goes on.
    let given_up = Outcome::Parked { error: "push: HTTP 500".to_owned() };
    assert!(store.settle(request, &given_up, soon(701)).await.unwrap());
    let third = store.lease_pushed(&places, &[], soon(702), "b", 100, LEASE).await.unwrap();
    assert_eq!(kinds(&third), [(ids[0].as_str(), "GUARANTEE_CANCEL")]);
    // The lane of core banking is none of this.
    assert!(store.lease(Lane::Core, soon(702), "c", 100, LEASE).await.unwrap().is_empty());
}
