//! The end of a business day: what agrees, what does not, and a checker that looks away.

use chrono::NaiveDate;
use proptest::prelude::*;
use std::collections::BTreeMap;
use workflows::day_end::ledger::{HEADER, LedgerEntry, LedgerLine, read};
use workflows::day_end::transfers::{LineOutcome, SentTransfer, TransferResult};
use workflows::day_end::{
    Balance, DayBooks, DayOrder, DifferenceKind, StepState, balance, closing_of, problem_of_order,
    problems_of_closing, problems_of_decision,
};
use workflows::disbursement::LineKind;
use workflows::machine::facts::{Posting, PostingPart, PostingState};
use workflows::zengin::ResultCode;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

const ON: &str = "2026-06-15";

fn order(key: &str, amount_yen: i64, state: PostingState) -> DayOrder {
    DayOrder {
        application_id: format!("case of {key}"),
        number: key.trim_end_matches("-1").to_owned(),
        version: 40,
        ordered_on: day(ON),
        posting: Posting {
            key: key.to_owned(),
            date: day(ON),
            amount_yen,
            drawing: false,
            state,
            parts: vec![],
        },
        transfers: vec![],
    }
}

fn booking(key: &str, entry: LedgerEntry, amount_yen: i64) -> LedgerLine {
    LedgerLine { posting_key: key.to_owned(), loan_no: None, entry, amount_yen, reference: "L-1".to_owned() }
}

fn books(orders: Vec<DayOrder>, ledger: Vec<LedgerLine>) -> DayBooks {
    DayBooks { orders, ledger: Some(ledger), ..DayBooks::default() }
}

fn found(day: &Balance) -> Vec<(DifferenceKind, &str)> {
    day.differences.iter().map(|one| (one.kind, one.key.as_str())).collect()
}

use DifferenceKind as K;
use LedgerEntry::{Posting as Out, Reversal as Back};

#[test]
fn a_day_balances_when_orders_outcomes_and_ledger_say_the_same() {
    let orders = vec![
        order("A-1", 30_000_000, PostingState::Posted),
        order("B-1", 20_000_000, PostingState::Rejected),
        order("C-1", 10_000_000, PostingState::Reversed),
    ];
    let ledger = vec![
        booking("A-1", Out, 30_000_000),
        booking("C-1", Out, 10_000_000),
        booking("C-1", Back, 10_000_000),
    ];
    let books = books(orders, ledger);
    let day = balance(&books);
    assert_eq!((found(&day), day.lines.len()), (vec![], 3));
    let closing = closing_of(&books, &day, &BTreeMap::new());
    assert_eq!((closing.orders, closing.booked_yen, closing.carried.len()), (3, 30_000_000, 0));
    assert_eq!(problems_of_closing(&day.differences, &BTreeMap::new()), []);
}

#[test]
fn each_difference_is_named_with_what_to_do() {
    let yen = 30_000_000;
    let one = |state, ledger: Vec<LedgerLine>| {
        let day = balance(&books(vec![order("A-1", yen, state)], ledger));
        assert!(day.differences.len() <= 1, "{day:?}");
        day.differences.first().map(|found| found.kind)
    };
    assert_eq!(one(PostingState::Ordered, vec![]), Some(K::OrderWithoutOutcome));
    // Even where the ledger has it: nobody told the case.
    assert_eq!(one(PostingState::Unknown, vec![booking("A-1", Out, yen)]), Some(K::OrderWithoutOutcome));
    assert_eq!(one(PostingState::Posted, vec![]), Some(K::OutcomeWithoutLedger));
    assert_eq!(one(PostingState::Posted, vec![booking("A-1", Out, yen - 1)]), Some(K::AmountDiffers));
    assert_eq!(one(PostingState::Rejected, vec![booking("A-1", Out, yen)]), Some(K::AmountDiffers));
    assert_eq!(one(PostingState::Reversing, vec![booking("A-1", Out, yen)]), Some(K::ReversalOpen));
    assert_eq!(one(PostingState::Reversed, vec![booking("A-1", Out, yen)]), Some(K::AmountDiffers));
    let stray = balance(&books(vec![], vec![booking("Z-9", Out, 5)]));
    assert_eq!(found(&stray), [(K::LedgerWithoutOrder, "Z-9")]);
    let none = balance(&DayBooks::default());
    assert_eq!(found(&none), [(K::NoLedger, "")]);
    for kind in DifferenceKind::ALL {
        let (ja, en) = kind.what_to_do();
        assert!(!ja.is_empty() && en.ends_with('.'), "{kind}");
    }
}

