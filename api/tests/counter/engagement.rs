//! A scrivener's office over the API: it takes a job, says what it costs, whom it identified and which number the registry gave; paper
//! originals go from hand to hand; its calendar is read by another library.

use crate::house::{House, institution, person};
use crate::node;
use crate::papers::told;
use chrono::{TimeDelta, Utc};
use db::accounts::{account_id, new_account};
use sea_orm::ConnectionTrait;
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use workflows::account::{AccountKind, Profile, Wanted};
use workflows::machine::{Actor, Role};

const PROBLEMS: &str = "lineId problems { field rule messageJa messageEn accepted }";
const DESK: &str = "query($id: ID!) { registrationDesk(applicationId: $id) { organisation engagement { state by } \
     costs { state above estimate { totalYen } bill { totalYen } } identities { partyId method papers verifiedOn by } \
     originals { id kind place holder dueOn isOverdue offeredTo moves { from to givenBy takenBy } } } }";

fn clerk() -> Actor {
    person(Role::BranchClerk, "branch_clerk")
}

/// Somebody of the office that is engaged in the stories.
pub async fn office(house: &House, id: &str, name: &str) -> Actor {
    let engagements = "query($id: ID!) { application(id: $id) { engagements { role organisation } } }";
    let case = house.data(&clerk(), engagements, json!({ "id": id })).await;
    let all = case["application"]["engagements"].as_array().expect("engagements").clone();
    let engaged = all.iter().find(|each| each["role"] == "SCRIVENER").expect("a scrivener");
    let organisation = engaged["organisation"].as_str().map(str::to_owned);
    Actor { organisation, ..person(Role::Scrivener, name) }
}

fn today(house: &House) -> chrono::NaiveDate {
    workflows::calendar::tokyo_date(api::Clock::now(&*house.clock))
}

async fn step(house: &House, who: &Actor, call: &str, id: &str) -> Value {
    let name = call.split('(').next().expect("a name");
    let text = format!("mutation($id: ID!) {{ {call} {{ {PROBLEMS} }} }}");
    house.data(who, &text, json!({ "id": id })).await[name].clone()
}

async fn done(house: &House, who: &Actor, call: &str, id: &str) -> String {
    let answer = step(house, who, call, id).await;
    assert_eq!(answer["problems"], json!([]), "{call}: {answer}");
    answer["lineId"].as_str().expect("a line").to_owned()
}

async fn against(house: &House, who: &Actor, call: &str, id: &str) -> Vec<String> {
    let answer = step(house, who, call, id).await;
    let problems = answer["problems"].as_array().expect("problems");
    assert!(!problems.is_empty() && answer["lineId"].is_null(), "{call}: {answer}");
    assert!(
        problems.iter().all(|it| ["messageJa", "messageEn", "accepted"].iter().all(|part| it[part] != ""))
    );
    problems
        .iter()
        .map(|it| format!("{} {}", it["field"].as_str().unwrap(), it["rule"].as_str().unwrap()))
        .collect()
}

const TAKE: &str =
    "answerEngagement(applicationId: $id, accepts: true, ownOrRelative: false, otherParty: false)";

/// The office takes the job of a case: its papers open.
pub async fn takes(house: &House, who: &Actor, id: &str) {
    done(house, who, TAKE, id).await;
}

/// As a case has it that was filed by a version whose offices did not answer: the office works on it and has said nothing.
pub async fn answered_by_no_office(house: &House) {
    let file = crate::walk::world::connect(house).await;
    let gone = file.execute_unprepared("DELETE FROM case_line WHERE kind = 'ENGAGEMENT'").await.expect("run");
    assert_eq!(gone.rows_affected(), 1);
}

/// A case whose scrivener's office is instructed; no date is fixed yet.
pub async fn instructed(house: &House) -> String {
    let id = told(house, "7-contracted").await;
    let instruct =
        "mutation($id: ID!) { instructScrivener(applicationId: $id, filing: \"F1\") { __typename } }";
    let asked = house.data(&clerk(), instruct, json!({ "id": id })).await;
    assert_eq!(asked["instructScrivener"]["__typename"], "Done", "{asked}");
    id
}

async fn desk(house: &House, who: &Actor, id: &str) -> Value {
    house.data(who, DESK, json!({ "id": id })).await["registrationDesk"].clone()
}

