//! Where and when people meet, over the API: who may say it, who reads it, and how a calendar program reads it.

use crate::engagement::{instructed, office, read_by_another, takes, with_account};
use crate::house::{House, person};
use serde_json::{Value, json};
use workflows::machine::{Actor, Role};

const SEEN: &str =
    "query($id: ID!) { application(id: $id) { fixedDate { date } settlement { time place } } }";
const ANSWER: &str = "__typename ... on Blocked { unmet { code } } \
     ... on Invalid { problems { field rule messageJa messageEn accepted } }";
/// A place with every sign that a calendar takes for something else, longer than a line of it.
const PLACE: &str = "見本不動産株式会社; 試験町一丁目1番1号, 見本ビル3階\\東側の受付";

fn clerk() -> Actor {
    person(Role::BranchClerk, "branch_clerk")
}

async fn say(house: &House, who: &Actor, verb: &str, arguments: &str, given: Value) -> Value {
    let text = format!(
        "mutation($id: ID!, $time: ClockTime, $place: String) {{ {verb}(applicationId: $id, {arguments}) {{ {ANSWER} }} }}"
    );
    house.data(who, &text, given).await[verb].clone()
}

/// The date is fixed with time and place.
async fn schedule(house: &House, id: &str) -> String {
    let planned = "query($id: ID!) { application(id: $id) { plannedDate } }";
    let case = house.data(&clerk(), planned, json!({ "id": id })).await;
    let day = case["application"]["plannedDate"].as_str().expect("a day").to_owned();
    let arguments = format!("date: \"{day}\", settlementTime: $time, settlementPlace: $place");
    let given = json!({ "id": id, "time": "10:30", "place": PLACE });
    let done = say(house, &clerk(), "scheduleDisbursement", &arguments, given).await;
    assert_eq!(done["__typename"], "Done", "{done}");
    day
}

