//! The schemas: what is committed is what is built, and a role finds only what is its own.

use api::graphql::{schema_for, sdl, union_sdl, verbs_of};
use std::collections::BTreeSet;
use std::path::Path;
use workflows::machine::row::By;
use workflows::machine::{Role, Table, Verb};

fn signing_in() -> impl Iterator<Item = Role> {
    Role::ALL.iter().copied().filter(|role| !role.is_internal())
}

/// Names of the fields of a root type in an SDL.
fn fields_of(sdl: &str, root: &str) -> BTreeSet<String> {
    let Some(start) = sdl.find(&format!("\ntype {root} {{")) else { return BTreeSet::new() };
    let body = &sdl[start..];
    let body = &body[..body.find("\n}").expect("end of type")];
    let lines = body
        .lines()
        .filter(|line| line.starts_with('\t') && line.as_bytes().get(1).is_some_and(u8::is_ascii_lowercase));
    lines.map(|line| line.trim().split(['(', ':']).next().expect("name").to_owned()).collect()
}

#[test]
fn the_committed_schema_is_the_schema() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schema.graphql");
    let built = union_sdl().expect("schema");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &built).expect("written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == built, "api/schema.graphql is stale: run the test with UPDATE=1");
}

#[test]
fn every_role_has_a_schema_that_fits_together() {
    for role in signing_in() {
        let sdl = sdl(role).unwrap_or_else(|error| panic!("{role}: {error:?}"));
        assert!(fields_of(&sdl, "Query").contains("me"), "{role}");
    }
}

#[test]
fn a_role_finds_only_the_verbs_that_the_table_gives_it() {
    let table = Table::default();
    let others: BTreeSet<&str> =
        ["claimNext", "claimTask", "releaseTask", "markRead", "proposeRate", "approveRate", "returnRate"]
            .into_iter()
            .collect();
    for role in signing_in() {
        let found = fields_of(&sdl(role).expect("schema"), "Mutation");
        for name in found.iter().filter(|name| !others.contains(name.as_str())) {
            let verb = Verb::parse(name).unwrap_or_else(|| panic!("{role}: {name} is no verb"));
            let decides = table.rows().iter().any(|row| match row.by {
                By::FourEyes { propose, decide } => propose.contains(&role) || decide.contains(&role),
                _ => false,
            });
            let proposal =
                matches!(verb, Verb::ApproveProposal | Verb::ReturnProposal | Verb::RetractProposal);
            let calls = table.of_verb(verb).any(|row| row.callers().contains(&role));
            assert!(calls || (proposal && decides), "{role} finds {name}");
        }
        let called: BTreeSet<String> = table
            .rows()
            .iter()
            .filter(|row| row.callers().contains(&role))
            .map(|row| row.verb.code().to_owned())
            .collect();
        assert!(called.is_subset(&found), "{role} lacks {:?}", called.difference(&found).collect::<Vec<_>>());
    }
}

#[test]
fn verbs_of_the_server_are_in_no_schema() {
    let all: Vec<Role> = signing_in().collect();
    let outside = verbs_of(&all);
    let union = fields_of(&union_sdl().expect("schema"), "Mutation");
    for verb in Verb::ALL.iter().filter(|verb| !outside.contains(verb)) {
        assert!(!union.contains(verb.code()), "{verb}");
    }
    assert!(!outside.is_empty() && outside.len() < Verb::ALL.len());
}

#[test]
fn walls_hold_what_must_not_be_seen() {
    let lacks = |role: Role, words: &[&str]| {
        let sdl = schema_for(role).expect("schema").sdl();
        // What may be handed in is no matter of who may read it.
        let shown: Vec<&str> = sdl.split("\n\n").filter(|part| !part.contains("\ninput ")).collect();
        let sdl = shown.join("\n\n");
        let fields = sdl.lines().filter_map(|line| line.strip_prefix('\t')?.split(['(', ':']).next());
        for field in fields {
            assert!(!words.contains(&field), "{role} finds {field}");
        }
    };
    let screening = ["screeningAddOn", "grounds", "memos", "guarantees", "valuationYen", "hold"];
    lacks(Role::Applicant, &screening);
    lacks(Role::CoObligor, &screening);
    for partner in Role::ALL.iter().copied().filter(|role| role.is_partner()) {
        lacks(partner, &["screeningAddOn", "grounds", "memos", "timeline", "explain", "proposals"]);
    }
    lacks(
        Role::Scrivener,
        &["annualIncomeYen", "employment", "otherDebts", "insurance", "disbursementAccount", "phone"],
    );
    lacks(Role::Registry, &["annualIncomeYen", "nameKanji", "phone", "disbursementAccount"]);
    lacks(Role::Insurer, &["annualIncomeYen", "employment", "properties", "disbursementAccount", "postings"]);
    lacks(Role::Guarantor, &["disbursementAccount", "leftAntisocialGroupOn", "frozen"]);
    lacks(Role::Operations, &["annualIncomeYen", "otherDebts", "grounds"]);
    lacks(Role::Auditor, &["nameKanji", "annualIncomeYen", "disbursementAccount", "phone"]);
    lacks(Role::UserAdmin, &["application", "applications"]);
}
