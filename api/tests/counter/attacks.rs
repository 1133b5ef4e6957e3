//! Documents that ask for more than they are worth: refused before the library sees them, and fast.

use crate::house::{House, person};
use api::graphql::cost::{Most, Refused, choose, judge};
use serde_json::{Map, json};
use std::time::{Duration, Instant};
use tests::patience::within;
use workflows::machine::Role;

/// Fragments of which each spreads the next twice (or `times`): the written-out document grows exponentially.
pub fn doubling(levels: usize, times: usize) -> String {
    let mut document = "{ ...F0 }".to_owned();
    for level in 0..levels {
        let spreads = format!(" ...F{}", level + 1).repeat(times);
        document.push_str(&format!(" fragment F{level} on Query {{{spreads} }}"));
    }
    document + &format!(" fragment F{levels} on Query {{ me {{ role }} }}")
}

/// What is visited of a document, by a judge who refuses what costs more than `most`.
fn judged(document: &str, most: &Most) -> Result<u64, Refused> {
    let parsed = async_graphql::parser::parse_query(document).expect("document");
    let operation = &choose(&parsed, None).expect("operation").node;
    judge(&parsed, operation, &Map::new(), most, false).map(|cost| cost.visited)
}

/// A judge who refuses nothing.
fn indulgent() -> Most {
    Most { cost: u64::MAX, expanded: u64::MAX, depth: u32::MAX, ..Most::default() }
}

/// SEC-H11.
#[test]
fn the_judgement_visits_each_selection_once_however_fragments_multiply() {
    // Small enough to pass: 2^4 leaves, but the walk visits what is written.
    let document = doubling(4, 2);
    let written = document.matches("...").count() + 2;
    assert_eq!(judged(&document, &Most::default()), Ok(written as u64));
    // What hangs the library for a minute is refused, and costs no more than its text.
    for (levels, times) in [(30, 2), (6, 20), (38, 2)] {
        let document = doubling(levels, times);
        let refused = judged(&document, &Most::default());
        assert!(matches!(refused, Err(Refused::TooComplex(_))), "{refused:?}");
        let written = document.matches("...").count() + 2;
        assert_eq!(judged(&document, &indulgent()), Ok(written as u64));
    }
}

#[test]
fn a_seeded_fault_of_the_judgement_would_be_seen() {
    // Without the memo the walk of 20 levels visits more than a million selections; with it, 42.
    let parsed = async_graphql::parser::parse_query(doubling(20, 2)).expect("document");
    let operation = &choose(&parsed, None).expect("operation").node;
    let cost = judge(&parsed, operation, &Map::new(), &indulgent(), false).expect("cost");
    assert!(cost.expanded > 1 << 20, "{cost:?}");
    assert!(cost.visited < 100, "{cost:?}");
}

/// SEC-H10, SEC-H11, SEC-H12.
#[tokio::test]
async fn attacks_are_refused_fast_over_the_wire() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    let doubling_900 = doubling(25, 2);
    assert!(doubling_900.len() < 1_100, "{}", doubling_900.len());
    let aliases: String = (0..10_000).map(|n| format!("a{n}: __typename ")).collect();
    let aliases = format!("{{ {aliases} }}");
    let fields: String = (0..600).map(|n| format!("a{n}: me {{ role }} ")).collect();
    let deep = format!("{{ me {} {} }}", "{ x ".repeat(20), "}".repeat(20));
    let brackets = format!("{{ me(x: {}{}) }}", "[".repeat(5_000), "]".repeat(5_000));
    let directives = format!("{{ me {} {{ role }} }}", "@skip(if: false) ".repeat(30));
    let fragments: String = (0..60).map(|n| format!("fragment G{n} on Query {{ me {{ role }} }} ")).collect();
    let fragments = format!("{{ ...G0 }} {fragments}");
    let operations: String = (0..8).map(|n| format!("query Q{n} {{ me {{ role }} }} ")).collect();
    let lists = "{ applications(first: 100) { edges { node { id number version stage institution branch externalId \
         applicantName applicantKana amountYen plannedDate } } } }";
    for (name, document) in [
        ("doubling fragments", doubling_900.as_str()),
        ("twenty spreads", &doubling(6, 20)),
        ("aliases", &aliases),
        ("fields", &format!("{{ {fields} }}")),
        ("depth", &deep),
        ("brackets", &brackets),
        ("directives", &directives),
        ("fragments", &fragments),
        ("a wide list", lists),
    ] {
        let started = Instant::now();
        let answer = house.ask(&clerk, document, json!({})).await;
        let took = started.elapsed();
        assert_eq!(
            (answer.status, answer.code().as_str()),
            (400, "QUERY_TOO_COMPLEX"),
            "{name}: {}",
            answer.text
        );
        within(name, took, Duration::from_secs(1));
    }
    let body = json!({ "query": operations, "operationName": "Q1" }).to_string();
    assert_eq!(house.raw(&clerk, body, |request| request).await.code(), "QUERY_TOO_COMPLEX");
    for (document, code) in [
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...A } fragment A on Query { me { role } ...A }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ ...Nowhere }", "GRAPHQL_VALIDATION_FAILED"),
        ("{ me { role }", "GRAPHQL_PARSE_FAILED"),
        ("{ me { role } } }", "GRAPHQL_PARSE_FAILED"),
        ("{ applications { edges { cursor } } }", "BAD_USER_INPUT"),
        ("{ applications(first: 101) { edges { cursor } } }", "BAD_USER_INPUT"),
        ("{ applications(first: 0) { edges { cursor } } }", "BAD_USER_INPUT"),
        ("query($n: Int!) { tasks(first: $n) { edges { cursor } } }", "GRAPHQL_VALIDATION_FAILED"),
    ] {
        let answer = house.ask(&clerk, document, json!({})).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, code), "{document}: {}", answer.text);
    }
}

#[tokio::test]
async fn one_field_at_the_root_of_a_mutation() {
    let house = House::open().await;
    let clerk = person(Role::BranchClerk, "clerk");
    for document in [
        "mutation { a: claimNext { id } b: claimNext { id } }",
        "mutation { ...M } fragment M on Mutation { a: claimNext { id } b: claimNext { id } }",
        "mutation { __typename a: claimNext { id } }",
    ] {
        let answer = house.ask(&clerk, document, json!({})).await;
        assert_eq!((answer.status, answer.code().as_str()), (400, "GRAPHQL_VALIDATION_FAILED"), "{document}");
    }
}

/// SEC-H11: what an operation may cost is what the largest of the outside clients costs, and half of it.
#[test]
fn the_limit_is_the_largest_operation_of_the_clients_and_half_of_it() {
    let costs = simulate::pages().map(|document| {
        let parsed = async_graphql::parser::parse_query(&document).expect("document");
        let operation = &choose(&parsed, None).expect("operation").node;
        judge(&parsed, operation, &Map::new(), &Most::default(), false).expect("within the limits").cost
    });
    let largest = costs.into_iter().max().expect("two pages");
    println!("the largest operation of the clients costs {largest}, the limit is {}", Most::default().cost);
    assert_eq!(Most::default().cost, largest + largest / 2);
    assert_eq!(u64::from(api::config::ApiLimits::default().cost), Most::default().cost);
}
