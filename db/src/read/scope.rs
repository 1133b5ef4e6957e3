//! Who reads, and therefore what exists for him.

use super::Where;
use crate::wall::Within;
use workflows::machine::emergency::{EMERGENCY_ROLES, reaches_out};
use workflows::machine::{Actor, Case, PartnerMessage, Role, Stage, Task, Verb};

/// What an actor may see. Made from the actor alone, so that no query can widen it.
#[derive(Clone, Debug)]
pub struct Scope {
    actor: Actor,
    reach: Reach,
    /// The one case that is open in emergency, and the access that shows it.
    opened: Option<(String, String)>,
}

#[derive(Copy, Clone, Debug, PartialEq, Eq)]
enum Reach {
    /// The server itself.
    Everything,
    /// Bulk intake spans institutions and sees what it brings in.
    Intake,
    /// Staff: the institution, and their branches where they have some.
    Branches,
    /// Auditor, or a channel client that applies for others.
    Institution,
    /// A person's own applications.
    Own,
    /// Applications that concern the organisation.
    Engaged,
    /// One case outside the branches, open in emergency, and nothing beside it.
    Opened,
    /// User administrators hold no business role.
    Nothing,
}

impl Scope {
    /// The scope of an actor. An access in emergency is no part of it: [`Store::emergency_scope`](crate::Store::emergency_scope).
    pub fn of(actor: &Actor) -> Scope {
        let role = actor.role;
        let reach = match role {
            _ if role.is_internal() => Reach::Everything,
            _ if role.is_staff() => Reach::Branches,
            _ if role.is_partner() && actor.organisation.is_some() => Reach::Engaged,
            Role::Importer => Reach::Intake,
            Role::Auditor => Reach::Institution,
            Role::Applicant | Role::CoObligor if actor.organisation.is_some() => Reach::Institution,
            Role::Applicant | Role::CoObligor => Reach::Own,
            _ => Reach::Nothing,
        };
        Scope { actor: actor.clone(), reach, opened: None }
    }

    /// What the actor reaches with a command: with those that open a case in emergency every case of the bank, else what he sees.
    pub(crate) fn reaching(actor: &Actor, verb: Verb) -> Scope {
        let scope = Scope::of(actor);
        if reaches_out(verb) && EMERGENCY_ROLES.contains(&actor.role) {
            return Scope { reach: Reach::Institution, ..scope };
        }
        scope
    }

    /// Exactly one case, open in emergency (L-91). Only the store makes it, from an access that it has found open.
    pub(crate) fn opened(actor: &Actor, application_id: &str, access: &str) -> Scope {
        let opened = Some((application_id.to_owned(), access.to_owned()));
        Scope { actor: actor.clone(), reach: Reach::Opened, opened }
    }

    /// The case that this scope shows in emergency, and the access by which.
    pub fn emergency(&self) -> Option<(&str, &str)> {
        self.opened.as_ref().map(|(case, access)| (case.as_str(), access.as_str()))
    }

    fn opened_case(&self) -> String {
        self.opened.as_ref().map(|(case, _)| case.clone()).unwrap_or_default()
    }

    /// Whose scope it is.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// Does the case exist for this actor? The same rule as [`Scope::on_applications`], on a loaded case; whether it concerns a partner
    /// yet is asked of the database ([`Scope::concerned`]).
    pub fn sees(&self, case: &Case) -> bool {
        let actor = &self.actor;
        let here = actor.institution == case.institution;
        match self.reach {
            Reach::Everything => true,
            Reach::Intake => matches!(case.stage, Stage::Draft | Stage::Submitted),
            Reach::Branches => here && (actor.branches.is_empty() || actor.branches.contains(&case.branch)),
            Reach::Institution => here,
            Reach::Opened => here && case.id == self.opened_case(),
            Reach::Own => here && case.applicant.as_ref() == Some(&actor.subject),
            Reach::Engaged => {
                (here || actor.institution.is_empty())
                    && !case.withheld_from.iter().any(|recipient| recipient.role() == Some(actor.role))
                    && case.stage != Stage::Draft
                    && case.engagements.get(&actor.role) == actor.organisation.as_ref()
            }
            Reach::Nothing => false,
        }
    }

