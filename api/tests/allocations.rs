//! The judgement of a document allocates in proportion to its text, however its fragments multiply. A target of its own: the
//! allocator counts.

use allocation_counter::measure;
use api::graphql::cost::{Most, choose, judge};
use api::graphql::lex::{Size, count};
use async_graphql::parser::parse_query;
use serde_json::Map;

const SIZE: Size = Size { bytes: usize::MAX, tokens: usize::MAX, brackets: 1_000 };

/// Every limit is out of the way: what is measured is the walk, not the refusal.
fn open() -> Most {
    Most { cost: u64::MAX, depth: u32::MAX, fragments: usize::MAX, expanded: u64::MAX, ..Most::default() }
}

/// Fragments of which each spreads the next `times` times.
fn doubling(levels: usize, times: usize) -> String {
    let mut document = "{ ...F0 }".to_owned();
    for level in 0..levels {
        let spreads = format!(" ...F{}", level + 1).repeat(times);
        document.push_str(&format!(" fragment F{level} on Query {{{spreads} }}"));
    }
    document + &format!(" fragment F{levels} on Query {{ me {{ role }} }}")
}

/// So many fields side by side.
fn flat(fields: usize) -> String {
    let fields: String = (0..fields).map(|n| format!("a{n}: __typename ")).collect();
    format!("{{ {fields} }}")
}

/// Selections visited, allocations of the judgement, and of everything from the text on; checked to be repeatable.
fn counted(document: &str) -> (u64, u64, u64) {
    let parsed = parse_query(document).expect("a document");
    let mut visited = 0;
    let mut walk = || {
        let operation = &choose(&parsed, None).expect("an operation").node;
        visited = judge(&parsed, operation, &Map::new(), &open(), false).expect("a cost").visited;
    };
    let judged = measure(&mut walk).count_total;
    let whole = measure(|| {
        count(document, SIZE).expect("tokens");
        let parsed = parse_query(document).expect("a document");
        let operation = &choose(&parsed, None).expect("an operation").node;
        judge(&parsed, operation, &Map::new(), &open(), false).expect("a cost");
    });
    (visited, judged, whole.count_total)
}

/// SEC-H11: nodes and allocations are linear in the text; the expansion is not.
#[test]
fn nodes_and_allocations_grow_with_the_text_and_not_with_what_it_expands_to() {
    let mut kinds: Vec<(&str, Vec<String>)> = vec![];
    kinds.push(("doubling", [5, 10, 20, 40, 80].map(|levels| doubling(levels, 2)).to_vec()));
    kinds.push(("twenty spreads", [2, 4, 8, 16, 32].map(|levels| doubling(levels, 20)).to_vec()));
    kinds.push(("flat", [25, 50, 100, 200, 400].map(flat).to_vec()));
    for (kind, documents) in kinds {
        for document in documents {
            let (visited, judged, whole) = counted(&document);
            let tokens = count(&document, SIZE).expect("tokens") as u64;
            println!(
                "{kind}: {} bytes, {tokens} tokens, {visited} nodes, {judged} + {whole} allocations",
                document.len()
            );
            assert!(visited <= tokens, "{kind}: {visited} nodes of {tokens} tokens");
            // The memo grows by doubling: a handful of allocations, whatever the document.
            assert!(judged <= 8 + visited / 8, "{kind}: {judged} allocations for {visited} nodes");
            assert!(whole <= 64 + 24 * tokens, "{kind}: {whole} allocations for {tokens} tokens");
        }
    }
}

/// SEC-H11: the document of 900 bytes that stops a library for a minute is refused with the allocations of its text.
#[test]
fn the_refusal_allocates_no_more_than_the_text_deserves() {
    for document in [doubling(21, 2), doubling(6, 20)] {
        assert!((600..=1_000).contains(&document.len()), "{}", document.len());
        let parsed = parse_query(&document).expect("a document");
        let operation = &choose(&parsed, None).expect("an operation").node;
        let refused = measure(|| {
            assert!(judge(&parsed, operation, &Map::new(), &Most::default(), false).is_err());
        });
        println!(
            "{} bytes: {} allocations, {} bytes",
            document.len(),
            refused.count_total,
            refused.bytes_total
        );
        assert!(refused.count_total <= 16 && refused.bytes_total <= 16 * 1024, "{refused:?}");
    }
}

/// The counter counts: a walk without a memo would be seen.
#[test]
fn an_allocation_is_counted() {
    let counted = measure(|| {
        let boxes: Vec<Box<u64>> = (0..1_000).map(Box::new).collect();
        std::hint::black_box(boxes);
    });
    assert!(counted.count_total >= 1_000, "{counted:?}");
}
