//! The end of a business day in operations (日締め): posting orders, their outcomes and core banking's ledger must say the same before the
//! day is closed. Pure; what stands where is read by the store.
//!
//! Nothing here moves money or changes a case: outcomes come from core banking alone, under the key of the order (INV-1).

pub mod ledger;
mod steps;
pub mod transfers;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use crate::machine::Case;
use crate::machine::facts::{Posting, PostingPart, PostingState};
use crate::zengin::ResultCode;
use ledger::{LedgerEntry, LedgerLine};
pub use steps::{
    CarriedOver, Closing, DayLine, DayStep, LONGEST_REASON, Reopening, StepState, is_reason, moved,
    problem_of_order, problem_of_reopening, problems_of_closing, problems_of_decision,
};
use transfers::{LineOutcome, SentTransfer, TransferResult};

/// Rule under which a day's end refuses.
pub const RULE: &str = "DAY-END";

crate::terms! {
    /// Why a day does not balance.
    pub enum DifferenceKind {
        NoLedger = "NO_LEDGER", "元帳明細が未登録", "The ledger list of the day is not there";
        OrderWithoutOutcome = "ORDER_WITHOUT_OUTCOME", "結果のない実行指図", "An order without an outcome";
        ReversalOpen = "REVERSAL_OPEN", "取消の結果待ち", "A reversal without an outcome";
        OutcomeWithoutLedger = "OUTCOME_WITHOUT_LEDGER", "元帳にない実行", "An outcome without a ledger line";
        LedgerWithoutOrder = "LEDGER_WITHOUT_ORDER", "指図のない元帳明細", "A ledger line without an order";
        AmountDiffers = "AMOUNT_DIFFERS", "金額相違", "Order and ledger have different amounts";
        NoTransferResult = "NO_TRANSFER_RESULT", "振込結果ファイルが未登録", "No result file of the day's transfers is there";
        TransferWithoutResult = "TRANSFER_WITHOUT_RESULT", "結果のない振込", "A transfer without a result";
        TransferRefused = "TRANSFER_REFUSED", "振込の処理不能", "A transfer was refused";
        TransferDiffers = "TRANSFER_DIFFERS", "振込の金額・口座相違", "A transfer went out with another amount or account";
        TransferTwice = "TRANSFER_TWICE", "振込の重複", "A transfer went out twice";
        TransferWithoutPosting = "TRANSFER_WITHOUT_POSTING", "実行のない振込", "A transfer went out and its posting is not";
        TransferUnknown = "TRANSFER_UNKNOWN", "送信していない振込", "A transfer that was never sent";
    }
}

impl DifferenceKind {
    /// What to do about it, in Japanese and English.
    pub const fn what_to_do(self) -> (&'static str, &'static str) {
        match self {
            Self::NoLedger => (
                "勘定系からその日の元帳明細を受け取り、登録してください。明細が0件の日も登録します。",
                "Get the list from core banking and hand it in, also for a day without bookings.",
            ),
            Self::OrderWithoutOutcome => (
                "勘定系に同じ指図番号で結果を照会してください。再指図はしないでください。",
                "Ask core banking for the outcome under the same key. Do not order again.",
            ),
            Self::ReversalOpen => (
                "勘定系に取消の結果を照会してください。",
                "Ask core banking for the outcome of the reversal.",
            ),
            Self::OutcomeWithoutLedger => (
                "勘定系に記帳の有無を確認し、正しい元帳明細を登録し直してください。",
                "Ask core banking whether it was booked, and hand in the list anew.",
            ),
            Self::LedgerWithoutOrder => (
                "勘定系に記帳の根拠を確認し、誤りであれば勘定系で取り消してください。",
                "Ask core banking for the ground of the booking; if it is wrong, core banking takes it back.",
            ),
            Self::AmountDiffers => (
                "指図額と記帳額の差を勘定系と確認し、勘定系で訂正してください。",
                "Settle the difference with core banking, which corrects its booking.",
            ),
            Self::NoTransferResult => (
                "振込結果ファイルを登録してください。勘定系が自ら送金した日は、その旨を理由として繰り越します。",
                "Hand in the result file. Where core banking sends the money itself, carry it over and say so.",
            ),
            Self::TransferWithoutResult => (
                "振込先の銀行に結果を照会してください。結果が分かるまで再送しないでください。",
                "Ask the transfer channel for the result. Send nothing again before it is known.",
            ),
            Self::TransferRefused => (
                "資金は口座に残っています。お客さまに確認し、振込先を訂正（2名確認）してから、窓口で改めて振り込んでください。",
                "The money is still in the account. Ask the customer, correct the payee with two people, and transfer anew by hand.",
            ),
            Self::TransferDiffers => (
                "ただちに仕向銀行へ連絡し、組戻しの要否を確認してください。",
                "Call the transfer channel at once and ask whether the money must be recalled.",
            ),
            Self::TransferTwice => (
                "二重送金の疑いがあります。ただちに仕向銀行へ組戻しを依頼してください。",
                "Money may be out twice. Ask the transfer channel at once to recall it.",
            ),
            Self::TransferWithoutPosting => (
                "融資の実行がないまま送金されています。ただちに仕向銀行へ組戻しを依頼してください。",
                "Money went out without the loan. Ask the transfer channel at once to recall it.",
            ),
            Self::TransferUnknown => (
                "送信の根拠を確認してください。心当たりがなければ不正送金として報告してください。",
                "Find out who sent it; where nobody did, report it as a fraudulent transfer.",
            ),
        }
    }

