//! The branch: a clerk who prepares and proposes, a manager who decides.

use super::{Act, Case, party_and_loan, property_no};
use crate::calendar::{days_after, open_day};
use crate::script::{Change, End};
use crate::view::whole;
use serde_json::{Value, json};

/// What the clerk does on a case.
pub(super) fn clerk(case: &Case<'_>) -> Vec<Act> {
    let mut acts = match case.view.stage() {
        "SUBMITTED" => intake(case),
        "SCREENING" | "RE_SCREENING" => screening(case),
        "APPROVED" | "CONDITIONALLY_APPROVED" => approved(case),
        "CONTRACTING" => explain(case),
        "CONTRACT_TENDERED" => check_contract(case),
        "CHANGE_REQUESTED" => change(case),
        "CONTRACTED" | "PARTIALLY_DISBURSED" => fix_date(case),
        "SCHEDULED" => prepare_day(case),
        "READY" => payees(case),
        _ => vec![],
    };
    for key in case.open("instructScrivener") {
        acts.push(Act::new("instructScrivener", json!({ "filing": key })));
    }
    for key in case.open("verifyFireCover") {
        let until = days_after(case.today, 3650);
        acts.push(Act::new(
            "verifyFireCover",
            json!({ "propertyNo": property_no(key), "coversFrom": case.today, "coversUntil": until }),
        ));
    }
    acts
}

fn intake(case: &Case<'_>) -> Vec<Act> {
    let script = &case.play.script;
    if script.papers && !case.play.happened("papers") {
        let defect = json!({
            "document": "IDENTITY_DOCUMENT", "partyId": "A1", "problem": "本人確認書類の有効期限が切れています。",
        });
        return vec![Act::new("recordDefects", json!({ "defects": [defect] })).noting("papers")];
    }
    if script.amends && !case.play.happened("amended") {
        return vec![];
    }
    propose(case, "startScreening", json!({}))
}

/// Proposes once: a waiting proposal is the other person's.
fn propose(case: &Case<'_>, verb: &'static str, arguments: Value) -> Vec<Act> {
    if case.ready(verb) && !case.is_proposed(verb) { vec![Act::new(verb, arguments)] } else { vec![] }
}

fn screening(case: &Case<'_>) -> Vec<Act> {
    let mut acts = vec![];
    if case.any_state("COLL", "NOT_VALUED") && case.may("orderValuation") {
        acts.push(Act::new("orderValuation", json!({})));
    }
    for (key, state) in case.view.track("ELIG") {
        match state {
            // Organisations were asked with the start of the screening; what is left are own routes.
            "NOT_REQUESTED" if case.ready("confirmOwnRoute") => {
                acts.push(Act::new(
                    "confirmOwnRoute",
                    json!({ "partyId": key, "reason": "店舗で在籍を確認（見本）" }),
                ));
            }
            "LOST" => acts.push(Act::new("requestMembership", json!({ "partyId": key }))),
            _ => {}
        }
    }
    for key in case.open("inquireBureau") {
        acts.push(Act::new("inquireBureau", json!({ "partyId": key })));
    }
    for key in case.open("passDeclaration") {
        let (party, loan) = party_and_loan(key);
        acts.push(Act::new("passDeclaration", json!({ "partyId": party, "loanNo": loan })));
    }
    if matches!(case.view.state("GUAR"), "EXPIRED" | "NOT_REQUESTED") && case.may("requestGuarantee") {
        acts.push(Act::new("requestGuarantee", json!({})));
    }
    acts
}

fn approved(case: &Case<'_>) -> Vec<Act> {
    let script = &case.play.script;
    let conditions = case.view.list("approval.conditions").iter();
    let open = conditions.filter(|c| c.get("evidence").is_none_or(Value::is_null));
    let codes: Vec<&str> = open.filter_map(|c| c.get("code").and_then(Value::as_str)).collect();
    if case.view.stage() == "CONDITIONALLY_APPROVED" {
        let evidence =
            |code: &&str| Act::new("evidenceCondition", json!({ "code": code, "evidence": "証憑を確認済" }));
        return codes.iter().map(evidence).collect();
    }
    let waits_for_change = script.change != Change::No && !case.play.happened("change");
    let waits_for_end = matches!(script.end, End::ApprovalExpired | End::ApprovalRescinded);
    if waits_for_change || waits_for_end || !case.ready("startContracting") {
        return vec![];
    }
    let appointment = open_day(days_after(case.today, 1));
    let meeting = json!({ "appointment": appointment, "appointmentTime": "10:30", "appointmentPlace": "営業店 相談窓口" });
    vec![Act::new("startContracting", meeting)]
}

