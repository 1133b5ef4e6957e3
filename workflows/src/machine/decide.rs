//! `decide`: a case, a command and a context in; a decision or a typed refusal out. No I/O, no clock, no randomness.

use super::approval::{self, Count};
use super::case::Case;
use super::effect::Effect;
use super::emergency::reaches_out;
use super::event::{Entry, Event, ProposalEnd};
use super::facts::Proposal;
use super::need::Check;
use super::refusal::{Refusal, Unmet};
use super::registers::Registers;
use super::role::{Actor, Role};
use super::row::{By, Place, Row};
use super::rules::Rules;
use super::stage::Stage;
use super::table::Table;
use super::track::Track;
use super::verb::{Command, Verb};
use super::work::Work;
use crate::guard::Guard;
use chrono::{DateTime, NaiveDate, Utc};

/// Who asks, when, under which rules and which table.
#[derive(Copy, Clone)]
pub struct Context<'a> {
    pub actor: &'a Actor,
    pub now: DateTime<Utc>,
    pub rules: &'a dyn Rules,
    pub table: &'a Table,
    /// What the bank's registers say of the command ([`super::registers::asked`]).
    pub registers: &'a Registers,
}

impl Context<'_> {
    /// Tokyo business date of `now`.
    pub fn today(&self) -> NaiveDate {
        crate::calendar::tokyo_date(self.now)
    }
}

/// A yes: the line of history, the case after it, and what follows.
#[derive(Clone, Debug)]
pub struct Decision {
    pub entry: Entry,
    pub case: Case,
    pub effects: Vec<Effect>,
    /// Ids of the rows taken, consequences included.
    pub rows: Vec<&'static str>,
}

/// Opens a case with a draft. `id` is chosen by the caller (time-ordered, unique).
pub fn open(id: &str, command: &Command, ctx: &Context<'_>) -> Result<Decision, Refusal> {
    let Command::CreateDraft { form } = command else {
        return Err(Refusal::here(Stage::Draft, &[]));
    };
    let row = ctx.table.of_verb(Verb::CreateDraft).next().ok_or_else(|| Refusal::here(Stage::Draft, &[]))?;
    if !row.callers().contains(&ctx.actor.role) {
        return Err(Refusal::Forbidden { roles: row.callers().to_vec() });
    }
    if ctx.actor.role != Role::Importer && ctx.actor.institution != form.institution.bank_code {
        return Err(Refusal::Forbidden { roles: row.callers().to_vec() });
    }
    if ctx.rules.book_version(form).is_empty() {
        return Err(Refusal::invalid(
            "institution.bank_code",
            "BOOK",
            "この金庫・受付日に適用される商品台帳がありません。",
            "No edition of the product book counts for the bank on the day of reception.",
        ));
    }
    let unlisted = ctx
        .rules
        .book_of(form)
        .and_then(|book| crate::product::branches::refusal(&book, &form.institution.branch_code));
    if let Some((ja, en)) = unlisted {
        return Err(Refusal::invalid("institution.branch_code", "B-06", &ja, &en));
    }
    // A person who applies for himself owns the draft; a channel or the counter applies for somebody else.
    let own = ctx.actor.role == Role::Applicant && ctx.actor.organisation.is_none();
    let mut work = Work::open(id, form, own.then(|| ctx.actor.subject.clone()), ctx);
    work.take(row, None);
    Ok(work.finish(Verb::CreateDraft, None))
}

