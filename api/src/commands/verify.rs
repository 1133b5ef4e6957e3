//! `yushi verify`: logs against rows, hash chains, invariants. Exit code 1 on a finding.

use super::{Done, Failure, place, say, say_json};
use crate::cli::VerifyArgs;

/// Verifies the whole store and prints what it found.
pub async fn run(args: &VerifyArgs) -> Done {
    let (store, _) = place::open(&args.at).await?;
    let report = db::verify::verify(&store).await.map_err(|error| place::database(&error))?;
    let count = report.violations.len();
    if args.json {
        say_json(&report)?;
    } else {
        for violation in &report.violations {
            say(format!("{} {}: {}", violation.application, violation.invariant, violation.detail))?;
        }
        let (applications, events) = (report.applications, report.events);
        say(format!(
            "申込 {applications}件、履歴 {events}件、違反 {count}件\n\
             {applications} applications, {events} events, {count} violations"
        ))?;
    }
    if count == 0 {
        return Ok(());
    }
    Err(Failure::finding(format!("{count}件の違反があります。"), format!("{count} violation(s)")))
}
