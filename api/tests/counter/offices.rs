//! Two persons of one office: one leaves, the other takes over; the bank sees both, a person of another office nothing.

use crate::house::{House, SUBMIT, channel, person};
use crate::sessions::carried_out;
use chrono::{TimeDelta, Utc};
use db::accounts::{account_id, new_account};
use serde_json::{Value, json};
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::{Actor, Role};

const JOBS: &str = "query($of: OfficeJobsOf) { officeJobs(of: $of, first: 10) { edges { node { applicationId number responsible \
     responsibleName left } } } }";
const HAND: &str = "mutation($id: ID!, $to: String!, $reason: HandoverReason!) { handOverJob(applicationId: $id, to: $to, \
     reason: $reason) { handover { from to reasonLabel { ja } } problems { field rule messageJa messageEn accepted } } }";
const TOLD: &str = "query($id: ID!) { handovers(applicationId: $id) { role organisation from to toName by reason isCurrent } }";
const STAFF: &str = "{ colleagues(first: 10) { accountId subject name isLead state } }";
const CHANGE: &str = "mutation($id: ID!, $step: UserAccountStep!) { proposeColleagueChange(id: $id, step: $step) { \
     change { id state proposedBy } problems { field rule } } }";
const NEW: &str = "mutation($login: String!) { proposeColleague(login: $login, name: \"審査 三郎\") { change { id } problems { field } } }";
const APPROVE: &str =
    "mutation($id: ID!) { approveUserAccountChange(id: $id) { change { state } problems { field } } }";

fn reviewer(name: &str) -> Actor {
    person(Role::Guarantor, name)
}

/// A house whose guarantor has a lead and two reviewers, beside somebody of another organisation, and a case that is there.
async fn opened() -> (House, String) {
    let house = House::demo().await;
    let now = Utc::now() - TimeDelta::seconds(5);
    let of = |name: &str, organisation: Option<&str>, lead: bool| {
        let actor = reviewer(name);
        let profile = Profile {
            name: format!("審査 {name}"),
            roles: vec![actor.role],
            branches: vec![],
            organisation: organisation.map(str::to_owned).or(actor.organisation),
            lead,
        };
        let wanted = Wanted { kind: AccountKind::Person, login: name.to_owned(), profile };
        new_account(&account_id(), house.gate.issuer(), &actor.institution, wanted, now)
    };
    let people = [
        of("lead", None, true),
        of("first", None, false),
        of("second", None, false),
        of("stranger", Some("GUARANTOR-9"), true),
    ];
    assert_eq!(house.store.add_accounts(&people, "test", now).await.expect("added"), 4);
    let clerk = person(Role::BranchClerk, "clerk-1");
    let id = house.draft(&clerk).await;
    house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    let start = "mutation($id: ID!) { startScreening(applicationId: $id) { __typename ... on Done { application { proposals { id } } } } }";
    let proposed = house.data(&clerk, start, json!({ "id": id })).await["startScreening"].clone();
    let proposal = proposed["application"]["proposals"][0]["id"].clone();
    let approve = "mutation($id: ID!, $p: String!) { approveProposal(applicationId: $id, proposalId: $p) { __typename } }";
    let manager = person(Role::BranchManager, "manager");
    let done = house.data(&manager, approve, json!({ "id": id, "p": proposal })).await;
    assert_eq!(done["approveProposal"]["__typename"], "Done", "{done} {proposed}");
    (house, id)
}

async fn hand(house: &House, by: &str, to: &str, id: &str, reason: &str) -> Value {
    let given = json!({ "id": id, "to": to, "reason": reason });
    house.data(&reviewer(by), HAND, given).await["handOverJob"].clone()
}

async fn jobs(house: &House, who: &str, of: &str) -> Vec<Value> {
    let data = house.data(&reviewer(who), JOBS, json!({ "of": of })).await;
    let edges = data["officeJobs"]["edges"].as_array().expect("edges").iter();
    edges.map(|edge| edge["node"].clone()).collect()
}

