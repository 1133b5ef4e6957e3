//! Request and decision of the guarantee institution (F-02 to F-08), and the ladder of insurance (G-10, G-20, G-21).

use crate::common;
use chrono::NaiveDate;
use workflows::form::{Cover, Form, GuaranteeFeeMethod, InsuranceType, Product};
use workflows::guarantee::decision::{Answer, Decision, check};
use workflows::guarantee::request::GuaranteeRequest;
use workflows::insurance::ladder::{Rung, after_joining, after_refusal};
use workflows::machine::Command;
use workflows::sample::{self, Sample};
use workflows::{LoanGuarantee, Problem, Rate, Rule, Yen, assess};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn broken(problems: &[Problem]) -> Vec<String> {
    for problem in problems {
        let rule = Rule::of(problem.rule).unwrap();
        assert_eq!((&*problem.message_ja, &*problem.message_en), (rule.ja, rule.en));
        assert!(!problem.accepted.is_empty());
    }
    problems.iter().map(|problem| format!("{} {}", problem.rule, problem.field)).collect()
}

pub fn good(form: &Form) -> Decision<'static> {
    let price = |loan: &workflows::form::Loan| match loan.guarantee_fee_method {
        GuaranteeFeeMethod::MonthlyInRate => {
            LoanGuarantee { loan_no: loan.loan_no, monthly_rate: Rate::parse("0.200"), lump_sum_fee: None }
        }
        GuaranteeFeeMethod::LumpSum => {
            LoanGuarantee { loan_no: loan.loan_no, monthly_rate: None, lump_sum_fee: Some(Yen(300_000)) }
        }
    };
    Decision {
        answer: Answer::Approved,
        guarantee_number: "G700000001",
        amount: form.requested_amount_yen,
        term_months: form.loans.iter().map(|loan| u32::from(loan.term_months)).max().unwrap(),
        loans: form.loans.iter().map(price).collect(),
        valid_until: Some(day("2026-05-01")),
    }
}

#[test]
fn a_decision_is_held_to_the_request_with_every_field_named() {
    let form = Sample::Mix.form().unwrap();
    let today = day("2026-05-01");
    let sound = good(&form);
    assert_eq!(check(&form, &sound, today), vec![]);
    let default = Decision { valid_until: None, ..sound.clone() };
    assert_eq!(check(&form, &default, today), vec![]);
    let wrong = Decision {
        answer: Answer::Conditional(&[]),
        guarantee_number: " ",
        amount: form.requested_amount_yen - Yen(1),
        term_months: sound.term_months - 1,
        loans: vec![sound.loans[0].clone(), LoanGuarantee { loan_no: 9, ..sound.loans[1].clone() }],
        valid_until: Some(day("2026-04-30")),
    };
    let all = [
        "F-03 decision.guarantee_number",
        "F-03 decision.amount_yen",
        "F-03 decision.term_months",
        "F-03 decision.valid_until",
        "F-03 decision.conditions",
        "F-03 decision.loans[L2]",
        "F-03 decision.loans[L9]",
    ];
    assert_eq!(broken(&check(&form, &wrong, today)), all);
    let twice = Decision { loans: vec![sound.loans[0].clone(); 2], ..sound.clone() };
    assert_eq!(broken(&check(&form, &twice, today)), ["F-03 decision.loans[L1]", "F-03 decision.loans[L2]"]);
    let blank = ["".to_owned()];
    let unsaid = Decision { answer: Answer::Conditional(&blank), ..sound.clone() };
    assert_eq!(broken(&check(&form, &unsaid, today)), ["F-03 decision.conditions"]);
    let said = ["sell the old house".to_owned()];
    assert_eq!(check(&form, &Decision { answer: Answer::Conditional(&said), ..sound }, today), vec![]);
}