    /// May the day be closed while it stands, with a reason? A day whose ledger nobody has seen may not.
    pub const fn may_be_carried(self) -> bool {
        !matches!(self, Self::NoLedger)
    }

    /// Does what was carried over meet the next day again? The rest was dealt with by hand when it was carried over.
    pub const fn stays_open(self) -> bool {
        matches!(
            self,
            Self::OrderWithoutOutcome
                | Self::ReversalOpen
                | Self::OutcomeWithoutLedger
                | Self::LedgerWithoutOrder
                | Self::AmountDiffers
                | Self::TransferWithoutResult
        )
    }
}

/// One reason why a day does not balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Difference {
    pub kind: DifferenceKind,
    /// What it is about: key of an order (with `/L1` for a loan of a mix), of a transfer line, or `file/record`.
    pub key: String,
    pub application_id: Option<String>,
    /// Yen as ordered.
    pub ordered_yen: Option<i64>,
    /// Yen as the ledger or the result says.
    pub found_yen: Option<i64>,
}

impl Difference {
    /// Names the difference, however often the day is looked at.
    pub fn id(&self) -> String {
        format!("{}:{}", self.kind, self.key)
    }
}

/// A posting order of the day, or one that an earlier day carried over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DayOrder {
    pub application_id: String,
    pub number: String,
    /// Version of the case that ordered it.
    pub version: u64,
    /// The day on which it was ordered.
    pub ordered_on: NaiveDate,
    /// As it stands now.
    pub posting: Posting,
    /// What left the account with it.
    pub transfers: Vec<SentTransfer>,
}

impl DayOrder {
    /// The order that the case `then` gave with its last entry, and what became of it in the case `now`. `None`: there is none.
    pub fn of(then: &Case, now: &Case, ordered_on: NaiveDate) -> Option<DayOrder> {
        let key = &then.postings.last()?.key;
        let posting = now.postings.iter().find(|posting| posting.key == *key)?.clone();
        Some(DayOrder {
            application_id: now.id.clone(),
            number: now.number.clone(),
            version: then.version,
            ordered_on,
            posting,
            transfers: transfers::sent_with(then),
        })
    }
}

/// Everything that a day is judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DayBooks {
    pub orders: Vec<DayOrder>,
    /// The list of the day; `None` where nobody handed one in.
    pub ledger: Option<Vec<LedgerLine>>,
    /// Bookings of earlier days whose order was still missing when those days were closed.
    pub carried: Vec<LedgerLine>,
    /// Results of transfers by file, in the order in which they came: id of the file, its lines.
    pub results: Vec<(String, Vec<TransferResult>)>,
}

/// One loan of an order beside what the ledger says of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalanceLine {
    /// Key of the order, with `/L1` for a loan of a mix.
    pub key: String,
    pub application_id: Option<String>,
    pub number: Option<String>,
    pub ordered_on: Option<NaiveDate>,
    pub ordered_yen: Option<i64>,
    pub outcome: Option<PostingState>,
    /// Booked less taken back; absent where the ledger has no line.
    pub ledger_yen: Option<i64>,
    pub difference: Option<DifferenceKind>,
}

/// A transfer beside its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferLine {
    pub key: String,
    pub application_id: Option<String>,
    pub sent_yen: Option<i64>,
    pub result: Option<TransferResult>,
    pub difference: Option<DifferenceKind>,
}

/// A day as it stands: the three columns, the transfers, and what does not agree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Balance {
    pub lines: Vec<BalanceLine>,
    pub transfers: Vec<TransferLine>,
    pub differences: Vec<Difference>,
}

/// What a posting must have left in the ledger, in yen; `None` where its outcome is open.
const fn booked(state: PostingState, amount_yen: i64) -> Option<i64> {
    match state {
        PostingState::Posted | PostingState::Repaid => Some(amount_yen),
        PostingState::Rejected | PostingState::Reversed => Some(0),
        PostingState::Ordered | PostingState::Unknown | PostingState::Reversing => None,
    }
}