#[tokio::test]
async fn time_and_place_are_for_those_who_come_and_for_those_inside() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let first = office(&house, &id, "first").await;
    takes(&house, &first, &id).await;
    let of = json!({ "id": id });
    let day = schedule(&house, &id).await;
    let met = json!({ "fixedDate": { "date": day }, "settlement": { "time": "10:30", "place": PLACE } });
    let operations = person(Role::Operations, "operations");
    for reader in [
        &clerk(),
        &operations,
        &person(Role::Auditor, "auditor"),
        &person(Role::Applicant, "applicant"),
        &first,
    ] {
        let seen = house.data(reader, SEEN, of.clone()).await;
        assert_eq!(seen["application"], met, "{reader:?}");
    }
    // Partners who do not come have no field for it; the history of the guarantor says nothing of it.
    let history = "query($id: ID!) { timeline(applicationId: $id, first: 100) { edges { node { verb changes { path after } } } } }";
    for (role, organisation) in [(Role::Guarantor, "GUARANTOR-1"), (Role::Insurer, "INSURER-1")] {
        let partner = Actor { organisation: Some(organisation.to_owned()), ..person(role, "partner") };
        let answer = house.ask(&partner, SEEN, of.clone()).await;
        assert!(answer.text.contains("settlement") && answer.json()["data"].is_null(), "{}", answer.text);
        let told = house.ask(&partner, history, of.clone()).await.text;
        assert!(!told.contains("見本不動産") && !told.contains("10:30"), "{told}");
    }
    // An office that has nothing to do with the case does not find it.
    let stranger = Actor { organisation: Some("ELSEWHERE-9".to_owned()), ..person(Role::Scrivener, "other") };
    assert_eq!(house.ask(&stranger, SEEN, of.clone()).await.code(), "NOT_FOUND");

    // Operations move it; what cannot be is answered with field, rule and what would be accepted, in both languages.
    let arguments = "settlementTime: $time, settlementPlace: $place";
    for (time, place, field, rule, accepted) in [
        ("25:00", "本店", "settlementTime", "FORM-TIME", "HH:MM"),
        ("9:30", "本店", "settlementTime", "FORM-TIME", "HH:MM"),
        ("午後2時", "本店", "settlementTime", "FORM-TIME", "HH:MM"),
        ("07:59", "本店", "settlementTime", "T23", "08:00 to 17:00"),
        ("10:30", "本店\n受付", "settlementPlace", "T23", "100"),
        ("10:30", PLACE, "settlementTime", "T23", ""),
    ] {
        let given = json!({ "id": id, "time": time, "place": place });
        let answer = say(&house, &operations, "arrangeSettlement", arguments, given).await;
        let problem = &answer["problems"][0];
        assert_eq!((&problem["field"], &problem["rule"]), (&json!(field), &json!(rule)), "{time}: {answer}");
        let said =
            ["messageJa", "messageEn", "accepted"].map(|part| problem[part].as_str().unwrap_or_default());
        assert!(!said[0].is_empty() && !said[1].is_empty() && said.concat().contains(accepted), "{answer}");
    }
    let moved = json!({ "id": id, "time": "13:00", "place": "本店" });
    let done = say(&house, &operations, "arrangeSettlement", arguments, moved).await;
    assert_eq!(done["__typename"], "Done", "{done}");
    let seen = house.data(&first, SEEN, of).await["application"]["settlement"].clone();
    assert_eq!(seen, json!({ "time": "13:00", "place": "本店" }));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_calendar_program_reads_time_and_place_of_a_settlement() {
    let house = House::open().await;
    let id = instructed(&house).await;
    let first = with_account(&house, &office(&house, &id, "first").await).await;
    takes(&house, &first, &id).await;
    let made = house.data(&first, "mutation { makeCalendarFeed { path } }", json!({})).await;
    let path = made["makeCalendarFeed"]["path"].as_str().expect("a path").to_owned();
    let settles = async || {
        let answer = house.http.get(format!("http://{}{path}", house.address)).send().await.expect("sent");
        let calendar = answer.text().await.expect("text");
        assert!(calendar.split("\r\n").all(|line| line.len() <= 75), "{calendar}");
        let read = read_by_another(&calendar);
        assert_eq!(read["errors"], json!([]), "{read}");
        let events = read["events"].as_array().expect("events").clone();
        let is_it = |event: &&Value| event["summary"].as_str().is_some_and(|text| text.starts_with("決済"));
        events.iter().find(is_it).expect("the settlement").clone()
    };
    // Before a time is agreed it is the whole day, and leaves one free.
    let planned = settles().await;
    assert_eq!((&planned["location"], &planned["busy"]), (&Value::Null, &json!(false)), "{planned}");
    let day = schedule(&house, &id).await;
    assert_eq!(planned["start"], json!(day));
    let agreed = settles().await;
    assert_eq!(agreed["uid"], planned["uid"], "the same event moves");
    let counted = |event: &Value| event["sequence"].as_u64().expect("a count");
    assert!(counted(&agreed) > counted(&planned), "{agreed}");
    // Half past ten in Tokyo; an hour.
    assert_eq!(agreed["start"], json!(format!("{day}T01:30:00+00:00")), "{agreed}");
    assert_eq!(agreed["end"], json!(format!("{day}T02:30:00+00:00")), "{agreed}");
    assert_eq!((&agreed["location"], &agreed["busy"]), (&json!(PLACE), &json!(true)), "{agreed}");
    // The time is open again: the whole day, and the place stays.
    let arguments = "settlementTime: $time, settlementPlace: $place";
    let given = json!({ "id": id, "time": null, "place": "本店" });
    let done = say(&house, &clerk(), "arrangeSettlement", arguments, given).await;
    assert_eq!(done["__typename"], "Done", "{done}");
    let open = settles().await;
    assert_eq!((&open["start"], &open["location"]), (&json!(day), &json!("本店")), "{open}");
    assert!(counted(&open) > counted(&agreed), "{open}");
    assert_eq!(settles().await, open, "what nobody changed counts no further");
}
