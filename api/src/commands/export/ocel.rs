//! Object-centric event log, OCEL 2.0 in JSON: applications, loans, party roles and track instances, and what happened to them.

use std::io::{self, Write};

use serde_json::{Value, json};
use workflows::machine::Verb;

use super::trace::{Step, Trace};

/// Types of objects with their attributes; every attribute is a text.
const OBJECT_TYPES: &[(&str, &[&str])] = &[
    ("application", &["institution", "branch", "product", "purpose", "stage"]),
    ("loan", &["rate_type"]),
    ("party", &["role"]),
    ("track", &["track", "state"]),
];
/// Attributes of every event.
const EVENT_ATTRIBUTES: &[&str] = &["role", "row", "from", "to"];

/// The opening of the file: all types.
pub fn head(out: &mut impl Write) -> io::Result<()> {
    let attributes = |names: &[&str]| -> Vec<Value> {
        names.iter().map(|name| json!({ "name": name, "type": "string" })).collect()
    };
    let objects: Vec<Value> = OBJECT_TYPES
        .iter()
        .map(|(name, names)| json!({ "name": name, "attributes": attributes(names) }))
        .collect();
    let verbs = Verb::ALL.iter().flat_map(|verb| [verb.code().to_owned(), format!("propose {verb}")]);
    let events: Vec<Value> =
        verbs.map(|name| json!({ "name": name, "attributes": attributes(EVENT_ATTRIBUTES) })).collect();
    write!(out, "{{\"objectTypes\":{},\n\"eventTypes\":{},\n", Value::from(objects), Value::from(events))
}

/// The objects of a case, as values of the list `objects`.
pub fn objects(trace: &Trace) -> Vec<Value> {
    let id = &trace.id;
    let time = super::instant(trace.steps.first().map(|step| step.at).unwrap_or_default());
    let object = |id: String, kind: &str, attributes: &[(&str, &str)], relations: Vec<Value>| {
        let attributes: Vec<Value> = attributes
            .iter()
            .map(|(name, value)| json!({ "name": name, "time": time, "value": value }))
            .collect();
        json!({ "id": id, "type": kind, "attributes": attributes, "relationships": relations })
    };
    let mut parts = vec![];
    let mut relations = vec![];
    for loan in &trace.loans {
        let loan_id = format!("{id}/L{}", loan.loan_no);
        relations.push(json!({ "objectId": loan_id, "qualifier": "loan" }));
        parts.push(object(loan_id, "loan", &[("rate_type", loan.rate_type)], vec![]));
    }
    for party in &trace.parties {
        let party_id = format!("{id}/{}", party.party_id);
        relations.push(json!({ "objectId": party_id, "qualifier": "party" }));
        parts.push(object(party_id, "party", &[("role", party.role)], vec![]));
    }
    for instance in &trace.tracks {
        let track_id = track_id(id, instance.track, &instance.key);
        relations.push(json!({ "objectId": track_id, "qualifier": "track" }));
        let attributes = [("track", instance.track), ("state", instance.state)];
        let of: Vec<Value> = concerned(trace, &instance.key)
            .into_iter()
            .map(|(object, qualifier)| json!({ "objectId": object, "qualifier": qualifier }))
            .collect();
        parts.push(object(track_id, "track", &attributes, of));
    }
    let attributes = [
        ("institution", trace.institution.as_str()),
        ("branch", &trace.branch),
        ("product", trace.product),
        ("purpose", trace.purpose),
        ("stage", trace.stage),
    ];
    parts.insert(0, object(id.clone(), "application", &attributes, relations));
    parts
}

/// The events of a case, as values of the list `events`.
pub fn events(trace: &Trace) -> Vec<Value> {
    trace.steps.iter().map(|step| event(trace, step)).collect()
}

fn event(trace: &Trace, step: &Step) -> Value {
    let mut relations = vec![json!({ "objectId": trace.id, "qualifier": "case" })];
    match &step.track {
        Some((track, key)) => {
            relations.push(json!({ "objectId": track_id(&trace.id, track, key), "qualifier": "moved" }));
            let concerned = concerned(trace, key).into_iter();
            relations
                .extend(concerned.map(|(id, qualifier)| json!({ "objectId": id, "qualifier": qualifier })));
        }
        None => relations.extend(
            trace
                .loans
                .iter()
                .map(|l| json!({ "objectId": format!("{}/L{}", trace.id, l.loan_no), "qualifier": "loan" })),
        ),
    }
    let attributes = [("role", step.role), ("row", &step.row), ("from", step.from), ("to", step.to)];
    let attributes: Vec<Value> =
        attributes.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
    json!({
        "id": format!("{}/{}/{}", trace.id, step.version, step.place),
        "type": step.activity,
        "time": super::instant(step.at),
        "attributes": attributes,
        "relationships": relations,
    })
}

fn track_id(case: &str, track: &str, key: &str) -> String {
    format!("{case}/{track}:{key}")
}

/// The person and the loan that a track key such as `A1` or `A1:L2` names.
fn concerned(trace: &Trace, key: &str) -> Vec<(String, &'static str)> {
    let (person, loan) = key.split_once(':').unwrap_or((key, ""));
    let mut found = vec![];
    if trace.parties.iter().any(|party| party.party_id == person) {
        found.push((format!("{}/{person}", trace.id), "party"));
    }
    if trace.loans.iter().any(|known| format!("L{}", known.loan_no) == loan) {
        found.push((format!("{}/{loan}", trace.id), "loan"));
    }
    found
}
