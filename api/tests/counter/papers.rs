//! Papers that are made from a case over the API: who may ask, what is made, what is said to be missing.

use crate::house::{House, SUBMIT, channel, person};
use crate::story::{Bank, Library, Theatre, begins_a_job};
use base64::Engine as _;
use db::case_lines::LineAnswer;
use db::{Request, Scope, Target};
use serde_json::{Value, json};
use workflows::machine::{Role, Table};

const FILE: &str = "query($id: ID!, $order: TransferOrderInput!) { transferFile(applicationId: $id, order: $order) { \
     file { date encoding base64 count totalYen deliveredYen costsYen restYen lines { key kind label { en } step side part amountYen } } \
     problems { field rule messageJa messageEn accepted } } }";
const PAPERS: &str = "query($id: ID!) { registrationApplication(applicationId: $id) { \
     application { filingDate office claimYen tax { payableYen reliefApplies } headings { ja en rule lines } text } \
     filings { number kind label { ja } purpose properties rule reason { en } taxYen } \
     missing { field rule messageJa messageEn accepted } } }";

const PAYEE: &str = "mutation($id: ID!, $account: TransferAccountInput!) { recordPayee(applicationId: $id, kind: SELLER, number: 1, \
     amountYen: 29000000, to: { name: \"ミホン（カ\", account: $account }) { __typename ... on Invalid { problems { field rule } } } }";
const REGISTER: &str = "mutation($id: ID!) { recordRegister(applicationId: $id, readOn: \"2026-04-01\", records: [ \
     { propertyNo: 1, title: SELLER, sellerName: \"見本住宅株式会社\" }, { propertyNo: 2, title: NOBODY } ]) { __typename } }";
const FACTS: &str = "mutation($id: ID!, $facts: FilingRecordInput!) { recordFilingFacts(applicationId: $id, facts: $facts) { __typename } }";
const APPROVE: &str = "mutation($id: ID!, $proposal: String!) { approveProposal(applicationId: $id, proposalId: $proposal) { __typename } }";

/// A case whose money can go out. Its id.
async fn ready(house: &House) -> String {
    told(house, "9-ready").await
}

/// The case of a story: every command of it goes through the store. Its id.
pub async fn told(house: &House, story: &str) -> String {
    let done = {
        let (library, table) = (Library::load(), Table::default());
        let rules = workflows::sample::rulebook().expect("rulebook");
        let bank = Bank::of(&rules);
        Theatre::new(&library, &table, &bank).run(story, None).expect("the story").done
    };
    let id = "0198c0de-0000-7000-8000-00000000cafe";
    for (at, (actor, command, now)) in done.iter().enumerate() {
        if begins_a_job(&done, at) {
            let said = (true, false, false, None);
            let taken =
                house.store.answer_engagement(&Scope::of(actor), id, said, *now).await.expect("answered");
            assert!(matches!(taken, LineAnswer::Done(_)), "{taken:?}");
        }
        let target = if at == 0 { Target::New { id } } else { Target::Case { id } };
        let request = Request { actor, now: *now, target, command, expected_version: None, key: None };
        let answer = house.store.execute(request).await.expect("executed");
        assert!(matches!(answer, db::Answer::Done(_)), "{command:?}: {answer:?}");
    }
    id.to_owned()
}

fn account(number: &str) -> Value {
    json!({
        "bankCode": "9998", "bankName": "シケン", "branchCode": "001", "branchName": "ホンテン", "kind": "ORDINARY",
        "number": number,
    })
}

fn order() -> Value {
    json!({ "sender": { "code": "0000000001", "name": "シケンロウドウキンコ", "account": account("0000001") } })
}

fn facts() -> Value {
    json!({
        "office": "さいたま地方法務局",
        "bank": {
            "address": "東京都千代田区試験町一丁目1番1号", "corporateNumber": "012345678901", "representative": "理事長　試験太郎",
        },
        "agent": { "name": "見本花子", "address": "東京都港区見本町2番2号", "telephone": "03-0000-0000" },
        "attachments": ["CAUSE_INFORMATION", "IDENTIFICATION_INFORMATION", "POWER_OF_ATTORNEY", "RESIDENTIAL_BUILDING_CERTIFICATE"],
    })
}

