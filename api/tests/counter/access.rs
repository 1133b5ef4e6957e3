//! Who comes in, and what exists for whom.

use crate::house::{House, form, patient, person};
use serde_json::json;
use workflows::machine::{Actor, Role};
use workflows::sample::Sample;

const ONE: &str = "query($id: ID!) { application(id: $id) { id version } }";

/// SEC-H01.
#[tokio::test]
async fn without_a_good_token_nothing_is_parsed() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let good = house.token(&clerk);
    let expired = house.issuer.token_at(&clerk, 10, 1_000_000_000).expect("token");
    let tampered = format!("{}x", &good[..good.len() - 1]);
    let headers = [None, Some(String::new()), Some("Basic abc".to_owned()), Some("Bearer".to_owned())];
    let tokens = [expired, tampered, "a.b.c".to_owned()].map(|token| Some(format!("Bearer {token}")));
    for header in headers.into_iter().chain(tokens) {
        let mut request = house.http.post(house.url()).body("{not json");
        if let Some(header) = &header {
            request = request.header("authorization", header);
        }
        let response = request.send().await.expect("answer");
        assert_eq!(response.status(), 401, "{header:?}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        let body: serde_json::Value = response.json().await.expect("JSON");
        assert_eq!(body["errors"][0]["extensions"]["code"], "UNAUTHENTICATED");
    }
}

/// SEC-H02.
#[tokio::test]
async fn absent_and_others_are_alike() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let elsewhere = Actor { branches: vec!["999".to_owned()], ..clerk.clone() };
    let other_bank = Actor { institution: "0000".to_owned(), ..clerk.clone() };
    let applicant = person(Role::Applicant, "somebody-else");
    let guarantor = person(Role::Guarantor, "guarantor");
    let absent = house.ask(&clerk, ONE, json!({ "id": "no-such-id" })).await;
    assert_eq!((absent.status, absent.code().as_str()), (200, "NOT_FOUND"), "{}", absent.text);
    assert_eq!(absent.json()["data"], json!({ "application": null }));
    for stranger in [&elsewhere, &other_bank, &applicant, &guarantor] {
        let hidden = house.ask(stranger, ONE, json!({ "id": id })).await;
        assert_eq!(hidden.text, absent.text, "{}", stranger.role);
    }
    // The same for mutations.
    let memo = "mutation($id: ID!) { startScreening(applicationId: $id) { __typename } }";
    let missing = house.ask(&clerk, memo, json!({ "id": "no-such-id" })).await;
    assert_eq!(missing.code(), "NOT_FOUND", "{}", missing.text);
    for stranger in [&elsewhere, &other_bank] {
        let hidden = house.ask(stranger, memo, json!({ "id": id })).await;
        assert_eq!(hidden.text, missing.text, "{}", stranger.role);
    }
}

/// SEC-H02.
#[tokio::test]
async fn a_function_of_another_bank_is_forbidden() {
    let house = House::open().await;
    let stranger = Actor { institution: "0000".to_owned(), ..person(Role::BranchClerk, "stranger") };
    let answer = house.ask(&stranger, crate::house::CREATE, json!({ "form": form(Sample::Purchase) })).await;
    assert_eq!((answer.status, answer.code().as_str()), (200, "FORBIDDEN"), "{}", answer.text);
    assert_eq!(answer.json()["data"], json!({ "createDraft": null }));
}

/// SEC-H14.
#[tokio::test]
async fn what_is_not_for_a_role_is_not_in_its_schema() {
    let house = House::open().await;
    let applicant = person(Role::Applicant, "applicant");
    for query in [
        "{ memos(applicationId: \"x\") { text } }",
        "mutation { approveLoan(applicationId: \"x\") { __typename } }",
        "{ application(id: \"x\") { grounds } }",
        "{ application(id: \"x\") { content { screeningAddOnPercent } } }",
    ] {
        let answer = house.ask(&applicant, query, json!({})).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{query}");
        assert!(answer.json().get("data").is_none(), "{}", answer.text);
        assert!(!answer.text.contains("Did you mean"), "{}", answer.text);
    }
    let admin = person(Role::UserAdmin, "admin");
    let answer = house.ask(&admin, "{ applications(first: 1) { totalCount } }", json!({})).await;
    assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED");
}

