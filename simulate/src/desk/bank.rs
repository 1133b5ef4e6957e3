//! The bank's back office: operations, compliance, core banking.

use super::{Act, Case};
use crate::dice::Dice;
use crate::script::Posting;
use serde_json::{Value, json};

/// Two people of operations: the one whose case it is orders, the other decides.
pub(super) fn operations(case: &Case<'_>, mine: bool) -> Vec<Act> {
    let mut acts = vec![];
    for key in case.doomed_or_open("approveProposal") {
        acts.push(Act::new("approveProposal", json!({ "proposalId": key })));
    }
    if !mine {
        return acts;
    }
    if case.view.stage() == "READY" && case.may("orderPosting") && !case.is_proposed("orderPosting") {
        acts.push(Act::new("orderPosting", json!({})));
    }
    let reverses = case.play.script.posting == Posting::Reversed && !case.play.happened("reversed");
    if reverses && case.may("reversePosting") && !case.is_proposed("reversePosting") {
        acts.push(Act::new("reversePosting", json!({ "reason": "振込先相違（見本）" })).noting("reversed"));
    }
    acts
}

/// Compliance accepts what a search asked to look at.
pub(super) fn compliance(case: &Case<'_>) -> Vec<Act> {
    let accept = |key: &str| {
        Act::new("acceptAml", json!({ "partyId": key, "reason": "本人確認の結果、取引可（見本）" }))
    };
    case.open("acceptAml").into_iter().map(accept).collect()
}

/// Core banking: posts, refuses, reverses, reports arrears, takes the loan over.
pub(super) fn core(case: &Case<'_>) -> Vec<Act> {
    match case.view.stage() {
        "DISBURSING" | "RECONCILING" => outcome(case),
        "REVERSING" => posting(case, &["REVERSING"])
            .map(|key| {
                let arguments = json!({ "postingKey": key, "reference": reference(case, "REV") });
                Act::new("confirmReversal", arguments)
            })
            .into_iter()
            .collect(),
        "DISBURSED" => take_over(case),
        _ => arrears(case),
    }
}

fn posting<'c>(case: &'c Case<'_>, states: &[&str]) -> Option<&'c str> {
    let text = |p: &'c Value, name: &str| p.get(name).and_then(Value::as_str);
    case.view
        .list("postings")
        .iter()
        .rev()
        .find(|p| text(p, "state").is_some_and(|s| states.contains(&s)))
        .and_then(|p| text(p, "key"))
}

fn reference(case: &Case<'_>, kind: &str) -> String {
    let name = format!("{kind}/{}/{}", case.view.text("id"), case.view.version());
    format!("{kind}-{}", Dice::of(case.seed, &name).digits(10))
}

fn outcome(case: &Case<'_>) -> Vec<Act> {
    let Some(key) = posting(case, &["ORDERED", "UNKNOWN"]) else { return vec![] };
    let mood = case.play.script.posting;
    if mood == Posting::Unknown && case.view.stage() == "DISBURSING" && !case.play.happened("posted") {
        return vec![];
    }
    if mood == Posting::RejectsOnce && !case.play.happened("rejected") {
        let arguments = json!({ "postingKey": key, "reason": "口座照合中（見本）" });
        return vec![Act::new("rejectPosting", arguments).noting("rejected")];
    }
    let mut arguments = json!({ "postingKey": key, "reference": reference(case, "PST") });
    // A mix has one answer for each of its loans.
    let ordered = |part: &&Value| part.get("state").and_then(Value::as_str) == Some("ORDERED");
    let last = case.view.list("postings").last().and_then(|posting| posting.get("parts"));
    let next = last.and_then(Value::as_array).and_then(|parts| parts.iter().find(ordered));
    if let Some(loan) = next.and_then(|part| part.get("loanNo")) {
        arguments["loanNo"] = loan.clone();
    }
    let twice = case.play.script.manner == crate::script::Manner::Duplicate;
    vec![Act { twice, ..Act::new("confirmPosting", arguments).noting("posted") }]
}

fn take_over(case: &Case<'_>) -> Vec<Act> {
    let reversal_to_come = case.play.script.posting == Posting::Reversed && !case.play.happened("reversed");
    if reversal_to_come {
        return vec![];
    }
    let mut acts = vec![];
    if case.may("confirmPayoff") && case.play.happened("refinance") && !case.play.happened("payoff") {
        let arguments = json!({ "reference": reference(case, "PAY") });
        acts.push(Act::new("confirmPayoff", arguments).noting("payoff"));
    }
    // The record says whether servicing has the loan: a reversal of the posting takes it back, and the next posting is taken over anew.
    let accepts = case.play.happened("registered") && case.view.text("servicingNumber").is_empty();
    if accepts && case.may("acceptServicing") {
        acts.push(Act::new("acceptServicing", json!({ "servicingNumber": reference(case, "SVC") })));
    }
    acts
}

fn arrears(case: &Case<'_>) -> Vec<Act> {
    if !case.may("reportArrears") {
        return vec![];
    }
    if case.play.happened("arrears") && !case.play.happened("overdue") {
        return vec![Act::new("reportArrears", json!({ "overdue": true })).noting("overdue")];
    }
    if case.play.happened("paid") && !case.play.happened("cured") {
        return vec![Act::new("reportArrears", json!({ "overdue": false })).noting("cured")];
    }
    vec![]
}