/// The clerk proposes, the manager approves what waits.
async fn four_eyes(house: &House, mutation: &str, mut variables: Value, id: &str) {
    let (clerk, manager) = (person(Role::BranchClerk, "clerk"), person(Role::BranchManager, "manager"));
    variables["id"] = json!(id);
    let proposed = house.data(&clerk, mutation, variables).await;
    let asked = "query($id: ID!) { application(id: $id) { proposals { id } } }";
    let waiting = house.data(&manager, asked, json!({ "id": id })).await;
    let proposal = &waiting["application"]["proposals"][0]["id"];
    assert!(proposal.is_string(), "{proposed} {waiting}");
    let done = house.data(&manager, APPROVE, json!({ "id": id, "proposal": proposal })).await;
    assert_eq!(done["approveProposal"]["__typename"], "Done", "{done}");
}

#[tokio::test]
async fn operations_gets_the_transfers_of_a_ready_case() {
    let house = House::open().await;
    let id = ready(&house).await;
    let operations = person(Role::Operations, "operations");
    let clerk = person(Role::BranchClerk, "clerk");
    // What a record cannot hold is refused with its field, and nothing is proposed.
    let wrong = house.data(&clerk, PAYEE, json!({ "id": id, "account": account("12x") })).await;
    let told = &wrong["recordPayee"]["problems"][0];
    assert_eq!((&told["field"], &told["rule"]), (&json!("to.account.number"), &json!("I.30")), "{wrong}");
    four_eyes(&house, PAYEE, json!({ "account": account("1234567") }), &id).await;
    let shown =
        "query($id: ID!) { application(id: $id) { payees { kind number amountYen account { number } } } }";
    let shown = house.data(&operations, shown, json!({ "id": id })).await;
    let recorded = json!([{ "kind": "SELLER", "number": 1, "amountYen": 29_000_000, "account": { "number": "1234567" } }]);
    assert_eq!(shown["application"]["payees"], recorded);
    let asked = house.data(&operations, FILE, json!({ "id": id, "order": order() })).await;
    let (file, problems) = (&asked["transferFile"]["file"], &asked["transferFile"]["problems"]);
    assert_eq!(
        (problems, &file["count"], &file["totalYen"]),
        (&json!([]), &json!(1), &json!(29_000_000)),
        "{asked}"
    );
    assert_eq!(file["deliveredYen"], 30_000_000);
    let bytes = base64::engine::general_purpose::STANDARD.decode(file["base64"].as_str().expect("text"));
    let bytes = bytes.expect("base64");
    assert_eq!((bytes.len(), &bytes[..3], &bytes[54..58]), (4 * 120, &b"121"[..], &b"0615"[..]));
    let lines = file["lines"].as_array().expect("lines");
    assert_eq!((&lines[0]["kind"], &lines[0]["side"]), (&json!("LOAN_CREDIT"), &json!("CREDIT")));
    assert!(lines.iter().any(|line| line["kind"] == "TRANSFER" && line["step"] == 6), "{lines:?}");
    // While a change of the account waits for its second person there is no file.
    house.data(&clerk, PAYEE, json!({ "id": id, "account": account("7654321") })).await;
    let mut wrong = order();
    wrong["sender"]["name"] = json!("試験労働金庫");
    let refused =
        house.data(&operations, FILE, json!({ "id": id, "order": wrong })).await["transferFile"].clone();
    assert_eq!(refused["file"], Value::Null);
    let mut named: Vec<(&str, &str)> = refused["problems"]
        .as_array()
        .expect("problems")
        .iter()
        .map(|p| (p["field"].as_str().expect("field"), p["rule"].as_str().expect("rule")))
        .collect();
    named.sort_unstable();
    assert_eq!(named, [("payees.SELLER-1", "I.20"), ("sender.name", "I.30")]);
}

