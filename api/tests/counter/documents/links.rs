//! Who opens which file: by a link of one's own, for minutes, with the look on record first; and nobody once the case is erased.

use super::*;
use crate::papers::told;
use api::documents::desk::erase;
use db::{Answer as Stored, Request, Scope, Target};
use workflows::machine::Command;

const LOG: &str = "query($subject: String) { accessLog(subject: $subject, first: 20) { edges { node { kinds applicationIds role } } } }";

async fn attached(house: &House, id: &str, paper: &str) -> (String, Vec<u8>) {
    let bytes = pdf(1_200_000, paper);
    let said = [("applicationId", id), ("paper", paper), ("partyId", "A1"), ("filename", "高橋太郎.pdf")];
    let sent = house.whole(&clerk(), &bytes, &said).await;
    assert_eq!(sent.status, 204, "{}", sent.text);
    let uploads = house.uploads(&clerk(), id).await;
    (uploads[0]["id"].as_str().expect("id").to_owned(), bytes)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_opens_one_file_to_one_person_for_some_minutes_and_the_look_is_on_record() {
    let house = house().await;
    let id = submitted(&house).await;
    let (file, bytes) = attached(&house, &id, "INCOME_CERTIFICATE").await;
    let (other_file, _) = attached(&house, &id, "IDENTITY_DOCUMENT").await;
    let (manager, auditor) = (person(Role::BranchManager, "manager"), person(Role::Auditor, "auditor"));
    let url = house.link(&manager, &id, &file).await;
    for personal in ["manager", "高橋", "%E9", "INCOME"] {
        assert!(!url.contains(personal), "{personal} in {url}");
    }
    let (status, headers, body) = house.follow(&manager, &url).await;
    assert_eq!((status, body == bytes), (200, true));
    assert_eq!(headers["content-type"], "application/pdf");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert_eq!(headers["content-security-policy"], "sandbox; default-src 'none'; frame-ancestors 'none'");
    assert_eq!(headers["cache-control"], "no-store");
    let name = headers["content-disposition"].to_str().expect("text");
    assert!(
        name.starts_with("attachment; filename=\"INCOME_CERTIFICATE-") && name.ends_with(".pdf\""),
        "{name}"
    );
    let log = house.data(&auditor, LOG, json!({ "subject": "manager" })).await;
    let looks = log["accessLog"]["edges"].as_array().expect("looks").clone();
    let files = looks.iter().filter(|look| look["node"]["kinds"] == json!(["FILES"])).count();
    assert_eq!(files, 1, "{log}");

    // Nobody else, nothing else, no other time.
    let second = person(Role::BranchManager, "second");
    let screener = person(Role::ScreeningOfficer, "manager");
    let swapped = url.replace(&file, &other_file);
    let (front, ticket) = url.split_once("link=").expect("a ticket");
    let mut forged: Vec<u8> = ticket.as_bytes().to_vec();
    forged[20] = if forged[20] == b'A' { b'B' } else { b'A' };
    let forged = format!("{front}link={}", String::from_utf8(forged).expect("text"));
    let doubled = format!("{url}&as=BRANCH_MANAGER");
    let promoted = url.replace("BRANCH_MANAGER", "SCREENING_OFFICER");
    for (who, url, what) in [
        (&second, &url, "another person"),
        (&screener, &url, "another role"),
        (&screener, &promoted, "another role, said so"),
        (&manager, &swapped, "another file"),
        (&manager, &forged, "forged"),
        (&manager, &doubled, "a parameter twice"),
    ] {
        let (status, headers, body) = house.follow(who, url).await;
        let hidden = !body.windows(4).any(|window| window == b"%PDF");
        assert!(matches!(status, 404 | 403 | 401) && hidden, "{what}: {status}");
        assert!(!headers.contains_key("content-disposition"), "{what}");
    }
    let stranger = house.http.get(house.at(url.trim_start_matches('/'))).send().await.expect("answer");
    assert_eq!(stranger.status(), 401, "a link is no sign-in");
    house.clock.pass(299);
    assert_eq!(house.follow(&manager, &url).await.0, 200);
    house.clock.pass(2);
    assert_eq!(house.follow(&manager, &url).await.0, 404, "five minutes are over");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn other_branches_and_banks_find_no_file() {
    let house = house().await;
    let id = submitted(&house).await;
    let (file, _) = attached(&house, &id, "INCOME_CERTIFICATE").await;
    let branch = Actor { branches: vec!["999".to_owned()], ..person(Role::BranchClerk, "away") };
    let bank = Actor { institution: "9999".to_owned(), ..person(Role::BranchClerk, "abroad") };
    let url = house.link(&clerk(), &id, &file).await;
    for stranger in [&branch, &bank] {
        let asked = house.ask(stranger, LINK, json!({ "id": id, "file": file })).await;
        assert_eq!(asked.code(), "NOT_FOUND", "{}", asked.text);
        assert_eq!(house.ask(stranger, UPLOADS, json!({ "id": id })).await.code(), "NOT_FOUND");
        assert_eq!(house.follow(stranger, &url).await.0, 404);
        let opened =
            house.announce(stranger, 10, &[("applicationId", &id), ("paper", "SALE_CONTRACT")]).await;
        assert_eq!(opened.status, 404, "{}", opened.text);
    }
    // The same person, moved to another branch after the link was given.
    let moved = Actor { branches: vec!["999".to_owned()], ..clerk() };
    assert_eq!(house.follow(&moved, &url).await.0, 404);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn partners_open_what_their_engagement_covers_and_health_is_the_insurers() {
    let house = house().await;
    let id = told(&house, "9-ready").await;
    let (income, bytes) = attached(&house, &id, "INCOME_CERTIFICATE").await;
    let (seal, _) = attached(&house, &id, "SEAL_CERTIFICATE").await;
    let (health, _) = attached(&house, &id, "HEALTH_CERTIFICATE").await;
    let case =
        house.store.case(&Scope::of(&Actor::internal(Role::System)), &id).await.expect("read").expect("case");
    let partner = |role: Role| Actor {
        organisation: case.engagements.get(&role).cloned(),
        ..person(role, &format!("{role}-client"))
    };
    for (role, opened) in [
        (Role::Guarantor, [true, true, false]),
        (Role::Insurer, [false, false, true]),
        (Role::Scrivener, [false, true, false]),
    ] {
        let actor = partner(role);
        if role == Role::Scrivener {
            crate::engagement::answered_by_no_office(&house).await;
            let early = house.ask(&actor, LINK, json!({ "id": id, "file": seal })).await;
            assert_eq!(early.code(), "NOT_FOUND", "papers open once the office has taken the job");
            crate::engagement::takes(&house, &actor, &id).await;
        }
        for (file, may) in [&income, &seal, &health].into_iter().zip(opened) {
            let asked = house.ask(&actor, LINK, json!({ "id": id, "file": file })).await;
            let url = asked.json()["data"]["paperLink"]["url"].as_str().map(str::to_owned);
            assert_eq!(url.is_some(), may, "{role} {file}: {}", asked.text);
            if let Some(url) = url {
                assert_eq!(house.follow(&actor, &url).await.0, 200, "{role}");
                // A colleague of the organisation may follow it, another organisation may not.
                let colleague = Actor { subject: "colleague".to_owned(), ..actor.clone() };
                assert_eq!(house.follow(&colleague, &url).await.0, 200, "{role}");
                let other = Actor { organisation: Some("OTHER-9".to_owned()), ..actor.clone() };
                assert_eq!(house.follow(&other, &url).await.0, 404, "{role}");
            }
        }
        let seen: Vec<String> = house
            .files(&actor, &id)
            .await
            .iter()
            .map(|file| file["id"].as_str().expect("id").to_owned())
            .collect();
        assert_eq!(
            seen.len(),
            opened.iter().filter(|may| **may).count(),
            "{role} sees what it opens: {seen:?}"
        );
    }
    // Those inside see that a health paper came, and no more.
    let inside = house.files(&clerk(), &id).await;
    let shown = inside.iter().find(|file| file["id"] == json!(health)).expect("listed");
    assert_eq!(
        (&shown["opens"], &shown["sha256"], &shown["name"]),
        (&json!(false), &Value::Null, &Value::Null)
    );
    for role in [Role::BranchClerk, Role::BranchManager, Role::ScreeningOfficer, Role::Compliance] {
        let asked = house.ask(&person(role, "inside"), LINK, json!({ "id": id, "file": health })).await;
        assert_eq!(asked.code(), "NOT_FOUND", "{role}: {}", asked.text);
    }
    let shown = house.data(&clerk(), CHECK, json!({ "id": id, "file": health, "fault": null })).await;
    assert_eq!(shown["checkPaper"]["__typename"], "Invalid", "{shown}");
    // F-02 carries the digests of what the guarantor opens, and none of health.
    let request = workflows::guarantee::request::GuaranteeRequest::of(&case.form, &case.files, None);
    let sent = serde_json::to_string(&request).expect("JSON");
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes));
    assert!(sent.contains(&digest) && !sent.contains(&health) && !sent.contains("HEALTH"), "{sent}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_erased_case_has_no_files_and_its_links_are_void() {
    let house = house().await;
    let clerk = clerk();
    let id = submitted(&house).await;
    let (file, _) = attached(&house, &id, "INCOME_CERTIFICATE").await;
    let url = house.link(&clerk, &id, &file).await;
    assert_eq!(house.follow(&clerk, &url).await.0, 200);
    let withdraw = "mutation($id: ID!) { withdrawApplication(applicationId: $id, reason: \"moved away\") { __typename } }";
    let done = house.data(&channel(), withdraw, json!({ "id": id })).await;
    assert_eq!(done["withdrawApplication"]["__typename"], "Done", "{done}");
    let closed = house.announce(&clerk, 10, &[("applicationId", &id), ("paper", "SALE_CONTRACT")]).await;
    assert_eq!((closed.status, closed.code().as_str()), (409, "ILLEGAL_TRANSITION"), "{}", closed.text);
    let later = api::Clock::now(house.clock.as_ref()) + chrono::TimeDelta::days(4_000);
    for (subject, command) in [("one", Some(Command::ReleaseForErasure {})), ("two", None)] {
        let compliance = person(Role::Compliance, subject);
        let case = house.store.case(&Scope::of(&compliance), &id).await.expect("read").expect("case");
        let approve = || Command::ApproveProposal { proposal_id: case.proposals[0].id.clone() };
        let command = command.unwrap_or_else(approve);
        let request = Request {
            actor: &compliance,
            now: later,
            target: Target::Case { id: &id },
            command: &command,
            expected_version: None,
            key: None,
        };
        let answer = house.store.execute(request).await.expect("executed");
        assert!(matches!(answer, Stored::Done(_)), "{answer:?}");
    }
    let run = house.store.erase_released(later).await.expect("erased");
    assert_eq!(run.erased.len(), 1);
    // The key is gone: what lies there still opens to nobody.
    assert_eq!(house.follow(&clerk, &url).await.0, 404);
    let found = api::documents::check::check(&house.store, &house.documents).await.expect("checked");
    assert_eq!(found.findings.iter().map(|finding| finding.kind).collect::<Vec<_>>(), ["ERASED"]);
    for line in &run.erased {
        assert!(erase(&house.documents, &line.institution, &line.id).await.expect("deleted") > 0);
    }
    let found = api::documents::check::check(&house.store, &house.documents).await.expect("checked");
    assert_eq!(found.findings, vec![]);
    assert_eq!(db::verify::verify(&house.store).await.expect("verified").violations, vec![]);
}

/// A session of a browser sends with its token against forgery, from our own pages, or not at all.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stranger_sends_nothing_and_asks_nothing() {
    let house = house().await;
    let id = submitted(&house).await;
    for (method, path) in
        [("POST", "documents"), ("PATCH", "documents/x"), ("HEAD", "documents/x"), ("DELETE", "documents/x")]
    {
        let request = house
            .http
            .request(method.parse().expect("method"), house.at(path))
            .header("tus-resumable", "1.0.0");
        let cookie = request.header("cookie", "__Host-session=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(cookie.send().await.expect("answer").status(), 401, "{method}");
    }
    let auditor = person(Role::Auditor, "auditor");
    let refused = house.announce(&auditor, 10, &[("applicationId", &id), ("paper", "SALE_CONTRACT")]).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}
