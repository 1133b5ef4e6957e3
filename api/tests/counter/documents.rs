//! Files of a case, as a bank lives with them: sent in pieces over lines that break, looked at before they are let in, opened by whom
//! they are for, and gone when the case is.

mod checks;
mod limits;
mod links;
mod s3;
mod scanner;

use crate::house::{Answer, House, SUBMIT, channel, person};
use api::documents::desk::Desk;
use api::documents::objects::Objects;
use api::documents::scan::Scanner;
use api::documents::{DocumentRules, Documents};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use workflows::machine::{Actor, Role};

pub const PAPERS: &str = "query($id: ID!) { application(id: $id) { papers { key paper state stage partyId files { id state opens mediaType bytes \
     sha256 name by role scanned receivedAt issuedOn replacedBy fault faultLabel { ja en } note checkedBy checkedOn } } } }";
pub const UPLOADS: &str = "query($id: ID!) { uploads(applicationId: $id) { id state paper received bytes reason reasonLabel { ja en } by } }";
pub const LINK: &str =
    "query($id: ID!, $file: ID!) { paperLink(applicationId: $id, fileId: $file) { url expiresAt } }";
pub const CHECK: &str = "mutation($id: ID!, $file: String!, $fault: PaperFault) { checkPaper(applicationId: $id, fileId: $file, \
     fault: $fault) { __typename ... on Blocked { code } ... on Invalid { problems { field rule messageJa } } } }";

/// A PDF of about so many bytes, which a reader takes for one.
pub fn pdf(bytes: usize, mark: &str) -> Vec<u8> {
    let head = format!(
        "%PDF-1.4\n% {mark}\n1 0 obj\n<< /Type /Catalog >>\nendobj\n2 0 obj\n<< /Length {bytes} >>\nstream\n"
    );
    let tail = "\nendstream\nendobj\ntrailer << /Root 1 0 R >>\n%%EOF\n";
    let filling = (0..bytes.saturating_sub(head.len() + tail.len())).map(|at| b"0123456789ABCDEF\n"[at % 17]);
    [head.into_bytes(), filling.collect(), tail.into()].concat()
}

pub fn clerk() -> Actor {
    person(Role::BranchClerk, "clerk")
}

/// A house with documents in memory and no scanner.
pub async fn house() -> House {
    House::storing(Documents {
        objects: Objects::in_memory(),
        scanner: Scanner::None,
        rules: DocumentRules::default(),
    })
    .await
}

pub fn desk(house: &House) -> Desk {
    Desk { store: house.store.clone(), documents: house.documents.clone(), clock: house.clock.clone() }
}

pub async fn submitted(house: &House) -> String {
    let id = house.draft(&clerk()).await;
    let done = house.data(&channel(), SUBMIT, json!({ "id": id })).await;
    assert_eq!(done["submitApplication"]["__typename"], "Done", "{done}");
    id
}

/// `Upload-Metadata` of pairs.
pub fn metadata(pairs: &[(&str, &str)]) -> String {
    let all: Vec<String> =
        pairs.iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value))).collect();
    all.join(",")
}

