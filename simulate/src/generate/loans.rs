//! The money side: uses of the money, one loan or a mix of two, insurance, transaction conditions.

use super::people::Household;
use super::{Plan, Wish};
use crate::calendar::days_after;
use crate::dice::Dice;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// Sums and loans of an application.
pub(super) struct Money {
    pub amount: i64,
    pub own_funds: i64,
    pub uses: Vec<Value>,
    pub existing: Value,
    pub loans: Vec<Value>,
}

pub(super) fn money(dice: &mut Dice, plan: Plan, house: &Household, wish: &Wish<'_>) -> Money {
    let price = match plan {
        Plan::Renovation => dice.between(300, 1200) * 10_000,
        Plan::Refinance => dice.between(1000, 3000) * 10_000,
        _ => (house.annual_income * dice.between(4, 7)).clamp(15_000_000, 60_000_000) / 10_000 * 10_000,
    };
    let costs = dice.between(30, 150) * 10_000;
    let own_funds =
        if plan == Plan::Refinance { 0 } else { dice.between(20, 400).min(price / 50_000) * 10_000 };
    let uses = uses(plan, price, costs);
    let amount = price + costs - own_funds.max(10_000);
    let existing = if plan == Plan::Refinance {
        let started = days_after(wish.today, -dice.between(1200, 4000));
        json!({ "lender_kind": "BANK", "kind": "HOUSING_LOAN", "balance_yen": price, "started_on": started })
    } else {
        Value::Null
    };
    let loans = loans(dice, plan, house, amount, wish.splittable);
    Money { amount, own_funds, uses, existing, loans }
}

fn uses(plan: Plan, price: i64, costs: i64) -> Vec<Value> {
    let paid = |kind: &str, yen: i64| json!({ "kind": kind, "amount_yen": yen, "evidenced": true });
    match plan {
        Plan::NewHouse | Plan::UsedHouse => {
            vec![paid("LAND_AND_BUILDING_PRICE", price), paid("ACQUISITION_COSTS", costs)]
        }
        Plan::NewFlat | Plan::UsedFlat => {
            vec![paid("BUILDING_PRICE", price), paid("ACQUISITION_COSTS", costs)]
        }
        Plan::LandAndNewBuild => {
            let land = price / 5 * 2 / 10_000 * 10_000;
            vec![
                paid("LAND_PRICE", land),
                paid("CONSTRUCTION", price - land),
                paid("ACQUISITION_COSTS", costs),
            ]
        }
        Plan::NewBuild | Plan::Renovation => {
            vec![paid("CONSTRUCTION", price), paid("ACQUISITION_COSTS", costs)]
        }
        Plan::Refinance => vec![paid("REFINANCED_BALANCE", price), paid("REFINANCE_COSTS", costs)],
    }
}

/// Rate types with a discount type where they have one.
const RATES: &[(u32, (&str, Option<&str>))] = &[
    (50, ("VARIABLE", None)),
    (14, ("FULL_FIXED", None)),
    (12, ("FIXED_10Y", Some("INITIAL_PERIOD"))),
    (6, ("FIXED_10Y", Some("WHOLE_PERIOD"))),
    (6, ("FIXED_5Y", Some("INITIAL_PERIOD"))),
    (6, ("FIXED_3Y", Some("WHOLE_PERIOD"))),
    (6, ("CAPPED_10Y", Some("INITIAL_PERIOD"))),
];

fn loans(dice: &mut Dice, plan: Plan, house: &Household, amount: i64, single: bool) -> Vec<Value> {
    let (plan_of_fees, guarantee) = if single {
        (dice.one(&["FLAT_FEE", "PERCENT_FEE"]), "MONTHLY_IN_RATE")
    } else {
        dice.weighed(&[
            (45, ("PERCENT_FEE", "MONTHLY_IN_RATE")),
            (28, ("FLAT_FEE", "MONTHLY_IN_RATE")),
            (27, ("FLAT_FEE", "LUMP_SUM")),
        ])
    };
    let longest = i64::from(75 - house.age) * 12 - 14;
    let term = if plan == Plan::Renovation { dice.between(120, 240) } else { dice.between(240, 420) };
    let term = term.min(longest);
    let day = dice.one(&[5_i64, 10, 15, 20, 25, 27, 31]);
    let bonus = dice.chance(20);
    let loan = |no: u8, yen: i64, (rate, discount): (&str, Option<&str>)| {
        json!({
            "loan_no": no,
            "amount_yen": yen,
            "purpose_code": plan.purpose(),
            "rate_type": rate,
            "discount_type": discount,
            "fee_plan": plan_of_fees,
            "guarantee_fee_method": guarantee,
            "term_months": term,
            "repayment_day": day,
            "first_repayment_date": null,
            "bonus_part_yen": if bonus { yen / 4 / 100_000 * 100_000 } else { 0 },
            "bonus_months": if bonus && yen / 4 >= 100_000 { json!([1, 7]) } else { json!([]) },
        })
    };
    if !single && amount > 10_000_000 && dice.chance(15) {
        let second = amount / 10 * 4 / 10_000 * 10_000;
        let fixed = dice.one(&[("FIXED_10Y", Some("INITIAL_PERIOD")), ("FULL_FIXED", None)]);
        return vec![loan(1, amount - second, fixed), loan(2, second, ("VARIABLE", None))];
    }
    vec![loan(1, amount, dice.weighed(RATES))]
}

/// One declaration per insured person and loan; a couple shares by part.
pub(super) fn insurance(dice: &mut Dice, house: &Household, money: &Money, today: NaiveDate) -> Vec<Value> {
    let kind = dice.weighed(&[(45, "BASIC"), (25, "CANCER"), (15, "DISABILITY_INCOME"), (15, "ALMIGHTY")]);
    let declared = days_after(today, -dice.between(0, 9));
    let couple = house.debtors.len() == 2;
    let joint = couple && kind != "ALMIGHTY" && dice.chance(40);
    let parts: Vec<(&str, &str, u8)> = match (couple, joint) {
        (false, _) => vec![("A1", "SINGLE", 100)],
        (true, true) => vec![("A1", "JOINT_COUPLE", 100), ("D1", "JOINT_COUPLE", 100)],
        (true, false) => vec![("A1", "PROPORTIONAL", 60), ("D1", "PROPORTIONAL", 40)],
    };
    let mut entries = vec![];
    for loan in &money.loans {
        for (party, cover, share) in &parts {
            entries.push(json!({
                "loan_no": loan["loan_no"],
                "party_id": party,
                "type": kind,
                "cover": cover,
                "share_percent": share,
                "declared_on": declared,
                "relaxed": null,
            }));
        }
    }
    entries
}

/// Salary transfer and card loan, or none of it: then there is no discount (C-44).
pub(super) fn conditions(dice: &mut Dice, wish: &Wish<'_>) -> Value {
    let since = days_after(wish.today, -dice.between(10, 900));
    let met = dice.chance(85);
    json!({
        "salary_transfer": if met {
            json!({ "status": "DESIGNATED", "as_of": since })
        } else {
            json!({ "status": "NONE", "as_of": null })
        },
        "card_loan": { "contracted_on": if met { json!(since) } else { Value::Null } },
        "saving": null,
    })
}
