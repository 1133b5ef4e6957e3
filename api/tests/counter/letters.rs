//! Letters over HTTP: who reads which, what a request says, and that no letter leaves before the look is on record.
//!
//! A stand-in sets them: it hands back what it was asked, so that a test reads what would stand in the letter. The program itself is
//! tested beside it (`make letters`).

use crate::house::{Answer, Entry, House, institution, person};
use crate::papers::told;
use api::letters::{Press, Settings};
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;
use workflows::machine::Role;

const LETTERS: &str = "query($id: ID!) { application(id: $id) { letters { kind label { ja } path } } }";
const LOG: &str =
    "query { accessLog(subject: \"reader\", first: 10) { edges { node { kinds purpose applicationIds } } } }";

/// A house whose letters are set by a script.
async fn house(script: &str) -> (House, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("folder");
    let program = folder.path().join("program");
    std::fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("written");
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).expect("executable");
    let settings = Settings { program, fonts: vec![], at_once: 2, time: Duration::from_secs(30) };
    (pressed(Some(Press::new(settings))).await, folder)
}

async fn pressed(press: Option<Press>) -> House {
    House::entered_with(move |entry| Entry { letters: press, ..entry }).await
}

const ECHO: &str = "printf '%%PDF-1.7 '; exec /bin/cat";

async fn get(house: &House, role: Role, path: &str, headers: &[(&'static str, &str)]) -> Answer {
    let request = house.http.get(format!("http://{}{path}", house.address));
    let request = request.bearer_auth(house.token(&person(role, "reader")));
    let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
    let response = request.send().await.expect("answer");
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    Answer { status, headers, text: response.text().await.expect("text") }
}

fn asked(answer: &Answer) -> Value {
    assert_eq!(answer.status, 200, "{}", answer.text);
    serde_json::from_str(answer.text.strip_prefix("%PDF-1.7 ").expect("the stand-in's document"))
        .expect("JSON")
}

#[tokio::test]
async fn a_letter_is_listed_read_and_on_record() {
    let (house, _folder) = house(ECHO).await;
    let id = told(&house, "9-ready").await;
    let clerk = person(Role::BranchClerk, "reader");
    let listed = house.data(&clerk, LETTERS, json!({ "id": id })).await["application"]["letters"].clone();
    let kinds: Vec<&str> =
        listed.as_array().into_iter().flatten().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(kinds, ["APPROVAL", "APPOINTMENT", "SCHEDULE", "REGISTRATION"]);
    let path = listed[2]["path"].as_str().expect("where it is read");
    assert_eq!(
        (path, &listed[2]["label"]["ja"]),
        (&*format!("/documents/letters/{id}/SCHEDULE"), &json!("ご返済予定表"))
    );

    let answer = get(&house, Role::BranchClerk, path, &[]).await;
    let letter = asked(&answer);
    assert_eq!((&letter["letter"]["kind"], &letter["language"]), (&json!("SCHEDULE"), &json!("ja")));
    assert_eq!(letter["letter"]["loans"][0]["rows"].as_array().map(Vec::len), Some(420));
    assert_eq!(answer.header("content-type"), Some("application/pdf"));
    assert_eq!(answer.header("cache-control"), Some("private, no-store"));
    let name = answer.header("content-disposition").expect("a name");
    assert!(name.starts_with("attachment; filename=\"schedule-") && name.ends_with(".pdf\""), "{name}");
    let english = asked(&get(&house, Role::BranchClerk, &format!("{path}?language=en"), &[]).await);
    assert_eq!(english["language"], "en");

    // The same version of the case gives the same bytes, and their digest is the tag.
    let tag = answer.header("etag").expect("a tag").to_owned();
    let again = get(&house, Role::BranchClerk, path, &[]).await;
    assert_eq!((again.header("etag"), &again.text), (Some(&*tag), &answer.text));
    let known = get(&house, Role::BranchClerk, path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.text.as_str()), (304, ""));

    let enquiry = get(&house, Role::BranchClerk, path, &[("yushi-purpose", "ENQUIRY")]).await;
    assert_eq!(enquiry.status, 200);
    let auditor = person(Role::Auditor, "auditor");
    let lines = house.data(&auditor, LOG, json!({})).await["accessLog"]["edges"].clone();
    let lines: Vec<&Value> = lines.as_array().into_iter().flatten().map(|edge| &edge["node"]).collect();
    assert_eq!(lines.len(), 5, "one line a letter, none for the list: {lines:?}");
    assert!(
        lines.iter().all(|line| line["kinds"] == json!(["LETTER"]) && line["applicationIds"] == json!([id]))
    );
    assert_eq!((&lines[0]["purpose"], &lines[1]["purpose"]), (&json!("ENQUIRY"), &json!("INTAKE")));
}

#[tokio::test]
async fn what_is_not_the_readers_and_what_is_not_there_look_alike() {
    let (house, _folder) = house(ECHO).await;
    let id = told(&house, "9-ready").await;
    let of = |kind: &str| format!("/documents/letters/{id}/{kind}");
    for (role, kind) in [
        (Role::Scrivener, "SCHEDULE"),
        (Role::Guarantor, "APPROVAL"),
        (Role::Auditor, "APPROVAL"),
        (Role::CoreBanking, "SCHEDULE"),
        (Role::BranchClerk, "DECLINE"),
        (Role::BranchClerk, "DISBURSEMENT"),
        (Role::BranchClerk, "schedule"),
        (Role::BranchClerk, "NOTHING"),
    ] {
        let answer = get(&house, role, &of(kind), &[]).await;
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (404, "NOT_FOUND"),
            "{role} {kind}: {}",
            answer.text
        );
    }
    let absent = get(
        &house,
        Role::BranchClerk,
        "/documents/letters/0198c0de-0000-7000-8000-0000000000ff/SCHEDULE",
        &[],
    );
    assert_eq!(absent.await.status, 404);
    // Another bank's clerk, and an applicant whose case it is not.
    let mut other = person(Role::BranchClerk, "reader");
    other.institution = "9999".to_owned();
    assert_ne!(institution(), other.institution);
    for actor in [other, person(Role::Applicant, "somebody")] {
        let request = house.http.get(format!("http://{}{}", house.address, of("SCHEDULE")));
        let answer = request.bearer_auth(house.token(&actor)).send().await.expect("answer");
        assert_eq!(answer.status(), 404, "{actor:?}");
    }
    let stranger = house.http.get(format!("http://{}{}", house.address, of("SCHEDULE"))).send().await;
    assert_eq!(stranger.expect("answer").status(), 401);
    for (header, value, status) in [
        ("sec-fetch-site", "cross-site", 403),
        ("sec-fetch-site", "same-site", 403),
        ("sec-fetch-site", "same-origin", 200),
        ("yushi-purpose", "CURIOSITY", 400),
    ] {
        let answer = get(&house, Role::BranchClerk, &of("SCHEDULE"), &[(header, value)]).await;
        assert_eq!(answer.status, status, "{header}: {value}: {}", answer.text);
    }
    let odd = get(&house, Role::BranchClerk, &format!("{}?language=fr", of("SCHEDULE")), &[]).await;
    assert_eq!((odd.status, odd.code().as_str()), (400, "BAD_REQUEST"));
    // The scrivener of the case reads what he is asked to file, once he has taken the job.
    crate::engagement::answered_by_no_office(&house).await;
    let early = get(&house, Role::Scrivener, &of("REGISTRATION"), &[]).await;
    assert_eq!((early.status, early.code().as_str()), (404, "NOT_FOUND"));
    crate::engagement::takes(&house, &person(Role::Scrivener, "reader"), &id).await;
    let filing = asked(&get(&house, Role::Scrivener, &of("REGISTRATION"), &[]).await);
    assert_eq!(filing["letter"]["kind"], "REGISTRATION");
}

