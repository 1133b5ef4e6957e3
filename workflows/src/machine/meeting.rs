//! When and where people meet: to sign the contract (T19), and to settle on the day of the disbursement (決済, T23, decision 39).
//!
//! The day is a fact of its own, which guards judge. Time of day and place are told to those who come, and no guard asks for them.

use super::case::{Case, FixedDate};
use super::event::Event;
use super::letter::fact;
use super::notice::{NoticeFact, NoticeValue};
use super::refusal::Refusal;
use super::stage::Stage;
use super::verb::{Command, Verb};
use super::work::Work;
use crate::product::ClockTime;
use chrono::{NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// Characters of a place, at most.
const LONGEST: usize = 100;

/// Time of day and place, as far as they are agreed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    /// Tokyo time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<ClockTime>,
    /// A branch by its name, or elsewhere: an office, a house. No person's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

impl Meeting {
    /// As people said it; blanks around a place are nobody's.
    pub fn of(time: Option<ClockTime>, place: Option<&str>) -> Self {
        Meeting { time, place: place.map(|place| place.trim().to_owned()) }
    }

    /// Is neither agreed?
    pub fn is_empty(&self) -> bool {
        *self == Meeting::default()
    }
}

/// What a command says of a meeting, and within which hours it may be.
struct Said<'c> {
    /// Names of the fields for time and place.
    fields: (&'static str, &'static str),
    rule: &'static str,
    time: Option<ClockTime>,
    place: Option<&'c str>,
    /// First and last time, and both in words. Assumed; no source says them.
    hours: (NaiveTime, NaiveTime, &'static str),
}

/// Hours of a signing: people also come before and after work, or are called on.
const SIGNING: (NaiveTime, NaiveTime, &str) = (hour(7), hour(21), "07:00～21:00 / 07:00 to 21:00");
/// Hours of a settlement: banks transfer and the registry takes the application on the same day.
const SETTLING: (NaiveTime, NaiveTime, &str) = (hour(8), hour(17), "08:00～17:00 / 08:00 to 17:00");

const fn hour(hour: u32) -> NaiveTime {
    match NaiveTime::from_hms_opt(hour, 0, 0) {
        Some(time) => time,
        None => NaiveTime::MIN,
    }
}

fn said(command: &Command) -> Option<Said<'_>> {
    match command {
        Command::StartContracting { appointment_time, appointment_place, .. }
        | Command::ArrangeSigning { appointment_time, appointment_place, .. } => Some(Said {
            fields: ("appointment_time", "appointment_place"),
            rule: "T19",
            time: *appointment_time,
            place: appointment_place.as_deref(),
            hours: SIGNING,
        }),
        Command::ScheduleDisbursement { settlement_time, settlement_place, .. }
        | Command::ArrangeSettlement { settlement_time, settlement_place } => Some(Said {
            fields: ("settlement_time", "settlement_place"),
            rule: "T23",
            time: *settlement_time,
            place: settlement_place.as_deref(),
            hours: SETTLING,
        }),
        _ => None,
    }
}

/// What can never be right of a meeting, and an arrangement that changes nothing: nobody is told twice of the same.
pub(super) fn refused(command: &Command, case: &Case, today: NaiveDate) -> Option<Refusal> {
    let said = said(command)?;
    let (time, place) = said.fields;
    let (first, last, accepted) = said.hours;
    if said.time.is_some_and(|time| !(first..=last).contains(&time.0)) {
        let ja = format!("時刻が受付時間の外です（{accepted}）。");
        let en = format!("The time is outside of the hours for it ({accepted}).");
        return Some(Refusal::invalid(time, said.rule, &ja, &en));
    }
    let fits = |place: &str| {
        (1..=LONGEST).contains(&place.trim().chars().count()) && !place.chars().any(is_unprintable)
    };
    if said.place.is_some_and(|place| !fits(place)) {
        return Some(Refusal::invalid(
            place,
            said.rule,
            "場所は1行、1～100文字で記載してください。",
            "Accepted are 1 to 100 characters on one line.",
        ));
    }
    match command {
        Command::StartContracting { appointment: None, appointment_time: Some(_), .. } => {
            Some(Refusal::invalid(
                time,
                said.rule,
                "時刻は契約予定日と一緒に指定してください。",
                "A time is said together with the day of the appointment.",
            ))
        }
        Command::ArrangeSigning { appointment, .. } if *appointment < today => Some(Refusal::invalid(
            "appointment",
            said.rule,
            "契約予定日は本日以降の日付にしてください。",
            "The day of the appointment must not be in the past.",
        )),
        Command::ArrangeSigning { appointment, .. } => {
            let now = case.contract.as_ref().map(|contract| (contract.appointment, &contract.meeting));
            (now == Some((Some(*appointment), &Meeting::of(said.time, said.place)))).then(|| {
                Refusal::invalid(
                    "appointment",
                    said.rule,
                    "登録済みの日時・場所と同じです。変更後の日付、時刻または場所を指定してください。",
                    "Day, time and place stand so already: say what they become.",
                )
            })
        }
        Command::ArrangeSettlement { .. } => {
            let now = case.fixed.as_ref().map(|fixed| &fixed.settlement);
            (now == Some(&Meeting::of(said.time, said.place))).then(|| {
                Refusal::invalid(
                    time,
                    said.rule,
                    "登録済みの時刻・場所と同じです。変更後の時刻または場所を指定してください。",
                    "Time and place stand so already: say what they become.",
                )
            })
        }
        _ => None,
    }
}

