//! One decision in the making: facts are folded as they are found, so that each sees those before it.

use super::approval::Vote;
use super::case::{Case, new_case};
use super::decide::{Context, Decision};
use super::effect::Effect;
use super::event::{Entry, Event, ProposalEnd};
use super::facts::{Proposal, TerminationGround};
use super::row::{Place, Row};
use super::stage::Stage;
use super::track::{Track, TrackState};
use super::verb::{Command, Verb};
use crate::form::Form;
use std::sync::Arc;

/// A row taken in this decision and the track key it was taken for.
pub(super) type Taken = (Row, Option<String>);

pub(super) struct Work<'a> {
    pub case: Case,
    pub events: Vec<Event>,
    pub taken: Vec<Taken>,
    pub ctx: Context<'a>,
    /// Effects that arms add beside those of their rows.
    pub extra: Vec<Effect>,
    /// On what the contract ends, for N16.
    pub basis: Option<TerminationGround>,
    /// The disbursement date that this decision gave up, for N32.
    pub released: Option<chrono::NaiveDate>,
    /// Proposals that ended in this decision, with their rows.
    ended: Vec<(String, String)>,
    /// Who made the proposal that is carried out.
    pub proposer: Option<String>,
}

impl<'a> Work<'a> {
    pub fn on(case: &Case, ctx: &Context<'a>) -> Self {
        Work {
            case: case.clone(),
            events: vec![],
            taken: vec![],
            ctx: *ctx,
            extra: vec![],
            basis: None,
            released: None,
            ended: vec![],
            proposer: None,
        }
    }

    pub fn open(id: &str, form: &Form, applicant: Option<String>, ctx: &Context<'a>) -> Self {
        let form = Arc::new(form.clone());
        let (institution, branch) =
            (form.institution.bank_code.clone(), form.institution.branch_code.clone());
        let case = new_case(id, &institution, &branch, applicant.clone(), form.clone());
        let drafted = Event::Drafted { id: id.to_owned(), institution, branch, applicant, form };
        Work {
            case,
            events: vec![drafted],
            taken: vec![],
            ctx: *ctx,
            extra: vec![],
            basis: None,
            released: None,
            ended: vec![],
            proposer: None,
        }
    }

    /// Records a fact.
    pub fn fact(&mut self, event: Event) {
        if matches!(event, Event::DateDropped) {
            self.released = self.case.fixed.as_ref().map(|fixed| fixed.date).or(self.released);
        }
        super::fold::apply(&mut self.case, &event, self.ctx.today());
        self.events.push(event);
    }

    /// Takes a row: moves what it moves and remembers it for its notices, tasks and timers.
    pub fn take(&mut self, row: &Row, key: Option<&str>) {
        match row.place {
            Place::Main { to, .. } => {
                let from = self.case.stage;
                self.fact(Event::Moved { row: row.id.to_owned(), from, to });
            }
            Place::Track { track, from, to } => {
                let key = key.unwrap_or_default().to_owned();
                self.fact(Event::TrackMoved { row: row.id.to_owned(), track, key, from, to });
            }
            Place::Fact { .. } => {}
        }
        self.taken.push((*row, key.map(str::to_owned)));
    }

    /// Takes the row of a track that follows from another row, if the table has one from here. Returns whether it moved.
    pub fn follow(&mut self, track: Track, key: &str, verb: Verb) -> bool {
        let Some(state) = self.case.track_state(track, key) else { return false };
        let Some(row) = self.ctx.table.on_track(track, state, verb).next().copied() else { return false };
        self.take(&row, Some(key));
        true
    }

    /// Follows on every instance of a track that can.
    pub fn follow_all(&mut self, track: Track, verb: Verb) {
        for key in super::decide::track_keys(&self.case, track) {
            self.follow(track, &key, verb);
        }
    }

    /// As `follow_all`, only where the instance stands in one of these states.
    pub fn follow_from(&mut self, track: Track, states: &[TrackState], verb: Verb) {
        for key in super::decide::track_keys(&self.case, track) {
            if self.case.track_state(track, &key).is_some_and(|s| states.contains(&s)) {
                self.follow(track, &key, verb);
            }
        }
    }

    /// Opens an instance that does not exist yet.
    pub fn open_track(&mut self, track: Track, key: &str) {
        if self.case.instance(track, key).is_none() {
            self.fact(Event::TrackOpened { track, key: key.to_owned() });
        }
    }

    pub fn propose(&mut self, row: &Row, command: &Command) {
        let proposal = Proposal {
            id: format!("P{}", self.case.version + 1),
            row: row.id.to_owned(),
            command: Box::new(command.clone()),
            by: self.ctx.actor.subject.clone(),
            on_behalf_of: self.ctx.actor.on_behalf_of.clone(),
            at: self.ctx.now,
            route: super::approval::route_of(&self.case, command, self.ctx.rules),
            votes: vec![],
        };
        self.fact(Event::Proposed { proposal });
    }

    /// What a member of a committee says.
    pub fn vote(&mut self, proposal: &Proposal, agrees: bool, reason: Option<String>) {
        let (by, on_behalf_of) = (self.ctx.actor.subject.clone(), self.ctx.actor.on_behalf_of.clone());
        let vote = Vote { by, on_behalf_of, at: self.ctx.now, agrees, reason };
        self.fact(Event::VoteCast { id: proposal.id.clone(), vote });
    }

    pub fn end_proposal(&mut self, proposal: &Proposal, end: ProposalEnd, reason: Option<String>) {
        let by = self.ctx.actor.subject.clone();
        if end == ProposalEnd::Approved {
            self.proposer = Some(proposal.by.clone());
        }
        self.ended.push((proposal.id.clone(), proposal.row.clone()));
        self.fact(Event::ProposalEnded { id: proposal.id.clone(), end, by, reason });
    }

    /// Row of a proposal that ended in this decision.
    pub fn returned_row(&self, id: &str) -> Option<String> {
        self.ended.iter().find(|(ended, _)| ended == id).map(|(_, row)| row.clone())
    }

    /// Closes the decision: proposals that the move made pointless, then the worklist and the effects.
    pub fn finish(mut self, verb: Verb, reason: Option<String>) -> Decision {
        if let Some(absent) = self.ctx.actor.on_behalf_of.clone() {
            self.fact(Event::ActedFor { absent });
        }
        self.void_proposals();
        let effects = super::follow::effects(&mut self);
        let entry = Entry {
            version: self.case.version + 1,
            at: self.ctx.now,
            by: self.ctx.actor.subject.clone(),
            role: self.ctx.actor.role,
            verb,
            reason,
            events: self.events,
        };
        self.case.version = entry.version;
        let rows = self.taken.iter().map(|(row, _)| row.id).collect();
        Decision { entry, case: self.case, effects, rows }
    }

    /// A pending main-stage proposal whose row does not leave the new stage is void.
    fn void_proposals(&mut self) {
        let stage: Stage = self.case.stage;
        let moved = self.events.iter().any(|e| matches!(e, Event::Moved { .. }));
        if !moved {
            return;
        }
        let pointless: Vec<Proposal> = self
            .case
            .proposals
            .iter()
            .filter(|p| {
                let row = self.ctx.table.row(&p.row);
                stage.is_final() || row.is_none_or(|r| !r.stages().is_empty() && !r.stages().contains(&stage))
            })
            .cloned()
            .collect();
        for proposal in pointless {
            self.end_proposal(&proposal, ProposalEnd::Void, None);
        }
    }
}
