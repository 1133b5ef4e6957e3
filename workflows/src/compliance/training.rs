//! The register of trainings (L-95): who may explain what, and until when.

use super::{Record, Register, code_refused, text_refused};
use crate::form::Problem;
use crate::machine::Role;
use crate::machine::registers::{Held, TrainingCourse};
use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

const RULE: &str = "L-95";
/// A training counts no longer than this.
pub const LONGEST_MONTHS: u32 = 36;

crate::terms! {
    /// Does the training count?
    pub enum TrainingState {
        Passed = "PASSED", "修了", "Passed";
        Revoked = "REVOKED", "取消", "Revoked";
    }
}

/// A training that somebody passed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Training {
    /// Whose it is.
    pub subject: String,
    pub course: TrainingCourse,
    pub passed_on: NaiveDate,
    /// Last day on which it counts.
    pub valid_until: NaiveDate,
    pub state: TrainingState,
    /// Why it was revoked.
    pub reason: Option<String>,
}

impl Record for Training {
    const REGISTER: Register = Register::Trainings;

    fn key(&self) -> String {
        self.subject.clone()
    }

    fn group(&self) -> &'static str {
        self.course.code()
    }

    fn state(&self) -> &'static str {
        self.state.code()
    }

    fn due_on(&self) -> Option<NaiveDate> {
        (self.state == TrainingState::Passed).then_some(self.valid_until)
    }

    fn filed_by(&self) -> Option<&str> {
        None
    }

    fn is_kept_by(role: Role) -> bool {
        matches!(role, Role::Compliance | Role::UserAdmin)
    }
}

impl Training {
    /// Everything against registering it. `by` registers nobody but others.
    pub fn problems(&self, by: &str, today: NaiveDate) -> Vec<Problem> {
        let mut problems: Vec<Problem> = code_refused("subject", RULE, &self.subject).into_iter().collect();
        if self.subject == by {
            let words = ("自分自身の研修は登録できません。", "Nobody registers a training of his own.");
            problems.push(Problem::new("subject", RULE, words, "本人以外の職員 / somebody else"));
        }
        if self.passed_on > today {
            let words = ("修了日が未来の日付です。", "The training lies in the future.");
            problems.push(Problem::new("passedOn", RULE, words, format!("{today}まで / by {today}")));
        }
        let last = self.passed_on.checked_add_months(Months::new(LONGEST_MONTHS)).unwrap_or(self.passed_on);
        if self.valid_until < self.passed_on || self.valid_until > last {
            let words = ("有効期限が正しくありません。", "The last day does not fit.");
            let accepted = format!("{}～{last} / from {0} to {last}", self.passed_on);
            problems.push(Problem::new("validUntil", RULE, words, accepted));
        }
        problems
    }

    /// Revoked: it counts no more. Errors: it was before, or no reason is given.
    pub fn revoked(&self, reason: &str) -> Result<Training, Vec<Problem>> {
        let mut problems: Vec<Problem> = text_refused("reason", RULE, reason, 400).into_iter().collect();
        if self.state == TrainingState::Revoked {
            let words = ("すでに取り消されています。", "The training is revoked already.");
            problems.push(Problem::new("id", RULE, words, "PASSED"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let reason = Some(reason.trim().to_owned());
        Ok(Training { state: TrainingState::Revoked, reason, ..self.clone() })
    }

    /// What counts of it for a command.
    pub fn held(&self) -> Option<Held> {
        (self.state == TrainingState::Passed).then_some(Held {
            course: self.course,
            passed_on: self.passed_on,
            valid_until: self.valid_until,
        })
    }
}
