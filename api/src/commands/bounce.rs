//! `yushi bounce`: a mail server's report of a mail that came back, as the server of the return path pipes it in. Nothing of the message
//! is printed or logged but the id of the mail and the status.

use std::io::Read;

use chrono::Utc;
use db::bounces::{BounceAnswer, parcel_of_message_id};
use notifications::bounce::{BadReport, LARGEST, Report, SHORTEST_KEY};
use secrecy::SecretString;
use serde_json::json;

use super::{Done, Failure, place, say, say_json};
use crate::cli::BounceArgs;
use crate::config::Flags;
use crate::demo::clock;

/// Reads, judges and records. Errors: 1 where the message is refused, 2 without a key, 3 where the database does not answer: a mail
/// server that pipes messages in then keeps this one.
pub async fn run(args: &BounceArgs) -> Done {
    let key = key(args)?;
    let report =
        Report::read(&message(args)?).and_then(|report| report.proven(&key)).map_err(|bad| refused(&bad))?;
    let parcel = parcel_of_message_id(&report.message_id).ok_or_else(|| refused(&BadReport::NoMessageId))?;
    let (store, _) = place::open(&args.at).await?;
    let now = args.at.data.as_deref().map_or_else(Utc::now, |folder| clock::start(folder, None));
    let taken = store.take_bounce(parcel, report.bounce, &report.status, now).await;
    let answer = taken.map_err(|error| place::database(&error))?;
    if args.json {
        return say_json(&json!({ "parcel": parcel, "status": report.status, "result": answer.code() }));
    }
    let (ja, en) = match answer {
        BounceAnswer::AddressMarked => (
            "不達として記録し、アドレスの利用を停止しました。",
            "recorded: no mail goes to this address until it is confirmed again",
        ),
        BounceAnswer::MailMarked => ("不達として記録しました。", "recorded: this mail did not arrive"),
        BounceAnswer::Delayed => ("配信の遅延を記録しました。", "recorded: this mail is late"),
        BounceAnswer::Known => ("すでに記録済みです。", "known already"),
        BounceAnswer::NotFound => ("該当するメールがありません。", "no mail left under this id"),
    };
    say(format!("{parcel} {}: {ja} / {en}", report.status))
}

fn refused(bad: &BadReport) -> Failure {
    let text = bad.to_string();
    let (en, ja) = text.split_once(" / ").unwrap_or((&text, &text));
    Failure::finding(format!("{}: {ja}", bad.code()), format!("{}: {en}", bad.code()))
}

/// The key of the seals. Errors: none is set.
fn key(args: &BounceArgs) -> Result<SecretString, Failure> {
    let flags = Flags { database_url: args.at.database_url.clone(), ..Flags::default() };
    let config = crate::config::load(&flags, std::env::vars());
    let config = config.map_err(|problems| crate::node::configuration(&problems))?;
    let key = config.mail.bounce_key.filter(|key| key.expose().chars().count() >= SHORTEST_KEY);
    key.map(|key| key.expose().to_owned().into()).ok_or_else(|| {
        Failure::usage(
            format!("mail.bounce_key（環境変数 YUSHI_MAIL__BOUNCE_KEY）に{SHORTEST_KEY}文字以上の鍵を設定してください。"),
            format!("mail.bounce_key (YUSHI_MAIL__BOUNCE_KEY) is needed: {SHORTEST_KEY} characters at least"),
        )
    })
}

/// The message, and one byte more than is read of any.
fn message(args: &BounceArgs) -> Result<Vec<u8>, Failure> {
    let mut bytes = vec![];
    let most = LARGEST as u64 + 1;
    let read = match &args.file {
        Some(path) => {
            let file = std::fs::File::open(path).map_err(|error| Failure::file(path, &error))?;
            file.take(most).read_to_end(&mut bytes)
        }
        None => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
    };
    read.map_err(|error| {
        Failure::outside(
            "メッセージを読み取れません。",
            format!("the message cannot be read: {}", error.kind()),
        )
    })?;
    Ok(bytes)
}
