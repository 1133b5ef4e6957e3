//! What is accepted and what is not, with the example of the specification.

use super::*;
use aws_lc_rs::rand::SystemRandom;
use chrono::Duration;

/// The secret, message and signature that the specification's own libraries test with.
const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const MESSAGE: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
const BODY: &[u8] = br#"{"test": 2432232314}"#;
const EXPECTED: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

fn then() -> DateTime<Utc> {
    DateTime::from_timestamp(1_614_265_330, 0).expect("a time")
}

fn judged(keys: &[SigningKey], signed: &Signed, body: &[u8], now: DateTime<Utc>) -> Result<(), BadSignature> {
    let keys: Vec<VerifyingKey> = keys.iter().map(SigningKey::verifying).collect();
    verify(&keys, &signed.id, &signed.timestamp, &signed.signature, body, now)
}

#[test]
fn the_example_of_the_specification_is_signed_as_there() {
    let key = SigningKey::parse(SECRET).expect("a secret");
    assert_eq!(key.text(), SECRET);
    let signed = sign(std::slice::from_ref(&key), MESSAGE, then(), BODY).expect("signed");
    assert_eq!(signed.signature, EXPECTED);
    assert_eq!(signed.timestamp, "1614265330");
    assert_eq!(judged(&[key], &signed, BODY, then()), Ok(()));
}

#[test]
fn while_keys_change_either_one_verifies_and_a_stranger_does_not() {
    let random = SystemRandom::new();
    let old = SigningKey::generate(&random).expect("a key");
    let new = SigningKey::generate(&random).expect("a key");
    let pair = SigningKey::generate_private(&random).expect("a key");
    let both = [new.clone(), old.clone(), pair.clone()];
    let signed = sign(&both, MESSAGE, then(), BODY).expect("signed");
    assert_eq!(signed.signature.split(' ').count(), 3);
    assert!(signed.signature.contains(" v1a,"));
    for key in both {
        assert_eq!(judged(&[key], &signed, BODY, then()), Ok(()));
    }
    let stranger = SigningKey::generate(&random).expect("a key");
    assert_eq!(judged(&[stranger], &signed, BODY, then()), Err(BadSignature::Wrong));
    assert_eq!(judged(&[], &signed, BODY, then()), Err(BadSignature::Wrong));
}

#[test]
fn one_changed_byte_anywhere_is_refused() {
    let random = SystemRandom::new();
    for key in [SigningKey::generate(&random), SigningKey::generate_private(&random)] {
        let keys = [key.expect("a key")];
        let signed = sign(&keys, MESSAGE, then(), BODY).expect("signed");
        for at in 0..BODY.len() {
            let mut body = BODY.to_vec();
            body[at] ^= 1;
            assert_eq!(judged(&keys, &signed, &body, then()), Err(BadSignature::Wrong), "byte {at}");
        }
        let other_id = Signed { id: format!("{MESSAGE}x"), ..signed.clone() };
        assert_eq!(judged(&keys, &other_id, BODY, then()), Err(BadSignature::Wrong));
        let later = Signed { timestamp: "1614265331".to_owned(), ..signed.clone() };
        assert_eq!(judged(&keys, &later, BODY, then()), Err(BadSignature::Wrong));
        let (version, text) = signed.signature.split_once(',').expect("a version");
        let mut bytes = STANDARD.decode(text).expect("base64");
        for at in 0..bytes.len() {
            bytes[at] ^= 1;
            let signature = format!("{version},{}", STANDARD.encode(&bytes));
            let forged = Signed { signature, ..signed.clone() };
            assert_eq!(judged(&keys, &forged, BODY, then()), Err(BadSignature::Wrong));
            bytes[at] ^= 1;
        }
        // The signature of one kind under the name of the other is none.
        let renamed = Signed { signature: format!("v1b,{text}"), ..signed.clone() };
        assert_eq!(judged(&keys, &renamed, BODY, then()), Err(BadSignature::Wrong));
    }
}

