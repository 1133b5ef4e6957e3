//! Accounts over the API: two administrators, no business data, and a change that holds at once.

use crate::house::{House, institution, person};
use crate::sessions::{account_of, carried_out, seated};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use workflows::machine::Role;

const PROPOSE: &str = "mutation($account: UserAccountInput!) { proposeUserAccount(account: $account) { \
     change { id state step login roles stepLabel { ja } } problems { field rule messageJa messageEn accepted } } }";
const APPROVE: &str = "mutation($id: ID!) { approveUserAccountChange(id: $id) { change { accountId state decidedBy } problems { field rule } } }";
const RETURN: &str = "mutation($id: ID!, $reason: String!) { returnUserAccountChange(id: $id, reason: $reason) { \
     change { state reason } problems { rule } } }";
const LIST: &str = "{ userAccounts(first: 20) { id subject name roles roleLabels { ja en } branches state kind } \
     userAccountChanges(first: 20, open: true) { id step proposedBy } }";

#[tokio::test]
async fn two_administrators_create_an_account_that_can_be_used_at_once() {
    let house = House::demo().await;
    let (first, second) = (person(Role::UserAdmin, "admin-1"), person(Role::UserAdmin, "admin-2"));
    let account =
        json!({ "login": "new-clerk", "name": "新任 一郎", "roles": ["BRANCH_CLERK"], "branches": ["001"] });
    let proposed =
        house.data(&first, PROPOSE, json!({ "account": account })).await["proposeUserAccount"].clone();
    assert_eq!(proposed["problems"], json!([]), "{proposed}");
    let id = proposed["change"]["id"].clone();
    let own = house.data(&first, APPROVE, json!({ "id": id })).await["approveUserAccountChange"].clone();
    assert_eq!((&own["change"], &own["problems"][0]["rule"]), (&Value::Null, &json!("E.2")), "{own}");
    let listed = house.data(&second, LIST, json!({})).await;
    assert_eq!(listed["userAccountChanges"][0]["proposedBy"], "admin-1", "{listed}");
    let done = house.data(&second, APPROVE, json!({ "id": id })).await["approveUserAccountChange"].clone();
    assert_eq!(
        (&done["change"]["state"], &done["change"]["decidedBy"]),
        (&json!("APPROVED"), &json!("admin-2"))
    );
    let listed = house.data(&first, LIST, json!({})).await;
    let all = listed["userAccounts"].as_array().expect("accounts");
    let new = all.iter().find(|account| account["subject"] == "new-clerk").expect("account");
    assert_eq!((&new["branches"], &new["kind"]), (&json!(["001"]), &json!("PERSON")), "{new}");
    assert_eq!(listed["userAccountChanges"], json!([]));
    // The account counts, whatever the token of the demo claims.
    let me = "{ me { role branches } }";
    let claimed = person(Role::BranchManager, "new-clerk");
    let answer = house.data(&claimed, me, json!({})).await;
    assert_eq!(answer["me"], json!({ "role": "BRANCH_CLERK", "branches": ["001"] }));
    let back = json!({ "id": account_of(&house, "new-clerk").await, "step": "SUSPEND" });
    carried_out(&house, &back).await;
    assert_eq!(house.ask(&claimed, me, json!({})).await.status, 401, "the next request");
}

