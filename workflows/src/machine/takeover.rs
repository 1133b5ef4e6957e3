//! Another scrivener's office gets the job of a case (L-94, decision 36): what stands against it, and what follows from it.

use super::case::Case;
use super::checks::View;
use super::event::Event;
use super::need::Need;
use super::role::Role;
use super::stage::Stage;
use super::track::{Track, TrackState as S};
use super::verb::{Command, Verb};
use super::work::Work;
use crate::engagement::EngagementState;

/// Is the filing in the hands of an office, and not sent yet?
const fn is_prepared(state: S) -> bool {
    matches!(state, S::Instructed | S::IdVerified | S::DocsReady)
}

/// Was an office instructed for a filing of the case, and not stopped?
pub(super) fn has_the_job(case: &Case) -> bool {
    case.on(Track::Reg).any(|filing| super::letter_desk::asked(filing.state))
}

impl View<'_> {
    /// Is this precondition about the office met?
    pub(super) fn office_word(&self, need: Need) -> bool {
        let job = self.ctx.registers.job;
        match need {
            Need::JobTaken => job.is_none_or(|job| job == EngagementState::Accepted),
            Need::OfficeFree => {
                !self.names_another_office() || job.is_none_or(|job| job == EngagementState::Asked)
            }
            Need::OtherOffice => self.command.is_none() || self.names_another_office(),
            Need::OneOffice => self.one_office(),
            Need::OfficeReplaceable => {
                let leaving = matches!(
                    self.case.stage,
                    Stage::Ready | Stage::Disbursing | Stage::Reconciling | Stage::Reversing
                );
                !leaving && !self.case.stage.is_final()
            }
            _ => true,
        }
    }

    /// The office that the command names, where it is another one than has the job.
    fn names_another_office(&self) -> bool {
        let (Some(Command::InstructScrivener { office: Some(office), .. })
        | Some(Command::ReplaceScrivener { office, .. })) = self.command
        else {
            return false;
        };
        self.case.engagements.get(&Role::Scrivener) != Some(office)
    }

    /// A case has one office: another one takes over what is not filed yet, and nothing beside a filing that the present one works on.
    fn one_office(&self) -> bool {
        let filing = match self.command {
            Some(Command::InstructScrivener { filing, .. }) if self.names_another_office() => Some(filing),
            Some(Command::InstructScrivener { .. }) => return true,
            Some(Command::ReplaceScrivener { filing, .. }) => Some(filing),
            _ => return true,
        };
        let at_registry = |state: S| matches!(state, S::Filed | S::Accepted | S::Correction);
        // A takeover takes every filing along that is prepared; an instruction is for its own one.
        let moves_along = !matches!(self.command, Some(Command::InstructScrivener { .. }));
        let others = self.case.on(Track::Reg).filter(|instance| Some(&instance.key) != filing);
        others
            .map(|instance| instance.state)
            .all(|state| !at_registry(state) && (moves_along || !is_prepared(state)))
    }
}

/// Another office gets the job (L-94). The former one, where it was asked at all, is told that its job is over.
pub(super) fn engage(work: &mut Work<'_>, filing: &str, office: &str) {
    let former = work.case.engagements.get(&Role::Scrivener).filter(|former| *former != office).cloned();
    let asked = work.case.requests.values().any(|request| request.role == Role::Scrivener);
    if let Some(organisation) = former.filter(|former| asked && !former.is_empty()) {
        let filings = work.case.on(Track::Reg).filter(|it| it.key == filing || is_prepared(it.state));
        let stops: Vec<_> = filings.map(|it| super::follow::stop_scrivener(&work.case, &it.key)).collect();
        work.extra.extend(stops);
        work.fact(Event::JobEnded { organisation });
    }
    work.fact(Event::Engaged { role: Role::Scrivener, organisation: office.to_owned() });
}

/// Whoever identifies under the act of 2008 does it himself: what the former office did in the other filings is made anew.
pub(super) fn take_along(work: &mut Work<'_>, filing: &str) {
    for key in super::decide::track_keys(&work.case, Track::Reg) {
        if key != filing {
            work.follow(Track::Reg, &key, Verb::ReplaceScrivener);
        }
    }
}
