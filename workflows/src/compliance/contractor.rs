//! The register of contractors (L-94): who is able, reviewed regularly, and replaced when need be.

use super::{Record, Register, code_refused, text_refused};
use crate::form::Problem;
use crate::machine::Role;
use crate::machine::registers::{Office, OfficeStanding};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};

const RULE: &str = "L-94";
/// A review is due at least once in so many days.
pub const LONGEST_REVIEW_DAYS: u64 = 400;

crate::terms! {
    /// What a contractor does for the bank.
    pub enum ContractorService {
        Scrivener = "SCRIVENER", "司法書士", "Judicial scrivener";
        Valuer = "VALUER", "担保評価", "Valuer";
        GuarantorAgent = "GUARANTOR_AGENT", "保証事務代行", "Guarantor's agent";
        Printer = "PRINTER", "印刷・発送", "Printing and mailing";
        It = "IT", "システム", "Information systems";
        Other = "OTHER", "その他", "Other";
    }
}

crate::terms! {
    /// May the contractor work for the bank?
    pub enum ContractorState {
        Active = "ACTIVE", "委託中", "Active";
        Suspended = "SUSPENDED", "委託停止中", "Suspended";
        Ended = "ENDED", "委託終了", "Ended";
    }
}

crate::terms! {
    /// What a review came to.
    pub enum ReviewOutcome {
        Good = "GOOD", "良好", "Good";
        Improve = "IMPROVE", "要改善", "To be improved";
        Poor = "POOR", "不適", "Poor";
    }
}

crate::terms! {
    /// What two people do with a contractor.
    pub enum ContractorStep {
        Suspend = "SUSPEND", "委託停止", "Suspend";
        Lift = "LIFT", "停止解除", "Lift the suspension";
        End = "END", "委託終了", "End";
    }
}

/// A review of a contractor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub on: NaiveDate,
    pub outcome: ReviewOutcome,
    pub note: String,
    pub by: String,
}

/// A contractor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contractor {
    /// The organisation under which cases engage it.
    pub organisation: String,
    pub name: String,
    pub service: ContractorService,
    pub contract_from: NaiveDate,
    /// Last day of the contract; absent where it runs on.
    pub contract_until: Option<NaiveDate>,
    /// Last day on which the next review is in time.
    pub next_review_on: NaiveDate,
    /// Organisation that takes over.
    pub substitute: Option<String>,
    pub state: ContractorState,
    /// Why it is suspended, or ended.
    pub reason: Option<String>,
    pub reviews: Vec<Review>,
}

impl Record for Contractor {
    const REGISTER: Register = Register::Contractors;

    fn key(&self) -> String {
        self.organisation.clone()
    }

    fn group(&self) -> &'static str {
        self.service.code()
    }

    fn state(&self) -> &'static str {
        self.state.code()
    }

    fn due_on(&self) -> Option<NaiveDate> {
        (self.state != ContractorState::Ended).then_some(self.next_review_on)
    }

    fn filed_by(&self) -> Option<&str> {
        None
    }

    fn is_kept_by(role: Role) -> bool {
        role == Role::Compliance
    }
}

impl Contractor {
    /// Everything against registering it.
    pub fn problems(&self, today: NaiveDate) -> Vec<Problem> {
        let mut problems: Vec<Problem> = [
            code_refused("organisation", RULE, &self.organisation),
            text_refused("name", RULE, &self.name, 100),
            self.substitute.as_deref().and_then(|code| code_refused("substitute", RULE, code)),
            review_refused("nextReviewOn", self.next_review_on, today),
        ]
        .into_iter()
        .flatten()
        .collect();
        if self.substitute.as_ref() == Some(&self.organisation) {
            let words = ("代替委託先は別の委託先にしてください。", "The substitute is another contractor.");
            problems.push(Problem::new("substitute", RULE, words, "別の委託先 / another organisation"));
        }
        if self.contract_until.is_some_and(|until| until < self.contract_from) {
            let words = ("契約終了日が開始日より前です。", "The contract ends before it begins.");
            let accepted = format!("{}以降 / {0} or later", self.contract_from);
            problems.push(Problem::new("contractUntil", RULE, words, accepted));
        }
        problems
    }

