//! `scripts/mutants [--survivors] [FOLDER|FILE...]`: mutates the mathematics of lending and asks the tests of the rules. Folders and files are
//! below `workflows/src`; without any, all that matters. `--survivors` asks only those that survived the last time. Fails where too many mutants survive without an explanation in
//! tests/data/mutants-explained.tsv.

use std::process::ExitCode;

use tests::mutation::Asked;
use tests::{metadata, mutation};

fn main() -> ExitCode {
    let (flags, folders): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    let asked = match flags.as_slice() {
        [] => Asked::All,
        [flag] if flag == "--survivors" => Asked::Survivors,
        _ => {
            eprintln!("usage: scripts/mutants [--survivors] [FOLDER|FILE...]");
            return ExitCode::FAILURE;
        }
    };
    let explained = include_str!("../../data/mutants-explained.tsv");
    match mutation::run(&mutation::lending(&metadata::root(), &folders), explained, asked) {
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
