//! The money of a disbursement (I.20): the vector, the sums, the keys, the transfer file of a plan.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use proptest::prelude::*;
use serde_json::json;
use workflows::calendar::is_bank_day;
use workflows::disbursement::{
    BridgeDebt, Charge, Collection, Destination, DisbursementPlan, Line, LineKind, LoanPart, Orderer, Part,
    Payoff, PayoffStatement, Posting, Settlement, Side, Transfer, charges, plan, transfer_file,
};
use workflows::form::FeePlan;
use workflows::kana::KanaName;
use workflows::product::fees::loan_fee;
use workflows::zengin::{Branch, Days, DepositAccount, DepositKind, Digits, LineEnd, TransferFile};
use workflows::{Problem, Yen, evaluate};

use crate::common;
use crate::vectors::{book, report, vectors, yen};

fn date() -> NaiveDate {
    "2026-06-29".parse().unwrap()
}

pub fn settlement(amount: i64) -> Settlement {
    Settlement {
        case_number: "2963-000001".to_owned(),
        date: date(),
        posting: Posting::Main,
        loans: vec![LoanPart { loan_no: 1, amount: Yen(amount) }],
        drawings: vec![],
        drawing_interest: Yen::ZERO,
        bridges: vec![],
        charges: vec![],
        payoff: Payoff::NotNeeded,
        transfers: vec![],
        own_funds: Yen::ZERO,
        funds_for_costs: Yen::ZERO,
    }
}

fn charge(kind: LineKind, part: Part, amount: i64) -> Charge {
    Charge::through_bank(kind, part, Yen(amount))
}

fn destination(number: &str) -> Destination {
    let branch = Branch {
        bank_code: Digits::parse("", "9998").unwrap(),
        bank_name: KanaName::parse("", "テストギンコウ").unwrap(),
        branch_code: Digits::parse("", "998").unwrap(),
        branch_name: KanaName::parse("", "ホンテン").unwrap(),
    };
    let number = Digits::parse("", number).unwrap();
    Destination {
        account: DepositAccount { branch, kind: DepositKind::Ordinary, number },
        payee: KanaName::parse("", "カ）スマイハウス").unwrap(),
    }
}

fn told(settlement: &Settlement) -> Vec<(String, &'static str)> {
    let problems: Vec<Problem> = plan(settlement).unwrap_err();
    assert!(problems.iter().all(|problem| !problem.accepted.is_empty() && !problem.message_ja.is_empty()));
    problems.into_iter().map(|problem| (problem.field, problem.rule)).collect()
}

fn one(field: &str, rule: &'static str) -> Vec<(String, &'static str)> {
    vec![(field.to_owned(), rule)]
}

#[test]
fn net_posting() {
    let vector = &vectors()["split_and_bridge"]["net_posting"];
    let mut results = Vec::new();
    for case in vector["split"].as_array().unwrap() {
        let amount = yen(&case["contract_amount"]);
        let fee_plan: FeePlan = serde_json::from_value(case["fee"].clone()).unwrap();
        let mut balances = Vec::new();
        let mut posted = settlement(amount.0);
        for drawing in case["drawings"].as_array().unwrap().iter().map(yen) {
            let drawn = plan(&Settlement { posting: Posting::Drawing { amount: drawing }, ..posted.clone() })
                .unwrap();
            results.push(drawn.delivered_yen == drawing && drawn.rest_yen == drawing);
            balances.push(drawn.balance_after_yen);
            posted.drawings.push(drawing);
        }
        // LOAN_FEE is due once, on the contract amount, with the main posting (O-23).
        let fee = loan_fee(&book().terms, fee_plan, amount);
        results.push(fee == yen(&case["loan_fee"]));
        posted.charges = vec![Charge::through_bank(LineKind::LoanFee, Part::Loan(1), fee)];
        posted.funds_for_costs = fee;
        let main = plan(&posted).unwrap();
        balances.push(main.balance_after_yen);
        results.push(json!(balances) == case["balance_after_each_posting"]);
        results.push(main.delivered_yen == yen(&case["main_posting"]));
        results.push(main.rest_yen == yen(&case["main_posting"]) - fee);
        results.push(main.total(Side::Conversion) == posted.drawings.iter().copied().sum());
        results.push(case["ok"] == true);
    }
    let bridge = &vector["bridge"];
    let paid_off = plan(&Settlement {
        bridges: vec![BridgeDebt {
            case_number: "B1".to_owned(),
            principal: yen(&bridge["bridge_contract"]),
            interest: Yen::ZERO,
        }],
        ..settlement(yen(&bridge["main_contract"]).0)
    })
    .unwrap();
    results.push(paid_off.delivered_yen == yen(&bridge["main_credited_gross"]));
    results.push(paid_off.total(Side::Debit) == yen(&bridge["bridge_debited_principal"]));
    results.push(paid_off.rest_yen == yen(&bridge["left_before_costs"]));
    report("split_and_bridge.net_posting", results);
}

