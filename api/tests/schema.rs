//! The schemas: what is committed is what is built, and a role finds only what is its own.

use api::graphql::{schema_for, sdl, union_sdl, verbs_of};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use workflows::machine::atlas;
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
    let others: BTreeSet<&str> = [
        "claimNext",
        "claimTask",
        "releaseTask",
        "markRead",
        "proposeRate",
        "approveRate",
        "returnRate",
        "nameDeputy",
        "endDeputy",
        "proposeContractor",
        "proposeContractorStep",
        "proposeContractorSubstitute",
        "reviewContractor",
        "fileComplaint",
        "handleComplaint",
        "answerComplaint",
        "proposeComplaintClosure",
        "proposeTraining",
        "proposeTrainingRevocation",
        "approveRegisterStep",
        "returnRegisterStep",
        "proposeUserAccount",
        "proposeUserAccountChange",
        "approveUserAccountChange",
        "returnUserAccountChange",
        "handOverJob",
        "makeCalendarFeed",
        "revokeCalendarFeed",
        "answerEngagement",
        "askOfficeAgain",
        "endEngagement",
        "estimateCosts",
        "billCosts",
        "agreeToBill",
        "recordIdentity",
        "registerOriginal",
        "offerOriginal",
        "takeOriginal",
        "keepOriginal",
        "proposeColleague",
        "proposeColleagueChange",
        "saveView",
        "deleteView",
        "addWebhookEndpoint",
        "changeWebhookEndpoint",
        "rotateWebhookSecret",
        "testWebhookEndpoint",
        "resendWebhooks",
        "handleIncidents",
        "resendDelivery",
        "handInLedger",
        "handInTransferResult",
        "proposeDayClosing",
        "proposeDayReopening",
        "approveDayStep",
        "returnDayStep",
        "setContact",
        "confirmContact",
        "markPosted",
        "sendDirectMail",
        "setDeskDigest",
        "saveIntakeDraft",
        "reassignTasks",
        "discardIntakeDraft",
        "addReviewMemo",
    ]
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

/// Fields of every object type of an SDL.
fn objects_of(sdl: &str) -> BTreeMap<String, BTreeSet<String>> {
    let names = sdl.lines().filter_map(|line| line.strip_prefix("type ")?.split_whitespace().next());
    names.map(|name| (name.to_owned(), fields_of(sdl, name))).collect()
}

/// Fields down, roles across.
fn fields(by_role: &[(Role, BTreeMap<String, BTreeSet<String>>)]) -> String {
    let every: BTreeSet<(&str, &str)> = by_role
        .iter()
        .flat_map(|(_, types)| types.iter())
        .flat_map(|(name, fields)| fields.iter().map(move |field| (name.as_str(), field.as_str())))
        .collect();
    let head: Vec<&str> = by_role.iter().map(|(role, _)| role.code()).collect();
    let mut text = format!("| field | {} |\n| --- |{}\n", head.join(" | "), " --- |".repeat(head.len()));
    for (name, field) in every {
        let marks = by_role.iter().map(|(_, types)| {
            let seen = types.get(name).is_some_and(|fields| fields.contains(field));
            if seen { "x" } else { "" }
        });
        text.push_str(&format!("| {name}.{field} | {} |\n", marks.collect::<Vec<_>>().join(" | ")));
    }
    text
}

/// Compares a file under `docs/generated` with what it should be; `UPDATE` writes it.
fn is_fresh(name: &str, built: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/generated").join(name);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        std::fs::write(&path, built).expect("written");
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == built, "docs/generated/{name} is stale: run the test with UPDATE=1");
}

#[test]
fn the_committed_permissions_are_those_of_table_and_schemas() {
    let by_role: Vec<_> = signing_in().map(|role| (role, objects_of(&sdl(role).expect("schema")))).collect();
    let text = format!(
        "<!-- Printed from the table and the schemas; do not edit. -->\n# Who may do and see what / 権限\n\n## Verbs / 操作\n\n{}\n\
         ## Fields / 項目\n\nEvery field of the API: `x` where the role's schema has it, so that the role can ask for it. `Mutation` are the \
         verbs as the API offers them and what is done with queues, inbox and rates. Whose cases: `db::Scope`.\n\n{}",
        atlas::permissions(&Table::default()).trim_end(),
        fields(&by_role),
    );
    is_fresh("permissions.md", &text);
}

#[test]
fn the_committed_schema_of_each_role_is_its_schema() {
    let mut printed = 0;
    for role in signing_in() {
        is_fresh(&format!("schema/{role}.graphql"), &sdl(role).expect("schema"));
        printed += 1;
    }
    println!("schemas by role: {printed}");
    assert_eq!(printed, signing_in().count());
}

/// Fields whose place the specification gives by name: who has them, and nobody else.
#[test]
fn what_is_protected_by_name_is_in_no_other_schema() {
    use Role::*;
    let rules: &[(&str, &str, &[Role])] = &[
        ("Query", "bureauInquiries", &[BranchManager, ScreeningOfficer]),
        ("Application", "grounds", &[BranchManager, ScreeningOfficer]),
        ("Query", "memos", &[BranchClerk, BranchManager, ScreeningOfficer, Operations, Compliance]),
        ("Query", "reviewMemos", &[Guarantor]),
        ("ReviewMemo", "text", &[Guarantor]),
        ("Form", "screeningAddOnPercent", &[BranchManager, ScreeningOfficer]),
        (
            "Account",
            "number",
            &[BranchClerk, BranchManager, ScreeningOfficer, Applicant, CoObligor, Operations, CoreBanking],
        ),
    ];
    let health = ["health", "diagnosis", "illness", "告知内容"];
    let mut checks = 0;
    for role in signing_in() {
        let types = objects_of(&sdl(role).expect("schema"));
        let has = |object: &str, field: &str| types.get(object).is_some_and(|fields| fields.contains(field));
        for (object, field, allowed) in rules {
            assert_eq!(has(object, field), allowed.contains(&role), "{role}: {object}.{field}");
            checks += 1;
        }
        for (object, fields) in &types {
            for field in fields {
                let named = health.iter().any(|word| field.to_lowercase().contains(word));
                assert!(!named || object == "Mutation", "{role}: {object}.{field} names health (L-93)");
                checks += 1;
            }
        }
    }
    let admin: BTreeSet<String> = fields_of(&sdl(UserAdmin).expect("schema"), "Query");
    assert!(admin.is_disjoint(
        &["application", "applications", "tasks", "inbox", "timeline"].map(str::to_owned).into()
    ));
    println!("protected fields: {checks} checks");
}