/// Decides one command on a case.
pub fn decide(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<Decision, Refusal> {
    check_ownership(case, command, ctx)?;
    if case.keeping.erased.is_some() {
        return Err(Refusal::Blocked { unmet: vec![super::keeping::erased_unmet(case)] });
    }
    check_interest(case, command, ctx)?;
    let decision = match command {
        Command::ApproveProposal { proposal_id } => approve(case, proposal_id, ctx),
        Command::ReturnProposal { proposal_id, reason } => end_proposal(case, proposal_id, Some(reason), ctx),
        Command::RetractProposal { proposal_id } => end_proposal(case, proposal_id, None, ctx),
        _ => {
            let command = &*super::content::with_banks_part(case, command);
            let row = choose(case, command, None, ctx)?;
            match row.by {
                By::FourEyes { .. } => propose(case, command, row, ctx),
                By::One(_) | By::Consequence(_) => carry_out(case, command, row, None, ctx),
            }
        }
    };
    let decision = super::consent::only_with_consent(decision?)?;
    super::guarantor::only_where_named(decision, ctx.rules)
}

/// The applicant's own case, the partner's own engagement, the staff's own branch: beyond it only what opens a case in emergency.
pub(super) fn check_ownership(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<(), Refusal> {
    let actor = ctx.actor;
    let forbidden = || Refusal::Forbidden { roles: vec![] };
    if actor.role.is_internal() {
        return Ok(());
    }
    if actor.role.is_partner() {
        let engaged = case.engagements.get(&actor.role);
        return if engaged.is_some() && engaged == actor.organisation.as_ref() {
            Ok(())
        } else {
            Err(forbidden())
        };
    }
    if actor.role != Role::Importer && actor.institution != case.institution {
        return Err(forbidden());
    }
    let in_branch = actor.branches.is_empty() || actor.branches.contains(&case.branch);
    if actor.role.is_staff() && !in_branch && !reaches_out(command.verb()) {
        return Err(forbidden());
    }
    let personal = matches!(actor.role, Role::Applicant | Role::CoObligor) && actor.organisation.is_none();
    if personal && case.applicant.as_deref() != Some(actor.subject.as_str()) {
        return Err(forbidden());
    }
    Ok(())
}

/// L-108-3: who has an interest in the case does nothing on it but say so and take back what was proposed.
pub(super) fn check_interest(case: &Case, command: &Command, ctx: &Context<'_>) -> Result<(), Refusal> {
    if matches!(command, Command::DeclareConflict { .. } | Command::RetractProposal { .. }) {
        return Ok(());
    }
    match approval::conflict_of(case, ctx.actor) {
        Some(relation) => Err(Refusal::Blocked { unmet: vec![approval::keeps_away(relation)] }),
        None => Ok(()),
    }
}

/// The row that this command takes: of the rows open here to this role, the first whose needs are all met, else the refusal
/// of the one with the fewest obstacles. `proposal` is set when the second person decides.
fn choose<'t>(
    case: &Case,
    command: &Command,
    proposal: Option<&Proposal>,
    ctx: &Context<'t>,
) -> Result<&'t Row, Refusal> {
    let rows = candidates(case, command, ctx)?;
    let allowed: Vec<&Row> = rows
        .iter()
        .copied()
        .filter(|row| match (row.by, proposal) {
            (By::One(roles), None) => roles.contains(&ctx.actor.role),
            (By::FourEyes { propose, .. }, None) => propose.contains(&ctx.actor.role),
            (By::FourEyes { decide, .. }, Some(_)) => decide.contains(&ctx.actor.role),
            _ => false,
        })
        .collect();
    if allowed.is_empty() {
        let roles = rows.iter().flat_map(|r| r.callers().iter().copied()).collect();
        return Err(Refusal::Forbidden { roles });
    }
    let mut least: Option<Vec<Unmet>> = None;
    for row in allowed {
        let unmet = unmet_of(row, case, Some(command), proposal, ctx);
        if unmet.is_empty() {
            return Ok(row);
        }
        if least.as_ref().is_none_or(|l| unmet.len() < l.len()) {
            least = Some(unmet);
        }
    }
    Err(Refusal::Blocked { unmet: least.unwrap_or_default() })
}

/// Each row that the command could take from here, with what is in its way: empty where it would be taken.
pub fn obstacles(case: &Case, command: &Command, ctx: &Context<'_>) -> Vec<(&'static str, Vec<Unmet>)> {
    let rows = candidates(case, command, ctx).unwrap_or_default();
    rows.into_iter().map(|row| (row.id, unmet_of(row, case, Some(command), None, ctx))).collect()
}

/// Rows of the verb that leave the present stage or track state.
fn candidates<'t>(case: &Case, command: &Command, ctx: &Context<'t>) -> Result<Vec<&'t Row>, Refusal> {
    let verb = command.verb();
    let table = ctx.table;
    if let Some(track) = table.track_of(verb) {
        if case.stage.is_final()
            && !matches!(case.stage, Stage::HandedOver | Stage::ContractTerminated | Stage::DrawingsRepaid)
        {
            return Err(Refusal::here(case.stage, &[]));
        }
        let Some(key) = super::subject::key_of(command, case) else {
            let check = Check::N(super::need::Need::Subject);
            return Err(Refusal::Blocked { unmet: vec![Unmet::of(check, None)] });
        };
        let state = case.track_state(track, &key);
        let rows: Vec<&Row> = state.map(|s| table.on_track(track, s, verb).collect()).unwrap_or_default();
        if rows.is_empty() {
            let at = state.map_or_else(|| format!("{track}:-"), |s| format!("{track}:{s}"));
            return Err(Refusal::IllegalTransition { at, allowed: allowed_states(table, verb) });
        }
        return Ok(rows);
    }
    let rows: Vec<&Row> = table.here(case.stage, verb).collect();
    if rows.is_empty() {
        let allowed: Vec<Stage> = table.of_verb(verb).flat_map(|r| r.stages().iter().copied()).collect();
        return Err(Refusal::here(case.stage, &allowed));
    }
    Ok(rows)
}

fn allowed_states(table: &Table, verb: Verb) -> Vec<String> {
    table
        .of_verb(verb)
        .filter_map(|row| match row.place {
            Place::Track { track, from, .. } => Some(format!("{track}:{from}")),
            Place::Main { .. } | Place::Fact { .. } => None,
        })
        .collect()
}

