//! Partners of the bank: guarantor, insurers, member organisation, scrivener, registry.

use super::{Act, Case, party_and_loan, property_no};
use crate::calendar::days_after;
use crate::dice::Dice;
use crate::script::{Guarantor, Insurer, Manner, Registration};
use crate::view::whole;
use serde_json::{Value, json};

/// Days before the disbursement from which the scrivener collects papers that go stale.
const PAPERS_FROM: i64 = 80;
/// Key of the filing of additional security: here the mortgage on a building that drawings paid for.
pub(crate) const SECOND_FILING: &str = "F2";

/// The guarantee institution.
pub(super) fn guarantor(case: &Case<'_>) -> Vec<Act> {
    let script = &case.play.script;
    if case.open("approveGuarantee").is_empty() {
        return vec![];
    }
    if script.guarantor == Guarantor::Declines {
        return vec![Act::new("declineGuarantee", json!({}))];
    }
    let decision = decision(case);
    if script.guarantor == Guarantor::Conditions && case.view.state("GUAR") == "REQUESTED" {
        let arguments =
            json!({ "decision": decision, "conditions": ["自己資金の原資を確認できる資料（見本）"] });
        return vec![Act::new("conditionGuarantee", arguments)];
    }
    let approve = Act::new("approveGuarantee", json!({ "decision": decision }));
    match script.manner {
        Manner::Duplicate => vec![Act { twice: true, ..approve }],
        // The second answer comes when nothing is asked any more: the bank must not take it.
        Manner::OutOfOrder => vec![approve, Act::new("declineGuarantee", json!({}))],
        Manner::Prompt | Manner::Late => vec![approve],
    }
}

/// Price and reach of the guarantee: what a file states, or a price of the guarantor's own.
fn decision(case: &Case<'_>) -> Value {
    let loans = case.view.list("content.loans");
    let term = loans.iter().filter_map(|l| whole(l.get("termMonths")?)).max().unwrap_or(0);
    let mut dice = Dice::of(case.seed, &format!("guarantee/{}", case.play.external_id));
    let rate = dice.one(&["0.120", "0.180", "0.250", "0.300"]);
    let priced = loans.iter().map(|loan| {
        let number = loan.get("loanNo").cloned().unwrap_or_default();
        let yen = loan.get("amountYen").and_then(whole).unwrap_or_default();
        let lump = loan.get("guaranteeFeeMethod").and_then(Value::as_str) == Some("LUMP_SUM");
        let stated = case.play.stated.as_ref().and_then(|stated| priced_in(&stated.guarantor, &number));
        stated.unwrap_or_else(|| {
            if lump {
                json!({ "loanNo": number, "lumpSumFeeYen": yen / 100_000 * 2_000 })
            } else {
                json!({ "loanNo": number, "monthlyRatePercent": rate })
            }
        })
    });
    let stated = case.play.stated.as_ref().map(|stated| &stated.guarantor);
    let number = stated.and_then(|s| s.get("guarantee_number")?.as_str()).map(str::to_owned);
    let wished = case.view.date("content.requestedDisbursementDate").unwrap_or(case.today);
    json!({
        "guaranteeNumber": number.unwrap_or_else(|| format!("G-{}", dice.digits(9))),
        "amountYen": case.view.number("content.requestedAmountYen"),
        "termMonths": term,
        "loans": priced.collect::<Vec<_>>(),
        "validUntil": days_after(wished.max(case.today), 180),
    })
}

fn priced_in(stated: &Value, number: &Value) -> Option<Value> {
    let loans = stated.get("per_loan")?.as_array()?;
    let loan = loans.iter().find(|l| l.get("loan_no").and_then(whole) == whole(number))?;
    let given = |name: &str| loan.get(name).filter(|v| !v.is_null()).cloned();
    let mut priced = json!({ "loanNo": number });
    if let Some(rate) = given("monthly_rate_percent") {
        priced["monthlyRatePercent"] = rate;
    }
    if let Some(fee) = given("lump_sum_fee_yen") {
        priced["lumpSumFeeYen"] = fee;
    }
    Some(priced)
}

/// The group life insurer.
pub(super) fn insurer(case: &Case<'_>) -> Vec<Act> {
    let mut acts = vec![];
    for key in case.open("acceptInsurance") {
        let (party, loan) = party_and_loan(key);
        let about = json!({ "partyId": party, "loanNo": loan });
        let refuses = matches!(case.play.script.insurer, Insurer::Refuses | Insurer::RefusesButAllowed);
        if refuses && party == "A1" {
            acts.push(Act::new("rejectInsurance", about));
            continue;
        }
        let examines = case.play.script.insurer == Insurer::Examines && key == "A1:L1";
        if examines && !case.play.happened("exam") && case.may("requireExam") {
            acts.push(Act::new("requireExam", about).noting("exam"));
            continue;
        }
        let mut arguments = about;
        arguments["sumYen"] = json!(required_sum(case, party, loan));
        let twice = case.play.script.manner == Manner::Duplicate;
        acts.push(Act { twice, ..Act::new("acceptInsurance", arguments) });
    }
    for key in case.open("expectRelaxed") {
        let (party, loan) = party_and_loan(key);
        acts.push(Act::new("expectRelaxed", json!({ "partyId": party, "loanNo": loan })));
    }
    acts
}