    /// Suspended, lifted or ended. Errors: it does not stand so, or no reason is given.
    pub fn after(&self, step: ContractorStep, reason: &str) -> Result<Contractor, Vec<Problem>> {
        use ContractorState as S;
        let (from, to): (&[S], S) = match step {
            ContractorStep::Suspend => (&[S::Active], S::Suspended),
            ContractorStep::Lift => (&[S::Suspended], S::Active),
            ContractorStep::End => (&[S::Active, S::Suspended], S::Ended),
        };
        let mut problems: Vec<Problem> = text_refused("reason", RULE, reason, 400).into_iter().collect();
        if !from.contains(&self.state) {
            let codes: Vec<&str> = from.iter().map(|state| state.code()).collect();
            let words = ("現在の状態ではできません。", "The contractor is not in a state for this step.");
            problems.push(Problem::new("step", RULE, words, codes.join(" / ")));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Contractor { state: to, reason: Some(reason.trim().to_owned()), ..self.clone() })
    }

    /// After a review; the next one is due by a day of its own. Errors: the days or the note do not fit, or it has ended.
    pub fn reviewed(
        &self,
        review: Review,
        next_on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Contractor, Vec<Problem>> {
        let mut problems: Vec<Problem> =
            [text_refused("note", RULE, &review.note, 400), review_refused("nextReviewOn", next_on, today)]
                .into_iter()
                .flatten()
                .collect();
        let last = self.reviews.last().map(|review| review.on);
        if review.on > today || last.is_some_and(|last| review.on < last) {
            let words = ("点検日が正しくありません。", "The day of the review does not fit.");
            let accepted = "前回の点検日以降、本日まで / from the last review to today";
            problems.push(Problem::new("on", RULE, words, accepted));
        }
        if self.state == ContractorState::Ended {
            let words = ("委託は終了しています。", "The contract is over.");
            problems.push(Problem::new("id", RULE, words, "ACTIVE / SUSPENDED"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut after = Contractor { next_review_on: next_on, ..self.clone() };
        after.reviews.push(review);
        Ok(after)
    }

    /// May it get new work on this day?
    pub fn standing(&self, today: NaiveDate) -> OfficeStanding {
        let over = self.contract_until.is_some_and(|until| until < today) || self.contract_from > today;
        match self.state {
            ContractorState::Ended => OfficeStanding::Ended,
            _ if over => OfficeStanding::Ended,
            ContractorState::Suspended => OfficeStanding::Suspended,
            ContractorState::Active if self.next_review_on < today => OfficeStanding::Overdue,
            ContractorState::Active => OfficeStanding::Fit,
        }
    }

    /// The office as a command meets it.
    pub fn office(&self, today: NaiveDate) -> Office {
        Office {
            organisation: self.organisation.clone(),
            standing: self.standing(today),
            substitute: self.substitute.clone(),
        }
    }
}

/// The organisation stands in the register already.
pub fn already_there() -> Problem {
    let words = ("この委託先はすでに登録されています。", "The organisation stands in the register already.");
    Problem::new("organisation", RULE, words, "未登録の組織 / an organisation that is not registered")
}

fn review_refused(field: &str, next_on: NaiveDate, today: NaiveDate) -> Option<Problem> {
    let last = today.checked_add_days(Days::new(LONGEST_REVIEW_DAYS)).unwrap_or(today);
    let words = ("次回点検日が正しくありません。", "The day of the next review does not fit.");
    (next_on < today || next_on > last)
        .then(|| Problem::new(field, RULE, words, format!("{today}～{last} / from {today} to {last}")))
}
