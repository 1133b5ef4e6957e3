//! The register of complaints (L-95-2): received, handled, answered in time, with the way to dispute settlement told.

use super::{Record, Register, code_refused, text_refused};
use crate::form::Problem;
use crate::machine::Role;
use chrono::{DateTime, Days, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

const RULE: &str = "L-95-2";
/// Longest text of a complaint, an answer or a note.
pub const LONGEST_TEXT: usize = 2_000;
/// A complaint is answered within so many days [assumption].
pub const ANSWER_DAYS: u64 = 30;

crate::terms! {
    /// What a complaint is about.
    pub enum ComplaintCategory {
        Explanation = "EXPLANATION", "説明", "Explanation";
        Screening = "SCREENING", "審査", "Screening";
        Procedure = "PROCEDURE", "手続・事務処理", "Procedure";
        Price = "PRICE", "金利・手数料", "Rates and fees";
        Contractor = "CONTRACTOR", "委託先の対応", "A contractor";
        Privacy = "PRIVACY", "個人情報", "Personal data";
        Conduct = "CONDUCT", "職員の応対", "Conduct of staff";
        Other = "OTHER", "その他", "Other";
    }
}

crate::terms! {
    /// How it came in.
    pub enum ComplaintChannel {
        Online = "ONLINE", "オンライン", "On-line";
        Counter = "COUNTER", "店頭", "At the counter";
        Phone = "PHONE", "電話", "By telephone";
        Post = "POST", "郵送", "By post";
        Organisation = "ORGANISATION", "外部機関経由", "Through another organisation";
    }
}

crate::terms! {
    /// How far it is.
    pub enum ComplaintState {
        Open = "OPEN", "対応中", "Open";
        Answered = "ANSWERED", "回答済", "Answered";
        Closed = "CLOSED", "終了", "Closed";
    }
}

crate::terms! {
    /// What it came to.
    pub enum ComplaintOutcome {
        Explained = "EXPLAINED", "説明により了解", "Settled by an explanation";
        Remedied = "REMEDIED", "是正", "Remedied";
        NotUpheld = "NOT_UPHELD", "お申出に沿えず", "Not upheld";
        InDispute = "IN_DISPUTE", "紛争解決機関へ移行", "Gone to dispute settlement";
        Withdrawn = "WITHDRAWN", "取下げ", "Withdrawn";
    }
}

crate::terms! {
    /// Whom a customer may turn to, as the specification names them. The bank publishes numbers and hours with its other contacts.
    pub enum DisputeContact {
        Bank = "BANK", "当金庫お客様相談窓口", "Customer centre of the bank";
        Federation = "FEDERATION", "ろうきん相談所（全国労働金庫協会）", "Complaint office of the labour banks' association";
        TokyoBar = "TOKYO_BAR", "東京弁護士会紛争解決センター", "Dispute centre of the Tokyo Bar Association";
        FirstTokyoBar = "FIRST_TOKYO_BAR", "第一東京弁護士会仲裁センター", "Arbitration centre of the Dai-ichi Tokyo Bar Association";
        SecondTokyoBar = "SECOND_TOKYO_BAR", "第二東京弁護士会仲裁センター", "Arbitration centre of the Dai-ni Tokyo Bar Association";
    }
}

impl DisputeContact {
    /// Does it settle disputes, rather than hear complaints?
    pub const fn settles(self) -> bool {
        matches!(self, Self::TokyoBar | Self::FirstTokyoBar | Self::SecondTokyoBar)
    }
}

/// A step of those who handle it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Handling {
    pub at: DateTime<Utc>,
    pub by: String,
    pub text: String,
}

/// What the customer was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintAnswer {
    pub on: NaiveDate,
    pub by: String,
    pub text: String,
}

/// A complaint. Its texts are personal data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Complaint {
    pub received_on: NaiveDate,
    pub channel: ComplaintChannel,
    pub category: ComplaintCategory,
    pub text: String,
    /// The case that it is about.
    pub application_id: Option<String>,
    /// Organisation of the contractor that it is about.
    pub contractor: Option<String>,
    /// The customer who filed it himself.
    pub filed_by: Option<String>,
    pub recorded_by: String,
    /// Who handles it.
    pub owner: Option<String>,
    pub handling: Vec<Handling>,
    pub due_on: NaiveDate,
    pub answer: Option<ComplaintAnswer>,
    /// Dispute settlement that was offered, and when.
    pub offered: Option<(DisputeContact, NaiveDate)>,
    pub outcome: Option<ComplaintOutcome>,
    pub closed_on: Option<NaiveDate>,
    pub state: ComplaintState,
}