/// Everything that a row still needs.
pub(super) fn unmet_of(
    row: &Row,
    case: &Case,
    command: Option<&Command>,
    proposal: Option<&Proposal>,
    ctx: &Context<'_>,
) -> Vec<Unmet> {
    let view = super::checks::View { case, command, proposal, ctx };
    let needs = row.needs.iter().flat_map(|check| view.unmet(*check));
    needs.chain(view.unsendable(row)).collect()
}

/// First of four eyes: nothing moves yet, the case shows what is pending.
fn propose(case: &Case, command: &Command, row: &Row, ctx: &Context<'_>) -> Result<Decision, Refusal> {
    if let Some(pending) = case.proposals.iter().find(|p| p.row == row.id) {
        let check = Check::G(Guard::FourEyes);
        return Err(Refusal::Blocked { unmet: vec![Unmet::of(check, Some(&pending.id))] });
    }
    super::subject::validate(command, case, ctx)?;
    let mut work = Work::on(case, ctx);
    work.propose(row, command);
    Ok(work.finish(command.verb(), super::subject::reason_of(command)))
}

/// Second of four eyes: the proposal is judged again from the start and carried out.
fn approve(case: &Case, id: &str, ctx: &Context<'_>) -> Result<Decision, Refusal> {
    let proposal = pending(case, id)?;
    let row = choose(case, &proposal.command, Some(proposal), ctx)?;
    if proposal.count_with(true) == Count::Waits {
        let mut work = Work::on(case, ctx);
        work.vote(proposal, true, None);
        return Ok(work.finish(Verb::ApproveProposal, None));
    }
    carry_out(case, &proposal.command, row, Some(proposal), ctx)
}

/// Return by a second person, or retraction by the first.
fn end_proposal(
    case: &Case,
    id: &str,
    reason: Option<&String>,
    ctx: &Context<'_>,
) -> Result<Decision, Refusal> {
    let proposal = pending(case, id)?;
    let row = ctx.table.row(&proposal.row).ok_or_else(|| Refusal::here(case.stage, &[]))?;
    let By::FourEyes { decide, .. } = row.by else {
        return Err(Refusal::here(case.stage, &[]));
    };
    let mine = proposal.people().any(|maker| ctx.actor.people().any(|person| person == maker));
    let (verb, end) = match reason {
        Some(_) => (Verb::ReturnProposal, ProposalEnd::Returned),
        None => (Verb::RetractProposal, ProposalEnd::Retracted),
    };
    let may = match reason {
        Some(_) => decide.contains(&ctx.actor.role) && !mine,
        None => mine,
    };
    if !may {
        return Err(Refusal::Forbidden { roles: decide.to_vec() });
    }
    let mut work = Work::on(case, ctx);
    if reason.is_some() {
        let unmet = proposal.unmet_by(ctx.actor);
        if !unmet.is_empty() {
            return Err(Refusal::Blocked { unmet });
        }
        if proposal.is_of_a_committee() {
            work.vote(proposal, false, reason.cloned());
        }
        if proposal.count_with(false) == Count::Waits {
            return Ok(work.finish(verb, reason.cloned()));
        }
    }
    work.end_proposal(proposal, end, reason.cloned());
    Ok(work.finish(verb, reason.cloned()))
}

fn pending<'c>(case: &'c Case, id: &str) -> Result<&'c Proposal, Refusal> {
    case.proposals.iter().find(|p| p.id == id).ok_or_else(|| {
        Refusal::invalid(
            "proposal_id",
            "G-FOUR-EYES",
            "該当する起案はありません。",
            "No such proposal is pending.",
        )
    })
}

fn carry_out(
    case: &Case,
    command: &Command,
    row: &Row,
    proposal: Option<&Proposal>,
    ctx: &Context<'_>,
) -> Result<Decision, Refusal> {
    super::subject::validate(command, case, ctx)?;
    let mut work = Work::on(case, ctx);
    if let Some(proposal) = proposal {
        if proposal.is_of_a_committee() {
            work.vote(proposal, true, None);
        }
        work.end_proposal(proposal, ProposalEnd::Approved, None);
    }
    let request = super::asked::answers(&work, command);
    super::arms::carry_out(&mut work, command, row);
    super::asked::answered(&mut work, request, command);
    let verb = if proposal.is_some() { Verb::ApproveProposal } else { command.verb() };
    Ok(work.finish(verb, super::subject::reason_of(command)))
}

/// Is the move taken by a track verb one of this case's tracks? Used by `allowed_actions`.
pub(super) fn track_keys(case: &Case, track: Track) -> Vec<String> {
    case.on(track).map(|i| i.key.clone()).collect()
}

impl Decision {
    /// Facts of the entry.
    pub fn events(&self) -> &[Event] {
        &self.entry.events
    }
}
