//! What is read: the application behind its walls, lists, actions, history, explanation.

use crate::house::{House, SUBMIT, channel, form, person};
use chrono::NaiveDate;
use serde_json::{Value, json};
use workflows::calendar::{is_bank_day, tokyo_date};
use workflows::machine::{Actor, Role};
use workflows::sample::Sample;

async fn submitted(house: &House) -> String {
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    id
}

#[tokio::test]
async fn a_clerk_reads_back_what_was_entered() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = submitted(&house).await;
    let query = "query($id: ID!) { application(id: $id) { number stage stageLabel { ja en } applicantName amountYen plannedDate \
         content { requestedAmountYen purpose { code } parties { partyId nameKanji birthDate annualIncomeYen } \
         loans { loanNo amountYen termMonths } } tracks { track key state stateLabel { ja } } \
         openTasks { task role dueOn } deadlines { timer dueAt } defects { problem } } }";
    let data = house.data(&clerk, query, json!({ "id": id })).await;
    let (shown, sent) = (&data["application"], form(Sample::Purchase));
    assert_eq!(shown["content"]["requestedAmountYen"], sent["requestedAmountYen"]);
    assert_eq!(shown["content"]["parties"][0]["birthDate"], sent["parties"][0]["birthDate"]);
    assert_eq!(shown["applicantName"], sent["parties"][0]["nameKanji"]);
    assert_eq!(shown["stageLabel"]["en"], "Submitted");
    assert!(!shown["tracks"].as_array().expect("tracks").is_empty());
    assert!(
        shown["tracks"].as_array().expect("tracks").iter().all(|track| track["track"] != "AML"),
        "{shown}"
    );
    assert!(!shown["openTasks"].as_array().expect("tasks").is_empty());
    let compliance = person(Role::Compliance, "compliance");
    let query = "query($id: ID!) { application(id: $id) { tracks { track } } }";
    let data = house.data(&compliance, query, json!({ "id": id })).await;
    assert!(
        data["application"]["tracks"].as_array().expect("tracks").iter().any(|t| t["track"] == "AML"),
        "{data}"
    );
}

#[tokio::test]
async fn lists_are_paged_and_load_what_a_line_lacks() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    for _ in 0..3 {
        house.draft(&clerk).await;
    }
    let query = "query($after: String) { applications(first: 2, after: $after, sort: UPDATED_ASC, filter: { stages: [DRAFT] }) { \
         totalCount totalIsExact pageInfo { hasNextPage endCursor } edges { cursor node { id stage contentVersion } } } }";
    let first = house.data(&clerk, query, json!({})).await["applications"].clone();
    assert_eq!(
        (&first["totalCount"], &first["pageInfo"]["hasNextPage"]),
        (&json!(3), &json!(true)),
        "{first}"
    );
    assert_eq!(first["edges"][0]["node"]["contentVersion"], 1);
    let rest =
        house.data(&clerk, query, json!({ "after": first["pageInfo"]["endCursor"] })).await["applications"]
            .clone();
    assert_eq!(rest["edges"].as_array().expect("edges").len(), 1, "{rest}");
    assert_eq!(rest["pageInfo"]["hasNextPage"], false);
    let wrong = house.ask(&clerk, query, json!({ "after": "zz" })).await;
    assert_eq!(wrong.code(), "BAD_USER_INPUT", "{}", wrong.text);
}

#[tokio::test]
async fn work_is_claimed_once_and_given_back() {
    let house = House::open().await;
    submitted(&house).await;
    let (one, two) = (person(Role::BranchClerk, "one"), person(Role::BranchClerk, "two"));
    let queue = "{ tasks(first: 10, filter: { unclaimed: true }) { edges { node { id task label { ja } role dueOn isMine } } } }";
    let before = house.data(&one, queue, json!({})).await["tasks"]["edges"].as_array().expect("edges").len();
    let taken = house.data(&one, "mutation { claimNext { id task isMine claimedBy } }", json!({})).await;
    assert_eq!(taken["claimNext"]["isMine"], true, "{taken}");
    let after = house.data(&two, queue, json!({})).await["tasks"]["edges"].as_array().expect("edges").len();
    assert_eq!(after + 1, before);
    let id = &taken["claimNext"]["id"];
    let theirs =
        house.ask(&two, "mutation($id: ID!) { claimTask(id: $id) { id } }", json!({ "id": id })).await;
    assert_eq!(theirs.code(), "NOT_FOUND");
    let back = house
        .data(&one, "mutation($id: ID!) { releaseTask(id: $id) { id isMine } }", json!({ "id": id }))
        .await;
    assert_eq!(back["releaseTask"]["isMine"], false);
}

