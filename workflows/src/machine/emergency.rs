//! Break-glass: somebody of the bank reads a case outside his branches, for a stated reason and a short time (L-91). It stands on record
//! before the first line is read, compliance and the branch manager are told, and somebody else of compliance reviews every use.

use super::case::Case;
use super::decide::Context;
use super::event::Event;
use super::follow;
use super::refusal::Refusal;
use super::role::{Actor, Role};
use super::verb::{Command, Verb};
use super::work::Work;
use crate::Problem;
use chrono::{DateTime, Duration, NaiveDate, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The rule that asks for a reason and a record of every look.
const RULE: &str = "L-91";
/// Characters of a reason that says something, and at most.
const SHORTEST_REASON: usize = 15;
const LONGEST_REASON: usize = 400;
/// Different characters in it: a letter repeated is no reason.
const FEWEST_LETTERS: usize = 6;

/// Who may open a case in emergency.
pub const EMERGENCY_ROLES: &[Role] = &[Role::BranchManager, Role::ScreeningOfficer, Role::Compliance];

crate::terms! {
    /// What the review of an access in emergency finds.
    pub enum EmergencyOutcome {
        Justified = "JUSTIFIED", "正当", "Justified";
        NotJustified = "NOT_JUSTIFIED", "不当", "Not justified";
    }
}

/// The review of an access by somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EmergencyReview {
    pub by: String,
    pub at: DateTime<Utc>,
    pub outcome: EmergencyOutcome,
    pub note: String,
}

/// One person's access to one case outside his branches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmergencyAccess {
    /// Unique in the case: `E1`, `E2` and so on.
    pub id: String,
    pub subject: String,
    pub role: Role,
    pub reason: String,
    pub opened_at: DateTime<Utc>,
    /// From this instant on it is over.
    pub ends_at: DateTime<Utc>,
    /// When it was ended before that, and by whom.
    pub ended: Option<(DateTime<Utc>, String)>,
    /// Last day for the review, Tokyo.
    pub review_due_on: NaiveDate,
    pub review: Option<EmergencyReview>,
}

impl EmergencyAccess {
    /// Does it show the case at this instant?
    pub fn is_open(&self, now: DateTime<Utc>) -> bool {
        self.opened_at <= now && now < self.ends_at && self.ended.is_none()
    }

    /// Is it over, not reviewed yet, and may this person review it? Whoever used it may not.
    pub fn waits_for(&self, actor: &Actor, now: DateTime<Utc>) -> bool {
        self.review.is_none() && !self.is_open(now) && actor.people().all(|person| person != self.subject)
    }

    /// Is it over without a review, and the day for that gone?
    pub fn is_overdue(&self, today: NaiveDate) -> bool {
        self.review.is_none() && self.review_due_on < today
    }
}

impl Case {
    /// The access in emergency that shows the case to this person at this instant. Whoever keeps away from the case has none, nor has
    /// a deputy: the reason is a person's own.
    pub fn emergency_of(&self, actor: &Actor, now: DateTime<Utc>) -> Option<&EmergencyAccess> {
        if actor.on_behalf_of.is_some() || super::approval::conflict_of(self, actor).is_some() {
            return None;
        }
        let mine = |a: &&EmergencyAccess| a.subject == actor.subject && a.role == actor.role;
        self.emergencies.iter().filter(mine).find(|access| access.is_open(now))
    }
}

/// Does the command reach a case outside the caller's branches? Nobody is offered it, and its answer shows nothing of the case.
pub const fn reaches_out(verb: Verb) -> bool {
    matches!(verb, Verb::OpenCaseInEmergency | Verb::EndEmergencyAccess)
}

/// What is wrong with a stated reason, whatever the case.
pub fn problem_of_reason(reason: &str) -> Option<Problem> {
    let reason = reason.trim();
    let letters: std::collections::BTreeSet<char> = reason.chars().filter(|c| c.is_alphanumeric()).collect();
    let length = reason.chars().count();
    let fits = (SHORTEST_REASON..=LONGEST_REASON).contains(&length) && letters.len() >= FEWEST_LETTERS;
    let words = (
        "緊急閲覧の理由を具体的に記載してください。",
        "Say what makes it necessary to read the case in emergency.",
    );
    let accepted = format!(
        "{SHORTEST_REASON}～{LONGEST_REASON}文字の具体的な理由 / {SHORTEST_REASON} to {LONGEST_REASON} characters that say why"
    );
    (!fits).then(|| Problem::new("reason", RULE, words, accepted))
}

/// Is the case outside the branches that this person answers for?
fn is_outside(case: &Case, actor: &Actor) -> bool {
    !actor.branches.is_empty() && !actor.branches.contains(&case.branch)
}

