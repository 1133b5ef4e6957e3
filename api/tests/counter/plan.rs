//! Backward planning over the API: the lender sees every step, those outside their own.

use crate::house::{House, SUBMIT, channel, form, person};
use serde_json::{Value, json};
use workflows::machine::Role;
use workflows::sample::Sample;

fn steps(plan: &Value) -> Vec<&str> {
    plan["steps"].as_array().expect("steps").iter().filter_map(|step| step["step"].as_str()).collect()
}

#[tokio::test]
async fn the_plan_leads_back_from_the_wished_date() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let query = "query($id: ID!) { application(id: $id) { plan { date open feasible bottleneck alternatives \
         steps { step label { ja en } doneOn again earliest latest slack } } } }";
    let draft = house.data(&clerk, query, json!({ "id": id })).await;
    assert_eq!(draft["application"]["plan"], Value::Null, "a draft has no plan");
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let data = house.data(&clerk, query, json!({ "id": id })).await;
    let plan = &data["application"]["plan"];
    assert_eq!(plan["date"], form(Sample::Purchase)["requestedDisbursementDate"], "{plan}");
    let every =
        ["GUARANTEE", "DECLARATION", "INSURANCE", "APPROVAL", "CONTRACT", "PAPERS", "FILING", "FUNDS"];
    assert_eq!(steps(plan), every);
    assert!(plan["bottleneck"].is_string(), "{plan}");
    let others = plan["alternatives"].as_array().expect("alternatives");
    assert_eq!(
        plan["feasible"],
        others.is_empty(),
        "other dates are named where this one is impossible: {plan}"
    );
}

#[tokio::test]
async fn those_outside_see_their_own_steps() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let query = "query($id: ID!) { application(id: $id) { plan { date feasible steps { step latest } } } }";
    let data = house.data(&channel(), query, json!({ "id": id })).await;
    assert_eq!(steps(&data["application"]["plan"]), ["DECLARATION", "CONTRACT", "PAPERS"], "{data}");
    let query = "query($id: ID!) { application(id: $id) { plan { bottleneck } } }";
    let answer = house.ask(&channel(), query, json!({ "id": id })).await;
    assert!(
        answer.json()["errors"].is_array(),
        "whose step is the narrow one is the lender's: {}",
        answer.text
    );
}

#[tokio::test]
async fn a_change_is_previewed_before_it_is_made() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let query = "query($id: ID!, $form: FormInput!) { previewChange(applicationId: $id, form: $form) { \
         possible triggers voids { kind label { en } partyId loanNo document } problems { field } } }";
    let ask = |form: Value| house.data(&clerk, query, json!({ "id": id, "form": form }));
    let same = ask(form(Sample::Purchase)).await["previewChange"].clone();
    assert_eq!((&same["possible"], &same["triggers"]), (&json!(false), &json!([])), "{same}");
    let mut less = form(Sample::Purchase);
    for amount in ["/requestedAmountYen", "/loans/0/amountYen"] {
        let yen = less.pointer_mut(amount).expect("an amount");
        *yen = json!(yen.as_i64().expect("yen") - 1_000_000);
    }
    let shown = ask(less.clone()).await["previewChange"].clone();
    assert_eq!(shown["triggers"], json!(["AMOUNT_DOWN"]), "{shown}");
    let voids = shown["voids"].as_array().expect("voids");
    assert!(
        voids.iter().any(|v| v["kind"] == "DECLARATION" && v["partyId"] == "A1" && v["loanNo"] == 1),
        "{shown}"
    );
    assert!(voids.iter().all(|v| v["kind"] != "APPROVAL"), "nothing is approved yet: {shown}");
    less["parties"][0]["birthDate"] = json!("2026-02-30");
    let wrong = ask(less).await["previewChange"].clone();
    assert_eq!(wrong["problems"][0]["field"], "form.parties[0].birthDate", "{wrong}");
    let data = house
        .data(&clerk, "query($id: ID!) { application(id: $id) { version stage } }", json!({ "id": id }))
        .await;
    assert_eq!(data["application"]["stage"], "SUBMITTED", "a preview changes nothing");
}

/// The applicant does not see the bank's valuation and says nothing of it; what he amends leaves it as it is, whatever his client sends.
#[tokio::test]
async fn an_amendment_keeps_what_the_bank_entered() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let amend = "mutation($id: ID!, $form: FormInput!) { amendApplication(applicationId: $id, form: $form) { __typename } }";
    let look = "query($id: ID!) { application(id: $id) { content { ownFundsYen collateralValuation { amountYen requirementMet } } } }";
    let before = house.data(&clerk, look, json!({ "id": id })).await["application"]["content"].clone();
    let valuation = before["collateralValuation"].clone();
    assert!(valuation["amountYen"].as_i64() > Some(0), "the bank entered one: {before}");
    let sent = [Value::Null, json!({ "amountYen": 1, "requirementMet": false })];
    for (own_funds, theirs) in (5_000_001..).zip(sent) {
        let mut form = form(Sample::Purchase);
        form["ownFundsYen"] = json!(own_funds);
        form["collateralValuation"] = theirs;
        let done = house.data(&channel(), amend, json!({ "id": id, "form": form })).await;
        assert_eq!(done["amendApplication"]["__typename"], "Done", "{done}");
        let after = house.data(&clerk, look, json!({ "id": id })).await["application"]["content"].clone();
        assert_eq!(after, json!({ "ownFundsYen": own_funds, "collateralValuation": valuation }));
    }
}