#[tokio::test]
async fn the_letter_of_an_appointment_that_moved_says_the_new_one_with_the_day_of_the_change() {
    let (house, _folder) = house(ECHO).await;
    let id = told(&house, "appointment").await;
    let path = format!("/documents/letters/{id}/APPOINTMENT");
    let read = async || {
        let letter = asked(&get(&house, Role::BranchClerk, &path, &[]).await);
        let [on, time, place] = ["on", "time", "place"].map(|part| letter["letter"][part].clone());
        json!([letter["head"]["issued_on"], on, time, place])
    };
    assert_eq!(read().await, json!(["2026-05-11", "2026-05-18", "18:30", "市原支店 2階相談室"]));
    house.clock.set("2026-05-12T03:00:00Z".parse().expect("an instant"));
    let text = "mutation($id: ID!) { arrangeSigning(applicationId: $id, appointment: \"2026-05-20\", \
         appointmentTime: \"10:00\") { __typename } }";
    let clerk = person(Role::BranchClerk, "branch_clerk");
    let done = house.data(&clerk, text, json!({ "id": id })).await;
    assert_eq!(done["arrangeSigning"]["__typename"], "Done", "{done}");
    assert_eq!(read().await, json!(["2026-05-12", "2026-05-20", "10:00", null]));
}

#[tokio::test]
async fn without_the_program_the_list_says_so_and_a_failing_one_tells_an_incident_alone() {
    let bare = pressed(None).await;
    let id = told(&bare, "4-approved").await;
    let clerk = person(Role::BranchClerk, "reader");
    let letters = bare.data(&clerk, LETTERS, json!({ "id": id })).await["application"]["letters"].clone();
    assert_eq!(
        letters,
        json!([{ "kind": "APPROVAL", "label": { "ja": "審査結果のお知らせ（承諾）" }, "path": null }])
    );
    let path = format!("/documents/letters/{id}/APPROVAL");
    let answer = get(&bare, Role::BranchClerk, &path, &[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (404, "LETTERS_NOT_OFFERED"));

    let (broken, _folder) = house("/bin/cat >&2; exit 1").await;
    let id = told(&broken, "4-approved").await;
    let answer = get(&broken, Role::BranchClerk, &path, &[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (500, "INTERNAL"), "{}", answer.text);
    let name = house_name(&broken, &id).await;
    assert!(!answer.text.contains(&name), "{}", answer.text);
}

#[tokio::test]
async fn a_letter_whose_look_cannot_be_recorded_is_not_sent() {
    let (house, _folder) = house(ECHO).await;
    let id = told(&house, "4-approved").await;
    house.sql("ALTER TABLE audit RENAME TO audit_away").await;
    let path = format!("/documents/letters/{id}/APPROVAL");
    let answer = get(&house, Role::BranchClerk, &path, &[]).await;
    assert_eq!((answer.status, answer.code().as_str()), (503, "UNAVAILABLE"), "{}", answer.text);
    house.sql("ALTER TABLE audit_away RENAME TO audit").await;
    assert_eq!(get(&house, Role::BranchClerk, &path, &[]).await.status, 200);
}

async fn house_name(house: &House, id: &str) -> String {
    let query = "query($id: ID!) { application(id: $id) { applicantName } }";
    let data = house.data(&person(Role::BranchClerk, "reader"), query, json!({ "id": id })).await;
    data["application"]["applicantName"].as_str().expect("a name").to_owned()
}
