//! The daily list of a partner: what its organisation was asked and what it answered, as the record had it when the day ended.
//!
//! A line says what the partner was sent or said itself, and that a request is over; never why (INV-7).

use super::asked::{PartnerRequest, RequestEnd};
use super::case::{Case, Guarantee};
use super::event::Event;
use super::role::Role;
use super::track::Track;
use super::verb::Verb;
use chrono::{DateTime, NaiveDate, Utc};

crate::terms! {
    /// How a request stands at the end of a day.
    pub enum RequestStanding {
        Open = "OPEN", "回答待ち", "Waits for an answer";
        Answered = "ANSWERED", "回答済", "Answered";
        TakenBack = "TAKEN_BACK", "回答後に変更", "The partner said something later of its answer";
        Withdrawn = "WITHDRAWN", "取下げ", "The bank withdrew it";
        Replaced = "REPLACED", "差替え", "The bank asks something newer, or nothing";
        Expired = "EXPIRED", "期限切れ", "Its time was over";
    }
}

/// A line of the history of a case, as far as the list needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    pub version: u64,
    pub at: DateTime<Utc>,
    /// What was decided; empty before the day.
    pub events: Vec<Event>,
}

/// A request on the list of a day.
#[derive(Clone, Debug, PartialEq)]
pub struct DayLine {
    pub request_id: String,
    /// Version of the entry that asked: the order within the case.
    pub asked: u64,
    pub asked_at: DateTime<Utc>,
    pub standing: RequestStanding,
    /// Version of the content that was asked about.
    pub content_version: Option<u32>,
    /// Yen that were asked for, where the content of that version still stands.
    pub requested_yen: Option<i64>,
    /// The one effective answer.
    pub answer: Option<Verb>,
    pub answered_at: Option<DateTime<Utc>>,
    /// When it ended without an answer; absent where that was before the time of the list.
    pub ended_at: Option<DateTime<Utc>>,
    /// What was said of it later, the latest.
    pub later: Option<Verb>,
    pub later_at: Option<DateTime<Utc>>,
    /// What the answer granted; absent for one that granted nothing.
    pub granted: Option<Guarantee>,
}

/// The requests of a case to this guarantor that were open at some time from `begin` to before `end`, or spoken of in it, as they stood at
/// `end`. `history`: the whole of the case in order, with its events from `begin` on.
pub fn of_day(
    case: &Case,
    organisation: &str,
    history: &[Happened],
    (begin, end): (DateTime<Utc>, DateTime<Utc>),
) -> Vec<DayLine> {
    let before =
        |at: DateTime<Utc>| history.iter().filter(|line| line.at < at).map(|line| line.version).max();
    let (first, last) = (before(begin).unwrap_or(0), before(end).unwrap_or(0));
    let at = |version: u64| history.iter().find(|line| line.version == version).map(|line| line.at);
    let mut lines = vec![];
    let asked = case.requests.iter().filter(|(_, request)| {
        request.role == Role::Guarantor
            && request.track == Some(Track::Guar)
            && request.asked <= last
            && request.former.as_deref().or(super::guarantor::engaged(case)) == Some(organisation)
    });
    for (id, request) in asked {
        let given: Vec<_> = request.answers.iter().filter(|given| given.version <= last).collect();
        let over = ended(history, id);
        let ended_here = over.filter(|(version, _)| *version <= last);
        let over_by = ended_here.map(|(_, how)| how);
        let was_over = match (request.answers.first(), over) {
            (Some(answer), _) => answer.version <= first,
            (None, Some((version, _))) => version <= first,
            // It ended before the day, or before ends were told apart from answers.
            (None, None) => request.ended.is_some(),
        };
        let spoken = given.iter().any(|given| given.version > first);
        if was_over && !spoken {
            continue;
        }
        let Some(asked_at) = at(request.asked) else { continue };
        let (answer, later) = (given.first(), given.get(1..).and_then(<[_]>::last));
        let standing = match (answer, later, over_by) {
            (Some(_), Some(_), _) => RequestStanding::TakenBack,
            (Some(_), None, _) => RequestStanding::Answered,
            (None, _, Some(RequestEnd::Withdrawn)) => RequestStanding::Withdrawn,
            (None, _, Some(RequestEnd::Replaced)) => RequestStanding::Replaced,
            (None, _, Some(RequestEnd::Expired)) => RequestStanding::Expired,
            (None, _, None) => RequestStanding::Open,
        };
        let content_version = request.key.strip_prefix('V').and_then(|text| text.parse().ok());
        // Whom the case has left is not told what is asked for since.
        let current = content_version == Some(case.content_version) && request.former.is_none();
        lines.push(DayLine {
            request_id: id.clone(),
            asked: request.asked,
            asked_at,
            standing,
            content_version,
            requested_yen: current.then(|| case.form.requested_amount_yen.0),
            answer: answer.map(|given| given.verb),
            answered_at: answer.and_then(|given| at(given.version)),
            ended_at: ended_here.filter(|_| answer.is_none()).and_then(|(version, _)| at(version)),
            later: later.map(|given| given.verb),
            later_at: later.and_then(|given| at(given.version)),
            granted: answer.and_then(|given| granted(case, history, request, given.version)),
        });
    }
    lines.sort_by(|a, b| (a.asked, &a.request_id).cmp(&(b.asked, &b.request_id)));
    lines
}

/// When a request ended without an answer, from the day's begin on.
fn ended(history: &[Happened], request: &str) -> Option<(u64, RequestEnd)> {
    history.iter().find_map(|line| {
        line.events.iter().find_map(|event| match event {
            Event::RequestEnded { id, how } if id == request => Some((line.version, *how)),
            _ => None,
        })
    })
}

/// What the answer of this version granted. An answer of before the day that another one took the place of since is not repeated.
fn granted(case: &Case, history: &[Happened], request: &PartnerRequest, version: u64) -> Option<Guarantee> {
    let answer = request.answers.iter().find(|given| given.version == version)?;
    if !matches!(answer.verb, Verb::ApproveGuarantee | Verb::ConditionGuarantee) {
        return None;
    }
    let line = history.iter().find(|line| line.version == version)?;
    let here = line.events.iter().find_map(|event| match event {
        Event::GuaranteeDecided { decision, valid_until, conditions, .. } => Some(Guarantee {
            decision: decision.clone(),
            valid_until: *valid_until,
            conditions: conditions.clone(),
        }),
        _ => None,
    });
    here.or_else(|| {
        let newest =
            case.requests.values().filter(|other| other.track == request.track && other.key == request.key);
        let is_newest = newest.map(|other| other.asked).max() == Some(request.asked);
        let key = request.key.strip_prefix('V')?.parse().ok()?;
        case.guarantees.get(&key).filter(|_| is_newest && request.former.is_none()).cloned()
    })
}

/// The instants at which a day in Tokyo begins and ends.
pub fn bounds(day: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    let begin = |day: NaiveDate| {
        let midnight = day.and_time(chrono::NaiveTime::MIN).and_utc();
        midnight.checked_sub_signed(chrono::TimeDelta::hours(9)).unwrap_or(midnight)
    };
    (begin(day), begin(day.succ_opt().unwrap_or(day)))
}
