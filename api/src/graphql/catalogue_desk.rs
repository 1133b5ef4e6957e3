//! The types of figures, saved views, administration and audit.

use super::desk::{AUDITED, SET_UP};
use super::looked::WATCHERS;
use super::model::Model;
use super::wall::{INSIDE, STAFF};

/// All of them.
pub fn desk(m: &mut Model) {
    stages(m);
    work(m);
    set_up(m);
    audit(m);
}

fn stages(m: &mut Model) {
    m.object(
        "StageFigures",
        "How the caller's open cases stand.",
        &[
            ("asOf", "Date!", INSIDE, "The day."),
            ("exact", "Boolean!", INSIDE, "False where there are more open cases than were counted."),
            ("stages", "[StageFigure!]!", INSIDE, "By stage, in the order a loan lives."),
        ],
    );
    m.object(
        "StageFigure",
        "The open cases of a stage.",
        &[
            ("stage", "Stage!", INSIDE, "Stage."),
            ("label", "Label!", INSIDE, "The same in words."),
            ("cases", "Int!", INSIDE, "How many."),
            ("amountYen", "Yen!", INSIDE, "How much they ask for."),
            ("overdue", "Int!", INSIDE, "Cases with work that was due before today."),
            ("ages", "[StageAge!]!", INSIDE, "Cases by business days since they entered the stage."),
            ("medianAge", "Int", INSIDE, "Business days that half of the cases do not pass."),
            ("ninetiethAge", "Int", INSIDE, "Business days that nine of ten cases do not pass."),
            ("waitingOn", "[StageWaiting!]!", INSIDE, "For whom they wait; a case may wait for several."),
        ],
    );
    m.object(
        "StageAge",
        "Cases of like age.",
        &[
            ("from", "Int!", INSIDE, "Business days at least."),
            ("to", "Int", INSIDE, "Business days at most; absent for the last."),
            ("cases", "Int!", INSIDE, "How many."),
        ],
    );
    m.object(
        "StageWaiting",
        "Cases with work that waits for a role.",
        &[
            ("role", "Role!", INSIDE, "Role."),
            ("label", "Label!", INSIDE, "The same in words."),
            ("cases", "Int!", INSIDE, "How many."),
            ("overdue", "Int!", INSIDE, "Those with such work that was due before today."),
        ],
    );
}

fn work(m: &mut Model) {
    m.object(
        "WorkloadLine",
        "Work of one person of the lender in one role.",
        &[
            ("subject", "String", INSIDE, "Who; absent for what nobody has taken."),
            ("role", "Role!", INSIDE, "As what."),
            ("roleLabel", "Label!", INSIDE, "The same in words."),
            ("openTasks", "Int!", INSIDE, "Tasks that are open."),
            ("cases", "Int!", INSIDE, "Their cases."),
            ("overdue", "Int!", INSIDE, "Tasks that were due before today."),
            ("nextDue", "Date!", INSIDE, "The earliest due date."),
        ],
    );
    m.object(
        "IntakeFigure",
        "Cases received in a month, as they stand now.",
        &[
            ("month", "String!", INSIDE, "Month of reception, as 2026-04."),
            ("branch", "String!", INSIDE, "Branch code."),
            ("product", "Product!", INSIDE, "Product."),
            ("cases", "Int!", INSIDE, "Received."),
            ("amountYen", "Yen!", INSIDE, "How much they ask for."),
            ("open", "Int!", INSIDE, "Not decided yet, or decided anew."),
            ("approved", "Int!", INSIDE, "Approved and not lapsed, those disbursed among them."),
            ("declined", "Int!", INSIDE, "Declined."),
            ("withdrawn", "Int!", INSIDE, "Withdrawn or discarded."),
            ("lapsed", "Int!", INSIDE, "Approval rescinded or expired, or contract terminated."),
            ("disbursed", "Int!", INSIDE, "Wholly disbursed."),
            ("disbursedYen", "Yen!", INSIDE, "Their amount."),
        ],
    );
    m.object(
        "SavedView",
        "The filters of a list under a name.",
        &[
            ("id", "ID!", STAFF, "Id."),
            ("page", "String!", STAFF, "Address of the list."),
            ("name", "String!", STAFF, "Name."),
            ("search", "String!", STAFF, "What stands behind the question mark of the address."),
            ("branch", "String", STAFF, "Branch that shares it; absent where it is its owner's alone."),
            ("owner", "String!", STAFF, "Who saved it."),
            ("isMine", "Boolean!", STAFF, "Saved by the caller."),
            ("savedAt", "DateTime!", STAFF, "When."),
        ],
    );
}

