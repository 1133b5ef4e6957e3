//! `yushi`: reads the command line and hands over to the command.

use std::future::Future;
use std::process::ExitCode;

use api::cli::{Cli, Command};
use api::commands::{self, Done, Failure};
use clap::Parser;

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = match cli.command {
        Command::Demo(args) => run(api::demo::run(&args)),
        Command::Serve(args) => run(commands::serve::serve(&args)),
        Command::Work(args) => run(commands::serve::work(&args)),
        Command::Migrate(args) => run(commands::serve::migrate(&args)),
        Command::Account(args) => run(commands::account::run(&args.what)),
        Command::Token(args) => commands::token::run(&args),
        Command::Import(args) => run(commands::import::run(&args)),
        Command::Evaluate(args) => commands::evaluate::run(&args),
        Command::Simulate(args) => run(commands::simulate::run(&args)),
        Command::Verify(args) => run(commands::verify::run(&args)),
        Command::Replay(args) => run(commands::replay::run(&args)),
        Command::Keys(args) => run(commands::keys::run(&args.what)),
        Command::Retention(args) => run(commands::retention::run(&args)),
        Command::Bounce(args) => run(commands::bounce::run(&args)),
        Command::PartnerCheck(args) => run(commands::partner_check::run(&args)),
        Command::Explain(args) => run(commands::explain::run(&args)),
        Command::Export(args) => run(commands::export::run(&args)),
        Command::Book(args) => commands::book::run(&args.what),
        Command::Schema(args) => commands::schema::run(&args.what),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

fn run(command: impl Future<Output = Done>) -> Done {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime
        .map_err(|error| Failure::outside("実行環境を準備できません。", format!("no runtime: {error}")))?
        .block_on(command)
}
