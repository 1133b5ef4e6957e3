//! What is looked at, in the order in which it is.

use super::{Kit, Seen, Spoilt};
use std::future::Future;
use std::pin::Pin;
use workflows::machine::{PartnerMessage as M, Role};

/// One check: errors say what was found instead.
pub(super) struct Asked {
    pub code: &'static str,
    pub ja: &'static str,
    pub en: &'static str,
    pub look: for<'k> fn(&'k Kit) -> Looking<'k>,
}

/// A check under way.
type Looking<'k> = Pin<Box<dyn Future<Output = Result<(), String>> + Send + 'k>>;

macro_rules! checks {
    ($list:ident: $($code:literal, $ja:literal, $en:literal => $look:ident;)+) => {
        const $list: &[Asked] = &[$(Asked { code: $code, ja: $ja, en: $en, look: |kit| Box::pin($look(kit)) }),+];
    };
}

checks! { BELIEF:
    "SIGNED", "正しい署名のメッセージを受領する", "takes in what is rightly signed" => signed;
    "TWO-KEYS", "鍵の切替中（署名2件）も受領する", "takes in what two keys signed, one of them right" => rotated;
    "FORGED", "他の鍵の署名を拒否する", "refuses what another key signed" => forged;
    "CHANGED", "署名後に変更された本文を拒否する", "refuses a body that was changed after signing" => changed;
    "STALE", "古い時刻（10分前）を拒否する", "refuses what is ten minutes old" => stale;
    "AHEAD", "未来の時刻（10分後）を拒否する", "refuses what is ten minutes ahead" => ahead;
    "UNSIGNED", "署名のないものを拒否する", "refuses what is not signed" => unsigned;
    "UNKNOWN-FIELDS", "未知の項目を無視する", "ignores fields that it does not know" => unknown_fields;
    "UNKNOWN-MESSAGE", "未知のメッセージを受領し無視する", "takes in a message that it does not know, and ignores it" => unknown_message;
}

checks! { RECEIPTS:
    "REPEATED", "同じwebhook-idには同じ受領番号を返す", "a repeated webhook-id gets the same answer" => repeated;
    "REPEATED-REQUEST", "同じ依頼を二重に受け付けない", "a request that comes again under another webhook-id is the same request" => repeated_request;
    "OUT-OF-ORDER", "取消が依頼より先に届いても正しく扱う", "a cancellation that comes before its request counts" => out_of_order;
}

checks! { POSTINGS:
    "ORDER", "実行指図に結果（DONE・REFUSED・UNKNOWN）を返す", "an order gets an outcome: DONE, REFUSED or UNKNOWN" => order;
    "QUERY", "同じキーの照会に同じ結果を返す", "a query under the key says the same" => query;
    "POSTED-ONCE", "同じキーの指図を二重に実行しない", "the order again under the same key posts nothing again" => posted_once;
    "NEVER-ORDERED", "指図のないキーの照会にNOT_FOUNDを返す", "a query under a key that was never ordered says NOT_FOUND" => never_ordered;
    "REVERSAL", "当日の取消を実行する", "a reversal on the same day is carried out" => reversal;
    "REVERSED-ONCE", "同じキーの取消を二重に実行しない", "the reversal again reverses nothing again" => reversed_once;
    "NO-ORDER-AFTER-REVERSAL", "取消後に届いた同じキーの指図を実行しない", "the order that comes late, after its reversal, posts nothing" => late_order;
}

/// The checks of a role; none where there is no kit for it.
pub(super) fn of(role: Role) -> Vec<&'static Asked> {
    match role {
        Role::Guarantor | Role::Insurer | Role::Scrivener => BELIEF.iter().chain(RECEIPTS).collect(),
        Role::CoreBanking => BELIEF.iter().chain(POSTINGS).collect(),
        _ => vec![],
    }
}

/// What a role is asked first.
fn request_of(role: Role) -> M {
    match role {
        Role::Insurer => M::InsuranceDeclaration,
        Role::Scrivener => M::ScrivenerInstruction,
        Role::CoreBanking => M::PostingOrder,
        _ => M::GuaranteeRequest,
    }
}

/// What takes it back.
fn cancellation_of(role: Role) -> M {
    match role {
        Role::Insurer => M::InsuranceCancel,
        Role::Scrivener => M::ScrivenerStop,
        _ => M::GuaranteeCancel,
    }
}

async fn first(kit: &Kit, name: &str, how: Spoilt) -> Seen {
    kit.send(request_of(kit.role), &kit.name(name), &kit.name(&format!("{name}-1")), &how).await
}

fn accepted(seen: &Seen, wanted: &str) -> Result<(), String> {
    if seen.is_accepted() { Ok(()) } else { Err(format!("{wanted} wanted, {}", seen.shown())) }
}

fn refused(seen: &Seen) -> Result<(), String> {
    if seen.is_refused() { Ok(()) } else { Err(format!("400 to 499 wanted, {}", seen.shown())) }
}

async fn signed(kit: &Kit) -> Result<(), String> {
    let seen = first(kit, "signed", Spoilt::default()).await;
    let within = format!("200 to 299 within {} s", kit.patience().as_secs());
    accepted(&seen, &within)?;
    let named = if kit.role == Role::CoreBanking { "outcome" } else { "receipt" };
    match seen.text(named) {
        "" => Err(format!("`{named}` wanted, {}", seen.shown())),
        _ => Ok(()),
    }
}

async fn rotated(kit: &Kit) -> Result<(), String> {
    accepted(&first(kit, "two-keys", Spoilt { rotated: true, ..Spoilt::default() }).await, "200 to 299")
}

async fn forged(kit: &Kit) -> Result<(), String> {
    refused(&first(kit, "forged", Spoilt { forged: true, ..Spoilt::default() }).await)
}

