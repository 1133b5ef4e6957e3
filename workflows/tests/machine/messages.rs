//! What partners are sent has the shape that its schema says, and the schemas keep what a release promised.

use crate::story::{Bank, Library, Theatre};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use workflows::machine::schemas::{Direction, Printed, broken, misfits, printed};
use workflows::machine::{Effect, PartnerMessage, Table};
use workflows::sample;

fn folder(below: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(below)
}

/// Every file below a folder, with its path there.
fn files(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    for partner in std::fs::read_dir(root).into_iter().flatten().flatten() {
        for file in std::fs::read_dir(partner.path()).into_iter().flatten().flatten() {
            let name =
                [partner.file_name(), file.file_name()].map(|part| part.to_string_lossy().into_owned());
            found.insert(name.join("/"), std::fs::read_to_string(file.path()).unwrap());
        }
    }
    found
}

fn text(schema: &Value) -> String {
    serde_json::to_string_pretty(schema).unwrap() + "\n"
}

#[test]
fn the_printed_schemas_are_fresh() {
    let root = folder("generated/partners");
    let printed: BTreeMap<String, String> =
        printed(&Table::default()).into_iter().map(|one| (one.path, text(&one.schema))).collect();
    assert!(printed.len() >= 40, "{}", printed.len());
    if std::env::var_os("UPDATE").is_some() {
        let _ = std::fs::remove_dir_all(&root);
        for (path, text) in &printed {
            let file = root.join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
    }
    let committed = files(&root);
    let names = |all: &BTreeMap<String, String>| all.keys().cloned().collect::<BTreeSet<_>>();
    assert_eq!(names(&committed), names(&printed), "run the tests once with UPDATE=1");
    let stale: Vec<&String> =
        printed.iter().filter(|(path, text)| committed[*path] != **text).map(|(p, _)| p).collect();
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run the tests once with UPDATE=1 and look at the difference"
    );
}

/// What the printed schemas do not keep of the released ones.
fn unkept(released: &BTreeMap<String, String>, printed: &[Printed]) -> Vec<String> {
    let mut found = vec![];
    for (path, text) in released {
        let was: Value = serde_json::from_str(text).unwrap();
        match printed.iter().find(|one| one.path == *path) {
            None => found.push(format!("{path}: gone")),
            Some(now) => found.extend(
                broken(&was, &now.schema, now.direction).into_iter().map(|what| format!("{path} {what}")),
            ),
        }
    }
    found
}

#[test]
fn what_was_released_is_kept() {
    let released = files(&folder("partners/released"));
    assert!(released.len() >= 40, "{} released schemas", released.len());
    let printed = printed(&Table::default());
    let unkept = unkept(&released, &printed);
    assert!(
        unkept.is_empty(),
        "{unkept:#?}\nA reader of version 1 would break: print another version beside it"
    );
    let unreleased = printed.iter().filter(|one| !released.contains_key(&one.path)).count();
    println!("released {}, printed {}, not released yet {unreleased}", released.len(), printed.len());
}

#[test]
fn a_schema_that_breaks_a_promise_is_found() {
    let printed = printed(&Table::default());
    let one = |name: &str| printed.iter().find(|one| one.path.contains(name)).unwrap();
    let (order, approve) = (one("POSTING_ORDER"), one("approveGuarantee"));
    let changed = |of: &Printed, change: &dyn Fn(&mut Value)| {
        let mut now = of.schema.clone();
        change(&mut now);
        broken(&of.schema, &now, of.direction)
    };
    assert_eq!(changed(order, &|_| ()), Vec::<String>::new());
    let removed =
        changed(order, &|now| drop(now["properties"].as_object_mut().unwrap().remove("posting_key")));
    assert_eq!(removed, ["/posting_key: removed"]);
    let text = changed(order, &|now| now["properties"]["content_version"] = json!({ "type": "string" }));
    assert!(text[0].starts_with("/content_version: integer"), "{text:?}");
    let deep = changed(order, &|now| {
        now["$defs"]["Line"]["properties"]["number"] = json!({ "type": "string" });
    });
    assert!(deep[0].starts_with("/lines/*/number: integer"), "{deep:?}");
    let null = changed(order, &|now| now["properties"]["case_id"]["type"] = json!(["string", "null"]));
    assert_eq!(null, ["/case_id: may be null now"]);
    let asked = changed(approve, &|now| {
        now["properties"]["seal"] = json!({ "type": "string" });
        now["required"].as_array_mut().unwrap().push(json!("seal"));
    });
    assert_eq!(asked, ["/seal: is required now"]);
    // A further field breaks nobody who ignores what he does not know.
    let more = |now: &mut Value| now["properties"]["more"] = json!({ "type": "string" });
    assert_eq!(changed(order, &more), Vec::<String>::new());
    let gone = BTreeMap::from([("guarantor/NEVER.v1.json".to_owned(), "{}".to_owned())]);
    assert_eq!(unkept(&gone, &printed), ["guarantor/NEVER.v1.json: gone"]);
}

#[test]
fn every_message_that_leaves_has_the_shape_of_its_schema() {
    let (library, table) = (Library::load(), Table::default());
    let rules = sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let schemas: BTreeMap<String, Value> = printed(&table)
        .into_iter()
        .filter(|one| one.direction == Direction::Message)
        .map(|one| (one.path.rsplit('/').next().unwrap().replace(".v1.json", ""), one.schema))
        .collect();
    let (mut seen, mut sample) = (BTreeMap::<PartnerMessage, usize>::new(), None);
    for story in library.all() {
        let world = theatre.run(&story.name, None).unwrap();
        for effect in &world.sent {
            let Effect::Send { message, payload, .. } = effect else { continue };
            *seen.entry(*message).or_default() += 1;
            let misfits = misfits(&schemas[message.code()], payload);
            assert!(misfits.is_empty(), "{}: {message}: {misfits:?}\n{payload:#}", story.name);
            if payload["request_id"].is_null() {
                use PartnerMessage as M;
                let unasked = [
                    M::PostingOrder,
                    M::PostingQuery,
                    M::ReversalOrder,
                    M::ServicingOffer,
                    M::CollectionCase,
                    // INS-29 cancels a declaration that expired, also one that was never passed on: nobody was asked.
                    M::InsuranceCancel,
                ];
                assert!(unasked.contains(message), "{}: {message} names no request", story.name);
            }
            sample = (*message == PartnerMessage::GuaranteeRequest).then(|| payload.clone()).or(sample);
        }
    }
    println!("messages by kind: {seen:?}");
    let missing: Vec<_> = PartnerMessage::ALL.iter().filter(|message| !seen.contains_key(message)).collect();
    assert!(missing.is_empty(), "sent in no story: {missing:?}");
    // The check can fail: a field less, one more, and one of another kind.
    let (schema, sound) = (&schemas["GUARANTEE_REQUEST"], sample.unwrap());
    for (spoil, says) in [
        (json!({ "content_version": "1" }), "no integer"),
        (json!({ "memo": "x" }), "memo is in no schema"),
        (json!({ "case_id": null }), "/case_id: null"),
    ] {
        let mut payload = sound.clone();
        payload.as_object_mut().unwrap().extend(spoil.as_object().unwrap().clone());
        let found = misfits(schema, &payload);
        assert!(found.iter().any(|what| what.contains(says)), "{says}: {found:?}");
    }
    let mut short = sound;
    short.as_object_mut().unwrap().remove("loans");
    assert_eq!(misfits(schema, &short), ["/: loans is missing"]);
}
