//! Bad input, on both engines: a clear refusal that names the field, nothing written, never a fault of the server.

use crate::house::{CREATE, House, SUBMIT, channel, form, person};
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};
use workflows::sample::Sample;

macro_rules! on_both {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread")]
            async fn sqlite() {
                super::$name(crate::house::House::open().await).await;
            }

            #[tokio::test(flavor = "multi_thread")]
            async fn postgres() {
                super::$name(crate::house::House::on_postgres().await).await;
            }
        }
    )+ };
}

on_both!(
    wrong_values_are_named,
    control_characters_are_refused_wherever_text_stands,
    rare_letters_come_back_as_they_were,
    what_no_form_is_never_reaches_the_store,
    eight_at_once_with_eight_keys_have_one_effect,
);

fn clerk() -> Actor {
    person(Role::BranchClerk, "clerk")
}

/// How many applications there are.
async fn count(house: &House) -> Value {
    let data = house.data(&clerk(), "{ applications(first: 1) { totalCount } }", json!({})).await;
    data["applications"]["totalCount"].clone()
}

/// The sample form with another value at a place.
fn with(pointer: &str, value: Value) -> Value {
    let mut form = form(Sample::Purchase);
    let (parent, key) = pointer.rsplit_once('/').expect("pointer");
    match form.pointer_mut(parent).expect("parent") {
        Value::Object(map) => drop(map.insert(key.to_owned(), value)),
        Value::Array(items) => items[key.parse::<usize>().expect("index")] = value,
        other => panic!("{other}"),
    }
    form
}

async fn wrong_values_are_named(house: House) {
    let cases = [
        ("/parties/0/birthDate", json!("1990-02-30"), "form.parties[0].birthDate", "FORM-DATE"),
        ("/parties/0/birthDate", json!("0000-00-00"), "form.parties[0].birthDate", "FORM-DATE"),
        ("/requestedAmountYen", json!(0), "form.requestedAmountYen", "FORM-AMOUNT"),
        ("/requestedAmountYen", json!(-1), "form.requestedAmountYen", "FORM-AMOUNT"),
        (
            "/requestedAmountYen",
            json!(1_000_000_000_000_000_000_i64),
            "form.requestedAmountYen",
            "FORM-AMOUNT",
        ),
        ("/parties/0/nameKanji", json!("青木\r\n優子"), "form.parties[0].nameKanji", "FORM-TEXT"),
        ("/parties/0/nameKanji", json!("青木\u{0}優子"), "form.parties[0].nameKanji", "FORM-TEXT"),
        ("/parties/0/nameKana", json!("アオキ\u{7}"), "form.parties[0].nameKana", "FORM-TEXT"),
        (
            "/parties/0/address/postalCode",
            json!("８50-3591"),
            "form.parties[0].address.postalCode",
            "FORM-DIGITS",
        ),
        (
            "/disbursementAccount/number",
            json!("１２３４５６７"),
            "form.disbursementAccount.number",
            "FORM-DIGITS",
        ),
    ];
    for (pointer, value, field, rule) in cases {
        let shown = value.to_string();
        let data = house.data(&clerk(), CREATE, json!({ "form": with(pointer, value) })).await;
        let invalid = &data["createDraft"];
        assert_eq!(invalid["__typename"], "Invalid", "{pointer} {shown}: {invalid}");
        let found = invalid["problems"].as_array().expect("problems").iter();
        let found = found.filter(|problem| problem["field"] == field).collect::<Vec<_>>();
        assert!(found.iter().any(|problem| problem["rule"] == rule), "{pointer} {shown}: {invalid}");
        assert!(found.iter().all(|p| !p["messageJa"].as_str().expect("ja").is_empty()), "{invalid}");
    }
    assert_eq!(count(&house).await, 0);
}