/// What a person needs on a loan: the whole, or the person's share; the rest of the division is the applicant's (G-14).
fn required_sum(case: &Case<'_>, party: &str, loan_no: i64) -> i64 {
    let of_loan = |entry: &&Value| entry.get("loanNo").and_then(whole) == Some(loan_no);
    let amount = case.view.list("content.loans").iter().find(of_loan);
    let amount = amount.and_then(|l| whole(l.get("amountYen")?)).unwrap_or_default();
    let entries: Vec<&Value> = case.view.list("content.insurance").iter().filter(of_loan).collect();
    let text =
        |entry: &Value, name: &str| entry.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let part = |entry: &Value| amount * entry.get("sharePercent").and_then(whole).unwrap_or(100) / 100;
    let Some(mine) = entries.iter().find(|e| text(e, "partyId") == party) else { return amount };
    if text(mine, "cover") != "PROPORTIONAL" {
        return amount;
    }
    let shares: i64 = entries.iter().filter_map(|e| whole(e.get("sharePercent")?)).sum();
    let rest = amount - entries.iter().map(|e| part(e)).sum::<i64>();
    part(mine) + if party == "A1" && shares == 100 { rest } else { 0 }
}

/// A member organisation certifies its constituents.
pub(super) fn member_org(case: &Case<'_>) -> Vec<Act> {
    let certify =
        |key: &str| Act::new("confirmMembership", json!({ "partyId": key, "certifiedOn": case.today }));
    case.open("confirmMembership").into_iter().map(certify).collect()
}

/// The scrivener's office.
pub(super) fn scrivener(case: &Case<'_>) -> Vec<Act> {
    // The office takes the job, with its check of conflicts, before it does anything in it.
    if case.waits_for("N-JOB-TAKEN") {
        let taken = json!({ "accepts": true, "ownOrRelative": false, "otherParty": false });
        return vec![Act::new("answerEngagement", taken)];
    }
    let mut acts = vec![];
    for key in case.open("verifyMortgagors") {
        acts.push(Act::new("verifyMortgagors", json!({ "filing": key, "method": "面談（見本）" })));
    }
    let planned =
        case.view.date("plannedDate").or_else(|| case.view.date("content.requestedDisbursementDate"));
    let planned = planned.unwrap_or(case.today);
    if days_after(planned, -PAPERS_FROM) <= case.today {
        for key in case.open("readyPapers") {
            acts.push(Act::new("readyPapers", json!({ "filing": key, "sealCertificateOn": case.today })));
        }
    }
    let now = files_before_payment(case.view.text("content.purpose.code")) || planned <= case.today;
    for key in case.open("fileRegistration") {
        // The mortgage on a building that drawings paid for stands before the main posting.
        if now || key == SECOND_FILING {
            acts.push(Act::new("fileRegistration", json!({ "filing": key })));
        }
    }
    for key in case.open("correctFiling") {
        acts.push(Act::new("correctFiling", json!({ "filing": key })));
    }
    acts
}

/// Is the mortgage registered before the money, because nothing changes hands on the day?
pub(crate) fn files_before_payment(purpose: &str) -> bool {
    !matches!(
        purpose,
        "PURCHASE_NEW_HOUSE"
            | "PURCHASE_USED_HOUSE"
            | "PURCHASE_NEW_CONDOMINIUM"
            | "PURCHASE_USED_CONDOMINIUM"
            | "LAND_PURCHASE"
            | "LAND_AND_NEW_BUILD"
            | "REFINANCE"
            | "REPLACEMENT"
    )
}

/// The registry.
pub(super) fn registry(case: &Case<'_>) -> Vec<Act> {
    let mut acts = vec![];
    for key in case.open("acceptFiling") {
        let name = format!("receipt/{}/{}", case.view.text("id"), case.view.version());
        let number = Dice::of(case.seed, &name).between(1, 9_999_999);
        let receipt = json!({ "office": "見本法務局", "receivedOn": case.today, "number": number });
        acts.push(Act::new("acceptFiling", json!({ "filing": key, "receipt": receipt })));
    }
    for key in case.open("completeRegistration") {
        acts.push(decide_filing(case, key));
    }
    acts
}

fn decide_filing(case: &Case<'_>, key: &str) -> Act {
    let mood = case.play.script.registration;
    if mood == Registration::Correction && !case.play.happened("correction") {
        let deadline = days_after(case.today, 14);
        let arguments = json!({ "filing": key, "items": "委任状の日付（見本）", "deadline": deadline });
        return Act::new("orderCorrection", arguments).noting("correction");
    }
    if mood == Registration::Rejected && !case.play.happened("filing-rejected") {
        let arguments = json!({ "filing": key, "grounds": "添付情報の不足（見本）" });
        return Act::new("rejectFiling", arguments).noting("filing-rejected");
    }
    Act::new("completeRegistration", json!({ "filing": key, "completedOn": case.today, "rank": 1 }))
}

/// The fire insurer endorses a pledge.
pub(super) fn fire_insurer(case: &Case<'_>) -> Vec<Act> {
    let endorse = |key: &str| Act::new("confirmFirePledge", json!({ "propertyNo": property_no(key) }));
    case.open("confirmFirePledge").into_iter().map(endorse).collect()
}
