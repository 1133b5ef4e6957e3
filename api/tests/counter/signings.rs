//! A contract appointment that moves, over the API: who may say it and who reads it, the second notice with words of its own, the letter
//! with its day, and the reader whose office has nothing to do with it.

use crate::engagement::{office, read_by_another, with_account};
use crate::house::{House, person};
use crate::papers::told;
use db::Scope;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use workflows::letters::LetterKind;
use workflows::machine::letter_desk::dated_by;
use workflows::machine::{Actor, Role};

const MOVE: &str = "mutation($id: ID!, $day: Date!, $time: ClockTime, $place: String) { arrangeSigning(applicationId: $id, \
     appointment: $day, appointmentTime: $time, appointmentPlace: $place) { __typename ... on Blocked { unmet { code } } \
     ... on Invalid { problems { field rule messageJa messageEn accepted } } } }";
const SEEN: &str =
    "query($id: ID!) { application(id: $id) { contract { appointment meeting { time place } } } }";
const TOLD: &str =
    "query { issuedNotices(first: 16, kind: N10) { edges { node { id document copy channel } } } }";
const SHEETS: &str = "query($ids: [ID!]!) { noticeSheets(ids: $ids) { document texts { language text } } }";
const PLACE: &str = "見本不動産 本店";

fn clerk() -> Actor {
    person(Role::BranchClerk, "branch_clerk")
}

async fn moved(house: &House, who: &Actor, id: &str, day: &str, time: &str, place: &str) -> Value {
    let given = json!({ "id": id, "day": day, "time": time, "place": place });
    house.data(who, MOVE, given).await["arrangeSigning"].clone()
}

/// Documents of N10 by their number, with what one of their parcels says.
async fn documents(house: &House) -> Vec<(String, String)> {
    let lines = house.data(&clerk(), TOLD, json!({})).await["issuedNotices"]["edges"].clone();
    let lines: Vec<&Value> = lines.as_array().into_iter().flatten().map(|edge| &edge["node"]).collect();
    assert!(lines.iter().all(|line| line["copy"] == 0), "none is a copy of another: {lines:?}");
    let inbox = lines.iter().filter(|line| line["channel"] == "INBOX");
    let ids: Vec<&Value> = inbox.map(|line| &line["id"]).collect();
    let sheets = house.data(&clerk(), SHEETS, json!({ "ids": ids })).await["noticeSheets"].clone();
    let words = |sheet: &Value| {
        let texts = sheet["texts"].as_array().expect("texts").iter();
        texts.map(|text| text["text"].as_str().expect("words")).collect::<String>()
    };
    let sheets = sheets.as_array().expect("sheets").iter();
    sheets.map(|sheet| (sheet["document"].as_str().expect("a number").to_owned(), words(sheet))).collect()
}

async fn an_appointment_is_moved(house: House) {
    let id = told(&house, "appointment").await;
    house.clock.set("2026-05-12T03:00:00Z".parse().expect("an instant"));
    let first = documents(&house).await;
    assert_eq!(first.len(), 1, "{first:?}");
    // What cannot be is answered with field and rule, in both languages.
    for (day, time, place, field, rule, accepted) in [
        ("2026-05-11", "18:30", PLACE, "appointment", "T19", ""),
        ("2026-05-18", "18:30", "市原支店 2階相談室", "appointment", "T19", ""),
        ("2026-05-20", "06:59", PLACE, "appointmentTime", "T19", "07:00 to 21:00"),
        ("2026-05-20", "7時", PLACE, "appointmentTime", "FORM-TIME", "HH:MM"),
        ("2026-05-20", "18:30", "本店\n受付", "appointmentPlace", "T19", "100"),
    ] {
        let answer = moved(&house, &clerk(), &id, day, time, place).await;
        let problem = &answer["problems"][0];
        assert_eq!((&problem["field"], &problem["rule"]), (&json!(field), &json!(rule)), "{time}: {answer}");
        let said =
            ["messageJa", "messageEn", "accepted"].map(|part| problem[part].as_str().unwrap_or_default());
        assert!(!said[0].is_empty() && !said[1].is_empty() && said.concat().contains(accepted), "{answer}");
    }
    // Neither who signs nor operations have the mutation.
    for role in [Role::Applicant, Role::Operations, Role::ScreeningOfficer] {
        let given = json!({ "id": id, "day": "2026-05-20" });
        let answer = house.ask(&person(role, "applicant"), MOVE, given).await;
        assert!(answer.json()["data"].is_null() && answer.text.contains("arrangeSigning"), "{}", answer.text);
    }
    assert_eq!(documents(&house).await, first, "nobody was told of what was refused");

    let manager = person(Role::BranchManager, "branch_manager");
    let done = moved(&house, &manager, &id, "2026-05-20", "19:00", PLACE).await;
    assert_eq!(done["__typename"], "Done", "{done}");
    let now = json!({ "contract": { "appointment": "2026-05-20", "meeting": { "time": "19:00", "place": PLACE } } });
    for (role, name) in
        [(Role::BranchClerk, "branch_clerk"), (Role::Auditor, "auditor"), (Role::Applicant, "applicant")]
    {
        let seen = house.data(&person(role, name), SEEN, json!({ "id": id })).await;
        assert_eq!(seen["application"], now, "{role}");
    }
    // A notice of its own, with the new words; the first keeps what it said.
    let both = documents(&house).await;
    let numbers: BTreeSet<&str> = both.iter().map(|(number, _)| number.as_str()).collect();
    assert_eq!((both.len(), numbers.len()), (2, 2), "{both:?}");
    for (number, words) in &both {
        let is_first = *number == first[0].0;
        assert_eq!(words.contains("18:30") && words.contains("市原支店 2階相談室"), is_first, "{words}");
        assert_eq!(words.contains("19:00") && words.contains(PLACE), !is_first, "{words}");
    }
    // The letter has the day on which it was told anew.
    let last = house.store.last_of(&Scope::of(&clerk()), &id, dated_by(LetterKind::Appointment)).await;
    assert_eq!(last.expect("read"), Some("2026-05-12T03:00:00Z".parse().expect("an instant")));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appointment_is_moved_on_sqlite() {
    an_appointment_is_moved(House::open().await).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_appointment_is_moved_on_postgres() {
    an_appointment_is_moved(House::on_postgres().await).await;
}

/// Decision 39: who signs is not for the office that files; its calendar has the settlement alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_office_that_files_reads_nothing_of_the_signing() {
    let house = House::open().await;
    let id = told(&house, "8-scheduled").await;
    let case = house.store.case(&Scope::of(&clerk()), &id).await.expect("read").expect("a case");
    let appointment = case.contract.as_ref().and_then(|set| set.appointment).expect("an appointment");
    assert_ne!(appointment, case.planned_date());
    let first = with_account(&house, &office(&house, &id, "first").await).await;
    let answer = house.ask(&first, SEEN, json!({ "id": id })).await;
    assert!(answer.json()["data"].is_null() && answer.text.contains("contract"), "{}", answer.text);
    let made = house.data(&first, "mutation { makeCalendarFeed { path } }", json!({})).await;
    let path = made["makeCalendarFeed"]["path"].as_str().expect("a path").to_owned();
    let answer = house.http.get(format!("http://{}{path}", house.address)).send().await.expect("sent");
    let read = read_by_another(&answer.text().await.expect("text"));
    let events = read["events"].as_array().expect("events");
    assert!(events.iter().any(|event| event["start"] == json!(case.planned_date())), "{read}");
    assert!(events.iter().all(|event| event["start"] != json!(appointment)), "{read}");
}
