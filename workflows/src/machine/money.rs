//! The money of the fixed posting, line by line (I.20): what G-COSTS judges, core banking is told and OPERATIONS transfers.

use super::case::{Case, FrozenTerms};
use super::facts::PostingState;
use crate::Yen;
use crate::disbursement::{
    Charge, DisbursementPlan, LineKind, LoanPart, Payoff, PayoffStatement, Posting, Settlement, charges, plan,
};
use crate::form::{Problem, PurposeCode};
use crate::product::fees::Fees;

/// The plan of the posting that the case stands before, under these terms. `None`: costs are not recorded, or the terms hold
/// no fees. Errors inside: what [`plan`] refuses.
pub fn disbursement_plan(case: &Case, terms: &FrozenTerms) -> Option<Result<DisbursementPlan, Vec<Problem>>> {
    let costs = case.costs.as_ref()?;
    let fees: Fees = serde_json::from_value(terms.quote.get("fees")?.clone()).ok()?;
    let drawings: Vec<Yen> = case
        .postings
        .iter()
        .filter(|posting| posting.drawing && posting.state == PostingState::Posted)
        .map(|posting| Yen(posting.amount_yen))
        .collect();
    let posting = match case.fixed.as_ref().and_then(|fixed| fixed.drawing_yen) {
        Some(amount) => Posting::Drawing { amount: Yen(amount) },
        None => Posting::Main,
    };
    let payoff = match (&case.payoff, case.form.purpose.code) {
        (Some(payoff), PurposeCode::Refinance) => Payoff::Needed(Some(PayoffStatement {
            amount: Yen(payoff.amount_yen),
            as_of: payoff.as_of,
            to: None,
        })),
        (None, PurposeCode::Refinance) => Payoff::Needed(None),
        _ => Payoff::NotNeeded,
    };
    let main = posting == Posting::Main;
    let drawing_interest = if main { super::ahead::interest_on(case, terms.date) } else { Yen::ZERO };
    let bridges = match super::ahead::bridges(case) {
        Ok(bridges) if main => bridges,
        Err(problem) if main => return Some(Err(vec![problem])),
        Ok(_) | Err(_) => vec![],
    };
    let due = Due::of(posting, drawings.is_empty());
    let bill = Yen(costs.scrivener_bill_yen);
    let charges =
        charges(&fees, &case.form.loans, bill).into_iter().filter_map(|charge| due.take(charge, &fees));
    let funds_for_costs = Yen(costs.funds_available_yen);
    Some(plan(&Settlement {
        case_number: case.number.clone(),
        date: terms.date,
        loans: case
            .form
            .loans
            .iter()
            .map(|loan| LoanPart { loan_no: loan.loan_no, amount: loan.amount_yen })
            .collect(),
        drawing_interest,
        bridges,
        charges: charges.collect(),
        transfers: Vec::new(),
        own_funds: own_funds(case, posting, &drawings, &payoff, funds_for_costs),
        funds_for_costs,
        posting,
        drawings,
        payoff,
    }))
}

/// What the branch recorded as available for the costs and the loan does not leave itself is the customer's own money.
fn own_funds(case: &Case, posting: Posting, drawings: &[Yen], payoff: &Payoff, funds_for_costs: Yen) -> Yen {
    let delivered = match posting {
        Posting::Drawing { amount } => amount,
        Posting::Main => Yen(case.amount_yen()) - drawings.iter().copied().sum(),
    };
    let paid_off = match payoff {
        Payoff::Needed(Some(statement)) => statement.amount,
        _ => Yen::ZERO,
    };
    (funds_for_costs - (delivered - paid_off).max(Yen::ZERO)).max(Yen::ZERO)
}

/// Which costs fall due with a posting of a limit-type contract (S-09, S-10, O-23).
#[derive(Copy, Clone)]
enum Due {
    /// Everything at once.
    Full,
    /// Contract and land mortgage: stamp, tax without relief (S-11), scrivener.
    FirstDrawing,
    LaterDrawing,
    /// Fees of the loan and the agreement on its repayment. The scrivener bills the additional mortgage apart.
    AfterDrawings,
}

impl Due {
    fn of(posting: Posting, first: bool) -> Self {
        match (posting, first) {
            (Posting::Main, true) => Self::Full,
            (Posting::Main, false) => Self::AfterDrawings,
            (Posting::Drawing { .. }, true) => Self::FirstDrawing,
            (Posting::Drawing { .. }, false) => Self::LaterDrawing,
        }
    }

    fn take(self, charge: Charge, fees: &Fees) -> Option<Charge> {
        use LineKind::{LoanContractStamp, RegistrationTax, ScrivenerBill};
        let with_the_contract = matches!(charge.kind, LoanContractStamp | RegistrationTax | ScrivenerBill);
        match self {
            Self::Full => Some(charge),
            Self::FirstDrawing if charge.kind == RegistrationTax => {
                Some(Charge { amount: fees.registration_licence_tax.without_relief_yen, ..charge })
            }
            Self::FirstDrawing => with_the_contract.then_some(charge),
            Self::LaterDrawing => None,
            Self::AfterDrawings => (!with_the_contract).then_some(charge),
        }
    }
}
