//! Where incidents are read from: which rows, since when, of which branch, and who sees them.

use super::house::FACT;
use super::{Bounds, IncidentFilter};
use crate::read::{Scope, Where};
use crate::sql::{micros, row_set};
use sea_orm::DbBackend;
use workflows::machine::incident::IncidentKind;
use workflows::machine::{Role, Timer};

/// The places from which incidents are read. Each orders by when it began, behind an index or, for what is few, a set.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Parcel,
    Payment,
    Promise,
    Expired,
    Timer,
    Letter,
    Endpoint,
    Day,
    Events,
}

impl Source {
    pub const ALL: [Source; 9] = [
        Source::Parcel,
        Source::Payment,
        Source::Promise,
        Source::Expired,
        Source::Timer,
        Source::Letter,
        Source::Endpoint,
        Source::Day,
        Source::Events,
    ];

    /// Does it belong to the bank, and to no case and no branch?
    pub const fn is_of_bank(self) -> bool {
        matches!(self, Source::Letter | Source::Endpoint | Source::Day | Source::Events)
    }

    pub const fn kind(self) -> IncidentKind {
        match self {
            Source::Parcel => IncidentKind::Undelivered,
            Source::Payment => IncidentKind::UnknownPayment,
            Source::Promise => IncidentKind::OverduePromise,
            Source::Expired => IncidentKind::ExpiredPromise,
            Source::Timer => IncidentKind::StuckTimer,
            Source::Letter => IncidentKind::DeadLetter,
            Source::Endpoint => IncidentKind::DisabledEndpoint,
            Source::Day => IncidentKind::OpenDay,
            Source::Events => IncidentKind::LateEvents,
        }
    }

