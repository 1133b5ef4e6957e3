//! From a case to the bulk-transfer file of its outgoing money (I.20 step 6, I.30), for operations.
//!
//! Sums come from the case: loans, costs, the pay-off and its day. Accounts of payees are stated by whoever prepares the file; no
//! step of the case records them, and the file is handed to the bank's own transfer channel, which asks for a second person.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::rules::Rules;
use super::stage::Stage;
use crate::Yen;
use crate::disbursement::{
    Charge, Destination, DisbursementPlan, LineKind, LoanPart, Orderer, Payoff, PayoffStatement, Posting,
    Settlement, Transfer, charges, plan, transfer_file,
};
use crate::form::{AccountKind, Problem};
use crate::kana::KanaName;
use crate::zengin::{
    AccountNumber, BankCode, Branch, BranchCode, Days, DepositAccount, DepositKind, LineEnd, SenderCode,
    TransferFile,
};

/// The stages in which the money of the day is known and not yet posted.
pub const STAGES: &[Stage] = &[Stage::Ready, Stage::Disbursing];

/// Who orders the transfers, and where the money goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOrder {
    /// Whose account pays.
    pub sender: TransferSender,
    /// CR and LF behind each record, where the receiving bank wants them.
    #[serde(default)]
    pub line_ends: bool,
    /// Own money in the customer's account that is set aside for this settlement.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub own_funds_yen: i64,
    /// Interest on the drawings that is due on the day and not yet debited (S-05); without it what the case computes.
    #[serde(default)]
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub drawing_interest_yen: Option<i64>,
    /// Account of the existing lender in a refinance.
    #[serde(default)]
    pub payoff_to: Option<TransferPayee>,
    /// Account of the guarantee institution for a lump-sum fee.
    #[serde(default)]
    pub guarantee_fee_to: Option<TransferPayee>,
    /// Transfers that the customer ordered: seller, contractor.
    #[serde(default)]
    pub transfers: Vec<OrderedTransfer>,
}

/// Whoever orders the transfers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferSender {
    /// Code of ten digits that the receiving bank gave.
    pub code: String,
    /// Name in kana.
    pub name: String,
    /// Account that pays.
    pub account: TransferAccount,
}

/// A deposit account with the names that the record carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferAccount {
    /// Four digits.
    pub bank_code: String,
    /// Name of the bank in kana.
    pub bank_name: String,
    /// Three digits.
    pub branch_code: String,
    /// Name of the branch in kana.
    pub branch_name: String,
    /// Kind of the account.
    pub kind: AccountKind,
    /// Seven digits.
    pub number: String,
}

/// Who receives a transfer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferPayee {
    /// Where it goes.
    pub account: TransferAccount,
    /// Holder of the account in kana, as the account has it.
    pub name: String,
}

/// A transfer that the customer ordered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OrderedTransfer {
    /// Amount.
    #[schemars(range(min = 0, max = 1_000_000_000_000_i64))]
    pub amount_yen: i64,
    /// Who receives it.
    pub to: TransferPayee,
}

/// The file of a case's outgoing money on its day, with the plan behind it. `today` is the day on which it is made. Errors, all
/// at once, each with field and rule: a case that is not ready (I-07), names and numbers that a record cannot hold (I.30), money
/// that does not add up (I.20, G-COSTS, G-PAYOFF), a bridge loan whose sums the case does not know (BR-5).
pub fn case_transfers(
    case: &Case,
    rules: &dyn Rules,
    order: &TransferOrder,
    today: NaiveDate,
) -> Result<(DisbursementPlan, TransferFile), Vec<Problem>> {
    let mut problems = vec![];
    let fixed = case.fixed.as_ref().filter(|_| STAGES.contains(&case.stage));
    let Some(fixed) = fixed else {
        let accepted: Vec<&str> = STAGES.iter().map(|stage| stage.code()).collect();
        let messages = (
            "実行可となった案件に限ります。",
            "Only a case that is ready for its disbursement has transfers.",
        );
        return Err(vec![Problem::new("application_id", "I-07", messages, accepted.join(", "))]);
    };
    let orderer = sender(&order.sender, &mut problems);
    let settlement = settlement(case, rules, order, fixed, &mut problems);
    let (Some(orderer), Some(settlement)) = (orderer, settlement) else { return Err(problems) };
    if !problems.is_empty() {
        return Err(problems);
    }
    let plan = plan(&settlement)?;
    let is_open = |day| rules.is_business_day(&case.form, day);
    let line_end = if order.line_ends { LineEnd::CrLf } else { LineEnd::None };
    let file = transfer_file(&plan, &orderer, line_end, Days { made_on: today, is_open: &is_open })?;
    Ok((plan, file))
}

