//! What only the demo has: tokens for its users, their list, a page to try queries on.

use crate::house::House;
use serde_json::{Value, json};

#[tokio::test]
async fn a_demo_user_gets_a_token_that_works() {
    let house = House::demo().await;
    let users: Value =
        house.http.get(house.at("auth/users")).send().await.expect("answer").json().await.expect("JSON");
    let clerk =
        users.as_array().expect("users").iter().find(|user| user["role"] == "BRANCH_CLERK").expect("clerk");
    let grant = json!({
        "grant_type": "client_credentials", "client_id": clerk["clientId"], "client_secret": clerk["clientSecret"],
    });
    let as_json = house.http.post(house.at("auth/token")).json(&grant).send().await.expect("answer");
    assert_eq!(as_json.status(), 200);
    let body = format!(
        "grant_type=client_credentials&client_id={}&client_secret={}",
        clerk["clientId"].as_str().expect("id"),
        clerk["clientSecret"].as_str().expect("secret")
    );
    let form =
        house.http.post(house.at("auth/token")).header("content-type", "application/x-www-form-urlencoded");
    let granted: Value = form.body(body).send().await.expect("answer").json().await.expect("JSON");
    let token = granted["access_token"].as_str().expect("token");
    let answer = house
        .http
        .post(house.url())
        .bearer_auth(token)
        .json(&json!({ "query": "{ me { subject role } }" }))
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.json::<Value>().await.expect("JSON")["data"]["me"]["role"], "BRANCH_CLERK");
    for (secret, kind) in [
        ("wrong", "client_credentials"),
        ("", "client_credentials"),
        (clerk["clientSecret"].as_str().expect("secret"), "password"),
    ] {
        let grant = json!({ "grant_type": kind, "client_id": clerk["clientId"], "client_secret": secret });
        let refused = house.http.post(house.at("auth/token")).json(&grant).send().await.expect("answer");
        assert_eq!(refused.status(), 401, "{secret} {kind}");
    }
    let page = house.http.get(house.at("graphiql")).send().await.expect("answer");
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("policy").to_owned();
    assert!(policy.contains("connect-src 'self'"), "{policy}");
    let text = page.text().await.expect("page");
    assert!(!text.contains("http://") && !text.contains("https://"), "the page loads nothing from elsewhere");
}
