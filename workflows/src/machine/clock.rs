//! What SYSTEM and TIMER do: from a due date to the command that it asks for. Pure; the worker executes the answer.

use super::case::Case;
use super::consent::{ConsentPurpose, stands};
use super::decide::Context;
use super::effect::{Deadline, Timer};
use super::facts::{ChangeCause, HoldGround};
use super::role::Role;
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use super::verb::Command;
use crate::engagement::EngagementState;
use chrono::NaiveDate;

/// What the list search said about a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    pub list_version: String,
    /// Possible match, or the search failed: compliance looks at it.
    pub needs_review: bool,
}

/// What the credit bureau said: an answer stored apart under a key, or none.
pub type BureauAnswer = Option<String>;

/// The world outside that due work asks: the watch list and the bureau.
pub trait Outside {
    /// Searches the list for a person of the case.
    fn search(&self, case: &Case, party_id: &str) -> Search;
    /// Looks the person up at the bureau, purpose REPAYMENT_ABILITY.
    fn inquire(&self, case: &Case, party_id: &str) -> BureauAnswer;
}

/// The next command of SYSTEM or TIMER for a due deadline, with the role that gives it. `None`: the date is settled by itself.
pub fn due(
    case: &Case,
    deadline: &Deadline,
    ctx: &Context<'_>,
    outside: &dyn Outside,
) -> Option<(Role, Command)> {
    let key = deadline.key.as_str();
    let timer = |command| Some((Role::Timer, command));
    match deadline.timer {
        Timer::Tm01 => timer(Command::DiscardDraft {}),
        Timer::Tm03 => timer(Command::ExpireApproval {}),
        Timer::Tm04 | Timer::Tm05 => {
            let (party, loan) = key.split_once(":L")?;
            timer(Command::ExpireDeclaration { party_id: party.to_owned(), loan_no: loan.parse().ok()? })
        }
        Timer::Tm06 => {
            let content_version = Some(key.strip_prefix('V')?.parse().ok()?);
            timer(Command::ExpireGuarantee { content_version })
        }
        Timer::Tm07 => Some((
            Role::System,
            Command::HoldDisbursement { ground: HoldGround::FundingDeadline, note: None },
        )),
        Timer::Tm09 => Some((Role::System, Command::TimeOutPosting {})),
        // Whoever was warned is not warned again.
        Timer::Tm02 | Timer::Tm08 | Timer::Tm10
            if case.warned.contains(&(deadline.timer, key.to_owned())) =>
        {
            None
        }
        Timer::Tm02 | Timer::Tm08 | Timer::Tm10 | Timer::Tm11 => {
            timer(Command::WarnValidity { timer: deadline.timer, key: key.to_owned() })
        }
        // Whether the office has answered stands beside the case: whoever has needs no reminder, and one that declined is the bank's matter.
        Timer::JobReminder if !matches!(ctx.registers.job, None | Some(EngagementState::Asked)) => None,
        Timer::JobOverdue if ctx.registers.job == Some(EngagementState::Accepted) => None,
        Timer::OrgReminder | Timer::JobReminder => {
            timer(Command::RemindPartner { timer: deadline.timer, key: key.to_owned() })
        }
        Timer::OrgOverdue | Timer::JobOverdue => {
            timer(Command::EscalatePartner { timer: deadline.timer, key: key.to_owned() })
        }
        Timer::Aml => search(case, key, outside).map(|c| (Role::System, c)),
        Timer::Bureau => bureau(case, key, outside),
        Timer::Day => on_the_day(case, ctx.today()).map(|c| (Role::System, c)),
        Timer::React => react(case, ctx).or_else(|| on_the_day(case, ctx.today())).map(|c| (Role::System, c)),
        Timer::Close => {
            let ready = case.stage == Stage::Disbursed && case.servicing_number.is_some();
            ready.then_some((Role::System, Command::HandOver {}))
        }
    }
}

fn search(case: &Case, key: &str, outside: &dyn Outside) -> Option<Command> {
    let party_id = key.to_owned();
    match case.track_state(Track::Aml, key)? {
        S::Clear => Some(Command::StaleAml { party_id }),
        S::Stale => Some(Command::StartAmlCheck { party_id }),
        S::Checking => {
            let found = outside.search(case, key);
            let pep = case.form.party(key).is_some_and(|p| p.foreign_pep);
            let list_version = found.list_version;
            Some(if found.needs_review || pep {
                Command::FlagAml { party_id, list_version }
            } else {
                Command::ClearAml { party_id, list_version }
            })
        }
        _ => None,
    }
}

fn bureau(case: &Case, key: &str, outside: &dyn Outside) -> Option<(Role, Command)> {
    let party_id = key.to_owned();
    // Nobody is looked up who withdrew the consent in the meantime: the inquiry fails and is made again once it is given (L-92).
    let agreed = stands(&case.form, &case.consent_steps, key, ConsentPurpose::RepaymentAbility);
    match case.track_state(Track::Bureau, key)? {
        S::Requested => Some((
            Role::System,
            match agreed.then(|| outside.inquire(case, key)).flatten() {
                Some(answer_key) => Command::AnswerBureau { party_id, answer_key },
                None => Command::FailBureau { party_id },
            },
        )),
        S::Answered => Some((Role::Timer, Command::ExpireBureau { party_id })),
        _ => None,
    }
}

/// On the disbursement date: fresh searches, then the conditions, then the join.
fn on_the_day(case: &Case, today: NaiveDate) -> Option<Command> {
    if case.stage != Stage::Scheduled || case.fixed.as_ref().is_none_or(|f| f.date != today) {
        return None;
    }
    for person in case.on(Track::Aml) {
        let party_id = person.key.clone();
        match person.state {
            S::Clear if person.since < today => return Some(Command::StaleAml { party_id }),
            S::Stale => return Some(Command::StartAmlCheck { party_id }),
            // The search tries again once it has answered.
            S::Checking => return None,
            _ => {}
        }
    }
    if case.on(Track::Cond).any(|i| i.state == S::Pending) {
        return Some(Command::EvaluateConditions { date: today });
    }
    Some(Command::MakeReady {})
}

/// What the server does at once when a case stands where it must not stay: T43 before the contract, T26 after it.
fn react(case: &Case, ctx: &Context<'_>) -> Option<Command> {
    let system = super::role::Actor::internal(Role::System);
    let ctx = Context { actor: &system, ..*ctx };
    let approved = matches!(
        case.stage,
        Stage::Approved | Stage::ConditionallyApproved | Stage::Contracting | Stage::ContractTendered
    );
    let with_money =
        matches!(case.stage, Stage::Contracted | Stage::Scheduled | Stage::Ready | Stage::PartiallyDisbursed);
    let candidates: Vec<Command> = if approved {
        ChangeCause::ALL.iter().map(|cause| Command::OpenChange { cause: *cause }).collect()
    } else if with_money {
        HoldGround::ALL
            .iter()
            .map(|ground| Command::HoldDisbursement { ground: *ground, note: None })
            .collect()
    } else {
        vec![]
    };
    candidates.into_iter().find(|command| super::decide::decide(case, command, &ctx).is_ok())
}
