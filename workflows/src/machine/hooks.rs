//! What happens to a case, as those outside are told of it: event types and their payloads, made from the table.
//!
//! An event is thin: which case, which version, what kind, when. Whoever wants to know more asks the API under his own account and
//! sees what that may see. A bank hears of what moves its cases, but never of what the list search or the bureau found (L-93); a
//! partner hears of the messages that are addressed to his organisation and of nothing else.

use super::row::{Place, Row};
use super::{Entry, Event, PartnerMessage, Role, Table, Track, Verb};
use chrono::{DateTime, SecondsFormat, Utc};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Edition of the catalogue: a new one where a released type or field changes or goes. Additions leave it as it is.
pub const EDITION: u32 = 1;
/// The type of the event that an owner sends to himself.
pub const TEST: &str = "webhook.test";
/// Kind of the mail by which the owner of an endpoint learns that it was disabled.
pub const ENDPOINT_DISABLED: &str = "ENDPOINT_DISABLED";
/// The type of an entry that proposes something: what is proposed stays inside.
pub const PROPOSED: &str = "case.proposed";

crate::terms! {
    /// How an endpoint stands.
    pub enum EndpointState {
        Active = "ACTIVE", "稼働中", "Active";
        Disabled = "DISABLED", "停止中", "Disabled";
    }
}

crate::terms! {
    /// Why an endpoint is disabled.
    pub enum DisabledBy {
        Owner = "OWNER", "所有者による停止", "By its owner";
        Gone = "GONE", "受信側が廃止を通知 (410)", "It answered 410";
        Failing = "FAILING", "失敗の継続による自動停止", "It failed for days";
    }
}

crate::terms! {
    /// How a message to an endpoint stands.
    pub enum HookState {
        Waiting = "WAITING", "送信待ち", "Waiting";
        Delivered = "DELIVERED", "送信済み", "Delivered";
        Parked = "PARKED", "送信不能", "Given up";
        Closed = "CLOSED", "送信せず終了", "Closed without delivery";
    }
}

/// Who may subscribe to a type.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Audience {
    /// The bank whose case it is.
    Bank,
    /// Organisations of this role, for what is addressed to them.
    Partner(Role),
    /// Every owner of an endpoint.
    Everybody,
}

impl Audience {
    /// May an owner in this role subscribe? The bank's endpoints are its user administrators'.
    pub fn admits(self, role: Role) -> bool {
        match self {
            Audience::Bank => role == Role::UserAdmin,
            Audience::Partner(partner) => role == partner,
            Audience::Everybody => true,
        }
    }
}

/// A kind of event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventType {
    /// Such as `case.approve_loan` or `message.guarantee_request`.
    pub name: String,
    pub ja: String,
    pub en: String,
    pub audience: Audience,
}

/// An event as it is sent: the body of a webhook. Unknown fields are to be ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Payload {
    /// Type of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened (UTC).
    pub timestamp: String,
    pub data: PayloadData,
}

/// Which case, and how far it had come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PayloadData {
    /// Code of the bank.
    pub institution: String,
    /// Id of the application; empty in a test event.
    pub application_id: String,
    /// Version of the case that the event made; it grows with each event of a case. 0 in a test event.
    pub version: u64,
    /// Place among the events of this endpoint, from 1: nothing is missing where it grows by one.
    pub sequence: u64,
}

impl Payload {
    /// The body of an event.
    pub fn new(kind: &str, at: DateTime<Utc>, data: PayloadData) -> Payload {
        let timestamp = at.to_rfc3339_opts(SecondsFormat::Micros, true);
        Payload { kind: kind.to_owned(), timestamp, data }
    }
}

/// An event in the envelope of CloudEvents 1.0 (JSON), as it is published to a stream. `data` is that of a webhook.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CloudEvent {
    /// `1.0`.
    pub specversion: String,
    /// Id of the event, the same however often it is published.
    pub id: String,
    /// `urn:yushi:institution:{bank}`.
    pub source: String,
    /// Type of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// Id of the application.
    pub subject: String,
    /// When it happened (UTC).
    pub time: String,
    /// `application/json`.
    pub datacontenttype: String,
    /// `urn:yushi:webhooks:{edition}:PayloadData`: the schema of `data`, in the catalogue of that edition.
    pub dataschema: String,
    pub data: PayloadData,
}