#[tokio::test]
async fn accounts_are_for_administrators_who_see_nothing_else() {
    let house = House::demo().await;
    let first = person(Role::UserAdmin, "admin-1");
    let account = json!({ "login": "new", "name": "新任", "roles": ["AUDITOR"] });
    for role in [Role::BranchClerk, Role::BranchManager, Role::Operations, Role::Applicant, Role::Guarantor] {
        for query in [LIST, PROPOSE] {
            let answer = house.ask(&person(role, "somebody"), query, json!({ "account": account })).await;
            assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{role}: {}", answer.text);
        }
    }
    let auditor = person(Role::Auditor, "auditor");
    assert!(
        house.data(&auditor, LIST, json!({})).await["userAccounts"]
            .as_array()
            .is_some_and(|all| !all.is_empty())
    );
    assert_eq!(
        house.ask(&auditor, PROPOSE, json!({ "account": account })).await.code(),
        "GRAPHQL_VALIDATION_FAILED"
    );
    for query in
        ["{ applications(first: 1) { totalCount } }", "{ tasks(first: 1) { pageInfo { hasNextPage } } }"]
    {
        assert_eq!(house.ask(&first, query, json!({})).await.code(), "GRAPHQL_VALIDATION_FAILED", "{query}");
    }
    let wrong =
        json!({ "login": "a b", "name": " ", "roles": ["USER_ADMIN", "BRANCH_CLERK"], "organisation": "X" });
    let refused =
        house.data(&first, PROPOSE, json!({ "account": wrong })).await["proposeUserAccount"].clone();
    let fields: Vec<&str> = refused["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .filter_map(|p| p["field"].as_str())
        .collect();
    assert_eq!(fields, ["login", "name", "roles", "organisation"], "{refused}");
    let taken = json!({ "login": "demo-clerk", "name": "窓口", "roles": ["AUDITOR"] });
    let refused =
        house.data(&first, PROPOSE, json!({ "account": taken })).await["proposeUserAccount"].clone();
    assert_eq!(refused["problems"][0]["field"], "login", "{refused}");
    let change =
        house.data(&first, PROPOSE, json!({ "account": account })).await["proposeUserAccount"].clone();
    let id = change["change"]["id"].clone();
    let mut other = person(Role::UserAdmin, "admin-elsewhere");
    other.institution = "2978".to_owned();
    assert_ne!(other.institution, institution());
    assert_eq!(house.ask(&other, APPROVE, json!({ "id": id })).await.code(), "NOT_FOUND");
    let second = person(Role::UserAdmin, "admin-2");
    let none = house.ask(&second, RETURN, json!({ "id": id, "reason": " " })).await;
    assert_eq!(none.code(), "BAD_USER_INPUT", "{}", none.text);
    let back =
        house.data(&second, RETURN, json!({ "id": id, "reason": "誤入力" })).await["returnUserAccountChange"]
            .clone();
    assert_eq!(back["change"], json!({ "state": "RETURNED", "reason": "誤入力" }), "{back}");
    let id = account_of(&house, "demo-clerk").await;
    let half = "mutation($id: ID!, $step: UserAccountStep!) { proposeUserAccountChange(id: $id, step: $step) { change { id } } }";
    for step in ["CHANGE", "CREATE"] {
        assert_eq!(
            house.ask(&first, half, json!({ "id": id, "step": step })).await.code(),
            "BAD_USER_INPUT",
            "{step}"
        );
    }
}

#[tokio::test]
async fn whoever_is_suspended_while_his_request_arrives_is_not_served() {
    let house = House::demo().await;
    let (browser, csrf) = seated(&house, "demo-clerk").await;
    let body = json!({ "query": "{ me { subject } }" }).to_string();
    let cookies = browser.cookies(crate::provider::HOME);
    let head = format!(
        "POST /graphql HTTP/1.1\r\nhost: x\r\norigin: {}\r\ncookie: {cookies}\r\nx-csrf-token: {csrf}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        crate::provider::HOME,
        body.len()
    );
    let begin = async || {
        let mut stream = tokio::net::TcpStream::connect(house.address).await.expect("connected");
        stream.write_all(head.as_bytes()).await.expect("head");
        stream.write_all(&body.as_bytes()[..10]).await.expect("a part");
        stream.flush().await.expect("sent");
        stream
    };
    let end = async |mut stream: tokio::net::TcpStream| {
        stream.write_all(&body.as_bytes()[10..]).await.expect("the rest");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("answer");
        answer.lines().next().unwrap_or_default().to_owned()
    };
    let fine = begin().await;
    assert!(end(fine).await.contains(" 200 "));
    let under_way = begin().await;
    // Both have been let in before the suspension: the first one has been answered, this one's head was read.
    let probe = begin().await;
    let id = account_of(&house, "demo-clerk").await;
    carried_out(&house, &json!({ "id": id, "step": "SUSPEND" })).await;
    assert!(end(under_way).await.contains(" 401 "));
    assert!(end(probe).await.contains(" 401 "));
}
