//! What is not taken in: too much, too many, another type than it says, and what nobody may send.

use super::*;
use chrono::TimeDelta;
use db::uploads::UploadLimits;

fn said(id: &str) -> Vec<(&str, &str)> {
    vec![("applicationId", id), ("paper", "SALE_CONTRACT")]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_a_case_and_a_person_have_their_limits() {
    let rules = DocumentRules {
        file_bytes: 10_000,
        uploads: UploadLimits { case_bytes: 25_000, open: 2, time: TimeDelta::hours(1) },
        ..DocumentRules::default()
    };
    let house =
        House::storing(Documents { objects: Objects::in_memory(), scanner: Scanner::None, rules }).await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let large = house.announce(&clerk, 10_001, &said(&id)).await;
    assert_eq!((large.status, large.code().as_str()), (413, "TOO_LARGE"), "{}", large.text);
    assert_eq!(house.announce(&clerk, 0, &said(&id)).await.code(), "EMPTY");
    // More than was announced is not taken, and what was taken stays what it was.
    let opened = house.announce(&clerk, 100, &said(&id)).await;
    let at = opened.header("location").expect("location").to_owned();
    let more = house.send(&clerk, &at, 0, &[b'x'; 101]).await;
    assert_eq!(more.status, 413, "{}", more.text);
    assert_eq!(house.tus(&clerk, "HEAD", &at, |request| request).await.header("upload-offset"), Some("0"));
    // Two are open at a time; one that is given up makes room.
    assert_eq!(house.announce(&clerk, 200, &said(&id)).await.status, 201);
    let third = house.announce(&clerk, 300, &said(&id)).await;
    assert_eq!((third.status, third.code().as_str()), (429, "TOO_MANY_UPLOADS"), "{}", third.text);
    assert_eq!(house.tus(&clerk, "DELETE", &at, |request| request).await.status, 204);
    assert_eq!(house.tus(&clerk, "HEAD", &at, |request| request).await.status, 410);
    // What is open counts towards the case as what is there does.
    let two = house.whole(&clerk, &pdf(10_000, "a"), &said(&id)).await;
    assert_eq!(two.status, 204, "{}", two.text);
    let open = house.announce(&clerk, 10_000, &said(&id)).await;
    assert_eq!(open.status, 201, "{}", open.text);
    let other = person(Role::BranchClerk, "colleague");
    let full = house.announce(&other, 5_000, &said(&id)).await;
    assert_eq!((full.status, full.code().as_str()), (413, "CASE_FULL"), "{}", full.text);
    // Left alone, an upload ends, its bytes go, and there is room again.
    let at = open.header("location").expect("location").to_owned();
    assert_eq!(house.send(&clerk, &at, 0, &pdf(10_000, "b")[..4_000]).await.status, 204);
    assert_eq!(house.documents.objects.names("pieces").await.expect("names").len(), 1);
    house.clock.pass(3_601);
    assert_eq!(house.tus(&clerk, "HEAD", &at, |request| request).await.status, 410);
    assert_eq!(desk(&house).round().await.expect("a round"), 2, "both that were left");
    assert_eq!(house.documents.objects.names("pieces").await.expect("names").len(), 0);
    assert_eq!(house.announce(&other, 5_000, &said(&id)).await.status, 201);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_bytes_say_counts_and_what_is_refused_leaves_a_record_and_no_bytes() {
    let house = house().await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let encrypted = [pdf(500, "e"), b"trailer << /Encrypt 9 0 R >>\n%%EOF\n".to_vec()].concat();
    let zipped = [pdf(500, "z"), b"PK\x05\x06\0\0\0\0\0\0\0\0".to_vec()].concat();
    let wrong = "0".repeat(64);
    for (bytes, name, digest, code) in [
        (b"MZ\x90\0 this program cannot be run".to_vec(), "contract.pdf", "", "UNKNOWN_TYPE"),
        (pdf(500, "p"), "contract.jpg", "", "OTHER_NAME"),
        (encrypted, "contract.pdf", "", "ENCRYPTED"),
        (zipped, "contract.pdf", "", "TWO_TYPES"),
        (pdf(500, "p")[..300].to_vec(), "contract.pdf", "", "CUT_OFF"),
        (pdf(500, "p"), "contract.pdf", wrong.as_str(), "OTHER_DIGEST"),
    ] {
        let said = [
            ("applicationId", id.as_str()),
            ("paper", "SALE_CONTRACT"),
            ("filename", name),
            ("sha256", digest),
        ];
        let refused = house.whole(&clerk, &bytes, &said).await;
        assert_eq!((refused.status, refused.code().as_str()), (422, code), "{}", refused.text);
        let message = refused.json()["errors"][0]["message"].as_str().unwrap_or_default().to_owned();
        assert!(message.contains(" / ") && message.len() > 20, "told in words: {message}");
    }
    assert_eq!(house.files(&clerk, &id).await, Vec::<Value>::new());
    let uploads = house.uploads(&clerk, &id).await;
    let reasons: Vec<&str> = uploads.iter().filter_map(|upload| upload["reason"].as_str()).collect();
    assert_eq!(reasons, ["OTHER_DIGEST", "CUT_OFF", "TWO_TYPES", "ENCRYPTED", "OTHER_NAME", "UNKNOWN_TYPE"]);
    assert!(uploads.iter().all(|upload| upload["state"] == "REFUSED"), "{uploads:?}");
    for folder in ["files", "pieces"] {
        assert_eq!(house.documents.objects.names(folder).await.expect("names"), Vec::<String>::new());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_that_are_no_upload_are_told_what_is_one() {
    let house = house().await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let options =
        house.http.request(reqwest::Method::OPTIONS, house.at("documents")).send().await.expect("answer");
    assert_eq!(options.status(), 204);
    assert_eq!(options.headers()["tus-extension"], "creation,expiration,termination");
    assert_eq!(options.headers()["tus-max-size"], "20971520");
    let plain =
        house.http.post(house.at("documents")).bearer_auth(house.token(&clerk)).send().await.expect("answer");
    assert_eq!(
        (plain.status().as_u16(), &plain.headers()["tus-version"]),
        (412, &"1.0.0".parse().expect("text"))
    );
    for (method, path) in [("GET", "documents"), ("PUT", "documents"), ("POST", "documents/x")] {
        assert_eq!(house.tus(&clerk, method, path, |request| request).await.status, 405, "{method} {path}");
    }
    let overridden =
        house.tus(&clerk, "POST", "documents", |request| request.header("x-http-method-override", "PATCH"));
    assert_eq!(overridden.await.status, 405);
    let emergency = house.tus(&clerk, "POST", "documents", |request| request.header("yushi-emergency", "x"));
    assert_eq!(emergency.await.status, 403);
    for (said, field) in [
        (vec![("paper", "SALE_CONTRACT")], "applicationId"),
        (vec![("applicationId", id.as_str())], "paper"),
        (vec![("applicationId", id.as_str()), ("paper", "PASSPORT")], "paper"),
        (vec![("applicationId", id.as_str()), ("paper", "SALE_CONTRACT"), ("colour", "red")], "colour"),
        (vec![("applicationId", id.as_str()), ("paper", "SALE_CONTRACT"), ("issuedOn", "today")], "issuedOn"),
        (vec![("applicationId", id.as_str()), ("paper", "SALE_CONTRACT"), ("sha256", "12")], "sha256"),
        (vec![("applicationId", id.as_str()), ("paper", "SALE_CONTRACT"), ("loanNo", "1000")], "loanNo"),
    ] {
        let answer = house.announce(&clerk, 10, &said).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "BAD_USER_INPUT"), "{}", answer.text);
        assert!(answer.text.contains(field), "{field}: {}", answer.text);
    }
    for (said, field) in [
        (("partyId", "Z9"), "party_id"),
        (("propertyNo", "99"), "property_no"),
        (("loanNo", "9"), "loan_no"),
        (("replaces", "nothing"), "replaces"),
    ] {
        let answer =
            house.announce(&clerk, 10, &[("applicationId", &id), ("paper", "SALE_CONTRACT"), said]).await;
        assert_eq!(answer.status, 422, "{}", answer.text);
        assert!(answer.text.contains(field), "{field}: {}", answer.text);
    }
    let opened = house.announce(&clerk, 10, &said(&id)).await;
    let at = opened.header("location").expect("location").to_owned();
    let form = house.tus(&clerk, "PATCH", &at, |request| {
        request
            .header("upload-offset", 0)
            .header("content-type", "application/x-www-form-urlencoded")
            .body("x")
    });
    assert_eq!(form.await.status, 415);
    let nowhere = house.tus(&clerk, "PATCH", &at, |request| {
        request.header("content-type", "application/offset+octet-stream").body("x")
    });
    assert_eq!(nowhere.await.status, 400);
    // An upload is its sender's: for everybody else it is not there.
    let other = person(Role::BranchClerk, "colleague");
    for method in ["HEAD", "DELETE"] {
        assert_eq!(house.tus(&other, method, &at, |request| request).await.status, 404);
    }
    assert_eq!(house.send(&other, &at, 0, b"x").await.status, 404);
}
