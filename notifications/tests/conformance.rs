//! The conformance kit against partners of our own: a good one passes, and each bad one fails at the right line.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use chrono::Utc;
use notifications::conformance::{Kit, KitError, Report};
use notifications::signature::{SigningKey, VerifyingKey, verify};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use workflows::machine::Role;

/// What a bad partner does.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Fault {
    None,
    AcceptsForged,
    ForgetsTheTime,
    AcceptsUnsigned,
    LooksAtOneSignature,
    ParsesFirst,
    FailsOnRepeat,
    CountsRepeats,
    TrustsTheWebhookId,
    KnowsItsFieldsOnly,
    KnowsItsMessagesOnly,
    ForgetsWithdrawals,
    Hangs,
    PostsTwice,
    ReversesTwice,
    GuessesUnknownKeys,
    OrdersAfterReversal,
    ForgetsReferences,
}

#[derive(Default)]
struct Books {
    next: u32,
    /// Receipts by webhook-id and by request.
    by_id: HashMap<String, Value>,
    by_request: HashMap<String, String>,
    withdrawn: Vec<String>,
    /// Postings: reference and the reference of the reversal.
    postings: HashMap<String, (String, Option<String>)>,
}

impl Books {
    fn number(&mut self) -> String {
        self.next += 1;
        format!("R{}", self.next)
    }
}

struct Partner {
    key: VerifyingKey,
    fault: Fault,
    books: Mutex<Books>,
}

type Reply = (StatusCode, String);

fn refused(status: StatusCode) -> Reply {
    (status, json!({ "error": "refused" }).to_string())
}

