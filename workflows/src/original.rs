//! The register of paper originals (原本管理): what there is, who has it, and how it went from hand to hand. A handover takes two people;
//! what left the bank has a day on which it is due back.

use crate::form::Problem;
use crate::terms;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

terms! {
    /// What the original is. What an identification information says has no place here.
    pub enum OriginalKind {
        LoanContract = "LOAN_CONTRACT", "金銭消費貸借契約証書", "Loan contract";
        MortgageDeed = "MORTGAGE_DEED", "抵当権設定契約証書", "Mortgage deed";
        TitlePaper = "TITLE_PAPER", "登記済証・登記識別情報通知（封印）", "Title paper or sealed identification notice";
        SealCertificate = "SEAL_CERTIFICATE", "印鑑証明書", "Seal certificate";
        PowerOfAttorney = "POWER_OF_ATTORNEY", "委任状", "Power of attorney";
        ResidentRecord = "RESIDENT_RECORD", "住民票", "Resident record";
        HousingCertificate = "HOUSING_CERTIFICATE", "住宅用家屋証明書", "Municipal certificate of the home";
        CompletionCertificate = "COMPLETION_CERTIFICATE", "登記完了証", "Completion certificate";
        InsurancePolicy = "INSURANCE_POLICY", "火災保険証券", "Fire-insurance policy";
    }
}

terms! {
    /// Where it is.
    pub enum OriginalPlace {
        Branch = "BRANCH", "営業店", "Branch";
        Scrivener = "SCRIVENER", "司法書士", "Scrivener's office";
        Registry = "REGISTRY", "登記所", "Registry office";
        Customer = "CUSTOMER", "お客様", "Customer";
    }
}

/// It went from one hand to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub from: OriginalPlace,
    pub to: OriginalPlace,
    pub given_by: String,
    pub given_at: DateTime<Utc>,
    pub taken_by: String,
    pub taken_at: DateTime<Utc>,
}

/// It is offered and nobody has confirmed it yet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offered {
    pub to: OriginalPlace,
    pub due_on: Option<NaiveDate>,
    pub by: String,
    pub at: DateTime<Utc>,
}

/// One original of a case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Original {
    pub kind: OriginalKind,
    /// Whose it is, by the id in the form.
    pub party_id: Option<String>,
    pub place: OriginalPlace,
    /// Who answers for it there.
    pub holder: String,
    pub since: DateTime<Utc>,
    /// Day on which it is due back at the bank.
    pub due_on: Option<NaiveDate>,
    pub offered: Option<Offered>,
    pub moves: Vec<Move>,
}

/// Most moves of one paper.
const MOST_MOVES: usize = 50;

/// On which side somebody stands. The registry and the customer have no hand of their own here.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Side {
    Bank,
    Office,
}

impl Side {
    const fn place(self) -> OriginalPlace {
        match self {
            Side::Bank => OriginalPlace::Branch,
            Side::Office => OriginalPlace::Scrivener,
        }
    }
}

fn problem(field: &str, words: (&str, &str), accepted: &str) -> Problem {
    Problem::new(field, "P-13", words, accepted)
}

impl Original {
    /// Comes into the register at the side of whoever takes it in.
    pub fn new(
        kind: OriginalKind,
        party_id: Option<String>,
        side: Side,
        by: &str,
        at: DateTime<Utc>,
    ) -> Self {
        Original {
            kind,
            party_id,
            place: side.place(),
            holder: by.to_owned(),
            since: at,
            due_on: None,
            offered: None,
            moves: vec![],
        }
    }

    /// Whose side may give it away: where it is, or where it was before it went to somebody who has no hand here.
    fn gives(&self) -> OriginalPlace {
        let own = |place: &OriginalPlace| matches!(place, OriginalPlace::Branch | OriginalPlace::Scrivener);
        let before = self.moves.iter().rev().map(|each| each.from).find(own);
        if own(&self.place) { self.place } else { before.unwrap_or(OriginalPlace::Branch) }
    }

    /// Is it on the office's side: there, or with the registry or the customer through it?
    pub fn is_at_office(&self) -> bool {
        self.gives() == OriginalPlace::Scrivener
    }

