//! The outgoing transfers of a disbursement as a bulk-transfer file for OPERATIONS (I.20 step 6, I.30).

use super::plan::DisbursementPlan;
use crate::form::Problem;
use crate::kana::{KanaName, Sender};
use crate::zengin::{
    Days, DepositAccount, Group, Groups, LineEnd, Method, Options, PayeeStatus, Payment, Reference,
    SenderCode, TransferAmount, TransferFile,
};

/// Whose account the transfers leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Orderer {
    /// The code that the bank gave to whoever orders.
    pub code: SenderCode,
    pub name: KanaName<Sender>,
    pub account: DepositAccount,
}

/// The file of a plan's outgoing transfers, on the day of the plan. Errors, all at once: a plan without transfers, a line whose
/// account nobody has stated or whose amount has more than ten digits, and what [`TransferFile::new`] refuses.
pub fn transfer_file(
    plan: &DisbursementPlan,
    orderer: &Orderer,
    line_end: LineEnd,
    days: Days<'_>,
) -> Result<TransferFile, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut payments = Vec::new();
    for line in plan.outgoing() {
        let Some(to) = &line.to else {
            let messages =
                ("振込先の口座が登録されていません。", "The account of the payee is not recorded.");
            problems.push(Problem::new(
                &line.key,
                "I.30",
                messages,
                "銀行・支店・口座・受取人名 / account and payee",
            ));
            continue;
        };
        match TransferAmount::new(&line.key, line.amount_yen) {
            Ok(amount) => payments.push(Payment {
                to: to.account.clone(),
                payee: to.payee.clone(),
                amount,
                status: PayeeStatus::Known,
                reference: Reference::none(),
                method: Method::Telegraphic,
            }),
            Err(problem) => problems.push(problem),
        }
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let group = Group {
        sender_code: orderer.code.clone(),
        sender: orderer.name.clone(),
        date: plan.date,
        from: orderer.account.clone(),
        payments,
    };
    TransferFile::new(Options { line_end, groups: Groups::One }, days, vec![group])
}
