//! The money of a case on its way to core banking: the lines of the order add up, drawings are converted, costs fall due once.

use crate::story::{Bank, Library, Theatre, world::actor};
use serde_json::Value;
use workflows::disbursement::{DisbursementPlan, LineKind, Side};
use workflows::machine::effect::PartnerMessage;
use workflows::machine::money::disbursement_plan;
use workflows::machine::{Case, Command, Effect, Role, Table};
use workflows::{Yen, sample};

fn planned(case: &Case) -> DisbursementPlan {
    disbursement_plan(case, case.frozen.as_ref().unwrap()).unwrap().unwrap()
}

fn kinds(plan: &DisbursementPlan) -> Vec<LineKind> {
    plan.lines.iter().map(|line| line.kind).collect()
}

#[test]
fn the_order_tells_core_banking_every_line() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut world = Theatre::new(&library, &table, &bank).run("9-ready", None).unwrap();
    let plan = planned(world.case.as_ref().unwrap());
    assert_eq!(plan.delivered_yen, world.form.requested_amount_yen);
    let person = |person| actor(Role::Operations, person, &world.form, world.rules);
    let (first, second) = (person(None), person(Some("b")));
    world.act(&first, &Command::OrderPosting {}).unwrap();
    let proposal_id = world.case.as_ref().unwrap().proposals.last().unwrap().id.clone();
    let decision = world.act(&second, &Command::ApproveProposal { proposal_id }).unwrap();
    let order = decision.effects.iter().find_map(|effect| match effect {
        Effect::Send { message: PartnerMessage::PostingOrder, payload, .. } => Some(payload),
        _ => None,
    });
    let order = order.unwrap();
    let lines = order["lines"].as_array().unwrap();
    assert_eq!(lines.len(), plan.lines.len());
    let sum = |side: &str| -> i64 {
        lines
            .iter()
            .filter(|line| line["side"] == side)
            .map(|line| line["amount_yen"].as_i64().unwrap())
            .sum()
    };
    assert_eq!(Some(sum("CREDIT")), order["amount_yen"].as_i64());
    assert_eq!(order["rest_yen"].as_i64().map(Yen), Some(plan.rest_yen));
    assert_eq!(plan.own_funds_yen.0 + sum("CREDIT") - sum("DEBIT"), plan.rest_yen.0);
    let keys: std::collections::BTreeSet<&str> =
        lines.iter().map(|line| line["key"].as_str().unwrap()).collect();
    assert_eq!(keys.len(), lines.len());
    let number = &world.case.as_ref().unwrap().number;
    assert!(keys.iter().all(|key| key.starts_with(&format!("{number}/"))));
    assert_eq!(lines[0]["kind"], Value::from("LOAN_CREDIT"));
}

/// I-06: what is fixed is fixed for the day of the disbursement: its rate, dates and amounts, whatever day the case came in.
#[test]
fn rate_dates_and_amounts_are_those_of_the_day() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let world = Theatre::new(&library, &table, &bank).run("9-ready", None).unwrap();
    let case = world.case.as_ref().unwrap();
    let frozen = case.frozen.as_ref().unwrap();
    let posted: Value =
        serde_json::from_str(include_str!("../../products/sample-posted-rates.json")).unwrap();
    let of = |month: &str| posted["standard_rates"][month][world.form.loans[0].rate_type.code()].clone();
    let loan = &frozen.quote["loans"][0];
    assert_eq!(frozen.date, "2026-06-15".parse().unwrap());
    // It came in in April (C-21).
    assert!(world.form.received_at.to_string().starts_with("2026-04"));
    assert_eq!(loan["rate"]["standard"], of("2026-06"));
    assert_ne!(of("2026-06"), of("2026-04"));
    assert_eq!(loan["monthly"]["first_repayment_date"], "2026-07-15");
    assert_eq!(loan["monthly"]["last_repayment_date"], "2061-06-15");
    assert!(loan["monthly"]["payment_yen"].is_i64());
}

#[test]
fn drawings_carry_the_costs_of_the_contract_and_the_main_posting_the_fees() {
    let (library, table, rules) = (Library::load(), Table::default(), sample::rulebook().unwrap());
    let bank = Bank::of(&rules);
    let mut theatre = Theatre::new(&library, &table, &bank);
    let first = planned(theatre.run("split-ready", None).unwrap().case.as_ref().unwrap());
    assert_eq!(first.lines[0].key.rsplit_once("/D1/").map(|(_, rest)| rest), Some("LOAN_CREDIT/1"));
    assert_eq!(first.delivered_yen, Yen(10_000_000));
    let costs: Vec<LineKind> = kinds(&first).into_iter().filter(|kind| kind.is_cost()).collect();
    assert!(costs.contains(&LineKind::ScrivenerBill) && costs.contains(&LineKind::RegistrationTax));
    assert!(!costs.iter().any(|kind| matches!(kind, LineKind::HandlingFee | LineKind::LoanFee)));
    // S-11: no relief before the building stands.
    let tax = first.lines.iter().find(|line| line.kind == LineKind::RegistrationTax).unwrap();
    let case = theatre.run("split-ready", None).unwrap().case.unwrap();
    assert_eq!(tax.amount_yen, Yen(case.amount_yen() * 4 / 1_000));
    // The main posting, as it would stand after the drawing.
    let mut drawn = theatre.run("split-drawn", None).unwrap().case.unwrap();
    drawn.frozen = case.frozen.clone();
    drawn.fixed = None;
    let main = planned(&drawn);
    assert_eq!(main.delivered_yen, Yen(drawn.amount_yen() - 10_000_000));
    assert_eq!(main.total(Side::Conversion), Yen(10_000_000));
    assert_eq!(main.balance_after_yen, Yen(drawn.amount_yen()));
    assert!(kinds(&main).contains(&LineKind::HandlingFee));
    assert!(
        !kinds(&main).iter().any(|kind| matches!(kind, LineKind::ScrivenerBill | LineKind::RegistrationTax))
    );
    let shared: Vec<&str> = main
        .lines
        .iter()
        .map(|line| line.key.as_str())
        .filter(|key| first.lines.iter().any(|line| line.key == *key))
        .collect();
    assert_eq!(shared, Vec::<&str>::new(), "no line of the drawing happens again");
}
