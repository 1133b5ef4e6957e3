//! The explorer: breadth first through every state that a case can reach within bounds, all roles acting, each step held against
//! the invariants. Two states are one when nothing that a guard asks for tells them apart: ids, times, tasks and settled
//! postings are left out, dates count only by their place among the instants of the world.

use super::case::{Case, evolve};
use super::clock::{BureauAnswer, Outside, Search, due};
use super::decide::{Context, Decision, decide};
use super::effect::Timer;
use super::facts::PostingState;
use super::invariants::{Broken, Step, broken};
use super::registers::Registers;
use super::role::{Actor, Role};
use super::row::By;
use super::rules::Rules;
use super::table::Table;
use super::track::Track;
use super::verb::Command;
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap, VecDeque};
use std::hash::{DefaultHasher, Hash, Hasher};

/// What is explored, and within which bounds.
pub struct World<'a> {
    pub table: &'a Table,
    pub rules: &'a dyn Rules,
    pub start: Case,
    /// The instants that there are; the first is the beginning.
    pub instants: &'a [DateTime<Utc>],
    /// What people and partners may try in any state. Deadlines, proposals and postings come by themselves.
    pub moves: &'a [(Actor, Command)],
    /// Content versions beyond this number are not opened.
    pub versions: u32,
    /// Posting orders beyond this number are not given.
    pub postings: usize,
    /// More states than this are a fault of the bounds.
    pub limit: usize,
}

/// What was seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Explored {
    pub states: usize,
    pub steps: usize,
    pub rows: BTreeSet<&'static str>,
}

/// The shortest way to something that must not be.
#[derive(Clone, Debug)]
pub struct CounterExample {
    pub broken: Vec<Broken>,
    /// Instant, role and command from the start to the step that breaks it, or to the state that is stuck.
    pub way: Vec<(DateTime<Utc>, Role, Command)>,
}

/// How a state was first reached: from which one, by whom and what. `None` for a tick of the clock.
struct Reached {
    from: usize,
    by: Option<(Role, Command)>,
    at: usize,
}

struct Walk<'w, 'a> {
    world: &'w World<'a>,
    seen: HashMap<u64, usize>,
    reached: Vec<Reached>,
    /// (from, to) of every step, for the way back from the ends.
    edges: Vec<(u32, u32)>,
    ended: Vec<bool>,
    queue: VecDeque<(usize, Case, usize)>,
    found: Explored,
}

/// Explores a world. Errors: a counter-example with the shortest way to it.
pub fn explore(world: &World<'_>) -> Result<Explored, Box<CounterExample>> {
    let mut walk = Walk {
        world,
        seen: HashMap::new(),
        reached: vec![],
        edges: vec![],
        ended: vec![],
        queue: VecDeque::new(),
        found: Explored::default(),
    };
    walk.arrive(0, None, world.start.clone(), 0);
    while let Some((id, case, at)) = walk.queue.pop_front() {
        if at + 1 < world.instants.len() && !case.stage.is_final() {
            walk.arrive(id, None, case.clone(), at + 1);
        }
        for (actor, command) in tries(world, &case, world.instants[at]) {
            walk.step(id, &case, at, &actor, command)?;
        }
        if walk.reached.len() > world.limit {
            return Err(walk.fault(id, vec![fault("LIMIT", "the world is larger than its bounds say")]));
        }
    }
    walk.open_ends()?;
    walk.found.states = walk.reached.len();
    Ok(walk.found)
}

fn fault(invariant: &'static str, detail: &str) -> Broken {
    Broken { invariant, detail: detail.to_owned() }
}

impl Walk<'_, '_> {
    fn step(
        &mut self,
        id: usize,
        case: &Case,
        at: usize,
        actor: &Actor,
        command: Command,
    ) -> Result<(), Box<CounterExample>> {
        let world = self.world;
        let ctx = Context {
            actor,
            now: world.instants[at],
            rules: world.rules,
            table: world.table,
            registers: Registers::NONE,
        };
        let Ok(decision) = decide(case, &command, &ctx) else { return Ok(()) };
        let mut wrong = broken(&Step { before: Some(case), decision: &decision, ctx: &ctx });
        wrong.extend(replay(case, &command, &ctx, &decision, id));
        self.found.steps += 1;
        self.found.rows.extend(decision.rows.iter());
        if !wrong.is_empty() {
            let mut example = self.fault(id, wrong);
            example.way.push((world.instants[at], actor.role, command));
            return Err(example);
        }
        self.arrive(id, Some((actor.role, command)), decision.case, at);
        Ok(())
    }

    fn arrive(&mut self, from: usize, by: Option<(Role, Command)>, case: Case, at: usize) {
        let key = fingerprint(&case, self.world.instants, at);
        let next = self.reached.len();
        let id = *self.seen.entry(key).or_insert(next);
        if id == next {
            self.reached.push(Reached { from, by, at });
            self.ended.push(case.stage.is_final());
            self.queue.push_back((id, case, at));
        }
        if let (Ok(from), Ok(to)) = (u32::try_from(from), u32::try_from(id)) {
            self.edges.push((from, to));
        }
    }

