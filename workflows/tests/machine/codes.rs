//! The codes of guarantee institutions: what the book maps goes beside our codes, and what it does not map is said to be missing.

use crate::story::{Bank, Library, Theatre};
use serde_json::{Value, json};
use std::sync::Arc;
use workflows::form::{EmploymentKind, Product, PropertyKind, PurposeCode};
use workflows::machine::Rules;
use workflows::machine::schemas::misfits;
use workflows::machine::{Effect, PartnerMessage, Role, Table};
use workflows::product::Source;
use workflows::{Books, sample};

const BASE: &str = include_str!("../../products/base.toml");
const PARAMETERS: &str = include_str!("../../products/sample-parameters.json");
const EDITION: &str = include_str!("../../products/2963-2024-07.toml");

/// The schema of the request as it is printed.
fn printed() -> Value {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../docs/generated/partners/guarantor/GUARANTEE_REQUEST.v1.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A table with a code for each of ours, save those left out: `P0`, `P1`, ...
fn table(name: &str, codes: impl Iterator<Item = &'static str>, left_out: &[&str]) -> String {
    let lines = codes
        .enumerate()
        .filter(|(_, code)| !left_out.contains(code))
        .map(|(n, code)| format!("{code} = \"{}{n}\"\n", name[..1].to_uppercase()));
    format!("[guarantor_codes.{}.{name}]\n{}\n", guarantor(), lines.collect::<String>())
}

fn guarantor() -> String {
    let rules = sample::rulebook().unwrap();
    let library = Library::load();
    let (machine, bank) = (Table::default(), Bank::of(&rules));
    let world = Theatre::new(&library, &machine, &bank).run("2-screening", None).unwrap();
    world.case.unwrap().engagements[&Role::Guarantor].clone()
}

/// The bank's edition with the map of its institution.
fn edition(left_out: &[&str]) -> String {
    [
        // The map is a table of its own at the end of the file.
        EDITION.to_owned(),
        table("product", Product::ALL.iter().map(|one| one.code()), left_out),
        table("purpose", PurposeCode::ALL.iter().map(|one| one.code()), left_out),
        table("employment", EmploymentKind::ALL.iter().map(|one| one.code()), left_out),
        table("property", PropertyKind::ALL.iter().map(|one| one.code()), left_out),
    ]
    .join("\n")
}

fn books(edition: &str) -> Result<Books, Vec<workflows::BookProblem>> {
    let base = Source { name: "base.toml", text: BASE };
    let parameters = Source { name: "parameters.json", text: PARAMETERS };
    Books::of(base, Some(parameters), &[Source { name: "2963.toml", text: edition }])
}

/// The request that a bank with this edition sends.
fn request(edition: &str) -> Value {
    let rules = workflows::machine::Rulebook {
        books: Arc::new(books(edition).unwrap()),
        ..sample::rulebook().unwrap()
    };
    let (library, machine, bank) = (Library::load(), Table::default(), Bank::of(&rules));
    let world = Theatre::new(&library, &machine, &bank).run("2-screening", None).unwrap();
    assert!(rules.book_of(&world.case.as_ref().unwrap().form).is_some());
    let sent = world.sent.iter().find_map(|effect| match effect {
        Effect::Send { message: PartnerMessage::GuaranteeRequest, payload, .. } => Some(payload.clone()),
        _ => None,
    });
    let sent = sent.expect("a request");
    assert_eq!(misfits(&printed(), &sent), Vec::<String>::new());
    sent
}

#[test]
fn a_bank_without_a_map_sends_its_own_codes_alone() {
    let sent = request(EDITION);
    assert_eq!(sent.get("institution_codes"), None);
    assert_eq!(sent["product"], json!("HOUSING_LOAN"));
    assert_eq!(books(EDITION).unwrap().unmapped(), vec![]);
}

#[test]
fn mapped_codes_stand_beside_ours_and_missing_ones_are_named() {
    let whole = request(&edition(&[]));
    let codes = &whole["institution_codes"];
    assert_eq!((&codes["product"], &codes["unmapped"]), (&json!("P0"), &json!([])));
    let people = whole["parties"].as_array().unwrap().len();
    assert_eq!(codes["employment"].as_array().unwrap().len(), people);
    // Ours are what they were.
    assert_eq!(whole["product"], json!("HOUSING_LOAN"));

    let purpose = whole["purpose"]["code"].as_str().unwrap();
    let short = request(&edition(&[purpose]));
    let codes = &short["institution_codes"];
    assert_eq!(codes["purpose"], Value::Null, "nothing is guessed");
    assert_eq!(codes["unmapped"], json!([format!("purpose.{purpose}")]));
    let found = books(&edition(&[purpose])).unwrap().unmapped();
    let keys: Vec<&str> = found.iter().map(|problem| problem.key.as_str()).collect();
    assert_eq!(keys, [format!("guarantor_codes.{}.purpose.{purpose}", guarantor())]);
    assert_eq!(found[0].file, "2963 2024-07-01");
}

#[test]
fn a_code_that_is_none_and_a_code_that_we_do_not_have_are_refused() {
    for (ours, theirs) in
        [("HOUSING_LOAN", ""), ("HOUSING_LOAN", "a b"), ("HOUSING_LOAN", "012345678901234567890")]
    {
        let text = format!("{EDITION}\n[guarantor_codes.G.product]\n{ours} = \"{theirs}\"\n");
        let found = books(&text).unwrap_err();
        assert_eq!(found[0].key, "guarantor_codes.G.product.HOUSING_LOAN", "{theirs:?}: {found:?}");
        assert!(found[0].accepted.starts_with("1 to 20"));
    }
    let text = format!("{EDITION}\n[guarantor_codes.G.product]\nNO_LOAN = \"1\"\n");
    let found = books(&text).unwrap_err();
    assert!(format!("{found:?}").contains("NO_LOAN"), "{found:?}");
}
