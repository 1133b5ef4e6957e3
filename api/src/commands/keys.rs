//! `yushi keys`: the keys that wrap the data keys of cases. No key is ever printed.

use chrono::Utc;
use db::vault::{KeyCount, Rewrapped, Sealed};
use serde_json::json;

use super::{Done, Failure, place, say, say_json};
use crate::cli::{KeysAt, KeysOf};

/// Does what is asked.
pub async fn run(what: &KeysOf) -> Done {
    match what {
        KeysOf::New { file, keep } => {
            if *keep && file.is_file() {
                return Ok(());
            }
            place::new_vault_key(file)?;
            let file = file.display();
            say(format!(
                "{file}: 鍵を作成しました。データベースとは別の場所に控えを保管してください。\n\
                 {file}: made. Keep a copy away from the database: without it the sealed data are lost."
            ))
        }
        KeysOf::Status(at) => status(at).await,
        KeysOf::Rewrap(at) => rewrap(at).await,
        KeysOf::Seal(at) => seal(at).await,
    }
}

async fn status(at: &KeysAt) -> Done {
    let (store, _) = place::open(&at.at).await?;
    let counts = store.key_counts().await.map_err(|error| place::database(&error))?;
    if at.json {
        return say_json(&json!({ "keys": counts }));
    }
    for KeyCount { kid, data_keys, active } in counts {
        let (ja, en) = if active { ("現用", "active") } else { ("旧", "previous") };
        say(format!("{kid} {ja} {data_keys}件 / {en}, wraps {data_keys} data key(s)"))?;
    }
    Ok(())
}

async fn rewrap(at: &KeysAt) -> Done {
    let (store, _) = place::open(&at.at).await?;
    let done = store.rewrap().await.map_err(|error| place::database(&error))?;
    let Rewrapped { rewrapped, damaged } = &done;
    if at.json {
        say_json(&done)?;
    } else {
        say(format!("{rewrapped}件の鍵を包み直しました。\n{rewrapped} data key(s) wrapped anew"))?;
    }
    match damaged {
        0 => Ok(()),
        damaged => Err(Failure::finding(
            format!("{damaged}件の鍵が開けません。yushi verify で案件を確認してください。"),
            format!("{damaged} data key(s) do not open: `yushi verify` names their cases"),
        )),
    }
}

async fn seal(at: &KeysAt) -> Done {
    let (store, _) = place::open(&at.at).await?;
    let done = store.seal_old(Utc::now()).await.map_err(|error| place::database(&error))?;
    if at.json {
        return say_json(&done);
    }
    let Sealed { sealed, changed } = done;
    say(format!(
        "{sealed}件の申込を封緘しました（処理中に変更された{changed}件はその変更で封緘済み）。\n\
         {sealed} document(s) sealed; {changed} changed in the meantime and are sealed by that change"
    ))
}
