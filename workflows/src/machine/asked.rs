//! Requests to partners: one effective decision each, whatever comes twice, late or out of order.
//!
//! A request is a task that opens for a partner at a track instance; its id is the task's. It ends with the first answer, or
//! because the bank withdrew it, asked anew, or its time was over. What a partner says later of its own answer (a guarantee
//! revoked, an acceptance withdrawn) names the same request and counts as long as nothing newer was asked. Core banking is asked
//! under the key of the posting, so its answers name that.

use super::case::Case;
use super::effect::{Anchor, OpenTask, PartnerMessage, Task};
use super::event::Event;
use super::need::{Check, Need};
use super::refusal::Unmet;
use super::role::{Actor, Role};
use super::table::Table;
use super::track::{Track, TrackState};
use super::verb::{Command, Verb};
use super::work::Work;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

crate::terms! {
    /// Why a request waits for no answer any more, though nobody answered it.
    pub enum RequestEnd {
        Withdrawn = "WITHDRAWN", "取下げ", "The bank withdrew it";
        Replaced = "REPLACED", "差替え", "The bank asks something newer, or nothing";
        Expired = "EXPIRED", "期限切れ", "Its time was over";
    }
}

/// Something that a partner was asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerRequest {
    pub role: Role,
    /// Absent for a posting order, which belongs to the case.
    pub task: Option<Task>,
    pub track: Option<Track>,
    /// Track instance, or the key of the posting.
    pub key: String,
    /// Version of the entry that asked.
    pub asked: u64,
    pub ended: Option<RequestEnd>,
    /// The decision first, then what was said of it later.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answers: Vec<GivenAnswer>,
    /// Who was asked, where the case is with another institution since: nothing is answered any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub former: Option<String>,
}

/// An answer that had an effect.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GivenAnswer {
    pub verb: Verb,
    /// SHA-256 of the command in hexadecimal: a repeat is the same command.
    pub digest: String,
    /// Version of the entry that it made.
    pub version: u64,
    pub rows: Vec<String>,
}

/// What an answer meets before anything is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged<'c> {
    /// Nobody said this yet: the table decides.
    Fresh,
    /// The same was said before, and had its effect then.
    Same(&'c GivenAnswer),
    /// It comes too late, or was never asked.
    Refused(Unmet),
}

/// Does the verb answer what a partner was asked, ask about it, or say something of an earlier answer? Such a command names its request.
pub fn names_request(table: &Table, verb: Verb) -> bool {
    if verb == Verb::AskBank {
        return true;
    }
    let partner = |role: &Role| role.is_partner() && *role != Role::CoreBanking;
    table.track_of(verb).is_some() && table.of_verb(verb).any(|row| row.callers().iter().any(partner))
}

/// Judges an answer by what became of its request. `id`: the request that the caller names; core banking names it with the
/// posting key.
pub fn judge<'c>(
    case: &'c Case,
    command: &Command,
    actor: &Actor,
    id: Option<&str>,
    table: &Table,
) -> Judged<'c> {
    let own = posting_request(case, command);
    let Some(id) = own.as_deref().or(id) else { return Judged::Fresh };
    let refused = |need: Need| Judged::Refused(Unmet::of(Check::N(need), Some(id)));
    if was_asked(case, actor, id) {
        return refused(Need::RequestWithdrawn);
    }
    // Whoever is not engaged is told nothing: the table refuses.
    if !actor.role.is_partner() || case.engagements.get(&actor.role) != actor.organisation.as_ref() {
        return Judged::Fresh;
    }
    let request = case.requests.get(id).filter(|request| request.role == actor.role);
    // What another institution was asked is none of this one's.
    let request = request.filter(|request| request.former.is_none());
    let Some(request) = request else {
        let before = case.tasks.iter().any(|task| task.id == id && task.role == actor.role);
        return if own.is_some() || before { Judged::Fresh } else { refused(Need::RequestKnown) };
    };
    let digest = digest_of(command);
    if let Some(given) = request.answers.iter().find(|given| given.digest == digest) {
        return Judged::Same(given);
    }
    if let Some(given) = super::question::said_before(case, id, &digest) {
        return Judged::Same(given);
    }
    if own.is_none() && subject_of(case, command, table) != Some((request.track, request.key.clone())) {
        return refused(Need::RequestKnown);
    }
    match (request.ended, request.answers.is_empty()) {
        (Some(RequestEnd::Withdrawn), _) => refused(Need::RequestWithdrawn),
        (Some(RequestEnd::Replaced), _) => refused(Need::RequestReplaced),
        (Some(RequestEnd::Expired), _) => refused(Need::RequestExpired),
        (None, true) => Judged::Fresh,
        (None, false) if !speaks_of_an_answer(command.verb(), actor.role) => refused(Need::RequestOpen),
        (None, false) if is_latest(case, id, request) => Judged::Fresh,
        (None, false) => refused(Need::RequestReplaced),
    }
}

