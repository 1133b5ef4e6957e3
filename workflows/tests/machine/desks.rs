//! Papers that are made from a case: the application for the registration (H-30 to H-37) and the transfer file (I.20, I.30).

use crate::story::{Bank, Library, Theatre};
use chrono::NaiveDate;
use serde_json::{Value, json};
use workflows::calendar::is_bank_day;
use workflows::disbursement::LineKind;
use workflows::machine::case::{Bridge, Costs, FixedDate, Payoff};
use workflows::machine::filing_desk::{RegistrationFacts, RegistrationPapers, registration_papers};
use workflows::machine::transfer_desk::{TransferOrder, case_transfers};
use workflows::machine::{Case, Rules, Stage};
use workflows::zengin::{Days, Groups, LineEnd, Options, TransferFile};
use workflows::{Problem, Yen};

const DAY: &str = "2026-06-15";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The case at the end of a story.
fn with_case<T>(story: &str, look: impl FnOnce(&Case, &dyn Rules) -> T) -> T {
    let (library, table) = (Library::load(), workflows::machine::Table::default());
    let rules = workflows::sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let world = Theatre::new(&library, &table, &bank).run(story, None).unwrap();
    look(world.case.as_ref().unwrap(), world.rules)
}

fn account(number: &str) -> Value {
    json!({
        "bank_code": "9998", "bank_name": "シケン", "branch_code": "001", "branch_name": "ホンテン",
        "kind": "ORDINARY", "number": number,
    })
}

fn order() -> Value {
    json!({
        "sender": { "code": "0000000001", "name": "シケンロウドウキンコ", "account": account("0000001") },
        "transfers": [{ "amount_yen": 29_000_000, "to": { "account": account("1234567"), "name": "ミホン（カ" } }],
    })
}

fn transfers(
    case: &Case,
    rules: &dyn Rules,
    order: &Value,
) -> Result<(workflows::disbursement::DisbursementPlan, TransferFile), Vec<Problem>> {
    let order: TransferOrder = serde_json::from_value(order.clone()).unwrap();
    case_transfers(case, rules, &order, day("2026-04-04"))
}

fn named(problems: &[Problem]) -> Vec<(&str, &str)> {
    problems.iter().map(|problem| (problem.field.as_str(), problem.rule)).collect()
}

/// I.20, I.30: the file of a ready case carries the ordered transfer on the day of the disbursement and reads back.
#[test]
fn the_transfers_of_a_ready_case() {
    with_case("9-ready", |case, rules| {
        let (plan, file) = transfers(case, rules, &order()).unwrap();
        assert_eq!((plan.date, plan.delivered_yen), (day(DAY), Yen(30_000_000)));
        let costs = rules.fees(&case.form, &[], plan.date).unwrap().total_yen.0;
        let bill = case.costs.as_ref().unwrap().scrivener_bill_yen;
        assert_eq!(plan.costs_yen, Yen(costs + bill));
        assert_eq!(plan.rest_yen, Yen(1_000_000 - costs - bill));
        let days = Days { made_on: day("2026-04-04"), is_open: &is_bank_day };
        let options = Options { line_end: LineEnd::None, groups: Groups::One };
        let read = TransferFile::read(&file.to_bytes(), options, days).unwrap();
        assert_eq!(read, file);
        let group = &read.groups()[0];
        assert_eq!((group.date, group.total(), group.payments.len()), (day(DAY), Yen(29_000_000), 1));
        assert_eq!(group.payments[0].payee.as_str(), "ﾐﾎﾝ(ｶ");
    });
}

/// I-07: before everything is there, no money leaves.
#[test]
fn no_transfers_before_the_case_is_ready_or_after_the_posting() {
    for story in ["8-scheduled", "10-disbursed"] {
        let found = with_case(story, |case, rules| transfers(case, rules, &order()).unwrap_err());
        assert_eq!(named(&found), [("application_id", "I-07")], "{story}");
        assert_eq!(found[0].accepted, "READY, DISBURSING");
    }
}

#[test]
fn everything_that_a_transfer_lacks_is_told_at_once() {
    with_case("9-ready", |case, rules| {
        let mut wrong = order();
        wrong["sender"]["code"] = json!("1");
        wrong["sender"]["name"] = json!("試験労働金庫");
        wrong["transfers"][0]["to"]["account"]["number"] = json!("12345678");
        let found = transfers(case, rules, &wrong).unwrap_err();
        let expected =
            [("sender.code", "I.30"), ("sender.name", "I.30"), ("transfers[0].to.account.number", "I.30")];
        let mut fields = named(&found);
        fields.sort();
        assert_eq!(fields, expected);
        let mut much = order();
        much["transfers"][0]["amount_yen"] = json!(30_000_000);
        assert_eq!(named(&transfers(case, rules, &much).unwrap_err()), [("transfers", "I.20")]);
        much["own_funds_yen"] = json!(1_000_000);
        assert!(transfers(case, rules, &much).is_ok(), "own money covers the costs");
        let mut nothing = order();
        nothing["transfers"] = json!([]);
        assert_eq!(named(&transfers(case, rules, &nothing).unwrap_err()), [("groups[0].payments", "I.30")]);
    });
}

