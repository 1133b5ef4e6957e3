//! `scripts/mutants [FOLDER|FILE...]`: mutates the mathematics of lending and asks the tests of the rules. Folders and files are
//! below `workflows/src`; without any, all that matters. Fails where too many mutants survive without an explanation in
//! tests/data/mutants-explained.tsv.

use std::process::ExitCode;

use tests::{metadata, mutation};

fn main() -> ExitCode {
    let folders: Vec<String> = std::env::args().skip(1).collect();
    let explained = include_str!("../../data/mutants-explained.tsv");
    match mutation::run(&mutation::lending(&metadata::root(), &folders), explained) {
        Ok(report) => {
            print!("{}", report.text());
            if report.holds() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        Err(error) => {
            eprintln!("mutants: {error}");
            ExitCode::FAILURE
        }
    }
}
