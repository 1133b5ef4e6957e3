//! The applicant's next move, from what the applicant sees of the case.

use super::{Customer, Move};
use crate::calendar::{days_after, monday_from, open_day};
use crate::desk::partners::{SECOND_FILING, files_before_payment};
use crate::desk::{Act, Case, party_and_loan, property_no};
use crate::script::{Change, End, Posting};
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Days before the disbursement from which the registration papers can be collected.
const PAPERS_FROM: i64 = 80;
/// Days after which an approval that nobody used is over.
const APPROVAL: i64 = 182;

impl Customer {
    /// What to do now.
    pub(super) fn next(&self, case: &Case<'_>) -> Move {
        let stage = case.view.stage();
        let script = &self.play.script;
        if script.withdraws_in == Some(stage) {
            return give("withdrawApplication", json!({ "reason": "計画の見直し（見本）" }));
        }
        let errands = self.health_and_fire(case);
        if !errands.is_empty() {
            return Move::Give(errands);
        }
        match stage {
            "INCOMPLETE" => self.hand_in(case),
            "SUBMITTED" => self.amend(),
            "APPROVED" => self.approved(case),
            "CHANGE_REQUESTED" if script.change == Change::TakenBack => give("withdrawChange", json!({})),
            "CONTRACTING" => sign(case),
            "CONTRACTED" | "PARTIALLY_DISBURSED" => self.name_date(case),
            "SCHEDULED" | "READY" => self.wait_for_the_day(case),
            "ON_HOLD" => self.pay_arrears(case),
            "DISBURSING" if script.posting == Posting::Unknown && !self.play.happened("posted") => {
                Move::For(chrono::Duration::seconds(75))
            }
            "DISBURSED" => self.after_payment(case),
            _ if case.view.at("isFinal") == &Value::Bool(true) => Move::End,
            _ => Move::Watch,
        }
    }

    /// Declarations, health certificates, evidence of fire cover.
    fn health_and_fire(&self, case: &Case<'_>) -> Vec<Act> {
        let mut acts = vec![];
        for key in case.open("declareInsurance") {
            let state = case.view.track("INS").find(|(k, _)| *k == key).map(|(_, state)| state);
            if matches!(state, Some("NOT_APPLIED" | "EXPIRED")) {
                let (party, loan) = party_and_loan(key);
                let about = json!({ "partyId": party, "loanNo": loan, "declaredOn": case.today });
                acts.push(Act::new("declareInsurance", about));
            }
        }
        for key in case.open("supplyExam") {
            let (party, loan) = party_and_loan(key);
            acts.push(Act::new("supplyExam", json!({ "partyId": party, "loanNo": loan })));
        }
        for key in case.open("handInFireEvidence") {
            acts.push(Act::new("handInFireEvidence", json!({ "propertyNo": property_no(key) })));
        }
        acts
    }

    fn hand_in(&self, case: &Case<'_>) -> Move {
        if case.may("resubmitDocuments") && self.play.happened("handed-in") {
            return give("resubmitDocuments", json!({}));
        }
        let paper = json!({ "document": "IDENTITY_DOCUMENT", "partyId": "A1", "receivedOn": case.today });
        let act = Act::new("receiveDocuments", json!({ "documents": [paper], "consents": [] }));
        Move::Give(vec![act.noting("handed-in"), Act::new("resubmitDocuments", json!({}))])
    }

    fn amend(&self) -> Move {
        if !self.play.script.amends || self.play.happened("amended") {
            return Move::Watch;
        }
        let mut form = self.form.clone();
        form["own_funds_yen"] = json!(form["own_funds_yen"].as_i64().unwrap_or(0) + 10_000);
        let act = Act::new("amendApplication", json!({ "form": crate::sight::camel(&form) }));
        Move::Give(vec![act.noting("amended")])
    }

    fn approved(&self, case: &Case<'_>) -> Move {
        let script = &self.play.script;
        if script.end == End::ApprovalExpired {
            return Move::Until(days_after(case.today, APPROVAL));
        }
        if script.end == End::ApprovalRescinded && script.change == Change::No {
            // A new debt elsewhere comes to the bank's ears.
            self.errand("SCREENING_OFFICER", case);
            return Move::Watch;
        }
        if script.change == Change::No || self.play.happened("change") {
            return Move::Watch;
        }
        let mut changed = if script.change == Change::Taken { self.smaller() } else { self.on_another_day() };
        renew_breakdown(&mut changed, case.today);
        let arguments = json!({ "form": crate::sight::camel(&changed), "reason": "借入額の変更（見本）" });
        Move::Give(vec![Act::new("requestChange", arguments).noting("change")])
    }

    /// The form with a smaller loan: every rule that held still holds.
    fn smaller(&self) -> Value {
        let mut form = self.form.clone();
        let less = 100_000;
        form["requested_amount_yen"] = json!(form["requested_amount_yen"].as_i64().unwrap_or(0) - less);
        if let Some(loan) = form.get_mut("loans").and_then(|l| l.get_mut(0)) {
            loan["amount_yen"] = json!(loan["amount_yen"].as_i64().unwrap_or(0) - less);
        }
        form
    }

    /// The form with another repayment day: insurance and guarantee cover what they covered.
    fn on_another_day(&self) -> Value {
        let mut form = self.form.clone();
        for loan in form.get_mut("loans").and_then(Value::as_array_mut).into_iter().flatten() {
            let day = loan["repayment_day"].as_i64().unwrap_or(1);
            loan["repayment_day"] = json!(if day == 12 { 13 } else { 12 });
        }
        form
    }

