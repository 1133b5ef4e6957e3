//! What each role asks the bank to show of a case: no more than its own schema has.

use crate::client::Session;
use crate::error::{Error, Result};
use crate::view::{View, roles_of, whole};
use crate::world::World;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Lines per page.
const PAGE: u32 = 50;
/// What can be done, for every role.
const ACTIONS: &str = "allowedActions(applicationId: $id) { verb key requestId unmet { code rule subject } }";
const TRACKS: &str = "tracks { track key state }";

/// The selection of a role.
fn selection(role: &str) -> &'static str {
    match role {
        "APPLICANT" => {
            "stage isFinal plannedDate namedDate contentVersion fixedDate { date drawingYen } \
             contract { explained identified signed } approval { validUntil conditions { code stage } } \
             content { requestedDisbursementDate purpose { code } parties { partyId } }"
        }
        "BRANCH_CLERK" => {
            "stage plannedDate namedDate termsAgreedOn fixedDate { date } proposals { id verb by } payoff { asOf } \
             payees { kind } postings { key state drawing } contract { explained identified signed } \
             approval { conditions { code stage evidence } } \
             content { requestedAmountYen purpose { code } existingLoan { balanceYen } parties { partyId } \
             loans { guaranteeFeeMethod } properties { propertyNo kind } }"
        }
        "BRANCH_MANAGER" => "stage plannedDate proposals { id verb by }",
        "SCREENING_OFFICER" => {
            "stage proposals { id verb by } insuranceExceptions \
             content { requestedAmountYen parties { partyId qualification { route } } }"
        }
        "OPERATIONS" => "stage proposals { id verb by } postings { key state drawing }",
        "COMPLIANCE" => "stage",
        "CORE_BANKING" => "stage servicingNumber postings { key state drawing parts { loanNo state } }",
        "GUARANTOR" => {
            "amountYen plannedDate content { requestedAmountYen requestedDisbursementDate \
             loans { loanNo amountYen termMonths guaranteeFeeMethod } }"
        }
        "INSURER" => "content { loans { loanNo amountYen } insurance { loanNo partyId cover sharePercent } }",
        "SCRIVENER" => "plannedDate content { requestedDisbursementDate purpose { code } }",
        _ => "",
    }
}

/// Does the case lie in the role's own queue?
const QUEUED: &str = "tasks(first: 1, filter: { applicationId: $id }) { edges { node { task } } }";

/// The case as the role sees it. `None`: it does not exist for this role.
pub async fn read(session: &Session, id: &str) -> Result<Option<View>> {
    Ok(look(session, id, "").await?.map(|(view, _)| view))
}

/// The case as a desk sees it, and whether the desk's own queue holds it.
pub async fn read_queued(session: &Session, id: &str) -> Result<Option<(View, bool)>> {
    let seen = look(session, id, QUEUED).await?;
    Ok(seen.map(|(view, data)| {
        let lines = data.get("tasks").and_then(|page| page.get("edges")).and_then(Value::as_array);
        (view, lines.is_some_and(|lines| !lines.is_empty()))
    }))
}

async fn look(session: &Session, id: &str, more: &str) -> Result<Option<(View, Value)>> {
    let wanted = selection(&session.credential.role);
    let document = format!(
        "query($id: ID!) {{ application(id: $id) {{ id number version {TRACKS} {wanted} }} {ACTIONS} {more} }}"
    );
    let Some(mut data) = session.query_case(&document, id).await? else { return Ok(None) };
    let actions = data.get_mut("allowedActions").map(Value::take).unwrap_or_default();
    let Some(case) = data.get_mut("application").filter(|case| !case.is_null()) else { return Ok(None) };
    case["allowedActions"] = actions;
    Ok(Some((View::of(case.take()), data)))
}

/// Version of a case and the roles that have work on it, as staff see it.
pub async fn open_work(session: &Session, id: &str) -> Result<(i64, BTreeSet<String>)> {
    let document = "query($id: ID!) { application(id: $id) { version openTasks { role } } }";
    // Staff see no drafts.
    let data = session.query_case(document, id).await?.unwrap_or_default();
    let case = data.get("application").cloned().unwrap_or_default();
    Ok((case.get("version").and_then(whole).unwrap_or_default(), roles_of(&case)))
}

fn next_of(page: &Value) -> Option<String> {
    let info = page.get("pageInfo")?;
    let more = info.get("hasNextPage").and_then(Value::as_bool) == Some(true);
    info.get("endCursor").and_then(Value::as_str).filter(|_| more).map(str::to_owned)
}

/// The largest questions that clients ask: a page of the cases that a role sees, and a page of its inbox.
pub fn pages() -> [String; 2] {
    let cases = format!(
        "query($after: String) {{ applications(first: {PAGE}, after: $after, sort: PLANNED_ASC) \
         {{ edges {{ node {{ id externalId }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    let inbox = format!(
        "query($after: String) {{ inbox(first: {PAGE}, after: $after) \
         {{ edges {{ node {{ applicationId }} }} pageInfo {{ hasNextPage endCursor }} }} }}"
    );
    [cases, inbox]
}

