//! What is out of the ordinary in a case, chosen from the seed: moods of the parties and the end that follows from them.

use crate::dice::Dice;
use serde::Serialize;

/// The end that a case is meant to reach.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum End {
    /// Paid out and taken over by servicing.
    #[default]
    HandedOver,
    Declined,
    Withdrawn,
    Discarded,
    ApprovalExpired,
    ApprovalRescinded,
    ContractTerminated,
}

impl End {
    /// Does a stage count as this end? Paid out counts as handed over: the rest is servicing's.
    pub fn is_reached(self, stage: &str) -> bool {
        match self {
            End::HandedOver => matches!(stage, "HANDED_OVER" | "DISBURSED"),
            other => other.code() == stage,
        }
    }

    /// The stage's code.
    pub const fn code(self) -> &'static str {
        match self {
            End::HandedOver => "HANDED_OVER",
            End::Declined => "DECLINED",
            End::Withdrawn => "WITHDRAWN",
            End::Discarded => "DISCARDED",
            End::ApprovalExpired => "APPROVAL_EXPIRED",
            End::ApprovalRescinded => "APPROVAL_RESCINDED",
            End::ContractTerminated => "CONTRACT_TERMINATED",
        }
    }
}

/// How the guarantor answers.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Guarantor {
    #[default]
    Approves,
    /// Conditions first, then approval on the evidence.
    Conditions,
    Declines,
}

/// How the insurer answers.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Insurer {
    #[default]
    Accepts,
    /// A health certificate first.
    Examines,
    /// Refuses; the bank declines.
    Refuses,
    /// Refuses; the bank lends without cover on two approvals.
    RefusesButAllowed,
}

/// How a partner's answer travels.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Manner {
    #[default]
    Prompt,
    Late,
    /// Sent twice under one key.
    Duplicate,
    /// A second answer follows the first under another key, or one comes before it was asked for.
    OutOfOrder,
}

/// What the applicant changes after the approval.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Change {
    #[default]
    No,
    /// T11, T12, T14.
    Taken,
    /// T11, T13.
    TakenBack,
    /// T11, T12, T44.
    Upheld,
    /// T11, T12, T16.
    Refused,
}

/// How the registration goes.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Registration {
    #[default]
    Smooth,
    Correction,
    /// Rejected once, then filed again.
    Rejected,
}

/// How core banking answers.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Posting {
    #[default]
    Confirms,
    /// No answer until the time-out, then a confirmation.
    Unknown,
    /// A definite no, then a new order.
    RejectsOnce,
    /// Confirmed, reversed the same day, then paid on a new date.
    Reversed,
}

/// What is out of the ordinary in one case.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Script {
    pub end: End,
    pub guarantor: Guarantor,
    pub insurer: Insurer,
    pub manner: Manner,
    pub change: Change,
    pub registration: Registration,
    pub posting: Posting,
    /// The clerk finds a paper missing; the applicant hands it in.
    pub papers: bool,
    /// The applicant corrects the form before the result (T48).
    pub amends: bool,
    /// Approved with a condition before the contract (T07, T10).
    pub conditional: bool,
    /// The manager returns the first proposal.
    pub returned: bool,
    /// The contract handed in has a defect (T21).
    pub contract_defect: bool,
    /// The date is given up once and named again (T24).
    pub released: bool,
    /// Arrears stop the case; they are paid (T26, T27).
    pub hold: bool,
    /// Drawings before the main posting.
    pub drawings: u8,
    /// Stage from which the applicant walks away.
    pub withdraws_in: Option<&'static str>,
    /// The applicant is a foreign politically exposed person.
    pub foreign_pep: bool,
}

/// One thing out of the ordinary on the way to the hand-over.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
enum Detour {
    #[default]
    None,
    GuarantorConditions,
    Late,
    Duplicate,
    OutOfOrder,
    Exam,
    Exception,
    Papers,
    Amends,
    Conditional,
    Returned,
    ChangeTaken,
    ChangeTakenBack,
    ChangeUpheld,
    ContractDefect,
    Released,
    Correction,
    Rejected,
    Unknown,
    RejectsOnce,
    Reversed,
    Hold,
    Split,
    Pep,
}

const ENDS: &[(u32, End)] = &[
    (80, End::HandedOver),
    (6, End::Declined),
    (6, End::Withdrawn),
    (2, End::Discarded),
    (2, End::ApprovalExpired),
    (2, End::ApprovalRescinded),
    (2, End::ContractTerminated),
];

const DETOURS: &[(u32, Detour)] = &[
    (30, Detour::None),
    (5, Detour::GuarantorConditions),
    (4, Detour::Late),
    (4, Detour::Duplicate),
    (4, Detour::OutOfOrder),
    (5, Detour::Exam),
    (2, Detour::Exception),
    (5, Detour::Papers),
    (3, Detour::Amends),
    (4, Detour::Conditional),
    (4, Detour::Returned),
    (4, Detour::ChangeTaken),
    (3, Detour::ChangeTakenBack),
    (3, Detour::ChangeUpheld),
    (3, Detour::ContractDefect),
    (3, Detour::Released),
    (3, Detour::Correction),
    (3, Detour::Rejected),
    (3, Detour::Unknown),
    (3, Detour::RejectsOnce),
    (2, Detour::Reversed),
    (3, Detour::Hold),
    (3, Detour::Split),
    (2, Detour::Pep),
];

