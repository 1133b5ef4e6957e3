//! Believable applications: form JSON in the shape that a branch sends, clean against the lending rules, from a seed.
//!
//! People, employers and places are plainly invented.

mod homes;
mod loans;
mod papers;
mod people;

use crate::calendar::{days_after, open_day};
use crate::dice::Dice;
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::{Value, json};

/// A branch that takes applications.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Office {
    pub bank_code: String,
    pub branch_code: String,
}

/// What an application is made from.
#[derive(Clone, Debug)]
pub struct Wish<'a> {
    pub application_id: &'a str,
    pub office: &'a Office,
    /// The bank's clock when the application is written.
    pub now: DateTime<Utc>,
    pub today: NaiveDate,
    /// Only a plain housing loan without a mix can be drawn in parts (S-15).
    pub splittable: bool,
    /// A foreign politically exposed person applies: compliance looks at it.
    pub foreign_pep: bool,
}

/// A kind of plan: product, purpose, what the money pays for.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Plan {
    #[default]
    NewHouse,
    UsedHouse,
    NewFlat,
    UsedFlat,
    NewBuild,
    LandAndNewBuild,
    Renovation,
    Refinance,
}

const PLANS: &[(u32, Plan)] = &[
    (18, Plan::NewHouse),
    (16, Plan::UsedHouse),
    (16, Plan::NewFlat),
    (12, Plan::UsedFlat),
    (12, Plan::NewBuild),
    (8, Plan::LandAndNewBuild),
    (8, Plan::Renovation),
    (10, Plan::Refinance),
];

impl Plan {
    pub(crate) const fn purpose(self) -> &'static str {
        match self {
            Plan::NewHouse => "PURCHASE_NEW_HOUSE",
            Plan::UsedHouse => "PURCHASE_USED_HOUSE",
            Plan::NewFlat => "PURCHASE_NEW_CONDOMINIUM",
            Plan::UsedFlat => "PURCHASE_USED_CONDOMINIUM",
            Plan::NewBuild => "NEW_BUILD",
            Plan::LandAndNewBuild => "LAND_AND_NEW_BUILD",
            Plan::Renovation => "RENOVATION",
            Plan::Refinance => "REFINANCE",
        }
    }

    const fn product(self) -> &'static str {
        match self {
            Plan::Refinance => "REFINANCE_REPLACEMENT_LOAN",
            _ => "HOUSING_LOAN",
        }
    }
}

/// Writes one application.
pub fn application(seed: u64, wish: &Wish<'_>) -> Value {
    let mut dice = Dice::of(seed, wish.application_id);
    let plan = if wish.splittable { Plan::LandAndNewBuild } else { dice.weighed(PLANS) };
    let disbursement = open_day(days_after(wish.today, dice.between(12, 45)));
    let household = people::household(&mut dice, wish);
    let money = loans::money(&mut dice, plan, &household, wish);
    let properties = homes::properties(&mut dice, plan, &household, wish, disbursement, money.amount);
    let insurance = loans::insurance(&mut dice, &household, &money, wish.today);
    let family_data = dice.chance(20);
    let contacts: &[&str] = if dice.chance(15) { &["SPOUSE"] } else { &[] };
    let survey = dice.chance(15);
    let mut form = json!({
        "application_id": wish.application_id,
        "institution": {
            "bank_code": wish.office.bank_code,
            "bank_name": people::bank(&wish.office.bank_code).1,
            "branch_code": wish.office.branch_code,
            "branch_name": format!("見本第{}支店", wish.office.branch_code),
        },
        "received_at": wish.now.to_rfc3339(),
        "product": plan.product(),
        "tie_up_product": null,
        "requested_amount_yen": money.amount,
        "own_funds_yen": money.own_funds,
        "purpose": { "code": plan.purpose(), "resident_relation": "SELF" },
        "fund_uses": money.uses,
        "existing_loan": money.existing,
        "loans": money.loans,
        "parties": household.parties,
        "insurance": insurance,
        "properties": properties,
        "collateral_valuation": { "amount_yen": money.amount / 10 * 12, "requirement_met": true },
        "registration": { "agent": "JUDICIAL_SCRIVENER", "housing_certificate": dice.chance(60) },
        "contract_form": if dice.chance(50) { "PAPER" } else { "ELECTRONIC" },
        "transaction_conditions": loans::conditions(&mut dice, wish),
        "requested_disbursement_date": disbursement,
        "disbursement_account": {
            "bank_code": wish.office.bank_code,
            "branch_code": wish.office.branch_code,
            "kind": "ORDINARY",
            "number": dice.digits(7),
            "holder_kana": household.applicant_kana,
        },
        "family_data_in_documents": family_data,
        "outside_contacts": contacts,
        "site_survey_planned": survey,
        "direct_mail_consent": dice.chance(50),
    });
    if wish.splittable {
        let part =
            |use_of: &str, tenths: i64| json!({ "use_of": use_of, "amount_yen": money.amount / 10 * tenths });
        form["money_ahead"] = json!({
            "kind": "SPLIT",
            "handover_on": days_after(disbursement, 60),
            "payments": [part("LAND_PRICE", 2), part("START_PAYMENT", 2)],
        });
    }
    let switches = papers::Switches { family_data, contacts: !contacts.is_empty(), survey };
    let documents = papers::documents(&mut dice, plan, &household, money.loans.len(), wish.today);
    let consents = papers::consents(&mut dice, plan, &household, switches, wish.today);
    form["documents"] = documents;
    form["consents"] = consents;
    form
}

#[cfg(test)]
mod tests {
    use super::*;

    fn office() -> Office {
        Office { bank_code: "2963".into(), branch_code: "001".into() }
    }

    fn written(seed: u64, id: &str, splittable: bool) -> Value {
        let office = office();
        let now: DateTime<Utc> = "2026-04-06T01:00:00Z".parse().expect("an instant");
        let today = crate::calendar::tokyo_date(now);
        let wish = Wish { application_id: id, office: &office, now, today, splittable, foreign_pep: false };
        application(seed, &wish)
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(written(3, "SIM-1", false), written(3, "SIM-1", false));
        assert_ne!(written(3, "SIM-1", false), written(4, "SIM-1", false));
    }

    #[test]
    fn amounts_add_up_and_dates_stand_in_order() {
        for index in 0..300 {
            let form = written(11, &format!("SIM-{index}"), index % 9 == 0);
            let amount = form["requested_amount_yen"].as_i64().expect("an amount");
            let loans = form["loans"].as_array().expect("loans");
            let sum: i64 = loans.iter().filter_map(|l| l["amount_yen"].as_i64()).sum();
            assert_eq!(sum, amount);
            let uses: i64 = form["fund_uses"]
                .as_array()
                .expect("uses")
                .iter()
                .filter_map(|u| u["amount_yen"].as_i64())
                .sum();
            assert!(uses >= amount, "{form}");
            let wished = form["requested_disbursement_date"].as_str().expect("a date");
            assert!(crate::calendar::is_open(wished.parse().expect("a date")));
            assert!(!(index % 9 == 0 && loans.len() > 1), "a split loan is no mix");
        }
    }
}
