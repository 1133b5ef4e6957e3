//! What stands as collateral: land and house, or a flat; everyone who owns it mortgages it.

use super::people::Household;
use super::{Plan, Wish};
use crate::calendar::days_after;
use crate::dice::Dice;
use chrono::NaiveDate;
use serde_json::{Value, json};

pub(super) fn properties(
    dice: &mut Dice,
    plan: Plan,
    house: &Household,
    wish: &Wish<'_>,
    disbursement: NaiveDate,
    amount: i64,
) -> Vec<Value> {
    let built = Built::of(dice, plan, wish.today, disbursement);
    let mut list = match plan {
        Plan::NewFlat | Plan::UsedFlat => vec![building(dice, house, "UNIT", 1, &built)],
        _ => vec![land(dice, house, 1), building(dice, house, "BUILDING", 2, &built)],
    };
    if !matches!(plan, Plan::NewFlat | Plan::UsedFlat) && dice.chance(12) {
        list.push(road(dice, house, 3));
    }
    if plan == Plan::Refinance {
        let earlier =
            json!([{ "holder_kind": "BANK", "balance_yen": amount, "released_at_disbursement": true }]);
        for property in list.iter_mut().take(2) {
            property["prior_mortgages"] = earlier.clone();
        }
    }
    list
}

/// Age and register of the building.
struct Built {
    new: bool,
    registered: Value,
    completed: NaiveDate,
    acquired: NaiveDate,
}

impl Built {
    fn of(dice: &mut Dice, plan: Plan, today: NaiveDate, disbursement: NaiveDate) -> Self {
        match plan {
            Plan::NewHouse | Plan::NewFlat => Built {
                new: true,
                registered: json!(true),
                completed: days_after(today, -dice.between(10, 90)),
                acquired: disbursement,
            },
            Plan::NewBuild | Plan::LandAndNewBuild => {
                let completed = days_after(disbursement, -dice.between(1, 10));
                Built { new: true, registered: Value::Null, completed, acquired: completed }
            }
            Plan::UsedHouse | Plan::UsedFlat => Built {
                new: false,
                registered: json!(true),
                completed: days_after(today, -dice.between(1500, 9000)),
                acquired: disbursement,
            },
            Plan::Renovation | Plan::Refinance => {
                let completed = days_after(today, -dice.between(1500, 6000));
                Built { new: false, registered: json!(true), completed, acquired: completed }
            }
        }
    }
}

fn land(dice: &mut Dice, house: &Household, number: u16) -> Value {
    let mut land = place(dice, house, number);
    land["kind"] = json!("LAND");
    land["main"] = json!(true);
    land["tenure"] = json!("OWNERSHIP");
    land["registered_category"] = json!("RESIDENTIAL_LAND");
    land["category_change_planned"] = json!(false);
    land["area_m2"] = json!(format!("{}.{}", dice.between(90, 260), dice.digits(2)));
    land["reserved_land"] = json!(false);
    land["mortgage_when_possible"] = json!(false);
    land["access_over_others_land"] = json!(false);
    land["city_planning"] = json!("URBANISATION_PROMOTION");
    land
}

fn building(dice: &mut Dice, house: &Household, kind: &str, number: u16, built: &Built) -> Value {
    let mut building = place(dice, house, number);
    let structure = if kind == "UNIT" { "REINFORCED_CONCRETE" } else { dice.one(&["WOOD", "LIGHT_STEEL"]) };
    building["kind"] = json!(kind);
    building["main"] = json!(true);
    building["floor_area_m2"] = json!(format!("{}.{}", dice.between(55, 130), dice.digits(2)));
    building["is_new"] = json!(built.new);
    building["meets_used_standard"] = if built.new { Value::Null } else { json!(true) };
    building["registered"] = built.registered.clone();
    building["completed_on"] = json!(built.completed);
    building["acquired_on"] = json!(built.acquired);
    building["structure"] = json!(structure);
    building
}

fn road(dice: &mut Dice, house: &Household, number: u16) -> Value {
    let mut road = place(dice, house, number);
    road["kind"] = json!("ROAD_SHARE");
    road["main"] = json!(false);
    road["tenure"] = json!("OWNERSHIP");
    road["registered_category"] = json!("PUBLIC_ROAD");
    road["area_m2"] = json!(format!("{}.{}", dice.between(20, 90), dice.digits(2)));
    road
}

fn place(dice: &mut Dice, house: &Household, number: u16) -> Value {
    let count = house.owners.len();
    let share = format!("1/{count}");
    let owners: Vec<Value> = house
        .owners
        .iter()
        .map(|id| {
            json!({
                "party_id": id, "name": null, "relation": null, "share": share, "mortgages_share": true,
            })
        })
        .collect();
    json!({
        "property_no": number,
        "location": format!("{}見本市例示町", house.prefecture),
        "number": format!("{}番{}", dice.between(1, 900), dice.between(1, 40)),
        "owners": owners,
        "prior_mortgages": [],
        "legal_defects": [],
    })
}
