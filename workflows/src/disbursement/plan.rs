//! The money of one disbursement (I.20): every line in its order, what is left, and why it cannot be ordered.

use chrono::NaiveDate;
use serde::Serialize;

use super::lines::{Charge, Collection, Destination, Line, LineKind, Part, Side};
use crate::form::Problem;
use crate::money::{LARGEST_AMOUNT, Yen};

/// A loan of the case with its contract amount.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct LoanPart {
    pub loan_no: u8,
    pub amount: Yen,
}

/// What is posted.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Posting {
    /// A drawing of the limit-type contract (E.6).
    Drawing { amount: Yen },
    /// The loans of the case. With drawings before it, the rest up to the contract amount (O-30).
    Main,
}

/// A bridge loan that the main disbursement pays off (BR-5).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BridgeDebt {
    pub case_number: String,
    pub principal: Yen,
    pub interest: Yen,
}

/// The statement of the lender that a refinance pays off (G-PAYOFF).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayoffStatement {
    /// Principal, interest to the date and fees.
    pub amount: Yen,
    /// The date that the statement is for.
    pub as_of: NaiveDate,
    pub to: Option<Destination>,
}

/// Whether an existing lender is paid off.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Payoff {
    NotNeeded,
    /// Refinance: the statement, once it is recorded.
    Needed(Option<PayoffStatement>),
}

/// A transfer that the customer orders: seller, contractor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    pub amount: Yen,
    pub to: Option<Destination>,
}

/// What a disbursement is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settlement {
    pub case_number: String,
    pub date: NaiveDate,
    pub posting: Posting,
    pub loans: Vec<LoanPart>,
    /// Drawings that are out, in their order.
    pub drawings: Vec<Yen>,
    /// Interest on the drawings that is due on the date and not yet debited.
    pub drawing_interest: Yen,
    pub bridges: Vec<BridgeDebt>,
    pub charges: Vec<Charge>,
    pub payoff: Payoff,
    pub transfers: Vec<Transfer>,
    /// The customer's own money in the account that is set aside for this settlement.
    pub own_funds: Yen,
    /// What the branch recorded as available for the costs.
    pub funds_for_costs: Yen,
}

/// The money of one disbursement, which adds up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DisbursementPlan {
    pub case_number: String,
    pub date: NaiveDate,
    /// In the order of I.20.
    pub lines: Vec<Line>,
    /// Yen that the loans deliver to the account.
    pub delivered_yen: Yen,
    /// Yen of the costs (3) to (5).
    pub costs_yen: Yen,
    pub own_funds_yen: Yen,
    /// Yen that stay in the account (7): own funds and credits less debits.
    pub rest_yen: Yen,
    /// Yen that the customer owes under the contracts of the case after the posting (INV-2).
    pub balance_after_yen: Yen,
}

impl DisbursementPlan {
    /// The sum of the lines on one side.
    pub fn total(&self, side: Side) -> Yen {
        self.lines.iter().filter(|line| line.side == side).map(|line| line.amount_yen).sum()
    }

    /// The lines whose money leaves the bank by transfer.
    pub fn outgoing(&self) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(|line| line.to.is_some() || line.kind.step() == 6)
    }
}

