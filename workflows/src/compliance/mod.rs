//! Registers of the compliance office: contractors (L-94), complaints (L-95-2) and trainings (L-95).
//!
//! A step on a line comes to the line after it, or to everything that stands against it. Pure: whoever keeps the registers brings
//! time, names and ids.

pub mod complaint;
pub mod contractor;
pub mod training;

use crate::form::Problem;
use crate::machine::Role;
use chrono::{DateTime, NaiveDate, Utc};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

crate::terms! {
    /// The registers that there are.
    pub enum Register {
        Contractors = "CONTRACTORS", "委託先台帳", "Contractors";
        Complaints = "COMPLAINTS", "苦情受付簿", "Complaints";
        Trainings = "TRAININGS", "研修受講台帳", "Trainings";
    }
}

/// What stands on a line of a register.
pub trait Record: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync {
    /// Its register.
    const REGISTER: Register;
    /// What it is looked up by.
    fn key(&self) -> String;
    /// What it is counted by.
    fn group(&self) -> &'static str;
    /// Code of its state.
    fn state(&self) -> &'static str;
    /// The day by which somebody has to see to it.
    fn due_on(&self) -> Option<NaiveDate>;
    /// The customer whose own line it is.
    fn filed_by(&self) -> Option<&str>;
    /// May this role propose, and decide on, what needs two people?
    fn is_kept_by(role: Role) -> bool;
}

/// A line: what counts, and what waits for a second person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line<R> {
    pub id: String,
    /// Bank code.
    pub institution: String,
    /// `None` until two people have seen it.
    pub record: Option<R>,
    pub pending: Option<Pending<R>>,
    /// Why the last proposal was returned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returned: Option<String>,
    /// Grows with every step.
    pub version: u32,
    pub changed_by: String,
    pub changed_at: DateTime<Utc>,
}

/// A step that waits for a second person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pending<R> {
    /// Code of the step.
    pub step: String,
    /// The line as it would stand.
    pub after: R,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// How many people a step needs.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Eyes {
    Two,
    Four,
}

/// Who takes a step, and when.
#[derive(Copy, Clone, Debug)]
pub struct Hand<'a> {
    pub by: &'a str,
    pub at: DateTime<Utc>,
}

impl Hand<'_> {
    /// Tokyo day.
    pub fn today(&self) -> NaiveDate {
        crate::calendar::tokyo_date(self.at)
    }
}

/// A line that nobody has seen twice.
pub const PROPOSED: &str = "PROPOSED";
/// A line that was returned before it ever counted.
pub const RETURNED: &str = "RETURNED";

impl<R: Record> Line<R> {
    /// A new line: it counts at once, or waits for a second person.
    pub fn new(id: &str, institution: &str, step: &str, after: R, eyes: Eyes, hand: Hand<'_>) -> Self {
        let line = Line {
            id: id.to_owned(),
            institution: institution.to_owned(),
            record: None,
            pending: None,
            returned: None,
            version: 0,
            changed_by: String::new(),
            changed_at: hand.at,
        };
        line.moved(step, after, eyes, hand)
    }

    /// The line after a step. Errors: nothing counts yet, or another step waits for its second person (E.2).
    pub fn step(self, step: &str, after: R, eyes: Eyes, hand: Hand<'_>) -> Result<Self, Vec<Problem>> {
        if self.record.is_none() || self.pending.is_some() {
            let words = ("決裁待ちの起案があります。", "A proposal waits for its second person.");
            return Err(vec![Problem::new(
                "id",
                "E.2",
                words,
                "承認済みの行 / a line on which nothing waits",
            )]);
        }
        Ok(self.moved(step, after, eyes, hand))
    }

    fn moved(self, step: &str, after: R, eyes: Eyes, hand: Hand<'_>) -> Self {
        let (record, pending) = match eyes {
            Eyes::Two => (Some(after), None),
            Eyes::Four => {
                let (step, by) = (step.to_owned(), hand.by.to_owned());
                (self.record, Some(Pending { step, after, by, at: hand.at }))
            }
        };
        let version = self.version + 1;
        let changed_by = hand.by.to_owned();
        Line { record, pending, version, changed_by, changed_at: hand.at, ..self }
    }

    /// The line after the decision on what waits: approved, or returned with a reason. Errors: nothing waits, or the same person proposed it (E.2).
    pub fn decided(self, returned: Option<&str>, hand: Hand<'_>) -> Result<Self, Vec<Problem>> {
        let refused = |words, accepted: &str| Err(vec![Problem::new("id", "E.2", words, accepted)]);
        let Some(pending) = self.pending else {
            let words = ("決裁待ちの起案はありません。", "Nothing waits for a decision.");
            return refused(words, "起案中の行 / a line on which a proposal waits");
        };
        if pending.by == hand.by {
            let words = ("起案した本人は決裁できません。", "Whoever proposed a step does not decide on it.");
            return refused(words, "起案者以外の方 / somebody else");
        }
        let record = if returned.is_none() { Some(pending.after) } else { self.record };
        let (version, changed_by) = (self.version + 1, hand.by.to_owned());
        let returned = returned.map(str::to_owned);
        Ok(Line { record, pending: None, returned, version, changed_by, changed_at: hand.at, ..self })
    }

    /// What counts, else what waits to count.
    pub fn shown(&self) -> Option<&R> {
        self.record.as_ref().or(self.pending.as_ref().map(|pending| &pending.after))
    }

    /// Code of the state: that of what counts, else PROPOSED or RETURNED.
    pub fn state(&self) -> &'static str {
        match (&self.record, &self.pending) {
            (Some(record), _) => record.state(),
            (None, Some(_)) => PROPOSED,
            (None, None) => RETURNED,
        }
    }
}

/// Somebody else changed the line in the same moment.
pub fn raced() -> Problem {
    let words = ("他の方が先に変更しました。", "Somebody else was faster.");
    Problem::new("id", "E.2", words, "最新の行 / the line as it stands now")
}

/// A text of people: 1 to `longest` characters, without control characters but line breaks.
fn text_refused(field: &str, rule: &'static str, text: &str, longest: usize) -> Option<Problem> {
    let plain = |c: char| !c.is_control() || c == '\n';
    let fits = !text.trim().is_empty() && text.chars().count() <= longest && text.chars().all(plain);
    let words = ("記載が正しくありません。", "The text does not fit.");
    (!fits).then(|| Problem::new(field, rule, words, format!("1～{longest}文字 / 1 to {longest} characters")))
}

/// A code of an organisation or a person.
fn code_refused(field: &str, rule: &'static str, code: &str) -> Option<Problem> {
    let fits = (1..=200).contains(&code.len()) && code.chars().all(|c| !c.is_control() && !c.is_whitespace());
    let words = ("識別子が正しくありません。", "The code does not fit.");
    (!fits).then(|| {
        Problem::new(field, rule, words, "1～200文字、空白なし / 1 to 200 characters without spaces")
    })
}