    /// Does the office hold it, or is it to take it over or bring it back?
    pub fn concerns_office(&self) -> bool {
        self.gives() == OriginalPlace::Scrivener
            || self.offered.as_ref().is_some_and(|offered| offered.to == OriginalPlace::Scrivener)
    }

    /// It was due back before this day.
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.due_on.is_some_and(|due| due < today)
    }

    /// One gives it. Errors: it is not on the giver's side, it is offered already, it goes nowhere, no day of return, or a past one.
    pub fn offered(
        &self,
        (side, by): (Side, &str),
        (to, due_on): (OriginalPlace, Option<NaiveDate>),
        (at, today): (DateTime<Utc>, NaiveDate),
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = vec![];
        if self.gives() != side.place() {
            let words = ("原本を保管している側が引き渡します。", "The side that has the original gives it.");
            problems.push(problem("id", words, "an original on the own side"));
        }
        if self.offered.is_some() {
            let words = ("受領の確認待ちです。", "It waits for its receiver already.");
            problems.push(problem("id", words, "an original that is not offered"));
        }
        if to == self.place {
            let words = ("すでにその場所にあります。", "It is there already.");
            problems.push(problem("to", words, "another place"));
        }
        if self.moves.len() >= MOST_MOVES {
            let words = ("受渡しの記録が上限に達しています。", "The record of this original is full.");
            problems.push(problem("id", words, "an original of at most 50 moves"));
        }
        let comes_back = matches!(to, OriginalPlace::Scrivener | OriginalPlace::Registry);
        if comes_back && due_on.is_none_or(|due| due < today) {
            let words =
                ("返却期限を本日以降で指定してください。", "Say by when it comes back, from today on.");
            problems.push(problem("dueOn", words, &format!("{today}..")));
        }
        if !comes_back && due_on.is_some() {
            let words = ("返却期限は不要です。", "There is nothing to come back.");
            problems.push(problem("dueOn", words, "no day"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let offered = Offered { to, due_on, by: by.to_owned(), at };
        Ok(Original { offered: Some(offered), ..self.clone() })
    }

    /// Another takes it. Errors: nothing is offered, it is the giver himself, or it is offered to the other side. What goes to the
    /// registry or the customer is confirmed by a second person of the giver's side.
    pub fn taken(&self, (side, by): (Side, &str), at: DateTime<Utc>) -> Result<Self, Vec<Problem>> {
        let Some(offered) = &self.offered else {
            let words = ("引渡しの記録がありません。", "Nobody has given it.");
            return Err(vec![problem("id", words, "an original that is offered")]);
        };
        let mut problems = vec![];
        if offered.by == by {
            let words = ("引渡しと受領は別の人が記録します。", "Giver and receiver are two people.");
            problems.push(problem("id", words, "another person than the giver"));
        }
        let expected = match offered.to {
            OriginalPlace::Branch | OriginalPlace::Scrivener => offered.to,
            OriginalPlace::Registry | OriginalPlace::Customer => self.gives(),
        };
        if expected != side.place() {
            let words = ("受領する側が確認します。", "The side that receives it confirms it.");
            problems.push(problem("id", words, "an original that comes to the own side"));
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let done = Move {
            from: self.place,
            to: offered.to,
            given_by: offered.by.clone(),
            given_at: offered.at,
            taken_by: by.to_owned(),
            taken_at: at,
        };
        let mut moves = self.moves.clone();
        moves.push(done);
        let (place, due_on) = (offered.to, offered.due_on);
        Ok(Original { place, due_on, holder: by.to_owned(), since: at, offered: None, moves, ..self.clone() })
    }

    /// The giver takes the offer back.
    pub fn withdrawn(&self, side: Side) -> Result<Self, Vec<Problem>> {
        if self.offered.is_none() || self.gives() != side.place() {
            let words = ("取り消せる引渡しがありません。", "There is no offer of the own side to take back.");
            return Err(vec![problem("id", words, "an original that the own side has offered")]);
        }
        Ok(Original { offered: None, ..self.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + chrono::TimeDelta::hours(i64::from(hour))
    }

    fn today() -> NaiveDate {
        "2026-06-15".parse().unwrap()
    }

    fn fields(of: Result<Original, Vec<Problem>>) -> Vec<String> {
        let problems = of.unwrap_err();
        assert!(problems.iter().all(|it| !it.accepted.is_empty()), "{problems:?}");
        problems.into_iter().map(|it| it.field).collect()
    }

    #[test]
    fn an_original_goes_out_and_comes_back_from_hand_to_hand() {
        let due = today().succ_opt();
        let paper = Original::new(OriginalKind::MortgageDeed, None, Side::Bank, "clerk", at(0));
        let give = |paper: &Original, who, to, due| paper.offered(who, (to, due), (at(1), today()));
        let given = give(&paper, (Side::Bank, "clerk"), OriginalPlace::Scrivener, due).unwrap();
        assert!(given.place == OriginalPlace::Branch && given.concerns_office() && !paper.concerns_office());
        assert_eq!(fields(given.taken((Side::Bank, "clerk"), at(2))), ["id", "id"]);
        assert_eq!(fields(given.taken((Side::Bank, "other"), at(2))), ["id"]);
        let out = given.taken((Side::Office, "scrivener"), at(2)).unwrap();
        assert_eq!(
            (out.place, out.holder.as_str(), out.due_on),
            (OriginalPlace::Scrivener, "scrivener", due)
        );
        assert!(out.is_overdue(due.unwrap().succ_opt().unwrap()) && !out.is_overdue(due.unwrap()));
        // The office files it: a second person of the office confirms, because the registry has no hand here.
        let filed = give(&out, (Side::Office, "scrivener"), OriginalPlace::Registry, due).unwrap();
        assert_eq!(fields(filed.taken((Side::Office, "scrivener"), at(3))), ["id"]);
        assert_eq!(fields(filed.taken((Side::Bank, "clerk"), at(3))), ["id"]);
        let filed = filed.taken((Side::Office, "second"), at(3)).unwrap();
        assert!(filed.concerns_office(), "the office brings it back");
        let back = give(&filed, (Side::Office, "second"), OriginalPlace::Branch, None).unwrap();
        let back = back.taken((Side::Bank, "clerk"), at(4)).unwrap();
        assert_eq!((back.place, back.due_on, back.moves.len()), (OriginalPlace::Branch, None, 3));
        assert!(!back.is_overdue(NaiveDate::MAX) && !back.concerns_office());
    }

    #[test]
    fn what_stands_against_a_handover_is_said() {
        let paper = Original::new(OriginalKind::TitlePaper, None, Side::Bank, "clerk", at(0));
        let give = |who, to, due| paper.offered(who, (to, due), (at(1), today()));
        assert_eq!(fields(give((Side::Office, "scrivener"), OriginalPlace::Registry, Some(today()))), ["id"]);
        assert_eq!(fields(give((Side::Bank, "clerk"), OriginalPlace::Branch, None)), ["to"]);
        assert_eq!(fields(give((Side::Bank, "clerk"), OriginalPlace::Scrivener, None)), ["dueOn"]);
        assert_eq!(
            fields(give((Side::Bank, "clerk"), OriginalPlace::Scrivener, today().pred_opt())),
            ["dueOn"]
        );
        assert_eq!(fields(give((Side::Bank, "clerk"), OriginalPlace::Customer, Some(today()))), ["dueOn"]);
        assert_eq!(fields(paper.taken((Side::Bank, "other"), at(2))), ["id"]);
        let given = give((Side::Bank, "clerk"), OriginalPlace::Customer, None).unwrap();
        assert_eq!(
            fields(given.offered(
                (Side::Bank, "clerk"),
                (OriginalPlace::Scrivener, Some(today())),
                (at(2), today())
            )),
            ["id"]
        );
        assert_eq!(fields(given.withdrawn(Side::Office)), ["id"]);
        assert_eq!(given.withdrawn(Side::Bank).unwrap(), paper);
    }
}
