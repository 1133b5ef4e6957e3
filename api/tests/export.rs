//! The exports of one case: the same events in each format, no person in any.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use api::cli::ExportFormat;
use api::commands::export::Writer;
use api::commands::export::trace::{Trace, trace};
use api::commands::place::sample_rules;
use serde_json::Value;
use workflows::form::{Form, Line};
use workflows::machine::{Actor, Command, Context, Registers, Role, Table, decide, open};

fn form() -> Form {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/data/applications.jsonl");
    let text = std::fs::read_to_string(sample).expect("sample");
    let parsed = text.lines().map(|line| Line::parse(line).expect("form").form);
    let rules = sample_rules().expect("rules");
    let fine = |form: &Form| {
        let result = workflows::evaluate(form, &rules.books, &rules.rates).expect("evaluated");
        result.violations.is_empty() && form.parties.len() > 1
    };
    parsed.into_iter().find(fine).expect("an application with two people")
}

/// A submitted application.
fn submitted() -> (Form, Trace) {
    let (form, rules, table) = (form(), Arc::new(sample_rules().expect("rules")), Table::default());
    let importer = Actor::internal(Role::Importer);
    let now = form.received_at.to_utc();
    let ctx =
        Context { actor: &importer, now, rules: rules.as_ref(), table: &table, registers: Registers::NONE };
    let drafted = open("case-1", &Command::CreateDraft { form: form.clone() }, &ctx).expect("a draft");
    let submit = Command::SubmitApplication { received_at: Some(now), external_id: None };
    let submitted = decide(&drafted.case, &submit, &ctx).expect("submitted");
    let entries = [drafted.entry, submitted.entry];
    let trace = trace(&submitted.case, &entries, &table);
    (form, trace)
}

fn written(format: ExportFormat, trace: &Trace) -> String {
    let folder = tempfile::tempdir().expect("folder");
    let path = folder.path().join("log");
    let mut writer = Writer::new(format, File::create(&path).expect("file")).expect("writer");
    writer.write(trace).expect("written");
    writer.finish().expect("finished");
    std::fs::read_to_string(path).expect("text")
}

#[test]
fn every_format_has_the_same_events() {
    let (_, trace) = submitted();
    let activities: Vec<&str> = trace.steps.iter().map(|step| step.activity.as_str()).collect();
    assert_eq!(activities[..2], ["createDraft", "submitApplication"]);
    assert!(activities.contains(&"startAmlCheck"), "consequences stand under their own verb: {activities:?}");

    let csv = written(ExportFormat::Csv, &trace);
    let rows: Vec<Vec<&str>> = csv.lines().skip(1).map(|line| line.split(',').collect()).collect();
    assert_eq!(rows.iter().map(|row| row[1]).collect::<Vec<_>>(), activities);
    assert!(rows.iter().all(|row| row[0] == "case-1" && row[3] == "IMPORTER"));

    let xes = written(ExportFormat::Xes, &trace);
    assert_eq!(xes.matches("<event>").count(), activities.len());
    assert_eq!(xes.matches("<trace>").count(), 1);
    assert!(xes.trim_end().ends_with("</log>"));

    let ocel: Value = serde_json::from_str(&written(ExportFormat::Ocel2, &trace)).expect("JSON");
    let events = ocel["events"].as_array().expect("events");
    assert_eq!(
        events.iter().map(|event| event["type"].as_str().expect("type")).collect::<Vec<_>>(),
        activities
    );
    let ids: Vec<&str> =
        ocel["objects"].as_array().expect("objects").iter().filter_map(|o| o["id"].as_str()).collect();
    let named = events.iter().flat_map(|event| event["relationships"].as_array().expect("relationships"));
    for relation in named {
        assert!(ids.contains(&relation["objectId"].as_str().expect("id")), "{relation}");
    }
    let types: Vec<&str> =
        ocel["eventTypes"].as_array().expect("types").iter().filter_map(|t| t["name"].as_str()).collect();
    assert!(activities.iter().all(|activity| types.contains(activity)));
}

#[test]
fn no_export_knows_a_person() {
    let (form, trace) = submitted();
    for format in [ExportFormat::Csv, ExportFormat::Xes, ExportFormat::Ocel2] {
        let text = written(format, &trace);
        for party in &form.parties {
            for secret in [&party.name_kanji, &party.name_kana, &party.address.text, &party.phone] {
                assert!(!text.contains(secret.as_str()), "{format:?} holds {secret}");
            }
            assert!(!text.contains(&party.birth_date.to_string()), "{format:?} holds a birth date");
        }
        assert!(!text.contains(&form.disbursement_account.number) && !text.contains(&form.application_id));
    }
}
