//! `yushi`: reads the command line and hands over to the command.

use std::process::ExitCode;

use api::cli::{Cli, Command};
use api::commands;
use clap::Parser;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Evaluate(args) => commands::evaluate::run(&args),
        Command::Schema(args) => commands::schema::run(&args.what),
        _ => Ok(()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}
