//! Mail into a folder.

mod support;

use chrono::Duration;
use notifications::address::Patterns;
use notifications::{Channel, MailConfig, Transport};
use std::sync::atomic::Ordering;
use support::outbox::{Outbox, State};
use support::{TestClock, courier, desk, parcel, quick};

#[tokio::test]
async fn a_repeat_overwrites_its_own_file_and_nothing_half_written_stays() {
    let folder = tempfile::tempdir().expect("a folder");
    let mail = MailConfig {
        transport: Transport::File,
        folder: folder.path().join("mail"),
        addresses: Patterns::demo(),
        ..MailConfig::default()
    };
    let clock = TestClock::new();
    let outbox = Outbox::with([desk("d1", Channel::Email), parcel("p1", Channel::Email, "P1")]);
    outbox.forgets.store(true, Ordering::SeqCst);
    let courier = courier(&outbox, &clock, mail, quick(), "w");
    courier.sweep().await.expect("answers");
    outbox.forgets.store(false, Ordering::SeqCst);
    clock.advance(Duration::minutes(1));
    courier.sweep().await.expect("answers");
    assert_eq!(outbox.count(&State::Delivered), 2);

    let entries = std::fs::read_dir(folder.path().join("mail")).expect("made");
    let mut names: Vec<String> =
        entries.map(|e| e.expect("readable").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    assert_eq!(names, ["d1@yushi.eml", "p1@yushi.eml"]);
    let text = std::fs::read_to_string(folder.path().join("mail/d1@yushi.eml")).expect("readable");
    assert!(text.contains("To: branch-clerk.101@2950.example"), "{text}");
    let party = std::fs::read_to_string(folder.path().join("mail/p1@yushi.eml")).expect("readable");
    assert!(party.contains("To: p1.2950-101-2026-000042@customer.example"), "{party}");
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_tried_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let blocked = folder.path().join("mail");
    std::fs::write(&blocked, "a file stands here").expect("writable");
    let mail = MailConfig {
        transport: Transport::File,
        folder: blocked,
        addresses: Patterns::demo(),
        ..MailConfig::default()
    };
    let clock = TestClock::new();
    let outbox = Outbox::with([desk("d1", Channel::Email)]);
    courier(&outbox, &clock, mail, quick(), "w").sweep().await.expect("answers");
    assert_eq!(outbox.row("d1").state, State::Waiting);
    assert!(outbox.row("d1").error.is_some_and(|e| e.starts_with("file: ")));
}
