//! The screening officer: values the collateral, proposes the result.

use super::{Act, Case, party_and_loan};
use crate::calendar::days_after;
use crate::script::{Change, End, Guarantor, Insurer};
use serde_json::{Value, json};

/// What the screening officer does on a case.
pub(super) fn officer(case: &Case<'_>) -> Vec<Act> {
    let mut acts = valuation(case);
    match case.view.stage() {
        "SCREENING" | "RE_SCREENING" => acts.extend(result(case)),
        "APPROVED" => acts.extend(rescind(case)),
        "CONTRACTED" if case.play.script.end == End::ContractTerminated && case.play.happened("agreed") => {
            acts.extend(propose(case, "terminateContract", json!({ "ground": "AGREEMENT" })));
        }
        _ => {}
    }
    acts
}

fn propose(case: &Case<'_>, verb: &'static str, arguments: Value) -> Vec<Act> {
    if case.ready(verb) && !case.is_proposed(verb) { vec![Act::new(verb, arguments)] } else { vec![] }
}

fn valuation(case: &Case<'_>) -> Vec<Act> {
    if !case.any_state("COLL", "REQUESTED") || !case.may("recordValuation") {
        return vec![];
    }
    let amount = case.view.number("content.requestedAmountYen");
    let arguments = json!({ "amountYen": amount / 10 * 12, "lendableYen": amount });
    vec![Act::new("recordValuation", arguments)]
}

fn result(case: &Case<'_>) -> Vec<Act> {
    let script = &case.play.script;
    let changed = case.view.stage() == "RE_SCREENING";
    if script.guarantor == Guarantor::Declines {
        let declined = case.any_state("GUAR", "DECLINED");
        return if declined { decline(case, "GUARANTOR_DECLINED") } else { vec![] };
    }
    if script.insurer == Insurer::Refuses {
        let rejected = case.any_state("INS", "REJECTED");
        return if rejected { decline(case, "INSURANCE_IMPOSSIBLE") } else { vec![] };
    }
    match script.change {
        Change::Upheld if changed => return propose(case, "upholdApproval", json!({})),
        Change::Refused if changed => {
            return propose(case, "rescindApproval", json!({ "ground": "BANK_REFUSAL" }));
        }
        _ => {}
    }
    let exceptions = exceptions(case);
    if !exceptions.is_empty() {
        return exceptions;
    }
    approve(case, changed)
}

fn decline(case: &Case<'_>, ground: &str) -> Vec<Act> {
    propose(case, "declineLoan", json!({ "ground": ground }))
}

/// A person whom no insurer takes is excepted on two approvals (G-10).
fn exceptions(case: &Case<'_>) -> Vec<Act> {
    if case.play.script.insurer != Insurer::RefusesButAllowed || case.play.happened("exception") {
        return vec![];
    }
    let rejected = case.view.track("INS").find(|(_, state)| *state == "REJECTED");
    let Some((key, _)) = rejected else { return vec![] };
    let (party, _) = party_and_loan(key);
    let arguments = json!({ "partyId": party, "reason": "担保・返済能力に余裕があるため（見本）" });
    let acts = propose(case, "allowInsuranceException", arguments);
    acts.into_iter().map(|act| act.noting("exception")).collect()
}

fn approve(case: &Case<'_>, changed: bool) -> Vec<Act> {
    let mut arguments = json!({ "conditions": [] });
    if let Some(rate) = add_on(case) {
        arguments["screeningAddOn"] = json!(rate);
    }
    let conditional = case.play.script.conditional && !changed && !case.play.happened("conditions");
    if !conditional {
        return propose(case, "approveLoan", arguments);
    }
    arguments["conditions"] = json!([{
        "code": "OLD_CARD_LOAN_CLOSED",
        "stage": "BEFORE_CONTRACT",
        "text": "他行カードローンの解約証明（見本）",
        "dueOn": days_after(case.today, 30),
    }]);
    propose(case, "approveWithConditions", arguments)
}

/// Percent points for whom C-60 names: everyone but constituents and managers of member organisations.
fn add_on(case: &Case<'_>) -> Option<String> {
    if let Some(stated) = &case.play.stated {
        return stated.add_on.clone();
    }
    let applicant = case.view.list("content.parties").first()?;
    let qualification = applicant.get("qualification")?;
    let constituent = qualification.get("route").and_then(Value::as_str) == Some("INDIRECT_MEMBER");
    (!constituent).then(|| "0.1".to_owned())
}

fn rescind(case: &Case<'_>) -> Vec<Act> {
    let script = &case.play.script;
    if script.end != End::ApprovalRescinded || script.change != Change::No {
        return vec![];
    }
    if !case.play.happened("ground") {
        let arguments = json!({ "ground": "R5", "note": "他行で新規借入（見本）" });
        return vec![Act::new("recordGround", arguments).noting("ground")];
    }
    propose(case, "rescindApproval", json!({ "ground": "REFUSAL_REASON" }))
}