/// Counts do not depend on the page; what is left counts business days, so it is never more than the days themselves.
#[tokio::test]
async fn a_queue_says_how_much_there_is_and_how_many_business_days_are_left() {
    let house = House::open().await;
    submitted(&house).await;
    let clerk = person(Role::BranchClerk, "one");
    let query = "query($filter: TaskFilter) { tasks(first: 1, filter: $filter) { totalCount totalIsExact \
         edges { node { dueOn businessDaysLeft applicantName applicantKana } } } }";
    let all = house.data(&clerk, query, json!({})).await["tasks"].clone();
    let line = &all["edges"][0]["node"];
    let due: NaiveDate = line["dueOn"].as_str().expect("day").parse().expect("day");
    let left = line["businessDaysLeft"].as_i64().expect("days");
    // The clock of the house stands where the sample was received.
    let today = tokyo_date(Sample::Purchase.form().expect("form").received_at);
    let days = (due - today).num_days();
    let open =
        today.iter_days().skip(1).take(usize::try_from(days).expect("days")).filter(|day| is_bank_day(*day));
    assert_eq!(left, i64::try_from(open.count()).expect("count"), "{days} days");
    assert!(!line["applicantKana"].as_str().expect("kana").is_empty(), "{line}");
    let count = all["totalCount"].as_i64().expect("count");
    assert!(count > 1 && all["totalIsExact"] == true, "{all}");
    assert_eq!(all["edges"].as_array().expect("edges").len(), 1);
    let mine = json!({ "filter": { "mine": true } });
    assert_eq!(house.data(&clerk, query, mine.clone()).await["tasks"]["totalCount"], 0);
    house.data(&clerk, "mutation { claimNext { id } }", json!({})).await;
    assert_eq!(house.data(&clerk, query, mine).await["tasks"]["totalCount"], 1);
    let foreign = person(Role::BranchClerk, "two");
    assert_eq!(house.data(&foreign, query, json!({})).await["tasks"]["totalCount"], count);
}

#[tokio::test]
async fn the_history_tells_field_by_field_what_changed() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let mut changed = form(Sample::Purchase);
    let own_funds = changed["ownFundsYen"].as_i64().expect("yen");
    changed["parties"][0]["phone"] = json!("03-0000-9999");
    let edit = "mutation($id: ID!, $form: FormInput!) { editDraft(applicationId: $id, form: $form) { __typename ... on Invalid { problems { field rule } } } }";
    let done = house.data(&clerk, edit, json!({ "id": id, "form": changed })).await;
    assert_eq!(done["editDraft"]["__typename"], "Done", "{done} {own_funds}");
    let query = "query($id: ID!, $after: String) { timeline(applicationId: $id, first: 1, after: $after) { pageInfo { hasNextPage endCursor } \
         edges { node { version verb label { ja } role actor changes { path before after } } } } }";
    let first = house.data(&clerk, query, json!({ "id": id })).await["timeline"].clone();
    assert_eq!(first["pageInfo"]["hasNextPage"], true, "{first}");
    let second =
        house.data(&clerk, query, json!({ "id": id, "after": first["pageInfo"]["endCursor"] })).await;
    let node = &second["timeline"]["edges"][0]["node"];
    assert_eq!((&node["verb"], &node["actor"]), (&json!("editDraft"), &json!("clerk")), "{node}");
    let changes = node["changes"].as_array().expect("changes");
    let phone: Vec<&Value> =
        changes.iter().filter(|change| change["path"] == "content.parties[A1].phone").collect();
    assert_eq!(phone.len(), 1, "{changes:?}");
    assert_eq!(phone[0]["after"], "03-0000-9999");
    // Operations see that something changed, and not what is behind their wall.
    let operations = person(Role::Auditor, "auditor");
    let text = house.data(&operations, query, json!({ "id": id, "after": "1" })).await.to_string();
    assert!(!text.contains("phone") && !text.contains("9999"), "{text}");
}

#[tokio::test]
async fn memos_stay_with_colleagues() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = submitted(&house).await;
    let add = "mutation($id: ID!) { addMemo(applicationId: $id, text: \"call back\") { __typename } }";
    house.data(&clerk, add, json!({ "id": id })).await;
    let memos = "query($id: ID!) { memos(applicationId: $id) { text by version } }";
    let data = house.data(&person(Role::ScreeningOfficer, "officer"), memos, json!({ "id": id })).await;
    assert_eq!(data["memos"][0]["text"], "call back");
    let absent = house.ask(&clerk, memos, json!({ "id": "none" })).await;
    assert_eq!(absent.code(), "NOT_FOUND");
}

#[tokio::test]
async fn it_is_explained_where_a_case_is_and_who_moves_it() {
    let house = House::open().await;
    let id = submitted(&house).await;
    let query = "query($id: ID!) { explain(applicationId: $id) { stage waitingFor { task role dueOn } deadlines { timer } \
         ways { row verb to by unmet { code ja clearedBy } because } } }";
    let data = house.data(&person(Role::BranchManager, "manager"), query, json!({ "id": id })).await;
    let ways = data["explain"]["ways"].as_array().expect("ways");
    assert!(ways.iter().any(|way| way["row"] == "T05"), "{data}");
    assert!(ways.iter().all(|way| !way["because"].as_str().expect("reason").is_empty()));
    assert!(!data["explain"]["waitingFor"].as_array().expect("tasks").is_empty());
}