/// What is wrong with a command of this module.
pub(super) fn validate(command: &Command, case: &Case, ctx: &Context<'_>) -> Result<(), Refusal> {
    let actor = ctx.actor;
    let no = |field: &str, ja: &str, en: &str| Err(Refusal::invalid(field, RULE, ja, en));
    match command {
        Command::OpenCaseInEmergency { reason } => {
            if let Some(problem) = problem_of_reason(reason) {
                let say = |text: &str| format!("{text}（{}）", problem.accepted);
                return no(&problem.field, &say(&problem.message_ja), &say(&problem.message_en));
            }
            if actor.on_behalf_of.is_some() {
                return no(
                    "onBehalfOf",
                    "緊急閲覧は代行できません。ご本人の権限で行ってください。",
                    "A deputy opens no case in emergency: accepted is a role of the person's own.",
                );
            }
            if !is_outside(case, actor) {
                return no(
                    "applicationId",
                    "担当範囲内の案件です。通常の画面で閲覧できます。",
                    "The case is in the caller's own branches: accepted is a case outside them.",
                );
            }
            if case.emergency_of(actor, ctx.now).is_some() {
                return no(
                    "applicationId",
                    "この案件は緊急閲覧中です。",
                    "The caller has this case open in emergency already.",
                );
            }
            Ok(())
        }
        Command::EndEmergencyAccess { access } => {
            let access = find(case, access);
            let own = access.as_ref().is_ok_and(|access| access.subject == actor.subject);
            // Whoever does not see the case learns nothing of what others opened.
            if !own && (is_outside(case, actor) || actor.role == Role::ScreeningOfficer) {
                return Err(Refusal::Forbidden { roles: vec![Role::BranchManager, Role::Compliance] });
            }
            if !access?.is_open(ctx.now) {
                return no(
                    "access",
                    "この緊急閲覧はすでに終了しています。",
                    "The access is over: accepted is one that is open.",
                );
            }
            Ok(())
        }
        Command::ReviewEmergencyAccess { access, note, .. } => {
            let access = find(case, access)?;
            if actor.people().any(|person| person == access.subject) {
                return no(
                    "access",
                    "緊急閲覧をした本人は確認できません。",
                    "Whoever used the access does not review it: accepted is another person.",
                );
            }
            if access.review.is_some() || access.is_open(ctx.now) {
                return no(
                    "access",
                    "終了済みで未確認の緊急閲覧を指定してください。",
                    "Accepted is an access that is over and not reviewed yet.",
                );
            }
            let length = note.trim().chars().count();
            if !(1..=LONGEST_REASON).contains(&length) {
                return no(
                    "note",
                    "確認結果の根拠を1～400文字で記載してください。",
                    "Say on what the finding rests: 1 to 400 characters.",
                );
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn find<'c>(case: &'c Case, id: &str) -> Result<&'c EmergencyAccess, Refusal> {
    case.emergencies.iter().find(|access| access.id == id).ok_or_else(|| {
        let (ja, en) = ("該当する緊急閲覧はありません。", "The case has no such access in emergency.");
        Refusal::invalid("access", RULE, ja, en)
    })
}

/// Carries a command of this module out.
pub(super) fn carry_out(work: &mut Work<'_>, command: &Command) {
    let (actor, now) = (work.ctx.actor, work.ctx.now);
    let fact = match command {
        Command::OpenCaseInEmergency { reason } => {
            let minutes = work.ctx.rules.limits(&work.case.form).emergency_minutes;
            let task = super::effect::Task::ReviewEmergency;
            Event::EmergencyOpened {
                access: EmergencyAccess {
                    id: format!("E{}", work.case.emergencies.len() + 1),
                    subject: actor.subject.clone(),
                    role: actor.role,
                    reason: reason.trim().to_owned(),
                    opened_at: now,
                    ends_at: now + Duration::minutes(i64::from(minutes)),
                    ended: None,
                    review_due_on: follow::in_business_days(work.ctx.today(), task.due_in_business_days()),
                    review: None,
                },
            }
        }
        Command::EndEmergencyAccess { access } => {
            Event::EmergencyEnded { access: access.clone(), at: now, by: actor.subject.clone() }
        }
        Command::ReviewEmergencyAccess { access, outcome, note } => {
            let (by, note) = (actor.subject.clone(), note.trim().to_owned());
            let review = EmergencyReview { by, at: now, outcome: *outcome, note };
            Event::EmergencyReviewed { access: access.clone(), review }
        }
        _ => return,
    };
    work.fact(fact);
}

/// Folds a fact of this module.
pub(super) fn apply(case: &mut Case, event: &Event) {
    let mut at = |id: &str, change: &dyn Fn(&mut EmergencyAccess)| {
        if let Some(access) = case.emergencies.iter_mut().find(|access| access.id == id) {
            change(access);
        }
    };
    match event {
        Event::EmergencyOpened { access } => case.emergencies.push(access.clone()),
        Event::EmergencyEnded { access, at: when, by } => {
            at(access, &|access| access.ended = Some((*when, by.clone())));
        }
        Event::EmergencyReviewed { access, review } => {
            at(access, &|access| access.review = Some(review.clone()));
        }
        _ => {}
    }
}