#[test]
fn of_a_mix_each_loan_is_looked_at() {
    let mut mix = order("M-1", 30_000_000, PostingState::Posted);
    let part = |loan_no, amount_yen| PostingPart {
        loan_no,
        amount_yen,
        state: PostingState::Posted,
        reference: None,
    };
    mix.posting.parts = vec![part(1, 20_000_000), part(2, 10_000_000)];
    let of = |loan_no, yen| LedgerLine { loan_no: Some(loan_no), ..booking("M-1", Out, yen) };
    let day = balance(&books(vec![mix.clone()], vec![of(1, 20_000_000), of(2, 10_000_000)]));
    assert_eq!(found(&day), []);
    // The right sum in one line is not two loans.
    let day = balance(&books(vec![mix], vec![booking("M-1", Out, 30_000_000)]));
    let both = [
        (K::OutcomeWithoutLedger, "M-1/L1"),
        (K::OutcomeWithoutLedger, "M-1/L2"),
        (K::LedgerWithoutOrder, "M-1"),
    ];
    assert_eq!(found(&day), both);
}

fn sent(key: &str, amount_yen: i64) -> SentTransfer {
    SentTransfer { key: key.to_owned(), kind: LineKind::Transfer, amount_yen, to: None }
}

fn result(line: usize, key: Option<&str>, outcome: LineOutcome, code: ResultCode) -> TransferResult {
    TransferResult { line, outcome, code, amount_yen: 5, key: key.map(str::to_owned) }
}

#[test]
fn transfers_need_their_results() {
    let case = |state, results: Vec<TransferResult>, files: bool| {
        let mut one = order("A-1", 30, state);
        one.transfers = vec![sent("A/C/TRANSFER/1", 5)];
        let booked = if state == PostingState::Posted { vec![booking("A-1", Out, 30)] } else { vec![] };
        let mut books = books(vec![one], booked);
        books.results = if files { vec![("F".to_owned(), results)] } else { vec![] };
        balance(&books).differences.into_iter().map(|found| (found.kind, found.key)).collect::<Vec<_>>()
    };
    let key = Some("A/C/TRANSFER/1");
    let one = |kind, key: &str| vec![(kind, key.to_owned())];
    use LineOutcome as L;
    use ResultCode as R;
    let posted = PostingState::Posted;
    assert_eq!(case(posted, vec![result(2, key, L::Done, R::Done)], true), []);
    assert_eq!(case(posted, vec![], false), one(K::NoTransferResult, ""));
    assert_eq!(case(posted, vec![], true), one(K::TransferWithoutResult, "A/C/TRANSFER/1"));
    assert_eq!(
        case(posted, vec![result(2, key, L::Refused, R::NoAccount)], true),
        one(K::TransferRefused, "A/C/TRANSFER/1")
    );
    assert_eq!(
        case(posted, vec![result(2, key, L::AmountDiffers, R::Done)], true),
        one(K::TransferDiffers, "A/C/TRANSFER/1")
    );
    let done = result(2, key, L::Done, R::Done);
    assert_eq!(
        case(posted, vec![done.clone(), result(3, key, L::Twice, R::Done)], true),
        one(K::TransferTwice, "F/3")
    );
    assert_eq!(
        case(posted, vec![done.clone(), result(3, None, L::Unknown, R::Done)], true),
        one(K::TransferUnknown, "F/3")
    );
    // Money that went out without its loan.
    assert_eq!(
        case(PostingState::Rejected, vec![done], true),
        one(K::TransferWithoutPosting, "A/C/TRANSFER/1")
    );
    assert_eq!(case(PostingState::Rejected, vec![], true), []);
}