/// A refinance with everything that I.20 knows.
fn full() -> Settlement {
    Settlement {
        charges: vec![
            charge(LineKind::RegistrationTax, Part::Case, 120_000),
            charge(LineKind::LoanContractStamp, Part::Loan(1), 20_000),
            charge(LineKind::SpecialTermStamp, Part::Loan(1), 200),
            charge(LineKind::ScrivenerBill, Part::Case, 80_000),
            Charge {
                to: Some(destination("0000001")),
                ..charge(LineKind::GuaranteeFee, Part::Loan(1), 500_000)
            },
            charge(LineKind::LoanFee, Part::Loan(1), 660_000),
            charge(LineKind::HandlingFee, Part::Case, 33_000),
        ],
        bridges: vec![BridgeDebt {
            case_number: "B1".to_owned(),
            principal: Yen(1_000_000),
            interest: Yen(700),
        }],
        payoff: Payoff::Needed(Some(PayoffStatement {
            amount: Yen(25_000_000),
            as_of: date(),
            to: Some(destination("0000002")),
        })),
        transfers: vec![
            Transfer { amount: Yen(2_000_000), to: Some(destination("0000003")) },
            Transfer { amount: Yen(1_500_000), to: Some(destination("0000003")) },
        ],
        own_funds: Yen(950_000),
        funds_for_costs: Yen(1_413_200),
        ..settlement(30_000_000)
    }
}

#[test]
fn the_lines_stand_in_the_order_of_the_money() {
    let made = plan(&full()).unwrap();
    let kinds: Vec<LineKind> = made.lines.iter().map(|line| line.kind).collect();
    assert_eq!(
        kinds,
        [
            LineKind::LoanCredit,
            LineKind::BridgePrincipal,
            LineKind::BridgeInterest,
            LineKind::LoanFee,
            LineKind::HandlingFee,
            LineKind::GuaranteeFee,
            LineKind::RegistrationTax,
            LineKind::LoanContractStamp,
            LineKind::SpecialTermStamp,
            LineKind::ScrivenerBill,
            LineKind::Payoff,
            LineKind::Transfer,
            LineKind::Transfer,
        ]
    );
    assert_eq!(made.costs_yen, Yen(1_413_200));
    assert_eq!(made.rest_yen, Yen(950_000 + 30_000_000 - 1_000_700 - 1_413_200 - 25_000_000 - 3_500_000));
    assert_eq!(made.lines[0].key, "2963-000001/L1/LOAN_CREDIT/1");
    assert_eq!(made.lines[1].key, "2963-000001/B:B1/BRIDGE_PRINCIPAL/1");
    assert_eq!(made.lines[12].key, "2963-000001/C/TRANSFER/2");
    let locked: Vec<LineKind> = LineKind::ALL.iter().copied().filter(|kind| kind.is_locked()).collect();
    assert_eq!(locked, [LineKind::GuaranteeFee, LineKind::Payoff]);
    // Paid elsewhere, a cost has no line and asks for no funds.
    let mut elsewhere = full();
    elsewhere.charges.iter_mut().for_each(|charge| charge.collection = Collection::Directly);
    elsewhere.funds_for_costs = Yen::ZERO;
    assert_eq!(plan(&elsewhere).map(|plan| plan.costs_yen), Ok(Yen::ZERO));
}