impl CloudEvent {
    /// The envelope around what a webhook says.
    pub fn of(id: &str, payload: &Payload) -> CloudEvent {
        CloudEvent {
            specversion: "1.0".to_owned(),
            id: id.to_owned(),
            source: format!("urn:yushi:institution:{}", payload.data.institution),
            kind: payload.kind.clone(),
            subject: payload.data.application_id.clone(),
            time: payload.timestamp.clone(),
            datacontenttype: "application/json".to_owned(),
            dataschema: format!("urn:yushi:webhooks:{EDITION}:PayloadData"),
            data: payload.data.clone(),
        }
    }
}

/// The event type of a verb; `None`: nobody outside is told of it.
pub fn of_verb(table: &Table, verb: Verb) -> Option<String> {
    let mut rows = table.of_verb(verb).peekable();
    // What has no row is no event of a case: votes, retractions, notes.
    rows.peek()?;
    rows.all(is_told).then(|| format!("case.{}", snake(verb.code())))
}

/// Moves of the tracks AML and BUREAU say what a search found, and what compliance alone does says that it had reason to.
fn is_told(row: &Row) -> bool {
    let hidden = matches!(row.place, Place::Track { track: Track::Aml | Track::Bureau, .. });
    let callers = row.callers();
    let internal = !callers.is_empty() && callers.iter().all(|role| *role == Role::Compliance);
    !hidden && !internal
}

/// The event type of a partner message.
pub fn of_message(message: PartnerMessage) -> String {
    format!("message.{}", message.code().to_lowercase())
}

/// The event type of an entry, for its bank: the move of the stage, else the proposal, else the first move of a track that is told, else
/// what was done. One entry is at most one event.
pub fn of_entry(table: &Table, entry: &Entry) -> Option<String> {
    let verb_of = |row: &str| table.row(row).and_then(|row| of_verb(table, row.verb));
    let moved = entry.events.iter().find_map(|event| match event {
        Event::Moved { row, .. } => Some(verb_of(row)),
        _ => None,
    });
    if let Some(told) = moved {
        return told;
    }
    if entry.events.iter().any(|event| matches!(event, Event::Proposed { .. })) {
        return of_verb(table, entry.verb).map(|_| PROPOSED.to_owned());
    }
    let tracks = entry.events.iter().filter_map(|event| match event {
        Event::TrackMoved { row, .. } => verb_of(row),
        _ => None,
    });
    tracks.into_iter().next().or_else(|| of_verb(table, entry.verb))
}

/// Every type, by name.
pub fn all(table: &Table) -> Vec<EventType> {
    let verbs = Verb::ALL.iter().filter_map(|verb| {
        let name = of_verb(table, *verb)?;
        Some(EventType { name, ja: verb.ja().to_owned(), en: verb.en().to_owned(), audience: Audience::Bank })
    });
    let messages = PartnerMessage::ALL.iter().map(|message| EventType {
        name: of_message(*message),
        ja: message.ja().to_owned(),
        en: message.en().to_owned(),
        audience: Audience::Partner(message.role()),
    });
    let others = [
        (PROPOSED, "起案", "Something was proposed", Audience::Bank),
        (TEST, "疎通確認", "Test event", Audience::Everybody),
    ];
    let others = others.map(|(name, ja, en, audience)| EventType {
        name: name.to_owned(),
        ja: ja.to_owned(),
        en: en.to_owned(),
        audience,
    });
    let mut all: Vec<EventType> = verbs.chain(messages).chain(others).collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    all
}

/// The type with this name.
pub fn of_name(table: &Table, name: &str) -> Option<EventType> {
    all(table).into_iter().find(|kind| kind.name == name)
}

