//! `yushi verify`: logs against rows, hash chains, invariants, and signed checkpoints. Exit code 1 on a finding.

use super::{Done, Failure, place, say, say_json};
use crate::cli::VerifyArgs;
use crate::documents::check::Report as Files;
use db::evidence::{Copies, Judged, PublicKey, Trust, check};
use db::verify::Report;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// What is printed as JSON.
#[derive(Serialize)]
struct Whole<'a> {
    #[serde(flatten)]
    report: &'a Report,
    #[serde(skip_serializing_if = "Option::is_none")]
    checkpoints: Option<&'a Judged>,
    #[serde(skip_serializing_if = "Option::is_none")]
    documents: Option<&'a Files>,
}

/// Verifies the whole store and prints what it found.
pub async fn run(args: &VerifyArgs) -> Done {
    let trust = if args.checkpoints { Some(trust(args)?) } else { None };
    let (store, _) = place::open(&args.at).await?;
    let report = db::verify::verify(&store).await.map_err(|error| place::database(&error))?;
    let judged = match &trust {
        Some(trust) => Some(check(&store, trust).await.map_err(|error| {
            Failure::outside("チェックポイントを検証できません。", format!("checkpoints: {error}"))
        })?),
        None => None,
    };
    let files = match args.documents {
        true => Some(files(args, &store).await?),
        false => None,
    };
    let count = report.violations.len()
        + judged.as_ref().map_or(0, |judged| judged.findings.len())
        + files.as_ref().map_or(0, |files| files.findings.len());
    if args.json {
        say_json(&Whole { report: &report, checkpoints: judged.as_ref(), documents: files.as_ref() })?;
    } else {
        tell(&report, judged.as_ref())?;
        files.as_ref().map_or(Ok(()), tell_files)?;
    }
    if count == 0 {
        return Ok(());
    }
    Err(Failure::finding(format!("{count}件の違反があります。"), format!("{count} violation(s)")))
}

fn tell(report: &Report, judged: Option<&Judged>) -> Done {
    for violation in &report.violations {
        say(format!("{} {}: {}", violation.application, violation.invariant, violation.detail))?;
    }
    let (applications, erased, events) = (report.applications, report.erased, report.events);
    let count = report.violations.len();
    say(format!(
        "申込 {applications}件（うち消去済み {erased}件）、履歴 {events}件、違反 {count}件\n\
         {applications} applications ({erased} erased), {events} events, {count} violations"
    ))?;
    let Some(judged) = judged else { return Ok(()) };
    for finding in &judged.findings {
        let case = finding.number.as_ref().or(finding.application.as_ref());
        let case = case.map(|case| format!(" case {case}")).unwrap_or_default();
        let place = finding.sequence.map(|n| format!(" entry {n}")).unwrap_or_default();
        let (table, kind, key, detail) = (&finding.table, finding.kind, &finding.key, &finding.detail);
        say(format!("{table} {kind:?} {key}{case}{place}: {detail}"))?;
    }
    let Judged { checkpoints, leaves, unsealed, trusted, findings, .. } = judged;
    let count = findings.len();
    say(format!(
        "チェックポイント {checkpoints}件、封緘 {leaves}行、未封緘 {unsealed}行、相違 {count}件（信頼の起点 {trusted}）\n\
         {checkpoints} checkpoints, {leaves} rows sealed, {unsealed} not yet, {count} findings (trusting {trusted})"
    ))
}

/// Every file on record is looked at. Errors: none are kept here, or their store does not answer.
async fn files(args: &VerifyArgs, store: &db::Store) -> Result<Files, Failure> {
    let documents = place::documents_at(&args.at)?.ok_or_else(|| {
        Failure::usage(
            "書類ファイルの保管先（documents.folder または documents.bucket）が設定されていません。",
            "no place of documents is set: documents.folder or documents.bucket",
        )
    })?;
    crate::documents::check::check(store, &documents).await.map_err(|trouble| {
        Failure::outside("書類ファイルを検証できません。", format!("documents: {trouble}"))
    })
}

fn tell_files(files: &Files) -> Done {
    for finding in &files.findings {
        say(format!("{} {} {}: {}", finding.application, finding.kind, finding.file, finding.detail))?;
    }
    let Files { cases, files: count, bytes, findings } = files;
    let wrong = findings.len();
    say(format!(
        "書類ファイル {count}件（{cases}案件、{bytes}バイト）、相違 {wrong}件\n\
         {count} files of {cases} cases, {bytes} bytes, {wrong} findings"
    ))
}

/// Whom to believe: what the flags say; a demo's copies lie in its folder.
fn trust(args: &VerifyArgs) -> Result<Trust, Failure> {
    let keys = match &args.keys {
        Some(path) => keys(path)?,
        None => vec![],
    };
    let of_demo = args.at.data.as_deref().map(place::copies_in).filter(|folder| folder.is_dir());
    let folder: Option<PathBuf> = args.copies.clone().or(of_demo);
    let copies = match folder {
        Some(folder) => Some(Copies::of(&folder).map_err(|error| Failure::file(&folder, &error))?),
        None => None,
    };
    Ok(Trust { keys, copies })
}

fn keys(path: &Path) -> Result<Vec<PublicKey>, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, &error))?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let keys: Option<Vec<PublicKey>> = lines.map(PublicKey::parse).collect();
    keys.filter(|keys| !keys.is_empty()).ok_or_else(|| {
        let path = path.display();
        Failure::usage(
            format!("{path}: 公開鍵（yushi+鍵ID+BASE64、1行に1件）ではありません。"),
            format!("{path}: not public keys; accepted: lines of yushi+KID+BASE64"),
        )
    })
}