fn explain(case: &Case<'_>) -> Vec<Act> {
    let told: Vec<&str> = case.view.texts("contract.explained").collect();
    let known: Vec<&str> = case.view.texts("contract.identified").collect();
    let mut acts = vec![];
    for id in case.view.party_ids() {
        if !told.contains(&id.as_str()) {
            acts.push(Act::new(
                "recordExplanation",
                json!({ "partyId": id, "bookletVersion": "見本説明書 第1版" }),
            ));
        }
        if !known.contains(&id.as_str()) {
            acts.push(Act::new(
                "verifyIdentity",
                json!({ "partyId": id, "method": "個人番号カード（見本）" }),
            ));
        }
    }
    acts
}

fn check_contract(case: &Case<'_>) -> Vec<Act> {
    if case.play.script.contract_defect && !case.play.happened("contract-defect") {
        let defect = json!({ "document": "LOAN_CONTRACT", "partyId": "A1", "problem": "押印が不鮮明です。" });
        return vec![Act::new("returnContract", json!({ "defects": [defect] })).noting("contract-defect")];
    }
    propose(case, "acceptContract", json!({ "contractDate": case.today }))
}

fn change(case: &Case<'_>) -> Vec<Act> {
    if case.play.script.change == Change::TakenBack {
        return vec![];
    }
    propose(case, "startRescreening", json!({}))
}

fn fix_date(case: &Case<'_>) -> Vec<Act> {
    let mut acts = costs(case);
    acts.extend(payees(case));
    acts.extend(building(case));
    if case.play.script.end == End::ContractTerminated {
        return acts;
    }
    let Some(date) = case.view.date("namedDate") else { return acts };
    acts.extend(payoff(case, date));
    if case.ready("scheduleDisbursement") {
        let posted = |p: &&Value| {
            p.get("drawing") == Some(&Value::Bool(true)) && p.get("state") == Some(&json!("POSTED"))
        };
        let drawn = case.view.list("postings").iter().filter(posted).count();
        let draws = drawn < usize::from(case.play.script.drawings);
        // The main loan gets its date once its terms are agreed: nobody comes back to them after that (S-09).
        if !draws && drawn > 0 && case.view.text("termsAgreedOn").is_empty() {
            return acts;
        }
        let (time, place) = ("10:00", "営業店 応接室");
        let mut arguments = json!({ "date": date, "settlementTime": time, "settlementPlace": place });
        if draws {
            arguments["drawingYen"] = json!(case.view.number("content.requestedAmountYen") / 10 * 3);
        }
        acts.push(Act::new("scheduleDisbursement", arguments));
    }
    acts
}

fn costs(case: &Case<'_>) -> Vec<Act> {
    if !case.may("recordCosts") || case.play.happened("costs") {
        return vec![];
    }
    let arguments = json!({ "scrivenerBillYen": 120_000, "fundsAvailableYen": 20_000_000 });
    vec![Act::new("recordCosts", arguments).noting("costs")]
}

fn payoff(case: &Case<'_>, date: chrono::NaiveDate) -> Vec<Act> {
    let refinance = case.view.text("content.purpose.code") == "REFINANCE";
    let known = case.view.date("payoff.asOf") == Some(date);
    if !refinance || known || !case.may("recordPayoff") {
        return vec![];
    }
    let balance = whole(case.view.at("content.existingLoan.balanceYen")).unwrap_or(1);
    vec![Act::new("recordPayoff", json!({ "lender": "見本銀行", "amountYen": balance, "asOf": date }))]
}