#[test]
fn a_key_stays_when_other_lines_come_and_go() {
    let keys = |settlement: &Settlement| -> BTreeSet<String> {
        plan(settlement).unwrap().lines.into_iter().map(|line| line.key).collect()
    };
    let before = keys(&full());
    let mut more = full();
    more.transfers.push(Transfer { amount: Yen(1), to: None });
    more.charges.reverse();
    let after = keys(&more);
    assert!(after.is_superset(&before) && after.len() == before.len() + 1);
    let drawn = |drawings: Vec<Yen>| {
        let posting = Posting::Drawing { amount: Yen(5) };
        plan(&Settlement { posting, drawings, ..settlement(100) }).unwrap().lines[0].key.clone()
    };
    assert_eq!(drawn(vec![]), "2963-000001/D1/LOAN_CREDIT/1");
    assert_eq!(drawn(vec![Yen(5)]), "2963-000001/D2/LOAN_CREDIT/1");
}

#[test]
fn what_does_not_add_up_is_refused() {
    // G-COSTS at its boundary.
    let short = Settlement { funds_for_costs: Yen(1_413_199), ..full() };
    assert_eq!(told(&short), one("funds_for_costs", "G-COSTS"));
    // The rest may be nought but not less.
    let spare = plan(&full()).unwrap().rest_yen;
    let none_left = Settlement { own_funds: full().own_funds - spare, ..full() };
    assert_eq!(plan(&none_left).map(|plan| plan.rest_yen), Ok(Yen::ZERO));
    let one_less = Settlement { own_funds: none_left.own_funds - Yen(1), ..full() };
    assert_eq!(told(&one_less), one("transfers", "I.20"));
    // What may still be paid to others: pay-off and transfers of 28,500,000 yen, less the yen that is short.
    let accepted = &plan(&one_less).unwrap_err()[0].accepted;
    assert!(accepted.contains(&format!("{}円まで", Yen(28_499_999))), "{accepted}");
    // INV-2 for drawings and main posting.
    let drawing = |amount, drawings: &[i64]| Settlement {
        posting: Posting::Drawing { amount: Yen(amount) },
        drawings: drawings.iter().copied().map(Yen).collect(),
        ..settlement(100)
    };
    assert_eq!(plan(&drawing(60, &[40])).map(|plan| plan.balance_after_yen), Ok(Yen(100)));
    assert_eq!(told(&drawing(61, &[40])), one("posting", "INV-2"));
    let main = |drawings: &[i64]| Settlement { posting: Posting::Main, ..drawing(1, drawings) };
    let converted = plan(&main(&[60, 40])).unwrap();
    assert_eq!((converted.delivered_yen, converted.lines.len()), (Yen::ZERO, 2), "only conversions");
    assert_eq!(told(&main(&[60, 41])), one("posting", "INV-2"));
    // S-15 and I-10.
    let mix = vec![LoanPart { loan_no: 1, amount: Yen(50) }, LoanPart { loan_no: 2, amount: Yen(50) }];
    assert_eq!(told(&Settlement { loans: mix.clone(), ..drawing(5, &[]) }), one("loans", "S-15"));
    assert_eq!(told(&Settlement { loans: mix.clone(), ..main(&[5]) }), one("loans", "S-15"));
    assert_eq!(
        told(&Settlement { loans: mix, bridges: full().bridges, ..settlement(1) }),
        one("loans", "S-15")
    );
    assert_eq!(told(&Settlement { bridges: full().bridges, ..drawing(5, &[]) }), one("bridges", "I-10"));
    // G-PAYOFF: none, and for another day.
    assert_eq!(told(&Settlement { payoff: Payoff::Needed(None), ..full() }), one("payoff", "G-PAYOFF"));
    let as_of = date().pred_opt().unwrap();
    let old = PayoffStatement { amount: Yen(1), as_of, to: None };
    assert_eq!(told(&Settlement { payoff: Payoff::Needed(Some(old)), ..full() }), one("payoff", "G-PAYOFF"));
    // Amounts, all at once.
    let wrong = Settlement {
        loans: vec![LoanPart { loan_no: 1, amount: Yen::ZERO }],
        transfers: vec![Transfer { amount: Yen(-1), to: None }],
        charges: vec![charge(LineKind::LoanCredit, Part::Case, 1)],
        own_funds: Yen(1_000_000_000_001),
        ..settlement(1)
    };
    let fields: Vec<String> = told(&wrong).into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["loans[0].amount", "charges[0].kind", "transfers[0].amount", "own_funds"]);
    assert_eq!(told(&Settlement { loans: vec![], ..settlement(1) }), one("loans", "I.20"));
}

