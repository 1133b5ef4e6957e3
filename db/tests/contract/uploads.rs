//! Uploads: bytes counted once, limits that two at once do not pass, one judge at a time, and nothing left of an erased case.

use crate::stories::*;
use chrono::TimeDelta;
use db::uploads::{Announced, Opening, Upload, UploadLimits};
use db::vault::{KeyRing, Vault};
use db::{Scope, StoreOptions, Target};
use std::sync::Arc;
use workflows::form::DocumentKind;
use workflows::intake::Paper;
use workflows::machine::papers::{MediaType, PaperFile, UploadState};
use workflows::machine::{Actor, Command, Role};

macro_rules! on_sealed {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                super::$name(crate::stories::sqlite(super::sealing).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                super::$name(crate::stories::postgres(super::sealing).await).await;
            }
        }
    )+ };
}

on_sealed!(
    bytes_are_counted_once_and_an_upload_is_its_senders,
    two_that_open_at_once_pass_no_limit,
    a_file_on_record_stays_and_is_proven,
);

fn sealing(options: &mut StoreOptions) {
    options.vault = Some(Vault::new(Arc::new(KeyRing::of(&[3; 32]).unwrap())));
}

const LIMITS: UploadLimits = UploadLimits { case_bytes: 1_000, open: 2, time: TimeDelta::hours(1) };
const NAME: &str = "髙橋の源泉徴収票.pdf";

fn announced() -> Announced {
    Announced {
        paper: Paper::Document(DocumentKind::IncomeCertificate),
        party_id: Some("A1".to_owned()),
        property_no: None,
        loan_no: None,
        issued_on: None,
        name: Some(NAME.to_owned()),
        sha256: None,
        replaces: None,
    }
}

async fn open(place: &Place, id: &str, who: &Actor, bytes: u64) -> Opening {
    let store = &place.store;
    let case = store.case(&Scope::of(&clerk()), id).await.unwrap().unwrap();
    let drawer = store.drawer(&case).await.unwrap().unwrap();
    store.open_upload((&case, &drawer), who, &announced(), bytes, LIMITS, noon()).await.unwrap()
}

async fn opened(place: &Place, id: &str, who: &Actor, bytes: u64) -> Upload {
    match open(place, id, who, bytes).await {
        Opening::Opened(upload) => *upload,
        other => panic!("{other:?}"),
    }
}

async fn bytes_are_counted_once_and_an_upload_is_its_senders(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let upload = opened(&place, &id, &clerk(), 100).await;
    // Its name is nobody's to read in the database.
    let detail = place.number("SELECT count(*) FROM upload WHERE detail LIKE 'sealed:1:%'").await;
    assert_eq!(
        (detail, place.number("SELECT count(*) FROM upload WHERE detail LIKE '%徴収%'").await),
        (1, 0)
    );
    let found = store.upload(&clerk(), &upload.id).await.unwrap().unwrap();
    assert_eq!(
        (found.announced.name.as_deref(), found.received, found.state),
        (Some(NAME), 0, UploadState::Open)
    );
    let colleague = staff(Role::BranchClerk, "clerk-2");
    let other_role = staff(Role::BranchManager, "clerk-1");
    let other_bank = Actor { institution: "9999".to_owned(), ..clerk() };
    for stranger in [&colleague, &other_role, &other_bank] {
        assert!(store.upload(stranger, &upload.id).await.unwrap().is_none(), "{stranger:?}");
    }
    // Two send the same bytes: one of them counts.
    let (one, two) = tokio::join!(
        store.receive_piece(&found, ("a".to_owned(), 60), noon()),
        store.receive_piece(&found, ("b".to_owned(), 60), noon())
    );
    assert_eq!([one.unwrap(), two.unwrap()].iter().filter(|counted| **counted).count(), 1);
    let half = store.upload(&clerk(), &upload.id).await.unwrap().unwrap();
    assert_eq!((half.received, half.pieces.len(), half.state), (60, 1, UploadState::Open));
    assert!(
        !store.receive_piece(&found, ("c".to_owned(), 40), noon()).await.unwrap(),
        "from an offset that was"
    );
    let late = noon() + TimeDelta::hours(1);
    assert!(!store.receive_piece(&half, ("d".to_owned(), 40), late).await.unwrap(), "its time is over");
    assert!(store.receive_piece(&half, ("e".to_owned(), 40), noon()).await.unwrap());
    let whole = store.upload(&clerk(), &upload.id).await.unwrap().unwrap();
    assert_eq!((whole.received, whole.state), (100, UploadState::Waiting));
    // Whole, it does not lapse. One judges it; whoever dies over it keeps it no longer than said.
    assert!(store.lapsed_uploads(late).await.unwrap().is_empty());
    assert_eq!(store.waiting_uploads(noon()).await.unwrap().len(), 1);
    let until = noon() + TimeDelta::minutes(5);
    assert!(store.hold_upload(&whole, noon(), until).await.unwrap());
    assert!(!store.hold_upload(&whole, noon(), until).await.unwrap());
    assert!(store.waiting_uploads(noon()).await.unwrap().is_empty());
    assert!(store.hold_upload(&whole, until, until + TimeDelta::minutes(5)).await.unwrap());
    assert!(store.settle_upload(&whole, UploadState::Refused, Some("MALWARE"), noon()).await.unwrap());
    assert!(!store.settle_upload(&whole, UploadState::Attached, None, noon()).await.unwrap(), "it is over");
    let told =
        "SELECT count(*) FROM audit WHERE kind = 'UPLOAD' AND code = 'MALWARE' AND by_subject = 'clerk-1'";
    assert_eq!(place.number(told).await, 1);
    let scope = Scope::of(&colleague);
    let case = store.case(&scope, &id).await.unwrap().unwrap();
    let shown = store.uploads_of(&scope, &case).await.unwrap();
    assert_eq!(
        (shown.len(), shown[0].reason.as_deref()),
        (1, Some("MALWARE")),
        "staff see what became of it"
    );
    // An upload that nobody finishes lapses.
    let left = opened(&place, &id, &clerk(), 100).await;
    assert_eq!(
        store.lapsed_uploads(late).await.unwrap().iter().map(|one| &one.id).collect::<Vec<_>>(),
        [&left.id]
    );
}

