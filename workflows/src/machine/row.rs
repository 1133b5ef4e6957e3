//! The shape of a row of the table, with const builders so that rows read as sentences.

use super::effect::{PartnerMessage, Task, Timer};
use super::need::Check;
use super::notice::NoticeId;
use super::role::Role;
use super::stage::Stage;
use super::track::{Track, TrackState};
use super::verb::Verb;

/// Where a row stands.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// Main stage, from any of these to that one. `T44` has two rows, one per target.
    Main { from: &'static [Stage], to: Stage },
    /// A track instance, from one state to another.
    Track { track: Track, from: TrackState, to: TrackState },
    /// A fact recorded without a move, in any of these stages.
    Fact { during: &'static [Stage] },
}

/// Who takes a row.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum By {
    /// Any of these roles, alone.
    One(&'static [Role]),
    /// Four eyes: one of the first proposes, one of the second decides; different people.
    FourEyes { propose: &'static [Role], decide: &'static [Role] },
    /// The case itself, as consequence of another row (actor SYSTEM or BANK in E.5).
    Consequence(Role),
}

/// Who is told by a row.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum To {
    Applicant,
    /// Joint debtors, joint guarantors and third-party mortgagors.
    CoObligors,
    /// Applicant and joint debtors.
    Borrowers,
    /// Everyone who signs.
    Signatories,
    /// The insured person of the instance.
    Insured,
    /// Staff inbox of a role at the branch.
    Desk(Role),
    /// The engaged partner of a role.
    Partner(Role),
    /// The partner whose answer a reminder waits for.
    Asked,
    /// The scrivener's office, once it was instructed: before, no office has to do with the case.
    Office,
}

/// Notices of a row, or why there are none.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Tells {
    Notices(&'static [(NoticeId, To)]),
    Silent(&'static str),
}

/// One row of the table.
#[derive(Copy, Clone, Debug)]
pub struct Row {
    /// `T06`, `GUAR-02`, `F-07`.
    pub id: &'static str,
    pub place: Place,
    pub verb: Verb,
    pub by: By,
    pub needs: &'static [Check],
    pub tells: Tells,
    pub opens: &'static [Task],
    pub sets: &'static [Timer],
    pub sends: &'static [PartnerMessage],
    /// The reason for the row in one sentence.
    pub because: &'static str,
}

/// A main-stage row.
pub const fn main(
    id: &'static str,
    from: &'static [Stage],
    to: Stage,
    verb: Verb,
    by: By,
    because: &'static str,
) -> Row {
    Row::new(id, Place::Main { from, to }, verb, by, Tells::Notices(&[]), because)
}

/// A track row; silent until told otherwise.
pub const fn track(
    id: &'static str,
    (track, from, to): (Track, TrackState, TrackState),
    verb: Verb,
    by: By,
    because: &'static str,
) -> Row {
    Row::new(id, Place::Track { track, from, to }, verb, by, Tells::Silent(because), because)
}

/// A fact without a move.
pub const fn fact(
    id: &'static str,
    during: &'static [Stage],
    verb: Verb,
    by: By,
    because: &'static str,
) -> Row {
    Row::new(id, Place::Fact { during }, verb, by, Tells::Silent(because), because)
}

impl Row {
    const fn new(
        id: &'static str,
        place: Place,
        verb: Verb,
        by: By,
        tells: Tells,
        because: &'static str,
    ) -> Row {
        Row { id, place, verb, by, needs: &[], tells, opens: &[], sets: &[], sends: &[], because }
    }

    pub const fn needs(mut self, needs: &'static [Check]) -> Row {
        self.needs = needs;
        self
    }

    pub const fn tells(mut self, notices: &'static [(NoticeId, To)]) -> Row {
        self.tells = Tells::Notices(notices);
        self
    }

    pub const fn silent(mut self, why: &'static str) -> Row {
        self.tells = Tells::Silent(why);
        self
    }

    pub const fn opens(mut self, tasks: &'static [Task]) -> Row {
        self.opens = tasks;
        self
    }

    pub const fn sets(mut self, timers: &'static [Timer]) -> Row {
        self.sets = timers;
        self
    }

    pub const fn sends(mut self, messages: &'static [PartnerMessage]) -> Row {
        self.sends = messages;
        self
    }

    /// Roles that may take the row by calling its verb (the proposer's where four eyes are asked for).
    pub fn callers(&self) -> &'static [Role] {
        match self.by {
            By::One(roles) => roles,
            By::FourEyes { propose, .. } => propose,
            By::Consequence(_) => &[],
        }
    }

    /// Stages in which the row can be taken; empty means any open stage.
    pub fn stages(&self) -> &'static [Stage] {
        match self.place {
            Place::Main { from, .. } => from,
            Place::Fact { during } => during,
            Place::Track { .. } => &[],
        }
    }
}
