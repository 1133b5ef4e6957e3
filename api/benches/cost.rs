//! `make bench`: what the judgement of a document costs, doubling fragments against a flat document of the same size. Ratios
//! count: without a memo the first column would double with each level.

use api::graphql::cost::{Most, choose, judge};
use api::graphql::lex::{Size, count};
use async_graphql::parser::parse_query;
use serde_json::Map;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// Rounds; the kinds take turns in each, and the median counts.
const ROUNDS: usize = 41;
/// Judgements in a round.
const TIMES: u32 = 200;

fn doubling(levels: usize) -> String {
    let mut document = "{ ...F0 }".to_owned();
    for level in 0..levels {
        let next = level + 1;
        document.push_str(&format!(" fragment F{level} on Query {{ ...F{next} ...F{next} }}"));
    }
    document + &format!(" fragment F{levels} on Query {{ me {{ role }} }}")
}

/// Fields side by side, as long as another document.
fn flat(bytes: usize) -> String {
    let mut document = "{ me { role".to_owned();
    while document.len() + 16 < bytes {
        document.push_str(&format!(" a{}: role", document.len()));
    }
    document + " } }"
}

fn whole(document: &str) {
    let size = Size { bytes: 65_536, tokens: 2_000, brackets: 40 };
    black_box(count(document, size).is_ok());
    let Ok(parsed) = parse_query(document) else { return };
    if let Ok(operation) = choose(&parsed, None) {
        black_box(judge(&parsed, &operation.node, &Map::new(), &Most::default(), false).is_err());
    }
}

fn main() {
    for levels in [10, 21, 36] {
        let documents = [doubling(levels), flat(doubling(levels).len())];
        let mut took: [Vec<Duration>; 2] = [vec![], vec![]];
        for _ in 0..ROUNDS {
            for (document, took) in documents.iter().zip(&mut took) {
                let started = Instant::now();
                (0..TIMES).for_each(|_| whole(document));
                took.push(started.elapsed() / TIMES);
            }
        }
        let [fragments, flat] = took.map(|mut times| {
            times.sort();
            times[ROUNDS / 2]
        });
        println!(
            "judging {} bytes: doubling fragments {fragments:?}, flat {flat:?}, ratio {:.2}",
            documents[0].len(),
            fragments.as_secs_f64() / flat.as_secs_f64()
        );
    }
}