    /// Is this a request that the actor's organisation was asked of the case before it went to another guarantor? Whoever answers it late
    /// is told that it was withdrawn, and nothing else of the case.
    pub(crate) fn was_asked(&self, case: &Case, request: &str) -> bool {
        let here = self.actor.institution == case.institution || self.actor.institution.is_empty();
        self.reach == Reach::Engaged
            && here
            && !case.withheld_from.iter().any(|recipient| recipient.role() == Some(self.actor.role))
            && workflows::machine::asked::was_asked(case, &self.actor, request)
    }

    /// Conditions on `application a`, for what the actor's organisation was asked itself: also where the case has left it since.
    pub(crate) fn on_asked(&self, w: &mut Where) {
        self.in_institution("a", w);
        if self.reach != Reach::Engaged {
            w.and("1 = 0");
            return;
        }
        let (engaged, withheld) = (self.engaged(w), self.withheld(w));
        w.and(format!("a.stage <> 'DRAFT' AND {engaged} AND NOT {withheld}"));
    }

    /// Conditions on `application a`.
    pub(crate) fn on_applications(&self, w: &mut Where) {
        self.in_institution("a", w);
        match self.reach {
            Reach::Everything | Reach::Institution => {}
            Reach::Intake => w.and("a.stage IN ('DRAFT', 'SUBMITTED')"),
            Reach::Branches => self.in_branches("a", w),
            Reach::Opened => w.equals("a.id", self.opened_case()),
            Reach::Own => w.equals("a.applicant_subject", self.actor.subject.clone()),
            Reach::Engaged => {
                let concerned = self.concerned(w);
                w.and(format!("a.stage <> 'DRAFT' AND {concerned}"));
            }
            Reach::Nothing => w.and("1 = 0"),
        }
    }

    /// A condition on `application a`: does the case concern the actor's organisation? From its first message, task or notice on; being
    /// named on paper is not enough. Everybody else is concerned by what his scope shows.
    pub(crate) fn concerned(&self, w: &mut Where) -> String {
        if self.reach != Reach::Engaged {
            return "1 = 1".to_owned();
        }
        let (engaged, withheld) = (self.engaged(w), self.hidden(w));
        let left = self.left("a.institution", "a.id", w);
        format!("{engaged} AND NOT {withheld} AND NOT {left}")
    }

    /// A condition on `application a`: the actor's organisation had a message, task or notice about it.
    fn engaged(&self, w: &mut Where) -> String {
        let (role, organisation) = (w.bind(self.actor.role.code()), w.bind(self.actor.organisation.clone()));
        format!(
            "EXISTS (SELECT 1 FROM engagement g WHERE g.institution = a.institution AND g.role = {role} \
             AND g.organisation = {organisation} AND g.application_id = a.id)"
        )
    }

    /// A condition on `application a`: it is withheld from this partner, or has left it.
    fn hidden(&self, w: &mut Where) -> String {
        let (withheld, former) = (self.withheld(w), self.former(w));
        format!("({withheld} OR {former})")
    }

    /// A condition on `application a`: it has left the actor's organisation for another guarantor (F-01) or scrivener's office (L-94).
    fn former(&self, w: &mut Where) -> String {
        let leaves = matches!(self.actor.role, Role::Guarantor | Role::Scrivener);
        match self.actor.organisation.as_deref().filter(|_| leaves) {
            None => "1 = 0".to_owned(),
            Some(organisation) => {
                let mark = w.bind(format!("%|{}|%", crate::rows::left_mark(self.actor.role, organisation)));
                format!("a.withheld LIKE {mark}")
            }
        }
    }