async fn receive(State(partner): State<Arc<Partner>>, headers: HeaderMap, body: Bytes) -> Reply {
    let header =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
    let (id, time, signature) =
        (header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"));
    if partner.fault == Fault::Hangs {
        std::future::pending::<()>().await;
    }
    if let Err(status) = believed(&partner, (&id, &time, &signature), &body) {
        return refused(status);
    }
    let Ok(envelope) = serde_json::from_slice::<Value>(&body) else {
        return refused(StatusCode::BAD_REQUEST);
    };
    let data = &envelope["data"];
    let message = data["message"].as_str().unwrap_or_default();
    if partner.fault == Fault::KnowsItsFieldsOnly && data.get("later_version").is_some() {
        return refused(StatusCode::UNPROCESSABLE_ENTITY);
    }
    let mut books = partner.books.lock().expect("books");
    if let Some(before) = books.by_id.get(&id).filter(|_| partner.fault != Fault::CountsRepeats) {
        if partner.fault == Fault::FailsOnRepeat {
            return refused(StatusCode::INTERNAL_SERVER_ERROR);
        }
        return (StatusCode::OK, before.to_string());
    }
    let answer = match message {
        "POSTING_ORDER" | "POSTING_QUERY" | "REVERSAL_ORDER" => {
            core(&mut books, partner.fault, message, data)
        }
        "NOT_YET_INVENTED" if partner.fault == Fault::KnowsItsMessagesOnly => {
            return refused(StatusCode::BAD_REQUEST);
        }
        _ => message_of(&mut books, partner.fault, message, data),
    };
    books.by_id.insert(id, answer.clone());
    (StatusCode::OK, answer.to_string())
}

fn believed(
    partner: &Partner,
    (id, time, signature): (&str, &str, &str),
    body: &[u8],
) -> Result<(), StatusCode> {
    let keys = [partner.key.clone()];
    let now = match partner.fault {
        Fault::ForgetsTheTime => {
            time.parse().ok().and_then(|at| chrono::DateTime::from_timestamp(at, 0)).unwrap_or_default()
        }
        _ => Utc::now(),
    };
    let one = match partner.fault {
        Fault::LooksAtOneSignature => signature.split(' ').next().unwrap_or_default(),
        _ => signature,
    };
    // Signed text is the bytes: whoever parses and writes anew signs something else.
    let again = serde_json::from_slice::<Value>(body).ok().map(|value| value.to_string().into_bytes());
    let bytes = match (&again, partner.fault) {
        (Some(again), Fault::ParsesFirst) => again,
        _ => body,
    };
    let judged = verify(&keys, id, time, one, bytes, now);
    match partner.fault {
        Fault::AcceptsForged
            if !signature.is_empty() && judged.is_err_and(|e| e.code() == "WEBHOOK_SIGNATURE") =>
        {
            Ok(())
        }
        Fault::AcceptsUnsigned if signature.is_empty() => Ok(()),
        _ => judged.map(|_| ()).map_err(|_| StatusCode::UNAUTHORIZED),
    }
}

fn message_of(books: &mut Books, fault: Fault, message: &str, data: &Value) -> Value {
    let request = data["request_id"].as_str().unwrap_or_default().to_owned();
    if ["GUARANTEE_CANCEL", "INSURANCE_CANCEL", "SCRIVENER_STOP"].contains(&message) {
        books.withdrawn.push(request.clone());
    }
    let receipt = match books.by_request.get(&request).filter(|_| fault != Fault::TrustsTheWebhookId) {
        Some(receipt) if fault != Fault::CountsRepeats => receipt.clone(),
        _ => books.number(),
    };
    books.by_request.insert(request.clone(), receipt.clone());
    let withdrawn = books.withdrawn.contains(&request) && fault != Fault::ForgetsWithdrawals;
    json!({ "receipt": receipt, "state": if withdrawn { "WITHDRAWN" } else { "OPEN" } })
}

fn core(books: &mut Books, fault: Fault, message: &str, data: &Value) -> Value {
    let key = data["posting_key"].as_str().unwrap_or_default().to_owned();
    let standing = books.postings.get(&key).cloned();
    match (message, standing) {
        ("POSTING_ORDER", Some((reference, None))) if fault != Fault::PostsTwice => {
            json!({ "outcome": "DONE", "reference": reference })
        }
        ("POSTING_ORDER", Some((reference, Some(_)))) if fault != Fault::OrdersAfterReversal => {
            json!({ "outcome": "REVERSED", "reference": reference })
        }
        ("POSTING_ORDER", _) => {
            let reference = books.number();
            books.postings.insert(key, (reference.clone(), None));
            match fault {
                Fault::ForgetsReferences => json!({ "outcome": "DONE" }),
                _ => json!({ "outcome": "DONE", "reference": reference }),
            }
        }
        ("REVERSAL_ORDER", Some((reference, reversed))) => {
            let again = reversed.filter(|_| fault != Fault::ReversesTwice);
            let number = again.unwrap_or_else(|| books.number());
            books.postings.insert(key, (reference, Some(number.clone())));
            json!({ "outcome": "DONE", "reference": number })
        }
        (_, Some((reference, None))) => json!({ "outcome": "DONE", "reference": reference }),
        (_, Some((reference, Some(_)))) => json!({ "outcome": "REVERSED", "reference": reference }),
        (_, None) if fault == Fault::GuessesUnknownKeys => json!({ "outcome": "DONE", "reference": "R0" }),
        (_, None) => json!({ "outcome": "NOT_FOUND" }),
    }
}

async fn checked(role: Role, fault: Fault) -> Report {
    let key = SigningKey::Shared(vec![7; 32]);
    let partner = Partner { key: key.verifying(), fault, books: Mutex::default() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("port");
    let url = format!("http://{}/", listener.local_addr().expect("address"));
    let app = Router::new().route("/", post(receive)).with_state(Arc::new(partner));
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    let patience = Duration::from_millis(if fault == Fault::Hangs { 300 } else { 120_000 });
    let kit = Kit::new(role, &url, key, patience, Utc::now(), "run-1").expect("kit");
    let report = kit.run().await;
    serving.abort();
    report
}

fn failed(report: &Report) -> Vec<&'static str> {
    report.checks.iter().filter(|check| !check.passed).map(|check| check.check).collect()
}

#[tokio::test]
async fn a_good_partner_passes_everything() {
    for (role, total) in
        [(Role::Guarantor, 12), (Role::Insurer, 12), (Role::Scrivener, 12), (Role::CoreBanking, 16)]
    {
        let report = checked(role, Fault::None).await;
        assert!(report.is_clean(), "{role}: {report:#?}");
        assert_eq!((report.passed, report.total), (total, total), "{role}");
    }
}

#[tokio::test]
async fn each_bad_partner_fails_at_the_right_line() {
    use Fault as F;
    let guarantor: &[(Fault, &[&str])] = &[
        (F::AcceptsForged, &["FORGED", "CHANGED"]),
        (F::ForgetsTheTime, &["STALE", "AHEAD"]),
        (F::AcceptsUnsigned, &["UNSIGNED"]),
        (F::LooksAtOneSignature, &["TWO-KEYS"]),
        (F::ParsesFirst, &["CHANGED"]),
        (F::FailsOnRepeat, &["REPEATED"]),
        (F::CountsRepeats, &["REPEATED", "REPEATED-REQUEST"]),
        (F::TrustsTheWebhookId, &["REPEATED-REQUEST"]),
        (F::KnowsItsFieldsOnly, &["UNKNOWN-FIELDS"]),
        (F::KnowsItsMessagesOnly, &["UNKNOWN-MESSAGE"]),
        (F::ForgetsWithdrawals, &["OUT-OF-ORDER"]),
    ];
    for (fault, wanted) in guarantor {
        assert_eq!(failed(&checked(Role::Guarantor, *fault).await), *wanted, "{fault:?}");
    }
    let core: &[(Fault, &[&str])] = &[
        (F::PostsTwice, &["POSTED-ONCE"]),
        (F::ReversesTwice, &["REVERSED-ONCE"]),
        (F::GuessesUnknownKeys, &["NEVER-ORDERED"]),
        (F::OrdersAfterReversal, &["NO-ORDER-AFTER-REVERSAL"]),
        (F::ForgetsReferences, &["ORDER", "QUERY", "POSTED-ONCE"]),
    ];
    for (fault, wanted) in core {
        assert_eq!(failed(&checked(Role::CoreBanking, *fault).await), *wanted, "{fault:?}");
    }
    let hangs = checked(Role::Insurer, F::Hangs).await;
    assert_eq!(hangs.passed, 0, "{hangs:#?}");
    assert!(hangs.checks[0].found.contains("too long"), "{hangs:#?}");
}

#[tokio::test]
async fn where_nobody_listens_nothing_passes_and_what_is_no_address_is_said() {
    let key = SigningKey::Shared(vec![7; 32]);
    let silent = tokio::net::TcpSocket::new_v4().expect("socket");
    silent.bind("127.0.0.1:0".parse().expect("address")).expect("port");
    let url = format!("http://{}/", silent.local_addr().expect("address"));
    let patience = Duration::from_secs(60);
    let kit = Kit::new(Role::Guarantor, &url, key.clone(), patience, Utc::now(), "run").expect("kit");
    let report = kit.run().await;
    assert_eq!((report.passed, report.is_clean()), (0, false), "{report:#?}");
    let kit = |role, url: &str| Kit::new(role, url, key.clone(), patience, Utc::now(), "run").err();
    assert!(matches!(kit(Role::Guarantor, "ftp://host/"), Some(KitError::Address(_))));
    assert!(matches!(kit(Role::Guarantor, "nothing"), Some(KitError::Address(_))));
    assert!(matches!(kit(Role::Auditor, &url), Some(KitError::Role(Role::Auditor))));
}
