//! Where incidents are read from: which rows, since when, of which branch, and who sees them.

use super::Bounds;
use crate::read::{Scope, Where};
use crate::sql::micros;
use sea_orm::DbBackend;
use workflows::machine::incident::IncidentKind;
use workflows::machine::{Role, Timer};

/// The places from which incidents are read. Each orders by when it began, behind an index.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Source {
    Parcel,
    Payment,
    Promise,
    Expired,
    Timer,
}

impl Source {
    pub const ALL: [Source; 5] =
        [Source::Parcel, Source::Payment, Source::Promise, Source::Expired, Source::Timer];

    pub const fn kind(self) -> IncidentKind {
        match self {
            Source::Parcel => IncidentKind::Undelivered,
            Source::Payment => IncidentKind::UnknownPayment,
            Source::Promise => IncidentKind::OverduePromise,
            Source::Expired => IncidentKind::ExpiredPromise,
            Source::Timer => IncidentKind::StuckTimer,
        }
    }

    pub const fn prefix(self) -> &'static str {
        match self {
            Source::Parcel => "PARCEL:",
            Source::Payment => "PAYMENT:",
            Source::Promise => "PROMISE:",
            Source::Expired => "EXPIRED:",
            Source::Timer => "TIMER:",
        }
    }

    /// Expression of the id behind its prefix.
    pub const fn id(self) -> &'static str {
        match self {
            Source::Parcel => "o.id",
            Source::Payment => "a.id",
            Source::Promise | Source::Expired => "t.id",
            Source::Timer => "d.application_id || ':' || d.timer || ':' || d.key",
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
        }
    }

    /// What the index of the source is ordered by, where that is not `since` itself.
    pub const fn ordered_by(self) -> Option<&'static str> {
        match self {
            Source::Promise => Some("t.due_on"),
            _ => None,
        }
    }

    pub const fn case(self) -> &'static str {
        match self {
            Source::Parcel => "o.application_id",
            Source::Payment => "a.id",
            Source::Promise | Source::Expired => "t.application_id",
            Source::Timer => "d.application_id",
        }
    }

    pub const fn branch(self) -> &'static str {
        match self {
            Source::Parcel => "o.branch",
            Source::Promise | Source::Expired => "t.branch",
            Source::Payment | Source::Timer => "a.branch",
        }
    }

    /// `what, channel, address, attempts, error, tries, duty` and the tables they come from.
    pub const fn columns(self) -> (&'static str, &'static str) {
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
        }
    }

    /// Adds what makes a row of the source an incident.
    pub fn open(self, w: &mut Where, bounds: Bounds) {
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
        }
    }

    /// Adds what the reader may see of the source.
    pub fn seen(self, scope: &Scope, w: &mut Where) {
        match self {
            Source::Parcel => scope.on_incidents("o", "o", w),
            Source::Payment => scope.on_incidents("a", "a", w),
            Source::Promise | Source::Expired => scope.on_incidents("t", "t", w),
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