/// Was this asked of the actor's organisation before the case went to another one? It is told so, and nothing else.
pub fn was_asked(case: &Case, actor: &Actor, id: &str) -> bool {
    case.requests.get(id).is_some_and(|request| {
        request.role == actor.role && request.former.is_some() && request.former == actor.organisation
    })
}

/// A command that names a request instead of a content version: the version is the request's.
pub fn addressed(case: &Case, command: &Command, id: Option<&str>) -> Option<Command> {
    let Command::RevokeGuarantee { content_version: None } = command else { return None };
    let request = case.requests.get(id?).filter(|request| request.track == Some(Track::Guar))?;
    let content_version = request.key.strip_prefix('V')?.parse().ok()?;
    Some(Command::RevokeGuarantee { content_version: Some(content_version) })
}

/// The request that an actor's verb on a track instance would answer now, for whoever shows or makes that command.
pub fn request_of(case: &Case, verb: Verb, role: Role, track: Track, key: &str) -> Option<String> {
    let open = case.tasks.iter().find(|task| {
        task.role == role
            && matches!(&task.anchor, Anchor::Track { track: t, key: k } if *t == track && k == key)
    });
    match open {
        Some(task) => Some(task.id.clone()),
        None if speaks_of_an_answer(verb, role) => {
            latest(case, role, track, key).filter(|id| case.requests[id].former.is_none())
        }
        None => None,
    }
}

/// What a partner says of an answer that it gave before. The scrivener tells the receipt of what he filed; the registry is asked for it.
fn speaks_of_an_answer(verb: Verb, role: Role) -> bool {
    (verb == Verb::AcceptFiling && role == Role::Scrivener)
        || matches!(
            verb,
            Verb::RevokeGuarantee
                | Verb::Subrogate
                | Verb::RejectInsurance
                | Verb::LoseMembership
                | Verb::WithdrawFiling
                | Verb::CancelRegistration
                | Verb::RejectFiling
        )
}

fn subject_of(case: &Case, command: &Command, table: &Table) -> Option<(Option<Track>, String)> {
    let track = match command {
        Command::AskBank { .. } => Track::Guar,
        _ => table.track_of(command.verb())?,
    };
    Some((Some(track), super::subject::key_of(command, case)?))
}

fn is_latest(case: &Case, id: &str, request: &PartnerRequest) -> bool {
    let Some(track) = request.track else { return true };
    latest(case, request.role, track, &request.key).as_deref() == Some(id)
}

fn latest(case: &Case, role: Role, track: Track, key: &str) -> Option<String> {
    let of_the_instance = case
        .requests
        .iter()
        .filter(|(_, request)| request.role == role && request.track == Some(track) && request.key == key);
    of_the_instance.max_by_key(|(_, request)| request.asked).map(|(id, _)| id.clone())
}

/// Core banking answers a posting, a reversal, or one loan of either, once each; and once for the latest posting that servicing takes
/// the loan, or that its drawings are repaid.
fn posting_request(case: &Case, command: &Command) -> Option<String> {
    let latest = |step: &str| case.postings.last().map(|posting| format!("{}{step}", posting.key));
    let (key, step, loan_no) = match command {
        Command::AcceptServicing { .. } => return latest("/S"),
        Command::RepayDrawings { .. } => return latest("/D"),
        Command::ConfirmPosting { posting_key, loan_no, .. }
        | Command::RejectPosting { posting_key, loan_no, .. } => (posting_key, "", loan_no),
        Command::ConfirmReversal { posting_key, loan_no, .. } => (posting_key, "/R", loan_no),
        _ => return None,
    };
    let part = loan_no.map(|number| format!("/L{number}")).unwrap_or_default();
    Some(format!("{key}{step}{part}"))
}

