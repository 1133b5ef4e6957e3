//! `yushi partner-check`: a partner tries its own endpoint. Exit code 1 unless everything passes.

use super::{Done, Failure, say, say_json};
use crate::cli::{PartnerCheckArgs, PartnerRole};
use chrono::Utc;
use notifications::conformance::{Kit, KitError, Report};
use notifications::signature::SigningKey;
use std::time::Duration;
use workflows::machine::Role;

/// Where the key is when no file is named.
const SECRET: &str = "YUSHI_PARTNER_SECRET";

/// Runs the kit and prints what it found.
pub async fn run(args: &PartnerCheckArgs) -> Done {
    let role = match args.role {
        PartnerRole::Guarantor => Role::Guarantor,
        PartnerRole::Insurer => Role::Insurer,
        PartnerRole::Scrivener => Role::Scrivener,
        PartnerRole::CoreBanking => Role::CoreBanking,
    };
    let key = key(args)?;
    let name = format!("check-{}", uuid::Uuid::now_v7().simple());
    let patience = Duration::from_secs(u64::from(args.seconds));
    let kit = Kit::new(role, &args.url, key, patience, Utc::now(), &name).map_err(told)?;
    let report = kit.run().await;
    if args.json {
        say_json(&report)?
    } else {
        tell(&report)?
    }
    if report.is_clean() {
        return Ok(());
    }
    let (passed, total) = (report.passed, report.total);
    Err(Failure::finding(
        format!("{total}項目中{passed}項目のみ合格です。"),
        format!("{passed} of {total} passed"),
    ))
}

fn told(error: KitError) -> Failure {
    Failure::usage(format!("検査を開始できません: {error}"), error.to_string())
}

fn key(args: &PartnerCheckArgs) -> Result<SigningKey, Failure> {
    let text = match &args.secret_file {
        Some(path) => std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?,
        None => std::env::var(SECRET).map_err(|_| {
            Failure::usage(
                format!("署名鍵がありません。--secret-file または環境変数 {SECRET} を指定してください。"),
                format!(
                    "no signing key: give --secret-file or {SECRET}; accepted: whsec_ or whsk_ with base64"
                ),
            )
        })?,
    };
    SigningKey::parse(text.trim()).map_err(|error| {
        Failure::usage("署名鍵の形式が正しくありません。", format!("the signing key cannot be used: {error}"))
    })
}

fn tell(report: &Report) -> Done {
    for check in &report.checks {
        let mark = if check.passed { "ok  " } else { "FAIL" };
        say(format!("{mark} {:<24} {} / {}", check.check, check.ja, check.en))?;
        if !check.passed {
            say(format!("     {:<24} {}", "", check.found))?;
        }
    }
    say(format!("{} {}/{}", report.role, report.passed, report.total))
}