#[tokio::test]
async fn the_registration_is_generated_for_staff_and_the_engaged_scrivener() {
    let house = House::open().await;
    let id = ready(&house).await;
    let asking = [person(Role::BranchClerk, "clerk"), person(Role::Scrivener, "scrivener")];
    crate::engagement::answered_by_no_office(&house).await;
    let early = house.ask(&asking[1], PAPERS, json!({ "id": id })).await;
    assert_eq!(early.code(), "NOT_FOUND", "papers open once the office has taken the job: {}", early.text);
    crate::engagement::takes(&house, &asking[1], &id).await;
    for who in &asking {
        let lacking = house.data(who, PAPERS, json!({ "id": id })).await["registrationApplication"].clone();
        assert_eq!((&lacking["application"], &lacking["filings"]), (&Value::Null, &json!([])));
        let missing = lacking["missing"].as_array().expect("missing");
        assert!(missing.iter().any(|p| p["field"] == "office" && p["rule"] == "H-36"), "{missing:?}");
    }
    four_eyes(&house, REGISTER, json!({}), &id).await;
    four_eyes(&house, FACTS, json!({ "facts": facts() }), &id).await;
    for who in &asking {
        let asked = house.data(who, PAPERS, json!({ "id": id })).await;
        let papers = &asked["registrationApplication"];
        assert_eq!(papers["missing"], json!([]), "{papers}");
        assert_eq!(papers["application"]["filingDate"], "2026-06-15");
        let headings = papers["application"]["headings"].as_array().expect("headings");
        assert_eq!(headings.len(), 14);
        assert!(headings.iter().any(|h| h["rule"] == "H-33" && h["en"] == "Debtor"), "{headings:?}");
        assert!(papers["application"]["text"].as_str().expect("text").starts_with("登記申請書\n"));
        let order: Vec<&str> = papers["filings"]
            .as_array()
            .expect("filings")
            .iter()
            .map(|f| f["kind"].as_str().expect("kind"))
            .collect();
        assert_eq!(order, ["PRESERVATION", "TRANSFER_OF_OWNERSHIP", "SETTING"]);
        let shown = "query($id: ID!) { application(id: $id) { registerReading { records { title } } filingFacts { agent { name } } } }";
        let shown = house.data(who, shown, json!({ "id": id })).await["application"].clone();
        assert_eq!(shown["filingFacts"]["agent"]["name"], "見本花子", "{shown}");
        assert_eq!(shown["registerReading"]["records"][1]["title"], "NOBODY", "{shown}");
    }
    let mut stranger = person(Role::Scrivener, "stranger");
    stranger.organisation = Some("SCRIVENER-2".to_owned());
    let answer = house.ask(&stranger, PAPERS, json!({ "id": id })).await;
    assert_eq!(answer.code(), "NOT_FOUND", "{}", answer.text);
}

#[tokio::test]
async fn papers_stay_behind_their_walls() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let operations = person(Role::Operations, "operations");
    let early =
        house.data(&operations, FILE, json!({ "id": id, "order": order() })).await["transferFile"].clone();
    assert_eq!(early["file"], Value::Null);
    assert_eq!(
        (&early["problems"][0]["field"], &early["problems"][0]["rule"]),
        (&json!("applicationId"), &json!("I-07"))
    );
    for role in Role::ALL.iter().copied().filter(|role| !role.is_internal()) {
        let who = if role == Role::Applicant { channel() } else { person(role, "somebody") };
        let sdl = api::graphql::sdl(role).expect("schema");
        let may_order = role == Role::Operations;
        assert_eq!(sdl.contains("transferFile"), may_order, "{role}");
        assert_eq!(sdl.contains("TransferFile"), may_order, "{role}");
        let may_file = matches!(
            role,
            Role::BranchClerk
                | Role::BranchManager
                | Role::ScreeningOfficer
                | Role::Operations
                | Role::Compliance
                | Role::Scrivener
        );
        assert_eq!(sdl.contains("registrationApplication"), may_file, "{role}");
        if !may_order {
            let answer = house.ask(&who, FILE, json!({ "id": id, "order": order() })).await.json();
            assert!(
                answer["errors"].is_array() && answer.pointer("/data/transferFile").is_none(),
                "{role}: {answer}"
            );
        }
        if !may_file {
            let answer = house.ask(&who, PAPERS, json!({ "id": id })).await.json();
            assert!(
                answer["errors"].is_array() && answer.pointer("/data/registrationApplication").is_none(),
                "{role}: {answer}"
            );
        }
    }
}

/// A paper costs what its computing costs: a request cannot ask for many under aliases.
#[tokio::test]
async fn many_papers_in_one_request_are_too_much() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let id = house.draft(&clerk).await;
    let ask = |count: usize| {
        let one = |at| format!("p{at}: registrationApplication(applicationId: $id) {{ missing {{ rule }} }}");
        format!("query($id: ID!) {{ {} }}", (0..count).map(one).collect::<Vec<_>>().join(" "))
    };
    house.data(&clerk, &ask(5), json!({ "id": id })).await;
    let answer = house.ask(&clerk, &ask(30), json!({ "id": id })).await;
    assert_eq!(answer.code(), "QUERY_TOO_COMPLEX", "{}", answer.text);
}