/// What no letter prints: line breaks, control characters, and those that turn the direction of a text round.
fn is_unprintable(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2028}' | '\u{2029}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Carries a command of this module out.
pub(super) fn carry_out(work: &mut Work<'_>, command: &Command) {
    match command {
        Command::StartContracting { appointment, appointment_time, appointment_place } => {
            let meeting = Meeting::of(*appointment_time, appointment_place.as_deref());
            work.fact(Event::ContractSetGenerated { appointment: *appointment, meeting });
        }
        Command::ArrangeSigning { appointment, appointment_time, appointment_place } => {
            let meeting = Meeting::of(*appointment_time, appointment_place.as_deref());
            work.fact(Event::SigningArranged { appointment: *appointment, meeting });
        }
        Command::ScheduleDisbursement { date, drawing_yen, settlement_time, settlement_place } => {
            let settlement = Meeting::of(*settlement_time, settlement_place.as_deref());
            work.fact(Event::DateFixed { date: *date, drawing_yen: *drawing_yen, settlement });
        }
        Command::LiftHold { date } => {
            let before = work.case.fixed.clone();
            let date = date.unwrap_or_else(|| work.case.planned_date());
            let drawing_yen = before.as_ref().and_then(|fixed| fixed.drawing_yen);
            // On another day people meet anew, and nobody has agreed yet when and where.
            let same = before.filter(|fixed| fixed.date == date);
            let settlement = same.map(|fixed| fixed.settlement).unwrap_or_default();
            work.fact(Event::HoldEnded);
            work.fact(Event::DateFixed { date, drawing_yen, settlement });
        }
        Command::ArrangeSettlement { settlement_time, settlement_place } => {
            let settlement = Meeting::of(*settlement_time, settlement_place.as_deref());
            work.fact(Event::SettlementArranged { settlement });
        }
        _ => {}
    }
}

/// The day on which people settle, with time and place: none where no date is fixed, nor where the case ended before the money.
pub fn settlement(case: &Case) -> Option<&FixedDate> {
    let over = case.stage.is_final() && case.stage != Stage::HandedOver;
    case.fixed.as_ref().filter(|_| !over)
}

/// N10: when and where the contract is signed, beside its day.
pub(super) fn signing_facts(case: &Case) -> Vec<NoticeFact> {
    let meeting = case.contract.as_ref().map(|contract| &contract.meeting);
    meeting.map(|meeting| facts(meeting, ("ご契約の時刻", "Time"), ("場所", "Place"))).unwrap_or_default()
}

/// N12: when and where the people of the purchase settle, beside the day.
pub(super) fn settlement_facts(case: &Case) -> Vec<NoticeFact> {
    let fixed = case.fixed.as_ref().map(|fixed| &fixed.settlement);
    let (time, place) = (("決済の時刻", "Time of the settlement"), ("決済の場所", "Place of the settlement"));
    fixed.map(|meeting| facts(meeting, time, place)).unwrap_or_default()
}

/// W01 to the scrivener's office and the desk: the day that this decision fixes, moves, arranges or gives up.
pub(super) fn told(work: &Work<'_>) -> Vec<NoticeFact> {
    let fixes = |event: &Event| matches!(event, Event::DateFixed { .. } | Event::SettlementArranged { .. });
    if work.events.iter().any(fixes)
        && let Some(fixed) = &work.case.fixed
    {
        let mut facts = vec![fact("決済日", "Day of the settlement", NoticeValue::Day { day: fixed.date })];
        facts.extend(settlement_facts(&work.case));
        return facts;
    }
    // A date is dropped as well where money went out or came back: then nothing is called off.
    let given_up = work.released.filter(|_| work.taken.iter().any(|(row, _)| row.verb == Verb::ReleaseDate));
    let said =
        given_up.map(|day| fact("取り消した決済日", "Settlement called off", NoticeValue::Day { day }));
    said.into_iter().collect()
}

fn facts(meeting: &Meeting, time: (&str, &str), place: (&str, &str)) -> Vec<NoticeFact> {
    let clock = meeting.time.map(|at| fact(time.0, time.1, NoticeValue::Plain(at.to_string())));
    let place = meeting.place.clone().map(|at| fact(place.0, place.1, NoticeValue::Plain(at)));
    clock.into_iter().chain(place).collect()
}
