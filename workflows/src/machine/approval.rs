//! Who decides on a proposal: the level that the book asks for, the votes of a committee, and who keeps away (E.2, L-108-3).

use super::case::Case;
use super::event::{Event, ProposalEnd};
use super::facts::{ConflictRelation, Proposal};
use super::need::{Check, Need};
use super::refusal::Unmet;
use super::role::Actor;
use super::rules::Rules;
use super::verb::Command;
use super::work::Work;
use crate::Problem;
use crate::guard::Guard;
use crate::money::Yen;
use crate::product::{Level, Risk};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// Who decides on a proposal; frozen when it is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    pub level: Level,
    /// What made it weigh more than its amount.
    pub risks: Vec<Risk>,
    /// How many people may vote; 1 unless a committee decides.
    pub members: u8,
    /// How many of them must agree.
    pub votes: u8,
}

impl Default for Route {
    /// One second person of the branch.
    fn default() -> Self {
        Route { level: Level::Branch, risks: vec![], members: 1, votes: 1 }
    }
}

/// What one member of a committee said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Vote {
    pub by: String,
    /// The absent member for whom `by` voted.
    #[serde(default)]
    pub on_behalf_of: Option<String>,
    pub at: DateTime<Utc>,
    pub agrees: bool,
    /// Why not; internal (INV-7).
    #[serde(default)]
    pub reason: Option<String>,
}

/// What a vote comes to.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(super) enum Count {
    Waits,
    Agreed,
    Refused,
}

/// The route of a proposal under the book of the case. Only approvals weigh by amount and risk.
pub(super) fn route_of(case: &Case, command: &Command, rules: &dyn Rules) -> Route {
    let (Command::ApproveLoan { screening_add_on, .. }
    | Command::ApproveWithConditions { screening_add_on, .. }) = command
    else {
        return Route::default();
    };
    let Some(book) = rules.book_of(&case.form) else { return Route::default() };
    let terms = &book.terms.four_eyes;
    let found = [
        (Risk::ScreeningAddOn, screening_add_on.is_some_and(|points| !points.is_zero())),
        (Risk::InsuranceException, !case.insurance_exceptions.is_empty()),
        (Risk::AccountException, case.account_exception),
        (Risk::OpenConditions, matches!(command, Command::ApproveWithConditions { .. })),
        (Risk::Reapproval, case.approval.is_some()),
    ];
    let risks: Vec<Risk> = found.into_iter().filter(|(_, is)| *is).map(|(risk, _)| risk).collect();
    let level = terms.level(Yen(case.amount_yen()), &risks);
    let (members, votes) = match (&terms.committee, level) {
        (Some(committee), Level::Committee) => (committee.members, committee.votes),
        _ => (1, 1),
    };
    Route { level, risks, members, votes }
}

impl Proposal {
    /// May this person still decide on it, whatever the role? Everything that stands against it.
    pub(super) fn unmet_by(&self, actor: &Actor) -> Vec<Unmet> {
        let check = Check::G(Guard::FourEyes);
        let mut unmet = vec![];
        if actor.people().any(|person| self.people().any(|maker| maker == person)) {
            unmet.push(Unmet::of(check, None));
        }
        let say = |ja: &str, en: &str| Unmet {
            rule: Some("E.2".to_owned()),
            ja: ja.to_owned(),
            en: en.to_owned(),
            ..Unmet::of(check, None)
        };
        if self.route.level != Level::Branch && !actor.is_of_the_whole_bank() {
            unmet.push(say(
                "この承認は、金庫全体を担当する方が決裁します。",
                "This approval is decided by somebody who answers for the whole bank.",
            ));
        }
        if self.votes.iter().flat_map(Vote::people).any(|voted| actor.people().any(|person| person == voted))
        {
            unmet.push(say("すでに投票済みです。", "This person has voted already."));
        }
        unmet
    }

    /// Both people behind it: the one who made it, and the absent one for whom.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.by.as_str()).chain(self.on_behalf_of.as_deref())
    }

    /// Do several people vote on it?
    pub fn is_of_a_committee(&self) -> bool {
        self.route.level == Level::Committee
    }

    /// The count with one more vote.
    pub(super) fn count_with(&self, agrees: bool) -> Count {
        let yes = self.votes.iter().filter(|vote| vote.agrees).count() + usize::from(agrees);
        let no = self.votes.iter().filter(|vote| !vote.agrees).count() + usize::from(!agrees);
        let (members, votes) = (usize::from(self.route.members), usize::from(self.route.votes));
        if yes >= votes {
            Count::Agreed
        } else if no > members.saturating_sub(votes) {
            Count::Refused
        } else {
            Count::Waits
        }
    }
}

impl Vote {
    fn people(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.by.as_str()).chain(self.on_behalf_of.as_deref())
    }
}

/// Why a person of the bank keeps away from the case: declared, or because it is his own.
pub(super) fn conflict_of(case: &Case, actor: &Actor) -> Option<ConflictRelation> {
    if !actor.role.is_staff() {
        return None;
    }
    let own = || {
        actor
            .people()
            .any(|person| case.applicant.as_deref() == Some(person))
            .then_some(ConflictRelation::Own)
    };
    actor.people().find_map(|person| case.conflicts.get(person).copied()).or_else(own)
}

/// What a person with an interest is told instead of any row.
pub(super) fn keeps_away(relation: ConflictRelation) -> Unmet {
    Unmet { rule: Some("L-108-3".to_owned()), ..Unmet::of(Check::N(Need::NoConflict), Some(relation.code())) }
}

/// The person keeps away from now on, and what the person proposed is not decided any more.
pub(super) fn declare(work: &mut Work<'_>, subject: Option<&String>, relation: ConflictRelation, note: &str) {
    let subject = subject.unwrap_or(&work.ctx.actor.subject).clone();
    let proposed = |p: &&Proposal| p.people().any(|maker| maker == subject);
    let pointless: Vec<Proposal> = work.case.proposals.iter().filter(proposed).cloned().collect();
    work.fact(Event::ConflictDeclared { subject, relation, note: note.to_owned() });
    for proposal in &pointless {
        work.end_proposal(proposal, ProposalEnd::Void, None);
    }
}

/// Longest absence, in days: longer ones are a matter of the roles themselves.
pub const LONGEST_ABSENCE_DAYS: i64 = 92;

/// Everything against `deputy` acting for `absent` from the first to the last of these days.
pub fn deputy_refused(
    absent: &str,
    deputy: &str,
    (from, until): (NaiveDate, NaiveDate),
    reason: &str,
    today: NaiveDate,
) -> Vec<Problem> {
    let mut problems = vec![];
    let mut say = |field: &str, accepted: &str| {
        let words = ("代行者の指定ができません。", "The deputy cannot be named so.");
        problems.push(Problem::new(field, "E.2", words, accepted));
    };
    if deputy.trim().is_empty() || deputy.len() > 200 || deputy == absent {
        say("deputy", "本人以外の利用者 / a person other than the caller");
    }
    if from < today {
        say("from", "本日以降の日付 / today or later");
    }
    if until < from || (until - from).num_days() >= LONGEST_ABSENCE_DAYS {
        say("until", "開始日から92日以内 / within 92 days of the first day");
    }
    if reason.trim().is_empty() || reason.chars().count() > 400 {
        say("reason", "1～400文字 / 1 to 400 characters");
    }
    problems
}
