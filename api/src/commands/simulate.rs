//! `yushi simulate`: applicants, staff and partners as outside clients against a running API.

use std::path::Path;

use simulate::{Mode, Options, Report};

use super::{Done, Failure, say, say_json};
use crate::cli::SimulateArgs;
use crate::config::Config;

/// Plays a run and prints its figures. Exit code 1 where a case came to another end than the chosen one.
pub async fn run(args: &SimulateArgs) -> Done {
    crate::node::log(&Config::default());
    let mode = match (&args.file, args.applications) {
        (Some(file), _) => Mode::File(file.clone()),
        (None, Some(count)) => Mode::Applications(count),
        (None, None) => {
            return Err(Failure::usage(
                "--applications か --file が必要です。",
                "--applications or --file is needed",
            ));
        }
    };
    let mut options = options(&args.api, &args.data, mode, args.seed)?;
    options.connections = usize::try_from(args.connections).unwrap_or(usize::MAX).max(1);
    options.chaos = args.chaos;
    let report = simulate::run(options).await.map_err(|error| failed(&error))?;
    if let Some(file) = &args.operations {
        let manifest = crate::graphql::persisted::manifest(report.documents.iter().map(String::as_str));
        std::fs::write(file, manifest).map_err(|error| Failure::file(file, &error))?;
    }
    print(&report, args.json)?;
    if !report.revealing.is_empty() {
        let count = report.revealing.len();
        return Err(Failure::finding(
            format!("{count}件の通知に謝絶の理由が書かれています（INV-7）。"),
            format!("{count} notice(s) name a ground of refusal (INV-7)"),
        ));
    }
    let mismatches = report.script.mismatches.len();
    if mismatches == 0 {
        return Ok(());
    }
    Err(Failure::finding(
        format!("{mismatches}件が想定と異なる結末になりました。"),
        format!("{mismatches} case(s) came to another end than the chosen one"),
    ))
}

/// The options of a run. Errors: the address is none.
pub fn options(api: &str, data: &Path, mode: Mode, seed: u64) -> Result<Options, Failure> {
    let url = reqwest::Url::parse(api).map_err(|error| {
        Failure::usage(format!("--api {api}: URLではありません。"), format!("--api {api}: {error}"))
    })?;
    Ok(Options::new(url, data.to_owned(), mode, seed))
}

fn failed(error: &simulate::Error) -> Failure {
    Failure::outside("シミュレーションが中断しました。", format!("the simulation ended early: {error}"))
}

fn print(report: &Report, as_json: bool) -> Done {
    if as_json {
        return say_json(report);
    }
    for (stage, count) in &report.by_state {
        say(format!("{count:>6}  {stage}"))?;
    }
    for stopped in &report.stopped {
        say(format!("{} {}: {:?}", stopped.application_id, stopped.stage, stopped.stop))?;
    }
    for (trouble, count) in &report.troubles {
        say(format!("{count:>6}  {trouble}"))?;
    }
    for revealing in &report.revealing {
        say(revealing)?;
    }
    for mismatch in &report.script.mismatches {
        say(format!("{}: {} ({})", mismatch.external_id, mismatch.actual, mismatch.because))?;
    }
    let Report { applications, transitions, notices, seconds, transitions_per_second, .. } = report;
    say(format!(
        "申込 {applications}件、処理 {transitions}件、通知 {notices}件、{seconds}秒\n\
         {applications} applications, {transitions} transitions, {notices} notices in {seconds} s ({transitions_per_second} a second)"
    ))
}