#[tokio::test]
async fn a_filter_on_a_hidden_field_is_refused() {
    let house = House::open().await;
    let guarantor = person(Role::Guarantor, "guarantor");
    let query = "{ applications(first: 1, filter: { stages: [SCREENING] }) { edges { node { id } } } }";
    let answer = house.ask(&guarantor, query, json!({})).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT", "{}", answer.text);
}

/// SEC-H13.
#[tokio::test]
async fn introspection_is_off_unless_configured() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    for query in ["{ __schema { queryType { name } } }", "{ __type(name: \"Query\") { name } }"] {
        let answer = house.ask(&clerk, query, json!({})).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{query}");
    }
    let open = House::with(api::Limits { introspection: true, ..patient() }).await;
    let query = "{ __schema { types { name } mutationType { fields { name } } } }";
    let data = open.data(&person(Role::Guarantor, "g"), query, json!({})).await;
    let text = data.to_string();
    assert!(text.contains("approveGuarantee") && !text.contains("approveLoan"), "{text}");
}

/// SEC-H24.
#[tokio::test]
async fn too_much_in_a_minute_is_refused_with_the_time_to_wait() {
    // The query costs 6: whoever has asked once has to wait for a whole minute, however long the asking took.
    let limits = api::Limits { cost_per_minute: 6, ..patient() };
    let house = House::with(limits).await;
    let clerk = person(Role::BranchClerk, "clerk");
    let query = "{ me { subject role institution branches organisation } }";
    assert_eq!(house.ask(&clerk, query, json!({})).await.status, 200);
    let limited = house.ask(&clerk, query, json!({})).await;
    assert_eq!((limited.status, limited.code().as_str()), (429, "RATE_LIMITED"));
    assert!(limited.header("retry-after").is_some());
    assert_eq!(house.ask(&person(Role::BranchClerk, "colleague"), query, json!({})).await.status, 200);
}

/// Registered operations alone: by name or in full; every other is refused before it is parsed.
#[tokio::test]
async fn where_operations_are_registered_nothing_else_is_executed() {
    use api::graphql::persisted::{Persisted, manifest, name_of};
    let known = "{ me { role } }";
    let clerk = person(Role::BranchClerk, "clerk");
    let by_name =
        |name: &str| json!({ "extensions": { "persistedQuery": { "version": 1, "sha256Hash": name } } });
    let ask = async |house: &House, body: serde_json::Value| {
        let answer = house.raw(&clerk, body.to_string(), |request| request).await;
        (answer.status, answer.code())
    };
    let good = (200, String::new());
    let unknown = (400, "PERSISTED_OPERATION_NOT_FOUND".to_owned());
    let strict = House::knowing(Persisted::read(&manifest([known]), true).expect("a manifest")).await;
    assert_eq!(ask(&strict, by_name(&name_of(known))).await, good);
    assert_eq!(ask(&strict, json!({ "query": known })).await, good);
    for other in
        ["{ me { subject } }", "{ me { role }  }", "{ nonsense", "", "{ __schema { queryType { name } } }"]
    {
        assert_eq!(ask(&strict, json!({ "query": other })).await, unknown, "{other}");
        assert_eq!(ask(&strict, by_name(&name_of(other))).await, unknown, "{other}");
    }
    // Where other operations are allowed too, a name saves sending the document and never stands for another.
    let loose = House::knowing(Persisted::read(&manifest([known]), false).expect("a manifest")).await;
    assert_eq!(ask(&loose, by_name(&name_of(known))).await, good);
    assert_eq!(ask(&loose, json!({ "query": "{ me { subject } }" })).await, good);
    assert_eq!(ask(&loose, by_name(&name_of("{ me { subject } }"))).await, unknown);
    let mut both = by_name(&name_of(known));
    both["query"] = json!("{ me { subject } }");
    assert_eq!(ask(&loose, both).await, (400, "BAD_REQUEST".to_owned()));
    for wrong in ["", "abc", &"A".repeat(64), &"g".repeat(64)] {
        assert_eq!(ask(&loose, by_name(wrong)).await, (400, "BAD_REQUEST".to_owned()), "{wrong}");
    }
}
