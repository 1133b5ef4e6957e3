//! Papers that are made from a case: the application for the registration (H-30 to H-37) and the transfer file (I.20, I.30).

use crate::story::{Bank, Library, Theatre, meant};
use chrono::NaiveDate;
use serde_json::{Value, json};
use workflows::calendar::is_bank_day;
use workflows::disbursement::LineKind;
use workflows::machine::case::{Bridge, Payoff};
use workflows::machine::filing_desk::{FilingRecord, RegistrationPapers, registration_papers};
use workflows::machine::record::{Payee, PayeeKind, RegisterReading, payee_key};
use workflows::machine::transfer_desk::{TransferOrder, case_transfers};
use workflows::machine::{Case, Rules};
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
    json!({ "sender": { "code": "0000000001", "name": "シケンロウドウキンコ", "account": account("0000001") } })
}

/// The case with an account on record, as an approved proposal leaves it.
fn paying(case: &Case, kind: PayeeKind, number: u8, amount_yen: Option<i64>) -> Case {
    let mut case = case.clone();
    let to = json!({ "account": account("1234567"), "name": "ミホン（カ" });
    let to = serde_json::from_value(to).unwrap();
    case.payees.insert(payee_key(kind, number), Payee { kind, number, to, amount_yen, paid_with: None });
    case
}