/// F-04: the rate is the one that the decision names, for each loan.
#[test]
fn each_method_has_its_price_and_money_ahead_a_monthly_rate() {
    let today = day("2026-05-01");
    let mut form = Sample::NewBuild.form().unwrap();
    let priced = |form: &Form, rate: Option<&str>, fee: Option<i64>| {
        let loans = vec![LoanGuarantee {
            loan_no: 1,
            monthly_rate: rate.and_then(Rate::parse),
            lump_sum_fee: fee.map(Yen),
        }];
        broken(&check(form, &Decision { loans, ..good(form) }, today))
    };
    let none = Vec::<String>::new();
    let (rate, fee) = ("decision.loans[L1].monthly_rate_percent", "decision.loans[L1].lump_sum_fee_yen");
    assert_eq!(priced(&form, Some("0"), None), none);
    assert_eq!(priced(&form, Some("0.200"), Some(0)), none);
    for (monthly, lump) in [(None, None), (Some("-0.001"), None), (Some("0.200"), Some(1)), (None, Some(1))] {
        assert_eq!(priced(&form, monthly, lump), [format!("F-05 {rate}")]);
    }
    form.loans[0].guarantee_fee_method = GuaranteeFeeMethod::LumpSum;
    assert_eq!(priced(&form, Some("0.200"), Some(0)), none);
    assert_eq!(priced(&form, Some("0.200"), Some(-1)), [format!("F-06 {fee}")]);
    assert_eq!(priced(&form, None, None), [format!("F-06 {fee}"), format!("F-03 {rate}")]);
    assert_eq!(priced(&form, None, Some(1)), [format!("F-03 {rate}")]);
    form.money_ahead = None;
    assert_eq!(priced(&form, None, Some(1)), none);
}

#[test]
fn a_product_may_prescribe_the_method() {
    let form = Sample::Purchase.form().unwrap();
    let rulebook = sample::rulebook().unwrap();
    let mut book = (**rulebook.books.get(&form.institution.bank_code).unwrap()).clone();
    let on = form.requested_disbursement_date;
    let found = |book: &workflows::Book| -> Vec<String> {
        let findings = assess(&form, book, &rulebook.rates, on);
        findings.iter().filter(|f| f.rule == "F-08").map(|f| format!("{} {}", f.guard, f.subject)).collect()
    };
    assert_eq!(found(&book), Vec::<String>::new());
    let chosen = form.loans[0].guarantee_fee_method;
    let prescribed = &mut book.terms.guarantee.prescribed_methods;
    prescribed.insert(form.product, chosen);
    assert_eq!(found(&book), Vec::<String>::new());
    let other = GuaranteeFeeMethod::ALL.iter().find(|method| **method != chosen).unwrap();
    book.terms.guarantee.prescribed_methods.insert(form.product, *other);
    assert_eq!(found(&book), ["G-RATE-TYPE L1"]);
    book.terms.guarantee.prescribed_methods.clear();
    let elsewhere = Product::ALL.iter().find(|product| **product != form.product).unwrap();
    book.terms.guarantee.prescribed_methods.insert(*elsewhere, *other);
    assert_eq!(found(&book), Vec::<String>::new());
}

#[test]
fn the_request_carries_what_is_listed_and_no_declaration() {
    let form = Sample::Joint.form().unwrap();
    let sent = serde_json::to_value(GuaranteeRequest::of(&form, &[], Some(32_000_000))).unwrap();
    let keys: Vec<&str> = sent.as_object().unwrap().keys().map(String::as_str).collect();
    let listed = [
        "consents",
        "documents",
        "files",
        "insurance_types",
        "loans",
        "parties",
        "product",
        "properties",
        "purpose",
        "requested_amount_yen",
        "valuation_yen",
    ];
    assert_eq!(keys, listed);
    assert_eq!(sent["parties"].as_array().unwrap().len(), form.parties.len());
    assert!(sent["consents"][0]["signed_on"].is_string() && sent["documents"][0]["received_on"].is_string());
    assert_eq!(sent["insurance_types"], serde_json::json!(["ALMIGHTY"]));
    assert!(!sent.to_string().contains("declared_on"), "G-22, L-93");
    let ahead = Sample::NewBuild.form().unwrap();
    assert!(
        serde_json::to_value(GuaranteeRequest::of(&ahead, &[], None)).unwrap()["money_ahead"].is_object()
    );
}

