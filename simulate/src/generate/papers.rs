//! Papers and consents that go with an application (D.1), dated so that they are good when it is received.

use super::Plan;
use super::people::Household;
use crate::calendar::days_after;
use crate::dice::Dice;
use chrono::NaiveDate;
use serde_json::{Value, json};

/// What decides the applicant's further consents.
pub(super) struct Switches {
    pub family_data: bool,
    pub contacts: bool,
    pub survey: bool,
}

pub(super) fn documents(
    dice: &mut Dice,
    plan: Plan,
    house: &Household,
    loans: usize,
    today: NaiveDate,
) -> Value {
    let received = days_after(today, -dice.between(0, 4));
    let mut list = vec![];
    let mut of_case = |kind: &str| list.push(json!({ "document": kind, "received_on": received }));
    for kind in ["LOAN_APPLICATION", "GUARANTEE_REQUEST", "REGISTER_EXTRACT", "PROPERTY_PLANS"] {
        of_case(kind);
    }
    for kind in evidence_of(plan) {
        of_case(kind);
    }
    if loans > 1 {
        of_case("BREAKDOWN_NOTICE");
    }
    let mut of_person = |kind: &str, id: &str| {
        list.push(json!({ "document": kind, "party_id": id, "received_on": received }));
    };
    for party in &house.parties {
        of_person("IDENTITY_DOCUMENT", party["party_id"].as_str().unwrap_or_default());
    }
    for (id, paper) in &house.evidence {
        of_person(paper, id);
    }
    for id in &house.liable {
        let issued = days_after(received, -dice.between(5, 40));
        list.push(json!({
            "document": "INCOME_CERTIFICATE", "party_id": id, "issued_on": issued, "received_on": received,
        }));
    }
    Value::Array(list)
}

const fn evidence_of(plan: Plan) -> &'static [&'static str] {
    match plan {
        Plan::NewHouse | Plan::UsedHouse | Plan::NewFlat | Plan::UsedFlat => &["SALE_CONTRACT"],
        Plan::NewBuild | Plan::Renovation => &["CONSTRUCTION_CONTRACT"],
        Plan::LandAndNewBuild => &["SALE_CONTRACT", "CONSTRUCTION_CONTRACT"],
        Plan::Refinance => &["REPAYMENT_PASSBOOK"],
    }
}

pub(super) fn consents(
    dice: &mut Dice,
    plan: Plan,
    house: &Household,
    switches: Switches,
    today: NaiveDate,
) -> Value {
    let signed = days_after(today, -dice.between(0, 9));
    let consent = |kind: &str, id: &str| json!({ "consent": kind, "party_id": id, "signed_on": signed });
    let mut list = vec![];
    for party in &house.parties {
        list.push(consent("PRIVACY_CONSENT", party["party_id"].as_str().unwrap_or_default()));
    }
    for id in &house.liable {
        list.push(consent("ANTISOCIAL_PLEDGE_AND_PEP", id));
    }
    let further = [
        (switches.family_data, "FAMILY_INFORMATION_CONSENT"),
        (switches.contacts, "CONTACT_CONSENT"),
        (switches.survey, "SITE_SURVEY_CONSENT"),
        (plan == Plan::Refinance, "REFINANCE_DATA_CONSENT"),
    ];
    for (_, kind) in further.iter().filter(|(needed, _)| *needed) {
        list.push(consent(kind, "A1"));
    }
    Value::Array(list)
}