#[test]
fn the_charges_of_every_sample_are_those_of_its_quote() {
    let (books, rates) = (common::books(), common::rates());
    let mut compared = 0;
    for sample in common::samples() {
        let form = &sample.form;
        let Ok(evaluation) = evaluate(form, &books, &rates) else { continue };
        let fees = &evaluation.quote.fees;
        let bill = Yen(77_000);
        let charges = charges(fees, &form.loans, bill);
        let sum: Yen = charges.iter().map(|charge| charge.amount).sum();
        assert_eq!(sum, fees.total_yen + bill, "{}", form.application_id);
        let loans = form.loans.iter().map(|loan| LoanPart { loan_no: loan.loan_no, amount: loan.amount_yen });
        let made = plan(&Settlement {
            loans: loans.collect(),
            charges,
            own_funds: sum,
            funds_for_costs: sum,
            ..settlement(1)
        })
        .unwrap();
        assert_eq!(made.rest_yen, form.requested_amount_yen);
        compared += 1;
    }
    println!("{compared} samples");
    assert!(compared > 250);
}

fn orderer() -> Orderer {
    Orderer {
        code: Digits::parse("", "0000123456").unwrap(),
        name: KanaName::parse("", "ラウキン　タロウ").unwrap(),
        account: destination("1234567").account,
    }
}

fn days() -> Days<'static> {
    Days { made_on: date(), is_open: &is_bank_day }
}

fn outgoing(plan: &DisbursementPlan) -> Yen {
    plan.outgoing().map(|line| line.amount_yen).sum()
}

#[test]
fn the_transfers_of_a_plan_become_a_file() {
    let made = plan(&full()).unwrap();
    let file = transfer_file(&made, &orderer(), LineEnd::CrLf, days()).unwrap();
    let group = &file.groups()[0];
    // Guarantee fee to the institution, pay-off, two transfers.
    assert_eq!(group.payments.len(), 4);
    assert_eq!(group.total(), outgoing(&made));
    assert_eq!(group.total(), Yen(500_000 + 25_000_000 + 3_500_000));
    let options =
        workflows::zengin::Options { line_end: LineEnd::CrLf, groups: workflows::zengin::Groups::One };
    assert_eq!(TransferFile::read(&file.to_bytes(), options, days()), Ok(file));
    // Without an account, or with nothing to transfer, there is no file.
    let mut nameless = full();
    nameless.transfers[1].to = None;
    let problems = transfer_file(&plan(&nameless).unwrap(), &orderer(), LineEnd::None, days()).unwrap_err();
    assert_eq!(problems[0].field, "2963-000001/C/TRANSFER/2");
    let nothing = plan(&settlement(1)).unwrap();
    let problems = transfer_file(&nothing, &orderer(), LineEnd::None, days()).unwrap_err();
    assert_eq!(problems[0].field, "groups[0].payments");
    // Eleven digits do not fit into a record.
    let large = Settlement {
        transfers: vec![Transfer { amount: Yen(10_000_000_000), to: Some(destination("0000003")) }],
        ..settlement(10_000_000_000)
    };
    let problems = transfer_file(&plan(&large).unwrap(), &orderer(), LineEnd::None, days()).unwrap_err();
    assert_eq!((problems.len(), problems[0].field.as_str()), (1, "2963-000001/C/TRANSFER/1"));
}

