//! From a case to the bulk-transfer file of its outgoing money (I.20 step 6, I.30), for operations.
//!
//! Sums come from the plan that core banking was told, accounts of payees from the record, where two people have seen each. Only
//! who orders the transfers is said with the question: the bank's own code and account at its transfer channel.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::case::Case;
use super::rules::Rules;
use super::stage::Stage;
use crate::disbursement::{Destination, DisbursementPlan, Orderer, transfer_file};
use crate::form::{AccountKind, Problem};
use crate::kana::KanaName;
use crate::zengin::{
    AccountNumber, BankCode, Branch, BranchCode, Days, DepositAccount, DepositKind, LineEnd, SenderCode,
    TransferFile,
};

/// The stages in which the money of the day is known and not yet posted.
pub const STAGES: &[Stage] = &[Stage::Ready, Stage::Disbursing];

/// Who orders the transfers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferOrder {
    /// Whose account pays.
    pub sender: TransferSender,
    /// CR and LF behind each record, where the receiving bank wants them.
    #[serde(default)]
    pub line_ends: bool,
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferPayee {
    /// Where it goes.
    pub account: TransferAccount,
    /// Holder of the account in kana, as the account has it.
    pub name: String,
}

/// The file of a case's outgoing money on its day, with the plan behind it. `today` is the day on which it is made. Errors, all
/// at once, each with field and rule: a case that is not ready (I-07), names and numbers that a record cannot hold (I.30), money
/// that does not add up (I.20, G-COSTS, G-PAYOFF), an account that nobody recorded or whose change waits for its approval, a bridge
/// loan whose sums the case does not know (BR-5).
pub fn case_transfers(
    case: &Case,
    rules: &dyn Rules,
    order: &TransferOrder,
    today: NaiveDate,
) -> Result<(DisbursementPlan, TransferFile), Vec<Problem>> {
    let frozen = case.frozen.as_ref().filter(|_| STAGES.contains(&case.stage));
    let planned = frozen.and_then(|terms| super::money::disbursement_plan(case, terms));
    let Some(planned) = planned else {
        let accepted: Vec<&str> = STAGES.iter().map(|stage| stage.code()).collect();
        let messages = (
            "実行可となった案件に限ります。",
            "Only a case that is ready for its disbursement has transfers.",
        );
        return Err(vec![Problem::new("application_id", "I-07", messages, accepted.join(", "))]);
    };
    let mut problems = super::record::missing(case);
    let orderer = sender(&order.sender, &mut problems);
    let plan = planned.map_err(|found| problems.extend(found)).ok();
    let (Some(orderer), Some(plan), true) = (orderer, plan, problems.is_empty()) else {
        return Err(problems);
    };
    let is_open = |day| rules.is_business_day(&case.form, day);
    let line_end = if order.line_ends { LineEnd::CrLf } else { LineEnd::None };
    let file = transfer_file(&plan, &orderer, line_end, Days { made_on: today, is_open: &is_open })?;
    Ok((plan, file))
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

/// A payee as a record of the file takes it; what it cannot hold is added to the problems under `field` (I.30).
pub(super) fn payee(given: &TransferPayee, field: &str, problems: &mut Vec<Problem>) -> Option<Destination> {
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