    /// A condition: the scrivener's office has declined the job of the case, or has ended it (decision 32).
    fn left(&self, institution: &str, application: &str, w: &mut Where) -> String {
        if self.actor.role != Role::Scrivener {
            return "1 = 0".to_owned();
        }
        let organisation = w.bind(self.actor.organisation.clone());
        format!(
            "EXISTS (SELECT 1 FROM case_line e WHERE e.institution = {institution} AND e.application_id = {application} \
             AND e.kind = 'ENGAGEMENT' AND e.organisation = {organisation} AND e.state IN ('DECLINED', 'ENDED'))"
        )
    }

    /// A condition on `application a`: somebody in it withdrew the consent to this partner (L-PRIV).
    fn withheld(&self, w: &mut Where) -> String {
        let mark = w.bind(format!("%|{}|%", self.actor.role.code()));
        format!("a.withheld LIKE {mark}")
    }

    /// Conditions on `task t`: staff see the queues of their branches, others only what waits for themselves.
    pub(crate) fn on_tasks(&self, w: &mut Where) {
        self.in_institution("t", w);
        match self.reach {
            Reach::Everything => {}
            Reach::Institution if self.actor.role == Role::Auditor => self.without_matches(w),
            Reach::Institution => w.equals("t.role", Role::Applicant.code()),
            Reach::Branches => {
                self.in_branches("t", w);
                self.without_matches(w);
            }
            Reach::Own => {
                w.equals("t.role", Role::Applicant.code());
                w.equals("t.subject", self.actor.subject.clone());
            }
            Reach::Engaged => {
                self.of_organisation("t", w);
                let left = self.left("t.institution", "t.application_id", w);
                w.and(format!("NOT {left}"));
                let withheld = self.hidden(w);
                w.and(format!(
                    "NOT EXISTS (SELECT 1 FROM application a WHERE a.institution = t.institution \
                     AND a.id = t.application_id AND {withheld})"
                ));
            }
            Reach::Intake | Reach::Opened | Reach::Nothing => w.and("1 = 0"),
        }
    }

    /// Conditions on `inbox i`: a desk is a role at a branch.
    pub(crate) fn on_inbox(&self, w: &mut Where) {
        self.in_institution("i", w);
        match self.reach {
            Reach::Everything => {}
            Reach::Institution if self.actor.role == Role::Auditor => {}
            Reach::Institution => w.equals("i.role", Role::Applicant.code()),
            Reach::Branches => {
                w.equals("i.role", self.actor.role.code());
                self.in_branches("i", w);
            }
            Reach::Own => w.equals("i.subject", self.actor.subject.clone()),
            Reach::Engaged => {
                self.of_organisation("i", w);
                let left = self.left("i.institution", "i.application_id", w);
                w.and(format!("NOT {left}"));
                if self.actor.role != Role::Scrivener {
                    return;
                }
                let former = self.former(w);
                // That its job is over is the one thing which a former office is still told of the case. An item has the id of its parcel.
                let stop = w.bind(PartnerMessage::ScrivenerStop.code());
                w.and(format!(
                    "(NOT EXISTS (SELECT 1 FROM application a WHERE a.institution = i.institution \
                     AND a.id = i.application_id AND {former}) OR EXISTS (SELECT 1 FROM outbox o \
                     WHERE o.institution = i.institution AND o.id = i.id AND o.kind = {stop}))"
                ));
            }
            Reach::Intake | Reach::Opened | Reach::Nothing => w.and("1 = 0"),
        }
    }

    /// Conditions on `outbox o`: staff and auditors of the institution see what could not be sent.
    pub(crate) fn on_outbox(&self, w: &mut Where) {
        w.within(self.within());
        self.on_parked(w);
    }

    /// The same where the statement names the wall itself.
    pub(crate) fn on_parked(&self, w: &mut Where) {
        if self.within() != Within::Across {
            w.equals("o.institution", self.actor.institution.clone());
        }
        match self.reach {
            Reach::Everything => {}
            Reach::Branches => self.in_branches_or_bank("o", w),
            Reach::Institution if self.actor.role == Role::Auditor => {}
            _ => w.and("1 = 0"),
        }
    }

