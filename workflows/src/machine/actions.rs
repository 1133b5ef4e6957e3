//! What an actor can do with a case now, and why not the rest: the portal's buttons and `yushi explain`.

use super::case::Case;
use super::decide::{Context, unmet_of};
use super::refusal::Unmet;
use super::row::{By, Place};
use super::verb::Verb;

/// One thing that could be done here.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Action {
    pub verb: Verb,
    /// Row of the table.
    pub row: &'static str,
    /// Track instance, where the verb moves one.
    pub key: Option<String>,
    /// The request that a partner's verb answers: what the command names as its request.
    pub request: Option<String>,
    /// True where the verb only proposes and a second person decides.
    pub proposes: bool,
    /// What is in the way; empty when it can be done now.
    pub unmet: Vec<Unmet>,
}

/// Every row that leaves the present stage or track states and that the actor's role may take.
pub fn allowed_actions(case: &Case, ctx: &Context<'_>) -> Vec<Action> {
    let mut actions = vec![];
    if case.keeping.erased.is_some() {
        return actions;
    }
    for row in ctx.table.rows() {
        if !row.callers().contains(&ctx.actor.role) {
            continue;
        }
        if super::emergency::reaches_out(row.verb) {
            continue;
        }
        let proposes = matches!(row.by, By::FourEyes { .. });
        let mut push = |key: Option<String>| {
            let unmet = unmet_of(row, case, None, None, ctx);
            let request = match row.place {
                Place::Track { track, .. } if ctx.actor.role.is_partner() => key
                    .as_deref()
                    .and_then(|key| super::asked::request_of(case, row.verb, ctx.actor.role, track, key)),
                _ if row.verb == Verb::AskBank => super::question::open_request(case).map(str::to_owned),
                _ => None,
            };
            actions.push(Action { verb: row.verb, row: row.id, key, request, proposes, unmet });
        };
        match row.place {
            // One for each access that is over and waits for a second person; none where there is nothing to review.
            Place::Fact { .. } if row.verb == Verb::ReviewEmergencyAccess => {
                let waits = case.emergencies.iter().filter(|access| access.waits_for(ctx.actor, ctx.now));
                waits.for_each(|access| push(Some(access.id.clone())));
            }
            // One for each question that waits; a question itself where a request does.
            Place::Fact { during } if row.verb == Verb::AnswerGuarantor && during.contains(&case.stage) => {
                super::question::open(case).for_each(|question| push(Some(question.id.clone())));
            }
            Place::Fact { .. }
                if row.verb == Verb::AskBank && super::question::open_request(case).is_none() => {}
            Place::Main { from, .. } if from.contains(&case.stage) => push(None),
            Place::Fact { during } if during.contains(&case.stage) => push(None),
            Place::Track { track, from, .. }
                if !case.stage.is_final() || row.verb == Verb::CancelRegistration =>
            {
                for instance in case.on(track).filter(|i| i.state == from) {
                    push(Some(instance.key.clone()));
                }
            }
            Place::Main { .. } | Place::Fact { .. } | Place::Track { .. } => {}
        }
    }
    for proposal in &case.proposals {
        let decides = ctx.table.row(&proposal.row).is_some_and(|row| match row.by {
            By::FourEyes { decide, .. } => decide.contains(&ctx.actor.role),
            By::One(_) | By::Consequence(_) => false,
        });
        let mine = proposal.people().any(|maker| ctx.actor.people().any(|person| person == maker));
        let key = Some(proposal.id.clone());
        if decides && !mine {
            for verb in [Verb::ApproveProposal, Verb::ReturnProposal] {
                let row = ctx.table.row(&proposal.row);
                let unmet = match (verb, row) {
                    (Verb::ApproveProposal, Some(row)) => {
                        unmet_of(row, case, Some(&proposal.command), Some(proposal), ctx)
                    }
                    _ => proposal.unmet_by(ctx.actor),
                };
                let (row, request) = ("", None);
                actions.push(Action { verb, row, key: key.clone(), request, proposes: false, unmet });
            }
        }
        if mine {
            actions.push(Action {
                verb: Verb::RetractProposal,
                row: "",
                key,
                request: None,
                proposes: false,
                unmet: vec![],
            });
        }
    }
    if let Some(relation) = super::approval::conflict_of(case, ctx.actor) {
        let free = |verb| matches!(verb, Verb::DeclareConflict | Verb::RetractProposal);
        for action in actions.iter_mut().filter(|action| !free(action.verb)) {
            action.unmet.insert(0, super::approval::keeps_away(relation));
        }
    }
    actions
}