    pub const fn prefix(self) -> &'static str {
        match self {
            Source::Parcel => "PARCEL:",
            Source::Payment => "PAYMENT:",
            Source::Promise => "PROMISE:",
            Source::Expired => "EXPIRED:",
            Source::Timer => "TIMER:",
            Source::Letter => "HOOK:",
            Source::Endpoint => "ENDPOINT:",
            Source::Day => "DAY:",
            Source::Events => "EVENTS:",
        }
    }

    /// Expression of the id behind its prefix.
    pub const fn id(self) -> &'static str {
        match self {
            Source::Parcel => "o.id",
            Source::Payment => "a.id",
            Source::Promise | Source::Expired => "t.id",
            Source::Timer => "d.application_id || ':' || d.timer || ':' || d.key",
            Source::Letter => "m.id",
            Source::Endpoint => "h.id",
            Source::Day | Source::Events => "f.id",
        }
    }

    pub fn since(self, backend: DbBackend) -> &'static str {
        match self {
            Source::Parcel => "o.settled_at",
            Source::Payment => "COALESCE(a.stage_at, a.updated_at)",
            // The end of the day in Tokyo.
            Source::Promise if backend == DbBackend::Postgres => {
                "((t.due_on + time '15:00') AT TIME ZONE 'UTC')"
            }
            Source::Promise => "(t.due_on || 'T15:00:00+00:00')",
            Source::Expired => "t.opened_at",
            Source::Timer => "d.due_at",
            Source::Letter => "m.settled_at",
            Source::Endpoint => "h.failing_since",
            Source::Day | Source::Events => "f.since",
        }
    }

    /// What the index of the source is ordered by, where that is not `since` itself.
    pub const fn ordered_by(self) -> Option<&'static str> {
        match self {
            Source::Promise => Some("t.due_on"),
            _ => None,
        }
    }

    /// The column of the case, where rows of the source have one.
    pub const fn case(self) -> Option<&'static str> {
        match self {
            Source::Parcel => Some("o.application_id"),
            Source::Payment => Some("a.id"),
            Source::Promise | Source::Expired => Some("t.application_id"),
            Source::Timer => Some("d.application_id"),
            Source::Letter | Source::Endpoint | Source::Day | Source::Events => None,
        }
    }

    /// The column of the branch, where rows of the source have one.
    pub const fn branch(self) -> Option<&'static str> {
        match self {
            Source::Parcel => Some("o.branch"),
            Source::Promise | Source::Expired => Some("t.branch"),
            Source::Payment | Source::Timer => Some("a.branch"),
            Source::Letter | Source::Endpoint | Source::Day | Source::Events => None,
        }
    }

    /// The columns of an incident.
    pub fn columns(self) -> String {
        let beside = match self {
            Source::Letter => {
                "h.url AS endpoint, m.sequence, CAST(NULL AS bigint) AS waiting, CAST(NULL AS text) AS day"
            }
            Source::Endpoint => {
                "h.url AS endpoint, CAST(NULL AS bigint) AS sequence, CAST(NULL AS bigint) AS waiting, CAST(NULL AS text) AS day"
            }
            Source::Day | Source::Events => {
                "CAST(NULL AS text) AS endpoint, CAST(NULL AS bigint) AS sequence, f.waiting, f.day"
            }
            _ => {
                "CAST(NULL AS text) AS endpoint, CAST(NULL AS bigint) AS sequence, CAST(NULL AS bigint) AS waiting, \
                 CAST(NULL AS text) AS day"
            }
        };
        format!("{}, {beside}", self.parts().0)
    }

    /// The tables they come from. `facts` is the parameter with the set of [`super::house::Fact`].
    pub fn tables(self, backend: DbBackend, facts: usize) -> String {
        match self {
            Source::Day | Source::Events => facts_of(backend, facts),
            _ => self.parts().1.to_owned(),
        }
    }

    /// `what, channel, address, attempts, error, tries, duty` and the tables they come from.
    const fn parts(self) -> (&'static str, &'static str) {
        match self {
            Source::Parcel => (
                "o.institution, o.application_id, o.branch, o.kind AS what, o.channel, o.address, o.attempts, o.error, \
                 o.tries, CAST(CASE WHEN o.address LIKE 'DESK:%' OR EXISTS (SELECT 1 FROM outbox x \
                 WHERE x.institution = o.institution AND x.application_id = o.application_id AND x.version = o.version \
                 AND x.kind = o.kind AND x.address = o.address AND x.state = 'DELIVERED') THEN 0 ELSE 1 END AS bigint) AS duty",
                "outbox o",
            ),
            Source::Payment => (
                "a.institution, a.id AS application_id, a.branch, 'RECONCILING' AS what, CAST(NULL AS text) AS channel, \
                 CAST(NULL AS text) AS address, CAST(0 AS bigint) AS attempts, CAST(NULL AS text) AS error, CAST(NULL AS text) AS tries, \
                 CAST(1 AS bigint) AS duty",
                "application a",
            ),
            Source::Promise | Source::Expired => (
                "t.institution, t.application_id, t.branch, t.task AS what, CAST(NULL AS text) AS channel, \
                 CASE WHEN t.organisation IS NULL THEN NULL ELSE 'PARTNER:' || t.role || ':' || t.organisation END AS address, \
                 CAST(0 AS bigint) AS attempts, CAST(NULL AS text) AS error, CAST(NULL AS text) AS tries, CAST(1 AS bigint) AS duty",
                "task t",
            ),
            Source::Timer => (
                "d.institution, d.application_id, a.branch, d.timer AS what, CAST(NULL AS text) AS channel, \
                 CAST(NULL AS text) AS address, d.attempts, CAST(NULL AS text) AS error, CAST(NULL AS text) AS tries, \
                 CAST(1 AS bigint) AS duty",
                "deadline d JOIN application a ON a.institution = d.institution AND a.id = d.application_id",
            ),
            Source::Letter => (
                "m.institution, '' AS application_id, '' AS branch, m.kind AS what, CAST(NULL AS text) AS channel, \
                 CASE WHEN h.organisation = '' THEN 'DESK:' || h.institution || '::' || h.role ELSE 'PARTNER:' || h.role || ':' || h.organisation END \
                 AS address, m.attempts, m.error, CAST(NULL AS text) AS tries, CAST(0 AS bigint) AS duty",
                "webhook_message m JOIN webhook_endpoint h ON h.institution = m.institution AND h.id = m.endpoint_id",
            ),
            Source::Endpoint => (
                "h.institution, '' AS application_id, '' AS branch, h.reason AS what, CAST(NULL AS text) AS channel, \
                 CASE WHEN h.organisation = '' THEN 'DESK:' || h.institution || '::' || h.role ELSE 'PARTNER:' || h.role || ':' || h.organisation END \
                 AS address, h.failures AS attempts, CAST(NULL AS text) AS error, CAST(NULL AS text) AS tries, CAST(0 AS bigint) AS duty",
                "webhook_endpoint h",
            ),
            Source::Day | Source::Events => (
                "f.institution, '' AS application_id, '' AS branch, f.what, CAST(NULL AS text) AS channel, CAST(NULL AS text) AS address, \
                 CAST(0 AS bigint) AS attempts, CAST(NULL AS text) AS error, CAST(NULL AS text) AS tries, CAST(0 AS bigint) AS duty",
                "",
            ),
        }
    }

    /// Adds what makes a row of the source an incident.
    pub fn open(self, w: &mut Where, bounds: Bounds<'_>) {
        match self {
            Source::Parcel => w.and("o.state = 'PARKED'"),
            Source::Payment => w.and("a.stage = 'RECONCILING'"),
            Source::Promise => {
                let today = w.bind(workflows::calendar::tokyo_date(bounds.now));
                w.and(format!(
                    "t.role IN ('MEMBER_ORG', 'GUARANTOR', 'INSURER', 'FIRE_INSURER', 'SCRIVENER', 'REGISTRY') \
                     AND t.due_on < {today}"
                ));
            }
            Source::Expired => w.and(
                "t.task IN ('ASK_GUARANTEE', 'DECLARE_HEALTH') AND EXISTS (SELECT 1 FROM entry e \
                 WHERE e.institution = t.institution AND e.application_id = t.application_id AND e.at = t.opened_at \
                 AND e.verb IN ('expireGuarantee', 'expireDeclaration'))",
            ),
            Source::Timer => {
                let late = w.bind(micros(bounds.now - bounds.overdue));
                w.and(format!("d.next_at IS NOT NULL AND d.attempts > 0 AND d.due_at < {late}"));
            }
            Source::Letter => w.and("m.state = 'PARKED'"),
            // Whoever disables an endpoint himself knows it.
            Source::Endpoint => w.and("h.state = 'DISABLED' AND h.reason <> 'OWNER'"),
            Source::Day | Source::Events => w.and(format!("f.kind = '{}'", self.kind().code())),
        }
    }

    /// Adds what the reader may see of the source.
    pub fn seen(self, scope: &Scope, w: &mut Where) {
        match self {
            Source::Parcel => scope.on_parked(w),
            Source::Payment => scope.on_incidents("a", "a", w),
            Source::Promise | Source::Expired => scope.on_incidents("t", "t", w),
            Source::Letter => scope.on_bank_incidents("m", w),
            Source::Endpoint => scope.on_bank_incidents("h", w),
            Source::Day | Source::Events => scope.on_bank_incidents("f", w),
            Source::Timer => {
                scope.on_incidents("d", "a", w);
                // L-93: that a list search stands still is for compliance; L-92: the bureau's is for those who see its track.
                let role = scope.actor().role;
                if !matches!(role, Role::Compliance | Role::System) {
                    w.and(format!("d.timer <> '{}'", Timer::Aml.code()));
                }
                if matches!(role, Role::Compliance | Role::Operations | Role::Auditor) {
                    w.and(format!("d.timer <> '{}'", Timer::Bureau.code()));
                }
            }
        }
    }
}

impl IncidentFilter {
    /// Can rows of the source pass the filter?
    pub(super) fn reaches(&self, source: Source) -> bool {
        let placed = self.branch.is_some() || self.application_id.is_some();
        self.kind.is_none_or(|kind| kind == source.kind()) && !(placed && source.is_of_bank())
    }
}

/// The set of facts as a table; its ids compare as those of the tables do.
fn facts_of(backend: DbBackend, n: usize) -> String {
    let set = row_set(backend, n, "r", FACT);
    let id = if backend == DbBackend::Postgres { "r.id COLLATE \"C\"" } else { "r.id" };
    format!("(SELECT r.kind, {id} AS id, r.institution, r.what, r.since, r.day, r.waiting FROM {set}) AS f")
}
