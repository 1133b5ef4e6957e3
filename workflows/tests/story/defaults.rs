//! What a step means where the story does not say it: the data that fit the case. Keeps stories as terse as people talk.

use chrono::{Days, Months, NaiveDate};
use serde_json::{Map, Value, json};
use std::sync::LazyLock;
use workflows::Form;
use workflows::form::PropertyKind;
use workflows::machine::{Case, Command, Rules, Verb};

/// Text in every free-text field: it must never show up in a notice (INV-7).
pub const CANARY: &str = "for colleagues only";

/// A field of a verb: name and whether it must be there.
type Field = (String, bool);

static FIELDS: LazyLock<Vec<(String, Vec<Field>)>> = LazyLock::new(|| {
    let schema = schemars::schema_for!(Command).to_value();
    let variants = schema["oneOf"].as_array().unwrap().clone();
    let fields = |variant: &Value| {
        let required: Vec<&str> =
            variant["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let names = variant["properties"].as_object().unwrap().keys().filter(|name| *name != "verb");
        names.map(|name| (name.clone(), required.contains(&name.as_str()))).collect()
    };
    variants
        .iter()
        .map(|v| (v["properties"]["verb"]["const"].as_str().unwrap().to_owned(), fields(v)))
        .collect()
});

/// Names of the fields of a verb; required first said.
pub fn fields(verb: Verb) -> &'static [Field] {
    &FIELDS.iter().find(|(name, _)| name == verb.code()).unwrap().1
}

/// What the defaults look at.
pub struct Scene<'a> {
    pub case: Option<&'a Case>,
    pub form: &'a Form,
    pub today: NaiveDate,
    pub rules: &'a dyn Rules,
}