/// Ids of the applications that the role sees, by the sender's number.
pub async fn index(session: &Session) -> Result<BTreeMap<String, String>> {
    let [document, _] = pages();
    let (mut found, mut after) = (BTreeMap::new(), None::<String>);
    loop {
        let data = session.query(&document, json!({ "after": after })).await?;
        let Some(page) = data.get("applications") else { return Ok(found) };
        let edges = page.get("edges").and_then(Value::as_array).into_iter().flatten();
        found.extend(edges.filter_map(|e| {
            let node = e.get("node")?;
            let text = |name: &str| node.get(name).and_then(Value::as_str).map(str::to_owned);
            Some((text("externalId")?, text("id")?))
        }));
        match next_of(page) {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

/// What stands in the way of a verb that the bank itself takes, as staff are told.
pub async fn in_the_way(session: &Session, id: &str, verb: &str) -> Result<Vec<crate::client::Unmet>> {
    let document = "query($id: ID!) { explain(applicationId: $id) \
                    { ways { verb unmet { code rule subject } } } }";
    let data = session.query(document, json!({ "id": id })).await?;
    let ways = data.get("explain").and_then(|e| e.get("ways")).and_then(Value::as_array);
    let way = ways.into_iter().flatten().find(|w| w.get("verb").and_then(Value::as_str) == Some(verb));
    let unmet = way.and_then(|w| w.get("unmet")).cloned().unwrap_or_else(|| json!([]));
    serde_json::from_value(unmet)
        .map_err(|e| Error::Unexpected { what: "explain".into(), answer: e.to_string() })
}

/// Pages of an inbox that are read at most.
const INBOX_PAGES: u32 = 300;

/// Notices for cases of the run that lie in the role's inbox.
pub async fn notices(session: &Session, world: &World) -> Result<u64> {
    let [_, document] = pages();
    let (mut count, mut after) = (0, None::<String>);
    for _ in 0..INBOX_PAGES {
        let data = session.query(&document, json!({ "after": after })).await?;
        let Some(page) = data.get("inbox") else { break };
        let edges = page.get("edges").and_then(Value::as_array).into_iter().flatten();
        let ours = edges.filter_map(|e| e.get("node")?.get("applicationId")?.as_str());
        count += ours.filter(|id| world.play(id).is_some()).count() as u64;
        match next_of(page) {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    Ok(count)
}

/// Words for the grounds of refusal in both languages, as the bank's own lists have them. Errors: no such list, or an empty one.
pub async fn grounds(staff: &Session) -> Result<Vec<String>> {
    let data = staff.query("{ workflow { labels { list code label { ja en } } } }", json!({})).await?;
    let labels = data.get("workflow").and_then(|w| w.get("labels")).and_then(Value::as_array);
    let text =
        |value: &Value, name: &str| value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let of_refusal = labels.into_iter().flatten().filter(|line| match text(line, "list").as_str() {
        "DeclineGround" => true,
        "Ground" => text(line, "code").starts_with('R'),
        _ => false,
    });
    let words: Vec<String> = of_refusal
        .filter_map(|line| line.get("label"))
        .flat_map(|label| [text(label, "ja"), text(label, "en")])
        .collect();
    if words.is_empty() || words.iter().any(String::is_empty) {
        return Err(Error::Unexpected {
            what: "workflow.labels".into(),
            answer: "no grounds of refusal".into(),
        });
    }
    Ok(words)
}

/// Notices of the run in the role's inbox whose text holds one of these words.
pub async fn revealing(session: &Session, world: &World, words: &[String]) -> Result<Vec<String>> {
    let document = "query($after: String) { inbox(first: 25, after: $after) { edges { node { applicationId notice \
                    subject { ja en } body { ja en } } } pageInfo { hasNextPage endCursor } } }";
    let (mut found, mut after) = (vec![], None::<String>);
    loop {
        let data = session.query(document, json!({ "after": after })).await?;
        let Some(page) = data.get("inbox") else { return Ok(found) };
        for node in
            page.get("edges").and_then(Value::as_array).into_iter().flatten().filter_map(|e| e.get("node"))
        {
            let ours =
                node.get("applicationId").and_then(Value::as_str).is_some_and(|id| world.play(id).is_some());
            let text = node.to_string();
            if let Some(word) = words.iter().find(|word| ours && text.contains(word.as_str())) {
                found.push(format!("{} to {}: {word}", node["notice"], session.credential.role));
            }
        }
        match next_of(page) {
            Some(next) => after = Some(next),
            None => return Ok(found),
        }
    }
}

/// A form in the API's dress: `camelCase` keys.
pub fn camel(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            Value::Object(map.iter().map(|(key, value)| (camel_name(key), camel(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(camel).collect()),
        other => other.clone(),
    }
}

fn camel_name(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut whole, part| {
        let mut letters = part.chars();
        whole.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        whole.push_str(letters.as_str());
        whole
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_change_their_dress() {
        let dressed = camel(&json!({ "party_id": "A1", "list": [{ "area_m2": "1.00" }] }));
        assert_eq!(dressed, json!({ "partyId": "A1", "list": [{ "areaM2": "1.00" }] }));
    }
}