async fn control_characters_are_refused_wherever_text_stands(house: House) {
    let id = house.draft(&clerk()).await;
    let submit = "mutation($id: ID!, $n: String) { submitApplication(applicationId: $id, externalId: $n) { __typename \
         ... on Invalid { problems { field rule messageJa messageEn accepted } } } }";
    let memo = "mutation($id: ID!, $t: String!) { addMemo(applicationId: $id, text: $t) { __typename \
         ... on Invalid { problems { field rule } } } }";
    let defects = "mutation($id: ID!, $d: [DefectInput!]!) { recordDefects(applicationId: $id, defects: $d) { __typename \
         ... on Invalid { problems { field rule } } } }";
    let withdraw = "mutation($id: ID!, $r: String) { withdrawApplication(applicationId: $id, reason: $r) { __typename \
         ... on Invalid { problems { field rule } } } }";
    for bad in ["a\u{0}b", "\u{0}", "a\u{1b}[31m", "a\u{7f}"] {
        for (who, mutation, field, variables) in [
            (channel(), submit, "externalId", json!({ "id": id, "n": bad })),
            (clerk(), memo, "text", json!({ "id": id, "t": bad })),
            (
                clerk(),
                defects,
                "defects[0].problem",
                json!({ "id": id, "d": [{ "document": "A", "problem": bad }] }),
            ),
            (channel(), withdraw, "reason", json!({ "id": id, "r": bad })),
        ] {
            let answer = house.ask(&who, mutation, variables).await;
            assert_eq!(answer.status, 200, "{field}: {}", answer.text);
            let text = answer.json()["data"].to_string();
            assert!(text.contains("\"Invalid\"") && text.contains("FORM-TEXT"), "{field}: {}", answer.text);
            assert!(text.contains(&format!("\"{field}\"")), "{field}: {}", answer.text);
        }
        for (query, named) in [
            (
                "query($t: String!) { applications(first: 1, filter: { text: $t }) { totalCount } }",
                "filter.text",
            ),
            ("query($t: String!) { application(number: $t) { id } }", "number"),
            ("mutation($t: ID!) { claimTask(id: $t) { id } }", "id"),
            ("mutation($t: ID!) { startScreening(applicationId: $t) { __typename } }", "applicationId"),
        ] {
            let answer = house.ask(&clerk(), query, json!({ "t": bad })).await;
            assert_eq!(
                (answer.status, answer.code().as_str()),
                (200, "BAD_USER_INPUT"),
                "{query}: {}",
                answer.text
            );
            assert!(answer.text.contains(&format!("{named}: ")), "{query}: {}", answer.text);
        }
    }
    // A cursor that somebody made is text too.
    let cursor = hex::encode("2026-01-01T00:00:00.000000Z\u{1f}a\u{0}");
    let query = "query($c: String) { applications(first: 1, after: $c) { totalCount } }";
    let answer = house.ask(&clerk(), query, json!({ "c": cursor })).await;
    assert_eq!(answer.code(), "BAD_USER_INPUT", "{}", answer.text);
    let query = "query($id: ID!) { application(id: $id) { version stage } }";
    let data = house.data(&clerk(), query, json!({ "id": id })).await;
    assert_eq!(data["application"], json!({ "version": 1, "stage": "DRAFT" }));
    // Several lines are no fault.
    let data = house.data(&clerk(), memo, json!({ "id": id, "t": "一行目\r\n二行目\t終" })).await;
    assert_eq!(data["addMemo"]["__typename"], "Done", "{data}");
}

async fn rare_letters_come_back_as_they_were(house: House) {
    for name in ["𠮷田 髙子", "葛\u{e0100}西 凪", "﨑山 彅"] {
        let data =
            house.data(&clerk(), CREATE, json!({ "form": with("/parties/0/nameKanji", json!(name)) })).await;
        assert_eq!(data["createDraft"]["__typename"], "Done", "{data}");
        let id = &data["createDraft"]["application"]["id"];
        let query =
            "query($id: ID!) { application(id: $id) { applicantName content { parties { nameKanji } } } }";
        let shown = &house.data(&clerk(), query, json!({ "id": id })).await["application"];
        assert_eq!(
            (&shown["applicantName"], &shown["content"]["parties"][0]["nameKanji"]),
            (&json!(name), &json!(name))
        );
    }
}

async fn what_no_form_is_never_reaches_the_store(house: House) {
    for wrong in [
        with("/colour", json!("red")),
        with("/requestedAmountYen", json!("lots")),
        with("/requestedAmountYen", json!(1.5)),
        with("/parties", json!("nobody")),
        with("/parties/0", json!(null)),
        json!([]),
        json!("form"),
    ] {
        let answer = house.ask(&clerk(), CREATE, json!({ "form": wrong })).await;
        let refused = answer.json()["data"]["createDraft"]["__typename"] == "Invalid"
            || (answer.status == 400 && !answer.code().is_empty());
        assert!(refused && !answer.text.contains("INTERNAL"), "{wrong}: {} {}", answer.status, answer.text);
    }
    assert_eq!(count(&house).await, 0);
}

async fn eight_at_once_with_eight_keys_have_one_effect(house: House) {
    let id = house.draft(&clerk()).await;
    let counter = channel();
    let asked = (0..8).map(|_| house.ask(&counter, SUBMIT, json!({ "id": id, "v": 1 })));
    let answers = futures::future::join_all(asked).await;
    let mut ends: Vec<String> = vec![];
    for answer in &answers {
        assert_eq!(answer.status, 200, "{}", answer.text);
        let end = answer.json()["data"]["submitApplication"]["__typename"].as_str().map(str::to_owned);
        ends.push(end.unwrap_or_else(|| panic!("{}", answer.text)));
    }
    ends.sort();
    assert_eq!(ends, [vec!["Conflict"; 7], vec!["Done"]].concat());
    assert_eq!(db::verify::verify(&house.store).await.expect("verified").violations, vec![]);
}