impl Script {
    /// The script of a case; with `chaos` more answers come late, twice or out of order, and core banking loses or refuses more.
    pub fn of(seed: u64, application_id: &str, chaos: bool) -> Self {
        let mut dice = Dice::of(seed, &format!("script/{application_id}"));
        let mut script = Script { end: dice.weighed(ENDS), ..Script::default() };
        match script.end {
            End::HandedOver => {
                script.detour(dice.weighed(DETOURS));
                if dice.chance(25) {
                    script.detour(dice.weighed(DETOURS));
                }
            }
            End::Declined => {
                if dice.chance(50) {
                    script.guarantor = Guarantor::Declines;
                } else {
                    script.insurer = Insurer::Refuses;
                }
            }
            End::Withdrawn => {
                let stages =
                    ["SUBMITTED", "SCREENING", "APPROVED", "CONTRACTING", "CONTRACT_TENDERED", "INCOMPLETE"];
                script.withdraws_in = dice.pick(&stages).copied();
                script.papers = script.withdraws_in == Some("INCOMPLETE");
            }
            End::ApprovalRescinded if dice.chance(40) => script.change = Change::Refused,
            End::Discarded | End::ApprovalExpired | End::ApprovalRescinded | End::ContractTerminated => {}
        }
        if chaos && script.manner == Manner::Prompt {
            script.manner = dice.weighed(&[
                (40, Manner::Prompt),
                (20, Manner::Late),
                (20, Manner::Duplicate),
                (20, Manner::OutOfOrder),
            ]);
        }
        // A reversal is an answer of its own; every other posting may go wrong.
        if chaos && script.end == End::HandedOver && script.posting == Posting::Confirms {
            script.posting =
                dice.weighed(&[(60, Posting::Confirms), (25, Posting::Unknown), (15, Posting::RejectsOnce)]);
        }
        script
    }

    fn detour(&mut self, detour: Detour) {
        match detour {
            Detour::None => {}
            Detour::GuarantorConditions => self.guarantor = Guarantor::Conditions,
            Detour::Late => self.manner = Manner::Late,
            Detour::Duplicate => self.manner = Manner::Duplicate,
            Detour::OutOfOrder => self.manner = Manner::OutOfOrder,
            Detour::Exam => self.insurer = Insurer::Examines,
            Detour::Exception => self.insurer = Insurer::RefusesButAllowed,
            Detour::Papers => self.papers = true,
            Detour::Amends => self.amends = true,
            Detour::Conditional => self.conditional = true,
            Detour::Returned => self.returned = true,
            Detour::ChangeTaken => self.change = Change::Taken,
            Detour::ChangeTakenBack => self.change = Change::TakenBack,
            Detour::ChangeUpheld => self.change = Change::Upheld,
            Detour::ContractDefect => self.contract_defect = true,
            Detour::Released => self.released = true,
            Detour::Correction => self.registration = Registration::Correction,
            Detour::Rejected => self.registration = Registration::Rejected,
            Detour::Unknown => self.posting = Posting::Unknown,
            Detour::RejectsOnce => self.posting = Posting::RejectsOnce,
            Detour::Reversed => self.posting = Posting::Reversed,
            Detour::Hold => self.hold = true,
            Detour::Split => self.drawings = 1,
            Detour::Pep => self.foreign_pep = true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_follow_the_seed_and_reach_every_end() {
        let script = |id: u32| Script::of(9, &format!("SIM-{id}"), false);
        assert_eq!(script(4), script(4));
        let mut ends: Vec<End> = (0..400).map(|id| script(id).end).collect();
        ends.sort();
        ends.dedup();
        assert_eq!(ends.len(), ENDS.len());
    }

    #[test]
    fn every_end_has_its_cause() {
        for id in 0..2000 {
            let script = Script::of(3, &format!("SIM-{id}"), id % 2 == 0);
            let declines = script.guarantor == Guarantor::Declines || script.insurer == Insurer::Refuses;
            assert_eq!(declines, script.end == End::Declined, "{script:?}");
            assert_eq!(script.withdraws_in.is_some(), script.end == End::Withdrawn, "{script:?}");
            assert!(script.change != Change::Refused || script.end == End::ApprovalRescinded);
        }
    }

    #[test]
    fn stages_are_compared_with_ends() {
        assert!(End::HandedOver.is_reached("DISBURSED"));
        assert!(End::Declined.is_reached("DECLINED"));
        assert!(!End::Declined.is_reached("SCREENING"));
    }
}