#[test]
fn nothing_is_carried_over_without_a_reason() {
    let day = balance(&books(vec![order("A-1", 5, PostingState::Unknown)], vec![]));
    let id = day.differences[0].id();
    assert_eq!(id, "ORDER_WITHOUT_OUTCOME:A-1");
    let fields = |reasons: &[(&str, &str)]| {
        let reasons = reasons.iter().map(|(id, why)| ((*id).to_owned(), (*why).to_owned())).collect();
        let found = problems_of_closing(&day.differences, &reasons);
        assert!(found.iter().all(|problem| !problem.accepted.is_empty()));
        found.into_iter().map(|problem| problem.field).collect::<Vec<_>>()
    };
    assert_eq!(fields(&[]), [id.as_str()]);
    assert_eq!(fields(&[(&id, "  ")]), [id.as_str()]);
    assert_eq!(fields(&[(&id, &"長".repeat(401))]), [id.as_str()]);
    assert_eq!(fields(&[(&id, "照会中")]), Vec::<String>::new());
    assert_eq!(fields(&[(&id, "照会中"), ("AMOUNT_DIFFERS:B-1", "?")]), ["AMOUNT_DIFFERS:B-1"]);
    // A ledger that nobody has seen is no reason to go home.
    let unseen = balance(&DayBooks::default()).differences;
    let excuse = BTreeMap::from([(unseen[0].id(), "明日".to_owned())]);
    assert_eq!(problems_of_closing(&unseen, &excuse).len(), 1);
}

#[test]
fn days_are_closed_in_their_order_by_two_people() {
    let field = |on: &str, closed: Option<&str>, open: Option<&str>, pending| {
        problem_of_order(day(on), day(ON), closed.map(day), open.map(day), pending)
            .map(|found| found.accepted)
    };
    assert_eq!(field(ON, None, None, false), None, "a bank begins with the day it likes");
    assert_eq!(field(ON, Some("2026-06-12"), Some(ON), false), None);
    assert_eq!(field(ON, Some("2026-06-11"), Some("2026-06-12"), false).as_deref(), Some("2026-06-12"));
    assert!(field("2026-06-16", None, None, false).is_some(), "tomorrow");
    assert!(field(ON, Some(ON), None, false).is_some(), "closed");
    assert!(field(ON, None, None, true).is_some(), "somebody else's proposal waits");
    assert_eq!(problems_of_decision(StepState::Proposed, "first", "second"), []);
    assert_eq!(problems_of_decision(StepState::Proposed, "first", "first")[0].rule, "E.2");
    assert_eq!(problems_of_decision(StepState::Approved, "first", "second").len(), 1);
}

fn faults(text: &str) -> Vec<String> {
    read(text, day(ON)).unwrap_err().into_iter().map(|problem| problem.field).collect()
}

#[test]
fn a_ledger_list_is_whole_or_refused() {
    let list = |rows: &str| format!("{HEADER}\r\n{rows}");
    let lines = read(
        &list("A-1,,POSTING,30,2026-06-15,L-1\r\nM-1,2,REVERSAL,5,2026-06-15,L-2\nTOTAL,2,35\n"),
        day(ON),
    )
    .unwrap();
    assert_eq!((lines.len(), lines[1].loan_no, lines[1].entry), (2, Some(2), Back));
    assert_eq!(read(&list("TOTAL,0,0"), day(ON)), Ok(vec![]), "a day without bookings");
    assert_eq!(faults(""), ["line 1, header"]);
    assert_eq!(faults(&list("A-1,,POSTING,30,2026-06-15,L-1\n")), ["line 3, TOTAL"], "half a list");
    assert_eq!(faults(&list("A-1,,POSTING,30,2026-06-15,L-1\nTOTAL,1,31")), ["line 3, sum"]);
    assert_eq!(faults(&list("A-1,,POSTING,30,2026-06-15,L-1\nTOTAL,2,30")), ["line 3, count"]);
    assert_eq!(
        faults(&list("A-1,,POSTING,30,2026-06-12,L-1\nTOTAL,1,30")),
        ["line 2, booked_on"],
        "another day"
    );
    let twice = "A-1,,POSTING,30,2026-06-15,L-1\nA-1,,POSTING,30,2026-06-15,L-2\nTOTAL,2,60";
    assert_eq!(faults(&list(twice)), ["line 3, posting_key"]);
    let wrong = "A 1,x,PAID,-5,2026-06-15,\nTOTAL,1,5";
    let fields = ["posting_key", "loan_no", "entry", "amount_yen", "reference"]
        .map(|field| format!("line 2, {field}"));
    assert_eq!(faults(&list(wrong)), fields);
    assert_eq!(faults(&list("TOTAL,0,0\nA-1,,POSTING,30,2026-06-15,L-1")), ["line 3, end"]);
}