/// What a repeat is known by.
pub(super) fn digest_of(command: &Command) -> String {
    let text = serde_json::to_string(command).unwrap_or_default();
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Notes that a command answers a request; called before the worklist changes.
pub(super) fn answered(work: &mut Work<'_>, id: Option<String>, command: &Command) {
    let Some(id) = id else { return };
    let given = GivenAnswer {
        verb: command.verb(),
        digest: digest_of(command),
        version: work.case.version + 1,
        rows: work.taken.iter().map(|(row, _)| row.id.to_owned()).collect(),
    };
    work.fact(Event::Answered { id, role: work.ctx.actor.role, given });
}

/// The request that a command of a partner answers.
pub(super) fn answers(work: &Work<'_>, command: &Command) -> Option<String> {
    let (case, role) = (&work.case, work.ctx.actor.role);
    // A question is no answer: its request goes on waiting.
    if !role.is_partner() || matches!(command, Command::AskBank { .. }) {
        return None;
    }
    posting_request(case, command).or_else(|| {
        let (track, key) = subject_of(case, command, work.ctx.table)?;
        request_of(case, command.verb(), role, track?, &key)
    })
}

/// Notes what the decision asks of partners, and which requests are over without an answer.
pub(super) fn note(work: &mut Work<'_>, opened: &[OpenTask], closed: &[String]) {
    let over: Vec<(String, RequestEnd)> = closed
        .iter()
        .filter_map(|id| Some((id, work.case.requests.get(id)?)))
        .filter(|(_, request)| request.answers.is_empty() && request.ended.is_none())
        .map(|(id, request)| (id.clone(), how_it_ended(&work.case, request)))
        .collect();
    for (id, how) in over {
        work.fact(Event::RequestEnded { id, how });
    }
    let asked = work.case.version + 1;
    for task in opened.iter().filter(|task| task.role.is_partner()) {
        let Anchor::Track { track, key } = &task.anchor else { continue };
        let (role, kind, track, key) = (task.role, Some(task.task), Some(*track), key.clone());
        let (ended, answers, former) = (None, vec![], None);
        let request = PartnerRequest { role, task: kind, track, key, asked, ended, answers, former };
        work.fact(Event::Asked { id: task.id.clone(), request });
    }
}

fn how_it_ended(case: &Case, request: &PartnerRequest) -> RequestEnd {
    let state = request.track.and_then(|track| case.track_state(track, &request.key));
    match state {
        _ if case.stage.is_final() || request.former.is_some() => RequestEnd::Withdrawn,
        Some(TrackState::Cancelled) => RequestEnd::Withdrawn,
        Some(TrackState::Expired) => RequestEnd::Expired,
        _ => RequestEnd::Replaced,
    }
}

/// The request that a message is about: the one that this decision opens, else the latest at the instance.
pub(super) fn of_message(
    case: &Case,
    opened: &[OpenTask],
    message: PartnerMessage,
    at: Option<(Track, &str)>,
) -> Option<String> {
    let (track, key) = at?;
    let here = |task: &&OpenTask| {
        let anchored = matches!(&task.anchor, Anchor::Track { track: t, key: k } if *t == track && k == key);
        task.role == message.role() && anchored
    };
    opened.iter().find(here).map(|task| task.id.clone()).or_else(|| latest(case, message.role(), track, key))
}

/// Applies what was asked and said.
pub(super) fn apply(case: &mut Case, event: &Event) {
    match event {
        Event::Asked { id, request } => {
            case.requests.insert(id.clone(), request.clone());
        }
        Event::Answered { id, role, given } => {
            // A posting order, and what was asked before requests were noted, begin with their answer.
            let (asked, key) = (given.version, id.clone());
            let begun = || PartnerRequest {
                role: *role,
                task: None,
                track: None,
                key,
                asked,
                ended: None,
                answers: vec![],
                former: None,
            };
            case.requests.entry(id.clone()).or_insert_with(begun).answers.push(given.clone());
        }
        Event::RequestEnded { id, how } => {
            if let Some(request) = case.requests.get_mut(id) {
                request.ended = Some(*how);
            }
        }
        _ => {}
    }
}
