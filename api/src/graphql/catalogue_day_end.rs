//! The types of the end of a business day.

use super::day_end::{CLOSES, READS};
use super::model::{Input, Model};
use workflows::day_end::transfers::LineOutcome;
use workflows::day_end::{DifferenceKind, StepState};
use workflows::zengin::ResultCode;

/// All of them.
pub fn day_end(m: &mut Model) {
    words(m);
    day(m);
    lines(m);
    steps(m);
}

fn words(m: &mut Model) {
    m.choices("DayDifferenceKind", DifferenceKind::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("TransferOutcome", LineOutcome::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("TransferResultCode", ResultCode::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    m.choices("DayStepState", StepState::ALL.iter().map(|v| (v.code(), v.ja(), v.en())));
    let states = [
        ("OPEN", "未締め", "Open"),
        ("PENDING", "決裁待ち", "Waits for a decision"),
        ("CLOSED", "締め済み", "Closed"),
        ("MOVED", "締め後に変動あり", "Money moved after the closing"),
    ];
    m.choices("BusinessDayState", states.into_iter());
    let steps = [
        ("LEDGER", "元帳明細", "Ledger list"),
        ("TRANSFERS", "振込結果ファイル", "Result file of transfers"),
        ("CLOSING", "日締め", "Closing"),
        ("REOPENING", "締めの再開", "Reopening"),
    ];
    m.choices("DayStepKind", steps.into_iter());
}

fn day(m: &mut Model) {
    m.object(
        "BusinessDay",
        "A business day of the bank: the columns that must agree before it is closed.",
        &[
            ("date", "Date!", READS, "The day."),
            ("state", "BusinessDayState!", READS, "How far it is."),
            ("lines", "[DayBalanceLine!]!", READS, "Orders with their outcomes and what the ledger says."),
            ("transfers", "[DayTransferLine!]!", READS, "Transfers with their results."),
            ("differences", "[DayDifference!]!", READS, "What does not agree; empty where the day balances."),
            ("steps", "[DayEndLine!]!", READS, "What was handed in and done, the latest first."),
            (
                "pending",
                "DayEndLine",
                READS,
                "The closing or reopening, of whatever day, that waits for somebody else.",
            ),
            ("lastClosed", "Date", READS, "The day that was closed last."),
            ("earliestOpen", "Date", READS, "The day that must be closed before any later one."),
        ],
    );
    m.object(
        "DayDifference",
        "Why a day does not balance.",
        &[
            ("id", "ID!", READS, "Names it, however often the day is looked at."),
            ("kind", "DayDifferenceKind!", READS, "Kind."),
            ("kindLabel", "Label!", READS, "The same in words."),
            ("toDo", "Label!", READS, "What to do about it."),
            ("mayBeCarried", "Boolean!", READS, "May the day be closed while it stands, with a reason?"),
            ("key", "String!", READS, "Key of the order or transfer, or file and record."),
            ("applicationId", "ID", READS, "The application, where there is one."),
            ("orderedYen", "Yen", READS, "As ordered."),
            ("foundYen", "Yen", READS, "As the ledger or the result says."),
        ],
    );
}

fn lines(m: &mut Model) {
    m.object(
        "DayBalanceLine",
        "An order, or one loan of it, beside the ledger.",
        &[
            ("key", "String!", READS, "Key of the order; `/L1` for a loan of a mix (C-56)."),
            ("applicationId", "ID", READS, "The application."),
            ("number", "String", READS, "Its case number."),
            ("orderedOn", "Date", READS, "The day of the order; earlier where it was carried over."),
            ("orderedYen", "Yen", READS, "As ordered; absent where the ledger alone knows it."),
            ("outcome", "PostingState", READS, "Outcome as core banking gave it."),
            ("outcomeLabel", "Label", READS, "The same in words."),
            ("ledgerYen", "Yen", READS, "Booked less taken back; absent where the ledger has no line."),
            ("difference", "DayDifferenceKind", READS, "What does not agree."),
        ],
    );
    m.object(
        "DayTransferLine",
        "A transfer beside its result.",
        &[
            (
                "key",
                "String!",
                READS,
                "Key of the line, or file and record of a result that nothing was sent for.",
            ),
            ("applicationId", "ID", READS, "The application."),
            ("sentYen", "Yen", READS, "As sent."),
            ("result", "DayTransferResult", READS, "The result."),
            ("difference", "DayDifferenceKind", READS, "What does not agree."),
        ],
    );
    m.object(
        "DayTransferResult",
        "A line of a result file.",
        &[
            ("line", "Int!", READS, "Number of the record."),
            ("outcome", "TransferOutcome!", READS, "How it stands to what was sent."),
            ("outcomeLabel", "Label!", READS, "The same in words."),
            ("code", "TransferResultCode!", READS, "What the transfer channel says."),
            ("codeLabel", "Label!", READS, "The same in words."),
            ("amountYen", "Yen!", READS, "As the result says."),
            ("key", "String", READS, "Key of the line that was sent."),
        ],
    );
}

fn steps(m: &mut Model) {
    m.object(
        "DayEndLine",
        "Something handed in, a closing or a reopening.",
        &[
            ("id", "ID!", READS, "Id."),
            ("day", "Date!", READS, "The business date."),
            ("step", "DayStepKind!", READS, "What it is."),
            ("stepLabel", "Label!", READS, "The same in words."),
            ("state", "DayStepState!", READS, "How far it is."),
            ("stateLabel", "Label!", READS, "The same in words."),
            ("proposedBy", "String!", READS, "Who proposed it or handed it in."),
            ("proposedAt", "DateTime!", READS, "When."),
            ("decidedBy", "String", READS, "Who decided."),
            ("decidedAt", "DateTime", READS, "When."),
            ("reason", "String", READS, "Why it was returned."),
            ("why", "String", READS, "Why the day is opened again."),
            ("digest", "String", READS, "SHA-256 of what was handed in."),
            ("bookings", "Int", READS, "Bookings of a list."),
            ("results", "[DayTransferResult!]!", READS, "Lines of a result file."),
            ("orders", "Int", READS, "Orders of a closed day."),
            ("bookedYen", "Yen", READS, "What the ledger says is out."),
            ("carried", "[DayCarriedOver!]!", READS, "With what it was closed all the same."),
        ],
    );
    m.object(
        "DayCarriedOver",
        "A difference with which a day is closed.",
        &[("difference", "DayDifference!", READS, "The difference."), ("reason", "String!", READS, "Why.")],
    );
    m.object(
        "DayEndStep",
        "What a step of the day's end comes to.",
        &[
            ("line", "DayEndLine", CLOSES, "The line after the step; null where it was refused."),
            (
                "repeated",
                "Boolean!",
                CLOSES,
                "The same file was handed in before: this is what it came to then.",
            ),
            (
                "problems",
                "[Problem!]!",
                CLOSES,
                "Everything that stands against it; nothing is written then.",
            ),
        ],
    );
    let carry = [
        ("difference", "ID!", "Id of the difference."),
        ("reason", "String!", "Why it is carried over, at most 400 characters."),
    ];
    let carry = carry.map(|(name, ty, doc)| Input { name: name.into(), ty: ty.into(), doc: doc.into() });
    let doc = "A difference that is carried over.".to_owned();
    m.inputs.insert("CarryOverInput".to_owned(), (doc, carry.to_vec()));
}
