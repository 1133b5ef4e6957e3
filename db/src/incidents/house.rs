//! What concerns a bank as a whole and stands in no row of its own: days that are over and not closed, and events that are published late.
//! It is worked out before the statement of the list and handed to it, so that the list is paged as one.

use super::{Bounds, IncidentFilter, Part};
use crate::read::Scope;
use crate::sql::{Columns, Stamp, Ty};
use crate::{Result, Store};
use chrono::TimeDelta;
use serde::Serialize;
use workflows::machine::incident::{IncidentKind, LATE, MOVED, OPEN};

/// Events wait for so long before that is an incident; the alert has the same patience.
const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// Something that is so, as a row of the statement's set.
#[derive(Serialize)]
pub(super) struct Fact {
    kind: &'static str,
    /// Unique among all banks.
    id: String,
    institution: String,
    what: &'static str,
    since: Stamp,
    day: Option<String>,
    waiting: Option<u64>,
}

/// The set of facts.
pub(super) const FACT: Columns = &[
    ("kind", Ty::Text),
    ("id", Ty::Text),
    ("institution", Ty::Text),
    ("what", Ty::Text),
    ("since", Ty::At),
    ("day", Ty::Text),
    ("waiting", Ty::Int),
];

impl Store {
    /// The facts that a list may show; nothing is read for a kind that is not asked about. `part`: of a page, or of incidents by id.
    pub(super) async fn bank_facts(
        &self,
        scope: &Scope,
        filter: &IncidentFilter,
        part: Option<&Part<'_>>,
        bounds: Bounds<'_>,
    ) -> Result<Vec<Fact>> {
        let wanted = |source: super::Source| {
            let asked = match part {
                Some(Part::These(ids)) => ids.iter().any(|id| id.starts_with(source.prefix())),
                _ => true,
            };
            asked && filter.reaches(source) && scope.sees_bank_incidents()
        };
        let within = scope.within();
        let mut facts = vec![];
        if wanted(super::Source::Day) {
            let days = self.days_not_closed(within, bounds.now).await?;
            facts.extend(days.into_iter().map(|day| Fact {
                kind: IncidentKind::OpenDay.code(),
                id: format!("{}:{}", day.institution, day.day),
                since: Stamp::of(crate::day_end::ends(day.day)),
                institution: day.institution,
                what: if day.moved { MOVED } else { OPEN },
                day: Some(day.day.to_string()),
                waiting: None,
            }));
        }
        if let (true, Some(stream)) = (wanted(super::Source::Events), bounds.stream) {
            let late = self.stream_late(stream, within, bounds.now - PATIENCE).await?;
            facts.extend(late.into_iter().map(|late| Fact {
                kind: IncidentKind::LateEvents.code(),
                id: format!("{}:{stream}", late.institution),
                institution: late.institution,
                what: LATE,
                since: Stamp::of(late.oldest),
                day: None,
                waiting: Some(late.entries),
            }));
        }
        Ok(facts)
    }
}
