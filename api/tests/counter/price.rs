//! Prices over the API: a quote that explains itself, repayments side by side, and who may ask.

use crate::house::{House, SUBMIT, channel, form, person};
use serde_json::{Value, json};
use workflows::machine::Role;
use workflows::sample::Sample;

const QUOTE: &str = "query($id: ID!, $date: Date!) { quote(applicationId: $id, date: $date) { \
     problems { field rule accepted messageJa } date bookVersion provisional \
     conditions { condition met standing rules } \
     loans { loanNo applicablePercent sumPercent withConditionsPercent paymentYen repayments \
       lines { component label { ja en } rules pointsPercent because origin effectiveFrom lostPercent } } \
     mix { loanContracts parts { loanNo bonusPercent } } fees { fee amountYen rules } totalFeesYen } }";

const SIMULATE: &str = "query($s: [RepaymentScenario!]!, $first: Int!, $after: Int) { \
     simulateRepayment(scenarios: $s, first: $first, after: $after) { label problems { field rule accepted } \
     ratePercent standardPercent paymentYen repayments totalInterestYen moreRows \
     rows { no due paymentYen balanceYen } } }";

fn thousandths(percent: &Value) -> i64 {
    let text = percent.as_str().expect("a decimal").replace('.', "");
    text.parse().expect("three decimals")
}

#[tokio::test]
async fn a_quote_explains_itself_to_staff_and_applicants() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let date = form(Sample::Purchase)["requestedDisbursementDate"].clone();
    for actor in [&clerk, &channel()] {
        let quote = house.data(actor, QUOTE, json!({ "id": id, "date": date })).await["quote"].clone();
        assert_eq!(quote["problems"], json!([]), "{quote}");
        let loan = &quote["loans"][0];
        let lines = loan["lines"].as_array().expect("lines");
        assert_eq!(lines.len(), 7, "{loan}");
        let sum: i64 = lines.iter().map(|line| thousandths(&line["pointsPercent"])).sum();
        assert_eq!(sum, thousandths(&loan["applicablePercent"]), "{loan}");
        assert_eq!((&lines[0]["component"], &lines[0]["rules"]), (&json!("STANDARD_RATE"), &json!(["C-21"])));
        assert!(lines[0]["effectiveFrom"].is_string() && lines[0]["label"]["ja"].is_string(), "{loan}");
        assert_eq!(quote["provisional"], true, "the guarantor has not answered: {quote}");
        assert_eq!(quote["conditions"].as_array().map(Vec::len), Some(2));
        assert!(quote["totalFeesYen"].as_i64().is_some_and(|yen| yen > 0), "{quote}");
    }
    let late = house.data(&clerk, QUOTE, json!({ "id": id, "date": "2031-01-06" })).await["quote"].clone();
    assert_eq!(
        (&late["problems"][0]["rule"], &late["problems"][0]["field"]),
        (&json!("C-21"), &json!("date"))
    );
    assert!(
        late["problems"][0]["accepted"].as_str().is_some_and(|text| text.contains("2028-06-30")),
        "{late}"
    );
    assert_eq!(late["loans"], Value::Null);
    let wrong = house.ask(&clerk, QUOTE, json!({ "id": id, "date": "2026-02-30" })).await;
    assert_eq!(wrong.code(), "BAD_USER_INPUT", "{}", wrong.text);
}

#[tokio::test]
async fn a_price_is_for_those_who_deal_with_the_case() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let sent = json!({ "id": id, "date": "2026-06-30" });
    for role in [Role::Guarantor, Role::Insurer, Role::Compliance, Role::Auditor, Role::UserAdmin] {
        let answer = house.ask(&person(role, "somebody"), QUOTE, sent.clone()).await;
        assert!(
            answer.json()["errors"].is_array() && answer.json()["data"].is_null(),
            "{role}: {}",
            answer.text
        );
    }
    let mut other = clerk.clone();
    other.institution = "2978".to_owned();
    let answer = house.ask(&other, QUOTE, sent).await;
    assert_eq!(answer.code(), "NOT_FOUND", "another bank's case: {}", answer.text);
}

#[tokio::test]
async fn scenarios_stand_side_by_side() {
    let house = House::open().await;
    let scenario = |label: &str, more: Value| {
        let mut scenario = json!({
            "label": label, "amountYen": 30_000_000, "disbursedOn": "2026-06-30",
            "firstRepaymentOn": "2026-07-25", "repaymentDay": 25, "termMonths": 420,
        });
        more.as_object().expect("fields").iter().for_each(|(key, value)| scenario[key] = value.clone());
        scenario
    };
    let s = json!([
        scenario("one percent", json!({ "ratePercent": "1.000" })),
        scenario("variable", json!({ "rateType": "VARIABLE" })),
        scenario("too long", json!({ "ratePercent": "1.000", "termMonths": 481 })),
    ]);
    for actor in [person(Role::BranchClerk, "clerk"), channel()] {
        let sent = json!({ "s": s, "first": 2, "after": 418 });
        let data = house.data(&actor, SIMULATE, sent).await["simulateRepayment"].clone();
        let [one, variable, long] = data.as_array().expect("answers").as_slice() else { panic!("{data}") };
        assert_eq!((&one["paymentYen"], &one["totalInterestYen"]), (&json!(84_685), &json!(5_561_493)));
        assert_eq!((&one["repayments"], &one["moreRows"]), (&json!(420), &json!(false)));
        assert_eq!((&one["rows"][0]["no"], &one["rows"][1]["paymentYen"]), (&json!(419), &json!(78_478)));
        assert_eq!(
            (&variable["standardPercent"], &variable["ratePercent"]),
            (&json!("3.000"), &json!("1.150"))
        );
        assert_eq!(long["problems"][0]["field"], "scenarios[2].termMonths", "{long}");
        assert_eq!((&long["problems"][0]["rule"], &long["paymentYen"]), (&json!("C-11"), &Value::Null));
    }
}

#[tokio::test]
async fn a_simulation_costs_its_lines_and_its_scenarios() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let plain = json!({
        "amountYen": 30_000_000, "ratePercent": "1.000", "disbursedOn": "2026-06-30", "repaymentDay": 25,
        "termMonths": 420,
    });
    let code = |count: usize, first: Value| {
        let sent = json!({ "s": vec![plain.clone(); count], "first": first });
        let (house, clerk) = (&house, &clerk);
        async move { house.ask(clerk, SIMULATE, sent).await }
    };
    assert_eq!(code(2, json!(12)).await.json()["errors"], Value::Null);
    assert_eq!(code(5, json!(24)).await.code(), "QUERY_TOO_COMPLEX");
    assert_eq!(code(6, json!(1)).await.code(), "BAD_USER_INPUT", "at most five");
    assert_eq!(code(0, json!(1)).await.code(), "BAD_USER_INPUT");
    assert_eq!(code(1, json!(101)).await.code(), "BAD_USER_INPUT");
}