#[tokio::test]
async fn a_job_is_taken_costed_and_its_people_are_identified() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let (first, stranger) = (office(&house, &id, "first").await, person(Role::Scrivener, "stranger"));
    let stranger = Actor { organisation: Some("ELSEWHERE-9".to_owned()), ..stranger };
    let waiting = "{ waitingJobs(first: 5) { edges { node { applicationId organisation state } } } }";
    let asked = house.data(&clerk(), waiting, json!({})).await["waitingJobs"]["edges"].clone();
    assert_eq!(
        (&asked[0]["node"]["applicationId"], &asked[0]["node"]["state"]),
        (&json!(id), &json!("ASKED"))
    );
    let conflict =
        "answerEngagement(applicationId: $id, accepts: true, ownOrRelative: false, otherParty: true)";
    assert_eq!(against(&house, &first, conflict, &id).await, ["accepts E.2"]);
    let identify = "recordIdentity(applicationId: $id, partyId: \"A1\", method: FACE_TO_FACE, papers: [DRIVING_LICENCE], \
         verifiedOn: \"DAY\")";
    let identify = &identify.replace("DAY", &today(&house).to_string());
    assert_eq!(against(&house, &first, identify, &id).await, ["applicationId E.2"]);
    takes(&house, &first, &id).await;
    done(&house, &first, identify, &id).await;
    let unknown = identify.replace("\"A1\"", "\"Z9\"").replace("[DRIVING_LICENCE]", "[SEAL_CERTIFICATE]");
    assert_eq!(against(&house, &first, &unknown, &id).await, ["partyId H-15", "papers H-46"]);
    let figures = "feeYen: 60000, consumptionTaxYen: 6000, registrationTaxYen: 30000, disbursementsYen: 2400";
    let negative = figures.replace("2400", "-1");
    assert_eq!(
        against(&house, &first, &format!("estimateCosts(applicationId: $id, {negative})"), &id).await,
        ["disbursementsYen H-14"]
    );
    done(&house, &first, &format!("estimateCosts(applicationId: $id, {figures})"), &id).await;
    // Who bears the costs is told what was said, and not what the bank and the office settle between them.
    let estimate = "query($id: ID!) { costEstimate(applicationId: $id) { feeYen totalYen estimatedAt } }";
    let customer = person(Role::Applicant, "applicant");
    let told = house.data(&customer, estimate, json!({ "id": id })).await["costEstimate"].clone();
    assert_eq!((&told["feeYen"], &told["totalYen"]), (&json!(60_000), &json!(98_400)), "{told}");
    assert!(told["estimatedAt"].is_string(), "{told}");
    let other = house.ask(&person(Role::Applicant, "somebody"), estimate, json!({ "id": id })).await;
    assert_eq!(other.code(), "NOT_FOUND", "{}", other.text);
    let more = figures.replace("60000", "70000");
    done(&house, &first, &format!("billCosts(applicationId: $id, {more})"), &id).await;
    let seen = desk(&house, &clerk(), &id).await;
    assert_eq!(
        (&seen["costs"]["state"], &seen["costs"]["above"]),
        (&json!("ABOVE"), &json!(["feeYen"])),
        "{seen}"
    );
    assert_eq!(seen["costs"]["estimate"]["totalYen"], json!(98_400), "{seen}");
    assert_eq!(house.data(&customer, estimate, json!({ "id": id })).await["costEstimate"], told);
    done(&house, &clerk(), "agreeToBill(applicationId: $id)", &id).await;
    let seen = desk(&house, &first, &id).await;
    assert_eq!(
        (&seen["costs"]["state"], &seen["engagement"]["by"]),
        (&json!("AGREED"), &json!("first")),
        "{seen}"
    );
    assert_eq!(seen["identities"][0]["papers"], json!(["DRIVING_LICENCE"]), "{seen}");
    // Somebody else's office, the guarantor and the customer are told nothing.
    let hidden = house.ask(&stranger, DESK, json!({ "id": id })).await;
    assert_eq!(hidden.code(), "NOT_FOUND", "{}", hidden.text);
    for role in [Role::Guarantor, Role::Applicant, Role::UserAdmin] {
        let refused = house.ask(&person(role, "somebody"), DESK, json!({ "id": id })).await;
        assert!(refused.json()["data"]["registrationDesk"].is_null(), "{role}: {}", refused.text);
    }
}