    fn name_date(&self, case: &Case<'_>) -> Move {
        if self.play.script.end == End::ContractTerminated && case.view.stage() == "CONTRACTED" {
            if self.play.happened("agreed") {
                self.errand("SCREENING_OFFICER", case);
                return Move::Watch;
            }
            return Move::Give(vec![Act::new("agreeTermination", json!({})).noting("agreed")]);
        }
        if case.view.date("namedDate").is_some() || !case.may("nameDate") {
            return Move::Watch;
        }
        let wished = case.view.date("content.requestedDisbursementDate");
        let again = ["released", "reversed", "missed"].iter().any(|fact| self.play.happened(fact));
        let drawn = case.view.stage() == "PARTIALLY_DISBURSED";
        let date = match wished.filter(|date| *date >= case.today && !again && !drawn) {
            Some(date) => date,
            None => open_day(days_after(case.today, if drawn { 20 } else { 3 })),
        };
        give("nameDate", json!({ "date": date }))
    }

    fn wait_for_the_day(&self, case: &Case<'_>) -> Move {
        let script = &self.play.script;
        let fixed = case.view.date("fixedDate.date").unwrap_or(case.today);
        if script.hold && !self.play.happened("cured") && case.view.stage() == "SCHEDULED" {
            self.play.note("arrears");
            self.errand("CORE_BANKING", case);
            return Move::Watch;
        }
        if script.released && !self.play.happened("released") && case.view.stage() == "SCHEDULED" {
            let act = Act::new("releaseDate", json!({ "reason": "引渡日の変更（見本）" }));
            return Move::Give(vec![act.noting("released")]);
        }
        // The day went by before everything was there: another one is named.
        if fixed < case.today && case.view.stage() == "SCHEDULED" {
            let act = Act::new("releaseDate", json!({ "reason": "準備が間に合わず（見本）" }));
            return Move::Give(vec![act.noting("missed")]);
        }
        let collecting = monday_from(days_after(fixed, -PAPERS_FROM)).min(fixed);
        if collecting > case.today {
            return Move::Until(collecting);
        }
        if fixed > case.today && is_prepared(case) { Move::Until(fixed) } else { Move::Watch }
    }

    fn pay_arrears(&self, case: &Case<'_>) -> Move {
        if self.play.happened("overdue") && !self.play.happened("cured") {
            self.play.note("paid");
            self.errand("CORE_BANKING", case);
        }
        Move::Watch
    }

    /// Servicing takes over once the register shows the mortgage.
    fn after_payment(&self, case: &Case<'_>) -> Move {
        if self.play.script.posting == Posting::Reversed && !self.play.happened("reversed") {
            return Move::Watch;
        }
        if case.view.text("content.purpose.code") == "REFINANCE" {
            self.play.note("refinance");
        }
        if case.view.all("REG", &["COMPLETED", "DEFERRED"]) {
            self.play.note("registered");
        }
        self.errand("CORE_BANKING", case);
        Move::Watch
    }

    fn errand(&self, role: &str, case: &Case<'_>) {
        self.world.send(role, &self.session.credential.institution, case.view.text("id"));
    }
}

/// Of changed loans a mix needs a new breakdown (C-52).
fn renew_breakdown(form: &mut Value, today: NaiveDate) {
    let papers = form.get_mut("documents").and_then(Value::as_array_mut).into_iter().flatten();
    for paper in papers.filter(|paper| paper["document"] == "BREAKDOWN_NOTICE") {
        paper["received_on"] = json!(today);
    }
}

fn give(verb: &'static str, arguments: Value) -> Move {
    Move::Give(vec![Act::new(verb, arguments)])
}

/// Everyone signs, then the set is handed in.
fn sign(case: &Case<'_>) -> Move {
    let signed: Vec<&str> = case.view.texts("contract.signed").collect();
    let told: Vec<&str> = case.view.texts("contract.explained").collect();
    let known: Vec<&str> = case.view.texts("contract.identified").collect();
    let everyone = case.view.party_ids();
    let ready = |id: &&String| told.contains(&id.as_str()) && known.contains(&id.as_str());
    if everyone.is_empty() || everyone.iter().filter(ready).count() < everyone.len() {
        return Move::Watch;
    }
    let unsigned = everyone.iter().filter(|id| !signed.contains(&id.as_str()));
    let mut acts: Vec<Act> = unsigned.map(|id| Act::new("signContract", json!({ "partyId": id }))).collect();
    acts.push(Act::new("tenderContract", json!({})));
    Move::Give(acts)
}

/// Fire cover is shown and checked, and the registration is as far as it must be before the money.
fn is_prepared(case: &Case<'_>) -> bool {
    let fire = case.view.track("FIRE").all(|(_, s)| matches!(s, "NOT_REQUIRED" | "VERIFIED" | "PLEDGED"));
    let simultaneous = !files_before_payment(case.view.text("content.purpose.code"));
    let papers: &[&str] = &["DOCS_READY", "FILED", "ACCEPTED", "CORRECTION", "COMPLETED", "DEFERRED"];
    let received: &[&str] = &["ACCEPTED", "COMPLETED", "DEFERRED"];
    // The building that drawings paid for is mortgaged before the main posting, whatever the purpose (S-09).
    let enough = |key: &str| if simultaneous && key != SECOND_FILING { papers } else { received };
    let mut filings = case.view.track("REG").peekable();
    fire && filings.peek().is_some() && filings.all(|(key, state)| enough(key).contains(&state))
}