#[tokio::test]
async fn one_leaves_and_the_other_takes_over() {
    let (house, id) = opened().await;
    assert_eq!(jobs(&house, "second", "NOBODY").await[0]["applicationId"], json!(id));
    let taken = hand(&house, "first", "first", &id, "ASSIGNMENT").await;
    assert_eq!((&taken["problems"], &taken["handover"]["to"]), (&json!([]), &json!("first")), "{taken}");
    let refused = hand(&house, "second", "second", &id, "WORKLOAD").await;
    let problem = &refused["problems"][0];
    assert_eq!((&problem["field"], &problem["rule"]), (&json!("applicationId"), &json!("E.2")), "{refused}");
    assert!(["messageJa", "messageEn", "accepted"].iter().all(|it| problem[it] != ""), "{problem}");
    assert_eq!(jobs(&house, "first", "CALLER").await[0]["responsibleName"], "審査 first");

    // The lead proposes that the colleague is blocked; an administrator of the bank decides; the next request is refused.
    let people = house.data(&reviewer("lead"), STAFF, json!({})).await["colleagues"].clone();
    let names: Vec<&Value> = people.as_array().expect("people").iter().map(|it| &it["subject"]).collect();
    assert_eq!(names, ["first", "lead", "second"], "{people}");
    let change = json!({ "id": people[0]["accountId"], "step": "SUSPEND" });
    assert_eq!(house.ask(&reviewer("second"), CHANGE, change.clone()).await.code(), "FORBIDDEN");
    assert_eq!(house.ask(&reviewer("stranger"), CHANGE, change.clone()).await.code(), "NOT_FOUND");
    let proposed =
        house.data(&reviewer("lead"), CHANGE, change).await["proposeColleagueChange"]["change"].clone();
    assert_eq!(house.ask(&reviewer("first"), STAFF, json!({})).await.status, 200, "a proposal blocks nobody");
    let admin = person(Role::UserAdmin, "admin-1");
    let done = house.data(&admin, APPROVE, json!({ "id": proposed["id"] })).await;
    assert_eq!(done["approveUserAccountChange"]["change"]["state"], "APPROVED", "{done}");
    assert_eq!(house.ask(&reviewer("first"), STAFF, json!({})).await.status, 401, "the next request");

    // His case stands without a responsible person until somebody takes it over.
    let open = jobs(&house, "lead", "NOBODY").await;
    assert_eq!((&open[0]["left"], &open[0]["responsible"]), (&json!("first"), &Value::Null), "{open:?}");
    let over = hand(&house, "second", "second", &id, "DEPARTURE").await;
    assert_eq!(
        over["handover"],
        json!({ "from": "first", "to": "second", "reasonLabel": { "ja": "異動・退職" } })
    );
    assert_eq!(jobs(&house, "lead", "NOBODY").await, Vec::<Value>::new());

    // Bank and office read the same record; for another office the case does not exist.
    for reader in [person(Role::BranchClerk, "clerk-1"), person(Role::Auditor, "auditor"), reviewer("lead")] {
        let told = house.data(&reader, TOLD, json!({ "id": id })).await["handovers"].clone();
        assert_eq!(told.as_array().map(Vec::len), Some(2), "{told}");
        let now = &told[0];
        assert_eq!(
            (&now["organisation"], &now["toName"], &now["isCurrent"], &told[1]["isCurrent"]),
            (&json!("GUARANTOR-1"), &json!("審査 second"), &json!(true), &json!(false)),
            "{told}"
        );
    }
    assert_eq!(house.data(&reviewer("stranger"), TOLD, json!({ "id": id })).await["handovers"], json!([]));
    assert_eq!(jobs(&house, "stranger", "OFFICE").await, Vec::<Value>::new());
    let theirs = json!({ "id": id, "to": "stranger", "reason": "ASSIGNMENT" });
    assert_eq!(house.ask(&reviewer("stranger"), HAND, theirs).await.code(), "NOT_FOUND");
    let applicant = person(Role::Applicant, "taro");
    assert_eq!(house.ask(&applicant, TOLD, json!({ "id": id })).await.code(), "GRAPHQL_VALIDATION_FAILED");

    // What the person decides stands under his name, and the bank sees for which organisation.
    let note = "query($id: ID!) { timeline(applicationId: $id, first: 50) { edges { node { actor role organisation verb } } } }";
    let asked = "query($id: ID!) { allowedActions(applicationId: $id) { verb requestId } }";
    let told = house.data(&reviewer("second"), asked, json!({ "id": id })).await;
    let mut actions = told["allowedActions"].as_array().expect("actions").iter();
    let request = &actions.find(|action| action["verb"] == "declineGuarantee").expect("it may")["requestId"];
    let decline = "mutation($id: ID!, $request: ID!) { declineGuarantee(applicationId: $id, requestId: $request) { __typename } }";
    let done = house.data(&reviewer("second"), decline, json!({ "id": id, "request": request })).await;
    assert_eq!(done["declineGuarantee"]["__typename"], "Done", "{done}");
    let lines = house.data(&person(Role::BranchClerk, "clerk-1"), note, json!({ "id": id })).await;
    let mut all = lines["timeline"]["edges"].as_array().expect("edges").iter().map(|edge| &edge["node"]);
    let own = all.find(|line| line["verb"] == "declineGuarantee").expect("the line");
    assert_eq!((&own["actor"], &own["organisation"]), (&json!("second"), &json!("GUARANTOR-1")), "{own}");
    assert!(all.all(|line| line["role"] == "GUARANTOR" || line["organisation"].is_null()), "{lines}");
}