/// A worker of a process that has just started.
fn worker(house: &House, folder: &Path) -> api::worker::Worker {
    let list = folder.join("list.jsonl");
    std::fs::write(&list, "").expect("an empty list");
    let settings = api::config::Worker::default();
    api::worker::Worker {
        store: house.store.clone(),
        rules: std::sync::Arc::new(api::commands::place::sample_rules().expect("rules")),
        table: std::sync::Arc::new(workflows::machine::Table::default()),
        clock: house.clock.clone(),
        outside: std::sync::Arc::new(api::outside::Sources::demo(&list).expect("sources")),
        stream: None,
        settings,
        name: account_id(),
    }
}

#[tokio::test]
async fn an_unanswered_job_is_reminded_of_once_also_after_a_restart_and_a_taken_one_never() {
    use workflows::machine::Timer::{JobOverdue, JobReminder};
    let folder = tempfile::tempdir().expect("a folder");
    let system = db::Scope::of(&Actor::internal(Role::System));
    for taken in [false, true] {
        let house = House::open().await;
        let id = instructed(&house).await;
        if taken {
            takes(&house, &office(&house, &id, "first").await, &id).await;
        }
        house.clock.pass(14 * 86_400);
        let stop = tokio_util::sync::CancellationToken::new();
        let mut versions = vec![];
        for _ in 0..3 {
            worker(&house, folder.path()).round(&stop).await.expect("a round");
            let case = house.store.case(&system, &id).await.expect("read").expect("a case");
            let told = [JobReminder, JobOverdue].map(|timer| case.warned.contains(&(timer, "F1".to_owned())));
            assert_eq!(told, [!taken; 2]);
            versions.push(case.version);
        }
        assert!(versions.iter().all(|version| *version == versions[0]), "{versions:?}");
        let reminders = "SELECT count(*) AS n FROM entry WHERE verb IN ('remindPartner', 'escalatePartner')";
        let file = crate::walk::world::connect(&house).await;
        let asked = sea_orm::Statement::from_string(file.get_database_backend(), reminders);
        let row = file.query_one_raw(asked).await.expect("asked").expect("a row");
        let count: i64 = row.try_get_by_index(0).expect("a number");
        assert_eq!(count, if taken { 0 } else { 2 });
    }
}

#[tokio::test]
async fn an_office_that_declines_finds_the_case_no_more() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let first = office(&house, &id, "first").await;
    let case =
        "query($id: ID!) { application(id: $id) { number } tasks(first: 5) { edges { node { id } } } }";
    let before = house.data(&first, case, json!({ "id": id })).await;
    assert_eq!(before["tasks"]["edges"].as_array().map(Vec::len), Some(1), "{before}");
    let decline = "answerEngagement(applicationId: $id, accepts: false, ownOrRelative: false, otherParty: false, reason: WORKLOAD)";
    done(&house, &first, decline, &id).await;
    let after = house.ask(&first, case, json!({ "id": id })).await.json();
    assert!(after["data"]["application"].is_null(), "{after}");
    assert_eq!(after["data"]["tasks"]["edges"], json!([]), "{after}");
    let waiting = "{ waitingJobs(first: 5) { edges { node { state reason } } } }";
    let seen = house.data(&clerk(), waiting, json!({})).await["waitingJobs"]["edges"][0]["node"].clone();
    assert_eq!(seen, json!({ "state": "DECLINED", "reason": "WORKLOAD" }));
}