impl Record for Complaint {
    const REGISTER: Register = Register::Complaints;

    fn key(&self) -> String {
        self.application_id.clone().unwrap_or_default()
    }

    fn group(&self) -> &'static str {
        self.category.code()
    }

    fn state(&self) -> &'static str {
        self.state.code()
    }

    fn due_on(&self) -> Option<NaiveDate> {
        (self.state == ComplaintState::Open).then_some(self.due_on)
    }

    fn filed_by(&self) -> Option<&str> {
        self.filed_by.as_deref()
    }

    fn is_kept_by(role: Role) -> bool {
        role == Role::Compliance
    }
}

/// The last day for the answer to a complaint of this day.
pub fn answer_by(received_on: NaiveDate) -> NaiveDate {
    received_on.checked_add_days(Days::new(ANSWER_DAYS)).unwrap_or(received_on)
}

impl Complaint {
    /// Everything against recording it.
    pub fn problems(&self, today: NaiveDate) -> Vec<Problem> {
        let text = text_refused("text", RULE, &self.text, LONGEST_TEXT);
        let contractor = self.contractor.as_deref().and_then(|code| code_refused("contractor", RULE, code));
        let words = ("受付日が未来の日付です。", "The day of reception lies in the future.");
        let day = (self.received_on > today)
            .then(|| Problem::new("receivedOn", RULE, words, format!("{today}まで / by {today}")));
        [text, contractor, day].into_iter().flatten().collect()
    }

    fn open(&self) -> Result<(), Vec<Problem>> {
        let words = ("苦情対応は終了しています。", "The complaint is closed.");
        match self.state {
            ComplaintState::Closed => Err(vec![Problem::new("id", RULE, words, "OPEN / ANSWERED")]),
            ComplaintState::Open | ComplaintState::Answered => Ok(()),
        }
    }

    /// Somebody did something about it, and perhaps somebody else handles it now.
    pub fn handled(&self, handling: Handling, owner: Option<&str>) -> Result<Complaint, Vec<Problem>> {
        self.open()?;
        let refused = [
            text_refused("note", RULE, &handling.text, LONGEST_TEXT),
            owner.and_then(|owner| code_refused("owner", RULE, owner)),
        ];
        let problems: Vec<Problem> = refused.into_iter().flatten().collect();
        if !problems.is_empty() {
            return Err(problems);
        }
        let mut after = self.clone();
        after.owner = owner.map(str::to_owned).or(after.owner).or(Some(handling.by.clone()));
        after.handling.push(handling);
        Ok(after)
    }

    /// The customer was answered, and told of dispute settlement where that was offered.
    pub fn answered(
        &self,
        answer: ComplaintAnswer,
        offered: Option<DisputeContact>,
    ) -> Result<Complaint, Vec<Problem>> {
        self.open()?;
        if let Some(problem) = text_refused("text", RULE, &answer.text, LONGEST_TEXT) {
            return Err(vec![problem]);
        }
        let on = answer.on;
        Ok(Complaint {
            answer: Some(answer),
            offered: offered.map(|contact| (contact, on)).or(self.offered),
            state: ComplaintState::Answered,
            ..self.clone()
        })
    }

    /// Closed. Errors: the customer was not answered, or was not told of dispute settlement though not satisfied.
    pub fn closed(&self, outcome: ComplaintOutcome, today: NaiveDate) -> Result<Complaint, Vec<Problem>> {
        self.open()?;
        let withdrawn = outcome == ComplaintOutcome::Withdrawn;
        let mut problems = vec![];
        if self.answer.is_none() && !withdrawn {
            let words = ("お客様への回答が済んでいません。", "The customer was not answered.");
            problems.push(Problem::new("id", RULE, words, "ANSWERED"));
        }
        let unsettled = matches!(outcome, ComplaintOutcome::NotUpheld | ComplaintOutcome::InDispute);
        if unsettled && self.offered.is_none_or(|(contact, _)| !contact.settles()) {
            let words = ("紛争解決機関の案内が済んでいません。", "Dispute settlement was not offered.");
            let accepted = "紛争解決機関を案内した苦情 / a complaint with an offer of dispute settlement";
            problems.push(Problem::new("outcome", RULE, words, accepted));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        Ok(Complaint {
            outcome: Some(outcome),
            closed_on: Some(today),
            state: ComplaintState::Closed,
            ..self.clone()
        })
    }
}