async fn changed(kit: &Kit) -> Result<(), String> {
    refused(&first(kit, "changed", Spoilt { changed: true, ..Spoilt::default() }).await)
}

async fn stale(kit: &Kit) -> Result<(), String> {
    refused(&first(kit, "stale", Spoilt { off: -600, ..Spoilt::default() }).await)
}

async fn ahead(kit: &Kit) -> Result<(), String> {
    refused(&first(kit, "ahead", Spoilt { off: 600, ..Spoilt::default() }).await)
}

async fn unsigned(kit: &Kit) -> Result<(), String> {
    refused(&first(kit, "unsigned", Spoilt { unsigned: true, ..Spoilt::default() }).await)
}

async fn unknown_fields(kit: &Kit) -> Result<(), String> {
    accepted(&first(kit, "fields", Spoilt { fields: true, ..Spoilt::default() }).await, "200 to 299")
}

async fn unknown_message(kit: &Kit) -> Result<(), String> {
    accepted(&first(kit, "unknown", Spoilt { unknown: true, ..Spoilt::default() }).await, "200 to 299")
}

fn same(one: &Seen, other: &Seen, field: &str) -> Result<(), String> {
    let alike = one.is_accepted()
        && one.status == other.status
        && one.text(field) == other.text(field)
        && !one.text(field).is_empty();
    if alike { Ok(()) } else { Err(format!("first {}; then {}", one.shown(), other.shown())) }
}

async fn repeated(kit: &Kit) -> Result<(), String> {
    let one = first(kit, "repeated", Spoilt::default()).await;
    same(&one, &first(kit, "repeated", Spoilt::default()).await, "receipt")
}

async fn repeated_request(kit: &Kit) -> Result<(), String> {
    let (message, request) = (request_of(kit.role), kit.name("twice"));
    let one = kit.send(message, &request, &kit.name("twice-1"), &Spoilt::default()).await;
    same(&one, &kit.send(message, &request, &kit.name("twice-2"), &Spoilt::default()).await, "receipt")
}

async fn out_of_order(kit: &Kit) -> Result<(), String> {
    let request = kit.name("early");
    let cancel =
        kit.send(cancellation_of(kit.role), &request, &kit.name("early-2"), &Spoilt::default()).await;
    accepted(&cancel, "200 to 299 for the cancellation")?;
    let late = kit.send(request_of(kit.role), &request, &kit.name("early-1"), &Spoilt::default()).await;
    accepted(&late, "200 to 299 for the request")?;
    match late.text("state") {
        "WITHDRAWN" => Ok(()),
        _ => Err(format!("state WITHDRAWN wanted, {}", late.shown())),
    }
}

/// An exchange about one posting: `n` tells repeats apart.
async fn posting(kit: &Kit, message: M, key: &str, n: u8) -> Seen {
    let id = kit.name(&format!("{key}-{}-{n}", message.code().to_lowercase()));
    kit.send(message, &kit.name(key), &id, &Spoilt::default()).await
}

fn outcome(seen: &Seen, wanted: &[&str]) -> Result<(), String> {
    accepted(seen, "200 to 299")?;
    if wanted.contains(&seen.text("outcome")) {
        return Ok(());
    }
    Err(format!("outcome {} wanted, {}", wanted.join(" or "), seen.shown()))
}

async fn order(kit: &Kit) -> Result<(), String> {
    let seen = posting(kit, M::PostingOrder, "order", 1).await;
    outcome(&seen, &["DONE", "REFUSED", "UNKNOWN"])?;
    match (seen.text("outcome"), seen.text("reference")) {
        ("DONE", "") => Err(format!("`reference` wanted with DONE, {}", seen.shown())),
        _ => Ok(()),
    }
}

/// An order that is carried out, as the sample is: what follows is about that.
async fn done(kit: &Kit, key: &str) -> Result<Seen, String> {
    let seen = posting(kit, M::PostingOrder, key, 1).await;
    outcome(&seen, &["DONE"])
        .map_err(|found| format!("the sample order is carried out in a test system: {found}"))?;
    Ok(seen)
}

async fn query(kit: &Kit) -> Result<(), String> {
    let ordered = done(kit, "query").await?;
    let asked = posting(kit, M::PostingQuery, "query", 1).await;
    outcome(&asked, &["DONE"])?;
    same(&ordered, &asked, "reference")
}

async fn posted_once(kit: &Kit) -> Result<(), String> {
    let ordered = done(kit, "once").await?;
    same(&ordered, &posting(kit, M::PostingOrder, "once", 2).await, "reference")?;
    same(&ordered, &posting(kit, M::PostingQuery, "once", 1).await, "reference")
}

async fn never_ordered(kit: &Kit) -> Result<(), String> {
    outcome(&posting(kit, M::PostingQuery, "never", 1).await, &["NOT_FOUND"])
}

async fn reversal(kit: &Kit) -> Result<(), String> {
    done(kit, "reversal").await?;
    outcome(&posting(kit, M::ReversalOrder, "reversal", 1).await, &["DONE"])?;
    outcome(&posting(kit, M::PostingQuery, "reversal", 1).await, &["REVERSED"])
}

async fn reversed_once(kit: &Kit) -> Result<(), String> {
    done(kit, "reversed").await?;
    let one = posting(kit, M::ReversalOrder, "reversed", 1).await;
    outcome(&one, &["DONE"])?;
    same(&one, &posting(kit, M::ReversalOrder, "reversed", 2).await, "reference")
}

async fn late_order(kit: &Kit) -> Result<(), String> {
    done(kit, "late").await?;
    outcome(&posting(kit, M::ReversalOrder, "late", 1).await, &["DONE"])?;
    outcome(&posting(kit, M::PostingOrder, "late", 2).await, &["REVERSED"])
}