#[tokio::test]
async fn the_scrivener_enters_the_receipt_with_the_numbers_that_prove_it() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let first = office(&house, &id, "first").await;
    takes(&house, &first, &id).await;
    let today = today(&house);
    let act = async |call: String| {
        let name = call.split('(').next().expect("a name").to_owned();
        let version = house
            .data(&first, "query($id: ID!) { application(id: $id) { version } }", json!({ "id": id }))
            .await;
        let call =
            call.replacen("$id", &format!("$id, expectedVersion: {}", version["application"]["version"]), 1);
        let text = format!(
            "mutation($id: ID!) {{ {call} {{ __typename ... on Blocked {{ unmet {{ code }} }} ... on Invalid {{ problems {{ field rule }} }} }} }}"
        );
        house.data(&first, &text, json!({ "id": id })).await[&name].clone()
    };
    for call in [
        "verifyMortgagors(applicationId: $id, filing: \"F1\", method: \"対面\")".to_owned(),
        format!("readyPapers(applicationId: $id, filing: \"F1\", sealCertificateOn: \"{today}\")"),
        "fileRegistration(applicationId: $id, filing: \"F1\")".to_owned(),
    ] {
        assert_eq!(act(call.clone()).await["__typename"], "Done", "{call}");
    }
    let receipt = |proof: &str| {
        format!(
            "acceptFiling(applicationId: $id, filing: \"F1\", receipt: {{ office: \"さいたま地方法務局\", receivedOn: \"{today}\", number: 4711, \
             proof: {{ applicationNumber: \"{proof}\", confirmationNumber: \"A1B2-C3D4\" }} }})"
        )
    };
    let wrong = act(receipt("１２３４")).await;
    assert_eq!(wrong["problems"][0], json!({ "field": "receipt.proof", "rule": "H-37" }), "{wrong}");
    let taken = act(receipt("20260518-000001")).await;
    assert_eq!(taken["__typename"], "Done", "{taken}");
    let shown = "query($id: ID!) { application(id: $id) { filings { receipt { number proof { applicationNumber confirmationNumber } } } } }";
    let seen = house.data(&clerk(), shown, json!({ "id": id })).await["application"]["filings"][0]["receipt"]
        .clone();
    assert_eq!(
        (&seen["number"], &seen["proof"]["applicationNumber"]),
        (&json!(4711), &json!("20260518-000001"))
    );
    // The customer is shown the number, and not with what the filing is followed at the registry.
    let hidden = house.ask(&person(Role::Applicant, "applicant"), shown, json!({ "id": id })).await;
    assert!(hidden.json()["data"].is_null() || hidden.text.contains("proof"), "{}", hidden.text);
    assert!(!hidden.text.contains("20260518-000001"), "{}", hidden.text);
}

#[tokio::test]
async fn an_original_needs_two_people_and_comes_back() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let (first, second) = (office(&house, &id, "first").await, office(&house, &id, "second").await);
    takes(&house, &first, &id).await;
    let paper =
        done(&house, &clerk(), "registerOriginal(applicationId: $id, kind: MORTGAGE_DEED)", &id).await;
    assert_eq!(
        desk(&house, &first, &id).await["originals"],
        json!([]),
        "what the bank has is no business of the office"
    );
    let due = today(&house);
    let give = format!("offerOriginal(id: $id, to: SCRIVENER, dueOn: \"{due}\")");
    assert_eq!(
        against(&house, &clerk(), "offerOriginal(id: $id, to: SCRIVENER)", &paper).await,
        ["dueOn P-13"]
    );
    done(&house, &clerk(), &give, &paper).await;
    assert_eq!(against(&house, &clerk(), "takeOriginal(id: $id)", &paper).await, ["id P-13", "id P-13"]);
    done(&house, &first, "takeOriginal(id: $id)", &paper).await;
    done(&house, &first, &give.replace("SCRIVENER", "REGISTRY"), &paper).await;
    assert_eq!(against(&house, &first, "takeOriginal(id: $id)", &paper).await, ["id P-13"]);
    done(&house, &second, "takeOriginal(id: $id)", &paper).await;
    let late = "{ originalsDue(first: 5, overdue: true) { edges { node { number original { place isOverdue } } } } }";
    assert_eq!(house.data(&clerk(), late, json!({})).await["originalsDue"]["edges"], json!([]));
    house.clock.pass(3 * 86_400);
    let missed = house.data(&clerk(), late, json!({})).await["originalsDue"]["edges"].clone();
    assert_eq!(missed[0]["node"]["original"], json!({ "place": "REGISTRY", "isOverdue": true }));
    done(&house, &second, "offerOriginal(id: $id, to: BRANCH)", &paper).await;
    done(&house, &clerk(), "takeOriginal(id: $id)", &paper).await;
    let seen = desk(&house, &clerk(), &id).await["originals"][0].clone();
    assert_eq!((&seen["place"], &seen["dueOn"]), (&json!("BRANCH"), &Value::Null), "{seen}");
    assert_eq!(seen["moves"].as_array().map(Vec::len), Some(3), "{seen}");
}