#[tokio::test]
async fn the_table_and_the_words_are_published() {
    let house = House::open().await;
    let query = "{ workflow { version rows { id verb from to by decides guards because } labels { list code label { ja en } } } \
         me { subject role roleLabel { ja } institution } }";
    let data = house.data(&person(Role::BranchClerk, "clerk"), query, json!({})).await;
    let rows = data["workflow"]["rows"].as_array().expect("rows");
    assert_eq!(rows.len(), workflows::machine::Table::default().rows().len());
    let labels = data["workflow"]["labels"].as_array().expect("labels");
    assert!(labels.iter().any(|each| each["list"] == "Stage" && each["code"] == "SUBMITTED"));
    assert_eq!(data["me"]["role"], "BRANCH_CLERK");
}

#[tokio::test]
async fn fields_come_in_the_order_asked() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = submitted(&house).await;
    // Loaded fields stand before those at hand, so that their order cannot come from who was ready first.
    let query = "query($id: ID!) { z: application(id: $id) { version tracks { ...T } number \
         content { purpose { code } loans { termMonths loanNo } ...C } id ...A stage } me { subject role } } \
         fragment T on TrackInstance { state track key stateLabel { ja en } } \
         fragment C on Form { requestedAmountYen loans { amountYen } } \
         fragment A on Application { label: stageLabel { en ja } defects { problem } content { parties { partyId nameKanji } } }";
    let answer = house.ask(&clerk, query, json!({ "id": id })).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let order = [
        "\"data\":",
        "\"z\":",
        "\"version\":",
        "\"tracks\":",
        "\"state\":",
        "\"track\":",
        "\"key\":",
        "\"stateLabel\":",
        "\"ja\":",
        "\"en\":",
        "\"number\":",
        "\"content\":",
        "\"purpose\":",
        "\"loans\":",
        "\"termMonths\":",
        "\"loanNo\":",
        "\"amountYen\":",
        "\"requestedAmountYen\":",
        "\"parties\":",
        "\"partyId\":",
        "\"nameKanji\":",
        "\"id\":",
        "\"label\":",
        "\"en\":",
        "\"ja\":",
        "\"defects\":",
        "\"stage\":",
        "\"me\":",
        "\"subject\":",
        "\"role\":",
    ];
    let mut rest = answer.text.as_str();
    for key in order {
        let at = rest.find(key).unwrap_or_else(|| panic!("{key} is not next in {}", answer.text));
        rest = &rest[at + key.len()..];
    }
    let mutation = "mutation($id: ID!) { startScreening(applicationId: $id) { \
         ... on Done { rows application { tracks { track } id } version } ... on Blocked { unmet { rule code } code } \
         ... on Invalid { problems { rule field } } __typename } }";
    let answer = house.ask(&clerk, mutation, json!({ "id": id })).await;
    let places: Vec<_> = ["\"rows\":", "\"tracks\":", "\"id\":", "\"version\":", "\"__typename\":"]
        .iter()
        .map(|key| answer.text.find(key))
        .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} in {}", answer.text);
}

#[tokio::test]
async fn the_branches_of_a_bank_are_those_of_its_book() {
    let house = House::open().await;
    let query = "query { me { bankBranches { code name { ja en } } } }";
    let clerk = person(Role::BranchClerk, "clerk");
    assert_eq!(house.data(&clerk, query, json!({})).await["me"]["bankBranches"], json!([]), "no list");
    let elsewhere = Actor {
        institution: workflows::sample::INVENTED_BANK.to_owned(),
        ..person(Role::BranchClerk, "clerk-9")
    };
    let listed = house.data(&elsewhere, query, json!({})).await["me"]["bankBranches"].clone();
    let first = json!({ "code": "101", "name": { "ja": "見本本店", "en": "Sample head office" } });
    assert_eq!((listed.as_array().map(Vec::len), &listed[0]), (Some(3), &first), "{listed}");

    // A new draft for a branch that is not on the list is refused, with what is accepted; one on the list is taken.
    let create = "mutation($form: FormInput!) { createDraft(form: $form) { __typename ... on Invalid { problems { field rule messageJa \
         messageEn } } } }";
    let mut form = form(Sample::Purchase);
    form["institution"]["bankCode"] = json!(workflows::sample::INVENTED_BANK);
    let refused = house.data(&elsewhere, create, json!({ "form": form })).await["createDraft"].clone();
    let problem = &refused["problems"][0];
    assert_eq!(
        (&problem["field"], &problem["rule"]),
        (&json!("institution.branchCode"), &json!("B-06")),
        "{refused}"
    );
    let said = |key: &str| problem[key].as_str().expect("text").to_owned();
    assert!(
        said("messageJa").contains("102 見本駅前支店")
            && said("messageEn").contains("101 Sample head office")
    );
    form["institution"]["branchCode"] = json!("102");
    let taken = house.data(&elsewhere, create, json!({ "form": form })).await["createDraft"].clone();
    assert_eq!(taken["__typename"], "Done", "{taken}");
}