#[tokio::test]
async fn a_lead_adds_a_colleague_when_the_bank_agrees() {
    let (house, _) = opened().await;
    let wrong =
        house.data(&reviewer("lead"), NEW, json!({ "login": "a b" })).await["proposeColleague"].clone();
    assert_eq!(wrong["problems"][0]["field"], "login", "{wrong}");
    assert_eq!(house.ask(&reviewer("first"), NEW, json!({ "login": "third" })).await.code(), "FORBIDDEN");
    let proposed =
        house.data(&reviewer("lead"), NEW, json!({ "login": "third" })).await["proposeColleague"].clone();
    let seen = "{ colleagueChanges(first: 10) { id proposedBy state isLead } }";
    let told = house.data(&reviewer("lead"), seen, json!({})).await["colleagueChanges"].clone();
    assert_eq!(
        (&told[0]["id"], &told[0]["state"]),
        (&proposed["change"]["id"], &json!("PROPOSED")),
        "{told}"
    );
    let admin = person(Role::UserAdmin, "admin-1");
    house.data(&admin, APPROVE, json!({ "id": proposed["change"]["id"] })).await;
    // A change that says nothing of it leaves the lead a lead.
    let people = house.data(&reviewer("lead"), STAFF, json!({})).await["colleagues"].clone();
    let lead = people.as_array().expect("people").iter().find(|it| it["subject"] == "lead").expect("lead");
    let profile = json!({ "name": "審査 主任", "roles": ["GUARANTOR"], "organisation": "GUARANTOR-1" });
    carried_out(&house, &json!({ "id": lead["accountId"], "step": "CHANGE", "profile": profile })).await;
    let people = house.data(&reviewer("lead"), STAFF, json!({})).await["colleagues"].clone();
    let lead = people.as_array().expect("people").iter().find(|it| it["subject"] == "lead").expect("lead");
    assert_eq!((&lead["name"], &lead["isLead"]), (&json!("審査 主任"), &json!(true)), "{people}");
    let me = "{ me { subject role organisation } }";
    let third = house.data(&reviewer("third"), me, json!({})).await["me"].clone();
    assert_eq!(third, json!({ "subject": "third", "role": "GUARANTOR", "organisation": "GUARANTOR-1" }));
    for role in [Role::BranchClerk, Role::Registry, Role::CoreBanking, Role::Applicant] {
        let answer = house.ask(&person(role, "somebody"), STAFF, json!({})).await;
        assert_eq!(answer.code(), "GRAPHQL_VALIDATION_FAILED", "{role}");
    }
}
