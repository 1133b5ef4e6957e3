//! `yushi verify --documents`: each digest on record has its bytes. Every way in which they can be wrong is found.

use super::*;
use api::documents::check::check;

async fn two_files(house: &House) -> (String, Vec<String>) {
    let id = submitted(house).await;
    for (paper, mark) in [("SALE_CONTRACT", "one"), ("PROPERTY_PLANS", "two")] {
        let said = [("applicationId", id.as_str()), ("paper", paper)];
        let sent = house.whole(&clerk(), &pdf(1_500_000, mark), &said).await;
        assert_eq!(sent.status, 204, "{}", sent.text);
    }
    let mut names = house.documents.objects.names("files").await.expect("names");
    names.sort();
    assert_eq!(names.len(), 4, "two segments each: {names:?}");
    (id, names)
}

async fn kinds(house: &House) -> Vec<&'static str> {
    let found = check(&house.store, &house.documents).await.expect("checked");
    found.findings.iter().map(|finding| finding.kind).collect()
}

/// Puts bytes where others were.
async fn exchange(house: &House, name: &str, bytes: Vec<u8>) {
    let objects = &house.documents.objects;
    objects.delete(name).await.expect("deleted");
    assert!(objects.put_new(name, bytes).await.expect("put"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_missing_edited_or_exchanged_object_is_found() {
    let house = house().await;
    let (_, names) = two_files(&house).await;
    assert_eq!(kinds(&house).await, Vec::<&str>::new());
    let objects = &house.documents.objects;
    let mut kept = vec![];
    for name in &names {
        kept.push(objects.get(name).await.expect("read").expect("there"));
    }
    let mut edited = kept[0].clone();
    let middle = edited.len() / 2;
    edited[middle] ^= 1;
    let cut = kept[1][..kept[1].len() - 1].to_vec();
    for (at, bytes, what) in [
        (0, Some(edited), "one bit is another"),
        (1, Some(cut), "the end is cut off"),
        (0, Some(kept[1].clone()), "two segments of the file are exchanged"),
        (0, Some(kept[2].clone()), "a segment of another file stands there"),
        (1, Some(vec![]), "it is empty"),
    ] {
        exchange(&house, &names[at], bytes.unwrap_or_default()).await;
        assert_eq!(kinds(&house).await, ["DAMAGED"], "{what}");
        exchange(&house, &names[at], kept[at].clone()).await;
        assert_eq!(kinds(&house).await, Vec::<&str>::new(), "{what}: mended");
    }
    objects.delete(&names[3]).await.expect("deleted");
    assert_eq!(kinds(&house).await, ["MISSING"]);
    exchange(&house, &names[3], kept[3].clone()).await;
    // What no record knows is told as well.
    let (folder, _) = names[0].rsplit_once('/').and_then(|(file, _)| file.rsplit_once('/')).expect("folders");
    assert!(objects.put_new(&format!("{folder}/stranger/00000"), vec![1]).await.expect("put"));
    assert!(objects.put_new("files/9999/0198/stranger/00000", vec![1]).await.expect("put"));
    assert_eq!(kinds(&house).await, ["UNKNOWN", "ERASED"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_damaged_file_is_not_handed_out() {
    let house = house().await;
    let (id, names) = two_files(&house).await;
    let file =
        house.files(&clerk(), &id).await.iter().find(|file| file["opens"] == true).expect("a file")["id"]
            .clone();
    let url = house.link(&clerk(), &id, file.as_str().expect("id")).await;
    for name in &names {
        exchange(&house, name, b"something else".to_vec()).await;
    }
    let (status, _, body) = house.follow(&clerk(), &url).await;
    let text = String::from_utf8_lossy(&body).into_owned();
    assert!(status == 500 && text.contains("Incident") && !text.contains("files/"), "{status} {text}");
}