/// F-03: a reason has no place to be written, so that none can be relayed.
#[test]
fn the_guarantor_cannot_give_reasons() {
    let reads = |text: &str| serde_json::from_str::<Command>(text);
    assert!(reads(r#"{"verb":"declineGuarantee"}"#).is_ok());
    assert!(reads(r#"{"verb":"declineGuarantee","reason":"income"}"#).is_err());
    assert!(reads(r#"{"verb":"revokeGuarantee","reason":"income"}"#).is_err());
    let decision = r#""guarantee_number":"G1","amount_yen":1,"term_months":1,"loans":[]"#;
    assert!(reads(&format!(r#"{{"verb":"approveGuarantee","decision":{{{decision}}}}}"#)).is_ok());
    let reasoned = format!(r#"{{"verb":"approveGuarantee","decision":{{{decision},"reason":"income"}}}}"#);
    assert!(reads(&reasoned).is_err());
}

#[test]
fn the_ladder_goes_down_to_the_branch() {
    let mut form = Sample::Joint.form().unwrap();
    form.insurance[0].cover = Cover::Single;
    let terms = common::books().get("2963").unwrap().terms.insurance.clone();
    let rung = |form: &Form, kind: InsuranceType| {
        let mut entry = form.insurance[0].clone();
        entry.insurance_type = kind;
        after_refusal(&terms, form, &entry)
    };
    for kind in [InsuranceType::Cancer, InsuranceType::Almighty, InsuranceType::DisabilityIncome] {
        assert_eq!(rung(&form, kind), Rung::Declare(InsuranceType::Basic));
    }
    assert_eq!(rung(&form, InsuranceType::Basic), Rung::Relaxed);
    assert_eq!(rung(&form, InsuranceType::Relaxed), Rung::BranchException);
    let mut couple = form.clone();
    couple.insurance.push(couple.insurance[0].clone());
    assert_eq!(rung(&couple, InsuranceType::Basic), Rung::BranchException);
    let mut shared = form.clone();
    shared.insurance[0].cover = Cover::Proportional;
    assert_eq!(rung(&shared, InsuranceType::Basic), Rung::BranchException);
    // Somebody insured on another loan is no second person on this one.
    couple.insurance[1].loan_no = 2;
    assert_eq!(rung(&couple, InsuranceType::Basic), Rung::Relaxed);
}

#[test]
fn who_has_joined_stays_as_joined() {
    let form = Sample::Joint.form().unwrap();
    let joined: Vec<_> = form.insurance.iter().collect();
    let changed = |change: &dyn Fn(&mut workflows::form::Insurance)| {
        let mut wanted = form.insurance.clone();
        change(&mut wanted[0]);
        broken(&after_joining(&joined, &wanted))
    };
    assert_eq!(changed(&|_| ()), Vec::<String>::new());
    assert_eq!(changed(&|entry| entry.declared_on = None), Vec::<String>::new());
    assert_eq!(changed(&|entry| entry.insurance_type = InsuranceType::Basic), ["G-21 insurance"]);
    assert_eq!(changed(&|entry| entry.cover = Cover::JointCouple), ["G-21 insurance"]);
    assert_eq!(changed(&|entry| entry.share_percent = 50), ["G-21 insurance"]);
    assert_eq!(changed(&|entry| entry.party_id = "D1".to_owned()), ["G-21 insurance"]);
    assert_eq!(broken(&after_joining(&joined, &[])), ["G-21 insurance"]);
    assert_eq!(after_joining(&[], &[]), vec![]);
}
