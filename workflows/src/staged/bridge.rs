//! Bridge loans (E.7): an own contract beside the main loan, without a mortgage (BR-1).

use chrono::NaiveDate;

use super::{Limit, funding_deadline, rate_ahead, within_term};
use crate::contract::stamp_duty;
use crate::form::{Form, InsuranceType, PartyRole, Problem, Product};
use crate::money::{Rate, Yen};
use crate::product::RateComponents;
use crate::product::terms::{StagedTerms, Terms, WithMix};
use crate::rule::Rule;

/// Where the main case stands (BR-6, BR-8).
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum MainDecision {
    Open,
    Approved { valid_until: NaiveDate },
    Contracted,
}

/// A bridge loan that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeRequest<'a> {
    /// The main loan's form.
    pub main: &'a Form,
    pub decision: MainDecision,
    pub amount: Yen,
    /// The day on which the bridge loan is disbursed.
    pub on: NaiveDate,
    pub handover: NaiveDate,
    /// Yen that earlier bridge loans of the main case have out.
    pub outstanding: Yen,
    /// What the payments ahead need by contract or estimate.
    pub needed: Yen,
    pub insurance: InsuranceType,
    /// Parties of the main case that guarantee the bridge loan.
    pub guarantors: &'a [String],
    /// The main loan's rate on `on` (BR-2).
    pub rate_of_the_day: RateComponents,
    /// Mandatory whatever the main loan's method is (F-03).
    pub monthly_guarantee_rate: Option<Rate>,
}

/// What a bridge loan is agreed at.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BridgeTerms {
    pub amount: Yen,
    pub rate: Rate,
    /// Paid off by the main disbursement by then (BR-5).
    pub due_on: NaiveDate,
    pub insurance: InsuranceType,
    /// On its own contract (BR-2, BR-4).
    pub stamp: Yen,
    /// None is charged (BR-4, O-23), and nothing is registered (BR-1).
    pub loan_fee: Yen,
}

/// BR-3: the type that insures a bridge loan: the main loan's where it may, else BASIC.
pub fn bridge_insurance(terms: &StagedTerms, main: InsuranceType) -> InsuranceType {
    if terms.bridge_insurance.contains(&main) { main } else { InsuranceType::Basic }
}

/// The terms of a bridge loan. Errors, all at once: the main loan is not approved or its approval ends before the handover (BR-6,
/// BR-8), product or mix (S-15), limit (S-02), term (S-03), type of insurance (BR-3), a guarantor of the main loan who does not
/// guarantee the bridge (S-08, B-16), no monthly guarantee rate (F-03).
pub fn review_bridge(terms: &Terms, request: &BridgeRequest<'_>) -> Result<BridgeTerms, Vec<Problem>> {
    let mut problems = Vec::new();
    let (main, staged) = (request.main, &terms.staged);
    let mut refuse = |id, field: &str, accepted: String| problems.push(Rule::refusal(id, field, accepted));
    match request.decision {
        MainDecision::Open => refuse("BR-6", "main", "承認済の本体融資 / an approved main loan".to_owned()),
        MainDecision::Approved { valid_until } if valid_until < request.handover => {
            let accepted =
                format!("{valid_until}までの引渡日 / a handover by {valid_until}, or the contract");
            refuse("BR-8", "handover", accepted);
        }
        MainDecision::Approved { .. } | MainDecision::Contracted => {}
    }
    let mixed = main.loans.len() > 1 && staged.with_mix == WithMix::Refused;
    if main.product != Product::HousingLoan || mixed {
        refuse("S-15", "main", "住宅ローン・1本の契約 / a housing loan that is no mix".to_owned());
    }
    if bridge_insurance(staged, request.insurance) != request.insurance {
        let codes: Vec<&str> = staged.bridge_insurance.iter().map(|kind| kind.code()).collect();
        refuse("BR-3", "insurance", codes.join(", "));
    }
    let guarantors = main.parties.iter().filter(|party| party.role == PartyRole::JointGuarantor);
    for party in guarantors.filter(|party| !request.guarantors.contains(&party.party_id)) {
        refuse("S-08", "guarantors", format!("{}の保証 / guaranteed by {0}", party.party_id));
    }
    if request.monthly_guarantee_rate.is_none() {
        refuse("F-03", "monthly_guarantee_rate", "月次の保証料率 / a monthly rate".to_owned());
    }
    let limit =
        Limit { applied: main.requested_amount_yen, needed: request.needed, percent: staged.limit_percent };
    let day = main.loans.first().map_or(1, |loan| loan.repayment_day);
    let due_on = funding_deadline(request.handover, day);
    problems.extend(limit.take(request.outstanding, request.amount).err());
    problems.extend(within_term(staged, request.on, due_on).err());
    if !problems.is_empty() {
        return Err(problems);
    }
    Ok(BridgeTerms {
        amount: request.amount,
        rate: rate_ahead(&request.rate_of_the_day, request.monthly_guarantee_rate.unwrap_or(Rate::ZERO)),
        due_on,
        insurance: request.insurance,
        stamp: stamp_duty(terms, main.contract_form, request.amount),
        loan_fee: Yen::ZERO,
    })
}