fn any_settlement() -> impl Strategy<Value = Settlement> {
    let money = || 0..40_000_000_i64;
    let costs: Vec<LineKind> = LineKind::ALL.iter().copied().filter(|kind| kind.is_cost()).collect();
    let charges = prop::collection::vec((prop::sample::select(costs), 1..3_u8, 0..800_000_i64), 0..8);
    let bridges = prop::collection::vec((money(), 0..50_000_i64), 0..3);
    let posting = prop_oneof![3 => Just(None), 1 => (1..30_000_000_i64).prop_map(Some)];
    let loans = prop::collection::vec(1..100_000_000_i64, 1..3);
    let drawings = prop_oneof![2 => Just(vec![]), 1 => prop::collection::vec(1..20_000_000_i64, 0..4)];
    let transfers = prop::collection::vec(money(), 0..4);
    let payoff = prop::option::of(prop::option::of(1..30_000_000_i64));
    ((posting, loans, drawings), (bridges, charges, payoff), (transfers, money(), money(), 0..10_000_i64))
        .prop_map(
            |((posting, loans, drawings), (bridges, charges, payoff), (transfers, own, funds, interest))| {
                Settlement {
                    posting: posting.map_or(Posting::Main, |amount| Posting::Drawing { amount: Yen(amount) }),
                    loans: (1..)
                        .zip(loans)
                        .map(|(loan_no, amount)| LoanPart { loan_no, amount: Yen(amount) })
                        .collect(),
                    drawings: drawings.into_iter().map(Yen).collect(),
                    drawing_interest: Yen(interest),
                    bridges: (1..)
                        .zip(bridges)
                        .map(|(number, (principal, interest))| BridgeDebt {
                            case_number: format!("B{number}"),
                            principal: Yen(principal),
                            interest: Yen(interest),
                        })
                        .collect(),
                    charges: charges
                        .into_iter()
                        .map(|(kind, loan_no, amount)| charge(kind, Part::Loan(loan_no), amount))
                        .collect(),
                    payoff: payoff.map_or(Payoff::NotNeeded, |statement| {
                        Payoff::Needed(statement.map(|amount| PayoffStatement {
                            amount: Yen(amount),
                            as_of: date(),
                            to: None,
                        }))
                    }),
                    transfers: transfers
                        .into_iter()
                        .map(|amount| Transfer { amount: Yen(amount), to: None })
                        .collect(),
                    own_funds: Yen(own),
                    funds_for_costs: Yen(funds),
                    ..settlement(1)
                }
            },
        )
}

/// The properties below look at plans as well as at refusals.
#[test]
fn the_generator_makes_plans_and_refusals() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut made = |_| plan(&any_settlement().new_tree(&mut runner).unwrap().current()).is_ok();
    let plans = (0..500).map(&mut made).filter(|ok| *ok).count();
    println!("{plans} of 500 settlements are plans");
    assert!((100..400).contains(&plans), "{plans}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn credits_less_debits_are_the_rest_and_every_key_is_its_own(settlement in any_settlement()) {
        let sum = |amounts: &mut dyn Iterator<Item = Yen>| -> i64 { amounts.map(|amount| amount.0).sum() };
        match plan(&settlement) {
            Ok(plan) => {
                let rest = settlement.own_funds + plan.total(Side::Credit) - plan.total(Side::Debit);
                prop_assert_eq!(rest, plan.rest_yen);
                prop_assert!(plan.rest_yen >= Yen::ZERO);
                let keys: BTreeSet<&str> = plan.lines.iter().map(|line| line.key.as_str()).collect();
                prop_assert_eq!(keys.len(), plan.lines.len());
                prop_assert!(plan.lines.is_sorted_by_key(|line| line.kind.step()));
                prop_assert!(plan.lines.iter().all(|line: &Line| line.amount_yen > Yen::ZERO));
                prop_assert!(plan.costs_yen <= settlement.funds_for_costs);
                // Nothing is lost between what was asked and the lines.
                let asked = sum(&mut settlement.charges.iter().map(|charge| charge.amount));
                prop_assert_eq!(plan.costs_yen, Yen(asked));
                let contract = sum(&mut settlement.loans.iter().map(|loan| loan.amount));
                prop_assert!(plan.balance_after_yen.0 <= contract, "INV-2");
                if settlement.posting == Posting::Main {
                    prop_assert_eq!(plan.balance_after_yen.0, contract);
                }
            }
            Err(problems) => {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|problem| !problem.accepted.is_empty()));
            }
        }
    }

    /// More money for the costs and more own funds never turn a plan into a refusal.
    #[test]
    fn more_funds_never_hurt(settlement in any_settlement(), more in 0..1_000_000_i64) {
        if let Ok(before) = plan(&settlement) {
            let richer = Settlement {
                own_funds: settlement.own_funds + Yen(more),
                funds_for_costs: settlement.funds_for_costs + Yen(more),
                ..settlement
            };
            let after = plan(&richer).unwrap();
            prop_assert_eq!(after.rest_yen, before.rest_yen + Yen(more));
            prop_assert_eq!(after.lines, before.lines);
        }
    }
}