/// E.6, I.20: a drawing delivers itself and bears none of the contract's costs; the main posting converts what is drawn.
#[test]
fn the_transfers_of_a_split_loan() {
    with_case("split-ready", |case, rules| {
        let drawing = case.fixed.as_ref().unwrap().drawing_yen.unwrap();
        let mut order = order();
        order["transfers"][0]["amount_yen"] = json!(drawing);
        let (plan, file) = transfers(case, rules, &order).unwrap();
        assert_eq!((plan.delivered_yen, plan.costs_yen, plan.rest_yen), (Yen(drawing), Yen(0), Yen(0)));
        assert_eq!(file.groups()[0].total(), Yen(drawing));
        order["transfers"][0]["amount_yen"] = json!(drawing + 1);
        assert_eq!(named(&transfers(case, rules, &order).unwrap_err()), [("transfers", "I.20")]);
    });
    with_case("split-drawn", |case, rules| {
        let mut case = case.clone();
        case.stage = Stage::Ready;
        case.fixed = Some(FixedDate { date: day("2026-10-30"), drawing_yen: None });
        let mut order = order();
        order["transfers"][0]["amount_yen"] = json!(1_000_000);
        let (computed, _) = transfers(&case, rules, &order).unwrap();
        let interest = computed.lines.iter().find(|line| line.kind == LineKind::DrawingInterest).unwrap();
        let rate = case.drawing_terms.unwrap().rate;
        // From 15 October to 30 October: 15 days of 365 on the first drawing of 10,000,000 yen.
        let expected = rust_decimal::Decimal::from(10_000_000) * rate.0 * rust_decimal::Decimal::from(15)
            / rust_decimal::Decimal::from(36_500);
        assert_eq!(interest.amount_yen, Yen(i64::try_from(expected.floor()).unwrap()));
        case.drawing_terms = None;
        assert_eq!(named(&transfers(&case, rules, &order).unwrap_err()), [("drawing_interest_yen", "S-05")]);
        order["drawing_interest_yen"] = json!(12_345);
        let (plan, _) = transfers(&case, rules, &order).unwrap();
        let drawn = Yen(case.drawn_yen());
        let contract: Yen = case.form.loans.iter().map(|loan| loan.amount_yen).sum();
        assert_eq!((plan.delivered_yen, plan.balance_after_yen), (contract - drawn, contract));
        assert_eq!(plan.rest_yen, contract - drawn - plan.costs_yen - Yen(1_012_345));
        let bridge = Bridge { case_number: "B-1".to_owned(), outstanding: true, ..Bridge::default() };
        case.bridge = Some(bridge.clone());
        assert_eq!(named(&transfers(&case, rules, &order).unwrap_err()), [("bridge.principal_yen", "BR-5")]);
        case.bridge = Some(Bridge { principal_yen: Some(2_000_000), interest_yen: Some(1_375), ..bridge });
        let (bridged, _) = transfers(&case, rules, &order).unwrap();
        assert_eq!(bridged.rest_yen, plan.rest_yen - Yen(2_001_375));
    });
}

/// G-PAYOFF: a refinance pays the lender what the statement of the day says, to the account that is stated.
#[test]
fn the_transfers_of_a_refinance() {
    with_case("refinance", |case, rules| {
        let mut case = case.clone();
        let date = case.planned_date();
        case.stage = Stage::Ready;
        case.fixed = Some(FixedDate { date, drawing_yen: None });
        let funds = Costs { scrivener_bill_yen: 0, funds_available_yen: 10_000_000 };
        case.costs = Some(funds);
        let debt =
            Payoff {
                lender: "見本銀行".to_owned(), amount_yen: 15_000_000, as_of: date, reference: None
            };
        case.payoff = Some(debt.clone());
        let mut order = order();
        order["transfers"] = json!([]);
        order["own_funds_yen"] = json!(10_000_000);
        let found = transfers(&case, rules, &order).unwrap_err();
        assert!(found.iter().all(|p| p.rule == "I.30" && p.field.contains("/PAYOFF_TRANSFER/")), "{found:?}");
        order["payoff_to"] = json!({ "account": account("7654321"), "name": "ミホンギンコウ" });
        let (_, file) = transfers(&case, rules, &order).unwrap();
        let paid = &file.groups()[0].payments[0];
        assert_eq!((paid.amount.yen(), paid.to.number.as_str()), (Yen(15_000_000), "7654321"));
        case.payoff = Some(Payoff { as_of: date.pred_opt().unwrap(), ..debt });
        assert!(named(&transfers(&case, rules, &order).unwrap_err()).contains(&("payoff", "G-PAYOFF")));
    });
}