/// Sets orders, outcomes, ledger and results side by side.
pub fn balance(books: &DayBooks) -> Balance {
    let mut day = Balance::default();
    let mut differ = |kind, key: &str, of: Option<&str>, ordered_yen, found_yen| {
        let (key, application_id) = (key.to_owned(), of.map(str::to_owned));
        day.differences.push(Difference { kind, key, application_id, ordered_yen, found_yen });
    };
    if books.ledger.is_none() {
        differ(DifferenceKind::NoLedger, "", None, None, None);
    }
    // Booked less taken back, by order and loan.
    let mut booked_by: BTreeMap<String, i64> = BTreeMap::new();
    for line in books.carried.iter().chain(books.ledger.iter().flatten()) {
        let signed = if line.entry == LedgerEntry::Posting { line.amount_yen } else { -line.amount_yen };
        *booked_by.entry(key_of(&line.posting_key, line.loan_no)).or_default() += signed;
    }
    for order in &books.orders {
        for (key, ordered_yen, outcome) in loans_of(&order.posting) {
            let ledger_yen = booked_by.remove(&key);
            let difference = judge(outcome, ordered_yen, ledger_yen, books.ledger.is_some());
            if let Some(kind) = difference {
                differ(kind, &key, Some(&order.application_id), Some(ordered_yen), ledger_yen);
            }
            day.lines.push(BalanceLine {
                key,
                application_id: Some(order.application_id.clone()),
                number: Some(order.number.clone()),
                ordered_on: Some(order.ordered_on),
                ordered_yen: Some(ordered_yen),
                outcome: Some(outcome),
                ledger_yen,
                difference,
            });
        }
    }
    // What was booked and taken back without an order leaves nothing, and is no order's.
    for (key, ledger_yen) in booked_by.into_iter().filter(|(_, yen)| *yen != 0) {
        let kind = DifferenceKind::LedgerWithoutOrder;
        differ(kind, &key, None, None, Some(ledger_yen));
        day.lines.push(BalanceLine {
            key,
            application_id: None,
            number: None,
            ordered_on: None,
            ordered_yen: None,
            outcome: None,
            ledger_yen: Some(ledger_yen),
            difference: Some(kind),
        });
    }
    let (lines, differences) = transfers_of(books);
    day.transfers = lines;
    day.differences.extend(differences);
    day
}

/// The key of an order, or of one loan of a mix.
pub fn key_of(posting_key: &str, loan_no: Option<u8>) -> String {
    match loan_no {
        Some(number) => format!("{posting_key}/L{number}"),
        None => posting_key.to_owned(),
    }
}

fn loans_of(posting: &Posting) -> Vec<(String, i64, PostingState)> {
    if posting.parts.is_empty() {
        return vec![(posting.key.clone(), posting.amount_yen, posting.state)];
    }
    let one = |part: &PostingPart| {
        // A loan that was never settled by itself goes with the whole order.
        let open = matches!(part.state, PostingState::Ordered) && posting.state != PostingState::Ordered;
        let state = if open { posting.state } else { part.state };
        (key_of(&posting.key, Some(part.loan_no)), part.amount_yen, state)
    };
    posting.parts.iter().map(one).collect()
}

fn judge(
    outcome: PostingState,
    ordered_yen: i64,
    ledger_yen: Option<i64>,
    listed: bool,
) -> Option<DifferenceKind> {
    let Some(expected) = booked(outcome, ordered_yen) else {
        let reversing = outcome == PostingState::Reversing;
        let kind = if reversing { DifferenceKind::ReversalOpen } else { DifferenceKind::OrderWithoutOutcome };
        return Some(kind);
    };
    match ledger_yen {
        None if expected == 0 => None,
        // Without any list the day says so once.
        None => listed.then_some(DifferenceKind::OutcomeWithoutLedger),
        Some(yen) if yen == expected => None,
        Some(_) => Some(DifferenceKind::AmountDiffers),
    }
}

