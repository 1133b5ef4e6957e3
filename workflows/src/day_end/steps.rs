//! What people do at the end of a day: lists that they hand in, and closings and reopenings that one proposes and another decides (E.2).

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

use super::ledger::LedgerLine;
use super::transfers::TransferResult;
use super::{Difference, RULE};
use crate::form::Problem;

/// The longest reason.
pub const LONGEST_REASON: usize = 400;

crate::terms! {
    /// How far a closing or reopening is.
    pub enum StepState {
        Proposed = "PROPOSED", "起案中", "Proposed";
        Approved = "APPROVED", "承認済", "Approved";
        Returned = "RETURNED", "差戻し", "Returned";
        /// Lists and files.
        HandedIn = "HANDED_IN", "登録済", "Handed in";
    }
}

/// A difference with which a day is closed, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CarriedOver {
    pub difference: Difference,
    pub reason: String,
    /// The order that it is about, for the next day's end: case and version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<(String, u64)>,
    /// The bookings that it is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ledger: Vec<LedgerLine>,
}

/// A day as it is to be closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// Orders of the day and those carried over to it.
    pub orders: u64,
    /// Yen that the ledger says are out.
    pub booked_yen: i64,
    /// Transfers that were carried out.
    pub transfers: u64,
    pub carried: Vec<CarriedOver>,
}

/// A closed day is open again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reopening {
    pub reason: String,
}

/// What a line of the day's end says. Lines are added; of a proposal alone the decision is written into it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DayStep {
    /// Core banking's list, with the SHA-256 of its bytes in hexadecimal. A later list of the day counts instead of an earlier one.
    Ledger {
        digest: String,
        lines: Vec<LedgerLine>,
    },
    /// A result file, with the SHA-256 of its bytes. Files of a day add up.
    Transfers {
        digest: String,
        lines: Vec<TransferResult>,
    },
    Closing(Closing),
    Reopening(Reopening),
}

impl DayStep {
    /// `LEDGER`, `TRANSFERS`, `CLOSING` or `REOPENING`.
    pub const fn code(&self) -> &'static str {
        match self {
            DayStep::Ledger { .. } => "LEDGER",
            DayStep::Transfers { .. } => "TRANSFERS",
            DayStep::Closing(_) => "CLOSING",
            DayStep::Reopening(_) => "REOPENING",
        }
    }

    /// Digest of what was handed in.
    pub fn digest(&self) -> Option<&str> {
        match self {
            DayStep::Ledger { digest, .. } | DayStep::Transfers { digest, .. } => Some(digest),
            DayStep::Closing(_) | DayStep::Reopening(_) => None,
        }
    }
}

/// A line of the day's end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayLine {
    pub id: String,
    pub institution: String,
    /// The business date (Tokyo).
    pub day: NaiveDate,
    pub step: DayStep,
    pub state: StepState,
    /// Who proposed it or handed it in.
    pub proposed_by: String,
    pub proposed_at: DateTime<Utc>,
    pub decided_by: Option<String>,
    pub decided_at: Option<DateTime<Utc>>,
    /// Why it was returned.
    pub reason: Option<String>,
}

fn wrong(field: impl Into<String>, ja: &str, en: &str, accepted: impl Into<String>) -> Problem {
    Problem::new(field, RULE, (ja, en), accepted)
}

/// Is the text a reason?
pub fn is_reason(text: &str) -> bool {
    (1..=LONGEST_REASON).contains(&text.trim().chars().count())
}