    /// Conditions on a table beside the cases, in which something went wrong, and on the alias that has its branch: staff and auditors
    /// of the institution, as on the outbox. The statement names the wall itself.
    pub(crate) fn on_incidents(&self, alias: &str, branches: &str, w: &mut Where) {
        if self.within() != Within::Across {
            w.equals(&format!("{alias}.institution"), self.actor.institution.clone());
        }
        match self.reach {
            Reach::Everything => {}
            Reach::Branches => self.in_branches(branches, w),
            Reach::Institution if self.actor.role == Role::Auditor => {}
            _ => w.and("1 = 0"),
        }
    }

    /// The same on a table whose rows belong to the bank and to no case or branch: staff of every branch, and auditors.
    pub(crate) fn on_bank_incidents(&self, alias: &str, w: &mut Where) {
        if self.within() != Within::Across {
            w.equals(&format!("{alias}.institution"), self.actor.institution.clone());
        }
        if !self.sees_bank_incidents() {
            w.and("1 = 0");
        }
    }

    /// Does the actor see what went wrong for the bank as a whole?
    pub(crate) fn sees_bank_incidents(&self) -> bool {
        match self.reach {
            Reach::Everything | Reach::Branches => true,
            Reach::Institution => self.actor.role == Role::Auditor,
            _ => false,
        }
    }

    /// Conditions on `audit u`: auditors of the institution, and the server.
    pub(crate) fn on_audit(&self, w: &mut Where) {
        self.in_institution("u", w);
        if self.reach != Reach::Everything && self.actor.role != Role::Auditor {
            w.and("1 = 0");
        }
    }

    fn in_institution(&self, alias: &str, w: &mut Where) {
        w.within(self.within());
        if self.within() != Within::Across {
            w.equals(&format!("{alias}.institution"), self.actor.institution.clone());
        }
    }

    /// Whose rows this actor's statements may meet at all: the wall behind the conditions.
    pub(crate) fn within(&self) -> Within<'_> {
        let spans = match self.reach {
            Reach::Everything | Reach::Intake => true,
            // A partner's credentials may serve several lenders.
            Reach::Engaged => self.actor.institution.is_empty(),
            Reach::Branches | Reach::Institution | Reach::Own | Reach::Opened | Reach::Nothing => false,
        };
        if spans { Within::Across } else { Within::Institution(&self.actor.institution) }
    }

    /// A condition on a task: may the reader know of it? That a match is to be reviewed says what the list search found: for compliance
    /// alone (L-93).
    pub(crate) fn sees_task(&self, alias: &str, w: &mut Where) -> String {
        if self.actor.role == Role::Compliance || self.reach == Reach::Everything {
            return "1 = 1".to_owned();
        }
        let task = w.bind(Task::ReviewMatch.code());
        format!("{alias}.task <> {task}")
    }

    fn without_matches(&self, w: &mut Where) {
        let seen = self.sees_task("t", w);
        w.and(seen);
    }

    fn in_branches(&self, alias: &str, w: &mut Where) {
        if !self.actor.branches.is_empty() {
            w.is_one_of(&format!("{alias}.branch"), &self.actor.branches);
        }
    }

    /// What is the bank's stands at no branch.
    fn in_branches_or_bank(&self, alias: &str, w: &mut Where) {
        if !self.actor.branches.is_empty() {
            let marks: Vec<String> =
                self.actor.branches.iter().map(|branch| w.bind(branch.clone())).collect();
            w.and(format!("{alias}.branch IN ({}, '')", marks.join(", ")));
        }
    }

    fn of_organisation(&self, alias: &str, w: &mut Where) {
        w.equals(&format!("{alias}.role"), self.actor.role.code());
        w.equals(&format!("{alias}.organisation"), self.actor.organisation.clone());
    }
}