fn filed() -> Value {
    json!({
        "office": "さいたま地方法務局",
        "bank": {
            "address": "東京都千代田区試験町一丁目1番1号", "corporate_number": "012345678901",
            "representative": "理事長　試験太郎", "handling_branch": "試験支店",
        },
        "agent": { "name": "見本花子", "address": "東京都港区見本町2番2号", "telephone": "03-0000-0000" },
        "attachments": ["CAUSE_INFORMATION", "IDENTIFICATION_INFORMATION", "POWER_OF_ATTORNEY",
            "RESIDENTIAL_BUILDING_CERTIFICATE"],
        "register": [
            { "property_no": 1, "title": "SELLER", "seller_name": "見本住宅株式会社" },
            { "property_no": 2, "title": "NOBODY" },
        ],
    })
}

fn papers(case: &Case, rules: &dyn Rules, facts: &Value) -> RegistrationPapers {
    let facts: RegistrationFacts = serde_json::from_value(facts.clone()).unwrap();
    registration_papers(case, rules, &facts)
}

/// H-30 to H-36: what the case knows fills the application; H-37, H-39: the filings stand in their order.
#[test]
fn the_registration_of_a_ready_case() {
    with_case("9-ready", |case, rules| {
        let papers = papers(case, rules, &filed());
        assert_eq!(papers.missing, []);
        let application = papers.application.unwrap();
        let formed = case.contract.as_ref().unwrap().formed_on.unwrap();
        assert_eq!((application.filing_date, application.claim_yen), (day(DAY), Yen(30_000_000)));
        let cause = &application.lines("原因")[0];
        let era = workflows::registration::era_date(formed).unwrap();
        assert_eq!(*cause, format!("{era}金銭消費貸借同日設定"));
        let rate = &case.frozen.as_ref().unwrap().quote["loans"][0]["rate"]["applicable_rate"];
        assert_eq!(application.lines("利息"), [format!("年{}%", rate.as_str().unwrap())]);
        assert_eq!(application.lines("損害金"), ["年14.5%（年365日の日割計算）"]);
        assert!(application.lines("抵当権者")[0].ends_with(case.form.institution.bank_name.as_str()));
        let kinds: Vec<&str> = papers.filings.iter().map(|filing| filing.kind.code()).collect();
        assert_eq!(kinds, ["PRESERVATION", "TRANSFER_OF_OWNERSHIP", "SETTING"]);
        assert_eq!(papers.filings[2].tax_yen, Some(application.tax.payable_yen));
    });
}

#[test]
fn what_a_registration_lacks_is_named_with_its_rule() {
    with_case("9-ready", |case, rules| {
        let found = papers(case, rules, &json!({}));
        assert!(found.application.is_none() && found.filings.is_empty());
        for wanted in [
            ("office", "H-36"),
            ("mortgagee", "H-34"),
            ("agent", "H-30"),
            ("attachments.CAUSE_INFORMATION", "H-35"),
            ("register.1", "H-36"),
            ("register.2", "H-36"),
        ] {
            assert!(named(&found.missing).contains(&wanted), "{wanted:?}: {:?}", named(&found.missing));
        }
        let mut wrong = filed();
        wrong["bank"]["corporate_number"] = json!("1");
        wrong["register"][0]["seller_name"] = Value::Null;
        wrong["property_numbers"] = json!([{ "property_no": 1, "number": "12" }]);
        let found = papers(case, rules, &wrong);
        assert!(found.application.is_none());
        for wanted in [
            ("mortgagee.corporate_number", "H-34"),
            ("register.1.seller_name", "H-30"),
            ("property_numbers.1", "H-36"),
        ] {
            assert!(named(&found.missing).contains(&wanted), "{wanted:?}: {:?}", named(&found.missing));
        }
    });
    // Before the contract is formed there is no cause, and without a date no rate.
    let early = with_case("2-screening", |case, rules| papers(case, rules, &filed()));
    for wanted in [("contract_dates.1", "H-32"), ("interest.1", "H-33"), ("filing_date", "H-36")] {
        assert!(named(&early.missing).contains(&wanted), "{wanted:?}: {:?}", named(&early.missing));
    }
}