/// The plan of a disbursement. Errors, all at once: amounts below nought or above any loan, a posting above the contract
/// (INV-2), drawings that cannot be (S-15), a pay-off without the statement of the day (G-PAYOFF), costs above what is there
/// for them (G-COSTS), transfers above what is left (I.20).
pub fn plan(settlement: &Settlement) -> Result<DisbursementPlan, Vec<Problem>> {
    let mut problems = Vec::new();
    amounts(settlement, &mut problems);
    contract(settlement, &mut problems);
    if !problems.is_empty() {
        return Err(problems);
    }
    payoff(settlement, &mut problems);
    let lines = lines(settlement);
    let sum = |test: &dyn Fn(&Line) -> bool| -> Yen {
        lines.iter().filter(|line| test(line)).map(|line| line.amount_yen).sum()
    };
    let delivered = sum(&|line| line.kind == LineKind::LoanCredit);
    let costs = sum(&|line| line.kind.is_cost());
    let debited = sum(&|line| line.side == Side::Debit);
    let rest = settlement.own_funds + delivered - debited;
    if costs > settlement.funds_for_costs {
        problems.push(Problem::new(
            "funds_for_costs",
            "G-COSTS",
            (
                "諸費用が、そのために用意された資金を超えています。",
                "The costs are above the funds that are there for them.",
            ),
            format!("{costs}円以上 / at least {costs} yen"),
        ));
    }
    if rest < Yen::ZERO {
        let room = settlement.own_funds + delivered - (debited - sum(&|line| line.kind.step() == 6));
        problems.push(Problem::new(
            "transfers",
            "I.20",
            (
                "融資金と自己資金から、返済・諸費用・振込の合計を支払うことができません。",
                "Loan and own funds do not cover what is paid off, the costs and the transfers.",
            ),
            format!("振込合計{room}円まで / transfers of at most {room} yen, or more own funds"),
        ));
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let drawn: Yen = settlement.drawings.iter().copied().sum();
    Ok(DisbursementPlan {
        case_number: settlement.case_number.clone(),
        date: settlement.date,
        lines,
        delivered_yen: delivered,
        costs_yen: costs,
        own_funds_yen: settlement.own_funds,
        rest_yen: rest,
        balance_after_yen: drawn + delivered,
    })
}

/// Every amount is one that a form would take. Loans and drawings are more than nought.
fn amounts(settlement: &Settlement, problems: &mut Vec<Problem>) {
    let mut check = |field: String, amount: Yen, least: Yen| amount_in_range(field, amount, least, problems);
    for (at, loan) in settlement.loans.iter().enumerate() {
        check(format!("loans[{at}].amount"), loan.amount, Yen(1));
    }
    if let Posting::Drawing { amount } = settlement.posting {
        check("posting.amount".to_owned(), amount, Yen(1));
    }
    for (at, amount) in settlement.drawings.iter().enumerate() {
        check(format!("drawings[{at}]"), *amount, Yen(1));
    }
    check("drawing_interest".to_owned(), settlement.drawing_interest, Yen::ZERO);
    for (at, bridge) in settlement.bridges.iter().enumerate() {
        check(format!("bridges[{at}].principal"), bridge.principal, Yen::ZERO);
        check(format!("bridges[{at}].interest"), bridge.interest, Yen::ZERO);
    }
    for (at, charge) in settlement.charges.iter().enumerate() {
        check(format!("charges[{at}].amount"), charge.amount, Yen::ZERO);
    }
    for (at, _) in settlement.charges.iter().enumerate().filter(|(_, charge)| !charge.kind.is_cost()) {
        let messages = ("諸費用の種類ではありません。", "This is no kind of cost.");
        let accepted = "手数料・保証料・司法書士報酬・税 / fees, guarantee fee, scrivener's bill, taxes";
        problems.push(Problem::new(format!("charges[{at}].kind"), "I.20", messages, accepted));
    }
    let mut check = |field: String, amount: Yen, least: Yen| amount_in_range(field, amount, least, problems);
    if let Payoff::Needed(Some(statement)) = &settlement.payoff {
        check("payoff.amount".to_owned(), statement.amount, Yen(1));
    }
    for (at, transfer) in settlement.transfers.iter().enumerate() {
        check(format!("transfers[{at}].amount"), transfer.amount, Yen(1));
    }
    check("own_funds".to_owned(), settlement.own_funds, Yen::ZERO);
    check("funds_for_costs".to_owned(), settlement.funds_for_costs, Yen::ZERO);
}

fn amount_in_range(field: String, amount: Yen, least: Yen, problems: &mut Vec<Problem>) {
    if !(least..=LARGEST_AMOUNT).contains(&amount) {
        let messages = ("金額が範囲外です。", "The amount is out of range.");
        problems.push(Problem::new(field, "I.20", messages, format!("{least} - {LARGEST_AMOUNT} yen")));
    }
}

/// INV-2, S-15: one contract takes the drawings, and no posting goes above it.
fn contract(settlement: &Settlement, problems: &mut Vec<Problem>) {
    let mut wrong = |field: &str, rule, messages, accepted: String| {
        problems.push(Problem::new(field, rule, messages, accepted));
    };
    let total: Yen = settlement.loans.iter().map(|loan| loan.amount).sum();
    let drawn: Yen = settlement.drawings.iter().copied().sum();
    if settlement.loans.is_empty() {
        let messages = ("融資がありません。", "There is no loan to disburse.");
        wrong("loans", "I.20", messages, "1件以上 / at least one".to_owned());
    }
    let drawing = matches!(settlement.posting, Posting::Drawing { .. });
    let ahead = drawing || !settlement.drawings.is_empty() || !settlement.bridges.is_empty();
    if ahead && settlement.loans.len() > 1 {
        let messages = (
            "金利ミックスでは分割融資・つなぎローンを利用できません。",
            "An interest mix takes no drawings and no bridge loan.",
        );
        wrong("loans", "S-15", messages, "1本の契約 / one loan".to_owned());
    }
    let over = match settlement.posting {
        Posting::Drawing { amount } => drawn + amount > total,
        Posting::Main => drawn > total,
    };
    if over {
        let messages = ("契約金額を超える実行です。", "The posting goes above the contract amount.");
        wrong("posting", "INV-2", messages, format!("契約金額{total}円まで / up to {total} yen in all"));
    }
    if drawing && !settlement.bridges.is_empty() {
        let messages = (
            "つなぎローンの完済は本体融資の実行時に行います。",
            "A bridge loan is paid off by the main disbursement.",
        );
        wrong("bridges", "I-10", messages, "なし / none".to_owned());
    }
}

/// G-PAYOFF: the lender's statement is for this day.
fn payoff(settlement: &Settlement, problems: &mut Vec<Problem>) {
    let Payoff::Needed(statement) = &settlement.payoff else { return };
    if statement.as_ref().is_none_or(|statement| statement.as_of != settlement.date) {
        let date = settlement.date;
        problems.push(Problem::new(
            "payoff",
            "G-PAYOFF",
            (
                "借換対象ローンの、実行日現在の完済金額が確認できません。",
                "The existing lender's statement for the date is missing.",
            ),
            format!("{date}現在の計算書 / a statement as of {date}"),
        ));
    }
}

/// The lines in the order of I.20; what costs nothing has no line.
fn lines(settlement: &Settlement) -> Vec<Line> {
    let mut made = Made { case_number: &settlement.case_number, lines: Vec::new() };
    match settlement.posting {
        Posting::Drawing { amount } => {
            let number = u32::try_from(settlement.drawings.len()).unwrap_or(u32::MAX).saturating_add(1);
            made.add(LineKind::LoanCredit, Part::Drawing(number), amount, None);
        }
        Posting::Main => {
            // Drawings belong to one loan only, so this takes them off that one.
            let mut drawn: Yen = settlement.drawings.iter().copied().sum();
            for loan in &settlement.loans {
                made.add(LineKind::LoanCredit, Part::Loan(loan.loan_no), loan.amount - drawn, None);
                drawn = Yen::ZERO;
            }
            for (number, amount) in (1..).zip(&settlement.drawings) {
                made.add(LineKind::DrawingConversion, Part::Drawing(number), *amount, None);
            }
        }
    }
    made.add(LineKind::DrawingInterest, Part::Case, settlement.drawing_interest, None);
    for bridge in &settlement.bridges {
        let part = || Part::Bridge(bridge.case_number.clone());
        made.add(LineKind::BridgePrincipal, part(), bridge.principal, None);
        made.add(LineKind::BridgeInterest, part(), bridge.interest, None);
    }
    for charge in settlement.charges.iter().filter(|charge| charge.collection == Collection::ThroughBank) {
        made.add(charge.kind, charge.part.clone(), charge.amount, charge.to.clone());
    }
    if let Payoff::Needed(Some(statement)) = &settlement.payoff {
        made.add(LineKind::Payoff, Part::Case, statement.amount, statement.to.clone());
    }
    for transfer in &settlement.transfers {
        made.add(LineKind::Transfer, Part::Case, transfer.amount, transfer.to.clone());
    }
    // Charges come in any order; the sort keeps the order of lines of one step.
    made.lines.sort_by_key(|line| line.kind.step());
    made.lines
}

struct Made<'a> {
    case_number: &'a str,
    lines: Vec<Line>,
}

impl Made<'_> {
    fn add(&mut self, kind: LineKind, part: Part, amount: Yen, to: Option<Destination>) {
        if amount == Yen::ZERO {
            return;
        }
        let same = self.lines.iter().filter(|line| line.kind == kind && line.part == part).count();
        let number = u32::try_from(same).unwrap_or(u32::MAX).saturating_add(1);
        let key = format!("{}/{part}/{kind}/{number}", self.case_number);
        self.lines.push(Line { key, kind, side: kind.side(), part, number, amount_yen: amount, to });
    }
}