impl Scene<'_> {
    /// The command with everything that must be there filled in.
    pub fn command(&self, verb: Verb) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("verb".into(), json!(verb.code()));
        for (name, required) in fields(verb) {
            if *required || self.wanted(verb, name) {
                map.insert(name.clone(), self.value(verb, name));
            }
        }
        map
    }

    /// Optional fields which a person would fill in all the same.
    fn wanted(&self, verb: Verb, name: &str) -> bool {
        name == "note" || (verb == Verb::RequestChange && name == "reason")
    }

    fn form(&self) -> &Form {
        self.case.map_or(self.form, |case| &case.form)
    }

    fn value(&self, verb: Verb, name: &str) -> Value {
        let in_days = |days| json!(self.today.checked_add_days(Days::new(days)).unwrap());
        match name {
            "form" => json!(self.form()),
            "party_id" => json!("A1"),
            "loan_no" => json!(1),
            "filing" => json!("F1"),
            "property_no" => {
                let built = |kind| matches!(kind, PropertyKind::Building | PropertyKind::Unit);
                json!(self.form().properties.iter().find(|p| built(p.kind)).map(|p| p.property_no))
            }
            "date" => match verb {
                Verb::EvaluateConditions => json!(self.today),
                _ => json!(self.case.map(Case::planned_date)),
            },
            "as_of" => json!(self.case.map(Case::planned_date)),
            "covers_until" => json!(self.today.checked_add_months(Months::new(120)).unwrap()),
            "deadline" => in_days(14),
            "appointment" => in_days(7),
            "new_handover_on" => json!(self.today.checked_add_months(Months::new(8)).unwrap()),
            "amount_yen" | "lendable_yen" => match verb {
                Verb::FindInsufficient => json!(20_000_000),
                _ => json!(self.form().requested_amount_yen.0 + 2_000_000),
            },
            "sum_yen" => json!(self.rules.required_covers(self.form()).first().map(|c| c.sum_yen)),
            "scrivener_bill_yen" => json!(180_000),
            "funds_available_yen" => json!(4_000_000),
            "rank" => json!(1),
            "outstanding" | "overdue" => json!(true),
            "posting_key" => {
                json!(self.case.and_then(|c| c.open_posting()).map_or(String::new(), |p| p.key.clone()))
            }
            "proposal_id" => json!(self.case.and_then(|c| c.proposals.last()).map(|p| p.id.clone())),
            "receipt" => json!({ "office": "さいたま地方法務局", "received_on": self.today, "number": 4711 }),
            "decision" => self.decision(),
            "defects" => json!([{ "document": "REGISTER_EXTRACT", "problem": "older than three months" }]),
            "qualification" => json!({ "route": "INDIVIDUAL_MEMBER", "org_member": null, "share_yen": 1000,
                "manager_at_org_member_company": false }),
            "kind" => json!("SELLER"),
            "number" => json!(1),
            "guarantor" => json!("GUARANTOR-2"),
            "to" => json!({ "name": "ミホンジュウタク", "account": {
                "bank_code": "9998", "bank_name": "シケン", "branch_code": "001", "branch_name": "ホンテン",
                "kind": "ORDINARY", "number": "1234567" } }),
            "records" => json!([
                { "property_no": 1, "title": "SELLER", "seller_name": "見本住宅株式会社" },
                { "property_no": 2, "title": "NOBODY" },
            ]),
            "facts" => json!({
                "office": "さいたま地方法務局",
                "bank": {
                    "address": "東京都千代田区試験町一丁目1番1号", "corporate_number": "012345678901",
                    "representative": "理事長　試験太郎", "handling_branch": "試験支店",
                },
                "agent": { "name": "見本花子", "address": "東京都港区見本町2番2号", "telephone": "03-0000-0000" },
                "attachments": ["CAUSE_INFORMATION", "IDENTIFICATION_INFORMATION", "POWER_OF_ATTORNEY",
                    "RESIDENTIAL_BUILDING_CERTIFICATE"],
                "seal_certificates": [{ "party_id": "A1", "issued_on": self.today }],
            }),
            "file" => json!({
                "id": format!("upload-{}", self.case.map_or(1, |case| case.files.len() + 1)), "paper": "IDENTITY_DOCUMENT",
                "party_id": "A1", "sha256": "ab".repeat(32), "bytes": 4711, "media_type": "PDF", "scanned": true,
                "by": "taro", "role": "APPLICANT",
            }),
            "question_id" => {
                json!(self.case.and_then(|case| case.questions.last()).map_or("Q1", |one| &one.id))
            }
            "file_id" => json!(self.case.and_then(|case| case.files.last()).map(|file| file.file.id.clone())),
            "purpose" => json!("GUARANTEE"),
            "channel" => json!("COUNTER"),
            "paper" => json!("REQUEST"),
            "timer" => json!("TM11"),
            "key" => json!(""),
            "conditions" => match verb {
                Verb::UpdateConditions => json!(self.form().transaction_conditions),
                Verb::ConditionGuarantee => json!([CANARY]),
                _ => json!([]),
            },
            "ground" => json!(match verb {
                Verb::DeclineLoan => "BANK_REFUSAL",
                Verb::RescindApproval => "REFUSAL_REASON",
                Verb::CloseCase => "NO_ANSWER",
                Verb::HoldDisbursement => "ARREARS",
                Verb::TerminateContract => "AGREEMENT",
                _ => "R5",
            }),
            "cause" if verb == Verb::OpenChange => json!("INSURANCE_REJECTED"),
            "code" => json!("INSURANCE_DECIDED"),
            _ if name.ends_with("_on") || name.ends_with("_date") || name == "covers_from" => {
                json!(self.today)
            }
            _ => json!(CANARY),
        }
    }

    /// The guarantor's answer that covers what was asked.
    fn decision(&self) -> Value {
        let form = self.form();
        let loans: Vec<Value> = form
            .loans
            .iter()
            .map(|loan| match loan.guarantee_fee_method {
                workflows::form::GuaranteeFeeMethod::MonthlyInRate => {
                    json!({ "loan_no": loan.loan_no, "monthly_rate_percent": "0.200" })
                }
                workflows::form::GuaranteeFeeMethod::LumpSum => {
                    json!({ "loan_no": loan.loan_no, "lump_sum_fee_yen": 300_000 })
                }
            })
            .collect();
        let term = form.loans.iter().map(|loan| loan.term_months).max().unwrap();
        json!({ "guarantee_number": "G700000001", "amount_yen": form.requested_amount_yen.0, "term_months": term,
            "loans": loans })
    }
}