impl House {
    /// A request of the upload protocol.
    pub async fn tus(
        &self,
        actor: &Actor,
        method: &str,
        path: &str,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let method = method.parse().expect("method");
        let request = self.http.request(method, self.at(path.trim_start_matches('/')));
        let request = request.bearer_auth(self.token(actor)).header("tus-resumable", "1.0.0");
        let response = change(request).send().await.expect("answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Answer { status, headers, text: response.text().await.expect("text") }
    }

    /// Opens an upload.
    pub async fn announce(&self, actor: &Actor, length: usize, said: &[(&str, &str)]) -> Answer {
        let said = metadata(said);
        self.tus(actor, "POST", "documents", |request| {
            request.header("upload-length", length).header("upload-metadata", said)
        })
        .await
    }

    /// Sends bytes from an offset.
    pub async fn send(&self, actor: &Actor, at: &str, offset: usize, bytes: &[u8]) -> Answer {
        let bytes = bytes.to_vec();
        self.tus(actor, "PATCH", at, |request| {
            let request = request.header("upload-offset", offset);
            request.header("content-type", "application/offset+octet-stream").body(bytes)
        })
        .await
    }

    /// Sends a whole file; the answer to its last byte.
    pub async fn whole(&self, actor: &Actor, bytes: &[u8], said: &[(&str, &str)]) -> Answer {
        let opened = self.announce(actor, bytes.len(), said).await;
        assert_eq!(opened.status, 201, "{}", opened.text);
        let at = opened.header("location").expect("location").to_owned();
        self.send(actor, &at, 0, bytes).await
    }

    /// Every file of a case with the state of its line, as a role sees it.
    pub async fn files(&self, actor: &Actor, id: &str) -> Vec<Value> {
        let data = self.data(actor, PAPERS, json!({ "id": id })).await;
        let lines = data["application"]["papers"].as_array().expect("papers").clone();
        let of = |line: &Value| line["files"].as_array().expect("files").clone();
        lines.iter().flat_map(of).collect()
    }

    /// State of a line of the list.
    pub async fn line(&self, actor: &Actor, id: &str, key: &str) -> String {
        let data = self.data(actor, PAPERS, json!({ "id": id })).await;
        let lines = data["application"]["papers"].as_array().expect("papers").clone();
        let line = lines.iter().find(|line| line["key"] == key).unwrap_or_else(|| panic!("{key}: {data}"));
        line["state"].as_str().expect("state").to_owned()
    }

    pub async fn uploads(&self, actor: &Actor, id: &str) -> Vec<Value> {
        let data = self.data(actor, UPLOADS, json!({ "id": id })).await;
        data["uploads"].as_array().expect("uploads").clone()
    }

    /// Address of a link to a file.
    pub async fn link(&self, actor: &Actor, id: &str, file: &str) -> String {
        let data = self.data(actor, LINK, json!({ "id": id, "file": file })).await;
        data["paperLink"]["url"].as_str().expect("url").to_owned()
    }

    /// Follows a link: status, headers, bytes.
    pub async fn follow(&self, actor: &Actor, url: &str) -> (u16, reqwest::header::HeaderMap, Vec<u8>) {
        let request = self.http.get(self.at(url.trim_start_matches('/'))).bearer_auth(self.token(actor));
        let response = request.send().await.expect("answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        (status, headers, response.bytes().await.expect("bytes").to_vec())
    }
}

/// Sends the beginning of a body and breaks the connection.
async fn breaks_off(house: &House, actor: &Actor, at: &str, bytes: &[u8], announced: usize) {
    let mut line = tokio::net::TcpStream::connect(house.address).await.expect("connection");
    let head = format!(
        "PATCH {at} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n\
         Content-Type: application/offset+octet-stream\r\nContent-Length: {announced}\r\n\r\n",
        house.address,
        house.token(actor)
    );
    line.write_all(head.as_bytes()).await.expect("head");
    line.write_all(bytes).await.expect("bytes");
    line.shutdown().await.expect("broken off");
    // The service has closed its side as well: it is through with what arrived.
    let _ = line.read_to_end(&mut vec![]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_paper_that_breaks_off_is_sent_to_its_end_and_stands_on_record() {
    let house = house().await;
    let (id, clerk) = (submitted(&house).await, clerk());
    let bytes = pdf(2_500_000, "income");
    let digest = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&bytes));
    assert_eq!(
        house.line(&clerk, &id, "INCOME_CERTIFICATE:A1").await,
        "RECEIVED",
        "on paper, at the counter"
    );
    let said = [
        ("applicationId", id.as_str()),
        ("paper", "INCOME_CERTIFICATE"),
        ("partyId", "A1"),
        ("issuedOn", "2026-04-01"),
        ("filename", "源泉徴収票.pdf"),
        ("sha256", &digest),
    ];
    let opened = house.announce(&clerk, bytes.len(), &said).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let at = opened.header("location").expect("location").to_owned();
    assert!(opened.header("upload-expires").is_some());

    breaks_off(&house, &clerk, &at, &bytes[..1_300_000], bytes.len()).await;
    let head = house.tus(&clerk, "HEAD", &at, |request| request).await;
    assert_eq!((head.status, head.header("upload-length")), (200, Some("2500000")));
    assert_eq!(head.header("cache-control"), Some("no-store"));
    let offset: usize = head.header("upload-offset").and_then(|text| text.parse().ok()).expect("offset");
    assert_eq!(offset, 1_300_000, "nothing that arrived is lost");

    let wrong = house.send(&clerk, &at, 5, &bytes[5..]).await;
    assert_eq!((wrong.status, wrong.header("upload-offset")), (409, Some("1300000")), "{}", wrong.text);
    let rest = house.send(&clerk, &at, offset, &bytes[offset..]).await;
    assert_eq!((rest.status, rest.header("upload-offset")), (204, Some("2500000")), "{}", rest.text);
    assert_eq!(rest.header("yushi-upload-state"), Some("ATTACHED"));

    let files = house.files(&clerk, &id).await;
    assert_eq!(files.len(), 1, "{files:?}");
    let file = &files[0];
    assert_eq!(file["sha256"], json!(digest));
    assert_eq!(
        (&file["bytes"], &file["mediaType"], &file["by"]),
        (&json!(2_500_000), &json!("PDF"), &json!("clerk"))
    );
    assert_eq!(
        (&file["name"], &file["scanned"]),
        (&json!("源泉徴収票.pdf"), &json!(false)),
        "nobody scanned it"
    );
    let pieces = house.documents.objects.names("pieces").await.expect("names");
    assert_eq!(pieces, Vec::<String>::new(), "nothing of the upload is left");

    // The digest is an entry of the case, in its chain.
    let report = db::verify::verify(&house.store).await.expect("verified");
    assert_eq!(report.violations, vec![], "the log gives the row");
    let found = api::documents::check::check(&house.store, &house.documents).await.expect("checked");
    assert_eq!((found.files, found.bytes, found.findings), (1, 2_500_000, vec![]));
    // What lies there says nothing.
    for name in house.documents.objects.names("files").await.expect("names") {
        let sealed = house.documents.objects.get(&name).await.expect("read").expect("there");
        assert!(!sealed.windows(5).any(|window| window == b"%PDF-") && !name.contains(&digest), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_defective_paper_is_told_with_its_reason_and_a_better_one_takes_its_place() {
    let house = house().await;
    let (id, clerk, manager) = (submitted(&house).await, clerk(), person(Role::BranchManager, "manager"));
    let said = |more: &'static str| {
        vec![
            ("applicationId", id.clone()),
            ("paper", "IDENTITY_DOCUMENT".to_owned()),
            ("partyId", "A1".to_owned()),
            ("filename", more.to_owned()),
        ]
    };
    async fn sent(house: &House, said: &[(&str, String)], mark: &str) -> Answer {
        let said: Vec<(&str, &str)> = said.iter().map(|(key, value)| (*key, value.as_str())).collect();
        house.whole(&self::clerk(), &pdf(5_000, mark), &said).await
    }
    assert_eq!(sent(&house, &said("first.pdf"), "first").await.status, 204);
    let first = house.files(&clerk, &id).await[0]["id"].as_str().expect("id").to_owned();
    let denied = house.ask(&manager, CHECK, json!({ "id": id, "file": first, "fault": null })).await;
    assert!(denied.code() == "GRAPHQL_VALIDATION_FAILED" || denied.code() == "FORBIDDEN", "{}", denied.text);
    let checked = house.data(&clerk, CHECK, json!({ "id": id, "file": first, "fault": "UNREADABLE" })).await;
    assert_eq!(checked["checkPaper"]["__typename"], "Done", "{checked}");
    assert_eq!(house.line(&clerk, &id, "IDENTITY_DOCUMENT:A1").await, "DEFECTIVE");
    let shown = &house.files(&channel(), &id).await[0];
    assert_eq!(shown["faultLabel"]["ja"], "判読できません", "told in words to whose paper it is");
    assert_eq!(
        (&shown["checkedBy"], &shown["note"]),
        (&Value::Null, &Value::Null),
        "who looked stays inside"
    );

    let mut better = said("second.pdf");
    better.push(("replaces", first.clone()));
    assert_eq!(sent(&house, &better, "second").await.status, 204);
    let files = house.files(&clerk, &id).await;
    let states: Vec<&str> = files.iter().filter_map(|file| file["state"].as_str()).collect();
    assert_eq!(states, ["RECEIVED", "REPLACED"], "the old one is kept");
    assert_eq!(files[1]["replacedBy"], files[0]["id"]);
    assert_eq!(house.line(&clerk, &id, "IDENTITY_DOCUMENT:A1").await, "RECEIVED");
    let second = files[0]["id"].as_str().expect("id");
    house.data(&clerk, CHECK, json!({ "id": id, "file": second, "fault": null })).await;
    assert_eq!(house.line(&clerk, &id, "IDENTITY_DOCUMENT:A1").await, "ACCEPTED");
    // What was replaced is looked at no more, and not replaced twice.
    let late = house.data(&clerk, CHECK, json!({ "id": id, "file": first, "fault": null })).await;
    assert_eq!(late["checkPaper"]["__typename"], "Invalid", "{late}");
    let twice = house
        .announce(&clerk, 10, &better.iter().map(|(key, value)| (*key, value.as_str())).collect::<Vec<_>>())
        .await;
    assert_eq!((twice.status, twice.code().as_str()), (422, "BAD_USER_INPUT"), "{}", twice.text);
    let found = api::documents::check::check(&house.store, &house.documents).await.expect("checked");
    assert_eq!((found.files, found.findings), (2, vec![]));
}
