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
}

/// The values of an attribute in a page.
fn values<'p>(page: &'p str, attribute: &str) -> Vec<&'p str> {
    let opened = format!("{attribute}=\"");
    page.split(&opened).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn the_query_page_has_everything_it_needs_in_the_program() {
    let house = House::demo().await;
    let get = |path: String| {
        let request = house.http.get(house.at(&path));
        async move { request.send().await.expect("answer") }
    };
    let page = get("graphiql".to_owned()).await;
    assert_eq!(page.status(), 200);
    let policy = page.headers()["content-security-policy"].to_str().expect("policy").to_owned();
    for part in ["default-src 'none'", "script-src 'self';", "connect-src 'self'"] {
        assert!(policy.contains(part), "{policy}");
    }
    let text = page.text().await.expect("page");
    let named = [values(&text, "src"), values(&text, "href")].concat();
    let (inline, files): (Vec<&str>, Vec<&str>) = named.iter().partition(|name| name.starts_with("data:"));
    assert!(files.len() >= 2 && inline.len() <= 1, "{named:?}");
    for file in files {
        let name = file.strip_prefix("/graphiql/").unwrap_or_else(|| panic!("{file} is not of the page"));
        let answer = get(format!("graphiql/{name}")).await;
        assert_eq!(answer.status(), 200, "{file}");
        let kind = answer.headers()["content-type"].to_str().expect("type").to_owned();
        let wanted = if name.ends_with(".js") { "text/javascript" } else { "text/css" };
        assert!(kind.starts_with(wanted), "{file} is {kind}");
        let content = answer.text().await.expect("text");
        if wanted == "text/css" {
            let outside = |rest: &str| !rest.trim_start_matches(['"', '\'']).starts_with("data:");
            assert!(!content.split("url(").skip(1).any(outside) && !content.contains("@import"), "{file}");
        }
    }
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/graphiql");
    let built: Vec<_> = std::fs::read_dir(folder).expect("folder").flatten().collect();
    assert!(built.len() >= 4, "{built:?}");
    for entry in built {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if name == "index.html" { "graphiql".to_owned() } else { format!("graphiql/{name}") };
        let served = get(path).await.bytes().await.expect("bytes");
        assert_eq!(served, std::fs::read(entry.path()).expect("file"), "{name}");
    }
    assert_eq!(get("graphiql/secret.txt".to_owned()).await.status(), 404);
    assert_eq!(get("graphiql/..%2Findex.html".to_owned()).await.status(), 404);
}

#[tokio::test]
async fn outside_the_demo_there_is_no_page_and_no_sign_in() {
    let house = House::open().await;
    for path in ["graphiql", "graphiql/page.js", "graphiql/page.css", "auth/users"] {
        let answer = house.http.get(house.at(path)).send().await.expect("answer");
        assert_eq!(answer.status(), 404, "{path}");
    }
}
