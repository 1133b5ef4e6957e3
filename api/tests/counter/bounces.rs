//! What a mail system reports at `/hooks/mail`.

use crate::hooks::{Partner, around, asked_of_guarantor, began};
use crate::house::person;
use api::Hooks;
use aws_lc_rs::rand::SystemRandom;
use notifications::signature::{self, SigningKey};
use serde_json::json;
use workflows::machine::Role;

/// A mail system reports what came back: signed, or not at all; the effect is there once.
#[tokio::test]
async fn a_signed_bounce_marks_and_a_forged_one_does_nothing() {
    let key = SigningKey::generate(&SystemRandom::new()).expect("a key");
    let closed = around(Hooks::default()).await;
    let partner = Partner { house: &closed, key: key.clone() };
    let body = |id: &str, status: &str| {
        json!({ "type": "mail.bounced", "data": { "messageId": id, "action": "failed", "status": status } })
            .to_string()
    };
    let text = body("<x@yushi>", "5.1.1");
    assert_eq!(partner.post("mail", &partner.signed("m1", &text), &text).await.0, 404, "nobody reports here");
    let house = around(Hooks { mail: vec![key.verifying()], ..Hooks::default() }).await;
    let partner = Partner { house: &house, key };
    let case = asked_of_guarantor(&house).await;
    let wait = std::time::Duration::from_secs(30);
    let leased = house.store.lease(db::outbox::Lane::Mail, began(), "w", 100, wait).await.expect("leased");
    let mail = leased.iter().find(|parcel| parcel.application_id == case).expect("a mail of the case");
    let proof =
        db::ledger::Proof { said: "250 2.0.0".to_owned(), template: String::new(), hash: String::new() };
    let sent = db::outbox::Outcome::Proven(proof);
    assert!(house.store.settle(mail, &sent, began()).await.expect("settled"));
    let text = body(&mail.message_id(), "5.1.1");
    // Forged: another key, another body, stale.
    let stranger = Partner { house: &house, key: SigningKey::generate(&SystemRandom::new()).expect("a key") };
    assert_eq!(stranger.post("mail", &stranger.signed("m2", &text), &text).await.0, 401);
    let other = body("<y@yushi>", "5.1.1");
    assert_eq!(partner.post("mail", &partner.signed("m3", &other), &text).await.0, 401);
    let before = chrono::Utc::now() - chrono::TimeDelta::minutes(6);
    let stale =
        signature::sign(std::slice::from_ref(&partner.key), "m4", before, text.as_bytes()).expect("signed");
    assert_eq!(partner.post("mail", &stale, &text).await.0, 401);
    // What is no report says what would be accepted.
    for wrong in [body("<x@elsewhere>", "5.1.1"), body("<x@yushi>", "2.0.0"), "{}".to_owned()] {
        let (status, answer, _) = partner.post("mail", &partner.signed("m5", &wrong), &wrong).await;
        assert_eq!((status, answer.to_string().contains("WEBHOOK_BODY")), (400, true), "{answer}");
    }
    let parked = async || {
        let clerk = person(Role::Auditor, "auditor");
        house.store.parked(&db::Scope::of(&clerk), None, 10).await.expect("read").items.len()
    };
    assert_eq!(parked().await, 0, "nothing of this had an effect");
    for result in ["MAIL_MARKED", "KNOWN"] {
        let (status, answer, _) = partner.post("mail", &partner.signed("m6", &text), &text).await;
        assert_eq!((status, &answer["result"]), (200, &json!(result)));
    }
    assert_eq!(parked().await, 1);
}