fn set_up(m: &mut Model) {
    m.object(
        "CalendarDay",
        "A day of the bank's calendar.",
        &[
            ("date", "Date!", SET_UP, "Day."),
            ("open", "Boolean!", SET_UP, "The bank is open."),
            ("holiday", "String", SET_UP, "Name of the national holiday, in Japanese."),
            (
                "closures",
                "[CalendarClosure!]!",
                SET_UP,
                "Branches that are closed although the bank is open.",
            ),
        ],
    );
    m.object(
        "CalendarClosure",
        "A branch that is closed on a day.",
        &[
            ("branch", "String!", SET_UP, "Branch code."),
            ("reason", "String!", SET_UP, "Why, as the book says."),
        ],
    );
    m.object(
        "BookEdition",
        "An edition of the bank's product book.",
        &[
            ("version", "String!", SET_UP, "Version that cases pin."),
            ("bankName", "String!", SET_UP, "Bank."),
            ("from", "Date", SET_UP, "First day of reception that it judges; absent: from the beginning."),
            ("to", "Date", SET_UP, "Last day; absent: without end."),
            ("values", "[BookValue!]!", SET_UP, "Every value, by key."),
            ("changes", "[BookChange!]!", SET_UP, "What differs from the edition before."),
        ],
    );
    m.object(
        "BookValue",
        "A value of the book.",
        &[
            ("key", "String!", SET_UP, "Place, such as terms.fees.handling_others_yen."),
            ("rule", "String!", SET_UP, "Rule under which it stands."),
            ("label", "Label!", SET_UP, "What it means."),
            ("value", "String!", SET_UP, "The value as JSON text."),
        ],
    );
    m.object(
        "BookChange",
        "A value that differs between two editions.",
        &[
            ("key", "String!", SET_UP, "Place."),
            ("rule", "String!", SET_UP, "Rule under which it stands."),
            ("label", "Label!", SET_UP, "What it means."),
            ("before", "String", SET_UP, "JSON text; absent where it is new."),
            ("after", "String", SET_UP, "JSON text; absent where it is gone."),
            ("products", "[Product!]!", SET_UP, "Products that it touches."),
            ("customers", "Label!", SET_UP, "Whom it touches."),
        ],
    );
}

fn audit(m: &mut Model) {
    let kinds = [
        ("REFUSAL", "拒否した操作", "Refused command"),
        ("ACCESS", "個人データの閲覧", "Look at personal data"),
        ("RATE", "掲示金利・返戻表", "Posted rate or refund table"),
        ("DEPUTY", "代理者", "Deputy"),
        ("HANDOVER", "担当の引継ぎ", "Handover"),
        ("CASE_LINE", "受任・費用・本人確認・原本", "Job, costs, identity, originals"),
        ("CALENDAR", "カレンダー配信", "Calendar feed"),
        (
            "REVIEW_MEMO",
            "保証機関の社内メモ（記載した事実のみ）",
            "Memo of a guarantee institution: that it was written",
        ),
        ("ACCOUNT", "利用者", "Account"),
        ("SESSION", "サインイン", "Session"),
        ("INCIDENT", "障害対応", "Incident"),
        ("DELIVERY", "通知の再送", "Notice sent anew"),
        ("DAY_END", "日締め", "End of a day"),
        ("UPLOAD", "書類ファイルの受付不可", "Refused file"),
    ];
    m.choices("AuditKind", kinds.into_iter());
    m.object(
        "AuditConnection",
        "A page of the audit, the latest first.",
        &[
            ("edges", "[AuditEdge!]!", AUDITED, "The lines."),
            ("pageInfo", "PageInfo!", AUDITED, "Where the page ends."),
        ],
    );
    m.object(
        "AuditEdge",
        "A line.",
        &[("cursor", "String!", AUDITED, "Of this line."), ("node", "AuditLine!", AUDITED, "The line.")],
    );
    m.object(
        "AuditLine",
        "A line of the audit, without what was typed.",
        &[
            ("id", "ID!", AUDITED, "Id."),
            ("at", "DateTime!", AUDITED, "When."),
            ("subject", "String!", AUDITED, "Who."),
            ("role", "Role!", AUDITED, "As what."),
            ("roleLabel", "Label!", AUDITED, "The same in words."),
            ("kind", "String!", AUDITED, "Kind, as in AuditKind."),
            ("verb", "String", AUDITED, "What was asked for."),
            ("code", "String", AUDITED, "Code of the refusal, or what was looked at."),
            ("applicationId", "ID", AUDITED, "Case, where it was one."),
        ],
    );
    m.object(
        "CheckpointState",
        "A signed checkpoint over everything that was recorded.",
        &[
            ("number", "Int!", WATCHERS, "Number."),
            ("at", "DateTime!", WATCHERS, "When."),
            ("size", "Int!", WATCHERS, "Rows that it covers."),
            ("coveredCases", "Int!", WATCHERS, "Applications among them."),
            ("messages", "Int!", WATCHERS, "Messages among them."),
            ("key", "String!", WATCHERS, "Id of the key that signed it."),
        ],
    );
}