fn settlement(
    case: &Case,
    rules: &dyn Rules,
    order: &TransferOrder,
    fixed: &super::case::FixedDate,
    problems: &mut Vec<Problem>,
) -> Option<Settlement> {
    let guarantee = case.guarantees.get(&case.content_version);
    let guarantee = guarantee.map(|known| known.decision.loans.as_slice()).unwrap_or_default();
    let posting = fixed.drawing_yen.map_or(Posting::Main, |yen| Posting::Drawing { amount: Yen(yen) });
    // The costs of the contract are those of the main posting (O-23).
    let fees = rules.fees(&case.form, guarantee, fixed.date).filter(|_| posting == Posting::Main);
    let costs = case.costs.as_ref();
    let bill = Yen(costs.map_or(0, |costs| costs.scrivener_bill_yen));
    let mut charged: Vec<Charge> = fees.map_or_else(Vec::new, |fees| charges(&fees, &case.form.loans, bill));
    let guarantee_fee_to =
        order.guarantee_fee_to.as_ref().and_then(|to| payee(to, "guarantee_fee_to", problems));
    for charge in charged.iter_mut().filter(|charge| charge.kind == LineKind::GuaranteeFee) {
        charge.to.clone_from(&guarantee_fee_to);
    }
    let payoff_to = order.payoff_to.as_ref().and_then(|to| payee(to, "payoff_to", problems));
    let payoff = if case.form.existing_loan.is_some() && posting == Posting::Main {
        Payoff::Needed(case.payoff.as_ref().map(|known| PayoffStatement {
            amount: Yen(known.amount_yen),
            as_of: known.as_of,
            to: payoff_to,
        }))
    } else {
        Payoff::NotNeeded
    };
    let mut transfers = vec![];
    for (at, transfer) in order.transfers.iter().enumerate() {
        let to = payee(&transfer.to, &format!("transfers[{at}].to"), problems);
        transfers.push(Transfer { amount: Yen(transfer.amount_yen), to });
    }
    let main = posting == Posting::Main;
    let bridges = match super::ahead::bridges(case) {
        Ok(bridges) if main => bridges,
        Err(problem) if main => {
            problems.push(problem);
            vec![]
        }
        Ok(_) | Err(_) => vec![],
    };
    // What was stated goes before what the case computes: core banking may have debited another sum.
    let known = case.drawing_terms.map(|_| super::ahead::interest_on(case, fixed.date));
    let drawing_interest = order.drawing_interest_yen.map(Yen).or(known).filter(|_| main);
    if case.has_drawing() && main && drawing_interest.is_none() {
        problems.push(Problem::new(
            "drawing_interest_yen",
            "S-05",
            ("分割融資の未収利息がありません。", "The interest due on the drawings is missing."),
            "0円以上 / 0 yen or more",
        ));
    }
    let loans = case.form.loans.iter();
    let drawings = case.postings.iter().filter(|posting| posting.drawing);
    let posted = drawings.filter(|posting| posting.state == super::facts::PostingState::Posted);
    Some(Settlement {
        case_number: case.number.clone(),
        date: fixed.date,
        posting,
        loans: loans.map(|loan| LoanPart { loan_no: loan.loan_no, amount: loan.amount_yen }).collect(),
        drawings: posted.map(|posting| Yen(posting.amount_yen)).collect(),
        drawing_interest: drawing_interest.unwrap_or(Yen::ZERO),
        bridges,
        charges: charged,
        payoff,
        transfers,
        own_funds: Yen(order.own_funds_yen),
        funds_for_costs: Yen(costs.map_or(0, |costs| costs.funds_available_yen)),
    })
}

/// What was read, or the problem on the list.
fn kept<T>(read: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

fn sender(given: &TransferSender, problems: &mut Vec<Problem>) -> Option<Orderer> {
    let code = kept(SenderCode::parse("sender.code", &given.code), problems);
    let name = kept(KanaName::parse("sender.name", &given.name), problems);
    let account = account(&given.account, "sender.account", problems);
    Some(Orderer { code: code?, name: name?, account: account? })
}

fn payee(given: &TransferPayee, field: &str, problems: &mut Vec<Problem>) -> Option<Destination> {
    let name = kept(KanaName::parse(&format!("{field}.name"), &given.name), problems);
    let account = account(&given.account, &format!("{field}.account"), problems);
    Some(Destination { account: account?, payee: name? })
}

fn account(given: &TransferAccount, field: &str, problems: &mut Vec<Problem>) -> Option<DepositAccount> {
    let below = |name: &str| format!("{field}.{name}");
    let bank_code = kept(BankCode::parse(&below("bank_code"), &given.bank_code), problems);
    let bank_name = kept(KanaName::parse(&below("bank_name"), &given.bank_name), problems);
    let branch_code = kept(BranchCode::parse(&below("branch_code"), &given.branch_code), problems);
    let branch_name = kept(KanaName::parse(&below("branch_name"), &given.branch_name), problems);
    let number = kept(AccountNumber::parse(&below("number"), &given.number), problems);
    let kind = match given.kind {
        AccountKind::Ordinary => DepositKind::Ordinary,
        AccountKind::Current => DepositKind::Current,
        AccountKind::Savings => DepositKind::Savings,
    };
    let branch = Branch {
        bank_code: bank_code?,
        bank_name: bank_name?,
        branch_code: branch_code?,
        branch_name: branch_name?,
    };
    Some(DepositAccount { branch, kind, number: number? })
}
