//! Every table and what keeps it honest. A test reads the list of tables from the database: a new table needs its line here.

/// What keeps the rows of a table honest.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// Each row is a leaf of the checkpoints.
    Sealed,
    /// The rows follow from sealed ones, and verification computes them again.
    Derived,
    /// Nothing: working data, for the reason given.
    Working(&'static str),
}

/// Table and what keeps it honest.
pub const TABLES: &[(&str, Kept)] = &[
    ("account", Kept::Derived),
    ("account_change", Kept::Derived),
    ("application", Kept::Derived),
    (
        "answer",
        Kept::Working("the bytes of answers for repeats of a request; they expire with their receipts"),
    ),
    ("audit", Kept::Sealed),
    (
        "calendar_feed",
        Kept::Working(
            "digests of the addresses of calendars; making and revoking one are sealed lines of the audit",
        ),
    ),
    (
        "case_key",
        Kept::Working(
            "wrapped data keys, wrapped anew when keys rotate; verification names a case whose key is lost or exchanged",
        ),
    ),
    ("case_line", Kept::Derived),
    ("checkpoint", Kept::Sealed),
    ("checkpoint_key", Kept::Sealed),
    ("day_line", Kept::Derived),
    (
        "contact",
        Kept::Working(
            "how people of a case wish to be told, sealed; each step is a sealed line of the audit",
        ),
    ),
    ("deadline", Kept::Derived),
    ("deputy", Kept::Derived),
    (
        "desk_digest",
        Kept::Working("which desks wish their mails by half-day; each step is a sealed line of the audit"),
    ),
    ("engagement", Kept::Derived),
    ("entry", Kept::Sealed),
    (
        "event_stream",
        Kept::Working("how far sealed entries were published to a stream, and which process publishes"),
    ),
    ("handover", Kept::Derived),
    ("inbox", Kept::Working("copies of sealed messages as they were shown, with marks of who read them")),
    (
        "incident_work",
        Kept::Working(
            "who works on what went wrong, and closings that wait; each step is a sealed line of the audit",
        ),
    ),
    (
        "intake_draft",
        Kept::Working(
            "what somebody has typed and not handed over yet, sealed; its owner changes and discards it",
        ),
    ),
    ("outbox", Kept::Sealed),
    ("rate_line", Kept::Derived),
    ("register_line", Kept::Derived),
    (
        "reminder",
        Kept::Working("what a desk was told of lines of the registers that come due; made again from them"),
    ),
    ("receipt", Kept::Working("answers kept for repeats of a request; they expire")),
    ("review_memo", Kept::Derived),
    ("saved_view", Kept::Working("filters of lists under a name; their owners change and delete them")),
    ("seaql_migrations", Kept::Working("which migrations have run")),
    (
        "session",
        Kept::Working("sessions of browsers; their beginnings and ends are sealed lines of the audit"),
    ),
    ("spending", Kept::Working("what callers have spent in the last minute, under digests of their names")),
    ("task", Kept::Derived),
    (
        "upload",
        Kept::Working(
            "files on their way; what arrived is a sealed entry of its case, what was refused a sealed line of the audit",
        ),
    ),
    ("webhook_endpoint", Kept::Derived),
    (
        "webhook_message",
        Kept::Working(
            "events on their way to endpoints: ids and types of sealed entries, with what became of each attempt",
        ),
    ),
];