/// What another library reads in a calendar.
pub fn read_by_another(calendar: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/calendar");
    let wanted = std::fs::read(folder.join("requirements.txt")).expect("the pinned list");
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("calendar");
    let (python, stamp) = (home.join("bin/python"), home.join("installed.txt"));
    if std::fs::read(&stamp).ok().as_ref() != Some(&wanted) {
        node::run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&home));
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        node::run(Command::new(&python).args(install).arg(folder.join("requirements.txt")));
        std::fs::write(stamp, wanted).expect("stamp");
    }
    let mut check = Command::new(python);
    check.arg(folder.join("check.py")).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = check.spawn().expect("python");
    std::io::Write::write_all(&mut child.stdin.take().expect("stdin"), calendar.as_bytes()).expect("given");
    let output = child.wait_with_output().expect("an end");
    assert!(output.status.success(), "{calendar}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The same person with an account, which a calendar needs.
pub async fn with_account(house: &House, who: &Actor) -> Actor {
    let profile = Profile {
        name: "司法書士 見本".to_owned(),
        roles: vec![Role::Scrivener],
        branches: vec![],
        organisation: who.organisation.clone(),
        lead: false,
    };
    let wanted = Wanted { kind: AccountKind::Person, login: "first".to_owned(), profile };
    let begun = Utc::now() - TimeDelta::seconds(5);
    let account = new_account(&account_id(), house.gate.issuer(), &institution(), wanted, begun);
    let subject = account.subject.clone();
    assert_eq!(house.store.add_accounts(&[account], "test", begun).await.expect("added"), 1);
    Actor { subject, ..who.clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_is_read_under_its_secret_and_ends_with_it() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let first = with_account(&house, &office(&house, &id, "first").await).await;
    let make = "mutation { makeCalendarFeed { path } }";
    let made = house.data(&first, make, json!({})).await["makeCalendarFeed"]["path"].clone();
    let path = made.as_str().expect("a path").to_owned();
    let get = async |path: &str, tag: Option<&str>| {
        let request = house.http.get(format!("http://{}{path}", house.address));
        let request = tag.iter().fold(request, |request, tag| request.header("if-none-match", *tag));
        let answer = request.send().await.expect("an answer");
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        (status, headers, answer.text().await.expect("text"))
    };
    let (status, headers, calendar) = get(&path, None).await;
    assert_eq!(status, 200, "{calendar}");
    assert_eq!(headers["content-type"], "text/calendar; charset=utf-8");
    assert_eq!(headers["cache-control"], "private, no-store");
    let tag = headers["etag"].to_str().expect("a tag").to_owned();
    assert_eq!(get(&path, Some(&tag)).await.0, 304);
    let read = read_by_another(&calendar);
    assert_eq!((&read["version"], &read["errors"]), (&json!("2.0"), &json!([])), "{read}");
    let number = "query($id: ID!) { application(id: $id) { number plannedDate applicantName } tasks(first: 5) { edges { node { dueOn } } } }";
    let case = house.data(&first, number, json!({ "id": id })).await;
    let number = case["application"]["number"].as_str().expect("a number");
    let events = read["events"].as_array().expect("events");
    let on = |words: &str| {
        events.iter().find(|it| it["summary"] == format!("{words} {number}")).expect("the event")
    };
    assert_eq!(on("決済")["start"], case["application"]["plannedDate"]);
    assert_eq!(on("設定者の本人確認（期限）")["start"], case["tasks"]["edges"][0]["node"]["dueOn"]);
    assert!(!calendar.contains(case["application"]["applicantName"].as_str().expect("a name")), "{calendar}");
    // Anybody else's guess, half of it, another's id, all alike; and the secret stands nowhere in the database.
    let (id_of, secret) = path.trim_start_matches("/calendar/").split_once('/').expect("two parts");
    let other = format!("/calendar/{id_of}/{}.ics", "A".repeat(43));
    let shorter = format!("/calendar/{id_of}/{}", &secret[1..]);
    let elsewhere = format!("/calendar/{}/{secret}", "0".repeat(32));
    for wrong in [other.as_str(), &shorter, &elsewhere] {
        let (status, _, text) = get(wrong, None).await;
        assert_eq!((status, text.contains("NOT_FOUND")), (404, true), "{wrong}: {text}");
    }
    let digest = house.store.calendar_feed(id_of).await.expect("read").expect("a feed").digest;
    assert!(digest.len() == 64 && !secret.contains(&digest), "{digest}");
    // A new address ends the old one; revoking ends it; a declined job leaves the calendar.
    let again = house.data(&first, make, json!({})).await["makeCalendarFeed"]["path"].clone();
    assert_eq!(get(&path, None).await.0, 404);
    let path = again.as_str().expect("a path").to_owned();
    let decline = "answerEngagement(applicationId: $id, accepts: false, ownOrRelative: false, otherParty: false, reason: AREA)";
    done(&house, &first, decline, &id).await;
    assert!(!get(&path, None).await.2.contains(number), "a job that was declined");
    assert_eq!(
        house.data(&first, "mutation { revokeCalendarFeed }", json!({})).await["revokeCalendarFeed"],
        true
    );
    assert_eq!(get(&path, None).await.0, 404);
}