async fn two_that_open_at_once_pass_no_limit(place: Place) {
    let id = submitted(&place.store, &applicant("taro")).await;
    let (clerk, other) = (clerk(), staff(Role::BranchClerk, "clerk-2"));
    let three = tokio::join!(
        open(&place, &id, &clerk, 10),
        open(&place, &id, &clerk, 10),
        open(&place, &id, &clerk, 10)
    );
    let three = [three.0, three.1, three.2];
    let count = three.iter().filter(|opening| matches!(opening, Opening::Opened(_))).count();
    assert_eq!(count, 2, "{three:?}");
    assert!(three.iter().any(|opening| matches!(opening, Opening::TooMany(2))), "{three:?}");
    assert!(matches!(open(&place, &id, &other, 981).await, Opening::CaseFull(980)));
    opened(&place, &id, &other, 980).await;
}

async fn a_file_on_record_stays_and_is_proven(place: Place) {
    let store = &place.store;
    let id = submitted(store, &applicant("taro")).await;
    let said = announced();
    let file = PaperFile {
        id: "upload-1".to_owned(),
        paper: said.paper,
        party_id: said.party_id,
        property_no: None,
        loan_no: None,
        issued_on: None,
        name: said.name,
        sha256: "ab".repeat(32),
        bytes: 4711,
        media_type: MediaType::Pdf,
        scanned: true,
        by: "clerk-1".to_owned(),
        role: Role::BranchClerk,
    };
    let attach = Command::AttachPaper { file, replaces: None };
    let (target, system) = (Target::Case { id: &id }, Actor::internal(Role::System));
    for person in [clerk(), applicant("taro"), staff(Role::BranchManager, "manager-1")] {
        let refused = ask(store, &person, target, &attach).await;
        assert!(matches!(refused, db::Answer::Refused(_)), "nobody states a digest himself: {refused:?}");
    }
    let done = done(ask(store, &system, target, &attach).await);
    assert_eq!(done.case.files[0].file.sha256, "ab".repeat(32));
    let twice = ask(store, &system, target, &attach).await;
    assert!(matches!(twice, db::Answer::Refused(_)), "{twice:?}");
    assert_eq!(db::verify::verify(store).await.unwrap().violations, vec![]);
    let page = store.whole_cases(&Scope::of(&system), None, 10).await.unwrap();
    assert_eq!(page.items.iter().filter(|case| !case.files.is_empty()).count(), 1);
    // Seeded: a digest that somebody changes behind the service breaks the seal, the chain and the fold.
    let changed = "UPDATE entry SET events = replace(events, 'a', 'b') WHERE verb = 'attachPaper'";
    assert_eq!(place.tamper(changed).await, 1);
    assert_ne!(db::verify::verify(store).await.unwrap().violations, vec![]);
}