/// After a drawing the building is finished, and the terms of the main loan are agreed (S-09).
fn building(case: &Case<'_>) -> Vec<Act> {
    let built =
        |property: &&Value| matches!(property.get("kind").and_then(Value::as_str), Some("BUILDING" | "UNIT"));
    let mut acts = vec![];
    let number = case.view.list("content.properties").iter().find(built).and_then(|p| p.get("propertyNo"));
    if let Some(number) = number.filter(|_| case.may("recordCompletion") && !case.play.happened("completed"))
    {
        let arguments = json!({ "propertyNo": number, "completedOn": case.today });
        acts.push(Act::new("recordCompletion", arguments).noting("completed"));
    }
    let open = case.view.text("termsAgreedOn").is_empty() && case.may("recordTermsAgreement");
    if open && !case.is_proposed("recordTermsAgreement") {
        acts.push(Act::new("recordTermsAgreement", json!({ "agreedOn": case.today })));
    }
    acts
}

/// One account after the other: those that must be there before the order, and what the seller of a purchase gets.
fn payees(case: &Case<'_>) -> Vec<Act> {
    let known = |kind: &str| {
        case.view.list("payees").iter().any(|p| p.get("kind").and_then(Value::as_str) == Some(kind))
    };
    let purpose = case.view.text("content.purpose.code");
    let lump = |loan: &Value| loan.get("guaranteeFeeMethod").and_then(Value::as_str) == Some("LUMP_SUM");
    let part = case.view.number("content.requestedAmountYen") / 10;
    let wanted = [
        (purpose == "REFINANCE", "EXISTING_LENDER", "ミホンギンコウ", None),
        (case.view.list("content.loans").iter().any(lump), "GUARANTEE_INSTITUTION", "ミホンホシヨウ", None),
        (purpose.starts_with("PURCHASE"), "SELLER", "ミホンジユウタク", Some(part)),
    ];
    let open = wanted.into_iter().find(|(needed, kind, ..)| *needed && !known(kind));
    let Some((_, kind, name, amount)) = open.filter(|_| !case.is_proposed("recordPayee")) else {
        return vec![];
    };
    let account = json!({
        "bankCode": "9998", "bankName": "ミホン", "branchCode": "001", "branchName": "ホンテン", "kind": "ORDINARY",
        "number": "1234567",
    });
    let to = json!({ "name": name, "account": account });
    propose(case, "recordPayee", json!({ "kind": kind, "number": 1, "to": to, "amountYen": amount }))
}

fn prepare_day(case: &Case<'_>) -> Vec<Act> {
    let mut acts = costs(case);
    acts.extend(payees(case));
    if let Some(date) = case.view.date("fixedDate.date") {
        acts.extend(payoff(case, date));
    }
    acts
}

/// What the manager does on a case.
pub(super) fn manager(case: &Case<'_>) -> Vec<Act> {
    let mut acts = vec![];
    for key in case.doomed_or_open("approveProposal") {
        if case.play.script.returned && !case.play.happened("returned") {
            let arguments = json!({ "proposalId": key, "reason": "資料を補って再提出してください。" });
            return vec![Act::new("returnProposal", arguments).noting("returned")];
        }
        acts.push(Act::new("approveProposal", json!({ "proposalId": key })));
    }
    if case.may("confirmConditionsMet") {
        acts.push(Act::new("confirmConditionsMet", json!({})));
    }
    if case.may("sendConditionEvidence") {
        acts.push(Act::new("sendConditionEvidence", json!({ "evidence": "追加資料一式（見本）" })));
    }
    if case.view.stage() == "CHANGE_REQUESTED" && case.may("withdrawChange") {
        acts.push(Act::new("withdrawChange", json!({})));
    }
    if case.view.stage() == "ON_HOLD" && case.may("liftHold") {
        // Time enough to check the case once more before the new day.
        let soon = days_after(case.today, 5);
        let day = case.view.date("plannedDate").map_or(soon, |planned| planned.max(soon));
        acts.push(Act::new("liftHold", json!({ "date": open_day(day) })));
    }
    acts
}

impl Case<'_> {
    /// Is any instance of a track in this state?
    pub fn any_state(&self, track: &str, state: &str) -> bool {
        self.view.any(track, state)
    }
}