fn seller(case: &Case, amount_yen: i64) -> Case {
    paying(case, PayeeKind::Seller, 1, Some(amount_yen))
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

/// I.20, I.30: the file of a ready case carries the recorded transfer on the day of the disbursement and reads back.
#[test]
fn the_transfers_of_a_ready_case() {
    with_case("9-ready", |case, rules| {
        let case = &seller(case, 29_000_000);
        let (plan, file) = transfers(case, rules, &order()).unwrap();
        assert_eq!((plan.date, plan.delivered_yen), (day(DAY), Yen(30_000_000)));
        let costs = rules.fees(&case.form, &[], plan.date).unwrap().total_yen.0;
        let recorded = case.costs.as_ref().unwrap();
        assert_eq!(plan.costs_yen, Yen(costs + recorded.scrivener_bill_yen));
        // What the loan does not leave of the funds for the costs is the customer's own money.
        assert_eq!(plan.own_funds_yen, Yen(recorded.funds_available_yen - 1_000_000));
        assert_eq!(plan.rest_yen, Yen(recorded.funds_available_yen) - plan.costs_yen);
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
        let much = seller(case, 34_000_000);
        let found = transfers(&much, rules, &wrong).unwrap_err();
        let mut fields = named(&found);
        fields.sort();
        assert_eq!(fields, [("sender.code", "I.30"), ("sender.name", "I.30"), ("transfers", "I.20")]);
        // To the last yen that loan and funds leave behind the costs.
        let funds = case.costs.as_ref().unwrap().funds_available_yen;
        let (plan, _) = transfers(&seller(case, 1), rules, &order()).unwrap();
        let most = 30_000_000 + funds - plan.costs_yen.0;
        assert!(transfers(&seller(case, most), rules, &order()).is_ok());
        let over = transfers(&seller(case, most + 1), rules, &order()).unwrap_err();
        assert_eq!(named(&over), [("transfers", "I.20")]);
        let found = transfers(case, rules, &order()).unwrap_err();
        assert_eq!(named(&found), [("groups[0].payments", "I.30")], "nobody is paid");
    });
}

/// I.20: nothing leaves while the change of an account waits for its second person.
#[test]
fn no_transfers_while_an_account_waits_for_its_approval() {
    let (library, table) = (Library::load(), workflows::machine::Table::default());
    let rules = workflows::sample::rulebook().unwrap();
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run("9-ready", None).unwrap();
    let (clerk, change) = meant(&world, "clerk recordPayee amount_yen=29000000");
    world.act(&clerk, &change).unwrap();
    let case = world.case.as_ref().unwrap();
    assert!(case.payees.is_empty(), "a proposal is no record");
    let found = transfers(&seller(case, 29_000_000), world.rules, &order()).unwrap_err();
    assert_eq!(named(&found), [("payees.SELLER-1", "I.20")]);
}

/// E.6, I.20: a drawing delivers itself with the costs of the contract; the main posting converts what is drawn and pays nobody twice.
#[test]
fn the_transfers_of_a_split_loan() {
    with_case("split-ready", |case, rules| {
        let drawing = case.fixed.as_ref().unwrap().drawing_yen.unwrap();
        let builder = |yen| paying(case, PayeeKind::Builder, 1, Some(yen));
        let (plan, file) = transfers(&builder(9_000_000), rules, &order()).unwrap();
        assert_eq!(plan.delivered_yen, Yen(drawing));
        assert!(plan.costs_yen > Yen::ZERO, "the costs of the contract and the land mortgage (S-10)");
        assert_eq!(file.groups()[0].total(), Yen(9_000_000));
        assert_eq!(
            named(&transfers(&builder(drawing * 2), rules, &order()).unwrap_err()),
            [("transfers", "I.20")]
        );
    });
    with_case("split-main-ready", |case, rules| {
        let paid = |case: &Case| case.payees.values().filter(|payee| payee.paid_with.is_some()).count();
        assert_eq!((case.payees.len(), paid(case)), (2, 1), "the drawing paid the builder once");
        let (computed, file) = transfers(case, rules, &order()).unwrap();
        assert_eq!(file.groups()[0].payments.len(), 1);
        let interest = computed.lines.iter().find(|line| line.kind == LineKind::DrawingInterest).unwrap();
        let rate = case.drawing_terms.unwrap().rate;
        // From 15 October to 30 October: 15 days of 365 on the first drawing of 10,000,000 yen.
        let expected = rust_decimal::Decimal::from(10_000_000) * rate.0 * rust_decimal::Decimal::from(15)
            / rust_decimal::Decimal::from(36_500);
        assert_eq!(interest.amount_yen, Yen(i64::try_from(expected.floor()).unwrap()));
        let drawn = Yen(case.drawn_yen());
        let contract: Yen = case.form.loans.iter().map(|loan| loan.amount_yen).sum();
        assert_eq!((computed.delivered_yen, computed.balance_after_yen), (contract - drawn, contract));
        let bridge = Bridge { case_number: "B-1".to_owned(), outstanding: true, ..Bridge::default() };
        let mut case = case.clone();
        case.bridge = Some(bridge.clone());
        assert_eq!(
            named(&transfers(&case, rules, &order()).unwrap_err()),
            [("bridge.principal_yen", "BR-5")]
        );
        case.bridge = Some(Bridge { principal_yen: Some(2_000_000), interest_yen: Some(1_375), ..bridge });
        let (bridged, _) = transfers(&case, rules, &order()).unwrap();
        assert_eq!(bridged.rest_yen, computed.rest_yen - Yen(2_001_375));
    });
}

/// G-PAYOFF: a refinance pays the lender what the statement of the day says, to the account on record.
#[test]
fn the_transfers_of_a_refinance() {
    with_case("refinance-ready", |case, rules| {
        let found = transfers(case, rules, &order()).unwrap_err();
        assert_eq!(named(&found), [("payees.EXISTING_LENDER", "G-PAYOFF")]);
        let case = &paying(case, PayeeKind::ExistingLender, 1, None);
        let (_, file) = transfers(case, rules, &order()).unwrap();
        let paid = &file.groups()[0].payments[0];
        let debt = case.payoff.clone().unwrap();
        assert_eq!((paid.amount.yen(), paid.to.number.as_str()), (Yen(debt.amount_yen), "1234567"));
        let mut late = case.clone();
        late.payoff = Some(Payoff { as_of: case.planned_date().pred_opt().unwrap(), ..debt });
        assert!(named(&transfers(&late, rules, &order()).unwrap_err()).contains(&("payoff", "G-PAYOFF")));
    });
}

/// I.20 (4): a lump-sum guarantee fee is remitted to the institution's account on record.
#[test]
fn a_lump_sum_fee_goes_to_the_institution() {
    with_case("guarantee-lump-sum-ready", |case, rules| {
        let found = transfers(case, rules, &order()).unwrap_err();
        assert_eq!(named(&found), [("payees.GUARANTEE_INSTITUTION", "I.20")]);
        let case = &paying(case, PayeeKind::GuaranteeInstitution, 1, None);
        let (_, file) = transfers(case, rules, &order()).unwrap();
        assert_eq!(file.groups()[0].total(), Yen(300_000));
    });
}

fn filed() -> (RegisterReading, FilingRecord) {
    let records = json!({ "read_on": "2026-06-01", "records": [
        { "property_no": 1, "title": "SELLER", "seller_name": "見本住宅株式会社" },
        { "property_no": 2, "title": "NOBODY" },
    ] });
    let facts = json!({
        "office": "さいたま地方法務局",
        "bank": {
            "address": "東京都千代田区試験町一丁目1番1号", "corporate_number": "012345678901",
            "representative": "理事長　試験太郎", "handling_branch": "試験支店",
        },
        "agent": { "name": "見本花子", "address": "東京都港区見本町2番2号", "telephone": "03-0000-0000" },
        "attachments": ["CAUSE_INFORMATION", "IDENTIFICATION_INFORMATION", "POWER_OF_ATTORNEY",
            "RESIDENTIAL_BUILDING_CERTIFICATE"],
    });
    (serde_json::from_value(records).unwrap(), serde_json::from_value(facts).unwrap())
}

fn papers(
    case: &Case,
    rules: &dyn Rules,
    (register, facts): (RegisterReading, FilingRecord),
) -> RegistrationPapers {
    let mut case = case.clone();
    case.register = Some(register);
    case.filing_facts = Some(std::sync::Arc::new(facts));
    registration_papers(&case, rules)
}

/// H-30 to H-36: what is on record fills the application; H-37, H-39: the filings stand in their order.
#[test]
fn the_registration_of_a_ready_case() {
    with_case("registration-on-record", |case, rules| {
        let papers = registration_papers(case, rules);
        assert_eq!(papers.missing, []);
        let application = papers.application.unwrap();
        let formed = case.contract.as_ref().unwrap().formed_on.unwrap();
        assert_eq!((application.filing_date, application.claim_yen), (day(DAY), Yen(30_000_000)));
        let cause = &application.lines("原因")[0];
        let era = workflows::registration::era_date(formed).unwrap();
        assert_eq!(*cause, format!("{era}金銭消費貸借同日設定"));
        assert_eq!(application.lines("損害金"), ["年14.5%（年365日の日割計算）"]);
        assert!(application.lines("抵当権者")[0].ends_with(case.form.institution.bank_name.as_str()));
        let kinds: Vec<&str> = papers.filings.iter().map(|filing| filing.kind.code()).collect();
        assert_eq!(kinds, ["PRESERVATION", "TRANSFER_OF_OWNERSHIP", "SETTING"]);
        assert_eq!(papers.filings[2].tax_yen, Some(application.tax.payable_yen));
    });
    with_case("9-ready", |case, rules| {
        let application = papers(case, rules, filed()).application.unwrap();
        let rate = &case.frozen.as_ref().unwrap().quote["loans"][0]["rate"]["applicable_rate"];
        assert_eq!(application.lines("利息"), [format!("年{}%", rate.as_str().unwrap())]);
    });
}

#[test]
fn what_a_registration_lacks_is_named_with_its_rule() {
    with_case("9-ready", |case, rules| {
        let found = registration_papers(case, rules);
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
    });
    // Before the contract is formed there is no cause, and without a date no rate.
    let early = with_case("2-screening", |case, rules| papers(case, rules, filed()));
    for wanted in [("contract_dates.1", "H-32"), ("interest.1", "H-33"), ("filing_date", "H-36")] {
        assert!(named(&early.missing).contains(&wanted), "{wanted:?}: {:?}", named(&early.missing));
    }
}