/// Does a day whose differences are these balance, looked at without the checker: by orders, what must be booked; by the ledger, what is?
fn honest(books: &DayBooks, differences: &[K]) -> bool {
    let mut open = false;
    let mut expected: BTreeMap<&str, i64> = BTreeMap::new();
    for order in &books.orders {
        match order.posting.state {
            PostingState::Posted | PostingState::Repaid => {
                expected.insert(&order.posting.key, order.posting.amount_yen);
            }
            PostingState::Rejected | PostingState::Reversed => {}
            _ => open = true,
        }
    }
    let mut booked: BTreeMap<&str, i64> = BTreeMap::new();
    for line in books.ledger.iter().flatten() {
        *booked.entry(&line.posting_key).or_default() +=
            if line.entry == Out { line.amount_yen } else { -line.amount_yen };
    }
    booked.retain(|_, yen| *yen != 0);
    differences.is_empty() == (!open && expected == booked)
}

fn any_books() -> impl Strategy<Value = DayBooks> {
    let keys = ["A-1", "B-1", "C-1", "D-1"];
    let amount = 1..4_i64;
    let state = prop::sample::select(PostingState::ALL);
    let orders = prop::collection::vec((amount.clone(), state), 0..4).prop_map(move |orders| {
        orders.into_iter().zip(keys).map(|((yen, state), key)| order(key, yen, state)).collect::<Vec<_>>()
    });
    let entry = prop::sample::select(LedgerEntry::ALL);
    let ledger = prop::collection::btree_map((prop::sample::select(keys.to_vec()), entry), amount, 0..6);
    (orders, ledger, any::<bool>()).prop_map(|(orders, ledger, mirrored)| {
        // Half of the days have the ledger that the orders ask for, with whatever else stands in it left out.
        let posted =
            |order: &&DayOrder| matches!(order.posting.state, PostingState::Posted | PostingState::Repaid);
        let right = orders
            .iter()
            .filter(posted)
            .map(|order| booking(&order.posting.key, Out, order.posting.amount_yen));
        let ledger = if mirrored {
            right.collect()
        } else {
            ledger.into_iter().map(|((key, entry), yen)| booking(key, entry, yen)).collect()
        };
        books(orders, ledger)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_without_differences_is_a_day_that_balances(books in any_books()) {
        let kinds: Vec<K> = balance(&books).differences.iter().map(|found| found.kind).collect();
        prop_assert!(honest(&books, &kinds), "{:?} {:?}", kinds, books);
    }

    #[test]
    fn any_list_is_answered(text in "(posting_key,loan_no,entry,amount_yen,booked_on,reference\n)?[A-Z0-9,\\-\n\u{0}é]{0,80}") {
        if let Err(problems) = read(&text, day(ON)) {
            prop_assert!(!problems.is_empty());
        }
    }
}

/// Seeded: a checker that does not look for missing lines passes a day on which core banking booked nothing, and the proof above finds it.
#[test]
fn a_checker_that_ignores_missing_lines_is_found() {
    let books = books(vec![order("A-1", 5, PostingState::Posted)], vec![]);
    let seen: Vec<K> = balance(&books).differences.iter().map(|found| found.kind).collect();
    assert!(honest(&books, &seen));
    let blind: Vec<K> = seen.into_iter().filter(|kind| *kind != K::OutcomeWithoutLedger).collect();
    assert!(!honest(&books, &blind));
}