#[test]
fn five_minutes_either_way_and_not_a_second_more() {
    let keys = [SigningKey::parse(SECRET).expect("a secret")];
    let signed = sign(&keys, MESSAGE, then(), BODY).expect("signed");
    for (seconds, answer) in
        [(300, Ok(())), (-300, Ok(())), (301, Err(BadSignature::Stale)), (-301, Err(BadSignature::Stale))]
    {
        assert_eq!(judged(&keys, &signed, BODY, then() + Duration::seconds(seconds)), answer, "{seconds}");
    }
}

#[test]
fn headers_of_another_form_are_refused_even_with_a_right_signature() {
    let key = SigningKey::parse(SECRET).expect("a secret");
    let verifying = [key.verifying()];
    for timestamp in [
        "",
        "+1614265330",
        " 1614265330",
        "1614265330 ",
        "1614265330.0",
        "１６１４２６５３３０",
        "-1",
        "0x60",
        "161426533000",
    ] {
        let signature = key.sign(&content(MESSAGE, timestamp, BODY));
        let answer = verify(&verifying, MESSAGE, timestamp, &signature, BODY, then());
        assert_eq!(answer, Err(BadSignature::Headers), "{timestamp}");
    }
    let long = "a".repeat(LONGEST_ID + 1);
    for id in ["", "a.1", "a b", "あ", "a\n", &long] {
        let signature = key.sign(&content(id, "1614265330", BODY));
        let answer = verify(&verifying, id, "1614265330", &signature, BODY, then());
        assert_eq!(answer, Err(BadSignature::Headers), "{id}");
        assert_eq!(sign(std::slice::from_ref(&key), id, then(), BODY), Err(BadSignature::Headers), "{id}");
    }
    assert_eq!(verify(&verifying, MESSAGE, "1614265330", "", BODY, then()), Err(BadSignature::Headers));
    for signature in ["v1", "v1,", ",", "v1,!", &EXPECTED[3..], &EXPECTED.replace("v1,", "v1, ")] {
        let answer = verify(&verifying, MESSAGE, "1614265330", signature, BODY, then());
        assert_eq!(answer, Err(BadSignature::Wrong), "{signature}");
    }
    // What stands beside a right one does no harm, and a heap of them is not looked through.
    let beside = format!("v2,AAAA  v1,AAAA {EXPECTED}");
    assert_eq!(verify(&verifying, MESSAGE, "1614265330", &beside, BODY, then()), Ok(()));
    let heap = format!("{}{EXPECTED}", "v1,AAAA ".repeat(MOST_SIGNATURES));
    assert_eq!(verify(&verifying, MESSAGE, "1614265330", &heap, BODY, then()), Err(BadSignature::Wrong));
}

#[test]
fn keys_are_read_strictly_and_never_shown() {
    let pair = SigningKey::generate_private(&SystemRandom::new()).expect("a key");
    let text = pair.text();
    let back = SigningKey::parse(&text).expect("the same");
    assert_eq!(back.text(), text);
    let public = pair.verifying();
    assert_eq!(VerifyingKey::parse(&public.text()).expect("a key").text(), public.text());
    assert!(public.text().starts_with("whpk_"));
    assert_eq!(format!("{pair:?}{public:?}"), "SigningKey(***)VerifyingKey(***)");

    let bytes = |count: usize| format!("whsec_{}", STANDARD.encode(vec![7; count]));
    for (count, good) in [(23, false), (24, true), (64, true), (65, false), (0, false)] {
        assert_eq!(SigningKey::parse(&bytes(count)).is_ok(), good, "{count}");
        assert_eq!(VerifyingKey::parse(&bytes(count)).is_ok(), good, "{count}");
    }
    let mut halves = STANDARD.decode(&text["whsk_".len()..]).expect("base64");
    halves[40] ^= 1;
    let wrong = format!("whsk_{}", STANDARD.encode(&halves));
    for (text, error) in [
        ("secret", BadKey::Prefix),
        ("whpk_AAAA", BadKey::Prefix),
        ("whsec_***", BadKey::Base64),
        ("whsk_AAAA", BadKey::Length),
        (wrong.as_str(), BadKey::Halves),
    ] {
        assert_eq!(SigningKey::parse(text).err(), Some(error), "{text}");
    }
    assert_eq!(VerifyingKey::parse("whpk_AAAA").err(), Some(BadKey::Length));
}
