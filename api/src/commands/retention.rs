//! `yushi retention`: how long the cases that are over are kept, and the erasure of those that two people have released (L.2).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use db::vault::SurveyLine;
use db::{Scope, Store};
use serde_json::json;
use workflows::calendar::tokyo_date;
use workflows::machine::{Actor, Role};

use super::{Done, Failure, place, say, say_json};
use crate::cli::RetentionArgs;
use crate::demo::clock;

/// Cases read at once.
const PAGE: u32 = 200;

/// Lists or erases.
pub async fn run(args: &RetentionArgs) -> Done {
    let (store, _) = place::open(&args.at).await?;
    // A demo has a time of its own.
    let now = args.at.data.as_deref().map_or_else(Utc::now, |folder| clock::start(folder, None));
    if args.erase { erase(args, &store, now).await } else { list(&store, now, args.json).await }
}

async fn list(store: &Store, now: DateTime<Utc>, json: bool) -> Done {
    let scope = Scope::of(&Actor::internal(Role::System));
    let (mut after, mut standings) = (None, BTreeMap::<&str, u64>::new());
    loop {
        let page = store.survey(&scope, tokyo_date(now), after.as_deref(), PAGE).await;
        let page = page.map_err(|error| place::database(&error))?;
        for line in &page.items {
            *standings.entry(line.standing.code()).or_default() += 1;
            if json { say_json(line)? } else { say(told(line))? }
        }
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    if json {
        return Ok(());
    }
    let counts: Vec<String> =
        standings.iter().map(|(standing, count)| format!("{standing} {count}")).collect();
    say(format!("終了した案件 / cases that are over: {}", counts.join(", ")))
}

async fn erase(args: &RetentionArgs, store: &Store, now: DateTime<Utc>) -> Done {
    let (json, documents) = (args.json, place::documents_at(&args.at)?);
    let run = store.erase_released(now).await.map_err(|error| place::database(&error))?;
    if let Some(documents) = &documents {
        // Also what a run left whose store of documents did not answer: without their key these bytes are noise already.
        crate::documents::check::sweep(store, documents).await.map_err(|trouble| {
            Failure::outside(
                "消去した案件の書類ファイルを削除できません。もう一度実行してください（暗号鍵は破棄済みです）。",
                format!("files of erased cases are left, run this again (their keys are gone): {trouble}"),
            )
        })?;
    }
    if json {
        say_json(&json!({ "surveyed": run.surveyed, "erased": run.erased, "left": run.left }))?;
    } else {
        for line in &run.erased {
            say(format!("消去 / erased: {}", told(line)))?;
        }
        let (surveyed, erased) = (run.surveyed, run.erased.len());
        say(format!("{surveyed}件中{erased}件を消去しました。\n{erased} of {surveyed} case(s) erased"))?;
    }
    match run.left.len() {
        0 => Ok(()),
        left => Err(Failure::finding(
            format!(
                "{left}件は消去できません（旧版で平文のまま記録された案件、または処理中に変更された案件）。"
            ),
            format!(
                "{left} released case(s) were left: recorded in clear by an earlier version, or changed in the meantime"
            ),
        )),
    }
}

/// One line, without anybody's name.
fn told(line: &SurveyLine) -> String {
    let SurveyLine { institution, number, stage, standing, .. } = line;
    let until = line.kept_until.map(|day| format!(" {day}まで / until {day}")).unwrap_or_default();
    let class = line.class.map(|class| format!(" {class}")).unwrap_or_default();
    let hold = line.legal_hold.as_ref().map(|hold| format!(" since {}", hold.since)).unwrap_or_default();
    let clear = if line.in_clear { " IN_CLEAR" } else { "" };
    format!("{institution} {number} {stage} {}{class}{until}{hold}{clear}", standing.code())
}