    /// Every state must be able to reach an end.
    fn open_ends(&self) -> Result<(), Box<CounterExample>> {
        let mut back: Vec<Vec<u32>> = vec![vec![]; self.reached.len()];
        for (from, to) in &self.edges {
            back[*to as usize].push(*from);
        }
        let mut ends = self.ended.clone();
        let mut queue: VecDeque<usize> = (0..ends.len()).filter(|id| ends[*id]).collect();
        while let Some(id) = queue.pop_front() {
            for from in back[id].iter().map(|from| *from as usize) {
                if !ends[from] {
                    ends[from] = true;
                    queue.push_back(from);
                }
            }
        }
        match ends.iter().position(|ended| !ended) {
            None => Ok(()),
            Some(stuck) => Err(self.fault(stuck, vec![fault("STUCK", "no end can be reached from here")])),
        }
    }

    fn fault(&self, id: usize, broken: Vec<Broken>) -> Box<CounterExample> {
        let (mut way, mut at) = (vec![], id);
        while let Some(reached) = self.reached.get(at).filter(|_| at != 0) {
            if let Some((role, command)) = &reached.by {
                way.push((self.world.instants[reached.at], *role, command.clone()));
            }
            at = reached.from;
        }
        way.reverse();
        Box::new(CounterExample { broken, way })
    }
}

/// The same entry folds into the same case; now and then the decision is taken twice and must be the same.
fn replay(case: &Case, command: &Command, ctx: &Context<'_>, decision: &Decision, id: usize) -> Vec<Broken> {
    let mut wrong = vec![];
    if evolve(Some(case.clone()), &decision.entry).ok().as_ref() != Some(&decision.case) {
        wrong.push(fault("REPLAY", "the entry folds into another case"));
    }
    if id.is_multiple_of(16) {
        let again = decide(case, command, ctx);
        let same = again.is_ok_and(|d| d.entry == decision.entry && d.effects == decision.effects);
        if !same {
            wrong.push(fault("REPLAY", "the same command is decided in two ways"));
        }
    }
    wrong
}

/// Both answers that the world outside can give.
struct Answer(bool);

impl Outside for Answer {
    fn search(&self, _: &Case, _: &str) -> Search {
        Search { list_version: String::new(), needs_review: !self.0 }
    }

    fn inquire(&self, _: &Case, party_id: &str) -> BureauAnswer {
        self.0.then(|| party_id.to_owned())
    }
}

/// Everything that is tried in a state: the moves of the world, what is due, and what pending proposals and postings ask for.
fn tries(world: &World<'_>, case: &Case, now: DateTime<Utc>) -> Vec<(Actor, Command)> {
    let mut tries: Vec<(Actor, Command)> = vec![];
    let internal = Actor::internal(Role::System);
    let ctx =
        Context { actor: &internal, now, rules: world.rules, table: world.table, registers: Registers::NONE };
    for deadline in case.deadlines.iter().filter(|d| d.due_at <= now) {
        for answer in [true, false] {
            if let Some((role, command)) = due(case, deadline, &ctx, &Answer(answer)) {
                let mine = (Actor::internal(role), command);
                if !tries.contains(&mine) {
                    tries.push(mine);
                }
            }
        }
    }
    for (actor, command) in world.moves {
        let command = match command {
            Command::AmendApplication { .. } | Command::StartRescreening {}
                if case.content_versions >= world.versions && opens_version(case, command) =>
            {
                continue;
            }
            Command::OrderPosting {} if case.postings.len() >= world.postings => continue,
            Command::ConfirmPosting { reference, loan_no, .. } => keyed(case, |posting_key| {
                Command::ConfirmPosting { posting_key, reference: reference.clone(), loan_no: *loan_no }
            }),
            Command::RejectPosting { reason, loan_no, .. } => keyed(case, |posting_key| {
                Command::RejectPosting { posting_key, reason: reason.clone(), loan_no: *loan_no }
            }),
            Command::ConfirmReversal { reference, loan_no, .. } => keyed(case, |posting_key| {
                Command::ConfirmReversal { posting_key, reference: reference.clone(), loan_no: *loan_no }
            }),
            other => Some(other.clone()),
        };
        let Some(command) = command else { continue };
        // One proposal at a time: what two of them do to each other is a matter of their rows' stages.
        let proposes = world.table.of_verb(command.verb()).any(|row| matches!(row.by, By::FourEyes { .. }));
        if !proposes || case.proposals.is_empty() {
            tries.push((actor.clone(), command));
        }
    }
    for proposal in &case.proposals {
        let Some(By::FourEyes { propose, decide }) = world.table.row(&proposal.row).map(|row| row.by) else {
            continue;
        };
        let person = |role: Role, subject: String| Actor {
            subject,
            role,
            institution: case.institution.clone(),
            branches: vec![],
            organisation: None,
            on_behalf_of: None,
        };
        let id = proposal.id.clone();
        for role in decide {
            let approve = || Command::ApproveProposal { proposal_id: id.clone() };
            tries.push((person(*role, "second".to_owned()), approve()));
            tries.push((person(*role, proposal.by.clone()), approve()));
        }
        let retract = Command::RetractProposal { proposal_id: id.clone() };
        tries.extend(propose.first().map(|role| (person(*role, proposal.by.clone()), retract)));
    }
    tries
}

