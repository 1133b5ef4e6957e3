//! The money of the fixed posting, line by line (I.20): what G-COSTS judges, core banking is told and OPERATIONS transfers.

use super::case::{Case, FrozenTerms};
use super::facts::PostingState;
use super::record::{Payee, PayeeKind};
use crate::Yen;
use crate::disbursement::{
    Charge, Destination, DisbursementPlan, LineKind, LoanPart, Payoff, PayoffStatement, Posting, Settlement,
    Transfer, charges, plan,
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
            to: account(case, PayeeKind::ExistingLender),
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
    let mut charges: Vec<Charge> = charges(&fees, &case.form.loans, bill)
        .into_iter()
        .filter_map(|charge| due.take(charge, &fees))
        .collect();
    for charge in charges.iter_mut().filter(|charge| charge.kind == LineKind::GuaranteeFee) {
        charge.to = account(case, PayeeKind::GuaranteeInstitution);
    }
    let transfers: Vec<Transfer> = case
        .ordered_payees()
        .map(|(_, payee)| Transfer { amount: Yen(payee.amount_yen.unwrap_or(0)), to: destination(payee) })
        .collect();
    let funds_for_costs = Yen(costs.funds_available_yen);
    let gone = paid_off(&payoff) + transfers.iter().map(|transfer| transfer.amount).sum();
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
        charges,
        transfers,
        own_funds: own_funds(case, posting, &drawings, gone, funds_for_costs),
        funds_for_costs,
        posting,
        drawings,
        payoff,
    }))
}

/// The account on record, as the transfer file takes it.
fn account(case: &Case, kind: PayeeKind) -> Option<Destination> {
    case.payee(kind).and_then(destination)
}

fn destination(recorded: &Payee) -> Option<Destination> {
    super::transfer_desk::payee(&recorded.to, "to", &mut vec![])
}

fn paid_off(payoff: &Payoff) -> Yen {
    match payoff {
        Payoff::Needed(Some(statement)) => statement.amount,
        Payoff::Needed(None) | Payoff::NotNeeded => Yen::ZERO,
    }
}

/// What the branch recorded as available for the costs and the loan does not leave itself, after all that is `gone` from the
/// account by transfer, is the customer's own money.
fn own_funds(case: &Case, posting: Posting, drawings: &[Yen], gone: Yen, funds_for_costs: Yen) -> Yen {
    let delivered = match posting {
        Posting::Drawing { amount } => amount,
        Posting::Main => Yen(case.amount_yen()) - drawings.iter().copied().sum(),
    };
    (funds_for_costs - (delivered - gone).max(Yen::ZERO)).max(Yen::ZERO)
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