/// `approveLoan` becomes `approve_loan`.
fn snake(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::machine::{Stage, TrackState};

    fn entry(verb: Verb, events: Vec<Event>) -> Entry {
        let at = DateTime::UNIX_EPOCH;
        Entry { version: 7, at, by: "x".to_owned(), role: Role::System, verb, reason: None, events }
    }

    #[test]
    fn every_type_has_one_name_and_somebody_to_hear_it() {
        let all = all(&Table::default());
        let mut names: Vec<&str> = all.iter().map(|kind| kind.name.as_str()).collect();
        println!("event types: {}", names.len());
        assert!(names.len() > 60);
        names.dedup();
        assert_eq!(names.len(), all.len(), "each once");
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '.';
        assert!(names.iter().all(|name| name.chars().all(fits)), "{names:?}");
        for role in [Role::UserAdmin, Role::Guarantor, Role::Insurer, Role::Scrivener, Role::CoreBanking] {
            assert!(all.iter().any(|kind| kind.name != TEST && kind.audience.admits(role)), "{role}");
        }
        let partner = all.iter().filter(|kind| kind.audience.admits(Role::Guarantor));
        assert!(
            partner.into_iter().all(|kind| kind.name == TEST || kind.name.starts_with("message.guarantee_"))
        );
    }

    /// L-93, INV-7.
    #[test]
    fn what_searches_found_is_told_to_nobody() {
        let table = Table::default();
        for row in table.rows() {
            let Place::Track { track: Track::Aml | Track::Bureau, .. } = row.place else { continue };
            assert_eq!(of_verb(&table, row.verb), None, "{}", row.id);
            let moved = Event::TrackMoved {
                row: row.id.to_owned(),
                track: Track::Aml,
                key: String::new(),
                from: TrackState::Pending,
                to: TrackState::Clear,
            };
            assert_eq!(of_entry(&table, &entry(row.verb, vec![moved])), None, "{}", row.id);
        }
        for verb in [Verb::FlagAml, Verb::BlockAml, Verb::AcceptAml, Verb::ClearAml] {
            assert_eq!(of_verb(&table, verb), None, "{verb}");
        }
    }

    #[test]
    fn an_approved_proposal_is_told_as_what_it_did() {
        let table = Table::default();
        let moved = Event::Moved { row: "T06".to_owned(), from: Stage::Screening, to: Stage::Approved };
        let told = of_entry(&table, &entry(Verb::ApproveProposal, vec![moved]));
        assert_eq!(told.as_deref(), Some("case.approve_loan"));
        assert_eq!(of_entry(&table, &entry(Verb::ApproveProposal, vec![])), None, "a vote is no event");
    }

    #[test]
    fn a_published_event_is_the_webhook_in_an_envelope() {
        let data = PayloadData {
            institution: "2951".to_owned(),
            application_id: "a".to_owned(),
            version: 7,
            sequence: 3,
        };
        let payload = Payload::new("case.x", DateTime::UNIX_EPOCH, data);
        let text = serde_json::to_string(&CloudEvent::of("evt_2951_a_7", &payload)).expect("JSON");
        assert_eq!(
            text,
            r#"{"specversion":"1.0","id":"evt_2951_a_7","source":"urn:yushi:institution:2951","type":"case.x","subject":"a","time":"1970-01-01T00:00:00.000000Z","datacontenttype":"application/json","dataschema":"urn:yushi:webhooks:1:PayloadData","data":{"institution":"2951","applicationId":"a","version":7,"sequence":3}}"#
        );
    }

    #[test]
    fn a_payload_has_ids_and_nothing_else() {
        let data = PayloadData {
            institution: "2951".to_owned(),
            application_id: "a".to_owned(),
            version: 7,
            sequence: 3,
        };
        let text = serde_json::to_string(&Payload::new("case.x", DateTime::UNIX_EPOCH, data)).expect("JSON");
        assert_eq!(
            text,
            r#"{"type":"case.x","timestamp":"1970-01-01T00:00:00.000000Z","data":{"institution":"2951","applicationId":"a","version":7,"sequence":3}}"#
        );
    }
}