/// Everything against closing a day with these differences and the reasons given by their ids: a difference without a reason, one that
/// cannot be carried over, a reason for something that is no difference.
pub fn problems_of_closing(differences: &[Difference], reasons: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = vec![];
    for difference in differences {
        let (id, kind) = (difference.id(), difference.kind);
        let (do_ja, do_en) = kind.what_to_do();
        let (ja, en) = (format!("{}。{do_ja}", kind.ja()), format!("{}. {do_en}", kind.en()));
        match reasons.get(&id) {
            _ if !kind.may_be_carried() => {
                problems.push(wrong(id, &ja, &en, "繰越不可 / it cannot be carried over"));
            }
            Some(reason) if is_reason(reason) => {}
            _ => problems.push(wrong(
                id,
                &ja,
                &en,
                "解消、または繰越の理由（400文字以内） / gone, or a reason of 1 to 400 characters",
            )),
        }
    }
    let known: BTreeSet<String> = differences.iter().map(Difference::id).collect();
    for id in reasons.keys().filter(|id| !known.contains(*id)) {
        let (ja, en) = ("該当する不一致がありません。", "The day has no such difference.");
        problems.push(wrong(id.clone(), ja, en, "不一致の番号 / the id of a difference of the day"));
    }
    problems
}

/// Everything against deciding a proposal that `proposed_by` made (E.2): decided before, or by the same person.
pub fn problems_of_decision(state: StepState, proposed_by: &str, by: &str) -> Vec<Problem> {
    if state != StepState::Proposed {
        let (ja, en) = ("すでに決裁されています。", "It has been decided before.");
        return vec![wrong("id", ja, en, "起案中のもの / a proposal that waits")];
    }
    if proposed_by == by {
        let messages = ("起案した本人は承認できません。", "Whoever proposed it cannot decide it.");
        return vec![Problem::new("id", "E.2", messages, "ほかの担当者 / somebody else of operations")];
    }
    vec![]
}

/// The refusals of the order of days. `None`: nothing is against it.
pub fn problem_of_order(
    day: NaiveDate,
    today: NaiveDate,
    last_closed: Option<NaiveDate>,
    earliest_open: Option<NaiveDate>,
    pending: bool,
) -> Option<Problem> {
    let refused = |ja: &str, en: &str, accepted: String| Some(wrong("date", ja, en, accepted));
    if pending {
        let (ja, en) = ("決裁待ちの起案があります。", "Another proposal waits for its decision.");
        return refused(ja, en, "承認または差戻しの後 / after it is approved or returned".to_owned());
    }
    if day > today {
        let (ja, en) = ("将来の日は締められません。", "The day has not come yet.");
        return refused(ja, en, format!("{today} or earlier"));
    }
    if let Some(closed) = last_closed.filter(|closed| day <= *closed) {
        let (ja, en) = ("すでに締め済みの日です。", "The day is closed, or a later one is.");
        return refused(ja, en, format!("a day after {closed}"));
    }
    if let Some(open) = earliest_open.filter(|open| *open < day) {
        let (ja, en) = ("前の日の締めが済んでいません。", "An earlier day is still open.");
        return refused(ja, en, open.to_string());
    }
    None
}

/// The refusal of opening a day that is not the last one closed. `None`: nothing is against it.
pub fn problem_of_reopening(
    day: NaiveDate,
    last_closed: Option<NaiveDate>,
    pending: bool,
) -> Option<Problem> {
    if pending {
        let (ja, en) = ("決裁待ちの起案があります。", "Another proposal waits for its decision.");
        return Some(wrong("date", ja, en, "承認または差戻しの後 / after it is approved or returned"));
    }
    if last_closed == Some(day) {
        return None;
    }
    let (ja, en) =
        ("再開できるのは、最後に締めた日だけです。", "Only the day that was closed last is opened again.");
    Some(wrong("date", ja, en, last_closed.map_or("-".to_owned(), |day| day.to_string())))
}

/// The refusal of a proposal under which the day moved: what was proposed is not what stands.
pub fn moved() -> Problem {
    let (ja, en) = (
        "起案の後に状況が変わりました。差し戻して、改めて起案してください。",
        "The day changed after the proposal: return it and propose anew.",
    );
    wrong("id", ja, en, "起案時と同じ状況 / what stood when it was proposed")
}