fn transfers_of(books: &DayBooks) -> (Vec<TransferLine>, Vec<Difference>) {
    // The last line that speaks of a transfer says how it stands; what is wrong with a file stays.
    let mut said: BTreeMap<&str, &TransferResult> = BTreeMap::new();
    let (mut lines, mut differences) = (vec![], vec![]);
    let case_of = |key: &str| {
        let holds = |order: &&DayOrder| order.transfers.iter().any(|sent| sent.key == key);
        books.orders.iter().find(holds).map(|order| order.application_id.clone())
    };
    for (file, results) in &books.results {
        for result in results {
            let kind = match result.outcome {
                LineOutcome::Twice => DifferenceKind::TransferTwice,
                LineOutcome::Unknown => DifferenceKind::TransferUnknown,
                _ => {
                    said.extend(result.key.as_deref().map(|key| (key, result)));
                    continue;
                }
            };
            let application_id = result.key.as_deref().and_then(case_of);
            let key = format!("{file}/{}", result.line);
            let found_yen = Some(result.amount_yen);
            let difference = Difference {
                kind,
                key: key.clone(),
                application_id: application_id.clone(),
                ordered_yen: None,
                found_yen,
            };
            differences.push(difference);
            let (result, difference) = (Some(result.clone()), Some(kind));
            lines.push(TransferLine { key, application_id, sent_yen: None, result, difference });
        }
    }
    let out = |state| matches!(state, PostingState::Posted | PostingState::Repaid);
    let paid = |order: &&DayOrder| out(order.posting.state);
    let mut silent = false;
    for order in &books.orders {
        for sent in &order.transfers {
            let result = said.get(sent.key.as_str()).copied();
            let kind = match result.map(|result| result.outcome) {
                Some(LineOutcome::Done | LineOutcome::AmountDiffers | LineOutcome::AccountDiffers)
                    if !paid(&order) && result.is_some_and(|result| result.code == ResultCode::Done) =>
                {
                    Some(DifferenceKind::TransferWithoutPosting)
                }
                Some(LineOutcome::Done) => None,
                Some(LineOutcome::Refused) => Some(DifferenceKind::TransferRefused),
                Some(_) => Some(DifferenceKind::TransferDiffers),
                // Nothing is expected of a posting that is not out.
                None if !paid(&order) => None,
                None if books.results.is_empty() => {
                    silent = true;
                    Some(DifferenceKind::NoTransferResult)
                }
                None => Some(DifferenceKind::TransferWithoutResult),
            };
            if let Some(kind) = kind.filter(|kind| *kind != DifferenceKind::NoTransferResult) {
                differences.push(Difference {
                    kind,
                    key: sent.key.clone(),
                    application_id: Some(order.application_id.clone()),
                    ordered_yen: Some(sent.amount_yen),
                    found_yen: result.map(|result| result.amount_yen),
                });
            }
            lines.push(TransferLine {
                key: sent.key.clone(),
                application_id: Some(order.application_id.clone()),
                sent_yen: Some(sent.amount_yen),
                result: result.cloned(),
                difference: kind,
            });
        }
    }
    if silent {
        let kind = DifferenceKind::NoTransferResult;
        let (key, none) = (String::new(), None);
        differences.push(Difference { kind, key, application_id: None, ordered_yen: none, found_yen: none });
    }
    (lines, differences)
}

/// The bookings that concern a difference: those of its order, whatever loan of it, or of the key that has no order.
pub fn bookings_of(books: &DayBooks, difference: &Difference) -> Vec<LedgerLine> {
    let order = order_of(books, difference);
    let mine = |line: &&LedgerLine| match order {
        Some(order) => line.posting_key == order.posting.key,
        None => key_of(&line.posting_key, line.loan_no) == difference.key,
    };
    books.carried.iter().chain(books.ledger.iter().flatten()).filter(mine).cloned().collect()
}

/// The order that a difference is about, where there is one.
pub fn order_of<'b>(books: &'b DayBooks, difference: &Difference) -> Option<&'b DayOrder> {
    let is = |order: &&DayOrder| {
        loans_of(&order.posting).iter().any(|(key, ..)| *key == difference.key)
            || order.transfers.iter().any(|sent| sent.key == difference.key)
    };
    books.orders.iter().find(is)
}

/// The closing of a day as it stands, with these reasons by the ids of its differences.
pub fn closing_of(books: &DayBooks, day: &Balance, reasons: &BTreeMap<String, String>) -> Closing {
    let carried = |difference: &Difference| {
        let open = difference.kind.stays_open();
        let order = order_of(books, difference).filter(|_| open);
        CarriedOver {
            difference: difference.clone(),
            reason: reasons.get(&difference.id()).map(|reason| reason.trim().to_owned()).unwrap_or_default(),
            order: order.map(|order| (order.application_id.clone(), order.version)),
            ledger: if open { bookings_of(books, difference) } else { vec![] },
        }
    };
    let done =
        |line: &&TransferLine| line.result.as_ref().is_some_and(|result| result.outcome == LineOutcome::Done);
    Closing {
        orders: books.orders.len() as u64,
        booked_yen: day.lines.iter().filter_map(|line| line.ledger_yen).sum(),
        transfers: day.transfers.iter().filter(done).count() as u64,
        carried: day.differences.iter().map(carried).collect(),
    }
}

/// Keys of transfers that results said were carried out.
pub fn carried_out<'r>(results: impl IntoIterator<Item = &'r TransferResult>) -> BTreeSet<String> {
    let done = results.into_iter().filter(|result| result.outcome == LineOutcome::Done);
    done.filter_map(|result| result.key.clone()).collect()
}
