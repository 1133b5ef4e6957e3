//! The result of transfers, line by line against what was sent.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use crate::disbursement::{Destination, LineKind};
use crate::machine::Case;
use crate::zengin::{DepositAccount, ResultCode, ResultFile, ResultLine};

/// A transfer of a posting order: what the desk's file holds for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentTransfer {
    /// Key of the line (`case/part/kind/number`): it is paid once, whatever is repeated.
    pub key: String,
    pub kind: LineKind,
    pub amount_yen: i64,
    /// Absent where nobody had stated the account when the order was given: such a line left in no file.
    pub to: Option<Destination>,
}

/// The transfers of the order that stands in this case, which is the case just after its order.
pub fn sent_with(case: &Case) -> Vec<SentTransfer> {
    let plan = case.frozen.as_ref().and_then(|terms| crate::machine::money::disbursement_plan(case, terms));
    let Some(Ok(plan)) = plan else { return vec![] };
    plan.outgoing()
        .map(|line| SentTransfer {
            key: line.key.clone(),
            kind: line.kind,
            amount_yen: line.amount_yen.0,
            to: line.to.clone(),
        })
        .collect()
}

crate::terms! {
    /// How a line of a result stands to what was sent.
    pub enum LineOutcome {
        Done = "DONE", "一致・処理済", "Matched, carried out";
        Refused = "REFUSED", "一致・処理不能", "Matched, refused";
        AmountDiffers = "AMOUNT_DIFFERS", "金額相違", "Another amount than was sent";
        AccountDiffers = "ACCOUNT_DIFFERS", "口座相違", "Another account than was sent";
        /// Its transfer was carried out by an earlier line: money may be out twice.
        Twice = "TWICE", "処理済の振込の重複", "Carried out before";
        Unknown = "UNKNOWN", "送信していない明細", "Never sent";
    }
}

/// What a line of a result file came to. It names no account and nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransferResult {
    /// Number of the record in the file, from 1.
    pub line: usize,
    pub outcome: LineOutcome,
    pub code: ResultCode,
    /// Yen as the result says.
    pub amount_yen: i64,
    /// Key of the line that was sent, where there is one.
    pub key: Option<String>,
}

type Same = fn(&SentTransfer, &ResultLine) -> bool;

/// Reconciles a file with what was sent. `done`: keys that an earlier result said were carried out. Each line is first matched with an
/// equal one (account, holder, amount), then with one to the same account, then with one to the same holder over the same amount; no line
/// of the order answers twice.
pub fn reconcile(sent: &[SentTransfer], done: &BTreeSet<String>, file: &ResultFile) -> Vec<TransferResult> {
    let mut open: Vec<&SentTransfer> = sent.iter().filter(|line| !done.contains(&line.key)).collect();
    let mut paid: Vec<&SentTransfer> = sent.iter().filter(|line| done.contains(&line.key)).collect();
    let mut results: Vec<Option<TransferResult>> = vec![None; file.lines.len()];
    let exact: Same =
        |sent, line| same_account(sent, line) && same_holder(sent, line) && same_amount(sent, line);
    let passes: [(Same, Option<LineOutcome>); 3] = [
        (exact, None),
        (same_account, Some(LineOutcome::AmountDiffers)),
        (|sent, line| same_holder(sent, line) && same_amount(sent, line), Some(LineOutcome::AccountDiffers)),
    ];
    for (same, otherwise) in passes {
        for (line, result) in file.lines.iter().zip(&mut results).filter(|(_, result)| result.is_none()) {
            if let Some(sent) = take(&mut open, |sent| same(sent, line)) {
                let outcome = match (otherwise, line.code) {
                    // Another account at the same bank branch over another amount is no match of a holder either.
                    (Some(LineOutcome::AmountDiffers), _) if same_amount(sent, line) => {
                        LineOutcome::AccountDiffers
                    }
                    (Some(outcome), _) => outcome,
                    (None, ResultCode::Done) => LineOutcome::Done,
                    (None, _) => LineOutcome::Refused,
                };
                *result = Some(told(line, outcome, Some(sent)));
            }
        }
        // What is equal to a transfer that was carried out before is looked for before anything that is merely alike.
        for (line, result) in file.lines.iter().zip(&mut results).filter(|(_, result)| result.is_none()) {
            if let Some(sent) = take(&mut paid, |sent| exact(sent, line)) {
                *result = Some(told(line, LineOutcome::Twice, Some(sent)));
            }
        }
    }
    let unknown = |line: &ResultLine| told(line, LineOutcome::Unknown, None);
    file.lines.iter().zip(results).map(|(line, result)| result.unwrap_or_else(|| unknown(line))).collect()
}

fn take<'s>(
    from: &mut Vec<&'s SentTransfer>,
    wanted: impl Fn(&SentTransfer) -> bool,
) -> Option<&'s SentTransfer> {
    let at = from.iter().position(|sent| wanted(sent))?;
    Some(from.remove(at))
}

fn told(line: &ResultLine, outcome: LineOutcome, sent: Option<&SentTransfer>) -> TransferResult {
    TransferResult {
        line: line.line,
        outcome,
        code: line.code,
        amount_yen: line.payment.amount.yen().0,
        key: sent.map(|sent| sent.key.clone()),
    }
}

/// Names of banks and branches are the sender's words; their codes, the kind and the number are the account.
fn same_account(sent: &SentTransfer, line: &ResultLine) -> bool {
    let of = |account: &DepositAccount| {
        let branch = &account.branch;
        (branch.bank_code.clone(), branch.branch_code.clone(), account.kind, account.number.clone())
    };
    sent.to.as_ref().is_some_and(|to| of(&to.account) == of(&line.payment.to))
}

fn same_holder(sent: &SentTransfer, line: &ResultLine) -> bool {
    sent.to.as_ref().is_some_and(|to| to.payee == line.payment.payee)
}

fn same_amount(sent: &SentTransfer, line: &ResultLine) -> bool {
    sent.amount_yen == line.payment.amount.yen().0
}
