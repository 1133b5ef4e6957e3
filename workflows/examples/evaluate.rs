//! Evaluates a file of applications with the books and rates under `products/`: one JSON line per application.
//!
//! `cargo run -p workflows --example evaluate -- applications.jsonl > actual.jsonl`

use std::io::Write;

use serde_json::json;
use workflows::form::Line;
use workflows::{Books, PostedRates, evaluate};

const BASE: &str = include_str!("../products/base.toml");
const PARAMETERS: &str = include_str!("../products/sample-parameters.json");
const RATES: &str = include_str!("../products/sample-posted-rates.json");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let file = std::env::args().nth(1).ok_or("usage: evaluate FILE")?;
    let books = Books::load(BASE, "base.toml", PARAMETERS).map_err(|problems| format!("{problems:?}"))?;
    let rates = PostedRates::parse(RATES).map_err(|problems| format!("{problems:?}"))?;
    let mut out = std::io::stdout().lock();
    for line in std::fs::read_to_string(file)?.lines() {
        let form = Line::parse(line).map_err(|problems| format!("{problems:?}"))?.form;
        let result = evaluate(&form, &books, &rates)?;
        writeln!(out, "{}", json!({ "application_id": form.application_id, "result": result }))?;
    }
    Ok(())
}