/// Would the command open a content version of its own?
fn opens_version(case: &Case, command: &Command) -> bool {
    match command {
        Command::StartRescreening {} => case.change.as_ref().is_some_and(|c| c.content_version.is_none()),
        _ => case.stage != super::stage::Stage::ChangeRequested,
    }
}

fn keyed(case: &Case, command: impl Fn(String) -> Command) -> Option<Command> {
    case.open_posting().map(|posting| command(posting.key.clone()))
}

/// What tells two states apart.
fn fingerprint(case: &Case, instants: &[DateTime<Utc>], at: usize) -> u64 {
    let mut hash = DefaultHasher::new();
    (at, case.stage, case.content_version, case.content_versions).hash(&mut hash);
    for instance in &case.tracks {
        (instance.track, &instance.key, instance.state).hash(&mut hash);
        if matches!(instance.track, Track::Aml | Track::Bureau) {
            instance.since.hash(&mut hash);
        }
    }
    for proposal in &case.proposals {
        (&proposal.row, &proposal.by).hash(&mut hash);
    }
    // A forecast changes nothing but that somebody was told.
    let told = |timer: Timer| timer == Timer::Tm11 || timer.waits_for().is_some();
    for deadline in case.deadlines.iter().filter(|d| !told(d.timer)) {
        let place = instants.iter().position(|instant| deadline.due_at <= *instant);
        (deadline.timer, &deadline.key, place).hash(&mut hash);
    }
    approved(case, &mut hash);
    facts(case, &mut hash);
    hash.finish()
}

fn approved(case: &Case, hash: &mut DefaultHasher) {
    if let Some(approval) = &case.approval {
        (approval.content_version, approval.valid_until).hash(hash);
        for condition in &approval.conditions {
            (&condition.condition.code, condition.is_open()).hash(hash);
        }
    }
    if let Some(change) = &case.change {
        (change.from, change.cause, change.content_version, change.form.is_some()).hash(hash);
    }
    for (version, guarantee) in &case.guarantees {
        (version, guarantee.valid_until, guarantee.conditions.len(), guarantee.decision.amount_yen)
            .hash(hash);
    }
    if let Some(set) = &case.contract {
        (&set.explained, &set.identified, &set.signed, set.tendered_on, set.formed_on).hash(hash);
    }
    (&case.covers, &case.insurance_exceptions, case.route_changed, case.defects.len()).hash(hash);
    let form = &case.form;
    (form.requested_amount_yen.0, form.documents.len(), form.consents.len()).hash(hash);
    for entry in &form.insurance {
        (entry.insurance_type.code(), entry.declared_on).hash(hash);
    }
    for party in &form.parties {
        party.qualification.route.map(|route| route.code()).hash(hash);
    }
    form.transaction_conditions.salary_transfer.status.code().hash(hash);
}

fn facts(case: &Case, hash: &mut DefaultHasher) {
    (&case.grounds, case.arrears, &case.dead, case.account_exception, case.termination_agreed).hash(hash);
    (case.named_date, case.frozen.as_ref().map(|f| f.date), case.costs.is_some()).hash(hash);
    case.bridge.as_ref().map(|b| (b.outstanding, b.plan.is_some(), b.principal_yen)).hash(hash);
    case.fixed.as_ref().map(|f| (f.date, f.drawing_yen)).hash(hash);
    case.payoff.as_ref().map(|p| (p.as_of, p.reference.is_some())).hash(hash);
    (&case.payees, &case.form.disbursement_account.number).hash(hash);
    case.hold.as_ref().map(|h| (h.ground, h.from)).hash(hash);
    for posting in &case.postings {
        if !matches!(posting.state, PostingState::Rejected | PostingState::Reversed) {
            (posting.state, posting.amount_yen, posting.drawing, posting.date).hash(hash);
            posting.parts.iter().for_each(|part| (part.loan_no, part.state).hash(hash));
        }
    }
    (&case.completed, case.terms_agreed_on).hash(hash);
    (case.engagements.get(&Role::Scrivener), &case.former_offices).hash(hash);
    for attached in &case.files {
        (attached.state().code(), &attached.replaced_by).hash(hash);
    }
    (case.funding_deadline, &case.extension_papers, case.servicing_number.is_some()).hash(hash);
    (&case.former_guarantors, super::guarantor::engaged(case)).hash(hash);
    (&case.fire, case.warned.iter().any(|(timer, _)| *timer == Timer::Tm02)).hash(hash);
    // Of a consent that was withdrawn and given again, only how it stands now counts.
    let now = case.consent_steps.iter().map(|step| ((&step.party_id, step.purpose), step.state));
    now.collect::<std::collections::BTreeMap<_, _>>().hash(hash);
    for (filing, papers) in &case.filings {
        (filing, papers.seal_certificate_on, papers.correction_deadline).hash(hash);
    }
}
